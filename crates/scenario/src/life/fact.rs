//! Facts in words.

use super::notation::{counted, grouped, ordinal};
use mqlab_brokers::parts::Reason;
use mqlab_engine::World;
use mqlab_engine::plan::RowState;
use mqlab_kernel::{Bytes, SimSpan};
use mqlab_model::{CallFailure, Death, Deletion, Fact, FactKind, MessageId, PlaceId, Port, Refusal, TurnedAway};
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
    /// What a node died of.
    Died(Death),
    /// Why a message was refused.
    Refused(Refusal),
    /// Why a call was turned away.
    TurnedAway(TurnedAway),
    /// Why a call failed.
    CallFailed(CallFailure),
    /// Why a queue gave it up.
    GivenUp(Reason),
    /// A worker had begun with it.
    Begun,
    /// Why a row is gone.
    Gone(Deletion),
    /// The new state of a row.
    State(RowState),
    /// So often this has happened, with this time.
    Time(u64),
    /// So often the call has been made.
    Made(u64),
    /// So many changes of a transaction.
    Changes(u64),
    /// So many writes of a disk.
    Writes(u64),
    /// The node that called, or was called.
    Peer(String),
    /// It carries a key that was given by hand and takes it elsewhere.
    OtherKey,
    /// So long after its offer.
    AfterOffer(SimSpan),
    /// So many queues took it.
    TakenBy(u64),
    /// This handler wrote it.
    By(String),
    /// So much memory.
    Bytes(u64),
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
        let index = usize::try_from(fact.value).unwrap_or(usize::MAX);
        let name = |place: PlaceId| {
            let is_known = usize::from(place.0) < world.places().len();
            is_known.then(|| world.places().get(place).name.clone())
        };
        match fact.kind {
            Kind::Offered => flag(Detail::OtherKey),
            Kind::Enqueued => flag(Detail::Survives),
            Kind::Dispatched | Kind::Received => flag(Detail::Redelivered),
            Kind::Down => Death::of(fact.value).map_or(Detail::None, Detail::Died),
            Kind::Refused => Refusal::of(fact.value).map_or(Detail::None, Detail::Refused),
            Kind::TurnedAway => TurnedAway::of(fact.value).map_or(Detail::None, Detail::TurnedAway),
            Kind::CallFailed => CallFailure::of(fact.value).map_or(Detail::None, Detail::CallFailed),
            Kind::DeadLettered => Reason::ALL.get(index).copied().map_or(Detail::None, Detail::GivenUp),
            Kind::Updated => RowState::ALL.get(index).copied().map_or(Detail::None, Detail::State),
            Kind::Aborted => flag(Detail::Begun),
            Kind::Deleted => match Deletion::of(fact.value) {
                Some(Deletion::Asked) | None => Detail::None,
                Some(why) => Detail::Gone(why),
            },
            Kind::Found => Detail::Time(fact.value),
            Kind::Retried => Detail::Made(fact.value),
            Kind::RolledBack => Detail::Changes(fact.value),
            Kind::Synced => Detail::Writes(fact.value),
            Kind::MemoryHigh | Kind::MemoryFree => Detail::Bytes(fact.value),
            Kind::Blacklisted | Kind::BreakerOpened | Kind::BreakerClosed => {
                let node = world.places().get(fact.place).node;
                let peer = world.peer(node, Port(fact.value as u16));
                name(PlaceId(peer.0)).map_or(Detail::None, Detail::Peer)
            }
            Kind::Started | Kind::Handled | Kind::Responded => {
                Detail::AfterOffer(SimSpan::from_nanos(fact.value.min(SimSpan::MAX.nanos())))
            }
            Kind::Confirmed => Detail::TakenBy(fact.value),
            // A place is a number of sixteen bits; what is above them is for the oracle.
            Kind::Written | Kind::Repeated | Kind::Known | Kind::Replaced | Kind::Absent => {
                name(PlaceId(fact.value as u16)).map_or(Detail::None, Detail::By)
            }
            Kind::Cut | Kind::Healed | Kind::Broken => {
                name(PlaceId(fact.value as u16)).map_or(Detail::None, Detail::With)
            }
            Kind::Changed => Detail::To(fact.value),
            // Their values say nothing.
            Kind::Sent
            | Kind::Unroutable
            | Kind::WriteRefused
            | Kind::Failed
            | Kind::Settled
            | Kind::Requeued
            | Kind::Discarded
            | Kind::Destroyed
            | Kind::Dropped
            | Kind::Up
            | Kind::Paused
            | Kind::Resumed
            | Kind::Purged
            | Kind::DiskFull
            | Kind::DiskFree
            | Kind::Forgotten
            | Kind::Expired
            | Kind::Evicted
            | Kind::Returned
            | Kind::FoundEmpty
            | Kind::PassedOver
            | Kind::Voided => Detail::None,
        }
    }
}

impl fmt::Display for Detail {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Detail::None => Ok(()),
            Detail::Survives => out.write_str("survives a restart"),
            Detail::Redelivered => out.write_str("redelivered"),
            Detail::Died(death) => out.write_str(match death {
                Death::Killed => "killed",
                Death::Overload => "overload",
                Death::Power => "the power was cut",
                Death::Disk => "its disk is lost",
            }),
            Detail::Refused(refusal) => out.write_str(match refusal {
                Refusal::Declined => "declined, or nobody there",
                Refusal::Unanswered => "the connection closed",
                Refusal::NoRoom => "no room",
            }),
            Detail::TurnedAway(why) => out.write_str(match why {
                TurnedAway::NoRoom => "no room",
                TurnedAway::Blacklisted => "its caller is blacklisted",
                TurnedAway::Enough => "enough were taken",
            }),
            Detail::CallFailed(why) => out.write_str(match why {
                CallFailure::Refused => "refused, or nobody there",
                CallFailure::TimedOut => "no answer in time",
                CallFailure::NotTried => "not made, the breaker is open",
            }),
            Detail::GivenUp(reason) => out.write_str(match reason {
                Reason::Rejected => "rejected",
                Reason::Expired => "expired",
                Reason::Full => "the queue was full",
                Reason::Returned => "came back too often",
            }),
            Detail::Begun => out.write_str("a worker had begun"),
            Detail::Gone(why) => out.write_str(match why {
                Deletion::Asked => "somebody deleted it",
                Deletion::Expired => "its time was over",
                Deletion::LeaseOver => "its claim was over",
            }),
            Detail::State(state) => write!(out, "now {}", state.word()),
            Detail::Time(times) => write!(out, "for the {} time", ordinal(*times)),
            Detail::Made(times) => write!(out, "made {} so far", counted(*times, "time")),
            Detail::Changes(changes) => out.write_str(&counted(*changes, "change")),
            Detail::Bytes(bytes) => Bytes(*bytes).fmt(out),
            Detail::Writes(writes) => out.write_str(&counted(*writes, "write")),
            Detail::Peer(name) => write!(out, "with {name}"),
            Detail::OtherKey => out.write_str("with another key"),
            Detail::AfterOffer(span) => write!(out, "{span} after its offer"),
            Detail::TakenBy(queues) => write!(out, "taken by {}", counted(*queues, "queue")),
            Detail::By(name) => write!(out, "by {name}"),
            Detail::To(value) => write!(out, "to {}", grouped(*value)),
            Detail::With(name) => write!(out, "connection with {name}"),
        }
    }
}
