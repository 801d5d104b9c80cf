mod toml;

use super::{TABLES, said};
use crate::state::texts::Language;
use mqlab_scenario::{Phrase, Words};

const CHINESE: [Language; 2] = [Language::Simplified, Language::Traditional];

/// Phrases that are nothing but code or gaps.
const ALIKE: &[Phrase] = &[Phrase::Just];

fn is_chinese(text: &str) -> bool {
    text.chars().any(|letter| ('\u{4e00}'..='\u{9fff}').contains(&letter))
}

/// The places of arguments in a phrase, in order of their numbers.
fn places(phrase: &str) -> Vec<String> {
    let mut places: Vec<String> = (0..10)
        .map(|number| format!("{{{number}}}"))
        .filter(|place| phrase.contains(place.as_str()))
        .collect();
    places.dedup();
    places
}

/// What stands in a phrase between backticks: names of the language.
fn names(phrase: &str) -> Vec<&str> {
    let mut names: Vec<&str> = phrase.split('`').skip(1).step_by(2).collect();
    names.sort_unstable();
    names.dedup();
    names
}

#[test]
fn every_phrase_stands_in_one_table_once() {
    for phrase in Phrase::ALL {
        let tables = TABLES.iter().map(|rows| rows.phrases);
        let count = tables.flatten().filter(|known| *known == phrase).count();
        assert_eq!(count, 1, "{phrase:?}: “{}” needs its Chinese", phrase.english());
    }
}

#[test]
fn every_text_is_in_a_line_of_its_own_and_marked() {
    for rows in TABLES {
        let texts = rows.texts.strip_prefix("\u{2}file:rest\n").expect("it is marked");
        let texts = texts.strip_suffix('\u{3}').expect("it is marked");
        assert_eq!(texts.lines().count(), 2 * rows.phrases.len());
    }
}

#[test]
fn chinese_phrases_have_the_arguments_of_the_english_one() {
    for phrase in Phrase::ALL {
        for language in CHINESE {
            let chinese = language.phrase(*phrase);
            assert_eq!(places(chinese), places(phrase.english()), "{phrase:?}: {chinese}");
        }
    }
}

#[test]
fn chinese_phrases_keep_the_names_of_the_language() {
    for phrase in Phrase::ALL {
        for language in CHINESE {
            let chinese = language.phrase(*phrase);
            for name in names(phrase.english()) {
                assert!(chinese.contains(name), "{phrase:?} lost `{name}`: {chinese}");
            }
        }
    }
}

#[test]
fn chinese_phrases_are_chinese() {
    // Sentences without a word in them: the marks between the parts are Chinese.
    let has_marks = |text: &str| text.contains(['\u{ff1a}', '\u{3001}', '\u{ff0c}']);
    for phrase in Phrase::ALL.iter().filter(|phrase| !ALIKE.contains(phrase)) {
        for language in CHINESE {
            let chinese = language.phrase(*phrase);
            assert_ne!(chinese, phrase.english(), "{phrase:?} is not translated");
            assert!(is_chinese(chinese) || has_marks(chinese), "{phrase:?}: {chinese}");
        }
    }
}

#[test]
fn english_phrases_are_english() {
    let is_foreign = |letter: char| ('\u{3000}'..='\u{9fff}').contains(&letter);
    for phrase in Phrase::ALL {
        assert!(!phrase.english().contains(is_foreign), "{phrase:?}");
    }
}

#[test]
fn a_finding_speaks_the_language_of_the_page() {
    let text = "title = \"t\"\nbroker.rabbitmq.queue.orders = {}\nload.shop = { to = \"ordres\", rate = \"5ms\" }\n";
    let (_, found) = mqlab_scenario::parse(text);
    let [name, rate] = found.as_slice() else {
        panic!("two things are wrong: {found:?}");
    };
    assert_eq!(
        said(Language::Simplified, &name.message),
        "没有名为 `ordres` 的对象；此处需要队列、交换机、主题或服务"
    );
    let help = name.help.as_ref().map(|help| said(Language::Traditional, help));
    assert_eq!(help.as_deref(), Some("是否想寫 `orders`？"));
    assert_eq!(
        said(Language::Simplified, &rate.message),
        "`load.shop.rate`：`5ms` 是时长，应为速率，如 \"5000/s\""
    );
    assert_eq!(
        said(Language::English, &rate.message),
        "`load.shop.rate`: `5ms` is a length of time, expected a rate such as \"5000/s\""
    );
}

#[test]
fn what_the_parser_of_toml_says_is_translated_part_by_part() {
    let (_, found) = mqlab_scenario::parse("title = \"t\"\ntitle = \"u\"\nuntil = [1, 2\n");
    let spoken: Vec<String> = found
        .iter()
        .map(|one| said(Language::Simplified, &one.message))
        .collect();
    assert!(spoken.iter().any(|text| text == "键重复"), "{spoken:?}");
    assert!(spoken.iter().all(|text| is_chinese(text)), "{spoken:?}");
}

#[test]
fn what_a_missing_key_means_is_said_in_the_language_of_the_page() {
    let (_, found) = mqlab_scenario::parse("title = \"t\"\nload.shop = { rate = \"5/s\" }\n");
    let missing = found
        .iter()
        .find(|one| one.code == "missing-key")
        .expect("`to` is missing");
    let help = missing.help.as_ref().map(|help| said(Language::Simplified, help));
    assert!(help.as_deref().is_some_and(is_chinese), "{help:?}");
}
