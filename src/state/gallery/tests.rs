//! Tests of `gallery`.

use super::*;
use crate::state::diagram::ItemKind;
use mqlab_engine::plan::NodeKind;
use mqlab_scenario::Variant;

fn stems<'a>(cards: impl IntoIterator<Item = &'a Card>) -> Vec<&'static str> {
    cards.into_iter().map(|card| card.stem).collect()
}

fn found(query: &str, language: Language) -> Vec<&'static str> {
    let gallery = Gallery::read(true);
    let groups = gallery.groups(query, language);
    stems(groups.into_iter().flat_map(|(_, cards)| cards))
}

#[test]
fn every_scenario_has_its_place_in_a_group() {
    let gallery = Gallery::read(true);
    for card in &gallery.cards {
        assert_ne!(card.concept, OTHERS, "the lesson of {} names no group", card.stem);
    }
    let mut all = found("", Language::English);
    all.sort_unstable();
    assert_eq!(all, SCENARIOS.iter().map(|entry| entry.stem).collect::<Vec<_>>());
}

#[test]
fn the_path_is_numbered_in_its_own_order() {
    let gallery = Gallery::read(true);
    let path = gallery.path();
    let places: Vec<usize> = path.iter().filter_map(|card| card.place).collect();
    assert_eq!(places, (1..=path.len()).collect::<Vec<_>>());
    let known: Vec<&str> = PATH
        .into_iter()
        .filter(|stem| scenarios::position(stem).is_some())
        .collect();
    assert_eq!(stems(path), known);
    assert!(known.starts_with(&["sync-or-async"]));
}

#[test]
fn a_search_looks_at_titles_rows_groups_and_names() {
    assert_eq!(found("A5", Language::English), ["peak-shaving-day"]);
    assert_eq!(found("a1", Language::English), ["sync-or-async"]);
    assert_eq!(found("acknowledge crash", Language::English), ["crash-before-ack"]);
    assert!(found("queueing theory", Language::English).contains(&"mm10"));
    assert!(found("mysql", Language::English).contains(&"five-in-two-out"));
    for (name, table) in [("RabbitMQ", "broker.rabbitmq"), ("Kafka", "broker.kafka")] {
        let with_it = SCENARIOS.iter().filter(|entry| entry.text().contains(table));
        let stems: Vec<&str> = with_it.map(|entry| entry.stem).collect();
        let found = found(name, Language::English);
        assert!(stems.iter().all(|stem| found.contains(stem)), "{name}");
    }
    assert!(found("nothing like this", Language::English).is_empty());
}

#[test]
fn a_search_understands_the_page_and_english() {
    assert_eq!(found("短信", Language::Simplified), ["sync-or-async-2"]);
    assert_eq!(found("簡訊", Language::Traditional), ["sync-or-async-2"]);
    assert!(found("簡訊", Language::Simplified).is_empty());
    assert_eq!(found("text message", Language::Traditional), ["sync-or-async-2"]);
    assert_eq!(found("Ａ５　mysql", Language::Simplified), ["peak-shaving-day"]);
}

#[test]
fn hostile_searches_find_nothing_and_break_nothing() {
    for query in ["<script>", "((((", "%00", "\u{202e}\u{0}", &"<b> ".repeat(10_000)] {
        assert!(found(query, Language::English).is_empty(), "{query:?}");
    }
}

#[test]
fn drawings_show_the_richest_variant() {
    let gallery = Gallery::read(true);
    for card in &gallery.cards {
        let sketch = &card.sketch;
        assert!(sketch.shapes.len() >= 3, "{}", card.stem);
        let [left, top, width, height] = sketch.view;
        for shape in &sketch.shapes {
            assert!(
                shape.left >= left && shape.left + shape.width <= left + width,
                "{}",
                card.stem
            );
            assert!(
                shape.top >= top && shape.top + shape.height <= top + height,
                "{}",
                card.stem
            );
        }
        assert!(sketch.ways.starts_with('M'), "{}", card.stem);
    }
    let clicks = gallery.cards.iter().find(|card| card.stem == "sync-or-async");
    let kinds = clicks.map(|card| {
        card.sketch
            .shapes
            .iter()
            .filter(|shape| shape.kind == ItemKind::Queue)
            .count()
    });
    assert_eq!(kinds, Some(3));
}

#[test]
fn names_of_things_come_with_the_rest_and_everything_else_is_there_before() {
    let (before, after) = (Gallery::read(false), Gallery::read(true));
    assert_eq!(before.cards.len(), SCENARIOS.len());
    for (before, after) in before.cards.iter().zip(&after.cards) {
        assert_eq!(SCENARIOS[before.position].stem, before.stem);
        assert!(before.names.is_empty() && !after.names.is_empty(), "{}", before.stem);
        let without = Card {
            names: "",
            ..after.clone()
        };
        assert_eq!(*before, without);
    }
}

#[test]
fn a_first_visit_can_play_the_path_as_far_as_it_is_not_of_clusters() {
    let is_cluster = |variant: &Variant| {
        let brokers = variant.plan.nodes.iter().map(|node| &node.kind);
        brokers.into_iter().any(|kind| matches!(kind, NodeKind::Member(_)))
    };
    for card in &Gallery::read(false).cards {
        let entry = &SCENARIOS[card.position];
        let (scenario, _) = mqlab_scenario::parse(entry.text());
        let has_cluster = scenario.expect("it is a scenario").variants.iter().any(is_cluster);
        assert!(
            entry.is_late() || !has_cluster,
            "{} is played by what is not there",
            card.stem
        );
        assert!(card.place.is_none() || entry.is_late() == has_cluster, "{}", card.stem);
    }
}

#[test]
fn what_is_no_drawing_is_none() {
    for shapes in [
        "",
        "0 0 1 1",
        "0 0 1 1;",
        "0 0 1 1;z0 0 1 1",
        "0 0 1;q0 0 1 1",
        "0 0 1 1;qx 0 1 1",
        "0 0 1 1;é0 0 1 1",
    ] {
        assert_eq!(Sketch::read(shapes, ""), None, "{shapes:?}");
    }
    let sketch = Sketch::read("-1 0 9 8;q2 -3 4 5", "M0 0").expect("a drawing");
    assert_eq!(
        (sketch.view, sketch.shapes.len(), sketch.ways),
        ([-1.0, 0.0, 9.0, 8.0], 1, "M0 0")
    );
    assert_eq!(sketch.shapes[0].kind, ItemKind::Queue);
}
