//! Facts that are tied to a version. Those with arguments and publishes are
//! run; sentences for people are held by tests.

use super::client::{Client, Closed, Publication, Published};
use super::value::headers;
use crate::case::Case;
use crate::outcome::{Mismatch, Outcome};
use mqlab_brokers::rabbitmq::{Properties, QueueArguments, QueueConfig, Version};
use serde_json::{Value, json};

const CHANNEL: &str = "c";

/// What comes of a fact.
pub(super) fn judge(case: &Case, version: Version) -> Result<Outcome, String> {
    let says = |name: &str, more: &[&str]| {
        let names: Vec<&str> = [name].into_iter().chain(more.iter().copied()).collect();
        case.input.contains_key(name) && case.says_only(&names).is_ok()
    };
    if says("publish_priorities", &["args", "queue_type"]) {
        priorities(case, version)
    } else if says("expiration_ms", &["args", "queue_type"]) {
        expiration(case, version)
    } else if let Some(outcome) = super::experiments::judge(case, version)? {
        Ok(outcome)
    } else {
        Ok(Outcome::Skipped(match test_of(case.tail()) {
            Some(test) => format!("a sentence for people; held by the test {test}"),
            None => "a sentence for people".to_owned(),
        }))
    }
}

/// The test that holds a sentence, by the last part of its case's name.
fn test_of(name: &str) -> Option<String> {
    super::facts_tests::NAMES
        .contains(&name)
        .then(|| format!("rabbitmq::facts_tests::tests::{}", name.replace('-', "_")))
}

fn queue(case: &Case, name: &str, version: Version) -> Result<QueueConfig, String> {
    let mut given = headers(case.input.get("args"));
    if let Some(kind) = case.input.get("queue_type").and_then(Value::as_str) {
        given.push(("x-queue-type".into(), mqlab_brokers::parts::Value::Text(kind.into())));
    }
    let arguments = QueueArguments::read(&given, version).map_err(|error| format!("`args`: {error:?}"))?;
    Ok(QueueConfig {
        arguments: Some(arguments.into()),
        ..QueueConfig::new(name)
    })
}

/// Publishes to `q`.
pub(super) fn publish(client: &mut Client, body: &str, properties: Properties) -> Result<Published, Closed> {
    let publication = Publication {
        body: body.to_owned(),
        exchange: String::new(),
        key: "q".to_owned(),
        properties,
    };
    client.publish(CHANNEL, publication, false)
}

fn compared(field: &str, case: &Case, actual: &Value) -> Result<Outcome, String> {
    let expected = case
        .expected
        .get(field)
        .ok_or(format!("`expected.{field}` is missing"))?;
    Ok(Outcome::of(
        Mismatch::of_values(field, expected, actual).into_iter().collect(),
    ))
}

/// Messages of certain priorities: in which order do they leave?
fn priorities(case: &Case, version: Version) -> Result<Outcome, String> {
    case.expects_only(&["delivery_priorities"])?;
    let given = case.input.get("publish_priorities").and_then(Value::as_array);
    let given = given.ok_or("`publish_priorities` is a list")?;
    let mut client = Client::new(version);
    let queue = queue(case, "q", version)?;
    let closed = |Closed(code)| format!("the node closed the channel with {code}");
    client.declare_queue(CHANNEL, Ok(queue)).map_err(closed)?;
    for (index, priority) in given.iter().enumerate() {
        let properties = Properties {
            priority: priority.as_u64().map(|priority| priority.min(255) as u8),
            ..Properties::default()
        };
        publish(&mut client, &index.to_string(), properties).map_err(closed)?;
    }
    let mut left = Vec::new();
    while let Some((delivery, _)) = client.get(CHANNEL, "q", true).map_err(closed)? {
        left.push(client.publication(delivery.message).properties.priority);
    }
    compared("delivery_priorities", case, &json!(left))
}

/// An expiration: does the node take it?
fn expiration(case: &Case, version: Version) -> Result<Outcome, String> {
    case.expects_only(&["channel_error"])?;
    let milliseconds = case.input.get("expiration_ms").ok_or("`expiration_ms` is missing")?;
    let mut client = Client::new(version);
    let properties = Properties {
        expiration: Some(milliseconds.to_string()),
        ..Properties::default()
    };
    let actual = match publish(&mut client, "m", properties) {
        Ok(_) => Value::Null,
        Err(Closed(code)) => code.into(),
    };
    let expected = case.expected.get("channel_error").unwrap_or(&Value::Null);
    Ok(Outcome::of(
        Mismatch::of_values("channel_error", expected, &actual)
            .into_iter()
            .collect(),
    ))
}
