//! One variant that is run in pieces and asked on the way.

use crate::api::{read_options, thrown, written};
use crate::report::{digest, outcome};
use crate::run::{read, variant_index};
use js_sys::Error;
use mqlab_kernel::SimTime;
use mqlab_scenario::report::VariantReport;
use mqlab_scenario::{MetricName, Runner, Scenario, parse_time};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

/// A running variant of a scenario. JavaScript frees it with `free()`, or lets
/// the garbage collector do so.
#[wasm_bindgen]
pub struct Session {
    scenario: Scenario,
    variant: usize,
    runner: Runner,
}

#[wasm_bindgen]
impl Session {
    /// Reads a text and stands before the first instant of one of its
    /// variants, of the first one if none is named.
    ///
    /// # Errors
    /// If the text cannot run, has no such variant, or the options are not
    /// what they should be.
    #[wasm_bindgen(constructor)]
    pub fn new(
        text: &str,
        #[wasm_bindgen(unchecked_optional_param_type = "string | null")] variant: Option<String>,
        #[wasm_bindgen(unchecked_optional_param_type = "Omit<RunOptions, \"variants\"> | null")] options: JsValue,
    ) -> Result<Session, Error> {
        let options = read_options(options)?;
        if options.variants.is_some() {
            let message = "options: a session runs one variant, named before the options";
            return Err(thrown(message.to_owned()));
        }
        let scenario = read(text, &options).map_err(thrown)?;
        let variant = match variant {
            Some(name) => variant_index(&scenario, &name).map_err(thrown)?,
            None => 0,
        };
        let runner = Runner::new(&scenario, variant);
        Ok(Session {
            scenario,
            variant,
            runner,
        })
    }

    /// Runs until everything at or before an instant has happened, or about
    /// `maxActions` actions are used up, and says which. The instant is a
    /// clock time, a duration from the start, or a number of nanoseconds.
    ///
    /// # Errors
    /// If one of the two is none.
    #[wasm_bindgen(js_name = runUntil, unchecked_return_type = "Outcome")]
    pub fn run_until(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "string | number")] to: &JsValue,
        #[wasm_bindgen(js_name = maxActions)] actions_max: Option<f64>,
    ) -> Result<String, Error> {
        let to = read_instant(to).map_err(thrown)?;
        let actions_max = match actions_max {
            None => u64::MAX,
            // Above what it can hold a conversion gives the largest number.
            Some(number) if number >= 1.0 => number as u64,
            Some(number) => return Err(thrown(format!("maxActions: {number} is not 1 or more"))),
        };
        Ok(outcome(self.runner.advance(to, actions_max)).to_owned())
    }

    /// The instant up to which everything has happened, in nanoseconds.
    pub fn now(&self) -> f64 {
        // An instant is below 2^53, and so exact.
        self.runner.world().now().nanos() as f64
    }

    /// The clock time up to which everything has happened.
    pub fn clock(&self) -> String {
        self.runner.world().now().to_string()
    }

    /// The digest of every fact so far: sixteen hexadecimal digits.
    pub fn digest(&self) -> String {
        digest(self.runner.world())
    }

    /// How many actions the simulator has done.
    pub fn actions(&self) -> f64 {
        self.runner.world().actions() as f64
    }

    /// A metric as an expectation names it, such as `backlog(orders)`, in the
    /// units of a report; `null` where there is nothing to measure.
    ///
    /// # Errors
    /// If there is no such metric, or nothing of that name to measure it of. An
    /// instant to come cannot be asked for, so `drained` is an error unless the
    /// scenario expects something of it.
    #[wasm_bindgen(unchecked_return_type = "number | null")]
    pub fn metric(&self, name: &str) -> Result<JsValue, Error> {
        let world = self.runner.world();
        let plan = &self.scenario.variants[self.variant].plan;
        let metric = MetricName::parse(name)
            .map_err(|wrong| thrown(wrong.message.to_string()))?
            .resolve(plan, world.places());
        let metric = metric.ok_or_else(|| thrown(format!("`{name}`: there is nothing of that name to measure")))?;
        if metric.watch().is_some_and(|watch| !plan.watches.contains(&watch)) {
            let message = format!("`{name}`: nobody looks out for it, unless the scenario expects something of it");
            return Err(thrown(message));
        }
        let number = world.metric(&metric).number();
        Ok(number.map_or(JsValue::NULL, JsValue::from_f64))
    }

    /// What a report says of this variant, as it stands.
    ///
    /// # Errors
    /// Never.
    #[wasm_bindgen(unchecked_return_type = "VariantReport")]
    pub fn report(&self) -> Result<JsValue, Error> {
        written(&VariantReport::of(&self.scenario, self.variant, &self.runner))
    }
}

fn read_instant(value: &JsValue) -> Result<SimTime, String> {
    if let Some(text) = value.as_string() {
        return parse_time(text.trim()).ok_or_else(|| format!("`{text}` is no instant such as 12:00:00.4 or 350ms"));
    }
    let most = SimTime::MAX.nanos() as f64;
    match value.as_f64() {
        Some(nanos) if nanos.fract() == 0.0 && (0.0..=most).contains(&nanos) => Ok(SimTime::from_nanos(nanos as u64)),
        Some(nanos) => Err(format!("{nanos} is no whole number of nanoseconds from 0 to {most}")),
        None => Err("an instant is a text such as 12:00 or a number of nanoseconds".to_owned()),
    }
}
