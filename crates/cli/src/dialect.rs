//! The dialects: other tools' flags, messages and exit codes, for the jobs that we do.

pub(crate) mod basenc;
mod getopt;
pub(crate) mod nc;
mod quoting;
pub(crate) mod tcpdump;
pub(crate) mod xxd;

use std::ffi::{OsStr, OsString};
use std::path::Path;

use crate::exit::{Exit, Failure, Outcome};
use crate::face::Face;

/// Lists the tools whose dialects are spoken.
pub(crate) fn names() -> Vec<&'static str> {
    Face::dialects().map(Face::name).collect()
}

/// Runs a dialect; `called` is the word it was called by, which begins its messages. Returns the exit code.
pub(crate) fn run(face: Face, called: &OsStr, words: Vec<OsString>) -> u8 {
    face.as_dialect().map_or(1, |dialect| (dialect.run)(called, words))
}

/// Runs a dialect for `jack explain`, with the door in dry mode.
pub(crate) fn rehearse(face: Face, called: &OsStr, words: Vec<OsString>) -> Outcome {
    let done = face.as_dialect().map_or(Ok(()), |dialect| (dialect.rehearse)(called, words));
    done.map(|()| Exit::Done).map_err(Failure::usage)
}

/// The name of a program, without its folder: some tools say no more.
fn base(called: &OsStr) -> String {
    Path::new(called).file_name().unwrap_or(called).to_string_lossy().into_owned()
}
