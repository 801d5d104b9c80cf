//! What a selected thing is called in a link: ids move when a script changes,
//! names do not.

use crate::state::diagram::{Diagram, Shown};
use crate::state::lab::Lane;
use crate::state::selection::Thing;
use mqlab_model::{MessageId, SourceId};

/// Between the ends of a way.
const ARROW: &str = " \u{2192} ";

/// The name of a thing of a lane.
pub(super) fn name(thing: Thing, lane: &Lane) -> Option<String> {
    let diagram = &lane.diagram;
    if let Thing::Message(message) = thing {
        return Some(format!("#{}/{}", message.source().0, message.number()));
    }
    let name = match diagram.find(thing)? {
        Shown::Item(item) => diagram.items[item].name.clone(),
        Shown::Broker(broker) => diagram.brokers[broker].name.clone(),
        Shown::Member(member) => diagram.members[member].name.clone(),
        Shown::Way(way) => {
            let way = &diagram.ways[way];
            [way.from, way.to]
                .map(|end| diagram.items[end].name.as_str())
                .join(ARROW)
        }
    };
    Some(name)
}

/// The thing of that name in a lane.
pub(super) fn find(name: &str, lane: &Lane) -> Option<Thing> {
    let diagram = &lane.diagram;
    let item = |name: &str| diagram.items.iter().position(|item| item.name == name);
    let broker = || diagram.brokers.iter().position(|broker| broker.name == name);
    let shown = item(name).map(Shown::Item).or_else(|| broker().map(Shown::Broker));
    let member = || diagram.members.iter().position(|member| member.name == name);
    let shown = shown.or_else(|| member().map(Shown::Member));
    let shown = shown.or_else(|| way(name, diagram).map(Shown::Way));
    shown
        .and_then(|shown| diagram.thing(shown))
        .or_else(|| message(name, lane))
}

fn way(name: &str, diagram: &Diagram) -> Option<usize> {
    let called = |index: usize| diagram.items[index].name.as_str();
    // A name may hold the arrow itself, so it is not looked for.
    let mut ways = diagram.ways.iter();
    ways.position(|way| [called(way.from), called(way.to)].join(ARROW) == name)
}

/// A message that one of the sources could make. Whether it does is for the
/// run to say.
fn message(name: &str, lane: &Lane) -> Option<Thing> {
    let (source, number) = name.strip_prefix('#')?.split_once('/')?;
    let source: u16 = source
        .parse()
        .ok()
        .filter(|source| usize::from(*source) < lane.world().sources().len())?;
    let number: u64 = number.parse().ok().filter(|number| *number <= MessageId::NUMBER_MAX)?;
    Some(Thing::Message(MessageId::new(SourceId(source), number)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::lab::Lab;
    use crate::state::scenarios::SCENARIOS;

    #[test]
    fn everything_that_is_drawn_is_found_by_its_name() {
        for entry in SCENARIOS {
            let (scenario, _) = mqlab_scenario::parse(entry.text());
            let lab = Lab::new(scenario.expect("it runs"));
            for lane in &lab.lanes {
                let diagram = &lane.diagram;
                for shown in diagram.shown() {
                    let thing = diagram.thing(shown).expect("it is drawn");
                    let name = name(thing, lane).expect("it has a name");
                    assert_eq!(find(&name, lane), Some(thing), "{}: {name}", entry.stem);
                }
                let message = Thing::Message(MessageId::new(SourceId(0), 17));
                let name = name(message, lane).expect("it has a name");
                // Somewhere nobody makes any: there the name is nobody's.
                let known = (!lane.world().sources().is_empty()).then_some(message);
                assert_eq!((name.as_str(), find(&name, lane)), ("#0/17", known), "{}", entry.stem);
            }
        }
    }

    #[test]
    fn what_is_not_there_is_not_found() {
        let (scenario, _) = mqlab_scenario::parse(SCENARIOS[0].text());
        let lab = Lab::new(scenario.expect("it runs"));
        for name in [
            "",
            "nobody",
            "#",
            "#0",
            "#0/",
            "#99/1",
            "#0/281474976710656",
            "#-1/1",
            "a \u{2192} b",
        ] {
            assert_eq!(find(name, &lab.lanes[0]), None, "{name}");
        }
    }
}
