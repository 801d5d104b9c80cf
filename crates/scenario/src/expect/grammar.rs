//! The grammar of comparisons: `metric(subject, argument) op literal +- tolerance`.

use super::literal::{expected, whole};
use super::{Comparison, Literal, MetricName, Op, Tolerance};
use crate::diagnostic::{Advice, Diagnostic, Diagnostics};
use crate::phrase::{Phrase, Text, text};
use crate::read::parse_time;
use crate::suggest::{did_you_mean, shown};
use crate::tree::{Item, Tree};
use mqlab_engine::plan::RowState;
use mqlab_engine::{Argument, METRICS, MetricInfo, MetricKind, Subject, Value};
use std::ops::Range;

/// A part of the comparison, with its place in it.
#[derive(Clone, Copy)]
struct Part<'a> {
    text: &'a str,
    start: usize,
}

impl<'a> Part<'a> {
    fn of(text: &'a str, start: usize) -> Self {
        let trimmed = text.trim_start();
        Part {
            text: trimmed.trim_end(),
            start: start + text.len() - trimmed.len(),
        }
    }

    /// The two parts around the bytes from `at` to `at + width`.
    fn split(self, at: usize, width: usize) -> (Self, Self) {
        let behind = at + width;
        (
            Part::of(&self.text[..at], self.start),
            Part::of(&self.text[behind..], self.start + behind),
        )
    }
}

/// A comparison that is being read.
struct Reader<'a> {
    tree: &'a Tree,
    whole: &'a str,
    found: &'a mut Diagnostics,
}

/// Reads the comparison that a value of the tree holds.
pub(crate) fn comparison(tree: &Tree, found: &mut Diagnostics) -> Option<Comparison> {
    let whole = tree.text()?;
    let mut reader = Reader { tree, whole, found };
    reader.comparison(Part::of(whole, 0))
}

/// Reads the metric that a value of the tree names, without a comparison.
pub(crate) fn metric(tree: &Tree, found: &mut Diagnostics) -> Option<MetricName> {
    let whole = tree.text()?;
    let mut reader = Reader { tree, whole, found };
    reader.metric(Part::of(whole, 0))
}

/// Reads the metric that `text` names, which stands in no scenario.
pub(super) fn metric_of(text: &str) -> Result<MetricName, Diagnostic> {
    let mut found = Diagnostics::default();
    // As if it stood in quotes, the first of them before the text.
    let tree = Tree {
        span: 0..text.len() + 2,
        item: Item::Text(text.to_owned()),
    };
    metric(&tree, &mut found).ok_or_else(|| {
        let mut wrong = found.iter().next().cloned().expect("what is not read has a reason");
        wrong.span = wrong.span.start.saturating_sub(1)..wrong.span.end.saturating_sub(1).min(text.len());
        wrong
    })
}

impl Reader<'_> {
    /// The place of a part in the scenario's text. In a string with escapes
    /// places shift, so there it is the whole string.
    fn place(&self, part: Part<'_>) -> Range<usize> {
        let quoted = &self.tree.span;
        if quoted.len() != self.whole.len() + 2 {
            return quoted.clone();
        }
        let start = quoted.start + 1 + part.start;
        start..start + part.text.len()
    }

    fn fail<T>(&mut self, part: Part<'_>, message: impl Into<Text>, help: Option<Advice>) -> Option<T> {
        let part = if part.text.is_empty() {
            Part {
                text: self.whole,
                start: 0,
            }
        } else {
            part
        };
        let place = self.place(part);
        self.found
            .push(Diagnostic::error("bad-expectation", &place, message).maybe_help(help));
        None
    }

    fn comparison(&mut self, all: Part<'_>) -> Option<Comparison> {
        let Some(at) = all.text.find(['=', '!', '<', '>']) else {
            let help = Phrase::ComparisonForm;
            return self.fail(all, Phrase::NoComparison, Some(help.into()));
        };
        let sign = Op::ALL.iter().find(|(_, sign)| all.text[at..].starts_with(sign));
        let Some((op, sign)) = sign else {
            let (_, rest) = all.split(at, 0);
            let help = Phrase::Operators;
            return self.fail(rest, Phrase::NoSuchOperator, Some(help.into()));
        };
        let (metric, rest) = all.split(at, sign.len());
        let metric = self.metric(metric);
        let (literal, tolerance) = match ["+-", "\u{b1}"]
            .iter()
            .find_map(|sign| Some((rest.text.find(sign)?, sign.len())))
        {
            Some((at, width)) => {
                let (literal, tolerance) = rest.split(at, width);
                (literal, Some(tolerance))
            }
            None => (rest, None),
        };
        self.literal(metric?, *op, literal, tolerance)
    }

    fn metric(&mut self, part: Part<'_>) -> Option<MetricName> {
        let (name, arguments) = match part.text.find('(') {
            None => (part, Vec::new()),
            Some(at) => {
                let (name, rest) = part.split(at, 1);
                let Some(inside) = rest.text.strip_suffix(')') else {
                    return self.fail(part, Phrase::BracketOpen, None);
                };
                (name, arguments(Part::of(inside, rest.start)))
            }
        };
        let Some(info) = METRICS.iter().find(|info| info.name == name.text) else {
            let help = did_you_mean(name.text, METRICS.iter().map(|info| info.name));
            return self.fail(name, text!(NoSuchMetric, shown(name.text)), help);
        };
        let subject = arguments.first().copied();
        if subject.is_none() && !matches!(info.subject, Subject::WorldOrInlet | Subject::WorldOrTable) {
            let help = text!(MetricIs, info.name, wanted(info.subject), info);
            return self.fail(
                part,
                text!(MetricNeedsName, info.name, wanted(info.subject)),
                Some(help.into()),
            );
        }
        let argument = self.argument(info, arguments.get(1).copied())?;
        if let Some(more) = arguments.get(2) {
            return self.fail(*more, text!(NoFurtherArgument, info.name), None);
        }
        Some(MetricName {
            kind: info.kind,
            subject: subject.map(|part| part.text.to_owned()),
            argument,
        })
    }

    fn argument(&mut self, info: &MetricInfo, part: Option<Part<'_>>) -> Option<Argument> {
        let Some(part) = part else { return Some(Argument::None) };
        match info.kind {
            MetricKind::Drained => match parse_time(part.text) {
                Some(after) => Some(Argument::After(after)),
                None => {
                    let help = Phrase::DrainedForExample;
                    self.fail(part, text!(NoInstant, shown(part.text)), Some(help.into()))
                }
            },
            MetricKind::Rows => match RowState::named(part.text) {
                Some(state) => Some(Argument::State(state)),
                None => {
                    let known = RowState::WORDS;
                    let near = did_you_mean(part.text, known.iter().copied());
                    let help = near.unwrap_or_else(|| text!(StatesAre, known.join(", ")).into());
                    self.fail(part, text!(NoState, shown(part.text)), Some(help))
                }
            },
            MetricKind::RowAt => match whole(part.text) {
                Some(nth) if nth > 0 => Some(Argument::Nth(nth)),
                _ => {
                    let help = Phrase::RowAtForExample;
                    self.fail(part, text!(NoRowNumber, shown(part.text)), Some(help.into()))
                }
            },
            _ => self.fail(part, text!(NoFurtherArgument, info.name), None),
        }
    }

    fn literal(
        &mut self,
        metric: MetricName,
        op: Op,
        part: Part<'_>,
        tolerance: Option<Part<'_>>,
    ) -> Option<Comparison> {
        let info = metric.kind.info();
        let Some(literal) = Literal::parse(part.text, info.unit) else {
            let message = text!(CannotCompare, info.name, shown(part.text));
            let help = text!(ComparedWith, expected(info.unit));
            return self.fail(part, message, Some(help.into()));
        };
        let equality = matches!(op, Op::Equal | Op::NotEqual);
        if literal.value == Value::Never && !equality {
            return self.fail(part, Phrase::NeverIsEqual, None);
        }
        let tolerance = match tolerance {
            None => None,
            Some(part) if !equality || literal.value == Value::Never => {
                return self.fail(part, Phrase::ToleranceOfNumbers, None);
            }
            Some(part) => match Tolerance::parse(part.text, info.unit) {
                Some(tolerance) => Some(tolerance),
                None => {
                    let help = Phrase::ToleranceForExample;
                    return self.fail(part, text!(NoTolerance, shown(part.text)), Some(help.into()));
                }
            },
        };
        Some(Comparison {
            metric,
            op,
            literal,
            tolerance,
        })
    }
}

/// The parts between commas; none if there is nothing.
fn arguments(inside: Part<'_>) -> Vec<Part<'_>> {
    if inside.text.is_empty() {
        return Vec::new();
    }
    let mut start = inside.start;
    let part = |text: &'_ str| {
        let part = (text.len(), start);
        start += text.len() + 1;
        part
    };
    let places: Vec<(usize, usize)> = inside.text.split(',').map(part).collect();
    places
        .into_iter()
        .map(|(len, start)| {
            let from = start - inside.start;
            Part::of(&inside.text[from..from + len], start)
        })
        .collect()
}

/// What a metric is measured of, in words.
pub(crate) fn wanted(subject: Subject) -> Phrase {
    match subject {
        Subject::WorldOrInlet | Subject::Inlet => Phrase::QueueOrCalledService,
        Subject::Source => Phrase::LoadOrSender,
        Subject::Load => Phrase::ALoad,
        Subject::Queue => Phrase::AQueue,
        Subject::Service => Phrase::AService,
        Subject::Table | Subject::WorldOrTable => Phrase::ATable,
        Subject::Node => Phrase::ANode,
        Subject::Broker => Phrase::ABroker,
        Subject::Member => Phrase::AClusterNode,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Comparison, Box<Diagnostic>> {
        let tree = Tree {
            span: 100..102 + text.len(),
            item: Item::Text(text.into()),
        };
        let mut found = Diagnostics::default();
        let comparison = comparison(&tree, &mut found);
        comparison.ok_or_else(|| Box::new(found.iter().next().cloned().expect("a reason")))
    }

    #[test]
    fn comparisons_of_every_shape_are_read() {
        for text in [
            "lost == 0",
            "lost(orders) == 0",
            " backlog( orders )==10_800_000 ",
            "drained(orders, 12:00) == 14:32:18.462",
            "row_at(mysql, 2) == 208ms",
            "rows(outbox, sent) == 1",
            "inconsistent == 0",
            "inconsistent(outbox) == 0",
            "died_at(mysql) == never",
            "wait_mean(orders) == 0.6687s +- 10%",
            "wait_mean(orders) == 0.6687s \u{b1} 1ms",
            "utilisation(writer) > 89.5%",
        ] {
            assert!(read(text).is_ok(), "{text}: {:?}", read(text));
        }
        let drained = read("drained(orders, 12:00) != never").unwrap();
        assert_eq!((drained.metric.kind, drained.op), (MetricKind::Drained, Op::NotEqual));
        assert_eq!(drained.metric.subject.as_deref(), Some("orders"));
        assert!(matches!(drained.metric.argument, Argument::After(_)));
    }

    #[test]
    fn a_metric_is_read_by_itself() {
        let metric = MetricName::parse(" rows( outbox, sent ) ").unwrap();
        assert_eq!(
            (metric.kind, metric.subject.as_deref()),
            (MetricKind::Rows, Some("outbox"))
        );
        assert_eq!(MetricName::parse("lost").unwrap().subject, None);
        for (text, wrong) in [
            ("", ""),
            ("nothing(a)", "nothing"),
            ("rows(outbox, sant)", "sant"),
            ("drained(orders, noon)", "noon"),
            ("lost == 0", "lost == 0"),
        ] {
            let diagnostic = MetricName::parse(text).unwrap_err();
            assert_eq!(&text[diagnostic.span], wrong, "{text}");
        }
    }

    #[test]
    fn mistakes_are_named_at_their_place() {
        for (text, message, place) in [
            ("lost", "there is no comparison in this", "lost"),
            ("lsot == 0", "there is no metric `lsot`", "lsot"),
            ("lost = 0", "this operator does not exist", "= 0"),
            ("lost == 5ms", "`lost` cannot be compared with `5ms`", "5ms"),
            (
                "backlog == 1",
                "`backlog` needs the name of a queue, or a service that is called",
                "backlog",
            ),
            ("backlog(a, b) == 1", "`backlog` takes no further argument", "b"),
            ("rows(a, sant) == 1", "`sant` is no state of a row", "sant"),
            ("row_at(a, 0) == 1s", "`0` is no number of a row", "0"),
            ("drained(a, x) == 1s", "`x` is no instant", "x"),
            (
                "died_at(a) < never",
                "`never` is equal to something or not, and nothing else",
                "never",
            ),
            ("lost <= 5 +- 1", "only == and != with a number take a tolerance", "1"),
            ("lost == 5 +- x", "`x` is no tolerance here", "x"),
            (
                "backlog(a == 1",
                "the bracket is not closed, or something stands behind it",
                "backlog(a",
            ),
        ] {
            let wrong = read(text).unwrap_err();
            assert_eq!(wrong.message.to_string(), message);
            let start = wrong.span.start - 101;
            assert_eq!(&text[start..wrong.span.end - 101], place, "{text}");
        }
    }
}
