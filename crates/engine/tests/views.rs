//! What is shown of a queue is what its broker has.

#[expect(dead_code, reason = "the other test files use the rest")]
mod common;

use common::{QUEUE, SERVICE, ms, shapes};
use mqlab_engine::World;
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
}
