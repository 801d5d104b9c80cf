//! The leader of a partition: who is in sync with it, and up to where records
//! are committed.
//!
//! A change of the replicas in sync is proposed to the controller and counts
//! when that has confirmed it. Until then the leader is careful in both
//! directions: a replica that should join is waited for already, and one that
//! should leave still is.

use super::acks::is_under_min_isr;
use super::replica::{BrokerId, Replica};
use crate::kafka::Error;
use alloc::vec::Vec;
use mqlab_kernel::{SimSpan, SimTime};

/// When a follower is no longer in sync.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LagRule {
    /// It did not have everything for longer than this
    /// (`replica.lag.time.max.ms`).
    Time(SimSpan),
    /// It is more than so many records behind (`replica.lag.max.messages`, up
    /// to Kafka 0.8: KIP-16 did away with it, because every burst of records
    /// threw followers out).
    Records(u64),
}

/// The rules of a partition's replication.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Replication {
    /// When a follower is no longer in sync.
    pub lag: LagRule,
    /// `min.insync.replicas`.
    pub min_insync: usize,
    /// Whether the high watermark stands still while fewer are in sync (since
    /// Kafka 3.7, KIP-966).
    pub freezes_below_min: bool,
}

impl Default for Replication {
    /// Kafka 4.2.
    fn default() -> Self {
        Replication {
            lag: LagRule::Time(SimSpan::from_secs(30)),
            min_insync: 1,
            freezes_below_min: true,
        }
    }
}

/// What the leader knows of its partition's other replicas.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Leader {
    /// The leader's broker.
    pub broker: BrokerId,
    /// Where its epoch begins: the end of its log when it became leader.
    pub epoch_start: u64,
    rules: Replication,
    /// The others, in the order of the assignment.
    followers: Vec<Replica>,
    /// In sync, the leader included, as the controller confirmed it; in order
    /// of numbers.
    in_sync: Vec<BrokerId>,
    /// What was proposed and is not yet confirmed.
    proposed: Option<Vec<BrokerId>>,
}

impl Leader {
    /// A broker becomes leader of `replicas`, of which the controller says
    /// that `in_sync` are; its log ends at `log_end`.
    pub fn new(
        broker: BrokerId,
        replicas: &[BrokerId],
        in_sync: &[BrokerId],
        rules: Replication,
        log_end: u64,
        now: SimTime,
    ) -> Leader {
        let others = replicas.iter().filter(|one| **one != broker);
        Leader {
            broker,
            epoch_start: log_end,
            rules,
            followers: others
                .map(|one| Replica::new(*one, in_sync.contains(one), now))
                .collect(),
            in_sync: in_order(in_sync.to_vec()),
            proposed: None,
        }
    }

    /// The replicas in sync, as far as the controller confirmed them.
    pub fn in_sync(&self) -> &[BrokerId] {
        &self.in_sync
    }

    /// What was proposed to the controller and is not yet confirmed.
    pub fn proposed(&self) -> Option<&[BrokerId]> {
        self.proposed.as_deref()
    }

    /// Everybody who may be in sync, once the controller has answered.
    pub fn maximal_in_sync(&self) -> Vec<BrokerId> {
        let joining = self.proposed.iter().flatten().filter(|one| !self.in_sync.contains(one));
        in_order(self.in_sync.iter().chain(joining).copied().collect())
    }

    /// The followers.
    pub fn followers(&self) -> &[Replica] {
        &self.followers
    }

    /// A follower.
    pub fn follower(&self, broker: BrokerId) -> Option<&Replica> {
        self.followers.iter().find(|one| one.broker == broker)
    }

    /// The controller says whether a broker may be in sync at all.
    pub fn set_eligible(&mut self, broker: BrokerId, is_eligible: bool) {
        if let Some(one) = self.followers.iter_mut().find(|one| one.broker == broker) {
            one.is_eligible = is_eligible;
        }
    }

    /// New rules, from now on.
    pub fn set_rules(&mut self, rules: Replication) {
        self.rules = rules;
    }

    /// Whether fewer are in sync than `min.insync.replicas` asks for.
    pub fn is_under_min_isr(&self) -> bool {
        is_under_min_isr(self.in_sync.len(), self.rules.min_insync, self.followers.len() + 1)
    }

    /// A follower fetches from `offset` on. If it can join those in sync now,
    /// that is proposed. A broker that is no follower changes nothing.
    pub fn fetched(&mut self, broker: BrokerId, offset: u64, log_end: u64, high_watermark: u64, now: SimTime) {
        let Some(follower) = self.followers.iter_mut().find(|one| one.broker == broker) else {
            return;
        };
        follower.fetched(offset, log_end, now);
        // It has all that is committed, and the leader's own beginning, before
        // which their logs might still differ.
        let has_enough = offset >= high_watermark && offset >= self.epoch_start;
        let may_join = follower.is_eligible && self.proposed.is_none() && !self.in_sync.contains(&broker);
        if has_enough && may_join {
            let mut in_sync = self.in_sync.clone();
            in_sync.push(broker);
            self.proposed = Some(in_order(in_sync));
        }
    }

    /// Whether a follower keeps up.
    fn keeps_up(&self, follower: &Replica, log_end: u64, now: SimTime) -> bool {
        if follower.log_end == Some(log_end) {
            return true;
        }
        match self.rules.lag {
            LagRule::Time(most) => follower
                .caught_up
                .is_some_and(|time| now.saturating_since(time) <= most),
            LagRule::Records(most) => follower.log_end.is_some_and(|end| log_end.saturating_sub(end) <= most),
        }
    }

    /// Proposes to leave out those in sync that do not keep up. Returns
    /// whether there is something new to propose.
    pub fn shrink(&mut self, log_end: u64, now: SimTime) -> bool {
        let is_slow = |one: &&Replica| !self.keeps_up(one, log_end, now);
        let slow: Vec<BrokerId> = self.followers.iter().filter(is_slow).map(|one| one.broker).collect();
        let mut rest = self.in_sync.clone();
        rest.retain(|one| !slow.contains(one));
        let is_new = self.proposed.is_none() && rest.len() < self.in_sync.len();
        if is_new {
            self.proposed = Some(rest);
        }
        is_new
    }

    /// The controller confirms who is in sync.
    pub fn confirmed(&mut self, in_sync: &[BrokerId]) {
        self.in_sync = in_order(in_sync.to_vec());
        self.proposed = None;
    }

    /// The controller does not accept what was proposed.
    pub fn refused(&mut self) {
        self.proposed = None;
    }

    /// The high watermark: up to where everybody has written who is in sync,
    /// or may be, or keeps up without being in sync yet. It never goes back.
    pub fn high_watermark(&self, before: u64, log_end: u64, now: SimTime) -> u64 {
        if self.rules.freezes_below_min && self.is_under_min_isr() {
            return before;
        }
        let joins = |broker: &BrokerId| self.proposed.as_ref().is_some_and(|proposed| proposed.contains(broker));
        let is_maximal = |broker: &BrokerId| self.in_sync.contains(broker) || joins(broker);
        // Who counts by records is either in sync or too far behind.
        let is_timed = matches!(self.rules.lag, LagRule::Time(_));
        let is_waited_for =
            |one: &&Replica| is_maximal(&one.broker) || is_timed && one.is_eligible && self.keeps_up(one, log_end, now);
        let ends = self
            .followers
            .iter()
            .filter(is_waited_for)
            .map(|one| one.log_end.unwrap_or(0));
        ends.fold(log_end, u64::min).max(before)
    }

    /// The offset after the last record, as clients are told. Right after an
    /// election the leader does not know yet what was committed.
    ///
    /// # Errors
    /// [`Error::OffsetNotAvailable`] until
    /// the high watermark has reached the leader's own epoch.
    pub const fn latest_offset(&self, high_watermark: u64) -> Result<u64, Error> {
        if high_watermark < self.epoch_start {
            Err(Error::OffsetNotAvailable)
        } else {
            Ok(high_watermark)
        }
    }
}

fn in_order(mut brokers: Vec<BrokerId>) -> Vec<BrokerId> {
    mqlab_kernel::sort_by_key(&mut brokers, |one| *one);
    brokers
}

#[cfg(test)]
#[path = "leader_tests.rs"]
mod tests;
