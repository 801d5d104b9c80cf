//! Where the run stands on its time axis, and what is marked on it.

use super::app::View;
use super::{menu, shell};
use crate::state::lab::Lab;
use crate::state::marks::{self, Cluster, Mark};
use crate::state::plot::Axis;
use crate::state::scrubber::Scrubber;
use crate::state::session::Action;
use crate::state::texts::Key;
use crate::state::{csv, format};
use mqlab_kernel::SimTime;
use web_sys::HtmlInputElement;
use yew::{Callback, Event, Html, KeyboardEvent, MouseEvent, PointerEvent, TargetCast, html};

/// How far beside a mark a hand may let the handle go, in pixels.
const REACH: f64 = 5.0;

/// Set while the handle is moved by a hand and not by a key.
const HELD: &str = "data-held";

/// Most marks in the list.
const LISTED_MAX: usize = 100;

/// The time axis.
pub(crate) fn view(view: &View<'_>, lab: &Lab) -> Html {
    let end = lab.axis_end();
    let share = (lab.clock().nanos() as f64 / end.nanos().max(1) as f64).min(1.0);
    let all = view.seen.marks(lab, view.session.language);
    let instants: Vec<SimTime> = all.iter().map(|mark| mark.at).collect();
    let clusters = marks::clusters(all, end, width(end));
    html! {
        <div class="timeline">
            <svg class="rail" aria-hidden="true">
                <rect width="100%" height="2" class="rail-whole" />
                <rect width={percent(share)} height="2" class="rail-gone" />
            </svg>
            { scrubber(view, lab, instants) }
            <svg class="marks" aria-hidden="true">
                { for clusters.iter().map(|cluster| shape(view, cluster)) }
            </svg>
        </div>
    }
}

/// How wide the axis is: other panels may stand beside it. Before it is there for the
/// first time nothing does.
fn width(end: SimTime) -> f64 {
    let before = shell::document().query_selector(".timeline").ok().flatten();
    let whole = || {
        let axis = Axis::new(shell::window_size().0, end);
        axis.right - axis.left
    };
    before.map_or_else(whole, |axis| f64::from(axis.client_width()))
}

fn percent(share: f64) -> String {
    format!("{:.3}%", share * 100.0)
}

/// A mark as a shape: for those who point. The list beside says the same.
fn shape(view: &View<'_>, cluster: &Cluster) -> Html {
    let Some(Mark { at, kind, .. }) = cluster.lead().cloned() else {
        return html! {};
    };
    html! {
        <svg
            x={percent(cluster.share)}
            y="9"
            overflow="visible"
            class={format!("mark-shape mark-{}", kind.name())}
            data-mark={kind.name()}
            data-at-ns={at.nanos().to_string()}
            onclick={run_to(view, at)}
        >
            <title>{ cluster.text() }</title>
            <rect x="-12" y="-9" width="24" height="20" class="mark-ground" />
            <path d={kind.outline()} />
            if let Some(label) = &cluster.label {
                <text x="10" y="4">{ label }</text>
            }
        </svg>
    }
}

fn run_to(view: &View<'_>, at: SimTime) -> Callback<MouseEvent> {
    let act = view.act.clone();
    Callback::from(move |_: MouseEvent| act.emit(Action::RunTo(at)))
}

fn scrubber(view: &View<'_>, lab: &Lab, marks: Vec<SimTime>) -> Html {
    let (now, end) = (lab.clock(), lab.axis_end());
    let scrubber = Scrubber::new(end);
    let act = view.act.clone();
    let onchange = Callback::from(move |event: Event| {
        let input: Option<HtmlInputElement> = event.target_dyn_into();
        if let Some(input) = input {
            let by_hand = (REACH / width(end).max(1.0) * end.nanos() as f64) as u64;
            let reach = if input.has_attribute(HELD) { by_hand } else { 0 };
            let position = input.value_as_number() as u64;
            act.emit(Action::RunTo(scrubber.instant(position, &marks, reach)));
        }
    });
    // A clock that runs on would pull the handle out of the hand.
    let act = view.act.clone();
    let hold = Callback::from(move |event: PointerEvent| {
        mark_held(event.target_dyn_into(), true);
        act.emit(Action::Pause);
    });
    let key = Callback::from(|event: KeyboardEvent| mark_held(event.target_dyn_into(), false));
    html! {
        <input
            class="scrubber"
            type="range"
            data-action="run-to"
            min="0"
            max={scrubber.last().to_string()}
            value={scrubber.position(now).to_string()}
            aria-label={view.text(Key::Timeline)}
            aria-valuetext={csv::clock(now)}
            onpointerdown={hold}
            onkeydown={key}
            {onchange}
        />
    }
}

fn mark_held(input: Option<HtmlInputElement>, is_held: bool) {
    if let Some(input) = input {
        // Only a name that is no name is refused.
        let _ = input.toggle_attribute_with_force(HELD, is_held);
    }
}

/// Every mark as a button that runs to just there.
pub(crate) fn list(view: &View<'_>, lab: &Lab) -> Html {
    let marks = view.seen.marks(lab, view.session.language);
    let more = marks.len().saturating_sub(LISTED_MAX);
    let item = |mark: &Mark| {
        html! {
            <li>
                <button
                    type="button"
                    class="menu-item"
                    data-action="run-to-mark"
                    data-mark={mark.kind.name()}
                    data-at-ns={mark.at.nanos().to_string()}
                    onclick={run_to(view, mark.at)}
                >
                    <svg class={format!("mark-icon mark-{}", mark.kind.name())} viewBox="-7 -7 14 14" aria-hidden="true">
                        <path d={mark.kind.outline()} />
                    </svg>
                    { mark.line() }
                </button>
            </li>
        }
    };
    let body = html! {
        <ul class="menu-body">
            { for marks.iter().take(LISTED_MAX).map(item) }
            if marks.is_empty() {
                <li class="soft">{ view.text(Key::MarksNone) }</li>
            }
            if more > 0 {
                <li class="soft">{ view.session.language.with(Key::MarksMore, &format::count(more as u64)) }</li>
            }
        </ul>
    };
    let label = format!("{} ({})", view.text(Key::Marks), format::count(marks.len() as u64));
    menu::view("marks", label, body)
}
