//! The fields of the work, one after the other: the number of the field, the
//! length of its body, its body. Numbers are in groups of seven bits, lowest
//! first, as in protocol buffers, and always as short as they can be.
//!
//! A field's number and meaning never change; a field that version 1 does not
//! have makes another version.

use super::Carrier;
use super::finding::Finding;
use crate::state::pacing::Speed;
use crate::state::snapshot::{Selected, Snapshot};
use crate::state::texts::{Key, Language};
use mqlab_kernel::SimTime;
use mqlab_scenario::limits::{SAFE_INTEGER_MAX, VARIANTS_MAX};

/// The most bytes of a name.
const NAME_BYTES_MAX: usize = 512;
/// The most bytes of one act.
const ACT_BYTES_MAX: usize = 64 * 1024;
/// The fastest speed: thousandths of simulated seconds per second.
const SPEED_MAX: u64 = 1_000_000_000;

/// A field of the work.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Field {
    /// The scenario's text.
    Script = 1,
    /// Its name in the gallery.
    Origin = 2,
    /// The seed in place of the text's.
    Seed = 3,
    /// The instant, in nanoseconds.
    At = 4,
    /// The selected thing: its variant and its name.
    Selection = 5,
    /// The tag of the language.
    Language = 6,
    /// The texts of what was done by hand.
    Acts = 7,
    /// The names of the variants that are not shown.
    Hidden = 8,
    /// Thousandths of simulated seconds per second; 0 is full speed.
    Speed = 9,
    /// The name of the open panel.
    Panel = 10,
    /// Without a body: the clock runs.
    Playing = 11,
}

impl Field {
    const ALL: [Field; 11] = [
        Field::Script,
        Field::Origin,
        Field::Seed,
        Field::At,
        Field::Selection,
        Field::Language,
        Field::Acts,
        Field::Hidden,
        Field::Speed,
        Field::Panel,
        Field::Playing,
    ];

    fn of_number(number: u64) -> Option<Field> {
        Field::ALL.into_iter().find(|field| *field as u64 == number)
    }

    /// What people call it.
    pub const fn name(self) -> Key {
        match self {
            Field::Script => Key::FieldScript,
            Field::Origin => Key::FieldOrigin,
            Field::Seed => Key::FieldSeed,
            Field::At => Key::FieldAt,
            Field::Selection => Key::FieldSelection,
            Field::Language => Key::FieldLanguage,
            Field::Acts => Key::FieldActs,
            Field::Hidden => Key::FieldHidden,
            Field::Speed => Key::FieldSpeed,
            Field::Panel => Key::FieldPanel,
            Field::Playing => Key::FieldPlaying,
        }
    }
}

/// The work as bytes. What has its usual value is left out.
pub(super) fn encode(snapshot: &Snapshot) -> Vec<u8> {
    let mut out = Vec::with_capacity(snapshot.script.len() + 64);
    field(&mut out, Field::Script, snapshot.script.as_bytes());
    if let Some(origin) = &snapshot.origin {
        field(&mut out, Field::Origin, origin.as_bytes());
    }
    if let Some(seed) = snapshot.seed {
        field(&mut out, Field::Seed, &number(seed));
    }
    if snapshot.at > SimTime::ZERO {
        field(&mut out, Field::At, &number(snapshot.at.nanos()));
    }
    if let Some(selected) = &snapshot.selection {
        field(&mut out, Field::Selection, &list([&selected.variant, &selected.thing]));
    }
    if let Some(language) = snapshot.language {
        field(&mut out, Field::Language, language.tag().as_bytes());
    }
    if !snapshot.acts.is_empty() {
        field(&mut out, Field::Acts, &list(&snapshot.acts));
    }
    if !snapshot.hidden.is_empty() {
        field(&mut out, Field::Hidden, &list(&snapshot.hidden));
    }
    if let Some(speed) = snapshot.speed {
        field(&mut out, Field::Speed, &number(thousandths(speed)));
    }
    if let Some(panel) = &snapshot.panel {
        field(&mut out, Field::Panel, panel.as_bytes());
    }
    if snapshot.is_playing {
        field(&mut out, Field::Playing, &[]);
    }
    out
}

fn thousandths(speed: Speed) -> u64 {
    match speed {
        Speed::Max => 0,
        Speed::Factor(factor) => ((factor * 1000.0).round() as u64).clamp(1, SPEED_MAX),
    }
}

fn field(out: &mut Vec<u8>, field: Field, body: &[u8]) {
    out.extend(number(field as u64));
    out.extend(number(body.len() as u64));
    out.extend(body);
}

/// A number in groups of seven bits.
pub(super) fn number(mut number: u64) -> Vec<u8> {
    let mut out = Vec::new();
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
    out
}

fn list<'a>(texts: impl IntoIterator<Item = &'a String>) -> Vec<u8> {
    let mut out = Vec::new();
    for text in texts {
        out.extend(number(text.len() as u64));
        out.extend(text.as_bytes());
    }
    out
}

/// Bytes, read from the front.
pub(super) struct Reader<'a> {
    pub(super) rest: &'a [u8],
}

impl<'a> Reader<'a> {
    /// A number, if there is one in its shortest form.
    pub(super) fn number(&mut self) -> Option<u64> {
        let length = 1 + self.rest.iter().take(10).position(|byte| byte & 0x80 == 0)?;
        let bytes = self.take(length as u64)?;
        let highest = bytes.last()?;
        // Nine groups are 63 bits: more than any number here needs.
        if length > 9 || (length > 1 && *highest == 0) {
            return None;
        }
        Some(
            bytes
                .iter()
                .rev()
                .fold(0, |number, byte| number << 7 | u64::from(byte & 0x7f)),
        )
    }

    fn take(&mut self, length: u64) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(usize::try_from(length).ok()?)?;
        self.rest = rest;
        Some(taken)
    }

    /// A length and as many bytes.
    fn body(&mut self) -> Option<&'a [u8]> {
        let length = self.number()?;
        self.take(length)
    }
}

/// The work of some bytes; everything that is wrong with them goes to `found`,
/// and the work is good only if nothing does.
pub(super) fn decode(bytes: &[u8], carrier: Carrier, found: &mut Vec<Finding>) -> Snapshot {
    let mut filling = Filling {
        snapshot: Snapshot::default(),
        carrier,
        found,
    };
    let mut seen = Vec::new();
    let mut reader = Reader { rest: bytes };
    while !reader.rest.is_empty() {
        let head = reader.number();
        let (Some(number), Some(body)) = (head, reader.body()) else {
            filling.found.push(Finding::ContentCut);
            break;
        };
        match Field::of_number(number) {
            None => filling.found.push(Finding::UnknownField(number)),
            Some(field) if seen.contains(&field) => filling.found.push(Finding::RepeatedField(field)),
            Some(field) => {
                seen.push(field);
                filling.fill(field, body);
            }
        }
    }
    if !seen.contains(&Field::Script) {
        filling.found.push(Finding::NoScript);
    }
    filling.snapshot
}

/// Snapshot that is being filled.
struct Filling<'a> {
    snapshot: Snapshot,
    carrier: Carrier,
    found: &'a mut Vec<Finding>,
}

impl Filling<'_> {
    fn fill(&mut self, field: Field, body: &[u8]) {
        match field {
            Field::Script => self.snapshot.script = self.script(body).unwrap_or_default(),
            Field::Origin => self.snapshot.origin = self.name(field, body),
            Field::Seed => self.snapshot.seed = self.number(field, body, 0..=SAFE_INTEGER_MAX),
            Field::At => {
                let nanos = self.number(field, body, 1..=SimTime::MAX.nanos());
                self.snapshot.at = nanos.map(SimTime::from_nanos).unwrap_or_default();
            }
            Field::Selection => self.snapshot.selection = self.selection(body),
            Field::Language => {
                let tag = self.name(field, body);
                self.snapshot.language = tag.and_then(|tag| {
                    let known = Language::ALL.into_iter().find(|language| language.tag() == tag);
                    known.or_else(|| self.refuse(Finding::UnknownName(field, tag)))
                });
            }
            Field::Acts => {
                let texts = self.list(field, body, self.carrier.acts_max());
                self.snapshot.acts = texts.iter().filter_map(|act| self.act(act)).collect();
            }
            Field::Hidden => {
                let names = self.list(field, body, VARIANTS_MAX);
                self.snapshot.hidden = names.iter().filter_map(|name| self.name(field, name)).collect();
            }
            Field::Speed => {
                let speed = self.number(field, body, 0..=SPEED_MAX);
                self.snapshot.speed = speed.map(|thousandths| match thousandths {
                    0 => Speed::Max,
                    factor => Speed::Factor(factor as f64 / 1000.0),
                });
            }
            Field::Panel => self.snapshot.panel = self.name(field, body),
            Field::Playing if body.is_empty() => self.snapshot.is_playing = true,
            Field::Playing => self.found.push(Finding::Malformed(field)),
        }
    }

    fn refuse<T>(&mut self, finding: Finding) -> Option<T> {
        self.found.push(finding);
        None
    }

    fn number(&mut self, field: Field, body: &[u8], range: std::ops::RangeInclusive<u64>) -> Option<u64> {
        let mut reader = Reader { rest: body };
        match reader.number() {
            Some(number) if reader.rest.is_empty() => {
                if range.contains(&number) {
                    return Some(number);
                }
                self.refuse(Finding::OutOfRange(field))
            }
            _ => self.refuse(Finding::Malformed(field)),
        }
    }

    fn text(&mut self, field: Field, body: &[u8], bytes_max: usize) -> Option<String> {
        if body.len() > bytes_max {
            return self.refuse(Finding::FieldTooLong(field));
        }
        match str::from_utf8(body) {
            Ok(text) => Some(text.to_owned()),
            Err(_) => self.refuse(Finding::NotUtf8(field)),
        }
    }

    fn script(&mut self, body: &[u8]) -> Option<String> {
        let text = self.text(Field::Script, body, self.carrier.script_bytes_max())?;
        // What somebody typed is kept, whatever it is; what comes from
        // elsewhere is looked at.
        if self.carrier == Carrier::Link && has_controls(&text, true) {
            return self.refuse(Finding::ControlCharacter(Field::Script));
        }
        Some(text)
    }

    fn act(&mut self, body: &[u8]) -> Option<String> {
        let text = self.text(Field::Acts, body, ACT_BYTES_MAX)?;
        if has_controls(&text, true) {
            return self.refuse(Finding::ControlCharacter(Field::Acts));
        }
        Some(text)
    }

    fn name(&mut self, field: Field, body: &[u8]) -> Option<String> {
        let text = self.text(field, body, NAME_BYTES_MAX)?;
        if has_controls(&text, false) {
            return self.refuse(Finding::ControlCharacter(field));
        }
        if text.is_empty() {
            return self.refuse(Finding::Malformed(field));
        }
        Some(text)
    }

    fn selection(&mut self, body: &[u8]) -> Option<Selected> {
        let names = self.list(Field::Selection, body, 2);
        let [variant, thing] = names[..] else {
            // A list that is broken has been said to be so.
            return if names.is_empty() {
                None
            } else {
                self.refuse(Finding::Malformed(Field::Selection))
            };
        };
        let (variant, thing) = (self.name(Field::Selection, variant), self.name(Field::Selection, thing));
        Some(Selected {
            variant: variant?,
            thing: thing?,
        })
    }

    /// The bodies in a list; none if it is empty, broken or too long.
    fn list<'a>(&mut self, field: Field, body: &'a [u8], count_max: usize) -> Vec<&'a [u8]> {
        let mut bodies = Vec::new();
        let mut reader = Reader { rest: body };
        while !reader.rest.is_empty() && bodies.len() <= count_max {
            let Some(body) = reader.body() else {
                self.found.push(Finding::Malformed(field));
                return Vec::new();
            };
            bodies.push(body);
        }
        if bodies.is_empty() {
            self.found.push(Finding::Malformed(field));
        } else if bodies.len() > count_max {
            self.found.push(Finding::TooMany(field));
            bodies.clear();
        }
        bodies
    }
}

fn has_controls(text: &str, may_have_lines: bool) -> bool {
    let is_layout = |letter| may_have_lines && matches!(letter, '\n' | '\r' | '\t');
    text.chars().any(|letter| letter.is_control() && !is_layout(letter))
}
