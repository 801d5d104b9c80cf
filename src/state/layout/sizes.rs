//! How much room things take: their bodies, and the words at them.

use super::{FitTo, Spot};
use crate::state::diagram::{Item, ItemKind};

/// Room between a body and the words at it.
pub(super) const BESIDE: f64 = 8.0;

/// Room for two lines below a body, and for one.
const BELOW: f64 = 39.0;
const BELOW_ONE: f64 = 24.0;

/// How far words below a body may reach into the room between two bodies.
const ASIDE: f64 = 8.0;

/// At this squeeze and below only the name stands at a body.
pub(super) const LOWEST: f64 = 0.4;

/// Inside the frame of a broker, around what it holds.
pub(super) const FRAME: f64 = 10.0;

/// For what stands on the lower line of a frame.
pub(super) const FOOT: f64 = 10.0;

/// Natural width and height of a body.
pub(super) fn body(kind: ItemKind, fit: FitTo) -> (f64, f64) {
    if fit.is_vertical {
        // Side by side they are narrower.
        let wide = if fit.has_words_beside { 128.0 } else { 104.0 };
        return match kind {
            ItemKind::Load => (44.0, 44.0),
            ItemKind::Exchange => (40.0, 40.0),
            ItemKind::Queue => (wide, 88.0),
            ItemKind::Partition => (wide, 72.0),
            ItemKind::Service => (84.0, 48.0),
            ItemKind::Table => (80.0, 72.0),
        };
    }
    match kind {
        ItemKind::Load if fit.squeeze <= LOWEST => (44.0, 44.0),
        ItemKind::Load => (52.0, 52.0),
        ItemKind::Exchange => (44.0, 44.0),
        ItemKind::Queue => (172.0, 128.0 * fit.squeeze.max(0.5)),
        ItemKind::Partition => (172.0, 96.0 * fit.squeeze.max(0.6)),
        ItemKind::Service if fit.squeeze <= LOWEST => (88.0, 44.0),
        ItemKind::Service => (88.0, 52.0),
        ItemKind::Table => (100.0, 96.0 * fit.squeeze.max(0.5)),
    }
}

/// A body with its words: how large they are together, and where in there the
/// body's middle is.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Footprint {
    pub(super) width: f64,
    pub(super) height: f64,
    pub(super) body: Spot,
    /// Most that a line of words may take.
    pub(super) words: f64,
}

/// The room that an item takes.
pub(super) fn footprint(item: &Item, fit: FitTo) -> Footprint {
    let (width, height) = body(item.kind, fit);
    let name = words(&item.name);
    if fit.has_words_beside {
        let words = name.clamp(88.0, 132.0);
        return Footprint {
            width: width + BESIDE + words,
            height: height.max(52.0),
            body: Spot::at(width / 2.0, height.max(52.0) / 2.0, width, height),
            words,
        };
    }
    let (least, most, aside) = if fit.is_vertical {
        // A little of the room between two of them is for words.
        (0.0, 104.0, ASIDE)
    } else {
        (116.0, 176.0, 0.0)
    };
    let wide = width.max(name.clamp(least, most));
    Footprint {
        width: wide,
        height: height + if fit.squeeze <= LOWEST { BELOW_ONE } else { BELOW },
        body: Spot::at(wide / 2.0, height / 2.0, width, height),
        words: wide + aside,
    }
}

/// About how wide a word is in the size of names.
fn words(text: &str) -> f64 {
    let letter = |letter: char| if letter < '\u{2e80}' { 7.6 } else { 13.5 };
    text.chars().map(letter).sum()
}
