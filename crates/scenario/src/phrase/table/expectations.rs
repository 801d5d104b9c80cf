//! Expectations and metrics.

/// Gives these rows to the macro `$then`, behind the rows that it has.
macro_rules! expectations {
    ($then:ident [$($next:ident)*] { $($before:tt)* }) => {
        $then! {
            [$($next)*] {
                $($before)*

                ComparisonForm: "metric(subject) == value, with one of == != < <= > >=";
                NoComparison: "there is no comparison in this";
                Operators: "it is one of == != < <= > >=";
                NoSuchOperator: "this operator does not exist";
                BracketOpen: "the bracket is not closed, or something stands behind it";
                NoSuchMetric: "there is no metric `{0}`";
                MetricIs: "{0}({1}) is {2}";
                MetricNeedsName: "`{0}` needs the name of {1}";
                NoFurtherArgument: "`{0}` takes no further argument";
                DrainedForExample: "drained(orders, 12:00:00): not before that instant";
                NoInstant: "`{0}` is no instant";
                StatesAre: "states are {0}";
                NoState: "`{0}` is no state of a row";
                RowAtForExample: "row_at(mysql, 2): the second row; they count from 1";
                NoRowNumber: "`{0}` is no number of a row";
                CannotCompare: "`{0}` cannot be compared with `{1}`";
                ComparedWith: "it is compared with {0}";
                NeverIsEqual: "`never` is equal to something or not, and nothing else";
                ToleranceOfNumbers: "only == and != with a number take a tolerance";
                ToleranceForExample: "== 0.6687s +- 10%, or == 953ms +- 1ms";
                NoTolerance: "`{0}` is no tolerance here";
                AskForQueue: "it is not called directly; ask for its queue `{0}`";
                OfMetric: "metric {0}: {1}";
                AfterTheEnd: "{0} is after the end of the run ({1}); it would never be checked";
                SayOtherVariant: "if other variants have it, say which: variant = \"name\"";
                ExpectsNoRows: "`{0}` does not say what its rows are there for";
                ExpectsForExample: "table.{0}.expects = .., a load or another table";
                MeasuredOfOther: "`{0}` is measured of {1}; `{2}` is something else";
            }
        }
    };
}
