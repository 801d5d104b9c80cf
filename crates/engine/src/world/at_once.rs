//! Short ways over connections without delay.
//!
//! What is sent over a connection without delay arrives in the instant in which
//! it is sent. If no other packet is due in that instant, it is the next action,
//! because links rank before timers; and so is what comes back. Then both are done on
//! the spot, without frames, links and agenda; and if what the node does next
//! comes before everything else, it follows in the same way.
//!
//! The nodes are asked the same in the same order, so facts, draws and the count
//! of actions are what they are on the long way, which is taken whenever anything
//! is not as simple as that.

mod publish;
mod turns;
mod work;

use super::context::Home;
use super::{Core, World};
use crate::node::AnyNode;
use mqlab_brokers::rabbitmq::ChannelId;
use mqlab_kernel::{LaneId, SimTime};
use mqlab_model::Port;

/// The way from a node to its broker.
#[derive(Clone, Copy)]
struct Way {
    broker: usize,
    /// The broker's end of the connection.
    port: Port,
    /// The broker at home.
    home: Home,
    /// The links of the connection.
    there: usize,
    back: usize,
}

/// What a node does when its timer is due, the packet that it sends and the
/// answer: the actions that go a short way.
#[derive(Clone, Copy)]
struct Round {
    /// When the timer is due, and in which lane.
    at: SimTime,
    lane: LaneId,
    token: u64,
    /// The node at home.
    home: Home,
    what: What,
    way: Way,
}

/// What a round is about.
#[derive(Clone, Copy, PartialEq, Eq)]
enum What {
    /// A load publishes.
    Publish,
    /// A service has done some work, which it acknowledges on this channel.
    Work(ChannelId),
}

/// When something else than the short way is next.
#[derive(Clone, Copy)]
struct Others {
    /// Of a lane, and which.
    due: SimTime,
    lane: LaneId,
    /// Of the clock: a sample, or the end of this stretch.
    last: SimTime,
    /// How many actions the agenda was given when that was found out: with one
    /// more it may not be true any longer.
    pushed: u64,
}

/// Actions of one round.
const ACTIONS: u64 = 3;

impl World {
    /// The timer of a node is due. False if what it leads to cannot go a short way;
    /// then nothing has happened.
    #[inline(always)]
    pub(super) fn do_at_once(&mut self, lane: LaneId, node: usize, token: u64) -> bool {
        match self.nodes[node] {
            AnyNode::Load(_) => self.publish_at_once(lane, token),
            AnyNode::Service(_) => self.work_at_once(lane, token),
            AnyNode::Rabbit(_)
            | AnyNode::RabbitMember(_)
            | AnyNode::Table(_)
            | AnyNode::Kafka(_)
            | AnyNode::Controller(_)
            | AnyNode::Cluster(_) => false,
        }
    }

    /// A function for each kind: what they share ([`World::begin_rounds`]) fits into
    /// registers then.
    #[inline(never)]
    fn publish_at_once(&mut self, lane: LaneId, token: u64) -> bool {
        self.begin_rounds(lane, token, World::publish_on)
    }

    #[inline(never)]
    fn work_at_once(&mut self, lane: LaneId, token: u64) -> bool {
        self.begin_rounds(lane, token, World::work_on)
    }

    /// Does the round of a timer that is due now, and those after it. `go` does those
    /// of the node itself; it returns when the next is due and by which token, unless
    /// that is armed or more came of the last one.
    #[inline(always)]
    fn begin_rounds(
        &mut self,
        lane: LaneId,
        token: u64,
        go: impl FnOnce(&mut World, &Round, &Others) -> Option<(SimTime, u64)>,
    ) -> bool {
        let Some(round) = self.round((self.core.now, lane), token) else {
            return false;
        };
        let others = self.others_next();
        let is_next = self.is_next(&others);
        if is_next && let Some((at, token)) = go(self, &round, &others) {
            let is_lone = self.core.agenda.is_lane_empty(lane);
            if is_lone && others.rank() < (at, lane) && self.takes_turns(round.what, others.lane) {
                // A copy: the others themselves stay in registers.
                let others = Others { ..others };
                self.take_turns((at, lane), token, &others);
            } else {
                self.arm((at, lane), token);
            }
        }
        is_next
    }

    /// What a timer leads to, if that goes a short way.
    #[inline(always)]
    fn round(&mut self, (at, lane): (SimTime, LaneId), token: u64) -> Option<Round> {
        let home = self.core.lanes[lane.0 as usize].home;
        let (port, what) = match &mut self.nodes[usize::from(home.node().0)] {
            AnyNode::Load(load) => (load.publishes_on(token)?, What::Publish),
            AnyNode::Service(service) => {
                let (port, channel) = service.acknowledges_on(token)?;
                (port, What::Work(channel))
            }
            _ => return None,
        };
        let way = self.core.short_way(home, port, at)?;
        let is_rabbit = matches!(self.nodes[way.broker], AnyNode::Rabbit(_));
        is_rabbit.then_some(Round {
            at,
            lane,
            token,
            home,
            what,
            way,
        })
    }

    /// When something else is next than the timer popped last and what it leads
    /// to.
    #[inline(always)]
    fn others_next(&mut self) -> Others {
        let (due, lane) = self.core.agenda.next_after_popped();
        Others {
            due,
            lane,
            last: self.core.stretch_end.min(self.next_stop),
            pushed: self.core.agenda.pushed(),
        }
    }

    /// Whether a packet that is sent now comes before the others. It comes before
    /// timers of this instant, because all links rank before them.
    #[inline(always)]
    fn is_next(&self, others: &Others) -> bool {
        let Core { now, links, look, .. } = &self.core;
        let is_next = others.due > *now || others.due == *now && others.lane.0 as usize >= links.len();
        is_next && self.actions + ACTIONS <= *look
    }
}

impl Others {
    /// The place of the first of them among all actions.
    #[inline(always)]
    fn rank(&self) -> (SimTime, LaneId) {
        (self.due, self.lane)
    }

    /// Whether a node's timer that is due at `at` is next, and there may be
    /// another round after so many actions.
    #[inline(always)]
    fn leave(&self, core: &Core, at: SimTime, actions: u64) -> bool {
        let is_next = at > core.now && at < self.due && at <= self.last && self.hold(core);
        is_next && actions + ACTIONS < core.look
    }

    /// Whether they are the same, and nothing else is due before a packet.
    #[inline(always)]
    fn hold(&self, core: &Core) -> bool {
        core.agenda.is_untouched_since(self.pushed)
    }
}

impl Core {
    /// The way over the connection of a node at `port`, if it is short for what
    /// is sent next, which is at this time.
    #[inline(always)]
    fn short_way(&self, home: Home, port: Port, at: SimTime) -> Option<Way> {
        let there = home.first_link() as usize + usize::from(port.0);
        let (link, lane) = (self.links.get(there)?, self.lanes.get(there)?);
        let back = link.back.0 as usize;
        let is_short = lane.open && link.is_at_once(at) && self.lanes[back].open;
        is_short.then_some(Way {
            broker: usize::from(lane.home.node().0),
            port: lane.port,
            home: lane.home,
            there,
            back,
        })
    }

    /// The node at home goes `way`.
    #[inline(always)]
    fn go(&mut self, way: &Way) {
        self.links[way.there].pass(self.now);
        self.home = way.home;
    }

    /// The broker's answer goes back at once to whose home this is; false if it
    /// cannot.
    #[inline(always)]
    fn come_back(&mut self, way: &Way, home: Home, others: &Others) -> bool {
        let back = &mut self.links[way.back];
        let is_short = back.is_at_once(self.now) && self.agenda.is_untouched_since(others.pushed);
        if is_short {
            back.pass(self.now);
            self.home = home;
        }
        is_short
    }
}
