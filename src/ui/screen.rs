//! The canvases of the page and what is drawn on them.

use super::backdrop::Backdrop;
use super::charts::Charts;
use super::flow::Motion;
use super::marks::Marks;
use super::palette::Palette;
use super::pane::Pane;
use super::pen::Pen;
use super::shell;
use super::stage::{self, Scene};
use crate::state::camera::Camera;
use crate::state::diagram::Shown;
use crate::state::lab::Lab;
use crate::state::layout::Point;
use crate::state::numbers;
use crate::state::selection::Thing;
use crate::state::session::Session;
use crate::state::texts::Language;
use crate::state::trail::SPEED;
use mqlab_kernel::SimTime;

/// How far marks go when the clock is moved by hand.
const BY_HAND: f64 = 18.0;

/// The canvases.
#[derive(Default)]
pub(crate) struct Screen {
    panes: Vec<Pane>,
    /// One for each pane.
    backdrops: Vec<Backdrop>,
    pub(crate) charts: Charts,
    palette: Option<Palette>,
    motion: Motion,
    marks: Marks,
    camera: Camera,
    /// Where the camera is going.
    goal: Camera,
    /// Whether the camera has still to find where it stands at first.
    opens: bool,
    /// What the clock showed in the picture before.
    clock: SimTime,
}

impl Screen {
    /// Made ready for another lab.
    pub(crate) fn set_up(&mut self, lab: Option<&Lab>) {
        let lanes = lab.map_or(&[][..], |lab| &lab.lanes);
        self.panes.resize_with(lanes.len(), Pane::default);
        self.backdrops.clear();
        self.backdrops.resize_with(lanes.len(), Backdrop::default);
        self.charts.forget();
        let mut is_same = true;
        for (pane, lane) in self.panes.iter_mut().zip(lanes) {
            is_same &= pane.set_up(&lane.diagram);
        }
        // Who changes a number while looking closely goes on looking there.
        if !is_same {
            self.camera = Camera::default();
            self.goal = self.camera;
            self.opens = true;
        }
    }

    /// The pane of a lane.
    pub(crate) fn pane(&self, lane: usize) -> Option<&Pane> {
        self.panes.get(lane)
    }

    /// The colours are read again before the next picture.
    pub(crate) fn forget_palette(&mut self) {
        self.palette = None;
        self.charts.forget();
    }

    /// Whether the camera is still on its way.
    pub(crate) fn is_moving(&self) -> bool {
        self.camera != self.goal
    }

    /// Draws the stage, and the charts if they are due; `elapsed` is the time
    /// since the picture before, 0 while the clock stands.
    pub(crate) fn draw(&mut self, lab: &Lab, session: &Session, elapsed_ms: f64, charts_due: bool) {
        self.camera.approach(&self.goal);
        self.move_on(lab, elapsed_ms);
        let palette = self.palette.get_or_insert_with(Palette::read);
        let full_scale = numbers::full_scale(lab);
        for (index, lane) in lab.lanes.iter().enumerate().filter(|(_, lane)| !lane.is_hidden) {
            let Some(pane) = self.panes.get_mut(index).filter(|_| !lane.diagram.items.is_empty()) else {
                continue;
            };
            if !pane.fit(&lane.diagram) {
                continue;
            }
            if std::mem::take(&mut self.opens) {
                self.camera = Camera::opening(pane.picture(), pane.stage());
                self.goal = self.camera;
            }
            pane.put_list(&self.camera);
            pane.look(lane, self.motion);
            let Some(pen) = pane.element().and_then(|canvas| Pen::on(&canvas, palette)) else {
                continue;
            };
            let selected = session.selection.filter(|selection| selection.variant == index);
            let scene = Scene {
                lane,
                layout: pane.layout(),
                sight: pane.sight(&self.camera),
                trails: pane.trails(),
                language: session.language,
                full_scale,
                log_scale: numbers::kafka::log_scale(lane.world(), &lane.diagram),
                selected: selected.map(|selection| selection.thing),
                motion: self.motion,
            };
            stage::draw(&pen, &scene, &mut self.marks, &mut self.backdrops[index]);
        }
        self.charts.draw(lab, session, palette, charts_due);
    }

    /// Marks move with the clock of the wall while the simulated one runs, and
    /// a little whenever it is moved by hand.
    fn move_on(&mut self, lab: &Lab, elapsed_ms: f64) {
        let elapsed = elapsed_ms.min(100.0) / 1000.0;
        let simulated = lab.clock().saturating_since(self.clock).as_secs_f64();
        let is_by_hand = elapsed <= 0.0 && lab.clock() > self.clock;
        self.clock = lab.clock();
        self.motion.is_still = shell::wants_little_motion();
        self.motion.elapsed = elapsed;
        self.motion.travelled += if is_by_hand { BY_HAND } else { elapsed * SPEED };
        self.motion.pace = if elapsed > 0.0 {
            simulated * 1000.0 / elapsed_ms
        } else {
            0.0
        };
    }

    /// The camera goes nearer to the middle of a lane, or further away.
    pub(crate) fn zoom(&mut self, factor: f64) {
        let Some(pane) = self.panes.iter().find(|pane| pane.stage().0 > 0.0) else {
            return;
        };
        let (picture, stage) = (pane.picture(), pane.stage());
        let middle = Point {
            x: stage.0 / 2.0,
            y: stage.1 / 2.0,
        };
        self.goal.zoom_at(factor, middle, picture, stage);
        self.hurry();
    }

    /// The camera shows everything.
    pub(crate) fn show_all(&mut self) {
        self.goal = Camera::default();
        self.hurry();
    }

    /// Without motion where none is wished for.
    fn hurry(&mut self) {
        if shell::wants_little_motion() {
            self.camera = self.goal;
        }
    }

    /// A hand on a lane moves the picture and makes it larger; whether that
    /// changed anything.
    pub(crate) fn drag(&mut self, lane: usize, by: Point, factor: f64, at: Point) -> bool {
        let Some(pane) = self.panes.get(lane) else {
            return false;
        };
        let (picture, stage) = (pane.picture(), pane.stage());
        let before = self.camera;
        self.camera.pan(by, picture, stage);
        if (factor - 1.0).abs() > 1e-6 {
            self.camera.zoom_at(factor, at, picture, stage);
        }
        self.goal = self.camera;
        self.camera.sight(picture, stage) != before.sight(picture, stage)
    }

    /// Brings something onto the stage.
    pub(crate) fn reveal(&mut self, lane: usize, shown: Shown) {
        let Some(pane) = self.panes.get(lane) else {
            return;
        };
        if let Some(spot) = pane.layout().spot(shown) {
            self.goal.reveal(spot, pane.picture(), pane.stage());
            self.hurry();
        }
    }

    /// What stands at a point of a lane's canvas.
    pub(crate) fn hit(&self, lab: &Lab, lane: usize, point: Point, reach: f64) -> Option<Thing> {
        let (pane, lane) = (self.panes.get(lane)?, lab.lanes.get(lane)?);
        let scene = Scene {
            lane,
            layout: pane.layout(),
            sight: pane.sight(&self.camera),
            trails: pane.trails(),
            language: Language::default(),
            full_scale: 1.0,
            log_scale: 1.0,
            selected: None,
            motion: self.motion,
        };
        stage::hit(&scene, point, reach)
    }
}
