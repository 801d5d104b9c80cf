//! Mirrored queues, which there were until 3.13: the master tells its mirrors
//! what it has, and one of them takes over when it fails (docs 3.13: "Classic
//! Queue Mirroring").
//!
//! Simplified: a mirror that survives its master is copied anew by the next
//! one; a mirror is told by the master, not by all members in turn. Of a message it
//! is not told since when it waits. The members among which a queue is stay the same when
//! one of them fails, until their number changes (`mirroring.rs`).

use super::classic::{Copy, Kept, Master, Mirror, Stored, copy};
use super::content::Content;
use super::story::Way;
use super::wire::Wire;
use super::{Command, Fate, Keeping, Member, MemberId, PeerFrame, Promote};
use crate::rabbitmq::{ExchangeId, KeyId, QueueId};
use alloc::collections::VecDeque;
use alloc::vec::Vec;
use mqlab_kernel::SortedMap;
use mqlab_model::{Context, FactKind, Message};

/// So many beats a member waits for news of a queue before it takes it up again.
const PATIENCE: u32 = 4;

/// Where a mirrored queue is, as far as a member knows.
#[derive(Clone, Debug)]
pub(super) struct Standing {
    pub(super) generation: u32,
    pub(super) master: MemberId,
    /// The oldest first.
    pub(super) mirrors: Vec<MemberId>,
    /// The members among which it is, whether they are there or not: a bit for each.
    pub(super) group: u8,
    pub(super) synchronised: u8,
    /// The member has just come up, and waits for those who may know better: all
    /// who were up when it went down.
    pub(super) waits_for: Option<u8>,
    patience: u32,
}

impl Standing {
    /// Of a queue that is at one member only.
    pub(super) fn alone(generation: u32, master: MemberId) -> Standing {
        Standing {
            generation,
            master,
            mirrors: Vec::new(),
            group: master.bit(),
            synchronised: 0,
            waits_for: None,
            patience: 0,
        }
    }

    pub(super) fn synchronised(&self) -> u8 {
        self.synchronised
    }
}

impl Member {
    /// Where a mirrored queue is at the beginning.
    pub(super) fn begin_mirrored(&mut self, queue: QueueId, master: MemberId, mirrors: &[MemberId]) {
        let synchronised = mirrors.iter().fold(0, |set, member| set | member.bit());
        let standing = Standing {
            mirrors: mirrors.into(),
            group: synchronised | master.bit(),
            synchronised,
            ..Standing::alone(1, master)
        };
        self.standings.insert(queue, standing);
        if master == self.own {
            let mut here = Master::new(Content::new(&self.cluster.config, queue));
            let mirror = |member: &MemberId| Mirror {
                member: *member,
                sent: 0,
                has: 0,
                first: 0,
                complete_at: None,
                is_synchronised: true,
            };
            here.mirrors = mirrors.iter().map(mirror).collect();
            self.masters.insert(queue, here);
        } else if mirrors.contains(&self.own) {
            self.copies.insert(queue, Copy::of(master));
        }
    }

    /// Whether nobody has it and nobody will take over.
    pub(super) fn mirrored_is_down(&self, queue: QueueId) -> bool {
        let Some(standing) = self.standings.get(&queue) else {
            return false;
        };
        let master = standing.master;
        let has_master = if master == self.own {
            self.masters.contains_key(&queue)
        } else {
            self.peers[usize::from(master.0)].is_up()
        };
        !has_master && self.heir(queue).is_none()
    }

    /// Who takes over: the oldest mirror that has everything, else the oldest
    /// one if that may.
    fn heir(&self, queue: QueueId) -> Option<MemberId> {
        let standing = self
            .standings
            .get(&queue)
            .filter(|standing| standing.waits_for.is_none())?;
        let Keeping::Mirrored { promote, .. } = self.cluster.keeping(queue) else {
            return None;
        };
        let is_up = |member: &&MemberId| **member == self.own || self.peers[usize::from(member.0)].is_up();
        let mut there = standing.mirrors.iter().filter(is_up);
        let has_all = |member: &&MemberId| standing.synchronised & member.bit() != 0;
        let complete = there.clone().find(has_all);
        let any = || there.next().filter(|_| *promote == Promote::Always);
        complete.or_else(any).copied()
    }

    /// A member is down: it is no mirror any more, and if the master is
    /// another one takes over.
    pub(super) fn look_after_mirrors<C: Context<Wire>>(&mut self, cx: &mut C, queue: QueueId, of: MemberId) {
        let Some(standing) = self.standings.get_mut(&queue) else {
            return;
        };
        standing.mirrors.retain(|mirror| *mirror != of);
        standing.synchronised &= !of.bit();
        let master = standing.master;
        let has_none = master != self.own && !self.peers[usize::from(master.0)].is_up();
        if let Some(master) = self.masters.get_mut(&queue) {
            master.drop_mirror(of);
            self.show_standing(cx, queue);
            self.settle_owed(cx, queue);
        } else if has_none {
            match self.heir(queue) {
                Some(heir) if heir == self.own => self.take_over(cx, queue),
                Some(_) => {}
                None => self.end_succession(queue),
            }
        }
    }

    /// Nobody may take over: the mirrors stop, whatever is allowed later
    /// (`rabbit_mirror_queue_misc:remove_from_queue`, not_synced).
    fn end_succession(&mut self, queue: QueueId) {
        let standing = self.standings.get_mut(&queue);
        if let Some(standing) = standing.filter(|standing| standing.waits_for.is_none()) {
            (standing.mirrors, standing.synchronised) = (Vec::new(), 0);
        }
    }

    fn take_over<C: Context<Wire>>(&mut self, cx: &mut C, queue: QueueId) {
        let Some(here) = self.copies.remove(&queue) else {
            return;
        };
        let messages = weighed(cx, &here.stored);
        let sessions = here.sessions.iter().map(|(session, last)| (*session, *last));
        let content = Content::inherit(&self.cluster.config, (queue, cx.now()), messages.into_iter(), sessions);
        self.reign(cx, queue, content, here.stored);
    }

    /// What joins a mirrored queue and what leaves it is kept in its ledger: only
    /// the next master knows what was lost with the one before.
    pub(super) fn note<C: Context<Wire>>(&self, cx: &mut C, queue: QueueId, kind: FactKind, message: Message) {
        let config = &self.cluster.config.queues[usize::from(queue.0)];
        if !self.standings.contains_key(&queue) {
            return;
        }
        let Some(ledger) = cx.ledger(config.place) else {
            return;
        };
        match kind {
            FactKind::Enqueued => ledger.add(message.id),
            FactKind::Settled
            | FactKind::Discarded
            | FactKind::Evicted
            | FactKind::Expired
            | FactKind::DeadLettered
            | FactKind::Purged => ledger.remove(message.id),
            _ => {}
        }
    }

    /// A mirrored queue consists of what its new master has: of the rest there is
    /// no copy any more, and what was settled without its knowledge is there again.
    fn note_inheritance<C: Context<Wire>>(&self, cx: &mut C, queue: QueueId, stored: &Stored) {
        let place = self.cluster.config.queues[usize::from(queue.0)].place;
        let there = stored.values().map(|kept| kept.message.id);
        let Some((gone, back)) = cx.ledger(place).map(|ledger| ledger.replace(there)) else {
            return;
        };
        for message in gone {
            cx.emit(place, FactKind::Destroyed, message, 0);
        }
        for message in back {
            cx.emit(place, FactKind::Enqueued, message, 1);
        }
    }

    fn reign<C: Context<Wire>>(&mut self, cx: &mut C, queue: QueueId, content: Content, stored: Stored) {
        self.note_inheritance(cx, queue, &stored);
        let mut master = Master::new(content);
        if self.inherits_absence(queue) {
            master.content.be_gone();
        }
        master.next = stored.keys().next_back().map_or(0, |last| last + 1);
        master.stored = stored;
        self.masters.insert(queue, master);
        if let Some(standing) = self.standings.get_mut(&queue) {
            standing.generation += 1;
            (standing.master, standing.waits_for) = (self.own, None);
        }
        // The mirrors that are left join when they hear of it.
        self.show_standing(cx, queue);
        self.announce(cx, queue, None);
        self.regroup(cx, queue);
        // It looks at its head once, or nobody would know when that is due.
        let now = cx.now();
        self.do_classic(cx, queue, Command::Time { now });
    }

    /// The master tells everybody how things stand.
    pub(super) fn show_standing<C: Context<Wire>>(&mut self, cx: &mut C, queue: QueueId) {
        let (Some(master), Some(standing)) = (self.masters.get(&queue), self.standings.get_mut(&queue)) else {
            return;
        };
        standing.mirrors = master.mirrors.iter().map(|mirror| mirror.member).collect();
        let synchronised = master.mirrors.iter().filter(|mirror| mirror.is_synchronised);
        standing.synchronised = synchronised.fold(0, |set, mirror| set | mirror.member.bit());
        let order = standing.mirrors.iter().rev();
        let frame = PeerFrame::Standing {
            queue,
            generation: standing.generation,
            master: self.own,
            mirrors: standing.mirrors.len() as u8,
            group: standing.group,
            order: order.fold(0, |order, member| order << 4 | u32::from(member.0)),
            synchronised: standing.synchronised,
        };
        for to in self.others() {
            self.tell(cx, to, frame);
        }
    }

    pub(super) fn on_standing<C: Context<Wire>>(&mut self, cx: &mut C, frame: PeerFrame) {
        let PeerFrame::Standing {
            queue,
            generation,
            master,
            mirrors,
            group,
            order,
            synchronised,
        } = frame
        else {
            return;
        };
        let Some(known) = self.standings.get_mut(&queue) else {
            return;
        };
        let of_known = &self.peers[usize::from(known.master.0)];
        let known_is_up = known.waits_for.is_none() && known.master != self.own && of_known.is_up();
        // Where two have it, because neither knew of the other, each goes on.
        if self.masters.contains_key(&queue)
            || known_is_up && known.master != master
            || known.waits_for.is_none() && generation < known.generation
        {
            return;
        }
        (known.generation, known.master, known.waits_for) = (generation, master, None);
        known.mirrors = (0..mirrors)
            .map(|nth| MemberId((order >> (4 * nth) & 0xf) as u8))
            .collect();
        (known.group, known.synchronised) = (group, synchronised);
        let is_to_mirror = group & self.own.bit() != 0;
        let is_mirror = known.mirrors.contains(&self.own);
        let survives = self.copies.contains_key(&queue);
        let has_it = is_mirror && self.copies.get(&queue).is_some_and(|here| here.master == master);
        if !is_to_mirror {
            self.copies.remove(&queue);
        } else if !has_it {
            self.copies.insert(queue, Copy::of(master));
            self.tell(cx, master, PeerFrame::Join { queue, survives });
        }
    }

    /// Somebody was there when this one was not, and knows of a later master; or the other
    /// way round.
    pub(super) fn on_last_master<C: Context<Wire>>(
        &mut self,
        cx: &mut C,
        from: MemberId,
        (queue, generation, master): (QueueId, u32, MemberId),
    ) {
        let Some(known) = self.standings.get_mut(&queue) else {
            return;
        };
        if generation < known.generation {
            let (generation, master) = (known.generation, known.master);
            let news = PeerFrame::LastMaster {
                queue,
                generation,
                master,
            };
            self.tell(cx, from, news);
        } else if generation > known.generation && known.waits_for.is_some() {
            (known.generation, known.master) = (generation, master);
        }
    }

    /// A mirror is there. One that has asked before it heard that it is one asks twice.
    pub(super) fn on_join<C: Context<Wire>>(&mut self, cx: &mut C, from: MemberId, queue: QueueId, survives: bool) {
        let Keeping::Mirrored { is_synced_at_once, .. } = self.cluster.keeping(queue) else {
            return;
        };
        let gets_all = survives || *is_synced_at_once;
        let standing = self.standings.get(&queue);
        let is_to_mirror = standing.is_some_and(|standing| standing.group & from.bit() != 0);
        let is_new = |master: &&mut Master| master.mirrors.iter().all(|mirror| mirror.member != from);
        let Some(master) = self.masters.get_mut(&queue).filter(is_new).filter(|_| is_to_mirror) else {
            return;
        };
        let old: Vec<(u64, Kept)> = master
            .stored
            .iter()
            .filter(|_| gets_all)
            .map(|(position, kept)| (*position, kept.clone()))
            .collect();
        master.mirrors.push(Mirror {
            member: from,
            sent: old.len() as u32,
            has: 0,
            first: master.next,
            complete_at: gets_all.then_some(old.len() as u32),
            is_synchronised: false,
        });
        for (position, Kept { message, way, .. }) in old {
            self.tell_way(cx, from, queue, way.as_deref());
            self.tell(cx, from, copy(queue, position, (from, 0, 0), message));
        }
        self.look_who_is_synchronised(cx, queue);
        self.show_standing(cx, queue);
    }

    /// A mirror hears how the message comes that is the next.
    pub(super) fn tell_way<C: Context<Wire>>(&mut self, cx: &mut C, to: MemberId, queue: QueueId, way: Option<&Way>) {
        let Some(Way { route, fates }) = way else { return };
        let (exchange, key) = *route;
        self.tell(cx, to, PeerFrame::Way { queue, exchange, key });
        for fate in fates {
            self.tell(cx, to, PeerFrame::Fate { queue, fate: *fate });
        }
    }

    /// It is what the mirror did not hear before.
    pub(super) fn on_way(&mut self, from: MemberId, queue: QueueId, route: (ExchangeId, KeyId)) {
        if let Some(here) = self.copies.get_mut(&queue).filter(|here| here.master == from) {
            let fates = Vec::new();
            here.way = Some(Way { route, fates }.into());
        }
    }

    /// And of what it died before.
    pub(super) fn on_fate(&mut self, from: MemberId, queue: QueueId, fate: Fate) {
        let here = self.copies.get_mut(&queue).filter(|here| here.master == from);
        let way = here.and_then(|here| here.way.as_mut());
        way.into_iter().for_each(|way| way.fates.push(fate));
    }

    pub(super) fn tell_mirrors<C: Context<Wire>>(&mut self, cx: &mut C, queue: QueueId, frame: PeerFrame) {
        let Some(master) = self.masters.get_mut(&queue) else {
            return;
        };
        let mut told = Vec::new();
        for mirror in &mut master.mirrors {
            mirror.sent += 1;
            told.push(mirror.member);
        }
        for to in told {
            self.tell(cx, to, frame);
        }
    }

    /// A mirror has everything as soon as what was there before it is not there
    /// any more.
    pub(super) fn look_who_is_synchronised<C: Context<Wire>>(&mut self, cx: &mut C, queue: QueueId) {
        let Some(master) = self.masters.get_mut(&queue) else {
            return;
        };
        let oldest = master.stored.keys().next().copied().unwrap_or(u64::MAX);
        let mut has_changed = false;
        for mirror in master.mirrors.iter_mut().filter(|mirror| !mirror.is_synchronised) {
            let is_copied = mirror.complete_at.is_some_and(|count| mirror.has >= count);
            mirror.is_synchronised = is_copied || oldest >= mirror.first;
            has_changed |= mirror.is_synchronised;
        }
        if has_changed {
            self.show_standing(cx, queue);
        }
    }

    pub(super) fn on_copied<C: Context<Wire>>(&mut self, cx: &mut C, from: MemberId, queue: QueueId, count: u32) {
        let master = self.masters.get_mut(&queue);
        let mirrors = master.into_iter().flat_map(|master| &mut master.mirrors);
        for mirror in mirrors.filter(|mirror| mirror.member == from) {
            mirror.has = mirror.has.max(count);
        }
        self.look_who_is_synchronised(cx, queue);
        self.settle_owed(cx, queue);
    }

    pub(super) fn on_copy<C: Context<Wire>>(
        &mut self,
        cx: &mut C,
        from: MemberId,
        (queue, position): (QueueId, u32),
        (member, life, number): (MemberId, u16, u32),
        message: Message,
    ) {
        let is_durable = self.cluster.config.queues[usize::from(queue.0)].durable;
        let Some(here) = self.copies.get_mut(&queue).filter(|here| here.master == from) else {
            return;
        };
        let size = cx.size(message.id);
        let write = (is_durable && message.is_persistent()).then(|| cx.write(size));
        let way = here.way.take();
        here.stored.insert(u64::from(position), Kept { message, write, way });
        if number > 0 {
            let last = here.sessions.get_or_default((member, life));
            *last = number.max(*last);
        }
        self.count_copy(cx, queue, write);
    }

    pub(super) fn on_forget<C: Context<Wire>>(&mut self, cx: &mut C, from: MemberId, queue: QueueId, position: u32) {
        if let Some(here) = self.copies.get_mut(&queue).filter(|here| here.master == from) {
            here.stored.remove(&u64::from(position));
            self.count_copy(cx, queue, None);
        }
    }

    fn count_copy<C: Context<Wire>>(&mut self, cx: &mut C, queue: QueueId, write: Option<u64>) {
        if let Some(here) = self.copies.get_mut(&queue) {
            here.count += 1;
            here.unsaid.push_back((write.map_or(0, |write| write + 1), here.count));
            self.settle_copied(cx, queue);
        }
    }

    /// A mirror tells its master what it has written.
    pub(super) fn settle_copied<C: Context<Wire>>(&mut self, cx: &mut C, queue: QueueId) {
        let written = cx.disk().written;
        let Some(here) = self.copies.get_mut(&queue) else {
            return;
        };
        let mut done = None;
        while here.unsaid.front().is_some_and(|(needs, _)| *needs <= written) {
            done = here.unsaid.pop_front().map(|(_, count)| count);
        }
        let master = here.master;
        if let Some(count) = done {
            self.tell(cx, master, PeerFrame::Copied { queue, count });
        }
    }

    /// Who has come up waits until all are there who may know better. Then the
    /// one who had the queue last takes it up again.
    pub(super) fn tick_mirrored<C: Context<Wire>>(&mut self, cx: &mut C, queue: QueueId) {
        let up = self.view().up;
        let Some(standing) = self.standings.get_mut(&queue) else {
            return;
        };
        let Some(missing) = standing.waits_for else {
            return;
        };
        // Whoever waits as well may know of a later master, or of none.
        let heard = PeerFrame::LastMaster {
            queue,
            generation: standing.generation,
            master: standing.master,
        };
        for to in self.others() {
            self.tell(cx, to, heard);
        }
        let Some(standing) = self.standings.get_mut(&queue) else {
            return;
        };
        if missing & !up != 0 {
            standing.patience = 0;
            return;
        }
        standing.patience += 1;
        if standing.patience > PATIENCE && standing.master == self.own {
            standing.mirrors.clear();
            let stored = self.rests.remove(&queue).unwrap_or_default();
            let messages = weighed(cx, &stored).into_iter();
            let content = Content::inherit(&self.cluster.config, (queue, cx.now()), messages, [].into_iter());
            self.reign(cx, queue, content, stored);
        }
    }

    pub(super) fn forget_copy(&mut self, queue: QueueId) {
        self.copies.remove(&queue);
        let up = self.view().up & !self.own.bit();
        if let Some(standing) = self.standings.get_mut(&queue) {
            standing.waits_for.get_or_insert(up);
            standing.patience = 0;
        }
    }

    /// A member that has died is no master of a mirrored queue any more; what it
    /// has left is kept until it knows how things stand. If there is no copy, that is known.
    pub(super) fn give_up_mastery(&mut self, queue: QueueId) {
        let is_kept_once = self.is_kept_once(queue);
        if self.standings.contains_key(&queue)
            && !is_kept_once
            && let Some(master) = self.masters.remove(&queue)
        {
            self.rests.insert(queue, master.stored);
        }
    }
}

/// What is kept, with its sizes, as a queue's content begins with it.
fn weighed<C: Context<Wire>>(cx: &C, stored: &Stored) -> Vec<(u64, Message, u64, Option<Way>)> {
    let weigh = |(position, kept): (&u64, &Kept)| {
        let way = kept.way.as_deref().cloned();
        (*position, kept.message, cx.size(kept.message.id), way)
    };
    stored.iter().map(weigh).collect()
}

impl Copy {
    fn of(master: MemberId) -> Copy {
        Copy {
            master,
            stored: SortedMap::new(),
            sessions: SortedMap::new(),
            way: None,
            count: 0,
            unsaid: VecDeque::new(),
        }
    }
}
