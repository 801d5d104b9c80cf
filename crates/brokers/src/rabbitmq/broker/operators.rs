//! What operators do to the node.

use super::Broker;
use super::special::QUEUES;
use crate::rabbitmq::{Command, Frame, QueueId};
use mqlab_model::{Context, FactKind};

impl Broker {
    /// Does what an operator asks for.
    pub fn command<C: Context<Frame>>(&mut self, cx: &mut C, command: Command) {
        match command {
            Command::Purge(queue) => self.purge(cx, queue),
        }
    }

    /// Deletes what waits in a queue. What is delivered and not acknowledged
    /// stays (AMQP 0-9-1, queue.purge).
    pub fn purge<C: Context<Frame>>(&mut self, cx: &mut C, id: QueueId) {
        if let Some(queue) = self.desk.queues.get_mut(usize::from(id.0)) {
            let place = queue.place;
            queue.purge(|message| cx.emit(place, FactKind::Purged, message.id, 0));
            self.desk.look_at_level(id);
            self.desk.weigh_all(cx, QUEUES);
        }
    }
}
