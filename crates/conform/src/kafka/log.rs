//! Logs: segments, retention, compaction, producers and transactions.

use super::read::{Fields, Object, held};
use super::{cleaning, transactions};
use crate::case::Case;
use crate::outcome::Outcome;
use mqlab_brokers::kafka::{
    ActiveSegment, Error, Incoming, Marks, ProducerId, Producers, Retention, Roll, SegmentFacts, Stamp,
};
use mqlab_kernel::{SimSpan, SimTime};
use serde_json::{Value, json};

pub(super) fn judge(case: &Case) -> Result<Outcome, String> {
    let (input, expected) = (Fields(&case.input), &case.expected);
    match case.kind.as_str() {
        "retention" => retention(input, expected),
        "retention_rule" => deleted_records(input, expected),
        "segment_roll" => roll(input, expected),
        "compaction" => cleaning::compaction(input, expected),
        "compaction_txn" => cleaning::passes(input, expected),
        "compaction_rule" => cleaning::rule(input, expected),
        "sequence" => sequence(input, expected),
        "txn_rule" => transactions::rule(input, expected),
        "lso" | "lso_compute" => transactions::stable(input, expected),
        other => Err(format!("no kind `{other}`")),
    }
}

/// A case that is a sentence for people.
pub(super) fn sentence(test: &str) -> Outcome {
    Outcome::Skipped(format!("a sentence for people; held by the test {test}"))
}

pub(super) fn error(error: Error) -> Value {
    json!(error.name())
}

/// The instant of so many milliseconds. A millisecond of a case is a
/// nanosecond here, so that the clock of a case may stand at today's date.
pub(super) fn at(milliseconds: u64) -> Result<SimTime, String> {
    Ok(SimTime::ZERO + span(milliseconds)?)
}

/// So many milliseconds, in the same measure.
pub(super) fn span(milliseconds: u64) -> Result<SimSpan, String> {
    SimSpan::checked_from_nanos(milliseconds).ok_or_else(|| format!("{milliseconds} ms are too long"))
}

fn marks(input: Fields<'_>, end: u64) -> Result<Marks, String> {
    let mut marks = Marks::default();
    marks.appended(end);
    let start = input.count_or("log_start_offset", 0)?;
    // A log may start behind its high watermark for as long as that is not
    // known: the start comes first.
    marks.set_high_watermark(end);
    marks
        .raise_start(start)
        .map_err(|_| "`log_start_offset` lies behind the log")?;
    marks.set_high_watermark(input.count_or("high_watermark", end)?);
    Ok(marks)
}

fn retention(input: Fields<'_>, expected: &Object) -> Result<Outcome, String> {
    let mut segments = Vec::new();
    let mut end = 0;
    for one in input.list("segments")? {
        let one = Fields::of(one)?;
        one.has_only(&["base", "last", "bytes", "max_ts"])?;
        // An empty segment ends before it begins.
        end = u64::try_from(one.whole("last")?.saturating_add(1)).map_err(|_| "`last` is an offset")?;
        segments.push(SegmentFacts {
            base: one.count("base")?,
            bytes: one.count("bytes")?,
            // Without any time it is as old as can be.
            newest: at(u64::try_from(one.whole("max_ts")?).unwrap_or(0))?,
        });
    }
    let limit = |name: &str| Ok::<_, String>(u64::try_from(input.whole_or(name, -1)?).ok());
    let policy = if input.has("cleanup_policy") {
        input.text("cleanup_policy")?
    } else {
        "delete"
    };
    let rules = Retention {
        deletes: policy.split(',').any(|policy| policy.trim() == "delete"),
        time: limit("retention_ms")?.map(span).transpose()?,
        bytes: limit("retention_bytes")?,
    };
    let mut marks = marks(input, end)?;
    let gone = rules.deletable(&segments, marks, at(input.count("now_ms")?)?);
    if gone > 0 {
        let start = segments.get(gone).map_or(end, |next| next.base);
        marks.raise_start(start).map_err(|error| error.name().to_owned())?;
    }
    let bases: Vec<u64> = segments[..gone].iter().map(|one| one.base).collect();
    held(expected, &|name| match name {
        "deleted_bases" => Some(json!(bases)),
        "log_start_offset" => Some(json!(marks.start())),
        _ => None,
    })
}

fn deleted_records(input: Fields<'_>, expected: &Object) -> Result<Outcome, String> {
    let high_watermark = input.count("high_watermark")?;
    let to = match input.whole("delete_records_to")? {
        // Everything that is committed.
        -1 => high_watermark,
        _ => input.count("delete_records_to")?,
    };
    let mut marks = marks(input, high_watermark.max(to))?;
    let deleted = marks.raise_start(to);
    held(expected, &|name| match name {
        "error" => Some(deleted.err().map_or(Value::Null, error)),
        "log_start_offset" => Some(json!(marks.start())),
        _ => None,
    })
}

fn roll(input: Fields<'_>, expected: &Object) -> Result<Outcome, String> {
    if !input.has("steps") {
        return Ok(sentence("kafka::log::roll::tests::an_empty_segment_stays"));
    }
    let mut rules = Roll::default();
    if input.has("segment_ms") {
        rules.time = span(input.count("segment_ms")?)?;
    }
    let has_times = input.flag("timestamps")?;
    let new = |base: u64, now: SimTime| ActiveSegment {
        base,
        bytes: 0,
        first: None,
        begun: now,
    };
    let (mut now, mut next, mut segments) = (SimTime::ZERO, 0, 1);
    let mut active = new(0, now);
    let mut counts = Vec::new();
    for step in input.texts("steps")? {
        for part in step.split(',').map(str::trim) {
            if let Some(milliseconds) = part.strip_prefix("advance ") {
                let milliseconds = milliseconds.parse().map_err(|_| format!("no time `{milliseconds}`"))?;
                now = now.saturating_add(span(milliseconds)?);
                continue;
            }
            if part != "append" {
                return Err(format!("no step `{part}`"));
            }
            let incoming = Incoming {
                bytes: 1,
                last: next,
                newest: has_times.then_some(now),
            };
            if rules.is_due(&active, &incoming, now) {
                active = new(next, now);
                segments += 1;
            }
            active.bytes += incoming.bytes;
            active.first = active.first.or(incoming.newest);
            next += 1;
        }
        counts.push(segments);
    }
    held(expected, &|name| match name {
        "segments_after" => Some(json!(counts)),
        _ => None,
    })
}

fn sequence(input: Fields<'_>, expected: &Object) -> Result<Outcome, String> {
    let mut producers = Producers::default();
    let mut results = Vec::new();
    let mut end = 0;
    for append in input.list("appends")? {
        let append = Fields::of(append)?;
        append.has_only(&["pid", "epoch", "seq", "n"])?;
        let number = |name: &str| i32::try_from(append.count(name)?).map_err(|_| format!("`{name}` is too large"));
        let stamp = Stamp {
            producer: ProducerId(append.small("pid")?),
            epoch: u16::try_from(append.small("epoch")?).map_err(|_| "`epoch` is too large")?,
            sequence: number("seq")?,
            records: number("n")?,
            is_transactional: false,
        };
        let result = producers.check(&stamp);
        if result == Ok(None) {
            producers.wrote(&stamp, end);
            end += append.count("n")?;
        }
        results.push(match result {
            Ok(None) => json!("ok"),
            Ok(Some(_)) => json!("duplicate"),
            Err(why) => error(why),
        });
    }
    held(expected, &|name| (name == "results").then(|| json!(results)))
}
