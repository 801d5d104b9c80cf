//! The canvases of the charts: the charts themselves, and above them the
//! values at their ends or at the crosshair, which moves more often than they
//! change.

use super::palette::Palette;
use super::pen::Pen;
use crate::state::curves::Asked;
use crate::state::lab::Lab;
use crate::state::plot::Plot;
use crate::state::session::Session;
use mqlab_kernel::SimTime;
use web_sys::HtmlCanvasElement;
use yew::NodeRef;

/// The canvases, and what is drawn on them.
#[derive(Default)]
pub(crate) struct Charts {
    curves: NodeRef,
    crosshair: NodeRef,
    /// What was drawn last, and of what.
    drawn: Option<(Drawn, Plot)>,
    pointed: Option<Option<SimTime>>,
}

/// What decides how the charts look.
#[derive(PartialEq)]
struct Drawn {
    session: Session,
    clock: SimTime,
    actions: u64,
    hidden: Vec<bool>,
    size: (f64, f64),
}

impl Charts {
    /// The canvas of the charts.
    pub(crate) fn curves(&self) -> NodeRef {
        self.curves.clone()
    }

    /// The canvas of the crosshair.
    pub(crate) fn crosshair(&self) -> NodeRef {
        self.crosshair.clone()
    }

    /// They are drawn again before the next picture.
    pub(crate) fn forget(&mut self) {
        self.drawn = None;
    }

    /// Draws what has changed: the charts only if they are due.
    pub(crate) fn draw(&mut self, lab: &Lab, session: &Session, palette: &Palette, is_due: bool) {
        let Some(canvas) = self.curves.cast::<HtmlCanvasElement>() else {
            self.drawn = None;
            return;
        };
        let size = (f64::from(canvas.client_width()), f64::from(canvas.client_height()));
        if is_due || self.drawn.is_none() {
            let now = Drawn {
                session: Session {
                    hover: None,
                    ..session.clone()
                },
                clock: lab.clock(),
                actions: lab.actions(),
                hidden: lab.lanes.iter().map(|lane| lane.is_hidden).collect(),
                size,
            };
            if self.drawn.as_ref().is_none_or(|(before, _)| *before != now)
                && let Some(mut pen) = Pen::on(&canvas, palette)
            {
                let asked = Asked {
                    lab,
                    selection: session.selection,
                    percentiles: &session.boards.percentiles,
                    language: session.language,
                };
                let plot = Plot::new(&asked, &session.boards.bands, size);
                plot.draw(&mut pen);
                self.drawn = Some((now, plot));
                self.pointed = None;
            }
        }
        self.point(session.hover, palette);
    }

    fn point(&mut self, at: Option<SimTime>, palette: &Palette) {
        if self.pointed == Some(at) {
            return;
        }
        let canvas = self.crosshair.cast::<HtmlCanvasElement>();
        let (Some(canvas), Some((_, plot))) = (canvas, &self.drawn) else {
            return;
        };
        if let Some(mut pen) = Pen::on(&canvas, palette) {
            match at {
                Some(at) => plot.draw_crosshair(&mut pen, at),
                None => plot.draw_ends(&mut pen),
            }
            self.pointed = Some(at);
        }
    }
}
