//! What a consumer is handed.

use mqlab_model::Message;

/// One attempt to hand one message to a consumer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Delivery {
    /// The message.
    pub message: Message,
    /// The number that settles it, where there is anything to settle.
    pub tag: u64,
    /// The connection's life in which it was delivered: a number of an earlier
    /// life settles nothing.
    pub life: u32,
}
