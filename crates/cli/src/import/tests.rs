use super::scenario;
use mqlab_engine::plan::{BrokerPlan, NodeKind};
use mqlab_scenario::parse;

/// What a text becomes, which a scenario has to be, and what is said beside it.
fn imported(text: &str) -> (String, Vec<String>) {
    let (text, said) = scenario(text, "Exported", None).unwrap();
    let (scenario, found) = parse(&text);
    assert!(found.is_empty(), "{found:#?}\n{text}");
    let plan = &scenario.unwrap().variants[0].plan;
    assert!(
        plan.nodes
            .iter()
            .any(|node| matches!(node.kind, NodeKind::Broker(BrokerPlan::Rabbit(_))))
    );
    (text, said)
}

const SHOP: &str = r##"{
    "rabbit_version": "3.13.7", "users": [{ "name": "guest" }], "vhosts": [{ "name": "/" }],
    "policies": [
        { "vhost": "/", "name": "short", "pattern": "^tmp\\.", "apply-to": "queues", "priority": 0,
          "definition": { "message-ttl": 500, "max-length": 10, "overflow": "reject-publish" } },
        { "vhost": "/", "name": "mirrors", "pattern": "orders", "definition": { "ha-mode": "all" } }
    ],
    "queues": [
        { "name": "orders", "vhost": "/", "durable": true, "auto_delete": false,
          "arguments": { "x-queue-type": "quorum", "x-delivery-limit": 5, "x-dead-letter-exchange": "dead" } },
        { "name": "tmp.a", "vhost": "/", "durable": false, "auto_delete": true,
          "arguments": { "x-max-length": 3, "x-dead-letter-exchange": "", "x-dead-letter-routing-key": "graves" } },
        { "name": "graves", "vhost": "/", "durable": true, "auto_delete": false, "arguments": { "x-expires": 60000 } },
        { "name": "clicks", "vhost": "/", "durable": true, "auto_delete": false, "arguments": { "x-queue-type": "stream" } },
        { "name": "two words", "vhost": "/", "durable": true, "auto_delete": false,
          "arguments": { "x-max-length-bytes": 1000, "x-overflow": "reject-publish" } }
    ],
    "exchanges": [
        { "name": "orders", "vhost": "/", "type": "topic", "durable": true, "arguments": { "alternate-exchange": "dead" } },
        { "name": "dead", "vhost": "/", "type": "fanout", "durable": true, "arguments": {} },
        { "name": "later", "vhost": "/", "type": "x-delayed-message", "arguments": { "x-delayed-type": "direct" } },
        { "name": "hash", "vhost": "/", "type": "x-consistent-hash", "arguments": {} },
        { "name": "heads", "vhost": "/", "type": "headers", "arguments": {} }
    ],
    "bindings": [
        { "source": "orders", "vhost": "/", "destination": "orders", "destination_type": "queue", "routing_key": "o.#", "arguments": {} },
        { "source": "dead", "vhost": "/", "destination": "graves", "destination_type": "queue", "routing_key": "", "arguments": {} },
        { "source": "later", "vhost": "/", "destination": "two words", "destination_type": "queue", "routing_key": "k", "arguments": {} },
        { "source": "hash", "vhost": "/", "destination": "graves", "destination_type": "queue", "routing_key": "1", "arguments": {} },
        { "source": "orders", "vhost": "/", "destination": "heads", "destination_type": "exchange", "routing_key": "x", "arguments": {} },
        { "source": "heads", "vhost": "/", "destination": "graves", "destination_type": "queue", "routing_key": "",
          "arguments": { "x-match": "any", "kind": "pdf", "n": 3, "f": true } },
        { "source": "amq.direct", "vhost": "/", "destination": "graves", "destination_type": "queue", "routing_key": "g", "arguments": {} }
    ]
}"##;

const SHOP_TEXT: &str = r##"# The broker as it was exported. Add loads, services and tables, and run it.

title = "Exported"
until = "60s"

[broker.rabbitmq]
version = "3.13"
queue.orders = { dead_letter = "dead", delivery_limit = 5, type = "quorum" }
queue."tmp.a" = { dead_letter = "graves", max_length = 3, message_ttl = "500ms", overflow = "reject-publish", durable = false, auto_delete = true }
queue.graves = { expires = "60000ms" }
queue.two-words = { max_length_bytes = "1000B", overflow = "reject-publish" }
exchange.orders-exchange = { type = "topic", alternate = "dead" }
exchange.dead = { type = "fanout" }
exchange.later = { type = "direct", delayed = true }
exchange.heads = { type = "headers" }
exchange."amq.direct" = { type = "direct" }
binding = [
    { exchange = "orders-exchange", queue = "orders", key = "o.#" },
    { exchange = "dead", queue = "graves" },
    { exchange = "later", queue = "two-words", key = "k" },
    { exchange = "orders-exchange", to = "heads", key = "x" },
    { exchange = "heads", queue = "graves", match = "any", headers = { f = true, kind = "pdf", n = 3 } },
    { exchange = "amq.direct", queue = "graves", key = "g" },
]
"##;

#[test]
fn definitions_become_a_scenario() {
    let (text, said) = imported(SHOP);
    assert_eq!(text, SHOP_TEXT);
    let expected = [
        "queue \"clicks\" is left out: it is a stream",
        "queue \"two words\" is called \"two-words\" here",
        "exchange \"orders\" is called \"orders-exchange\" here",
        "exchange \"hash\" is left out: its type is x-consistent-hash",
        "queue \"orders\": x-ha-mode = \"all\" is left out",
        "exchange \"orders\": x-ha-mode = \"all\" is left out",
        "the binding from \"hash\" to \"graves\": one of them is left out",
    ];
    assert_eq!(said, expected);
}

#[test]
fn one_virtual_host_is_taken() {
    let text = r#"{ "queues": [{ "name": "a", "vhost": "x" }, { "name": "b", "vhost": "y" }] }"#;
    let why = scenario(text, "t", None).unwrap_err();
    assert!(why.contains("--vhost") && why.contains("`x`, `y`"), "{why}");
    let why = scenario(text, "t", Some("z")).unwrap_err();
    assert!(why.contains("`z`") && why.contains("`x`, `y`"), "{why}");
    let (taken, _) = scenario(text, "t", Some("y")).unwrap();
    assert!(taken.contains("queue.b = {}") && !taken.contains("queue.a"), "{taken}");
    // A file of one virtual host names none.
    assert!(
        imported(r#"{ "queues": [{ "name": "a" }] }"#)
            .0
            .contains("queue.a = {}")
    );
}

#[test]
fn what_is_no_export_is_refused() {
    for text in [
        "",
        "[]",
        "{",
        "{}",
        r#"{ "queues": [{ "durable": true }] }"#,
        "{ \"queues\": 3 }",
    ] {
        assert!(scenario(text, "t", None).is_err(), "{text}");
    }
}

#[test]
fn names_of_any_kind_become_names() {
    let names = [
        "a b",
        "a/b",
        "a-b",
        "",
        "\u{1f407}",
        "rabbitmq",
        &"x".repeat(300),
        "\"]\n[load.x",
    ];
    let queues: Vec<_> = names.iter().map(|name| serde_json::json!({ "name": name })).collect();
    let text = serde_json::json!({ "queues": queues }).to_string();
    let (text, said) = imported(&text);
    assert_eq!(said.len(), names.len() - 1, "{said:#?}\n{text}");
}

#[test]
fn a_pattern_that_cannot_be_read_is_said() {
    let text = r#"{ "queues": [{ "name": "a" }], "policies": [{ "name": "p", "pattern": "(", "definition": { "max-length": 3 } }] }"#;
    let (text, said) = imported(text);
    assert!(said[0].contains("\"(\"") && !text.contains("max_length"), "{said:?}");
}

#[test]
fn a_queue_that_belongs_to_a_connection_is_left_out() {
    let (text, said) = imported(r#"{ "queues": [{ "name": "a", "exclusive": true }, { "name": "b" }] }"#);
    assert!(text.contains("queue.b = {}") && !text.contains("queue.a"), "{text}");
    assert_eq!(said, ["queue \"a\" is left out: it belongs to a connection"]);
}
