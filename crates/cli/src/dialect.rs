//! The dialects: other tools' flags, messages and exit codes, for the jobs that we do.

mod nc;

use std::ffi::OsString;

use crate::exit::Exit;
use crate::face::Face;

/// Runs a dialect; `name` is the word it was called by, which begins its messages.
pub(crate) fn run(face: Face, name: &str, words: Vec<OsString>) -> std::process::ExitCode {
    match face {
        Face::Nc => nc::run(name, words).into(),
        _ => Exit::Usage.into(),
    }
}
