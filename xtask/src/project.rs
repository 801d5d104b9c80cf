//! The workspace on disk, and how its child processes are started.

use std::env;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::Outcome;
use crate::tools;

/// The workspace, and the search path that all of its tools share.
pub(crate) struct Project {
    root: PathBuf,
    target_dir: PathBuf,
    search_path: Vec<PathBuf>,
}

impl Project {
    /// Finds the workspace around the current directory.
    pub(crate) fn find() -> Outcome<Self> {
        let here = env::current_dir().map_err(|error| format!("cannot read the current directory: {error}"))?;
        let root = here
            .ancestors()
            .find(|folder| folder.join("xtask/Cargo.toml").is_file())
            .ok_or_else(|| format!("{} is not inside the mqlab workspace", here.display()))?
            .to_path_buf();
        let target_dir = ["CARGO_TARGET_DIR", "CARGO_BUILD_TARGET_DIR"]
            .iter()
            .find_map(env::var_os)
            .map_or_else(|| root.join("target"), |folder| root.join(folder));
        let search_path = search_path(&root, env::var_os("PATH").unwrap_or_default());
        Ok(Self {
            root,
            target_dir,
            search_path,
        })
    }

    /// The absolute path of `relative`.
    pub(crate) fn path(&self, relative: impl AsRef<Path>) -> PathBuf {
        self.root.join(relative)
    }

    /// Where cargo puts what it builds.
    pub(crate) fn target_dir(&self) -> &Path {
        &self.target_dir
    }

    /// The text of a file of the workspace.
    pub(crate) fn read(&self, relative: &str) -> Outcome<String> {
        fs::read_to_string(self.path(relative)).map_err(|error| format!("cannot read {relative}: {error}"))
    }

    /// The files in `folder` whose names end in `ending`, relative to the
    /// root and in order of name; an empty folder is an error, because a
    /// check of nothing would pass.
    pub(crate) fn files(&self, folder: &str, ending: &str) -> Outcome<Vec<String>> {
        let entries = fs::read_dir(self.path(folder)).map_err(|error| format!("cannot list {folder}: {error}"))?;
        let mut files: Vec<String> = entries
            .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
            .filter(|name| name.ends_with(ending))
            .map(|name| format!("{folder}/{name}"))
            .collect();
        files.sort();
        if files.is_empty() {
            return Err(format!("{folder} holds no *{ending} file"));
        }
        Ok(files)
    }

    /// The executable called `name`, first in the project's own tool folders.
    pub(crate) fn tool(&self, name: &str) -> Option<PathBuf> {
        tools::find(name, &self.search_path)
    }

    /// A command in the workspace's root with the project's search path.
    /// Both `cargo` and `rustc` are those that started this program.
    pub(crate) fn command(&self, program: &str) -> Outcome<Command> {
        let from_cargo = match program {
            "cargo" => env::var_os("CARGO").map(PathBuf::from),
            "rustc" => env::var_os("CARGO")
                .map(|cargo| Path::new(&cargo).with_file_name(tools::executable_name("rustc")))
                .filter(|rustc| rustc.is_file()),
            _ => None,
        };
        let executable = from_cargo
            .or_else(|| self.tool(program))
            .ok_or_else(|| format!("`{program}` is not installed or not on PATH"))?;
        let mut command = Command::new(executable);
        command.current_dir(&self.root);
        command.env(
            "PATH",
            env::join_paths(&self.search_path).map_err(|error| format!("cannot build a PATH: {error}"))?,
        );
        if program == "trunk" {
            adapt_colour(&mut command);
        }
        Ok(command)
    }

    /// Runs a program to its end, showing the command and all that it prints.
    pub(crate) fn run<A: AsRef<OsStr>>(&self, program: &str, args: &[A]) -> Outcome {
        self.run_with(program, args, &[])
    }

    /// As [`run`](Self::run), with environment variables.
    pub(crate) fn run_with<A: AsRef<OsStr>>(&self, program: &str, args: &[A], variables: &[(&str, &str)]) -> Outcome {
        let mut command = self.command(program)?;
        command.args(args).envs(variables.iter().copied());
        let line = command_line(program, args, variables);
        println!("$ {line}");
        // A closed pipe must not stop the program that is about to run.
        let _ = std::io::stdout().flush();
        let status = command
            .status()
            .map_err(|error| format!("cannot start `{line}`: {error}"))?;
        if status.success() {
            Ok(())
        } else {
            Err(format!("`{line}` failed ({status})"))
        }
    }

    /// What a program prints on standard output; its errors stay visible.
    pub(crate) fn output<A: AsRef<OsStr>>(&self, program: &str, args: &[A]) -> Outcome<Vec<u8>> {
        match self.printed(program, args)? {
            (true, printed) => Ok(printed),
            (false, _) => Err(format!("`{}` failed", command_line(program, args, &[]))),
        }
    }

    /// Whether a program succeeds, and what it prints either way.
    pub(crate) fn printed<A: AsRef<OsStr>>(&self, program: &str, args: &[A]) -> Outcome<(bool, Vec<u8>)> {
        let line = command_line(program, args, &[]);
        let output = self
            .command(program)?
            .args(args)
            .stderr(Stdio::inherit())
            .output()
            .map_err(|error| format!("cannot start `{line}`: {error}"))?;
        Ok((output.status.success(), output.stdout))
    }
}

/// npm's tools first, then cargo's, then what the user has.
fn search_path(root: &Path, inherited: OsString) -> Vec<PathBuf> {
    let mut folders = vec![root.join("node_modules/.bin")];
    folders.extend(tools::cargo_bin());
    for folder in env::split_paths(&inherited) {
        if !folders.contains(&folder) {
            folders.push(folder);
        }
    }
    folders
}

/// trunk 0.21 reads `NO_COLOR` as `true` or `false` and refuses to start with
/// the customary `NO_COLOR=1`; its own variable says the same.
fn adapt_colour(command: &mut Command) {
    if env::var_os("NO_COLOR").is_some() {
        command.env_remove("NO_COLOR").env("TRUNK_COLOR", "never");
    }
}

/// A command as it would be typed. Long lists of files are cut.
pub(crate) fn command_line<A: AsRef<OsStr>>(program: &str, args: &[A], variables: &[(&str, &str)]) -> String {
    const SHOWN_MAX: usize = 20;
    let mut words: Vec<String> = variables
        .iter()
        .map(|(name, value)| format!("{name}={}", quoted(value)))
        .collect();
    words.push(program.to_owned());
    words.extend(
        args.iter()
            .take(SHOWN_MAX)
            .map(|arg| quoted(&arg.as_ref().to_string_lossy())),
    );
    if args.len() > SHOWN_MAX {
        words.push(format!("... ({} more)", args.len() - SHOWN_MAX));
    }
    words.join(" ")
}

fn quoted(word: &str) -> String {
    if word.is_empty() || word.contains(char::is_whitespace) {
        format!("'{word}'")
    } else {
        word.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::{command_line, search_path};
    use std::path::Path;

    #[test]
    fn the_search_path_starts_with_the_projects_tools_and_keeps_the_users() {
        let folders = search_path(
            Path::new("w"),
            std::env::join_paths(["a", "b"]).expect("no separator in the names"),
        );
        assert_eq!(folders[0], Path::new("w/node_modules/.bin"));
        assert!(folders.ends_with(&["a".into(), "b".into()]));
    }

    #[test]
    fn a_command_is_shown_as_it_would_be_typed() {
        assert_eq!(
            command_line("cargo", &["doc"], &[("RUSTDOCFLAGS", "-D warnings")]),
            "RUSTDOCFLAGS='-D warnings' cargo doc"
        );
    }
}
