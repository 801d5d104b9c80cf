//! What a publisher does with messages that it may not or cannot send now: a
//! window of unconfirmed messages, and a buffer of its own.

use super::{Load, Output};
use crate::client::Route;
use crate::plan::SenderPlan;
use crate::wire::Wire;
use mqlab_kernel::Ring;
use mqlab_model::{Context, FactKind, Message, MessageId};

/// In the value of [`FactKind::Refused`]: the sender's own buffer is full.
const FULL: u64 = 2;

/// A message and where it is sent.
type Letter = (Message, Route);

/// What a sender holds back.
#[derive(Clone, Debug)]
pub(super) struct Sender {
    pub(super) plan: SenderPlan,
    /// What is still to be sent, oldest first.
    waiting: Ring<Letter>,
    /// What is sent and not confirmed, oldest first; kept with a buffer only.
    sent: Ring<Letter>,
}

impl Sender {
    /// `None` if nothing is ever held back.
    pub(super) fn new(plan: SenderPlan) -> Option<Self> {
        (plan != SenderPlan::default()).then(|| Sender {
            plan,
            waiting: Ring::default(),
            sent: Ring::default(),
        })
    }

    /// How many messages wait to be sent.
    pub(super) fn waiting(&self) -> usize {
        self.waiting.len()
    }

    fn has_room(&self) -> bool {
        let most = self.plan.buffer.unwrap_or(u64::MAX);
        (self.waiting.len() as u64) < most
    }

    /// A message is confirmed: it need not be sent again. Mostly they are
    /// confirmed in order, but a disk or a fast consumer may let one overtake.
    pub(super) fn confirmed(&mut self, id: MessageId) {
        let Some((oldest, _)) = self.sent.front() else { return };
        if oldest.id == id {
            self.sent.pop_front();
        } else {
            self.sent.retain(|(message, _)| message.id != id);
        }
    }
}

impl Load {
    /// A message is to be sent by a sender that holds messages back; true if
    /// nobody will ever say what became of it, because it is refused already or
    /// nobody asks.
    #[cold]
    #[inline(never)]
    pub(super) fn send_or_hold<C: Context<Wire>>(&mut self, cx: &mut C, message: Message, route: Route) -> bool {
        let Some(sender) = &mut self.sender else { return false };
        if !sender.has_room() && !self.may_send() {
            cx.emit(self.place, FactKind::Refused, message.id, FULL);
            return true;
        }
        if let Some(sender) = &mut self.sender {
            sender.waiting.push_back((message, route));
        }
        self.send_waiting(cx);
        !self.confirms
    }

    /// Whether the next message may leave at once.
    fn may_send(&self) -> bool {
        let (Output::Publish(producer, _), Some(sender)) = (&self.output, &self.sender) else {
            return false;
        };
        let window = sender.plan.window.map_or(usize::MAX, |window| window as usize);
        producer.is_open() && producer.outstanding() < window
    }

    /// Sends what waits, as far as it may be sent.
    pub(super) fn send_waiting<C: Context<Wire>>(&mut self, cx: &mut C) {
        while self.may_send() {
            let (Output::Publish(producer, _), Some(sender)) = (&mut self.output, &mut self.sender) else {
                return;
            };
            let Some((message, route)) = sender.waiting.pop_front() else {
                return;
            };
            if sender.plan.buffer.is_some() && self.confirms {
                sender.sent.push_back((message, route));
            }
            producer.publish(cx, route, message);
        }
    }

    /// The connection is gone. With a buffer, what is not confirmed goes back
    /// into it, before everything else; true then. It may be in its queue all
    /// the same, and will be there twice.
    pub(super) fn take_back(&mut self) -> bool {
        let Some(sender) = &mut self.sender else { return false };
        if sender.plan.buffer.is_none() {
            return false;
        }
        let mut all = core::mem::take(&mut sender.sent);
        while let Some(letter) = sender.waiting.pop_front() {
            all.push_back(letter);
        }
        sender.waiting = all;
        true
    }

    /// The process dies, and its memory with it. What was sent is on its way;
    /// what was not, nobody else has.
    pub(super) fn forget_held<C: Context<Wire>>(&mut self, cx: &mut C) {
        let Some(sender) = &mut self.sender else { return };
        sender.sent.clear();
        while let Some((message, _)) = sender.waiting.pop_front() {
            cx.emit(self.place, FactKind::Forgotten, message.id, 0);
        }
    }
}
