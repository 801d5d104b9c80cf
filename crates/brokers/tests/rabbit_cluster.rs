//! What members of a RabbitMQ cluster do together.

mod rabbit_world;

use mqlab_brokers::rabbitmq::cluster::{Cluster, Keeping, MemberId, PartitionHandling, Promote};
use mqlab_brokers::rabbitmq::{Config, QueueArguments, QueueConfig, QueueId, QueueKind, Version};
use mqlab_model::Crash;
use rabbit_world::World;

fn config(kind: QueueKind) -> Config {
    let mut config = Config::new();
    let mut queue = QueueConfig::new("orders");
    config.intern("orders");
    if kind == QueueKind::Quorum {
        queue.arguments = Some(Box::new(QueueArguments {
            kind,
            ..QueueArguments::default()
        }));
    }
    config.queues.push(queue);
    config
}

fn classic(members: u8) -> Cluster {
    Cluster::new(config(QueueKind::Classic), members)
}

fn quorum(members: u8) -> Cluster {
    Cluster::new(config(QueueKind::Quorum), members)
}

fn mirrored(members: u8, promote: Promote, is_synced_at_once: bool) -> Cluster {
    let mut config = config(QueueKind::Classic);
    config.version = Version::new(3, 13);
    let mut cluster = Cluster::new(config, members);
    cluster.keeping[0] = Keeping::Mirrored {
        master: MemberId(0),
        mirrors: (1..members).map(MemberId).collect(),
        promote,
        is_synced_at_once,
    };
    cluster
}

/// A publisher and a consumer at different members.
const APPS: [(usize, Option<u32>); 2] = [(1, None), (2, Some(10))];

/// As long as the disk of one member is close to full, whichever it is, nobody reads
/// from who publishes; consumers go on.
#[test]
fn the_alarm_of_one_member_is_that_of_all() {
    let mut world = World::new(classic(3), APPS);
    world.run_ms(5_000);
    world.client(1).acks = false;
    world.publish(0);
    world.run_ms(100);
    world.alarm(0, true);
    world.run_ms(100);
    let late = world.publish(0);
    world.settle(1, 0, Some(true));
    world.run_ms(5_000);
    assert_eq!(world.member(1).blocked(), (1, 1));
    assert_eq!(world.client(0).confirmed.len(), 1);
    assert_eq!(world.client(1).got.len(), 2, "it came back, and out again");
    world.alarm(0, false);
    world.run_ms(100);
    assert_eq!(world.member(1).blocked(), (0, 0));
    assert_eq!(world.client(0).confirmed.last(), Some(&late));
    // Who is down has no alarm.
    world.alarm(0, true);
    world.run_ms(100);
    world.publish(0);
    world.run_ms(100);
    assert_eq!(world.member(1).blocked(), (1, 1));
    world.crash(0, Crash::Killed);
    world.run_ms(100);
    assert_eq!(world.member(1).blocked(), (0, 0));
}

#[test]
fn a_client_may_be_connected_to_any_member() {
    for cluster in [classic(3), quorum(3), mirrored(3, Promote::Always, false)] {
        let mut world = World::new(cluster, APPS);
        world.run_ms(5_000);
        let sent: Vec<_> = (0..20).map(|_| world.publish(0)).collect();
        world.run_ms(1_000);
        assert_eq!(world.client(0).confirmed, sent);
        let got: Vec<_> = world.client(1).got.iter().map(|(id, _)| *id).collect();
        assert_eq!(got, sent, "in their order");
        let leader = world.leaders()[0];
        assert_eq!(world.member(leader).level(QueueId(0)), Some((0, 0, 1)));
    }
}

/// Whoever acknowledges many names the last of them: a tag that is settled, or was never
/// there, closes the channel (`rabbit_channel:collect_acks`), and what it had comes again.
#[test]
fn several_are_acknowledged_up_to_one_that_is_outstanding() {
    for cluster in [classic(3), quorum(3), mirrored(3, Promote::Always, false)] {
        for wrong in [3, 9] {
            let mut world = World::new(cluster.clone(), APPS);
            world.client(1).acks = false;
            world.run_ms(5_000);
            let sent: Vec<_> = (0..5).map(|_| world.publish(0)).collect();
            world.run_ms(1_000);
            world.ack_up_to(1, 3);
            world.run_ms(100);
            let leader = world.leaders()[0];
            assert_eq!(world.member(leader).level(QueueId(0)), Some((0, 2, 1)));
            assert!(world.client(1).codes.is_empty());
            world.client(1).got.clear();
            world.ack_up_to(1, wrong);
            world.run_ms(3_000);
            assert_eq!(world.client(1).codes, [406]);
            let again: Vec<_> = sent[3..].iter().map(|id| (*id, true)).collect();
            assert_eq!(world.client(1).got, again);
            // All that is outstanding may be nothing.
            world.ack_up_to(1, 0);
            world.ack_up_to(1, 0);
            world.run_ms(1_000);
            assert_eq!(world.client(1).codes, [406]);
            assert_eq!(world.member(leader).level(QueueId(0)), Some((0, 0, 1)));
        }
    }
}

#[test]
fn a_classic_queue_is_down_with_its_home() {
    let mut world = World::new(classic(3), APPS);
    world.client(1).acks = false;
    world.run_ms(1_000);
    let kept: Vec<_> = (0..5).map(|_| world.publish(0)).collect();
    world.run_ms(100);
    world.crash(0, Crash::Killed);
    world.run_ms(100);
    assert_eq!(world.client(1).cancels, 1, "consumers hear of it");
    let lost = world.publish(0);
    world.run_ms(1_000);
    assert_eq!(world.client(0).refused, [lost], "publishers too");
    assert!(
        world.client(1).codes.contains(&404),
        "home node is down or inaccessible"
    );
    world.client(1).acks = true;
    world.client(1).got.clear();
    world.restart(0);
    world.run_ms(1_000);
    let got: Vec<_> = world.client(1).got.iter().map(|(id, _)| *id).collect();
    assert_eq!(got, kept, "what was in it is there again");
}

#[test]
fn a_message_for_a_home_that_is_down_is_refused_or_goes_nowhere() {
    for (version, is_confirmed) in [(Version::new(4, 2), false), (Version::new(4, 1), true)] {
        let mut cluster = classic(3);
        cluster.config.version = version;
        let mut world = World::new(cluster, APPS);
        world.run_ms(1_000);
        world.crash(0, Crash::Killed);
        world.run_ms(100);
        let sent = world.publish(0);
        world.run_ms(100);
        assert_eq!(world.client(0).confirmed.contains(&sent), is_confirmed);
        assert_eq!(world.client(0).refused.contains(&sent), !is_confirmed);
        world.restart(0);
        world.run_ms(2_000);
        assert!(world.client(1).got.is_empty());
    }
}

#[test]
fn a_quorum_queue_survives_its_leader() {
    let mut world = World::new(quorum(3), APPS);
    world.client(1).acks = false;
    world.run_ms(3_000);
    let first: Vec<_> = (0..5).map(|_| world.publish(0)).collect();
    world.run_ms(200);
    let leader = world.leaders()[0];
    world.crash(leader, Crash::Power);
    let second = world.publish(0);
    world.run_ms(5_000);
    let after = world.leaders();
    assert!(after.len() == 1 && after[0] != leader);
    if leader == 1 {
        return;
    }
    assert!(world.client(0).confirmed.starts_with(&first));
    assert!(world.client(0).confirmed.contains(&second), "it was asked for again");
    if leader != 2 {
        let got: Vec<_> = world.client(1).got.iter().map(|(id, _)| *id).collect();
        assert_eq!(
            got,
            [first, vec![second]].concat(),
            "each once: the consumer did not fail"
        );
    }
}

#[test]
fn a_minority_confirms_nothing_until_it_is_more() {
    let mut world = World::new(quorum(3), APPS);
    world.run_ms(3_000);
    world.crash(0, Crash::Killed);
    world.crash(2, Crash::Killed);
    world.run_ms(2_000);
    let waits = world.publish(0);
    world.run_ms(20_000);
    assert!(world.client(0).confirmed.is_empty() && world.client(0).refused.is_empty());
    world.restart(0);
    world.run_ms(10_000);
    assert_eq!(world.client(0).confirmed, [waits]);
}

#[test]
fn what_a_consumer_has_goes_to_another_when_its_member_dies() {
    let mut world = World::new(quorum(5), [(1, None), (2, Some(10)), (3, Some(10))]);
    world.client(1).acks = false;
    world.client(2).acks = false;
    world.run_ms(3_000);
    (0..10).for_each(|_| _ = world.publish(0));
    world.run_ms(200);
    let first: Vec<_> = world.client(1).got.iter().map(|(id, _)| *id).collect();
    assert_eq!(first.len(), 5);
    world.client(2).acks = true;
    world.crash(2, Crash::Killed);
    world.run_ms(10_000);
    let again: Vec<_> = world
        .client(2)
        .got
        .iter()
        .filter(|(_, redelivered)| *redelivered)
        .collect();
    assert_eq!(again.iter().map(|(id, _)| *id).collect::<Vec<_>>(), first);
}

#[test]
fn a_mirror_that_has_everything_takes_over() {
    let mut world = World::new(mirrored(3, Promote::Always, false), APPS);
    world.client(1).acks = false;
    world.run_ms(1_000);
    let sent: Vec<_> = (0..5).map(|_| world.publish(0)).collect();
    world.run_ms(100);
    assert_eq!(world.client(0).confirmed, sent);
    world.crash(0, Crash::Power);
    world.run_ms(1_000);
    assert_eq!(world.leaders(), [1], "the oldest");
    world.client(1).acks = true;
    let more = world.publish(0);
    world.run_ms(1_000);
    let got: Vec<_> = world.client(1).got.iter().map(|(id, _)| *id).collect();
    assert_eq!(
        got,
        [sent.clone(), sent, vec![more]].concat(),
        "what was out comes again"
    );
    assert!(world.client(0).confirmed.contains(&more));
}

/// The master is joined by a mirror that was away, and dies; what was in the
/// queue before.
fn with_a_late_mirror(promote: Promote, is_synced_at_once: bool) -> (World, usize) {
    let mut world = World::new(mirrored(2, promote, is_synced_at_once), [(1, None), (1, None)]);
    world.run_ms(1_000);
    world.crash(1, Crash::Killed);
    world.restart(1);
    world.run_ms(1_000);
    let world_before = (0..3).map(|_| world.publish(0)).count();
    world.run_ms(100);
    world.crash(1, Crash::Killed);
    world.run_ms(100);
    world.restart(1);
    world.run_ms(1_000);
    world.crash(0, Crash::Killed);
    world.run_ms(1_000);
    (world, world_before)
}

#[test]
fn a_mirror_that_came_late_loses_what_was_there_before() {
    let (world, _) = with_a_late_mirror(Promote::Always, false);
    assert_eq!(world.leaders(), [1]);
    assert_eq!(world.waiting(1), [], "everything is lost");
    let (world, before) = with_a_late_mirror(Promote::Always, true);
    assert_eq!(world.leaders(), [1]);
    assert_eq!(world.waiting(1).len(), before, "it was copied");
}

#[test]
fn rather_no_queue_than_one_that_has_lost_something() {
    let (mut world, before) = with_a_late_mirror(Promote::WhenSynced, false);
    assert_eq!(world.leaders(), [] as [usize; 0]);
    let refused = world.publish(0);
    world.run_ms(100);
    assert!(world.client(0).refused.contains(&refused));
    world.restart(0);
    world.run_ms(5_000);
    assert_eq!(world.leaders(), [0]);
    assert_eq!(world.waiting(0).len(), before);
}

#[test]
fn who_reaches_a_minority_stops() {
    let mut cluster = quorum(3);
    cluster.partition = PartitionHandling::PauseMinority;
    let mut world = World::new(cluster, APPS);
    world.run_ms(3_000);
    world.isolate(1);
    world.run_ms(70_000);
    assert!(world.member(1).view().is_paused);
    assert!(!world.member(0).view().is_paused && !world.member(2).view().is_paused);
    assert!(world.client(0).codes.contains(&320), "its clients are turned away");
    world.heal_all();
    world.run_ms(10_000);
    assert!(!world.member(1).view().is_paused);
    let sent = world.publish(0);
    world.run_ms(1_000);
    assert!(world.client(0).confirmed.contains(&sent));
}

/// A mirrored queue whose master is cut off from the rest, and what was
/// confirmed on either side.
fn split(partition: PartitionHandling) -> (World, usize, usize) {
    let mut cluster = mirrored(3, Promote::Always, false);
    cluster.partition = partition;
    let mut world = World::new(cluster, [(0, None), (2, None), (2, None)]);
    world.run_ms(1_000);
    world.isolate(0);
    world.run_ms(90_000);
    (0..3).for_each(|_| _ = world.publish(0));
    (0..4).for_each(|_| _ = world.publish(1));
    world.run_ms(2_000);
    let confirmed = (world.client(0).confirmed.len(), world.client(1).confirmed.len());
    (world, confirmed.0, confirmed.1)
}

#[test]
fn both_sides_go_on_and_stay_apart() {
    let (mut world, one, other) = split(PartitionHandling::Ignore);
    assert_eq!((one, other), (3, 4), "both confirm");
    assert_eq!(world.leaders(), [0, 1]);
    world.heal_all();
    world.run_ms(10_000);
    assert_eq!(world.leaders(), [0, 1]);
    assert_eq!((world.waiting(0).len(), world.waiting(1).len()), (3, 4));
}

#[test]
fn the_side_that_starts_anew_loses_what_it_has_confirmed() {
    let (mut world, one, other) = split(PartitionHandling::Autoheal);
    assert_eq!((one, other), (3, 4));
    world.heal_all();
    world.run_ms(10_000);
    assert_eq!(world.leaders(), [1], "more clients are on that side");
    assert_eq!(world.waiting(1).len(), 4);
    let (_, one, other) = split(PartitionHandling::PauseMinority);
    assert_eq!((one, other), (0, 4), "who has stopped confirms nothing");
}

#[test]
fn every_copy_of_a_message_is_sent_once() {
    // Publisher at the master, nobody consumes: n members, n - 1 copies.
    for (members, mirrors) in [(1, 0), (2, 1), (3, 2), (5, 4)] {
        let mut world = World::new(mirrored(members, Promote::Always, false), [(0, None)]);
        world.run_ms(1_000);
        (0..10).for_each(|_| _ = world.publish(0));
        world.run_ms(1_000);
        assert_eq!(world.copies(), 10 * mirrors);
        assert_eq!(world.client(0).confirmed.len(), 10);
    }
    let mut world = World::new(classic(5), [(0, None)]);
    world.run_ms(1_000);
    (0..10).for_each(|_| _ = world.publish(0));
    world.run_ms(1_000);
    assert_eq!(world.copies(), 0);
}
