//! The memory alarm: while messages take up more memory than the watermark
//! allows, the node stops reading from whoever publishes (docs: "Memory Alarms").
//!
//! Up to 3.11 what waits in a classic queue is in memory. Since 3.12 it is on
//! the disk, and at most 2,048 messages of a queue are in memory (docs: "Classic
//! Queues", "Queue Implementation"). The node looks from time to time
//! (`memory_monitor_interval`), so it may use more than that for a while.

use super::{Broker, Desk};
use crate::rabbitmq::{Frame, QueueId, Version};
use alloc::vec::Vec;
use mqlab_kernel::{SimSpan, SimTime};
use mqlab_model::{Context, FactKind, MessageId, TimerLane};

/// How often the node looks: `memory_monitor_interval`.
const INTERVAL: SimSpan = SimSpan::from_millis(2_500);
/// The token of that timer; those of queues are smaller.
pub(super) const MONITOR: u64 = 1 << 16;
/// Most messages of a queue in memory since 3.12.
const IN_MEMORY_MAX: u64 = 2_048;

/// What messages take up, and how much that may be. What they are wrapped in
/// does not count.
#[derive(Clone, Debug)]
pub(super) struct Memory {
    limit: u64,
    used: u64,
    by_queue: Vec<u64>,
    is_armed: bool,
}

/// What the node shows of its memory, in bytes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct MemoryView {
    /// What its messages take up.
    pub used: u64,
    /// The watermark.
    pub limit: u64,
    /// Whether the alarm is on.
    pub is_alarmed: bool,
}

impl Memory {
    pub(super) fn new(limit: u64, queues: usize) -> Self {
        Memory {
            limit,
            used: 0,
            by_queue: alloc::vec![0; queues],
            is_armed: false,
        }
    }

    fn count(&mut self, id: QueueId, bytes: u64) -> bool {
        let index = usize::from(id.0);
        if self.by_queue.len() <= index {
            self.by_queue.resize(index + 1, 0);
        }
        let before = core::mem::replace(&mut self.by_queue[index], bytes);
        self.used = self.used - before + bytes;
        before != bytes
    }
}

/// What so many messages with so many bytes take up in memory.
pub(in crate::rabbitmq) fn in_memory(version: Version, messages: u64, bytes: u64) -> u64 {
    if version < Version::new(3, 12) || messages <= IN_MEMORY_MAX {
        return bytes;
    }
    (u128::from(bytes) * u128::from(IN_MEMORY_MAX) / u128::from(messages)) as u64
}

impl Desk {
    /// Something has come into a queue, or has left it.
    pub(super) fn weigh<C: Context<Frame>>(&mut self, cx: &mut C, lane: TimerLane, id: QueueId) {
        let Some(memory) = &mut self.memory else { return };
        let queue = &self.queues[usize::from(id.0)];
        let Some(special) = &queue.special else { return };
        let bytes = in_memory(self.version, special.held_messages(), special.held_bytes());
        if memory.count(id, bytes) && !memory.is_armed {
            memory.is_armed = true;
            cx.arm(lane, next_look(cx.now()), MONITOR);
        }
    }

    /// The same of all queues.
    pub(super) fn weigh_all<C: Context<Frame>>(&mut self, cx: &mut C, lane: TimerLane) {
        for index in 0..self.queues.len() {
            self.weigh(cx, lane, QueueId(index as u16));
        }
    }
}

/// The node looks at the same instants whatever happens to it.
fn next_look(now: SimTime) -> SimTime {
    let passed = now.nanos() % INTERVAL.nanos();
    now.saturating_add(SimSpan::from_nanos(INTERVAL.nanos() - passed))
}

impl Broker {
    /// What its messages take up; `None` if its memory has no end.
    pub fn memory(&self) -> Option<MemoryView> {
        let memory = self.desk.memory.as_ref()?;
        Some(MemoryView {
            used: memory.used,
            limit: memory.limit,
            is_alarmed: self.alarm.is_of_memory(),
        })
    }

    /// The node looks at its memory.
    pub(super) fn look_at_memory<C: Context<Frame>>(&mut self, cx: &mut C) {
        let Some(memory) = &mut self.desk.memory else { return };
        memory.is_armed = false;
        self.compare_memory(cx);
    }

    /// The watermark is somewhere else.
    pub(super) fn move_watermark<C: Context<Frame>>(&mut self, cx: &mut C, limit: u64, is_up: bool) {
        if let Some(memory) = &mut self.desk.memory {
            memory.limit = limit;
        }
        if is_up {
            self.compare_memory(cx);
        }
    }

    /// The alarm goes on, or off.
    fn compare_memory<C: Context<Frame>>(&mut self, cx: &mut C) {
        let Some(memory) = &self.desk.memory else { return };
        let is_high = memory.used > memory.limit;
        if is_high == self.alarm.is_of_memory() {
            return;
        }
        let kind = if is_high {
            FactKind::MemoryHigh
        } else {
            FactKind::MemoryFree
        };
        cx.emit(self.place, kind, MessageId::NONE, memory.used);
        self.set_memory_alarm(cx, is_high);
    }

    /// The node died, and nobody looks any more.
    pub(super) fn forget_memory(&mut self) {
        if let Some(memory) = &mut self.desk.memory {
            memory.is_armed = false;
        }
        self.alarm.forget_memory();
    }
}
