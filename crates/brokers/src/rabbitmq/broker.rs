//! The node: takes what is published, hands it out, forgets what is settled.

use super::channel::{Connection, Unacked};
use super::exchange::Routes;
use super::inspect::QueueView;
use super::queue::{ConsumerIndex, Queue};
use super::{ChannelId, Config, ConsumerTag, ExchangeId, Frame, KeyId, QueueId};
use crate::parts::Credit;
use alloc::vec::Vec;
use mqlab_model::{Context, FactKind, Message, Node, PlaceId, Port};

/// A consumer that is attached to a queue.
#[derive(Clone, Copy, Debug)]
struct Attached {
    port: Port,
    channel: ChannelId,
    tag: ConsumerTag,
    queue: QueueId,
    credit: Credit,
    automatic: bool,
    live: bool,
}

/// A RabbitMQ node. Its clients are on its ports, a connection each.
#[derive(Clone, Debug)]
pub struct Broker {
    place: PlaceId,
    routes: Routes,
    queues: Vec<Queue>,
    connections: Vec<Connection>,
    consumers: Vec<Attached>,
}

impl Broker {
    /// A node that is not up yet, with `ports` connections to come.
    pub fn new(place: PlaceId, config: &Config, ports: u16) -> Self {
        Broker {
            place,
            routes: Routes::new(config),
            queues: config.queues.iter().map(Queue::new).collect(),
            connections: alloc::vec![Connection::default(); usize::from(ports)],
            consumers: Vec::new(),
        }
    }

    /// What the node shows of its queues.
    pub fn queues(&self) -> impl Iterator<Item = QueueView> {
        self.queues.iter().map(Queue::view)
    }

    /// What the node shows of one queue.
    pub fn queue(&self, queue: QueueId) -> Option<QueueView> {
        self.queues.get(usize::from(queue.0)).map(Queue::view)
    }

    /// The messages that wait in a queue, in the order in which they leave.
    pub fn waiting(&self, queue: QueueId) -> impl Iterator<Item = Message> {
        self.queues
            .get(usize::from(queue.0))
            .into_iter()
            .flat_map(|queue| queue.ready().iter())
    }

    #[inline(always)]
    fn publish<C: Context<Frame>>(
        &mut self,
        cx: &mut C,
        port: Port,
        channel: ChannelId,
        (exchange, key): (ExchangeId, KeyId),
        message: Message,
    ) {
        let Some(open) = self.connections[usize::from(port.0)].channel(channel) else {
            // The channel is of a life before the node's restart: whoever
            // published here has been told that the connection is gone.
            cx.emit(self.place, FactKind::Dropped, message.id, 0);
            return;
        };
        open.published += 1;
        let (confirms, sequence) = (open.confirms, open.published);
        let targets = self.routes.route(exchange, key);
        for queue in targets {
            let queue = &mut self.queues[usize::from(queue.0)];
            cx.emit(
                queue.place,
                FactKind::Enqueued,
                message.id,
                u64::from(queue.keeps(message)),
            );
            queue.push(message);
        }
        if targets.is_empty() {
            cx.emit(self.place, FactKind::Unroutable, message.id, 0);
        }
        if confirms {
            // A classic queue has written the message by now; it does not wait
            // for the disk to sync (docs: "Publisher Confirms").
            cx.send(
                port,
                Frame::Confirm {
                    channel,
                    sequence,
                    queues: targets.len() as u16,
                },
            );
        }
        for index in 0..targets.len() {
            let queue = self.routes.route(exchange, key)[index];
            self.dispatch(cx, queue);
        }
    }

    /// Hands out what waits, as long as a consumer has credit.
    #[inline(never)]
    fn dispatch<C: Context<Frame>>(&mut self, cx: &mut C, id: QueueId) {
        let queue = &mut self.queues[usize::from(id.0)];
        while queue.has_ready() {
            let consumers = &self.consumers;
            let Some(index) = queue.next_consumer(|index| consumers[index.0 as usize].credit.is_open()) else {
                return;
            };
            let Some(ready) = queue.pop() else { return };
            let consumer = &mut self.consumers[index.0 as usize];
            let (port, channel) = (consumer.port, consumer.channel);
            cx.emit(
                queue.place,
                FactKind::Dispatched,
                ready.message.id,
                u64::from(ready.returned),
            );
            let tag = if consumer.automatic {
                cx.emit(queue.place, FactKind::Settled, ready.message.id, 0);
                0
            } else {
                consumer.credit.take();
                queue.unacked += 1;
                let unacked = Unacked {
                    message: ready.message,
                    position: ready.position,
                    queue: id,
                    consumer: index,
                };
                self.connections[usize::from(port.0)]
                    .channel(channel)
                    .expect("a consumer lives on an open channel")
                    .in_flight
                    .insert(unacked)
            };
            cx.send(
                port,
                Frame::Deliver {
                    channel,
                    consumer: consumer.tag,
                    redelivered: ready.returned,
                    from: queue.place,
                    tag,
                    message: ready.message,
                },
            );
        }
    }

    /// A delivery is over: acknowledged, put back or dropped.
    #[inline(always)]
    fn settle<C: Context<Frame>>(&mut self, cx: &mut C, unacked: Unacked, outcome: Outcome) {
        let queue = &mut self.queues[usize::from(unacked.queue.0)];
        queue.unacked -= 1;
        self.consumers[unacked.consumer.0 as usize].credit.give_back();
        let kind = match outcome {
            Outcome::Acknowledged => FactKind::Settled,
            Outcome::Dropped => FactKind::Discarded,
            Outcome::Returned => {
                queue.put_back(unacked.position, unacked.message);
                FactKind::Requeued
            }
        };
        cx.emit(queue.place, kind, unacked.message.id, 0);
    }

    fn on_settlement<C: Context<Frame>>(
        &mut self,
        cx: &mut C,
        port: Port,
        channel: ChannelId,
        (tag, multiple): (u64, bool),
        outcome: Outcome,
    ) {
        let Some(open) = self.connections[usize::from(port.0)].channel(channel) else {
            return;
        };
        if !multiple {
            // An unknown tag closes the channel of a real client with
            // PRECONDITION_FAILED; the client here never sends one.
            if let Some(unacked) = open.in_flight.take(tag) {
                self.settle(cx, unacked, outcome);
                self.dispatch(cx, unacked.queue);
            }
            return;
        }
        let mut settled = Vec::new();
        open.in_flight.take_up_to(tag, |unacked| settled.push(unacked));
        for unacked in &settled {
            self.settle(cx, *unacked, outcome);
        }
        self.dispatch_all(cx, settled.iter().map(|unacked| unacked.queue).collect());
    }

    fn dispatch_all<C: Context<Frame>>(&mut self, cx: &mut C, mut queues: Vec<QueueId>) {
        queues.sort_unstable();
        queues.dedup();
        for queue in queues {
            self.dispatch(cx, queue);
        }
    }

    fn consume<C: Context<Frame>>(&mut self, cx: &mut C, attached: Attached) {
        let Some(open) = self.connections[usize::from(attached.port.0)].channel(attached.channel) else {
            return;
        };
        let queue = attached.queue;
        // Slots of consumers that are gone are used again.
        let free = self.consumers.iter().position(|known| !known.live);
        let index = match free {
            Some(free) => {
                self.consumers[free] = attached;
                free
            }
            None => {
                self.consumers.push(attached);
                self.consumers.len() - 1
            }
        };
        let index = ConsumerIndex(u32::try_from(index).expect("the plan limits the number of services"));
        open.consumers.push((attached.tag, index));
        self.queues[usize::from(queue.0)].attach(index);
        self.dispatch(cx, queue);
    }

    fn set_prefetch<C: Context<Frame>>(
        &mut self,
        cx: &mut C,
        port: Port,
        channel: ChannelId,
        tag: ConsumerTag,
        prefetch: u32,
    ) {
        let Some(open) = self.connections[usize::from(port.0)].channel(channel) else {
            return;
        };
        let Some(index) = open.consumer(tag) else { return };
        let consumer = &mut self.consumers[index.0 as usize];
        consumer.credit.resize(prefetch);
        let queue = consumer.queue;
        self.dispatch(cx, queue);
    }

    /// Closes a connection: its consumers are gone, and what they had not
    /// acknowledged goes back to its place.
    fn close<C: Context<Frame>>(&mut self, cx: &mut C, port: Port) -> Vec<QueueId> {
        let mut touched = Vec::new();
        let channels: Vec<_> = self.connections[usize::from(port.0)].close().collect();
        for channel in channels {
            for (_, index) in &channel.consumers {
                let queue = self.consumers[index.0 as usize].queue;
                self.queues[usize::from(queue.0)].detach(*index);
            }
            for (_, unacked) in channel.in_flight.iter() {
                self.settle(cx, *unacked, Outcome::Returned);
                touched.push(unacked.queue);
            }
            for (_, index) in &channel.consumers {
                self.consumers[index.0 as usize].live = false;
            }
        }
        touched
    }
}

/// How a delivery ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Outcome {
    Acknowledged,
    Returned,
    Dropped,
}

impl Node<Frame> for Broker {
    fn start<C: Context<Frame>>(&mut self, _cx: &mut C) {}

    #[inline]
    fn on_packet<C: Context<Frame>>(&mut self, cx: &mut C, port: Port, frame: Frame) {
        match frame {
            Frame::Publish {
                channel,
                exchange,
                key,
                message,
            } => {
                self.publish(cx, port, channel, (exchange, key), message);
            }
            Frame::Ack { channel, tag, multiple } => {
                self.on_settlement(cx, port, channel, (tag, multiple), Outcome::Acknowledged);
            }
            Frame::Nack {
                channel,
                tag,
                multiple,
                requeue,
            } => {
                let outcome = if requeue { Outcome::Returned } else { Outcome::Dropped };
                self.on_settlement(cx, port, channel, (tag, multiple), outcome);
            }
            Frame::Open { channel, confirms } => self.connections[usize::from(port.0)].open(channel, confirms),
            Frame::Consume {
                channel,
                consumer,
                queue,
                prefetch,
                automatic,
            } => {
                let credit = Credit::new(prefetch);
                self.consume(
                    cx,
                    Attached {
                        port,
                        channel,
                        tag: consumer,
                        queue,
                        credit,
                        automatic,
                        live: true,
                    },
                );
            }
            Frame::Qos {
                channel,
                consumer,
                prefetch,
            } => self.set_prefetch(cx, port, channel, consumer, prefetch),
            Frame::Confirm { .. } | Frame::Deliver { .. } => {
                debug_assert!(false, "only the node sends these");
            }
        }
    }

    fn on_timer<C: Context<Frame>>(&mut self, _cx: &mut C, _token: u64) {}

    fn on_closed<C: Context<Frame>>(&mut self, cx: &mut C, port: Port) {
        let touched = self.close(cx, port);
        self.dispatch_all(cx, touched);
    }

    fn on_opened<C: Context<Frame>>(&mut self, _cx: &mut C, _port: Port) {}

    fn crash<C: Context<Frame>>(&mut self, cx: &mut C) {
        for index in 0..self.connections.len() {
            self.close(cx, Port(index as u16));
        }
        self.consumers.clear();
        for queue in &mut self.queues {
            let place = queue.place;
            queue.crash(|message| cx.emit(place, FactKind::Destroyed, message.id, 0));
        }
    }
}
