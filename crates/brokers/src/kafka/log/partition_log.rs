//! A replica's log of one partition, put together from its mechanisms.

use super::cleaner::{Cleaner, Compaction, check_keys};
use super::marks::Marks;
use super::producers::{ProducerId, Producers, Stamp};
use super::record::Record;
use super::retention::{Retention, SegmentFacts};
use super::roll::{ActiveSegment, Incoming, Roll};
use super::transactions::{Ended, Transactions};
use crate::kafka::Error;
use crate::parts::{Epochs, Segment, Segments, Stored};
use alloc::vec::Vec;
use mqlab_kernel::SimTime;

/// The settings of a topic that its logs follow.
#[derive(Clone, Copy, PartialEq, Default, Debug)]
pub struct LogSettings {
    /// When a new segment begins.
    pub roll: Roll,
    /// How long segments are kept.
    pub retention: Retention,
    /// Whether and how it is compacted.
    pub compaction: Compaction,
}

/// What came of a batch.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Appended {
    /// The offset of its first record.
    pub first: u64,
    /// Whether it was there already: its producer sent it again.
    pub is_duplicate: bool,
}

/// What a log has written down of its producers when a new segment began, so that it
/// does not have to read the older ones when it is opened again
/// (`ProducerStateManager.takeSnapshot`).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Snapshot {
    /// The base offset of the new segment: what came before is in it.
    pub offset: u64,
    /// How many producers were known.
    pub producers: u32,
}

/// Up to where somebody reads.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reader {
    /// A replica: to the end.
    Replica,
    /// A consumer with `read_uncommitted`: to the high watermark.
    Uncommitted,
    /// A consumer with `read_committed`: to the last stable offset.
    Committed,
}

/// Tells the size of a record.
pub type BytesOf<'a> = &'a dyn Fn(&Record) -> u64;

/// The log of one replica.
#[derive(Clone, Debug)]
pub struct PartitionLog {
    settings: LogSettings,
    segments: Segments<Record>,
    marks: Marks,
    epochs: Epochs,
    producers: Producers,
    transactions: Transactions,
    cleaner: Cleaner,
    /// Snapshots of what is known of its producers, oldest first.
    snapshots: Vec<Snapshot>,
}

impl PartitionLog {
    /// An empty log whose first record will have the offset `start`.
    pub fn new(settings: LogSettings, start: u64, now: SimTime) -> PartitionLog {
        PartitionLog {
            settings,
            segments: Segments::new(start, now),
            marks: Marks::at(start),
            epochs: Epochs::default(),
            producers: Producers::default(),
            transactions: Transactions::default(),
            cleaner: Cleaner::default(),
            snapshots: Vec::new(),
        }
    }

    /// What it follows.
    pub const fn settings(&self) -> &LogSettings {
        &self.settings
    }

    /// Other settings, from now on.
    pub fn set_settings(&mut self, settings: LogSettings) {
        self.settings = settings;
    }

    /// Where it starts, is committed and ends.
    pub const fn marks(&self) -> Marks {
        self.marks
    }

    /// Who led when it was written.
    pub const fn epochs(&self) -> &Epochs {
        &self.epochs
    }

    /// Its segments, oldest first.
    pub fn segments(&self) -> impl Iterator<Item = &Segment<Record>> {
        self.segments.iter()
    }

    /// Snapshots of its producers, oldest first: those of segments that are there.
    pub fn snapshots(&self) -> &[Snapshot] {
        &self.snapshots
    }

    /// Where the part begins that was not compacted yet.
    pub const fn first_dirty(&self) -> u64 {
        self.cleaner.first_dirty()
    }

    /// How many bytes of records it holds.
    pub fn bytes(&self) -> u64 {
        self.segments.iter().map(Segment::bytes).sum()
    }

    /// The last stable offset.
    pub fn last_stable_offset(&self) -> u64 {
        self.transactions.last_stable_offset(self.marks.high_watermark())
    }

    /// Up to where somebody may read.
    pub fn read_end(&self, reader: Reader) -> u64 {
        match reader {
            Reader::Replica => self.marks.end(),
            Reader::Uncommitted => self.marks.high_watermark(),
            Reader::Committed => self.last_stable_offset(),
        }
    }

    /// The records from `offset` on that somebody may read, with their
    /// offsets; those of aborted transactions and the markers among them
    /// (clients leave them out, see [`PartitionLog::aborted`]).
    ///
    /// # Errors
    /// [`Error::OffsetOutOfRange`] before the start and behind the end of the
    /// log.
    pub fn read(&self, offset: u64, reader: Reader) -> Result<impl Iterator<Item = (u64, &Record)>, Error> {
        if offset < self.marks.start() || offset > self.marks.end() {
            return Err(Error::OffsetOutOfRange);
        }
        let end = self.read_end(reader);
        Ok(self.segments.iter_from(offset).take_while(move |(at, _)| *at < end))
    }

    /// The aborted transactions that a reader from `offset` on leaves out.
    pub fn aborted(&self, offset: u64) -> Vec<Ended> {
        self.transactions.aborted(offset, self.last_stable_offset())
    }

    /// The offset of the first record that is not older than `time` and may be
    /// read.
    pub fn offset_at(&self, time: SimTime, reader: Reader) -> Option<u64> {
        let (offset, _) = self.segments.at_time(time)?;
        Some(offset.max(self.marks.start())).filter(|offset| *offset < self.read_end(reader))
    }

    /// The leader of `epoch` writes a batch of records, stamped if their
    /// producer is idempotent.
    ///
    /// # Errors
    /// [`Error::InvalidRecord`] in a compacted topic without a key; what is
    /// wrong with the stamp. Nothing is written then.
    pub fn append(
        &mut self,
        records: &[Record],
        stamp: Option<&Stamp>,
        epoch: u32,
        bytes_of: BytesOf<'_>,
        now: SimTime,
    ) -> Result<Appended, Error> {
        if self.settings.compaction.compacts {
            check_keys(records.iter().map(|record| record.key().is_some())).map_err(|(error, _)| error)?;
        }
        if let Some(stamp) = stamp {
            if let Some(first) = self.producers.check(stamp)? {
                return Ok(Appended {
                    first,
                    is_duplicate: true,
                });
            }
            self.transactions.check(stamp)?;
        }
        let first = self.marks.end();
        if !records.is_empty() {
            self.write(records, epoch, bytes_of, now);
            if let Some(stamp) = stamp {
                self.producers.wrote(stamp, first);
                if stamp.is_transactional {
                    self.transactions.wrote(stamp.producer, first);
                }
            }
        }
        Ok(Appended {
            first,
            is_duplicate: false,
        })
    }

    /// A follower writes what its leader has: nothing is checked, for the leader
    /// has done that. A gap before `first` is one in the leader's log too.
    pub fn replicate(
        &mut self,
        first: u64,
        records: &[Record],
        stamp: Option<&Stamp>,
        epoch: u32,
        bytes_of: BytesOf<'_>,
        now: SimTime,
    ) {
        if records.is_empty() {
            return;
        }
        if first > self.marks.end() {
            self.segments.skip_to(first);
            self.marks.appended(first);
        }
        self.write(records, epoch, bytes_of, now);
        if let Some(stamp) = stamp {
            self.producers.wrote(stamp, first);
        }
        for (offset, record) in (first..).zip(records) {
            match record.transaction() {
                Some(producer) if record.is_marker() => {
                    self.transactions.marked(producer, offset, record.is_commit());
                }
                Some(producer) => self.transactions.wrote(producer, offset),
                None => {}
            }
        }
    }

    /// A follower has written the marker of a producer in this epoch.
    pub fn replicated_marker(&mut self, producer: ProducerId, producer_epoch: u16) {
        self.producers.marked(producer, producer_epoch);
    }

    /// What it remembers of its producers.
    pub const fn producers(&self) -> &Producers {
        &self.producers
    }

    /// Whether a producer has a transaction open here.
    pub fn is_open(&self, producer: ProducerId) -> bool {
        self.transactions.is_open(producer)
    }

    /// The transaction coordinator ends a producer's transaction. Returns the
    /// offset of the marker.
    ///
    /// # Errors
    /// [`Error::InvalidProducerEpoch`] if the producer has a later epoch.
    pub fn end_transaction(
        &mut self,
        (producer, producer_epoch): (ProducerId, u16),
        is_committed: bool,
        epoch: u32,
        bytes_of: BytesOf<'_>,
        now: SimTime,
    ) -> Result<u64, Error> {
        self.producers.check_marker(producer, producer_epoch)?;
        let offset = self.marks.end();
        self.write(&[Record::marker(producer, is_committed, now)], epoch, bytes_of, now);
        self.producers.marked(producer, producer_epoch);
        self.transactions.marked(producer, offset, is_committed);
        Ok(offset)
    }

    /// Writes records in one batch, into one segment.
    fn write(&mut self, records: &[Record], epoch: u32, bytes_of: BytesOf<'_>, now: SimTime) {
        let active = self.segments.active();
        let segment = ActiveSegment {
            base: active.base(),
            bytes: active.bytes(),
            first: active.first(),
            begun: active.begun(),
        };
        let incoming = Incoming {
            bytes: records.iter().map(bytes_of).sum(),
            last: self.marks.end() + records.len() as u64 - 1,
            newest: records.iter().map(Stored::time).max(),
        };
        if self.settings.roll.is_due(&segment, &incoming, now) {
            self.segments.roll(now);
            self.snapshots.push(Snapshot {
                offset: self.marks.end(),
                producers: self.producers.count(),
            });
        }
        self.epochs.begin(epoch, self.marks.end());
        if let Some(newest) = incoming.newest {
            self.segments.begin_batch(incoming.bytes, newest);
        }
        for record in records {
            self.segments.push(*record, bytes_of(record));
        }
        self.marks.appended(self.segments.end());
    }

    /// A broker becomes leader in `epoch`: whatever is written now begins it.
    pub fn begin_epoch(&mut self, epoch: u32) {
        self.epochs.begin(epoch, self.marks.end());
    }

    /// The leader sees that everything is committed up to `to`.
    pub fn commit(&mut self, to: u64) -> bool {
        let has_risen = self.marks.raise_high_watermark(to);
        self.transactions.committed_up_to(self.marks.high_watermark());
        has_risen
    }

    /// A follower hears from its leader that everything is committed up to
    /// `to`.
    pub fn follow_commit(&mut self, to: u64) {
        self.marks.set_high_watermark(to);
        self.transactions.committed_up_to(self.marks.high_watermark());
    }

    /// Cuts the log back to end at `end`, if it is longer.
    pub fn truncate(&mut self, end: u64, bytes_of: BytesOf<'_>) {
        self.segments.truncate(end, bytes_of);
        self.marks.truncate(end);
        self.epochs.truncate_back(end);
        self.producers.truncate(end);
        self.snapshots.retain(|one| one.offset <= end);
        self.transactions.truncate(end);
        self.cleaner.truncate(end);
    }

    /// Somebody deletes all records before `to`; their segments go with the
    /// next [`PartitionLog::delete_old`].
    ///
    /// # Errors
    /// [`Error::OffsetOutOfRange`] behind the high watermark.
    pub fn delete_records(&mut self, to: u64) -> Result<(), Error> {
        self.marks.raise_start(to)?;
        self.forget_before_start();
        Ok(())
    }

    /// How many segments, oldest first, are too old or too much.
    pub fn deletable(&self, now: SimTime) -> usize {
        self.settings.retention.deletable(&self.facts(), self.marks, now)
    }

    fn facts(&self) -> Vec<SegmentFacts> {
        let facts = |segment: &Segment<Record>| SegmentFacts {
            base: segment.base(),
            bytes: segment.bytes(),
            newest: segment.newest().unwrap_or_else(|| segment.begun()),
        };
        self.segments.iter().map(facts).collect()
    }

    /// Deletes what is too old or too much. Returns how many segments went.
    pub fn delete_old(&mut self, now: SimTime) -> usize {
        let facts = self.facts();
        let count = self.settings.retention.deletable(&facts, self.marks, now);
        if count > 0 {
            self.segments.delete_oldest(count, now);
            let start = facts.get(count).map_or(self.marks.end(), |next| next.base);
            self.marks
                .raise_start(start)
                .expect("only what is committed is deleted");
            self.forget_before_start();
        }
        count
    }

    fn forget_before_start(&mut self) {
        self.epochs.truncate_front(self.marks.start());
        self.transactions.truncate_front(self.marks.start());
        let first = self.segments.iter().next().map_or(0, Segment::base);
        self.snapshots.retain(|one| one.offset >= first);
    }

    /// Compacts the log, if its topic is compacted and it is worth it. Returns
    /// the records that went.
    pub fn compact(&mut self, bytes_of: BytesOf<'_>, now: SimTime) -> Vec<Record> {
        let rules = self.settings.compaction;
        if !rules.compacts {
            return Vec::new();
        }
        let end = self.cleanable_end(&rules, now);
        let dirty = self.cleaner.first_dirty();
        let (mut clean_bytes, mut dirty_bytes, mut oldest) = (0, 0, None);
        for segment in self.segments.iter().filter(|segment| segment.end() <= end) {
            if segment.base() < dirty {
                clean_bytes += segment.bytes();
            } else {
                dirty_bytes += segment.bytes();
                oldest = oldest.or(segment.first());
            }
        }
        if !rules.is_due(clean_bytes, dirty_bytes, oldest, now) {
            return Vec::new();
        }
        let aborted = self.transactions.aborted(0, end);
        let segments = &self.segments;
        let start = self.marks.start();
        let records = || {
            segments
                .iter_from(start)
                .map(|(offset, record)| record.cleanable(offset))
        };
        let gone = self.cleaner.pass(records, end, &aborted, rules.delete_retention, now);
        let known = self.segments.iter_from(start).take_while(|(offset, _)| *offset < end);
        let records = known
            .filter(|(offset, _)| gone.contains(offset))
            .map(|(_, record)| *record);
        let records: Vec<Record> = records.collect();
        self.segments.thin_out(end, &|offset| gone.contains(&offset), bytes_of);
        records
    }

    /// The first offset that may not be cleaned: of the active segment, of
    /// what is not decided, and of what is too young.
    fn cleanable_end(&self, rules: &Compaction, now: SimTime) -> u64 {
        let decided = self.last_stable_offset();
        let is_young = |segment: &&Segment<Record>| {
            !rules.lag_min.is_zero()
                && segment
                    .newest()
                    .is_some_and(|newest| now.saturating_since(newest) < rules.lag_min)
        };
        let young = self.segments.iter().find(is_young).map_or(u64::MAX, Segment::base);
        let end = self.segments.active().base().min(decided).min(young);
        // Whole segments are cleaned.
        let whole = self.segments.iter().filter(|segment| segment.end() <= end);
        whole.last().map_or(self.marks.start(), Segment::end)
    }
}

#[cfg(test)]
#[path = "partition_log_tests.rs"]
mod tests;
