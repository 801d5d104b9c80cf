//! The coordinator of one group (classic protocol: join, sync, heartbeat,
//! leave), as a state machine without I/O.
//!
//! A rebalance has two halves. First everybody has to join again: who does not
//! within its rebalance timeout is out. Then the leader, a member, says who
//! gets what, and the others get it from the coordinator. Members learn of a
//! rebalance by their heartbeats.
//!
//! Left out: that a new member is first given an id and has to ask again with
//! it (KIP-394); choosing between several protocols.

use super::member::{Join, Known, MemberNumber, Told};
use super::offsets::Committed;
use crate::kafka::{Error, TopicPartition};
use alloc::vec::Vec;
use mqlab_kernel::{SimSpan, SimTime};

/// The broker's settings for groups.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct GroupSettings {
    /// `group.initial.rebalance.delay.ms`: a new group waits for others.
    pub initial_delay: SimSpan,
    /// `group.max.size`.
    pub members_max: usize,
    /// `offsets.retention.minutes`: for so long the offsets of a group are kept
    /// that nobody belongs to.
    pub offsets_retention: SimSpan,
}

impl Default for GroupSettings {
    fn default() -> Self {
        GroupSettings {
            initial_delay: SimSpan::from_secs(3),
            members_max: i32::MAX as usize,
            offsets_retention: SimSpan::from_secs(7 * 24 * 3_600),
        }
    }
}

/// Where a group stands.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum GroupState {
    /// Nobody is there.
    #[default]
    Empty,
    /// Everybody has to join again.
    PreparingRebalance,
    /// The leader is assigning.
    CompletingRebalance,
    /// Everybody has, or can get, its partitions.
    Stable,
}

/// How a rebalance waits for members to join.
#[derive(Clone, Copy, Debug)]
struct Waiting {
    until: SimTime,
    /// In a new group: how much longer it may wait after that, and whether
    /// somebody came meanwhile.
    first: Option<(SimSpan, bool)>,
}

/// A consumer group.
#[derive(Clone, Debug, Default)]
pub struct Group {
    settings: GroupSettings,
    state: GroupState,
    generation: i32,
    /// In the order in which they first joined.
    members: Vec<Known>,
    leader: Option<MemberNumber>,
    next: u32,
    waiting: Option<Waiting>,
    /// Until when everybody has to ask for its partitions.
    sync_until: Option<SimTime>,
    committed: Committed,
    told: Vec<Told>,
}

impl Group {
    /// A group of nobody.
    pub fn new(settings: GroupSettings) -> Group {
        Group {
            settings,
            ..Group::default()
        }
    }

    /// A coordinator takes over: it knows the last generation that had its
    /// partitions, and nobody of it.
    pub fn take_over(&mut self, generation: i32) {
        self.generation = self.generation.max(generation);
    }

    /// Where it stands.
    pub const fn state(&self) -> GroupState {
        self.state
    }

    /// The generation: one more with each rebalance.
    pub const fn generation(&self) -> i32 {
        self.generation
    }

    /// Who assigns.
    pub const fn leader(&self) -> Option<MemberNumber> {
        self.leader
    }

    /// Members with their partitions, in the order in which they joined.
    pub fn members(&self) -> impl Iterator<Item = (MemberNumber, &[TopicPartition])> {
        self.members.iter().map(|one| (one.number, one.partitions.as_slice()))
    }

    /// How far the group has read.
    pub const fn committed(&self) -> &Committed {
        &self.committed
    }

    /// Nobody has belonged to it for too long: what it committed is forgotten.
    /// Returns of which partitions that was.
    pub fn forget(&mut self) -> Vec<TopicPartition> {
        let known = core::mem::take(&mut self.committed);
        known.iter().map(|(partition, _)| partition).collect()
    }

    /// What members are to be told, in order; each is told once.
    pub fn take_told(&mut self) -> Vec<Told> {
        core::mem::take(&mut self.told)
    }

    /// When [`Group::tick`] has to be called next.
    pub fn deadline(&self) -> Option<SimTime> {
        let sessions = self
            .members
            .iter()
            .filter(|one| !one.is_waiting())
            .map(|one| one.expires);
        sessions
            .chain(self.waiting.map(|waiting| waiting.until))
            .chain(self.sync_until)
            .min()
    }

    fn known(&mut self, number: MemberNumber) -> Result<&mut Known, Error> {
        let known = self.members.iter_mut().find(|one| one.number == number);
        known.ok_or(Error::UnknownMemberId)
    }

    /// A member of the present generation.
    fn present(&mut self, number: MemberNumber, generation: i32) -> Result<&mut Known, Error> {
        let is_present = generation == self.generation;
        let known = self.known(number)?;
        if is_present {
            Ok(known)
        } else {
            Err(Error::IllegalGeneration)
        }
    }

    /// Somebody joins. It is told [`Told::Joined`] when the group is complete.
    /// Returns its number.
    ///
    /// # Errors
    /// [`Error::UnknownMemberId`] if it is out already;
    /// [`Error::FencedInstanceId`] if another one took its static place;
    /// [`Error::GroupMaxSizeReached`].
    pub fn join(&mut self, join: Join, now: SimTime) -> Result<MemberNumber, Error> {
        let instance = join.member.instance.clone();
        let place = self
            .members
            .iter()
            .position(|one| instance.is_some() && one.instance() == instance.as_ref());
        if let Some(number) = join.number {
            return match place {
                Some(place) if self.members[place].number != number => Err(Error::FencedInstanceId),
                _ => self.join_again(number, join, now),
            };
        }
        if place.is_none() && self.members.len() >= self.settings.members_max {
            return Err(Error::GroupMaxSizeReached);
        }
        let number = MemberNumber(self.next);
        self.next += 1;
        match place {
            Some(place) => self.take_place(place, number, join, now),
            None => {
                let mut known = Known::new(number, join, now);
                known.is_joining = true;
                self.members.push(known);
                self.rebalance(now);
                if let Some((_, has_come)) = self.waiting.as_mut().and_then(|waiting| waiting.first.as_mut()) {
                    *has_come = true;
                }
            }
        }
        self.complete_if_all_joined(now);
        Ok(number)
    }

    /// A member joins that is there already. If nothing changed for it, and it
    /// is not the leader, it learns the present generation.
    fn join_again(&mut self, number: MemberNumber, join: Join, now: SimTime) -> Result<MemberNumber, Error> {
        let is_leader = self.leader == Some(number);
        let state = self.state;
        let known = self.known(number)?;
        let is_same = (&known.member.topics, &known.member.owned) == (&join.member.topics, &join.member.owned);
        known.heard(now);
        let needs_rebalance = match state {
            GroupState::Stable => is_leader || !is_same,
            GroupState::CompletingRebalance => !is_same,
            GroupState::Empty | GroupState::PreparingRebalance => true,
        };
        (known.member, known.session, known.rebalance) = (join.member, join.session, join.rebalance);
        if needs_rebalance {
            known.is_joining = true;
            self.rebalance(now);
            self.complete_if_all_joined(now);
        } else {
            self.tell_joined(number);
        }
        Ok(number)
    }

    /// A static member is back under a new number and takes its old place. If
    /// it wants what it wanted before nobody else notices.
    fn take_place(&mut self, place: usize, number: MemberNumber, join: Join, now: SimTime) {
        let before = &mut self.members[place];
        let old = before.number;
        if before.is_waiting() {
            self.told.push(Told::Refused {
                to: old,
                error: Error::FencedInstanceId,
            });
        }
        let is_same = before.member.topics == join.member.topics;
        let mut known = Known::new(number, join, now);
        known.partitions = core::mem::take(&mut before.partitions);
        known.is_synced = before.is_synced;
        self.members[place] = known;
        if self.leader == Some(old) {
            self.leader = Some(number);
        }
        if is_same && self.state == GroupState::Stable {
            self.told.push(Told::Joined {
                to: number,
                generation: self.generation,
                members: Vec::new(),
                is_leader: false,
            });
        } else {
            self.members[place].is_joining = true;
            self.rebalance(now);
        }
    }

    /// A rebalance begins, unless one is being prepared.
    fn rebalance(&mut self, now: SimTime) {
        if self.state == GroupState::PreparingRebalance {
            return;
        }
        for one in self.members.iter_mut().filter(|one| one.is_syncing) {
            one.is_syncing = false;
            one.heard(now);
            self.told.push(Told::Refused {
                to: one.number,
                error: Error::RebalanceInProgress,
            });
        }
        let longest = self
            .members
            .iter()
            .map(|one| one.rebalance)
            .max()
            .unwrap_or(SimSpan::ZERO);
        let is_new = self.state == GroupState::Empty;
        let delay = if is_new {
            self.settings.initial_delay.min(longest)
        } else {
            longest
        };
        self.waiting = Some(Waiting {
            until: now.saturating_add(delay),
            first: is_new.then_some((longest.saturating_sub(delay), false)),
        });
        self.sync_until = None;
        self.state = GroupState::PreparingRebalance;
    }

    fn complete_if_all_joined(&mut self, now: SimTime) {
        let is_first = self.waiting.is_some_and(|waiting| waiting.first.is_some());
        let are_all_in = self.members.iter().all(|one| one.is_joining);
        if self.state == GroupState::PreparingRebalance && !is_first && are_all_in {
            self.complete(now);
        }
    }

    /// The next generation: of those that have joined, and of static members
    /// in any case, who may come back.
    fn complete(&mut self, now: SimTime) {
        self.members.retain(|one| one.is_joining || one.instance().is_some());
        if !self.members.is_empty() && !self.members.iter().any(|one| one.is_joining) {
            // Static members that are all away: their sessions decide.
            let longest = self.members.iter().map(|one| one.rebalance).max();
            let until = longest.map(|longest| now.saturating_add(longest.max(SimSpan::from_millis(1))));
            self.waiting = until.map(|until| Waiting { until, first: None });
            return;
        }
        self.waiting = None;
        self.generation += 1;
        if self.members.is_empty() {
            self.state = GroupState::Empty;
            self.leader = None;
            return;
        }
        self.state = GroupState::CompletingRebalance;
        let has_joined = |number: &MemberNumber| self.members.iter().any(|one| one.number == *number && one.is_joining);
        let first = self.members.iter().find(|one| one.is_joining);
        self.leader = self.leader.filter(has_joined).or(first.map(|one| one.number));
        let longest = self.members.iter().map(|one| one.rebalance).max();
        self.sync_until = longest.map(|longest| now.saturating_add(longest));
        let joined: Vec<MemberNumber> = self
            .members
            .iter()
            .filter(|one| one.is_joining)
            .map(|one| one.number)
            .collect();
        for one in &mut self.members {
            one.is_synced = false;
            one.heard(now);
            one.is_joining = false;
        }
        joined.into_iter().for_each(|number| self.tell_joined(number));
    }

    fn tell_joined(&mut self, to: MemberNumber) {
        let is_leader = self.leader == Some(to);
        let all = self.members.iter().filter(|_| is_leader);
        let members = all.map(|one| (one.number, one.member.clone())).collect();
        self.told.push(Told::Joined {
            to,
            generation: self.generation,
            members,
            is_leader,
        });
    }

    /// A member asks for its partitions; the leader brings everybody's along.
    /// It is told [`Told::Synced`].
    ///
    /// # Errors
    /// [`Error::UnknownMemberId`], [`Error::IllegalGeneration`];
    /// [`Error::RebalanceInProgress`] if it has to join again first.
    pub fn sync(
        &mut self,
        number: MemberNumber,
        generation: i32,
        assigned: Vec<(MemberNumber, Vec<TopicPartition>)>,
        now: SimTime,
    ) -> Result<(), Error> {
        let state = self.state;
        let known = self.present(number, generation)?;
        known.heard(now);
        if state == GroupState::PreparingRebalance {
            return Err(Error::RebalanceInProgress);
        }
        known.is_syncing = true;
        if state == GroupState::CompletingRebalance {
            if self.leader != Some(number) {
                return Ok(());
            }
            self.assign(assigned);
        }
        self.answer_syncing(now);
        Ok(())
    }

    /// The leader has spoken: who is not in its list gets nothing.
    fn assign(&mut self, assigned: Vec<(MemberNumber, Vec<TopicPartition>)>) {
        self.state = GroupState::Stable;
        self.members.iter_mut().for_each(|one| one.partitions.clear());
        for (number, partitions) in assigned {
            if let Ok(known) = self.known(number) {
                known.partitions = partitions;
            }
        }
    }

    fn answer_syncing(&mut self, now: SimTime) {
        for one in self.members.iter_mut().filter(|one| one.is_syncing) {
            one.is_syncing = false;
            one.is_synced = true;
            one.heard(now);
            self.told.push(Told::Synced {
                to: one.number,
                partitions: one.partitions.clone(),
            });
        }
        if self.members.iter().all(|one| one.is_synced) {
            self.sync_until = None;
        }
    }

    /// A member says that it lives.
    ///
    /// # Errors
    /// [`Error::UnknownMemberId`], [`Error::IllegalGeneration`];
    /// [`Error::RebalanceInProgress`] tells it to join again.
    pub fn heartbeat(&mut self, number: MemberNumber, generation: i32, now: SimTime) -> Result<(), Error> {
        let is_preparing = self.state == GroupState::PreparingRebalance;
        self.present(number, generation)?.heard(now);
        if is_preparing {
            Err(Error::RebalanceInProgress)
        } else {
            Ok(())
        }
    }

    /// A member leaves. Static members do not: they stop, and come back.
    ///
    /// # Errors
    /// [`Error::UnknownMemberId`].
    pub fn leave(&mut self, number: MemberNumber, now: SimTime) -> Result<(), Error> {
        self.known(number)?;
        self.remove(&[number], now);
        Ok(())
    }

    /// Members are out; the others rebalance.
    fn remove(&mut self, numbers: &[MemberNumber], now: SimTime) {
        self.members.retain(|one| !numbers.contains(&one.number));
        self.rebalance(now);
        self.complete_if_all_joined(now);
    }

    /// Time has passed: members that were not heard of are out, and so are
    /// those that kept a rebalance waiting for too long.
    pub fn tick(&mut self, now: SimTime) {
        let is_late = |one: &&Known| !one.is_waiting() && one.expires <= now;
        let late: Vec<MemberNumber> = self.members.iter().filter(is_late).map(|one| one.number).collect();
        if !late.is_empty() {
            self.remove(&late, now);
        }
        if self.sync_until.is_some_and(|until| until <= now) {
            let is_missing = |one: &&Known| !one.is_synced && !one.is_syncing;
            let missing: Vec<MemberNumber> = self.members.iter().filter(is_missing).map(|one| one.number).collect();
            self.sync_until = None;
            if !missing.is_empty() {
                self.remove(&missing, now);
            }
        }
        let Some(waiting) = self.waiting.as_mut().filter(|waiting| waiting.until <= now) else {
            return;
        };
        match &mut waiting.first {
            Some((left, has_come)) if *has_come && !left.is_zero() => {
                let delay = self.settings.initial_delay.min(*left);
                *left = left.saturating_sub(delay);
                *has_come = false;
                waiting.until = now.saturating_add(delay);
            }
            _ => self.complete(now),
        }
    }

    /// A member commits how far it has read.
    ///
    /// # Errors
    /// [`Error::UnknownMemberId`], [`Error::IllegalGeneration`];
    /// [`Error::RebalanceInProgress`] before it has its partitions.
    pub fn commit(
        &mut self,
        number: MemberNumber,
        generation: i32,
        offsets: &[(TopicPartition, u64)],
        now: SimTime,
    ) -> Result<(), Error> {
        self.check(number, generation, now)?;
        self.settle(offsets);
        Ok(())
    }

    /// Whether a member may commit now.
    ///
    /// # Errors
    /// As for [`Group::commit`].
    pub fn check(&mut self, number: MemberNumber, generation: i32, now: SimTime) -> Result<(), Error> {
        self.present(number, generation)?.heard(now);
        if self.state == GroupState::CompletingRebalance {
            return Err(Error::RebalanceInProgress);
        }
        Ok(())
    }

    /// What was committed in a transaction counts, whoever belongs to the group
    /// by now.
    pub fn settle(&mut self, offsets: &[(TopicPartition, u64)]) {
        for (partition, offset) in offsets {
            self.committed.commit(*partition, *offset);
        }
    }

    /// Somebody sets how far the group has read while nobody is there: a
    /// consumer outside of any generation, or an operator.
    ///
    /// # Errors
    /// [`Error::UnknownMemberId`] if the group has members.
    pub fn reset(&mut self, offsets: &[(TopicPartition, u64)]) -> Result<(), Error> {
        if self.state != GroupState::Empty {
            return Err(Error::UnknownMemberId);
        }
        self.settle(offsets);
        Ok(())
    }
}

#[cfg(test)]
#[path = "coordinator_tests.rs"]
mod tests;
