//! The step language of the recorded cases: what a client does, and what it
//! sees.

use super::client::{Client, Closed, Consume, Delivery, Publication, Published};
use super::value::{header, headers, json};
use mqlab_brokers::parts::header as named;
use mqlab_brokers::rabbitmq::{
    ChannelError, Death, ExchangeConfig, ExchangeKind, Properties, QueueArguments, QueueConfig, Version,
};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// The channel of a step that names none.
const CHANNEL: &str = "c0";

/// Most steps of a case: numbers of keys and messages are sixteen bits wide.
const STEPS_MAX: usize = 20_000;

/// What a step shows, if it shows anything: `Ok(None)` for one that does not.
type Shown = Result<Result<Option<Value>, Closed>, String>;

/// Goes through the steps; what each that shows something has shown.
pub(super) fn run(steps: &[Value], version: Version) -> Result<Vec<Value>, String> {
    let mut script = Script {
        client: Client::new(version),
        version,
        references: BTreeMap::new(),
        first_delivery: usize::from(!counts_from_zero(steps)),
    };
    let consumes = |step: &&Value| step.get("op").and_then(Value::as_str) == Some("consume");
    let tags = steps
        .iter()
        .filter(consumes)
        .filter_map(|step| step.get("tag")?.as_str());
    script.client.expect_tags(tags);
    let mut shown = Vec::new();
    if steps.len() > STEPS_MAX {
        return Err(format!("{} steps, the limit is {STEPS_MAX}", steps.len()));
    }
    for (index, step) in steps.iter().enumerate() {
        let step = step.as_object().ok_or("a step is a table")?;
        look_at_fields(step).map_err(|why| format!("step {index}: {why}"))?;
        let result = script.step(step).map_err(|why| format!("step {index}: {why}"))?;
        let result = result.unwrap_or_else(|Closed(code)| Some(json!({"channel_error": code})));
        shown.extend(result.map(|result| json!({"step": index, "result": result})));
    }
    Ok(shown)
}

/// Whether deliveries of a consumer are counted from 0.
fn counts_from_zero(steps: &[Value]) -> bool {
    let references = steps.iter().filter_map(|step| step.get("ref")?.as_str());
    references.into_iter().any(|reference| reference.ends_with(":0"))
}

/// Whether a step has fields that its operation does not know: what is left
/// out would make it another step.
fn look_at_fields(step: &Map<String, Value>) -> Result<(), String> {
    let known: &[&str] = match text(step, "op")? {
        "declare_queue" => &["queue", "args", "auto_delete", "durable"],
        "declare_exchange" => &["exchange", "type", "args"],
        "bind" | "unbind" => &["queue", "to_exchange", "exchange", "key", "args"],
        "qos" => &["prefetch", "global"],
        "publish" => &["exchange", "key", "body", "props", "mandatory"],
        "get" => &["queue", "ref", "auto_ack", "show"],
        "drain" | "count" | "purge" | "delete_queue" => &["queue"],
        "delete_exchange" => &["exchange"],
        "ack" => &["ref", "delivery_tag", "multiple"],
        "nack" | "reject" => &["ref", "delivery_tag", "multiple", "requeue"],
        "wait" => &["ms"],
        "consume" => &["queue", "tag", "auto_ack", "exclusive", "args"],
        "cancel" | "deliveries" => &["tag"],
        _ => &[],
    };
    let is_known = |name: &str| ["op", "channel"].contains(&name) || known.contains(&name);
    for (name, value) in step {
        if !is_known(name) {
            return Err(format!("no field `{name}`"));
        }
        let is_right = match &name[..] {
            "args" | "props" => value.is_object() || value.is_null(),
            "auto_delete" | "durable" | "global" | "mandatory" | "auto_ack" | "multiple" | "requeue" | "exclusive" => {
                value.is_boolean()
            }
            "show" => value.is_array(),
            "ms" | "prefetch" | "delivery_tag" => value.is_u64(),
            _ => value.is_string(),
        };
        if !is_right {
            return Err(format!("`{name}` cannot be {value}"));
        }
    }
    let Some(properties) = step.get("props").and_then(Value::as_object) else {
        return Ok(());
    };
    for (name, value) in properties {
        let is_right = match &name[..] {
            "priority" => value.as_u64().is_some_and(|priority| priority <= 255),
            "expiration" => value.is_string() || value.is_number(),
            "headers" => value.is_object() || value.is_null(),
            // Nothing depends on these.
            "delivery_mode" | "content_type" | "message_id" | "correlation_id" | "timestamp" | "app_id" | "type" => {
                true
            }
            _ => false,
        };
        if !is_right {
            return Err(format!("no property `{name}`: {value}"));
        }
    }
    Ok(())
}

struct Script {
    client: Client,
    version: Version,
    references: BTreeMap<String, Delivery>,
    /// The number of a consumer's first delivery.
    first_delivery: usize,
}

fn text<'a>(step: &'a Map<String, Value>, name: &str) -> Result<&'a str, String> {
    step.get(name)
        .and_then(Value::as_str)
        .ok_or(format!("`{name}` is missing"))
}

fn text_or<'a>(step: &'a Map<String, Value>, name: &str, otherwise: &'a str) -> &'a str {
    step.get(name).and_then(Value::as_str).unwrap_or(otherwise)
}

fn number(step: &Map<String, Value>, name: &str) -> Result<u64, String> {
    step.get(name)
        .and_then(Value::as_u64)
        .ok_or(format!("`{name}` is missing"))
}

fn flag(step: &Map<String, Value>, name: &str) -> bool {
    step.get(name).and_then(Value::as_bool).unwrap_or(false)
}

/// The kind of an exchange by its word.
pub(super) fn kind(word: &str) -> Result<ExchangeKind, String> {
    Ok(match word {
        "direct" => ExchangeKind::Direct,
        "fanout" => ExchangeKind::Fanout,
        "topic" => ExchangeKind::Topic,
        "headers" => ExchangeKind::Headers,
        other => return Err(format!("no exchange type `{other}`")),
    })
}

impl Script {
    fn step(&mut self, step: &Map<String, Value>) -> Shown {
        if self.client.is_full() {
            return Err("too many channels or consumers".to_owned());
        }
        let channel = text_or(step, "channel", CHANNEL);
        let quiet = |result: Result<(), Closed>| Ok(result.map(|()| None));
        match text(step, "op")? {
            "declare_queue" => {
                let queue = self.queue(step)?;
                quiet(self.client.declare_queue(channel, queue))
            }
            "declare_exchange" => {
                let exchange = exchange(step)?;
                quiet(self.client.declare_exchange(channel, exchange))
            }
            "bind" => quiet(self.bind(channel, step, true)?),
            "unbind" => quiet(self.bind(channel, step, false)?),
            "qos" => {
                let prefetch = number(step, "prefetch")? as u32;
                quiet(self.client.qos(channel, prefetch, flag(step, "global")))
            }
            "publish" => self.publish(channel, step),
            "get" => self.get(channel, step),
            "drain" => self.drain(channel, text(step, "queue")?),
            "ack" => quiet(self.settle(channel, step, None)?),
            "nack" | "reject" => {
                let requeue = step.get("requeue").and_then(Value::as_bool).unwrap_or(true);
                quiet(self.settle(channel, step, Some(requeue))?)
            }
            "count" => Ok(self
                .client
                .count(channel, text(step, "queue")?)
                .map(|count| Some(count.into()))),
            "purge" => Ok(self
                .client
                .purge(channel, text(step, "queue")?)
                .map(|count| Some(count.into()))),
            "delete_queue" => {
                self.client.delete_queue(channel, text(step, "queue")?);
                Ok(Ok(None))
            }
            "delete_exchange" => quiet(self.client.delete_exchange(channel, text(step, "exchange")?)),
            "wait" => {
                self.client.wait(number(step, "ms")?);
                Ok(Ok(None))
            }
            "close_channel" => quiet(self.client.close_channel(channel)),
            "consume" => quiet(self.consume(channel, step)?),
            "cancel" => quiet(self.client.cancel(text(step, "tag")?)),
            "deliveries" => self.deliveries(text(step, "tag")?),
            other => Err(format!("no operation `{other}`")),
        }
    }

    fn queue(&self, step: &Map<String, Value>) -> Result<Result<QueueConfig, ChannelError>, String> {
        let name = text(step, "queue")?;
        let arguments = headers(step.get("args"));
        let auto_delete = flag(step, "auto_delete");
        let arguments = match self.client.arguments_of(name) {
            Some(known) => known.read_again(&arguments, self.version),
            None => QueueArguments::read(&arguments, self.version),
        };
        Ok(arguments.map(|mut arguments| {
            arguments.auto_delete = auto_delete;
            QueueConfig {
                arguments: (arguments != QueueArguments::default()).then(|| arguments.into()),
                durable: step.get("durable").and_then(Value::as_bool).unwrap_or(true),
                ..QueueConfig::new(name)
            }
        }))
    }

    fn bind(&mut self, channel: &str, step: &Map<String, Value>, binds: bool) -> Result<Result<(), Closed>, String> {
        let target = match step.get("to_exchange").and_then(Value::as_str) {
            Some(exchange) => Err(exchange),
            None => Ok(text(step, "queue")?),
        };
        let route = (text(step, "exchange")?, text_or(step, "key", ""));
        let arguments = headers(step.get("args"));
        Ok(self.client.bind(channel, route, target, arguments, binds))
    }

    fn publish(&mut self, channel: &str, step: &Map<String, Value>) -> Shown {
        let properties = step.get("props");
        let of = |name: &str| properties.and_then(|properties| properties.get(name));
        let publication = Publication {
            body: text_or(step, "body", "").to_owned(),
            exchange: text_or(step, "exchange", "").to_owned(),
            key: text_or(step, "key", "").to_owned(),
            properties: Properties {
                priority: of("priority").and_then(Value::as_u64).map(|priority| priority as u8),
                expiration: of("expiration").map(as_text),
                headers: headers(of("headers")),
            },
        };
        let published = self.client.publish(channel, publication, flag(step, "mandatory"));
        Ok(published.map(|published| {
            let word = match published {
                Published::Ack => "ack",
                Published::Nack => "nack",
                Published::Returned => "returned",
            };
            Some(word.into())
        }))
    }

    fn get(&mut self, channel: &str, step: &Map<String, Value>) -> Shown {
        let queue = text(step, "queue")?;
        let got = match self.client.get(channel, queue, flag(step, "auto_ack")) {
            Ok(Some(got)) => got,
            Ok(None) => return Ok(Ok(Some(Value::Null))),
            Err(closed) => return Ok(Err(closed)),
        };
        let (delivery, remaining) = got;
        if let Some(reference) = step.get("ref").and_then(Value::as_str) {
            self.references.insert(reference.to_owned(), delivery);
        }
        let mut shown = Map::new();
        let body = self.client.publication(delivery.message).body.clone();
        shown.insert("body".into(), body.into());
        shown.insert("redelivered".into(), delivery.redelivered.into());
        for name in step.get("show").and_then(Value::as_array).into_iter().flatten() {
            let name = name.as_str().ok_or("`show` is a list of names")?;
            let value = match name {
                "remaining" => remaining.into(),
                name => self.shown(queue, delivery, name),
            };
            shown.insert(name.to_owned(), value);
        }
        Ok(Ok(Some(shown.into())))
    }

    /// A property or header of the message that was just taken from a queue.
    fn shown(&self, queue: &str, delivery: Delivery, name: &str) -> Value {
        let published = self.client.publication(delivery.message);
        let definitions = self.client.node.definitions();
        let last = definitions
            .queue(queue)
            .and_then(|queue| self.client.node.last_of(queue));
        let last = last.filter(|last| last.message.id == delivery.message.id);
        let story = last.and_then(|last| last.story);
        // What was not dead-lettered is as it was published.
        let moved = last.filter(|_| story.is_some());
        let exchange = |id: mqlab_brokers::rabbitmq::ExchangeId| definitions.exchanges[usize::from(id.0)].name.clone();
        match name {
            "exchange" => moved
                .map_or(published.exchange.clone(), |last| exchange(last.exchange))
                .into(),
            "key" => {
                let key = moved.and_then(|last| definitions.key(last.key));
                key.unwrap_or(&published.key).into()
            }
            "expiration" => match story {
                Some(_) => Value::Null,
                None => published.properties.expiration.clone().into(),
            },
            "priority" => published.properties.priority.into(),
            "x-delivery-count" => last.and_then(|last| last.failures).into(),
            "BCC" => Value::Null,
            "CC" if story.is_some_and(|story| story.has_no_copies) => Value::Null,
            "x-death" => story.map_or(Value::Null, |story| {
                let deaths = story.deaths.iter().map(|death| {
                    let Death {
                        exchange: id,
                        keys,
                        expiration,
                        ..
                    } = &death.details;
                    let mut shown = json!({
                        "count": death.count,
                        "reason": Death::word(death.reason),
                        "queue": self.name(death.queue),
                        "exchange": exchange(*id),
                        "routing-keys": keys,
                    });
                    if let Some(expiration) = expiration {
                        shown["original-expiration"] = expiration.clone().into();
                    }
                    shown
                });
                deaths.collect()
            }),
            "x-first-death-queue" | "x-first-death-reason" | "x-first-death-exchange" => {
                let Some((queue, reason)) = story.and_then(|story| story.deaths.first()) else {
                    return Value::Null;
                };
                let deaths = story.into_iter().flat_map(|story| story.deaths.iter());
                let mut first = deaths.filter(|death| (death.queue, death.reason) == (queue, reason));
                match name {
                    "x-first-death-queue" => self.name(queue).into(),
                    "x-first-death-reason" => Death::word(reason).into(),
                    _ => first
                        .next()
                        .map_or(Value::Null, |death| exchange(death.details.exchange).into()),
                }
            }
            "x-last-death-queue" | "x-last-death-reason" | "x-last-death-exchange"
                if self.version >= Version::new(3, 13) =>
            {
                match story.and_then(|story| story.deaths.iter().next()) {
                    None => Value::Null,
                    Some(death) => match name {
                        "x-last-death-queue" => self.name(death.queue).into(),
                        "x-last-death-reason" => Death::word(death.reason).into(),
                        _ => exchange(death.details.exchange).into(),
                    },
                }
            }
            name => named(&published.properties.headers, name).map_or(Value::Null, json),
        }
    }

    fn name(&self, queue: mqlab_brokers::rabbitmq::QueueId) -> String {
        self.client.name(queue).to_owned()
    }

    fn drain(&mut self, channel: &str, queue: &str) -> Shown {
        let mut bodies = Vec::new();
        loop {
            match self.client.get(channel, queue, true) {
                Ok(Some((delivery, _))) => bodies.push(self.client.publication(delivery.message).body.clone()),
                Ok(None) => return Ok(Ok(Some(bodies.into()))),
                Err(closed) => return Ok(Err(closed)),
            }
        }
    }

    fn settle(
        &mut self,
        channel: &str,
        step: &Map<String, Value>,
        requeue: Option<bool>,
    ) -> Result<Result<(), Closed>, String> {
        let multiple = flag(step, "multiple");
        if let Some(tag) = step.get("delivery_tag").and_then(Value::as_u64) {
            return Ok(self.client.settle_tag(channel, tag, multiple, requeue));
        }
        let reference = text(step, "ref")?;
        let delivery = self.references.get(reference).copied();
        let delivery = delivery.or_else(|| {
            let (tag, number) = reference.rsplit_once(':')?;
            let index = number.parse::<usize>().ok()?.checked_sub(self.first_delivery)?;
            self.client.deliveries(tag)?.get(index).copied()
        });
        let delivery = delivery.ok_or(format!("nothing was delivered as `{reference}`"))?;
        Ok(self.client.settle(delivery, multiple, requeue))
    }

    fn consume(&mut self, channel: &str, step: &Map<String, Value>) -> Result<Result<(), Closed>, String> {
        let tag = text(step, "tag")?;
        if self.client.consumes(tag) {
            return Err(format!("there is a consumer `{tag}` already"));
        }
        let arguments = headers(step.get("args"));
        let priority = match named(&arguments, "x-priority") {
            None => Ok(0),
            Some(mqlab_brokers::parts::Value::Integer(priority)) => {
                Ok(i16::try_from(*priority).map_err(|_| "`x-priority` is too large")?)
            }
            Some(_) => Err(ChannelError::PreconditionFailed),
        };
        let what = Consume {
            queue: text(step, "queue")?,
            tag,
            automatic: flag(step, "auto_ack"),
            exclusive: flag(step, "exclusive"),
            priority,
        };
        Ok(self.client.consume(channel, &what))
    }

    fn deliveries(&self, tag: &str) -> Shown {
        let deliveries = self.client.deliveries(tag).ok_or(format!("no consumer `{tag}`"))?;
        let bodies = deliveries.iter().map(|delivery| {
            let mark = if delivery.redelivered { "*" } else { "" };
            format!("{}{mark}", self.client.publication(delivery.message).body)
        });
        Ok(Ok(Some(bodies.collect())))
    }
}

/// The exchange of a step, or what the node says to its arguments.
fn exchange(step: &Map<String, Value>) -> Result<Result<ExchangeConfig, ChannelError>, String> {
    let mut exchange = ExchangeConfig::new(text(step, "exchange")?, kind(text_or(step, "type", "direct"))?);
    let arguments = headers(step.get("args"));
    if let Some(alternate) = named(&arguments, "alternate-exchange") {
        let Some(name) = alternate.as_text() else {
            return Ok(Err(ChannelError::PreconditionFailed));
        };
        exchange.alternate = Some(name.to_owned());
    }
    Ok(Ok(exchange))
}

/// A property that is a text in AMQP, whatever it is in JSON.
fn as_text(value: &Value) -> String {
    match header(value) {
        mqlab_brokers::parts::Value::Text(text) => text,
        _ => value.to_string(),
    }
}
