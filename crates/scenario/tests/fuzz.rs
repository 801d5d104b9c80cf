//! No text makes the parser, the formatter or a world panic.
//!
//! Texts are made from scenario files by mutations that know the grammar, so
//! that many still become plans and run. `MQLAB_FUZZ=1000000` runs that many;
//! `MQLAB_FUZZ_SEED` begins elsewhere.

use mqlab_kernel::SimTime;
use mqlab_scenario::{KEYS, Overrides, Runner, Scenario, parse, parse_with, print};
use std::fs;
use std::path::Path;

/// Texts in a normal test run.
const TEXTS: u64 = 3_000;
/// Actions that one variant of a mutated scenario may use.
const ACTIONS_MAX: u64 = 2_000;

/// A small scenario with everything the language has.
const EVERYTHING: &str = r#"
title = "Everything"
about = "All keys at once"
rows = ["A5", "A3+"]
seed = 3
until = "20s"

[limits]
actions = 100000
waiting = 10000

[links]
latency = "exp(1ms)"

[link.db]
between = ["writer", "mysql"]
latency = "uniform(1ms, 2ms)"

[broker.rabbitmq]
queue.orders = { durable = true }
queue.mails = { durable = false }
exchange.shop = { type = "direct" }
binding = [{ exchange = "shop", queue = "orders" }, { exchange = "shop", queue = "mails", key = "eu" }]

[table.mysql]
capacity = "20/s"
overload = "dies"

[service.writer]
consume = { queue = "orders", prefetch = 3, ack = "manual" }
workers = 2
steps = [{ work = "exp(100ms)" }, { insert = "mysql" }, { publish = ["mails"], takes = "1ms", confirm = true }, "ack"]

[service.mailer]
consume = { queue = "mails", ack = "auto" }
workers = "unlimited"
steps = [{ work = "10ms" }, { call = ["front", "side"], parallel = true }]

[service.front]
steps = ["respond", { work = "normal(10ms, 2ms)" }, { insert = "mysql" }]

[service.side]
steps = [{ call = "front" }]

[service.doubter]
consume = { queue = "orders", prefetch = 1 }
steps = [{ nack = { requeue = false } }]

[load.users]
to = "shop"
rate = [["0s", "10/s"], ["5s", "0/s"], ["00:00:06", "20/s"]]
arrivals = "poisson"
count = 150
keys = ["orders", "eu", "nowhere"]
key = "in-turn"
confirms = false

[load.clicks]
to = "front"
burst = [["1s", 5], ["00:00:02.5", 3]]

[variant.plain]

[variant.other]
remove = ["link.db"]
load.users.to = "orders"
load.users.keys = []
service.writer.consume.prefetch = 0
table.mysql.overload = "slows"

[[at]]
time = "3s"
crash = "rabbitmq"

[[at]]
time = "4s"
restart = "rabbitmq"

[[at]]
time = "5s"
pause = "writer"

[[at]]
time = "6s"
resume = "writer"

[[at]]
time = "7s"
publish = { load = "users", count = 10 }

[[at]]
time = "8s"
set = { "service.writer.consume.prefetch" = 10, "load.users.rate" = "1/s", "service.writer.steps.0.work" = "5ms", "service.writer.workers" = 1, "table.mysql.capacity" = "50/s" }

[[at]]
time = "8s"
publish = { load = "users", count = 2, key = "mails", payload = "by hand" }

[[at]]
time = "8s"
set = { "links.latency" = "1ms", "links.writer.mysql.latency" = "2ms", "load.users.arrivals" = "poisson", "load.users.persistent" = false, "load.users.count" = 90, "service.writer.steps.2.takes" = "2ms", "service.writer.steps.2.confirm" = false, "service.mailer.steps.1.parallel" = false }

[[at]]
time = "8s"
cut = ["writer", "rabbitmq"]

[[at]]
time = "8500ms"
purge = "orders"

[[at]]
time = "10s"
heal = ["rabbitmq", "writer"]

[[at]]
time = "9s"
variant = "plain"
set.link.db.latency = "3ms"

[[expect]]
that = "lost == 0"
variant = "plain"
row = "A5"

[[expect]]
at = "10s"
that = "backlog(orders) <= 100"

[[expect]]
always = true
that = "unacked(orders) >= 0"

[[expect]]
never = true
that = "drained(mails, 1s) == 00:00:05 +- 10%"
"#;

/// Xorshift: enough to choose by, and the same everywhere.
struct Chooser(u64);

impl Chooser {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, count: usize) -> usize {
        (self.next() % count.max(1) as u64) as usize
    }

    fn pick<'a, T: ?Sized>(&mut self, list: &[&'a T]) -> &'a T {
        list[self.below(list.len())]
    }

    /// A place in a text where a character begins.
    fn place(&mut self, text: &str) -> usize {
        let mut at = self.below(text.len() + 1);
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    }
}

const VALUES: &[&str] = &[
    "\"0s\"",
    "\"1ms\"",
    "\"100ms\"",
    "\"3s\"",
    "\"12:00\"",
    "\"exp(10ms)\"",
    "\"pareto(1ms, 0.1)\"",
    "\"uniform(0s, 1h)\"",
    "\"1/s\"",
    "\"1000/s\"",
    "\"0/s\"",
    "\"1000000000/ns\"",
    "\"1/104d\"",
    "0",
    "1",
    "2",
    "100",
    "100000",
    "-1",
    "9007199254740991",
    "99999999999999999999999",
    "true",
    "false",
    "\"dies\"",
    "\"slows\"",
    "\"auto\"",
    "\"unlimited\"",
    "\"orders\"",
    "\"mails\"",
    "\"mysql\"",
    "\"writer\"",
    "\"front\"",
    "\"shop\"",
    "\"rabbitmq\"",
    "\"users\"",
    "[]",
    "{}",
    "[[\"0s\", 10]]",
    "[[\"0s\", 1000000]]",
    "[\"orders\", \"mails\"]",
    "[\"ack\"]",
    "[\"nack\"]",
    "[{ publish = \"orders\" }, \"ack\"]",
    "[{ call = \"front\" }]",
    "1.5",
    "nan",
    "12:00:00",
    "\"lost == 0\"",
    "\"drained(orders) == never\"",
    "\"row_at(mysql, 3) != 1s\"",
    "\"\"",
    "\"\\u00e9\"",
    "\"2500000h\"",
];

const LINES: &[&str] = &[
    "[[at]]\ntime = \"1s\"\ncrash = \"writer\"\n",
    "[[at]]\ntime = \"0s\"\npause = \"mysql\"\n",
    "[[at]]\ntime = \"2s\"\nrestart = \"mysql\"\n",
    "[[at]]\ntime = \"1s\"\ncrash = \"users\"\n",
    "[[at]]\ntime = \"1s\"\ncrash = \"rabbitmq\"\n",
    "[[at]]\ntime = \"500ms\"\npublish.load = \"users\"\n",
    "[[at]]\ntime = \"500ms\"\npublish = { load = \"users\", key = \"mails\", payload = \"x\" }\n",
    "[[at]]\ntime = \"500ms\"\ncut = [\"users\", \"rabbitmq\"]\n",
    "[[at]]\ntime = \"900ms\"\nheal = [\"users\", \"rabbitmq\"]\n",
    "[[at]]\ntime = \"900ms\"\npurge = \"orders\"\n",
    "[[at]]\ntime = \"1s\"\nset.service.writer.workers = 0\n",
    "[[at]]\ntime = \"1s\"\nset.service.writer.workers = 100000\n",
    "[[expect]]\nthat = \"stuck == 0\"\n",
    "[[expect]]\nthat = \"age(orders) < 1s\"\nat = \"2s\"\n",
    "[variant.new]\nservice.writer.workers = 7\n",
    "[variant.gone]\nremove = [\"service.writer\"]\n",
    "[service.more]\nconsume = { queue = \"orders\" }\nsteps = [\"ack\"]\n",
    "[load.more]\nto = \"orders\"\nburst = [[\"0s\", 100]]\n",
];

/// Small changes that keep most of a text's sense.
fn mutate(text: &mut String, chooser: &mut Chooser, donors: &[String]) {
    match chooser.below(15) {
        // A value for another.
        0..=3 | 14 => {
            if let Some(range) = value_at(text, chooser) {
                let before = text.clone();
                let alike = |value: &&str| looks(value) == looks(&before[range.clone()]);
                let values: Vec<&str> = match chooser.below(6) {
                    0 => VALUES.to_vec(),
                    1 | 2 => VALUES.iter().copied().filter(alike).collect(),
                    _ => values_of(key_before(&before, range.start), donors).collect(),
                };
                if !values.is_empty() {
                    text.replace_range(range, chooser.pick(&values));
                }
            }
        }
        // A number for another.
        4 | 5 => {
            let digits: Vec<usize> = text
                .bytes()
                .enumerate()
                .filter(|(_, byte)| byte.is_ascii_digit())
                .map(|(at, _)| at)
                .collect();
            if !digits.is_empty() {
                let at = digits[chooser.below(digits.len())];
                text.replace_range(at..at + 1, chooser.pick(&["0", "1", "9", "00", "5"]));
            }
        }
        // A line, or a section, less, twice, or elsewhere.
        6 => rearrange(text, "\n", chooser),
        7 => rearrange(text, "\n\n", chooser),
        // Something more at the end, where sections may stand.
        8 | 9 => text.push_str(chooser.pick(LINES)),
        // A key of the table, in a variant of its own.
        10 => {
            let own = |key: &&mqlab_scenario::Key| {
                ["service.*", "load.*", "table.*"]
                    .iter()
                    .any(|kind| key.path.starts_with(kind))
            };
            let keys: Vec<&mqlab_scenario::Key> = KEYS.iter().filter(own).collect();
            let name = chooser.pick(&["writer", "mysql", "users", "orders", "other"]);
            let key = chooser.pick(&keys).path.replace('*', name).replace("[]", "");
            let value = chooser.pick(VALUES);
            text.push_str(&format!("\n[variant.v{}]\n{key} = {value}\n", chooser.below(9)));
        }
        // A piece of another text.
        11 => {
            let donor = &donors[chooser.below(donors.len())];
            let paragraphs: Vec<&str> = donor.split("\n\n").collect();
            let piece = paragraphs[chooser.below(paragraphs.len())];
            text.push('\n');
            text.push_str(piece);
            text.push('\n');
        }
        // One character.
        12 => {
            let at = chooser.place(text);
            let letter = chooser.pick(&[
                "\"", "[", "]", "{", "}", "=", ".", ",", "#", "\n", " ", "\0", "\u{4f60}", "'", "\\", "-", "\r",
                "\u{feff}",
            ]);
            text.insert_str(at, letter);
        }
        // A piece less, or repeated often.
        _ => {
            let (a, b) = (chooser.place(text), chooser.place(text));
            let (a, b) = (a.min(b), a.max(b).min(a.min(b) + 60));
            let b = (b..=text.len())
                .find(|at| text.is_char_boundary(*at))
                .unwrap_or(text.len());
            if chooser.below(3) == 0 {
                let piece = text[a..b].repeat(chooser.below(20));
                text.insert_str(a, &piece);
            } else {
                text.replace_range(a..b, "");
            }
        }
    }
}

/// The key whose value begins at a place.
fn key_before(text: &str, at: usize) -> &str {
    let before = text[..at].trim_end_matches(" = ");
    before.rsplit([' ', '\n', '.', '{']).next().unwrap_or(before)
}

/// Every value that some scenario gives a key.
fn values_of<'a>(key: &'a str, donors: &'a [String]) -> impl Iterator<Item = &'a str> {
    let lines = donors.iter().flat_map(|donor| donor.lines());
    let pairs = lines.filter_map(|line| line.split_once(" = "));
    pairs
        .filter(move |(name, _)| name.rsplit('.').next() == Some(key))
        .map(|(_, value)| value)
}

/// Moves, drops or repeats a part of a text.
fn rearrange(text: &mut String, between: &str, chooser: &mut Chooser) {
    let mut parts: Vec<&str> = text.split(between).collect();
    let (from, to) = (chooser.below(parts.len()), chooser.below(parts.len()));
    match chooser.below(4) {
        0 => drop(parts.remove(from)),
        1 => parts.insert(to, parts[from]),
        _ => parts.swap(from, to),
    }
    *text = parts.join(between);
}

/// What a value seems to be.
fn looks(value: &str) -> u8 {
    let inside = value.trim_matches('"');
    match value.as_bytes().first() {
        Some(b'"') if inside.contains('/') => b'/',
        Some(b'"') if inside.contains(" == ") => b'=',
        Some(b'"') if inside.contains('(') => b'(',
        Some(b'"') if inside.starts_with(|letter: char| letter.is_ascii_digit()) => b'1',
        Some(b'"') => b'"',
        Some(b'0'..=b'9') => b'0',
        Some(first) => *first,
        None => 0,
    }
}

/// The place of some value behind an equals sign.
fn value_at(text: &str, chooser: &mut Chooser) -> Option<std::ops::Range<usize>> {
    let starts: Vec<usize> = text.match_indices(" = ").map(|(at, _)| at + 3).collect();
    let start = *starts.get(chooser.below(starts.len()))?;
    let rest = &text[start..];
    let line = rest.find('\n').unwrap_or(rest.len());
    let part = rest[..line]
        .find([',', '}'])
        .filter(|_| chooser.below(3) > 0)
        .unwrap_or(line);
    Some(start..start + part)
}

/// Runs what a text became for a little while; whether anything happened.
fn run(scenario: &Scenario, chooser: &mut Chooser) -> bool {
    let mut acted = false;
    for variant in 0..scenario.variants.len().min(2) {
        let mut runner = Runner::new(scenario, variant);
        let step = 1 + chooser.next() % ACTIONS_MAX;
        runner.advance(SimTime::from_nanos(chooser.next() % 3_000_000_000), step);
        let fork = runner.clone();
        runner.advance(SimTime::MAX, ACTIONS_MAX);
        assert!(fork.world().actions() <= runner.world().actions());
        assert_eq!(runner.results().len(), fork.results().len());
        let _ = runner.world().verdicts().count();
        acted |= runner.world().actions() > 10;
    }
    acted
}

#[test]
fn no_text_makes_anything_panic() {
    let number = |name: &str, default: u64| {
        std::env::var(name)
            .ok()
            .and_then(|text| text.parse().ok())
            .unwrap_or(default)
    };
    let texts = number("MQLAB_FUZZ", TEXTS);
    let mut chooser = Chooser(number("MQLAB_FUZZ_SEED", 0x9e37_79b9_7f4a_7c15).max(1));
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios");
    let mut donors: Vec<String> = fs::read_dir(folder)
        .expect("the folder is there")
        .filter_map(|entry| fs::read_to_string(entry.ok()?.path()).ok())
        .collect();
    donors.sort();
    donors.push(EVERYTHING.to_owned());
    for donor in &donors {
        let (scenario, found) = parse(donor);
        assert!(scenario.is_some(), "{found:#?}");
    }
    let (mut plans, mut runs) = (0, 0);
    for index in 0..texts {
        let mut text = donors[chooser.below(donors.len())].clone();
        let current = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            for _ in 0..1 + chooser.below(3) / 2 {
                mutate(&mut text, &mut chooser, &donors);
            }
            check(&text, &mut chooser)
        }));
        match current {
            Ok((planned, ran)) => {
                plans += u64::from(planned);
                runs += u64::from(ran);
            }
            Err(panic) => {
                eprintln!("text {index} panics:\n{text}");
                std::panic::resume_unwind(panic);
            }
        }
    }
    let share = |count: u64| count as f64 / texts as f64 * 100.0;
    println!(
        "{texts} texts: {:.1} % became plans, {:.1} % ran",
        share(plans),
        share(runs)
    );
    assert!(
        plans * 100 >= texts * 30,
        "too few texts become plans: {plans} of {texts}"
    );
    assert!(runs * 100 >= texts * 5, "too few texts run: {runs} of {texts}");
}

/// Everything that is done with a text; whether it became a plan and ran.
fn check(text: &str, chooser: &mut Chooser) -> (bool, bool) {
    let (scenario, found) = parse(text);
    for finding in &found {
        let position = finding.position(text);
        assert!(position.line >= 1 && position.column >= 1);
        assert!(
            finding.span.start <= finding.span.end && finding.span.end <= text.len(),
            "{finding:?}"
        );
        assert!(
            text.get(finding.span.clone()).is_some(),
            "a span cuts a character: {finding:?}"
        );
    }
    let printed = print(text);
    assert_eq!(print(&printed), printed, "formatting twice is formatting once");
    let Some(scenario) = scenario else {
        assert!(!found.is_empty(), "refused without a reason");
        return (false, false);
    };
    let (again, found) = parse(&printed);
    let again = again.unwrap_or_else(|| panic!("a formatted scenario is still one: {found:#?}\n{printed}"));
    assert_eq!(again.variants, scenario.variants);
    if chooser.below(4) == 0 {
        let key = KEYS[chooser.below(KEYS.len())]
            .path
            .replace('*', "writer")
            .replace("[]", ".0");
        let overrides = Overrides {
            seed: None,
            set: vec![(key, chooser.pick(VALUES).to_owned())],
        };
        let _ = parse_with(text, &overrides);
    }
    (true, run(&scenario, chooser))
}
