//! From a scenario text to plans and findings.

use crate::build::{build, commands};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::expect::{Comparison, Expectation, When, comparison};
use crate::keys::SHARED;
use crate::limits::{AT_MAX, EXPECTATIONS_MAX, NESTING_MAX, TEXT_BYTES_MAX};
use crate::nesting::too_deep;
use crate::overrides::Overrides;
use crate::phrase::{Phrase, Text, text};
use crate::resolution::resolution;
use crate::scenario::{Scenario, Variant};
use crate::shape::{AT_ACTIONS, Shape};
use crate::suggest::{did_you_mean, shown};
use crate::topics::{TopicLine, is_topic_line};
use crate::tree::{Item, Layer, Table, Tree};
use crate::variants::{self, Merged};
use crate::{overrides, read};
use mqlab_engine::Places;
use mqlab_engine::plan::Plan;
use std::ops::Range;
use toml::de::DeTable;

/// The name of the only variant of a scenario that lists none.
pub const DEFAULT_VARIANT: &str = "default";

/// Reads a scenario. All findings come at once, in the order of the text;
/// there is a scenario only if none of them is an error.
pub fn parse(text: &str) -> (Option<Scenario>, Vec<Diagnostic>) {
    parse_with(text, &Overrides::default())
}

/// The same with settings from outside on top.
pub fn parse_with(text: &str, overrides: &Overrides) -> (Option<Scenario>, Vec<Diagnostic>) {
    let mut found = Diagnostics::default();
    let scenario = document(text, &mut found).and_then(|root| scenario(&root, overrides, &mut found));
    let scenario = scenario.filter(|_| !found.has_errors());
    (scenario, found.finish())
}

/// A line of a shell that creates a topic of Kafka is answered with the key that
/// does so here.
fn topic_line(line: &str, span: &Range<usize>) -> Option<Diagnostic> {
    if !is_topic_line(line) {
        return None;
    }
    let finding = Diagnostic::error("toml", span, Phrase::TopicOfShell);
    Some(match TopicLine::parse(line) {
        Ok(topic) => finding.help(text!(TopicHere, topic.to_toml().0)),
        Err(_) => finding.help(Phrase::TopicCreatedSo),
    })
}

/// The tree of the text, if it is TOML and not too large.
pub(crate) fn document(text: &str, found: &mut Diagnostics) -> Option<Table> {
    if text.len() > TEXT_BYTES_MAX {
        let message = text!(TextTooLong, text.len(), TEXT_BYTES_MAX);
        found.push(Diagnostic::error("limit", &(0..0), message));
        return None;
    }
    if let Some(span) = too_deep(text) {
        let message = text!(TooDeep, NESTING_MAX);
        found.push(Diagnostic::error("limit", &span, message));
        return None;
    }
    let (document, errors) = DeTable::parse_recoverable(text);
    let root = Table::of(document.get_ref(), Layer::Base);
    if errors.is_empty() {
        return Some(root);
    }
    let mut bad_lines = Vec::new();
    for error in errors {
        let span = error.span().unwrap_or(0..0);
        let lines = lines_of(text, &span);
        let line = text.get(lines.clone()).unwrap_or_default();
        if let Some(finding) = topic_line(line.trim(), &lines) {
            if !bad_lines.contains(&lines) {
                found.push(finding);
            }
            bad_lines.push(lines);
            continue;
        }
        bad_lines.push(lines);
        found.push(Diagnostic::error("toml", &span, Text::of_toml(error.message())));
    }
    // What the parser made of a broken place is a guess, and names may be
    // missing because of it; keys elsewhere can be looked at all the same.
    let mut more = Diagnostics::default();
    Shape { found: &mut more }.document(&root);
    for finding in more
        .iter()
        .filter(|finding| !matches!(finding.code, "missing-key" | "one-of"))
    {
        let near = bad_lines
            .iter()
            .any(|lines| lines.start <= finding.span.end && finding.span.start <= lines.end);
        if !near && !finding.span.is_empty() {
            found.push(finding.clone());
        }
    }
    None
}

/// The whole lines that a span touches.
fn lines_of(text: &str, span: &Range<usize>) -> Range<usize> {
    let bytes = text.as_bytes();
    let start = bytes
        .iter()
        .take(span.start)
        .rposition(|byte| *byte == b'\n')
        .map_or(0, |at| at + 1);
    let after = bytes.iter().skip(span.end).position(|byte| *byte == b'\n');
    start..after.map_or(text.len(), |at| span.end + at)
}

impl Shape<'_> {
    /// Checks a document without merging anything.
    fn document(&mut self, root: &Table) {
        for entry in root.entries() {
            match (&entry.tree.item, entry.key.as_str()) {
                (Item::Table(variants), "variant") => {
                    for variant in variants.entries().iter().filter_map(|variant| variant.tree.table()) {
                        let inside = variant.entries().iter().filter(|entry| entry.key != "remove");
                        inside.for_each(|entry| self.entry(entry, "", ""));
                    }
                }
                _ => self.entry(entry, "", ""),
            }
        }
    }

    /// Checks the keys that all variants share.
    fn shared(&mut self, root: &Table) {
        let mut shared = Table::default();
        for entry in root
            .entries()
            .iter()
            .filter(|entry| SHARED.contains(&entry.key.as_str()))
        {
            if entry.key != "variant" {
                shared.push(entry.clone());
            }
        }
        self.table(&shared, &(0..0), "", "");
        for tree in root.elements("at") {
            if let Some(table) = tree.table() {
                self.one_of(table, tree, AT_ACTIONS, "at");
            }
        }
        for table in root.elements("expect").iter().filter_map(Tree::table) {
            let given: Vec<&str> = ["at", "always", "never"]
                .into_iter()
                .filter(|key| table.get(key).is_some())
                .collect();
            if let ([first, second, ..], Some(entry)) =
                (given.as_slice(), given.get(1).and_then(|key| table.entry(key)))
            {
                let message = text!(ExcludeEachOther, first, second);
                self.found.push(Diagnostic::error("one-of", &entry.key_span, message));
            }
        }
    }
}

/// A name of the document with its place: variants that an entry is about.
pub(crate) type About<'a> = Option<Vec<(&'a str, &'a Range<usize>)>>;

/// One entry of `[[expect]]` with what was read of it.
struct Expected<'a> {
    about: About<'a>,
    expectation: Option<Expectation>,
}

fn scenario(root: &Table, overrides: &Overrides, found: &mut Diagnostics) -> Option<Scenario> {
    Shape { found }.shared(root);
    let seed = root.get("seed").and_then(|seed| read::integer(seed, 0, u64::MAX).ok());
    let seed = overrides.seed.or(seed).unwrap_or(1);
    let merged = variants::merged(root, found);
    let names: Vec<&str> = merged.iter().map(|variant| variant.name.as_str()).collect();
    let trees = overrides::apply(&overrides.set, &merged, found);
    let expected = expectations(root, &names, found);
    let commands_of = entries_about(root, "at", AT_MAX, &names, found);

    let mut plans = Vec::new();
    let mut findings = Vec::new();
    for (variant, tree) in merged.iter().zip(&trees) {
        let (mut plan, mut build) = build(tree, seed);
        plan.random = build.random_faults(&plan);
        for (entry, about) in &commands_of {
            if let (true, Some(table)) = (concerns(about, &variant.name), entry.table()) {
                let timed = commands(&mut build, &plan, table, &entry.span);
                plan.commands.extend(timed);
            }
        }
        build.check_policies(&plan);
        build.limit_random_faults(&plan);
        if plan.commands.len() > AT_MAX {
            let message = text!(TooManyCommands, plan.commands.len(), AT_MAX);
            build.found.push(Diagnostic::error("limit", &(0..0), message));
        }
        let places = Places::of(&plan);
        for one in expected.iter().filter(|one| concerns(&one.about, &variant.name)) {
            if let Some(expectation) = &one.expectation {
                resolution(expectation, merged.len(), &places, &mut plan, &mut build.found);
            }
        }
        findings.push(build.found);
        plans.push(plan);
    }
    variants::combine(&merged, findings, found);
    Some(assemble(
        root,
        seed,
        &merged,
        plans.into_iter().zip(trees).collect(),
        expected,
    ))
}

fn assemble(
    root: &Table,
    seed: u64,
    merged: &[Merged],
    plans: Vec<(Plan, Table)>,
    expected: Vec<Expected<'_>>,
) -> Scenario {
    let text = |key: &str| root.get(key).and_then(Tree::text).map(str::to_owned);
    Scenario {
        title: text("title").unwrap_or_default(),
        about: text("about"),
        rows: root
            .elements("rows")
            .iter()
            .filter_map(Tree::text)
            .map(str::to_owned)
            .collect(),
        seed,
        variants: merged
            .iter()
            .zip(plans)
            .map(|(variant, (plan, text))| Variant {
                name: variant.name.clone(),
                plan,
                text: text.into(),
            })
            .collect(),
        expectations: expected.into_iter().filter_map(|one| one.expectation).collect(),
    }
}

/// Whether an entry is about a variant.
pub(crate) fn concerns(about: &About<'_>, variant: &str) -> bool {
    about
        .as_ref()
        .is_none_or(|names| names.iter().any(|(name, _)| *name == variant))
}

/// The entries of a list with the variants that each is about.
pub(crate) fn entries_about<'a>(
    root: &'a Table,
    key: &str,
    most: usize,
    names: &[&str],
    found: &mut Diagnostics,
) -> Vec<(&'a Tree, About<'a>)> {
    let list = root.elements(key);
    if let Some(first) = list.get(most) {
        let message = text!(TooManyEntries, list.len(), key, most);
        found.push(Diagnostic::error("limit", &first.span, message));
    }
    let mut entries = Vec::new();
    for tree in list.iter().take(most) {
        let about = tree
            .table()
            .and_then(|table| table.get("variant"))
            .and_then(|tree| read::names(tree).ok());
        for (name, span) in about.iter().flatten() {
            if !names.contains(name) {
                let help = did_you_mean(name, names.iter().copied());
                let message = text!(NoVariant, shown(name));
                found.push(Diagnostic::error("unknown-variant", span, message).maybe_help(help));
            }
        }
        entries.push((tree, about));
    }
    entries
}

fn expectations<'a>(root: &'a Table, names: &[&str], found: &mut Diagnostics) -> Vec<Expected<'a>> {
    let rows: Vec<&str> = root.elements("rows").iter().filter_map(Tree::text).collect();
    let entries = entries_about(root, "expect", EXPECTATIONS_MAX, names, found);
    let mut all = Vec::with_capacity(entries.len());
    for (tree, about) in entries {
        let expectation = tree.table().and_then(|table| {
            let row = table.get("row");
            if let (Some(tree), Some(Ok(row))) = (row, row.map(read::row))
                && !rows.contains(&row)
            {
                let message = text!(RowNotListed, row);
                found.push(Diagnostic::warning("row", &tree.span, message));
            }
            let that = table.get("that")?;
            let comparison = comparison(that, found)?;
            Some(expectation(table, that, comparison, &about))
        });
        all.push(Expected { about, expectation });
    }
    all
}

fn expectation(table: &Table, that: &Tree, comparison: Comparison, about: &About<'_>) -> Expectation {
    let at = table.get("at").and_then(|tree| read::time(tree).ok());
    let when = match at {
        Some(at) => When::At(at),
        None if table.get("always").is_some() => When::Always,
        None if table.get("never").is_some() => When::Never,
        None => When::End,
    };
    Expectation {
        variant: about
            .as_ref()
            .map(|names| names.iter().map(|(name, _)| (*name).to_owned()).collect()),
        when,
        that: comparison,
        row: table.get("row").and_then(Tree::text).map(str::to_owned),
        promise: table.get("promise").is_some(),
        span: that.span.clone(),
        text: that.text().unwrap_or_default().to_owned(),
    }
}
