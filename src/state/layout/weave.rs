//! Puts a layout together: brokers first, each as a sheet of its own, then
//! everything else around them.

use super::groups::{self, Group};
use super::sheet::{self, Block, Edge, Knot, Room, Sheet};
use super::sizes::{self, FOOT, FRAME, Footprint};
use super::{FitTo, Frame, Layout, MARGIN, Point, Spot, route};
use crate::state::diagram::Diagram;

/// Between two things of a layer.
const ACROSS: f64 = 14.0;

/// Places everything of a diagram.
pub(super) fn weave(diagram: &Diagram, fit: FitTo) -> Layout {
    let plan = Plan::of(diagram, fit);
    let blocks: Vec<Block> = plan.parts.iter().map(|part| part.block).collect();
    let sheet = sheet::arrange(&blocks, &plan.outer, plan.room());
    plan.layout(&sheet)
}

/// How many gaps between layers there are that may be made wider.
pub(super) fn gaps(diagram: &Diagram, fit: FitTo) -> f64 {
    let plan = Plan::of(diagram, fit);
    let blocks: Vec<Block> = plan.parts.iter().map(|part| part.block).collect();
    let layers = sheet::arrange(&blocks, &plan.outer, plan.room()).layers;
    let within = plan.parts.iter().map(|part| part.sheet.layers.saturating_sub(1));
    layers.saturating_sub(1) as f64 + within.max().unwrap_or(0) as f64
}

/// A group with its inside in place.
struct Part {
    group: Group,
    sheet: Sheet,
    block: Block,
    /// Where its inside begins.
    inset: Knot,
    /// What its inside has for ways that come from outside or go there.
    doors: Vec<Door>,
}

/// A place on the edge of a group for the ways of one of its items.
struct Door {
    item: usize,
    is_out: bool,
    /// The edge of the inside that leads between the two.
    edge: usize,
}

struct Plan<'a> {
    diagram: &'a Diagram,
    fit: FitTo,
    footprints: Vec<Footprint>,
    is_back: Vec<bool>,
    parts: Vec<Part>,
    part_of: Vec<usize>,
    /// One for every way that leads from part to part, in the order of the
    /// ways.
    outer: Vec<Edge>,
}

impl<'a> Plan<'a> {
    fn of(diagram: &'a Diagram, fit: FitTo) -> Self {
        let footprints = diagram.items.iter().map(|item| sizes::footprint(item, fit)).collect();
        let mut plan = Plan {
            diagram,
            fit,
            footprints,
            is_back: groups::backs(diagram),
            parts: Vec::new(),
            part_of: vec![usize::MAX; diagram.items.len()],
            outer: Vec::new(),
        };
        let edges = plan.edges();
        let hints = plan.hints(&edges);
        for group in groups::groups(diagram, &edges) {
            group
                .items
                .iter()
                .for_each(|item| plan.part_of[*item] = plan.parts.len());
            let part = plan.part(group, &hints);
            plan.parts.push(part);
        }
        plan.outer = plan.between(&edges);
        plan
    }

    fn room(&self) -> Room {
        Room {
            along: self.fit.gap,
            across: ACROSS,
            fill_max: self.fit.fill_max,
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
        self.diagram.ways.iter().zip(&self.is_back).map(edge).collect()
    }

    /// Where each item would stand if there were no groups.
    fn hints(&self, edges: &[Edge]) -> Vec<f64> {
        let block = |item: usize| {
            let (size, _) = self.item(item);
            Block {
                along: size.along,
                across: size.across,
                ..Block::default()
            }
        };
        let blocks: Vec<Block> = (0..self.diagram.items.len()).map(block).collect();
        let sheet = sheet::arrange(&blocks, edges, self.room());
        let middle = |(start, block): (&Knot, &Block)| start.across + block.across / 2.0;
        sheet.starts.iter().zip(&blocks).map(middle).collect()
    }

    fn part(&self, group: Group, hints: &[f64]) -> Part {
        let hint = group.items.iter().map(|item| hints[*item]).sum::<f64>() / group.items.len() as f64;
        let (sheet, doors) = self.inside(&group, hints);
        let has_foot = group.broker.is_some_and(|broker| self.diagram.brokers[broker].has_foot);
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
            group,
            sheet,
            block,
            inset: before,
            doors,
        }
    }

    /// Whether a way stays within a part.
    fn is_within(&self, part: usize, way: usize) -> bool {
        let way = &self.diagram.ways[way];
        (self.part_of[way.from], self.part_of[way.to]) == (part, part)
    }

    /// The inside of the group that is the next part: its items, and for each
    /// of them one door for what comes from outside and one for what goes there.
    fn inside(&self, group: &Group, hints: &[f64]) -> (Sheet, Vec<Door>) {
        let (part, count) = (self.parts.len(), group.items.len());
        let mut blocks: Vec<Block> = Vec::with_capacity(3 * count);
        for item in &group.items {
            let (size, _) = self.item(*item);
            blocks.push(Block {
                along: size.along,
                across: size.across,
                hint: hints[*item],
                is_last: false,
            });
        }
        let index = |item: usize| group.items.iter().position(|other| *other == item).unwrap_or(0);
        let mut edges = Vec::new();
        let all = self.edges();
        for (way, edge) in all.iter().enumerate().filter(|(way, _)| self.is_within(part, *way)) {
            edges.push(Edge {
                from: index(edge.from),
                to: index(edge.to),
                is_back: self.is_back[way],
                ..*edge
            });
        }
        let room = Room {
            fill_max: f64::INFINITY,
            ..self.room()
        };
        // A door is as wide as a way, and only there where a way from outside
        // has to pass another layer.
        let ranks = sheet::arrange(&blocks, &edges, room).ranks;
        let last = ranks.iter().copied().max().unwrap_or(0);
        let mut doors = Vec::new();
        for (position, item) in group.items.iter().enumerate() {
            let middle = self.item(*item).1.across;
            let mut door = |is_last: bool| {
                let door = blocks.len();
                blocks.push(Block {
                    along: 0.0,
                    across: DOOR,
                    hint: hints[*item],
                    is_last,
                });
                let (from, to) = if is_last { (position, door) } else { (door, position) };
                let (leaves, enters) = if is_last {
                    (middle, DOOR / 2.0)
                } else {
                    (DOOR / 2.0, middle)
                };
                doors.push(Door {
                    item: *item,
                    is_out: is_last,
                    edge: edges.len(),
                });
                edges.push(Edge {
                    from,
                    to,
                    leaves,
                    enters,
                    is_back: false,
                });
            };
            if ranks[position] > 0 && self.has_outside(*item, false) {
                door(false);
            }
            if ranks[position] < last && self.has_outside(*item, true) {
                door(true);
            }
        }
        (sheet::arrange(&blocks, &edges, room), doors)
    }

    /// Whether a way of an item leads out of its part, or into it.
    fn has_outside(&self, item: usize, is_out: bool) -> bool {
        self.diagram.ways.iter().any(|way| {
            let end = if is_out { way.from } else { way.to };
            end == item && self.part_of[way.from] != self.part_of[way.to]
        })
    }

    /// The ways between parts.
    fn between(&self, edges: &[Edge]) -> Vec<Edge> {
        let mut outer = Vec::new();
        for edge in edges {
            let (from, to) = (self.part_of[edge.from], self.part_of[edge.to]);
            if from == to && self.parts[from].group.items.len() > 1 {
                continue;
            }
            outer.push(Edge {
                from,
                to,
                leaves: self.port(edge.from, true),
                enters: self.port(edge.to, false),
                is_back: edge.is_back,
            });
        }
        outer
    }

    /// How far across its part a way of an item passes the part's edge.
    fn port(&self, item: usize, is_out: bool) -> f64 {
        let part = &self.parts[self.part_of[item]];
        let knots = self.inner_knots(item, is_out);
        let edge = if is_out { knots.last() } else { knots.first() };
        part.inset.across + edge.map_or(0.0, |knot| knot.across)
    }

    /// What a way passes between an item and the edge of its part's inside.
    fn inner_knots(&self, item: usize, is_out: bool) -> Vec<Knot> {
        let part = &self.parts[self.part_of[item]];
        let position = part.group.items.iter().position(|other| *other == item).unwrap_or(0);
        let (size, middle) = self.item(item);
        let start = part.sheet.starts[position];
        let door = part
            .doors
            .iter()
            .find(|door| (door.item, door.is_out) == (item, is_out));
        let across = start.across + middle.across;
        let mut knots = match door {
            Some(door) => part.sheet.knots[door.edge].clone(),
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

    fn layout(&self, sheet: &Sheet) -> Layout {
        let whole = self.spot(Knot::default(), sheet.size);
        let mut layout = Layout {
            is_vertical: self.fit.is_vertical,
            has_words_beside: self.fit.has_words_beside,
            is_back: self.is_back.clone(),
            width: whole.width + 2.0 * MARGIN,
            height: whole.height + 2.0 * MARGIN,
            ..Layout::default()
        };
        for item in 0..self.diagram.items.len() {
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
        for (index, part) in self.parts.iter().enumerate() {
            if let Some(broker) = part.group.broker {
                let size = Knot {
                    along: part.block.along,
                    across: part.block.across,
                };
                let spot = self.spot(sheet.starts[index], size);
                layout.frames.push(Frame { broker, spot });
            }
        }
        let mut outer = 0;
        for way in 0..self.diagram.ways.len() {
            let route = self.route(sheet, way, &mut outer, &layout);
            layout.routes.push(route);
        }
        layout
    }

    /// Where the room of an item begins.
    fn start_of(&self, sheet: &Sheet, item: usize) -> Knot {
        let index = self.part_of[item];
        let part = &self.parts[index];
        let position = part.group.items.iter().position(|other| *other == item).unwrap_or(0);
        let (outer, inner) = (sheet.starts[index], part.sheet.starts[position]);
        Knot {
            along: outer.along + part.inset.along + inner.along,
            across: outer.across + part.inset.across + inner.across,
        }
    }

    /// The way from body to body. `outer` counts the ways between parts.
    fn route(&self, sheet: &Sheet, way: usize, outer: &mut usize, layout: &Layout) -> route::Route {
        let ends = &self.diagram.ways[way];
        let (from, to) = (self.part_of[ends.from], self.part_of[ends.to]);
        let moved = |part: usize, knot: &Knot| Knot {
            along: knot.along + sheet.starts[part].along + self.parts[part].inset.along,
            across: knot.across + sheet.starts[part].across + self.parts[part].inset.across,
        };
        let mut knots: Vec<Knot> = Vec::new();
        if from == to && self.parts[from].group.items.len() > 1 {
            let inner = (0..way).filter(|other| self.is_within(from, *other)).count();
            knots.extend(self.parts[from].sheet.knots[inner].iter().map(|knot| moved(from, knot)));
        } else {
            knots.extend(self.inner_knots(ends.from, true).iter().map(|knot| moved(from, knot)));
            knots.extend(&sheet.knots[*outer]);
            knots.extend(self.inner_knots(ends.to, false).iter().map(|knot| moved(to, knot)));
            *outer += 1;
        }
        let mut points: Vec<Point> = knots.into_iter().map(|knot| self.point(knot)).collect();
        self.meet(&mut points, (&layout.spots[ends.from], &layout.spots[ends.to]));
        if self.is_back[way] {
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

/// Across size of a door.
const DOOR: f64 = 8.0;
