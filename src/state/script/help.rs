//! What the caret stands in, for the line that explains it.

use super::lines::Lines;
use super::walk::{Meaning, Place, Spot, spot};
use mqlab_engine::{METRICS, MetricInfo};
use mqlab_scenario::{Key, ValueKind};

/// What is explained.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Help {
    /// A key.
    Key(&'static Key),
    /// A metric in a comparison.
    Metric(&'static MetricInfo),
}

/// What to explain at the caret, if anything is known of it.
pub fn help(text: &str, lines: &Lines, caret: usize) -> Option<Help> {
    let here = of(text, &spot(text, lines, caret), caret);
    // The caret before a word is at that word.
    let next = text[caret..].chars().next().filter(|next| !next.is_whitespace());
    here.or_else(|| {
        let behind = caret + next?.len_utf8();
        of(text, &spot(text, lines, behind), behind)
    })
}

fn of(text: &str, spot: &Spot, caret: usize) -> Option<Help> {
    let typed = text.get(spot.range.clone())?;
    let mut path = spot.path.clone();
    match spot.place {
        Place::Nothing => return None,
        Place::Header | Place::Key(_) if typed.is_empty() && path.is_empty() => return None,
        Place::Header | Place::Key(_) if !typed.is_empty() => path.push(typed.to_owned()),
        _ => {}
    }
    let key = Meaning::of(&path)?.key?;
    let metric = (key.kind == ValueKind::Comparison && spot.place == Place::Text)
        .then(|| metric(typed, caret - spot.range.start))
        .flatten();
    Some(metric.map_or(Help::Key(key), Help::Metric))
}

/// The metric that stands at a place of a comparison.
fn metric(comparison: &str, at: usize) -> Option<&'static MetricInfo> {
    let is_of_name = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    let start = comparison.find(is_of_name)?;
    let name = &comparison[start..];
    let name = &name[..name.find(|letter| !is_of_name(letter)).unwrap_or(name.len())];
    (start..=start + name.len())
        .contains(&at)
        .then(|| METRICS.iter().find(|info| info.name == name))
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(marked: &str) -> Option<&'static str> {
        let caret = marked.find('|').expect("it is there");
        let text = marked.replacen('|', "", 1);
        help(&text, &Lines::of(&text), caret).map(|help| match help {
            Help::Key(key) => key.path,
            Help::Metric(info) => info.name,
        })
    }

    #[test]
    fn keys_and_their_values_are_explained() {
        assert_eq!(at("|title = 1"), Some("title"));
        assert_eq!(at("title = \"x|\""), Some("title"));
        assert_eq!(
            at("[service.w]\nconsume = { pre|fetch = 1 }"),
            Some("service.*.consume.prefetch")
        );
        assert_eq!(at("[service.w|]"), Some("service.*"));
        assert_eq!(at("[service.w]\n|"), Some("service.*"));
        assert_eq!(at("[table.t]\ncapacity = |\"5/s\""), Some("table.*.capacity"));
        assert_eq!(at("nonsense| = 1"), None);
        assert_eq!(at("# title|"), None);
        assert_eq!(at("|"), None);
    }

    #[test]
    fn metrics_are_explained_in_comparisons() {
        assert_eq!(at("[[expect]]\nthat = \"back|log(a) == 1\""), Some("backlog"));
        assert_eq!(at("[[expect]]\nthat = \"backlog(a) =|= 1\""), Some("expect[].that"));
    }
}
