//! The page: holds its settings and the text that is worked on, passes actions
//! on, and puts the panels together.

use super::found::Found;
use super::gestures::Gestures;
use super::keys::Keys;
use super::laboratory::Laboratory;
use super::lesson::GuessChange;
use super::pulse::Event;
use super::pump::{Pump, now_ms};
use super::rest::{self, Rest};
use super::saving::{self, Save};
use super::share::{self, Beginning, Request, Sharing};
use super::{
    bottom, facts, gallery, header, help, inspector, left, opening, script, shell, stage_view, storage, watchers,
};
use crate::state::acts::{self, Acts, Reach};
use crate::state::announce::{self, Announcer};
use crate::state::gallery::Gallery;
use crate::state::job::{Answer, Quest};
use crate::state::lab::Lab;
use crate::state::lessons::Guesses;
use crate::state::link::Flags;
use crate::state::marks::Seen;
use crate::state::prepared;
use crate::state::scenarios;
use crate::state::script::findings::said;
use crate::state::selection;
use crate::state::session::{Action, ActsChange, Effect, Panel, Screen, Session, Theme};
use crate::state::texts::Key;
use crate::state::work::Work;
use gloo_timers::callback::Timeout;
use mqlab_kernel::SimTime;
use mqlab_scenario::{Diagnostic, Scenario, What};
use std::cell::OnceCell;
use std::rc::Rc;
use yew::html::Scope;
use yew::{Callback, Component, Context, Html, classes, html};

/// Settings are written once they have stood for this long.
const REMEMBER_MS: u32 = 400;

/// What happens to the page.
pub(crate) enum Message {
    /// Somebody, or the run, did something.
    Act(Action),
    /// Something is to be looked for beside the run.
    Look(Quest),
    /// It is found.
    Found(Answer),
    /// Somebody guesses what a run will show.
    Guess(GuessChange),
    /// Something else is searched for in the gallery.
    Search(String),
    /// A file is to be saved.
    Save(Save),
    /// The run went on.
    Refresh,
    /// The system changed its colours, or the window its size.
    Surroundings,
    /// The rest of the program is here, or could not be loaded.
    Rest,
    /// Links, files, and work that is saved by itself.
    Share(Request),
    /// The page says that it opens something large: now it does.
    Begin,
}

/// The page.
pub(crate) struct App {
    pub(super) session: Session,
    pub(super) work: Work,
    pub(super) acts: Acts,
    pub(super) sharing: Sharing,
    notice: Option<String>,
    pub(super) pump: Laboratory,
    findings: Rc<[Diagnostic]>,
    /// How long the text took to read.
    read_ms: f64,
    /// The text as it is edited.
    pub(super) script: script::Handle,
    found: Found,
    guesses: Guesses,
    /// Read when it is first shown.
    gallery: OnceCell<Gallery>,
    query: String,
    /// What is marked on the time axis.
    seen: Seen,
    announcer: Announcer,
    /// Something is still to be said.
    waiting: Option<Timeout>,
    remembering: Option<Timeout>,
    _keys: Keys,
    _gestures: Gestures,
    _watchers: watchers::Watchers,
    /// What waits for the rest of the program.
    held: Vec<Message>,
    /// What is opened once the page has said so.
    pub(super) opening: Option<Box<Message>>,
    _rest: rest::Listener,
}

/// What every view is given.
pub(crate) struct View<'a> {
    pub(crate) session: &'a Session,
    /// The text that is worked on. What runs is its last version without an
    /// error.
    pub(crate) work: &'a Work,
    /// What was done by hand.
    pub(crate) acts: &'a Acts,
    /// What went wrong last.
    pub(crate) notice: Option<&'a str>,
    pub(crate) pump: &'a Pump,
    /// What is to be said of the text.
    pub(crate) findings: &'a Rc<[Diagnostic]>,
    /// How long it took to read.
    pub(crate) read_ms: f64,
    /// The text as it is edited.
    pub(crate) script: &'a script::Handle,
    /// What was looked for beside the run.
    pub(crate) found: &'a Found,
    /// What was guessed, and what the engine says to it.
    pub(crate) guesses: &'a Guesses,
    pub(crate) gallery: &'a OnceCell<Gallery>,
    /// What is searched for in the gallery.
    pub(crate) query: &'a str,
    /// What is marked on the time axis.
    pub(crate) seen: &'a Seen,
    /// Links, files, and work that is saved by itself.
    pub(crate) sharing: &'a Sharing,
    /// How far the rest of the program is.
    pub(crate) rest: Rest,
    pub(crate) act: Callback<Action>,
    pub(crate) look: Callback<Quest>,
    pub(crate) guess: Callback<GuessChange>,
    pub(crate) search: Callback<String>,
    pub(crate) save: Callback<Save>,
    pub(crate) share: Callback<Request>,
}

impl View<'_> {
    /// The text of a key in the language of the page.
    pub(crate) fn text(&self, key: Key) -> &'static str {
        self.session.language.text(key)
    }
}

impl Component for App {
    type Message = Message;
    type Properties = ();

    fn create(ctx: &Context<Self>) -> Self {
        let link = ctx.link();
        let (mut session, scenario) = storage::restore();
        let scenario = scenario.unwrap_or_else(scenarios::first);
        let Beginning {
            sharing,
            snapshot,
            is_gallery,
        } = Beginning::find(link.callback(Message::Share), session.language, scenario);
        session.theme = sharing.flags.theme.unwrap_or(session.theme);
        session.language = sharing.flags.language.unwrap_or(session.language);
        if is_gallery {
            session.screen = Screen::Gallery;
        }
        let notify = link.callback(|event| match event {
            Event::Refresh => Message::Refresh,
            Event::Arrived => Message::Act(Action::Arrived),
            Event::Found(answer) => Message::Found(answer),
        });
        let pump = Laboratory::new(session.clone(), notify);
        let mut app = App {
            _gestures: Gestures::listen(pump.clone(), link.callback(Message::Act)),
            pump,
            session,
            work: Work::of_gallery(scenario),
            acts: Acts::default(),
            sharing,
            notice: None,
            findings: Rc::new([]),
            read_ms: 0.0,
            script: script::Handle::default(),
            found: Found::default(),
            guesses: Guesses::default(),
            gallery: OnceCell::new(),
            query: String::new(),
            seen: Seen::default(),
            announcer: Announcer::default(),
            waiting: None,
            remembering: None,
            _keys: Keys::listen(link.callback(Message::Act)),
            _watchers: watchers::Watchers::watch(link.callback(|()| Message::Surroundings)),
            held: Vec::new(),
            opening: None,
            _rest: rest::Listener::listen(link.callback(|()| Message::Rest)),
        };
        // Who follows a link wants what it links to.
        let is_linked = app.sharing.flags != Flags::default() || app.sharing.is_linked();
        let screen = if is_linked {
            Screen::Laboratory
        } else {
            app.session.screen
        };
        match snapshot {
            Some(snapshot) => app.rest_restore(&snapshot),
            None => app.load(),
        }
        if screen == Screen::Gallery {
            app.act(Action::Show(screen));
        }
        app.dress();
        app.keep_beginning(link);
        app
    }

    fn update(&mut self, ctx: &Context<Self>, message: Message) -> bool {
        if is_opening(&message) {
            // Whoever chooses another scenario does not wait for the one before.
            self.held.retain(|held| !is_opening(held));
        }
        if rest::is_needed_for(&message) && !Rest::look().is_here() {
            return self.hold(message);
        }
        if opening::is_other_text(&message) {
            // Nor for what was to be opened.
            self.opening = None;
        }
        if opening::is_large(&message) {
            self.rest_open_soon(message, ctx.link());
            return true;
        }
        if matches!(message, Message::Begin) {
            if let Some(message) = self.opening.take() {
                self.take(ctx, *message);
                opening::rest_show_soon(ctx.link());
            }
            return false;
        }
        self.take(ctx, message)
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let pump = self.pump.look();
        let view = View {
            session: &self.session,
            work: &self.work,
            acts: &self.acts,
            notice: self.notice.as_deref(),
            pump: &pump,
            findings: &self.findings,
            read_ms: self.read_ms,
            script: &self.script,
            found: &self.found,
            guesses: &self.guesses,
            gallery: &self.gallery,
            query: &self.query,
            sharing: &self.sharing,
            act: ctx.link().callback(Message::Act),
            look: ctx.link().callback(Message::Look),
            guess: ctx.link().callback(Message::Guess),
            search: ctx.link().callback(Message::Search),
            seen: &self.seen,
            rest: Rest::look(),
            save: ctx.link().callback(Message::Save),
            share: ctx.link().callback(Message::Share),
        };
        let frame = format!("{:.1}", pump.pulse.frame_ms_max);
        let work = format!("{:.1}", pump.pulse.work_ms_max);
        let wall = format!("{:.0}", pump.pulse.wall_ms);
        let is_gallery = self.session.screen == Screen::Gallery;
        html! {
            <div
                class={classes!("page", is_gallery.then_some("page-gallery"), self.sharing.is_embedded().then_some("page-embedded"))}
                data-state={header::state_name(&view)}
                data-longest-frame-ms={frame}
                data-longest-work-ms={work}
                data-wall-ms={wall}
            >
                { header::view(&view) }
                <p class="notice" role="alert">{ view.notice }</p>
                <p class="notice opening" role="status">
                    if self.opening.is_some() {
                        { view.text(Key::RestLoading) }
                    }
                </p>
                <p class="hidden" aria-live="polite" data-live="true">{ self.announcer.said() }</p>
                if self.session.is_help_open && view.rest.is_here() {
                    { help::rest_view(&view) }
                }
                if is_gallery {
                    { gallery::view(&view) }
                } else {
                    { stage_view::view(&view) }
                    { left::view(&view) }
                    { inspector::view(&view) }
                    { bottom::view(&view) }
                }
                { share::view(&view) }
            </div>
        }
    }

    fn rendered(&mut self, _ctx: &Context<Self>, is_first: bool) {
        // A panel may have changed the size of a canvas.
        self.pump.redraw();
        if is_first && let Some(body) = shell::document().body() {
            let _ = body.set_attribute("data-ready", "true");
        }
    }
}

fn is_opening(message: &Message) -> bool {
    matches!(message, Message::Act(Action::Open(_)))
}

impl App {
    /// Does what a message says; whether that is to be seen.
    fn take(&mut self, ctx: &Context<Self>, message: Message) -> bool {
        let is_refresh = matches!(message, Message::Refresh);
        match message {
            Message::Act(Action::Arrived) => {
                self.act(Action::Arrived);
                self.go_on();
            }
            Message::Act(action) => {
                self.take_over(&action);
                self.act(action);
            }
            // Not everything is looked at again: the editor may be in use.
            Message::Share(Request::Keep) => return self.keep_if_possible(),
            Message::Share(request) => {
                if !self.rest_share(request) {
                    return false;
                }
            }
            Message::Look(quest) => self.pump.rest_look_for(quest),
            Message::Found(answer) => self.rest_found(answer),
            Message::Guess(change) => self.rest_guess(change),
            Message::Search(query) => self.query = query,
            Message::Save(save) => self.save_board(save),
            Message::Refresh | Message::Begin => {}
            Message::Surroundings => self.pump.repaint(),
            Message::Rest => self.release(ctx.link()),
        }
        if let Some(lab) = &self.pump.look().lab {
            self.seen.look(lab, self.acts.list());
        }
        self.announce(ctx);
        self.look_around();
        let soon = if is_refresh {
            share::REFRESHED_MS
        } else {
            share::SETTLED_MS
        };
        self.keep_soon(ctx.link(), soon);
        true
    }

    /// Keeps a message until the rest of the program is here.
    fn hold(&mut self, message: Message) -> bool {
        self.held.push(message);
        self.notice = Some(self.session.language.text(Key::RestLoading).to_owned());
        rest::want();
        true
    }

    /// The rest of the program is here, or could not be loaded: then what
    /// waits for it waits on.
    fn release(&mut self, link: &Scope<App>) {
        let is_here = Rest::look().is_here();
        if !self.held.is_empty() {
            let missing = self.session.language.text(Key::RestFailed).to_owned();
            self.notice = (!is_here).then_some(missing);
        }
        if is_here {
            // Now all of it can be read.
            self.gallery = OnceCell::new();
            self.rest_complete();
            link.send_message_batch(std::mem::take(&mut self.held));
        }
    }

    /// Completes what began with less than all of the program.
    #[inline(never)]
    fn rest_complete(&self) {
        let (scenario, _) = rest_read(&self.work);
        self.pump.change(|lab| {
            lab.keep_checkpoints(true);
            if let Some(scenario) = scenario {
                lab.scenario = scenario;
            }
        });
    }

    /// Looks for what happened last where something is selected, if somebody
    /// wants to see it and the clock stands.
    fn look_around(&mut self) {
        let is_shown = self.session.screen == Screen::Laboratory && self.session.panel == Panel::Facts;
        if !is_shown || self.session.is_playing || !Rest::look().is_here() {
            return;
        }
        let quest = {
            let pump = self.pump.look();
            let Some(lab) = pump.lab.as_ref().filter(|_| pump.job.is_none()) else {
                return;
            };
            let Some((variant, lane, place)) = facts::selected(self.session.selection, lab) else {
                return;
            };
            let known = self.found.recent.as_ref().is_some_and(|recent| {
                (recent.variant, recent.place, recent.until) == (variant, place, lane.world().now())
            });
            (!known).then_some(Quest::Recent { variant, place })
        };
        if let Some(quest) = quest {
            self.pump.rest_look_for(quest);
        }
    }

    /// Lets those hear of the run who do not see it.
    fn announce(&mut self, ctx: &Context<Self>) {
        let pump = self.pump.look();
        if let (Screen::Laboratory, Some(lab)) = (self.session.screen, &pump.lab) {
            let standing = header::standing(&pump, &self.session);
            let sentence = announce::sentence(lab, standing, self.session.language);
            let wait = self.announcer.hear(sentence, now_ms());
            let link = ctx.link().clone();
            self.waiting = wait.map(|wait| Timeout::new(wait as u32 + 1, move || link.send_message(Message::Refresh)));
        }
    }

    #[inline(never)]
    fn rest_found(&mut self, answer: Answer) {
        match answer {
            Answer::Previous(at) => self.act(at.map_or(Action::Restart, Action::RunTo)),
            Answer::Next(Some(at)) => self.act(Action::RunTo(at)),
            Answer::Next(None) => self.notice = Some(self.session.language.text(Key::NothingToCome).to_owned()),
            Answer::Original {
                scenario,
                variant,
                runner,
            } => self.guesses.tell(scenario, variant, &runner),
            other => self.found.keep(other),
        }
        self.look_for_answers_if_possible();
    }

    #[inline(never)]
    fn rest_guess(&mut self, change: GuessChange) {
        let Some(scenario) = self.work.origin else { return };
        match change {
            GuessChange::Write(prediction, text) => self.guesses.write(scenario, prediction, text),
            GuessChange::Give(prediction) => self.guesses.give(scenario, prediction),
        }
        self.look_for_answers_if_possible();
    }

    /// Nothing was guessed before there is a lesson to guess in.
    fn look_for_answers_if_possible(&mut self) {
        if Rest::look().is_here() {
            self.rest_look_for_answers();
        }
    }

    /// Lets the engine answer what was guessed, one variant after the other;
    /// whatever else is looked for comes first.
    #[inline(never)]
    fn rest_look_for_answers(&mut self) {
        let Some(scenario) = self.work.origin else { return };
        let Some(variant) = self.guesses.wanted(scenario) else {
            return;
        };
        let is_original = !self.work.is_changed() && self.work.seed.is_none() && self.acts.list().is_empty();
        let mut is_told = false;
        if let Some(lane) = self.pump.look().lab.as_ref().and_then(|lab| lab.lanes.get(variant))
            && is_original
            && lane.is_over()
        {
            // The run on the stage has got there already.
            self.guesses.tell(scenario, variant, lane.runner());
            is_told = true;
        }
        if is_told {
            self.rest_look_for_answers();
        } else if self.pump.look().job.is_none() {
            self.pump.rest_look_for(Quest::Original { scenario, variant });
        }
    }

    pub(super) fn act(&mut self, action: Action) {
        if self.session.ignores(&action) {
            return;
        }
        self.notice = None;
        // To play what is over is to play it again.
        let is_over = self.pump.look().lab.as_ref().is_some_and(Lab::is_over);
        if is_over && !self.session.is_playing && matches!(action, Action::Play | Action::Toggle) {
            self.pump.restart();
        }
        let is_setting = matches!(
            action,
            Action::Speak(_) | Action::Wear(_) | Action::Open(_) | Action::Show(_)
        );
        if matches!(action, Action::Open(_) | Action::Show(_)) {
            // Another page begins at its top, however far down one was.
            shell::window().scroll_to_with_x_and_y(0.0, 0.0);
        }
        let is_board = matches!(action, Action::SetBoard(_));
        let is_pause = matches!(action, Action::Pause | Action::Toggle);
        let (session, effect) = self.session.clone().after(action);
        if is_pause && self.session.is_playing && !session.is_playing {
            self.pump.change(Lab::align);
        }
        self.session = session;
        self.take_effect(effect);
        if is_setting {
            self.dress();
        }
        if is_board {
            shell::fit_boards(&self.session.boards);
        }
        if is_setting || is_board {
            self.remember_soon();
        }
        self.pump.set(&self.session);
    }

    /// Writes the settings soon. Who leaves from the gallery comes back to it.
    pub(super) fn remember_soon(&mut self) {
        let (session, scenario) = (self.session.clone(), self.work.origin);
        self.remembering = Some(Timeout::new(REMEMBER_MS, move || storage::remember(&session, scenario)));
    }

    fn take_effect(&mut self, effect: Effect) {
        match effect {
            Effect::None => {}
            Effect::Acts(change) => self.rest_change_acts(change),
            Effect::Open(scenario) => {
                self.work = Work::of_gallery(scenario);
                self.acts = Acts::default();
                self.load();
            }
            Effect::Edit(text) => self.rest_edit(text),
            Effect::Restart => self.pump.restart(),
            Effect::Step => self.pump.change(|lab| {
                let next = lab.next_instant();
                lab.advance(next, u64::MAX, |_| false);
            }),
            Effect::StepBack => self.pump.rest_look_for(Quest::Previous),
            Effect::Jump(at) => self.pump.change(|lab| lab.jump(at)),
            Effect::ToggleVariant(variant) => self.pump.change(|lab| {
                if let Some(lane) = lab.lanes.get_mut(variant) {
                    lane.is_hidden = !lane.is_hidden;
                }
            }),
        }
    }

    /// Reads the text that is worked on.
    fn read(&mut self) -> Option<Rc<Scenario>> {
        let begun = now_ms();
        let prepared = (!Rest::look().is_here())
            .then(|| prepared::scenario(&self.work))
            .flatten();
        let (scenario, findings) = match prepared {
            Some(scenario) => (Some(scenario), Vec::new()),
            None => rest_read(&self.work),
        };
        self.findings = findings.into();
        self.read_ms = now_ms() - begun;
        scenario
    }

    /// Reads the text that is worked on and sets up its lab.
    pub(super) fn load(&mut self) {
        shell::keep(None, &self.work.text);
        let mut lab = self.read().map(Lab::new);
        if let Some(lab) = &mut lab {
            // What copies a run comes with the rest.
            lab.keep_checkpoints(Rest::look().is_here());
            let (session, _) = self.session.clone().after(Action::Loaded(lab.until()));
            self.session = session;
            self.session.selection = selection::first(lab);
        }
        self.found = Found::default();
        self.seen = Seen::default();
        self.pump.load(lab);
        self.pump.set(&self.session);
        self.look_for_answers_if_possible();
    }

    /// The text is another one. If it can run, it runs up to where the one
    /// before stood; if not, that one stays.
    #[inline(never)]
    fn rest_edit(&mut self, text: Rc<str>) {
        self.work = self.work.with_text(text);
        let Some(mut lab) = self.read().map(Lab::new) else {
            return;
        };
        let mut clock = SimTime::ZERO;
        if let Some(before) = &self.pump.look().lab {
            clock = before.clock();
            lab.hide_as(before);
            let selected = self.session.selection;
            self.session.selection = selected.and_then(|selected| selection::translate(selected, before, &lab));
        }
        self.session.selection = self.session.selection.or_else(|| selection::first(&lab));
        lab.set_acts(self.acts.list());
        self.found = Found::default();
        self.seen = Seen::default();
        self.pump.load(Some(lab));
        self.look_for_answers_if_possible();
        if clock > SimTime::ZERO {
            self.act(Action::CatchUp(clock));
        }
    }

    /// Saves a file of the charts or of the comparison.
    fn save_board(&mut self, save: Save) {
        let pump = self.pump.look();
        let is_saved = |lab| saving::rest_save(save, &self.session, &self.work, lab);
        if !pump.lab.as_ref().is_none_or(is_saved) {
            self.notice = Some(self.session.language.text(Key::NotSaved).to_owned());
        }
    }

    #[inline(never)]
    fn rest_change_acts(&mut self, change: ActsChange) {
        match change {
            ActsChange::Do(what, reach) => {
                if let Err(message) = self.do_by_hand(what, reach) {
                    self.notice = Some(message);
                    return;
                }
            }
            ActsChange::Undo => self.acts.undo(),
            ActsChange::Redo => self.acts.redo(),
            ActsChange::Remove(index) => self.acts.remove(index),
            ActsChange::ToScript => {
                let text = mqlab_scenario::with_acts(&self.work.text, self.acts.list());
                self.acts = Acts::default();
                self.rest_edit(text.into());
                return;
            }
        }
        self.apply_acts();
    }

    /// Does something at the clock, or says why not.
    fn do_by_hand(&mut self, what: What, reach: Reach) -> Result<(), String> {
        self.pump.change(Lab::align);
        let pump = self.pump.look();
        let Some(lab) = &pump.lab else {
            return Ok(());
        };
        let language = self.session.language;
        if acts::is_too_late(lab) {
            return Err(language.text(Key::TooLate).to_owned());
        }
        let wrong = |found: Vec<Diagnostic>| {
            let messages: Vec<String> = found.iter().map(|finding| said(language, &finding.message)).collect();
            language.with(Key::NotDone, &messages.join("; "))
        };
        let act = acts::at_clock(lab, what, reach).map_err(wrong)?;
        self.acts.add(act);
        Ok(())
    }

    /// Lets the run be the one with these acts; where its past changes, it is
    /// repeated up to the clock.
    fn apply_acts(&mut self) {
        let mut again = None;
        self.pump.change(|lab| {
            lab.set_acts(self.acts.list());
            let clock = lab.clock();
            if lab.is_behind() {
                again = Some(clock);
            } else {
                // What was done at this very instant happens now.
                lab.advance(clock, u64::MAX, |_| false);
            }
        });
        self.found = Found::default();
        if let Some(clock) = again {
            self.act(Action::CatchUp(clock));
        }
    }

    /// Tells the document its language and its colours.
    pub(super) fn dress(&self) {
        let document = shell::document();
        if let Some(root) = document.document_element() {
            // Neither name nor value can be refused.
            let _ = root.set_attribute("lang", self.session.language.tag());
            let _ = match self.session.theme {
                Theme::System => root.remove_attribute("data-theme"),
                theme => root.set_attribute("data-theme", theme.name()),
            };
        }
        shell::fit_boards(&self.session.boards);
        self.pump.repaint();
    }
}

/// What a text says. A gate (`rest.rs`): a first visit plays what is prepared.
#[inline(never)]
fn rest_read(work: &Work) -> (Option<Rc<Scenario>>, Vec<Diagnostic>) {
    let (scenario, findings) = mqlab_scenario::parse_with(&work.text, &work.overrides());
    (scenario.map(Rc::new), findings)
}
