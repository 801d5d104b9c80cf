//! The checksum of Ethernet and zip files (CRC-32): whatever changes within
//! 32 neighbouring bits is certain to be noticed, anything else all but.

/// The checksum of some bytes.
pub(super) fn checksum(bytes: &[u8]) -> u32 {
    let step = |sum: u32, _| if sum & 1 == 1 { sum >> 1 ^ 0xedb8_8320 } else { sum >> 1 };
    let add = |sum: u32, byte: &u8| (0..8).fold(sum ^ u32::from(*byte), step);
    !bytes.iter().fold(!0, add)
}

#[cfg(test)]
mod tests {
    use super::checksum;

    #[test]
    fn it_is_the_one_that_everybody_knows() {
        assert_eq!(checksum(b"123456789"), 0xcbf4_3926);
        assert_eq!(checksum(b""), 0);
    }
}
