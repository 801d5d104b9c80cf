//! A run that can be rewound: checkpoints and replay.

use crate::plan::{Command, TimedCommand};
use crate::world::{Outcome, World};
use alloc::rc::Rc;
use alloc::vec::Vec;
use mqlab_kernel::{SimTime, sort_by_key};

/// Most checkpoints that are kept.
const KEPT: usize = 24;

/// Something that runs, and runs again in the same way from any copy of it: a
/// world, or a world with what is checked on the way.
pub trait Replay: Clone {
    /// The instant up to which everything has happened.
    fn now(&self) -> SimTime;

    /// How many actions that took.
    fn actions(&self) -> u64;

    /// Runs on. See [`World::run_until`].
    fn advance(&mut self, to: SimTime, actions_max: u64) -> Outcome;

    /// What was done to it by hand, in the order in which it was given.
    fn given(&self) -> &[TimedCommand];

    /// Gives a command by hand.
    fn give(&mut self, command: Command, at: SimTime);

    /// Whether it has ended. What was concluded from that may be wrong if
    /// something more is done.
    fn is_over(&self) -> bool;

    /// Whether something was concluded from how its present instant ended: a
    /// command given for that instant would come too late.
    fn has_judged(&self) -> bool;
}

impl Replay for World {
    fn now(&self) -> SimTime {
        World::now(self)
    }

    fn actions(&self) -> u64 {
        World::actions(self)
    }

    fn advance(&mut self, to: SimTime, actions_max: u64) -> Outcome {
        self.run_until(to, actions_max)
    }

    fn given(&self) -> &[TimedCommand] {
        World::given(self)
    }

    fn give(&mut self, command: Command, at: SimTime) {
        World::give(self, command, at);
    }

    fn is_over(&self) -> bool {
        World::is_over(self)
    }

    fn has_judged(&self) -> bool {
        false
    }
}

/// A run, what is done to it by hand, and the checkpoints that lead back into
/// its past. Going to another instant takes the nearest checkpoint before it
/// and runs again from there; the digest is the same, because it is the same
/// run.
#[derive(Clone)]
pub struct History<R> {
    run: R,
    /// Makes the run as it was before anything happened.
    begin: Rc<dyn Fn() -> R>,
    /// Oldest first.
    checkpoints: Vec<R>,
    /// Whether more of them are kept.
    keeps: bool,
    /// Actions between checkpoints; doubles when there are too many of them.
    every: u64,
    /// What is done by hand in the whole of the run, in the order of time.
    acts: Vec<TimedCommand>,
}

impl<R: Replay + 'static> History<R> {
    /// The history of a run that has not begun.
    pub fn new(run: R) -> Self {
        History::of(move || run.clone())
    }

    /// The history of a run that `begin` makes, in the same way whenever it is asked to.
    pub fn of(begin: impl Fn() -> R + 'static) -> Self {
        History {
            run: begin(),
            begin: Rc::new(begin),
            checkpoints: Vec::new(),
            keeps: true,
            every: 250_000,
            acts: Vec::new(),
        }
    }

    /// Whether checkpoints are kept from now on. Without any, every way back leads
    /// over the very beginning, and nothing else is different.
    pub fn keep_checkpoints(&mut self, keeps: bool) {
        self.keeps = keeps;
    }

    /// The run as it stands.
    pub fn run(&self) -> &R {
        &self.run
    }

    /// What is done by hand in the whole of the run, past and to come.
    pub fn acts(&self) -> &[TimedCommand] {
        &self.acts
    }

    /// Runs on, leaving checkpoints. See [`World::run_until`].
    pub fn run_until(&mut self, to: SimTime, actions_max: u64) -> Outcome {
        let mut left = actions_max;
        loop {
            self.hand_over();
            // The one after what is pending is given when that has happened.
            let given = self.run.given().len();
            let stop = match given.checked_sub(1) {
                Some(pending) if given < self.acts.len() => self.acts[pending].at.min(to),
                _ => to,
            };
            let before = self.run.actions();
            let since = self.checkpoints.last().map_or(0, R::actions);
            let next = if self.keeps {
                (since + self.every).saturating_sub(before).max(1)
            } else {
                u64::MAX
            };
            let outcome = self.run.advance(stop, next.min(left));
            left = left.saturating_sub(self.run.actions() - before);
            match outcome {
                Outcome::Reached if stop < to => {}
                Outcome::Budget => {
                    if self.keeps && self.run.actions() >= since + self.every {
                        self.keep();
                    }
                    if left == 0 {
                        return Outcome::Budget;
                    }
                }
                _ => return outcome,
            }
        }
    }

    /// Goes to an instant, back or forth, at most `actions_max` actions of
    /// running. If the budget was not enough, call [`History::run_until`]
    /// until it is reached.
    pub fn seek(&mut self, to: SimTime, actions_max: u64) -> Outcome {
        self.jump(to);
        self.run_until(to, actions_max)
    }

    /// Goes to the nearest checkpoint that is not after `to`, if that is
    /// nearer than where the run stands.
    pub fn jump(&mut self, to: SimTime) {
        let before = self.checkpoints.iter().rev().find(|checkpoint| checkpoint.now() <= to);
        let now = self.run.now();
        if to < now || before.is_some_and(|before| now < before.now()) {
            self.run = before.cloned().unwrap_or_else(|| (self.begin)());
        }
    }

    /// Goes back to the very beginning.
    pub fn restart(&mut self) {
        self.run = (self.begin)();
    }

    /// The nearest checkpoint that fulfils a condition, a copy to run on
    /// beside this one; the very beginning if none does.
    pub fn checkpoint(&self, is_fit: impl Fn(&R) -> bool) -> R {
        let found = self.checkpoints.iter().rev().find(|checkpoint| is_fit(checkpoint));
        found.cloned().unwrap_or_else(|| (self.begin)())
    }

    /// Does something by hand where the run stands.
    pub fn give(&mut self, command: Command) {
        let at = self.run.now();
        let mut acts = self.acts.clone();
        let after = acts.partition_point(|act| act.at <= at);
        acts.insert(after, TimedCommand { at, command });
        self.set_acts(acts);
    }

    /// Does other things by hand, in the whole of the run. Where what has
    /// happened already is changed by that, the run stands at an earlier
    /// instant afterwards.
    pub fn set_acts(&mut self, mut acts: Vec<TimedCommand>) {
        sort_by_key(&mut acts, |act| act.at);
        let same = self.acts.iter().zip(&acts).take_while(|(old, new)| old == new).count();
        if same == self.acts.len() && same == acts.len() {
            return;
        }
        let changed_at = acts.get(same).map(|act| act.at);
        self.acts = acts;
        let is_valid = |run: &R| {
            let is_before = |at| run.now() < at || run.now() == at && !run.has_judged();
            run.given().len() <= same && changed_at.is_none_or(is_before) && !run.is_over()
        };
        self.checkpoints.retain(is_valid);
        if !is_valid(&self.run) {
            self.run = self.checkpoint(|_| true);
        }
        self.hand_over();
    }

    /// Gives the run the next of the acts, one at a time, so that checkpoints
    /// know nothing of those that may yet be undone.
    fn hand_over(&mut self) {
        loop {
            let given = self.run.given().len();
            let Some(next) = self.acts.get(given).cloned() else {
                return;
            };
            let last = given.checked_sub(1).map(|last| self.acts[last].at);
            // What is of one instant is known at its beginning.
            if last.is_some_and(|last| last > self.run.now() && last != next.at) {
                return;
            }
            self.run.give(next.command, next.at);
        }
    }

    fn keep(&mut self) {
        if self.checkpoints.len() >= KEPT {
            let mut count = 0;
            self.checkpoints.retain(|_| {
                count += 1;
                count % 2 == 0
            });
            self.every *= 2;
        }
        self.checkpoints.push(self.run.clone());
    }
}
