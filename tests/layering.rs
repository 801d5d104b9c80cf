//! The direction of dependencies, as `cargo metadata` reports it.
//!
//! `kernel <- model <- brokers <- engine <- scenario <- {conform, wasm, page}` and
//! `conform <- cli`; the first four know nothing of files, formats, clocks or the
//! browser.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

const PAGE: &str = "mqlab-playground";

/// Every crate of the workspace with the workspace crates that it may use.
const ALLOWED: &[(&str, &[&str])] = &[
    ("mqlab-kernel", &[]),
    ("mqlab-model", &["mqlab-kernel"]),
    ("mqlab-brokers", &["mqlab-kernel", "mqlab-model"]),
    ("mqlab-engine", &["mqlab-kernel", "mqlab-model", "mqlab-brokers"]),
    (
        "mqlab-scenario",
        &["mqlab-kernel", "mqlab-model", "mqlab-brokers", "mqlab-engine"],
    ),
    ("mqlab-conform", EVERYTHING_BELOW),
    (
        "mqlab-cli",
        &[
            "mqlab-kernel",
            "mqlab-model",
            "mqlab-brokers",
            "mqlab-engine",
            "mqlab-scenario",
            "mqlab-conform",
        ],
    ),
    ("mqlab-wasm", EVERYTHING_BELOW),
    (PAGE, EVERYTHING_BELOW),
    ("mqlab-pack", &[]),
    ("xtask", &[]),
];

const EVERYTHING_BELOW: &[&str] = &[
    "mqlab-kernel",
    "mqlab-model",
    "mqlab-brokers",
    "mqlab-engine",
    "mqlab-scenario",
];

/// The crates that are pure: no formats, no platform.
const CORE: [(&str, &str); 4] = [
    ("mqlab-kernel", "kernel"),
    ("mqlab-model", "model"),
    ("mqlab-brokers", "brokers"),
    ("mqlab-engine", "engine"),
];

const FORBIDDEN_IN_CORE: [&str; 9] = [
    "toml",
    "serde_json",
    "wasm-bindgen",
    "serde-wasm-bindgen",
    "js-sys",
    "web-sys",
    "yew",
    "getrandom",
    "rand",
];

/// What the page may use in the browser only, so that native tests never
/// build it.
const BROWSER_ONLY: [&str; 3] = ["yew", "web-sys", "gloo"];

const BROWSER_TARGET: &str = "cfg(target_arch = \"wasm32\")";

/// One dependency as a manifest declares it.
#[derive(Clone, Debug)]
struct Dependency {
    name: String,
    /// Whether it is a crate of this workspace.
    is_internal: bool,
    /// Whether only tests, examples and benches see it.
    is_dev: bool,
    /// The `cfg` that it stands under.
    target: Option<String>,
}

type Manifests = BTreeMap<String, Vec<Dependency>>;

fn manifests() -> Manifests {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--offline", "--format-version", "1"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo starts, since it runs this test");
    assert!(
        output.status.success(),
        "cargo metadata failed: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo prints JSON");
    array(&metadata["packages"])
        .iter()
        .map(|package| {
            let dependencies = array(&package["dependencies"]);
            let dependencies = dependencies.iter().map(dependency).collect();
            (text(&package["name"]), dependencies)
        })
        .collect()
}

fn dependency(value: &Value) -> Dependency {
    Dependency {
        name: text(&value["name"]),
        is_internal: value["path"].is_string(),
        is_dev: value["kind"] == "dev",
        target: value["target"].as_str().map(str::to_owned),
    }
}

fn array(value: &Value) -> &[Value] {
    value.as_array().expect("cargo's format has a list here")
}

fn text(value: &Value) -> String {
    let text = value.as_str().expect("cargo's format has a string here");
    text.to_owned()
}

/// The internal edges that [`ALLOWED`] does not list, tests' edges included.
fn forbidden_edges(manifests: &Manifests) -> Vec<String> {
    let mut found = Vec::new();
    for (name, dependencies) in manifests {
        let Some((_, allowed)) = ALLOWED.iter().find(|(known, _)| known == name) else {
            found.push(format!("{name}: not in the table of layers"));
            continue;
        };
        for dependency in dependencies.iter().filter(|one| one.is_internal) {
            if !allowed.contains(&dependency.name.as_str()) {
                found.push(format!("{name} -> {}", dependency.name));
            }
        }
    }
    found
}

/// What the core crates use and must not.
fn impurities(manifests: &Manifests) -> Vec<String> {
    let mut found = Vec::new();
    for (name, _) in CORE {
        for dependency in manifests.get(name).into_iter().flatten() {
            if !dependency.is_dev && FORBIDDEN_IN_CORE.contains(&dependency.name.as_str()) {
                found.push(format!("{name} -> {}", dependency.name));
            }
        }
    }
    found
}

/// Browser crates outside the page, or in the page's native build.
fn misplaced_browser_crates(manifests: &Manifests) -> Vec<String> {
    let mut found = Vec::new();
    for (name, dependencies) in manifests {
        for dependency in dependencies {
            let is_browser_only = BROWSER_ONLY.iter().any(|start| dependency.name.starts_with(start));
            let is_in_place = name == PAGE && dependency.target.as_deref() == Some(BROWSER_TARGET);
            if is_browser_only && !is_in_place {
                found.push(format!("{name} -> {}", dependency.name));
            }
        }
    }
    found
}

#[test]
fn dependencies_point_downwards() {
    let found = forbidden_edges(&manifests());
    assert!(found.is_empty(), "forbidden dependencies: {found:#?}");
}

#[test]
fn the_core_knows_no_format_and_no_platform() {
    let found = impurities(&manifests());
    assert!(found.is_empty(), "the core is no longer pure: {found:#?}");
}

#[test]
fn the_core_has_no_standard_library() {
    for (_, folder) in CORE {
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("crates")
            .join(folder)
            .join("src/lib.rs");
        let source = fs::read_to_string(&path).expect("every core crate has a lib.rs");
        assert!(
            source.lines().any(|line| line == "#![no_std]"),
            "crates/{folder}/src/lib.rs does not declare #![no_std]"
        );
    }
}

#[test]
fn browser_crates_stay_in_the_pages_browser_build() {
    let found = misplaced_browser_crates(&manifests());
    assert!(
        found.is_empty(),
        "these belong under [target.'{BROWSER_TARGET}'.dependencies] of the page: {found:#?}"
    );
}

fn using(name: &str, dependency: Dependency) -> Manifests {
    BTreeMap::from([(name.to_owned(), vec![dependency])])
}

fn internal(name: &str) -> Dependency {
    Dependency {
        name: name.to_owned(),
        is_internal: true,
        is_dev: false,
        target: None,
    }
}

fn external(name: &str) -> Dependency {
    Dependency {
        is_internal: false,
        ..internal(name)
    }
}

#[test]
fn an_upward_edge_is_reported() {
    let manifests = using("mqlab-kernel", internal("mqlab-engine"));
    assert_eq!(forbidden_edges(&manifests), ["mqlab-kernel -> mqlab-engine"]);
    assert_eq!(forbidden_edges(&using("mqlab-new", internal("x"))).len(), 1);
}

#[test]
fn a_format_in_the_core_is_reported_unless_only_tests_use_it() {
    let reader = external("serde_json");
    assert_eq!(
        impurities(&using("mqlab-model", reader.clone())),
        ["mqlab-model -> serde_json"]
    );
    let in_tests = Dependency { is_dev: true, ..reader };
    assert!(impurities(&using("mqlab-model", in_tests)).is_empty());
}

#[test]
fn a_browser_crate_in_a_native_build_is_reported() {
    let native = external("yew");
    let in_browser = Dependency {
        target: Some(BROWSER_TARGET.to_owned()),
        ..native.clone()
    };
    assert_eq!(
        misplaced_browser_crates(&using(PAGE, native)),
        ["mqlab-playground -> yew"]
    );
    assert!(misplaced_browser_crates(&using(PAGE, in_browser)).is_empty());
}
