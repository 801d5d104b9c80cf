//! Patterns of names, as policies have them: regular expressions, found anywhere in a
//! name unless `^` and `$` say where.
//!
//! A name is looked at letter by letter with all that the pattern may stand at, so the
//! time it takes grows with the two lengths and no faster. RabbitMQ's own patterns
//! are those of PCRE; of these counts in braces, what looks around, and references back
//! are not understood.

/// What one step of a pattern takes.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Step {
    /// A letter of one of these ranges, or of none of them.
    Letter {
        ranges: Vec<(char, char)>,
        is_inverse: bool,
    },
    /// The beginning of the name.
    Start,
    /// Its end.
    End,
    /// It goes on at both.
    Either(usize, usize),
    /// It goes on there.
    Jump(usize),
    /// The name is one.
    Match,
}

/// A pattern.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Pattern(Vec<Step>);

impl Pattern {
    /// Reads a pattern; `None` if it is not understood.
    pub(super) fn read(text: &str) -> Option<Pattern> {
        let mut reader = Reader {
            rest: text.chars().collect::<Vec<char>>().into_iter().peekable(),
        };
        let mut steps = reader.alternatives(0)?;
        if reader.rest.next().is_some() {
            return None;
        }
        steps.push(Step::Match);
        Some(Pattern(steps))
    }

    /// Whether a name is of the pattern.
    pub(super) fn matches(&self, name: &str) -> bool {
        let letters: Vec<char> = name.chars().collect();
        let mut at = vec![false; self.0.len()];
        for position in 0..=letters.len() {
            // It may begin at any letter.
            self.reach(0, (position, letters.len()), &mut at);
            if self
                .0
                .iter()
                .zip(&at)
                .any(|(step, is_at)| *is_at && *step == Step::Match)
            {
                return true;
            }
            let Some(letter) = letters.get(position) else { break };
            let mut next = vec![false; self.0.len()];
            for (index, step) in self.0.iter().enumerate() {
                if at[index] && step.takes(*letter) {
                    self.reach(index + 1, (position + 1, letters.len()), &mut next);
                }
            }
            at = next;
        }
        false
    }

    /// Marks every step that it may stand at from one on, without taking a letter.
    fn reach(&self, from: usize, (position, end): (usize, usize), at: &mut [bool]) {
        let mut open = vec![from];
        while let Some(index) = open.pop() {
            if std::mem::replace(&mut at[index], true) {
                continue;
            }
            match self.0[index] {
                Step::Either(one, other) => open.extend([one, other]),
                Step::Jump(to) => open.push(to),
                Step::Start if position == 0 => open.push(index + 1),
                Step::End if position == end => open.push(index + 1),
                Step::Start | Step::End | Step::Letter { .. } | Step::Match => {}
            }
        }
    }
}

impl Step {
    fn takes(&self, letter: char) -> bool {
        match self {
            Step::Letter { ranges, is_inverse } => {
                ranges.iter().any(|(first, last)| (*first..=*last).contains(&letter)) != *is_inverse
            }
            _ => false,
        }
    }

    /// The same in a list whose first step has another number.
    fn moved(self, by: usize) -> Step {
        match self {
            Step::Either(one, other) => Step::Either(one + by, other + by),
            Step::Jump(to) => Step::Jump(to + by),
            other => other,
        }
    }
}

/// Most groups within each other.
const DEPTH_MAX: usize = 16;

/// A pattern that is being read.
struct Reader {
    rest: std::iter::Peekable<std::vec::IntoIter<char>>,
}

/// Steps behind each other: their numbers begin with nought in each list.
type Steps = Vec<Step>;

fn append(steps: &mut Steps, more: Steps) {
    let by = steps.len();
    steps.extend(more.into_iter().map(|step| step.moved(by)));
}

impl Reader {
    fn alternatives(&mut self, depth: usize) -> Option<Steps> {
        let first = self.sequence(depth)?;
        if self.rest.next_if_eq(&'|').is_none() {
            return Some(first);
        }
        let other = self.alternatives(depth)?;
        let (begin, end) = (first.len() + 2, first.len() + 2 + other.len());
        let mut steps = vec![Step::Either(1, begin)];
        append(&mut steps, first);
        steps.push(Step::Jump(end));
        append(&mut steps, other);
        Some(steps)
    }

    fn sequence(&mut self, depth: usize) -> Option<Steps> {
        let mut steps = Vec::new();
        while let Some(letter) = self.rest.next_if(|letter| !matches!(letter, '|' | ')')) {
            let one = self.one(letter, depth)?;
            append(&mut steps, self.repeated(one)?);
        }
        Some(steps)
    }

    /// What may stand behind something, and how often that is taken then.
    fn repeated(&mut self, one: Steps) -> Option<Steps> {
        let Some(sign) = self.rest.next_if(|letter| matches!(letter, '*' | '+' | '?' | '{')) else {
            return Some(one);
        };
        // Twice in a row it would mean something else.
        if sign == '{'
            || self
                .rest
                .peek()
                .is_some_and(|next| matches!(next, '*' | '+' | '?' | '{'))
        {
            return None;
        }
        let mut steps = Vec::new();
        let length = one.len();
        if sign != '+' {
            let end = length + if sign == '*' { 2 } else { 1 };
            steps.push(Step::Either(1, end));
        }
        append(&mut steps, one);
        match sign {
            '*' => steps.push(Step::Jump(0)),
            '+' => steps.push(Step::Either(0, length + 1)),
            _ => {}
        }
        Some(steps)
    }

    fn one(&mut self, letter: char, depth: usize) -> Option<Steps> {
        let step = match letter {
            '(' if depth < DEPTH_MAX => {
                let inner = self.alternatives(depth + 1)?;
                self.rest.next_if_eq(&')')?;
                return Some(inner);
            }
            '^' => Step::Start,
            '$' => Step::End,
            '.' => letters(&[], true),
            '[' => self.class()?,
            '\\' => self.escaped()?,
            '(' | '*' | '+' | '?' | '{' | ']' | '}' => return None,
            plain => letters(&[(plain, plain)], false),
        };
        Some(vec![step])
    }

    fn escaped(&mut self) -> Option<Step> {
        Some(match self.rest.next()? {
            'd' => letters(&[('0', '9')], false),
            'D' => letters(&[('0', '9')], true),
            'w' => letters(&WORD, false),
            'W' => letters(&WORD, true),
            sign if sign.is_ascii_punctuation() => letters(&[(sign, sign)], false),
            _ => return None,
        })
    }

    /// Letters in brackets.
    fn class(&mut self) -> Option<Step> {
        let is_inverse = self.rest.next_if_eq(&'^').is_some();
        let mut ranges = Vec::new();
        loop {
            let first = match self.rest.next()? {
                ']' if !ranges.is_empty() => break,
                '\\' => match self.escaped()? {
                    Step::Letter {
                        ranges: more,
                        is_inverse: false,
                    } => {
                        ranges.extend(more);
                        continue;
                    }
                    _ => return None,
                },
                '[' | ']' => return None,
                plain => plain,
            };
            let mut last = first;
            if self.rest.next_if_eq(&'-').is_some() {
                match self.rest.next_if(|letter| *letter != ']') {
                    Some(end) if end >= first && end != '\\' => last = end,
                    Some(_) => return None,
                    // The sign stands for itself at the end.
                    None => ranges.push(('-', '-')),
                }
            }
            ranges.push((first, last));
        }
        Some(letters(&ranges, is_inverse))
    }
}

const WORD: [(char, char); 4] = [('a', 'z'), ('A', 'Z'), ('0', '9'), ('_', '_')];

fn letters(ranges: &[(char, char)], is_inverse: bool) -> Step {
    Step::Letter {
        ranges: ranges.to_vec(),
        is_inverse,
    }
}

#[cfg(test)]
mod tests {
    use super::Pattern;

    fn of(pattern: &str, names: &[&str]) -> Vec<bool> {
        let pattern = Pattern::read(pattern).unwrap_or_else(|| panic!("{pattern} is not understood"));
        names.iter().map(|name| pattern.matches(name)).collect()
    }

    #[test]
    fn a_pattern_is_found_anywhere_unless_it_says_where() {
        assert_eq!(of("", &["", "a"]), [true, true]);
        assert_eq!(of("b", &["abc", "ac"]), [true, false]);
        assert_eq!(of("^b", &["abc", "bc"]), [false, true]);
        assert_eq!(of("b$", &["abc", "ab"]), [false, true]);
        assert_eq!(of("^$", &["", "a"]), [true, false]);
    }

    #[test]
    fn signs_mean_what_they_mean_everywhere() {
        assert_eq!(of("^tmp\\.", &["tmp.a", "tmpa", "a.tmp."]), [true, false, false]);
        assert_eq!(of("^a.c$", &["abc", "ac", "abbc"]), [true, false, false]);
        assert_eq!(of("^ab*c$", &["ac", "abbbc", "abd"]), [true, true, false]);
        assert_eq!(of("^ab+c$", &["ac", "abbbc"]), [false, true]);
        assert_eq!(of("^ab?c$", &["ac", "abc", "abbc"]), [true, true, false]);
        assert_eq!(of("^(a|bc|)d$", &["ad", "bcd", "d", "abcd"]), [true, true, true, false]);
        assert_eq!(of("^(ab)+$", &["abab", "aba"]), [true, false]);
        assert_eq!(of("^(a|b)*c", &["abbac", "abd", "c"]), [true, false, true]);
        assert_eq!(of("^[a-c_-]+$", &["a-b_c", "d"]), [true, false]);
        assert_eq!(of("^[^a-c]$", &["d", "a"]), [true, false]);
        assert_eq!(of("^\\w+-\\d[\\d.]*$", &["orders-1.2", "orders-x"]), [true, false]);
        assert_eq!(of(".*", &["", "anything"]), [true, true]);
    }

    #[test]
    fn what_is_not_understood_is_not_guessed_at() {
        let wrong = [
            "a{2}", "(?=a)", "a**", "a+?", "*", "(a", "a)", "[a", "[]", "\\1", "\\b", "a\\", "[b-a]", "]", "(?i)a",
        ];
        for pattern in wrong {
            assert_eq!(Pattern::read(pattern), None, "{pattern}");
        }
        let deep = "(".repeat(99) + &")".repeat(99);
        assert_eq!(Pattern::read(&deep), None);
    }

    #[test]
    fn no_pattern_takes_for_ever() {
        let name = "a".repeat(200);
        assert_eq!(of("^(a*)*(a*)*(a|a)*b$", &[&name]), [false]);
    }
}
