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
pub(super) const FEW_MAX: usize = 1024;

/// States by number within the segment.
#[derive(Clone, Debug, Default)]
pub(super) struct Few {
    /// By number, shared with checkpoints until the next change.
    states: Rc<Vec<(u16, State)>>,
}

impl Few {
    /// The state of a number.
    pub(super) fn get(&self, number: u16) -> State {
        self.find(number)
            .map_or_else(|_| State::default(), |index| self.states[index].1)
    }

    /// Sets it; false if there is no room for one more.
    pub(super) fn set(&mut self, number: u16, state: State) -> bool {
        match self.find(number) {
            Ok(index) => Rc::make_mut(&mut self.states)[index].1 = state,
            Err(_) if self.states.len() == FEW_MAX => return false,
            Err(index) => Rc::make_mut(&mut self.states).insert(index, (number, state)),
        }
        true
    }

    /// Every state that was set.
    pub(super) fn iter(&self) -> impl Iterator<Item = (u16, State)> {
        self.states.iter().copied()
    }

    /// Where the number is, or would be. Mostly numbers come in order.
    fn find(&self, number: u16) -> Result<usize, usize> {
        match self.states.last() {
            Some((last, _)) if *last < number => Err(self.states.len()),
            _ => self.states.binary_search_by_key(&number, |(known, _)| *known),
        }
    }
}
