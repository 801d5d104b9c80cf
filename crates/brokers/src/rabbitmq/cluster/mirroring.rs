//! What changes of a mirrored queue while the cluster runs, as with a policy of `ha-*`
//! keys: how many mirrors it has, which of them may take over, and what a new one gets.
//!
//! The master decides who its mirrors are, as with `ha-mode: exactly`: it stays where it
//! is; of mirrors that are too many the youngest go, whether they have everything or not,
//! and where there are too few, members that are there join
//! (`rabbit_mirror_queue_mode_exactly:suggested_queue_nodes`). RabbitMQ takes these at
//! random, and here they follow in turn. Those that are to go drop what they have
//! (`rabbit_mirror_queue_misc:drop_mirror`); with `ha-sync-mode: automatic` those that
//! have not everything get it (`maybe_auto_sync`).

use super::classic::{Kept, copy};
use super::mirrors::Standing;
use super::wire::Wire;
use super::{Keeping, Member, MemberId, Promote, Settings};
use crate::rabbitmq::QueueId;
use alloc::rc::Rc;
use alloc::vec::Vec;
use mqlab_model::Context;

/// What may change of how a classic queue is mirrored.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum MirrorRule {
    /// How many mirrors there are beside the master: `ha-params` of `ha-mode: exactly`,
    /// less one.
    Count(u8),
    /// `ha-promote-on-failure`.
    Promote(Promote),
    /// Whether `ha-sync-mode` is `automatic`.
    SyncedAtOnce(bool),
}

/// Which of these, without a value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum MirrorRuleKind {
    /// [`MirrorRule::Count`].
    Count,
    /// [`MirrorRule::Promote`].
    Promote,
    /// [`MirrorRule::SyncedAtOnce`].
    SyncedAtOnce,
}

impl MirrorRuleKind {
    /// All of them.
    pub const ALL: [MirrorRuleKind; 3] = [
        MirrorRuleKind::Count,
        MirrorRuleKind::Promote,
        MirrorRuleKind::SyncedAtOnce,
    ];
}

impl MirrorRule {
    /// It as a number, for the record of changes.
    fn number(self) -> u64 {
        match self {
            MirrorRule::Count(count) => u64::from(count),
            MirrorRule::Promote(promote) => promote as u64,
            MirrorRule::SyncedAtOnce(on) => u64::from(on),
        }
    }
}

impl Settings {
    /// How a classic queue is mirrored; `None` for a queue that cannot be.
    pub fn mirror_rule(&self, queue: QueueId, kind: MirrorRuleKind) -> Option<MirrorRule> {
        let (count, promote, is_synced_at_once) = match self.keeping.get(usize::from(queue.0))? {
            Keeping::Home(_) => (0, Promote::default(), false),
            Keeping::Mirrored {
                mirrors,
                promote,
                is_synced_at_once,
                ..
            } => (mirrors.len() as u8, *promote, *is_synced_at_once),
            Keeping::Quorum(_) => return None,
        };
        Some(match kind {
            MirrorRuleKind::Count => MirrorRule::Count(count),
            MirrorRuleKind::Promote => MirrorRule::Promote(promote),
            MirrorRuleKind::SyncedAtOnce => MirrorRule::SyncedAtOnce(is_synced_at_once),
        })
    }

    /// A queue is to be mirrored in another way. `None` if it cannot be.
    fn mirror(&mut self, queue: QueueId, rule: MirrorRule) -> Option<u64> {
        let members = self.members;
        let keeping = self.keeping.get_mut(usize::from(queue.0))?;
        if let Keeping::Home(home) = *keeping {
            *keeping = Keeping::Mirrored {
                master: home,
                mirrors: Vec::new(),
                promote: Promote::default(),
                is_synced_at_once: false,
            };
        }
        let Keeping::Mirrored {
            master,
            mirrors,
            promote,
            is_synced_at_once,
        } = keeping
        else {
            return None;
        };
        match rule {
            MirrorRule::Count(count) => {
                *mirrors = master.those_after(members).take(usize::from(count)).collect();
                return Some(mirrors.len() as u64);
            }
            MirrorRule::Promote(which) => *promote = which,
            MirrorRule::SyncedAtOnce(on) => *is_synced_at_once = on,
        }
        Some(rule.number())
    }
}

impl MemberId {
    /// All others of so many members, in turn.
    fn those_after(self, members: u8) -> impl Iterator<Item = MemberId> + use<> {
        (1..members).map(move |step| MemberId((self.0 + step) % members))
    }
}

impl Member {
    /// How a classic queue is mirrored now; `None` for one that cannot be.
    pub fn mirror_rule(&self, queue: QueueId, kind: MirrorRuleKind) -> Option<MirrorRule> {
        self.cluster.mirror_rule(queue, kind)
    }

    /// The members among which a mirrored queue is, as far as this one knows: a bit for
    /// each. `None` for a queue that never had mirrors.
    pub fn mirrored_among(&self, queue: QueueId) -> Option<u8> {
        self.standings.get(&queue).map(|standing| standing.group)
    }

    /// A queue is to be mirrored in another way from now on; if it is here, and the member
    /// is up, that is so at once. Returns the new value as a number; `None` for a queue that
    /// cannot be mirrored.
    pub fn set_mirroring<C: Context<Wire>>(
        &mut self,
        cx: &mut C,
        queue: QueueId,
        rule: MirrorRule,
        is_up: bool,
    ) -> Option<u64> {
        let home = match self.cluster.keeping(queue) {
            Keeping::Home(home) => Some(*home),
            _ => None,
        };
        let value = Rc::make_mut(&mut self.cluster).settings.mirror(queue, rule)?;
        if let Some(home) = home {
            self.begin_mirroring(cx, queue, home, is_up && !self.is_paused);
        }
        if is_up && !self.is_paused {
            self.drop_surplus(queue);
            self.regroup(cx, queue);
            self.work_off(cx);
        }
        Some(value)
    }

    /// A queue that had no mirrors may have some.
    fn begin_mirroring<C: Context<Wire>>(&mut self, cx: &mut C, queue: QueueId, home: MemberId, is_there: bool) {
        let generation = match home == self.own {
            true => u32::from(self.life),
            false => 0,
        };
        let mut standing = Standing::alone(generation, home);
        // Who is away hears how things stand by then.
        standing.waits_for = (!is_there && home != self.own).then_some(0);
        self.standings.insert(queue, standing);
        let place = self.cluster.config.queues[usize::from(queue.0)].place;
        if let (Some(master), Some(ledger)) = (self.masters.get(&queue), cx.ledger(place)) {
            let there = master.stored.values();
            there.for_each(|kept| ledger.add(kept.message.id));
        }
    }

    /// A mirror that is one too many knows that from the metadata, and does not take over
    /// from a master that dies at this moment.
    fn drop_surplus(&mut self, queue: QueueId) {
        let Keeping::Mirrored { mirrors, .. } = self.cluster.keeping(queue) else {
            return;
        };
        let most = mirrors.len();
        let standing = self.standings.get_mut(&queue);
        let Some(standing) = standing.filter(|standing| standing.mirrors.len() > most) else {
            return;
        };
        if self.masters.contains_key(&queue) {
            return;
        }
        standing.mirrors.truncate(most);
        let kept = standing.mirrors.iter();
        standing.group = kept.fold(standing.master.bit(), |group, member| group | member.bit());
        standing.synchronised &= standing.group;
        if standing.group & self.own.bit() == 0 {
            self.copies.remove(&queue);
        }
    }

    /// Whether a queue has no copy anywhere and is meant to have none: it does as any
    /// classic queue.
    pub(super) fn is_kept_once(&self, queue: QueueId) -> bool {
        match self.cluster.keeping(queue) {
            Keeping::Home(_) => true,
            Keeping::Mirrored { .. } => {
                let standing = self.standings.get(&queue);
                standing.is_some_and(|standing| standing.group == standing.master.bit())
            }
            Keeping::Quorum(_) => false,
        }
    }

    /// All queues that are here get the mirrors that they are to have.
    pub(super) fn regroup_all<C: Context<Wire>>(&mut self, cx: &mut C) {
        for queue in self.standings.keys().copied().collect::<Vec<_>>() {
            self.regroup(cx, queue);
        }
    }

    /// A queue that is here gets as many mirrors as it is to have, and they what they
    /// are to get.
    pub(super) fn regroup<C: Context<Wire>>(&mut self, cx: &mut C, queue: QueueId) {
        let Keeping::Mirrored {
            ref mirrors,
            is_synced_at_once,
            ..
        } = *self.cluster.keeping(queue)
        else {
            return;
        };
        let members = 1 + mirrors.len();
        let (Some(master), Some(standing)) = (self.masters.get(&queue), self.standings.get(&queue)) else {
            return;
        };
        if standing.group.count_ones() as usize != members {
            let there = master.mirrors.iter().map(|mirror| mirror.member).collect();
            let group = self.group_of(members, there);
            self.gather(cx, queue, group);
        }
        if is_synced_at_once {
            self.synchronise(cx, queue);
        }
    }

    /// Among whom a queue that is here is, if it is at so many members: here, at its
    /// mirrors, the oldest first, at others that are there, and at others that come back.
    fn group_of(&self, members: usize, mirrors: Vec<MemberId>) -> u8 {
        let in_turn = || self.own.those_after(self.cluster.members);
        let is_up = |member: &MemberId| self.peers[usize::from(member.0)].is_up();
        let all = [self.own].into_iter().chain(mirrors);
        let all = all.chain(in_turn().filter(is_up)).chain(in_turn());
        all.fold(0, |group: u8, member| match (group.count_ones() as usize) < members {
            true => group | member.bit(),
            false => group,
        })
    }

    /// From now on a queue that is here is among these members.
    fn gather<C: Context<Wire>>(&mut self, cx: &mut C, queue: QueueId, group: u8) {
        if let Some(standing) = self.standings.get_mut(&queue) {
            standing.group = group;
        }
        if let Some(master) = self.masters.get_mut(&queue) {
            let others = master.mirrors.iter().map(|mirror| mirror.member);
            let gone: Vec<MemberId> = others.filter(|member| group & member.bit() == 0).collect();
            gone.into_iter().for_each(|member| master.drop_mirror(member));
        }
        self.show_standing(cx, queue);
        self.settle_owed(cx, queue);
    }

    /// Mirrors that have only what came since they joined get the rest.
    fn synchronise<C: Context<Wire>>(&mut self, cx: &mut C, queue: QueueId) {
        let Some(master) = self.masters.get_mut(&queue) else {
            return;
        };
        let mut missing: Vec<(MemberId, u64, Kept)> = Vec::new();
        let lacks = |mirror: &&mut super::classic::Mirror| !mirror.is_synchronised && mirror.complete_at.is_none();
        for mirror in master.mirrors.iter_mut().filter(lacks) {
            let before = missing.len();
            let older = master.stored.iter().filter(|(position, _)| **position < mirror.first);
            missing.extend(older.map(|(position, kept)| (mirror.member, *position, kept.clone())));
            mirror.sent += (missing.len() - before) as u32;
            mirror.complete_at = Some(mirror.sent);
        }
        for (to, position, kept) in missing {
            self.tell_way(cx, to, queue, kept.way.as_deref());
            self.tell(cx, to, copy(queue, position, (to, 0, 0), kept.message));
        }
        self.look_who_is_synchronised(cx, queue);
    }
}
