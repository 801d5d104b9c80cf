//! Routing: from an exchange and a key to queues.

use super::{Config, ExchangeId, ExchangeKind, KeyId, QueueId};
use alloc::vec::Vec;
use mqlab_kernel::sort_by;

/// The routes of all exchanges, worked out when the node boots: routing a
/// message is two look-ups, whatever the number of bindings.
#[derive(Clone, Debug)]
pub(super) struct Routes {
    /// Queues by exchange and key.
    by_exchange: Vec<Vec<Vec<QueueId>>>,
}

impl Routes {
    pub(super) fn new(config: &Config) -> Self {
        let by_exchange = config
            .exchanges
            .iter()
            .enumerate()
            .map(|(index, exchange)| {
                let keys = 0..config.keys.len();
                match exchange.kind {
                    ExchangeKind::Default => keys.map(|key| named(config, key)).collect(),
                    ExchangeKind::Direct => keys.map(|key| bound(config, index, key)).collect(),
                }
            })
            .collect();
        Routes { by_exchange }
    }

    /// Forgets a binding.
    #[cfg(feature = "planted-bugs")]
    pub(super) fn forget_one(&mut self) {
        let mut bound = self.by_exchange.iter_mut().skip(1).flatten();
        if let Some(queues) = bound.find(|queues| !queues.is_empty()) {
            queues.pop();
        }
    }

    /// The queues that get a message; none if it cannot be routed.
    #[inline]
    pub(super) fn route(&self, exchange: ExchangeId, key: KeyId) -> &[QueueId] {
        self.by_exchange
            .get(usize::from(exchange.0))
            .and_then(|keys| keys.get(usize::from(key.0)))
            .map_or(&[], Vec::as_slice)
    }
}

fn named(config: &Config, key: usize) -> Vec<QueueId> {
    config.queue(&config.keys[key]).into_iter().collect()
}

/// Queues whose binding key equals the key, each once however often it is
/// bound.
fn bound(config: &Config, exchange: usize, key: usize) -> Vec<QueueId> {
    let mut queues: Vec<QueueId> = config
        .bindings
        .iter()
        .filter(|binding| usize::from(binding.exchange.0) == exchange && usize::from(binding.key.0) == key)
        .map(|binding| binding.queue)
        .collect();
    sort_by(&mut queues, Ord::cmp);
    queues.dedup();
    queues
}

#[cfg(test)]
mod tests {
    use super::super::{Binding, ExchangeConfig, QueueConfig};
    use super::*;
    use mqlab_model::PlaceId;

    fn config() -> Config {
        let mut config = Config::new();
        config.exchanges.push(ExchangeConfig {
            name: "logs".into(),
            kind: ExchangeKind::Direct,
        });
        for name in ["a", "b"] {
            config.queues.push(QueueConfig {
                name: name.into(),
                place: PlaceId(0),
                durable: true,
            });
        }
        let (a, red, green) = (config.intern("a"), config.intern("red"), config.intern("green"));
        assert_eq!(a, KeyId(0));
        let exchange = ExchangeId(1);
        for (queue, key) in [(0, red), (1, red), (1, red), (1, green)] {
            config.bindings.push(Binding {
                exchange,
                queue: QueueId(queue),
                key,
            });
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
}
