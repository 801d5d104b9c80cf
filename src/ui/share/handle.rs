//! What the page does about requests.

use super::{Draft, Part, Request, begin, files};
use crate::state::file::{self, FileFinding};
use crate::state::link::{self, Flags};
use crate::state::notice::{self, Notice};
use crate::state::session::{Action, Screen};
use crate::state::share::Offer;
use crate::state::snapshot::{self, Snapshot};
use crate::ui::app::App;
use crate::ui::shell;
use mqlab_kernel::SimTime;
use mqlab_scenario::{Diagnostic, Text};

impl Draft {
    fn new(offer: Offer) -> Draft {
        let address = begin::address();
        Draft {
            link: offer.link(&address),
            code: offer.embedding(&address),
            offer,
            copied: None,
        }
    }

    fn with(&self, part: Part, is_on: bool) -> Draft {
        let mut offer = self.offer.clone();
        match part {
            Part::Instant => offer.has_instant = is_on,
            Part::Language => offer.has_language = is_on,
            Part::Paused => offer.is_paused = is_on,
        }
        Draft::new(offer)
    }
}

impl App {
    /// Does what was asked for. Whether the page looks different.
    #[inline(never)]
    pub(crate) fn rest_share(&mut self, request: Request) -> bool {
        // What is shared, saved or put aside is what is written, even if it
        // has not run yet.
        let untold = self.script.untold();
        let is_edited = untold.is_some();
        if let Some(text) = untold {
            self.act(Action::Edit(text));
        }
        match request {
            Request::Open => self.sharing.draft = Some(self.draft()),
            Request::Close => self.sharing.draft = None,
            Request::Include(part, is_on) => {
                self.sharing.draft = self.sharing.draft.take().map(|draft| draft.with(part, is_on));
            }
            Request::Copied(field, is_copied) => {
                if let Some(draft) = &mut self.sharing.draft {
                    draft.copied = Some((field, is_copied));
                }
            }
            Request::Keep => return self.keep() || is_edited,
            Request::Address => self.follow(),
            Request::Hover(is_hovering) => {
                return std::mem::replace(&mut self.sharing.is_hovering, is_hovering) != is_hovering;
            }
            Request::Read { name, bytes, are_many } => self.open_file(name, bytes, are_many),
            Request::Save => self.save(),
            Request::Reopen(index) => self.reopen(index),
            Request::Forget(index) => {
                self.sharing.read_shelf();
                self.sharing.shelf.take(index);
                self.sharing.store_shelf();
                self.forget_displaced();
            }
            Request::Dismiss(code) => self.sharing.notices.retain(|notice| notice.code() != code),
        }
        true
    }

    fn draft(&mut self) -> Draft {
        self.sharing.read_shelf();
        Draft::new(Offer::new(self.snapshot()))
    }

    /// Opens what a snapshot says. What is wrong with it is said.
    #[inline(never)]
    pub(crate) fn rest_restore(&mut self, snapshot: &Snapshot) {
        let (acts, mut found) = snapshot.acts();
        self.work = snapshot.work();
        self.acts = acts;
        snapshot.settle(&mut self.session);
        self.session.screen = Screen::Laboratory;
        self.remember_soon();
        self.load();
        self.pump
            .change(|lab| found.extend(snapshot::apply(snapshot, &self.acts, lab, &mut self.session)));
        self.say_of_acts(found);
        self.dress();
        self.pump.set(&self.session);
        self.sharing.plays_on = false;
        let can_run = self.pump.look().lab.is_some();
        let plays = snapshot.is_playing && !shell::wants_little_motion();
        if can_run && snapshot.at > SimTime::ZERO {
            self.act(Action::RunTo(snapshot.at));
            self.sharing.plays_on = plays;
        } else if can_run && plays {
            self.act(Action::Play);
        }
    }

    /// The run stands where it was sent to: it goes on if it was to.
    pub(crate) fn go_on(&mut self) {
        if std::mem::take(&mut self.sharing.plays_on) {
            self.act(Action::Play);
        }
    }

    /// Somebody takes the run into their own hands.
    pub(crate) fn take_over(&mut self, action: &Action) {
        let is_look = matches!(
            action,
            Action::Select(_)
                | Action::Speak(_)
                | Action::Wear(_)
                | Action::Panel(_)
                | Action::Board(_)
                | Action::Help(_)
        );
        self.sharing.plays_on &= is_look;
    }

    fn say_of_acts(&mut self, found: Vec<Diagnostic>) {
        let mut messages: Vec<Text> = Vec::new();
        for finding in found {
            if !messages.contains(&finding.message) {
                messages.push(finding.message);
            }
        }
        if !messages.is_empty() {
            notice::add(&mut self.sharing.notices, Notice::Acts(messages));
        }
    }

    /// Opens other work; what is on the page now is kept if it would be missed.
    fn replace(&mut self, snapshot: &Snapshot) {
        let current = self.snapshot();
        self.sharing.draft = None;
        if current.is_own() && !current.is_same_work(snapshot) {
            self.sharing.displace(current, self.session.language);
        }
        self.rest_restore(snapshot);
    }

    /// Follows the link that the address holds now.
    fn follow(&mut self) {
        let fragment = begin::fragment();
        if fragment.is_empty() {
            return;
        }
        let (link, findings) = link::read(&fragment);
        self.sharing.notices.retain(|notice| notice.code() != "link");
        self.sharing.notices.extend(begin::link_notice(&link, findings));
        self.sharing.flags = link.flags.clone();
        self.session.theme = link.flags.theme.unwrap_or(self.session.theme);
        if let Some(snapshot) = link.opens() {
            self.replace(&snapshot);
            self.sharing.linked = Some(snapshot);
        } else if link.flags != Flags::default() {
            let snapshot = link.flags.on(self.snapshot());
            self.rest_restore(&snapshot);
        }
        begin::began_with(&fragment);
    }

    fn open_file(&mut self, name: String, bytes: Result<Vec<u8>, FileFinding>, are_many: bool) {
        self.sharing
            .notices
            .retain(|notice| !matches!(notice.code(), "file" | "many-files"));
        if are_many {
            notice::add(&mut self.sharing.notices, Notice::ManyFiles);
        }
        match bytes
            .map_err(|finding| vec![finding])
            .and_then(|bytes| file::open(&bytes))
        {
            Ok(script) => self.replace(&Snapshot {
                script,
                ..Snapshot::default()
            }),
            Err(findings) => {
                self.sharing.draft = None;
                notice::add(&mut self.sharing.notices, Notice::File { name, findings });
            }
        }
    }

    fn save(&mut self) {
        let text = file::contents(&self.work.text, self.acts.list(), self.work.seed);
        let snapshot = self.snapshot();
        let origin = snapshot.origin.as_deref().filter(|_| !self.work.is_changed());
        files::save(&file::name(origin, snapshot.title()), &text);
    }

    fn reopen(&mut self, index: usize) {
        self.sharing.read_shelf();
        let Some(snapshot) = self.sharing.shelf.take(index) else {
            return;
        };
        self.sharing.store_shelf();
        self.forget_displaced();
        self.replace(&snapshot);
    }

    fn forget_displaced(&mut self) {
        self.sharing
            .notices
            .retain(|notice| !matches!(notice, Notice::Displaced(_)));
    }
}
