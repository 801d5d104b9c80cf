//! What Kafka promises, in random worlds in which one thing after the other goes
//! wrong and comes back.

mod kafka_plan;

use kafka_plan::{
    BROKERS, CONTROLLER, LOAD, SERVICE, Shape, Trouble, acks, cases, commands, count, in_one_go_and_in_pieces, whole,
};
use mqlab_brokers::kafka::Acks;
use mqlab_engine::MetricKind;
use mqlab_kernel::{Dist, SimSpan};
use mqlab_model::{DiskPlan, FactKind};
use proptest::prelude::*;

fn trouble() -> impl Strategy<Value = (Trouble, u64)> {
    let broker = || prop::sample::select(BROKERS.to_vec());
    let anybody = || prop::sample::select([BROKERS.to_vec(), vec![CONTROLLER, SERVICE, LOAD]].concat());
    let kind = prop_oneof![
        3 => broker().prop_map(Trouble::Crash),
        2 => broker().prop_map(Trouble::Power),
        1 => prop::sample::select(vec![CONTROLLER, SERVICE]).prop_map(Trouble::Crash),
        2 => prop::sample::select([BROKERS.to_vec(), vec![CONTROLLER, SERVICE]].concat()).prop_map(Trouble::Pause),
        3 => (anybody(), broker()).prop_map(|(a, b)| Trouble::Cut(a, b)),
    ];
    (kind, 10u64..20_000)
}

fn shape(troubles: &[(Trouble, u64)], acknowledged: Acks) -> Shape {
    Shape {
        rate: 40,
        publishes_ms: 20_000 + 70_000 * troubles.len() as u64,
        producer: acks(acknowledged),
        services: vec![0, 0],
        work: Dist::Constant(SimSpan::from_millis(2)),
        disk: Some(DiskPlan {
            interval: SimSpan::from_millis(500),
            ..DiskPlan::IDEAL
        }),
        commands: commands(troubles),
        until_ms: 400_000 + 80_000 * troubles.len() as u64,
        ..Shape::default()
    }
}

proptest! {
    #![proptest_config(cases(24, 11))]

    /// `acks=all`, two in sync at least, clean elections, idempotence, a commit
    /// after the work: nothing that was confirmed is lost, all of it is handled in
    /// the end, and nothing is handed out that is not there.
    #[test]
    fn what_is_confirmed_is_handled(troubles in prop::collection::vec(trouble(), 1..4)) {
        let world = shape(&troubles, Acks::All).run();
        prop_assert_eq!(whole(&world, MetricKind::Lost), 0);
        prop_assert_eq!(whole(&world, MetricKind::Phantom), 0);
        prop_assert_eq!(whole(&world, MetricKind::Unknown), 0, "all is over in the end");
        let confirmed = count(&world, FactKind::Confirmed);
        prop_assert!(count(&world, FactKind::Handled) >= confirmed);
        prop_assert!(confirmed > 0);
    }

    /// However a run is cut into stretches and taken over by copies, it is the
    /// same run.
    #[test]
    fn a_run_is_the_same_in_one_go_and_in_pieces(
        troubles in prop::collection::vec(trouble(), 1..3),
        stops in prop::collection::vec(0u64..150_000, 1..6),
    ) {
        let shape = shape(&troubles, Acks::Leader);
        let (whole_run, world) = in_one_go_and_in_pieces(&shape.plan(), stops);
        prop_assert_eq!(world.digest(), whole_run.digest());
        prop_assert_eq!(world.facts(), whole_run.facts());
    }
}
