//! The numbers of a thing on the stage, in the order in which they are read:
//! for the panel beside the stage, for its table, and for the labels on it.

pub mod kafka;
pub mod kafka_log;
mod notes;
pub mod rabbit_cluster;

pub use notes::{disk_words, is_alarmed, load_notes, sender, service_notes, table_notes, words};

use super::diagram::{ItemKind, Shown};
use super::format;
use super::lab::{Lab, Lane, measure};
use super::local;
use super::texts::{Key, Language};
use mqlab_engine::plan::RowState;
use mqlab_engine::{Argument, ColumnKind, Metric, MetricKind, NodeView, Status, Value, World};
use mqlab_kernel::Rate;
use mqlab_model::{Death, DiskPlan, NodeId, PlaceId};

/// One number with its name.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Row {
    /// What it is.
    pub name: Key,
    /// The number.
    pub value: String,
}

/// What kind of thing an item is, as a word.
pub const fn kind_word(kind: ItemKind) -> Key {
    match kind {
        ItemKind::Load => Key::Load,
        ItemKind::Exchange => Key::Exchange,
        ItemKind::Queue => Key::Queue,
        ItemKind::Partition => Key::KafkaPartition,
        ItemKind::Service => Key::Service,
        ItemKind::Table => Key::Table,
    }
}

/// What something that is drawn is called.
pub fn name(lane: &Lane, shown: Shown) -> String {
    let diagram = &lane.diagram;
    match shown {
        Shown::Item(item) => diagram.items[item].name.clone(),
        Shown::Way(way) => {
            let way = &diagram.ways[way];
            format!("{} → {}", diagram.items[way.from].name, diagram.items[way.to].name)
        }
        Shown::Broker(broker) => diagram.brokers[broker].name.clone(),
        Shown::Member(member) => diagram.members[member].name.clone(),
    }
}

/// How an item stands: up, held, or dead and since when.
pub fn state_word(lane: &Lane, item: usize, language: Language) -> String {
    let thing = &lane.diagram.items[item];
    // A partition is as alive as its leader.
    let leader = lane.world().leader_at(thing.place);
    let status = leader.map_or_else(|| item_status(lane, item), |leader| lane.world().status(leader));
    status_word(status, language)
}

/// How the node of an item stands. A queue of a cluster that nobody has now, or too
/// few of its nodes, stands as the one of them that is not there.
pub fn item_status(lane: &Lane, item: usize) -> Status {
    let (thing, world) = (&lane.diagram.items[item], lane.world());
    let away = (thing.kind == ItemKind::Queue).then(|| rabbit_cluster::away(world, thing.place));
    away.flatten().unwrap_or_else(|| world.status(thing.node))
}

/// How a node stands, in a word or two, and since when if it is dead: what
/// there is room for on the stage.
pub fn status_notes(status: Status, language: Language) -> Vec<String> {
    let Status::Down { since, of } = status else {
        return vec![status_word(status, language)];
    };
    let word = match of {
        Death::Killed => Key::Killed,
        Death::Overload => Key::Overwhelmed,
        Death::Power => Key::NoPower,
        Death::Disk => Key::DiskLost,
    };
    let since = since.map(|since| language.with(Key::Since, &since.to_string()));
    [language.text(word).to_owned()].into_iter().chain(since).collect()
}

/// How a node stands, as a word.
pub fn status_word(status: Status, language: Language) -> String {
    match status {
        Status::Up => language.text(Key::Up).to_owned(),
        Status::Paused => language.text(Key::PausedNode).to_owned(),
        Status::Down { since: Some(since), of } => {
            let key = match of {
                Death::Killed => Key::DeadSince,
                Death::Overload => Key::DeadOverload,
                Death::Power => Key::DeadPower,
                Death::Disk => Key::DeadDisk,
            };
            language.with(key, &since.to_string())
        }
        Status::Down { since: None, .. } => language.text(Key::Dead).to_owned(),
    }
}

/// The one number that stands on an item.
pub fn headline(lane: &Lane, item: usize, language: Language) -> String {
    let thing = &lane.diagram.items[item];
    match thing.kind {
        ItemKind::Load => {
            let made = match lane.world().node(thing.node) {
                NodeView::Load { made, .. } => made,
                _ => 0,
            };
            rate_or_count(outflow(lane, item), made, Key::SentShort, language)
        }
        ItemKind::Exchange => local::rate(outflow(lane, item), language),
        ItemKind::Table => {
            let rows = match lane.world().node(thing.node) {
                NodeView::Table { rows, .. } => rows,
                _ => 0,
            };
            rate_or_count(inflow(lane, item), rows, Key::RowsShort, language)
        }
        ItemKind::Queue => {
            let ready = lane.world().queue(thing.place).map_or(0, |queue| queue.messages_ready);
            format!("{} {}", format::count(ready), language.text(Key::ReadyShort))
        }
        ItemKind::Partition => kafka::headline(lane.world(), thing.place, language),
        ItemKind::Service => match lane.world().node(thing.node) {
            NodeView::Service {
                busy, workers: None, ..
            } => format!("{} {}", format::count(u64::from(busy)), language.text(Key::InHand)),
            _ => language.with(Key::BusyShort, &local::share(lane.busy_share(item), language)),
        },
    }
}

/// A rate, or how many there were so far where that says more: the rate of a
/// single click, or of what has come to its end, is nothing to read.
fn rate_or_count(per_second: f64, count: u64, word: Key, language: Language) -> String {
    if per_second >= 1.0 && count >= 20 {
        local::rate(per_second, language)
    } else {
        language.with(word, &format::count(count))
    }
}

/// How many a second came in lately.
pub fn inflow(lane: &Lane, item: usize) -> f64 {
    if matches!(lane.diagram.items[item].kind, ItemKind::Queue | ItemKind::Partition) {
        return lane.taken(item);
    }
    let ways = lane.diagram.ways.iter().enumerate();
    let into = ways.filter(|(_, way)| way.to == item);
    // Several services may write one table; its counter is the sum of them.
    let mut seen = Vec::new();
    into.filter(|(_, way)| {
        let is_new = !seen.contains(&way.passed);
        seen.push(way.passed);
        is_new
    })
    .map(|(index, _)| lane.flow(index).0)
    .sum()
}

/// How many a second went out lately.
pub fn outflow(lane: &Lane, item: usize) -> f64 {
    let ways = lane.diagram.ways.iter().enumerate();
    ways.filter(|(_, way)| way.from == item)
        .map(|(index, _)| lane.flow(index).0)
        .sum()
}

/// The number of messages at which a queue is drawn full: the same for every
/// queue on the stage, so that levels compare, and round, so that it can be
/// said.
pub fn full_scale(lab: &Lab) -> f64 {
    let mut most = 20u64;
    for lane in lab.shown() {
        for item in lane.diagram.items.iter().filter(|item| item.kind == ItemKind::Queue) {
            if let Some(queue) = lane.world().queue(item.place) {
                most = most.max(queue.messages_ready + queue.messages_unacknowledged);
            }
            let column = lane.world().series().column(item.place, ColumnKind::Backlog);
            most = most.max(
                column
                    .and_then(|column| column.values.iter().copied().max())
                    .unwrap_or(0),
            );
        }
    }
    super::chart::nice_ceiling(most as f64)
}

/// Every number of an item.
pub fn of_item(lane: &Lane, item: usize, language: Language) -> Vec<Row> {
    let thing = &lane.diagram.items[item];
    let mut table = Rows {
        world: lane.world(),
        place: thing.place,
        language,
        rows: Vec::new(),
    };
    table.push(Key::State, state_word(lane, item, language));
    match thing.kind {
        ItemKind::Load => table.load(lane, item),
        ItemKind::Exchange => table.push(Key::PublishRate, local::rate(inflow(lane, item), language)),
        ItemKind::Queue => table.queue(lane, item),
        ItemKind::Partition => table.partition(lane, item),
        ItemKind::Service => table.service(lane, item),
        ItemKind::Table => table.table(lane, item),
    }
    table.rows
}

/// The numbers of a broker's disk: those of it that say something.
pub fn of_broker(world: &World, broker: PlaceId, language: Language) -> Vec<Row> {
    let mut table = Rows {
        world,
        place: broker,
        language,
        rows: Vec::new(),
    };
    table.push(Key::State, status_word(world.status(NodeId(broker.0)), language));
    table.cluster();
    table.disk(NodeId(broker.0));
    table.notable(Key::Syncs, MetricKind::Syncs);
    table.notable(Key::Unwritten, MetricKind::Unwritten);
    table.notable(Key::Unsynced, MetricKind::Unsynced);
    table.notable(Key::Blocked, MetricKind::Blocked);
    table.notable(Key::Unread, MetricKind::Unread);
    table.rows
}

struct Rows<'a> {
    world: &'a World,
    place: PlaceId,
    language: Language,
    rows: Vec<Row>,
}

impl Rows<'_> {
    fn push(&mut self, name: Key, value: String) {
        self.rows.push(Row { name, value });
    }

    /// A metric that is always said.
    fn metric(&mut self, name: Key, kind: MetricKind) {
        let value = match measure(self.world, kind, self.place) {
            Value::Never => "\u{2013}".to_owned(),
            Value::Span(span) => local::span(span.nanos() as f64, self.language),
            Value::Ratio(share) => local::share(share, self.language),
            other => local::value(other, self.language),
        };
        self.push(name, value);
    }

    /// A metric that is said only if there is something to say.
    fn notable(&mut self, name: Key, kind: MetricKind) {
        match measure(self.world, kind, self.place) {
            Value::Never | Value::Count(0) => {}
            _ => self.metric(name, kind),
        }
    }

    fn load(&mut self, lane: &Lane, item: usize) {
        self.push(Key::MeasuredRate, local::rate(outflow(lane, item), self.language));
        let NodeView::Load {
            rate,
            outstanding,
            held,
            users,
            ..
        } = self.world.node(lane.diagram.items[item].node)
        else {
            return;
        };
        if let Some(rate) = rate {
            self.push(Key::PlannedRate, local::rate(rate.per_second_f64(), self.language));
        }
        self.metric(Key::Offered, MetricKind::Offered);
        self.notable(Key::Confirmed, MetricKind::Confirmed);
        self.notable(Key::Responded, MetricKind::Responded);
        self.metric(Key::Refused, MetricKind::Refused);
        self.notable(Key::FirstRefused, MetricKind::FirstRefused);
        if let Some(users) = users {
            self.push(Key::Users, format::count(u64::from(users)));
        }
        let (window, buffer) = sender(self.world, lane.diagram.items[item].node);
        let of = |count: u64, most: Option<u64>| match most {
            Some(most) => format!("{} / {}", format::count(count), format::count(most)),
            None => format::count(count),
        };
        self.push(Key::Outstanding, of(outstanding, window.map(u64::from)));
        if held > 0 || buffer.is_some() {
            self.push(Key::Held, of(held, buffer));
        }
        self.notable(Key::ResponseMean, MetricKind::ResponseMean);
        self.notable(Key::ResponseP99, MetricKind::ResponseP99);
    }

    fn queue(&mut self, lane: &Lane, item: usize) {
        self.metric(Key::Ready, MetricKind::Ready);
        self.metric(Key::Unacked, MetricKind::Unacked);
        let delayed = lane.world().queue(self.place).map_or(0, |queue| queue.messages_delayed);
        if delayed > 0 {
            self.push(Key::Delayed, format::count(delayed));
        }
        self.metric(Key::Backlog, MetricKind::Backlog);
        self.push(Key::PublishRate, local::rate(inflow(lane, item), self.language));
        self.push(Key::DeliverRate, local::rate(outflow(lane, item), self.language));
        self.metric(Key::Oldest, MetricKind::Age);
        self.metric(Key::Consumers, MetricKind::Consumers);
        self.whereabouts();
        self.claims();
        self.metric(Key::Accepted, MetricKind::Accepted);
        self.metric(Key::Handled, MetricKind::Handled);
        self.metric(Key::Settled, MetricKind::Settled);
        self.metric(Key::Redelivered, MetricKind::Redelivered);
        self.notable(Key::Reordered, MetricKind::Reordered);
        self.waits();
    }

    fn waits(&mut self) {
        self.metric(Key::WaitMean, MetricKind::WaitMean);
        self.metric(Key::WaitP50, MetricKind::WaitP50);
        self.metric(Key::WaitP99, MetricKind::WaitP99);
        self.metric(Key::WaitMax, MetricKind::WaitMax);
    }

    fn service(&mut self, lane: &Lane, item: usize) {
        let NodeView::Service {
            busy,
            workers,
            buffered,
            groups,
            queue,
            open_breakers,
            prefetch,
            utilisation,
            ..
        } = self.world.node(lane.diagram.items[item].node)
        else {
            return;
        };
        let no_limit = || self.language.text(Key::NoLimit).to_owned();
        let limit = |most: Option<u32>| most.map_or_else(no_limit, |most| format::count(u64::from(most)));
        let (workers, prefetch) = (limit(workers), prefetch.map(|most| limit((most > 0).then_some(most))));
        self.push(Key::Workers, workers);
        self.push(Key::Busy, format::count(u64::from(busy)));
        self.push(Key::BusyShare, local::share(lane.busy_share(item), self.language));
        self.push(Key::Utilisation, local::share(utilisation, self.language));
        self.push(Key::PublishRate, local::rate(inflow(lane, item), self.language));
        self.metric(Key::Handled, MetricKind::Handled);
        self.push(Key::Buffered, format::count(buffered));
        if let Some(groups) = groups {
            self.push(Key::MergeGroups, format::count(groups));
            self.metric(Key::Rounds, MetricKind::Rounds);
        }
        if let Some(queue) = queue {
            self.push(Key::Places, format::count(u64::from(queue)));
        }
        self.notable(Key::TurnedAway, MetricKind::TurnedAway);
        self.notable(Key::BlacklistedAt, MetricKind::BlacklistedAt);
        self.notable(Key::FailedCalls, MetricKind::FailedCalls);
        self.notable(Key::Retries, MetricKind::Retries);
        if open_breakers > 0 {
            self.push(Key::OpenBreakers, format::count(u64::from(open_breakers)));
        }
        if let Some(prefetch) = prefetch {
            self.push(Key::Prefetch, prefetch);
        }
        self.notable(Key::WaitMean, MetricKind::WaitMean);
        self.notable(Key::WaitP99, MetricKind::WaitP99);
    }

    fn table(&mut self, lane: &Lane, item: usize) {
        let NodeView::Table {
            rows,
            pending,
            capacity,
            locked,
        } = self.world.node(lane.diagram.items[item].node)
        else {
            return;
        };
        self.push(Key::MeasuredRate, local::rate(inflow(lane, item), self.language));
        let no_limit = || self.language.text(Key::NoLimit).to_owned();
        let rate = |rate: Rate| local::rate(rate.per_second_f64(), self.language);
        let capacity = capacity.map_or_else(no_limit, rate);
        self.push(Key::Capacity, capacity);
        self.push(Key::Rows, format::count(rows));
        self.row_states(rows);
        self.truth();
        self.push(Key::Pending, format::count(pending));
        if locked > 0 {
            self.push(Key::Locked, format::count(locked));
        }
        if let Value::Span(longest) = measure(self.world, MetricKind::LockMax, self.place)
            && !longest.is_zero()
        {
            self.metric(Key::LongestLock, MetricKind::LockMax);
        }
        self.notable(Key::RolledBack, MetricKind::RolledBack);
        self.notable(Key::RowsRepeated, MetricKind::Repeated);
        self.notable(Key::RowsUpdated, MetricKind::Updated);
        self.notable(Key::RowsDeleted, MetricKind::Deleted);
        self.notable(Key::RowsFound, MetricKind::Found);
        self.metric(Key::PeakRate, MetricKind::PeakRate);
        self.metric(Key::WritesRefused, MetricKind::WritesRefused);
        self.metric(Key::Requests, MetricKind::Requests);
        self.notable(Key::Outdated, MetricKind::Outdated);
        self.notable(Key::DiedAt, MetricKind::DiedAt);
    }

    /// Rows by state, where there are others than new ones.
    fn row_states(&mut self, all: u64) {
        const STATES: [(RowState, Key); 6] = [
            (RowState::New, Key::RowsNew),
            (RowState::Pending, Key::RowsPending),
            (RowState::Sent, Key::RowsSent),
            (RowState::Done, Key::RowsDone),
            (RowState::Failed, Key::RowsFailed),
            (RowState::Cancelled, Key::RowsCancelled),
        ];
        let counts = STATES.map(|(state, name)| {
            let metric = Metric {
                kind: MetricKind::Rows,
                place: Some(self.place),
                argument: Argument::State(state),
            };
            (name, self.world.metric(&metric))
        });
        if counts[0].1 == Value::Count(all) {
            return;
        }
        for (name, value) in counts {
            if value != Value::Count(0) {
                self.push(name, local::value(value, self.language));
            }
        }
    }

    /// Rows that should be there against those that are.
    fn truth(&mut self) {
        if measure(self.world, MetricKind::Expected, self.place) == Value::Never {
            return;
        }
        self.metric(Key::RowsExpected, MetricKind::Expected);
        self.metric(Key::RowsMissing, MetricKind::Missing);
        self.metric(Key::RowsExtra, MetricKind::Extra);
        self.notable(Key::InconsistentAt, MetricKind::InconsistentAt);
        self.notable(Key::ConsistentAt, MetricKind::ConsistentAt);
    }

    /// How fast a disk is and whether it has room; nothing of an ideal one
    /// that was never full.
    fn disk(&mut self, node: NodeId) {
        let Some(disk) = self.world.disk(node) else {
            return;
        };
        let word = if disk.is_full {
            Key::DiskFullShort
        } else {
            Key::DiskRoom
        };
        self.push(Key::DiskState, self.language.text(word).to_owned());
        if disk.plan != DiskPlan::IDEAL {
            self.push(Key::DiskWrites, disk.plan.write.to_string());
            self.push(Key::DiskSyncTakes, disk.plan.sync.to_string());
        }
        if let Some(words) = notes::memory_words(self.world, node, self.language) {
            self.push(Key::Memory, words);
        }
        if disk.unconfirmed > 0 {
            self.push(Key::WaitForDisk, format::count(disk.unconfirmed));
        }
    }
}

#[cfg(test)]
mod tests;
