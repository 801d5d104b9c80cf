//! The text as a whole, variants, and settings from outside.

/// Gives these rows to the macro `$then`, behind the rows that it has.
macro_rules! whole {
    ($then:ident [$($next:ident)*] { $($before:tt)* }) => {
        $then! {
            [$($next)*] {
                $($before)*

                OfOverride: "--set {0}: {1}";
                NoPath: "this is no path such as service.writer.workers";
                ValueTooDeep: "the value is nested too deeply";
                CannotBeSet: "`{0}` cannot be set this way";
                UseSeed: "use --seed";
                NoKeyHere: "there is no key `{0}` here";
                NoSuch: "there is no `{0}`";
                NoPlaceInList: "`{0}` is no place in a list of {1}; they count from 0";
                NothingBelow: "there is nothing below which `{0}` could stand";
                ExcludeEachOther: "`{0}` and `{1}` exclude each other";
                TooManyCommands: "{0} commands, the limit is {1}";
                TooManyEntries: "{0} entries of `{1}`, the limit is {2}";
                RowNotListed: "row {0} is not among the scenario's `rows`";
                TooManyVariants: "{0} variants, the limit is {1}";
                SameInEveryVariant: "`{0}` is the same in every variant; write it outside";
                NothingToRemove: "there is no `{0}` to remove";
                InVariant: "{0} (in variant `{1}`)";
                TextTooLong: "the text has {0} bytes, the limit is {1}";
                TooDeep: "tables and lists nest deeper than {0} levels here";
            }
        }
    };
}
