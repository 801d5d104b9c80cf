//! Progress bars.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// What a bar over runs says.
pub(crate) const RUNS: &str = "[{bar:40}] {pos} of {len} runs, {eta} left";

/// A bar that is full at `length`, or a sign of life where that is not known.
/// Nothing is drawn where standard error is no terminal.
pub(crate) fn bar(length: Option<u64>, template: &str, is_wanted: bool) -> ProgressBar {
    if !is_wanted {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::with_draw_target(length, ProgressDrawTarget::stderr_with_hz(10));
    let style = ProgressStyle::with_template(template);
    bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}
