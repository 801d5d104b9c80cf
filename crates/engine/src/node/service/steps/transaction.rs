//! Transactions: of one database, or in two phases of several.

use super::{BEGIN, Flow};
use crate::node::service::{BlockKind, Service, Step};
use crate::statement::Ending;
use crate::wire::Wire;
use alloc::vec::Vec;
use mqlab_model::{Context, PlaceId, Port};

/// Phases of a commit: the promises are under way, or the commits are.
const COMMITTING: u16 = 2;

impl Service {
    /// Commits, or asks for promises first. The worker goes on when all have
    /// answered.
    pub(super) fn commit<C: Context<Wire>>(&mut self, cx: &mut C, index: u32, step: usize) -> Flow {
        let Step::Commit { tables, two_phase } = &self.program[step] else {
            return Flow::Fail;
        };
        let (tables, two_phase) = (tables.clone(), *two_phase);
        let slot = self.workers.slot(index);
        let token = slot.token(index, 0).pack();
        if slot.phase == COMMITTING {
            // Who has not heard of the decision is told when it is back.
            if !slot.is_doomed {
                self.decided.remove(&token);
            }
            return Flow::Next;
        }
        if slot.is_doomed {
            return Flow::Fail;
        }
        let prepares = two_phase && slot.phase == BEGIN;
        slot.phase = if prepares { 1 } else { COMMITTING };
        slot.pending = (1 << tables.len()) - 1;
        if two_phase && !prepares {
            self.decided.insert(token);
        }
        let ending = if prepares { Ending::Prepare } else { Ending::Commit };
        for (which, table) in tables.iter().enumerate() {
            let token = self.workers.token(index, which as u8).pack();
            self.end_at(cx, *table, token, ending);
        }
        Flow::Wait
    }

    /// Ends a transaction before its last step.
    pub(super) fn leave<C: Context<Wire>>(&mut self, cx: &mut C, index: u32, commits: bool, commit: usize) -> Flow {
        if commits {
            return Flow::GoOn(commit);
        }
        match self.program.get(commit) {
            Some(Step::Commit { tables, .. }) => {
                let tables = tables.clone();
                self.roll_back(cx, index, &tables);
            }
            Some(Step::CommitRecords { producer }) => {
                let producer = *producer;
                self.abort_records(cx, producer);
            }
            _ => return Flow::Fail,
        }
        Flow::GoOn(commit + 1)
    }

    /// Whether a worker is past a decision that no failure takes back; then it
    /// is noted that somebody has not heard of it.
    pub(super) fn has_decided(&mut self, index: u32) -> bool {
        let slot = self.workers.slot(index);
        let step = self.program.get(usize::from(slot.step));
        let has = slot.phase == COMMITTING && matches!(step, Some(Step::Commit { two_phase: true, .. }));
        slot.is_doomed |= has;
        has
    }

    /// What a worker has done in a transaction never was.
    pub(super) fn roll_back<C: Context<Wire>>(&mut self, cx: &mut C, index: u32, tables: &[Port]) {
        let token = self.workers.token(index, 0).pack();
        for table in tables {
            self.end_at(cx, *table, token, Ending::Rollback);
        }
    }

    fn end_at<C: Context<Wire>>(&self, cx: &mut C, table: Port, token: u64, ending: Ending) {
        let client: PlaceId = self.place;
        cx.send(table, Wire::End { token, client, ending });
    }

    /// The database at `port` is gone, with all that was not committed: the
    /// transactions that have to do with it cannot be.
    pub(in crate::node::service) fn doom_transactions(&mut self, port: Port) {
        if self.blocks.is_empty() {
            return;
        }
        let busy: Vec<u32> = self.workers.in_hand().map(|(index, _)| index).collect();
        for index in busy {
            let step = usize::from(self.workers.slot(index).step);
            let is_in = self.blocks.iter().any(|block| {
                let is_of = matches!(&block.kind, BlockKind::Transaction(tables) if tables.contains(&port));
                is_of && (block.first..block.end).contains(&step)
            });
            // What is promised outlives the database.
            let is_promised = matches!(self.program.get(step), Some(Step::Commit { two_phase: true, .. }));
            if is_in && !is_promised {
                self.workers.slot(index).is_doomed = true;
            }
        }
    }

    /// After a restart, or when a database is back: what was decided is told
    /// again, and what was not never was.
    pub(in crate::node::service) fn recover_transactions<C: Context<Wire>>(&mut self, cx: &mut C, only: Option<Port>) {
        let mut ports: Vec<Port> = Vec::new();
        for step in &self.program {
            if let Step::Commit {
                tables,
                two_phase: true,
            } = step
            {
                ports.extend(tables.iter().filter(|port| only.is_none_or(|only| only == **port)));
            }
        }
        let is_new_life = only.is_none();
        for port in ports {
            for token in self.decided.iter().copied().collect::<Vec<u64>>() {
                self.end_at(cx, port, token, Ending::Commit);
            }
            if is_new_life {
                self.end_at(cx, port, 0, Ending::Forget);
            }
        }
    }
}
