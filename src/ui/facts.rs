//! The facts: the life of a message.

use super::app::View;
use crate::state::format;
use crate::state::texts::Key;
use yew::{Html, html};

/// The facts tab.
pub(crate) fn view(view: &View<'_>) -> Html {
    let (Some(lab), Some(life)) = (&view.pump.lab, &view.found.life) else {
        return html! {};
    };
    let Some(lane) = lab.lanes.get(life.variant) else {
        return html! {};
    };
    let world = lane.world();
    let number = format::count(life.message.number());
    let name = format!("{} #{number}", world.sources().get(life.message.source()).name);
    let rows = life.facts.iter().map(|run| {
        let (whole, fraction) = format::clock(run.first.at, 6);
        html! {
            <tr>
                <td>{ whole }{ fraction }</td>
                <td>{ &world.places().get(run.first.place).name }</td>
                <td>{ run.first.kind.word() }</td>
            </tr>
        }
    });
    html! {
        <>
            <h2>{ name }</h2>
            <p class="soft">{ view.session.language.with(Key::LifeUntil, &format::clock(life.until, 3).0) }</p>
            <table><tbody>{ for rows }</tbody></table>
        </>
    }
}
