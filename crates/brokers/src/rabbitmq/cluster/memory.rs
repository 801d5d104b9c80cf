//! The memory of a member: each looks for itself what the queues that it has take up,
//! and the alarm of one stops the publishers of all (docs: "Memory Alarms", "Alarms in
//! Clusters").

use super::Member;
use super::wire::Wire;
use crate::rabbitmq::{MemoryView, in_memory};
use alloc::rc::Rc;
use mqlab_model::{Context, FactKind, MessageId};

/// It looks every so many beats: every 2.5 s (`memory_monitor_interval`).
pub(super) const LOOKS_EVERY: u32 = 10;

impl Member {
    /// What its messages take up; `None` if its memory has no end.
    pub fn memory(&self) -> Option<MemoryView> {
        let memory = self.cluster.config.memory?;
        Some(MemoryView {
            used: self.used,
            limit: memory.limit(),
            is_alarmed: self.alarm.is_of_memory,
        })
    }

    /// The watermark moves, and the member looks at once what it uses if it is up.
    /// Returns the new one in bytes; `None` if its memory has no end.
    pub fn set_watermark<C: Context<Wire>>(&mut self, cx: &mut C, watermark: u64, is_up: bool) -> Option<u64> {
        let memory = Rc::make_mut(&mut self.cluster).config.memory.as_mut()?;
        memory.watermark = watermark;
        let limit = memory.limit();
        if is_up {
            self.look_at_memory(cx);
            self.work_off(cx);
        }
        Some(limit)
    }

    /// The member looks at its memory.
    pub(super) fn look_at_memory<C: Context<Wire>>(&mut self, cx: &mut C) {
        let Some(memory) = self.cluster.config.memory else {
            return;
        };
        self.used = self.in_use(cx);
        let is_high = self.used > memory.limit();
        if is_high == self.alarm.is_of_memory {
            return;
        }
        let kind = if is_high {
            FactKind::MemoryHigh
        } else {
            FactKind::MemoryFree
        };
        cx.emit(self.place, kind, MessageId::NONE, self.used);
        self.alarm.is_of_memory = is_high;
        self.alarm_changed(cx);
    }

    /// What the queues take up that it has, and the copies of them.
    fn in_use<C: Context<Wire>>(&self, cx: &C) -> u64 {
        let version = self.cluster.config.version;
        let of_queues = self.cluster.queues().filter_map(|queue| self.content(queue));
        let of_queues = of_queues.map(|content| {
            let (messages, bytes) = content.held();
            in_memory(version, messages, bytes)
        });
        let of_copies = self.copies.values().map(|copy| {
            let bytes = copy.stored.values().map(|kept| cx.size(kept.message.id)).sum();
            in_memory(version, copy.stored.len() as u64, bytes)
        });
        of_queues.chain(of_copies).sum()
    }
}
