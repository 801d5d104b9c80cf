//! What messages are about: the customer, the order, the account.
//!
//! A load may say how many such things its messages are about. Which one a
//! message is about follows from its number, or is drawn from it, and what is
//! made of a message is about the same.

use crate::plan::{NodeKind, Plan, ThingsPlan};
use crate::sources::Sources;
use alloc::rc::Rc;
use mqlab_kernel::{draw_at, draw_key, hash_name};
use mqlab_model::{MessageId, Purpose, SourceId};

/// The things of one load.
#[derive(Clone, Copy, Debug)]
struct About {
    /// The load's source.
    root: SourceId,
    count: u64,
    /// What they are drawn with; without it they come in turn.
    draws: Option<u64>,
}

/// By source, what its messages are about.
#[derive(Clone, Debug, Default)]
pub(crate) struct Things(Rc<[Option<About>]>);

impl Things {
    pub(crate) fn of(plan: &Plan, sources: &Sources) -> Self {
        let about = |source: u16| {
            let root = sources.root(SourceId(source));
            let load = sources.get(root);
            let NodeKind::Load(plan_of_load) = &plan.nodes[usize::from(load.node.0)].kind else {
                return None;
            };
            let ThingsPlan { count, in_turn } = plan_of_load.things?;
            let draws = (!in_turn).then(|| draw_key(plan.seed, hash_name(&load.name), Purpose::Key as u64));
            Some(About { root, count, draws })
        };
        Things((0..sources.len() as u16).map(about).collect())
    }

    /// Which thing a message is about, and of how many; `None` if nobody says.
    pub(crate) fn number(&self, message: MessageId) -> Option<(u64, u64)> {
        let About { count, draws, .. } = (*self.0.get(usize::from(message.source().0))?)?;
        let number = match draws {
            None => message.number() % count,
            // The high bits, scaled: no thing is favoured.
            Some(key) => ((u128::from(draw_at(key, message.number())) * u128::from(count)) >> 64) as u64,
        };
        Some((number, count))
    }

    /// The same as one number, which things of other loads do not have.
    pub(crate) fn of_message(&self, message: MessageId) -> Option<u64> {
        let (number, _) = self.number(message)?;
        let root = (*self.0.get(usize::from(message.source().0))?)?.root;
        Some(MessageId::new(root, number).bits())
    }
}
