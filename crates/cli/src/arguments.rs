//! What may be written on the command line.

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use mqlab_kernel::{SimSpan, SimTime};
use std::path::PathBuf;

const EXIT_CODES: &str = "\
Exit codes:
  0    done, and every expectation holds
  1    an expectation does not hold, or a limit ended a run
  2    bad input or usage
  130  stopped by Ctrl-C";

/// A deterministic message-queue laboratory: runs scenario files and checks
/// what they expect.
#[derive(Parser, Debug)]
#[command(name = "mqlab", version, after_help = EXIT_CODES)]
pub(crate) struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What to do.
#[derive(Subcommand, Debug)]
pub(crate) enum Command {
    /// Run scenarios, report on each variant and check the expectations
    Run(RunArguments),
    /// Read scenarios and say what is wrong with them, without running
    Check(CheckArguments),
    /// Run one scenario with many settings and seeds, and show what each came to
    Sweep(SweepArguments),
    /// Say how large queues get and what it takes to empty them, beside the closed formulas
    Size(SizeArguments),
    /// Look for random faults that break what a scenario promises
    Fuzz(FuzzArguments),
    /// Show the facts of a run, or the life of one message
    Trace(TraceArguments),
    /// Judge files of conformance cases taken from real brokers and from theory
    Conform(ConformArguments),
    /// Write a scenario's text from the definitions that a RabbitMQ has exported, or from the
    /// lines by which topics of Kafka are created
    Import(ImportArguments),
    /// Print the digest of every variant, one per line
    Digests(DigestsArguments),
    /// Print the JSON Schema of scenario files
    Schema,
    /// Print the reference of the scenario language, in Markdown
    Reference,
    /// Print a completion script for a shell
    Completions {
        /// The shell
        shell: Shell,
    },
}

/// Arguments of `mqlab import`.
#[derive(Args, Debug)]
pub(crate) struct ImportArguments {
    /// A `definitions.json`, as `rabbitmqctl export_definitions` writes it, or a script with
    /// `kafka-topics.sh --create ...`; `-` is standard input
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// Which virtual host, if the file has several
    #[arg(long, value_name = "NAME")]
    pub(crate) vhost: Option<String>,
}

/// How a report is written.
#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum ReportFormat {
    /// Tables for people
    Text,
    /// The same, for programs: an array with one element per file
    Json,
    /// JUnit XML, for continuous integration
    Junit,
}

/// How facts are written.
#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum TraceFormat {
    /// A table for people
    Text,
    /// An object for programs
    Json,
}

/// What a report shows if it is asked for.
#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Show {
    /// The files in the directory of each broker's logs
    Files,
    /// Which broker has a replica of which partition
    Placement,
    /// What ZooKeeper held of it until Kafka 4.0
    Zookeeper,
}

/// Arguments of `mqlab run`.
#[derive(Args, Debug)]
pub(crate) struct RunArguments {
    /// Scenario files; `-` is standard input
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// How the report is written
    #[arg(long, value_enum, default_value_t = ReportFormat::Text)]
    pub(crate) format: ReportFormat,
    #[command(flatten)]
    pub(crate) changes: Changes,
    /// Run this variant only; may be given several times
    #[arg(long = "variant", value_name = "NAME")]
    pub(crate) variants: Vec<String>,
    /// Show more of Kafka's clusters in the text; may be given several times
    #[arg(long, value_enum, value_name = "WHAT")]
    pub(crate) show: Vec<Show>,
    /// Draw charts: OUT is a file for one scenario, a folder for several
    ///
    /// Rates, backlog and waits over time, in SVG, one colour per variant. With
    /// one FILE the drawing goes to OUT. With several, or if OUT is a folder,
    /// it goes to OUT/NAME.svg for each scenario NAME.toml; a folder that does
    /// not exist is made.
    #[arg(long, value_name = "OUT")]
    pub(crate) svg: Option<PathBuf>,
    /// No progress bars and warnings; in text, only what does not hold
    #[arg(long, short)]
    pub(crate) quiet: bool,
}

/// The largest seed: the largest whole number that JSON keeps exactly.
const SEED_MAX: u64 = (1 << 53) - 1;

/// What to change in a scenario without touching its text.
#[derive(Args, Clone, Default, Debug)]
pub(crate) struct Changes {
    /// A seed in place of the scenario's
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(..=SEED_MAX))]
    pub(crate) seed: Option<u64>,
    /// Set a key, for example `service.writer.workers=3`; may be given several times
    #[arg(long, value_name = "PATH=VALUE", value_parser = setting)]
    pub(crate) set: Vec<(String, String)>,
}

/// How a study is written.
#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum SweepFormat {
    /// A table for people
    Text,
    /// A line for each setting, variant and metric; times are nanoseconds
    Csv,
    /// An object for programs
    Json,
}

/// Most seeds of a study.
const SEEDS_MAX: u64 = 10_000;

/// Arguments of `mqlab sweep`.
#[derive(Args, Debug)]
pub(crate) struct SweepArguments {
    /// A scenario file; `-` is standard input
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// Set a key to each of these values; several make a grid
    ///
    /// VALUES is a range with both ends (`1..10`, `10..100 step 10`,
    /// `1ms..10ms step 1ms`), a list (`1,2,5`), or one value. With several
    /// `--set` every combination runs.
    #[arg(long, value_name = "PATH=VALUES", value_parser = setting)]
    pub(crate) set: Vec<(String, String)>,
    /// How many seeds each combination runs with
    ///
    /// The same seeds everywhere, so that settings are compared on the same
    /// arrivals.
    #[arg(long, value_name = "N", default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..=SEEDS_MAX))]
    pub(crate) seeds: u64,
    /// The first seed; the others follow it
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u64).range(..=SEED_MAX - SEEDS_MAX))]
    pub(crate) seed: u64,
    /// What to measure at the end of each run, such as `wait_p99(orders)`; may be given several times
    ///
    /// Any metric that an expectation may ask for. Without it: waits and
    /// backlog of the queues, utilisation of the services, and every verdict
    /// that some run has.
    #[arg(long = "metric", value_name = "METRIC")]
    pub(crate) metrics: Vec<String>,
    /// Run this variant only; may be given several times
    #[arg(long = "variant", value_name = "NAME")]
    pub(crate) variants: Vec<String>,
    /// Probability of the confidence intervals, in per cent
    #[arg(long, value_name = "PERCENT", default_value_t = 95, value_parser = clap::value_parser!(u8).range(50..=99))]
    pub(crate) confidence: u8,
    /// How many runs at the same time; as many as there are cores without it. The result is the same
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(crate) threads: Option<u16>,
    /// How the study is written
    #[arg(long, value_enum, default_value_t = SweepFormat::Text)]
    pub(crate) format: SweepFormat,
    /// Draw each metric over the first path that varies, in SVG
    #[arg(long, value_name = "OUT")]
    pub(crate) svg: Option<PathBuf>,
    /// No progress bar and warnings
    #[arg(long, short)]
    pub(crate) quiet: bool,
}

/// Arguments of `mqlab check`.
#[derive(Args, Debug)]
pub(crate) struct CheckArguments {
    /// Scenario files; `-` is standard input
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// Print the text with what happens at random as `[[at]]` entries
    #[arg(long)]
    pub(crate) spell_out: bool,
}

/// How sizes are written.
#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum SizeFormat {
    /// A table for people
    Text,
    /// An object for programs
    Json,
}

/// Arguments of `mqlab size`.
#[derive(Args, Debug)]
pub(crate) struct SizeArguments {
    /// A scenario file; `-` is standard input
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    #[command(flatten)]
    pub(crate) changes: Changes,
    /// Size this variant only; may be given several times
    #[arg(long = "variant", value_name = "NAME")]
    pub(crate) variants: Vec<String>,
    /// Also find the fewest workers that empty each queue within this time of its peak
    #[arg(long, value_name = "T", value_parser = span)]
    pub(crate) within: Option<SimSpan>,
    /// How the sizes are written
    #[arg(long, value_enum, default_value_t = SizeFormat::Text)]
    pub(crate) format: SizeFormat,
    /// No warnings
    #[arg(long, short)]
    pub(crate) quiet: bool,
}

/// A length of time above 0.
fn span(text: &str) -> Result<SimSpan, String> {
    let span = SimSpan::parse(text).filter(|span| !span.is_zero());
    span.ok_or_else(|| "write a length of time such as 10m or 90s".to_owned())
}

/// How a hunt is written.
#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum FuzzFormat {
    /// For people
    Text,
    /// An object for programs
    Json,
}

/// Arguments of `mqlab fuzz`.
#[derive(Args, Debug)]
pub(crate) struct FuzzArguments {
    /// A scenario file; `-` is standard input
    ///
    /// Its promises are the expectations marked `promise = true`; without any
    /// it is that nothing is lost. Its faults are those of `[faults.random]`;
    /// without it, crashes, pauses and cuts of everything in the first two
    /// thirds of the run.
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// How many seeds are tried
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u64).range(1..=HUNT_SEEDS_MAX))]
    pub(crate) seeds: u64,
    /// The first seed; the others follow it
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u64).range(..=SEED_MAX - HUNT_SEEDS_MAX))]
    pub(crate) seed: u64,
    /// Try this variant only; may be given several times
    #[arg(long = "variant", value_name = "NAME")]
    pub(crate) variants: Vec<String>,
    /// Where the scenario that breaks a promise is written; without it, NAME-seed-N.toml
    #[arg(long, value_name = "OUT")]
    pub(crate) out: Option<PathBuf>,
    /// How many runs at the same time; as many as there are cores without it. The result is the same
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(crate) threads: Option<u16>,
    /// How the hunt is written
    #[arg(long, value_enum, default_value_t = FuzzFormat::Text)]
    pub(crate) format: FuzzFormat,
    /// No progress bar and warnings
    #[arg(long, short)]
    pub(crate) quiet: bool,
}

/// Most seeds of a hunt.
const HUNT_SEEDS_MAX: u64 = 1_000_000;

/// Arguments of `mqlab conform`.
#[derive(Args, Debug)]
pub(crate) struct ConformArguments {
    /// Files of cases, in JSON; `-` is standard input
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// How many seeds a case about chance runs with, from 1 on
    #[arg(long, value_name = "N", default_value_t = 30, value_parser = clap::value_parser!(u64).range(2..=SEEDS_MAX))]
    pub(crate) seeds: u64,
    /// Most messages of one of its runs
    ///
    /// A run is as long as the tolerance of its case asks for, and no longer
    /// than this; a case that would need more is judged by what it has.
    #[arg(long, value_name = "N", default_value_t = 2_000_000, value_parser = clap::value_parser!(u64).range(1_000..=100_000_000))]
    pub(crate) messages: u64,
    /// How many runs at the same time; as many as there are cores without it. The result is the same
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(crate) threads: Option<u16>,
    /// No progress bar, and nothing about cases that are skipped
    #[arg(long, short)]
    pub(crate) quiet: bool,
}

/// Arguments of `mqlab digests`.
#[derive(Args, Debug)]
pub(crate) struct DigestsArguments {
    /// Scenario files; `-` is standard input
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
}

/// Arguments of `mqlab trace`.
#[derive(Args, Debug)]
pub(crate) struct TraceArguments {
    /// A scenario file; `-` is standard input
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    #[command(flatten)]
    pub(crate) changes: Changes,
    /// The variant to run; without it, the first
    #[arg(long, value_name = "NAME")]
    pub(crate) variant: Option<String>,
    /// Only this message and what was made from it: `users#123`, or `123` if there is one load
    ///
    /// Messages are counted from 0 at the load or publish step that makes
    /// them. A message that a service publishes has the number of the message
    /// it was made from.
    #[arg(long, value_name = "ID")]
    pub(crate) message: Option<String>,
    /// Only facts at this instant or later: `12:00:00` or `90s`
    #[arg(long, value_name = "T", value_parser = instant)]
    pub(crate) from: Option<SimTime>,
    /// Only facts at this instant or earlier
    #[arg(long, value_name = "T", value_parser = instant)]
    pub(crate) to: Option<SimTime>,
    /// Stop after this many facts
    #[arg(long, value_name = "N", default_value_t = 1000)]
    pub(crate) limit: u64,
    /// How the facts are written
    #[arg(long, value_enum, default_value_t = TraceFormat::Text)]
    pub(crate) format: TraceFormat,
}

/// A key's path and its value.
fn setting(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((path, value)) => Ok((path.trim().to_owned(), value.trim().to_owned())),
        None => Err("write PATH=VALUE, for example service.writer.workers=3".to_owned()),
    }
}

/// An instant: a clock time, or a span since the start of the clock.
fn instant(text: &str) -> Result<SimTime, String> {
    let since_start = || SimTime::ZERO.checked_add(SimSpan::parse(text)?);
    SimTime::parse_clock(text)
        .or_else(since_start)
        .ok_or_else(|| "write a clock time such as 12:00:00, or a span such as 90s".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_definition_is_consistent() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn instants_are_clock_times_or_spans() {
        assert_eq!(instant("00:01:30"), instant("90s"));
        assert!(instant("90").is_err() && instant("").is_err());
    }

    #[test]
    fn a_value_may_contain_the_sign() {
        assert_eq!(setting("a.b = x=1"), Ok(("a.b".to_owned(), "x=1".to_owned())));
        assert!(setting("a.b").is_err());
    }
}
