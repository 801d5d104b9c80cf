//! Facts whose cases are sentences for people, each as a test.

/// The facts that have a test here; `-` is `_` in the name of the test.
pub(super) const NAMES: &[&str] = &[
    "dlx-at-most-once-unroutable",
    "dlx-bcc-removed",
    "dlx-cc-kept",
    "dlx-cycle-reject-expire-expire",
    "dlx-reject-many-order",
    "qq-crash-limit-many",
    "qq-dead-letter-order-expired",
    "qq-delayed-counts-to-length",
    "qq-delayed-retry-backoff",
    "qq-delivery-limit-minus-one",
    "qq-maxlen-bytes-order",
    "qq-mixed-expiry",
    "qq-priority-expiry",
    "qq-requeue-multiple-false",
    "qq-two-level-hi-older",
];

#[cfg(test)]
mod tests {
    use crate::rabbitmq::steps;
    use mqlab_brokers::rabbitmq::Version;
    use serde_json::{Value, json};

    const NEWEST: Version = Version::NEWEST;

    /// What the steps show, without the numbers of the steps.
    fn seen(version: Version, steps: &[Value]) -> Vec<Value> {
        let shown = steps::run(steps, version).unwrap();
        shown.into_iter().map(|shown| shown["result"].clone()).collect()
    }

    fn quorum(queue: &str, arguments: Value) -> Value {
        let mut args = json!({"x-queue-type": "quorum"});
        args.as_object_mut()
            .unwrap()
            .extend(arguments.as_object().unwrap().clone());
        json!({"op": "declare_queue", "queue": queue, "args": args})
    }

    fn queue(queue: &str, arguments: Value) -> Value {
        json!({"op": "declare_queue", "queue": queue, "args": arguments})
    }

    fn publish(body: &str) -> Value {
        json!({"op": "publish", "exchange": "", "key": "q", "body": body})
    }

    fn with(body: &str, properties: Value) -> Value {
        json!({"op": "publish", "exchange": "", "key": "q", "body": body, "props": properties})
    }

    fn get(queue: &str, reference: &str) -> Value {
        json!({"op": "get", "queue": queue, "ref": reference})
    }

    fn put_back(reference: &str) -> Value {
        json!({"op": "nack", "ref": reference, "requeue": true})
    }

    fn reject(reference: &str) -> Value {
        json!({"op": "reject", "ref": reference, "requeue": false})
    }

    fn wait(ms: u64) -> Value {
        json!({"op": "wait", "ms": ms})
    }

    fn count(queue: &str) -> Value {
        json!({"op": "count", "queue": queue})
    }

    fn drain(queue: &str) -> Value {
        json!({"op": "drain", "queue": queue})
    }

    fn dead_letters() -> Value {
        json!({"x-dead-letter-exchange": "", "x-dead-letter-routing-key": "dlq"})
    }

    fn last(version: Version, steps: &[Value]) -> Value {
        seen(version, steps).pop().unwrap()
    }

    #[test]
    fn dlx_at_most_once_unroutable() {
        let arguments = json!({"x-dead-letter-exchange": "", "x-dead-letter-routing-key": "nowhere"});
        let steps = [
            quorum("q", arguments),
            publish("m"),
            get("q", "r"),
            reject("r"),
            count("q"),
        ];
        assert_eq!(last(NEWEST, &steps), 0);
    }

    fn copied(headers: Value, arguments: Value, queue_of_dead: &str, version: Version) -> Value {
        let show = json!({"op": "get", "queue": queue_of_dead, "show": ["CC", "BCC", "x-death"]});
        let publish = json!({"op": "publish", "exchange": "", "key": "q", "body": "m", "props": {"headers": headers}});
        let steps = [
            queue("q", arguments),
            queue("dlq", json!({})),
            publish,
            get("q", "r"),
            reject("r"),
            show,
        ];
        last(version, &steps)
    }

    #[test]
    fn dlx_bcc_removed() {
        let headers = json!({"CC": ["cc 1", "cc 2"], "BCC": ["bcc 2"]});
        let shown = copied(headers, dead_letters(), "dlq", NEWEST);
        assert_eq!(shown["BCC"], Value::Null);
        assert_eq!(shown["x-death"][0]["routing-keys"], json!(["q", "cc 1", "cc 2"]));
    }

    #[test]
    fn dlx_cc_kept() {
        let cc = |version| copied(json!({"CC": ["elsewhere"]}), dead_letters(), "dlq", version)["CC"].clone();
        assert_eq!(cc(Version::new(3, 13)), json!(["elsewhere"]));
        assert_eq!(cc(Version::OLDEST), Value::Null);
    }

    #[test]
    fn dlx_cycle_reject_expire_expire() {
        let to = |next: &str| json!({"x-dead-letter-exchange": "", "x-dead-letter-routing-key": next});
        let and_wait =
            |next: &str| json!({"x-message-ttl": 10, "x-dead-letter-exchange": "", "x-dead-letter-routing-key": next});
        let mut steps = vec![
            queue("q", to("q2")),
            queue("q2", and_wait("q3")),
            queue("q3", and_wait("q")),
            publish("m"),
        ];
        for round in 0..3 {
            let reference = format!("r{round}");
            steps.extend([get("q", &reference), reject(&reference), wait(50), count("q")]);
        }
        assert_eq!(last(NEWEST, &steps), 1, "a consumer stands in the circle");
        // And without one it ends.
        let steps = [
            queue("q", and_wait("q2")),
            queue("q2", and_wait("q")),
            publish("m"),
            wait(100),
            count("q"),
            count("q2"),
        ];
        assert_eq!(seen(NEWEST, &steps), [json!("ack"), json!(0), json!(0)]);
    }

    #[test]
    fn dlx_reject_many_order() {
        let mut steps = vec![queue("dlq", json!({})), queue("q", dead_letters())];
        let bodies: Vec<String> = (1..=100).map(|body| body.to_string()).collect();
        steps.extend(bodies.iter().map(|body| publish(body)));
        steps.extend(bodies.iter().flat_map(|body| [get("q", body), reject(body)]));
        steps.push(drain("dlq"));
        assert_eq!(last(NEWEST, &steps), json!(bodies));
    }

    #[test]
    fn qq_crash_limit_many() {
        let mut steps = vec![quorum("q", json!({"x-delivery-limit": 1}))];
        steps.extend(["1", "2", "3", "4", "5"].map(publish));
        for crash in 0..6 {
            let channel = format!("c{crash}");
            steps.extend([
                json!({"op": "qos", "prefetch": 2, "channel": channel}),
                json!({"op": "consume", "queue": "q", "tag": channel, "channel": channel}),
                json!({"op": "close_channel", "channel": channel}),
                count("q"),
            ]);
        }
        let counts = &seen(NEWEST, &steps)[5..];
        assert_eq!(
            (&counts[0], &counts[1], &counts[3], &counts[5]),
            (&json!(5), &json!(3), &json!(1), &json!(0))
        );
    }

    #[test]
    fn qq_dead_letter_order_expired() {
        let short = |body| with(body, json!({"expiration": "1"}));
        let steps = [
            queue("dlq", json!({})),
            quorum("q", dead_letters()),
            publish("m1"),
            short("m2"),
            short("m3"),
            wait(5),
            count("q"),
            get("q", "r"),
            drain("dlq"),
        ];
        let shown = seen(NEWEST, &steps);
        assert_eq!((&shown[3], &shown[5]), (&json!(3), &json!(["m2", "m3"])));
    }

    #[test]
    fn qq_delayed_counts_to_length() {
        let arguments = json!({"x-delayed-retry-type": "all", "x-delayed-retry-min": 10_000, "x-max-length": 2,
                               "x-overflow": "reject-publish"});
        let steps = [
            quorum("q", arguments),
            publish("1"),
            get("q", "r"),
            put_back("r"),
            publish("2"),
            publish("3"),
            publish("4"),
        ];
        let shown = seen(NEWEST, &steps);
        let confirms = [&shown[0], &shown[2], &shown[3], &shown[4]];
        assert_eq!(confirms, ["ack", "ack", "ack", "nack"]);
    }

    #[test]
    fn qq_delayed_retry_backoff() {
        let arguments =
            json!({"x-delayed-retry-type": "all", "x-delayed-retry-min": 1000, "x-delayed-retry-max": 2500});
        let mut steps = vec![quorum("q", arguments), publish("m")];
        for (delay, name) in [(1000, "a"), (2000, "b"), (2500, "c")] {
            steps.extend([
                json!({"op": "get", "queue": "q", "channel": name}),
                json!({"op": "close_channel", "channel": name}),
                wait(delay - 1),
                count("q"),
                wait(1),
                count("q"),
            ]);
        }
        let shown = seen(NEWEST, &steps);
        let counts: Vec<&Value> = shown.iter().filter(|value| value.is_number()).collect();
        assert_eq!(counts, [0, 1, 0, 1, 0, 1]);
    }

    #[test]
    fn qq_delivery_limit_minus_one() {
        let mut steps = vec![quorum("q", json!({"x-delivery-limit": -1})), publish("m")];
        for name in ["a", "b"] {
            steps.push(json!({"op": "get", "queue": "q", "channel": name}));
            steps.push(json!({"op": "close_channel", "channel": name}));
        }
        steps.push(count("q"));
        assert_eq!(last(NEWEST, &steps), 1);
    }

    #[test]
    fn qq_maxlen_bytes_order() {
        let mut arguments = dead_letters();
        arguments["x-max-length-bytes"] = json!(1000);
        let large = "x".repeat(1500);
        let steps = [
            queue("dlq", json!({})),
            quorum("q", arguments),
            publish("m1"),
            publish("m2"),
            publish(&large),
            count("q"),
            drain("dlq"),
        ];
        let shown = seen(NEWEST, &steps);
        assert_eq!((&shown[3], &shown[4]), (&json!(0), &json!(["m1", "m2", large])));
    }

    #[test]
    fn qq_mixed_expiry() {
        let steps = [
            quorum("q", json!({})),
            publish("msg1"),
            with("msg2", json!({"expiration": "100"})),
            wait(200),
            drain("q"),
        ];
        assert_eq!(last(NEWEST, &steps), json!(["msg1"]));
    }

    #[test]
    fn qq_priority_expiry() {
        let of = |priority, ttl: &str| with("m", json!({"priority": priority, "expiration": ttl}));
        let last_one = with("m", json!({"priority": 3}));
        let steps = [
            quorum("q", json!({})),
            of(9, "100"),
            of(9, "100000"),
            of(7, "100"),
            of(7, "100000"),
            last_one,
            wait(101),
            count("q"),
        ];
        assert_eq!(last(NEWEST, &steps), 3);
    }

    #[test]
    fn qq_requeue_multiple_false() {
        let mut steps = vec![quorum("q", json!({"x-delivery-limit": 3}))];
        let bodies = ["1", "2", "3", "4", "5"];
        steps.extend(bodies.map(publish));
        steps.extend(bodies.map(|body| get("q", body)));
        let order = ["3", "1", "5", "2", "4"];
        steps.extend(order.map(put_back));
        steps.push(drain("q"));
        assert_eq!(last(NEWEST, &steps), json!(order));
    }

    #[test]
    fn qq_two_level_hi_older() {
        let high = |body| with(body, json!({"priority": 5}));
        let mut steps = vec![quorum("q", json!({}))];
        steps.extend(["hi1", "hi2", "hi3", "hi4"].map(high));
        steps.extend([publish("no5"), drain("q")]);
        assert_eq!(
            last(Version::new(4, 2), &steps),
            json!(["hi1", "hi2", "hi3", "hi4", "no5"])
        );
    }

    #[test]
    fn a_consumer_of_higher_priority_comes_first_in_a_queue_without_arguments() {
        let consume = |tag: &str, priority: i64| {
            let args = json!({"x-priority": priority});
            json!({"op": "consume", "queue": "q", "tag": tag, "channel": tag, "args": args})
        };
        let deliveries = |tag: &str| json!({"op": "deliveries", "tag": tag});
        let mut steps = vec![queue("q", json!({})), consume("low", 0), consume("high", 5)];
        steps.extend(["m1", "m2"].map(publish));
        steps.extend(["low", "high"].map(deliveries));
        let seen = seen(NEWEST, &steps);
        assert_eq!(seen[seen.len() - 2..], [json!([]), json!(["m1", "m2"])]);
    }

    #[test]
    fn the_dead_letter_of_a_refused_publish_is_dropped_by_a_full_queue() {
        let full = json!({"x-max-length": 0, "x-overflow": "reject-publish"});
        let steps = [
            queue("dlq", full),
            queue("q", dead_letters()),
            publish("m"),
            get("q", "r"),
            reject("r"),
            count("dlq"),
        ];
        assert_eq!(last(NEWEST, &steps), 0);
    }
}
