//! Sizes for people: a table for each queue.

use super::{Figure, Sized};
use crate::load::Loaded;
use crate::notation::{cell, grouped};
use crate::table::{Side, Table};
use mqlab_engine::Value;
use mqlab_kernel::SimSpan;
use std::io::{self, Write};

/// Writes all sizes.
pub(super) fn text(loaded: &Loaded, all: &[Sized], out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}", loaded.scenario.title)?;
    writeln!(out, "{}, seed {}", loaded.input.name, loaded.scenario.seed)?;
    for sized in all {
        writeln!(
            out,
            "\nvariant {}, queue {}, peak at {}",
            sized.variant, sized.queue, sized.peak_at
        )?;
        let mut table = Table::new(&[
            ("figure", Side::Left),
            ("measured", Side::Right),
            ("formula", Side::Right),
            ("difference", Side::Right),
            ("which is", Side::Left),
        ]);
        for figure in &sized.figures {
            let difference = figure.difference().map_or("-".to_owned(), |share| {
                // A difference that rounds to nothing has no sign.
                let rounded = format!("{:+.2}%", share * 100.0);
                if rounded == "-0.00%" {
                    "+0.00%".to_owned()
                } else {
                    rounded
                }
            });
            table.row(vec![
                figure.name.to_owned(),
                number(figure, figure.measured),
                number(figure, figure.formula),
                difference,
                figure.says.to_owned(),
            ]);
        }
        table.write(out, "  ")?;
    }
    Ok(())
}

fn number(figure: &Figure, number: Option<f64>) -> String {
    match number {
        None => "-".to_owned(),
        Some(number) if number.is_infinite() => "endless".to_owned(),
        Some(nanos) if figure.is_time => cell(Value::Span(SimSpan::from_nanos_rounded(nanos))),
        Some(count) if count.fract() == 0.0 || count >= 1000.0 => grouped(count.round() as u64),
        Some(count) => format!("{count:.2}"),
    }
}
