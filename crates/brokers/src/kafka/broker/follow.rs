//! Following: a broker fetches from each leader what it has replicas of, in
//! one fetch for all of them.

use super::hosted::{Coverage, Covered, Part};
use super::{Broker, Wake, size_of_record};
use crate::kafka::alarm::Alarm;
use crate::kafka::cluster::PartitionId;
use crate::kafka::wire::{Batch, Correlation, Frame, Wanted};
use crate::kafka::{BrokerId, Error, PartitionLog, Reader, Record, Stamp, cut};
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;
use mqlab_kernel::SimTime;
use mqlab_model::{Context, Port};

/// The fetches from one leader.
#[derive(Clone, Default, Debug)]
pub(super) struct Fetcher {
    partitions: BTreeSet<PartitionId>,
    /// What the leader has not been told.
    changed: BTreeSet<PartitionId>,
    /// What failed, and when it is tried again.
    paused: BTreeMap<PartitionId, SimTime>,
    /// The fetch that is under way, and since when.
    asked: Option<(Correlation, SimTime)>,
    next: Correlation,
    /// The leader has a session that goes on.
    has_session: bool,
    is_closed: bool,
    late: Alarm,
    retry: Alarm,
}

impl Fetcher {
    pub(super) fn closed(&mut self) {
        self.is_closed = true;
        self.asked = None;
        self.has_session = false;
    }

    pub(super) fn opened(&mut self) {
        self.closed();
        self.is_closed = false;
    }

    fn add(&mut self, partition: PartitionId) {
        self.partitions.insert(partition);
        self.changed.insert(partition);
    }

    fn remove(&mut self, partition: PartitionId) {
        if self.partitions.remove(&partition) {
            self.changed.remove(&partition);
            self.paused.remove(&partition);
            self.has_session = false;
        }
    }
}

impl Broker {
    /// A partition is followed from now on.
    pub(super) fn follow<C: Context<Frame>>(&mut self, cx: &mut C, partition: PartitionId, leader: BrokerId) {
        self.fetchers[leader.0 as usize].add(partition);
        self.fetch_from(cx, leader);
    }

    pub(super) fn stop_following(&mut self, partition: PartitionId) {
        self.fetchers.iter_mut().for_each(|fetcher| fetcher.remove(partition));
    }

    /// Asks a leader for more, unless a fetch is under way.
    pub(super) fn fetch_from<C: Context<Frame>>(&mut self, cx: &mut C, leader: BrokerId) {
        let now = cx.now();
        let (Some(port), Some(epoch)) = (self.wiring.to(leader), self.epoch) else {
            return;
        };
        let fetcher = &mut self.fetchers[leader.0 as usize];
        if fetcher.is_closed || fetcher.asked.is_some() || fetcher.partitions.is_empty() {
            return;
        }
        let is_all = !fetcher.has_session;
        let asked = if is_all {
            fetcher.partitions.clone()
        } else {
            fetcher.changed.clone()
        };
        fetcher.changed.clear();
        fetcher.has_session = true;
        fetcher.next = fetcher.next.wrapping_add(1);
        let correlation = fetcher.next;
        fetcher.asked = Some((correlation, now));
        let late = now.saturating_add(self.cluster.settings.socket_timeout);
        fetcher.late.want(
            cx,
            Wake::FetcherLate.lane(),
            late,
            Wake::FetcherLate.token(u64::from(leader.0)),
        );
        let behind: Vec<Frame> = asked.into_iter().map(|one| Frame::Wanted(self.wanted(one))).collect();
        let settings = &self.cluster.settings;
        let head = Frame::Fetch {
            correlation,
            more: behind.len() as u32,
            is_all,
            reader: Reader::Replica,
            replica: Some(self.id),
            number: epoch,
            max_wait_ms: (settings.fetch_wait.nanos() / 1_000_000) as u32,
            min_bytes: settings.fetch_min,
        };
        Self::send_all(cx, port, head, &behind);
    }

    fn wanted(&self, partition: PartitionId) -> Wanted {
        let log = self.hosted[partition.0 as usize].as_ref().map(|hosted| &hosted.log);
        Wanted {
            partition,
            epoch: self.leader_epoch(partition),
            last_epoch: log.and_then(|log| log.epochs().latest()).unwrap_or(u32::MAX),
            offset: log.map_or(0, |log| log.marks().end()),
        }
    }

    /// A leader has answered.
    pub(super) fn on_fetched<C: Context<Frame>>(
        &mut self,
        cx: &mut C,
        port: Port,
        correlation: Correlation,
        behind: &[Frame],
    ) {
        let Some(leader) = self.wiring.broker_at(port) else {
            return;
        };
        let fetcher = &mut self.fetchers[leader.0 as usize];
        if fetcher.asked.is_none_or(|(asked, _)| asked != correlation) {
            return;
        }
        fetcher.asked = None;
        let mut rest = behind;
        while let Some((first, after)) = rest.split_first() {
            let begins = |frame: &Frame| matches!(frame, Frame::Read { .. } | Frame::Diverging { .. });
            let length = after.iter().position(begins).unwrap_or(after.len());
            let (own, others) = after.split_at(length);
            self.take_in(cx, leader, *first, own);
            rest = others;
        }
        self.fetch_from(cx, leader);
    }

    /// What a leader has of one partition.
    fn take_in<C: Context<Frame>>(&mut self, cx: &mut C, leader: BrokerId, head: Frame, behind: &[Frame]) {
        let (Frame::Read { partition, .. } | Frame::Diverging { partition, .. }) = head else {
            return;
        };
        let follows = |part: &Part| *part == Part::Follower(leader);
        if !self.host(partition).is_some_and(|hosted| follows(&hosted.part)) {
            return;
        }
        match head {
            Frame::Diverging {
                is_known, epoch, end, ..
            } => {
                self.fall_back(cx, partition, is_known.then_some((epoch, end)));
                self.fetchers[leader.0 as usize].changed.insert(partition);
            }
            Frame::Read {
                error: Some(Error::OffsetOutOfRange),
                start,
                ..
            } => {
                self.begin_anew(cx, partition, start);
                self.fetchers[leader.0 as usize].changed.insert(partition);
            }
            Frame::Read { error: Some(_), .. } => self.pause(cx, leader, partition),
            Frame::Read { high_watermark, .. } => {
                let has_written = self.append_all(cx, partition, behind);
                if has_written {
                    self.fetchers[leader.0 as usize].changed.insert(partition);
                }
                self.settle_doubts(cx, partition, !has_written);
                if let Some(hosted) = self.host(partition) {
                    hosted.log.follow_commit(high_watermark);
                }
                self.wake_consumers(cx, partition);
            }
            _ => {}
        }
    }

    /// The leader has had other records: what is not in its log goes.
    fn fall_back<C: Context<Frame>>(&mut self, cx: &mut C, partition: PartitionId, answer: Option<(u32, u64)>) {
        let Some(hosted) = self.host(partition) else { return };
        let marks = hosted.log.marks();
        let to = cut(hosted.log.epochs(), marks.end(), marks.high_watermark(), answer).to;
        self.cut_log(cx, partition, to, false);
    }

    /// Of what comes next the leader has nothing any more: this log begins again
    /// where the leader's starts.
    fn begin_anew<C: Context<Frame>>(&mut self, cx: &mut C, partition: PartitionId, start: u64) {
        let settings = self.cluster.topic(partition).log;
        self.cut_log(cx, partition, 0, true);
        if let Some(hosted) = self.host(partition) {
            hosted.log = PartitionLog::new(settings, start, cx.now());
        }
    }

    /// Writes what a leader has sent. Returns whether there was anything.
    fn append_all<C: Context<Frame>>(&mut self, cx: &mut C, partition: PartitionId, behind: &[Frame]) -> bool {
        let mut rest = behind;
        let mut records: Vec<Record> = Vec::new();
        let mut has_written = false;
        while let Some((Frame::Batch(batch), after)) = rest.split_first() {
            let (own, others) = after.split_at(usize::from(batch.records).min(after.len()));
            records.clear();
            records.extend(own.iter().filter_map(|frame| match frame {
                Frame::Record(record) => Some(*record),
                _ => None,
            }));
            has_written |= self.append_batch(cx, partition, batch, &records);
            let is_batch = |frame: &Frame| matches!(frame, Frame::Batch(_));
            let next = others.iter().position(is_batch).unwrap_or(others.len());
            self.note_covered(batch, &others[..next]);
            rest = &others[next..];
        }
        has_written
    }

    /// What the offsets cover that a transaction has committed with a batch.
    fn note_covered(&mut self, batch: &Batch, behind: &[Frame]) {
        let covered: Vec<Covered> = behind.iter().filter_map(Covered::of).collect();
        if let (Some(writer), false) = (batch.producer, covered.is_empty())
            && let Some(hosted) = self.host(batch.partition)
        {
            let coverage = Coverage {
                epoch: writer.epoch(),
                first: batch.first,
                records: covered,
            };
            hosted.covered.insert(writer.producer(), coverage);
        }
    }

    fn append_batch<C: Context<Frame>>(
        &mut self,
        cx: &mut C,
        partition: PartitionId,
        batch: &Batch,
        records: &[Record],
    ) -> bool {
        let is_internal = self.cluster.place(partition).is_none();
        let now = cx.now();
        let bytes_of = |record: &Record| size_of_record(cx, is_internal, record);
        let bytes = records.iter().map(bytes_of).sum();
        if !self.has_room(cx, bytes) {
            return false;
        }
        let bytes_of = |record: &Record| size_of_record(cx, is_internal, record);
        let Some(hosted) = self.host(partition) else {
            return false;
        };
        // An answer to what it asked before it cut its log back.
        if batch.first < hosted.log.marks().end() {
            return false;
        }
        let is_marker = records.first().is_some_and(Record::is_marker);
        let stamp = batch.producer.filter(|_| !is_marker).map(|writer| Stamp {
            producer: writer.producer(),
            epoch: writer.epoch(),
            sequence: batch.sequence,
            records: records.len() as i32,
            is_transactional: records.first().is_some_and(|record| record.transaction().is_some()),
        });
        let epoch = u32::from(batch.epoch);
        hosted
            .log
            .replicate(batch.first, records, stamp.as_ref(), epoch, &bytes_of, now);
        if let Some(writer) = batch.producer.filter(|_| is_marker) {
            hosted.log.replicated_marker(writer.producer(), writer.epoch());
        }
        self.wrote(cx, partition, batch.first, bytes);
        true
    }

    /// A partition cannot be fetched for now.
    fn pause<C: Context<Frame>>(&mut self, cx: &mut C, leader: BrokerId, partition: PartitionId) {
        let at = cx.now().saturating_add(self.cluster.settings.fetch_backoff);
        let fetcher = &mut self.fetchers[leader.0 as usize];
        fetcher.paused.insert(partition, at);
        let token = Wake::FetcherRetry.token(u64::from(leader.0));
        fetcher.retry.want(cx, Wake::FetcherRetry.lane(), at, token);
    }

    pub(super) fn on_fetcher_retry<C: Context<Frame>>(&mut self, cx: &mut C, leader: BrokerId) {
        let now = cx.now();
        let fetcher = &mut self.fetchers[leader.0 as usize];
        if !fetcher.retry.rang(now) {
            return;
        }
        let due: Vec<PartitionId> = fetcher
            .paused
            .iter()
            .filter(|(_, at)| **at <= now)
            .map(|(one, _)| *one)
            .collect();
        for one in due {
            fetcher.paused.remove(&one);
            fetcher.changed.insert(one);
        }
        if let Some(next) = fetcher.paused.values().min().copied() {
            let token = Wake::FetcherRetry.token(u64::from(leader.0));
            fetcher.retry.want(cx, Wake::FetcherRetry.lane(), next, token);
        }
        self.fetch_from(cx, leader);
    }

    /// An answer is late: the connection is taken to be dead.
    pub(super) fn on_fetcher_late<C: Context<Frame>>(&mut self, cx: &mut C, leader: BrokerId) {
        let now = cx.now();
        let timeout = self.cluster.settings.socket_timeout;
        let fetcher = &mut self.fetchers[leader.0 as usize];
        if !fetcher.late.rang(now) {
            return;
        }
        let Some((_, since)) = fetcher.asked else { return };
        let due = since.saturating_add(timeout);
        if due > now {
            let token = Wake::FetcherLate.token(u64::from(leader.0));
            return fetcher.late.want(cx, Wake::FetcherLate.lane(), due, token);
        }
        fetcher.asked = None;
        fetcher.has_session = false;
        self.fetch_from(cx, leader);
    }
}
