//! Findings about a scenario text, the way compilers print them.

use crate::input::Input;
use annotate_snippets::{AnnotationKind, Level, Origin, Renderer, Snippet};
use mqlab_scenario::{Diagnostic, Severity};
use std::env;
use std::io::{self, IsTerminal, Write};
use std::ops::Range;

/// Writes findings to standard error, in colour if a terminal is there.
pub(crate) fn show(input: &Input, findings: &[Diagnostic]) {
    let renderer = if is_coloured() {
        Renderer::styled()
    } else {
        Renderer::plain()
    };
    let mut err = io::stderr().lock();
    for finding in findings {
        // If this fails there is nobody to tell.
        let _ = writeln!(err, "{}\n", render(&renderer, input, finding));
    }
}

fn is_coloured() -> bool {
    let is_refused = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let is_dumb = env::var_os("TERM").is_some_and(|value| value == "dumb");
    io::stderr().is_terminal() && !is_refused && !is_dumb
}

fn render(renderer: &Renderer, input: &Input, finding: &Diagnostic) -> String {
    let level = match finding.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let title = level.primary_title(finding.message.to_string()).id(finding.code);
    let mut group = if finding.span == (0..0) {
        title.element(Origin::path(input.name.as_str()))
    } else {
        let (source, line, span) = excerpt(&input.text, &finding.span);
        let annotation = AnnotationKind::Primary.span(span);
        title.element(
            Snippet::source(source)
                .line_start(line)
                .path(input.name.as_str())
                .annotation(annotation),
        )
    };
    if let Some(help) = &finding.help {
        group = group.element(Level::HELP.message(help.to_string()));
    }
    renderer.render(&[group])
}

/// The lines of the span, the number of the first of them, and the span
/// within them. The renderer looks at all the text it is given, for each
/// finding again, so it gets no more than it shows.
fn excerpt<'a>(text: &'a str, span: &Range<usize>) -> (&'a str, usize, Range<usize>) {
    let start = boundary(text, span.start);
    let end = boundary(text, span.end).max(start);
    let first = text[..start].rfind('\n').map_or(0, |newline| newline + 1);
    let last = text[end..].find('\n').map_or(text.len(), |newline| end + newline);
    let line = 1 + text[..first].bytes().filter(|byte| *byte == b'\n').count();
    (&text[first..last], line, start - first..end - first)
}

/// The last place at or before `offset` where a character begins.
fn boundary(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rendered(text: &str, span: Range<usize>) -> String {
        let input = Input {
            name: "a.toml".into(),
            stem: "a".into(),
            text: text.into(),
        };
        let (_, found) = mqlab_scenario::parse("title = \"t\"\nunti = \"1s\"\n");
        let unknown = found.into_iter().next().expect("`unti` is no key");
        render(&Renderer::plain(), &input, &Diagnostic { span, ..unknown })
    }

    #[test]
    fn a_finding_shows_its_line_and_column() {
        let shown = rendered("x = 1\n  y = 2\n", 8..9);
        assert!(shown.starts_with("error[unknown-key]: unknown key `unti`"), "{shown}");
        assert!(shown.contains("a.toml:2:3"), "{shown}");
        assert!(
            shown.contains("2 |   y = 2") && shown.contains("did you mean"),
            "{shown}"
        );
    }

    #[test]
    fn a_finding_about_no_place_names_the_file() {
        let shown = rendered("x = 1", 0..0);
        assert!(shown.contains("--> a.toml") && !shown.contains("x = 1"), "{shown}");
    }

    #[test]
    fn spans_that_do_not_fit_the_text_are_no_reason_to_panic() {
        for span in [Range { start: 4, end: 2 }, 3..4, 100..200, 0..5, 5..5, 1..1] {
            rendered("é\u{7}\r\né", span.clone());
            rendered("", span);
        }
    }
}
