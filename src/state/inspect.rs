//! Which settings the panel beside the stage offers of what is selected.

use super::diagram::{Diagram, ItemKind, Shown};
use super::lab::Lab;
use mqlab_model::PlaceId;
use mqlab_scenario::LiveSetting;

/// With more consumers than this each has its settings at itself only: a list of
/// thousands is of no use at the queue, and takes seconds to build.
const CONSUMERS_MAX: usize = 24;

/// What may change, while the run goes on, of something that is drawn: its own
/// settings, and of a queue those of whom it is handed out to, unless they are many.
pub fn settings(lab: &Lab, variant: usize, shown: Shown) -> Vec<LiveSetting> {
    let diagram = &lab.lanes[variant].diagram;
    let of = |place: PlaceId| lab.scenario.live(variant, place);
    match shown {
        Shown::Item(item) => {
            let shown = &diagram.items[item];
            let topic = (shown.kind == ItemKind::Partition).then_some(shown.place);
            topic
                .into_iter()
                .chain(configured(diagram, item))
                .flat_map(of)
                .collect()
        }
        Shown::Broker(broker) => of(PlaceId(diagram.brokers[broker].node.0)),
        Shown::Member(member) => of(PlaceId(diagram.members[member].node.0)),
        Shown::Way(way) => {
            let way = &diagram.ways[way];
            let [from, to] = [way.from, way.to].map(|item| diagram.items[item].node);
            lab.scenario.live_link(variant, from, to)
        }
    }
}

fn configured(diagram: &Diagram, index: usize) -> Vec<PlaceId> {
    let item = &diagram.items[index];
    match item.kind {
        ItemKind::Queue | ItemKind::Partition => {}
        // Its place is that of its broker, which is selected by itself.
        ItemKind::Exchange => return Vec::new(),
        _ => return vec![item.place],
    }
    let mut consumers: Vec<PlaceId> = Vec::new();
    for way in diagram.ways.iter().filter(|way| way.from == index) {
        let to = &diagram.items[way.to];
        if to.kind == ItemKind::Service && !consumers.contains(&to.place) {
            consumers.push(to.place);
        }
        if consumers.len() > CONSUMERS_MAX {
            return Vec::new();
        }
    }
    consumers
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::controls::{self, Control};
    use mqlab_scenario::{KEYS, parse};
    use std::collections::BTreeSet;

    /// A scenario that says everything that may change while it runs.
    const ALL: &str = r#"
        title = "t"
        until = "10s"
        links.latency = "1ms"
        [link.named]
        between = ["users", "front"]
        latency = "2ms"
        [broker.rabbitmq]
        queue.orders = {}
        exchange.x = {}
        exchange.later = { type = "fanout", delayed = true }
        binding = [{ exchange = "x", queue = "orders" }, { exchange = "later", queue = "orders" }]
        policy.p = { pattern = "orders", max_length = 9 }
        memory = "1GB"
        disk = { write = "1ms", sync = "2ms", interval = "1s" }
        [table.mysql]
        capacity = "100/s"
        [load.shop]
        to = "orders"
        rate = "10/s"
        window = 10
        buffer = 100
        [load.reminders]
        to = "later"
        rate = "1/s"
        confirms = false
        [load.users]
        to = "front"
        users = 5
        think = "1s"
        [service.front]
        queue = 10
        admits = 1000
        workers = 2
        steps = [
            { work = "10ms" },
            { call = "back", timeout = "1s", retries = 2, backoff = "1s", breaker = { failures = 3, open = "1s" } },
            { publish = "orders", confirm = true },
        ]
        [service.back]
        steps = [{ fail = "1%" }, { insert = "mysql" }]
        [service.writer]
        consume = { queue = "orders", prefetch = 5 }
        merge = { wait = "1s", most = 5 }
        steps = [{ work = "1ms" }, { nack = { requeue = false } }]
        [faults.random]
        stop = "8s"
        crash = { rate = "1/s" }
    "#;

    /// The same of Kafka.
    const OF_KAFKA: &str = r#"
        title = "t"
        until = "10s"
        [broker.kafka]
        topic.orders = { retention_bytes = "1MB" }
        topic.profiles = { cleanup_policy = "compact" }
        [load.shop]
        to = "orders"
        rate = "10/s"
        [load.users]
        to = "profiles"
        rate = "10/s"
        keys = ["user-1"]
    "#;

    /// The same of mirrored queues.
    const OF_MIRRORS: &str = r#"
        title = "t"
        until = "10s"
        [broker.rabbitmq]
        version = "3.13"
        nodes = 3
        queue.orders = { mirrors = 1 }
        [load.shop]
        to = "orders"
        rate = "10/s"
    "#;

    fn lab_of(text: &str) -> Lab {
        let (scenario, found) = parse(text);
        Lab::new(scenario.unwrap_or_else(|| panic!("{found:#?}")))
    }

    fn lab() -> Lab {
        lab_of(ALL)
    }

    #[test]
    fn a_queue_has_the_settings_of_its_consumers_unless_they_are_many() {
        let paths = |consumers: usize, name: &str| {
            let one = |number: usize| {
                format!(
                    "service.s{number} = {{ consume = {{ queue = \"orders\", prefetch = 1 }}, steps = [\"ack\"] }}\n"
                )
            };
            let all: String = (0..consumers).map(one).collect();
            let lab = lab_of(&format!(
                "title = \"t\"\nuntil = \"1s\"\nbroker.rabbitmq.queue.orders = {{}}\n\
                 load.shop = {{ to = \"orders\", rate = \"1/s\" }}\n{all}"
            ));
            let mut items = lab.lanes[0].diagram.items.iter();
            let item = items.position(|item| item.name == name).expect("it is drawn");
            let settings = settings(&lab, 0, Shown::Item(item));
            settings.into_iter().map(|setting| setting.path).collect::<Vec<_>>()
        };
        let last = "service.s23.consume.prefetch".to_owned();
        assert!(paths(CONSUMERS_MAX, "orders").contains(&last));
        assert_eq!(paths(CONSUMERS_MAX + 1, "orders"), [] as [String; 0]);
        assert!(paths(CONSUMERS_MAX + 1, "s23").contains(&last));
    }

    fn offered_by(lab: &Lab) -> Vec<LiveSetting> {
        let shown = lab.lanes[0].diagram.shown();
        let of_things = shown.flat_map(|shown| settings(lab, 0, shown));
        of_things.chain(lab.scenario.live_chance(0)).collect()
    }

    /// What was set shows at once, and a partition has what its own topic has.
    #[test]
    fn a_partition_offers_the_rules_of_its_topic() {
        let lab = lab_of(OF_KAFKA);
        let all = offered_by(&lab);
        let of = |topic: &str| {
            let above = format!("broker.kafka.topic.{topic}.");
            let paths = all.iter().filter_map(|setting| setting.path.strip_prefix(&above));
            paths.collect::<Vec<&str>>()
        };
        let rules = KEYS.iter().filter(|key| key.live);
        let rules: Vec<&str> = rules
            .filter_map(|key| key.path.strip_prefix("broker.kafka.topic.*."))
            .collect();
        assert!(rules.len() > 10, "{rules:?}");
        assert_eq!(of("orders"), rules);
        // Also what has no effect as long as its policy is what it is.
        assert_eq!(of("profiles"), rules);
        let present = |path: &str| {
            let found = all.iter().find(|setting| setting.path.ends_with(path));
            found.and_then(|setting| setting.present(lab.lanes[0].world()))
        };
        assert_eq!(present("orders.retention_bytes").as_deref(), Some("\"1MB\""));
        assert_eq!(present("orders.cleanup_policy").as_deref(), Some("\"delete\""));
        assert_eq!(present("profiles.cleanup_policy").as_deref(), Some("\"compact\""));
    }

    /// Whatever the language lets change while a run goes on can be changed
    /// from the panel of something that is drawn.
    #[test]
    fn every_live_key_is_offered() {
        let labs = [lab(), lab_of(OF_KAFKA), lab_of(OF_MIRRORS)];
        let offered: BTreeSet<&str> = labs
            .iter()
            .flat_map(offered_by)
            .map(|setting| setting.key.path)
            .collect();
        let live: BTreeSet<&str> = KEYS.iter().filter(|key| key.live).map(|key| key.path).collect();
        assert_eq!(offered, live);
    }

    /// A value that is set shows in its control, and what is a number has a
    /// slider.
    #[test]
    fn every_live_key_has_a_control() {
        let labs = [
            (lab(), ""),
            (lab_of(OF_KAFKA), "broker."),
            (lab_of(OF_MIRRORS), "broker."),
        ];
        for (world, setting) in labs.iter().flat_map(|(lab, above)| {
            let own = offered_by(lab)
                .into_iter()
                .filter(move |one| one.path.starts_with(above));
            own.map(move |setting| (lab.lanes[0].world(), setting))
        }) {
            let present = setting.present(world);
            let shows = |value: &str| {
                let numbers = value.trim_matches(|letter| !char::is_numeric(letter));
                numbers.parse::<f64>().is_ok()
            };
            if let Control::Text(slider) = controls::control(&setting, present.as_deref()) {
                let value = present.as_deref().map_or("", controls::unquoted);
                assert_eq!(
                    slider.is_some(),
                    shows(value) && !value.ends_with('%'),
                    "{}: {value}",
                    setting.path
                );
            }
        }
    }
}
