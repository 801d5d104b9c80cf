//! One lane on its canvas: ways first, then what moves on them, then things.

use super::flow::{self, Motion};
use super::items;
use super::pen::Pen;
use crate::state::diagram::{Diagram, ItemKind};
use crate::state::lab::Lane;
use crate::state::layout::{self, Layout, Point};
use crate::state::texts::Language;
use mqlab_model::PlaceId;

/// How a lane is drawn.
pub(crate) struct Scene<'a> {
    pub(crate) lane: &'a Lane,
    pub(crate) language: Language,
    /// At how many messages a queue is full.
    pub(crate) full_scale: f64,
    pub(crate) selected: Option<PlaceId>,
    pub(crate) motion: Motion,
}

/// Draws a lane.
pub(crate) fn draw(pen: &Pen<'_>, scene: &Scene<'_>) {
    let layout = layout::place(&scene.lane.diagram, pen.width, pen.height);
    for (index, curve) in layout.curves.iter().enumerate() {
        pen.stroke(&pen.colors.line, 1.5);
        pen.cx.begin_path();
        let [a, b, c, d] = curve.0;
        pen.cx.move_to(a.x, a.y);
        pen.cx.bezier_curve_to(b.x, b.y, c.x, c.y, d.x, d.y);
        pen.cx.stroke();
        flow::draw(pen, scene, index, curve);
    }
    for index in 0..scene.lane.diagram.items.len() {
        items::draw(pen, scene, &layout, index);
    }
}

/// What stands at a point of a lane's canvas.
pub(crate) fn hit(diagram: &Diagram, size: (f64, f64), point: Point) -> Option<PlaceId> {
    const REACH: f64 = 10.0;
    let layout: Layout = layout::place(diagram, size.0, size.1);
    let found = layout.spots.iter().position(|spot| spot.contains(point, REACH))?;
    let item = &diagram.items[found];
    // An exchange has no place of its own to show numbers of.
    (item.kind != ItemKind::Exchange).then_some(item.place)
}
