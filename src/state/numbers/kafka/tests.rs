//! Tests of `numbers::kafka`.

use super::*;
use crate::state::connection::Connection;
use crate::state::diagram::{ItemKind, Shown};
use crate::state::lab::Lab;
use crate::state::numbers;
use crate::state::scenarios::SCENARIOS;
use mqlab_kernel::SimTime;

const TEXT: &str = r#"
    title = "t"
    until = "60s"
    broker.kafka.topic.orders = { partitions = 2, replication_factor = 3, min_insync_replicas = 2 }
    table.ledger = {}
    service.biller = { consume = { topic = "orders", group = "billing", offset_reset = "earliest" }, steps = [{ insert = "ledger" }] }
    load.shop = { to = "orders", rate = "10/s", keys = ["a", "b", "c"] }
    [[at]]
    time = "20s"
    crash = "kafka-1"
"#;

fn lab_at(seconds: u64) -> Lab {
    let (scenario, found) = mqlab_scenario::parse(TEXT);
    let mut lab = Lab::new(scenario.unwrap_or_else(|| panic!("{found:#?}")));
    lab.advance(SimTime::from_nanos(seconds * 1_000_000_000), u64::MAX, |_| false);
    lab
}

#[test]
fn a_partition_keeps_its_number_in_any_room() {
    let all: Vec<String> = shorter("web-clicks-12").collect();
    assert_eq!(
        (all[0].as_str(), all[1].as_str()),
        ("web-clicks-12", "web-click\u{2026}12")
    );
    assert_eq!(all[all.len() - 2..], ["w\u{2026}12", "12"]);
}

fn item(lane: &Lane, name: &str) -> usize {
    let found = lane.diagram.items.iter().position(|item| item.name == name);
    found.unwrap_or_else(|| panic!("{name} is drawn"))
}

#[test]
fn partitions_lie_between_who_writes_and_who_reads() {
    let lab = lab_at(0);
    let diagram = &lab.lanes[0].diagram;
    let name = |index: usize| diagram.items[index].name.as_str();
    let ways: Vec<(&str, &str)> = diagram.ways.iter().map(|way| (name(way.from), name(way.to))).collect();
    for partition in ["orders-0", "orders-1"] {
        assert!(ways.contains(&("shop", partition)), "{ways:?}");
        assert!(ways.contains(&(partition, "biller")), "{ways:?}");
    }
    let members: Vec<&str> = diagram.members.iter().map(|member| member.name.as_str()).collect();
    assert_eq!(members, ["kafka-1", "kafka-2", "kafka-3", "kafka-controller"]);
    for shown in diagram.shown() {
        let thing = diagram.thing(shown).expect("it is drawn");
        assert_eq!(diagram.find(thing), Some(shown));
    }
}

#[test]
fn another_leader_is_named_once_the_controller_knows() {
    let leader = |seconds| {
        let lab = lab_at(seconds);
        let lane = &lab.lanes[0];
        let led = lane
            .world()
            .partition_at(lane.diagram.items[item(lane, "orders-0")].place);
        let led = led.expect("it is a partition").leader.expect("somebody leads");
        let line = numbers::headline(lane, item(lane, "orders-0"), Language::English);
        assert_eq!(line, format!("leader {}", short_name(lane.world(), led)));
        let way = lane.diagram.ways.iter().find(|way| way.to == item(lane, "orders-0"));
        let connection = Connection::of(lane, way.expect("somebody writes"));
        assert_eq!(connection.forth.expect("they are connected").to, led);
        line
    };
    assert_eq!(leader(19), "leader 1");
    assert_ne!(leader(50), "leader 1");
}

#[test]
fn a_replica_out_of_sync_is_missing_from_the_note() {
    let note = |seconds| {
        let lab = lab_at(seconds);
        let lane = &lab.lanes[0];
        notes(
            lane.world(),
            lane.diagram.items[item(lane, "orders-1")].place,
            Language::English,
        )
    };
    let (words, is_wrong) = note(19);
    assert!(!is_wrong && words[0] == "in sync 2, 3, 1", "{words:?}");
    let (words, is_wrong) = note(50);
    assert!(is_wrong && words[0] == "in sync 2, 3", "{words:?}");
}

#[test]
fn a_way_is_read_by_whoever_the_partition_is_assigned_to() {
    let lab = lab_at(19);
    let lane = &lab.lanes[0];
    for way in 0..lane.diagram.ways.len() {
        assert!(is_read(lane, way), "there is one consumer for all");
    }
    let before = lab_at(0);
    let lane = &before.lanes[0];
    let read = lane
        .diagram
        .ways
        .iter()
        .position(|way| lane.diagram.items[way.from].kind == ItemKind::Partition);
    assert!(!is_read(lane, read.expect("somebody reads")), "nobody has joined");
}

#[test]
fn everything_of_a_cluster_has_numbers_in_every_language() {
    let lab = lab_at(30);
    let lane = &lab.lanes[0];
    for language in Language::ALL {
        for member in &lane.diagram.members {
            let rows = of_member(lane.world(), member.node, language);
            assert!(
                !rows.is_empty() && rows.iter().all(|row| !row.value.is_empty()),
                "{}",
                member.name
            );
        }
        let cluster = PlaceId(lane.diagram.brokers[0].node.0);
        let rows = numbers::of_broker(lane.world(), cluster, language);
        let live = rows
            .iter()
            .find(|row| row.name == Key::KafkaLive)
            .expect("it is a cluster");
        assert_eq!(live.value, "2");
        let rows = numbers::of_item(lane, item(lane, "orders-0"), language);
        assert!(rows.iter().any(|row| row.name == Key::KafkaHighWatermark));
    }
}

#[test]
fn the_comparison_counts_new_leaders_and_rebalances() {
    use crate::state::comparison::Comparison;
    let lab = lab_at(50);
    let asked = crate::state::curves::Asked {
        lab: &lab,
        selection: None,
        percentiles: &[],
        language: Language::English,
    };
    let compared = Comparison::new(&asked, 0);
    let rows: Vec<_> = compared.groups.iter().flat_map(|group| &group.rows).collect();
    let count = |id: &str| {
        let row = rows.iter().find(|row| row.id == id);
        match row.unwrap_or_else(|| panic!("{id} is compared")).values[0] {
            Some(mqlab_engine::Value::Count(count)) => count,
            other => panic!("{id} is no count but {other:?}"),
        }
    };
    // Both of its partitions lack the dead broker.
    assert_eq!((count("under_replicated"), count("leaderless")), (2, 0));
    assert!(count("leader_changes") >= 1 && count("rebalances") >= 1);
}

/// Whoever opens one on a phone sees its partitions, and all of its nodes.
#[test]
fn clusters_of_the_gallery_are_drawn_whole() {
    let mut seen = 0;
    for entry in SCENARIOS.iter().filter(|entry| entry.text().contains("[broker.kafka]")) {
        let (scenario, _) = mqlab_scenario::parse(entry.text());
        let lab = Lab::new(scenario.expect("it runs"));
        let has = |lane: &Lane, kind| lane.diagram.items.iter().any(|item| item.kind == kind);
        // A variant may use a queue in the place of the topic.
        let with_log = lab.lanes.iter().filter(|lane| has(lane, ItemKind::Partition));
        assert!(with_log.count() > 0, "{}", entry.stem);
        for lane in &lab.lanes {
            let is_kept = has(lane, ItemKind::Partition) || has(lane, ItemKind::Queue);
            assert!(is_kept && has(lane, ItemKind::Load), "{}", entry.stem);
            let layout = crate::state::layout::place(&lane.diagram, 390.0, 600.0);
            for shown in (0..lane.diagram.members.len()).map(Shown::Member) {
                let spot = layout.spot(shown).expect("it has a place");
                assert!(
                    spot.width > 8.0 && spot.center.x < layout.width,
                    "{}: {spot:?}",
                    entry.stem
                );
            }
            seen += 1;
        }
    }
    assert!(seen > 0, "there are such scenarios");
}

/// An empty group waits three seconds for others; then everybody has partitions.
#[test]
fn a_member_joins_step_by_step() {
    let member = |seconds| {
        let lab = lab_at(seconds);
        let world = lab.lanes[0].world();
        let kafka = world.places().named("kafka").expect("it is there");
        let cluster = world.cluster(world.places().get(kafka).node).expect("it is a cluster");
        let group = cluster.groups.into_iter().next().expect("there is one");
        let member = group.members.into_iter().next().expect("there is one");
        (
            group.state,
            phase_word(member.phase),
            member.generation,
            member.partitions.len(),
        )
    };
    let joining = (GroupState::PreparingRebalance, Key::KafkaPhaseJoining, -1, 0);
    assert_eq!(member(2), joining);
    assert_eq!(member(10), (GroupState::Stable, Key::KafkaStable, 1, 2));
}
