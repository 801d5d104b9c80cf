//! What a mirrored queue promises while its mirrors change, put to random courses: nothing
//! that was confirmed is lost as long as nobody dies who is the only one to have it and
//! whom somebody else follows.

mod rabbit_world;

use mqlab_brokers::rabbitmq::QueueId;
use mqlab_brokers::rabbitmq::cluster::{Cluster, MirrorRule, MirrorRuleKind, Promote};
use mqlab_kernel::Stream;
use mqlab_model::{Crash, FactKind};
use rabbit_world::{World, courses, mirrored};
use std::collections::BTreeSet;

const QUEUE: QueueId = QueueId(0);

#[derive(Default, Debug)]
struct Outcome {
    faults: u64,
    /// How often the one died who had the queue.
    masters: u64,
    /// How often a mirror took over, and how often the queue was down until it was back.
    taken_over: u64,
    changes: u64,
    confirmed: u64,
    lost: u64,
}

impl Outcome {
    fn add(&mut self, other: &Outcome) {
        self.faults += other.faults;
        self.masters += other.masters;
        self.taken_over += other.taken_over;
        self.changes += other.changes;
        self.confirmed += other.confirmed;
        self.lost += other.lost;
    }
}

fn promote(random: &mut Stream) -> Promote {
    [Promote::Always, Promote::WhenSynced][random.below(2) as usize]
}

fn cluster(random: &mut Stream) -> Cluster {
    let members = 2 + random.below(3) as u8;
    let mirrors = random.below(u64::from(members)) as u8;
    // Drawn only for a queue that has mirrors.
    let promote = match mirrors {
        0 => Promote::default(),
        _ => promote(random),
    };
    mirrored(members, mirrors, promote, mirrors > 0 && random.below(2) == 0)
}

fn rule(random: &mut Stream, members: usize) -> MirrorRule {
    match random.below(4) {
        0 => MirrorRule::Promote(promote(random)),
        1 => MirrorRule::SyncedAtOnce(random.below(2) == 0),
        _ => MirrorRule::Count(random.below(members as u64) as u8),
    }
}

/// Whether the one who has the queue may die without loss.
fn may_die(world: &World, master: usize, crash: Crash, protects: bool) -> bool {
    if !protects {
        return true;
    }
    let up = (0..world.members()).filter(|member| world.is_up[*member] && *member != master);
    let complete = world.member(master).synchronised(QUEUE);
    let heirs = up.filter(|member| complete >> member & 1 != 0).count();
    let group = world.mirrored_among(master);
    let promote = world.member(master).mirror_rule(QUEUE, MirrorRuleKind::Promote);
    let nobody_follows =
        group.is_empty() || group == [master] || promote == Some(MirrorRule::Promote(Promote::WhenSynced));
    // Its disk has everything, or a mirror that takes over.
    heirs > 0 || nobody_follows && crash == Crash::Killed
}

/// Two publishers, and a consumer that takes little as long as things go wrong.
fn course(seed: u64, protects: bool) -> Outcome {
    let mut random = Stream::new(seed, "mirror promises");
    let cluster = cluster(&mut random);
    let members = usize::from(cluster.members);
    let mut world = World::new(cluster, [(0, None), (members - 1, None), (1, Some(1))]);
    world.client(2).acks = false;
    world.run_ms(2_000);
    let mut outcome = Outcome::default();
    for _ in 0..80 {
        let member = random.below(members as u64) as usize;
        match random.below(16) {
            0..5 => (0..random.below(4)).for_each(|_| _ = world.publish(random.below(2) as usize)),
            5 if !world.client(2).held.is_empty() => world.settle(2, 0, None),
            5 | 6 => world.run_ms(1 + random.below(30)),
            7 => world.run_ms(random.below(4_000)),
            8..11 => {
                outcome.changes += 1;
                world.mirror(rule(&mut random, members));
            }
            11..14 => {
                let crash = [Crash::Killed, Crash::Power][random.below(2) as usize];
                let leaders = world.leaders();
                let is_master = leaders == [member];
                if !world.is_up[member] || leaders.len() != 1 || is_master && !may_die(&world, member, crash, protects)
                {
                    continue;
                }
                outcome.faults += 1;
                outcome.masters += u64::from(is_master);
                world.crash(member, crash);
                // By then everybody knows.
                world.run_ms(10);
                outcome.taken_over += u64::from(is_master && !world.leaders().is_empty());
            }
            _ => {
                world.restart(member);
                world.run_ms(10);
            }
        }
    }
    (0..members).for_each(|member| world.restart(member));
    for _ in 0..60 {
        world.client(2).acks = true;
        while !world.client(2).held.is_empty() {
            world.settle(2, 0, None);
        }
        world.run_ms(1_000);
    }
    judge(&mut world, seed, &mut outcome);
    outcome
}

fn judge(world: &mut World, seed: u64, outcome: &mut Outcome) {
    let leaders = world.leaders();
    assert_eq!(leaders.len(), 1, "course {seed}");
    assert_eq!(
        world.waiting(leaders[0]),
        [],
        "course {seed}: it is handed out in the end"
    );
    let Some(MirrorRule::Count(count)) = world.member(leaders[0]).mirror_rule(QUEUE, MirrorRuleKind::Count) else {
        panic!("course {seed}: it is a classic queue");
    };
    let copies = (0..world.members()).filter(|member| world.member(*member).hosts().1 > 0);
    assert_eq!(
        copies.count(),
        1 + usize::from(count),
        "course {seed}: all are there in the end"
    );
    let mut over: BTreeSet<_> = world.client(2).got.iter().map(|(id, _)| *id).collect();
    // What is published for a classic queue whose home is down goes nowhere before 4.2, and
    // is confirmed.
    let nowhere = world.facts.iter().filter(|fact| fact.kind == FactKind::Unroutable);
    over.extend(nowhere.map(|fact| fact.message));
    for client in [0, 1] {
        assert_eq!(world.client(client).outstanding(), 0, "course {seed}: all is answered");
        let confirmed = &world.client(client).confirmed;
        outcome.confirmed += confirmed.len() as u64;
        outcome.lost += confirmed.iter().filter(|id| !over.contains(id)).count() as u64;
    }
}

#[test]
fn what_somebody_has_is_not_lost_however_mirrors_change() {
    let count = courses(200);
    for protects in [true, false] {
        let mut sum = Outcome::default();
        for seed in 0..count {
            let outcome = course(seed, protects);
            assert!(!protects || outcome.lost == 0, "course {seed}: {outcome:?}");
            sum.add(&outcome);
        }
        println!("mirrors that change, {protects}: {count} courses, {sum:?}");
        assert!(
            sum.changes > 5 * count && sum.faults > count,
            "{sum:?}: the courses are too quiet"
        );
        assert!(sum.masters > sum.taken_over && sum.taken_over > count / 4, "{sum:?}");
        // It is a promise that can be broken.
        assert_eq!(sum.lost > 0, !protects, "{sum:?}");
    }
}
