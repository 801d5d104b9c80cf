//! Tests of `lesson`.

use super::*;

const SCENARIO: &str = r#"
title = "t"
until = "10s"
[broker.rabbitmq]
queue.orders = {}
[service.writer]
consume = { queue = "orders", prefetch = 1 }
steps = [{ work = "1s" }, "ack"]
[load.users]
to = "orders"
burst = [["0s", 3]]
[variant.one]
[variant.two]
service.writer.workers = 2
[[expect]]
variant = "one"
at = "1s"
that = "settled(orders) == 1"
"#;

fn texts(key: &str) -> String {
    format!("{key}.en = \"a\"\n{key}.zh-Hans = \"甲\"\n{key}.zh-Hant = \"乙\"\n")
}

/// A lesson with these keys in its three parts.
fn lesson(watch: &str, predict: &str, tried: &str) -> String {
    [
        "concept = \"c\"\n".to_owned(),
        ["title", "sentence", "about"].map(texts).concat(),
        format!("[[watch]]\n{}{watch}\n", texts("text")),
        format!("[[predict]]\n{}{}{predict}\n", texts("question"), texts("because")),
        format!("[[try]]\n{}{tried}\n", texts("text")),
    ]
    .concat()
}

const WATCH: &str = "variant = \"one\"\nthat = \"settled(orders) == 3\"";
const PREDICT: &str = "variant = \"one\"\nkind = \"span\"\nanswer = \"wait_max(orders)\"";

fn codes(text: &str) -> Vec<&'static str> {
    let (_, found) = Lesson::parse(text);
    found.iter().map(|one| one.code).collect()
}

fn misfits(watch: &str, predict: &str, tried: &str) -> Vec<&'static str> {
    let (lesson, found) = Lesson::parse(&lesson(watch, predict, tried));
    let lesson = lesson.unwrap_or_else(|| panic!("{found:#?}"));
    let (scenario, found) = crate::parse(SCENARIO);
    let scenario = scenario.unwrap_or_else(|| panic!("{found:#?}"));
    let misfits = lesson.misfits(&scenario);
    misfits.iter().map(|one| one.code).collect()
}

#[test]
fn a_whole_lesson_is_read() {
    let wrong = format!("wrong = [{{ value = \"3s\", {} }}]", {
        "overlooks = { en = \"a\", zh-Hans = \"甲\", zh-Hant = \"乙\" }"
    });
    let text = lesson(
        WATCH,
        &format!("{PREDICT}\ntolerance = \"1%\"\n{wrong}"),
        "set = \"service.writer.workers = 2\"\nvariant = \"one\"\nshows = \"wait_max(orders) == 1s\"",
    );
    let (read, found) = Lesson::parse(&text);
    let read = read.unwrap_or_else(|| panic!("{found:#?}"));
    assert_eq!(read.title.0, ["a", "甲", "乙"]);
    assert_eq!(read.predictions[0].wrong.len(), 1);
    assert_eq!(
        read.tries[0].how,
        Some(How::Set {
            path: "service.writer.workers".to_owned(),
            value: "2".to_owned()
        })
    );
    assert!(misfits(WATCH, PREDICT, "").is_empty());
}

#[test]
fn a_missing_language_is_named() {
    let whole = lesson(WATCH, PREDICT, "");
    let without = whole.replacen("title.zh-Hant = \"乙\"\n", "", 1);
    let (_, found) = Lesson::parse(&without);
    assert_eq!(found[0].message.to_string(), "a text needs a `zh-Hant`");
    assert_eq!(codes(&whole.replacen("\"甲\"", "\" \"", 1)), ["empty-text"]);
}

#[test]
fn mistakes_are_found() {
    for (watch, predict, tried, code) in [
        ("that = \"settled(orders)\"", PREDICT, "", "bad-expectation"),
        (WATCH, "kind = \"span\"\nanswer = \"rows(t)\"", "", "bad-value"),
        (WATCH, "kind = \"length\"\nanswer = \"rows(t)\"", "", "bad-value"),
        (WATCH, "kind = \"count\"\nanswer = \"rwos(t)\"", "", "bad-expectation"),
        (WATCH, PREDICT, "open = \"a\"\nadd = \"b\"", "one-of"),
        (WATCH, PREDICT, "set = \"workers\"", "bad-value"),
        (WATCH, PREDICT, "opens = \"a\"", "unknown-key"),
    ] {
        let found = codes(&lesson(watch, predict, tried));
        assert_eq!(found.first(), Some(&code), "{watch} {predict} {tried}: {found:?}");
    }
    assert_eq!(codes("concept = ["), ["toml"]);
    assert!(codes("").contains(&"missing-key"));
}

#[test]
fn what_does_not_fit_the_scenario_is_found() {
    let drained = "variant = \"one\"\nkind = \"clock\"\nanswer = \"drained(orders)\"";
    for (watch, predict, code) in [
        (
            "variant = \"three\"\nthat = \"settled(orders) == 3\"",
            PREDICT,
            "unknown-variant",
        ),
        ("that = \"settled(orders) == 3\"", PREDICT, "unknown-variant"),
        (
            "variant = \"one\"\nthat = \"rows(orders) == 3\"",
            PREDICT,
            "unknown-name",
        ),
        (WATCH, drained, "not-expected"),
        (
            "variant = \"one\"\nat = \"2s\"\nthat = \"settled(orders) == 1\"",
            PREDICT,
            "not-expected",
        ),
    ] {
        assert_eq!(misfits(watch, predict, ""), [code], "{watch} {predict}");
    }
    let at = "variant = \"one\"\nat = \"1s\"\nthat = \"settled(orders) == 1\"";
    assert!(misfits(at, PREDICT, "").is_empty());
}
