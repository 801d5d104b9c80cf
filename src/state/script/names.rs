//! The names that a text gives to things, found in whatever text there is.

use super::lines::Lines;
use super::walk::{Seen, Spot, walk};
use mqlab_kernel::SortedSet;

/// More names than this nobody chooses from.
const NAMES_MAX: usize = 2_000;

/// What a name stands for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum NameKind {
    /// A load.
    Load,
    /// A broker.
    Broker,
    /// A queue.
    Queue,
    /// An exchange.
    Exchange,
    /// A service.
    Service,
    /// A table.
    Table,
    /// A connection.
    Link,
    /// A variant.
    Variant,
}

/// What one look at a text finds.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Names {
    names: SortedSet<(NameKind, String)>,
    /// Where the caret is.
    pub spot: Option<Spot>,
    /// The first parts of keys, by the number of their table.
    keys: SortedSet<(usize, String)>,
}

impl Names {
    /// The names of a text, and where its caret is.
    pub fn of(text: &str, lines: &Lines, caret: usize) -> Names {
        let mut found = Names::default();
        let mut keys: SortedSet<(usize, Vec<String>)> = SortedSet::new();
        walk(text, lines, 0..lines.count(), caret, |seen| match seen {
            Seen::Spot(spot) => found.spot = Some(spot),
            Seen::Key(path, table) => {
                found.add(path);
                keys.insert((table, path.to_vec()));
            }
        });
        if let Some(spot) = &found.spot {
            let deep = spot.path.len();
            let here = keys.into_iter().filter(|(table, _)| *table == spot.table);
            let parts = here.filter_map(|(table, path)| Some((table, path.get(deep)?.clone())));
            // Not collected: that would sort, with a sort of its own.
            found.keys.extend(parts);
        }
        found
    }

    fn add(&mut self, path: &[String]) {
        let path = match path {
            [variant, name, rest @ ..] if variant == "variant" => {
                self.insert(NameKind::Variant, name);
                rest
            }
            path => path,
        };
        match path {
            [broker, family, ..] if broker == "broker" => {
                self.insert(NameKind::Broker, family);
                match path {
                    [_, _, part, name, ..] if part == "queue" => self.insert(NameKind::Queue, name),
                    [_, _, part, name, ..] if part == "exchange" => self.insert(NameKind::Exchange, name),
                    _ => {}
                }
            }
            [part, name, ..] => {
                let kind = match part.as_str() {
                    "load" => NameKind::Load,
                    "service" => NameKind::Service,
                    "table" => NameKind::Table,
                    "link" => NameKind::Link,
                    _ => return,
                };
                self.insert(kind, name);
            }
            _ => {}
        }
    }

    fn insert(&mut self, kind: NameKind, name: &str) {
        if !name.is_empty() && self.names.len() < NAMES_MAX {
            self.names.insert((kind, name.to_owned()));
        }
    }

    /// The names of some kinds.
    pub fn all<'a>(&'a self, kinds: &'a [NameKind]) -> impl Iterator<Item = (NameKind, &'a str)> {
        let fits = |(kind, _): &&(NameKind, String)| kinds.contains(kind);
        self.names
            .iter()
            .filter(fits)
            .map(|(kind, name)| (*kind, name.as_str()))
    }

    /// Whether a key stands already where the caret is.
    pub fn has_key(&self, name: &str) -> bool {
        let here = self.spot.as_ref().map(|spot| (spot.table, name.to_owned()));
        here.is_some_and(|here| self.keys.contains(&here))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use NameKind::{Exchange, Load, Queue, Service, Table, Variant};

    #[test]
    fn names_are_found_however_they_are_written() {
        let text = "[broker.rabbitmq]\nqueue.\"a.b\" = {}\nqueue = { c = { durable = true } }\n\
                    exchange.shop = {}\n[table.mysql]\n[load]\nx.to = \"c\"\n[variant.v.service]\n\
                    a = { steps = [\n[load.y";
        let names = Names::of(text, &Lines::of(text), 0);
        let of = |kinds: &[NameKind]| names.all(kinds).map(|(_, name)| name.to_owned()).collect::<Vec<_>>();
        assert_eq!(of(&[Queue, Exchange]), ["a.b", "c", "shop"]);
        assert_eq!(of(&[Load]), ["x", "y"]);
        assert_eq!(of(&[Service, Table, Variant]), ["a", "mysql", "v"]);
    }

    #[test]
    fn keys_of_the_same_table_are_known() {
        let text = "[load.a]\nto = 1\n\nrate = 2\n[load.b]\ncount = 3\n";
        let names = Names::of(text, &Lines::of(text), 16);
        assert_eq!(
            names.spot.as_ref().map(|spot| spot.path.join(".")).as_deref(),
            Some("load.a")
        );
        assert_eq!(
            ["to", "rate", "count"].map(|name| names.has_key(name)),
            [true, true, false]
        );
    }
}
