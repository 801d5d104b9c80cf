//! What is shown of queues and services is what they have, and a death has a
//! cause.

#[expect(dead_code, reason = "the other test files use the rest")]
mod common;

use common::{BROKER, QUEUE, SERVICE, Shape, TABLE, ms, shapes};
use mqlab_engine::plan::{Command, TimedCommand};
use mqlab_engine::{Status, World};
use mqlab_model::{Death, NodeId};
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig { cases: common::cases(100), ..ProptestConfig::default() })]
    #[test]
    fn a_queue_shows_its_messages_and_consumers(shape in shapes(), at in 0u64..3000) {
        let mut world = World::new(&shape.plan());
        world.run_until(ms(at), u64::MAX);
        let queue = world.queue(QUEUE).expect("the queue is there");
        let unacked: Vec<_> = world.unacked_in(QUEUE).collect();
        let consumers: Vec<_> = world.consumers_of(QUEUE).collect();
        prop_assert_eq!(world.waiting_in(QUEUE).count() as u64, queue.messages_ready);
        prop_assert_eq!(unacked.len() as u64, queue.messages_unacknowledged);
        prop_assert_eq!(consumers.len() as u64, queue.consumers);
        prop_assert!(unacked.iter().all(|delivered| delivered.to == SERVICE));
        prop_assert!(consumers.iter().all(|consumer| consumer.service == SERVICE));
        let by_consumer: u32 = consumers.iter().map(|consumer| consumer.unacked).sum();
        prop_assert_eq!(u64::from(by_consumer), queue.messages_unacknowledged);
    }

    /// Whoever has something in hand is at a step.
    #[test]
    fn every_busy_worker_is_at_a_step(shape in shapes(), at in 0u64..3000) {
        let plan = shape.plan();
        let mut world = World::new(&plan);
        world.run_until(ms(at), u64::MAX);
        let counts = world.at_steps(SERVICE);
        prop_assert_eq!(counts.iter().sum::<u32>() as usize, world.in_hand(SERVICE).len());
        prop_assert!(world.at_steps(TABLE).is_empty());
    }
}

fn status_after(node: NodeId, command: Command, shape: Shape) -> Status {
    let commands = vec![TimedCommand { at: ms(200), command }];
    let mut world = World::new(&Shape { commands, ..shape }.plan());
    world.run_until(ms(300), u64::MAX);
    world.status(node)
}

#[test]
fn a_death_has_a_cause() {
    let of = |node, command| status_after(node, command, Shape::default());
    let dead = |of| Status::Down {
        since: Some(ms(200)),
        of,
    };
    assert_eq!(of(SERVICE, Command::Crash(SERVICE)), dead(Death::Killed));
    assert_eq!(of(BROKER, Command::PowerCut(BROKER)), dead(Death::Power));
    assert_eq!(of(BROKER, Command::DiskLost(BROKER)), dead(Death::Disk));
    assert_eq!(of(SERVICE, Command::Restart(SERVICE)), Status::Up);
}

#[test]
fn a_table_dies_of_overload() {
    let shape = Shape {
        capacity: 10,
        dies: true,
        workers: 50,
        prefetch: 50,
        ..Shape::default()
    };
    let Status::Down { of, .. } = status_after(TABLE, Command::Pause(BROKER), shape) else {
        panic!("a tenth of what is asked is too much");
    };
    assert_eq!(of, Death::Overload);
}
