//! Where what a queue gives up goes (docs: "Dead Letter Exchanges").

use super::exchange::Routes;
use super::special::{self, Dead, Entry, Post};
use super::{Config, DeadLetter, KeyId, Properties, QueueId};
use crate::parts::Reason;
use alloc::string::String;
use alloc::vec::Vec;
use mqlab_kernel::{SimSpan, SimTime};
use mqlab_model::FactKind;

/// Where a message goes that a queue has given up, and as what: with one death more
/// in its story. `None` if it is gone.
pub(super) fn onward(
    config: &Config,
    routes: &Routes,
    target: Option<&DeadLetter>,
    dead: &Dead,
    now: SimTime,
) -> Option<(Vec<QueueId>, Post)> {
    let target = target?;
    let exchange = config.exchange(&target.exchange)?;
    let (entry, mut story) = dead.entry.clone().die(config, now, dead.queue, dead.reason);
    let chosen = target.key.as_deref();
    let keys = match chosen {
        Some(key) => alloc::vec![String::from(key)],
        // Also those of `BCC`, which nobody sees (`rabbit_dead_letter:make_msg`).
        None => special::keys(
            config,
            entry.message,
            entry.key,
            story.is_key_chosen,
            Properties::more_keys,
        ),
    };
    let keys = keys.iter().map(|key| routes.key(key).unwrap_or(KeyId::UNBOUND));
    let mut found = routes.find(exchange, keys, config.headers(entry.message));
    // What would go in a circle without any consumer ends.
    if dead.reason != Reason::Rejected {
        found.retain(|target| !story.deaths.goes_in_a_circle(*target));
    }
    if found.is_empty() {
        return None;
    }
    let mut key = entry.key;
    if let Some(chosen) = chosen {
        key = config.key_of(chosen).unwrap_or(KeyId::UNBOUND);
        story.is_key_chosen = true;
        story.has_no_copies |= !config.version.keeps_copies();
    }
    let post = Post {
        message: entry.message,
        bytes: entry.bytes,
        exchange,
        key,
        story: Some(story),
        delay: SimSpan::ZERO,
    };
    Some((found, post))
}

impl Config {
    /// The number of a key that is known.
    pub(super) fn key_of(&self, key: &str) -> Option<KeyId> {
        let index = self.keys.iter().position(|known| known == key)?;
        Some(KeyId(index as u16))
    }
}

/// What happens to a message that a queue has given up.
pub(super) fn fate(goes_on: bool, reason: Reason) -> FactKind {
    match (goes_on, reason) {
        (true, _) => FactKind::DeadLettered,
        (false, Reason::Rejected | Reason::Returned) => FactKind::Discarded,
        (false, Reason::Expired) => FactKind::Expired,
        (false, Reason::Full) => FactKind::Evicted,
    }
}

impl Dead {
    /// Whether it was in the queue: what is refused never was.
    pub(super) fn was_in(&self) -> bool {
        self.position != Dead::NOWHERE
    }

    /// The position of what is refused.
    pub(super) const NOWHERE: u64 = u64::MAX;
}

impl Entry {
    /// What was published to a queue that refused it.
    pub(super) fn refused(post: Post) -> Self {
        let mut entry = Entry::bare(post.message);
        entry.bytes = post.bytes;
        (entry.exchange, entry.key, entry.story) = (post.exchange, post.key, post.story);
        entry
    }
}
