//! Steps of services, and the tables that they write.

/// Gives these rows to the macro `$then`, behind the rows that it has.
macro_rules! steps {
    ($then:ident [$($next:ident)*] { $($before:tt)* }) => {
        $then! {
            [$($next)*] {
                $($before)*

                TooManySteps: "more than {0} steps in one service";
                NeedsSteps: "`{0}` needs `steps`: what depends on it";
                AttemptsWithin: "attempts within attempts are not modelled";
                TransactionWithin: "a transaction within a transaction";
                EndsNoTransaction: "there is no transaction here that could end";
                TransactionOfNothing: "nothing in this transaction has to do with a table";
                TransactionHolds: "a transaction holds what is done to tables, or, of a producer with a `transactional_id`, what goes to Kafka: { transaction = [{ publish = \"out\" }, \"ack\"] }";
                OneTransactionAtATime: "a producer has one transaction open at a time, so its service needs to have one worker";
                PublishesOutside: "a producer with a `transactional_id` publishes in transactions only, each of which is of Kafka alone";
                ConfirmedAtItsEnd: "what is published in a transaction is confirmed when that ends: `confirm` would wait for ever";
                RabbitIsNoPart: "what RabbitMQ is told is no part of a transaction of Kafka";
                AckBehindIt: "it can stand behind the transaction";
                NackWithin: "in a transaction of Kafka \"rollback\" takes back what was done";
                TwoPhasesOfRecords: "a transaction of Kafka alone has its own two phases: `two_phase` is about databases";
                TooManyDatabases: "{0} databases in one transaction, the limit is {1}";
                NotOneDatabase: "`{0}` and `{1}` are not in one database, so no transaction holds both";
                SameDatabase: "give both tables the same `database`, or the transaction `two_phase = true`";
                NothingIsDuplicate: "`{0}` takes as many rows as there are: nothing is a duplicate there";
                UpdateNeedsSet: "`update` needs `set`: the state that the rows get";
                RowGoneAtOnce: "a row that is gone at once is never there";
                PerThingExpects: "`table.{0}` has a row for each thing, and `expects` is about messages";
                TableOfItsOwn: "a table cannot be there for its own rows";
                ConsumesOrScans: "a service consumes a queue or looks through a table, not both";
                MakeTwoServices: "make two services of it";
                NothingButLook: "it would do nothing but look: the time must be above zero";
                ScannerNeedsUntil: "a service that looks again and again needs an `until`: the run would never end";
            }
        }
    };
}
