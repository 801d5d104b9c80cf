//! What is declared, bound and deleted while the node runs.

use super::special::QUEUES;
use super::{Broker, Desk, Rc, is_plain};
use crate::parts::words;
use crate::rabbitmq::exchange::{Routes, header_match};
use crate::rabbitmq::queue::Queue;
use crate::rabbitmq::{
    Binding, ChannelError, ChannelId, ConsumerTag, ExchangeConfig, ExchangeId, ExchangeKind, Frame, Properties,
    QueueConfig, QueueId, Target,
};
use alloc::vec::Vec;
use mqlab_model::{Context, FactKind, Port};

impl Desk {
    /// Whether settlements and deliveries can go the short way. What ends that
    /// while it runs says so itself, so this is only for what brings it back.
    fn look_how_plain(&mut self) {
        let special = self.queues.iter().any(|queue| queue.special.is_some());
        let shared = self.consumers.iter().any(|consumer| consumer.shares)
            || (self.connections.iter())
                .any(|connection| connection.channels().any(|channel| channel.shared.is_some()));
        self.is_plain = self.storage.is_none() && !special && !shared;
    }

    /// Whether a connection may use a queue; one that is not there belongs to nobody.
    fn open_to(&self, id: QueueId, port: Port) -> Result<(), ChannelError> {
        let queue = self.queues.get(usize::from(id.0));
        queue.map_or(Ok(()), |queue| queue.open_to(port))
    }
}

impl Broker {
    /// What is defined on the node.
    pub fn definitions(&self) -> &crate::rabbitmq::Config {
        &self.definitions
    }

    /// Whether a publish can go the short way.
    pub(super) fn look_how_plain(&mut self) {
        self.desk.look_how_plain();
        self.is_plain = !self.alarm.is_on() && is_plain(&self.definitions);
    }

    pub(super) fn redefined(&mut self) {
        self.routes = Routes::new(&self.definitions);
        self.look_how_plain();
    }

    /// `queue.declare` on the connection `by`. One that is there stays as it is.
    ///
    /// # Errors
    /// `PRECONDITION_FAILED` if it is there with other arguments, `RESOURCE_LOCKED`
    /// if it belongs to another connection or was not declared as exclusive as
    /// now, `ACCESS_REFUSED` if nobody may choose such a name.
    pub fn declare_queue<C: Context<Frame>>(
        &mut self,
        cx: &mut C,
        by: Port,
        queue: QueueConfig,
    ) -> Result<QueueId, ChannelError> {
        let definitions = Rc::make_mut(&mut self.definitions);
        if is_reserved(&queue.name) && definitions.queue(&queue.name).is_none() {
            return Err(ChannelError::AccessRefused);
        }
        if let Some(key) = queue
            .arguments
            .as_ref()
            .and_then(|known| known.dead_letter.as_ref()?.key.clone())
        {
            definitions.intern(&key);
        }
        definitions.intern(&queue.name);
        let mut is_new = true;
        let id = match definitions.queue(&queue.name) {
            Some(id) if !self.desk.queues[usize::from(id.0)].is_deleted => {
                let known = &definitions.queues[usize::from(id.0)];
                self.desk.queues[usize::from(id.0)].open_to(by)?;
                if known.exclusive != queue.exclusive {
                    return Err(ChannelError::ResourceLocked);
                }
                if (known.durable, &known.arguments) != (queue.durable, &queue.arguments) {
                    return Err(ChannelError::PreconditionFailed);
                }
                is_new = false;
                id
            }
            Some(id) => {
                self.desk.queues[usize::from(id.0)].begin_anew(&queue, definitions.version);
                definitions.queues[usize::from(id.0)] = queue;
                id
            }
            None => {
                self.desk.queues.push(Queue::new(&queue, definitions.version));
                definitions.queues.push(queue);
                QueueId((definitions.queues.len() - 1) as u16)
            }
        };
        self.begin_queue(cx, by, id, is_new);
        Ok(id)
    }

    /// A queue is declared by a connection, to which it belongs if it is exclusive.
    fn begin_queue<C: Context<Frame>>(&mut self, cx: &mut C, by: Port, id: QueueId, is_new: bool) {
        let index = usize::from(id.0);
        let queue = &mut self.desk.queues[index];
        queue.owner = self.definitions.queues[index].exclusive.then_some(by);
        if let Some(special) = &mut queue.special {
            // Nobody uses a quorum queue by declaring it once more.
            if is_new || !special.keeps_all() {
                special.used = cx.now();
            }
            if is_new {
                special.since = cx.now();
            }
        }
        self.redefined();
        self.desk.trim(cx, id);
    }

    /// A queue that was deleted, or is there only while its owner is, is declared
    /// and bound as the first definitions have it. One that is there stays as it
    /// is.
    ///
    /// # Errors
    /// `RESOURCE_LOCKED` if it belongs to another connection.
    pub(super) fn declare_again<C: Context<Frame>>(
        &mut self,
        cx: &mut C,
        by: Port,
        id: QueueId,
    ) -> Result<(), ChannelError> {
        let index = usize::from(id.0);
        let Some(queue) = self.boot.queues.get(index) else {
            return Ok(());
        };
        if self.desk.has(id) {
            return self.desk.queues[index].open_to(by);
        }
        let definitions = Rc::make_mut(&mut self.definitions);
        self.desk.queues[index].begin_anew(queue, definitions.version);
        definitions.queues[index] = queue.clone();
        let bindings = self.boot.bindings.iter();
        let is_bound = |binding: &&Binding| !self.boot.unbound.contains(binding);
        let bindings = bindings
            .filter(|binding| binding.target == Target::Queue(id))
            .filter(is_bound);
        definitions.bindings.extend(bindings.cloned());
        self.begin_queue(cx, by, id, true);
        Ok(())
    }

    /// `queue.delete` on the connection `by`: a queue is deleted with all that waits
    /// in it; its consumers hear of it.
    ///
    /// # Errors
    /// `RESOURCE_LOCKED` if it belongs to another connection.
    pub fn delete_queue<C: Context<Frame>>(&mut self, cx: &mut C, by: Port, id: QueueId) -> Result<(), ChannelError> {
        self.desk.open_to(id, by)?;
        self.remove_queue(cx, id, FactKind::Purged);
        Ok(())
    }

    /// A connection has ended, and with it the queues that belong to it. What
    /// waits in them is not dead-lettered.
    #[inline(never)]
    pub(super) fn end_exclusive<C: Context<Frame>>(&mut self, cx: &mut C, owner: Port, fate: FactKind) {
        let is_its = |id: &QueueId| self.desk.queues[usize::from(id.0)].owner == Some(owner);
        let queues = (0..self.desk.queues.len()).map(|index| QueueId(index as u16));
        for id in queues.filter(is_its).collect::<Vec<_>>() {
            self.remove_queue(cx, id, fate);
        }
    }

    /// The same, with what becomes of the messages.
    pub(super) fn remove_queue<C: Context<Frame>>(&mut self, cx: &mut C, id: QueueId, fate: FactKind) {
        let Some(queue) = self.desk.queues.get_mut(usize::from(id.0)) else {
            return;
        };
        let place = queue.place;
        queue.purge(|message| cx.emit(place, fate, message.id, 0));
        queue.end();
        self.desk.weigh(cx, QUEUES, id);
        let queue = &self.desk.queues[usize::from(id.0)];
        let consumers: Vec<_> = queue.by_priority().to_vec();
        for index in consumers {
            let consumer = &mut self.desk.consumers[index.0 as usize];
            consumer.live = false;
            let (port, channel, tag) = (consumer.port, consumer.channel, consumer.tag);
            self.desk.queues[usize::from(id.0)].detach(index);
            if let Some(open) = self.desk.connections[usize::from(port.0)].channel(channel) {
                open.consumers.retain(|(known, _)| *known != tag);
            }
            let consumer = tag;
            cx.send(port, Frame::Cancel { channel, consumer });
        }
        Rc::make_mut(&mut self.definitions).undefine(id);
        self.redefined();
    }

    /// `exchange.declare`.
    ///
    /// # Errors
    /// `PRECONDITION_FAILED` if it is there and of another kind,
    /// `ACCESS_REFUSED` for the default exchange and if nobody may choose such
    /// a name.
    pub fn declare_exchange(&mut self, exchange: ExchangeConfig) -> Result<ExchangeId, ChannelError> {
        let definitions = Rc::make_mut(&mut self.definitions);
        match definitions.exchange(&exchange.name) {
            Some(ExchangeId::DEFAULT) => return Err(ChannelError::AccessRefused),
            Some(id) => {
                let is_same = definitions.exchanges[usize::from(id.0)] == exchange;
                return is_same.then_some(id).ok_or(ChannelError::PreconditionFailed);
            }
            None if is_reserved(&exchange.name) => return Err(ChannelError::AccessRefused),
            None => {}
        }
        definitions.exchanges.push(exchange);
        let id = ExchangeId((definitions.exchanges.len() - 1) as u16);
        self.redefined();
        Ok(id)
    }

    /// `exchange.delete`: with it goes what is bound to it and where it is
    /// bound.
    ///
    /// # Errors
    /// `ACCESS_REFUSED` for the exchanges that every node has.
    pub fn delete_exchange(&mut self, id: ExchangeId) -> Result<(), ChannelError> {
        let definitions = Rc::make_mut(&mut self.definitions);
        let Some(exchange) = definitions.exchanges.get_mut(usize::from(id.0)) else {
            return Ok(());
        };
        if id == ExchangeId::DEFAULT || is_reserved(&exchange.name) {
            return Err(ChannelError::AccessRefused);
        }
        // Its number stays taken; nobody finds it by that name.
        exchange.name.clear();
        exchange.alternate = None;
        let concerns = |binding: &Binding| binding.exchange == id || binding.target == Target::Exchange(id);
        definitions.bindings.retain(|binding| !concerns(binding));
        self.redefined();
        Ok(())
    }

    /// `queue.bind` and `exchange.bind`. The second time changes nothing.
    ///
    /// # Errors
    /// `NOT_FOUND` if either end is not there, `ACCESS_REFUSED` for the default
    /// exchange, `PRECONDITION_FAILED` if the arguments or the pattern are not
    /// what the kind of exchange takes, `RESOURCE_LOCKED` if the queue belongs to
    /// another connection than `by`.
    pub fn bind(&mut self, by: Port, key: &str, mut binding: Binding) -> Result<(), ChannelError> {
        self.check(key, &binding)?;
        if let Target::Queue(queue) = binding.target {
            self.desk.open_to(queue, by)?;
        }
        let definitions = Rc::make_mut(&mut self.definitions);
        binding.key = definitions.intern(key);
        if !definitions.bindings.contains(&binding) {
            definitions.bindings.push(binding);
            self.redefined();
        }
        Ok(())
    }

    fn check(&self, key: &str, binding: &Binding) -> Result<(), ChannelError> {
        leave_default(binding)?;
        let there = match binding.target {
            Target::Queue(queue) => self.desk.has(queue),
            Target::Exchange(exchange) => self.routes.has(exchange),
        };
        let exchange = self.definitions.exchanges.get(usize::from(binding.exchange.0));
        let exchange = exchange.filter(|_| there).ok_or(ChannelError::NotFound)?;
        let is_refused = match exchange.kind {
            ExchangeKind::Headers => header_match(binding).is_none(),
            ExchangeKind::Topic => {
                let hashes = words(key).filter(|word| *word == "#").count();
                self.definitions.version.hashes_max().is_some_and(|max| hashes > max)
            }
            ExchangeKind::Default | ExchangeKind::Direct | ExchangeKind::Fanout => false,
        };
        if is_refused {
            return Err(ChannelError::PreconditionFailed);
        }
        Ok(())
    }

    /// `queue.unbind` and `exchange.unbind`. What is not bound stays so.
    ///
    /// # Errors
    /// `ACCESS_REFUSED` for the default exchange, `RESOURCE_LOCKED` if the queue
    /// belongs to another connection than `by`.
    pub fn unbind(&mut self, by: Port, key: &str, mut binding: Binding) -> Result<(), ChannelError> {
        leave_default(&binding)?;
        if let Target::Queue(queue) = binding.target {
            self.desk.open_to(queue, by)?;
        }
        let definitions = Rc::make_mut(&mut self.definitions);
        binding.key = definitions.intern(key);
        definitions.bindings.retain(|known| *known != binding);
        self.redefined();
        Ok(())
    }

    /// The number of a set of properties, and of a key, that somebody will
    /// publish with.
    pub fn intern(&mut self, key: &str, properties: Properties) -> (crate::rabbitmq::KeyId, u16) {
        let definitions = Rc::make_mut(&mut self.definitions);
        let known = definitions.keys.len();
        let key = definitions.intern(key);
        let number = definitions.number(properties).unwrap_or(0);
        if definitions.keys.len() > known || number > 0 {
            self.redefined();
        }
        (key, number)
    }

    /// The node closes a channel because of what a client asked it to define.
    pub fn refuse<C: Context<Frame>>(&mut self, cx: &mut C, from: (Port, ChannelId), error: ChannelError) {
        self.fail(cx, from, error);
    }

    /// Whether a consumer is there.
    pub fn consumes(&self, port: Port, channel: ChannelId, tag: ConsumerTag) -> bool {
        let connection = self.desk.connections.get(usize::from(port.0));
        connection
            .and_then(|open| open.look_at(channel)?.consumer(tag))
            .is_some()
    }
}

/// Whether the node keeps names like that for itself.
fn is_reserved(name: &str) -> bool {
    name.starts_with("amq.")
}

/// Nobody binds anything to the default exchange, or it to anything.
fn leave_default(binding: &Binding) -> Result<(), ChannelError> {
    let leads_there = binding.target == Target::Exchange(ExchangeId::DEFAULT);
    if binding.exchange == ExchangeId::DEFAULT || leads_there {
        return Err(ChannelError::AccessRefused);
    }
    Ok(())
}
