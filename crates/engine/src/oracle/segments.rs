//! The oracle's memory: one byte per obligation where there are many, retired
//! once uniform.

use super::few::Few;
use super::pages::{PageId, Pages, SIZE};
use super::state::{Change, QUIET, State};
use alloc::vec::Vec;
use mqlab_kernel::SortedMap;
use mqlab_model::PlaceId;

/// A stretch of running numbers.
#[derive(Clone, Debug)]
enum Segment {
    /// Nothing happened to any of them.
    Untouched,
    /// Something happened to a few of them.
    Few(Few),
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
            Some(Segment::Untouched | Segment::Few(_) | Segment::Retired(_)) | None => None,
        }
    }

    /// Whether there may be something about `number` that is on no page.
    pub(super) fn is_off_pages(&self, number: u64) -> bool {
        match self.segments.get(segment_of(number)) {
            Some(Segment::Retired(_) | Segment::Few(_)) => true,
            Some(Segment::Untouched | Segment::Open(_)) | None => false,
        }
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
            self.begin(pages, track, index);
        }
        if let Segment::Few(few) = &mut self.segments[index] {
            let within = (number % SIZE as u64) as u16;
            let change = |before| {
                let (after, changed) = change.of(before);
                (after, (after, changed))
            };
            if let Some((before, (after, changed))) = few.update(within, change) {
                return Step { before, after, changed };
            }
            let page = open_with(pages, track, few);
            self.segments[index] = Segment::Open(page);
        }
        let before = self.get(pages, number);
        let (after, changed) = change.of(before);
        match &mut self.segments[index] {
            Segment::Open(page) => pages.set(*page, number, after),
            // Of a few it is seen above.
            Segment::Few(_) => {}
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
        self.segments[index] = match before {
            Some(Segment::Open(_) | Segment::Retired(_)) => Segment::Open(pages.open(track)),
            Some(Segment::Untouched | Segment::Few(_)) | None => {
                pages.note_change();
                Segment::Few(Few::default())
            }
        };
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
            Some(Segment::Few(few)) => few.get((number % SIZE as u64) as u16),
            Some(Segment::Open(page)) => pages.get(*page, number),
            Some(Segment::Retired(uniform)) => self.late.get(&number).copied().unwrap_or(*uniform),
        }
    }
}

/// A page on which the states of a list stand.
#[cold]
fn open_with(pages: &mut Pages, track: (u16, PlaceId), few: &Few) -> PageId {
    let page = pages.open(track);
    for (number, state) in few.iter() {
        pages.set(page, u64::from(number), state);
        if state.class() & QUIET != 0 {
            // Not all of the page can be quiet: it has more numbers than that.
            pages.count_quiet(page, true);
        }
    }
    page
}

fn segment_of(number: u64) -> usize {
    (number / SIZE as u64) as usize
}

#[cfg(test)]
mod tests {
    use super::super::few::FEW_MAX;
    use super::super::state::{Hand, ODD, change};
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
    fn few_obligations_have_no_page() {
        let (mut segments, mut pages) = (Segments::default(), Pages::default());
        // Spread over several segments, and in no order.
        for number in (0..FEW_MAX as u64).rev() {
            update(&mut segments, &mut pages, number * 300, &GOOD);
        }
        assert!((0..3 * SIZE as u64).all(|number| segments.page(number).is_none()));
        assert_eq!(pages.changes(), 3, "who looks for pages is told that there is more");
        for number in 0..=FEW_MAX as u64 {
            update(&mut segments, &mut pages, number, &GOOD);
        }
        assert!(segments.page(0).is_some() && segments.page(SIZE as u64).is_none());
    }

    #[test]
    fn behind_a_busy_segment_the_next_one_begins_with_a_page() {
        let (mut segments, mut pages) = (Segments::default(), Pages::default());
        for number in 0..=SIZE as u64 {
            update(&mut segments, &mut pages, number, &ACCEPT);
        }
        assert!(segments.page(0).is_some() && segments.page(SIZE as u64).is_some());
    }

    proptest! {
        #[test]
        fn it_is_a_map(
            many in 0u64..2 * FEW_MAX as u64,
            changes in proptest::collection::vec((0u64..200_000, 0u8..4), 0..300),
        ) {
            let (mut segments, mut pages) = (Segments::default(), Pages::default());
            let mut model: BTreeMap<u64, State> = BTreeMap::new();
            let first = (0..many).map(|number| (number, 2));
            let changes = first.chain(changes);
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
