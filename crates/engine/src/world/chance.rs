//! What goes wrong at random in a running world.

use super::{Action, World};
use crate::plan::{Chance as Change, FAULTS_MAX, Phase, Plan, RandomFaults, Subjects, TimedCommand, change_phases};
use alloc::boxed::Box;
use alloc::rc::Rc;
use alloc::vec::Vec;
use core::ops::Range;
use mqlab_kernel::{LaneId, SimTime};

/// What was drawn, and by which settings.
#[derive(Clone, Debug)]
pub(super) struct Chance {
    subjects: Rc<Subjects>,
    /// The settings, from the beginning on and from every change.
    phases: Rc<Vec<Phase>>,
    /// Everything that was ever drawn.
    drawn: Rc<Vec<TimedCommand>>,
    /// What of it will not happen, because settings have changed.
    undone: Vec<Range<usize>>,
    /// Settings were changed in such a way that there would be too many.
    pub(super) is_too_much: bool,
}

impl Chance {
    /// What a plan leaves to chance.
    pub(super) fn of(plan: &Plan) -> Option<Box<Chance>> {
        let settings = plan.random.as_ref()?;
        let subjects = Subjects::of(plan);
        let phases = alloc::vec![(SimTime::ZERO, settings.clone())];
        let drawn = subjects.commands(&phases, usize::MAX).unwrap_or_default();
        Some(Box::new(Chance {
            subjects: Rc::new(subjects),
            phases: Rc::new(phases),
            drawn: Rc::new(drawn),
            undone: Vec::new(),
            is_too_much: false,
        }))
    }

    fn is_undone(&self, index: usize) -> bool {
        self.undone.iter().any(|range| range.contains(&index))
    }

    /// A setting changes: what is drawn and has not happened is drawn anew. Returns
    /// the first of what is new; `None` if it is too much.
    fn change(&mut self, now: SimTime, change: &Change) -> Option<usize> {
        change_phases(Rc::make_mut(&mut self.phases), now, change);
        let anew = self.subjects.commands(&self.phases, FAULTS_MAX)?;
        let first = self.drawn.len();
        let begins = self.undone.last().map_or(0, |range| range.end);
        let happened = self.drawn[begins..].partition_point(|timed| timed.at <= now);
        self.undone.push(begins + happened..first);
        let drawn = Rc::make_mut(&mut self.drawn);
        drawn.extend(anew.into_iter().filter(|timed| timed.at > now));
        Some(first)
    }
}

impl World {
    /// The settings of the faults at random, as they are now; `None` if nothing is
    /// left to chance.
    pub fn chance(&self) -> Option<&RandomFaults> {
        let (_, settings) = self.chance.as_ref()?.phases.last()?;
        Some(settings)
    }

    /// What has happened at random, and what will if nobody changes its settings; in
    /// order of time.
    pub fn at_random(&self) -> impl Iterator<Item = &TimedCommand> {
        let chance = self.chance.iter();
        chance.flat_map(|chance| {
            let drawn = chance.drawn.iter().enumerate();
            drawn
                .filter(|(index, _)| !chance.is_undone(*index))
                .map(|(_, timed)| timed)
        })
    }

    fn chance_lane(&self) -> LaneId {
        LaneId((self.core.lanes.len() - 2) as u32)
    }

    /// Puts what was drawn on the agenda, from this one on.
    pub(super) fn await_chance(&mut self, first: usize) {
        let lane = self.chance_lane();
        let Some(chance) = &self.chance else { return };
        for (index, timed) in chance.drawn.iter().enumerate().skip(first) {
            let action = Action::Command(index as u32).into();
            self.core.agenda.push(lane, timed.at, action);
        }
    }

    /// Something that was drawn is due.
    pub(super) fn happen(&mut self, index: u32) {
        let place = index as usize;
        let chance = self.chance.as_ref().filter(|chance| !chance.is_undone(place));
        if let Some(timed) = chance.and_then(|chance| chance.drawn.get(place)) {
            self.carry_out(timed.command.clone(), self.chance_lane(), index);
        }
    }

    /// A setting of the faults at random changes.
    #[inline(never)]
    pub(super) fn change_chance(&mut self, change: &Change) {
        let now = self.core.now;
        let Some(chance) = &mut self.chance else { return };
        match chance.change(now, change) {
            Some(first) => self.await_chance(first),
            None => {
                chance.is_too_much = true;
                // The run loop looks up from its work.
                self.core.look = 0;
            }
        }
    }
}
