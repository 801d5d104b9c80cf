//! Variants beside each other: what the engine measures of each, how far they
//! are apart, and whether that is better or worse.

mod difference;
mod file;
mod metrics;
mod sort;

pub use difference::{Difference, Judgement};
pub use file::file;
pub use sort::{Column, Sort};

use super::curves::Asked;
use super::lab::Lane;
use super::local;
use super::texts::{Key, Language};
use metrics::Gathering;
use mqlab_engine::Value;
use mqlab_scenario::{State, When};

/// Which way a number is better.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Sense {
    /// The less the better; what never happens is worst.
    Less,
    /// The more the better; what never happens is best.
    More,
    /// Neither.
    Neither,
}

/// One number of every variant that is shown.
#[derive(Clone, PartialEq, Debug)]
pub struct Row {
    /// What it is, on the page.
    pub name: String,
    /// What it is called in files.
    pub id: String,
    /// Which way it is better.
    pub sense: Sense,
    /// The values by variant; none where a variant has no such thing.
    pub values: Vec<Option<Value>>,
}

impl Row {
    /// Whether all variants agree.
    pub fn is_equal(&self) -> bool {
        self.values.windows(2).all(|pair| pair[0] == pair[1])
    }

    /// The values as shares of the greatest one: the lengths of bars on one
    /// scale.
    pub fn shares(&self) -> Vec<Option<f64>> {
        let number = |value: &Option<Value>| value.and_then(Value::number);
        let most = self.values.iter().filter_map(number).fold(0.0, f64::max);
        let share = |value| number(value).filter(|_| most > 0.0).map(|number| number / most);
        self.values.iter().map(share).collect()
    }

    /// How far the other variants are from one of them; none for itself.
    pub fn differences(&self, base: usize, language: Language) -> Vec<Option<Difference>> {
        let from = self.values.get(base).copied().flatten();
        let one = |(index, value): (usize, &Option<Value>)| {
            let (from, to) = (from?, (*value)?);
            (index != base).then(|| Difference::between(from, to, self.sense, language))
        };
        self.values.iter().enumerate().map(one).collect()
    }
}

/// Rows that belong together.
#[derive(Clone, PartialEq, Debug)]
pub struct Group {
    /// What they are about.
    pub name: String,
    /// The rows.
    pub rows: Vec<Row>,
}

/// An expectation in every variant that is shown.
#[derive(Clone, PartialEq, Debug)]
pub struct Promise {
    /// As it is written.
    pub text: String,
    /// When it is checked.
    pub when: String,
    /// What is known of it; none where it is not about the variant.
    pub states: Vec<Option<State>>,
}

impl Promise {
    /// Whether all variants agree.
    pub fn is_equal(&self) -> bool {
        let names = |state: &Option<State>| state.map(|state| std::mem::discriminant(&state));
        self.states.windows(2).all(|pair| names(&pair[0]) == names(&pair[1]))
    }
}

/// The comparison of the variants that are shown, as they stand now.
#[derive(Clone, PartialEq, Debug)]
pub struct Comparison {
    /// Their names.
    pub variants: Vec<String>,
    /// The one that the others are compared with, by position among them.
    pub base: usize,
    /// The numbers.
    pub groups: Vec<Group>,
    /// What must be so.
    pub promises: Vec<Promise>,
}

impl Comparison {
    /// Compares. `base` is a position among all variants; if that one is not
    /// shown, the first that is stands in for it.
    pub fn new(asked: &Asked<'_>, base: usize) -> Comparison {
        let lanes: Vec<&Lane> = asked.lab.shown().collect();
        let chosen = asked.lab.lanes.get(base).filter(|lane| !lane.is_hidden);
        let base = chosen.and_then(|chosen| lanes.iter().position(|lane| lane.name == chosen.name));
        Comparison {
            variants: lanes.iter().map(|lane| lane.name.clone()).collect(),
            base: base.unwrap_or(0),
            groups: Gathering::new(asked, &lanes).groups(),
            promises: promises(asked, &lanes),
        }
    }
}

fn promises(asked: &Asked<'_>, lanes: &[&Lane]) -> Vec<Promise> {
    let expectations = asked.lab.scenario.expectations.iter().enumerate();
    let promise = expectations.map(|(index, expectation)| {
        let state = |lane: &&Lane| {
            let mut results = lane.runner().results().iter();
            Some(results.find(|checked| checked.expectation == index)?.state)
        };
        Promise {
            text: expectation.text.clone(),
            when: match expectation.when {
                When::At(at) => asked.language.with(Key::ExpectAt, &at.to_string()),
                When::Always => asked.language.text(Key::ExpectAlways).to_owned(),
                When::Never => asked.language.text(Key::ExpectNever).to_owned(),
                When::End => asked.language.text(Key::ExpectEnd).to_owned(),
            },
            states: lanes.iter().map(state).collect(),
        }
    });
    promise
        .filter(|promise| promise.states.iter().any(Option::is_some))
        .collect()
}

/// A value in the comparison: short where it is a length of time, exact
/// otherwise.
pub fn value(value: Option<Value>, language: Language) -> String {
    match value {
        None => "\u{2013}".to_owned(),
        Some(Value::Span(span)) => local::span(span.nanos() as f64, language),
        Some(Value::Ratio(share)) => local::share(share, language),
        Some(other) => local::value(other, language),
    }
}

#[cfg(test)]
mod tests;
