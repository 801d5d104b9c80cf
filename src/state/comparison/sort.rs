//! The order of the rows of a comparison.

use super::{Comparison, Row};
use crate::state::texts::Language;
use mqlab_kernel::sort_by;

/// What rows are sorted by, within what they are about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Column {
    /// Their names.
    Name,
    /// How far a variant is from the one that it is compared with, by its
    /// position among those that are shown.
    Variant(usize),
}

/// An order of rows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Sort {
    /// What counts.
    pub column: Column,
    /// Whether the last, or the greatest, comes first.
    pub is_descending: bool,
}

impl Sort {
    /// The order after somebody asked for one by a column: first what is
    /// looked for there, then the other way round, then as it was.
    pub fn next(now: Option<Sort>, column: Column) -> Option<Sort> {
        let first = column != Column::Name;
        let sort = |is_descending| Some(Sort { column, is_descending });
        match now.filter(|now| now.column == column) {
            None => sort(first),
            Some(now) if now.is_descending == first => sort(!first),
            Some(_) => None,
        }
    }

    /// What `aria-sort` says of a column.
    pub fn aria(now: Option<Sort>, column: Column) -> &'static str {
        match now.filter(|now| now.column == column) {
            None => "none",
            Some(now) if now.is_descending => "descending",
            Some(_) => "ascending",
        }
    }
}

impl Comparison {
    /// With its rows in an order of their own.
    #[must_use]
    pub fn sorted(mut self, sort: Option<Sort>) -> Comparison {
        let Some(Sort { column, is_descending }) = sort else {
            return self;
        };
        for group in &mut self.groups {
            sort_by(&mut group.rows, |a, b| {
                let order = match column {
                    Column::Name => a.name.cmp(&b.name),
                    Column::Variant(variant) => {
                        distance(a, self.base, variant).total_cmp(&distance(b, self.base, variant))
                    }
                };
                if is_descending { order.reverse() } else { order }
            });
        }
        self
    }
}

/// How far a variant is from another in a row, however long or many: as a
/// share of the other. From nothing it is farther to something than any share,
/// and to nothing at all it is no way.
fn distance(row: &Row, base: usize, variant: usize) -> f64 {
    let differences = row.differences(base, Language::English);
    let Some(difference) = differences.get(variant).and_then(Option::as_ref) else {
        return -1.0;
    };
    match (difference.relative, difference.absolute) {
        (Some(relative), _) => relative.abs(),
        (None, Some(0.0)) => 0.0,
        (None, Some(_)) => f64::INFINITY,
        (None, None) if difference.judgement == super::Judgement::Same => 0.0,
        (None, None) => f64::INFINITY,
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{comparison, lab};
    use super::*;

    #[test]
    fn a_column_sorts_three_ways() {
        for column in [Column::Name, Column::Variant(1)] {
            let first = Sort::next(None, column);
            let second = Sort::next(first, column);
            let words = [first, second].map(|sort| Sort::aria(sort, column));
            let expected = match column {
                Column::Name => ["ascending", "descending"],
                Column::Variant(_) => ["descending", "ascending"],
            };
            assert_eq!(words, expected);
            assert_eq!((Sort::next(second, column), Sort::aria(None, column)), (None, "none"));
            assert_eq!(Sort::aria(first, Column::Variant(0)), "none");
        }
    }

    #[test]
    fn rows_stay_in_their_group_and_the_farthest_come_first() {
        let lab = lab();
        let plain = comparison(&lab, 0);
        let far = plain.clone().sorted(Sort::next(None, Column::Variant(1)));
        for (before, after) in plain.groups.iter().zip(&far.groups) {
            assert_eq!(before.name, after.name);
            assert_eq!(before.rows.len(), after.rows.len());
            let distances: Vec<f64> = after.rows.iter().map(|row| distance(row, 0, 1)).collect();
            assert!(distances.is_sorted_by(|a, b| a >= b), "{distances:?}");
        }
        let whole: Vec<&str> = far.groups[0].rows.iter().map(|row| row.id.as_str()).collect();
        assert_ne!(whole[0], "offered", "600 in both");
        let names = plain.sorted(Sort::next(None, Column::Name));
        let names: Vec<&String> = names.groups[0].rows.iter().map(|row| &row.name).collect();
        assert!(names.is_sorted(), "{names:?}");
    }
}
