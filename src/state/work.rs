//! What is worked on: a scenario's text, and where it came from.

use super::scenarios::SCENARIOS;
use mqlab_scenario::Overrides;
use std::rc::Rc;

/// A text with its origin.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Work {
    /// The scenario of the gallery that it was, by position.
    pub origin: Option<usize>,
    /// What it is now.
    pub text: Rc<str>,
    /// A seed in place of the text's.
    pub seed: Option<u64>,
}

impl Work {
    /// The scenario at a position of the gallery, as it is there; an empty
    /// text if there is none.
    pub fn of_gallery(position: usize) -> Work {
        Work {
            origin: Some(position).filter(|position| *position < SCENARIOS.len()),
            text: SCENARIOS.get(position).map_or("", |entry| entry.text()).into(),
            seed: None,
        }
    }

    /// The same work with another text.
    #[must_use]
    pub fn with_text(&self, text: Rc<str>) -> Work {
        Work { text, ..self.clone() }
    }

    /// What counts beside the text when it is read.
    pub fn overrides(&self) -> Overrides {
        Overrides {
            seed: self.seed,
            ..Overrides::default()
        }
    }

    /// Whether the text is another one than in the gallery.
    pub fn is_changed(&self) -> bool {
        let known = self.origin.and_then(|position| SCENARIOS.get(position));
        known.is_none_or(|entry| *entry.text() != *self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_from_the_gallery_is_unchanged_until_it_is_edited() {
        let work = Work::of_gallery(0);
        assert!(!work.is_changed());
        let edited = work.with_text("title = \"x\"".into());
        assert!(edited.is_changed());
        assert!(!edited.with_text(SCENARIOS[0].text().into()).is_changed());
        assert!(Work::of_gallery(usize::MAX).is_changed());
    }
}
