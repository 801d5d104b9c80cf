//! What is not read from whoever publishes while an alarm is on (docs: "Free Disk
//! Space Alarms", "Memory Alarms").
//!
//! A connection that only consumes goes on. Here it is the channel that counts
//! as a connection: an application that does both is taken to have one for
//! each, which is what the documentation advises.

use super::{ChannelId, Frame};
use alloc::collections::VecDeque;
use mqlab_kernel::SortedSet;
use mqlab_model::{Message, Port};

/// What was published since the alarm is on, in the order of its arrival.
#[derive(Clone, Debug, Default)]
pub(super) struct Unread {
    frames: VecDeque<((Port, ChannelId), Frame)>,
    /// How many of these are no messages.
    others: usize,
    blocked: SortedSet<(Port, ChannelId)>,
}

impl Unread {
    /// A publish is left unread.
    pub(super) fn hold(&mut self, channel: (Port, ChannelId), publish: Frame) {
        self.blocked.insert(channel);
        self.frames.push_back((channel, publish));
    }

    /// What stands behind a publish that is left unread is left unread, too; `false` if
    /// there is none.
    pub(super) fn hold_behind(&mut self, channel: (Port, ChannelId), frame: Frame) -> bool {
        let waits = self.blocked.contains(&channel);
        if waits {
            self.others += 1;
            self.frames.push_back((channel, frame));
        }
        waits
    }

    /// All of it, to be read now.
    pub(super) fn take(&mut self) -> VecDeque<((Port, ChannelId), Frame)> {
        self.blocked.clear();
        self.others = 0;
        core::mem::take(&mut self.frames)
    }

    /// How many publishing connections are not read from, and how many
    /// messages they have published meanwhile.
    pub(super) fn count(&self) -> (usize, usize) {
        (self.blocked.len(), self.frames.len() - self.others)
    }

    /// A connection is gone, or one channel of it, and what was never read from it:
    /// calls `gone` with that.
    pub(super) fn forget(&mut self, port: Port, only: Option<ChannelId>, mut gone: impl FnMut(Message)) {
        let is_gone = |(known, channel): (Port, ChannelId)| known == port && only.is_none_or(|only| only == channel);
        self.blocked.retain(|channel| !is_gone(*channel));
        self.frames.retain(|(from, publish)| {
            let leaves = is_gone(*from);
            if let (true, Some((message, _))) = (leaves, publish.cargo()) {
                gone(message);
            }
            !leaves
        });
        let is_other = |(_, frame): &&((Port, ChannelId), Frame)| frame.cargo().is_none();
        self.others = self.frames.iter().filter(is_other).count();
    }
}
