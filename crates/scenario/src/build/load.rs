//! Loads.

use super::Build;
use crate::diagnostic::Diagnostic;
use crate::limits::THINGS_MAX;
use crate::names::Named;
use crate::phrase::{Phrase, Text, text};
use crate::read;
use crate::tree::{Entry, Table, Tree};
use mqlab_engine::plan::{Address, LoadPlan, Target, ThingsPlan};
use mqlab_kernel::{Dist, SimSpan, Sizes};
use mqlab_model::NodeId;

/// What messages carry, and what is asked for with them, in AMQP only.
pub(super) const OF_RABBIT: [&str; 6] = [
    "priority",
    "expiration",
    "headers",
    "mandatory",
    "persistent",
    "confirms",
];

impl Build<'_> {
    /// One load.
    pub(super) fn load(&mut self, name: &str, table: &Table) -> LoadPlan {
        let to = table.get("to").and_then(|tree| self.target(tree));
        let flag = |key: &str| table.get(key).and_then(|tree| read::flag(tree).ok()).unwrap_or(true);
        let is_record = matches!(
            to,
            Some(Target::Broker {
                address: Address::Kafka(_),
                ..
            })
        );
        for key in OF_RABBIT {
            self.without_effect(table, key, is_record, Phrase::OnlyRabbitLooks);
        }
        LoadPlan {
            // Without a target there is an error, and nobody runs the plan.
            to: to.unwrap_or(Target::Service(NodeId(0))),
            is_timer: table.get("every").is_some(),
            arrivals: self.arrivals(name, table),
            users: self.users(table),
            sender: self.sender(name, table, to),
            bursts: self.bursts(table),
            count: table
                .get("count")
                .and_then(|tree| read::integer(tree, 0, u64::MAX).ok()),
            key: self.key_plan(name, table, to),
            persistent: flag("persistent"),
            properties: self.properties(table),
            mandatory: self.mandatory(table, to),
            confirms: flag("confirms"),
            producer: self.producer(table, to),
            size: table
                .get("size")
                .and_then(|tree| read::sizes(tree).ok())
                .unwrap_or(Sizes::ZERO),
            delay: self.delay(table, to),
            things: self.things(name, table),
        }
    }

    /// What its messages are about.
    fn things(&mut self, name: &str, table: &Table) -> Option<ThingsPlan> {
        let key = table.entry("key");
        if let (Some(entry), None, None) = (key, table.get("keys"), table.get("things")) {
            let message = text!(KeyWithoutKeys, name);
            let help = Phrase::ThingsForExample;
            self.found
                .push(Diagnostic::warning("keys", &entry.key_span, message).help(help));
        }
        Some(ThingsPlan {
            count: read::integer(table.get("things")?, 1, THINGS_MAX).ok()?,
            in_turn: key.and_then(|entry| entry.tree.text()) == Some("in-turn"),
        })
    }

    /// Where messages or requests can go.
    fn target(&mut self, tree: &Tree) -> Option<Target> {
        let wanted = Phrase::QueueExchangeTopicOrService;
        self.names.resolve_tree(tree, wanted, Named::target, &mut self.found)
    }

    /// Whether the target of a load is something that there is.
    pub(super) fn has_target(&self, load: &str) -> bool {
        let loads = self.root.get("load").and_then(Tree::table);
        let table = loads.and_then(|loads| loads.get(load)).and_then(Tree::table);
        let to = table.and_then(|table| table.get("to"));
        let wanted = Phrase::QueueExchangeTopicOrService;
        to.is_some_and(|to| self.names.read(to, wanted, Named::target).is_ok())
    }

    /// Where the exchange of that name is defined.
    pub(super) fn exchange_entry(&self, to: Option<&Tree>) -> Option<&Entry> {
        let name = to.and_then(Tree::text)?;
        let brokers = self.root.within("broker").iter().filter_map(|entry| entry.tree.table());
        let mut exchanges = brokers.flat_map(|broker| broker.within("exchange"));
        exchanges.find(|entry| entry.key == name)
    }

    /// Whether what cannot be routed comes back.
    fn mandatory(&mut self, table: &Table, to: Option<Target>) -> bool {
        let Some(entry) = table.entry("mandatory") else {
            return false;
        };
        if matches!(to, Some(Target::Service(_))) {
            let message = Phrase::MandatoryCalls;
            self.found
                .push(Diagnostic::warning("mandatory", &entry.key_span, message));
        }
        read::flag(&entry.tree).unwrap_or(false)
    }

    /// How long a delayed exchange keeps its messages back.
    fn delay(&mut self, table: &Table, to: Option<Target>) -> Option<Dist> {
        let entry = table.entry("delay")?;
        let delay = read::dist(&entry.tree).ok()?;
        if to.is_some() && !self.keeps_back(table) && delay.mean() > SimSpan::ZERO {
            let message = Phrase::DelayUnused;
            let help = Text::code("exchange.NAME = { type = \"fanout\", delayed = true }");
            self.found
                .push(Diagnostic::warning("delay", &entry.key_span, message).help(help));
        }
        Some(delay)
    }

    /// Whether what a load sends to is an exchange that keeps messages back.
    fn keeps_back(&self, table: &Table) -> bool {
        let exchange = self
            .exchange_entry(table.get("to"))
            .and_then(|entry| entry.tree.table());
        let delayed = exchange.and_then(|exchange| exchange.get("delayed"));
        delayed.is_some_and(|tree| read::flag(tree).unwrap_or(false))
    }
}
