//! A log in segments: appended at the end, deleted from the front in whole
//! segments, cut back, thinned out.

use super::SparseIndex;
use alloc::rc::Rc;
use alloc::vec::Vec;
use mqlab_kernel::{Chain, SimTime};

/// After how many bytes the indexes of a segment get an entry:
/// `index.interval.bytes`.
const INDEX_INTERVAL: u64 = 4_096;

/// What a log holds. Its size is not kept with it but told when it matters.
pub trait Stored: Copy {
    /// Its time.
    fn time(&self) -> SimTime;
}

/// A stretch of a log.
#[derive(Clone, Debug)]
pub struct Segment<T: Stored> {
    base: u64,
    /// The offset after its last one, taken out or not.
    end: u64,
    bytes: u64,
    begun: SimTime,
    first: Option<SimTime>,
    newest: Option<SimTime>,
    index: SparseIndex,
    records: Chain<T>,
    /// Offsets counted from the base, once some were taken out.
    places: Option<Chain<u32>>,
}

impl<T: Stored> Segment<T> {
    fn new(base: u64, now: SimTime) -> Self {
        Segment {
            base,
            end: base,
            bytes: 0,
            begun: now,
            first: None,
            newest: None,
            index: SparseIndex::default(),
            records: Chain::new(),
            places: None,
        }
    }

    /// The offset of its first record when it was written.
    pub const fn base(&self) -> u64 {
        self.base
    }

    /// The offset after its last one.
    pub const fn end(&self) -> u64 {
        self.end
    }

    /// Its size.
    pub const fn bytes(&self) -> u64 {
        self.bytes
    }

    /// When it was begun.
    pub const fn begun(&self) -> SimTime {
        self.begun
    }

    /// Time of the record that was written first.
    pub const fn first(&self) -> Option<SimTime> {
        self.first
    }

    /// Time of its newest record.
    pub const fn newest(&self) -> Option<SimTime> {
        self.newest
    }

    /// How large its indexes are.
    pub const fn entries(&self) -> &SparseIndex {
        &self.index
    }

    /// How many records it holds.
    pub fn len(&self) -> usize {
        self.records.len()
    }

    /// Whether it holds none.
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    fn push(&mut self, record: T, bytes: u64) {
        let place = self.end - self.base;
        if let Some(places) = &mut self.places {
            places.push_back(u32::try_from(place).expect("a segment is rolled before its offsets run out"));
        }
        self.records.push_back(record);
        self.bytes += bytes;
        self.end += 1;
        self.first = self.first.or(Some(record.time()));
        self.newest = self.newest.max(Some(record.time()));
    }

    /// Enters a batch into the indexes, before its records are pushed.
    fn enter(&mut self, bytes: u64, newest: SimTime) {
        self.index.wrote(bytes, self.newest.max(Some(newest)), INDEX_INTERVAL);
    }

    /// How many of its records stand before `offset`.
    fn index(&self, offset: u64) -> usize {
        let Some(place) = offset.checked_sub(self.base) else {
            return 0;
        };
        let Some(places) = &self.places else {
            return usize::try_from(place).map_or(self.records.len(), |place| place.min(self.records.len()));
        };
        let (mut low, mut high) = (0, places.len());
        while low < high {
            let middle = low.midpoint(high);
            match places.get(middle) {
                Some(at) if u64::from(*at) < place => low = middle + 1,
                _ => high = middle,
            }
        }
        low
    }

    /// The offset of the record at an index.
    fn offset(&self, index: usize) -> u64 {
        let places = self.places.as_ref();
        self.base + places.map_or(index as u64, |places| places.get(index).copied().map_or(0, u64::from))
    }

    /// Its records from `offset` on, with their offsets.
    pub fn iter_from(&self, offset: u64) -> impl Iterator<Item = (u64, &T)> {
        let index = self.index(offset);
        let records = self.records.iter_from(index).enumerate();
        records.map(move |(after, record)| (self.offset(index + after), record))
    }

    /// The same segment with those of its records that are wanted. Which batches
    /// they came in is not known any more: each is entered by itself.
    fn only(&self, mut is_wanted: impl FnMut(u64, &T) -> bool, bytes_of: &dyn Fn(&T) -> u64) -> Segment<T> {
        let mut rest = Segment::new(self.base, self.begun);
        let mut places = Chain::new();
        for (offset, record) in self.iter_from(self.base) {
            if is_wanted(offset, record) {
                rest.end = offset;
                let bytes = bytes_of(record);
                rest.enter(bytes, record.time());
                rest.push(*record, bytes);
                places.push_back((offset - self.base) as u32);
            }
        }
        if rest.end - rest.base != rest.len() as u64 {
            rest.places = Some(places);
        }
        rest
    }

    /// Ends at `end`, although its last record may stand further in front.
    fn stretch(&mut self, end: u64) {
        if self.end < end && self.places.is_none() {
            self.places = Some((0..self.len()).map(|place| place as u32).collect());
        }
        self.end = end;
    }
}

/// A log. A clone shares all sealed segments and, of the active one, all
/// blocks but the last.
#[derive(Clone, Debug)]
pub struct Segments<T: Stored> {
    sealed: Vec<Rc<Segment<T>>>,
    active: Segment<T>,
}

impl<T: Stored> Segments<T> {
    /// An empty log whose first record will have the offset `base`.
    pub fn new(base: u64, now: SimTime) -> Self {
        Segments {
            sealed: Vec::new(),
            active: Segment::new(base, now),
        }
    }

    /// All segments, oldest first; the last one is active.
    pub fn iter(&self) -> impl Iterator<Item = &Segment<T>> {
        self.sealed.iter().map(|segment| &**segment).chain([&self.active])
    }

    /// The segment that is written to.
    pub const fn active(&self) -> &Segment<T> {
        &self.active
    }

    /// The offset that comes next.
    pub const fn end(&self) -> u64 {
        self.active.end
    }

    /// How many records it holds.
    pub fn len(&self) -> usize {
        self.iter().map(Segment::len).sum()
    }

    /// Whether it holds none.
    pub fn is_empty(&self) -> bool {
        self.iter().all(Segment::is_empty)
    }

    /// The next record will have the offset `end`, which lies behind the log's:
    /// there is nothing in between.
    pub fn skip_to(&mut self, end: u64) {
        self.active.stretch(end);
    }

    /// A batch of so many bytes is about to be written; its newest record is from
    /// `newest`.
    pub fn begin_batch(&mut self, bytes: u64, newest: SimTime) {
        self.active.enter(bytes, newest);
    }

    /// Writes a record of so many bytes, and returns its offset.
    pub fn push(&mut self, record: T, bytes: u64) -> u64 {
        let offset = self.active.end;
        self.active.push(record, bytes);
        offset
    }

    /// Seals the active segment and begins another one.
    pub fn roll(&mut self, now: SimTime) {
        let next = Segment::new(self.active.end, now);
        let full = core::mem::replace(&mut self.active, next);
        self.sealed.push(Rc::new(full));
    }

    /// Deletes the oldest segments. If that is all of them the log is empty
    /// and goes on where it ended.
    pub fn delete_oldest(&mut self, count: usize, now: SimTime) {
        if count > self.sealed.len() {
            self.roll(now);
        }
        self.sealed.drain(..count.min(self.sealed.len()));
    }

    /// Cuts the log back to end at `end`, if it is longer.
    pub fn truncate(&mut self, end: u64, bytes_of: &dyn Fn(&T) -> u64) {
        if end >= self.active.end {
            return;
        }
        // What begins behind the cut goes, but not the only segment.
        while end < self.active.base {
            let Some(last) = self.sealed.pop() else {
                self.active = Segment::new(end, self.active.begun);
                return;
            };
            self.active = Rc::unwrap_or_clone(last);
        }
        if end < self.active.end {
            self.active = self.active.only(|offset, _| offset < end, bytes_of);
        }
        self.active.stretch(end);
    }

    /// Takes records out of the sealed segments below `end`; the others keep
    /// their offsets. Segments without records go.
    pub fn thin_out(&mut self, end: u64, is_gone: &dyn Fn(u64) -> bool, bytes_of: &dyn Fn(&T) -> u64) {
        for segment in self.sealed.iter_mut().filter(|segment| segment.base < end) {
            if segment
                .iter_from(segment.base)
                .any(|(offset, _)| offset < end && is_gone(offset))
            {
                let mut rest = segment.only(|offset, _| offset >= end || !is_gone(offset), bytes_of);
                rest.stretch(segment.end);
                *segment = Rc::new(rest);
            }
        }
        self.sealed.retain(|segment| !segment.is_empty() || segment.base >= end);
    }

    /// The records from `offset` on, with their offsets.
    pub fn iter_from(&self, offset: u64) -> impl Iterator<Item = (u64, &T)> {
        let first = self.sealed.partition_point(|segment| segment.end <= offset);
        let sealed = self.sealed[first..].iter().map(|segment| &**segment);
        sealed
            .chain([&self.active])
            .flat_map(move |segment| segment.iter_from(offset))
    }

    /// The first record whose time is `time` or later, with its offset.
    pub fn at_time(&self, time: SimTime) -> Option<(u64, &T)> {
        let is_late = |segment: &&Segment<T>| segment.newest.is_some_and(|newest| newest >= time);
        let segment = self.iter().find(is_late)?;
        segment
            .iter_from(segment.base)
            .find(|(_, record)| record.time() >= time)
    }
}

#[cfg(test)]
#[path = "segments_tests.rs"]
mod tests;
