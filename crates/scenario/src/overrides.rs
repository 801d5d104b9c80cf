//! Settings from outside the text: `--seed 7 --set service.writer.workers=3`.

use crate::diagnostic::{Advice, Diagnostic, Diagnostics};
use crate::keys::{self, SHARED};
use crate::nesting::too_deep;
use crate::phrase::{Phrase, Text, text};
use crate::suggest::{did_you_mean, shown};
use crate::tree::{Entry, Item, Layer, Table, Tree};
use crate::variants::Merged;
use toml::de::{DeTable, DeValue};

/// What to change in a scenario without touching its text.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Overrides {
    /// A seed in place of the text's.
    pub seed: Option<u64>,
    /// Paths of keys, such as `service.writer.workers`, with values as they
    /// are written in TOML. A value that is no TOML is taken as a text, so
    /// that `load.users.rate=100/s` needs no quotes.
    pub set: Vec<(String, String)>,
}

/// Why a setting cannot be placed.
struct Misplaced {
    message: Text,
    help: Option<Advice>,
}

/// Every variant's tree with the settings in it. A setting for something that
/// only some variants have changes those.
pub(crate) fn apply(set: &[(String, String)], merged: &[Merged], found: &mut Diagnostics) -> Vec<Table> {
    let mut trees: Vec<Table> = merged.iter().map(|variant| variant.tree.clone()).collect();
    for (path, value) in set {
        let fail = |found: &mut Diagnostics, message: Text, help: Option<Advice>| {
            let message = text!(OfOverride, shown(path), message);
            found.push(Diagnostic::error("bad-override", &(0..0), message).maybe_help(help));
        };
        let Some(segments) = segments(path) else {
            fail(found, Phrase::NoPath.into(), None);
            continue;
        };
        let Some(value) = value_of(value) else {
            fail(found, Phrase::ValueTooDeep.into(), None);
            continue;
        };
        let mut misplaced = None;
        let mut placed = false;
        for tree in &mut trees {
            match place(tree, &segments, "", &value) {
                Ok(()) => placed = true,
                Err(why) => misplaced = Some(why),
            }
        }
        if let (false, Some(why)) = (placed, misplaced) {
            fail(found, why.message, why.help);
        }
    }
    trees
}

/// The segments of a dotted path.
fn segments(path: &str) -> Option<Vec<String>> {
    let text = format!("{path} = 0");
    if too_deep(&text).is_some() {
        return None;
    }
    let table = Table::of(DeTable::parse(&text).ok()?.get_ref(), Layer::Override);
    let mut segments = Vec::new();
    let mut below = &table;
    loop {
        let [entry] = below.entries() else { return None };
        segments.push(entry.key.clone());
        match &entry.tree.item {
            Item::Table(table) => below = table,
            Item::Integer(0) => return Some(segments),
            _ => return None,
        }
    }
}

fn value_of(text: &str) -> Option<Tree> {
    if too_deep(text).is_some() {
        return None;
    }
    match DeValue::parse(text) {
        Ok(value) => Some(Tree::of(&value, Layer::Override)),
        Err(_) => Some(Tree {
            span: 0..0,
            item: Item::Text(text.to_owned()),
        }),
    }
}

/// Puts a value at a path. Names of the user's choice must exist, because a
/// slip would otherwise make a new thing in silence.
fn place(table: &mut Table, segments: &[String], pattern: &str, value: &Tree) -> Result<(), Misplaced> {
    let Some((first, rest)) = segments.split_first() else {
        return Ok(());
    };
    if pattern.is_empty() && SHARED.contains(&first.as_str()) {
        let message = text!(CannotBeSet, first);
        let help = (first == "seed").then(|| Phrase::UseSeed.into());
        return Err(Misplaced { message, help });
    }
    let Some(key) = keys::find(pattern, first) else {
        let known = keys::below(pattern)
            .map(|key| keys::last(key.path))
            .filter(|last| *last != "*");
        let message = text!(NoKeyHere, shown(first));
        return Err(Misplaced {
            message,
            help: did_you_mean(first, known),
        });
    };
    let known: Vec<String> = table.entries().iter().map(|entry| entry.key.clone()).collect();
    if table.entry(first).is_none() {
        if keys::last(key.path) == "*" {
            let message = text!(NoSuch, shown(first));
            return Err(Misplaced {
                message,
                help: did_you_mean(first, known.iter().map(String::as_str)),
            });
        }
        let order = Layer::Override as u64 * crate::tree::ADDED;
        table.push(Entry {
            key: first.clone(),
            key_span: 0..0,
            order,
            tree: Tree::empty(),
        });
    }
    let Some(entry) = table.entry_mut(first) else {
        return Ok(());
    };
    place_in(&mut entry.tree, rest, key.path, value)
}

fn place_in(tree: &mut Tree, segments: &[String], pattern: &str, value: &Tree) -> Result<(), Misplaced> {
    let Some((first, rest)) = segments.split_first() else {
        *tree = value.clone();
        return Ok(());
    };
    match &mut tree.item {
        Item::Table(table) => place(table, segments, pattern, value),
        Item::List(list) => {
            let count = list.len();
            let element = first.parse::<usize>().ok().and_then(|index| list.get_mut(index));
            match element {
                Some(element) => place_in(element, rest, &format!("{pattern}[]"), value),
                None => {
                    let message = text!(NoPlaceInList, shown(first), count);
                    Err(Misplaced { message, help: None })
                }
            }
        }
        _ => Err(Misplaced {
            message: text!(NothingBelow, shown(first)),
            help: None,
        }),
    }
}
