//! Which things have a row of an older message than the youngest that was ever
//! written for them: somebody did them in another order than they came.

use mqlab_kernel::SortedMap;

/// Of one thing, by running number.
#[derive(Clone, Copy, Debug)]
struct Version {
    youngest: u64,
    present: u64,
}

/// By thing, what was written.
#[derive(Clone, Debug, Default)]
pub(super) struct Versions {
    by_thing: SortedMap<u64, Version>,
    outdated: u64,
}

impl Versions {
    /// How many things have an old row.
    pub(super) fn outdated(&self) -> u64 {
        self.outdated
    }

    /// A row was written for message `number`.
    pub(super) fn note(&mut self, thing: u64, number: u64) {
        let version = self.by_thing.get_or_insert_with(thing, || Version {
            youngest: number,
            present: number,
        });
        self.outdated -= u64::from(version.present < version.youngest);
        version.present = number;
        version.youngest = version.youngest.max(number);
        self.outdated += u64::from(version.present < version.youngest);
    }

    /// A row was to be written for message `number`, and an other one stands.
    pub(super) fn note_refused(&mut self, thing: u64, number: u64) {
        if let Some(version) = self.by_thing.get_mut(&thing) {
            self.outdated -= u64::from(version.present < version.youngest);
            version.youngest = version.youngest.max(number);
            self.outdated += u64::from(version.present < version.youngest);
        }
    }

    /// The row is gone.
    pub(super) fn forget(&mut self, thing: u64) {
        if let Some(version) = self.by_thing.remove(&thing) {
            self.outdated -= u64::from(version.present < version.youngest);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_older_row_over_a_younger_one_is_outdated_until_it_is_gone() {
        let mut versions = Versions::default();
        for (thing, number, outdated) in [(1, 4, 0), (1, 2, 1), (2, 9, 1), (1, 3, 1), (1, 4, 0), (2, 1, 1)] {
            versions.note(thing, number);
            assert_eq!(versions.outdated(), outdated, "{thing}: {number}");
        }
        versions.note_refused(1, 4);
        assert_eq!(versions.outdated(), 1, "the youngest stands already");
        versions.note_refused(1, 5);
        assert_eq!(versions.outdated(), 2);
        versions.note(1, 5);
        versions.forget(2);
        versions.forget(2);
        assert_eq!(versions.outdated(), 0);
        versions.note(2, 1);
        assert_eq!(versions.outdated(), 0, "what was there before is forgotten");
    }
}
