//! What a RabbitMQ cluster promises, put to random courses of crashes and cuts:
//! a quorum queue never loses a confirmed message as long as no majority of its
//! disks does; what is weaker loses some in the same world.

mod rabbit_world;

use mqlab_brokers::rabbitmq::cluster::{Cluster, Keeping, MemberId, PartitionHandling, Promote};
use mqlab_brokers::rabbitmq::{Config, DeliveryLimit, QueueArguments, QueueConfig, QueueKind, Version};
use mqlab_kernel::Stream;
use mqlab_model::{Crash, MessageId};
use rabbit_world::{World, courses};
use std::collections::BTreeSet;

/// What a course came to.
#[derive(Default)]
struct Outcome {
    faults: u64,
    confirmed: u64,
    /// Confirmed, and nobody ever got them.
    lost: u64,
    /// Somebody got them more than once without being told that it might be so.
    unmarked: u64,
    /// Still in a queue when all is well and consumers have had their time.
    stuck: u64,
    /// Published, and the publisher waits to this day.
    unanswered: u64,
}

impl Outcome {
    fn add(&mut self, other: &Outcome) {
        self.faults += other.faults;
        self.confirmed += other.confirmed;
        self.lost += other.lost;
        self.unmarked += other.unmarked;
        self.stuck += other.stuck;
        self.unanswered += other.unanswered;
    }
}

fn config(kind: QueueKind) -> Config {
    let mut config = Config::new();
    let mut queue = QueueConfig::new("orders");
    config.intern("orders");
    queue.arguments = Some(Box::new(QueueArguments {
        kind,
        // Crashes count towards it, and it is not what this is about.
        delivery_limit: DeliveryLimit::Unlimited,
        ..QueueArguments::default()
    }));
    config.queues.push(queue);
    config
}

fn quorum() -> Cluster {
    Cluster::new(config(QueueKind::Quorum), 3)
}

fn classic() -> Cluster {
    Cluster::new(config(QueueKind::Classic), 3)
}

fn mirrored(promote: Promote) -> Cluster {
    let mut config = config(QueueKind::Classic);
    config.version = Version::new(3, 13);
    let mut cluster = Cluster::new(config, 3);
    cluster.keeping[0] = Keeping::Mirrored {
        master: MemberId(0),
        mirrors: [MemberId(1), MemberId(2)].into(),
        promote,
        is_synced_at_once: false,
    };
    cluster
}

/// What may go wrong.
#[derive(Clone, Copy, PartialEq)]
enum Faults {
    /// Members die, one at a time or several, but for their disks.
    CrashesAndCuts,
    /// Also one disk, once.
    OneDisk,
}

/// Two publishers, at different members, and two consumers, one of which takes
/// its time. A quarter of all that happens is a fault.
fn course(cluster: Cluster, faults: Faults, seed: u64) -> Outcome {
    let mut random = Stream::new(seed, "rabbit promises");
    let mut world = World::new(cluster, [(0, None), (1, None), (2, Some(5)), (1, Some(3))]);
    world.client(3).acks = false;
    world.run_ms(2_000);
    let mut outcome = Outcome::default();
    let mut has_disk_failed = faults != Faults::OneDisk;
    for _ in 0..60 {
        let member = random.below(3) as usize;
        match random.below(16) {
            0..5 => (0..random.below(4)).for_each(|_| _ = world.publish(random.below(2) as usize)),
            5..7 => settle_some(&mut world, &mut random),
            7..9 => world.run_ms(1 + random.below(30)),
            9..11 => world.run_ms(random.below(4_000)),
            11 => {
                outcome.faults += u64::from(world.is_up[member]);
                let crash = if random.below(2) == 0 {
                    Crash::Power
                } else {
                    Crash::Killed
                };
                world.crash(member, crash);
            }
            12 if !has_disk_failed => {
                has_disk_failed = true;
                outcome.faults += 1;
                world.crash(member, Crash::Disk);
            }
            12 | 13 => world.restart(member),
            14 => {
                outcome.faults += 1;
                world.cut(member, (member + 1 + random.below(2) as usize) % 3);
            }
            _ if random.below(8) == 0 => {
                outcome.faults += 1;
                world.isolate(member);
                world.run_ms(70_000);
            }
            _ => world.heal_all(),
        }
    }
    // All is well, and everything that is anywhere is handed out.
    world.heal_all();
    (0..3).for_each(|member| world.restart(member));
    for _ in 0..40 {
        world.client(3).acks = true;
        while !world.client(3).held.is_empty() {
            world.settle(3, 0, None);
        }
        world.run_ms(1_500);
    }
    judge(&mut world, &mut outcome);
    outcome
}

fn settle_some(world: &mut World, random: &mut Stream) {
    let held = world.client(3).held.len() as u64;
    if held > 0 {
        let how = if random.below(4) == 0 { Some(true) } else { None };
        world.settle(3, random.below(held) as usize, how);
    }
}

fn judge(world: &mut World, outcome: &mut Outcome) {
    let mut got = BTreeSet::new();
    for client in [2, 3] {
        got.extend(world.client(client).got.iter().map(|(id, _)| *id));
    }
    outcome.unanswered = (0..2).map(|client| world.client(client).outstanding()).sum();
    outcome.stuck = world
        .leaders()
        .iter()
        .map(|member| world.waiting(*member).len() as u64)
        .sum();
    let mut seen: BTreeSet<MessageId> = BTreeSet::new();
    for (id, redelivered) in &world.client(2).got.clone() {
        outcome.unmarked += u64::from(!seen.insert(*id) && !redelivered);
    }
    for client in [0, 1] {
        let confirmed = &world.client(client).confirmed;
        outcome.confirmed += confirmed.len() as u64;
        outcome.lost += confirmed.iter().filter(|id| !got.contains(id)).count() as u64;
    }
}

fn all(name: &str, count: u64, course: impl Fn(u64) -> Outcome) -> Outcome {
    let mut sum = Outcome::default();
    for seed in 0..count {
        sum.add(&course(seed));
    }
    println!(
        "{name}: {count} courses, {} faults, {} messages confirmed, {} of them lost",
        sum.faults, sum.confirmed, sum.lost
    );
    assert!(
        sum.faults > 2 * count && sum.confirmed > 5 * count,
        "{name}: the courses are too quiet"
    );
    sum
}

#[test]
fn a_quorum_queue_loses_no_confirmed_message() {
    let sum = all("quorum", courses(40), |seed| {
        let outcome = course(quorum(), Faults::CrashesAndCuts, seed);
        assert_eq!(outcome.lost, 0, "course {seed}");
        outcome
    });
    assert_eq!(sum.unmarked, 0);
}

#[test]
fn nor_does_it_when_a_disk_is_lost() {
    all("quorum, a disk lost", courses(40), |seed| {
        let outcome = course(quorum(), Faults::OneDisk, seed);
        assert_eq!(outcome.lost, 0, "course {seed}");
        outcome
    });
}

#[test]
fn nor_does_it_where_minorities_stop_or_one_side_starts_anew() {
    for (name, partition) in [
        ("quorum, pause_minority", PartitionHandling::PauseMinority),
        ("quorum, autoheal", PartitionHandling::Autoheal),
    ] {
        all(name, courses(40) / 2, |seed| {
            let mut cluster = quorum();
            cluster.partition = partition;
            let outcome = course(cluster, Faults::CrashesAndCuts, seed);
            assert_eq!(outcome.lost, 0, "{name}, course {seed}");
            outcome
        });
    }
}

#[test]
fn a_classic_queue_loses_what_was_not_synced() {
    // In most courses nothing is under way to the disk when its node dies.
    let sum = all("classic", courses(200), |seed| {
        course(classic(), Faults::CrashesAndCuts, seed)
    });
    assert!(sum.lost > 0);
}

#[test]
fn a_mirrored_queue_loses_what_a_late_mirror_has_not() {
    let always = all("mirrored, always", courses(40), |seed| {
        course(mirrored(Promote::Always), Faults::CrashesAndCuts, seed)
    });
    assert!(always.lost > 0);
}
