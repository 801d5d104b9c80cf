//! From a lesson's text to the lesson.

use super::fields::{Fields, word};
use super::{AnswerKind, How, Lesson, Prediction, Try, Watch, Wrong};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::expect::{Comparison, Literal, Tolerance, comparison, expected, metric};
use crate::limits::{NESTING_MAX, TEXT_BYTES_MAX};
use crate::nesting::too_deep;
use crate::phrase::{Phrase, Text, text};
use crate::read;
use crate::suggest::{did_you_mean, shown};
use crate::tree::{Layer, Table, Tree};
use mqlab_kernel::{SimSpan, SimTime};
use std::ops::Range;
use toml::de::DeTable;

/// Reads a whole lesson.
pub(super) fn lesson(text: &str, found: &mut Diagnostics) -> Option<Lesson> {
    let root = document(text, found)?;
    let mut fields = Fields::of(&root, &(0..0), Phrase::TheLesson);
    let concept = fields.word("concept", found);
    let title = fields.texts("title", found);
    let sentence = fields.texts("sentence", found);
    let about = fields.texts("about", found);
    let mut each = |key, found: &mut Diagnostics| {
        let tables = fields.tables(key, found);
        if tables.is_empty() {
            let message = text!(LessonNeedsOne, key);
            found.push(Diagnostic::error("missing-key", &(0..0), message));
        }
        tables
    };
    let watch = each("watch", found);
    let watch = watch.iter().filter_map(|(table, span)| watch_of(table, span, found));
    let watch = watch.collect();
    let predictions = each("predict", found);
    let predictions = predictions
        .iter()
        .filter_map(|(table, span)| prediction(table, span, found));
    let predictions = predictions.collect();
    let tries = each("try", found);
    let tries = tries.iter().filter_map(|(table, span)| try_of(table, span, found));
    let tries = tries.collect();
    fields.finish(found);
    Some(Lesson {
        concept: concept?.to_owned(),
        title: title?,
        sentence: sentence?,
        about: about?,
        watch,
        predictions,
        tries,
    })
}

fn document(text: &str, found: &mut Diagnostics) -> Option<Table> {
    if text.len() > TEXT_BYTES_MAX {
        let message = text!(TextTooLong, text.len(), TEXT_BYTES_MAX);
        found.push(Diagnostic::error("limit", &(0..0), message));
        return None;
    }
    if let Some(span) = too_deep(text) {
        let message = text!(TooDeep, NESTING_MAX);
        found.push(Diagnostic::error("limit", &span, message));
        return None;
    }
    let (document, errors) = DeTable::parse_recoverable(text);
    for error in &errors {
        found.push(Diagnostic::error(
            "toml",
            &error.span().unwrap_or(0..0),
            Text::of_toml(error.message()),
        ));
    }
    errors.is_empty().then(|| Table::of(document.get_ref(), Layer::Base))
}

fn watch_of(table: &Table, span: &Range<usize>, found: &mut Diagnostics) -> Option<Watch> {
    let mut fields = Fields::of(table, span, Phrase::TheWatched);
    let text = fields.texts("text", found);
    let variant = fields.maybe_word("variant", found).map(str::to_owned);
    let that = fields.needed("that", found);
    let at = instant(fields.maybe("at"), found);
    fields.finish(found);
    let that = that?;
    Some(Watch {
        text: text?,
        variant,
        that: comparison(that, found)?,
        written: word(that, found)?.to_owned(),
        at,
        span: that.span.clone(),
    })
}

fn prediction(table: &Table, span: &Range<usize>, found: &mut Diagnostics) -> Option<Prediction> {
    let mut fields = Fields::of(table, span, Phrase::APrediction);
    let question = fields.texts("question", found);
    let because = fields.texts("because", found);
    let variant = fields.maybe_word("variant", found).map(str::to_owned);
    let answer = fields.needed("answer", found);
    let kind = fields.needed("kind", found);
    let unit = fields.maybe("unit").and_then(|tree| unit_of(tree, found));
    let since = instant(fields.maybe("since"), found).unwrap_or(SimTime::ZERO);
    let tolerance = fields.maybe("tolerance");
    let wrong = fields.tables("wrong", found);
    fields.finish(found);

    let kind = kind.and_then(|tree| kind_of(tree, found))?;
    let tolerance = tolerance.and_then(|tree| tolerance_of(tree, kind, found));
    let wrong = wrong
        .iter()
        .filter_map(|(table, span)| wrong_of(table, span, kind, found));
    let wrong = wrong.collect();
    let answer = answer?;
    let written = word(answer, found)?.to_owned();
    let metric = metric(answer, found)?;
    if !kind.can_be(metric.kind.info().unit) {
        let message = text!(CannotAnswer, metric.kind.info().name, kind.name());
        found.push(Diagnostic::error("bad-value", &answer.span, message));
    }
    Some(Prediction {
        question: question?,
        variant,
        answer: metric,
        written,
        kind,
        unit,
        since,
        tolerance,
        wrong,
        because: because?,
        span: answer.span.clone(),
    })
}

fn wrong_of(table: &Table, span: &Range<usize>, kind: AnswerKind, found: &mut Diagnostics) -> Option<Wrong> {
    let mut fields = Fields::of(table, span, Phrase::AWrongAnswer);
    let value = fields.needed("value", found);
    let overlooks = fields.texts("overlooks", found);
    fields.finish(found);
    let value = value?;
    let written = word(value, found)?;
    let Some(value) = Literal::parse(written, kind.unit()) else {
        let message = text!(NoAnswerOfKind, shown(written));
        let help = text!(ItIs, expected(kind.unit()));
        found.push(Diagnostic::error("bad-value", &value.span, message).help(help));
        return None;
    };
    Some(Wrong {
        value,
        overlooks: overlooks?,
    })
}

fn try_of(table: &Table, span: &Range<usize>, found: &mut Diagnostics) -> Option<Try> {
    let mut fields = Fields::of(table, span, Phrase::ATry);
    let text = fields.texts("text", found);
    let set = fields.maybe("set").and_then(|tree| setting(tree, found));
    let add = fields.maybe_word("add", found).map(str::to_owned);
    let open = fields.maybe_word("open", found).map(str::to_owned);
    let shows = fields.maybe("shows");
    let variant = fields.maybe_word("variant", found).map(str::to_owned);
    fields.finish(found);
    let acts = [set, add.map(How::Add), open.map(How::Open)];
    let mut acts = acts.into_iter().flatten();
    let how = acts.next();
    if acts.next().is_some() {
        let message = Phrase::OneWayToTry;
        found.push(Diagnostic::error("one-of", span, message));
    }
    let shows: Option<Comparison> = match shows {
        Some(tree) => Some(comparison(tree, found)?),
        None => None,
    };
    Some(Try {
        text: text?,
        how,
        shows,
        variant,
        span: span.clone(),
    })
}

/// A setting as `path = value`, the value as TOML writes it.
fn setting(tree: &Tree, found: &mut Diagnostics) -> Option<How> {
    let text = word(tree, found)?;
    let Some((path, value)) = text.split_once('=') else {
        let message = text!(NoSettingForm, shown(text));
        found.push(Diagnostic::error("bad-value", &tree.span, message));
        return None;
    };
    Some(How::Set {
        path: path.trim().to_owned(),
        value: value.trim().to_owned(),
    })
}

fn instant(tree: Option<&Tree>, found: &mut Diagnostics) -> Option<SimTime> {
    match read::time(tree?) {
        Ok(at) => Some(at),
        Err(problem) => {
            found.push(problem.into());
            None
        }
    }
}

fn kind_of(tree: &Tree, found: &mut Diagnostics) -> Option<AnswerKind> {
    let name = word(tree, found)?;
    let kind = AnswerKind::ALL.iter().find(|(_, known)| *known == name);
    if kind.is_none() {
        let names = AnswerKind::ALL.map(|(_, name)| name);
        let help = did_you_mean(name, names).unwrap_or_else(|| text!(ItIsOneOf, names.join(", ")).into());
        let message = text!(NoKindOfAnswer, shown(name));
        found.push(Diagnostic::error("bad-value", &tree.span, message).help(help));
    }
    kind.map(|(kind, _)| *kind)
}

/// What a bare number means: `ms`.
fn unit_of(tree: &Tree, found: &mut Diagnostics) -> Option<SimSpan> {
    let name = word(tree, found)?;
    let unit = SimSpan::parse(&format!("1{name}"));
    if unit.is_none() {
        let message = text!(NoUnitOfTime, shown(name));
        found.push(Diagnostic::error("bad-value", &tree.span, message));
    }
    unit
}

fn tolerance_of(tree: &Tree, kind: AnswerKind, found: &mut Diagnostics) -> Option<Tolerance> {
    let text = word(tree, found)?;
    let tolerance = Tolerance::parse(text, kind.unit());
    if tolerance.is_none() {
        let message = text!(NoTolerance, shown(text));
        let help = Phrase::ToleranceOrAmount;
        found.push(Diagnostic::error("bad-value", &tree.span, message).help(help));
    }
    tolerance
}

impl AnswerKind {
    fn name(self) -> &'static str {
        let found = AnswerKind::ALL.iter().find(|(kind, _)| *kind == self);
        found.map_or("", |(_, name)| name)
    }
}
