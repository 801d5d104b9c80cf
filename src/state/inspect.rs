//! Which settings the panel beside the stage offers of what is selected.

use super::diagram::{Diagram, ItemKind, Shown};
use super::lab::Lab;
use mqlab_model::PlaceId;
use mqlab_scenario::LiveSetting;

/// What may change, while the run goes on, of something that is drawn: its own
/// settings, and of a queue those of whom it is handed out to.
pub fn settings(lab: &Lab, variant: usize, shown: Shown) -> Vec<LiveSetting> {
    let diagram = &lab.lanes[variant].diagram;
    let of = |place: PlaceId| lab.scenario.live(variant, place);
    match shown {
        Shown::Item(item) => configured(diagram, item).into_iter().flat_map(of).collect(),
        Shown::Broker(broker) => of(PlaceId(diagram.brokers[broker].node.0)),
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
        ItemKind::Queue => {}
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
        disk = { write = "1ms", sync = "2ms", interval = "1s" }
        [table.mysql]
        capacity = "100/s"
        [load.shop]
        to = "orders"
        rate = "10/s"
        window = 10
        buffer = 100
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

    fn lab() -> Lab {
        let (scenario, found) = parse(ALL);
        Lab::new(scenario.unwrap_or_else(|| panic!("{found:#?}")))
    }

    /// Whatever the language lets change while a run goes on can be changed
    /// from the panel of something that is drawn.
    #[test]
    fn every_live_key_is_offered() {
        let lab = lab();
        let shown = lab.lanes[0].diagram.shown();
        let offered: BTreeSet<&str> = shown
            .flat_map(|shown| settings(&lab, 0, shown))
            .chain(lab.scenario.live_chance(0))
            .map(|setting| setting.key.path)
            .collect();
        let live: BTreeSet<&str> = KEYS.iter().filter(|key| key.live).map(|key| key.path).collect();
        assert_eq!(offered, live);
    }

    /// A value that is set shows in its control, and what is a number has a
    /// slider.
    #[test]
    fn every_live_key_has_a_control() {
        let lab = lab();
        let world = lab.lanes[0].world();
        let of_things = lab.lanes[0].diagram.shown().flat_map(|shown| settings(&lab, 0, shown));
        for setting in of_things.chain(lab.scenario.live_chance(0)) {
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
