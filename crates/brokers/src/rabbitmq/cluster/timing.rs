//! The time as far as queues depend on it: a queue that does is told what time it is
//! before everything else, and whenever something in it is due. A quorum queue's
//! leader has that agreed on like every other command, as `rabbit_fifo` goes by the
//! time at which its leader has taken a command.

use super::member::BEAT;
use super::wire::Wire;
use super::{Command, Member};
use crate::rabbitmq::QueueId;
use mqlab_model::Context;

/// The token of a queue's timer; 0 is the beat's.
fn token(queue: QueueId) -> u64 {
    u64::from(queue.0) + 1
}

/// Whose timer it is; `None` is the beat's.
pub(super) fn queue_of(token: u64) -> Option<QueueId> {
    token.checked_sub(1).map(|queue| QueueId(queue as u16))
}

impl Member {
    /// Something in a queue is due.
    pub(super) fn on_time<C: Context<Wire>>(&mut self, cx: &mut C, queue: QueueId) {
        let now = cx.now();
        // Who has stopped hears of the time when it goes on.
        let is_paused = self.is_paused;
        if let Some(master) = self.masters.get_mut(&queue) {
            master.content.on_due();
            if !is_paused {
                self.do_classic(cx, queue, Command::Time { now });
            }
        } else if let Some(replica) = self.replicas.get_mut(&queue) {
            replica.content.on_due();
            if replica.raft.is_in_charge() && !is_paused {
                replica.propose(Command::Time { now }, now);
                self.advance(cx, queue);
            }
        }
    }

    /// The member comes up: what became due meanwhile is, in queues that are here.
    pub(super) fn catch_up<C: Context<Wire>>(&mut self, cx: &mut C) {
        let now = cx.now();
        for queue in self.cluster.queues() {
            if let Some(master) = self.masters.get_mut(&queue) {
                master.content.begin_to_wait(now);
            }
            let master = self.masters.get(&queue);
            if master.is_some_and(|master| master.content.lacks_time(now)) {
                self.do_classic(cx, queue, Command::Time { now });
            }
        }
    }

    /// Sees to it that a queue that is here hears of the time when something is due.
    pub(super) fn look_at_time<C: Context<Wire>>(&mut self, cx: &mut C, queue: QueueId) {
        let due = if let Some(master) = self.masters.get_mut(&queue) {
            master.content.next_due()
        } else if let Some(replica) = self.replicas.get_mut(&queue) {
            // What was proposed will say so itself.
            let told = replica.told;
            let leads = replica.raft.is_in_charge();
            leads
                .then(|| replica.content.next_due())
                .flatten()
                .filter(|due| *due > told)
        } else {
            None
        };
        if let Some(due) = due {
            cx.arm(BEAT, due.max(cx.now()), token(queue));
        }
    }
}
