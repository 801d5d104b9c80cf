//! Texts: from files and from standard input.

use crate::ending::Failure;
use mqlab_scenario::limits::TEXT_BYTES_MAX;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// A text and where it comes from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Input {
    /// The file as it was named on the command line, with forward slashes.
    pub(crate) name: String,
    /// The file's name without folder and ending.
    pub(crate) stem: String,
    /// What is in it.
    pub(crate) text: String,
}

/// Stands for standard input on the command line.
const STDIN: &str = "-";

/// How large a file may be, and what has that limit.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Size {
    bytes_max: usize,
    of: &'static str,
}

/// Of scenarios.
const SCENARIO: Size = Size {
    bytes_max: TEXT_BYTES_MAX,
    of: "1 MiB, the limit of a scenario",
};

/// Of files of conformance cases.
pub(crate) const CASES: Size = Size {
    bytes_max: mqlab_conform::FILE_BYTES_MAX,
    of: "16 MiB, the limit of a file of cases",
};

/// Of what a broker has exported.
pub(crate) const DEFINITIONS: Size = Size {
    bytes_max: 16 << 20,
    of: "16 MiB, the limit of exported definitions",
};

/// Reads all scenarios. If some cannot be read, all of these are named.
pub(crate) fn read_all(files: &[PathBuf]) -> Result<Vec<Input>, Failure> {
    read_sized(files, SCENARIO)
}

/// The same for files of another size.
pub(crate) fn read_sized(files: &[PathBuf], size: Size) -> Result<Vec<Input>, Failure> {
    let mut inputs = Vec::new();
    let mut messages = Vec::new();
    if files.iter().filter(|file| file.as_os_str() == STDIN).count() > 1 {
        return Err(Failure::input("standard input can be read only once"));
    }
    for file in files {
        match read(file, size) {
            Ok(input) => inputs.push(input),
            Err(message) => messages.push(message),
        }
    }
    if messages.is_empty() {
        Ok(inputs)
    } else {
        Err(Failure::Input(messages))
    }
}

fn read(file: &Path, size: Size) -> Result<Input, String> {
    let is_stdin = file.as_os_str() == STDIN;
    let (name, stem) = if is_stdin {
        ("<stdin>".to_owned(), "stdin".to_owned())
    } else {
        let stem = file.file_stem().unwrap_or(file.as_os_str());
        let name = file.display().to_string().replace('\\', "/");
        (name, stem.to_string_lossy().into_owned())
    };
    let bytes = if is_stdin {
        take(io::stdin().lock(), size)
    } else {
        open(file).and_then(|opened| take(opened, size))
    };
    let bytes = bytes.map_err(|error| format!("{name}: {}", reason(&error)))?;
    if bytes.len() > size.bytes_max {
        return Err(format!("{name}: larger than {}", size.of));
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Input { name, stem, text }),
        Err(error) => {
            let good = error.utf8_error().valid_up_to();
            let line = 1 + error.as_bytes()[..good].iter().filter(|byte| **byte == b'\n').count();
            Err(format!("{name}: not UTF-8: line {line} has a byte that is no text"))
        }
    }
}

fn open(file: &Path) -> io::Result<File> {
    let opened = File::open(file)?;
    // Some systems open a folder without complaint and fail at reading it.
    if opened.metadata()?.is_dir() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    Ok(opened)
}

/// Reads one byte more than the limit and no further, whatever the file is.
fn take(from: impl Read, size: Size) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    from.take(size.bytes_max as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "no such file".to_owned(),
        io::ErrorKind::IsADirectory => "this is a folder; name the files in it".to_owned(),
        io::ErrorKind::PermissionDenied => "cannot be read: permission denied".to_owned(),
        _ => format!("cannot be read: {error}"),
    }
}
