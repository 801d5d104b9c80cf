//! A small drawing of a scenario: the shapes of its things and the ways
//! between them, as the stage would place them.

use crate::state::diagram::ItemKind;

/// One thing of a drawing.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Shape {
    /// What it is.
    pub kind: ItemKind,
    /// Its left edge.
    pub left: f64,
    /// Its upper edge.
    pub top: f64,
    /// Its width.
    pub width: f64,
    /// Its height.
    pub height: f64,
}

/// A small drawing: what an inline SVG needs to know.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Sketch {
    /// The part of the plane that is shown: left, top, width, height.
    pub view: [f64; 4],
    /// The things.
    pub shapes: Vec<Shape>,
    /// The ways between them, as the path of an SVG.
    pub ways: &'static str,
}

/// What is drawn, with the letter that it has in `cards.txt`.
pub(super) const LETTERS: [(char, ItemKind); 6] = [
    ('l', ItemKind::Load),
    ('x', ItemKind::Exchange),
    ('q', ItemKind::Queue),
    ('p', ItemKind::Partition),
    ('s', ItemKind::Service),
    ('t', ItemKind::Table),
];

impl Sketch {
    /// The drawing that is written in two texts: the part of the plane and the shapes,
    /// each with its letter and four numbers, and the ways.
    pub(super) fn read(shapes: &str, ways: &'static str) -> Option<Self> {
        let (view, shapes) = shapes.split_once(';')?;
        let shape = |text: &str| {
            let letter = text.chars().next()?;
            let (_, kind) = LETTERS.into_iter().find(|(known, _)| *known == letter)?;
            let [left, top, width, height] = numbers(&text[1..])?;
            Some(Shape {
                kind,
                left,
                top,
                width,
                height,
            })
        };
        Some(Sketch {
            view: numbers(view)?,
            shapes: shapes.split(';').map(shape).collect::<Option<_>>()?,
            ways,
        })
    }
}

/// Four whole numbers.
fn numbers(text: &str) -> Option<[f64; 4]> {
    let mut numbers = text.split(' ').map(|number| number.parse::<i32>().map(f64::from));
    let mut next = || numbers.next()?.ok();
    Some([next()?, next()?, next()?, next()?])
}
