//! The functions.

use crate::finding::findings;
use crate::options::Options;
use crate::run::run;
use js_sys::{Error, Object};
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};

/// Runs a scenario and reports, in the shape of `mqlab run --format json`.
///
/// # Errors
/// If the text cannot run, or the options are not what they should be.
#[wasm_bindgen(js_name = runScenario, unchecked_return_type = "Report")]
pub fn run_scenario(
    text: &str,
    #[wasm_bindgen(unchecked_optional_param_type = "RunOptions | null")] options: JsValue,
) -> Result<JsValue, Error> {
    let report = run(text, &read_options(options)?).map_err(thrown)?;
    written(&report)
}

/// Every finding about a text, in its order; none means that it can run and
/// looks right.
///
/// # Errors
/// Never for a text, whatever it contains.
#[wasm_bindgen(unchecked_return_type = "Diagnostic[]")]
pub fn check(text: &str) -> Result<JsValue, Error> {
    written(&findings(text))
}

/// The JSON schema of the scenario language, as a JSON text.
#[wasm_bindgen]
pub fn schema() -> String {
    mqlab_scenario::schema()
}

/// The version of mqlab.
#[wasm_bindgen]
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}

/// Options as they come from JavaScript. An unknown key is refused, because a
/// slip in a name would otherwise change nothing in silence.
pub(crate) fn read_options(options: JsValue) -> Result<Options, Error> {
    if options.is_undefined() || options.is_null() {
        return Ok(Options::default());
    }
    let Some(object) = options.dyn_ref::<Object>() else {
        return Err(thrown("options: this is no object".to_owned()));
    };
    for key in Object::keys(object) {
        let key = key.as_string().unwrap_or_default();
        if !Options::KEYS.contains(&key.as_str()) {
            let known = Options::KEYS.join(", ");
            return Err(thrown(format!("options: there is no `{key}`; there is {known}")));
        }
    }
    serde_wasm_bindgen::from_value(options).map_err(|error| thrown(format!("options: {error}")))
}

/// A value as plain JavaScript objects.
pub(crate) fn written(value: &impl Serialize) -> Result<JsValue, Error> {
    let plain = Serializer::json_compatible();
    value.serialize(&plain).map_err(|error| thrown(error.to_string()))
}

/// The error that JavaScript gets to see.
pub(crate) fn thrown(message: String) -> Error {
    Error::new(&message)
}
