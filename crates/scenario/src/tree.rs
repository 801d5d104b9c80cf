//! A scenario text as a tree of values that know where they stand in it, and
//! the merging of a variant's tree over the base.

use crate::phrase::Phrase;
use mqlab_kernel::{SortedMap, sort_by_key};
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A value with its place in the text.
#[derive(Clone, Debug)]
pub(crate) struct Tree {
    pub(crate) span: Range<usize>,
    pub(crate) item: Item,
}

/// What a value is.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Item {
    Text(String),
    /// Too large ones are held at the ends of the type.
    Integer(i128),
    Float,
    Bool(bool),
    /// A date or time without quotes, which the language does not use.
    DateTime,
    List(Vec<Tree>),
    Table(Table),
}

/// A table that keeps the order of its keys.
#[derive(Clone, PartialEq, Default, Debug)]
pub(crate) struct Table {
    entries: Vec<Entry>,
    index: SortedMap<String, usize>,
}

/// A key with its value.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) key: String,
    pub(crate) key_span: Range<usize>,
    /// Where it first appears among all entries of the document: the layer it
    /// comes from above, the byte in it below.
    pub(crate) order: u64,
    pub(crate) tree: Tree,
}

// Equal is what says the same, wherever it stands.
impl PartialEq for Tree {
    fn eq(&self, other: &Tree) -> bool {
        self.item == other.item
    }
}

impl PartialEq for Entry {
    fn eq(&self, other: &Entry) -> bool {
        self.key == other.key && self.tree == other.tree
    }
}

/// Where a tree comes from. Later layers come later in the order of nodes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Layer {
    Base = 0,
    Override = 2,
}

/// Entries that a variant adds rank behind everything of the base.
pub(crate) const ADDED: u64 = 1 << 32;

impl Tree {
    /// The tree of a parsed value. Spans of overrides point nowhere, because
    /// they are about another text.
    pub(crate) fn of(value: &Spanned<DeValue<'_>>, layer: Layer) -> Tree {
        let span = if layer == Layer::Override { 0..0 } else { value.span() };
        let item = match value.get_ref() {
            DeValue::String(text) => Item::Text(text.to_string()),
            DeValue::Integer(number) => Item::Integer(integer(number.as_str(), number.radix())),
            DeValue::Float(_) => Item::Float,
            DeValue::Boolean(flag) => Item::Bool(*flag),
            DeValue::Datetime(_) => Item::DateTime,
            DeValue::Array(list) => Item::List(list.iter().map(|element| Tree::of(element, layer)).collect()),
            DeValue::Table(table) => Item::Table(Table::of(table, layer)),
        };
        Tree { span, item }
    }

    /// An empty table that stands nowhere.
    pub(crate) fn empty() -> Tree {
        Tree {
            span: 0..0,
            item: Item::Table(Table::default()),
        }
    }

    /// What the value is, for messages.
    pub(crate) fn what(&self) -> Phrase {
        match &self.item {
            Item::Text(_) => Phrase::AText,
            Item::Integer(_) => Phrase::AnInteger,
            Item::Float => Phrase::ANumberWithFraction,
            Item::Bool(_) => Phrase::TrueOrFalse,
            Item::DateTime => Phrase::ADateWithoutQuotes,
            Item::List(_) => Phrase::AList,
            Item::Table(_) => Phrase::ATableOfKeys,
        }
    }

    pub(crate) fn text(&self) -> Option<&str> {
        match &self.item {
            Item::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(crate) fn list(&self) -> Option<&[Tree]> {
        match &self.item {
            Item::List(list) => Some(list),
            _ => None,
        }
    }

    pub(crate) fn table(&self) -> Option<&Table> {
        match &self.item {
            Item::Table(table) => Some(table),
            _ => None,
        }
    }
}

fn integer(digits: &str, radix: u32) -> i128 {
    let limit = if digits.starts_with('-') { i128::MIN } else { i128::MAX };
    i128::from_str_radix(digits, radix).unwrap_or(limit)
}

impl Table {
    /// The tree of a parsed table.
    pub(crate) fn of(table: &DeTable<'_>, layer: Layer) -> Table {
        let mut all = Table::default();
        for (key, value) in table {
            let key_span = if layer == Layer::Override { 0..0 } else { key.span() };
            let tree = Tree::of(value, layer);
            let within = tree
                .table()
                .and_then(|table| table.entries.iter().map(|entry| entry.order).min());
            let own = layer as u64 * ADDED + key.span().start as u64;
            let order = within.map_or(own, |first| first.min(own));
            all.push(Entry {
                key: key.get_ref().to_string(),
                key_span,
                order,
                tree,
            });
        }
        sort_by_key(&mut all.entries, |entry| entry.order);
        all.reindex();
        all
    }

    pub(crate) fn push(&mut self, entry: Entry) {
        self.index.insert(entry.key.clone(), self.entries.len());
        self.entries.push(entry);
    }

    fn reindex(&mut self) {
        // One by one: to collect them would sort them, with a sort of their own.
        self.index.clear();
        for (at, entry) in self.entries.iter().enumerate() {
            self.index.insert(entry.key.clone(), at);
        }
    }

    pub(crate) fn entries(&self) -> &[Entry] {
        &self.entries
    }

    pub(crate) fn entry(&self, key: &str) -> Option<&Entry> {
        self.index.get(key).and_then(|at| self.entries.get(*at))
    }

    pub(crate) fn entry_mut(&mut self, key: &str) -> Option<&mut Entry> {
        self.index.get(key).and_then(|at| self.entries.get_mut(*at))
    }

    /// The value of a key.
    pub(crate) fn get(&self, key: &str) -> Option<&Tree> {
        self.entry(key).map(|entry| &entry.tree)
    }

    /// The entries of the table that a key holds; none if it holds no table.
    pub(crate) fn within(&self, key: &str) -> &[Entry] {
        self.get(key).and_then(Tree::table).map_or(&[], Table::entries)
    }

    /// The elements of the list that a key holds; none if it holds no list.
    pub(crate) fn elements(&self, key: &str) -> &[Tree] {
        self.get(key).and_then(Tree::list).unwrap_or(&[])
    }

    pub(crate) fn remove(&mut self, key: &str) -> Option<Entry> {
        let at = *self.index.get(key)?;
        let entry = self.entries.remove(at);
        self.reindex();
        Some(entry)
    }

    /// Lays `over` over this table: tables merge, everything else replaces.
    pub(crate) fn merge(&mut self, over: &Table) {
        for entry in &over.entries {
            match self.entry_mut(&entry.key) {
                Some(present) => {
                    if let (Item::Table(below), Item::Table(above)) = (&mut present.tree.item, &entry.tree.item) {
                        below.merge(above);
                    } else {
                        present.tree = entry.tree.clone();
                        present.key_span = entry.key_span.clone();
                    }
                }
                None => {
                    let mut added = entry.clone();
                    added.raise();
                    self.push(added);
                }
            }
        }
    }
}

impl Entry {
    /// Marks the entry and all within as added to the base.
    fn raise(&mut self) {
        if self.order < ADDED {
            self.order += ADDED;
        }
        if let Item::Table(table) = &mut self.tree.item {
            table.entries.iter_mut().for_each(Entry::raise);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(text: &str) -> Table {
        Table::of(DeTable::parse(text).unwrap().get_ref(), Layer::Base)
    }

    fn keys(table: &Table) -> Vec<&str> {
        table.entries().iter().map(|entry| entry.key.as_str()).collect()
    }

    #[test]
    fn keys_stand_in_the_order_of_their_first_appearance() {
        assert_eq!(keys(&table("z = 1\na = 2\n[m]\n")), ["z", "a", "m"]);
        assert_eq!(keys(&table("[b.deep]\n[a]\n[b]\n")), ["b", "a"]);
    }

    #[test]
    fn merging_replaces_values_merges_tables_and_adds_behind() {
        let mut base = table("a.x = 1\na.y = [1, 2]\nb = 3\n");
        base.merge(&table("new = 1\na.y = [9]\na.z = 4\n"));
        assert_eq!(keys(&base), ["a", "b", "new"]);
        let a = base.get("a").and_then(Tree::table).unwrap();
        assert_eq!(keys(a), ["x", "y", "z"]);
        assert_eq!(a.elements("y").len(), 1);
        assert!(base.entry("new").unwrap().order > base.entry("b").unwrap().order);
        assert!(base.remove("a").is_some() && base.get("a").is_none() && base.get("b").is_some());
    }

    #[test]
    fn integers_of_any_size_are_held() {
        let big = table(&format!("a = {}\nb = -{}\nc = 0xff\n", "9".repeat(60), "9".repeat(60)));
        let number = |key| match big.get(key).unwrap().item {
            Item::Integer(number) => number,
            _ => panic!("no integer"),
        };
        assert_eq!((number("a"), number("b"), number("c")), (i128::MAX, i128::MIN, 255));
    }
}
