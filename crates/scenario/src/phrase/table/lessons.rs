//! Lessons.

/// Gives these rows to the macro `$then`, behind the rows that it has.
macro_rules! lessons {
    ($then:ident [$($next:ident)*] { $($before:tt)* }) => {
        $then! {
            [$($next)*] {
                $($before)*

                NeedsLanguages: "`{0}` is {1}, and needs one text for each language";
                WrittenAsTables: "`{0}` is {1}; it is written as [[{0}]]";
                ListOfTables: "`{0}` is a list of tables, this is {1}";
                ExpectedText: "expected a text, found {0}";
                NobodyLooks: "the scenario expects no such thing at this instant, so that nobody looks";
                ExpectTheSame: "add the same as an [[expect]] to the scenario, or leave `at` out";
                SayWhichVariant: "the scenario has several variants; say which: variant = \"name\"";
                CannotMeasure: "`{0}` of `{1}` cannot be measured in the variant `{2}`";
                TakesNoNote: "the scenario expects nothing of this, so that the run takes no note of it";
                ExpectTheMetric: "add an [[expect]] with the same metric to the scenario";
                TheLesson: "the lesson";
                LessonNeedsOne: "the lesson needs at least one [[{0}]]";
                TheWatched: "what is watched";
                APrediction: "a prediction";
                CannotAnswer: "`{0}` cannot be answered with a {1}";
                AWrongAnswer: "a wrong answer";
                NoAnswerOfKind: "`{0}` is no answer of this kind";
                ATry: "what to try";
                OneWayToTry: "one of `set`, `add` and `open` at a time";
                NoSettingForm: "`{0}` is no setting such as service.writer.workers = 2";
                NoKindOfAnswer: "there is no kind of answer `{0}`";
                NoUnitOfTime: "`{0}` is no unit of time such as ms or s";
                ToleranceOrAmount: "1%, or an amount such as 5 or 10ms";
            }
        }
    };
}
