//! Alarms: when the disk is close to full, or the memory, the node stops reading
//! from whoever publishes (docs: "Free Disk Space Alarms", "Memory Alarms").

use super::Broker;
use crate::rabbitmq::unread::Unread;
use crate::rabbitmq::{ChannelId, Frame};
use mqlab_model::{Context, FactKind, Message, Port};

/// Which alarms are on, and what is not read because of them.
#[derive(Clone, Debug, Default)]
pub(super) struct Alarm {
    of_disk: bool,
    of_memory: bool,
    unread: Unread,
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
            self.unread.hold(channel, publish);
        }
        self.is_on()
    }

    /// Whether something is left unread because it stands behind a publish that is.
    pub(super) fn holds_behind(&mut self, channel: (Port, ChannelId), frame: Frame) -> bool {
        self.unread.hold_behind(channel, frame)
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
        for ((port, _), frame) in self.alarm.unread.take() {
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
        self.alarm.unread.count()
    }

    /// A connection is gone, or one channel of it, and what was never read
    /// from it.
    pub(super) fn drop_unread<C: Context<Frame>>(&mut self, cx: &mut C, port: Port, only: Option<ChannelId>) {
        let place = self.place;
        let gone = |message: Message| cx.emit(place, FactKind::Dropped, message.id, 0);
        self.alarm.unread.forget(port, only, gone);
    }
}
