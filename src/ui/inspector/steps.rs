//! The steps of a service, with how many of its workers are at each.

use super::Subject;
use crate::state::format;
use crate::state::steps::{self, StepRow};
use crate::state::texts::Key;
use mqlab_model::NodeId;
use yew::{Html, html};

/// The list; nothing of a service that does nothing.
pub(super) fn view(subject: Subject<'_>, service: NodeId) -> Html {
    let language = subject.view.session.language;
    let rows = steps::of_service(subject.lab, subject.variant, service, language);
    let scan = steps::scan(subject.lab, subject.variant, service, language);
    if rows.is_empty() && scan.is_none() {
        return html! {};
    }
    let rows = rows.iter().enumerate().map(|(index, row)| {
        let begins_failure = row.is_on_failure && index.checked_sub(1).is_none_or(|before| !rows[before].is_on_failure);
        step(subject, row, begins_failure)
    });
    html! {
        <>
            <h3>{ subject.text(Key::Steps) }</h3>
            if let Some(scan) = scan {
                <p class="soft">{ scan }</p>
            }
            <ol class="handler-steps" title={subject.text(Key::StepsHelp)}>{ for rows }</ol>
        </>
    }
}

fn step(subject: Subject<'_>, row: &StepRow, begins_failure: bool) -> Html {
    let count = format::count(u64::from(row.workers));
    let class = if row.workers > 0 {
        "handler-step here"
    } else {
        "handler-step"
    };
    html! {
        <li {class} data-depth={row.depth.min(3).to_string()} data-workers={row.workers.to_string()}>
            if begins_failure {
                <span class="soft">{ subject.text(Key::StepOnFailure) }</span>
            }
            <code>{ &row.words }</code>
            if row.workers > 0 {
                <span class="count">
                    <span class="swatch flight" aria-hidden="true" />
                    { subject.view.session.language.with(Key::StepsCount, &count) }
                </span>
            }
            { for row.breakers.iter().map(|breaker| html! { <span class="soft">{ breaker }</span> }) }
        </li>
    }
}
