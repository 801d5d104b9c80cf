//! The editor: keeps text field, document and what is painted together, and
//! tells the page of the text when it has rested.

use super::area::Area;
use super::frame::{self, Frame};
use super::keys::{self, Command};
use super::listen::Listeners;
use super::reference::Reference;
use super::suggestions::{self, Listing};
use super::{Props, findings, paint, parts};
use crate::state::scenarios::SCENARIOS;
use crate::state::script::document::Document;
use crate::state::script::{marks, typing};
use crate::state::texts::Key;
use gloo_timers::callback::Timeout;
use std::cell::{Cell, Ref};
use std::rc::Rc;
use web_sys::{HtmlElement, KeyboardEvent};
use yew::{Callback, Component, Context, FocusEvent, Html, InputEvent, NodeRef, html};

/// What happens to the editor.
#[derive(Clone, Debug)]
pub(super) enum Message {
    /// The field has another text.
    Input,
    /// Something else is selected.
    Moved,
    /// The field is scrolled.
    Scrolled,
    /// The field has another size.
    Resized,
    /// The focus goes elsewhere.
    Left,
    /// Composing begins or is done.
    Composes(bool),
    /// The text has rested.
    Rested,
    /// Much is put in at once.
    Paste(String),
    /// Something is to be done with the text.
    Do(Command),
    /// A suggestion is taken by its place.
    Pick(usize),
    /// To a finding.
    Go(usize),
    /// The name that a finding proposes is put in.
    Replace(usize),
    /// Whether to give the text up for the gallery's is to be asked.
    Ask(bool),
    /// The gallery's text is put back.
    Revert,
}

/// The editor.
pub(super) struct Editor {
    pub(super) area: NodeRef,
    pub(super) paint: NodeRef,
    pub(super) gutter: NodeRef,
    pub(super) caret: NodeRef,
    pub(super) list: NodeRef,
    root: NodeRef,
    listeners: Option<Listeners>,
    pub(super) resting: Option<Timeout>,
    pub(super) frame: Frame,
    pub(super) listing: Option<Listing>,
    /// Whether the list is open, for what happens before a message arrives.
    is_listing: Rc<Cell<bool>>,
    pub(super) notice: Option<String>,
    asks: bool,
    /// The caret is to be seen after the next picture.
    pub(super) reveals: bool,
}

impl Component for Editor {
    type Message = Message;
    type Properties = Props;

    fn create(ctx: &Context<Self>) -> Self {
        let props = ctx.props();
        let document = &mut *props.document.0.borrow_mut();
        document.adopt(&props.text, props.origin);
        if document.is_ahead() {
            ctx.link().send_message(Message::Rested);
        }
        Editor {
            area: NodeRef::default(),
            paint: NodeRef::default(),
            gutter: NodeRef::default(),
            caret: NodeRef::default(),
            list: NodeRef::default(),
            root: NodeRef::default(),
            listeners: None,
            resting: None,
            frame: Frame::default(),
            listing: None,
            is_listing: Rc::default(),
            notice: None,
            asks: false,
            reveals: false,
        }
    }

    fn changed(&mut self, ctx: &Context<Self>, _old: &Props) -> bool {
        let props = ctx.props();
        let mut document = props.document.0.borrow_mut();
        let before = Rc::clone(document.text());
        if document.adopt(&props.text, props.origin) {
            self.resting = None;
            self.listing = None;
            self.notice = None;
            self.asks = false;
            if let Some(area) = Area::of(&self.area) {
                area.write(&before, document.text());
                area.select(document.text(), &document.selection());
                area.scroll(document.scrolled);
                self.frame = Frame::of(&area);
            }
            if document.is_ahead() {
                ctx.link().send_message(Message::Rested);
            }
        }
        true
    }

    fn update(&mut self, ctx: &Context<Self>, message: Message) -> bool {
        match message {
            Message::Input => self.read(ctx),
            Message::Moved => return self.moved(ctx),
            Message::Scrolled | Message::Resized => return self.seen(ctx),
            Message::Left => {
                self.listing = None;
                self.tell(ctx);
            }
            Message::Composes(true) => {
                self.resting = None;
                self.listing = None;
                self.document(ctx).compose();
            }
            Message::Composes(false) => {
                self.read(ctx);
                self.document(ctx).composed();
                self.rest(ctx);
            }
            Message::Rested => self.tell(ctx),
            Message::Paste(text) => {
                self.moved(ctx);
                let document = self.document(ctx);
                let plain = text.replace("\r\n", "\n").replace('\r', "\n");
                let typed = typing::replace(document.text(), &document.selection(), &plain);
                drop(document);
                self.write(ctx, typed);
            }
            Message::Do(command) => self.command(ctx, command),
            Message::Pick(index) => {
                if let Some(listing) = &mut self.listing {
                    listing.chosen = index;
                }
                self.command(ctx, Command::Take);
            }
            Message::Go(index) => self.go(ctx, index),
            Message::Replace(index) => self.replace(ctx, index),
            Message::Ask(asks) => {
                self.asks = asks;
                self.notice = None;
            }
            Message::Revert => {
                self.asks = false;
                self.revert(ctx);
            }
        }
        true
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let props = ctx.props();
        let language = props.language;
        let tell = ctx.link().callback(|message: Message| message);
        let document = props.document.0.borrow();
        let (standing, words) = parts::standing(language, &props.findings, props.has_run);
        let read = format!("{:.0} ms", props.read_ms);
        html! {
            <section class="script" ref={self.root.clone()} aria-label={language.text(Key::Script)}>
                { parts::tools(language, &document, self.may_revert(ctx, &document), &tell) }
                if self.asks {
                    { parts::question(language, &tell) }
                }
                { self.field(ctx, &document, &tell) }
                { parts::explained(language, &document) }
                <div class="script-standing" data-standing={standing}>
                    <p role="status">
                        { words }
                        if let Some(notice) = &self.notice {
                            { " " }{ notice }
                        }
                    </p>
                    <span class="soft">{ language.with(Key::ScriptReadIn, &read) }</span>
                    if !props.findings.is_empty() {
                        { parts::walk(language, &tell) }
                    }
                </div>
                { findings::list(language, &document, &props.findings, &tell) }
                { parts::keys(language) }
                <Reference {language} />
            </section>
        }
    }

    fn rendered(&mut self, ctx: &Context<Self>, is_first: bool) {
        let Some(area) = Area::of(&self.area) else { return };
        if is_first {
            let document = self.document(ctx);
            area.0.set_value(document.text());
            area.select(document.text(), &document.selection());
            area.scroll(document.scrolled);
            drop(document);
            let tell = ctx.link().callback(|message: Message| message);
            self.listeners = Some(Listeners::listen(&area.0, &tell));
            ctx.link().send_message(Message::Resized);
        }
        let count = ctx.props().document.0.borrow().lines().count();
        if let Some(root) = self.root.cast::<HtmlElement>() {
            frame::set(&root, "--digits", &count.to_string().len().to_string());
        }
        self.is_listing.set(self.listing.is_some());
        self.frame.place(&self.paint, &self.gutter, count);
        if std::mem::take(&mut self.reveals) {
            self.reveal_column(&area);
        }
        self.show_list(&area);
    }

    fn destroy(&mut self, ctx: &Context<Self>) {
        self.tell(ctx);
    }
}

impl Editor {
    /// The document, to be changed.
    pub(super) fn document<'a>(&self, ctx: &'a Context<Self>) -> std::cell::RefMut<'a, Document> {
        ctx.props().document.0.borrow_mut()
    }

    /// The text field with what is painted below it.
    fn field(&self, ctx: &Context<Self>, document: &Ref<'_, Document>, tell: &Callback<Message>) -> Html {
        let props = ctx.props();
        let marks = marks::marks(&props.findings, document);
        let seen = self.frame.lines(document.lines().count());
        let is_wrong = marks::count(&props.findings).0 > 0;
        let (pressed, is_listing) = (tell.clone(), Rc::clone(&self.is_listing));
        let onkeydown = Callback::from(move |event: KeyboardEvent| {
            if let Some(command) = keys::command(&event, is_listing.get()) {
                event.prevent_default();
                pressed.emit(Message::Do(command));
            }
        });
        let chosen = self.listing.as_ref().map(|listing| suggestions::id(listing.chosen));
        html! {
            <div class="editor mono" data-lines={document.lines().count().to_string()}>
                <div class="gutter" aria-hidden="true">
                    <div ref={self.gutter.clone()}>{ paint::numbers(document, &marks, &seen) }</div>
                </div>
                <div class="code">
                    <div class="paint" aria-hidden="true">
                        <div ref={self.paint.clone()}>
                            { paint::lines(document, &marks, &seen, &self.caret) }
                        </div>
                    </div>
                    <textarea
                        ref={self.area.clone()}
                        data-action="edit"
                        aria-label={props.language.text(Key::Script)}
                        aria-describedby="script-help"
                        aria-invalid={is_wrong.to_string()}
                        aria-autocomplete="list"
                        aria-haspopup="listbox"
                        aria-controls={chosen.as_ref().map(|_| suggestions::ID)}
                        aria-activedescendant={chosen}
                        spellcheck="false"
                        autocomplete="off"
                        autocapitalize="off"
                        wrap="off"
                        {onkeydown}
                        oninput={tell.reform(|_: InputEvent| Message::Input)}
                        onscroll={tell.reform(|_| Message::Scrolled)}
                        onblur={tell.reform(|_: FocusEvent| Message::Left)}
                    />
                    if let Some(listing) = &self.listing {
                        { suggestions::view(props.language, listing, &self.list, tell) }
                    }
                </div>
            </div>
        }
    }

    fn may_revert(&self, ctx: &Context<Self>, document: &Document) -> bool {
        let origin = ctx.props().origin.and_then(|origin| SCENARIOS.get(origin));
        origin.is_some_and(|entry| *entry.text() != **document.text())
    }
}
