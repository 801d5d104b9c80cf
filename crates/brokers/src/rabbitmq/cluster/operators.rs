//! What operators change in a cluster while it runs. Definitions stand in the metadata
//! that all members have (docs: "Clustering", "What is Replicated?"); a queue does what
//! they say where it is, and a quorum queue has that agreed on
//! (`rabbit_quorum_queue:policy_changed`).

use super::content::Content;
use super::wire::Wire;
use super::{Command, Member};
use crate::rabbitmq::exchange::Routes;
use crate::rabbitmq::{Binding, Config, PolicyRule, Properties, QueueId, QueueRule};
use alloc::rc::Rc;
use alloc::vec::Vec;
use mqlab_model::Context;

impl Member {
    /// What is defined now.
    pub fn definitions(&self) -> &Config {
        &self.cluster.config
    }

    /// All bindings of the first definitions, also those that are not there now.
    pub fn bindings(&self) -> &[Binding] {
        &self.boot.config.bindings
    }

    /// A policy changes, and the queues that are here follow it at once if the member
    /// is up. The new value as a number; `None` if there is no such policy.
    pub fn set_policy<C: Context<Wire>>(
        &mut self,
        cx: &mut C,
        policy: u16,
        rule: &PolicyRule,
        is_up: bool,
    ) -> Option<u64> {
        let value = Rc::make_mut(&mut self.cluster).config.change_policy(policy, rule)?;
        self.routes = Routes::new(&self.cluster.config);
        if is_up && !self.is_paused {
            self.follow_policies(cx);
            self.work_off(cx);
        }
        Some(value)
    }

    /// The number of properties that somebody publishes with from now on; `None` if there
    /// are too many of them.
    pub fn number_properties(&mut self, properties: &Properties) -> Option<u16> {
        let number = Rc::make_mut(&mut self.cluster).config.number(properties.clone())?;
        self.routes = Routes::new(&self.cluster.config);
        if properties.expiration.is_some() {
            let masters = self.masters.values_mut().map(|master| &mut master.content);
            let replicas = self.replicas.values_mut().map(|replica| &mut replica.content);
            masters.chain(replicas).for_each(Content::go_by_time);
        }
        Some(number)
    }

    /// Something of the first definitions is bound, or is not. Returns the new value
    /// as a number, if there is such a binding.
    pub fn set_bound(&mut self, binding: u16, on: bool) -> Option<u64> {
        let binding = self.boot.config.bindings.get(usize::from(binding))?.clone();
        Rc::make_mut(&mut self.cluster).config.set_bound(binding, on);
        self.routes = Routes::new(&self.cluster.config);
        Some(u64::from(on))
    }

    /// Queues that are here, and do not do yet what their definitions say, do.
    pub(super) fn follow_policies<C: Context<Wire>>(&mut self, cx: &mut C) {
        if self.cluster.config.policies.is_none() {
            return;
        }
        for queue in self.cluster.queues() {
            for rule in self.new_rules(queue) {
                self.tell_rule(cx, queue, rule);
            }
        }
    }

    fn new_rules(&self, queue: QueueId) -> Vec<QueueRule> {
        let wanted = self.cluster.config.queues[usize::from(queue.0)].arguments.as_ref();
        let content = self.content(queue).filter(|_| self.has(queue));
        let (Some(content), Some(wanted)) = (content, wanted) else {
            return Vec::new();
        };
        let asked = self.replicas.get(&queue).and_then(|replica| replica.asked.as_deref());
        asked.unwrap_or(content.arguments()).rules_towards(wanted)
    }

    fn tell_rule<C: Context<Wire>>(&mut self, cx: &mut C, queue: QueueId, rule: QueueRule) {
        let command = Command::Rule { rule };
        if let Some(replica) = self.replicas.get_mut(&queue) {
            // It is not done before it is agreed on, and by then there may be another.
            let content = &replica.content;
            let asked = replica.asked.get_or_insert_with(|| content.arguments().clone().into());
            asked.follow(rule);
            replica.propose(command, cx.now());
            self.advance(cx, queue);
        } else {
            self.do_classic(cx, queue, command);
        }
    }
}
