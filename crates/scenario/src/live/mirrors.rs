//! How a classic queue of a cluster of RabbitMQ is mirrored: the live settings of queues.

use crate::keys::{MIRROR_SYNCS, PROMOTES};
use crate::limits::RABBIT_NODES_MAX;
use crate::phrase::Phrase;
use crate::read::{self, Read};
use crate::tree::Tree;
use mqlab_brokers::rabbitmq::cluster::{Keeping, MirrorRule, MirrorRuleKind as Kind, Promote};
use mqlab_brokers::rabbitmq::{Config, QueueId, Version};
use mqlab_engine::plan::SettingKind;

/// The first version without mirrored queues.
pub(crate) const GONE: Version = Version::new(4, 0);

/// Adds the settings of the queues that may have mirrors, with their paths below the
/// broker.
pub(super) fn add(config: &Config, add: &mut impl FnMut(&str, SettingKind)) {
    for (number, queue) in (0u16..).zip(&config.queues) {
        if why_not(config, QueueId(number)).is_none() {
            for kind in Kind::ALL {
                let path = format!("queue.{}.{}", queue.name, key(kind));
                add(&path, SettingKind::Mirroring(number, kind));
            }
        }
    }
}

/// Why a queue has no mirrors, whatever is set; `None` if it may have some.
pub(crate) fn why_not(config: &Config, queue: QueueId) -> Option<Phrase> {
    let index = usize::from(queue.0);
    let Some(cluster) = &config.cluster else {
        return Some(Phrase::OneNode);
    };
    if matches!(cluster.keeping.get(index), Some(Keeping::Quorum(_))) {
        return Some(Phrase::QuorumHasReplicas);
    }
    if config.version >= GONE {
        return Some(Phrase::MirrorsAreGone);
    }
    let is_exclusive = config.queues.get(index).is_some_and(|queue| queue.exclusive);
    is_exclusive.then_some(Phrase::ExclusiveHasNoMirrors)
}

/// The key of what a queue says.
pub(crate) const fn key(kind: Kind) -> &'static str {
    match kind {
        Kind::Count => "mirrors",
        Kind::Promote => "promote",
        Kind::SyncedAtOnce => "mirror_sync",
    }
}

/// The row of the table of keys.
pub(super) const fn row(kind: Kind) -> &'static str {
    match kind {
        Kind::Count => "broker.rabbitmq.queue.*.mirrors",
        Kind::Promote => "broker.rabbitmq.queue.*.promote",
        Kind::SyncedAtOnce => "broker.rabbitmq.queue.*.mirror_sync",
    }
}

/// Which mirrors may take over, by its word; any if nothing is said.
pub(crate) fn promotion(word: Option<&str>) -> Promote {
    match word {
        Some("when-synced") => Promote::WhenSynced,
        _ => Promote::Always,
    }
}

/// Whether new mirrors get everything, by its word; not if nothing is said.
pub(crate) fn is_synced_at_once(word: Option<&str>) -> bool {
    word == Some("automatic")
}

/// Reads what a queue is to say.
pub(crate) fn read(kind: Kind, tree: &Tree) -> Read<MirrorRule> {
    Ok(match kind {
        Kind::Count => MirrorRule::Count(read::integer(tree, 0, RABBIT_NODES_MAX)? as u8),
        Kind::Promote => MirrorRule::Promote(promotion(Some(read::choice(tree, PROMOTES)?))),
        Kind::SyncedAtOnce => MirrorRule::SyncedAtOnce(is_synced_at_once(Some(read::choice(tree, MIRROR_SYNCS)?))),
    })
}

/// It as it is written in TOML.
pub(super) fn text(rule: MirrorRule) -> String {
    match rule {
        MirrorRule::Count(count) => return count.to_string(),
        MirrorRule::Promote(Promote::Always) => "\"always\"",
        MirrorRule::Promote(Promote::WhenSynced) => "\"when-synced\"",
        MirrorRule::SyncedAtOnce(false) => "\"manual\"",
        MirrorRule::SyncedAtOnce(true) => "\"automatic\"",
    }
    .into()
}
