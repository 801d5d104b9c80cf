//! From the merged tree of one variant to its plan.
//!
//! Values were checked against the table of keys before, so a reader that
//! fails here has been reported already and its key is simply left out.

mod acks;
mod arrivals;
mod binding;
mod bounds;
mod broker;
mod check;
mod clocks;
mod command;
mod consume;
mod election;
mod exclusive;
mod fault;
mod kafka;
mod keys;
mod links;
mod load;
mod merge;
mod patience;
mod pattern;
mod policy;
mod poll;
mod producer;
mod publish;
mod queue;
mod rabbit_cluster;
mod random;
mod records;
mod seek;
mod service;
mod setting;
mod sources;
mod steps;
mod tables;

pub(crate) use bounds::{strain, strain_word};
pub(crate) use clocks::reads_clock;
pub(crate) use command::{commands, flatten};
pub(crate) use links::are_connected;
pub(crate) use pattern::read as read_pattern;
pub(crate) use policy::{applies_to, applies_to_word, matching};
pub(crate) use queue::overflow_named;

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::limits::{KEY_BYTES_MAX, KEYS_MAX};
use crate::names::{Kind, Names};
use crate::phrase::{Text, text};
use crate::read;
use crate::shape::Shape;
use crate::tree::{Table, Tree};
use mqlab_brokers::kafka::{Assignor, GroupPlan};
use mqlab_brokers::rabbitmq::Properties;
use mqlab_engine::plan::{BrokerPlan, Limits, NodeKind, NodePlan, Overload, Plan};
use mqlab_kernel::{SimTime, SortedMap};
use mqlab_model::{KeyId, NodeId};

/// A variant that is being built.
pub(crate) struct Build<'a> {
    root: &'a Table,
    /// What its names stand for.
    pub(crate) names: Names<'a>,
    keys: Keys,
    /// Every set of properties that a load gives its messages.
    properties: Vec<Properties>,
    /// The consumer groups that services belong to, with what divides partitions
    /// in each.
    groups: Vec<Option<(GroupPlan, Assignor)>>,
    /// How many static members there are.
    instances: u16,
    /// The `transactional.id`s of producers, by their numbers.
    transactional: Vec<String>,
    /// What is wrong with it.
    pub(crate) found: Diagnostics,
}

/// Routing and binding keys, interned.
#[derive(Default)]
struct Keys {
    ids: SortedMap<String, KeyId>,
    list: Vec<String>,
}

/// Builds the plan of one variant from its merged tree. The plan is good for
/// nothing if errors were found.
pub(crate) fn build(root: &Table, seed: u64) -> (Plan, Build<'_>) {
    let mut found = Diagnostics::default();
    Shape { found: &mut found }.table_of_variant(root);
    let mut build = Build::named(root, found);
    let mut plan = Plan {
        seed,
        until: root
            .get("until")
            .and_then(|until| read::time(until).ok())
            .unwrap_or(SimTime::MAX),
        nodes: build.nodes(),
        links: Vec::new(),
        clocks: build.clocks(),
        commands: Vec::new(),
        random: None,
        watches: Vec::new(),
        limits: build.limits(),
    };
    plan.links = build.links(&plan.nodes);
    // With names that stand for nothing these would only repeat what is known.
    if !build.found.has_errors() {
        build.check(&plan);
    }
    (plan, build)
}

impl Shape<'_> {
    fn table_of_variant(&mut self, root: &Table) {
        for entry in root.entries() {
            self.entry(entry, "", "");
        }
    }
}

impl<'a> Build<'a> {
    /// A variant that is built already: what its names stand for, to read
    /// more of what is done to it.
    pub(crate) fn named(root: &'a Table, mut found: Diagnostics) -> Build<'a> {
        let names = Names::of(root, &mut found);
        Build {
            root,
            names,
            keys: Keys::default(),
            properties: Vec::new(),
            groups: Vec::new(),
            instances: 0,
            transactional: Vec::new(),
            found,
        }
    }

    fn nodes(&mut self) -> Vec<NodePlan> {
        let declared: Vec<(Kind, &str, &Tree)> = self
            .names
            .nodes
            .iter()
            .map(|node| (node.kind, node.entry.key.as_str(), &node.entry.tree))
            .collect();
        let empty = Table::default();
        let mut nodes: Vec<NodePlan> = Vec::with_capacity(declared.len());
        for (kind, name, tree) in declared {
            let table = tree.table().unwrap_or(&empty);
            let kind = match kind {
                Kind::Load => NodeKind::Load(self.load(name, table)),
                Kind::Rabbit => {
                    let id = NodeId(nodes.len() as u16);
                    nodes.extend(NodePlan::broker(id, name, BrokerPlan::Rabbit(self.rabbit(table))));
                    continue;
                }
                Kind::Kafka => {
                    let id = NodeId(nodes.len() as u16);
                    nodes.extend(NodePlan::broker(id, name, BrokerPlan::Kafka(self.kafka(table))));
                    continue;
                }
                // It came with its cluster.
                Kind::Member => continue,
                Kind::Service => NodeKind::Service(self.service(table)),
                Kind::Table => NodeKind::Table(self.database_table(name, table)),
            };
            nodes.push(NodePlan {
                name: name.to_owned(),
                kind,
            });
        }
        self.fill_in(&mut nodes);
        nodes
    }

    /// Loads have interned keys as well, and services have joined groups: brokers
    /// get the lists of these last.
    fn fill_in(&mut self, nodes: &mut [NodePlan]) {
        let (keys, properties) = (&self.keys.list, &self.properties);
        let groups = self.groups.iter().map(|group| match group {
            Some((plan, _)) => plan.clone(),
            // Its services are wrong, and nobody runs the plan.
            None => GroupPlan {
                name: String::new(),
                topics: Vec::new(),
            },
        });
        let groups: Vec<GroupPlan> = groups.collect();
        let has_transactions = !self.transactional.is_empty();
        for node in nodes {
            match &mut node.kind {
                NodeKind::Broker(BrokerPlan::Rabbit(config)) => {
                    config.keys.clone_from(keys);
                    config.properties.clone_from(properties);
                }
                NodeKind::Broker(BrokerPlan::Kafka(config)) => {
                    config.keys.clone_from(keys);
                    config.groups.clone_from(&groups);
                    config.transactions = has_transactions.then_some(config.offsets);
                }
                _ => {}
            }
        }
    }

    fn limits(&mut self) -> Limits {
        let defaults = Limits::default();
        let table = self.root.get("limits").and_then(Tree::table);
        let read = |key: &str, default: u64| {
            let given = table.and_then(|table| table.get(key));
            given
                .and_then(|tree| read::integer(tree, 1, u64::MAX).ok())
                .unwrap_or(default)
        };
        Limits {
            actions: read("actions", defaults.actions),
            actions_per_instant: read("actions_per_instant", defaults.actions_per_instant),
            messages: read("messages", defaults.messages),
            waiting: read("waiting", defaults.waiting),
            rows: read("rows", defaults.rows),
        }
    }

    /// The id of a key, given by a value of the tree.
    fn intern(&mut self, key: &str, tree: &Tree) -> Option<KeyId> {
        if let Some(id) = self.keys.ids.get(key) {
            return Some(*id);
        }
        if self.keys.list.len() >= KEYS_MAX {
            let message = text!(TooManyKeys, KEYS_MAX);
            self.found.push(Diagnostic::error("limit", &tree.span, message));
            return None;
        }
        self.check_key(key, tree)?;
        let id = KeyId(u16::try_from(self.keys.list.len()).ok()?);
        self.keys.list.push(key.to_owned());
        self.keys.ids.insert(key.to_owned(), id);
        Some(id)
    }

    /// Whether AMQP can carry a key.
    fn check_key(&mut self, key: &str, tree: &Tree) -> Option<()> {
        if key.len() > KEY_BYTES_MAX {
            self.error("limit", tree, text!(KeyTooLong, KEY_BYTES_MAX));
            return None;
        }
        Some(())
    }

    fn error(&mut self, code: &'static str, tree: &Tree, message: impl Into<Text>) {
        self.found.push(Diagnostic::error(code, &tree.span, message));
    }
}

/// Reads an overload rule.
fn overload(tree: &Tree) -> Option<Overload> {
    match tree.text()? {
        "slows" => Some(Overload::Slows),
        "dies" => Some(Overload::Dies),
        _ => None,
    }
}
