//! What a message carries beside its body: `basic.properties`.

use super::ChannelError;
use crate::parts::{Headers, Value, header};
use alloc::string::String;
use alloc::vec::Vec;

/// The properties that make a difference to the node.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Properties {
    /// Its priority; none counts as 0.
    pub priority: Option<u8>,
    /// How long it may wait in a queue, in milliseconds, as text: so it is in
    /// AMQP, and what is no number closes the channel.
    pub expiration: Option<String>,
    /// Its headers.
    pub headers: Headers,
}

/// Most milliseconds of an expiration: ten years of 365 days
/// (`rabbit_misc:check_expiry`).
const EXPIRATION_MS_MAX: u64 = 10 * 365 * 86_400_000;

/// Whether milliseconds are few enough for an expiration.
pub(super) fn is_expiration(milliseconds: u64) -> bool {
    milliseconds <= EXPIRATION_MS_MAX
}

impl Properties {
    /// How long it may wait, in milliseconds, if it says.
    ///
    /// # Errors
    /// If what it says is no number of milliseconds up to ten years.
    pub fn expiration_ms(&self) -> Result<Option<u64>, ChannelError> {
        let Some(text) = &self.expiration else { return Ok(None) };
        let milliseconds = text.parse().map_err(|_| ChannelError::PreconditionFailed)?;
        let known = is_expiration(milliseconds).then_some(Some(milliseconds));
        known.ok_or(ChannelError::PreconditionFailed)
    }

    /// What a node looks at before it routes anything.
    ///
    /// # Errors
    /// If the expiration is none, or `CC` or `BCC` is no list.
    pub fn check(&self) -> Result<(), ChannelError> {
        let mut lists = ["CC", "BCC"].into_iter().filter_map(|name| header(&self.headers, name));
        if lists.any(|value| !matches!(value, Value::List(_))) {
            return Err(ChannelError::PreconditionFailed);
        }
        self.expiration_ms().map(|_| ())
    }

    /// More keys that it is routed with: those of the headers `CC` and `BCC`.
    pub fn more_keys(&self) -> impl Iterator<Item = &str> {
        let lists = ["CC", "BCC"].into_iter().filter_map(|name| header(&self.headers, name));
        lists.flat_map(texts)
    }

    /// The keys of the header `CC`, which stay with the message.
    pub fn copies(&self) -> impl Iterator<Item = &str> {
        header(&self.headers, "CC").into_iter().flat_map(texts)
    }

    /// Whether routing depends on more than the routing key.
    pub(super) fn affect_routing(&self) -> bool {
        !self.headers.is_empty()
    }
}

fn texts(value: &Value) -> Vec<&str> {
    match value {
        Value::List(values) => values.iter().filter_map(Value::as_text).collect(),
        _ => Vec::new(),
    }
}
