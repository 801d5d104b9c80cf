//! How much a service can bear, and what it does when more is asked of it.

/// The limits of a service beside its number of workers. They hold for calls:
/// what a consumer is pushed is limited by its prefetch.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Bounds {
    /// Most calls and deliveries that wait for a worker; `None` is no limit.
    pub queue: Option<u32>,
    /// What happens to a call for which there is no room.
    pub overload: Strain,
    /// How many calls it takes in all, since it came up; the others are
    /// refused. `None` is no limit.
    pub admits: Option<u64>,
}

/// What a service does with a call for which there is no room: no worker is
/// free and its queue is full.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Strain {
    /// The call is refused at once.
    #[default]
    Refuses,
    /// It dies.
    Dies,
    /// It takes the call, and all work takes longer: work that begins while
    /// more is in hand and waiting than there are workers and places takes
    /// longer in that proportion.
    Slows,
    /// It refuses this call and every later one of the same caller.
    Blacklists,
}
