//! Channels and consumers: they come, get what they ask for, do something
//! wrong, and go.

use super::{Any, Attached, Broker, Channel, Desk, Outcome, Unacked};
use crate::parts::Credit;
use crate::rabbitmq::queue::ConsumerIndex;
use crate::rabbitmq::{ChannelError, ChannelId, ConsumerTag, Frame, QueueId, Version};
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use mqlab_kernel::sort_by;
use mqlab_model::{Context, FactKind, Port};

impl Broker {
    /// What is not published, acknowledged or rejected.
    pub(super) fn on_channel_method<C: Context<Frame>>(&mut self, cx: &mut C, port: Port, frame: Frame) {
        match frame {
            Frame::Open { channel, confirms } => {
                self.drop_unread(cx, port, Some(channel));
                self.desk.open(cx, port, channel, confirms);
            }
            // It stands behind what was published before and is not read yet.
            Frame::Select { channel } if self.alarm.holds_behind((port, channel), frame) => {}
            Frame::Select { channel } => {
                if let Some(open) = self.desk.connections[usize::from(port.0)].channel(channel) {
                    open.select_confirms();
                }
            }
            Frame::Declare { channel, queue } => {
                if let Err(error) = self.declare_again(cx, port, queue) {
                    self.fail(cx, (port, channel), error);
                }
            }
            Frame::Consume {
                channel,
                consumer,
                queue,
                prefetch,
                automatic,
                exclusive,
                priority,
            } => {
                let attached = Attached {
                    port,
                    channel,
                    tag: consumer,
                    queue,
                    credit: Credit::new(prefetch),
                    automatic,
                    shares: false,
                    exclusive,
                    priority,
                    was_full: false,
                    live: true,
                };
                if let Err(error) = self.desk.consume(cx, attached) {
                    self.fail(cx, (port, channel), error);
                }
            }
            Frame::Qos {
                channel,
                consumer,
                prefetch,
            } => self.desk.set_prefetch(cx, port, channel, consumer, prefetch),
            // A deprecated feature, which 4.3 denies.
            Frame::ChannelQos { channel, .. } if !self.definitions.version.has_channel_windows() => {
                self.fail(cx, (port, channel), ChannelError::NotImplemented);
            }
            Frame::ChannelQos { channel, prefetch } => self.desk.share(port, channel, prefetch),
            Frame::Get {
                channel,
                queue,
                automatic,
            } => self.get(cx, (port, channel), queue, automatic),
            Frame::Cancel { channel, consumer } => self.cancel(cx, (port, channel), consumer),
            Frame::Close { channel, .. } => self.close_one(cx, (port, channel)),
            _ => debug_assert!(false, "only the node sends these"),
        }
        self.work_off(cx);
    }

    /// `basic.ack` and `basic.nack` of any shape. A tag that is not
    /// outstanding closes the channel; `multiple` with 0 never does.
    pub(super) fn on_settlement<C: Context<Frame>>(
        &mut self,
        cx: &mut C,
        (port, channel): (Port, ChannelId),
        (tag, multiple): (u64, bool),
        outcome: Outcome,
    ) {
        let Some(open) = self.desk.connections[usize::from(port.0)].channel(channel) else {
            return;
        };
        let Some(settled) = open.in_flight.take_named(tag, multiple) else {
            return self.fail(cx, (port, channel), ChannelError::PreconditionFailed);
        };
        for unacked in &settled {
            self.desk.settle::<Any, C>(cx, unacked, outcome);
        }
        let queues = settled.iter().map(|unacked| unacked.queue).collect();
        self.desk.dispatch_all(cx, queues);
        self.work_off(cx);
    }

    /// The node closes a channel because of what the client did on it.
    pub(super) fn fail<C: Context<Frame>>(&mut self, cx: &mut C, from: (Port, ChannelId), error: ChannelError) {
        let (port, channel) = from;
        let code = error as u16;
        cx.send(port, Frame::Close { channel, code });
        self.close_one(cx, from);
        self.work_off(cx);
    }

    fn close_one<C: Context<Frame>>(&mut self, cx: &mut C, (port, channel): (Port, ChannelId)) {
        self.drop_unread(cx, port, Some(channel));
        if let Some(before) = self.desk.connections[usize::from(port.0)].close_one(channel) {
            self.desk.end_channel(cx, (port, channel), &before);
        }
    }

    /// `basic.get`: the head of a queue, if there is one.
    fn get<C: Context<Frame>>(&mut self, cx: &mut C, (port, channel): (Port, ChannelId), id: QueueId, automatic: bool) {
        if !self.desk.has(id) {
            return self.fail(cx, (port, channel), ChannelError::NotFound);
        }
        if let Err(error) = self.desk.queues[usize::from(id.0)].open_to(port) {
            return self.fail(cx, (port, channel), error);
        }
        if let Some(special) = &mut self.desk.queues[usize::from(id.0)].special {
            special.used = cx.now();
            if !special.can_be_asked() {
                return self.fail(cx, (port, channel), ChannelError::ResourceLocked);
            }
        }
        let waited = self.desk.queues[usize::from(id.0)].len() as u64;
        self.desk.freshen(cx, id, false);
        let queue = &mut self.desk.queues[usize::from(id.0)];
        let Some(ready) = queue.pop() else {
            return cx.send(port, Frame::GetEmpty { channel });
        };
        let (from, message) = (queue.place, ready.message);
        cx.emit(from, FactKind::Dispatched, message.id, u64::from(ready.returned));
        queue.unacked += 1;
        let special = queue.special.as_ref();
        let remaining = if special.is_some_and(|special| special.counts_first(automatic)) {
            waited.saturating_sub(1)
        } else {
            self.desk.freshen(cx, id, false);
            self.desk.queues[usize::from(id.0)].len() as u64
        };
        cx.send(port, Frame::GetOk { channel, remaining });
        let desk = &mut self.desk;
        let Some(open) = desk.connections[usize::from(port.0)].channel(channel) else {
            return;
        };
        let unacked = Unacked {
            message,
            position: ready.position,
            queue: id,
            consumer: ConsumerIndex::NONE,
        };
        let tag = if automatic {
            open.in_flight.skip()
        } else {
            open.in_flight.insert(unacked)
        };
        cx.send(
            port,
            Frame::Deliver {
                channel,
                consumer: ConsumerTag::GET,
                redelivered: ready.returned,
                from,
                tag,
                message,
            },
        );
        if automatic {
            desk.settle::<Any, C>(cx, &unacked, Outcome::Acknowledged);
        }
        desk.to_do.push(id);
    }

    /// `basic.cancel`: what the consumer has, it keeps.
    fn cancel<C: Context<Frame>>(&mut self, cx: &mut C, (port, channel): (Port, ChannelId), tag: ConsumerTag) {
        let Some(open) = self.desk.connections[usize::from(port.0)].channel(channel) else {
            return;
        };
        let Some(index) = open.consumer(tag) else { return };
        open.consumers.retain(|(known, _)| *known != tag);
        let consumer = &mut self.desk.consumers[index.0 as usize];
        consumer.live = false;
        let queue = consumer.queue;
        self.desk.detach(cx, queue, index);
    }
}

impl Desk {
    fn consume<C: Context<Frame>>(&mut self, cx: &mut C, mut attached: Attached) -> Result<(), ChannelError> {
        let Some(open) = self.connections[usize::from(attached.port.0)].channel(attached.channel) else {
            return Ok(());
        };
        let id = attached.queue;
        let queue = self.queues.get_mut(usize::from(id.0)).filter(|queue| !queue.is_deleted);
        let queue = queue.ok_or(ChannelError::NotFound)?;
        queue.open_to(attached.port)?;
        let consumers = &mut self.consumers;
        let is_quorum = queue.special.as_ref().is_some_and(|special| special.keeps_all());
        // A quorum queue takes no notice of the wish (docs: "Quorum Queues",
        // "Feature Matrix").
        attached.exclusive &= !is_quorum;
        // A classic queue with a single active consumer has no exclusive ones.
        let is_single = (queue.special.as_ref()).is_some_and(|special| special.arguments.single_active_consumer);
        if attached.exclusive && is_single {
            return Err(ChannelError::AccessRefused);
        }
        let mut others = queue.by_priority().iter();
        if others.any(|other| attached.exclusive || consumers[other.0 as usize].exclusive) {
            return Err(ChannelError::AccessRefused);
        }
        attached.shares = open.shared.is_some();
        if attached.shares && is_quorum {
            return Err(ChannelError::NotImplemented);
        }
        // Slots of consumers that are gone, with all they had, are used again.
        let free = consumers
            .iter()
            .position(|known| !known.live && known.credit.used() == 0);
        let index = match free {
            Some(free) => {
                consumers[free] = attached;
                free
            }
            None => {
                consumers.push(attached);
                consumers.len() - 1
            }
        };
        let index = ConsumerIndex(u32::try_from(index).expect("the plan limits the number of services"));
        open.consumers.push((attached.tag, index));
        if attached.priority != 0 {
            // It asks for more than the short way now.
            queue.become_special(self.version);
            self.is_plain = false;
        }
        let lines_up = queue.special.as_ref().is_some_and(|special| special.ignores_ranks());
        queue.attach(index, |other| {
            !lines_up && consumers[other.0 as usize].priority < attached.priority
        });
        self.dispatch(cx, id);
        if self.queues[usize::from(id.0)].special.is_some() {
            // There may be room for publishers now.
            self.to_do.push(id);
        }
        Ok(())
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

    /// The consumers of a channel share one window from now on; 0 ends that. What the
    /// channel has counts, also what it got by `basic.get`, which never gives its
    /// place back (`rabbit_channel:notify_limiter`). Consumers of quorum queues that
    /// are there already take no notice.
    fn share(&mut self, port: Port, channel: ChannelId, prefetch: u32) {
        let Some(open) = self.connections[usize::from(port.0)].channel(channel) else {
            return;
        };
        let is_limited = prefetch > 0;
        for (_, index) in &open.consumers {
            let consumer = &mut self.consumers[index.0 as usize];
            let special = &self.queues[usize::from(consumer.queue.0)].special;
            consumer.shares = is_limited && special.as_ref().is_none_or(|special| !special.keeps_all());
        }
        let mut credit = Credit::new(0);
        (0..open.in_flight.len()).for_each(|_| credit.take());
        credit.resize(prefetch);
        open.shared = is_limited.then_some(credit);
        self.is_plain = false;
        let queues = open
            .consumers
            .iter()
            .map(|(_, index)| self.consumers[index.0 as usize].queue);
        self.to_do.extend(queues);
    }

    /// A delivery of a shared window is over: its other consumers may go on.
    #[cold]
    #[inline(never)]
    pub(super) fn give_back_shared(&mut self, port: Port, channel: ChannelId) {
        // A channel that is being closed is no longer there.
        let Some(open) = self.connections[usize::from(port.0)].channel(channel) else {
            return;
        };
        let Some(shared) = &mut open.shared else { return };
        if shared.used() > 0 {
            shared.give_back();
        }
        let its: Vec<ConsumerIndex> = open.consumers.iter().map(|(_, index)| *index).collect();
        for index in &its {
            if core::mem::take(&mut self.consumers[index.0 as usize].was_full) {
                self.has_room(*index);
            }
        }
        let queues = its.iter().map(|index| self.consumers[index.0 as usize].queue);
        self.to_do.extend(queues);
    }

    /// Closes a connection: its consumers are gone, and what they had not
    /// acknowledged goes back to its place. Returns the queues concerned.
    pub(super) fn close<C: Context<Frame>>(&mut self, cx: &mut C, port: Port) -> Vec<QueueId> {
        if let Some(storage) = &mut self.storage {
            storage.close(port, None);
        }
        for queue in &mut self.queues {
            if let Some(special) = &mut queue.special {
                special.forget(|publisher| publisher.is_of(port));
            }
        }
        let channels: Vec<Channel> = self.connections[usize::from(port.0)].close().collect();
        let mut touched = Vec::new();
        for channel in channels {
            touched.extend(self.close_channel(cx, &channel));
        }
        touched
    }

    fn close_channel<C: Context<Frame>>(&mut self, cx: &mut C, channel: &Channel) -> Vec<QueueId> {
        let mut touched = Vec::new();
        for (_, index) in &channel.consumers {
            let queue = self.consumers[index.0 as usize].queue;
            self.detach(cx, queue, *index);
        }
        #[cfg(feature = "planted-bugs")]
        let channel = &self.planted.reorder(channel);
        for unacked in self.in_order_of_return(channel) {
            self.settle::<Any, C>(cx, &unacked, Outcome::Failed);
            touched.push(unacked.queue);
        }
        #[cfg(feature = "planted-bugs")]
        touched.extend(self.bring_back());
        for (_, index) in &channel.consumers {
            self.consumers[index.0 as usize].live = false;
        }
        touched
    }

    /// What a channel has not settled, in the order in which it goes back. Until 3.13
    /// a quorum queue goes from consumer to consumer, by the names of their tags
    /// (`rabbit_fifo:handle_down`); each `basic.get` is one of its own, and its tag is
    /// the number of its delivery.
    fn in_order_of_return(&self, channel: &Channel) -> Vec<Unacked> {
        let mut unsettled: Vec<(u64, Unacked)> = channel.in_flight.iter().map(|(tag, one)| (tag, *one)).collect();
        let is_quorum = |one: &Unacked| {
            let special = &self.queues[usize::from(one.queue.0)].special;
            special.as_ref().is_some_and(|special| special.keeps_all())
        };
        if self.version < Version::new(4, 0) && unsettled.iter().any(|(_, one)| is_quorum(one)) {
            let key = |(tag, one): &(u64, Unacked)| match self.consumers.get(one.consumer.0 as usize) {
                _ if !is_quorum(one) => (0, 0, String::new(), *tag),
                None => (1, 0, tag.to_string(), *tag),
                Some(consumer) => (2, consumer.tag.0, String::new(), *tag),
            };
            sort_by(&mut unsettled, |one, other| key(one).cmp(&key(other)));
        }
        unsettled.into_iter().map(|(_, one)| one).collect()
    }

    /// A channel is over, and nobody waits for its confirms.
    fn end_channel<C: Context<Frame>>(&mut self, cx: &mut C, (port, number): (Port, ChannelId), channel: &Channel) {
        if let Some(storage) = &mut self.storage {
            storage.close(port, Some(number));
        }
        for queue in &mut self.queues {
            if let Some(special) = &mut queue.special {
                special.forget(|publisher| publisher == (port, number).into());
            }
        }
        let touched = self.close_channel(cx, channel);
        self.dispatch_all(cx, touched);
    }

    fn open<C: Context<Frame>>(&mut self, cx: &mut C, port: Port, channel: ChannelId, confirms: bool) {
        if let Some(before) = self.connections[usize::from(port.0)].open(channel, confirms) {
            self.end_channel(cx, (port, channel), &before);
        }
    }
}

impl Attached {
    /// Whether one more delivery may go to it.
    #[inline(always)]
    pub(super) fn is_open(&self, connections: &[super::Connection]) -> bool {
        self.credit.is_open() && !self.is_held_up(connections)
    }

    /// Whether the window that it shares with others is full.
    #[inline(always)]
    pub(super) fn is_held_up(&self, connections: &[super::Connection]) -> bool {
        self.shares && !self.channel_is_open(connections)
    }

    #[cold]
    #[inline(never)]
    fn channel_is_open(&self, connections: &[super::Connection]) -> bool {
        let connection = &connections[usize::from(self.port.0)];
        connection.look_at(self.channel).is_none_or(Channel::is_open)
    }
}
