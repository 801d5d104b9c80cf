//! The lessons beside the scenarios: what to watch, to predict and to try.

mod answer;
mod grade;
mod trial;
mod written;

pub use answer::{Unreadable, read};
pub use grade::{Grade, as_answer, grade};
pub use trial::Trial;
pub use written::{answer_text, because};

use super::scenarios::Entry;
use super::texts::Language;
use mqlab_scenario::{Expectation, LESSON_LANGUAGES, Lesson, Runner, Scenario, State, Texts, Watch, When};
use std::sync::OnceLock;

// `LESSONS`, written by the build script from the folder `scenarios/lessons/`.
include!(concat!(env!("OUT_DIR"), "/lessons.rs"));

// The texts of a lesson are in the order of the page's languages.
const _: () = assert!(LESSON_LANGUAGES.len() == Language::ALL.len());

/// The lesson of a scenario by its file's name. Lessons are read once, when
/// the first of them is asked for.
pub fn lesson(stem: &str) -> Option<&'static Lesson> {
    static READ: OnceLock<Vec<(&'static str, Lesson)>> = OnceLock::new();
    let all = READ.get_or_init(|| {
        let read = |entry: &Entry| Some((entry.stem, Lesson::parse(entry.text).0?));
        LESSONS.iter().filter_map(read).collect()
    });
    all.iter().find(|(name, _)| *name == stem).map(|(_, lesson)| lesson)
}

/// A text in the language of the page.
pub fn said(texts: &Texts, language: Language) -> &str {
    &texts.0[language as usize]
}

/// The position of the variant that is meant: the only one if none is named.
pub fn variant_of(scenario: &Scenario, name: Option<&str>) -> Option<usize> {
    match name {
        None => (!scenario.variants.is_empty()).then_some(0),
        Some(name) => scenario.variants.iter().position(|variant| variant.name == name),
    }
}

/// Whether the run of a variant shows what is to be watched, as it stands.
/// Nothing is remembered: going back in the run takes the tick away again.
pub fn is_seen(watch: &Watch, scenario: &Scenario, runner: &Runner) -> bool {
    let Some(variant) = variant_of(scenario, watch.variant.as_deref()) else {
        return false;
    };
    let variant = &scenario.variants[variant];
    if let Some(at) = watch.at {
        // The run stops at that instant only because the scenario expects the
        // same; what it found there is the answer.
        let same = |one: &Expectation| one.when == When::At(at) && one.that == watch.that;
        let mut results = runner.results().iter();
        return results.any(|checked| {
            same(&scenario.expectations[checked.expectation]) && matches!(checked.state, State::Held { .. })
        });
    }
    let world = runner.world();
    let metric = watch.that.metric.resolve(&variant.plan, world.places());
    metric.is_some_and(|metric| watch.that.holds(world.metric(&metric)))
}

#[cfg(test)]
mod tests;
