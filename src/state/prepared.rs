//! The scenarios that a first visit can play, read before anybody visits the page.
//!
//! `crates/pack` starts the program when it is built, calls [`prepare`], and takes what then
//! stands in memory for what the program begins with. So a page that has just been
//! loaded has these scenarios as if it had read them, and what reads scenarios comes with
//! the rest of the program. A debug build prepares nothing, and reads them all.

use super::scenarios::SCENARIOS;
use super::work::Work;
use mqlab_scenario::Scenario;
use std::cell::RefCell;
use std::rc::Rc;

thread_local! {
    /// By their positions.
    static PREPARED: RefCell<Vec<(usize, Rc<Scenario>)>> = const { RefCell::new(Vec::new()) };
}

/// Reads what a first visit can play.
pub fn prepare() {
    let early = SCENARIOS.iter().enumerate().filter(|(_, entry)| !entry.is_late());
    let read = early.filter_map(|(position, entry)| {
        let (scenario, _) = mqlab_scenario::parse(entry.text());
        // Without its text it takes half as much room.
        Some((position, Rc::new(scenario?.without_text())))
    });
    let read = read.collect();
    PREPARED.with(|prepared| prepared.replace(read));
}

/// The scenario of the gallery that is worked on, if it is as it is there and prepared:
/// without its text, so it has to be read before anything is done by hand.
pub fn scenario(work: &Work) -> Option<Rc<Scenario>> {
    let position = work.origin.filter(|_| work.seed.is_none() && !work.is_changed())?;
    PREPARED.with_borrow(|prepared| {
        let (_, scenario) = prepared.iter().find(|(known, _)| *known == position)?;
        Some(Rc::clone(scenario))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_prepared_is_what_would_be_read_and_without_findings() {
        let works = || (0..SCENARIOS.len()).map(Work::of_gallery);
        assert!(works().all(|work| scenario(&work).is_none()), "nothing is prepared");
        prepare();
        for (work, entry) in works().zip(SCENARIOS) {
            let prepared = scenario(&work);
            assert_eq!(prepared.is_some(), !entry.is_late(), "{}", entry.stem);
            let Some(prepared) = prepared else { continue };
            let (read, findings) = mqlab_scenario::parse_with(&work.text, &work.overrides());
            let read = read.map(Scenario::without_text);
            assert_eq!(read.as_ref(), Some(&*prepared), "{}", entry.stem);
            assert!(findings.is_empty(), "{}: {findings:#?}", entry.stem);
            let edited = work.with_text(format!("{}\n", work.text).into());
            assert_eq!(scenario(&edited), None, "another text");
            let seeded = Work {
                seed: Some(1),
                ..work.clone()
            };
            assert_eq!(scenario(&seeded), None, "another seed");
        }
    }
}
