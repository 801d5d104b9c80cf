//! A hunt for people.

use super::{Broken, Found, Hunt};
use crate::notation::{counted, grouped};
use std::io::{self, Write};

/// Writes what is about to be done.
pub(super) fn head(hunt: &Hunt, out: &mut dyn Write) -> io::Result<()> {
    let last = hunt.first_seed + hunt.seeds - 1;
    let faults = if hunt.has_own_faults {
        "its own random faults"
    } else {
        "a usual mixture of random faults"
    };
    writeln!(out, "{}", hunt.title)?;
    writeln!(
        out,
        "{}, seeds {} to {last}, {faults}",
        hunt.input.name, hunt.first_seed
    )?;
    writeln!(out, "promised: {}", hunt.promises.join(", "))
}

/// Writes what came of it.
pub(super) fn text(hunt: &Hunt, out: &mut dyn Write) -> io::Result<()> {
    match &hunt.found {
        Some(found) => bad(found, out)?,
        None => writeln!(out, "\nno promise was broken")?,
    }
    let all: u64 = hunt.hits.values().map(|(all, _)| *all).sum();
    let hit: u64 = hunt.hits.values().map(|(_, hit)| *hit).sum();
    writeln!(out)?;
    write!(out, "{}, {}", counted(hunt.runs as u64, "run"), counted(all, "fault"))?;
    writeln!(out, ", of which {} changed anything", grouped(hit))?;
    for (kind, (all, hit)) in hunt.hits.iter().filter(|(_, (all, _))| *all > 0) {
        writeln!(
            out,
            "  {}: {} of {}",
            kind.replace('_', " "),
            grouped(*hit),
            grouped(*all)
        )?;
    }
    if hunt.limited > 0 {
        let runs = counted(hunt.limited as u64, "run");
        writeln!(out, "{runs} ended by a limit, and so showed nothing")?;
    }
    if hunt.found.is_none() && hit == 0 {
        writeln!(out, "no fault changed anything: this is no proof")?;
    }
    Ok(())
}

fn bad(found: &Found, out: &mut dyn Write) -> io::Result<()> {
    writeln!(
        out,
        "\nseed {}, variant {} breaks a promise:",
        found.seed, found.variant
    )?;
    for Broken { that, actual, at } in &found.broken {
        let at = at.map_or(String::new(), |at| format!(", at {at}"));
        writeln!(out, "  \u{2717} {that}: {actual}{at}")?;
    }
    for (name, count, first) in &found.verdicts {
        let first = first.as_ref().map_or(String::new(), |row| {
            let message = row.message.as_deref().unwrap_or("");
            format!(
                ", first shown by {} {} {} {message}",
                row.fact.at,
                row.place,
                row.fact.kind.word()
            )
        });
        writeln!(
            out,
            "  {} {}{}",
            grouped(*count),
            name.replace('_', " "),
            first.trim_end()
        )?;
    }
    let trials = counted(found.trials as u64, "run");
    let faults = counted(found.faults as u64, "fault");
    match found.needed {
        0 => writeln!(out, "\nit does so without any fault")?,
        needed => writeln!(out, "\nof {faults}, {needed} needed; found in {trials}:\n")?,
    }
    for act in &found.acts {
        let entry = act.to_toml();
        let lines: Vec<&str> = entry.lines().skip(1).collect();
        writeln!(out, "  {}", lines.join(", "))?;
    }
    writeln!(out, "\nwritten to {0}; `mqlab run {0}` shows it", found.file.display())
}
