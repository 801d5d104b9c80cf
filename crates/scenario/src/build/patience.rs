//! How a caller bears with those it calls.

use super::Build;
use crate::diagnostic::Diagnostic;
use crate::limits::RETRIES_MAX;
use crate::phrase::{Phrase, text};
use crate::read;
use crate::tree::{Table, Tree};
use mqlab_engine::plan::{BreakerPlan, Patience};
use mqlab_kernel::SimSpan;

/// The keys of a call step that are about patience.
pub(super) const KEYS: &[&str] = &["parallel", "timeout", "retries", "backoff", "jitter", "breaker"];

impl Build<'_> {
    /// The patience of one call step.
    pub(super) fn patience(&mut self, step: &Table) -> Patience {
        for (key, partner) in [("backoff", "retries"), ("jitter", "retries")] {
            if let (Some(entry), None) = (step.entry(key), step.get(partner)) {
                let message = text!(KeyWithoutPartner, key, partner);
                let finding = Diagnostic::error("needs-key", &entry.key_span, message);
                self.found.push(finding.help(Phrase::RetriesForExample));
            }
        }
        let span = |key: &str| step.get(key).and_then(|tree| read::span(tree).ok());
        let timeout = span("timeout");
        if let (Some(SimSpan::ZERO), Some(tree)) = (timeout, step.get("timeout")) {
            self.error("bad-value", tree, Phrase::TimeoutOfZero);
        }
        let retries = step
            .get("retries")
            .and_then(|tree| read::integer(tree, 0, RETRIES_MAX).ok());
        Patience {
            timeout,
            retries: retries.map_or(0, |most| u32::try_from(most).unwrap_or(u32::MAX)),
            backoff: span("backoff").unwrap_or(SimSpan::ZERO),
            jitter: span("jitter").unwrap_or(SimSpan::ZERO),
            breaker: step.get("breaker").and_then(Tree::table).and_then(breaker),
        }
    }
}

fn breaker(table: &Table) -> Option<BreakerPlan> {
    let failures = read::integer(table.get("failures")?, 1, u64::from(u32::MAX)).ok()?;
    Some(BreakerPlan {
        failures: u32::try_from(failures).unwrap_or(u32::MAX),
        open: read::span(table.get("open")?).ok()?,
    })
}
