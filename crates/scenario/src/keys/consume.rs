//! The keys of what a service consumes.

use super::Default::{Absent, Is};
use super::kafka::{ASSIGNORS, COMMITS, ISOLATIONS, OFFSET_RESETS, SEEK_OFFSET, SEEK_SINCE, SEEK_TO, SPOTS};
use super::{COUNT_MAX, Key, ValueKind as V, live, row};
use crate::limits;

/// In the order of the reference page.
pub(super) const ROWS: &[Key] = &[
    row(
        "service.*.consume",
        V::Table,
        Absent,
        "The queue, or the topics of Kafka, that it consumes. A service may be called directly as well.",
    ),
    row(
        "service.*.consume.queue",
        V::Name,
        Absent,
        "The queue of RabbitMQ. Either this or a `topic` is needed.",
    ),
    live(
        "service.*.consume.prefetch",
        V::Integer(0, limits::PREFETCH_MAX),
        Is("0"),
        "Most deliveries without acknowledgement at a time; 0 is no limit.",
    ),
    row(
        "service.*.consume.ack",
        V::Choice(&["manual", "auto"]),
        Is("\"manual\""),
        "`manual`: a step acknowledges. `auto`: the broker forgets a message when it has sent it.",
    ),
    row(
        "service.*.consume.exclusive",
        V::Flag,
        Is("false"),
        "Whether nobody else may consume the queue meanwhile. Who comes when another consumer is there already, or wants to be beside this one, is refused (403) and tries again every 5 s.",
    ),
    row(
        "service.*.consume.every",
        V::Span,
        Is("pushed"),
        "It asks in place of having messages pushed: `basic.get` at every multiple of this since the start, one message at a time for a free worker, until there is none. `empty_answers` counts in vain.",
    ),
    row(
        "service.*.consume.hold",
        V::Span,
        Is("pushed"),
        "It asks for one message whenever a worker is free, and the request waits so long for one: a long poll. RabbitMQ has no such request, Kafka and RocketMQ have; here it is a subscription for one message that is cancelled after that.",
    ),
    row(
        "service.*.consume.expects",
        V::Name,
        Absent,
        "The table that should have a row of what a message tells of by the time it is received. `over_delivered` counts the messages that come before it, or without it.",
    ),
    row(
        "service.*.consume.topic",
        V::NameOrNames,
        Absent,
        "The topic of Kafka, or several. The service is a consumer of a group, and gets its share of their partitions.",
    ),
    row(
        "service.*.consume.group",
        V::Text,
        Absent,
        "`group.id`: each record goes to one consumer of every group. A topic needs one.",
    ),
    row(
        "service.*.consume.assignor",
        V::Choice(ASSIGNORS),
        Is("\"range\""),
        "`partition.assignment.strategy`: how partitions are divided. `range`: of each topic so many in a row for everybody. `roundrobin`: one after the other in turn. `sticky`: evenly, and as few as possible move. `cooperative-sticky`: the same, and only who loses a partition stops for it. All consumers of a group have the same.",
    ),
    row(
        "service.*.consume.auto_commit",
        V::Flag,
        Is("true"),
        "`enable.auto.commit`: what earlier polls returned is committed while it polls, whatever has become of it. Without it an `\"ack\"` step says what is done, and `commit` when that is committed.",
    ),
    row(
        "service.*.consume.auto_commit_interval",
        V::Span,
        Is("\"5s\""),
        "`auto.commit.interval.ms`: how much time passes between these commits, at least.",
    ),
    row(
        "service.*.consume.commit",
        V::Choice(COMMITS),
        Is("\"poll\""),
        "When a consumer without `auto_commit` commits. `poll`: when all is acknowledged that a poll returned. `record`: with each record.",
    ),
    row(
        "service.*.consume.offset_reset",
        V::Choice(OFFSET_RESETS),
        Is("\"latest\""),
        "`auto.offset.reset`: where it begins in a partition of which nothing was committed, or if what was committed is no longer in the log. `earliest`: at the first record that is there. `latest`: behind the last one. `none`: nowhere.",
    ),
    row(
        "service.*.consume.client_rack",
        V::Name,
        Absent,
        "`client.rack`: the broker that is nearest to it, as if each were in a rack of its own. If the cluster's `reads` lets it, it reads from that one, whoever leads.",
    ),
    row(
        "service.*.consume.seek",
        V::Table,
        Absent,
        "Where it goes when it is given a partition for the first time since it was started, whatever its group has committed.",
    ),
    row("service.*.consume.seek.to", V::Choice(SPOTS), Absent, SEEK_TO),
    row(
        "service.*.consume.seek.offset",
        V::Integer(0, COUNT_MAX),
        Absent,
        SEEK_OFFSET,
    ),
    row("service.*.consume.seek.since", V::Time, Absent, SEEK_SINCE),
    row(
        "service.*.consume.isolation",
        V::Choice(ISOLATIONS),
        Is("\"read_uncommitted\""),
        "`isolation.level`: whether it reads records of transactions that are not decided or were aborted.",
    ),
    row(
        "service.*.consume.static_member",
        V::Flag,
        Is("false"),
        "`group.instance.id`: whether it is a static member, under the service's name. It takes its old place when it comes back before its session ends, and nobody else notices.",
    ),
    row(
        "service.*.consume.session_timeout",
        V::Span,
        Is("\"45s\""),
        "`session.timeout.ms`: after so long without a heartbeat it is out of its group.",
    ),
    row(
        "service.*.consume.heartbeat_interval",
        V::Span,
        Is("\"3s\""),
        "`heartbeat.interval.ms`. By heartbeats it learns of a rebalance as well.",
    ),
    row(
        "service.*.consume.max_poll_interval",
        V::Span,
        Is("\"5m\""),
        "`max.poll.interval.ms`: who does not poll for so long leaves the group. A rebalance waits for as long.",
    ),
    row(
        "service.*.consume.max_poll_records",
        V::Integer(1, COUNT_MAX),
        Is("500"),
        "`max.poll.records`: most records that one poll returns.",
    ),
    row(
        "service.*.consume.poll_ahead",
        V::Integer(0, limits::PLACES_MAX),
        Is("0"),
        "How many records may wait in its memory for a worker while it polls on, as a loop does that hands its work to threads; what it has polled counts as done for `auto_commit`. With 0 it polls when a worker is free and nothing waits.",
    ),
    row(
        "service.*.consume.fetch_min",
        V::Bytes,
        Is("\"1B\""),
        "`fetch.min.bytes`: the broker answers a fetch as soon as it has so much.",
    ),
    row(
        "service.*.consume.fetch_max_wait",
        V::Span,
        Is("\"500ms\""),
        "`fetch.max.wait.ms`: how long the broker waits for that before it answers with what there is.",
    ),
];
