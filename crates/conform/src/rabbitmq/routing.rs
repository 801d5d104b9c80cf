//! Cases about one exchange: what is bound, what is published, who gets it.

use super::client::{Client, Closed, Publication, Published};
use super::value::headers;
use crate::case::Case;
use crate::outcome::{Mismatch, Outcome};
use mqlab_brokers::parts::Headers;
use mqlab_brokers::rabbitmq::{ExchangeConfig, ExchangeKind, Properties, QueueConfig, Version};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

const CHANNEL: &str = "c";
const EXCHANGE: &str = "exchange";

/// An exchange to which queues are bound.
struct Exchange {
    client: Client,
    queues: BTreeSet<String>,
}

impl Exchange {
    fn new(kind: ExchangeKind, version: Version) -> Result<Self, String> {
        let mut client = Client::new(version);
        let exchange = ExchangeConfig::new(EXCHANGE, kind);
        client.declare_exchange(CHANNEL, Ok(exchange)).map_err(closed)?;
        Ok(Exchange {
            client,
            queues: BTreeSet::new(),
        })
    }

    /// Binds a queue, which is declared if it is new.
    fn bind(&mut self, queue: &str, key: &str, arguments: Headers) -> Result<(), Closed> {
        if self.queues.insert(queue.to_owned()) {
            self.client.declare_queue(CHANNEL, Ok(QueueConfig::new(queue)))?;
        }
        self.client.bind(CHANNEL, (EXCHANGE, key), Ok(queue), arguments, true)
    }

    /// The queues that get a message.
    fn publish(&mut self, key: &str, headers: Headers) -> Result<BTreeSet<String>, String> {
        let publication = Publication {
            body: "m".to_owned(),
            exchange: EXCHANGE.to_owned(),
            key: key.to_owned(),
            properties: Properties {
                headers,
                ..Properties::default()
            },
        };
        let published = self.client.publish(CHANNEL, publication, true).map_err(closed)?;
        let mut found = BTreeSet::new();
        for queue in &self.queues {
            let count = self.client.count(CHANNEL, queue).map_err(closed)?;
            if count > 1 {
                return Err(format!("{queue} got it {count} times"));
            }
            found.extend((count > 0).then(|| queue.clone()));
        }
        if found.is_empty() != (published == Published::Returned) {
            return Err("what is returned has to be what nobody got".to_owned());
        }
        Ok(found)
    }
}

fn closed(Closed(code): Closed) -> String {
    format!("the node closed the channel with {code}")
}

fn names(case: &Case, field: &str) -> Result<BTreeSet<String>, String> {
    let names = case.expected.get(field).and_then(Value::as_array);
    let names = names.ok_or(format!("`expected.{field}` is missing"))?;
    let names = names.iter().map(|name| name.as_str().map(str::to_owned));
    names
        .collect::<Option<_>>()
        .ok_or(format!("`expected.{field}` is a list of texts"))
}

fn compared(field: &str, expected: &BTreeSet<String>, actual: &BTreeSet<String>) -> Outcome {
    Outcome::of(
        Mismatch::of_values(field, &json!(expected), &json!(actual))
            .into_iter()
            .collect(),
    )
}

/// Binding keys, each with a queue of its own: which get a key?
pub(super) fn topic_match(case: &Case, version: Version) -> Result<Outcome, String> {
    let keys = case
        .input
        .get("bindings")
        .and_then(Value::as_array)
        .ok_or("`bindings` is missing")?;
    let mut exchange = Exchange::new(ExchangeKind::Topic, version)?;
    let mut bound = BTreeMap::new();
    for (index, key) in keys.iter().enumerate() {
        let key = key.as_str().ok_or("a binding key is a text")?;
        let queue = format!("queue-{index}");
        exchange.bind(&queue, key, Headers::new()).map_err(closed)?;
        bound.insert(queue, key.to_owned());
    }
    let key = routing_key(case)?;
    let got = exchange.publish(key, Headers::new())?;
    let matched = got.iter().map(|queue| bound[queue].clone()).collect();
    Ok(compared("matched", &names(case, "matched")?, &matched))
}

fn routing_key(case: &Case) -> Result<&str, String> {
    Ok(case
        .input
        .get("routing_key")
        .and_then(Value::as_str)
        .ok_or("`routing_key` is missing")?)
}

/// Queues that are bound, some more than once: which get a key?
pub(super) fn topic_match_queues(case: &Case, version: Version) -> Result<Outcome, String> {
    let bindings = case
        .input
        .get("bindings")
        .and_then(Value::as_array)
        .ok_or("`bindings` is missing")?;
    let mut exchange = Exchange::new(ExchangeKind::Topic, version)?;
    for binding in bindings {
        let of = |name: &str| {
            binding
                .get(name)
                .and_then(Value::as_str)
                .ok_or(format!("`{name}` is missing"))
        };
        exchange
            .bind(of("queue")?, of("key")?, Headers::new())
            .map_err(closed)?;
    }
    let got = exchange.publish(routing_key(case)?, Headers::new())?;
    Ok(compared("queues", &names(case, "queues")?, &got))
}

/// Whether a topic exchange takes a binding key.
pub(super) fn topic_binding_limit(case: &Case, version: Version) -> Result<Outcome, String> {
    let key = case
        .input
        .get("binding_key")
        .and_then(Value::as_str)
        .ok_or("`binding_key` is missing")?;
    let expected = case.expected.get("accepted").ok_or("`expected.accepted` is missing")?;
    let mut exchange = Exchange::new(ExchangeKind::Topic, version)?;
    let accepted = match exchange.bind("queue", key, Headers::new()) {
        Ok(()) => true,
        Err(Closed(406)) => false,
        Err(other) => return Err(closed(other)),
    };
    Ok(Outcome::of(
        Mismatch::of_values("accepted", expected, &accepted.into())
            .into_iter()
            .collect(),
    ))
}

/// Bindings by name with their arguments: which get a message with headers?
pub(super) fn headers_match(case: &Case, version: Version) -> Result<Outcome, String> {
    let bindings = case
        .input
        .get("bindings")
        .and_then(Value::as_object)
        .ok_or("`bindings` is missing")?;
    let mut exchange = Exchange::new(ExchangeKind::Headers, version)?;
    for (name, arguments) in bindings {
        exchange.bind(name, "", headers(Some(arguments))).map_err(closed)?;
    }
    let got = exchange.publish("", headers(case.input.get("message_headers")))?;
    Ok(compared("matched", &names(case, "matched")?, &got))
}

/// What the node says to an `x-match`.
pub(super) fn headers_bind(case: &Case, version: Version) -> Result<Outcome, String> {
    let arguments = json!({"x-match": case.input.get("x_match").ok_or("`x_match` is missing")?});
    let mut exchange = Exchange::new(ExchangeKind::Headers, version)?;
    let actual = match exchange.bind("queue", "", headers(Some(&arguments))) {
        Ok(()) => json!({}),
        Err(Closed(code)) => json!({"channel_error": code}),
    };
    // A case may say in one way or another that nothing is wrong.
    let is_fine = |value: &Value| value.is_null() || *value == json!(true) || *value == json!("ok");
    let mut others = case
        .expected
        .iter()
        .filter(|(name, _)| !["channel_error", "note"].contains(&&name[..]));
    if let Some((name, value)) = others.find(|(_, value)| !is_fine(value)) {
        return Err(format!("nothing is known of `expected.{name}`: {value}"));
    }
    let expected = case.expected.get("channel_error").filter(|code| !code.is_null());
    let expected = expected.map_or(json!({}), |code| json!({"channel_error": code}));
    Ok(Outcome::of(
        Mismatch::of_values("bind", &expected, &actual).into_iter().collect(),
    ))
}
