//! From a text to a report.

use crate::finding::errors;
use crate::options::Options;
use crate::report::Report;
use mqlab_scenario::report::VariantReport;
use mqlab_scenario::{Runner, Scenario, parse_with};

/// Reads a text; the message lists everything that is wrong with it.
pub(crate) fn read(text: &str, options: &Options) -> Result<Scenario, String> {
    let (scenario, found) = parse_with(text, &options.overrides());
    scenario.ok_or_else(|| errors(&found, text))
}

/// The place of the variant called `name`.
pub(crate) fn variant_index(scenario: &Scenario, name: &str) -> Result<usize, String> {
    let mut variants = scenario.variants.iter();
    variants.position(|variant| variant.name == name).ok_or_else(|| {
        let names: Vec<&str> = scenario.variants.iter().map(|variant| variant.name.as_str()).collect();
        format!("there is no variant `{name}`; there is {}", names.join(", "))
    })
}

/// Runs the variants that the options choose to their ends, in the order of
/// the text. Each world goes before the next one is built, because a world may
/// hold tens of millions of messages.
pub(crate) fn run(text: &str, options: &Options) -> Result<Report, String> {
    let scenario = read(text, options)?;
    let mut chosen: Vec<usize> = match &options.variants {
        Some(names) => {
            let places = names.iter().map(|name| variant_index(&scenario, name));
            places.collect::<Result<_, _>>()?
        }
        None => (0..scenario.variants.len()).collect(),
    };
    chosen.sort_unstable();
    chosen.dedup();
    let mut report = Report::new(&scenario);
    for index in chosen {
        let mut runner = Runner::new(&scenario, index);
        runner.finish();
        report.variants.push(VariantReport::of(&scenario, index, &runner));
    }
    Ok(report)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    const TEXT: &str = include_str!("../../../scenarios/crash-before-ack.toml");

    fn report(text: &str, options: &str) -> Result<Value, String> {
        let options = serde_json::from_str(options).unwrap();
        run(text, &options).map(|report| serde_json::to_value(&report).unwrap())
    }

    #[test]
    fn every_variant_is_reported_and_what_it_expects_holds() {
        let report = report(TEXT, "{}").unwrap();
        let variants = report["variants"].as_array().unwrap();
        assert!(variants.len() > 1);
        for variant in variants {
            assert_eq!(variant["digest"].as_str().unwrap().len(), 16);
            let expectations = variant["expectations"].as_array().unwrap();
            assert!(expectations.iter().all(|one| one["pass"] == true), "{expectations:#?}");
        }
    }

    #[test]
    fn variants_and_seed_can_be_chosen() {
        let all = report(TEXT, "{}").unwrap();
        let name = all["variants"][1]["name"].clone();
        let one = report(TEXT, &format!("{{ \"variants\": [{name}, {name}], \"seed\": 99 }}")).unwrap();
        assert_eq!(one["variants"].as_array().unwrap().len(), 1);
        assert_eq!(one["variants"][0]["name"], name);
        assert_eq!(one["seed"], 99);
    }

    #[test]
    fn mistakes_are_messages() {
        let unknown = report(TEXT, r#"{ "variants": ["nobody"] }"#).unwrap_err();
        assert!(
            unknown.starts_with("there is no variant `nobody`; there is "),
            "{unknown}"
        );
        let broken = report("title = 1", "{}").unwrap_err();
        assert!(broken.starts_with("this scenario cannot run\n1:9 "), "{broken}");
        let misplaced = report(TEXT, r#"{ "set": { "service.nobody.workers": 2 } }"#).unwrap_err();
        assert!(misplaced.contains("nobody"), "{misplaced}");
    }

    #[test]
    fn the_report_has_the_keys_of_the_documented_one() {
        let document = include_str!("../../../docs/report.md");
        let (_, rest) = document.split_once("```json\n").unwrap();
        let (example, _) = rest.split_once("```").unwrap();
        let example: Value = serde_json::from_str(example).unwrap();
        let mut documented = example[0].clone();
        // A text has no file name here.
        documented.as_object_mut().unwrap().remove("file");
        let actual = report(include_str!("../../cli/tests/scenarios/parcels.toml"), "{}").unwrap();
        assert_eq!(keys(&actual), keys(&documented));
        let shown = &documented["variants"][0];
        let variant = &actual["variants"][0];
        assert_eq!(keys(variant), keys(shown));
        assert_eq!(keys(&variant["expectations"][0]), keys(&shown["expectations"][0]));
        for name in keys(&shown["metrics"]) {
            assert!(variant["metrics"].get(name).is_some(), "{name}");
        }
        let again = report(TEXT, r#"{ "variants": ["ack-last"] }"#).unwrap();
        let again = &again["variants"][0]["verdicts"]["delivered_again"];
        let shown = &shown["verdicts"]["delivered_again"];
        assert_eq!(keys(again), keys(shown));
        assert_eq!(keys(&again["first"]), keys(&shown["first"]));
    }

    fn keys(value: &Value) -> Vec<&String> {
        value.as_object().unwrap().keys().collect()
    }
}
