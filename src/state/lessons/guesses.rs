//! What people guess, and what the engine said to it.

use super::{Grade, Unreadable, found, grade, lesson, read, variant_of};
use crate::state::scenarios::SCENARIOS;
use mqlab_engine::Value;
use mqlab_scenario::{Prediction, Runner};

/// How a guess stands.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Standing<'a> {
    /// Nothing is checked.
    Open,
    /// It cannot be read.
    Unreadable(Unreadable),
    /// It was given, and the engine has not answered yet.
    Given,
    /// The run has no end to compare with.
    Unanswered,
    /// It was compared with the engine's own answer.
    Compared {
        /// How good it is.
        grade: Grade<'a>,
        /// What the engine found.
        actual: Value,
    },
}

/// A guess: for which prediction of which scenario, and whether it is to be
/// checked.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Guess {
    scenario: usize,
    prediction: usize,
    text: String,
    is_given: bool,
}

/// A variant of a scenario whose end is known, with what it says to each
/// prediction about it.
#[derive(Clone, PartialEq, Debug)]
struct End {
    scenario: usize,
    variant: usize,
    answers: Vec<(usize, Option<Value>)>,
}

/// All guesses of a visit. Scenarios are named by their position.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Guesses {
    guesses: Vec<Guess>,
    ends: Vec<End>,
}

impl Guesses {
    /// What was typed.
    pub fn text(&self, scenario: usize, prediction: usize) -> &str {
        self.guess(scenario, prediction).map_or("", |guess| &guess.text)
    }

    /// Something else is typed.
    pub fn write(&mut self, scenario: usize, prediction: usize, text: String) {
        self.guesses
            .retain(|guess| (guess.scenario, guess.prediction) != (scenario, prediction));
        self.guesses.push(Guess {
            scenario,
            prediction,
            text,
            is_given: false,
        });
    }

    /// What was typed is to be checked.
    pub fn give(&mut self, scenario: usize, prediction: usize) {
        let text = self.text(scenario, prediction).to_owned();
        self.write(scenario, prediction, text);
        if let Some(guess) = self.guesses.last_mut() {
            guess.is_given = true;
        }
    }

    /// How a guess stands.
    pub fn standing(&self, scenario: usize, prediction: usize) -> Standing<'static> {
        let asked = asked(scenario, prediction);
        let given = self.guess(scenario, prediction).filter(|guess| guess.is_given);
        let (Some(asked), Some(given)) = (asked, given) else {
            return Standing::Open;
        };
        let guess = match read(&given.text, asked) {
            Ok(guess) => guess,
            Err(why) => return Standing::Unreadable(why),
        };
        match self.answer(scenario, prediction) {
            None => Standing::Given,
            Some(None) => Standing::Unanswered,
            Some(Some(actual)) => Standing::Compared {
                grade: grade(asked, actual, guess),
                actual,
            },
        }
    }

    /// Keeps what a variant that is over says to the predictions about it. The
    /// run must be that of the gallery's own text.
    pub fn tell(&mut self, scenario: usize, variant: usize, runner: &Runner) {
        let Some(entry) = SCENARIOS.get(scenario) else { return };
        let (Some(lesson), (Some(read), _)) = (lesson(entry.stem), mqlab_scenario::parse(entry.text())) else {
            return;
        };
        let asked = lesson.predictions.iter().enumerate();
        let about = asked.filter(|(_, one)| variant_of(&read, one.variant.as_deref()) == Some(variant));
        let answers = about.map(|(index, one)| (index, found(one, &read, runner))).collect();
        self.ends
            .retain(|end| (end.scenario, end.variant) != (scenario, variant));
        self.ends.push(End {
            scenario,
            variant,
            answers,
        });
    }

    /// The variant of a scenario whose end has to be known for a guess that
    /// was given.
    pub fn wanted(&self, scenario: usize) -> Option<usize> {
        let entry = SCENARIOS.get(scenario)?;
        let given = self
            .guesses
            .iter()
            .filter(|guess| guess.scenario == scenario && guess.is_given);
        let mut waiting = given.filter(|guess| self.standing(scenario, guess.prediction) == Standing::Given);
        let asked = asked(scenario, waiting.next()?.prediction)?;
        variant_of(&mqlab_scenario::parse(entry.text()).0?, asked.variant.as_deref())
    }

    fn guess(&self, scenario: usize, prediction: usize) -> Option<&Guess> {
        let mut guesses = self.guesses.iter();
        guesses.find(|guess| (guess.scenario, guess.prediction) == (scenario, prediction))
    }

    /// What the engine said: `None` if it was not asked yet.
    fn answer(&self, scenario: usize, prediction: usize) -> Option<Option<Value>> {
        let ends = self.ends.iter().filter(|end| end.scenario == scenario);
        let mut answers = ends.flat_map(|end| &end.answers);
        answers
            .find(|(index, _)| *index == prediction)
            .map(|(_, answer)| *answer)
    }
}

/// What is asked.
fn asked(scenario: usize, prediction: usize) -> Option<&'static Prediction> {
    lesson(SCENARIOS.get(scenario)?.stem)?.predictions.get(prediction)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::job::{Answer, Job, Quest};
    use crate::state::lab::Lab;
    use crate::state::scenarios;

    fn crash() -> usize {
        scenarios::position("crash-before-ack").expect("the scenario is there")
    }

    /// The end that the page would look for, in slices.
    fn look(guesses: &mut Guesses, scenario: usize) {
        let variant = guesses.wanted(scenario).expect("an end is wanted");
        let (other, _) = mqlab_scenario::parse(SCENARIOS[0].text());
        let lab = Lab::new(other.expect("a scenario"));
        let mut job = Job::begin(&lab, Quest::Original { scenario, variant }).expect("it makes sense");
        while job.answer().is_none() {
            job.advance(7);
        }
        let Some(Answer::Original { runner, .. }) = job.answer() else {
            panic!("another answer");
        };
        guesses.tell(scenario, variant, &runner);
    }

    #[test]
    fn a_guess_is_compared_once_the_end_is_known() {
        let (mut guesses, scenario) = (Guesses::default(), crash());
        assert_eq!(guesses.standing(scenario, 0), Standing::Open);
        guesses.write(scenario, 0, "10".to_owned());
        assert_eq!(guesses.wanted(scenario), None, "nobody has asked yet");
        guesses.give(scenario, 0);
        assert_eq!(guesses.standing(scenario, 0), Standing::Given);
        look(&mut guesses, scenario);
        assert_eq!(guesses.wanted(scenario), None);
        let Standing::Compared { grade, actual } = guesses.standing(scenario, 0) else {
            panic!("it was compared");
        };
        assert_eq!(actual, Value::Count(9));
        assert!(matches!(grade, Grade::Known(_)), "people often say ten");
        guesses.write(scenario, 0, "nine".to_owned());
        assert_eq!(guesses.standing(scenario, 0), Standing::Open);
        guesses.give(scenario, 0);
        assert_eq!(guesses.standing(scenario, 0), Standing::Unreadable(Unreadable::Count));
        guesses.write(scenario, 0, "９ 行".to_owned());
        guesses.give(scenario, 0);
        assert!(matches!(
            guesses.standing(scenario, 0),
            Standing::Compared {
                grade: Grade::Right,
                ..
            }
        ));
    }

    #[test]
    fn every_prediction_needs_its_own_variant() {
        let (mut guesses, scenario) = (Guesses::default(), crash());
        for (prediction, text) in [(0, "9"), (1, "10"), (2, "5")] {
            guesses.write(scenario, prediction, text.to_owned());
            guesses.give(scenario, prediction);
        }
        for _ in 0..3 {
            look(&mut guesses, scenario);
        }
        assert_eq!(guesses.wanted(scenario), None);
        let wrong = guesses.standing(scenario, 2);
        assert!(matches!(
            wrong,
            Standing::Compared {
                grade: Grade::Wrong,
                actual: Value::Count(3)
            }
        ));
    }

    #[test]
    fn guesses_about_nothing_change_nothing() {
        let mut guesses = Guesses::default();
        guesses.write(usize::MAX, 0, "1".to_owned());
        guesses.give(usize::MAX, 0);
        assert_eq!(guesses.standing(usize::MAX, 0), Standing::Open);
        assert_eq!(guesses.wanted(usize::MAX), None);
        guesses.give(crash(), 99);
        assert_eq!(guesses.standing(crash(), 99), Standing::Open);
    }
}
