//! A service's work is done: the acknowledgement goes to the broker, the next
//! delivery comes back.

use super::super::context::Cx;
use super::super::{Core, World};
use super::{Others, Round, Way, What};
use crate::node::{AnyNode, Service};
use mqlab_brokers::rabbitmq::{Broker, ChannelId};
use mqlab_kernel::SimTime;
use mqlab_model::Context;

impl World {
    /// The timer of some work, and those after it. Returns when the next one is
    /// due and by which token, unless that is armed or more came of the last one.
    #[inline(always)]
    pub(super) fn work_on(&mut self, round: &Round, others: &Others) -> Option<(SimTime, u64)> {
        let Round { way, mut token, .. } = *round;
        let What::Work(channel) = round.what else {
            unreachable!("a service has done some work");
        };
        let nodes = [usize::from(round.home.node.0), way.broker];
        let Ok([AnyNode::Service(service), AnyNode::Rabbit(broker)]) = self.nodes.get_disjoint_mut(nodes) else {
            unreachable!("a service acknowledges to a broker");
        };
        let core = &mut self.core;
        loop {
            let next = settle(
                core,
                &mut self.actions,
                (service, broker),
                (&way, channel, others),
                token,
            );
            let (at, next_token) = next?;
            if !others.leave(core, at, self.actions) {
                return next;
            }
            token = next_token;
            core.now = at;
            self.instant_began = self.actions;
            self.actions += 1;
        }
    }
}

/// Some work is done and acknowledged, the next is begun, and what the broker
/// hands out for it received. Returns when the next is done, and its token, if
/// that is not armed yet and nothing else came of it in this instant.
#[inline(always)]
fn settle(
    core: &mut Core,
    actions: &mut u64,
    (service, broker): (&mut Service, &mut Broker),
    (way, channel, others): (&Way, ChannelId, &Others),
    token: u64,
) -> Option<(SimTime, u64)> {
    let mut done = service.end_work(&mut Cx::at_home(core), token)?;
    let now = core.now;
    let home = core.go(way);
    *actions += 1;
    let out = broker.settle_one(&mut Cx::at_home(core), (way.port, channel), done.tag);
    let Some(out) = out else {
        core.home = home;
        return done.next;
    };
    let is_next = out.port == way.port && done.next.is_none_or(|(at, _)| at > now);
    if !(is_next && core.come_back(way, home, others)) {
        Cx::at_home(core).send(out.port, out.frame());
        core.home = home;
        arm(core, service, done.next);
        return None;
    }
    if service.has_free_worker() {
        // What is armed first is first, should another worker's be due with it.
        arm(core, service, done.next.take());
    }
    *actions += 1;
    service.on_deliver(&mut Cx::at_home(core), out.message, out.tag, out.redelivered);
    done.next
}

#[inline(never)]
fn arm(core: &mut Core, service: &mut Service, next: Option<(SimTime, u64)>) {
    if let Some((at, token)) = next {
        service.arm_work(&mut Cx::at_home(core), at, token);
    }
}
