//! Bindings: which queue or exchange takes from which exchange.

use super::Build;
use crate::diagnostic::Diagnostic;
use crate::limits::BINDINGS_MAX;
use crate::names::Named;
use crate::phrase::{Phrase, text};
use crate::read;
use crate::tree::{Table, Tree};
use mqlab_brokers::parts::{Headers, Value};
use mqlab_brokers::rabbitmq::{Binding, Config, ExchangeId, ExchangeKind, KeyId, Target};
use mqlab_kernel::SortedMap;

impl Build<'_> {
    /// The bindings of a node whose exchanges and queues are known.
    pub(super) fn bindings(&mut self, table: &Table, config: &mut Config) {
        let bindings = table.elements("binding");
        if let Some(first) = bindings.get(BINDINGS_MAX) {
            let message = text!(TooManyBindings, bindings.len(), BINDINGS_MAX);
            self.error("limit", first, message);
        }
        for tree in bindings.iter().take(BINDINGS_MAX) {
            let Some(binding) = self.binding(tree, config) else {
                continue;
            };
            let bound = tree.table().and_then(|table| table.get("bound"));
            if bound.is_some_and(|tree| read::flag(tree) == Ok(false)) {
                config.unbound.push(binding.clone());
            }
            config.bindings.push(binding);
        }
        self.no_binding_twice(bindings, config);
    }

    /// A broker ignores a binding that is there already.
    fn no_binding_twice(&mut self, trees: &[Tree], config: &mut Config) {
        // With an error somewhere the lists do not belong together, and nobody
        // runs the plan.
        if config.bindings.len() != trees.len() {
            return;
        }
        let mut seen: SortedMap<(ExchangeId, Target, KeyId), Vec<Headers>> = SortedMap::new();
        let mut trees = trees.iter();
        config.bindings.retain(|binding| {
            let tree = trees.next();
            let known = seen.get_or_default((binding.exchange, binding.target, binding.key));
            let is_new = !known.contains(&binding.arguments);
            if let (false, Some(tree)) = (is_new, tree) {
                let message = Phrase::BindingTwice;
                self.found
                    .push(Diagnostic::warning("duplicate-binding", &tree.span, message));
            }
            known.push(binding.arguments.clone());
            is_new
        });
    }

    fn binding(&mut self, tree: &Tree, config: &Config) -> Option<Binding> {
        let table = tree.table()?;
        let exchange = table.get("exchange").and_then(|tree| self.exchange(tree));
        let (to, target) = match (table.get("queue"), table.get("to")) {
            (Some(tree), None) => (tree, self.queue(tree).map(|(_, queue)| Target::Queue(queue))),
            (None, Some(tree)) => (tree, self.exchange(tree).map(Target::Exchange)),
            (queue, _) => {
                let message = match queue {
                    Some(_) => Phrase::BindingHasOnlyOne,
                    None => Phrase::BindingHasOne,
                };
                self.error("bad-binding", tree, message);
                return None;
            }
        };
        let (exchange, target) = (exchange?, target?);
        let (key, key_tree) = match table.get("key") {
            Some(tree) => (tree.text()?, tree),
            None => (to.text()?, to),
        };
        let kind = config.exchanges.get(usize::from(exchange.0))?.kind;
        if kind == ExchangeKind::Topic {
            self.not_too_many_hashes(key, key_tree, config);
        }
        Some(Binding {
            exchange,
            target,
            key: self.intern(key, key_tree)?,
            arguments: self.arguments(table, kind),
        })
    }

    fn exchange(&mut self, tree: &Tree) -> Option<ExchangeId> {
        self.names
            .resolve_tree(tree, Phrase::AnExchange, Named::exchange, &mut self.found)
    }

    /// Some versions refuse patterns that are slow to match.
    fn not_too_many_hashes(&mut self, key: &str, tree: &Tree, config: &Config) {
        let hashes = key.split('.').filter(|word| *word == "#").count();
        if let Some(most) = config.version.hashes_max().filter(|most| hashes > *most) {
            let message = text!(TooManyHashes, hashes, most);
            let help = Phrase::NewVersionTakesHashes;
            self.found
                .push(Diagnostic::error("bad-binding", &tree.span, message).help(help));
        }
    }

    /// What a binding of a headers exchange compares a message with.
    fn arguments(&mut self, table: &Table, kind: ExchangeKind) -> Headers {
        let given = table.entry("headers").or_else(|| table.entry("match"));
        if let Some(entry) = given.filter(|_| kind != ExchangeKind::Headers) {
            let message = text!(HeadersUnseen, entry.key);
            let help = Phrase::HeadersExchangeSees;
            self.found
                .push(Diagnostic::warning("bad-binding", &entry.key_span, message).help(help));
            return Headers::new();
        }
        let own = table.within("headers").iter().find(|entry| entry.key == "x-match");
        if let Some(entry) = own {
            let message = Phrase::MatchBesideHeaders;
            self.found
                .push(Diagnostic::error("bad-binding", &entry.key_span, message));
        }
        let mut arguments = table.get("headers").and_then(|tree| read::headers(tree).ok());
        if let Some(how) = table.get("match").and_then(Tree::text) {
            let how = ("x-match".to_owned(), Value::Text(how.to_owned()));
            arguments.get_or_insert_default().push(how);
        }
        arguments.unwrap_or_default()
    }
}
