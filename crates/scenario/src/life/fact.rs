//! Facts in words.

use super::notation::{counted, grouped};
use mqlab_engine::World;
use mqlab_kernel::SimSpan;
use mqlab_model::{Fact, FactKind, MessageId, PlaceId};
use std::fmt;

/// A fact as people read it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FactRow {
    /// The fact.
    pub fact: Fact,
    /// The name of the place.
    pub place: String,
    /// The message, as `source#number`; `None` if it is about none.
    pub message: Option<String>,
    /// What the fact's number says.
    pub detail: Detail,
    /// What is in the message, where it is offered with something in it.
    pub payload: Option<String>,
}

/// What the number of a fact says. Written in English; whoever speaks another
/// language reads the parts.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Detail {
    /// Nothing.
    None,
    /// It survives a restart of the broker.
    Survives,
    /// The broker marked it as redelivered.
    Redelivered,
    /// Overload killed the node.
    Overload,
    /// It carries a key that was given by hand and takes it elsewhere.
    OtherKey,
    /// So long after its offer.
    AfterOffer(SimSpan),
    /// So many queues took it.
    TakenBy(u64),
    /// This handler wrote it.
    By(String),
    /// The new value of a setting, in the setting's own unit.
    To(u64),
    /// The node at the other end.
    With(String),
}

impl FactRow {
    /// A fact of `world` in words.
    pub fn of(world: &World, fact: &Fact) -> Self {
        let payload = (fact.kind == FactKind::Offered).then(|| world.payload(fact.message));
        FactRow {
            fact: *fact,
            place: world.places().get(fact.place).name.clone(),
            message: fact.message.is_some().then(|| message_name(world, fact.message)),
            detail: Detail::of(world, fact),
            payload: payload.flatten().map(str::to_owned),
        }
    }

    /// Everything that is not in a column of its own, in English.
    pub fn remarks(&self) -> String {
        let detail = self.detail.to_string();
        match &self.payload {
            None => detail,
            Some(payload) if detail.is_empty() => format!("carries {payload:?}"),
            Some(payload) => format!("{detail}, carries {payload:?}"),
        }
    }
}

/// A message's name, `source#number`.
pub fn message_name(world: &World, id: MessageId) -> String {
    format!("{}#{}", world.sources().get(id.source()).name, id.number())
}

impl Detail {
    fn of(world: &World, fact: &Fact) -> Detail {
        use FactKind as Kind;
        let flag = |detail| if fact.value == 1 { detail } else { Detail::None };
        let name = |place: PlaceId| {
            let is_known = usize::from(place.0) < world.places().len();
            is_known.then(|| world.places().get(place).name.clone())
        };
        match fact.kind {
            Kind::Offered => flag(Detail::OtherKey),
            Kind::Enqueued => flag(Detail::Survives),
            Kind::Dispatched | Kind::Received => flag(Detail::Redelivered),
            Kind::Down => flag(Detail::Overload),
            Kind::Started | Kind::Handled | Kind::Responded => {
                Detail::AfterOffer(SimSpan::from_nanos(fact.value.min(SimSpan::MAX.nanos())))
            }
            Kind::Confirmed => Detail::TakenBy(fact.value),
            // A place is a number of sixteen bits; what is above them is for the oracle.
            Kind::Written => name(PlaceId(fact.value as u16)).map_or(Detail::None, Detail::By),
            Kind::Cut | Kind::Healed | Kind::Broken => {
                name(PlaceId(fact.value as u16)).map_or(Detail::None, Detail::With)
            }
            Kind::Changed => Detail::To(fact.value),
            _ => Detail::None,
        }
    }
}

impl fmt::Display for Detail {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Detail::None => Ok(()),
            Detail::Survives => out.write_str("survives a restart"),
            Detail::Redelivered => out.write_str("redelivered"),
            Detail::Overload => out.write_str("overload"),
            Detail::OtherKey => out.write_str("with another key"),
            Detail::AfterOffer(span) => write!(out, "{span} after its offer"),
            Detail::TakenBy(queues) => write!(out, "taken by {}", counted(*queues, "queue")),
            Detail::By(name) => write!(out, "by {name}"),
            Detail::To(value) => write!(out, "to {}", grouped(*value)),
            Detail::With(name) => write!(out, "connection with {name}"),
        }
    }
}
