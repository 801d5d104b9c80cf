//! What to watch: a list that ticks itself when the run shows it.

use crate::state::lab::Lab;
use crate::state::lessons::{is_seen, said, variant_of};
use crate::state::texts::Key;
use crate::ui::app::View;
use mqlab_scenario::{Lesson, Watch};
use yew::{Html, html};

/// The list.
pub(super) fn view(view: &View<'_>, lab: &Lab, lesson: &Lesson) -> Html {
    let items = lesson.watch.iter().enumerate().map(|(index, watch)| {
        let variant = variant_of(&lab.scenario, watch.variant.as_deref());
        let lane = variant.and_then(|variant| lab.lanes.get(variant));
        let seen = lane.is_some_and(|lane| is_seen(watch, &lab.scenario, lane.runner()));
        let name = lane.filter(|_| lab.lanes.len() > 1).map(|lane| lane.name.as_str());
        item(view, index, watch, seen, name)
    });
    html! {
        <section class="watch">
            <h3>{ view.text(Key::LessonWatch) }</h3>
            <ul class="tasks">{ for items }</ul>
        </section>
    }
}

fn item(view: &View<'_>, index: usize, watch: &Watch, is_seen: bool, variant: Option<&str>) -> Html {
    let (state, mark, word) = if is_seen {
        ("held", "✓", Key::LessonSeen)
    } else {
        ("pending", "", Key::LessonUnseen)
    };
    html! {
        <li data-state={state} data-watch={index.to_string()}>
            <span class="tick" aria-hidden="true">{ mark }</span>
            <span>
                <span class="hidden">{ view.text(word) }{ ": " }</span>
                { super::rich(said(&watch.text, view.session.language)) }
                if let Some(variant) = variant {
                    <span class="soft">{ " · " }{ variant.to_owned() }</span>
                }
            </span>
        </li>
    }
}
