//! Clocks.

/// Gives these rows to the macro `$then`, behind the rows that it has.
macro_rules! clocks {
    ($then:ident [$($next:ident)*] { $($before:tt)* }) => {
        $then! {
            [$($next)*] {
                $($before)*

                NoClockOfItsOwn: "`{0}` goes by no clock of its own here";
                WhoHasClocks: "services, tables, and loads that are timers (`every`) do";
                ClockUnused: "`clock.{0}` has no effect: nothing that `{0}` does goes by a clock";
                WhatGoesByClocks: "what does: `timeout`, `backoff`, `breaker`, `pause`, `merge`, `scan`, `expires`, `lease`, `replace_by`, `every`";
                LeaseByWithoutLease: "`lease_by` says whose clock a `lease` goes by, and there is none here";
                ClaimOverAtOnce: "a claim that is over at once is none";
                LeaseInTransaction: "a lease within a transaction is not modelled: nobody else sees it until it is committed";
                NothingReplaced: "nothing in `table.{0}` is replaced: it has a row for each message";
                NothingGoesByClock: "nothing that `{0}` does goes by a clock";
                ClockCanChange: "what can: clock.{0}.offset, clock.{0}.drift";
                StampInTransaction: "`{0}` writes into `{1}` in a transaction, which is not modelled with `replace_by`";
                StampTogether: "`{0}` writes into `{1}` together with others, which is not modelled with `replace_by`";
            }
        }
    };
}
