//! Alarms: when the disk is close to full, or the memory, the node stops reading
//! from whoever publishes (docs: "Free Disk Space Alarms", "Memory Alarms").
//!
//! A connection that only consumes goes on. Here it is the channel that counts
//! as a connection: an application that does both is taken to have one for
//! each, which is what the documentation advises.

use super::Broker;
use crate::rabbitmq::{ChannelId, Frame};
use alloc::collections::VecDeque;
use mqlab_kernel::SortedSet;
use mqlab_model::{Context, FactKind, Port};

/// Which alarms are on, and what is not read because of them.
#[derive(Clone, Debug, Default)]
pub(super) struct Alarm {
    of_disk: bool,
    of_memory: bool,
    /// What was published since, in the order of its arrival.
    unread: VecDeque<((Port, ChannelId), Frame)>,
    blocked: SortedSet<(Port, ChannelId)>,
}

impl Alarm {
    /// Whether any is on.
    pub(super) fn is_on(&self) -> bool {
        self.of_disk || self.of_memory
    }

    /// Whether that of the memory is on.
    pub(super) fn is_of_memory(&self) -> bool {
        self.of_memory
    }

    /// The node died.
    pub(super) fn forget_memory(&mut self) {
        self.of_memory = false;
    }

    /// Whether a publish is left unread.
    pub(super) fn holds(&mut self, channel: (Port, ChannelId), publish: Frame) -> bool {
        if self.is_on() {
            self.blocked.insert(channel);
            self.unread.push_back((channel, publish));
        }
        self.is_on()
    }
}

impl Broker {
    /// The disk is close to full, or has room again.
    pub fn set_alarm<C: Context<Frame>>(&mut self, cx: &mut C, on: bool) {
        self.alarm.of_disk = on;
        self.read_on(cx);
    }

    /// So is the memory.
    pub(super) fn set_memory_alarm<C: Context<Frame>>(&mut self, cx: &mut C, on: bool) {
        self.alarm.of_memory = on;
        self.read_on(cx);
    }

    /// What was left unread is read, if no alarm is on any more.
    fn read_on<C: Context<Frame>>(&mut self, cx: &mut C) {
        self.look_how_plain();
        if self.alarm.is_on() {
            return;
        }
        self.alarm.blocked.clear();
        for ((port, _), frame) in core::mem::take(&mut self.alarm.unread) {
            mqlab_model::Node::on_packet(self, cx, port, frame);
        }
    }

    /// The disk is lost, and the new one has room.
    pub(super) fn forget_alarm(&mut self) {
        self.alarm.of_disk = false;
        self.look_how_plain();
    }

    /// Whether the disk alarm is on.
    pub fn is_alarmed(&self) -> bool {
        self.alarm.of_disk
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
