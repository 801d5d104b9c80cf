//! The table of keys in words of the page's language.

use super::docs;
use crate::state::texts::{Key as Word, Language};
use mqlab_engine::{MetricInfo, Unit};
use mqlab_scenario::{Default, Key, ValueKind};

/// A key as it is written in a text, with `NAME` for a name of one's choice.
pub fn path(key: &Key) -> String {
    let path = key.path.replace('*', "NAME");
    match path.split_once("[].") {
        Some((list @ ("at" | "expect"), rest)) => format!("[[{list}]] {rest}"),
        Some((list, rest)) => format!("{list} {{ {} }}", rest.replace("[]", "")),
        None => path,
    }
}

/// What a key holds.
pub fn kind(language: Language, kind: ValueKind) -> String {
    let word = match kind {
        ValueKind::Text => Word::HoldsText,
        ValueKind::Texts | ValueKind::Rows => Word::HoldsTexts,
        ValueKind::Row => Word::HoldsRow,
        ValueKind::Integer(least, most) => {
            return language.with(Word::HoldsInteger, &format!("{least} \u{2013} {most}"));
        }
        ValueKind::Flag => Word::HoldsFlag,
        ValueKind::True => Word::HoldsTrue,
        ValueKind::Choice(words) => {
            let words: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
            return language.with(Word::HoldsChoice, &words.join(", "));
        }
        ValueKind::Span => Word::HoldsSpan,
        ValueKind::Offset => Word::HoldsOffset,
        ValueKind::Drift => Word::HoldsDrift,
        ValueKind::Time => Word::HoldsTime,
        ValueKind::Rate => Word::HoldsRate,
        ValueKind::Rates => Word::HoldsRates,
        ValueKind::Dist => Word::HoldsDist,
        ValueKind::Burst => Word::HoldsBurst,
        ValueKind::Workers => Word::HoldsWorkers,
        ValueKind::Name => Word::HoldsName,
        ValueKind::Names => Word::HoldsNames,
        ValueKind::NameOrNames => Word::HoldsNameOrNames,
        ValueKind::Ends => Word::HoldsEnds,
        ValueKind::Way => Word::HoldsWay,
        ValueKind::EndsOrAll => Word::HoldsEndsOrAll,
        ValueKind::Groups => Word::HoldsGroups,
        ValueKind::Sizes => Word::HoldsSizes,
        ValueKind::Chance => Word::HoldsChance,
        ValueKind::Bytes => Word::HoldsBytes,
        ValueKind::Bandwidth => Word::HoldsBandwidth,
        ValueKind::Comparison => Word::HoldsComparison,
        ValueKind::Failure => Word::HoldsFailure,
        ValueKind::Steps => Word::HoldsSteps,
        ValueKind::Headers => Word::HoldsHeaders,
        ValueKind::Settings => Word::HoldsSettings,
        ValueKind::Table | ValueKind::Variant => Word::HoldsTable,
        ValueKind::Map => Word::HoldsMap,
        ValueKind::Tables => Word::HoldsTables,
    };
    language.text(word).to_owned()
}

/// What kind of number a metric is.
pub fn unit(language: Language, info: &MetricInfo) -> &'static str {
    language.text(match info.unit {
        Unit::Count => Word::HoldsCount,
        Unit::Span => Word::HoldsSpan,
        Unit::Time => Word::HoldsTime,
        Unit::Ratio => Word::HoldsRatio,
    })
}

/// What is to be said of a key beside its meaning: what it holds, its default,
/// and whether it may change.
pub fn facts(language: Language, key: &Key) -> Vec<String> {
    let mut facts = vec![kind(language, key.kind)];
    match key.default {
        Default::Required => facts.push(language.text(Word::ScriptRequired).to_owned()),
        Default::Absent => {}
        Default::Is(value) => facts.push(language.with(Word::ScriptDefault, docs::default(language, value))),
    }
    if key.live {
        facts.push(language.text(Word::ScriptLive).to_owned());
    }
    facts
}

#[cfg(test)]
mod tests {
    use super::*;
    use mqlab_scenario::KEYS;

    #[test]
    fn keys_are_shown_as_they_are_written() {
        let shown = |wanted| {
            KEYS.iter()
                .find(|key| key.path == wanted)
                .map(path)
                .expect("it is there")
        };
        assert_eq!(shown("service.*.consume.queue"), "service.NAME.consume.queue");
        assert_eq!(shown("service.*.steps[].work"), "service.NAME.steps { work }");
        assert_eq!(shown("expect[].that"), "[[expect]] that");
    }

    #[test]
    fn what_holds_is_said_in_every_language() {
        let prefetch = Key::find("service.*.consume", "prefetch").expect("it is there");
        assert_eq!(
            facts(Language::English, prefetch),
            [
                "whole number, 0 \u{2013} 65535",
                "default: 0",
                "can change during a run"
            ]
        );
        assert_eq!(facts(Language::Simplified, prefetch)[1], "默认：0");
    }
}
