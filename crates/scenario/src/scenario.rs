//! A scenario that was read: plans and expectations.

use crate::expect::Expectation;
use crate::tree::Table;
use mqlab_engine::plan::Plan;
use std::sync::Arc;

/// A scenario, ready to run.
#[derive(Clone, PartialEq, Debug)]
pub struct Scenario {
    /// What it shows, in one line.
    pub title: String,
    /// What to look at.
    pub about: Option<String>,
    /// Rows of the catalogue that it shows.
    pub rows: Vec<String>,
    /// The seed of all its variants.
    pub seed: u64,
    /// Its configurations, in the order of the text; at least one.
    pub variants: Vec<Variant>,
    /// What must be so, in the order of the text.
    pub expectations: Vec<Expectation>,
}

impl Scenario {
    /// The same scenario without its text. It runs in the same way; for what is done by
    /// hand it has to be read again, because nobody knows what names stand for.
    #[must_use]
    pub fn without_text(mut self) -> Self {
        for variant in &mut self.variants {
            variant.text = Arc::default();
        }
        self
    }
}

/// One configuration of a scenario.
#[derive(Clone, PartialEq, Debug)]
pub struct Variant {
    /// Its name; `default` if the text lists no variants.
    pub name: String,
    /// What it runs.
    pub plan: Plan,
    /// Its text, which tells what names stand for in what is done by hand.
    pub(crate) text: Arc<Table>,
}
