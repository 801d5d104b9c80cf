//! A load publishes: the message goes to the broker, the confirm comes back.

use super::super::context::Cx;
use super::super::{Core, World};
use super::{Others, Way};
use crate::node::{AnyNode, Load};
use mqlab_brokers::rabbitmq::{Broker, Frame};
use mqlab_model::Context;

impl World {
    /// An arrival at a load.
    #[inline(never)]
    pub(super) fn publish_at_once(&mut self, node: usize, token: u64) -> bool {
        let AnyNode::Load(load) = &self.nodes[node] else {
            return false;
        };
        let Some(way) = load.publishes_on(token).and_then(|port| self.core.short_way(port)) else {
            return false;
        };
        let Some(others) = self.others_due() else { return false };
        let pair = self.nodes.get_disjoint_mut([node, way.broker]);
        let Ok([AnyNode::Load(load), AnyNode::Rabbit(broker)]) = pair else {
            return false;
        };
        let core = &mut self.core;
        loop {
            let goes_out = pass_on(core, &mut self.actions, (load, broker), (&way, &others));
            let Some(at) = load.next_due(&mut Cx::at_home(core)) else {
                return true;
            };
            if goes_out || !load.may_make_more() || !others.leave(core, at, self.actions) {
                load.arm_at(&mut Cx::at_home(core), at);
                return true;
            }
            core.now = at;
            self.instant_began = self.actions;
            self.actions += 1;
        }
    }
}

/// One message is made, taken in and confirmed. True if more than that comes of
/// it in this instant: then the confirm goes its usual way, because it may not
/// be the first.
#[inline(always)]
fn pass_on(
    core: &mut Core,
    actions: &mut u64,
    (load, broker): (&mut Load, &mut Broker),
    (way, others): (&Way, &Others),
) -> bool {
    let Some(publication) = load.publish_one(&mut Cx::at_home(core)) else {
        return true;
    };
    let home = core.go(way);
    *actions += 1;
    let channel = publication.channel;
    let route = (publication.exchange, publication.key);
    let taken = broker.take_in(&mut Cx::at_home(core), (way.port, channel), route, publication.message);
    let Some((sequence, queues)) = taken.confirm else {
        core.home = home;
        return taken.goes_out;
    };
    if !taken.goes_out && core.come_back(way, home, others) {
        *actions += 1;
        load.on_confirm(&mut Cx::at_home(core), sequence, queues);
        return false;
    }
    let confirm = Frame::Confirm {
        channel,
        sequence,
        queues,
    };
    Cx::at_home(core).send(way.port, confirm);
    core.home = home;
    true
}
