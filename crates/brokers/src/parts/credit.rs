//! A window of deliveries that may be outstanding.

/// How many deliveries a consumer may still get before it has to acknowledge
/// some. A limit of 0 is no limit, as in AMQP's `basic.qos`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Credit {
    limit: u32,
    used: u32,
}

impl Credit {
    /// A window of `limit` deliveries, all of it free.
    pub const fn new(limit: u32) -> Self {
        Credit { limit, used: 0 }
    }

    /// Whether one more delivery fits.
    #[inline]
    pub const fn is_open(&self) -> bool {
        self.limit == 0 || self.used < self.limit
    }

    /// One more delivery is outstanding.
    #[inline]
    pub fn take(&mut self) {
        debug_assert!(self.is_open(), "a delivery went out without credit");
        self.used += 1;
    }

    /// A delivery is no longer outstanding.
    ///
    /// # Panics
    /// If none was.
    #[inline]
    pub fn give_back(&mut self) {
        self.used = self.used.checked_sub(1).expect("credit comes back once per delivery");
    }

    /// A new limit. Deliveries above it stay outstanding.
    pub fn resize(&mut self, limit: u32) {
        self.limit = limit;
    }

    /// The limit; 0 is none.
    pub const fn limit(&self) -> u32 {
        self.limit
    }

    /// How many deliveries are outstanding.
    pub const fn used(&self) -> u32 {
        self.used
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_closes_and_opens() {
        let mut credit = Credit::new(2);
        credit.take();
        assert!(credit.is_open());
        credit.take();
        assert!(!credit.is_open());
        credit.give_back();
        assert!(credit.is_open());
    }

    #[test]
    fn zero_is_no_limit() {
        let mut credit = Credit::new(0);
        for _ in 0..10_000 {
            assert!(credit.is_open());
            credit.take();
        }
    }

    #[test]
    fn a_smaller_window_waits_for_what_is_out() {
        let mut credit = Credit::new(3);
        (0..3).for_each(|_| credit.take());
        credit.resize(2);
        credit.give_back();
        assert!(!credit.is_open());
        credit.give_back();
        assert!(credit.is_open());
    }
}
