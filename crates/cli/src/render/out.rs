//! Results on standard output, where nobody may be left to read them, and the place that words on standard error share
//! with it.
//!
//! A result is written in one piece, so that lines of several threads stay whole. What cannot be written must reach the
//! exit code: who writes either hands the failure on, or leaves it here for the end of the command. What a job writes
//! while it is only rehearsed is nobody's result, and is written nowhere.

use std::io::{self, ErrorKind, IsTerminal, Write};
use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::sync::{Mutex, OnceLock, PoisonError};

use jackfield::{sock, talk};

use crate::exit::{Exit, Failure, Outcome};

/// A failure that was left for the end.
static LEFT: Mutex<Option<io::Error>> = Mutex::new(None);

/// Writes words; colour goes where a terminal is.
pub(crate) fn words(words: &str) -> Result<(), Failure> {
    if sock::rehearsing() {
        return Ok(());
    }
    written(anstream::stdout().write_all(words.as_bytes()))
}

/// Writes one JSON object as a line.
pub(crate) fn line(value: &serde_json::Value) -> Result<(), Failure> {
    written(whole(&format!("{value}\n")))
}

/// Writes whole lines; a failure is left for the end of the command. False when they could not be written.
pub(crate) fn tell(lines: &str) -> bool {
    match whole(lines) {
        Ok(()) => true,
        Err(error) => {
            LEFT.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
            false
        }
    }
}

fn whole(lines: &str) -> io::Result<()> {
    if sock::rehearsing() {
        return Ok(());
    }
    let mut out = io::stdout();
    out.write_all(lines.as_bytes())?;
    out.flush()
}

/// A reader that has gone is no failure: the job ends well.
fn written(result: io::Result<()>) -> Result<(), Failure> {
    match result {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == ErrorKind::BrokenPipe => {
            Err(Failure { exit: Exit::Done, error: anyhow::anyhow!("nobody reads the output any more") })
        }
        Err(error) => Err(Failure::failed(anyhow::Error::from(error).context("writing the result"))),
    }
}

/// Judges what somebody else has printed.
pub(crate) fn printed(result: io::Result<()>) -> Outcome {
    written(result).map(|()| Exit::Done)
}

/// Turns the end of a job whose reader has gone into a good one.
pub(crate) fn finished(outcome: Outcome) -> Outcome {
    match outcome {
        Err(failure) if failure.exit == Exit::Done => Ok(Exit::Done),
        outcome => outcome,
    }
}

/// Ends a command: what is left in the buffer is written, and a job that could not write its results has failed.
pub(crate) fn settled(outcome: Outcome) -> Outcome {
    let left = LEFT.lock().unwrap_or_else(PoisonError::into_inner).take();
    let flushed = written(left.map_or(Ok(()), Err)).and_then(|()| written(io::stdout().flush()));
    match (outcome, flushed) {
        (Ok(_), Err(failure)) if failure.exit != Exit::Done => Err(failure),
        (outcome, _) => finished(outcome),
    }
}

/// What words on standard error begin with: a line feed where bytes of a conversation have left a line open and the words
/// go to the same terminal, file or pipe.
pub(crate) fn start_of_line() -> &'static str {
    if share_a_place() && talk::take_open_line() { "\n" } else { "" }
}

fn share_a_place() -> bool {
    static SHARED: OnceLock<bool> = OnceLock::new();
    *SHARED.get_or_init(|| {
        let place = |fd: &str| std::fs::metadata(format!("/proc/self/fd/{fd}")).ok();
        let (Some(out), Some(err)) = (place("1"), place("2")) else { return false };
        // The null device shows nothing; of a terminal there may be several nodes, and one number.
        if out.file_type().is_char_device() && err.file_type().is_char_device() {
            return io::stdout().is_terminal() && io::stderr().is_terminal() && out.rdev() == err.rdev();
        }
        (out.dev(), out.ino()) == (err.dev(), err.ino())
    })
}
