//! Everything that is needed to stand where somebody else stood: a scenario's
//! text, what was done to it by hand, and how the page looks at it. What a
//! link holds and what is saved by itself.

mod names;
mod page;

pub use page::{apply, take};

use super::lessons;
use super::pacing::Speed;
use super::scenarios::{self, Entry, SCENARIOS};
use super::texts::{Key, Language};
use mqlab_kernel::SimTime;

/// A thing of the stage, by its names: numbers change with the script.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Selected {
    /// The variant's name.
    pub variant: String,
    /// The thing's name.
    pub thing: String,
}

/// The page at one moment, by names and without the run: a run is repeatable.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Snapshot {
    /// The scenario's text, always whole: the gallery may change.
    pub script: String,
    /// The scenario of the gallery that it came from, by name. A hint: the
    /// text may be another one by now, there or here.
    pub origin: Option<String>,
    /// A seed in place of the text's.
    pub seed: Option<u64>,
    /// Where the clock stands.
    pub at: SimTime,
    /// Whether the clock runs.
    pub is_playing: bool,
    /// What is selected.
    pub selection: Option<Selected>,
    /// The language of the page.
    pub language: Option<Language>,
    /// What was done by hand, in order: one text of `[[at]]` each.
    pub acts: Vec<String>,
    /// The variants that are not shown.
    pub hidden: Vec<String>,
    /// How fast the clock runs.
    pub speed: Option<Speed>,
    /// The panel that is open, by its name.
    pub panel: Option<String>,
}

impl Snapshot {
    /// A scenario of the gallery as it is there.
    pub fn of_gallery(stem: &str, text: &str) -> Snapshot {
        Snapshot {
            script: text.to_owned(),
            origin: Some(stem.to_owned()),
            ..Snapshot::default()
        }
    }

    /// Whether somebody would miss it: anything that the gallery does not
    /// have as it is.
    pub fn is_own(&self) -> bool {
        self.entry().is_none() || !self.acts.is_empty() || self.seed.is_some()
    }

    /// The scenario of the gallery whose text it is, unchanged.
    fn entry(&self) -> Option<&'static Entry> {
        let position = self.origin.as_deref().and_then(scenarios::position)?;
        Some(&SCENARIOS[position]).filter(|entry| entry.text() == self.script)
    }

    /// What it is called in the language of the page: a scenario of the gallery as it is
    /// there, other texts by their own title.
    pub fn name(&self, language: Language) -> &str {
        match self.entry() {
            Some(entry) => lessons::title(entry, language),
            None => self.title().unwrap_or(language.text(Key::WorkUntitled)),
        }
    }

    /// Whether it is the same work, wherever its clock stands and whatever is
    /// looked at.
    pub fn is_same_work(&self, other: &Snapshot) -> bool {
        (&self.script, &self.acts, self.seed) == (&other.script, &other.acts, other.seed)
    }

    /// Its title, without reading all of the text; nothing if there is none.
    pub fn title(&self) -> Option<&str> {
        title(&self.script)
    }
}

/// The title that a scenario's text gives on a line of its own.
pub fn title(script: &str) -> Option<&str> {
    let value = |line: &'_ str| -> Option<(usize, usize)> {
        let rest = line
            .trim_start()
            .strip_prefix("title")?
            .trim_start()
            .strip_prefix('=')?;
        let rest = rest.trim_start();
        let quote = rest.chars().next().filter(|letter| matches!(letter, '"' | '\''))?;
        let length = rest[1..].find(quote)?;
        let start = line.len() - rest.len() + 1;
        Some((start, start + length))
    };
    script
        .lines()
        // A table's own title, if ever there is one, comes after its head.
        .take_while(|line| !line.trim_start().starts_with('['))
        .find_map(|line| value(line).map(|(start, end)| &line[start..end]))
        .filter(|title| !title.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_title_is_found_without_reading_all() {
        assert_eq!(title("# x\n  title  =  \"A day\"\n"), Some("A day"));
        assert_eq!(title("title = 'It''s'"), Some("It"));
        for without in [
            "",
            "titles = \"x\"",
            "title = \"",
            "title = 3",
            "title = \" \"",
            "[load.a]\ntitle = \"x\"",
        ] {
            assert_eq!(title(without), None, "{without}");
        }
    }

    #[test]
    fn an_untouched_scenario_of_the_gallery_is_nobodys_own() {
        let opened = Snapshot::of_gallery(SCENARIOS[0].stem, SCENARIOS[0].text());
        assert!(!opened.is_own());
        let lesson = lessons::title(&SCENARIOS[0], Language::Simplified);
        assert_eq!(opened.name(Language::Simplified), lesson);
        let touched = Snapshot {
            acts: vec!["[[at]]".into()],
            ..opened.clone()
        };
        let edited = Snapshot {
            script: "title = \"mine\"".into(),
            ..opened.clone()
        };
        assert_eq!(edited.name(Language::Simplified), "mine");
        assert!(touched.is_own() && !touched.is_same_work(&opened));
        let later = Snapshot {
            at: SimTime::MAX,
            is_playing: true,
            ..opened.clone()
        };
        assert!(later.is_same_work(&opened) && !later.is_own());
        let edited = Snapshot {
            script: "title = \"x\"".into(),
            ..opened.clone()
        };
        assert!(edited.is_own());
        assert!(Snapshot { origin: None, ..opened }.is_own());
    }
}
