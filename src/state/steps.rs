//! What a service does for each message or call, step by step in the words of
//! the scenario language, with how many of its workers are at each step.

use super::lab::Lab;
use super::local;
use super::texts::{Key, Language};
use mqlab_engine::plan::{NodeKind, Plan, RowChange, RowTest, ServicePlan, StepPlan, Target};
use mqlab_engine::{BreakerState, BreakerView};
use mqlab_model::{NodeId, PlaceId};

/// One step of a service.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StepRow {
    /// In how many blocks it is.
    pub depth: usize,
    /// Whether it is done only when the others have failed.
    pub is_on_failure: bool,
    /// What it does: keywords of the language and names.
    pub words: String,
    /// How many workers are at it.
    pub workers: u32,
    /// How its circuit breakers stand.
    pub breakers: Vec<String>,
}

/// The steps of a service; nothing of any other node. The end of a
/// transaction is a row too, because workers wait there.
pub fn of_service(lab: &Lab, variant: usize, node: NodeId, language: Language) -> Vec<StepRow> {
    let plan = lab.plan(variant);
    let NodeKind::Service(service) = &plan.nodes[usize::from(node.0)].kind else {
        return Vec::new();
    };
    let world = lab.lanes[variant].world();
    let (counts, breakers) = (world.at_steps(node), world.breakers(node));
    let live = lab.scenario.live(variant, PlaceId(node.0));
    let present = |key: &str| {
        let of_key = live.iter().filter(|setting| setting.key.path.ends_with(key));
        let values = of_key.map(|setting| setting.present(world).unwrap_or_default());
        values.collect::<Vec<_>>().into_iter()
    };
    let (mut work, mut fail) = (present("[].work"), present("[].fail"));
    let (mut confirm, mut requeue) = (present("[].confirm"), present("[].nack.requeue"));
    let names = Names { plan };
    let mut rows = Vec::new();
    for (index, step) in service.steps.iter().enumerate() {
        let value = match step {
            StepPlan::Work(_) => work.next(),
            StepPlan::Fail(_) => fail.next(),
            StepPlan::Publish { .. } => confirm.next(),
            StepPlan::Nack { .. } => requeue.next(),
            // Nobody waits there.
            StepPlan::Done => continue,
            _ => None,
        };
        let of_step = breakers.iter().filter(|breaker| usize::from(breaker.step) == index);
        let several = of_step.clone().count() > 1;
        rows.push(StepRow {
            depth: depth(service, index),
            is_on_failure: service.on_failure.is_some_and(|first| index >= usize::from(first)),
            words: names.words(step, value),
            workers: counts.get(index).copied().unwrap_or(0),
            breakers: of_step
                .map(|breaker| {
                    let state = breaker_words(breaker.state, language);
                    if several {
                        format!("{}: {state}", names.node(breaker.to))
                    } else {
                        state
                    }
                })
                .collect(),
        });
    }
    rows
}

/// How a circuit breaker stands, in words.
pub fn breaker_words(state: BreakerState, language: Language) -> String {
    match state {
        BreakerState::Closed { failures: 0 } => language.text(Key::BreakerClosed).to_owned(),
        BreakerState::Closed { failures } => language.with(Key::BreakerFailures, &failures.to_string()),
        BreakerState::Open { until } => language.with(Key::BreakerUntil, &until.to_string()),
        BreakerState::HalfOpen => language.text(Key::BreakerHalf).to_owned(),
    }
}

/// The breaker of a service that matters most for its calls to another.
pub fn breaker_between(breakers: &[BreakerView], to: NodeId) -> Option<BreakerState> {
    let weight = |state: BreakerState| match state {
        BreakerState::Open { .. } => 2,
        BreakerState::HalfOpen => 1,
        BreakerState::Closed { .. } => 0,
    };
    let between = breakers.iter().filter(|breaker| breaker.to == to);
    between.map(|breaker| breaker.state).max_by_key(|state| weight(*state))
}

/// The rows that a service looks for by itself, in words.
pub fn scan(lab: &Lab, variant: usize, node: NodeId, language: Language) -> Option<String> {
    let plan = lab.plan(variant);
    let NodeKind::Service(ServicePlan { scan: Some(scan), .. }) = &plan.nodes[usize::from(node.0)].kind else {
        return None;
    };
    let table = &plan.nodes[usize::from(scan.table.0)].name;
    let every = local::span(scan.every.nanos() as f64, language);
    let of = format!("{table} ({}, {every})", scan.state.word());
    Some(language.with(Key::StepScans, &of))
}

/// How many blocks of steps a step is in.
fn depth(service: &ServicePlan, index: usize) -> usize {
    let before = service.steps.iter().enumerate().take(index);
    before
        .filter(|(at, step)| index <= at + usize::from(step.covers()))
        .count()
}

struct Names<'a> {
    plan: &'a Plan,
}

impl Names<'_> {
    fn node(&self, node: NodeId) -> &str {
        &self.plan.nodes[usize::from(node.0)].name
    }

    fn target(&self, target: &Target) -> String {
        match *target {
            Target::Broker { broker, address } => {
                let plan = self.plan.nodes[usize::from(broker.0)].kind.broker();
                plan.and_then(|plan| plan.name(address)).unwrap_or_default().to_owned()
            }
            Target::Service(node) => self.node(node).to_owned(),
        }
    }

    fn nodes(&self, nodes: &[NodeId]) -> String {
        let names: Vec<&str> = nodes.iter().map(|node| self.node(*node)).collect();
        names.join(", ")
    }

    /// A step; `value` is its live setting, as it is written.
    fn words(&self, step: &StepPlan, value: Option<String>) -> String {
        let value = value.unwrap_or_default().replace('"', "");
        match step {
            StepPlan::Work(_) => format!("work {value}"),
            StepPlan::Fail(_) => format!("fail {value}"),
            StepPlan::Insert(table) => format!("insert {}", self.node(*table)),
            StepPlan::Publish { to, .. } => {
                let names: Vec<String> = to.iter().map(|target| self.target(target)).collect();
                let confirm = if value == "true" { ", confirm" } else { "" };
                format!("publish {}{confirm}", names.join(", "))
            }
            StepPlan::Call { services, .. } => format!("call {}", self.nodes(services)),
            StepPlan::Row { table, change } => {
                let table = self.node(*table);
                match change {
                    RowChange::InsertIfNew => format!("insert {table}, on_duplicate skip"),
                    RowChange::Set(state) => format!("update {table}, set {}", state.word()),
                    RowChange::Delete => format!("delete {table}"),
                }
            }
            StepPlan::When { table, test, .. } => match test {
                RowTest::Absent => format!("unless {}", self.node(*table)),
                RowTest::Claim(lease) => {
                    let lease = lease.map_or(String::new(), |lease| format!(", lease {}", lease.span));
                    format!("claim {}{lease}", self.node(*table))
                }
            },
            StepPlan::Begin { .. } => "transaction".to_owned(),
            StepPlan::Commit { tables, .. } if tables.is_empty() => "commit".to_owned(),
            StepPlan::Commit { tables, two_phase } => {
                let phases = if *two_phase { ", two_phase" } else { "" };
                format!("commit {}{phases}", self.nodes(tables))
            }
            StepPlan::Retry { attempts, .. } => format!("attempts {attempts}"),
            StepPlan::Ack => "ack".to_owned(),
            StepPlan::Nack { .. } => if value == "true" { "nack, requeue" } else { "nack" }.to_owned(),
            StepPlan::Respond => "respond".to_owned(),
            StepPlan::Leave { commits: true } => "commit".to_owned(),
            StepPlan::Leave { commits: false } => "rollback".to_owned(),
            StepPlan::Done => String::new(),
        }
    }
}

#[cfg(test)]
mod tests;
