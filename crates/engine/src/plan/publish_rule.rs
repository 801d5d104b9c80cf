//! What a load says with each publish, in the words of AMQP, and may say otherwise
//! while it runs.

use alloc::string::{String, ToString};
use mqlab_brokers::parts::Headers;
use mqlab_brokers::rabbitmq::Properties;
use mqlab_kernel::{Dist, SimSpan};

/// One of those, with its new value: what is published from then on carries it, and
/// nothing that was published before changes. `basic.properties` and the flags of
/// `basic.publish` belong to each message by itself (AMQP 0-9-1, 4.2.6.1, basic.publish).
#[derive(Clone, PartialEq, Debug)]
pub enum PublishRule {
    /// The priority.
    Priority(u8),
    /// The expiration, in whole milliseconds; what is less than one is left out.
    Expiration(SimSpan),
    /// All headers.
    Headers(Headers),
    /// How long a delayed exchange keeps a message back: the header `x-delay`.
    Delay(Dist),
    /// Whether what cannot be routed comes back.
    Mandatory(bool),
    /// Whether the channel is in confirm mode (`confirm.select`). It stays in it: AMQP has
    /// no method that ends it, so `false` changes nothing.
    Confirms(bool),
}

/// Which of them, without a value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PublishRuleKind {
    /// [`PublishRule::Priority`].
    Priority,
    /// [`PublishRule::Expiration`].
    Expiration,
    /// [`PublishRule::Headers`].
    Headers,
    /// [`PublishRule::Delay`].
    Delay,
    /// [`PublishRule::Mandatory`].
    Mandatory,
    /// [`PublishRule::Confirms`].
    Confirms,
}

impl PublishRuleKind {
    /// All of them.
    pub const ALL: [PublishRuleKind; 6] = [
        PublishRuleKind::Priority,
        PublishRuleKind::Expiration,
        PublishRuleKind::Headers,
        PublishRuleKind::Delay,
        PublishRuleKind::Mandatory,
        PublishRuleKind::Confirms,
    ];

    /// What properties say of it, if they say anything. Without a priority it is 0.
    pub fn of(self, properties: &Properties) -> Option<PublishRule> {
        match self {
            PublishRuleKind::Priority => Some(PublishRule::Priority(properties.priority.unwrap_or(0))),
            PublishRuleKind::Expiration => {
                let milliseconds: u64 = properties.expiration.as_ref()?.parse().ok()?;
                Some(PublishRule::Expiration(SimSpan::from_millis(milliseconds)))
            }
            PublishRuleKind::Headers => {
                let headers = Some(properties.headers.clone()).filter(|headers| !headers.is_empty());
                headers.map(PublishRule::Headers)
            }
            PublishRuleKind::Delay | PublishRuleKind::Mandatory | PublishRuleKind::Confirms => None,
        }
    }
}

impl PublishRule {
    /// Changes the properties of what is published from now on; `false` if it is not
    /// one of them.
    pub(crate) fn change(&self, properties: &mut Properties) -> bool {
        match self {
            PublishRule::Priority(priority) => properties.priority = Some(*priority),
            PublishRule::Expiration(span) => properties.expiration = Some(milliseconds(*span)),
            PublishRule::Headers(headers) => properties.headers.clone_from(headers),
            PublishRule::Delay(_) | PublishRule::Mandatory(_) | PublishRule::Confirms(_) => return false,
        }
        true
    }

    /// The new value as a number, for the record.
    pub(crate) fn value(&self) -> u64 {
        match self {
            PublishRule::Priority(priority) => u64::from(*priority),
            PublishRule::Expiration(span) => span.nanos(),
            PublishRule::Headers(headers) => headers.len() as u64,
            PublishRule::Delay(delay) => delay.mean().nanos(),
            PublishRule::Mandatory(on) | PublishRule::Confirms(on) => u64::from(*on),
        }
    }
}

/// An expiration as AMQP has it.
fn milliseconds(span: SimSpan) -> String {
    (span.nanos() / 1_000_000).to_string()
}
