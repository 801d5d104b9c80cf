//! Files of the charts and of the comparison, made when they are asked for of
//! what there is then.

use super::download;
use crate::state::comparison::{self, Comparison};
use crate::state::curves::{Asked, Band};
use crate::state::file;
use crate::state::lab::Lab;
use crate::state::plot::{Plot, svg};
use crate::state::samples;
use crate::state::scenarios::SCENARIOS;
use crate::state::session::Session;
use crate::state::texts::Key;
use crate::state::work::Work;

/// The size of a picture in a file.
const PICTURE: (f64, f64) = (1080.0, 300.0);
/// What a text with commas is.
const CSV: &str = "text/csv;charset=utf-8";

/// What can be saved.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Save {
    /// All samples of a chart.
    Csv(Band),
    /// A chart as a picture.
    Svg(Band),
    /// The comparison.
    Comparison,
}

/// Makes a file and hands it to the browser to be saved; whether that worked.
#[inline(never)]
pub(crate) fn rest_save(save: Save, session: &Session, work: &Work, lab: &Lab) -> bool {
    let asked = Asked {
        lab,
        selection: session.selection,
        percentiles: &session.boards.percentiles,
        language: session.language,
    };
    let name = |what: &str, ending: &str| {
        let origin = work.origin.and_then(|position| SCENARIOS.get(position));
        let named = file::name(origin.map(|entry| entry.stem), Some(&lab.scenario.title));
        samples::file_name(named.trim_end_matches(".toml"), what, lab.scenario.seed, ending)
    };
    match save {
        Save::Csv(band) => download::save(&name(band.id(), "csv"), CSV, &samples::file(&asked, band)),
        Save::Svg(band) => {
            let plot = Plot::new(&asked, &[band], PICTURE);
            let seed = session.language.with(Key::Seed, &lab.scenario.seed.to_string());
            let band_name = session.language.text(band.name());
            let title = format!("{} · {band_name} · {seed}", lab.scenario.title);
            download::save(&name(band.id(), "svg"), "image/svg+xml", &svg::picture(&plot, &title))
        }
        Save::Comparison => {
            let comparison = Comparison::new(&asked, session.boards.base);
            download::save(&name("compare", "csv"), CSV, &comparison::file(&comparison))
        }
    }
}
