//! Belonging to a group: finding its coordinator, joining, getting partitions,
//! heartbeats.

use super::Consumer;
use crate::kafka::cluster::PartitionId;
use crate::kafka::wire::{Correlation, Frame};
use crate::kafka::{Assignor, BrokerId, Error, Member, MemberNumber, TopicPartition, Topics};
use alloc::collections::BTreeMap;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use mqlab_kernel::SimTime;
use mqlab_model::{Context, Port};

/// How far it has come with its group.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Phase {
    /// It does not belong to it.
    Out,
    /// It waits for the others to join.
    Joining,
    /// It waits for its partitions.
    Syncing,
    /// It has its partitions and asks how far the group has read.
    Resuming,
    /// It has everything.
    Stable,
}

impl Phase {
    /// Whether it waits for nothing.
    pub(super) const fn is_settled(self) -> bool {
        matches!(self, Phase::Out | Phase::Stable)
    }
}

/// What the coordinator was asked.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Asked {
    correlation: Correlation,
    at: SimTime,
}

impl Consumer {
    pub(super) fn coordinator_port(&self) -> Option<Port> {
        let link = &self.links[self.coordinator?.0 as usize];
        link.is_open.then_some(link.port)
    }

    fn number(&mut self) -> Correlation {
        self.next = self.next.wrapping_add(1);
        self.next
    }

    /// Asks the coordinator; nothing else is asked until it has answered.
    fn ask<C: Context<Frame>>(&mut self, cx: &mut C, head: Frame, correlation: Correlation, behind: &[Frame]) {
        let Some(port) = self.coordinator_port() else { return };
        self.asked = Some(Asked {
            correlation,
            at: cx.now(),
        });
        cx.send(port, head);
        behind.iter().for_each(|frame| cx.send(port, *frame));
    }

    /// The coordinator is gone, or is somebody else now.
    pub(super) fn lose_coordinator(&mut self, now: SimTime) {
        self.coordinator = None;
        self.asked = None;
        self.beat = None;
        self.not_before = now.saturating_add(self.settings.backoff);
        for (_, offsets) in core::mem::take(&mut self.commits) {
            let failed = offsets
                .into_iter()
                .map(|(one, offset)| (one, offset, Some(Error::NotCoordinator)));
            self.told.extend(failed);
        }
        if !self.phase.is_settled() && self.phase != Phase::Resuming {
            self.phase = Phase::Out;
            self.needs_join = true;
        }
    }

    /// A poll joins the group if that is needed.
    pub(super) fn join_if_needed<C: Context<Frame>>(&mut self, cx: &mut C) {
        if !self.needs_join || !self.phase.is_settled() || self.asked.is_some() || self.not_before > cx.now() {
            return;
        }
        if self.coordinator_port().is_none() {
            return self.find(cx);
        }
        if self.member.is_some() && self.settings.auto_commit.is_some() {
            self.commit(cx);
        }
        let has_owned: Vec<PartitionId> = if self.places.all().is_empty() && self.member.is_some() {
            self.has_owned.clone()
        } else {
            self.places.all().keys().copied().collect()
        };
        let says_owned = matches!(self.settings.assignor, Assignor::Sticky | Assignor::CooperativeSticky);
        if self.settings.assignor != Assignor::CooperativeSticky {
            // Everybody stops before anybody gets something.
            self.give_up(|_| true);
        }
        self.has_owned = has_owned;
        let topics = self.topics.iter().map(|topic| Frame::Topic { topic: *topic as u16 });
        let owned = self.has_owned.iter().filter(|_| says_owned);
        let behind: Vec<Frame> = topics
            .chain(owned.map(|one| Frame::Owned { partition: *one }))
            .collect();
        let correlation = self.number();
        let milliseconds = |span: mqlab_kernel::SimSpan| (span.nanos() / 1_000_000) as u32;
        let head = Frame::Join {
            correlation,
            group: self.group,
            member: self.member.into(),
            instance: self.settings.instance,
            generation: self.generation,
            session_ms: milliseconds(self.settings.session),
            rebalance_ms: milliseconds(self.settings.poll_interval),
            more: behind.len() as u16,
        };
        self.needs_join = false;
        self.phase = Phase::Joining;
        self.ask(cx, head, correlation, &behind);
    }

    fn find<C: Context<Frame>>(&mut self, cx: &mut C) {
        let open: Vec<Port> = self
            .links
            .iter()
            .filter(|link| link.is_open)
            .map(|link| link.port)
            .collect();
        let correlation = self.number();
        let Some(port) = open.get(correlation as usize % open.len().max(1)) else {
            return;
        };
        self.asked = Some(Asked {
            correlation,
            at: cx.now(),
        });
        let group = self.group;
        cx.send(*port, Frame::FindCoordinator { correlation, group });
    }

    /// What goes on without the application.
    pub(super) fn stay<C: Context<Frame>>(&mut self, cx: &mut C) {
        let now = cx.now();
        let settings = self.settings;
        if let Some(asked) = self.asked {
            let waits_for_others = matches!(self.phase, Phase::Joining | Phase::Syncing);
            let patience = if waits_for_others {
                settings.poll_interval
            } else {
                settings.request_timeout
            };
            if asked.at.saturating_add(patience.saturating_add(settings.backoff)) <= now {
                self.lose_coordinator(now);
            }
        }
        if self.coordinator_port().is_none() && self.asked.is_none() && self.not_before <= now {
            if self.member.is_some() || !self.phase.is_settled() {
                self.find(cx);
            }
            return;
        }
        if self.phase == Phase::Resuming && self.asked.is_none() && self.not_before <= now {
            self.ask_committed(cx);
        }
        let Some(member) = self.member.filter(|_| self.phase != Phase::Out) else {
            return;
        };
        let is_beating = !matches!(self.phase, Phase::Joining | Phase::Syncing);
        if is_beating && self.polled_at.saturating_add(settings.poll_interval) <= now {
            return self.leave(cx);
        }
        if self.beat_at.saturating_add(settings.heartbeat) > now || !is_beating {
            return;
        }
        if self.beat.is_some() && self.beat_at.saturating_add(settings.session) <= now {
            return self.lose_coordinator(now);
        }
        if let Some(port) = self.coordinator_port().filter(|_| self.beat.is_none()) {
            self.beat_at = now;
            let correlation = self.number();
            self.beat = Some(correlation);
            cx.send(
                port,
                Frame::Heartbeat {
                    correlation,
                    group: self.group,
                    member,
                    generation: self.generation,
                },
            );
        }
    }

    /// Leaves the group: because it is closed, or because the application has
    /// not polled for too long. A static member stays until its session ends.
    pub fn leave<C: Context<Frame>>(&mut self, cx: &mut C) {
        if let (Some(port), Some(member), None) = (self.coordinator_port(), self.member, self.settings.instance) {
            let correlation = self.number();
            let group = self.group;
            cx.send(
                port,
                Frame::Leave {
                    correlation,
                    group,
                    member,
                },
            );
        }
        self.lose_membership();
    }

    /// It is out of the group.
    fn lose_membership(&mut self) {
        self.member = None;
        self.generation = -1;
        self.phase = Phase::Out;
        self.needs_join = true;
        self.asked = None;
        self.beat = None;
        self.give_up(|_| true);
        self.has_owned.clear();
    }

    /// What is wrong with its membership, in any answer.
    fn on_trouble(&mut self, error: Error, now: SimTime) {
        match error {
            Error::UnknownMemberId | Error::IllegalGeneration | Error::FencedInstanceId => self.lose_membership(),
            Error::RebalanceInProgress => {
                self.needs_join = true;
                if !self.phase.is_settled() {
                    self.phase = if self.phase == Phase::Resuming {
                        Phase::Stable
                    } else {
                        Phase::Out
                    };
                }
            }
            Error::NotCoordinator => {
                self.lose_coordinator(now);
                // The next one does not know who the members were.
                self.needs_join = true;
            }
            _ => {
                self.not_before = now.saturating_add(self.settings.backoff);
                if matches!(self.phase, Phase::Joining | Phase::Syncing) {
                    self.phase = Phase::Out;
                    self.needs_join = true;
                }
            }
        }
    }

    /// An answer of a coordinator.
    pub(super) fn on_group<C: Context<Frame>>(&mut self, cx: &mut C, head: Frame, behind: &[Frame]) {
        let now = cx.now();
        let is_awaited = |correlation: Correlation| self.asked.is_some_and(|asked| asked.correlation == correlation);
        match head {
            Frame::Coordinator { correlation, broker } if is_awaited(correlation) => {
                self.asked = None;
                self.coordinator = broker;
                if self.coordinator_port().is_none() {
                    self.lose_coordinator(now);
                }
            }
            Frame::Joined {
                correlation,
                error: None,
                is_leader,
                member,
                generation,
                ..
            } if is_awaited(correlation) => {
                self.asked = None;
                (self.member, self.generation) = (Some(member), generation);
                self.phase = Phase::Syncing;
                self.beat_at = now;
                self.beat = None;
                let assigned = if is_leader { self.assign(behind) } else { Vec::new() };
                self.ask_sync(cx, member, &assigned);
            }
            Frame::Joined {
                correlation,
                error: Some(error),
                ..
            }
            | Frame::Synced {
                correlation,
                error: Some(error),
                ..
            } if is_awaited(correlation) => {
                self.asked = None;
                self.on_trouble(error, now);
            }
            Frame::Synced {
                correlation,
                error: None,
                ..
            } if is_awaited(correlation) => {
                self.asked = None;
                self.take_partitions(cx, behind);
            }
            Frame::Committed { correlation, error, .. } if is_awaited(correlation) => {
                self.asked = None;
                match error {
                    Some(error) => self.on_trouble(error, now),
                    None => self.resume(behind),
                }
            }
            Frame::Heard { correlation, error } => self.on_heard(correlation, error, now),
            _ => {}
        }
    }

    fn on_heard(&mut self, correlation: Correlation, error: Option<Error>, now: SimTime) {
        if let Some(offsets) = self.commits.remove(&correlation) {
            for (partition, offset) in offsets.iter().filter(|_| error.is_none()) {
                if let Some(polled) = self.places.polled_mut(*partition) {
                    while polled.front().is_some_and(|(one, _)| one < offset) {
                        polled.pop_front();
                    }
                }
            }
            self.told
                .extend(offsets.into_iter().map(|(one, offset)| (one, offset, error)));
        } else if self.beat == Some(correlation) {
            self.beat = None;
        } else {
            return;
        }
        if let Some(error) = error {
            self.on_trouble(error, now);
        }
    }

    fn ask_sync<C: Context<Frame>>(
        &mut self,
        cx: &mut C,
        member: MemberNumber,
        assigned: &[(MemberNumber, Vec<PartitionId>)],
    ) {
        let mut behind = Vec::new();
        for (member, partitions) in assigned {
            behind.push(Frame::Member {
                member: *member,
                instance: None,
                generation: self.generation,
                more: 0,
            });
            behind.extend(partitions.iter().map(|one| Frame::Owned { partition: *one }));
        }
        let correlation = self.number();
        let head = Frame::Sync {
            correlation,
            group: self.group,
            member,
            generation: self.generation,
            more: behind.len() as u32,
        };
        self.ask(cx, head, correlation, &behind);
    }

    /// As the leader of the group it assigns for all.
    fn assign(&self, behind: &[Frame]) -> Vec<(MemberNumber, Vec<PartitionId>)> {
        let topics = self.cluster.topics();
        let mut numbers = Vec::new();
        let mut members: Vec<Member> = Vec::new();
        let mut owned: Vec<Vec<PartitionId>> = Vec::new();
        let mut wanted: BTreeMap<usize, ()> = BTreeMap::new();
        for frame in behind {
            match frame {
                Frame::Member {
                    member,
                    instance,
                    generation,
                    ..
                } => {
                    numbers.push(*member);
                    owned.push(Vec::new());
                    members.push(Member {
                        id: alloc::format!("{:010}", member.0),
                        instance: instance.map(|instance| instance.to_string()),
                        generation: *generation,
                        ..Member::default()
                    });
                }
                Frame::Topic { topic } => {
                    wanted.insert(usize::from(*topic), ());
                    let name = topics[usize::from(*topic)].name.clone();
                    members
                        .iter_mut()
                        .last()
                        .into_iter()
                        .for_each(|last| last.topics.push(name.clone()));
                }
                Frame::Owned { partition } => owned
                    .iter_mut()
                    .last()
                    .into_iter()
                    .for_each(|last| last.push(*partition)),
                _ => {}
            }
        }
        let list: Vec<(String, u32)> = wanted
            .keys()
            .map(|topic| (topics[*topic].name.clone(), topics[*topic].partitions))
            .collect();
        let subscribed = Topics::new(list);
        for (member, owned) in members.iter_mut().zip(owned) {
            let named = |id: PartitionId| {
                let (topic, partition) = self.cluster.place_in_topic(id);
                let topic = subscribed.index(&topics[topic].name)?;
                Some(TopicPartition { topic, partition })
            };
            member.owned = owned.into_iter().filter_map(named).collect();
        }
        let assignment = self.settings.assignor.assign(&subscribed, &members);
        let back = |one: &TopicPartition| {
            let name = subscribed.name(one.topic);
            let topic = topics.iter().position(|topic| topic.name == name);
            self.cluster
                .partition(topic.expect("the topic was subscribed to"), one.partition)
        };
        let all = numbers.into_iter().zip(&assignment.partitions);
        all.map(|(number, partitions)| (number, partitions.iter().map(back).collect()))
            .collect()
    }

    /// It has its partitions. What it keeps goes on; what it gives up it has to
    /// join again for, so that others can have it.
    fn take_partitions<C: Context<Frame>>(&mut self, cx: &mut C, behind: &[Frame]) {
        self.rebalances += 1;
        let owned = |frame: &Frame| match frame {
            Frame::Owned { partition } => Some(*partition),
            _ => None,
        };
        let assigned: Vec<PartitionId> = behind.iter().filter_map(owned).collect();
        let gives_up = self.places.all().keys().any(|one| !assigned.contains(one));
        self.give_up(|one| !assigned.contains(&one));
        for one in &assigned {
            let place = self.places.all_mut().get_or_default(*one);
            if let Some(start) = self.settings.start.filter(|_| self.begun.insert(*one)) {
                place.seek_to(start);
            }
        }
        let is_gained = |one: &&PartitionId| !self.has_owned.contains(one);
        self.gained += assigned.iter().filter(is_gained).count() as u32;
        self.has_owned = assigned;
        if gives_up && self.settings.assignor == Assignor::CooperativeSticky {
            self.needs_join = true;
        }
        self.phase = Phase::Resuming;
        self.beat_at = cx.now();
        self.needs_leaders = true;
        self.ask_committed(cx);
    }

    /// How far has the group read what it does not know the place of?
    fn ask_committed<C: Context<Frame>>(&mut self, cx: &mut C) {
        let unknown = self.places.all().iter().filter(|(_, place)| place.is_unsure());
        let behind: Vec<Frame> = unknown
            .map(|(partition, _)| Frame::Position {
                partition: *partition,
                offset: None,
            })
            .collect();
        if behind.is_empty() {
            self.phase = Phase::Stable;
            return;
        }
        let correlation = self.number();
        let head = Frame::CommittedWanted {
            correlation,
            group: self.group,
            is_stable: true,
            more: behind.len() as u32,
        };
        self.ask(cx, head, correlation, &behind);
    }

    fn resume(&mut self, behind: &[Frame]) {
        self.phase = Phase::Stable;
        let places = self.places.all_mut();
        for frame in behind {
            if let Frame::Position { partition, offset } = frame
                && let Some(place) = places.get_mut(partition).filter(|place| place.is_unsure())
            {
                match offset {
                    Some(offset) => place.begin(*offset),
                    None => place.has_no_commit = true,
                }
            }
        }
    }

    /// Who coordinates its group, as far as it knows.
    pub const fn coordinator(&self) -> Option<BrokerId> {
        self.coordinator
    }
}
