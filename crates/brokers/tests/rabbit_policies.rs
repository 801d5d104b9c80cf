//! Policies that are set, changed and cleared while members of a cluster die and lose each
//! other: in the end every replica has made the same of its log, and the limit that was
//! set last holds.

mod rabbit_world;

use mqlab_brokers::rabbitmq::cluster::Cluster;
use mqlab_brokers::rabbitmq::{
    AppliesTo, Config, Definition, Pattern, Policies, Policy, PolicyRule, QueueArguments, QueueConfig, QueueId,
    QueueKind,
};
use mqlab_kernel::{SimSpan, Stream};
use mqlab_model::Crash;
use rabbit_world::{World, courses};

/// Most messages that may be left in the end.
const LEAST: u64 = 3;

fn cluster(kind: QueueKind) -> Cluster {
    let mut config = Config::new();
    config.intern("orders");
    let mut queue = QueueConfig::new("orders");
    queue.arguments = Some(Box::new(QueueArguments {
        kind,
        ..QueueArguments::default()
    }));
    config.queues.push(queue);
    let policy = Policy {
        name: "limits".into(),
        applies_to: AppliesTo::Queues,
        priority: 0,
        is_set: true,
        pattern: Pattern {
            queues: vec![QueueId(0)],
            ..Pattern::default()
        },
        definition: Definition::default(),
    };
    let policies = Policies::over(vec![policy], &config.queues, &config.exchanges, |_| false);
    config.policies = Some(Box::new(policies));
    config.follow_policies();
    Cluster::new(config, 3)
}

/// The policy is for the queue, or for nothing.
fn pattern(is_for: bool) -> PolicyRule {
    PolicyRule::Pattern(Box::new(Pattern {
        queues: is_for.then_some(QueueId(0)).into_iter().collect(),
        ..Pattern::default()
    }))
}

fn rule(random: &mut Stream) -> PolicyRule {
    match random.below(7) {
        0 => PolicyRule::On(random.below(2) == 0),
        1 => PolicyRule::MaxLength(None),
        2 => PolicyRule::MessageTtl(Some(SimSpan::from_secs(1 + random.below(30)))),
        3 => PolicyRule::MessageTtl(None),
        4 => pattern(random.below(2) == 0),
        5 => PolicyRule::ApplyTo([AppliesTo::All, AppliesTo::Exchanges][random.below(2) as usize]),
        _ => PolicyRule::MaxLength(Some(LEAST + random.below(10))),
    }
}

#[derive(Default, Debug)]
struct Outcome {
    faults: u64,
    changes: u64,
    confirmed: u64,
    /// What waits where the queue is, before the last limit and after it.
    before: u64,
    after: u64,
}

fn course(kind: QueueKind, seed: u64) -> Outcome {
    let mut random = Stream::new(seed, "rabbit policies");
    let mut world = World::new(cluster(kind), [(0, None), (1, None)]);
    world.run_ms(2_000);
    let mut outcome = Outcome::default();
    for _ in 0..60 {
        let member = random.below(3) as usize;
        match random.below(14) {
            0..5 => (0..random.below(4)).for_each(|_| _ = world.publish(random.below(2) as usize)),
            5 => world.run_ms(1 + random.below(30)),
            6 | 7 => world.run_ms(random.below(4_000)),
            8 | 9 => {
                outcome.changes += 1;
                let rule = rule(&mut random);
                world.set_policy(rule);
            }
            10 => {
                outcome.faults += u64::from(world.is_up[member]);
                world.crash(member, Crash::Killed);
            }
            11 => world.restart(member),
            12 => {
                outcome.faults += 1;
                world.cut(member, (member + 1) % 3);
            }
            _ => world.heal_all(),
        }
    }
    world.heal_all();
    (0..3).for_each(|member| world.restart(member));
    for rule in [
        PolicyRule::On(true),
        pattern(true),
        PolicyRule::ApplyTo(AppliesTo::Queues),
        PolicyRule::MessageTtl(None),
        PolicyRule::MaxLength(None),
    ] {
        world.set_policy(rule);
    }
    world.run_ms(60_000);
    (0..20).for_each(|_| _ = world.publish(0));
    world.run_ms(10_000);
    outcome.before = agreed(&world, kind, seed);
    // The limit comes with the pattern.
    world.set_policy(pattern(false));
    world.set_policy(PolicyRule::MaxLength(Some(LEAST)));
    world.run_ms(10_000);
    assert_eq!(agreed(&world, kind, seed), outcome.before, "course {seed}");
    world.set_policy(pattern(true));
    world.run_ms(10_000);
    outcome.after = agreed(&world, kind, seed);
    outcome.confirmed = (0..2).map(|client| world.client(client).confirmed.len() as u64).sum();
    outcome
}

/// How much waits; all replicas have the same.
fn agreed(world: &World, kind: QueueKind, seed: u64) -> u64 {
    let leaders = world.leaders();
    assert_eq!(leaders.len(), 1, "course {seed}");
    let waiting = world.waiting(leaders[0]);
    for member in (0..3).filter(|_| kind == QueueKind::Quorum) {
        assert_eq!(world.waiting(member), waiting, "course {seed}, member {member}");
    }
    waiting.len() as u64
}

#[test]
fn replicas_make_the_same_of_policies_whatever_goes_wrong() {
    for kind in [QueueKind::Quorum, QueueKind::Classic] {
        let count = courses(40);
        let mut sum = Outcome::default();
        for seed in 0..count {
            let outcome = course(kind, seed);
            assert!(outcome.before >= 20, "course {seed}: {outcome:?}");
            assert_eq!(outcome.after, LEAST, "course {seed}");
            sum.faults += outcome.faults;
            sum.changes += outcome.changes;
            sum.confirmed += outcome.confirmed;
            sum.before += outcome.before;
        }
        println!("{kind:?}: {count} courses, {sum:?}");
        assert!(
            sum.faults > 2 * count && sum.changes > 4 * count,
            "the courses are too quiet"
        );
        // Limits have taken some of what was confirmed on the way.
        assert!(sum.before < sum.confirmed, "{sum:?}");
    }
}
