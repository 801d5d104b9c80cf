//! The grid of a study: every combination of the values of all paths.

use super::values::values;
use crate::arguments::SweepArguments;
use crate::diagnose;
use crate::ending::{Failure, warn};
use crate::input::{self, Input};
use mqlab_scenario::{Diagnostic, Overrides, Scenario, Severity, parse_with};

/// Most points of a grid.
pub(super) const POINTS_MAX: usize = 10_000;
/// Most runs of a study: points, variants and seeds multiplied.
pub(super) const RUNS_MAX: usize = 1_000_000;

/// One path with its values.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Axis {
    /// The path of a key.
    pub(super) path: String,
    /// What it is set to, as it would be written behind `--set`.
    pub(super) values: Vec<String>,
}

/// One combination: the scenario that it makes, and which value of each axis
/// it has.
pub(super) struct Point {
    pub(super) at: Vec<usize>,
    pub(super) scenario: Scenario,
}

/// A study, ready to run.
pub(super) struct Grid {
    pub(super) input: Input,
    pub(super) axes: Vec<Axis>,
    pub(super) points: Vec<Point>,
}

impl Grid {
    /// Reads the scenario at every point. Findings about any of them are
    /// shown, each once.
    pub(super) fn read(arguments: &SweepArguments) -> Result<Grid, Failure> {
        let axes = axes(&arguments.set)?;
        let mut count = axes.iter().map(|axis| axis.values.len());
        let count = count.try_fold(1_usize, usize::checked_mul).unwrap_or(usize::MAX);
        if count > POINTS_MAX {
            let message = format!("the ranges make {count} combinations, the limit is {POINTS_MAX}");
            return Err(Failure::input(message));
        }
        let mut inputs = input::read_all(std::slice::from_ref(&arguments.file))?;
        let input = inputs.remove(0);
        let mut points = Vec::new();
        let mut shown: Vec<Diagnostic> = Vec::new();
        let mut is_good = true;
        for index in 0..count {
            let at = combination(&axes, index);
            let set = axes.iter().zip(&at);
            let set: Vec<(String, String)> = set
                .map(|(axis, value)| (axis.path.clone(), axis.values[*value].clone()))
                .collect();
            let overrides = Overrides {
                seed: None,
                set: set.clone(),
            };
            let (scenario, mut findings) = parse_with(&input.text, &overrides);
            findings.retain(|finding| !shown.contains(finding));
            findings.retain(|finding| !arguments.quiet || finding.severity == Severity::Error);
            if !findings.is_empty() {
                diagnose::show(&input, &findings);
                let has_choice = axes.iter().any(|axis| axis.values.len() > 1);
                if has_choice && !set.is_empty() {
                    warn(format_args!("found with {}", written(&set)));
                }
            }
            shown.extend(findings);
            match scenario {
                Some(scenario) => points.push(Point { at, scenario }),
                None => is_good = false,
            }
            // Hundreds of bad values need not all be listed.
            if shown.len() >= mqlab_scenario::limits::DIAGNOSTICS_MAX {
                break;
            }
        }
        if is_good {
            Ok(Grid { input, axes, points })
        } else {
            Err(Failure::Said)
        }
    }
}

fn written(set: &[(String, String)]) -> String {
    let parts: Vec<String> = set.iter().map(|(path, value)| format!("{path}={value}")).collect();
    parts.join(" ")
}

fn axes(set: &[(String, String)]) -> Result<Vec<Axis>, Failure> {
    let mut axes: Vec<Axis> = Vec::new();
    let mut messages = Vec::new();
    for (path, text) in set {
        if axes.iter().any(|axis| axis.path == *path) {
            messages.push(format!("--set {path} is given twice; list its values: {path}=1,2,5"));
            continue;
        }
        match values(text) {
            Ok(values) => axes.push(Axis {
                path: path.clone(),
                values,
            }),
            Err(why) => messages.push(format!("--set {path}={text}: {why}")),
        }
    }
    if messages.is_empty() {
        Ok(axes)
    } else {
        Err(Failure::Input(messages))
    }
}

/// Which value of each axis the combination at `index` has; the last axis
/// changes fastest.
fn combination(axes: &[Axis], index: usize) -> Vec<usize> {
    let mut rest = index;
    let mut at = vec![0; axes.len()];
    for (place, axis) in at.iter_mut().zip(axes).rev() {
        *place = rest % axis.values.len();
        rest /= axis.values.len();
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(all: &[(&str, &str)]) -> Vec<(String, String)> {
        all.iter()
            .map(|(path, value)| (path.to_string(), value.to_string()))
            .collect()
    }

    #[test]
    fn a_grid_has_every_combination_once() {
        let axes = axes(&set(&[("a", "1..2"), ("b", "x"), ("c", "1..3")])).unwrap();
        let all: Vec<Vec<usize>> = (0..6).map(|index| combination(&axes, index)).collect();
        assert_eq!(all[..4], [[0, 0, 0], [0, 0, 1], [0, 0, 2], [1, 0, 0]]);
        assert_eq!(all[5], [1, 0, 2]);
    }

    #[test]
    fn a_path_has_one_list_of_values() {
        let Err(Failure::Input(messages)) = axes(&set(&[("a", "1"), ("a", "2"), ("b", "3..1")])) else {
            panic!("both are wrong");
        };
        assert_eq!(messages.len(), 2);
        assert!(messages[0].contains("given twice") && messages[1].contains("ends before it begins"));
    }
}
