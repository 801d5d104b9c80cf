//! The pages on which states stand: a byte each, or a list while they are few.

use super::few::Few;
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
    /// Shared with checkpoints until the next change. What has none of its own, because
    /// it is closed or lists a few, shares one with all such pages, so that nothing of
    /// it can be changed simply.
    states: Rc<[u8; SIZE]>,
    /// Those that were set, while they are few.
    few: Option<Few>,
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
    /// What pages without states of their own have in place of them.
    none: Rc<[u8; SIZE]>,
    /// Counts openings and closings.
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
            none: Rc::new([0; SIZE]),
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

    /// A new page with nothing on it, for `many` states or for a few to begin with.
    pub(super) fn open(&mut self, (track, inlet): (u16, PlaceId), many: bool) -> PageId {
        let page = PageId(u32::try_from(self.pages.len()).expect("the plan limits the number of messages"));
        self.pages.push(Page {
            states: if many {
                Rc::new([0; SIZE])
            } else {
                Rc::clone(&self.none)
            },
            few: (!many).then(Few::default),
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
        page.states = Rc::clone(&self.none);
        self.changes += 1;
        Some(State(first))
    }

    /// Counts the openings and closings so far: what was found out about pages
    /// holds as long as it stays the same.
    pub(super) fn changes(&self) -> u32 {
        self.changes
    }

    /// The state of a number on an open page.
    #[inline]
    pub(super) fn get(&self, page: PageId, number: u64) -> State {
        let page = &self.pages[page.0 as usize];
        match &page.few {
            Some(few) => few.get(within(number)),
            None => State(page.states[number as usize % SIZE]),
        }
    }

    pub(super) fn set(&mut self, page: PageId, number: u64, state: State) {
        let page = &mut self.pages[page.0 as usize];
        if let Some(few) = &mut page.few {
            if few.set(within(number), state) {
                return;
            }
            page.spread();
        }
        Rc::make_mut(&mut page.states)[number as usize % SIZE] = state.0;
    }

    /// Whether each state of a page has a byte; else they are few.
    pub(super) fn are_many(&self, page: PageId) -> bool {
        self.pages[page.0 as usize].few.is_none()
    }

    /// Whether a state has a place on its page already, or gets one.
    #[cfg(test)]
    pub(super) fn has_room(&self, page: PageId, number: u64) -> bool {
        let few = self.pages[page.0 as usize].few.as_ref();
        few.is_none_or(|few| few.clone().set(within(number), State::default()))
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
        let Some(states) = Rc::get_mut(&mut self.states) else {
            return self.step_among_few(number, change, expected, free);
        };
        let state = &mut states[number as usize % SIZE];
        let (after, changed) = change.of(State(*state));
        if changed & !free != expected {
            return None;
        }
        *state = after.0;
        Some(changed)
    }

    /// The same where there are few.
    #[inline(never)]
    fn step_among_few(&mut self, number: u64, change: &Change, expected: u8, free: u8) -> Option<u8> {
        self.few.as_mut()?.step(within(number), change, expected, free)
    }

    /// They are few no more: each has its byte.
    #[cold]
    fn spread(&mut self) {
        let few = self.few.take().unwrap_or_default();
        let mut states = Rc::new([0; SIZE]);
        if let Some(states) = Rc::get_mut(&mut states) {
            for (number, state) in few.iter() {
                states[usize::from(number)] = state.0;
            }
        }
        self.states = states;
    }

    /// One more of its states is quiet, or one less; true if all are.
    #[inline(always)]
    pub(super) fn count_quiet(&mut self, is_quiet: bool) -> bool {
        self.quiet = if is_quiet { self.quiet + 1 } else { self.quiet - 1 };
        self.quiet as usize == SIZE
    }
}

/// A number within its segment.
#[inline(always)]
fn within(number: u64) -> u16 {
    (number % SIZE as u64) as u16
}
