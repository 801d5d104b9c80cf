//! The comparison tab: the variants' figures beside each other, with bars on
//! one scale and the differences from one of them.

use super::app::View;
use super::chart_menu;
use super::plot_view;
use super::saving::Save;
use crate::state::boards::BoardAction;
use crate::state::comparison::{self, Column, Comparison, Difference, Group, Promise, Row, Sort};
use crate::state::lab::Lab;
use crate::state::session::Action;
use crate::state::texts::Key;
use mqlab_scenario::State;
use web_sys::HtmlSelectElement;
use yew::{Callback, Event, Html, MouseEvent, TargetCast, html};

/// What is chosen above the comparison.
pub(crate) fn tools(view: &View<'_>, lab: &Lab) -> Html {
    let base = view.session.boards.base;
    let shown = lab.lanes.iter().enumerate().filter(|(_, lane)| !lane.is_hidden);
    let options: Vec<Html> = shown
        .map(|(index, lane)| html! { <option value={index.to_string()} selected={index == base}>{ &lane.name }</option> })
        .collect();
    let act = view.act.clone();
    let choose = Callback::from(move |event: Event| {
        let select: Option<HtmlSelectElement> = event.target_dyn_into();
        if let Some(index) = select.and_then(|select| select.value().parse().ok()) {
            act.emit(Action::SetBoard(BoardAction::Base(index)));
        }
    });
    let hides = view.session.boards.hides_equal;
    let save = view.save.clone();
    let save = Callback::from(move |_: MouseEvent| save.emit(Save::Comparison));
    let hide = BoardAction::HideEqual(!hides);
    html! {
        <>
            if options.len() > 1 {
                <label class="compare-base">
                    { view.text(Key::CompareWith) }
                    <select data-action="compare-base" onchange={choose}>{ for options }</select>
                </label>
                { chart_menu::toggle(view, "hide-equal", "compare", view.text(Key::HideEqual), hides, hide) }
            }
            <button
                type="button"
                data-action="save-compare"
                aria-label={view.session.language.with(Key::SaveCsv, view.text(Key::Compare))}
                onclick={save}
            >
                { "CSV" }
            </button>
        </>
    }
}

/// The comparison.
#[inline(never)]
pub(crate) fn rest_view(view: &View<'_>, lab: &Lab) -> Html {
    let asked = plot_view::asked(view, lab);
    let comparison = Comparison::new(&asked, view.session.boards.base).sorted(view.session.boards.sort);
    let are_many = comparison.variants.len() > 1;
    let hides = view.session.boards.hides_equal && are_many;
    let heads = comparison.variants.iter().enumerate().map(|(index, name)| {
        let is_base = are_many && index == comparison.base;
        html! {
            if is_base || !are_many {
                <th scope="col">
                    { name }
                    if is_base {
                        <span class="soft compare-is-base">{ view.text(Key::CompareBase) }</span>
                    }
                </th>
            } else {
                { sortable(view, name, Column::Variant(index), Key::SortByDifference) }
            }
        }
    });
    let groups: Vec<Html> = comparison
        .groups
        .iter()
        .filter_map(|group| group_view(view, &comparison, group, hides))
        .collect();
    let promises: Vec<Html> = comparison
        .promises
        .iter()
        .filter(|promise| !(hides && promise.is_equal()))
        .map(|promise| promise_view(view, promise))
        .collect();
    let is_empty = groups.is_empty() && promises.is_empty();
    let columns = (comparison.variants.len() + 1).to_string();
    html! {
        <>
            if !are_many {
                <p class="soft compare-one">{ view.text(Key::CompareOne) }</p>
            }
            <table class="compare">
                <thead>
                    <tr>
                        { sortable(view, view.text(Key::CompareMetric), Column::Name, Key::SortByName) }
                        { for heads }
                    </tr>
                </thead>
                { for groups }
                if !promises.is_empty() {
                    <tbody>
                        <tr class="compare-group">
                            <th scope="rowgroup" colspan={columns.clone()}>{ view.text(Key::Expectations) }</th>
                        </tr>
                        { for promises }
                    </tbody>
                }
                if is_empty {
                    <tbody><tr><td colspan={columns}>{ view.text(Key::AllEqual) }</td></tr></tbody>
                }
            </table>
        </>
    }
}

/// The head of a column that rows are sorted by.
fn sortable(view: &View<'_>, name: &str, column: Column, title: Key) -> Html {
    let act = view.act.clone();
    let onclick = Callback::from(move |_: MouseEvent| act.emit(Action::SetBoard(BoardAction::Sort(column))));
    let order = Sort::aria(view.session.boards.sort, column);
    let shape = match order {
        "ascending" => "\u{25b2}",
        "descending" => "\u{25bc}",
        _ => "\u{2195}",
    };
    html! {
        <th scope="col" aria-sort={order}>
            <button type="button" class="sort" data-action="sort" title={view.text(title)} {onclick}>
                { name }<span aria-hidden="true">{ shape }</span>
            </button>
        </th>
    }
}

fn group_view(view: &View<'_>, comparison: &Comparison, group: &Group, hides: bool) -> Option<Html> {
    let rows = group.rows.iter().filter(|row| !(hides && row.is_equal()));
    let rows: Vec<Html> = rows.map(|row| row_view(view, comparison, row)).collect();
    let columns = (comparison.variants.len() + 1).to_string();
    (!rows.is_empty()).then(|| {
        html! {
            <tbody>
                <tr class="compare-group"><th scope="rowgroup" colspan={columns}>{ &group.name }</th></tr>
                { for rows }
            </tbody>
        }
    })
}

fn row_view(view: &View<'_>, comparison: &Comparison, row: &Row) -> Html {
    let language = view.session.language;
    let shares = row.shares();
    let differences = row.differences(comparison.base, language);
    let cells = row.values.iter().zip(&shares).zip(&differences);
    let cells = cells.map(|((value, share), difference)| {
        let bar = share.filter(|share| *share > 0.0).map(|share| {
            let width = format!("{:.2}%", share * 100.0);
            html! { <svg class="bar-of-row" aria-hidden="true"><rect {width} height="100%" /></svg> }
        });
        html! {
            <td>
                <div class="compare-cell">
                    <span class="compare-value">{ comparison::value(*value, language) }</span>
                    { difference.as_ref().map(|difference| difference_view(view, difference)) }
                </div>
                { bar }
            </td>
        }
    });
    html! {
        <tr data-metric={row.id.clone()}>
            <th scope="row">{ &row.name }</th>
            { for cells }
        </tr>
    }
}

fn difference_view(view: &View<'_>, difference: &Difference) -> Html {
    let judgement = difference.judgement;
    let word = judgement.word().map(|key| view.text(key));
    html! {
        <span class={format!("difference {}", judgement.name())} data-judgement={judgement.name()}>
            <span class="difference-text">{ &difference.text }</span>
            if let Some(word) = word {
                <span class="judgement">
                    <span aria-hidden="true">{ judgement.shape() }{ " " }</span>{ word }
                </span>
            }
        </span>
    }
}

fn promise_view(view: &View<'_>, promise: &Promise) -> Html {
    let language = view.session.language;
    let cells = promise.states.iter().map(|state| match state {
        None => html! { <td class="soft">{ "\u{2013}" }</td> },
        Some(State::Pending) => html! { <td class="soft">{ view.text(Key::ExpectPending) }</td> },
        Some(State::Held { .. }) => html! {
            <td data-state="held"><span class="tick" aria-hidden="true">{ "✓" }</span>{ view.text(Key::ExpectHeld) }</td>
        },
        Some(State::Failed { actual }) => html! {
            <td data-state="failed">
                <span class="tick" aria-hidden="true">{ "✕" }</span>{ view.text(Key::ExpectFailed) }{ ", " }
                { language.with(Key::ExpectGot, &comparison::value(Some(*actual), language)) }
            </td>
        },
    });
    html! {
        <tr>
            <th scope="row"><code>{ &promise.text }</code>{ " " }<span class="soft">{ &promise.when }</span></th>
            { for cells }
        </tr>
    }
}
