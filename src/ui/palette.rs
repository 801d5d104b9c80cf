//! The colours of the style sheet, for what is drawn on canvas.

use crate::ui::shell;

/// Colours by what they mean. Read from the style sheet, so that canvas and
/// panels never differ.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Palette {
    pub(crate) bg: String,
    pub(crate) panel: String,
    pub(crate) ink: String,
    pub(crate) soft: String,
    pub(crate) line: String,
    pub(crate) edge: String,
    pub(crate) shade: String,
    pub(crate) accent: String,
    pub(crate) ready: String,
    pub(crate) flight: String,
    pub(crate) settled: String,
    pub(crate) delayed: String,
    pub(crate) dead: String,
    pub(crate) lost: String,
}

impl Palette {
    /// The colours as they are now.
    pub(crate) fn read() -> Self {
        let root = shell::document().document_element();
        let style = root.and_then(|root| shell::window().get_computed_style(&root).ok().flatten());
        let color = |name: &str| {
            let value = style.as_ref().and_then(|style| style.get_property_value(name).ok());
            value.map_or_else(|| "gray".to_owned(), |value| value.trim().to_owned())
        };
        Palette {
            bg: color("--bg"),
            panel: color("--panel"),
            ink: color("--ink"),
            soft: color("--soft"),
            line: color("--line"),
            edge: color("--edge"),
            shade: color("--shade"),
            accent: color("--accent"),
            ready: color("--ready"),
            flight: color("--flight"),
            settled: color("--settled"),
            delayed: color("--delayed"),
            dead: color("--dead"),
            lost: color("--lost"),
        }
    }
}
