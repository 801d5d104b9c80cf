//! Metrics and instants as the scenario language writes them.

use mqlab_engine::{Argument, METRICS, MetricKind, Subject};
use mqlab_kernel::{SimSpan, SimTime};
use mqlab_scenario::MetricName;

/// Reads `backlog(orders)`, `lost` or `drained(orders, 13:00)`.
pub(crate) fn metric_name(text: &str) -> Result<MetricName, String> {
    let text = text.trim();
    let (name, inside) = match text.split_once('(') {
        None => (text, None),
        Some((name, rest)) => match rest.strip_suffix(')') {
            Some(inside) => (name.trim_end(), Some(inside)),
            None => return Err(format!("`{text}`: the bracket is not closed")),
        },
    };
    let mut arguments = inside.into_iter().flat_map(|inside| inside.split(',')).map(str::trim);
    let Some(info) = METRICS.iter().find(|info| info.name == name) else {
        return Err(format!("there is no metric `{name}`"));
    };
    let subject = arguments.next().map(str::to_owned);
    if subject.is_none() && info.subject != Subject::WorldOrInlet {
        return Err(format!("`{name}` needs a name, as in `{name}(orders)`"));
    }
    let argument = match (info.kind, arguments.next()) {
        (_, None) => Argument::None,
        (MetricKind::Drained, Some(text)) => Argument::After(instant(text)?),
        (MetricKind::RowAt, Some(text)) => match text.parse() {
            Ok(nth) if nth > 0 => Argument::Nth(nth),
            _ => return Err(format!("`{text}` is no number of a row; they count from 1")),
        },
        (_, Some(_)) => return Err(format!("`{name}` takes no further argument")),
    };
    if arguments.next().is_some() {
        return Err(format!("`{name}` takes no further argument"));
    }
    Ok(MetricName {
        kind: info.kind,
        subject,
        argument,
    })
}

/// Reads a clock time, or a duration from the start.
pub(crate) fn instant(text: &str) -> Result<SimTime, String> {
    let text = text.trim();
    SimTime::parse_clock(text)
        .or_else(|| SimTime::ZERO.checked_add(SimSpan::parse(text)?))
        .ok_or_else(|| format!("`{text}` is no instant such as 12:00:00.4 or 350ms"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metrics_are_read_as_in_expectations() {
        let backlog = metric_name(" backlog( orders ) ").unwrap();
        assert_eq!(
            (backlog.kind, backlog.subject.as_deref()),
            (MetricKind::Backlog, Some("orders"))
        );
        assert_eq!(metric_name("lost").unwrap().subject, None);
        let drained = metric_name("drained(orders, 13:00)").unwrap();
        assert_eq!(
            drained.argument,
            Argument::After(SimTime::from_nanos(46_800_000_000_000))
        );
        assert_eq!(metric_name("row_at(mysql,2)").unwrap().argument, Argument::Nth(2));
    }

    #[test]
    fn what_is_no_metric_is_refused() {
        let bad = [
            "",
            "backlog",
            "backlog(orders",
            "nothing(orders)",
            "lost(a, b)",
            "row_at(mysql, 0)",
            "row_at(m, 1, 2)",
            "drained(orders, noon)",
        ];
        for text in bad {
            assert!(metric_name(text).is_err(), "{text}");
        }
    }

    #[test]
    fn instants_are_clock_times_or_durations() {
        assert_eq!(instant("00:00:01.5"), Ok(SimTime::from_nanos(1_500_000_000)));
        assert_eq!(instant("350ms"), Ok(SimTime::from_nanos(350_000_000)));
        assert!(instant("soon").is_err());
        assert!(instant("100000h").is_err());
    }
}
