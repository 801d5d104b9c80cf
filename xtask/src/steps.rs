//! The checks of the project, in the order in which they run: cheap ones
//! first, then what depends on the artefacts of the step before.

use crate::Outcome;
use crate::golden;
use crate::javascript;
use crate::project::Project;
use crate::regenerate;
use crate::requirement::Requirement::{self, Chromium, NpmPackages, WasmTargets};

/// One check.
pub(crate) struct Step {
    pub(crate) name: &'static str,
    pub(crate) about: &'static str,
    /// What must be installed before it can run.
    pub(crate) requires: &'static [Requirement],
    /// Whether `--quick` keeps it.
    pub(crate) is_quick: bool,
    pub(crate) run: fn(&Project) -> Outcome,
}

/// The crates that must build where no standard library exists.
const CORE_CRATES: [&str; 4] = ["mqlab-kernel", "mqlab-model", "mqlab-brokers", "mqlab-engine"];

const BARE_TARGET: &str = "wasm32v1-none";

/// All checks.
pub(crate) const STEPS: &[Step] = &[
    Step {
        name: "fmt",
        about: "formatting",
        requires: &[],
        is_quick: true,
        run: |project| project.run("cargo", &["fmt", "--all", "--check"]),
    },
    Step {
        name: "clippy",
        about: "lints of the whole workspace, natively",
        requires: &[],
        is_quick: true,
        run: |project| {
            let args = ["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"];
            project.run("cargo", &args)
        },
    },
    Step {
        name: "clippy-web",
        about: "lints of the page and the JavaScript API, for the browser",
        requires: &[WasmTargets],
        is_quick: false,
        run: clippy_web,
    },
    Step {
        name: "core",
        about: "the core crates build where std does not exist",
        requires: &[WasmTargets],
        is_quick: false,
        run: core,
    },
    Step {
        name: "test",
        about: "unit, integration and documentation tests",
        requires: &[],
        is_quick: true,
        run: |project| project.run("cargo", &["test", "--workspace"]),
    },
    Step {
        name: "doc",
        about: "the documentation builds without a warning",
        requires: &[],
        is_quick: true,
        run: doc,
    },
    Step {
        name: "scenarios",
        about: "every scenario meets its own expectations and gives the recorded digests",
        requires: &[],
        is_quick: true,
        run: golden::check,
    },
    Step {
        name: "generated",
        about: "generated files are up to date",
        requires: &[],
        is_quick: true,
        run: regenerate::check_quick,
    },
    Step {
        name: "parity",
        about: "WebAssembly in Node.js keeps its promises and gives the recorded digests",
        requires: javascript::REQUIRES,
        is_quick: false,
        run: parity,
    },
    Step {
        name: "page",
        about: "release build of the page, and its size, which has a limit",
        requires: Requirement::BUILD,
        is_quick: false,
        run: page,
    },
    Step {
        name: "browser",
        about: "end-to-end tests of the built page in Chromium",
        requires: &[NpmPackages, Chromium],
        is_quick: false,
        run: browser,
    },
];

fn clippy_web(project: &Project) -> Outcome {
    let packages = ["-p", "mqlab-playground", "-p", "mqlab-wasm"];
    let args = ["clippy", "--target", javascript::TARGET];
    let deny = ["--", "-D", "warnings"];
    project.run("cargo", &[&args[..], &packages, &deny].concat())
}

fn core(project: &Project) -> Outcome {
    let mut args = vec!["build", "--target", BARE_TARGET];
    for name in CORE_CRATES {
        args.extend(["-p", name]);
    }
    project.run("cargo", &args)
}

fn doc(project: &Project) -> Outcome {
    project.run_with(
        "cargo",
        &["doc", "--no-deps", "--workspace"],
        &[("RUSTDOCFLAGS", "-D warnings")],
    )
}

fn parity(project: &Project) -> Outcome {
    let loader = javascript::build(project)?;
    project.run_with(
        "node",
        &["--test", "tests/parity/api.test.mjs"],
        &[("MQLAB_MODULE", &loader.to_string_lossy())],
    )?;
    project.run("node", &["tests/parity/run.mjs".as_ref(), loader.as_os_str()])
}

/// Fetches first, because trunk hands `--offline` on to cargo, and without it
/// trunk would try to download a tool that it does not find.
fn page(project: &Project) -> Outcome {
    project.run("cargo", &["fetch", "--quiet"])?;
    let build = ["build", "--release", "--offline=true", "--skip-version-check"];
    project.run("trunk", &build)?;
    project.run("node", &["xtask/size.mjs", "dist"])
}

fn browser(project: &Project) -> Outcome {
    if !project.path("dist/index.html").is_file() {
        return Err("there is no dist/index.html; run the step `page` first".to_owned());
    }
    // The pages note their speed there, each test file its own.
    let figures = "test-results/figures.jsonl";
    // There is nothing to remove before the first run.
    let _ = std::fs::remove_file(project.path(figures));
    let mut args = vec!["--test".to_owned(), "--test-concurrency=2".to_owned()];
    args.extend(project.files("tests/browser", ".test.mjs")?);
    let outcome = project.run("node", &args);
    project.run("node", &["xtask/figures.mjs", figures])?;
    outcome
}
