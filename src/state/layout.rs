//! Where things stand on the stage: layers from the loads onward, left to
//! right, or top to bottom where the stage is narrow; what belongs to one
//! broker stands together in a frame. Deterministic: the same diagram and size
//! give the same picture.

mod fold;
mod groups;
mod lids;
mod order;
mod route;
mod settle;
mod sheet;
mod sizes;
mod skeleton;
mod weave;

pub use fold::{LEGIBLE, TINY};
pub use lids::clear_of;
pub use route::Route;

use super::diagram::{Diagram, Shown};
use skeleton::Skeleton;
use weave::Woven;

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
    /// Where ways cross the upper line of each frame, from left to right.
    pub lids: Vec<Vec<f64>>,
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

/// The most height that a narrow lane likes to have.
const HIGHEST: f64 = 760.0;

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
    /// Whether ways that pass things lie close to each other, and what belongs to a
    /// broker may fill several layers.
    is_dense: bool,
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
        return (layout.height * scale).clamp(120.0, HIGHEST);
    }
    // Beside each other lanes make do with little: what is looked at closely
    // has the camera.
    let low = FitTo {
        is_vertical: false,
        has_words_beside: false,
        squeeze: 0.55,
        fill_max: f64::INFINITY,
        gap: GAP_MIN,
        is_dense: false,
    };
    let (wide, high) = weave::weave(&Skeleton::of(diagram), low).size;
    let scale = (width / wide).min(1.0);
    (high * scale * 0.9).clamp(112.0, 420.0)
}

/// Places a diagram for a stage of this size. What needs more room than there
/// is gets it: the camera brings it onto the stage.
pub fn place(diagram: &Diagram, width: f64, height: f64) -> Layout {
    let mut layout = placed(diagram, width, height);
    layout.members = members(diagram, &layout.frames);
    layout.lids = layout.crossed_lids();
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
    let skeleton = Skeleton::of(diagram);
    let mut best: Option<(f64, Woven<'_>)> = None;
    for fit in candidates(diagram, (width, height)) {
        let woven = weave::weave(&skeleton, fit);
        // The least room that is more than enough is not better than enough.
        let scale = scale(woven.size, (width, height)).min(1.0);
        let worth = scale * (0.85 + 0.15 * fit.squeeze);
        if best.as_ref().is_none_or(|(before, _)| worth > before + 0.02) {
            best = Some((worth, woven));
        }
    }
    let Some((_, woven)) = best else {
        return Layout::default();
    };
    let stage = (width, height);
    let fitted = scale(woven.size, stage);
    if fitted < TINY {
        let folded = fold::fold(diagram, woven.fit(), woven.size, stage);
        let is_larger = |folded: &Layout| scale((folded.width, folded.height), stage) > fitted * 1.25;
        if let Some(folded) = folded.filter(is_larger) {
            return folded;
        }
    }
    widened(&skeleton, &woven, stage).unwrap_or(woven).layout()
}

/// How large something is on a stage that it fits.
fn scale(size: (f64, f64), stage: (f64, f64)) -> f64 {
    (stage.0 / size.0).min(stage.1 / size.1)
}

/// More items than this are placed as densely as can be, in one way: nothing can be read
/// anyway before somebody looks closer.
const MANY: usize = 480;

/// The ways to place everything that are tried.
fn candidates(diagram: &Diagram, stage: (f64, f64)) -> Vec<FitTo> {
    let is_vertical = stage.0 < NARROW;
    if diagram.items.len() > MANY {
        return vec![dense(diagram, stage)];
    }
    let squeezes: &[f64] = if is_vertical {
        &[1.0]
    } else {
        &[1.0, 0.85, 0.7, 0.55, sizes::LOWEST]
    };
    let fills: &[f64] = if is_vertical {
        &[f64::INFINITY, 720.0, 480.0, 260.0]
    } else {
        &[f64::INFINITY, 1400.0, 1000.0, 700.0, 450.0]
    };
    let sides: &[bool] = if is_vertical { &[true, false] } else { &[false] };
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
                    is_dense: false,
                });
            }
        }
    }
    all
}

/// The lowest bodies, in layers as long as a stage of this form has the most room for.
fn dense(diagram: &Diagram, (width, height): (f64, f64)) -> FitTo {
    let is_vertical = width < NARROW;
    let mut fit = FitTo {
        is_vertical,
        has_words_beside: false,
        squeeze: if is_vertical { 1.0 } else { sizes::LOWEST },
        fill_max: f64::INFINITY,
        gap: GAP_MIN,
        is_dense: true,
    };
    let ground = |item| {
        let sizes::Footprint { width, height, .. } = sizes::footprint(item, fit);
        match is_vertical {
            true => (height + GAP_MIN) * (width + weave::ACROSS),
            false => (width + GAP_MIN) * (height + weave::ACROSS),
        }
    };
    let ground: f64 = diagram.items.iter().map(ground).sum();
    let height = height.min(HIGHEST);
    let form = if is_vertical { width / height } else { height / width };
    fit.fill_max = (ground * form).sqrt();
    fit
}

/// With the room that is left over between its layers, if there is any.
fn widened<'a>(skeleton: &'a Skeleton<'a>, woven: &Woven<'a>, stage: (f64, f64)) -> Option<Woven<'a>> {
    let fit = woven.fit();
    // Where height decides how large everything is, there is width to spare.
    let scale = scale(woven.size, stage).min(1.0);
    let left = if fit.is_vertical {
        stage.1.min(1e5) / scale - woven.size.1
    } else {
        stage.0 / scale - woven.size.0
    };
    let gaps = woven.gaps();
    if fit.is_dense || left <= 0.0 || gaps < 1.0 || (fit.is_vertical && stage.1.is_infinite()) {
        return None;
    }
    let most = if fit.is_vertical { 64.0 } else { GAP_MAX };
    let gap = (GAP_MIN + left / gaps).min(most);
    Some(weave::weave(skeleton, FitTo { gap, ..fit }))
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
