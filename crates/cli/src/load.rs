//! From files to scenarios that can run.

use crate::arguments::Changes;
use crate::diagnose;
use crate::ending::Failure;
use crate::input::{self, Input};
use mqlab_scenario::{Overrides, Scenario, Severity, parse_with};
use std::path::PathBuf;

/// A scenario and the text it was read from.
pub(crate) struct Loaded {
    /// The text.
    pub(crate) input: Input,
    /// What it says.
    pub(crate) scenario: Scenario,
}

/// Reads every file and shows all findings. If one of the texts cannot run,
/// none does: whoever lists files expects all of them to be tried.
pub(crate) fn load(files: &[PathBuf], changes: &Changes, warnings: bool) -> Result<Vec<Loaded>, Failure> {
    let overrides = Overrides {
        seed: changes.seed,
        set: changes.set.clone(),
    };
    let mut loaded = Vec::new();
    let mut is_good = true;
    for input in input::read_all(files)? {
        let (scenario, mut findings) = parse_with(&input.text, &overrides);
        findings.retain(|finding| warnings || finding.severity == Severity::Error);
        diagnose::show(&input, &findings);
        match scenario {
            Some(scenario) => loaded.push(Loaded { input, scenario }),
            None => is_good = false,
        }
    }
    if is_good { Ok(loaded) } else { Err(Failure::Said) }
}

/// The places of the variants called `names`, in the order of the text; all
/// of them if none is named. Each name must exist.
pub(crate) fn chosen(loaded: &Loaded, names: &[String]) -> Result<Vec<usize>, Failure> {
    chosen_of(&loaded.scenario, &loaded.input.name, names)
}

/// The same of a scenario that was read from the file called `file`.
pub(crate) fn chosen_of(scenario: &Scenario, file: &str, names: &[String]) -> Result<Vec<usize>, Failure> {
    let variants = &scenario.variants;
    let unknown = names
        .iter()
        .filter(|name| !variants.iter().any(|variant| variant.name == **name));
    let known: Vec<&str> = variants.iter().map(|variant| variant.name.as_str()).collect();
    let messages: Vec<String> = unknown
        .map(|name| format!("{file}: there is no variant `{name}`; it has {}", known.join(", ")))
        .collect();
    if !messages.is_empty() {
        return Err(Failure::Input(messages));
    }
    let is_chosen = |name: &String| names.is_empty() || names.contains(name);
    Ok((0..variants.len())
        .filter(|index| is_chosen(&variants[*index].name))
        .collect())
}
