//! Finds rows of the table of keys.

use super::{KEYS, Key};

impl Key {
    /// The keys directly below a path; below the empty path, those of the
    /// document.
    pub fn below(path: &str) -> impl Iterator<Item = &'static Key> {
        below(path)
    }

    /// The key called `name` directly below a path, or the one of any name if
    /// names are of the user's choice there.
    pub fn find(path: &str, name: &str) -> Option<&'static Key> {
        find(path, name)
    }

    /// Its own name: the last part of its path.
    pub fn name(&self) -> &'static str {
        last(self.path)
    }

    /// Whether it stands outside of variants only, and counts in all of them.
    pub fn is_shared(&self) -> bool {
        SHARED.contains(&self.path)
    }
}

/// Keys that all variants share.
pub(crate) const SHARED: &[&str] = &["title", "about", "rows", "seed", "variant", "at", "expect"];

/// The rows directly below a path; the empty path is the document.
pub(crate) fn below(path: &str) -> impl Iterator<Item = &'static Key> {
    KEYS.iter().filter(move |key| parent(key.path) == path)
}

/// The row of `name` directly below `path`, or of any name if the table is one
/// of names.
pub(crate) fn find(path: &str, name: &str) -> Option<&'static Key> {
    below(path)
        .find(|key| last(key.path) == name)
        .or_else(|| below(path).find(|key| last(key.path) == "*"))
}

/// The path above: of `a.b[].c` it is `a.b[]`.
pub(crate) fn parent(path: &str) -> &str {
    path.rsplit_once('.').map_or("", |(above, _)| above)
}

/// The last segment of a path.
pub(crate) fn last(path: &str) -> &str {
    path.rsplit_once('.').map_or(path, |(_, last)| last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_stands_below_another_that_can_hold_it() {
        for key in KEYS {
            let above = parent(key.path);
            let holder = above.strip_suffix("[]").unwrap_or(above);
            let found = KEYS.iter().find(|other| other.path == holder);
            assert!(above.is_empty() || found.is_some(), "{} has no parent", key.path);
        }
    }

    #[test]
    fn paths_are_unique() {
        for (index, key) in KEYS.iter().enumerate() {
            assert!(
                KEYS[index + 1..].iter().all(|other| other.path != key.path),
                "{}",
                key.path
            );
        }
    }

    #[test]
    fn a_name_of_choice_finds_its_row() {
        assert_eq!(find("service", "writer").map(|key| key.path), Some("service.*"));
        assert_eq!(
            find("service.*", "workers").map(|key| key.path),
            Some("service.*.workers")
        );
        assert_eq!(find("", "titel"), None);
    }
}
