//! A small world for a cluster of RabbitMQ nodes: members and clients, and disks
//! that sync after twenty milliseconds.
#![allow(dead_code, unreachable_pub, clippy::unwrap_used)]

pub mod app;
#[path = "../wired/mod.rs"]
mod wired;

use app::App;
use mqlab_brokers::rabbitmq::cluster::{Cluster, Keeping, Member, MemberId, MirrorRule, PeerFrame, Promote, Wire};
use mqlab_brokers::rabbitmq::{Config, PolicyRule, QueueConfig, QueueId, Version};
use mqlab_kernel::SimSpan;
use mqlab_model::{Context, Crash, MessageId, PlaceId, Port};
use std::ops::{Deref, DerefMut};
use std::rc::Rc;
use wired::{Cx, Wired, any_node};

const SYNCED_AFTER: SimSpan = SimSpan::from_millis(20);

any_node! { AnyNode of Wire: Member, App }

/// A cluster of 3.13 with a queue at the first member that has so many mirrors.
pub fn mirrored(members: u8, mirrors: u8, promote: Promote, is_synced_at_once: bool) -> Cluster {
    let mut config = Config::new();
    config.intern("orders");
    config.queues.push(QueueConfig::new("orders"));
    config.version = Version::new(3, 13);
    let mut cluster = Cluster::new(config, members);
    if mirrors > 0 {
        cluster.keeping[0] = Keeping::Mirrored {
            master: MemberId(0),
            mirrors: (1..=mirrors).map(MemberId).collect(),
            promote,
            is_synced_at_once,
        };
    }
    cluster
}

pub struct World {
    pub cluster: Rc<Cluster>,
    wired: Wired<AnyNode, Wire>,
}

impl Deref for World {
    type Target = Wired<AnyNode, Wire>;

    fn deref(&self) -> &Self::Target {
        &self.wired
    }
}

impl DerefMut for World {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.wired
    }
}

impl World {
    /// A cluster that is up, with clients.
    pub fn new(cluster: Cluster, apps: impl IntoIterator<Item = (usize, Option<u32>)>) -> World {
        let cluster = Rc::new(cluster);
        let members = usize::from(cluster.members);
        let mut nodes: Vec<AnyNode> = Vec::new();
        for own in 0..members {
            let ports: Vec<Option<Port>> = (0..members).map(|to| (to != own).then_some(Port(to as u16))).collect();
            let member = Member::new(cluster.clone(), MemberId(own as u8), PlaceId(100), &ports);
            nodes.push(AnyNode::Member(Box::new(member)));
        }
        for (member, prefetch) in apps {
            let app = App::new(nodes.len(), member, QueueId(0), prefetch);
            nodes.push(AnyNode::App(Box::new(app)));
        }
        let count = nodes.len();
        let mut wired = Wired::new(nodes, SYNCED_AFTER, "rabbit world");
        wired.on_sent = |wire| match wire {
            Wire::Peer(frame) => u64::from(PeerFrame::content(frame).is_some()),
            Wire::Client(_) => 0,
        };
        (0..count).for_each(|own| wired.begin(own));
        World { cluster, wired }
    }

    pub fn members(&self) -> usize {
        usize::from(self.cluster.members)
    }

    /// Contents of messages that went from member to member.
    pub fn copies(&self) -> u64 {
        self.counted
    }

    /// A member reaches no other one; its clients reach it.
    pub fn isolate(&mut self, own: usize) {
        for other in (0..self.members()).filter(|other| *other != own) {
            self.cut(own, other);
        }
    }

    pub fn member(&self, own: usize) -> &Member {
        match &self.nodes[own] {
            AnyNode::Member(member) => member,
            AnyNode::App(_) => panic!("node {own} is a client"),
        }
    }

    /// The members that have the queue.
    pub fn leaders(&self) -> Vec<usize> {
        let leads = |own: &usize| self.is_up[*own] && self.member(*own).has(QueueId(0));
        (0..self.members()).filter(leads).collect()
    }

    pub fn client(&mut self, nth: usize) -> &mut App {
        let own = self.members() + nth;
        match &mut self.nodes[own] {
            AnyNode::App(app) => app,
            AnyNode::Member(_) => panic!("clients come last"),
        }
    }

    fn with_client<R>(&mut self, nth: usize, call: impl FnOnce(&mut App, &mut Cx<'_, Wire>) -> R) -> R {
        let own = self.members() + nth;
        self.with(own, |node, cx| match node {
            AnyNode::App(app) => call(app, cx),
            AnyNode::Member(_) => panic!("clients come last"),
        })
    }

    pub fn publish(&mut self, nth: usize) -> MessageId {
        self.with_client(nth, |app, cx| app.publish(cx, true))
    }

    /// The disk of a member is close to full, or has room again.
    pub fn alarm(&mut self, own: usize, is_on: bool) {
        self.with(own, |node, cx| match node {
            AnyNode::Member(member) => member.set_alarm(cx, is_on),
            AnyNode::App(_) => panic!("clients have no disk"),
        });
    }

    /// The first policy changes, at all members.
    pub fn set_policy(&mut self, rule: PolicyRule) {
        for own in 0..self.members() {
            let is_up = self.is_up[own];
            self.with(own, |node, cx| match node {
                AnyNode::Member(member) => member.set_policy(cx, 0, &rule, is_up),
                AnyNode::App(_) => panic!("clients come last"),
            });
        }
    }

    /// The queue is to be mirrored in another way, as all members know.
    pub fn mirror(&mut self, rule: MirrorRule) {
        for own in 0..self.members() {
            let is_up = self.is_up[own];
            self.with(own, |node, cx| match node {
                AnyNode::Member(member) => member.set_mirroring(cx, QueueId(0), rule, is_up),
                AnyNode::App(_) => panic!("clients come last"),
            });
        }
    }

    /// The members among which the queue is, as far as one knows.
    pub fn mirrored_among(&self, member: usize) -> Vec<usize> {
        let group = self.member(member).mirrored_among(QueueId(0)).unwrap_or(0);
        (0..self.members()).filter(|member| group >> member & 1 != 0).collect()
    }

    /// A client settles what it holds: acknowledges it, or sends it back.
    pub fn settle(&mut self, nth: usize, delivery: usize, requeue: Option<bool>) {
        self.with_client(nth, |app, cx| app.settle(cx, delivery, requeue));
    }

    /// A client acknowledges all up to a tag.
    pub fn ack_up_to(&mut self, nth: usize, tag: u64) {
        self.with_client(nth, |app, cx| app.ack_up_to(cx, tag));
    }

    pub fn waiting(&self, member: usize) -> Vec<MessageId> {
        self.member(member)
            .waiting(QueueId(0))
            .map(|message| message.id)
            .collect()
    }
}

/// How many random courses a promise is put to: so many, or `MQLAB_CASES`.
pub fn courses(usual: u64) -> u64 {
    wired::courses(usual)
}
