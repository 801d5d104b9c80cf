//! What is said of a run: the shape that `docs/report.md` describes, without
//! the name of a file, because a text has none.

use mqlab_engine::plan::Plan;
use mqlab_engine::{Argument, METRICS, MetricKind, Outcome, PlaceKind, Subject, Value, World};
use mqlab_kernel::SimTime;
use mqlab_model::{Fact, FactKind};
use mqlab_scenario::{Checked, MetricName, Runner, Scenario, State, When};
use serde::ser::{Serialize, SerializeMap, Serializer};

/// A scenario.
#[derive(Debug, serde::Serialize)]
pub(crate) struct Report {
    scenario: String,
    seed: u64,
    engine: &'static str,
    pub(crate) variants: Vec<VariantReport>,
}

/// A variant.
#[derive(Debug, serde::Serialize)]
pub(crate) struct VariantReport {
    name: String,
    digest: String,
    steps: u64,
    facts: u64,
    messages: u64,
    ended: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    limit: Option<&'static str>,
    metrics: Entries<String, Number>,
    verdicts: Entries<&'static str, VerdictReport>,
    expectations: Vec<ExpectationReport>,
}

#[derive(Debug, serde::Serialize)]
struct VerdictReport {
    count: u64,
    first: Option<FactReport>,
}

#[derive(Debug, serde::Serialize)]
struct FactReport {
    at: String,
    place: String,
    fact: &'static str,
    message: Option<String>,
    value: u64,
}

#[derive(Debug, serde::Serialize)]
struct ExpectationReport {
    that: String,
    at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    row: Option<String>,
    actual: Option<String>,
    pass: Option<bool>,
    decided: Option<String>,
}

/// A map in the order in which its entries stand.
#[derive(Debug)]
struct Entries<K, V>(Vec<(K, V)>);

/// A metric's value: whole where it counts something, in nanoseconds where it
/// is a time, `null` where there is nothing to measure.
#[derive(Debug)]
struct Number(Value);

impl Report {
    /// A report on a scenario of which nothing has run.
    pub(crate) fn new(scenario: &Scenario) -> Self {
        Report {
            scenario: scenario.title.clone(),
            seed: scenario.seed,
            engine: env!("CARGO_PKG_VERSION"),
            variants: Vec::new(),
        }
    }
}

/// What is to be said of the variant at `index`, as it stands.
pub(crate) fn variant_report(scenario: &Scenario, index: usize, runner: &Runner) -> VariantReport {
    let variant = &scenario.variants[index];
    let world = runner.world();
    let offered = world
        .places()
        .iter()
        .map(|(id, _)| world.fact_count(id, FactKind::Offered));
    VariantReport {
        name: variant.name.clone(),
        digest: digest(world),
        steps: world.actions(),
        facts: world.facts(),
        messages: offered.sum(),
        ended: world.now().to_string(),
        limit: world.limit_hit().map(|hit| hit.name()),
        metrics: Entries(metrics(world, &variant.plan)),
        verdicts: Entries(verdicts(world)),
        expectations: runner.results().iter().map(|one| expectation(scenario, one)).collect(),
    }
}

/// The digest of a run in sixteen hexadecimal digits, because a JavaScript
/// number cannot hold it.
pub(crate) fn digest(world: &World) -> String {
    format!("{:016x}", world.digest())
}

/// How a stretch of a run ended, in a word.
pub(crate) fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Reached => "reached",
        Outcome::Budget => "budget",
        Outcome::Ended => "ended",
        Outcome::Limit(_) => "limit",
    }
}

/// Every metric of everything that it can be asked of. `drained` is left out:
/// without the instant from which it counts it says nothing.
fn metrics(world: &World, plan: &Plan) -> Vec<(String, Number)> {
    let mut found = Vec::new();
    let measured = |kind: MetricKind, subject: Option<&str>| {
        let name = MetricName {
            kind,
            subject: subject.map(str::to_owned),
            argument: Argument::None,
        };
        let metric = name.resolve(plan, world.places())?;
        Some(Number(world.metric(&metric)))
    };
    for info in METRICS.iter().filter(|info| info.kind != MetricKind::Drained) {
        if info.subject == Subject::WorldOrInlet {
            found.extend(measured(info.kind, None).map(|value| (info.name.to_owned(), value)));
        }
        for (_, place) in world.places().iter() {
            // These carry the name of their service, which is listed itself.
            if matches!(place.kind, PlaceKind::Subscription | PlaceKind::Calls) {
                continue;
            }
            if let Some(value) = measured(info.kind, Some(&place.name)) {
                found.push((format!("{}({})", info.name, place.name), value));
            }
        }
    }
    found
}

fn verdicts(world: &World) -> Vec<(&'static str, VerdictReport)> {
    let report = |verdict: mqlab_engine::Verdict| VerdictReport {
        count: verdict.count,
        first: verdict.first.map(|first| fact(world, &first)),
    };
    world
        .verdicts()
        .map(|verdict| (verdict.kind.name(), report(verdict)))
        .collect()
}

fn fact(world: &World, fact: &Fact) -> FactReport {
    let message = fact.message;
    FactReport {
        at: fact.at.to_string(),
        place: world.places().get(fact.place).name.clone(),
        fact: fact.kind.word(),
        message: message.is_some().then(|| {
            let source = world.sources().get(message.source());
            format!("{}#{}", source.name, message.number())
        }),
        value: fact.value,
    }
}

fn expectation(scenario: &Scenario, checked: &Checked) -> ExpectationReport {
    let expectation = &scenario.expectations[checked.expectation];
    let (actual, pass) = match checked.state {
        State::Pending => (None, None),
        State::Held { actual } => (Some(actual), Some(true)),
        State::Failed { actual } => (Some(actual), Some(false)),
    };
    let decided = checked.at.filter(|at| *at < SimTime::MAX);
    ExpectationReport {
        that: expectation.text.clone(),
        at: match expectation.when {
            When::At(at) => at.to_string(),
            When::Always => "always".to_owned(),
            When::Never => "never".to_owned(),
            When::End => "end".to_owned(),
        },
        row: expectation.row.clone(),
        actual: actual.map(|value| value.to_string()),
        pass,
        decided: decided.map(|at| at.to_string()),
    }
}

impl<K: AsRef<str>, V: Serialize> Serialize for Entries<K, V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in &self.0 {
            map.serialize_entry(name.as_ref(), value)?;
        }
        map.end()
    }
}

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Count(count) => serializer.serialize_u64(count),
            Value::Span(span) => serializer.serialize_u64(span.nanos()),
            Value::Time(time) => serializer.serialize_u64(time.nanos()),
            Value::Ratio(number) | Value::PerSecond(number) => serializer.serialize_f64(number),
            Value::Never => serializer.serialize_none(),
        }
    }
}
