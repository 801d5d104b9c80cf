//! What a variant says of its faults at random.

use crate::keys::{KEYS, Key};
use crate::scenario::Scenario;
use crate::tree::{Item, Tree};
use std::fmt::Write as _;

/// One key of `[faults.random]` that a variant gives.
#[derive(Clone, PartialEq, Debug)]
pub struct ChanceSetting {
    /// Its row in the table of keys, if it has one of its own.
    pub key: Option<&'static Key>,
    /// Its name below `faults.random`.
    pub name: String,
    /// Its value, in words that the language has; of a kind of fault every one
    /// of its keys with its value.
    pub value: String,
}

impl Scenario {
    /// What a variant says of its faults at random, in the order of the text;
    /// nothing if it has none.
    ///
    /// # Panics
    /// If there is no such variant.
    pub fn faults_at_random(&self, variant: usize) -> Vec<ChanceSetting> {
        let faults = self.variants[variant].text.get("faults").and_then(Tree::table);
        let random = faults.map_or(&[][..], |faults| faults.within("random"));
        let setting = |entry: &crate::tree::Entry| {
            let path = format!("faults.random.{}", entry.key);
            ChanceSetting {
                key: KEYS.iter().find(|key| key.path == path),
                name: entry.key.clone(),
                value: words(&entry.tree),
            }
        };
        random.iter().map(setting).collect()
    }
}

/// A value without quotes and brackets.
fn words(tree: &Tree) -> String {
    match &tree.item {
        Item::Text(text) => text.clone(),
        Item::Integer(number) => number.to_string(),
        Item::Bool(on) => on.to_string(),
        Item::List(list) => list.iter().map(words).collect::<Vec<_>>().join(", "),
        Item::Table(table) => {
            let mut line = String::new();
            for entry in table.entries() {
                let gap = if line.is_empty() { "" } else { " \u{b7} " };
                // Writing into a string never fails.
                let _ = write!(line, "{gap}{} {}", entry.key, words(&entry.tree));
            }
            line
        }
        // The language has no such values.
        Item::Float | Item::DateTime => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use crate::parse;

    #[test]
    fn what_a_variant_says_of_chance_is_told() {
        let text = r#"
            title = "t"
            until = "10s"
            broker.rabbitmq.queue.orders = {}
            service.writer = { consume = { queue = "orders" }, steps = ["ack"] }
            load.users = { to = "orders", rate = "30/s" }
            faults.random = { stop = "5s", crash = { rate = "6/m", lasts = "exp(1s)", kinds = ["killed", "power"] } }
            variant.rough = {}
            variant.calm = { remove = ["faults.random"] }
            [variant.rougher]
            faults.random.crash.rate = "60/m"
        "#;
        let (scenario, found) = parse(text);
        let scenario = scenario.unwrap_or_else(|| panic!("{found:#?}"));
        let told = |variant| {
            let settings = scenario.faults_at_random(variant).into_iter();
            settings
                .map(|one| format!("{} = {}", one.name, one.value))
                .collect::<Vec<_>>()
        };
        let crash = |rate| format!("crash = rate {rate} \u{b7} lasts exp(1s) \u{b7} kinds killed, power");
        assert_eq!(told(0), ["stop = 5s".to_owned(), crash("6/m")]);
        assert_eq!(told(1), Vec::<String>::new());
        assert_eq!(told(2), ["stop = 5s".to_owned(), crash("60/m")]);
        assert!(scenario.faults_at_random(0).iter().all(|one| one.key.is_some()));
    }
}
