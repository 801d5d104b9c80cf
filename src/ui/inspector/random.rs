//! Faults at random: what may go wrong from now on, and what they have come to.

use super::{Subject, actions, list, settings};
use crate::state::acts;
use crate::state::controls;
use crate::state::format;
use crate::state::lab::Lab;
use crate::state::session::{Action, Panel};
use crate::state::texts::Key;
use crate::ui::app::View;
use mqlab_scenario::LiveSetting;
use yew::{Callback, Html, MouseEvent, html};

/// The settings of the variant that is looked at, to be changed; nothing if it leaves
/// nothing to chance.
#[inline(never)]
pub(super) fn rest_view(view: &View<'_>, lab: &Lab) -> Html {
    let variant = view.session.selection.map_or(0, |selection| selection.variant);
    let Some(lane) = lab.lanes.get(variant) else {
        return html! {};
    };
    let settings = lab.scenario.live_chance(variant);
    if settings.is_empty() {
        return html! {};
    }
    let subject = Subject {
        view,
        lab,
        variant,
        lane,
    };
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
            { controls(subject, &settings) }
            if lab.lanes.len() > 1 {
                { actions::everywhere(subject) }
            }
            <div class="buttons">
                <button type="button" data-action="edit-random" onclick={edit}>{ view.text(Key::RandomEdit) }</button>
            </div>
            <h3>{ view.text(Key::RandomSoFar) }</h3>
            { list(so_far) }
        </section>
    }
}

/// What is said of all kinds, and then of each.
fn controls(subject: Subject<'_>, settings: &[LiveSetting]) -> Html {
    let is_too_late = acts::is_too_late(subject.lab);
    let of = |settings: &[&LiveSetting]| {
        let rows = settings
            .iter()
            .map(|setting| settings::row(subject, setting, is_too_late));
        html! { <div class="settings">{ for rows }</div> }
    };
    let (of_kinds, general): (Vec<_>, Vec<_>) = settings.iter().partition(|setting| kind(setting).is_some());
    let kinds = of_kinds.chunk_by(|one, next| kind(one) == kind(next)).map(|own| {
        let word = kind(own[0]).unwrap_or_default();
        let rate = own.iter().find(|setting| setting.key.name() == "rate");
        let rate = rate.and_then(|rate| rate.present(subject.lane.world()));
        let rate = rate.as_deref().map(controls::unquoted).filter(|rate| *rate != NEVER);
        let often = rate.map_or_else(|| subject.text(Key::RandomNever).to_owned(), str::to_owned);
        html! {
            <details class="kind-of-fault" data-kind={word.to_owned()}>
                <summary><code>{ word.to_owned() }</code><span class="soft">{ often }</span></summary>
                { of(own) }
            </details>
        }
    });
    html! {
        <>
            { of(&general) }
            { for kinds }
        </>
    }
}

/// What a rate of nothing is written as.
const NEVER: &str = "0/s";

/// The kind of fault that a setting is about.
fn kind(setting: &LiveSetting) -> Option<&str> {
    let below = setting.path.strip_prefix("faults.random.")?;
    below.split_once('.').map(|(kind, _)| kind)
}
