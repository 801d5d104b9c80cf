//! Variants: the text's base with what each of them changes.

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::keys::SHARED;
use crate::limits::VARIANTS_MAX;
use crate::parse::DEFAULT_VARIANT;
use crate::phrase::text;
use crate::read::{bad_name, texts};
use crate::suggest::{did_you_mean, shown};
use crate::tree::{Item, Table, Tree};
use std::ops::Range;

/// A variant with its merged tree.
pub(crate) struct Merged {
    pub(crate) name: String,
    pub(crate) tree: Table,
    /// Where its own text stands.
    own: Vec<Range<usize>>,
}

/// Every variant of a document, in its order; one if it lists none.
pub(crate) fn merged(root: &Table, found: &mut Diagnostics) -> Vec<Merged> {
    let mut base = Table::default();
    root.entries()
        .iter()
        .filter(|entry| !SHARED.contains(&entry.key.as_str()))
        .for_each(|entry| base.push(entry.clone()));
    let listed = root.within("variant");
    if listed.is_empty() {
        return vec![Merged {
            name: DEFAULT_VARIANT.to_owned(),
            tree: base,
            own: Vec::new(),
        }];
    }
    if let Some(first) = listed.get(VARIANTS_MAX) {
        let message = text!(TooManyVariants, listed.len(), VARIANTS_MAX);
        found.push(Diagnostic::error("limit", &first.key_span, message));
    }
    let mut all = Vec::new();
    for entry in listed.iter().take(VARIANTS_MAX) {
        if let Some(message) = bad_name(&entry.key) {
            found.push(Diagnostic::error("bad-name", &entry.key_span, message));
        }
        let mut tree = base.clone();
        let mut own = Vec::new();
        if let Item::Table(table) = &entry.tree.item {
            if let Some(removed) = table.get("remove") {
                remove(&mut tree, removed, found);
            }
            tree.merge(&own_part(table, found));
            spans(table, &mut own);
        }
        all.push(Merged {
            name: entry.key.clone(),
            tree,
            own,
        });
    }
    all
}

/// What a variant lays over the base.
fn own_part(table: &Table, found: &mut Diagnostics) -> Table {
    let mut part = Table::default();
    for entry in table.entries().iter().filter(|entry| entry.key != "remove") {
        if SHARED.contains(&entry.key.as_str()) {
            let message = text!(SameInEveryVariant, entry.key);
            found.push(Diagnostic::error("shared-key", &entry.key_span, message));
        } else {
            part.push(entry.clone());
        }
    }
    part
}

/// Takes away what a variant's `remove` lists.
fn remove(tree: &mut Table, removed: &Tree, found: &mut Diagnostics) {
    let paths = match texts(removed) {
        Ok(paths) => paths,
        Err(problem) => return found.push(Diagnostic::from(problem)),
    };
    for (path, span) in paths {
        if remove_path(tree, path).is_none() {
            let all = tree.entries().iter().flat_map(|kind| {
                let within = kind.tree.table().map_or(&[][..], Table::entries);
                within.iter().map(|entry| format!("{}.{}", kind.key, entry.key))
            });
            let all: Vec<String> = if found.has_room() { all.collect() } else { Vec::new() };
            let help = did_you_mean(path, all.iter().map(String::as_str));
            let message = text!(NothingToRemove, shown(path));
            found.push(Diagnostic::error("unknown-name", span, message).maybe_help(help));
        }
    }
}

fn remove_path(table: &mut Table, path: &str) -> Option<()> {
    // The rest may be a name with dots in it.
    if table.get(path).is_some() {
        return table.remove(path).map(drop);
    }
    let (first, rest) = path.split_once('.')?;
    match &mut table.entry_mut(first)?.tree.item {
        Item::Table(below) => remove_path(below, rest),
        _ => None,
    }
}

fn spans(table: &Table, all: &mut Vec<Range<usize>>) {
    for entry in table.entries() {
        all.push(entry.key_span.clone());
        all.push(entry.tree.span.clone());
        if let Item::Table(below) = &entry.tree.item {
            spans(below, all);
        }
    }
}

/// Joins what was found in each variant. A finding that not all of them have,
/// and that is not about a variant's own text, says which variant it is in.
pub(crate) fn combine(merged: &[Merged], findings: Vec<Diagnostics>, found: &mut Diagnostics) {
    let all: Vec<Vec<Diagnostic>> = findings.iter().map(|one| one.iter().cloned().collect()).collect();
    for ((variant, list), whole) in merged.iter().zip(&all).zip(&findings) {
        for finding in list {
            let everywhere = all.iter().all(|other| other.contains(finding));
            let own = variant
                .own
                .iter()
                .any(|span| span.start <= finding.span.start && finding.span.end <= span.end);
            let mut finding = finding.clone();
            if !everywhere && !own {
                finding.message = text!(InVariant, finding.message, variant.name);
            }
            found.push(finding);
        }
        // Errors count even where there was no room to keep them.
        found.note_errors(whole.has_errors());
    }
}
