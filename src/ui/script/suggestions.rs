//! The list of what may be written at the caret.

use super::editor::Message;
use crate::state::script::complete::{About, Completion, Proposal};
use crate::state::script::docs;
use crate::state::script::names::NameKind;
use crate::state::script::words;
use crate::state::texts::{Key, Language};
use yew::{Callback, Html, MouseEvent, NodeRef, html};

/// The list's id.
pub(super) const ID: &str = "script-suggestions";

/// The list while it is open.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Listing {
    pub(super) completion: Completion,
    /// Which one is chosen.
    pub(super) chosen: usize,
}

impl Listing {
    /// Goes to the next one, or to the one before; around at the ends.
    pub(super) fn choose(&mut self, is_next: bool) {
        let count = self.completion.proposals.len();
        let step = if is_next { 1 } else { count - 1 };
        self.chosen = (self.chosen + step) % count;
    }

    pub(super) fn proposal(&self) -> Option<&Proposal> {
        self.completion.proposals.get(self.chosen)
    }
}

/// The id of a suggestion.
pub(super) fn id(index: usize) -> String {
    format!("script-suggestion-{index}")
}

/// The list.
pub(super) fn view(language: Language, listing: &Listing, node: &NodeRef, tell: &Callback<Message>) -> Html {
    let options = listing
        .completion
        .proposals
        .iter()
        .enumerate()
        .map(|(index, proposal)| {
            let is_chosen = index == listing.chosen;
            let take = tell.reform(move |event: MouseEvent| {
                event.prevent_default();
                Message::Pick(index)
            });
            // A press would take the focus away from the text.
            let stay = Callback::from(|event: MouseEvent| event.prevent_default());
            html! {
                <li
                    key={index}
                    id={id(index)}
                    role="option"
                    aria-selected={is_chosen.to_string()}
                    onclick={take}
                    onmousedown={stay}
                >
                    <code>{ &proposal.label }</code>
                    <span class="soft">{ what(language, proposal.about) }</span>
                </li>
            }
        });
    let about = listing.proposal().map(|proposal| proposal.about);
    html! {
        <div class="suggestions" ref={node}>
            <ul id={ID} role="listbox" tabindex="0" aria-label={language.text(Key::ScriptSuggestions)}>{ for options }</ul>
            if let Some(doc) = about.and_then(|about| doc(language, about)) {
                <p class="soft">{ doc }</p>
            }
        </div>
    }
}

/// What a suggestion is, in a word or two.
fn what(language: Language, about: About) -> String {
    match about {
        About::Key(key) => words::kind(language, key.kind),
        About::Metric(info) => words::unit(language, info).to_owned(),
        About::Name(kind) => language.text(word(kind)).to_owned(),
        About::Word => String::new(),
    }
}

const fn word(kind: NameKind) -> Key {
    match kind {
        NameKind::Load => Key::Load,
        NameKind::Broker => Key::ScriptBroker,
        NameKind::Queue => Key::Queue,
        NameKind::Exchange => Key::Exchange,
        NameKind::Service => Key::Service,
        NameKind::Table => Key::Table,
        NameKind::Link => Key::ScriptLink,
        NameKind::Variant => Key::Variant,
    }
}

/// What a suggestion means.
fn doc(language: Language, about: About) -> Option<&'static str> {
    match about {
        About::Key(key) => Some(docs::key(language, key)),
        About::Metric(info) => Some(docs::metric(language, info)),
        About::Name(_) | About::Word => None,
    }
}
