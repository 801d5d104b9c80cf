//! The gallery: every scenario by what it is about, with a small drawing, and
//! a path through them for beginners.

mod search;
mod sketch;

pub use sketch::{Shape, Sketch};

use super::diagram::Diagram;
use super::lessons::{self, Head};
use super::scenarios::{self, SCENARIOS};
use super::texts::{Key, Language};
use mqlab_engine::Places;
use mqlab_kernel::{sort_by, sort_by_key};
use mqlab_scenario::{Scenario, Variant};

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
    pub rows: Vec<String>,
    /// Its place on the path for beginners, from 1.
    pub place: Option<usize>,
    /// Its shape.
    pub sketch: Sketch,
    /// Names of the things in it.
    names: Vec<String>,
}

/// All scenarios, to choose from.
#[derive(Clone, PartialEq, Debug)]
pub struct Gallery {
    /// One card per scenario, in the order of the scenarios.
    pub cards: Vec<Card>,
}

impl Gallery {
    /// Reads every scenario. Of those that need the rest of the program it reads nothing
    /// but the lessons' heads unless all of the program `is_here`.
    pub fn read(is_here: bool) -> Self {
        let path: Vec<&str> = PATH
            .into_iter()
            .filter(|stem| scenarios::position(stem).is_some())
            .collect();
        let cards = (0..SCENARIOS.len()).map(|position| Card::of(position, &path, is_here));
        Gallery { cards: cards.collect() }
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

impl Card {
    fn of(position: usize, path: &[&str], is_here: bool) -> Self {
        let entry = &SCENARIOS[position];
        let lesson = lessons::head(entry.stem);
        let is_read = is_here || !scenarios::is_late(position);
        let scenario = is_read.then(|| mqlab_scenario::parse(entry.text).0).flatten();
        let named = |lesson: Head| CONCEPTS.into_iter().find(|concept| concept.name == lesson.concept);
        Card {
            position,
            stem: entry.stem,
            lesson,
            concept: lesson.and_then(named).unwrap_or(OTHERS),
            rows: scenario
                .as_ref()
                .map(|scenario| scenario.rows.clone())
                .unwrap_or_default(),
            place: path.iter().position(|stem| *stem == entry.stem).map(|at| at + 1),
            sketch: scenario
                .as_ref()
                .map(|scenario| Sketch::of(&picture(scenario)))
                .unwrap_or_default(),
            names: scenario.as_ref().map(names).unwrap_or_default(),
        }
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

/// The picture of the variant in which most is to be seen.
fn picture(scenario: &Scenario) -> Diagram {
    let diagram = |variant: &Variant| Diagram::of(&variant.plan, &Places::of(&variant.plan));
    let mut most = Diagram::default();
    for picture in scenario.variants.iter().map(diagram) {
        if picture.items.len() > most.items.len() {
            most = picture;
        }
    }
    most
}

/// The names of everything in a scenario: its variants, brokers, queues and
/// so on, each once.
fn names(scenario: &Scenario) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for variant in &scenario.variants {
        let places = Places::of(&variant.plan);
        names.push(variant.name.clone());
        names.extend(places.iter().map(|(_, place)| place.name.clone()));
    }
    sort_by(&mut names, Ord::cmp);
    names.dedup();
    names
}

#[cfg(test)]
mod tests;
