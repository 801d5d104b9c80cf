//! What operators of RabbitMQ change while it runs, policies, bindings, mirrors, and the
//! watermark of the memory; and what its publishers say with each message.

use super::context::Cx;
use super::{Condition, Postponed, World};
use crate::node::AnyNode;
use crate::plan::{PublishRule, PublishRuleKind, Setting, SettingKind};
use alloc::vec::Vec;
use mqlab_brokers::rabbitmq::{Binding, Config, Properties, QueueId};
use mqlab_kernel::{Dist, SimSpan};
use mqlab_model::NodeId;

impl World {
    /// A definition changes, at the node or at every member of a cluster, where it
    /// stands in the metadata: also at those that are down, who follow it when they come
    /// back. The new value as a number for the record; `None` if it is another setting.
    pub(super) fn set_definition(&mut self, node: NodeId, setting: &Setting) -> Option<u64> {
        match *setting {
            Setting::Policy { .. } | Setting::Bound { .. } | Setting::Mirroring { .. } | Setting::Watermark(_) => {
                self.define(node, setting)
            }
            Setting::Publish(ref rule) => self.set_publish(node, rule),
            _ => None,
        }
    }

    /// What a load's messages carry changes with the next one that it makes. Brokers know
    /// properties by their numbers, so they hear of new ones, all in the same order.
    #[inline(never)]
    fn set_publish(&mut self, load: NodeId, rule: &PublishRule) -> Option<u64> {
        let mut changed = self.publishes_with(load).cloned().unwrap_or_default();
        let AnyNode::Load(publisher) = &mut self.nodes[usize::from(load.0)] else {
            return None;
        };
        if let PublishRule::Delay(delay) = *rule {
            let (source, first) = (publisher.source(), publisher.made());
            self.core.postponed.push(Postponed { source, first, delay });
            return Some(rule.value());
        }
        if !rule.change(&mut changed) {
            return None;
        }
        let mut number = None;
        for broker in self.published_to(load) {
            let known = match &mut self.nodes[usize::from(broker.0)] {
                AnyNode::Rabbit(broker) => broker.number_properties(&changed),
                AnyNode::RabbitMember(member) => member.number_properties(&changed),
                _ => None,
            };
            number = number.or(known);
        }
        if let AnyNode::Load(publisher) = &mut self.nodes[usize::from(load.0)] {
            publisher.set_properties(number?);
        }
        Some(rule.value())
    }

    /// The nodes of the broker that a load publishes to.
    fn published_to(&self, load: NodeId) -> Vec<NodeId> {
        let links = self.core.links.iter().filter(|link| link.from == load);
        links.map(|link| link.to).collect()
    }

    /// What the messages of a load carry now.
    fn publishes_with(&self, load: NodeId) -> Option<&Properties> {
        let AnyNode::Load(publisher) = self.nodes.get(usize::from(load.0))? else {
            return None;
        };
        let index = usize::from(publisher.properties()).checked_sub(1)?;
        self.rabbit_definitions(*self.published_to(load).first()?)?
            .properties
            .get(index)
    }

    fn publish_setting(&self, load: NodeId, kind: PublishRuleKind) -> Option<Setting> {
        let AnyNode::Load(publisher) = self.nodes.get(usize::from(load.0))? else {
            return None;
        };
        let rule = match kind {
            PublishRuleKind::Delay => {
                let delay = self.core.delay_from(publisher.source(), publisher.made());
                PublishRule::Delay(delay.unwrap_or(Dist::Constant(SimSpan::ZERO)))
            }
            kind => kind.of(self.publishes_with(load).unwrap_or(&Properties::default()))?,
        };
        Some(Setting::Publish(rule))
    }

    #[inline(never)]
    fn define(&mut self, node: NodeId, setting: &Setting) -> Option<u64> {
        let members = self.core.frame.members[usize::from(node.0)].clone();
        let all = if members.is_empty() { [node].into() } else { members };
        let mut value = None;
        for member in all.iter().copied() {
            let is_up = self.condition(member) == Condition::Up;
            let mut cx = Cx::new(&mut self.core, member);
            let changed = match (&mut self.nodes[usize::from(member.0)], setting) {
                (AnyNode::Rabbit(broker), Setting::Policy { policy, rule }) => {
                    broker.set_policy(&mut cx, *policy, rule, is_up)
                }
                (AnyNode::Rabbit(broker), Setting::Bound { binding, on }) => broker.set_bound(*binding, *on),
                (AnyNode::Rabbit(broker), Setting::Watermark(share)) => broker.set_watermark(&mut cx, *share, is_up),
                (AnyNode::RabbitMember(one), Setting::Policy { policy, rule }) => {
                    one.set_policy(&mut cx, *policy, rule, is_up)
                }
                (AnyNode::RabbitMember(one), Setting::Bound { binding, on }) => one.set_bound(*binding, *on),
                (AnyNode::RabbitMember(one), Setting::Mirroring { queue, rule }) => {
                    one.set_mirroring(&mut cx, QueueId(*queue), *rule, is_up)
                }
                (AnyNode::RabbitMember(one), Setting::Watermark(share)) => one.set_watermark(&mut cx, *share, is_up),
                _ => None,
            };
            value = value.or(changed);
        }
        value
    }

    /// A definition as it is now.
    pub(super) fn definition_setting(&self, node: NodeId, kind: SettingKind) -> Option<Setting> {
        match kind {
            SettingKind::Policy(..) | SettingKind::Bound(_) | SettingKind::Mirroring(..) | SettingKind::Watermark => {
                self.defined(node, kind)
            }
            SettingKind::Publish(kind) => self.publish_setting(node, kind),
            _ => None,
        }
    }

    /// What a RabbitMQ node, or a cluster, has defined.
    pub fn rabbit_definitions(&self, node: NodeId) -> Option<&Config> {
        let first = self.core.frame.members[usize::from(node.0)].first();
        match &self.nodes[usize::from(first.unwrap_or(&node).0)] {
            AnyNode::Rabbit(broker) => Some(broker.definitions()),
            AnyNode::RabbitMember(member) => Some(member.definitions()),
            _ => None,
        }
    }

    /// All bindings that it was given, also those that are not there now.
    fn first_bindings(&self, node: NodeId) -> Option<&[Binding]> {
        let first = self.core.frame.members[usize::from(node.0)].first();
        match &self.nodes[usize::from(first.unwrap_or(&node).0)] {
            AnyNode::Rabbit(broker) => Some(broker.bindings()),
            AnyNode::RabbitMember(member) => Some(member.bindings()),
            _ => None,
        }
    }

    #[inline(never)]
    fn defined(&self, node: NodeId, kind: SettingKind) -> Option<Setting> {
        let config = self.rabbit_definitions(node)?;
        match kind {
            SettingKind::Policy(policy, rule) => {
                let rule = config.policy_rule(policy, rule)?;
                Some(Setting::Policy { policy, rule })
            }
            SettingKind::Bound(binding) => {
                let on = config
                    .bindings
                    .contains(self.first_bindings(node)?.get(usize::from(binding))?);
                Some(Setting::Bound { binding, on })
            }
            SettingKind::Mirroring(queue, rule) => {
                let first = self.core.frame.members[usize::from(node.0)].first()?;
                let AnyNode::RabbitMember(member) = &self.nodes[usize::from(first.0)] else {
                    return None;
                };
                let rule = member.mirror_rule(QueueId(queue), rule)?;
                Some(Setting::Mirroring { queue, rule })
            }
            _ => Some(Setting::Watermark(config.memory?.watermark)),
        }
    }
}
