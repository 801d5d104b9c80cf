//! Whatever of RabbitMQ or of its clients does not change while it runs says why.

mod common;

use common::some_value;
use mqlab_scenario::{KEYS, parse};

const BROKER: &str = r#"
queue.a = { max_length = 5 }
queue.b = { type = "quorum" }
exchange.x = {}
binding = [{ exchange = "x", queue = "a", key = "k" }]
policy.p = { pattern = "a", max_length = 7 }
"#;

const CLIENTS: &str = r#"
[service.worker]
consume = { queue = "a", prefetch = 3 }
steps = [{ publish = "b" }, "ack"]
[load.shop]
to = "x"
key = "k"
rate = "1/s"
count = 10
"#;

#[test]
fn what_stays_as_it_is_says_why() {
    let (mut silent, mut count) = (Vec::new(), 0);
    for key in KEYS.iter().filter(|key| !key.live) {
        let path = [
            ("load.*", "load.shop"),
            ("service.*", "service.worker"),
            ("queue.*", "queue.a"),
            ("exchange.*", "exchange.x"),
            ("policy.*", "policy.p"),
            ("binding.*", "binding.0"),
        ]
        .iter()
        .fold(key.path.to_string(), |path, (any, one)| path.replace(any, one));
        let is_its = path.starts_with("broker.rabbitmq.") || path.starts_with("service.worker.consume.");
        let Some(value) = some_value(key).filter(|_| is_its) else {
            continue;
        };
        count += 1;
        let text = format!(
            "title = \"Live\"\nuntil = \"60s\"\n[broker.rabbitmq]{BROKER}{CLIENTS}\
             [[at]]\ntime = \"5s\"\nset = {{ \"{path}\" = {value} }}\n"
        );
        let (_, found) = parse(&text);
        let about: Vec<_> = found.iter().filter(|one| one.code == "bad-setting").collect();
        if !about.iter().any(|one| one.help.is_some()) {
            silent.push((path, found));
        }
    }
    assert!(silent.is_empty(), "{silent:#?}");
    assert!(count > 30, "{count} keys were tried");
}
