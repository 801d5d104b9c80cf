//! From the steps of a plan to a program: names become ports, blocks become
//! jumps.

use super::build::Builder;
use crate::node::{Block, BlockKind, Scan, StampPlan, Step};
use crate::plan::{NodeKind, Patience, PublisherPlan, RowChange, RowTest, ServicePlan, StepPlan};
use crate::statement::{Operation, Statement};
use alloc::vec::Vec;
use mqlab_kernel::{SimSpan, hash_name, sort_by_key};
use mqlab_model::{NodeId, Port};

/// An operation by itself, or in a transaction.
fn statement(operation: Operation, in_transaction: bool) -> Statement {
    Statement {
        operation,
        in_transaction,
    }
}

/// Whether a step writes the row that is its handler's effect, which `last`
/// does, or looks up whether there is one.
fn has_effect(plan: &ServicePlan, index: usize, last: usize) -> bool {
    let step = &plan.steps[index];
    let covered = (index + 1)..=(index + usize::from(step.covers()));
    match step {
        StepPlan::When { test, table, .. } => {
            *test == RowTest::Absent && covered.contains(&last) && plan.steps[last].writes() == Some(*table)
        }
        _ => index == last,
    }
}

impl Builder<'_> {
    /// A service's steps and the blocks that they are in. A step has the same
    /// number in both.
    pub(super) fn program(&self, id: NodeId, plan: &ServicePlan, brokers: &[NodeId]) -> (Vec<Step>, Vec<Block>) {
        // The service by name and the step by its number among steps of its
        // kind: other steps may come and go without changing the draw.
        let salt = hash_name(&self.plan.nodes[usize::from(id.0)].name) as u32;
        let mut nth_work = 0;
        let mut next_salt = || {
            nth_work += 1;
            salt.wrapping_add(nth_work)
        };
        let last_insert = plan.steps.iter().rposition(|step| step.writes().is_some());
        let blocks = self.blocks(id, plan, brokers);
        let mut program = Vec::new();
        for (index, step) in plan.steps.iter().enumerate() {
            let mut around = blocks.iter().filter(|block| (block.first..block.end).contains(&index));
            let in_transaction = around
                .clone()
                .any(|block| matches!(block.kind, BlockKind::Transaction(_)));
            let is_of_records = around.any(|block| matches!(block.kind, BlockKind::Records(_)));
            program.push(match step {
                StepPlan::Work(takes) => Step::work(*takes, next_salt(), plan.bounds.overload),
                StepPlan::Publish {
                    to,
                    key,
                    takes,
                    confirm,
                } => Step::Publish {
                    to: (to.iter().enumerate())
                        .map(|(which, target)| self.output(id, (index as u16, which as u16), (target, *key), brokers))
                        .collect(),
                    takes: *takes,
                    confirm: *confirm,
                },
                StepPlan::Leave { commits } => Step::Leave {
                    commits: *commits,
                    commit: commit_of(&plan.steps, index),
                },
                StepPlan::Ack if is_of_records => Step::AckWithin,
                step if step.commits_records() => Step::CommitRecords {
                    producer: records_of(plan, brokers),
                },
                _ => {
                    let effect = last_insert.is_some_and(|last| has_effect(plan, index, last));
                    self.plain_step(id, (index, step), effect, in_transaction)
                }
            });
        }
        if plan.on_failure.is_some() {
            program.push(Step::End { well: false });
        }
        (program, blocks)
    }

    fn plain_step(&self, id: NodeId, (index, step): (usize, &StepPlan), effect: bool, in_transaction: bool) -> Step {
        let port = |node: &NodeId| self.ports.to(id, *node);
        match step {
            StepPlan::Insert(table) if !in_transaction && self.stamp(*table).is_none() => Step::Insert {
                table: port(table),
                effect,
            },
            StepPlan::Insert(table) => Step::Row {
                table: port(table),
                statement: statement(Operation::Insert, in_transaction),
                stamp: self.stamp(*table),
                effect,
            },
            StepPlan::Row { table, change } => {
                let operation = match change {
                    RowChange::InsertIfNew => Operation::InsertIfNew,
                    RowChange::Set(state) => Operation::Set(*state),
                    RowChange::Delete => Operation::Delete,
                };
                Step::Row {
                    table: port(table),
                    statement: statement(operation, in_transaction),
                    stamp: step.writes().and_then(|table| self.stamp(table)),
                    effect,
                }
            }
            StepPlan::When { table, test, covers } => {
                let (operation, lease) = match test {
                    RowTest::Absent => (Operation::IsAbsent, None),
                    RowTest::Claim(lease) => (Operation::Claim, *lease),
                };
                let stamp = lease.map(|lease| StampPlan {
                    is_own: !lease.by_table,
                    lease: lease.span,
                });
                Step::When {
                    effect,
                    table: port(table),
                    statement: statement(operation, in_transaction),
                    stamp,
                    otherwise: index + 1 + usize::from(*covers),
                }
            }
            StepPlan::Begin { .. } => Step::Begin,
            StepPlan::Commit { tables, two_phase } => Step::Commit {
                tables: tables.iter().map(port).collect(),
                two_phase: *two_phase,
            },
            StepPlan::Retry { .. } => Step::Retry,
            StepPlan::Fail(plan) => Step::Fail { plan: *plan, times: 0 },
            StepPlan::Call {
                services,
                parallel,
                patience,
            } => Step::Call {
                services: services.iter().map(port).collect(),
                parallel: *parallel,
                patience: (*patience != Patience::default()).then_some(*patience),
                salt: (hash_name(&self.plan.nodes[usize::from(id.0)].name) as u32).wrapping_add((index as u32) << 16),
            },
            StepPlan::Ack => Step::Ack,
            StepPlan::Nack { requeue } => Step::Nack { requeue: *requeue },
            StepPlan::Respond => Step::Respond,
            StepPlan::Done | StepPlan::Work(_) | StepPlan::Publish { .. } | StepPlan::Leave { .. } => {
                Step::End { well: true }
            }
        }
    }

    /// What is sent along with a row for a table that goes by stamps.
    fn stamp(&self, table: NodeId) -> Option<StampPlan> {
        let NodeKind::Table(plan) = &self.plan.nodes[usize::from(table.0)].kind else {
            return None;
        };
        plan.by_stamp.then_some(StampPlan {
            is_own: true,
            lease: SimSpan::ZERO,
        })
    }

    /// The blocks of a service's steps, inner ones first.
    fn blocks(&self, id: NodeId, plan: &ServicePlan, brokers: &[NodeId]) -> Vec<Block> {
        let mut blocks = Vec::new();
        for (index, step) in plan.steps.iter().enumerate() {
            let (first, end) = (index + 1, index + 1 + usize::from(step.covers()));
            let kind = match step {
                StepPlan::Begin { .. } => match self.databases(id, plan, end - 1) {
                    none if none.is_empty() => BlockKind::Records(records_of(plan, brokers)),
                    tables => BlockKind::Transaction(tables),
                },
                StepPlan::Retry { attempts, pause, .. } => BlockKind::Retry {
                    attempts: *attempts,
                    pause: *pause,
                },
                _ => continue,
            };
            blocks.push(Block { first, end, kind });
        }
        if let Some(on_failure) = plan.on_failure {
            let next = usize::from(on_failure);
            let kind = BlockKind::Otherwise(next);
            blocks.push(Block {
                first: 0,
                end: next,
                kind,
            });
        }
        sort_by_key(&mut blocks, |block| block.end - block.first);
        blocks
    }

    /// The ports of the tables that a commit step names.
    fn databases(&self, id: NodeId, plan: &ServicePlan, commit: usize) -> Vec<Port> {
        match plan.steps.get(commit) {
            Some(StepPlan::Commit { tables, .. }) => tables.iter().map(|table| self.ports.to(id, *table)).collect(),
            _ => Vec::new(),
        }
    }

    pub(super) fn scan(&self, id: NodeId, plan: &ServicePlan) -> Option<Scan> {
        let scan = plan.scan?;
        let times = scan.retries.map_or(0, |retries| retries.saturating_add(1));
        let operation = Operation::Scan {
            state: scan.state,
            times,
        };
        Some(Scan {
            table: self.ports.to(id, scan.table),
            every: scan.every,
            statement: statement(operation, false),
        })
    }
}

/// The step that commits the transaction in which another stands.
fn commit_of(steps: &[StepPlan], index: usize) -> usize {
    let holds = |(begin, step): (usize, &StepPlan)| {
        let commit = begin + usize::from(step.covers());
        (matches!(step, StepPlan::Begin { .. }) && (begin..commit).contains(&index)).then_some(commit)
    };
    steps.iter().enumerate().find_map(holds).unwrap_or(index)
}

/// The index of the producer that makes transactions, among those of a service,
/// which are listed by their brokers.
fn records_of(plan: &ServicePlan, brokers: &[NodeId]) -> usize {
    let makes = |settings: &PublisherPlan| match settings {
        PublisherPlan::Kafka(settings) => settings.transactional.is_some(),
        PublisherPlan::Plain => false,
    };
    let mut listed = plan.producers.iter();
    let known = listed.find(|(_, settings)| makes(settings));
    let known = known.and_then(|(broker, _)| brokers.iter().position(|one| one == broker));
    known.expect("a transaction without tables has a producer that makes it")
}
