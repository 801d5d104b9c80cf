//! The publishing half of the client: a channel in confirm mode.

use super::{ChannelId, ExchangeId, Frame, KeyId};
use mqlab_kernel::Ring;
use mqlab_model::{Context, FactKind, Message, MessageId, PlaceId, Port};

/// A channel that publishes. In confirm mode it remembers what the node has
/// not confirmed yet; when the connection closes, those are reported as not
/// taken, though some of them may have been: that is what an application
/// sees, and why it sends again.
#[derive(Clone, Debug)]
pub struct Producer {
    place: PlaceId,
    port: Port,
    channel: ChannelId,
    confirms: bool,
    open: bool,
    /// Sequence number of the oldest entry of `unconfirmed`.
    oldest: u64,
    unconfirmed: Ring<MessageId>,
}

impl Producer {
    /// A channel that is not open yet. `place` is where its facts happen.
    pub fn new(place: PlaceId, port: Port, channel: ChannelId, confirms: bool) -> Self {
        Producer {
            place,
            port,
            channel,
            confirms,
            open: false,
            oldest: 1,
            unconfirmed: Ring::default(),
        }
    }

    /// The port of the connection that it publishes on.
    pub fn port(&self) -> Port {
        self.port
    }

    /// Opens the channel: at start, and whenever the node is back. Nothing
    /// happens to one that is open.
    pub fn open<C: Context<Frame>>(&mut self, cx: &mut C) {
        if self.open {
            return;
        }
        self.open = true;
        self.oldest = 1;
        cx.send(
            self.port,
            Frame::Open {
                channel: self.channel,
                confirms: self.confirms,
            },
        );
    }

    /// Publishes a message and returns its publish sequence number. Without a
    /// connection it is refused on the spot, which is the answer `None`.
    #[inline(always)]
    pub fn publish<C: Context<Frame>>(
        &mut self,
        cx: &mut C,
        exchange: ExchangeId,
        key: KeyId,
        message: Message,
    ) -> Option<u64> {
        if !self.open {
            cx.emit(self.place, FactKind::Refused, message.id, 0);
            return None;
        }
        cx.emit(self.place, FactKind::Sent, message.id, 0);
        if self.confirms {
            self.unconfirmed.push_back(message.id);
        }
        cx.send(
            self.port,
            Frame::Publish {
                channel: self.channel,
                exchange,
                key,
                message,
            },
        );
        // Without confirms nobody asks for the number.
        Some(self.oldest + (self.unconfirmed.len() as u64).saturating_sub(1))
    }

    /// A confirm arrived. `None` if nothing by that number is outstanding.
    #[inline(always)]
    pub fn on_confirm<C: Context<Frame>>(&mut self, cx: &mut C, sequence: u64, queues: u16) -> Option<MessageId> {
        // The node confirms in order, one by one.
        if sequence != self.oldest {
            return None;
        }
        let message = self.unconfirmed.pop_front()?;
        self.oldest += 1;
        cx.emit(self.place, FactKind::Confirmed, message, u64::from(queues));
        Some(message)
    }

    /// The connection is gone: nobody will ever confirm what is outstanding.
    pub fn on_closed<C: Context<Frame>>(&mut self, cx: &mut C) {
        self.open = false;
        while let Some(message) = self.unconfirmed.pop_front() {
            cx.emit(self.place, FactKind::Refused, message, 1);
        }
    }

    /// The application died, and with it the memory of what is outstanding.
    pub fn forget(&mut self) {
        self.open = false;
        self.unconfirmed.clear();
    }

    /// Whether there is a connection to publish on.
    pub fn is_open(&self) -> bool {
        self.open
    }

    /// How many messages are published and not confirmed.
    pub fn outstanding(&self) -> usize {
        self.unconfirmed.len()
    }
}
