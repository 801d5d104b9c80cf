//! Tables of databases.

use super::{Build, overload};
use crate::diagnostic::Diagnostic;
use crate::names::Named;
use crate::phrase::{Phrase, text};
use crate::read;
use crate::tree::{Table, Tree};
use mqlab_engine::plan::{Expects, Overload, RowState, ScanPlan, TablePlan};
use mqlab_kernel::SimSpan;

impl Build<'_> {
    /// One table.
    pub(super) fn database_table(&mut self, name: &str, table: &Table) -> TablePlan {
        let span = |key: &str| table.get(key).and_then(|tree| read::span(tree).ok());
        let expires = span("expires");
        if let (Some(SimSpan::ZERO), Some(tree)) = (expires, table.get("expires")) {
            self.error("bad-value", tree, Phrase::RowGoneAtOnce);
        }
        let per_thing = self.per_thing(name, table);
        let database = table.get("database").and_then(Tree::text);
        TablePlan {
            capacity: table.get("capacity").and_then(|tree| read::rate(tree).ok()),
            overload: table.get("overload").and_then(overload).unwrap_or(Overload::Slows),
            unique: table
                .get("unique")
                .and_then(|tree| read::flag(tree).ok())
                .unwrap_or(false),
            per_thing,
            by_stamp: self.by_stamp(name, table, per_thing),
            expires,
            database: database.map(|database| self.database(database)),
            expects: table.get("expects").and_then(|tree| self.expects(name, tree)),
        }
    }

    /// Whether it has a row for each thing.
    fn per_thing(&mut self, name: &str, table: &Table) -> bool {
        let entry = table.entry("per_thing");
        let is_on = entry.and_then(|entry| read::flag(&entry.tree).ok()).unwrap_or(false);
        if let (true, Some(expects)) = (is_on, table.entry("expects")) {
            let message = text!(PerThingExpects, name);
            self.found
                .push(Diagnostic::error("bad-value", &expects.key_span, message));
        }
        is_on
    }

    /// The number of a database: of the first table that is in it.
    fn database(&self, database: &str) -> u16 {
        let tables = self.root.within("table").iter();
        let is_in = |tree: &Tree| {
            let name = tree.table().and_then(|table| table.get("database"));
            name.and_then(Tree::text) == Some(database)
        };
        let first = tables.map(|entry| &entry.tree).position(is_in);
        first.and_then(|first| u16::try_from(first).ok()).unwrap_or(u16::MAX)
    }

    fn expects(&mut self, name: &str, tree: &Tree) -> Option<Expects> {
        let pick = |named| match named {
            Named::Load(node) => Some(Expects::Load(node)),
            Named::Table(node) => Some(Expects::Table(node)),
            _ => None,
        };
        if tree.text() == Some(name) {
            self.error("bad-value", tree, Phrase::TableOfItsOwn);
            return None;
        }
        self.names
            .resolve_tree(tree, Phrase::LoadOrOtherTable, pick, &mut self.found)
    }

    /// The table that a service looks through.
    pub(super) fn scan(&mut self, service: &Table) -> Option<ScanPlan> {
        let entry = service.entry("scan")?;
        if service.get("consume").is_some() {
            let message = Phrase::ConsumesOrScans;
            let help = Phrase::MakeTwoServices;
            self.found
                .push(Diagnostic::error("bad-scan", &entry.key_span, message).help(help));
        }
        let scan = entry.tree.table()?;
        let table = self.table_named(scan.get("table")?)?;
        let every = read::span(scan.get("every")?).ok()?;
        if every == SimSpan::ZERO {
            self.error("bad-value", scan.get("every")?, Phrase::NothingButLook);
        }
        if self.root.get("until").is_none() {
            let message = Phrase::ScannerNeedsUntil;
            self.found.push(Diagnostic::error("endless", &entry.key_span, message));
        }
        let state = scan.get("state").and_then(Tree::text).and_then(RowState::named);
        let retries = scan.get("retries").and_then(|tree| read::integer(tree, 0, 10_000).ok());
        Some(ScanPlan {
            table,
            every,
            state: state.unwrap_or_default(),
            retries: retries.and_then(|retries| u16::try_from(retries).ok()),
        })
    }
}
