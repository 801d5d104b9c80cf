//! Kinds of values.

/// What kind of value a key holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ValueKind {
    /// Any text.
    Text,
    /// Texts in a list.
    Texts,
    /// A row of the catalogue, such as "A5".
    Row,
    /// Such rows in a list.
    Rows,
    /// A whole number from the first to the second, both included.
    Integer(u64, u64),
    /// `true` or `false`.
    Flag,
    /// Only `true`.
    True,
    /// One of these words.
    Choice(&'static [&'static str]),
    /// A length of time: "3ms".
    Span,
    /// A length of time that may be below zero: "-2s".
    Offset,
    /// Millionths, which may be below zero: "200ppm".
    Drift,
    /// An instant: a clock time, or a length of time since the start.
    Time,
    /// Things per time: "5000/s".
    Rate,
    /// A rate, or a list of instants with the rate that begins there.
    Rates,
    /// A span, or a distribution of spans: "exp(10ms)".
    Dist,
    /// A list of instants with the number of messages offered there.
    Burst,
    /// A whole number from 1, or "unlimited".
    Workers,
    /// The name of something in the scenario.
    Name,
    /// Such names in a list.
    Names,
    /// One name or a list of names.
    NameOrNames,
    /// The names of the two ends of a connection.
    Ends,
    /// The same, or a table with `from` and `to`, for one direction of it.
    Way,
    /// The names of the two ends of a connection, or "all".
    EndsOrAll,
    /// Lists of names in a list.
    Groups,
    /// Bytes, or a distribution of them: "1KiB".
    Sizes,
    /// A number of bytes: "1GiB".
    Bytes,
    /// Bytes per second: "100MiB/s".
    Bandwidth,
    /// A percentage: "25%".
    Chance,
    /// One comparison: "lost == 0".
    Comparison,
    /// When a step fails: "1%", "first 2".
    Failure,
    /// What a service does; see the steps' own keys.
    Steps,
    /// Paths of live keys with their new values.
    Settings,
    /// Headers: names of any kind with a text, a whole number, or true or false.
    Headers,
    /// A table with the keys below it.
    Table,
    /// A table whose keys are names of the user's choice.
    Map,
    /// A list of tables, written `[[key]]` or `[{ .. }, ..]`.
    Tables,
    /// A variant: the text of the scenario again, as far as it differs.
    Variant,
}
