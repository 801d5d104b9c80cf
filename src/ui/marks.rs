//! Marks of messages: collected for a whole lane and drawn kind by kind, so
//! that ten thousand of them cost little more than ten.

use super::palette::Palette;
use super::pen::{self, Pen};
use crate::state::layout::Point;
use wasm_bindgen::Clamped;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, ImageData};

/// What a mark looks like.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Look {
    /// A message on its way into a queue, or a request.
    Ready,
    /// A delivery.
    Flight,
    /// An effect.
    Settled,
    /// Something that came to nothing.
    Lost,
    /// An answer.
    Answer,
}

const LOOKS: [Look; 5] = [Look::Ready, Look::Flight, Look::Settled, Look::Lost, Look::Answer];

/// From this many on marks are painted dot by dot into one picture: as boxes
/// they would take a browser without a graphics card too long.
const DOTS_FROM: usize = 1_200;

/// Collects marks. Its memory is kept from picture to picture.
#[derive(Default)]
pub(crate) struct Marks {
    places: [Vec<(f32, f32)>; LOOKS.len()],
    dots: Vec<u8>,
    sheet: Option<(HtmlCanvasElement, CanvasRenderingContext2d)>,
}

impl Marks {
    pub(crate) fn add(&mut self, look: Look, at: Point) {
        self.places[look as usize].push((at.x as f32, at.y as f32));
    }

    fn count(&self) -> usize {
        self.places.iter().map(Vec::len).sum()
    }

    /// Draws what was collected and forgets it.
    pub(crate) fn draw(&mut self, pen: &Pen<'_>) {
        let count = self.count();
        if count >= DOTS_FROM && self.paint(pen).is_some() {
            self.places.iter_mut().for_each(Vec::clear);
            return;
        }
        // The more there are, the smaller they are.
        let side = if count > 300 { 4.0 } else { 6.0 };
        for look in LOOKS {
            let places = std::mem::take(&mut self.places[look as usize]);
            if !places.is_empty() {
                draw_boxes(pen, look, &places, side);
            }
            self.places[look as usize] = places;
            self.places[look as usize].clear();
        }
    }

    /// Paints the marks dot by dot. Nothing where the colours are not known.
    fn paint(&mut self, pen: &Pen<'_>) -> Option<()> {
        let (width, height) = (pen.wide() as usize, pen.tall() as usize);
        let ratio = pen.ratio();
        self.dots.clear();
        self.dots.resize(width * height * 4, 0);
        let side = ((3.0 * ratio).round() as i64).max(2);
        let mut rows = (height, 0);
        for look in LOOKS {
            let [red, green, blue] = rgb(color(pen.colors, look))?;
            for (x, y) in &self.places[look as usize] {
                let left = (f64::from(*x) * ratio) as i64 - side / 2;
                let top = (f64::from(*y) * ratio) as i64 - side / 2;
                for row in top.max(0)..(top + side).min(height as i64) {
                    for column in left.max(0)..(left + side).min(width as i64) {
                        let at = (row as usize * width + column as usize) * 4;
                        self.dots[at..at + 4].copy_from_slice(&[red, green, blue, 255]);
                    }
                    rows = (rows.0.min(row as usize), rows.1.max(row as usize + 1));
                }
            }
        }
        if rows.0 >= rows.1 {
            return Some(());
        }
        self.put(pen, width, rows)
    }

    /// Lays the painted rows over what is drawn.
    fn put(&mut self, pen: &Pen<'_>, width: usize, (first, end): (usize, usize)) -> Option<()> {
        if self.sheet.is_none() {
            self.sheet = pen::sheet();
        }
        let (canvas, cx) = self.sheet.as_ref()?;
        let (wide, tall) = (width as u32, (end - first) as u32);
        if canvas.width() != wide || canvas.height() < tall {
            canvas.set_width(wide);
            canvas.set_height(tall);
        }
        let rows = &self.dots[first * width * 4..end * width * 4];
        let image = ImageData::new_with_u8_clamped_array_and_sh(Clamped(rows), wide, tall).ok()?;
        cx.put_image_data(&image, 0.0, 0.0).ok()?;
        let ratio = pen.ratio();
        let (shown, high) = (f64::from(wide) / ratio, f64::from(tall) / ratio);
        let top = first as f64 / ratio;
        let (source, tall) = (f64::from(wide), f64::from(tall));
        let drawn = pen
            .cx
            .draw_image_with_html_canvas_element_and_sw_and_sh_and_dx_and_dy_and_dw_and_dh(
                canvas, 0.0, 0.0, source, tall, 0.0, top, shown, high,
            );
        drawn.ok()
    }
}

fn draw_boxes(pen: &Pen<'_>, look: Look, places: &[(f32, f32)], side: f64) {
    let half = side / 2.0;
    match look {
        Look::Lost => {
            pen.fill(&pen.colors.lost);
            pen.cx.begin_path();
            for (x, y) in places {
                let (x, y) = (f64::from(*x), f64::from(*y));
                pen.cx.move_to(x - half - 0.5, y + half);
                pen.cx.line_to(x + half + 0.5, y + half);
                pen.cx.line_to(x, y - half - 0.5);
                pen.cx.close_path();
            }
            pen.cx.fill();
        }
        Look::Answer => {
            pen.stroke(&pen.colors.soft, 1.0);
            for (x, y) in places {
                pen.cx.stroke_rect(f64::from(*x) - 1.5, f64::from(*y) - 1.5, 3.0, 3.0);
            }
        }
        Look::Ready | Look::Flight | Look::Settled => {
            pen.fill(color(pen.colors, look));
            for (x, y) in places {
                pen.cx.fill_rect(f64::from(*x) - half, f64::from(*y) - half, side, side);
            }
        }
    }
}

fn color(colors: &Palette, look: Look) -> &str {
    match look {
        Look::Ready => &colors.ready,
        Look::Flight => &colors.flight,
        Look::Settled => &colors.settled,
        Look::Lost => &colors.lost,
        Look::Answer => &colors.soft,
    }
}

/// The parts of a colour of the style sheet, which are all written as
/// `#rrggbb`.
fn rgb(color: &str) -> Option<[u8; 3]> {
    let digits = color.strip_prefix('#').filter(|digits| digits.len() == 6)?;
    let number = u32::from_str_radix(digits, 16).ok()?;
    let [_, red, green, blue] = number.to_be_bytes();
    Some([red, green, blue])
}
