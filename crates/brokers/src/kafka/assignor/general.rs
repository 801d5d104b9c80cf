//! The sticky assignor where members subscribed to different topics.
//!
//! Members keep what they own; what nobody has goes to who has least; then
//! partitions move, one by one, from who has two more than another one that
//! could have them, until no move helps.

use super::claims::Claims;
use super::movements::Movements;
use super::{Member, Numbered, Topics};
use alloc::collections::BTreeSet;
use alloc::vec::Vec;

/// The state of balancing.
struct Balance<'a> {
    topics: &'a Topics,
    /// Whether a member may have a topic, by member and topic.
    may_have: Vec<Vec<bool>>,
    /// How many members may have each topic.
    wanted_by: Vec<usize>,
    /// Place of each member in order of ids.
    ranks: Vec<usize>,
    /// Members that may give or get, as number of partitions, rank, index.
    by_size: BTreeSet<(usize, usize, usize)>,
    owners: Vec<Option<usize>>,
    numbers: Vec<Vec<usize>>,
    /// Who owned a partition in an older generation, with that generation.
    before: Vec<Option<(usize, i32)>>,
    movements: Movements,
}

pub(super) fn assign(topics: &Topics, members: &[Member], claims: Claims) -> Numbered {
    let mut balance = Balance::new(topics, members, &claims);
    let is_revoking = balance.keep_owned(claims.owned);
    let is_new = balance.numbers.iter().all(Vec::is_empty);
    let mut all = balance.in_order();
    let mut unassigned: Vec<usize> = all
        .iter()
        .copied()
        .filter(|number| balance.owners[*number].is_none())
        .collect();
    for number in &unassigned {
        balance.give_to_least(*number);
    }
    balance.leave_out_fixed();
    let can_move = |number: &usize| balance.wanted_by[topics.at(*number).topic] >= 2;
    all.retain(can_move);
    unassigned.retain(can_move);

    let was = (balance.numbers.clone(), balance.score());
    if !is_revoking {
        // What is new moves before what somebody owns.
        balance.level(&unassigned);
    }
    if balance.level(&all) && !is_new && balance.score() >= was.1 {
        balance.numbers = was.0;
    }
    Numbered {
        transferring: transferring(topics, members, &balance.numbers),
        numbers: balance.numbers,
    }
}

/// What is in one member's list, and another one owns it and has it no longer.
fn transferring(topics: &Topics, members: &[Member], numbers: &[Vec<usize>]) -> Vec<(usize, usize)> {
    let mut is_revoked = alloc::vec![false; topics.partitions];
    let mut is_owned = Vec::with_capacity(members.len());
    for (member, has) in members.iter().zip(numbers) {
        let mut owned = alloc::vec![false; topics.partitions];
        let there_is = |one: &&super::TopicPartition| one.partition < topics.partitions(one.topic);
        for number in member.owned.iter().filter(there_is).map(|one| topics.number(*one)) {
            owned[number] = true;
            if !has.contains(&number) {
                is_revoked[number] = true;
            }
        }
        is_owned.push(owned);
    }
    let mut found = Vec::new();
    for (index, has) in numbers.iter().enumerate() {
        let added = has
            .iter()
            .filter(|number| !is_owned[index][**number] && is_revoked[**number]);
        found.extend(added.map(|number| (*number, index)));
    }
    found
}

impl<'a> Balance<'a> {
    fn new(topics: &'a Topics, members: &[Member], claims: &Claims) -> Self {
        let mut by_id: Vec<usize> = (0..members.len()).collect();
        mqlab_kernel::sort_by(&mut by_id, |a, b| members[*a].id.cmp(&members[*b].id));
        let mut ranks = alloc::vec![0; members.len()];
        (0..).zip(&by_id).for_each(|(rank, index)| ranks[*index] = rank);
        let may_have = |member: &Member| -> Vec<bool> {
            (0..topics.len())
                .map(|topic| member.is_subscribed(topics.name(topic)))
                .collect()
        };
        let may_have: Vec<Vec<bool>> = members.iter().map(may_have).collect();
        let wanted_by = |topic: usize| may_have.iter().filter(|may_have| may_have[topic]).count();
        Balance {
            topics,
            wanted_by: (0..topics.len()).map(wanted_by).collect(),
            may_have,
            ranks,
            by_size: BTreeSet::new(),
            owners: alloc::vec![None; topics.partitions],
            numbers: members.iter().map(|_| Vec::new()).collect(),
            before: before(topics, members, claims),
            movements: Movements::default(),
        }
    }

    /// Everybody keeps what it owns and still subscribes to. Returns whether
    /// somebody does not.
    fn keep_owned(&mut self, owned: Vec<Vec<usize>>) -> bool {
        let mut is_revoking = false;
        for (index, owned) in owned.into_iter().enumerate() {
            for number in owned {
                if self.may_have[index][self.topics.at(number).topic] {
                    self.owners[number] = Some(index);
                    self.numbers[index].push(number);
                } else {
                    is_revoking = true;
                }
            }
            self.enter(index);
        }
        is_revoking
    }

    /// All partitions: those of topics that few may have first.
    fn in_order(&self) -> Vec<usize> {
        let mut topics: Vec<usize> = (0..self.topics.len()).collect();
        mqlab_kernel::sort_by_key(&mut topics, |topic| self.wanted_by[*topic]);
        let of = |topic: usize| self.topics.of(topic).map(|one| self.topics.number(one));
        topics.into_iter().flat_map(of).collect()
    }

    fn enter(&mut self, index: usize) {
        self.by_size
            .insert((self.numbers[index].len(), self.ranks[index], index));
    }

    fn leave(&mut self, index: usize) {
        self.by_size
            .remove(&(self.numbers[index].len(), self.ranks[index], index));
    }

    /// Who has least of those that may have a partition.
    fn least_of(&self, number: usize) -> Option<usize> {
        let topic = self.topics.at(number).topic;
        let mut members = self.by_size.iter().map(|(_, _, index)| *index);
        members.find(|index| self.may_have[*index][topic])
    }

    fn give_to_least(&mut self, number: usize) {
        let Some(index) = self.least_of(number) else {
            // Nobody subscribed to its topic.
            return;
        };
        self.leave(index);
        self.numbers[index].push(number);
        self.owners[number] = Some(index);
        self.enter(index);
    }

    /// Who has everything that it may have, and nobody else may have any of
    /// it, takes no part.
    fn leave_out_fixed(&mut self) {
        for index in 0..self.numbers.len() {
            let is_shared = |number: &usize| self.wanted_by[self.topics.at(*number).topic] >= 2;
            if self.numbers[index].len() >= self.most_of(index) && !self.numbers[index].iter().any(is_shared) {
                self.leave(index);
            }
        }
    }

    /// How many partitions a member may have at most.
    fn most_of(&self, index: usize) -> usize {
        let topics = (0..self.topics.len()).filter(|topic| self.may_have[index][*topic]);
        topics.map(|topic| self.topics.partitions(topic) as usize).sum()
    }

    /// Sum over all pairs of what one has more than the other.
    fn score(&self) -> usize {
        let sizes: Vec<usize> = self.by_size.iter().map(|(size, ..)| *size).collect();
        // They are in order: the nth is larger than n and smaller than the rest.
        let above: usize = sizes.iter().enumerate().map(|(place, size)| place * size).sum();
        let below: usize = sizes.iter().rev().enumerate().map(|(place, size)| place * size).sum();
        above - below
    }

    /// Whether nobody could have a partition of somebody who has two more.
    fn is_level(&self) -> bool {
        let (Some((least, ..)), Some((most, ..))) = (self.by_size.first(), self.by_size.last()) else {
            return true;
        };
        if least + 1 >= *most {
            return true;
        }
        let mut most_of = alloc::vec![0; self.topics.len()];
        for (number, owner) in self.owners.iter().enumerate() {
            if let Some(owner) = owner {
                let most = &mut most_of[self.topics.at(number).topic];
                *most = self.numbers[*owner].len().max(*most);
            }
        }
        // Who has as many as it may have is not looked at, whatever these are.
        let mut wants_more = self
            .by_size
            .iter()
            .filter(|(size, _, index)| *size != self.most_of(*index));
        !wants_more.any(|(size, _, index)| {
            let may_have = self.may_have[*index].iter();
            may_have
                .zip(&most_of)
                .any(|(may_have, most)| *may_have && size + 1 < *most)
        })
    }

    /// Moves partitions until nothing more is gained. Returns whether it moved
    /// any.
    fn level(&mut self, numbers: &[usize]) -> bool {
        let mut has_moved = false;
        loop {
            let mut is_done = true;
            for number in numbers {
                if self.is_level() {
                    break;
                }
                if let Some(to) = self.better_for(*number) {
                    self.move_to(*number, to);
                    is_done = false;
                }
            }
            if is_done {
                return has_moved;
            }
            has_moved = true;
        }
    }

    /// Who should have a partition instead of its owner: who had it before, or
    /// else who has least; only if that one has at least two less. Who had it
    /// before need not be subscribed any longer: Kafka does not look.
    fn better_for(&self, number: usize) -> Option<usize> {
        let owner = self.owners[number]?;
        let has_more_than = |other: usize| self.numbers[owner].len() > self.numbers[other].len() + 1;
        let before = self.before[number].map(|(index, _)| index);
        let before = before.filter(|index| has_more_than(*index));
        before.or_else(|| self.least_of(number).filter(|least| has_more_than(*least)))
    }

    fn move_to(&mut self, number: usize, to: usize) {
        let owner = self.owners[number].expect("what moves is somebody's");
        let number = self.movements.instead(self.topics, number, owner, to);
        let from = self.owners[number].expect("what moved before is somebody's");
        self.leave(from);
        self.leave(to);
        self.movements.moved(self.topics, number, from, to);
        self.numbers[from].retain(|one| *one != number);
        self.numbers[to].push(number);
        self.owners[number] = Some(to);
        self.enter(from);
        self.enter(to);
    }
}

/// Who owned each partition in an older generation than the latest; the
/// latest of those.
fn before(topics: &Topics, members: &[Member], claims: &Claims) -> Vec<Option<(usize, i32)>> {
    let mut before: Vec<Option<(usize, i32)>> = alloc::vec![None; topics.partitions];
    for index in claims.order.iter().copied() {
        let generation = members[index].generation;
        if generation >= claims.generation_max {
            continue;
        }
        let there_is = |one: &&super::TopicPartition| one.partition < topics.partitions(one.topic);
        for one in members[index].owned.iter().filter(there_is) {
            let slot = &mut before[topics.number(*one)];
            if slot.is_none_or(|(_, known)| known < generation) {
                *slot = Some((index, generation));
            }
        }
    }
    before
}
