//! The checker judges what our own clients could tell, and the oracle knows
//! what really happened: both have to say the same.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use mqlab_conform::history::{Anomaly, Kind, anomalies, exported};
use mqlab_engine::{Argument, Metric, MetricKind, Trace, Value, World};
use mqlab_kernel::SimTime;
use mqlab_model::{Fact, FactKind};
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::fmt::Write;

/// A small world with one source, one queue and one consumer.
#[derive(Clone, Debug)]
struct Story {
    is_durable: bool,
    is_persistent: bool,
    has_confirms: bool,
    acks_first: bool,
    prefetch: u32,
    workers: u32,
    messages: u32,
    seed: u64,
    /// When, whether it is the broker, and for how long it is down.
    crashes: Vec<(u32, bool, u32)>,
}

fn stories() -> impl Strategy<Value = Story> {
    let crash = (0..3_000_u32, any::<bool>(), 1..400_u32);
    let flags = (any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>());
    let sizes = (0..4_u32, 1..4_u32, 1..60_u32);
    (flags, sizes, any::<u16>(), prop::collection::vec(crash, 0..5)).prop_map(|(flags, sizes, seed, crashes)| Story {
        is_durable: flags.0,
        is_persistent: flags.1,
        has_confirms: flags.2,
        acks_first: flags.3,
        prefetch: sizes.0,
        workers: sizes.1,
        messages: sizes.2,
        seed: seed.into(),
        crashes,
    })
}

impl Story {
    fn text(&self) -> String {
        let work = "{ work = \"exp(40ms)\" }";
        let steps = if self.acks_first {
            format!("\"ack\", {work}")
        } else {
            format!("{work}, \"ack\"")
        };
        let mut text = format!(
            "title = \"t\"\nuntil = \"1h\"\nseed = {}\nlinks.latency = \"2ms\"\n\
             [broker.rabbitmq]\nqueue.orders = {{ durable = {} }}\n\
             [service.worker]\nconsume = {{ queue = \"orders\", prefetch = {} }}\nworkers = {}\nsteps = [{steps}]\n\
             [load.shop]\nto = \"orders\"\nrate = \"25/s\"\narrivals = \"poisson\"\ncount = {}\npersistent = {}\n\
             confirms = {}\n",
            self.seed,
            self.is_durable,
            self.prefetch,
            self.workers,
            self.messages,
            self.is_persistent,
            self.has_confirms,
        );
        for (at, is_broker, length) in &self.crashes {
            let node = if *is_broker { "rabbitmq" } else { "worker" };
            for (time, act) in [(*at, "crash"), (at + length, "restart")] {
                writeln!(text, "[[at]]\ntime = \"{time}ms\"\n{act} = \"{node}\"").unwrap();
            }
        }
        text
    }
}

/// A run of a story: its facts, and what was found.
struct Told {
    found: Vec<Anomaly>,
    facts: Vec<Fact>,
    world: World,
}

fn told(story: &Story) -> Told {
    let (scenario, found) = mqlab_scenario::parse(&story.text());
    let scenario = scenario.unwrap_or_else(|| panic!("{}\n{found:#?}", story.text()));
    let plan = &scenario.variants[0].plan;
    let mut world = World::new(plan);
    world.set_trace(Some(Trace::new(None, 1_000_000)));
    world.run_until(SimTime::MAX, u64::MAX);
    let runs = world.trace().into_iter().flat_map(Trace::runs);
    let facts: Vec<Fact> = runs.flat_map(|run| run.iter().collect::<Vec<_>>()).collect();
    Told {
        found: anomalies(&exported(plan, &facts), false),
        facts,
        world,
    }
}

impl Told {
    fn count(&self, kind: MetricKind) -> u64 {
        let metric = Metric {
            kind,
            place: None,
            argument: Argument::None,
        };
        match self.world.metric(&metric) {
            Value::Count(count) => count,
            other => panic!("{other}"),
        }
    }

    fn of(&self, kind: Kind) -> impl Iterator<Item = &Anomaly> {
        self.found.iter().filter(move |anomaly| anomaly.kind == kind)
    }

    /// Messages whose handling ended well more than once.
    fn handled_again(&self) -> u64 {
        let mut handled: BTreeMap<u64, u64> = BTreeMap::new();
        for fact in self.facts.iter().filter(|fact| fact.kind == FactKind::Handled) {
            *handled.entry(fact.message.number()).or_default() += 1;
        }
        handled.values().filter(|times| **times > 1).count() as u64
    }

    fn unseen(&self) -> u64 {
        let counts = self
            .of(Kind::Unseen)
            .map(|anomaly| anomaly.fields["count"].as_u64().unwrap());
        counts.sum()
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn the_checker_and_the_oracle_agree(story in stories()) {
        let told = told(&story);
        // Acknowledged and seen by nobody, an hour after the last of them.
        prop_assert_eq!(told.unseen(), told.count(MetricKind::Lost));
        // What lies before a message that was read is lost in the narrow
        // sense as well.
        prop_assert!(told.of(Kind::LostWrite).count() as u64 <= told.unseen());
        // Nobody reads what was refused, and nobody here sends anything twice.
        for kind in [Kind::G1a, Kind::Duplicate, Kind::InconsistentOffsets, Kind::PrecommittedRead] {
            prop_assert_eq!(told.of(kind).count(), 0, "{:?}", kind);
        }
        prop_assert_eq!(told.handled_again(), told.count(MetricKind::Duplicated));
        // The consumer goes back where the oracle sees something out of order
        // or twice, and nowhere else.
        let goes_back = told.of(Kind::NonmonotonicPoll).count() > 0;
        let is_disordered = told.count(MetricKind::Reordered) + told.count(MetricKind::Duplicated) > 0;
        prop_assert_eq!(goes_back, is_disordered);
    }
}

/// A story in which each of them has something to say.
fn eventful() -> Story {
    Story {
        is_durable: true,
        is_persistent: false,
        has_confirms: true,
        acks_first: true,
        prefetch: 1,
        workers: 1,
        messages: 50,
        seed: 3,
        crashes: vec![(1_000, true, 100), (1_400, false, 200)],
    }
}

#[test]
fn there_are_losses_to_agree_on() {
    let story = told(&eventful());
    assert!(story.count(MetricKind::Lost) > 0);
    assert!(story.of(Kind::LostWrite).count() > 0, "{:#?}", story.found);
    let careful = Story {
        acks_first: false,
        is_persistent: true,
        ..eventful()
    };
    let story = told(&careful);
    assert_eq!((story.count(MetricKind::Lost), story.unseen()), (0, 0));
}

#[test]
fn a_story_without_crashes_has_nothing_wrong() {
    let calm = Story {
        crashes: Vec::new(),
        ..eventful()
    };
    assert!(told(&calm).found.is_empty(), "{:#?}", told(&calm).found);
}
