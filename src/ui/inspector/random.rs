//! Faults at random: what the script says of them, and what they have come to.

use super::list;
use crate::state::format;
use crate::state::lab::Lab;
use crate::state::script::docs;
use crate::state::session::{Action, Panel};
use crate::state::texts::Key;
use crate::ui::app::View;
use yew::{Callback, Html, MouseEvent, html};

/// The settings of the variant that is looked at; nothing if it leaves nothing
/// to chance.
#[inline(never)]
pub(super) fn rest_view(view: &View<'_>, lab: &Lab) -> Html {
    let variant = view.session.selection.map_or(0, |selection| selection.variant);
    let Some(lane) = lab.lanes.get(variant) else {
        return html! {};
    };
    let settings = lab.scenario.faults_at_random(variant);
    if settings.is_empty() {
        return html! {};
    }
    let rows = settings.iter().map(|setting| {
        html! {
            <>
                <dt title={setting.key.map(|key| docs::key(view.session.language, key))}><code>{ &setting.name }</code></dt>
                <dd>{ &setting.value }</dd>
            </>
        }
    });
    let hits = lane.world().hits();
    let kinds = [
        (Key::HitCrashes, hits.crashes),
        (Key::HitPauses, hits.pauses),
        (Key::HitCuts, hits.cuts),
        (Key::HitLosses, hits.losses),
        (Key::HitDoubled, hits.doubled),
        (Key::HitOvertaken, hits.overtaken),
        (Key::HitFullDisks, hits.full_disks),
        (Key::HitSkews, hits.skews),
    ];
    let so_far = kinds.into_iter().filter(|(_, hit)| hit.all > 0).map(|(name, hit)| {
        let of = format!(
            "{} ({} {})",
            format::count(hit.all),
            view.text(Key::RandomHit),
            format::count(hit.hit)
        );
        (view.text(name), html! { of })
    });
    let act = view.act.clone();
    let edit = Callback::from(move |_: MouseEvent| act.emit(Action::Panel(Panel::Script)));
    html! {
        <section class="random-faults">
            <h3>{ view.text(Key::RandomFaults) }{ " " }<span class="kind">{ &lane.name }</span></h3>
            <p class="soft">{ view.text(Key::RandomHelp) }</p>
            <dl class="chance">{ for rows }</dl>
            <div class="buttons">
                <button type="button" data-action="edit-random" onclick={edit}>{ view.text(Key::RandomEdit) }</button>
            </div>
            <h3>{ view.text(Key::RandomSoFar) }</h3>
            { list(so_far) }
        </section>
    }
}
