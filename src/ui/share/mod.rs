//! Links, files, and work that is saved by itself: what the page does about
//! them, and what it shows of it.

mod begin;
mod copying;
mod dialog;
mod files;
mod handle;
mod keep;
mod notices;
mod signals;

pub(crate) use begin::Beginning;
pub(crate) use keep::{REFRESHED_MS, SETTLED_MS};

use super::app::View;
use crate::state::autosave::Shelf;
use crate::state::file::FileFinding;
use crate::state::link::{Finding, Flags};
use crate::state::notice::{Notice, Unsaved};
use crate::state::session::Screen;
use crate::state::share::Offer;
use crate::state::snapshot::Snapshot;
use crate::state::texts::Key;
use gloo_timers::callback::Timeout;
use yew::{Callback, Html, MouseEvent, html};

/// What somebody, or the browser, wants of it.
pub(crate) enum Request {
    /// The dialog is opened.
    Open,
    /// The dialog is closed.
    Close,
    /// What goes into the link: the instant, the language, or that an
    /// embedded page waits.
    Include(Part, bool),
    /// The text of an element was copied, or could not be.
    Copied(&'static str, bool),
    /// The work is saved by itself.
    Keep,
    /// The address is another one.
    Address,
    /// A file is held over the page, or not any more.
    Hover(bool),
    /// So many files were chosen or dropped; the first one was read.
    Read {
        /// Its name.
        name: String,
        /// What is in it.
        bytes: Result<Vec<u8>, FileFinding>,
        /// Whether there were others.
        are_many: bool,
    },
    /// The work is saved to a file.
    Save,
    /// Work from the shelf is opened again.
    Reopen(usize),
    /// Work on the shelf is given up.
    Forget(usize),
    /// A notice was read.
    Dismiss(&'static str),
}

/// What may go into a link.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    Instant,
    Language,
    Paused,
}

/// The dialog, open.
pub(crate) struct Draft {
    offer: Offer,
    link: Result<String, Vec<Finding>>,
    code: Result<String, Vec<Finding>>,
    /// Which text was copied last, and whether that worked.
    copied: Option<(&'static str, bool)>,
}

/// Links, files, and work that is saved by itself.
pub(crate) struct Sharing {
    /// The settings of the link that the page was opened with.
    pub(crate) flags: Flags,
    draft: Option<Draft>,
    notices: Vec<Notice>,
    shelf: Shelf,
    is_hovering: bool,
    /// Whether the clock runs on from the instant that it is on the way to.
    plays_on: bool,
    /// What the link in the address opened.
    linked: Option<Snapshot>,
    /// What was saved last.
    kept: Option<Snapshot>,
    /// Why it could not be saved, if it could not.
    unsaved: Option<Unsaved>,
    /// When it is saved next: after so many milliseconds.
    keeping: Option<(u32, Timeout)>,
    _signals: signals::Signals,
}

impl Sharing {
    /// Whether what the link in the address opened is still worked on.
    pub(crate) fn is_linked(&self) -> bool {
        self.linked.is_some()
    }

    /// Whether the page is a part of another one.
    pub(crate) fn is_embedded(&self) -> bool {
        self.flags.is_embedded
    }
}

/// The buttons of the header.
pub(crate) fn buttons(view: &View<'_>) -> Html {
    if view.sharing.is_embedded() {
        return whole(view);
    }
    html! {
        <div class="share-buttons">
            { button(view, "open-file", Key::FileOpen, "M1.5 3h4l1.5 2h5.5v6.5h-11z", Callback::from(|_: MouseEvent| files::choose())) }
            if view.session.screen == Screen::Laboratory {
                { button(view, "share", Key::Share, "M7 1v8M4 4l3-3 3 3M2 8v4.5h10V8", view.share.reform(|_: MouseEvent| Request::Open)) }
            }
        </div>
    }
}

fn button(view: &View<'_>, name: &'static str, label: Key, path: &'static str, onclick: Callback<MouseEvent>) -> Html {
    html! {
        <button
            type="button"
            class="ghost"
            data-action={name}
            aria-label={view.text(label)}
            title={view.text(label)}
            {onclick}
        >
            <svg width="14" height="14" viewBox="0 0 14 14" aria-hidden="true">
                <path d={path} fill="none" stroke="currentColor" stroke-width="1.4" stroke-linejoin="round" stroke-linecap="round" />
            </svg>
        </button>
    }
}

/// From an embedded page to the whole one, in a window of its own.
fn whole(view: &View<'_>) -> Html {
    html! {
        <a class="whole" data-action="whole" href={begin::whole_address()} target="_blank" rel="noopener">
            { view.text(Key::OpenWhole) }
        </a>
    }
}

/// What lies over the page: notices, the dialog, and the place for a file.
pub(crate) fn view(view: &View<'_>) -> Html {
    html! {
        <>
            { notices::view(view) }
            if view.rest.is_here() {
                { dialog::rest_view(view) }
            }
            { files::view(view) }
        </>
    }
}
