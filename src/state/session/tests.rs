//! Tests of `session`.

use super::*;
use mqlab_model::PlaceId;

fn session() -> Session {
    Session::new(0, Language::English)
}

fn at(seconds: u64) -> SimTime {
    SimTime::from_nanos(seconds * 1_000_000_000)
}

#[test]
fn the_clock_is_started_and_stopped() {
    let (playing, effect) = session().after(Action::Toggle);
    assert!(playing.is_playing && effect == Effect::None);
    let (paused, _) = playing.clone().after(Action::Toggle);
    assert!(!paused.is_playing);
    let (arrived, _) = playing.after(Action::Arrived);
    assert!(!arrived.is_playing);
}

#[test]
fn a_step_and_a_restart_stand_still() {
    let (playing, _) = session().after(Action::Play);
    let (stepped, effect) = playing.clone().after(Action::Step);
    assert!(!stepped.is_playing && effect == Effect::Step);
    let (restarted, effect) = playing.after(Action::Restart);
    assert!(!restarted.is_playing && effect == Effect::Restart);
}

#[test]
fn going_back_begins_again() {
    let (going, effect) = session().after(Action::RunTo { at: at(5), now: at(1) });
    assert!(effect == Effect::None && going.pace() == Speed::Max);
    let (going, effect) = going.after(Action::RunTo { at: at(2), now: at(4) });
    assert!(effect == Effect::Restart && going.stop_at == Some(at(2)) && going.is_playing);
    let (arrived, _) = going.after(Action::Arrived);
    assert_eq!(arrived.stop_at, None);
}

#[test]
fn another_scenario_forgets_what_was_selected() {
    let selection = Some(Selection::of_place(0, PlaceId(1)));
    let (selected, _) = session().after(Action::Select(selection));
    let (opened, effect) = selected.after(Action::Open(3));
    assert_eq!((opened.selection, opened.scenario, effect), (None, 3, Effect::Load));
    let (loaded, _) = opened.after(Action::Loaded(at(24)));
    assert_eq!(loaded.pace(), Speed::Factor(1.0));
}

#[test]
fn themes_are_remembered_by_name() {
    for theme in Theme::ALL {
        assert_eq!(Theme::named(theme.name()), theme);
    }
    assert_eq!(Theme::named("pink"), Theme::System);
}
