//! A small world for Kafka's nodes: brokers, their controller and clients, and
//! disks that sync after half a second.
#![allow(dead_code, unreachable_pub, clippy::unwrap_used)]

pub mod app;
#[path = "../wired/mod.rs"]
mod wired;

use app::App;
use mqlab_brokers::kafka::{
    Broker, BrokerId, Cluster, Consumer, Controller, Frame, PartitionId, Producer, Reader, Role, Wiring,
};
use mqlab_kernel::SimSpan;
use mqlab_model::{Context, Crash, FactKind, MessageId, PlaceId, Port};
use proptest::prelude::ProptestConfig;
use proptest::test_runner::RngSeed;
use std::ops::{Deref, DerefMut};
use std::rc::Rc;
use wired::{Cx, Wired, any_node};

const SYNCED_AFTER: SimSpan = SimSpan::from_millis(500);

any_node! { AnyNode of Frame: Broker, Controller, App }

pub struct World {
    pub cluster: Rc<Cluster>,
    wired: Wired<AnyNode, Frame>,
}

impl Deref for World {
    type Target = Wired<AnyNode, Frame>;

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
    /// A cluster that is up, with so many clients.
    pub fn new(cluster: Cluster, apps: usize, app: impl Fn(&Rc<Cluster>, usize, &Wiring) -> App) -> World {
        let cluster = Rc::new(cluster);
        let brokers = cluster.brokers() as usize;
        let ports = |own: usize| Wiring {
            controller: (own < brokers).then_some(Port(brokers as u16)),
            brokers: (0..brokers).map(|to| (to != own).then_some(Port(to as u16))).collect(),
        };
        let place = |node: usize| PlaceId(node as u16);
        let mut nodes: Vec<AnyNode> = Vec::new();
        for own in 0..brokers {
            let broker = Broker::new(cluster.clone(), BrokerId(own as u32), place(own), ports(own));
            nodes.push(AnyNode::Broker(Box::new(broker)));
        }
        let controller = Controller::new(cluster.clone(), place(brokers), ports(brokers));
        nodes.push(AnyNode::Controller(Box::new(controller)));
        for own in brokers + 1..brokers + 1 + apps {
            nodes.push(AnyNode::App(Box::new(app(&cluster, own, &ports(own)))));
        }
        let count = nodes.len();
        let mut wired = Wired::new(nodes, SYNCED_AFTER, "kafka world");
        // The controller first, as it would be.
        wired.begin(brokers);
        (0..count)
            .filter(|own| *own != brokers)
            .for_each(|own| wired.begin(own));
        World { cluster, wired }
    }

    pub fn controller_node(&self) -> usize {
        self.cluster.brokers() as usize
    }

    pub fn broker(&self, id: usize) -> &Broker {
        match &self.nodes[id] {
            AnyNode::Broker(broker) => broker,
            _ => panic!("node {id} is no broker"),
        }
    }

    pub fn controller(&self) -> &Controller {
        match &self.nodes[self.controller_node()] {
            AnyNode::Controller(controller) => controller,
            _ => panic!("the controller comes after the brokers"),
        }
    }

    pub fn client(&self, nth: usize) -> &App {
        match &self.nodes[self.controller_node() + 1 + nth] {
            AnyNode::App(app) => app,
            _ => panic!("clients come last"),
        }
    }

    fn with_client<R>(&mut self, nth: usize, call: impl FnOnce(&mut App, &mut Cx<'_, Frame>) -> R) -> R {
        let own = self.controller_node() + 1 + nth;
        self.with(own, |node, cx| match node {
            AnyNode::App(app) => call(app, cx),
            _ => panic!("clients come last"),
        })
    }

    /// A client gives something to its producer.
    pub fn produce(&mut self, nth: usize, partition: Option<u32>, key: Option<u32>) -> MessageId {
        self.with_client(nth, |app, cx| app.produce(cx, partition, key))
    }

    /// A client does something with its consumer.
    pub fn consume(&mut self, nth: usize, call: impl FnOnce(&mut Consumer, &mut Cx<'_, Frame>)) {
        self.with_client(nth, |app, cx| call(app.consumer.as_mut().unwrap(), cx));
    }

    /// A client does something with its producer.
    pub fn with_producer<R>(&mut self, nth: usize, call: impl FnOnce(&mut Producer, &mut Cx<'_, Frame>) -> R) -> R {
        self.with_client(nth, |app, cx| call(&mut app.producer, cx))
    }

    /// A client does not poll, or does again.
    pub fn busy(&mut self, nth: usize, is_busy: bool) {
        let own = self.controller_node() + 1 + nth;
        if let AnyNode::App(app) = &mut self.nodes[own] {
            app.is_busy = is_busy;
        }
    }

    /// Who leads a partition, if that broker knows it too.
    pub fn leader(&self, partition: PartitionId) -> Option<usize> {
        let led = |id: &usize| {
            let view = self.broker(*id).partition(partition);
            self.is_up[*id] && view.is_some_and(|view| view.role == Role::Leader)
        };
        let known = self.controller().leadership(partition).leader()?;
        Some(known.0 as usize).filter(led)
    }

    /// The messages in a broker's replica, in order.
    pub fn log(&self, broker: usize, partition: PartitionId) -> Vec<MessageId> {
        let view = self.broker(broker).partition(partition).unwrap();
        let read = view.log.read(view.marks.start(), Reader::Replica).unwrap();
        read.filter(|(_, record)| !record.is_marker())
            .map(|(_, record)| record.message.id)
            .collect()
    }

    pub fn emitted(&self, kind: FactKind) -> Vec<MessageId> {
        let of_kind = self.facts.iter().filter(|fact| fact.kind == kind);
        of_kind.map(|fact| fact.message).collect()
    }
}

/// How many random courses a property takes: so many, or `MQLAB_CASES`. They are the
/// same in every run.
pub fn cases(usual: u32) -> ProptestConfig {
    ProptestConfig {
        cases: wired::courses(u64::from(usual)) as u32,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(1),
        ..ProptestConfig::default()
    }
}
