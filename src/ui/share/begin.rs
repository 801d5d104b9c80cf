//! What the page begins with: the link in its address, and work that was
//! saved by itself.

use super::{Request, Sharing, signals};
use crate::state::autosave::{self, BEGAN_WITH, Found, SHELF, Shelf, WORK};
use crate::state::link::{self, Finding, Flags, Link};
use crate::state::notice::{self, Notice};
use crate::state::scenarios::SCENARIOS;
use crate::state::snapshot::Snapshot;
use crate::state::texts::Language;
use crate::ui::shell::{self, Restart};
use crate::ui::storage::{self, Place};
use mqlab_kernel::SimTime;
use wasm_bindgen::JsValue;
use yew::Callback;

/// What the page begins with.
pub(crate) struct Beginning {
    /// Links, files and saved work from now on.
    pub(crate) sharing: Sharing,
    /// What is opened, if not what a first visit shows.
    pub(crate) snapshot: Option<Snapshot>,
    /// Whether the page shows the gallery before it.
    pub(crate) is_gallery: bool,
}

/// How the browser came here, as its own numbers say.
const BY_ADDRESS: u16 = 0;

impl Beginning {
    /// Looks at the address and into the storage. `scenario` is what is shown
    /// if there is nothing else.
    pub(crate) fn find(request: Callback<Request>, language: Language, scenario: usize) -> Beginning {
        let fragment = fragment();
        let saved = [(Place::Tab, WORK), (Place::Shared, WORK), (Place::Shared, SHELF)];
        let is_first_visit =
            fragment.is_empty() && saved.iter().all(|(place, name)| storage::get(*place, name).is_none());
        if is_first_visit {
            began_with(&fragment);
            return Beginning {
                sharing: Sharing::new(request),
                snapshot: None,
                is_gallery: shell::restart() == Restart::Gallery,
            };
        }
        Beginning::rest_begin(request, fragment, language, scenario)
    }

    /// The shell knows that something is there to be read, and has loaded the
    /// whole program before it started it.
    #[inline(never)]
    fn rest_begin(request: Callback<Request>, fragment: String, language: Language, scenario: usize) -> Beginning {
        let (link, findings) = link::read(&fragment);
        let mut notices = Vec::new();
        let is_embedded = link.flags.is_embedded;
        let own = stored(Place::Tab, &mut notices);
        // A page within another one leaves everybody's work alone.
        let newest = if is_embedded {
            None
        } else {
            stored(Place::Shared, &mut notices)
        };
        let is_return = !fragment.is_empty() && storage::get(Place::Tab, BEGAN_WITH).as_ref() == Some(&fragment);
        let is_return = is_return && !came_by_address();
        let opens = link.opens();
        let start = autosave::start(Found {
            link: opens.clone(),
            own,
            newest,
            is_return,
        });
        began_with(&fragment);
        notices.extend(link_notice(&link, findings));
        let mut sharing = Sharing {
            flags: link.flags.clone(),
            notices,
            linked: opens.clone(),
            ..Sharing::new(request)
        };
        sharing.read_shelf();
        if let Some(work) = start.displaced {
            sharing.displace(work, language);
        }
        let restart = shell::restart();
        if restart == Restart::Gallery {
            return sharing.in_gallery(start.snapshot, language);
        }
        let has_settings = opens.is_none() && !is_return;
        // Settings of a run need one.
        let first = SCENARIOS.get(scenario).filter(|_| link.flags.are_of_run());
        let first = first.map(|entry| Snapshot::of_gallery(entry.stem, entry.text()));
        let mut snapshot = if has_settings {
            start.snapshot.or(first).map(|snapshot| link.flags.on(snapshot))
        } else {
            start.snapshot
        };
        if let Some(snapshot) = snapshot.as_mut().filter(|_| restart == Restart::Beginning) {
            snapshot.at = SimTime::ZERO;
            snapshot.is_playing = false;
        }
        Beginning {
            sharing,
            snapshot,
            is_gallery: false,
        }
    }
}

impl Sharing {
    /// Nothing was linked to, and nothing is saved.
    fn new(request: Callback<Request>) -> Sharing {
        Sharing {
            flags: Flags::default(),
            draft: None,
            notices: Vec::new(),
            shelf: Shelf::default(),
            is_hovering: false,
            plays_on: false,
            linked: None,
            kept: None,
            unsaved: None,
            keeping: None,
            _signals: signals::Signals::listen(request),
        }
    }

    /// The page begins with the gallery; the work, with which the program has
    /// stopped, waits on the shelf.
    fn in_gallery(mut self, work: Option<Snapshot>, language: Language) -> Beginning {
        if let Some(work) = work.filter(Snapshot::is_own) {
            self.displace(work, language);
        }
        self.linked = None;
        replace_fragment("");
        Beginning {
            sharing: self,
            snapshot: None,
            is_gallery: true,
        }
    }

    /// The shelf as any tab left it.
    pub(super) fn read_shelf(&mut self) {
        let text = storage::get(Place::Shared, SHELF).unwrap_or_default();
        let (shelf, refused) = Shelf::read(&text);
        self.shelf = shelf;
        for line in refused {
            let findings = autosave::restored(&line).err().unwrap_or_default();
            set_aside(&line, findings, &mut self.notices);
        }
    }

    /// Puts work on the shelf that gives way to other work, and says so.
    pub(super) fn displace(&mut self, work: Snapshot, language: Language) {
        let name = notice::name(&work, language);
        self.read_shelf();
        self.shelf.put(work);
        self.store_shelf();
        notice::add(&mut self.notices, Notice::Displaced(name));
    }

    /// Stores the shelf for all tabs, and says if that is not possible.
    pub(super) fn store_shelf(&mut self) {
        if let Err(why) = storage::set(Place::Shared, SHELF, &self.shelf.text()) {
            notice::add(&mut self.notices, Notice::Unsaved(why));
        }
    }
}

/// What is to be said of a link.
pub(super) fn link_notice(link: &Link, findings: Vec<Finding>) -> Option<Notice> {
    let is_in_part = *link != Link::default();
    (!findings.is_empty()).then_some(Notice::Link { findings, is_in_part })
}

/// What stands behind the `#` of the address.
pub(super) fn fragment() -> String {
    let hash = shell::window().location().hash().unwrap_or_default();
    hash.strip_prefix('#').unwrap_or(&hash).to_owned()
}

/// The address of the page without what stands behind the `#`.
pub(super) fn address() -> String {
    let href = shell::window().location().href().unwrap_or_default();
    href.split('#').next().unwrap_or_default().to_owned()
}

/// The address of the page when it is no part of another one.
pub(super) fn whole_address() -> String {
    format!("{}#{}", address(), link::whole(&fragment()))
}

/// Remembers for this tab which link its work began with.
pub(super) fn began_with(fragment: &str) {
    if fragment.is_empty() {
        storage::remove(Place::Tab, BEGAN_WITH);
    } else {
        // Forgotten, a reload opens the link again and puts the work on the
        // shelf.
        let _ = storage::set(Place::Tab, BEGAN_WITH, fragment);
    }
}

/// Whether somebody followed a link or typed an address, and did not reload or
/// go back.
fn came_by_address() -> bool {
    let performance = shell::window().performance();
    performance.is_none_or(|performance| performance.navigation().type_() == BY_ADDRESS)
}

/// The work that is stored in a place. What cannot be read is set aside.
fn stored(place: Place, notices: &mut Vec<Notice>) -> Option<Snapshot> {
    let text = storage::get(place, WORK)?;
    match autosave::restored(&text) {
        Ok(snapshot) => Some(snapshot),
        Err(findings) => {
            storage::remove(place, WORK);
            set_aside(&text, findings, notices);
            None
        }
    }
}

/// Keeps a value that could not be read, and says where.
fn set_aside(value: &str, findings: Vec<Finding>, notices: &mut Vec<Notice>) {
    let name = autosave::name_for_refused(value, |name| storage::get(Place::Shared, name));
    let notice = match storage::set(Place::Shared, &name, value) {
        Ok(()) => Notice::Refused { name, findings },
        Err(why) => Notice::Unsaved(why),
    };
    notice::add(notices, notice);
}

/// Writes another fragment into the address, without a step back to the old
/// one.
pub(super) fn replace_fragment(fragment: &str) {
    let address = address();
    let address = if fragment.is_empty() {
        address
    } else {
        format!("{address}#{fragment}")
    };
    if let Ok(history) = shell::window().history() {
        // An address that stays is only out of date.
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&address));
    }
    began_with(fragment);
}
