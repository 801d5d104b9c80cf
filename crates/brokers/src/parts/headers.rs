//! Matching by what a message carries beside its body.

use alloc::string::String;
use alloc::vec::Vec;

/// A value of a header or an argument. Values of different types never equal
/// each other.
#[derive(Clone, PartialEq, Debug)]
pub enum Value {
    /// Nothing: the name is there and that is all.
    Void,
    /// True or false.
    Boolean(bool),
    /// A whole number.
    Integer(i64),
    /// A number with a fraction.
    Float(f64),
    /// A text.
    Text(String),
    /// A list of values.
    List(Vec<Value>),
}

impl Value {
    /// The text, if it is one.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }
}

/// Values by name.
pub type Headers = Vec<(String, Value)>;

/// The value of that name.
pub fn header<'a>(headers: &'a [(String, Value)], name: &str) -> Option<&'a Value> {
    headers.iter().find(|(known, _)| known == name).map(|(_, value)| value)
}

/// Whether all that is wanted has to be there, or any of it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Quantity {
    /// All of it: nothing wanted matches everything.
    All,
    /// Any of it: nothing wanted matches nothing.
    Any,
}

/// What headers have to look like.
#[derive(Clone, PartialEq, Debug)]
pub struct HeaderMatch {
    /// How much of it has to be there.
    pub quantity: Quantity,
    /// What is wanted. [`Value::Void`] wants the name with whatever value.
    pub wanted: Headers,
}

impl HeaderMatch {
    /// Whether headers look like that.
    pub fn matches(&self, headers: &[(String, Value)]) -> bool {
        let mut wanted = self.wanted.iter();
        let is_there = |(name, value): &(String, Value)| {
            header(headers, name).is_some_and(|found| *value == Value::Void || value == found)
        };
        match self.quantity {
            Quantity::All => wanted.all(is_there),
            Quantity::Any => wanted.any(is_there),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;

    fn text(name: &str, value: &str) -> (String, Value) {
        (name.into(), Value::Text(value.into()))
    }

    fn matches(quantity: Quantity, wanted: Headers, headers: &Headers) -> bool {
        HeaderMatch { quantity, wanted }.matches(headers)
    }

    #[test]
    fn all_of_nothing_is_there_and_any_of_nothing_is_not() {
        for headers in [vec![], vec![text("a", "1")]] {
            assert!(matches(Quantity::All, vec![], &headers));
            assert!(!matches(Quantity::Any, vec![], &headers));
        }
    }

    #[test]
    fn all_wants_each_and_any_wants_one() {
        let wanted = || vec![text("a", "1"), text("b", "2")];
        let one = vec![text("a", "1"), text("b", "3")];
        assert!(!matches(Quantity::All, wanted(), &one));
        assert!(matches(Quantity::Any, wanted(), &one));
        assert!(matches(
            Quantity::All,
            wanted(),
            &vec![text("b", "2"), text("c", ""), text("a", "1")]
        ));
        assert!(!matches(Quantity::Any, wanted(), &vec![text("A", "1")]));
    }

    #[test]
    fn types_matter_and_void_wants_the_name_only() {
        let number = |value| vec![("n".into(), value)];
        assert!(!matches(
            Quantity::All,
            number(Value::Integer(1)),
            &vec![text("n", "1")]
        ));
        assert!(!matches(
            Quantity::All,
            number(Value::Integer(1)),
            &number(Value::Float(1.0))
        ));
        assert!(matches(Quantity::All, number(Value::Void), &vec![text("n", "1")]));
        assert!(!matches(Quantity::All, number(Value::Integer(1)), &number(Value::Void)));
        assert!(!matches(Quantity::Any, number(Value::Void), &vec![text("m", "1")]));
    }
}
