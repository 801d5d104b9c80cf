//! Charts as a picture in a file. It looks as the page does by day, whatever
//! the page looks like now: pictures end up on paper.

use super::Plot;
use super::surface::{Anchor, Ink, Label, Stroke, Surface};
use crate::state::layout::Point;
use std::fmt::Write;

const FAMILY: &str = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Noto Sans CJK SC', sans-serif";
const SIZE: f64 = 12.0;
/// Room for the title.
const HEAD: f64 = 36.0;

/// The picture of a plot.
pub fn picture(plot: &Plot, title: &str) -> String {
    let (width, height) = (plot.width, plot.height + HEAD);
    let mut svg = Svg { out: String::new() };
    plot.draw(&mut svg);
    plot.draw_ends(&mut svg);
    let title = escaped(title);
    let ground = color(Ink::Panel);
    let ink = color(Ink::Ink);
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {width} {height}\" font-family=\"{FAMILY}\" font-size=\"{SIZE}\" role=\"img\">\n\
         <title>{title}</title>\n\
         <rect width=\"{width}\" height=\"{height}\" fill=\"{ground}\"/>\n\
         <text x=\"16\" y=\"24\" font-size=\"15\" font-weight=\"600\" fill=\"{ink}\">{title}</text>\n\
         <g transform=\"translate(0 {HEAD})\">\n{}</g>\n</svg>\n",
        svg.out
    )
}

/// The colours of the style sheet by day.
pub const fn color(ink: Ink) -> &'static str {
    match ink {
        Ink::Panel => "#fff",
        Ink::Ink => "#1a1e23",
        Ink::Soft => "#59626b",
        Ink::Line => "#dfe2e5",
        Ink::Accent => "#0b62a8",
        Ink::Ready => "#2370b0",
        Ink::Flight => "#9a6200",
        Ink::Settled => "#087a59",
    }
}

struct Svg {
    out: String,
}

impl Svg {
    fn element(&mut self, element: std::fmt::Arguments<'_>) {
        // Writing into a text cannot fail.
        let _ = self.out.write_fmt(element);
        self.out.push('\n');
    }
}

impl Surface for Svg {
    /// As wide as the letters of most fonts are.
    fn width_of(&mut self, text: &str) -> f64 {
        text.chars().map(|letter| wide(letter) * SIZE).sum()
    }

    fn path(&mut self, points: &[Point], stroke: Stroke) {
        let (color, width) = (color(stroke.ink), stroke.width);
        let dash: Vec<String> = stroke.dash.iter().map(f64::to_string).collect();
        let dash = match dash.is_empty() {
            true => String::new(),
            false => format!(" stroke-dasharray=\"{}\"", dash.join(" ")),
        };
        let points = listed(points);
        self.element(format_args!(
            "<polyline points=\"{points}\" fill=\"none\" stroke=\"{color}\" stroke-width=\"{width}\"{dash}/>"
        ));
    }

    fn area(&mut self, points: &[Point], ink: Ink, opacity: f64) {
        let (points, color) = (listed(points), color(ink));
        self.element(format_args!(
            "<polygon points=\"{points}\" fill=\"{color}\" fill-opacity=\"{opacity}\"/>"
        ));
    }

    fn label(&mut self, label: Label<'_>) {
        let anchor = match label.anchor {
            Anchor::Start => "start",
            Anchor::Middle => "middle",
            Anchor::End => "end",
        };
        let weight = if label.is_strong { " font-weight=\"500\"" } else { "" };
        let (x, y, color) = (short(label.at.x), short(label.at.y), color(label.ink));
        let text = escaped(label.text);
        self.element(format_args!(
            "<text x=\"{x}\" y=\"{y}\" text-anchor=\"{anchor}\" fill=\"{color}\"{weight}>{text}</text>"
        ));
    }

    fn dot(&mut self, at: Point, radius: f64, ink: Ink) {
        let (x, y, color, rim) = (short(at.x), short(at.y), color(ink), color(Ink::Panel));
        self.element(format_args!(
            "<circle cx=\"{x}\" cy=\"{y}\" r=\"{radius}\" fill=\"{color}\" stroke=\"{rim}\"/>"
        ));
    }
}

/// The width of a letter as a share of the font's size.
fn wide(letter: char) -> f64 {
    match letter {
        ' ' | '.' | ',' | ':' | 'i' | 'l' | '/' => 0.3,
        '\u{2e80}'..='\u{ffdc}' => 1.0,
        _ => 0.58,
    }
}

fn listed(points: &[Point]) -> String {
    let points = points
        .iter()
        .map(|point| format!("{},{}", short(point.x), short(point.y)));
    points.collect::<Vec<_>>().join(" ")
}

/// A hundredth of a pixel is enough.
fn short(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

/// A text as XML takes it. Characters that XML has no place for become a
/// mark.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' | '\r' => out.push(' '),
            '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            _ => out.push(letter),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_those_of_the_style_sheet_by_day() {
        let sheet = include_str!("../../../www/style.css");
        let day = sheet.split('}').next().unwrap_or_default();
        let names = [
            (Ink::Panel, "panel"),
            (Ink::Ink, "ink"),
            (Ink::Soft, "soft"),
            (Ink::Line, "line"),
            (Ink::Accent, "accent"),
            (Ink::Ready, "ready"),
            (Ink::Flight, "flight"),
            (Ink::Settled, "settled"),
        ];
        for (ink, name) in names {
            let line = format!("--{name}: {};", color(ink));
            assert!(day.contains(&line), "{line}");
        }
    }

    #[test]
    fn texts_of_a_scenario_are_never_markup() {
        assert_eq!(
            escaped("<b a=\"1\">&\u{1}\n"),
            "&lt;b a=&quot;1&quot;&gt;&amp;\u{fffd} "
        );
    }
}
