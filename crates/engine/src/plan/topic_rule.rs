//! Settings of a topic of Kafka that may change while a world runs: all that the
//! scenario language has and `kafka-configs.sh --alter` takes.

use mqlab_brokers::kafka::Topic;
use mqlab_kernel::SimSpan;

/// A setting of a topic of Kafka that may change while a world runs.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum TopicRule {
    /// `min.insync.replicas`.
    MinInsync(u32),
    /// `unclean.leader.election.enable`.
    Unclean(bool),
    /// `cleanup.policy`.
    Policy {
        /// Old segments are deleted.
        deletes: bool,
        /// Of each key the latest record stays.
        compacts: bool,
    },
    /// `retention.ms`.
    Retention(Option<SimSpan>),
    /// `retention.bytes`.
    RetentionBytes(Option<u64>),
    /// `segment.ms`.
    Segment(SimSpan),
    /// `segment.bytes`.
    SegmentBytes(u64),
    /// `delete.retention.ms`.
    DeleteRetention(SimSpan),
    /// `min.cleanable.dirty.ratio`, as a part of 1.
    DirtyRatioMin(f64),
    /// `min.compaction.lag.ms`.
    LagMin(SimSpan),
    /// `max.compaction.lag.ms`.
    LagMax(Option<SimSpan>),
}

/// Which of these, without a value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TopicRuleKind {
    /// [`TopicRule::MinInsync`].
    MinInsync,
    /// [`TopicRule::Unclean`].
    Unclean,
    /// [`TopicRule::Policy`].
    Policy,
    /// [`TopicRule::Retention`].
    Retention,
    /// [`TopicRule::RetentionBytes`].
    RetentionBytes,
    /// [`TopicRule::Segment`].
    Segment,
    /// [`TopicRule::SegmentBytes`].
    SegmentBytes,
    /// [`TopicRule::DeleteRetention`].
    DeleteRetention,
    /// [`TopicRule::DirtyRatioMin`].
    DirtyRatioMin,
    /// [`TopicRule::LagMin`].
    LagMin,
    /// [`TopicRule::LagMax`].
    LagMax,
}

impl TopicRuleKind {
    /// All of them, in the order of the language's table.
    pub const ALL: [TopicRuleKind; 11] = [
        TopicRuleKind::MinInsync,
        TopicRuleKind::Unclean,
        TopicRuleKind::Policy,
        TopicRuleKind::Retention,
        TopicRuleKind::RetentionBytes,
        TopicRuleKind::SegmentBytes,
        TopicRuleKind::Segment,
        TopicRuleKind::DeleteRetention,
        TopicRuleKind::DirtyRatioMin,
        TopicRuleKind::LagMin,
        TopicRuleKind::LagMax,
    ];

    /// The rule as a topic follows it.
    pub const fn of(self, topic: &Topic) -> TopicRule {
        let (roll, retention, compaction) = (&topic.log.roll, &topic.log.retention, &topic.log.compaction);
        match self {
            TopicRuleKind::MinInsync => TopicRule::MinInsync(topic.rules.min_insync as u32),
            TopicRuleKind::Unclean => TopicRule::Unclean(topic.is_unclean),
            TopicRuleKind::Policy => TopicRule::Policy {
                deletes: retention.deletes,
                compacts: compaction.compacts,
            },
            TopicRuleKind::Retention => TopicRule::Retention(retention.time),
            TopicRuleKind::RetentionBytes => TopicRule::RetentionBytes(retention.bytes),
            TopicRuleKind::Segment => TopicRule::Segment(roll.time),
            TopicRuleKind::SegmentBytes => TopicRule::SegmentBytes(roll.bytes),
            TopicRuleKind::DeleteRetention => TopicRule::DeleteRetention(compaction.delete_retention),
            TopicRuleKind::DirtyRatioMin => TopicRule::DirtyRatioMin(compaction.dirty_ratio_min),
            TopicRuleKind::LagMin => TopicRule::LagMin(compaction.lag_min),
            TopicRuleKind::LagMax => TopicRule::LagMax(compaction.lag_max),
        }
    }
}

impl TopicRule {
    /// Changes the topic, and returns the new value as a number for the record.
    pub fn change(self, topic: &mut Topic) -> u64 {
        let (roll, retention) = (&mut topic.log.roll, &mut topic.log.retention);
        let compaction = &mut topic.log.compaction;
        match self {
            TopicRule::MinInsync(least) => topic.rules.min_insync = least as usize,
            TopicRule::Unclean(is_unclean) => topic.is_unclean = is_unclean,
            TopicRule::Policy { deletes, compacts } => {
                retention.deletes = deletes;
                compaction.compacts = compacts;
            }
            TopicRule::Retention(time) => retention.time = time,
            TopicRule::RetentionBytes(bytes) => retention.bytes = bytes,
            TopicRule::Segment(time) => roll.time = time,
            TopicRule::SegmentBytes(bytes) => roll.bytes = bytes,
            TopicRule::DeleteRetention(time) => compaction.delete_retention = time,
            TopicRule::DirtyRatioMin(ratio) => compaction.dirty_ratio_min = ratio,
            TopicRule::LagMin(lag) => compaction.lag_min = lag,
            TopicRule::LagMax(lag) => compaction.lag_max = lag,
        }
        self.number()
    }

    fn number(self) -> u64 {
        let nanos = |time: Option<SimSpan>| time.map_or(0, SimSpan::nanos);
        match self {
            TopicRule::MinInsync(least) => u64::from(least),
            TopicRule::Unclean(is_unclean) => u64::from(is_unclean),
            TopicRule::Policy { deletes, compacts } => u64::from(deletes) | u64::from(compacts) << 1,
            TopicRule::Retention(time) | TopicRule::LagMax(time) => nanos(time),
            TopicRule::RetentionBytes(bytes) => bytes.unwrap_or(0),
            TopicRule::SegmentBytes(bytes) => bytes,
            TopicRule::Segment(time) | TopicRule::DeleteRetention(time) | TopicRule::LagMin(time) => time.nanos(),
            TopicRule::DirtyRatioMin(ratio) => ratio.to_bits(),
        }
    }
}
