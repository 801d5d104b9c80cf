//! Work that is saved by itself, a moment after it has changed.

use super::{Request, begin};
use crate::state::autosave::{self, WORK};
use crate::state::file;
use crate::state::link::{self, Carrier, Link};
use crate::state::notice::{Notice, Unsaved};
use crate::state::snapshot::{self, Snapshot};
use crate::ui::app::{App, Message};
use crate::ui::rest::Rest;
use crate::ui::shell;
use crate::ui::storage::{self, Place};
use gloo_timers::callback::Timeout;
use yew::html::Scope;

/// Work is saved this long after somebody has changed something.
pub(crate) const SETTLED_MS: u32 = 400;
/// And this often while only the clock runs.
pub(crate) const REFRESHED_MS: u32 = 2_000;

impl App {
    /// The page as it stands.
    pub(super) fn snapshot(&self) -> Snapshot {
        let pump = self.pump.look();
        let mut snapshot = snapshot::take(&self.work, &self.acts, &self.session, pump.lab.as_ref());
        snapshot.is_playing |= self.sharing.plays_on;
        snapshot
    }

    /// What the page began with is not saved again, if it is saved or can be
    /// had again. What a link brought is.
    pub(crate) fn keep_beginning(&mut self, link: &Scope<App>) {
        if self.sharing.linked.is_some() {
            self.keep_soon(link, SETTLED_MS);
        } else {
            self.sharing.kept = Some(self.snapshot());
        }
    }

    /// Saves the work soon; sooner if it is asked for again.
    pub(crate) fn keep_soon(&mut self, link: &Scope<App>, milliseconds: u32) {
        let is_due = self
            .sharing
            .keeping
            .as_ref()
            .is_some_and(|(due, _)| *due <= milliseconds);
        if !is_due {
            let link = link.clone();
            let timer = Timeout::new(milliseconds, move || link.send_message(Message::Share(Request::Keep)));
            self.sharing.keeping = Some((milliseconds, timer));
        }
    }

    /// Saves the work now, if it has changed. In the first moments there is
    /// nothing yet that could: then it is saved as soon as there is.
    pub(crate) fn keep_if_possible(&mut self) -> bool {
        let can_keep = Rest::look().is_here();
        if !can_keep {
            self.sharing.keeping = None;
        }
        can_keep && self.rest_share(Request::Keep)
    }

    /// Saves the work now, if it has changed. Whether the page has something
    /// new to say.
    pub(super) fn keep(&mut self) -> bool {
        self.sharing.keeping = None;
        // A program that has stopped must not overwrite what it has saved.
        if shell::has_failed() {
            return false;
        }
        let snapshot = self.snapshot();
        if self.sharing.kept.as_ref() == Some(&snapshot) {
            return false;
        }
        self.leave_link(&snapshot);
        let why = self.store(&snapshot).err();
        let link = link::write_snapshot(&snapshot, Carrier::Link).ok();
        shell::keep(
            link.as_deref(),
            &file::contents(&snapshot.script, self.acts.list(), snapshot.seed),
        );
        self.sharing.kept = Some(snapshot);
        // It is said once, however often it is tried.
        let is_news = why != self.sharing.unsaved;
        if is_news {
            self.sharing.unsaved = why;
            self.sharing
                .notices
                .retain(|notice| !matches!(notice, Notice::Unsaved(_)));
            self.sharing.notices.extend(why.map(Notice::Unsaved));
        }
        is_news
    }

    fn store(&self, snapshot: &Snapshot) -> Result<(), Unsaved> {
        let text = autosave::stored(snapshot).map_err(|_| Unsaved::TooLarge)?;
        let own = storage::set(Place::Tab, WORK, &text);
        if self.sharing.is_embedded() {
            return own;
        }
        own.and(storage::set(Place::Shared, WORK, &text))
    }

    /// The address must not say something else than the page: a link that was
    /// left behind goes.
    fn leave_link(&mut self, snapshot: &Snapshot) {
        let is_left = |linked: &Snapshot| !linked.is_same_work(snapshot);
        if self.sharing.is_embedded() || !self.sharing.linked.as_ref().is_some_and(is_left) {
            return;
        }
        self.sharing.linked = None;
        let rest = Link {
            snapshot: None,
            flags: self.sharing.flags.lasting(),
        };
        begin::replace_fragment(&link::write(&rest).unwrap_or_default());
    }
}
