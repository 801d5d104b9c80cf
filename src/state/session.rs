//! What the page itself is set to: a reducer of plain data. The simulation is
//! not in here, nor is the text that is worked on; what an action means for
//! them comes out as an [`Effect`].

use super::acts::Reach;
use super::boards::{BoardAction, Boards};
use super::pacing::{self, Speed};
use super::selection::Selection;
use super::texts::Language;
use mqlab_kernel::SimTime;
use mqlab_scenario::What;
use std::rc::Rc;

pub use super::theme::Theme;

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

/// What fills the page.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Screen {
    /// All scenarios, to choose one.
    Gallery,
    /// One scenario, running.
    #[default]
    Laboratory,
}

/// The tabs left of the stage.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Panel {
    /// What to watch, to predict and to try.
    #[default]
    Lesson,
    /// The text.
    Script,
    /// What happened, fact by fact.
    Facts,
}

impl Panel {
    /// Every tab, from left to right.
    pub const ALL: [Panel; 3] = [Panel::Lesson, Panel::Script, Panel::Facts];

    /// Its name in links and tests.
    pub const fn name(self) -> &'static str {
        match self {
            Panel::Lesson => "lesson",
            Panel::Script => "script",
            Panel::Facts => "facts",
        }
    }
}

/// The tabs below the stage.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Board {
    /// Curves over the time.
    #[default]
    Charts,
    /// The variants' figures beside each other.
    Compare,
}

impl Board {
    /// Every tab, from left to right.
    pub const ALL: [Board; 2] = [Board::Charts, Board::Compare];

    /// Its name in links and tests.
    pub const fn name(self) -> &'static str {
        match self {
            Board::Charts => "charts",
            Board::Compare => "compare",
        }
    }
}

/// What comes after an instant that the run is to get to.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Onward {
    /// The clock stands.
    #[default]
    Stand,
    /// It runs on.
    Play,
    /// It runs on to another instant.
    To(SimTime),
}

/// How the page is set.
#[derive(Clone, PartialEq, Debug)]
pub struct Session {
    /// What fills the page.
    pub screen: Screen,
    /// Which tab is open left of the stage.
    pub panel: Panel,
    /// Which tab is open below the stage.
    pub board: Board,
    /// How the boards below the stage are set.
    pub boards: Boards,
    /// The instant that somebody points at in the charts: what the stage
    /// showed then is said beside what it shows now.
    pub hover: Option<SimTime>,
    /// Whether the clock runs.
    pub is_playing: bool,
    /// The position of the speed slider.
    pub speed: usize,
    /// Where to stop, if somebody asked for an instant.
    pub stop_at: Option<SimTime>,
    /// What comes then.
    pub onward: Onward,
    /// What is selected.
    pub selection: Option<Selection>,
    /// Whether what is done by hand is done in all variants.
    pub acts_everywhere: bool,
    /// Whether the sheet of shortcuts is open.
    pub is_help_open: bool,
    /// The language of the page.
    pub language: Language,
    /// Its colours.
    pub theme: Theme,
}

/// Something that a person, or the run itself, does to the page.
#[derive(Clone, PartialEq, Debug)]
pub enum Action {
    /// Shows the gallery, or goes back to the laboratory.
    Show(Screen),
    /// Opens a tab left of the stage.
    Panel(Panel),
    /// Opens a tab below the stage.
    Board(Board),
    /// Changes something about the boards.
    SetBoard(BoardAction),
    /// Points at an instant in the charts, or at none.
    Hover(Option<SimTime>),
    /// Works on the scenario at a position of the gallery.
    Open(usize),
    /// Works on another text: it was changed by hand.
    Edit(Rc<str>),
    /// A text was set up; its run has this end.
    Loaded(SimTime),
    /// The clock runs.
    Play,
    /// The clock stands.
    Pause,
    /// The one or the other.
    Toggle,
    /// To the next instant.
    Step,
    /// To the instant before.
    StepBack,
    /// Back to the beginning.
    Restart,
    /// To an instant, back or forth, and stand there.
    RunTo(SimTime),
    /// Another run is to get to where the clock stood, and to go on as the one
    /// before would have.
    CatchUp(SimTime),
    /// The speed slider.
    Speed(usize),
    /// Shows or hides a variant.
    ToggleVariant(usize),
    /// Selects a thing on the stage.
    Select(Option<Selection>),
    /// Does something to the world, at the clock.
    Do(What, Reach),
    /// Whether what is done by hand is done in all variants.
    ActEverywhere(bool),
    /// Takes back the last change of what was done by hand.
    Undo,
    /// Does again what was taken back.
    Redo,
    /// Takes out one of the things done by hand, by position.
    RemoveAct(usize),
    /// Writes what was done by hand into the script.
    ActsToScript,
    /// Opens or closes the sheet of shortcuts.
    Help(bool),
    /// Speaks a language.
    Speak(Language),
    /// Wears colours.
    Wear(Theme),
    /// The run is over, or where it was to stop.
    Arrived,
}

/// What an action means for the simulation and for the text.
#[derive(Clone, PartialEq, Debug)]
pub enum Effect {
    /// Nothing.
    None,
    /// The scenario at a position of the gallery is read and its lab set up.
    Open(usize),
    /// The text is another one.
    Edit(Rc<str>),
    /// The lab goes back to the beginning.
    Restart,
    /// The lab goes to the next instant.
    Step,
    /// The instant before is looked for.
    StepBack,
    /// The lab jumps to where it can run to an instant from.
    Jump(SimTime),
    /// A variant of the lab is shown or hidden.
    ToggleVariant(usize),
    /// What is done by hand changes.
    Acts(ActsChange),
}

/// How what is done by hand changes.
#[derive(Clone, PartialEq, Debug)]
pub enum ActsChange {
    /// Something is done at the clock.
    Do(What, Reach),
    /// The last change is taken back.
    Undo,
    /// What was taken back is done again.
    Redo,
    /// One is taken out.
    Remove(usize),
    /// All of them become lines of the script.
    ToScript,
}

impl Session {
    /// The page of a first visit.
    pub fn new(language: Language) -> Self {
        Session {
            screen: Screen::default(),
            panel: Panel::default(),
            board: Board::default(),
            boards: Boards::default(),
            hover: None,
            is_playing: false,
            speed: pacing::POSITION_MAX,
            stop_at: None,
            onward: Onward::Stand,
            selection: None,
            acts_everywhere: true,
            is_help_open: false,
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

    /// The instant to get to, if somebody asked for one.
    pub fn goal(&self) -> Option<SimTime> {
        match self.onward {
            Onward::To(goal) => Some(goal),
            _ => self.stop_at,
        }
    }

    /// Whether the clock runs, and is not only on its way to an instant.
    pub fn will_play(&self) -> bool {
        self.is_playing && (self.stop_at.is_none() || self.onward == Onward::Play)
    }

    /// Whether an action means nothing here: in the gallery there is no run to
    /// be seen that keys could play.
    pub fn ignores(&self, action: &Action) -> bool {
        let is_of_run = matches!(
            action,
            Action::Play
                | Action::Toggle
                | Action::Step
                | Action::StepBack
                | Action::Restart
                | Action::Undo
                | Action::Redo
        );
        is_of_run && self.screen == Screen::Gallery
    }

    /// The page after an action, and what it means for the simulation.
    #[must_use]
    pub fn after(mut self, action: Action) -> (Session, Effect) {
        let effect = self.apply(action);
        (self, effect)
    }

    fn apply(&mut self, action: Action) -> Effect {
        match action {
            Action::Show(screen) => {
                self.screen = screen;
                if screen == Screen::Gallery {
                    self.stand();
                }
            }
            Action::Panel(panel) => self.panel = panel,
            Action::Board(board) => self.board = board,
            Action::SetBoard(action) => self.boards.apply(action),
            Action::Hover(at) => self.hover = at,
            Action::Open(scenario) => {
                self.screen = Screen::Laboratory;
                self.stand();
                self.selection = None;
                self.hover = None;
                return Effect::Open(scenario);
            }
            Action::Edit(text) => return Effect::Edit(text),
            Action::Loaded(until) => self.speed = pacing::natural_position(until),
            Action::Play => self.is_playing = true,
            Action::Pause => self.stand(),
            Action::Toggle if self.is_playing => self.stand(),
            Action::Toggle => self.is_playing = true,
            Action::Step => {
                self.stand();
                return Effect::Step;
            }
            Action::StepBack => {
                self.stand();
                return Effect::StepBack;
            }
            Action::Restart => {
                self.stand();
                return Effect::Restart;
            }
            Action::RunTo(at) => {
                self.is_playing = true;
                self.stop_at = Some(at);
                self.onward = Onward::Stand;
                return Effect::Jump(at);
            }
            Action::CatchUp(at) => {
                self.onward = match (self.onward, self.stop_at) {
                    _ if !self.is_playing => Onward::Stand,
                    (Onward::Stand, None) => Onward::Play,
                    (Onward::Stand, Some(goal)) => Onward::To(goal),
                    (onward, _) => onward,
                };
                self.is_playing = true;
                self.stop_at = Some(at);
                return Effect::Jump(at);
            }
            Action::Arrived => match std::mem::take(&mut self.onward) {
                Onward::Stand => self.stand(),
                Onward::Play => self.stop_at = None,
                Onward::To(goal) => self.stop_at = Some(goal),
            },
            Action::Speed(position) => self.speed = position.min(pacing::POSITION_MAX),
            Action::ToggleVariant(variant) => return Effect::ToggleVariant(variant),
            Action::Select(selection) => self.selection = selection,
            Action::Do(what, reach) => return Effect::Acts(ActsChange::Do(what, reach)),
            Action::ActEverywhere(is_on) => self.acts_everywhere = is_on,
            Action::Help(is_open) => self.is_help_open = is_open,
            Action::Undo => return Effect::Acts(ActsChange::Undo),
            Action::Redo => return Effect::Acts(ActsChange::Redo),
            Action::RemoveAct(index) => return Effect::Acts(ActsChange::Remove(index)),
            Action::ActsToScript => return Effect::Acts(ActsChange::ToScript),
            Action::Speak(language) => self.language = language,
            Action::Wear(theme) => self.theme = theme,
        }
        Effect::None
    }

    fn stand(&mut self) {
        self.is_playing = false;
        self.stop_at = None;
        self.onward = Onward::Stand;
    }
}

#[cfg(test)]
mod tests;
