//! What is done by hand: `[[at]]` entries.

/// Gives these rows to the macro `$then`, behind the rows that it has.
macro_rules! acts {
    ($then:ident [$($next:ident)*] { $($before:tt)* }) => {
        $then! {
            [$($next)*] {
                $($before)*

                OnlyOneAct: "only one `[[at]]` entry may stand here";
                OneActNeeded: "one `[[at]]` entry is needed, not {0}";
                OneSettingPerAct: "an act changes one setting, not {0}";
                EntryForEach: "write an entry for each";
                NeverHappens: "this is at the end of the run or later; it never happens";
                NoBrokerBetween: "none of the two is a broker: nothing of this kind passes between them";
                TooManyAtOnce: "{0} messages at once, `limits.messages` is {1}";
                TooManyWithKey: "{0} messages with a key or payload of their own, the limit is {1}";
                CallsLookAtNoKey: "`{0}` calls `{1}` directly: only a broker looks at keys";
                AnotherQueueByHand: "`{0}` is another queue than that of `{1}`, which only a smaller scenario may publish to by hand";
                TooManyToFollow: "its places and sources of messages are too many to follow every message everywhere";
                PayloadTooLong: "a payload of {0} bytes, the limit is {1}";
                NoSetting: "`{0}` is no setting that can change during a run";
                SettingsBegin: "it begins with load, service, table, broker, clock, link, links or faults.random, such as \"service.writer.consume.prefetch\"";
                SettingTooMany: "`{0}`: {1} messages, `limits.messages` is {2}";
                ConsumesNoQueue: "`{0}`: `{1}` consumes no queue";
                HasNoSuchStep: "it has no {0} step";
                ItsSteps: "its {0} steps: {1}";
                NoSuchStep: "`{0}` is no {1} step; steps count from 0";
                WhatCanChange: "what can: {0}";
                CannotChange: "`{0}` cannot change during a run";
                NoLinkCalled: "there is no `link.{0}`";
                LinkCanChange: "what can: link.{0}.latency, link.{0}.bandwidth, link.{0}.loss, and of calls link.{0}.duplicate and link.{0}.reorder";
                LinksCanChange: "what can: links.latency, links.bandwidth and links.loss, and the same of one connection, such as links.A.B.latency with the names of two nodes";
                NoCallsBetween: "`{0}` cannot change: no calls pass between these two";
                NotConnected: "`{0}` and `{1}` have no connection with each other";
                ConnectedWith: "`{0}` has one with {1}";
            }
        }
    };
}
