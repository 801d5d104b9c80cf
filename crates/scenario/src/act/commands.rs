//! What an act does in a variant.

use super::Act;
use super::read::only_entry;
use crate::build::{Build, commands};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::parse::{concerns, document, entries_about};
use crate::scenario::Scenario;
use mqlab_engine::plan::Command;

impl Scenario {
    /// The commands of an act in the variant at this place in
    /// [`Scenario::variants`]; none if the act is not about it. Given to its
    /// world at the act's instant they do what the entry in the text would do.
    ///
    /// What is wrong with an act is what is wrong with the entry; the spans
    /// are places in [`Act::to_toml`].
    ///
    /// # Panics
    /// If there is no such variant.
    pub fn commands(&self, variant: usize, act: &Act) -> Result<Vec<Command>, Vec<Diagnostic>> {
        let text = act.to_toml();
        let mut found = Diagnostics::default();
        let names: Vec<&str> = self.variants.iter().map(|variant| variant.name.as_str()).collect();
        let Some(root) = document(&text, &mut found) else {
            return Err(found.finish());
        };
        let entry = only_entry(&root, &mut found);
        let about = entries_about(&root, "at", 1, &names, &mut found);
        let (Some(entry), [(_, about)], false) = (entry, about.as_slice(), found.has_errors()) else {
            return Err(found.finish());
        };
        let chosen = &self.variants[variant];
        if !concerns(about, &chosen.name) {
            return Ok(Vec::new());
        }
        let mut build = Build::named(&chosen.text, found);
        let timed = match entry.table() {
            Some(table) => commands(&mut build, &chosen.plan, table, &entry.span),
            None => Vec::new(),
        };
        if build.found.has_errors() {
            return Err(build.found.finish());
        }
        Ok(timed.into_iter().map(|timed| timed.command).collect())
    }
}
