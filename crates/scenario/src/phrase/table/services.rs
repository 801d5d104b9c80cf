//! Services: what they consume, how they wait, what they limit.

/// Gives these rows to the macro `$then`, behind the rows that it has.
macro_rules! services {
    ($then:ident [$($next:ident)*] { $($before:tt)* }) => {
        $then! {
            [$($next)*] {
                $($before)*

                NothingWaitsWithoutWorkers: "`{0}` means nothing here: without a limit of workers nothing waits";
                GiveWorkers: "give the service a number of `workers`";
                NoOverloadWithoutLimit: "`overload` means nothing here: with room for everybody there is no overload";
                SayHowManyWait: "say how many may wait: queue = 100";
                NobodyCalls: "nobody calls `{0}`: its `{1}` has no effect";
                PushedIsLimited: "what a consumer is pushed is limited by `consume.prefetch`";
                NeverThatManyMerged: "no more than {0} are ever there to be merged, and never {1}";
                PrefetchOrMore: "prefetch = {0}, or more";
                StepsMayDiffer: "whether these steps are done may differ from message to message, and they are merged";
                SkipLeavesOut: "{ insert = \"..\", on_duplicate = \"skip\" } leaves out what is there";
                TooManyConfirms: "a worker waits for at most {0} confirms, and here for {1}";
                WhoDoesWhat: "without a number of `workers` there is no telling which one does what";
                OrderAndMerge: "`keep_order` and `merge` in one service are not modelled";
                AboutItself: "nothing says what messages are about: to `{0}` each is about itself";
                KeyWithoutPartner: "`{0}` means nothing without `{1}`";
                RetriesForExample: "retries = 3: a failed call is made again so often";
                TimeoutOfZero: "`timeout`: no answer comes in no time at all";
                AsksOneWay: "a consumer asks now and then or with a request that waits, not both";
                PrefetchOfAsker: "this `prefetch` has no effect: a consumer that asks gets one message for each free worker";
                AskerNeedsUntil: "a consumer that asks again and again needs an `until`: the run would never end";
                NothingButAsk: "it would do nothing but ask: the time must be above zero";
                NeedsPushed: "`{0}` needs messages that are pushed: this consumer asks for one at a time";
                KeyOfOtherStep: "`{0}` belongs to a {1} step";
                StepNeedsName: "this step needs at least one name";
                TooManyNames: "{0} names in one step, the limit is {1}";
                ExchangeNeedsKey: "an exchange needs a `key` to route by";
                KeyUnused: "this `key` has no effect: only an exchange looks at keys";
                AcknowledgedTwice: "a delivery can be acknowledged once; the broker would close the channel here";
                NeverAcknowledged: "no step acknowledges: every delivery stays unacknowledged for ever";
                AddAck: "add an \"ack\" step, or consume with ack = \"auto\"";
                NothingLeftToAcknowledge: "with ack = \"auto\" there is nothing to acknowledge; the broker would close the channel here";
                NothingToAcknowledge: "this service consumes no queue, so there is nothing to acknowledge";
                AnsweredOnce: "a call is answered once";
            }
        }
    };
}
