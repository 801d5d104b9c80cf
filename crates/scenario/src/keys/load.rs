//! The keys of loads.

use super::Default::{Absent, Is, Required};
use super::{ARRIVALS, COUNT_MAX, Key, ValueKind as V, live, row};
use crate::limits;

/// In the order of the reference page.
pub(super) const ROWS: &[Key] = &[
    row("load", V::Map, Absent, "Sources of messages or requests."),
    row("load.*", V::Table, Absent, "One source."),
    row(
        "load.*.to",
        V::Name,
        Required,
        "Where they go: a queue, an exchange, a topic or one partition of it, or a service.",
    ),
    live(
        "load.*.rate",
        V::Rates,
        Absent,
        "How many: \"5000/s\" from the start on, or [[\"00:00\", \"50/s\"], [\"12:00\", \"5000/s\"]]. A change during the run is one rate, which may be \"0/s\", and ends the plan of segments.",
    ),
    row(
        "load.*.ramp",
        V::Flag,
        Is("false"),
        "Whether the rate goes in a straight line from one entry of the list to the next, in place of jumping: a curve of the day.",
    ),
    row(
        "load.*.every",
        V::Span,
        Absent,
        "A schedule in place of a rate: something is offered every \"1m\", as a timer does it.",
    ),
    row(
        "load.*.offset",
        V::Span,
        Is("\"0s\""),
        "When the schedule's first offer is, counted from the start.",
    ),
    live(
        "load.*.each",
        V::Integer(1, COUNT_MAX),
        Is("1"),
        "How many messages are offered at each arrival, or each time that is `every`.",
    ),
    live(
        "load.*.users",
        V::Integer(0, limits::USERS_MAX),
        Absent,
        "A closed loop in place of a rate: so many users, each of whom thinks, asks, waits for the answer (of a service) or the confirm (of a broker), and thinks again.",
    ),
    live(
        "load.*.think",
        V::Dist,
        Is("\"0s\""),
        "How long a user thinks before he asks.",
    ),
    live(
        "load.*.arrivals",
        V::Choice(ARRIVALS),
        Is("\"even\""),
        "`even`: at equal distances. `poisson`: at random, with the rate as the mean.",
    ),
    live(
        "load.*.count",
        V::Integer(0, COUNT_MAX),
        Is("no limit"),
        "It stops after this many, all together.",
    ),
    row(
        "load.*.burst",
        V::Burst,
        Absent,
        "Many at once: [[\"0s\", 10]] offers 10 at the start, and so does 10 alone.",
    ),
    row(
        "load.*.csv",
        V::Text,
        Absent,
        "Recorded arrivals, a line for each instant: `time,count`, or the time alone for a single message. A time is a clock time, a length of time since the start, or a number of seconds. On the command line a file can be given: --set \"load.NAME.csv='''$(cat FILE)'''\".",
    ),
    live(
        "load.*.window",
        V::Integer(1, limits::WINDOW_MAX),
        Is("no limit"),
        "Most messages that are sent and not confirmed; what is more waits at the load. 1 is a sender that waits for every confirm.",
    ),
    live(
        "load.*.buffer",
        V::Integer(0, limits::BUFFER_MAX),
        Is("no limit with a `window`, none without"),
        "Most messages that wait at the load while the window is full or the broker is gone; one more is refused. What is not confirmed when the connection closes goes back into it and is sent again.",
    ),
    live(
        "load.*.priority",
        V::Integer(0, 255),
        Is("0"),
        "The priority of its messages, for a queue that has any.",
    ),
    live(
        "load.*.expiration",
        V::Span,
        Is("no limit"),
        "How long its messages may wait in a queue, in whole milliseconds. If the queue has a `message_ttl` as well, the shorter one counts.",
    ),
    live(
        "load.*.headers",
        V::Headers,
        Absent,
        "Headers that its messages carry, for an exchange of the type `headers`.",
    ),
    live(
        "load.*.mandatory",
        V::Flag,
        Is("false"),
        "Whether a message that no queue is bound for comes back. It is confirmed all the same. See `returned`.",
    ),
    row(
        "load.*.keys",
        V::Texts,
        Absent,
        "Routing keys, for an exchange, or the keys of records, for a topic: what has the same key goes to the same partition. Records need none, and neither does an exchange that ignores them.",
    ),
    row(
        "load.*.numbered",
        V::Integer(1, limits::KEYS_MAX as u64),
        Absent,
        "How many keys each of `keys` stands for: with 12, \"order-\" is \"order-1\" to \"order-12\".",
    ),
    row(
        "load.*.key",
        V::Choice(&["random", "in-turn"]),
        Is("\"random\""),
        "Which of them a message carries, and which of the `things` it is about.",
    ),
    row(
        "load.*.things",
        V::Integer(1, limits::THINGS_MAX),
        Absent,
        "How many things the messages are about: customers, orders, accounts. What is made of a message is about the same. `reordered` then counts what took effect after something younger about the same thing.",
    ),
    live(
        "load.*.persistent",
        V::Flag,
        Is("true"),
        "Whether messages are published with delivery mode 2.",
    ),
    live(
        "load.*.confirms",
        V::Flag,
        Is("true"),
        "Whether its channel is in confirm mode. Without it nobody is ever told that a message is safe. While it runs it can be turned on, and not off.",
    ),
    live(
        "load.*.delay",
        V::Dist,
        Is("\"0s\""),
        "How long a `delayed` exchange keeps each of its messages back: the header `x-delay`.",
    ),
    row(
        "load.*.size",
        V::Sizes,
        Is("\"0B\""),
        "How large its messages are, and what handlers make of them: \"1KiB\", \"exp(1KiB)\", \"uniform(1KiB, 4KiB)\". Disks and links with a bandwidth take longer for what is larger.",
    ),
];
