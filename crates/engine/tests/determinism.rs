//! The same plan is the same run: twice, cut anywhere, resumed from anywhere,
//! watched or not.

#[expect(dead_code, reason = "the other test file uses the rest")]
mod common;

use common::{LOAD, SERVICE, Shape, ms, shapes};
use mqlab_engine::plan::{Command, NodeKind, Setting, StepPlan, TimedCommand, Workers};
use mqlab_engine::{FactRun, History, Outcome, Trace, World};
use mqlab_kernel::{Dist, SimTime};
use proptest::prelude::*;

fn finished(shape: &Shape) -> World {
    let mut world = World::new(&shape.plan());
    assert_eq!(world.run_until(SimTime::MAX, u64::MAX), Outcome::Ended);
    world
}

proptest! {
    #![proptest_config(ProptestConfig { cases: common::cases(150), ..ProptestConfig::default() })]
    #[test]
    fn a_run_may_be_cut_anywhere(shape in shapes(), budget in 1u64..40, stops in proptest::collection::vec(0u64..3000, 0..5)) {
        let whole = finished(&shape);
        let mut world = World::new(&shape.plan());
        let mut stops: Vec<SimTime> = stops.into_iter().map(ms).collect();
        stops.sort_unstable();
        for stop in stops {
            while world.run_until(stop, budget) == Outcome::Budget {}
        }
        while world.run_until(SimTime::MAX, budget) == Outcome::Budget {}
        prop_assert_eq!(world.digest(), whole.digest());
        prop_assert_eq!(world.facts(), whole.facts());
        prop_assert_eq!(world.series(), whole.series());
        prop_assert_eq!(world.now(), whole.now());
    }

    /// One action at a time leaves no room for a short way; the whole run takes
    /// it where it can.
    #[test]
    fn a_short_way_is_the_long_way(shape in shapes(), writes in any::<bool>()) {
        let mut plan = shape.plan();
        if let (false, NodeKind::Service(service)) = (writes, &mut plan.nodes[usize::from(SERVICE.0)].kind) {
            service.steps.retain(|step| !matches!(step, StepPlan::Insert(_)));
        }
        let run = |budget| {
            let mut world = World::new(&plan);
            world.set_trace(Some(Trace::new(None, usize::MAX)));
            while world.run_until(SimTime::MAX, budget) == Outcome::Budget {}
            world
        };
        let (long, short) = (run(1), run(u64::MAX));
        let facts = |world: &World| -> Vec<FactRun> {
            world.trace().into_iter().flat_map(Trace::runs).cloned().collect()
        };
        prop_assert_eq!(facts(&long), facts(&short));
        prop_assert_eq!(long.digest(), short.digest());
        prop_assert_eq!(long.actions(), short.actions());
        prop_assert_eq!(long.series(), short.series());
    }

    #[test]
    fn a_clone_goes_on_alike(shape in shapes(), at in 0u64..3000) {
        let mut first = World::new(&shape.plan());
        first.run_until(ms(at), u64::MAX);
        let mut second = first.clone();
        first.run_until(SimTime::MAX, u64::MAX);
        second.run_until(SimTime::MAX, u64::MAX);
        prop_assert_eq!(first.digest(), second.digest());
        prop_assert_eq!(first.digest(), finished(&shape).digest());
    }

    #[test]
    fn a_rewound_run_is_the_same_run(shape in shapes(), seeks in proptest::collection::vec(0u64..3500, 1..6)) {
        let mut history = History::new(World::new(&shape.plan()));
        for seek in seeks {
            while history.seek(ms(seek), 50) == Outcome::Budget {}
            let mut world = World::new(&shape.plan());
            world.run_until(ms(seek), u64::MAX);
            prop_assert_eq!(history.run().digest(), world.digest());
        }
    }

    #[test]
    fn by_hand_is_as_by_script(shape in shapes(), stops in proptest::collection::vec(0u64..3500, 0..4)) {
        let scripted = shape.plan();
        let mut plan = scripted.clone();
        let acts = std::mem::take(&mut plan.commands);
        let mut history = History::new(World::new(&plan));
        for stop in stops {
            // What is done becomes known on the way, and late.
            let known = acts.iter().filter(|act| act.at <= ms(stop)).cloned().collect();
            history.set_acts(known);
            while history.seek(ms(stop), 50) == Outcome::Budget {}
        }
        history.set_acts(acts);
        while history.run_until(SimTime::MAX, 1_000) == Outcome::Budget {}
        prop_assert_eq!(history.run().digest(), finished(&shape).digest());
    }

    #[test]
    fn watching_changes_nothing(shape in shapes()) {
        let mut world = World::new(&shape.plan());
        world.set_trace(Some(Trace::new(None, 100)));
        world.run_until(SimTime::MAX, u64::MAX);
        let untraced = finished(&shape);
        prop_assert_eq!(world.digest(), untraced.digest());
        let said = |world: &World| world.verdicts().collect::<Vec<_>>();
        prop_assert_eq!(said(&world), said(&untraced));
    }

    #[test]
    fn another_seed_is_another_run_only_where_chance_is_asked(shape in shapes()) {
        let other = Shape { seed: shape.seed ^ 1, ..shape.clone() };
        let disk = shape.disk.is_none_or(|disk| constant(disk.write) && constant(disk.sync));
        let chance = !disk || shape.wear.loss > 0 || shape.commands.iter().any(|timed| asks_chance(&timed.command));
        if !shape.poisson && constant(shape.work) && constant(shape.latency) && !chance {
            prop_assert_eq!(finished(&shape).digest(), finished(&other).digest());
        }
    }
}

fn constant(dist: Dist) -> bool {
    matches!(dist, Dist::Constant(_))
}

/// Whether a command makes something random that was not.
fn asks_chance(command: &Command) -> bool {
    let Command::Set { setting, .. } = command else {
        return false;
    };
    match *setting {
        Setting::Poisson(is_random) => is_random,
        Setting::Loss { share, .. } => share > 0,
        Setting::Latency { latency: dist, .. } | Setting::DiskWrite(dist) | Setting::DiskSync(dist) => !constant(dist),
        _ => false,
    }
}

#[test]
fn another_seed_is_another_run_where_chance_is_asked() {
    let shape = Shape {
        poisson: true,
        ..Shape::default()
    };
    let other = Shape {
        seed: shape.seed + 1,
        ..shape.clone()
    };
    assert_ne!(finished(&shape).digest(), finished(&other).digest());
}

#[test]
fn what_is_done_by_hand_is_done_again_after_going_back() {
    let shape = Shape {
        rate: 300,
        ..Shape::default()
    };
    let mut history = History::new(World::new(&shape.plan()));
    history.seek(ms(200), u64::MAX);
    history.give(Command::Crash(SERVICE));
    history.seek(ms(400), u64::MAX);
    history.give(Command::Restart(SERVICE));
    history.give(Command::Publish {
        load: LOAD,
        count: 7,
        key: None,
        payload: None,
    });
    history.give(Command::Set {
        node: SERVICE,
        setting: Setting::Workers(Workers::Count(3)),
    });
    history.seek(ms(2900), u64::MAX);
    let digest = history.run().digest();
    history.seek(ms(100), u64::MAX);
    assert_ne!(history.run().digest(), digest);
    history.seek(ms(2900), u64::MAX);
    assert_eq!(history.run().digest(), digest);
}

#[test]
fn what_is_undone_has_never_been() {
    let shape = Shape {
        rate: 300,
        ..Shape::default()
    };
    let mut history = History::new(World::new(&shape.plan()));
    history.seek(ms(2900), u64::MAX);
    let untouched = history.run().digest();
    let acts = |times: &[u64]| -> Vec<TimedCommand> {
        let kinds = [Command::Crash(SERVICE), Command::Restart(SERVICE)];
        let timed = |(index, at): (usize, &u64)| TimedCommand {
            at: ms(*at),
            command: kinds[index % 2].clone(),
        };
        times.iter().enumerate().map(timed).collect()
    };
    history.set_acts(acts(&[500, 900]));
    assert!(history.run().now() <= ms(500), "it has to run again from there");
    history.seek(ms(2900), u64::MAX);
    let acted = history.run().digest();
    assert_ne!(acted, untouched);
    history.set_acts(acts(&[500]));
    history.seek(ms(2900), u64::MAX);
    assert_ne!(history.run().digest(), acted);
    history.set_acts(acts(&[500, 900]));
    history.seek(ms(2900), u64::MAX);
    assert_eq!(history.run().digest(), acted);
    history.set_acts(Vec::new());
    history.seek(ms(2900), u64::MAX);
    assert_eq!(history.run().digest(), untouched);
}
