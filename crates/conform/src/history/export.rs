//! A history out of the facts of our own runs: what their clients could have
//! told an outsider.
//!
//! A queue is a key, and the place that a message took in it is its offset. A
//! source is a process that sends each message as a transaction of its own,
//! which ends well when the sender is told that the message is safe, fails
//! when it is told that it was not taken, and is of unknown end otherwise. A
//! consuming service is a process that polls a message when it has handled it:
//! what was in its hands and came to nothing was not read by anybody. How the
//! worlds' own verdicts are found is not looked at.

use super::operation::{Act, Datum, Ending, Operation, Step};
use mqlab_engine::plan::{NodeKind, Plan};
use mqlab_engine::{PlaceKind, Places};
use mqlab_model::{Fact, FactKind, MessageId, NodeId, PlaceId};
use std::collections::BTreeMap;

/// What is known of one message that was sent.
#[derive(Clone, Debug, Default)]
struct Sent {
    /// Queues that took it, with the places that it got there.
    taken: Vec<(PlaceId, u64)>,
}

/// The history of a run, from all of its facts in order.
pub fn exported(plan: &Plan, facts: &[Fact]) -> Vec<Operation> {
    let places = Places::of(plan);
    let mut lengths: BTreeMap<PlaceId, u64> = BTreeMap::new();
    let mut open: BTreeMap<MessageId, Sent> = BTreeMap::new();
    let mut offsets: BTreeMap<(PlaceId, MessageId), u64> = BTreeMap::new();
    let mut history = Vec::new();
    for fact in facts.iter().filter(|fact| fact.message.is_some()) {
        match fact.kind {
            FactKind::Offered => drop(open.entry(fact.message).or_default()),
            FactKind::Enqueued => {
                let length = lengths.entry(fact.place).or_default();
                open.entry(fact.message).or_default().taken.push((fact.place, *length));
                offsets.insert((fact.place, fact.message), *length);
                *length += 1;
            }
            FactKind::Confirmed | FactKind::Refused => {
                let ending = if fact.kind == FactKind::Confirmed {
                    Ending::Ok
                } else {
                    Ending::Fail
                };
                if let Some(sent) = open.remove(&fact.message) {
                    history.push(send(&places, fact.message, &sent, ending));
                }
            }
            FactKind::Handled => {
                if let Some(queue) = queue_of(plan, &places, fact.place) {
                    let offset = offsets.get(&(queue, fact.message)).copied();
                    let process = i64::from(places.get(fact.place).node.0);
                    let polled = BTreeMap::from([(key(&places, queue), vec![(offset, value(fact.message))])]);
                    history.push(Operation::new(
                        process,
                        Ending::Ok,
                        Act::Transaction(vec![Step::Poll(polled)]),
                    ));
                }
            }
            _ => {}
        }
    }
    // What nobody was told of.
    history.extend(
        open.iter()
            .map(|(message, sent)| send(&places, *message, sent, Ending::Info)),
    );
    history
}

fn send(places: &Places, message: MessageId, sent: &Sent, ending: Ending) -> Operation {
    let step = |(queue, offset): &(PlaceId, u64)| Step::Send {
        key: key(places, *queue),
        offset: Some(*offset),
        value: value(message),
    };
    // Sources and nodes count apart; no process is both.
    let process = -1 - i64::from(message.source().0);
    Operation::new(process, ending, Act::Transaction(sent.taken.iter().map(step).collect()))
}

fn key(places: &Places, queue: PlaceId) -> Datum {
    Datum::Text(places.get(queue).name.clone())
}

/// The same message has the same value in every queue.
fn value(message: MessageId) -> Datum {
    Datum::Number(message.bits() as i64)
}

/// The queue whose deliveries come in at a place.
fn queue_of(plan: &Plan, places: &Places, inlet: PlaceId) -> Option<PlaceId> {
    let place = places.get(inlet);
    match place.kind {
        PlaceKind::Queue => Some(inlet),
        PlaceKind::Subscription => {
            let NodeId(node) = place.node;
            let NodeKind::Service(service) = &plan.nodes.get(usize::from(node))?.kind else {
                return None;
            };
            service.consume.as_ref()?.place(places)
        }
        _ => None,
    }
}
