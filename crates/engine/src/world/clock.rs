//! The clocks of the nodes.

use super::context::Cx;
use super::{Condition, Core, World};
use crate::plan::{Setting, SettingKind};
use mqlab_kernel::SimTime;
use mqlab_model::{Clock, LocalTime, NodeId, Skew};

/// The clock of a node.
#[derive(Clone, Copy, Default, Debug)]
pub(crate) struct NodeClock {
    clock: Clock,
    /// It is wrong, and nobody has looked at it since it was set.
    is_unread: bool,
}

impl NodeClock {
    pub(super) fn new(skew: Skew) -> Self {
        let clock = Clock::new(skew);
        NodeClock {
            clock,
            is_unread: !clock.is_right(),
        }
    }

    pub(super) fn is_right(&self) -> bool {
        self.clock.is_right()
    }
}

impl Core {
    /// Everything of the present instant has happened, and the clock is to go on.
    #[inline(always)]
    pub(super) fn end_instant(&mut self) {
        self.recorder.oracle.end_instant(self.now);
    }

    /// What the clock of the node at home shows.
    #[inline(always)]
    pub(super) fn local_time(&mut self) -> LocalTime {
        let index = usize::from(self.home.node().0);
        if self.clocks[index].clock.is_right() {
            return LocalTime::right(self.now);
        }
        self.read_wrong_clock(index)
    }

    #[cold]
    fn read_wrong_clock(&mut self, index: usize) -> LocalTime {
        let read = &mut self.clocks[index];
        self.hits.skews.hit += u64::from(core::mem::take(&mut read.is_unread));
        read.clock.shows(self.now)
    }

    /// When the clock of the node at home shows this.
    #[inline]
    pub(super) fn when(&self, shown: LocalTime) -> SimTime {
        let index = usize::from(self.home.node().0);
        self.clocks[index].clock.when(shown, self.now)
    }
}

impl World {
    /// How wrong the clock of a node is now.
    pub fn skew(&self, node: NodeId) -> Skew {
        let known = self.core.clocks.get(usize::from(node.0));
        known.map_or(Skew::NONE, |known| known.clock.skew(self.now()))
    }

    /// Sets a node's clock; `None` if the setting is none of a clock, else the
    /// new value as a number for the record.
    pub(super) fn set_clock(&mut self, node: NodeId, setting: &Setting) -> Option<u64> {
        let index = usize::from(node.0);
        let before = self.skew(node);
        let (skew, value) = match *setting {
            Setting::ClockOffset(offset) => (Skew { offset, ..before }, offset),
            Setting::ClockDrift(drift) => (Skew { drift, ..before }, i64::from(drift)),
            _ => return None,
        };
        let known = &mut self.core.clocks[index];
        known.clock.set(skew, self.core.now);
        known.is_unread = !known.clock.is_right();
        self.core.hits.skews.all += u64::from(known.is_unread);
        let is_down = self.conditions[index] == Condition::Down;
        let mut cx = Cx::new(&mut self.core, node);
        self.nodes[index].on_clock_set(&mut cx, is_down);
        Some(value.cast_unsigned())
    }

    pub(super) fn clock_setting(&self, node: NodeId, kind: SettingKind) -> Option<Setting> {
        let skew = self.skew(node);
        match kind {
            SettingKind::ClockOffset => Some(Setting::ClockOffset(skew.offset)),
            SettingKind::ClockDrift => Some(Setting::ClockDrift(skew.drift)),
            _ => None,
        }
    }
}
