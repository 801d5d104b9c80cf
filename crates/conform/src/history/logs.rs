//! The logs that a history lets us see: which value stands at which offset.

use super::operation::{Datum, Ending, Operation, Step};
use std::collections::{BTreeMap, BTreeSet};

/// Values by key.
pub(super) type Seen = BTreeMap<Datum, BTreeSet<Datum>>;

/// One key's log, as far as it is known.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Log {
    /// What was seen at each offset; more than one value where clients were
    /// told different things.
    pub offsets: BTreeMap<u64, BTreeSet<Datum>>,
    /// The values in order, without the gaps that offsets may have.
    order: Vec<Datum>,
    /// Where each value stands in the order; the last place, if there are
    /// several.
    places: BTreeMap<Datum, usize>,
}

impl Log {
    fn close(&mut self) {
        // Where clients disagree the order is a guess, and the disagreement
        // is reported by itself.
        self.order = self
            .offsets
            .values()
            .filter_map(|values| values.first().cloned())
            .collect();
        self.places = self.order.iter().cloned().zip(0..).collect();
    }

    /// Where a value stands in the order.
    pub(super) fn place(&self, value: &Datum) -> Option<usize> {
        self.places.get(value).copied()
    }

    /// The values of the order between two places.
    pub(super) fn between(&self, before: usize, behind: usize) -> &[Datum] {
        self.order.get(before + 1..behind).unwrap_or_default()
    }

    /// The value before another one.
    pub(super) fn before(&self, value: &Datum) -> Option<&Datum> {
        self.order.get(self.place(value)?.checked_sub(1)?)
    }

    /// For each value, the first and the last of the offsets' places at which
    /// it was seen, counted without gaps.
    pub fn extent(&self) -> BTreeMap<&Datum, (usize, usize)> {
        let mut extent: BTreeMap<&Datum, (usize, usize)> = BTreeMap::new();
        for (place, values) in self.offsets.values().enumerate() {
            for value in values {
                extent.entry(value).or_insert((place, place)).1 = place;
            }
        }
        extent
    }
}

/// All logs of a history.
///
/// Polls tell what stands in a log however their transaction ended: a poller
/// is given what is committed and nothing else. Sends tell it only if their
/// transaction is known to be committed.
pub(super) fn logs(history: &[Operation], reads: &Seen) -> BTreeMap<Datum, Log> {
    let mut logs: BTreeMap<Datum, Log> = BTreeMap::new();
    let mut see = |key: &Datum, offset: Option<u64>, value: &Datum| {
        if let Some(offset) = offset {
            let log = logs.entry(key.clone()).or_default();
            log.offsets.entry(offset).or_default().insert(value.clone());
        }
    };
    for operation in history {
        let is_committed = is_committed(operation, reads);
        for step in operation.steps() {
            match step {
                Step::Send { key, offset, value } if is_committed => see(key, *offset, value),
                Step::Send { .. } => {}
                Step::Poll(keys) => {
                    for (key, pairs) in keys {
                        pairs.iter().for_each(|(offset, value)| see(key, *offset, value));
                    }
                }
            }
        }
    }
    logs.values_mut().for_each(Log::close);
    logs
}

/// Whether an operation's sends are in the log for certain: it ended well, or
/// nobody knows how it ended and one of them was read.
pub(super) fn is_committed(operation: &Operation, reads: &Seen) -> bool {
    let was_read = |key: &Datum, value: &Datum| reads.get(key).is_some_and(|values| values.contains(value));
    match operation.ending {
        Ending::Ok => true,
        Ending::Fail => false,
        Ending::Info => {
            let sent = operation.sent();
            sent.iter()
                .any(|(key, values)| values.iter().any(|value| was_read(key, value)))
        }
    }
}

/// What operations that ended like this read.
pub(super) fn reads(history: &[Operation], ending: Ending) -> Seen {
    gather(history, ending, Operation::polled)
}

/// What they sent.
pub(super) fn writes(history: &[Operation], ending: Ending) -> Seen {
    gather(history, ending, Operation::sent)
}

fn gather(history: &[Operation], ending: Ending, of: impl Fn(&Operation) -> BTreeMap<&Datum, Vec<&Datum>>) -> Seen {
    let mut seen = Seen::new();
    for operation in history.iter().filter(|operation| operation.ending == ending) {
        for (key, values) in of(operation) {
            seen.entry(key.clone()).or_default().extend(values.into_iter().cloned());
        }
    }
    seen
}
