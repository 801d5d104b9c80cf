//! The short way of what a load publishes.
//!
//! Over a connection without delay a published message reaches the broker in the
//! instant in which it is made, and the confirm its sender. If nothing else is
//! due in that instant, these are the next two actions, whatever the numbers of
//! their lanes. So they are done on the spot, without frames, links and agenda;
//! and if the next arrival comes before everything else, it follows in the same
//! way. The nodes are asked the same in the same order, so facts, draws and the
//! count of actions are what they are on the long way.

use super::context::Cx;
use super::{Core, World};
use crate::node::{AnyNode, Load};
use mqlab_brokers::rabbitmq::{Broker, Frame};
use mqlab_kernel::SimTime;
use mqlab_model::{Context, Port};

/// The way from a load to its broker and back.
struct Way {
    broker: usize,
    /// The broker's end of the connection.
    port: Port,
    there: usize,
    back: usize,
}

/// Actions of one message: it arrives at the load, at the broker, and the
/// confirm at the load.
const ACTIONS: u64 = 3;

impl World {
    /// A timer of a load is due. False if that is not the arrival of a message
    /// which can go the short way; then nothing has happened.
    #[inline(never)]
    pub(super) fn publish_at_once(&mut self, node: usize, token: u64) -> bool {
        let others_at = self.core.agenda.next_after_popped();
        if others_at <= self.core.now || self.actions + ACTIONS > self.core.look {
            return false;
        }
        let Some(way) = self.way(node, token) else {
            return false;
        };
        let World {
            core,
            nodes,
            actions,
            instant_began,
            next_stop,
            ..
        } = self;
        let pair = nodes.get_disjoint_mut([node, way.broker]);
        let Ok([AnyNode::Load(load), AnyNode::Rabbit(broker)]) = pair else {
            return false;
        };
        let last = core.stretch_end.min(*next_stop);
        loop {
            let goes_out = pass_on(core, actions, (load, broker), &way);
            let (now, enough) = (core.now, core.look);
            let is_free = |at: SimTime| at > now && at < others_at && at <= last;
            let is_next = |at: SimTime| !goes_out && is_free(at) && *actions + ACTIONS < enough;
            let Some(at) = load.go_on(&mut Cx::at_home(core), is_next) else {
                return true;
            };
            core.now = at;
            *instant_began = *actions;
            *actions += 1;
        }
    }

    /// The way of what the load publishes now, if it is short.
    #[inline(always)]
    fn way(&self, node: usize, token: u64) -> Option<Way> {
        let AnyNode::Load(load) = self.nodes.get(node)? else {
            return None;
        };
        let there = self.core.home.first_link as usize + usize::from(load.publishes_on(token)?.0);
        let (link, lane) = (self.core.links.get(there)?, self.core.lanes.get(there)?);
        let back = link.back.0 as usize;
        let (answers, answer_lane) = (self.core.links.get(back)?, self.core.lanes.get(back)?);
        let now = self.core.now;
        let is_short = lane.open && answer_lane.open && link.is_at_once(now) && answers.is_at_once(now);
        is_short.then_some(Way {
            broker: usize::from(lane.home.node.0),
            port: lane.port,
            there,
            back,
        })
    }
}

/// One message is made, taken in and confirmed. True if more than that comes of
/// it in this instant: then the confirm goes its usual way, because it may not
/// be the first.
#[inline(always)]
fn pass_on(core: &mut Core, actions: &mut u64, (load, broker): (&mut Load, &mut Broker), way: &Way) -> bool {
    let Some(publication) = load.publish_one(&mut Cx::at_home(core)) else {
        return true;
    };
    let (now, home, channel) = (core.now, core.home, publication.channel);
    core.links[way.there].pass(now);
    core.home = core.lanes[way.there].home;
    *actions += 1;
    let mut confirm = None;
    let mut cx = Cx::at_home(core);
    let goes_out = broker.take_in(
        &mut cx,
        (way.port, channel),
        (publication.exchange, publication.key),
        publication.message,
        |_, sequence, queues| confirm = Some((sequence, queues)),
    );
    if let Some((sequence, queues)) = confirm
        && goes_out
    {
        let confirm = Frame::Confirm {
            channel,
            sequence,
            queues,
        };
        cx.send(way.port, confirm);
    }
    core.home = home;
    if let Some((sequence, queues)) = confirm
        && !goes_out
    {
        core.links[way.back].pass(now);
        *actions += 1;
        load.confirmed(&mut Cx::at_home(core), sequence, queues);
    }
    goes_out
}
