//! Views: what a picture of the world is drawn from. Everything is read off
//! the living world; nothing is kept beside it.

mod broker;
mod disk;
mod kafka;
mod kafka_disk;
mod rabbit_cluster;
mod rabbitmq;
mod service;

pub use broker::{BrokerView, Level};
pub use disk::DiskView;
pub use kafka::{ClusterView, Group, GroupMember, Partition, Replica, Share};
pub use kafka_disk::{DeletedUnread, LogView, SegmentView, Slot};
pub use rabbit_cluster::{ClusterNode, Copies, HostedQueue, QueueMember};
pub use rabbitmq::{Consumer, Delivered};
pub use service::{BreakerState, BreakerView};

use super::{Action, Condition, World};
use crate::metric::Argument;
use crate::node::AnyNode;
use crate::plan::{Address, Member, Setting, SettingKind};
use crate::wire::Wire;
use alloc::vec::Vec;
use mqlab_brokers::kafka::{self as kafka_words, Frame};
use mqlab_kernel::{LaneId, Rate, SimSpan, SimTime};
use mqlab_model::{Death, FactKind, MessageId, NodeId, PlaceId};

/// Whether a node does anything.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Status {
    /// It does.
    Up,
    /// It holds its breath and keeps its memory.
    Paused,
    /// Its process is dead since the instant given.
    Down {
        /// When it died.
        since: Option<SimTime>,
        /// Of what.
        of: Death,
    },
}

/// A node as it stands now.
#[derive(Clone, PartialEq, Debug)]
pub enum NodeView {
    /// A load.
    Load {
        /// Messages made so far.
        made: u64,
        /// The rate that it is offering at now.
        rate: Option<Rate>,
        /// Published and not confirmed.
        outstanding: u64,
        /// Waiting at the load itself to be sent.
        held: u64,
        /// Users, if it is a closed loop.
        users: Option<u32>,
    },
    /// A broker, or a cluster of them.
    Broker(BrokerView),
    /// A node of a cluster.
    Member {
        /// What it is there.
        is: Member,
        /// How many partitions it leads, as far as it knows; of the controller
        /// none.
        leads: u64,
        /// Of how many it has a replica.
        replicas: u64,
        /// Produce requests that wait for other replicas.
        waiting: u64,
    },
    /// A service.
    Service {
        /// Workers that have something in hand.
        busy: u32,
        /// Most workers; `None` is no limit.
        workers: Option<u32>,
        /// Jobs that no worker has begun.
        buffered: u64,
        /// How many groups they are in, if they are merged.
        groups: Option<u64>,
        /// Most of them; `None` is no limit.
        queue: Option<u32>,
        /// Calls that it did not take.
        turned_away: u64,
        /// Circuit breakers that are open.
        open_breakers: u32,
        /// The consumer's prefetch; 0 is no limit.
        prefetch: Option<u32>,
        /// Share of the time so far that workers were busy.
        utilisation: f64,
    },
    /// A table.
    Table {
        /// Rows that are there.
        rows: u64,
        /// Business ids that transactions have locked.
        locked: u64,
        /// Operations it has not finished.
        pending: u64,
        /// What it can do.
        capacity: Option<Rate>,
    },
}

/// One direction of a connection as it stands now.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct LinkView {
    /// Who sends.
    pub from: NodeId,
    /// Who receives.
    pub to: NodeId,
    /// Mean delay.
    pub latency: SimSpan,
    /// How many packets are on it.
    pub packets: usize,
    /// Whether it is cut: what is on it does not arrive.
    pub is_cut: bool,
    /// How many packets have come to its end and wait there for it to heal.
    pub stranded: usize,
    lane: LaneId,
}

/// A packet on a link.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Packet {
    /// When it arrives.
    pub arrives: SimTime,
    /// The message on board, if it carries one.
    pub message: Option<MessageId>,
    /// The queue that it was taken from, if it is a delivery.
    pub queue: Option<PlaceId>,
    /// What it was published to, if it was.
    pub address: Option<Address>,
    /// Whether it is an answer: a confirm, an acknowledgement, a reply.
    pub is_answer: bool,
}

impl World {
    /// Whether a node does anything.
    pub fn status(&self, node: NodeId) -> Status {
        match self.condition(node) {
            Condition::Up => Status::Up,
            Condition::Paused => Status::Paused,
            Condition::Down => Status::Down {
                since: self.core.recorder.timing.died_last(PlaceId(node.0)),
                of: self.deaths[usize::from(node.0)],
            },
        }
    }

    /// A node as it stands now.
    ///
    /// # Panics
    /// If the id is of another plan and too large for this one.
    pub fn node(&self, node: NodeId) -> NodeView {
        match &self.nodes[usize::from(node.0)] {
            AnyNode::Load(load) => NodeView::Load {
                made: load.made(),
                rate: load.rate(self.now()),
                outstanding: load.outstanding() as u64,
                held: load.held() as u64,
                users: load.users(),
            },
            AnyNode::Rabbit(broker) => NodeView::Broker(BrokerView::Rabbit {
                queues: broker.queues().collect(),
            }),
            AnyNode::Cluster(_) if self.rabbit_cluster(node).is_some() => NodeView::Broker(BrokerView::Rabbit {
                queues: self.queues_of_cluster(node),
            }),
            AnyNode::RabbitMember(member) => {
                let (leads, replicas) = member.hosts();
                NodeView::Member {
                    is: Member::Broker(u32::from(member.id().0)),
                    leads: leads as u64,
                    replicas: replicas as u64,
                    waiting: 0,
                }
            }
            AnyNode::Cluster(_) => {
                let cluster = self.cluster(node);
                NodeView::Broker(BrokerView::Kafka(cluster.expect("a cluster has a controller")))
            }
            AnyNode::Kafka(broker) => {
                let (leads, replicas) = broker.hosts();
                NodeView::Member {
                    is: Member::Broker(broker.id().0),
                    leads: leads as u64,
                    replicas: replicas as u64,
                    waiting: broker.waiting() as u64,
                }
            }
            AnyNode::Controller(_) => NodeView::Member {
                is: Member::Controller,
                leads: 0,
                replicas: 0,
                waiting: 0,
            },
            AnyNode::Service(service) => NodeView::Service {
                busy: service.busy(),
                workers: service.limit(),
                buffered: service.buffered() as u64,
                groups: service.groups(),
                queue: service.queue(),
                open_breakers: service.open_breakers(),
                turned_away: self.fact_count(self.inlet(PlaceId(node.0)), FactKind::TurnedAway),
                prefetch: service.prefetch(),
                utilisation: service.utilisation(self.now()),
            },
            AnyNode::Table(table) => NodeView::Table {
                rows: self.rows(PlaceId(node.0), Argument::None),
                locked: table.locked(),
                pending: table.pending() as u64,
                capacity: table.capacity(),
            },
        }
    }

    /// A setting of a node as it is now; `None` if the node has no such
    /// setting, or there is nothing that it is set to (a load without a rate).
    pub fn setting(&self, node: NodeId, kind: SettingKind) -> Option<Setting> {
        let (SettingKind::Latency(peer)
        | SettingKind::Loss(peer)
        | SettingKind::Duplicate(peer)
        | SettingKind::Reorder(peer)
        | SettingKind::Bandwidth(peer)) = kind
        else {
            let of_machine = self.disk_setting(node, kind).or_else(|| self.clock_setting(node, kind));
            let of_machine = of_machine.or_else(|| {
                let is_of_kafka = matches!(kind, SettingKind::Topic(..) | SettingKind::CleanerBackoff);
                is_of_kafka.then(|| self.cluster_setting(node, kind))?
            });
            let of_machine = of_machine.or_else(|| self.definition_setting(node, kind));
            if of_machine.is_some() {
                return of_machine;
            }
            return self.nodes.get(usize::from(node.0))?.setting(kind, self.now());
        };
        let link = self
            .core
            .links
            .iter()
            .find(|link| (link.from, link.to) == (node, peer))?;
        let (latency, wear) = (link.latency, link.wear);
        Some(match kind {
            SettingKind::Loss(_) => Setting::Loss { peer, share: wear.loss },
            SettingKind::Duplicate(_) => Setting::Duplicate {
                peer,
                share: wear.duplicate,
            },
            SettingKind::Reorder(_) => Setting::Reorder {
                peer,
                share: wear.reorder,
            },
            SettingKind::Bandwidth(_) => Setting::Bandwidth {
                peer,
                most: wear.bandwidth,
            },
            _ => Setting::Latency { peer, latency },
        })
    }

    /// How many nodes there are: they are `NodeId(0)` and on.
    pub fn node_count(&self) -> usize {
        self.nodes.len()
    }

    /// How many facts of a kind happened at a place.
    pub fn fact_count(&self, place: PlaceId, kind: FactKind) -> u64 {
        self.core.recorder.digest.count(place, kind)
    }

    /// The messages that a service's workers have in hand.
    pub fn in_hand(&self, service: NodeId) -> Vec<MessageId> {
        match &self.nodes[usize::from(service.0)] {
            AnyNode::Service(service) => service.in_hand().collect(),
            _ => Vec::new(),
        }
    }

    /// Every direction of every connection.
    pub fn links(&self) -> impl Iterator<Item = LinkView> {
        (0..self.core.links.len()).map(|index| self.link_view(index))
    }

    /// One direction of the connection between two nodes, if there is one.
    pub fn link(&self, from: NodeId, to: NodeId) -> Option<LinkView> {
        let [first, end] = [0, 1].map(|next| self.core.frame.first_link.get(usize::from(from.0) + next));
        let first = *first? as usize;
        let links = self.core.links.get(first..*end? as usize)?;
        let found = links.iter().position(|link| link.to == to)?;
        Some(self.link_view(first + found))
    }

    fn link_view(&self, index: usize) -> LinkView {
        let (lane, link) = (LaneId(index as u32), &self.core.links[index]);
        LinkView {
            from: link.from,
            to: link.to,
            latency: link.latency.mean(),
            packets: self.core.agenda.lane_len(lane),
            is_cut: link.is_cut,
            stranded: self.core.stranded.get(&lane).map_or(0, Vec::len),
            lane,
        }
    }

    /// What is on a link now.
    pub fn packets(&self, link: &LinkView) -> impl Iterator<Item = Packet> {
        self.core
            .agenda
            .iter_lane(link.lane)
            .filter_map(|(arrives, action)| match (*action).into() {
                Action::Packet(wire) => Some(packet(arrives, &wire)),
                Action::Parcel(number) => Some(self.parcel(link, arrives, number)),
                _ => None,
            })
    }
}

impl World {
    /// A request or an answer of Kafka: the first message stands for all of them.
    fn parcel(&self, link: &LinkView, arrives: SimTime, number: u32) -> Packet {
        if let Some(frames) = self.core.parcels.of_rabbit(number) {
            return self.peer_frames(link, arrives, frames);
        }
        let frames = self.core.parcels.of_kafka(number).unwrap_or_default();
        let message = frames.iter().find_map(|frame| frame.cargo());
        let batch = frames.iter().find_map(|frame| match frame {
            Frame::Batch(batch) => Some(batch.partition),
            _ => None,
        });
        let cluster = |node: NodeId| self.core.frame.clusters[usize::from(node.0)].as_ref();
        let topic = cluster(link.to)
            .zip(batch)
            .map(|(cluster, partition)| cluster.place_in_topic(partition));
        let is_published = matches!(frames.first(), Some(Frame::Produce { .. }));
        let address = topic.filter(|_| is_published).map(|(topic, partition)| {
            Address::Kafka(kafka_words::Address {
                topic: kafka_words::TopicId(topic as u16),
                partition: Some(partition),
            })
        });
        let from = cluster(link.from).zip(batch);
        Packet {
            arrives,
            message: message.map(|(message, _)| message.id),
            queue: from.and_then(|(cluster, partition)| cluster.place(partition)),
            address,
            is_answer: frames.first().is_some_and(|head| Wire::Kafka(*head).is_answer()),
        }
    }
}

fn packet(arrives: SimTime, wire: &Wire) -> Packet {
    Packet {
        arrives,
        message: wire.about().map(|message| message.id),
        queue: wire.cargo().and_then(|(_, queue)| queue),
        address: wire.address(),
        is_answer: wire.is_answer(),
    }
}
