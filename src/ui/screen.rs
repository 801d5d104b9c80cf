//! The canvases of the page and what is drawn on them.

use super::charts::Charts;
use super::flow::Motion;
use super::palette::Palette;
use super::pen::Pen;
use super::shell;
use super::stage::{self, Scene};
use crate::state::lab::Lab;
use crate::state::numbers;
use crate::state::session::Session;
use mqlab_model::PlaceId;
use web_sys::HtmlCanvasElement;
use yew::NodeRef;

/// How fast marks move, in CSS pixels a second: slow enough to follow.
const MARKS_PER_SECOND: f64 = 70.0;

/// The canvases.
#[derive(Default)]
pub(crate) struct Screen {
    lanes: Vec<NodeRef>,
    pub(crate) charts: Charts,
    palette: Option<Palette>,
    motion: Motion,
}

impl Screen {
    /// As many canvases as there are lanes.
    pub(crate) fn resize(&mut self, lanes: usize) {
        self.lanes.resize_with(lanes, NodeRef::default);
        self.charts.forget();
    }

    /// The canvas of a lane.
    pub(crate) fn lane(&self, lane: usize) -> NodeRef {
        self.lanes.get(lane).cloned().unwrap_or_default()
    }

    /// The colours are read again before the next picture.
    pub(crate) fn forget_palette(&mut self) {
        self.palette = None;
        self.charts.forget();
    }

    /// Draws the stage, and the charts if they are due; `elapsed` is the time
    /// since the picture before, 0 while the clock stands.
    pub(crate) fn draw(&mut self, lab: &Lab, session: &Session, elapsed_ms: f64, charts_due: bool) {
        if !shell::wants_little_motion() {
            self.motion.travelled += elapsed_ms.min(100.0) / 1000.0 * MARKS_PER_SECOND;
        }
        let palette = self.palette.get_or_insert_with(Palette::read);
        let full_scale = numbers::full_scale(lab);
        for (index, lane) in lab.lanes.iter().enumerate().filter(|(_, lane)| !lane.is_hidden) {
            let canvas = self.lanes.get(index).and_then(NodeRef::cast::<HtmlCanvasElement>);
            let Some(pen) = canvas.as_ref().and_then(|canvas| Pen::on(canvas, palette)) else {
                continue;
            };
            let scene = Scene {
                lane,
                language: session.language,
                full_scale,
                selected: selected_in(session, index),
                motion: self.motion,
            };
            stage::draw(&pen, &scene);
        }
        self.charts.draw(lab, session, palette, charts_due);
    }
}

fn selected_in(session: &Session, variant: usize) -> Option<PlaceId> {
    let selection = session.selection?;
    (selection.variant == variant).then(|| selection.place()).flatten()
}
