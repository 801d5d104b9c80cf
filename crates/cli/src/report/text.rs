//! Reports for people.

use super::{InletRow, Report, VariantReport};
use crate::drive::End;
use crate::notation::{cell, counted, digest, grouped, value};
use crate::table::{Side, Table};
use mqlab_engine::Hit;
use mqlab_scenario::report::ExpectationReport;
use std::io::{self, Write};
use std::mem;

/// How much is said.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Detail {
    /// Everything.
    Full,
    /// What does not hold.
    Bad,
}

impl Detail {
    /// Whether there is anything to say of a report.
    pub(crate) fn shows(self, report: &Report) -> bool {
        self == Detail::Full || !report.variants.iter().all(VariantReport::is_good)
    }
}

/// Writes a report.
pub(crate) fn text(report: &Report, detail: Detail, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}", report.title)?;
    writeln!(out, "{}, seed {}", report.file, report.seed)?;
    if detail == Detail::Full {
        overview(report, out)?;
    }
    for variant in &report.variants {
        if detail == Detail::Full || !variant.is_good() {
            section(variant, detail, out)?;
        }
    }
    Ok(())
}

/// All variants in one table, to be compared.
fn overview(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    use Side::{Left, Right};
    let mut table = Table::new(&[
        ("variant", Left),
        ("messages", Right),
        ("refused", Right),
        ("at", Left),
        ("accepted", Right),
        ("handled", Right),
        ("backlog", Right),
        ("wait p50", Right),
        ("p90", Right),
        ("p99", Right),
        ("max", Right),
        ("utilisation", Left),
        ("verdicts", Left),
    ]);
    for variant in &report.variants {
        let mut first = vec![
            variant.data.name.clone(),
            grouped(variant.data.messages),
            grouped(variant.refused),
        ];
        let mut last = verdicts_in_short(variant);
        let used: Vec<&InletRow> = variant.inlets.iter().filter(|inlet| inlet.is_used()).collect();
        // A variant in which nothing arrives has its line as well.
        let rows = if used.is_empty() {
            vec![None]
        } else {
            used.into_iter().map(Some).collect()
        };
        for inlet in rows {
            first.extend(inlet.map_or_else(|| vec![String::new(); 9], inlet_cells));
            first.push(mem::take(&mut last));
            table.row(mem::replace(&mut first, vec![String::new(); 3]));
        }
    }
    writeln!(out)?;
    table.write(out, "  ")
}

fn inlet_cells(inlet: &InletRow) -> Vec<String> {
    let handlers = inlet.handlers.iter();
    let utilisation: Vec<String> = handlers
        .map(|(name, ratio)| format!("{name} {}", value(*ratio)))
        .collect();
    let mut cells = vec![
        inlet.name.clone(),
        cell(inlet.accepted),
        cell(inlet.handled),
        cell(inlet.backlog),
    ];
    cells.extend(inlet.waits.map(cell));
    cells.push(utilisation.join(", "));
    cells
}

fn verdicts_in_short(variant: &VariantReport) -> String {
    let holding = variant.data.verdicts.iter().filter(|row| row.count > 0);
    let words: Vec<String> = holding
        .map(|row| format!("{} {}", grouped(row.count), row.name.replace('_', " ")))
        .collect();
    if words.is_empty() {
        "none".to_owned()
    } else {
        words.join(", ")
    }
}

fn section(variant: &VariantReport, detail: Detail, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\nvariant {}", variant.data.name)?;
    if detail == Detail::Full {
        summary(variant, out)?;
    }
    match variant.end {
        End::Over => {}
        End::Limit(hit) => {
            let (name, size) = (hit.name(), grouped(variant.limit));
            writeln!(out, "  ended at {} by the limit `{name}` of {size}", variant.data.ended)?;
        }
        End::Interrupted => writeln!(out, "  stopped at {}", variant.data.ended)?,
    }
    if detail == Detail::Full {
        verdicts(variant, out)?;
        queues(variant, out)?;
        for cluster in &variant.rabbits {
            cluster.write(&variant.data.ended.to_string(), out)?;
        }
        for cluster in &variant.clusters {
            cluster.write(&variant.data.ended.to_string(), out)?;
        }
        for shown in &variant.shown {
            shown.write(&variant.data.ended.to_string(), out)?;
        }
    }
    expectations(variant, detail, out)
}

fn summary(variant: &VariantReport, out: &mut dyn Write) -> io::Result<()> {
    let seconds = variant.wall.as_secs_f64();
    let per_second = if seconds > 0.0 {
        (variant.data.messages as f64 / seconds) as u64
    } else {
        0
    };
    writeln!(
        out,
        "  {} until {}, {}, {}, digest {}",
        counted(variant.data.messages, "message"),
        variant.data.ended,
        counted(variant.data.steps, "action"),
        counted(variant.data.facts, "fact"),
        digest(variant.data.digest),
    )?;
    writeln!(out, "  took {seconds:.3} s, {} messages/s", grouped(per_second))?;
    faults(variant, out)
}

/// How many faults there were, and how many of them were more than that.
fn faults(variant: &VariantReport, out: &mut dyn Write) -> io::Result<()> {
    let all = variant.data.faults.kinds().into_iter().filter(|(_, hit)| hit.all > 0);
    let said: Vec<String> = all
        .map(|(kind, Hit { all, hit })| {
            let one = match kind {
                "crashes" => "crash",
                "pauses" => "pause",
                "cuts" => "cut",
                "lost_packets" => "lost packet",
                "full_disks" => "full disk",
                "doubled_calls" => "doubled call",
                "overtaken_calls" => "overtaken call",
                _ => "wrong clock",
            };
            let what = if all == 1 {
                one.to_owned()
            } else {
                kind.replace('_', " ")
            };
            format!("{} of {} {what}", grouped(hit), grouped(all))
        })
        .collect();
    if said.is_empty() {
        return Ok(());
    }
    writeln!(out, "  faults that changed anything: {}", said.join(", "))
}

/// Each verdict that holds, with the first fact that shows it.
fn verdicts(variant: &VariantReport, out: &mut dyn Write) -> io::Result<()> {
    use Side::{Left, Right};
    let mut table = Table::new(&[("verdict", Left), ("count", Right), ("first shown by", Left)]);
    for row in variant.data.verdicts.iter().filter(|row| row.count > 0) {
        let first = row.first.as_ref().map_or(String::new(), |fact| {
            let message = fact.message.as_deref().unwrap_or("");
            let text = format!("{} {} {} {message}", fact.fact.at, fact.place, fact.fact.kind.word());
            text.trim_end().to_owned()
        });
        table.row(vec![row.name.to_owned(), grouped(row.count), first]);
    }
    if table.is_empty() {
        return Ok(());
    }
    writeln!(out)?;
    table.write(out, "  ")
}

/// The columns of `rabbitmqctl list_queues name messages_ready ...`.
fn queues(variant: &VariantReport, out: &mut dyn Write) -> io::Result<()> {
    use Side::{Left, Right};
    for (broker, queues) in variant.brokers.iter().filter(|(_, queues)| !queues.is_empty()) {
        let mut table = Table::new(&[
            ("name", Left),
            ("messages_ready", Right),
            ("messages_unacknowledged", Right),
            ("consumers", Right),
        ]);
        for queue in queues {
            // Plain digits, as the broker's own tool prints them.
            table.row(vec![
                queue.name.clone(),
                queue.messages_ready.to_string(),
                queue.messages_unacknowledged.to_string(),
                queue.consumers.to_string(),
            ]);
        }
        writeln!(out, "\n  queues of {broker} at {}", variant.data.ended)?;
        table.write(out, "  ")?;
    }
    Ok(())
}

fn expectations(variant: &VariantReport, detail: Detail, out: &mut dyn Write) -> io::Result<()> {
    use Side::{Left, Right};
    let mut table = Table::new(&[
        ("", Left),
        ("expected", Left),
        ("at", Left),
        ("actual", Right),
        ("row", Left),
    ]);
    let rows = variant.data.expectations.iter();
    for row in rows.filter(|row| detail == Detail::Full || row.pass != Some(true)) {
        let mark = match row.pass {
            Some(true) => "\u{2713}",
            Some(false) => "\u{2717}",
            None => "?",
        };
        table.row(vec![
            mark.to_owned(),
            row.that.clone(),
            instant(row),
            actual(row),
            row.row.clone().unwrap_or_default(),
        ]);
    }
    if table.is_empty() {
        return Ok(());
    }
    if detail == Detail::Full {
        writeln!(out)?;
    }
    table.write(out, "  ")
}

fn actual(row: &ExpectationReport) -> String {
    match row.actual {
        Some(actual) if row.is_cut_off => format!("{}, but the run was cut off", value(actual)),
        Some(actual) => value(actual),
        None => "not known".to_owned(),
    }
}

/// When it was checked; where the time itself is the finding, that too.
fn instant(row: &ExpectationReport) -> String {
    match (row.pass, row.decided) {
        (Some(false), Some(at)) if row.at == "always" || row.at == "never" => format!("{}, not at {at}", row.at),
        _ => row.at.clone(),
    }
}
