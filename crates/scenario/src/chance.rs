//! The settings of faults at random, by their keys below `faults.random`.

use crate::keys::{CRASHES, KEYS, Key};
use crate::live::LiveSetting;
use crate::read::{self, Read};
use crate::scenario::Scenario;
use crate::tree::Tree;
use mqlab_engine::plan::{Chance, RandomFaults, Wrong};
use mqlab_model::{Crash, NodeId};

/// What all of these keys begin with.
pub(crate) const ABOVE: &str = "faults.random.";

impl Scenario {
    /// What may change of the faults at random of a variant while it runs, in the order
    /// of the table of keys; nothing if it leaves nothing to chance.
    ///
    /// # Panics
    /// If there is no such variant.
    pub fn live_chance(&self, variant: usize) -> Vec<LiveSetting> {
        let plan = &self.variants[variant].plan;
        let Some(settings) = &plan.random else {
            return Vec::new();
        };
        let of = |key: &'static Key| {
            let name = key.path.strip_prefix(ABOVE).filter(|_| key.live)?;
            let choices = match name {
                "nodes" => plan.nodes.iter().map(|node| node.name.clone()).collect(),
                "crash.kinds" => CRASHES.iter().map(|&kind| kind.to_owned()).collect(),
                _ => Vec::new(),
            };
            let planned = value_text(settings, name, &|node| &plan.nodes[usize::from(node.0)].name);
            Some(LiveSetting::of_chance(key, planned, choices))
        };
        KEYS.iter().filter_map(of).collect()
    }
}

/// Reads the new value of a setting, but for those that are about names; `None` if there
/// is no such setting.
pub(crate) fn read(key: &str, tree: &Tree) -> Option<Read<Chance>> {
    Some(match key {
        "on" => read::flag(tree).map(Chance::On),
        "start" => read::time(tree).map(Chance::Start),
        "stop" => read::time(tree).map(Chance::Stop),
        "stable" => read::span(tree).map(Chance::Stable),
        key => {
            let (kind, key) = of_kind(key)?;
            match key {
                // By hand a kind may be told to stop happening for a while.
                "rate" => read::rate_or_zero(tree).map(|rate| Chance::Rate(kind, rate)),
                "lasts" => read::dist(tree).map(|lasts| Chance::Lasts(kind, lasts)),
                _ if kind == Wrong::Loss => read::loss(tree).map(|share| Chance::Share(kind, share)),
                "share" | "one_way" => read::share(tree).map(|share| Chance::Share(kind, share)),
                _ => read::dist(tree).map(|span| Chance::Span(kind, span)),
            }
        }
    })
}

/// The key without which a kind is nothing, beside how often it happens.
pub(crate) fn needed(kind: Wrong) -> Option<&'static str> {
    match kind {
        Wrong::Slow => Some("latency"),
        Wrong::SlowDisk => Some("sync"),
        Wrong::Skew => Some("offset"),
        Wrong::Loss | Wrong::Duplicate | Wrong::Reorder => Some("share"),
        Wrong::Crash | Wrong::Pause | Wrong::Cut | Wrong::FullDisk => None,
    }
}

/// The kind that a key is about, and the rest of it.
fn of_kind(key: &str) -> Option<(Wrong, &str)> {
    let (kind, rest) = key.split_once('.')?;
    let kind = Wrong::named(kind)?;
    let is_known = matches!(rest, "rate" | "lasts")
        || needed(kind) == Some(rest)
        || (kind, rest) == (Wrong::Cut, "one_way")
        || (kind, rest) == (Wrong::Crash, "kinds");
    is_known.then_some((kind, rest))
}

/// The value of a setting as it is written in TOML; `None` if it has none.
pub(crate) fn value_text<'a>(settings: &RandomFaults, key: &str, name: &dyn Fn(NodeId) -> &'a str) -> Option<String> {
    let quoted = |text: &dyn std::fmt::Display| format!("\"{text}\"");
    Some(match key {
        "on" => settings.is_on.to_string(),
        "start" => quoted(&settings.start),
        "stop" => quoted(&settings.stop),
        "stable" => quoted(&settings.stable),
        "nodes" => list(settings.targets.nodes.iter().map(|node| name(*node))),
        "crash.kinds" => list(settings.crashes.iter().map(|crash| match crash {
            Crash::Killed => CRASHES[0],
            Crash::Power => CRASHES[1],
            Crash::Disk => CRASHES[2],
        })),
        key => {
            let (kind, key) = of_kind(key)?;
            let trouble = settings.trouble(kind);
            match key {
                "rate" => quoted(&trouble.rate),
                "lasts" => quoted(&trouble.lasts),
                "one_way" => quoted(&read::share_text(trouble.share.unwrap_or(0))),
                "share" => quoted(&read::share_text(trouble.share?)),
                _ => quoted(&trouble.span?),
            }
        }
    })
}

fn list<'a>(words: impl Iterator<Item = &'a str>) -> String {
    let words: Vec<String> = words.map(|word| format!("\"{word}\"")).collect();
    format!("[{}]", words.join(", "))
}
