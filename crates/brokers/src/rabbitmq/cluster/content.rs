//! What a queue of a cluster has in it and who gets it: a state machine that
//! does the same wherever it is given the same commands in the same order.
//!
//! A classic queue does every command at once. The members of a quorum queue do
//! what they have agreed on, each for itself; the leader's effects are those
//! that the world sees.

use super::{Command, MemberId, PeerFrame, Settlement};
use crate::rabbitmq::special::{Post, Special};
use crate::rabbitmq::{Config, ExchangeId, KeyId, QueueId, QueueKind};
use alloc::vec::Vec;
use mqlab_kernel::{SimSpan, SimTime, SortedMap, SortedSet};
use mqlab_model::{FactKind, Message};

/// What a command has brought about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Effect {
    /// A command is done.
    Taken {
        member: MemberId,
        life: u16,
        number: u32,
        is_refused: bool,
    },
    /// A delivery.
    Handed {
        member: MemberId,
        life: u16,
        consumer: u16,
        delivery: u32,
        redelivered: bool,
        message: Message,
    },
    /// A message is in the queue, at this position.
    Stored {
        position: u64,
        message: Message,
        from: (MemberId, u16, u32),
    },
    /// It is there no more.
    Forgotten { position: u64 },
    /// For the record.
    Fact(FactKind, Message, u64),
}

impl Effect {
    /// Whether it is for the record only.
    pub(super) fn is_fact(&self) -> bool {
        matches!(self, Effect::Fact(..))
    }

    /// Which member is to hear of it, and what.
    pub(super) fn news(&self, queue: QueueId) -> Option<(MemberId, PeerFrame)> {
        match *self {
            Effect::Taken {
                member,
                life,
                number,
                is_refused,
            } => Some((
                member,
                PeerFrame::Taken {
                    queue,
                    life,
                    number,
                    is_refused,
                },
            )),
            Effect::Handed {
                member,
                life,
                consumer,
                delivery,
                redelivered,
                message,
            } => Some((
                member,
                PeerFrame::Handed {
                    queue,
                    life,
                    consumer,
                    delivery,
                    redelivered,
                    message,
                },
            )),
            Effect::Stored { .. } | Effect::Forgotten { .. } | Effect::Fact(..) => None,
        }
    }
}

/// The commands of one life of a member.
#[derive(Clone, Debug, Default)]
struct Session {
    /// Everything up to here is done.
    last: u32,
    /// But for these, which were refused.
    refused: SortedSet<u32>,
}

#[derive(Clone, Debug)]
struct Consumer {
    member: MemberId,
    life: u16,
    number: u16,
    prefetch: u32,
    automatic: bool,
    is_away: bool,
    /// The number of its next delivery.
    next: u32,
    out: SortedMap<u32, (u64, Message)>,
}

/// A consumer as the queue shows it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Attached {
    /// The member that it is connected to.
    pub member: MemberId,
    /// Its number there.
    pub number: u16,
    /// Most deliveries without acknowledgement; 0 is no limit.
    pub prefetch: u32,
    /// Whether the queue forgets what it hands out.
    pub automatic: bool,
    /// What it has, with the places in the queue.
    pub out: Vec<(u64, Message)>,
}

impl Consumer {
    fn view(&self) -> Attached {
        Attached {
            member: self.member,
            number: self.number,
            prefetch: self.prefetch,
            automatic: self.automatic,
            out: self.out.values().copied().collect(),
        }
    }

    fn has_room(&self) -> bool {
        !self.is_away && (self.prefetch == 0 || self.out.len() < self.prefetch as usize)
    }
}

/// A queue's content.
#[derive(Clone, Debug)]
pub(super) struct Content {
    special: Special,
    sessions: SortedMap<(MemberId, u16), Session>,
    /// In the order in which they are served next.
    consumers: Vec<Consumer>,
    /// Commands of a life are done without a gap: what is missing comes again.
    /// In a classic queue what is missing was given up.
    is_strict: bool,
}

impl Content {
    pub(super) fn new(config: &Config, queue: QueueId) -> Self {
        let queue = &config.queues[usize::from(queue.0)];
        let arguments = queue.arguments.clone().unwrap_or_default();
        let is_strict = arguments.kind == QueueKind::Quorum;
        Content {
            special: Special::new(arguments, config.version),
            sessions: SortedMap::new(),
            consumers: Vec::new(),
            is_strict,
        }
    }

    /// A content that begins with messages at their positions, and with what
    /// is known of the commands that were done before.
    pub(super) fn inherit(
        config: &Config,
        queue: QueueId,
        messages: impl Iterator<Item = (u64, Message)>,
        sessions: impl Iterator<Item = ((MemberId, u16), u32)>,
    ) -> Self {
        let mut content = Content::new(config, queue);
        for (position, message) in messages {
            content.special.adopt(position, message, false);
            content.special.skip_to(position + 1);
        }
        for (session, last) in sessions {
            content.sessions.get_or_default(session).last = last;
        }
        content
    }

    /// What waits, in the order in which it leaves.
    pub(super) fn waiting(&self) -> impl Iterator<Item = Message> {
        self.special.iter()
    }

    /// Its consumers, in the order in which they are served next.
    pub(super) fn attached(&self) -> impl Iterator<Item = Attached> {
        self.consumers.iter().map(Consumer::view)
    }

    /// How many wait, how many are handed out, and how many consumers there are.
    pub(super) fn level(&self) -> (u64, u64, u32) {
        let out = self.consumers.iter().map(|consumer| consumer.out.len() as u64).sum();
        // Those of a member that is not there are kept, but get nothing.
        let there = self.consumers.iter().filter(|consumer| !consumer.is_away).count();
        (self.special.len() as u64, out, there as u32)
    }

    /// The members whose consumers it knows, and in which lives.
    pub(super) fn guests(&self) -> Vec<(MemberId, u16, bool)> {
        let guest = |consumer: &Consumer| (consumer.member, consumer.life, consumer.is_away);
        let mut guests: Vec<_> = self.consumers.iter().map(guest).collect();
        mqlab_kernel::sort_by(&mut guests, Ord::cmp);
        guests.dedup();
        guests
    }

    /// Does a command. A message has `size` bytes.
    pub(super) fn apply(&mut self, command: Command, size: u64, effects: &mut Vec<Effect>) {
        if let Some((member, life, number)) = command.origin()
            && !self.is_next((member, life, number), effects)
        {
            return;
        }
        match command {
            Command::Enqueue {
                member,
                life,
                number,
                message,
            } => return self.enqueue((member, life, number), message, size, effects),
            Command::Attach {
                member,
                life,
                consumer,
                prefetch,
                automatic,
                ..
            } => self.attach(member, life, (consumer, prefetch, automatic)),
            Command::Detach {
                member, life, consumer, ..
            } => {
                let is_it = |one: &Consumer| (one.member, one.life, one.number) == (member, life, consumer);
                self.detach(is_it, effects);
            }
            Command::Settle {
                member,
                life,
                consumer,
                delivery,
                how,
                ..
            } => self.settle((member, life, consumer), delivery, how, effects),
            Command::Gone { member, life } => {
                self.detach(|one| one.member == member && one.life <= life, effects);
            }
            Command::Away { member } => {
                for index in 0..self.consumers.len() {
                    if self.consumers[index].member == member {
                        self.consumers[index].is_away = true;
                        self.take_back(index, effects);
                    }
                }
            }
            Command::Back { member } => {
                let back = self.consumers.iter_mut().filter(|one| one.member == member);
                back.for_each(|one| one.is_away = false);
            }
        }
        if let Some((member, life, number)) = command.origin() {
            effects.push(Effect::Taken {
                member,
                life,
                number,
                is_refused: false,
            });
        }
        self.serve(effects);
    }

    /// Whether it is the turn of a command. One that was done before is answered
    /// again; one that came too early will come again.
    fn is_next(&mut self, (member, life, number): (MemberId, u16, u32), effects: &mut Vec<Effect>) -> bool {
        let session = self.sessions.get_or_default((member, life));
        if number <= session.last {
            effects.push(Effect::Taken {
                member,
                life,
                number,
                is_refused: session.refused.contains(&number),
            });
            return false;
        }
        if number > session.last + 1 && self.is_strict {
            return false;
        }
        session.last = number;
        true
    }

    fn enqueue(&mut self, from: (MemberId, u16, u32), message: Message, size: u64, effects: &mut Vec<Effect>) {
        let (member, life, number) = from;
        let is_refused = self.special.refuses(size);
        if is_refused {
            if let Some(session) = self.sessions.get_mut(&(member, life)) {
                session.refused.insert(number);
            }
        } else {
            let post = Post {
                message,
                bytes: size,
                exchange: ExchangeId::DEFAULT,
                key: KeyId::UNBOUND,
                story: None,
                delay: SimSpan::ZERO,
            };
            self.special.push(SimTime::ZERO, post, None);
            let position = self.special.last_position();
            let kept = u64::from(self.special.keeps_all() || message.is_persistent());
            effects.push(Effect::Fact(FactKind::Enqueued, message, kept));
            effects.push(Effect::Stored {
                position,
                message,
                from,
            });
        }
        effects.push(Effect::Taken {
            member,
            life,
            number,
            is_refused,
        });
        self.serve(effects);
        while let Some((position, entry)) = self.special.pop_surplus() {
            effects.push(Effect::Fact(FactKind::Evicted, entry.message, 0));
            effects.push(Effect::Forgotten { position });
        }
        self.special.look_at_level();
    }

    fn attach(&mut self, member: MemberId, life: u16, (number, prefetch, automatic): (u16, u32, bool)) {
        let is_it = |one: &&mut Consumer| (one.member, one.life, one.number) == (member, life, number);
        if let Some(known) = self.consumers.iter_mut().find(is_it) {
            known.prefetch = prefetch;
            return;
        }
        self.consumers.push(Consumer {
            member,
            life,
            number,
            prefetch,
            automatic,
            is_away: false,
            next: 1,
            out: SortedMap::new(),
        });
    }

    fn detach(&mut self, is_it: impl Fn(&Consumer) -> bool, effects: &mut Vec<Effect>) {
        for index in (0..self.consumers.len()).rev() {
            if is_it(&self.consumers[index]) {
                self.take_back(index, effects);
                self.consumers.remove(index);
            }
        }
    }

    /// What a consumer has comes back, because it failed.
    fn take_back(&mut self, index: usize, effects: &mut Vec<Effect>) {
        let out = core::mem::take(&mut self.consumers[index].out);
        for (_, (position, message)) in out.iter() {
            self.put_back(*position, *message, true, effects);
        }
    }

    fn put_back(&mut self, position: u64, message: Message, failed: bool, effects: &mut Vec<Effect>) {
        let given_up = self.special.put_back(SimTime::ZERO, position, message, failed);
        let kind = if given_up.is_some() {
            FactKind::Discarded
        } else {
            FactKind::Requeued
        };
        effects.push(Effect::Fact(kind, message, 0));
        if given_up.is_some() {
            effects.push(Effect::Forgotten { position });
        }
    }

    fn settle(
        &mut self,
        (member, life, number): (MemberId, u16, u16),
        delivery: u32,
        how: Settlement,
        effects: &mut Vec<Effect>,
    ) {
        let is_it = |one: &&mut Consumer| (one.member, one.life, one.number) == (member, life, number);
        let consumer = self.consumers.iter_mut().find(is_it);
        let Some((position, message)) = consumer.and_then(|consumer| consumer.out.remove(&delivery)) else {
            // It came back before: somebody else has it.
            return;
        };
        let kind = match how {
            Settlement::Returned => return self.put_back(position, message, false, effects),
            Settlement::Done => FactKind::Settled,
            Settlement::Dropped => FactKind::Discarded,
        };
        self.special.settle(position, message);
        effects.push(Effect::Fact(kind, message, 0));
        effects.push(Effect::Forgotten { position });
    }

    /// Hands out what waits, in turn to those who have room.
    fn serve(&mut self, effects: &mut Vec<Effect>) {
        while self.special.len() > 0 {
            let Some(turn) = self.consumers.iter().position(Consumer::has_room) else {
                return;
            };
            let Some(ready) = self.special.pop() else {
                return;
            };
            let mut consumer = self.consumers.remove(turn);
            let delivery = consumer.next;
            consumer.next += 1;
            let (position, message) = (ready.position, ready.message);
            effects.push(Effect::Fact(FactKind::Dispatched, message, u64::from(ready.returned)));
            effects.push(Effect::Handed {
                member: consumer.member,
                life: consumer.life,
                consumer: consumer.number,
                delivery,
                redelivered: ready.returned,
                message,
            });
            if consumer.automatic {
                self.special.settle(position, message);
                effects.push(Effect::Fact(FactKind::Settled, message, 0));
                effects.push(Effect::Forgotten { position });
            } else {
                consumer.out.insert(delivery, (position, message));
            }
            self.consumers.push(consumer);
        }
    }

    /// What a consumer has and has not got, from one delivery on.
    pub(super) fn resume(&self, (member, life, number): (MemberId, u16, u16), next: u32, effects: &mut Vec<Effect>) {
        let is_it = |one: &&Consumer| (one.member, one.life, one.number) == (member, life, number);
        let Some(consumer) = self.consumers.iter().find(is_it) else {
            return;
        };
        for (delivery, (_, message)) in consumer.out.range(next..=u32::MAX) {
            effects.push(Effect::Handed {
                member,
                life,
                consumer: number,
                delivery: *delivery,
                // Whether it was handed out before is not kept beside it: to
                // this consumer it may have been.
                redelivered: true,
                message: *message,
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rabbitmq::{DeliveryLimit, QueueArguments, QueueConfig};
    use alloc::boxed::Box;
    use mqlab_model::{MessageId, SourceId};

    const MEMBER: MemberId = MemberId(1);

    fn content(arguments: QueueArguments) -> Content {
        let mut config = Config::new();
        let mut queue = QueueConfig::new("orders");
        queue.arguments = Some(Box::new(arguments));
        config.queues.push(queue);
        Content::new(&config, QueueId(0))
    }

    fn quorum() -> QueueArguments {
        QueueArguments {
            kind: QueueKind::Quorum,
            ..QueueArguments::default()
        }
    }

    fn enqueue(number: u32) -> Command {
        Command::Enqueue {
            member: MEMBER,
            life: 1,
            number,
            message: Message::new(MessageId::new(SourceId(0), u64::from(number)), SimTime::ZERO, true),
        }
    }

    fn attach(number: u32, prefetch: u32) -> Command {
        Command::Attach {
            member: MEMBER,
            life: 1,
            number,
            consumer: 7,
            prefetch,
            automatic: false,
        }
    }

    fn settle(number: u32, delivery: u32, how: Settlement) -> Command {
        Command::Settle {
            member: MEMBER,
            life: 1,
            number,
            consumer: 7,
            delivery,
            how,
        }
    }

    fn apply(content: &mut Content, command: Command) -> Vec<Effect> {
        let mut effects = Vec::new();
        content.apply(command, 100, &mut effects);
        effects
    }

    fn is_refused(effects: &[Effect]) -> Option<bool> {
        effects.iter().find_map(|effect| match effect {
            Effect::Taken { is_refused, .. } => Some(*is_refused),
            _ => None,
        })
    }

    fn happened(effects: &[Effect], what: FactKind) -> bool {
        effects
            .iter()
            .any(|effect| matches!(effect, Effect::Fact(kind, ..) if *kind == what))
    }

    #[test]
    fn a_command_is_done_once_and_without_a_gap() {
        let mut content = content(quorum());
        assert_eq!(is_refused(&apply(&mut content, enqueue(1))), Some(false));
        assert_eq!(
            is_refused(&apply(&mut content, enqueue(3))),
            None,
            "the second is missing"
        );
        assert_eq!(
            is_refused(&apply(&mut content, enqueue(1))),
            Some(false),
            "answered again"
        );
        assert_eq!(content.level().0, 1);
        apply(&mut content, enqueue(2));
        apply(&mut content, enqueue(3));
        assert_eq!(content.level().0, 3);
    }

    #[test]
    fn what_was_refused_is_not_taken_for_done_when_it_is_asked_for_again() {
        let mut content = content(QueueArguments {
            max_length: Some(1),
            overflow: crate::rabbitmq::Overflow::RejectPublish,
            ..QueueArguments::default()
        });
        apply(&mut content, enqueue(1));
        assert_eq!(is_refused(&apply(&mut content, enqueue(2))), Some(true));
        assert_eq!(is_refused(&apply(&mut content, enqueue(2))), Some(true));
        assert_eq!(is_refused(&apply(&mut content, enqueue(1))), Some(false));
    }

    #[test]
    fn a_message_that_its_consumers_die_of_is_given_up() {
        let mut content = content(QueueArguments {
            delivery_limit: DeliveryLimit::At(2),
            ..quorum()
        });
        apply(&mut content, attach(1, 1));
        apply(&mut content, enqueue(2));
        for times in 0..2 {
            let effects = apply(&mut content, Command::Away { member: MEMBER });
            assert!(happened(&effects, FactKind::Requeued), "{times}");
            let effects = apply(&mut content, Command::Back { member: MEMBER });
            assert!(happened(&effects, FactKind::Dispatched));
        }
        let effects = apply(&mut content, Command::Away { member: MEMBER });
        assert!(happened(&effects, FactKind::Discarded));
        // Who is away is no consumer until it is back.
        assert_eq!(content.level(), (0, 0, 0));
    }

    #[test]
    fn what_came_back_meanwhile_is_not_settled_by_who_had_it() {
        let mut content = content(quorum());
        apply(&mut content, attach(1, 1));
        apply(&mut content, enqueue(2));
        apply(&mut content, Command::Away { member: MEMBER });
        let effects = apply(&mut content, settle(3, 1, Settlement::Done));
        assert!(!happened(&effects, FactKind::Settled));
        assert_eq!(content.level().0, 1);
        apply(&mut content, Command::Back { member: MEMBER });
        let effects = apply(&mut content, settle(4, 2, Settlement::Done));
        assert!(happened(&effects, FactKind::Settled));
    }

    #[test]
    fn a_new_leader_says_again_what_did_not_arrive() {
        let mut content = content(quorum());
        apply(&mut content, attach(1, 10));
        (2..6).for_each(|number| _ = apply(&mut content, enqueue(number)));
        apply(&mut content, settle(6, 3, Settlement::Done));
        let mut effects = Vec::new();
        content.resume((MEMBER, 1, 7), 2, &mut effects);
        let deliveries = effects.iter().map(|effect| match effect {
            Effect::Handed { delivery, .. } => *delivery,
            other => panic!("{other:?}"),
        });
        assert_eq!(deliveries.collect::<Vec<_>>(), [2, 4]);
    }
}
