use super::*;
use crate::rabbitmq::{DeliveryLimit, Properties, QueueArguments, QueueConfig};
use alloc::boxed::Box;
use core::ops::Deref;
use mqlab_model::{MessageId, SourceId};
use proptest::prelude::*;
use std::vec;

const MEMBER: MemberId = MemberId(1);

/// A queue, and what it does with commands.
struct Bench {
    config: Config,
    content: Content,
    numbers: u32,
}

fn content(arguments: QueueArguments) -> Bench {
    let mut config = Config::new();
    let mut queue = QueueConfig::new("orders");
    queue.arguments = Some(Box::new(arguments));
    config.queues.push(queue);
    config.properties.push(Properties {
        priority: Some(9),
        ..Properties::default()
    });
    config.properties.push(Properties {
        expiration: Some("2000".into()),
        ..Properties::default()
    });
    let content = Content::new(&config, QueueId(0));
    Bench {
        config,
        content,
        numbers: 0,
    }
}

impl Deref for Bench {
    type Target = Content;

    fn deref(&self) -> &Content {
        &self.content
    }
}

fn quorum() -> QueueArguments {
    QueueArguments {
        kind: QueueKind::Quorum,
        ..QueueArguments::default()
    }
}

fn enqueue(number: u32) -> Command {
    Command::Enqueue {
        member: MEMBER,
        life: 1,
        number,
        message: Message::new(MessageId::new(SourceId(0), u64::from(number)), SimTime::ZERO, true),
    }
}

fn attach(number: u32, prefetch: u32) -> Command {
    Command::Attach {
        exclusive: false,
        connection: 0,
        member: MEMBER,
        life: 1,
        number,
        consumer: 7,
        prefetch,
        automatic: false,
        priority: 0,
    }
}

fn settle(number: u32, delivery: u32, how: Settlement) -> Command {
    Command::Settle {
        member: MEMBER,
        life: 1,
        number,
        consumer: 7,
        delivery,
        how,
    }
}

fn apply(bench: &mut Bench, command: Command) -> Vec<Effect> {
    let mut effects = Vec::new();
    if let Some((.., number)) = command.origin() {
        bench.numbers = number.max(bench.numbers);
    }
    bench
        .content
        .apply(&bench.config, command, (100, SimSpan::ZERO), &mut effects);
    effects
}

/// Gives the queue its next command.
fn next(bench: &mut Bench, command: impl FnOnce(u32) -> Command) -> Vec<Effect> {
    let number = bench.numbers + 1;
    apply(bench, command(number))
}

fn time(bench: &mut Bench, millis: u64) -> Vec<Effect> {
    let now = SimTime::ZERO + SimSpan::from_millis(millis);
    apply(bench, Command::Time { now })
}

/// What was given up for this reason.
fn dead(effects: &[Effect], why: Reason) -> Vec<u64> {
    let found = effects.iter().filter_map(|effect| match effect {
        Effect::Dead(dead, _) if dead.reason == why => Some(dead.entry.message.id.number()),
        _ => None,
    });
    found.collect()
}

/// To which consumers something was handed, and what.
fn handed(effects: &[Effect]) -> Vec<(u16, u64)> {
    let found = effects.iter().filter_map(|effect| match effect {
        Effect::Tell(_, PeerFrame::Handed { consumer, message, .. }) => Some((*consumer, message.id.number())),
        _ => None,
    });
    found.collect()
}

fn is_refused(effects: &[Effect]) -> Option<bool> {
    effects.iter().find_map(|effect| match effect {
        Effect::Tell(_, PeerFrame::Taken { is_refused, .. }) => Some(*is_refused),
        _ => None,
    })
}

fn happened(effects: &[Effect], what: FactKind) -> bool {
    effects
        .iter()
        .any(|effect| matches!(effect, Effect::Fact(kind, ..) if *kind == what))
}

#[test]
fn a_command_is_done_once_and_without_a_gap() {
    let mut content = content(quorum());
    assert_eq!(is_refused(&apply(&mut content, enqueue(1))), Some(false));
    assert_eq!(
        is_refused(&apply(&mut content, enqueue(3))),
        None,
        "the second is missing"
    );
    assert_eq!(
        is_refused(&apply(&mut content, enqueue(1))),
        Some(false),
        "answered again"
    );
    assert_eq!(content.level().0, 1);
    apply(&mut content, enqueue(2));
    apply(&mut content, enqueue(3));
    assert_eq!(content.level().0, 3);
}

#[test]
fn what_was_refused_is_not_taken_for_done_when_it_is_asked_for_again() {
    let mut content = content(QueueArguments {
        max_length: Some(1),
        overflow: Overflow::RejectPublish,
        ..QueueArguments::default()
    });
    apply(&mut content, enqueue(1));
    assert_eq!(is_refused(&apply(&mut content, enqueue(2))), Some(true));
    assert_eq!(is_refused(&apply(&mut content, enqueue(2))), Some(true));
    assert_eq!(is_refused(&apply(&mut content, enqueue(1))), Some(false));
}

#[test]
fn a_message_that_its_consumers_die_of_is_given_up() {
    let mut content = content(QueueArguments {
        delivery_limit: DeliveryLimit::At(2),
        ..quorum()
    });
    apply(&mut content, attach(1, 1));
    apply(&mut content, enqueue(2));
    for times in 0..2 {
        let effects = apply(&mut content, Command::Away { member: MEMBER });
        assert!(happened(&effects, FactKind::Requeued), "{times}");
        let effects = apply(&mut content, Command::Back { member: MEMBER });
        assert!(happened(&effects, FactKind::Dispatched));
    }
    let effects = apply(&mut content, Command::Away { member: MEMBER });
    assert_eq!(dead(&effects, Reason::Returned), [2]);
    // Who is away is no consumer until it is back.
    assert_eq!(content.level(), (0, 0, 0));
}

#[test]
fn what_came_back_meanwhile_is_not_settled_by_who_had_it() {
    let mut content = content(quorum());
    apply(&mut content, attach(1, 1));
    apply(&mut content, enqueue(2));
    apply(&mut content, Command::Away { member: MEMBER });
    let effects = apply(&mut content, settle(3, 1, Settlement::Done));
    assert!(!happened(&effects, FactKind::Settled));
    assert_eq!(content.level().0, 1);
    apply(&mut content, Command::Back { member: MEMBER });
    let effects = apply(&mut content, settle(4, 2, Settlement::Done));
    assert!(happened(&effects, FactKind::Settled));
}

#[test]
fn a_new_leader_says_again_what_did_not_arrive() {
    let mut content = content(quorum());
    apply(&mut content, attach(1, 10));
    (2..6).for_each(|number| _ = apply(&mut content, enqueue(number)));
    apply(&mut content, settle(6, 3, Settlement::Done));
    let mut effects = Vec::new();
    content.resume((MEMBER, 1, 7), 2, &mut effects);
    let deliveries = effects.iter().map(|effect| match effect {
        Effect::Tell(_, PeerFrame::Handed { delivery, .. }) => *delivery,
        other => panic!("{other:?}"),
    });
    assert_eq!(deliveries.collect::<Vec<_>>(), [2, 4]);
}

fn consumer(number: u32, consumer: u16, priority: i16) -> Command {
    Command::Attach {
        exclusive: false,
        connection: 0,
        member: MEMBER,
        life: 1,
        number,
        consumer,
        prefetch: 1,
        automatic: false,
        priority,
    }
}

fn get(number: u32, consumer: u16, automatic: bool) -> Command {
    Command::Get {
        connection: 0,
        member: MEMBER,
        life: 1,
        number,
        consumer,
        automatic,
    }
}

fn with_properties(number: u32, properties: u16) -> Command {
    let id = MessageId::new(SourceId(0), u64::from(number));
    Command::Enqueue {
        member: MEMBER,
        life: 1,
        number,
        message: Message::new(id, SimTime::ZERO, true).with_properties(properties),
    }
}

fn expiring(kind: QueueKind) -> Bench {
    content(QueueArguments {
        kind,
        message_ttl: Some(SimSpan::from_millis(1_000)),
        ..QueueArguments::default()
    })
}

#[test]
fn what_waits_too_long_expires_at_the_head() {
    for kind in [QueueKind::Classic, QueueKind::Quorum] {
        let mut content = expiring(kind);
        time(&mut content, 100);
        next(&mut content, enqueue);
        time(&mut content, 600);
        next(&mut content, enqueue);
        let due = |millis| Some(SimTime::ZERO + SimSpan::from_millis(millis));
        assert_eq!(content.content.next_due(), due(1_100));
        assert_eq!(content.content.next_due(), None, "it has said so");
        assert_eq!(dead(&time(&mut content, 1_099), Reason::Expired), []);
        content.content.on_due();
        assert_eq!(dead(&time(&mut content, 1_100), Reason::Expired), [1]);
        assert_eq!(content.content.next_due(), due(1_600));
        // Whose time is over when somebody comes gets nothing of it.
        let effects = time(&mut content, 1_600);
        assert_eq!(dead(&effects, Reason::Expired), [2]);
        assert_eq!(handed(&next(&mut content, |number| consumer(number, 7, 0))), []);
    }
}

#[test]
fn the_time_of_a_message_counts_if_it_is_shorter() {
    let mut content = content(quorum());
    next(&mut content, |number| with_properties(number, 2));
    next(&mut content, enqueue);
    assert_eq!(dead(&time(&mut content, 2_000), Reason::Expired), [1]);
    assert_eq!(content.level().0, 1);
}

#[test]
fn a_message_is_given_up_with_what_is_known_of_it() {
    let mut content = content(QueueArguments {
        max_length: Some(1),
        ..quorum()
    });
    let route = (ExchangeId(3), KeyId(5));
    next(&mut content, |number| Command::Route {
        member: MEMBER,
        life: 1,
        number,
        exchange: route.0,
        key: route.1,
    });
    let fate = Fate {
        queue: QueueId(4),
        reason: Reason::Expired,
        count: 2,
        exchange: ExchangeId(1),
        key: KeyId::UNBOUND,
        is_first: true,
        had_copies: false,
        is_key_chosen: true,
        has_no_copies: false,
    };
    next(&mut content, |number| fate.command(MEMBER, 1, number));
    next(&mut content, enqueue);
    let effects = next(&mut content, enqueue);
    let given_up = effects.iter().find_map(|effect| match effect {
        Effect::Dead(dead, _) => Some(&dead.entry),
        _ => None,
    });
    let entry = given_up.expect("there is one too many");
    assert_eq!((entry.exchange, entry.key), route);
    let story = entry.story.as_ref().expect("it has died before");
    assert_eq!(story.deaths.first(), Some((QueueId(4), Reason::Expired)));
    assert!(story.deaths.goes_in_a_circle(QueueId(4)) && story.is_key_chosen);
    // What comes next has no story.
    let effects = next(&mut content, enqueue);
    assert!(
        matches!(effects.iter().find(|effect| matches!(effect, Effect::Dead(..))),
        Some(Effect::Dead(dead, _)) if dead.entry.story.is_none())
    );
}

#[test]
fn what_is_refused_may_be_dead_lettered_all_the_same() {
    let mut content = content(QueueArguments {
        max_length: Some(1),
        overflow: Overflow::RejectPublishDeadLetter,
        ..QueueArguments::default()
    });
    next(&mut content, enqueue);
    let effects = next(&mut content, enqueue);
    assert_eq!(is_refused(&effects), Some(true));
    assert_eq!(dead(&effects, Reason::Full), [2]);
    assert_eq!(content.level().0, 1);
}

#[test]
fn a_purge_leaves_what_is_handed_out() {
    let mut content = content(quorum());
    next(&mut content, |number| attach(number, 1));
    for _ in 0..3 {
        next(&mut content, enqueue);
    }
    let effects = next(&mut content, |number| Command::Purge {
        member: MEMBER,
        life: 1,
        number,
    });
    assert!(happened(&effects, FactKind::Purged));
    assert_eq!(content.level(), (0, 1, 1));
}

#[test]
fn who_asks_gets_one_message_or_hears_that_there_is_none() {
    let mut content = content(quorum());
    assert_eq!(handed(&next(&mut content, |number| get(number, 1, false))), []);
    for _ in 0..3 {
        next(&mut content, enqueue);
    }
    let effects = next(&mut content, |number| get(number, 2, false));
    assert_eq!(handed(&effects), [(2, 2)]);
    assert_eq!(content.level(), (2, 1, 0), "it is no consumer");
    next(&mut content, |number| Command::Settle {
        member: MEMBER,
        life: 1,
        number,
        consumer: 2,
        delivery: 1,
        how: Settlement::Returned,
    });
    assert_eq!(content.level(), (3, 0, 0));
    let effects = next(&mut content, |number| get(number, 3, true));
    assert_eq!(handed(&effects), [(3, 2)]);
    assert!(happened(&effects, FactKind::Settled));
    // What it had comes back with its member, and it is forgotten.
    next(&mut content, |number| get(number, 4, false));
    apply(&mut content, Command::Away { member: MEMBER });
    assert_eq!(content.level(), (2, 0, 0));
    assert_eq!(content.guests(), []);
}

#[test]
fn the_higher_priority_leaves_first() {
    let mut content = content(QueueArguments {
        max_priority: Some(10),
        ..QueueArguments::default()
    });
    next(&mut content, enqueue);
    next(&mut content, |number| with_properties(number, 1));
    let effects = next(&mut content, |number| consumer(number, 7, 0));
    assert_eq!(handed(&effects), [(7, 2)]);
}

#[test]
fn consumers_of_a_higher_priority_are_served_first() {
    let mut content = content(quorum());
    next(&mut content, |number| consumer(number, 1, 0));
    next(&mut content, |number| consumer(number, 2, 5));
    next(&mut content, |number| consumer(number, 3, 5));
    let served: Vec<_> = (0..3).flat_map(|_| handed(&next(&mut content, enqueue))).collect();
    let consumers: Vec<u16> = served.iter().map(|(consumer, _)| *consumer).collect();
    assert_eq!(consumers, [2, 3, 1]);
}

#[test]
fn a_single_active_consumer_gets_everything_as_long_as_it_is_there() {
    let mut content = content(QueueArguments {
        single_active_consumer: true,
        ..quorum()
    });
    next(&mut content, |number| consumer(number, 1, 0));
    next(&mut content, |number| consumer(number, 2, 0));
    next(&mut content, |number| consumer(number, 3, 1));
    // Nothing is out: it makes room for the one of the higher priority.
    assert_eq!(handed(&next(&mut content, enqueue)), [(3, 4)]);
    assert_eq!(handed(&next(&mut content, enqueue)), [], "its room is taken");
    let effects = next(&mut content, |number| Command::Detach {
        member: MEMBER,
        life: 1,
        number,
        consumer: 3,
        keeps: false,
    });
    assert_eq!(handed(&effects), [(1, 4)], "who came first");
}

#[test]
fn who_cancels_keeps_what_it_has() {
    let mut content = content(quorum());
    next(&mut content, |number| consumer(number, 7, 0));
    next(&mut content, enqueue);
    next(&mut content, |number| Command::Detach {
        member: MEMBER,
        life: 1,
        number,
        consumer: 7,
        keeps: true,
    });
    next(&mut content, enqueue);
    assert_eq!(content.level(), (1, 1, 0));
    let effects = next(&mut content, |number| settle(number, 1, Settlement::Done));
    assert!(happened(&effects, FactKind::Settled));
    assert_eq!(content.level(), (1, 0, 0));
    assert_eq!(content.guests(), [], "it is forgotten");
}

/// What somebody may do to a queue.
#[derive(Clone, Copy, Debug)]
enum Deed {
    Enqueue { expires: bool },
    Attach { consumer: u16, prefetch: u32 },
    Detach { consumer: u16, keeps: bool },
    Get { consumer: u16 },
    Settle { nth: usize, how: Settlement },
    Purge,
    Pass { millis: u64 },
    Away(bool),
}

fn deed() -> impl Strategy<Value = Deed> {
    let how = prop::sample::select(vec![Settlement::Done, Settlement::Returned, Settlement::Dropped]);
    prop_oneof![
        6 => any::<bool>().prop_map(|expires| Deed::Enqueue { expires }),
        2 => (1u16..4, 1u32..4).prop_map(|(consumer, prefetch)| Deed::Attach { consumer, prefetch }),
        1 => (1u16..4, any::<bool>()).prop_map(|(consumer, keeps)| Deed::Detach { consumer, keeps }),
        1 => (10u16..12).prop_map(|consumer| Deed::Get { consumer }),
        5 => (0usize..8, how).prop_map(|(nth, how)| Deed::Settle { nth, how }),
        1 => Just(Deed::Purge),
        3 => (1u64..900).prop_map(|millis| Deed::Pass { millis }),
        1 => any::<bool>().prop_map(Deed::Away),
    ]
}

/// Where every message is, as told by what the queue says that it has done, and
/// nothing else.
#[derive(Default)]
struct Told {
    waiting: Vec<u64>,
    out: Vec<(u16, u32, u64)>,
    over: u64,
}

impl Told {
    fn hear(&mut self, effects: &[Effect]) {
        for effect in effects {
            match effect {
                Effect::Fact(FactKind::Enqueued, message, _) => self.waiting.push(message.id.number()),
                Effect::Fact(FactKind::Dispatched, message, _) => self.leave(message.id.number()),
                Effect::Tell(
                    _,
                    PeerFrame::Handed {
                        consumer,
                        delivery,
                        message,
                        ..
                    },
                ) => {
                    self.out.push((*consumer, *delivery, message.id.number()));
                }
                Effect::Fact(FactKind::Requeued, message, _) => {
                    self.come_back(message.id.number());
                    self.waiting.push(message.id.number());
                }
                Effect::Fact(FactKind::Settled, message, _) => {
                    self.come_back(message.id.number());
                    self.over += 1;
                }
                Effect::Fact(FactKind::Purged, message, _) => {
                    self.leave(message.id.number());
                    self.over += 1;
                }
                Effect::Dead(dead, _) => {
                    let id = dead.entry.message.id.number();
                    match dead.reason {
                        Reason::Expired | Reason::Full => self.leave(id),
                        Reason::Rejected | Reason::Returned => self.come_back(id),
                    }
                    self.over += 1;
                }
                _ => {}
            }
        }
    }

    fn leave(&mut self, id: u64) {
        let place = self.waiting.iter().position(|one| *one == id);
        self.waiting.remove(place.expect("it waited"));
    }

    fn come_back(&mut self, id: u64) {
        let place = self.out.iter().position(|(.., one)| *one == id);
        self.out.remove(place.expect("it was out"));
    }
}

proptest! {
    /// Whatever is done to a queue, every message is in one place, nobody has more than
    /// he may, nothing stays that can go out, and a replica that does the same is the
    /// same.
    #[test]
    fn every_message_is_in_one_place(
        deeds in prop::collection::vec(deed(), 0..80),
        kind in prop::sample::select(vec![QueueKind::Classic, QueueKind::Quorum]),
        single in any::<bool>(),
    ) {
        let arguments = QueueArguments {
            kind,
            single_active_consumer: single,
            max_length: Some(6),
            message_ttl: Some(SimSpan::from_millis(3_000)),
            ..QueueArguments::default()
        };
        let (mut bench, mut replica) = (content(arguments.clone()), content(arguments));
        let (mut told, mut now, mut made) = (Told::default(), 0, 0);
        for deed in deeds {
            let number = bench.numbers + 1;
            let command = match deed {
                Deed::Enqueue { expires } => {
                    made += 1;
                    with_properties(number, if expires { 2 } else { 0 })
                }
                Deed::Attach { consumer, prefetch } => Command::Attach { exclusive: false, connection: 0,
                    member: MEMBER,
                    life: 1,
                    number,
                    consumer,
                    prefetch,
                    automatic: false,
                    priority: 0,
                },
                Deed::Detach { consumer, keeps } => Command::Detach { member: MEMBER, life: 1, number, consumer, keeps },
                Deed::Get { consumer } if told.out.iter().any(|(one, ..)| *one == consumer) => continue,
                Deed::Get { consumer } => get(number, consumer, false),
                Deed::Settle { nth, how } => {
                    let Some((consumer, delivery, _)) = told.out.get(nth).copied() else { continue };
                    Command::Settle { member: MEMBER, life: 1, number, consumer, delivery, how }
                }
                Deed::Purge => Command::Purge { member: MEMBER, life: 1, number },
                Deed::Pass { millis } => {
                    now += millis;
                    Command::Time { now: SimTime::ZERO + SimSpan::from_millis(now) }
                }
                Deed::Away(true) => Command::Away { member: MEMBER },
                Deed::Away(false) => Command::Back { member: MEMBER },
            };
            told.hear(&apply(&mut bench, command));
            apply(&mut replica, command);
            let (ready, out, _) = bench.level();
            prop_assert_eq!((ready, out), (told.waiting.len() as u64, told.out.len() as u64), "{:?}", command);
            prop_assert_eq!(ready + out + told.over, made);
            for one in bench.attached() {
                prop_assert!(one.out.len() <= one.prefetch.max(3) as usize);
            }
            prop_assert!(ready <= 6);
            let same = |bench: &Bench| (bench.level(), bench.attached().collect::<Vec<_>>(), bench.waiting().collect::<Vec<_>>());
            prop_assert_eq!(same(&bench), same(&replica));
        }
    }
}
