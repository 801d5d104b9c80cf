//! What is said of a run of one variant, as plain data. The command line and
//! the JavaScript API give programs the same, in the shape that
//! `docs/report.md` describes.

mod serialize;

use crate::expect::{MetricName, When, subject_at};
use crate::life::FactRow;
use crate::run::{Checked, Runner, State};
use crate::scenario::Scenario;
use mqlab_engine::plan::{LimitHit, Plan};
use mqlab_engine::{Argument, Hits, METRICS, Metric, MetricKind, PlaceKind, Subject, Value, World};
use mqlab_kernel::SimTime;
use mqlab_model::FactKind;

/// What is said of one variant.
#[derive(Clone, Debug)]
pub struct VariantReport {
    /// Its name.
    pub name: String,
    /// The digest of all facts.
    pub digest: u64,
    /// Actions of the agenda.
    pub steps: u64,
    /// Facts that were recorded.
    pub facts: u64,
    /// Messages and requests that were made, by whomever.
    pub messages: u64,
    /// Which faults there were, and how many of them changed anything.
    pub faults: Hits,
    /// Where the simulated clock stands; where an endless run that has nothing
    /// left to do last did something.
    pub ended: SimTime,
    /// The limit that ended the run.
    pub limit: Option<LimitHit>,
    /// Whether somebody stopped it.
    pub interrupted: bool,
    /// Every metric of everything, by its name in the scenario language.
    pub metrics: Vec<(String, Value)>,
    /// Every verdict, whether it holds or not.
    pub verdicts: Vec<VerdictReport>,
    /// The expectations about this variant.
    pub expectations: Vec<ExpectationReport>,
}

/// A verdict and the first fact that showed it.
#[derive(Clone, Debug)]
pub struct VerdictReport {
    /// Its name.
    pub name: &'static str,
    /// How often; 0 means that it does not hold.
    pub count: u64,
    /// The first fact that showed it.
    pub first: Option<FactRow>,
}

/// An expectation and what came of it.
#[derive(Clone, Debug)]
pub struct ExpectationReport {
    /// The comparison, as it is written.
    pub that: String,
    /// When it is checked: a clock time, `always`, `never` or `end`.
    pub at: String,
    /// The row of the catalogue that it proves.
    pub row: Option<String>,
    /// What was measured; `None` while nothing was.
    pub actual: Option<Value>,
    /// Whether it holds; `None` if that is not known yet.
    pub pass: Option<bool>,
    /// Whether it fails only because a limit ended the run too early to tell.
    pub is_cut_off: bool,
    /// The instant that told.
    pub decided: Option<SimTime>,
}

impl VariantReport {
    /// What is to be said of the variant at `index`, as it stands.
    ///
    /// # Panics
    /// If there is no such variant.
    pub fn of(scenario: &Scenario, index: usize, runner: &Runner) -> Self {
        let variant = &scenario.variants[index];
        let world = runner.world();
        let limit = world.limit_hit();
        VariantReport {
            name: variant.name.clone(),
            digest: world.digest(),
            steps: world.actions(),
            facts: world.facts(),
            messages: count(world, FactKind::Offered),
            faults: world.hits(),
            ended: world.now(),
            limit,
            interrupted: false,
            metrics: metrics(world, &variant.plan),
            verdicts: verdicts(world),
            expectations: (runner.results().iter())
                .map(|checked| expectation(scenario, checked, limit.is_some()))
                .collect(),
        }
    }
}

/// How often something happened, wherever it did.
pub fn count(world: &World, kind: FactKind) -> u64 {
    let places = world.places().iter();
    places.map(|(id, _)| world.fact_count(id, kind)).sum()
}

/// The metric of the thing called `subject`, if the language allows it there.
pub fn measured(world: &World, plan: &Plan, kind: MetricKind, subject: Option<&str>) -> Option<Value> {
    let name = MetricName {
        kind,
        subject: subject.map(str::to_owned),
        argument: Argument::None,
    };
    let metric = name.resolve(plan, world.places())?;
    Some(world.metric(&metric))
}

/// Every metric of everything that it can be asked of. `drained` is left out:
/// without the instant from which it counts it says nothing.
fn metrics(world: &World, plan: &Plan) -> Vec<(String, Value)> {
    let mut found = Vec::new();
    // The others carry the name of their service, which is listed itself.
    let named = |kind: PlaceKind| !matches!(kind, PlaceKind::Subscription | PlaceKind::Calls);
    for info in METRICS.iter().filter(|info| info.kind != MetricKind::Drained) {
        if info.subject == Subject::WorldOrInlet {
            let whole = measured(world, plan, info.kind, None);
            found.extend(whole.map(|value| (info.name.to_owned(), value)));
        }
        for (id, place) in world.places().iter().filter(|(_, place)| named(place.kind)) {
            let Ok(at) = subject_at(info.kind, id, plan, world.places()) else {
                continue;
            };
            let metric = Metric {
                kind: info.kind,
                place: Some(at),
                argument: Argument::None,
            };
            found.push((format!("{}({})", info.name, place.name), world.metric(&metric)));
        }
    }
    found
}

fn verdicts(world: &World) -> Vec<VerdictReport> {
    let report = |verdict: mqlab_engine::Verdict| VerdictReport {
        name: verdict.kind.name(),
        count: verdict.count,
        first: verdict.first.map(|fact| FactRow::of(world, &fact)),
    };
    world.verdicts().map(report).collect()
}

fn expectation(scenario: &Scenario, checked: &Checked, is_limited: bool) -> ExpectationReport {
    let expectation = &scenario.expectations[checked.expectation];
    let (actual, pass) = match checked.state {
        State::Pending => (None, None),
        State::Held { actual } => (Some(actual), Some(true)),
        State::Failed { actual } => (Some(actual), Some(false)),
    };
    let is_cut_off = match checked.state {
        State::Failed { actual } if is_limited => expectation.that.holds(actual) == (expectation.when != When::Never),
        _ => false,
    };
    ExpectationReport {
        that: expectation.text.clone(),
        at: match expectation.when {
            When::At(at) => at.to_string(),
            When::Always => "always".to_owned(),
            When::Never => "never".to_owned(),
            When::End => "end".to_owned(),
        },
        row: expectation.row.clone(),
        actual,
        pass,
        is_cut_off,
        decided: checked.at.filter(|at| *at < SimTime::MAX),
    }
}
