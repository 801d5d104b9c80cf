//! The messages between clients and servers of a Kafka-style log, as
//! Maelstrom describes them: which answer a question may have.

use crate::case::Case;
use crate::outcome::{Mismatch, Outcome};
use serde_json::{Map, Value};

type Object = Map<String, Value>;

pub(crate) fn judge(case: &Case) -> Result<Outcome, String> {
    // A rule in words stands beside the answer.
    let mut answer = case.expected.clone();
    answer.remove("rule");
    let refused = refusal(&case.input, &answer)?;
    let mismatch = refused.map(|why| Mismatch::new("answer", Value::Object(answer).to_string(), why));
    Ok(Outcome::of(mismatch.into_iter().collect()))
}

/// Why a server may not give this answer; `None` if it may.
fn refusal(question: &Object, answer: &Object) -> Result<Option<String>, String> {
    let asked = question
        .get("type")
        .and_then(Value::as_str)
        .ok_or("`type` is missing")?;
    let given = answer.get("type").and_then(Value::as_str).unwrap_or_default();
    if !["send", "poll", "commit_offsets", "list_committed_offsets"].contains(&asked) {
        return Err(format!("no request `{asked}`"));
    }
    if given != format!("{asked}_ok") {
        return Ok(Some(format!("`{asked}` is answered by `{asked}_ok`, not by `{given}`")));
    }
    Ok(match asked {
        "send" => send(answer),
        "poll" => poll(question, answer),
        "commit_offsets" => extra(answer, &["type"]),
        _ => committed(question, answer),
    })
}

fn extra(answer: &Object, known: &[&str]) -> Option<String> {
    let more = answer.keys().find(|name| !known.contains(&name.as_str()));
    more.map(|name| format!("nobody asked for `{name}`"))
}

/// One offset: where the message went.
fn send(answer: &Object) -> Option<String> {
    match answer.get("offset").map(Value::is_u64) {
        Some(true) => extra(answer, &["type", "offset"]),
        _ => Some("`offset` is a whole number".to_owned()),
    }
}

/// Pairs of offset and message of some of the keys, from the offset that was
/// asked for on, in order; offsets may be left out between them.
fn poll(question: &Object, answer: &Object) -> Option<String> {
    let asked = question.get("offsets").and_then(Value::as_object);
    let Some(messages) = answer.get("msgs").and_then(Value::as_object) else {
        return Some("`msgs` has the messages by key".to_owned());
    };
    for (key, pairs) in messages {
        let Some(from) = asked.and_then(|asked| asked.get(key)).and_then(Value::as_u64) else {
            return Some(format!("nobody asked for `{key}`"));
        };
        let offset = |pair: &Value| match pair.as_array().map(Vec::as_slice) {
            Some([offset, _]) => offset.as_u64(),
            _ => None,
        };
        let offsets: Option<Vec<u64>> = pairs.as_array().and_then(|pairs| pairs.iter().map(offset).collect());
        let Some(offsets) = offsets else {
            return Some(format!("`{key}` has pairs of offset and message"));
        };
        if offsets.first().is_some_and(|first| *first != from) {
            return Some(format!("`{key}` begins at {}, asked for was {from}", offsets[0]));
        }
        if offsets.windows(2).any(|pair| pair[0] >= pair[1]) {
            return Some(format!("the offsets of `{key}` do not grow"));
        }
    }
    extra(answer, &["type", "msgs"])
}

/// Offsets of keys that were asked for; those that nobody committed may be
/// left out.
fn committed(question: &Object, answer: &Object) -> Option<String> {
    let asked = question.get("keys").and_then(Value::as_array);
    let Some(offsets) = answer.get("offsets").and_then(Value::as_object) else {
        return Some("`offsets` has the offsets by key".to_owned());
    };
    for (key, offset) in offsets {
        if !asked.is_some_and(|asked| asked.iter().any(|known| known == key)) {
            return Some(format!("nobody asked for `{key}`"));
        }
        if !offset.is_u64() {
            return Some(format!("the offset of `{key}` is a whole number"));
        }
    }
    extra(answer, &["type", "offsets"])
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn of(question: Value, answer: Value) -> Option<String> {
        refusal(question.as_object().unwrap(), answer.as_object().unwrap()).unwrap()
    }

    #[test]
    fn answers_that_a_server_may_give() {
        let poll = json!({"type": "poll", "offsets": {"a": 2, "b": 0}});
        for (question, answer) in [
            (
                json!({"type": "send", "key": "a", "msg": 1}),
                json!({"type": "send_ok", "offset": 7}),
            ),
            (
                poll.clone(),
                json!({"type": "poll_ok", "msgs": {"a": [[2, 9], [5, "x"]]}}),
            ),
            (
                poll.clone(),
                json!({"type": "poll_ok", "msgs": {"a": [], "b": [[0, 1]]}}),
            ),
            (poll, json!({"type": "poll_ok", "msgs": {}})),
            (
                json!({"type": "commit_offsets", "offsets": {"a": 1}}),
                json!({"type": "commit_offsets_ok"}),
            ),
            (
                json!({"type": "list_committed_offsets", "keys": ["a", "b"]}),
                json!({"type": "list_committed_offsets_ok", "offsets": {"b": 3}}),
            ),
        ] {
            assert_eq!(of(question.clone(), answer), None, "{question}");
        }
    }

    #[test]
    fn answers_that_a_server_may_not_give() {
        let poll = || json!({"type": "poll", "offsets": {"a": 2}});
        let messages = |messages: Value| json!({"type": "poll_ok", "msgs": messages});
        for (question, answer, why) in [
            (poll(), json!({"type": "send_ok"}), "answered by `poll_ok`"),
            (poll(), messages(json!({"a": [[1, 9]]})), "begins at 1"),
            (poll(), messages(json!({"a": [[2, 9], [2, 9]]})), "do not grow"),
            (poll(), messages(json!({"b": [[0, 9]]})), "nobody asked for `b`"),
            (poll(), messages(json!({"a": [2]})), "pairs"),
            (poll(), json!({"type": "poll_ok"}), "by key"),
            (json!({"type": "send"}), json!({"type": "send_ok"}), "whole number"),
            (
                json!({"type": "list_committed_offsets", "keys": ["a"]}),
                json!({"type": "list_committed_offsets_ok", "offsets": {"b": 3}}),
                "nobody asked",
            ),
            (
                json!({"type": "commit_offsets"}),
                json!({"type": "commit_offsets_ok", "x": 1}),
                "nobody asked",
            ),
        ] {
            let found = of(question, answer).unwrap_or_default();
            assert!(found.contains(why), "{found}");
        }
        assert!(refusal(json!({"type": "txn"}).as_object().unwrap(), &Map::new()).is_err());
    }
}
