//! What was done by hand: a list in the order of the simulated time, with a
//! way back and forth through what it was before.

use super::lab::Lab;
use super::texts::{Key, Language};
use mqlab_kernel::SimTime;
use mqlab_scenario::{Act, Diagnostic, What};
use std::rc::Rc;

/// Most steps that can be undone.
const UNDO_MAX: usize = 200;

/// The acts of a run.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Acts {
    present: Rc<[Act]>,
    past: Vec<Rc<[Act]>>,
    future: Vec<Rc<[Act]>>,
}

/// In which variants something is done.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reach {
    /// In one.
    Variant(usize),
    /// In all where it can be done.
    All,
}

impl Acts {
    /// A list to begin with; there is nothing to undo.
    pub fn new(acts: Vec<Act>) -> Acts {
        Acts {
            present: acts.into(),
            ..Acts::default()
        }
    }

    /// The acts, in the order of time.
    pub fn list(&self) -> &[Act] {
        &self.present
    }

    /// Adds an act, after what is done at its instant already.
    pub fn add(&mut self, act: Act) {
        let mut acts = self.present.to_vec();
        let after = acts.partition_point(|known| known.at <= act.at);
        acts.insert(after, act);
        self.change(acts);
    }

    /// Takes one act out of the list.
    pub fn remove(&mut self, index: usize) {
        if index < self.present.len() {
            let mut acts = self.present.to_vec();
            acts.remove(index);
            self.change(acts);
        }
    }

    /// Takes all of them out.
    pub fn clear(&mut self) {
        if !self.present.is_empty() {
            self.change(Vec::new());
        }
    }

    /// The list as it was before the last change.
    pub fn undo(&mut self) {
        if let Some(before) = self.past.pop() {
            self.future.push(std::mem::replace(&mut self.present, before));
        }
    }

    /// The list as it was before the last undoing.
    pub fn redo(&mut self) {
        if let Some(after) = self.future.pop() {
            self.past.push(std::mem::replace(&mut self.present, after));
        }
    }

    /// Whether there is something to undo.
    pub fn can_undo(&self) -> bool {
        !self.past.is_empty()
    }

    /// Whether there is something to redo.
    pub fn can_redo(&self) -> bool {
        !self.future.is_empty()
    }

    fn change(&mut self, acts: Vec<Act>) {
        self.future.clear();
        if self.past.len() >= UNDO_MAX {
            self.past.remove(0);
        }
        self.past.push(std::mem::replace(&mut self.present, acts.into()));
    }
}

/// The act of doing `what` at the clock of the lab.
///
/// # Errors
/// What is wrong with it, if it can be done in none of the variants asked for.
pub fn at_clock(lab: &Lab, what: What, reach: Reach) -> Result<Act, Vec<Diagnostic>> {
    let scenario = &lab.scenario;
    let mut act = Act {
        at: lab.clock(),
        variants: None,
        what,
    };
    let mut able = Vec::new();
    let mut wrong = Vec::new();
    for (variant, chosen) in scenario.variants.iter().enumerate() {
        if reach != Reach::All && reach != Reach::Variant(variant) {
            continue;
        }
        match scenario.commands(variant, &act) {
            Ok(_) => able.push(chosen.name.clone()),
            Err(found) => wrong = found,
        }
    }
    if able.is_empty() {
        return Err(wrong);
    }
    if able.len() < scenario.variants.len() {
        act.variants = Some(able);
    }
    Ok(act)
}

/// What an act does, in words.
pub fn words(act: &Act, language: Language) -> String {
    match &act.what {
        What::Crash(node) => language.with(Key::ActCrash, node),
        What::PowerCut(node) => language.with(Key::ActPowerCut, node),
        What::DiskLost(node) => language.with(Key::ActDiskLost, node),
        What::DiskFull(node) => language.with(Key::ActDiskFull, node),
        What::DiskFree(node) => language.with(Key::ActDiskFree, node),
        What::Restart(node) => language.with(Key::ActRestart, node),
        What::Pause(node) => language.with(Key::ActPause, node),
        What::Resume(node) => language.with(Key::ActResume, node),
        What::Cut { a, b } => language.with(Key::ActCut, &format!("{a} – {b}")),
        What::CutOneWay { from, to } => language.with(Key::ActCut, &format!("{from} → {to}")),
        What::Partition(groups) => {
            let groups: Vec<String> = groups.iter().map(|group| group.join(", ")).collect();
            language.with(Key::ActPartition, &groups.join(" | "))
        }
        What::HealAll => language.text(Key::ActHealAll).to_owned(),
        What::Heal { a, b } => language.with(Key::ActHeal, &format!("{a} – {b}")),
        What::Lose { a, b, .. } => language.with(Key::ActLose, &format!("{a} – {b}")),
        What::Purge(queue) => language.with(Key::ActPurge, queue),
        What::MoveLeader { partition, to } => language.with(Key::ActMoveLeader, &format!("{partition} → {to}")),
        What::Seek { service, .. } => language.with(Key::ActSeek, service),
        What::ElectPreferred(cluster) => language.with(Key::ActElectPreferred, cluster),
        What::Publish { load, count, .. } => {
            format!(
                "{} × {}",
                language.with(Key::ActPublish, load),
                super::format::count(*count)
            )
        }
        What::Set { path, value } => format!("{path} = {}", value.trim_matches('"')),
    }
}

/// Whether anything can still be done at the clock: not once the run has
/// reached its end.
pub fn is_too_late(lab: &Lab) -> bool {
    lab.until() < SimTime::MAX && lab.clock() >= lab.until()
}

#[cfg(test)]
mod tests;
