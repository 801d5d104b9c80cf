//! A pen for a canvas: sharp on every screen, in the colours of the palette.

use super::palette::Palette;
use crate::state::layout::{Point, Spot};
use js_sys::Array;
use std::cell::Cell;
use std::f64::consts::TAU;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

const FAMILY: &str = "system-ui, -apple-system, \"Segoe UI\", Roboto, \"Noto Sans\", \"Noto Sans CJK SC\", sans-serif";

/// Where a text stands to its point.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Align {
    Left,
    Center,
    Right,
}

/// A pen.
pub(crate) struct Pen<'a> {
    pub(crate) cx: CanvasRenderingContext2d,
    pub(crate) colors: &'a Palette,
    /// The size of the canvas in CSS pixels.
    pub(crate) width: f64,
    pub(crate) height: f64,
    ratio: f64,
    font: Cell<(f64, u32)>,
}

/// A canvas that is not in the page, and what draws on it.
pub(crate) fn sheet() -> Option<(HtmlCanvasElement, CanvasRenderingContext2d)> {
    let canvas = super::shell::document().create_element("canvas").ok()?;
    let canvas: HtmlCanvasElement = canvas.dyn_into().ok()?;
    let cx = canvas.get_context("2d").ok()??.dyn_into().ok()?;
    Some((canvas, cx))
}

impl<'a> Pen<'a> {
    /// A pen on an empty canvas; `None` while it has no size.
    pub(crate) fn on(canvas: &HtmlCanvasElement, colors: &'a Palette) -> Option<Self> {
        let (width, height) = (f64::from(canvas.client_width()), f64::from(canvas.client_height()));
        if width < 1.0 || height < 1.0 {
            return None;
        }
        let ratio = super::shell::window().device_pixel_ratio().clamp(1.0, 3.0);
        let (wide, tall) = ((width * ratio).round() as u32, (height * ratio).round() as u32);
        if (canvas.width(), canvas.height()) != (wide, tall) {
            canvas.set_width(wide);
            canvas.set_height(tall);
        }
        let cx: CanvasRenderingContext2d = canvas.get_context("2d").ok().flatten()?.dyn_into().ok()?;
        cx.set_transform(ratio, 0.0, 0.0, ratio, 0.0, 0.0).ok()?;
        cx.clear_rect(0.0, 0.0, width, height);
        Some(Pen {
            cx,
            colors,
            width,
            height,
            ratio,
            font: Cell::new((0.0, 0)),
        })
    }

    /// A pen for a sheet beside the canvas that is as large, which it empties.
    pub(crate) fn beside(&self, canvas: &HtmlCanvasElement, cx: &CanvasRenderingContext2d) -> Option<Pen<'a>> {
        canvas.set_width(self.wide());
        canvas.set_height(self.tall());
        cx.set_transform(self.ratio, 0.0, 0.0, self.ratio, 0.0, 0.0).ok()?;
        Some(Pen {
            cx: cx.clone(),
            font: Cell::new((0.0, 0)),
            ..*self
        })
    }

    /// Lays a sheet of the same size over what is drawn.
    pub(crate) fn lay(&self, sheet: &HtmlCanvasElement) -> Option<()> {
        let cx = &self.cx;
        let (wide, tall) = (f64::from(self.wide()) / self.ratio, f64::from(self.tall()) / self.ratio);
        cx.draw_image_with_html_canvas_element_and_dw_and_dh(sheet, 0.0, 0.0, wide, tall)
            .ok()
    }

    /// Dots of the screen per CSS pixel.
    pub(crate) fn ratio(&self) -> f64 {
        self.ratio
    }

    /// The size of the canvas in dots.
    pub(crate) fn wide(&self) -> u32 {
        (self.width * self.ratio).round() as u32
    }

    pub(crate) fn tall(&self) -> u32 {
        (self.height * self.ratio).round() as u32
    }

    pub(crate) fn fill(&self, color: &str) {
        self.cx.set_fill_style_str(color);
    }

    pub(crate) fn stroke(&self, color: &str, width: f64) {
        self.cx.set_stroke_style_str(color);
        self.cx.set_line_width(width);
    }

    /// Dashes of these lengths; none for a full line.
    pub(crate) fn dash(&self, lengths: &[f64]) {
        let array: Array = lengths.iter().map(|length| JsValue::from_f64(*length)).collect();
        // Lengths are finite and not negative, the only thing it may refuse.
        let _ = self.cx.set_line_dash(&array);
    }

    pub(crate) fn text(&self, text: &str, at: Point, size: f64, color: &str, align: Align) {
        self.weighted(text, at, size, 400, color, align);
    }

    pub(crate) fn weighted(&self, text: &str, at: Point, size: f64, weight: u32, color: &str, align: Align) {
        self.font(size, weight);
        self.fill(color);
        self.cx.set_text_align(match align {
            Align::Left => "left",
            Align::Center => "center",
            Align::Right => "right",
        });
        // A text that cannot be drawn is still in the table beside the canvas.
        let _ = self.cx.fill_text(text, at.x, at.y);
    }

    /// A text with a rim in the colour of the panel, so that no line crosses it.
    pub(crate) fn rimmed(&self, text: &str, at: Point, size: f64, weight: u32) {
        self.font(size, weight);
        self.cx.set_text_align("center");
        self.cx.set_line_join("round");
        self.stroke(&self.colors.panel, 5.0);
        // As with every text: what cannot be drawn is in the table.
        let _ = self.cx.stroke_text(text, at.x, at.y);
        self.weighted(text, at, size, weight, &self.colors.ink, Align::Center);
    }

    /// Telling the canvas the same again would make it read the name again.
    fn font(&self, size: f64, weight: u32) {
        if self.font.replace((size, weight)) == (size, weight) {
            return;
        }
        self.cx.set_font(&format!("{weight} {size}px {FAMILY}"));
    }

    /// A text, cut where it is wider than `most`.
    pub(crate) fn fitted(&self, text: &str, at: Point, size: f64, color: &str, align: Align, most: f64) {
        if self.width_of(text, size) <= most {
            self.text(text, at, size, color, align);
            return;
        }
        let letters: Vec<char> = text.chars().collect();
        let cut = |count: usize| letters[..count].iter().chain(['\u{2026}'].iter()).collect::<String>();
        let fits = (1..letters.len())
            .rev()
            .find(|count| self.width_of(&cut(*count), size) <= most);
        if let Some(count) = fits {
            self.text(&cut(count), at, size, color, align);
        }
    }

    /// Whether anything of a spot, and of what reaches so far around it, is on
    /// the picture.
    pub(crate) fn sees(&self, spot: &Spot, reach: f64) -> bool {
        let Spot { center, width, height } = spot;
        let (wide, tall) = (width / 2.0 + reach, height / 2.0 + reach);
        center.x + wide >= 0.0
            && center.y + tall >= 0.0
            && center.x - wide <= self.width
            && center.y - tall <= self.height
    }

    /// How wide a text is.
    pub(crate) fn width_of(&self, text: &str, size: f64) -> f64 {
        self.font(size, 400);
        self.cx.measure_text(text).map_or(0.0, |metrics| metrics.width())
    }

    pub(crate) fn line(&self, from: Point, to: Point) {
        self.cx.begin_path();
        self.cx.move_to(from.x, from.y);
        self.cx.line_to(to.x, to.y);
        self.cx.stroke();
    }

    /// The outline of a box with round corners as the present path.
    pub(crate) fn round_box(&self, x: f64, y: f64, width: f64, height: f64, radius: f64) {
        let r = radius.min(width / 2.0).min(height / 2.0).max(0.0);
        let cx = &self.cx;
        cx.begin_path();
        cx.move_to(x + r, y);
        // The radius is not negative, the only thing it may refuse.
        let _ = cx.arc_to(x + width, y, x + width, y + height, r);
        let _ = cx.arc_to(x + width, y + height, x, y + height, r);
        let _ = cx.arc_to(x, y + height, x, y, r);
        let _ = cx.arc_to(x, y, x + width, y, r);
        cx.close_path();
    }

    pub(crate) fn circle(&self, center: Point, radius: f64) {
        self.cx.begin_path();
        let _ = self.cx.arc(center.x, center.y, radius.max(0.0), 0.0, TAU);
    }

    pub(crate) fn ellipse(&self, center: Point, wide: f64, tall: f64) {
        self.cx.begin_path();
        let _ = self
            .cx
            .ellipse(center.x, center.y, wide.max(0.0), tall.max(0.0), 0.0, 0.0, TAU);
    }

    /// A triangle around a point, upright or on its head.
    pub(crate) fn triangle(&self, center: Point, size: f64, is_upright: bool) {
        let tall = if is_upright { -size } else { size };
        self.cx.begin_path();
        self.cx.move_to(center.x - size, center.y - tall * 0.8);
        self.cx.line_to(center.x + size, center.y - tall * 0.8);
        self.cx.line_to(center.x, center.y + tall);
        self.cx.close_path();
        self.cx.fill();
    }

    /// A shape with these corners as the present path.
    pub(crate) fn closed(&self, corners: &[Point]) {
        self.cx.begin_path();
        for corner in corners {
            self.cx.line_to(corner.x, corner.y);
        }
        self.cx.close_path();
    }

    /// Runs `draw` with the present path as the limit of what it paints.
    pub(crate) fn clipped(&self, draw: impl FnOnce()) {
        self.cx.save();
        self.cx.clip();
        draw();
        self.cx.restore();
        // The canvas has its font of before again.
        self.font.set((0.0, 0));
    }
}
