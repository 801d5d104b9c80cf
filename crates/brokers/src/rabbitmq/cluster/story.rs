//! The story of a dead letter, as members tell it to each other: one command for
//! each death, the oldest first, before the message itself.

use super::{Command, MemberId};
use crate::parts::{Death as Counted, Reason};
use crate::rabbitmq::special::{self, Death, Story};
use crate::rabbitmq::{Config, ExchangeId, KeyId, Properties, QueueId};
use alloc::boxed::Box;
use alloc::vec::Vec;
use mqlab_kernel::SimTime;
use mqlab_model::Message;

/// What one command says of the deaths of a message.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Fate {
    /// The queue.
    pub queue: QueueId,
    /// Why.
    pub reason: Reason,
    /// How often.
    pub count: u32,
    /// The exchange that the message was published to.
    pub exchange: ExchangeId,
    /// Its routing key then.
    pub key: KeyId,
    /// It died here first.
    pub is_first: bool,
    /// It was routed by the keys of `CC`, too.
    pub had_copies: bool,
    /// Some queue has chosen the key by now.
    pub is_key_chosen: bool,
    /// The header `CC` is gone by now.
    pub has_no_copies: bool,
}

impl Fate {
    /// The command that says it.
    pub(super) fn command(self, member: MemberId, life: u16, number: u32) -> Command {
        Command::Died {
            member,
            life,
            number,
            fate: self,
        }
    }

    /// Adds it to what is known of `message`.
    pub(super) fn tell(self, config: &Config, message: Message, story: &mut Story) {
        let properties = config.properties(message).filter(|_| self.is_first);
        let details = Death {
            exchange: self.exchange,
            keys: special::keys(config, message, self.key, !self.had_copies, Properties::copies),
            at: SimTime::ZERO,
            expiration: properties.and_then(|known| known.expiration.clone()),
        };
        let death = Counted {
            queue: self.queue,
            reason: self.reason,
            count: self.count,
            details,
        };
        story.deaths.remember(death, self.is_first);
        (story.is_key_chosen, story.has_no_copies) = (self.is_key_chosen, self.has_no_copies);
    }
}

/// By which way a message came to a queue, and what became of it before: what a dead
/// letter of the queue is made of.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Way {
    /// The exchange that it was published to, and its routing key.
    pub(super) route: (ExchangeId, KeyId),
    /// Its deaths, the oldest first.
    pub(super) fates: Vec<Fate>,
}

/// The story that fates tell, if there are any.
pub(super) fn story_of(config: &Config, message: Message, fates: &[Fate]) -> Option<Box<Story>> {
    let mut story: Option<Box<Story>> = None;
    for fate in fates {
        fate.tell(config, message, story.get_or_insert_default());
    }
    story
}

/// What there is to say of a story, the oldest death first.
pub(super) fn fates<'a>(config: &'a Config, story: &'a Story) -> impl Iterator<Item = Fate> + 'a {
    let fate = |death: &Counted<QueueId, Death>| {
        let own = death.details.keys.first().and_then(|key| config.key_of(key));
        Fate {
            queue: death.queue,
            reason: death.reason,
            count: death.count,
            exchange: death.details.exchange,
            key: own.unwrap_or(KeyId::UNBOUND),
            is_first: story.deaths.first() == Some((death.queue, death.reason)),
            had_copies: death.details.keys.len() > 1,
            is_key_chosen: story.is_key_chosen,
            has_no_copies: story.has_no_copies,
        }
    };
    story.deaths.iter().rev().map(fate)
}
