//! When a load offers its messages, and what it holds back.

use super::Build;
use crate::diagnostic::Diagnostic;
use crate::limits::SAFE_INTEGER_MAX;
use crate::phrase::{Phrase, Text, text};
use crate::read;
use crate::tree::{Entry, Table, Tree};
use mqlab_engine::plan::{Arrivals, Burst, Segment, SenderPlan, Target, UsersPlan};
use mqlab_kernel::{Dist, Rate, SimSpan, SimTime};

/// Ways to say when messages are offered, of which a load has at most one.
const PACES: [&str; 3] = ["rate", "every", "users"];

/// Keys that mean something beside another one only.
const PARTNERS: [(&str, &str, &str); 4] = [
    ("think", "users", "users = 50"),
    ("offset", "every", "every = \"1m\""),
    (
        "ramp",
        "rate",
        "rate = [[\"00:00\", \"50/s\"], [\"12:00\", \"5000/s\"]]",
    ),
    ("arrivals", "rate", "rate = \"100/s\""),
];

impl Build<'_> {
    /// The arrivals of one load.
    pub(super) fn arrivals(&mut self, name: &str, table: &Table) -> Arrivals {
        self.one_pace(name, table);
        for (key, partner, help) in PARTNERS {
            if let (Some(entry), None) = (table.entry(key), table.get(partner)) {
                let message = text!(LoadKeyWithoutPartner, name, key, partner);
                // A load without any rate may be given one during the run.
                let finding = match key {
                    "arrivals" => continue,
                    _ => Diagnostic::error("needs-key", &entry.key_span, message),
                };
                self.found.push(finding.help(Text::code(help)));
            }
        }
        let is_on = |key: &str| table.get(key).and_then(|tree| read::flag(tree).ok()).unwrap_or(false);
        let segments = match table.get("every") {
            Some(tree) => self.schedule(tree, table),
            None => table
                .get("rate")
                .and_then(|tree| read::rates(tree).ok())
                .unwrap_or_default(),
        };
        if let (true, Some(entry), 0 | 1) = (is_on("ramp"), table.entry("ramp"), segments.len()) {
            let message = text!(RampNeedsTwoPoints, name);
            self.found
                .push(Diagnostic::error("needs-key", &entry.key_span, message));
        }
        let each = table
            .get("each")
            .and_then(|tree| read::integer(tree, 1, SAFE_INTEGER_MAX).ok());
        Arrivals {
            segments,
            poisson: table.get("arrivals").and_then(Tree::text) == Some("poisson"),
            ramp: is_on("ramp"),
            each: each.unwrap_or(1),
        }
    }

    fn one_pace(&mut self, name: &str, table: &Table) {
        let mut given = PACES.iter().filter_map(|key| table.entry(key));
        if let (Some(first), Some(second)) = (given.next(), given.next()) {
            let message = text!(TwoPaces, name, first.key, second.key);
            self.found.push(Diagnostic::error("one-of", &second.key_span, message));
        }
    }

    /// A timer: one segment with a whole period.
    fn schedule(&mut self, every: &Tree, table: &Table) -> Vec<Segment> {
        let Ok(period) = read::span(every) else {
            return Vec::new();
        };
        let Some(rate) = Rate::per(1, period) else {
            self.error("bad-value", every, Phrase::TimerNeedsTime);
            return Vec::new();
        };
        let offset = table.get("offset").and_then(|tree| read::span(tree).ok());
        let start = SimTime::ZERO.checked_add(offset.unwrap_or(SimSpan::ZERO));
        vec![Segment {
            start: start.unwrap_or(SimTime::MAX),
            rate,
        }]
    }

    /// Everything that is offered at given instants.
    pub(super) fn bursts(&mut self, table: &Table) -> Vec<Burst> {
        let mut bursts = table
            .get("burst")
            .and_then(|tree| read::bursts(tree).ok())
            .unwrap_or_default();
        if let Some(tree) = table.get("csv") {
            match read::csv(tree) {
                Ok(recorded) => bursts.extend(recorded),
                Err(mut found) => {
                    found.message = text!(At, "csv", found.message);
                    self.found.push(found.into());
                }
            }
        }
        bursts
    }

    /// The users of a closed loop.
    pub(super) fn users(&self, table: &Table) -> Option<UsersPlan> {
        let count = read::integer(table.get("users")?, 0, SAFE_INTEGER_MAX).ok()?;
        let think = table.get("think").and_then(|tree| read::dist(tree).ok());
        Some(UsersPlan {
            count: u32::try_from(count).unwrap_or(u32::MAX),
            think: think.unwrap_or(Dist::Constant(SimSpan::ZERO)),
        })
    }

    /// What a load holds back: a broker's publisher only can do that.
    pub(super) fn sender(&mut self, name: &str, table: &Table, to: Option<Target>) -> SenderPlan {
        let (window, buffer) = (table.entry("window"), table.entry("buffer"));
        if let (Some(Target::Service(_)), Some(entry)) = (to, window.or(buffer)) {
            let message = text!(CallIsNotPublished, name, entry.key);
            let help = Phrase::CallersAreLimitedBy;
            self.found
                .push(Diagnostic::error("needs-key", &entry.key_span, message).help(help));
        }
        let confirms = table.get("confirms").and_then(|tree| read::flag(tree).ok());
        if let (Some(false), Some(entry)) = (confirms, window) {
            let message = text!(WindowWithoutConfirms, name);
            self.found
                .push(Diagnostic::error("needs-key", &entry.key_span, message));
        }
        let number = |entry: Option<&Entry>| read::integer(&entry?.tree, 0, SAFE_INTEGER_MAX).ok();
        SenderPlan {
            window: number(window).map(|window| u32::try_from(window).unwrap_or(u32::MAX)),
            buffer: number(buffer),
        }
    }
}
