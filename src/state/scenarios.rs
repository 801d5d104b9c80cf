//! The scenarios of the picker: the very files that the command line runs.

/// A scenario's text with the name of its file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Entry {
    /// The file's name without its ending.
    pub stem: &'static str,
    /// Its text.
    pub text: &'static str,
}

// `SCENARIOS`, written by the build script from the folder `scenarios/`.
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

/// Whether the rest of the program is needed to play a scenario of the gallery: Kafka's
/// brokers and clients, and RabbitMQ's clusters, come with it.
pub fn is_late(position: usize) -> bool {
    let entry = SCENARIOS.get(position);
    entry.is_some_and(|entry| entry.text.contains("kafka") || entry.text.contains("nodes = "))
}

/// The title of a scenario without reading all of it, for the picker. A file
/// that is not even that much of a scenario is called by its name.
pub fn title(entry: &Entry) -> &'static str {
    let line = entry.text.lines().find_map(|line| line.strip_prefix("title = \""));
    line.and_then(|rest| rest.split('"').next()).unwrap_or(entry.stem)
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
    fn the_picker_shows_the_titles_of_the_files() {
        for entry in SCENARIOS {
            let (scenario, found) = mqlab_scenario::parse(entry.text);
            let scenario = scenario.unwrap_or_else(|| panic!("{}: {found:#?}", entry.stem));
            assert_eq!(title(entry), scenario.title, "{}", entry.stem);
        }
    }

    #[test]
    fn a_first_visit_sees_the_day() {
        assert_eq!(SCENARIOS[first()].stem, FIRST);
    }
}
