//! Whether a lesson fits its scenario.

use super::Lesson;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::expect::{Comparison, Expectation, MetricName, When, resolve};
use crate::phrase::{Phrase, text};
use crate::scenario::{Scenario, Variant};
use crate::suggest::{did_you_mean, shown};
use mqlab_engine::plan::WatchKind;
use mqlab_engine::{Argument, MetricKind, Places};
use mqlab_kernel::SimTime;
use std::ops::Range;

/// Checks every name of the lesson against the scenario.
pub(super) fn check(lesson: &Lesson, scenario: &Scenario, found: &mut Diagnostics) {
    for watch in &lesson.watch {
        let Some(variant) = variant(scenario, watch.variant.as_deref(), &watch.span, found) else {
            continue;
        };
        measurable(&watch.that.metric, variant, &watch.span, found);
        if let Some(at) = watch.at
            && !expects(scenario, &variant.name, at, &watch.that)
        {
            let message = Phrase::NobodyLooks;
            let help = Phrase::ExpectTheSame;
            found.push(Diagnostic::error("not-expected", &watch.span, message).help(help));
        }
    }
    for prediction in &lesson.predictions {
        if let Some(variant) = variant(scenario, prediction.variant.as_deref(), &prediction.span, found) {
            measurable(&prediction.answer, variant, &prediction.span, found);
        }
    }
    for one in &lesson.tries {
        if one.variant.is_some() || one.shows.is_some() {
            variant(scenario, one.variant.as_deref(), &one.span, found);
        }
    }
}

/// The variant that is meant.
fn variant<'a>(
    scenario: &'a Scenario,
    name: Option<&str>,
    span: &Range<usize>,
    found: &mut Diagnostics,
) -> Option<&'a Variant> {
    let Some(name) = name else {
        if scenario.variants.len() > 1 {
            let message = Phrase::SayWhichVariant;
            found.push(Diagnostic::error("unknown-variant", span, message));
            return None;
        }
        return scenario.variants.first();
    };
    let variant = scenario.variants.iter().find(|variant| variant.name == name);
    if variant.is_none() {
        let help = did_you_mean(name, scenario.variants.iter().map(|variant| variant.name.as_str()));
        let message = text!(NoVariant, shown(name));
        found.push(Diagnostic::error("unknown-variant", span, message).maybe_help(help));
    }
    variant
}

/// Whether the metric can be measured in the variant, and the run takes note
/// of what it needs.
fn measurable(name: &MetricName, variant: &Variant, span: &Range<usize>, found: &mut Diagnostics) {
    let places = Places::of(&variant.plan);
    let Ok(metric) = resolve(name, &variant.plan, &places) else {
        let subject = name.subject.as_deref().unwrap_or_default();
        let message = text!(CannotMeasure, name.kind.info().name, shown(subject), variant.name);
        found.push(Diagnostic::error("unknown-name", span, message));
        return;
    };
    let after = match metric.argument {
        Argument::After(after) => after,
        _ => SimTime::ZERO,
    };
    let is_noted = |place| {
        let watches = &mut variant.plan.watches.iter();
        watches.any(|watch| watch.kind == WatchKind::Drained(place) && watch.after == after)
    };
    if let (MetricKind::Drained, Some(place)) = (metric.kind, metric.place)
        && !is_noted(place)
    {
        let message = Phrase::TakesNoNote;
        let help = Phrase::ExpectTheMetric;
        found.push(Diagnostic::error("not-expected", span, message).help(help));
    }
}

/// Whether the scenario expects the same of the same variant at the instant.
fn expects(scenario: &Scenario, variant: &str, at: SimTime, that: &Comparison) -> bool {
    let same = |one: &Expectation| one.when == When::At(at) && one.that == *that && one.is_about(variant);
    scenario.expectations.iter().any(same)
}
