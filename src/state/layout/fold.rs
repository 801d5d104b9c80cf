//! A diagram that is far too long for its stage, and falls into parts that no
//! message connects, is drawn in strips beside each other. A broker that has
//! something in several strips has a frame in each.

use super::skeleton::Skeleton;
use super::weave::weave;
use super::{FitTo, Layout, Point};
use crate::state::diagram::{Diagram, Way};

/// Between two strips.
const APART: f64 = 28.0;

/// At which scale everything can be read.
pub const LEGIBLE: f64 = 0.5;

/// Below which scale nothing can.
pub const TINY: f64 = 0.28;

/// The diagram in as many strips as make it largest on a stage of this size,
/// if it falls into parts; `whole` is how large it is in one.
pub(super) fn fold(diagram: &Diagram, fit: FitTo, whole: (f64, f64), stage: (f64, f64)) -> Option<Layout> {
    let parts = parts(diagram);
    if parts.len() < 2 {
        return None;
    }
    // How far the whole reaches along the flow and across it, on a stage.
    let ((along, across), (stage_along, stage_across)) = if fit.is_vertical {
        ((whole.1, whole.0), (stage.1, stage.0))
    } else {
        (whole, stage)
    };
    let largest = (stage_along * across / (along * stage_across)).max(1.0).sqrt();
    // No more than are needed to be read: the stage may have no end.
    let enough = (across * LEGIBLE / stage_across).max(1.0);
    let scale = |layout: &Layout| (stage.0 / layout.width).min(stage.1 / layout.height).min(1.0);
    let few = largest.min(enough);
    let counts = [few.floor() as usize, few.ceil() as usize];
    let counts = counts.map(|count| count.clamp(2, parts.len()));
    let folded = counts.map(|count| strips(diagram, fit, &parts, count));
    folded.into_iter().max_by(|a, b| scale(a).total_cmp(&scale(b)))
}

/// The items in the parts that ways connect, each in the order of the plan.
fn parts(diagram: &Diagram) -> Vec<Vec<usize>> {
    let mut near: Vec<Vec<usize>> = vec![Vec::new(); diagram.items.len()];
    for way in &diagram.ways {
        near[way.from].push(way.to);
        near[way.to].push(way.from);
    }
    let mut is_found = vec![false; diagram.items.len()];
    let mut parts = Vec::new();
    for first in 0..diagram.items.len() {
        let mut open = vec![first];
        let mut part = Vec::new();
        while let Some(item) = open.pop() {
            if !std::mem::replace(&mut is_found[item], true) {
                part.push(item);
                open.extend(&near[item]);
            }
        }
        if !part.is_empty() {
            mqlab_kernel::sort_by_key(&mut part, |item| *item);
            parts.push(part);
        }
    }
    parts
}

/// So many strips, with about as many items in each.
fn strips(diagram: &Diagram, fit: FitTo, parts: &[Vec<usize>], count: usize) -> Layout {
    let mut whole = Layout {
        is_vertical: fit.is_vertical,
        has_words_beside: fit.has_words_beside,
        spots: vec![Default::default(); diagram.items.len()],
        rooms: vec![Default::default(); diagram.items.len()],
        words: vec![0.0; diagram.items.len()],
        routes: vec![Default::default(); diagram.ways.len()],
        is_back: vec![false; diagram.ways.len()],
        ..Layout::default()
    };
    let mut parts = parts.iter().peekable();
    let mut drawn = 0;
    for strip in 0..count {
        let until = diagram.items.len() * (strip + 1) / count;
        let mut items: Vec<usize> = Vec::new();
        while drawn + items.len() < until
            && let Some(part) = parts.next()
        {
            items.extend(part);
        }
        drawn += items.len();
        if !items.is_empty() {
            mqlab_kernel::sort_by_key(&mut items, |item| *item);
            add(diagram, fit, &items, &mut whole);
        }
    }
    whole
}

/// One more strip, of these items.
fn add(diagram: &Diagram, fit: FitTo, items: &[usize], whole: &mut Layout) {
    let index = |item: usize| items.binary_search(&item).ok();
    let ways: Vec<usize> = (0..diagram.ways.len())
        .filter(|way| index(diagram.ways[*way].from).is_some())
        .collect();
    let inner = |way: &usize| {
        let way = &diagram.ways[*way];
        let (from, to) = (index(way.from)?, index(way.to)?);
        Some(Way {
            from,
            to,
            ..way.clone()
        })
    };
    let strip = Diagram {
        items: items.iter().map(|item| diagram.items[*item].clone()).collect(),
        ways: ways.iter().filter_map(inner).collect(),
        brokers: diagram.brokers.clone(),
        members: Vec::new(),
    };
    let layout = weave(&Skeleton::of(&strip), fit).layout();
    let is_first = whole.width <= 0.0;
    let (apart_x, apart_y) = match (is_first, fit.is_vertical) {
        (true, _) => (0.0, 0.0),
        (_, true) => (0.0, whole.height + APART),
        (_, false) => (whole.width + APART, 0.0),
    };
    let by = Point { x: apart_x, y: apart_y };
    for (inner, item) in items.iter().enumerate() {
        whole.spots[*item] = layout.spots[inner].moved(by);
        whole.rooms[*item] = layout.rooms[inner].moved(by);
        whole.words[*item] = layout.words[inner];
    }
    for (inner, way) in ways.iter().enumerate() {
        whole.routes[*way] = layout.routes[inner].moved(by);
        whole.is_back[*way] = layout.is_back[inner];
    }
    whole.frames.extend(layout.frames.iter().map(|frame| super::Frame {
        spot: frame.spot.moved(by),
        ..*frame
    }));
    whole.width = whole.width.max(by.x + layout.width);
    whole.height = whole.height.max(by.y + layout.height);
}
