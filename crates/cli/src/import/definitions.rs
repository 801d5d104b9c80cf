//! A broker's `definitions.json` as it stands in the file (docs: "Schema
//! Definition Export and Import").

use serde::Deserialize;
use serde_json::{Map, Value};

/// Arguments by name.
pub(super) type Arguments = Map<String, Value>;

/// What is in the file, as far as it is of use.
#[derive(Deserialize, Default, Debug)]
pub(super) struct Definitions {
    /// The broker's version.
    #[serde(alias = "rabbitmq_version")]
    pub(super) rabbit_version: Option<String>,
    #[serde(default)]
    pub(super) queues: Vec<Queue>,
    #[serde(default)]
    pub(super) exchanges: Vec<Exchange>,
    #[serde(default)]
    pub(super) bindings: Vec<Binding>,
    #[serde(default)]
    pub(super) policies: Vec<Policy>,
}

/// One queue.
#[derive(Deserialize, Debug)]
pub(super) struct Queue {
    pub(super) name: String,
    /// Files of one virtual host have none.
    #[serde(default)]
    pub(super) vhost: Option<String>,
    #[serde(default = "yes")]
    pub(super) durable: bool,
    #[serde(default)]
    pub(super) auto_delete: bool,
    /// Not in what a broker exports: such queues end with their connections.
    #[serde(default)]
    pub(super) exclusive: bool,
    #[serde(default)]
    pub(super) arguments: Arguments,
}

/// One exchange.
#[derive(Deserialize, Debug)]
pub(super) struct Exchange {
    pub(super) name: String,
    #[serde(default)]
    pub(super) vhost: Option<String>,
    #[serde(rename = "type")]
    pub(super) kind: String,
    #[serde(default)]
    pub(super) arguments: Arguments,
}

/// One binding.
#[derive(Deserialize, Debug)]
pub(super) struct Binding {
    pub(super) source: String,
    #[serde(default)]
    pub(super) vhost: Option<String>,
    pub(super) destination: String,
    pub(super) destination_type: String,
    #[serde(default)]
    pub(super) routing_key: String,
    #[serde(default)]
    pub(super) arguments: Arguments,
}

/// One policy.
#[derive(Deserialize, Debug)]
pub(super) struct Policy {
    pub(super) name: String,
    #[serde(default)]
    pub(super) vhost: Option<String>,
    pub(super) pattern: String,
    #[serde(rename = "apply-to", default)]
    pub(super) apply_to: Option<String>,
    #[serde(default)]
    pub(super) priority: i64,
    #[serde(default)]
    pub(super) definition: Arguments,
}

fn yes() -> bool {
    true
}

impl Definitions {
    /// The virtual hosts that have anything, by name. What names none is in `/`.
    pub(super) fn hosts(&self) -> Vec<&str> {
        let queues = self.queues.iter().map(|queue| &queue.vhost);
        let exchanges = self.exchanges.iter().map(|exchange| &exchange.vhost);
        let mut hosts: Vec<&str> = queues.chain(exchanges).map(name_of).collect();
        hosts.sort_unstable();
        hosts.dedup();
        hosts
    }

    /// Keeps one virtual host.
    pub(super) fn keep(&mut self, host: &str) {
        self.queues.retain(|queue| name_of(&queue.vhost) == host);
        self.exchanges.retain(|exchange| name_of(&exchange.vhost) == host);
        self.bindings.retain(|binding| name_of(&binding.vhost) == host);
        self.policies.retain(|policy| name_of(&policy.vhost) == host);
    }
}

fn name_of(host: &Option<String>) -> &str {
    host.as_deref().unwrap_or("/")
}
