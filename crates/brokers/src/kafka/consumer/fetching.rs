//! Finding the place to begin, and fetching from there.

use super::Consumer;
use super::places::Place;
use crate::kafka::cluster::{PartitionId, Reads};
use crate::kafka::wire::{Batch, Correlation, Frame, Spot, Wanted};
use crate::kafka::{BrokerId, Error, OffsetReset, ProducerId, Reader, Record};
use alloc::vec::Vec;
use mqlab_kernel::{SimTime, sort_by};
use mqlab_model::{Context, FactKind, Port};

/// What a broker knows of what is wanted of it (KIP-227).
#[derive(Clone, Default, Debug)]
pub(super) struct Session {
    /// Since when everything goes its usual way; else it is told everything anew.
    since: Option<u64>,
    /// What may have changed since the last fetch.
    pub(super) changed: Vec<PartitionId>,
    /// How many partitions it knows to be wanted.
    listed: usize,
}

impl Consumer {
    /// Looks whether everything goes its usual way now, if it did not.
    pub(super) fn look_around(&mut self, now: SimTime) {
        // Where any replica may be read beyond what is committed, nobody says when
        // there is more.
        if self.places.calm().is_some() || self.cluster.settings.reads == Reads::Anything {
            return;
        }
        let is_usual = |(partition, place): (&PartitionId, &Place)| {
            let is_due = place.not_before.max(place.at_leader_until) <= now;
            place.is_settled() && is_due && self.leader(*partition).is_some()
        };
        if self.places.all().iter().all(is_usual) {
            self.places.settle();
        }
    }

    pub(super) fn ask_leaders<C: Context<Frame>>(&mut self, cx: &mut C) {
        let now = cx.now();
        let is_missing = |partition, _: &Place| self.leader(partition).is_none();
        self.needs_leaders |= self.places.any_unusual(is_missing);
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
                self.places.unsettle();
            }
            if link.is_open && link.fetch.is_none() {
                self.fetch_from(cx, broker);
            }
        }
    }

    /// Asks a broker for all that there is room for. As long as everything goes its
    /// usual way it hears only what has changed.
    fn fetch_from<C: Context<Frame>>(&mut self, cx: &mut C, broker: BrokerId) {
        let now = cx.now();
        let correlation = self.next.wrapping_add(1);
        let calm = self.places.calm();
        let session = &self.links[broker.0 as usize].session;
        let is_all = calm.is_none() || session.since != calm;
        let (behind, listed) = if is_all {
            self.wanted_all(now, broker)
        } else {
            self.wanted_anew(now, broker)
        };
        if listed == 0 {
            return;
        }
        self.next = correlation;
        let from = (broker, correlation);
        for frame in &behind {
            match frame {
                Frame::Wanted(wanted) => self.places.list(wanted.partition, from, true),
                Frame::Forgotten { partition } => self.places.list(*partition, from, false),
                _ => {}
            }
        }
        let link = &mut self.links[broker.0 as usize];
        link.fetch = Some((correlation, now));
        link.session.since = calm;
        link.session.listed = listed;
        link.session.changed.clear();
        let port = link.port;
        let said = behind
            .iter()
            .filter(|frame| !is_all || !matches!(frame, Frame::Forgotten { .. }));
        let head = Frame::Fetch {
            correlation,
            more: said.clone().count() as u32,
            is_all,
            reader: self.settings.reader,
            replica: None,
            number: self.group.0,
            max_wait_ms: (self.settings.fetch_wait.nanos() / 1_000_000) as u32,
            min_bytes: self.settings.fetch_min,
        };
        cx.send(port, head);
        for frame in said {
            cx.send(port, *frame);
        }
    }

    /// All that is wanted of a broker now or later, and how much is now.
    fn wanted_all(&self, now: SimTime, broker: BrokerId) -> (Vec<Frame>, usize) {
        let (mut behind, mut listed) = (Vec::new(), 0);
        for (partition, place) in self.places.all().iter() {
            if self.source(*partition, place, now) == Some(broker) {
                let is_wanted = place.has_room(now);
                listed += usize::from(is_wanted);
                self.say(&mut behind, *partition, (place, is_wanted));
            }
        }
        (behind, listed)
    }

    /// What has changed of that, and how much is wanted now.
    fn wanted_anew(&mut self, now: SimTime, broker: BrokerId) -> (Vec<Frame>, usize) {
        let session = &mut self.links[broker.0 as usize].session;
        let (mut behind, mut listed) = (Vec::new(), session.listed);
        let mut changed = core::mem::take(&mut session.changed);
        sort_by(&mut changed, Ord::cmp);
        changed.dedup();
        for partition in &changed {
            let Some(place) = self.places.all().get(partition) else {
                continue;
            };
            let is_wanted = place.has_room(now);
            let was_wanted = place.is_asked_of(broker);
            if self.source(*partition, place, now) == Some(broker) && (is_wanted || was_wanted) {
                listed = listed + usize::from(is_wanted) - usize::from(was_wanted);
                self.say(&mut behind, *partition, (place, is_wanted));
            }
        }
        self.links[broker.0 as usize].session.changed = changed;
        (behind, listed)
    }

    fn say(&self, behind: &mut Vec<Frame>, partition: PartitionId, (place, is_wanted): (&Place, bool)) {
        if !is_wanted {
            return behind.push(Frame::Forgotten { partition });
        }
        let known = self.leaders[partition.0 as usize];
        behind.push(Frame::Wanted(Wanted {
            partition,
            epoch: known.map_or(0, |known| u32::from(known.leader_epoch)),
            last_epoch: u32::MAX,
            offset: place.fetched,
        }));
        let passed = place.passed;
        behind.extend(passed.map(|(from, to)| Frame::Passed { partition, from, to }));
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
                    let place = || self.places.all().get(partition);
                    let is_asked = || place().is_some_and(|place| place.is_asked_of(broker));
                    if let Some(error) = error.filter(|_| is_asked()) {
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
                    self.take_in(broker, batch, records, &aborted);
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
        let is_its = |place: &Place| place.fetching.is_some_and(|(_, asked)| asked == correlation);
        self.places
            .forget_passed(|partition, place| is_its(place) && !failed(&partition));
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
    fn take_in(&mut self, broker: BrokerId, batch: &Batch, records: &[Frame], aborted: &[Aborted]) {
        let is_committed_only = self.settings.reader == Reader::Committed;
        let is_there = self.places.take_in(batch.partition, |place| {
            if place.position.is_none() || !place.is_asked_of(broker) {
                return;
            }
            place.buffer.reserve(usize::from(batch.records));
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
        });
        let changed = &mut self.links[broker.0 as usize].session.changed;
        if is_there && changed.last() != Some(&batch.partition) {
            changed.push(batch.partition);
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
        let Some(place) = self.places.all_mut().get_mut(&partition) else {
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
        if !self.places.any_unusual(|_, place| !place.is_settled()) {
            return;
        }
        let now = cx.now();
        let waiting: Vec<PartitionId> = self
            .places
            .all()
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
            let Some(place) = self.places.all().get(&partition) else {
                continue;
            };
            let Some(spot) = place.seek.or(reset) else {
                self.troubles.push((partition, Error::OffsetOutOfRange));
                self.places.all_mut().get_or_default(partition).has_no_commit = false;
                continue;
            };
            let Some(leader) = self.leader(partition) else { continue };
            self.next = self.next.wrapping_add(1);
            let correlation = self.next;
            self.places.all_mut().get_or_default(partition).asked = Some((correlation, now));
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
        for place in self.places.all_mut().values_mut() {
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
        let Some(place) = self.places.all_mut().get_mut(&partition) else {
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
