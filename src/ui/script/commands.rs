//! What the page does to the text: each is one step that can be taken back.

use super::area::Area;
use super::editor::Editor;
use super::frame::Frame;
use super::keys::Command;
use super::suggestions::Listing;
use crate::state::scenarios::SCENARIOS;
use crate::state::script::complete::complete;
use crate::state::script::marks;
use crate::state::script::typing::{self, Formatted, Typed};
use crate::state::script::undo::Edit;
use crate::state::texts::Key;
use std::rc::Rc;
use yew::Context;

impl Editor {
    /// Does what a key or a button means.
    pub(super) fn command(&mut self, ctx: &Context<Self>, command: Command) {
        // The browser tells of a moved caret a moment after it has moved, and
        // this may come first.
        self.moved(ctx);
        self.notice = None;
        match command {
            Command::Undo | Command::Redo => self.walk(ctx, command == Command::Undo),
            Command::Run => self.tell(ctx),
            Command::Finding(is_next) => {
                let document = self.document(ctx);
                let marks = marks::marks(&ctx.props().findings, &document);
                let next = marks::next(&marks, document.selection().start, is_next);
                drop(document);
                if let Some(index) = next {
                    self.go(ctx, index);
                }
            }
            Command::Suggest => {
                self.focus();
                self.suggest(ctx);
                self.say_suggestions(ctx);
            }
            Command::Choose(is_next) => {
                if let Some(listing) = &mut self.listing {
                    listing.choose(is_next);
                }
            }
            Command::Take => self.take(ctx),
            Command::Close => self.listing = None,
            Command::Format => self.format(ctx),
            Command::NewLine | Command::Indent | Command::Outdent | Command::Comment => {
                let document = self.document(ctx);
                let (text, lines, selection) = (document.text(), document.lines(), document.selection());
                let typed = match command {
                    Command::NewLine => Some(typing::new_line(text, &selection)),
                    Command::Indent => typing::indent(text, lines, &selection),
                    Command::Outdent => typing::outdent(text, lines, &selection),
                    _ => typing::comment(text, lines, &selection),
                };
                drop(document);
                if let Some(typed) = typed {
                    self.write(ctx, typed);
                }
            }
        }
    }

    fn focus(&self) {
        if let Some(area) = Area::of(&self.area) {
            area.focus();
        }
    }

    /// Makes an edit, shows it, and lets the page know in a moment.
    pub(super) fn write(&mut self, ctx: &Context<Self>, (edit, selection): Typed) {
        let before = Rc::clone(self.document(ctx).text());
        self.document(ctx).edit(edit, selection);
        self.shown(ctx, &before);
    }

    fn walk(&mut self, ctx: &Context<Self>, is_back: bool) {
        let before = Rc::clone(self.document(ctx).text());
        let mut document = self.document(ctx);
        let is_walked = if is_back { document.undo() } else { document.redo() };
        drop(document);
        if is_walked {
            self.shown(ctx, &before);
        }
    }

    /// Shows the document in place of `before`, which the field shows.
    fn shown(&mut self, ctx: &Context<Self>, before: &str) {
        self.listing = None;
        if let Some(area) = Area::of(&self.area) {
            let document = self.document(ctx);
            area.write(before, document.text());
            area.select(document.text(), &document.selection());
        }
        self.reveal(ctx);
        self.rest(ctx);
    }

    /// Scrolls until the caret is seen.
    fn reveal(&mut self, ctx: &Context<Self>) {
        let Some(area) = Area::of(&self.area) else { return };
        let document = self.document(ctx);
        let line = document.lines().line_of(document.selection().end);
        drop(document);
        area.scroll(Frame::of(&area).with_line(line));
        self.frame = Frame::of(&area);
        self.document(ctx).scrolled = area.scrolled();
        self.reveals = true;
    }

    /// To a finding.
    pub(super) fn go(&mut self, ctx: &Context<Self>, index: usize) {
        let Some(finding) = ctx.props().findings.get(index) else {
            return;
        };
        let mut document = self.document(ctx);
        let place = document.carried(finding.span.clone());
        // The caret, and not the whole of it: a key must not wipe it out.
        document.select(place.start..place.start);
        drop(document);
        self.listing = None;
        if let Some(area) = Area::of(&self.area) {
            area.focus();
            area.select(self.document(ctx).text(), &(place.start..place.start));
        }
        self.reveal(ctx);
    }

    /// Puts in the name that a finding proposes.
    pub(super) fn replace(&mut self, ctx: &Context<Self>, index: usize) {
        let Some(finding) = ctx.props().findings.get(index) else {
            return;
        };
        let document = self.document(ctx);
        let replacement = finding.replacement(document.text()).filter(|_| !document.is_ahead());
        let typed = replacement.map(|with| typing::replace(document.text(), &finding.span, &with));
        drop(document);
        if let Some(typed) = typed {
            self.focus();
            self.write(ctx, typed);
            self.tell(ctx);
        }
    }

    /// Puts the gallery's text back.
    pub(super) fn revert(&mut self, ctx: &Context<Self>) {
        let Some(entry) = ctx.props().origin.and_then(|origin| SCENARIOS.get(origin)) else {
            return;
        };
        let edit = Edit::between(self.document(ctx).text(), entry.text());
        if let Some(edit) = edit {
            let at = edit.at;
            self.write(ctx, (edit, at..at));
            self.tell(ctx);
            self.notice = Some(ctx.props().language.text(Key::ScriptReverted).to_owned());
        }
        self.focus();
    }

    fn format(&mut self, ctx: &Context<Self>) {
        let document = self.document(ctx);
        let formatted = typing::format(document.text(), &document.selection());
        drop(document);
        let said = match formatted {
            Formatted::Changed(typed) => {
                self.write(ctx, typed);
                Key::ScriptFormatted
            }
            Formatted::Already => Key::ScriptFormattedAlready,
            Formatted::NotToml => Key::ScriptNotToml,
        };
        self.notice = Some(ctx.props().language.text(said).to_owned());
    }

    /// Lists what may be written at the caret, or closes the list.
    pub(super) fn suggest(&mut self, ctx: &Context<Self>) {
        let document = self.document(ctx);
        let completion = complete(document.text(), document.lines(), document.selection().end);
        drop(document);
        self.listing = completion.map(|completion| Listing { completion, chosen: 0 });
    }

    fn say_suggestions(&mut self, ctx: &Context<Self>) {
        let language = ctx.props().language;
        let count = self
            .listing
            .as_ref()
            .map_or(0, |listing| listing.completion.proposals.len());
        self.notice = Some(match count {
            0 => language.text(Key::ScriptNoSuggestions).to_owned(),
            count => language.with(Key::ScriptSuggestionCount, &count.to_string()),
        });
    }

    /// Writes the chosen suggestion; where it leaves something to be filled
    /// in, the list goes on with that.
    fn take(&mut self, ctx: &Context<Self>) {
        let Some(listing) = self.listing.take() else { return };
        let Some(proposal) = listing.proposal() else { return };
        let range = listing.completion.range.clone();
        let caret = range.start + proposal.caret;
        let (edit, _) = typing::replace(self.document(ctx).text(), &range, &proposal.text);
        let goes_on = proposal.caret < proposal.text.len() || proposal.text.ends_with('.');
        self.write(ctx, (edit, caret..caret));
        self.focus();
        if goes_on {
            self.suggest(ctx);
        }
    }
}
