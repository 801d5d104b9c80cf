//! The sticky assignor where all members subscribed to the same topics.
//!
//! With n members and p partitions each gets p / n, and p mod n of them one
//! more. Members keep what they own up to that; the rest is dealt out.

use super::claims::Claims;
use super::{Member, Numbered, Topics};
use alloc::collections::VecDeque;
use alloc::vec::Vec;

/// The state of dealing out.
struct Deal<'a> {
    members: &'a [Member],
    claims: &'a Claims,
    /// What every member gets at least.
    least: usize,
    /// How many members get one more.
    larger_shares: usize,
    numbers: Vec<Vec<usize>>,
    is_assigned: Vec<bool>,
    /// By number: whether its owner has to give it up.
    is_revoked: Vec<bool>,
    /// Members with less than the least.
    short: Vec<usize>,
    /// Members that have the least and may get one more.
    even: VecDeque<usize>,
}

pub(super) fn assign(topics: &Topics, members: &[Member], claims: &Claims) -> Numbered {
    let mut deal = Deal {
        members,
        claims,
        least: topics.partitions / members.len(),
        larger_shares: topics.partitions % members.len(),
        numbers: members.iter().map(|_| Vec::new()).collect(),
        is_assigned: alloc::vec![false; topics.partitions],
        is_revoked: alloc::vec![false; topics.partitions],
        short: Vec::new(),
        even: VecDeque::new(),
    };
    deal.keep_owned(topics);
    deal.in_order_of_ids();
    let transferring = deal.deal_out();
    Numbered {
        numbers: deal.numbers,
        transferring,
    }
}

impl Deal<'_> {
    /// Everybody keeps what it owns up to its share, the lowest numbers of
    /// partitions first. The larger shares go to those that own enough, in
    /// the order in which they are looked at.
    fn keep_owned(&mut self, topics: &Topics) {
        let mut larger_taken = 0;
        for index in &self.claims.order {
            let mut owned = self.claims.owned[*index].clone();
            owned.retain(|number| !self.claims.is_disputed[*number]);
            mqlab_kernel::sort_by_key(&mut owned, |number| (topics.at(*number).partition, *number));
            let gets_larger = larger_taken < self.larger_shares && owned.len() > self.least;
            let share = self.least + usize::from(gets_larger);
            if owned.len() < self.least {
                self.short.push(*index);
            } else if gets_larger {
                larger_taken += 1;
                if larger_taken == self.larger_shares {
                    self.even.clear();
                }
            } else if larger_taken < self.larger_shares {
                self.even.push_back(*index);
            }
            for (place, number) in owned.into_iter().enumerate() {
                if place < share {
                    self.numbers[*index].push(number);
                    self.is_assigned[number] = true;
                } else {
                    self.is_revoked[number] = true;
                }
            }
        }
    }

    fn in_order_of_ids(&mut self) {
        let members = self.members;
        mqlab_kernel::sort_by(&mut self.short, |a, b| members[*a].id.cmp(&members[*b].id));
        mqlab_kernel::sort_by(self.even.make_contiguous(), |a, b| members[*a].id.cmp(&members[*b].id));
    }

    /// What nobody has goes round among those that are short, and then to
    /// those that may have one more. What its owner had to give up, and what
    /// was disputed, changes hands.
    fn deal_out(&mut self) -> Vec<(usize, usize)> {
        let mut transferring = Vec::new();
        let mut turn = 0;
        for number in (0..self.is_assigned.len()).filter(|number| !self.is_assigned[*number]) {
            if turn >= self.short.len() {
                turn = 0;
            }
            let member = match self.short.get(turn) {
                Some(member) => *member,
                None => self.even.pop_front().expect("shares add up to all partitions"),
            };
            self.numbers[member].push(number);
            if self.numbers[member].len() == self.least {
                self.short.remove(turn);
                self.even.push_back(member);
            } else {
                turn += 1;
            }
            if self.is_revoked[number] || self.claims.is_disputed[number] {
                transferring.push((number, member));
            }
        }
        transferring
    }
}
