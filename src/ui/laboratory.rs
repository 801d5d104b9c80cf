//! The laboratory as the page holds it: one pump, shared by the page and by
//! what calls it.

use super::pulse::Event;
use super::pump::Pump;
use super::screen::Screen;
use super::ticker::Ticker;
use crate::state::job::Quest;
use crate::state::lab::Lab;
use crate::state::session::Session;
use std::cell::{Ref, RefCell};
use std::rc::Rc;
use yew::Callback;

/// The simulation and what makes it run.
#[derive(Clone)]
pub(crate) struct Laboratory(Rc<RefCell<Pump>>);

impl Laboratory {
    /// A laboratory without a simulation.
    pub(crate) fn new(session: Session, notify: Callback<Event>) -> Self {
        let laboratory = Laboratory(Rc::new(RefCell::new(Pump::new(session, notify))));
        // The page lives as long as its document, and so does this circle.
        let (pictures, slices) = (laboratory.clone(), laboratory.clone());
        let ticker = Ticker::new(move || pictures.picture(), move || slices.slice());
        laboratory.0.borrow_mut().set_ticker(ticker);
        laboratory
    }

    /// Looks inside, to show it.
    pub(crate) fn look(&self) -> Ref<'_, Pump> {
        self.0.borrow()
    }

    /// Sets up another simulation, or none.
    pub(crate) fn load(&self, lab: Option<Lab>) {
        self.0.borrow_mut().load(lab);
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
        self.0.borrow_mut().forget_pulse();
    }

    /// Looks for something beside the run.
    #[inline(never)]
    pub(crate) fn rest_look_for(&self, quest: Quest) {
        self.0.borrow_mut().look_for(quest);
    }

    /// Does something to the screen, and draws it again soon; nothing where
    /// there is no simulation.
    pub(crate) fn steer<T>(&self, steer: impl FnOnce(&mut Screen, &Lab) -> T) -> Option<T> {
        let inner = &mut *self.0.borrow_mut();
        let done = steer(&mut inner.screen, inner.lab.as_ref()?);
        inner.request();
        Some(done)
    }

    /// How the page is set from now on.
    pub(crate) fn set(&self, session: &Session) {
        self.0.borrow_mut().set(session);
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
        self.tell(Pump::picture);
    }

    /// The browser has time between two pictures.
    fn slice(&self) {
        self.tell(Pump::slice);
    }

    /// Whoever is told may look inside.
    fn tell(&self, work: impl FnOnce(&mut Pump) -> Option<Event>) {
        let (event, notify) = {
            let inner = &mut *self.0.borrow_mut();
            (work(inner), inner.notify())
        };
        if let Some(event) = event {
            notify.emit(event);
        }
    }
}
