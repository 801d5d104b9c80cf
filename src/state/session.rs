//! What the page itself is set to: a reducer of plain data. The simulation is
//! not in here; what an action means for it comes out as an [`Effect`].

use super::pacing::{self, Speed};
pub use super::selection::{Selection, Thing};
use super::texts::Language;
use mqlab_kernel::SimTime;

/// Which colours the page wears.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Theme {
    /// Those of the system.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Theme {
    /// Every theme, in the order of the switch.
    pub const ALL: [Theme; 3] = [Theme::System, Theme::Light, Theme::Dark];

    /// Its name: what the document's `data-theme` says and what is remembered.
    pub const fn name(self) -> &'static str {
        match self {
            Theme::System => "system",
            Theme::Light => "light",
            Theme::Dark => "dark",
        }
    }

    /// The theme called `name`; the system's for any other name.
    pub fn named(name: &str) -> Theme {
        let found = Theme::ALL.into_iter().find(|theme| theme.name() == name);
        found.unwrap_or_default()
    }
}

/// How a run stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Standing {
    /// Nothing has happened yet.
    Ready,
    /// The clock runs.
    Running,
    /// The clock stands somewhere on the way.
    Paused,
    /// It is over.
    Finished,
    /// A limit ended it.
    Limited,
    /// The scenario has errors: there is no run.
    Failed,
}

impl Standing {
    /// Its name in the style sheet and in tests.
    pub const fn name(self) -> &'static str {
        match self {
            Standing::Ready => "ready",
            Standing::Running => "running",
            Standing::Paused => "paused",
            Standing::Finished => "finished",
            Standing::Limited => "limited",
            Standing::Failed => "failed",
        }
    }
}

/// How the page is set.
#[derive(Clone, PartialEq, Debug)]
pub struct Session {
    /// The scenario, by its position in the picker.
    pub scenario: usize,
    /// Whether the clock runs.
    pub is_playing: bool,
    /// The position of the speed slider.
    pub speed: usize,
    /// Where to stop, if somebody asked for an instant.
    pub stop_at: Option<SimTime>,
    /// What is selected.
    pub selection: Option<Selection>,
    /// The language of the page.
    pub language: Language,
    /// Its colours.
    pub theme: Theme,
}

/// Something that a person, or the run itself, does to the page.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Action {
    /// The scenario at a position of the picker.
    Open(usize),
    /// The chosen scenario is set up; its run has this end.
    Loaded(SimTime),
    /// The clock runs.
    Play,
    /// The clock stands.
    Pause,
    /// The one or the other.
    Toggle,
    /// To the next instant.
    Step,
    /// Back to the beginning.
    Restart,
    /// Run to an instant and stand there; back to the beginning first if it
    /// is past.
    RunTo {
        /// Where to.
        at: SimTime,
        /// Where the clock stands.
        now: SimTime,
    },
    /// The speed slider.
    Speed(usize),
    /// Shows or hides a variant.
    ToggleVariant(usize),
    /// Selects a thing on the stage.
    Select(Option<Selection>),
    /// Speaks a language.
    Speak(Language),
    /// Wears colours.
    Wear(Theme),
    /// The run is over, or where it was to stop.
    Arrived,
}

/// What an action means for the simulation.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Effect {
    /// Nothing.
    None,
    /// The chosen scenario is read and its lab set up.
    Load,
    /// The lab goes back to the beginning.
    Restart,
    /// The lab goes to the next instant.
    Step,
    /// A variant of the lab is shown or hidden.
    ToggleVariant(usize),
}

impl Session {
    /// The page of a first visit.
    pub fn new(scenario: usize, language: Language) -> Self {
        Session {
            scenario,
            is_playing: false,
            speed: pacing::POSITION_MAX,
            stop_at: None,
            selection: None,
            language,
            theme: Theme::System,
        }
    }

    /// How fast the run goes: as fast as possible where it was told to stop
    /// somewhere, since then nobody wants to watch the way.
    pub fn pace(&self) -> Speed {
        if self.stop_at.is_some() {
            Speed::Max
        } else {
            pacing::speed_at(self.speed)
        }
    }

    /// The page after an action, and what it means for the simulation.
    #[must_use]
    pub fn after(mut self, action: Action) -> (Session, Effect) {
        let effect = self.apply(action);
        (self, effect)
    }

    fn apply(&mut self, action: Action) -> Effect {
        match action {
            Action::Open(scenario) => {
                self.scenario = scenario;
                self.stand();
                self.selection = None;
                return Effect::Load;
            }
            Action::Loaded(until) => self.speed = pacing::natural_position(until),
            Action::Play => self.is_playing = true,
            Action::Pause | Action::Arrived => self.stand(),
            Action::Toggle if self.is_playing => self.stand(),
            Action::Toggle => self.is_playing = true,
            Action::Step => {
                self.stand();
                return Effect::Step;
            }
            Action::Restart => {
                self.stand();
                return Effect::Restart;
            }
            Action::RunTo { at, now } => {
                self.is_playing = true;
                self.stop_at = Some(at);
                if at < now {
                    return Effect::Restart;
                }
            }
            Action::Speed(position) => self.speed = position.min(pacing::POSITION_MAX),
            Action::ToggleVariant(variant) => return Effect::ToggleVariant(variant),
            Action::Select(selection) => self.selection = selection,
            Action::Speak(language) => self.language = language,
            Action::Wear(theme) => self.theme = theme,
        }
        Effect::None
    }

    fn stand(&mut self) {
        self.is_playing = false;
        self.stop_at = None;
    }
}

#[cfg(test)]
mod tests;
