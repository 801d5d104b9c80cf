//! The node and its disk: what is published has to be written, and what the
//! disk does not have is gone after a crash.

use super::special::{cannot_route, post};
use super::{Broker, ConfirmWhen, Desk, Storage};
use crate::rabbitmq::{ChannelId, ExchangeId, Frame, KeyId, QueueId};
use alloc::boxed::Box;
use alloc::vec::Vec;
use mqlab_kernel::SortedMap;
use mqlab_model::{Context, Crash, FactKind, Message, Port};

impl Broker {
    /// From now on the disk takes time for what it does.
    pub fn use_disk(&mut self) {
        let confirm = self.confirm;
        self.desk.is_plain = false;
        self.desk.storage.get_or_insert_with(|| Storage::new(confirm).into());
    }

    /// How many publishes are not confirmed because they wait for the disk.
    pub fn waiting_for_disk(&self) -> usize {
        self.desk.storage.as_ref().map_or(0, |storage| storage.unconfirmed())
    }

    /// When messages are confirmed.
    pub fn confirm_when(&self) -> ConfirmWhen {
        self.confirm
    }

    /// A publish where an alarm may be on, or the disk takes its time.
    #[inline(never)]
    pub(super) fn publish_specially<C: Context<Frame>>(
        &mut self,
        cx: &mut C,
        (port, channel): (Port, ChannelId),
        (exchange, key): (ExchangeId, KeyId),
        (message, mandatory): (Message, bool),
    ) {
        let publish = Frame::Publish {
            channel,
            exchange,
            key,
            message,
            mandatory,
        };
        if self.alarm.holds((port, channel), publish) {
            return;
        }
        if let Some(error) = self.objection(exchange, message) {
            cx.emit(self.place, FactKind::Unroutable, message.id, 0);
            return self.fail(cx, (port, channel), error);
        }
        let Some(open) = self.desk.connections[usize::from(port.0)].channel(channel) else {
            return;
        };
        open.published += 1;
        let (confirms, sequence) = (open.confirms, open.published);
        let mut targets = self.targets(exchange, key, message);
        let routed = targets.len();
        if targets.is_empty() {
            cannot_route(cx, self.place, (port, channel), (message, mandatory));
        }
        let mut post = post(message, cx.size(message.id), exchange, key);
        if self.definitions.delays(exchange) {
            post.delay = cx.delay(message.id);
        }
        targets.retain(|queue| self.enter(cx, *queue, &post, Some((port, channel))));
        // One that refuses is enough for the publisher to hear of it, whatever
        // the others have done.
        if targets.len() < routed {
            if confirms {
                cx.send(port, Frame::Refuse { channel, sequence });
            }
            self.desk
                .store(cx, (port, channel), (sequence, false), &targets, message);
            return self.hand_on(cx, targets);
        }
        let is_awaited = confirms && !self.desk.confirms_too_early();
        let waits = self
            .desk
            .store(cx, (port, channel), (sequence, is_awaited), &targets, message);
        if confirms && !waits {
            let queues = targets.len() as u16;
            cx.send(
                port,
                Frame::Confirm {
                    channel,
                    sequence,
                    queues,
                },
            );
        }
        self.hand_on(cx, targets);
    }

    /// Queues have got something: it goes out to consumers, and what is too
    /// much goes.
    fn hand_on<C: Context<Frame>>(&mut self, cx: &mut C, queues: Vec<QueueId>) {
        for queue in &queues {
            self.desk.dispatch(cx, *queue);
        }
        for queue in queues {
            self.desk.trim(cx, queue);
        }
        self.work_off(cx);
    }

    /// The node dies: what the disk does not have is gone.
    pub(super) fn lose<C: Context<Frame>>(&mut self, cx: &mut C, crash: Crash) {
        if crash == Crash::Disk {
            self.forget_alarm();
        }
        let Desk { queues, storage, .. } = &mut self.desk;
        let unwritten = storage
            .as_mut()
            .map(|storage| storage.crash(cx, crash))
            .unwrap_or_default();
        let mut places = SortedMap::new();
        for (id, queue) in (0..).map(QueueId).zip(queues) {
            let place = queue.place;
            queue.crash(
                crash,
                |position| unwritten.contains(&(id, position)),
                |message| cx.emit(place, FactKind::Destroyed, message.id, 0),
                |old, new| {
                    if old != new {
                        places.insert((id, old), new);
                    }
                },
            );
        }
        if let Some(storage) = storage {
            storage.renumber(&places);
        }
    }
}

impl Desk {
    #[cfg(not(feature = "planted-bugs"))]
    fn confirms_too_early(&self) -> bool {
        false
    }

    /// Writes the copies of a message that are to stay; whether its confirm
    /// comes from the disk.
    fn store<C: Context<Frame>>(
        &mut self,
        cx: &mut C,
        channel: (Port, ChannelId),
        (sequence, confirms): (u64, bool),
        targets: &[QueueId],
        message: Message,
    ) -> bool {
        let Desk { queues, storage, .. } = self;
        let Some(storage) = storage.as_mut().map(Box::as_mut) else {
            return false;
        };
        let kept = || {
            targets
                .iter()
                .filter(|queue| queues[usize::from(queue.0)].keeps(message))
        };
        let copies = kept().count() as u16;
        if copies == 0 {
            return false;
        }
        let queue_count = targets.len() as u16;
        let publish = confirms.then(|| storage.await_copies(channel, (sequence, queue_count), copies));
        let bytes = cx.size(message.id);
        for queue in kept() {
            let position = queues[usize::from(queue.0)].last_position();
            storage.write(cx, (*queue, position), bytes, publish);
        }
        storage.catch_up(cx);
        confirms
    }
}
