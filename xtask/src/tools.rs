//! Finding executables and reading the versions they print.

use std::env;
use std::path::{Path, PathBuf};

/// The first executable called `name` in `folders`.
pub(crate) fn find(name: &str, folders: &[PathBuf]) -> Option<PathBuf> {
    let names = [executable_name(name), format!("{name}.cmd")];
    let names = if cfg!(windows) { &names[..] } else { &names[..1] };
    folders
        .iter()
        .flat_map(|folder| names.iter().map(|name| folder.join(name)))
        .find(|candidate| is_executable(candidate))
}

/// `name` as the platform spells an executable.
pub(crate) fn executable_name(name: &str) -> String {
    format!("{name}{}", env::consts::EXE_SUFFIX)
}

/// Where `cargo install` puts executables.
pub(crate) fn cargo_bin() -> Option<PathBuf> {
    env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| env::home_dir().map(|home| home.join(".cargo")))
        .map(|home| home.join("bin"))
}

/// The version in the usual first line of `--version`: `name 1.2.3 (more)`.
pub(crate) fn version_of<'a>(name: &str, printed: &'a str) -> Option<&'a str> {
    let mut words = printed.lines().next()?.split_whitespace();
    (words.next()? == name).then(|| words.next())?
}

/// The exact version that a `[workspace.dependencies]` line pins, as in
/// `wasm-bindgen = "=0.2.130"` or `wasm-bindgen = { version = "=0.2.130" }`.
pub(crate) fn pinned_version<'a>(manifest: &'a str, name: &str) -> Option<&'a str> {
    let value = manifest.lines().find_map(|line| {
        let rest = line.strip_prefix(name)?.trim_start();
        rest.strip_prefix('=')
    })?;
    let version = value.split_once("\"=")?.1;
    version.split_once('"').map(|(version, _)| version.trim())
}

#[cfg(unix)]
fn is_executable(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    path.metadata()
        .is_ok_and(|file| file.is_file() && file.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_executable(path: &Path) -> bool {
    path.is_file()
}

#[cfg(test)]
mod tests {
    use super::{find, pinned_version, version_of};

    #[test]
    fn the_pinned_version_is_read_from_either_form() {
        let short = "[workspace.dependencies]\nserde = \"1\"\nwasm-bindgen = \"=0.2.130\"\n";
        let long = "wasm-bindgen = { version = \"=1.0.7\", features = [\"x\"] }";
        assert_eq!(pinned_version(short, "wasm-bindgen"), Some("0.2.130"));
        assert_eq!(pinned_version(long, "wasm-bindgen"), Some("1.0.7"));
    }

    #[test]
    fn a_loose_or_foreign_version_is_not_taken_for_a_pin() {
        assert_eq!(pinned_version("serde = \"1\"", "serde"), None);
        assert_eq!(pinned_version("serde_json = \"=1.0.0\"", "serde"), None);
    }

    #[test]
    fn versions_are_read_past_the_name() {
        assert_eq!(version_of("trunk", "trunk 0.21.14\n"), Some("0.21.14"));
        assert_eq!(
            version_of("wasm-bindgen", "wasm-bindgen 0.2.130 (abc)"),
            Some("0.2.130")
        );
        assert_eq!(version_of("trunk", "something else"), None);
    }

    #[test]
    fn a_tool_outside_the_given_folders_is_not_found() {
        assert_eq!(find("cargo", &[]), None);
        assert_eq!(find("cargo", &["no/such/folder".into()]), None);
    }
}
