//! Where things stand on the stage: layers from the loads onward, left to
//! right, or top to bottom where the stage is narrow; what belongs to one
//! broker stands together in a frame. Deterministic: the same diagram and size
//! give the same picture.

mod fold;
mod groups;
mod order;
mod route;
mod settle;
mod sheet;
mod sizes;
mod weave;

pub use fold::{LEGIBLE, TINY};
pub use route::Route;

use super::diagram::{Diagram, Shown};

/// A point of the stage, in CSS pixels.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Point {
    /// From the left.
    pub x: f64,
    /// From the top.
    pub y: f64,
}

impl Point {
    /// The same, elsewhere.
    fn moved(self, by: Point) -> Self {
        Point {
            x: self.x + by.x,
            y: self.y + by.y,
        }
    }
}

/// Where one item stands.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Spot {
    /// Its middle.
    pub center: Point,
    /// Its width.
    pub width: f64,
    /// Its height.
    pub height: f64,
}

impl Spot {
    const fn at(x: f64, y: f64, width: f64, height: f64) -> Self {
        Spot {
            center: Point { x, y },
            width,
            height,
        }
    }

    /// Whether a point is on it, or close enough for a finger.
    pub fn contains(&self, point: Point, reach: f64) -> bool {
        (point.x - self.center.x).abs() <= self.width / 2.0 + reach
            && (point.y - self.center.y).abs() <= self.height / 2.0 + reach
    }

    /// The same, elsewhere.
    fn moved(&self, by: Point) -> Self {
        Spot {
            center: self.center.moved(by),
            ..*self
        }
    }

    /// Whether it shares ground with another.
    #[cfg(test)]
    pub fn overlaps(&self, other: &Spot) -> bool {
        (self.center.x - other.center.x).abs() < (self.width + other.width) / 2.0 - 1e-6
            && (self.center.y - other.center.y).abs() < (self.height + other.height) / 2.0 - 1e-6
    }
}

/// The frame around what a broker holds.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Frame {
    /// Which broker of the diagram.
    pub broker: usize,
    /// Where it is.
    pub spot: Spot,
}

/// A diagram with a place for everything.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Layout {
    /// Where the body of each item stands.
    pub spots: Vec<Spot>,
    /// The room of each item with the words at it.
    pub rooms: Vec<Spot>,
    /// How wide the words at each item may be.
    pub words: Vec<f64>,
    /// How each way runs.
    pub routes: Vec<Route>,
    /// Which ways lead against the flow.
    pub is_back: Vec<bool>,
    /// What encloses the parts of brokers.
    pub frames: Vec<Frame>,
    /// Where each node of a cluster is, on the frame of its cluster.
    pub members: Vec<Spot>,
    /// Whether messages flow from top to bottom.
    pub is_vertical: bool,
    /// Whether words stand beside bodies, and not below them.
    pub has_words_beside: bool,
    /// How wide everything is together.
    pub width: f64,
    /// How high everything is together.
    pub height: f64,
}

/// Below this width of the stage, messages flow from top to bottom.
pub const NARROW: f64 = 520.0;

/// Room around everything.
const MARGIN: f64 = 10.0;

/// Room below the nodes of a cluster, if nothing else is further down.
const BELOW_MEMBERS: f64 = 6.0;

/// How bodies are made to fit.
#[derive(Clone, Copy, PartialEq, Debug)]
struct FitTo {
    is_vertical: bool,
    /// Whether words stand beside bodies: only where messages flow downward, and
    /// not where so many stand side by side that they would have no room.
    has_words_beside: bool,
    /// How much lower than natural a body is that can be lower.
    squeeze: f64,
    /// How much of a layer may be filled.
    fill_max: f64,
    /// Room between two layers.
    gap: f64,
}

/// Least and most room between two layers.
const GAP_MIN: f64 = 44.0;
const GAP_MAX: f64 = 128.0;

/// The height that a lane of this width likes to have, without its title.
pub fn height_needed(diagram: &Diagram, width: f64) -> f64 {
    if diagram.items.is_empty() {
        return 120.0;
    }
    if width < NARROW {
        let layout = place(diagram, width, f64::INFINITY);
        let scale = (width / layout.width).min(1.0);
        return (layout.height * scale).clamp(120.0, 760.0);
    }
    // Beside each other lanes make do with little: what is looked at closely
    // has the camera.
    let low = FitTo {
        is_vertical: false,
        has_words_beside: false,
        squeeze: 0.55,
        fill_max: f64::INFINITY,
        gap: GAP_MIN,
    };
    let layout = weave::weave(diagram, low);
    let scale = (width / layout.width).min(1.0);
    (layout.height * scale * 0.9).clamp(112.0, 420.0)
}

/// Places a diagram for a stage of this size. What needs more room than there
/// is gets it: the camera brings it onto the stage.
pub fn place(diagram: &Diagram, width: f64, height: f64) -> Layout {
    let mut layout = placed(diagram, width, height);
    layout.members = members(diagram, &layout.frames);
    // They hang over the frame's lower line, which may be the lowest of all.
    let lowest = layout
        .members
        .iter()
        .map(|spot| spot.center.y + spot.height / 2.0 + BELOW_MEMBERS);
    layout.height = lowest.fold(layout.height, f64::max);
    layout
}

/// The nodes of clusters, side by side on the lower line of the frame.
fn members(diagram: &Diagram, frames: &[Frame]) -> Vec<Spot> {
    const WIDE: f64 = 38.0;
    const TALL: f64 = 16.0;
    // A little outside, where no words stand.
    const BELOW: f64 = 2.0;
    let mut spots = vec![Spot::default(); diagram.members.len()];
    for broker in 0..diagram.brokers.len() {
        let Some(frame) = frames.iter().find(|frame| frame.broker == broker) else {
            continue;
        };
        let all: Vec<usize> = diagram.members_of(broker).map(|(index, _)| index).collect();
        let Spot { center, width, height } = frame.spot;
        let step = ((width - 16.0) / all.len().max(1) as f64).min(WIDE + 6.0);
        for (place, index) in all.into_iter().enumerate() {
            let x = center.x - width / 2.0 + 8.0 + step * (place as f64 + 0.5);
            spots[index] = Spot::at(x, center.y + height / 2.0 + BELOW, WIDE.min(step - 2.0), TALL);
        }
    }
    spots
}

fn placed(diagram: &Diagram, width: f64, height: f64) -> Layout {
    let is_vertical = width < NARROW;
    if diagram.items.is_empty() {
        return Layout {
            is_vertical,
            width,
            height,
            ..Layout::default()
        };
    }
    let fits = candidates(is_vertical, diagram.items.len());
    let mut best: Option<(f64, FitTo, Layout)> = None;
    for fit in fits {
        let layout = weave::weave(diagram, fit);
        // The least room that is more than enough is not better than enough.
        let scale = (width / layout.width).min(height / layout.height).min(1.0);
        let worth = scale * (0.85 + 0.15 * fit.squeeze);
        if best.as_ref().is_none_or(|(before, ..)| worth > before + 0.02) {
            best = Some((worth, fit, layout));
        }
    }
    let Some((_, fit, layout)) = best else {
        return Layout::default();
    };
    let scale = |layout: &Layout| (width / layout.width).min(height / layout.height);
    if scale(&layout) < TINY {
        let folded = fold::fold(diagram, fit, &layout, (width, height));
        if let Some(folded) = folded.filter(|folded| scale(folded) > scale(&layout) * 1.25) {
            return folded;
        }
    }
    widened(diagram, fit, layout, (width, height))
}

/// With more items than this few ways to place them are tried: each costs seconds, and
/// nothing can be read anyway before somebody looks closer.
const MANY: usize = 480;

fn candidates(is_vertical: bool, items: usize) -> Vec<FitTo> {
    let is_many = items > MANY;
    let squeezes: &[f64] = match (is_vertical, is_many) {
        (true, _) => &[1.0],
        (false, true) => &[sizes::LOWEST],
        (false, false) => &[1.0, 0.85, 0.7, 0.55, sizes::LOWEST],
    };
    let fills: &[f64] = match (is_vertical, is_many) {
        (true, true) => &[720.0],
        (true, false) => &[f64::INFINITY, 720.0, 480.0, 260.0],
        (false, true) => &[1400.0],
        (false, false) => &[f64::INFINITY, 1400.0, 1000.0, 700.0, 450.0],
    };
    let sides: &[bool] = match (is_vertical, is_many) {
        (true, false) => &[true, false],
        _ => &[false],
    };
    let mut all = Vec::new();
    for has_words_beside in sides {
        for fill_max in fills {
            for squeeze in squeezes {
                all.push(FitTo {
                    is_vertical,
                    has_words_beside: *has_words_beside,
                    squeeze: *squeeze,
                    fill_max: *fill_max,
                    gap: GAP_MIN,
                });
            }
        }
    }
    all
}

/// With the room that is left over between its layers.
fn widened(diagram: &Diagram, fit: FitTo, layout: Layout, (width, height): (f64, f64)) -> Layout {
    // Where height decides how large everything is, there is width to spare.
    let scale = (width / layout.width).min(height / layout.height).min(1.0);
    let (left, least) = if fit.is_vertical {
        (height.min(1e5) / scale - layout.height, GAP_MIN)
    } else {
        (width / scale - layout.width, GAP_MIN)
    };
    let gaps = weave::gaps(diagram, fit);
    if left <= 0.0 || gaps < 1.0 || (fit.is_vertical && height.is_infinite()) {
        return layout;
    }
    let most = if fit.is_vertical { 64.0 } else { GAP_MAX };
    let gap = (least + left / gaps).min(most);
    weave::weave(diagram, FitTo { gap, ..fit })
}

impl Layout {
    /// Where something that is drawn stands; for a way, its middle.
    pub fn spot(&self, shown: Shown) -> Option<Spot> {
        match shown {
            Shown::Item(item) => self.spots.get(item).copied(),
            Shown::Way(way) => {
                let route = self.routes.get(way)?;
                Some(Spot {
                    center: route.at(0.5),
                    width: 28.0,
                    height: 28.0,
                })
            }
            Shown::Broker(broker) => {
                let frame = self.frames.iter().find(|frame| frame.broker == broker)?;
                Some(frame.spot)
            }
            Shown::Member(member) => self.members.get(member).copied(),
        }
    }
}

#[cfg(test)]
mod tests;
