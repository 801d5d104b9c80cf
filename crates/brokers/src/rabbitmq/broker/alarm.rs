//! The disk alarm: when the disk is close to full, the node stops reading from
//! whoever publishes (docs: "Free Disk Space Alarms").
//!
//! A connection that only consumes goes on. Here it is the channel that counts
//! as a connection: an application that does both is taken to have one for
//! each, which is what the documentation advises.

use super::Broker;
use crate::rabbitmq::{ChannelId, Frame};
use alloc::collections::VecDeque;
use mqlab_kernel::SortedSet;
use mqlab_model::{Context, FactKind, Port};

/// Whether the alarm is on, and what is not read because of it.
#[derive(Clone, Debug, Default)]
pub(super) struct Alarm {
    is_on: bool,
    /// What was published since, in the order of its arrival.
    unread: VecDeque<((Port, ChannelId), Frame)>,
    blocked: SortedSet<(Port, ChannelId)>,
}

impl Alarm {
    /// Whether it is on.
    pub(super) fn is_on(&self) -> bool {
        self.is_on
    }

    /// Whether a publish is left unread.
    pub(super) fn holds(&mut self, channel: (Port, ChannelId), publish: Frame) -> bool {
        if self.is_on {
            self.blocked.insert(channel);
            self.unread.push_back((channel, publish));
        }
        self.is_on
    }
}

impl Broker {
    /// The disk is close to full, or has room again.
    pub fn set_alarm<C: Context<Frame>>(&mut self, cx: &mut C, on: bool) {
        self.alarm.is_on = on;
        self.look_how_plain();
        if on {
            return;
        }
        self.alarm.blocked.clear();
        for ((port, _), frame) in core::mem::take(&mut self.alarm.unread) {
            mqlab_model::Node::on_packet(self, cx, port, frame);
        }
    }

    /// The disk is lost, and the new one has room.
    pub(super) fn forget_alarm(&mut self) {
        self.alarm.is_on = false;
        self.look_how_plain();
    }

    /// Whether the disk alarm is on.
    pub fn is_alarmed(&self) -> bool {
        self.alarm.is_on
    }

    /// How many publishing connections are not read from, and how many
    /// messages they have published meanwhile.
    pub fn blocked(&self) -> (usize, usize) {
        (self.alarm.blocked.len(), self.alarm.unread.len())
    }

    /// A connection is gone, or one channel of it, and what was never read
    /// from it.
    pub(super) fn drop_unread<C: Context<Frame>>(&mut self, cx: &mut C, port: Port, only: Option<ChannelId>) {
        let place = self.place;
        let is_gone = |(known, channel): (Port, ChannelId)| known == port && only.is_none_or(|only| only == channel);
        self.alarm.blocked.retain(|channel| !is_gone(*channel));
        self.alarm.unread.retain(|(from, publish)| {
            let gone = is_gone(*from);
            if let (true, Some((message, _))) = (gone, publish.cargo()) {
                cx.emit(place, FactKind::Dropped, message.id, 0);
            }
            !gone
        });
    }
}
