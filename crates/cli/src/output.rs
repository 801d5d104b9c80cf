//! Files that are written besides standard output.

use crate::ending::Failure;
use std::fs;
use std::path::Path;

/// Whether a file can lie where it is meant to: asked before a long run, so
/// that nobody waits for a result that has no place.
pub(crate) fn expect_folder(to: &Path) -> Result<(), Failure> {
    let folder = to.parent().filter(|folder| !folder.as_os_str().is_empty());
    match folder {
        Some(folder) if !folder.is_dir() => {
            let message = format!("cannot write {}: there is no folder {}", to.display(), folder.display());
            Err(Failure::input(message))
        }
        _ => Ok(()),
    }
}

/// Writes a file, in place of one that is there.
pub(crate) fn write(to: &Path, text: &str) -> Result<(), Failure> {
    let written = fs::write(to, text);
    written.map_err(|error| Failure::input(format!("cannot write {}: {error}", to.display())))
}
