//! What a hashed draw is for.

/// Keeps the draws that belong to one message apart from each other: its key
/// must not be a function of its work time.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u64)]
pub enum Purpose {
    /// Which routing key or record key the message carries.
    Key = 1,
    /// How long a step works on it; a salt of the step's own keeps the steps
    /// apart.
    Work = 2,
    /// How large its body is.
    Size = 3,
    /// Whether a handler fails on it.
    Poison = 4,
    /// How much longer a caller waits before it tries again.
    Backoff = 5,
    /// How long an exchange keeps it back.
    Delay = 6,
}
