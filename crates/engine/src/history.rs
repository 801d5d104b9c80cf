//! A world that can be rewound: checkpoints and replay.

use crate::plan::{Command, Plan};
use crate::world::{Outcome, World};
use alloc::vec::Vec;
use mqlab_kernel::SimTime;

/// Most checkpoints that are kept.
const KEPT: usize = 24;

/// A world and the checkpoints that lead back into its past. Going to an
/// earlier instant takes the nearest checkpoint before it and runs again from
/// there; the digest is the same, because it is the same run.
#[derive(Clone)]
pub struct History {
    world: World,
    /// Oldest first; the first is the very beginning and always stays.
    checkpoints: Vec<World>,
    /// Actions between checkpoints; doubles when there are too many of them.
    every: u64,
}

impl History {
    /// A run of `plan` that has not begun.
    pub fn new(plan: &Plan) -> Self {
        let world = World::new(plan);
        History {
            checkpoints: alloc::vec![world.clone()],
            world,
            every: 250_000,
        }
    }

    /// The world as it stands.
    pub fn world(&self) -> &World {
        &self.world
    }

    /// Runs on, leaving checkpoints. See [`World::run_until`].
    pub fn run_until(&mut self, to: SimTime, actions_max: u64) -> Outcome {
        let mut left = actions_max;
        loop {
            let since = self.checkpoints.last().map_or(0, World::actions);
            let next = (since + self.every).saturating_sub(self.world.actions()).max(1);
            let slice = next.min(left);
            let before = self.world.actions();
            let outcome = self.world.run_until(to, slice);
            left = left.saturating_sub(self.world.actions() - before);
            if outcome != Outcome::Budget {
                return outcome;
            }
            if self.world.actions() >= since + self.every {
                self.keep();
            }
            if left == 0 {
                return Outcome::Budget;
            }
        }
    }

    /// Goes to an instant, back or forth, at most `actions_max` actions of
    /// running. Going back ends before the budget is used up or not at all:
    /// call [`History::run_until`] until it is reached.
    pub fn seek(&mut self, to: SimTime, actions_max: u64) -> Outcome {
        if to < self.world.now() {
            self.rewind(to);
        }
        self.run_until(to, actions_max)
    }

    /// Takes the nearest checkpoint that is not after `to`.
    pub fn rewind(&mut self, to: SimTime) {
        let after = self
            .checkpoints
            .iter()
            .skip(1)
            .position(|checkpoint| checkpoint.now() > to);
        let keep = after.map_or(self.checkpoints.len(), |after| after + 1);
        let given: Vec<_> = self.world.given().into();
        self.checkpoints.truncate(keep);
        if let Some(checkpoint) = self.checkpoints.last() {
            self.world = checkpoint.clone();
        }
        // What was done by hand after the checkpoint is done again.
        let known = self.world.given().len();
        for command in given.iter().skip(known) {
            self.world.give(command.command.clone(), command.at);
        }
    }

    /// Gives a command by hand, now.
    pub fn give(&mut self, command: Command) {
        let now = self.world.now();
        self.world.give(command, now);
    }

    fn keep(&mut self) {
        if self.checkpoints.len() >= KEPT {
            let mut index = 0;
            self.checkpoints.retain(|_| {
                index += 1;
                index % 2 == 1
            });
            self.every *= 2;
        }
        self.checkpoints.push(self.world.clone());
    }
}
