//! What small worlds with a cluster have in common, whatever its family: a load, a
//! service, links, and what goes wrong between them.
#![allow(dead_code, unreachable_pub, clippy::unwrap_used)]

use mqlab_engine::plan::{
    Address, Arrivals, Bounds, Command, ConsumePlan, KeyPlan, Limits, LinkPlan, LoadPlan, NodePlan, Plan,
    PublisherPlan, Segment, SenderPlan, ServicePlan, StepPlan, Target, TimedCommand, Wear, Workers,
};
use mqlab_engine::{Argument, Metric, MetricKind, Value, World};
use mqlab_kernel::{Bytes, Dist, Rate, SimSpan, SimTime, Sizes};
use mqlab_model::{FactKind, NodeId};
use proptest::prelude::ProptestConfig;

pub const LOAD: NodeId = NodeId(0);
pub const CLUSTER: NodeId = NodeId(1);

pub fn ms(millis: u64) -> SimTime {
    SimTime::ZERO + SimSpan::from_millis(millis)
}

pub fn at(millis: u64, command: Command) -> TimedCommand {
    TimedCommand {
        at: ms(millis),
        command,
    }
}

/// A link to the cluster.
pub fn link(a: NodeId, latency: Dist, wear: Wear) -> LinkPlan {
    LinkPlan {
        a,
        b: CLUSTER,
        latency,
        wear,
    }
}

/// A plan with nothing in it but these.
pub fn plan(seed: u64, until_ms: u64, nodes: Vec<NodePlan>, links: Vec<LinkPlan>, commands: Vec<TimedCommand>) -> Plan {
    Plan {
        seed,
        until: ms(until_ms),
        links,
        nodes,
        commands,
        random: None,
        clocks: Vec::new(),
        watches: Vec::new(),
        limits: Limits::default(),
    }
}

/// A load of so many messages of 1 kB a second, from one time to another one.
pub fn load(address: Address, rate: u64, (from_ms, until_ms): (u64, u64), producer: PublisherPlan) -> LoadPlan {
    let segment = |start, rate| Segment {
        start: ms(start),
        rate: Rate::per(rate, SimSpan::from_secs(1)).unwrap(),
    };
    LoadPlan {
        is_timer: false,
        to: Target::Broker {
            broker: CLUSTER,
            address,
        },
        arrivals: Arrivals {
            segments: vec![segment(from_ms, rate), segment(until_ms, 0)],
            ..Arrivals::default()
        },
        users: None,
        sender: SenderPlan::default(),
        bursts: Vec::new(),
        count: None,
        key: KeyPlan::None,
        persistent: true,
        properties: 0,
        mandatory: false,
        confirms: true,
        producer,
        delay: None,
        size: Sizes::constant(Bytes(1000)),
        things: None,
    }
}

/// A service that consumes, and does this with what it gets.
pub fn service(consume: ConsumePlan, workers: u32, steps: Vec<StepPlan>) -> ServicePlan {
    ServicePlan {
        consume: Some(consume),
        producers: Vec::new(),
        workers: Workers::Count(workers),
        scan: None,
        bounds: Bounds::default(),
        merge: None,
        keeps_order: false,
        steps,
        on_failure: None,
    }
}

/// A metric of the whole world.
pub fn whole(world: &World, kind: MetricKind) -> u64 {
    let metric = Metric {
        kind,
        place: None,
        argument: Argument::None,
    };
    match world.metric(&metric) {
        Value::Count(count) => count,
        other => panic!("{kind:?} is {other:?}"),
    }
}

/// How often something happened, anywhere.
pub fn count(world: &World, kind: FactKind) -> u64 {
    world
        .places()
        .iter()
        .map(|(place, _)| world.fact_count(place, kind))
        .sum()
}

/// Something that goes wrong, and for how long; then all is well for a while.
#[derive(Clone, Copy, Debug)]
pub enum Trouble {
    Crash(NodeId),
    Power(NodeId),
    Pause(NodeId),
    Cut(NodeId, NodeId),
}

impl Trouble {
    fn commands(self) -> (Command, Command) {
        match self {
            Trouble::Crash(node) => (Command::Crash(node), Command::Restart(node)),
            Trouble::Power(node) => (Command::PowerCut(node), Command::Restart(node)),
            Trouble::Pause(node) => (Command::Pause(node), Command::Resume(node)),
            Trouble::Cut(a, b) => (Command::Cut { a, b }, Command::Heal { a, b }),
        }
    }
}

/// One after the other, with a minute in between.
pub fn commands(troubles: &[(Trouble, u64)]) -> Vec<TimedCommand> {
    let mut now = 6_000;
    let mut all = Vec::new();
    for (trouble, lasts) in troubles {
        let (begins, ends) = trouble.commands();
        all.push(at(now, begins));
        all.push(at(now + lasts, ends));
        now += lasts + 60_000;
    }
    all
}

/// So many random courses, or `MQLAB_CASES`; they are the same in every run.
pub fn cases(usual: u32, seed: u64) -> ProptestConfig {
    let cases = std::env::var("MQLAB_CASES").ok().and_then(|cases| cases.parse().ok());
    ProptestConfig {
        cases: cases.unwrap_or(usual),
        failure_persistence: None,
        rng_seed: proptest::test_runner::RngSeed::Fixed(seed),
        ..ProptestConfig::default()
    }
}

/// The same run twice: in one go, and cut into stretches and taken over by copies.
pub fn in_one_go_and_in_pieces(plan: &Plan, mut stops: Vec<u64>) -> (World, World) {
    let mut whole = World::new(plan);
    whole.run_until(SimTime::MAX, u64::MAX);
    stops.sort_unstable();
    let mut world = World::new(plan);
    for stop in stops {
        world.run_until(ms(stop), u64::MAX);
        world = world.clone();
    }
    world.run_until(SimTime::MAX, u64::MAX);
    (whole, world)
}
