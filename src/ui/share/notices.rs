//! The notices, over the page, until they are read.

use super::Request;
use crate::state::notice::Notice;
use crate::state::texts::Key;
use crate::ui::app::View;
use yew::{Html, MouseEvent, html};

/// All notices.
pub(super) fn view(view: &View<'_>) -> Html {
    let all = view.sharing.notices.iter();
    let items = all.map(|notice| {
        let role = if notice.is_bad() { "alert" } else { "status" };
        html! {
            <div key={notice.code()} class="bulletin" {role} data-notice={notice.code()} data-bad={notice.is_bad().to_string()}>
                { one(view, notice) }
            </div>
        }
    });
    // The region is there before its first notice, so that it is read out.
    html! { <section class="bulletins" aria-label={view.text(Key::Notices)}>{ for items }</section> }
}

fn one(view: &View<'_>, notice: &Notice) -> Html {
    let language = view.session.language;
    let code = notice.code();
    let items = notice.items(language);
    html! {
        <>
            <p>{ notice.title(language) }</p>
            if !items.is_empty() {
                <ul>{ for items.into_iter().map(|(code, text)| html! { <li data-code={code}>{ text }</li> }) }</ul>
            }
            <div class="bulletin-buttons">
                if matches!(notice, Notice::Displaced(_)) {
                    <button type="button" data-action="reopen" onclick={view.share.reform(|_: MouseEvent| Request::Reopen(0))}>
                        { view.text(Key::WorkReopen) }
                    </button>
                }
                if matches!(notice, Notice::Unsaved(_)) {
                    <button type="button" data-action="save-unsaved" onclick={view.share.reform(|_: MouseEvent| Request::Save)}>
                        { view.text(Key::FileSave) }
                    </button>
                }
                <button type="button" data-action="dismiss" onclick={view.share.reform(move |_: MouseEvent| Request::Dismiss(code))}>
                    { view.text(Key::Dismiss) }
                </button>
            </div>
        </>
    }
}
