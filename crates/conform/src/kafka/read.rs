//! Reading inputs, and holding what comes out against what is expected.

use crate::outcome::{Mismatch, Outcome};
use serde_json::{Map, Value};

pub(super) type Object = Map<String, Value>;

/// Something with names, as a case has it.
#[derive(Clone, Copy)]
pub(super) struct Fields<'a>(pub(super) &'a Object);

impl<'a> Fields<'a> {
    pub(super) fn of(value: &'a Value) -> Result<Fields<'a>, String> {
        value
            .as_object()
            .map(Fields)
            .ok_or_else(|| format!("no names in {value}"))
    }

    pub(super) fn has(self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// What is called `name`, unless it is null.
    pub(super) fn get(self, name: &str) -> Option<&'a Value> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    pub(super) fn value(self, name: &str) -> Result<&'a Value, String> {
        self.get(name).ok_or_else(|| format!("`{name}` is missing"))
    }

    pub(super) fn whole(self, name: &str) -> Result<i64, String> {
        let value = self.value(name)?;
        value
            .as_i64()
            .ok_or_else(|| format!("`{name}` is a whole number, not {value}"))
    }

    pub(super) fn whole_or(self, name: &str, otherwise: i64) -> Result<i64, String> {
        if self.has(name) {
            self.whole(name)
        } else {
            Ok(otherwise)
        }
    }

    pub(super) fn count(self, name: &str) -> Result<u64, String> {
        let whole = self.whole(name)?;
        u64::try_from(whole).map_err(|_| format!("`{name}` is a count, not {whole}"))
    }

    pub(super) fn count_or(self, name: &str, otherwise: u64) -> Result<u64, String> {
        if self.has(name) {
            self.count(name)
        } else {
            Ok(otherwise)
        }
    }

    pub(super) fn small(self, name: &str) -> Result<u32, String> {
        let count = self.count(name)?;
        u32::try_from(count).map_err(|_| format!("`{name}` is too large: {count}"))
    }

    pub(super) fn flag(self, name: &str) -> Result<bool, String> {
        match self.get(name) {
            None => Ok(false),
            Some(Value::Bool(flag)) => Ok(*flag),
            Some(other) => Err(format!("`{name}` is true or false, not {other}")),
        }
    }

    pub(super) fn text(self, name: &str) -> Result<&'a str, String> {
        let value = self.value(name)?;
        value.as_str().ok_or_else(|| format!("`{name}` is a text, not {value}"))
    }

    pub(super) fn list(self, name: &str) -> Result<&'a [Value], String> {
        let value = self.value(name)?;
        let list = value.as_array().map(Vec::as_slice);
        list.ok_or_else(|| format!("`{name}` is a list, not {value}"))
    }

    /// The list called `name`; empty if there is none.
    pub(super) fn list_or_none(self, name: &str) -> Result<&'a [Value], String> {
        if self.has(name) { self.list(name) } else { Ok(&[]) }
    }

    pub(super) fn texts(self, name: &str) -> Result<Vec<&'a str>, String> {
        let text = |value: &'a Value| value.as_str().ok_or_else(|| format!("`{name}` has texts, not {value}"));
        self.list(name)?.iter().map(text).collect()
    }

    /// Whether there is nothing but `names`.
    pub(super) fn has_only(self, names: &[&str]) -> Result<(), String> {
        let other = self.0.keys().find(|name| !names.contains(&&name[..]));
        other.map_or(Ok(()), |name| Err(format!("nobody reads `{name}`")))
    }

    /// Small numbers; none if there is no list.
    pub(super) fn numbers(self, name: &str) -> Result<Vec<u32>, String> {
        let number = |value: &Value| {
            let number = value.as_u64().and_then(|number| u32::try_from(number).ok());
            number.ok_or_else(|| format!("`{name}` has small numbers, not {value}"))
        };
        self.list_or_none(name)?.iter().map(number).collect()
    }

    /// Bytes written in hexadecimal digits.
    pub(super) fn bytes(self, name: &str) -> Result<Vec<u8>, String> {
        bytes(self.text(name)?)
    }
}

/// Bytes from their hexadecimal digits.
pub(super) fn bytes(digits: &str) -> Result<Vec<u8>, String> {
    let pairs = digits.as_bytes().chunks(2);
    let byte = |pair: &[u8]| {
        let pair = std::str::from_utf8(pair).ok().filter(|pair| pair.len() == 2)?;
        u8::from_str_radix(pair, 16).ok()
    };
    let bytes: Option<Vec<u8>> = pairs.map(byte).collect();
    bytes.ok_or_else(|| format!("`{digits}` are no bytes"))
}

/// What a rule comes to, by name; `None` where we have nothing of that name.
pub(super) type Actual<'a> = &'a dyn Fn(&str) -> Option<Value>;

/// Holds everything that is expected against what came out.
///
/// # Errors
/// Something is expected of which we know nothing.
pub(super) fn held(expected: &Object, actual: Actual<'_>) -> Result<Outcome, String> {
    if expected.is_empty() {
        return Err("nothing is expected".to_owned());
    }
    let mut mismatches = Vec::new();
    for (name, expected) in expected {
        let actual = actual(name).ok_or_else(|| format!("nothing is known of `{name}`"))?;
        mismatches.extend(Mismatch::of_values(name, expected, &actual));
    }
    Ok(Outcome::of(mismatches))
}
