//! Transactions of Kafka in the steps of a service: what one can hold.

use super::Build;
use super::steps::{Steps, publishes_records};
use crate::diagnostic::Diagnostic;
use crate::phrase::{Phrase, Text};
use crate::tree::{Table, Tree};
use mqlab_engine::plan::{ConsumePlan, StepPlan, Subscription, Workers};

impl Build<'_> {
    /// What a transaction of Kafka cannot hold, and what has to be in one.
    pub(super) fn records_transactions(
        &mut self,
        service: &Table,
        steps: &Steps<'_>,
        (consume, workers): (Option<&ConsumePlan>, Workers),
    ) {
        if steps.is_broken {
            return;
        }
        let within = within(&steps.steps);
        let producer = service.get("producer").and_then(Tree::table);
        let id = producer.and_then(|producer| producer.entry("transactional_id"));
        let Some(id) = id else {
            return self.without_id(&steps.steps);
        };
        if workers != Workers::Count(1) {
            let message = Phrase::OneTransactionAtATime;
            let help = Text::code("workers = 1");
            self.found
                .push(Diagnostic::error("bad-producer", &id.key_span, message).help(help));
        }
        let is_rabbit = consume.is_some_and(|consume| matches!(consume.subscription, Subscription::Rabbit(_)));
        for ((step, tree), is_within) in steps.steps.iter().zip(within) {
            let (message, help) = match step {
                _ if !is_within && publishes_records(step) => {
                    (Phrase::PublishesOutside, Some(Phrase::TransactionHolds))
                }
                StepPlan::Publish { confirm: true, .. } if is_within => (Phrase::ConfirmedAtItsEnd, None),
                StepPlan::Ack | StepPlan::Nack { .. } if is_within && is_rabbit => {
                    (Phrase::RabbitIsNoPart, Some(Phrase::AckBehindIt))
                }
                StepPlan::Nack { .. } if is_within => (Phrase::NackWithin, None),
                StepPlan::Commit {
                    tables,
                    two_phase: true,
                } if tables.is_empty() => (Phrase::TwoPhasesOfRecords, None),
                _ => continue,
            };
            let mut finding = Diagnostic::error("bad-step", &tree.span, message);
            if let Some(help) = help {
                finding = finding.help(help);
            }
            self.found.push(finding);
        }
    }

    /// Without a `transactional_id` there is no transaction but one of tables.
    fn without_id(&mut self, steps: &[(StepPlan, &Tree)]) {
        let ends = steps.iter().enumerate().filter(|(_, (step, _))| step.commits_records());
        for (end, (_, tree)) in ends {
            // Of one that holds nothing else it has been said already.
            let begin = steps[..end]
                .iter()
                .rposition(|(step, _)| matches!(step, StepPlan::Begin { .. }));
            let held = &steps[begin.unwrap_or(0)..end];
            if held.iter().any(|(step, _)| publishes_records(step)) {
                let (message, help) = (Phrase::TransactionOfNothing, Phrase::TransactionHolds);
                self.found
                    .push(Diagnostic::error("bad-step", &tree.span, message).help(help));
            }
        }
    }
}

/// Of each step, whether it stands in a transaction of Kafka.
fn within(steps: &[(StepPlan, &Tree)]) -> Vec<bool> {
    let mut within = vec![false; steps.len()];
    for (index, (step, _)) in steps.iter().enumerate() {
        let StepPlan::Begin { covers } = step else { continue };
        let end = index + usize::from(*covers);
        if steps.get(end).is_some_and(|(step, _)| step.commits_records()) {
            within[index + 1..=end].fill(true);
        }
    }
    within
}
