//! The program among others: files, pipes, signals.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

const PARCELS: &str = "tests/scenarios/parcels.toml";
const MAILS: &str = "tests/scenarios/mails.toml";
const CARELESS: &str = "tests/scenarios/careless.toml";
const COUNTER: &str = "tests/scenarios/counter.toml";

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mqlab"));
    command.current_dir(env!("CARGO_MANIFEST_DIR")).args(arguments);
    command
}

fn fed(arguments: &[&str], input: &[u8]) -> Output {
    let mut command = command(arguments);
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // The program may stop reading when it has seen enough.
    let _ = child.stdin.take().unwrap().write_all(input);
    child.wait_with_output().unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// A folder of this test alone.
fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

#[test]
fn a_dash_is_standard_input() {
    let text = fs::read(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(PARCELS)).unwrap();
    let output = fed(&["run", "-"], &text);
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(String::from_utf8(output.stdout).unwrap().contains("<stdin>, seed 1"));
    let twice = fed(&["run", "-", "-"], &text);
    assert_eq!(twice.status.code(), Some(2));
    assert!(stderr(&twice).contains("only once"));
}

#[test]
fn what_is_no_text_or_too_much_of_it_is_refused() {
    let latin = fed(&["check", "-"], b"title = \"x\"\n# \xe9\n");
    assert_eq!(latin.status.code(), Some(2));
    assert!(stderr(&latin).contains("not UTF-8: line 2"), "{}", stderr(&latin));
    let large = fed(&["check", "-"], &vec![b'#'; (1 << 20) + 1]);
    assert_eq!(large.status.code(), Some(2));
    assert!(stderr(&large).contains("1 MiB"), "{}", stderr(&large));
    assert_eq!(fed(&["check", "-"], b"").status.code(), Some(2));
}

#[test]
fn a_text_of_one_long_line_of_mistakes_is_no_burden() {
    let text = "a.b.c = [1, 2], ".repeat(60_000);
    let output = fed(&["check", "-"], text.as_bytes());
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stderr.len() < 4_000_000, "{}", output.stderr.len());
}

#[test]
fn findings_are_not_coloured_for_programs() {
    let output = fed(&["check", "-"], b"titel = 1");
    assert!(!stderr(&output).contains('\u{1b}'), "{}", stderr(&output));
}

#[test]
fn one_scenario_is_drawn_to_a_file() {
    let out = folder("one").join("parcels.svg");
    let to = out.to_str().unwrap();
    let output = command(&["run", "--quiet", PARCELS, "--svg", to]).output().unwrap();
    assert!(output.status.success(), "{}", stderr(&output));
    let drawing = fs::read_to_string(out).unwrap();
    for label in [
        "Parcels at a counter",
        "one-clerk offered",
        "three-clerks p99",
        "backlog",
    ] {
        assert!(drawing.contains(label), "{label}");
    }
}

#[test]
fn several_scenarios_are_drawn_to_a_folder() {
    let out = folder("several").join("charts");
    let to = out.to_str().unwrap();
    let output = command(&["run", "--quiet", PARCELS, MAILS, "--svg", to])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(out.join("parcels.svg").is_file() && out.join("mails.svg").is_file());
    let twice = command(&["run", "--quiet", PARCELS, PARCELS, "--svg", to])
        .output()
        .unwrap();
    assert_eq!(twice.status.code(), Some(2));
    assert!(stderr(&twice).contains("two scenarios"));
}

#[test]
fn a_missing_folder_for_a_drawing_is_noticed_before_anything_runs() {
    let to = folder("nowhere").join("missing/parcels.svg");
    let to = to.to_str().unwrap();
    let output = command(&["run", PARCELS, "--svg", to]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty() && stderr(&output).contains("there is no folder"));
}

/// A disk that is full shows only when something is written to it.
#[cfg(target_os = "linux")]
#[test]
fn a_drawing_that_cannot_be_written_costs_nobody_the_report() {
    let output = command(&["run", PARCELS, "--svg", "/dev/full"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(!output.stdout.is_empty() && stderr(&output).contains("cannot write"));
}

#[test]
fn a_reader_that_goes_away_is_no_reason_to_panic() {
    let long = ["trace", "--limit", "1000000", "tests/scenarios/endless.toml"];
    for arguments in [&long[..], &["reference"], &["run", "--format", "json", PARCELS]] {
        let mut command = command(arguments);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert!(!stderr(&output).contains("panicked"), "{}", stderr(&output));
        // What is short may be in the pipe before its end is closed.
        let is_short = arguments != long;
        let code = output.status.code();
        assert!(
            code == Some(141) || (is_short && code == Some(0)),
            "{arguments:?}: {code:?}"
        );
    }
}

#[test]
#[cfg(unix)]
fn ctrl_c_ends_a_run_with_the_report_so_far() {
    let arguments = ["run", PARCELS, "tests/scenarios/endless.toml", MAILS];
    let mut child = command(&arguments).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    // Its last line shows that the second scenario is about to run.
    let is_last = |line: &String| line.contains("unacked(parcels)");
    assert_eq!(lines.by_ref().map(Result::unwrap).filter(is_last).take(2).count(), 2);
    let id = child.id().to_string();
    assert!(Command::new("kill").args(["-INT", &id]).status().unwrap().success());
    let rest: Vec<String> = lines.map(Result::unwrap).collect();
    assert_eq!(child.wait().unwrap().code(), Some(130));
    let has = |text: &str| rest.iter().any(|line| line.contains(text));
    assert!(!has("An order and its mail"), "the third did not begin");
    // The signal may come before the second began.
    if has("variant one") {
        assert!(
            has("stopped at") && has("not known") && !has("variant another"),
            "{rest:#?}"
        );
    }
}

#[test]
fn a_study_is_the_same_whatever_the_number_of_threads() {
    let study = |threads: &str, format: &str| {
        let arguments = ["sweep", COUNTER, "--set", "service.clerk.workers=1..3", "--seeds", "7"];
        let mut command = command(&arguments);
        let output = command
            .args(["--threads", threads, "--format", format])
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", stderr(&output));
        output.stdout
    };
    for format in ["text", "csv", "json"] {
        let one = study("1", format);
        assert!(!one.is_empty());
        for threads in ["2", "3", "16"] {
            assert_eq!(study(threads, format), one, "{threads} threads, {format}");
        }
    }
}

#[test]
fn seeds_of_a_study_are_those_of_a_run() {
    let seed = |seed: &str| {
        let arguments = ["sweep", COUNTER, "--seeds", "1", "--seed", seed, "--format", "json"];
        let study = command(&arguments).output().unwrap();
        let study: serde_json::Value = serde_json::from_slice(&study.stdout).unwrap();
        let run = command(&["run", COUNTER, "--seed", seed, "--format", "json"])
            .output()
            .unwrap();
        let run: serde_json::Value = serde_json::from_slice(&run.stdout).unwrap();
        let measured = &study["rows"][0]["metrics"]["wait_mean(line)"]["mean"];
        let reported = &run[0]["variants"][0]["metrics"]["wait_mean(line)"];
        assert_eq!(measured.as_f64().unwrap(), reported.as_f64().unwrap());
        reported.as_f64().unwrap()
    };
    assert!(seed("5") != seed("6"));
}

#[test]
fn a_study_is_drawn_with_a_curve_for_each_setting() {
    let folder = folder("sweep-drawing");
    let to = folder.join("study.svg");
    let arguments = ["sweep", COUNTER, "--set", "service.clerk.workers=1..3", "--seeds", "2"];
    let mut command = command(&arguments);
    command.args([
        "--set",
        "service.clerk.consume.prefetch=1,9",
        "--metric",
        "wait_p99(line)",
        "--svg",
    ]);
    assert!(command.arg(&to).output().unwrap().status.success());
    let drawing = fs::read_to_string(&to).unwrap();
    for text in ["wait_p99(line)", "service.clerk.workers", "prefetch=1", "prefetch=9"] {
        assert!(drawing.contains(text), "{text}");
    }
}

#[test]
#[cfg(unix)]
fn ctrl_c_ends_a_study_with_what_has_run() {
    // More runs than anybody waits for.
    let arguments = [
        "sweep",
        COUNTER,
        "--set",
        "service.clerk.workers=1..100",
        "--seeds",
        "10000",
    ];
    let mut child = command(&arguments).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    // The head is written when the study begins.
    assert!(
        lines
            .by_ref()
            .map(Result::unwrap)
            .any(|line| line.contains("1,000,000 runs"))
    );
    let id = child.id().to_string();
    assert!(Command::new("kill").args(["-INT", &id]).status().unwrap().success());
    let rest: Vec<String> = lines.map(Result::unwrap).collect();
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert!(rest.iter().any(|line| line.contains("stopped after")), "{rest:#?}");
}

#[test]
fn a_hunt_writes_a_scenario_that_breaks_its_promise() {
    let folder = folder("hunt");
    let hunt = |threads: &str| {
        let to = folder.join(format!("broken-{threads}.toml"));
        let mut command = command(&["fuzz", CARELESS, "--seeds", "20", "--threads", threads, "--out"]);
        let output = command.arg(&to).output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
        let said = String::from_utf8(output.stdout)
            .unwrap()
            .replace(&to.display().to_string(), "OUT");
        (said, fs::read_to_string(&to).unwrap(), to)
    };
    let (said, text, to) = hunt("1");
    assert!(
        said.contains("variant careless breaks a promise") && said.contains("lost == 0"),
        "{said}"
    );
    for threads in ["2", "7"] {
        let (other, same, _) = hunt(threads);
        assert_eq!((&other, &same), (&said, &text), "{threads} threads");
    }
    // One crash is enough to lose what is not on disk, or two that meet.
    let faults = text.matches("[[at]]").count();
    assert!((2..=4).contains(&faults), "{text}");
    assert!(!text.contains("[faults.random]"));
    let run = |file: &std::path::Path| {
        let output = command(&["run", "--variant", "careless", "--format", "json"])
            .arg(file)
            .output()
            .unwrap();
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let expectations = report[0]["variants"][0]["expectations"].as_array().unwrap().clone();
        expectations.into_iter().find(|one| one["that"] == "lost == 0").unwrap()["pass"].clone()
    };
    assert_eq!(run(&to), false);
    // Without the faults the promise holds.
    let calm = folder.join("calm.toml");
    fs::write(&calm, text.split("[[at]]").next().unwrap()).unwrap();
    assert_eq!(run(&calm), true);
}

#[test]
fn a_hunt_keeps_to_what_is_promised_and_to_the_faults_of_the_text() {
    let text = fs::read_to_string(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(CARELESS)).unwrap();
    // The same with another promise and with faults that cannot break it.
    let faults = "\n[faults.random]\nstop = \"20s\"\npause = { rate = \"10/m\" }\n";
    let promised = text.clone() + "promise = true\n" + faults;
    let output = fed(&["fuzz", "-", "--seeds", "5"], promised.as_bytes());
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(
        said.contains("its own random faults") && said.contains("promised: settled(orders) == 300"),
        "{said}"
    );
    assert_eq!(output.status.code(), Some(0), "{said}");
    // A promise that does not hold even when nothing goes wrong.
    let folder = folder("broken-promise");
    let to = folder.join("out.toml");
    let impossible = promised.replace("== 300", "== 301");
    let output = fed(&["fuzz", "-", "--out", to.to_str().unwrap()], impossible.as_bytes());
    let said = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(said.contains("without any fault"), "{said}");
}

#[test]
fn completions_and_schema_are_there() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let output = command(&["completions", shell]).output().unwrap();
        assert!(output.status.success() && !output.stdout.is_empty(), "{shell}");
    }
    let schema = command(&["schema"]).output().unwrap();
    let schema: serde_json::Value = serde_json::from_slice(&schema.stdout).unwrap();
    assert!(schema.is_object());
    let reference = command(&["reference"]).output().unwrap();
    assert!(String::from_utf8(reference.stdout).unwrap().starts_with('#'));
}
