//! An expectation in one variant: is there something to measure, and what must
//! the run take note of for it?

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::expect::{Expectation, Unresolved, When, resolve, wanted};
use crate::suggest::{did_you_mean, shown};
use mqlab_engine::plan::{Plan, Watch, WatchKind};
use mqlab_engine::{Argument, MetricKind, PlaceKind, Places};
use mqlab_kernel::SimTime;

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
        let message = format!(
            "{at} is after the end of the run ({}); it would never be checked",
            plan.until
        );
        found.push(Diagnostic::error("too-late", &expectation.span, message));
    }
    let metric = match resolve(&expectation.that.metric, plan, places) {
        Ok(metric) => metric,
        Err(why) => return unresolved(expectation, variants, places, why, found),
    };
    if let (MetricKind::Drained, Some(place)) = (metric.kind, metric.place) {
        let after = match metric.argument {
            Argument::After(after) => after,
            _ => SimTime::ZERO,
        };
        let watch = Watch {
            kind: WatchKind::Drained(place),
            after,
        };
        if !plan.watches.contains(&watch) {
            plan.watches.push(watch);
        }
    }
}

fn unresolved(expectation: &Expectation, variants: usize, places: &Places, why: Unresolved, found: &mut Diagnostics) {
    let metric = &expectation.that.metric;
    let info = metric.kind.info();
    let name = metric.subject.as_deref().unwrap_or_default();
    let (message, help) = match why {
        Unresolved::Unknown => {
            let message = format!("there is nothing called `{}`", shown(name));
            let inlets = [PlaceKind::Subscription, PlaceKind::Calls];
            let known = places
                .iter()
                .filter(|(_, place)| !inlets.contains(&place.kind))
                .map(|(_, place)| place.name.as_str());
            let help = found.has_room().then(|| did_you_mean(name, known)).flatten();
            let restrict = "if other variants have it, say which: variant = \"name\"".to_owned();
            (message, help.or((variants > 1).then_some(restrict.into())))
        }
        Unresolved::WrongKind(help) => (
            format!(
                "`{}` is measured of {}; `{name}` is something else",
                info.name,
                wanted(info.subject)
            ),
            help.map(Into::into),
        ),
    };
    found.push(Diagnostic::error("unknown-subject", &expectation.span, message).maybe_help(help));
}
