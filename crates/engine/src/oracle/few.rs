//! The states of a segment in which not much has happened yet.
//!
//! A page has a byte for every number of its segment. Where a source has to do
//! with very many places, most of these see few of its messages: a list of
//! those takes a fraction of a page.

use super::state::State;
use alloc::rc::Rc;
use alloc::vec::Vec;

/// Most states in a list. With one more a page is opened, which is so large
/// that there is no point in it earlier.
pub(super) const FEW_MAX: usize = 512;

/// States by number within the segment.
#[derive(Clone, Debug, Default)]
pub(super) struct Few {
    /// By number, shared with checkpoints until the next change.
    states: Rc<Vec<(u16, State)>>,
    /// Where the last one stood that was changed: what happens next mostly happens to
    /// the same or to the one behind it.
    last: u16,
}

impl Few {
    /// The state of a number.
    pub(super) fn get(&self, number: u16) -> State {
        self.find(number)
            .map_or_else(|_| State::default(), |index| self.states[index].1)
    }

    /// Changes it: what it was, and what `change` makes of that. `None` if there is no
    /// room for one more.
    pub(super) fn update<T>(&mut self, number: u16, change: impl FnOnce(State) -> (State, T)) -> Option<(State, T)> {
        let index = match self.find(number) {
            Ok(index) => index,
            Err(_) if self.states.len() == FEW_MAX => return None,
            Err(index) => {
                Rc::make_mut(&mut self.states).insert(index, (number, State::default()));
                index
            }
        };
        self.last = index as u16;
        let state = &mut Rc::make_mut(&mut self.states)[index].1;
        let before = *state;
        let (after, came) = change(before);
        *state = after;
        Some((before, came))
    }

    /// Every state that was set.
    pub(super) fn iter(&self) -> impl Iterator<Item = (u16, State)> {
        self.states.iter().copied()
    }

    /// Where the number is, or would be. Mostly numbers come in order.
    fn find(&self, number: u16) -> Result<usize, usize> {
        let is_at = |index: usize| self.states.get(index).is_some_and(|(known, _)| *known == number);
        let last = usize::from(self.last);
        match self.states.last() {
            Some((last, _)) if *last < number => Err(self.states.len()),
            _ if is_at(last) => Ok(last),
            _ if is_at(last + 1) => Ok(last + 1),
            _ => self.states.binary_search_by_key(&number, |(known, _)| *known),
        }
    }
}
