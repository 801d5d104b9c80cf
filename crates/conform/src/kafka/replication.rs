//! Replication: what a leader makes of its followers' fetches, what it answers
//! producers, who leads next, and where followers cut their logs back.

use super::read::{Fields, Object, held};
use super::steps;
use crate::case::Case;
use crate::outcome::Outcome;
use mqlab_brokers::kafka::{
    Acks, Answer, BrokerId, Election, Electorate, Eligible, Error, Leader, Replication, cut, is_under_min_isr,
};
use mqlab_brokers::parts::Epochs;
use mqlab_kernel::SimTime;
use serde_json::{Value, json};

pub(super) fn judge(case: &Case) -> Result<Outcome, String> {
    let (input, expected) = (Fields(&case.input), &case.expected);
    match case.kind.as_str() {
        "default" => super::setting::judge(case),
        "acks" => acks(input, expected),
        "election" if input.has("isr_before") => eligible(input, expected),
        "election" => election(input, expected),
        "hw_compute" => high_watermark(input, expected),
        "truncation" => truncation(input, expected),
        "isr_scenario" if input.has("isr_cases") => sizes(input, expected),
        "hw_scenario" | "isr_scenario" => steps::judge(input, expected),
        other => Err(format!("no kind `{other}`")),
    }
}

pub(super) fn brokers(fields: Fields<'_>, name: &str) -> Result<Vec<BrokerId>, String> {
    Ok(fields.numbers(name)?.into_iter().map(BrokerId).collect())
}

pub(super) fn numbers(brokers: &[BrokerId]) -> Value {
    brokers.iter().map(|broker| broker.0).collect()
}

/// The rules that a case sets; times are milliseconds.
pub(super) fn rules(input: Fields<'_>) -> Result<Replication, String> {
    let mut rules = Replication::default();
    rules.min_insync = input.count_or("min_insync_replicas", rules.min_insync as u64)? as usize;
    Ok(rules)
}

fn acks(input: Fields<'_>, expected: &Object) -> Result<Outcome, String> {
    let acks = match input.value("acks")? {
        Value::String(all) if all == "all" => -1,
        Value::String(number) => number.parse().map_err(|_| format!("no acks `{number}`"))?,
        other => other.as_i64().ok_or_else(|| format!("no acks {other}"))?,
    };
    let (least, replicas) = (
        input.count("min_insync_replicas")?,
        input.count_or("replication_factor", u64::MAX)?,
    );
    let is_few = |name: &str| -> Result<bool, String> {
        Ok(is_under_min_isr(
            input.count(name)? as usize,
            least as usize,
            replicas as usize,
        ))
    };
    let are_few = is_few("isr_size")?;
    let admitted = Acks::of(acks).and_then(|acks| acks.admit(are_few));
    let mut outcome = admitted.map(|answer| match answer {
        Answer::Never => "no response; appended",
        Answer::AfterAppend => "success after leader append",
        Answer::AfterHighWatermark => "success after HW >= last offset+1",
    });
    // Replicas may fall out of sync while the producer waits.
    if admitted == Ok(Answer::AfterHighWatermark) && input.has("isr_size_after_append") {
        let due = Answer::due(1, 1, is_few("isr_size_after_append")?);
        outcome = due.unwrap_or(Ok(())).and(outcome);
    }
    held(expected, &|name| match name {
        "outcome" => Some(json!(outcome.unwrap_or_else(Error::name))),
        "appended" => Some(json!(admitted.is_ok())),
        _ => None,
    })
}

fn election(input: Fields<'_>, expected: &Object) -> Result<Outcome, String> {
    let kind = match input.text("mode")? {
        "online" => Election::Online,
        "unclean" => Election::Unclean,
        "preferred" => Election::Preferred,
        other => return Err(format!("no election `{other}`")),
    };
    let (replicas, in_sync) = (brokers(input, "replicas")?, brokers(input, "isr")?);
    let (eligible, live) = (brokers(input, "elr")?, brokers(input, "eligible")?);
    let leader = input.has("leader").then(|| input.small("leader")).transpose()?;
    let elected = Electorate {
        replicas: &replicas,
        in_sync: &in_sync,
        eligible: &eligible,
        last_known: brokers(input, "last_known_elr")?.first().copied(),
        leader: leader.map(BrokerId),
        live: &live,
    }
    .elect(kind);
    let is_unclean = elected.is_some_and(|elected| elected.is_unclean);
    held(expected, &|name| match name {
        "leader" => Some(json!(elected.map(|elected| elected.leader.0))),
        "unclean" => Some(json!(is_unclean)),
        "isr" => Some(
            elected
                .filter(|_| is_unclean)
                .map_or(numbers(&in_sync), |elected| numbers(&[elected.leader])),
        ),
        "recovery_state" => Some(json!(if is_unclean { "RECOVERING" } else { "RECOVERED" })),
        _ => None,
    })
}

/// Replicas that may lead although they are not in sync.
fn eligible(input: Fields<'_>, expected: &Object) -> Result<Outcome, String> {
    let known = Eligible {
        eligible: brokers(input, "elr_before")?,
        last_known: brokers(input, "last_known_elr_before")?,
    };
    let (before, after) = (brokers(input, "isr_before")?, brokers(input, "isr_after")?);
    let replicas = brokers(input, "replicas")?.len();
    let is_under_min = is_under_min_isr(after.len(), input.count("min_insync_replicas")? as usize, replicas);
    let unclean = brokers(input, "unclean_shutdown")?;
    let changed = if input.flag("elr_enabled")? {
        known.changed(&before, &after, is_under_min, &unclean)
    } else {
        known
    };
    held(expected, &|name| match name {
        "elr" => Some(numbers(&changed.eligible)),
        "last_known_elr" => Some(numbers(&changed.last_known)),
        _ => None,
    })
}

fn high_watermark(input: Fields<'_>, expected: &Object) -> Result<Outcome, String> {
    let own = BrokerId(input.small("leader")?);
    let end = input.count("leader_leo")?;
    let mut replicas = vec![own];
    let mut ends = Vec::new();
    for (name, at) in Fields::of(input.value("follower_leo")?)?.0 {
        let broker = BrokerId(name.parse().map_err(|_| format!("no broker `{name}`"))?);
        replicas.push(broker);
        ends.push((broker, at.as_u64().ok_or_else(|| format!("no offset {at}"))?));
    }
    let outside = brokers(input, "not_in_isr_but_caught_up_within_lag")?;
    let in_sync = brokers(input, "maximal_isr")?;
    // No offset reaches this epoch: nobody joins here.
    let mut leader = Leader::new(own, &replicas, &in_sync, rules(input)?, u64::MAX, SimTime::ZERO);
    for (broker, at) in ends {
        // Who keeps up outside had everything that there was when it asked.
        let had = if outside.contains(&broker) { at } else { end.max(at + 1) };
        leader.fetched(broker, at, had, end, SimTime::ZERO);
    }
    let risen = leader.high_watermark(input.count("current_hw")?, end, SimTime::ZERO);
    held(expected, &|name| (name == "hw").then(|| json!(risen)))
}

fn epochs(input: Fields<'_>, name: &str) -> Result<Epochs, String> {
    let begun = |one: &Value| {
        let one = Fields::of(one)?;
        one.has_only(&["epoch", "start"])?;
        Ok::<_, String>((one.small("epoch")?, one.count("start")?))
    };
    let begun: Result<Vec<(u32, u64)>, String> = input.list(name)?.iter().map(begun).collect();
    Ok(Epochs::new(begun?))
}

/// A follower asks, cuts, and asks again until its log is one with the
/// leader's. What is expected is its first question and where it ends up.
fn truncation(input: Fields<'_>, expected: &Object) -> Result<Outcome, String> {
    let (theirs, mut own) = (epochs(input, "leader_epochs")?, epochs(input, "follower_epochs")?);
    let (leader_end, mut end) = (input.count("leader_leo")?, input.count("follower_leo")?);
    let high_watermark = input.count_or("follower_hw", 0)?;
    let asked = own.latest();
    let answer = |epochs: &Epochs| epochs.latest().map(|latest| theirs.end_of(latest, leader_end));
    let first = answer(&own);
    while let Some(answer) = answer(&own) {
        let cut = cut(&own, end, high_watermark, answer);
        end = cut.to;
        own.truncate_back(end);
        if cut.is_final {
            break;
        }
    }
    held(expected, &|name| match name {
        "follower_asks_epoch" => Some(json!(asked)),
        "leader_answers" => Some(match first.flatten() {
            Some((epoch, end)) => json!({"epoch": epoch, "end_offset": end}),
            None => json!({"epoch": -1, "end_offset": -1}),
        }),
        "follower_truncates_to" => Some(json!(end)),
        _ => None,
    })
}

fn sizes(input: Fields<'_>, expected: &Object) -> Result<Outcome, String> {
    let replicas = brokers(input, "replicas")?;
    let own = BrokerId(input.small("leader")?);
    let rules = rules(input)?;
    let mut are_under = Vec::new();
    for in_sync in input.list("isr_cases")? {
        let numbers = in_sync.as_array().ok_or("`isr_cases` has lists")?;
        let number = |one: &Value| one.as_u64().and_then(|one| u32::try_from(one).ok()).map(BrokerId);
        let in_sync: Option<Vec<BrokerId>> = numbers.iter().map(number).collect();
        let in_sync = in_sync.ok_or("brokers have numbers")?;
        are_under.push(Leader::new(own, &replicas, &in_sync, rules, 0, SimTime::ZERO).is_under_min_isr());
    }
    held(expected, &|name| (name == "under_min_isr").then(|| json!(are_under)))
}
