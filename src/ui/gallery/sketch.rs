//! The small drawing of a scenario as an inline picture.

use crate::state::diagram::ItemKind;
use crate::state::gallery::{Shape, Sketch};
use yew::{Html, html};

/// The drawing. Its card says in words what it shows.
pub(super) fn view(sketch: &Sketch) -> Html {
    let [left, top, width, height] = sketch.view;
    if width <= 0.0 || height <= 0.0 {
        return html! { <div class="sketch" /> };
    }
    let shapes = sketch.shapes.iter().map(shape);
    html! {
        <svg
            class="sketch"
            viewBox={format!("{left} {top} {width} {height}")}
            preserveAspectRatio="xMinYMid meet"
            aria-hidden="true"
            focusable="false"
        >
            <path class="sketch-way" d={sketch.ways} />
            { for shapes }
        </svg>
    }
}

fn shape(shape: &Shape) -> Html {
    let Shape {
        left,
        top,
        width,
        height,
        ..
    } = *shape;
    let (x, y) = (left + width / 2.0, top + height / 2.0);
    match shape.kind {
        ItemKind::Load => {
            html! { <circle class="sketch-load" cx={x.to_string()} cy={y.to_string()} r={(width / 2.0).to_string()} /> }
        }
        ItemKind::Exchange => {
            let (right, bottom) = (left + width, top + height);
            html! { <path class="sketch-box" d={format!("M{x} {top}L{right} {y}L{x} {bottom}L{left} {y}Z")} /> }
        }
        ItemKind::Queue => {
            // Half full: a queue is known by its level.
            let (level, surface) = (height / 2.0, top + height / 2.0);
            html! {
                <>
                    { bare(shape, "sketch-box", 4.0) }
                    <rect
                        class="sketch-level"
                        x={left.to_string()}
                        y={surface.to_string()}
                        width={width.to_string()}
                        height={level.to_string()}
                    />
                </>
            }
        }
        // A log, known by its bars.
        ItemKind::Partition => html! {
            <>
                { bare(shape, "sketch-box", 4.0) }
                { for (0..3).map(|row| html! {
                    <rect
                        class="sketch-level"
                        x={(left + 4.0).to_string()}
                        y={(top + height * (0.16 + 0.25 * f64::from(row))).to_string()}
                        width={(width * 0.7).to_string()}
                        height={(height * 0.16).to_string()}
                    />
                }) }
            </>
        },
        ItemKind::Service => bare(shape, "sketch-box", 4.0),
        ItemKind::Table => table(shape),
    }
}

fn bare(shape: &Shape, class: &'static str, round: f64) -> Html {
    html! {
        <rect
            {class}
            x={shape.left.to_string()}
            y={shape.top.to_string()}
            width={shape.width.to_string()}
            height={shape.height.to_string()}
            rx={round.to_string()}
        />
    }
}

/// A drum, as databases are drawn.
fn table(shape: &Shape) -> Html {
    let Shape {
        left,
        top,
        width,
        height,
        ..
    } = *shape;
    let (across, lid) = (width / 2.0, height * 0.16);
    let (upper, lower, right) = (top + lid, top + height - lid, left + width);
    html! {
        <>
            <path
                class="sketch-box"
                d={format!("M{left} {upper}A{across} {lid} 0 0 1 {right} {upper}V{lower}A{across} {lid} 0 0 1 {left} {lower}Z")}
            />
            <path class="sketch-lid" d={format!("M{left} {upper}A{across} {lid} 0 0 0 {right} {upper}")} />
        </>
    }
}
