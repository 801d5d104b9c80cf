//! Fetches of followers and consumers, answered when there is enough, or when
//! they have waited for as long as they want.
//!
//! A connection has one fetch at a time. What it asks for stays known as its
//! session, so that the next fetch says only what has changed (KIP-227).

use super::hosted::{Hosted, Part};
use super::network::Portion;
use super::{Broker, Wake, size_of_record};
use crate::kafka::cluster::{PartitionId, Reads};
use crate::kafka::wire::{Batch, Correlation, Frame, GroupId, Spot, Wanted, Writer};
use crate::kafka::{BrokerId, Error, Reader, Record, Stamp};
use alloc::vec::Vec;
use mqlab_kernel::{SimSpan, SimTime, SortedMap, sort_by};
use mqlab_model::{Context, FactKind, Port};

/// What a connection reads of a partition.
#[derive(Clone, Copy, Debug)]
struct Interest {
    wanted: Wanted,
    /// The high watermark that it was told last.
    told: Option<u64>,
}

/// The fetches of one connection.
#[derive(Clone, Debug)]
pub(super) struct Session {
    correlation: Correlation,
    reader: Reader,
    replica: Option<(BrokerId, u16)>,
    /// Of a consumer.
    group: GroupId,
    min_bytes: u64,
    interests: SortedMap<PartitionId, Interest>,
    /// What may have something new, in order.
    open: Vec<PartitionId>,
    is_waiting: bool,
    /// Counts its fetches, for timers.
    round: u64,
    /// Which of all fetches of the broker its last one was.
    turn: u64,
    fetched_at: SimTime,
}

impl Session {
    /// A partition may have something new.
    fn reopen(&mut self, partition: PartitionId) {
        if let Err(at) = self.open.binary_search(&partition) {
            self.open.insert(at, partition);
        }
    }

    /// What it asks for.
    pub(super) fn partitions(&self) -> impl Iterator<Item = PartitionId> {
        self.interests.keys().copied()
    }

    /// The follower that waits for more of a partition, from which offset on,
    /// and since when.
    pub(super) fn idle(&self, partition: PartitionId) -> Option<(BrokerId, u64, SimTime)> {
        let (follower, _) = self.replica.filter(|_| self.is_waiting)?;
        let interest = self.interests.get(&partition)?;
        Some((follower, interest.wanted.offset, self.fetched_at))
    }
}

/// What a look at a partition gave.
#[derive(Clone, Default, Debug)]
struct Found {
    frames: Vec<Frame>,
    bytes: u64,
    /// Whether it is worth an answer at once.
    is_news: bool,
    /// Which records it has, by offset.
    range: (u64, u64),
}

/// For so many records room is made at once.
const ABOUT_MAX: usize = 256;

/// How many bits of a timer's number are the port.
const PORT_BITS: u32 = 16;

impl Broker {
    pub(super) fn close_session(&mut self, port: Port) {
        self.note_idle(port);
        let Some(session) = self.sessions.remove(&port) else {
            return;
        };
        for partition in session.partitions() {
            if let Some(hosted) = self.host(partition) {
                hosted.forget_reader(port);
            }
        }
    }

    pub(super) fn on_fetch<C: Context<Frame>>(&mut self, cx: &mut C, port: Port, head: Frame, behind: &[Frame]) {
        let Frame::Fetch {
            correlation,
            is_all,
            reader,
            replica,
            number,
            max_wait_ms,
            min_bytes,
            ..
        } = head
        else {
            return;
        };
        if is_all {
            self.note_idle(port);
        }
        let begin = || Session {
            correlation,
            reader,
            replica: None,
            group: GroupId(number),
            min_bytes: 0,
            interests: SortedMap::new(),
            open: Vec::new(),
            is_waiting: false,
            round: 0,
            turn: 0,
            fetched_at: cx.now(),
        };
        self.fetches += 1;
        let session = self.sessions.get_or_insert_with(port, begin);
        session.turn = self.fetches;
        session.correlation = correlation;
        session.reader = reader;
        session.replica = replica.map(|broker| (broker, number));
        session.group = GroupId(number);
        session.min_bytes = u64::from(min_bytes);
        session.round += 1;
        session.fetched_at = cx.now();
        session.is_waiting = false;
        let round = session.round;
        if is_all {
            self.want_only(port, behind);
        }
        for frame in behind {
            match frame {
                Frame::Wanted(wanted) if !is_all => self.want(port, *wanted),
                Frame::Forgotten { partition } => self.want_no_more(port, *partition),
                Frame::Passed { partition, from, to } => {
                    self.note_passed(cx, (*partition, GroupId(number)), (*from, *to));
                }
                _ => {}
            }
        }
        if let Some(replica) = replica {
            self.hear_out(cx, (replica, number), behind);
        }
        // Somebody may have been woken by that, but not this one.
        if !self.respond(cx, port, max_wait_ms == 0) {
            let until = cx.now().saturating_add(SimSpan::from_millis(u64::from(max_wait_ms)));
            let number = round << PORT_BITS | u64::from(port.0);
            cx.arm(Wake::FetchWait.lane(), until, Wake::FetchWait.token(number));
        }
    }

    /// A group leaves out what lies between.
    #[cold]
    fn note_passed<C: Context<Frame>>(
        &mut self,
        cx: &mut C,
        (partition, group): (PartitionId, GroupId),
        (from, to): (u64, u64),
    ) {
        let Some(owner) = self.cluster.owner(partition, group) else {
            return;
        };
        let Some(hosted) = self.host(partition).filter(|hosted| hosted.leader().is_some()) else {
            return;
        };
        let from = from.max(hosted.log.marks().start());
        let Ok(read) = hosted.log.read(from, Reader::Replica) else {
            return;
        };
        let passed = read.take_while(|(offset, _)| *offset < to);
        for (_, record) in passed.filter(|(_, record)| !record.is_marker()) {
            cx.emit(owner, FactKind::PassedOver, record.message.id, 0);
        }
    }

    /// What a fetch asks for is all that its connection asks for from now on.
    fn want_only(&mut self, port: Port, behind: &[Frame]) {
        let Some(session) = self.sessions.get_mut(&port) else {
            return;
        };
        let before = core::mem::take(&mut session.interests);
        let wanted = behind.iter().filter_map(|frame| match frame {
            Frame::Wanted(wanted) => Some(*wanted),
            _ => None,
        });
        let all = wanted
            .clone()
            .map(|wanted| (wanted.partition, Interest { wanted, told: None }));
        session.interests.extend(all);
        session.open.clear();
        session.open.extend(session.interests.keys().copied());
        for partition in before.keys() {
            let is_over = self
                .sessions
                .get(&port)
                .is_none_or(|one| !one.interests.contains_key(partition));
            if let Some(hosted) = self.host(*partition).filter(|_| is_over) {
                hosted.forget_reader(port);
            }
        }
        for partition in wanted.map(|wanted| wanted.partition) {
            // Who has asked last is served last.
            if let Some(hosted) = self
                .host(partition)
                .filter(|hosted| hosted.readers.last() != Some(&port))
            {
                hosted.forget_reader(port);
                hosted.readers.push(port);
            }
        }
    }

    fn want(&mut self, port: Port, wanted: Wanted) {
        let partition = wanted.partition;
        if let Some(session) = self.sessions.get_mut(&port) {
            let told = session.interests.get(&partition).and_then(|one| one.told);
            session.interests.insert(partition, Interest { wanted, told });
            session.reopen(partition);
        }
        if let Some(hosted) = self.host(partition).filter(|hosted| !hosted.readers.contains(&port)) {
            hosted.readers.push(port);
        }
    }

    fn want_no_more(&mut self, port: Port, partition: PartitionId) {
        if let Some(session) = self.sessions.get_mut(&port) {
            session.interests.remove(&partition);
            session.open.retain(|one| *one != partition);
        }
        if let Some(hosted) = self.host(partition) {
            hosted.forget_reader(port);
        }
    }

    /// What a follower asks for says what it has, if its log is the leader's.
    fn hear_out<C: Context<Frame>>(&mut self, cx: &mut C, follower: (BrokerId, u16), behind: &[Frame]) {
        for frame in behind {
            let Frame::Wanted(wanted) = frame else { continue };
            let is_present = wanted.epoch == self.leader_epoch(wanted.partition);
            let same = |hosted: &mut Hosted| diverging(hosted, wanted).is_none();
            if is_present && self.host(wanted.partition).is_some_and(same) {
                self.heard_follower(cx, wanted.partition, follower, wanted.offset);
            }
        }
    }

    /// Answers a fetch if there is enough. Returns whether it did.
    fn respond<C: Context<Frame>>(&mut self, cx: &mut C, port: Port, is_late: bool) -> bool {
        let Some(session) = self.sessions.get_mut(&port) else {
            return true;
        };
        let (reader, replica, min_bytes) = (session.reader, session.replica, session.min_bytes);
        let group = session.group;
        let interests = &session.interests;
        let asked = session.open.iter().filter_map(|one| interests.get(one).copied());
        let asked: Vec<Interest> = asked.collect();
        session.open.clear();
        let mut all = Found::default();
        let (mut shown, mut portions) = (Vec::new(), Vec::new());
        for interest in asked {
            let found = self.look(cx, &interest, (reader, replica.is_some()));
            portions.push(Portion {
                partition: interest.wanted.partition,
                from: found.range.0,
                to: found.range.1,
                bytes: found.bytes,
            });
            if !found.frames.is_empty() {
                shown.push(interest.wanted.partition);
            }
            all.bytes += found.bytes;
            all.is_news |= found.is_news;
            if all.frames.is_empty() {
                all.frames = found.frames;
            } else {
                all.frames.extend(found.frames);
            }
        }
        let is_enough = all.bytes > 0 && all.bytes >= min_bytes || all.is_news || is_late;
        let Some(session) = self.sessions.get_mut(&port) else {
            return true;
        };
        session.is_waiting = !is_enough;
        if !is_enough {
            shown.into_iter().for_each(|one| session.reopen(one));
            return false;
        }
        // Followers hear of every rise of the high watermark.
        for frame in all.frames.iter().filter(|_| replica.is_some()) {
            if let Frame::Read {
                partition,
                high_watermark,
                ..
            } = frame
                && let Some(interest) = session.interests.get_mut(partition)
            {
                interest.told = Some(*high_watermark);
            }
        }
        let head = Frame::Fetched {
            correlation: session.correlation,
            more: all.frames.len() as u32,
        };
        let group = replica.is_none().then_some(group);
        self.serve(cx, (port, group), (head, all.frames), &portions);
        true
    }

    /// The records of an answer are on their way to a member of a group.
    pub(super) fn note_dispatch<C: Context<Frame>>(&self, cx: &mut C, group: GroupId, frames: &[Frame]) {
        let mut place = None;
        for frame in frames {
            match frame {
                Frame::Batch(batch) => {
                    let owner = self.cluster.owner(batch.partition, group);
                    place = owner.or_else(|| self.cluster.place(batch.partition));
                }
                Frame::Record(record) if !record.is_marker() => {
                    if let Some(place) = place {
                        cx.emit(place, FactKind::Dispatched, record.message.id, 0);
                    }
                }
                _ => {}
            }
        }
    }

    /// What there is for a reader. Nothing at all if there is nothing new.
    fn look<C: Context<Frame>>(&mut self, cx: &C, interest: &Interest, (reader, is_replica): (Reader, bool)) -> Found {
        let wanted = interest.wanted;
        let partition = wanted.partition;
        let epoch = self.leader_epoch(partition);
        let (reads, most) = (self.cluster.settings.reads, self.cluster.settings.fetch_max);
        let is_internal = self.cluster.place(partition).is_none();
        let failed = |error: Error, start: u64| Found {
            frames: alloc::vec![Frame::Read {
                partition,
                error: Some(error),
                high_watermark: 0,
                start,
            }],
            is_news: true,
            ..Found::default()
        };
        let Some(hosted) = self.host(partition) else {
            return failed(Error::NotLeaderOrFollower, 0);
        };
        let may_read = match hosted.part {
            Part::Leader(_) => true,
            Part::Follower(_) => !is_replica && reads != Reads::Leader,
            Part::Idle => false,
        };
        if !may_read {
            return failed(Error::NotLeaderOrFollower, 0);
        }
        if wanted.epoch != epoch {
            let is_old = wanted.epoch < epoch;
            let error = if is_old {
                Error::FencedLeaderEpoch
            } else {
                Error::UnknownLeaderEpoch
            };
            return failed(error, 0);
        }
        if let Some(frame) = diverging(hosted, &wanted).filter(|_| is_replica) {
            return Found {
                frames: alloc::vec![frame],
                is_news: true,
                ..Found::default()
            };
        }
        let reader = match reads {
            Reads::Anything => Reader::Replica,
            Reads::Leader | Reads::Follower => reader,
        };
        let marks = hosted.log.marks();
        let bytes_of = |record: &Record| size_of_record(cx, is_internal, record);
        let Ok(read) = hosted.log.read(wanted.offset, reader) else {
            return failed(Error::OffsetOutOfRange, marks.start());
        };
        let mut packer = Packer::new(hosted, partition, wanted.offset, is_replica);
        let about = hosted.log.read_end(reader).saturating_sub(wanted.offset);
        packer.frames.reserve((about as usize).min(ABOUT_MAX));
        let (mut bytes, mut to) = (0, wanted.offset);
        for (offset, record) in read {
            let size = bytes_of(record);
            if bytes > 0 && bytes + size > most {
                break;
            }
            bytes += size;
            packer.put(offset, *record);
            to = offset + 1;
        }
        let is_news = is_replica && interest.told != Some(marks.high_watermark());
        let mut frames = packer.frames;
        if is_replica && !hosted.covered.is_empty() {
            frames = with_covered(hosted, &frames);
        }
        if bytes == 0 && !is_news {
            return Found::default();
        }
        let read = Frame::Read {
            partition,
            error: None,
            high_watermark: marks.high_watermark(),
            start: marks.start(),
        };
        let mut all = Vec::with_capacity(frames.len() + 1);
        all.push(read);
        if reader == Reader::Committed {
            all.extend(hosted.log.aborted(wanted.offset).iter().map(|ended| Frame::Aborted {
                partition,
                producer: ended.producer,
                first: ended.first,
                marker: ended.marker,
            }));
        }
        all.append(&mut frames);
        Found {
            frames: all,
            bytes,
            is_news,
            range: (wanted.offset, to),
        }
    }

    /// The time of a fetch is over.
    pub(super) fn on_fetch_wait<C: Context<Frame>>(&mut self, cx: &mut C, number: u64) {
        let port = Port((number & ((1 << PORT_BITS) - 1)) as u16);
        let is_due = |session: &Session| session.is_waiting && session.round == number >> PORT_BITS;
        if self.sessions.get(&port).is_some_and(is_due) {
            self.note_idle(port);
            self.respond(cx, port, true);
        }
    }

    /// The log has grown: followers get it.
    pub(super) fn wake_followers<C: Context<Frame>>(&mut self, cx: &mut C, partition: PartitionId) {
        let reads = self.cluster.settings.reads;
        self.wake_readers(cx, partition, |session| {
            session.replica.is_some() || reads == Reads::Anything
        });
    }

    /// More is committed: consumers get it.
    pub(super) fn wake_consumers<C: Context<Frame>>(&mut self, cx: &mut C, partition: PartitionId) {
        let Some(hosted) = self.hosted[partition.0 as usize].as_deref() else {
            return;
        };
        let mut waiting = Vec::new();
        for port in &hosted.readers {
            // Followers hear of it with the next answer.
            let Some(session) = self.sessions.get_mut(port) else {
                continue;
            };
            session.reopen(partition);
            if session.is_waiting && session.replica.is_none() {
                waiting.push((session.turn, *port));
            }
        }
        // Who has asked last is served last.
        sort_by(&mut waiting, Ord::cmp);
        for (_, port) in waiting {
            self.respond(cx, port, false);
        }
    }

    /// Something has happened to a partition that these readers wait for.
    pub(super) fn wake_readers<C: Context<Frame>>(
        &mut self,
        cx: &mut C,
        partition: PartitionId,
        concerns: impl Fn(&Session) -> bool,
    ) {
        // An answer changes nothing of who reads.
        let reader = |broker: &Self, index: usize| {
            let hosted = broker.hosted[partition.0 as usize].as_deref()?;
            hosted.readers.get(index).copied()
        };
        let mut next = 0;
        while let Some(port) = reader(self, next) {
            next += 1;
            let Some(session) = self.sessions.get_mut(&port).filter(|session| concerns(session)) else {
                continue;
            };
            session.reopen(partition);
            if session.is_waiting {
                self.respond(cx, port, false);
            }
        }
    }

    pub(super) fn on_list_offset<C: Context<Frame>>(&mut self, cx: &mut C, port: Port, frame: Frame) {
        let Frame::ListOffset {
            correlation,
            partition,
            reader,
            spot,
        } = frame
        else {
            return;
        };
        let found = self.offset_at(partition, reader, spot);
        cx.send(
            port,
            Frame::Offset {
                correlation,
                partition,
                error: found.err(),
                offset: found.unwrap_or(None),
            },
        );
    }

    fn offset_at(&mut self, partition: PartitionId, reader: Reader, spot: Spot) -> Result<Option<u64>, Error> {
        let hosted = self.host(partition).ok_or(Error::NotLeaderOrFollower)?;
        let leader = hosted.leader().ok_or(Error::NotLeaderOrFollower)?;
        match spot {
            Spot::Earliest => Ok(Some(hosted.log.marks().start())),
            Spot::Latest => {
                leader.latest_offset(hosted.log.marks().high_watermark())?;
                Ok(Some(hosted.log.read_end(reader)))
            }
            Spot::At(time) => Ok(hosted.log.offset_at(time, reader)),
        }
    }
}

/// What a follower is told whose log is not the leader's.
fn diverging(hosted: &Hosted, wanted: &Wanted) -> Option<Frame> {
    if wanted.last_epoch == u32::MAX {
        return None;
    }
    let end = hosted.log.marks().end();
    let answer = hosted.log.epochs().end_of(wanted.last_epoch, end);
    let is_same = answer.is_some_and(|(epoch, end)| epoch == wanted.last_epoch && end >= wanted.offset);
    let (epoch, end) = answer.unwrap_or((0, 0));
    (!is_same).then_some(Frame::Diverging {
        partition: wanted.partition,
        is_known: answer.is_some(),
        epoch,
        end,
    })
}

/// Batches with what the offsets in them cover.
fn with_covered(hosted: &Hosted, frames: &[Frame]) -> Vec<Frame> {
    let mut all = Vec::new();
    let mut rest = frames;
    while let Some((Frame::Batch(batch), after)) = rest.split_first() {
        let (own, others) = after.split_at(usize::from(batch.records));
        all.push(rest[0]);
        all.extend_from_slice(own);
        let covered = batch.producer.and_then(|one| hosted.covered.get(&one.producer()));
        let covered = covered.filter(|one| one.first == batch.first);
        all.extend(covered.iter().flat_map(|one| &one.records).map(|one| one.frame()));
        rest = others;
    }
    all
}

/// Packs records into batches: a follower gets them as they were written, as
/// far as that is remembered.
struct Packer<'a> {
    hosted: &'a Hosted,
    partition: PartitionId,
    stamps: Vec<(u64, Stamp)>,
    is_replica: bool,
    frames: Vec<Frame>,
    /// Where the present batch stands in `frames`, the offset that comes next,
    /// and the one behind its stamp or its leader's epoch.
    batch: Option<(usize, u64, u64)>,
}

impl<'a> Packer<'a> {
    fn new(hosted: &'a Hosted, partition: PartitionId, from: u64, is_replica: bool) -> Packer<'a> {
        let producers = hosted.log.producers();
        let stamps = is_replica.then(|| producers.batches(from, hosted.log.marks().end()));
        let mut stamps = stamps.unwrap_or_default();
        // Taken from the end.
        stamps.reverse();
        Packer {
            hosted,
            partition,
            stamps,
            is_replica,
            frames: Vec::new(),
            batch: None,
        }
    }

    fn put(&mut self, offset: u64, record: Record) {
        let begins = self.stamps.last().is_some_and(|(first, _)| *first == offset);
        let goes_on = |(at, next, end): &(usize, u64, u64)| {
            let Frame::Batch(batch) = self.frames[*at] else {
                return false;
            };
            *next == offset && offset < *end && batch.records < u16::MAX
        };
        let is_apart = begins || self.is_replica && record.is_marker();
        match self.batch.filter(goes_on).filter(|_| !is_apart) {
            Some((at, next, end)) => {
                if let Frame::Batch(batch) = &mut self.frames[at] {
                    batch.records += 1;
                }
                self.batch = Some((at, next + 1, end));
            }
            None => self.begin(offset, &record),
        }
        self.frames.push(Frame::Record(record));
    }

    fn begin(&mut self, offset: u64, record: &Record) {
        let is_stamped = self.stamps.last().is_some_and(|(first, _)| *first == offset);
        let stamp = if is_stamped { self.stamps.pop() } else { None };
        let epoch_of = |producer| self.hosted.log.producers().epoch(producer).unwrap_or(0);
        let marker = record.transaction().filter(|_| record.is_marker() && self.is_replica);
        let stamped = stamp.map(|(_, stamp)| Writer::new(stamp.producer, stamp.epoch));
        let producer = marker
            .map(|producer| Writer::new(producer, epoch_of(producer)))
            .or(stamped);
        let end = match (stamp, marker) {
            (Some((first, stamp)), _) => first + stamp.records as u64,
            (None, Some(_)) => offset + 1,
            (None, None) => u64::MAX,
        };
        let end = end.min(self.hosted.log.epochs().end_at(offset));
        self.batch = Some((self.frames.len(), offset + 1, end));
        self.frames.push(Frame::Batch(Batch {
            partition: self.partition,
            producer,
            sequence: stamp.map_or(0, |(_, stamp)| stamp.sequence),
            epoch: self.hosted.log.epochs().at(offset).unwrap_or(0) as u16,
            records: 1,
            first: offset,
        }));
    }
}
