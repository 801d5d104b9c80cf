//! Layouts of small diagrams.

use super::*;
use crate::state::diagram::{Carries, Item, Tally, Way};
use mqlab_model::{FactKind, NodeId, PlaceId};

fn diagram(kinds: &[ItemKind], ways: &[(usize, usize)]) -> Diagram {
    let item = |(index, kind): (usize, &ItemKind)| Item {
        kind: *kind,
        node: NodeId(index as u16),
        place: PlaceId(index as u16),
        exchange: None,
        name: format!("n{index}"),
    };
    let way = |&(from, to): &(usize, usize)| Way {
        from,
        to,
        carries: Carries::Messages,
        passed: Tally {
            place: PlaceId(0),
            kind: FactKind::Sent,
        },
        failed: None,
    };
    Diagram {
        items: kinds.iter().enumerate().map(item).collect(),
        ways: ways.iter().map(way).collect(),
        brokers: Vec::new(),
    }
}

/// The table stands first in the plan: layers follow the ways, not the file.
fn chain() -> Diagram {
    use ItemKind::{Load, Queue, Service, Table};
    diagram(&[Table, Queue, Service, Load], &[(3, 1), (1, 2), (2, 0)])
}

#[test]
fn a_chain_runs_from_left_to_right_without_touching() {
    for (width, height) in [(840.0, 280.0), (720.0, 200.0), (560.0, 190.0)] {
        let layout = place(&chain(), width, height);
        for (from, to) in [(3, 1), (1, 2), (2, 0)] {
            let (a, b) = (layout.spots[from], layout.spots[to]);
            assert!(a.center.x + a.width / 2.0 < b.center.x - b.width / 2.0, "{width}");
        }
        for spot in &layout.spots {
            assert!(spot.center.x - spot.width / 2.0 >= 0.0 && spot.center.x + spot.width / 2.0 <= width);
            assert!(spot.center.y - spot.height / 2.0 >= 0.0, "{width} {spot:?}");
            assert!(
                spot.center.y + spot.height / 2.0 + 24.0 <= height,
                "{width} {height} {spot:?}"
            );
        }
    }
}

#[test]
fn a_narrow_stage_flows_downward() {
    let height = height_needed(&chain(), 390.0);
    let layout = place(&chain(), 390.0, height);
    assert!(layout.is_vertical);
    assert!(layout.spots[3].center.y < layout.spots[1].center.y);
    let lowest = layout.spots[0];
    assert!(lowest.center.y + lowest.height / 2.0 <= height);
}

#[test]
fn a_circle_is_laid_out_too() {
    use ItemKind::{Load, Queue, Service};
    let circle = diagram(&[Load, Queue, Service], &[(0, 1), (1, 2), (2, 1)]);
    let layout = place(&circle, 800.0, 300.0);
    assert!(layout.spots[1].center.x < layout.spots[2].center.x);
    let back = layout.curves[2];
    assert!(back.at(0.5).y > layout.spots[2].center.y, "the way back runs below");
}

#[test]
fn things_of_one_layer_stand_one_above_the_other() {
    use ItemKind::{Exchange, Load, Queue};
    let fan = diagram(&[Load, Exchange, Queue, Queue], &[(0, 1), (1, 2), (1, 3)]);
    let layout = place(&fan, 800.0, height_needed(&fan, 800.0));
    let (upper, lower) = (layout.spots[2], layout.spots[3]);
    assert_eq!(upper.center.x, lower.center.x);
    assert!(upper.center.y + upper.height / 2.0 < lower.center.y - lower.height / 2.0);
}

#[test]
fn an_empty_diagram_has_an_empty_layout() {
    assert!(place(&Diagram::default(), 100.0, 100.0).spots.is_empty());
}

#[test]
fn a_curve_begins_and_ends_at_its_ends() {
    let layout = place(&chain(), 840.0, 280.0);
    let curve = layout.curves[0];
    assert_eq!((curve.at(0.0), curve.at(1.0)), (curve.0[0], curve.0[3]));
    assert!(curve.length() >= curve.0[3].x - curve.0[0].x - 0.001);
}
