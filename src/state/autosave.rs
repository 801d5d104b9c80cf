//! Snapshot that is saved by itself: what the browser's storage holds of it, and
//! what a page that starts makes of what it finds there.
//!
//! A tab keeps its own work in its own storage, so that it finds it again
//! after a reload whatever other tabs did; the newest work of all tabs is in
//! the shared storage, for a tab that died. Snapshot that gives way to a link
//! goes on the [`Shelf`], from where it can be opened again.

use super::link::{Carrier, Finding, read_snapshot, write_snapshot};
use super::snapshot::Snapshot;

/// The name of the work in the tab's own storage and in the shared one.
pub const WORK: &str = "mqlab-work";
/// The name, in the tab's own storage, of the link that its work began with.
pub const BEGAN_WITH: &str = "mqlab-work-began-with";
/// The name of the shelf in the shared storage.
pub const SHELF: &str = "mqlab-shelf";

/// What the names of values that could not be read begin with.
const REFUSED: &str = "mqlab-refused-";
/// The most values that are kept although they could not be read.
const REFUSED_MAX: usize = 5;
/// The most pieces of work on the shelf.
const SHELF_MAX: usize = 5;

/// The work as it is stored.
pub fn stored(snapshot: &Snapshot) -> Result<String, Vec<Finding>> {
    write_snapshot(snapshot, Carrier::Storage)
}

/// The work of a stored value.
pub fn restored(text: &str) -> Result<Snapshot, Vec<Finding>> {
    read_snapshot(text, Carrier::Storage)
}

/// Under which name a value is kept that could not be read, given what is
/// stored under a name already: nobody's work is thrown away because this
/// page does not understand it. If there are many of them, the last gives way.
pub fn name_for_refused(value: &str, stored: impl Fn(&str) -> Option<String>) -> String {
    let name = |number: usize| format!("{REFUSED}{number}");
    let is_free = |name: &String| stored(name).is_none_or(|other| other == value);
    (1..REFUSED_MAX)
        .map(name)
        .find(is_free)
        .unwrap_or_else(|| name(REFUSED_MAX))
}

/// Pieces of work that gave way to others, newest first.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Shelf {
    works: Vec<Snapshot>,
}

impl Shelf {
    /// The shelf of a stored value, and the lines of it that are none of ours.
    pub fn read(text: &str) -> (Shelf, Vec<String>) {
        let mut shelf = Shelf::default();
        let mut refused = Vec::new();
        for line in text.lines().filter(|line| !line.is_empty()) {
            match restored(line) {
                Ok(snapshot) if shelf.works.len() < SHELF_MAX => shelf.works.push(snapshot),
                _ => refused.push(line.to_owned()),
            }
        }
        (shelf, refused)
    }

    /// The shelf as it is stored.
    pub fn text(&self) -> String {
        let lines: Vec<String> = self.works.iter().filter_map(|snapshot| stored(snapshot).ok()).collect();
        lines.join("\n")
    }

    /// What lies on it, newest first.
    pub fn works(&self) -> &[Snapshot] {
        &self.works
    }

    /// Puts work on it. The same work lies there once; the oldest gives way.
    pub fn put(&mut self, snapshot: Snapshot) {
        self.works.retain(|other| !other.is_same_work(&snapshot));
        self.works.insert(0, snapshot);
        self.works.truncate(SHELF_MAX);
    }

    /// Takes work off it.
    pub fn take(&mut self, index: usize) -> Option<Snapshot> {
        (index < self.works.len()).then(|| self.works.remove(index))
    }
}

/// What a page finds when it starts.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Found {
    /// The work of the link in the address.
    pub link: Option<Snapshot>,
    /// The tab's own work.
    pub own: Option<Snapshot>,
    /// The newest work of all tabs.
    pub newest: Option<Snapshot>,
    /// Whether the tab's own work began with this very link, and the page was
    /// reloaded or gone back to: then the link is where the work comes from
    /// and not where somebody wants to go.
    pub is_return: bool,
}

/// What a page opens when it starts.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Start {
    /// What is opened, if not what a first visit shows.
    pub snapshot: Option<Snapshot>,
    /// What gave way to it and would be missed.
    pub displaced: Option<Snapshot>,
}

/// What to open, given what was found.
pub fn start(found: Found) -> Start {
    let Found {
        link,
        own,
        newest,
        is_return,
    } = found;
    match (link, own) {
        (Some(_) | None, Some(own)) if is_return => Start {
            snapshot: Some(own),
            displaced: None,
        },
        (Some(link), own) => {
            let before = own.or(newest);
            let displaced = before.filter(|snapshot| snapshot.is_own() && !snapshot.is_same_work(&link));
            Start {
                snapshot: Some(link),
                displaced,
            }
        }
        (None, own) => Start {
            snapshot: own.or(newest),
            displaced: None,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn snapshot(script: &str) -> Snapshot {
        Snapshot {
            script: script.to_owned(),
            ..Snapshot::default()
        }
    }

    #[test]
    fn a_link_wins_and_what_was_there_is_offered_back() {
        let (link, own, newest) = (snapshot("link"), snapshot("own"), snapshot("newest"));
        let found = Found {
            link: Some(link.clone()),
            own: Some(own.clone()),
            newest: Some(newest.clone()),
            is_return: false,
        };
        let opened = start(found.clone());
        assert_eq!(
            (opened.snapshot, opened.displaced),
            (Some(link.clone()), Some(own.clone()))
        );
        let fresh = start(Found {
            own: None,
            ..found.clone()
        });
        assert_eq!(fresh.displaced, Some(newest.clone()));
        let first = crate::state::scenarios::SCENARIOS[0];
        let gallery = Snapshot::of_gallery(first.stem, first.text());
        // What can be had from the gallery, or is the link itself, is no loss.
        for same in [link, gallery.clone()] {
            let opened = start(Found {
                own: Some(same),
                ..found.clone()
            });
            assert_eq!(opened.displaced, None);
        }
        let returned = start(Found {
            is_return: true,
            ..found
        });
        assert_eq!((returned.snapshot, returned.displaced), (Some(own), None));
    }

    #[test]
    fn a_tab_finds_its_own_work_and_a_new_one_the_newest() {
        let (own, newest) = (Some(snapshot("own")), Some(snapshot("newest")));
        let found = Found {
            own: own.clone(),
            newest: newest.clone(),
            ..Found::default()
        };
        assert_eq!(start(found.clone()).snapshot, own);
        assert_eq!(start(Found { own: None, ..found }).snapshot, newest);
        assert_eq!(start(Found::default()), Start::default());
    }

    #[test]
    fn the_shelf_keeps_the_newest_and_each_once() {
        let mut shelf = Shelf::default();
        (0..7).for_each(|number| shelf.put(snapshot(&format!("x = {number}"))));
        shelf.put(snapshot("x = 4"));
        let scripts: Vec<&str> = shelf.works().iter().map(|snapshot| snapshot.script.as_str()).collect();
        assert_eq!(scripts, ["x = 4", "x = 6", "x = 5", "x = 3", "x = 2"]);
        assert_eq!(Shelf::read(&shelf.text()), (shelf.clone(), vec![]));
        assert_eq!(shelf.take(1).map(|snapshot| snapshot.script), Some("x = 6".into()));
        assert_eq!((shelf.take(9), shelf.works().len()), (None, 4));
    }

    #[test]
    fn what_is_no_work_is_set_aside() {
        let good = stored(&snapshot("a = 1")).expect("it is small");
        let (shelf, refused) = Shelf::read(&format!("{good}\n{{\"json\":1}}\n\n1.AAAA"));
        assert_eq!(shelf.works(), [snapshot("a = 1")]);
        assert_eq!(refused, ["{\"json\":1}", "1.AAAA"]);
        for garbage in ["", "null", "{}", "1.", "\u{0}", "undefined", &good[1..]] {
            assert!(restored(garbage).is_err(), "{garbage}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_kept_under_a_free_name() {
        let taken = |name: &str| match name {
            "mqlab-refused-1" => Some("one".to_owned()),
            "mqlab-refused-2" => Some("two".to_owned()),
            _ => None,
        };
        assert_eq!(name_for_refused("one", taken), "mqlab-refused-1");
        assert_eq!(name_for_refused("two", taken), "mqlab-refused-2");
        assert_eq!(name_for_refused("three", taken), "mqlab-refused-3");
        assert_eq!(name_for_refused("x", |_| Some("y".to_owned())), "mqlab-refused-5");
    }
}
