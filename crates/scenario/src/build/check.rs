//! What must hold of a plan as a whole.

use super::Build;
use super::sources::count;
use crate::diagnostic::Diagnostic;
use crate::limits::{SOURCE_PLACES_MAX, SOURCES_MAX};
use crate::names::Kind;
use crate::phrase::{Phrase, Text, text};
use crate::suggest::{instead, nearest};
use crate::tree::{Entry, Tree};
use mqlab_engine::plan::{LoadPlan, NodeKind, Plan, StepPlan};
use mqlab_kernel::SimTime;
use mqlab_model::NodeId;

impl Build<'_> {
    /// Checks the plan; all its names stand for something.
    pub(super) fn check(&mut self, plan: &Plan) {
        for (index, node) in plan.nodes.iter().enumerate() {
            if let NodeKind::Load(load) = &node.kind {
                self.load_ends(index, load, plan);
            }
        }
        self.until(plan.until);
        self.unused_bounds(plan);
        self.exclusive(plan);
        self.unused_things(plan);
        self.check_clocks(plan);
        self.call_cycles(plan);
        if !self.found.has_errors() {
            self.sources(plan);
        }
        self.misspelt_nodes();
    }

    fn declared_table(&self, index: usize) -> Option<&Entry> {
        self.names.nodes.get(index).map(|declared| declared.entry)
    }

    fn value_of(&self, index: usize, key: &str) -> Option<Tree> {
        self.declared_table(index)?.tree.table()?.get(key).cloned()
    }

    /// A load ends by its own plan or with the run, and offers no more than a
    /// source may.
    fn load_ends(&mut self, index: usize, load: &LoadPlan, plan: &Plan) {
        self.users_end(index, load, plan);
        let goes_on = load.arrivals.segments.last().is_some_and(|last| !last.rate.is_zero());
        let name = self.names.node_name(NodeId(index as u16)).into_owned();
        if goes_on
            && load.count.is_none()
            && plan.until == SimTime::MAX
            && let Some(rate) = self.value_of(index, "rate").or_else(|| self.value_of(index, "every"))
        {
            let message = text!(LoadNeverEnds, name);
            let help = Phrase::GiveAnEnd;
            self.found
                .push(Diagnostic::error("endless", &rate.span, message).help(help));
        }
        let bursts = load
            .bursts
            .iter()
            .map(|burst| burst.count)
            .fold(0u64, u64::saturating_add);
        let bursts = load.count.map_or(bursts, |count| bursts.min(count));
        let most = plan.limits.messages;
        for (offered, key) in [(load.count.unwrap_or(0), "count"), (bursts, "burst")] {
            if let (true, Some(tree)) = (offered > most, self.value_of(index, key)) {
                let message = text!(OffersTooMany, name, offered, most);
                self.error("limit", &tree, message);
            }
        }
        let after_end = load.arrivals.segments.iter().any(|segment| segment.start >= plan.until);
        if let (true, Some(rate)) = (after_end, self.value_of(index, "rate")) {
            let message = text!(SegmentTooLate, name);
            self.found.push(Diagnostic::warning("too-late", &rate.span, message));
        }
        let late_burst = load.bursts.iter().any(|burst| burst.at >= plan.until);
        if let (true, Some(burst)) = (late_burst, self.value_of(index, "burst")) {
            let message = text!(BurstTooLate, name);
            self.found.push(Diagnostic::warning("too-late", &burst.span, message));
        }
    }

    /// Users go on asking as long as anything happens.
    fn users_end(&mut self, index: usize, load: &LoadPlan, plan: &Plan) {
        let goes_on = load.users.is_some_and(|users| users.count > 0);
        if goes_on
            && load.count.is_none()
            && plan.until == SimTime::MAX
            && let Some(users) = self.value_of(index, "users")
        {
            let name = self.names.node_name(NodeId(index as u16));
            let message = text!(UsersNeverGo, name);
            let help = Phrase::GiveAnEnd;
            self.found
                .push(Diagnostic::error("endless", &users.span, message).help(help));
        }
    }

    fn until(&mut self, until: SimTime) {
        if let (SimTime::ZERO, Some(tree)) = (until, self.root.get("until")) {
            let tree = tree.clone();
            self.error("bad-value", &tree, Phrase::UntilIsStart);
        }
    }

    /// A call waits for its answer, so a circle of calls would wait for ever.
    fn call_cycles(&mut self, plan: &Plan) {
        let callees = |index: usize| {
            let steps = match plan.nodes.get(index).map(|node| &node.kind) {
                Some(NodeKind::Service(service)) => service.steps.as_slice(),
                _ => &[],
            };
            steps.iter().flat_map(|step| match step {
                StepPlan::Call { services, .. } => services.as_slice(),
                _ => &[],
            })
        };
        // Takes away, again and again, what nothing left is called by; what
        // stays is in a circle or called from one.
        let mut callers = vec![0usize; plan.nodes.len()];
        for index in 0..plan.nodes.len() {
            callees(index).for_each(|callee| callers[usize::from(callee.0)] += 1);
        }
        let mut free: Vec<usize> = (0..callers.len()).filter(|index| callers[*index] == 0).collect();
        let mut gone = vec![false; callers.len()];
        while let Some(index) = free.pop() {
            gone[index] = true;
            for callee in callees(index).map(|callee| usize::from(callee.0)) {
                callers[callee] -= 1;
                if callers[callee] == 0 {
                    free.push(callee);
                }
            }
        }
        let Some(start) = gone.iter().position(|gone| !gone) else {
            return;
        };
        // Everything left has a caller that is left: walking up from caller to
        // caller must come back to a place where it was.
        let caller_of = |callee: usize| {
            (0..gone.len()).find(|index| !gone[*index] && callees(*index).any(|called| usize::from(called.0) == callee))
        };
        let mut walk = vec![start];
        while let Some(caller) = walk.last().and_then(|last| caller_of(*last)) {
            if let Some(from) = walk.iter().position(|index| *index == caller) {
                walk.drain(..from);
                break;
            }
            walk.push(caller);
        }
        walk.reverse();
        // The message begins with the one that stands first in the text.
        let first = (0..walk.len()).min_by_key(|at| walk[*at]).unwrap_or(0);
        walk.rotate_left(first);
        walk.extend(walk.first().copied());
        let names = walk.iter().map(|index| self.names.node_name(NodeId(*index as u16)));
        let message = text!(CallCircle, Text::joined(Phrase::Calls, names.map(Text::code)));
        let span = walk
            .first()
            .and_then(|index| self.declared_table(*index))
            .map_or(0..0, |entry| entry.key_span.clone());
        self.found.push(Diagnostic::error("call-cycle", &span, message));
    }

    fn sources(&mut self, plan: &Plan) {
        let counted = count(plan, SOURCES_MAX);
        if counted.sources > SOURCES_MAX || counted.pairs > SOURCE_PLACES_MAX {
            let message = text!(TooManySources, SOURCES_MAX, SOURCE_PLACES_MAX);
            self.found.push(Diagnostic::error("limit", &(0..0), message));
        }
    }

    /// A node that a variant adds under a name close to another's, and that
    /// does nothing, is most likely meant to be that other one.
    fn misspelt_nodes(&mut self) {
        let mut findings = Vec::new();
        for added in self
            .names
            .nodes
            .iter()
            .filter(|node| node.entry.order >= crate::tree::ADDED)
        {
            let same_kind = self
                .names
                .nodes
                .iter()
                .filter(|node| node.kind == added.kind && node.entry.order < crate::tree::ADDED);
            let name = &added.entry.key;
            let does_something = added
                .entry
                .tree
                .table()
                .is_some_and(|table| table.get("steps").is_some());
            if does_something || name.chars().count() < 4 {
                continue;
            }
            if let Some(near) = nearest(name, same_kind.map(|node| node.entry.key.as_str())) {
                let message = match added.kind {
                    Kind::Load => text!(AddsLoad, name),
                    Kind::Rabbit | Kind::Kafka | Kind::Member => text!(AddsBroker, name),
                    Kind::Service => text!(AddsService, name),
                    Kind::Table => text!(AddsTable, name),
                };
                let finding = Diagnostic::warning("new-name", &added.entry.key_span, message);
                let help = text!(MeantOneThere, near);
                findings.push(finding.help(instead(name, near, help)));
            }
        }
        findings.into_iter().for_each(|finding| self.found.push(finding));
    }
}
