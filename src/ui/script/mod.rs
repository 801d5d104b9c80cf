//! The script tab: the text that is worked on, what is wrong with it, and
//! what helps to write it. A text field does the editing; what it shows is
//! painted below it, in colours.

mod area;
mod commands;
mod editor;
mod findings;
mod frame;
mod keys;
mod listen;
mod paint;
mod parts;
mod reference;
mod suggestions;
mod sync;

use super::app::View;
use crate::state::script::document::Document;
use crate::state::session::Action;
use crate::state::texts::Language;
use editor::Editor;
use mqlab_scenario::Diagnostic;
use std::cell::RefCell;
use std::rc::Rc;
use yew::{Callback, Html, Properties, html};

/// The text as it is edited, kept while the tab is closed.
#[derive(Clone, Default)]
pub(crate) struct Handle(Rc<RefCell<Document>>);

impl Handle {
    /// What was written and the page has not been told of yet.
    pub(crate) fn untold(&self) -> Option<Rc<str>> {
        let mut document = self.0.borrow_mut();
        if document.is_composing() { None } else { document.tell() }
    }
}

/// What the editor is given.
#[derive(Clone, Properties)]
pub(crate) struct Props {
    text: Rc<str>,
    origin: Option<usize>,
    findings: Rc<[Diagnostic]>,
    read_ms: f64,
    /// Whether something runs, be it an older text.
    has_run: bool,
    language: Language,
    document: Handle,
    act: Callback<Action>,
}

impl PartialEq for Props {
    /// What is done with an action never changes, so it is not compared.
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.text, &other.text)
            && Rc::ptr_eq(&self.findings, &other.findings)
            && (self.origin, self.has_run, self.language) == (other.origin, other.has_run, other.language)
    }
}

/// The script tab.
#[inline(never)]
pub(crate) fn rest_view(view: &View<'_>) -> Html {
    let props = Props {
        text: Rc::clone(&view.work.text),
        origin: view.work.origin,
        findings: Rc::clone(view.findings),
        read_ms: view.read_ms,
        has_run: view.pump.lab.is_some(),
        language: view.session.language,
        document: view.script.clone(),
        act: view.act.clone(),
    };
    html! { <Editor ..props /> }
}

/// What is to be said of the text, and where, beside the script.
#[inline(never)]
pub(crate) fn rest_findings(view: &View<'_>) -> Html {
    findings::plain(view.session.language, &view.work.text, view.findings)
}
