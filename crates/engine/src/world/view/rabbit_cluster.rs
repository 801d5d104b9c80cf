//! What can be seen of a cluster of RabbitMQ: where its queues are, who leads
//! them, and who counts whom as running. Read off the living members.

use super::rabbitmq::{Consumer, Delivered};
use super::{Packet, World};
use crate::node::AnyNode;
use crate::places::PlaceKind;
use alloc::vec::Vec;
use mqlab_brokers::rabbitmq::cluster::{Cluster, Keeping, Member, MemberId, PeerFrame};
use mqlab_brokers::rabbitmq::{QueueId, QueueView};
use mqlab_kernel::SimTime;
use mqlab_model::{Message, NodeId, PlaceId};

/// How a queue of a cluster is kept.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Copies {
    /// At one node.
    One,
    /// At a master, with mirrors: until 3.13.
    Mirrored,
    /// By replicas that agree on it.
    Quorum,
}

/// A node that has a queue, or a copy of it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct QueueMember {
    /// The node.
    pub node: NodeId,
    /// Whether it is there: it lives and has not stopped itself.
    pub is_online: bool,
    /// Whether it has everything: of a mirror that it is synchronised, of a
    /// replica that its log is as long as what is agreed on.
    pub is_synchronised: bool,
    /// Of a replica: its term, the entries of its log, and how many of them are
    /// agreed on as far as it knows.
    pub log: Option<(u32, u32, u32)>,
}

/// A queue of a cluster.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct HostedQueue {
    /// Its place.
    pub place: PlaceId,
    /// How it is kept.
    pub copies: Copies,
    /// The nodes that have it now, of which there is mostly one: its home, its
    /// master, its leader. Two masters there are after a partition that nobody
    /// has healed.
    pub leaders: Vec<NodeId>,
    /// All that have it or a copy, or are meant to.
    pub members: Vec<QueueMember>,
}

/// A node of a cluster, as the nodes see each other.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ClusterNode {
    /// The node.
    pub node: NodeId,
    /// It lives.
    pub is_up: bool,
    /// It has stopped itself because it reaches too few (`pause_minority`).
    pub is_paused: bool,
    /// Those that it counts as running, itself among them.
    pub sees: Vec<NodeId>,
}

impl HostedQueue {
    /// Whether it can do its work: somebody has it, and of a quorum queue most
    /// replicas are there.
    pub fn works(&self) -> bool {
        let online = self.members.iter().filter(|member| member.is_online).count();
        let has_majority = self.copies != Copies::Quorum || online * 2 > self.members.len();
        !self.leaders.is_empty() && has_majority
    }
}

impl World {
    /// The definitions of the RabbitMQ cluster that a node is, or is a member of.
    pub fn rabbit_cluster(&self, node: NodeId) -> Option<&Cluster> {
        self.core.frame.rabbits.get(usize::from(node.0))?.as_deref()
    }

    /// The nodes of a RabbitMQ cluster, as they see each other; none of any other
    /// node.
    pub fn cluster_nodes(&self, cluster: NodeId) -> Vec<ClusterNode> {
        let members = self.rabbit_members(cluster);
        let seen = |(node, member): (NodeId, &Member)| {
            let view = member.view();
            let is_up = self.is_alive(node);
            let sees = members.iter().zip(0..).filter(|(_, nth)| view.up >> nth & 1 != 0);
            ClusterNode {
                node,
                is_up,
                is_paused: is_up && view.is_paused,
                sees: if is_up {
                    sees.map(|((node, _), _)| *node).collect()
                } else {
                    Vec::new()
                },
            }
        };
        members.iter().map(|(node, member)| seen((*node, member))).collect()
    }

    /// Where a queue of a cluster is; `None` if the place is none.
    pub fn hosted(&self, place: PlaceId) -> Option<HostedQueue> {
        let (cluster, queue) = self.queue_of_cluster(place)?;
        Some(self.hosted_in(place, (cluster, queue)))
    }

    #[inline(never)]
    fn hosted_in(&self, place: PlaceId, (cluster, queue): (&Cluster, QueueId)) -> HostedQueue {
        let node = self.places().get(place).node;
        let members = self.rabbit_members(node);
        let has = |(node, member): &&(NodeId, &Member)| self.works(*node, member) && member.has(queue);
        let leaders: Vec<NodeId> = members.iter().filter(has).map(|(node, _)| *node).collect();
        let leader = members.iter().find(|(node, _)| leaders.first() == Some(node));
        let (mut copies, mut meant): (_, Vec<MemberId>) = match cluster.keeping(queue) {
            Keeping::Home(home) => (Copies::One, alloc::vec![*home]),
            Keeping::Mirrored { master, mirrors, .. } => (
                Copies::Mirrored,
                core::iter::once(*master).chain(mirrors.iter().copied()).collect(),
            ),
            Keeping::Quorum(replicas) => (Copies::Quorum, replicas.clone()),
        };
        // Its mirrors may have changed.
        let group = leader
            .or(members.first())
            .and_then(|(_, one)| one.mirrored_among(queue));
        if let Some(group) = group {
            let is_among = |member: &MemberId| group >> member.0 & 1 != 0;
            meant.retain(is_among);
            let others = (0..cluster.members).map(MemberId).filter(is_among);
            let new: Vec<MemberId> = others.filter(|member| !meant.contains(member)).collect();
            meant.extend(new);
            copies = match meant.len() {
                1 => Copies::One,
                _ => Copies::Mirrored,
            };
        }
        let agreed = members.iter().filter_map(|(_, member)| member.replica(queue));
        let agreed = agreed.map(|replica| replica.committed).max().unwrap_or(0);
        let synchronised = leader.map_or(0, |(_, member)| member.synchronised(queue));
        let shown = meant.into_iter().filter_map(|id| {
            let (node, member) = *members.get(usize::from(id.0))?;
            let replica = member.replica(queue);
            let is_synchronised = match copies {
                Copies::One => true,
                Copies::Mirrored => leaders.contains(&node) || synchronised >> id.0 & 1 != 0,
                Copies::Quorum => replica.is_some_and(|replica| replica.last >= agreed && !replica.is_blank),
            };
            Some(QueueMember {
                node,
                is_online: self.works(node, member),
                is_synchronised,
                log: replica.map(|replica| (replica.term, replica.last, replica.committed)),
            })
        });
        HostedQueue {
            place,
            copies,
            members: shown.collect(),
            leaders,
        }
    }

    /// The bytes of messages that have come in at a node of a RabbitMQ cluster, or
    /// at all of them: from who publishes, and from each other.
    pub fn bytes_taken_in(&self, node: NodeId) -> u64 {
        let members = self.core.frame.members[usize::from(node.0)].iter();
        let taken_in = |node: &NodeId| self.core.taken_in.get(node).copied().unwrap_or(0);
        members.map(taken_in).sum()
    }

    fn works(&self, node: NodeId, member: &Member) -> bool {
        self.is_alive(node) && !member.view().is_paused
    }

    fn is_alive(&self, node: NodeId) -> bool {
        self.condition(node) != super::Condition::Down
    }

    fn rabbit_members(&self, cluster: NodeId) -> Vec<(NodeId, &Member)> {
        let members = self.core.frame.members[usize::from(cluster.0)].iter();
        let member = |node: &NodeId| match &self.nodes[usize::from(node.0)] {
            AnyNode::RabbitMember(member) => Some((*node, &**member)),
            _ => None,
        };
        members.filter_map(member).collect()
    }

    /// The cluster of the queue at a place, and the queue's number in it.
    fn queue_of_cluster(&self, place: PlaceId) -> Option<(&Cluster, QueueId)> {
        let known = self.places().get(place);
        let cluster = self.rabbit_cluster(known.node)?;
        if known.kind != PlaceKind::Queue {
            return None;
        }
        // Their places are numbered in their order.
        let queue = cluster.config.queues.binary_search_by_key(&place, |queue| queue.place);
        Some((cluster, QueueId(queue.ok()? as u16)))
    }

    /// The member that has a queue, or else one that knows most of it.
    fn keeper(&self, place: PlaceId) -> Option<(NodeId, &Member, QueueId)> {
        let (_, queue) = self.queue_of_cluster(place)?;
        let members = self.rabbit_members(self.places().get(place).node);
        let known = |(node, member): &(NodeId, &Member)| {
            let committed = member.replica(queue).map_or(0, |replica| replica.committed);
            (self.works(*node, member) && member.has(queue), committed)
        };
        let knows = members.into_iter().filter(|(_, member)| member.level(queue).is_some());
        // The first of those that know most.
        let best = knows.rev().max_by_key(known)?;
        Some((best.0, best.1, queue))
    }

    pub(super) fn queues_of_cluster(&self, node: NodeId) -> Vec<QueueView> {
        let queues = self
            .rabbit_cluster(node)
            .into_iter()
            .flat_map(|cluster| &cluster.config.queues);
        queues.filter_map(|queue| self.queue_in_cluster(queue.place)).collect()
    }

    pub(super) fn queue_in_cluster(&self, place: PlaceId) -> Option<QueueView> {
        self.queue_of_cluster(place)?;
        let keeper = self.keeper(place);
        let level = keeper.and_then(|(_, member, queue)| member.level(queue));
        let (ready, unacked, consumers) = level.unwrap_or_default();
        Some(QueueView {
            place,
            messages_ready: ready,
            messages_delayed: keeper.map_or(0, |(_, member, queue)| member.delayed(queue)),
            messages_unacknowledged: unacked,
            consumers: u64::from(consumers),
            head: keeper.and_then(|(_, member, queue)| member.waiting(queue).next()),
            owner: None,
        })
    }

    /// The service that a queue of a cluster belongs to.
    pub(super) fn owner_in_cluster(&self, place: PlaceId) -> Option<NodeId> {
        let (_, keeper, queue) = self.keeper(place)?;
        let (MemberId(member), port) = keeper.owner(queue)?;
        let members = &self.core.frame.members[usize::from(self.places().get(place).node.0)];
        Some(self.peer(*members.get(usize::from(member))?, port))
    }

    pub(super) fn waiting_in_cluster(&self, place: PlaceId) -> impl Iterator<Item = Message> {
        let keeper = self.keeper(place).into_iter();
        keeper.flat_map(|(_, member, queue)| member.waiting(queue))
    }

    pub(super) fn unacked_in_cluster(&self, place: PlaceId) -> impl Iterator<Item = Delivered> {
        let attached = self.attached(place).into_iter();
        let mut all: Vec<(u64, Delivered)> = Vec::new();
        for (service, one) in attached {
            all.extend(
                one.out
                    .into_iter()
                    .map(|(position, message)| (position, Delivered { message, to: service })),
            );
        }
        mqlab_kernel::sort_by_key(&mut all, |(position, _)| *position);
        all.into_iter().map(|(_, delivered)| delivered)
    }

    pub(super) fn consumers_in_cluster(&self, place: PlaceId) -> impl Iterator<Item = Consumer> {
        self.attached(place).into_iter().map(|(service, one)| Consumer {
            service,
            prefetch: one.prefetch,
            unacked: one.out.len() as u32,
            automatic: one.automatic,
            exclusive: one.exclusive,
        })
    }

    /// The consumers of a queue, with the services that they are.
    fn attached(&self, place: PlaceId) -> Vec<(NodeId, mqlab_brokers::rabbitmq::cluster::Attached)> {
        let Some((_, keeper, queue)) = self.keeper(place) else {
            return Vec::new();
        };
        let members = self.rabbit_members(self.places().get(place).node);
        let of = |one: mqlab_brokers::rabbitmq::cluster::Attached| {
            let (node, front) = *members.get(usize::from(one.member.0))?;
            Some((self.peer(node, front.client_of(queue, one.number)?), one))
        };
        keeper.attached(queue).filter_map(of).collect()
    }

    /// What nodes of a cluster say to each other.
    pub(super) fn peer_frames(&self, link: &super::LinkView, arrives: SimTime, frames: &[PeerFrame]) -> Packet {
        let cluster = self.rabbit_cluster(link.from);
        let handed = frames.iter().find_map(PeerFrame::cargo).and_then(|(_, queue)| queue);
        Packet {
            arrives,
            message: frames.iter().find_map(PeerFrame::content).map(|message| message.id),
            queue: cluster
                .zip(handed)
                .map(|(cluster, queue)| cluster.config.queues[usize::from(queue.0)].place),
            address: None,
            is_answer: frames.iter().all(|frame| frame.content().is_none()),
        }
    }
}
