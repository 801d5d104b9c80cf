//! The names of one variant: what each stands for.

use crate::diagnostic::{Advice, Diagnostic, Diagnostics};
use crate::limits::{EXCHANGES_MAX, NODES_MAX, QUEUES_MAX};
use crate::phrase::{Phrase, Text, text};
use crate::suggest::{did_you_mean, shown};
use crate::tree::{Entry, Table, Tree};
use mqlab_brokers::rabbitmq::{self, ExchangeId, QueueId};
use mqlab_engine::plan::{Address, Target};
use mqlab_kernel::{SortedMap, sort_by_key};
use mqlab_model::NodeId;
use std::ops::Range;

/// What a name stands for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Named {
    /// A load.
    Load(NodeId),
    /// A broker.
    Broker(NodeId),
    /// A service.
    Service(NodeId),
    /// A table.
    Table(NodeId),
    /// Something at a broker that messages are published to.
    Address { broker: NodeId, address: Address },
}

impl Named {
    /// What it is, for messages.
    pub(crate) fn what(self) -> Phrase {
        match self {
            Named::Load(_) => Phrase::ALoad,
            Named::Broker(_) => Phrase::ABroker,
            Named::Service(_) => Phrase::AService,
            Named::Table(_) => Phrase::ATable,
            Named::Address { address, .. } => match address {
                Address::Rabbit(rabbitmq::Address::Queue(_)) => Phrase::AQueue,
                Address::Rabbit(rabbitmq::Address::Exchange(_)) => Phrase::AnExchange,
            },
        }
    }

    /// The node that it is.
    pub(crate) fn node(self) -> Option<NodeId> {
        match self {
            Named::Load(node) | Named::Broker(node) | Named::Service(node) | Named::Table(node) => Some(node),
            Named::Address { .. } => None,
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
            Named::Load(_) | Named::Broker(_) | Named::Table(_) => None,
        }
    }
}

/// A node of the document, in the order of the plan.
pub(crate) struct Declared<'a> {
    pub(crate) kind: Kind,
    pub(crate) entry: &'a Entry,
}

/// Which kind of node is declared.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    Load,
    Rabbit,
    Service,
    Table,
}

/// The names of one variant.
pub(crate) struct Names<'a> {
    /// The nodes; the place in the list is the node's id.
    pub(crate) nodes: Vec<Declared<'a>>,
    known: SortedMap<&'a str, Named>,
}

impl<'a> Names<'a> {
    /// Collects what a merged document declares.
    pub(crate) fn of(root: &'a Table, found: &mut Diagnostics) -> Self {
        let mut nodes: Vec<Declared<'a>> = Vec::new();
        for (part, kind) in [("load", Kind::Load), ("service", Kind::Service), ("table", Kind::Table)] {
            nodes.extend(root.within(part).iter().map(|entry| Declared { kind, entry }));
        }
        let rabbits = root.within("broker").iter().filter(|entry| entry.key == "rabbitmq");
        nodes.extend(rabbits.map(|entry| Declared {
            kind: Kind::Rabbit,
            entry,
        }));
        sort_by_key(&mut nodes, |declared| declared.entry.order);
        if let Some(first) = nodes.get(NODES_MAX) {
            let message = text!(TooManyNodes, nodes.len(), NODES_MAX);
            found.push(Diagnostic::error("limit", &first.entry.key_span, message));
            nodes.truncate(NODES_MAX);
        }
        let mut names = Names {
            nodes: Vec::new(),
            known: SortedMap::new(),
        };
        for (index, declared) in nodes.iter().enumerate() {
            let node = NodeId(u16::try_from(index).unwrap_or(u16::MAX));
            let named = match declared.kind {
                Kind::Load => Named::Load(node),
                Kind::Rabbit => Named::Broker(node),
                Kind::Service => Named::Service(node),
                Kind::Table => Named::Table(node),
            };
            names.declare(declared.entry, named, found);
            if let (Kind::Rabbit, Some(config)) = (declared.kind, declared.entry.tree.table()) {
                names.rabbit(config, node, found);
            }
        }
        names.nodes = nodes;
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
            self.declare(entry, Named::Address { broker, address }, found);
        }
        for (index, entry) in exchanges.iter().take(EXCHANGES_MAX).enumerate() {
            // The default exchange, which has no name, is the first.
            let exchange = ExchangeId(u16::try_from(index + 1).unwrap_or(u16::MAX));
            let address = Address::Rabbit(rabbitmq::Address::Exchange(exchange));
            self.declare(entry, Named::Address { broker, address }, found);
        }
    }

    fn declare(&mut self, entry: &'a Entry, named: Named, found: &mut Diagnostics) {
        if let Some(other) = self.known.insert(&entry.key, named) {
            let message = text!(IsAlready, shown(&entry.key), other.what());
            found.push(Diagnostic::error("duplicate-name", &entry.key_span, message));
        }
    }

    /// What a name stands for.
    pub(crate) fn get(&self, name: &str) -> Option<Named> {
        self.known.get(name).copied()
    }

    /// Every name.
    pub(crate) fn all(&self) -> impl Iterator<Item = (&'a str, Named)> {
        self.known.iter().map(|(name, named)| (*name, *named))
    }

    /// The name of a node.
    pub(crate) fn node_name(&self, node: NodeId) -> &'a str {
        self.nodes
            .get(usize::from(node.0))
            .map_or("", |declared| &declared.entry.key)
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
        let named = self.get(name);
        if let Some(picked) = named.and_then(&pick) {
            return Some(picked);
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
        let help = found
            .has_room()
            .then(|| did_you_mean(name, fitting()).or_else(|| listed(fitting()).map(Advice::from)))
            .flatten();
        found.push(Diagnostic::error("unknown-name", span, message).maybe_help(help));
        None
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

/// What there is, if it is little enough to read.
fn listed<'a>(names: impl Iterator<Item = &'a str>) -> Option<Text> {
    let names: Vec<String> = names.take(7).map(|name| format!("`{name}`")).collect();
    (1..=6).contains(&names.len()).then(|| text!(ThereIs, names.join(", ")))
}
