//! The oracle's memory: one byte per obligation, retired once uniform.

use super::state::{QUIET, State};
use alloc::collections::BTreeMap;
use alloc::rc::Rc;
use alloc::vec::Vec;

/// Obligations per segment.
const SIZE: usize = 1 << 16;

/// A stretch of running numbers.
#[derive(Clone, Debug)]
enum Segment {
    /// Nothing happened to any of them.
    Untouched,
    /// A byte each, shared with checkpoints until the next change, and how
    /// many of them are quiet.
    Open(Rc<Vec<u8>>, u32),
    /// All of them are the same and nothing more is expected.
    Retired(State),
}

/// States by running number. A segment whose obligations have all come to
/// the same quiet end costs nothing any more; what happens to one of them
/// after that is kept in a sparse map.
#[derive(Clone, Debug, Default)]
pub(super) struct Segments {
    segments: Vec<Segment>,
    late: BTreeMap<u64, State>,
}

impl Segments {
    /// Changes the state of `number` and returns it before and after.
    #[inline]
    pub(super) fn update(&mut self, number: u64, change: impl FnOnce(State) -> State) -> (State, State) {
        let (index, offset) = ((number / SIZE as u64) as usize, (number % SIZE as u64) as usize);
        if index >= self.segments.len() {
            self.segments.resize(index + 1, Segment::Untouched);
        }
        match &mut self.segments[index] {
            Segment::Open(states, quiet) => {
                let slot = &mut Rc::make_mut(states)[offset];
                let before = State(*slot);
                let after = change(before);
                *slot = after.0;
                let was = before.class() & QUIET;
                let is = after.class() & QUIET;
                if was != is {
                    *quiet = if is != 0 { *quiet + 1 } else { *quiet - 1 };
                    if *quiet as usize == SIZE {
                        self.retire(index);
                    }
                }
                (before, after)
            }
            Segment::Untouched => {
                let after = change(State::default());
                let mut states = alloc::vec![0u8; SIZE];
                states[offset] = after.0;
                self.segments[index] = Segment::Open(Rc::new(states), u32::from(after.class() & QUIET != 0));
                (State::default(), after)
            }
            Segment::Retired(uniform) => {
                let before = self.late.get(&number).copied().unwrap_or(*uniform);
                let after = change(before);
                self.late.insert(number, after);
                (before, after)
            }
        }
    }

    #[cold]
    fn retire(&mut self, index: usize) {
        let Segment::Open(states, _) = &self.segments[index] else {
            return;
        };
        let first = states[0];
        if states.iter().all(|state| *state == first) {
            self.segments[index] = Segment::Retired(State(first));
        }
    }

    /// The state of `number`.
    pub(super) fn get(&self, number: u64) -> State {
        let (index, offset) = ((number / SIZE as u64) as usize, (number % SIZE as u64) as usize);
        match self.segments.get(index) {
            None | Some(Segment::Untouched) => State::default(),
            Some(Segment::Open(states, _)) => State(states[offset]),
            Some(Segment::Retired(uniform)) => self.late.get(&number).copied().unwrap_or(*uniform),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::state::Hand;
    use super::*;
    use proptest::prelude::*;

    fn good(state: State) -> State {
        state.accept().tell().receive().with(Hand::Finished).take_effect().end()
    }

    #[test]
    fn a_uniform_segment_is_retired_and_surprises_are_kept() {
        let mut segments = Segments::default();
        for number in 0..SIZE as u64 {
            segments.update(number, good);
        }
        assert!(matches!(segments.segments[0], Segment::Retired(_)));
        let (before, after) = segments.update(17, State::take_effect);
        assert_eq!((before.effects(), after.effects()), (1, 2));
        assert_eq!((segments.get(17).effects(), segments.get(18).effects()), (2, 1));
        assert_eq!(segments.update(17, |state| state).0.effects(), 2);
    }

    proptest! {
        #[test]
        fn it_is_a_map(changes in proptest::collection::vec((0u64..200_000, 0u8..4), 0..300)) {
            let mut segments = Segments::default();
            let mut model: std::collections::BTreeMap<u64, State> = Default::default();
            for (number, what) in changes {
                let change = |state: State| match what {
                    0 => state.accept(),
                    1 => state.take_effect(),
                    2 => good(state),
                    _ => state.end(),
                };
                let old = model.get(&number).copied().unwrap_or_default();
                prop_assert_eq!(segments.update(number, change), (old, change(old)));
                model.insert(number, change(old));
            }
            for (number, state) in model {
                prop_assert_eq!(segments.get(number), state);
            }
        }
    }
}
