//! The lessons beside the scenarios: what to watch, to predict and to try.

mod answer;
mod grade;
mod guesses;
mod written;

pub use answer::{Unreadable, read};
pub use grade::{Grade, as_answer, grade};
pub use guesses::{Guesses, Standing};
pub use written::{answer_text, because};

use super::scenarios::Entry;
use super::texts::Language;
use mqlab_engine::{Replay, Value};
use mqlab_scenario::{
    Expectation, How, LESSON_LANGUAGES, Lesson, Prediction, Runner, Scenario, State, Texts, Watch, When, with_setting,
};
use std::sync::OnceLock;

// `LESSONS`, `CONCEPTS_OF_LESSONS` and `HEAD_LINES`, written by the build script from
// the folder `scenarios/lessons/`.
include!(concat!(env!("OUT_DIR"), "/lessons.rs"));

// The texts of a lesson are in the order of the page's languages.
const _: () = assert!(LESSON_LANGUAGES.len() == Language::ALL.len());

/// A lesson's text.
struct File {
    /// The file's name without its ending.
    stem: &'static str,
    text: &'static str,
}

/// The lesson of a scenario by its file's name. Lessons are read once, when
/// the first of them is asked for.
pub fn lesson(stem: &str) -> Option<&'static Lesson> {
    static READ: OnceLock<Vec<(&'static str, Lesson)>> = OnceLock::new();
    let all = READ.get_or_init(|| {
        let read = |entry: &File| Some((entry.stem, Lesson::parse(entry.text).0?));
        LESSONS.iter().filter_map(read).collect()
    });
    all.iter().find(|(name, _)| *name == stem).map(|(_, lesson)| lesson)
}

/// What the gallery shows of a lesson, before the page has all of it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Head {
    /// The name of the group of scenarios that it belongs to.
    pub concept: &'static str,
    /// Its position among the lessons.
    position: usize,
}

impl Head {
    /// What it is called.
    pub fn title(self, language: Language) -> &'static str {
        self.line(0, language)
    }

    /// One sentence.
    pub fn sentence(self, language: Language) -> &'static str {
        self.line(1, language)
    }

    fn line(self, which: usize, language: Language) -> &'static str {
        static LINES: [OnceLock<Vec<&str>>; 3] = [const { OnceLock::new() }; 3];
        LINES[language as usize].get_or_init(|| language.lines(HEAD_LINES))[2 * self.position + which]
    }
}

/// The head of the lesson of a scenario.
pub fn head(stem: &str) -> Option<Head> {
    let position = CONCEPTS_OF_LESSONS.iter().position(|(known, _)| *known == stem)?;
    let (_, concept) = CONCEPTS_OF_LESSONS[position];
    Some(Head { concept, position })
}

/// What a scenario is called in the language of the page; without a lesson by its file's name.
pub fn title(entry: &'static Entry, language: Language) -> &'static str {
    head(entry.stem).map_or(entry.stem, |head| head.title(language))
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

/// What a run that is over says to a prediction; nothing before it is over,
/// and nothing if a limit has cut it short, because then it has no end.
pub fn found(prediction: &Prediction, scenario: &Scenario, runner: &Runner) -> Option<Value> {
    let world = runner.world();
    if !runner.is_over() || world.limit_hit().is_some() {
        return None;
    }
    let variant = variant_of(scenario, prediction.variant.as_deref())?;
    let plan = &scenario.variants[variant].plan;
    let metric = prediction.answer.resolve(plan, world.places())?;
    Some(as_answer(prediction, world.metric(&metric)))
}

/// The text of a scenario after something was tried in it; `None` if that
/// cannot be done in this text, or opens another scenario.
pub fn tried(text: &str, how: &How) -> Option<String> {
    match how {
        How::Set { path, value } => with_setting(text, path, value),
        How::Add(more) if text.contains(more.trim()) => Some(text.to_owned()),
        How::Add(more) => Some(format!("{}\n\n{}\n", text.trim_end(), more.trim())),
        How::Open(_) => None,
    }
}

#[cfg(test)]
mod tests;
