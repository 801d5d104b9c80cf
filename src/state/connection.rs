//! The connection under a way of the stage, and what a cut makes of it.

use super::diagram::{Diagram, Item, ItemKind, Way};
use super::format;
use super::lab::Lane;
use super::texts::{Key, Language};
use mqlab_engine::LinkView;
use mqlab_model::NodeId;

/// Both directions of the connection under a way. Parts of one broker have
/// none between them.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Connection {
    /// Along the way.
    pub forth: Option<LinkView>,
    /// Back, for answers.
    pub back: Option<LinkView>,
}

impl Connection {
    /// The connection of a way.
    pub fn of(lane: &Lane, way: &Way) -> Self {
        // Whoever writes or reads a partition is connected to its leader; while
        // it has none, to nobody.
        let node = |item: &Item| match item.kind {
            ItemKind::Partition => lane.world().leader_at(item.place),
            _ => Some(item.node),
        };
        let (from, to) = (node(&lane.diagram.items[way.from]), node(&lane.diagram.items[way.to]));
        let link = |a: Option<NodeId>, b: Option<NodeId>| lane.world().link(a?, b?).filter(|_| from != to);
        Connection {
            forth: link(from, to),
            back: link(to, from),
        }
    }

    fn links(&self) -> impl Iterator<Item = LinkView> {
        self.forth.into_iter().chain(self.back)
    }

    /// How many packets are under way in both directions.
    pub fn packets(&self) -> usize {
        self.links().map(|link| link.packets).sum()
    }

    /// Whether nothing passes.
    pub fn is_cut(&self) -> bool {
        self.links().any(|link| link.is_cut)
    }

    /// How many packets do not arrive before the connection heals: all that
    /// are on it, and those that have come to its end.
    pub fn held_up(&self) -> usize {
        let cut = self.links().filter(|link| link.is_cut);
        cut.map(|link| link.packets + link.stranded).sum()
    }

    /// How it stands if it is cut, in words.
    pub fn cut_words(&self, language: Language) -> Option<String> {
        let word = || language.text(Key::IsCut).to_owned();
        match (self.is_cut(), self.held_up()) {
            (false, _) => None,
            (true, 0) => Some(word()),
            (true, count) => {
                let held = language.with(Key::HeldUpShort, &format::count(count as u64));
                Some(format!("{} \u{b7} {held}", word()))
            }
        }
    }
}

/// The gap in a way that is cut, as shares of it.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Gap {
    /// Where it begins.
    pub from: f64,
    /// Where it ends.
    pub to: f64,
}

impl Gap {
    /// The gap in a way, `half` of it to either side of its middle: where
    /// the way is not beside others that leave or come in with it.
    pub fn of(diagram: &Diagram, index: usize, half: f64) -> Gap {
        let way = &diagram.ways[index];
        let is_with = |end: fn(&Way) -> usize| diagram.ways.iter().filter(|other| end(other) == end(way)).count() > 1;
        let middle = match (is_with(|way| way.from), is_with(|way| way.to)) {
            (true, false) => 0.7,
            (false, true) => 0.3,
            _ => 0.5,
        };
        Gap {
            from: middle - half,
            to: middle + half,
        }
    }

    /// The middle of it.
    pub fn middle(self) -> f64 {
        (self.from + self.to) / 2.0
    }

    /// How far a packet is drawn that would be at a share of its way: it
    /// comes as far as the gap.
    pub fn halts(self, share: f64, is_back: bool) -> f64 {
        if is_back {
            share.max(self.to)
        } else {
            share.min(self.from)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::lab::Lab;
    use mqlab_kernel::SimTime;

    const TEXT: &str = r#"
        title = "t"
        until = "1s"
        [broker.rabbitmq]
        queue.orders = {}
        [service.worker]
        consume = { queue = "orders" }
        steps = ["ack"]
        [load.shop]
        to = "orders"
        burst = [["200ms", 3]]
        [link.shop]
        between = ["shop", "rabbitmq"]
        latency = "10ms"
        [[at]]
        time = "100ms"
        cut = ["shop", "rabbitmq"]
        [[at]]
        time = "500ms"
        heal = ["shop", "rabbitmq"]
    "#;

    fn lab_at(ms: u64) -> Lab {
        let (scenario, found) = mqlab_scenario::parse(TEXT);
        let mut lab = Lab::new(scenario.unwrap_or_else(|| panic!("{found:#?}")));
        lab.advance(SimTime::from_nanos(ms * 1_000_000), u64::MAX, |_| false);
        lab
    }

    fn connection(lab: &Lab, from: &str) -> Connection {
        let lane = &lab.lanes[0];
        let mut ways = lane.diagram.ways.iter();
        let way = ways.find(|way| lane.diagram.items[way.from].name == from);
        Connection::of(lane, way.expect("it leads somewhere"))
    }

    #[test]
    fn a_cut_holds_up_what_is_under_way_and_what_has_come_to_its_end() {
        for (ms, held, words) in [
            (99, 0, None),
            (150, 0, Some("cut".to_owned())),
            (205, 3, Some("cut \u{b7} 3 held up".to_owned())),
            (300, 3, Some("cut \u{b7} 3 held up".to_owned())),
            (600, 0, None),
        ] {
            let lab = lab_at(ms);
            let [shop, worker] = ["shop", "orders"].map(|from| connection(&lab, from));
            assert_eq!(
                (shop.held_up(), shop.cut_words(Language::English)),
                (held, words),
                "at {ms} ms"
            );
            assert_eq!(shop.is_cut(), (100..500).contains(&ms), "at {ms} ms");
            assert_eq!(worker.cut_words(Language::English), None, "only this one is cut");
        }
    }

    #[test]
    fn what_is_looked_up_is_what_a_search_finds() {
        for entry in crate::state::scenarios::SCENARIOS {
            let (scenario, _) = mqlab_scenario::parse(entry.text());
            let mut lab = Lab::new(scenario.expect("it is right"));
            lab.advance(SimTime::from_nanos(1_000_000_000), 2_000, |_| false);
            for world in lab.lanes.iter().map(Lane::world) {
                let nodes = || (0..world.node_count() as u16).map(NodeId);
                for (a, b) in nodes().flat_map(|a| nodes().map(move |b| (a, b))) {
                    let found = world.links().find(|link| (link.from, link.to) == (a, b));
                    assert_eq!(world.link(a, b), found, "{}", entry.stem);
                }
                let places = world.places();
                for (whole, _) in places.iter() {
                    let partition = world.partition_at(whole);
                    let leader = partition.map_or(world.leader_at(whole), |partition| partition.leader);
                    assert_eq!(world.leader_at(whole), leader, "{}", entry.stem);
                    let all = places.iter().filter(|(_, place)| place.of == Some(whole));
                    assert!(places.parts_of(whole).eq(all.map(|(id, _)| id)), "{}", entry.stem);
                }
            }
        }
    }

    #[test]
    fn packets_come_as_far_as_the_gap() {
        let lab = lab_at(0);
        let gap = Gap::of(&lab.lanes[0].diagram, 0, 0.1);
        assert_eq!((gap.from, gap.middle(), gap.to), (0.4, 0.5, 0.6));
        assert_eq!((gap.halts(0.2, false), gap.halts(0.9, false)), (0.2, 0.4));
        assert_eq!((gap.halts(0.9, true), gap.halts(0.1, true)), (0.9, 0.6));
    }

    #[test]
    fn gaps_of_ways_that_part_stand_where_they_have_parted() {
        let text = r#"
            title = "t"
            until = "1s"
            broker.rabbitmq.queue = { orders = {}, mails = {} }
            service.shop = { steps = [{ publish = ["orders", "mails"] }] }
            table.log = {}
            service.writer = { consume = { queue = "orders" }, steps = [{ insert = "log" }, "ack"] }
            service.mailer = { consume = { queue = "mails" }, steps = [{ insert = "log" }, "ack"] }
            load.users = { to = "shop", rate = "1/s" }
        "#;
        let (scenario, found) = mqlab_scenario::parse(text);
        let lab = Lab::new(scenario.unwrap_or_else(|| panic!("{found:#?}")));
        let diagram = &lab.lanes[0].diagram;
        let middle = |from: &str| {
            let way = diagram.ways.iter().position(|way| diagram.items[way.from].name == from);
            Gap::of(diagram, way.expect("it leads somewhere"), 0.0).middle()
        };
        assert_eq!((middle("users"), middle("shop"), middle("writer")), (0.5, 0.7, 0.3));
    }
}
