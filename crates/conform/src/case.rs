//! Files of cases.

use serde::Deserialize;
use serde_json::{Map, Value};

/// Bytes of a file of cases.
pub const FILE_BYTES_MAX: usize = 16 << 20;
/// Cases of a file.
pub const CASES_MAX: usize = 100_000;

/// The shape of files that this version reads.
const SCHEMA: &str = "conformance-facts/1";

/// A file of cases.
#[derive(Clone, PartialEq, Debug, Deserialize)]
pub struct CaseFile {
    /// The shape of the file.
    schema: String,
    /// What its cases are about.
    pub topic: String,
    /// Its cases.
    pub cases: Vec<Case>,
    /// How many there should be.
    case_count: Option<usize>,
}

/// One case.
#[derive(Clone, PartialEq, Debug, Deserialize)]
pub struct Case {
    /// Its name.
    pub id: String,
    /// What kind of case it is, within its topic.
    pub kind: String,
    /// What goes in.
    pub input: Map<String, Value>,
    /// What has to come out.
    pub expected: Map<String, Value>,
    /// How what comes out is compared: `exact`, `set`, `property` and others.
    #[serde(default)]
    pub compare: String,
    /// Where it is taken from.
    #[serde(default)]
    pub source: Source,
    /// The version of the broker that it was recorded from or is about.
    pub version: Option<String>,
    /// A remark.
    pub note: Option<String>,
}

/// Where a case is taken from.
#[derive(Clone, PartialEq, Eq, Default, Debug, Deserialize)]
pub struct Source {
    /// The test that asserts it.
    pub test: Option<String>,
}

impl CaseFile {
    /// Reads a file.
    ///
    /// # Errors
    /// A sentence on why it is not understood.
    pub fn parse(text: &str) -> Result<CaseFile, String> {
        let value: Value = serde_json::from_str(text).map_err(|error| format!("no JSON: {error}"))?;
        let schema = value.get("schema").and_then(Value::as_str);
        if schema != Some(SCHEMA) {
            let found = schema.map_or("there is none".to_owned(), |schema| format!("it is `{schema}`"));
            return Err(format!("`schema` has to be `{SCHEMA}`; {found}"));
        }
        let file: CaseFile = serde_json::from_value(value).map_err(|error| format!("no file of cases: {error}"))?;
        if file.cases.len() > CASES_MAX {
            return Err(format!("{} cases, the limit is {CASES_MAX}", file.cases.len()));
        }
        if let Some(count) = file.case_count.filter(|count| *count != file.cases.len()) {
            return Err(format!(
                "it says `case_count` {count} and has {} cases",
                file.cases.len()
            ));
        }
        Ok(file)
    }
}

impl Case {
    /// The last part of its name.
    pub(crate) fn tail(&self) -> &str {
        self.id.rsplit('/').next().unwrap_or(&self.id)
    }

    /// Whether its input says nothing but `names`: what is overlooked might be
    /// what the case is about.
    ///
    /// # Errors
    /// A sentence on what else it says.
    pub(crate) fn says_only(&self, names: &[&str]) -> Result<(), String> {
        let other = self.input.keys().find(|name| !names.contains(&&name[..]));
        other.map_or(Ok(()), |name| Err(format!("nobody reads `input.{name}`")))
    }

    /// Whether it expects nothing but `names`; a remark is nothing.
    ///
    /// # Errors
    /// A sentence on what else it expects.
    pub(crate) fn expects_only(&self, names: &[&str]) -> Result<(), String> {
        let is_known = |name: &str| name == "note" || names.contains(&name);
        let other = self.expected.keys().find(|name| !is_known(name));
        other.map_or(Ok(()), |name| Err(format!("nothing is known of `expected.{name}`")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> String {
        CaseFile::parse(text).unwrap_err()
    }

    #[test]
    fn what_is_no_file_of_cases_says_why() {
        assert!(error("{").starts_with("no JSON"));
        assert!(error("{}").contains("there is none"));
        assert!(error("{\"schema\": \"other/2\"}").contains("it is `other/2`"));
        let head = "\"schema\": \"conformance-facts/1\", \"topic\": \"t\"";
        assert!(error(&format!("{{{head}}}")).contains("missing field `cases`"));
        assert!(error(&format!("{{{head}, \"cases\": [], \"case_count\": 2}}")).contains("case_count"));
        assert!(CaseFile::parse(&format!("{{{head}, \"cases\": []}}")).is_ok());
    }
}
