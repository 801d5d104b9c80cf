//! The JSON schema of the language, for editors; made from the table of keys.

use crate::json::Json;
use crate::keys::{self, Default, KEYS, Key, SHARED, ValueKind};
use crate::shape::{PLAIN_STEPS, STEP, STEP_ACTIONS};

const SPAN: &str = r"^([0-9][0-9_]*(\.[0-9]+)?(ns|us|µs|ms|s|m|h|d))+$";
const RATE: &str = r"^[0-9][0-9_]*(\.[0-9]+)?/([0-9].*|ns|us|µs|ms|s|m|h|d)$";
const CHANCE: &str = r"^[0-9]+(\.[0-9]+)?%$";
const BYTES: &str = r"^[0-9][0-9_]*(\.[0-9]+)?([KMGT]iB|[kMGT]?B)$";
const BANDWIDTH: &str = r"^[0-9][0-9_]*(\.[0-9]+)?([KMGT]iB|[kMGT]?B)/s$";
const TIME: &str =
    r"^([0-9]+:[0-5][0-9](:[0-5][0-9](\.[0-9]{1,9})?)?|([0-9][0-9_]*(\.[0-9]+)?(ns|us|µs|ms|s|m|h|d))+)$";
const ROW: &str = r"^[A-Z][0-9]{1,4}\+?$";

/// The JSON schema of a scenario, as text. TOML editors read it to complete
/// keys and to mark mistakes; what names stand for they cannot check.
pub fn schema() -> String {
    Json::object([
        ("$schema", Json::text("http://json-schema.org/draft-07/schema#")),
        ("title", Json::text("mqlab scenario")),
        (
            "description",
            Json::text("A scenario of mqlab, the message-queue laboratory."),
        ),
    ])
    .join(object("", false))
    .with("definitions", Json::object([("steps", steps())]))
    .print()
}

impl Json {
    /// The entries of both objects.
    fn join(self, other: Json) -> Json {
        match (self, other) {
            (Json::Object(mut entries), Json::Object(more)) => {
                entries.extend(more);
                Json::Object(entries)
            }
            (first, _) => first,
        }
    }
}

/// The schema of a table. In a variant everything may be left out, because it
/// is merged over the rest.
fn object(path: &str, is_partial: bool) -> Json {
    let named = |key: &&Key| keys::last(key.path) != "*";
    let properties = keys::below(path)
        .filter(named)
        .map(|key| (keys::last(key.path).to_owned(), value(key, is_partial)));
    let other = keys::below(path)
        .find(|key| !named(key))
        .map_or(Json::Flag(false), |key| value(key, is_partial));
    let mut schema = Json::object([("type", Json::text("object"))]);
    let properties: Vec<(String, Json)> = properties.collect();
    if !properties.is_empty() {
        schema = schema.with("properties", Json::Object(properties));
    }
    let required = keys::below(path).filter(|key| key.default == Default::Required && !is_partial);
    let required: Vec<Json> = required.map(|key| Json::text(keys::last(key.path))).collect();
    if !required.is_empty() {
        schema = schema.with("required", Json::List(required));
    }
    schema.with("additionalProperties", other)
}

/// The schema of a key's value, with its meaning.
fn value(key: &Key, is_partial: bool) -> Json {
    let described = Json::object([("description", Json::text(key.doc))]);
    described.join(of_kind(key, is_partial))
}

fn text() -> Json {
    Json::object([("type", Json::text("string"))])
}

fn pattern(pattern: &str, example: &str) -> Json {
    text()
        .with("pattern", Json::text(pattern))
        .with("examples", Json::List(vec![Json::text(example)]))
}

fn list(items: Json) -> Json {
    Json::object([("type", Json::text("array")), ("items", items)])
}

fn any(choices: Vec<Json>) -> Json {
    Json::object([("anyOf", Json::List(choices))])
}

fn integer(least: u64, most: Option<u64>) -> Json {
    let schema = Json::object([("type", Json::text("integer")), ("minimum", Json::Number(least))]);
    match most {
        Some(most) => schema.with("maximum", Json::Number(most)),
        None => schema,
    }
}

fn words(words: &[&str]) -> Json {
    Json::object([("enum", Json::List(words.iter().map(|word| Json::text(*word)).collect()))])
}

/// A list of two.
fn pair(first: Json, second: Json) -> Json {
    Json::object([
        ("type", Json::text("array")),
        ("items", Json::List(vec![first, second])),
        ("minItems", Json::Number(2)),
        ("maxItems", Json::Number(2)),
    ])
}

fn of_kind(key: &Key, is_partial: bool) -> Json {
    let elements = || format!("{}[]", key.path);
    match key.kind {
        ValueKind::Text | ValueKind::Name => text(),
        ValueKind::Texts | ValueKind::Names => list(text()),
        ValueKind::NameOrNames => any(vec![text(), list(text())]),
        ValueKind::Row => pattern(ROW, "A5"),
        ValueKind::Rows => list(pattern(ROW, "A5")),
        ValueKind::Integer(least, most) => integer(least, Some(most)),
        ValueKind::Flag => Json::object([("type", Json::text("boolean"))]),
        ValueKind::True => Json::object([("const", Json::Flag(true))]),
        ValueKind::Choice(list) => words(list),
        ValueKind::Span => pattern(SPAN, "3ms"),
        ValueKind::Offset => text().with("examples", Json::List(vec![Json::text("2s"), Json::text("-2s")])),
        ValueKind::Drift => pattern(r"^-?[0-9]+ppm$", "200ppm"),
        ValueKind::Time => pattern(TIME, "12:00:00"),
        ValueKind::Rate => pattern(RATE, "5000/s"),
        ValueKind::Rates => any(vec![
            pattern(RATE, "5000/s"),
            list(pair(pattern(TIME, "12:00"), pattern(RATE, "5000/s"))),
        ]),
        ValueKind::Dist => text().with(
            "examples",
            Json::List(vec![Json::text("100ms"), Json::text("exp(10ms)")]),
        ),
        ValueKind::Burst => any(vec![
            integer(1, None),
            list(pair(pattern(TIME, "0s"), integer(1, None))),
        ]),
        ValueKind::Workers => any(vec![
            integer(1, Some(crate::limits::WORKERS_MAX)),
            words(&["unlimited"]),
        ]),
        ValueKind::Ends => pair(text(), text()),
        ValueKind::Way => any(vec![pair(text(), text()), object(key.path, is_partial)]),
        ValueKind::EndsOrAll => any(vec![pair(text(), text()), words(&["all"])]),
        ValueKind::Groups => list(list(text())),
        ValueKind::Sizes => text().with(
            "examples",
            Json::List(vec![Json::text("1KiB"), Json::text("exp(1KiB)")]),
        ),
        ValueKind::Chance => pattern(CHANCE, "25%"),
        ValueKind::Bytes => pattern(BYTES, "64MiB"),
        ValueKind::Bandwidth => pattern(BANDWIDTH, "100MiB/s"),
        ValueKind::Comparison => text().with("examples", Json::List(vec![Json::text("lost == 0")])),
        ValueKind::Failure => pattern(
            r"^(never|always|first [0-9]+|message [0-9]+|[0-9]{1,3}(\.[0-9]{1,6})?%)$",
            "1%",
        ),
        ValueKind::Steps => Json::object([("$ref", Json::text("#/definitions/steps"))]),
        ValueKind::Headers => Json::object([("type", Json::text("object"))]).with(
            "additionalProperties",
            Json::object([(
                "type",
                Json::List(["string", "integer", "boolean"].map(Json::text).into()),
            )]),
        ),
        ValueKind::Settings => Json::object([("type", Json::text("object"))]),
        ValueKind::Table | ValueKind::Map => object(key.path, is_partial),
        ValueKind::Tables => list(object(&elements(), false)),
        ValueKind::Variant => variant(),
    }
}

/// A list of steps. Steps may have steps of their own.
fn steps() -> Json {
    let one_action = STEP_ACTIONS
        .iter()
        .map(|action| Json::object([("required", Json::List(vec![Json::text(*action)]))]))
        .collect();
    let table = object(STEP, false).with("oneOf", Json::List(one_action));
    list(any(vec![words(PLAIN_STEPS), table]))
}

fn variant() -> Json {
    let own = KEYS.iter().filter(|key| keys::parent(key.path) == "variant.*");
    let base = keys::below("").filter(|key| !SHARED.contains(&key.path));
    let properties = base
        .chain(own)
        .map(|key| (keys::last(key.path).to_owned(), value(key, true)))
        .collect();
    Json::object([
        ("type", Json::text("object")),
        ("properties", Json::Object(properties)),
        ("additionalProperties", Json::Flag(false)),
    ])
}
