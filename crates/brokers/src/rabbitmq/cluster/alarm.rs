//! The alarm of a cluster: as long as the disk of one member is close to full, or its
//! memory, none reads from whoever publishes. A member that is down has no alarm (`rabbit_alarm`).

use super::Member;
use super::wire::Wire;
use crate::rabbitmq::unread::Unread;
use crate::rabbitmq::{ChannelId, Frame};
use mqlab_model::{Context, FactKind, Message, Port};

/// A member's own alarm, and what it does not read.
#[derive(Clone, Debug, Default)]
pub(super) struct Alarm {
    is_of_disk: bool,
    pub(super) is_of_memory: bool,
    unread: Unread,
}

impl Alarm {
    /// Whether any is on.
    pub(super) fn is_on(&self) -> bool {
        self.is_of_disk || self.is_of_memory
    }
}

impl Member {
    /// The disk is close to full, or has room again: everybody hears of it.
    pub fn set_alarm<C: Context<Wire>>(&mut self, cx: &mut C, is_on: bool) {
        self.alarm.is_of_disk = is_on;
        self.alarm_changed(cx);
        self.work_off(cx);
    }

    /// Everybody hears of it.
    pub(super) fn alarm_changed<C: Context<Wire>>(&mut self, cx: &mut C) {
        self.beat(cx);
        self.read_on(cx);
    }

    /// Whether its own disk is close to full.
    pub fn is_alarmed(&self) -> bool {
        self.alarm.is_of_disk
    }

    /// How many publishing connections it does not read from, and how many
    /// messages they have published meanwhile.
    pub fn blocked(&self) -> (usize, usize) {
        self.alarm.unread.count()
    }

    /// Whether there is an alarm that it knows of.
    fn hears_alarm(&self) -> bool {
        let mut others = self.peers.iter();
        self.alarm.is_on() || others.any(|peer| peer.is_reached && peer.is_alarmed)
    }

    /// Whether a publish is left unread.
    pub(super) fn holds(&mut self, channel: (Port, ChannelId), publish: Frame) -> bool {
        let holds = self.hears_alarm();
        if holds {
            self.alarm.unread.hold(channel, publish);
        }
        holds
    }

    /// Whether something is left unread because it stands behind a publish that is.
    pub(super) fn holds_behind(&mut self, channel: (Port, ChannelId), frame: Frame) -> bool {
        self.alarm.unread.hold_behind(channel, frame)
    }

    /// What was left unread is read, if there is no alarm any more.
    pub(super) fn read_on<C: Context<Wire>>(&mut self, cx: &mut C) {
        if self.hears_alarm() || self.is_paused {
            return;
        }
        for ((port, _), frame) in self.alarm.unread.take() {
            self.on_client(cx, port, frame);
        }
    }

    /// A channel is over, and what was never read from it.
    pub(super) fn drop_unread<C: Context<Wire>>(&mut self, cx: &mut C, (port, channel): (Port, ChannelId)) {
        let place = self.place;
        let gone = |message: Message| cx.emit(place, FactKind::Dropped, message.id, 0);
        self.alarm.unread.forget(port, Some(channel), gone);
    }

    /// The member died: nothing was read that is left.
    pub(super) fn drop_all_unread<C: Context<Wire>>(&mut self, cx: &mut C) {
        for (_, frame) in self.alarm.unread.take() {
            if let Some((message, _)) = frame.cargo() {
                cx.emit(self.place, FactKind::Dropped, message.id, 0);
            }
        }
    }

    /// The disk is lost, and the new one has room.
    pub(super) fn forget_alarm(&mut self) {
        self.alarm.is_of_disk = false;
    }
}
