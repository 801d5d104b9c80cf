//! Steps that have steps of their own. In a plan they stand one behind the
//! other, with the number of those that belong to the first.

use super::Build;
use super::keys::is_topic;
use crate::diagnostic::Diagnostic;
use crate::limits::{STEPS_MAX, TRANSACTION_DATABASES_MAX};
use crate::names::Named;
use crate::phrase::{Phrase, Text, text};
use crate::read;
use crate::tree::{Item, Table, Tree};
use mqlab_engine::plan::{RowChange, RowState, RowTest, StepPlan};
use mqlab_kernel::SimSpan;
use mqlab_model::NodeId;

/// The steps of a service as they become a plan.
#[derive(Default)]
pub(super) struct Steps<'a> {
    /// Each with the place where it stands.
    pub(super) steps: Vec<(StepPlan, &'a Tree)>,
    /// Something was wrong with one of them.
    pub(super) is_broken: bool,
    in_transaction: bool,
    in_attempts: bool,
}

impl<'a> Build<'a> {
    /// Adds a list of steps.
    pub(super) fn add_steps<'t>(&mut self, trees: &'t [Tree], into: &mut Steps<'t>) {
        for tree in trees.iter().take(STEPS_MAX) {
            if into.steps.len() >= STEPS_MAX {
                if !into.is_broken {
                    self.error("limit", tree, text!(TooManySteps, STEPS_MAX));
                }
                into.is_broken = true;
                return;
            }
            let block = match &tree.item {
                Item::Table(table) => self.block(tree, table, into),
                _ => None,
            };
            if block.is_none() {
                match self.step(tree) {
                    Some(StepPlan::Leave { .. }) if !into.in_transaction => {
                        let (message, help) = (Phrase::EndsNoTransaction, Phrase::TransactionEnds);
                        self.found
                            .push(Diagnostic::error("bad-step", &tree.span, message).help(help));
                        into.is_broken = true;
                    }
                    Some(step) => into.steps.push((step, tree)),
                    None => into.is_broken = true,
                }
            }
        }
    }

    /// Adds a step with steps of its own, if it is one.
    fn block<'t>(&mut self, tree: &'t Tree, table: &'t Table, into: &mut Steps<'t>) -> Option<()> {
        if table.get("transaction").is_some() {
            return self.transaction(tree, table, into);
        }
        let (key, step) = self.beginning(table, into)?;
        if table.get("steps").is_none() {
            let help = Text::code(format!("{{ {key} = .., steps = [..] }}"));
            let message = text!(NeedsSteps, key);
            self.found
                .push(Diagnostic::error("missing-key", &tree.span, message).help(help));
            into.is_broken = true;
        }
        let at = into.steps.len();
        into.is_broken |= step.is_none();
        into.steps.push((step.unwrap_or(StepPlan::Ack), tree));
        let outer = into.in_attempts;
        into.in_attempts |= key == "attempts";
        self.add_steps(table.elements("steps"), into);
        into.in_attempts = outer;
        let count = u16::try_from(into.steps.len() - at - 1).unwrap_or(u16::MAX);
        match &mut into.steps[at].0 {
            StepPlan::When { covers, .. } | StepPlan::Retry { covers, .. } => *covers = count,
            _ => {}
        }
        Some(())
    }

    /// What a block begins with, and its key; `None` if it is none.
    fn beginning<'t>(&mut self, table: &'t Table, into: &Steps<'t>) -> Option<(&'static str, Option<StepPlan>)> {
        let lease = self.lease(table, into.in_transaction);
        for (key, test) in [("unless", RowTest::Absent), ("claim", RowTest::Claim(lease))] {
            if let Some(tree) = table.get(key) {
                let when = self
                    .table_named(tree)
                    .map(|table| StepPlan::When { table, test, covers: 0 });
                return Some((key, when));
            }
        }
        let entry = table.entry("attempts")?;
        if into.in_attempts {
            let message = Phrase::AttemptsWithin;
            self.found.push(Diagnostic::error("bad-step", &entry.key_span, message));
        }
        let attempts = read::integer(&entry.tree, 1, 10_000).ok();
        let pause = table.get("pause").and_then(|tree| read::span(tree).ok());
        let retry = attempts.map(|attempts| StepPlan::Retry {
            attempts: u16::try_from(attempts).unwrap_or(u16::MAX),
            pause: pause.unwrap_or(SimSpan::ZERO),
            covers: 0,
        });
        Some(("attempts", retry))
    }

    fn transaction<'t>(&mut self, tree: &'t Tree, table: &'t Table, into: &mut Steps<'t>) -> Option<()> {
        let entry = table.entry("transaction")?;
        if into.in_transaction {
            let message = Phrase::TransactionWithin;
            self.found.push(Diagnostic::error("bad-step", &entry.key_span, message));
            into.is_broken = true;
        }
        let at = into.steps.len();
        into.steps.push((StepPlan::Begin { covers: 0 }, tree));
        into.in_transaction = true;
        self.add_steps(table.elements("transaction"), into);
        into.in_transaction = false;
        let two_phase = table
            .get("two_phase")
            .and_then(|tree| read::flag(tree).ok())
            .unwrap_or(false);
        let tables = self.databases(&into.steps[at + 1..], two_phase);
        let within = &into.steps[at + 1..];
        if tables.is_empty() && !into.is_broken && !within.iter().any(|(step, _)| publishes_records(step)) {
            let (message, help) = (Phrase::TransactionOfNothing, Phrase::TransactionHolds);
            self.found
                .push(Diagnostic::error("bad-step", &entry.key_span, message).help(help));
        }
        if tables.len() > TRANSACTION_DATABASES_MAX {
            let count = tables.len();
            let message = text!(TooManyDatabases, count, TRANSACTION_DATABASES_MAX);
            self.found.push(Diagnostic::error("limit", &entry.key_span, message));
            into.is_broken = true;
        }
        into.steps.push((StepPlan::Commit { tables, two_phase }, tree));
        let count = u16::try_from(into.steps.len() - at - 1).unwrap_or(u16::MAX);
        into.steps[at].0 = StepPlan::Begin { covers: count };
        Some(())
    }

    /// The first table of each database that some steps change. In one phase
    /// there can be one only.
    fn databases(&mut self, steps: &[(StepPlan, &Tree)], two_phase: bool) -> Vec<NodeId> {
        let mut known: Vec<(Option<&str>, NodeId)> = Vec::new();
        let mut wrong = None;
        for (step, tree) in steps {
            let Some(node) = step.table() else { continue };
            let database = self.database_of(node);
            let is_known =
                |(other, table): &(Option<&str>, NodeId)| *table == node || database.is_some() && *other == database;
            if !known.iter().any(is_known) {
                if !known.is_empty() && !two_phase {
                    wrong.get_or_insert((*tree, node));
                }
                known.push((database, node));
            }
        }
        if let (Some((tree, node)), Some((_, first))) = (wrong, known.first()) {
            let (one, other) = (self.names.node_name(*first), self.names.node_name(node));
            let message = text!(NotOneDatabase, one, other);
            let help = Phrase::SameDatabase;
            self.found
                .push(Diagnostic::error("two-databases", &tree.span, message).help(help));
        }
        known.into_iter().map(|(_, table)| table).collect()
    }

    /// The name of the database that a table is in, if it is in one with
    /// others.
    fn database_of(&self, node: NodeId) -> Option<&'a str> {
        let declared = self.names.nodes.get(usize::from(node.0))?;
        declared.entry.tree.table()?.get("database")?.text()
    }

    pub(super) fn table_named(&mut self, tree: &Tree) -> Option<NodeId> {
        let pick = |named| match named {
            Named::Table(node) => Some(node),
            _ => None,
        };
        self.names.resolve_tree(tree, Phrase::ATable, pick, &mut self.found)
    }

    /// A step that changes rows, if it is one; `Some(None)` if it is a wrong
    /// one.
    pub(super) fn row_step(&mut self, tree: &Tree, table: &Table) -> Option<Option<StepPlan>> {
        if let Some(insert) = table.get("insert") {
            let skips = table.get("on_duplicate").and_then(Tree::text);
            let node = self.table_named(insert);
            if let (Some("fail"), Some(node), Some(entry)) = (skips, node, table.entry("on_duplicate"))
                && !self.is_unique(node)
            {
                let name = self.names.node_name(node);
                let message = text!(NothingIsDuplicate, name);
                let help = Text::code(format!("table.{name}.unique = true"));
                self.found
                    .push(Diagnostic::error("bad-step", &entry.key_span, message).help(help));
            }
            return Some(node.map(|node| match skips {
                Some("skip") => StepPlan::Row {
                    table: node,
                    change: RowChange::InsertIfNew,
                },
                _ => StepPlan::Insert(node),
            }));
        }
        let (name, change) = match (table.get("update"), table.get("delete")) {
            (Some(update), _) => {
                let Some(set) = table.get("set") else {
                    let message = Phrase::UpdateNeedsSet;
                    self.error("missing-key", tree, message);
                    return Some(None);
                };
                (update, set.text().and_then(RowState::named).map(RowChange::Set))
            }
            (None, Some(delete)) => (delete, Some(RowChange::Delete)),
            (None, None) => return None,
        };
        let table = self.table_named(name);
        Some(table.zip(change).map(|(table, change)| StepPlan::Row { table, change }))
    }

    fn is_unique(&self, node: NodeId) -> bool {
        let declared = self.names.nodes.get(usize::from(node.0));
        let table = declared.and_then(|declared| declared.entry.tree.table());
        let unique = table.and_then(|table| table.get("unique"));
        unique.is_some_and(|tree| matches!(tree.item, Item::Bool(true)))
    }
}

/// Whether a step publishes to Kafka.
pub(super) fn publishes_records(step: &StepPlan) -> bool {
    match step {
        StepPlan::Publish { to, .. } => to.iter().any(|to| is_topic(Some(*to))),
        _ => false,
    }
}
