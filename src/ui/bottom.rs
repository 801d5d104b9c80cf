//! The bottom: the charts or the comparison as tabs with what belongs to
//! them, and between the two where the run stands on its time axis.

use super::app::View;
use super::tabs::{self, Tab};
use super::{chart_menu, chart_table, compare, plot_view, splitter, timeline};
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
    let (tools, board, is_charts) = match view.session.board {
        Board::Charts => (chart_menu::view(view), plot_view::view(view, lab), true),
        Board::Compare => (compare::tools(view, lab), compare::view(view, lab), false),
    };
    html! {
        <footer class="time">
            { splitter::view(view) }
            <div class="boards-head">
                { tabs::list("bottom", view.text(Key::Boards), &tabs, &open) }
                <div class="boards-tools">{ tools }{ timeline::list(view, lab) }</div>
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
            if is_charts {
                { chart_table::view(view, lab) }
            }
        </footer>
    }
}

fn word(board: Board) -> Key {
    match board {
        Board::Charts => Key::ChartsTab,
        Board::Compare => Key::Compare,
    }
}
