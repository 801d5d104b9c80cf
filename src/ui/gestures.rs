//! Hands on the stage: the mouse, fingers, the wheel, and the keys while
//! something on the stage has the focus. The picture follows at once, without
//! the panels being drawn again.

use super::laboratory::Laboratory;
use super::shell;
use crate::state::camera::STEP;
use crate::state::gesture::{Gesture, Meaning};
use crate::state::layout::Point;
use crate::state::selection::{Selection, Thing};
use crate::state::session::Action;
use crate::state::walk::{self, Arrow};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{AddEventListenerOptions, Element, Event, KeyboardEvent, MouseEvent, PointerEvent, WheelEvent};
use yew::Callback;

/// How far one press of a key moves the picture.
const PAN: f64 = 60.0;

/// How far beside a thing a mouse and a finger may point at it.
const MOUSE_REACH: f64 = 6.0;
const FINGER_REACH: f64 = 14.0;

const EVENTS: [&str; 7] = [
    "pointerdown",
    "pointermove",
    "pointerup",
    "pointercancel",
    "wheel",
    "keydown",
    "click",
];

/// Listens while it is held.
pub(crate) struct Gestures {
    listener: Closure<dyn FnMut(Event)>,
}

impl Gestures {
    /// Moves the camera, and sends an action for everything that is selected.
    pub(crate) fn listen(laboratory: Laboratory, act: Callback<Action>) -> Self {
        let hands = Rc::new(Hands {
            laboratory,
            act,
            gesture: RefCell::default(),
            lane: RefCell::default(),
        });
        let listener = Closure::new(move |event: Event| hands.feel(&event));
        let options = AddEventListenerOptions::new();
        // Before the keys of the page are heard, and free to keep the page
        // from scrolling.
        options.set_capture(true);
        options.set_passive(false);
        for name in EVENTS {
            // Without a listener everything is still in the panels.
            let _ = shell::document().add_event_listener_with_callback_and_add_event_listener_options(
                name,
                listener.as_ref().unchecked_ref(),
                &options,
            );
        }
        Gestures { listener }
    }
}

impl Drop for Gestures {
    fn drop(&mut self) {
        for name in EVENTS {
            let listener = self.listener.as_ref().unchecked_ref();
            let _ = shell::document().remove_event_listener_with_callback_and_bool(name, listener, true);
        }
    }
}

struct Hands {
    laboratory: Laboratory,
    act: Callback<Action>,
    gesture: RefCell<Gesture>,
    /// The lane on which the gesture began.
    lane: RefCell<Option<usize>>,
}

impl Hands {
    fn feel(&self, event: &Event) {
        match event.type_().as_str() {
            "wheel" => event.dyn_ref().map_or((), |event| self.wheel(event)),
            "keydown" => event.dyn_ref().map_or((), |event| self.key(event)),
            "click" => self.click(event),
            name => event.dyn_ref().map_or((), |event| self.pointer(name, event)),
        }
    }

    fn pointer(&self, name: &str, event: &PointerEvent) {
        let id = event.pointer_id();
        match name {
            "pointerdown" if event.button() == 0 => {
                if let Some((lane, canvas)) = canvas_of(event) {
                    *self.lane.borrow_mut() = Some(lane);
                    self.gesture.borrow_mut().down(id, place_in(&canvas, event));
                    // Without capture a drag ends at the edge of the window.
                    let _ = canvas.set_pointer_capture(id);
                }
            }
            "pointermove" | "pointerup" if self.gesture.borrow().is_going_on() => {
                let (Some(lane), Some((_, canvas))) = (*self.lane.borrow(), canvas_of(event)) else {
                    return;
                };
                let at = place_in(&canvas, event);
                let meaning = match name {
                    "pointermove" => self.gesture.borrow_mut().moved(id, at),
                    _ => self.gesture.borrow_mut().up(id),
                };
                let reach = if event.pointer_type() == "mouse" {
                    MOUSE_REACH
                } else {
                    FINGER_REACH
                };
                self.mean(lane, meaning, reach);
            }
            "pointercancel" => self.gesture.borrow_mut().cancel(),
            _ => {}
        }
    }

    fn mean(&self, lane: usize, meaning: Meaning, reach: f64) {
        match meaning {
            Meaning::None => {}
            Meaning::Move { by, factor, at } => {
                self.laboratory.steer(|screen, _| screen.drag(lane, by, factor, at));
            }
            Meaning::Tap(at) => {
                let hit = self.laboratory.steer(|screen, lab| screen.hit(lab, lane, at, reach));
                if let Some(thing) = hit.flatten() {
                    self.select(lane, thing);
                }
            }
        }
    }

    /// With the control key, or by a pinch of a touchpad, which says the same,
    /// the picture becomes larger; otherwise it moves as far as it can and
    /// leaves the rest to the page.
    fn wheel(&self, event: &WheelEvent) {
        let Some((lane, canvas)) = canvas_of(event) else {
            return;
        };
        let line = if event.delta_mode() == WheelEvent::DOM_DELTA_LINE {
            16.0
        } else {
            1.0
        };
        let (x, y) = (event.delta_x() * line, event.delta_y() * line);
        let at = place_in(&canvas, event);
        let has_moved = if event.ctrl_key() || event.meta_key() {
            let factor = mqlab_kernel::exp(-y.clamp(-30.0, 30.0) * 0.01);
            self.laboratory
                .steer(|screen, _| screen.drag(lane, Point::default(), factor, at));
            // At the bounds the page is not zoomed in its place.
            true
        } else {
            let (x, y) = if event.shift_key() && x == 0.0 {
                (y, 0.0)
            } else {
                (x, y)
            };
            let by = Point { x: -x, y: -y };
            self.laboratory
                .steer(|screen, _| screen.drag(lane, by, 1.0, at))
                .unwrap_or(false)
        };
        if has_moved {
            event.prevent_default();
        }
    }

    fn key(&self, event: &KeyboardEvent) {
        if event.ctrl_key() || event.alt_key() || event.meta_key() {
            return;
        }
        let Some((lane, index)) = member_of(event) else {
            return;
        };
        let by = |x: f64, y: f64| Point { x: x * PAN, y: y * PAN };
        let is_known = match (event.key().as_str(), event.shift_key()) {
            ("+" | "=", _) => self.zoom("in"),
            ("-" | "_", _) => self.zoom("out"),
            ("0", _) => self.zoom("fit"),
            ("ArrowLeft", true) => self.pan(lane, by(1.0, 0.0)),
            ("ArrowRight", true) => self.pan(lane, by(-1.0, 0.0)),
            ("ArrowUp", true) => self.pan(lane, by(0.0, 1.0)),
            ("ArrowDown", true) => self.pan(lane, by(0.0, -1.0)),
            ("ArrowLeft", _) => self.walk(lane, index, Some(Arrow::Left)),
            ("ArrowRight", _) => self.walk(lane, index, Some(Arrow::Right)),
            ("ArrowUp", _) => self.walk(lane, index, Some(Arrow::Up)),
            ("ArrowDown", _) => self.walk(lane, index, Some(Arrow::Down)),
            ("Home", _) => self.walk(lane, index, Some(Arrow::First)),
            ("End", _) => self.walk(lane, index, Some(Arrow::Last)),
            ("Enter" | " ", _) => self.walk(lane, index, None),
            _ => false,
        };
        if is_known {
            event.prevent_default();
        }
    }

    /// From a member of a lane's list to another, or to itself, which is then
    /// selected.
    fn walk(&self, lane: usize, index: usize, arrow: Option<Arrow>) -> bool {
        let found = self.laboratory.steer(|screen, lab| {
            let (pane, diagram) = (screen.pane(lane)?, &lab.lanes.get(lane)?.diagram);
            let here = *pane.order().get(index)?;
            let there = arrow.map_or(here, |arrow| walk::next(diagram, pane.layout(), here, arrow));
            let thing = diagram.thing(there)?;
            screen.reveal(lane, there);
            Some(thing)
        });
        if let Some(thing) = found.flatten() {
            self.select(lane, thing);
        }
        true
    }

    fn select(&self, lane: usize, thing: Thing) {
        self.act.emit(Action::Select(Some(Selection { variant: lane, thing })));
        // The focus follows, so that keys go on from here.
        let member = self.laboratory.steer(|screen, lab| {
            let shown = lab.lanes.get(lane)?.diagram.find(thing)?;
            screen.pane(lane)?.member(shown)
        });
        if let Some(member) = member.flatten() {
            shell::focus_without_scrolling(&member);
        }
    }

    fn pan(&self, lane: usize, by: Point) -> bool {
        self.laboratory
            .steer(|screen, _| screen.drag(lane, by, 1.0, Point::default()));
        true
    }

    fn zoom(&self, how: &str) -> bool {
        self.laboratory.steer(|screen, _| match how {
            "in" => screen.zoom(STEP),
            "out" => screen.zoom(1.0 / STEP),
            _ => screen.show_all(),
        });
        true
    }

    /// The buttons of the camera, and what assistive technology presses.
    fn click(&self, event: &Event) {
        let target = element_of(event);
        let button = target.and_then(|target| target.closest("[data-zoom]").ok().flatten());
        if let Some(how) = button.and_then(|button| button.get_attribute("data-zoom")) {
            self.zoom(&how);
        } else if let Some((lane, index)) = member_of(event) {
            self.walk(lane, index, None);
        }
    }
}

fn element_of(event: &Event) -> Option<Element> {
    event.target()?.dyn_into().ok()
}

/// The lane of the canvas that an event is about.
fn canvas_of(event: &Event) -> Option<(usize, Element)> {
    let canvas = element_of(event)?.closest("canvas[data-lane]").ok()??;
    let lane = canvas.get_attribute("data-lane")?.parse().ok()?;
    Some((lane, canvas))
}

/// The lane and the position of the list's member that an event is about.
fn member_of(event: &Event) -> Option<(usize, usize)> {
    let member = element_of(event)?.closest(".things > [role=option]").ok()??;
    let lane = member.parent_element()?.get_attribute("data-lane")?.parse().ok()?;
    let index = member.get_attribute("data-index")?.parse().ok()?;
    Some((lane, index))
}

/// Where in an element an event is.
fn place_in(element: &Element, event: &MouseEvent) -> Point {
    let corner = element.get_bounding_client_rect();
    Point {
        x: f64::from(event.client_x()) - corner.left(),
        y: f64::from(event.client_y()) - corner.top(),
    }
}
