//! What the settings of a node are in the plan, before anybody changes them.

use super::value_text;
use mqlab_engine::plan::{BrokerPlan, LoadPlan, NodeKind, Plan, Setting, SettingKind, StepPlan};
use mqlab_kernel::SimTime;
use mqlab_model::DiskPlan;

/// The value of a setting in the plan.
pub(super) fn planned(plan: &Plan, node: &NodeKind, setting: SettingKind) -> Option<String> {
    match node {
        NodeKind::Load(load) => match setting {
            SettingKind::Publish(kind) => super::publish::planned(plan, load, kind),
            setting => planned_of_load(load, setting),
        },
        NodeKind::Table(table) => value_text(match setting {
            SettingKind::Capacity => Setting::Capacity(table.capacity),
            _ => Setting::Overload(table.overload),
        }),
        NodeKind::Service(service) => {
            let step = |step: u16| service.steps.get(usize::from(step));
            value_text(match setting {
                SettingKind::Prefetch => Setting::Prefetch(service.consume.as_ref()?.subscription.prefetch()?),
                SettingKind::Workers => Setting::Workers(service.workers),
                SettingKind::Queue => Setting::Queue(service.bounds.queue?),
                SettingKind::Strain => Setting::Strain(service.bounds.overload),
                SettingKind::Admits => Setting::Admits(service.bounds.admits?),
                SettingKind::MergeMost => Setting::MergeMost(service.merge?.most),
                SettingKind::MergeWait => Setting::MergeWait(service.merge?.wait),
                SettingKind::Work(index) => match step(index)? {
                    StepPlan::Work(takes) => Setting::Work {
                        step: index,
                        takes: *takes,
                    },
                    _ => return None,
                },
                SettingKind::Takes(index) | SettingKind::Confirm(index) => match (step(index)?, setting) {
                    (StepPlan::Publish { takes, .. }, SettingKind::Takes(_)) => Setting::Takes {
                        step: index,
                        takes: *takes,
                    },
                    (StepPlan::Publish { confirm, .. }, _) => Setting::Confirm {
                        step: index,
                        on: *confirm,
                    },
                    _ => return None,
                },
                SettingKind::Fail(index) => match step(index)? {
                    StepPlan::Fail(plan) => Setting::Fail {
                        step: index,
                        plan: *plan,
                    },
                    _ => return None,
                },
                SettingKind::Parallel(index) => match step(index)? {
                    StepPlan::Call { parallel, .. } => Setting::Parallel {
                        step: index,
                        on: *parallel,
                    },
                    _ => return None,
                },
                SettingKind::Timeout(index) | SettingKind::Retries(index) | SettingKind::Backoff(index) => {
                    let StepPlan::Call { patience, .. } = step(index)? else {
                        return None;
                    };
                    match setting {
                        SettingKind::Timeout(step) => Setting::Timeout {
                            step,
                            after: patience.timeout?,
                        },
                        SettingKind::Retries(step) => Setting::Retries {
                            step,
                            most: patience.retries,
                        },
                        _ => Setting::Backoff {
                            step: index,
                            pause: patience.backoff,
                        },
                    }
                }
                SettingKind::Requeue(index) => match step(index)? {
                    StepPlan::Nack { requeue } => Setting::Requeue {
                        step: index,
                        on: *requeue,
                    },
                    _ => return None,
                },
                _ => return None,
            })
        }
        NodeKind::Member(_) => None,
        NodeKind::Broker(BrokerPlan::Kafka(config)) => match setting {
            SettingKind::Topic(topic, rule) => {
                let rule = rule.of(config.topics.get(usize::from(topic))?);
                value_text(Setting::Topic { topic, rule })
            }
            SettingKind::CleanerBackoff => value_text(Setting::CleanerBackoff(config.settings.cleaner_backoff)),
            _ => planned_of_disk(config.disk, setting),
        },
        NodeKind::Broker(BrokerPlan::Rabbit(config)) if super::rabbit::is_definition(setting) => {
            super::rabbit::planned(config, setting)
        }
        NodeKind::Broker(broker) => planned_of_disk(broker.disk(), setting),
    }
}

fn planned_of_disk(disk: Option<DiskPlan>, setting: SettingKind) -> Option<String> {
    let disk = disk.unwrap_or_default();
    value_text(match setting {
        SettingKind::DiskWrite => Setting::DiskWrite(disk.write),
        SettingKind::DiskBandwidth => Setting::DiskBandwidth(disk.bandwidth),
        SettingKind::DiskSync => Setting::DiskSync(disk.sync),
        SettingKind::DiskBatch => Setting::DiskBatch(disk.batch),
        _ => Setting::DiskInterval(disk.interval),
    })
}

fn planned_of_load(load: &LoadPlan, setting: SettingKind) -> Option<String> {
    match (setting, load.arrivals.segments.as_slice()) {
        (SettingKind::Rate, []) => None,
        (SettingKind::Rate, [only]) if only.start == SimTime::ZERO => value_text(Setting::Rate(only.rate)),
        (SettingKind::Rate, several) => {
            let pairs: Vec<String> = several
                .iter()
                .map(|segment| format!("[\"{}\", \"{}\"]", segment.start, segment.rate))
                .collect();
            Some(format!("[{}]", pairs.join(", ")))
        }
        (SettingKind::Poisson, _) => value_text(Setting::Poisson(load.arrivals.poisson)),
        (SettingKind::Count, _) => value_text(Setting::Count(load.count?)),
        (SettingKind::Each, _) => value_text(Setting::Each(load.arrivals.each)),
        (SettingKind::Users, _) => value_text(Setting::Users(load.users?.count)),
        (SettingKind::Think, _) => value_text(Setting::Think(load.users?.think)),
        (SettingKind::Window, _) => value_text(Setting::Window(load.sender.window?)),
        (SettingKind::Buffer, _) => value_text(Setting::Buffer(load.sender.buffer?)),
        (SettingKind::Persistent, _) => value_text(Setting::Persistent(load.persistent)),
        _ => None,
    }
}
