//! How the program ends, as exit codes, and what it says when it cannot go on.

use std::fmt;
use std::io::{self, Write};
use std::process::ExitCode;

/// How the program ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Ending {
    /// Everything asked for was done, and every expectation holds.
    Held,
    /// An expectation does not hold, or a limit ended a run.
    Failed,
    /// Bad input or usage.
    BadInput,
    /// The user stopped it.
    Interrupted,
    /// Whoever read the output went away.
    Unread,
}

impl Ending {
    /// The number, as a shell sees it.
    pub(crate) const fn number(self) -> u8 {
        match self {
            Ending::Held => 0,
            Ending::Failed => 1,
            Ending::BadInput => 2,
            // 128 and the number of the signal, SIGINT and SIGPIPE, as shells report them.
            Ending::Interrupted => 130,
            Ending::Unread => 141,
        }
    }

    /// The exit code.
    pub(crate) fn code(self) -> ExitCode {
        ExitCode::from(self.number())
    }
}

/// Why a command could not be carried out.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Bad input; each entry is one message.
    Input(Vec<String>),
    /// Bad input, and everything about it has been said.
    Said,
    /// Standard output takes no more.
    Output(io::Error),
}

impl Failure {
    /// Bad input with one message.
    pub(crate) fn input(message: impl Into<String>) -> Self {
        Failure::Input(vec![message.into()])
    }

    /// Says it on standard error.
    pub(crate) fn report(&self) -> Ending {
        match self {
            Failure::Input(messages) => {
                messages.iter().for_each(|message| complain("error", message));
                Ending::BadInput
            }
            Failure::Said => Ending::BadInput,
            Failure::Output(error) if error.kind() == io::ErrorKind::BrokenPipe => Ending::Unread,
            Failure::Output(error) => {
                complain("error", format_args!("cannot write the output: {error}"));
                Ending::BadInput
            }
        }
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Failure::Output(error)
    }
}

/// Says something on standard error that does not stop the program.
pub(crate) fn warn(message: impl fmt::Display) {
    complain("note", message);
}

/// Writes one line to standard error. If that fails there is nobody to tell.
pub(crate) fn complain(word: &str, message: impl fmt::Display) {
    let _ = writeln!(io::stderr(), "{word}: {message}");
}
