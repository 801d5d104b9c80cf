//! The recorded digests, in a debug build: overflow checks and assertions on,
//! the run cut into slices, checkpoints left on the way and, where a run is
//! short, gone back to. A release build, Node.js and the browser are compared
//! with the same records elsewhere.

use mqlab_engine::{History, Outcome, World};
use mqlab_kernel::{SimSpan, SimTime};
use mqlab_scenario::parse;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// A run of more actions than this is not repeated.
const SHORT: u64 = 10_000_000;

fn recorded() -> BTreeMap<(String, String), String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/digests.txt");
    let text = fs::read_to_string(path).expect("the digests are recorded");
    let line = |line: &str| {
        let mut words = line.split_whitespace().map(str::to_owned);
        let mut next = || words.next().expect("three words a line: file, variant, digest");
        ((next(), next()), next())
    };
    text.lines().map(line).collect()
}

fn finish(history: &mut History<World>) -> String {
    // An odd slice, so that no habit of the engine hides in a round number.
    while history.run_until(SimTime::MAX, 1_234_567) == Outcome::Budget {}
    format!("{:016x}", history.run().digest())
}

#[test]
fn debug_runs_in_slices_and_rewound_runs_give_the_recorded_digests() {
    let recorded = recorded();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let mut checked = 0;
    for ((stem, name), digest) in &recorded {
        let text = fs::read_to_string(folder.join(format!("{stem}.toml"))).expect("the file can be read");
        let (scenario, found) = parse(&text);
        let scenario = scenario.unwrap_or_else(|| panic!("{stem}: {found:#?}"));
        let variant = scenario.variants.iter().find(|variant| variant.name == *name);
        let mut history = History::new(World::new(&variant.expect("every recorded variant is there").plan));
        assert_eq!(&finish(&mut history), digest, "{stem} {name}");
        checked += 1;
        if history.run().actions() > SHORT {
            continue;
        }
        let end = history.run().now().since(SimTime::ZERO).nanos();
        for part in [2, 3] {
            history.jump(SimTime::ZERO + SimSpan::from_nanos(end / part));
            assert_eq!(&finish(&mut history), digest, "{stem} {name}, gone back to");
        }
    }
    let written: usize = fs::read_dir(&folder)
        .expect("the folder can be read")
        .map(|entry| entry.expect("the folder can be read").path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "toml"))
        .map(|path| fs::read_to_string(path).expect("the file can be read"))
        .map(|text| parse(&text).0.map_or(0, |scenario| scenario.variants.len()))
        .sum();
    assert_eq!(checked, written, "every variant of every scenario has a record");
}
