//! What somebody is about to share: a snapshot, and what of it goes into the
//! link.

use super::format;
use super::link::{self, Finding, Flags, LINK_CHARS_SAFE, Link};
use super::pacing::{self, Speed};
use super::snapshot::Snapshot;
use super::texts::{Key, Language};
use mqlab_kernel::SimTime;

/// A share that is being put together.
#[derive(Clone, PartialEq, Debug)]
pub struct Offer {
    snapshot: Snapshot,
    /// Whether the page opens at the instant.
    pub has_instant: bool,
    /// Whether the page opens in the language.
    pub has_language: bool,
    /// Whether an embedded page waits for somebody to press play.
    pub is_paused: bool,
}

impl Offer {
    /// All of a snapshot.
    pub fn new(snapshot: Snapshot) -> Offer {
        Offer {
            snapshot,
            has_instant: true,
            has_language: true,
            is_paused: true,
        }
    }

    /// What would be missing: there is no instant at the beginning.
    pub fn instant(&self) -> Option<SimTime> {
        Some(self.snapshot.at).filter(|at| *at > SimTime::ZERO)
    }

    /// The language of the page.
    pub fn language(&self) -> Option<Language> {
        self.snapshot.language
    }

    fn chosen(&self) -> Snapshot {
        let mut snapshot = self.snapshot.clone();
        if !self.has_instant {
            snapshot.at = SimTime::ZERO;
            snapshot.is_playing = false;
        }
        if !self.has_language {
            snapshot.language = None;
        }
        snapshot
    }

    /// The link, given the page's address without what stands behind `#`.
    pub fn link(&self, address: &str) -> Result<String, Vec<Finding>> {
        let link = Link {
            snapshot: Some(self.chosen()),
            flags: Flags::default(),
        };
        Ok(format!("{address}#{}", link::write(&link)?))
    }

    /// The code that puts the page into another one.
    pub fn embedding(&self, address: &str) -> Result<String, Vec<Finding>> {
        let link = Link {
            snapshot: Some(self.chosen()),
            flags: Flags {
                is_embedded: true,
                is_paused: self.is_paused,
                ..Flags::default()
            },
        };
        let target = escaped(&format!("{address}#{}", link::write(&link)?));
        let title = escaped(self.snapshot.title().unwrap_or("mqlab"));
        Ok(format!(
            "<iframe src=\"{target}\" title=\"{title}\" width=\"100%\" height=\"640\" style=\"border:0\" loading=\"lazy\"></iframe>"
        ))
    }

    /// What is in it, a line each.
    pub fn contents(&self, language: Language) -> Vec<(Key, String)> {
        let snapshot = self.chosen();
        let mut rows = Vec::new();
        let count = |count: usize| format::count(count as u64);
        let title = snapshot.name(language);
        let lines = language.with(Key::ShareLines, &count(snapshot.script.lines().count()));
        rows.push((Key::FieldScript, format!("{title} · {lines}")));
        if !snapshot.acts.is_empty() {
            rows.push((Key::FieldActs, count(snapshot.acts.len())));
        }
        rows.extend(snapshot.seed.map(|seed| (Key::FieldSeed, seed.to_string())));
        if snapshot.at > SimTime::ZERO {
            rows.push((Key::FieldAt, snapshot.at.to_string()));
        }
        rows.extend(snapshot.speed.map(|speed| {
            let label = match speed {
                Speed::Factor(factor) => pacing::factor_label(factor),
                Speed::Max => language.text(Key::SpeedMax).to_owned(),
            };
            (Key::FieldSpeed, label)
        }));
        let selected = snapshot.selection.as_ref();
        rows.extend(selected.map(|selected| {
            (
                Key::FieldSelection,
                format!("{} · {}", selected.thing, selected.variant),
            )
        }));
        if !snapshot.hidden.is_empty() {
            rows.push((Key::FieldHidden, snapshot.hidden.join(", ")));
        }
        rows.extend(
            snapshot
                .language
                .map(|language| (Key::FieldLanguage, language.name().to_owned())),
        );
        rows
    }
}

/// Whether some programs cut a link of so many characters.
pub fn is_long(link: &str) -> bool {
    link.len() > LINK_CHARS_SAFE
}

/// A text inside of an attribute of HTML.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::link::read;
    use crate::state::snapshot::Selected;

    const ADDRESS: &str = "https://example.org/lab/";

    fn offer() -> Offer {
        Offer::new(Snapshot {
            script: "title = \"A <b> & 'c'\"\nx = 1\n".into(),
            at: SimTime::parse_clock("12:00").expect("a time"),
            is_playing: true,
            selection: Some(Selected {
                variant: "with".into(),
                thing: "orders".into(),
            }),
            language: Some(Language::Simplified),
            hidden: vec!["a".into(), "b".into()],
            acts: vec!["[[at]]".into()],
            speed: Some(Speed::Max),
            seed: Some(7),
            ..Snapshot::default()
        })
    }

    fn fragment(link: &str) -> &str {
        link.strip_prefix(ADDRESS).expect("the address of the page")
    }

    #[test]
    fn the_link_holds_what_was_chosen() {
        let mut offer = offer();
        let link = offer.link(ADDRESS).expect("it is short");
        assert_eq!(read(fragment(&link)).0.snapshot, Some(offer.snapshot.clone()));
        offer.has_instant = false;
        offer.has_language = false;
        let link = offer.link(ADDRESS).expect("it is short");
        let (read, found) = read(fragment(&link));
        let snapshot = read.snapshot.expect("it is a snapshot");
        assert!(found.is_empty() && !is_long(&link));
        assert_eq!(
            (snapshot.at, snapshot.is_playing, snapshot.language),
            (SimTime::ZERO, false, None)
        );
        assert_eq!(snapshot.script, offer.snapshot.script);
    }

    #[test]
    fn the_embedding_is_one_element_whatever_the_title() {
        let code = offer().embedding(ADDRESS).expect("it is short");
        assert!(code.contains("title=\"A &lt;b&gt; &amp; &#39;c&#39;\""), "{code}");
        assert!(code.contains("&amp;paused&amp;embed\""), "{code}");
        assert_eq!((code.matches('<').count(), code.matches('"').count()), (2, 12));
    }

    #[test]
    fn what_is_in_it_is_told() {
        let rows = offer().contents(Language::English);
        let told: Vec<String> = rows.iter().map(|(key, value)| format!("{key:?} {value}")).collect();
        assert_eq!(
            told,
            [
                "FieldScript A <b> & 'c' · 2 lines",
                "FieldActs 1",
                "FieldSeed 7",
                "FieldAt 12:00:00",
                "FieldSpeed full speed",
                "FieldSelection orders · with",
                "FieldHidden a, b",
                "FieldLanguage 简体中文",
            ]
        );
    }

    #[test]
    fn what_is_too_long_says_so() {
        let mut offer = offer();
        let noise = (0u64..9000).map(|number| format!("{:x}", number.wrapping_mul(0x9e37_79b9_7f4a_7c15)));
        offer.snapshot.script = noise.collect();
        let found = offer.link(ADDRESS).expect_err("it is too long");
        assert!(matches!(found[..], [Finding::TooLong(_)]), "{found:?}");
        assert!(offer.embedding(ADDRESS).is_err());
    }
}
