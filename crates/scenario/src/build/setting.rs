//! Settings that change during a run: from a path and a value to commands.

use super::Build;
use super::consume::OF_TOPICS;
use super::links::{pair, used_pairs};
use super::load::OF_RABBIT;
use crate::chance;
use crate::diagnostic::{Advice, Diagnostic};
use crate::keys::KEYS;
use crate::limits::AT_MAX;
use crate::live;
use crate::names::Named;
use crate::phrase::{Phrase, Text, text};
use crate::read;
use crate::suggest::{did_you_mean, shown};
use crate::tree::Tree;
use mqlab_brokers::kafka::{Compaction, Topic};
use mqlab_brokers::rabbitmq::Config;
use mqlab_brokers::rabbitmq::cluster::{MirrorRule, MirrorRuleKind};
use mqlab_engine::plan::{
    Address, BrokerPlan, Chance, Command, LoadPlan, NodeKind, Plan, Setting, SettingKind, Target,
};
use mqlab_model::NodeId;
use std::ops::Range;

/// A path with the place where it stands.
type Path<'a> = (&'a str, &'a Range<usize>);

impl Build<'_> {
    /// The commands of one setting; none and a finding if it is none.
    pub(super) fn setting(&mut self, path: Path<'_>, tree: &Tree, plan: &Plan) -> Vec<Command> {
        let mut parts = path.0.splitn(3, '.');
        let mut part = || parts.next().unwrap_or("");
        let (kind, name, rest) = (part(), part(), part());
        let command = match kind {
            "load" | "service" | "table" | "broker" => self.node_setting(path, (kind, name, rest), tree, plan),
            "clock" => self.clock_setting(path, (name, rest), tree, plan),
            "link" => self.link_setting(path, (name, rest), tree, plan),
            "links" if rest.is_empty() && live::of_connection(name, NodeId(0)).is_some() => {
                return self.of_all_connections(path, name, tree, plan);
            }
            "links" => self.pair_setting(path, (name, rest), tree, plan),
            "faults" => self.chance_setting(path, tree, plan),
            _ => {
                let message = text!(NoSetting, shown(path.0));
                let help = Phrase::SettingsBegin;
                self.refuse(path, message, Some(help.into()));
                None
            }
        };
        command.into_iter().collect()
    }

    fn refuse(&mut self, (_, span): Path<'_>, message: impl Into<Text>, help: Option<Advice>) {
        self.found
            .push(Diagnostic::error("bad-setting", span, message).maybe_help(help));
    }

    fn node_setting(
        &mut self,
        path: Path<'_>,
        (kind, name, rest): (&str, &str, &str),
        tree: &Tree,
        plan: &Plan,
    ) -> Option<Command> {
        let pick = |named: Named| match (kind, named) {
            ("load", Named::Load(node))
            | ("service", Named::Service(node))
            | ("table", Named::Table(node))
            | ("broker", Named::Broker(node)) => Some(node),
            _ => None,
        };
        let wanted = match kind {
            "load" => Phrase::ALoad,
            "service" => Phrase::AService,
            "table" => Phrase::ATable,
            _ => Phrase::ABroker,
        };
        let node = self.names.resolve((name, path.1), wanted, pick, &mut self.found)?;
        let target = plan.nodes.get(usize::from(node.0)).map(|target| &target.kind)?;
        let known = live::of_node(plan, target);
        let Some((_, found)) = known.iter().find(|(known, _)| known == rest) else {
            match target {
                NodeKind::Broker(BrokerPlan::Rabbit(config)) if is_mirroring(rest) => {
                    self.not_mirrored(path, rest, config);
                }
                NodeKind::Load(load) if is_said_with_publish(rest) => self.not_published(path, (name, rest), load),
                _ => self.no_such_setting(path, (kind, name, rest), &known),
            }
            return None;
        };
        let setting = self.new_value(path.0, *found, tree)?;
        if let (Setting::Count(count), true) = (&setting, self.is_too_many(&setting, plan)) {
            let most = plan.limits.messages;
            let message = text!(SettingTooMany, shown(path.0), count, most);
            self.error("limit", tree, message);
            return None;
        }
        if let (Setting::Mirroring { rule, .. }, NodeKind::Broker(BrokerPlan::Rabbit(config))) = (&setting, target)
            && !self.has_nodes_for(path.0, tree, (*rule, config))
        {
            return None;
        }
        if let (Setting::Topic { topic, rule }, NodeKind::Broker(BrokerPlan::Kafka(config))) = (&setting, target) {
            let topic = *topic;
            let mut changed = config.topics[usize::from(topic)].clone();
            let earlier = plan.commands.iter().map(|timed| &timed.command);
            for command in earlier {
                match command {
                    Command::Set {
                        node: of,
                        setting: Setting::Topic { topic: known, rule },
                    } if (*of, *known) == (node, topic) => drop(rule.change(&mut changed)),
                    _ => {}
                }
            }
            rule.change(&mut changed);
            if !self.is_fit(path.0, tree, &changed) {
                return None;
            }
        }
        Some(Command::Set { node, setting })
    }

    /// Whether a cluster has as many nodes as a queue is to have copies; if not, that is
    /// said.
    fn has_nodes_for(&mut self, path: &str, tree: &Tree, (rule, config): (MirrorRule, &Config)) -> bool {
        let nodes = config.cluster.as_ref().map_or(1, |cluster| u64::from(cluster.members));
        match rule {
            MirrorRule::Count(count) if u64::from(count) >= nodes => {
                let wrong = text!(TooManyCopies, u64::from(count) + 1, nodes);
                self.error("replicas", tree, text!(At, shown(path), wrong));
                false
            }
            _ => true,
        }
    }

    /// Says why a queue has no mirrors whose number or rules could change.
    fn not_mirrored(&mut self, path: Path<'_>, rest: &str, config: &Config) {
        let name = rest.split('.').nth(1).unwrap_or("");
        let Some(queue) = config.queue(name) else {
            let known = config.queues.iter().map(|queue| queue.name.as_str());
            return self.refuse(path, text!(CannotChange, shown(path.0)), did_you_mean(name, known));
        };
        let why = live::mirrors::why_not(config, queue);
        self.refuse(path, text!(CannotChange, shown(path.0)), why.map(Into::into));
    }

    /// Whether the settings of a topic go together; if not, that is said.
    fn is_fit(&mut self, path: &str, tree: &Tree, topic: &Topic) -> bool {
        let Compaction { lag_min, lag_max, .. } = topic.log.compaction;
        let (code, wrong) = if topic.rules.min_insync > topic.replicas as usize {
            ("replicas", text!(TooManyInSync, topic.replicas))
        } else if lag_max.is_some_and(|most| most < lag_min) {
            ("bad-value", text!(LagsCross, lag_min.to_string()))
        } else {
            return true;
        };
        self.error(code, tree, text!(At, shown(path), wrong));
        false
    }

    fn is_too_many(&self, setting: &Setting, plan: &Plan) -> bool {
        matches!(*setting, Setting::Count(count) if count > plan.limits.messages)
    }

    /// Says why a path below a node means nothing.
    fn no_such_setting(
        &mut self,
        path: Path<'_>,
        (kind, name, rest): (&str, &str, &str),
        known: &[(String, SettingKind)],
    ) {
        if kind == "broker" && self.stays_as_declared(path, rest) {
            return;
        }
        if (kind, rest) == ("service", "consume.prefetch") {
            return self.refuse(path, text!(ConsumesNoQueue, path.0, name), None);
        }
        let step_key = rest.strip_prefix("steps.").and_then(|rest| rest.split_once('.'));
        if let Some((key, action)) = step_key.and_then(|(_, key)| live::step_action(key)) {
            let same: Vec<&str> = known
                .iter()
                .filter(|(known, _)| known.starts_with("steps.") && known.ends_with(&format!(".{key}")))
                .map(|(known, _)| known.as_str())
                .collect();
            let help = if same.is_empty() {
                text!(HasNoSuchStep, action)
            } else {
                text!(ItsSteps, action, same.join(", "))
            };
            let message = text!(NoSuchStep, shown(path.0), action);
            return self.refuse(path, message, Some(help.into()));
        }
        if let Some(why) = why_not_live((kind, rest)) {
            return self.refuse(path, text!(CannotChange, shown(path.0)), Some(why.into()));
        }
        let all: Vec<String> = known
            .iter()
            .map(|(known, _)| format!("{kind}.{name}.{known}"))
            .collect();
        let near = did_you_mean(path.0, all.iter().map(String::as_str));
        let help = near.or_else(|| (!all.is_empty()).then(|| text!(WhatCanChange, all.join(", ")).into()));
        self.refuse(path, text!(CannotChange, shown(path.0)), help);
    }

    /// Says why what a load does not say with its publishes cannot change.
    fn not_published(&mut self, path: Path<'_>, (name, key): (&str, &str), load: &LoadPlan) {
        // If it goes nowhere, that is what is wrong, and has been said.
        if !self.has_target(name) {
            return;
        }
        let why: Text = match load.to {
            Target::Service(_) => text!(CallIsNotPublished, name, key),
            Target::Broker {
                address: Address::Kafka(_),
                ..
            } => Phrase::OnlyRabbitLooks.into(),
            Target::Broker { .. } if key == "delay" => Phrase::DelayUnused.into(),
            Target::Broker { .. } => Phrase::ConfirmsStay.into(),
        };
        self.refuse(path, text!(CannotChange, shown(path.0)), Some(why.into()));
    }

    /// Says why something of a RabbitMQ node stays as it is, if it is that.
    fn stays_as_declared(&mut self, path: Path<'_>, rest: &str) -> bool {
        let (what, below) = rest.split_once('.').unwrap_or((rest, ""));
        let key = below.rsplit_once('.').map_or(below, |(_, key)| key);
        let row = |above: &str| {
            KEYS.iter()
                .find(|known| known.path == format!("broker.rabbitmq.{above}.{key}"))
        };
        let is_key = |above: &str| row(above).is_some();
        let (message, help) = match what {
            "queue" | "exchange" if is_key("policy.*") => {
                let policy = format!("broker.rabbitmq.policy.NAME.{key}");
                (text!(DeclaredWith, shown(path.0)), text!(PolicyChangesIt, policy))
            }
            "queue" if is_key("queue.*") => (text!(DeclaredWith, shown(path.0)), Phrase::DeclaredOnce.into()),
            "exchange" if is_key("exchange.*") => (text!(DeclaredWith, shown(path.0)), Phrase::DeclaredOnce.into()),
            "version" | "nodes" | "partition_handling" | "net_ticktime" => {
                (text!(CannotChange, shown(path.0)), Phrase::StartsWithIt.into())
            }
            _ => return false,
        };
        self.refuse(path, message, Some(help.into()));
        true
    }

    /// What goes wrong at random changes.
    fn chance_setting(&mut self, path: Path<'_>, tree: &Tree, plan: &Plan) -> Option<Command> {
        let key = path.0.strip_prefix(chance::ABOVE).unwrap_or("");
        if !KEYS.iter().any(|known| known.live && known.path == path.0) {
            let all = KEYS
                .iter()
                .filter(|known| known.live && known.path.starts_with(chance::ABOVE));
            let help = did_you_mean(path.0, all.map(|known| known.path));
            self.refuse(path, text!(CannotChange, shown(path.0)), help);
            return None;
        }
        let Some(settings) = &plan.random else {
            let help = Phrase::BeginRandomInText;
            self.refuse(path, text!(NothingRandom, path.0), Some(help.into()));
            return None;
        };
        let read = self.chance(key, tree, plan)?;
        let change = self.read(path.0, tree, |_| read.clone())?;
        let mut changed = settings.clone();
        let earlier = plan.commands.iter().map(|timed| &timed.command);
        let earlier = earlier.filter_map(|command| match command {
            Command::Chance(change) => Some(change.clone()),
            _ => None,
        });
        earlier.chain([change.clone()]).for_each(|change| changed.set(change));
        if let Chance::Rate(kind, rate) = change
            && let Some(needed) = chance::needed(kind)
            && !changed.is_whole(kind)
            && !rate.is_zero()
        {
            let message = text!(RandomWaitsFor, path.0, format!("{}.{needed}", kind.word()));
            self.found.push(Diagnostic::warning("missing-key", path.1, message));
        }
        let mut longer = plan.clone();
        longer.random = Some(changed);
        longer.commands.clear();
        if longer.at_random(AT_MAX).is_none() {
            self.error("limit", tree, text!(TooManyRandomThen, path.0, AT_MAX));
            return None;
        }
        Some(Command::Chance(change))
    }

    /// A node's clock is set, or goes at another speed.
    fn clock_setting(
        &mut self,
        path: Path<'_>,
        (name, rest): (&str, &str),
        tree: &Tree,
        plan: &Plan,
    ) -> Option<Command> {
        let node = self
            .names
            .resolve((name, path.1), Phrase::ANode, Named::node, &mut self.found)?;
        let kind = live::of_clock(rest);
        let Some(kind) = kind.filter(|_| live::has_clock(plan, node)) else {
            let help = match kind {
                Some(_) => text!(NothingGoesByClock, name),
                None => text!(ClockCanChange, name),
            };
            let message = text!(CannotChange, shown(path.0));
            self.refuse(path, message, Some(help.into()));
            return None;
        };
        let setting = self.new_value(path.0, kind, tree)?;
        Some(Command::Set { node, setting })
    }

    /// A named link's latency.
    fn link_setting(
        &mut self,
        path: Path<'_>,
        (name, rest): (&str, &str),
        tree: &Tree,
        plan: &Plan,
    ) -> Option<Command> {
        let root = self.root;
        let links = root.get("link").and_then(Tree::table);
        let Some(link) = links.and_then(|links| links.get(name)).and_then(Tree::table) else {
            let known = root.within("link").iter().map(|entry| entry.key.as_str());
            let message = text!(NoLinkCalled, shown(name));
            let finding = Diagnostic::error("unknown-name", path.1, message);
            self.found.push(finding.maybe_help(did_you_mean(name, known)));
            return None;
        };
        let ends = self.ends(link)?;
        if live::of_link(plan, ends, rest).is_none() {
            let help = text!(LinkCanChange, name);
            self.refuse(path, text!(CannotChange, shown(path.0)), Some(help.into()));
            return None;
        }
        self.of_connection(path, rest, tree, (plan, ends))
    }

    /// The latency of the connection between two nodes: `links.a.b.latency`.
    fn pair_setting(
        &mut self,
        path: Path<'_>,
        (first, rest): (&str, &str),
        tree: &Tree,
        plan: &Plan,
    ) -> Option<Command> {
        let Some((second, key)) = rest
            .split_once('.')
            .filter(|(_, key)| live::CONNECTION_KEYS.contains(key))
        else {
            let help = Phrase::LinksCanChange;
            let message = text!(CannotChange, shown(path.0));
            self.refuse(path, message, Some(help.into()));
            return None;
        };
        let ends = self.connected((first, path.1), (second, path.1), plan)?;
        if live::of_link(plan, ends, key).is_none() {
            let message = text!(NoCallsBetween, shown(path.0));
            self.refuse(path, message, None);
            return None;
        }
        self.of_connection(path, key, tree, (plan, ends))
    }

    /// Two nodes that have a connection with each other, by their names.
    pub(super) fn connected(&mut self, first: Path<'_>, second: Path<'_>, plan: &Plan) -> Option<(NodeId, NodeId)> {
        let [a, b] = [first, second].map(|name| self.names.resolve(name, Phrase::ANode, Named::node, &mut self.found));
        let (a, b) = (a?, b?);
        let used = used_pairs(&plan.nodes);
        if used.contains(&pair(a, b)) {
            return Some((a, b));
        }
        let peers: Vec<String> = used
            .iter()
            .filter_map(|ends| match *ends {
                (one, other) if one == a => Some(other),
                (other, one) if one == a => Some(other),
                _ => None,
            })
            .map(|peer| format!("`{}`", self.names.node_name(peer)))
            .collect();
        let message = text!(NotConnected, first.0, second.0);
        let help = (!peers.is_empty()).then(|| text!(ConnectedWith, first.0, peers.join(", ")));
        let finding = Diagnostic::error("no-connection", second.1, message);
        self.found.push(finding.maybe_help(help));
        None
    }

    /// `links.latency` and its like: of all connections with a broker, but for
    /// those that have a link of their own.
    fn of_all_connections(&mut self, path: Path<'_>, key: &str, tree: &Tree, plan: &Plan) -> Vec<Command> {
        let root = self.root;
        let links = root.within("link").iter().filter_map(|entry| entry.tree.table());
        let own: Vec<_> = links
            .filter_map(|link| self.ends(link))
            .map(|(a, b)| pair(a, b))
            .collect();
        used_pairs(&plan.nodes)
            .into_iter()
            .filter(|(a, b)| (plan.is_broker(*a) || plan.is_broker(*b)) && !own.contains(&(*a, *b)))
            .map_while(|ends| self.of_connection(path, key, tree, (plan, ends)))
            .collect()
    }

    fn of_connection(
        &mut self,
        path: Path<'_>,
        key: &str,
        tree: &Tree,
        (plan, (node, peer)): (&Plan, (NodeId, NodeId)),
    ) -> Option<Command> {
        let kind = live::of_link(plan, (node, peer), key)?;
        let setting = self.new_value(path.0, kind, tree)?;
        Some(Command::Set { node, setting })
    }

    fn new_value(&mut self, path: &str, kind: SettingKind, tree: &Tree) -> Option<Setting> {
        let read = live::read_setting(kind, tree, &self.names);
        self.read(path, tree, |_| read.clone())
    }

    fn read<T>(&mut self, path: &str, tree: &Tree, read: impl Fn(&Tree) -> read::Read<T>) -> Option<T> {
        match read(tree) {
            Ok(value) => Some(value),
            Err(mut wrong) => {
                wrong.message = text!(At, shown(path), wrong.message);
                self.found.push(wrong.into());
                None
            }
        }
    }
}

/// Whether a load says it with each publish to RabbitMQ.
fn is_said_with_publish(key: &str) -> bool {
    key == "delay" || OF_RABBIT.contains(&key) && key != "persistent"
}

/// Whether it is how a queue of RabbitMQ is mirrored.
fn is_mirroring(rest: &str) -> bool {
    let key = rest.strip_prefix("queue.").and_then(|below| below.rsplit_once('.'));
    key.is_some_and(|(_, key)| MirrorRuleKind::ALL.iter().any(|kind| live::mirrors::key(*kind) == key))
}

/// Why a key of a cluster of Kafka or of its clients stays as it is; `None` if it is no
/// such key, or not for a reason of Kafka's.
///
/// Of the settings of brokers those are live that Kafka's documentation calls
/// `cluster-wide` ("Update Mode"), of topics all that `kafka-configs.sh --alter` takes.
fn why_not_live((kind, rest): (&str, &str)) -> Option<Phrase> {
    let is_key = |path: String| KEYS.iter().any(|key| key.path == path && !key.live);
    let is_of_client = |above: &str| rest.starts_with(above) && is_key(format!("{kind}.*.{rest}"));
    match kind {
        "load" | "service" if is_of_client("producer.") => Some(Phrase::ClientReadsOnce),
        "service" if is_of_client("consume.") => {
            let key = rest.split('.').nth(1)?;
            OF_TOPICS.contains(&key).then_some(Phrase::ClientReadsOnce)
        }
        "broker" => match rest.strip_prefix("topic.").and_then(|rest| rest.rsplit_once('.')) {
            Some((_, "partitions")) => Some(Phrase::PartitionsStay),
            Some((_, "replication_factor")) => Some(Phrase::ReplicasStay),
            Some(_) => None,
            None if !is_key(format!("broker.kafka.{rest}")) => None,
            None if READ_ONLY.contains(&rest) => Some(Phrase::BrokerReadsOnce),
            None => Some(Phrase::MachinesStay),
        },
        _ => None,
    }
}

/// Keys of brokers that stand for settings of Kafka, and which it reads at the start.
const READ_ONLY: [&str; 10] = [
    "replica_lag_time",
    "replica_lag_messages",
    "session_timeout",
    "heartbeat_interval",
    "leader_rebalance",
    "leader_rebalance_interval",
    "initial_rebalance_delay",
    "retention_check_interval",
    "offsets_retention",
    "reads",
];
