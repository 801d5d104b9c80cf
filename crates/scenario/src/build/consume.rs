//! What a service consumes: a queue of RabbitMQ, or topics of Kafka as a member
//! of a group.

use super::Build;
use crate::diagnostic::Diagnostic;
use crate::limits::{PLACES_MAX, TARGETS_MAX};
use crate::names::Named;
use crate::names::kafka::brokers;
use crate::phrase::{Phrase, Say, Text, text};
use crate::read;
use crate::tree::{Table, Tree};
use mqlab_brokers::kafka::{
    self, Assignor, BrokerId, CommitWhen, ConsumerSettings, GroupId, GroupPlan, OffsetReset, Reader, TopicId,
};
use mqlab_brokers::rabbitmq;
use mqlab_engine::plan::{ConsumePlan, Subscription};
use mqlab_model::NodeId;

/// What means something beside a `queue` only, and beside a `topic` only.
const OF_QUEUES: &[&str] = &["prefetch", "ack", "exclusive", "every", "hold"];
pub(super) const OF_TOPICS: &[&str] = &[
    "group",
    "assignor",
    "auto_commit",
    "auto_commit_interval",
    "commit",
    "offset_reset",
    "client_rack",
    "seek",
    "isolation",
    "static_member",
    "session_timeout",
    "heartbeat_interval",
    "max_poll_interval",
    "max_poll_records",
    "poll_ahead",
    "fetch_min",
    "fetch_max_wait",
];

impl Build<'_> {
    /// What a service consumes.
    pub(super) fn consume(&mut self, tree: &Tree) -> Option<ConsumePlan> {
        let table = tree.table()?;
        match (table.get("queue"), table.get("topic")) {
            (Some(queue), None) => {
                self.foreign(table, OF_TOPICS, Phrase::BelongsToTopic);
                self.of_queue(table, queue)
            }
            (None, Some(topics)) => {
                self.foreign(table, OF_QUEUES, Phrase::BelongsToQueue);
                self.of_topics(table, topics)
            }
            _ => {
                let message = Phrase::ConsumeNeedsOne;
                let help = Text::code("consume = { queue = \"orders\" }");
                self.found
                    .push(Diagnostic::error("missing-key", &tree.span, message).help(help));
                None
            }
        }
    }

    fn foreign(&mut self, table: &Table, keys: &[&str], home: Phrase) {
        for entry in keys.iter().filter_map(|key| table.entry(key)) {
            let message = Text::new(home, vec![Say::argument(&entry.key)]);
            self.found
                .push(Diagnostic::error("bad-consume", &entry.key_span, message));
        }
    }

    fn of_queue(&mut self, table: &Table, queue: &Tree) -> Option<ConsumePlan> {
        let (broker, queue) = self.queue(queue)?;
        let prefetch = table
            .get("prefetch")
            .and_then(|tree| read::integer(tree, 0, u64::MAX).ok())
            .unwrap_or(0);
        let exclusive = table.get("exclusive").and_then(|tree| read::flag(tree).ok());
        let automatic = table.get("ack").and_then(Tree::text) == Some("auto");
        Some(ConsumePlan {
            broker,
            subscription: Subscription::Rabbit(rabbitmq::Subscription {
                queue,
                prefetch: u32::try_from(prefetch).unwrap_or(u32::MAX),
                automatic,
                exclusive: exclusive.unwrap_or(false),
            }),
            poll: self.poll(table),
            expects: table.get("expects").and_then(|tree| self.table_named(tree)),
        })
    }

    #[inline(never)]
    fn of_topics(&mut self, table: &Table, tree: &Tree) -> Option<ConsumePlan> {
        let names = read::names(tree).ok()?;
        if names.is_empty() || names.len() > TARGETS_MAX {
            self.error("bad-consume", tree, text!(SomeTopics, TARGETS_MAX));
            return None;
        }
        let mut topics: Vec<TopicId> = Vec::new();
        let mut broker = None;
        for name in names {
            let found = self.names.resolve(name, Phrase::ATopic, Named::topic, &mut self.found);
            let (node, topic) = found?;
            broker = Some(node);
            if topics.contains(&topic) {
                self.found
                    .push(Diagnostic::error("bad-consume", name.1, Phrase::TopicTwice));
            } else {
                topics.push(topic);
            }
        }
        let broker = broker?;
        let group = self.group(table, tree)?;
        self.join(group, &topics, table);
        Some(ConsumePlan {
            broker,
            subscription: Subscription::Kafka(kafka::Subscription {
                group,
                topics,
                settings: ConsumerSettings {
                    rack: self.rack(table, broker),
                    ..self.consumer_settings(table)
                },
                commit: match table.get("commit").and_then(Tree::text) {
                    Some("record") => CommitWhen::Record,
                    _ => CommitWhen::Polled,
                },
                ahead: table
                    .get("poll_ahead")
                    .and_then(|tree| read::integer(tree, 0, PLACES_MAX).ok())
                    .map_or(0, |most| u32::try_from(most).unwrap_or(u32::MAX)),
            }),
            poll: None,
            expects: table.get("expects").and_then(|tree| self.table_named(tree)),
        })
    }

    /// The broker of its cluster that is nearest to a consumer.
    fn rack(&mut self, table: &Table, broker: NodeId) -> Option<BrokerId> {
        let entry = table.entry("client_rack")?;
        let cluster = self.root.get("broker")?.table()?.get("kafka")?.table()?;
        let number = |named| match named {
            Named::Member(node) => u32::from(node.0).checked_sub(u32::from(broker.0) + 1),
            _ => None,
        };
        let brokers = brokers(cluster);
        let pick = |named| number(named).filter(|number| *number < brokers);
        let is_at_leaders = matches!(cluster.get("reads").and_then(Tree::text), None | Some("leader"));
        self.without_effect(table, "client_rack", is_at_leaders, Phrase::ReadsAreLeaders);
        let found = self
            .names
            .resolve_tree(&entry.tree, Phrase::ABrokerOfACluster, pick, &mut self.found);
        found.map(BrokerId)
    }

    fn group(&mut self, table: &Table, topic: &Tree) -> Option<GroupId> {
        let Some(tree) = table.get("group") else {
            let message = Phrase::GroupMissing;
            let help = Phrase::GroupForExample;
            self.found
                .push(Diagnostic::error("missing-key", &topic.span, message).help(help));
            return None;
        };
        self.names
            .resolve_tree(tree, Phrase::AConsumerGroup, Named::group, &mut self.found)
    }

    /// A service is one more member of its group.
    fn join(&mut self, group: GroupId, topics: &[TopicId], table: &Table) {
        let assignor = assignor(table);
        let index = usize::from(group.0);
        while self.groups.len() <= index {
            self.groups.push(None);
        }
        let name = table.get("group").and_then(Tree::text).unwrap_or_default();
        let known = self.groups[index].get_or_insert_with(|| {
            let plan = GroupPlan {
                name: name.to_owned(),
                topics: Vec::new(),
            };
            (plan, assignor)
        });
        let more = topics.iter().filter(|topic| !known.0.topics.contains(topic));
        let more: Vec<TopicId> = more.copied().collect();
        known.0.topics.extend(more);
        let other = known.1;
        if other != assignor {
            let message = text!(OtherAssignor, name, other.name());
            let place = table.get("assignor").or(table.get("group"));
            if let Some(tree) = place {
                self.found
                    .push(Diagnostic::error("bad-consume", &tree.span, message).help(Phrase::SameAssignor));
            }
        }
    }

    fn consumer_settings(&mut self, table: &Table) -> ConsumerSettings {
        let defaults = ConsumerSettings::default();
        let flag = |key: &str| table.get(key).and_then(|tree| read::flag(tree).ok());
        let is_automatic = flag("auto_commit").unwrap_or(true);
        self.without_effect(table, "auto_commit_interval", !is_automatic, Phrase::AutoCommitIsOff);
        let why = Phrase::CommitsByItself;
        self.without_effect(table, "commit", is_automatic, why);
        let interval = self.span(table, "auto_commit_interval").or(defaults.auto_commit);
        let session = self.span_or(table, "session_timeout", defaults.session);
        let heartbeat = self.span_or(table, "heartbeat_interval", defaults.heartbeat);
        let entry = table.entry("heartbeat_interval").or(table.entry("session_timeout"));
        if let Some(entry) = entry.filter(|_| heartbeat >= session) {
            let message = text!(ConsumerHeartbeatTooSlow, heartbeat.to_string(), session.to_string());
            let help = Phrase::HeartbeatAThird;
            self.found
                .push(Diagnostic::error("bad-value", &entry.tree.span, message).help(help));
        }
        let records = table.get("max_poll_records");
        let records = records.and_then(|tree| read::integer(tree, 1, u64::MAX).ok());
        let fetch_min = table.get("fetch_min").and_then(|tree| read::bytes(tree).ok());
        ConsumerSettings {
            instance: flag("static_member").unwrap_or(false).then(|| self.next_instance()),
            assignor: assignor(table),
            session,
            heartbeat,
            poll_interval: self.span_or(table, "max_poll_interval", defaults.poll_interval),
            poll_records: records.map_or(defaults.poll_records, |most| most as usize),
            auto_commit: interval.filter(|_| is_automatic),
            reset: match table.get("offset_reset").and_then(Tree::text) {
                Some("earliest") => OffsetReset::Earliest,
                Some("none") => OffsetReset::None,
                _ => OffsetReset::Latest,
            },
            start: table.get("seek").and_then(|tree| self.seek_spot(tree)),
            reader: match table.get("isolation").and_then(Tree::text) {
                Some("read_committed") => Reader::Committed,
                _ => Reader::Uncommitted,
            },
            fetch_min: fetch_min.map_or(defaults.fetch_min, |bytes| u32::try_from(bytes).unwrap_or(u32::MAX)),
            fetch_wait: self.span_or(table, "fetch_max_wait", defaults.fetch_wait),
            ..defaults
        }
    }

    /// The number of one more static member.
    fn next_instance(&mut self) -> u16 {
        self.instances += 1;
        self.instances
    }
}

fn assignor(table: &Table) -> Assignor {
    let given = table.get("assignor").and_then(Tree::text);
    given.and_then(Assignor::by_name).unwrap_or(Assignor::Range)
}
