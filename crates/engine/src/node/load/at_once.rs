//! What a load does when its broker is as near as can be: see
//! [`crate::world`]'s way of the same name.

use super::{Load, Output, Part, Publisher, Route, route};
use crate::wire::Wire;
use mqlab_brokers::rabbitmq::{ChannelId, ExchangeId};
use mqlab_kernel::SimTime;
use mqlab_model::{Context, KeyId, Lifted, Message, Port};

/// A message on its way to a broker, without the frame.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Publication {
    pub(crate) channel: ChannelId,
    pub(crate) exchange: ExchangeId,
    pub(crate) key: KeyId,
    pub(crate) message: Message,
}

impl Load {
    /// The port on which it publishes, if a timer with this `token` makes it
    /// publish one message, and nothing is in its way.
    #[inline(always)]
    pub(crate) fn publishes_on(&self, token: u64) -> Option<Port> {
        let Output::Publish(Publisher::Rabbit(producer), _) = &self.output else {
            return None;
        };
        let is_simple = self.sender.is_none() && self.users.is_none() && self.each == 1 && !producer.is_mandatory();
        let is_ready = token == u64::from(self.generation) && self.may_make_more() && producer.is_open();
        (is_simple && is_ready).then(|| producer.port())
    }

    /// An arrival: the message, which is its caller's to bring to the broker.
    #[inline(never)]
    pub(crate) fn publish_one<C: Context<Wire>>(&mut self, cx: &mut C) -> Option<Publication> {
        self.is_armed = false;
        let message = self.make(cx);
        let Output::Publish(Publisher::Rabbit(producer), usual) = &mut self.output else {
            return None;
        };
        producer.announce(&mut Lifted::<_, Wire>::new(cx), message)?;
        let Route::Rabbit { exchange, key } = route(cx, &self.key, *usual, message.id) else {
            unreachable!("a client has routes of its own family");
        };
        Some(Publication {
            channel: Part::Load.channel(),
            exchange,
            key,
            message,
        })
    }

    /// When the next arrival is due, if there is one; it is not armed.
    #[inline(always)]
    pub(crate) fn next_due<C: Context<Wire>>(&mut self, cx: &mut C) -> Option<SimTime> {
        if self.made < self.limit {
            self.next_arrival(cx)
        } else {
            None
        }
    }
}
