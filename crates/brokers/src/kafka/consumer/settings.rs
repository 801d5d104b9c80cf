//! Settings of a consumer.

use crate::kafka::cluster::{number, span};
use crate::kafka::defaults::Owner;
use crate::kafka::{Assignor, BrokerId, OffsetReset, Reader};
use mqlab_kernel::SimSpan;

/// Settings of a consumer, by their names in the reference.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ConsumerSettings {
    /// `group.instance.id`, as a number: a static member.
    pub instance: Option<u16>,
    /// `partition.assignment.strategy`.
    pub assignor: Assignor,
    /// `session.timeout.ms`.
    pub session: SimSpan,
    /// `heartbeat.interval.ms`.
    pub heartbeat: SimSpan,
    /// `max.poll.interval.ms`.
    pub poll_interval: SimSpan,
    /// `max.poll.records`.
    pub poll_records: usize,
    /// `auto.commit.interval.ms`, if `enable.auto.commit`.
    pub auto_commit: Option<SimSpan>,
    /// `auto.offset.reset`.
    pub reset: OffsetReset,
    /// `isolation.level`.
    pub reader: Reader,
    /// `client.rack`: the broker that is nearest, where every broker is a rack of
    /// its own. Only where followers may be read from
    /// ([`Reads`](crate::kafka::Reads)) does it mean anything.
    pub rack: Option<BrokerId>,
    /// `metadata.max.age.ms`: for so long it reads from the leader after a
    /// follower could not serve it.
    pub metadata_age: SimSpan,
    /// `fetch.min.bytes`.
    pub fetch_min: u32,
    /// `fetch.max.wait.ms`.
    pub fetch_wait: SimSpan,
    /// `request.timeout.ms`.
    pub request_timeout: SimSpan,
    /// `retry.backoff.ms`.
    pub backoff: SimSpan,
}

impl Default for ConsumerSettings {
    fn default() -> Self {
        let span = |name: &str| span(Owner::Consumer, name);
        ConsumerSettings {
            instance: None,
            assignor: Assignor::Range,
            session: span("session.timeout.ms"),
            heartbeat: span("heartbeat.interval.ms"),
            poll_interval: span("max.poll.interval.ms"),
            poll_records: number(Owner::Consumer, "max.poll.records") as usize,
            auto_commit: Some(span("auto.commit.interval.ms")),
            reset: OffsetReset::default(),
            reader: Reader::Uncommitted,
            rack: None,
            metadata_age: span("metadata.max.age.ms"),
            fetch_min: number(Owner::Consumer, "fetch.min.bytes") as u32,
            fetch_wait: span("fetch.max.wait.ms"),
            request_timeout: span("request.timeout.ms"),
            backoff: span("retry.backoff.ms"),
        }
    }
}
