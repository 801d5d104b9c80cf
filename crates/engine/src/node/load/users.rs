//! A closed loop: so many users, each of whom asks, waits for the answer,
//! thinks, and asks again. When answers take longer, fewer questions come.

use super::Load;
use crate::plan::UsersPlan;
use crate::wire::Wire;
use mqlab_kernel::Dist;
use mqlab_model::{Context, TimerLane};

/// The lane of what users think about, which only such loads have.
const THINKING: TimerLane = TimerLane(2);
/// Marks the end of thinking among a load's timers.
pub(super) const THINK: u64 = 1 << 33;

/// The users of a load.
#[derive(Clone, Copy, Debug)]
pub(super) struct Users {
    /// How many there should be.
    pub(super) wanted: u32,
    /// How many there are: who should not be any more leaves when he has done
    /// thinking.
    present: u32,
    /// How many of them wait for an answer.
    asking: u32,
    pub(super) think: Dist,
}

impl Users {
    pub(super) fn new(plan: &UsersPlan) -> Self {
        Users {
            wanted: plan.count,
            present: 0,
            asking: 0,
            think: plan.think,
        }
    }
}

impl Load {
    /// The load comes up: everybody begins by thinking.
    pub(super) fn users_come<C: Context<Wire>>(&mut self, cx: &mut C) {
        if let Some(users) = &mut self.users {
            (users.present, users.asking) = (0, 0);
        }
        self.users_join(cx);
    }

    /// Those come who are missing.
    pub(super) fn users_join<C: Context<Wire>>(&mut self, cx: &mut C) {
        let Some(users) = &mut self.users else { return };
        let missing = users.wanted.saturating_sub(users.present);
        users.present += missing;
        for _ in 0..missing {
            self.think(cx);
        }
    }

    /// Something is answered, one way or another. In an open load nobody has
    /// waited for that, and what is done by hand is no user's.
    pub(super) fn users_hear<C: Context<Wire>>(&mut self, cx: &mut C) {
        if let Some(users) = self.users.as_mut().filter(|users| users.asking > 0) {
            users.asking -= 1;
            self.think(cx);
        }
    }

    fn think<C: Context<Wire>>(&mut self, cx: &mut C) {
        if let Some(users) = &self.users {
            let takes = users.think.sample(cx.random());
            cx.arm(THINKING, cx.now().saturating_add(takes), THINK);
        }
    }

    /// A user has done thinking.
    pub(super) fn ask<C: Context<Wire>>(&mut self, cx: &mut C) {
        let Some(users) = &mut self.users else { return };
        if users.present > users.wanted || self.made >= self.limit {
            users.present -= 1;
            return;
        }
        users.asking += 1;
        if self.offer(cx) {
            self.users_hear(cx);
        }
    }
}
