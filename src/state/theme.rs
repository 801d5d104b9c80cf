//! Which colours the page wears.

/// A set of colours.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Theme {
    /// Those of the system.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Theme {
    /// Every theme, in the order of the switch.
    pub const ALL: [Theme; 3] = [Theme::System, Theme::Light, Theme::Dark];

    /// Its name: what the document's `data-theme` says and what is remembered.
    pub const fn name(self) -> &'static str {
        match self {
            Theme::System => "system",
            Theme::Light => "light",
            Theme::Dark => "dark",
        }
    }

    /// The theme called `name`; the system's for any other name.
    pub fn named(name: &str) -> Theme {
        let found = Theme::ALL.into_iter().find(|theme| theme.name() == name);
        found.unwrap_or_default()
    }
}
