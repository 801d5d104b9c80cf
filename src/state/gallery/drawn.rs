//! What `cards.txt` and `names.txt` say, as it follows from the scenarios.
//!
//! The gallery has of every scenario a drawing, rows and names before it has the scenario's
//! text, and it has no time to read them all: so these are written down. The test here
//! compares; with `MQLAB_REGENERATE` it writes them anew (`cargo xtask regenerate`).

use super::sketch::LETTERS;
use crate::state::diagram::{Diagram, Item};
use crate::state::layout::{self, Route, Spot};
use crate::state::scenarios::{Entry, SCENARIOS};
use mqlab_engine::Places;
use mqlab_kernel::sort_by;
use mqlab_scenario::{Scenario, Variant};
use std::fmt::Write;
use std::{env, fs};

/// The stage that the drawing is a picture of.
const WIDTH: f64 = 900.0;
const HEIGHT: f64 = 340.0;

/// A drawing is a quarter as wide: parts of its units cannot be seen.
const UNIT: f64 = 2.0;

/// Room around the drawing, in units.
const MARGIN: i64 = 6;

/// If this variable is set, the files are written.
const WRITE: &str = "MQLAB_REGENERATE";

/// The files of this folder, with what they should say.
fn files() -> [(&'static str, String); 2] {
    let mut cards = String::new();
    let mut all_names = String::new();
    for entry in SCENARIOS {
        let scenario = read(entry);
        let (shapes, ways) = sketch(&picture(&scenario));
        let _ = writeln!(cards, "{}|{}|{shapes}|{ways}", entry.stem, scenario.rows.join(" "));
        let _ = writeln!(all_names, "{}|{}", entry.stem, names(&scenario).join("|"));
    }
    [("cards.txt", cards), ("names.txt", all_names)]
}

fn read(entry: &Entry) -> Scenario {
    let (scenario, found) = mqlab_scenario::parse(entry.text());
    scenario.unwrap_or_else(|| panic!("{}: {found:#?}", entry.stem))
}

/// The picture of the variant in which most is to be seen.
fn picture(scenario: &Scenario) -> Diagram {
    let diagram = |variant: &Variant| Diagram::of(&variant.plan, &Places::of(&variant.plan));
    let mut most = Diagram::default();
    for picture in scenario.variants.iter().map(diagram) {
        if picture.items.len() > most.items.len() {
            most = picture;
        }
    }
    most
}

/// The names of everything in a scenario: its variants, brokers, queues and
/// so on, each once.
fn names(scenario: &Scenario) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for variant in &scenario.variants {
        let places = Places::of(&variant.plan);
        names.push(variant.name.clone());
        names.extend(places.iter().map(|(_, place)| place.name.clone()));
    }
    sort_by(&mut names, Ord::cmp);
    names.dedup();
    names
}

/// The drawing of a diagram: its part of the plane with its shapes, and its ways.
fn sketch(diagram: &Diagram) -> (String, String) {
    let layout = layout::place(diagram, WIDTH, HEIGHT);
    let shapes = diagram.items.iter().zip(&layout.spots);
    let shapes: Vec<(char, [i64; 4])> = shapes.map(|(item, spot)| (letter(item), edges(spot))).collect();
    let corners = shapes
        .iter()
        .flat_map(|(_, [left, top, width, height])| [(*left, *top), (left + width, top + height)]);
    let points = layout
        .routes
        .iter()
        .flat_map(|route| (0..=8).map(|step| route.at(f64::from(step) / 8.0)));
    let all: Vec<(i64, i64)> = corners
        .chain(points.map(|point| (units(point.x), units(point.y))))
        .collect();
    let [left, right] =
        [all.iter().map(|at| at.0).min(), all.iter().map(|at| at.0).max()].map(Option::unwrap_or_default);
    let [top, bottom] =
        [all.iter().map(|at| at.1).min(), all.iter().map(|at| at.1).max()].map(Option::unwrap_or_default);
    let (width, height) = (right - left + 2 * MARGIN, bottom - top + 2 * MARGIN);
    let mut text = format!("{} {} {width} {height}", left - MARGIN, top - MARGIN);
    for (letter, [left, top, width, height]) in shapes {
        let _ = write!(text, ";{letter}{left} {top} {width} {height}");
    }
    (text, layout.routes.iter().map(path).collect())
}

fn units(length: f64) -> i64 {
    (length / UNIT).round() as i64
}

fn letter(item: &Item) -> char {
    let known = LETTERS.into_iter().find(|(_, kind)| *kind == item.kind);
    known.map(|(letter, _)| letter).expect("every kind has a letter")
}

fn edges(spot: &Spot) -> [i64; 4] {
    [
        units(spot.center.x - spot.width / 2.0),
        units(spot.center.y - spot.height / 2.0),
        units(spot.width),
        units(spot.height),
    ]
}

/// A way as a path: curves by their distances, which many ways have in common, and
/// everything level between them as one line.
fn path(route: &Route) -> String {
    let mut path = String::new();
    let mut at = None;
    let mut level = None;
    for curve in &route.curves {
        let [from, first, second, to] = curve.map(|point| (units(point.x), units(point.y)));
        if at.is_none() {
            let _ = write!(path, "M{} {}", from.0, from.1);
            at = Some(from);
        }
        if [from, first, second].iter().all(|point| point.1 == to.1) {
            level = Some(to.0);
            continue;
        }
        at = at.map(|at| drawn_to(&mut path, at, level.take()));
        let Some((x, y)) = at else { continue };
        for (letter, point) in [('c', first), (' ', second), (' ', to)] {
            let _ = write!(path, "{letter}{} {}", point.0 - x, point.1 - y);
        }
        at = Some(to);
    }
    if let Some(at) = at {
        drawn_to(&mut path, at, level);
    }
    path
}

/// Where a path stands when a level line has been drawn from `at`.
fn drawn_to(path: &mut String, at: (i64, i64), x: Option<i64>) -> (i64, i64) {
    let x = x.unwrap_or(at.0);
    if x != at.0 {
        let _ = write!(path, "h{}", x - at.0);
    }
    (x, at.1)
}

#[test]
fn the_written_cards_are_those_of_the_scenarios() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/state/gallery");
    for (name, expected) in files() {
        let path = format!("{folder}/{name}");
        if env::var_os(WRITE).is_some() {
            fs::write(&path, &expected).expect("it can be written");
        }
        let written = fs::read_to_string(&path).expect("it is there");
        assert!(
            written == expected,
            "{path} is out of date: run `cargo xtask regenerate`"
        );
    }
}
