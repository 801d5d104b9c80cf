//! Random faults as acts, and a text in which they are spelled out.

use super::append::before_acts;
use super::{Act, What};
use crate::limits::AT_MAX;
use crate::live;
use crate::scenario::{Scenario, Variant};
use mqlab_engine::plan::{Command, TimedCommand};
use mqlab_model::NodeId;

impl Scenario {
    /// What happens at random in a variant, as acts in order of time: what
    /// `[faults.random]` comes to if nothing is done by hand.
    ///
    /// # Panics
    /// If there is no such variant.
    pub fn random_acts(&self, variant: usize) -> Vec<Act> {
        let drawn = self.variants[variant].plan.at_random(AT_MAX).unwrap_or_default();
        self.drawn_acts(variant, &mut drawn.iter())
    }

    /// Commands that were drawn for a variant, as acts.
    ///
    /// # Panics
    /// If there is no such variant.
    pub fn drawn_acts(&self, variant: usize, drawn: &mut dyn Iterator<Item = &TimedCommand>) -> Vec<Act> {
        let chosen = &self.variants[variant];
        let variants = (self.variants.len() > 1).then(|| vec![chosen.name.clone()]);
        let act = |timed: &TimedCommand| {
            Some(Act {
                at: timed.at,
                variants: variants.clone(),
                what: what(chosen, &timed.command)?,
            })
        };
        drawn.filter_map(act).collect()
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
            .then(|| before_acts(&without, &acts))
    }
}

/// A text without random faults: the tables of that name and below it, also in
/// variants, lines of the text or of a variant that set something of it, and `[[at]]`
/// entries that change one of its settings.
pub fn without_faults(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut is_inside = false;
    // Where the last table began, if it is an `[[at]]`.
    let mut entry = None;
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
            entry = start.starts_with("[[at]]").then_some(out.len());
        }
        if let (Some(begin), true) = (entry, changes_chance(start)) {
            // The whole entry goes, up to the next one.
            out.truncate(begin);
            is_inside = true;
        }
        let sets = start.strip_prefix("faults").map(str::trim_start);
        if !is_inside && !sets.is_some_and(|rest| rest.starts_with('.')) {
            out.push_str(line);
        }
    }
    out
}

/// Whether a line of an `[[at]]` entry changes a setting of the random faults, and nothing
/// else.
fn changes_chance(line: &str) -> bool {
    let set = line.strip_prefix("set").map(str::trim_start);
    let path = set.and_then(|set| match set.strip_prefix('=') {
        Some(table) => table
            .trim_start()
            .strip_prefix('{')
            .filter(|_| line.matches('=').count() == 2),
        None => set.strip_prefix('.'),
    });
    let path = path.map(|path| path.trim_start().trim_start_matches('"'));
    path.is_some_and(|path| path.starts_with("faults.random."))
}

/// A command that is drawn at random, as an act.
fn what(variant: &Variant, command: &Command) -> Option<What> {
    let name = |node: NodeId| variant.plan.nodes[usize::from(node.0)].name.clone();
    Some(match *command {
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
        Command::Set { node, ref setting } => What::Set {
            path: live::path(&variant.plan, node, setting)?,
            value: live::value_text(setting.clone())?,
        },
        _ => return None,
    })
}
