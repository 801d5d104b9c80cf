//! Routing: from an exchange and a key to queues.

use super::{Binding, Config, ExchangeId, ExchangeKind, KeyId, Properties, QueueId, Target};
use crate::parts::{HeaderMatch, Quantity, TopicTree, Value, header};
use alloc::string::String;
use alloc::vec::Vec;
use mqlab_kernel::{SortedSet, sort_by};

/// The routes of all exchanges. For messages without headers they are worked
/// out when the node boots or something is bound: routing one is two look-ups,
/// whatever the number of bindings.
#[derive(Clone, Debug)]
pub(super) struct Routes {
    exchanges: Vec<Exchange>,
    /// The queue that each key is the name of.
    named: Vec<Option<QueueId>>,
    keys: Vec<String>,
    /// Queues by exchange and key.
    by_exchange: Vec<Vec<Vec<QueueId>>>,
}

/// What is bound to an exchange, so that it is quickly found.
#[derive(Clone, Debug)]
struct Exchange {
    kind: ExchangeKind,
    alternate: Option<ExchangeId>,
    by_key: Vec<Vec<Target>>,
    topics: TopicTree<Target>,
    all: Vec<Target>,
    by_headers: Vec<(HeaderMatch, Target)>,
}

impl Routes {
    pub(super) fn new(config: &Config) -> Self {
        let mut routes = Routes {
            exchanges: (0..config.exchanges.len())
                .map(|index| exchange(config, index))
                .collect(),
            named: config.keys.iter().map(|key| config.queue(key)).collect(),
            keys: config.keys.clone(),
            by_exchange: Vec::new(),
        };
        let keys = || (0..config.keys.len()).map(|key| KeyId(key as u16));
        routes.by_exchange = (0..config.exchanges.len())
            .map(|index| {
                keys()
                    .map(|key| routes.find(ExchangeId(index as u16), [key], &[]))
                    .collect()
            })
            .collect();
        routes
    }

    /// Forgets a binding.
    #[cfg(feature = "planted-bugs")]
    pub(super) fn forget_one(&mut self) {
        let mut bound = self.by_exchange.iter_mut().skip(1).flatten();
        if let Some(queues) = bound.find(|queues| !queues.is_empty()) {
            queues.pop();
        }
    }

    /// Whether there is such an exchange.
    pub(super) fn has(&self, exchange: ExchangeId) -> bool {
        usize::from(exchange.0) < self.exchanges.len()
    }

    /// The queues that get a message without headers; none if it cannot be
    /// routed.
    #[inline]
    pub(super) fn route(&self, exchange: ExchangeId, key: KeyId) -> &[QueueId] {
        self.by_exchange
            .get(usize::from(exchange.0))
            .and_then(|keys| keys.get(usize::from(key.0)))
            .map_or(&[], Vec::as_slice)
    }

    /// The queues that get a message with these properties: more keys may be
    /// among them.
    pub(super) fn route_with(&self, exchange: ExchangeId, key: KeyId, properties: &Properties) -> Vec<QueueId> {
        let more = properties.more_keys().filter_map(|key| self.key(key));
        self.find(exchange, [key].into_iter().chain(more), &properties.headers)
    }

    /// The number of a key that occurs in the definitions.
    pub(super) fn key(&self, key: &str) -> Option<KeyId> {
        let index = self.keys.iter().position(|known| known == key)?;
        Some(KeyId(index as u16))
    }

    /// Goes from exchange to exchange, each once. One that leads to nothing
    /// hands the message to its alternate. Each queue is found once, in the
    /// order of the definitions.
    pub(super) fn find(
        &self,
        exchange: ExchangeId,
        keys: impl IntoIterator<Item = KeyId>,
        headers: &[(String, Value)],
    ) -> Vec<QueueId> {
        let keys: Vec<KeyId> = keys.into_iter().collect();
        let mut to_do = alloc::vec![exchange];
        let mut seen = SortedSet::new();
        let mut queues = Vec::new();
        while let Some(at) = to_do.pop() {
            let Some(exchange) = self.exchanges.get(usize::from(at.0)).filter(|_| seen.insert(at)) else {
                continue;
            };
            let mut leads_nowhere = true;
            let mut each = |target| {
                leads_nowhere = false;
                match target {
                    Target::Queue(queue) => queues.push(queue),
                    Target::Exchange(exchange) => to_do.push(exchange),
                }
            };
            for key in &keys {
                self.targets(exchange, *key, headers, &mut each);
            }
            if leads_nowhere {
                to_do.extend(exchange.alternate);
            }
        }
        sort_by(&mut queues, Ord::cmp);
        queues.dedup();
        queues
    }

    /// What one exchange does with one key.
    fn targets(&self, exchange: &Exchange, key: KeyId, headers: &[(String, Value)], each: &mut impl FnMut(Target)) {
        let index = usize::from(key.0);
        match exchange.kind {
            ExchangeKind::Default => {
                let named = self.named.get(index).copied().flatten();
                named.into_iter().for_each(|queue| each(Target::Queue(queue)));
            }
            ExchangeKind::Direct => exchange
                .by_key
                .get(index)
                .into_iter()
                .flatten()
                .for_each(|target| each(*target)),
            ExchangeKind::Fanout => exchange.all.iter().for_each(|target| each(*target)),
            ExchangeKind::Topic => {
                if let Some(key) = self.keys.get(index) {
                    exchange.topics.matches(key, each);
                }
            }
            ExchangeKind::Headers => {
                let matching = exchange.by_headers.iter().filter(|(wanted, _)| wanted.matches(headers));
                matching.for_each(|(_, target)| each(*target));
            }
        }
    }
}

/// An exchange with what is bound to it.
fn exchange(config: &Config, index: usize) -> Exchange {
    let definition = &config.exchanges[index];
    let mut exchange = Exchange {
        kind: definition.kind,
        alternate: definition.alternate.as_ref().and_then(|name| config.exchange(name)),
        by_key: Vec::new(),
        topics: TopicTree::default(),
        all: Vec::new(),
        by_headers: Vec::new(),
    };
    #[cfg(feature = "planted-bugs")]
    {
        exchange.topics.is_hash_greedy = config.bug == Some(super::Bug::HashWantsAWord);
    }
    let of_exchange = |binding: &&Binding| usize::from(binding.exchange.0) == index;
    for binding in config.bindings.iter().filter(of_exchange) {
        let target = binding.target;
        match definition.kind {
            ExchangeKind::Default => {}
            ExchangeKind::Direct => {
                let key = usize::from(binding.key.0);
                if exchange.by_key.len() <= key {
                    exchange.by_key.resize(key + 1, Vec::new());
                }
                exchange.by_key[key].push(target);
            }
            ExchangeKind::Fanout => exchange.all.push(target),
            ExchangeKind::Topic => exchange
                .topics
                .insert(config.key(binding.key).unwrap_or_default(), target),
            ExchangeKind::Headers => exchange
                .by_headers
                .extend(header_match(binding).map(|wanted| (wanted, target))),
        }
    }
    exchange
}

/// What a binding wants of headers: all of its arguments if `x-match` does not
/// say otherwise, without those that begin with `x-` unless it says so. `None`
/// if it says something that there is not.
pub(super) fn header_match(binding: &Binding) -> Option<HeaderMatch> {
    let how = match header(&binding.arguments, "x-match") {
        None => "all",
        Some(how) => how.as_text()?,
    };
    let (quantity, with_x) = match how {
        "all" => (Quantity::All, false),
        "any" => (Quantity::Any, false),
        "all-with-x" => (Quantity::All, true),
        "any-with-x" => (Quantity::Any, true),
        _ => return None,
    };
    let is_wanted = |name: &str| name != "x-match" && (with_x || !name.starts_with("x-"));
    let wanted = binding.arguments.iter().filter(|(name, _)| is_wanted(name)).cloned();
    Some(HeaderMatch {
        quantity,
        wanted: wanted.collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::super::{ExchangeConfig, QueueConfig};
    use super::*;

    fn config() -> Config {
        let mut config = Config::new();
        config.exchanges.push(ExchangeConfig::new("logs", ExchangeKind::Direct));
        config.queues.extend(["a", "b"].map(QueueConfig::new));
        let (a, red, green) = (config.intern("a"), config.intern("red"), config.intern("green"));
        assert_eq!(a, KeyId(0));
        let exchange = ExchangeId(1);
        for (queue, key) in [(0, red), (1, red), (1, red), (1, green)] {
            config.bindings.push(Binding::of_queue(exchange, QueueId(queue), key));
        }
        config
    }

    #[test]
    fn the_default_exchange_knows_queues_by_name() {
        let routes = Routes::new(&config());
        assert_eq!(routes.route(ExchangeId::DEFAULT, KeyId(0)), [QueueId(0)]);
        assert_eq!(routes.route(ExchangeId::DEFAULT, KeyId(1)), []);
    }

    #[test]
    fn a_direct_exchange_wants_the_same_key_and_delivers_once() {
        let routes = Routes::new(&config());
        assert_eq!(routes.route(ExchangeId(1), KeyId(1)), [QueueId(0), QueueId(1)]);
        assert_eq!(routes.route(ExchangeId(1), KeyId(2)), [QueueId(1)]);
        assert_eq!(routes.route(ExchangeId(1), KeyId(0)), []);
        assert_eq!(routes.route(ExchangeId(9), KeyId(9)), []);
        assert_eq!(routes.route(ExchangeId(1), KeyId::UNBOUND), []);
        assert_eq!(routes.route(ExchangeId::DEFAULT, KeyId::UNBOUND), []);
    }

    #[test]
    fn what_is_bound_can_be_read_off_the_definitions() {
        let config = config();
        let bound = config.bound(ExchangeId(1));
        assert_eq!(bound.len(), config.bindings.len());
        assert!(bound.contains(&("green", QueueId(1))));
        assert_eq!(
            config.bound(ExchangeId::DEFAULT),
            [("a", QueueId(0)), ("b", QueueId(1))]
        );
    }

    /// Exchanges by name and kind, and what is bound: exchange, queue or
    /// exchange, key.
    fn routes(
        exchanges: &[(&str, ExchangeKind, Option<&str>)],
        bindings: &[(&str, &str, &str)],
        keys: &[&str],
    ) -> Routes {
        let mut config = Config::new();
        for (name, kind, alternate) in exchanges {
            let mut exchange = ExchangeConfig::new(name, *kind);
            exchange.alternate = alternate.map(Into::into);
            config.exchanges.push(exchange);
        }
        config.queues.extend(["a", "b"].map(QueueConfig::new));
        keys.iter().for_each(|key| {
            config.intern(key);
        });
        for (exchange, target, key) in bindings {
            let queue = config.queue(target).map(Target::Queue);
            let binding = Binding {
                exchange: config.exchange(exchange).unwrap(),
                target: queue.unwrap_or_else(|| Target::Exchange(config.exchange(target).unwrap())),
                key: config.intern(key),
                arguments: Vec::new(),
            };
            config.bindings.push(binding);
        }
        Routes::new(&config)
    }

    #[test]
    fn exchanges_that_lead_to_each_other_end() {
        let kinds = [("x", ExchangeKind::Fanout, None), ("y", ExchangeKind::Topic, None)];
        let bound = [("x", "y", ""), ("y", "x", "#"), ("y", "a", "k.*"), ("x", "b", "")];
        let routes = routes(&kinds, &bound, &["k.1", "other"]);
        assert_eq!(routes.route(ExchangeId(1), KeyId(0)), [QueueId(0), QueueId(1)]);
        assert_eq!(routes.route(ExchangeId(2), KeyId(0)), [QueueId(0), QueueId(1)]);
        assert_eq!(routes.route(ExchangeId(2), KeyId(1)), [QueueId(1)]);
    }

    #[test]
    fn an_alternate_gets_what_leads_nowhere_and_nothing_else() {
        let kinds = [
            ("d", ExchangeKind::Direct, Some("other")),
            ("other", ExchangeKind::Fanout, Some("missing")),
            ("blind", ExchangeKind::Fanout, None),
        ];
        let bound = [("d", "a", "red"), ("d", "blind", "blue"), ("other", "b", "")];
        let routes = routes(&kinds, &bound, &["red", "green", "blue"]);
        let route = |key| routes.route(ExchangeId(1), KeyId(key));
        assert_eq!((route(0), route(1)), (&[QueueId(0)][..], &[QueueId(1)][..]));
        assert_eq!(route(2), [], "an exchange took it, whatever it does with it");
    }
}
