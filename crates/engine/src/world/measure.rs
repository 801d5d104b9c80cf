//! Metrics and verdicts of a world, as it stands now.

mod cluster;

use super::{Condition, DiskView, Level, World};
use crate::metric::{Argument, Metric, MetricKind, Value};
use crate::node::{AnyNode, Load, Service, Table};
use crate::oracle::{InletCounts, TableTruth, Verdict, VerdictKind};
use crate::places::{Place, PlaceKind};
use crate::plan::RowState;
use crate::recorder::{ColumnKind, First, InletTiming, RecentWaits, Recorder, TableTiming, mean, quantile};
use mqlab_kernel::{Histogram, SimSpan, SimTime};
use mqlab_model::{FactKind, NodeId, PlaceId};

/// The metrics that count what the oracle judges, of the world or of an inlet.
/// A pattern, so that whoever adds a metric has to say where it belongs.
macro_rules! judged {
    () => {
        MetricKind::Lost
            | MetricKind::UnconfirmedLost
            | MetricKind::Duplicated
            | MetricKind::Redelivered
            | MetricKind::DeliveredAgain
            | MetricKind::Reordered
            | MetricKind::Overloaded
            | MetricKind::Phantom
            | MetricKind::Stuck
            | MetricKind::Inconsistent
            | MetricKind::StaleRead
            | MetricKind::Skipped
            | MetricKind::NonMonotonic
            | MetricKind::OverDelivered
            | MetricKind::Starved
            | MetricKind::Expired
            | MetricKind::Unknown
    };
}

/// The metrics of brokers that consist of several nodes, of their disks, and of who
/// speaks with them.
macro_rules! clustered {
    () => {
        MetricKind::Batches
            | MetricKind::ProduceRequests
            | MetricKind::Seeks
            | MetricKind::DiskReads
            | MetricKind::Transfers
            | MetricKind::Copies
            | MetricKind::ContextSwitches
            | MetricKind::UnderReplicated
            | MetricKind::Leaderless
            | MetricKind::LeaderChanges
            | MetricKind::Rebalances
            | MetricKind::ControllerEpoch
            | MetricKind::Leads
            | MetricKind::Hosts
            | MetricKind::Directories
            | MetricKind::Brokers
            | MetricKind::Segments
            | MetricKind::LogBytes
            | MetricKind::LogStart
            | MetricKind::BytesIn
            | MetricKind::Lag
    };
}

impl World {
    /// The value of a metric now. [`Value::Never`] where there is nothing to
    /// measure: no such thing at that place, or no event yet.
    pub fn metric(&self, metric: &Metric) -> Value {
        match (metric.kind, metric.place) {
            (_, Some(whole)) if self.is_whole(whole) => self.added_up(metric, whole),
            (judged!(), _) => Value::Count(self.judged(metric)),
            (_, Some(place)) => self.measured(metric, place),
            (_, None) => Value::Never,
        }
    }

    fn measured(&self, metric: &Metric, place: PlaceId) -> Value {
        use MetricKind as Kind;
        match metric.kind {
            Kind::Offered => self.count_of_source(place, FactKind::Offered),
            Kind::Confirmed => self.count_of_source(place, FactKind::Confirmed),
            Kind::Refused => self.count_of_source(place, FactKind::Refused),
            Kind::Returned => self.count_of_source(place, FactKind::Returned),
            Kind::Outstanding => self.of_load(place, |load| load.outstanding() as u64),
            Kind::Held => self.of_load(place, |load| load.held() as u64),
            Kind::FirstRefused => {
                (self.first(place, FactKind::Refused)).map_or(Value::Never, |first| Value::Count(first.number + 1))
            }
            Kind::Responded => self.count_of_source(place, FactKind::Responded),
            Kind::Unroutable => self.count_at_nodes(place, FactKind::Unroutable),
            Kind::Syncs => self.count_at_nodes(place, FactKind::Synced),
            Kind::Unsynced => self.of_disk(place, |disk| disk.unsynced),
            Kind::Unwritten => self.of_disk(place, |disk| disk.unwritten),
            Kind::Blocked => self.of_disk(place, |disk| disk.blocked),
            Kind::Unread => self.of_disk(place, |disk| disk.unread),
            Kind::Accepted => self.of_inlet(place, |counts| counts.owed),
            Kind::Backlog => self.of_inlet(place, InletCounts::backlog),
            Kind::PeakBacklog => Value::Count(self.peak(place).0),
            Kind::PeakBacklogAt => match self.peak(place) {
                (0, _) => Value::Never,
                (_, at) => Value::Time(at),
            },
            Kind::InSystem => self.of_inlet(place, InletCounts::in_system),
            Kind::Started => self.count_of_handlers(place, FactKind::Started),
            Kind::Handled => self.count_of_handlers(place, FactKind::Handled),
            Kind::Runs => self.count_of_handlers(place, FactKind::Started),
            Kind::Done => self.count_of_handlers(place, FactKind::Handled),
            Kind::EmptyAnswers => self.count_of_handlers(place, FactKind::FoundEmpty),
            Kind::Settled => self.count_of_source(self.inlet(place), FactKind::Settled),
            Kind::Purged => self.count_of_source(self.inlet(place), FactKind::Purged),
            Kind::DeadLettered => self.count_of_source(self.inlet(place), FactKind::DeadLettered),
            Kind::TtlExpired => self.count_of_source(self.inlet(place), FactKind::Expired),
            Kind::Evicted => self.count_of_source(self.inlet(place), FactKind::Evicted),
            Kind::Ready => self.of_level(place, |level| level.ready),
            Kind::Unacked => self.of_level(place, |level| level.unacked),
            Kind::Depth => self.of_level(place, |level| level.ready + level.unacked),
            Kind::Consumers => self.of_level(place, |level| level.consumers),
            Kind::Age => self
                .level(place)
                .map_or(Value::Never, |level| Value::Span(self.age(&level))),
            Kind::Drained => {
                let place = Some(self.inlet(place));
                let watch = Metric { place, ..*metric }.watch();
                time(watch.and_then(|watch| self.core.recorder.seen(watch)))
            }
            Kind::ResponseMean => self.of_responses(place, |times| mean(times, times.count())),
            Kind::ResponseP99 => self.of_responses(place, |times| quantile(times, 0.99)),
            Kind::ResponseMax => self.of_responses(place, |times| quantile(times, 1.0)),
            Kind::Rows => self.of_writes(place, |_| Value::Count(self.rows(place, metric.argument))),
            Kind::RowAt => self.of_writes(place, |writes| time(nth_row(writes, metric.argument))),
            Kind::WritesRefused => self.of_writes(place, |_| self.count_of_source(place, FactKind::WriteRefused)),
            Kind::PeakRate => self.of_writes(place, |writes| Value::Count(writes.peak)),
            Kind::PeakAsked => self.of_table(place, |table| Value::Count(table.peak_asked())),
            Kind::Requests => self.of_table(place, |table| Value::Count(table.requests())),
            Kind::Outdated => self.of_table(place, |table| Value::Count(table.outdated())),
            Kind::Rounds => self.rounds(place),
            Kind::Edges => Value::Count(u64::from(
                self.core.frame.edges[usize::from(self.places().get(place).node.0)],
            )),
            Kind::Repeated => self.count_of_source(place, FactKind::Repeated),
            Kind::Updated => self.count_of_source(place, FactKind::Updated),
            Kind::Deleted => self.count_of_source(place, FactKind::Deleted),
            Kind::Found => self.count_of_source(place, FactKind::Found),
            Kind::RolledBack => self.count_of_source(place, FactKind::RolledBack),
            Kind::Locked => self.of_table(place, |table| Value::Count(table.locked())),
            Kind::LockMax => self.of_table(place, |table| Value::Span(table.longest_lock(self.now()))),
            Kind::Expected => self.of_truth(place, |truth| Value::Count(truth.expected)),
            Kind::Missing => self.of_truth(place, |truth| Value::Count(truth.missing)),
            Kind::Extra => self.of_truth(place, |truth| Value::Count(truth.extra)),
            Kind::InconsistentAt => self.of_truth(place, |truth| time(truth.raised_at())),
            Kind::ConsistentAt => self.of_truth(place, |truth| time(truth.cleared_at())),
            Kind::DiedAt => time(self.core.recorder.timing.died_at(place)),
            Kind::Deaths => self.count_of_source(place, FactKind::Down),
            Kind::Gained => Value::Count(self.partitions_gained(self.places().get(place).node)),
            Kind::TurnedAway => self.count_of_source(self.inlet(place), FactKind::TurnedAway),
            Kind::FailedCalls => self.count_of_source(place, FactKind::CallFailed),
            Kind::Retries => self.count_of_source(place, FactKind::Retried),
            Kind::BreakersOpened => self.count_of_source(place, FactKind::BreakerOpened),
            Kind::BreakerOpenedAt => time(self.first(place, FactKind::BreakerOpened).map(|first| first.at)),
            Kind::BlacklistedAt => time(self.first(place, FactKind::Blacklisted).map(|first| first.at)),
            Kind::Busy => self.of_service(place, |service| Value::Count(u64::from(service.busy()))),
            Kind::Utilisation => self.of_service(place, |service| Value::Ratio(service.utilisation(self.now()))),
            Kind::Waited => {
                let timing = self.core.recorder.timing.inlet(self.inlet(place));
                timing.map_or(Value::Never, |timing| Value::Count(timing.waited))
            }
            Kind::WaitMean => self.of_timing(place, |timing| mean(&timing.wait, timing.wait.count())),
            Kind::WaitMeanWaited => self.of_timing(place, |timing| mean(&timing.wait, timing.waited)),
            Kind::WaitP50 => self.of_timing(place, |timing| quantile(&timing.wait, 0.5)),
            Kind::WaitP90 => self.of_timing(place, |timing| quantile(&timing.wait, 0.9)),
            Kind::WaitP99 => self.of_timing(place, |timing| quantile(&timing.wait, 0.99)),
            Kind::WaitP999 => self.of_timing(place, |timing| quantile(&timing.wait, 0.999)),
            Kind::WaitMax => self.of_timing(place, |timing| quantile(&timing.wait, 1.0)),
            Kind::LatencyMean => self.of_timing(place, |timing| mean(&timing.latency, timing.latency.count())),
            Kind::LatencyP50 => self.of_timing(place, |timing| quantile(&timing.latency, 0.5)),
            Kind::LatencyP90 => self.of_timing(place, |timing| quantile(&timing.latency, 0.9)),
            Kind::LatencyP99 => self.of_timing(place, |timing| quantile(&timing.latency, 0.99)),
            Kind::LatencyP999 => self.of_timing(place, |timing| quantile(&timing.latency, 0.999)),
            Kind::LatencyMax => self.of_timing(place, |timing| quantile(&timing.latency, 1.0)),
            clustered!() => self.clustered(metric.kind, place),
            judged!() => Value::Count(self.judged(metric)),
        }
    }

    /// Every verdict, whether it holds or not.
    pub fn verdicts(&self) -> impl Iterator<Item = Verdict> {
        VerdictKind::ALL.iter().map(|kind| Verdict {
            kind: *kind,
            count: self.verdict_count(*kind, None),
            first: self.core.recorder.oracle.first(*kind),
        })
    }

    fn judged(&self, metric: &Metric) -> u64 {
        let kind = match metric.kind {
            MetricKind::Lost => VerdictKind::Lost,
            MetricKind::UnconfirmedLost => VerdictKind::UnconfirmedLost,
            MetricKind::Duplicated => VerdictKind::Duplicated,
            MetricKind::DeliveredAgain => VerdictKind::DeliveredAgain,
            MetricKind::Reordered => VerdictKind::Reordered,
            MetricKind::Overloaded => VerdictKind::Overloaded,
            MetricKind::Phantom => VerdictKind::Phantom,
            MetricKind::Stuck => VerdictKind::Stuck,
            MetricKind::Skipped => VerdictKind::Skipped,
            MetricKind::NonMonotonic => VerdictKind::NonMonotonic,
            MetricKind::OverDelivered => VerdictKind::OverDelivered,
            MetricKind::Starved => VerdictKind::Starved,
            MetricKind::Unknown => VerdictKind::Unknown,
            MetricKind::StaleRead => return self.core.recorder.oracle.stale_reads(metric.place),
            MetricKind::Expired => return self.core.recorder.oracle.expired(metric.place),
            MetricKind::Inconsistent => {
                let truth = metric.place.map(|table| self.core.recorder.oracle.truth(table));
                return match truth {
                    Some(truth) => truth.map_or(0, |truth| truth.inconsistent),
                    None => self.verdict_count(VerdictKind::Inconsistent, None),
                };
            }
            MetricKind::Redelivered => {
                let inlet = metric.place.map(|place| self.inlet(place));
                return self.core.recorder.oracle.sum(inlet, |counts| counts.redelivered);
            }
            _ => unreachable!("it is asked for what is judged, and nothing else"),
        };
        self.verdict_count(kind, metric.place.map(|place| self.inlet(place)))
    }

    fn verdict_count(&self, kind: VerdictKind, inlet: Option<PlaceId>) -> u64 {
        let oracle = &self.core.recorder.oracle;
        match kind {
            VerdictKind::Lost => oracle.sum(inlet, |counts| counts.lost) + self.doomed(inlet).lost,
            VerdictKind::UnconfirmedLost => oracle.sum(inlet, |counts| counts.unconfirmed_lost),
            VerdictKind::Duplicated => oracle.sum(inlet, |counts| counts.duplicated),
            VerdictKind::Reordered => oracle.sum(inlet, |counts| counts.reordered),
            VerdictKind::DeliveredAgain => oracle.sum(inlet, |counts| counts.delivered_again),
            VerdictKind::Overloaded => oracle.overloaded(),
            VerdictKind::Phantom => oracle.sum(inlet, |counts| counts.phantom),
            VerdictKind::Stuck => self.stuck(inlet),
            VerdictKind::Inconsistent => oracle.inconsistent(),
            VerdictKind::StaleRead => oracle.stale_reads(None),
            VerdictKind::Skipped => oracle.sum(inlet, |counts| counts.skipped),
            VerdictKind::NonMonotonic => oracle.sum(inlet, |counts| counts.non_monotonic),
            VerdictKind::OverDelivered => oracle.sum(inlet, |counts| counts.over_delivered),
            VerdictKind::Starved => self.starved(inlet),
            VerdictKind::Expired => oracle.expired(None),
            // What is stuck stays where it is: that is known.
            VerdictKind::Unknown => {
                let doomed = self.doomed(inlet);
                let known = self.stuck(inlet) + self.kept(inlet) + doomed.lost + doomed.known;
                oracle.sum(inlet, InletCounts::in_system).saturating_sub(known)
            }
        }
    }

    /// Messages in partitions that no group reads: they are kept, and nobody
    /// owes anything.
    fn kept(&self, only: Option<PlaceId>) -> u64 {
        self.all_or(only)
            .filter(|(_, place)| place.kind == PlaceKind::Partition)
            .map(|(id, _)| self.core.recorder.oracle.inlet(id).in_system())
            .sum()
    }

    /// Every place, or the one given.
    fn all_or(&self, only: Option<PlaceId>) -> impl Iterator<Item = (PlaceId, &Place)> {
        let places = self.places();
        let number = |place: usize| PlaceId(place as u16);
        let wanted = only.map_or(0..places.len(), |one| usize::from(one.0)..usize::from(one.0) + 1);
        wanted.map(number).map(|id| (id, places.get(id)))
    }

    /// Messages in queues that no service of the plan consumes, or for a group
    /// of which there is none. A consumer that is merely down may come back.
    fn stuck(&self, only: Option<PlaceId>) -> u64 {
        let owes = |kind| matches!(kind, PlaceKind::Queue | PlaceKind::GroupPartition);
        self.all_or(only)
            .filter(|(_, place)| owes(place.kind))
            .filter(|(id, _)| !self.is_consumed(*id))
            .filter_map(|(id, _)| self.level(id))
            .map(|level| level.ready)
            .sum()
    }

    /// Services that are up and consume a queue, and to which nothing of it
    /// ever came, though it has handed out two messages and more for each of
    /// its consumers: served in turn, everybody would have had one.
    fn starved(&self, only: Option<PlaceId>) -> u64 {
        self.all_or(only)
            .filter(|(_, place)| place.kind == PlaceKind::Queue)
            .map(|(id, _)| self.starved_at(id))
            .sum()
    }

    fn starved_at(&self, queue: PlaceId) -> u64 {
        let Recorder { oracle, digest, .. } = &self.core.recorder;
        let consumers = oracle.handlers(queue);
        if digest.count(queue, FactKind::Dispatched) < 2 * consumers.len() as u64 {
            return 0;
        }
        let is_starved = |consumer: &&PlaceId| {
            let is_up = self.condition(self.places().get(**consumer).node) == Condition::Up;
            is_up && digest.count(**consumer, FactKind::Received) == 0
        };
        consumers.iter().filter(is_starved).count() as u64
    }

    fn is_consumed(&self, queue: PlaceId) -> bool {
        let handlers = self.core.recorder.oracle.handlers(queue);
        let is_subscription = |place: &PlaceId| self.places().get(*place).kind == PlaceKind::Subscription;
        handlers.iter().any(is_subscription)
    }

    /// The inlet that a place stands for: a queue for itself, a service for
    /// its calls.
    pub(crate) fn inlet(&self, place: PlaceId) -> PlaceId {
        let known = self.places().get(place);
        match known.kind {
            PlaceKind::Service => self.places().find(known.node, PlaceKind::Calls, 0).unwrap_or(place),
            PlaceKind::Subscription => self.core.recorder.oracle.inlet_of(place),
            _ => place,
        }
    }

    fn first(&self, place: PlaceId, kind: FactKind) -> Option<First> {
        self.core.recorder.timing.first(place, kind)
    }

    fn count_of_source(&self, place: PlaceId, kind: FactKind) -> Value {
        Value::Count(self.core.recorder.digest.count(place, kind))
    }

    /// Facts of all handlers whose inlet this is.
    pub(crate) fn count_of_inlet(&self, inlet: PlaceId, kind: FactKind) -> u64 {
        let Recorder { oracle, digest, .. } = &self.core.recorder;
        let handlers = oracle.handlers(inlet).iter();
        handlers.map(|handler| digest.count(*handler, kind)).sum()
    }

    fn count_of_handlers(&self, place: PlaceId, kind: FactKind) -> Value {
        let known = self.places().get(place);
        if known.kind != PlaceKind::Service {
            return Value::Count(self.count_of_inlet(place, kind));
        }
        // Of a service: whatever came in, by its subscription or by calls.
        let inlets = self.places().inlets_of(known.node);
        Value::Count(inlets.map(|inlet| self.core.recorder.digest.count(inlet, kind)).sum())
    }

    fn of_inlet(&self, place: PlaceId, pick: impl Fn(&InletCounts) -> u64) -> Value {
        Value::Count(pick(self.core.recorder.oracle.inlet(self.inlet(place))))
    }

    fn peak(&self, place: PlaceId) -> (u64, SimTime) {
        self.core.recorder.oracle.peak(self.inlet(place), self.now())
    }

    fn of_disk(&self, place: PlaceId, pick: impl Fn(&DiskView) -> u64) -> Value {
        sum(self.nodes_at(place).filter_map(|node| self.disk(node)), pick)
    }

    /// Facts of the node at a place, or of all nodes of a cluster.
    fn count_at_nodes(&self, place: PlaceId, kind: FactKind) -> Value {
        let counts = self.nodes_at(place).map(|node| self.fact_count(PlaceId(node.0), kind));
        Value::Count(counts.sum())
    }

    /// The node at a place, or if it is a cluster those that belong to it.
    fn nodes_at(&self, place: PlaceId) -> impl Iterator<Item = NodeId> {
        self.members(self.places().get(place).node).iter().copied()
    }

    fn of_level(&self, place: PlaceId, pick: impl Fn(&Level) -> u64) -> Value {
        self.level(place)
            .map_or(Value::Never, |level| Value::Count(pick(&level)))
    }

    /// How old what waits at the head is.
    fn age(&self, level: &Level) -> SimSpan {
        level
            .oldest
            .map_or(SimSpan::ZERO, |oldest| self.now().since(oldest.offered()))
    }

    fn of_timing(&self, place: PlaceId, pick: impl Fn(&InletTiming) -> Option<SimSpan>) -> Value {
        let timing = self.core.recorder.timing.inlet(self.inlet(place));
        timing.map_or(Value::Never, |timing| span(pick(timing)))
    }

    fn of_responses(&self, place: PlaceId, pick: impl Fn(&Histogram) -> Option<SimSpan>) -> Value {
        let responses = self.core.recorder.timing.responses(place);
        responses.map_or(Value::Never, |responses| span(pick(responses)))
    }

    /// What the recorder knows of a table.
    fn of_writes(&self, place: PlaceId, pick: impl Fn(&TableTiming) -> Value) -> Value {
        self.core.recorder.timing.table(place).map_or(Value::Never, pick)
    }

    fn of_table(&self, place: PlaceId, pick: impl Fn(&Table) -> Value) -> Value {
        match self.nodes.get(usize::from(place.0)) {
            Some(AnyNode::Table(table)) => pick(table),
            _ => Value::Never,
        }
    }

    /// How often the workers of a service have begun with its steps.
    fn rounds(&self, place: PlaceId) -> Value {
        let groups = match &self.nodes[usize::from(place.0)] {
            AnyNode::Service(service) => service.groups_begun(),
            _ => None,
        };
        groups.map_or_else(|| self.count_of_handlers(place, FactKind::Started), Value::Count)
    }

    /// The rows that a table has, or those in a state.
    pub(super) fn rows(&self, place: PlaceId, argument: Argument) -> u64 {
        let count = |kind| self.core.recorder.digest.count(place, kind);
        let all = count(FactKind::Written) - count(FactKind::Deleted);
        let Argument::State(state) = argument else { return all };
        let known = match &self.nodes[usize::from(place.0)] {
            AnyNode::Table(table) => table.rows(state),
            _ => None,
        };
        // Nobody has ever changed the rows of a table that keeps none.
        known.unwrap_or(if state == RowState::New { all } else { 0 })
    }

    /// What a table should have against what it has.
    fn of_truth(&self, place: PlaceId, pick: impl Fn(&TableTruth) -> Value) -> Value {
        self.core.recorder.oracle.truth(place).map_or(Value::Never, pick)
    }

    fn of_load(&self, place: PlaceId, pick: impl Fn(&Load) -> u64) -> Value {
        match self.nodes.get(usize::from(place.0)) {
            Some(AnyNode::Load(load)) => Value::Count(pick(load)),
            _ => Value::Never,
        }
    }

    fn of_service(&self, place: PlaceId, pick: impl Fn(&Service) -> Value) -> Value {
        match self.nodes.get(usize::from(place.0)) {
            Some(AnyNode::Service(service)) => pick(service),
            _ => Value::Never,
        }
    }

    /// Messages that are somewhere in the world, over all inlets.
    pub(super) fn waiting(&self) -> u64 {
        self.core.recorder.oracle.sum(None, InletCounts::in_system)
    }

    /// Rows that tables keep, and business ids of which they should have one.
    pub(super) fn rows_kept(&self) -> u64 {
        let in_tables = self.nodes.iter().map(|node| match node {
            AnyNode::Table(table) => table.kept(),
            _ => 0,
        });
        in_tables.sum::<u64>() + self.core.recorder.oracle.ids_kept()
    }

    /// Takes a sample for the charts.
    pub(super) fn sample(&mut self) {
        self.core.recorder.timing.sample();
        let mut series = core::mem::take(&mut self.core.recorder.series);
        // Several columns of a queue follow each other: they share a look at it.
        let mut level = None;
        series.sample(|place, kind| self.sampled(place, kind, &mut level));
        self.core.recorder.series = series;
    }

    #[inline(always)]
    fn sampled(&self, place: PlaceId, kind: ColumnKind, level: &mut Option<Level>) -> u64 {
        let digest = &self.core.recorder.digest;
        let recent = |pick: fn(&RecentWaits) -> u64| {
            let timing = self.core.recorder.timing.inlet(place);
            timing.map_or(0, |timing| pick(&timing.sampled))
        };
        match kind {
            ColumnKind::Offered => digest.count(place, FactKind::Offered),
            ColumnKind::Refused => digest.count(place, FactKind::Refused),
            ColumnKind::Rows => digest.count(place, FactKind::Written),
            ColumnKind::Started => self.count_of_inlet(place, FactKind::Started),
            ColumnKind::Handled => self.count_of_inlet(place, FactKind::Handled),
            ColumnKind::Backlog => self.core.recorder.oracle.inlet(place).backlog(),
            ColumnKind::WaitP50 => recent(|recent| recent.quantiles[0]),
            ColumnKind::WaitP90 => recent(|recent| recent.quantiles[1]),
            ColumnKind::WaitP99 => recent(|recent| recent.quantiles[2]),
            ColumnKind::WaitP999 => recent(|recent| recent.quantiles[3]),
            ColumnKind::WaitMax => recent(|recent| recent.max),
            ColumnKind::Ready if self.places().get(place).kind == PlaceKind::Partition => {
                self.committed_in_log(place).unwrap_or(0)
            }
            ColumnKind::Ready | ColumnKind::Unacked | ColumnKind::Age => {
                if level.is_none_or(|level| level.place != place) {
                    *level = self.level(place);
                }
                let Some(level) = level else { return 0 };
                match kind {
                    ColumnKind::Ready => level.ready,
                    ColumnKind::Unacked => level.unacked,
                    _ => self.age(level).nanos(),
                }
            }
            ColumnKind::Capacity => self.capacity(place),
            ColumnKind::Busy | ColumnKind::Worked | ColumnKind::Workers => self.workload(place, kind),
        }
    }

    /// What the workers of a service do.
    fn workload(&self, place: PlaceId, kind: ColumnKind) -> u64 {
        let Some(AnyNode::Service(service)) = self.nodes.get(usize::from(place.0)) else {
            return 0;
        };
        match kind {
            ColumnKind::Worked => service.worked(self.now()).nanos(),
            ColumnKind::Workers => service.workers(),
            _ => u64::from(service.busy()),
        }
    }

    /// What a table can write in a thousand seconds.
    fn capacity(&self, place: PlaceId) -> u64 {
        match self.nodes.get(usize::from(place.0)) {
            Some(AnyNode::Table(table)) => table.capacity().map_or(0, |capacity| {
                let per_second = capacity.per_second_f64();
                // Saturates: nothing is that fast.
                (per_second * 1000.0 + 0.5) as u64
            }),
            _ => 0,
        }
    }
}

/// When the nth row was written, the first one if nobody says which.
fn nth_row(writes: &TableTiming, argument: Argument) -> Option<SimTime> {
    let nth = match argument {
        Argument::Nth(nth) => nth,
        Argument::None | Argument::State(_) | Argument::After(_) => 1,
    };
    let index = usize::try_from(nth.saturating_sub(1)).ok()?;
    writes.rows.get(index).copied()
}

fn time(at: Option<SimTime>) -> Value {
    at.map_or(Value::Never, Value::Time)
}

fn span(span: Option<SimSpan>) -> Value {
    span.map_or(Value::Never, Value::Span)
}

/// Over all that there are; never if there is none.
fn sum<T>(all: impl Iterator<Item = T>, pick: impl Fn(&T) -> u64) -> Value {
    let counts = all.map(|one| pick(&one));
    counts.reduce(|sum, one| sum + one).map_or(Value::Never, Value::Count)
}
