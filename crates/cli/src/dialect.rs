//! The dialects: other tools' flags, messages and exit codes, for the jobs that we do.

mod basenc;
mod getopt;
mod nc;
mod quoting;
mod xxd;

use std::ffi::{OsStr, OsString};
use std::path::Path;

use crate::exit::{Exit, Failure, Outcome};
use crate::face::Face;

/// Runs a dialect; `called` is the word it was called by, which begins its messages.
pub(crate) fn run(face: Face, called: &OsStr, words: Vec<OsString>) -> std::process::ExitCode {
    match face {
        Face::Nc => nc::run(&base(called), words).into(),
        Face::GnuBase64 | Face::GnuBase32 | Face::Basenc => basenc::run(face, called, words).into(),
        Face::Xxd => xxd::run(&base(called), words).into(),
        _ => Exit::Usage.into(),
    }
}

/// Runs a dialect for `jack explain`, with the door in dry mode.
pub(crate) fn rehearse(face: Face, called: &OsStr, words: Vec<OsString>) -> Outcome {
    let done = match face {
        Face::Nc => nc::rehearse(&base(called), words),
        Face::GnuBase64 | Face::GnuBase32 | Face::Basenc => basenc::rehearse(face, called, words),
        Face::Xxd => xxd::rehearse(words),
        _ => Err(format!("{} is no dialect", called.display())),
    };
    done.map(|()| Exit::Done).map_err(Failure::usage)
}

/// The name of a program, without its folder: nc says no more.
fn base(called: &OsStr) -> String {
    Path::new(called).file_name().unwrap_or(called).to_string_lossy().into_owned()
}
