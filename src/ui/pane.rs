//! The canvas of one lane with what belongs to it: where things stand, the
//! marks of what passed, and the list of things for those who do not point.

use super::flow::{self, Motion};
use super::shell;
use crate::state::camera::{Camera, Sight, Size};
use crate::state::diagram::{Diagram, Shown};
use crate::state::lab::Lane;
use crate::state::layout::{self, Layout, Spot};
use crate::state::trail::Trail;
use crate::state::walk;
use std::cell::{Cell, OnceCell};
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{HtmlCanvasElement, HtmlElement};
use yew::NodeRef;

/// One lane's canvas.
#[derive(Default)]
pub(crate) struct Pane {
    canvas: NodeRef,
    list: NodeRef,
    /// Whether its numbers are shown as a table.
    is_table_open: Rc<Cell<bool>>,
    /// Everything that can be selected, in the order of the list.
    order: Vec<Shown>,
    /// Where everything stands on a stage of an ordinary size.
    wide: Layout,
    /// The heights that it likes to have where the page is wide and where it is
    /// narrow, once they are asked for: to find them takes a while.
    heights: [OnceCell<f64>; 2],
    size: Size,
    layout: Layout,
    trails: Vec<Trail>,
    /// For which list and sight the list's members were put in their places.
    placed: Option<(HtmlElement, Sight)>,
}

impl Pane {
    /// Made ready for another diagram; whether it looks like the one before.
    pub(crate) fn set_up(&mut self, diagram: &Diagram) -> bool {
        let wide = layout::place(diagram, 1000.0, 320.0);
        let order = walk::order(diagram, &wide);
        let is_same = order == self.order && wide == self.wide;
        self.order = order;
        self.wide = wide.clone();
        self.heights = Default::default();
        self.size = (0.0, 0.0);
        self.layout = wide;
        self.trails = vec![Trail::default(); diagram.ways.len()];
        self.placed = None;
        is_same
    }

    pub(crate) fn canvas(&self) -> NodeRef {
        self.canvas.clone()
    }

    pub(crate) fn list(&self) -> NodeRef {
        self.list.clone()
    }

    /// Whether its numbers are shown as a table: noted by the view that shows them.
    pub(crate) fn is_table_open(&self) -> Rc<Cell<bool>> {
        self.is_table_open.clone()
    }

    /// Everything that can be selected, in the order of the list.
    pub(crate) fn order(&self) -> &[Shown] {
        &self.order
    }

    /// The canvas, if it is in the page.
    pub(crate) fn element(&self) -> Option<HtmlCanvasElement> {
        self.canvas.cast::<HtmlCanvasElement>()
    }

    /// Where everything stands, before the camera.
    pub(crate) fn layout(&self) -> &Layout {
        &self.layout
    }

    /// The marks of what passed its ways.
    pub(crate) fn trails(&self) -> &[Trail] {
        &self.trails
    }

    /// The size of the picture, before the camera.
    pub(crate) fn picture(&self) -> Size {
        (self.layout.width, self.layout.height)
    }

    /// The size of the stage that it was laid out for.
    pub(crate) fn stage(&self) -> Size {
        self.size
    }

    /// What a camera sees of it.
    pub(crate) fn sight(&self, camera: &Camera) -> Sight {
        camera.sight(self.picture(), self.size)
    }

    /// Lays everything out for the size that the canvas has, if it is another
    /// one than before. Whether there is anything to draw on.
    pub(crate) fn fit(&mut self, diagram: &Diagram) -> bool {
        let Some(canvas) = self.element() else {
            return false;
        };
        self.dress(&canvas, diagram);
        let size = (f64::from(canvas.client_width()), f64::from(canvas.client_height()));
        if size.0 < 1.0 || size.1 < 1.0 {
            return false;
        }
        if size != self.size {
            self.size = size;
            self.layout = layout::place(diagram, size.0, size.1);
        }
        true
    }

    /// Counts what has passed since the picture before.
    pub(crate) fn look(&mut self, lane: &Lane, motion: Motion) {
        flow::look(lane, &mut self.trails, &self.layout.routes, motion);
    }

    /// Tells the style sheet how high it likes to be.
    fn dress(&self, canvas: &HtmlCanvasElement, diagram: &Diagram) {
        let lane = canvas.closest(".lane").ok().flatten();
        let Some(lane) = lane.and_then(|lane| lane.dyn_into::<HtmlElement>().ok()) else {
            return;
        };
        let (name, width) = if shell::is_narrow() {
            ("--lane-tall", 390.0)
        } else {
            ("--lane-wide", 800.0)
        };
        let height =
            self.heights[usize::from(width < layout::NARROW)].get_or_init(|| layout::height_needed(diagram, width));
        let height = format!("{height:.0}px");
        let style = lane.style();
        if style.get_property_value(name).ok().as_deref() != Some(height.as_str()) {
            // A custom property takes any text.
            let _ = style.set_property(name, &height);
        }
    }

    /// Puts the members of the list where the camera shows them, so that the
    /// mark of the focus is where the eyes are.
    pub(crate) fn put_list(&mut self, camera: &Camera) {
        let Some(list) = self.list.cast::<HtmlElement>() else {
            return;
        };
        let sight = self.sight(camera);
        let is_same = |(before, seen): &(HtmlElement, Sight)| before.is_same_node(Some(&list)) && *seen == sight;
        let members = list.children();
        if self.placed.as_ref().is_some_and(is_same) || members.length() as usize != self.order.len() {
            return;
        }
        for (index, shown) in self.order.iter().enumerate() {
            let member = members
                .item(index as u32)
                .and_then(|member| member.dyn_into::<HtmlElement>().ok());
            if let (Some(member), Some(spot)) = (member, self.layout.spot(*shown)) {
                put(&member, sight.spot(spot), matches!(shown, Shown::Way(_)));
            }
        }
        if let Some(canvas) = self.element() {
            // What the pointer may do depends on whether there is anything to move.
            let name = if camera.is_fitted() { "fit" } else { "near" };
            let _ = canvas.set_attribute("data-sight", name);
        }
        self.placed = Some((list, sight));
    }

    /// The member of the list that stands for something.
    pub(crate) fn member(&self, shown: Shown) -> Option<HtmlElement> {
        let list = self.list.cast::<HtmlElement>()?;
        let index = self.order.iter().position(|other| *other == shown)?;
        list.children().item(index as u32)?.dyn_into().ok()
    }
}

fn put(member: &HtmlElement, spot: Spot, is_way: bool) {
    const BORDER: f64 = 4.0;
    let (width, height) = if is_way {
        (24.0, 24.0)
    } else {
        (spot.width + 2.0 * BORDER, spot.height + 2.0 * BORDER)
    };
    let style = member.style();
    let values = [
        ("left", spot.center.x - width / 2.0),
        ("top", spot.center.y - height / 2.0),
        ("width", width),
        ("height", height),
    ];
    for (name, value) in values {
        // A length in pixels is never refused.
        let _ = style.set_property(name, &format!("{value:.1}px"));
    }
}
