//! Facts as people read them: one line for each run of them.

use super::texts::{Key, Language};
use super::{format, local};
use mqlab_engine::{FactRun, PlaceKind, World};
use mqlab_kernel::{SimSpan, SimTime};
use mqlab_model::{Death, EFFECT, Fact, FactKind, MessageId, PlaceId};

/// One line of a list of facts.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Line {
    /// When the first of them happened.
    pub at: SimTime,
    /// How many there are.
    pub count: u64,
    /// Where.
    pub place: String,
    /// What.
    pub word: &'static str,
    /// To which message, the first of several.
    pub message: Option<MessageId>,
    /// The name of the message or messages.
    pub name: String,
    /// What the kind of fact says besides.
    pub detail: String,
}

/// How many digits of a second tell the instants of these lines: three, or
/// six where that says more.
pub fn digits(lines: &[Line]) -> usize {
    let is_whole = |line: &Line| line.at.nanos().is_multiple_of(1_000_000);
    if lines.iter().all(is_whole) { 3 } else { 6 }
}

/// The lines of some facts.
pub fn lines(world: &World, runs: &[FactRun], language: Language) -> Vec<Line> {
    runs.iter().map(|run| line(world, run, language)).collect()
}

fn line(world: &World, run: &FactRun, language: Language) -> Line {
    let fact = run.first;
    let message = fact.message.is_some().then_some(fact.message);
    let detail = if run.count > 1 && run.every == SimSpan::ZERO {
        language.text(Key::FactAtOnce).to_owned()
    } else if run.count > 1 {
        let every = local::span(run.every.nanos() as f64, language);
        language.with(Key::FactEvery, &every)
    } else {
        detail(world, &fact, language)
    };
    Line {
        at: fact.at,
        count: run.count,
        place: world.places().get(fact.place).name.clone(),
        word: language.text(word(fact.kind)),
        message,
        name: message.map_or_else(String::new, |message| name(world, message, run.count)),
        detail,
    }
}

/// The name of a message, or of as many that follow each other.
pub fn name(world: &World, message: MessageId, count: u64) -> String {
    let source = &world.sources().get(message.source()).name;
    let first = format::count(message.number());
    if count > 1 {
        let last = format::count(message.number() + count - 1);
        format!("{source} #{first}–#{last}")
    } else {
        format!("{source} #{first}")
    }
}

/// What the value of a fact says.
fn detail(world: &World, fact: &Fact, language: Language) -> String {
    let after = || language.with(Key::FactAfter, &local::span(fact.value as f64, language));
    let only_if = |is_so: bool, key: Key| {
        if is_so {
            language.text(key).to_owned()
        } else {
            String::new()
        }
    };
    match fact.kind {
        FactKind::Started | FactKind::Handled | FactKind::Responded => after(),
        FactKind::Dispatched | FactKind::Received => only_if(fact.value != 0, Key::FactAgain),
        FactKind::Enqueued => only_if(fact.value != 0, Key::FactKept),
        FactKind::Aborted => only_if(fact.value != 0, Key::FactBegun),
        FactKind::Down => match Death::of(fact.value) {
            Some(Death::Killed) | None => String::new(),
            Some(Death::Overload) => language.text(Key::FactOverload).to_owned(),
            Some(Death::Power) => language.text(Key::FactPower).to_owned(),
            Some(Death::Disk) => language.text(Key::FactDiskLost).to_owned(),
        },
        FactKind::Synced => language.with(Key::FactWrites, &format::count(fact.value)),
        FactKind::Confirmed => language.with(Key::FactQueues, &format::count(fact.value)),
        FactKind::Written => {
            let writer = PlaceId((fact.value & !EFFECT) as u16);
            if usize::from(writer.0) < world.places().len() {
                language.with(Key::FactBy, &world.places().get(writer).name)
            } else {
                String::new()
            }
        }
        _ => String::new(),
    }
}

/// All places whose facts belong to what stands at a place: a service and
/// where its work comes in, a partition and what groups owe there.
pub fn places(world: &World, place: PlaceId) -> Vec<PlaceId> {
    let known = world.places();
    if usize::from(place.0) >= known.len() {
        return Vec::new();
    }
    let node = known.get(place).node;
    let is_inlet = |kind| matches!(kind, PlaceKind::Subscription | PlaceKind::Calls);
    let belongs = known.iter().filter(|(id, other)| {
        let is_part = match known.get(place).kind {
            PlaceKind::Service => other.node == node && is_inlet(other.kind),
            PlaceKind::Partition => other.kind == PlaceKind::GroupPartition && other.of == Some(place),
            _ => false,
        };
        *id == place || is_part
    });
    belongs.map(|(id, _)| id).collect()
}

/// The word for a kind of fact.
pub const fn word(kind: FactKind) -> Key {
    match kind {
        FactKind::Offered => Key::FactOffered,
        FactKind::Sent => Key::FactSent,
        FactKind::Enqueued => Key::FactEnqueued,
        FactKind::Unroutable => Key::FactUnroutable,
        FactKind::Confirmed => Key::FactConfirmed,
        FactKind::Refused => Key::FactRefused,
        FactKind::Dispatched => Key::FactDispatched,
        FactKind::Received => Key::FactReceived,
        FactKind::Started => Key::FactStarted,
        FactKind::Written => Key::FactWritten,
        FactKind::WriteRefused => Key::FactWriteRefused,
        FactKind::Handled => Key::FactHandled,
        FactKind::Failed => Key::FactFailed,
        FactKind::Aborted => Key::FactAborted,
        FactKind::Settled => Key::FactSettled,
        FactKind::Requeued => Key::FactRequeued,
        FactKind::Discarded => Key::FactDiscarded,
        FactKind::Destroyed => Key::FactDestroyed,
        FactKind::Dropped => Key::FactDropped,
        FactKind::Responded => Key::FactResponded,
        FactKind::Down => Key::FactDown,
        FactKind::Up => Key::FactUp,
        FactKind::Paused => Key::FactPaused,
        FactKind::Resumed => Key::FactResumed,
        FactKind::Changed => Key::FactChanged,
        FactKind::Purged => Key::FactPurged,
        FactKind::Cut => Key::FactCut,
        FactKind::Healed => Key::FactHealed,
        FactKind::Repeated => Key::FactRepeated,
        FactKind::Known => Key::FactKnown,
        FactKind::Updated => Key::FactUpdated,
        FactKind::Deleted => Key::FactDeleted,
        FactKind::Found => Key::FactFound,
        FactKind::RolledBack => Key::FactRolledBack,
        FactKind::Broken => Key::FactBroken,
        FactKind::Synced => Key::FactSynced,
        FactKind::DiskFull => Key::FactDiskFull,
        FactKind::MemoryHigh => Key::FactMemoryHigh,
        FactKind::MemoryFree => Key::FactMemoryFree,
        FactKind::DiskFree => Key::FactDiskFree,
        FactKind::TurnedAway => Key::FactTurnedAway,
        FactKind::Blacklisted => Key::FactBlacklisted,
        FactKind::Forgotten => Key::FactForgotten,
        FactKind::CallFailed => Key::FactCallFailed,
        FactKind::Retried => Key::FactRetried,
        FactKind::BreakerOpened => Key::FactBreakerOpened,
        FactKind::BreakerClosed => Key::FactBreakerClosed,
        FactKind::Absent => Key::FactAbsent,
        FactKind::Replaced => Key::FactReplaced,
        FactKind::DeadLettered => Key::FactDeadLettered,
        FactKind::Expired => Key::FactExpired,
        FactKind::Evicted => Key::FactEvicted,
        FactKind::FoundEmpty => Key::FactFoundEmpty,
        FactKind::Returned => Key::FactReturned,
        FactKind::PassedOver => Key::FactPassedOver,
        FactKind::Voided => Key::FactVoided,
    }
}

/// The message that somebody means by `users#123`, `users #123`, `#123` or
/// `123`: of the source that is named, else of the first load.
pub fn meant(world: &World, text: &str) -> Option<MessageId> {
    let (source, number) = text.rsplit_once('#').unwrap_or(("", text));
    let digits: String = number
        .chars()
        .filter(|letter| !matches!(letter, ',' | '_' | ' '))
        .collect();
    let number: u64 = digits.parse().ok().filter(|number| *number <= MessageId::NUMBER_MAX)?;
    let source = source.trim();
    let mut sources = world.sources().iter();
    let (id, _) = sources.find(|(_, known)| {
        if source.is_empty() {
            known.parent.is_none()
        } else {
            known.name == source
        }
    })?;
    Some(MessageId::new(id, number))
}

#[cfg(test)]
mod tests {
    use super::*;
    use mqlab_engine::Trace;
    use mqlab_kernel::SimTime;
    use mqlab_scenario::Runner;

    fn runner() -> Runner {
        let text = r#"
            title = "t"
            until = "10s"
            broker.rabbitmq.queue.orders = {}
            table.mysql = {}
            service.writer = { consume = { queue = "orders" }, steps = [{ work = "50ms" }, { insert = "mysql" }, "ack"] }
            load.users = { to = "orders", rate = "10/s" }
        "#;
        let (scenario, found) = mqlab_scenario::parse(text);
        let scenario = scenario.unwrap_or_else(|| panic!("{found:#?}"));
        let mut runner = Runner::new(&scenario, 0);
        runner.world_mut().set_trace(Some(Trace::new(None, 1_000)));
        runner.advance(SimTime::from_nanos(150_000_000), u64::MAX);
        runner
    }

    #[test]
    fn a_line_says_what_happened_to_whom_where() {
        let runner = runner();
        let world = runner.world();
        let runs: Vec<FactRun> = world
            .trace()
            .map(|trace| trace.runs().copied().collect())
            .unwrap_or_default();
        let told = |language| lines(world, &runs, language);
        let chinese = told(Language::Simplified);
        assert!(
            chinese.iter().any(|line| line.detail.contains("50 毫秒")),
            "{chinese:#?}"
        );
        let lines = told(Language::English);
        let said: Vec<String> = lines
            .iter()
            .filter(|line| line.name == "users #0")
            .map(|line| {
                format!("{} {} {}", line.place, line.word, line.detail)
                    .trim_end()
                    .to_owned()
            })
            .collect();
        assert!(said.contains(&"writer handled after 50 ms".to_owned()), "{said:#?}");
        assert!(said.contains(&"mysql written by writer".to_owned()), "{said:#?}");
    }

    #[test]
    fn what_happens_to_many_in_an_instant_happens_at_once() {
        let runner = runner();
        let first = runner.world().trace().and_then(|trace| trace.runs().next().copied());
        let run = FactRun {
            count: 5,
            every: SimSpan::ZERO,
            ..first.expect("something happened")
        };
        assert_eq!(line(runner.world(), &run, Language::English).detail, "at once");
        let every = SimSpan::from_millis(2);
        let apart = line(runner.world(), &FactRun { every, ..run }, Language::English);
        assert_eq!(apart.detail, "one every 2 ms");
    }

    #[test]
    fn a_service_is_all_its_places() {
        let runner = runner();
        let world = runner.world();
        let of = |name: &str| places(world, world.places().named(name).expect("it is there"));
        assert_eq!(of("writer").len(), 3);
        assert_eq!(of("orders").len(), 1);
        assert!(places(world, PlaceId(999)).is_empty());
    }

    #[test]
    fn a_message_is_meant_by_its_number_alone_too() {
        let runner = runner();
        let found = ["users#1,234", "users #1234", "#1234", " 1_234 "].map(|text| meant(runner.world(), text));
        assert!(
            found.iter().all(|message| *message == found[0] && message.is_some()),
            "{found:?}"
        );
        let nobody = ["", "users", "others#1", "#-1", "#99999999999999999999"];
        assert!(nobody.iter().all(|text| meant(runner.world(), text).is_none()));
    }
}
