//! Who uses what: a table of systems, and links to the runs that show how messages
//! come in each.

use super::app::View;
use super::share::Request;
use super::shell;
use crate::state::families::{self, FAMILIES, Line, Way};
use yew::{Callback, Html, MouseEvent, html};

/// The row of the catalogue that it is.
pub(crate) const ROW: &str = "C7";

/// The table.
#[inline(never)]
pub(crate) fn rest_view(view: &View<'_>) -> Html {
    let said = |line: Line| families::text(line, view.session.language);
    let rows = FAMILIES.iter().map(|family| {
        let ways = family.ways.iter().map(|way| link(view, family.name, way));
        html! {
            <tr>
                <th scope="row">{ family.name }</th>
                <td><ul>{ for ways }</ul></td>
            </tr>
        }
    });
    html! {
        <section class="families" data-row={ROW} aria-labelledby="families-title">
            <h3 id="families-title">{ said(Line::Title) }</h3>
            <p class="soft">{ said(Line::About) }</p>
            <table>
                <thead>
                    <tr>
                        <th scope="col">{ said(Line::System) }</th>
                        <th scope="col">{ said(Line::How) }</th>
                    </tr>
                </thead>
                <tbody>{ for rows }</tbody>
            </table>
            <p class="soft">{ said(Line::StandsFor) }</p>
        </section>
    }
}

/// A way, which opens its run.
fn link(view: &View<'_>, family: &'static str, way: &Way) -> Html {
    let said = |line: Line| families::text(line, view.session.language);
    let href = format!("#{}", way.fragment());
    let share = view.share.clone();
    let here = href.clone();
    let onclick = Callback::from(move |_: MouseEvent| {
        // An address that is there already changes nothing by itself.
        if shell::window().location().hash().is_ok_and(|hash| hash == here) {
            share.emit(Request::Address);
        }
    });
    html! {
        <li>
            <a data-action="family" data-family={family} {href} {onclick}>
                { said(way.how) }{ " " }
                if way.is_former {
                    { said(Line::Formerly) }{ " " }{ way.by }
                } else {
                    <code>{ way.by }</code>
                }
                if !way.is_own {
                    { " *" }
                }
            </a>
        </li>
    }
}
