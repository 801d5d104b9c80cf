//! Puts a chart on a surface.

use super::axis::Axis;
use super::{Across, Chart, Curve, Panel, Stroke};
use plotters::coord::Shift;
use plotters::prelude::{
    ChartBuilder, DashedLineSeries, DrawingArea, DrawingAreaErrorKind, DrawingBackend, IntoDrawingArea, LineSeries,
    PathElement, RGBColor, SVGBackend, Text,
};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{BLACK, Color, IntoFont, WHITE};

const WIDTH: u32 = 1100;
const TITLE_HEIGHT: u32 = 44;
const PANEL_HEIGHT: u32 = 250;
/// Room for the labels at the ends of the curves.
const LABELS_WIDTH: u32 = 240;
/// Room for the instants below a panel.
const AXIS_HEIGHT: u32 = 28;
const LABEL_HEIGHT: i32 = 15;
/// Characters of a label that fit.
const LABEL_CHARS: usize = 32;
const TITLE_CHARS: usize = 100;
const FONT: &str = "sans-serif";

/// Colours that differ for colour-blind eyes too (Okabe and Ito).
const COLOURS: [RGBColor; 8] = [
    RGBColor(0, 114, 178),
    RGBColor(213, 94, 0),
    RGBColor(0, 158, 115),
    RGBColor(204, 121, 167),
    RGBColor(230, 159, 0),
    RGBColor(86, 180, 233),
    RGBColor(90, 90, 90),
    RGBColor(148, 103, 33),
];

type Drawn<DB> = Result<(), DrawingAreaErrorKind<<DB as DrawingBackend>::ErrorType>>;

/// The chart as the text of an SVG file.
///
/// # Errors
/// What the drawing library says, if it cannot.
pub fn svg(chart: &Chart) -> Result<String, String> {
    let mut text = String::new();
    let height = TITLE_HEIGHT + PANEL_HEIGHT * chart.panels.len() as u32;
    {
        let root = SVGBackend::with_string(&mut text, (WIDTH, height)).into_drawing_area();
        draw(chart, &root).map_err(|error| format!("cannot draw the charts: {error}"))?;
    }
    Ok(text)
}

/// Draws the chart over all of `root`.
///
/// # Errors
/// What the surface says, if it cannot be drawn on.
pub fn draw<DB: DrawingBackend>(chart: &Chart, root: &DrawingArea<DB, Shift>) -> Drawn<DB> {
    root.fill(&WHITE)?;
    let title = (FONT, 20).into_font().color(&BLACK);
    root.draw(&Text::new(fitting(&chart.title, TITLE_CHARS), (16, 14), title))?;
    let (_, below) = root.split_vertically(TITLE_HEIGHT);
    let areas = below.split_evenly((chart.panels.len().max(1), 1));
    let last = areas.len().saturating_sub(1);
    for (index, (panel, area)) in chart.panels.iter().zip(&areas).enumerate() {
        let across = match &chart.across {
            Across::Time => Axis::of_time(chart.end(), index == last),
            Across::Settings { values, .. } => Axis::of_settings(values, index == last),
        };
        draw_panel(panel, across, area, root)?;
    }
    root.present()
}

fn draw_panel<DB: DrawingBackend>(
    panel: &Panel,
    across: Axis,
    area: &DrawingArea<DB, Shift>,
    root: &DrawingArea<DB, Shift>,
) -> Drawn<DB> {
    // A panel in which nothing happens still has an axis.
    let top = if panel.top() > 0.0 { panel.top() * 1.05 } else { 1.0 };
    let title = match panel.left_out {
        0 => panel.title.clone(),
        more => format!("{} ({more} smaller curves are left out)", panel.title),
    };
    let mut chart = ChartBuilder::on(area)
        .caption(title, (FONT, 14).into_font())
        .margin_left(10)
        .margin_right(LABELS_WIDTH)
        .x_label_area_size(AXIS_HEIGHT)
        .y_label_area_size(90)
        .build_cartesian_2d(across, Axis::of_quantity(top, panel.quantity))?;
    chart
        .configure_mesh()
        .bold_line_style(BLACK.mix(0.12))
        .label_style((FONT, 12).into_font())
        .draw()?;
    for curve in &panel.curves {
        let style = colour(curve).stroke_width(2);
        let points = curve.points.iter().copied();
        match curve.stroke {
            Stroke::Solid => chart.draw_series(LineSeries::new(points, style))?,
            Stroke::Dashed => chart.draw_series(DashedLineSeries::new(points, 6, 4, style))?,
        };
        let bars = curve.intervals.iter();
        let bar = |&(at, low, high): &(f64, f64, f64)| PathElement::new(vec![(at, low.max(0.0)), (at, high)], style);
        chart.draw_series(bars.map(bar))?;
    }
    let ends = panel.curves.iter().filter_map(|curve| {
        let last = curve.points.last()?;
        let (x, y) = chart.backend_coord(last);
        Some(Label { curve, x, y })
    });
    draw_labels(ends.collect(), area, root)
}

fn colour(curve: &Curve) -> RGBColor {
    COLOURS[curve.variant % COLOURS.len()]
}

/// What stands at the end of a curve, and where the curve ends.
struct Label<'a> {
    curve: &'a Curve,
    x: i32,
    y: i32,
}

/// Writes the labels where their curves end, moved apart where they would
/// cover each other.
fn draw_labels<DB: DrawingBackend>(
    mut labels: Vec<Label<'_>>,
    area: &DrawingArea<DB, Shift>,
    root: &DrawingArea<DB, Shift>,
) -> Drawn<DB> {
    labels.sort_by_key(|label| label.y);
    let (_, rows) = area.get_pixel_range();
    let heights: Vec<i32> = labels.iter().map(|label| label.y).collect();
    for (label, y) in labels.iter().zip(spread(
        &heights,
        rows.start + LABEL_HEIGHT,
        rows.end - AXIS_HEIGHT as i32,
    )) {
        let style = (FONT, 12)
            .into_font()
            .color(&colour(label.curve))
            .pos(Pos::new(HPos::Left, VPos::Center));
        let text = fitting(&label.curve.label, LABEL_CHARS);
        root.draw(&Text::new(text, (label.x + 8, y), style))?;
    }
    Ok(())
}

/// Moves heights, sorted from top to bottom, apart by the height of a label:
/// first down, then up again as far as the lower edge asks for it.
fn spread(heights: &[i32], upper: i32, lower: i32) -> Vec<i32> {
    let mut moved = heights.to_vec();
    let mut least = upper;
    for height in &mut moved {
        *height = (*height).max(least);
        least = *height + LABEL_HEIGHT;
    }
    let mut most = lower;
    for height in moved.iter_mut().rev() {
        *height = (*height).min(most);
        most = *height - LABEL_HEIGHT;
    }
    moved
}

/// A text that fits: XML carries no control characters, and a drawing no long
/// lines.
fn fitting(text: &str, chars_max: usize) -> String {
    let clean = |one: char| if one.is_control() { ' ' } else { one };
    if text.chars().count() <= chars_max {
        return text.chars().map(clean).collect();
    }
    let kept = text.chars().take(chars_max - 1).map(clean);
    kept.chain(['\u{2026}']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_do_not_cover_each_other() {
        let moved = spread(&[10, 12, 13, 99, 100], 0, 105);
        assert!(
            moved.windows(2).all(|pair| pair[1] - pair[0] >= LABEL_HEIGHT),
            "{moved:?}"
        );
        assert!(moved.iter().all(|height| *height <= 105));
    }

    #[test]
    fn an_empty_chart_can_be_drawn() {
        let text = svg(&Chart::new("Nothing < \"at\" all\u{7}")).unwrap();
        assert!(text.starts_with("<svg") && text.trim_end().ends_with("</svg>"));
        assert!(text.contains("Nothing &lt;"));
    }

    #[test]
    fn every_curve_has_its_label() {
        let mut chart = Chart::new("t");
        for variant in 0..20 {
            chart.panels[1].curves.push(Curve {
                label: format!("variant-{variant}"),
                variant,
                stroke: if variant % 2 == 0 {
                    Stroke::Solid
                } else {
                    Stroke::Dashed
                },
                points: vec![(0.0, 0.0), (1e9, variant as f64)],
                intervals: Vec::new(),
            });
        }
        let text = svg(&chart).unwrap();
        assert!((0..20).all(|variant| text.contains(&format!("variant-{variant}"))));
        assert_eq!(text, svg(&chart).unwrap(), "equal charts are equal drawings");
    }
}
