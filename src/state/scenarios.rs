//! The scenarios of the picker: the very files that the command line runs.

/// A scenario with the name of its file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Entry {
    /// The file's name without its ending.
    pub stem: &'static str,
    text: Text,
}

/// Where a scenario's text stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Text {
    /// Here, from the start.
    Early(&'static str),
    /// In [`LATE`], from one place to another.
    Late(usize, usize),
}

impl Entry {
    /// Its text. A late one may be asked for when the rest of the program is here; should
    /// it not be, it is loaded on the spot.
    pub fn text(&self) -> &'static str {
        match self.text {
            Text::Early(text) => text,
            Text::Late(from, to) => rest_text(from, to),
        }
    }

    /// Whether the rest of the program is needed to play it: with it come its text, and
    /// whatever none of those needs that a first visit can play.
    pub fn is_late(&self) -> bool {
        matches!(self.text, Text::Late(..))
    }
}

/// A gate (`src/ui/rest.rs`): before the rest is here, nothing stands in [`LATE`].
#[inline(never)]
fn rest_text(from: usize, to: usize) -> &'static str {
    &LATE[from..to]
}

// `SCENARIOS` and `LATE`, written by the build script from the folder `scenarios/`.
include!(concat!(env!("OUT_DIR"), "/scenarios.rs"));

/// What a first visit shows.
const FIRST: &str = "peak-shaving-day";

/// The position of a scenario by its file's name.
pub fn position(stem: &str) -> Option<usize> {
    SCENARIOS.iter().position(|entry| entry.stem == stem)
}

/// The position of the scenario for a first visit.
pub fn first() -> usize {
    position(FIRST).unwrap_or(0)
}

/// Whether the rest of the program is needed to play the scenario at a position.
pub fn is_late(position: usize) -> bool {
    SCENARIOS.get(position).is_some_and(Entry::is_late)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_scenario_file_is_in_the_picker() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios");
        let entries = std::fs::read_dir(folder).expect("the folder of the scenarios");
        let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        let mut stems: Vec<String> = names
            .filter_map(|name| name.strip_suffix(".toml").map(str::to_owned))
            .collect();
        stems.sort();
        assert_eq!(stems, SCENARIOS.iter().map(|entry| entry.stem).collect::<Vec<_>>());
    }

    #[test]
    fn texts_are_those_of_the_files() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios");
        for entry in SCENARIOS {
            let file = std::fs::read_to_string(format!("{folder}/{}.toml", entry.stem));
            assert_eq!(entry.text(), file.expect("its file"), "{}", entry.stem);
        }
        let late = SCENARIOS.iter().filter(|entry| entry.is_late()).count();
        assert!((1..SCENARIOS.len()).contains(&late), "{late}");
    }

    #[test]
    fn a_first_visit_sees_the_day() {
        assert_eq!(SCENARIOS[first()].stem, FIRST);
    }
}
