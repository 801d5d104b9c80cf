//! A broker: it leads some partitions, follows the leaders of others, and
//! coordinates groups and transactions.
//!
//! Who leads what it hears from the controller. What it does for a partition
//! is done by the mechanisms of the log and of replication; here stand the
//! requests, the waiting for what is not there yet, and the timers.

mod disk;
mod fetch;
mod files;
mod follow;
mod groups;
mod hosted;
mod lead;
mod network;
mod offsets;
mod produce;
mod reconfigure;
mod transactions;
mod upkeep;
mod views;

use super::alarm::Alarm;
use super::cluster::{Brokers, Cluster, PartitionId};
use super::wire::{Frame, GroupId, Inbox, Leadership};
use super::{BrokerId, Record};
use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::rc::Rc;
use alloc::vec::Vec;
use disk::PageCache;
use fetch::Session;
pub(super) use files::metadata_folder;
pub use files::{File, Folder, LogDir};
use follow::Fetcher;
use groups::Coordinated;
use hosted::Hosted;
use mqlab_kernel::SortedMap;
use mqlab_model::{Context, Crash, FactKind, Node, PlaceId, Port, TimerLane};
use network::Network;
use produce::Requests;
use transactions::Coordinations;
pub(super) use transactions::following;
pub use views::{PartitionView, Role};

/// Where a node's connections to the cluster are.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Wiring {
    /// To the controller; none where a client has its wiring.
    pub controller: Option<Port>,
    /// To each broker by its number; none to itself.
    pub brokers: Vec<Option<Port>>,
}

impl Wiring {
    /// The broker at a port.
    pub fn broker_at(&self, port: Port) -> Option<BrokerId> {
        let found = self.brokers.iter().position(|known| *known == Some(port))?;
        Some(BrokerId(found as u32))
    }

    /// The port to a broker.
    pub fn to(&self, broker: BrokerId) -> Option<Port> {
        self.brokers.get(broker.0 as usize).copied().flatten()
    }
}

/// What a timer of the broker is for: the upper byte of its token.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
enum Wake {
    Heartbeat = 1,
    Checkpoint,
    Retention,
    Cleaner,
    Lag,
    FetchWait,
    FetcherLate,
    FetcherRetry,
    RequestLate,
    Group,
    Transactions,
    Network,
}

impl Wake {
    const ALL: [Wake; 12] = [
        Wake::Heartbeat,
        Wake::Checkpoint,
        Wake::Retention,
        Wake::Cleaner,
        Wake::Lag,
        Wake::FetchWait,
        Wake::FetcherLate,
        Wake::FetcherRetry,
        Wake::RequestLate,
        Wake::Group,
        Wake::Transactions,
        Wake::Network,
    ];

    const fn token(self, number: u64) -> u64 {
        (self as u64) << 56 | number
    }

    fn of(token: u64) -> Option<(Wake, u64)> {
        let kind = Wake::ALL.into_iter().find(|kind| *kind as u64 == token >> 56)?;
        Some((kind, token & ((1 << 56) - 1)))
    }

    /// Timers of a kind are mostly armed in the order in which they go off.
    const fn lane(self) -> TimerLane {
        TimerLane(self as u16 - 1)
    }
}

/// A Kafka broker.
#[derive(Clone, Debug)]
pub struct Broker {
    cluster: Rc<Cluster>,
    id: BrokerId,
    place: PlaceId,
    wiring: Wiring,
    inboxes: Vec<Inbox>,
    /// Which life of it this is, from 1.
    life: u32,
    /// The epoch that the controller gave it in this life.
    epoch: Option<u16>,
    /// The controller knows it, and there is a connection.
    is_registered: bool,
    controller_epoch: u32,
    live: Brokers,
    /// Who leads, as far as it has heard.
    leaders: Vec<Option<Leadership>>,
    hosted: Vec<Option<Box<Hosted>>>,
    sessions: SortedMap<Port, Session>,
    /// How many fetches have come, in all of its lives.
    fetches: u64,
    fetchers: Vec<Fetcher>,
    requests: Requests,
    groups: BTreeMap<GroupId, Coordinated>,
    transactions: Coordinations,
    cache: PageCache,
    network: Network,
    /// So many bytes fit in certainly before it is looked how full the disk is.
    room: u64,
    lag_alarm: Alarm,
    /// How often the cleaner was started anew in this life: what an earlier one was to
    /// be woken for is nobody's business any more.
    cleaner: u64,
}

impl Broker {
    /// How many timer lanes it needs.
    pub const LANES: u16 = Wake::ALL.len() as u16;

    /// A broker with empty logs that is not started yet. `place` is where facts
    /// about itself happen.
    pub fn new(cluster: Rc<Cluster>, id: BrokerId, place: PlaceId, wiring: Wiring) -> Broker {
        let host = |partition: PartitionId| {
            let is_here = cluster.replicas(partition).contains(&id);
            is_here.then(|| Box::new(Hosted::new(&cluster, partition)))
        };
        Broker {
            hosted: cluster.partitions().map(host).collect(),
            leaders: cluster.partitions().map(|_| None).collect(),
            fetchers: (0..cluster.brokers()).map(|_| Fetcher::default()).collect(),
            cluster,
            id,
            place,
            wiring,
            inboxes: Vec::new(),
            life: 0,
            epoch: None,
            is_registered: false,
            controller_epoch: 0,
            live: Brokers::default(),
            sessions: SortedMap::new(),
            fetches: 0,
            requests: Requests::default(),
            groups: BTreeMap::new(),
            transactions: Coordinations::default(),
            cache: PageCache::default(),
            network: Network::default(),
            room: 0,
            lag_alarm: Alarm::default(),
            cleaner: 0,
        }
    }

    fn host(&mut self, partition: PartitionId) -> Option<&mut Hosted> {
        self.hosted[partition.0 as usize].as_deref_mut()
    }

    /// Sends a request or an answer, with what stands behind it.
    fn send_all<C: Context<Frame>>(cx: &mut C, port: Port, head: Frame, behind: &[Frame]) {
        debug_assert_eq!(head.more() as usize, behind.len());
        cx.send(port, head);
        for frame in behind {
            cx.send(port, *frame);
        }
    }

    /// A request or an answer arrived as a whole, with what stands behind it.
    pub fn on_request<C: Context<Frame>>(&mut self, cx: &mut C, port: Port, head: Frame, behind: &[Frame]) {
        match head {
            Frame::Produce { acks, correlation, .. } => self.on_produce(cx, port, (acks, correlation), behind),
            Frame::Fetch { .. } => self.on_fetch(cx, port, head, behind),
            Frame::Fetched { correlation, .. } => self.on_fetched(cx, port, correlation, behind),
            Frame::Leader(leadership) => self.on_leader(cx, leadership),
            Frame::Registered { .. } | Frame::Live { .. } | Frame::AlterRefused { .. } => {
                self.on_controller(cx, port, head);
            }
            Frame::Metadata { topic } => self.on_metadata(cx, port, topic),
            Frame::ListOffset { .. } => self.on_list_offset(cx, port, head),
            Frame::InitProducer { .. } | Frame::ProducerIdGiven { .. } => self.on_producer_id(cx, port, head),
            Frame::AddPartitions { .. }
            | Frame::EndTransaction { .. }
            | Frame::WriteMarker { .. }
            | Frame::MarkerWritten { .. } => self.on_transaction(cx, port, head, behind),
            other => self.on_group(cx, port, other, behind),
        }
    }

    fn on_metadata<C: Context<Frame>>(&mut self, cx: &mut C, port: Port, topic: u16) {
        let all = self.cluster.of_topic(usize::from(topic));
        let known = all.filter_map(|partition| self.leaders[partition.0 as usize]);
        let behind: Vec<Frame> = known.map(Frame::Leader).collect();
        let more = behind.len() as u32;
        Self::send_all(cx, port, Frame::Leaders { more }, &behind);
    }
}

/// The size of a record of an internal topic, and of a marker.
const SMALL: u64 = 78;

/// The size of a record: at least one byte, since even an empty one is worth a fetch.
fn size_of_record<C: Context<Frame>>(cx: &C, is_internal: bool, record: &Record) -> u64 {
    if is_internal || record.is_marker() {
        SMALL
    } else {
        record.bytes(cx.size(record.message.id)).max(1)
    }
}

impl Node<Frame> for Broker {
    #[inline(never)]
    fn start<C: Context<Frame>>(&mut self, cx: &mut C) {
        self.life += 1;
        self.begin_upkeep(cx);
        self.register(cx);
    }

    #[inline(never)]
    fn on_packet<C: Context<Frame>>(&mut self, cx: &mut C, port: Port, frame: Frame) {
        let index = usize::from(port.0);
        if self.inboxes.len() <= index {
            self.inboxes.resize_with(index + 1, Inbox::default);
        }
        if let Some((head, behind)) = self.inboxes[index].take(frame) {
            self.on_request(cx, port, head, &behind);
        }
    }

    #[inline(never)]
    fn on_timer<C: Context<Frame>>(&mut self, cx: &mut C, token: u64) {
        let Some((wake, number)) = Wake::of(token) else {
            return;
        };
        match wake {
            Wake::FetchWait => self.on_fetch_wait(cx, number),
            Wake::FetcherLate => self.on_fetcher_late(cx, BrokerId(number as u32)),
            Wake::FetcherRetry => self.on_fetcher_retry(cx, BrokerId(number as u32)),
            Wake::RequestLate => self.on_request_late(cx, number),
            Wake::Group => self.on_group_timer(cx, number),
            Wake::Transactions => self.on_transaction_timer(cx),
            Wake::Network => self.on_network(cx),
            other => self.on_upkeep(cx, other, number),
        }
    }

    #[inline(never)]
    fn on_closed<C: Context<Frame>>(&mut self, cx: &mut C, port: Port) {
        if let Some(inbox) = self.inboxes.get_mut(usize::from(port.0)) {
            inbox.clear();
        }
        self.close_session(port);
        self.forget_answers(port);
        self.requests.close(port);
        if self.wiring.controller == Some(port) {
            self.lost_controller();
        }
        if let Some(broker) = self.wiring.broker_at(port) {
            self.fetchers[broker.0 as usize].closed();
        }
        let _ = cx;
    }

    #[inline(never)]
    fn on_opened<C: Context<Frame>>(&mut self, cx: &mut C, port: Port) {
        if self.wiring.controller == Some(port) {
            self.register(cx);
        }
        if let Some(broker) = self.wiring.broker_at(port) {
            self.fetchers[broker.0 as usize].opened();
            self.fetch_from(cx, broker);
        }
    }

    #[inline(never)]
    fn on_disk<C: Context<Frame>>(&mut self, cx: &mut C) {
        self.cache.catch_up(cx.disk());
    }

    #[inline(never)]
    fn crash<C: Context<Frame>>(&mut self, cx: &mut C, crash: Crash) {
        self.inboxes.clear();
        self.epoch = None;
        self.is_registered = false;
        self.live = Brokers::default();
        self.leaders.iter_mut().for_each(|one| *one = None);
        self.sessions.clear();
        self.requests = Requests::default();
        self.groups.clear();
        self.transactions = Coordinations::default();
        self.fetchers.iter_mut().for_each(|one| *one = Fetcher::default());
        self.lag_alarm.clear();
        self.network.crash(crash);
        self.lose(cx, crash);
    }
}

/// Records that something happened to the messages of records of a partition:
/// to every group that owes their handling.
fn emit_all<'a, C: Context<Frame>>(
    cx: &mut C,
    (cluster, partition): (&Cluster, PartitionId),
    (kind, value): (FactKind, u64),
    records: impl Iterator<Item = &'a Record>,
) {
    if cluster.place(partition).is_none() {
        return;
    }
    for record in records.filter(|record| !record.is_marker()) {
        for owner in cluster.owners(partition) {
            cx.emit(owner, kind, record.message.id, value);
        }
    }
}
