//! What is painted below the text field: the seen lines in colours, with
//! findings underlined, and their numbers beside.

use crate::state::script::document::Document;
use crate::state::script::marks::{self, Mark};
use crate::state::script::pieces::{Piece, pieces};
use mqlab_scenario::Severity;
use std::ops::Range;
use yew::{Html, NodeRef, html};

/// The name of a severity in the style sheet and in tests.
pub(super) const fn name(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}

/// The numbers of some lines.
pub(super) fn numbers(document: &Document, marks: &[Mark], seen: &Range<usize>) -> Html {
    let lines = document.lines();
    let current = lines.line_of(document.selection().end);
    let numbers = seen.clone().map(|line| {
        let worst = marks::worst(marks, &lines.range(line)).map(name);
        let class = if line == current { "number current" } else { "number" };
        html! { <div key={line} {class} data-severity={worst}>{ line + 1 }</div> }
    });
    html! { <>{ for numbers }</> }
}

/// Some lines. `caret` gets what marks the caret's place.
pub(super) fn lines(document: &Document, marks: &[Mark], seen: &Range<usize>, caret: &NodeRef) -> Html {
    let (text, lines) = (document.text(), document.lines());
    let at = document.selection().end;
    let current = lines.line_of(at);
    let painted = seen.clone().map(|line| {
        let range = lines.range(line);
        let shown = &text[range.clone()];
        let column = (line == current).then(|| at - range.start);
        let all = pieces(shown, &range, lines.state(line), marks, column);
        let class = if line == current { "line current" } else { "line" };
        html! { <div key={line} {class}>{ for row(shown, &all, column, caret) }</div> }
    });
    html! { <>{ for painted }</> }
}

/// The pieces of a line, with the caret's place among them.
fn row(shown: &str, pieces: &[Piece], column: Option<usize>, caret: &NodeRef) -> Vec<Html> {
    let mut row = Vec::with_capacity(pieces.len() + 1);
    let mut left = column;
    let mark = || html! { <span class="caret-place" ref={caret} /> };
    for piece in pieces {
        if left.is_some_and(|column| column <= piece.range.start) {
            left = None;
            row.push(mark());
        }
        let class = piece.kind.map(|kind| format!("is-{}", kind.name()));
        let severity = piece.severity.map(name);
        row.push(html! { <span {class} data-severity={severity}>{ &shown[piece.range.clone()] }</span> });
    }
    if left.is_some() {
        row.push(mark());
    }
    row
}
