//! Which queues are there, as far as a member knows: one that is not is routed to by
//! nobody. Whoever has a queue says so whenever that changes, and now and then.

use super::Member;
use super::link::Consumer;
use super::wire::Wire;
use super::{Command, Keeping};
use crate::rabbitmq::exchange::Routes;
use crate::rabbitmq::{Binding, ChannelError, ChannelId, QueueId, Target};
use alloc::rc::Rc;
use mqlab_model::{Context, Port};

impl Member {
    /// Queues that belong to a connection are not there at first.
    pub(super) fn begin_without_exclusive(&mut self) {
        for queue in self.cluster.queues() {
            if self.boot.config.queues[usize::from(queue.0)].exclusive {
                self.set_existence(queue, false);
            }
        }
    }

    /// A queue is there, or is not.
    pub(super) fn set_existence(&mut self, queue: QueueId, is_there: bool) {
        if self.gone.contains(&queue) != is_there {
            return;
        }
        let config = &mut Rc::make_mut(&mut self.cluster).config;
        if is_there {
            self.gone.remove(&queue);
            let first = &self.boot.config;
            config.queues[usize::from(queue.0)].name = first.queues[usize::from(queue.0)].name.clone();
            let is_its =
                |binding: &&Binding| binding.target == Target::Queue(queue) && !first.unbound.contains(binding);
            config.bindings.extend(first.bindings.iter().filter(is_its).cloned());
        } else {
            self.gone.insert(queue);
            config.undefine(queue);
        }
        self.routes = Routes::new(&self.cluster.config);
        self.links[usize::from(queue.0)].forget_route();
    }

    /// Whether a queue that is here is there: everybody hears of it.
    pub(super) fn on_existence<C: Context<Wire>>(&mut self, cx: &mut C, queue: QueueId) {
        let content = self.content(queue);
        let is_there = content.is_none_or(|content| content.is_there());
        self.set_existence(queue, is_there);
        self.announce(cx, queue, None);
    }

    /// `queue.declare`: a queue that may be gone is there again.
    pub(super) fn declare<C: Context<Wire>>(&mut self, cx: &mut C, channel: (Port, ChannelId), queue: QueueId) {
        if self.is_down(queue) {
            return self.fail(cx, channel, ChannelError::NotFound);
        }
        let (member, life, connection) = (self.own, self.life, channel.0.0);
        self.declared.retain(|(known, of)| (*known, *of) != (queue, channel));
        self.declared.push((queue, channel));
        self.ask(cx, queue, None, |number| Command::Declare {
            member,
            life,
            number,
            connection,
        });
    }

    /// A queue has answered who declares it: it may belong to somebody else.
    pub(super) fn on_declared<C: Context<Wire>>(&mut self, cx: &mut C, queue: QueueId, port: u16, is_refused: bool) {
        let is_it = |(known, channel): &(QueueId, (Port, ChannelId))| *known == queue && channel.0.0 == port;
        let Some(index) = self.declared.iter().position(is_it) else {
            return;
        };
        let (_, channel) = self.declared.remove(index);
        if is_refused {
            self.fail(cx, channel, ChannelError::ResourceLocked);
        }
    }

    /// A consumer was refused, or who asked for a message.
    pub(super) fn on_refused<C: Context<Wire>>(&mut self, cx: &mut C, queue: QueueId, number: u16) {
        let link = &mut self.links[usize::from(queue.0)];
        let Some(index) = link.consumers.iter().position(|one| one.number == number) else {
            return;
        };
        let refused: Consumer = link.consumers.remove(index);
        let error = if self.gone.contains(&queue) {
            ChannelError::NotFound
        } else if self.boot.config.queues[usize::from(queue.0)].exclusive {
            ChannelError::ResourceLocked
        } else {
            ChannelError::AccessRefused
        };
        self.fail(cx, refused.channel, error);
    }

    /// A connection is closed: the queues that belong to it hear of that.
    pub(super) fn leave_owned<C: Context<Wire>>(&mut self, cx: &mut C, port: Port) {
        let (member, life, connection) = (self.own, self.life, port.0);
        for queue in self.cluster.queues() {
            let is_exclusive = self.boot.config.queues[usize::from(queue.0)].exclusive;
            if is_exclusive && !self.is_down(queue) {
                self.ask(cx, queue, None, |number| Command::Leave {
                    member,
                    life,
                    number,
                    connection,
                });
            }
        }
    }

    /// Whether a master that takes over has to know that its queue is gone.
    pub(super) fn inherits_absence(&self, queue: QueueId) -> bool {
        matches!(self.cluster.keeping(queue), Keeping::Mirrored { .. }) && self.gone.contains(&queue)
    }
}
