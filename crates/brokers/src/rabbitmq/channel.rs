//! A channel as the node sees it.

use super::queue::ConsumerIndex;
use super::{ConsumerTag, QueueId};
use crate::parts::{Credit, InFlight};
use alloc::vec::Vec;
use mqlab_model::Message;

/// A delivery that waits for its acknowledgement.
#[derive(Clone, Copy, Debug)]
pub(super) struct Unacked {
    pub(super) message: Message,
    /// Where it stood in its queue.
    pub(super) position: u64,
    pub(super) queue: QueueId,
    pub(super) consumer: ConsumerIndex,
}

/// An open channel.
#[derive(Clone, Debug, Default)]
pub(super) struct Channel {
    pub(super) confirms: bool,
    /// How many messages were published on it.
    pub(super) published: u64,
    pub(super) in_flight: InFlight<Unacked>,
    pub(super) consumers: Vec<(ConsumerTag, ConsumerIndex)>,
    /// What its consumers may have together, if that is limited.
    pub(super) shared: Option<Credit>,
}

impl Channel {
    /// Whether one more delivery fits into what its consumers share.
    pub(super) fn is_open(&self) -> bool {
        self.shared.is_none_or(|shared| shared.is_open())
    }

    /// `confirm.select`: publishes count anew.
    pub(super) fn select_confirms(&mut self) {
        if !self.confirms {
            (self.confirms, self.published) = (true, 0);
        }
    }

    pub(super) fn consumer(&self, tag: ConsumerTag) -> Option<ConsumerIndex> {
        self.consumers
            .iter()
            .find(|(known, _)| *known == tag)
            .map(|(_, index)| *index)
    }
}

/// The channels of one connection, by number.
#[derive(Clone, Debug, Default)]
pub(super) struct Connection {
    channels: Vec<Option<Channel>>,
}

impl Connection {
    #[inline]
    pub(super) fn channel(&mut self, number: super::ChannelId) -> Option<&mut Channel> {
        self.channels.get_mut(usize::from(number.0))?.as_mut()
    }

    /// A channel, to look at.
    pub(super) fn look_at(&self, number: super::ChannelId) -> Option<&Channel> {
        self.channels.get(usize::from(number.0))?.as_ref()
    }

    /// Closes one channel and returns it, if it was open.
    pub(super) fn close_one(&mut self, number: super::ChannelId) -> Option<Channel> {
        self.channels.get_mut(usize::from(number.0))?.take()
    }

    /// The channels that are open.
    pub(super) fn channels(&self) -> impl Iterator<Item = &Channel> {
        self.channels.iter().flatten()
    }

    /// Opens a channel and returns the one that was open by that number: the
    /// client has connected anew before the news of its end arrived.
    pub(super) fn open(&mut self, number: super::ChannelId, confirms: bool) -> Option<Channel> {
        let index = usize::from(number.0);
        if self.channels.len() <= index {
            self.channels.resize_with(index + 1, || None);
        }
        self.channels[index].replace(Channel {
            confirms,
            ..Channel::default()
        })
    }

    /// Closes everything and returns the channels that were open.
    pub(super) fn close(&mut self) -> impl Iterator<Item = Channel> + use<> {
        core::mem::take(&mut self.channels).into_iter().flatten()
    }
}
