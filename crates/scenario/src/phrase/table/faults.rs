//! Connections and faults.

/// Gives these rows to the macro `$then`, behind the rows that it has.
macro_rules! faults {
    ($then:ident [$($next:ident)*] { $($before:tt)* }) => {
        $then! {
            [$($next)*] {
                $($before)*

                KindWithoutCrash: "`at.kind` says what a `crash` is, and there is none here";
                IdealDisk: "`{0}` has an ideal disk: a cut of the power takes no more than a kill does";
                DiskThatSyncs: "a disk that syncs now and then: broker.{0}.disk = { interval = \"200ms\" }";
                TwiceInGroups: "`{0}` stands in the groups twice";
                NothingCut: "no connection is between these groups: nothing is cut";
                LinkTwice: "`link.{0}`: there is another link between these two";
                LinkUnused: "`link.{0}` has no effect: these two have no connection";
                AboutCallsOnly: "`{0}` is about calls, and this is a connection that knows what it has had";
                WhatElseGoesWrong: "what goes to a broker or a table can be late (`loss`, `latency`), `cut`, or lost with its connection (`lose`)";
                LinkOfOneNode: "a link connects two different nodes";
                TooManyRandom: "`faults.random` comes to more than {0} commands";
                RandomNeedsOne: "`faults.random`: needs at least one of {0}";
                TooManyRandomThen: "`{0}`: this comes to more than {1} commands";
                NothingRandom: "`{0}`: there is no `[faults.random]` here";
                BeginRandomInText: "what happens at random has to be begun in the text, with `on = false` if it is to wait";
                RandomWaitsFor: "`{0}`: nothing happens until there is a `{1}`";
                RandomStopsBeforeStart: "`faults.random.stop` is not after `start`: nothing goes wrong";
                EndsBeforeWell: "the run ends before everything is well again: nothing shows what becomes of it";
                GoOnAfterStop: "let it go on for a while after `faults.random.stop`";
                CrashNeedsKind: "`faults.random.crash.kinds` needs at least one kind";
                NoSuchCrash: "`faults.random.crash.kinds`: there is no crash \"{0}\"";
            }
        }
    };
}
