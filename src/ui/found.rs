//! What was looked for beside the run, and found.

use crate::state::job::Answer;
use mqlab_engine::FactRun;
use mqlab_kernel::SimTime;
use mqlab_model::{MessageId, PlaceId};

/// The life of one message.
pub(crate) struct Life {
    /// In which variant.
    pub(crate) variant: usize,
    /// Whose.
    pub(crate) message: MessageId,
    /// Up to when it was followed.
    pub(crate) until: SimTime,
    /// In the order in which they happened.
    pub(crate) facts: Vec<FactRun>,
}

/// What happened last at a place.
pub(crate) struct Recent {
    /// In which variant.
    pub(crate) variant: usize,
    /// Where.
    pub(crate) place: PlaceId,
    /// Up to when.
    pub(crate) until: SimTime,
    /// In the order in which they happened.
    pub(crate) facts: Vec<FactRun>,
}

/// What is known beside the run.
#[derive(Default)]
pub(crate) struct Found {
    /// The place that was asked for last.
    pub(crate) recent: Option<Recent>,
    /// The message that was asked for last.
    pub(crate) life: Option<Life>,
}

impl Found {
    /// Keeps what was found.
    pub(crate) fn keep(&mut self, answer: Answer) {
        match answer {
            // The page itself takes these.
            Answer::Previous(_) | Answer::Next(_) | Answer::Original { .. } => {}
            Answer::Recent {
                variant,
                place,
                until,
                facts,
            } => {
                self.recent = Some(Recent {
                    variant,
                    place,
                    until,
                    facts,
                });
            }
            Answer::Life {
                variant,
                message,
                until,
                facts,
            } => {
                self.life = Some(Life {
                    variant,
                    message,
                    until,
                    facts,
                });
            }
        }
    }
}
