//! `[[at]]`: what is done to the world while it runs.

use super::{Build, overload};
use crate::diagnostic::Diagnostic;
use crate::names::Named;
use crate::read;
use crate::suggest::{did_you_mean, shown};
use crate::tree::{Table, Tree};
use mqlab_engine::plan::{Command, NodeKind, Plan, Setting, StepPlan, TimedCommand, Workers};
use mqlab_model::NodeId;
use std::ops::Range;

/// A live key, for messages.
const LIVE_EXAMPLE: &str = "such as \"service.writer.consume.prefetch\"";

/// The commands of one `[[at]]` entry, for the world of `plan`.
pub(crate) fn commands(build: &mut Build<'_>, plan: &Plan, entry: &Table, span: &Range<usize>) -> Vec<TimedCommand> {
    let Some(time_tree) = entry.get("time") else {
        return Vec::new();
    };
    let Ok(at) = read::time(time_tree) else {
        return Vec::new();
    };
    if at >= plan.until {
        let message = "this is at the end of the run or later; it never happens";
        build
            .found
            .push(Diagnostic::warning("too-late", &time_tree.span, message));
    }
    let mut all: Vec<Command> = Vec::new();
    for (action, command) in [
        ("crash", Command::Crash as fn(NodeId) -> Command),
        ("restart", Command::Restart),
        ("pause", Command::Pause),
        ("resume", Command::Resume),
    ] {
        if let Some(tree) = entry.get(action) {
            all.extend(
                build
                    .names
                    .resolve_tree(tree, "a node", Named::node, &mut build.found)
                    .map(command),
            );
        }
    }
    if let Some(publish) = entry.get("publish").and_then(Tree::table) {
        all.extend(build.publish(publish, plan));
    }
    if let Some(settings) = entry.get("set") {
        for (path, span, tree) in flatten(settings, span) {
            all.extend(build.setting(&path, &span, tree, plan));
        }
    }
    all.into_iter().map(|command| TimedCommand { at, command }).collect()
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
    match tree.table() {
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

impl Build<'_> {
    fn publish(&mut self, table: &Table, plan: &Plan) -> Option<Command> {
        let pick = |named| match named {
            Named::Load(node) => Some(node),
            _ => None,
        };
        let load = self
            .names
            .resolve_tree(table.get("load")?, "a load", pick, &mut self.found)?;
        let count_tree = table.get("count");
        let count = count_tree.map_or(Some(1), |tree| read::integer(tree, 1, u64::MAX).ok())?;
        if let (true, Some(tree)) = (count > plan.limits.messages, count_tree) {
            let message = format!(
                "{count} messages at once, `limits.messages` is {}",
                plan.limits.messages
            );
            self.error("limit", tree, message);
        }
        Some(Command::Publish { load, count })
    }

    /// The command of one setting, or a finding.
    fn setting(&mut self, path: &str, span: &Range<usize>, tree: &Tree, plan: &Plan) -> Option<Command> {
        let mut parts = path.splitn(3, '.');
        let (kind, name, rest) = (parts.next()?, parts.next().unwrap_or(""), parts.next().unwrap_or(""));
        if !matches!(kind, "load" | "service" | "table" | "link") {
            let message = format!("`{}` is no setting that can change during a run", shown(path));
            let help = format!("it begins with load, service, table or link, {LIVE_EXAMPLE}");
            self.found
                .push(Diagnostic::error("bad-setting", span, message).help(help));
            return None;
        }
        if kind == "link" {
            return self.link_setting((path, span), name, rest, tree);
        }
        let pick = |named: Named| match (kind, named) {
            ("load", Named::Load(node)) | ("service", Named::Service(node)) | ("table", Named::Table(node)) => {
                Some(node)
            }
            _ => None,
        };
        let node = self
            .names
            .resolve((name, span), &format!("a {kind}"), pick, &mut self.found)?;
        let target = plan.nodes.get(usize::from(node.0)).map(|target| &target.kind)?;
        let setting = match (target, rest) {
            (NodeKind::Load(_), "rate") => self.read((path, tree), read::rate).map(Setting::Rate),
            (NodeKind::Table(_), "capacity") => self
                .read((path, tree), read::rate)
                .map(|rate| Setting::Capacity(Some(rate))),
            (NodeKind::Table(_), "overload") => {
                self.read((path, tree), |tree| read::choice(tree, &["slows", "dies"]))?;
                overload(tree).map(Setting::Overload)
            }
            (NodeKind::Service(_), "workers") => match self.read((path, tree), read::workers)? {
                Workers::Count(count) => Some(Setting::Workers(count)),
                Workers::Unlimited => {
                    self.error(
                        "bad-setting",
                        tree,
                        format!("`{path}`: during a run it changes to a number only"),
                    );
                    None
                }
            },
            (NodeKind::Service(service), "consume.prefetch") => {
                if service.consume.is_none() {
                    let message = format!("`{path}`: `{name}` consumes no queue");
                    self.found.push(Diagnostic::error("bad-setting", span, message));
                    return None;
                }
                let most = crate::limits::PREFETCH_MAX;
                let prefetch = self.read((path, tree), |tree| read::integer(tree, 0, most))?;
                Some(Setting::Prefetch(u32::try_from(prefetch).unwrap_or(u32::MAX)))
            }
            (NodeKind::Service(service), _) if rest.starts_with("steps.") => {
                let step = self.work_step(path, rest, span, &service.steps)?;
                self.read((path, tree), read::dist)
                    .map(|takes| Setting::Work { step, takes })
            }
            _ => {
                let live: Vec<String> = crate::keys::KEYS
                    .iter()
                    .filter(|key| key.live && key.path.starts_with(kind))
                    .map(|key| key.path.replace('*', name).replace("[]", ".0"))
                    .collect();
                let message = format!("`{}` cannot change during a run", shown(path));
                let near = did_you_mean(path, live.iter().map(String::as_str));
                let help = near.unwrap_or_else(|| format!("what can: {}", live.join(", ")).into());
                self.found
                    .push(Diagnostic::error("bad-setting", span, message).help(help));
                None
            }
        }?;
        Some(Command::Set { node, setting })
    }

    fn read<T>(&mut self, (path, tree): (&str, &Tree), read: impl Fn(&Tree) -> read::Read<T>) -> Option<T> {
        match read(tree) {
            Ok(value) => Some(value),
            Err(mut wrong) => {
                wrong.message = format!("`{}`: {}", shown(path), wrong.message);
                self.found.push(wrong.into());
                None
            }
        }
    }

    /// The number of a work step, from `steps.0.work`.
    fn work_step(&mut self, path: &str, rest: &str, span: &Range<usize>, steps: &[StepPlan]) -> Option<u16> {
        let number = rest.strip_prefix("steps.").and_then(|rest| rest.strip_suffix(".work"));
        let step = number.and_then(|number| number.parse::<u16>().ok());
        if let Some(step) = step.filter(|step| matches!(steps.get(usize::from(*step)), Some(StepPlan::Work(_)))) {
            return Some(step);
        }
        let works: Vec<String> = steps
            .iter()
            .enumerate()
            .filter(|(_, step)| matches!(step, StepPlan::Work(_)))
            .map(|(index, _)| format!("steps.{index}.work"))
            .collect();
        let help = if works.is_empty() {
            "it has no work step".into()
        } else {
            format!("its work steps: {}", works.join(", "))
        };
        let message = format!("`{}` is no work step; steps count from 0", shown(path));
        self.found
            .push(Diagnostic::error("bad-setting", span, message).help(help));
        None
    }

    fn link_setting(
        &mut self,
        (path, span): (&str, &Range<usize>),
        name: &str,
        rest: &str,
        tree: &Tree,
    ) -> Option<Command> {
        let root = self.root;
        let Some(link) = root
            .get("link")
            .and_then(Tree::table)
            .and_then(|links| links.get(name))
            .and_then(Tree::table)
        else {
            let known = root.within("link").iter().map(|entry| entry.key.as_str());
            let message = format!("there is no `link.{}`", shown(name));
            self.found
                .push(Diagnostic::error("unknown-name", span, message).maybe_help(did_you_mean(name, known)));
            return None;
        };
        if rest != "latency" {
            let message = format!("`{}` cannot change during a run", shown(path));
            let help = format!("what can: link.{name}.latency");
            self.found
                .push(Diagnostic::error("bad-setting", span, message).help(help));
            return None;
        }
        let (node, peer) = self.ends(link)?;
        let latency = self.read((path, tree), read::dist)?;
        Some(Command::Set {
            node,
            setting: Setting::Latency { peer, latency },
        })
    }
}
