use super::*;
use crate::state::pacing::Speed;
use crate::state::scenarios::SCENARIOS;
use crate::state::session::Theme;
use crate::state::snapshot::Selected;
use crate::state::texts::Language;
use mqlab_kernel::SimTime;
use proptest::prelude::*;

fn full() -> Snapshot {
    Snapshot {
        script: "title = \"Ein <b>Äpfel</b> 队列\"\n\tx = '&#1.'\r\n".into(),
        origin: Some("mm1".into()),
        seed: Some((1 << 53) - 1),
        at: SimTime::MAX,
        is_playing: true,
        selection: Some(Selected {
            variant: "with-queue".into(),
            thing: "orders".into(),
        }),
        language: Some(Language::Traditional),
        acts: vec!["[[at]]\ntime = \"1s\"\ncrash = \"writer\"".into(), "[[at]]".into()],
        hidden: vec!["without-queue".into()],
        speed: Some(Speed::Factor(0.001)),
        panel: Some("script".into()),
    }
}

fn codes(found: &[Finding]) -> Vec<&'static str> {
    found.iter().map(Finding::code).collect()
}

/// A link whose envelope is right, around any fields.
fn link_of(content: &[u8]) -> String {
    let packed = packing::pack(content);
    let mut bytes = checksum::checksum(&packed).to_be_bytes().to_vec();
    bytes.extend(fields::number(packed.len() as u64));
    bytes.extend(packed);
    format!("#1.{}", base64url::encode(&bytes))
}

fn one(number: u64, body: &[u8]) -> Vec<u8> {
    [&fields::number(number)[..], &fields::number(body.len() as u64), body].concat()
}

#[test]
fn everything_comes_back() {
    let flags = Flags {
        is_embedded: true,
        theme: Some(Theme::Dark),
        at: Some(SimTime::ZERO),
        ..Flags::default()
    };
    for (snapshot, flags) in [
        (full(), Flags::default()),
        (Snapshot::of_gallery("mm1", ""), flags.clone()),
        (
            Snapshot {
                speed: Some(Speed::Max),
                ..full()
            },
            flags,
        ),
    ] {
        let link = Link {
            snapshot: Some(snapshot),
            flags,
        };
        let text = write(&link).expect("it is short");
        assert_eq!(read(&text), (link.clone(), vec![]));
        assert_eq!(read(&format!("#{text}")), (link, vec![]));
    }
}

#[test]
fn every_scenario_of_the_gallery_fits_where_people_chat() {
    for entry in SCENARIOS {
        let text = write_snapshot(&Snapshot::of_gallery(entry.stem, entry.text()), Carrier::Link).expect("it fits");
        println!(
            "{}: {} bytes are {} characters",
            entry.stem,
            entry.text().len(),
            text.len()
        );
        assert!(text.len() <= LINK_CHARS_SAFE, "{}: {}", entry.stem, text.len());
    }
}

#[test]
fn no_link_is_no_finding() {
    for none in ["", "#"] {
        assert_eq!(read(none), (Link::default(), vec![]));
    }
}

#[test]
fn what_is_too_long_for_a_link_is_stored_all_the_same() {
    let mut state = 1u64;
    let noise = std::iter::repeat_with(|| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        char::from(b'a' + (state >> 33) as u8 % 26)
    });
    let snapshot = Snapshot {
        script: noise.take(12_000).collect(),
        ..full()
    };
    let found = write_snapshot(&snapshot, Carrier::Link).expect_err("it is too long");
    assert!(matches!(found[..], [Finding::TooLong(8_001..20_000)]), "{found:?}");
    let stored = write_snapshot(&snapshot, Carrier::Storage).expect("storage is larger");
    assert_eq!(read_snapshot(&stored, Carrier::Storage), Ok(snapshot));
    assert_eq!(codes(&read(&stored).1), ["too-long"]);
}

#[test]
fn what_somebody_typed_is_stored_whatever_it_is() {
    let snapshot = Snapshot {
        script: "title = \"\u{0}\u{7}\"".into(),
        ..full()
    };
    let stored = write_snapshot(&snapshot, Carrier::Storage).expect("it is somebody's work");
    assert_eq!(read_snapshot(&stored, Carrier::Storage), Ok(snapshot.clone()));
    let found = write_snapshot(&snapshot, Carrier::Link).expect_err("nobody should open that");
    assert_eq!(found, [Finding::ControlCharacter(Field::Script)]);
    assert_eq!(codes(&read(&stored).1), ["control-character"]);
}

#[test]
fn a_link_that_was_damaged_on_its_way_says_how() {
    let text = write_snapshot(&full(), Carrier::Link).expect("it is short");
    let cut = &text[..text.len() - 5];
    let mut changed = text.clone();
    changed.replace_range(30..31, if &text[30..31] == "A" { "B" } else { "A" });
    for (link, code) in [
        (cut, vec!["cut-short"]),
        ("1.", vec!["cut-short"]),
        ("1.AAAA", vec!["cut-short"]),
        (&format!("{text}AAAA"), vec!["continued"]),
        (&changed, vec!["changed"]),
        (&format!("2{}", &text[1..]), vec!["unknown-version"]),
        (&format!("{}%20", text), vec!["foreign-character"]),
        (&text.replace('.', ". ").replace('Q', "\n"), vec![]),
        (&format!("{cut}&paused=yes&embed"), vec!["cut-short", "needless-value"]),
        (&format!("{text}&scenario=mm1"), vec!["scenario-besides-script"]),
        ("gallery", vec!["unknown-flag"]),
        ("v1.AAAA", vec!["unknown-version"]),
    ] {
        let (read, found) = read(link);
        let found = codes(&found);
        if code.is_empty() {
            assert!(
                !found.is_empty() && found.iter().all(|code| *code == "foreign-character"),
                "{found:?}"
            );
        } else {
            assert_eq!(found, code, "{link}");
        }
        assert_eq!(read.snapshot.is_some(), code == ["scenario-besides-script"], "{link}");
    }
}

#[test]
fn every_field_is_looked_at() {
    let script = one(1, b"x = 1");
    let with = |more: &[u8]| codes(&read(&link_of(&[&script, more].concat())).1);
    assert!(with(&[]).is_empty());
    for (number, body, code) in [
        (1, &b"again"[..], "repeated-field"),
        (2, b"", "malformed"),
        (2, b"a\nb", "control-character"),
        (2, &[b'x'; 513], "field-too-long"),
        (2, b"\xc3", "not-utf8"),
        (3, &[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x10], "out-of-range"),
        (3, &[0x80, 0x00], "malformed"),
        (3, &[0xff; 12], "malformed"),
        (3, &[1, 1], "malformed"),
        (3, &[], "malformed"),
        (4, &[0], "out-of-range"),
        (4, &[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f], "out-of-range"),
        (5, &[1, b'a'], "malformed"),
        (5, &[1, b'a', 1, b'b', 1, b'c'], "too-many"),
        (5, &[1, b'a', 2, b'b'], "malformed"),
        (5, &[1, b'a', 0], "malformed"),
        (5, &[1, b'a', 1, 7], "control-character"),
        (6, b"klingon", "unknown-name"),
        (6, b"EN", "unknown-name"),
        (7, &[1, 0], "control-character"),
        (7, &[], "malformed"),
        (7, &[1, b'x'].repeat(1_001), "too-many"),
        (8, &[1, b'v'].repeat(17), "too-many"),
        (9, &[0xff, 0xff, 0xff, 0xff, 0x7f], "out-of-range"),
        (10, b"\x7f", "control-character"),
        (11, b"1", "malformed"),
        (12, b"", "unknown-field"),
        (0, b"", "unknown-field"),
    ] {
        assert_eq!(with(&one(number, body)), [code], "field {number}: {body:?}");
    }
    assert_eq!(with(&[2]), ["content-cut"]);
    assert_eq!(with(&[2, 5, b'x']), ["content-cut"]);
    assert_eq!(codes(&read(&link_of(b"")).1), ["no-script"]);
    assert_eq!(codes(&read(&link_of(&one(1, b"\xff"))).1), ["not-utf8"]);
    assert_eq!(codes(&read(&link_of(&one(1, b"a\0b"))).1), ["control-character"]);
}

#[test]
fn all_that_is_wrong_is_listed_and_no_more_than_can_be_read() {
    let content = [one(6, b"klingon"), one(6, b"en"), one(3, b""), one(99, b"")].concat();
    let (link, found) = read(&format!("{}&x=1", link_of(&content)));
    let expected = [
        "unknown-name",
        "repeated-field",
        "malformed",
        "unknown-field",
        "no-script",
        "unknown-flag",
    ];
    assert_eq!(codes(&found), expected);
    assert_eq!(link.snapshot, None);
    let (_, found) = read(&"x&".repeat(1000));
    assert_eq!(
        (found.len(), found.last()),
        (FINDINGS_MAX + 1, Some(&Finding::More(1001 - FINDINGS_MAX)))
    );
}

#[test]
fn bombs_and_giants_are_refused() {
    let bomb = link_of(&one(1, &vec![b' '; 4 << 20]));
    assert!(bomb.len() < LINK_CHARS_MAX, "{}", bomb.len());
    assert_eq!(codes(&read(&bomb).1), ["too-large"]);
    let large = link_of(&one(1, &vec![b' '; (1 << 20) + 1]));
    assert_eq!(codes(&read(&large).1), ["field-too-long"]);
    let fits = link_of(&one(1, &vec![b' '; 1 << 20]));
    assert!(read(&fits).1.is_empty());
    assert_eq!(codes(&read(&"A".repeat(10_000_000)).1), ["too-long"]);
}

#[test]
fn every_finding_says_something_in_every_language() {
    let all = [
        Finding::TooLong(9000),
        Finding::UnknownVersion("9".into()),
        Finding::ForeignCharacter(' ', 12),
        Finding::CutShort,
        Finding::Continued,
        Finding::Changed,
        Finding::Broken,
        Finding::TooLarge,
        Finding::ContentCut,
        Finding::UnknownField(12),
        Finding::RepeatedField(Field::Seed),
        Finding::NoScript,
        Finding::NotUtf8(Field::Script),
        Finding::ControlCharacter(Field::Acts),
        Finding::OutOfRange(Field::At),
        Finding::Malformed(Field::Hidden),
        Finding::FieldTooLong(Field::Panel),
        Finding::TooMany(Field::Acts),
        Finding::UnknownName(Field::Language, "klingon".into()),
        Finding::UnknownFlag("sped".into()),
        Finding::RepeatedFlag(Flag::At),
        Finding::NoValue(Flag::Theme),
        Finding::NeedlessValue(Flag::Embed),
        Finding::BadValue(Flag::Scenario, "x".into()),
        Finding::EmptyFlag,
        Finding::BadPercent("%zz".into()),
        Finding::ScenarioBesidesScript,
        Finding::More(3),
    ];
    for language in Language::ALL {
        let texts: Vec<String> = all.iter().map(|finding| finding.text(language)).collect();
        for (index, text) in texts.iter().enumerate() {
            assert!(!text.contains("{}") && text.len() > 5, "{text}");
            assert!(!texts[..index].contains(text), "said twice: {text}");
        }
    }
    let all_flags = Finding::UnknownFlag("x".into()).text(Language::English);
    assert!(Flag::ALL.iter().all(|flag| all_flags.contains(flag.name())));
}

/// What a link says, a line for everything that it says; the script last.
fn described(link: &Link) -> String {
    let mut text = String::new();
    let mut line = |name: &str, value: Option<String>| {
        value
            .into_iter()
            .for_each(|value| text.push_str(&format!("{name}: {value}\n")));
    };
    let tag = |language: Option<Language>| language.map(|language| language.tag().to_owned());
    let number = |number: Option<u64>| number.map(|number| number.to_string());
    let yes = |is_so: bool| is_so.then(|| "yes".to_owned());
    let flags = &link.flags;
    line(
        "flag scenario",
        flags.scenario.map(|scenario| SCENARIOS[scenario].stem.to_owned()),
    );
    line("flag t", flags.at.map(|at| at.to_string()));
    line("flag seed", number(flags.seed));
    line("flag lang", tag(flags.language));
    line("flag theme", flags.theme.map(|theme| theme.name().to_owned()));
    line("flag paused", yes(flags.is_paused));
    line("flag embed", yes(flags.is_embedded));
    let Some(snapshot) = &link.snapshot else { return text };
    line("origin", snapshot.origin.clone());
    line("seed", number(snapshot.seed));
    line("at", Some(snapshot.at.to_string()));
    line("playing", yes(snapshot.is_playing));
    let selection = snapshot.selection.as_ref();
    line(
        "selection",
        selection.map(|selected| format!("{} / {}", selected.variant, selected.thing)),
    );
    line("language", tag(snapshot.language));
    snapshot
        .acts
        .iter()
        .for_each(|act| line("act", Some(format!("{act:?}"))));
    snapshot
        .hidden
        .iter()
        .for_each(|name| line("hidden", Some(name.clone())));
    line("speed", snapshot.speed.map(|speed| format!("{speed:?}")));
    line("panel", snapshot.panel.clone());
    text + "script:\n" + &snapshot.script
}

/// The links that version 1 ever wrote, with what they mean: the first line
/// of each file and the rest. New files may be added; none may ever change,
/// and the scenarios that they name stay in the gallery.
#[test]
fn old_links_stay_valid() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/links");
    let mut count = 0;
    for entry in std::fs::read_dir(folder).expect("the folder of the links") {
        let path = entry.expect("a file").path();
        let text = std::fs::read_to_string(&path).expect("a text");
        let (fragment, meaning) = text.split_once('\n').expect("a link on the first line");
        let (link, found) = read(fragment);
        assert_eq!(found, [], "{}", path.display());
        assert_eq!(described(&link), meaning, "{}", path.display());
        count += 1;
    }
    assert!(count >= 6, "only {count} links");
}

fn name() -> impl Strategy<Value = String> {
    "[a-zé<>&\"' 队-]{1,12}"
}

prop_compose! {
    fn any_snapshot()(
        script in "[ -~\n\té队\u{202e}]{0,300}",
        origin in proptest::option::of(name()),
        seed in proptest::option::of(0..=(1u64 << 53) - 1),
        nanos in 0..=SimTime::MAX.nanos(),
        is_playing: bool,
        names in proptest::option::of((name(), name())),
        language in proptest::option::of(0usize..3),
        acts in proptest::collection::vec("[ -~\n]{0,60}", 0..5),
        hidden in proptest::collection::vec(name(), 0..5),
        speed in proptest::option::of(0u64..4_000_000),
        panel in proptest::option::of("[a-z-]{1,20}"),
    ) -> Snapshot {
        Snapshot {
            script,
            origin,
            seed,
            at: SimTime::from_nanos(nanos),
            is_playing,
            selection: names.map(|(variant, thing)| Selected { variant, thing }),
            language: language.map(|index| Language::ALL[index]),
            acts,
            hidden,
            speed: speed.map(|factor| match factor {
                0 => Speed::Max,
                factor => Speed::Factor(factor as f64 / 1000.0),
            }),
            panel,
        }
    }
}

prop_compose! {
    fn any_flags()(
        is_embedded: bool,
        is_paused: bool,
        theme in proptest::option::of(0usize..3),
        language in proptest::option::of(0usize..3),
        nanos in proptest::option::of(0..=SimTime::MAX.nanos()),
        seed in proptest::option::of(0..=(1u64 << 53) - 1),
        selection in proptest::option::of(("[a-z0-9-]{1,8}", "[a-z/.-]{1,8}")),
    ) -> Flags {
        Flags {
            is_embedded,
            is_paused,
            theme: theme.map(|index| Theme::ALL[index]),
            language: language.map(|index| Language::ALL[index]),
            at: nanos.map(SimTime::from_nanos),
            scenario: None,
            seed,
            selection: selection.map(|(variant, thing)| Selected { variant, thing }),
        }
    }
}

proptest! {
    #[test]
    fn whatever_is_written_is_read(snapshot in any_snapshot(), flags in any_flags()) {
        let link = Link { snapshot: Some(snapshot), flags };
        let text = write(&link).expect("it is short enough");
        prop_assert!(text.bytes().all(|byte| byte.is_ascii_graphic() && !b"\"<>`#%".contains(&byte)), "{}", text);
        prop_assert_eq!(read(&text), (link, vec![]));
    }

    #[test]
    fn no_text_is_too_strange(text in "\\PC{0,60}|[#1.A-Za-z0-9_=&%-]{0,200}") {
        let (link, found) = read(&text);
        prop_assert!(link == Link::default() || found.is_empty() || link.snapshot.is_none());
        let _ = read_snapshot(&text, Carrier::Storage);
    }

    #[test]
    fn no_content_is_too_strange(content: Vec<u8>) {
        let (link, found) = read(&link_of(&content));
        prop_assert_eq!(link.snapshot.is_some(), found.is_empty());
    }

    #[test]
    fn almost_right_content_never_panics(snapshot in any_snapshot(), at: prop::sample::Index, byte: u8) {
        let mut content = fields::encode(&snapshot);
        let at = at.index(content.len());
        content[at] = byte;
        let (link, found) = read(&link_of(&content));
        prop_assert_eq!(link.snapshot.is_some(), found.is_empty());
    }

    #[test]
    fn a_changed_link_is_never_taken_for_another(
        snapshot in any_snapshot(),
        at: prop::sample::Index,
        letter in "[A-Za-z0-9_.&=%# -]|\\PC",
        kind in 0..4,
    ) {
        let text = write_snapshot(&snapshot, Carrier::Link).expect("it is short enough");
        let at = at.index(text.len());
        let changed = match kind {
            0 => format!("{}{letter}{}", &text[..at], &text[at + 1..]),
            1 => format!("{}{letter}{}", &text[..at], &text[at..]),
            2 => format!("{}{}", &text[..at], &text[at + 1..]),
            _ => text[..at].to_owned(),
        };
        prop_assume!(!matches!(changed.as_str(), "" | "#"));
        let (link, found) = read(&changed);
        // A `#` in front is no change.
        let is_same = changed.strip_prefix('#').unwrap_or(&changed) == text;
        prop_assert_eq!(found.is_empty(), is_same, "{:?}", found);
        prop_assert_eq!(link.snapshot, is_same.then_some(snapshot));
    }
}
