//! Facts in words.

use crate::notation::{counted, grouped};
use mqlab_engine::World;
use mqlab_kernel::{SimSpan, SimTime};
use mqlab_model::{Fact, FactKind, MessageId, PlaceId};

/// A fact as people read it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct FactRow {
    /// When it happened.
    pub(crate) at: SimTime,
    /// The name of the place.
    pub(crate) place: String,
    /// What happened.
    pub(crate) fact: &'static str,
    /// The message, as `source#number`; `None` if it is about none.
    pub(crate) message: Option<String>,
    /// The number that belongs to the fact, as its kind counts it.
    pub(crate) value: u64,
    /// That number in words; empty where the kind says nothing.
    pub(crate) detail: String,
}

impl FactRow {
    /// A fact of `world` in words.
    pub(crate) fn of(world: &World, fact: &Fact) -> Self {
        FactRow {
            at: fact.at,
            place: world.places().get(fact.place).name.clone(),
            fact: fact.kind.word(),
            message: fact.message.is_some().then(|| message(world, fact.message)),
            value: fact.value,
            detail: detail(world, fact),
        }
    }
}

/// A message's name.
pub(crate) fn message(world: &World, id: MessageId) -> String {
    format!("{}#{}", world.sources().get(id.source()).name, id.number())
}

fn detail(world: &World, fact: &Fact) -> String {
    use FactKind as Kind;
    let flag = |word: &str| {
        if fact.value == 1 {
            word.to_owned()
        } else {
            String::new()
        }
    };
    match fact.kind {
        Kind::Enqueued => flag("survives a restart"),
        Kind::Dispatched | Kind::Received => flag("redelivered"),
        Kind::Down => flag("overload"),
        Kind::Started | Kind::Handled | Kind::Responded => {
            let nanos = fact.value.min(SimSpan::MAX.nanos());
            format!("{} after its offer", SimSpan::from_nanos(nanos))
        }
        Kind::Confirmed => format!("taken by {}", counted(fact.value, "queue")),
        Kind::Written => {
            // A place is a number of sixteen bits; what is above them is for the oracle.
            let place = PlaceId(fact.value as u16);
            let is_known = usize::from(place.0) < world.places().len();
            if is_known {
                format!("by {}", world.places().get(place).name)
            } else {
                String::new()
            }
        }
        Kind::Changed => format!("to {}", grouped(fact.value)),
        _ => String::new(),
    }
}
