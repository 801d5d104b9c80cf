//! The controller: who is alive, who leads, who is in sync.
//!
//! One KRaft controller, whose metadata log survives it: a quorum of several
//! is not modelled. While it is away nobody is elected, and what leaders
//! propose waits; when it is back it does so in a new epoch.

use super::alarm::Alarm;
use super::broker::{Folder, Wiring, metadata_folder};
use super::cluster::{Brokers, Cluster, PartitionId};
use super::wire::{Frame, Leadership};
use super::{
    BrokerId, Command, Election, Electorate, Eligible, MetadataLog, MetadataRecord, ProducerId, is_under_min_isr,
};
use alloc::rc::Rc;
use alloc::vec::Vec;
use mqlab_kernel::{SimSpan, SimTime};
use mqlab_model::{Context, Crash, Node, PlaceId, Port, TimerLane};

/// A broker as the controller knows it.
#[derive(Clone, Copy, Debug)]
struct Registration {
    life: u32,
    epoch: u16,
    /// It counts as dead.
    is_fenced: bool,
    heard: SimTime,
    is_connected: bool,
}

/// A partition as the controller knows it.
#[derive(Clone, Debug)]
struct Partition {
    known: Leadership,
    eligible: Eligible,
    /// Who led last.
    last: Option<BrokerId>,
}

const SESSIONS: TimerLane = TimerLane(0);
const IMBALANCE: TimerLane = TimerLane(1);
const SESSION: u64 = 0;
const BALANCE: u64 = 1;
const UNCLEAN: u64 = 2;
/// Ids of producers are given to brokers in blocks of so many. Here they come one by one,
/// and only what is written down counts in blocks.
const PRODUCER_IDS: u32 = 1_000;

/// The controller of a cluster.
#[derive(Clone, Debug)]
pub struct Controller {
    cluster: Rc<Cluster>,
    place: PlaceId,
    wiring: Wiring,
    epoch: u32,
    /// When its present life began.
    begun: SimTime,
    brokers: Vec<Registration>,
    partitions: Vec<Partition>,
    next_producer: u32,
    alarm: Alarm,
    metadata: MetadataLog,
}

impl Controller {
    /// How many timer lanes it needs.
    pub const LANES: u16 = 2;

    /// The controller of a cluster that is up: every partition is led by its
    /// first replica, and all are in sync. `place` is where facts about itself
    /// happen.
    pub fn new(cluster: Rc<Cluster>, place: PlaceId, wiring: Wiring) -> Controller {
        let partition = |id: PartitionId| {
            let replicas = cluster.replicas(id);
            Partition {
                known: Leadership::new(id, replicas.first().copied(), Brokers::of(&replicas)),
                eligible: Eligible::default(),
                last: replicas.first().copied(),
            }
        };
        let registration = |_| Registration {
            life: 0,
            epoch: 0,
            is_fenced: false,
            heard: SimTime::ZERO,
            is_connected: false,
        };
        Controller {
            partitions: cluster.partitions().map(partition).collect(),
            brokers: (0..cluster.brokers()).map(registration).collect(),
            cluster,
            place,
            wiring,
            epoch: 0,
            begun: SimTime::ZERO,
            next_producer: 0,
            alarm: Alarm::default(),
            metadata: MetadataLog::default(),
        }
    }

    /// What facts about it are about.
    pub const fn place(&self) -> PlaceId {
        self.place
    }

    /// Its epoch: one more with each life.
    pub const fn epoch(&self) -> u32 {
        self.epoch
    }

    /// What it has written to its log, as that lies in the directory of each node. Its
    /// own number is the next after those of the brokers.
    pub fn metadata_folder(&self, now: SimTime) -> Folder {
        metadata_folder(&self.metadata, self.cluster.brokers() + 1, now)
    }

    /// How many producer ids it has given.
    pub const fn producers(&self) -> u32 {
        self.next_producer
    }

    /// Who leads a partition, and who is in sync.
    pub fn leadership(&self, partition: PartitionId) -> Leadership {
        self.partitions[partition.0 as usize].known
    }

    /// Who is not in sync and may lead all the same.
    pub fn eligible(&self, partition: PartitionId) -> &[BrokerId] {
        &self.partitions[partition.0 as usize].eligible.eligible
    }

    /// Who counts as alive.
    pub fn live(&self) -> Brokers {
        let numbers = (0..).map(BrokerId).zip(&self.brokers);
        let live = numbers.filter(|(_, one)| !one.is_fenced);
        live.fold(Brokers::default(), |set, (id, _)| set.with(id))
    }

    fn tell_all<C: Context<Frame>>(&self, cx: &mut C, frame: Frame) {
        for (id, broker) in (0..).map(BrokerId).zip(&self.brokers) {
            if let Some(port) = self.wiring.to(id).filter(|_| broker.is_connected) {
                cx.send(port, frame);
            }
        }
    }

    /// A broker is there, perhaps in a new life. While its earlier life still
    /// counts as alive it has to wait.
    fn register<C: Context<Frame>>(&mut self, cx: &mut C, id: BrokerId, life: u32) {
        let now = cx.now();
        let Some(known) = self.brokers.get_mut(id.0 as usize) else {
            return;
        };
        let is_first = known.life == 0;
        let is_new = known.life != life;
        if is_new && !is_first && !known.is_fenced {
            return;
        }
        known.life = life;
        known.heard = now;
        let was_fenced = core::mem::replace(&mut known.is_fenced, false);
        known.is_connected = true;
        known.epoch += u16::from(is_new);
        let broker_epoch = known.epoch;
        if is_new {
            self.metadata.wrote(MetadataRecord::RegisterBroker);
        }
        // A broker is registered fenced, and is not once it has caught up.
        if is_new || was_fenced {
            self.metadata.wrote(MetadataRecord::BrokerChange);
        }
        if is_new && !is_first {
            self.came_back_unclean(id);
        }
        if let Some(port) = self.wiring.to(id) {
            let controller_epoch = self.epoch;
            cx.send(
                port,
                Frame::Registered {
                    broker_epoch,
                    controller_epoch,
                },
            );
            cx.send(port, Frame::Live { brokers: self.live() });
            for partition in &self.partitions {
                cx.send(port, Frame::Leader(partition.known));
            }
        }
        self.tell_all(cx, Frame::Live { brokers: self.live() });
        self.elect_all(cx);
        self.watch(cx);
    }

    /// A broker that did not shut down properly may lack what it had.
    fn came_back_unclean(&mut self, id: BrokerId) {
        for at in 0..self.partitions.len() {
            let partition = &self.partitions[at];
            if partition.eligible.eligible.contains(&id) {
                let in_sync = partition.known.in_sync.to_vec();
                let is_under = self.is_under_min(at, in_sync.len());
                let partition = &mut self.partitions[at];
                partition.eligible = partition.eligible.changed(&in_sync, &in_sync, is_under, &[id]);
            }
        }
    }

    fn is_under_min(&self, at: usize, in_sync: usize) -> bool {
        let topic = self.cluster.topic(PartitionId(at as u32));
        is_under_min_isr(in_sync, topic.rules.min_insync, topic.replicas as usize)
    }

    /// Those in sync are these from now on.
    fn set_in_sync(&mut self, at: usize, in_sync: Brokers) {
        let after = in_sync.to_vec();
        let is_under = self.is_under_min(at, after.len());
        let partition = &mut self.partitions[at];
        let before = partition.known.in_sync.to_vec();
        partition.eligible = partition.eligible.changed(&before, &after, is_under, &[]);
        partition.known.in_sync = in_sync;
        partition.known.partition_epoch += 1;
    }

    /// A partition has changed: that is written down, and everybody hears of it.
    fn tell_leader<C: Context<Frame>>(&mut self, cx: &mut C, at: usize) {
        let in_sync = self.partitions[at].known.in_sync.0.count_ones();
        self.metadata.wrote(MetadataRecord::PartitionChange { in_sync });
        self.tell_all(cx, Frame::Leader(self.partitions[at].known));
    }

    /// A broker was not heard of for too long.
    fn fence<C: Context<Frame>>(&mut self, cx: &mut C, id: BrokerId) {
        self.brokers[id.0 as usize].is_fenced = true;
        self.metadata.wrote(MetadataRecord::BrokerChange);
        self.tell_all(cx, Frame::Live { brokers: self.live() });
        for at in 0..self.partitions.len() {
            let known = self.partitions[at].known;
            let has_led = known.leader() == Some(id);
            if known.in_sync.has(id) {
                self.set_in_sync(at, known.in_sync.without(id));
            } else if !has_led {
                continue;
            }
            if has_led && !self.replace_leader(at, None) {
                self.partitions[at].known.set_leader(None);
            }
            self.tell_leader(cx, at);
        }
    }

    /// Finds leaders for partitions that have none.
    fn elect_all<C: Context<Frame>>(&mut self, cx: &mut C) {
        for at in 0..self.partitions.len() {
            if self.partitions[at].known.leader().is_none() && self.replace_leader(at, None) {
                self.tell_leader(cx, at);
            }
        }
    }

    /// Finds a leader, or another one if there is a reason. Returns whether
    /// somebody leads who did not.
    fn replace_leader(&mut self, at: usize, reason: Option<Election>) -> bool {
        let id = PartitionId(at as u32);
        let partition = &self.partitions[at];
        let known = partition.known;
        let is_unclean = self.cluster.topic(id).is_unclean;
        let election = if is_unclean {
            Election::Unclean
        } else {
            Election::Online
        };
        let replicas = self.cluster.replicas(id);
        let electorate = Electorate {
            replicas: &replicas,
            in_sync: &known.in_sync.to_vec(),
            eligible: &partition.eligible.eligible,
            last_known: partition
                .last
                .filter(|last| partition.eligible.last_known.contains(last)),
            leader: known.leader(),
            live: &self.live().to_vec(),
        };
        let elected = electorate.elect(reason.unwrap_or(election));
        let Some(elected) = elected.filter(|elected| known.leader() != Some(elected.leader)) else {
            return false;
        };
        if elected.is_unclean {
            self.set_in_sync(at, Brokers::of(&[elected.leader]));
            self.partitions[at].eligible = Eligible::default();
        } else {
            self.set_in_sync(at, known.in_sync.with(elected.leader));
        }
        let partition = &mut self.partitions[at];
        partition.known.set_leader(Some(elected.leader));
        partition.last = Some(elected.leader);
        true
    }

    /// An operator wants something.
    #[inline(never)]
    pub fn command<C: Context<Frame>>(&mut self, cx: &mut C, command: Command) {
        match command {
            Command::MoveLeader { topic, partition, to } => {
                let at = self.cluster.partition(usize::from(topic.0), partition).0 as usize;
                let known = self.partitions[at].known;
                let is_fit = known.in_sync.has(to) && known.leader() != Some(to);
                if is_fit && self.live().has(to) {
                    let partition = &mut self.partitions[at];
                    partition.known.set_leader(Some(to));
                    partition.known.partition_epoch += 1;
                    partition.last = Some(to);
                    self.tell_leader(cx, at);
                }
            }
            Command::ElectPreferred => {
                for at in 0..self.partitions.len() {
                    if self.replace_leader(at, Some(Election::Preferred)) {
                        self.tell_leader(cx, at);
                    }
                }
            }
        }
    }

    /// A leader proposes who is in sync.
    fn alter<C: Context<Frame>>(&mut self, cx: &mut C, port: Port, proposed: Leadership, joining_epoch: u16) {
        let at = proposed.partition.0 as usize;
        let known = self.partitions[at].known;
        let live = self.live();
        let is_fit = |one: BrokerId| {
            let is_member = known.in_sync.has(one);
            live.has(one) && (is_member || self.brokers[one.0 as usize].epoch == joining_epoch)
        };
        let is_from_leader = known.leader().is_some() && known.leader() == self.wiring.broker_at(port);
        let is_present =
            (known.leader_epoch, known.partition_epoch) == (proposed.leader_epoch, proposed.partition_epoch);
        let are_fit = proposed.in_sync.iter().all(is_fit);
        if is_from_leader && is_present && are_fit {
            self.set_in_sync(at, proposed.in_sync);
            return self.tell_leader(cx, at);
        }
        cx.send(
            port,
            Frame::AlterRefused {
                partition: proposed.partition,
                partition_epoch: proposed.partition_epoch,
            },
        );
    }

    /// Wakes itself when the next session ends.
    fn watch<C: Context<Frame>>(&mut self, cx: &mut C) {
        let session = self.cluster.settings.session;
        let live = self.brokers.iter().filter(|one| !one.is_fenced);
        if let Some(next) = live.map(|one| one.heard.saturating_add(session)).min() {
            self.alarm.want(cx, SESSIONS, next, SESSION);
        }
    }

    fn check_sessions<C: Context<Frame>>(&mut self, cx: &mut C) {
        let now = cx.now();
        let session = self.cluster.settings.session;
        for id in (0..self.cluster.brokers()).map(BrokerId) {
            let broker = self.brokers[id.0 as usize];
            if !broker.is_fenced && broker.heard.saturating_add(session) <= now {
                self.fence(cx, id);
            }
        }
        self.watch(cx);
    }

    /// Brings leaders back to where they belong, for brokers of whose
    /// partitions too many are led elsewhere.
    fn balance<C: Context<Frame>>(&mut self, cx: &mut C) {
        for id in (0..self.cluster.brokers()).map(BrokerId) {
            let is_own = |one: &&Partition| self.cluster.replicas(one.known.partition).first() == Some(&id);
            let own: Vec<usize> = self
                .partitions
                .iter()
                .filter(is_own)
                .map(|one| one.known.partition.0 as usize)
                .collect();
            let is_astray = |at: &&usize| self.partitions[**at].known.leader() != Some(id);
            let astray = own.iter().filter(is_astray).count() as u64;
            if astray * 100 > self.cluster.settings.imbalance_percent * own.len() as u64 {
                for at in own {
                    if self.replace_leader(at, Some(Election::Preferred)) {
                        self.tell_leader(cx, at);
                    }
                }
            }
        }
        self.arm_balance(cx);
    }

    /// The cluster is set up otherwise: settings of topics and those of brokers that
    /// Kafka calls dynamic, nothing else.
    ///
    /// Where fewer have to be in sync now, and as many are, nobody else may lead any
    /// more (KIP-966: the eligible leader replicas are cleared). Where an unclean
    /// leader has become possible one is elected when the controller looks for that
    /// the next time, every `unclean.leader.election.interval.ms` (since Kafka 3.9), or
    /// when a broker comes back before.
    #[inline(never)]
    pub fn reconfigure<C: Context<Frame>>(&mut self, cx: &mut C, cluster: Rc<Cluster>, is_up: bool) {
        let before = core::mem::replace(&mut self.cluster, cluster);
        self.metadata.wrote(MetadataRecord::Config);
        let mut is_waited_for = false;
        for at in 0..self.partitions.len() {
            let id = PartitionId(at as u32);
            let (old, new) = (before.topic(id), self.cluster.topic(id));
            let may_be_unclean = new.is_unclean && !old.is_unclean;
            let has_other_min = new.rules.min_insync != old.rules.min_insync;
            is_waited_for |= may_be_unclean && self.partitions[at].known.leader().is_none();
            if has_other_min {
                let in_sync = self.partitions[at].known.in_sync.to_vec();
                let is_under = self.is_under_min(at, in_sync.len());
                let partition = &mut self.partitions[at];
                partition.eligible = partition.eligible.changed(&in_sync, &in_sync, is_under, &[]);
            }
        }
        if is_waited_for && is_up {
            let interval = self.cluster.settings.unclean_check;
            let gone = cx.now().saturating_since(self.begun).nanos() % interval.nanos().max(1);
            let left = SimSpan::from_nanos(interval.nanos() - gone);
            cx.arm(IMBALANCE, cx.now().saturating_add(left), UNCLEAN);
        }
    }

    fn arm_balance<C: Context<Frame>>(&self, cx: &mut C) {
        if let Some(interval) = self.cluster.settings.imbalance_check {
            let at = cx.now().saturating_add(interval);
            cx.arm(IMBALANCE, at, BALANCE);
        }
    }
}

impl Node<Frame> for Controller {
    #[inline(never)]
    fn start<C: Context<Frame>>(&mut self, cx: &mut C) {
        self.epoch += 1;
        self.begun = cx.now();
        self.metadata.begin(self.epoch, &self.cluster, self.begun);
        // Everybody gets a whole session to be heard of.
        for broker in &mut self.brokers {
            broker.heard = cx.now();
        }
        self.watch(cx);
        self.arm_balance(cx);
    }

    #[inline(never)]
    fn on_packet<C: Context<Frame>>(&mut self, cx: &mut C, port: Port, frame: Frame) {
        match frame {
            Frame::Register { broker, life } => self.register(cx, broker, life),
            Frame::Alive { broker, broker_epoch } => {
                let now = cx.now();
                let known = &mut self.brokers[broker.0 as usize];
                if known.epoch != broker_epoch || !known.is_connected {
                    return;
                }
                known.heard = now;
                if core::mem::replace(&mut known.is_fenced, false) {
                    self.metadata.wrote(MetadataRecord::BrokerChange);
                    self.tell_all(cx, Frame::Live { brokers: self.live() });
                    self.elect_all(cx);
                    self.watch(cx);
                }
            }
            Frame::Alter {
                proposed,
                joining_epoch,
            } => self.alter(cx, port, proposed, joining_epoch),
            Frame::WantProducerId { request } => {
                let producer = ProducerId(self.next_producer);
                if self.next_producer.is_multiple_of(PRODUCER_IDS) {
                    self.metadata.wrote(MetadataRecord::ProducerIds);
                }
                self.next_producer += 1;
                cx.send(port, Frame::ProducerIdGiven { request, producer });
            }
            _ => {}
        }
    }

    #[inline(never)]
    fn on_timer<C: Context<Frame>>(&mut self, cx: &mut C, token: u64) {
        match token {
            SESSION => {
                if self.alarm.rang(cx.now()) {
                    self.check_sessions(cx);
                }
            }
            UNCLEAN => self.elect_all(cx),
            _ => self.balance(cx),
        }
    }

    #[inline(never)]
    fn on_closed<C: Context<Frame>>(&mut self, _cx: &mut C, port: Port) {
        if let Some(broker) = self.wiring.broker_at(port) {
            self.brokers[broker.0 as usize].is_connected = false;
        }
    }

    fn on_opened<C: Context<Frame>>(&mut self, _cx: &mut C, _port: Port) {}

    #[inline(never)]
    fn crash<C: Context<Frame>>(&mut self, cx: &mut C, _crash: Crash) {
        // Its metadata log is synced record by record.
        self.metadata.end(cx.now());
        self.alarm.clear();
        for broker in &mut self.brokers {
            broker.is_connected = false;
        }
    }
}
