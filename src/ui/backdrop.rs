//! The ways of a lane that has very many of them: drawn once, and laid under every
//! picture until something about them changes.

use super::pen::{self, Pen};
use super::stage::{self, Scene};
use crate::state::camera::Sight;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

/// With fewer ways than this all of them are drawn in every picture.
const MANY: usize = 240;

/// What the drawn ways depend on.
#[derive(Clone, PartialEq)]
struct Seen {
    sight: Sight,
    /// Of the canvas, in dots.
    size: (u32, u32),
    /// One that differs between palettes.
    color: String,
    /// The ways, each with whether somebody reads what comes this way.
    ways: Vec<(usize, bool)>,
}

/// The drawn ways.
#[derive(Default)]
pub(crate) struct Backdrop {
    sheet: Option<(HtmlCanvasElement, CanvasRenderingContext2d)>,
    seen: Option<Seen>,
}

impl Backdrop {
    /// Draws the ways that stay as they are; which of them are left to be drawn.
    pub(crate) fn draw(&mut self, pen: &Pen<'_>, scene: &Scene<'_>, ways: &[usize]) -> Vec<usize> {
        if ways.len() < MANY {
            return ways.to_vec();
        }
        let (plain, rest): (Vec<usize>, Vec<usize>) = ways.iter().partition(|way| stage::is_plain(scene, **way));
        let seen = Seen {
            sight: scene.sight,
            size: (pen.wide(), pen.tall()),
            color: pen.colors.edge.clone(),
            ways: plain.into_iter().map(|way| (way, stage::is_read(scene, way))).collect(),
        };
        if self.seen.as_ref() != Some(&seen) {
            self.seen = None;
            if self.sheet.is_none() {
                self.sheet = pen::sheet();
            }
            let Some((canvas, cx)) = &self.sheet else {
                return ways.to_vec();
            };
            let Some(beside) = pen.beside(canvas, cx) else {
                return ways.to_vec();
            };
            for (way, _) in &seen.ways {
                stage::way(&beside, scene, *way);
            }
            self.seen = Some(seen);
        }
        let drawn = self.sheet.as_ref().map(|(canvas, _)| pen.lay(canvas));
        if drawn.is_some_and(|drawn| drawn.is_some()) {
            rest
        } else {
            ways.to_vec()
        }
    }
}
