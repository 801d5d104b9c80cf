//! The store against a naive model: rows in a list, transactions as lists of
//! changes, one operation after the other.

use super::Pending;
use super::{Store, StoreParts};
use crate::plan::RowState;
use crate::statement::{Ending, Operation, Statement};
use crate::wire::Wire;
use mqlab_kernel::SimTime;
use mqlab_model::{Context, FactKind, Message, MessageId, PlaceId, Port, Progress, Purpose, SourceId, TimerLane};
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::vec::Vec;

/// Takes down what is sent.
#[derive(Default)]
struct Paper {
    sent: Vec<(Port, Wire)>,
}

impl Context<Wire> for Paper {
    fn now(&self) -> SimTime {
        SimTime::ZERO
    }
    fn send(&mut self, port: Port, wire: Wire) {
        self.sent.push((port, wire));
    }
    fn arm(&mut self, _lane: TimerLane, _at: SimTime, _token: u64) {}
    fn emit(&mut self, _place: PlaceId, _kind: FactKind, _message: MessageId, _value: u64) {}
    fn draw(&self, _message: MessageId, _purpose: Purpose, _salt: u32) -> u64 {
        0
    }
    fn random(&mut self) -> u64 {
        0
    }
    fn die(&mut self) {}
    fn run_out(&mut self) {}
    fn size(&self, _message: MessageId) -> u64 {
        0
    }
    fn write(&mut self, _bytes: u64) -> u64 {
        0
    }
    fn disk(&self) -> Progress {
        Progress::default()
    }
}

/// What happens to the table.
#[derive(Clone, Copy, Debug)]
enum Event {
    /// A client's worker asks something about an id.
    Ask {
        client: u16,
        worker: u64,
        id: u64,
        statement: Statement,
    },
    /// A worker ends its transaction.
    End { client: u16, worker: u64, ending: Ending },
    /// A client dies.
    Close(u16),
    /// The table dies.
    Crash,
}

const CLIENTS: u16 = 2;

type Owner = (u16, u64);

/// Who asked what, in the model.
#[derive(Clone, Copy, Debug)]
struct Asked {
    owner: Owner,
    id: u64,
    statement: Statement,
}

/// A table as one would write it down on a sheet of paper.
#[derive(Default)]
struct Sheet {
    unique: bool,
    rows: Vec<(u64, RowState)>,
    open: BTreeMap<Owner, (Vec<(Operation, u64)>, bool)>,
    waiting: Vec<Asked>,
    /// Token and what the answer is: done, or whether it is so.
    answers: Vec<(Owner, bool)>,
}

impl Sheet {
    fn locks(&self, asked: &Asked) -> bool {
        let operation = asked.statement.operation;
        operation != Operation::IsAbsent && (self.unique || operation != Operation::Insert)
    }

    /// Somebody else has changed the id in a way that keeps it.
    fn is_locked(&self, id: u64, by: Option<Owner>) -> bool {
        let changes = |changes: &[(Operation, u64)]| {
            let keeps = |operation: Operation| self.unique || operation != Operation::Insert;
            changes
                .iter()
                .any(|(operation, changed)| *changed == id && keeps(*operation))
        };
        self.open
            .iter()
            .any(|(owner, (list, _))| Some(*owner) != by && changes(list))
    }

    fn has(&self, id: u64, by: Option<Owner>) -> bool {
        let mut rows = self.rows.clone();
        for (operation, id) in by
            .and_then(|by| self.open.get(&by))
            .into_iter()
            .flat_map(|open| &open.0)
        {
            apply(&mut rows, *operation, *id);
        }
        rows.iter().any(|(known, _)| *known == id)
    }

    fn ask(&mut self, asked: Asked) {
        let by = asked.statement.in_transaction.then_some(asked.owner);
        if self.locks(&asked) && self.is_locked(asked.id, by) {
            self.waiting.push(asked);
            return;
        }
        let is_there = self.has(asked.id, by);
        let operation = asked.statement.operation;
        let (changes, answer) = match operation {
            Operation::IsAbsent => (false, !is_there),
            Operation::Claim => (!is_there, !is_there),
            Operation::InsertIfNew => (!is_there, true),
            Operation::Insert => (!(self.unique && is_there), !(self.unique && is_there)),
            _ => (true, true),
        };
        if changes {
            match by {
                Some(owner) => self.open.entry(owner).or_default().0.push((operation, asked.id)),
                None => apply(&mut self.rows, operation, asked.id),
            }
        }
        self.answers.push((asked.owner, answer));
    }

    fn again(&mut self) {
        for asked in std::mem::take(&mut self.waiting) {
            self.ask(asked);
        }
    }

    fn happen(&mut self, event: Event) {
        match event {
            Event::Ask {
                client,
                worker,
                id,
                statement,
            } => {
                let owner = (client, worker);
                self.ask(Asked { owner, id, statement });
            }
            Event::End { client, worker, ending } => {
                let owner = (client, worker);
                match ending {
                    Ending::Prepare => self.open.entry(owner).or_default().1 = true,
                    Ending::Commit => {
                        for (operation, id) in self.open.remove(&owner).unwrap_or_default().0 {
                            apply(&mut self.rows, operation, id);
                        }
                    }
                    Ending::Rollback => drop(self.open.remove(&owner)),
                    Ending::Forget => self.open.retain(|(known, _), _| *known != client),
                }
                if matches!(ending, Ending::Prepare | Ending::Commit) {
                    self.answers.push((owner, true));
                }
                self.again();
            }
            Event::Close(client) => {
                self.waiting.retain(|asked| asked.owner.0 != client);
                self.open
                    .retain(|(known, _), (_, promised)| *known != client || *promised);
                self.again();
            }
            Event::Crash => {
                self.waiting.clear();
                self.open.retain(|_, (_, promised)| *promised);
            }
        }
    }
}

fn apply(rows: &mut Vec<(u64, RowState)>, operation: Operation, id: u64) {
    match operation {
        Operation::Set(state) => rows.iter_mut().filter(|row| row.0 == id).for_each(|row| row.1 = state),
        Operation::Delete => rows.retain(|row| row.0 != id),
        Operation::IsAbsent | Operation::Scan { .. } => {}
        _ => rows.push((id, RowState::New)),
    }
}

fn event() -> impl Strategy<Value = Event> {
    let operation = prop_oneof![
        3 => Just(Operation::Insert),
        2 => Just(Operation::InsertIfNew),
        2 => Just(Operation::Claim),
        1 => Just(Operation::IsAbsent),
        1 => Just(Operation::Delete),
        2 => (0usize..RowState::ALL.len()).prop_map(|state| Operation::Set(RowState::ALL[state])),
    ];
    let who = (0..CLIENTS, 0u64..2);
    let ask = (who.clone(), 0u64..4, operation, any::<bool>());
    let ask = ask.prop_map(|((client, worker), id, operation, in_transaction)| Event::Ask {
        client,
        worker,
        id,
        statement: Statement {
            operation,
            in_transaction,
        },
    });
    let ending = prop_oneof![
        1 => Just(Ending::Prepare),
        4 => Just(Ending::Commit),
        2 => Just(Ending::Rollback),
        1 => Just(Ending::Forget),
    ];
    let end = (who, ending).prop_map(|((client, worker), ending)| Event::End { client, worker, ending });
    prop_oneof![
        12 => ask,
        6 => end,
        1 => (0..CLIENTS).prop_map(Event::Close),
        1 => Just(Event::Crash),
    ]
}

fn happen(store: &mut Store, paper: &mut Paper, event: Event) {
    match event {
        Event::Ask {
            client,
            worker,
            id,
            statement,
        } => {
            let pending = Pending {
                port: Port(client),
                token: worker,
                message: Message::new(MessageId::new(SourceId(1), id), SimTime::ZERO, true),
                writer: 0,
                statement: statement.pack(),
            };
            store.execute(paper, &pending, Vec::new());
        }
        Event::End { client, worker, ending } => {
            store.end(paper, Port(client), (worker, PlaceId(client)), ending);
        }
        Event::Close(client) => store.close(paper, Port(client)),
        Event::Crash => store.crash(paper),
    }
}

fn answers(paper: &Paper) -> Vec<(Owner, bool)> {
    let answer = |(port, wire): &(Port, Wire)| match *wire {
        Wire::Answer { token, done } => Some(((port.0, token), done)),
        Wire::Found { token, is_so } => Some(((port.0, token), is_so)),
        _ => None,
    };
    paper.sent.iter().filter_map(answer).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn a_table_does_what_the_sheet_says(unique: bool, events in proptest::collection::vec(event(), 1..60)) {
        let parts = StoreParts {
            peers: (0..CLIENTS).map(PlaceId).collect(),
            members: Vec::new(),
            // Both sources are about the same business.
            roots: [SourceId(0), SourceId(0)].into(),
            things: None,
            unique,
            expires: None,
            is_copy: false,
            by_stamp: false,
        };
        let mut store = Store::new(PlaceId(9), parts);
        let mut paper = Paper::default();
        let mut sheet = Sheet { unique, ..Sheet::default() };
        for event in events {
            happen(&mut store, &mut paper, event);
            sheet.happen(event);
            prop_assert_eq!(answers(&paper), sheet.answers.clone());
            for state in RowState::ALL {
                let count = sheet.rows.iter().filter(|row| row.1 == state).count() as u64;
                prop_assert_eq!(store.count(state), count);
            }
            for id in 0..4 {
                let has = store.rows.has(MessageId::new(SourceId(0), id).bits());
                prop_assert_eq!(has, sheet.has(id, None));
                prop_assert_eq!(
                    store.transactions.is_locked(MessageId::new(SourceId(0), id).bits(), None),
                    sheet.is_locked(id, None)
                );
            }
            prop_assert_eq!(store.waiting(), sheet.waiting.len());
        }
    }
}
