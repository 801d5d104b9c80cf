//! Patterns of words: which of them match a key.

use alloc::boxed::Box;
use alloc::vec::Vec;
use mqlab_kernel::{SortedMap, SortedSet};

/// The root of the tree.
const ROOT: u32 = 0;

/// Patterns as a tree of their words.
///
/// Words are separated by dots; the empty text has none, and `a.` has two, the
/// second of them empty. In a pattern `*` stands for one word and `#` for any
/// number of them. A key is matched by going down all branches at once, so that
/// it takes no longer than words times branches, however many patterns there
/// are and however many `#` they have.
#[derive(Clone, Debug)]
pub struct TopicTree<T> {
    nodes: Vec<Node<T>>,
    /// `#` wants at least one word.
    #[cfg(feature = "planted-bugs")]
    pub is_hash_greedy: bool,
}

#[derive(Clone, Debug)]
struct Node<T> {
    words: SortedMap<Box<str>, u32>,
    /// After `*`.
    one: Option<u32>,
    /// After `#`.
    any: Option<u32>,
    /// The node stands after `#`: every further word leads to it again.
    repeats: bool,
    targets: Vec<T>,
}

impl<T> Node<T> {
    fn new(repeats: bool) -> Self {
        Node {
            words: SortedMap::new(),
            one: None,
            any: None,
            repeats,
            targets: Vec::new(),
        }
    }
}

impl<T> Default for TopicTree<T> {
    fn default() -> Self {
        TopicTree {
            nodes: alloc::vec![Node::new(false)],
            #[cfg(feature = "planted-bugs")]
            is_hash_greedy: false,
        }
    }
}

/// The words of a key or pattern.
pub fn words(key: &str) -> impl Iterator<Item = &str> {
    (!key.is_empty()).then(|| key.split('.')).into_iter().flatten()
}

impl<T: Copy> TopicTree<T> {
    /// Adds a pattern that leads to `target`.
    pub fn insert(&mut self, pattern: &str, target: T) {
        let mut at = ROOT;
        for word in words(pattern) {
            at = self.child(at, word);
        }
        self.nodes[at as usize].targets.push(target);
    }

    /// The node after one more word of a pattern.
    fn child(&mut self, at: u32, word: &str) -> u32 {
        let new = self.nodes.len() as u32;
        let node = &mut self.nodes[at as usize];
        let (child, repeats) = match word {
            "*" => (*node.one.get_or_insert(new), false),
            "#" => (*node.any.get_or_insert(new), true),
            word => (*node.words.get_or_insert_with(word.into(), || new), false),
        };
        if child == new {
            self.nodes.push(Node::new(repeats));
        }
        child
    }

    /// Calls `each` for the target of every pattern that matches `key`, as
    /// often as there are such patterns.
    pub fn matches(&self, key: &str, mut each: impl FnMut(T)) {
        let mut here = SortedSet::new();
        self.enter(ROOT, &mut here);
        for word in words(key) {
            let mut next = SortedSet::new();
            for index in here {
                let node = &self.nodes[index as usize];
                if node.repeats {
                    next.insert(index);
                    self.enter(index, &mut next);
                }
                let after = node.words.get(word).into_iter().chain(&node.one);
                after.for_each(|child| self.enter(*child, &mut next));
                #[cfg(feature = "planted-bugs")]
                if let (true, Some(any)) = (self.is_hash_greedy, node.any) {
                    self.enter(any, &mut next);
                }
            }
            here = next;
        }
        for index in here {
            self.nodes[index as usize]
                .targets
                .iter()
                .for_each(|target| each(*target));
        }
    }

    /// Comes to a node, and by `#` that stands for no word to those behind it.
    fn enter(&self, index: u32, into: &mut SortedSet<u32>) {
        into.insert(index);
        #[cfg(feature = "planted-bugs")]
        if self.is_hash_greedy {
            return;
        }
        let mut at = index;
        while let Some(any) = self.nodes[at as usize].any {
            into.insert(any);
            at = any;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::vec::Vec;

    fn matching<'a>(patterns: &[&'a str], key: &str) -> Vec<&'a str> {
        let mut tree = TopicTree::default();
        for (index, pattern) in patterns.iter().enumerate() {
            tree.insert(pattern, index);
        }
        let mut found = Vec::new();
        tree.matches(key, |index| found.push(index));
        found.sort_unstable();
        found.into_iter().map(|index| patterns[index]).collect()
    }

    #[test]
    fn a_star_is_one_word_and_a_hash_any_number() {
        let patterns = ["a.*", "a.#", "#.b", "*", "#", "a.b.c", "*.*", "#.*.#"];
        assert_eq!(matching(&patterns, "a"), ["a.#", "*", "#", "#.*.#"]);
        assert_eq!(matching(&patterns, "a.b"), ["a.*", "a.#", "#.b", "#", "*.*", "#.*.#"]);
        assert_eq!(matching(&patterns, "b"), ["#.b", "*", "#", "#.*.#"]);
    }

    #[test]
    fn the_empty_key_has_no_words_and_a_dot_parts_two() {
        let patterns = ["", "#", "*", "*.*", "a.*", "#.#"];
        assert_eq!(matching(&patterns, ""), ["", "#", "#.#"]);
        assert_eq!(matching(&patterns, "a."), ["#", "*.*", "a.*", "#.#"]);
        assert_eq!(matching(&patterns, "."), ["#", "*.*", "#.#"]);
    }

    /// The rule as one would say it.
    fn does_match(pattern: &[&str], key: &[&str]) -> bool {
        match (pattern.split_first(), key.split_first()) {
            (None, None) => true,
            (Some((&"#", rest)), _) => {
                does_match(rest, key) || key.split_first().is_some_and(|(_, key)| does_match(pattern, key))
            }
            (Some((word, pattern)), Some((first, key))) => (*word == "*" || word == first) && does_match(pattern, key),
            _ => false,
        }
    }

    fn text(word: &'static str) -> impl Strategy<Value = Vec<std::string::String>> {
        proptest::collection::vec(word, 0..6)
    }

    proptest! {
        #[test]
        fn it_matches_what_the_rule_says(patterns in proptest::collection::vec(text("[ab]|\\*|#|"), 1..8), key in text("[abc]|")) {
            let patterns: Vec<_> = patterns.iter().map(|words| words.join(".")).collect();
            let key = key.join(".");
            let known: Vec<&str> = patterns.iter().map(|pattern| &pattern[..]).collect();
            let expected: Vec<&str> = known.iter().copied().filter(|pattern| {
                does_match(&words(pattern).collect::<Vec<_>>(), &words(&key).collect::<Vec<_>>())
            }).collect();
            prop_assert_eq!(matching(&known, &key), expected);
        }
    }
}
