//! What a hashed draw is for.

/// Keeps the draws that belong to one message apart from each other: its key
/// must not be a function of its work time.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u64)]
pub enum Purpose {
    /// Which routing key or record key the message carries.
    Key = 1,
    /// How long a step works on it. The step's index is added to this value
    /// times 2^32, so that two steps of one handler differ.
    Work = 2,
    /// How large its body is.
    Size = 3,
    /// Whether a handler fails on it.
    Poison = 4,
}
