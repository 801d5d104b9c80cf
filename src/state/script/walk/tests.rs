use super::*;

/// The spot at the `|` of a text, as `place path typed`.
fn at(marked: &str) -> String {
    let caret = marked.find('|').expect("it is there");
    let text = marked.replacen('|', "", 1);
    let lines = Lines::of(&text);
    let spot = spot(&text, &lines, caret);
    // A walk over the whole text finds the same.
    let mut whole = None;
    walk(&text, &lines, 0..lines.count(), caret, |seen| {
        if let Seen::Spot(spot) = seen {
            assert!(whole.is_none(), "found once");
            whole = Some(spot);
        }
    });
    let whole = whole.expect("the caret is somewhere");
    assert_eq!((whole.place, &whole.path), (spot.place, &spot.path));
    format!("{:?} {} {}", spot.place, spot.path.join("/"), &text[spot.range])
}

#[test]
fn keys_know_their_table() {
    assert_eq!(at("ti|tle = 1"), "Key(false)  title");
    assert_eq!(at("|"), "Key(false)  ");
    assert_eq!(at("[service.writer]\nwork|"), "Key(false) service/writer work");
    assert_eq!(at("[service.writer]\n  |\n"), "Key(false) service/writer ");
    assert_eq!(at("[a]\nx = 1\nb.c.|"), "Key(false) a/b/c ");
    assert_eq!(at("[a]\nb.c.d| = 1"), "Key(false) a/b/c d");
    assert_eq!(at("[a]\nb.\"c.d|\" = 1"), "Key(true) a/b c.d");
    assert_eq!(at("[[expect]]\nx = 1\n[[expect]]\nth|"), "Key(false) expect th");
}

#[test]
fn tables_in_a_line_are_tables() {
    assert_eq!(
        at("[service.w]\nconsume = { queue = \"a\", pre| }"),
        "Key(false) service/w/consume pre"
    );
    assert_eq!(
        at("[service.w]\nconsume = { queue = |"),
        "Value service/w/consume/queue "
    );
    assert_eq!(at("a = { b = { c = 1 }, |"), "Key(false) a ");
    assert_eq!(at("steps = [{ work = \"1s\" }, { in| }]"), "Key(false) steps in");
    assert_eq!(at("steps = [\n  {\n    publish = \"a\",\n    t|"), "Key(false) steps t");
}

#[test]
fn values_know_their_key() {
    assert_eq!(at("[load.x]\nto = \"or|ders\""), "Text load/x/to orders");
    assert_eq!(at("[load.x]\nto = \"or|"), "Text load/x/to or");
    assert_eq!(at("[load.x]\nto = |"), "Value load/x/to ");
    assert_eq!(at("[load.x]\nconfirms = tr|"), "Value load/x/confirms tr");
    assert_eq!(at("call = [\"b\", \"|\"]"), "Text call ");
    assert_eq!(at("steps = [|]"), "Value steps ");
    assert_eq!(at("to = \"a\"|"), "Nothing to ");
}

#[test]
fn headers_know_what_stands_before() {
    assert_eq!(at("[ser|"), "Header  ser");
    assert_eq!(at("[|]"), "Header  ");
    assert_eq!(at("[service.writer.|]"), "Header service/writer ");
    assert_eq!(at("[[ex|]]"), "Header  ex");
    assert_eq!(at("[a]|"), "Nothing  ");
    assert_eq!(at("x = [1,\n[load.|"), "Header load ");
}

#[test]
fn comments_are_nothing() {
    assert_eq!(at("# ti|"), "Nothing  # ti");
    assert_eq!(at("a = 1 # x|"), "Nothing a # x");
    assert_eq!(at("a = \"\"\"\nti|\n\"\"\""), "Nothing a ti");
}

#[test]
fn no_text_is_too_odd() {
    for text in [
        "]]}}==..,,[[",
        "a.\"\\\u{4f60}",
        "{{{{[[[[",
        "'''",
        "[[[]]]",
        "\"\"\"\n\"",
        "=\n=\n=",
        ".=,.a",
    ] {
        for caret in (0..=text.len()).filter(|at| text.is_char_boundary(*at)) {
            spot(text, &Lines::of(text), caret);
        }
    }
}

#[test]
fn paths_mean_rows() {
    let meaning = |path: &str| {
        let path: Vec<String> = path.split('/').map(str::to_owned).collect();
        Meaning::of(&path).and_then(|meaning| meaning.key).map(|key| key.path)
    };
    assert_eq!(
        meaning("service/w/consume/prefetch"),
        Some("service.*.consume.prefetch")
    );
    assert_eq!(meaning("service/w/steps/publish"), Some("service.*.steps[].publish"));
    assert_eq!(meaning("variant/a/service/w/workers"), Some("service.*.workers"));
    assert_eq!(meaning("variant/a/remove"), Some("variant.*.remove"));
    assert_eq!(meaning("variant/a/title"), None, "shared by all variants");
    assert_eq!(meaning("expect/that"), Some("expect[].that"));
    assert_eq!(meaning("at/publish/count"), Some("at[].publish.count"));
    assert_eq!(meaning("nonsense"), None);
}

#[test]
fn a_variant_holds_what_stands_outside() {
    let path = ["variant", "a"].map(str::to_owned);
    let names: Vec<&str> = Meaning::of(&path)
        .expect("it is there")
        .below()
        .map(Key::name)
        .collect();
    assert!(names.contains(&"remove") && names.contains(&"service") && !names.contains(&"expect"));
}
