//! The pages on which states stand, a byte each.

use super::state::{Change, State};
use alloc::rc::Rc;
use alloc::vec::Vec;
use mqlab_model::PlaceId;

/// Obligations per segment, and so per page.
pub(super) const SIZE: usize = 1 << 16;

/// The number of a page. None is given out twice: who remembers a page that is
/// closed finds nothing there.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct PageId(u32);

/// The states of one segment.
#[derive(Clone, Debug)]
pub(super) struct Page {
    /// Shared with checkpoints until the next change, and once closed with all
    /// that are closed, so that nothing of it can be changed simply.
    states: Rc<[u8; SIZE]>,
    /// How many of them are quiet.
    quiet: u32,
    /// Whose obligations they are.
    pub(super) track: u16,
    pub(super) inlet: PlaceId,
}

/// The pages of all tracks.
#[derive(Clone, Debug)]
pub(super) struct Pages {
    pages: Vec<Page>,
    /// What closed pages have in place of their states.
    closed: Rc<[u8; SIZE]>,
    /// Counts openings and closings, and what else there is to find.
    changes: u32,
}

/// The page of the obligations that the last fact of a stream was about. The
/// next one's is mostly on the same.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mark {
    /// Which obligations are on the page.
    pub(super) row: u64,
    pub(super) page: PageId,
}

impl Default for Mark {
    fn default() -> Self {
        Mark {
            row: u64::MAX,
            page: PageId(u32::MAX),
        }
    }
}

impl Default for Pages {
    fn default() -> Self {
        Pages {
            pages: Vec::new(),
            closed: Rc::new([0; SIZE]),
            changes: 0,
        }
    }
}

impl Pages {
    /// A page, which may be closed.
    #[inline(always)]
    pub(super) fn page(&mut self, page: PageId) -> Option<&mut Page> {
        self.pages.get_mut(page.0 as usize)
    }

    /// A new page with nothing on it.
    pub(super) fn open(&mut self, (track, inlet): (u16, PlaceId)) -> PageId {
        let page = PageId(u32::try_from(self.pages.len()).expect("the plan limits the number of messages"));
        self.pages.push(Page {
            states: Rc::new([0; SIZE]),
            quiet: 0,
            track,
            inlet,
        });
        self.changes += 1;
        page
    }

    /// Frees a page, if its states are all the same; returns that state.
    pub(super) fn close(&mut self, page: PageId) -> Option<State> {
        let page = &mut self.pages[page.0 as usize];
        let first = page.states[0];
        if page.states.iter().any(|state| *state != first) {
            return None;
        }
        page.states = Rc::clone(&self.closed);
        self.changes += 1;
        Some(State(first))
    }

    /// Something is on no page that nobody had to look for before.
    pub(super) fn note_change(&mut self) {
        self.changes += 1;
    }

    /// Counts the openings and closings so far: what was found out about pages
    /// holds as long as it stays the same.
    pub(super) fn changes(&self) -> u32 {
        self.changes
    }

    /// The state of a number on an open page.
    #[inline]
    pub(super) fn get(&self, page: PageId, number: u64) -> State {
        State(self.pages[page.0 as usize].states[number as usize % SIZE])
    }

    pub(super) fn set(&mut self, page: PageId, number: u64, state: State) {
        let states = &mut self.pages[page.0 as usize].states;
        Rc::make_mut(states)[number as usize % SIZE] = state.0;
    }

    /// One more of a page's states is quiet, or one less; true if all are.
    pub(super) fn count_quiet(&mut self, page: PageId, is_quiet: bool) -> bool {
        self.pages[page.0 as usize].count_quiet(is_quiet)
    }
}

impl Page {
    /// Changes a state if that is simple, and changes exactly the `expected`
    /// classes, not looking at those that are `free`; else leaves it as it is.
    /// Returns the classes that it has changed.
    #[inline(always)]
    pub(super) fn step(&mut self, number: u64, change: &Change, expected: u8, free: u8) -> Option<u8> {
        let states = Rc::get_mut(&mut self.states)?;
        let state = &mut states[number as usize % SIZE];
        let (after, changed) = change.of(State(*state));
        if changed & !free != expected {
            return None;
        }
        *state = after.0;
        Some(changed)
    }

    /// One more of its states is quiet, or one less; true if all are.
    #[inline(always)]
    pub(super) fn count_quiet(&mut self, is_quiet: bool) -> bool {
        self.quiet = if is_quiet { self.quiet + 1 } else { self.quiet - 1 };
        self.quiet as usize == SIZE
    }
}
