//! The bottom: the charts or the comparison as tabs with what belongs to
//! them, and between the two where the run stands on its time axis.

use super::app::View;
use super::tabs::{self, Tab};
use super::{chart_menu, chart_table, compare, plot_view, rest, splitter, timeline};
use crate::state::lab::Lab;
use crate::state::session::{Action, Board};
use crate::state::texts::Key;
use yew::{Callback, Html, html};

/// The bottom of the page.
pub(crate) fn view(view: &View<'_>) -> Html {
    let Some(lab) = &view.pump.lab else {
        return html! { <footer class="time" /> };
    };
    let tabs = Board::ALL.map(|board| Tab {
        name: board.name(),
        label: view.text(word(board)).to_owned(),
        is_open: board == view.session.board,
    });
    let act = view.act.clone();
    let open = Callback::from(move |index: usize| act.emit(Action::Board(Board::ALL[index])));
    let is_charts = view.session.board == Board::Charts;
    let board = if is_charts {
        plot_view::view(view, lab)
    } else {
        rest::behind(view, || compare::rest_view(view, lab))
    };
    html! {
        <footer class="time">
            { splitter::view(view) }
            <div class="boards-head">
                { tabs::list("bottom", view.text(Key::Boards), &tabs, &open) }
                <div class="boards-tools">
                    if view.rest.is_here() {
                        { rest_tools(view, lab, is_charts) }
                    }
                </div>
            </div>
            { timeline::view(view, lab) }
            <div
                class={if is_charts { "board board-charts" } else { "board board-compare" }}
                id="panel-bottom"
                role="tabpanel"
                aria-labelledby={format!("tab-bottom-{}", usize::from(!is_charts))}
                tabindex="0"
            >
                { board }
            </div>
            if is_charts && view.rest.is_here() {
                { chart_table::rest_view(view, lab) }
            }
        </footer>
    }
}

/// What belongs to the open tab, and the marks of the time axis.
#[inline(never)]
fn rest_tools(view: &View<'_>, lab: &Lab, is_charts: bool) -> Html {
    html! {
        <>
            if is_charts {
                { chart_menu::view(view) }
            } else {
                { compare::tools(view, lab) }
            }
            { timeline::list(view, lab) }
        </>
    }
}

fn word(board: Board) -> Key {
    match board {
        Board::Charts => Key::ChartsTab,
        Board::Compare => Key::Compare,
    }
}
