//! The pump: lets the simulation run between two pictures. The only place
//! that reads the wall clock.

use super::screen::Screen;
use super::shell;
use crate::state::lab::{Advance, Lab};
use crate::state::pacing::{Pacer, Speed};
use crate::state::session::Session;
use mqlab_kernel::SimTime;
use std::cell::{Ref, RefCell};
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use yew::Callback;

/// Milliseconds between two refreshments of the panels and the charts.
const REFRESH_MS: f64 = 100.0;

/// What the pump tells the page.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Event {
    /// The panels are out of date.
    Refresh,
    /// The run is over, or where it was to stop.
    Arrived,
}

/// What is known of the pace so far.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Pulse {
    /// Longest time from one picture to the next while playing.
    pub(crate) frame_ms_max: f64,
    /// Longest time that one picture with its slice of the run took.
    pub(crate) work_ms_max: f64,
    /// Time spent playing.
    pub(crate) wall_ms: f64,
}

/// What is inside.
pub(crate) struct Inner {
    pub(crate) lab: Option<Lab>,
    pub(crate) screen: Screen,
    pub(crate) pacer: Pacer,
    pub(crate) pulse: Pulse,
    session: Session,
    notify: Callback<Event>,
    on_frame: Option<Closure<dyn FnMut(f64)>>,
    is_requested: bool,
    /// When the frame before began, while playing.
    before: Option<f64>,
    refreshed: f64,
    charted: f64,
}

/// The simulation and what makes it run.
#[derive(Clone)]
pub(crate) struct Pump(Rc<RefCell<Inner>>);

impl Pump {
    /// A pump without a simulation.
    pub(crate) fn new(session: Session, notify: Callback<Event>) -> Self {
        let pump = Pump(Rc::new(RefCell::new(Inner {
            lab: None,
            screen: Screen::default(),
            pacer: Pacer::default(),
            pulse: Pulse::default(),
            session,
            notify,
            on_frame: None,
            is_requested: false,
            before: None,
            refreshed: 0.0,
            charted: 0.0,
        })));
        // The page lives as long as its document, and so does this circle.
        let again = pump.clone();
        let on_frame = Closure::new(move |_: f64| again.frame());
        pump.0.borrow_mut().on_frame = Some(on_frame);
        pump
    }

    /// Looks inside, to show it.
    pub(crate) fn look(&self) -> Ref<'_, Inner> {
        self.0.borrow()
    }

    /// Sets up another simulation, or none.
    pub(crate) fn load(&self, lab: Option<Lab>) {
        let inner = &mut *self.0.borrow_mut();
        inner.screen.resize(lab.as_ref().map_or(0, |lab| lab.lanes.len()));
        inner.lab = lab;
        inner.pulse = Pulse::default();
        inner.pacer = Pacer::default();
    }

    /// Changes the simulation by hand.
    pub(crate) fn change(&self, change: impl FnOnce(&mut Lab)) {
        let inner = &mut *self.0.borrow_mut();
        if let Some(lab) = &mut inner.lab {
            change(lab);
        }
    }

    /// Back to the beginning.
    pub(crate) fn restart(&self) {
        self.change(Lab::restart);
        self.0.borrow_mut().pulse = Pulse::default();
    }

    /// How the page is set from now on.
    pub(crate) fn set(&self, session: &Session) {
        let inner = &mut *self.0.borrow_mut();
        if inner.session.is_playing != session.is_playing {
            inner.before = None;
        }
        inner.session = session.clone();
        inner.charted = 0.0;
        self.request(inner);
    }

    /// Draws again soon.
    pub(crate) fn redraw(&self) {
        let inner = &mut *self.0.borrow_mut();
        self.request(inner);
    }

    /// Draws again soon, in colours that may have changed.
    pub(crate) fn repaint(&self) {
        self.0.borrow_mut().screen.forget_palette();
        self.redraw();
    }

    fn request(&self, inner: &mut Inner) {
        if let (false, Some(on_frame)) = (inner.is_requested, &inner.on_frame) {
            let asked = shell::window().request_animation_frame(on_frame.as_ref().unchecked_ref());
            inner.is_requested = asked.is_ok();
        }
    }

    fn frame(&self) {
        let (event, notify) = {
            let inner = &mut *self.0.borrow_mut();
            inner.is_requested = false;
            let event = inner.frame();
            if inner.session.is_playing && event != Some(Event::Arrived) {
                self.request(inner);
            }
            (event, inner.notify.clone())
        };
        // Whoever hears it may look inside.
        if let Some(event) = event {
            notify.emit(event);
        }
    }
}

impl Inner {
    fn frame(&mut self) -> Option<Event> {
        let begin = now_ms();
        let is_playing = self.session.is_playing;
        let mut arrived = false;
        let mut elapsed = 0.0;
        if is_playing {
            elapsed = self.before.map_or(0.0, |before| begin - before);
            self.pulse.frame_ms_max = self.pulse.frame_ms_max.max(elapsed);
            self.pulse.wall_ms += elapsed;
            arrived = self.run(begin, elapsed);
            self.before = Some(begin);
        }
        let charts_due = !is_playing || arrived || begin - self.charted >= REFRESH_MS;
        if let Some(lab) = &self.lab {
            self.screen.draw(lab, &self.session, elapsed, charts_due);
        }
        if charts_due {
            self.charted = begin;
        }
        let end = now_ms();
        if is_playing {
            self.pulse.work_ms_max = self.pulse.work_ms_max.max(end - begin);
        }
        if arrived {
            self.pulse.wall_ms += end - begin;
            return Some(Event::Arrived);
        }
        let is_due = is_playing && begin - self.refreshed >= REFRESH_MS;
        is_due.then(|| {
            self.refreshed = begin;
            Event::Refresh
        })
    }

    /// Runs the engine for one frame; whether it is where it should stop.
    fn run(&mut self, begin: f64, elapsed: f64) -> bool {
        let Some(lab) = &mut self.lab else {
            return true;
        };
        let (pacer, speed) = (&mut self.pacer, self.session.pace());
        let stop = self.session.stop_at.unwrap_or(SimTime::MAX).min(lab.until());
        let allowance = pacer.allowance_ms(speed);
        let clock = lab.clock();
        loop {
            let goal = pacer.goal(lab.clock(), speed, elapsed).min(stop);
            let slice = pacer.slice();
            let round = now_ms();
            let mut before = round;
            let result = lab.advance(goal, slice, |actions| {
                let now = now_ms();
                pacer.worked(actions, now - before);
                before = now;
                now - begin >= allowance
            });
            let is_cut = result == Advance::Cut;
            let is_there = lab.is_over() || (!is_cut && lab.clock() >= stop);
            if speed == Speed::Max {
                pacer.round_done(before - round, is_cut);
            }
            let is_enough = is_cut || is_there || speed != Speed::Max || now_ms() - begin >= allowance;
            if is_enough {
                pacer.frame_done(
                    lab.clock().saturating_since(clock),
                    elapsed,
                    !is_cut || speed == Speed::Max,
                );
                return is_there;
            }
        }
    }
}

fn now_ms() -> f64 {
    shell::window()
        .performance()
        .map_or(0.0, |performance| performance.now())
}
