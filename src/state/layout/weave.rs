//! Puts a layout together: brokers first, each as a sheet of its own, then
//! everything else around them.

use super::sheet::{self, Block, Care, Edge, Knot, Room, Sheet};
use super::sizes::{self, FOOT, FRAME, Footprint};
use super::skeleton::Skeleton;
use super::{FitTo, Frame, Layout, MARGIN, Point, Spot, route};

/// Between two things of a layer.
pub(super) const ACROSS: f64 = 14.0;

/// Everything of a diagram in its place, with ways not yet drawn.
pub(super) struct Woven<'a> {
    plan: Plan<'a>,
    sheet: Sheet,
    /// How wide and how high everything is together.
    pub(super) size: (f64, f64),
}

/// Places everything of a diagram.
pub(super) fn weave<'a>(skeleton: &'a Skeleton<'a>, fit: FitTo) -> Woven<'a> {
    let plan = Plan::of(skeleton, fit);
    let blocks: Vec<Block> = plan.parts.iter().map(|part| part.block).collect();
    let sheet = sheet::arrange(&blocks, &plan.outer, plan.room());
    let whole = plan.spot(Knot::default(), sheet.size);
    Woven {
        size: (whole.width + 2.0 * MARGIN, whole.height + 2.0 * MARGIN),
        plan,
        sheet,
    }
}

impl Woven<'_> {
    pub(super) fn fit(&self) -> FitTo {
        self.plan.fit
    }

    /// How many gaps between layers there are that may be made wider.
    pub(super) fn gaps(&self) -> f64 {
        let within = self.plan.parts.iter().map(|part| part.sheet.layers.saturating_sub(1));
        self.sheet.layers.saturating_sub(1) as f64 + within.max().unwrap_or(0) as f64
    }

    /// The same with its ways.
    pub(super) fn layout(&self) -> Layout {
        self.plan.layout(&self.sheet, self.size)
    }
}

/// A group with its inside in place.
struct Part {
    sheet: Sheet,
    block: Block,
    /// Where its inside begins.
    inset: Knot,
    /// What the inside has for ways that come to each of its items from outside, and
    /// for those that lead there: the edge between the item and the edge of the group.
    doors: Vec<[Option<usize>; 2]>,
}

struct Plan<'a> {
    skeleton: &'a Skeleton<'a>,
    fit: FitTo,
    footprints: Vec<Footprint>,
    /// The groups, in their order.
    parts: Vec<Part>,
    /// One for every way that leads from part to part, in the order of the
    /// ways.
    outer: Vec<Edge>,
}

impl<'a> Plan<'a> {
    fn of(skeleton: &'a Skeleton<'a>, fit: FitTo) -> Self {
        let items = skeleton.diagram.items.iter();
        let mut plan = Plan {
            skeleton,
            fit,
            footprints: items.map(|item| sizes::footprint(item, fit)).collect(),
            parts: Vec::with_capacity(skeleton.groups.len()),
            outer: Vec::new(),
        };
        let edges = plan.edges();
        let hints = plan.hints(&edges);
        for index in 0..skeleton.groups.len() {
            let part = plan.part(index, &edges, &hints);
            plan.parts.push(part);
        }
        plan.outer = plan.between(&edges);
        plan
    }

    fn room(&self) -> Room {
        // A way or a door is as wide as a line where there are very many.
        let (passing, beside, care) = if self.fit.is_dense {
            (2.0, 0.0, Care::LITTLE)
        } else {
            (DOOR, ACROSS, Care::FULL)
        };
        Room {
            along: self.fit.gap,
            across: ACROSS,
            fill_max: self.fit.fill_max,
            passing,
            beside,
            care,
        }
    }

    fn along_of(&self, width: f64, height: f64) -> Knot {
        match self.fit.is_vertical {
            true => Knot {
                along: height,
                across: width,
            },
            false => Knot {
                along: width,
                across: height,
            },
        }
    }

    /// The size of an item, and where its body's middle is.
    fn item(&self, item: usize) -> (Knot, Knot) {
        let footprint = &self.footprints[item];
        let middle = footprint.body.center;
        (
            self.along_of(footprint.width, footprint.height),
            self.along_of(middle.x, middle.y),
        )
    }

    /// The ways between items, as if there were no groups.
    fn edges(&self) -> Vec<Edge> {
        let edge = |(way, is_back): (&crate::state::diagram::Way, &bool)| Edge {
            from: way.from,
            to: way.to,
            leaves: self.item(way.from).1.across,
            enters: self.item(way.to).1.across,
            is_back: *is_back,
        };
        self.skeleton
            .diagram
            .ways
            .iter()
            .zip(&self.skeleton.is_back)
            .map(edge)
            .collect()
    }

    /// Where each item would stand if there were no groups; where there are very many,
    /// in their order in the plan, in which neighbours mostly are.
    fn hints(&self, edges: &[Edge]) -> Vec<f64> {
        if self.fit.is_dense {
            return (0..self.footprints.len()).map(|item| item as f64).collect();
        }
        let block = |item: usize| {
            let (size, _) = self.item(item);
            Block {
                along: size.along,
                across: size.across,
                ..Block::default()
            }
        };
        let blocks: Vec<Block> = (0..self.footprints.len()).map(block).collect();
        let sheet = sheet::arrange(&blocks, edges, self.room());
        let middle = |(start, block): (&Knot, &Block)| start.across + block.across / 2.0;
        sheet.starts.iter().zip(&blocks).map(middle).collect()
    }

    fn part(&self, index: usize, edges: &[Edge], hints: &[f64]) -> Part {
        let group = &self.skeleton.groups[index];
        let hint = group.items.iter().map(|item| hints[*item]).sum::<f64>() / group.items.len() as f64;
        let (sheet, doors) = self.inside(index, edges, hints);
        let brokers = &self.skeleton.diagram.brokers;
        let has_foot = group.broker.is_some_and(|broker| brokers[broker].has_foot);
        let foot = if has_foot { FOOT } else { 0.0 };
        let (before, after) = match (group.broker, self.fit.is_vertical) {
            (None, _) => Default::default(),
            // The name stands on the upper edge.
            (Some(_), true) => (
                Knot {
                    along: FRAME + 8.0,
                    across: FRAME,
                },
                Knot {
                    along: FRAME + foot,
                    across: FRAME,
                },
            ),
            (Some(_), false) => (
                Knot {
                    along: FRAME,
                    across: FRAME + 6.0,
                },
                Knot {
                    along: FRAME,
                    across: 4.0 + foot,
                },
            ),
        };
        let block = Block {
            along: before.along + sheet.size.along + after.along,
            across: before.across + sheet.size.across + after.across,
            hint,
            is_last: false,
        };
        Part {
            sheet,
            block,
            inset: before,
            doors,
        }
    }

    /// The inside of a group: its items, and for each of them one door for what
    /// comes from outside and one for what goes there.
    fn inside(&self, group: usize, all: &[Edge], hints: &[f64]) -> (Sheet, Vec<[Option<usize>; 2]>) {
        let skeleton = self.skeleton;
        let items = &skeleton.groups[group].items;
        let block = |item: &usize| {
            let (size, _) = self.item(*item);
            Block {
                along: size.along,
                across: size.across,
                hint: hints[*item],
                is_last: false,
            }
        };
        let mut blocks: Vec<Block> = items.iter().map(block).collect();
        let inner = |way: &usize| Edge {
            from: skeleton.position_of[all[*way].from],
            to: skeleton.position_of[all[*way].to],
            ..all[*way]
        };
        let mut edges: Vec<Edge> = skeleton.within[group].iter().map(inner).collect();
        let mut room = self.room();
        if !self.fit.is_dense {
            room.fill_max = f64::INFINITY;
        }
        // A door is as wide as a way, and only there where a way from outside
        // has to pass another layer.
        let ranks = sheet::ranks(&blocks, &edges, room.fill_max);
        let last = ranks.iter().copied().max().unwrap_or(0);
        let mut doors = vec![[None; 2]; items.len()];
        for (position, item) in items.iter().enumerate() {
            let rank = ranks[position];
            let needs = [
                rank > 0 && skeleton.is_entered[*item],
                rank < last && skeleton.is_left[*item],
            ];
            for (is_out, _) in [false, true].into_iter().zip(needs).filter(|(_, is_needed)| *is_needed) {
                doors[position][usize::from(is_out)] = Some(edges.len());
                edges.push(door(
                    position,
                    blocks.len(),
                    self.item(*item).1.across,
                    is_out,
                    room.passing,
                ));
                blocks.push(Block {
                    along: 0.0,
                    across: room.passing,
                    hint: hints[*item],
                    is_last: is_out,
                });
            }
        }
        (sheet::arrange(&blocks, &edges, room), doors)
    }

    /// The ways between parts.
    fn between(&self, edges: &[Edge]) -> Vec<Edge> {
        let mut outer = Vec::new();
        let group_of = &self.skeleton.group_of;
        for (_, edge) in edges
            .iter()
            .enumerate()
            .filter(|(way, _)| !self.skeleton.is_inner(*way))
        {
            outer.push(Edge {
                from: group_of[edge.from],
                to: group_of[edge.to],
                leaves: self.port(edge.from, true),
                enters: self.port(edge.to, false),
                is_back: edge.is_back,
            });
        }
        outer
    }

    /// How far across its part a way of an item passes the part's edge.
    fn port(&self, item: usize, is_out: bool) -> f64 {
        let part = &self.parts[self.skeleton.group_of[item]];
        let knots = self.inner_knots(item, is_out);
        let edge = if is_out { knots.last() } else { knots.first() };
        part.inset.across + edge.map_or(0.0, |knot| knot.across)
    }

    /// What a way passes between an item and the edge of its part's inside.
    fn inner_knots(&self, item: usize, is_out: bool) -> Vec<Knot> {
        let part = &self.parts[self.skeleton.group_of[item]];
        let position = self.skeleton.position_of[item];
        let (size, middle) = self.item(item);
        let start = part.sheet.starts[position];
        let across = start.across + middle.across;
        let mut knots = match part.doors[position][usize::from(is_out)] {
            Some(edge) => part.sheet.knots[edge].clone(),
            None if is_out => vec![Knot {
                along: start.along + size.along,
                across,
            }],
            None => vec![Knot {
                along: start.along,
                across,
            }],
        };
        let edge = if is_out { knots.last() } else { knots.first() };
        let across = edge.map_or(across, |knot| knot.across);
        if is_out {
            knots.push(Knot {
                along: part.sheet.size.along,
                across,
            });
        } else {
            knots.insert(0, Knot { along: 0.0, across });
        }
        knots
    }

    fn point(&self, knot: Knot) -> Point {
        match self.fit.is_vertical {
            true => Point {
                x: knot.across + MARGIN,
                y: knot.along + MARGIN,
            },
            false => Point {
                x: knot.along + MARGIN,
                y: knot.across + MARGIN,
            },
        }
    }

    fn spot(&self, start: Knot, size: Knot) -> Spot {
        let middle = Knot {
            along: start.along + size.along / 2.0,
            across: start.across + size.across / 2.0,
        };
        let (width, height) = match self.fit.is_vertical {
            true => (size.across, size.along),
            false => (size.along, size.across),
        };
        Spot {
            center: self.point(middle),
            width,
            height,
        }
    }

    fn layout(&self, sheet: &Sheet, (width, height): (f64, f64)) -> Layout {
        let mut layout = Layout {
            is_vertical: self.fit.is_vertical,
            has_words_beside: self.fit.has_words_beside,
            is_back: self.skeleton.is_back.clone(),
            width,
            height,
            ..Layout::default()
        };
        for item in 0..self.footprints.len() {
            let start = self.start_of(sheet, item);
            let (size, _) = self.item(item);
            let footprint = &self.footprints[item];
            let room = self.spot(start, size);
            let corner = Point {
                x: room.center.x - room.width / 2.0,
                y: room.center.y - room.height / 2.0,
            };
            let body = footprint.body;
            layout.rooms.push(room);
            layout.words.push(footprint.words);
            layout.spots.push(Spot::at(
                corner.x + body.center.x,
                corner.y + body.center.y,
                body.width,
                body.height,
            ));
        }
        for (index, (part, group)) in self.parts.iter().zip(&self.skeleton.groups).enumerate() {
            if let Some(broker) = group.broker {
                let size = Knot {
                    along: part.block.along,
                    across: part.block.across,
                };
                let spot = self.spot(sheet.starts[index], size);
                layout.frames.push(Frame { broker, spot });
            }
        }
        let ways = 0..self.skeleton.diagram.ways.len();
        layout.routes = ways.map(|way| self.route(sheet, way, &layout.spots)).collect();
        layout
    }

    /// Where the room of an item begins.
    fn start_of(&self, sheet: &Sheet, item: usize) -> Knot {
        let index = self.skeleton.group_of[item];
        let part = &self.parts[index];
        let position = self.skeleton.position_of[item];
        let (outer, inner) = (sheet.starts[index], part.sheet.starts[position]);
        Knot {
            along: outer.along + part.inset.along + inner.along,
            across: outer.across + part.inset.across + inner.across,
        }
    }

    /// The way from body to body.
    fn route(&self, sheet: &Sheet, way: usize, spots: &[Spot]) -> route::Route {
        let ends = &self.skeleton.diagram.ways[way];
        let (from, to) = (self.skeleton.group_of[ends.from], self.skeleton.group_of[ends.to]);
        let place = self.skeleton.way_in[way];
        let moved = |part: usize, knot: &Knot| Knot {
            along: knot.along + sheet.starts[part].along + self.parts[part].inset.along,
            across: knot.across + sheet.starts[part].across + self.parts[part].inset.across,
        };
        let mut knots: Vec<Knot> = Vec::new();
        if self.skeleton.is_inner(way) {
            knots.extend(self.parts[from].sheet.knots[place].iter().map(|knot| moved(from, knot)));
        } else {
            knots.extend(self.inner_knots(ends.from, true).iter().map(|knot| moved(from, knot)));
            knots.extend(&sheet.knots[place]);
            knots.extend(self.inner_knots(ends.to, false).iter().map(|knot| moved(to, knot)));
        }
        let mut points: Vec<Point> = knots.into_iter().map(|knot| self.point(knot)).collect();
        self.meet(&mut points, (&spots[ends.from], &spots[ends.to]));
        if self.skeleton.is_back[way] {
            route::backward(&points)
        } else {
            route::forward(&points, self.fit.is_vertical)
        }
    }

    /// Lets a way begin and end at the bodies instead of at their rooms.
    fn meet(&self, points: &mut [Point], (from, to): (&Spot, &Spot)) {
        const SPACE: f64 = 3.0;
        if let Some(first) = points.first_mut() {
            if self.fit.is_vertical {
                first.y = from.center.y + from.height / 2.0 + SPACE;
            } else {
                first.x = from.center.x + from.width / 2.0 + SPACE;
            }
        }
        if let Some(last) = points.last_mut() {
            if self.fit.is_vertical {
                last.y = to.center.y - to.height / 2.0 - SPACE;
            } else {
                last.x = to.center.x - to.width / 2.0 - SPACE;
            }
        }
    }
}

/// Across size of a door, and of a way that passes a layer.
const DOOR: f64 = 8.0;

/// The edge between an item and its door, which is so wide; `middle` is how far across
/// the item it ends.
fn door(item: usize, door: usize, middle: f64, is_out: bool, wide: f64) -> Edge {
    let half = wide / 2.0;
    let (from, to, leaves, enters) = match is_out {
        true => (item, door, middle, half),
        false => (door, item, half, middle),
    };
    Edge {
        from,
        to,
        leaves,
        enters,
        is_back: false,
    }
}
