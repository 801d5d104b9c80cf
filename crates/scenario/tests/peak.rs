//! The largest backlog is that of all instants, however a run is cut.

use mqlab_engine::{Argument, Metric, MetricKind, PlaceKind, Value, World};
use mqlab_kernel::SimTime;
use mqlab_model::PlaceId;
use mqlab_scenario::parse;

/// Bursts, random work, deaths that give messages back, and calls that fail.
const TEXTS: [&str; 4] = [
    // Publishes and work in turns: the way without packets.
    r#"
        until = "3s"
        broker.rabbitmq.queue.orders = {}
        load.shop = { to = "orders", rate = "300/s", arrivals = "poisson", burst = [["1s", 40], ["2s", 90]] }
        service.worker = { consume = { queue = "orders", prefetch = 1 }, steps = [{ work = "exp(3ms)" }, "ack"] }
    "#,
    // Everything that was begun goes back when the worker dies.
    r#"
        until = "3s"
        broker.rabbitmq.queue.orders = {}
        load.shop = { to = "orders", rate = "500/s", burst = [["1s", 40]] }
        service.worker = { workers = 20, consume = { queue = "orders", prefetch = 50 }, steps = [{ work = "uniform(5ms, 60ms)" }, "ack"] }
        [faults.random]
        stop = "2.5s"
        crash = { rate = "3/s", lasts = "exp(100ms)" }
        cut = { rate = "1/s", lasts = "50ms" }
    "#,
    // Links with a delay, and no requests in a row.
    r#"
        until = "3s"
        broker.rabbitmq.queue = { orders = {}, mails = {} }
        links.latency = "uniform(1ms, 4ms)"
        load.shop = { to = "orders", each = 5, rate = "200/s" }
        service.worker = { workers = 2, consume = { queue = "orders" }, steps = [{ work = "exp(4ms)" }, { publish = "mails" }, "ack"] }
        service.mailer = { workers = 3, consume = { queue = "mails" }, steps = [{ work = "exp(6ms)" }, { fail = "10%" }, "ack"] }
    "#,
    r#"
        until = "3s"
        load.shop = { to = "handler", rate = "200/s", arrivals = "poisson" }
        service.handler = { workers = 2, queue = 30, steps = [{ work = "exp(10ms)" }] }
    "#,
];

fn count(world: &World, kind: MetricKind, place: PlaceId) -> Value {
    world.metric(&Metric {
        kind,
        place: Some(place),
        argument: Argument::None,
    })
}

#[test]
fn the_peak_is_the_largest_backlog_of_any_instant() {
    for text in TEXTS {
        let (scenario, found) = parse(&format!("title = \"t\"\n{text}"));
        let plan = &scenario.unwrap_or_else(|| panic!("{found:#?}")).variants[0].plan;
        let mut whole = World::new(plan);
        whole.run_until(SimTime::MAX, u64::MAX);
        let is_inlet = |kind| matches!(kind, PlaceKind::Queue | PlaceKind::Calls);
        let inlets = whole.places().iter().filter(|(_, place)| is_inlet(place.kind));
        for (inlet, place) in inlets {
            if count(&whole, MetricKind::Accepted, inlet) == Value::Count(0) {
                continue;
            }
            let mut stepped = World::new(plan);
            let mut naive = (0, SimTime::ZERO);
            let mut next = Some(SimTime::ZERO);
            while let Some(at) = next {
                stepped.run_until(at, u64::MAX);
                if let Value::Count(backlog) = count(&stepped, MetricKind::Backlog, inlet)
                    && backlog > naive.0
                {
                    naive = (backlog, stepped.now());
                }
                let so_far = count(&stepped, MetricKind::PeakBacklog, inlet);
                assert_eq!(so_far, Value::Count(naive.0), "{} at {}", place.name, stepped.now());
                next = stepped.next_time();
            }
            assert!(naive.0 > 1, "{} never has a backlog", place.name);
            assert_eq!(count(&whole, MetricKind::PeakBacklog, inlet), Value::Count(naive.0));
            assert_eq!(count(&whole, MetricKind::PeakBacklogAt, inlet), Value::Time(naive.1));
        }
    }
}
