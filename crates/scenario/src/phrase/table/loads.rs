//! Loads and the whole of a variant.

/// Gives these rows to the macro `$then`, behind the rows that it has.
macro_rules! loads {
    ($then:ident [$($next:ident)*] { $($before:tt)* }) => {
        $then! {
            [$($next)*] {
                $($before)*

                LoadKeyWithoutPartner: "`load.{0}.{1}` means nothing without `{2}`";
                RampNeedsTwoPoints: "`load.{0}.ramp`: a line needs two points, and `rate` has fewer";
                TwoPaces: "`load.{0}` has both a `{1}` and `{2}`: one says when it offers";
                TimerNeedsTime: "`every`: a timer needs some time between its ticks";
                CallIsNotPublished: "`load.{0}.{1}` means nothing here: a call is not published";
                CallersAreLimitedBy: "what limits callers is `users`, and what limits calls is the service's `queue`";
                WindowWithoutConfirms: "`load.{0}.window` means nothing without confirms: nothing is ever confirmed";
                LoadNeverEnds: "`load.{0}` never ends, and neither does the run";
                GiveAnEnd: "give the scenario an `until`, or the load a `count`";
                OffersTooMany: "`load.{0}` offers {1} messages, `limits.messages` is {2}";
                SegmentTooLate: "`load.{0}` has a segment that begins at the end of the run or later";
                BurstTooLate: "`load.{0}` has a burst at the end of the run or later; it never happens";
                UsersNeverGo: "the users of `load.{0}` never go, and the run never ends";
                UntilIsStart: "`until`: nothing happens before the start; a run needs some time";
                CallCircle: "a circle of calls would wait for itself: {0}";
                TooManySources: "loads and publish steps make too many sources of messages: the limits are {0}, and {1} pairs of a source and a queue or service that its messages reach";
                KeyWithoutKeys: "`load.{0}.key` means nothing without `keys` or `things`";
                ThingsForExample: "things = 100: the messages are about a hundred customers";
                DelayUnused: "this `delay` has no effect: only a `delayed` exchange keeps messages back";
                ConfirmsStay: "a channel that is in confirm mode stays in it: AMQP has `confirm.select`, and nothing that takes it back";
                MandatoryCalls: "this `mandatory` has no effect: calls are not routed";
                LoadNeedsOneKey: "`load.{0}.keys` needs at least one key";
                LoadNeedsKeys: "`load.{0}` publishes to an exchange and needs `keys`";
                KeysForExample: "keys = [\"eu\", \"us\"]: each message carries one of them";
                LoadKeysUnused: "`load.{0}.keys` has no effect: only an exchange looks at keys";
                Calls: "{0} calls {1}";
            }
        }
    };
}
