//! Where things stand on the stage: layers from the loads onward, left to
//! right, or top to bottom where the stage is narrow. Deterministic: the same
//! diagram and size give the same picture.

mod curve;
mod layers;

pub use curve::Curve;

use super::diagram::{Diagram, ItemKind};

/// A point of the stage, in CSS pixels.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Point {
    /// From the left.
    pub x: f64,
    /// From the top.
    pub y: f64,
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
    /// Whether a point is on it, or close enough for a finger.
    pub fn contains(&self, point: Point, reach: f64) -> bool {
        (point.x - self.center.x).abs() <= self.width / 2.0 + reach
            && (point.y - self.center.y).abs() <= self.height / 2.0 + reach
    }
}

/// A diagram with a place for everything.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Layout {
    /// Where each item stands.
    pub spots: Vec<Spot>,
    /// How each way runs.
    pub curves: Vec<Curve>,
    /// Whether messages flow from top to bottom.
    pub is_vertical: bool,
    /// How much smaller than natural everything is drawn, at most 1.
    pub scale: f64,
}

/// Below this width of the stage, messages flow from top to bottom.
pub const NARROW: f64 = 520.0;

/// Room for the name and the number under an item.
const LABELS: f64 = 44.0;

/// Room above an item.
const MARGIN: f64 = 16.0;

/// Natural width and height of an item.
pub const fn size(kind: ItemKind) -> (f64, f64) {
    match kind {
        ItemKind::Load => (52.0, 52.0),
        ItemKind::Exchange => (44.0, 44.0),
        ItemKind::Queue => (172.0, 128.0),
        ItemKind::Service => (88.0, 52.0),
        ItemKind::Table => (100.0, 96.0),
    }
}

/// The height that a lane of this width needs, without its title.
pub fn height_needed(diagram: &Diagram, width: f64) -> f64 {
    let layers = layers::of(diagram);
    let height = |layer: &Vec<usize>| tallest(diagram, layer);
    if width < NARROW {
        let gaps = 44.0 * layers.len().saturating_sub(1) as f64;
        return layers.iter().map(height).sum::<f64>() * 0.75 + gaps + 2.0 * MARGIN;
    }
    let stacked = |layer: &Vec<usize>| {
        let items = layer.iter().map(|item| size(diagram.items[*item].kind).1 + LABELS);
        items.sum::<f64>()
    };
    layers.iter().map(stacked).fold(0.0, f64::max) * 0.8 + MARGIN
}

/// Places a diagram on a stage of this size.
pub fn place(diagram: &Diagram, width: f64, height: f64) -> Layout {
    let layers = layers::of(diagram);
    let mut layout = Layout {
        spots: vec![Spot::default(); diagram.items.len()],
        curves: Vec::new(),
        is_vertical: width < NARROW,
        scale: 1.0,
    };
    if diagram.items.is_empty() {
        return layout;
    }
    if layout.is_vertical {
        downward(diagram, &layers, (width, height), &mut layout);
    } else {
        rightward(diagram, &layers, (width, height), &mut layout);
    }
    let curve = |way: &super::diagram::Way| curve::connect(&layout.spots, way.from, way.to, layout.is_vertical);
    layout.curves = diagram.ways.iter().map(curve).collect();
    layout
}

fn rightward(diagram: &Diagram, layers: &[Vec<usize>], (width, height): (f64, f64), layout: &mut Layout) {
    const GAP_MIN: f64 = 40.0;
    const GAP_MAX: f64 = 112.0;
    let natural: f64 = layers.iter().map(|layer| widest(diagram, layer)).sum();
    let gaps = layers.len().saturating_sub(1) as f64;
    let stacked = |layer: &Vec<usize>| -> f64 {
        layer
            .iter()
            .map(|item| size(diagram.items[*item].kind).1 + LABELS)
            .sum()
    };
    let tallest = layers.iter().map(stacked).fold(1.0, f64::max);
    let wide = ((width - 2.0 * 24.0 - gaps * GAP_MIN) / natural.max(1.0)).clamp(0.4, 1.0);
    let tall = ((height - MARGIN) / tallest).clamp(0.4, 1.0);
    let scale = wide.min(tall);
    // Boxes with text in them keep their width in a low lane.
    let stretch = |kind| match kind {
        ItemKind::Queue | ItemKind::Service => (wide, tall),
        ItemKind::Load | ItemKind::Exchange | ItemKind::Table => (scale, scale),
    };
    let column_of = |layer: &Vec<usize>| {
        let widths = layer.iter().map(|item| {
            let kind = diagram.items[*item].kind;
            size(kind).0 * stretch(kind).0
        });
        widths.fold(0.0, f64::max)
    };
    let filled: f64 = layers.iter().map(column_of).sum();
    let gap = ((width - 2.0 * 24.0 - filled) / gaps.max(1.0)).clamp(GAP_MIN * scale, GAP_MAX);
    let mut x = (width - filled - gaps * gap) / 2.0;
    for layer in layers {
        let column = column_of(layer);
        let tall_of = |item: usize| {
            let kind = diagram.items[item].kind;
            size(kind).1 * stretch(kind).1
        };
        // What is left over goes between the things of a layer and around them.
        let labels = LABELS * tall.max(0.8);
        let filled: f64 = layer.iter().map(|item| tall_of(*item) + labels).sum();
        let space = ((height - filled) / (layer.len() as f64 + 1.0)).max(0.0);
        let mut top = space.max(4.0);
        for item in layer {
            let kind = diagram.items[*item].kind;
            let own = tall_of(*item);
            layout.spots[*item] = Spot {
                center: Point {
                    x: x + column / 2.0,
                    y: top + own / 2.0,
                },
                width: size(kind).0 * stretch(kind).0,
                height: own,
            };
            top += own + labels + space;
        }
        x += column + gap;
    }
    layout.scale = scale;
}

fn downward(diagram: &Diagram, layers: &[Vec<usize>], (width, height): (f64, f64), layout: &mut Layout) {
    let natural: f64 = layers.iter().map(|layer| tallest(diagram, layer)).sum();
    let gaps = layers.len().saturating_sub(1) as f64;
    let scale = ((height - 2.0 * MARGIN - gaps * 44.0) / natural.max(1.0)).clamp(0.4, 1.0);
    let gap = ((height - 2.0 * MARGIN - natural * scale) / gaps.max(1.0)).clamp(24.0, 64.0);
    let mut y = MARGIN;
    for layer in layers {
        let row = tallest(diagram, layer) * scale;
        // A single thing stands left of the middle: its labels are to the right.
        let column = width / layer.len() as f64;
        for (index, item) in layer.iter().enumerate() {
            let (wide, tall) = size(diagram.items[*item].kind);
            layout.spots[*item] = Spot {
                center: Point {
                    x: column * (index as f64 + 0.36),
                    y: y + row / 2.0,
                },
                width: (wide * scale).min(column * 0.6),
                height: tall * scale,
            };
        }
        y += row + gap;
    }
    layout.scale = scale;
}

fn widest(diagram: &Diagram, layer: &[usize]) -> f64 {
    layer
        .iter()
        .map(|item| size(diagram.items[*item].kind).0)
        .fold(0.0, f64::max)
}

fn tallest(diagram: &Diagram, layer: &[usize]) -> f64 {
    layer
        .iter()
        .map(|item| size(diagram.items[*item].kind).1)
        .fold(0.0, f64::max)
}

#[cfg(test)]
mod tests;
