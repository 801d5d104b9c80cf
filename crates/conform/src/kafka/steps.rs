//! A course of events on the leader of one partition.

use super::log::{error, span};
use super::read::{Fields, Object};
use super::replication::{brokers, numbers, rules};
use crate::outcome::{Mismatch, Outcome};
use mqlab_brokers::kafka::{BrokerId, LagRule, Leader, Marks, Replication};
use mqlab_kernel::SimTime;
use serde_json::{Value, json};

/// The broker on which all of it happens, or, without replicas, its log.
struct Broker {
    marks: Marks,
    leader: Option<Leader>,
    replicas: Vec<BrokerId>,
    rules: Replication,
    now: SimTime,
    /// The follower that fetched last.
    last: Option<BrokerId>,
}

pub(super) fn judge(input: Fields<'_>, expected: &Object) -> Result<Outcome, String> {
    Fields(expected).has_only(&["values"])?;
    let expected = Fields(expected).list("values")?;
    let mut broker = Broker::new(input)?;
    let mut mismatches = Vec::new();
    let steps = input.list("steps")?;
    for values in expected {
        let after = Fields::of(values)?.count("after")?;
        if after >= steps.len() as u64 {
            return Err(format!("there is no step {after}"));
        }
    }
    if expected.is_empty() {
        return Err("nothing is expected".to_owned());
    }
    for (number, step) in (0..).zip(steps) {
        let result = broker.step(Fields::of(step)?)?;
        for values in expected {
            let values = Fields::of(values)?;
            if values.count("after")? == number {
                for (name, value) in values.0.iter().filter(|(name, _)| *name != "after") {
                    let actual = if name == "result" {
                        Some(result.clone())
                    } else {
                        broker.value(name)
                    };
                    let actual = actual.ok_or_else(|| format!("nothing is known of `{name}`"))?;
                    mismatches.extend(Mismatch::of_values(
                        &format!("{name} after step {number}"),
                        value,
                        &actual,
                    ));
                }
            }
        }
    }
    Ok(Outcome::of(mismatches))
}

impl Broker {
    fn new(input: Fields<'_>) -> Result<Broker, String> {
        let mut marks = Marks::default();
        marks.appended(input.count_or("leader_leo", 0)?);
        let mut rules = rules(input)?;
        rules.lag = LagRule::Time(span(input.count_or("replica_lag_time_max_ms", 30_000)?)?);
        let mut broker = Broker {
            marks,
            leader: None,
            replicas: brokers(input, "replicas")?,
            rules,
            now: SimTime::ZERO,
            last: None,
        };
        if input.has("leader") {
            broker.lead(BrokerId(input.small("leader")?), &brokers(input, "isr")?, marks.end());
        }
        Ok(broker)
    }

    fn lead(&mut self, own: BrokerId, in_sync: &[BrokerId], epoch_start: u64) {
        let leader = Leader::new(own, &self.replicas, in_sync, self.rules, epoch_start, self.now);
        self.leader = Some(leader);
    }

    /// Does a step; the result is what a client is told, if it asks.
    fn step(&mut self, step: Fields<'_>) -> Result<Value, String> {
        step.has_only(&[
            "op",
            "records",
            "to",
            "offset",
            "ms",
            "replica",
            "new_epoch",
            "epoch_start_offset",
        ])?;
        let marks = &mut self.marks;
        match step.text("op")? {
            "append" | "append_follower" => marks.appended(marks.end().saturating_add(step.count("records")?)),
            "increment_hw" => {
                marks.raise_high_watermark(step.count("to")?.min(marks.end()));
            }
            "set_hw" => marks.set_high_watermark(step.count("to")?),
            "truncate_to" => marks.truncate(step.count("offset")?),
            "truncate_fully_and_start_at" => *marks = Marks::at(step.count("offset")?),
            "advance_ms" => self.now = self.now.saturating_add(span(step.count("ms")?)?),
            "delete_records" => {
                let deleted = marks.raise_start(step.count("to")?);
                return Ok(deleted.map_or_else(error, |()| json!(marks.start())));
            }
            "client_list_earliest" => return Ok(json!(marks.start())),
            other => return self.lead_step(other, step),
        }
        self.commit();
        Ok(Value::Null)
    }

    /// A step that only a leader can do.
    fn lead_step(&mut self, name: &str, step: Fields<'_>) -> Result<Value, String> {
        let (end, high_watermark) = (self.marks.end(), self.marks.high_watermark());
        let leader = self
            .leader
            .as_mut()
            .ok_or_else(|| format!("`{name}` without a leader"))?;
        match name {
            "fetch" => {
                let follower = BrokerId(step.small("replica")?);
                self.last = Some(follower);
                leader.fetched(follower, step.count("offset")?, end, high_watermark, self.now);
            }
            "fence" | "unfence" => leader.set_eligible(BrokerId(step.small("replica")?), name == "unfence"),
            "maybe_shrink_isr" => {
                leader.shrink(end, self.now);
            }
            "isr_update_committed" => {
                let proposed = leader.proposed().map(<[BrokerId]>::to_vec);
                leader.confirmed(&proposed.ok_or("nothing was proposed")?);
            }
            "isr_update_failed" | "isr_update_rejected" => leader.refused(),
            "become_follower_then_leader" => {
                let (own, in_sync) = (leader.broker, leader.in_sync().to_vec());
                let start = step.count_or("epoch_start_offset", end)?;
                self.lead(own, &in_sync, start);
                return Ok(Value::Null);
            }
            "client_list_latest" => {
                return Ok(leader
                    .latest_offset(high_watermark)
                    .map_or_else(error, |latest| json!(latest)));
            }
            other => return Err(format!("no step `{other}`")),
        }
        self.commit();
        Ok(Value::Null)
    }

    /// The leader sees how far everything is committed.
    fn commit(&mut self) {
        if let Some(leader) = &self.leader {
            let (end, before) = (self.marks.end(), self.marks.high_watermark());
            self.marks
                .raise_high_watermark(leader.high_watermark(before, end, self.now));
        }
    }

    fn value(&self, name: &str) -> Option<Value> {
        match name {
            "hw" => Some(json!(self.marks.high_watermark())),
            "leo" => Some(json!(self.marks.end())),
            "log_start" => Some(json!(self.marks.start())),
            _ => self.leader_value(self.leader.as_ref()?, name),
        }
    }

    fn leader_value(&self, leader: &Leader, name: &str) -> Option<Value> {
        match name {
            "isr" => Some(numbers(leader.in_sync())),
            "maximal_isr" => Some(numbers(&leader.maximal_in_sync())),
            "alter_isr_request" => Some(leader.proposed().map_or(Value::Null, numbers)),
            "under_min_isr" => Some(json!(leader.is_under_min_isr())),
            "at_min_isr" => Some(json!(leader.in_sync().len() == self.rules.min_insync)),
            "last_caught_up_ms" => {
                let caught_up = leader.follower(self.last?)?.caught_up;
                Some(json!(caught_up.map(|time| time.nanos())))
            }
            _ => None,
        }
    }
}
