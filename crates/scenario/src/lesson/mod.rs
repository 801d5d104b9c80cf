//! Lessons: what a scenario is about in several languages, what to watch in
//! it, what to predict, what to try next.
//!
//! A lesson is a TOML text beside its scenario. It holds no results: what is
//! watched is a comparison of a metric, and the answer to a prediction is a
//! metric of the run. One file has all languages of a text one below the
//! other, so that a translator sees the original and a missing language is a
//! finding at its line.

mod fields;
mod fit;
mod read;
#[cfg(test)]
mod tests;

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::expect::{Comparison, Literal, MetricName, Tolerance};
use crate::scenario::Scenario;
use mqlab_engine::Unit;
use mqlab_kernel::{SimSpan, SimTime};
use std::ops::Range;

/// The languages of a lesson, by their tags.
pub const LESSON_LANGUAGES: [&str; 3] = ["en", "zh-Hans", "zh-Hant"];

/// A text in every language, in the order of [`LESSON_LANGUAGES`].
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Texts(pub [String; 3]);

/// The lesson of a scenario.
#[derive(Clone, PartialEq, Debug)]
pub struct Lesson {
    /// The name of the group of scenarios that it belongs to.
    pub concept: String,
    /// What it is called.
    pub title: Texts,
    /// One sentence for the gallery.
    pub sentence: Texts,
    /// What it is about.
    pub about: Texts,
    /// What to watch.
    pub watch: Vec<Watch>,
    /// What to predict.
    pub predictions: Vec<Prediction>,
    /// What to try next.
    pub tries: Vec<Try>,
}

/// Something to see in a run.
#[derive(Clone, PartialEq, Debug)]
pub struct Watch {
    /// What is to be seen.
    pub text: Texts,
    /// In which variant; `None` is the only one.
    pub variant: Option<String>,
    /// What tells that it has been seen: from when it holds on, unless `at`
    /// is given.
    pub that: Comparison,
    /// The same as it is written.
    pub written: String,
    /// The instant at which it must hold. The scenario then expects the same,
    /// so that the run itself stops there and looks.
    pub at: Option<SimTime>,
    /// Where it stands in the lesson.
    span: Range<usize>,
}

/// What kind of answer a prediction wants.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum AnswerKind {
    /// A number of things.
    Count,
    /// A length of time.
    Span,
    /// An instant of the simulated clock.
    Clock,
    /// A share of 1.
    Share,
}

/// A question whose answer is a metric of the run at its end.
#[derive(Clone, PartialEq, Debug)]
pub struct Prediction {
    /// The question.
    pub question: Texts,
    /// The variant that answers it; `None` is the only one.
    pub variant: Option<String>,
    /// The metric whose value at the end is the answer.
    pub answer: MetricName,
    /// The same as it is written.
    pub written: String,
    /// What kind of answer is wanted.
    pub kind: AnswerKind,
    /// What a bare number means where a length of time is wanted.
    pub unit: Option<SimSpan>,
    /// From where lengths of time are measured if the metric is an instant.
    pub since: SimTime,
    /// How far off an answer may be.
    pub tolerance: Option<Tolerance>,
    /// Wrong answers that people give.
    pub wrong: Vec<Wrong>,
    /// Why the answer is what it is. `{}` stands for it.
    pub because: Texts,
    /// Where its answer stands in the lesson.
    span: Range<usize>,
}

/// A wrong answer that people give.
#[derive(Clone, PartialEq, Debug)]
pub struct Wrong {
    /// The answer.
    pub value: Literal,
    /// What it overlooks.
    pub overlooks: Texts,
}

/// Something to try next.
#[derive(Clone, PartialEq, Debug)]
pub struct Try {
    /// What to try and what to look for.
    pub text: Texts,
    /// How to do it.
    pub how: Option<How>,
    /// What the run then shows at its end, if that is one comparison.
    pub shows: Option<Comparison>,
    /// In which variant it is shown; `None` is the only one.
    pub variant: Option<String>,
    /// Where it stands in the lesson.
    span: Range<usize>,
}

/// How something is tried.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum How {
    /// A key of the scenario's text gets another value.
    Set {
        /// The key, as [`crate::with_setting`] takes it.
        path: String,
        /// The value as TOML writes it.
        value: String,
    },
    /// This text is added at the end of the scenario's.
    Add(String),
    /// Another scenario is opened: the name of its file without the ending.
    Open(String),
}

impl AnswerKind {
    /// Every kind with its name in a lesson.
    pub const ALL: [(AnswerKind, &'static str); 4] = [
        (AnswerKind::Count, "count"),
        (AnswerKind::Span, "span"),
        (AnswerKind::Clock, "clock"),
        (AnswerKind::Share, "share"),
    ];

    /// The unit in which answers are written.
    pub const fn unit(self) -> Unit {
        match self {
            AnswerKind::Count => Unit::Count,
            AnswerKind::Span => Unit::Span,
            AnswerKind::Clock => Unit::Time,
            AnswerKind::Share => Unit::Ratio,
        }
    }

    /// Whether a metric of this unit can give such an answer. An instant can
    /// be told as the time since another one.
    const fn can_be(self, unit: Unit) -> bool {
        matches!(
            (self, unit),
            (AnswerKind::Count, Unit::Count)
                | (AnswerKind::Span, Unit::Span | Unit::Time)
                | (AnswerKind::Clock, Unit::Time)
                | (AnswerKind::Share, Unit::Ratio)
        )
    }
}

impl Lesson {
    /// Reads a lesson. All findings come at once, in the order of the text;
    /// there is a lesson only if none of them is an error.
    pub fn parse(text: &str) -> (Option<Lesson>, Vec<Diagnostic>) {
        let mut found = Diagnostics::default();
        let lesson = read::lesson(text, &mut found).filter(|_| !found.has_errors());
        (lesson, found.finish())
    }

    /// What of the lesson does not fit the scenario: variants that it does not
    /// have, names that stand for nothing there, instants nobody looks at.
    pub fn misfits(&self, scenario: &Scenario) -> Vec<Diagnostic> {
        let mut found = Diagnostics::default();
        fit::check(self, scenario, &mut found);
        found.finish()
    }
}
