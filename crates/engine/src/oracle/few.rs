//! The states of a page on which not much has happened yet.
//!
//! A page has a byte for every number of its segment. Where a source has to do
//! with very many places, most of these see few of its messages: a list of
//! those takes a fraction of a page.

use super::state::{Change, State};
use alloc::rc::Rc;
use alloc::vec::Vec;

/// Most states in a list. With one more a byte for each number is set aside, which
/// is so much that there is no point in it earlier.
pub(super) const FEW_MAX: usize = 512;

/// States by number within the segment.
#[derive(Clone, Debug, Default)]
pub(super) struct Few {
    /// By number, shared with checkpoints until the next change.
    states: Rc<Vec<(u16, State)>>,
    /// Where the one stood that was asked for last and was not the last of all: what
    /// happens next mostly happens to the same or to the one behind it.
    last: u16,
}

impl Few {
    /// The state of a number.
    pub(super) fn get(&self, number: u16) -> State {
        self.find(number)
            .map_or_else(|_| State::default(), |index| self.states[index].1)
    }

    /// Sets it; false if there is no room for one more.
    pub(super) fn set(&mut self, number: u16, state: State) -> bool {
        let found = self.find(number);
        if found.is_err() && self.states.len() == FEW_MAX {
            return false;
        }
        let states = Rc::make_mut(&mut self.states);
        match found {
            Ok(index) => states[index].1 = state,
            Err(index) => states.insert(index, (number, state)),
        }
        true
    }

    /// Changes a state as [`Page::step`] does; not if that is shared, or if there is
    /// no room for one more.
    ///
    /// [`Page::step`]: super::pages::Page::step
    pub(super) fn step(&mut self, number: u16, change: &Change, expected: u8, free: u8) -> Option<u8> {
        let found = self.find(number);
        let states = Rc::get_mut(&mut self.states)?;
        let before = found.map_or_else(|_| State::default(), |index| states[index].1);
        let (after, changed) = change.of(before);
        if changed & !free != expected {
            return None;
        }
        match found {
            Ok(index) => {
                states[index].1 = after;
                if index + 1 < states.len() {
                    self.last = index as u16;
                }
            }
            Err(_) if states.len() == FEW_MAX => return None,
            Err(index) => states.insert(index, (number, after)),
        }
        Some(changed)
    }

    /// Every state that was set.
    pub(super) fn iter(&self) -> impl Iterator<Item = (u16, State)> {
        self.states.iter().copied()
    }

    /// Where the number is, or would be. Mostly numbers come in order.
    #[inline]
    fn find(&self, number: u16) -> Result<usize, usize> {
        let states = self.states.as_slice();
        let Some((newest, _)) = states.last() else {
            return Err(0);
        };
        if *newest <= number {
            let end = states.len();
            return if *newest == number { Ok(end - 1) } else { Err(end) };
        }
        let is_at = |index: usize| states.get(index).is_some_and(|(known, _)| *known == number);
        let last = usize::from(self.last);
        if is_at(last) {
            Ok(last)
        } else if is_at(last + 1) {
            Ok(last + 1)
        } else {
            states.binary_search_by_key(&number, |(known, _)| *known)
        }
    }
}
