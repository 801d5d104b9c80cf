//! What the node shows of deliveries and consumers.

use super::{Attached, Broker, Unacked};
use crate::rabbitmq::{ConsumerView, QueueId, UnackedView};
use alloc::vec::Vec;
use mqlab_kernel::sort_by_key;
use mqlab_model::Port;

impl Broker {
    /// The messages of a queue that are delivered and not acknowledged, in
    /// the order in which they stood in it.
    pub fn unacked(&self, queue: QueueId) -> impl Iterator<Item = UnackedView> {
        let mut found: Vec<(Port, u64, Unacked)> = Vec::new();
        for (port, connection) in self.desk.connections.iter().enumerate() {
            for channel in connection.channels() {
                let of_queue = channel.in_flight.iter().filter(|(_, unacked)| unacked.queue == queue);
                found.extend(of_queue.map(|(tag, unacked)| (Port(port as u16), tag, *unacked)));
            }
        }
        sort_by_key(&mut found, |(.., unacked)| unacked.position);
        found.into_iter().map(|(port, tag, unacked)| UnackedView {
            message: unacked.message,
            port,
            tag,
        })
    }

    /// The consumers of a queue, in the order in which they are served.
    pub fn consumers(&self, queue: QueueId) -> impl Iterator<Item = ConsumerView> {
        let queue = self.desk.queues.get(usize::from(queue.0));
        let attached = queue.into_iter().flat_map(|queue| queue.consumers());
        attached
            .filter_map(|index| self.desk.consumers.get(index.0 as usize))
            .map(Attached::view)
    }
}

impl Attached {
    fn view(&self) -> ConsumerView {
        ConsumerView {
            port: self.port,
            prefetch: self.credit.limit(),
            unacked: self.credit.used(),
            automatic: self.automatic,
            exclusive: self.exclusive,
        }
    }
}
