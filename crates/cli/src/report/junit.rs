//! Reports for continuous integration: JUnit XML, a suite per scenario, a case
//! per variant and expectation. Times are left out, so that equal runs give
//! equal files.

use super::{Report, VariantReport};
use crate::drive::End;
use crate::notation;
use mqlab_scenario::report::ExpectationReport;
use std::io::{self, Write};

/// One case.
struct Case {
    variant: String,
    name: String,
    result: Result<(), Problem>,
}

/// Why a case is not good.
struct Problem {
    /// `failure` for what does not hold, `error` for what never came to an
    /// end, `skipped` for what was not asked.
    element: &'static str,
    message: String,
}

/// Writes all reports as one document.
pub(crate) fn junit(reports: &[Report], out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    writeln!(out, "<testsuites name=\"mqlab\">")?;
    for report in reports {
        suite(report, out)?;
    }
    writeln!(out, "</testsuites>")
}

fn suite(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let cases: Vec<Case> = report.variants.iter().flat_map(cases).collect();
    let count = |element: &str| {
        let problems = cases.iter().filter_map(|case| case.result.as_ref().err());
        problems.filter(|problem| problem.element == element).count()
    };
    writeln!(
        out,
        "  <testsuite name=\"{}\" file=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\">",
        escaped(&report.title),
        escaped(&report.file),
        cases.len(),
        count("failure"),
        count("error"),
        count("skipped"),
    )?;
    for case in &cases {
        let class = escaped(&format!("{}.{}", report.file, case.variant));
        let name = escaped(&case.name);
        write!(out, "    <testcase classname=\"{class}\" name=\"{name}\"")?;
        match &case.result {
            Ok(()) => writeln!(out, "/>")?,
            Err(problem) => {
                let message = escaped(&problem.message);
                writeln!(
                    out,
                    ">\n      <{} message=\"{message}\"/>\n    </testcase>",
                    problem.element
                )?;
            }
        }
    }
    writeln!(out, "  </testsuite>")
}

fn cases(variant: &VariantReport) -> Vec<Case> {
    let case = |name: String, result| Case {
        variant: variant.data.name.clone(),
        name,
        result,
    };
    let mut cases: Vec<Case> = variant
        .data
        .expectations
        .iter()
        .map(|row| case(name(row), result(row)))
        .collect();
    let stopped = match variant.end {
        End::Over => None,
        End::Limit(hit) => {
            let size = notation::grouped(variant.limit);
            Some(format!(
                "the limit `{}` of {size} ended it at {}",
                hit.name(),
                variant.data.ended
            ))
        }
        End::Interrupted => Some(format!("it was stopped at {}", variant.data.ended)),
    };
    if let Some(message) = stopped {
        let element = "error";
        cases.push(case(
            "the run comes to its end".to_owned(),
            Err(Problem { element, message }),
        ));
    }
    cases
}

fn name(row: &ExpectationReport) -> String {
    let row_name = row.row.as_ref().map_or(String::new(), |row| format!(" [{row}]"));
    format!("{} at {}{row_name}", row.that, row.at)
}

fn result(row: &ExpectationReport) -> Result<(), Problem> {
    let (element, message) = match (row.pass, row.actual) {
        (Some(true), _) => return Ok(()),
        (Some(false), Some(actual)) if row.is_cut_off => (
            "failure",
            format!("it is {actual}, but a limit ended the run before it was shown"),
        ),
        (Some(false), Some(actual)) => ("failure", format!("it is {actual}")),
        _ => ("skipped", "the run was stopped before it could be checked".to_owned()),
    };
    Err(Problem { element, message })
}

/// A text as the value of an attribute. What XML 1.0 cannot carry is replaced.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for one in text.chars() {
        match one {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' | '\r' | '\t' => escaped.push_str(&format!("&#{};", u32::from(one))),
            '\u{fffe}' | '\u{ffff}' => escaped.push('\u{fffd}'),
            _ if one.is_control() && one.is_ascii() && one != '\u{7f}' => escaped.push('\u{fffd}'),
            _ => escaped.push(one),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_carry_any_text() {
        assert_eq!(escaped("a < b && \"c\"\n"), "a &lt; b &amp;&amp; &quot;c&quot;&#10;");
        assert_eq!(escaped("bell \u{7} end \u{ffff}"), "bell \u{fffd} end \u{fffd}");
    }
}
