//! What a RabbitMQ node is made of when it boots: its definitions.

use alloc::string::String;
use alloc::vec::Vec;
use mqlab_model::{DiskPlan, PlaceId};

/// Index of an exchange in [`Config::exchanges`]; 0 is the default exchange.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct ExchangeId(pub u16);

/// Index of a queue in [`Config::queues`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct QueueId(pub u16);

/// Index of a routing or binding key in [`Config::keys`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct KeyId(pub u16);

impl KeyId {
    /// A key that no queue is bound with.
    pub const UNBOUND: KeyId = KeyId(u16::MAX);
}

impl ExchangeId {
    /// The exchange without a name: every queue is bound to it by its own
    /// name (AMQP 0-9-1, section 3.1.3.1).
    pub const DEFAULT: ExchangeId = ExchangeId(0);
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

/// The definitions of one RabbitMQ node.
#[derive(Clone, PartialEq, Debug)]
pub struct Config {
    /// Exchanges; the first is the default exchange.
    pub exchanges: Vec<ExchangeConfig>,
    /// Queues, in the order of the scenario.
    pub queues: Vec<QueueConfig>,
    /// Bindings of queues to exchanges. The default exchange needs none.
    pub bindings: Vec<Binding>,
    /// Every routing and binding key that occurs, interned.
    pub keys: Vec<String>,
    /// Its disk; `None` is an ideal one, on which everything is synced at
    /// once.
    pub disk: Option<DiskPlan>,
    /// When a message that goes to the disk is confirmed.
    pub confirm: ConfirmWhen,
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
}

/// How an exchange chooses queues.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ExchangeKind {
    /// The routing key is the name of a queue.
    Default,
    /// Queues whose binding key equals the routing key.
    Direct,
}

/// One classic queue.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct QueueConfig {
    /// Its name, unique in the scenario.
    pub name: String,
    /// The place that its facts carry. Filled in by the engine.
    pub place: PlaceId,
    /// Whether the queue itself is there again after a restart of the node.
    pub durable: bool,
}

/// A queue is bound to an exchange with a key.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Binding {
    /// The exchange that routes.
    pub exchange: ExchangeId,
    /// The queue that receives.
    pub queue: QueueId,
    /// The binding key.
    pub key: KeyId,
}

impl Config {
    /// A node with the default exchange and nothing else.
    pub fn new() -> Self {
        let default = ExchangeConfig {
            name: String::new(),
            kind: ExchangeKind::Default,
        };
        Config {
            exchanges: alloc::vec![default],
            queues: Vec::new(),
            bindings: Vec::new(),
            keys: Vec::new(),
            disk: None,
            confirm: ConfirmWhen::Written,
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
            .filter_map(|binding| Some((self.keys.get(usize::from(binding.key.0))?.as_str(), binding.queue)))
            .collect()
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
