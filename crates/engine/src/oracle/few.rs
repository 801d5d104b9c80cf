//! The states of a page on which not much has happened yet.
//!
//! A page has a byte for every number of its segment. Where a source has to do
//! with very many places, most of these see few of its messages: a list of
//! those takes a fraction of a page. And mostly they see some that follow one
//! another, to which the same happens one after the other.

use super::state::{Change, State};
use alloc::rc::Rc;
use alloc::vec::Vec;

/// Most states in a list. With one more a byte for each number is set aside, which
/// is so much that there is no point in it earlier.
pub(super) const FEW_MAX: usize = 512;

/// Numbers that follow one another, in the same state.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Run {
    first: u16,
    last: u16,
    state: State,
}

/// States by number within the segment.
#[derive(Clone, Debug, Default)]
pub(super) struct Few {
    /// By number, shared with checkpoints until the next change. Those that could be
    /// one are one.
    runs: Rc<Vec<Run>>,
    /// How many numbers are in them.
    len: u16,
    /// The run that was changed last: what happens next mostly happens to the first of
    /// the one behind it, or to the same.
    hint: u16,
}

impl Few {
    /// The state of a number.
    pub(super) fn get(&self, number: u16) -> State {
        self.find(number)
            .map_or_else(|_| State::default(), |index| self.runs[index].state)
    }

    /// Sets it; false if there is no room for one more.
    pub(super) fn set(&mut self, number: u16, state: State) -> bool {
        let found = self.find(number);
        if !self.has_room(found) {
            return false;
        }
        self.len += u16::from(found.is_err());
        put(Rc::make_mut(&mut self.runs), found, number, state);
        true
    }

    /// Changes a state as [`Page::step`] does; not if that is shared, or if there is
    /// no room for one more.
    ///
    /// [`Page::step`]: super::pages::Page::step
    pub(super) fn step(&mut self, number: u16, change: &Change, expected: u8, free: u8) -> Option<u8> {
        let found = self.find(number);
        let before = found.map_or_else(|_| State::default(), |index| self.runs[index].state);
        let (after, changed) = change.of(before);
        if changed & !free != expected || !self.has_room(found) {
            return None;
        }
        if found.is_err() || after != before {
            let runs = Rc::get_mut(&mut self.runs)?;
            self.len += u16::from(found.is_err());
            let moved = found.ok().filter(|index| moves_up(runs, *index, number, after));
            let place = moved.map_or_else(|| put(runs, found, number, after), |index| index - 1);
            self.hint = place as u16;
        }
        Some(changed)
    }

    /// Every state that was set.
    pub(super) fn iter(&self) -> impl Iterator<Item = (u16, State)> {
        let numbers = |run: &Run| (run.first..=run.last).zip(core::iter::repeat(run.state));
        self.runs.iter().flat_map(numbers)
    }

    /// Whether a number can get a state.
    fn has_room(&self, found: Result<usize, usize>) -> bool {
        found.is_ok() || usize::from(self.len) < FEW_MAX
    }

    /// In which run the number is, or before which one it would be.
    #[inline]
    fn find(&self, number: u16) -> Result<usize, usize> {
        let runs = self.runs.as_slice();
        if runs.last().is_none_or(|newest| newest.last < number) {
            return Err(runs.len());
        }
        let hint = usize::from(self.hint);
        for index in [hint + 1, hint] {
            if runs
                .get(index)
                .is_some_and(|run| run.first <= number && number <= run.last)
            {
                return Ok(index);
            }
        }
        let index = runs.partition_point(|run| run.last < number);
        if runs[index].first <= number {
            Ok(index)
        } else {
            Err(index)
        }
    }
}

/// The first number of a run follows the one before it into its state: mostly it is
/// as simple as that. False if it is not; then nothing has changed.
#[inline(always)]
fn moves_up(runs: &mut [Run], index: usize, number: u16, state: State) -> bool {
    let [.., before, run] = &mut runs[..=index] else {
        return false;
    };
    let is_first = run.first == number && run.last > number;
    let does = is_first && before.state == state && before.last.checked_add(1) == Some(number);
    if does {
        before.last = number;
        run.first = number + 1;
    }
    does
}

/// Gives a number its state. Returns the place of the run that it belongs to then.
#[inline]
fn put(runs: &mut Vec<Run>, found: Result<usize, usize>, number: u16, state: State) -> usize {
    let index = match found {
        Ok(index) if runs[index].state == state => return index,
        Ok(index) => set_apart(runs, index, number),
        Err(index) => index,
    };
    let joins_before = index > 0 && {
        let before = &mut runs[index - 1];
        let joins = before.state == state && u32::from(before.last) + 1 == u32::from(number);
        if joins {
            before.last = number;
        }
        joins
    };
    let behind = runs.get(index).copied();
    let joins_behind =
        behind.is_some_and(|behind| behind.state == state && u32::from(number) + 1 == u32::from(behind.first));
    match (joins_before, joins_behind) {
        (true, true) => {
            runs[index - 1].last = runs.remove(index).last;
            index - 1
        }
        (true, false) => index - 1,
        (false, true) => {
            runs[index].first = number;
            index
        }
        (false, false) => {
            let run = Run {
                first: number,
                last: number,
                state,
            };
            runs.insert(index, run);
            index
        }
    }
}

/// Takes a number out of its run. Returns where one of its own has to stand.
#[inline]
fn set_apart(runs: &mut Vec<Run>, index: usize, number: u16) -> usize {
    let run = runs[index];
    match (run.first == number, run.last == number) {
        (true, true) => {
            runs.remove(index);
            index
        }
        (true, false) => {
            runs[index].first += 1;
            index
        }
        (false, true) => {
            runs[index].last -= 1;
            index + 1
        }
        (false, false) => {
            runs[index].last = number - 1;
            let behind = Run {
                first: number + 1,
                ..run
            };
            runs.insert(index + 1, behind);
            index + 1
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::change;
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    proptest! {
        /// Numbers mostly follow one another, as what happens to messages does.
        #[test]
        fn every_number_has_the_state_that_it_was_given_last(
            strokes in proptest::collection::vec((0..200u16, 0..40u16, 0..4u8, any::<bool>(), any::<bool>()), 1..60)
        ) {
            let (mut few, mut naive) = (Few::default(), BTreeMap::new());
            for (first, count, state, is_at_the_end, is_stepped) in strokes {
                let first = if is_at_the_end { u16::MAX - 200 + first } else { first };
                for number in first..=first.saturating_add(count) {
                    if is_stepped {
                        let before = naive.get(&number).copied().unwrap_or_default();
                        let (after, changed) = change::TELL.of(before);
                        prop_assert_eq!(few.step(number, &change::TELL, changed, 0), Some(changed));
                        naive.insert(number, after);
                    } else {
                        prop_assert!(few.set(number, State(state)));
                        naive.insert(number, State(state));
                    }
                }
                prop_assert!(few.iter().eq(naive.iter().map(|(number, state)| (*number, *state))));
                let apart = few.runs.windows(2).all(|pair| {
                    u32::from(pair[0].last) + 1 < u32::from(pair[1].first)
                        || pair[0].last < pair[1].first && pair[0].state != pair[1].state
                });
                prop_assert!(apart, "{:?}", few.runs);
            }
            for number in 0..=u16::MAX {
                prop_assert_eq!(few.get(number), naive.get(&number).copied().unwrap_or_default());
            }
        }
    }

    #[test]
    fn it_is_full_when_there_is_room_for_no_number_more() {
        let mut few = Few::default();
        let taken = (0..u16::MAX / 2).take_while(|at| few.set(2 * at, State(1))).count();
        assert_eq!(taken, FEW_MAX);
        assert!(few.set(0, State(2)) && !few.set(1, State(2)));
        assert_eq!((few.get(0), few.get(1), few.get(2)), (State(2), State(0), State(1)));
    }
}
