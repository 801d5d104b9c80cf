//! From a plan to a world that has not begun.

mod broker;

use super::clock::NodeClock;
use super::context::Home;
use super::database::{database_pairs, fellows};
use super::disk::{Disk, disk_stream};
use super::hits::Hits;
use super::link::Link;
use super::parcel::Parcels;
use super::{Action, Condition, Core, Frame, Lane, LaneRole, World};
use crate::client::Part;
use crate::node::{AnyNode, CLIENTS, LOAD_TIMER, Load, Output, Service, ServiceParts, Table, client_token};
use crate::places::{PlaceKind, Places};
use crate::plan::{
    BrokerPlan, LinkPlan, LoadPlan, NodeKind, NodePlan, Plan, PublisherPlan, ServicePlan, StepPlan, Target, Wear,
    Workers,
};
use crate::recorder::Recorder;
use crate::sources::Sources;
use crate::things::Things;
use alloc::boxed::Box;
use alloc::collections::VecDeque;
use alloc::format;
use alloc::rc::Rc;
use alloc::vec::Vec;
use mqlab_brokers::{kafka, rabbitmq};
use mqlab_kernel::{Agenda, Dist, LaneId, SimSpan, SimTime, Sizes, SortedMap, Stream, hash_name, sort_by, sort_by_key};
use mqlab_model::{Death, KeyId, NodeId, PlaceId, Port, TimerLane};

/// The other nodes that a node's definition names, each once, in its order.
fn named(plan: &Plan, node: NodeId) -> Vec<NodeId> {
    let mut found: Vec<NodeId> = Vec::new();
    let mut add = |other: NodeId| {
        if other != node && !found.contains(&other) {
            found.push(other);
        }
    };
    match &plan.nodes[usize::from(node.0)].kind {
        NodeKind::Load(load) => add(load.to.node()),
        NodeKind::Service(service) => {
            if let Some(consume) = &service.consume {
                add(consume.broker);
            }
            if let Some(scan) = service.scan {
                add(scan.table);
            }
            for step in &service.steps {
                match step {
                    StepPlan::Publish { to, .. } => to.iter().for_each(|target| add(target.node())),
                    StepPlan::Call { services, .. } => services.iter().for_each(|called| add(*called)),
                    _ => step.table().into_iter().for_each(&mut add),
                }
            }
        }
        NodeKind::Broker(_) | NodeKind::Table(_) | NodeKind::Member(_) => {}
    }
    found
}

/// Which nodes are connected, each pair once, in the order in which the plan
/// names them.
fn connections(plan: &Plan) -> Vec<(NodeId, NodeId)> {
    let mut pairs: Vec<(NodeId, NodeId)> = Vec::new();
    let nodes = plan.nodes.len();
    let mut known = alloc::vec![false; nodes * nodes];
    let mut connect = |a: NodeId, b: NodeId| {
        let pair = usize::from(a.0.min(b.0)) * nodes + usize::from(a.0.max(b.0));
        if a != b && !core::mem::replace(&mut known[pair], true) {
            pairs.push((a, b));
        }
    };
    // The tables of one database hear of each other before their clients do.
    for (a, b) in database_pairs(plan) {
        connect(a, b);
    }
    let all = || (0..plan.nodes.len()).map(|index| NodeId(index as u16));
    // So do the nodes of one cluster.
    for cluster in all().filter(|id| plan.is_broker(*id)) {
        for one in plan.members(cluster) {
            plan.members(cluster).for_each(|other| connect(one, other));
        }
    }
    for id in all() {
        for other in named(plan, id) {
            plan.serving(other).for_each(|other| connect(id, other));
        }
    }
    pairs
}

/// The ports of every node: which peer is at which.
pub(super) struct Ports {
    peers: Vec<Vec<NodeId>>,
}

impl Ports {
    fn new(nodes: usize, pairs: &[(NodeId, NodeId)]) -> Self {
        let mut peers = alloc::vec![Vec::new(); nodes];
        for (a, b) in pairs {
            peers[usize::from(a.0)].push(*b);
            peers[usize::from(b.0)].push(*a);
        }
        Ports { peers }
    }

    pub(super) fn peers(&self, node: NodeId) -> &[NodeId] {
        &self.peers[usize::from(node.0)]
    }

    fn count(&self, node: NodeId) -> u16 {
        self.peers[usize::from(node.0)].len() as u16
    }

    pub(super) fn to(&self, node: NodeId, peer: NodeId) -> Port {
        let index = self.peers[usize::from(node.0)].iter().position(|known| *known == peer);
        Port(index.expect("the plan's references were connected") as u16)
    }
}

/// Everything the parts are built from.
pub(super) struct Builder<'a> {
    pub(super) plan: &'a Plan,
    places: Places,
    pub(super) sources: Sources,
    pub(super) ports: Ports,
    /// Definitions of brokers, see [`broker::definitions`].
    brokers: Vec<Option<BrokerPlan>>,
    /// By node, the cluster of Kafka that it is, or belongs to.
    clusters: Vec<Option<Rc<kafka::Cluster>>>,
    /// By node, the cluster of RabbitMQ that it is, or belongs to.
    rabbits: Vec<Option<Rc<rabbitmq::cluster::Cluster>>>,
}

pub(super) fn build(plan: &Plan) -> World {
    let places = Places::of(plan);
    let sources = Sources::of(plan, &places);
    let ports = Ports::new(plan.nodes.len(), &connections(plan));
    let brokers: Vec<Option<BrokerPlan>> = (0..plan.nodes.len())
        .map(|index| broker::definitions(plan, &places, NodeId(index as u16)))
        .collect();
    let clusters = broker::clusters(plan, &brokers);
    let rabbits = broker::rabbits(plan, &brokers);
    let builder = Builder {
        plan,
        places,
        sources,
        ports,
        brokers,
        clusters,
        rabbits,
    };
    let nodes: Vec<AnyNode> = (0..plan.nodes.len())
        .map(|index| builder.node(NodeId(index as u16)))
        .collect();
    builder.world(nodes)
}

impl Builder<'_> {
    fn node(&self, id: NodeId) -> AnyNode {
        let place = PlaceId(id.0);
        match &self.plan.nodes[usize::from(id.0)].kind {
            NodeKind::Load(load) => AnyNode::Load(self.load(id, load).into()),
            NodeKind::Broker(_) => self.broker(id),
            NodeKind::Member(member) => self.member(id, *member),
            NodeKind::Service(service) => AnyNode::Service(Service::new(self.service(id, service)).into()),
            NodeKind::Table(table) => AnyNode::Table(Table::new(place, table, self.store(id, table)).into()),
        }
    }

    fn load(&self, id: NodeId, load: &LoadPlan) -> Load {
        let source = self
            .sources
            .iter()
            .find(|(_, source)| source.node == id && source.parent.is_none());
        let (source, _) = source.expect("every load is a source");
        let client = match load.to {
            Target::Broker { broker, address } => Some((
                self.publisher((id, Part::Load), (broker, &load.producer), load.confirms, LOAD_TIMER)
                    .with_mandatory(load.mandatory),
                self.route(broker, address, None),
            )),
            Target::Service(_) => None,
        };
        let by_clock = self.plan.clocks.iter().any(|(node, _)| *node == id);
        let place = PlaceId(id.0);
        Load::new((place, source), load, client, self.plan.limits.messages, by_clock)
    }

    fn service(&self, id: NodeId, plan: &ServicePlan) -> ServiceParts {
        let place = |kind| self.places.find(id, kind, 0).expect("a service has its inlets");
        let consumer = plan.consume.as_ref().map(|consume| self.subscriber(id, consume));
        let timer = |client: usize| (TimerLane(CLIENTS.0 + client as u16), client_token(client));
        let mut brokers: Vec<NodeId> = Vec::new();
        for step in &plan.steps {
            if let StepPlan::Publish { to, .. } = step {
                for broker in to.iter().map(Target::node) {
                    if !brokers.contains(&broker) {
                        brokers.push(broker);
                    }
                }
            }
        }
        let producers = brokers
            .iter()
            .zip(1..)
            .map(|(broker, client)| {
                let listed = plan.producers.iter().find(|(known, _)| known == broker);
                let settings = listed.map_or(&PublisherPlan::Plain, |(_, settings)| settings);
                self.publisher((id, Part::Publishes), (*broker, settings), true, timer(client))
            })
            .collect();
        let limit = match plan.workers {
            Workers::Count(count) => Some(count),
            Workers::Unlimited => None,
        };
        let (program, blocks) = self.program(id, plan, &brokers);
        ServiceParts {
            place: PlaceId(id.0),
            subscription: place(PlaceKind::Subscription),
            calls: place(PlaceKind::Calls),
            program,
            blocks,
            scan: self.scan(id, plan),
            limit,
            bounds: plan.bounds,
            merge: plan.merge,
            keeps_order: plan.keeps_order,
            things: Things::of(self.plan, &self.sources),
            consumer,
            poll: plan.consume.as_ref().and_then(|consume| consume.poll),
            producers,
        }
    }

    pub(super) fn output(
        &self,
        id: NodeId,
        step: (u16, u16),
        (target, key): (&Target, Option<KeyId>),
        brokers: &[NodeId],
    ) -> Output {
        let Target::Broker { broker, address } = *target else {
            unreachable!("steps publish to brokers");
        };
        let sources = self.sources.made_by(id, step).to_vec();
        let producer = brokers.iter().position(|known| *known == broker);
        Output {
            producer: producer.expect("every target's broker has a producer"),
            route: self.route(broker, address, key),
            sources,
        }
    }

    fn road(&self, a: NodeId, b: NodeId) -> (Dist, Wear) {
        // What is said of a cluster holds for its members of which nothing is said.
        let (whole_a, whole_b) = (self.plan.cluster_of(a), self.plan.cluster_of(b));
        let pairs = [(a, b), (whole_a, b), (a, whole_b), (whole_a, whole_b)];
        let is = |link: &LinkPlan, (a, b): (NodeId, NodeId)| (link.a, link.b) == (a, b) || (link.a, link.b) == (b, a);
        let mut named = pairs.into_iter();
        let named = named.find_map(|pair| self.plan.links.iter().find(|link| is(link, pair)));
        let ideal = (Dist::Constant(SimSpan::ZERO), Wear::NONE);
        named.map_or(ideal, |link| (link.latency, link.wear))
    }

    /// Lanes are ranked: links by sender and port, then timers by node, then
    /// commands. All of it comes from the plan, nothing from the run.
    fn world(self, nodes: Vec<AnyNode>) -> World {
        let count = self.plan.nodes.len();
        let mut first_link = Vec::with_capacity(count + 1);
        first_link.push(0);
        for peers in &self.ports.peers {
            first_link.push(first_link[first_link.len() - 1] + peers.len() as u32);
        }
        let links = self.links(&first_link);
        let homes = homes(&nodes, &first_link);
        let lanes = self.lanes(&nodes, &homes);
        let plan = self.plan;
        let recorder = Recorder::new(plan, &self.places, &self.sources);
        let agenda = Agenda::new(lanes.len() as u32);
        let streams = plan
            .nodes
            .iter()
            .map(|node| Stream::new(plan.seed, &node.name))
            .collect();
        let draw_keys = self.sources.iter().map(|(_, source)| hash_name(&source.name)).collect();
        let broker_of = |index: usize| {
            let cluster = plan.cluster_of(NodeId(index as u16));
            self.brokers[usize::from(cluster.0)].as_ref()
        };
        let keys = (0..count)
            .map(|index| broker_of(index).map_or_else(Vec::new, broker::keys))
            .collect();
        let disks = self.disks(&lanes);
        let sizes = self.sizes();
        let delays = self.delays();
        let clocks = self.clocks();
        let frame = Frame {
            draw_keys,
            others: (0..plan.nodes.len())
                .map(|index| fellows(plan, NodeId(index as u16)).into())
                .collect(),
            members: (0..plan.nodes.len())
                .map(|index| plan.members(NodeId(index as u16)).collect())
                .collect(),
            clusters: self.clusters,
            rabbits: self.rabbits,
            sizes,
            delays,
            keys,
            places: self.places,
            sources: self.sources,
            first_link,
            until: plan.until,
            limits: plan.limits,
            seed: plan.seed,
            edges: (0..count)
                .map(|index| named(plan, NodeId(index as u16)).len() as u16)
                .collect(),
        };
        let core = Core {
            frame: Rc::new(frame),
            now: SimTime::ZERO,
            agenda,
            lanes,
            links,
            parcels: Parcels::default(),
            ledgers: SortedMap::new(),
            taken_in: SortedMap::new(),
            stranded: SortedMap::new(),
            postponed: Vec::new(),
            recorder,
            streams,
            disks,
            homes,
            home: Home::NOBODY,
            hits: Hits::of_clocks(&clocks),
            clocks,
            dying: None,
            out_of_messages: false,
            look: 0,
            stretch_end: SimTime::ZERO,
        };
        begin(core, nodes, plan)
    }

    /// The clock of every node.
    fn clocks(&self) -> Vec<NodeClock> {
        let mut clocks = alloc::vec![NodeClock::default(); self.plan.nodes.len()];
        for (node, skew) in &self.plan.clocks {
            clocks[usize::from(node.0)] = NodeClock::new(*skew);
        }
        clocks
    }

    /// The disks that are not ideal.
    fn disks(&self, lanes: &[Lane]) -> Vec<Option<Box<Disk>>> {
        let mut disks = alloc::vec![None; self.plan.nodes.len()];
        for (index, lane) in lanes.iter().enumerate() {
            let node = lane.home.node();
            let NodePlan { name, kind } = match lane.role {
                LaneRole::Disk => &self.plan.nodes[usize::from(node.0)],
                _ => continue,
            };
            let broker = match kind {
                NodeKind::Member(member) => self.plan.nodes[usize::from(member.of.0)].kind.broker(),
                kind => kind.broker(),
            };
            if let Some(plan) = broker.and_then(BrokerPlan::disk) {
                let stream = disk_stream(self.plan.seed, name);
                let disk = Disk::new(plan, node, LaneId(index as u32), stream);
                disks[usize::from(node.0)] = Some(Box::new(disk));
            }
        }
        disks
    }

    /// How large the messages of each source are: what a handler makes of a
    /// message is as large as the messages of the load that it came from.
    fn sizes(&self) -> Vec<Sizes> {
        let mut sizes: Vec<Sizes> = Vec::new();
        for (_, source) in self.sources.iter() {
            let own = match &self.plan.nodes[usize::from(source.node.0)].kind {
                NodeKind::Load(load) => Some(load.size),
                _ => None,
            };
            // Parents stand before what is made of their messages.
            let parent = || {
                source
                    .parent
                    .and_then(|parent| sizes.get(usize::from(parent.0)).copied())
            };
            let size = own.or_else(parent).unwrap_or(Sizes::ZERO);
            sizes.push(size);
        }
        sizes
    }

    /// How long the messages of each source want to be kept back.
    fn delays(&self) -> Vec<Option<Dist>> {
        let delay = |node: NodeId| match &self.plan.nodes[usize::from(node.0)].kind {
            NodeKind::Load(load) => load.delay,
            _ => None,
        };
        self.sources.iter().map(|(_, source)| delay(source.node)).collect()
    }

    fn lanes(&self, nodes: &[AnyNode], homes: &[Home]) -> Vec<Lane> {
        let mut lanes = Vec::new();
        for (index, peers) in self.ports.peers.iter().enumerate() {
            lanes.extend(peers.iter().map(|peer| Lane {
                role: LaneRole::Link,
                home: homes[usize::from(peer.0)],
                port: self.ports.to(*peer, NodeId(index as u16)),
                open: true,
            }));
        }
        for (node, home) in nodes.iter().zip(homes) {
            let timer = Lane {
                role: LaneRole::Timer,
                home: *home,
                port: Port(0),
                open: true,
            };
            lanes.extend((0..node.timer_lanes()).map(|_| timer));
        }
        let with_disks = nodes.iter().zip(homes).filter(|(node, _)| node.disk_user().is_some());
        lanes.extend(with_disks.map(|(_, home)| Lane {
            role: LaneRole::Disk,
            home: *home,
            port: Port(0),
            open: false,
        }));
        lanes.extend([LaneRole::Chance, LaneRole::Commands].map(|role| Lane {
            role,
            home: Home::NOBODY,
            port: Port(0),
            open: false,
        }));
        lanes
    }

    fn links(&self, first_link: &[u32]) -> Vec<Link> {
        let mut links = Vec::new();
        for (index, peers) in self.ports.peers.iter().enumerate() {
            let from = NodeId(index as u16);
            for peer in peers {
                let back = first_link[usize::from(peer.0)] + u32::from(self.ports.to(*peer, from).0);
                let name = |node: NodeId| &self.plan.nodes[usize::from(node.0)].name;
                let stream = Stream::new(self.plan.seed, &format!("{}>{}", name(from), name(*peer)));
                links.push(Link::new(from, *peer, LaneId(back), self.road(from, *peer), stream));
            }
        }
        links
    }
}

/// What of the world belongs to each node; timer lanes follow all links.
fn homes(nodes: &[AnyNode], first_link: &[u32]) -> Vec<Home> {
    let mut first_timer = first_link[nodes.len()];
    let mut homes = Vec::with_capacity(nodes.len());
    for (index, node) in nodes.iter().enumerate() {
        homes.push(Home::new(NodeId(index as u16), first_link[index], first_timer));
        first_timer += u32::from(node.timer_lanes());
    }
    homes
}

/// Nodes up, commands on the agenda, watches in order.
fn begin(core: Core, nodes: Vec<AnyNode>, plan: &Plan) -> World {
    let count = nodes.len();
    let mut watch_starts: Vec<SimTime> = plan.watches.iter().map(|watch| watch.after).collect();
    sort_by(&mut watch_starts, |a, b| b.cmp(a));
    watch_starts.dedup();
    let mut commands = plan.commands.clone();
    // A stable sort: commands of one instant keep their order in the file.
    sort_by_key(&mut commands, |command| command.at);
    let mut world = World {
        core,
        nodes,
        conditions: alloc::vec![Condition::Up; count],
        deaths: alloc::vec![Death::Killed; count],
        held: alloc::vec![VecDeque::new(); count],
        commands: commands.into(),
        given: Vec::new(),
        chance: super::chance::Chance::of(plan),
        payloads: Vec::new(),
        watch_starts,
        actions: 0,
        instant_began: 0,
        hit: None,
        rested: (SimTime::ZERO, 0),
        next_stop: SimTime::ZERO,
    };
    world.await_chance(0);
    let lane = world.commands_lane();
    for (index, command) in world.commands.iter().enumerate() {
        world
            .core
            .agenda
            .push(lane, command.at, Action::Command(index as u32).into());
    }
    world.boot();
    world.find_next_stop();
    world
}
