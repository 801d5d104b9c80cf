//! The oracle's memory: one byte per obligation, retired once uniform.

use super::state::{Change, State};
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

/// What a change came to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Step {
    pub(super) before: State,
    pub(super) after: State,
    /// The classes in which the two differ.
    pub(super) changed: u8,
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
    /// Changes the state of `number` if that is simple, and changes exactly the
    /// `expected` classes, not looking at those that are `free`; else leaves it
    /// as it is. Returns the classes that it has changed.
    #[inline(always)]
    pub(super) fn step(&mut self, number: u64, change: &Change, expected: u8, free: u8) -> Option<u8> {
        let (index, offset) = ((number / SIZE as u64) as usize, (number % SIZE as u64) as usize);
        let Some(Segment::Open(states, _)) = self.segments.get_mut(index) else {
            return None;
        };
        let states = Rc::get_mut(states)?;
        let (after, changed) = change.of(State(states[offset]));
        if changed & !free != expected {
            return None;
        }
        states[offset] = after.0;
        Some(changed)
    }

    /// Changes the state of `number`. The caller has to look whether that has
    /// changed the class [`QUIET`], and to tell by [`Segments::count_quiet`].
    pub(super) fn update(&mut self, number: u64, change: &Change) -> Step {
        let (index, offset) = ((number / SIZE as u64) as usize, (number % SIZE as u64) as usize);
        if let Some(Segment::Open(states, _)) = self.segments.get_mut(index)
            && let Some(states) = Rc::get_mut(states)
        {
            let before = State(states[offset]);
            let (after, changed) = change.of(before);
            states[offset] = after.0;
            return Step { before, after, changed };
        }
        self.update_slowly(number, change)
    }

    /// Changes a state whose segment is not open, or shared with a checkpoint.
    #[cold]
    #[inline(never)]
    fn update_slowly(&mut self, number: u64, change: &Change) -> Step {
        let (index, offset) = ((number / SIZE as u64) as usize, (number % SIZE as u64) as usize);
        if index >= self.segments.len() {
            self.segments.resize(index + 1, Segment::Untouched);
        }
        if let Segment::Untouched = self.segments[index] {
            self.segments[index] = Segment::Open(Rc::new([0; SIZE]), 0);
        }
        let before = self.get(number);
        let (after, changed) = change.of(before);
        match &mut self.segments[index] {
            Segment::Open(states, _) => Rc::make_mut(states)[offset] = after.0,
            _ if before != after => {
                self.late.insert(number, after);
            }
            _ => {}
        }
        Step { before, after, changed }
    }

    /// The state of `number` has become quiet, or is so no more.
    #[inline]
    pub(super) fn count_quiet(&mut self, number: u64, is_quiet: bool) {
        let index = (number / SIZE as u64) as usize;
        if let Some(Segment::Open(_, quiet)) = self.segments.get_mut(index) {
            *quiet = if is_quiet { *quiet + 1 } else { *quiet - 1 };
            if *quiet as usize == SIZE {
                self.retire(index);
            }
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
    use super::super::state::{Hand, ODD, QUIET, change};
    use super::*;
    use proptest::prelude::*;

    static ACCEPT: Change = change!(|state| state.accept());
    static TAKE_EFFECT: Change = change!(|state| state.take_effect());
    static GOOD: Change = change!(|state| state.accept().tell().receive().with(Hand::Finished).take_effect().end());
    static END: Change = change!(|state| state.end());
    static STAY: Change = change!(|state| state);

    fn update(segments: &mut Segments, number: u64, change: &Change) -> (State, State) {
        let Step { before, after, changed } = segments.update(number, change);
        assert_eq!(changed & !ODD, before.class() ^ after.class());
        if changed & QUIET != 0 {
            segments.count_quiet(number, after.class() & QUIET != 0);
        }
        (before, after)
    }

    #[test]
    fn a_uniform_segment_is_retired_and_surprises_are_kept() {
        let mut segments = Segments::default();
        for number in 0..SIZE as u64 {
            update(&mut segments, number, &GOOD);
        }
        assert!(matches!(segments.segments[0], Segment::Retired(_)));
        let (before, after) = update(&mut segments, 17, &TAKE_EFFECT);
        assert_eq!((before.effects(), after.effects()), (1, 2));
        assert_eq!((segments.get(17).effects(), segments.get(18).effects()), (2, 1));
        assert_eq!(update(&mut segments, 17, &STAY).0.effects(), 2);
    }

    proptest! {
        #[test]
        fn it_is_a_map(changes in proptest::collection::vec((0u64..200_000, 0u8..4), 0..300)) {
            let mut segments = Segments::default();
            let mut model: BTreeMap<u64, State> = BTreeMap::new();
            for (number, what) in changes {
                let change = [&ACCEPT, &TAKE_EFFECT, &GOOD, &END][usize::from(what)];
                let old = model.get(&number).copied().unwrap_or_default();
                let (new, changed) = change.of(old);
                // What is not expected changes nothing.
                prop_assert_eq!(segments.step(number, change, !changed, 0), None);
                prop_assert_eq!(update(&mut segments, number, change), (old, new));
                model.insert(number, new);
            }
            for (number, state) in model {
                prop_assert_eq!(segments.get(number), state);
            }
        }
    }
}
