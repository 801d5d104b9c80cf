//! `[faults.random]`: faults that are drawn.

use super::Build;
use super::links::used_pairs;
use crate::diagnostic::Diagnostic;
use crate::keys::CRASHES;
use crate::limits::AT_MAX;
use crate::names::Named;
use crate::phrase::{Phrase, text};
use crate::read;
use crate::suggest::{did_you_mean, shown};
use crate::tree::{Entry, Table, Tree};
use mqlab_engine::plan::{NodeKind, Plan, RandomFaults, TimedCommand, Trouble};
use mqlab_kernel::{Dist, SimSpan, SimTime};
use mqlab_model::{Crash, NodeId};

/// The keys of which there should be one at least.
const KINDS: [&str; 10] = [
    "crash",
    "pause",
    "cut",
    "slow",
    "loss",
    "duplicate",
    "reorder",
    "slow_disk",
    "full_disk",
    "skew",
];

impl Build<'_> {
    /// What the random faults of the variant come to, in order of time.
    pub(crate) fn random_faults(&mut self, plan: &Plan) -> Vec<TimedCommand> {
        let faults = self.root.get("faults").and_then(Tree::table);
        let Some(entry) = faults.and_then(|faults| faults.entry("random")) else {
            return Vec::new();
        };
        let Some(settings) = entry.tree.table().and_then(|table| self.settings(entry, table, plan)) else {
            return Vec::new();
        };
        let commands = settings.commands(plan, AT_MAX);
        if commands.is_none() {
            let message = text!(TooManyRandom, AT_MAX);
            self.found.push(Diagnostic::error("limit", &entry.key_span, message));
        }
        commands.unwrap_or_default()
    }

    fn settings(&mut self, entry: &Entry, table: &Table, plan: &Plan) -> Option<RandomFaults> {
        let time = |key: &str| table.get(key).map(read::time);
        let start = time("start").transpose().ok()?.unwrap_or(SimTime::ZERO);
        let stop = time("stop")?.ok()?;
        self.instants(table, (start, stop), plan);
        if KINDS.iter().all(|kind| table.get(kind).is_none()) {
            let message = text!(RandomNeedsOne, KINDS.map(|kind| format!("`{kind}`")).join(", "));
            self.found.push(Diagnostic::error("one-of", &entry.key_span, message));
        }
        let nodes = self.concerned(table, plan);
        let among = |(a, b): &(NodeId, NodeId)| nodes.contains(a) && nodes.contains(b);
        let connections = used_pairs(&plan.nodes).into_iter().filter(among).collect();
        let below = |key: &str| table.get(key).and_then(Tree::table);
        let with = |key: &str, value: &str| {
            let dist = below(key)?.get(value).and_then(|tree| read::dist(tree).ok());
            trouble(below(key)?).zip(dist)
        };
        let shared = |key: &str, read: fn(&Tree) -> read::Read<u64>| {
            let share = below(key)?.get("share").and_then(|tree| read(tree).ok());
            trouble(below(key)?).zip(share)
        };
        if let Some(Err(wrong)) = below("loss").and_then(|loss| loss.get("share")).map(read::loss) {
            self.found.push(wrong.into());
        }
        let one_way = below("cut").and_then(|cut| cut.get("one_way"));
        Some(RandomFaults {
            stable: (table.get("stable"))
                .and_then(|tree| read::span(tree).ok())
                .unwrap_or(SimSpan::ZERO),
            crash: below("crash").and_then(trouble),
            crashes: self.crashes(below("crash")),
            pause: below("pause").and_then(trouble),
            cut: below("cut").and_then(trouble),
            one_way: one_way.and_then(|tree| read::share(tree).ok()).unwrap_or(0),
            slow: with("slow", "latency"),
            loss: shared("loss", read::loss),
            duplicate: shared("duplicate", read::share),
            reorder: shared("reorder", read::share),
            slow_disk: with("slow_disk", "sync"),
            full_disk: below("full_disk").and_then(trouble),
            skew: with("skew", "offset"),
            nodes,
            connections,
            ..RandomFaults::none(start, stop)
        })
    }

    /// There must be a time for faults, and should be one after them.
    fn instants(&mut self, table: &Table, (start, stop): (SimTime, SimTime), plan: &Plan) {
        let Some(tree) = table.get("stop") else { return };
        if stop <= start {
            self.error("bad-value", tree, Phrase::RandomStopsBeforeStart);
        }
        if stop >= plan.until {
            let message = Phrase::EndsBeforeWell;
            let help = Phrase::GoOnAfterStop;
            self.found
                .push(Diagnostic::warning("too-late", &tree.span, message).help(help));
        }
    }

    /// The nodes that may be concerned.
    fn concerned(&mut self, table: &Table, plan: &Plan) -> Vec<NodeId> {
        let Some(names) = table.get("nodes").and_then(|tree| read::texts(tree).ok()) else {
            let all = (0..).map(NodeId).zip(&plan.nodes);
            let usual = all.filter(|(_, node)| matches!(node.kind, NodeKind::Broker(_) | NodeKind::Service(_)));
            return usual.map(|(id, _)| id).collect();
        };
        let mut nodes = Vec::new();
        for name in names {
            let node = self.names.resolve(name, Phrase::ANode, Named::node, &mut self.found);
            nodes.extend(node.filter(|node| !nodes.contains(node)));
        }
        nodes
    }

    fn crashes(&mut self, crash: Option<&Table>) -> Vec<Crash> {
        let kinds = crash.and_then(|crash| crash.get("kinds"));
        let Some(names) = kinds.and_then(|kinds| read::texts(kinds).ok()) else {
            return vec![Crash::Killed];
        };
        if let (Some(tree), true) = (kinds, names.is_empty()) {
            self.error("bad-value", tree, Phrase::CrashNeedsKind);
        }
        let mut found = Vec::new();
        for (name, span) in names {
            match CRASHES.iter().position(|known| *known == name) {
                Some(0) => found.push(Crash::Killed),
                Some(1) => found.push(Crash::Power),
                Some(_) => found.push(Crash::Disk),
                None => {
                    let message = text!(NoSuchCrash, shown(name));
                    let help = did_you_mean(name, CRASHES.iter().copied());
                    let help = help.or_else(|| Some(text!(ThereIs, CRASHES.join(", ")).into()));
                    self.found
                        .push(Diagnostic::error("bad-value", span, message).maybe_help(help));
                }
            }
        }
        found
    }
}

/// How often, and how long; nothing if that cannot be read.
fn trouble(table: &Table) -> Option<Trouble> {
    let rate = read::rate(table.get("rate")?).ok()?;
    let lasts = match table.get("lasts") {
        Some(tree) => read::dist(tree).ok()?,
        None => Dist::Constant(SimSpan::from_secs(1)),
    };
    Some(Trouble { rate, lasts })
}
