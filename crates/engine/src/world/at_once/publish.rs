//! A load publishes: the message goes to the broker, the confirm comes back.

use super::super::context::Cx;
use super::super::{Core, World};
use super::{Others, Round};
use crate::node::{AnyNode, Load};
use mqlab_brokers::rabbitmq::{Broker, Frame};
use mqlab_kernel::SimTime;
use mqlab_model::Context;

impl World {
    /// An arrival at a load, and those after it. Returns when the next one is due
    /// and by which token, unless that is armed or more came of the last one.
    #[inline(always)]
    pub(super) fn publish_on(&mut self, round: &Round, others: &Others) -> Option<(SimTime, u64)> {
        let Round { token, .. } = round;
        let nodes = [usize::from(round.home.node().0), round.way.broker];
        let Ok([AnyNode::Load(load), AnyNode::Rabbit(broker)]) = self.nodes.get_disjoint_mut(nodes) else {
            unreachable!("a load publishes to a broker");
        };
        let core = &mut self.core;
        loop {
            let goes_out = pass_on(core, &mut self.actions, (load, broker), (round, others));
            let at = load.next_due(&mut Cx::at_home(core))?;
            if goes_out || !load.may_make_more() {
                load.arm_at(&mut Cx::at_home(core), at);
                return None;
            }
            if !others.leave(core, at, self.actions) {
                return Some((at, *token));
            }
            core.end_instant();
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
    (round, others): (&Round, &Others),
) -> bool {
    let Round { way, home, .. } = round;
    let Some(publication) = load.publish_one(&mut Cx::at_home(core)) else {
        return true;
    };
    core.go(way);
    *actions += 1;
    let channel = publication.channel;
    let route = (publication.exchange, publication.key);
    let taken = broker.take_in(&mut Cx::at_home(core), (way.port, channel), route, publication.message);
    let Some((sequence, queues)) = taken.confirm else {
        core.home = *home;
        return taken.goes_out;
    };
    if !taken.goes_out && core.come_back(way, *home, others) {
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
    core.home = *home;
    true
}
