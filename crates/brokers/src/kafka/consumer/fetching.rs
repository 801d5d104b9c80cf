//! Finding the place to begin, and fetching from there.

use super::{Consumer, Place};
use crate::kafka::cluster::{PartitionId, Reads};
use crate::kafka::wire::{Batch, Correlation, Frame, Spot, Wanted};
use crate::kafka::{BrokerId, Error, OffsetReset, ProducerId, Reader, Record};
use alloc::vec::Vec;
use mqlab_kernel::SimTime;
use mqlab_model::{Context, FactKind, Port};

impl Consumer {
    pub(super) fn ask_leaders<C: Context<Frame>>(&mut self, cx: &mut C) {
        let now = cx.now();
        let is_missing = |id: &PartitionId| self.leader(*id).is_none();
        self.needs_leaders |= self.places.keys().any(is_missing);
        let backoff = self.settings.backoff;
        let is_early = self
            .asked_leaders
            .is_some_and(|asked| asked.saturating_add(backoff) > now);
        if !self.needs_leaders || is_early {
            return;
        }
        let open: Vec<Port> = self
            .links
            .iter()
            .filter(|link| link.is_open)
            .map(|link| link.port)
            .collect();
        self.next = self.next.wrapping_add(1);
        let Some(port) = open.get(self.next as usize % open.len().max(1)) else {
            return;
        };
        self.asked_leaders = Some(now);
        for topic in &self.topics {
            cx.send(*port, Frame::Metadata { topic: *topic as u16 });
        }
    }

    /// Who leads a partition, if there is a connection.
    fn leader(&self, partition: PartitionId) -> Option<BrokerId> {
        let leader = self.leaders[partition.0 as usize].and_then(|known| known.leader())?;
        self.links[leader.0 as usize].is_open.then_some(leader)
    }

    /// From whom a partition is fetched: the nearest of its replicas, if others
    /// than the leader may be read from. Kafka's leader answers a first fetch
    /// with who that is; here it is known from the start.
    fn source(&self, partition: PartitionId, place: &Place, now: SimTime) -> Option<BrokerId> {
        let leader = self.leader(partition)?;
        let may_be_near = self.cluster.settings.reads != Reads::Leader && place.at_leader_until <= now;
        let is_there =
            |one: &BrokerId| self.links[one.0 as usize].is_open && self.cluster.replicas(partition).contains(one);
        let nearest = self.settings.rack.filter(|_| may_be_near).filter(is_there);
        Some(nearest.unwrap_or(leader))
    }

    /// Asks for what is missing, from whoever is asked for nothing.
    pub(super) fn fetch<C: Context<Frame>>(&mut self, cx: &mut C) {
        self.ask_offsets(cx);
        let now = cx.now();
        for broker in (0..self.links.len() as u32).map(BrokerId) {
            let link = &mut self.links[broker.0 as usize];
            let timeout = self.settings.request_timeout;
            if link.fetch.is_some_and(|(_, at)| at.saturating_add(timeout) <= now) {
                link.fetch = None;
                self.needs_leaders = true;
            }
            if link.is_open && link.fetch.is_none() {
                self.fetch_from(cx, broker);
            }
        }
    }

    fn fetch_from<C: Context<Frame>>(&mut self, cx: &mut C, broker: BrokerId) {
        let now = cx.now();
        let mut behind = Vec::new();
        for (partition, place) in self.places.iter() {
            let is_wanted = place.buffer.is_empty() && !place.is_paused && place.not_before <= now;
            if place.position.is_none() || !is_wanted || self.source(*partition, place, now) != Some(broker) {
                continue;
            }
            let known = self.leaders[partition.0 as usize];
            behind.push(Frame::Wanted(Wanted {
                partition: *partition,
                epoch: known.map_or(0, |known| u32::from(known.leader_epoch)),
                last_epoch: u32::MAX,
                offset: place.fetched,
            }));
            behind.extend(place.passed.map(|(from, to)| Frame::Passed {
                partition: *partition,
                from,
                to,
            }));
        }
        if behind.is_empty() {
            return;
        }
        self.next = self.next.wrapping_add(1);
        let correlation = self.next;
        let link = &mut self.links[broker.0 as usize];
        link.fetch = Some((correlation, now));
        for frame in &behind {
            if let Frame::Wanted(wanted) = frame
                && let Some(place) = self.places.get_mut(&wanted.partition)
            {
                place.fetching = Some(correlation);
            }
        }
        let head = Frame::Fetch {
            correlation,
            more: behind.len() as u32,
            is_all: true,
            reader: self.settings.reader,
            replica: None,
            number: self.group.0,
            max_wait_ms: (self.settings.fetch_wait.nanos() / 1_000_000) as u32,
            min_bytes: self.settings.fetch_min,
        };
        cx.send(link.port, head);
        for frame in behind {
            cx.send(link.port, frame);
        }
    }

    pub(super) fn on_fetched<C: Context<Frame>>(
        &mut self,
        cx: &mut C,
        broker: BrokerId,
        correlation: Correlation,
        behind: &[Frame],
    ) {
        let link = &mut self.links[broker.0 as usize];
        if link.fetch.is_none_or(|(asked, _)| asked != correlation) {
            return;
        }
        link.fetch = None;
        self.forget_passed(correlation, behind);
        let mut aborted: Vec<Aborted> = Vec::new();
        for (index, frame) in behind.iter().enumerate() {
            match frame {
                Frame::Read { partition, error, .. } => {
                    aborted.clear();
                    let place = self.places.get(partition);
                    let is_asked = place.is_some_and(|place| place.fetching == Some(correlation));
                    if let Some(error) = error.filter(|_| is_asked) {
                        self.on_fetch_error(cx, broker, *partition, error);
                    }
                }
                Frame::Aborted {
                    producer,
                    first,
                    marker,
                    ..
                } => aborted.push((*producer, *first, *marker)),
                Frame::Batch(batch) => {
                    let records = &behind[index + 1..];
                    self.note_voided(cx, batch, records, &aborted);
                    self.take_in(correlation, batch, records, &aborted);
                }
                _ => {}
            }
        }
    }

    /// Whom it has asked for records has heard what it leaves out, unless that is
    /// not who leads.
    fn forget_passed(&mut self, correlation: Correlation, behind: &[Frame]) {
        let failed = |id: &PartitionId| {
            let is_error =
                |frame: &Frame| matches!(frame, Frame::Read { partition, error: Some(_), .. } if partition == id);
            behind.iter().any(is_error)
        };
        for (partition, place) in self.places.iter_mut() {
            if place.passed.is_some() && place.fetching == Some(correlation) && !failed(partition) {
                place.passed = None;
            }
        }
    }

    /// Who wrote it has taken it back, and who reads what is committed never sees
    /// it.
    fn note_voided<C: Context<Frame>>(&self, cx: &mut C, batch: &Batch, records: &[Frame], aborted: &[Aborted]) {
        if aborted.is_empty() || self.settings.reader != Reader::Committed {
            return;
        }
        let Some(owner) = self.cluster.owner(batch.partition, self.group) else {
            return;
        };
        for (offset, record) in with_offsets(batch, records) {
            if !record.is_marker() && is_in(aborted, record, offset) {
                cx.emit(owner, FactKind::Voided, record.message.id, 0);
            }
        }
    }

    /// Records were fetched. If the application has gone elsewhere meanwhile they
    /// count for nothing.
    fn take_in(&mut self, correlation: Correlation, batch: &Batch, records: &[Frame], aborted: &[Aborted]) {
        let is_committed_only = self.settings.reader == Reader::Committed;
        let Some(place) = self.places.get_mut(&batch.partition) else {
            return;
        };
        let is_asked = place.fetching == Some(correlation);
        if place.position.is_none() || !is_asked {
            return;
        }
        for (offset, record) in with_offsets(batch, records) {
            if offset < place.fetched {
                continue;
            }
            place.fetched = offset + 1;
            let is_left_out = record.is_marker() || is_committed_only && is_in(aborted, record, offset);
            if !is_left_out {
                place.buffer.push_back((offset, *record));
            } else if place.buffer.is_empty() {
                place.position = Some(offset + 1);
            }
        }
    }

    fn on_fetch_error<C: Context<Frame>>(
        &mut self,
        cx: &mut C,
        broker: BrokerId,
        partition: PartitionId,
        error: Error,
    ) {
        let backoff = cx.now().saturating_add(self.settings.backoff);
        let at_leader = cx.now().saturating_add(self.settings.metadata_age);
        let is_near = self.leader(partition) != Some(broker);
        let Some(place) = self.places.get_mut(&partition) else {
            return;
        };
        if is_near && self.settings.rack == Some(broker) {
            // The follower may only be behind: what is so, its leader knows.
            place.at_leader_until = at_leader;
            self.needs_leaders |= error != Error::OffsetOutOfRange;
        } else if error == Error::OffsetOutOfRange {
            // What was read to is gone, or never was.
            place.left = place.position.take().unwrap_or(place.left);
            place.has_no_commit = true;
            let buffer = core::mem::take(&mut place.buffer);
            let dropped = buffer.into_iter().map(|(_, record)| (partition, record.message.id));
            self.dropped.extend(dropped);
        } else {
            place.not_before = backoff;
            self.needs_leaders = true;
        }
    }

    /// Where nothing is known of a place, `auto.offset.reset` says where it is.
    fn ask_offsets<C: Context<Frame>>(&mut self, cx: &mut C) {
        let is_settled = |place: &Place| place.position.is_some() && place.asked.is_none();
        if self.places.values().all(is_settled) {
            return;
        }
        let now = cx.now();
        let waiting: Vec<PartitionId> = self
            .places
            .iter()
            .filter(|(_, place)| place.position.is_none() && (place.has_no_commit || place.seek.is_some()))
            .filter(|(_, place)| place.asked.is_none() && place.not_before <= now)
            .map(|(partition, _)| *partition)
            .collect();
        for partition in waiting {
            let reset = match self.settings.reset {
                OffsetReset::Earliest => Some(Spot::Earliest),
                OffsetReset::Latest => Some(Spot::Latest),
                OffsetReset::None => None,
            };
            let Some(place) = self.places.get(&partition) else {
                continue;
            };
            let Some(spot) = place.seek.or(reset) else {
                self.troubles.push((partition, Error::OffsetOutOfRange));
                self.places.get_or_default(partition).has_no_commit = false;
                continue;
            };
            let Some(leader) = self.leader(partition) else { continue };
            self.next = self.next.wrapping_add(1);
            let correlation = self.next;
            self.places.get_or_default(partition).asked = Some((correlation, now));
            cx.send(
                self.links[leader.0 as usize].port,
                Frame::ListOffset {
                    correlation,
                    partition,
                    reader: self.settings.reader,
                    spot,
                },
            );
        }
        let timeout = self.settings.request_timeout;
        for place in self.places.values_mut() {
            if place.asked.is_some_and(|(_, at)| at.saturating_add(timeout) <= now) {
                place.asked = None;
            }
        }
    }

    pub(super) fn on_offset<C: Context<Frame>>(&mut self, cx: &mut C, frame: Frame) {
        let Frame::Offset {
            correlation,
            partition,
            error,
            offset,
        } = frame
        else {
            return;
        };
        let backoff = cx.now().saturating_add(self.settings.backoff);
        let Some(place) = self.places.get_mut(&partition) else {
            return;
        };
        if place.asked.is_none_or(|(asked, _)| asked != correlation) {
            return;
        }
        place.asked = None;
        match (error, offset) {
            (None, Some(offset)) => place.go_on(offset),
            // There is nothing as young as that: at the end, then.
            (None, None) => place.seek = Some(Spot::Latest),
            (Some(_), _) => {
                place.not_before = backoff;
                self.needs_leaders = true;
            }
        }
    }
}

/// A transaction that was aborted: of which producer, its first offset, and that of
/// its marker.
type Aborted = (ProducerId, u64, u64);

/// The records that stand behind a batch.
fn with_offsets<'a>(batch: &Batch, records: &'a [Frame]) -> impl Iterator<Item = (u64, &'a Record)> {
    let records = records.iter().map_while(|frame| match frame {
        Frame::Record(record) => Some(record),
        _ => None,
    });
    (batch.first..).zip(records)
}

fn is_in(aborted: &[Aborted], record: &Record, offset: u64) -> bool {
    let producer = record.transaction();
    let has_it = |(whose, first, marker): &(ProducerId, u64, u64)| {
        Some(*whose) == producer && (*first..*marker).contains(&offset)
    };
    aborted.iter().any(has_it)
}
