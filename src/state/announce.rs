//! What is said aloud of a run to those who do not see it: seldom, and only
//! what is news.

use super::chips::{self, Tone};
use super::lab::Lab;
use super::texts::{Key, Language};
use super::{format, session::Standing};

/// Milliseconds between two announcements.
pub const PAUSE_MS: f64 = 3_000.0;

/// Says one thing at a time.
#[derive(Clone, Debug, Default)]
pub struct Announcer {
    said: String,
    said_at: Option<f64>,
}

impl Announcer {
    /// What stands in the live region.
    pub fn said(&self) -> &str {
        &self.said
    }

    /// Hears what could be said at `now_ms`; it is said if it is news and the
    /// last thing is long enough ago. If it is not, this is how long to wait
    /// before saying it again.
    pub fn hear(&mut self, sentence: String, now_ms: f64) -> Option<f64> {
        if sentence == self.said {
            return None;
        }
        let wait = self.said_at.map_or(0.0, |at| at + PAUSE_MS - now_ms);
        if wait > 0.0 {
            return Some(wait);
        }
        self.said = sentence;
        self.said_at = Some(now_ms);
        None
    }
}

/// What can be said of the lab: what is wrong or worth knowing, per variant,
/// and where the clock stands once it stands.
pub fn sentence(lab: &Lab, standing: Standing, language: Language) -> String {
    let mut parts = Vec::new();
    if standing != Standing::Running {
        parts.push(format::clock(lab.clock(), 3).0);
    }
    for lane in lab.shown() {
        let chips = chips::chips(lane.world(), language);
        let telling = chips.iter().filter(|chip| chip.tone != Tone::Good);
        let words: Vec<&str> = telling.map(|chip| chip.text.as_str()).collect();
        if !words.is_empty() {
            parts.push(format!("{}: {}", lane.name, words.join(", ")));
        } else if matches!(standing, Standing::Finished) {
            parts.push(format!("{}: {}", lane.name, language.text(Key::ChipGood)));
        }
    }
    parts.join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use mqlab_kernel::SimTime;

    #[test]
    fn news_is_said_and_not_too_often() {
        let mut announcer = Announcer::default();
        assert_eq!(announcer.hear("one".to_owned(), 0.0), None);
        assert_eq!(announcer.hear("two".to_owned(), 100.0), Some(PAUSE_MS - 100.0));
        assert_eq!(announcer.said(), "one");
        let _ = announcer.hear("three".to_owned(), PAUSE_MS);
        assert_eq!(announcer.said(), "three");
        let _ = announcer.hear("three".to_owned(), 2.0 * PAUSE_MS);
        let _ = announcer.hear("four".to_owned(), 2.0 * PAUSE_MS);
        assert_eq!(announcer.said(), "four", "what is no news does not count");
    }

    #[test]
    fn what_went_wrong_is_said_and_the_clock_when_it_stands() {
        let text = r#"
            title = "t"
            until = "3s"
            table.mysql = { capacity = "10/s", overload = "dies" }
            service.writer = { steps = [{ insert = "mysql" }] }
            load.users = { to = "writer", rate = "20/s" }
        "#;
        let (scenario, found) = mqlab_scenario::parse(text);
        let mut lab = Lab::new(scenario.unwrap_or_else(|| panic!("{found:#?}")));
        assert_eq!(sentence(&lab, Standing::Running, Language::English), "");
        lab.advance(SimTime::MAX, 1_000, |_| false);
        let said = sentence(&lab, Standing::Finished, Language::English);
        assert!(
            said.starts_with("00:00:03; default: overloaded at 00:00:00.5"),
            "{said}"
        );
    }
}
