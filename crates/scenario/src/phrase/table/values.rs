//! Values of keys: what they look like, and what is wrong with their shape.

/// Gives these rows to the macro `$then`, behind the rows that it has.
macro_rules! values {
    ($then:ident [$($next:ident)*] { $($before:tt)* }) => {
        $then! {
            [$($next)*] {
                $($before)*

                Just: "{0}";
                Either: "{0} or {1}";
                LikeWholeNumber: "a whole number such as 10_800_000";
                LikeSpan: "a length of time such as 953ms";
                LikeTime: "a clock time such as 14:32:18.462, a length of time such as 458ms, or `never`";
                LikeRatio: "a percentage such as 83.5%";
                ExpectedFound: "expected {0}, found {1}";
                WriteInQuotes: "write it in quotes, with its unit";
                LooksLike: "`{0}` is {1}, expected {2}";
                HasSpaces: "`{0}` is not {1}: it has spaces in it";
                IsNot: "`{0}` is not {1}";
                ASpan: "a length of time";
                AClockTime: "a clock time";
                ARate: "a rate";
                ANumberWithoutUnit: "a number without a unit";
                ANumberOfBytes: "a number of bytes";
                ADistribution: "a distribution";
                SpanForm: "a length of time such as \"3ms\" or \"1h30m\"";
                OffsetForm: "a length of time such as \"2s\", or \"-2s\" for a clock that is behind";
                DriftForm: "millionths such as \"200ppm\", or \"-200ppm\" for a clock that is too slow";
                TimeForm: "a clock time such as \"12:00:00\" or a length of time such as \"350ms\"";
                RateForm: "a rate such as \"5000/s\"";
                SizesForm: "a size such as \"1KiB\" or a distribution such as \"exp(1KiB)\"";
                DistForm: "a length of time such as \"100ms\" or a distribution such as \"exp(10ms)\"";
                DriftsAtMost: "a clock drifts by at most {0}ppm, either way";
                RateAboveZero: "the rate must be above zero";
                PauseIsSegment: "a pause is a segment of a load's rate: [[\"12:00\", \"0/s\"]]";
                WholeNumberForm: "a whole number without quotes, such as 10";
                NotBetween: "{0} is not between {1} and {2}";
                FlagForm: "true or false, without quotes";
                ExpectedWord: "expected {0}, found \"{1}\"";
                TextsForm: "a list of texts such as [\"a\", \"b\"]";
                ATextInQuotes: "a text in quotes";
                NamesForm: "a name, or a list of names such as [\"a\", \"b\"]";
                ExpectedEnds: "expected the names of two nodes, such as [\"writer\", \"mysql\"]";
                ANameInQuotes: "a name in quotes";
                DirectionNeeds: "one direction needs a `{0}`";
                GroupsForm: "a list of groups such as [[\"users\", \"rabbitmq\"], [\"writer\"]]";
                ExpectedGroups: "expected at least two groups: {0}";
                PercentageForm: "a percentage such as \"25%\"";
                LossOfAll: "100% would let nothing through: use `cut`";
                BytesForm: "a number of bytes such as \"64MiB\"";
                BandwidthForm: "bytes per second such as \"100MiB/s\"";
                BandwidthAboveZero: "the bandwidth must be above zero";
                WorkersForm: "a whole number such as 4, or \"unlimited\"";
                FailureForm: "\"never\", \"always\", a chance such as \"1%\", \"first 2\" or \"message 7\"";
                TooManyInList: "more than {0} entries in one list";
                APairAsIn: "a pair, as in {0}";
                RatesForm: "a list such as [[\"00:00\", \"50/s\"], [\"12:00\", \"5000/s\"]]";
                SegmentsOutOfOrder: "the segments are not in order of time";
                RateNeedsSegment: "a rate needs at least one segment";
                BurstsForm: "a list such as [[\"0s\", 10]]";
                CsvForm: "lines of \"time,count\"";
                NoCsvLine: "line {0}: `{1}` is no `time,count` such as `350ms,2`";
                NoArrivals: "there is no arrival in it: no line of `time,count`";
                TooManyArrivals: "more than {0} lines of arrivals";
                RowForm: "a row of the catalogue such as \"A5\"";
                NameEmpty: "a name must not be empty";
                NameTooLong: "`{0}` is longer than {1} characters";
                NoName: "`{0}` is no name: {1} is neither a letter, a digit, nor one of `_ - .`";
                HeadersForm: "a table such as { format = \"pdf\", pages = 3 }";
                NumberTooLarge: "this number needs more than 64 bits";
                HeaderValues: "a text, a whole number, or true or false";
                ComparisonExample: "a comparison such as \"lost == 0\"";
                RowsForm: "a list of rows such as [\"A5\", \"A6\"]";
                OnlyTrue: "only `true` has a meaning here";
                AList: "a list";
                ATableOfKeys: "a table";
                TheScenario: "the scenario";
                DotInName: "`{0}`: no dot may stand in this name";
                ExpectedTable: "`{0}`: expected a table in the list, found {1}";
                TooManyStepsAt: "`{0}` has {1} steps, the limit is {2}";
                TransactionEnds: "what a `transaction` holds is committed where its list ends, rolled back where a step of it fails, and both where it says so: { transaction = [{ insert = \"rows\" }, { unless = \"stock\", steps = [\"rollback\"] }] }";
                WriteStepAs: "write it as { {0} = .. }";
                NoStepCalled: "`{0}`: there is no step \"{1}\"";
                NeedsExactlyOne: "`{0}`: needs exactly one of {1}, not {2} of them";
                ThereIsKey: "there is a `{0}`";
                MayStandHere: "what may stand here: {0}";
                AnInteger: "an integer";
                ANumberWithFraction: "a number with a fraction";
                TrueOrFalse: "true or false";
                ADateWithoutQuotes: "a date or time without quotes";
                UnknownKey: "unknown key `{0}`";
                AText: "a text";
                Needs: "{0} needs a `{1}`";
                At: "`{0}`: {1}";
                EmptyText: "this text is empty";
                ItIs: "it is {0}";
                ItIsOneOf: "it is one of {0}";
            }
        }
    };
}
