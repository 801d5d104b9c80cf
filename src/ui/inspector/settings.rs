//! Settings that may change while the run goes on.

use super::{Subject, actions};
use crate::state::acts::{self, Reach};
use crate::state::controls::{self, Control, Slider};
use crate::state::diagram::Shown;
use crate::state::inspect;
use crate::state::script::docs;
use crate::state::session::Action;
use crate::state::texts::Key;
use mqlab_scenario::{LiveSetting, What};
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::{Callback, Event, Html, TargetCast, html};

/// The settings of something that is drawn; nothing if it has none.
pub(super) fn of(subject: Subject<'_>, shown: Shown) -> Html {
    let settings = inspect::settings(subject.lab, subject.variant, shown);
    if settings.is_empty() {
        return html! {};
    }
    let is_too_late = acts::is_too_late(subject.lab);
    let rows = settings.iter().map(|setting| row(subject, setting, is_too_late));
    html! {
        <>
            <h3>{ subject.text(Key::Settings) }</h3>
            <div class="settings">{ for rows }</div>
        </>
    }
}

/// One setting with its control.
pub(super) fn row(subject: Subject<'_>, setting: &LiveSetting, is_disabled: bool) -> Html {
    let present = setting.present(subject.lane.world());
    let shown = present
        .as_deref()
        .map_or(String::new(), |present| controls::shown(setting.kind, present));
    let control = controls::control(setting, present.as_deref());
    let set = set(subject, setting);
    let field = match control {
        Control::Many(all) => return many(setting, all, set, is_disabled),
        Control::Flag => {
            let is_on = shown == "true";
            let onchange = Callback::from(move |_: Event| set.emit((!is_on).to_string()));
            html! { <input type="checkbox" data-setting={setting.path.clone()} checked={is_on} disabled={is_disabled} {onchange} /> }
        }
        Control::Choice(words) => {
            let options = words
                .iter()
                .map(|word| html! { <option selected={*word == shown}>{ *word }</option> });
            let onchange = Callback::from(move |event: Event| {
                if let Some(select) = event.target_dyn_into::<HtmlSelectElement>() {
                    set.emit(select.value());
                }
            });
            html! { <select data-setting={setting.path.clone()} disabled={is_disabled} {onchange}>{ for options }</select> }
        }
        Control::Text(slider) => html! {
            <>
                { for slider.map(|slider| range(subject, setting, slider, is_disabled)) }
                { text(setting, shown, set, is_disabled) }
            </>
        },
    };
    html! {
        <label class="setting" title={docs::key(subject.view.session.language, setting.key)}>
            <span>{ short(&setting.path) }</span>
            { field }
        </label>
    }
}

/// A list, word by word.
fn many(setting: &LiveSetting, all: Vec<(String, bool)>, set: Callback<String>, is_disabled: bool) -> Html {
    let boxes = all.iter().map(|(word, is_chosen)| {
        let (set, all, word, is_chosen) = (set.clone(), all.clone(), word.clone(), *is_chosen);
        let name = word.clone();
        let onchange = Callback::from(move |_: Event| set.emit(controls::with_choice(&all, &word, !is_chosen)));
        html! {
            <label>
                <input type="checkbox" data-choice={name.clone()} checked={is_chosen} disabled={is_disabled} {onchange} />
                { name }
            </label>
        }
    });
    html! {
        <fieldset class="many" title={setting.key.doc} data-setting={setting.path.clone()}>
            <legend>{ short(&setting.path) }</legend>
            { for boxes }
        </fieldset>
    }
}

/// The path without what is known already: `service.writer.` and the like.
fn short(path: &str) -> String {
    let parts: Vec<&str> = path.split('.').collect();
    match parts.as_slice() {
        ["clock", name, last] => format!("{name} · clock.{last}"),
        // Its ends are those of the way that is selected.
        ["links", _, _, last] => (*last).to_owned(),
        // Its kind stands above it.
        ["faults", "random", .., last] => (*last).to_owned(),
        ["broker", _, "topic", topic @ .., last] => format!("{} · {last}", topic.join(".")),
        [_, name, rest @ ..] if !rest.is_empty() => format!("{name} · {}", rest.join(".")),
        _ => path.to_owned(),
    }
}

fn set(subject: Subject<'_>, setting: &LiveSetting) -> Callback<String> {
    let act = subject.view.act.clone();
    let reach: Reach = actions::reach(subject);
    let path = setting.path.clone();
    Callback::from(move |value: String| {
        let path = path.clone();
        act.emit(Action::Do(What::Set { path, value }, reach));
    })
}

fn text(setting: &LiveSetting, shown: String, set: Callback<String>, is_disabled: bool) -> Html {
    let (before, kind) = (shown.clone(), setting.kind);
    let onchange = Callback::from(move |event: Event| {
        let Some(input) = event.target_dyn_into::<HtmlInputElement>() else {
            return;
        };
        let value = input.value().trim().to_owned();
        if value.is_empty() {
            // There is no way to say "none" while it runs.
            input.set_value(&before);
        } else if value != before {
            set.emit(controls::typed(kind, &value));
        }
    });
    html! {
        <input type="text" data-setting={setting.path.clone()} value={shown} disabled={is_disabled} {onchange} />
    }
}

fn range(subject: Subject<'_>, setting: &LiveSetting, slider: Slider, is_disabled: bool) -> Html {
    let set = set(subject, setting);
    let Slider { stops, position } = slider;
    let (last, now) = (stops.len().saturating_sub(1), stops[position].clone());
    let onchange = Callback::from(move |event: Event| {
        let input = event.target_dyn_into::<HtmlInputElement>();
        let chosen = input.map(|input| input.value_as_number() as usize);
        if let Some(value) = chosen.and_then(|chosen| stops.get(chosen)) {
            set.emit(value.clone());
        }
    });
    html! {
        <input
            type="range"
            data-slider={setting.path.clone()}
            aria-label={setting.path.clone()}
            min="0"
            max={last.to_string()}
            value={position.to_string()}
            aria-valuetext={now}
            disabled={is_disabled}
            {onchange}
        />
    }
}
