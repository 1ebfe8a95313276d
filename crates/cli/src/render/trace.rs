//! `--trace`: each call as a line, marked user space or kernel, on standard error or in a file.

use std::ffi::OsStr;
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::sync::{Mutex, PoisonError};

use anstyle::{AnsiColor, Style};
use jackfield::sock;
use jackfield::sock::privilege::Privilege;
use jackfield::sock::trace::{Follow, Line, Origin, Side, Sink, Tracer, Watch, start as watch};

use crate::args::Given;
use crate::exit::Failure;

/// How many bytes of a buffer a line of text shows.
const BYTES_SHOWN: usize = 48;
/// The kernel's flag of open(2): a link is not followed.
const O_NOFOLLOW: i32 = sock::c::O_NOFOLLOW;

/// Starts the trace that the user asked for; it ends when the returned value is dropped.
pub(crate) fn start(given: &Given) -> Result<Option<Watch>, Failure> {
    let form = given.choice("trace");
    let file = given.text("trace-file");
    if form.is_none() && file.is_none() || sock::rehearsing() {
        return Ok(None);
    }
    // A file is for programs unless said otherwise, a terminal for people.
    let as_json = form.map_or_else(|| file.is_some(), |form| form == "json");
    let sink: Box<Sink> = match file {
        Some(path) => to_file(path, as_json)?,
        None if as_json => Box::new(|line| {
            if !line.opening {
                // Where standard error is closed there is nobody to tell.
                let _ = writeln!(io::stderr(), "{}", line.to_json());
            }
        }),
        // For people the answers stand as a note below the call that they are about.
        None => Box::new(|line| {
            if line.record.origin == Origin::Trace {
                return;
            }
            let _ = anstream::stderr().write_all(text(line).as_bytes());
        }),
    };
    Ok(Some(watch(Tracer::new(sink).following(Follow::new()))))
}

fn to_file(path: &OsStr, as_json: bool) -> Result<Box<Sink>, Failure> {
    let file = std::fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .custom_flags(O_NOFOLLOW)
        .open(path)
        .map_err(|error| {
            let error = anyhow::Error::from(error);
            Failure::failed(error.context(format!("opening the trace file {}", path.to_string_lossy())))
        })?;
    let file = Mutex::new(file);
    Ok(Box::new(move |line| {
        let words = match as_json {
            true if line.opening => return,
            true => line.to_json() + "\n",
            false if line.record.origin == Origin::Trace => return,
            false => anstream::adapter::strip_str(&text(line)).to_string(),
        };
        // A full disk must not end the job that is traced; the file then ends early.
        let _ = file.lock().unwrap_or_else(PoisonError::into_inner).write_all(words.as_bytes());
    }))
}

/// One line for people: time, side, call, and what it took.
pub(crate) fn text(line: &Line) -> String {
    let record = &line.record;
    let dim = Style::new().dimmed();
    let (side, colour) = match record.side {
        Side::User => ("user  ", AnsiColor::Cyan.on_default()),
        Side::Kernel => ("KERNEL", AnsiColor::Yellow.on_default()),
    };
    let indent = "  ".repeat(record.depth);
    let failed = record.result.is_err();
    let call_style = if failed { AnsiColor::Red.on_default() } else { Style::new() };
    let mut words = format!(
        "{dim}{:>10.3}ms{dim:#} {colour}{side}{colour:#} {indent}{call_style}{}{call_style:#}",
        record.t * 1000.0,
        record.call_text(BYTES_SHOWN),
    );
    if line.opening {
        words.push_str(" …");
    }
    if record.took.as_millis() >= 1 && !line.opening {
        words.push_str(&format!("  {dim}took {:.1?}{dim:#}", record.took));
    }
    if record.privilege != Privilege::None {
        words.push_str(&format!(
            "  {}needs {}{:#}",
            AnsiColor::Magenta.on_default(),
            record.privilege.name(),
            Style::new()
        ));
    }
    if let Some(note) = &line.note {
        words.push_str(&format!("\n{:13}{dim}· {note}{dim:#}", ""));
    }
    words.push('\n');
    words
}
