//! Content made small: deflate (RFC 1951) that begins with the words of the
//! scenario language already said, as both ends know them. A scenario is
//! short, and this takes a third off it.
//!
//! The words belong to version 1 for ever: another list is another version.

use miniz_oxide::deflate::core::{
    CompressorOxide, TDEFLFlush, TDEFLStatus, compress_to_output, create_comp_flags_from_zip_params,
};
use miniz_oxide::inflate::TINFLStatus;
use miniz_oxide::inflate::core::inflate_flags::TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF;
use miniz_oxide::inflate::core::{DecompressorOxide, decompress};

const WORDS: &[u8] = include_bytes!("words-1.txt");

/// Above this many bytes speed is worth more than the last percent.
const THOROUGH_BYTES_MAX: usize = 64 * 1024;

/// Content, packed.
pub(super) fn pack(content: &[u8]) -> Vec<u8> {
    let level = if content.len() <= THOROUGH_BYTES_MAX { 10 } else { 6 };
    let mut compressor = CompressorOxide::new(create_comp_flags_from_zip_params(level, -15, 0));
    let mut packed = Vec::new();
    // What the words come to is thrown away; what the content refers to in
    // them stays.
    let (said, _) = compress_to_output(&mut compressor, WORDS, TDEFLFlush::Sync, |_| true);
    assert!(said == TDEFLStatus::Okay, "words and buffers are in order");
    let (done, _) = compress_to_output(&mut compressor, content, TDEFLFlush::Finish, |bytes| {
        packed.extend_from_slice(bytes);
        true
    });
    assert!(done == TDEFLStatus::Done, "a growing buffer takes everything");
    packed
}

/// Why something cannot be unpacked.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Unpackable {
    /// It is not what packing makes.
    Broken,
    /// There is more in it than allowed.
    TooLarge,
}

/// The content of what [`pack`] made, if it has at most `bytes_max` bytes. It
/// never holds more than twice that in memory, whatever it is given.
pub(super) fn unpack(packed: &[u8], bytes_max: usize) -> Result<Vec<u8>, Unpackable> {
    let limit = WORDS.len() + bytes_max;
    let mut decompressor = Box::<DecompressorOxide>::default();
    let mut out = WORDS.to_vec();
    let (mut rest, mut filled) = (packed, WORDS.len());
    loop {
        // Room for one byte more than allowed tells full from too full.
        let room = out.len().saturating_mul(2).min(limit + 1);
        out.resize(room, 0);
        let flags = TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF;
        let (status, taken, written) = decompress(&mut decompressor, rest, &mut out, filled, flags);
        filled += written;
        rest = rest.get(taken..).unwrap_or_default();
        match status {
            _ if filled > limit => return Err(Unpackable::TooLarge),
            TINFLStatus::Done if rest.is_empty() => {
                out.truncate(filled);
                return Ok(out.split_off(WORDS.len()));
            }
            TINFLStatus::HasMoreOutput if room <= limit => {}
            _ => return Err(Unpackable::Broken),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::scenarios::SCENARIOS;
    use proptest::prelude::*;

    #[test]
    fn the_words_of_version_one_never_change() {
        let sum = super::super::checksum::checksum(WORDS);
        assert_eq!((WORDS.len(), sum), (2006, 0xeb230820));
    }

    #[test]
    fn the_words_are_worth_their_place() {
        for entry in SCENARIOS {
            let with = pack(entry.text().as_bytes());
            let without = miniz_oxide::deflate::compress_to_vec(entry.text().as_bytes(), 10);
            println!(
                "{}: {} -> {} (without words {})",
                entry.stem,
                entry.text().len(),
                with.len(),
                without.len()
            );
            assert!(with.len() * 10 <= without.len() * 9, "{}", entry.stem);
            assert_eq!(
                unpack(&with, entry.text().len()).as_deref(),
                Ok(entry.text().as_bytes())
            );
        }
    }

    #[test]
    fn a_bomb_is_refused_at_its_limit() {
        for bytes in [10_000, 1 << 20, 50 << 20] {
            let bomb = pack(&vec![b' '; bytes]);
            assert_eq!(unpack(&bomb, bytes - 1), Err(Unpackable::TooLarge));
            assert_eq!(unpack(&bomb, 100), Err(Unpackable::TooLarge));
        }
        assert_eq!(
            unpack(&pack(&[b' '; 10_000]), 10_000).map(|content| content.len()),
            Ok(10_000)
        );
    }

    #[test]
    fn cut_or_followed_by_more_it_is_broken() {
        let packed = pack(b"title = \"One\"");
        assert!((0..packed.len()).all(|length| unpack(&packed[..length], 99) == Err(Unpackable::Broken)));
        assert_eq!(unpack(&[&packed[..], &[0]].concat(), 99), Err(Unpackable::Broken));
    }

    proptest! {
        #[test]
        fn content_comes_back(content: Vec<u8>) {
            prop_assert_eq!(unpack(&pack(&content), content.len()), Ok(content));
        }

        #[test]
        fn repetitive_content_comes_back(part in "[a-z =\"\n]{1,30}", times in 1usize..5000) {
            let content = part.repeat(times).into_bytes();
            prop_assert_eq!(unpack(&pack(&content), content.len()), Ok(content));
        }

        #[test]
        fn no_bytes_are_too_strange(bytes: Vec<u8>) {
            let _ = unpack(&bytes, 10_000);
        }
    }
}
