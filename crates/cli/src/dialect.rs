//! The dialects: other tools' flags, messages and exit codes, for the jobs that we do.

mod nc;

use std::ffi::OsString;

use crate::exit::{Exit, Failure, Outcome};
use crate::face::Face;

/// Runs a dialect; `name` is the word it was called by, which begins its messages.
pub(crate) fn run(face: Face, name: &str, words: Vec<OsString>) -> std::process::ExitCode {
    match face {
        Face::Nc => nc::run(name, words).into(),
        _ => Exit::Usage.into(),
    }
}

/// Runs a dialect for `jack explain`, with the door in dry mode.
pub(crate) fn rehearse(face: Face, name: &str, words: Vec<OsString>) -> Outcome {
    match face {
        Face::Nc => nc::rehearse(name, words).map(|()| Exit::Done).map_err(Failure::usage),
        _ => Err(Failure::usage(format!("{name} is no dialect"))),
    }
}
