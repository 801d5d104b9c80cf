//! The language in short: every key and every metric, to be searched.

use crate::state::letters;
use crate::state::script::{docs, words};
use crate::state::texts::{Key as Word, Language};
use mqlab_engine::{METRICS, MetricInfo};
use mqlab_scenario::{KEYS, Key};
use web_sys::HtmlInputElement;
use yew::{Component, Context, Html, InputEvent, Properties, TargetCast, html};

/// What the reference is given.
#[derive(Clone, PartialEq, Properties)]
pub(super) struct Props {
    pub(super) language: Language,
}

/// What happens to it.
pub(super) enum Message {
    /// It is opened or closed.
    Toggle,
    /// Something is looked for.
    Search(String),
}

/// The reference.
pub(super) struct Reference {
    is_open: bool,
    wanted: String,
}

impl Component for Reference {
    type Message = Message;
    type Properties = Props;

    fn create(_ctx: &Context<Self>) -> Self {
        Reference {
            is_open: false,
            wanted: String::new(),
        }
    }

    fn update(&mut self, _ctx: &Context<Self>, message: Message) -> bool {
        match message {
            Message::Toggle => self.is_open = !self.is_open,
            Message::Search(wanted) => self.wanted = letters::small(&wanted),
        }
        true
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let language = ctx.props().language;
        html! {
            <details class="reference" ontoggle={ctx.link().callback(|_| Message::Toggle)}>
                <summary>{ language.text(Word::ScriptReference) }</summary>
                // Made only when somebody looks.
                if self.is_open {
                    { self.entries(ctx, language) }
                }
            </details>
        }
    }
}

impl Reference {
    fn entries(&self, ctx: &Context<Self>, language: Language) -> Html {
        let keys: Vec<&Key> = KEYS.iter().filter(|key| self.has_key(language, key)).collect();
        let metrics: Vec<&MetricInfo> = METRICS.iter().filter(|info| self.has_metric(language, info)).collect();
        let count = keys.len() + metrics.len();
        let said = match count {
            0 => language.text(Word::ScriptReferenceNone).to_owned(),
            count => language.with(Word::ScriptReferenceCount, &count.to_string()),
        };
        let label = language.text(Word::ScriptReferenceSearch);
        let oninput = ctx.link().callback(|event: InputEvent| {
            let input: Option<HtmlInputElement> = event.target_dyn_into();
            Message::Search(input.map(|input| input.value()).unwrap_or_default())
        });
        html! {
            <>
                <input type="search" data-action="search-reference" aria-label={label} placeholder={label} {oninput} />
                <p class="soft" role="status">{ said }</p>
                <dl>
                    { for keys.into_iter().map(|key| key_entry(language, key)) }
                    { for metrics.into_iter().map(|info| metric_entry(language, info)) }
                </dl>
            </>
        }
    }

    fn has_key(&self, language: Language, key: &Key) -> bool {
        letters::small(&words::path(key)).contains(&self.wanted)
            || letters::small(docs::key(language, key)).contains(&self.wanted)
    }

    fn has_metric(&self, language: Language, info: &MetricInfo) -> bool {
        info.name.contains(&self.wanted) || letters::small(docs::metric(language, info)).contains(&self.wanted)
    }
}

fn key_entry(language: Language, key: &'static Key) -> Html {
    html! {
        <>
            <dt><code>{ words::path(key) }</code></dt>
            <dd>
                { docs::key(language, key) }
                { " " }
                <span class="soft">{ words::facts(language, key).join(" · ") }</span>
            </dd>
        </>
    }
}

fn metric_entry(language: Language, info: &'static MetricInfo) -> Html {
    html! {
        <>
            <dt><code>{ info.name }</code></dt>
            <dd>
                { docs::metric(language, info) }
                { " " }
                <span class="soft">{ language.text(Word::ScriptMetric) }{ " · " }{ words::unit(language, info) }</span>
            </dd>
        </>
    }
}
