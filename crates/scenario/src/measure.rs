//! Metrics that somebody asks for beside the scenario's own expectations.

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::expect::{MetricName, metric, resolve};
use crate::phrase::text;
use crate::resolution::{unresolved, watch};
use crate::scenario::Scenario;
use crate::tree::{Item, Tree};
use mqlab_engine::Places;

impl Scenario {
    /// Reads the name of a metric as expectations write it, such as
    /// `wait_p99(orders)`, and prepares every variant that has its subject to
    /// measure it.
    ///
    /// # Errors
    /// What is wrong with the name, or that no variant has such a subject.
    pub fn measure(&mut self, name: &str) -> Result<MetricName, Vec<Diagnostic>> {
        let mut found = Diagnostics::default();
        let tree = Tree {
            // The name is no part of the scenario's text.
            span: 0..0,
            item: Item::Text(name.to_owned()),
        };
        let Some(wanted) = metric(&tree, &mut found) else {
            return Err(named(name, found.finish()));
        };
        let mut why_not = None;
        let mut is_measured = false;
        let variants = self.variants.len();
        for variant in &mut self.variants {
            let places = Places::of(&variant.plan);
            match resolve(&wanted, &variant.plan, &places) {
                Ok(metric) => {
                    watch(metric, &mut variant.plan);
                    is_measured = true;
                }
                Err(why) => why_not = Some(unresolved(&wanted, &(0..0), variants, &places, why, true)),
            }
        }
        match why_not {
            Some(why) if !is_measured => Err(named(name, vec![why])),
            _ => Ok(wanted),
        }
    }
}

/// Findings that say which metric they are about.
fn named(name: &str, mut findings: Vec<Diagnostic>) -> Vec<Diagnostic> {
    for finding in &mut findings {
        finding.message = text!(OfMetric, crate::suggest::shown(name), finding.message);
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scenario() -> Scenario {
        let text = "title = \"t\"\nbroker.rabbitmq.queue.orders = {}\n\
                    load.shop = { to = \"orders\", burst = [[\"0s\", 1]] }\n\
                    [variant.plain]\n[variant.logged]\ntable.log = {}\n";
        crate::parse(text).0.unwrap()
    }

    #[test]
    fn a_metric_of_some_variant_can_be_measured() {
        let mut scenario = scenario();
        let name = scenario.measure("rows(log)").unwrap();
        assert_eq!(name.subject.as_deref(), Some("log"));
        assert!(scenario.measure("lost").is_ok());
    }

    #[test]
    fn an_instant_that_is_asked_for_is_watched() {
        let mut scenario = scenario();
        scenario.measure("drained(orders, 1s)").unwrap();
        scenario.measure("drained(orders, 1s)").unwrap();
        assert!(scenario.variants.iter().all(|variant| variant.plan.watches.len() == 1));
    }

    #[test]
    fn what_cannot_be_measured_says_why() {
        let mut scenario = scenario();
        for (name, part, help) in [
            ("redy(orders)", "there is no metric `redy`", Some("ready")),
            ("ready(order)", "there is nothing called `order`", Some("orders")),
            ("rows(orders)", "something else", None),
            ("ready", "needs the name", Some("ready(a queue)")),
        ] {
            let found = scenario.measure(name).unwrap_err();
            assert!(found[0].message.to_string().contains(part), "{found:#?}");
            let text = found[0].help.as_ref().map(ToString::to_string).unwrap_or_default();
            assert!(text.contains(help.unwrap_or_default()), "{found:#?}");
        }
    }
}
