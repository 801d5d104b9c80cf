//! What a broker does when the controller says who leads, and what a leader
//! does when its followers come along.

use super::Broker;
use super::hosted::{Hosted, Part, Then};
use crate::kafka::cluster::{Brokers, PartitionId};
use crate::kafka::wire::{Frame, Leadership};
use crate::kafka::{Answer, BrokerId, Error, Leader};
use alloc::boxed::Box;
use alloc::vec::Vec;
use mqlab_model::{Context, Port};

impl Broker {
    pub(super) fn leader_epoch(&self, partition: PartitionId) -> u32 {
        let known = &self.leaders[partition.0 as usize];
        known.map_or(0, |known| u32::from(known.leader_epoch))
    }

    /// The controller says who leads a partition and who is in sync.
    pub(super) fn on_leader<C: Context<Frame>>(&mut self, cx: &mut C, new: Leadership) {
        let index = new.partition.0 as usize;
        let old = self.leaders[index].replace(new);
        let is_older = |old: Leadership| new.partition_epoch < old.partition_epoch;
        if let Some(old) = old.filter(|old| is_older(*old)) {
            self.leaders[index] = Some(old);
            return;
        }
        let is_same = old.is_some_and(|old| old.leader_epoch == new.leader_epoch);
        let Some(hosted) = self.hosted[index].as_mut().map(Box::as_mut) else {
            return;
        };
        if !is_same || hosted.part == Part::Idle {
            return self.take_part(cx, new);
        }
        if let Some(leader) = hosted.leader_mut() {
            leader.confirmed(&new.in_sync.to_vec());
            hosted.is_proposing = false;
            self.advance(cx, new.partition);
        }
    }

    /// A new leader, in a new epoch: it may be this broker.
    fn take_part<C: Context<Frame>>(&mut self, cx: &mut C, new: Leadership) {
        let partition = new.partition;
        let (replicas, rules) = (self.cluster.replicas(partition), self.cluster.topic(partition).rules);
        let (id, live, now) = (self.id, self.live, cx.now());
        self.stop_following(partition);
        let Some(hosted) = self.host(partition) else { return };
        let end = hosted.log.marks().end();
        if hosted.leader().is_some() {
            hosted.led.1 = end;
        }
        hosted.is_proposing = false;
        let was_waiting = core::mem::take(&mut hosted.waiting);
        match new.leader() {
            Some(leader) if leader == id => {
                let mut leader = Leader::new(id, &replicas, &new.in_sync.to_vec(), rules, end, now);
                for one in replicas.iter().filter(|one| !live.has(**one)) {
                    leader.set_eligible(*one, false);
                }
                hosted.log.begin_epoch(u32::from(new.leader_epoch));
                hosted.part = Part::Leader(leader);
                hosted.led = (end, u64::MAX);
            }
            Some(leader) => {
                hosted.part = Part::Follower(leader);
                self.follow(cx, partition, leader);
            }
            None => hosted.part = Part::Idle,
        }
        for one in was_waiting {
            self.finish(cx, partition, one.then, Err(Error::NotLeaderOrFollower));
        }
        if new.leader() == Some(id) {
            self.settle_doubts(cx, partition, true);
        }
        self.load_groups(cx, partition);
        self.load_transactions(cx, partition);
        self.wake_readers(cx, partition, |_| true);
        self.advance(cx, partition);
    }

    /// The leader looks up to where everything is replicated, and answers who
    /// waits for it.
    pub(super) fn advance<C: Context<Frame>>(&mut self, cx: &mut C, partition: PartitionId) {
        let now = cx.now();
        let Some(hosted) = self.host(partition) else { return };
        let Part::Leader(leader) = &hosted.part else { return };
        let marks = hosted.log.marks();
        let to = leader.high_watermark(marks.high_watermark(), marks.end(), now);
        let is_under_min = leader.is_under_min_isr();
        let has_risen = hosted.log.commit(to);
        let mut due = Vec::new();
        hosted.waiting.retain(|one| {
            let answer = Answer::due(one.end, to, is_under_min);
            due.extend(answer.map(|result| (one.then, result.map(|()| one.first))));
            answer.is_none()
        });
        for (then, result) in due {
            self.finish(cx, partition, then, result);
        }
        if has_risen {
            self.wake_consumers(cx, partition);
        }
    }

    /// What waited for replicas is over.
    pub(super) fn finish<C: Context<Frame>>(
        &mut self,
        cx: &mut C,
        partition: PartitionId,
        then: Then,
        result: Result<u64, Error>,
    ) {
        match then {
            Then::Produced(number) => self.produced(cx, number, partition, result),
            Then::Nothing => {}
            Then::Initiated(id, port, correlation) => self.initiated(cx, id, (port, correlation), result.map(|_| ())),
            Then::Decided(id, asked) => self.decided(cx, id, asked, result.map(|_| ())),
            Then::Marked(port, writer, is_committed) => {
                if result.is_ok() {
                    self.offsets_decided(cx, partition, writer, is_committed);
                }
                self.marked(cx, partition, (port, writer), result.map(|_| ()));
            }
            Then::Assigned(group) => self.stored(cx, group, result.map(|_| ())),
            Then::Heard { port, correlation } => {
                let error = result.err();
                cx.send(port, Frame::Heard { correlation, error });
            }
        }
    }

    /// A follower has everything before `offset`.
    pub(super) fn heard_follower<C: Context<Frame>>(
        &mut self,
        cx: &mut C,
        partition: PartitionId,
        (follower, epoch): (BrokerId, u16),
        offset: u64,
    ) {
        let now = cx.now();
        let Some(hosted) = self.host(partition) else { return };
        let marks = hosted.log.marks();
        let Part::Leader(leader) = &mut hosted.part else {
            return;
        };
        leader.fetched(follower, offset, marks.end(), marks.high_watermark(), now);
        hosted.follower_epochs.retain(|(known, _)| *known != follower);
        hosted.follower_epochs.push((follower, epoch));
        self.propose(cx, partition);
        self.advance(cx, partition);
    }

    /// Followers that have everything and wait for more have had everything
    /// when they asked: that counts from now on, when there is more.
    pub(super) fn note_idle_followers(&mut self, partition: PartitionId) {
        let Some(hosted) = self.hosted[partition.0 as usize].as_mut().map(Box::as_mut) else {
            return;
        };
        let Hosted { readers, part, log, .. } = hosted;
        let Part::Leader(leader) = part else { return };
        let marks = log.marks();
        for port in readers {
            let Some((follower, offset, at)) = self.sessions.get(port).and_then(|one| one.idle(partition)) else {
                continue;
            };
            if offset == marks.end() {
                leader.fetched(follower, offset, offset, marks.high_watermark(), at);
            }
        }
    }

    /// A follower's fetch is over in which it has waited for more: of what had
    /// nothing more it had everything when it asked.
    pub(super) fn note_idle(&mut self, port: Port) {
        let Some(session) = self.sessions.get(&port) else {
            return;
        };
        for partition in session.partitions() {
            let Some((follower, offset, at)) = session.idle(partition) else {
                return;
            };
            let Some(hosted) = self.hosted[partition.0 as usize].as_deref_mut() else {
                continue;
            };
            let marks = hosted.log.marks();
            if let Part::Leader(leader) = &mut hosted.part
                && offset == marks.end()
            {
                leader.fetched(follower, offset, offset, marks.high_watermark(), at);
            }
        }
    }

    /// Tells the controller who should be in sync, if that has changed.
    pub(super) fn propose<C: Context<Frame>>(&mut self, cx: &mut C, partition: PartitionId) {
        let Some(port) = self.wiring.controller.filter(|_| self.is_registered) else {
            return;
        };
        let index = partition.0 as usize;
        let (Some(known), Some(hosted)) = (self.leaders[index], self.hosted[index].as_deref_mut()) else {
            return;
        };
        let Some(proposed) = hosted.leader().and_then(Leader::proposed).map(Brokers::of) else {
            return;
        };
        if hosted.is_proposing {
            return;
        }
        let is_joining = |(broker, _): &&(BrokerId, u16)| proposed.has(*broker) && !known.in_sync.has(*broker);
        let joining = hosted.follower_epochs.iter().find(is_joining);
        let joining_epoch = joining.map_or(0, |(_, epoch)| *epoch);
        hosted.is_proposing = true;
        let in_sync = proposed;
        let mut proposed = known;
        proposed.in_sync = in_sync;
        cx.send(
            port,
            Frame::Alter {
                proposed,
                joining_epoch,
            },
        );
    }

    /// Followers that do not keep up should leave.
    pub(super) fn shrink<C: Context<Frame>>(&mut self, cx: &mut C) {
        let now = cx.now();
        let is_slow = |hosted: &mut Hosted| {
            let end = hosted.log.marks().end();
            hosted.leader_mut().is_some_and(|leader| leader.shrink(end, now))
        };
        let mut slow = Vec::new();
        for (partition, hosted) in self.cluster.partitions().zip(&mut self.hosted) {
            if hosted.as_deref_mut().is_some_and(is_slow) {
                slow.push(partition);
            }
        }
        for partition in slow {
            self.propose(cx, partition);
        }
    }

    /// The controller speaks of something else than a leader.
    pub(super) fn on_controller<C: Context<Frame>>(&mut self, cx: &mut C, port: Port, frame: Frame) {
        if self.wiring.controller != Some(port) {
            return;
        }
        match frame {
            Frame::Registered {
                broker_epoch,
                controller_epoch,
            } => {
                self.epoch = Some(broker_epoch);
                self.is_registered = true;
                self.controller_epoch = controller_epoch;
                self.propose_all(cx);
            }
            Frame::Live { brokers } => {
                self.live = brokers;
                for hosted in self.hosted.iter_mut().flatten() {
                    if let Some(leader) = hosted.leader_mut() {
                        for one in (0..self.cluster.brokers()).map(BrokerId) {
                            leader.set_eligible(one, brokers.has(one));
                        }
                    }
                }
            }
            Frame::AlterRefused {
                partition,
                partition_epoch,
            } => {
                let known = self.leaders[partition.0 as usize];
                let is_present = known.is_some_and(|known| known.partition_epoch == partition_epoch);
                if let Some(hosted) = self.host(partition).filter(|_| is_present) {
                    hosted.is_proposing = false;
                    if let Some(leader) = hosted.leader_mut() {
                        leader.refused();
                    }
                    self.advance(cx, partition);
                }
            }
            _ => {}
        }
    }

    /// The controller has forgotten what it was asked, if it got it at all.
    fn propose_all<C: Context<Frame>>(&mut self, cx: &mut C) {
        for partition in self.cluster.partitions() {
            if let Some(hosted) = self.host(partition) {
                hosted.is_proposing = false;
                self.propose(cx, partition);
            }
        }
    }
}
