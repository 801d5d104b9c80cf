//! A checker of histories: what clients of a log were told, held against what
//! a log may do. It knows nothing of any broker, so that it can judge a real
//! one, ours, and a story on paper alike.
//!
//! The anomalies and their rules are those of Jepsen's workload for Kafka and
//! of Maelstrom's for Kafka-style logs, written anew from their documentation.
//! Left out: cycles that need real time, for which the beginnings of all
//! operations would have to be known.

mod anomaly;
mod cases;
mod cycles;
mod export;
mod lag;
mod logs;
mod operation;
mod order;
mod values;

pub use anomaly::{Anomaly, Kind, is_tolerated};
pub(crate) use cases::judge;
pub use export::exported;
pub use lag::{Lag, lags, worst};
pub use logs::Log;
pub use operation::{Act, Datum, Ending, Operation, Step};
pub use values::unseen_after;

use std::collections::BTreeMap;

/// The largest offset of a history whose lags are asked for.
pub const OFFSETS_MAX: usize = 10_000_000;

/// Everything that is wrong with a history of completed operations, in the
/// order of their completion. Write dependencies between transactions are
/// drawn if the caller trusts offsets for that.
pub fn anomalies(history: &[Operation], has_write_dependencies: bool) -> Vec<Anomaly> {
    let logs = logs_of(history);
    let mut found = values::duplicates(&logs);
    found.extend(values::inconsistent(&logs));
    found.extend(values::aborted_reads(history));
    found.extend(values::precommitted_reads(history));
    found.extend(values::lost_writes(history, &logs));
    found.extend(values::unseen(history));
    found.extend(order::polls_within(history, &logs));
    found.extend(order::sends_within(history, &logs));
    found.extend(order::polls_between(history, &logs));
    found.extend(order::sends_between(history, &logs));
    found.extend(cycles::cycles(history, &logs, has_write_dependencies));
    found
}

/// The logs that a history lets us see, by key.
pub fn logs_of(history: &[Operation]) -> BTreeMap<Datum, Log> {
    logs::logs(history, &logs::reads(history, Ending::Ok))
}

#[cfg(test)]
mod tests;
