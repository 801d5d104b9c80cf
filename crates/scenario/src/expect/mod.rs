//! Expectations: what must be so in a run.

mod compare;
mod grammar;
mod literal;
mod resolve;

pub use compare::Op;
pub use literal::{Literal, Precision, Tolerance};

pub(crate) use grammar::{comparison, metric, wanted};
pub(crate) use literal::expected;
pub(crate) use resolve::{Unresolved, resolve, subject_at};

use crate::diagnostic::Diagnostic;
use mqlab_engine::plan::Plan;
use mqlab_engine::{Argument, Metric, MetricKind, Places, Value};
use mqlab_kernel::SimTime;
use std::ops::Range;

/// One `[[expect]]` entry.
#[derive(Clone, PartialEq, Debug)]
pub struct Expectation {
    /// The variants that it is about; `None` is all of them.
    pub variant: Option<Vec<String>>,
    /// When it is checked.
    pub when: When,
    /// What must be so.
    pub that: Comparison,
    /// The row of the catalogue that it proves.
    pub row: Option<String>,
    /// Whether it holds whatever goes wrong.
    pub promise: bool,
    /// Where its comparison stands in the scenario's text.
    pub span: Range<usize>,
    /// The comparison as it is written.
    pub text: String,
}

/// When an expectation is checked.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum When {
    /// At this instant, after everything that happens at it.
    At(SimTime),
    /// After every instant of the run: it must always hold.
    Always,
    /// After every instant of the run: it must never hold.
    Never,
    /// At the end of the run.
    End,
}

/// One comparison of one metric.
#[derive(Clone, PartialEq, Debug)]
pub struct Comparison {
    /// What is measured.
    pub metric: MetricName,
    /// How it is compared.
    pub op: Op,
    /// With what.
    pub literal: Literal,
    /// How far off it may be.
    pub tolerance: Option<Tolerance>,
}

/// A metric by name. The same name may be another place in each variant.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MetricName {
    /// What is measured.
    pub kind: MetricKind,
    /// Of what; `None` is the whole world.
    pub subject: Option<String>,
    /// The further argument, if the metric takes one and one is given.
    pub argument: Argument,
}

impl MetricName {
    /// Reads a metric as expectations name it: `lost`, `backlog(orders)` or
    /// `drained(orders, 13:00)`.
    ///
    /// # Errors
    /// If there is no such metric, or it does not take what is in its bracket.
    /// The diagnostic's place is one in `text`.
    pub fn parse(text: &str) -> Result<Self, Diagnostic> {
        grammar::metric_of(text)
    }

    /// The metric in one variant; `None` if nothing there has the name.
    pub fn resolve(&self, plan: &Plan, places: &Places) -> Option<Metric> {
        resolve(self, plan, places).ok()
    }
}

impl Expectation {
    /// Whether it is about the variant called `name`.
    pub fn is_about(&self, name: &str) -> bool {
        self.variant
            .as_ref()
            .is_none_or(|variants| variants.iter().any(|variant| variant == name))
    }
}

impl Comparison {
    /// Whether it holds of a value.
    pub fn holds(&self, actual: Value) -> bool {
        compare::holds(self, actual)
    }
}
