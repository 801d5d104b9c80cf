//! What a caller may change about a scenario without touching its text.

use mqlab_scenario::Overrides;
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use std::fmt;

/// Options of a run, as on the command line.
#[derive(Clone, PartialEq, Default, Debug, Deserialize)]
#[serde(default)]
pub(crate) struct Options {
    /// A seed in place of the text's.
    seed: Option<u64>,
    /// The variants to run; all of them if none is named.
    pub(crate) variants: Option<Vec<String>>,
    /// Values for keys, by their paths.
    set: Option<Settings>,
}

/// Settings in the order in which they are written: a later one may lie below
/// an earlier one.
#[derive(Clone, PartialEq, Default, Debug)]
struct Settings(Vec<(String, Setting)>);

/// A value of a key.
#[derive(Clone, PartialEq, Debug, Deserialize)]
#[serde(untagged)]
enum Setting {
    Flag(bool),
    Number(f64),
    Text(String),
}

impl Options {
    /// The names of the options.
    pub(crate) const KEYS: [&'static str; 3] = ["seed", "variants", "set"];

    /// What the parser is to change.
    pub(crate) fn overrides(&self) -> Overrides {
        let settings = self.set.iter().flat_map(|set| &set.0);
        Overrides {
            seed: self.seed,
            set: settings.map(|(path, value)| (path.clone(), value.toml())).collect(),
        }
    }
}

impl Setting {
    /// The value as TOML; a text as it would follow `--set path=`.
    fn toml(&self) -> String {
        match self {
            Setting::Flag(flag) => flag.to_string(),
            Setting::Number(number) => number.to_string(),
            Setting::Text(text) => text.clone(),
        }
    }
}

impl<'de> Deserialize<'de> for Settings {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(InOrder)
    }
}

/// Keeps the order of a map's entries.
struct InOrder;

impl<'de> Visitor<'de> for InOrder {
    type Value = Settings;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("an object of paths and values")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Settings, A::Error> {
        let mut settings = Vec::new();
        while let Some(entry) = map.next_entry()? {
            settings.push(entry);
        }
        Ok(Settings(settings))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_keep_their_order_and_become_toml() {
        let text = r#"{ "seed": 9, "set": { "z.rate": "100/s", "a.workers": 3, "b.x": 0.5, "c.durable": false } }"#;
        let options: Options = serde_json::from_str(text).unwrap();
        let overrides = options.overrides();
        let pairs = [
            ("z.rate", "100/s"),
            ("a.workers", "3"),
            ("b.x", "0.5"),
            ("c.durable", "false"),
        ];
        let pairs = pairs.map(|(path, value)| (path.to_owned(), value.to_owned()));
        assert_eq!(overrides.seed, Some(9));
        assert_eq!(overrides.set, pairs);
    }

    #[test]
    fn every_option_is_optional() {
        let options: Options = serde_json::from_str("{}").unwrap();
        assert_eq!(options, Options::default());
        assert_eq!(options.overrides(), Overrides::default());
    }
}
