//! The dialog: the link, what is in it, code for other pages, files, and work
//! from before.

use super::{Draft, Part, Request, copying, files};
use crate::state::format;
use crate::state::link::Finding;
use crate::state::notice;
use crate::state::share;
use crate::state::texts::Key;
use crate::ui::app::View;
use crate::ui::dialog::Dialog;
use yew::{Callback, Event, Html, MouseEvent, html};

const LINK: &str = "share-link";
const CODE: &str = "share-code";

/// The dialog, if it is open.
#[inline(never)]
pub(super) fn rest_view(view: &View<'_>) -> Html {
    let Some(draft) = &view.sharing.draft else {
        return html! {};
    };
    let on_close = view.share.reform(|()| Request::Close);
    html! {
        <Dialog name="share" title={view.text(Key::ShareTitle)} close={view.text(Key::Close)} {on_close}>
            { link(view, draft) }
            { contents(view, draft) }
            if draft.code.is_ok() {
                { embedding(view, draft) }
            }
            { file(view) }
            { earlier(view) }
        </Dialog>
    }
}

fn link(view: &View<'_>, draft: &Draft) -> Html {
    match &draft.link {
        Ok(link) => html! {
            <section class="share-part">
                <h3>{ view.text(Key::ShareLink) }</h3>
                { field(view, draft, LINK, Key::ShareLink, Key::ShareCopy, link) }
                if share::is_long(link) {
                    <p class="share-note" data-note="long">{ view.text(Key::ShareLong) }</p>
                }
                <p class="soft">{ view.text(Key::ShareHelp) }</p>
            </section>
        },
        Err(findings) => html! {
            <section class="share-part" role="alert" data-note="impossible">
                <p>{ view.text(Key::ShareImpossible) }</p>
                { problems(view, findings) }
            </section>
        },
    }
}

fn problems(view: &View<'_>, findings: &[Finding]) -> Html {
    let items = findings.iter().map(|finding| {
        html! { <li data-code={finding.code()}>{ finding.text(view.session.language) }</li> }
    });
    html! { <ul class="findings">{ for items }</ul> }
}

/// A text to be copied, its length, and the button that copies it.
fn field(view: &View<'_>, draft: &Draft, id: &'static str, label: Key, copy: Key, text: &str) -> Html {
    let request = view.share.clone();
    let onclick = Callback::from(move |_: MouseEvent| copying::copy(id, request.clone()));
    let copied = draft.copied.filter(|(copied, _)| *copied == id);
    let length = view
        .session
        .language
        .with(Key::ShareCharacters, &format::count(text.len() as u64));
    html! {
        <>
            <textarea {id} class="mono" readonly=true rows="3" spellcheck="false" aria-label={view.text(label)} value={text.to_owned()} />
            <div class="share-row">
                <button type="button" class="primary" data-action={format!("copy-{id}")} {onclick}>{ view.text(copy) }</button>
                <span class="soft" data-note="length">{ length }</span>
                <span role="status">
                    {
                        match copied {
                            Some((_, true)) => view.text(Key::ShareCopied),
                            Some((_, false)) => view.text(Key::ShareNotCopied),
                            None => "",
                        }
                    }
                </span>
            </div>
        </>
    }
}

fn choice(view: &View<'_>, name: &'static str, label: String, part: Part, is_on: bool) -> Html {
    let onchange = view.share.reform(move |_: Event| Request::Include(part, !is_on));
    html! {
        <label class="share-choice">
            <input type="checkbox" data-action={name} checked={is_on} {onchange} />
            { label }
        </label>
    }
}

fn contents(view: &View<'_>, draft: &Draft) -> Html {
    let language = view.session.language;
    let offer = &draft.offer;
    let rows = offer.contents(language).into_iter().map(|(key, value)| {
        html! { <><dt>{ view.text(key) }</dt><dd>{ value }</dd></> }
    });
    html! {
        <section class="share-part">
            <h3>{ view.text(Key::ShareHolds) }</h3>
            <dl class="share-holds">{ for rows }</dl>
            if let Some(at) = offer.instant() {
                { choice(view, "with-instant", language.with(Key::ShareWithInstant, &at.to_string()), Part::Instant, offer.has_instant) }
            }
            if let Some(spoken) = offer.language() {
                { choice(view, "with-language", language.with(Key::ShareWithLanguage, spoken.name()), Part::Language, offer.has_language) }
            }
        </section>
    }
}

fn embedding(view: &View<'_>, draft: &Draft) -> Html {
    let code = draft.code.as_deref().unwrap_or_default();
    html! {
        <details class="share-part">
            <summary data-action="embedding">{ view.text(Key::ShareEmbed) }</summary>
            <p class="soft">{ view.text(Key::ShareEmbedHelp) }</p>
            { field(view, draft, CODE, Key::ShareEmbed, Key::ShareCopyCode, code) }
            { choice(view, "embed-paused", view.text(Key::ShareEmbedPaused).to_owned(), Part::Paused, draft.offer.is_paused) }
        </details>
    }
}

fn file(view: &View<'_>) -> Html {
    html! {
        <section class="share-part">
            <h3>{ view.text(Key::ShareFile) }</h3>
            <p class="soft">{ view.text(Key::ShareFileHelp) }</p>
            <div class="share-row">
                <button type="button" data-action="save-file" onclick={view.share.reform(|_: MouseEvent| Request::Save)}>{ view.text(Key::FileSave) }</button>
                <button type="button" data-action="open-file-here" onclick={Callback::from(|_: MouseEvent| files::choose())}>{ view.text(Key::FileOpen) }</button>
            </div>
        </section>
    }
}

fn earlier(view: &View<'_>) -> Html {
    let works = view.sharing.shelf.works();
    if works.is_empty() {
        return html! {};
    }
    let items = works.iter().enumerate().map(|(index, work)| {
        let name = notice::name(work, view.session.language);
        let reopen = format!("{}: {name}", view.text(Key::WorkReopen));
        let forget = format!("{}: {name}", view.text(Key::WorkForget));
        html! {
            <li>
                <span>{ name }</span>
                <button type="button" data-action="reopen-earlier" aria-label={reopen} onclick={view.share.reform(move |_: MouseEvent| Request::Reopen(index))}>{ view.text(Key::WorkReopen) }</button>
                <button type="button" data-action="forget-earlier" aria-label={forget} onclick={view.share.reform(move |_: MouseEvent| Request::Forget(index))}>{ view.text(Key::WorkForget) }</button>
            </li>
        }
    });
    html! {
        <section class="share-part">
            <h3>{ view.text(Key::WorkEarlier) }</h3>
            <ul class="share-earlier">{ for items }</ul>
        </section>
    }
}
