//! Everything that can live in the world, in one closed set.

mod cluster;
mod load;
mod service;
mod table;

pub(crate) use cluster::Cluster;
pub(crate) use load::{LOAD_TIMER, Load};
pub(crate) use service::{Block, BlockKind, Done, Output, Parts as ServiceParts, Scan, Service, StampPlan, Step};
pub(crate) use service::{CLIENTS, client_token};
pub(crate) use table::{StoreParts, Table};

use crate::plan::{BrokerCommand, Setting, SettingKind};
use crate::wire::Wire;
use crate::world::Packed;
use alloc::boxed::Box;
use mqlab_brokers::kafka;
use mqlab_brokers::rabbitmq::cluster::{PeerFrame, Wire as ClusterWire};
use mqlab_brokers::rabbitmq::{self, Frame};
use mqlab_kernel::{Apart, SimTime};
use mqlab_model::{Context, Crash, Node, Port};

/// A node. Dispatch is by match; nothing is boxed per packet.
#[derive(Clone, Debug)]
pub(crate) enum AnyNode {
    Load(Box<Load>),
    Rabbit(Box<rabbitmq::Broker>),
    /// A node of a RabbitMQ cluster.
    RabbitMember(Apart<rabbitmq::cluster::Member>),
    /// A broker of a Kafka cluster.
    Kafka(Apart<kafka::Broker>),
    /// The controller of one.
    Controller(Apart<kafka::Controller>),
    /// The name of a cluster.
    Cluster(Cluster),
    Service(Box<Service>),
    Table(Box<Table>),
}

/// What its disk means to a node.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct DiskUser {
    /// A message is confirmed when it is synced, and not before.
    pub(crate) confirms_synced: bool,
    /// Publishes whose confirm waits for the disk.
    pub(crate) unconfirmed: u64,
    /// The disk is close to full.
    pub(crate) is_alarmed: bool,
    /// Connections that are not read from because of that.
    pub(crate) blocked: u64,
    /// What was published on them meanwhile.
    pub(crate) unread: u64,
}

/// Calls a method of whatever node it is.
macro_rules! dispatch {
    ($node:expr, |$inner:ident| $call:expr) => {
        match $node {
            AnyNode::Load($inner) => $call,
            AnyNode::Rabbit($inner) => $call,
            AnyNode::RabbitMember($inner) => $call,
            AnyNode::Kafka($inner) => $call,
            AnyNode::Controller($inner) => $call,
            AnyNode::Cluster($inner) => $call,
            AnyNode::Service($inner) => $call,
            AnyNode::Table($inner) => $call,
        }
    };
}

/// The context of any node: some speak one protocol only.
pub(crate) trait AnyContext:
    Context<Wire> + Context<Frame> + Context<ClusterWire> + Context<kafka::Frame>
{
}

impl<C: Context<Wire> + Context<Frame> + Context<ClusterWire> + Context<kafka::Frame>> AnyContext for C {}

impl AnyNode {
    /// How many timer lanes it has.
    pub(crate) fn timer_lanes(&self) -> u16 {
        match self {
            AnyNode::Load(load) => load.lanes(),
            AnyNode::Rabbit(_) => rabbitmq::Broker::LANES,
            AnyNode::RabbitMember(_) => rabbitmq::cluster::Member::LANES,
            AnyNode::Kafka(_) => kafka::Broker::LANES,
            AnyNode::Controller(_) => kafka::Controller::LANES,
            AnyNode::Cluster(_) => 0,
            AnyNode::Service(service) => service.lanes(),
            AnyNode::Table(_) => Table::LANES,
        }
    }

    pub(crate) fn start<C: AnyContext>(&mut self, cx: &mut C) {
        dispatch!(self, |node| node.start(cx));
    }

    /// What reaches a node for every message, decoded with nothing of the
    /// other kinds. False for everything else, which need not be a packet.
    #[inline(always)]
    pub(crate) fn on_words<C: AnyContext>(&mut self, cx: &mut C, port: Port, packet: Packed) -> bool {
        match self {
            AnyNode::Load(node) => node.on_words(cx, packet),
            AnyNode::Rabbit(node) => node.on_words(cx, port, packet.words()),
            AnyNode::Service(node) => node.on_words(cx, packet),
            AnyNode::Table(node) => node.on_words(cx, port, packet),
            AnyNode::RabbitMember(_) | AnyNode::Kafka(_) | AnyNode::Controller(_) | AnyNode::Cluster(_) => false,
        }
    }

    /// Any packet.
    pub(crate) fn on_packet<C: AnyContext>(&mut self, cx: &mut C, port: Port, packet: Packed) {
        match self {
            AnyNode::Load(node) => node.on_packet(cx, port, packet.wire()),
            AnyNode::Rabbit(node) => node.on_packet(cx, port, Frame::from_words(packet.words())),
            AnyNode::RabbitMember(node) => {
                let frame = Frame::from_words(packet.words());
                node.on_packet(cx, port, ClusterWire::Client(frame));
            }
            AnyNode::Service(node) => node.on_packet(cx, port, packet.wire()),
            AnyNode::Table(node) => node.on_packet(cx, port, packet.wire()),
            // They get parcels.
            AnyNode::Kafka(_) | AnyNode::Controller(_) | AnyNode::Cluster(_) => {}
        }
    }

    /// A request or an answer of Kafka, with what stands behind it.
    pub(crate) fn on_parcel<C: AnyContext>(&mut self, cx: &mut C, port: Port, frames: &[kafka::Frame]) {
        let Some((head, behind)) = frames.split_first() else {
            return;
        };
        match self {
            AnyNode::Kafka(node) => node.on_request(cx, port, *head, behind),
            // What it is told stands alone.
            AnyNode::Controller(node) => node.on_packet(cx, port, *head),
            AnyNode::Load(node) => node.on_parcel(cx, port, frames),
            AnyNode::Service(node) => node.on_parcel(cx, port, frames),
            AnyNode::Rabbit(_) | AnyNode::RabbitMember(_) | AnyNode::Table(_) | AnyNode::Cluster(_) => {}
        }
    }

    /// What another node of a RabbitMQ cluster says.
    pub(crate) fn on_frames<C: AnyContext>(&mut self, cx: &mut C, port: Port, frames: &[PeerFrame]) {
        if let AnyNode::RabbitMember(node) = self {
            frames
                .iter()
                .for_each(|frame| node.on_packet(cx, port, ClusterWire::Peer(*frame)));
        }
    }

    #[inline(always)]
    pub(crate) fn on_timer<C: AnyContext>(&mut self, cx: &mut C, token: u64) {
        dispatch!(self, |node| node.on_timer(cx, token));
    }

    pub(crate) fn on_closed<C: AnyContext>(&mut self, cx: &mut C, port: Port) {
        dispatch!(self, |node| node.on_closed(cx, port));
    }

    pub(crate) fn on_opened<C: AnyContext>(&mut self, cx: &mut C, port: Port) {
        dispatch!(self, |node| node.on_opened(cx, port));
    }

    /// Its disk has come further.
    pub(crate) fn on_disk<C: AnyContext>(&mut self, cx: &mut C) {
        match self {
            AnyNode::Rabbit(node) => node.on_disk(cx),
            AnyNode::RabbitMember(node) => node.on_disk(cx),
            AnyNode::Kafka(node) => node.on_disk(cx),
            AnyNode::Load(_)
            | AnyNode::Service(_)
            | AnyNode::Table(_)
            | AnyNode::Controller(_)
            | AnyNode::Cluster(_) => {}
        }
    }

    /// Its clock was set: what is due by it is due at another time.
    pub(crate) fn on_clock_set<C: AnyContext>(&mut self, cx: &mut C, is_down: bool) {
        match self {
            AnyNode::Load(node) => node.rearm_by_clock(cx),
            AnyNode::Service(node) if !is_down => node.arm_tick(cx),
            AnyNode::Table(node) if !is_down => node.arm_expiry_anew(cx),
            AnyNode::Service(_)
            | AnyNode::Table(_)
            | AnyNode::Rabbit(_)
            | AnyNode::RabbitMember(_)
            | AnyNode::Kafka(_)
            | AnyNode::Controller(_)
            | AnyNode::Cluster(_) => {}
        }
    }

    /// What its disk means to it, if it is one of those that have one.
    pub(crate) fn disk_user(&self) -> Option<DiskUser> {
        match self {
            AnyNode::Rabbit(node) => {
                let (blocked, unread) = node.blocked();
                Some(DiskUser {
                    confirms_synced: node.confirm_when() == rabbitmq::ConfirmWhen::Synced,
                    unconfirmed: node.waiting_for_disk() as u64,
                    is_alarmed: node.is_alarmed(),
                    blocked: blocked as u64,
                    unread: unread as u64,
                })
            }
            // It answers by what kind a queue is.
            AnyNode::RabbitMember(node) => {
                let (blocked, unread) = node.blocked();
                Some(DiskUser {
                    confirms_synced: false,
                    unconfirmed: 0,
                    is_alarmed: node.is_alarmed(),
                    blocked: blocked as u64,
                    unread: unread as u64,
                })
            }
            // It answers for what is in the page cache.
            AnyNode::Kafka(_) => Some(DiskUser {
                confirms_synced: false,
                unconfirmed: 0,
                is_alarmed: false,
                blocked: 0,
                unread: 0,
            }),
            AnyNode::Load(_)
            | AnyNode::Service(_)
            | AnyNode::Table(_)
            | AnyNode::Controller(_)
            | AnyNode::Cluster(_) => None,
        }
    }

    /// From now on its disk is not an ideal one.
    pub(crate) fn use_disk(&mut self) {
        match self {
            AnyNode::Rabbit(node) => node.use_disk(),
            AnyNode::Load(_)
            | AnyNode::Service(_)
            | AnyNode::Table(_)
            | AnyNode::RabbitMember(_)
            | AnyNode::Kafka(_)
            | AnyNode::Controller(_)
            | AnyNode::Cluster(_) => {}
        }
    }

    /// Its disk is close to full, or has room again.
    pub(crate) fn set_disk_alarm<C: AnyContext>(&mut self, cx: &mut C, is_on: bool) {
        match self {
            AnyNode::Rabbit(node) => node.set_alarm(cx, is_on),
            AnyNode::RabbitMember(node) => node.set_alarm(cx, is_on),
            // Kafka watches no free space: a log directory fails when it is full,
            // which is not modelled.
            AnyNode::Load(_)
            | AnyNode::Service(_)
            | AnyNode::Table(_)
            | AnyNode::Kafka(_)
            | AnyNode::Controller(_)
            | AnyNode::Cluster(_) => {}
        }
    }

    /// A broker is told something.
    pub(crate) fn command<C: AnyContext>(&mut self, cx: &mut C, command: BrokerCommand) {
        match (self, command) {
            (AnyNode::Rabbit(node), BrokerCommand::Rabbit(command)) => node.command(cx, command),
            (AnyNode::RabbitMember(node), BrokerCommand::Rabbit(command)) => node.command(cx, command),
            (AnyNode::Controller(node), BrokerCommand::Kafka(command)) => node.command(cx, command),
            (
                AnyNode::Load(_)
                | AnyNode::Service(_)
                | AnyNode::Table(_)
                | AnyNode::Rabbit(_)
                | AnyNode::RabbitMember(_)
                | AnyNode::Kafka(_)
                | AnyNode::Controller(_)
                | AnyNode::Cluster(_),
                _,
            ) => {}
        }
    }

    pub(crate) fn crash<C: AnyContext>(&mut self, cx: &mut C, crash: Crash) {
        dispatch!(self, |node| node.crash(cx, crash));
    }

    /// Changes a setting of the node itself; `None` if it has no such setting,
    /// else the new value as a number for the record.
    pub(crate) fn set<C: Context<Wire>>(&mut self, cx: &mut C, setting: &Setting, is_up: bool) -> Option<u64> {
        match self {
            AnyNode::Load(load) => load.set(cx, setting, is_up),
            AnyNode::Service(service) => service.set(cx, setting),
            AnyNode::Table(table) => table.set(setting),
            AnyNode::Rabbit(_)
            | AnyNode::RabbitMember(_)
            | AnyNode::Kafka(_)
            | AnyNode::Controller(_)
            | AnyNode::Cluster(_) => None,
        }
    }

    /// A setting of the node itself as it is now.
    pub(crate) fn setting(&self, kind: SettingKind, now: SimTime) -> Option<Setting> {
        match self {
            AnyNode::Load(load) => load.setting(kind, now),
            AnyNode::Service(service) => service.setting(kind),
            AnyNode::Table(table) => table.setting(kind),
            AnyNode::Rabbit(_)
            | AnyNode::RabbitMember(_)
            | AnyNode::Kafka(_)
            | AnyNode::Controller(_)
            | AnyNode::Cluster(_) => None,
        }
    }
}
