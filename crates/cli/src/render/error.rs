//! Failures in words, on standard error: one clear line, then the reason and the fix where there are any.

use std::io::Write;

use clap::error::ErrorKind;
use jackfield::{sock, talk};
use serde_json::json;

use crate::exit::{Exit, Failure};
use crate::face::Face;

/// Says that the words cannot be meant.
pub(crate) fn usage(words: &str) {
    say(&format!("jack: {words}\n"));
}

/// Shows what clap has to say: help and version on standard output, everything else as an error.
pub(crate) fn arguments(error: &clap::Error) -> Exit {
    // A closed pipe is the reader's choice.
    let _ = error.print();
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => Exit::Done,
        _ => Exit::Usage,
    }
}

/// Says why a job failed.
pub(crate) fn failure(face: Face, json: bool, failure: &Failure) {
    if failure.exit == Exit::Interrupted {
        return;
    }
    let remedy = remedy(&failure.error);
    if json {
        let (reason, fix) = remedy.clone().unzip();
        let line = json!({
            "event": "error", "job": face.name(), "error": format!("{:#}", failure.error),
            "reason": reason, "fix": fix,
        });
        // Nobody may be left to read it.
        let _ = writeln!(std::io::stdout(), "{line}");
    }
    let mut words = format!("jack {}: {:#}\n", face.name(), failure.error);
    if let Some((reason, fix)) = remedy {
        words.push_str(&format!("  reason: {reason}\n"));
        if !fix.is_empty() {
            words.push_str(&format!("  fix:    {fix}\n"));
        }
    }
    if failure.exit == Exit::Usage {
        words.push_str(&format!("  usage:  jack {} --help\n", face.name()));
    }
    say(&words);
}

/// Finds the reason and the fix for a socket error at the bottom of a failure.
fn remedy(error: &anyhow::Error) -> Option<(String, String)> {
    let socket = error
        .downcast_ref::<talk::Error>()
        .and_then(talk::Error::socket_error)
        .or_else(|| error.downcast_ref::<sock::Error>())?;
    let program = std::env::current_exe().unwrap_or_else(|_| "jack".into());
    let remedy = sock::privilege::explain(socket, &program)?;
    Some((remedy.reason, remedy.fix))
}

fn say(words: &str) {
    // Where standard error is closed there is nobody to tell.
    let _ = anstream::stderr().write_all(words.as_bytes());
}
