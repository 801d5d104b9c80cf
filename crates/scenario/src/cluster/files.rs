//! The files of a broker as a tree.

use mqlab_brokers::kafka::{File, Folder};
use mqlab_engine::World;
use mqlab_model::NodeId;

/// A line of the tree.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FileLine {
    /// How deep it stands: 0 is in the directory of logs itself.
    pub depth: usize,
    /// The name; of a directory with `/` at its end.
    pub name: String,
    /// Its size; of a directory that of everything in it.
    pub bytes: u64,
    /// What stands in it, if it is text.
    pub text: Option<String>,
}

/// What lies in a broker's directory of logs; empty of any other node. The
/// directories of a topic that the cluster keeps for itself are one line; the
/// controller's log is no topic.
pub fn files(world: &World, broker: NodeId) -> Vec<FileLine> {
    let Some(dir) = world.log_dir(broker) else {
        return Vec::new();
    };
    let (own, shown): (Vec<&Folder>, Vec<&Folder>) = dir
        .folders
        .iter()
        .partition(|folder| folder.partition.is_some() && folder.name.starts_with("__"));
    let mut lines = Vec::new();
    for folder in shown {
        lines.push(line(0, format!("{}/", folder.name), folder.bytes()));
        lines.extend(folder.files.iter().map(|file| of_file(1, file)));
    }
    lines.extend(together(&own));
    lines.extend(dir.files.iter().map(|file| of_file(0, file)));
    lines
}

fn line(depth: usize, name: String, bytes: u64) -> FileLine {
    FileLine {
        depth,
        name,
        bytes,
        text: None,
    }
}

fn of_file(depth: usize, file: &File) -> FileLine {
    FileLine {
        text: file.text.clone(),
        ..line(depth, file.name.clone(), file.bytes)
    }
}

/// A line for each topic, with the number of its directories.
fn together(folders: &[&Folder]) -> Vec<FileLine> {
    let topic = |folder: &Folder| folder.name.rsplit_once('-').map_or("", |(topic, _)| topic).to_owned();
    let mut lines: Vec<(String, usize, u64)> = Vec::new();
    for folder in folders {
        let topic = topic(folder);
        match lines.last_mut() {
            Some((known, count, bytes)) if *known == topic => {
                *count += 1;
                *bytes += folder.bytes();
            }
            _ => lines.push((topic, 1, folder.bytes())),
        }
    }
    let lines = lines.into_iter();
    lines
        .map(|(topic, count, bytes)| line(0, format!("{topic}-*/ \u{d7} {count}"), bytes))
        .collect()
}
