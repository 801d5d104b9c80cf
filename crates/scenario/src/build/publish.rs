//! Messages that are published by hand.

use super::Build;
use crate::diagnostic::Diagnostic;
use crate::limits::{PAYLOAD_BYTES_MAX, PUBLISH_MAX};
use crate::names::Named;
use crate::phrase::{Phrase, text};
use crate::read;
use crate::suggest::shown;
use crate::tree::{Table, Tree};
use mqlab_brokers::rabbitmq;
use mqlab_engine::plan::{Address, Command, NodeKind, Plan, Target};
use mqlab_engine::{Places, Sources};
use mqlab_model::NodeId;

impl Build<'_> {
    /// The command of a `publish`.
    pub(super) fn publish(&mut self, table: &Table, plan: &Plan) -> Option<Command> {
        let pick = |named| match named {
            Named::Load(node) => Some(node),
            _ => None,
        };
        let load_tree = table.get("load")?;
        let load = self
            .names
            .resolve_tree(load_tree, Phrase::ALoad, pick, &mut self.found)?;
        let (key, payload) = (table.get("key"), table.get("payload"));
        let is_plain = key.is_none() && payload.is_none();
        let count = self.publish_count(table.get("count"), is_plain, plan)?;
        let key = match key {
            Some(tree) => Some(self.publish_key(tree, load, plan)?),
            None => None,
        };
        let payload = match payload {
            Some(tree) => Some(self.payload(tree)?),
            None => None,
        };
        Some(Command::Publish {
            load,
            count,
            key: key.map(Into::into),
            payload: payload.map(Into::into),
        })
    }

    fn publish_count(&mut self, tree: Option<&Tree>, is_plain: bool, plan: &Plan) -> Option<u64> {
        let Some(tree) = tree else { return Some(1) };
        let count = read::integer(tree, 1, u64::MAX).ok()?;
        let most = plan.limits.messages;
        if count > most {
            let message = text!(TooManyAtOnce, count, most);
            self.error("limit", tree, message);
        } else if !is_plain && count > PUBLISH_MAX {
            let message = text!(TooManyWithKey, count, PUBLISH_MAX);
            self.error("limit", tree, message);
        }
        Some(count)
    }

    fn publish_key<'t>(&mut self, tree: &'t Tree, load: NodeId, plan: &Plan) -> Option<&'t str> {
        let key = tree.text()?;
        self.check_key(key, tree)?;
        let NodeKind::Load(target) = &plan.nodes.get(usize::from(load.0))?.kind else {
            return None;
        };
        match target.to {
            Target::Service(service) => {
                let (load, service) = (self.names.node_name(load), self.names.node_name(service));
                let message = text!(CallsLookAtNoKey, load, service);
                self.error("keys", tree, message);
                return None;
            }
            Target::Broker {
                broker,
                address: Address::Rabbit(rabbitmq::Address::Queue(queue)),
            } => {
                let queues = self.names.get(key).and_then(Named::queue);
                let other = queues.filter(|named| *named != (broker, queue));
                if other.is_some() && !Sources::of(plan, &Places::of(plan)).takes_keys() {
                    let message = text!(AnotherQueueByHand, shown(key), self.names.node_name(load));
                    let help = Phrase::TooManyToFollow;
                    self.found
                        .push(Diagnostic::error("limit", &tree.span, message).help(help));
                    return None;
                }
            }
            Target::Broker {
                address: Address::Rabbit(rabbitmq::Address::Exchange(_)) | Address::Kafka(_),
                ..
            } => {}
        }
        Some(key)
    }

    fn payload<'t>(&mut self, tree: &'t Tree) -> Option<&'t str> {
        let payload = tree.text()?;
        if payload.len() > PAYLOAD_BYTES_MAX {
            let message = text!(PayloadTooLong, payload.len(), PAYLOAD_BYTES_MAX);
            self.error("limit", tree, message);
            return None;
        }
        Some(payload)
    }
}
