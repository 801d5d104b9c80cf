//! Links that hold the work: what stands behind the `#` of the page's
//! address, where no server ever sees it.
//!
//! `#1.` and letters hold a whole [`Snapshot`]; [`Flags`] that people write by
//! hand may follow, or stand alone:
//!
//! ```text
//! #1.AbC-_9&embed&theme=dark
//! #scenario=mm1&lang=zh-Hans&t=12:00:00
//! ```
//!
//! The letters are base64url of a checksum, a length, and so many bytes of
//! packed fields. Reading is strict: what is not exactly what this version
//! writes is refused with a list of what is wrong, and nothing panics. What a
//! version has once written stays readable for ever; the links in
//! `tests/fixtures/links` see to that.

mod base64url;
mod checksum;
mod fields;
mod finding;
mod flags;
mod opening;
mod packing;

pub use fields::Field;
pub use finding::Finding;
pub use flags::{Flag, Flags};
pub use opening::whole;

use super::snapshot::Snapshot;
use base64url::Misspelt;
use packing::Unpackable;

/// The most characters of a link behind the `#`. Browsers bear far more, but
/// 8,000 octets are what everything that handles addresses is asked to bear
/// (RFC 9110, section 4.1).
pub const LINK_CHARS_MAX: usize = 8_000;

/// Links longer than this are cut or refused by some mail and chat programs:
/// a message of Discord has 2,000 characters, an address in Excel or old
/// Outlook 2,083.
pub const LINK_CHARS_SAFE: usize = 2_000;

/// The most things that are listed as wrong with one link.
const FINDINGS_MAX: usize = 20;

/// What a link of this version begins with.
const VERSION: &str = "1";

/// Bytes of the checksum.
const CHECKSUM_BYTES: usize = 4;

/// What carries the work, which decides how much of it there may be.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Carrier {
    /// A link, from whoever sends one.
    Link,
    /// The browser's storage: what this page has written itself.
    Storage,
}

impl Carrier {
    /// The most characters.
    const fn chars_max(self) -> usize {
        match self {
            Carrier::Link => LINK_CHARS_MAX,
            // Browsers give a page about five million.
            Carrier::Storage => 8_000_000,
        }
    }

    /// The most bytes of all fields, unpacked.
    const fn content_bytes_max(self) -> usize {
        match self {
            Carrier::Link => 2 << 20,
            Carrier::Storage => 32 << 20,
        }
    }

    /// The most things done by hand. Each of them is looked at in every
    /// variant.
    const fn acts_max(self) -> usize {
        match self {
            Carrier::Link => 1_000,
            Carrier::Storage => mqlab_scenario::limits::AT_MAX,
        }
    }

    /// The most bytes of the script. A text that is too large to be a
    /// scenario is somebody's text all the same.
    const fn script_bytes_max(self) -> usize {
        match self {
            Carrier::Link => mqlab_scenario::limits::TEXT_BYTES_MAX,
            Carrier::Storage => 16 << 20,
        }
    }
}

/// What a link says.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Link {
    /// The work that it holds.
    pub snapshot: Option<Snapshot>,
    /// Its settings.
    pub flags: Flags,
}

/// The work as letters with their version, if `carrier` bears them and they
/// are read back: whatever stands in the way is listed.
pub fn write_snapshot(snapshot: &Snapshot, carrier: Carrier) -> Result<String, Vec<Finding>> {
    let content = fields::encode(snapshot);
    let packed = packing::pack(&content);
    let mut bytes = checksum::checksum(&packed).to_be_bytes().to_vec();
    bytes.extend(fields::number(packed.len() as u64));
    bytes.extend(packed);
    let text = format!("{VERSION}.{}", base64url::encode(&bytes));
    let mut found = Vec::new();
    fields::decode(&content, carrier, &mut found);
    if content.len() > carrier.content_bytes_max() {
        found.push(Finding::TooLarge);
    }
    if text.len() > carrier.chars_max() {
        found.push(Finding::TooLong(text.len()));
    }
    if found.is_empty() { Ok(text) } else { Err(found) }
}

/// The work in letters with their version.
pub fn read_snapshot(text: &str, carrier: Carrier) -> Result<Snapshot, Vec<Finding>> {
    let mut found = Vec::new();
    let snapshot = snapshot_of(text, carrier, &mut found);
    snapshot.filter(|_| found.is_empty()).ok_or_else(|| listed(found))
}

/// What stands behind the `#`, or why it would be no good link.
pub fn write(link: &Link) -> Result<String, Vec<Finding>> {
    let flags = flags::write(&link.flags);
    let Some(snapshot) = &link.snapshot else {
        return Ok(flags);
    };
    let text = write_snapshot(snapshot, Carrier::Link)?;
    let text = if flags.is_empty() {
        text
    } else {
        format!("{text}&{flags}")
    };
    if text.len() > LINK_CHARS_MAX {
        return Err(vec![Finding::TooLong(text.len())]);
    }
    Ok(text)
}

/// What a link says, given what stands behind the `#` with or without it, and
/// everything that is wrong with it. Snapshot with anything wrong in it is left
/// out as a whole; settings are taken or left one by one.
pub fn read(fragment: &str) -> (Link, Vec<Finding>) {
    let fragment = fragment.strip_prefix('#').unwrap_or(fragment);
    let mut found = Vec::new();
    if fragment.is_empty() {
        return (Link::default(), found);
    }
    // A link of megabytes is not even looked at.
    if fragment.len() > LINK_CHARS_MAX {
        found.push(Finding::TooLong(fragment.chars().count()));
        return (Link::default(), found);
    }
    let (first, rest) = match fragment.split_once('&') {
        Some((first, rest)) => (first, Some(rest)),
        None => (fragment, None),
    };
    let has_snapshot = is_versioned(first);
    let snapshot = if has_snapshot {
        snapshot_of(first, Carrier::Link, &mut found)
    } else {
        None
    };
    let snapshot = snapshot.filter(|_| found.is_empty());
    let parts = (!has_snapshot).then_some(first).into_iter();
    let flags = flags::read(
        parts.chain(rest.into_iter().flat_map(|rest| rest.split('&'))),
        &mut found,
    );
    let mut link = Link { snapshot, flags };
    if has_snapshot && link.flags.scenario.take().is_some() {
        found.push(Finding::ScenarioBesidesScript);
    }
    (link, listed(found))
}

/// Whether a part of a link holds work of some version, and is no setting.
fn is_versioned(part: &str) -> bool {
    part.split_once('.').is_some_and(|(version, _)| !version.contains('='))
}

fn listed(mut found: Vec<Finding>) -> Vec<Finding> {
    if found.len() > FINDINGS_MAX {
        let more = found.len() - FINDINGS_MAX;
        found.truncate(FINDINGS_MAX);
        found.push(Finding::More(more));
    }
    found
}

/// The work in `text`, which is good only if nothing goes to `found`.
fn snapshot_of(text: &str, carrier: Carrier, found: &mut Vec<Finding>) -> Option<Snapshot> {
    if text.len() > carrier.chars_max() {
        found.push(Finding::TooLong(text.chars().count()));
        return None;
    }
    let (version, letters) = text.split_once('.').unwrap_or((text, ""));
    if version != VERSION {
        found.push(Finding::UnknownVersion(version.to_owned()));
        return None;
    }
    let bytes = match base64url::decode(letters) {
        Ok(bytes) => bytes,
        Err(Misspelt::Letters(letters)) => {
            // Places count in what people see: the version comes first.
            let before = VERSION.len() + 1;
            let foreign = letters.into_iter().map(|(place, letter)| (letter, before + place));
            found.extend(foreign.map(|(letter, place)| Finding::ForeignCharacter(letter, place)));
            return None;
        }
        Err(Misspelt::End) => {
            found.push(Finding::CutShort);
            return None;
        }
    };
    let packed = packed_of(&bytes).map_err(|finding| found.push(finding)).ok()?;
    match packing::unpack(packed, carrier.content_bytes_max()) {
        Ok(content) => Some(fields::decode(&content, carrier, found)),
        Err(why) => {
            found.push(match why {
                Unpackable::Broken => Finding::Broken,
                Unpackable::TooLarge => Finding::TooLarge,
            });
            None
        }
    }
}

/// The packed fields in their envelope of checksum and length.
fn packed_of(bytes: &[u8]) -> Result<&[u8], Finding> {
    let (sum, rest) = bytes.split_first_chunk::<CHECKSUM_BYTES>().ok_or(Finding::CutShort)?;
    let mut reader = fields::Reader { rest };
    let length = reader.number().ok_or(Finding::CutShort)?;
    let packed = reader.rest;
    match (packed.len() as u64).cmp(&length) {
        std::cmp::Ordering::Less => Err(Finding::CutShort),
        std::cmp::Ordering::Greater => Err(Finding::Continued),
        std::cmp::Ordering::Equal if checksum::checksum(packed) == u32::from_be_bytes(*sum) => Ok(packed),
        std::cmp::Ordering::Equal => Err(Finding::Changed),
    }
}

#[cfg(test)]
mod tests;
