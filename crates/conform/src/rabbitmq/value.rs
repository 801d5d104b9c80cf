//! JSON as values of headers and arguments.

use mqlab_brokers::parts::{Headers, Value as Header};
use serde_json::{Map, Value};

/// A value, of the type that a client would give it.
pub(super) fn header(value: &Value) -> Header {
    match value {
        Value::Null => Header::Void,
        Value::Bool(flag) => Header::Boolean(*flag),
        Value::Number(number) => match number.as_i64() {
            Some(whole) => Header::Integer(whole),
            None => Header::Float(number.as_f64().unwrap_or(f64::INFINITY)),
        },
        Value::String(text) => Header::Text(text.clone()),
        Value::Array(values) => Header::List(values.iter().map(header).collect()),
        // No rule looks into a table.
        Value::Object(_) => Header::Text(value.to_string()),
    }
}

/// Values by name; nothing for what is no object.
pub(super) fn headers(value: Option<&Value>) -> Headers {
    let object = value.and_then(Value::as_object);
    object.map(of_object).unwrap_or_default()
}

fn of_object(object: &Map<String, Value>) -> Headers {
    object
        .iter()
        .map(|(name, value)| (name.clone(), header(value)))
        .collect()
}

/// A value as JSON.
pub(super) fn json(value: &Header) -> Value {
    match value {
        Header::Void => Value::Null,
        Header::Boolean(flag) => (*flag).into(),
        Header::Integer(number) => (*number).into(),
        Header::Float(number) => (*number).into(),
        Header::Text(text) => text.clone().into(),
        Header::List(values) => values.iter().map(json).collect(),
    }
}
