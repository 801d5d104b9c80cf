//! What a row of the table of keys says.

/// A row of the table.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Key {
    /// Where it stands, such as `service.*.consume.prefetch`.
    pub path: &'static str,
    /// What it holds.
    pub kind: ValueKind,
    /// What holds if it is not given.
    pub default: Default,
    /// Whether `[[at]]` and a running world may change it.
    pub live: bool,
    /// What it means, in a sentence or two.
    pub doc: &'static str,
}

/// What holds if a key is not given.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Default {
    /// It must be given.
    Required,
    /// Nothing: it may be left out.
    Absent,
    /// This value, or this rule.
    Is(&'static str),
}

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
    /// Bytes per second: "100MiB/s".
    Bandwidth,
    /// One comparison: "lost == 0".
    Comparison,
    /// When a step fails: "1%", "first 2".
    Failure,
    /// What a service does; see the steps' own keys.
    Steps,
    /// Paths of live keys with their new values.
    Settings,
    /// A table with the keys below it.
    Table,
    /// A table whose keys are names of the user's choice.
    Map,
    /// A list of tables, written `[[key]]` or `[{ .. }, ..]`.
    Tables,
    /// A variant: the text of the scenario again, as far as it differs.
    Variant,
}

pub(super) const fn row(path: &'static str, kind: ValueKind, default: Default, doc: &'static str) -> Key {
    Key {
        path,
        kind,
        default,
        live: false,
        doc,
    }
}

pub(super) const fn live(path: &'static str, kind: ValueKind, default: Default, doc: &'static str) -> Key {
    Key {
        path,
        kind,
        default,
        live: true,
        doc,
    }
}
