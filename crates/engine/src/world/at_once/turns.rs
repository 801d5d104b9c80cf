//! A load and a service take turns: each has one timer to come, and as long as
//! nothing else is due before the two, the agenda need not hear of either.

use super::super::World;
use super::super::context::Cx;
use super::super::{LaneRole, Packed};
use super::{ACTIONS, Others, Round, What};
use crate::node::AnyNode;
use mqlab_kernel::{LaneId, SimTime};

impl World {
    /// Whether a node of the other kind has this lane.
    #[inline(always)]
    pub(super) fn takes_turns(&self, what: What, lane: LaneId) -> bool {
        let known = self.core.lanes.get(lane.0 as usize);
        let node = known.and_then(|known| self.nodes.get(usize::from(known.home.node().0)));
        match what {
            What::Publish => matches!(node, Some(AnyNode::Service(_))),
            What::Work(_) => matches!(node, Some(AnyNode::Load(_))),
        }
    }

    /// A node has done a round, and the others come before its next timer, which the
    /// agenda does not know yet.
    #[inline(never)]
    pub(super) fn take_turns(&mut self, rank: (SimTime, LaneId), token: u64, others: &Others) {
        let Some((mut publish, mut work)) = self.pair(rank, token, others) else {
            return self.arm(rank, token);
        };
        let others = self.others_next();
        // Each has a place of its own: to exchange the two each time would cost
        // more than anything else here.
        loop {
            let goes_on = if publish.rank() < work.rank() {
                let until = self.begin_turn(&publish, &work, &others);
                until.is_some_and(|until| {
                    let next = self.publish_on(&publish, &until);
                    self.end_turn(&mut publish, &work, next)
                })
            } else {
                let until = self.begin_turn(&work, &publish, &others);
                until.is_some_and(|until| {
                    let next = self.work_on(&work, &until);
                    self.end_turn(&mut work, &publish, next)
                })
            };
            if !goes_on {
                break;
            }
        }
    }

    /// The turn of one of the two, which does its round and those after it as long as
    /// they come before what is returned. `None` if there is no turn more; then both
    /// timers are armed.
    #[inline(always)]
    fn begin_turn(&mut self, round: &Round, waiting: &Round, others: &Others) -> Option<Others> {
        if round.rank() >= others.rank() || !self.may_begin(round, others) {
            self.arm(round.rank(), round.token);
            self.arm(waiting.rank(), waiting.token);
            return None;
        }
        self.begin(round);
        Some(Others {
            due: others.due.min(waiting.at),
            ..*others
        })
    }

    /// Its next round is due at `next`, by this token. False if that is not known: then
    /// the two are through, and the timer of the other one is armed.
    #[inline(always)]
    fn end_turn(&mut self, round: &mut Round, waiting: &Round, next: Option<(SimTime, u64)>) -> bool {
        match next {
            Some((at, token)) => (round.at, round.token) = (at, token),
            None => self.arm(waiting.rank(), waiting.token),
        }
        next.is_some()
    }

    /// Its next round and that of the first of the others, that of the load first, if
    /// it may begin; then its timer is taken out of the agenda. A lane with more than
    /// that timer is left alone: before it is through there would be no second turn.
    #[inline(always)]
    fn pair(&mut self, rank: (SimTime, LaneId), token: u64, others: &Others) -> Option<(Round, Round)> {
        let known = self.core.lanes.get(others.lane.0 as usize)?;
        let (other_token, life) = self.core.agenda.only(others.lane).map(Packed::timer)?;
        if known.role != LaneRole::Timer || !known.open || life != known.home.life() {
            return None;
        }
        let other = self.round(others.rank(), other_token)?;
        let round = self.round(rank, token)?;
        // What is taken has to be done: the agenda counts it as of the present.
        if !self.may_begin(&other, others) {
            return None;
        }
        self.core.agenda.settle();
        self.core.agenda.take(others.lane);
        Some(match round.what {
            What::Publish => (round, other),
            What::Work(_) => (other, round),
        })
    }

    /// Whether a round that is next may begin.
    #[inline(always)]
    fn may_begin(&self, round: &Round, others: &Others) -> bool {
        let core = &self.core;
        // The same instant may have seen a packet on this link.
        let is_free = round.at > core.now || core.links[round.way.there].is_at_once(core.now);
        is_free && round.at <= others.last && others.hold(core) && self.actions + ACTIONS < core.look
    }

    /// The timer of a round is due, and is the next action.
    #[inline(always)]
    fn begin(&mut self, round: &Round) {
        if round.at > self.core.now {
            self.core.end_instant();
            self.core.now = round.at;
            self.instant_began = self.actions;
        }
        self.actions += 1;
        self.core.home = round.home;
    }

    /// Gives the next timer of a node to the agenda.
    #[inline(never)]
    pub(super) fn arm(&mut self, (at, lane): (SimTime, LaneId), token: u64) {
        self.core.home = self.core.lanes[lane.0 as usize].home;
        let node = usize::from(self.core.home.node().0);
        let mut cx = Cx::at_home(&mut self.core);
        match &mut self.nodes[node] {
            AnyNode::Load(load) => load.arm_at(&mut cx, at),
            AnyNode::Service(service) => service.arm_work(&mut cx, at, token),
            AnyNode::Rabbit(_)
            | AnyNode::RabbitMember(_)
            | AnyNode::Table(_)
            | AnyNode::Kafka(_)
            | AnyNode::Controller(_)
            | AnyNode::Cluster(_) => {}
        }
    }
}

impl Round {
    /// Its timer's place among all actions.
    #[inline(always)]
    fn rank(&self) -> (SimTime, LaneId) {
        (self.at, self.lane)
    }
}
