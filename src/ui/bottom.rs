//! The bottom: where the run stands on its time axis, and below that the
//! charts or the comparison, as tabs.

use super::app::View;
use super::tabs::{self, Tab};
use super::{compare, timeline};
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
    html! {
        <footer class="time">
            { tabs::list("bottom", view.text(Key::Boards), &tabs, &open) }
            <div class="board" id="panel-bottom" role="tabpanel" aria-label={view.text(word(view.session.board))}>
                {
                    match view.session.board {
                        Board::Charts => timeline::view(view, lab),
                        Board::Compare => compare::view(view, lab),
                    }
                }
            </div>
        </footer>
    }
}

fn word(board: Board) -> Key {
    match board {
        Board::Charts => Key::ChartsTab,
        Board::Compare => Key::Compare,
    }
}
