//! Live settings: what may change while a world runs.

pub(crate) mod mirrors;
mod planned;
mod publish;
mod rabbit;
pub(crate) mod topic;

use crate::chance;
use crate::keys::{KEYS, Key, ValueKind};
use crate::limits::{
    BUFFER_MAX, MERGE_MAX, PLACES_MAX, PREFETCH_MAX, RETRIES_MAX, SAFE_INTEGER_MAX, USERS_MAX, WINDOW_MAX,
};
use crate::names::Names;
use crate::read::{self, Read};
use crate::scenario::Scenario;
use crate::tree::Tree;
use mqlab_engine::plan::{
    BrokerPlan, NodeKind, Overload, Plan, PublisherPlan, ServicePlan, Setting, SettingKind, StepPlan, TopicRuleKind,
    Wear, Workers,
};
use mqlab_engine::{PlaceKind, World};
use mqlab_kernel::{Bytes, Dist, SimSpan};
use mqlab_model::{NodeId, PlaceId, Skew};
use planned::planned;

/// A setting that may change while a world runs, as somebody needs it who
/// makes a control for it.
#[derive(Clone, PartialEq, Debug)]
pub struct LiveSetting {
    /// Its path, as `[[at]] set` takes it.
    pub path: String,
    /// Its row in the table of keys.
    pub key: &'static Key,
    /// What values it takes while the world runs.
    pub kind: ValueKind,
    /// Its value in the plan, as it is written in TOML; `None` where the key
    /// is not given and there is nothing that stands for it: a table without a
    /// limit, a load without a rate.
    pub planned: Option<String>,
    /// Of what its value is a list, if it is one.
    pub choices: Vec<String>,
    of: Of,
}

/// Where the value of a setting is found.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Of {
    /// At a node.
    Node(NodeId, SettingKind),
    /// Among the faults at random.
    Chance,
}

impl LiveSetting {
    /// Its value in a running world of the variant, as it is written in TOML;
    /// `None` as in [`LiveSetting::planned`].
    pub fn present(&self, world: &World) -> Option<String> {
        match self.of {
            Of::Node(node, kind) => {
                let setting = world.setting(node, kind)?;
                match setting {
                    Setting::Policy { .. }
                    | Setting::Bound { .. }
                    | Setting::Mirroring { .. }
                    | Setting::Watermark(_) => rabbit::text(world.rabbit_definitions(node), setting),
                    setting => value_text(setting),
                }
            }
            Of::Chance => {
                let key = self.key.path.strip_prefix(chance::ABOVE)?;
                let name = |node: NodeId| world.places().get(PlaceId(node.0)).name.as_str();
                chance::value_text(world.chance()?, key, &name)
            }
        }
    }
}

impl LiveSetting {
    pub(crate) fn of_chance(key: &'static Key, planned: Option<String>, choices: Vec<String>) -> LiveSetting {
        LiveSetting {
            path: key.path.to_owned(),
            key,
            kind: key.kind,
            planned,
            choices,
            of: Of::Chance,
        }
    }
}

impl Scenario {
    /// What may change of the node at a place, or that a place is a part of,
    /// in the order of the table of keys; steps in their own order.
    ///
    /// # Panics
    /// If there is no such variant.
    pub fn live(&self, variant: usize, place: PlaceId) -> Vec<LiveSetting> {
        let plan = &self.variants[variant].plan;
        let places = mqlab_engine::Places::of(plan);
        let Some((_, found)) = places.iter().find(|(id, _)| *id == place) else {
            return Vec::new();
        };
        let id = found.node;
        let Some(node) = plan.nodes.get(usize::from(id.0)) else {
            return Vec::new();
        };
        let kind = match node.kind {
            NodeKind::Load(_) => "load",
            NodeKind::Service(_) => "service",
            NodeKind::Table(_) => "table",
            // A queue is a place of its broker and has no setting of its own.
            NodeKind::Broker(_) if found.kind == PlaceKind::Broker => "broker",
            // A partition has the settings of its topic.
            NodeKind::Broker(_) if found.kind == PlaceKind::Partition => "broker",
            // A node of a cluster has the settings of the cluster.
            NodeKind::Broker(_) | NodeKind::Member(_) => return Vec::new(),
        };
        let clock = ["offset", "drift"].into_iter().filter(|_| has_clock(plan, id));
        let clock = clock.filter_map(|key| Some((format!("clock.{}.{key}", node.name), of_clock(key)?)));
        let own = of_node(plan, &node.kind).into_iter();
        let topic = found.of.map(|topic| places.get(topic).name.as_str());
        let is_part = found.kind == PlaceKind::Partition;
        let own = own.filter(|(path, _)| match topic_of(path) {
            Some(of) => is_part && Some(of) == topic,
            None => !is_part,
        });
        let own = own.map(|(path, setting)| (format!("{kind}.{}.{path}", node.name), setting));
        own.chain(clock.filter(|_| !is_part))
            .map(|(path, setting)| LiveSetting {
                path,
                key: key_at(&node.kind, setting),
                kind: value_kind(setting),
                planned: planned_of_clock(plan, id, setting).or_else(|| planned(plan, &node.kind, setting)),
                choices: Vec::new(),
                of: Of::Node(id, setting),
            })
            .collect()
    }

    /// What may change of the connection between two nodes; nothing if they
    /// have none.
    ///
    /// # Panics
    /// If there is no such variant.
    pub fn live_link(&self, variant: usize, a: NodeId, b: NodeId) -> Vec<LiveSetting> {
        let variant = &self.variants[variant];
        let plan = &variant.plan;
        if !crate::build::are_connected(plan, a, b) {
            return Vec::new();
        }
        let name = |node: NodeId| plan.nodes[usize::from(node.0)].name.as_str();
        let own = variant.text.within("link").iter().find(|entry| {
            let between = entry.tree.table().and_then(|link| link.get("between"));
            let ends = between.and_then(|between| read::ends(between).ok());
            ends.is_some_and(|[one, other]| {
                let ends = (one.0, other.0);
                ends == (name(a), name(b)) || ends == (name(b), name(a))
            })
        });
        let above = match own {
            Some(entry) => format!("link.{}", entry.key),
            None => format!("links.{}.{}", name(a), name(b)),
        };
        let setting = |key: &&str| {
            let setting = of_link(plan, (a, b), key)?;
            let row_path = match own {
                Some(_) => format!("link.*.{key}"),
                None if matches!(*key, "duplicate" | "reorder") => format!("link.*.{key}"),
                None => format!("links.{key}"),
            };
            Some(LiveSetting {
                path: format!("{above}.{key}"),
                key: row(&row_path),
                kind: value_kind(setting),
                planned: planned_of_connection(plan, (a, b), setting).and_then(value_text),
                choices: Vec::new(),
                of: Of::Node(a, setting),
            })
        };
        CONNECTION_KEYS.iter().filter_map(setting).collect()
    }
}

/// The topic that the path of a setting is about.
fn topic_of(path: &str) -> Option<&str> {
    Some(path.strip_prefix("topic.")?.rsplit_once('.')?.0)
}

/// Whether the setting at a path has a table as its value.
pub(crate) fn is_table(path: &str) -> bool {
    let mut parts = path.split('.');
    let (kind, key) = (parts.next(), parts.nth(1));
    (kind, key, parts.next()) == (Some("load"), Some("headers"), None)
}

/// What may change of a clock.
pub(crate) fn of_clock(key: &str) -> Option<SettingKind> {
    match key {
        "offset" => Some(SettingKind::ClockOffset),
        "drift" => Some(SettingKind::ClockDrift),
        _ => None,
    }
}

/// Whether something that a node does goes by its clock.
pub(crate) fn has_clock(plan: &Plan, node: NodeId) -> bool {
    crate::build::reads_clock(plan, node)
}

fn planned_of_clock(plan: &Plan, node: NodeId, setting: SettingKind) -> Option<String> {
    let known = plan.clocks.iter().find(|(known, _)| *known == node);
    let skew = known.map_or(Skew::NONE, |(_, skew)| *skew);
    match setting {
        SettingKind::ClockOffset => value_text(Setting::ClockOffset(skew.offset)),
        SettingKind::ClockDrift => value_text(Setting::ClockDrift(skew.drift)),
        _ => None,
    }
}

/// What may change of a connection.
pub(crate) const CONNECTION_KEYS: [&str; 5] = ["latency", "bandwidth", "loss", "duplicate", "reorder"];

/// The setting of the connection between two nodes that a key stands for.
pub(crate) fn of_link(plan: &Plan, (a, peer): (NodeId, NodeId), key: &str) -> Option<SettingKind> {
    let of_calls = match key {
        "duplicate" => Some(SettingKind::Duplicate(peer)),
        "reorder" => Some(SettingKind::Reorder(peer)),
        _ => None,
    };
    of_connection(key, peer).or_else(|| of_calls.filter(|_| plan.has_calls(a, peer)))
}

/// The setting of a connection with `peer` that a key stands for.
pub(crate) fn of_connection(key: &str, peer: NodeId) -> Option<SettingKind> {
    match key {
        "latency" => Some(SettingKind::Latency(peer)),
        "bandwidth" => Some(SettingKind::Bandwidth(peer)),
        "loss" => Some(SettingKind::Loss(peer)),
        _ => None,
    }
}

fn planned_of_connection(plan: &Plan, (a, b): (NodeId, NodeId), setting: SettingKind) -> Option<Setting> {
    let ends = [(a, b), (b, a)];
    let link = plan.links.iter().find(|link| ends.contains(&(link.a, link.b)));
    let ideal = (Dist::Constant(SimSpan::ZERO), Wear::NONE);
    let (latency, wear) = link.map_or(ideal, |link| (link.latency, link.wear));
    match setting {
        SettingKind::Latency(peer) => Some(Setting::Latency { peer, latency }),
        SettingKind::Bandwidth(peer) => Some(Setting::Bandwidth {
            peer,
            most: wear.bandwidth,
        }),
        SettingKind::Loss(peer) => Some(Setting::Loss { peer, share: wear.loss }),
        SettingKind::Duplicate(peer) => Some(Setting::Duplicate {
            peer,
            share: wear.duplicate,
        }),
        SettingKind::Reorder(peer) => Some(Setting::Reorder {
            peer,
            share: wear.reorder,
        }),
        _ => None,
    }
}

/// The settings of a node, with their paths below it.
pub(crate) fn of_node(plan: &Plan, node: &NodeKind) -> Vec<(String, SettingKind)> {
    use SettingKind as Kind;
    let mut all: Vec<(String, SettingKind)> = Vec::new();
    let mut add = |path: &str, kind| all.push((path.to_owned(), kind));
    match node {
        NodeKind::Load(load) => {
            add("rate", Kind::Rate);
            add("arrivals", Kind::Poisson);
            add("count", Kind::Count);
            add("each", Kind::Each);
            if load.users.is_some() {
                add("users", Kind::Users);
                add("think", Kind::Think);
            }
            if load.sender.window.is_some() {
                add("window", Kind::Window);
            }
            if load.sender.buffer.is_some() {
                add("buffer", Kind::Buffer);
            }
            if load.producer == PublisherPlan::Plain {
                add("persistent", Kind::Persistent);
            }
            publish::kinds(plan, load).for_each(|kind| add(publish::key(kind), Kind::Publish(kind)));
        }
        NodeKind::Table(_) => {
            add("capacity", Kind::Capacity);
            add("overload", Kind::Overload);
        }
        NodeKind::Service(service) => {
            let consume = service.consume.as_ref();
            if consume.is_some_and(|consume| consume.subscription.prefetch().is_some()) {
                add("consume.prefetch", Kind::Prefetch);
            }
            add("workers", Kind::Workers);
            if service.bounds.queue.is_some() {
                add("queue", Kind::Queue);
                add("overload", Kind::Strain);
            }
            if service.bounds.admits.is_some() {
                add("admits", Kind::Admits);
            }
            if service.merge.is_some() {
                add("merge.wait", Kind::MergeWait);
                add("merge.most", Kind::MergeMost);
            }
            for (index, (step, path)) in (0u16..).zip(service.steps.iter().zip(step_paths(service))) {
                let mut step_key = |key: &str, kind| add(&format!("{path}.{key}"), kind);
                match step {
                    StepPlan::Work(_) => step_key("work", Kind::Work(index)),
                    StepPlan::Publish { .. } => {
                        step_key("takes", Kind::Takes(index));
                        step_key("confirm", Kind::Confirm(index));
                    }
                    StepPlan::Call { patience, .. } => {
                        step_key("parallel", Kind::Parallel(index));
                        if patience.timeout.is_some() {
                            step_key("timeout", Kind::Timeout(index));
                        }
                        if patience.retries > 0 {
                            step_key("retries", Kind::Retries(index));
                            step_key("backoff", Kind::Backoff(index));
                        }
                    }
                    StepPlan::Nack { .. } => step_key("nack.requeue", Kind::Requeue(index)),
                    StepPlan::Fail(_) => step_key("fail", Kind::Fail(index)),
                    _ => {}
                }
            }
        }
        NodeKind::Broker(BrokerPlan::Kafka(config)) => {
            for (number, topic) in (0u16..).zip(&config.topics) {
                for rule in TopicRuleKind::ALL {
                    let key = topic::key(rule);
                    add(&format!("topic.{}.{key}", topic.name), Kind::Topic(number, rule));
                }
            }
            add("cleaner_backoff", Kind::CleanerBackoff);
            DISK_KEYS.iter().for_each(|(key, kind)| add(key, *kind));
        }
        NodeKind::Member(_) => {}
        NodeKind::Broker(BrokerPlan::Rabbit(config)) => {
            DISK_KEYS.iter().for_each(|(key, kind)| add(key, *kind));
            rabbit::add(config, add);
        }
    }
    all
}

/// What may change of a broker's disk; of a cluster, of the disks of all its nodes.
const DISK_KEYS: [(&str, SettingKind); 5] = [
    ("disk.write", SettingKind::DiskWrite),
    ("disk.bandwidth", SettingKind::DiskBandwidth),
    ("disk.sync", SettingKind::DiskSync),
    ("disk.batch", SettingKind::DiskBatch),
    ("disk.interval", SettingKind::DiskInterval),
];

/// Where each step of a service stands below it: `steps.1.transaction.0`. Steps
/// that nobody wrote have no path.
fn step_paths(service: &ServicePlan) -> Vec<String> {
    let mut paths = Vec::with_capacity(service.steps.len());
    let main = service.on_failure.map_or(service.steps.len(), usize::from);
    collect_paths(&service.steps[..main], "steps", &mut paths);
    collect_paths(&service.steps[main..], "on_failure", &mut paths);
    paths
}

fn collect_paths(steps: &[StepPlan], list: &str, into: &mut Vec<String>) {
    let (mut at, mut number) = (0, 0);
    while let Some(step) = steps.get(at) {
        if step.is_end() {
            into.push(String::new());
            at += 1;
            continue;
        }
        let path = format!("{list}.{number}");
        let inner = if matches!(step, StepPlan::Begin { .. }) {
            format!("{path}.transaction")
        } else {
            format!("{path}.steps")
        };
        into.push(path);
        let end = at + 1 + usize::from(step.covers());
        collect_paths(&steps[at + 1..end], &inner, into);
        (at, number) = (end, number + 1);
    }
}

/// A key of steps, and the kind of step that has it.
pub(crate) fn step_action(key: &str) -> Option<(&'static str, &'static str)> {
    const KEYS_OF_STEPS: [(&str, &str); 9] = [
        ("work", "work"),
        ("fail", "fail"),
        ("takes", "publish"),
        ("confirm", "publish"),
        ("parallel", "call"),
        ("timeout", "call"),
        ("retries", "call"),
        ("backoff", "call"),
        ("nack.requeue", "nack"),
    ];
    KEYS_OF_STEPS.into_iter().find(|(known, _)| *known == key)
}

fn row(path: &str) -> &'static Key {
    let found = KEYS.iter().find(|key| key.path == path);
    found.expect("every setting has a row in the table of keys")
}

/// The row of a setting of a node.
fn key_at(node: &NodeKind, setting: SettingKind) -> &'static Key {
    let of_disk = DISK_KEYS.iter().find(|(_, kind)| *kind == setting);
    match (node, of_disk) {
        (NodeKind::Broker(BrokerPlan::Kafka(_)), Some((path, _))) => row(&format!("broker.kafka.{path}")),
        _ => key(setting),
    }
}

fn key(setting: SettingKind) -> &'static Key {
    row(match setting {
        SettingKind::Rate => "load.*.rate",
        SettingKind::Poisson => "load.*.arrivals",
        SettingKind::Count => "load.*.count",
        SettingKind::Each => "load.*.each",
        SettingKind::Users => "load.*.users",
        SettingKind::Think => "load.*.think",
        SettingKind::Window => "load.*.window",
        SettingKind::Buffer => "load.*.buffer",
        SettingKind::Persistent => "load.*.persistent",
        SettingKind::Publish(kind) => publish::row(kind),
        SettingKind::Prefetch => "service.*.consume.prefetch",
        SettingKind::Workers => "service.*.workers",
        SettingKind::Queue => "service.*.queue",
        SettingKind::Strain => "service.*.overload",
        SettingKind::Admits => "service.*.admits",
        SettingKind::Work(_) => "service.*.steps[].work",
        SettingKind::Fail(_) => "service.*.steps[].fail",
        SettingKind::Takes(_) => "service.*.steps[].takes",
        SettingKind::Confirm(_) => "service.*.steps[].confirm",
        SettingKind::Parallel(_) => "service.*.steps[].parallel",
        SettingKind::Timeout(_) => "service.*.steps[].timeout",
        SettingKind::Retries(_) => "service.*.steps[].retries",
        SettingKind::Backoff(_) => "service.*.steps[].backoff",
        SettingKind::Requeue(_) => "service.*.steps[].nack.requeue",
        SettingKind::MergeMost => "service.*.merge.most",
        SettingKind::MergeWait => "service.*.merge.wait",
        SettingKind::Capacity => "table.*.capacity",
        SettingKind::Overload => "table.*.overload",
        SettingKind::Latency(_) => "link.*.latency",
        SettingKind::Bandwidth(_) => "link.*.bandwidth",
        SettingKind::Loss(_) => "link.*.loss",
        SettingKind::Duplicate(_) => "link.*.duplicate",
        SettingKind::Reorder(_) => "link.*.reorder",
        SettingKind::DiskWrite => "broker.rabbitmq.disk.write",
        SettingKind::DiskBandwidth => "broker.rabbitmq.disk.bandwidth",
        SettingKind::DiskSync => "broker.rabbitmq.disk.sync",
        SettingKind::DiskBatch => "broker.rabbitmq.disk.batch",
        SettingKind::DiskInterval => "broker.rabbitmq.disk.interval",
        SettingKind::Topic(_, rule) => return row(&format!("broker.kafka.topic.*.{}", topic::key(rule))),
        SettingKind::CleanerBackoff => "broker.kafka.cleaner_backoff",
        SettingKind::Policy(_, rule) => rabbit::policy_row(rule),
        SettingKind::Bound(_) => "broker.rabbitmq.binding[].bound",
        SettingKind::Mirroring(_, rule) => mirrors::row(rule),
        SettingKind::Watermark => "broker.rabbitmq.watermark",
        SettingKind::ClockOffset => "clock.*.offset",
        SettingKind::ClockDrift => "clock.*.drift",
    })
}

/// What a setting takes while a world runs; a load's rate is one rate then,
/// and no plan of segments.
fn value_kind(setting: SettingKind) -> ValueKind {
    match setting {
        SettingKind::Rate => ValueKind::Rate,
        other => key(other).kind,
    }
}

/// A whole number of 32 bits.
fn small(tree: &Tree, least: u64, most: u64) -> Read<u32> {
    let number = read::integer(tree, least, most)?;
    Ok(u32::try_from(number).unwrap_or(u32::MAX))
}

/// Reads the new value of a setting.
pub(crate) fn read_setting(setting: SettingKind, tree: &Tree, names: &Names<'_>) -> Read<Setting> {
    let flag = |step, make: fn(u16, bool) -> Setting| read::flag(tree).map(|on| make(step, on));
    Ok(match setting {
        // By hand a load may be told to make nothing for a while.
        SettingKind::Rate => Setting::Rate(read::rate_or_zero(tree)?),
        SettingKind::Poisson => Setting::Poisson(read::choice(tree, crate::keys::ARRIVALS)? == "poisson"),
        SettingKind::Count => Setting::Count(read::integer(tree, 0, SAFE_INTEGER_MAX)?),
        SettingKind::Each => Setting::Each(read::integer(tree, 1, SAFE_INTEGER_MAX)?),
        SettingKind::Users => Setting::Users(small(tree, 0, USERS_MAX)?),
        SettingKind::Think => Setting::Think(read::dist(tree)?),
        SettingKind::Window => Setting::Window(small(tree, 1, WINDOW_MAX)?),
        SettingKind::Buffer => Setting::Buffer(read::integer(tree, 0, BUFFER_MAX)?),
        SettingKind::Persistent => Setting::Persistent(read::flag(tree)?),
        SettingKind::Publish(kind) => Setting::Publish(publish::read(kind, tree)?),
        SettingKind::Prefetch => {
            let prefetch = read::integer(tree, 0, PREFETCH_MAX)?;
            Setting::Prefetch(u32::try_from(prefetch).unwrap_or(u32::MAX))
        }
        SettingKind::Workers => Setting::Workers(read::workers(tree)?),
        SettingKind::Queue => Setting::Queue(small(tree, 0, PLACES_MAX)?),
        SettingKind::Strain => Setting::Strain(crate::build::strain(tree)?),
        SettingKind::Admits => Setting::Admits(read::integer(tree, 0, SAFE_INTEGER_MAX)?),
        SettingKind::Work(step) => Setting::Work {
            step,
            takes: read::dist(tree)?,
        },
        SettingKind::Fail(step) => Setting::Fail {
            step,
            plan: read::failure(tree)?,
        },
        SettingKind::Takes(step) => Setting::Takes {
            step,
            takes: read::span(tree)?,
        },
        SettingKind::Confirm(step) => flag(step, |step, on| Setting::Confirm { step, on })?,
        SettingKind::Parallel(step) => flag(step, |step, on| Setting::Parallel { step, on })?,
        SettingKind::Timeout(step) => Setting::Timeout {
            step,
            after: read::span(tree)?,
        },
        SettingKind::Retries(step) => Setting::Retries {
            step,
            most: small(tree, 0, RETRIES_MAX)?,
        },
        SettingKind::Backoff(step) => Setting::Backoff {
            step,
            pause: read::span(tree)?,
        },
        SettingKind::Requeue(step) => flag(step, |step, on| Setting::Requeue { step, on })?,
        SettingKind::MergeMost => Setting::MergeMost(small(tree, 1, MERGE_MAX)?),
        SettingKind::MergeWait => Setting::MergeWait(read::span(tree)?),
        SettingKind::Capacity => Setting::Capacity(Some(read::rate(tree)?)),
        SettingKind::Overload => match read::choice(tree, crate::keys::OVERLOADS)? {
            "dies" => Setting::Overload(Overload::Dies),
            _ => Setting::Overload(Overload::Slows),
        },
        SettingKind::Latency(peer) => Setting::Latency {
            peer,
            latency: read::dist(tree)?,
        },
        SettingKind::Bandwidth(peer) => Setting::Bandwidth {
            peer,
            most: Some(read::bandwidth(tree)?),
        },
        SettingKind::Loss(peer) => Setting::Loss {
            peer,
            share: read::loss(tree)?,
        },
        SettingKind::Duplicate(peer) => Setting::Duplicate {
            peer,
            share: read::share(tree)?,
        },
        SettingKind::Reorder(peer) => Setting::Reorder {
            peer,
            share: read::share(tree)?,
        },
        SettingKind::DiskWrite => Setting::DiskWrite(read::dist(tree)?),
        SettingKind::DiskBandwidth => Setting::DiskBandwidth(Some(read::bandwidth(tree)?)),
        SettingKind::DiskSync => Setting::DiskSync(read::dist(tree)?),
        SettingKind::DiskBatch => Setting::DiskBatch(Some(read::integer(tree, 1, SAFE_INTEGER_MAX)?)),
        SettingKind::DiskInterval => Setting::DiskInterval(read::span(tree)?),
        SettingKind::Topic(topic, kind) => Setting::Topic {
            topic,
            rule: topic::read(kind, tree)?,
        },
        SettingKind::Policy(policy, rule) => Setting::Policy {
            policy,
            rule: rabbit::read_rule(rule, tree, names)?,
        },
        SettingKind::Bound(binding) => Setting::Bound {
            binding,
            on: read::flag(tree)?,
        },
        SettingKind::Mirroring(queue, kind) => Setting::Mirroring {
            queue,
            rule: mirrors::read(kind, tree)?,
        },
        SettingKind::Watermark => Setting::Watermark(read::share(tree)?),
        SettingKind::CleanerBackoff => Setting::CleanerBackoff(read::span(tree)?),
        SettingKind::ClockOffset => Setting::ClockOffset(read::offset(tree)?),
        SettingKind::ClockDrift => Setting::ClockDrift(read::drift(tree)?),
    })
}

/// The path of what a fault changes: of a connection, a disk or a clock.
pub(crate) fn path(plan: &Plan, node: NodeId, setting: &Setting) -> Option<String> {
    let name = |node: NodeId| &plan.nodes[usize::from(node.0)].name;
    match *setting {
        Setting::Latency { peer, .. } => Some(format!("links.{}.{}.latency", name(node), name(peer))),
        Setting::Loss { peer, .. } => Some(format!("links.{}.{}.loss", name(node), name(peer))),
        Setting::Duplicate { peer, .. } => Some(format!("links.{}.{}.duplicate", name(node), name(peer))),
        Setting::Reorder { peer, .. } => Some(format!("links.{}.{}.reorder", name(node), name(peer))),
        Setting::DiskSync(_) => Some(format!("broker.{}.disk.sync", name(node))),
        Setting::ClockOffset(_) => Some(format!("clock.{}.offset", name(node))),
        _ => None,
    }
}

/// A value as it is written in TOML.
pub(crate) fn value_text(setting: Setting) -> Option<String> {
    let quoted = |text: &dyn std::fmt::Display| format!("\"{text}\"");
    Some(match setting {
        Setting::Rate(rate) => quoted(&rate),
        Setting::Poisson(poisson) => quoted(&if poisson { "poisson" } else { "even" }),
        Setting::Count(count) => count.to_string(),
        Setting::Each(each) => each.to_string(),
        Setting::Users(count) | Setting::Window(count) => count.to_string(),
        Setting::Think(think) => quoted(&think),
        Setting::Buffer(most) => most.to_string(),
        Setting::Publish(rule) => publish::text(&rule),
        Setting::Prefetch(prefetch) => prefetch.to_string(),
        Setting::Workers(Workers::Count(count)) => count.to_string(),
        Setting::Workers(Workers::Unlimited) => quoted(&"unlimited"),
        Setting::Queue(most) => most.to_string(),
        Setting::Strain(strain) => quoted(&crate::build::strain_word(strain)),
        Setting::Admits(most) => most.to_string(),
        Setting::Work { takes, .. } => quoted(&takes),
        Setting::Takes { takes, .. } => quoted(&takes),
        Setting::Timeout { after, .. } => quoted(&after),
        Setting::Retries { most, .. } => most.to_string(),
        Setting::Backoff { pause, .. } => quoted(&pause),
        Setting::Fail { plan, .. } => quoted(&read::failure_text(plan)),
        Setting::Persistent(on)
        | Setting::Confirm { on, .. }
        | Setting::Parallel { on, .. }
        | Setting::Requeue { on, .. } => on.to_string(),
        Setting::MergeMost(most) => most.to_string(),
        Setting::MergeWait(wait) => quoted(&wait),
        Setting::Capacity(capacity) => quoted(&capacity?),
        Setting::Overload(Overload::Slows) => quoted(&"slows"),
        Setting::Overload(Overload::Dies) => quoted(&"dies"),
        Setting::Latency { latency, .. } => quoted(&latency),
        Setting::DiskWrite(takes) | Setting::DiskSync(takes) => quoted(&takes),
        Setting::Loss { share, .. } | Setting::Duplicate { share, .. } | Setting::Reorder { share, .. } => {
            quoted(&read::share_text(share))
        }
        Setting::Bandwidth { most, .. } => quoted(&format_args!("{}/s", Bytes(most?))),
        Setting::DiskBandwidth(most) => quoted(&format_args!("{}/s", Bytes(most?))),
        Setting::DiskBatch(most) => most?.to_string(),
        Setting::DiskInterval(span) => quoted(&span),
        Setting::Topic { rule, .. } => topic::text(rule)?,
        Setting::CleanerBackoff(backoff) => quoted(&backoff),
        // They may need the names of others.
        Setting::Policy { .. } | Setting::Bound { .. } | Setting::Mirroring { .. } | Setting::Watermark(_) => {
            return None;
        }
        Setting::ClockOffset(nanos) => quoted(&read::offset_text(nanos)),
        Setting::ClockDrift(drift) => quoted(&format_args!("{drift}ppm")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use mqlab_brokers::rabbitmq::PolicyRuleKind;
    use mqlab_brokers::rabbitmq::cluster::MirrorRuleKind;
    use mqlab_engine::plan::PublishRuleKind;

    /// A key is live exactly if there is a setting for it.
    #[test]
    fn the_table_of_keys_knows_what_is_live() {
        let settings = [
            SettingKind::Rate,
            SettingKind::Poisson,
            SettingKind::Count,
            SettingKind::Persistent,
            SettingKind::Each,
            SettingKind::Users,
            SettingKind::Think,
            SettingKind::Window,
            SettingKind::Buffer,
            SettingKind::Prefetch,
            SettingKind::Workers,
            SettingKind::Queue,
            SettingKind::Strain,
            SettingKind::Admits,
            SettingKind::Work(0),
            SettingKind::Fail(0),
            SettingKind::Takes(0),
            SettingKind::Confirm(0),
            SettingKind::Parallel(0),
            SettingKind::Timeout(0),
            SettingKind::Retries(0),
            SettingKind::Backoff(0),
            SettingKind::Requeue(0),
            SettingKind::MergeMost,
            SettingKind::MergeWait,
            SettingKind::Capacity,
            SettingKind::Overload,
            SettingKind::Latency(NodeId(0)),
            SettingKind::Bandwidth(NodeId(0)),
            SettingKind::Loss(NodeId(0)),
            SettingKind::Duplicate(NodeId(0)),
            SettingKind::Reorder(NodeId(0)),
            SettingKind::DiskWrite,
            SettingKind::DiskBandwidth,
            SettingKind::DiskSync,
            SettingKind::DiskBatch,
            SettingKind::DiskInterval,
            SettingKind::CleanerBackoff,
            SettingKind::Bound(0),
            SettingKind::Watermark,
            SettingKind::ClockOffset,
            SettingKind::ClockDrift,
        ];
        let of_topics = TopicRuleKind::ALL.map(|rule| SettingKind::Topic(0, rule));
        let all = settings.into_iter().chain(of_topics);
        let mut with_setting: Vec<&str> = all.map(|setting| key(setting).path).collect();
        let kafka = NodeKind::Broker(BrokerPlan::Kafka(Default::default()));
        with_setting.extend(DISK_KEYS.map(|(_, setting)| key_at(&kafka, setting).path));
        with_setting.extend(PolicyRuleKind::ALL.into_iter().map(rabbit::policy_row));
        with_setting.extend(MirrorRuleKind::ALL.into_iter().map(mirrors::row));
        with_setting.extend(PublishRuleKind::ALL.into_iter().map(publish::row));
        with_setting.extend(["links.latency", "links.bandwidth", "links.loss"]);
        let text = "title = \"t\"\nuntil = \"9s\"\nservice.s = { steps = [] }\nload.l = { to = \"s\", rate = \"1/s\" }\n\
                    faults.random = { stop = \"1s\", crash = { rate = \"1/s\" } }";
        let (scenario, found) = crate::parse(text);
        let of_chance = scenario.unwrap_or_else(|| panic!("{found:#?}")).live_chance(0);
        with_setting.extend(of_chance.iter().map(|setting| setting.key.path));
        let mut live: Vec<&str> = KEYS.iter().filter(|key| key.live).map(|key| key.path).collect();
        with_setting.sort_unstable();
        live.sort_unstable();
        assert_eq!(live, with_setting);
    }
}
