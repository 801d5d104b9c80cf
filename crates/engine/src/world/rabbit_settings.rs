//! What operators of RabbitMQ change while it runs: policies, bindings, and the
//! watermark of the memory.

use super::context::Cx;
use super::{Condition, World};
use crate::node::AnyNode;
use crate::plan::{Setting, SettingKind};
use mqlab_brokers::rabbitmq::{Binding, Config};
use mqlab_model::NodeId;

impl World {
    /// A definition changes, at the node or at every member of a cluster, where it
    /// stands in the metadata: also at those that are down, who follow it when they come
    /// back. The new value as a number for the record; `None` if it is another setting.
    pub(super) fn set_definition(&mut self, node: NodeId, setting: &Setting) -> Option<u64> {
        match *setting {
            Setting::Policy { .. } | Setting::Bound { .. } | Setting::Watermark(_) => self.define(node, setting),
            _ => None,
        }
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
            SettingKind::Policy(..) | SettingKind::Bound(_) | SettingKind::Watermark => self.defined(node, kind),
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
            _ => Some(Setting::Watermark(config.memory?.watermark)),
        }
    }
}
