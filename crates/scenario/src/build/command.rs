//! `[[at]]`: what is done to the world while it runs.

use super::Build;
use crate::diagnostic::Diagnostic;
use crate::live;
use crate::names::Named;
use crate::phrase::Phrase;
use crate::read;
use crate::tree::{Table, Tree};
use mqlab_brokers::rabbitmq;
use mqlab_engine::plan::{BrokerCommand, Command, Loss, Plan, TimedCommand};
use mqlab_model::NodeId;
use std::ops::Range;

/// The commands of one `[[at]]` entry, for the world of `plan`.
pub(crate) fn commands(build: &mut Build<'_>, plan: &Plan, entry: &Table, span: &Range<usize>) -> Vec<TimedCommand> {
    let Some(time_tree) = entry.get("time") else {
        return Vec::new();
    };
    let Ok(at) = read::time(time_tree) else {
        return Vec::new();
    };
    if at >= plan.until {
        let message = Phrase::NeverHappens;
        build
            .found
            .push(Diagnostic::warning("too-late", &time_tree.span, message));
    }
    let mut all: Vec<Command> = Vec::new();
    for (action, command) in [
        ("restart", Command::Restart as fn(NodeId) -> Command),
        ("pause", Command::Pause),
        ("resume", Command::Resume),
    ] {
        if let Some(tree) = entry.get(action) {
            all.extend(
                build
                    .names
                    .resolve_tree(tree, Phrase::ANode, Named::node, &mut build.found)
                    .map(command),
            );
        }
    }
    all.extend(build.faults(entry, plan));
    all.extend(
        entry
            .get("lose")
            .and_then(Tree::table)
            .and_then(|lose| build.lose(lose, plan)),
    );
    if let Some((broker, queue)) = entry.get("purge").and_then(|tree| build.queue(tree)) {
        let command = BrokerCommand::Rabbit(rabbitmq::Command::Purge(queue));
        all.push(Command::Broker { broker, command });
    }
    all.extend(build.elections(entry, plan));
    all.extend(entry.get("seek").and_then(|tree| build.seek(tree, plan)));
    if let Some(publish) = entry.get("publish").and_then(Tree::table) {
        all.extend(build.publish(publish, plan));
    }
    if let Some(settings) = entry.get("set") {
        for (path, span, tree) in flatten(settings, span) {
            all.extend(build.setting((&path, &span), tree, plan));
        }
    }
    all.into_iter().map(|command| TimedCommand { at, command }).collect()
}

impl Build<'_> {
    /// The command of a `lose`.
    fn lose(&mut self, table: &Table, plan: &Plan) -> Option<Command> {
        let between = table.get("between")?;
        let [first, second] = read::ends(between).ok()?;
        let (a, b) = self.connected(first, second, plan)?;
        if !plan.is_broker(a) && !plan.is_broker(b) {
            let message = Phrase::NoBrokerBetween;
            self.found.push(Diagnostic::error("bad-value", &between.span, message));
            return None;
        }
        let next = table
            .get("next")
            .map_or(Some(1), |tree| read::integer(tree, 0, u64::MAX).ok())?;
        Some(Command::Lose {
            a,
            b,
            kind: Loss::named(table.get("what")?.text()?)?,
            next: u32::try_from(next).unwrap_or(u32::MAX),
        })
    }
}

/// A setting: its path, where that stands, and the new value.
type Flat<'a> = (String, Range<usize>, &'a Tree);

/// The settings of a table: `a.b.c = 1` and `"a.b.c" = 1` are the same.
pub(crate) fn flatten<'a>(tree: &'a Tree, span: &Range<usize>) -> Vec<Flat<'a>> {
    let mut flat = Vec::new();
    flatten_below(tree, String::new(), span, &mut flat);
    flat
}

fn flatten_below<'a>(tree: &'a Tree, path: String, span: &Range<usize>, flat: &mut Vec<Flat<'a>>) {
    match tree.table().filter(|_| !live::is_table(&path)) {
        Some(table) => {
            for entry in table.entries() {
                let below = if path.is_empty() {
                    entry.key.clone()
                } else {
                    format!("{path}.{}", entry.key)
                };
                flatten_below(&entry.tree, below, &entry.key_span, flat);
            }
        }
        None => flat.push((path, span.clone(), tree)),
    }
}
