//! The settings of a topic of Kafka that may change while a world runs, as they are
//! written.

use crate::keys::CLEANUPS;
use crate::limits::KAFKA_BROKERS_MAX;
use crate::read::{self, Read};
use crate::tree::Tree;
use mqlab_engine::plan::{TopicRule, TopicRuleKind};
use mqlab_kernel::Bytes;

/// The key of a rule, below its topic.
pub(crate) const fn key(rule: TopicRuleKind) -> &'static str {
    match rule {
        TopicRuleKind::MinInsync => "min_insync_replicas",
        TopicRuleKind::Unclean => "unclean_leader_election",
        TopicRuleKind::Policy => "cleanup_policy",
        TopicRuleKind::Retention => "retention",
        TopicRuleKind::RetentionBytes => "retention_bytes",
        TopicRuleKind::SegmentBytes => "segment_bytes",
        TopicRuleKind::Segment => "segment",
        TopicRuleKind::DeleteRetention => "delete_retention",
        TopicRuleKind::DirtyRatioMin => "min_cleanable_dirty_ratio",
        TopicRuleKind::LagMin => "min_compaction_lag",
        TopicRuleKind::LagMax => "max_compaction_lag",
    }
}

/// Reads the new value of a rule.
pub(crate) fn read(rule: TopicRuleKind, tree: &Tree) -> Read<TopicRule> {
    Ok(match rule {
        TopicRuleKind::MinInsync => TopicRule::MinInsync(read::integer(tree, 1, KAFKA_BROKERS_MAX)? as u32),
        TopicRuleKind::Unclean => TopicRule::Unclean(read::flag(tree)?),
        TopicRuleKind::Policy => {
            let (deletes, compacts) = policy(read::choice(tree, CLEANUPS)?);
            TopicRule::Policy { deletes, compacts }
        }
        TopicRuleKind::Retention => TopicRule::Retention(Some(read::span(tree)?)),
        TopicRuleKind::RetentionBytes => TopicRule::RetentionBytes(Some(read::bytes(tree)?)),
        TopicRuleKind::SegmentBytes => TopicRule::SegmentBytes(read::bytes(tree)?),
        TopicRuleKind::Segment => TopicRule::Segment(read::span(tree)?),
        TopicRuleKind::DeleteRetention => TopicRule::DeleteRetention(read::span(tree)?),
        TopicRuleKind::DirtyRatioMin => TopicRule::DirtyRatioMin(of_one(read::share(tree)?)),
        TopicRuleKind::LagMin => TopicRule::LagMin(read::span(tree)?),
        TopicRuleKind::LagMax => TopicRule::LagMax(Some(read::span(tree)?)),
    })
}

/// A rule as it is written in TOML; `None` where there is no limit.
pub(crate) fn text(rule: TopicRule) -> Option<String> {
    let quoted = |text: &dyn std::fmt::Display| format!("\"{text}\"");
    Some(match rule {
        TopicRule::MinInsync(least) => least.to_string(),
        TopicRule::Unclean(is_unclean) => is_unclean.to_string(),
        TopicRule::Policy { deletes, compacts } => {
            let is_this = |known: &&&str| policy(known) == (deletes, compacts);
            quoted(CLEANUPS.iter().find(is_this)?)
        }
        TopicRule::Retention(time) | TopicRule::LagMax(time) => quoted(&time?),
        TopicRule::RetentionBytes(bytes) => quoted(&Bytes(bytes?)),
        TopicRule::SegmentBytes(bytes) => quoted(&Bytes(bytes)),
        TopicRule::Segment(time) | TopicRule::DeleteRetention(time) | TopicRule::LagMin(time) => quoted(&time),
        TopicRule::DirtyRatioMin(ratio) => quoted(&read::share_text(of_two_to_the_64(ratio))),
    })
}

/// Whether a `cleanup.policy` deletes, and whether it compacts.
pub(crate) fn policy(text: &str) -> (bool, bool) {
    (text.contains("delete"), text.contains("compact"))
}

/// A share of 2^64 as a part of 1.
pub(crate) fn of_one(share: u64) -> f64 {
    match share {
        u64::MAX => 1.0,
        share => share as f64 / (1u128 << 64) as f64,
    }
}

/// The other way round.
fn of_two_to_the_64(ratio: f64) -> u64 {
    (ratio * (1u128 << 64) as f64) as u64
}
