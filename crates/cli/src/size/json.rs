//! Sizes for programs.

use super::{Figure, Sized};
use crate::load::Loaded;
use serde::Serialize;
use std::io::{self, Write};

#[derive(Serialize)]
struct SizesJson<'a> {
    scenario: &'a str,
    file: &'a str,
    seed: u64,
    engine: &'static str,
    queues: Vec<QueueJson<'a>>,
}

#[derive(Serialize)]
struct QueueJson<'a> {
    variant: &'a str,
    queue: &'a str,
    peak_at: String,
    figures: Vec<FigureJson>,
}

/// Times are nanoseconds. What is endless or unknown is `null`.
#[derive(Serialize)]
struct FigureJson {
    name: &'static str,
    unit: &'static str,
    measured: Option<f64>,
    formula: Option<f64>,
    difference: Option<f64>,
    says: &'static str,
}

/// Writes all sizes.
pub(super) fn json(loaded: &Loaded, all: &[Sized], out: &mut dyn Write) -> io::Result<()> {
    let queue = |sized: &'_ Sized| -> Vec<FigureJson> { sized.figures.iter().map(figure).collect() };
    let whole = SizesJson {
        scenario: &loaded.scenario.title,
        file: &loaded.input.name,
        seed: loaded.scenario.seed,
        engine: env!("CARGO_PKG_VERSION"),
        queues: all
            .iter()
            .map(|sized| QueueJson {
                variant: &sized.variant,
                queue: &sized.queue,
                peak_at: sized.peak_at.to_string(),
                figures: queue(sized),
            })
            .collect(),
    };
    serde_json::to_writer_pretty(&mut *out, &whole)?;
    writeln!(out)
}

fn figure(figure: &Figure) -> FigureJson {
    let finite = |number: Option<f64>| number.filter(|number| number.is_finite());
    FigureJson {
        name: figure.name,
        unit: if figure.is_time { "ns" } else { "count" },
        measured: finite(figure.measured),
        formula: finite(figure.formula),
        difference: figure.difference(),
        says: figure.says,
    }
}
