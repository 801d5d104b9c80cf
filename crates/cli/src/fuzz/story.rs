//! The scenario of a hunt: its text with promises and random faults in it.

use crate::diagnose;
use crate::ending::{Failure, warn};
use crate::input::Input;
use mqlab_engine::{Outcome, World};
use mqlab_kernel::{SimSpan, SimTime};
use mqlab_scenario::{Act, Overrides, Scenario, Severity, parse, parse_with, with_acts, with_setting, without_faults};

/// A scenario with promises and random faults.
pub(super) struct Story {
    /// What it is called, for messages.
    name: String,
    text: String,
    /// As it was read, with the seed of its text.
    pub(super) scenario: Scenario,
    /// Whether the faults are those of its own text.
    pub(super) has_own_faults: bool,
}

/// What is promised where nothing is marked as a promise.
const PROMISE: &str = "\n[[expect]]\nthat = \"lost == 0\"\npromise = true\n";

impl Story {
    /// Reads a scenario, and adds what it lacks: the promise to lose nothing,
    /// and a usual mixture of faults.
    pub(super) fn read(input: &Input, warnings: bool) -> Result<Story, Failure> {
        let (scenario, mut findings) = parse(&input.text);
        findings.retain(|finding| warnings || finding.severity == Severity::Error);
        diagnose::show(input, &findings);
        let scenario = scenario.ok_or(Failure::Said)?;
        let mut text = input.text.clone();
        if !text.ends_with('\n') {
            text.push('\n');
        }
        if !scenario.expectations.iter().any(|one| one.promise) {
            text.push_str(PROMISE);
        }
        let variants = 0..scenario.variants.len();
        let has_own_faults = variants
            .clone()
            .any(|variant| !scenario.random_acts(variant).is_empty());
        if !has_own_faults {
            let length = variants
                .map(|variant| length(&scenario, variant))
                .max()
                .unwrap_or(SimSpan::ZERO);
            text.push_str(&usual_faults(length));
        }
        let Ok(scenario) = read(&text, None) else {
            let message = format!(
                "{}: cannot be given promises and faults from outside; write them with [[expect]] promise = true and \
                 [faults.random]",
                input.name
            );
            return Err(Failure::input(message));
        };
        Ok(Story {
            name: input.name.clone(),
            text,
            scenario,
            has_own_faults,
        })
    }

    /// What is promised.
    pub(super) fn promises(&self) -> Vec<String> {
        let mut texts: Vec<String> = self.scenario.expectations.iter().map(|one| one.text.clone()).collect();
        texts.dedup();
        texts
    }

    /// The scenario with another seed, and so with other faults. These may be
    /// more than a scenario can have.
    pub(super) fn with_seed(&self, seed: u64) -> Result<Scenario, Failure> {
        read(&self.text, Some(seed)).map_err(|error| {
            let error = error.unwrap_or_default();
            Failure::input(format!("{}: with seed {seed} it cannot run: {error}", self.name))
        })
    }

    /// The same text with this seed and no random faults.
    pub(super) fn without_faults(&self, seed: u64) -> Result<Plain, Failure> {
        let text = without_faults(&self.text).trim_end().to_owned() + "\n";
        let seed = seed.to_string();
        let text = with_setting(&text, "seed", &seed).unwrap_or_else(|| format!("seed = {seed}\n{text}"));
        let plain = Plain { text };
        match plain.with(&[]) {
            Some(scenario) if (0..scenario.variants.len()).all(|index| scenario.random_acts(index).is_empty()) => {
                Ok(plain)
            }
            _ => {
                let message = "the random faults cannot be taken out of the text; write [faults.random] as a table";
                Err(Failure::input(message))
            }
        }
    }
}

/// A text without random faults, to which single ones can be added.
pub(super) struct Plain {
    text: String,
}

impl Plain {
    /// The text with these faults in it.
    pub(super) fn text_with(&self, acts: &[Act]) -> String {
        with_acts(&self.text, acts)
    }

    /// The scenario that it is.
    pub(super) fn with(&self, acts: &[Act]) -> Option<Scenario> {
        read(&self.text_with(acts), None).ok()
    }
}

/// A scenario with its promises only, or the first error in its text.
fn read(text: &str, seed: Option<u64>) -> Result<Scenario, Option<String>> {
    let overrides = Overrides { seed, set: Vec::new() };
    let (scenario, found) = parse_with(text, &overrides);
    let mut errors = found.into_iter().filter(|one| one.severity == Severity::Error);
    let mut scenario = scenario.ok_or_else(|| errors.next().map(|error| error.message.to_string()))?;
    scenario.expectations.retain(|one| one.promise);
    Ok(scenario)
}

/// Actions of the run that shows how long a scenario lasts.
const LENGTH_ACTIONS: u64 = 200_000_000;

/// How long a variant has something to do, if nothing goes wrong.
fn length(scenario: &Scenario, variant: usize) -> SimSpan {
    let mut world = World::new(&scenario.variants[variant].plan);
    if world.run_until(SimTime::MAX, LENGTH_ACTIONS) == Outcome::Budget {
        warn("the run is very long; faults come in the first part of it only");
    }
    world.last_instant().since(SimTime::ZERO)
}

/// Faults of the first two thirds of a run: of each thing about four of each
/// kind, so that in most runs something happens to everything, and the rest of
/// the run shows what becomes of it.
fn usual_faults(length: SimSpan) -> String {
    let nanos = length.nanos().max(3_000);
    let span = |nanos: u64| SimSpan::from_nanos(nanos.max(1)).to_string();
    let stop = nanos / 3 * 2;
    let (stop_at, lasts, stable) = (span(stop), span(stop / 40), span(stop / 50));
    format!(
        "\n[faults.random]\nstop = \"{stop_at}\"\nstable = \"{stable}\"\n\
         crash = {{ rate = \"4/{stop_at}\", lasts = \"exp({lasts})\", kinds = [\"killed\", \"power\"] }}\n\
         pause = {{ rate = \"4/{stop_at}\", lasts = \"exp({lasts})\" }}\n\
         cut = {{ rate = \"4/{stop_at}\", lasts = \"exp({lasts})\", one_way = \"50%\" }}\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fuzz::Job;

    /// About as many faults as there may be: it is up to the seed.
    const CROWDED: &str = "title = \"t\"\nuntil = \"100s\"\n\
        [broker.rabbitmq]\nqueue.q = {}\n[load.l]\nto = \"q\"\nrate = \"1/s\"\ncount = 1\n\
        [faults.random]\nstop = \"99s\"\nnodes = [\"rabbitmq\"]\ncrash = { rate = \"RATE/99s\", lasts = \"1us\" }\n";

    #[test]
    fn a_seed_that_makes_the_text_invalid_is_an_error_and_no_interruption() {
        // The fewest faults with which some of ten seeds have too many.
        let story = (0..40).find_map(|more| {
            let text = CROWDED.replace("RATE", &(4_900 + 5 * more).to_string());
            let input = Input {
                name: "crowded.toml".into(),
                stem: "crowded".into(),
                text,
            };
            let story = Story::read(&input, false).ok()?;
            (0..10).any(|seed| story.with_seed(seed).is_err()).then_some(story)
        });
        let story = story.expect("some of them have too many faults, and its own seed has not");
        let bad = (0..10)
            .find(|seed| story.with_seed(*seed).is_err())
            .expect("there is one");
        match story.ran(Job { seed: bad, variant: 0 }) {
            Err(Failure::Input(messages)) => assert_eq!(
                messages,
                [format!(
                    "crowded.toml: with seed {bad} it cannot run: `faults.random` comes to more than 10000 commands"
                )]
            ),
            other => panic!("it is an error, not {:?}", other.map(|ran| ran.is_some())),
        }
    }
}
