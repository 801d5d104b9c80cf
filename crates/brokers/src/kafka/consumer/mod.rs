//! The consumer: a member of a group that fetches what it was assigned.
//!
//! As in `KafkaConsumer`, most happens when the application polls: it joins its
//! group, commits what earlier polls have returned, and gets what was fetched
//! meanwhile. Only heartbeats go on without it, and they end when it has not
//! polled for `max.poll.interval.ms`.

mod fetching;
mod membership;
mod places;
mod settings;

use super::alarm::Alarm;
use super::broker::Wiring;
use super::cluster::{Cluster, PartitionId};
use super::wire::{Correlation, Frame, GroupId, Inbox, Leadership};
use super::{BrokerId, Error, MemberNumber, Record, Seek};
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::rc::Rc;
use alloc::vec::Vec;
use fetching::Session;
use membership::Asked;
pub use membership::Phase;
use mqlab_kernel::SimTime;
use mqlab_model::{Context, FactKind, MessageId, Port, TimerLane};
use places::Places;
pub use settings::ConsumerSettings;

/// A record as the application gets it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Polled {
    /// Its partition.
    pub partition: PartitionId,
    /// Its offset.
    pub offset: u64,
    /// The record.
    pub record: Record,
}

/// Offsets of a group that a producer commits in its transaction.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OffsetsToSend {
    pub(super) group: GroupId,
    pub(super) member: MemberNumber,
    pub(super) generation: i32,
    pub(super) behind: Vec<Frame>,
}

/// The connection to one broker.
#[derive(Clone, Debug)]
struct Link {
    port: Port,
    is_open: bool,
    inbox: Inbox,
    /// The fetch that is under way.
    fetch: Option<(Correlation, SimTime)>,
    /// What the broker knows of what is wanted.
    session: Session,
}

/// A Kafka consumer.
#[derive(Clone, Debug)]
pub struct Consumer {
    cluster: Rc<Cluster>,
    settings: ConsumerSettings,
    group: GroupId,
    /// Indices of the topics that it subscribed to.
    topics: Vec<usize>,
    lane: TimerLane,
    token: u64,
    links: Vec<Link>,
    leaders: Vec<Option<Leadership>>,
    asked_leaders: Option<SimTime>,
    needs_leaders: bool,
    next: Correlation,
    alarm: Alarm,
    coordinator: Option<BrokerId>,
    phase: Phase,
    asked: Option<Asked>,
    not_before: SimTime,
    member: Option<MemberNumber>,
    generation: i32,
    needs_join: bool,
    has_owned: Vec<PartitionId>,
    beat_at: SimTime,
    beat: Option<Correlation>,
    polled_at: SimTime,
    committed_at: SimTime,
    commits: BTreeMap<Correlation, Vec<(PartitionId, u64)>>,
    /// What it is assigned.
    places: Places,
    /// What it has been given in this life.
    begun: BTreeSet<PartitionId>,
    /// What commits have come to, for the application.
    told: Vec<(PartitionId, u64, Option<Error>)>,
    troubles: Vec<(PartitionId, Error)>,
    rebalances: u32,
    gained: u32,
    /// Records that were fetched for nothing.
    dropped: Vec<(PartitionId, MessageId)>,
}

impl Consumer {
    /// A consumer that has not polled yet. Its timer comes on `lane` with
    /// `token`.
    pub fn new(
        cluster: Rc<Cluster>,
        settings: ConsumerSettings,
        (group, topics): (GroupId, Vec<usize>),
        wiring: &Wiring,
        (lane, token): (TimerLane, u64),
    ) -> Consumer {
        let link = |port: &Option<Port>| Link {
            port: port.expect("a client has a connection to every broker"),
            is_open: true,
            inbox: Inbox::default(),
            fetch: None,
            session: Session::default(),
        };
        Consumer {
            links: wiring.brokers.iter().map(link).collect(),
            leaders: cluster.partitions().map(|_| None).collect(),
            cluster,
            settings,
            group,
            topics,
            lane,
            token,
            asked_leaders: None,
            needs_leaders: true,
            next: 0,
            alarm: Alarm::default(),
            coordinator: None,
            phase: Phase::Out,
            asked: None,
            not_before: SimTime::ZERO,
            member: None,
            generation: -1,
            needs_join: true,
            has_owned: Vec::new(),
            beat_at: SimTime::ZERO,
            beat: None,
            polled_at: SimTime::ZERO,
            committed_at: SimTime::ZERO,
            commits: BTreeMap::new(),
            places: Places::default(),
            begun: BTreeSet::new(),
            told: Vec::new(),
            troubles: Vec::new(),
            rebalances: 0,
            gained: 0,
            dropped: Vec::new(),
        }
    }

    /// The application died: nobody hears of it but by its silence. Its next life
    /// takes every broker to be there until it is told otherwise.
    #[inline(never)]
    pub fn forget<C: Context<Frame>>(&mut self, cx: &mut C) {
        for link in &mut self.links {
            link.is_open = true;
            link.inbox.clear();
            link.fetch = None;
        }
        self.leaders.iter_mut().for_each(|one| *one = None);
        (self.asked_leaders, self.needs_leaders) = (None, true);
        self.alarm.clear();
        self.coordinator = None;
        self.phase = Phase::Out;
        self.asked = None;
        self.member = None;
        self.generation = -1;
        self.needs_join = true;
        self.has_owned.clear();
        self.beat = None;
        self.commits.clear();
        self.begun.clear();
        self.give_up(|_| true);
        self.note_dropped(cx);
        self.told.clear();
    }

    /// These partitions are somebody else's now. What was fetched of them nobody
    /// will poll.
    fn give_up(&mut self, is_given_up: impl Fn(PartitionId) -> bool) {
        let places = self.places.all_mut();
        for (partition, place) in places.iter_mut().filter(|(one, _)| is_given_up(**one)) {
            let buffer = core::mem::take(&mut place.buffer);
            let dropped = buffer.into_iter().map(|(_, record)| (*partition, record.message.id));
            self.dropped.extend(dropped);
        }
        places.retain(|one, _| !is_given_up(*one));
    }

    /// Records what was fetched for nothing.
    fn note_dropped<C: Context<Frame>>(&mut self, cx: &mut C) {
        for (partition, message) in core::mem::take(&mut self.dropped) {
            if let Some(owner) = self.cluster.owner(partition, self.group) {
                cx.emit(owner, FactKind::Dropped, message, 0);
            }
        }
    }

    /// The application polls: it gets what there is, at most
    /// `max.poll.records`. Nothing may be there, while the group rebalances
    /// for instance.
    #[inline(never)]
    pub fn poll<C: Context<Frame>>(&mut self, cx: &mut C) -> Vec<Polled> {
        let now = cx.now();
        self.polled_at = now;
        self.auto_commit(cx);
        self.join_if_needed(cx);
        let links = &mut self.links;
        let polled = self.places.poll(self.settings.poll_records, |partition, broker| {
            links[broker.0 as usize].session.changed.push(partition);
        });
        self.run(cx);
        polled
    }

    /// Whether a poll would return something, or has something to do.
    pub fn wants_poll(&self) -> bool {
        self.needs_join && self.phase.is_settled() || self.places.has_some()
    }

    /// Commits what was polled, of all partitions.
    #[inline(never)]
    pub fn commit<C: Context<Frame>>(&mut self, cx: &mut C) {
        let positions = self.places.all().iter();
        let known: Vec<(PartitionId, u64)> = positions
            .filter_map(|(one, place)| Some((*one, place.position?)))
            .collect();
        self.commit_offsets(cx, &known);
    }

    /// Commits these offsets: of the record that is read next. What comes of it
    /// is told by [`Consumer::take_commits`].
    #[inline(never)]
    pub fn commit_offsets<C: Context<Frame>>(&mut self, cx: &mut C, offsets: &[(PartitionId, u64)]) {
        let Some(port) = self.coordinator_port().filter(|_| !offsets.is_empty()) else {
            return;
        };
        self.next = self.next.wrapping_add(1);
        let behind = self.positions(offsets, |_, _| false);
        let head = Frame::Commit {
            correlation: self.next,
            group: self.group,
            member: self.member,
            generation: self.generation,
            more: behind.len() as u32,
        };
        self.commits.insert(self.next, offsets.to_vec());
        cx.send(port, head);
        for frame in behind {
            cx.send(port, frame);
        }
    }

    /// Offsets as they stand behind a commit, with what they cover.
    fn positions(&self, offsets: &[(PartitionId, u64)], is_within: impl Fn(PartitionId, u64) -> bool) -> Vec<Frame> {
        let position = |(partition, offset): &(PartitionId, u64)| Frame::Position {
            partition: *partition,
            offset: Some(*offset),
        };
        let mut behind: Vec<Frame> = offsets.iter().map(position).collect();
        for (partition, offset) in offsets {
            let polled = self
                .places
                .all()
                .get(partition)
                .into_iter()
                .flat_map(|place| &place.polled);
            let covered = polled.take_while(|(polled, _)| polled < offset);
            behind.extend(covered.map(|(offset, message)| Frame::Covered {
                group: self.group,
                partition: *partition,
                offset: *offset,
                message: *message,
                is_within: is_within(*partition, *offset),
            }));
        }
        behind
    }

    /// What a producer needs to commit these offsets in its transaction
    /// (`groupMetadata`); `None` if it does not belong to its group now. Of what
    /// they cover `is_within` says what was handled in the same transaction.
    pub fn offsets_for_transaction(
        &self,
        offsets: &[(PartitionId, u64)],
        is_within: impl Fn(PartitionId, u64) -> bool,
    ) -> Option<OffsetsToSend> {
        let member = self.member?;
        Some(OffsetsToSend {
            group: self.group,
            member,
            generation: self.generation,
            behind: self.positions(offsets, is_within),
        })
    }

    /// A transaction has committed a partition up to `offset`: what lies before
    /// it was told of.
    pub fn committed_in_transaction(&mut self, partition: PartitionId, offset: u64) {
        if let Some(polled) = self.places.polled_mut(partition) {
            while polled.front().is_some_and(|(one, _)| *one < offset) {
                polled.pop_front();
            }
        }
    }

    /// What earlier polls returned is committed when the interval is over.
    fn auto_commit<C: Context<Frame>>(&mut self, cx: &mut C) {
        let now = cx.now();
        if let Some(interval) = self.settings.auto_commit
            && self.member.is_some()
            && self.committed_at.saturating_add(interval) <= now
        {
            self.committed_at = now;
            self.commit(cx);
        }
    }

    /// What commits have come to since the last time: partition, offset, and
    /// the error if it failed.
    pub fn take_commits(&mut self) -> Vec<(PartitionId, u64, Option<Error>)> {
        core::mem::take(&mut self.told)
    }

    /// What the application has to be told since the last time: partitions for
    /// which there is no place to begin (`auto.offset.reset = none`).
    pub fn take_troubles(&mut self) -> Vec<(PartitionId, Error)> {
        core::mem::take(&mut self.troubles)
    }

    /// Goes on elsewhere in a partition that it has.
    #[inline(never)]
    pub fn seek<C: Context<Frame>>(&mut self, cx: &mut C, partition: PartitionId, to: Seek) {
        if let Some(place) = self.places.all_mut().get_mut(&partition) {
            let buffer = core::mem::take(&mut place.buffer);
            place.seek_to(to);
            let dropped = buffer.into_iter().map(|(_, record)| (partition, record.message.id));
            self.dropped.extend(dropped);
            self.run(cx);
        }
    }

    /// Polls return nothing of a partition, or do again.
    pub fn set_paused(&mut self, partition: PartitionId, is_paused: bool) {
        if let Some(place) = self.places.all_mut().get_mut(&partition) {
            place.is_paused = is_paused;
        }
    }

    /// Whether it is assigned a partition.
    pub fn has(&self, partition: PartitionId) -> bool {
        self.places.all().contains_key(&partition)
    }

    /// Whether it belongs to its group and knows whom to tell.
    pub fn may_commit(&self) -> bool {
        self.member.is_some() && self.coordinator_port().is_some()
    }

    /// The offset that it reads next in a partition.
    pub fn position(&self, partition: PartitionId) -> Option<u64> {
        self.places.all().get(&partition)?.position
    }

    /// What it is assigned, with the offset that it reads next.
    pub fn assignment(&self) -> impl Iterator<Item = (PartitionId, Option<u64>)> {
        let all = self.places.all().iter();
        all.map(|(partition, place)| (*partition, place.position))
    }

    /// The generation of its group that it belongs to; -1 if to none.
    pub const fn generation(&self) -> i32 {
        self.generation
    }

    /// How far it has come with joining it.
    pub const fn phase(&self) -> Phase {
        self.phase
    }

    /// How often it was given partitions.
    pub const fn rebalances(&self) -> u32 {
        self.rebalances
    }

    /// How many partitions it was given that it did not have before, in any life of the
    /// process: those of its first assignment, and those that have moved to it.
    pub const fn gained(&self) -> u32 {
        self.gained
    }

    /// The broker at a port, if it is a connection of this consumer's.
    pub fn broker_at(&self, port: Port) -> Option<BrokerId> {
        let found = self.links.iter().position(|link| link.port == port)?;
        Some(BrokerId(found as u32))
    }

    /// The timer.
    #[inline(never)]
    pub fn on_timer<C: Context<Frame>>(&mut self, cx: &mut C) {
        if self.alarm.rang(cx.now()) {
            self.run(cx);
        }
    }

    /// A broker is gone.
    #[inline(never)]
    pub fn on_closed<C: Context<Frame>>(&mut self, cx: &mut C, port: Port) {
        let Some(broker) = self.broker_at(port) else { return };
        let link = &mut self.links[broker.0 as usize];
        link.is_open = false;
        link.inbox.clear();
        link.fetch = None;
        self.needs_leaders = true;
        let places = self.places.all_mut();
        places.values_mut().for_each(|place| place.asked = None);
        if self.coordinator == Some(broker) {
            self.lose_coordinator(cx.now());
        }
        self.run(cx);
    }

    /// A broker is back.
    #[inline(never)]
    pub fn on_opened<C: Context<Frame>>(&mut self, cx: &mut C, port: Port) {
        if let Some(broker) = self.broker_at(port) {
            self.links[broker.0 as usize].is_open = true;
            self.places.unsettle();
            self.run(cx);
        }
    }

    /// A frame of a broker.
    #[inline(never)]
    pub fn on_frame<C: Context<Frame>>(&mut self, cx: &mut C, port: Port, frame: Frame) {
        let Some(broker) = self.broker_at(port) else { return };
        let taken = self.links[broker.0 as usize].inbox.take(frame);
        if let Some((head, behind)) = taken {
            self.on_answer(cx, port, head, &behind);
        }
    }

    /// An answer of a broker as a whole, with what stands behind it.
    #[inline(never)]
    pub fn on_answer<C: Context<Frame>>(&mut self, cx: &mut C, port: Port, head: Frame, behind: &[Frame]) {
        let Some(broker) = self.broker_at(port) else { return };
        match head {
            Frame::Leaders { .. } => {
                self.needs_leaders = false;
                self.places.unsettle();
                for frame in behind {
                    if let Frame::Leader(new) = frame {
                        let known = &mut self.leaders[new.partition.0 as usize];
                        if known.is_none_or(|known| known.partition_epoch <= new.partition_epoch) {
                            *known = Some(*new);
                        }
                    }
                }
            }
            Frame::Fetched { correlation, .. } => self.on_fetched(cx, broker, correlation, behind),
            Frame::Offset { .. } => self.on_offset(cx, head),
            other => self.on_group(cx, other, behind),
        }
        self.run(cx);
    }

    /// Does what is due, and sees to being woken when more is.
    fn run<C: Context<Frame>>(&mut self, cx: &mut C) {
        self.stay(cx);
        self.note_dropped(cx);
        let now = cx.now();
        self.look_around(now);
        self.ask_leaders(cx);
        self.fetch(cx);
        let mut next = now.saturating_add(self.settings.request_timeout);
        if self.member.is_some() {
            next = next.min(self.beat_at.saturating_add(self.settings.heartbeat));
        }
        let waits = || self.places.any_unusual(|_, place| place.waits());
        let is_waiting = self.needs_leaders || !self.phase.is_settled() || waits();
        if is_waiting {
            next = next.min(now.saturating_add(self.settings.backoff));
        }
        // Who is out of its group joins it with the next poll that may.
        let may_join = self.needs_join && self.phase.is_settled();
        if may_join {
            next = next.min(self.not_before.max(now.saturating_add(self.settings.backoff)));
        }
        if self.phase != Phase::Out || is_waiting || may_join {
            // What is due and cannot be done yet is tried again.
            let next = if next > now {
                next
            } else {
                now.saturating_add(self.settings.backoff)
            };
            self.alarm.want(cx, self.lane, next, self.token);
        }
    }
}
