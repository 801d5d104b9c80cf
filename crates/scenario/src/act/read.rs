//! An act from text.

use super::write::value_text;
use super::{Act, ON_ONE, SeekTo, What};
use crate::build::flatten;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::parse::document;
use crate::phrase::{Phrase, text};
use crate::read::{self, Way};
use crate::shape::Shape;
use crate::tree::{Table, Tree};
use mqlab_engine::plan::Loss;

impl Act {
    /// Reads a text that is one `[[at]]` entry. What its names mean is not
    /// looked at; [`crate::Scenario::commands`] does that.
    pub fn parse(text: &str) -> Result<Act, Vec<Diagnostic>> {
        let mut found = Diagnostics::default();
        let act = document(text, &mut found)
            .and_then(|root| only_entry(&root, &mut found).cloned())
            .and_then(|entry| act(&entry, text, &mut found));
        match act {
            Some(act) if !found.has_errors() => Ok(act),
            _ => Err(found.finish()),
        }
    }
}

/// The one `[[at]]` entry of a document that has nothing else; its shape is
/// checked.
pub(super) fn only_entry<'a>(root: &'a Table, found: &mut Diagnostics) -> Option<&'a Tree> {
    let others = root.entries().iter().filter(|entry| entry.key != "at");
    for other in others {
        let message = Phrase::OnlyOneAct;
        found.push(Diagnostic::error("one-act", &other.key_span, message));
    }
    let [entry] = root.elements("at") else {
        let span = root.entry("at").map_or(0..0, |entry| entry.key_span.clone());
        let message = text!(OneActNeeded, root.elements("at").len());
        found.push(Diagnostic::error("one-act", &span, message));
        return None;
    };
    Shape { found }.act(entry);
    Some(entry)
}

fn act(entry: &Tree, text: &str, found: &mut Diagnostics) -> Option<Act> {
    let table = entry.table()?;
    let names = table.get("variant").and_then(|tree| read::names(tree).ok());
    Some(Act {
        at: read::time(table.get("time")?).ok()?,
        variants: names.map(|names| names.into_iter().map(|(name, _)| name.to_owned()).collect()),
        what: what(entry, text, found)?,
    })
}

fn what(entry: &Tree, text: &str, found: &mut Diagnostics) -> Option<What> {
    let table = entry.table()?;
    for (key, make) in ON_ONE {
        if let Some(tree) = table.get(key) {
            return tree.text().map(|name| make(name.to_owned()));
        }
    }
    if let Some(found) = fault(table) {
        return Some(found);
    }
    if let Some(lose) = table.get("lose").and_then(Tree::table) {
        let [a, b] = read::ends(lose.get("between")?).ok()?.map(|(name, _)| name.to_owned());
        let next = lose.get("next");
        return Some(What::Lose {
            a,
            b,
            kind: Loss::named(lose.get("what")?.text()?)?,
            next: next.map_or(Some(1), |tree| read::integer(tree, 0, u64::MAX).ok())?,
        });
    }
    if let Some(tree) = table.get("move_leader").and_then(Tree::table) {
        let name = |key: &str| tree.get(key).and_then(Tree::text).map(str::to_owned);
        return Some(What::MoveLeader {
            partition: name("partition")?,
            to: name("to")?,
        });
    }
    if let Some(seek) = table.get("seek").and_then(Tree::table) {
        return Some(What::Seek {
            service: seek.get("service")?.text()?.to_owned(),
            partition: seek.get("partition").and_then(Tree::text).map(str::to_owned),
            to: seek_to(seek)?,
        });
    }
    if let Some(publish) = table.get("publish").and_then(Tree::table) {
        let count = publish.get("count");
        let text = |key: &str| publish.get(key).and_then(Tree::text).map(str::to_owned);
        return Some(What::Publish {
            load: publish.get("load")?.text()?.to_owned(),
            count: count.map_or(Some(1), |tree| read::integer(tree, 1, u64::MAX).ok())?,
            key: text("key"),
            payload: text("payload"),
        });
    }
    let settings = table.get("set")?;
    let flat = flatten(settings, &entry.span);
    let [(path, _, value)] = flat.as_slice() else {
        let message = text!(OneSettingPerAct, flat.len());
        let help = Phrase::EntryForEach;
        found.push(Diagnostic::error("one-act", &settings.span, message).help(help));
        return None;
    };
    Some(What::Set {
        path: path.clone(),
        value: value_text(text.get(value.span.clone())?),
    })
}

/// Where a `seek` goes.
fn seek_to(table: &Table) -> Option<SeekTo> {
    if let Some(offset) = table.get("offset") {
        return read::integer(offset, 0, u64::MAX).ok().map(SeekTo::Offset);
    }
    if let Some(since) = table.get("since") {
        return read::time(since).ok().map(SeekTo::Since);
    }
    match table.get("to")?.text()? {
        "beginning" => Some(SeekTo::Beginning),
        _ => Some(SeekTo::End),
    }
}

/// What happens to nodes and connections.
fn fault(table: &Table) -> Option<What> {
    let owned = |(name, _): (&str, _)| name.to_owned();
    if let Some(node) = table.get("crash").and_then(Tree::text) {
        let make = match table.get("kind").and_then(Tree::text) {
            Some("power") => What::PowerCut,
            Some("disk") => What::DiskLost,
            _ => What::Crash,
        };
        return Some(make(node.to_owned()));
    }
    if let Some(tree) = table.get("cut") {
        return Some(match read::way(tree).ok()? {
            Way::Both(ends) => {
                let [a, b] = ends.map(owned);
                What::Cut { a, b }
            }
            Way::From(from, to) => What::CutOneWay {
                from: owned(from),
                to: owned(to),
            },
        });
    }
    if let Some(tree) = table.get("heal") {
        return Some(match read::ends_or_all(tree).ok()? {
            None => What::HealAll,
            Some(ends) => {
                let [a, b] = ends.map(owned);
                What::Heal { a, b }
            }
        });
    }
    let groups = read::groups(table.get("partition")?).ok()?;
    let names = |group: Vec<_>| group.into_iter().map(owned).collect();
    Some(What::Partition(groups.into_iter().map(names).collect()))
}
