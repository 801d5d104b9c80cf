//! How the boards below the stage are set: which charts are shown, how tall
//! they are, and against what variants are compared.

use super::comparison::{Column, Sort};
use super::curves::{Band, Percentile};
use mqlab_kernel::sort_by;

/// Least height of the boards, in CSS pixels.
pub const TALL_MIN: u32 = 200;
/// Greatest height of the boards.
pub const TALL_MAX: u32 = 900;
/// By how much one press of a key changes it.
pub const TALL_STEP: u32 = 24;

/// Least height of one chart.
const BAND_TALL: u32 = 52;
/// The same where the page scrolls anyway.
const BAND_TALL_NARROW: u32 = 96;
/// The time axis below the charts, and the space above them.
const FRAME_TALL: u32 = 40;

/// How the boards are set.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Boards {
    /// The charts that are shown, from top to bottom.
    pub bands: Vec<Band>,
    /// The percentiles in the chart of the waits, the shortest waits first.
    pub percentiles: Vec<Percentile>,
    /// The chart whose table is open.
    pub table: Option<Band>,
    /// The height of the boards, in CSS pixels.
    pub tall: u32,
    /// The variant that the others are compared with, by position.
    pub base: usize,
    /// Whether rows that are equal everywhere are left out of the comparison.
    pub hides_equal: bool,
    /// In which order the rows of the comparison stand; it is not remembered.
    pub sort: Option<Sort>,
}

/// Something that is changed about the boards.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum BoardAction {
    /// Shows or hides a chart.
    Band(Band, bool),
    /// Shows or hides a percentile.
    Percentile(Percentile, bool),
    /// Opens the table of a chart, or closes it.
    Table(Option<Band>),
    /// Makes the boards this tall.
    Tall(u32),
    /// Compares with another variant.
    Base(usize),
    /// Leaves out rows that are equal everywhere, or not.
    HideEqual(bool),
    /// Asks for another order of the comparison by a column.
    Sort(Column),
}

impl Default for Boards {
    fn default() -> Self {
        Boards {
            bands: vec![Band::Rate, Band::Backlog, Band::Wait],
            percentiles: vec![Percentile::P99],
            table: None,
            tall: 288,
            base: 0,
            hides_equal: false,
            sort: None,
        }
    }
}

impl Boards {
    /// Changes something.
    pub fn apply(&mut self, action: BoardAction) {
        match action {
            BoardAction::Band(band, is_shown) => toggle(&mut self.bands, band, is_shown),
            BoardAction::Percentile(percentile, is_shown) => toggle(&mut self.percentiles, percentile, is_shown),
            BoardAction::Table(band) => self.table = band,
            BoardAction::Tall(tall) => self.tall = tall.clamp(TALL_MIN, TALL_MAX),
            BoardAction::Base(variant) => self.base = variant,
            BoardAction::HideEqual(is_on) => self.hides_equal = is_on,
            BoardAction::Sort(column) => self.sort = Sort::next(self.sort, column),
        }
    }

    /// The least height of the charts on a wide window and on a narrow one.
    pub fn charts_tall(&self) -> (u32, u32) {
        let count = u32::try_from(self.bands.len().max(1)).unwrap_or(1);
        (count * BAND_TALL + FRAME_TALL, count * BAND_TALL_NARROW + FRAME_TALL)
    }

    /// As it is remembered from one visit to the next.
    pub fn to_text(&self) -> String {
        let bands = self.bands.iter().map(|band| band.id());
        let percentiles = self.percentiles.iter().map(|percentile| percentile.id());
        let mut words: Vec<String> = bands.chain(percentiles).map(str::to_owned).collect();
        words.push(self.tall.to_string());
        if self.hides_equal {
            words.push(HIDE_EQUAL.to_owned());
        }
        words.join(" ")
    }

    /// As it was remembered. What is not understood is as on a first visit.
    pub fn of_text(text: &str) -> Boards {
        let mut boards = Boards::default();
        let words: Vec<&str> = text.split_whitespace().collect();
        let known = |id: &str| words.contains(&id);
        if let Some(tall) = words.iter().find_map(|word| word.parse().ok()) {
            boards.apply(BoardAction::Tall(tall));
            boards.bands = Band::ALL.into_iter().filter(|band| known(band.id())).collect();
            boards.percentiles = Percentile::ALL.into_iter().filter(|one| known(one.id())).collect();
            boards.hides_equal = known(HIDE_EQUAL);
        }
        boards
    }
}

const HIDE_EQUAL: &str = "hide-equal";

/// Puts something into a list that keeps its order, or takes it out.
fn toggle<T: Copy + Ord>(list: &mut Vec<T>, one: T, is_in: bool) {
    list.retain(|known| *known != one);
    if is_in {
        list.push(one);
        sort_by(list, Ord::cmp);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn charts_keep_their_order_however_they_are_chosen() {
        let mut boards = Boards::default();
        boards.apply(BoardAction::Band(Band::Rate, false));
        boards.apply(BoardAction::Band(Band::Load, true));
        boards.apply(BoardAction::Band(Band::Age, true));
        boards.apply(BoardAction::Band(Band::Age, true));
        assert_eq!(boards.bands, [Band::Backlog, Band::Age, Band::Wait, Band::Load]);
    }

    #[test]
    fn what_is_set_is_remembered() {
        let mut boards = Boards::default();
        boards.apply(BoardAction::Band(Band::Rate, false));
        boards.apply(BoardAction::Percentile(Percentile::Max, true));
        boards.apply(BoardAction::HideEqual(true));
        boards.apply(BoardAction::Tall(7));
        assert_eq!(boards.tall, TALL_MIN);
        assert_eq!(Boards::of_text(&boards.to_text()), boards);
        assert_eq!(Boards::of_text(""), Boards::default());
        assert_eq!(Boards::of_text("<b> p1 -4"), Boards::default());
    }
}
