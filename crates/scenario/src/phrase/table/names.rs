//! Names, and what they stand for.

/// Gives these rows to the macro `$then`, behind the rows that it has.
macro_rules! names {
    ($then:ident [$($next:ident)*] { $($before:tt)* }) => {
        $then! {
            [$($next)*] {
                $($before)*

                TooManyNodes: "{0} nodes, the limit is {1}";
                IsAlready: "`{0}` is {1} already; names are unique in a scenario";
                IsAnother: "`{0}` is {1}, here {2} is needed";
                NothingCalled: "there is nothing called `{0}`; here {1} is needed";
                ALoad: "a load";
                ABroker: "a broker";
                AService: "a service";
                ATable: "a table";
                ANode: "a node";
                AQueue: "a queue";
                AnExchange: "an exchange";
                ATopic: "a topic";
                QueueOrExchange: "a queue or an exchange";
                LoadOrOtherTable: "a load or another table";
                QueueOrCalledService: "a queue, or a service that is called";
                LoadOrSender: "a load, or a service that publishes or calls";
                ThereIs: "there is {0}";
                DidYouMean: "did you mean `{0}`?";
                MeantOneThere: "did you mean `{0}`, which is there already?";
                NoVariant: "there is no variant `{0}`";
                NothingCalledSo: "there is nothing called `{0}`";
                AddsLoad: "this adds a new load `{0}`";
                AddsBroker: "this adds a new broker `{0}`";
                AddsService: "this adds a new service `{0}`";
                AddsTable: "this adds a new table `{0}`";
                TooManyQueues: "{0} queues, the limit is {1}";
                TooManyExchanges: "{0} exchanges, the limit is {1}";
            }
        }
    };
}
