//! The names of one variant: what each stands for.

pub(crate) mod kafka;

use crate::diagnostic::{Advice, Diagnostic, Diagnostics};
use crate::limits::{EXCHANGES_MAX, NODES_MAX, QUEUES_MAX, RABBIT_NODES_MAX};
use crate::phrase::{Phrase, Text, text};
use crate::read;
use crate::suggest::{did_you_mean, shown};
use crate::tree::{Entry, Table, Tree};
use mqlab_brokers::kafka::GroupId;
use mqlab_brokers::rabbitmq::{self, ExchangeId, QueueId};
use mqlab_engine::plan::{Address, Target};
use mqlab_kernel::{SortedMap, sort_by_key};
use mqlab_model::NodeId;
use std::borrow::Cow;
use std::ops::Range;

/// What a name stands for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Named {
    /// A load.
    Load(NodeId),
    /// A broker, or a cluster of them.
    Broker(NodeId),
    /// A node of a cluster.
    Member(NodeId),
    /// A service.
    Service(NodeId),
    /// A table.
    Table(NodeId),
    /// Something at a broker that messages are published to.
    Address { broker: NodeId, address: Address },
    /// A consumer group of a cluster.
    Group { broker: NodeId, group: GroupId },
}

impl Named {
    /// What it is, for messages.
    pub(crate) fn what(self) -> Phrase {
        match self {
            Named::Load(_) => Phrase::ALoad,
            Named::Broker(_) => Phrase::ABroker,
            Named::Member(_) => Phrase::ANodeOfACluster,
            Named::Service(_) => Phrase::AService,
            Named::Table(_) => Phrase::ATable,
            Named::Address { address, .. } => match address {
                Address::Rabbit(rabbitmq::Address::Queue(_)) => Phrase::AQueue,
                Address::Rabbit(rabbitmq::Address::Exchange(_)) => Phrase::AnExchange,
                Address::Kafka(address) if address.partition.is_some() => Phrase::APartition,
                Address::Kafka(_) => Phrase::ATopic,
            },
            Named::Group { .. } => Phrase::AConsumerGroup,
        }
    }

    /// The node that it is.
    pub(crate) fn node(self) -> Option<NodeId> {
        match self {
            Named::Load(node)
            | Named::Broker(node)
            | Named::Member(node)
            | Named::Service(node)
            | Named::Table(node) => Some(node),
            Named::Address { .. } | Named::Group { .. } => None,
        }
    }

    /// The queue of RabbitMQ that it is, with its broker.
    pub(crate) fn queue(self) -> Option<(NodeId, QueueId)> {
        match self {
            Named::Address {
                broker,
                address: Address::Rabbit(rabbitmq::Address::Queue(queue)),
            } => Some((broker, queue)),
            _ => None,
        }
    }

    /// The exchange of RabbitMQ that it is.
    pub(crate) fn exchange(self) -> Option<ExchangeId> {
        match self {
            Named::Address {
                address: Address::Rabbit(rabbitmq::Address::Exchange(exchange)),
                ..
            } => Some(exchange),
            _ => None,
        }
    }

    /// It as something that messages or requests can go to.
    pub(crate) fn target(self) -> Option<Target> {
        match self {
            Named::Service(node) => Some(Target::Service(node)),
            Named::Address { broker, address } => Some(Target::Broker { broker, address }),
            Named::Load(_) | Named::Broker(_) | Named::Member(_) | Named::Table(_) | Named::Group { .. } => None,
        }
    }
}

/// A node of the document, in the order of the plan.
pub(crate) struct Declared<'a> {
    pub(crate) kind: Kind,
    /// Of a node of a cluster, that of the cluster.
    pub(crate) entry: &'a Entry,
    name: Cow<'a, str>,
}

/// Which kind of node is declared.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    Load,
    Rabbit,
    Kafka,
    /// A node of the cluster that stands before it.
    Member,
    Service,
    Table,
}

/// The names of one variant.
pub(crate) struct Names<'a> {
    /// The nodes; the place in the list is the node's id.
    pub(crate) nodes: Vec<Declared<'a>>,
    known: SortedMap<Cow<'a, str>, Named>,
}

impl<'a> Names<'a> {
    /// Collects what a merged document declares.
    pub(crate) fn of(root: &'a Table, found: &mut Diagnostics) -> Self {
        let mut names = Names {
            nodes: nodes(root, found),
            known: SortedMap::new(),
        };
        for index in 0..names.nodes.len() {
            let Declared { kind, entry, name } = &names.nodes[index];
            let (kind, entry, name) = (*kind, *entry, name.clone());
            let node = NodeId(u16::try_from(index).unwrap_or(u16::MAX));
            let named = match kind {
                Kind::Load => Named::Load(node),
                Kind::Rabbit | Kind::Kafka => Named::Broker(node),
                Kind::Member => Named::Member(node),
                Kind::Service => Named::Service(node),
                Kind::Table => Named::Table(node),
            };
            names.declare((name, &entry.key_span), named, found);
            match (kind, entry.tree.table()) {
                (Kind::Rabbit, Some(config)) => names.rabbit(config, node, found),
                (Kind::Kafka, Some(config)) => names.kafka(config, node, found),
                _ => {}
            }
        }
        names.groups(root, found);
        names
    }

    fn rabbit(&mut self, config: &'a Table, broker: NodeId, found: &mut Diagnostics) {
        let (queues, exchanges) = (config.within("queue"), config.within("exchange"));
        for (entries, most, is_queue) in [(queues, QUEUES_MAX, true), (exchanges, EXCHANGES_MAX, false)] {
            if let Some(first) = entries.get(most) {
                let message = match is_queue {
                    true => text!(TooManyQueues, entries.len(), most),
                    false => text!(TooManyExchanges, entries.len(), most),
                };
                found.push(Diagnostic::error("limit", &first.key_span, message));
            }
        }
        for (index, entry) in queues.iter().take(QUEUES_MAX).enumerate() {
            let queue = QueueId(u16::try_from(index).unwrap_or(u16::MAX));
            let address = Address::Rabbit(rabbitmq::Address::Queue(queue));
            self.declare_entry(entry, Named::Address { broker, address }, found);
        }
        for (index, entry) in exchanges.iter().take(EXCHANGES_MAX).enumerate() {
            // The default exchange, which has no name, is the first.
            let exchange = ExchangeId(u16::try_from(index + 1).unwrap_or(u16::MAX));
            let address = Address::Rabbit(rabbitmq::Address::Exchange(exchange));
            self.declare_entry(entry, Named::Address { broker, address }, found);
        }
    }

    fn declare_entry(&mut self, entry: &'a Entry, named: Named, found: &mut Diagnostics) {
        self.declare((Cow::Borrowed(&entry.key), &entry.key_span), named, found);
    }

    fn declare(&mut self, (name, span): (Cow<'a, str>, &Range<usize>), named: Named, found: &mut Diagnostics) {
        if let Some(other) = self.known.get(&*name) {
            let message = text!(IsAlready, shown(&name), other.what());
            found.push(Diagnostic::error("duplicate-name", span, message));
        }
        self.known.insert(name, named);
    }

    /// What a name stands for.
    pub(crate) fn get(&self, name: &str) -> Option<Named> {
        self.known.get(name).copied()
    }

    /// Every name.
    pub(crate) fn all(&self) -> impl Iterator<Item = (&str, Named)> {
        self.known.iter().map(|(name, named)| (&**name, *named))
    }

    /// The name of a node.
    pub(crate) fn node_name(&self, node: NodeId) -> Cow<'a, str> {
        let declared = self.nodes.get(usize::from(node.0));
        declared.map_or(Cow::Borrowed(""), |declared| declared.name.clone())
    }

    /// What `name` stands for, as far as `pick` takes it; says what is wrong
    /// otherwise. `wanted` names what is taken, such as "a queue".
    pub(crate) fn resolve<T>(
        &self,
        (name, span): (&str, &Range<usize>),
        wanted: Phrase,
        pick: impl Fn(Named) -> Option<T>,
        found: &mut Diagnostics,
    ) -> Option<T> {
        match self.look_up(name, wanted, pick, found.has_room()) {
            Ok(picked) => Some(picked),
            Err((message, help)) => {
                found.push(Diagnostic::error("unknown-name", span, message).maybe_help(help));
                None
            }
        }
    }

    /// The same of a value that is read by itself.
    pub(crate) fn read<T>(&self, tree: &Tree, wanted: Phrase, pick: impl Fn(Named) -> Option<T>) -> read::Read<T> {
        let name = read::name(tree)?;
        self.look_up(name, wanted, pick, true)
            .map_err(|(message, help)| read::unknown_name(tree, message, help))
    }

    fn look_up<T>(
        &self,
        name: &str,
        wanted: Phrase,
        pick: impl Fn(Named) -> Option<T>,
        wants_help: bool,
    ) -> Result<T, (Text, Option<Advice>)> {
        let named = self.get(name);
        if let Some(picked) = named.and_then(&pick) {
            return Ok(picked);
        }
        let fitting = || {
            self.all()
                .filter(|(_, named)| pick(*named).is_some())
                .map(|(name, _)| name)
        };
        let message = match named {
            Some(named) => text!(IsAnother, name, named.what(), wanted),
            None => text!(NothingCalled, shown(name), wanted),
        };
        let help = wants_help
            .then(|| did_you_mean(name, fitting()).or_else(|| listed(fitting()).map(Advice::from)))
            .flatten();
        Err((message, help))
    }

    /// The same for a value of the tree that holds one name.
    pub(crate) fn resolve_tree<T>(
        &self,
        tree: &Tree,
        wanted: Phrase,
        pick: impl Fn(Named) -> Option<T>,
        found: &mut Diagnostics,
    ) -> Option<T> {
        self.resolve((tree.text()?, &tree.span), wanted, pick, found)
    }
}

/// The nodes of a document in the order of a plan: a cluster is followed by the
/// nodes that it consists of.
fn nodes<'a>(root: &'a Table, found: &mut Diagnostics) -> Vec<Declared<'a>> {
    let declared = |kind, entry: &'a Entry| Declared {
        kind,
        entry,
        name: Cow::Borrowed(&entry.key),
    };
    let mut nodes: Vec<Declared<'_>> = Vec::new();
    for (part, kind) in [("load", Kind::Load), ("service", Kind::Service), ("table", Kind::Table)] {
        nodes.extend(root.within(part).iter().map(|entry| declared(kind, entry)));
    }
    for entry in root.within("broker") {
        match entry.key.as_str() {
            "rabbitmq" => nodes.push(declared(Kind::Rabbit, entry)),
            "kafka" => nodes.push(declared(Kind::Kafka, entry)),
            _ => {}
        }
    }
    sort_by_key(&mut nodes, |declared| declared.entry.order);
    for index in (0..nodes.len()).rev() {
        let Declared { kind, entry, .. } = nodes[index];
        let members = match kind {
            Kind::Kafka => kafka::members(entry),
            Kind::Rabbit => rabbit_members(entry),
            _ => continue,
        };
        let members = members.into_iter().map(|name| Declared {
            kind: Kind::Member,
            entry,
            name: Cow::Owned(name),
        });
        nodes.splice(index + 1..index + 1, members);
    }
    if let Some(first) = nodes.get(NODES_MAX) {
        let message = text!(TooManyNodes, nodes.len(), NODES_MAX);
        found.push(Diagnostic::error("limit", &first.entry.key_span, message));
        nodes.truncate(NODES_MAX);
    }
    nodes
}

/// How many nodes a RabbitMQ broker consists of; one is no cluster.
pub(crate) fn rabbit_nodes(broker: &Table) -> u8 {
    let given = broker.get("nodes");
    let given = given.and_then(|tree| read::integer(tree, 1, RABBIT_NODES_MAX).ok());
    given.map_or(1, |count| count as u8)
}

/// The names of the nodes that it consists of.
fn rabbit_members(entry: &Entry) -> Vec<String> {
    let nodes = entry.tree.table().map_or(1, rabbit_nodes);
    let numbers = 1..=nodes;
    let names = numbers.map(|number| format!("{}-{number}", entry.key));
    names.filter(|_| nodes > 1).collect()
}

/// What there is, if it is little enough to read.
fn listed<'a>(names: impl Iterator<Item = &'a str>) -> Option<Text> {
    let names: Vec<String> = names.take(7).map(|name| format!("`{name}`")).collect();
    (1..=6).contains(&names.len()).then(|| text!(ThereIs, names.join(", ")))
}
