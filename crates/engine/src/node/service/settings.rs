//! What of a service may change while it runs.

use super::{Service, Step};
use crate::plan::{FailPlan, Setting, SettingKind, Workers};
use crate::wire::Wire;
use mqlab_model::Context;

impl Service {
    /// Changes a setting; the new value as a number, or `None` if it has no
    /// such setting.
    pub(crate) fn set<C: Context<Wire>>(&mut self, cx: &mut C, setting: &Setting) -> Option<u64> {
        match *setting {
            Setting::Workers(workers) => {
                let limit = match workers {
                    Workers::Count(count) => Some(count),
                    Workers::Unlimited => None,
                };
                self.workers.set_limit(limit);
                if self.order.is_some() {
                    self.sort_anew(cx);
                }
                self.start_waiting(cx);
                Some(limit.map_or(0, u64::from))
            }
            Setting::Prefetch(prefetch) => {
                let is_limited = self.consumer.as_mut()?.set_prefetch(cx, prefetch);
                is_limited.then_some(u64::from(prefetch))
            }
            Setting::Queue(most) => {
                self.entrance.bounds.queue = Some(most);
                Some(u64::from(most))
            }
            Setting::Strain(overload) => {
                self.entrance.bounds.overload = overload;
                self.program.iter_mut().for_each(|step| step.set_overload(overload));
                Some(overload as u64)
            }
            Setting::Admits(most) => {
                self.entrance.bounds.admits = Some(most);
                Some(most)
            }
            Setting::MergeMost(_) | Setting::MergeWait(_) => self.set_merge(setting),
            Setting::Work { step, .. }
            | Setting::Fail { step, .. }
            | Setting::Takes { step, .. }
            | Setting::Confirm { step, .. }
            | Setting::Parallel { step, .. }
            | Setting::Timeout { step, .. }
            | Setting::Retries { step, .. }
            | Setting::Backoff { step, .. }
            | Setting::Requeue { step, .. } => change(self.program.get_mut(usize::from(step))?, setting),
            _ => None,
        }
    }

    /// A setting as it is now.
    pub(crate) fn setting(&self, kind: SettingKind) -> Option<Setting> {
        Some(match kind {
            SettingKind::Workers => Setting::Workers(self.limit().map_or(Workers::Unlimited, Workers::Count)),
            SettingKind::Prefetch => Setting::Prefetch(self.prefetch()?),
            SettingKind::Queue => Setting::Queue(self.entrance.bounds.queue?),
            SettingKind::Strain => Setting::Strain(self.entrance.bounds.overload),
            SettingKind::Admits => Setting::Admits(self.entrance.bounds.admits?),
            SettingKind::MergeMost | SettingKind::MergeWait => self.merge_setting(kind)?,
            SettingKind::Work(step) => match self.program.get(usize::from(step))? {
                Step::Work { takes, .. } | Step::StrainedWork { takes, .. } => Setting::Work { step, takes: *takes },
                _ => return None,
            },
            SettingKind::Fail(step) => match self.program.get(usize::from(step))? {
                Step::Fail { plan, .. } => Setting::Fail { step, plan: *plan },
                _ => return None,
            },
            SettingKind::Takes(step) => match self.program.get(usize::from(step))? {
                Step::Publish { takes, .. } => Setting::Takes { step, takes: *takes },
                _ => return None,
            },
            SettingKind::Confirm(step) => match self.program.get(usize::from(step))? {
                Step::Publish { confirm, .. } => Setting::Confirm { step, on: *confirm },
                _ => return None,
            },
            SettingKind::Parallel(step) => match self.program.get(usize::from(step))? {
                Step::Call { parallel, .. } => Setting::Parallel { step, on: *parallel },
                _ => return None,
            },
            SettingKind::Timeout(step) => Setting::Timeout {
                step,
                after: self.patience(step)?.0.timeout?,
            },
            SettingKind::Retries(step) => Setting::Retries {
                step,
                most: self.patience(step)?.0.retries,
            },
            SettingKind::Backoff(step) => Setting::Backoff {
                step,
                pause: self.patience(step)?.0.backoff,
            },
            SettingKind::Requeue(step) => match self.program.get(usize::from(step))? {
                Step::Nack { requeue } => Setting::Requeue { step, on: *requeue },
                _ => return None,
            },
            _ => return None,
        })
    }
}

/// Changes a step, if the setting is one of its kind.
fn change(step: &mut Step, setting: &Setting) -> Option<u64> {
    match (step, setting.clone()) {
        (Step::Work { takes, .. } | Step::StrainedWork { takes, .. }, Setting::Work { takes: new, .. }) => {
            *takes = new;
            Some(new.mean().nanos())
        }
        (Step::Fail { plan, times }, Setting::Fail { plan: new, .. }) => {
            (*plan, *times) = (new, 0);
            Some(match new {
                FailPlan::Never => 0,
                FailPlan::Always => u64::MAX,
                FailPlan::Chance(number) | FailPlan::First(number) | FailPlan::Message(number) => number,
            })
        }
        (Step::Publish { takes, .. }, Setting::Takes { takes: new, .. }) => {
            *takes = new;
            Some(new.nanos())
        }
        (
            Step::Call {
                patience: Some(patience),
                ..
            },
            Setting::Timeout { after, .. },
        ) => {
            patience.timeout = Some(after);
            Some(after.nanos())
        }
        (
            Step::Call {
                patience: Some(patience),
                ..
            },
            Setting::Retries { most, .. },
        ) => {
            patience.retries = most;
            Some(u64::from(most))
        }
        (
            Step::Call {
                patience: Some(patience),
                ..
            },
            Setting::Backoff { pause, .. },
        ) => {
            patience.backoff = pause;
            Some(pause.nanos())
        }
        (Step::Publish { confirm: flag, .. }, Setting::Confirm { on, .. })
        | (Step::Call { parallel: flag, .. }, Setting::Parallel { on, .. })
        | (Step::Nack { requeue: flag }, Setting::Requeue { on, .. }) => {
            *flag = on;
            Some(u64::from(on))
        }
        _ => None,
    }
}
