//! `mqlab conform`: cases taken from real brokers and from theory.

use crate::arguments::ConformArguments;
use crate::ending::{Ending, Failure, complain};
use crate::input::{self, CASES};
use crate::{interrupt, progress, threads};
use mqlab_conform::{Case, CaseFile, Observed, Outcome, Runs, judge};
use rayon::ThreadPool;
use rayon::iter::{IndexedParallelIterator, IntoParallelIterator, ParallelIterator};
use std::io::Write;

/// How many cases came to what.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
struct Tally {
    passed: usize,
    failed: usize,
    skipped: usize,
    not_understood: usize,
}

/// Judges every case of every file.
pub(crate) fn conform(arguments: &ConformArguments, out: &mut dyn Write) -> Result<Ending, Failure> {
    let mut files = Vec::new();
    let mut is_understood = true;
    for input in input::read_sized(&arguments.files, CASES)? {
        match CaseFile::parse(&input.text) {
            Ok(file) => files.push((input.name, file)),
            Err(why) => {
                complain("error", format_args!("{}: {why}", input.name));
                is_understood = false;
            }
        }
    }
    interrupt::listen()?;
    let spread = Spread {
        pool: threads::pool(arguments.threads)?,
        seeds: arguments.seeds,
        messages_max: arguments.messages,
    };
    let cases: usize = files.iter().map(|(_, file)| file.cases.len()).sum();
    let template = "[{bar:40}] {pos} of {len} cases, {msg}";
    let bar = progress::bar(Some(cases as u64), template, !arguments.quiet);
    let mut tally = Tally::default();
    for (name, file) in &files {
        for case in &file.cases {
            bar.set_message(case.id.clone());
            let outcome = judge(&file.topic, case, &spread);
            if outcome == Outcome::Stopped {
                break;
            }
            bar.suspend(|| write(name, case, &outcome, arguments.quiet, &mut tally, out))?;
            bar.inc(1);
            if interrupt::is_requested() {
                break;
            }
        }
    }
    bar.finish_and_clear();
    let Tally {
        passed,
        failed,
        skipped,
        ..
    } = tally;
    writeln!(out, "passed {passed}, failed {failed}, skipped {skipped}")?;
    Ok(if interrupt::is_requested() {
        Ending::Interrupted
    } else if !is_understood || tally.not_understood > 0 {
        Ending::BadInput
    } else if failed > 0 {
        Ending::Failed
    } else {
        Ending::Held
    })
}

/// Counts a case, and says what came of it unless it passed.
fn write(
    file: &str,
    case: &Case,
    outcome: &Outcome,
    is_quiet: bool,
    tally: &mut Tally,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    match outcome {
        Outcome::Passed => tally.passed += 1,
        Outcome::Failed(mismatches) => {
            tally.failed += 1;
            writeln!(out, "failed {} ({})", case.id, case.kind)?;
            for mismatch in mismatches {
                writeln!(out, "  {}", mismatch.what)?;
                writeln!(out, "    expected {}", mismatch.expected)?;
                writeln!(out, "    actual   {}", mismatch.actual)?;
            }
        }
        Outcome::Skipped(why) => {
            tally.skipped += 1;
            if !is_quiet {
                writeln!(out, "skipped {} ({}): {why}", case.id, case.kind)?;
            }
        }
        Outcome::NotUnderstood(why) => {
            tally.not_understood += 1;
            complain("error", format_args!("{file}: {} is not understood: {why}", case.id));
        }
        Outcome::Stopped => {}
    }
    out.flush()?;
    Ok(())
}

/// Seeds on all cores.
struct Spread {
    pool: ThreadPool,
    seeds: u64,
    messages_max: u64,
}

impl Runs for Spread {
    fn seeds(&self) -> u64 {
        self.seeds
    }

    fn messages_max(&self) -> u64 {
        self.messages_max
    }

    fn each(&self, seeds: &[u64], one: &(dyn Fn(u64) -> Option<Observed> + Sync)) -> Option<Vec<Observed>> {
        let all = || seeds.into_par_iter().with_max_len(1).map(|seed| one(*seed)).collect();
        self.pool.install(all)
    }

    fn is_stopped(&self) -> bool {
        interrupt::is_requested()
    }
}
