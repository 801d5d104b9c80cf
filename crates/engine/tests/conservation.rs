//! Nothing appears and nothing vanishes: what the facts say, what the broker
//! holds and what the oracle counts agree at any instant of any run, whatever
//! is killed, paused, cut, deleted or changed meanwhile.

mod common;

use common::{CONNECTIONS, LOAD, QUEUE, Shape, count, ms, shapes};
use mqlab_engine::plan::{Command, SenderPlan, Setting};
use mqlab_engine::{MetricKind, Trace, World};
use mqlab_kernel::SimTime;
use mqlab_model::{Fact, FactKind, MessageId, PlaceId};
use proptest::prelude::*;
use std::collections::BTreeMap;

/// The plainest oracle there is: a record per message, from the facts.
#[derive(Clone, Copy, Default, Debug)]
struct Known {
    offered: bool,
    copies: i64,
    accepted: bool,
    gone: bool,
    purged: bool,
    told: bool,
    in_hand: bool,
    begun: bool,
    forgotten: bool,
    effects: u64,
    skipped: u64,
}

impl Known {
    fn see(&mut self, fact: &Fact) {
        let is_let_go = fact.kind == FactKind::Aborted || (fact.kind == FactKind::Dropped && fact.place == QUEUE);
        if is_let_go && self.in_hand && !self.begun && self.gone && self.effects == 0 {
            self.skipped += 1;
        }
        match fact.kind {
            FactKind::Dispatched | FactKind::Received => self.begun = false,
            FactKind::Started => self.begun = true,
            _ => {}
        }
        match fact.kind {
            FactKind::Offered => self.offered = true,
            FactKind::Enqueued => {
                self.copies += 1;
                self.accepted = true;
                self.gone = false;
                self.purged = false;
            }
            FactKind::Purged => {
                self.copies -= 1;
                self.gone = true;
                self.purged = true;
            }
            FactKind::Settled | FactKind::Discarded | FactKind::Destroyed => {
                self.copies -= 1;
                self.gone = true;
            }
            FactKind::Confirmed => self.told = true,
            FactKind::Dispatched | FactKind::Received | FactKind::Started => self.in_hand = true,
            FactKind::Requeued | FactKind::Aborted | FactKind::Failed | FactKind::Handled => self.in_hand = false,
            FactKind::Dropped if fact.place == QUEUE => self.in_hand = false,
            FactKind::Written => self.effects += 1,
            FactKind::Forgotten => self.forgotten = true,
            _ => {}
        }
    }

    fn is_lost(&self) -> bool {
        let was_there = self.accepted && self.gone && !self.purged && !self.in_hand;
        (was_there || self.forgotten && !self.accepted) && self.effects == 0
    }
}

/// The facts of a run up to now, by message.
fn known(world: &World) -> BTreeMap<MessageId, Known> {
    let trace = world.trace().expect("the run is traced");
    assert_eq!(trace.dropped(), 0, "every fact is needed");
    let mut known: BTreeMap<MessageId, Known> = BTreeMap::new();
    for fact in trace.runs().flat_map(|run| run.iter().collect::<Vec<_>>()) {
        if fact.message.is_some() {
            known.entry(fact.message).or_default().see(&fact);
        }
    }
    known
}

/// How often something was handed out after what is younger.
fn backwards(world: &World) -> u64 {
    let facts = world
        .trace()
        .expect("the run is traced")
        .runs()
        .flat_map(|run| run.iter());
    let (mut newest, mut backwards) = (0, 0);
    for fact in facts.filter(|fact| fact.kind == FactKind::Dispatched) {
        backwards += u64::from(fact.message.number() < newest);
        newest = newest.max(fact.message.number());
    }
    backwards
}

fn check(world: &World, shape: &Shape) -> Result<(), TestCaseError> {
    let known = known(world);
    let sum = |pick: &dyn Fn(&Known) -> bool| known.values().filter(|known| pick(known)).count() as u64;
    let queue = world.queue(QUEUE).expect("the queue is there");
    let held = queue.messages_ready + queue.messages_unacknowledged;
    let copies: i64 = known.values().map(|known| known.copies).sum();
    prop_assert!(
        known.values().all(|known| (0..=1).contains(&known.copies)),
        "no copy appears or vanishes twice"
    );
    prop_assert_eq!(copies, held as i64, "what went in and did not come out is in the queue");
    prop_assert_eq!(
        count(world, MetricKind::Offered, Some(PlaceId(LOAD.0))),
        sum(&|known| known.offered)
    );
    prop_assert_eq!(
        count(world, MetricKind::Accepted, Some(QUEUE)),
        sum(&|known| known.accepted)
    );
    prop_assert_eq!(
        count(world, MetricKind::Duplicated, None),
        sum(&|known| known.effects > 1)
    );
    let skipped: u64 = known.values().map(|known| known.skipped).sum();
    prop_assert_eq!(count(world, MetricKind::Skipped, None), skipped);
    prop_assert_eq!(count(world, MetricKind::NonMonotonic, None), backwards(world));
    let lost = sum(&|known| known.is_lost() && known.told);
    prop_assert_eq!(count(world, MetricKind::Lost, None), lost);
    if shape.confirms {
        let untold = sum(&|known| known.is_lost() && !known.told);
        prop_assert_eq!(count(world, MetricKind::UnconfirmedLost, None), untold);
    }
    let purged = world.fact_count(QUEUE, FactKind::Purged);
    let gone = [FactKind::Settled, FactKind::Discarded, FactKind::Destroyed];
    let gone: u64 = gone.iter().map(|kind| world.fact_count(QUEUE, *kind)).sum();
    prop_assert_eq!(world.fact_count(QUEUE, FactKind::Enqueued), held + gone + purged);
    let prefetch = u64::from(shape.prefetch);
    let changed = shape.commands.iter().any(|timed| {
        matches!(
            timed.command,
            Command::Set {
                setting: Setting::Prefetch(_),
                ..
            }
        )
    });
    prop_assert!(
        changed || prefetch == 0 || queue.messages_unacknowledged <= prefetch,
        "credit is kept"
    );
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: common::cases(400), ..ProptestConfig::default() })]
    #[test]
    fn facts_broker_and_oracle_agree(shape in shapes(), stops in proptest::collection::vec(0u64..3000, 0..4)) {
        let mut world = World::new(&shape.plan());
        world.set_trace(Some(Trace::new(None, usize::MAX)));
        // The facts of the first instant's start-up are about no message.
        let mut stops: Vec<SimTime> = stops.into_iter().map(ms).collect();
        stops.sort_unstable();
        for stop in stops {
            world.run_until(stop, u64::MAX);
            check(&world, &shape)?;
        }
        world.run_until(SimTime::MAX, u64::MAX);
        check(&world, &shape)?;
    }

    /// Whatever happened: once all are up again and time passes, everything
    /// that a queue holds is handled.
    #[test]
    fn what_is_healed_drains(shape in shapes()) {
        use mqlab_engine::plan::TimedCommand;
        let mut shape = Shape { automatic: false, dies: false, ..shape };
        shape.commands.retain(|timed| !matches!(timed.command, Command::Set { node: common::TABLE, .. }));
        shape.capacity += 500;
        for node in [LOAD, common::BROKER, common::TABLE, common::SERVICE] {
            shape.commands.push(TimedCommand { at: ms(1600), command: Command::Resume(node) });
            shape.commands.push(TimedCommand { at: ms(1600), command: Command::Restart(node) });
        }
        for (a, b) in CONNECTIONS {
            shape.commands.push(TimedCommand { at: ms(1600), command: Command::Heal { a, b } });
        }
        // A handler that failed leaves its delivery unacknowledged: only a new
        // connection brings it back.
        shape.commands.push(TimedCommand { at: ms(2000), command: Command::Crash(common::SERVICE) });
        shape.commands.push(TimedCommand { at: ms(2100), command: Command::Restart(common::SERVICE) });
        let mut plan = shape.plan();
        plan.until = ms(60_000);
        let mut world = World::new(&plan);
        world.run_until(SimTime::MAX, u64::MAX);
        let queue = world.queue(QUEUE).expect("the queue is there");
        prop_assert_eq!((queue.messages_ready, queue.messages_unacknowledged), (0, 0));
        prop_assert_eq!(count(&world, MetricKind::Consumers, Some(QUEUE)), 1);
        let still = world.links().find(|link| link.packets + link.stranded > 0 || link.is_cut);
        prop_assert_eq!(still, None);
    }

    /// A cut is no loss: whatever is cut and paused, and for how long, in the
    /// end everything was handled once and in order.
    #[test]
    fn a_cut_loses_and_repeats_nothing(shape in shapes()) {
        use mqlab_engine::plan::TimedCommand;
        let sender = SenderPlan { buffer: None, ..shape.sender };
        let mut shape = Shape { dies: false, workers: 1, sender, ..shape };
        shape.commands.retain(|timed| matches!(
            timed.command,
            Command::Cut { .. } | Command::Heal { .. } | Command::Pause(_) | Command::Resume(_) | Command::Publish { .. }
        ));
        shape.capacity += 500;
        for (a, b) in CONNECTIONS {
            shape.commands.push(TimedCommand { at: ms(1600), command: Command::Heal { a, b } });
        }
        for node in [LOAD, common::BROKER, common::TABLE, common::SERVICE] {
            shape.commands.push(TimedCommand { at: ms(1700), command: Command::Resume(node) });
        }
        let mut plan = shape.plan();
        plan.until = ms(60_000);
        let mut world = World::new(&plan);
        world.run_until(SimTime::MAX, u64::MAX);
        for kind in [
            MetricKind::Lost,
            MetricKind::UnconfirmedLost,
            MetricKind::Duplicated,
            MetricKind::Redelivered,
            MetricKind::DeliveredAgain,
            MetricKind::Reordered,
        ] {
            prop_assert_eq!(count(&world, kind, None), 0, "{:?}", kind);
        }
        let offered = count(&world, MetricKind::Offered, Some(PlaceId(LOAD.0)));
        let unroutable = count(&world, MetricKind::Unroutable, Some(PlaceId(common::BROKER.0)));
        prop_assert_eq!(count(&world, MetricKind::Settled, Some(QUEUE)), offered - unroutable);
        prop_assert_eq!(count(&world, MetricKind::Rows, Some(PlaceId(common::TABLE.0))), offered - unroutable);
        prop_assert_eq!(count(&world, MetricKind::Backlog, Some(QUEUE)), 0);
        prop_assert_eq!(count(&world, MetricKind::InSystem, Some(QUEUE)), 0);
    }

    /// At least once: with acknowledgement after the work, durable queues and
    /// persistent messages, nothing that was confirmed is ever lost, whichever
    /// process is killed; nor if the power is cut, if a confirm waits for the
    /// sync. Against the loss of a disk there is no help.
    #[test]
    fn what_is_confirmed_and_acknowledged_last_is_never_lost(shape in shapes(), power in any::<bool>()) {
        let mut shape = Shape { persistent: true, durable: true, automatic: false, ack_first: false, ..shape };
        shape.commands.retain(|timed| match timed.command {
            Command::DiskLost(_) => false,
            Command::PowerCut(_) => power,
            _ => true,
        });
        shape.synced |= power;
        let mut world = World::new(&shape.plan());
        world.run_until(SimTime::MAX, u64::MAX);
        prop_assert_eq!(count(&world, MetricKind::Lost, None), 0);
    }
}

/// The same harness does lose where a promise is weaker: it can tell.
#[test]
fn weaker_settings_do_lose() {
    use mqlab_engine::plan::TimedCommand;
    let crash = |node| {
        vec![TimedCommand {
            at: ms(300),
            command: Command::Crash(node),
        }]
    };
    let lossy = [
        Shape {
            automatic: true,
            rate: 400,
            commands: crash(common::SERVICE),
            ..Shape::default()
        },
        Shape {
            ack_first: true,
            rate: 400,
            commands: crash(common::SERVICE),
            ..Shape::default()
        },
        Shape {
            persistent: false,
            rate: 400,
            commands: crash(common::BROKER),
            ..Shape::default()
        },
        Shape {
            durable: false,
            rate: 400,
            commands: crash(common::BROKER),
            ..Shape::default()
        },
    ];
    for shape in lossy {
        let mut world = World::new(&shape.plan());
        world.run_until(SimTime::MAX, u64::MAX);
        assert!(count(&world, MetricKind::Lost, None) > 0, "{shape:?}");
    }
}

/// Both ends of a connection come back in one instant: each thinks that it is
/// the one to connect. The broker drops the first connection and with it
/// nothing of what was delivered on it.
#[test]
fn connecting_twice_is_connecting_once() {
    use mqlab_engine::plan::TimedCommand;
    let command = |at, command| TimedCommand { at: ms(at), command };
    let shape = Shape {
        rate: 46,
        prefetch: 1,
        latency: mqlab_kernel::Dist::Constant(mqlab_kernel::SimSpan::from_millis(8)),
        commands: vec![
            command(0, Command::Crash(common::SERVICE)),
            command(0, Command::Crash(common::BROKER)),
            command(409, Command::Restart(common::SERVICE)),
            command(409, Command::Restart(common::BROKER)),
        ],
        ..Shape::default()
    };
    let mut world = World::new(&shape.plan());
    for stop in (0..3000).step_by(5) {
        world.run_until(ms(stop), u64::MAX);
        assert!(count(&world, MetricKind::Consumers, Some(QUEUE)) <= 1);
        assert!(count(&world, MetricKind::Unacked, Some(QUEUE)) <= 1);
    }
    assert_eq!(count(&world, MetricKind::InSystem, Some(QUEUE)), 0);
}

/// What was due while a load was down or paused is not made up for: users
/// who could not reach the shop do not all come back at once.
#[test]
fn a_load_that_was_away_goes_on_in_step() {
    use mqlab_engine::plan::TimedCommand;
    let away = [
        (Command::Pause(LOAD), Command::Resume(LOAD)),
        (Command::Crash(LOAD), Command::Restart(LOAD)),
    ];
    for (leave, back) in away {
        let commands = vec![
            TimedCommand {
                at: ms(101),
                command: leave,
            },
            TimedCommand {
                at: ms(205),
                command: back,
            },
        ];
        let shape = Shape {
            rate: 100,
            commands,
            ..Shape::default()
        };
        let mut world = World::new(&shape.plan());
        world.run_until(ms(206), u64::MAX);
        // 0 to 100 ms are 11; a paused load finds the one of 110 ms waiting.
        let made = count(&world, MetricKind::Offered, Some(PlaceId(LOAD.0)));
        assert!((11..=12).contains(&made), "{made}");
        world.run_until(ms(300), u64::MAX);
        assert_eq!(count(&world, MetricKind::Offered, Some(PlaceId(LOAD.0))), made + 10);
    }
}
