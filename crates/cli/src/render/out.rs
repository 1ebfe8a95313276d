//! Results on standard output, where nobody may be left to read them.

use std::io::{self, Write};

use crate::exit::{Exit, Failure, Outcome};

/// Writes words; colour goes where a terminal is.
pub(crate) fn words(words: &str) -> Result<(), Failure> {
    written(anstream::stdout().write_all(words.as_bytes()))
}

/// Writes one JSON object as a line.
pub(crate) fn line(value: &serde_json::Value) -> Result<(), Failure> {
    let mut out = io::stdout();
    written(writeln!(out, "{value}").and_then(|()| out.flush()))
}

/// A reader that has gone is no failure: the job ends well.
fn written(result: io::Result<()>) -> Result<(), Failure> {
    match result {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
            Err(Failure { exit: Exit::Done, error: anyhow::anyhow!("nobody reads the output any more") })
        }
        Err(error) => Err(Failure::failed(anyhow::Error::from(error).context("writing the result"))),
    }
}

/// Turns the end of a job whose reader has gone into a good one.
pub(crate) fn finished(outcome: Outcome) -> Outcome {
    match outcome {
        Err(failure) if failure.exit == Exit::Done => Ok(Exit::Done),
        outcome => outcome,
    }
}
