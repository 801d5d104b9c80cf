//! How a broker brings what is fetched from its disk to the network.
//!
//! Reading a file and writing it to a socket copies every byte four times, two of
//! them by the processor: from the disk into the page cache, into the
//! application's buffer, into the socket's buffer, onto the network card; and goes
//! from the application into the kernel and back twice. `sendfile`
//! (`FileChannel.transferTo`), which Kafka calls, leaves the application out: one
//! call, and one copy by the processor into the socket's buffer, or none if the
//! card gathers what it sends from the page cache by itself. What is encrypted has
//! to come through the application. What is in the page cache already needs not
//! come from the disk.

use mqlab_kernel::{Bytes, SimSpan};

/// What a broker does with each byte that is fetched, and what that costs. At
/// most one answer is worked at at a time: a broker has one network thread here,
/// and Kafka three (`num.network.threads`).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Serving {
    /// It calls `sendfile`.
    pub zero_copy: bool,
    /// Its network card gathers what it sends.
    pub gather: bool,
    /// Its connections are encrypted.
    pub tls: bool,
    /// Bytes a second that its processor copies; `None` is no limit.
    pub copy: Option<u64>,
    /// Bytes a second that its processor encrypts; `None` is no limit.
    pub cipher: Option<u64>,
    /// How long it takes to go from the application into the kernel, or back.
    pub switch: SimSpan,
    /// How many bytes there is room for in the page cache of each broker: those
    /// that were written last. `None` is no limit.
    pub page_cache: Option<u64>,
}

impl Default for Serving {
    fn default() -> Self {
        Serving {
            zero_copy: true,
            gather: true,
            tls: false,
            copy: None,
            cipher: None,
            switch: SimSpan::ZERO,
            page_cache: None,
        }
    }
}

impl Serving {
    /// Whether the bytes come through the application.
    pub const fn is_through_application(&self) -> bool {
        !self.zero_copy || self.tls
    }

    /// How often the processor copies each byte.
    pub const fn copies_by_processor(&self) -> u64 {
        match (self.is_through_application(), self.gather) {
            (true, _) => 2,
            (false, false) => 1,
            (false, true) => 0,
        }
    }

    /// How often each byte is copied in all: by the disk, if it comes from there,
    /// by the processor, and by the network card.
    pub const fn copies(&self, is_from_disk: bool) -> u64 {
        self.copies_by_processor() + if is_from_disk { 2 } else { 1 }
    }

    /// How often an answer goes from the application into the kernel, or back.
    pub const fn switches(&self) -> u64 {
        if self.is_through_application() { 4 } else { 2 }
    }

    /// How long the processor works at so many bytes of an answer.
    pub fn takes(&self, bytes: u64) -> SimSpan {
        let at = |rate: Option<u64>, bytes: u64| rate.map_or(SimSpan::ZERO, |rate| Bytes(bytes).at(rate));
        let copying = at(self.copy, bytes.saturating_mul(self.copies_by_processor()));
        let encrypting = at(self.cipher.filter(|_| self.tls), bytes);
        let switching = self.switch.nanos().saturating_mul(self.switches());
        let switching = SimSpan::checked_from_nanos(switching).unwrap_or(SimSpan::MAX);
        copying.saturating_add(encrypting).saturating_add(switching)
    }
}

/// What a broker has served, in all of its lives.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Served {
    /// What partitions have put into answers.
    pub transfers: u64,
    /// How often one of these was copied.
    pub copies: u64,
    /// How often the processor went from the application into the kernel, or back.
    pub switches: u64,
    /// Bytes.
    pub bytes: u64,
    /// How long the processor worked at it.
    pub worked: SimSpan,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_byte_is_copied_four_times_or_three_or_two() {
        let plain = Serving {
            zero_copy: false,
            ..Serving::default()
        };
        let sendfile = Serving {
            gather: false,
            ..Serving::default()
        };
        let tls = Serving {
            tls: true,
            ..Serving::default()
        };
        for (serving, copies, switches) in [(plain, 4, 4), (sendfile, 3, 2), (Serving::default(), 2, 2), (tls, 4, 4)] {
            assert_eq!(
                (serving.copies(true), serving.switches()),
                (copies, switches),
                "{serving:?}"
            );
            assert_eq!(serving.copies(false), copies - 1, "{serving:?}");
        }
    }

    #[test]
    fn the_processor_works_at_what_it_copies_and_encrypts() {
        let costly = Serving {
            copy: Some(1_000_000_000),
            cipher: Some(500_000_000),
            switch: SimSpan::from_micros(1),
            ..Serving::default()
        };
        let of = |zero_copy, gather, tls| {
            let serving = Serving {
                zero_copy,
                gather,
                tls,
                ..costly
            };
            serving.takes(1_000).nanos()
        };
        assert_eq!(of(true, true, false), 2_000);
        assert_eq!(of(true, false, false), 1_000 + 2_000);
        assert_eq!(of(false, true, false), 2_000 + 4_000);
        assert_eq!(of(true, true, true), 2_000 + 2_000 + 4_000);
    }
}
