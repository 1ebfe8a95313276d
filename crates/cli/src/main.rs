//! The command `jack`: arguments, words and colour. What it does is done in the libraries below.
//!
//! Start reading at [`run`]; the flags are in `flags.rs`, each job in `cmd/`, each tool's dialect in `dialect/`, each
//! shape of output in `render/`.

#![forbid(unsafe_code)]

mod args;
mod cmd;
mod dialect;
mod exit;
mod face;
mod flags;
mod modes;
mod packets;
mod render;
mod through;
mod units;

use std::ffi::{OsStr, OsString};
use std::path::Path;
use std::process::ExitCode;

use args::Given;
use exit::{Exit, Outcome};
use face::Face;

fn main() -> ExitCode {
    let mut words = std::env::args_os();
    let called = words.next().unwrap_or_else(|| "jack".into());
    let words: Vec<OsString> = words.collect();
    run(&called, words)
}

/// Finds the face that was called, and runs it.
fn run(called: &OsStr, words: Vec<OsString>) -> ExitCode {
    let tool = Path::new(called).file_name().unwrap_or(called).to_string_lossy().into_owned();
    if let Some(face) = Face::dialect(&tool) {
        return dialect::run(face, called, words).into();
    }
    match asked_dialect(words) {
        Ok((Some((face, name)), words)) => dialect::run(face, OsStr::new(&name), words).into(),
        Ok((None, words)) => job(&words).into(),
        Err(wrong) => render::error::usage(&wrong).into(),
    }
}

/// The dialect that was asked for with the word for it, and the words without it.
pub(crate) type Asked = (Option<(Face, String)>, Vec<OsString>);

/// Takes `--dialect TOOL` out of the words before `--`. Behind the name of a job it means that job in the other tool's
/// flags. An error is what is wrong with it.
pub(crate) fn asked_dialect(mut words: Vec<OsString>) -> Result<Asked, String> {
    let end = words.iter().position(|word| word == "--").unwrap_or(words.len());
    let asked = |word: &OsString| word == "--dialect" || word.to_string_lossy().starts_with("--dialect=");
    let Some(at) = words.iter().take(end).position(asked) else { return Ok((None, words)) };
    let word = words.remove(at).to_string_lossy().into_owned();
    let name = match word.strip_prefix("--dialect=") {
        Some(name) => name.to_owned(),
        None if at < words.len() => words.remove(at).to_string_lossy().into_owned(),
        None => return Err("--dialect takes the name of a tool, such as nc".to_owned()),
    };
    let shown = name.escape_debug().to_string();
    let Some(dialect) = Face::dialect(&name) else {
        let spoken = dialect::names().join(", ");
        return Err(format!("no dialect is called '{shown}': this version speaks {spoken}"));
    };
    let first = words.first().and_then(|word| word.to_str()).unwrap_or_default();
    match Face::job(first) {
        Some(job) if !job.spoken().is_empty() && !job.spoken().contains(&dialect.name()) => {
            return Err(format!("{shown} does not do what jack {first} does"));
        }
        // nc connects unless told otherwise.
        Some(Face::Listen) => {
            if let Some(first) = words.first_mut() {
                *first = "-l".into();
            }
        }
        Some(job) if !job.spoken().is_empty() => drop(words.remove(0)),
        _ => {}
    }
    Ok((Some((dialect, name)), words))
}

/// Runs a job of `jack` itself.
fn job(words: &[OsString]) -> Exit {
    let words = &cmd::hex::spelled(&cmd::explain::with_flags_as_words(words))[..];
    let line = std::iter::once("jack".into()).chain(words.iter().cloned());
    let mut matches = match args::jack().try_get_matches_from(line) {
        Ok(matches) => matches,
        Err(error) => return render::error::arguments(&error, words),
    };
    let Some((name, matches)) = matches.remove_subcommand() else { return Exit::Usage };
    let Some(face) = Face::job(&name) else { return Exit::Usage };
    let given = Given::new(matches);
    let outcome = face.as_job().map_or(Ok(Exit::Usage), |job| (job.run)(&given));
    finish(face, &given, outcome)
}

/// Says a failure, once, and returns the exit code.
fn finish(face: Face, given: &Given, outcome: Outcome) -> Exit {
    let exit = match render::out::settled(outcome) {
        Ok(exit) => exit,
        Err(failure) => {
            render::error::failure(face, given.switch("json"), &failure);
            failure.exit
        }
    };
    render::trace::end();
    exit
}
