//! The facts: what happened where something is selected, and the life of a
//! message.

use super::app::View;
use crate::state::facts::{self, Line};
use crate::state::format;
use crate::state::job::Quest;
use crate::state::lab::{Lab, Lane};
use crate::state::selection::{Selection, Thing};
use crate::state::session::Action;
use crate::state::texts::Key;
use mqlab_model::{MessageId, PlaceId};
use web_sys::HtmlInputElement;
use yew::{Callback, Event, Html, MouseEvent, TargetCast, html};

/// The facts tab.
#[inline(never)]
pub(crate) fn rest_view(view: &View<'_>) -> Html {
    let Some(lab) = &view.pump.lab else {
        return html! {};
    };
    html! {
        <div class="facts">
            { seek(view, lab) }
            { progress(view) }
            { life(view, lab) }
            { happened(view, lab) }
        </div>
    }
}

/// The place that is selected, in its variant.
pub(crate) fn selected(selection: Option<Selection>, lab: &Lab) -> Option<(usize, &Lane, PlaceId)> {
    let selection = selection?;
    let lane = lab.lanes.get(selection.variant)?;
    match selection.thing {
        Thing::Place(place) => Some((selection.variant, lane, place)),
        // What facts are about is the way's end, and an exchange's broker.
        Thing::Exchange(broker, _) => Some((selection.variant, lane, PlaceId(broker.0))),
        Thing::Way(..) | Thing::Message(_) => None,
    }
}

/// Looking for a message by its number.
fn seek(view: &View<'_>, lab: &Lab) -> Html {
    let variant = view.session.selection.map_or(0, |selection| selection.variant);
    let Some(lane) = lab.lanes.get(variant) else {
        return html! {};
    };
    // What is written is understood when it is entered, and not sooner.
    let known = lane.runner().clone();
    let look = view.look.clone();
    let onchange = Callback::from(move |event: Event| {
        let Some(input) = event.target_dyn_into::<HtmlInputElement>() else {
            return;
        };
        let message = facts::meant(known.world(), &input.value());
        let is_wrong = message.is_none() && !input.value().trim().is_empty();
        // Whoever does not see the colour hears it.
        let _ = input.set_attribute("aria-invalid", if is_wrong { "true" } else { "false" });
        if let Some(message) = message {
            look.emit(Quest::Life { variant, message });
        }
    });
    html! {
        <label class="seek">
            <span>{ view.text(Key::SeekMessage) }</span>
            <input type="text" data-action="seek-message" placeholder="users#123" {onchange} />
        </label>
    }
}

/// That something is being looked for.
fn progress(view: &View<'_>) -> Html {
    let Some(job) = &view.pump.job else {
        return html! {};
    };
    let share = job.progress().map(|share| format!("{share:.3}"));
    html! {
        <p class="soft searching">
            { view.text(Key::Searching) }{ " " }
            <progress value={share} max="1" />
        </p>
    }
}

fn life(view: &View<'_>, lab: &Lab) -> Html {
    let Some(life) = &view.found.life else {
        return html! {};
    };
    let Some(lane) = lab.lanes.get(life.variant) else {
        return html! {};
    };
    let world = lane.world();
    let lines = facts::lines(world, &life.facts, view.session.language);
    let name = facts::name(world, life.message, 1);
    html! {
        <section data-life={name.clone()}>
            <h2>{ view.session.language.with(Key::LifeOf, &name) }</h2>
            <p class="soft">
                { &lane.name }{ " · " }
                { view.session.language.with(Key::LifeUntil, &format::clock(life.until, 3).0) }
            </p>
            if let Some(payload) = world.payload(life.message) {
                <p>{ view.text(Key::PublishPayload) }{ ": " }<code>{ payload }</code></p>
            }
            if lines.is_empty() {
                <p>{ view.text(Key::LifeNotYet) }</p>
            } else {
                { table(view, life.variant, &lines, false) }
            }
        </section>
    }
}

/// What happened last where something is selected.
fn happened(view: &View<'_>, lab: &Lab) -> Html {
    let Some((variant, lane, place)) = selected(view.session.selection, lab) else {
        return html! { <p class="soft">{ view.text(Key::FactsOfNothing) }</p> };
    };
    let name = lane.world().places().get(place).name.clone();
    let (look, next) = (view.look.clone(), Quest::Next { variant, place });
    let step = Callback::from(move |_: MouseEvent| look.emit(next));
    let recent = view.found.recent.as_ref();
    let recent = recent.filter(|recent| (recent.variant, recent.place) == (variant, place));
    html! {
        <section>
            <div class="facts-head">
                <h2>{ view.session.language.with(Key::FactsOf, &name) }</h2>
                <button type="button" data-action="next-fact" onclick={step}>{ view.text(Key::NextFact) }</button>
            </div>
            if let Some(recent) = recent {
                <p class="soft">
                    { &lane.name }{ " · " }
                    { view.session.language.with(Key::LifeUntil, &format::clock(recent.until, 3).0) }
                </p>
                { table(view, variant, &facts::lines(lane.world(), &recent.facts, view.session.language), true) }
            }
        </section>
    }
}

/// Lines as a table, the newest first or last.
fn table(view: &View<'_>, variant: usize, lines: &[Line], is_newest_first: bool) -> Html {
    let digits = facts::digits(lines);
    // Where all of it happened in one place, that is said already.
    let is_one_place = lines.iter().all(|line| line.place == lines[0].place);
    let row = |line: &Line| row(view, variant, line, (digits, !is_one_place));
    let rows: Vec<Html> = if is_newest_first {
        lines.iter().rev().map(row).collect()
    } else {
        lines.iter().map(row).collect()
    };
    html! {
        <table class="fact-list">
            <thead>
                <tr>
                    <th scope="col">{ view.text(Key::FactTime) }</th>
                    if !is_one_place {
                        <th scope="col">{ view.text(Key::FactPlace) }</th>
                    }
                    <th scope="col">{ view.text(Key::FactWhat) }</th>
                    <th scope="col">{ view.text(Key::Message) }</th>
                </tr>
            </thead>
            <tbody>{ for rows }</tbody>
        </table>
    }
}

fn row(view: &View<'_>, variant: usize, line: &Line, (digits, has_place): (usize, bool)) -> Html {
    let (act, at) = (view.act.clone(), line.at);
    let go = Callback::from(move |_: MouseEvent| act.emit(Action::RunTo(at)));
    let (whole, fraction) = format::clock(line.at, digits);
    let times = (line.count > 1).then(|| format!(" × {}", format::count(line.count)));
    html! {
        <tr>
            <td><button type="button" class="link" data-action="go-to-fact" onclick={go}>{ whole }{ fraction }</button></td>
            if has_place {
                <td>{ &line.place }</td>
            }
            <td>
                { line.word }{ times }
                if !line.detail.is_empty() {
                    <span class="soft">{ " " }{ &line.detail }</span>
                }
            </td>
            <td>
                if let Some(message) = line.message {
                    { life_button(view, variant, message, &line.name) }
                }
            </td>
        </tr>
    }
}

fn life_button(view: &View<'_>, variant: usize, message: MessageId, name: &str) -> Html {
    let look = view.look.clone();
    let open = Callback::from(move |_: MouseEvent| look.emit(Quest::Life { variant, message }));
    let label = view.session.language.with(Key::LifeOf, name);
    html! {
        <button type="button" class="link" data-action="life" aria-label={label} onclick={open}>{ name.to_owned() }</button>
    }
}
