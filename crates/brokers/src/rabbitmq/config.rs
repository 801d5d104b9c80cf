//! What a RabbitMQ node is made of when it boots: its definitions.

use super::cluster::Settings;
use super::{Address, Policies, Properties, QueueArguments, Version};
use crate::parts::{Headers, Value};
use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use mqlab_model::{DiskPlan, KeyId, Message, PlaceId};

/// Index of an exchange in [`Config::exchanges`]; 0 is the default exchange.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct ExchangeId(pub u16);

/// Index of a queue in [`Config::queues`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct QueueId(pub u16);

impl ExchangeId {
    /// The exchange without a name: every queue is bound to it by its own
    /// name (AMQP 0-9-1, section 3.1.3.1).
    pub const DEFAULT: ExchangeId = ExchangeId(0);
    /// No exchange.
    pub const MISSING: ExchangeId = ExchangeId(u16::MAX);
}

/// When a persistent message in a durable queue is confirmed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum ConfirmWhen {
    /// When it is written. This is what a classic queue does: it does not wait
    /// for the disk to sync (docs: "Publisher Confirms").
    #[default]
    Written,
    /// When it is synced, as a quorum queue does.
    Synced,
}

/// The memory of a node.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct MemoryPlan {
    /// How many bytes it has.
    pub bytes: u64,
    /// `vm_memory_high_watermark`: from which share of it on, in parts of 2^64, the
    /// memory alarm is on.
    pub watermark: u64,
}

impl MemoryPlan {
    /// From how many bytes of messages in memory on the alarm is on.
    pub fn limit(self) -> u64 {
        ((u128::from(self.bytes) * u128::from(self.watermark)) >> 64) as u64
    }
}

/// The definitions of one RabbitMQ node.
#[derive(Clone, PartialEq, Debug)]
pub struct Config {
    /// Which RabbitMQ it is.
    pub version: Version,
    /// Exchanges; the first is the default exchange.
    pub exchanges: Vec<ExchangeConfig>,
    /// Queues, in the order of the scenario.
    pub queues: Vec<QueueConfig>,
    /// Bindings of queues to exchanges. The default exchange needs none.
    pub bindings: Vec<Binding>,
    /// Those of them that are not there when the node is.
    pub unbound: Vec<Binding>,
    /// Every routing and binding key that occurs, interned.
    pub keys: Vec<String>,
    /// Every set of properties that messages carry; the first has number 1.
    pub properties: Vec<Properties>,
    /// Its disk; `None` is an ideal one, on which everything is synced at
    /// once.
    pub disk: Option<DiskPlan>,
    /// Its memory, if that has an end.
    pub memory: Option<MemoryPlan>,
    /// When a message that goes to the disk is confirmed.
    pub confirm: ConfirmWhen,
    /// Its policies, laid over `queues` and `exchanges` ([`Config::follow_policies`]).
    pub policies: Option<Box<Policies>>,
    /// What makes it several nodes, if it is several.
    pub cluster: Option<Box<Settings>>,
    /// What is wrong with it.
    #[cfg(feature = "planted-bugs")]
    pub bug: Option<super::Bug>,
}

/// One exchange.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ExchangeConfig {
    /// Its name; empty for the default exchange.
    pub name: String,
    /// How it routes.
    pub kind: ExchangeKind,
    /// The name of the exchange that gets what this one routes to nothing. It
    /// need not exist.
    pub alternate: Option<String>,
    /// Whether it keeps back what wants to be delayed: of the type
    /// `x-delayed-message`, with `kind` as its `x-delayed-type`.
    pub is_delayed: bool,
}

impl ExchangeConfig {
    /// An exchange without arguments.
    pub fn new(name: &str, kind: ExchangeKind) -> Self {
        ExchangeConfig {
            name: name.into(),
            kind,
            alternate: None,
            is_delayed: false,
        }
    }
}

/// How an exchange chooses queues.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ExchangeKind {
    /// The routing key is the name of a queue.
    Default,
    /// Queues whose binding key equals the routing key.
    Direct,
    /// Everything that is bound.
    Fanout,
    /// What is bound with a pattern that the routing key matches.
    Topic,
    /// What is bound with arguments that the message's headers match.
    Headers,
}

/// One queue.
#[derive(Clone, PartialEq, Debug)]
pub struct QueueConfig {
    /// Its name, unique in the scenario.
    pub name: String,
    /// The place that its facts carry. Filled in by the engine.
    pub place: PlaceId,
    /// Whether the queue itself is there again after a restart of the node.
    pub durable: bool,
    /// Whether it belongs to the connection that declares it, and is gone with that
    /// (`exclusive` of `queue.declare`; docs: "Queues", "Exclusive Queues").
    pub exclusive: bool,
    /// Its arguments; `None` is a classic queue without any.
    pub arguments: Option<Box<QueueArguments>>,
}

impl QueueConfig {
    /// A durable classic queue without arguments. The engine numbers places.
    pub fn new(name: &str) -> Self {
        QueueConfig {
            name: name.into(),
            place: PlaceId(0),
            durable: true,
            exclusive: false,
            arguments: None,
        }
    }
}

/// What a binding leads to.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Target {
    /// A queue.
    Queue(QueueId),
    /// Another exchange, which routes on.
    Exchange(ExchangeId),
}

/// Something is bound to an exchange.
#[derive(Clone, PartialEq, Debug)]
pub struct Binding {
    /// The exchange that routes.
    pub exchange: ExchangeId,
    /// What receives.
    pub target: Target,
    /// The binding key.
    pub key: KeyId,
    /// What a headers exchange compares, with its `x-match`.
    pub arguments: Headers,
}

impl Binding {
    /// A queue is bound with a key.
    pub fn of_queue(exchange: ExchangeId, queue: QueueId, key: KeyId) -> Self {
        Binding {
            exchange,
            target: Target::Queue(queue),
            key,
            arguments: Headers::new(),
        }
    }
}

impl Config {
    /// A node with the default exchange and nothing else.
    pub fn new() -> Self {
        Config {
            version: Version::default(),
            exchanges: alloc::vec![ExchangeConfig::new("", ExchangeKind::Default)],
            queues: Vec::new(),
            bindings: Vec::new(),
            unbound: Vec::new(),
            keys: Vec::new(),
            properties: Vec::new(),
            disk: None,
            memory: None,
            policies: None,
            confirm: ConfirmWhen::Written,
            cluster: None,
            #[cfg(feature = "planted-bugs")]
            bug: None,
        }
    }

    /// The id of `key`, interning it if it is new.
    pub fn intern(&mut self, key: &str) -> KeyId {
        let found = self.keys.iter().position(|known| known == key);
        let index = found.unwrap_or_else(|| {
            self.keys.push(String::from(key));
            self.keys.len() - 1
        });
        KeyId(u16::try_from(index).expect("the plan limits the number of keys"))
    }

    /// What is bound to an exchange: keys with the queues that get what
    /// carries them, in the order of the scenario. To the default exchange
    /// every queue is bound by its name.
    pub fn bound(&self, exchange: ExchangeId) -> Vec<(&str, QueueId)> {
        if exchange == ExchangeId::DEFAULT {
            let queues = self.queues.iter().zip(0..);
            return queues.map(|(queue, id)| (queue.name.as_str(), QueueId(id))).collect();
        }
        let bindings = self.bindings.iter().filter(|binding| binding.exchange == exchange);
        bindings
            .filter_map(|binding| match binding.target {
                Target::Queue(queue) => Some((self.key(binding.key)?, queue)),
                Target::Exchange(_) => None,
            })
            .collect()
    }

    /// The text of a key.
    pub fn key(&self, key: KeyId) -> Option<&str> {
        self.keys.get(usize::from(key.0)).map(String::as_str)
    }

    /// What a queue or an exchange is called.
    pub fn name(&self, address: Address) -> Option<&str> {
        match address {
            Address::Queue(QueueId(queue)) => Some(&self.queues.get(usize::from(queue))?.name),
            Address::Exchange(ExchangeId(exchange)) => Some(&self.exchanges.get(usize::from(exchange))?.name),
        }
    }

    /// The properties that a message carries.
    pub fn properties(&self, message: Message) -> Option<&Properties> {
        let index = usize::from(message.properties()).checked_sub(1)?;
        self.properties.get(index)
    }

    /// The number of properties that somebody publishes with from now on; `None` if there
    /// are more sets of them than a message can tell.
    pub(super) fn number(&mut self, properties: Properties) -> Option<u16> {
        if properties == Properties::default() {
            return Some(0);
        }
        let known = self.properties.iter().position(|known| *known == properties);
        let index = known.unwrap_or(self.properties.len());
        let number = u16::try_from(index + 1).ok()?;
        if number > Message::PROPERTIES_MAX {
            return None;
        }
        if index == self.properties.len() {
            let keys: Vec<String> = properties.more_keys().map(String::from).collect();
            keys.iter().for_each(|key| _ = self.intern(key));
            self.properties.push(properties);
        }
        Some(number)
    }

    /// Its headers.
    pub fn headers(&self, message: Message) -> &[(String, Value)] {
        self.properties(message).map_or(&[], |properties| &properties.headers)
    }

    /// Whether a queue is deleted when nobody uses it, or when its owner goes.
    pub fn may_go(&self, id: QueueId) -> bool {
        let Some(queue) = self.queues.get(usize::from(id.0)) else {
            return false;
        };
        let arguments = queue.arguments.as_ref();
        let mut policies = self.policies.iter().flat_map(|policies| policies.for_queue(id));
        queue.exclusive
            || policies.next().is_some()
            || arguments.is_some_and(|arguments| arguments.auto_delete || arguments.expires.is_some())
    }

    /// Takes out what is not bound at first.
    pub(super) fn unbind_first(&mut self) {
        let unbound = core::mem::take(&mut self.unbound);
        self.bindings.retain(|binding| !unbound.contains(binding));
    }

    /// Something is bound, or is not. What a binding would lead to has to be there.
    pub(super) fn set_bound(&mut self, binding: Binding, on: bool) {
        let is_there = match binding.target {
            Target::Queue(QueueId(queue)) => !self.queues[usize::from(queue)].name.is_empty(),
            Target::Exchange(ExchangeId(exchange)) => !self.exchanges[usize::from(exchange)].name.is_empty(),
        };
        self.bindings.retain(|known| *known != binding);
        if on && is_there {
            self.bindings.push(binding);
        }
    }

    /// Takes a queue out, with what is bound to it; its number stays taken.
    pub(super) fn undefine(&mut self, id: QueueId) {
        self.bindings.retain(|binding| binding.target != Target::Queue(id));
        self.queues[usize::from(id.0)].name.clear();
    }

    /// Whether an exchange keeps back what wants to be delayed.
    pub fn delays(&self, exchange: ExchangeId) -> bool {
        let exchange = self.exchanges.get(usize::from(exchange.0));
        exchange.is_some_and(|exchange| exchange.is_delayed)
    }

    /// The exchange called `name`.
    pub fn exchange(&self, name: &str) -> Option<ExchangeId> {
        let index = self.exchanges.iter().position(|exchange| exchange.name == name)?;
        Some(ExchangeId(u16::try_from(index).ok()?))
    }

    /// The queue called `name`.
    pub fn queue(&self, name: &str) -> Option<QueueId> {
        let index = self.queues.iter().position(|queue| queue.name == name)?;
        Some(QueueId(u16::try_from(index).ok()?))
    }
}

impl Default for Config {
    fn default() -> Self {
        Self::new()
    }
}
