//! The node: takes what is published, hands it out, forgets what is settled.

mod alarm;
mod channels;
mod definitions;
mod disk;
mod memory;
mod operators;
#[cfg(feature = "planted-bugs")]
mod planted;
mod policies;
mod special;
mod views;

pub use memory::MemoryView;
pub(super) use memory::in_memory;
#[cfg(feature = "planted-bugs")]
pub use planted::Bug;

use super::channel::{Channel, Connection, Unacked};
use super::exchange::Routes;
use super::inspect::QueueView;
use super::queue::{ConsumerIndex, Queue};
use super::special::Dead;
use super::storage::Storage;
use super::{
    ChannelError, ChannelId, Config, ConfirmWhen, ConsumerTag, ExchangeId, Frame, Head, KeyId, QueueId, Version,
};
use crate::parts::Credit;
use alarm::Alarm;
use alloc::boxed::Box;
use alloc::collections::VecDeque;
use alloc::rc::Rc;
use alloc::vec::Vec;
use memory::Memory;
use mqlab_kernel::sort_by;
use mqlab_model::{Context, Crash, FactKind, Message, Node, PlaceId, Port};

/// A consumer that is attached to a queue.
#[derive(Clone, Copy, Debug)]
struct Attached {
    port: Port,
    channel: ChannelId,
    tag: ConsumerTag,
    queue: QueueId,
    credit: Credit,
    automatic: bool,
    /// Its channel has a window for all of its consumers.
    shares: bool,
    exclusive: bool,
    priority: i16,
    /// A message was there for it when it had no room: it lines up anew once it has
    /// (`rabbit_queue_consumers:deliver`, `unblock`).
    was_full: bool,
    live: bool,
}

/// A RabbitMQ node. Its clients are on its ports, a connection each.
#[derive(Clone, Debug)]
pub struct Broker {
    place: PlaceId,
    definitions: Rc<Config>,
    /// The first definitions.
    boot: Rc<Config>,
    routes: Routes,
    desk: Desk,
    /// Nothing of a publish is out of the ordinary but what the desk knows: no
    /// alarm is on, no queue has arguments and no message properties.
    is_plain: bool,
    alarm: Alarm,
    confirm: ConfirmWhen,
}

/// What became of a message that was brought by hand.
#[derive(Clone, Copy, Debug)]
pub struct TakenIn {
    /// It was handed out; else nothing was sent to anybody.
    pub goes_out: bool,
    /// The confirm, if the channel wants any: its sequence number, and how many
    /// queues have taken it.
    pub confirm: Option<(u64, u16)>,
}

/// A message that is handed out.
#[derive(Clone, Copy, Debug)]
pub struct HandedOut {
    /// The consumer's connection.
    pub port: Port,
    /// The delivery tag.
    pub tag: u64,
    /// The message.
    pub message: Message,
    /// Whether it was handed out before.
    pub redelivered: bool,
    channel: ChannelId,
    consumer: ConsumerTag,
    from: PlaceId,
}

impl HandedOut {
    /// It as a frame.
    #[inline(always)]
    pub fn frame(&self) -> Frame {
        Frame::Deliver {
            channel: self.channel,
            consumer: self.consumer,
            redelivered: self.redelivered,
            from: self.from,
            tag: self.tag,
            message: self.message,
        }
    }
}

/// Everything behind the exchanges: queues, and the channels and consumers
/// that they are handed out on.
#[derive(Clone, Debug)]
struct Desk {
    queues: Vec<Queue>,
    connections: Vec<Connection>,
    consumers: Vec<Attached>,
    /// What the disk has not synced yet; `None` if it is ideal.
    storage: Option<Box<Storage>>,
    /// How much memory messages take up; `None` if nobody counts.
    memory: Option<Box<Memory>>,
    version: Version,
    /// What queues with arguments have given up and is not yet where it goes.
    dead: VecDeque<Dead>,
    /// Queues that may have something to hand out.
    to_do: Vec<QueueId>,
    /// Nothing here is out of the ordinary: no disk takes its time, no queue
    /// has arguments, no consumers share a window. It may be false without
    /// need, see [`Desk::look_how_plain`].
    is_plain: bool,
    #[cfg(feature = "planted-bugs")]
    planted: planted::Planted,
}

impl Broker {
    /// How many timer lanes it has.
    pub const LANES: u16 = 1;

    /// A node that is not up yet, with `ports` connections to come.
    pub fn new(place: PlaceId, config: &Config, ports: u16) -> Self {
        let mut definitions = config.clone();
        if config.memory.is_some() {
            // Only queues with arguments know what their messages weigh.
            for queue in &mut definitions.queues {
                queue.arguments.get_or_insert_default();
            }
        }
        let boot = Rc::new(definitions.clone());
        // A queue that belongs to a connection is there when that declares it.
        let exclusive = (0..).zip(&boot.queues).filter(|(_, queue)| queue.exclusive);
        for (id, _) in exclusive {
            definitions.undefine(QueueId(id));
        }
        definitions.unbind_first();
        let definitions = Rc::new(definitions);
        let config = &*definitions;
        Broker {
            place,
            boot,
            routes: Routes::new(config),
            desk: Desk {
                queues: config
                    .queues
                    .iter()
                    .map(|queue| Queue::at_boot(queue, config.version))
                    .collect(),
                connections: alloc::vec![Connection::default(); usize::from(ports)],
                consumers: Vec::new(),
                storage: config.disk.map(|_| Storage::new(config.confirm).into()),
                memory: config
                    .memory
                    .map(|memory| Memory::new(memory.limit(), config.queues.len()).into()),
                version: config.version,
                dead: VecDeque::new(),
                to_do: Vec::new(),
                is_plain: config.disk.is_none() && is_plain(config),
                #[cfg(feature = "planted-bugs")]
                planted: planted::Planted::new(config.bug),
            },
            is_plain: is_plain(config),
            alarm: Alarm::default(),
            confirm: config.confirm,
            definitions,
        }
    }

    /// A connection has ended, and with it the queues that belong to it, of which
    /// there mostly are none.
    fn leave_owned<C: Context<Frame>>(&mut self, cx: &mut C, port: Port, fate: FactKind) {
        if self.desk.queues.iter().any(|queue| queue.owner == Some(port)) {
            self.end_exclusive(cx, port, fate);
        }
    }

    /// What the node shows of its queues.
    pub fn queues(&self) -> impl Iterator<Item = QueueView> {
        self.desk.queues.iter().map(Queue::view)
    }

    /// What the node shows of one queue.
    pub fn queue(&self, queue: QueueId) -> Option<QueueView> {
        self.desk.queues.get(usize::from(queue.0)).map(Queue::view)
    }

    /// The same of the queue whose facts are at `place`.
    pub fn queue_at(&self, place: PlaceId) -> Option<QueueView> {
        let mut queues = self.desk.queues.iter();
        queues.find(|queue| queue.place == place).map(Queue::view)
    }

    /// The messages that wait in a queue, in the order in which they leave.
    pub fn waiting(&self, queue: QueueId) -> impl Iterator<Item = Message> {
        let queue = self.desk.queues.get(usize::from(queue.0));
        queue.into_iter().flat_map(Queue::waiting)
    }

    /// A method that a node gets for every message, as words: they are decoded
    /// one by one, with nothing of the others. False for everything else, even
    /// if it is no frame; frames go the way of all then, [`Node::on_packet`].
    #[inline(always)]
    pub fn on_words<C: Context<Frame>>(&mut self, cx: &mut C, port: Port, words: [u64; 4]) -> bool {
        let head = Head::of(words);
        let [_, tag, id, stamp] = words;
        if head.is_publish() {
            let message = Message::from_words([id, stamp]);
            let route = (head.exchange(), head.key());
            self.publish(cx, port, head.channel(), route, (message, head.mandatory()));
        } else if head.is_single_ack() {
            self.acknowledge(cx, port, head.channel(), tag);
        } else {
            return false;
        }
        true
    }

    #[inline(never)]
    fn publish<C: Context<Frame>>(
        &mut self,
        cx: &mut C,
        port: Port,
        channel: ChannelId,
        route: (ExchangeId, KeyId),
        post: (Message, bool),
    ) {
        self.accept(cx, (port, channel), route, post, |cx, sequence, queues| {
            cx.send(
                port,
                Frame::Confirm {
                    channel,
                    sequence,
                    queues,
                },
            );
        });
    }

    /// What is published, by who brings it himself and takes the confirm with
    /// him.
    #[inline(never)]
    pub fn take_in<C: Context<Frame>>(
        &mut self,
        cx: &mut C,
        from: (Port, ChannelId),
        route: (ExchangeId, KeyId),
        message: Message,
    ) -> TakenIn {
        let mut confirm = None;
        let goes_out = self.accept(cx, from, route, (message, false), |_, sequence, queues| {
            confirm = Some((sequence, queues));
        });
        TakenIn { goes_out, confirm }
    }

    /// The acknowledgement of one delivery, by who brings it himself and takes
    /// with him what is handed out for it.
    #[inline(never)]
    pub fn settle_one<C: Context<Frame>>(
        &mut self,
        cx: &mut C,
        (port, channel): (Port, ChannelId),
        tag: u64,
    ) -> Option<HandedOut> {
        if self.desk.is_plain {
            return self.desk.settle_one::<Plain, C>(cx, port, channel, tag);
        }
        self.settle_one_specially(cx, (port, channel), tag)
    }

    /// The same where more than one message may go out for it.
    #[inline(never)]
    fn settle_one_specially<C: Context<Frame>>(
        &mut self,
        cx: &mut C,
        (port, channel): (Port, ChannelId),
        tag: u64,
    ) -> Option<HandedOut> {
        let out = self.desk.settle_one::<Any, C>(cx, port, channel, tag);
        if self.desk.has_work() {
            // What was handed out goes first.
            if let Some(out) = out {
                cx.send(out.port, out.frame());
            }
            self.work_off(cx);
            return None;
        }
        out
    }

    /// `basic.ack` of one delivery.
    #[inline(never)]
    fn acknowledge<C: Context<Frame>>(&mut self, cx: &mut C, port: Port, channel: ChannelId, tag: u64) {
        if let Some(out) = self.settle_one(cx, (port, channel), tag) {
            cx.send(out.port, out.frame());
        }
    }

    /// A message joins its queues, `confirm` is called with its sequence number
    /// and their number, and it is handed out. False if it stays where it is: then
    /// nothing was sent. Where an alarm may be on or the disk takes its time, the
    /// confirm is sent in place of the call, when it is due.
    #[inline(always)]
    fn accept<C: Context<Frame>>(
        &mut self,
        cx: &mut C,
        (port, channel): (Port, ChannelId),
        (exchange, key): (ExchangeId, KeyId),
        (message, mandatory): (Message, bool),
        confirm: impl FnOnce(&mut C, u64, u16),
    ) -> bool {
        let Some(open) = self.desk.connections[usize::from(port.0)].channel(channel) else {
            // The channel is of a life before the node's restart: whoever
            // published here has been told that the connection is gone.
            cx.emit(self.place, FactKind::Dropped, message.id, 0);
            return false;
        };
        if !(self.is_plain && self.desk.is_plain) {
            self.publish_specially(cx, (port, channel), (exchange, key), (message, mandatory));
            return true;
        }
        open.published += 1;
        let (confirms, sequence) = (open.confirms, open.published);
        let targets = self.routes.route(exchange, key);
        for queue in targets {
            self.desk.enqueue(cx, *queue, message);
        }
        if targets.is_empty() {
            if !self.routes.has(exchange) {
                self.fail(cx, (port, channel), ChannelError::NotFound);
                return true;
            }
            special::cannot_route(cx, self.place, (port, channel), (message, mandatory));
        }
        if confirms {
            // A classic queue has written the message by now; it does not wait
            // for the disk to sync (docs: "Publisher Confirms").
            confirm(cx, sequence, targets.len() as u16);
        }
        let mut goes_out = false;
        for queue in targets {
            if let Some(consumer) = self.desk.taker::<Plain, C>(cx, *queue) {
                self.desk.hand_out::<Plain, C>(cx, *queue, consumer);
                goes_out = true;
            }
            self.desk.assert_at_rest(cx, *queue);
        }
        goes_out
    }
}

/// Which rules may apply. There is one text of them: what a desk that is plain
/// never needs is left out when it is compiled for one, because it would be
/// asked for with every message.
trait Rules {
    const ARE_ALL: bool;
}

/// Those of a desk that is plain.
struct Plain;

/// All of them.
struct Any;

impl Rules for Plain {
    const ARE_ALL: bool = false;
}

impl Rules for Any {
    const ARE_ALL: bool = true;
}

impl Desk {
    /// A message joins a queue without arguments.
    #[inline(always)]
    fn enqueue<C: Context<Frame>>(&mut self, cx: &mut C, id: QueueId, message: Message) {
        let queue = &mut self.queues[usize::from(id.0)];
        let kept = u64::from(queue.keeps_plain(message));
        queue.push(message);
        cx.emit(queue.place, FactKind::Enqueued, message.id, kept);
    }

    /// Hands out what waits, as long as a consumer has credit.
    #[inline(always)]
    fn dispatch<C: Context<Frame>>(&mut self, cx: &mut C, id: QueueId) {
        while let Some(consumer) = self.taker::<Any, C>(cx, id) {
            self.hand_out::<Any, C>(cx, id, consumer);
        }
    }

    /// What can go out never stays: between two packets a queue has nothing
    /// ready or no consumer with credit. So one message more, or one credit,
    /// lets at most one message out.
    #[inline(always)]
    fn assert_at_rest<C: Context<Frame>>(&mut self, cx: &mut C, id: QueueId) {
        debug_assert!(
            self.taker::<Any, C>(cx, id).is_none(),
            "a message stays that can go out"
        );
    }

    /// Who gets the next message of a queue, if there are both.
    #[inline(always)]
    fn taker<R: Rules, C: Context<Frame>>(&mut self, cx: &mut C, id: QueueId) -> Option<ConsumerIndex> {
        let consumers = &mut self.consumers;
        let queue = &mut self.queues[usize::from(id.0)];
        if R::ARE_ALL && queue.special.is_some() {
            return self.special_taker(cx, id);
        }
        if !queue.has_plain_ready() {
            return None;
        }
        let connections = &self.connections;
        queue.next_consumer(|index| {
            let consumer = &mut consumers[index.0 as usize];
            let is_open = consumer.credit.is_open() && !(R::ARE_ALL && consumer.is_held_up(connections));
            if !is_open {
                consumer.was_full = true;
            }
            is_open
        })
    }

    #[inline(never)]
    fn hand_out<R: Rules, C: Context<Frame>>(&mut self, cx: &mut C, id: QueueId, index: ConsumerIndex) {
        if let Some(out) = self.give::<R, C>(cx, id, index) {
            cx.send(out.port, out.frame());
        }
    }

    /// The consumer gets the next message.
    #[inline(always)]
    fn give<R: Rules, C: Context<Frame>>(
        &mut self,
        cx: &mut C,
        id: QueueId,
        index: ConsumerIndex,
    ) -> Option<HandedOut> {
        let queue = &mut self.queues[usize::from(id.0)];
        let ready = if R::ARE_ALL { queue.pop() } else { queue.pop_plain() }?;
        if let (Some(special), true) = (&mut queue.special, R::ARE_ALL) {
            special.work(cx.now());
        }
        let place = queue.place;
        cx.emit(place, FactKind::Dispatched, ready.message.id, u64::from(ready.returned));
        let consumer = &mut self.consumers[index.0 as usize];
        let (port, channel) = (consumer.port, consumer.channel);
        let tag = if consumer.automatic {
            if let (Some(storage), true) = (&mut self.storage, R::ARE_ALL) {
                storage.settle(cx, (id, ready.position));
            }
            cx.emit(place, FactKind::Settled, ready.message.id, 0);
            if let (Some(special), true) = (&mut queue.special, R::ARE_ALL) {
                special.settle(ready.position, ready.message);
            }
            let open = self.connections[usize::from(port.0)].channel(channel);
            open.map_or(0, |open| open.in_flight.skip())
        } else {
            consumer.credit.take();
            queue.unacked += 1;
            let unacked = Unacked {
                message: ready.message,
                position: ready.position,
                queue: id,
                consumer: index,
            };
            let open = self.connections[usize::from(port.0)]
                .channel(channel)
                .expect("a consumer lives on an open channel");
            if let (Some(shared), true) = (&mut open.shared, R::ARE_ALL && consumer.shares) {
                shared.take();
            }
            open.in_flight.insert(unacked)
        };
        Some(HandedOut {
            port,
            tag,
            message: ready.message,
            redelivered: ready.returned,
            channel,
            consumer: consumer.tag,
            from: place,
        })
    }

    /// Whether something is left to do that a queue with arguments, or a window
    /// that consumers share, has brought about.
    #[inline(always)]
    fn has_work(&self) -> bool {
        !self.dead.is_empty() || !self.to_do.is_empty()
    }

    #[inline(always)]
    fn settle_one<R: Rules, C: Context<Frame>>(
        &mut self,
        cx: &mut C,
        port: Port,
        channel: ChannelId,
        tag: u64,
    ) -> Option<HandedOut> {
        let open = self.connections[usize::from(port.0)].channel(channel)?;
        let unacked = open.in_flight.take(tag)?;
        self.settle::<R, C>(cx, &unacked, Outcome::Acknowledged);
        // Mostly this is what lets the next one out.
        let consumer = self.taker::<R, C>(cx, unacked.queue);
        let out = consumer.and_then(|consumer| self.give::<R, C>(cx, unacked.queue, consumer));
        self.assert_at_rest(cx, unacked.queue);
        out
    }

    /// A delivery is over: acknowledged, put back or dropped.
    #[inline(always)]
    fn settle<R: Rules, C: Context<Frame>>(&mut self, cx: &mut C, unacked: &Unacked, outcome: Outcome) {
        #[cfg(feature = "planted-bugs")]
        self.planted.note(unacked, outcome);
        if let Some(consumer) = self.consumers.get_mut(unacked.consumer.0 as usize) {
            consumer.credit.give_back();
            if consumer.was_full {
                consumer.was_full = false;
                // Who is alone stands where it stood.
                if consumer.live && self.queues[usize::from(unacked.queue.0)].consumer_count() > 1 {
                    self.has_room(unacked.consumer);
                }
            }
        }
        if let Some(consumer) = self.consumers.get(unacked.consumer.0 as usize) {
            // Whoever takes no notice of the window gives back all the same.
            if R::ARE_ALL && !self.is_plain {
                let (port, channel) = (consumer.port, consumer.channel);
                self.give_back_shared(port, channel);
            }
        }
        let queue = &mut self.queues[usize::from(unacked.queue.0)];
        if R::ARE_ALL && queue.special.is_some() {
            return self.settle_special(cx, unacked, outcome);
        }
        queue.unacked -= 1;
        let kind = match outcome {
            Outcome::Acknowledged => FactKind::Settled,
            Outcome::Dropped => FactKind::Discarded,
            Outcome::Returned | Outcome::Failed => {
                queue.put_back(unacked.position, unacked.message);
                FactKind::Requeued
            }
        };
        cx.emit(queue.place, kind, unacked.message.id, 0);
        if let (Some(storage), true) = (&mut self.storage, R::ARE_ALL && outcome.is_final()) {
            storage.settle(cx, (unacked.queue, unacked.position));
        }
    }

    /// A consumer that was full when its turn came has room: it stands behind the
    /// others of its priority.
    #[cold]
    #[inline(never)]
    fn has_room(&mut self, index: ConsumerIndex) {
        let consumer = &self.consumers[index.0 as usize];
        let (queue, priority) = (consumer.queue, consumer.priority);
        let queue = &mut self.queues[usize::from(queue.0)];
        if queue.special.as_ref().is_none_or(|special| !special.keeps_all()) {
            let consumers = &self.consumers;
            queue.line_up(index, |other| consumers[other.0 as usize].priority < priority);
        }
    }

    fn dispatch_all<C: Context<Frame>>(&mut self, cx: &mut C, mut queues: Vec<QueueId>) {
        // Mostly they are all of one queue.
        queues.dedup();
        sort_by(&mut queues, Ord::cmp);
        queues.dedup();
        for queue in queues {
            self.limit_first(cx, queue);
            self.dispatch(cx, queue);
        }
    }
}

/// How a delivery ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Outcome {
    Acknowledged,
    /// The consumer put it back.
    Returned,
    /// It came back because the consumer is gone.
    Failed,
    Dropped,
}

impl Outcome {
    /// Whether the queue has nothing to do with it any more.
    fn is_final(self) -> bool {
        matches!(self, Outcome::Acknowledged | Outcome::Dropped)
    }
}

/// Whether nothing in the definitions calls for more than the short way.
fn is_plain(config: &Config) -> bool {
    let is_delayed = config.exchanges.iter().any(|exchange| exchange.is_delayed);
    !is_delayed && config.properties.is_empty() && config.queues.iter().all(|queue| queue.arguments.is_none())
}

impl Node<Frame> for Broker {
    fn start<C: Context<Frame>>(&mut self, cx: &mut C) {
        self.start_queues(cx);
    }

    #[inline(never)]
    fn on_packet<C: Context<Frame>>(&mut self, cx: &mut C, port: Port, frame: Frame) {
        match frame {
            Frame::Publish {
                channel,
                exchange,
                key,
                message,
                mandatory,
            } => {
                self.publish(cx, port, channel, (exchange, key), (message, mandatory));
            }
            Frame::Ack { channel, tag, multiple } => {
                self.on_settlement(cx, (port, channel), (tag, multiple), Outcome::Acknowledged);
            }
            Frame::Nack {
                channel,
                tag,
                multiple,
                requeue,
            } => {
                let outcome = if requeue { Outcome::Returned } else { Outcome::Dropped };
                self.on_settlement(cx, (port, channel), (tag, multiple), outcome);
            }
            other => self.on_channel_method(cx, port, other),
        }
    }

    fn on_timer<C: Context<Frame>>(&mut self, cx: &mut C, token: u64) {
        self.on_queue_timer(cx, token);
    }

    fn on_disk<C: Context<Frame>>(&mut self, cx: &mut C) {
        if let Some(storage) = &mut self.desk.storage {
            storage.catch_up(cx);
        }
    }

    fn on_closed<C: Context<Frame>>(&mut self, cx: &mut C, port: Port) {
        self.drop_unread(cx, port, None);
        let touched = self.desk.close(cx, port);
        self.leave_owned(cx, port, FactKind::Discarded);
        self.desk.dispatch_all(cx, touched);
        self.work_off(cx);
    }

    fn on_opened<C: Context<Frame>>(&mut self, _cx: &mut C, _port: Port) {}

    fn crash<C: Context<Frame>>(&mut self, cx: &mut C, crash: Crash) {
        for index in 0..self.desk.connections.len() {
            let port = Port(index as u16);
            self.drop_unread(cx, port, None);
            self.desk.close(cx, port);
            self.leave_owned(cx, port, FactKind::Destroyed);
        }
        self.desk.consumers.clear();
        self.desk.forget_work(cx);
        self.forget_memory();
        self.lose(cx, crash);
        #[cfg(feature = "planted-bugs")]
        self.forget_something();
    }
}
