//! The oracle's memory: one byte per obligation, retired once uniform.

use super::pages::{PageId, Pages, SIZE};
use super::state::{Change, State};
use alloc::vec::Vec;
use mqlab_kernel::SortedMap;
use mqlab_model::PlaceId;

/// A stretch of running numbers.
#[derive(Clone, Copy, Debug)]
enum Segment {
    /// Nothing happened to any of them.
    Untouched,
    /// They have a page.
    Open(PageId),
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
    late: SortedMap<u64, State>,
}

impl Segments {
    /// The page of `number`, if its segment is open.
    pub(super) fn page(&self, number: u64) -> Option<PageId> {
        match self.segments.get(segment_of(number)) {
            Some(Segment::Open(page)) => Some(*page),
            _ => None,
        }
    }

    /// Whether nothing more was expected of `number`.
    pub(super) fn is_retired(&self, number: u64) -> bool {
        matches!(self.segments.get(segment_of(number)), Some(Segment::Retired(_)))
    }

    /// Changes the state of `number`; a page that this opens is of `track` and
    /// its inlet. The
    /// caller has to look whether that has changed the class [`QUIET`], and to
    /// tell by [`Segments::count_quiet`].
    ///
    /// [`QUIET`]: super::state::QUIET
    pub(super) fn update(&mut self, pages: &mut Pages, track: (u16, PlaceId), number: u64, change: &Change) -> Step {
        let index = segment_of(number);
        if index >= self.segments.len() {
            self.segments.resize(index + 1, Segment::Untouched);
        }
        if let Segment::Untouched = self.segments[index] {
            self.segments[index] = Segment::Open(pages.open(track));
        }
        let before = self.get(pages, number);
        let (after, changed) = change.of(before);
        match self.segments[index] {
            Segment::Open(page) => pages.set(page, number, after),
            _ if before != after => {
                self.late.insert(number, after);
            }
            _ => {}
        }
        Step { before, after, changed }
    }

    /// The state of `number` has become quiet, or is so no more.
    pub(super) fn count_quiet(&mut self, pages: &mut Pages, number: u64, is_quiet: bool) {
        if let Some(page) = self.page(number)
            && pages.count_quiet(page, is_quiet)
        {
            self.retire(pages, number);
        }
    }

    /// Every state in the segment of `number` is quiet: if they are all the
    /// same too, one stands for all.
    #[cold]
    #[inline(never)]
    pub(super) fn retire(&mut self, pages: &mut Pages, number: u64) {
        if let Some(uniform) = self.page(number).and_then(|page| pages.close(page)) {
            self.segments[segment_of(number)] = Segment::Retired(uniform);
        }
    }

    /// The state of `number`.
    pub(super) fn get(&self, pages: &Pages, number: u64) -> State {
        match self.segments.get(segment_of(number)) {
            None | Some(Segment::Untouched) => State::default(),
            Some(Segment::Open(page)) => pages.get(*page, number),
            Some(Segment::Retired(uniform)) => self.late.get(&number).copied().unwrap_or(*uniform),
        }
    }
}

fn segment_of(number: u64) -> usize {
    (number / SIZE as u64) as usize
}

#[cfg(test)]
mod tests {
    use super::super::state::{Hand, ODD, QUIET, change};
    use super::*;
    use alloc::collections::BTreeMap;
    use proptest::prelude::*;

    static ACCEPT: Change = change!(|state| state.accept());
    static TAKE_EFFECT: Change = change!(|state| state.take_effect());
    static GOOD: Change = change!(|state| state.accept().tell().receive().with(Hand::Finished).take_effect().end());
    static END: Change = change!(|state| state.end());
    static STAY: Change = change!(|state| state);

    fn update(segments: &mut Segments, pages: &mut Pages, number: u64, change: &Change) -> (State, State) {
        let Step { before, after, changed } = segments.update(pages, (0, PlaceId(0)), number, change);
        assert_eq!(changed & !ODD, before.class() ^ after.class());
        if changed & QUIET != 0 {
            segments.count_quiet(pages, number, after.class() & QUIET != 0);
        }
        (before, after)
    }

    #[test]
    fn a_uniform_segment_is_retired_and_surprises_are_kept() {
        let (mut segments, mut pages) = (Segments::default(), Pages::default());
        for number in 0..SIZE as u64 {
            update(&mut segments, &mut pages, number, &GOOD);
        }
        assert!(segments.is_retired(0) && segments.page(0).is_none());
        let (before, after) = update(&mut segments, &mut pages, 17, &TAKE_EFFECT);
        assert_eq!((before.effects(), after.effects()), (1, 2));
        let effects = [17, 18].map(|number| segments.get(&pages, number).effects());
        assert_eq!(effects, [2, 1]);
        assert_eq!(update(&mut segments, &mut pages, 17, &STAY).0.effects(), 2);
    }

    proptest! {
        #[test]
        fn it_is_a_map(changes in proptest::collection::vec((0u64..200_000, 0u8..4), 0..300)) {
            let (mut segments, mut pages) = (Segments::default(), Pages::default());
            let mut model: BTreeMap<u64, State> = BTreeMap::new();
            for (number, what) in changes {
                let change = [&ACCEPT, &TAKE_EFFECT, &GOOD, &END][usize::from(what)];
                let old = model.get(&number).copied().unwrap_or_default();
                let (new, changed) = change.of(old);
                // What is not expected changes nothing.
                if let Some(page) = segments.page(number).and_then(|page| pages.page(page)) {
                    prop_assert!(page.step(number, change, !changed, 0).is_none());
                }
                prop_assert_eq!(update(&mut segments, &mut pages, number, change), (old, new));
                model.insert(number, new);
            }
            for (number, state) in model {
                prop_assert_eq!(segments.get(&pages, number), state);
            }
        }
    }
}
