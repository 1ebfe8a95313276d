//! Failures in words, on standard error: one clear line, then the reason and the fix where there are any. With `--json`
//! also as an object on standard output.
//!
//! Whatever a line holds (a name of 100 KB, a path with an escape sequence), it does no harm to a terminal and does not
//! flood it.

use std::ffi::OsStr;
use std::io::Write;

use clap::error::ErrorKind;
use jackfield::codec::sanitize_words;
use jackfield::{sock, talk};
use serde_json::json;

use super::{events, out};
use crate::exit::{Exit, Failure};
use crate::face::Face;

/// The most characters of one line: longer ones lose their middle.
const LINE: usize = 600;

/// Says that the words cannot be meant.
pub(crate) fn usage(words: &str) {
    say(&[("jack: ", words)]);
}

/// Shows what clap has to say: help and version on standard output, everything else as an error.
pub(crate) fn arguments(error: &clap::Error) -> Exit {
    if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
        return match out::settled(out::printed(error.print())) {
            Ok(exit) => exit,
            Err(failure) => {
                say(&[("jack: ", &format!("{:#}", failure.error))]);
                failure.exit
            }
        };
    }
    let words = error.render().to_string();
    let words = words.trim_end();
    if std::env::args_os().any(|word| word == "--json") {
        let name = std::env::args_os().nth(1).unwrap_or_default();
        let face = Face::ALL.iter().copied().find(|face| face.is_job() && OsStr::new(face.name()) == name);
        let first = words.lines().next().unwrap_or_default();
        let first = first.strip_prefix("error: ").unwrap_or(first);
        object(
            face.map_or("jack", Face::name),
            &Told { error: &line(first), exit: Exit::Usage, ..Told::default() },
        );
    }
    if words.lines().all(|text| line(text) == text) {
        // As clap has it, with its colours.
        let _ = error.print();
    } else {
        let lines: Vec<_> = words.lines().map(|text| ("", text)).collect();
        say(&lines);
    }
    Exit::Usage
}

/// Says why a job failed.
pub(crate) fn failure(face: Face, json: bool, failure: &Failure) {
    let error = line(&format!("{:#}", failure.error));
    let remedy = remedy(&failure.error);
    let reason = remedy.as_ref().map(|remedy| line(&remedy.reason));
    let fix = remedy.as_ref().map(|remedy| line(&remedy.fix)).filter(|fix| !fix.is_empty());
    if json {
        let socket = socket_error(&failure.error);
        object(
            face.name(),
            &Told {
                error: &error,
                exit: failure.exit,
                call: socket.map(|error| error.op().name()),
                errno: socket.and_then(sock::Error::errno).and_then(sock::Errno::name),
                reason: reason.as_deref(),
                fix: fix.as_deref(),
            },
        );
    }
    if failure.exit == Exit::Interrupted {
        // Who pressed Ctrl-C knows.
        return;
    }
    let name = format!("jack {}: ", face.name());
    let help = format!("jack {} --help", face.name());
    let mut lines = vec![(name.as_str(), error.as_str())];
    lines.extend(reason.as_deref().map(|reason| ("  reason: ", reason)));
    lines.extend(fix.as_deref().map(|fix| ("  fix:    ", fix)));
    if failure.exit == Exit::Usage {
        lines.push(("  usage:  ", &help));
    }
    say(&lines);
}

/// A failure as `--json` tells it; docs/json.md describes the fields.
#[derive(Default)]
struct Told<'a> {
    error: &'a str,
    exit: Exit,
    call: Option<&'a str>,
    errno: Option<&'a str>,
    reason: Option<&'a str>,
    fix: Option<&'a str>,
}

fn object(job: &str, told: &Told<'_>) {
    events::begin(job);
    events::line(&json!({
        "event": "error", "job": job, "error": told.error, "exit": told.exit as u8, "call": told.call,
        "errno": told.errno, "reason": told.reason, "fix": told.fix,
    }));
}

/// Finds the socket error at the bottom of a failure.
fn socket_error(error: &anyhow::Error) -> Option<&sock::Error> {
    error
        .downcast_ref::<talk::Error>()
        .and_then(talk::Error::socket_error)
        .or_else(|| error.downcast_ref::<sock::Error>())
}

/// Finds the reason and the fix for it.
fn remedy(error: &anyhow::Error) -> Option<sock::privilege::Remedy> {
    let program = std::env::current_exe().unwrap_or_else(|_| "jack".into());
    sock::privilege::explain(socket_error(error)?, &program)
}

/// Makes one line of text that a terminal can have: nothing that acts on it, and no more than fits on a screen.
pub(crate) fn line(text: &str) -> String {
    let one = text.replace('\n', "\\n");
    let clean = String::from_utf8_lossy(&sanitize_words(one.as_bytes())).into_owned();
    let count = clean.chars().count();
    if count <= LINE {
        return clean;
    }
    let head: String = clean.chars().take(LINE / 2).collect();
    let tail: String = clean.chars().skip(count - LINE / 4).collect();
    format!("{head}…{tail}")
}

fn say(lines: &[(&str, &str)]) {
    let mut words = String::from(out::start_of_line());
    for (start, text) in lines {
        words.push_str(start);
        words.push_str(&line(text));
        words.push('\n');
    }
    // Where standard error is closed there is nobody to tell.
    let _ = anstream::stderr().write_all(words.as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_clean_and_short() {
        assert_eq!(line("plain, with é and 日本"), "plain, with é and 日本");
        assert_eq!(line("a\nb"), "a\\nb");
        assert!(!line("\x1b[2J\u{202e}\u{9b}").contains(['\x1b', '\u{202e}', '\u{9b}']));
        let long = line(&format!("start {} end", "x".repeat(100_000)));
        assert!(long.chars().count() <= LINE && long.starts_with("start x") && long.ends_with("x end"));
    }
}
