//! What is selected on the stage. Whatever can be pointed at has a name here
//! that a link, an undo and another variant understand: ids of the plan, never
//! positions in a picture.

use super::diagram::{Diagram, ItemKind, Shown};
use super::lab::{Lab, Lane};
use super::numbers;
use mqlab_brokers::rabbitmq::ExchangeId;
use mqlab_engine::PlaceKind;
use mqlab_model::{MessageId, NodeId, PlaceId};

/// What is selected on the stage.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Selection {
    /// In which variant.
    pub variant: usize,
    /// What of it.
    pub thing: Thing,
}

/// Something that can be selected.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Thing {
    /// What facts are about: a load, a broker, a queue, a service, a table.
    Place(PlaceId),
    /// An exchange of a broker: messages pass it, facts do not name it.
    Exchange(NodeId, ExchangeId),
    /// The way from one thing to another, with the connection under it.
    Way(Station, Station),
    /// One message, wherever it is.
    Message(MessageId),
}

/// Where a way begins or ends.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Station {
    /// At a load, a queue, a service or a table.
    Place(PlaceId),
    /// At an exchange of a broker.
    Exchange(NodeId, ExchangeId),
}

impl Selection {
    /// A place of a variant.
    pub const fn of_place(variant: usize, place: PlaceId) -> Self {
        Selection {
            variant,
            thing: Thing::Place(place),
        }
    }

    /// Where a fact happened, by what is drawn of it: what comes in at a service by the
    /// service, what a group owes by its partition.
    pub fn of_fact(variant: usize, lane: &Lane, place: PlaceId) -> Self {
        let known = lane.world().places().get(place);
        let drawn = match known.kind {
            PlaceKind::Subscription | PlaceKind::Calls => PlaceId(known.node.0),
            PlaceKind::GroupPartition => known.of.unwrap_or(place),
            _ => place,
        };
        Selection::of_place(variant, drawn)
    }

    /// The place that is selected, if it is one.
    pub const fn place(&self) -> Option<PlaceId> {
        match self.thing {
            Thing::Place(place) => Some(place),
            Thing::Exchange(..) | Thing::Way(..) | Thing::Message(_) => None,
        }
    }
}

impl From<Station> for Thing {
    fn from(station: Station) -> Self {
        match station {
            Station::Place(place) => Thing::Place(place),
            Station::Exchange(broker, exchange) => Thing::Exchange(broker, exchange),
        }
    }
}

/// What is selected when nobody has chosen: the first queue, else the first
/// service.
pub fn first(lab: &Lab) -> Option<Selection> {
    let of_kind = |kind| {
        lab.lanes.iter().enumerate().find_map(|(variant, lane)| {
            let item = lane.diagram.items.iter().find(|item| item.kind == kind)?;
            Some(Selection::of_place(variant, item.place))
        })
    };
    let waiting = of_kind(ItemKind::Queue).or_else(|| of_kind(ItemKind::Partition));
    waiting.or_else(|| of_kind(ItemKind::Service))
}

/// The thing of a variant that has this name, the first of several.
pub fn named(lane: &Lane, name: &str) -> Option<Thing> {
    let mut shown = lane.diagram.shown();
    let found = shown.find(|shown| numbers::name(lane, *shown) == name)?;
    lane.diagram.thing(found)
}

/// The thing of the same name in the variant of the same name of another lab.
pub fn translate(selection: Selection, from: &Lab, to: &Lab) -> Option<Selection> {
    let lane = from.lanes.get(selection.variant)?;
    let variant = to.lanes.iter().position(|other| other.name == lane.name)?;
    let thing = same(selection.thing, &lane.diagram, &to.lanes[variant].diagram)?;
    Some(Selection { variant, thing })
}

/// The thing of the same name in another diagram.
fn same(thing: Thing, from: &Diagram, to: &Diagram) -> Option<Thing> {
    let item = |index: usize| {
        let item = &from.items[index];
        let mut others = to.items.iter();
        others.position(|other| other.name == item.name && other.kind == item.kind)
    };
    if let Thing::Message(_) = thing {
        return Some(thing);
    }
    match from.find(thing)? {
        Shown::Item(index) => to.thing(Shown::Item(item(index)?)),
        Shown::Way(way) => {
            let ends = (item(from.ways[way].from)?, item(from.ways[way].to)?);
            let way = to.ways.iter().position(|way| (way.from, way.to) == ends)?;
            to.thing(Shown::Way(way))
        }
        Shown::Broker(broker) => {
            let name = &from.brokers[broker].name;
            let broker = to.brokers.iter().position(|other| other.name == *name)?;
            to.thing(Shown::Broker(broker))
        }
        Shown::Member(member) => {
            let name = &from.members[member].name;
            let member = to.members.iter().position(|other| other.name == *name)?;
            to.thing(Shown::Member(member))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lab(exchange: &str) -> Lab {
        let text = format!(
            r#"
            title = "t"
            until = "1s"
            {exchange}
            broker.rabbitmq.queue.orders = {{}}
            table.mysql = {{}}
            service.writer = {{ consume = {{ queue = "orders" }}, steps = [{{ insert = "mysql" }}, "ack"] }}
            load.users = {{ to = "orders", rate = "1/s" }}
        "#
        );
        let (scenario, found) = mqlab_scenario::parse(&text);
        Lab::new(scenario.unwrap_or_else(|| panic!("{found:#?}")))
    }

    #[test]
    fn the_first_queue_is_selected_first() {
        let lab = lab("");
        let selected = first(&lab).expect("there is a queue");
        let shown = lab.lanes[0].diagram.find(selected.thing).and_then(Shown::item);
        assert_eq!(
            shown.map(|item| lab.lanes[0].diagram.items[item].name.as_str()),
            Some("orders")
        );
    }

    #[test]
    fn wherever_something_happens_something_is_drawn() {
        for (text, kind) in [
            (
                r#"
                title = "t"
                until = "1s"
                broker.rabbitmq.queue.orders = {}
                service.writer = { consume = { queue = "orders" }, steps = ["ack"] }
                service.mailer = { steps = [{ work = "1ms" }] }
                load.users = { to = "orders", rate = "1/s" }
                load.shop = { to = "mailer", rate = "1/s" }
            "#,
                PlaceKind::Calls,
            ),
            (
                r#"
                title = "t"
                until = "1s"
                broker.kafka = { topic.orders = { partitions = 2 } }
                service.writer = { consume = { topic = "orders", group = "writers" }, steps = [{ work = "1ms" }] }
                load.users = { to = "orders", rate = "1/s" }
            "#,
                PlaceKind::GroupPartition,
            ),
        ] {
            let (scenario, found) = mqlab_scenario::parse(text);
            let lab = Lab::new(scenario.unwrap_or_else(|| panic!("{found:#?}")));
            let lane = &lab.lanes[0];
            let places = lane.world().places();
            assert!(places.iter().any(|(_, place)| place.kind == kind));
            assert!(places.iter().any(|(_, place)| place.kind == PlaceKind::Subscription));
            for (id, place) in places.iter() {
                // Of these there are only parts.
                if !matches!(place.kind, PlaceKind::Topic | PlaceKind::Group) {
                    let thing = Selection::of_fact(0, lane, id).thing;
                    assert!(lane.diagram.find(thing).is_some(), "{place:?}");
                }
            }
        }
    }

    #[test]
    fn everything_is_found_again_where_ids_have_moved() {
        // A table before all others moves the ids of everything behind it.
        let (before, after) = (lab(""), lab("table.another = {}"));
        let (from, to) = (&before.lanes[0].diagram, &after.lanes[0].diagram);
        let items = (0..from.items.len()).map(Shown::Item);
        let ways = (0..from.ways.len()).map(Shown::Way);
        let mut has_moved = false;
        for shown in items.chain(ways).chain([Shown::Broker(0)]) {
            let thing = from.thing(shown).expect("what is shown has a name");
            let selection = Selection { variant: 0, thing };
            let found = translate(selection, &before, &after).expect("it is there");
            has_moved |= found.thing != thing;
            let name = |diagram: &Diagram, shown| match shown {
                Shown::Item(item) => diagram.items[item].name.clone(),
                Shown::Way(way) => diagram.items[diagram.ways[way].from].name.clone(),
                Shown::Broker(broker) => diagram.brokers[broker].name.clone(),
                Shown::Member(member) => diagram.members[member].name.clone(),
            };
            let there = to.find(found.thing).expect("it is drawn");
            assert_eq!(name(from, shown), name(to, there));
        }
        assert!(has_moved);
    }
}
