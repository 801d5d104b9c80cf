//! Which partition a record goes to.

use super::read::{Fields, Object, bytes, held};
use crate::case::Case;
use crate::outcome::Outcome;
use mqlab_brokers::kafka::{Loads, Sticky, TopicLeaders, murmur2, partition_for_key, settled_partition, to_positive};
use serde_json::{Value, json};

/// Rounds in which a choice that may not change is made.
const ROUNDS: u32 = 100;

pub(super) fn judge(case: &Case) -> Result<Outcome, String> {
    let input = Fields(&case.input);
    match case.kind.as_str() {
        "murmur2_hash" | "key_to_partition" => hashed(input, &case.expected),
        "to_positive" => positive(input, &case.expected),
        "keyed_rules" => keyed(input, &case.expected),
        "unkeyed" => unkeyed(input, &case.expected),
        other => Err(format!("no kind `{other}`")),
    }
}

fn hashed(input: Fields<'_>, expected: &Object) -> Result<Outcome, String> {
    let key = input.bytes("key_hex")?;
    let partitions = input.has("partitions").then(|| input.small("partitions")).transpose()?;
    if partitions == Some(0) {
        return Err("a topic has partitions".to_owned());
    }
    held(expected, &|name| match name {
        "hash" => Some(json!(murmur2(&key))),
        "positive" => Some(json!(to_positive(murmur2(&key)))),
        "partition" => partitions.map(|partitions| json!(partition_for_key(&key, partitions))),
        _ => None,
    })
}

fn positive(input: Fields<'_>, expected: &Object) -> Result<Outcome, String> {
    let hash = i32::try_from(input.whole("hash")?).map_err(|_| "`hash` has 32 bits")?;
    held(expected, &|name| match name {
        "positive" => Some(json!(to_positive(hash))),
        // What somebody who takes the absolute value would get.
        "abs_would_give" => Some(json!(hash.unsigned_abs())),
        _ => None,
    })
}

fn keyed(input: Fields<'_>, expected: &Object) -> Result<Outcome, String> {
    let counts = ["partitions", "partitions_before", "partitions_after"];
    if counts
        .iter()
        .any(|name| input.get(name).is_some_and(|count| count == 0))
    {
        return Err("a topic has partitions".to_owned());
    }
    if input.has("keys_hex") {
        let keys: Result<Vec<Vec<u8>>, String> = input.texts("keys_hex")?.into_iter().map(bytes).collect();
        let keys = keys?;
        let spread = |partitions: u32| -> Value { keys.iter().map(|key| partition_for_key(key, partitions)).collect() };
        let (before, after) = (input.small("partitions_before")?, input.small("partitions_after")?);
        return held(expected, &|name| match name {
            "before" => Some(spread(before)),
            "after" => Some(spread(after)),
            _ => None,
        });
    }
    let record = Fields::of(input.value("record")?)?;
    record.has_only(&["partition", "key_hex"])?;
    let chosen = record.has("partition").then(|| record.small("partition")).transpose()?;
    let key = record.has("key_hex").then(|| record.bytes("key_hex")).transpose()?;
    let ignores_keys = input.flag("ignore_keys")?;
    let partition = settled_partition(chosen, key.as_deref(), ignores_keys, input.small("partitions")?);
    held(expected, &|name| (name == "partition").then(|| json!(partition)))
}

fn unkeyed(input: Fields<'_>, expected: &Object) -> Result<Outcome, String> {
    if input.has("queue_sizes") {
        return weighed(input, expected);
    }
    let partitions = few(input.small("partitions")?)?;
    let without = input.numbers("without_leader")?;
    let with_leader: Vec<u32> = (0..partitions).filter(|one| !without.contains(one)).collect();
    let topic = TopicLeaders {
        partitions,
        with_leader: &with_leader,
    };
    let batch_size = input.count_or("sticky_batch_size", 1)?;
    let mut sticky = Sticky::default();
    let mut chosen = |random: u32| {
        let partition = sticky.partition(topic, None, || random);
        sticky.sent(1, batch_size, true);
        partition
    };
    let rounds = input.count_or("rounds", u64::from(ROUNDS))?;
    let rounds = u32::try_from(input.count_or("records", rounds)?).map_err(|_| "too many rounds")?;
    let rounds = few(rounds)?;
    if partitions == 0 {
        return Err("a topic has partitions".to_owned());
    }
    if input.has("key") {
        return Err("a record with a key is no case of this kind".to_owned());
    }
    let all: Vec<u32> = (0..rounds).map(&mut chosen).collect();
    let always = all.first().filter(|first| all.iter().all(|one| one == *first));
    held(expected, &|name| match name {
        "always_chosen" => Some(json!(always)),
        "partitions_chosen" => Some(json!(all)),
        _ => None,
    })
}

/// So many can be gone through.
fn few(number: u32) -> Result<u32, String> {
    let is_few = number <= 1_000_000;
    is_few.then_some(number).ok_or_else(|| format!("{number} are too many"))
}

/// Weights of partitions with queues of unsent batches, and how often each is
/// chosen if every random number comes up equally often.
fn weighed(input: Fields<'_>, expected: &Object) -> Result<Outcome, String> {
    let sizes = input.numbers("queue_sizes")?;
    let slow = input.numbers("excluded")?;
    let count = u32::try_from(sizes.len()).map_err(|_| "too many queues")?;
    let queues: Vec<(u32, u32)> = (0..count).zip(sizes).filter(|(one, _)| !slow.contains(one)).collect();
    let with_leader: Vec<u32> = queues.iter().map(|(one, _)| *one).collect();
    let topic = TopicLeaders {
        partitions: count,
        with_leader: &with_leader,
    };
    let loads = input.flag("adaptive")?.then(|| Loads::new(topic, queues)).flatten();
    let Some(loads) = loads else {
        // Nothing to weigh: all alike.
        return held(expected, &|name| (name == "weights").then_some(Value::Null));
    };
    let weights: Vec<u64> = loads.weights().collect();
    let turns = input.count_or("rounds_of_total_weight", 1)?;
    let total = weights.iter().sum::<u64>().saturating_mul(turns);
    let randoms = few(u32::try_from(total).map_err(|_| "too many rounds")?)?;
    let mut chosen = vec![0; count as usize];
    (0..randoms).for_each(|random| chosen[loads.choose(random) as usize] += 1);
    held(expected, &|name| match name {
        "weights" => Some(json!(weights)),
        "chosen_counts" => Some(json!(chosen)),
        _ => None,
    })
}
