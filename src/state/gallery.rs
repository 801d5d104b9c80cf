//! The gallery: every scenario by what it is about, with a small drawing, and
//! a path through them for beginners.

#[cfg(test)]
mod drawn;
mod search;
mod sketch;

pub use sketch::{Shape, Sketch};

use super::lessons::{self, Head};
use super::scenarios::{self, SCENARIOS};
use super::texts::{Key, Language};
use mqlab_kernel::sort_by_key;

/// A line for each scenario, in their order: its file's name, its rows, its shapes, its
/// ways. What is in here and in [`NAMES`] follows from the scenarios: see `drawn.rs`.
const CARDS: &str = include_str!("gallery/cards.txt");
/// A line for each scenario: its file's name, and the names of the things in it. Nobody
/// misses these before the rest of the program is here: between the marks of
/// `texts/catalogue.rs`, they come with it.
const NAMES: &str = concat!("\u{2}file:rest\n", include_str!("gallery/names.txt"), "\u{3}");

/// What a group of scenarios is about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Concept {
    /// Its name in the lessons.
    pub name: &'static str,
    /// What it is called.
    pub key: Key,
}

/// The groups, in the order of the gallery.
pub const CONCEPTS: [Concept; 9] = [
    concept("why-a-queue", Key::ConceptWhy),
    concept("who-gets-it", Key::ConceptWho),
    concept("when-is-it-gone", Key::ConceptGone),
    concept("too-much-at-once", Key::ConceptMuch),
    concept("how-it-travels", Key::ConceptTravels),
    concept("what-if-it-fails", Key::ConceptFails),
    concept("in-which-order", Key::ConceptOrder),
    concept("what-survives", Key::ConceptSurvives),
    concept("queueing-theory", Key::ConceptTheory),
];

/// Where a scenario stands whose lesson names no group.
const OTHERS: Concept = concept("others", Key::ConceptOthers);

/// The path for beginners. Those of its scenarios that exist are numbered.
const PATH: [&str; 10] = [
    "sync-or-async",
    "queue-or-topic",
    "crash-before-ack",
    "sent-twice",
    "peak-shaving-day",
    "push-pull-longpoll",
    "poison-to-dead-letter",
    "ttl-at-the-head",
    "partitions-and-order",
    "acks-and-replicas",
];

const fn concept(name: &'static str, key: Key) -> Concept {
    Concept { name, key }
}

/// One scenario of the gallery.
#[derive(Clone, PartialEq, Debug)]
pub struct Card {
    /// Its position among the scenarios.
    pub position: usize,
    /// The name of its file without the ending.
    pub stem: &'static str,
    /// The head of its lesson, if there is one.
    pub lesson: Option<Head>,
    /// Its group.
    pub concept: Concept,
    /// Rows of the catalogue that it shows.
    pub rows: Vec<&'static str>,
    /// Its place on the path for beginners, from 1.
    pub place: Option<usize>,
    /// Its shape.
    pub sketch: Sketch,
    /// Names of the things in it.
    names: &'static str,
}

/// All scenarios, to choose from.
#[derive(Clone, PartialEq, Debug)]
pub struct Gallery {
    /// One card per scenario, in the order of the scenarios.
    pub cards: Vec<Card>,
}

impl Gallery {
    /// Every scenario; without the names of things unless all of the program `is_here`.
    pub fn read(is_here: bool) -> Self {
        let path: Vec<&str> = PATH
            .into_iter()
            .filter(|stem| scenarios::position(stem).is_some())
            .collect();
        let cards = CARDS.lines().enumerate();
        let cards = cards.filter_map(|(position, line)| Card::of(position, line, &path));
        let mut gallery = Gallery { cards: cards.collect() };
        if is_here {
            for (card, line) in gallery.cards.iter_mut().zip(rest_names().lines().skip(1)) {
                card.names = line;
            }
        }
        gallery
    }

    /// The cards of the path for beginners, in its order.
    pub fn path(&self) -> Vec<&Card> {
        let mut path: Vec<&Card> = self.cards.iter().filter(|card| card.place.is_some()).collect();
        sort_by_key(&mut path, |card| card.place);
        path
    }

    /// What a search finds, by group; everything if nothing is asked for.
    /// Groups in which nothing is found are left out.
    pub fn groups(&self, query: &str, language: Language) -> Vec<(Concept, Vec<&Card>)> {
        let found: Vec<&Card> = self
            .cards
            .iter()
            .filter(|card| search::finds(card, query, language))
            .collect();
        let group = |concept: Concept| {
            let cards: Vec<&Card> = found.iter().copied().filter(|card| card.concept == concept).collect();
            (!cards.is_empty()).then_some((concept, cards))
        };
        CONCEPTS.into_iter().chain([OTHERS]).filter_map(group).collect()
    }
}

/// A gate (`src/ui/rest.rs`): before the rest is here nothing stands in [`NAMES`].
#[inline(never)]
fn rest_names() -> &'static str {
    NAMES
}

impl Card {
    /// The scenario of a line of [`CARDS`].
    fn of(position: usize, line: &'static str, path: &[&str]) -> Option<Self> {
        let mut parts = line.split('|');
        let (stem, rows) = (parts.next()?, parts.next()?);
        let lesson = lessons::head(stem);
        let named = |lesson: Head| CONCEPTS.into_iter().find(|concept| concept.name == lesson.concept);
        Some(Card {
            position,
            stem,
            lesson,
            concept: lesson.and_then(named).unwrap_or(OTHERS),
            rows: rows.split_whitespace().collect(),
            place: path.iter().position(|known| *known == stem).map(|at| at + 1),
            sketch: Sketch::read(parts.next()?, parts.next()?)?,
            names: "",
        })
    }

    /// What it is called.
    pub fn title(&self, language: Language) -> &str {
        lessons::title(&SCENARIOS[self.position], language)
    }

    /// What it is about, in one sentence.
    pub fn sentence(&self, language: Language) -> &str {
        self.lesson.map_or("", |lesson| lesson.sentence(language))
    }
}

#[cfg(test)]
mod tests;
