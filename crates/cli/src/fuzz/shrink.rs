//! Leaving out what is not needed: delta debugging (Zeller and Hildebrandt).

use mqlab_scenario::{Act, What};

/// Most runs that it may take.
pub(super) const TRIALS_MAX: usize = 2_000;

/// What goes wrong, with what makes it well again.
pub(super) type Unit = Vec<Act>;

/// What is left.
pub(super) struct Shrunk {
    /// How many units are needed.
    pub(super) needed: usize,
    /// Their acts, in order of time.
    pub(super) acts: Vec<Act>,
    /// The runs that it took.
    pub(super) trials: usize,
}

/// Pairs what goes wrong with what makes it well again: the next act that
/// undoes it. A fault that nobody ends would be another story.
pub(super) fn units(acts: &[Act]) -> Vec<Unit> {
    let mut units: Vec<Unit> = Vec::new();
    for act in acts {
        let open = units
            .iter_mut()
            .find(|unit| unit.len() == 1 && undoes(&act.what, &unit[0].what));
        match open {
            Some(unit) => unit.push(act.clone()),
            None => units.push(vec![act.clone()]),
        }
    }
    units
}

fn undoes(act: &What, wrong: &What) -> bool {
    let same = |a: &str, b: &str, x: &str, y: &str| (a, b) == (x, y) || (a, b) == (y, x);
    match (act, wrong) {
        (What::Restart(node), What::Crash(dead) | What::PowerCut(dead) | What::DiskLost(dead)) => node == dead,
        (What::Resume(node), What::Pause(paused)) => node == paused,
        (What::DiskFree(node), What::DiskFull(full)) => node == full,
        (What::Heal { a, b }, What::Cut { a: x, b: y } | What::CutOneWay { from: x, to: y }) => same(a, b, x, y),
        (What::Set { path, .. }, What::Set { path: set, .. }) => path == set,
        _ => false,
    }
}

/// The fewest units of which leaving out any one makes the story another one.
/// `breaks` says whether acts break the promise; `None` stops the search.
pub(super) fn shrink(units: &[Unit], breaks: impl Fn(&[Act]) -> Option<bool>) -> Shrunk {
    let mut needed: Vec<usize> = (0..units.len()).collect();
    let mut trials = 0;
    let mut parts = 2;
    let mut try_without = |kept: &[usize]| -> Option<bool> {
        trials += 1;
        if trials > TRIALS_MAX {
            None
        } else {
            breaks(&acts_of(units, kept))
        }
    };
    // The scenario may break its promise by itself.
    if !needed.is_empty() && try_without(&[]) == Some(true) {
        needed.clear();
    }
    'search: while needed.len() > 1 {
        let size = needed.len().div_ceil(parts);
        for start in (0..needed.len()).step_by(size) {
            let end = (start + size).min(needed.len());
            let kept: Vec<usize> = [&needed[..start], &needed[end..]].concat();
            match try_without(&kept) {
                None => break 'search,
                Some(true) => {
                    needed = kept;
                    parts = (parts - 1).max(2);
                    continue 'search;
                }
                Some(false) => {}
            }
        }
        if size == 1 {
            break;
        }
        parts = (parts * 2).min(needed.len());
    }
    Shrunk {
        needed: needed.len(),
        acts: acts_of(units, &needed),
        trials,
    }
}

fn acts_of(units: &[Unit], kept: &[usize]) -> Vec<Act> {
    let mut acts: Vec<Act> = kept.iter().flat_map(|index| units[*index].clone()).collect();
    acts.sort_by_key(|act| act.at);
    acts
}

#[cfg(test)]
mod tests {
    use super::*;
    use mqlab_kernel::SimTime;

    fn act(at: u64, what: What) -> Act {
        Act {
            at: SimTime::from_nanos(at),
            variants: None,
            what,
        }
    }

    fn crash(at: u64, node: &str) -> [Act; 2] {
        [
            act(at, What::Crash(node.into())),
            act(at + 5, What::Restart(node.into())),
        ]
    }

    #[test]
    fn what_goes_wrong_is_paired_with_its_end() {
        let cut = |a: &str, b: &str| What::Cut {
            a: a.into(),
            b: b.into(),
        };
        let heal = |a: &str, b: &str| What::Heal {
            a: a.into(),
            b: b.into(),
        };
        let acts = [
            act(1, What::Crash("a".into())),
            act(2, What::Pause("b".into())),
            act(3, cut("a", "b")),
            act(4, What::Restart("a".into())),
            act(5, heal("b", "a")),
            act(6, What::PowerCut("a".into())),
            act(7, What::Resume("b".into())),
            act(8, What::Restart("a".into())),
            act(9, What::DiskFull("a".into())),
        ];
        let times: Vec<Vec<u64>> = units(&acts)
            .iter()
            .map(|unit| unit.iter().map(|act| act.at.nanos()).collect())
            .collect();
        assert_eq!(times, [vec![1, 4], vec![2, 7], vec![3, 5], vec![6, 8], vec![9]]);
    }

    /// Crashes of forty nodes, of which some are needed.
    fn needs(names: &[&str]) -> (Vec<String>, usize) {
        let acts: Vec<Act> = (0..40).flat_map(|node| crash(node * 10, &format!("n{node}"))).collect();
        let is_there = |acts: &[Act], name: &str| acts.iter().any(|act| act.what == What::Crash(name.into()));
        let shrunk = shrink(&units(&acts), |acts| {
            Some(names.iter().all(|name| is_there(acts, name)))
        });
        let crashed = shrunk.acts.iter().filter_map(|act| match &act.what {
            What::Crash(node) => Some(node.clone()),
            _ => None,
        });
        (crashed.collect(), shrunk.trials)
    }

    #[test]
    fn only_what_is_needed_is_left() {
        assert_eq!(needs(&["n17"]).0, ["n17"]);
        assert_eq!(needs(&["n3", "n38"]).0, ["n3", "n38"]);
        assert_eq!(needs(&["n0", "n1", "n20", "n39"]).0, ["n0", "n1", "n20", "n39"]);
        assert_eq!(needs(&[]), (Vec::new(), 1));
        assert!(needs(&["n17"]).1 < 20, "it halves: {}", needs(&["n17"]).1);
    }

    #[test]
    fn a_search_that_is_stopped_keeps_what_it_has() {
        let acts: Vec<Act> = (0..8).flat_map(|node| crash(node * 10, "n")).collect();
        let units = units(&acts);
        assert_eq!(units.len(), 8);
        assert_eq!(shrink(&units, |_| None).acts.len(), 16);
    }
}
