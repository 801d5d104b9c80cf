//! Offsets that a group coordinator keeps: as they come back with its partition,
//! and those of transactions (KIP-98, KIP-447).
//!
//! What a transaction commits of a group is a record of the partition that keeps
//! its offsets, and that partition gets a marker like every other one. Until
//! then nobody is told how far the group has read there.

use super::Broker;
use super::groups::{Coordinated, said, saying};
use super::hosted::{Coverage, Covered, Then};
use crate::kafka::cluster::{Cluster, PartitionId};
use crate::kafka::wire::{Batch, Correlation, Frame, GroupId, Writer};
use crate::kafka::{Acks, Error, ProducerId, Reader, Record, TopicPartition};
use alloc::collections::BTreeMap;
use alloc::vec::Vec;
use mqlab_model::{Context, FactKind, Port};

/// What a transaction has of a group.
#[derive(Clone, Debug)]
pub(super) struct Pending {
    /// The epoch of its producer: a marker of a later one ends it.
    epoch: u16,
    offsets: BTreeMap<PartitionId, u64>,
}

impl Coordinated {
    /// Whether a transaction that is not decided has something of what stands
    /// behind a request.
    pub(super) fn has_undecided(&self, behind: &[Frame]) -> bool {
        let is_undecided = |frame: &Frame| match frame {
            Frame::Position { partition, .. } => {
                let mut pending = self.pending.values();
                pending.any(|one| one.offsets.contains_key(partition))
            }
            _ => false,
        };
        behind.iter().any(is_undecided)
    }
}

/// A partition that keeps offsets, read from its beginning.
#[derive(Default)]
struct Kept {
    offsets: BTreeMap<GroupId, BTreeMap<PartitionId, u64>>,
    reached: BTreeMap<GroupId, BTreeMap<PartitionId, u64>>,
    generations: BTreeMap<GroupId, u64>,
    /// By producer, what its open transaction has.
    undecided: BTreeMap<ProducerId, BTreeMap<GroupId, BTreeMap<PartitionId, u64>>>,
}

impl Kept {
    fn learn(&mut self, cluster: &Cluster, record: &Record) {
        if let (true, Some(producer)) = (record.is_marker(), record.transaction()) {
            let ended = self.undecided.remove(&producer).filter(|_| record.is_commit());
            for (group, offsets) in ended.into_iter().flatten() {
                for (partition, offset) in offsets {
                    self.commit(group, partition, offset);
                }
            }
            return;
        }
        match (said(cluster, record), record.transaction()) {
            (Some((group, Some(partition), _)), _) if record.is_tombstone() => {
                self.offsets.entry(group).or_default().remove(&partition);
            }
            (Some((group, Some(partition), offset)), Some(producer)) => {
                let groups = self.undecided.entry(producer).or_default();
                groups.entry(group).or_default().insert(partition, offset);
            }
            (Some((group, Some(partition), offset)), None) => self.commit(group, partition, offset),
            (Some((group, None, generation)), _) => {
                self.generations.insert(group, generation);
            }
            (None, _) => {}
        }
    }

    fn commit(&mut self, group: GroupId, partition: PartitionId, offset: u64) {
        self.offsets.entry(group).or_default().insert(partition, offset);
        let furthest = self.reached.entry(group).or_default().entry(partition).or_default();
        *furthest = offset.max(*furthest);
    }
}

impl Broker {
    /// This broker leads a partition that keeps offsets, or does so no more. Members
    /// that wait for its groups have to look again for who coordinates them
    /// (`GroupCoordinator.onGroupUnloaded`).
    pub(super) fn load_groups<C: Context<Frame>>(&mut self, cx: &mut C, partition: PartitionId) {
        if !self.cluster.keeps_offsets(partition) {
            return;
        }
        let cluster = self.cluster.clone();
        self.groups.retain(|id, coordinated| {
            let is_kept = cluster.coordinating(id.0) != partition;
            if !is_kept {
                coordinated.send_away(cx);
            }
            is_kept
        });
        let Some(hosted) = self.host(partition).filter(|hosted| hosted.leader().is_some()) else {
            return;
        };
        let mut kept = Kept::default();
        if let Ok(read) = hosted.log.read(hosted.log.marks().start(), Reader::Replica) {
            for (_, record) in read {
                kept.learn(&cluster, record);
            }
        }
        let epoch_of = |producer: &ProducerId| hosted.log.producers().epoch(*producer).unwrap_or(0);
        let epochs: BTreeMap<ProducerId, u16> = kept.undecided.keys().map(|one| (*one, epoch_of(one))).collect();
        for (id, offsets) in kept.offsets {
            if let Ok(coordinated) = self.coordinated(id) {
                let offsets = named(&cluster, &offsets);
                coordinated.group.reset(&offsets).expect("nobody has joined yet");
                coordinated.reached = kept.reached.remove(&id).unwrap_or_default();
            }
        }
        for (id, generation) in kept.generations {
            if let Ok(coordinated) = self.coordinated(id) {
                coordinated.group.take_over(generation as i32);
            }
        }
        for (producer, groups) in kept.undecided {
            for (id, offsets) in groups {
                if let Ok(coordinated) = self.coordinated(id) {
                    let pending = Pending {
                        epoch: epochs[&producer],
                        offsets,
                    };
                    coordinated.pending.insert(producer, pending);
                }
            }
        }
    }

    pub(super) fn on_commit_in_transaction<C: Context<Frame>>(
        &mut self,
        cx: &mut C,
        port: Port,
        head: Frame,
        behind: &[Frame],
    ) {
        let Frame::CommitInTransaction { correlation, .. } = head else {
            return;
        };
        if let Err(error) = self.commit_in_transaction(cx, (port, correlation), head, behind) {
            let error = Some(error);
            cx.send(port, Frame::Heard { correlation, error });
        }
    }

    /// Writes offsets that count with the transaction. Who is not in the present
    /// generation of the group any more may not do so (KIP-447), nor may a
    /// producer that was replaced.
    fn commit_in_transaction<C: Context<Frame>>(
        &mut self,
        cx: &mut C,
        (port, correlation): (Port, Correlation),
        head: Frame,
        behind: &[Frame],
    ) -> Result<(), Error> {
        let Frame::CommitInTransaction {
            group: id,
            member,
            generation,
            writer,
            ..
        } = head
        else {
            return Err(Error::InvalidTxnState);
        };
        let now = cx.now();
        let cluster = self.cluster.clone();
        let partition = cluster.coordinating(id.0);
        let (mut offsets, mut records) = (BTreeMap::new(), Vec::new());
        for frame in behind {
            if let Frame::Position {
                partition,
                offset: Some(offset),
            } = *frame
            {
                offsets.insert(partition, offset);
                let record = saying(&cluster, id, Some(partition), offset);
                records.push(record.in_transaction_of(writer.producer()));
            }
        }
        let coordinated = self.coordinated(id)?;
        let member = member.member().ok_or(Error::UnknownMemberId)?;
        coordinated.group.check(member, generation, now)?;
        let producers = self.host(partition).map(|hosted| hosted.log.producers());
        let sequence = producers.map_or(0, |known| known.next_sequence(writer.producer(), writer.epoch()));
        let batch = Batch {
            partition,
            producer: Some(writer),
            sequence,
            epoch: 0,
            records: records.len() as u16,
            first: 0,
        };
        let under = |error: Error| match error {
            Error::NotLeaderOrFollower => Error::NotCoordinator,
            other => other,
        };
        let written = self.write(cx, &batch, &records, Acks::All).map_err(under)?;
        let pending = Pending {
            epoch: writer.epoch(),
            offsets,
        };
        if let Some(hosted) = self.host(partition) {
            let coverage = Coverage {
                epoch: writer.epoch(),
                first: written.first,
                records: behind.iter().filter_map(Covered::of).collect(),
            };
            hosted.covered.insert(writer.producer(), coverage);
        }
        self.coordinated(id)?.pending.insert(writer.producer(), pending);
        self.replicate_internal(cx, partition, &written, Then::Heard { port, correlation });
        Ok(())
    }

    /// A transaction's marker stands in a partition that keeps offsets: what it
    /// has committed of groups counts, or never was.
    pub(super) fn offsets_decided<C: Context<Frame>>(
        &mut self,
        cx: &mut C,
        partition: PartitionId,
        marker: Writer,
        is_committed: bool,
    ) {
        if !self.cluster.keeps_offsets(partition) {
            return;
        }
        let cluster = self.cluster.clone();
        let is_last = marker.epoch() == Writer::EPOCH_MAX;
        let is_its = |epoch: u16| epoch < marker.epoch() || is_last;
        for (id, coordinated) in &mut self.groups {
            let is_here = cluster.coordinating(id.0) == partition;
            let pending = coordinated.pending.get(&marker.producer());
            if !is_here || !pending.is_some_and(|one| is_its(one.epoch)) {
                continue;
            }
            let Some(pending) = coordinated.pending.remove(&marker.producer()).filter(|_| is_committed) else {
                continue;
            };
            coordinated.group.settle(&named(&cluster, &pending.offsets));
            for (partition, offset) in pending.offsets {
                let furthest = coordinated.reached.entry(partition).or_default();
                *furthest = offset.max(*furthest);
            }
        }
        let Some(hosted) = self.host(partition) else { return };
        let covered = hosted.covered.get(&marker.producer());
        if !covered.is_some_and(|one| is_its(one.epoch)) {
            return;
        }
        let covered = hosted.covered.remove(&marker.producer()).filter(|_| is_committed);
        if let Some(covered) = covered {
            tell(cx, &cluster, marker.producer(), &covered);
        }
    }
}

/// What a transaction has read is settled. A leader that died may have told that
/// already, when the marker was replicated, and only the record of the run knows.
fn tell<C: Context<Frame>>(cx: &mut C, cluster: &Cluster, producer: ProducerId, covered: &Coverage) {
    let owner = |one: &Covered| cluster.owner(one.partition, one.group);
    let Some(place) = covered.records.iter().find_map(owner) else {
        return;
    };
    let ledger = cx.ledger(place);
    if !ledger.is_none_or(|ledger| ledger.is_first_of(producer.0, covered.first + 1)) {
        return;
    }
    for one in &covered.records {
        if let Some(owner) = owner(one) {
            cx.emit(owner, FactKind::Settled, one.message, u64::from(one.is_within));
        }
    }
}

fn named(cluster: &Cluster, offsets: &BTreeMap<PartitionId, u64>) -> Vec<(TopicPartition, u64)> {
    let named = |(one, offset): (&PartitionId, &u64)| (cluster.to_named(*one), *offset);
    offsets.iter().map(named).collect()
}
