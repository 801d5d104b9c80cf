//! What queues and exchanges are called in a scenario: there a name means one thing
//! only, and is made of letters, digits and a few signs.

use super::definitions::Definitions;
use mqlab_scenario::is_of_name;
use std::collections::{BTreeMap, BTreeSet};

/// The types of exchanges that there are.
const KINDS: [&str; 5] = ["direct", "fanout", "topic", "headers", "x-delayed-message"];
/// The longest name of a scenario, in characters.
const CHARS_MAX: usize = mqlab_scenario::limits::NAME_CHARS_MAX;

/// The new names by the old ones.
pub(super) struct Names {
    queues: BTreeMap<String, String>,
    exchanges: BTreeMap<String, String>,
    /// Exchanges that look at no key, and those that look at headers.
    blind: BTreeSet<String>,
    headers: BTreeSet<String>,
    predeclared: BTreeSet<String>,
    said: Vec<String>,
}

impl Names {
    pub(super) fn of(definitions: &Definitions) -> Names {
        let mut names = Names {
            queues: BTreeMap::new(),
            exchanges: BTreeMap::new(),
            blind: BTreeSet::new(),
            headers: BTreeSet::new(),
            predeclared: BTreeSet::new(),
            said: Vec::new(),
        };
        // The node is called that.
        let mut taken = BTreeSet::from(["rabbitmq".to_owned()]);
        // Who can keep the own name keeps it.
        let queues = definitions.queues.iter();
        let (fine, other): (Vec<_>, Vec<_>) = queues.partition(|queue| is_fine(&queue.name));
        for queue in fine.into_iter().chain(other) {
            if queue.exclusive {
                names.said.push(format!(
                    "queue {:?} is left out: it belongs to a connection",
                    queue.name
                ));
                continue;
            }
            let kind = queue.arguments.get("x-queue-type").and_then(|kind| kind.as_str());
            if let Some(kind) = kind.filter(|kind| !["classic", "quorum"].contains(kind)) {
                names
                    .said
                    .push(format!("queue {:?} is left out: it is a {kind}", queue.name));
                continue;
            }
            let new = names.new_name("queue", &queue.name, &mut taken);
            names.queues.insert(queue.name.clone(), new);
        }
        for exchange in &definitions.exchanges {
            if exchange.name.is_empty() || exchange.name.starts_with("amq.") {
                continue;
            }
            if !KINDS.contains(&exchange.kind.as_str()) {
                let kind = &exchange.kind;
                names
                    .said
                    .push(format!("exchange {:?} is left out: its type is {kind}", exchange.name));
                continue;
            }
            let delayed = exchange.arguments.get("x-delayed-type").and_then(|kind| kind.as_str());
            names.see(&exchange.name, delayed.unwrap_or(&exchange.kind));
            let new = names.new_name("exchange", &exchange.name, &mut taken);
            names.exchanges.insert(exchange.name.clone(), new);
        }
        for binding in &definitions.bindings {
            let ends = [&binding.source, &binding.destination];
            for name in ends.into_iter().filter(|name| name.starts_with("amq.")) {
                let kind = match name.as_str() {
                    "amq.direct" => "direct",
                    "amq.fanout" => "fanout",
                    "amq.topic" => "topic",
                    "amq.headers" | "amq.match" => "headers",
                    _ => continue,
                };
                if names.predeclared.insert(name.clone()) {
                    names.see(name, kind);
                    let new = names.new_name("exchange", name, &mut taken);
                    names.exchanges.insert(name.clone(), new);
                }
            }
        }
        names
    }

    fn see(&mut self, exchange: &str, kind: &str) {
        if matches!(kind, "fanout" | "headers") {
            self.blind.insert(exchange.to_owned());
        }
        if kind == "headers" {
            self.headers.insert(exchange.to_owned());
        }
    }

    fn new_name(&mut self, what: &str, old: &str, taken: &mut BTreeSet<String>) -> String {
        let letters = old.chars().map(|letter| if is_of_name(letter) { letter } else { '-' });
        // Room for what tells it from others.
        let mut base: String = letters.take(CHARS_MAX - 20).collect();
        if base.is_empty() {
            base.push_str(what);
        }
        let others = std::iter::once(format!("{base}-{what}")).chain((2..).map(|number| format!("{base}-{number}")));
        let mut candidates = std::iter::once(base.clone()).chain(others);
        let new = candidates.find(|name| !taken.contains(name)).unwrap_or(base);
        taken.insert(new.clone());
        if new != old {
            self.said.push(format!("{what} {old:?} is called {new:?} here"));
        }
        new
    }

    /// What a queue is called; `None` if it is left out.
    pub(super) fn queue(&self, old: &str) -> Option<&str> {
        self.queues.get(old).map(String::as_str)
    }

    /// What an exchange is called; `None` if it is left out.
    pub(super) fn exchange(&self, old: &str) -> Option<&str> {
        self.exchanges.get(old).map(String::as_str)
    }

    /// The exchanges of every broker that something is bound to.
    pub(super) fn predeclared(&self) -> Vec<String> {
        self.predeclared.iter().cloned().collect()
    }

    /// Whether an exchange looks at no key.
    pub(super) fn is_blind(&self, exchange: &str) -> bool {
        self.blind.contains(exchange)
    }

    /// Whether an exchange looks at headers.
    pub(super) fn has_headers(&self, exchange: &str) -> bool {
        self.headers.contains(exchange)
    }

    /// What has another name here, or none.
    pub(super) fn renamed(&self) -> Vec<String> {
        self.said.clone()
    }
}

/// Whether a name may stay as it is.
fn is_fine(name: &str) -> bool {
    name.chars().all(is_of_name)
}
