//! What to try next, each with a button that does it.

use crate::state::lessons::{said, title, tried};
use crate::state::scenarios::{self, SCENARIOS};
use crate::state::session::Action;
use crate::state::texts::Key;
use crate::ui::app::View;
use mqlab_scenario::{How, Lesson, Try};
use yew::{Callback, Html, MouseEvent, html};

/// The list.
pub(super) fn view(view: &View<'_>, lesson: &Lesson) -> Html {
    let items = lesson.tries.iter().enumerate().map(|(index, one)| {
        html! {
            <li data-try={index.to_string()}>
                <p>{ super::rich(said(&one.text, view.session.language)) }</p>
                { button(view, one) }
            </li>
        }
    });
    html! {
        <section class="tries">
            <h3>{ view.text(Key::LessonTry) }</h3>
            <ul>{ for items }</ul>
        </section>
    }
}

fn button(view: &View<'_>, one: &Try) -> Html {
    match &one.how {
        None => html! {},
        Some(How::Open(stem)) => open(view, stem),
        Some(how @ How::Set { path, value }) => edit(view, how, &format!("{path} = {value}")),
        Some(how @ How::Add(more)) => edit(view, how, more.trim()),
    }
}

/// Opens another scenario.
fn open(view: &View<'_>, stem: &str) -> Html {
    let Some(position) = scenarios::position(stem) else {
        return html! {};
    };
    let entry = &SCENARIOS[position];
    let title = title(entry, view.session.language);
    let act = view.act.clone();
    let onclick = Callback::from(move |_: MouseEvent| act.emit(Action::Open(position)));
    html! {
        <button type="button" class="link" data-action="try-open" data-scenario={entry.stem} {onclick}>
            { view.session.language.with(Key::LessonTryOpen, title) }
        </button>
    }
}

/// Changes the script; what cannot be changed in it any more is said.
fn edit(view: &View<'_>, how: &How, snippet: &str) -> Html {
    let after = tried(&view.work.text, how);
    let is_done = after.as_deref() == Some(&*view.work.text);
    let (word, is_disabled) = match &after {
        None => (Key::LessonTryGone, true),
        Some(_) if is_done => (Key::LessonTryDone, true),
        Some(_) => (Key::LessonTryDo, false),
    };
    let act = view.act.clone();
    let onclick = Callback::from(move |_: MouseEvent| {
        if let Some(after) = &after {
            act.emit(Action::Edit(after.as_str().into()));
        }
    });
    html! {
        <>
            <pre class="snippet mono" tabindex="0">{ snippet.to_owned() }</pre>
            <button type="button" data-action="try-edit" disabled={is_disabled} {onclick}>{ view.text(word) }</button>
        </>
    }
}
