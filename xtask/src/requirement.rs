//! What the project needs on a machine: how each thing is recognised, and
//! what would install it.
//!
//! Looking changes nothing. What is missing is described by a [`Remedy`], so
//! that a dry run and a real one take the same decisions.

use std::fs;
use std::path::Path;

use crate::Outcome;
use crate::project::Project;
use crate::tools;

/// The release of trunk that the page is built with. Later ones need a newer
/// Rust than the workspace does.
const TRUNK_VERSION: &str = "0.21.14";

/// The oldest Node.js whose test runner the browser tests can use.
const NODE_MAJOR_MIN: u32 = 20;

const WASM_TARGETS: [&str; 2] = ["wasm32-unknown-unknown", "wasm32v1-none"];

/// The names under which distributions install a Chromium.
const CHROMIUM_NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

const NPM_LOCK: &str = "package-lock.json";

/// A copy of the lock file that `node_modules` was installed from.
const NPM_STAMP: &str = "node_modules/.installed-lock.json";

/// One thing that a command of the project may need.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Requirement {
    /// The standard library for the browser, and the core library alone.
    WasmTargets,
    /// The page's build tool.
    Trunk,
    /// The binding generator, in the exact version of the crate.
    WasmBindgen,
    /// wasm-opt, the browser driver and the accessibility rules.
    NpmPackages,
    /// A browser for the tests.
    Chromium,
}

/// What was found of a requirement.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Finding {
    /// It is there; the words say what.
    Present(String),
    /// It is not: why not, and what to do.
    Missing(String, Remedy),
}

/// How a missing requirement is met.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Remedy {
    /// By running these commands, in order.
    Run(Vec<Invocation>),
    /// By the user, as described.
    ByHand(String),
}

/// A command with its environment.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Invocation {
    pub(crate) program: &'static str,
    pub(crate) args: Vec<String>,
    pub(crate) variables: Vec<(&'static str, &'static str)>,
}

impl Invocation {
    fn new(program: &'static str, args: &[&str]) -> Self {
        Self {
            program,
            args: args.iter().map(|&arg| arg.to_owned()).collect(),
            variables: Vec::new(),
        }
    }
}

impl Requirement {
    /// What a development build of the page needs.
    pub(crate) const PLAY: &[Self] = &[Self::WasmTargets, Self::Trunk, Self::WasmBindgen];

    /// All but the browser, in the order of installation.
    pub(crate) const BUILD: &[Self] = &[Self::WasmTargets, Self::Trunk, Self::WasmBindgen, Self::NpmPackages];

    /// The name shown to the user.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::WasmTargets => "wasm targets",
            Self::Trunk => "trunk",
            Self::WasmBindgen => "wasm-bindgen",
            Self::NpmPackages => "npm packages",
            Self::Chromium => "chromium",
        }
    }

    /// Looks for the requirement on this machine.
    pub(crate) fn look(self, project: &Project) -> Outcome<Finding> {
        match self {
            Self::WasmTargets => wasm_targets(project),
            Self::Trunk => Ok(cargo_tool(project, "trunk", TRUNK_VERSION, trunk_install())),
            Self::WasmBindgen => {
                let manifest = project.read("Cargo.toml")?;
                let version = tools::pinned_version(&manifest, "wasm-bindgen")
                    .ok_or("Cargo.toml does not pin wasm-bindgen: write `wasm-bindgen = \"=X.Y.Z\"`")?;
                let install = wasm_bindgen_install(version);
                Ok(cargo_tool(project, "wasm-bindgen", version, install))
            }
            Self::NpmPackages => npm_packages(project),
            Self::Chromium => Ok(chromium(project)),
        }
    }

    /// What must be noted once the remedy has run.
    pub(crate) fn record(self, project: &Project) -> Outcome {
        if self != Self::NpmPackages {
            return Ok(());
        }
        fs::copy(project.path(NPM_LOCK), project.path(NPM_STAMP))
            .map(drop)
            .map_err(|error| format!("cannot write {NPM_STAMP}: {error}"))
    }
}

/// Looks into the compiler's own library folder, which answers for tool chains
/// from rustup and from a distribution alike.
fn wasm_targets(project: &Project) -> Outcome<Finding> {
    let sysroot = project.output("rustc", &["--print", "sysroot"])?;
    let sysroot = String::from_utf8_lossy(&sysroot);
    let libraries = Path::new(sysroot.trim()).join("lib/rustlib");
    let missing: Vec<&str> = WASM_TARGETS
        .into_iter()
        .filter(|target| !libraries.join(target).join("lib").is_dir())
        .collect();
    if missing.is_empty() {
        return Ok(Finding::Present(WASM_TARGETS.join(", ")));
    }
    let remedy = if project.tool("rustup").is_some() {
        let args = [&["target", "add"], &missing[..]].concat();
        Remedy::Run(vec![Invocation::new("rustup", &args)])
    } else {
        Remedy::ByHand(format!(
            "install rustup (https://rustup.rs), or your distribution's Rust library for {}",
            missing.join(" and ")
        ))
    };
    let why = format!("{} not installed", missing.join(" and "));
    Ok(Finding::Missing(why, remedy))
}

/// An executable that cargo can install and that must have one exact version.
fn cargo_tool(project: &Project, name: &str, version: &str, install: Invocation) -> Finding {
    let found = project.tool(name).and_then(|_| {
        let printed = project.output(name, &["--version"]).ok()?;
        let printed = String::from_utf8_lossy(&printed).into_owned();
        tools::version_of(name, &printed).map(str::to_owned)
    });
    judge_version(found.as_deref(), version, install)
}

fn judge_version(found: Option<&str>, wanted: &str, install: Invocation) -> Finding {
    match found {
        Some(found) if found == wanted => Finding::Present(wanted.to_owned()),
        Some(other) => Finding::Missing(format!("found {other}, need {wanted}"), Remedy::Run(vec![install])),
        None => Finding::Missing(format!("{wanted} not found"), Remedy::Run(vec![install])),
    }
}

/// An unoptimised build: a third of the time, and trunk's own work is small.
fn trunk_install() -> Invocation {
    let package = format!("trunk@{TRUNK_VERSION}");
    Invocation {
        variables: vec![("CARGO_PROFILE_DEV_DEBUG", "0")],
        ..Invocation::new(
            "cargo",
            &["install", &package, "--locked", "--debug", "--no-default-features"],
        )
    }
}

/// Lightly optimised, because it reads the whole module on every build. Its
/// own lock file is not used: a mirror need not have every version in it.
fn wasm_bindgen_install(version: &str) -> Invocation {
    let package = format!("wasm-bindgen-cli@{version}");
    Invocation {
        variables: vec![
            ("CARGO_PROFILE_RELEASE_LTO", "false"),
            ("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16"),
            ("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1"),
        ],
        ..Invocation::new("cargo", &["install", &package])
    }
}

fn npm_packages(project: &Project) -> Outcome<Finding> {
    let lock = project.read(NPM_LOCK)?;
    if let Some(why) = node_shortcoming(project) {
        let advice = format!("install Node.js {NODE_MAJOR_MIN} or later, which brings npm");
        return Ok(Finding::Missing(why, Remedy::ByHand(advice)));
    }
    let installed = fs::read_to_string(project.path(NPM_STAMP)).unwrap_or_default();
    let why = if installed.is_empty() {
        "not installed"
    } else if installed != lock {
        "installed from another package-lock.json"
    } else {
        return Ok(Finding::Present("as in package-lock.json".to_owned()));
    };
    let remedy = Remedy::Run(vec![Invocation::new("npm", &["ci", "--no-audit", "--no-fund"])]);
    Ok(Finding::Missing(why.to_owned(), remedy))
}

fn node_shortcoming(project: &Project) -> Option<String> {
    if project.tool("npm").is_none() {
        return Some("npm not found".to_owned());
    }
    let printed = project.output("node", &["--version"]).unwrap_or_default();
    let printed = String::from_utf8_lossy(&printed);
    let version = printed.trim();
    match node_major(version) {
        Some(major) if major >= NODE_MAJOR_MIN => None,
        Some(_) => Some(format!("Node.js {version} is too old")),
        None => Some("Node.js not found".to_owned()),
    }
}

fn node_major(version: &str) -> Option<u32> {
    let number = version.strip_prefix('v')?;
    number.split('.').next()?.parse().ok()
}

/// `CHROMIUM` names a browser outside the search path, as the tests' harness
/// understands it too.
fn chromium(project: &Project) -> Finding {
    if let Some(chosen) = std::env::var_os("CHROMIUM") {
        return Finding::Present(format!("{} (from CHROMIUM)", chosen.to_string_lossy()));
    }
    if let Some(found) = CHROMIUM_NAMES.iter().find_map(|name| project.tool(name)) {
        return Finding::Present(found.display().to_string());
    }
    let remedy = if project.tool("apt-get").is_some() && is_root(project) {
        let install = ["install", "-y", "--no-install-recommends", "chromium", "fonts-noto-cjk"];
        Remedy::Run(vec![
            Invocation::new("apt-get", &["update"]),
            Invocation {
                variables: vec![("DEBIAN_FRONTEND", "noninteractive")],
                ..Invocation::new("apt-get", &install)
            },
        ])
    } else {
        Remedy::ByHand(
            "install Chromium or Google Chrome and a font with Chinese characters \
             (Debian: chromium, fonts-noto-cjk), or set CHROMIUM to the browser's path"
                .to_owned(),
        )
    };
    Finding::Missing("no Chromium on PATH".to_owned(), remedy)
}

fn is_root(project: &Project) -> bool {
    project
        .output("id", &["-u"])
        .is_ok_and(|user| user.trim_ascii() == b"0")
}

#[cfg(test)]
mod tests {
    use super::{Finding, Remedy, judge_version, node_major, trunk_install, wasm_bindgen_install};

    #[test]
    fn the_exact_version_is_accepted_and_nothing_else() {
        let judge = |found| judge_version(found, "0.21.14", trunk_install());
        assert_eq!(judge(Some("0.21.14")), Finding::Present("0.21.14".into()));
        for found in [None, Some("0.21.1"), Some("0.22.1")] {
            let Finding::Missing(why, Remedy::Run(commands)) = judge(found) else {
                panic!("{found:?} was accepted");
            };
            assert!(why.contains("0.21.14"), "{why}");
            assert_eq!(commands, [trunk_install()]);
        }
    }

    #[test]
    fn the_installed_binding_generator_is_the_pinned_one() {
        assert!(
            wasm_bindgen_install("1.2.3")
                .args
                .contains(&"wasm-bindgen-cli@1.2.3".to_owned())
        );
    }

    #[test]
    fn the_major_version_of_node_is_read() {
        assert_eq!(node_major("v20.20.2"), Some(20));
        assert_eq!(node_major(""), None);
    }
}
