//! What a link opens.

use super::{Flag, Flags, Link};
use crate::state::scenarios::SCENARIOS;
use crate::state::snapshot::Snapshot;

impl Link {
    /// The page that it opens: what it holds or the scenario that it names,
    /// with its settings on top. Nothing if it has settings only.
    pub fn opens(&self) -> Option<Snapshot> {
        let named = self.flags.scenario.and_then(|position| SCENARIOS.get(position));
        let named = named.map(|entry| Snapshot::of_gallery(entry.stem, entry.text()));
        let snapshot = self.snapshot.clone().or(named)?;
        Some(self.flags.on(snapshot))
    }
}

impl Flags {
    /// A snapshot with these settings on top.
    #[must_use]
    pub fn on(&self, mut snapshot: Snapshot) -> Snapshot {
        snapshot.seed = self.seed.or(snapshot.seed);
        snapshot.at = self.at.unwrap_or(snapshot.at);
        snapshot.selection = self.selection.clone().or(snapshot.selection);
        snapshot.language = self.language.or(snapshot.language);
        // An embedded page shows at once what it is about; `paused` keeps any
        // page still.
        snapshot.is_playing = (snapshot.is_playing || self.is_embedded) && !self.is_paused;
        snapshot
    }

    /// Whether they say something about a run, and not only about looks.
    pub fn are_of_run(&self) -> bool {
        self.is_embedded
            || self.at.is_some()
            || self.seed.is_some()
            || self.scenario.is_some()
            || self.selection.is_some()
    }

    /// What is left of them once the page shows something else.
    pub fn lasting(&self) -> Flags {
        Flags {
            theme: self.theme,
            ..Flags::default()
        }
    }
}

/// What stands behind the `#` for a page that is no part of another one.
pub fn whole(fragment: &str) -> String {
    let about_embedding = [Flag::Embed.name(), Flag::Paused.name()];
    let parts = fragment.split('&').filter(|part| !about_embedding.contains(part));
    parts.collect::<Vec<&str>>().join("&")
}

#[cfg(test)]
mod tests {
    use super::super::read;
    use super::*;
    use crate::state::link::{Carrier, write_snapshot};
    use crate::state::texts::Language;
    use mqlab_kernel::SimTime;

    fn opens(fragment: &str) -> Option<Snapshot> {
        read(fragment).0.opens()
    }

    #[test]
    fn a_link_by_hand_opens_a_scenario_of_the_gallery() {
        let opened = opens("#scenario=mm1&lang=zh-Hans&t=12:00:00&seed=3").expect("it names one");
        assert_eq!(opened.origin.as_deref(), Some("mm1"));
        assert!(opened.script.contains("One worker") && !opened.is_playing);
        assert_eq!((opened.seed, opened.language), (Some(3), Some(Language::Simplified)));
        assert_eq!(opened.at, SimTime::parse_clock("12:00").expect("a time"));
        assert_eq!(opens("#lang=zh-Hans&t=12:00:00"), None);
    }

    #[test]
    fn settings_stand_above_what_a_link_holds() {
        let held = Snapshot {
            script: "x = 1".into(),
            at: SimTime::MAX,
            is_playing: true,
            language: Some(Language::Traditional),
            ..Snapshot::default()
        };
        let text = write_snapshot(&held, Carrier::Link).expect("it is short");
        assert_eq!(opens(&text).as_ref(), Some(&held));
        let still = opens(&format!("{text}&t=00:00:00&paused&lang=en&embed")).expect("it holds one");
        assert_eq!((still.at, still.is_playing), (SimTime::ZERO, false));
        assert_eq!((still.language, still.script), (Some(Language::English), held.script));
    }

    #[test]
    fn an_embedded_page_plays_unless_told_otherwise() {
        let is_playing = |fragment| opens(fragment).expect("it names one").is_playing;
        assert!(is_playing("scenario=mm1&embed") && !is_playing("scenario=mm1&embed&paused"));
        assert!(!is_playing("scenario=mm1"));
    }

    #[test]
    fn looks_outlast_what_was_shown() {
        let (link, _) = read("scenario=mm1&t=01:00&seed=1&theme=dark&embed&paused&lang=en");
        assert_eq!(super::super::flags::write(&link.flags.lasting()), "theme=dark");
        assert_eq!(whole("1.AbC&theme=dark&paused&embed"), "1.AbC&theme=dark");
        assert_eq!(whole("embed&scenario=mm1"), "scenario=mm1");
    }
}
