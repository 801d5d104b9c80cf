//! What may be written at the caret: keys, names, metrics and words, from the
//! tables that the parser reads.

use super::lines::Lines;
use super::names::{NameKind, Names};
use super::walk::{Meaning, Place, Spot};
use crate::state::letters;
use mqlab_engine::{METRICS, MetricInfo, Subject};
use mqlab_scenario::{Key, ValueKind};
use std::ops::Range;

mod words;

/// More proposals than this nobody looks through.
const PROPOSALS_MAX: usize = 200;

/// What a proposal is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum About {
    /// A key.
    Key(&'static Key),
    /// A metric.
    Metric(&'static MetricInfo),
    /// The name of something in the text.
    Name(NameKind),
    /// A word or a shape of a value.
    Word,
}

/// Something that may be written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Proposal {
    /// What it is called in the list.
    pub label: String,
    /// What is written.
    pub text: String,
    /// Where the caret is then, in that text.
    pub caret: usize,
    /// What it is.
    pub about: About,
}

impl Proposal {
    /// Writes `before`, and `after` behind the caret.
    fn new(label: &str, before: String, after: &str, about: About) -> Proposal {
        Proposal {
            label: label.to_owned(),
            caret: before.len(),
            text: before + after,
            about,
        }
    }
}

impl Proposal {
    /// Leaves out what follows a name: it stands there already.
    fn shorten(&mut self) {
        let end = self.text.find(" = ").or_else(|| self.text.find('('));
        self.text.truncate(end.unwrap_or(self.text.len()));
        self.text.truncate(self.text.trim_end_matches('.').len());
        self.caret = self.text.len();
    }
}

/// What may be written, and in place of what.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Completion {
    /// What it replaces.
    pub range: Range<usize>,
    /// The proposals, the most fitting first.
    pub proposals: Vec<Proposal>,
}

/// What may be written at the caret; nothing if nothing fits.
pub fn complete(text: &str, lines: &Lines, caret: usize) -> Option<Completion> {
    let names = Names::of(text, lines, caret);
    let spot = names.spot.clone()?;
    let mut range = spot.range.clone();
    let proposals = match spot.place {
        Place::Nothing => return None,
        Place::Header => headers(&spot, &names),
        Place::Key(is_quoted) => keys(&spot, &names, is_quoted),
        Place::Text | Place::Value => {
            let key = Meaning::of(&spot.path)?.key?;
            if key.kind == ValueKind::Comparison && spot.place == Place::Text {
                range = word_at(text, &spot.range, caret);
                comparison(&text[spot.range.start..range.start], &names)
            } else {
                words::values(key, &spot, &names)
            }
        }
    };
    let typed = &text[range.start..caret.max(range.start)];
    let mut proposals = fitting(proposals, typed);
    let behind = text[range.end..]
        .trim_start_matches(['"', '\''])
        .trim_start_matches(' ');
    if behind.starts_with(['=', '.', '(']) {
        proposals.iter_mut().for_each(Proposal::shorten);
    }
    (!proposals.is_empty()).then_some(Completion { range, proposals })
}

/// The proposals that have what is typed; those that begin with it first.
fn fitting(proposals: Vec<Proposal>, typed: &str) -> Vec<Proposal> {
    let typed = letters::small(typed);
    let (first, rest): (Vec<_>, Vec<_>) = proposals
        .into_iter()
        .filter(|proposal| letters::small(&proposal.label).contains(&typed))
        .partition(|proposal| letters::small(&proposal.label).starts_with(&typed));
    first.into_iter().chain(rest).take(PROPOSALS_MAX).collect()
}

const fn is_table(kind: ValueKind) -> bool {
    matches!(kind, ValueKind::Table | ValueKind::Map | ValueKind::Variant)
}

fn headers(spot: &Spot, names: &Names) -> Vec<Proposal> {
    let Some(meaning) = Meaning::of(&spot.path) else {
        return Vec::new();
    };
    let part = |key: &'static Key| {
        let is_holder = is_table(key.kind) || key.kind == ValueKind::Tables;
        is_holder.then(|| {
            // A table of names goes on with a name.
            let dot = if key.kind == ValueKind::Map { "." } else { "" };
            Proposal::new(key.name(), format!("{}{dot}", key.name()), "", About::Key(key))
        })
    };
    let parts: Vec<Proposal> = meaning.below().filter_map(part).collect();
    let known = meaning.key.map_or(&[][..], |key| words::kinds(key.path));
    let known = names.all(known);
    let named = known.map(|(kind, name)| Proposal::new(name, bare(name), "", About::Name(kind)));
    parts.into_iter().chain(named).collect()
}

fn keys(spot: &Spot, names: &Names, is_quoted: bool) -> Vec<Proposal> {
    let Some(meaning) = Meaning::of(&spot.path) else {
        return Vec::new();
    };
    match meaning.key {
        Some(key) if key.kind == ValueKind::Settings => return settings(names, is_quoted),
        Some(key) if key.kind == ValueKind::Map => {
            let known = names.all(words::kinds(key.path));
            let named = known.map(|(kind, name)| Proposal::new(name, bare(name), "", About::Name(kind)));
            return named.collect();
        }
        _ => {}
    }
    let keys = meaning.below();
    let new = keys.filter(|key| is_table(key.kind) || !names.has_key(key.name()));
    new.map(|key| {
        let (before, after) = words::frame(key);
        Proposal::new(key.name(), format!("{}{before}", key.name()), after, About::Key(key))
    })
    .collect()
}

/// A name as it stands in a path.
fn bare(name: &str) -> String {
    let is_of_name = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    if !name.is_empty() && name.bytes().all(is_of_name) {
        name.to_owned()
    } else {
        format!("\"{name}\"")
    }
}

/// Paths of what may change while a scenario runs.
fn settings(names: &Names, is_quoted: bool) -> Vec<Proposal> {
    let mut all = Vec::new();
    for key in mqlab_scenario::KEYS.iter().filter(|key| key.live) {
        let Some((part, _)) = key.path.split_once(".*") else {
            continue;
        };
        for (_, name) in names.all(words::kinds(part)) {
            // Which step is meant, the text must say: the first is a beginning.
            let path = key.path.replacen('*', name, 1).replace("[]", ".0");
            let written = if is_quoted {
                path.clone()
            } else {
                format!("\"{path}\" = ")
            };
            all.push(Proposal::new(&path, written, "", About::Key(key)));
        }
    }
    all
}

/// The word around the caret in a text.
fn word_at(text: &str, within: &Range<usize>, caret: usize) -> Range<usize> {
    let is_of_word = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '-' | '.');
    let before = &text[within.start..caret];
    let start = within.start + before.trim_end_matches(is_of_word).len();
    let after = &text[caret..within.end];
    start..within.end - after.trim_start_matches(is_of_word).len()
}

/// What may stand in a comparison behind `before`.
fn comparison(before: &str, names: &Names) -> Vec<Proposal> {
    let metric = |info: &'static MetricInfo| {
        let is_alone = info.subject == Subject::WorldOrInlet;
        let (open, close) = if is_alone { ("", "") } else { ("(", ")") };
        Proposal::new(info.name, format!("{}{open}", info.name), close, About::Metric(info))
    };
    if before.trim().is_empty() {
        return METRICS.iter().map(metric).collect();
    }
    let Some((name, "")) = before.trim_end().split_once('(') else {
        return Vec::new();
    };
    let Some(info) = METRICS.iter().find(|info| info.name == name.trim()) else {
        return Vec::new();
    };
    let known = names.all(words::subjects(info.subject));
    known
        .map(|(kind, name)| Proposal::new(name, name.to_owned(), "", About::Name(kind)))
        .collect()
}

#[cfg(test)]
mod tests;
