//! Who gets what a queue of a cluster has.

use super::super::{Command, MemberId};
use alloc::vec::Vec;
use core::cmp::Reverse;
use mqlab_kernel::SortedMap;
use mqlab_model::Message;

/// A consumer: its member, the member's life, and its number there.
pub(super) type Id = (MemberId, u16, u16);

#[derive(Clone, Debug)]
pub(super) struct Consumer {
    pub(super) id: Id,
    prefetch: u32,
    pub(super) automatic: bool,
    exclusive: bool,
    priority: i16,
    /// It gets no more, and is forgotten when it has settled what it has: it asked
    /// for one message, or has cancelled.
    ends: bool,
    is_away: bool,
    /// A message was there for it when it had no room.
    was_full: bool,
    /// The number of its next delivery.
    pub(super) next: u32,
    pub(super) out: SortedMap<u32, (u64, Message)>,
}

/// A consumer as the queue shows it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Attached {
    /// The member that it is connected to.
    pub member: MemberId,
    /// Its number there.
    pub number: u16,
    /// Most deliveries without acknowledgement; 0 is no limit.
    pub prefetch: u32,
    /// Whether the queue forgets what it hands out.
    pub automatic: bool,
    /// Whether nobody else may consume the queue.
    pub exclusive: bool,
    /// What it has, with the places in the queue.
    pub out: Vec<(u64, Message)>,
}

impl Consumer {
    /// The consumer that a command is about, if it is one that comes.
    pub(super) fn of(command: &Command) -> Option<Consumer> {
        let new = |id, prefetch, (automatic, exclusive), priority, ends| Consumer {
            id,
            prefetch,
            automatic,
            exclusive,
            priority,
            ends,
            is_away: false,
            was_full: false,
            next: 1,
            out: SortedMap::new(),
        };
        match *command {
            Command::Attach {
                member,
                life,
                consumer,
                prefetch,
                automatic,
                exclusive,
                priority,
                ..
            } => {
                let manner = (automatic, exclusive);
                Some(new((member, life, consumer), prefetch, manner, priority, false))
            }
            Command::Get {
                member,
                life,
                consumer,
                automatic,
                ..
            } => Some(new((member, life, consumer), 1, (automatic, false), 0, true)),
            _ => None,
        }
    }

    fn view(&self) -> Attached {
        Attached {
            member: self.id.0,
            number: self.id.2,
            prefetch: self.prefetch,
            automatic: self.automatic,
            exclusive: self.exclusive,
            out: self.out.values().copied().collect(),
        }
    }

    fn is_there(&self) -> bool {
        !self.is_away && !self.ends
    }

    fn has_room(&self) -> bool {
        self.is_there() && (self.prefetch == 0 || self.out.len() < self.prefetch as usize)
    }
}

/// How a queue chooses among its consumers.
#[derive(Clone, Copy, Debug)]
pub(super) struct Manners {
    /// One gets everything.
    pub(super) is_single: bool,
    /// That one makes room for one of a higher priority.
    pub(super) hands_over: bool,
    /// Priorities mean nothing.
    pub(super) ignores_ranks: bool,
    /// Who has room again is the last if it was full when its turn came, as in a classic
    /// queue (`rabbit_queue_consumers:deliver`, `unblock`); else whenever it was full, as in
    /// a quorum queue (`rabbit_fifo`).
    pub(super) forgets_turns: bool,
}

/// The consumers of a queue.
#[derive(Clone, Debug)]
pub(super) struct Consumers {
    manners: Manners,
    /// In the order in which they are served next.
    all: Vec<Consumer>,
    /// The one that gets everything.
    active: Option<Id>,
    /// One of them had a priority.
    is_ranked: bool,
}

impl Consumers {
    pub(super) fn new(manners: Manners) -> Consumers {
        Consumers {
            manners,
            all: Vec::new(),
            active: None,
            is_ranked: false,
        }
    }

    /// Those that are served, in the order in which they are.
    pub(super) fn attached(&self) -> impl Iterator<Item = Attached> {
        let served = self.all.iter().filter(|one| !one.ends);
        served.map(Consumer::view)
    }

    /// How many messages are handed out.
    pub(super) fn out(&self) -> u64 {
        self.all.iter().map(|one| one.out.len() as u64).sum()
    }

    /// Whether one may come that wants to be the only one, or does not: who is there
    /// already may stay.
    pub(super) fn has_place_for(&self, id: Id, exclusive: bool) -> bool {
        let mut others = self.all.iter().filter(|one| one.is_there());
        self.get(id).is_some() || !others.any(|one| exclusive || one.exclusive)
    }

    /// How many there are. Those of a member that is not there are kept, but get
    /// nothing.
    pub(super) fn there(&self) -> u32 {
        self.all.iter().filter(|one| one.is_there()).count() as u32
    }

    /// The members that they are connected to, and in which lives.
    pub(super) fn guests(&self) -> Vec<(MemberId, u16, bool)> {
        let guest = |one: &Consumer| (one.id.0, one.id.1, one.is_away);
        let mut guests: Vec<_> = self.all.iter().map(guest).collect();
        mqlab_kernel::sort_by(&mut guests, Ord::cmp);
        guests.dedup();
        guests
    }

    pub(super) fn get(&self, id: Id) -> Option<&Consumer> {
        self.all.iter().find(|one| one.id == id)
    }

    /// One comes, or wants another prefetch.
    pub(super) fn attach(&mut self, consumer: Consumer) {
        self.is_ranked |= consumer.priority != 0;
        match self.all.iter_mut().find(|one| one.id == consumer.id) {
            Some(known) => known.prefetch = consumer.prefetch,
            None => self.all.push(consumer),
        }
    }

    /// Some go: calls `back` with what they have, the newest consumer's first.
    pub(super) fn detach(&mut self, is_it: impl Fn(Id) -> bool, mut back: impl FnMut(u64, Message)) {
        for index in (0..self.all.len()).rev() {
            if is_it(self.all[index].id) {
                let gone = self.all.remove(index);
                gone.out
                    .values()
                    .for_each(|(position, message)| back(*position, *message));
            }
        }
    }

    /// A member cannot be reached: its consumers get nothing, and those that
    /// would get no more are forgotten. Calls `back` with what they have.
    pub(super) fn suspend(&mut self, member: MemberId, mut back: impl FnMut(u64, Message)) {
        for one in self.all.iter_mut().filter(|one| one.id.0 == member) {
            one.is_away = true;
            let out = core::mem::take(&mut one.out);
            out.values().for_each(|(position, message)| back(*position, *message));
        }
        self.all.retain(|one| one.id.0 != member || !one.ends);
    }

    /// A member can be reached again.
    pub(super) fn resume(&mut self, member: MemberId) {
        let back = self.all.iter_mut().filter(|one| one.id.0 == member);
        back.for_each(|one| one.is_away = false);
    }

    /// A delivery is over; `None` if it came back before.
    pub(super) fn settle(&mut self, id: Id, delivery: u32) -> Option<(u64, Message)> {
        let index = self.all.iter().position(|one| one.id == id)?;
        let one = &mut self.all[index];
        let had_no_room = one.prefetch > 0 && one.out.len() == one.prefetch as usize;
        let was_full = core::mem::take(&mut one.was_full);
        let settled = one.out.remove(&delivery);
        let lines_up = match self.manners.forgets_turns {
            true => was_full,
            false => had_no_room && settled.is_some() && !self.manners.ignores_ranks,
        };
        if lines_up {
            let last = self.all.remove(index);
            self.all.push(last);
            self.forget(self.all.len() - 1);
        } else {
            self.forget(index);
        }
        settled
    }

    /// One may have one more.
    pub(super) fn widen(&mut self, id: Id) {
        let one = self.all.iter_mut().find(|one| one.id == id && one.prefetch > 0);
        one.into_iter().for_each(|one| one.prefetch += 1);
    }

    /// One has cancelled: it gets no more, and keeps what it has.
    pub(super) fn end(&mut self, id: Id) {
        if let Some(index) = self.all.iter().position(|one| one.id == id) {
            self.all[index].ends = true;
            self.forget(index);
        }
    }

    /// One that gets no more and has nothing is forgotten.
    fn forget(&mut self, index: usize) {
        if self.all[index].ends && self.all[index].out.is_empty() {
            self.all.remove(index);
        }
    }

    fn rank(&self, one: &Consumer) -> i16 {
        match self.manners.ignores_ranks {
            true => 0,
            false => one.priority,
        }
    }

    /// Takes the one out that gets the next message, if there is one: of those of
    /// the highest priority with room the one that has waited longest; with a single
    /// active consumer that one or nobody. [`Consumers::line_up`] puts it back to
    /// where it belongs.
    pub(super) fn take_next(&mut self) -> Option<(usize, Consumer)> {
        let mut chosen: Option<usize> = None;
        if self.manners.is_single {
            let active = self.active()?;
            self.active = Some(active);
            chosen = self.all.iter().position(|one| one.id == active && one.has_room());
        } else if !self.is_ranked {
            chosen = self.all.iter().position(Consumer::has_room);
        } else {
            for (index, one) in self.all.iter().enumerate().filter(|(_, one)| one.has_room()) {
                if chosen.is_none_or(|best| self.rank(one) > self.rank(&self.all[best])) {
                    chosen = Some(index);
                }
            }
        }
        if self.manners.forgets_turns && !self.manners.is_single {
            self.pass_over(chosen);
        }
        chosen.map(|index| (index, self.all.remove(index)))
    }

    /// It was the turn of those that come before the chosen one, who have no room.
    fn pass_over(&mut self, chosen: Option<usize>) {
        let before = chosen.map(|index| (Reverse(self.rank(&self.all[index])), index));
        for index in 0..self.all.len() {
            let one = &self.all[index];
            let turn = (Reverse(self.rank(one)), index);
            if one.is_there() && !one.has_room() && before.is_none_or(|before| turn < before) {
                self.all[index].was_full = true;
            }
        }
    }

    /// One that was served stands behind the others; a single active one keeps its
    /// place.
    pub(super) fn line_up(&mut self, index: usize, consumer: Consumer) {
        if self.manners.is_single {
            self.all.insert(index, consumer);
        } else {
            self.all.push(consumer);
        }
    }

    /// The single active consumer: whoever came first, or first among those of the
    /// highest priority when the one before went. A quorum queue of 4.0 on hands
    /// over to one of a higher priority as soon as nothing is out (docs:
    /// "Consumers", "Single Active Consumer").
    fn active(&self) -> Option<Id> {
        let mut first: Option<&Consumer> = None;
        for one in self.all.iter().filter(|one| one.is_there()) {
            if first.is_none_or(|best| self.rank(one) > self.rank(best)) {
                first = Some(one);
            }
        }
        let first = first?;
        let known = |id: Id| self.get(id).filter(|one| one.is_there());
        let now = self.active.and_then(known).unwrap_or(first);
        if self.manners.hands_over && self.rank(now) < self.rank(first) {
            return now.out.is_empty().then_some(first.id);
        }
        Some(now.id)
    }
}
