//! How cases that are about chance run: many seeds, on as many threads as the
//! caller likes.

use std::collections::BTreeMap;

/// What one run showed, by name.
pub type Observed = BTreeMap<String, f64>;

/// Whoever runs many seeds.
pub trait Runs: Sync {
    /// The seeds of every case.
    fn seeds(&self) -> u64;

    /// Most messages of one run.
    fn messages_max(&self) -> u64;

    /// What each seed shows, in order of the seeds; `None` if somebody stopped
    /// it.
    fn each(&self, seeds: &[u64], one: &(dyn Fn(u64) -> Option<Observed> + Sync)) -> Option<Vec<Observed>>;

    /// Whether somebody asked to stop.
    fn is_stopped(&self) -> bool {
        false
    }
}

/// One seed after the other.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Sequential {
    /// How many seeds.
    pub seeds: u64,
    /// Most messages of one run.
    pub messages_max: u64,
}

impl Runs for Sequential {
    fn seeds(&self) -> u64 {
        self.seeds
    }

    fn messages_max(&self) -> u64 {
        self.messages_max
    }

    fn each(&self, seeds: &[u64], one: &(dyn Fn(u64) -> Option<Observed> + Sync)) -> Option<Vec<Observed>> {
        seeds.iter().map(|seed| one(*seed)).collect()
    }
}
