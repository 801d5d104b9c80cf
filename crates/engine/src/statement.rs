//! What a table is asked to do, beside writing a row.

use crate::plan::RowState;

/// What is done to the rows of a business id.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Operation {
    /// One is written; if the table is unique and has one it is refused.
    Insert,
    /// One is written unless there is one.
    InsertIfNew,
    /// Is there none?
    IsAbsent,
    /// Is there none? Then there is one now.
    Claim,
    /// They get a state.
    Set(RowState),
    /// They go.
    Delete,
    /// Not of one id: which rows are in this state? Those that were found so
    /// many times are given up instead.
    Scan {
        /// The state.
        state: RowState,
        /// How often a row is found at most; 0 is no limit.
        times: u16,
    },
}

/// An operation, and whether it is one of a transaction.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Statement {
    /// What.
    pub(crate) operation: Operation,
    /// It takes effect when the client's transaction is committed.
    pub(crate) in_transaction: bool,
}

/// How a transaction ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Ending {
    /// Not yet: the table promises that it can commit.
    Prepare,
    /// It takes effect.
    Commit,
    /// It never was.
    Rollback,
    /// Those of the client's earlier life that nobody decided never were.
    Forget,
}

impl Ending {
    const ALL: [Ending; 4] = [Ending::Prepare, Ending::Commit, Ending::Rollback, Ending::Forget];

    pub(crate) fn from_number(number: u64) -> Ending {
        Ending::ALL[(number & 3) as usize]
    }
}

/// How many bits a packed statement takes.
pub(crate) const STATEMENT_BITS: u32 = 23;

impl Statement {
    /// In 23 bits: 3 of the operation, 3 of a state, 16 of a number, and one.
    pub(crate) fn pack(self) -> u32 {
        let (kind, state, number) = match self.operation {
            Operation::Insert => (0, RowState::New, 0),
            Operation::InsertIfNew => (1, RowState::New, 0),
            Operation::IsAbsent => (2, RowState::New, 0),
            Operation::Claim => (3, RowState::New, 0),
            Operation::Set(state) => (4, state, 0),
            Operation::Delete => (5, RowState::New, 0),
            Operation::Scan { state, times } => (6, state, times),
        };
        kind | (state as u32) << 3 | u32::from(number) << 6 | u32::from(self.in_transaction) << 22
    }

    /// What [`Statement::pack`] was asked of. 0 is a plain insert.
    pub(crate) fn unpack(bits: u32) -> Self {
        let states = RowState::ALL;
        let state = states[(bits >> 3 & 7) as usize % states.len()];
        let operation = match bits & 7 {
            0 => Operation::Insert,
            1 => Operation::InsertIfNew,
            2 => Operation::IsAbsent,
            3 => Operation::Claim,
            4 => Operation::Set(state),
            5 => Operation::Delete,
            _ => Operation::Scan {
                state,
                times: (bits >> 6) as u16,
            },
        };
        Statement {
            operation,
            in_transaction: bits >> 22 & 1 != 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_survives_packing() {
        let mut operations = alloc::vec![
            Operation::Insert,
            Operation::InsertIfNew,
            Operation::IsAbsent,
            Operation::Claim,
            Operation::Delete
        ];
        for state in RowState::ALL {
            operations.extend([Operation::Set(state), Operation::Scan { state, times: u16::MAX }]);
        }
        for operation in operations {
            for in_transaction in [false, true] {
                let statement = Statement {
                    operation,
                    in_transaction,
                };
                assert!(statement.pack() < 1 << STATEMENT_BITS);
                assert_eq!(Statement::unpack(statement.pack()), statement);
            }
        }
        assert_eq!(Statement::unpack(0).operation, Operation::Insert);
    }
}
