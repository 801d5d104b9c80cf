//! The page: holds its settings, passes actions on, and puts the panels
//! together.

use super::keys::Keys;
use super::laboratory::Laboratory;
use super::pulse::Event;
use super::pump::Pump;
use super::{header, inspector, lesson, shell, stage_view, storage, timeline, watchers};
use crate::state::diagram::ItemKind;
use crate::state::lab::Lab;
use crate::state::scenarios::SCENARIOS;
use crate::state::session::{Action, Effect, Selection, Session, Theme};
use gloo_timers::callback::Timeout;
use mqlab_scenario::Diagnostic;
use yew::{Callback, Component, Context, Html, html};

/// Settings are written once they have stood for this long.
const REMEMBER_MS: u32 = 400;

/// What happens to the page.
pub(crate) enum Message {
    /// Somebody, or the run, did something.
    Act(Action),
    /// The run went on.
    Refresh,
    /// The system changed its colours, or the window its size.
    Surroundings,
}

/// The page.
pub(crate) struct App {
    session: Session,
    pump: Laboratory,
    findings: Vec<Diagnostic>,
    remembering: Option<Timeout>,
    _keys: Keys,
    _watchers: watchers::Watchers,
}

/// What every view is given.
pub(crate) struct View<'a> {
    pub(crate) session: &'a Session,
    pub(crate) pump: &'a Pump,
    pub(crate) findings: &'a [Diagnostic],
    pub(crate) act: Callback<Action>,
}

impl View<'_> {
    /// The text of a key in the language of the page.
    pub(crate) fn text(&self, key: crate::state::texts::Key) -> &'static str {
        self.session.language.text(key)
    }
}

impl Component for App {
    type Message = Message;
    type Properties = ();

    fn create(ctx: &Context<Self>) -> Self {
        let link = ctx.link();
        let session = storage::restore();
        let notify = link.callback(|event| match event {
            Event::Refresh => Message::Refresh,
            Event::Arrived => Message::Act(Action::Arrived),
        });
        let mut app = App {
            pump: Laboratory::new(session.clone(), notify),
            session,
            findings: Vec::new(),
            remembering: None,
            _keys: Keys::listen(link.callback(Message::Act)),
            _watchers: watchers::Watchers::watch(link.callback(|()| Message::Surroundings)),
        };
        app.load();
        app.dress();
        app
    }

    fn update(&mut self, _ctx: &Context<Self>, message: Message) -> bool {
        match message {
            Message::Act(action) => self.act(action),
            Message::Refresh => {}
            Message::Surroundings => self.pump.repaint(),
        }
        true
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let pump = self.pump.look();
        let view = View {
            session: &self.session,
            pump: &pump,
            findings: &self.findings,
            act: ctx.link().callback(Message::Act),
        };
        let frame = format!("{:.1}", pump.pulse.frame_ms_max);
        let work = format!("{:.1}", pump.pulse.work_ms_max);
        let wall = format!("{:.0}", pump.pulse.wall_ms);
        html! {
            <div
                class="page"
                data-state={header::state_name(&view)}
                data-longest-frame-ms={frame}
                data-longest-work-ms={work}
                data-wall-ms={wall}
            >
                { header::view(&view) }
                { stage_view::view(&view) }
                { lesson::view(&view) }
                { inspector::view(&view) }
                { timeline::view(&view) }
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

impl App {
    fn act(&mut self, action: Action) {
        // To play what is over is to play it again.
        let is_over = self.pump.look().lab.as_ref().is_some_and(Lab::is_over);
        if is_over && !self.session.is_playing && matches!(action, Action::Play | Action::Toggle) {
            self.pump.restart();
        }
        let (session, effect) = self.session.clone().after(action);
        if matches!(action, Action::Pause | Action::Toggle) && self.session.is_playing && !session.is_playing {
            self.pump.change(Lab::align);
        }
        self.session = session;
        match effect {
            Effect::None => {}
            Effect::Load => self.load(),
            Effect::Restart => self.pump.restart(),
            Effect::Step => self.pump.change(|lab| {
                let next = lab.next_instant();
                lab.advance(next, u64::MAX, |_| false);
            }),
            Effect::ToggleVariant(variant) => self.pump.change(|lab| {
                if let Some(lane) = lab.lanes.get_mut(variant) {
                    lane.is_hidden = !lane.is_hidden;
                }
            }),
        }
        if matches!(action, Action::Speak(_) | Action::Wear(_) | Action::Open(_)) {
            self.dress();
            let session = self.session.clone();
            self.remembering = Some(Timeout::new(REMEMBER_MS, move || storage::remember(&session)));
        }
        self.pump.set(&self.session);
    }

    /// Reads the chosen scenario and sets up its lab.
    fn load(&mut self) {
        let text = SCENARIOS.get(self.session.scenario).map_or("", |entry| entry.text);
        let (scenario, findings) = mqlab_scenario::parse(text);
        self.findings = findings;
        let lab = scenario.map(Lab::new);
        if let Some(lab) = &lab {
            let (session, _) = self.session.clone().after(Action::Loaded(lab.until()));
            self.session = session;
            self.session.selection = first_selection(lab);
        }
        self.pump.load(lab);
        self.pump.set(&self.session);
    }

    /// Tells the document its language and its colours.
    fn dress(&self) {
        let document = shell::document();
        if let Some(root) = document.document_element() {
            // Neither name nor value can be refused.
            let _ = root.set_attribute("lang", self.session.language.tag());
            let _ = match self.session.theme {
                Theme::System => root.remove_attribute("data-theme"),
                theme => root.set_attribute("data-theme", theme.name()),
            };
        }
        shell::translate(self.session.language);
        self.pump.repaint();
    }
}

/// What is selected when nobody has chosen: the first queue, else the first
/// service.
fn first_selection(lab: &Lab) -> Option<Selection> {
    let of_kind = |kind| {
        lab.lanes.iter().enumerate().find_map(|(variant, lane)| {
            let item = lane.diagram.items.iter().find(|item| item.kind == kind)?;
            Some(Selection::of_place(variant, item.place))
        })
    };
    of_kind(ItemKind::Queue).or_else(|| of_kind(ItemKind::Service))
}
