//! Tests of `session`.

use super::*;
use mqlab_model::PlaceId;

fn session() -> Session {
    Session::new(Language::English)
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
fn steps_and_a_restart_stand_still() {
    let (playing, _) = session().after(Action::Play);
    for (action, expected) in [
        (Action::Step, Effect::Step),
        (Action::StepBack, Effect::StepBack),
        (Action::Restart, Effect::Restart),
    ] {
        let (stepped, effect) = playing.clone().after(action);
        assert!(!stepped.is_playing && effect == expected);
    }
}

#[test]
fn going_to_an_instant_is_at_full_speed_and_stops_there() {
    let (going, effect) = session().after(Action::RunTo(at(5)));
    assert!(effect == Effect::Jump(at(5)) && going.pace() == Speed::Max && going.is_playing);
    let (arrived, _) = going.after(Action::Arrived);
    assert_eq!((arrived.stop_at, arrived.is_playing), (None, false));
}

#[test]
fn a_run_that_is_repeated_goes_on_as_before() {
    // It was playing.
    let (playing, _) = session().after(Action::Play);
    let (catching, effect) = playing.after(Action::CatchUp(at(5)));
    assert!(effect == Effect::Jump(at(5)) && catching.pace() == Speed::Max && catching.will_play());
    // Changed once more before it is there.
    let (catching, _) = catching.after(Action::CatchUp(at(3)));
    let (arrived, _) = catching.clone().after(Action::Arrived);
    assert_eq!((arrived.stop_at, arrived.is_playing), (None, true));
    // It stood.
    let (catching, _) = session().after(Action::CatchUp(at(5)));
    assert!(!catching.will_play());
    let (arrived, _) = catching.after(Action::Arrived);
    assert_eq!((arrived.stop_at, arrived.is_playing), (None, false));
    // It was on its way to an instant.
    let (going, _) = session().after(Action::RunTo(at(9)));
    let (catching, _) = going.after(Action::CatchUp(at(4)));
    assert_eq!((catching.goal(), catching.will_play()), (Some(at(9)), false));
    let (on, _) = catching.clone().after(Action::Arrived);
    assert_eq!((on.stop_at, on.is_playing, on.will_play()), (Some(at(9)), true, false));
    let (there, _) = on.after(Action::Arrived);
    assert!(!there.is_playing);
    // Whoever says otherwise meanwhile is heard.
    for action in [Action::Pause, Action::Toggle, Action::Restart, Action::Open(1)] {
        let (stopped, _) = catching.clone().after(action);
        assert_eq!((stopped.is_playing, stopped.goal()), (false, None));
    }
    let (elsewhere, _) = catching.after(Action::RunTo(at(1)));
    assert_eq!(elsewhere.goal(), Some(at(1)));
}

#[test]
fn another_scenario_forgets_what_was_selected() {
    let selection = Some(Selection::of_place(0, PlaceId(1)));
    let (selected, _) = session().after(Action::Select(selection));
    let (opened, effect) = selected.after(Action::Open(3));
    assert_eq!((opened.selection, effect), (None, Effect::Open(3)));
    let (loaded, _) = opened.after(Action::Loaded(at(24)));
    assert_eq!(loaded.pace(), Speed::Factor(1.0));
}

#[test]
fn opening_a_scenario_leaves_the_gallery() {
    let (playing, _) = session().after(Action::Play);
    let (gallery, _) = playing.after(Action::Show(Screen::Gallery));
    assert_eq!((gallery.screen, gallery.is_playing), (Screen::Gallery, false));
    let (opened, _) = gallery.after(Action::Open(1));
    assert_eq!(opened.screen, Screen::Laboratory);
}

#[test]
fn themes_are_remembered_by_name() {
    for theme in Theme::ALL {
        assert_eq!(Theme::named(theme.name()), theme);
    }
    assert_eq!(Theme::named("pink"), Theme::System);
}

#[test]
fn keys_do_not_play_what_the_gallery_hides() {
    let (gallery, _) = session().after(Action::Show(Screen::Gallery));
    assert!(gallery.ignores(&Action::Toggle) && gallery.ignores(&Action::Undo));
    assert!(!gallery.ignores(&Action::Show(Screen::Laboratory)) && !gallery.ignores(&Action::Open(0)));
    assert!(!session().ignores(&Action::Toggle));
}
