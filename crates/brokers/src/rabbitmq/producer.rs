//! The publishing half of the client: a channel in confirm mode.

use super::{ChannelId, Contact, ExchangeId, Frame, KeyId, Roaming};
use alloc::boxed::Box;
use mqlab_kernel::Ring;
use mqlab_model::{Context, FactKind, Message, MessageId, PlaceId, Port, Refusal};

/// A channel that publishes. In confirm mode it remembers what the node has
/// not confirmed yet; when the connection closes, those are reported as not
/// taken, though some of them may have been: that is what an application
/// sees, and why it sends again.
#[derive(Clone, Debug)]
pub struct Producer {
    place: PlaceId,
    contact: Contact,
    channel: ChannelId,
    confirms: bool,
    /// Whether it wants back what cannot be routed.
    mandatory: bool,
    /// Sequence number of the oldest entry of `unconfirmed`.
    oldest: u64,
    /// Those that are confirmed before older ones are [`MessageId::NONE`].
    unconfirmed: Ring<MessageId>,
    /// How many those are.
    early: usize,
}

impl Producer {
    /// A channel that is not open yet. `place` is where its facts happen.
    pub fn new(place: PlaceId, port: Port, channel: ChannelId, confirms: bool) -> Self {
        Producer {
            place,
            contact: Contact::with(port),
            channel,
            confirms,
            mandatory: false,
            oldest: 1,
            unconfirmed: Ring::default(),
            early: 0,
        }
    }

    /// The same channel, to whichever node of a cluster is there.
    pub fn roaming(self, roaming: Box<Roaming>) -> Self {
        let contact = Contact::roaming(roaming);
        Self { contact, ..self }
    }

    /// The connection that it is on.
    pub fn contact(&self) -> &Contact {
        &self.contact
    }

    /// The same, to be told of nodes that are gone.
    pub fn contact_mut(&mut self) -> &mut Contact {
        &mut self.contact
    }

    /// A node is back.
    pub fn on_opened<C: Context<Frame>>(&mut self, cx: &mut C, port: Port) {
        if self.contact.on_opened(port) {
            self.open(cx);
        }
    }

    /// A timer; `false` if it is not its own.
    pub fn on_timer<C: Context<Frame>>(&mut self, cx: &mut C, token: u64) -> bool {
        let opens = self.contact.on_timer(token);
        if opens == Some(true) {
            self.open(cx);
        }
        opens.is_some()
    }

    /// The same channel, on which everything is published with the flag
    /// `mandatory`, or nothing is.
    pub fn with_mandatory(self, mandatory: bool) -> Self {
        Producer { mandatory, ..self }
    }

    /// From now on everything is published with the flag `mandatory`, or nothing is.
    pub fn set_mandatory(&mut self, mandatory: bool) {
        self.mandatory = mandatory;
    }

    /// The channel is put into confirm mode, where it stays: what is published from
    /// now on counts, beginning with 1, and what was published before is never
    /// confirmed (docs: "Publisher Confirms", `confirm.select`). A channel that is not
    /// open will be in it when it opens.
    pub fn select_confirms<C: Context<Frame>>(&mut self, cx: &mut C) {
        if core::mem::replace(&mut self.confirms, true) || !self.contact.is_open() {
            return;
        }
        self.oldest = 1;
        let channel = self.channel;
        cx.send(self.contact.port(), Frame::Select { channel });
    }

    /// Whether it wants back what cannot be routed.
    pub fn is_mandatory(&self) -> bool {
        self.mandatory
    }

    /// The port of the connection that it publishes on.
    pub fn port(&self) -> Port {
        self.contact.port()
    }

    /// Whether there is a connection to publish on.
    #[inline]
    pub fn is_open(&self) -> bool {
        self.contact.is_open()
    }

    /// Opens the channel: at start, and whenever the node is back. Nothing
    /// happens to one that is open.
    pub fn open<C: Context<Frame>>(&mut self, cx: &mut C) {
        if !self.contact.open() {
            return;
        }
        self.oldest = 1;
        cx.send(
            self.contact.port(),
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
        let sequence = self.announce(cx, message)?;
        cx.send(
            self.contact.port(),
            Frame::Publish {
                channel: self.channel,
                exchange,
                key,
                message,
                mandatory: self.mandatory,
            },
        );
        Some(sequence)
    }

    /// The same for who brings the message to the node himself.
    #[inline(always)]
    pub fn announce<C: Context<Frame>>(&mut self, cx: &mut C, message: Message) -> Option<u64> {
        if !self.contact.is_open() {
            cx.emit(self.place, FactKind::Refused, message.id, Refusal::Declined.value());
            return None;
        }
        cx.emit(self.place, FactKind::Sent, message.id, 0);
        if self.confirms {
            self.unconfirmed.push_back(message.id);
        }
        // Without confirms nobody asks for the number.
        Some(self.oldest + (self.unconfirmed.len() as u64).saturating_sub(1))
    }

    /// A confirm arrived. `None` if nothing by that number is outstanding.
    #[inline(always)]
    pub fn on_confirm<C: Context<Frame>>(&mut self, cx: &mut C, sequence: u64, queues: u16) -> Option<MessageId> {
        // Mostly the node confirms in order, one by one.
        if sequence != self.oldest {
            return self.on_early_confirm(cx, sequence, queues);
        }
        let message = self.unconfirmed.pop_front()?;
        self.oldest += 1;
        if self.early > 0 {
            self.skip_confirmed();
        }
        cx.emit(self.place, FactKind::Confirmed, message, u64::from(queues));
        Some(message)
    }

    /// A confirm overtook that of an older message: the disk had to be waited
    /// for, or a consumer was faster than it.
    #[cold]
    #[inline(never)]
    fn on_early_confirm<C: Context<Frame>>(&mut self, cx: &mut C, sequence: u64, queues: u16) -> Option<MessageId> {
        let message = self.answered(sequence)?;
        cx.emit(self.place, FactKind::Confirmed, message, u64::from(queues));
        Some(message)
    }

    /// What is answered for before older ones. It keeps its place until it is the
    /// oldest.
    fn answered(&mut self, sequence: u64) -> Option<MessageId> {
        let nth = usize::try_from(sequence.checked_sub(self.oldest)?).ok()?;
        let entry = self.unconfirmed.get_mut(nth)?;
        let message = core::mem::replace(entry, MessageId::NONE);
        if message == MessageId::NONE {
            return None;
        }
        self.early += 1;
        Some(message)
    }

    /// A queue did not take what was published by that number.
    #[cold]
    pub fn on_refuse<C: Context<Frame>>(&mut self, cx: &mut C, sequence: u64) -> Option<MessageId> {
        let message = self.answered(sequence)?;
        self.skip_confirmed();
        cx.emit(self.place, FactKind::Refused, message, Refusal::NoRoom.value());
        Some(message)
    }

    /// What was confirmed early and is the oldest now is done with.
    #[cold]
    fn skip_confirmed(&mut self) {
        while self.unconfirmed.front() == Some(MessageId::NONE) {
            self.unconfirmed.pop_front();
            self.oldest += 1;
            self.early -= 1;
        }
    }

    /// A message came back, because it cannot be routed. Its confirm comes all
    /// the same.
    #[cold]
    pub fn on_return<C: Context<Frame>>(&self, cx: &mut C, message: Message) {
        cx.emit(self.place, FactKind::Returned, message.id, 0);
    }

    /// The connection is gone: nobody will ever confirm what is outstanding.
    pub fn on_closed<C: Context<Frame>>(&mut self, cx: &mut C) {
        self.contact.lose(cx);
        self.early = 0;
        while let Some(message) = self.unconfirmed.pop_front() {
            if message == MessageId::NONE {
                continue;
            }
            cx.emit(self.place, FactKind::Refused, message, Refusal::Unanswered.value());
        }
    }

    /// The application died, and with it the memory of what is outstanding.
    pub fn forget(&mut self) {
        self.contact.forget();
        self.early = 0;
        self.unconfirmed.clear();
    }

    /// The connection is gone, and the application remembers by itself what is
    /// outstanding.
    pub fn abandon<C: Context<Frame>>(&mut self, cx: &mut C) {
        self.contact.lose(cx);
        self.early = 0;
        self.unconfirmed.clear();
    }

    /// How many messages are published and not confirmed.
    pub fn outstanding(&self) -> usize {
        self.unconfirmed.len() - self.early
    }
}
