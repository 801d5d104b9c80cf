//! The group coordinator: who leads the partition that keeps a group's offsets
//! coordinates the group.
//!
//! Offsets are records of that partition, and so is each generation; both come
//! back with its next leader. Who the members were is not among them: after the
//! coordinator has moved they join again.

use super::hosted::Then;
use super::offsets::Pending;
use super::produce::Written;
use super::{Broker, Wake};
use crate::kafka::alarm::Alarm;
use crate::kafka::cluster::{Cluster, PartitionId};
use crate::kafka::wire::{Batch, Correlation, Frame, GroupId};
use crate::kafka::{
    Acks, Error, Group, GroupState, Join, Member, MemberNumber, ProducerId, Record, Told, TopicPartition,
};
use alloc::collections::BTreeMap;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use mqlab_kernel::{SimSpan, SimTime, SortedMap};
use mqlab_model::{Context, FactKind, Message, MessageId, PlaceId, Port};

/// A group that this broker coordinates.
#[derive(Clone, Debug)]
pub(super) struct Coordinated {
    pub(super) group: Group,
    /// Who waits for an answer.
    asked: BTreeMap<MemberNumber, (Port, Correlation)>,
    alarm: Alarm,
    /// By partition, the furthest that was ever committed: what lies before it was
    /// settled then, also if the group has gone back since.
    pub(super) reached: BTreeMap<PartitionId, u64>,
    /// What transactions that are not decided have of it, by producer.
    pub(super) pending: BTreeMap<ProducerId, Pending>,
    /// The generation is being written; members are told nothing before it is
    /// replicated.
    is_storing: bool,
    /// Since when nobody belongs to it, as far as it was looked at.
    empty_since: Option<SimTime>,
}

impl Coordinated {
    /// Who waits for an answer is told to look for the coordinator.
    pub(super) fn send_away<C: Context<Frame>>(&mut self, cx: &mut C) {
        let is_joining = self.group.state() == GroupState::PreparingRebalance;
        for (_, asked) in core::mem::take(&mut self.asked) {
            if is_joining {
                refuse_join(cx, asked, Error::NotCoordinator);
            } else {
                refuse_sync(cx, asked, Error::NotCoordinator);
            }
        }
    }
}

impl Broker {
    /// The group, if this broker coordinates it.
    pub(super) fn coordinated(&mut self, id: GroupId) -> Result<&mut Coordinated, Error> {
        let partition = self.cluster.coordinating(id.0);
        let is_leader = self.host(partition).is_some_and(|hosted| hosted.leader().is_some());
        if !is_leader {
            return Err(Error::NotCoordinator);
        }
        let settings = self.cluster.settings.groups;
        Ok(self.groups.entry(id).or_insert_with(|| Coordinated {
            group: Group::new(settings),
            asked: BTreeMap::new(),
            alarm: Alarm::default(),
            reached: BTreeMap::new(),
            pending: BTreeMap::new(),
            is_storing: false,
            empty_since: None,
        }))
    }

    pub(super) fn on_group<C: Context<Frame>>(&mut self, cx: &mut C, port: Port, head: Frame, behind: &[Frame]) {
        match head {
            Frame::FindCoordinator { correlation, group } => {
                let partition = self.cluster.coordinating(group.0);
                let broker = self.leaders[partition.0 as usize].and_then(|known| known.leader());
                cx.send(port, Frame::Coordinator { correlation, broker });
            }
            Frame::Join { .. } => self.on_join(cx, port, head, behind),
            Frame::Sync {
                correlation,
                group,
                member,
                generation,
                ..
            } => {
                let assigned = self.assigned(behind);
                let now = cx.now();
                let result = self.coordinated(group).and_then(|coordinated| {
                    let was_stable = coordinated.group.state() == GroupState::Stable;
                    coordinated.group.sync(member, generation, assigned, now)?;
                    coordinated.asked.insert(member, (port, correlation));
                    let is_stable = coordinated.group.state() == GroupState::Stable;
                    coordinated.is_storing |= is_stable && !was_stable;
                    Ok(is_stable && !was_stable)
                });
                if result == Ok(true) {
                    self.store(cx, group, generation);
                }
                if let Err(error) = result {
                    refuse_sync(cx, (port, correlation), error);
                }
                self.tell(cx, group);
            }
            Frame::Heartbeat {
                correlation,
                group,
                member,
                generation,
            } => {
                let now = cx.now();
                let result = self
                    .coordinated(group)
                    .and_then(|coordinated| coordinated.group.heartbeat(member, generation, now));
                let error = result.err();
                cx.send(port, Frame::Heard { correlation, error });
                self.tell(cx, group);
            }
            Frame::Leave {
                correlation,
                group,
                member,
            } => {
                let now = cx.now();
                let result = self
                    .coordinated(group)
                    .and_then(|coordinated| coordinated.group.leave(member, now));
                let error = result.err();
                cx.send(port, Frame::Heard { correlation, error });
                self.tell(cx, group);
            }
            Frame::Commit { .. } => self.on_commit(cx, port, head, behind),
            Frame::CommitInTransaction { .. } => self.on_commit_in_transaction(cx, port, head, behind),
            Frame::CommittedWanted {
                correlation,
                group,
                is_stable,
                ..
            } => {
                let cluster = self.cluster.clone();
                let found = self.coordinated(group).and_then(|coordinated| {
                    if is_stable && coordinated.has_undecided(behind) {
                        return Err(Error::UnstableOffsetCommit);
                    }
                    let committed = coordinated.group.committed();
                    let position = |frame: &Frame| match frame {
                        Frame::Position { partition, .. } => Some(Frame::Position {
                            partition: *partition,
                            offset: committed.of(cluster.to_named(*partition)),
                        }),
                        _ => None,
                    };
                    Ok(behind.iter().filter_map(position).collect::<Vec<Frame>>())
                });
                let error = found.as_ref().err().copied();
                let behind = found.unwrap_or_default();
                let more = behind.len() as u32;
                Self::send_all(
                    cx,
                    port,
                    Frame::Committed {
                        correlation,
                        error,
                        more,
                    },
                    &behind,
                );
            }
            _ => {}
        }
    }

    fn on_join<C: Context<Frame>>(&mut self, cx: &mut C, port: Port, head: Frame, behind: &[Frame]) {
        let Frame::Join {
            correlation,
            group,
            member,
            instance,
            generation,
            session_ms,
            rebalance_ms,
            ..
        } = head
        else {
            return;
        };
        let now = cx.now();
        let (topics, owned) = self.subscription(behind);
        let join = Join {
            number: member.member(),
            member: Member {
                id: alloc::format!("consumer-{:05}", port.0),
                instance: instance.map(|instance| instance.to_string()),
                topics,
                owned,
                generation,
            },
            session: SimSpan::from_millis(u64::from(session_ms)),
            rebalance: SimSpan::from_millis(u64::from(rebalance_ms)),
        };
        let result = self.coordinated(group).and_then(|coordinated| {
            let number = coordinated.group.join(join, now)?;
            coordinated.empty_since = None;
            coordinated.asked.insert(number, (port, correlation));
            Ok(())
        });
        if let Err(error) = result {
            refuse_join(cx, (port, correlation), error);
        }
        self.tell(cx, group);
    }

    /// Names of topics and owned partitions that stand behind a member.
    fn subscription(&self, behind: &[Frame]) -> (Vec<String>, Vec<TopicPartition>) {
        let (mut topics, mut owned) = (Vec::new(), Vec::new());
        for frame in behind {
            match frame {
                Frame::Topic { topic } => topics.push(self.cluster.topics()[usize::from(*topic)].name.clone()),
                Frame::Owned { partition } => owned.push(self.cluster.to_named(*partition)),
                _ => {}
            }
        }
        (topics, owned)
    }

    /// Who gets what, as the leader of a group says it.
    fn assigned(&self, behind: &[Frame]) -> Vec<(MemberNumber, Vec<TopicPartition>)> {
        let mut assigned: Vec<(MemberNumber, Vec<TopicPartition>)> = Vec::new();
        for frame in behind {
            match frame {
                Frame::Member { member, .. } => assigned.push((*member, Vec::new())),
                Frame::Owned { partition } => {
                    let named = self.cluster.to_named(*partition);
                    assigned
                        .iter_mut()
                        .last()
                        .into_iter()
                        .for_each(|last| last.1.push(named));
                }
                _ => {}
            }
        }
        assigned
    }

    /// Members are told what the group has for them, and the next deadline is
    /// waited for.
    fn tell<C: Context<Frame>>(&mut self, cx: &mut C, id: GroupId) {
        let cluster = self.cluster.clone();
        let Some(coordinated) = self.groups.get_mut(&id) else {
            return;
        };
        if coordinated.is_storing {
            return;
        }
        for told in coordinated.group.take_told() {
            let (Told::Joined { to, .. } | Told::Synced { to, .. } | Told::Refused { to, .. }) = &told;
            if let Some((port, correlation)) = coordinated.asked.remove(to) {
                answer(cx, &cluster, (port, correlation), &told);
            }
        }
        if let Some(at) = coordinated.group.deadline() {
            let token = Wake::Group.token(u64::from(id.0));
            coordinated.alarm.want(cx, Wake::Group.lane(), at, token);
        }
    }

    /// A generation has its partitions: that is written down.
    fn store<C: Context<Frame>>(&mut self, cx: &mut C, id: GroupId, generation: i32) {
        let partition = self.cluster.coordinating(id.0);
        let record = saying(&self.cluster, id, None, generation.unsigned_abs().into());
        match self.write_internal(cx, partition, &[record]) {
            Ok(written) => self.replicate_internal(cx, partition, &written, Then::Assigned(id)),
            Err(error) => self.stored(cx, id, Err(error)),
        }
    }

    /// The generation is written down, or cannot be: then its members have to
    /// look again for who coordinates them.
    pub(super) fn stored<C: Context<Frame>>(&mut self, cx: &mut C, id: GroupId, result: Result<(), Error>) {
        let Some(coordinated) = self.groups.get_mut(&id) else {
            return;
        };
        coordinated.is_storing = false;
        if result.is_err() {
            coordinated.group.take_told();
            coordinated.send_away(cx);
        }
        self.tell(cx, id);
    }

    /// Writes records of a partition that keeps offsets.
    pub(super) fn write_internal<C: Context<Frame>>(
        &mut self,
        cx: &mut C,
        partition: PartitionId,
        records: &[Record],
    ) -> Result<Written, Error> {
        let batch = Batch {
            partition,
            producer: None,
            sequence: 0,
            epoch: 0,
            records: records.len() as u16,
            first: 0,
        };
        self.write(cx, &batch, records, Acks::All)
    }

    /// Waits until they are replicated.
    pub(super) fn replicate_internal<C: Context<Frame>>(
        &mut self,
        cx: &mut C,
        partition: PartitionId,
        written: &Written,
        then: Then,
    ) {
        self.wait(partition, written, then);
        self.wake_followers(cx, partition);
        self.advance(cx, partition);
    }

    pub(super) fn on_group_timer<C: Context<Frame>>(&mut self, cx: &mut C, number: u64) {
        let id = GroupId(number as u16);
        let now = cx.now();
        if let Some(coordinated) = self.groups.get_mut(&id)
            && coordinated.alarm.rang(now)
        {
            coordinated.group.tick(now);
            self.tell(cx, id);
        }
    }

    /// Offsets of groups that nobody has belonged to for too long are forgotten.
    /// Kafka looks every ten minutes (`offsets.retention.check.interval.ms`); here
    /// that is when it looks for old segments.
    pub(super) fn expire_offsets<C: Context<Frame>>(&mut self, cx: &mut C) {
        let now = cx.now();
        let limit = self.cluster.settings.groups.offsets_retention;
        let mut forgotten = Vec::new();
        for (id, coordinated) in &mut self.groups {
            if coordinated.group.state() != GroupState::Empty || !coordinated.pending.is_empty() {
                coordinated.empty_since = None;
                continue;
            }
            let since = *coordinated.empty_since.get_or_insert(now);
            if since.saturating_add(limit) <= now {
                forgotten.push((*id, coordinated.group.forget()));
            }
        }
        for (id, partitions) in forgotten {
            let cluster = self.cluster.clone();
            let tombstone = |one: &TopicPartition| saying(&cluster, id, Some(cluster.from_named(*one)), 0).tombstone();
            let records: Vec<Record> = partitions.iter().map(tombstone).collect();
            let partition = cluster.coordinating(id.0);
            // If that cannot be written the next coordinator finds them old as well.
            if let Ok(written) = self.write_internal(cx, partition, &records) {
                self.replicate_internal(cx, partition, &written, Then::Nothing);
            }
        }
    }

    fn on_commit<C: Context<Frame>>(&mut self, cx: &mut C, port: Port, head: Frame, behind: &[Frame]) {
        let Frame::Commit {
            correlation,
            group,
            member,
            generation,
            ..
        } = head
        else {
            return;
        };
        if let Err(error) = self.commit(cx, (group, member, generation), (port, correlation), behind) {
            let error = Some(error);
            cx.send(port, Frame::Heard { correlation, error });
        }
        self.tell(cx, group);
    }

    /// Writes offsets of a group; who asked is told when they are replicated.
    fn commit<C: Context<Frame>>(
        &mut self,
        cx: &mut C,
        (id, member, generation): (GroupId, Option<MemberNumber>, i32),
        (port, correlation): (Port, Correlation),
        behind: &[Frame],
    ) -> Result<(), Error> {
        let now = cx.now();
        let cluster = self.cluster.clone();
        let partition = cluster.coordinating(id.0);
        let (mut offsets, mut records) = (Vec::new(), Vec::new());
        for frame in behind {
            if let Frame::Position {
                partition,
                offset: Some(offset),
            } = frame
            {
                offsets.push((cluster.to_named(*partition), *offset));
                records.push(saying(&cluster, id, Some(*partition), *offset));
            }
        }
        let under = |error: Error| match error {
            Error::NotLeaderOrFollower => Error::NotCoordinator,
            other => other,
        };
        let coordinated = self.coordinated(id)?;
        match member {
            Some(member) => coordinated.group.commit(member, generation, &offsets, now)?,
            None => coordinated.group.reset(&offsets)?,
        }
        let written = self.write_internal(cx, partition, &records).map_err(under)?;
        let reached = &mut self.coordinated(id)?.reached;
        // Of what is committed now, what was before.
        let mut before: SortedMap<PartitionId, u64> = SortedMap::new();
        for frame in behind {
            if let Frame::Position {
                partition,
                offset: Some(offset),
            } = frame
            {
                if let Some(known) = reached.get(partition) {
                    before.get_or_insert_with(*partition, || *known);
                }
                let furthest = reached.entry(*partition).or_default();
                *furthest = (*offset).max(*furthest);
            }
        }
        // Where those of the partition at hand are settled, which stand together.
        let mut at: Option<(PartitionId, u64, Option<PlaceId>)> = None;
        for frame in behind {
            let Frame::Covered {
                partition,
                offset,
                message,
                ..
            } = frame
            else {
                continue;
            };
            let known = at.filter(|(one, to, _)| one == partition && to == offset);
            let (_, _, owner) = *known.as_ref().unwrap_or_else(|| {
                // What an earlier commit has covered is said once more as long as who
                // commits has not heard of that.
                let is_new = before.get(partition).is_none_or(|known| known <= offset);
                at.insert((*partition, *offset, cluster.owner(*partition, id).filter(|_| is_new)))
            });
            if let Some(owner) = owner {
                cx.emit(owner, FactKind::Settled, *message, 0);
            }
        }
        self.replicate_internal(cx, partition, &written, Then::Heard { port, correlation });
        Ok(())
    }
}

fn answer<C: Context<Frame>>(cx: &mut C, cluster: &Cluster, (port, correlation): (Port, Correlation), told: &Told) {
    match told {
        Told::Joined {
            to,
            generation,
            members,
            is_leader,
        } => {
            let mut behind = Vec::new();
            for (number, member) in members {
                let topics = member.topics.iter().filter_map(|name| topic_index(cluster, name));
                let owned = member.owned.iter().map(|one| cluster.from_named(*one));
                let topics = topics.map(|topic| Frame::Topic { topic });
                let items: Vec<Frame> = topics
                    .chain(owned.map(|partition| Frame::Owned { partition }))
                    .collect();
                behind.push(Frame::Member {
                    member: *number,
                    instance: member.instance.as_ref().and_then(|instance| instance.parse().ok()),
                    generation: member.generation,
                    more: 0,
                });
                behind.extend(items);
            }
            let head = Frame::Joined {
                correlation,
                error: None,
                is_leader: *is_leader,
                member: *to,
                generation: *generation,
                more: behind.len() as u32,
            };
            Broker::send_all(cx, port, head, &behind);
        }
        Told::Synced { partitions, .. } => {
            let owned = partitions.iter().map(|one| Frame::Owned {
                partition: cluster.from_named(*one),
            });
            let behind: Vec<Frame> = owned.collect();
            let (error, more) = (None, behind.len() as u32);
            Broker::send_all(
                cx,
                port,
                Frame::Synced {
                    correlation,
                    error,
                    more,
                },
                &behind,
            );
        }
        Told::Refused { error, .. } => {
            // It waited for either; both answers end the wait.
            refuse_sync(cx, (port, correlation), *error);
        }
    }
}

fn topic_index(cluster: &Cluster, name: &str) -> Option<u16> {
    let found = cluster.topics().iter().position(|topic| topic.name == name)?;
    Some(found as u16)
}

/// What is kept of a group as a record: a committed offset of a partition, or
/// without one its generation. Its key says which, and where records have their
/// time stands the number.
pub(super) fn saying(cluster: &Cluster, group: GroupId, partition: Option<PartitionId>, number: u64) -> Record {
    let partitions = cluster.partitions().count() as u32;
    let key = u32::from(group.0) * (partitions + 1) + partition.map_or(partitions, |partition| partition.0);
    let message = Message::new(MessageId::NONE, SimTime::from_nanos(number), true);
    Record::new(message, Some(key))
}

pub(super) fn said(cluster: &Cluster, record: &Record) -> Option<(GroupId, Option<PartitionId>, u64)> {
    let partitions = cluster.partitions().count() as u32;
    let key = record.key()?;
    let (group, which) = (GroupId((key / (partitions + 1)) as u16), key % (partitions + 1));
    let partition = (which < partitions).then_some(PartitionId(which));
    Some((group, partition, record.message.offered().nanos()))
}

/// Whoever wants to join does not.
fn refuse_join<C: Context<Frame>>(cx: &mut C, (port, correlation): (Port, Correlation), error: Error) {
    cx.send(
        port,
        Frame::Joined {
            correlation,
            error: Some(error),
            is_leader: false,
            member: MemberNumber(0),
            generation: -1,
            more: 0,
        },
    );
}

/// Whoever waits for its share of the partitions does not get one.
fn refuse_sync<C: Context<Frame>>(cx: &mut C, (port, correlation): (Port, Correlation), error: Error) {
    let (error, more) = (Some(error), 0);
    cx.send(
        port,
        Frame::Synced {
            correlation,
            error,
            more,
        },
    );
}
