//! Consumers that ask for messages in place of having them pushed.

use super::Build;
use crate::diagnostic::Diagnostic;
use crate::phrase::{Phrase, text};
use crate::read;
use crate::tree::Table;
use mqlab_engine::plan::PollPlan;
use mqlab_kernel::SimSpan;

impl Build<'_> {
    /// How a consumer asks, if it does.
    pub(super) fn poll(&mut self, consume: &Table) -> Option<PollPlan> {
        let (every, hold) = (consume.entry("every"), consume.entry("hold"));
        let entry = every.or(hold)?;
        if let (Some(_), Some(hold)) = (every, hold) {
            let message = Phrase::AsksOneWay;
            self.found.push(Diagnostic::error("polling", &hold.key_span, message));
        }
        if let Some(prefetch) = consume.entry("prefetch") {
            let message = Phrase::PrefetchOfAsker;
            self.found
                .push(Diagnostic::warning("polling", &prefetch.key_span, message));
        }
        if let Some(exclusive) = consume.entry("exclusive") {
            let message = text!(NeedsPushed, exclusive.key);
            self.found
                .push(Diagnostic::error("polling", &exclusive.key_span, message));
        }
        if self.root.get("until").is_none() {
            let message = Phrase::AskerNeedsUntil;
            self.found.push(Diagnostic::error("endless", &entry.key_span, message));
        }
        let span = read::span(&entry.tree).ok()?;
        if span == SimSpan::ZERO {
            self.error("bad-value", &entry.tree, Phrase::NothingButAsk);
        }
        Some(if every.is_some() {
            PollPlan::Every(span)
        } else {
            PollPlan::Hold(span)
        })
    }

    /// What is put together, or sorted by what it is about, has to be there.
    pub(super) fn asks_alone(&mut self, service: &Table) {
        let consume = service.get("consume").and_then(crate::tree::Tree::table);
        let asks = consume.is_some_and(|consume| consume.entry("every").or_else(|| consume.entry("hold")).is_some());
        let other = service.entry("merge").or_else(|| service.entry("keep_order"));
        if let Some(entry) = other.filter(|_| asks) {
            let message = text!(NeedsPushed, entry.key);
            self.found.push(Diagnostic::error("polling", &entry.key_span, message));
        }
    }
}
