//! What the steps of a service say to whoever it consumes from.

use super::Build;
use crate::diagnostic::Diagnostic;
use crate::phrase::Phrase;
use crate::tree::Tree;
use mqlab_engine::plan::{ConsumePlan, StepPlan, Subscription};
use std::ops::Range;

/// A step with where it stands.
type Placed<'a> = (StepPlan, &'a Tree);

impl Build<'_> {
    /// A delivery is acknowledged once, by the steps or by nobody.
    pub(super) fn acknowledgements(
        &mut self,
        consume: Option<&ConsumePlan>,
        consume_tree: Option<&Tree>,
        steps: &[Placed<'_>],
        on_failure: &[Placed<'_>],
    ) {
        let (settling, late) = (settling(steps), settling(on_failure));
        let is_kafka = consume.is_some_and(|consume| matches!(consume.subscription, Subscription::Kafka(_)));
        let twice = if is_kafka {
            Phrase::RecordAcknowledgedTwice
        } else {
            Phrase::AcknowledgedTwice
        };
        if let [_, second, ..] = late.as_slice() {
            self.found.push(Diagnostic::error("acknowledged-twice", second, twice));
        }
        let is_automatic = consume.map(|consume| consume.subscription.is_automatic());
        match (is_automatic, settling.as_slice()) {
            (Some(false), []) => {
                let Some(tree) = consume_tree else { return };
                let (message, help) = if is_kafka {
                    (Phrase::NothingCommitted, Phrase::AddAckOrAutoCommit)
                } else {
                    (Phrase::NeverAcknowledged, Phrase::AddAck)
                };
                self.found
                    .push(Diagnostic::warning("never-acknowledged", &tree.span, message).help(help));
            }
            (Some(false), [_, second, ..]) => {
                self.found.push(Diagnostic::error("acknowledged-twice", second, twice));
            }
            (Some(true), [first, ..]) if is_kafka => {
                let message = Phrase::ConsumerCommitsItself;
                let help = Phrase::AckedIsCommitted;
                self.found
                    .push(Diagnostic::error("acknowledged-twice", first, message).help(help));
            }
            (Some(true), [first, ..]) => {
                let message = Phrase::NothingLeftToAcknowledge;
                self.found.push(Diagnostic::error("acknowledged-twice", first, message));
            }
            (None, [first, ..]) if consume_tree.is_none() => {
                let message = Phrase::NothingToAcknowledge;
                self.found
                    .push(Diagnostic::warning("nothing-to-acknowledge", first, message));
            }
            _ => {}
        }
        let mut answers = steps.iter().filter(|(step, _)| matches!(step, StepPlan::Respond));
        if let Some((_, second)) = answers.nth(1) {
            let message = Phrase::AnsweredOnce;
            self.found.push(Diagnostic::error("bad-step", &second.span, message));
        }
    }
}

/// Where the steps stand that settle a delivery.
fn settling(steps: &[Placed<'_>]) -> Vec<Range<usize>> {
    let settles = |step: &StepPlan| matches!(step, StepPlan::Ack | StepPlan::Nack { .. });
    let settling = steps.iter().filter(|(step, _)| settles(step));
    settling.map(|(_, tree)| tree.span.clone()).collect()
}
