//! The stage: one lane per variant, each with its name, its verdicts, its
//! canvas and the numbers of the canvas as a table.

use super::app::View;
use super::header;
use super::stage;
use crate::state::chips::{self, Chip};
use crate::state::lab::{Lab, Lane};
use crate::state::layout::{self, Point};
use crate::state::scenarios::SCENARIOS;
use crate::state::session::{Action, Selection, Standing};
use crate::state::texts::Key;
use crate::state::{format, numbers};
use web_sys::HtmlElement;
use yew::{Callback, Html, MouseEvent, TargetCast, html};

/// The stage.
pub(crate) fn view(view: &View<'_>) -> Html {
    let Some(lab) = &view.pump.lab else {
        return findings(view);
    };
    let shown = lab.lanes.iter().enumerate().filter(|(_, lane)| !lane.is_hidden);
    let lanes: Vec<Html> = shown.map(|(index, lane)| lane_view(view, lab, index, lane)).collect();
    let is_empty = lanes.is_empty();
    html! {
        <main class="stage">
            { bar(view, lab) }
            { for lanes }
            if is_empty {
                <p class="empty">{ view.text(Key::NoneShown) }</p>
            }
        </main>
    }
}

/// Above the lanes: how the run stands, and which variants are shown.
fn bar(view: &View<'_>, lab: &Lab) -> Html {
    let standing = header::state(view);
    let word = match standing {
        Standing::Ready => view.text(Key::StateReady).to_owned(),
        Standing::Running => view.text(Key::StateRunning).to_owned(),
        Standing::Paused => view.text(Key::StatePaused).to_owned(),
        Standing::Finished => view.text(Key::StateFinished).to_owned(),
        Standing::Failed => view.text(Key::StateFailed).to_owned(),
        Standing::Limited => {
            let hit = lab.shown().find_map(|lane| lane.world().limit_hit());
            view.session
                .language
                .with(Key::StateLimit, hit.map_or("", |hit| hit.name()))
        }
    };
    let toggles = lab.lanes.iter().enumerate().map(|(index, lane)| {
        let act = view.act.clone();
        let toggle = Callback::from(move |_: yew::Event| act.emit(Action::ToggleVariant(index)));
        html! {
            <label class="toggle">
                <input
                    type="checkbox"
                    data-action="show-variant"
                    data-variant={lane.name.clone()}
                    checked={!lane.is_hidden}
                    onchange={toggle}
                />
                { &lane.name }
            </label>
        }
    });
    html! {
        <div class="bar">
            <p class="standing" role="status" data-standing={standing.name()}>{ word }</p>
            if lab.lanes.len() > 1 {
                <div class="toggles" role="group" aria-label={view.text(Key::Variants)}>{ for toggles }</div>
            }
        </div>
    }
}

fn lane_view(view: &View<'_>, lab: &Lab, index: usize, lane: &Lane) -> Html {
    let world = lane.world();
    let digest = format::digest(world.digest());
    let heights = format!(
        "--lane-wide:{:.0}px;--lane-tall:{:.0}px",
        layout::height_needed(&lane.diagram, 1000.0),
        layout::height_needed(&lane.diagram, 390.0),
    );
    let is_behind = !lane.is_over() && world.now() < lab.clock();
    let behind = is_behind.then(|| {
        view.session
            .language
            .with(Key::CatchingUp, &format::clock(world.now(), 0).0)
    });
    html! {
        <section
            class="lane"
            key={lane.name.clone()}
            aria-label={lane.name.clone()}
            style={heights}
            data-variant={lane.name.clone()}
            data-digest={digest.clone()}
            data-now-ns={world.now().nanos().to_string()}
            data-over={lane.is_over().to_string()}
        >
            <div class="lane-head">
                <h2>{ &lane.name }</h2>
                <span class="mono" title={view.text(Key::DigestHelp)}>{ &digest[..8] }</span>
                { table(view, lane) }
                <span class="behind">{ behind }</span>
                <ul class="chips" aria-label={view.text(Key::Verdicts)}>
                    { for chips::chips(world, view.session.language).iter().map(|chip| chip_view(view, chip)) }
                </ul>
            </div>
            <div class="picture">
                <canvas
                    ref={view.pump.screen.lane(index)}
                    role="img"
                    aria-label={summary(view, lane)}
                    onclick={select(view, index, lane)}
                />
            </div>
        </section>
    }
}

fn chip_view(view: &View<'_>, chip: &Chip) -> Html {
    html! {
        <li class={format!("chip {}", chip.tone.name())} data-about={chip.about}>
            <span class="hidden">{ view.text(chip.tone.word()) }{ ": " }</span>{ &chip.text }
        </li>
    }
}

/// A click on the canvas selects what stands there.
fn select(view: &View<'_>, variant: usize, lane: &Lane) -> Callback<MouseEvent> {
    let act = view.act.clone();
    let lane_diagram = lane.diagram.clone();
    Callback::from(move |event: MouseEvent| {
        let Some(canvas) = event.target_dyn_into::<HtmlElement>() else {
            return;
        };
        let size = (f64::from(canvas.client_width()), f64::from(canvas.client_height()));
        let point = Point {
            x: f64::from(event.offset_x()),
            y: f64::from(event.offset_y()),
        };
        if let Some(place) = stage::hit(&lane_diagram, size, point) {
            act.emit(Action::Select(Some(Selection { variant, place })));
        }
    })
}

/// The canvas in one sentence.
fn summary(view: &View<'_>, lane: &Lane) -> String {
    let language = view.session.language;
    let items = lane.diagram.items.iter().enumerate();
    let parts = items.map(|(index, item)| {
        let state = numbers::state_word(lane, index, language);
        format!(
            "{} ({}): {}",
            item.name,
            state,
            numbers::headline(lane, index, language)
        )
    });
    format!("{}: {}", lane.name, parts.collect::<Vec<_>>().join("; "))
}

/// The canvas as a table.
fn table(view: &View<'_>, lane: &Lane) -> Html {
    let language = view.session.language;
    let rows = lane.diagram.items.iter().enumerate().map(|(index, item)| {
        html! {
            <tr>
                <th scope="row">{ &item.name }</th>
                <td>{ view.text(numbers::kind_word(item.kind)) }</td>
                <td>{ numbers::state_word(lane, index, language) }</td>
                <td>{ numbers::headline(lane, index, language) }</td>
            </tr>
        }
    });
    html! {
        <details class="numbers">
            <summary aria-label={language.with(Key::NumbersOf, &lane.name)}>{ view.text(Key::AsTable) }</summary>
            <table>
                <thead>
                    <tr>
                        <th scope="col">{ view.text(Key::Name) }</th>
                        <th scope="col">{ view.text(Key::Kind) }</th>
                        <th scope="col">{ view.text(Key::State) }</th>
                        <th scope="col">{ view.text(Key::Number) }</th>
                    </tr>
                </thead>
                <tbody>{ for rows }</tbody>
            </table>
        </details>
    }
}

/// A scenario that cannot run: what is wrong with its text, and where.
fn findings(view: &View<'_>) -> Html {
    let text = SCENARIOS.get(view.session.scenario).map_or("", |entry| entry.text);
    let items = view.findings.iter().map(|finding| {
        let line = finding.position(text).line.to_string();
        html! {
            <li>
                <b>{ view.session.language.with(Key::LineColumn, &line) }</b>{ " " }{ &finding.message }
                if let Some(help) = &finding.help {
                    <br /><span class="soft">{ help }</span>
                }
            </li>
        }
    });
    html! {
        <main class="stage">
            <div class="failed-scenario" role="alert">
                <h2>{ view.text(Key::StateFailed) }</h2>
                <p>{ view.text(Key::StateFailedHelp) }</p>
                <ul>{ for items }</ul>
            </div>
        </main>
    }
}
