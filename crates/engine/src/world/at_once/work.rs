//! A service's work is done: the acknowledgement goes to the broker, the next
//! delivery comes back.

use super::super::context::Cx;
use super::super::{Core, World};
use super::{Others, Round, What};
use crate::node::{AnyNode, Done, Service};
use mqlab_brokers::rabbitmq::{Broker, ChannelId};
use mqlab_kernel::SimTime;
use mqlab_model::Context;

impl World {
    /// The timer of some work, and those after it. Returns when the next one is
    /// due and by which token, unless that is armed or more came of the last one.
    #[inline(always)]
    pub(super) fn work_on(&mut self, round: &Round, others: &Others) -> Option<(SimTime, u64)> {
        let mut token = round.token;
        let What::Work(channel) = round.what else {
            unreachable!("a service has done some work");
        };
        let nodes = [usize::from(round.home.node().0), round.way.broker];
        let Ok([AnyNode::Service(service), AnyNode::Rabbit(broker)]) = self.nodes.get_disjoint_mut(nodes) else {
            unreachable!("a service acknowledges to a broker");
        };
        let core = &mut self.core;
        loop {
            let next = settle(
                core,
                &mut self.actions,
                (service, broker),
                (round, channel, others),
                token,
            );
            let (at, next_token) = next?;
            if !others.leave(core, at, self.actions) {
                return next;
            }
            token = next_token;
            core.end_instant();
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
    (round, channel, others): (&Round, ChannelId, &Others),
    token: u64,
) -> Option<(SimTime, u64)> {
    let Round { way, home, .. } = round;
    let Done { tag, next } = service.end_work(&mut Cx::at_home(core), token)?;
    let now = core.now;
    core.go(way);
    *actions += 1;
    let out = broker.settle_one(&mut Cx::at_home(core), (way.port, channel), tag);
    let Some(out) = out else {
        core.home = *home;
        return next;
    };
    let is_next = out.port == way.port && next.is_none_or(|(at, _)| at > now);
    if !(is_next && core.come_back(way, *home, others)) {
        Cx::at_home(core).send(out.port, out.frame());
        core.home = *home;
        arm(core, service, next);
        return None;
    }
    *actions += 1;
    if service.has_free_worker() {
        // What is armed first is first, should another worker's be due with it.
        arm(core, service, next);
        service.on_deliver(&mut Cx::at_home(core), out.message, out.tag, out.redelivered);
        return None;
    }
    service.on_deliver(&mut Cx::at_home(core), out.message, out.tag, out.redelivered);
    next
}

#[inline(always)]
fn arm(core: &mut Core, service: &mut Service, next: Option<(SimTime, u64)>) {
    if let Some((at, token)) = next {
        arm_at(core, service, at, token);
    }
}

#[inline(never)]
fn arm_at(core: &mut Core, service: &mut Service, at: SimTime, token: u64) {
    service.arm_work(&mut Cx::at_home(core), at, token);
}
