//! Facts whose input says what to do: it is done, and what came of it is held
//! against what is expected. What a fact says in other words stays a sentence.

use super::client::{Client, Closed};
use super::steps;
use crate::case::Case;
use crate::outcome::{Mismatch, Outcome};
use mqlab_brokers::rabbitmq::{QueueArguments, QueueConfig, Version};
use serde_json::{Map, Value, json};

type Object = Map<String, Value>;

/// The longest that somebody waits for a message to come back.
const DELAY_MS_MAX: u64 = 100_000;
/// Most messages or crashes of a fact.
const MANY: u64 = 120;

/// What comes of a fact; `None` if nobody knows how to do what it says, or how
/// to see what it expects.
pub(super) fn judge(case: &Case, version: Version) -> Result<Option<Outcome>, String> {
    let Some(actual) = done(case, version)? else {
        return Ok(None);
    };
    let mut mismatches = Vec::new();
    for (name, expected) in case.expected.iter().filter(|(name, _)| *name != "note") {
        let Some(actual) = actual.get(name) else {
            return Ok(None);
        };
        mismatches.extend(Mismatch::of_values(name, expected, actual));
    }
    Ok((!case.expected.is_empty()).then(|| Outcome::of(mismatches)))
}

fn done(case: &Case, version: Version) -> Result<Option<Object>, String> {
    let says = |name: &str, more: &[&str]| {
        let names: Vec<&str> = [name, "args", "queue_type"]
            .into_iter()
            .chain(more.iter().copied())
            .collect();
        case.input.contains_key(name) && case.says_only(&names).is_ok()
    };
    let found = if says("messages", &["wait_ms", "at_ms"]) {
        expiring(case, version)?
    } else if says("publish", &[]) {
        ordered(case, version)?
    } else if says("consumer_crashes", &["messages", "prefetch"]) {
        crashing(case, "consumer_crashes", version)?
    } else if says("crashes_one_by_one", &["messages", "prefetch"]) {
        crashing(case, "crashes_one_by_one", version)?
    } else if says("steps", &[]) {
        confirmed(case, version)?
    } else if says("failed_returns", &[]) {
        delayed(case, version)?
    } else if says("cc", &["dead_letter_routing_key"]) {
        copied(case, version)?
    } else if says("reject_each_in_order", &["messages"]) {
        rejected(case, version)?
    } else {
        return Ok(None);
    };
    Ok(found.and_then(|found| found.as_object().cloned()))
}

/// The arguments of the queue that a fact is about; facts about quorum queues
/// are called `qq-`.
fn arguments(case: &Case) -> Value {
    let given = case.input.get("args").and_then(Value::as_object).cloned();
    let mut arguments = given.unwrap_or_default();
    let kind = case.input.get("queue_type").and_then(Value::as_str);
    let quorum = case.tail().starts_with("qq-").then_some("quorum");
    if let Some(kind) = kind.or(quorum) {
        arguments.insert("x-queue-type".into(), kind.into());
    }
    arguments.into()
}

fn queue(case: &Case) -> Value {
    json!({"op": "declare_queue", "queue": "q", "args": arguments(case)})
}

fn publish(body: &str, props: Value) -> Value {
    json!({"op": "publish", "exchange": "", "key": "q", "body": body, "props": props})
}

fn of_q(operation: &str) -> Value {
    json!({"op": operation, "queue": "q"})
}

/// What the steps show.
fn shown(steps: &[Value], version: Version) -> Result<Vec<Value>, String> {
    let shown = steps::run(steps, version)?;
    Ok(shown.into_iter().map(|mut shown| shown["result"].take()).collect())
}

fn few(case: &Case, name: &str, otherwise: u64) -> Option<u64> {
    let number = case.input.get(name).map_or(Some(otherwise), Value::as_u64);
    number.filter(|number| *number <= MANY)
}

/// Messages that may wait for so long: what is left after a while?
fn expiring(case: &Case, version: Version) -> Result<Option<Value>, String> {
    let waited = case.input.get("wait_ms").or(case.input.get("at_ms"));
    let (Some(messages), Some(waited)) = (case.input["messages"].as_array(), waited) else {
        return Ok(None);
    };
    let mut steps = vec![queue(case)];
    let mut bodies = Vec::new();
    for (index, message) in messages.iter().enumerate() {
        let Some(message) = message.as_object() else {
            return Ok(None);
        };
        if message
            .keys()
            .any(|name| !["body", "ttl", "priority"].contains(&&name[..]))
        {
            return Ok(None);
        }
        let mut props = Object::new();
        if let Some(ttl) = message.get("ttl") {
            props.insert("expiration".into(), ttl.to_string().into());
        }
        if let Some(priority) = message.get("priority") {
            props.insert("priority".into(), priority.clone());
        }
        let body = message.get("body").and_then(Value::as_str).map(str::to_owned);
        bodies.push(body.unwrap_or_else(|| index.to_string()));
        steps.push(publish(&bodies[index], props.into()));
    }
    steps.extend([json!({"op": "wait", "ms": waited}), of_q("count"), of_q("drain")]);
    let mut shown = shown(&steps, version)?;
    let (Some(delivered), Some(remaining)) = (shown.pop(), shown.pop()) else {
        return Ok(None);
    };
    let is_gone = |body: &&String| !delivered.as_array().is_some_and(|all| all.contains(&json!(body)));
    let expired: Vec<&String> = bodies.iter().filter(is_gone).collect();
    Ok(Some(
        json!({"remaining": remaining, "expired": expired, "delivered": delivered}),
    ))
}

/// Messages of a high and a normal priority: in which order do they leave?
fn ordered(case: &Case, version: Version) -> Result<Option<Value>, String> {
    let mut steps = vec![queue(case)];
    for body in case.input["publish"].as_array().into_iter().flatten() {
        let priority = match body.as_str() {
            Some(body) if body.starts_with("hi") => 5,
            Some(body) if body.starts_with("no") => 4,
            Some(body) if body.starts_with("lo") => 0,
            _ => return Ok(None),
        };
        steps.push(publish(
            body.as_str().unwrap_or_default(),
            json!({"priority": priority}),
        ));
    }
    steps.push(of_q("drain"));
    Ok(shown(&steps, version)?.pop().map(|out| json!({"out": out})))
}

/// Consumers that take messages and are gone: how many messages are left?
fn crashing(case: &Case, crashes: &str, version: Version) -> Result<Option<Value>, String> {
    let found = (
        few(case, crashes, 0),
        few(case, "messages", 1),
        few(case, "prefetch", 0),
    );
    let (Some(crashes), Some(messages), Some(prefetch)) = found else {
        return Ok(None);
    };
    let mut steps = vec![queue(case)];
    steps.extend((0..messages).map(|number| publish(&number.to_string(), json!({}))));
    for crash in 0..crashes {
        let channel = format!("crash-{crash}");
        steps.extend([
            json!({"op": "qos", "prefetch": prefetch, "channel": channel}),
            json!({"op": "consume", "queue": "q", "tag": channel, "channel": channel}),
            json!({"op": "close_channel", "channel": channel}),
            of_q("count"),
        ]);
    }
    let left = shown(&steps, version)?.split_off(messages as usize);
    // A dash stands for what nobody looked at.
    let looked = case.expected.get("messages_left_after").and_then(Value::as_array);
    let seen = left.iter().enumerate().map(|(index, left)| {
        let is_looked_at = looked.and_then(|looked| looked.get(index)) != Some(&json!("-"));
        if is_looked_at { left.clone() } else { json!("-") }
    });
    let seen: Vec<Value> = seen.collect();
    Ok(Some(json!({"messages_left": left.last(), "messages_left_after": seen})))
}

/// What is published and put back: what is confirmed?
fn confirmed(case: &Case, version: Version) -> Result<Option<Value>, String> {
    let mut steps = vec![queue(case)];
    for (number, words) in case.input["steps"].as_array().into_iter().flatten().enumerate() {
        let reference = format!("r{number}");
        let get = json!({"op": "get", "queue": "q", "ref": reference});
        match words.as_str().map(|words| words.trim_end_matches(" (delayed)")) {
            Some("publish") => steps.push(publish("m", json!({}))),
            Some("get+nack requeue") => {
                steps.extend([get, json!({"op": "nack", "ref": reference, "requeue": true})]);
            }
            Some("get+ack") => steps.extend([get, json!({"op": "ack", "ref": reference})]),
            _ => return Ok(None),
        }
    }
    let shown = shown(&steps, version)?;
    let confirms: Vec<&Value> = shown.iter().filter(|shown| shown.is_string()).collect();
    Ok(Some(json!({"confirms": confirms})))
}

/// How long a message is away after each of its failures.
fn delayed(case: &Case, version: Version) -> Result<Option<Value>, String> {
    let Some(returns) = few(case, "failed_returns", 0) else {
        return Ok(None);
    };
    let closed = |Closed(code): Closed| format!("the node closed the channel with {code}");
    let given = super::value::headers(Some(&arguments(case)));
    let arguments = QueueArguments::read(&given, version).map_err(|error| format!("`args`: {error:?}"))?;
    let queue = QueueConfig {
        arguments: Some(arguments.into()),
        ..QueueConfig::new("q")
    };
    let mut client = Client::new(version);
    client.declare_queue("c", Ok(queue)).map_err(closed)?;
    super::facts::publish(&mut client, "m", Default::default()).map_err(closed)?;
    let mut delays = Vec::new();
    for number in 0..returns {
        let channel = format!("failure-{number}");
        if client.get(&channel, "q", false).map_err(closed)?.is_none() {
            break;
        }
        client.close_channel(&channel).map_err(closed)?;
        let mut delay = 0;
        while client.count("c", "q").map_err(closed)? == 0 && delay < DELAY_MS_MAX {
            client.wait(1);
            delay += 1;
        }
        delays.push(delay);
    }
    Ok(Some(json!({"delays_ms": delays})))
}

/// Whether the header `CC` is there when a message has been dead-lettered.
fn copied(case: &Case, version: Version) -> Result<Option<Value>, String> {
    let Some(key) = case.input.get("dead_letter_routing_key").and_then(Value::as_str) else {
        return Ok(None);
    };
    let dead_letters = json!({"x-dead-letter-exchange": "", "x-dead-letter-routing-key": key});
    // What is copied to the same place at once is not looked at.
    let steps = [
        json!({"op": "declare_queue", "queue": "q", "args": dead_letters}),
        publish("m", json!({"headers": {"CC": case.input["cc"]}})),
        json!({"op": "declare_queue", "queue": key, "args": {}}),
        json!({"op": "get", "queue": "q", "ref": "r"}),
        json!({"op": "reject", "ref": "r", "requeue": false}),
        json!({"op": "get", "queue": key, "show": ["CC"]}),
    ];
    let last = shown(&steps, version)?.pop();
    Ok(last.map(|last| json!({"cc_header_kept": last["CC"] == case.input["cc"]})))
}

/// The order in which messages that are rejected one after the other arrive
/// where they are dead-lettered to.
fn rejected(case: &Case, version: Version) -> Result<Option<Value>, String> {
    let (Some(messages), Some(true)) = (few(case, "messages", 0), case.input["reject_each_in_order"].as_bool()) else {
        return Ok(None);
    };
    let mut given = arguments(case);
    given["x-dead-letter-exchange"] = json!("");
    given["x-dead-letter-routing-key"] = json!("dlq");
    let mut steps = vec![
        json!({"op": "declare_queue", "queue": "dlq", "args": {}}),
        json!({"op": "declare_queue", "queue": "q", "args": given}),
    ];
    let bodies: Vec<String> = (1..=messages).map(|number| number.to_string()).collect();
    steps.extend(bodies.iter().map(|body| publish(body, json!({}))));
    for body in &bodies {
        steps.push(json!({"op": "get", "queue": "q", "ref": body}));
        steps.push(json!({"op": "reject", "ref": body, "requeue": false}));
    }
    steps.push(json!({"op": "drain", "queue": "dlq"}));
    let order = shown(&steps, version)?.pop().unwrap_or_default();
    let is_kept = order == json!(bodies);
    let order = if is_kept {
        json!(format!("1..{messages}"))
    } else {
        order
    };
    Ok(Some(json!({"dlq_order": order})))
}
