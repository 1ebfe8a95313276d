//! Failures in words, on standard error, all in one shape. With `--json` also as an object on standard output.
//!
//! ```text
//! jack connect: connecting to unix:/run/x/s: connect /run/x/s: No such file or directory (ENOENT)
//!   the folder /run/x does not exist, so there is nothing in it
//!   → correct the path, or start what makes the folder
//! ```
//!
//! The first line says what was being done, to what, and what happened; then, where they are known, the reason and what
//! to do.
//!
//! Whatever a line holds (a name of 100 KB, a path with an escape sequence), it does no harm to a terminal and does not
//! flood it.

use std::ffi::{OsStr, OsString};
use std::io::Write;

use clap::error::ErrorKind;
use jackfield::codec::sanitize_words;
use jackfield::sock::name::NameError;
use jackfield::sock::privilege::Remedy;
use jackfield::{sock, talk};
use serde_json::json;

use super::{events, out};
use crate::exit::{Exit, Failure};
use crate::face::Face;

/// The most characters of one line: longer ones lose their middle.
const LINE: usize = 600;

/// Before a reason, and before what to do.
const REASON: &str = "  ";
const FIX: &str = "  → ";

/// Says that the words of `jack` itself cannot be meant; with `--json` among them as an object, too.
pub(crate) fn usage(words: &str) -> Exit {
    let mistake = Mistake { what: words.to_owned(), advice: Vec::new() };
    mistaken(None, asks_for_json(std::env::args_os().skip(1)), &mistake);
    Exit::Usage
}

/// Shows what clap has to say of `words`: help and version on standard output, everything else as an error like any other.
pub(crate) fn arguments(error: &clap::Error, words: &[OsString]) -> Exit {
    if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
        return match out::settled(out::printed(error.print())) {
            Ok(exit) => exit,
            Err(failure) => {
                say(&[("jack: ", &format!("{:#}", failure.error))]);
                failure.exit
            }
        };
    }
    if error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        // Who types the bare word asks what there is.
        let _ = error.print();
        return Exit::Usage;
    }
    let face = words.first().and_then(|name| Face::jobs().find(|face| OsStr::new(face.name()) == name));
    mistaken(face, asks_for_json(words.iter().cloned()), &Mistake::of(error));
    Exit::Usage
}

/// Tells whether `--json` stands among the words, those of another command behind `--` left out.
fn asks_for_json(words: impl IntoIterator<Item = OsString>) -> bool {
    words.into_iter().take_while(|word| word != "--").any(|word| word == "--json")
}

/// A wrong command line: what is wrong with it, and what may have been meant.
#[derive(Debug, PartialEq, Eq)]
struct Mistake {
    what: String,
    advice: Vec<String>,
}

impl Mistake {
    /// Takes apart what clap found wrong.
    fn of(error: &clap::Error) -> Self {
        Self::parse(&error.render().to_string())
    }

    /// Takes apart clap's words: `error: ` and what is wrong, with more of it in indented lines; then `tip: ` and
    /// advice, a usage line, and where help is.
    fn parse(words: &str) -> Self {
        let mut what = String::new();
        let mut advice = Vec::new();
        for (at, text) in words.lines().enumerate() {
            let text = if at == 0 { text.strip_prefix("error: ").unwrap_or(text) } else { text };
            if text.starts_with("Usage:") || text.starts_with("For more information") {
                break;
            }
            match text.trim().strip_prefix("tip: ") {
                // How to pass a word that begins with a dash is no help to who mistyped one.
                Some(tip) if tip.starts_with("to pass ") => {}
                Some(tip) => advice.push(tip.to_owned()),
                None if text.trim().is_empty() => {}
                None => {
                    what.push_str(if what.is_empty() { "" } else { " " });
                    what.push_str(if at == 0 { text } else { text.trim() });
                }
            }
        }
        Self { what, advice }
    }
}

/// Says in one line what clap found wrong, and what may have been meant.
pub(crate) fn mistake(error: &clap::Error) -> String {
    let Mistake { what, advice } = Mistake::of(error);
    advice.iter().fold(what, |words, advice| words + "; " + advice)
}

/// Says that the words cannot be meant, as a failed job says it.
fn mistaken(face: Option<Face>, json: bool, mistake: &Mistake) {
    let what = line(&mistake.what);
    let name = face.map_or_else(|| "jack".to_owned(), |face| format!("jack {}", face.name()));
    let help = format!("{name} --help");
    let advice: Vec<String> = mistake.advice.iter().map(|advice| line(advice)).collect();
    if json {
        let fix = advice.first().unwrap_or(&help);
        object(
            face.map_or("jack", Face::name),
            &Told { error: &what, exit: Exit::Usage, fix: Some(fix), ..Told::default() },
        );
    }
    let start = format!("{name}: ");
    let mut lines = vec![(start.as_str(), what.as_str())];
    lines.extend(advice.iter().map(|advice| (FIX, advice.as_str())));
    lines.push((FIX, &help));
    say(&lines);
}

/// Says why a job failed.
pub(crate) fn failure(face: Face, json: bool, failure: &Failure) {
    if failure.exit == Exit::Done {
        // Nobody reads the output any more: that is the reader's choice.
        return;
    }
    let error = line(&chain(&failure.error));
    let (reason, fix) = remedy(&failure.error);
    let reason = reason.map(|reason| line(&reason));
    let fix = fix.map(|fix| line(&fix)).filter(|fix| !fix.is_empty());
    if json {
        let socket = socket_error(&failure.error);
        let errno = socket.and_then(sock::Error::errno).or_else(|| io_errno(&failure.error));
        object(
            face.name(),
            &Told {
                error: &error,
                exit: failure.exit,
                call: socket.map(|error| error.op().name()),
                errno: errno.and_then(sock::Errno::name),
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
    lines.extend(reason.as_deref().map(|reason| (REASON, reason)));
    lines.extend(fix.as_deref().map(|fix| (FIX, fix)));
    if failure.exit == Exit::Usage {
        lines.push((FIX, &help));
    }
    say(&lines);
}

/// Says what is no failure and should not go unsaid.
pub(crate) fn remark(name: &str, words: &str) {
    if !sock::rehearsing() {
        say(&[(&format!("{name}: "), words)]);
    }
}

/// Joins an error and its causes; an errno is told as everywhere: words, then the name.
fn chain(error: &anyhow::Error) -> String {
    let causes = error.chain().map(|cause| match cause.downcast_ref().and_then(errno_of) {
        Some(errno) => errno.to_string(),
        None => cause.to_string(),
    });
    causes.collect::<Vec<_>>().join(": ")
}

fn errno_of(error: &std::io::Error) -> Option<sock::Errno> {
    error.raw_os_error().map(sock::Errno)
}

fn io_errno(error: &anyhow::Error) -> Option<sock::Errno> {
    error.chain().find_map(|cause| cause.downcast_ref().and_then(errno_of))
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
fn remedy(error: &anyhow::Error) -> (Option<String>, Option<String>) {
    match error.downcast_ref::<talk::Error>() {
        Some(talk::Error::Name(name)) => of_name(name),
        Some(talk::Error::File { path, error, .. }) => match error.errno() {
            Some(errno) => both(sock::privilege::explain_file(path, errno)),
            None => (None, None),
        },
        Some(talk::Error::TimedOut { last: None, .. }) => {
            (None, Some("allow more time with --timeout, or look whether the peer can be reached".to_owned()))
        }
        Some(talk::Error::Idle { .. }) => (
            None,
            Some("allow more time with --idle-timeout, or look whether the peer still runs".to_owned()),
        ),
        None if let Some(advised) = error.downcast_ref::<Advised>() => (None, advised.fix.clone()),
        _ => match (error.downcast_ref::<Unopened>(), error.downcast_ref()) {
            (Some(file), _) => both(sock::privilege::explain_file(&file.path, file.errno)),
            (None, Some(name)) => of_name(name),
            (None, None) => both(socket_error(error).and_then(of_socket)),
        },
    }
}

/// Finds the reason and the fix for a failed lookup.
pub(crate) fn of_name(error: &NameError) -> (Option<String>, Option<String>) {
    match error.reason() {
        sock::name::Reason::Call(call) => both(of_socket(call)),
        _ => (None, error.hint().map(std::borrow::Cow::into_owned)),
    }
}

fn of_socket(error: &sock::Error) -> Option<Remedy> {
    let program = std::env::current_exe().unwrap_or_else(|_| "jack".into());
    sock::privilege::explain(error, &program)
}

fn both(remedy: Option<Remedy>) -> (Option<String>, Option<String>) {
    remedy.map_or((None, None), |remedy| (Some(remedy.reason), Some(remedy.fix)))
}

/// A failure that says itself what to do.
#[derive(Debug)]
pub(crate) struct Advised {
    /// What was being done, to what, what happened.
    pub(crate) words: String,
    pub(crate) fix: Option<String>,
}

impl std::fmt::Display for Advised {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.words)
    }
}

impl std::error::Error for Advised {}

/// A file that a flag named, and that could not be opened or read.
#[derive(Debug)]
pub(crate) struct Unopened {
    /// What was being done.
    pub(crate) doing: &'static str,
    pub(crate) path: OsString,
    pub(crate) errno: sock::Errno,
}

impl std::fmt::Display for Unopened {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}: {}", self.doing, self.path.to_string_lossy().escape_debug(), self.errno)
    }
}

impl std::error::Error for Unopened {}

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
    fn what_clap_says_is_taken_apart() {
        let words = "error: unexpected argument '--retr' found\n\n  tip: a similar argument exists: '--retry'\n\n\
            Usage: jack connect --retry <N> [WHERE]...\n\nFor more information, try '--help'.\n";
        let expected = Mistake {
            what: "unexpected argument '--retr' found".to_owned(),
            advice: vec!["a similar argument exists: '--retry'".to_owned()],
        };
        assert_eq!(Mistake::parse(words), expected);
        let words = "error: invalid value 'x' for '--show <FORM>'\n  [possible values: raw, text]\n\nFor more information";
        let what = "invalid value 'x' for '--show <FORM>' [possible values: raw, text]".to_owned();
        assert_eq!(Mistake::parse(words).what, what);
        assert_eq!(Mistake::parse(""), Mistake { what: String::new(), advice: Vec::new() });
    }

    #[test]
    fn an_errno_is_told_the_same_way_everywhere() {
        let error = std::io::Error::from_raw_os_error(2);
        let error = anyhow::Error::from(error).context("reading x");
        assert_eq!(chain(&error), "reading x: No such file or directory (ENOENT)");
    }

    #[test]
    fn a_line_is_clean_and_short() {
        assert_eq!(line("plain, with é and 日本"), "plain, with é and 日本");
        assert_eq!(line("a\nb"), "a\\nb");
        assert!(!line("\x1b[2J\u{202e}\u{9b}").contains(['\x1b', '\u{202e}', '\u{9b}']));
        let long = line(&format!("start {} end", "x".repeat(100_000)));
        assert!(long.chars().count() <= LINE && long.starts_with("start x") && long.ends_with("x end"));
    }
}
