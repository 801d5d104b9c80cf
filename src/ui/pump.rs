//! The pump: lets the simulation run between two pictures. The only place
//! that reads the wall clock.

use super::screen::Screen;
use super::shell;
use super::ticker::Ticker;
use crate::state::lab::{Advance, Lab};
use crate::state::pacing::{MAX_PICTURE_MS, Pacer, Speed};
use crate::state::session::Session;
use mqlab_kernel::SimTime;
use std::cell::{Ref, RefCell};
use std::rc::Rc;
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
    /// Calls for pictures, and for slices of the run between them.
    ticker: Option<Ticker>,
    /// When the picture before began, while playing.
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
            ticker: None,
            before: None,
            refreshed: 0.0,
            charted: 0.0,
        })));
        // The page lives as long as its document, and so does this circle.
        let (pictures, slices) = (pump.clone(), pump.clone());
        let ticker = Ticker::new(move || pictures.picture(), move || slices.slice());
        pump.0.borrow_mut().ticker = Some(ticker);
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
        if inner.session.is_playing != session.is_playing || inner.session.pace() != session.pace() {
            inner.before = None;
        }
        inner.session = session.clone();
        inner.charted = 0.0;
        inner.request();
    }

    /// Draws again soon.
    pub(crate) fn redraw(&self) {
        self.0.borrow_mut().request();
    }

    /// Draws again soon, in colours that may have changed.
    pub(crate) fn repaint(&self) {
        self.0.borrow_mut().screen.forget_palette();
        self.redraw();
    }

    /// The browser is about to paint.
    fn picture(&self) {
        self.tell(|inner| {
            let event = inner.picture();
            if inner.session.is_playing && event != Some(Event::Arrived) {
                inner.request();
            }
            event
        });
    }

    /// The browser has time between two pictures.
    fn slice(&self) {
        self.tell(|inner| {
            if !inner.is_at_full_speed() {
                return None;
            }
            let begin = now_ms();
            let arrived = inner.run(begin, 0.0);
            inner.worked(begin);
            if arrived {
                inner.pulse.wall_ms += inner.before.take().map_or(0.0, |before| now_ms() - before);
                return Some(Event::Arrived);
            }
            inner.request();
            None
        });
    }

    /// Whoever is told may look inside.
    fn tell(&self, work: impl FnOnce(&mut Inner) -> Option<Event>) {
        let (event, notify) = {
            let inner = &mut *self.0.borrow_mut();
            (work(inner), inner.notify.clone())
        };
        if let Some(event) = event {
            notify.emit(event);
        }
    }
}

impl Inner {
    fn is_at_full_speed(&self) -> bool {
        self.session.is_playing && self.session.pace() == Speed::Max
    }

    /// Asks for another picture, and at full speed for a slice before it.
    fn request(&mut self) {
        let is_at_full_speed = self.is_at_full_speed();
        if let Some(ticker) = &self.ticker {
            ticker.request_picture();
            if is_at_full_speed {
                ticker.request_slice();
            }
        }
    }

    fn picture(&mut self) -> Option<Event> {
        let begin = now_ms();
        let is_playing = self.session.is_playing;
        let is_full = self.is_at_full_speed();
        let elapsed = self.before.map_or(0.0, |before| begin - before);
        if is_full && self.before.is_some() && elapsed < MAX_PICTURE_MS {
            return None;
        }
        let mut arrived = false;
        if is_playing {
            self.pulse.frame_ms_max = self.pulse.frame_ms_max.max(elapsed);
            self.pulse.wall_ms += elapsed;
            self.before = Some(begin);
            // At full speed the run goes on between the pictures.
            arrived = !is_full && self.run(begin, elapsed);
        }
        let charts_due = !is_playing || arrived || begin - self.charted >= REFRESH_MS;
        if let Some(lab) = &self.lab {
            self.screen.draw(lab, &self.session, elapsed, charts_due);
        }
        if charts_due {
            self.charted = begin;
        }
        if is_playing {
            self.worked(begin);
        }
        if arrived {
            return Some(Event::Arrived);
        }
        let is_due = is_playing && begin - self.refreshed >= REFRESH_MS;
        is_due.then(|| {
            self.refreshed = begin;
            Event::Refresh
        })
    }

    /// A stretch of work that began at `begin` is done.
    fn worked(&mut self, begin: f64) {
        self.pulse.work_ms_max = self.pulse.work_ms_max.max(now_ms() - begin);
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
