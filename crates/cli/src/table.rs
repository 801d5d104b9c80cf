//! Plain tables: columns as wide as their widest cell.

use std::io::{self, Write};

/// Which side a column's cells stand on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Side {
    /// Texts.
    Left,
    /// Numbers.
    Right,
}

/// A table of texts.
#[derive(Clone, Debug)]
pub(crate) struct Table {
    sides: Vec<Side>,
    /// The first one is the head.
    rows: Vec<Vec<String>>,
}

impl Table {
    /// A table without rows, with these columns.
    pub(crate) fn new(columns: &[(&str, Side)]) -> Self {
        Table {
            sides: columns.iter().map(|(_, side)| *side).collect(),
            rows: vec![columns.iter().map(|(name, _)| (*name).to_owned()).collect()],
        }
    }

    /// Adds a row, of as many cells as there are columns.
    pub(crate) fn row(&mut self, cells: Vec<String>) {
        assert_eq!(cells.len(), self.sides.len(), "a row has a cell for each column");
        self.rows.push(cells);
    }

    /// Whether there are no rows below the head.
    pub(crate) fn is_empty(&self) -> bool {
        self.rows.len() < 2
    }

    /// Writes it, each line after `indent`, without spaces at the ends of lines.
    pub(crate) fn write(&self, out: &mut dyn Write, indent: &str) -> io::Result<()> {
        let widths: Vec<usize> = (0..self.sides.len())
            .map(|column| self.rows.iter().map(|row| width(&row[column])).max().unwrap_or(0))
            .collect();
        for row in &self.rows {
            let mut line = String::from(indent);
            for ((cell, side), wide) in row.iter().zip(&self.sides).zip(&widths) {
                let gap = " ".repeat(wide - width(cell));
                match side {
                    Side::Left => line.extend([cell.as_str(), &gap, "  "]),
                    Side::Right => line.extend([gap.as_str(), cell, "  "]),
                }
            }
            writeln!(out, "{}", line.trim_end())?;
        }
        Ok(())
    }
}

/// Characters; names in scripts with wide characters stand a little askew.
fn width(text: &str) -> usize {
    text.chars().count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_they_must_be() {
        let mut table = Table::new(&[("name", Side::Left), ("ready", Side::Right)]);
        assert!(table.is_empty());
        table.row(vec!["orders-of-a-day".into(), "5".into()]);
        table.row(vec!["\u{e9}".into(), "10,800,000".into()]);
        let mut out = Vec::new();
        table.write(&mut out, "  ").unwrap();
        let expected =
            "  name                  ready\n  orders-of-a-day           5\n  \u{e9}                10,800,000\n";
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }
}
