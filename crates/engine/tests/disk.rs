//! Disks: when a message is confirmed, and what of it is left after each kind
//! of crash.

#[expect(dead_code, reason = "the other test files use the rest")]
mod common;

use common::{BROKER, LOAD, QUEUE, SERVICE, Shape, count, ms};
use mqlab_engine::plan::{Command, SenderPlan, Setting, TimedCommand};
use mqlab_engine::{MetricKind, Trace, World};
use mqlab_kernel::{Dist, SimSpan, SimTime};
use mqlab_model::{DiskPlan, FactKind, MessageId, PlaceId};
use proptest::prelude::*;
use std::collections::BTreeSet;

fn span(millis: u64) -> Dist {
    Dist::Constant(SimSpan::from_millis(millis))
}

/// A sync of 5 ms, which covers at most `batch` messages.
fn disk(batch: u64) -> DiskPlan {
    DiskPlan {
        sync: span(5),
        batch: Some(batch),
        interval: SimSpan::from_millis(10),
        ..DiskPlan::IDEAL
    }
}

/// 1,000 messages at 100 ms, which nobody consumes before the end.
fn shape(disk: DiskPlan, synced: bool, commands: &[(u64, Command)]) -> Shape {
    let asleep = TimedCommand {
        at: ms(0),
        command: Command::Crash(SERVICE),
    };
    let timed = commands.iter().map(|(at, command)| TimedCommand {
        at: ms(*at),
        command: command.clone(),
    });
    Shape {
        rate: 0,
        burst: 1_000,
        capacity: 1_000_000,
        work: span(0),
        disk: Some(disk),
        synced,
        commands: [asleep].into_iter().chain(timed).collect(),
        ..Shape::default()
    }
}

fn confirmed(world: &World) -> u64 {
    count(world, MetricKind::Confirmed, Some(PlaceId(LOAD.0)))
}

fn of_broker(world: &World, kind: MetricKind) -> u64 {
    count(world, kind, Some(PlaceId(BROKER.0)))
}

fn run(shape: &Shape, to: SimTime) -> World {
    let mut world = World::new(&shape.plan());
    world.run_until(to, u64::MAX);
    world
}

/// 5 ms a sync: 200 a second one by one, 20,000 a second by the hundred.
#[test]
fn a_confirm_that_waits_for_the_sync_is_as_fast_as_the_sync() {
    let one_by_one = shape(disk(1), true, &[]);
    assert_eq!(confirmed(&run(&one_by_one, ms(1_100))), 200);
    let by_the_hundred = shape(disk(100), true, &[]);
    assert_eq!(confirmed(&run(&by_the_hundred, ms(149))), 900);
    let world = run(&by_the_hundred, ms(150));
    assert_eq!((confirmed(&world), of_broker(&world, MetricKind::Syncs)), (1_000, 10));
    let after_the_write = shape(disk(1), false, &[]);
    let world = run(&after_the_write, ms(100));
    assert_eq!(
        (confirmed(&world), of_broker(&world, MetricKind::Unsynced)),
        (1_000, 1_000)
    );
}

/// What is less than a batch waits for the interval.
#[test]
fn a_batch_that_does_not_fill_is_synced_all_the_same() {
    let few = Shape {
        burst: 250,
        ..shape(disk(100), true, &[])
    };
    assert_eq!(confirmed(&run(&few, ms(114))), 200);
    // The last 50 have waited 10 ms when the second sync ends.
    assert_eq!(confirmed(&run(&few, ms(115))), 250);
    let fewer = Shape {
        burst: 50,
        ..shape(disk(100), true, &[])
    };
    assert_eq!(confirmed(&run(&fewer, ms(114))), 0);
    assert_eq!(confirmed(&run(&fewer, ms(115))), 50);
}

/// At 122 ms four syncs have covered 400 messages, and the fifth is under way.
#[test]
fn each_crash_takes_what_it_takes() {
    let back = (500, Command::Restart(BROKER));
    let awake = (600, Command::Restart(SERVICE));
    for (command, synced, lost, unconfirmed) in [
        (Command::Crash(BROKER), false, 0, 0),
        (Command::Crash(BROKER), true, 0, 0),
        (Command::PowerCut(BROKER), false, 600, 0),
        (Command::PowerCut(BROKER), true, 0, 600),
        (Command::DiskLost(BROKER), false, 1_000, 0),
        (Command::DiskLost(BROKER), true, 400, 600),
    ] {
        let commands = [(122, command.clone()), back.clone(), awake.clone()];
        let world = run(&shape(disk(100), synced, &commands), SimTime::MAX);
        let found = (
            count(&world, MetricKind::Lost, None),
            count(&world, MetricKind::UnconfirmedLost, None),
        );
        assert_eq!(found, (lost, unconfirmed), "{command:?}, synced: {synced}");
        let rows = count(&world, MetricKind::Rows, Some(PlaceId(common::TABLE.0)));
        assert_eq!(rows, 1_000 - lost - unconfirmed, "{command:?}");
        assert_eq!(count(&world, MetricKind::InSystem, Some(QUEUE)), 0);
    }
}

/// What a killed process had written its machine still syncs; a cut of the
/// power before that takes it.
#[test]
fn a_dead_process_leaves_its_pages_to_the_machine() {
    for (cut, lost) in [(123, 600), (131, 400), (300, 0)] {
        let commands = [
            (122, Command::Crash(BROKER)),
            (cut, Command::PowerCut(BROKER)),
            (500, Command::Restart(BROKER)),
            (600, Command::Restart(SERVICE)),
        ];
        let world = run(&shape(disk(100), false, &commands), SimTime::MAX);
        assert_eq!(count(&world, MetricKind::Lost, None), lost, "cut at {cut} ms");
        assert_eq!(count(&world, MetricKind::Deaths, Some(PlaceId(BROKER.0))), 1);
    }
}

/// A write of 1 ms: at 150.5 ms 50 are written.
#[test]
fn what_is_not_written_is_not_confirmed_and_gone_with_the_process() {
    let slow = DiskPlan {
        write: span(1),
        ..DiskPlan::IDEAL
    };
    let commands = [(150, Command::Crash(BROKER)), (500, Command::Restart(BROKER))];
    let shape = shape(slow, false, &commands);
    let world = run(&shape, ms(149));
    assert_eq!((confirmed(&world), of_broker(&world, MetricKind::Unwritten)), (49, 951));
    let world = run(&shape, SimTime::MAX);
    assert_eq!(count(&world, MetricKind::UnconfirmedLost, None), 950);
    assert_eq!(count(&world, MetricKind::Lost, None), 0);
    assert_eq!(count(&world, MetricKind::Ready, Some(QUEUE)), 50);
}

/// The confirm follows the write, or the acknowledgement of the consumer if
/// that comes first.
#[test]
fn an_acknowledged_message_need_not_be_written() {
    let slow = DiskPlan {
        write: span(100),
        ..DiskPlan::IDEAL
    };
    let mut shape = shape(slow, false, &[]);
    shape.commands.clear();
    shape.burst = 3;
    shape.work = span(20);
    // Written at 200, 300 and 400 ms; handled at 120, 140 and 160 ms.
    assert_eq!(confirmed(&run(&shape, ms(119))), 0);
    let world = run(&shape, ms(141));
    assert_eq!(confirmed(&world), 2);
    assert_eq!(confirmed(&run(&shape, ms(161))), 3);
    assert_eq!(of_broker(&run(&shape, SimTime::MAX), MetricKind::Unwritten), 0);
}

/// A disk becomes slow while it is in use, and fast again.
#[test]
fn a_disk_may_become_slow() {
    let sync = |millis| Command::Set {
        node: BROKER,
        setting: Setting::DiskSync(span(millis)),
    };
    let mut shape = shape(disk(1), true, &[(150, sync(50)), (400, sync(5))]);
    shape.disk = None;
    // Ideal until it is told to be otherwise.
    assert_eq!(confirmed(&run(&shape, ms(100))), 1_000);
    shape.disk = Some(disk(1));
    // 10 until 150 ms; the one that begins there ends as it began, at 155 ms.
    // From then on 50 ms each, until the one that ends at 405 ms.
    assert_eq!(confirmed(&run(&shape, ms(150))), 10);
    assert_eq!(confirmed(&run(&shape, ms(399))), 11 + 4);
    assert_eq!(confirmed(&run(&shape, ms(450))), 11 + 5 + 9);
}

/// The disk alarm keeps publishers waiting, and nobody else.
#[test]
fn a_full_disk_blocks_publishers() {
    let commands = [(200, Command::FillDisk(BROKER)), (300, Command::FreeDisk(BROKER))]
        .map(|(at, command)| TimedCommand { at: ms(at), command });
    let shape = Shape {
        rate: 100,
        burst: 20,
        commands: commands.to_vec(),
        ..Shape::default()
    };
    // 20 at 100 ms and 21 until 200 ms; the last of these come from before.
    let world = run(&shape, ms(299));
    assert_eq!(count(&world, MetricKind::Accepted, Some(QUEUE)), 41);
    assert_eq!(confirmed(&world), 41);
    assert_eq!(
        (
            of_broker(&world, MetricKind::Blocked),
            of_broker(&world, MetricKind::Unread)
        ),
        (1, 9)
    );
    assert_eq!(count(&world, MetricKind::InSystem, Some(QUEUE)), 9, "consumers go on");
    let world = run(&shape, ms(300));
    assert_eq!((of_broker(&world, MetricKind::Blocked), confirmed(&world)), (0, 51));
    let world = run(&shape, SimTime::MAX);
    assert_eq!(count(&world, MetricKind::Reordered, None), 0);
    assert_eq!(count(&world, MetricKind::Settled, Some(QUEUE)), 80);
}

/// What is not read when the node dies was never taken, and its sender is told.
#[test]
fn what_waits_at_a_full_disk_is_refused_when_the_node_dies() {
    let commands = [
        (200, Command::FillDisk(BROKER)),
        (255, Command::Crash(BROKER)),
        (305, Command::Restart(BROKER)),
        (405, Command::FreeDisk(BROKER)),
    ]
    .map(|(at, command)| TimedCommand { at: ms(at), command });
    let shape = Shape {
        rate: 100,
        commands: commands.to_vec(),
        ..Shape::default()
    };
    let world = run(&shape, ms(404));
    // 210 to 250 ms unread, 260 to 300 ms no connection: refused. The disk is
    // full still when the node is back.
    assert_eq!(count(&world, MetricKind::Refused, Some(PlaceId(LOAD.0))), 10);
    assert_eq!((of_broker(&world, MetricKind::Unread), confirmed(&world)), (10, 21));
    let world = run(&shape, SimTime::MAX);
    assert_eq!(count(&world, MetricKind::Settled, Some(QUEUE)), 50);
    assert_eq!(count(&world, MetricKind::UnconfirmedLost, None), 0);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: common::cases(100), ..ProptestConfig::default() })]

    /// A publisher with a buffer sends again what is not confirmed, and only that,
    /// whichever confirm overtook which: nothing is missing after a crash.
    #[test]
    fn a_buffer_keeps_what_is_not_confirmed(
        seed in any::<u64>(),
        sync in 10u64..40,
        work in 1_000u64..4_000,
        workers in 2u32..5,
        crash in 100u64..600,
    ) {
        let at = |at, command| TimedCommand { at: ms(at), command };
        let shape = Shape {
            seed,
            rate: 300,
            workers,
            work: Dist::Exponential { mean: SimSpan::from_micros(work) },
            disk: Some(DiskPlan { sync: Dist::Constant(SimSpan::from_millis(sync)), ..DiskPlan::IDEAL }),
            synced: true,
            sender: SenderPlan { window: None, buffer: Some(10_000) },
            commands: vec![
                at(crash, Command::Crash(SERVICE)),
                at(crash, Command::PowerCut(BROKER)),
                at(crash + 1, Command::Restart(SERVICE)),
                at(crash + 100, Command::Restart(BROKER)),
            ],
            ..Shape::default()
        };
        let mut world = World::new(&shape.plan());
        world.set_trace(Some(Trace::new(None, usize::MAX)));
        world.run_until(SimTime::MAX, u64::MAX);
        prop_assert_eq!(count(&world, MetricKind::Lost, None), 0);
        prop_assert_eq!(count(&world, MetricKind::UnconfirmedLost, None), 0);
        let trace = world.trace().expect("the run is traced");
        let written: BTreeSet<MessageId> = trace
            .runs()
            .flat_map(|run| run.iter().collect::<Vec<_>>())
            .filter(|fact| fact.kind == FactKind::Written)
            .map(|fact| fact.message)
            .collect();
        prop_assert_eq!(written.len() as u64, count(&world, MetricKind::Offered, Some(PlaceId(LOAD.0))));
    }
}
