//! The oracle's memory: one byte per obligation where there are many, retired
//! once uniform.

use super::pages::{PageId, Pages, SIZE};
use super::state::{Change, State};
use alloc::vec::Vec;
use mqlab_kernel::SortedMap;
use mqlab_model::PlaceId;

/// A stretch of running numbers.
#[derive(Clone, Debug)]
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
            Some(Segment::Untouched | Segment::Retired(_)) | None => None,
        }
    }

    /// Whether there may be something about `number` that is on no page.
    pub(super) fn is_off_pages(&self, number: u64) -> bool {
        match self.segments.get(segment_of(number)) {
            Some(Segment::Retired(_)) => true,
            Some(Segment::Untouched | Segment::Open(_)) | None => false,
        }
    }

    /// Changes the state of `number`; a page that this opens is of `track` and
    /// its inlet. The caller has to look whether that has changed the class [`QUIET`],
    /// and to tell by [`Segments::count_quiet`].
    ///
    /// [`QUIET`]: super::state::QUIET
    pub(super) fn update(&mut self, pages: &mut Pages, track: (u16, PlaceId), number: u64, change: &Change) -> Step {
        let index = segment_of(number);
        if index >= self.segments.len() {
            self.segments.resize(index + 1, Segment::Untouched);
        }
        if let Segment::Untouched = self.segments[index] {
            self.begin(pages, track, index);
        }
        let before = self.get(pages, number);
        let (after, changed) = change.of(before);
        match &mut self.segments[index] {
            Segment::Open(page) => pages.set(*page, number, after),
            Segment::Untouched | Segment::Retired(_) => {
                if before != after {
                    self.late.insert(number, after);
                }
            }
        }
        Step { before, after, changed }
    }

    /// A segment is touched for the first time. Behind one that is full of
    /// obligations there will be many in this one, too.
    #[cold]
    fn begin(&mut self, pages: &mut Pages, track: (u16, PlaceId), index: usize) {
        let before = index.checked_sub(1).and_then(|before| self.segments.get(before));
        let many = match before {
            Some(Segment::Open(page)) => pages.are_many(*page),
            Some(Segment::Retired(_)) => true,
            Some(Segment::Untouched) | None => false,
        };
        self.segments[index] = Segment::Open(pages.open(track, many));
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
    use super::super::few::FEW_MAX;
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
        assert!(segments.is_off_pages(0) && segments.page(0).is_none());
        let (before, after) = update(&mut segments, &mut pages, 17, &TAKE_EFFECT);
        assert_eq!((before.effects(), after.effects()), (1, 2));
        let effects = [17, 18].map(|number| segments.get(&pages, number).effects());
        assert_eq!(effects, [2, 1]);
        assert_eq!(update(&mut segments, &mut pages, 17, &STAY).0.effects(), 2);
    }

    #[test]
    fn few_obligations_are_listed() {
        let (mut segments, mut pages) = (Segments::default(), Pages::default());
        // Spread over several segments, and in no order.
        for number in (0..FEW_MAX as u64).rev() {
            update(&mut segments, &mut pages, number * 300, &GOOD);
        }
        let many = |segments: &Segments, pages: &Pages| -> Vec<bool> {
            let found = (0..3).filter_map(|index| segments.page(index * SIZE as u64));
            found.map(|page| pages.are_many(page)).collect()
        };
        assert_eq!(many(&segments, &pages), [false; 3]);
        for number in 0..=FEW_MAX as u64 {
            update(&mut segments, &mut pages, number, &GOOD);
        }
        assert_eq!(many(&segments, &pages), [true, false, false]);
        assert_eq!(
            pages.changes(),
            3,
            "who knows of a page need not be told that it has grown"
        );
    }

    #[test]
    fn behind_a_busy_segment_the_next_one_is_not_listed() {
        let (mut segments, mut pages) = (Segments::default(), Pages::default());
        for number in 0..=SIZE as u64 {
            update(&mut segments, &mut pages, number, &ACCEPT);
        }
        let next = segments.page(SIZE as u64);
        assert!(next.is_some_and(|page| pages.are_many(page)));
    }

    proptest! {
        #[test]
        fn it_is_a_map(
            many in 0u64..2 * FEW_MAX as u64,
            changes in proptest::collection::vec((0u64..200_000, 0u8..4), 0..300),
            short: prop::sample::Index,
        ) {
            let (mut segments, mut pages) = (Segments::default(), Pages::default());
            let mut model: BTreeMap<u64, State> = BTreeMap::new();
            let first = (0..many).map(|number| (number, 2));
            let changes = first.chain(changes);
            for (number, what) in changes {
                let change = [&ACCEPT, &TAKE_EFFECT, &GOOD, &END][usize::from(what)];
                let old = model.get(&number).copied().unwrap_or_default();
                let (new, changed) = change.of(old);
                let page = segments.page(number);
                let has_room = page.is_some_and(|page| pages.has_room(page, number));
                if let Some(page) = page.and_then(|page| pages.page(page)) {
                    // What is not expected changes nothing.
                    prop_assert!(page.step(number, change, !changed, 0).is_none());
                    if short.index(2) == number as usize % 2 {
                        let stepped = page.step(number, change, changed, 0);
                        prop_assert_eq!(stepped, has_room.then_some(changed));
                        if stepped.is_some() {
                            if changed & QUIET != 0 {
                                segments.count_quiet(&mut pages, number, new.class() & QUIET != 0);
                            }
                            model.insert(number, new);
                            continue;
                        }
                    }
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
