//! Transactions in a partition: what may be written, and up to where all is
//! decided.

use super::log::{error, sentence};
use super::read::{Fields, Object, held};
use crate::outcome::Outcome;
use mqlab_brokers::kafka::{Ended, Error, ProducerId, Producers, Stamp, Transactions};
use serde_json::{Value, json};

/// What a step, written in words, does.
enum Step {
    Append {
        epoch: u16,
        sequence: i32,
        is_transactional: bool,
    },
    Marker {
        epoch: u16,
        is_committed: bool,
    },
}

/// Reads steps such as `append txn epoch 0 seq 1` and `ABORT marker epoch 1`.
/// `None` if it is another sentence.
fn step(text: &str) -> Option<Step> {
    const WORDS: &[&str] = &[
        "append",
        "txn",
        "transactional",
        "epoch",
        "seq",
        "marker",
        "COMMIT",
        "ABORT",
        "with",
        "non-transactional",
        "by",
        "the",
        "same",
        "producer",
    ];
    let words: Vec<&str> = text.split_whitespace().collect();
    let is_known = |word: &&str| WORDS.contains(word) || word.parse::<i32>().is_ok();
    if !words.iter().all(is_known) {
        return None;
    }
    let number = |name: &str| -> Option<i32> {
        let at = words.iter().position(|word| *word == name)?;
        words.get(at + 1)?.parse().ok()
    };
    let epoch = u16::try_from(number("epoch").unwrap_or(0)).ok()?;
    if words.contains(&"marker") {
        let is_committed = words.contains(&"COMMIT");
        return (is_committed || words.contains(&"ABORT")).then_some(Step::Marker { epoch, is_committed });
    }
    Some(Step::Append {
        epoch,
        sequence: number("seq")?,
        is_transactional: words.contains(&"txn") || words.contains(&"transactional"),
    })
}

const PRODUCER: ProducerId = ProducerId(1);

/// A partition with one producer.
#[derive(Default)]
struct Partition {
    producers: Producers,
    transactions: Transactions,
    end: u64,
}

impl Partition {
    fn step(&mut self, step: &Step) -> Result<(), Error> {
        match *step {
            Step::Append {
                epoch,
                sequence,
                is_transactional,
            } => {
                let stamp = Stamp {
                    producer: PRODUCER,
                    epoch,
                    sequence,
                    records: 1,
                    is_transactional,
                };
                if self.producers.check(&stamp)?.is_none() {
                    self.transactions.check(&stamp)?;
                    self.producers.wrote(&stamp, self.end);
                    if is_transactional {
                        self.transactions.wrote(PRODUCER, self.end);
                    }
                }
            }
            Step::Marker { epoch, is_committed } => {
                self.producers.check_marker(PRODUCER, epoch)?;
                self.producers.marked(PRODUCER, epoch);
                self.transactions.marked(PRODUCER, self.end, is_committed);
            }
        }
        self.end += 1;
        Ok(())
    }
}

pub(super) fn rule(input: Fields<'_>, expected: &Object) -> Result<Outcome, String> {
    let mut partition = Partition::default();
    let mut results = Vec::new();
    if input.has("marker_epoch") {
        let epoch = |name: &str| u16::try_from(input.small(name)?).map_err(|_| format!("`{name}` is too large"));
        partition.producers.marked(PRODUCER, epoch("producer_epoch")?);
        let marker = Step::Marker {
            epoch: epoch("marker_epoch")?,
            is_committed: true,
        };
        results.push(partition.step(&marker));
    } else {
        let name = if input.has("steps") { "steps" } else { "appends" };
        let steps: Option<Vec<Step>> = input.texts(name)?.into_iter().map(step).collect();
        let Some(steps) = steps else {
            return Ok(sentence(
                "kafka::log::transactions::tests::who_has_a_transaction_open_writes_within_it",
            ));
        };
        results.extend(steps.iter().map(|step| partition.step(step)));
    }
    let told: Vec<Value> = results
        .iter()
        .map(|result| result.map_or_else(error, |()| json!("ok")))
        .collect();
    let first = results.iter().find_map(|result| result.err());
    held(expected, &|name| match name {
        "results" => Some(json!(told)),
        "error" => Some(first.map_or(Value::Null, error)),
        "producer_epoch" => Some(json!(partition.producers.epoch(PRODUCER))),
        _ => None,
    })
}

pub(super) fn stable(input: Fields<'_>, expected: &Object) -> Result<Outcome, String> {
    if input.has("open") {
        return ended_in_turn(input, expected);
    }
    let mut transactions = Transactions::default();
    let mut end = 0;
    for entry in input.list("log")? {
        let entry = Fields::of(entry)?;
        entry.has_only(&["pid", "txn", "n", "marker"])?;
        if entry.has("marker") {
            mark(&mut transactions, entry, &mut end, entry.text("marker")?)?;
            continue;
        }
        if entry.flag("txn")? {
            transactions.wrote(ProducerId(entry.small("pid")?), end);
        }
        end = entry.count("n")?.saturating_add(end);
    }
    if input.has("marker") {
        let last = Fields::of(input.list("log")?.last().ok_or("`log` is empty")?)?;
        mark(&mut transactions, last, &mut end, input.text("marker")?)?;
    }
    if input.has("then") {
        return after(input, expected, &mut transactions, end);
    }
    let high_watermark = match input.get("hw") {
        None => end,
        Some(Value::String(word)) if word == "LEO" => end,
        Some(_) => input.count("hw")?,
    };
    // Only who reads what is committed is told what is not.
    let is_told = match input.get("isolation").and_then(Value::as_str) {
        None | Some("read_committed") => true,
        Some("read_uncommitted") => false,
        Some(other) => return Err(format!("no isolation `{other}`")),
    };
    transactions.committed_up_to(high_watermark);
    let stable = transactions.last_stable_offset(high_watermark);
    let from = input.count_or("fetch_from", 0)?;
    let ended = if is_told {
        transactions.aborted(from, stable)
    } else {
        Vec::new()
    };
    let aborted: Vec<Value> = ended.iter().map(aborted).collect();
    held(expected, &|name| match name {
        "lso" => Some(json!(stable)),
        "first_unstable" => Some(json!(transactions.first_unstable())),
        "aborted_transactions" => Some(json!(aborted)),
        _ => None,
    })
}

fn aborted(ended: &Ended) -> Value {
    json!({"pid": ended.producer.0, "first_offset": ended.first})
}

fn mark(transactions: &mut Transactions, entry: Fields<'_>, end: &mut u64, marker: &str) -> Result<(), String> {
    let is_committed = match marker {
        "COMMIT" => true,
        "ABORT" => false,
        other => return Err(format!("no marker `{other}`")),
    };
    transactions.marked(ProducerId(entry.small("pid")?), *end, is_committed);
    *end += 1;
    Ok(())
}

/// What is unstable first after each of some steps in words.
fn after(
    input: Fields<'_>,
    expected: &Object,
    transactions: &mut Transactions,
    mut end: u64,
) -> Result<Outcome, String> {
    let mut unstable = Vec::new();
    for step in input.texts("then")? {
        let words: Vec<&str> = step.split_whitespace().collect();
        match words[..] {
            ["-"] => {}
            [marker @ ("COMMIT" | "ABORT"), producer] => {
                let producer = producer.strip_prefix("pid").and_then(|number| number.parse().ok());
                let producer = ProducerId(producer.ok_or_else(|| format!("no producer in `{step}`"))?);
                transactions.marked(producer, end, marker == "COMMIT");
                end += 1;
            }
            ["HW", "past", "the", "marker"] => transactions.committed_up_to(end),
            _ => return Err(format!("no step `{step}`")),
        }
        unstable.push(transactions.first_unstable());
    }
    held(expected, &|name| {
        (name == "first_unstable_after").then(|| json!(unstable))
    })
}

/// Transactions that are open and end one after the other.
fn ended_in_turn(input: Fields<'_>, expected: &Object) -> Result<Outcome, String> {
    let mut transactions = Transactions::default();
    for open in input.list("open")? {
        let open = Fields::of(open)?;
        open.has_only(&["pid", "start"])?;
        transactions.wrote(ProducerId(open.small("pid")?), open.count("start")?);
    }
    let mut stable = Vec::new();
    for ended in input.list("complete_in_order")? {
        let ended = Fields::of(ended)?;
        ended.has_only(&["pid", "last"])?;
        let producer = ProducerId(ended.small("pid")?);
        let ended = transactions
            .marked(producer, ended.count("last")?, true)
            .ok_or("nothing is open")?;
        stable.push(transactions.stable_after(&ended));
    }
    held(expected, &|name| (name == "lso").then(|| json!(stable)))
}
