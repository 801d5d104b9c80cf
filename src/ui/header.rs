//! The head of the page: picker, transport, speed, clock, seed and digest,
//! language and colours.

use super::app::View;
use super::pump::Pump;
use super::share;
use super::switches::{self, chosen};
use crate::state::lab::Lab;
use crate::state::pacing::{self, Speed};
use crate::state::scenarios::SCENARIOS;
use crate::state::session::{Action, Screen, Session, Standing};
use crate::state::texts::Key;
use crate::state::{format, lessons, snapshot};
use web_sys::HtmlInputElement;
use yew::{Callback, Html, InputEvent, MouseEvent, TargetCast, html};

/// The head of the page.
pub(crate) fn view(view: &View<'_>) -> Html {
    html! {
        <header class="top">
            { gallery(view) }
            if view.session.screen == Screen::Laboratory {
                { picker(view) }
                { transport(view) }
                { speed(view) }
                <div class="instant">
                    { clock(view) }
                    { identity(view) }
                </div>
            }
            { share::buttons(view) }
            { switches::view(view) }
            { help(view) }
        </header>
    }
}

/// Opens the sheet of shortcuts.
fn help(view: &View<'_>) -> Html {
    let act = view.act.clone();
    let open = Callback::from(move |_: MouseEvent| act.emit(Action::Help(true)));
    html! {
        <button type="button" class="ghost" data-action="help" aria-label={view.text(Key::Help)} title={view.text(Key::Help)} onclick={open}>
            { "?" }
        </button>
    }
}

/// The mark of the page, which leads to the gallery.
fn gallery(view: &View<'_>) -> Html {
    let act = view.act.clone();
    let open = Callback::from(move |_: MouseEvent| act.emit(Action::Show(Screen::Gallery)));
    html! {
        <button
            type="button"
            class="mark"
            data-action="gallery"
            title={view.text(Key::Gallery)}
            aria-label={format!("mqlab: {}", view.text(Key::Gallery))}
            onclick={open}
        >
            { "mq" }<i>{ "lab" }</i>
        </button>
    }
}

/// What the text that is worked on is called.
fn title<'a>(view: &View<'a>) -> &'a str {
    match view.work.origin.and_then(|position| SCENARIOS.get(position)) {
        Some(entry) => lessons::title(entry, view.session.language),
        None => snapshot::title(&view.work.text).unwrap_or(view.text(Key::OwnText)),
    }
}

fn picker(view: &View<'_>) -> Html {
    let options = SCENARIOS.iter().enumerate().map(|(position, entry)| {
        let is_chosen = Some(position) == view.work.origin;
        html! { <option value={entry.stem} selected={is_chosen}>{ lessons::title(entry, view.session.language) }</option> }
    });
    // What it shows is the heading below it, which may take two lines.
    html! {
        <div class="picker">
            <h1>{ title(view) }</h1>
            <label>
                <span class="hidden">{ view.text(Key::Scenario) }</span>
                <select data-action="pick" onchange={chosen(&view.act, |position| (position < SCENARIOS.len()).then_some(Action::Open(position)))}>
                    { for options }
                    if view.work.origin.is_none() {
                        <option value="" selected=true>{ title(view) }</option>
                    }
                </select>
            </label>
        </div>
    }
}

fn button(view: &View<'_>, name: &'static str, label: Key, action: Action, path: &'static str) -> Html {
    let act = view.act.clone();
    let is_main = matches!(name, "play" | "pause");
    let is_disabled = view.pump.lab.is_none();
    html! {
        <button
            type="button"
            class={if is_main { "main" } else { "ghost" }}
            data-action={name}
            aria-label={view.text(label)}
            title={view.text(label)}
            disabled={is_disabled}
            onclick={Callback::from(move |_: MouseEvent| act.emit(action.clone()))}
        >
            <svg width="14" height="14" viewBox="0 0 14 14" aria-hidden="true"><path d={path} fill="currentColor" /></svg>
        </button>
    }
}

fn transport(view: &View<'_>) -> Html {
    let (name, label, action, path) = if view.session.is_playing {
        ("pause", Key::Pause, Action::Pause, "M3 2h3v10H3zM8 2h3v10H8z")
    } else {
        ("play", Key::Play, Action::Play, "M4 2v10l8-5z")
    };
    html! {
        <div class="transport" role="group" aria-label={view.text(Key::Transport)}>
            { button(view, "restart", Key::Restart, Action::Restart, "M2 2h2v10H2zM12 2v10L5 7z") }
            { button(view, "back", Key::StepBack, Action::StepBack, "M9 2v10L3 7z") }
            { button(view, name, label, action, path) }
            { button(view, "step", Key::Step, Action::Step, "M10 2h2v10h-2zM2 2v10l7-5z") }
        </div>
    }
}

/// A speed in words.
fn speed_label(view: &View<'_>, speed: Speed) -> String {
    match speed {
        Speed::Factor(factor) => pacing::factor_label(factor),
        Speed::Max => view.text(Key::SpeedMax).to_owned(),
    }
}

fn speed(view: &View<'_>) -> Html {
    let act = view.act.clone();
    let oninput = Callback::from(move |event: InputEvent| {
        let input: Option<HtmlInputElement> = event.target_dyn_into();
        if let Some(input) = input {
            act.emit(Action::Speed(input.value_as_number() as usize));
        }
    });
    let label = speed_label(view, pacing::speed_at(view.session.speed));
    // What a busy engine reaches is said and not hidden.
    let late = view.pump.pacer.late_factor().filter(|_| view.session.is_playing);
    let late = late.map(|factor| {
        let reached = pacing::factor_label(factor.max(1e-6));
        html! { <span class="late">{ view.session.language.with(Key::SpeedReal, &reached) }</span> }
    });
    html! {
        <label class="speed">
            <span class="hidden">{ view.text(Key::Speed) }</span>
            <input
                type="range"
                data-action="speed"
                min="0"
                max={pacing::POSITION_MAX.to_string()}
                value={view.session.speed.to_string()}
                aria-valuetext={label.clone()}
                {oninput}
            />
            <span class="speed-value">{ label }{ late }</span>
        </label>
    }
}

fn clock(view: &View<'_>) -> Html {
    let at = view.pump.lab.as_ref().map(Lab::clock).unwrap_or_default();
    // Slower than real time the microseconds are what moves.
    let digits = match view.session.pace() {
        Speed::Factor(factor) if factor < 0.5 => 6,
        _ => 3,
    };
    let (whole, fraction) = format::clock(at, digits);
    html! {
        <p class="clock" role="timer" aria-live="off" aria-label={view.text(Key::Clock)}>
            { whole }<small>{ fraction }</small>
        </p>
    }
}

fn identity(view: &View<'_>) -> Html {
    let Some(lab) = &view.pump.lab else {
        return html! {};
    };
    let seed = view.session.language.with(Key::Seed, &lab.scenario.seed.to_string());
    let variant = view.session.selection.map_or(0, |selection| selection.variant);
    let digest = lab.lanes.get(variant).map(|lane| format::digest(lane.world().digest()));
    html! {
        <p class="identity mono" title={view.text(Key::DigestHelp)}>
            <span>{ seed }</span>
            <span>{ view.text(Key::Digest) }{ " " }{ digest.map(|digest| digest[..8].to_owned()) }</span>
        </p>
    }
}

/// How the page stands: for the style sheet and for tests.
pub(crate) fn state_name(view: &View<'_>) -> &'static str {
    state(view).name()
}

/// How the run stands.
pub(crate) fn state(view: &View<'_>) -> Standing {
    standing(view.pump, view.session)
}

/// How the run stands.
pub(crate) fn standing(pump: &Pump, session: &Session) -> Standing {
    match &pump.lab {
        None => Standing::Failed,
        Some(_) if session.is_playing => Standing::Running,
        Some(lab) if lab.is_over() && lab.has_begun() => {
            let is_limited = lab.shown().any(|lane| lane.world().limit_hit().is_some());
            if is_limited {
                Standing::Limited
            } else {
                Standing::Finished
            }
        }
        Some(lab) if lab.has_begun() => Standing::Paused,
        Some(_) => Standing::Ready,
    }
}
