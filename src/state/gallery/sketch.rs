//! A small drawing of a scenario: the shapes of its things and the ways
//! between them, as the stage would place them.

use crate::state::diagram::{Diagram, ItemKind};
use crate::state::layout::{self, Route};
use std::fmt::Write;

/// The stage that the drawing is a picture of.
const WIDTH: f64 = 900.0;
const HEIGHT: f64 = 340.0;

/// Room around the drawing.
const MARGIN: f64 = 12.0;

/// One thing of a drawing.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Shape {
    /// What it is.
    pub kind: ItemKind,
    /// Its left edge.
    pub left: f64,
    /// Its upper edge.
    pub top: f64,
    /// Its width.
    pub width: f64,
    /// Its height.
    pub height: f64,
}

/// A small drawing: what an inline SVG needs to know.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Sketch {
    /// The part of the plane that is shown: left, top, width, height.
    pub view: [f64; 4],
    /// The things.
    pub shapes: Vec<Shape>,
    /// The ways between them, as paths of an SVG.
    pub ways: Vec<String>,
}

impl Sketch {
    /// The drawing of a diagram.
    pub fn of(diagram: &Diagram) -> Self {
        let layout = layout::place(diagram, WIDTH, HEIGHT);
        let spots = diagram.items.iter().zip(&layout.spots);
        let shapes: Vec<Shape> = spots
            .map(|(item, spot)| Shape {
                kind: item.kind,
                left: (spot.center.x - spot.width / 2.0).round(),
                top: (spot.center.y - spot.height / 2.0).round(),
                width: spot.width.round(),
                height: spot.height.round(),
            })
            .collect();
        Sketch {
            view: view(&shapes, &layout.routes),
            ways: layout.routes.iter().map(path).collect(),
            shapes,
        }
    }
}

/// The part of the plane that holds everything.
fn view(shapes: &[Shape], routes: &[Route]) -> [f64; 4] {
    let corners = shapes.iter().flat_map(|shape| {
        [
            (shape.left, shape.top),
            (shape.left + shape.width, shape.top + shape.height),
        ]
    });
    let points = routes
        .iter()
        .flat_map(|route| (0..=8).map(|step| route.at(f64::from(step) / 8.0)));
    let all: Vec<(f64, f64)> = corners.chain(points.map(|point| (point.x, point.y))).collect();
    if all.is_empty() {
        return [0.0; 4];
    }
    let least = |of: fn(&(f64, f64)) -> f64| all.iter().map(of).fold(f64::INFINITY, f64::min) - MARGIN;
    let most = |of: fn(&(f64, f64)) -> f64| all.iter().map(of).fold(f64::NEG_INFINITY, f64::max) + MARGIN;
    let (left, top) = (least(|point| point.0), least(|point| point.1));
    [
        left.round(),
        top.round(),
        (most(|point| point.0) - left).round(),
        (most(|point| point.1) - top).round(),
    ]
}

fn path(route: &Route) -> String {
    let mut path = String::new();
    for (index, [from, first, second, to]) in route.curves.iter().enumerate() {
        // Writing to a text never fails.
        if index == 0 {
            let _ = write!(path, "M{:.0} {:.0}", from.x, from.y);
        }
        let (a, b, c) = (first, second, to);
        let _ = write!(
            path,
            "C{:.0} {:.0} {:.0} {:.0} {:.0} {:.0}",
            a.x, a.y, b.x, b.y, c.x, c.y
        );
    }
    path
}
