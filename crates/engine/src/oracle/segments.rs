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
    Open(Rc<[u8; SIZE]>, u32),
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
    #[inline(always)]
    pub(super) fn update(&mut self, number: u64, change: impl FnOnce(State) -> State) -> (State, State) {
        let (index, offset) = ((number / SIZE as u64) as usize, (number % SIZE as u64) as usize);
        if let Some(Segment::Open(states, quiet)) = self.segments.get_mut(index)
            && let Some(states) = Rc::get_mut(states)
        {
            let before = State(states[offset]);
            let after = change(before);
            states[offset] = after.0;
            if (before.class() ^ after.class()) & QUIET != 0 {
                *quiet = if after.class() & QUIET != 0 {
                    *quiet + 1
                } else {
                    *quiet - 1
                };
                if *quiet as usize == SIZE {
                    self.retire(index);
                }
            }
            return (before, after);
        }
        let before = self.open(index, number);
        let after = change(before);
        self.put(number, before, after);
        (before, after)
    }

    /// Makes room for a number whose segment is not open, or shared with a
    /// checkpoint, and returns its state.
    #[cold]
    #[inline(never)]
    fn open(&mut self, index: usize, number: u64) -> State {
        if index >= self.segments.len() {
            self.segments.resize(index + 1, Segment::Untouched);
        }
        match &self.segments[index] {
            Segment::Retired(_) | Segment::Open(..) => self.get(number),
            Segment::Untouched => {
                self.segments[index] = Segment::Open(Rc::new([0; SIZE]), 0);
                State::default()
            }
        }
    }

    /// Keeps the state of a number after [`Segments::open`].
    #[cold]
    #[inline(never)]
    fn put(&mut self, number: u64, before: State, after: State) {
        let (index, offset) = ((number / SIZE as u64) as usize, (number % SIZE as u64) as usize);
        match &mut self.segments[index] {
            Segment::Open(states, quiet) => {
                Rc::make_mut(states)[offset] = after.0;
                *quiet += u32::from(after.class() & QUIET != 0);
                *quiet -= u32::from(before.class() & QUIET != 0);
                if *quiet as usize == SIZE {
                    self.retire(index);
                }
            }
            _ if before != after => {
                self.late.insert(number, after);
            }
            _ => {}
        }
    }

    #[cold]
    #[inline(never)]
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
            let mut model: BTreeMap<u64, State> = BTreeMap::new();
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
