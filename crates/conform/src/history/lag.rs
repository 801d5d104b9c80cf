//! How far behind a poll is, in time: for how long at least its last value has
//! not been the last of its log.

use super::operation::{Act, Datum, Ending, Operation};
use std::collections::BTreeMap;

/// The lag of one key in one poll.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Lag {
    /// When the poll began.
    pub time: i64,
    /// Who polled.
    pub process: i64,
    /// Which key.
    pub key: Datum,
    /// At least so far behind.
    pub lag: i64,
}

/// The lags of all polls that ended well. `None` if the history has no times.
///
/// A client that assigns itself keys is followed from their beginning, unless
/// it had them before; one that subscribes is followed from what it polls on,
/// because it may be given none of the keys.
pub fn lags(history: &[Operation]) -> Option<Vec<Lag>> {
    let expired = expired(history)?;
    // By process and key, the number of offsets that are behind it.
    let mut positions: BTreeMap<i64, BTreeMap<Datum, usize>> = BTreeMap::new();
    let mut lags = Vec::new();
    for operation in history.iter().filter(|operation| operation.ending == Ending::Ok) {
        let known = positions.entry(operation.process).or_default();
        match &operation.act {
            Act::Assign(keys) => {
                let kept = |key: &Datum| (key.clone(), known.get(key).copied().unwrap_or(0));
                *known = keys.iter().map(kept).collect();
            }
            Act::Subscribe(_) => known.clear(),
            Act::Transaction(steps) if steps.iter().any(is_poll) => {
                for (key, offset) in operation.offsets_max() {
                    let position = known.entry(key.clone()).or_default();
                    *position = (*position).max(offset as usize + 1);
                }
                let time = operation.began?;
                for (key, position) in known {
                    let since = expired.get(key).and_then(|expired| expired.get(*position)).copied();
                    lags.push(Lag {
                        time,
                        process: operation.process,
                        key: key.clone(),
                        lag: since.map_or(0, |since| (time - since).max(0)),
                    });
                }
            }
            Act::Transaction(_) | Act::Other => {}
        }
    }
    Some(lags)
}

fn is_poll(step: &super::operation::Step) -> bool {
    matches!(step, super::operation::Step::Poll(_))
}

/// For each key and number of offsets, since when the log is known to have had
/// more: an offset that exists means that all before it do.
fn expired(history: &[Operation]) -> Option<BTreeMap<&Datum, Vec<i64>>> {
    let mut expired: BTreeMap<&Datum, Vec<i64>> = BTreeMap::new();
    for operation in history.iter().filter(|operation| operation.ending != Ending::Fail) {
        for (key, offset) in operation.offsets_max() {
            let times = expired.entry(key).or_default();
            let length = usize::try_from(offset).ok()?.checked_add(1)?;
            // An offset beyond all reason would fill the memory.
            if length > super::OFFSETS_MAX {
                return None;
            }
            if times.len() < length {
                times.resize(length, operation.ended?);
            }
        }
    }
    Some(expired)
}

/// The largest lag; the first one, if there are several.
pub fn worst(lags: &[Lag]) -> Option<&Lag> {
    lags.iter()
        .reduce(|worst, lag| if lag.lag > worst.lag { lag } else { worst })
}
