//! Metrics: what an expectation may ask for and a report shows.
//!
//! One table names them all; the scenario language, the reference page, the
//! report and the charts read it.

mod table;
mod value;

pub use table::{METRICS, MetricInfo, MetricKind, Subject, Unit};
pub use value::Value;

use crate::plan::{RowState, Watch, WatchKind};
use mqlab_kernel::SimTime;
use mqlab_model::PlaceId;

/// One metric of one subject.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Metric {
    /// What is measured.
    pub kind: MetricKind,
    /// Of what; `None` means the whole world.
    pub place: Option<PlaceId>,
    /// The further argument of the few kinds that take one.
    pub argument: Argument,
}

impl Metric {
    /// What a run has to look out for so that this can be told afterwards.
    pub fn watch(&self) -> Option<Watch> {
        let place = self.place.filter(|_| self.kind == MetricKind::Drained)?;
        let after = match self.argument {
            Argument::After(after) => after,
            _ => SimTime::ZERO,
        };
        Some(Watch {
            kind: WatchKind::Drained(place),
            after,
        })
    }
}

/// The further argument of a metric.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Argument {
    /// The kind takes none, or its default applies.
    #[default]
    None,
    /// An instant from which on something counts (`drained(orders, 12:00)`).
    After(SimTime),
    /// A running number, counted from 1 (`row_at(mysql, 2)`).
    Nth(u64),
    /// A state of rows (`rows(outbox, sent)`).
    State(RowState),
}
