//! A service that consumes from Kafka: it polls whenever a worker is free and
//! nothing waits for one, and hands out what it gets. Or it polls on while its
//! workers are at it, as a loop does that hands its work to threads.
//!
//! While it has nothing to do it is in its poll, which returns as soon as there
//! is something. While its workers have their hands full it does not poll; if
//! that takes longer than `max.poll.interval.ms`, its consumer leaves the group.

use super::Service;
use super::workers::{Job, Token};
use crate::client::{Publisher, RecordSubscriber};
use crate::plan::{ConsumerCommand, Strain};
use crate::wire::Wire;
use alloc::vec::Vec;
use mqlab_brokers::kafka::{self, Frame};
use mqlab_model::{Context, Port};

/// The slot of the tokens of its clients' timers: no worker has it.
const SLOT: u32 = u32::MAX;
/// The part of the consumer's; those of producers follow.
const PART: u8 = 2;

/// The token of the timers of a client: 0 is the consumer, producers follow.
pub(crate) fn client_token(client: usize) -> u64 {
    let token = Token {
        slot: SLOT,
        generation: 0,
        part: PART + client as u8,
    };
    token.pack()
}

/// Whether a token is that of a client.
pub(super) fn is_of_client(token: u64) -> bool {
    let token = Token::unpack(token);
    token.slot == SLOT && token.part >= PART
}

impl Service {
    /// A parcel of a broker, for whichever of its clients it is.
    pub(crate) fn on_parcel<C: Context<Wire>>(&mut self, cx: &mut C, port: Port, frames: &[Frame]) {
        let Some((head, behind)) = frames.split_first() else {
            return;
        };
        for producer in &mut self.producers {
            producer.on_parcel(cx, port, frames);
        }
        let consumer = self.polling();
        if let Some(consumer) = consumer.filter(|consumer| consumer.is_at(port)) {
            consumer.on_answer(cx, port, *head, behind);
        }
        self.hear_clients(cx);
        self.poll_records(cx);
    }

    /// A timer of one of its clients.
    pub(super) fn client_timed<C: Context<Wire>>(&mut self, cx: &mut C, token: u64) {
        for producer in &mut self.producers {
            producer.on_timer(cx, token);
            producer.on_recovery(cx, token);
        }
        if self
            .consumer
            .as_mut()
            .is_some_and(|consumer| consumer.on_recovery(cx, token))
        {
            self.start_polling(cx);
        }
        let consumer = self.polling();
        if let Some(consumer) = consumer.filter(|consumer| consumer.token() == token) {
            consumer.on_timer(cx);
        }
        self.hear_clients(cx);
        self.poll_records(cx);
    }

    /// Its application does something with what it consumes, if that is of the
    /// right kind.
    #[inline(never)]
    pub(crate) fn tell_consumer<C: Context<Wire>>(&mut self, cx: &mut C, command: ConsumerCommand) {
        let ConsumerCommand::Kafka(kafka::ConsumerCommand::Seek { partition, to }) = command;
        let consumer = self.polling();
        let Some(consumer) = consumer else { return };
        consumer.seek(cx, partition, to);
        self.poll_records(cx);
    }

    /// What its producers have heard goes to who waits for it.
    pub(super) fn hear_clients<C: Context<Wire>>(&mut self, cx: &mut C) {
        for index in 0..self.producers.len() {
            for heard in self.producers[index].take_heard() {
                if let Some(token) = self.awaited.remove(&(index, heard.sequence)) {
                    self.answered(cx, token.pack(), heard.is_taken);
                }
            }
        }
    }

    /// Its consumer, if that is one that polls.
    pub(super) fn polling(&mut self) -> Option<&mut RecordSubscriber> {
        self.consumer.as_mut()?.polled()
    }

    /// Whether another one has taken the place of its producer: its loop ends in
    /// that error.
    fn is_fenced(&self) -> bool {
        self.transacts && self.producers.iter().any(Publisher::is_fenced)
    }

    /// Polls as long as it has room for more and there is something.
    pub(super) fn poll_records<C: Context<Wire>>(&mut self, cx: &mut C) {
        if self.is_polling || self.is_fenced() {
            return;
        }
        loop {
            let (waiting, is_free) = (self.buffered(), self.workers.has_free());
            let consumer = self.polling();
            let Some(consumer) = consumer.filter(|one| one.polls(waiting, is_free)) else {
                return;
            };
            let polled = consumer.poll(cx);
            let is_done = polled.is_empty() && !consumer.wants_poll();
            self.is_polling = true;
            let jobs: Vec<Job> = polled.into_iter().map(Job::delivery).collect();
            let is_empty = jobs.is_empty();
            for job in jobs {
                if self.entrance.bounds.overload == Strain::Dies && !self.has_room() {
                    self.break_down(cx, job, false);
                } else {
                    self.take(cx, job, false);
                }
            }
            self.is_polling = false;
            if is_done || is_empty {
                return;
            }
        }
    }
}
