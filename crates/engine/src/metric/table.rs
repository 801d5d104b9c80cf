//! The table of metrics.

/// What a metric is measured of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Subject {
    /// The whole world, or one queue or called service if one is named.
    WorldOrInlet,
    /// The whole world, or one table if one is named.
    WorldOrTable,
    /// A load.
    Load,
    /// A source: a load, or a service that publishes or calls.
    Source,
    /// A queue, or a service that is called directly.
    Inlet,
    /// A queue.
    Queue,
    /// A service.
    Service,
    /// A table.
    Table,
    /// Any node.
    Node,
    /// A broker.
    Broker,
    /// A node of a cluster.
    Member,
}

/// What kind of number a metric is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Unit {
    /// A number of things.
    Count,
    /// A length of time.
    Span,
    /// An instant.
    Time,
    /// A share of 1.
    Ratio,
}

/// A row of the table of metrics.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct MetricInfo {
    /// Which metric.
    pub kind: MetricKind,
    /// Its name in the scenario language.
    pub name: &'static str,
    /// What it is measured of.
    pub subject: Subject,
    /// What it is.
    pub unit: Unit,
    /// One sentence for the reference page.
    pub doc: &'static str,
}

macro_rules! metrics {
    ($($kind:ident $name:literal $subject:ident $unit:ident $doc:literal;)+) => {
        /// The metrics. See [`METRICS`] for names, subjects and units.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub enum MetricKind { $(#[doc = $doc] $kind),+ }

        /// Every metric, in the order of the reference page.
        pub const METRICS: &[MetricInfo] = &[
            $(MetricInfo { kind: MetricKind::$kind, name: $name, subject: Subject::$subject, unit: Unit::$unit, doc: $doc }),+
        ];

        impl MetricKind {
            /// The metric's row.
            pub const fn info(self) -> &'static MetricInfo {
                &METRICS[self as usize]
            }
        }
    };
}

metrics! {
    Offered "offered" Source Count "messages or requests that the source has made";
    Confirmed "confirmed" Source Count "messages that the source was told are safe";
    Refused "refused" Source Count "messages or requests that the source was told were not taken";
    Returned "returned" Load Count "messages that came back to the load because no queue was bound for them; see `load.*.mandatory`";
    Outstanding "outstanding" Load Count "messages that the load has sent and that are not confirmed, or requests that are not answered";
    Batches "batches" Load Count "batches that the load's producer has sent to Kafka; one that is sent again counts again";
    ProduceRequests "produce_requests" Load Count "requests in which it has sent them, one batch of each partition in a request";
    Held "held" Load Count "messages that wait at the load itself to be sent";
    FirstRefused "first_refused" Source Count "running number, counted from 1, of the first message or request of the source that was not taken";
    Responded "responded" Source Count "requests that were answered";
    Unroutable "unroutable" Broker Count "messages that no queue was bound for";
    Syncs "syncs" Broker Count "syncs of the broker's disk";
    Seeks "seeks" Broker Count "times that the broker's disk, or those of a cluster, had to go elsewhere to write or to read";
    DiskReads "disk_reads" Broker Count "times that a Kafka broker, or all of a cluster, read from its disk what was not in the page cache";
    Transfers "transfers" Broker Count "what a Kafka broker, or all of a cluster, has put into answers to fetches, each partition by itself";
    Copies "copies" Broker Count "how often these were copied on their way from the disk, or the page cache, to the network";
    ContextSwitches "context_switches" Broker Count "how often the processor went from the application into the kernel, or back, for them";
    Unsynced "unsynced" Broker Count "writes that are done and not synced: what a cut of the power destroys";
    Unwritten "unwritten" Broker Count "writes that wait for the broker's disk: what a kill destroys";
    Blocked "blocked" Broker Count "publishing connections that are not read from, because an alarm of the disk or the memory is on";
    Unread "unread" Broker Count "messages that were published on those meanwhile";
    UnderReplicated "under_replicated" Broker Count "partitions of which not all replicas are in sync";
    Leaderless "leaderless" Broker Count "partitions that nobody leads";
    LeaderChanges "leader_changes" Broker Count "times that a partition got another leader, or none";
    Rebalances "rebalances" Broker Count "times that a consumer group has shared out its partitions anew";
    ControllerEpoch "controller_epoch" Broker Count "lives of the controller of a Kafka cluster so far: each begins a new epoch";
    Leads "leads" Member Count "partitions that the broker leads";
    Hosts "hosts" Member Count "partitions of which the broker has a replica";
    BytesIn "bytes_in" Broker Count "bytes of messages that have come in at the nodes of a RabbitMQ cluster: from who publishes, and from each other";
    Accepted "accepted" Inlet Count "messages that the queue took, or requests that the service took";
    Started "started" Inlet Count "handlings that have begun; a message that is delivered again counts again";
    Handled "handled" Inlet Count "handlings whose steps have ended well; a message that is handled again counts again";
    EmptyAnswers "empty_answers" Queue Count "requests for a message that got none; see `service.*.consume.every`";
    Settled "settled" Queue Count "messages the queue is rid of because they were acknowledged";
    Purged "purged" Queue Count "messages that were deleted from the queue by hand";
    DeadLettered "dead_lettered" Queue Count "messages that the queue gave up and that went to other queues";
    TtlExpired "ttl_expired" Queue Count "messages that waited too long and went nowhere";
    Evicted "evicted" Queue Count "messages that a full queue gave up and that went nowhere";
    Backlog "backlog" Inlet Count "messages that are offered and that nobody works on yet, wherever they wait";
    PeakBacklog "peak_backlog" Inlet Count "the largest backlog at the end of any instant so far";
    PeakBacklogAt "peak_backlog_at" Inlet Time "first instant at which the backlog was that large";
    InSystem "in_system" Inlet Count "messages that are offered and not over: neither settled nor refused, discarded, purged or destroyed";
    Ready "ready" Queue Count "messages that wait in the queue";
    Unacked "unacked" Queue Count "messages that are delivered and not acknowledged";
    Depth "depth" Queue Count "ready and unacked messages together";
    Lag "lag" Queue Count "records that may be read and that the group has not committed";
    Directories "directories" Queue Count "directories of logs, `TOPIC-PARTITION`: one at each broker that has a replica";
    Brokers "brokers" Queue Count "brokers that have a replica of the partition, or of any partition of the topic";
    Segments "segments" Queue Count "segments of the log of the partition, at its leader";
    LogBytes "log_bytes" Queue Count "bytes of the records that the log of the partition holds, at its leader";
    LogStart "log_start" Queue Count "offset at which the log of the partition starts: what came before is deleted";
    Age "age" Queue Span "how long ago the message at the head of the queue was offered";
    Consumers "consumers" Queue Count "consumers that are attached to the queue";
    Drained "drained" Queue Time "first instant, at or after the one given, at which no message is on its way through the queue";
    WaitMean "wait_mean" Inlet Span "mean time from offer to the start of the handling";
    WaitMeanWaited "wait_mean_waited" Inlet Span "the same over those only that had to wait at all";
    Waited "waited" Inlet Count "messages that had to wait for the start of their handling";
    WaitP50 "wait_p50" Inlet Span "half of the messages waited at most this long";
    WaitP90 "wait_p90" Inlet Span "90 % of the messages waited at most this long";
    WaitP99 "wait_p99" Inlet Span "99 % of the messages waited at most this long";
    WaitP999 "wait_p999" Inlet Span "99.9 % of the messages waited at most this long";
    WaitMax "wait_max" Inlet Span "longest time from offer to the start of the handling";
    LatencyMean "latency_mean" Inlet Span "mean time from offer to the end of the handling";
    LatencyP50 "latency_p50" Inlet Span "half of the messages were done after at most this long";
    LatencyP90 "latency_p90" Inlet Span "90 % of the messages were done after at most this long";
    LatencyP99 "latency_p99" Inlet Span "99 % of the messages were done after at most this long";
    LatencyP999 "latency_p999" Inlet Span "99.9 % of the messages were done after at most this long";
    LatencyMax "latency_max" Inlet Span "longest time from offer to the end of the handling";
    ResponseMean "response_mean" Source Span "mean time from request to answer";
    ResponseP99 "response_p99" Source Span "99 % of the requests were answered after at most this long";
    ResponseMax "response_max" Source Span "longest time from request to answer";
    Rows "rows" Table Count "rows that are there, or those in one state: rows(outbox, sent)";
    RowAt "row_at" Table Time "instant at which the n-th row was written (the first, if no number is given)";
    WritesRefused "writes_refused" Table Count "requests that the table refused";
    Repeated "repeated" Table Count "rows that were not written because the table had one for the business id already";
    Updated "updated" Table Count "changes of the state of a row";
    Deleted "deleted" Table Count "rows that were deleted, or whose time was over";
    Found "found" Table Count "rows that were handed to a service that looks through the table; a row that is found again counts again";
    RolledBack "rolled_back" Table Count "transactions whose changes here never were";
    Locked "locked" Table Count "business ids that transactions have locked";
    LockMax "lock_max" Table Span "longest time that a business id was locked";
    Expected "expected" Table Count "business ids that should have a row, by the table's `expects`";
    Missing "missing" Table Count "business ids that should have a row and have none";
    Extra "extra" Table Count "rows above the one that a business id should have, or of ids that should have none";
    InconsistentAt "inconsistent_at" Table Time "instant at which the table first had rows missing or too many";
    ConsistentAt "consistent_at" Table Time "instant since which it has no more rows missing or too many";
    PeakRate "peak_rate" Table Count "most rows that were written within one second of the clock";
    Requests "requests" Table Count "requests to the table; one for the rows of several messages that are merged is one";
    Outdated "outdated" Table Count "things whose row was written for an older message than the youngest that was written for them";
    PeakAsked "peak_asked" Table Count "most requests within one second of the clock";
    Edges "edges" Node Count "other nodes that its own definition names: what it sends to, calls, consumes or writes";
    DiedAt "died_at" Node Time "instant at which the node first died";
    Deaths "deaths" Node Count "how often the node died";
    Runs "runs" Service Count "handlings that the service itself has begun, of calls and of deliveries";
    Done "done" Service Count "handlings of the service itself whose steps have ended well";
    Gained "gained" Service Count "partitions of Kafka that the service was given as a consumer and did not have before: at first, and whenever one has moved to it";
    TurnedAway "turned_away" Service Count "calls that the service did not take: no room, enough of them, or a caller that it takes nothing of";
    BlacklistedAt "blacklisted_at" Service Time "instant from which on the service took nothing more of a caller";
    FailedCalls "failed_calls" Service Count "calls made by the service that failed: refused, without an answer in time, or not made because the breaker is open; each try counts";
    Retries "retries" Service Count "failed calls that the service has made again";
    BreakerOpenedAt "breaker_opened_at" Service Time "instant at which a circuit breaker of the service first opened";
    BreakersOpened "breakers_opened" Service Count "how often circuit breakers of the service opened";
    Rounds "rounds" Service Count "how often workers have begun with the service's steps: once for all messages that are merged";
    Busy "busy" Service Count "workers that have something in hand";
    Utilisation "utilisation" Service Ratio "share of the time so far that the workers had something in hand";
    Lost "lost" WorldOrInlet Count "messages whose sender was told that they are safe, whose effect does not exist, and that are nowhere any more";
    UnconfirmedLost "unconfirmed_lost" WorldOrInlet Count "the same, but their sender was not told";
    Duplicated "duplicated" WorldOrInlet Count "messages whose effect exists more than once";
    Redelivered "redelivered" WorldOrInlet Count "deliveries that the broker marked as redelivered";
    DeliveredAgain "delivered_again" WorldOrInlet Count "deliveries of a business id that the consumer had received before, marked or not";
    Reordered "reordered" WorldOrInlet Count "messages that took effect after a younger one of the same source, and about the same thing if the load has `things`";
    Overloaded "overloaded" WorldOrInlet Count "nodes that died of more than they can bear";
    Phantom "phantom" WorldOrInlet Count "deliveries of messages that the queue had let go of before, or never had: no correct broker makes any";
    Stuck "stuck" WorldOrInlet Count "messages that sit in a queue which no consumer looks at";
    Inconsistent "inconsistent" WorldOrTable Count "business ids of which a table has no row and should have one, or too many; over all tables, or of one";
    StaleRead "stale_read" WorldOrTable Count "look-ups in a table that `expects` another one's rows, and did not have the row of that one, or still had one that is gone there";
    Skipped "skipped" WorldOrInlet Count "messages that a queue was rid of before any worker had begun them, and that none will begin; of Kafka those that a group has passed over, by `offset_reset` or by a `seek`";
    NonMonotonic "non_monotonic" WorldOrInlet Count "deliveries of a message after a younger one of the same source was handed out";
    OverDelivered "over_delivered" WorldOrInlet Count "deliveries that a consumer received while there was no row of what they tell of; see `service.*.consume.expects`";
    Starved "starved" WorldOrInlet Count "services that are up, consume a queue and never got anything of it, though it has handed out two messages and more for each of its consumers";
    Expired "expired" WorldOrTable Count "rows whose time was over while a queue still had the message that they were written for";
    Unknown "unknown" WorldOrInlet Count "messages of which nobody can say yet what becomes of them: they are offered, not over and not stuck";
}

impl MetricKind {
    /// Whether it says what lies at a place now, and not what has happened there.
    pub(crate) const fn is_level(self) -> bool {
        matches!(
            self,
            MetricKind::Ready
                | MetricKind::Unacked
                | MetricKind::Depth
                | MetricKind::Lag
                | MetricKind::Directories
                | MetricKind::Segments
                | MetricKind::LogBytes
        )
    }

    /// Whether it is measured of partitions of Kafka, and of nothing else.
    pub const fn is_of_log(self) -> bool {
        matches!(
            self,
            MetricKind::Directories
                | MetricKind::Brokers
                | MetricKind::Segments
                | MetricKind::LogBytes
                | MetricKind::LogStart
        )
    }

    /// Whether that of a topic, or of a group, is the sum over its parts.
    pub const fn adds_up(self) -> bool {
        let info = self.info();
        let is_of_inlets = matches!(info.subject, Subject::Inlet | Subject::WorldOrInlet | Subject::Queue);
        let is_sum = !matches!(
            self,
            MetricKind::PeakBacklog
                | MetricKind::Consumers
                | MetricKind::Overloaded
                | MetricKind::Starved
                | MetricKind::Brokers
                | MetricKind::LogStart
        );
        is_of_inlets && is_sum && matches!(info.unit, Unit::Count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_stand_at_the_number_of_their_kind() {
        for (index, row) in METRICS.iter().enumerate() {
            assert_eq!(row.kind as usize, index);
            assert_eq!(row.kind.info().name, row.name);
        }
    }
}
