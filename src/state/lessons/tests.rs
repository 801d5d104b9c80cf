//! The lessons' texts, and what the engine says to them.

use super::*;
use crate::state::gallery::CONCEPTS;
use crate::state::scenarios::{self, SCENARIOS};
use crate::state::texts::is_a_name;
use mqlab_kernel::SimTime;
use mqlab_scenario::{How, Prediction, Try, parse};

fn all() -> impl Iterator<Item = (&'static str, &'static Lesson)> {
    let named = |entry: &Entry| {
        let lesson = lesson(entry.stem).unwrap_or_else(|| panic!("{} has no lesson that can be read", entry.stem));
        (entry.stem, lesson)
    };
    SCENARIOS.iter().map(named)
}

fn scenario(stem: &str) -> Scenario {
    let position = scenarios::position(stem).unwrap_or_else(|| panic!("there is no scenario {stem}"));
    let (scenario, found) = parse(SCENARIOS[position].text());
    scenario.unwrap_or_else(|| panic!("{stem}: {found:#?}"))
}

/// Every text of a lesson with a word that says which.
fn texts(lesson: &Lesson) -> Vec<(&'static str, &Texts)> {
    let mut texts = vec![
        ("title", &lesson.title),
        ("sentence", &lesson.sentence),
        ("about", &lesson.about),
    ];
    texts.extend(lesson.watch.iter().map(|one| ("watch", &one.text)));
    for prediction in &lesson.predictions {
        texts.extend([("question", &prediction.question), ("because", &prediction.because)]);
        texts.extend(prediction.wrong.iter().map(|wrong| ("overlooks", &wrong.overlooks)));
    }
    texts.extend(lesson.tries.iter().map(|one| ("try", &one.text)));
    texts
}

#[test]
fn every_scenario_has_a_lesson_and_every_lesson_a_scenario() {
    for entry in SCENARIOS {
        let found = LESSONS.iter().find(|lesson| lesson.stem == entry.stem);
        let text = found.unwrap_or_else(|| panic!("there is no scenarios/lessons/{}.toml", entry.stem));
        let (_, findings) = Lesson::parse(text.text);
        let findings: Vec<String> = findings
            .iter()
            .map(|one| format!("line {}: {}", one.position(text.text).line, one.message))
            .collect();
        assert!(findings.is_empty(), "{}: {findings:#?}", entry.stem);
    }
    for entry in LESSONS {
        let known = scenarios::position(entry.stem);
        assert!(known.is_some(), "there is no scenario for the lesson {}", entry.stem);
    }
}

#[test]
fn lessons_fit_their_scenarios() {
    for (stem, lesson) in all() {
        let misfits = lesson.misfits(&scenario(stem));
        assert!(misfits.is_empty(), "{stem}: {misfits:#?}");
        let is_known = CONCEPTS.iter().any(|concept| concept.name == lesson.concept);
        assert!(is_known, "{stem}: there is no group {}", lesson.concept);
    }
}

#[test]
fn texts_are_translated() {
    let is_chinese = |text: &str| text.chars().any(|letter| ('\u{4e00}'..='\u{9fff}').contains(&letter));
    for (stem, lesson) in all() {
        for (what, Texts([english, simplified, traditional])) in texts(lesson) {
            for chinese in [simplified, traditional] {
                let fine = is_a_name(english) || (chinese != english && is_chinese(chinese));
                assert!(fine, "{stem}, {what}: {chinese}");
            }
            assert!(!is_chinese(english), "{stem}, {what}: {english}");
        }
    }
}

#[test]
fn texts_are_short_and_whole() {
    let ends = |text: &str| {
        let whole = format!("{} ", text.trim());
        let marks = ["。", "？", "！", ". ", "? ", "! "];
        marks.iter().map(|mark| whole.matches(mark).count()).sum::<usize>()
    };
    for (stem, lesson) in all() {
        for text in &lesson.about.0 {
            assert!(
                (2..=4).contains(&ends(text)),
                "{stem}: {} sentences: {text}",
                ends(text)
            );
        }
        for text in &lesson.sentence.0 {
            assert_eq!(ends(text), 1, "{stem}: {text}");
        }
        for Texts(texts) in lesson.predictions.iter().map(|prediction| &prediction.because) {
            for text in texts {
                assert_eq!(text.matches("{}").count(), 1, "{stem}: {text}");
            }
        }
        for (what, Texts(texts)) in texts(lesson) {
            for text in texts {
                assert!(text.chars().count() <= 480, "{stem}, {what}: {text}");
                assert!(!text.contains('\n') || what == "about", "{stem}, {what}: {text}");
            }
        }
    }
}

/// Answers that reasoning gives, by scenario and prediction.
const REASONED: &[(&str, usize, &str)] = &[
    ("sync-or-async", 0, "458 ms"),
    ("sync-or-async-2", 0, "20 ms"),
    ("sync-or-async-2", 1, "310 ms"),
    ("queue-keeps-for-later", 0, "500"),
    ("queue-keeps-for-later", 1, "59 s"),
    ("crash-before-ack", 0, "9"),
    ("crash-before-ack", 1, "10"),
    ("crash-before-ack", 2, "3"),
    ("five-in-two-out", 0, "33,000"),
    ("peak-shaving-day", 0, "14:32:18"),
    ("peak-shaving-day", 0, "5538 s"),
    ("peak-shaving-day", 1, "5400 s"),
    ("mm1", 0, "9"),
    ("mm1", 1, "1"),
    ("mm10", 0, "0.6687"),
    ("mm10", 1, "0.9"),
    ("faults-at-random", 0, "0"),
    ("one-sync-for-a-hundred", 0, "20,000"),
    ("one-sync-for-a-hundred", 1, "0"),
    ("one-second-each", 0, "200"),
    ("one-second-each", 1, "100"),
    ("flash-sale-threshold", 0, "1000"),
    ("at-its-own-pace", 0, "00:01:15"),
    ("mail-workers", 0, "10"),
    ("many-at-once", 0, "7"),
    ("order-within-a-consumer", 0, "0"),
    ("two-phase-commit", 0, "10 s"),
    ("once-only", 0, "2"),
    ("outbox", 0, "90 s"),
    ("outbox", 1, "2"),
    ("dual-write", 0, "0"),
    ("dual-write", 1, "60 s"),
    ("retry-or-undo", 0, "0"),
    ("one-of-three-fails", 0, "3358 ms"),
    ("how-long-locked", 0, "90 ms"),
    ("lock-by-two-clocks", 0, "40"),
    ("lock-by-two-clocks", 1, "0"),
    ("timer-two-machines", 0, "20"),
    ("timer-two-machines", 1, "11"),
    ("publisher-window", 0, "30,000"),
    ("decoupling", 0, "00:03:00"),
    ("decoupling", 1, "4"),
    ("observers", 0, "265 ms"),
    ("held-until-confirmed", 0, "5"),
    ("the-price", 0, "0"),
    ("ten-million-behind", 0, "01:12:14"),
    ("ttl-at-the-head", 0, "00:01:00"),
    ("twenty-one-deliveries", 0, "21"),
    ("queue-or-topic", 0, "60"),
    ("partitions-and-order", 0, "0"),
    ("spread-by-key", 0, "13,387"),
    ("groups-on-a-topic", 0, "25"),
    ("one-partition-one-owner", 0, "0"),
    ("acks-and-replicas", 0, "20"),
    ("gone-for-long", 0, "288"),
    ("high-watermark", 0, "9"),
    ("nearest-replica", 0, "100"),
    ("latest-per-key", 0, "5"),
    ("what-lies-on-disk", 0, "9"),
    ("spread-over-brokers", 0, "0"),
    ("controller-away", 0, "3"),
    ("kept-for-how-long", 0, "303"),
    ("in-and-out-at-once", 0, "50,000"),
    ("created-at-the-shell", 0, "3"),
    ("four-switches", 0, "501"),
    ("all-or-nothing", 0, "501"),
    ("who-commits", 0, "0"),
    ("batches-and-lingering", 0, "200"),
    ("threads-in-a-consumer", 0, "0"),
    ("read-it-again", 0, "2000"),
    ("retries-and-order", 0, "0"),
    ("counts-by-window", 0, "2000"),
    ("how-far-behind", 0, "800"),
    ("memory-or-disk", 0, "10,000"),
    ("which-queues-match", 0, "10"),
    ("which-queues-match", 1, "50"),
    ("by-headers", 0, "30"),
    ("nowhere-to-go", 0, "30"),
    ("unpaid-thirty-minutes", 0, "0"),
    ("delay-levels", 0, "00:00:30"),
    ("delay-levels", 1, "3"),
    ("poison-to-dead-letter", 0, "3"),
    ("back-to-its-place", 0, "110 ms"),
    ("store-is-full", 0, "300"),
    ("which-policy-applies", 0, "151"),
    ("backlog-outlives-its-time", 0, "1800"),
    ("who-finishes-first", 0, "1"),
    ("prefetch-window", 0, "3200"),
    ("asking-in-vain", 0, "3"),
    ("push-pull-longpoll", 0, "0"),
    ("what-survives-a-restart", 0, "95"),
    ("what-survives-a-restart", 1, "11"),
    ("killed-and-back", 0, "18"),
    ("memory-watermark", 0, "00:01:00"),
    ("each-its-own-delay", 0, "00:00:11"),
    ("each-its-own-delay", 1, "00:00:30"),
    ("one-queue-one-process", 0, "10000"),
    ("four-ways-to-keep-a-queue", 0, "2000"),
    ("price-of-mirrors", 0, "500"),
    ("read-and-written-at-once", 0, "3000"),
    ("four-copies-or-two", 0, "4000"),
    ("where-the-disk-is", 0, "0"),
];

/// Every run of every lesson, once: what is watched is false at the start and
/// true at the end; the engine's own answer is the one that reasoning gives,
/// and the wrong ones are wrong.
#[test]
fn the_engine_shows_and_answers_what_the_lessons_say() {
    for (stem, lesson) in all() {
        let scenario = scenario(stem);
        for variant in 0..scenario.variants.len() {
            let of_this = |name: &Option<String>| variant_of(&scenario, name.as_deref()) == Some(variant);
            let watch: Vec<&Watch> = lesson.watch.iter().filter(|one| of_this(&one.variant)).collect();
            let asked = lesson.predictions.iter().enumerate();
            let asked: Vec<(usize, &Prediction)> = asked.filter(|(_, one)| of_this(&one.variant)).collect();
            if watch.is_empty() && asked.is_empty() {
                continue;
            }
            let mut runner = Runner::new(&scenario, variant);
            follow(stem, &scenario, &mut runner, &watch);
            for (index, prediction) in asked {
                let actual = found(prediction, &scenario, &runner).expect("it is over");
                judge((stem, index), prediction, actual);
            }
        }
    }
}

fn judge((stem, index): (&str, usize), prediction: &Prediction, actual: Value) {
    let what = format!("{stem}: {} is {actual}", prediction.written);
    let reasoned = REASONED.iter().filter(|(name, at, _)| (*name, *at) == (stem, index));
    let answers: Vec<&str> = reasoned.map(|(_, _, answer)| *answer).collect();
    assert!(
        !answers.is_empty(),
        "{what}: what does reasoning say? Add it to the list."
    );
    for answer in answers {
        let guess = read(answer, prediction).unwrap_or_else(|why| panic!("{stem}: {answer}: {why:?}"));
        assert_eq!(grade(prediction, actual, guess), Grade::Right, "{what}, not {answer}");
    }
    for wrong in &prediction.wrong {
        let graded = grade(prediction, actual, wrong.value.value);
        assert_eq!(graded, Grade::Known(wrong), "{what}");
    }
}

/// Runs to the end in pieces: what has been seen stays seen.
fn follow(stem: &str, scenario: &Scenario, runner: &mut Runner, watch: &[&Watch]) {
    let seen = |runner: &Runner| -> Vec<bool> {
        let seen = watch.iter().map(|one| is_seen(one, scenario, runner));
        seen.collect()
    };
    assert!(lesson(stem).is_none_or(|lesson| {
        lesson
            .predictions
            .iter()
            .all(|one| found(one, scenario, runner).is_none())
    }));
    let mut before = seen(runner);
    for (one, seen) in watch.iter().zip(&before) {
        assert!(!seen, "{stem}: {} holds before anything has happened", one.written);
    }
    while !runner.is_over() {
        runner.advance(SimTime::MAX, 2_000_000);
        let now = seen(runner);
        for ((one, before), now) in watch.iter().zip(&before).zip(&now) {
            assert!(!before || *now, "{stem}: {} is taken back", one.written);
        }
        before = now;
    }
    for (one, seen) in watch.iter().zip(before) {
        assert!(seen, "{stem}: {} is never seen", one.written);
    }
}

#[test]
fn what_is_to_be_tried_can_be_done_and_shows_what_is_said() {
    for (stem, lesson) in all() {
        for one in &lesson.tries {
            let Some(tried) = scenario_tried(stem, one) else {
                continue;
            };
            let Some(shows) = &one.shows else { continue };
            let variant = variant_of(&tried, one.variant.as_deref()).expect("a variant");
            let mut runner = Runner::new(&tried, variant);
            runner.finish();
            let metric = shows
                .metric
                .resolve(&tried.variants[variant].plan, runner.world().places());
            let actual = runner.world().metric(&metric.expect("it can be measured"));
            assert!(
                shows.holds(actual),
                "{stem}: {}: it is {actual}",
                said(&one.text, Language::English)
            );
        }
    }
}

/// The scenario after a try; `None` if that opens another one.
fn scenario_tried(stem: &str, one: &Try) -> Option<Scenario> {
    let text = SCENARIOS[scenarios::position(stem)?].text();
    let how = match &one.how {
        None => return Some(scenario(stem)),
        Some(How::Open(other)) => {
            assert!(
                scenarios::position(other).is_some(),
                "{stem}: there is no scenario {other}"
            );
            assert_ne!(other, stem);
            return None;
        }
        Some(how) => how,
    };
    let changed = tried(text, how).unwrap_or_else(|| panic!("{stem}: {how:?} cannot be done"));
    assert_ne!(changed, text, "{stem}: {how:?} changes nothing");
    assert_eq!(
        tried(&changed, how).as_deref(),
        Some(&*changed),
        "{stem}: {how:?} done twice"
    );
    let (scenario, found) = parse(&changed);
    Some(scenario.unwrap_or_else(|| panic!("{stem}: {found:#?}")))
}

fn typed(stem: &str, index: usize, text: &str) -> Result<String, Unreadable> {
    let prediction = &lesson(stem).expect("a lesson").predictions[index];
    read(text, prediction).map(|value| value.to_string())
}

fn all_mean(stem: &str, index: usize, meaning: &str, texts: &[&str]) {
    for text in texts {
        assert_eq!(typed(stem, index, text).as_deref(), Ok(meaning), "{text}");
    }
}

#[test]
fn answers_are_read_as_people_write_them() {
    all_mean(
        "five-in-two-out",
        0,
        "10800000",
        &[
            "10,800,000",
            "10800000",
            " 10 800 000 ",
            "10.8 million",
            "10.8m messages",
            "1080万",
            "1,080 萬則",
            "１０，８００，０００",
            "约1080万条",
            "10800k",
            "10,800,000 messages.",
        ],
    );
    all_mean(
        "peak-shaving-day",
        0,
        "14:32:18",
        &[
            "14:32:18",
            "14：32：18",
            "2:32:18 pm",
            "14点32分18秒",
            "14點32分18秒",
            "14時32分18秒",
            "下午2:32:18",
            "下午2点32分18秒",
            "about 14:32:18",
            // Counted from the end of the rush.
            "5538 s",
            "1 h 32 min 18 s",
            "1小时32分18秒",
            "92 min 18 sec",
            "92分18秒",
        ],
    );
    all_mean(
        "peak-shaving-day",
        0,
        "14:30:00",
        &[
            "14:30",
            "2:30 PM",
            "14点半",
            "14點30",
            "90 min",
            "1.5h",
            "1.5 小時",
            "下午2点半",
        ],
    );
    all_mean(
        "peak-shaving-day",
        0,
        "never",
        &["never", "Never.", "永不", "從不", "不会"],
    );
    all_mean(
        "peak-shaving-day",
        1,
        "1h30m",
        &[
            "5400 s",
            "5,400s",
            "90 min",
            "90 minutes",
            "1.5 h",
            "1h30m",
            "1 hour and 30 minutes",
            "90分钟",
            "90 分鐘",
            "1小时30分",
            "1.5個小時",
            "5400秒",
            "1:30:00",
            "~1.5 h",
            "大约90分钟左右",
        ],
    );
    all_mean(
        "sync-or-async",
        0,
        "458ms",
        &[
            "458",
            "458 ms",
            "458毫秒",
            "0.458 s",
            "0.458秒",
            "458000 us",
            "458000 \u{b5}s",
            "458,000 微秒",
        ],
    );
}

#[test]
fn unreadable_answers_get_a_hint() {
    use Unreadable::{Clock, Count, Empty, Span, Unit};
    for (stem, index, text, hint) in [
        ("five-in-two-out", 0, "", Empty),
        ("five-in-two-out", 0, " \u{3000} ", Empty),
        ("five-in-two-out", 0, "many", Count),
        ("five-in-two-out", 0, "10 s", Count),
        ("five-in-two-out", 0, "1.5", Count),
        ("five-in-two-out", 0, "-3", Count),
        ("five-in-two-out", 0, "1,5", Count),
        ("five-in-two-out", 0, "99999999999999999999999", Count),
        ("five-in-two-out", 0, "9000000000000000 million", Count),
        ("five-in-two-out", 0, "<b>9</b>", Count),
        ("peak-shaving-day", 1, "5400", Unit),
        ("peak-shaving-day", 1, "five hours", Span),
        ("peak-shaving-day", 1, "5 months", Span),
        ("peak-shaving-day", 1, "9999999999 d", Span),
        ("peak-shaving-day", 0, "14", Clock),
        ("peak-shaving-day", 0, "25 pm", Clock),
        ("peak-shaving-day", 0, "14:60", Clock),
        ("peak-shaving-day", 0, "14点99分", Clock),
        ("peak-shaving-day", 0, "tea time", Clock),
    ] {
        assert_eq!(typed(stem, index, text), Err(hint), "{text}");
    }
    let endless = "1".repeat(100_000);
    assert_eq!(typed("five-in-two-out", 0, &endless), Err(Count));
}

#[test]
fn answers_are_told_in_the_readers_language() {
    let told = |stem: &str, index: usize, value: Value, language| {
        because(&lesson(stem).expect("a lesson").predictions[index], value, language)
    };
    let drained = Value::Time(SimTime::parse_clock("14:32:18.462").expect("a time"));
    assert!(told("peak-shaving-day", 0, drained, Language::English).ends_with("until 14:32:18."));
    assert!(told("peak-shaving-day", 0, drained, Language::Simplified).contains("要到 14:32:18 才清空"));
    let wait = Value::Span(mqlab_kernel::SimSpan::from_secs(5_400));
    assert!(told("peak-shaving-day", 1, wait, Language::Traditional).contains("1.5 小時"));
    let written = Value::Span(mqlab_kernel::SimSpan::from_millis(458));
    assert!(told("sync-or-async", 0, written, Language::Simplified).contains("458 毫秒"));
}

#[test]
fn the_head_of_a_lesson_is_what_the_lesson_says() {
    for entry in LESSONS {
        let lesson = lesson(entry.stem).expect("it is read");
        let head = head(entry.stem).expect("every lesson has one");
        assert_eq!(head.concept, lesson.concept, "{}", entry.stem);
        for language in Language::ALL {
            assert_eq!(head.title(language), said(&lesson.title, language), "{}", entry.stem);
            assert_eq!(
                head.sentence(language),
                said(&lesson.sentence, language),
                "{}",
                entry.stem
            );
        }
    }
}
