//! The page cache: what is written is there for everybody at once, and reaches
//! the disk when the disk likes. Kafka does not wait for it: what a power cut
//! takes is meant to be on other brokers.

use super::hosted::Hosted;
use super::{Broker, emit_all, size_of_record};
use crate::kafka::cluster::PartitionId;
use crate::kafka::wire::Frame;
use crate::kafka::{PartitionLog, Reader, Record};
use alloc::boxed::Box;
use alloc::collections::{BTreeMap, VecDeque};
use alloc::vec::Vec;
use mqlab_model::{Context, Crash, FactKind, MessageId, Progress};

/// What was written and is not synced, in the order of the writes.
#[derive(Clone, Default, Debug)]
pub(super) struct PageCache {
    /// For each write the partition, and where its log ended before.
    writes: VecDeque<(PartitionId, u64)>,
    /// The number of the first of them.
    first: u64,
}

impl PageCache {
    /// Something is written to a log that ended at `from`.
    pub(super) fn write<C: Context<Frame>>(&mut self, cx: &mut C, partition: PartitionId, from: u64, bytes: u64) {
        let number = cx.append(partition.0, bytes);
        if self.writes.is_empty() {
            self.first = number;
        }
        self.writes.push_back((partition, from));
        self.catch_up(cx.disk());
    }

    /// The disk has come further.
    pub(super) fn catch_up(&mut self, progress: Progress) {
        while self.first < progress.synced && self.writes.pop_front().is_some() {
            self.first += 1;
        }
    }

    /// The first offset of a partition that is not synced, if there is any.
    pub(super) fn first_unsynced(&self, partition: PartitionId) -> Option<u64> {
        let own = self.writes.iter().filter(|(of, _)| *of == partition);
        own.map(|(_, from)| *from).min()
    }

    /// Where each log ends of which something is gone.
    fn lost(&mut self, left: u64) -> BTreeMap<PartitionId, u64> {
        let mut ends = BTreeMap::new();
        for (number, (partition, from)) in (self.first..).zip(self.writes.drain(..)) {
            if number >= left {
                let end = ends.entry(partition).or_insert(from);
                *end = from.min(*end);
            }
        }
        ends
    }
}

impl Broker {
    /// A log that ended at `from` has grown by so many bytes.
    pub(super) fn wrote<C: Context<Frame>>(&mut self, cx: &mut C, partition: PartitionId, from: u64, bytes: u64) {
        self.cache.write(cx, partition, from, bytes);
        if let Some(most) = self.cluster.settings.serving.page_cache {
            let end = self.host(partition).map_or(from, |hosted| hosted.log.marks().end());
            self.network.warm.wrote(partition, end, bytes, most);
        }
    }

    /// Whether so many bytes fit on the disk. A broker that cannot write to the
    /// directory of its logs stops.
    pub(super) fn has_room<C: Context<Frame>>(&mut self, cx: &mut C, bytes: u64) -> bool {
        let Some(size) = self.cluster.settings.disk_size else {
            return true;
        };
        if bytes > self.room {
            let used: u64 = self.hosted.iter().flatten().map(|hosted| hosted.log.bytes()).sum();
            self.room = size.saturating_sub(used);
        }
        let fits = bytes <= self.room;
        if fits {
            self.room -= bytes;
        } else {
            cx.die();
        }
        fits
    }

    /// The broker dies: what the disk does not have is gone.
    pub(super) fn lose<C: Context<Frame>>(&mut self, cx: &mut C, crash: Crash) {
        self.hosted.iter_mut().flatten().for_each(|one| one.crash());
        let left = cx.disk().left_by(crash);
        let ends = match crash {
            Crash::Disk => {
                self.cache = PageCache::default();
                let hosted = self
                    .cluster
                    .partitions()
                    .filter(|one| self.hosted[one.0 as usize].is_some());
                hosted.map(|partition| (partition, 0)).collect()
            }
            Crash::Killed | Crash::Power => self.cache.lost(left),
        };
        for (partition, end) in ends {
            self.doubt(partition, end);
            self.cut_log(cx, partition, end, crash == Crash::Disk);
        }
    }

    /// What a replica loses from `end` on others may have: what became of it shows
    /// when this replica leads again, or has caught up with who does.
    fn doubt(&mut self, partition: PartitionId, end: u64) {
        if self.cluster.topic(partition).replicas == 1 || self.cluster.place(partition).is_none() {
            return;
        }
        let Some(hosted) = self.hosted[partition.0 as usize].as_mut().map(Box::as_mut) else {
            return;
        };
        let (from, to) = hosted.led;
        let gone = records_from(hosted, end);
        let own = gone
            .iter()
            .filter(|(offset, record)| (from..to).contains(offset) && !record.is_marker());
        let epochs = hosted.log.epochs();
        let doubted = own.map(|(offset, record)| (*offset, epochs.at(*offset), record.message.id));
        let doubted: Vec<(u64, Option<u32>, MessageId)> = doubted.collect();
        hosted.doubted.extend(doubted);
        hosted.led.1 = to.min(end);
    }

    /// Looks which of the records that it had lost are there after all. With
    /// `is_all` its log is the partition's: what it does not have is gone.
    pub(super) fn settle_doubts<C: Context<Frame>>(&mut self, cx: &mut C, partition: PartitionId, is_all: bool) {
        let cluster = self.cluster.clone();
        let Some(hosted) = self.host(partition).filter(|hosted| !hosted.doubted.is_empty()) else {
            return;
        };
        let (start, end) = (hosted.log.marks().start(), hosted.log.marks().end());
        let mut kept = Vec::new();
        for (offset, epoch, message) in core::mem::take(&mut hosted.doubted) {
            if offset >= end && !is_all {
                kept.push((offset, epoch, message));
                continue;
            }
            // What was deleted since somebody else has recorded.
            let found = hosted.log.read(offset.max(start), Reader::Replica).ok();
            let found = found.and_then(|mut read| read.next());
            let is_same = hosted.log.epochs().at(offset) == epoch;
            let is_there = offset < start
                || found.is_some_and(|(at, known)| is_same && at == offset && known.message.id == message);
            if !is_there {
                cluster
                    .owners(partition)
                    .for_each(|owner| cx.emit(owner, FactKind::Destroyed, message, 0));
            }
        }
        hosted.doubted = kept;
    }

    /// A log is cut back to end at `end`. Of what it wrote as the leader, and of
    /// what nobody else could have, that is the end.
    pub(super) fn cut_log<C: Context<Frame>>(&mut self, cx: &mut C, partition: PartitionId, end: u64, is_new: bool) {
        let topic = self.cluster.topic(partition);
        let (place, is_alone) = (self.cluster.place(partition), topic.replicas == 1);
        let cluster = self.cluster.clone();
        let Some(hosted) = self.hosted[partition.0 as usize].as_mut().map(Box::as_mut) else {
            return;
        };
        let gone = records_from(hosted, end);
        let (from, to) = if is_alone { (0, u64::MAX) } else { hosted.led };
        let own = gone.iter().filter(|(offset, _)| (from..to).contains(offset));
        emit_all(
            cx,
            (&cluster, partition),
            (FactKind::Destroyed, 0),
            own.map(|(_, record)| record),
        );
        if is_new {
            hosted.log = PartitionLog::new(*hosted.log.settings(), 0, cx.now());
        } else {
            let bytes_of = |record: &Record| size_of_record(cx, place.is_none(), record);
            hosted.log.truncate(end, &bytes_of);
        }
        self.network.warm.cut(partition, end);
        let Some(hosted) = self.host(partition) else { return };
        hosted.checkpoint = hosted.checkpoint.min(end);
        hosted.led.1 = hosted.led.1.min(end);
    }
}

fn records_from(hosted: &Hosted, offset: u64) -> Vec<(u64, Record)> {
    let from = offset.max(hosted.log.marks().start());
    let read = hosted.log.read(from, Reader::Replica);
    read.map_or_else(|_| Vec::new(), |read| read.map(|(at, record)| (at, *record)).collect())
}
