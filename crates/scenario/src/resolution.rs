//! An expectation in one variant: is there something to measure, and what must
//! the run take note of for it?

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::expect::{Expectation, MetricName, Unresolved, When, resolve, wanted};
use crate::phrase::{Phrase, text};
use crate::suggest::{did_you_mean, shown};
use mqlab_engine::plan::Plan;
use mqlab_engine::{Metric, PlaceKind, Places};
use std::ops::Range;

/// Checks an expectation against the plan of one variant and adds the watch
/// that it needs.
pub(crate) fn resolution(
    expectation: &Expectation,
    variants: usize,
    places: &Places,
    plan: &mut Plan,
    found: &mut Diagnostics,
) {
    if let When::At(at) = expectation.when
        && at > plan.until
    {
        let message = text!(AfterTheEnd, at, plan.until);
        found.push(Diagnostic::error("too-late", &expectation.span, message));
    }
    match resolve(&expectation.that.metric, plan, places) {
        Ok(metric) => watch(metric, plan),
        Err(why) => {
            let metric = &expectation.that.metric;
            let finding = unresolved(metric, &expectation.span, variants, places, why, found.has_room());
            found.push(finding);
        }
    }
}

/// Adds the watch that a metric needs, if it needs one.
pub(crate) fn watch(metric: Metric, plan: &mut Plan) {
    plan.watches
        .extend(metric.watch().filter(|watch| !plan.watches.contains(watch)));
}

/// Why a metric cannot be measured; with `suggests`, what was meant perhaps.
pub(crate) fn unresolved(
    metric: &MetricName,
    span: &Range<usize>,
    variants: usize,
    places: &Places,
    why: Unresolved,
    suggests: bool,
) -> Diagnostic {
    let info = metric.kind.info();
    let name = metric.subject.as_deref().unwrap_or_default();
    let (message, help) = match why {
        Unresolved::Unknown => {
            let message = text!(NothingCalledSo, shown(name));
            let inlets = [PlaceKind::Subscription, PlaceKind::Calls];
            let known = places
                .iter()
                .filter(|(_, place)| !inlets.contains(&place.kind))
                .map(|(_, place)| place.name.as_str());
            let help = suggests.then(|| did_you_mean(name, known)).flatten();
            let restrict = Phrase::SayOtherVariant;
            (message, help.or((variants > 1).then_some(restrict.into())))
        }
        Unresolved::ExpectsNothing => (text!(ExpectsNoRows, name), Some(text!(ExpectsForExample, name).into())),
        Unresolved::WrongKind(help) => (
            text!(MeasuredOfOther, info.name, wanted(info.subject), name),
            help.map(Into::into),
        ),
    };
    Diagnostic::error("unknown-subject", span, message).maybe_help(help)
}
