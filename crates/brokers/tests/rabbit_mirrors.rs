//! How a classic queue is mirrored may change while its cluster runs, as with policies of
//! `ha-*` keys: how many mirrors it has, which of them may take over, and what a new one
//! gets.

mod rabbit_world;

use mqlab_brokers::rabbitmq::QueueId;
use mqlab_brokers::rabbitmq::cluster::{MirrorRule, Promote};
use mqlab_model::{Crash, MessageId};
use rabbit_world::{World, mirrored};

/// A queue at the first member, with so many mirrors, and a publisher at the last member.
fn world(members: u8, mirrors: u8, promote: Promote, is_synced_at_once: bool) -> World {
    let cluster = mirrored(members, mirrors, promote, is_synced_at_once);
    let mut world = World::new(cluster, [(usize::from(members) - 1, None), (1, None)]);
    world.run_ms(1_000);
    world
}

/// So many messages are published, and confirmed.
fn published(world: &mut World, count: usize) -> Vec<MessageId> {
    published_by(world, 0, count)
}

/// The same by one of the publishers: that of the last member, or that of the second.
fn published_by(world: &mut World, client: usize, count: usize) -> Vec<MessageId> {
    let before = world.client(client).confirmed.len();
    let sent: Vec<_> = (0..count).map(|_| world.publish(client)).collect();
    world.run_ms(1_000);
    assert_eq!(world.client(client).confirmed[before..], sent);
    sent
}

fn after_the_first_died(world: &mut World) -> Vec<usize> {
    world.crash(0, Crash::Killed);
    world.run_ms(1_000);
    world.leaders()
}

fn copies_here(world: &World) -> Vec<usize> {
    let members = 0..world.members();
    members.filter(|own| world.member(*own).hosts().1 > 0).collect()
}

#[test]
fn a_new_mirror_has_what_comes_from_then_on() {
    let mut world = world(3, 1, Promote::Always, false);
    published(&mut world, 3);
    world.mirror(MirrorRule::Count(2));
    world.run_ms(1_000);
    assert_eq!(world.mirrored_among(1), [0, 1, 2]);
    assert_eq!(world.member(0).synchronised(QueueId(0)), 0b010);
    let late = published(&mut world, 2);
    // Of two mirrors the one goes that has everything, and then the master.
    world.crash(1, Crash::Killed);
    world.run_ms(1_000);
    assert_eq!(after_the_first_died(&mut world), [2]);
    assert_eq!(world.waiting(2), late, "what was there before is lost");
}

#[test]
fn a_new_mirror_is_copied_everything_where_that_is_automatic() {
    let mut world = world(3, 1, Promote::WhenSynced, true);
    let first = published(&mut world, 3);
    world.mirror(MirrorRule::Count(2));
    world.run_ms(1_000);
    assert_eq!(world.member(0).synchronised(QueueId(0)), 0b110);
    world.crash(1, Crash::Killed);
    world.run_ms(1_000);
    assert_eq!(after_the_first_died(&mut world), [2]);
    assert_eq!(world.waiting(2), first);
}

#[test]
fn mirrors_that_are_too_many_drop_their_copy_and_the_master_stays() {
    let mut world = world(4, 3, Promote::Always, false);
    let first = published(&mut world, 3);
    world.mirror(MirrorRule::Count(1));
    world.run_ms(1_000);
    assert_eq!(world.leaders(), [0]);
    assert_eq!(copies_here(&world), [0, 1], "the oldest stays");
    let before = world.copies();
    published(&mut world, 2);
    assert_eq!(world.copies() - before, 4, "to the master, and to one mirror");
    // Whoever has lost its copy does not take over.
    world.mirror(MirrorRule::Count(0));
    world.run_ms(1_000);
    assert_eq!(copies_here(&world), [0]);
    assert_eq!(after_the_first_died(&mut world), [] as [usize; 0]);
    let refused = world.publish(0);
    world.run_ms(1_000);
    assert!(!world.client(0).confirmed[5..].is_empty() || world.client(0).refused.contains(&refused));
    world.restart(0);
    world.run_ms(1_000);
    assert_eq!(world.leaders(), [0], "it waits for nobody, like any classic queue");
    assert_eq!(world.waiting(0)[..3], first);
}

/// The master is where it was taken over, and stays there.
#[test]
fn the_master_stays_where_it_is_when_there_are_less() {
    let mut world = world(3, 2, Promote::Always, false);
    let first = published(&mut world, 3);
    assert_eq!(after_the_first_died(&mut world), [1]);
    world.mirror(MirrorRule::Count(0));
    world.run_ms(1_000);
    world.restart(0);
    world.run_ms(3_000);
    assert_eq!((world.leaders(), copies_here(&world)), (vec![1], vec![1]));
    assert_eq!(world.waiting(1), first);
    world.mirror(MirrorRule::Count(1));
    world.run_ms(1_000);
    assert_eq!(copies_here(&world), [1, 2], "the next in turn");
}

#[test]
fn a_queue_without_mirrors_may_get_some() {
    let mut world = world(3, 0, Promote::Always, false);
    let first = published(&mut world, 3);
    assert_eq!(world.mirrored_among(0), [] as [usize; 0]);
    world.mirror(MirrorRule::SyncedAtOnce(true));
    world.mirror(MirrorRule::Count(2));
    world.run_ms(1_000);
    assert_eq!(copies_here(&world), [0, 1, 2]);
    assert_eq!(after_the_first_died(&mut world), [1]);
    assert_eq!(world.waiting(1), first);
    published(&mut world, 1);
    world.restart(0);
    world.run_ms(1_000);
    assert_eq!(copies_here(&world), [0, 1, 2], "who comes back is a mirror again");
}

/// One that is down with its home when it is to have mirrors has them as soon as it is back.
#[test]
fn who_was_away_follows_when_it_comes_back() {
    let mut world = world(3, 0, Promote::Always, false);
    let first = published(&mut world, 3);
    assert_eq!(after_the_first_died(&mut world), [] as [usize; 0]);
    world.mirror(MirrorRule::Count(2));
    world.run_ms(1_000);
    world.restart(0);
    world.run_ms(1_000);
    assert_eq!((world.leaders(), copies_here(&world)), (vec![0], vec![0, 1, 2]));
    assert_eq!(world.waiting(0), first);
}

/// Who is away when a queue gets its first mirror hears of the master that there is by then.
#[test]
fn who_was_away_when_it_began_follows_a_later_master() {
    let mut world = world(3, 0, Promote::Always, false);
    world.crash(2, Crash::Killed);
    world.run_ms(1_000);
    world.mirror(MirrorRule::Count(1));
    world.run_ms(1_000);
    assert_eq!(after_the_first_died(&mut world), [1]);
    world.restart(0);
    world.run_ms(1_000);
    world.mirror(MirrorRule::Count(2));
    world.restart(2);
    world.run_ms(10_000);
    assert_eq!(copies_here(&world), [0, 1, 2]);
}

/// Everybody is down, and comes back at once: the one takes it up again who had it last.
#[test]
fn the_last_master_takes_it_up_again() {
    let mut world = world(3, 2, Promote::Always, false);
    world.crash(2, Crash::Killed);
    world.run_ms(1_000);
    assert_eq!(after_the_first_died(&mut world), [1]);
    let late = published_by(&mut world, 1, 3);
    world.crash(1, Crash::Killed);
    world.run_ms(1_000);
    (0..3).for_each(|member| world.restart(member));
    world.run_ms(10_000);
    assert_eq!((world.leaders(), copies_here(&world)), (vec![1], vec![0, 1, 2]));
    assert_eq!(world.waiting(1), late);
}

/// Who had it before somebody else did does not take it up, also not where all are there
/// who were when it went down: they know of the later one.
#[test]
fn an_earlier_master_waits_for_the_last_one() {
    let mut world = world(3, 2, Promote::WhenSynced, false);
    world.crash(2, Crash::Killed);
    world.run_ms(1_000);
    assert_eq!(after_the_first_died(&mut world), [1]);
    world.restart(2);
    world.run_ms(1_000);
    let late = published_by(&mut world, 1, 3);
    world.crash(1, Crash::Killed);
    world.run_ms(1_000);
    assert_eq!(world.leaders(), [2]);
    world.restart(1);
    world.run_ms(1_000);
    world.crash(2, Crash::Killed);
    world.run_ms(1_000);
    world.restart(0);
    world.run_ms(10_000);
    assert_eq!(world.leaders(), [] as [usize; 0]);
    world.restart(2);
    world.run_ms(10_000);
    assert_eq!((world.leaders(), world.waiting(2)), (vec![2], late));
}

#[test]
fn members_that_are_there_come_before_those_that_are_not() {
    let mut world = world(4, 0, Promote::Always, false);
    world.crash(1, Crash::Killed);
    world.run_ms(1_000);
    world.mirror(MirrorRule::Count(2));
    world.run_ms(1_000);
    assert_eq!(copies_here(&world), [0, 2, 3]);
    world.mirror(MirrorRule::Count(3));
    world.run_ms(1_000);
    world.restart(1);
    world.run_ms(1_000);
    assert_eq!(copies_here(&world), [0, 1, 2, 3]);
}

#[test]
fn a_mirror_that_lags_gets_the_rest_when_that_becomes_automatic() {
    let mut world = world(2, 1, Promote::WhenSynced, false);
    let first = published(&mut world, 3);
    world.crash(1, Crash::Killed);
    world.run_ms(100);
    world.restart(1);
    world.run_ms(1_000);
    let late = published(&mut world, 2);
    assert_eq!(world.member(0).synchronised(QueueId(0)), 0);
    world.mirror(MirrorRule::SyncedAtOnce(true));
    world.run_ms(1_000);
    assert_eq!(world.member(0).synchronised(QueueId(0)), 0b10);
    assert_eq!(after_the_first_died(&mut world), [1]);
    assert_eq!(world.waiting(1), [first, late].concat());
}

#[test]
fn which_mirror_may_take_over_is_asked_when_the_master_dies() {
    for (promote, heirs) in [(Promote::Always, vec![1]), (Promote::WhenSynced, vec![])] {
        let other = match promote {
            Promote::Always => Promote::WhenSynced,
            Promote::WhenSynced => Promote::Always,
        };
        let mut world = world(3, 0, Promote::Always, false);
        world.mirror(MirrorRule::Promote(other));
        published(&mut world, 3);
        world.mirror(MirrorRule::Count(1));
        world.run_ms(1_000);
        world.mirror(MirrorRule::Promote(promote));
        assert_eq!(after_the_first_died(&mut world), heirs);
        // Mirrors that did not take over have stopped.
        world.mirror(MirrorRule::Promote(Promote::Always));
        let late = world.publish(0);
        world.run_ms(1_000);
        assert_eq!(world.leaders(), heirs);
        assert_eq!(world.client(0).confirmed.contains(&late), !heirs.is_empty());
        assert_eq!(world.client(0).refused.contains(&late), heirs.is_empty());
    }
}

/// Answers do not wait for a mirror that is none any more, also not when it is one again.
#[test]
fn a_mirror_that_goes_and_comes_keeps_nobody_waiting() {
    let mut world = world(3, 2, Promote::Always, false);
    published(&mut world, 3);
    let sent: Vec<_> = (0..20).map(|_| world.publish(0)).collect();
    world.run_ms(3);
    world.mirror(MirrorRule::Count(1));
    world.mirror(MirrorRule::Count(2));
    world.run_ms(1_000);
    assert_eq!(world.client(0).confirmed[3..], sent);
    assert_eq!(copies_here(&world), [0, 1, 2]);
}
