//! Deliveries and calls that are taken on together: those that come within
//! some time, or so many, or those that are about the same thing.
//!
//! They wait in groups. A group is ready when it is full or when its time is
//! over; until a worker begins with it, it takes what else comes. The worker
//! goes through its steps once, with the first of the group in hand and the
//! others along: a table is asked once for the rows of all, a service is called
//! once, and every delivery is acknowledged and every caller answered.

use super::workers::Job;
use super::{Service, WORK};
use crate::plan::{MergePlan, Setting, SettingKind};
use crate::things::Things;
use crate::wire::Wire;
use alloc::boxed::Box;
use alloc::collections::VecDeque;
use alloc::vec::Vec;
use mqlab_kernel::{Ring, SortedMap};
use mqlab_model::{Context, FactKind, Message, Port};

/// In a token: it means a group, and no worker.
const GROUP: u64 = 1 << 62;

/// Whether a token means a group whose time is over.
#[inline(always)]
pub(super) fn is_group(token: u64) -> bool {
    token & GROUP != 0
}

/// Jobs that wait for each other.
#[derive(Clone, Debug)]
struct Group {
    /// The thing that they are about, if that is what they are put together by.
    thing: Option<u64>,
    jobs: Vec<Job>,
    is_ready: bool,
}

/// What a service that merges knows.
#[derive(Clone, Debug)]
pub(super) struct Merge {
    plan: MergePlan,
    things: Things,
    /// Those that nobody has begun, by number.
    groups: SortedMap<u64, Group>,
    /// The youngest group of each thing that still takes more.
    open: SortedMap<Option<u64>, u64>,
    /// The ready ones, in the order in which they became so: as many as there
    /// are first jobs waiting for a worker, in the same order.
    ready: VecDeque<u64>,
    next: u64,
    /// By worker: what it has in hand beside its job.
    along: Vec<Vec<Job>>,
    /// How many groups were begun.
    begun: u64,
}

impl Merge {
    pub(super) fn new(plan: MergePlan, things: Things) -> Self {
        Merge {
            plan,
            things,
            groups: SortedMap::new(),
            open: SortedMap::new(),
            ready: VecDeque::new(),
            next: 0,
            along: Vec::new(),
            begun: 0,
        }
    }

    /// The jobs that no worker has begun, oldest group first.
    pub(super) fn waiting(&self) -> impl Iterator<Item = &Job> {
        self.groups.values().flat_map(|group| &group.jobs)
    }

    /// What a worker has in hand beside its job.
    fn along(&self, index: u32) -> &[Job] {
        self.along.get(index as usize).map_or(&[], Vec::as_slice)
    }

    /// A group is ready; the job that stands for it among those that wait.
    fn make_ready(&mut self, number: u64) -> Option<Job> {
        let group = self.groups.get_mut(&number)?;
        if group.is_ready {
            return None;
        }
        group.is_ready = true;
        self.ready.push_back(number);
        group.jobs.first().copied()
    }

    /// The worker begins with the group that has been ready longest.
    fn begin(&mut self, index: u32) {
        let number = self.ready.pop_front();
        let Some(group) = number.and_then(|number| self.groups.remove(&number)) else {
            return;
        };
        if self.open.get(&group.thing) == number.as_ref() {
            self.open.remove(&group.thing);
        }
        let index = index as usize;
        if self.along.len() <= index {
            self.along.resize_with(index + 1, Vec::new);
        }
        self.along[index] = group.jobs;
        self.along[index].remove(0);
        self.begun += 1;
    }

    /// Forgets what waits and what is in hand.
    fn forget(&mut self) {
        self.groups.clear();
        self.open.clear();
        self.ready.clear();
        self.along.clear();
    }
}

impl Service {
    /// How often workers have begun with their steps; `None` if that is once
    /// for every message.
    pub(crate) fn groups_begun(&self) -> Option<u64> {
        self.merge.as_ref().map(|merge| merge.begun)
    }

    /// How many groups wait, for a worker or for more to come.
    pub(crate) fn groups(&self) -> Option<u64> {
        self.merge.as_ref().map(|merge| merge.groups.len() as u64)
    }

    /// What came in finds its group.
    #[cold]
    #[inline(never)]
    pub(super) fn put_together<C: Context<Wire>>(&mut self, cx: &mut C, job: Job) {
        let Some(merge) = &mut self.merge else { return };
        let MergePlan { most, wait, by_thing } = merge.plan;
        // What is about nothing is about itself.
        let id = job.message().id;
        let thing = by_thing.then(|| merge.things.of_message(id).unwrap_or(id.bits()));
        let number = match merge.open.get(&thing) {
            Some(number) => *number,
            None => {
                let number = merge.next;
                merge.next += 1;
                merge.open.insert(thing, number);
                let group = Group {
                    thing,
                    jobs: Vec::new(),
                    is_ready: false,
                };
                merge.groups.insert(number, group);
                let at = cx.later(wait);
                cx.arm(WORK, at, number | GROUP);
                number
            }
        };
        let Some(group) = merge.groups.get_mut(&number) else {
            return;
        };
        group.jobs.push(job);
        if group.jobs.len() >= most as usize {
            merge.open.remove(&thing);
            self.group_is_ready(cx, number);
        }
    }

    /// The time of a group is over.
    #[cold]
    #[inline(never)]
    pub(super) fn group_timed<C: Context<Wire>>(&mut self, cx: &mut C, token: u64) {
        self.group_is_ready(cx, token & !GROUP);
    }

    fn group_is_ready<C: Context<Wire>>(&mut self, cx: &mut C, number: u64) {
        if let Some(first) = self.merge.as_mut().and_then(|merge| merge.make_ready(number)) {
            self.workers.waiting.push_back(first);
            self.start_waiting(cx);
        }
    }

    /// A worker begins with a job: with it, all those of its group.
    #[cold]
    #[inline(never)]
    pub(super) fn begin_group<C: Context<Wire>>(&mut self, cx: &mut C, index: u32) {
        if let Some(merge) = &mut self.merge {
            merge.begin(index);
        }
        for job in self.along(index) {
            let waited = cx.now().since(job.message().offered());
            cx.emit(self.inlet(&job), FactKind::Started, job.message().id, waited.nanos());
        }
    }

    /// What a worker has in hand beside its job: a list of its own, because it
    /// is looked at while the worker acts.
    #[cold]
    #[inline(never)]
    pub(super) fn along(&self, index: u32) -> Vec<Job> {
        self.merge
            .as_ref()
            .map(|merge| merge.along(index).to_vec())
            .unwrap_or_default()
    }

    /// The group of a worker is over.
    #[cold]
    #[inline(never)]
    pub(super) fn end_group<C: Context<Wire>>(&mut self, cx: &mut C, index: u32, kind: FactKind) {
        let others = match &mut self.merge {
            Some(merge) => merge.along.get_mut(index as usize).map(core::mem::take),
            None => None,
        };
        for job in others.unwrap_or_default() {
            let message = job.message();
            let is_well = kind == FactKind::Handled;
            let value = if is_well {
                cx.now().since(message.offered()).nanos()
            } else {
                0
            };
            cx.emit(self.inlet(&job), kind, message.id, value);
            self.reply_along(cx, index, &job, is_well);
        }
    }

    /// The callers of a worker's group are answered.
    #[cold]
    #[inline(never)]
    pub(super) fn respond_along<C: Context<Wire>>(&mut self, cx: &mut C, index: u32, done: bool) {
        for job in self.along(index) {
            self.reply_along(cx, index, &job, done);
        }
    }

    /// The first of a group is answered after the others: it says whether all are.
    fn reply_along<C: Context<Wire>>(&mut self, cx: &mut C, index: u32, job: &Job, done: bool) {
        if let (Some((port, token)), false) = (job.as_call(), self.workers.slot(index).responded) {
            let message = job.message();
            cx.send(port, Wire::Reply { token, message, done });
        }
    }

    /// The rows of a worker's group go ahead of what is asked for its job: a
    /// table does with them what it then is asked to do.
    #[cold]
    #[inline(never)]
    pub(super) fn send_along<C: Context<Wire>>(&mut self, cx: &mut C, index: u32, table: Port) {
        let token = self.workers.token(index, 0).pack();
        for job in self.along(index) {
            let message: Message = job.message();
            cx.send(table, Wire::Along { token, message });
        }
    }

    /// The process is dead.
    #[cold]
    pub(super) fn forget_groups<C: Context<Wire>>(&mut self, cx: &mut C) {
        let Some(merge) = &mut self.merge else { return };
        let begun: Vec<Job> = merge.along.iter().flatten().copied().collect();
        let waiting: Vec<Job> = merge.waiting().copied().collect();
        merge.forget();
        for (jobs, value) in [(begun, 1), (waiting, 0)] {
            for job in jobs {
                cx.emit(self.inlet(&job), FactKind::Aborted, job.message().id, value);
            }
        }
    }

    /// Drops of what no worker has begun what `goes`.
    pub(super) fn drop_from_groups(&mut self, goes: impl Fn(&Job) -> bool) -> Vec<Job> {
        let mut dropped = Vec::new();
        let Some(merge) = &mut self.merge else { return dropped };
        for group in merge.groups.values_mut() {
            group.jobs.retain(|job| {
                let goes = goes(job);
                if goes {
                    dropped.push(*job);
                }
                !goes
            });
        }
        merge.groups.retain(|_, group| !group.jobs.is_empty());
        let Merge {
            groups, open, ready, ..
        } = &mut **merge;
        open.retain(|_, number| groups.contains_key(number));
        ready.retain(|number| groups.contains_key(number));
        let mut waiting = Ring::default();
        for number in ready.iter() {
            if let Some(job) = groups.get(number).and_then(|group| group.jobs.first()) {
                waiting.push_back(*job);
            }
        }
        self.workers.waiting = waiting;
        dropped
    }

    /// Changes a setting of it.
    pub(super) fn set_merge(&mut self, setting: &Setting) -> Option<u64> {
        let merge: &mut Box<Merge> = self.merge.as_mut()?;
        match *setting {
            Setting::MergeMost(most) => {
                merge.plan.most = most;
                Some(u64::from(most))
            }
            Setting::MergeWait(wait) => {
                merge.plan.wait = wait;
                Some(wait.nanos())
            }
            _ => None,
        }
    }

    /// A setting of it as it is now.
    pub(super) fn merge_setting(&self, kind: SettingKind) -> Option<Setting> {
        let plan = self.merge.as_ref()?.plan;
        Some(match kind {
            SettingKind::MergeMost => Setting::MergeMost(plan.most),
            _ => Setting::MergeWait(plan.wait),
        })
    }
}
