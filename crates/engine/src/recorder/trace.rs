//! Traces: the facts that somebody asked to keep. A day has hundreds of
//! millions of them, so nothing is kept unasked; a run that is repeated tells
//! them again.

use alloc::collections::VecDeque;
use alloc::vec::Vec;
use mqlab_kernel::SimSpan;
use mqlab_model::{Fact, MessageId, PlaceId};

/// Facts that follow each other in equal steps, as one entry: the same kind
/// at the same place and with the same value, for consecutive messages of one
/// source. Compression of single facts and nothing else.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct FactRun {
    /// The first fact.
    pub first: Fact,
    /// How many there are, at least 1.
    pub count: u64,
    /// Time from one to the next.
    pub every: SimSpan,
}

impl FactRun {
    /// A run of one.
    pub const fn single(fact: Fact) -> Self {
        FactRun {
            first: fact,
            count: 1,
            every: SimSpan::ZERO,
        }
    }

    /// The `index`-th fact of the run, counted from 0.
    pub fn get(&self, index: u64) -> Fact {
        let message = if index == 0 {
            self.first.message
        } else {
            MessageId::new(self.first.message.source(), self.first.message.number() + index)
        };
        Fact {
            at: self.first.at + self.every * index,
            message,
            ..self.first
        }
    }

    /// All facts of the run, in order.
    pub fn iter(&self) -> impl Iterator<Item = Fact> + '_ {
        (0..self.count).map(|index| self.get(index))
    }

    /// Takes `next` into the run if it continues it.
    #[must_use]
    pub fn absorb(&mut self, next: &Fact) -> bool {
        let first = &self.first;
        if (first.place, first.kind, first.value) != (next.place, next.kind, next.value)
            || !first.message.is_some()
            || !next.message.is_some()
            || first.message.source() != next.message.source()
            || first.message.number() + self.count != next.message.number()
        {
            return false;
        }
        let last = self.get(self.count - 1).at;
        if next.at < last {
            return false;
        }
        let gap = next.at.since(last);
        if self.count == 1 {
            self.every = gap;
        } else if gap != self.every {
            return false;
        }
        self.count += 1;
        true
    }
}

/// What a trace collects: facts of some messages or of everything, as runs,
/// up to a bound.
#[derive(Clone, Debug)]
pub struct Trace {
    /// Only facts of messages with this number whose source is one of these.
    /// `None` collects everything.
    pub only: Option<(Vec<mqlab_model::SourceId>, u64)>,
    /// Only facts at these places; `None` collects those of all.
    pub places: Option<Vec<PlaceId>>,
    /// Most runs that are kept; older ones go first.
    pub runs_max: usize,
    /// Newer ones go first.
    keeps_oldest: bool,
    runs: VecDeque<FactRun>,
    dropped: u64,
}

impl Trace {
    /// A trace that has seen nothing.
    pub fn new(only: Option<(Vec<mqlab_model::SourceId>, u64)>, runs_max: usize) -> Self {
        Trace {
            only,
            places: None,
            runs_max,
            keeps_oldest: false,
            runs: VecDeque::new(),
            dropped: 0,
        }
    }

    /// The same for facts at these places only.
    pub fn at(mut self, places: Vec<PlaceId>) -> Self {
        self.places = Some(places);
        self
    }

    /// A trace that has seen nothing and keeps the first fact of those that
    /// this one would keep.
    pub fn to_first(&self) -> Self {
        Trace {
            only: self.only.clone(),
            places: self.places.clone(),
            runs_max: 1,
            keeps_oldest: true,
            runs: VecDeque::new(),
            dropped: 0,
        }
    }

    /// The first fact of those that are kept.
    pub fn first(&self) -> Option<Fact> {
        self.runs.front().map(|run| run.first)
    }

    /// The runs, oldest first.
    pub fn runs(&self) -> impl Iterator<Item = &FactRun> {
        self.runs.iter()
    }

    /// How many runs no longer fitted.
    pub fn dropped(&self) -> u64 {
        self.dropped
    }

    pub(crate) fn push(&mut self, fact: &Fact) {
        if self.places.as_ref().is_some_and(|places| !places.contains(&fact.place)) {
            return;
        }
        if let Some((sources, number)) = &self.only {
            let wanted =
                fact.message.is_some() && fact.message.number() == *number && sources.contains(&fact.message.source());
            if !wanted {
                return;
            }
        }
        if self.runs.back_mut().is_some_and(|run| run.absorb(fact)) {
            return;
        }
        if self.runs.len() >= self.runs_max {
            self.dropped += 1;
            if self.keeps_oldest {
                return;
            }
            self.runs.pop_front();
        }
        self.runs.push_back(FactRun::single(*fact));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mqlab_kernel::SimTime;
    use mqlab_model::{FactKind, SourceId};
    use proptest::prelude::*;

    fn fact(at: u64, number: u64) -> Fact {
        let message = MessageId::new(SourceId(0), number);
        Fact {
            at: SimTime::from_nanos(at),
            place: PlaceId(0),
            kind: FactKind::Handled,
            message,
            value: 0,
        }
    }

    proptest! {
        /// However a sequence of facts is cut into runs, the facts are the same.
        #[test]
        fn runs_are_compression_and_nothing_else(steps in proptest::collection::vec((0u64..3, 0u64..3), 1..200)) {
            let (mut at, mut number) = (0, 0);
            let facts: Vec<Fact> = steps.into_iter().map(|(gap, jump)| {
                at += gap;
                number += jump;
                fact(at, number)
            }).collect();
            let mut trace = Trace::new(None, usize::MAX);
            facts.iter().for_each(|fact| trace.push(fact));
            let expanded: Vec<Fact> = trace.runs().flat_map(FactRun::iter).collect();
            prop_assert_eq!(expanded, facts);
        }
    }

    #[test]
    fn a_trace_of_a_place_keeps_its_facts_only() {
        let mut trace = Trace::new(None, 10).at(alloc::vec![PlaceId(1)]);
        let elsewhere = fact(1, 1);
        let here = Fact {
            place: PlaceId(1),
            ..fact(2, 1)
        };
        [elsewhere, here, elsewhere].iter().for_each(|fact| trace.push(fact));
        assert_eq!(trace.first(), Some(here));
        assert_eq!(trace.runs().count(), 1);
    }

    #[test]
    fn a_steady_stream_is_one_run() {
        let mut trace = Trace::new(None, 10);
        (0..10_000).for_each(|number| trace.push(&fact(number * 500_000, number)));
        assert_eq!(trace.runs().count(), 1);
        assert_eq!(trace.runs().next().map(|run| run.count), Some(10_000));
    }
}
