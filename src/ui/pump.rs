//! The pump: lets the simulation run between two pictures. The only place
//! that reads the wall clock.

use super::pulse::{Event, Pulse};
use super::screen::Screen;
use super::shell;
use super::ticker::Ticker;
use crate::state::job::{Job, Quest};
use crate::state::lab::{Advance, Lab};
use crate::state::pacing::{MAX_PICTURE_MS, MAX_SLICE_MS, Pacer, Speed};
use crate::state::session::Session;
use mqlab_kernel::SimTime;
use yew::Callback;

/// Milliseconds between two refreshments of the panels and the charts.
const REFRESH_MS: f64 = 100.0;

/// The same where there are so many things that telling of all of them takes long.
const SLOW_REFRESH_MS: f64 = 1_000.0;
const MANY_THINGS: usize = 1_000;

/// The simulation and what makes it run.
pub(crate) struct Pump {
    pub(crate) lab: Option<Lab>,
    pub(crate) screen: Screen,
    pub(crate) pacer: Pacer,
    pub(crate) pulse: Pulse,
    /// What is looked for beside the run.
    pub(crate) job: Option<Job>,
    /// Whose turn it is where the run has no time to spare either.
    is_jobs_turn: bool,
    session: Session,
    notify: Callback<Event>,
    /// Calls for pictures, and for slices of the run between them.
    ticker: Option<Ticker>,
    /// When the picture before began, while playing.
    before: Option<f64>,
    refreshed: f64,
    charted: f64,
}

impl Pump {
    /// A pump without a simulation.
    pub(crate) fn new(session: Session, notify: Callback<Event>) -> Self {
        Pump {
            lab: None,
            screen: Screen::default(),
            pacer: Pacer::default(),
            pulse: Pulse::default(),
            job: None,
            is_jobs_turn: false,
            session,
            notify,
            ticker: None,
            before: None,
            refreshed: 0.0,
            charted: 0.0,
        }
    }

    /// From now on this calls for pictures.
    pub(crate) fn set_ticker(&mut self, ticker: Ticker) {
        self.ticker = Some(ticker);
    }

    /// Whom it tells.
    pub(crate) fn notify(&self) -> Callback<Event> {
        self.notify.clone()
    }

    /// Sets up another simulation, or none.
    pub(crate) fn load(&mut self, lab: Option<Lab>) {
        self.screen.set_up(lab.as_ref());
        self.lab = lab;
        self.job = None;
        self.pacer = Pacer::default();
        self.forget_pulse();
    }

    /// The pace is measured anew.
    pub(crate) fn forget_pulse(&mut self) {
        self.pulse = Pulse::default();
    }

    /// How the page is set from now on.
    pub(crate) fn set(&mut self, session: &Session) {
        if self.session.is_playing != session.is_playing || self.session.pace() != session.pace() {
            self.before = None;
        }
        // Where somebody points changes nothing of the charts themselves.
        self.session.hover = session.hover;
        if self.session != *session {
            self.session = session.clone();
            self.charted = 0.0;
        }
        self.request();
    }

    /// Looks for something beside the run; what was looked for before is
    /// given up.
    pub(crate) fn look_for(&mut self, quest: Quest) {
        self.job = self.lab.as_ref().and_then(|lab| Job::begin(lab, quest));
        self.request();
    }

    fn is_at_full_speed(&self) -> bool {
        self.session.is_playing && self.session.pace() == Speed::Max
    }

    /// Asks for another picture, and at full speed for a slice before it.
    pub(crate) fn request(&mut self) {
        let needs_slices = self.is_at_full_speed() || self.job.is_some();
        if let Some(ticker) = &self.ticker {
            ticker.request_picture();
            if needs_slices {
                ticker.request_slice();
            }
        }
    }

    /// The browser is about to paint.
    pub(crate) fn picture(&mut self) -> Option<Event> {
        let event = self.paint();
        let goes_on = self.session.is_playing && !matches!(event, Some(Event::Arrived));
        if goes_on || self.screen.is_moving() {
            self.request();
        }
        event
    }

    /// The browser has time between two pictures.
    pub(crate) fn slice(&mut self) -> Option<Event> {
        let begin = now_ms();
        self.is_jobs_turn = !self.is_jobs_turn || !self.is_at_full_speed();
        if self.job.is_some() && self.is_jobs_turn {
            return self.search(begin);
        }
        if !self.is_at_full_speed() {
            return None;
        }
        let arrived = self.run(begin, 0.0);
        self.worked(begin);
        if arrived {
            self.pulse.wall_ms += self.before.take().map_or(0.0, |before| now_ms() - before);
            return Some(Event::Arrived);
        }
        self.request();
        None
    }

    /// Goes on with the job for one slice.
    fn search(&mut self, begin: f64) -> Option<Event> {
        let job = self.job.as_mut()?;
        let mut before = begin;
        let answer = loop {
            let actions = job.advance(self.pacer.slice());
            let now = now_ms();
            self.pacer.worked(actions, now - before);
            before = now;
            let answer = job.answer();
            if answer.is_some() || now - begin >= MAX_SLICE_MS {
                break answer;
            }
        };
        if answer.is_some() {
            self.job = None;
        }
        self.request();
        let is_due = before - self.refreshed >= REFRESH_MS;
        answer.map(Event::Found).or_else(|| {
            is_due.then(|| {
                self.refreshed = before;
                Event::Refresh
            })
        })
    }

    fn paint(&mut self) -> Option<Event> {
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
        let is_due = is_playing && begin - self.refreshed >= self.refresh_ms();
        is_due.then(|| {
            self.refreshed = begin;
            Event::Refresh
        })
    }

    fn refresh_ms(&self) -> f64 {
        let lanes = self.lab.iter().flat_map(Lab::shown);
        let things: usize = lanes
            .map(|lane| lane.diagram.items.len() + lane.diagram.ways.len())
            .sum();
        if things > MANY_THINGS {
            SLOW_REFRESH_MS
        } else {
            REFRESH_MS
        }
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

/// The clock of the wall, in milliseconds.
pub(super) fn now_ms() -> f64 {
    shell::window()
        .performance()
        .map_or(0.0, |performance| performance.now())
}
