//! From the page to a snapshot and back.

use super::{Selected, Snapshot, names};
use crate::state::acts::Acts;
use crate::state::lab::Lab;
use crate::state::pacing;
use crate::state::scenarios::{self, SCENARIOS};
use crate::state::selection::Selection;
use crate::state::session::{Board, Panel, Screen, Session};
use crate::state::work::Work;
use mqlab_kernel::sort_by_key;
use mqlab_scenario::{Act, Diagnostic};

/// The screen of all scenarios, among the names of open panels.
const GALLERY: &str = "gallery";
/// Between the names of open panels.
const SEPARATOR: char = ',';

/// The page as it stands.
pub fn take(work: &Work, acts: &Acts, session: &Session, lab: Option<&Lab>) -> Snapshot {
    let clock = lab.map(Lab::clock).unwrap_or_default();
    let hidden = lab
        .into_iter()
        .flat_map(|lab| lab.lanes.iter().filter(|lane| lane.is_hidden));
    let selected = lab.zip(session.selection).and_then(|(lab, selection)| {
        let lane = lab.lanes.get(selection.variant)?;
        Some(Selected {
            variant: lane.name.clone(),
            thing: names::name(selection.thing, lane)?,
        })
    });
    let origin = work.origin.and_then(|position| SCENARIOS.get(position));
    let mut panels = vec![session.panel.name(), session.board.name()];
    if session.screen == Screen::Gallery {
        panels.push(GALLERY);
    }
    Snapshot {
        script: work.text.to_string(),
        origin: origin.map(|entry| entry.stem.to_owned()),
        seed: work.seed,
        // Somebody on the way to an instant wants to be there.
        at: session.goal().unwrap_or(clock),
        is_playing: session.will_play(),
        selection: selected,
        language: Some(session.language),
        acts: acts.list().iter().map(Act::to_toml).collect(),
        hidden: hidden.map(|lane| lane.name.clone()).collect(),
        speed: Some(pacing::speed_at(session.speed)),
        panel: Some(panels.join(&SEPARATOR.to_string())),
    }
}

impl Snapshot {
    /// The text that is worked on.
    pub fn work(&self) -> Work {
        Work {
            origin: self.origin.as_deref().and_then(scenarios::position),
            text: self.script.as_str().into(),
            seed: self.seed,
        }
    }

    /// What was done by hand, and what is wrong with texts that are none of
    /// it.
    pub fn acts(&self) -> (Acts, Vec<Diagnostic>) {
        let mut acts = Vec::new();
        let mut found = Vec::new();
        for text in &self.acts {
            match Act::parse(text) {
                Ok(act) => acts.push(act),
                Err(wrong) => found.extend(wrong),
            }
        }
        sort_by_key(&mut acts, |act| act.at);
        (Acts::new(acts), found)
    }

    /// Sets the page as it was, apart from what belongs to the run. Panels
    /// that there are no more stay closed.
    pub fn settle(&self, session: &mut Session) {
        session.language = self.language.unwrap_or(session.language);
        session.screen = Screen::Laboratory;
        for name in self.panel.iter().flat_map(|names| names.split(SEPARATOR)) {
            let panel = Panel::ALL.into_iter().find(|panel| panel.name() == name);
            let board = Board::ALL.into_iter().find(|board| board.name() == name);
            session.panel = panel.unwrap_or(session.panel);
            session.board = board.unwrap_or(session.board);
            if name == GALLERY {
                session.screen = Screen::Gallery;
            }
        }
    }
}

/// Brings a lab in which nothing has happened, and the page around it, to
/// what a snapshot says of them; the clock is the caller's. Things and
/// variants that there are no more are left as they are.
pub fn apply(snapshot: &Snapshot, acts: &Acts, lab: &mut Lab, session: &mut Session) -> Vec<Diagnostic> {
    for lane in &mut lab.lanes {
        lane.is_hidden = snapshot.hidden.contains(&lane.name);
    }
    if let Some(speed) = snapshot.speed {
        session.speed = pacing::position_at(speed);
    }
    let selected = snapshot.selection.as_ref().and_then(|selected| {
        let variant = lab.lanes.iter().position(|lane| lane.name == selected.variant)?;
        let thing = names::find(&selected.thing, &lab.lanes[variant])?;
        Some(Selection { variant, thing })
    });
    session.selection = selected.or(session.selection);
    lab.set_acts(acts.list())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::link::{Carrier, read_snapshot, write_snapshot};
    use crate::state::session::Action;
    use crate::state::texts::Language;
    use mqlab_kernel::SimTime;
    use mqlab_scenario::What;

    fn lab_of(work: &Work) -> Lab {
        let (scenario, found) = mqlab_scenario::parse_with(&work.text, &work.overrides());
        Lab::new(scenario.unwrap_or_else(|| panic!("{found:#?}")))
    }

    fn run(lab: &mut Lab, to: SimTime) {
        lab.advance(to, u64::MAX, |_| false);
    }

    fn digests(lab: &Lab) -> Vec<(String, u64)> {
        lab.shown()
            .map(|lane| (lane.name.clone(), lane.world().digest()))
            .collect()
    }

    /// A page somewhere in the middle of something.
    fn page() -> (Work, Acts, Session, Lab) {
        let position = scenarios::position("crash-before-ack").expect("it is in the gallery");
        let mut work = Work::of_gallery(position);
        work.seed = Some(99);
        let mut lab = lab_of(&work);
        let at = SimTime::parse_clock("00:00:02").expect("a time");
        let service = lab.lanes[0]
            .diagram
            .items
            .iter()
            .find(|item| item.kind == crate::state::diagram::ItemKind::Service);
        let service = service.expect("somebody works");
        let (place, name) = (service.place, service.name.clone());
        let acts = Acts::new(vec![Act {
            at: SimTime::parse_clock("00:00:01").expect("a time"),
            variants: None,
            what: What::Pause(name),
        }]);
        lab.set_acts(acts.list());
        lab.lanes[1].is_hidden = true;
        run(&mut lab, at);
        let mut session = Session::new(Language::Traditional);
        for action in [
            Action::Panel(Panel::Script),
            Action::Board(Board::Compare),
            Action::Speed(7),
            Action::Select(Some(Selection::of_place(0, place))),
        ] {
            session = session.after(action).0;
        }
        (work, acts, session, lab)
    }

    #[test]
    fn a_page_comes_back_through_a_link() {
        let (work, acts, session, lab) = page();
        let taken = take(&work, &acts, &session, Some(&lab));
        let link = write_snapshot(&taken, Carrier::Link).expect("it is short");
        let read = read_snapshot(&link, Carrier::Link).expect("it is right");
        assert_eq!(read, taken);

        let work_again = read.work();
        let (acts_again, found) = read.acts();
        assert_eq!((&work_again, &acts_again, found), (&work, &acts, vec![]));
        let mut session_again = Session::new(Language::English);
        read.settle(&mut session_again);
        let mut lab_again = lab_of(&work_again);
        apply(&read, &acts_again, &mut lab_again, &mut session_again);
        run(&mut lab_again, read.at);
        assert_eq!(session_again, session);
        assert_eq!(digests(&lab_again), digests(&lab));
        assert_eq!(lab_again.clock(), lab.clock());
        assert_eq!(take(&work_again, &acts_again, &session_again, Some(&lab_again)), taken);
    }

    #[test]
    fn who_is_on_the_way_arrives() {
        let (work, acts, session, lab) = page();
        let (session, _) = session.after(Action::RunTo(SimTime::MAX));
        let taken = take(&work, &acts, &session, Some(&lab));
        assert_eq!((taken.at, taken.is_playing), (SimTime::MAX, false));
        let (session, _) = session.after(Action::Arrived);
        let (session, _) = session.after(Action::Play);
        assert!(take(&work, &acts, &session, Some(&lab)).is_playing);
    }

    #[test]
    fn a_text_that_cannot_run_is_kept_all_the_same() {
        let work = Work::of_gallery(0).with_text("title = ".into());
        let session = Session::new(Language::English);
        let taken = take(&work, &Acts::default(), &session, None);
        assert_eq!((taken.work(), taken.is_own()), (work, true));
    }

    #[test]
    fn names_that_mean_nothing_any_more_change_nothing() {
        let (work, _, session, _) = page();
        let strange = Snapshot {
            hidden: vec!["nobody".into()],
            selection: Some(Selected {
                variant: "nobody".into(),
                thing: "nothing".into(),
            }),
            panel: Some("holodeck,,<b>".into()),
            acts: vec!["title = 1".into(), "[[at]]\ntime = \"1s\"\ncrash = \"nobody\"".into()],
            origin: Some("nowhere".into()),
            script: work.text.to_string(),
            ..Snapshot::default()
        };
        let mut settled = session.clone();
        strange.settle(&mut settled);
        assert_eq!(settled, session);
        let (acts, found) = strange.acts();
        assert_eq!((acts.list().len(), found.is_empty()), (1, false));
        assert_eq!(strange.work().origin, None);
        let mut lab = lab_of(&strange.work());
        assert!(
            !apply(&strange, &acts, &mut lab, &mut settled).is_empty(),
            "there is no such node"
        );
        assert_eq!(settled.selection, session.selection);
    }

    #[test]
    fn the_gallery_is_a_place_too() {
        let (work, acts, session, lab) = page();
        let (session, _) = session.after(Action::Show(Screen::Gallery));
        let taken = take(&work, &acts, &session, Some(&lab));
        let mut again = Session::new(Language::English);
        taken.settle(&mut again);
        assert_eq!((again.screen, again.panel), (Screen::Gallery, Panel::Script));
    }
}
