//! Tests of `comparison`.

use super::*;
use crate::state::lab::Lab;
use mqlab_kernel::{SimSpan, SimTime};

pub(super) fn lab() -> Lab {
    let text = r#"
        title = "t"
        until = "20s"
        broker.rabbitmq.queue.orders = {}
        table.mysql = { capacity = "10/s", overload = "dies" }
        service.writer = { workers = 1, consume = { queue = "orders", prefetch = 1 }, steps = [{ insert = "mysql" }, "ack"] }
        load.users = { to = "orders", rate = "30/s" }
        [variant.queued]
        [variant.direct]
        load.users.to = "handler"
        service.handler = { steps = [{ insert = "mysql" }] }
        [[expect]]
        that = "overloaded() == 0"
    "#;
    let (scenario, found) = mqlab_scenario::parse(text);
    let mut lab = Lab::new(scenario.unwrap_or_else(|| panic!("{found:#?}")));
    lab.advance(SimTime::MAX, u64::MAX, |_| false);
    lab
}

pub(super) fn comparison(lab: &Lab, base: usize) -> Comparison {
    let asked = Asked {
        lab,
        selection: None,
        percentiles: &[],
        language: Language::English,
    };
    Comparison::new(&asked, base)
}

fn row<'a>(comparison: &'a Comparison, id: &str) -> &'a Row {
    let mut rows = comparison.groups.iter().flat_map(|group| &group.rows);
    rows.find(|row| row.id == id).unwrap_or_else(|| panic!("no row {id}"))
}

#[test]
fn numbers_are_the_engines() {
    let lab = lab();
    let comparison = comparison(&lab, 0);
    assert_eq!(comparison.variants, ["queued", "direct"]);
    let counts = |id| row(&comparison, id).values.clone();
    assert_eq!(counts("offered"), [Some(Value::Count(600)); 2]);
    assert!(row(&comparison, "offered").is_equal());
    assert_eq!(counts("overloaded"), [Some(Value::Count(0)), Some(Value::Count(1))]);
    let died = SimTime::from_nanos(333_333_333);
    assert_eq!(counts("died_at"), [Some(Value::Never), Some(Value::Time(died))]);
    let names: Vec<&str> = comparison.groups.iter().map(|group| group.name.as_str()).collect();
    assert_eq!(
        names,
        [
            "The whole run",
            "orders / handler",
            "writer",
            "handler",
            "mysql",
            "rabbitmq"
        ]
    );
}

#[test]
fn the_peak_is_exact_also_between_two_samples() {
    let text = r#"
        title = "t"
        until = "10h"
        broker.rabbitmq.queue.orders = {}
        service.writer = { workers = 1, consume = { queue = "orders", prefetch = 1 }, steps = [{ work = "1ms" }, "ack"] }
        load.users = { to = "orders", burst = [["01:00:07", 500]] }
    "#;
    let (scenario, found) = mqlab_scenario::parse(text);
    let mut lab = Lab::new(scenario.unwrap_or_else(|| panic!("{found:#?}")));
    lab.advance(SimTime::MAX, u64::MAX, |_| false);
    let comparison = comparison(&lab, 0);
    let value = |id| row(&comparison, id).values[0];
    assert_eq!(value("peak_backlog"), Some(Value::Count(499)), "one is begun at once");
    assert_eq!(
        value("peak_backlog_at"),
        Some(Value::Time(SimTime::ZERO + SimSpan::from_secs(3607)))
    );
}

#[test]
fn a_difference_says_whether_it_is_good() {
    let lab = lab();
    let comparison = comparison(&lab, 1);
    let judged = |id| {
        let found = row(&comparison, id).differences(1, Language::English);
        found[0].as_ref().map(|found| (found.judgement, found.text.clone()))
    };
    let (judgement, text) = judged("overloaded").expect("a difference");
    assert_eq!(
        (judgement, text.as_str()),
        (Judgement::Better, "\u{2212}1 (\u{2212}100 %)")
    );
    assert_eq!(judged("offered"), Some((Judgement::Same, String::new())));
    assert_eq!(
        judged("died_at"),
        Some((Judgement::Better, String::new())),
        "it never dies"
    );
    assert_eq!(row(&comparison, "offered").differences(1, Language::English)[1], None);
    // A hidden variant is no measure.
    let mut lab = lab;
    lab.lanes[1].is_hidden = true;
    assert_eq!(
        Comparison::new(
            &Asked {
                lab: &lab,
                selection: None,
                percentiles: &[],
                language: Language::English
            },
            1
        )
        .base,
        0
    );
}

#[test]
fn differences_are_signed_and_in_their_unit() {
    let between = |from, to, sense| Difference::between(from, to, sense, Language::English);
    let span = |millis| Value::Span(SimSpan::from_millis(millis));
    let found = between(span(100), span(150), Sense::Less);
    assert_eq!(
        (found.text.as_str(), found.judgement),
        ("+50 ms (+50 %)", Judgement::Worse)
    );
    assert_eq!((found.absolute, found.relative), (Some(50e6), Some(0.5)));
    let found = between(Value::Ratio(0.5), Value::Ratio(0.25), Sense::Neither);
    assert_eq!(
        (found.text.as_str(), found.judgement),
        ("\u{2212}25 points", Judgement::Other)
    );
    let found = between(Value::Count(0), Value::Count(3), Sense::Less);
    assert_eq!((found.text.as_str(), found.relative), ("+3", None));
    let never = between(Value::Time(SimTime::ZERO), Value::Never, Sense::Less);
    assert_eq!(never.judgement, Judgement::Worse, "what never drains is worse");
}

#[test]
fn bars_of_a_row_have_one_scale() {
    let row = Row {
        name: String::new(),
        id: String::new(),
        sense: Sense::Less,
        values: vec![Some(Value::Count(5)), Some(Value::Count(10)), Some(Value::Never), None],
    };
    assert_eq!(row.shares(), [Some(0.5), Some(1.0), None, None]);
}

#[test]
fn expectations_are_compared_as_well() {
    let lab = lab();
    let comparison = comparison(&lab, 0);
    assert_eq!(comparison.promises.len(), 1);
    assert!(matches!(comparison.promises[0].states[0], Some(State::Held { .. })));
    assert!(matches!(comparison.promises[0].states[1], Some(State::Failed { .. })));
    assert!(!comparison.promises[0].is_equal());
}

#[test]
fn the_file_has_exact_values() {
    let lab = lab();
    let text = file(&comparison(&lab, 0));
    let line = |start: &str| text.lines().find(|line| line.starts_with(start)).map(str::to_owned);
    assert!(text.starts_with("about,metric,unit,value [queued],value [direct],difference [direct - queued],"));
    let whole = line("The whole run,offered");
    assert_eq!(whole.as_deref(), Some("The whole run,offered,,600,600,0,0,same"));
    let died = line("mysql,died_at");
    assert_eq!(died.as_deref(), Some("mysql,died_at,s,never,0.333333333,,,worse"));
    let expectation = line("expectation");
    assert_eq!(
        expectation.as_deref(),
        Some("expectation,overloaded() == 0,at the end,holds,fails,,,")
    );
}
