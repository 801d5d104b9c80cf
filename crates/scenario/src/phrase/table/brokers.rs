//! Brokers: queues, exchanges, bindings.

/// Gives these rows to the macro `$then`, behind the rows that it has.
macro_rules! brokers {
    ($then:ident [$($next:ident)*] { $($before:tt)* }) => {
        $then! {
            [$($next)*] {
                $($before)*

                TooManyBindings: "{0} bindings, the limit is {1}";
                BindingTwice: "this binding is there already; a broker ignores the second one";
                TooManyHashes: "this pattern has {0} words `#`; this version takes {1}";
                NewVersionTakesHashes: "version = \"4.2\" takes any number";
                HeadersUnseen: "`{0}` has no effect: the exchange does not look at headers";
                HeadersExchangeSees: "an exchange with type = \"headers\" does";
                MatchBesideHeaders: "how a binding compares is written beside its headers: match = \"any\"";
                TooManyKeys: "more than {0} different routing and binding keys";
                KeyTooLong: "a key has at most {0} bytes";
                RetryTooOld: "`delayed_retry` is an argument of queues of 4.3 and later";
                OverflowOfClassic: "`reject-publish-dlx` is for queues with `type = \"classic\"`";
                WatermarkAlone: "this `watermark` has no effect: the node has no `memory`";
                DeadLetterKeyAlone: "`dead_letter_key` needs a `dead_letter`, which says where it goes";
                DeadLetterKeyUnused: "this `dead_letter_key` has no effect: a queue gets all of it";
                QueueOfOtherType: "`{0}` is an argument of queues with `type = \"{1}\"`";
                OverflowUnused: "this `overflow` has no effect: the queue has no `max_length`";
                WholeMilliseconds: "an expiration is a whole number of milliseconds";
                BindingHasOne: "a binding has one of `queue` and `to`";
                BindingHasOnlyOne: "a binding has only one of `queue` and `to`";
                OneNode: "there is one node";
                NotInACluster: "`{0}` is not there yet in a cluster of several nodes";
                WithOneNode: "with `nodes = 1` it is";
                NotWithMirrors: "`{0}` is not there yet in a queue with mirrors";
                WithoutMirrors: "without `mirrors` it is, and in a queue with `type = \"quorum\"`";
                QuorumHasReplicas: "a quorum queue has replicas, see `group_size`";
                OnlyQuorumAgrees: "only queues with `type = \"quorum\"` have replicas that agree";
                ExclusiveHasNoMirrors: "an exclusive queue is never mirrored";
                NoMirrors: "the queue has no `mirrors`";
                MirrorsAreGone: "there are no mirrored queues since 4.0";
                MirrorsOrQuorum: "`version = \"3.13\"`, or a queue with `type = \"quorum\"`";
                PatternUnknown: "the pattern \"{0}\" is not understood: {1}";
                PatternBeyond: "what looks around, references back, and classes within classes are no part of it";
                PatternTooLarge: "it becomes too large";
                PatternRepeats: "there is nothing before a `*`, `+`, `?` or count, or the count is wrong";
                PatternBrackets: "a bracket is missing, or one too many";
                PatternEscape: "what follows a backslash is nothing that there is";
                PatternWrong: "it is no regular expression";
                PatternForExample: "pattern = \"^tmp\" is for names that begin so";
                PolicyForNothing: "this policy is for nothing that there is";
                DeclaredWith: "`{0}` cannot change during a run: a declaration with other arguments is refused (406)";
                PolicyChangesIt: "`{0}` changes it for the queues that the policy is for";
                DeclaredOnce: "who wants it otherwise deletes it and declares it anew";
                StartsWithIt: "a node is started with it";
                NobodyDeclares: "`{0}` belongs to the connection that declares it, and nobody does: no service consumes it";
                ConsumerDeclares: "a service with consume = { queue = \"..\" } declares it";
                QuorumIsForAll: "this `exclusive` has no effect: a quorum queue takes no notice of it";
                SingleActiveInstead: "`single_active_consumer` of the queue has one consumer at a time";
                TooManyCopies: "{0} copies need as many nodes, and there are {1}";
            }
        }
    };
}
