//! Random faults as acts, and a text in which they are spelled out.

use super::{Act, What, with_acts};
use crate::build::Build;
use crate::diagnostic::Diagnostics;
use crate::live;
use crate::scenario::{Scenario, Variant};
use mqlab_engine::plan::{Command, TimedCommand};
use mqlab_model::NodeId;

impl Scenario {
    /// What happens at random in a variant, as acts in order of time: what
    /// `[faults.random]` comes to.
    ///
    /// # Panics
    /// If there is no such variant.
    pub fn random_acts(&self, variant: usize) -> Vec<Act> {
        let chosen = &self.variants[variant];
        let mut build = Build::named(&chosen.text, Diagnostics::default());
        let commands = build.random_faults(&chosen.plan);
        let variants = (self.variants.len() > 1).then(|| vec![chosen.name.clone()]);
        let act = |timed: TimedCommand| {
            Some(Act {
                at: timed.at,
                variants: variants.clone(),
                what: what(chosen, timed.command)?,
            })
        };
        commands.into_iter().filter_map(act).collect()
    }

    /// The text of this scenario with its random faults as `[[at]]` entries;
    /// the run is the same. `None` if `[faults]` is written in a way that
    /// cannot be taken out of the text: it has to have a header of its own.
    pub fn spelled_out(&self, text: &str) -> Option<String> {
        let each: Vec<Vec<Act>> = (0..self.variants.len()).map(|index| self.random_acts(index)).collect();
        if each.iter().all(Vec::is_empty) {
            return Some(text.to_owned());
        }
        let mut acts: Vec<Act> = each.concat();
        // What is the same in all variants is said once.
        let alike = |a: &Act, b: &Act| (a.at, &a.what) == (b.at, &b.what);
        let is_shared = each
            .iter()
            .all(|own| own.len() == each[0].len() && own.iter().zip(&each[0]).all(|(a, b)| alike(a, b)));
        if is_shared {
            acts.truncate(each[0].len());
            acts.iter_mut().for_each(|act| act.variants = None);
        }
        let without = without_faults(text);
        let (plain, _) = crate::parse(&without);
        let expected = |plain: &Scenario| {
            let random = |variant: usize| plain.random_acts(variant).is_empty();
            plain.variants.len() == self.variants.len() && (0..plain.variants.len()).all(random)
        };
        plain
            .is_some_and(|plain| expected(&plain))
            .then(|| with_acts(&without, &acts))
    }
}

/// A text without random faults: the tables of that name and below it, also in
/// variants, and lines of the text or of a variant that set something of it.
pub fn without_faults(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut is_inside = false;
    for line in text.split_inclusive('\n') {
        let start = line.trim_start();
        if let Some(header) = start.strip_prefix('[') {
            let path: Vec<&str> = header
                .split([']', '#'])
                .next()
                .unwrap_or("")
                .split('.')
                .map(str::trim)
                .collect();
            is_inside = matches!(path.as_slice(), ["faults", ..] | ["variant", _, "faults", ..]);
        }
        let sets = start.strip_prefix("faults").map(str::trim_start);
        if !is_inside && !sets.is_some_and(|rest| rest.starts_with('.')) {
            out.push_str(line);
        }
    }
    out
}

/// A command that is drawn at random, as an act.
fn what(variant: &Variant, command: Command) -> Option<What> {
    let name = |node: NodeId| variant.plan.nodes[usize::from(node.0)].name.clone();
    Some(match command {
        Command::Crash(node) => What::Crash(name(node)),
        Command::PowerCut(node) => What::PowerCut(name(node)),
        Command::DiskLost(node) => What::DiskLost(name(node)),
        Command::Restart(node) => What::Restart(name(node)),
        Command::Pause(node) => What::Pause(name(node)),
        Command::Resume(node) => What::Resume(name(node)),
        Command::FillDisk(node) => What::DiskFull(name(node)),
        Command::FreeDisk(node) => What::DiskFree(name(node)),
        Command::Cut { a, b } => What::Cut { a: name(a), b: name(b) },
        Command::Heal { a, b } => What::Heal { a: name(a), b: name(b) },
        Command::CutOneWay { from, to } => What::CutOneWay {
            from: name(from),
            to: name(to),
        },
        Command::Set { node, setting } => What::Set {
            path: live::path(&variant.plan, node, setting)?,
            value: live::value_text(setting)?,
        },
        _ => return None,
    })
}
