//! Where a consumer stands in what it is assigned. Most of the time everything goes
//! its usual way: then only partitions to which something happens are looked at,
//! however many there are.

use super::Polled;
use crate::kafka::cluster::PartitionId;
use crate::kafka::wire::{Correlation, Spot};
use crate::kafka::{BrokerId, Record, Seek};
use alloc::collections::VecDeque;
use alloc::vec::Vec;
use mqlab_kernel::{SimTime, SortedMap};
use mqlab_model::MessageId;

/// Where a consumer stands in a partition.
#[derive(Clone, Default, Debug)]
pub(super) struct Place {
    /// The offset that the application gets next, once it is known.
    pub(super) position: Option<u64>,
    /// The offset that is fetched next.
    pub(super) fetched: u64,
    /// What was fetched and not polled.
    pub(super) buffer: VecDeque<(u64, Record)>,
    /// What was polled, by offset, and is not known to be committed.
    pub(super) polled: VecDeque<(u64, MessageId)>,
    /// Whom it is fetched from, and by which fetch that was said last.
    pub(super) fetching: Option<(BrokerId, Correlation)>,
    /// It is among what is fetched from there. What another one brings is of a time
    /// before it was given away, or before the application went elsewhere.
    pub(super) is_listed: bool,
    pub(super) is_paused: bool,
    /// Where it was before it went elsewhere.
    pub(super) left: u64,
    /// What it leaves out, as long as nobody has been told.
    pub(super) passed: Option<(u64, u64)>,
    /// An offset was asked for.
    pub(super) asked: Option<(Correlation, SimTime)>,
    /// Where to begin, if not where the group has read to.
    pub(super) seek: Option<Spot>,
    /// What was committed was asked for, and there is nothing.
    pub(super) has_no_commit: bool,
    pub(super) not_before: SimTime,
    /// A follower could not serve it: until then the leader is asked.
    pub(super) at_leader_until: SimTime,
}

impl Place {
    /// The application gets what comes from `offset` on.
    pub(super) fn begin(&mut self, offset: u64) {
        *self = Place {
            position: Some(offset),
            fetched: offset,
            polled: core::mem::take(&mut self.polled),
            is_paused: self.is_paused,
            passed: self.passed,
            ..Place::default()
        };
    }

    /// The same, and what it has not come to before that is left out.
    pub(super) fn go_on(&mut self, offset: u64) {
        let before = self.position.unwrap_or(self.left);
        if before < offset {
            self.passed = Some((before, offset));
        }
        self.begin(offset);
    }

    /// The application goes elsewhere.
    pub(super) fn seek_to(&mut self, to: Seek) {
        match to {
            Seek::Offset(offset) => self.go_on(offset),
            Seek::Spot(spot) => {
                *self = Place {
                    left: self.position.unwrap_or(self.left),
                    passed: self.passed,
                    is_paused: self.is_paused,
                    seek: Some(spot),
                    polled: core::mem::take(&mut self.polled),
                    ..Place::default()
                };
            }
        }
    }

    /// Whether it goes on where the group has read to, once that is known.
    pub(super) fn is_unsure(&self) -> bool {
        self.position.is_none() && self.seek.is_none()
    }

    /// Whether it waits for an offset.
    pub(super) fn waits(&self) -> bool {
        self.position.is_none()
    }

    /// Whether its offset is known, and nobody is asked for another.
    pub(super) fn is_settled(&self) -> bool {
        !self.waits() && self.asked.is_none()
    }

    /// Whether a broker has been asked for it, and still is.
    pub(super) fn is_asked_of(&self, broker: BrokerId) -> bool {
        self.is_listed && self.fetching.is_some_and(|(asked, _)| asked == broker)
    }

    /// Whether more of it can be taken in.
    pub(super) fn has_room(&self, now: SimTime) -> bool {
        self.position.is_some() && self.buffer.is_empty() && !self.is_paused && self.not_before <= now
    }

    /// Whether a poll would return some of it.
    fn has_some(&self) -> bool {
        !self.is_paused && !self.buffer.is_empty()
    }

    /// The application gets what there is, until it has `most` records.
    fn give(&mut self, partition: PartitionId, most: usize, polled: &mut Vec<Polled>) {
        while polled.len() < most && !self.is_paused {
            let Some((offset, record)) = self.buffer.pop_front() else {
                break;
            };
            self.position = Some(offset + 1);
            if !record.is_marker() {
                while self.polled.back().is_some_and(|(known, _)| *known >= offset) {
                    self.polled.pop_back();
                }
                self.polled.push_back((offset, record.message.id));
                polled.push(Polled {
                    partition,
                    offset,
                    record,
                });
            }
        }
        if self.buffer.is_empty() {
            // Its memory serves the next partition: that of very many would never be
            // at hand.
            self.buffer = VecDeque::new();
            // Behind what was left out: markers, and what was aborted.
            self.position = self.position.map(|position| position.max(self.fetched));
        }
    }
}

/// Where it stands in all that it is assigned.
#[derive(Clone, Default, Debug)]
pub(super) struct Places {
    all: SortedMap<PartitionId, Place>,
    /// Since everything was looked at and found to go its usual way, nothing has
    /// happened but that records came and were polled.
    is_calm: bool,
    /// How often that has ended.
    unrests: u64,
    /// While it lasts: of what there is something to poll, in order,
    filled: Vec<PartitionId>,
    /// and whether anything was left out that nobody has been told.
    has_passed: bool,
}

impl Places {
    /// All of them.
    pub(super) fn all(&self) -> &SortedMap<PartitionId, Place> {
        &self.all
    }

    /// All of them, to do to them what is out of the ordinary.
    pub(super) fn all_mut(&mut self) -> &mut SortedMap<PartitionId, Place> {
        self.unsettle();
        &mut self.all
    }

    /// Something has happened: everything has to be looked at again.
    pub(super) fn unsettle(&mut self) {
        if self.is_calm {
            self.unrests += 1;
            self.is_calm = false;
        }
    }

    /// Everything was looked at and goes its usual way.
    pub(super) fn settle(&mut self) {
        self.is_calm = true;
        self.filled.clear();
        let filled = self.all.iter().filter(|(_, place)| !place.buffer.is_empty());
        self.filled.extend(filled.map(|(partition, _)| *partition));
        self.has_passed = self.all.values().any(|place| place.passed.is_some());
    }

    /// The time since everything went its usual way, by its number, if it does.
    pub(super) fn calm(&self) -> Option<u64> {
        self.is_calm.then_some(self.unrests)
    }

    /// Whether this is true of any; of none while everything goes its usual way.
    pub(super) fn any_unusual(&self, is_so: impl Fn(PartitionId, &Place) -> bool) -> bool {
        !self.is_calm && self.all.iter().any(|(partition, place)| is_so(*partition, place))
    }

    /// What was polled of a partition and is not known to be committed.
    pub(super) fn polled_mut(&mut self, partition: PartitionId) -> Option<&mut VecDeque<(u64, MessageId)>> {
        self.all.get_mut(&partition).map(|place| &mut place.polled)
    }

    /// A partition is fetched from a broker, now or as soon as there is room.
    pub(super) fn list(&mut self, partition: PartitionId, from: (BrokerId, Correlation), is_listed: bool) {
        if let Some(place) = self.all.get_mut(&partition) {
            place.fetching = Some(from);
            place.is_listed = is_listed;
        }
    }

    /// Records of a partition arrive; `take` puts them where they belong. Whether
    /// there is such a place.
    pub(super) fn take_in(&mut self, partition: PartitionId, take: impl FnOnce(&mut Place)) -> bool {
        let Some(place) = self.all.get_mut(&partition) else {
            return false;
        };
        take(place);
        if self.is_calm
            && !place.buffer.is_empty()
            && let Err(at) = self.filled.binary_search(&partition)
        {
            self.filled.insert(at, partition);
        }
        true
    }

    /// What was left out is told to `is_told` only.
    pub(super) fn forget_passed(&mut self, is_told: impl Fn(PartitionId, &Place) -> bool) {
        if self.is_calm && !self.has_passed {
            return;
        }
        self.has_passed = false;
        for (partition, place) in self.all.iter_mut().filter(|(_, place)| place.passed.is_some()) {
            if is_told(*partition, place) {
                place.passed = None;
            }
            self.has_passed |= place.passed.is_some();
        }
    }

    /// Whether a poll would return something.
    pub(super) fn has_some(&self) -> bool {
        if self.is_calm {
            let place = |partition: &PartitionId| self.all.get(partition);
            return self.filled.iter().filter_map(place).any(Place::has_some);
        }
        self.all.values().any(Place::has_some)
    }

    /// The application polls: at most `most` records. Calls `drained` for every
    /// partition of which nothing is left, with whoever was asked for it.
    pub(super) fn poll(&mut self, most: usize, mut drained: impl FnMut(PartitionId, BrokerId)) -> Vec<Polled> {
        let mut polled = Vec::new();
        if !self.is_calm {
            for (partition, place) in self.all.iter_mut() {
                place.give(*partition, most, &mut polled);
            }
            return polled;
        }
        let all = &mut self.all;
        self.filled.retain(|partition| {
            let Some(place) = all.get_mut(partition) else {
                return false;
            };
            place.give(*partition, most, &mut polled);
            let is_left = !place.buffer.is_empty();
            if let Some((broker, _)) = place.fetching.filter(|_| !is_left) {
                drained(*partition, broker);
            }
            is_left
        });
        polled
    }
}
