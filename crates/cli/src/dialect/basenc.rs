//! The dialects of GNU's base64, base32 and basenc (coreutils 9.10): their flags, messages and exit codes.
//!
//! Every failure is a 1. Options are judged in the order in which they stand, as the tools do while they read them. What
//! was decoded before a fault is written before the fault is told. A reader that has gone ends the process by SIGPIPE, as
//! it ends the tools. Source: the manual of coreutils, "base64 invocation" and following, and runs of the tools, with
//! which `tests/dialect_basenc.rs` compares this; `testdata/peer-versions` has what older ones did.
//!
//! On purpose different: the texts of `--help` and `--version` are ours.

use std::ffi::{OsStr, OsString};
use std::num::NonZeroUsize;
use std::os::unix::ffi::OsStrExt;

use jackfield::codec::base::{Alphabet, Decoder, Encoder};
use jackfield::codec::policy::Policy;
use jackfield::sock::privilege::{self, Keep};
use jackfield::sock::{self, Errno, c, inherited, io, signal};

use super::getopt::{Getopt, Typed};
use super::quoting::Quoting;
use crate::face::{Dialect, Face, Kind, Record};
use crate::flags::{self, Takes};
use crate::through::{self, Broken, Input, Output};

/// Every failure of the tools is a 1.
const FAILED: u8 = 1;

/// The columns of a line.
const USUAL_WRAP: usize = 76;

/// What the tools still hold back when they find a fault, and lose to a full disk after telling it.
const HELD_BACK: usize = 4096;

/// How a call of a tool ends that does not end well.
#[derive(Debug)]
enum End {
    /// Something failed: the lines on standard error, without the name before them.
    Failed(Vec<Vec<u8>>),
    /// The words cannot be meant: help is offered.
    Usage(Vec<u8>),
    /// Nobody reads the output.
    Closed,
}

impl End {
    fn said(words: impl Into<Vec<u8>>) -> Self {
        Self::Failed(vec![words.into()])
    }

    fn errno(doing: &str, errno: Errno) -> Self {
        Self::said(format!("{doing}: {}", errno.message()))
    }
}

/// What is known of base64.
pub(crate) const BASE64: Record = Record {
    name: "base64",
    about: "GNU's base64: FILE, or standard input, as base64 to standard output",
    usage: &["base64 [OPTION]... [FILE]"],
    kind: Kind::Dialect(Dialect {
        aliases: &[],
        run: |called, words| run(Face::GnuBase64, called, words),
        rehearse: |called, words| rehearse(Face::GnuBase64, called, words),
    }),
};

/// What is known of base32.
pub(crate) const BASE32: Record = Record {
    name: "base32",
    about: "GNU's base32: FILE, or standard input, as base32 to standard output",
    usage: &["base32 [OPTION]... [FILE]"],
    kind: Kind::Dialect(Dialect {
        aliases: &[],
        run: |called, words| run(Face::GnuBase32, called, words),
        rehearse: |called, words| rehearse(Face::GnuBase32, called, words),
    }),
};

/// What is known of basenc.
pub(crate) const BASENC: Record = Record {
    name: "basenc",
    about: "GNU's basenc: FILE, or standard input, in an alphabet to standard output",
    usage: &["basenc [OPTION]... [FILE]"],
    kind: Kind::Dialect(Dialect {
        aliases: &[],
        run: |called, words| run(Face::Basenc, called, words),
        rehearse: |called, words| rehearse(Face::Basenc, called, words),
    }),
};

/// Runs the dialect; returns the exit code.
fn run(face: Face, called: &OsStr, words: Vec<OsString>) -> u8 {
    match perform(face, called, words) {
        Ok(()) => return 0,
        Err(End::Closed) => signal::end_by(c::SIGPIPE),
        Err(End::Failed(lines)) => {
            let line = |words: Vec<u8>| [called.as_bytes(), b": ", &words, b"\n"].concat();
            say(&lines.into_iter().flat_map(line).collect::<Vec<u8>>());
        }
        Err(End::Usage(words)) => {
            let called = called.as_bytes();
            say(&[called, b": ", &words, b"\nTry '", called, b" --help' for more information.\n"].concat());
        }
    }
    FAILED
}

/// Runs the dialect with the door in dry mode: what it would say is not said.
fn rehearse(face: Face, called: &OsStr, words: Vec<OsString>) -> Result<(), String> {
    let words = match perform(face, called, words) {
        Ok(()) | Err(End::Closed) => return Ok(()),
        Err(End::Failed(lines)) => lines.concat(),
        Err(End::Usage(words)) => words,
    };
    Err(format!("{}: {}", face.name(), String::from_utf8_lossy(&words)))
}

fn say(lines: &[u8]) {
    // Where standard error is closed there is nobody to tell.
    let _ = io::write_all(sock::stderr(), lines);
}

/// What a command line asks for.
struct Asked {
    alphabet: Alphabet,
    decode: bool,
    ignore_garbage: bool,
    wrap: Option<NonZeroUsize>,
    file: OsString,
}

fn perform(face: Face, called: &OsStr, words: Vec<OsString>) -> Result<(), End> {
    let Some(asked) = read(face, called, words)? else { return Ok(()) };
    let mut input = Input::open(&asked.file).map_err(|broken| end(broken, || ""))?;
    let output = Output::standard();
    privilege::lower(Keep::Nothing).map_err(|error| End::said(error.to_string()))?;
    if asked.decode {
        let policy = if asked.ignore_garbage { Policy::GNU_IGNORE_GARBAGE } else { Policy::GNU };
        let mut decoder = Decoder::new(asked.alphabet, policy);
        through::run(&mut input, &mut decoder, &output).map_err(|broken| end(broken, || "invalid input"))
    } else {
        let mut encoder = Encoder::new(asked.alphabet, asked.wrap);
        let fault = || "invalid input (length must be multiple of 4 characters)";
        through::run(&mut input, &mut encoder, &output).map_err(|broken| end(broken, fault))
    }
}

/// Reads the command line; `None` when help or version was asked for, and given.
fn read(face: Face, called: &OsStr, words: Vec<OsString>) -> Result<Option<Asked>, End> {
    let quoting = Quoting::of_locale();
    let mut alphabet = match face {
        Face::GnuBase64 => Some(Alphabet::Base64),
        Face::GnuBase32 => Some(Alphabet::Base32),
        _ => None,
    };
    let (mut decode, mut ignore_garbage, mut wrap) = (false, false, NonZeroUsize::new(USUAL_WRAP));
    let mut getopt = Getopt::new(face, words);
    while let Some(Typed { id, value }) = getopt.next().map_err(End::Usage)? {
        match id {
            "decode" => decode = true,
            "ignore-garbage" => ignore_garbage = true,
            "wrap" => match columns(value.as_bytes()) {
                Some(columns) => wrap = NonZeroUsize::new(columns),
                None => {
                    return Err(End::said([b"invalid wrap size: ", &quoting.word(&value)[..]].concat()));
                }
            },
            "help" => return print(&help(face, called)).map(|()| None),
            "version" => {
                return print(&format!("{} (Jackfield) {}\n", face.name(), env!("CARGO_PKG_VERSION")))
                    .map(|()| None);
            }
            name => {
                alphabet = Alphabet::ALL.into_iter().find(|alphabet| alphabet.name() == name).or(alphabet);
            }
        }
    }
    let Some(alphabet) = alphabet else { return Err(End::Usage(b"missing encoding type".to_vec())) };
    let mut operands = getopt.operands().into_iter();
    let file = operands.next().unwrap_or_else(|| "-".into());
    if let Some(extra) = operands.next() {
        return Err(End::Usage([b"extra operand ", &quoting.word(&extra)[..]].concat()));
    }
    Ok(Some(Asked { alphabet, decode, ignore_garbage, wrap, file }))
}

/// Reads a number of columns as strtol(3) does; 0, and what is more than there can be, is no wrapping.
fn columns(text: &[u8]) -> Option<usize> {
    let text = std::str::from_utf8(text).ok()?;
    let number = text.trim_start_matches([' ', '\t', '\n', '\x0b', '\x0c', '\r']);
    let (negative, digits) = match number.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, number.strip_prefix('+').unwrap_or(number)),
    };
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let columns = digits.parse::<i64>().ok().and_then(|columns| usize::try_from(columns).ok()).unwrap_or(0);
    let is_zero = digits.bytes().all(|byte| byte == b'0');
    (!negative || is_zero).then_some(columns)
}

/// What the tools say of what went wrong around the codec, or with `fault` of its input.
fn end<E>(broken: Broken<E>, fault: impl FnOnce() -> &'static str) -> End {
    match broken {
        Broken::File(file) if file.doing == "opening" => {
            let name = Quoting::of_locale().file(&file.path);
            End::said([&name[..], b": ", file.errno.message().as_bytes()].concat())
        }
        Broken::File(file) => End::errno("read error", file.errno),
        Broken::Read(errno) => End::errno("read error", errno),
        Broken::Write(errno) => End::errno("write error", errno),
        Broken::Input(_) => End::said(fault()),
        // The tools find the fault first, and why they cannot write has been forgotten when they write at the end.
        Broken::InputAndWrite(_, _, length) if length <= HELD_BACK => {
            End::Failed(vec![fault().into(), b"write error".to_vec()])
        }
        Broken::InputAndWrite(_, errno, _) => End::errno("write error", errno),
        Broken::Closed if inherited::ignores_sigpipe() => End::errno("write error", Errno::EPIPE),
        Broken::Closed | Broken::Interrupted | Broken::SameFile(..) => End::Closed,
    }
}

fn print(text: &str) -> Result<(), End> {
    if inherited::was_closed(1) {
        return Err(End::errno("write error", Errno::EBADF));
    }
    io::write_all(sock::stdout(), text.as_bytes()).map_err(|error| match error.errno() {
        Some(Errno::EPIPE) if !inherited::ignores_sigpipe() => End::Closed,
        errno => End::errno("write error", errno.unwrap_or(Errno::EIO)),
    })
}

/// Help, from the table of flags.
fn help(face: Face, called: &OsStr) -> String {
    let usage = face.record().usage.concat();
    let options = usage.split_once(' ').map_or("", |(_, options)| options);
    let mut text = format!("Usage: {} {options}\n{}.\n", called.display(), face.record().about);
    text.push_str("With no FILE, or when it is -, standard input is read. jack does what the tool does.\n\n");
    for flag in flags::of(face) {
        let Some(long) = flag.long else { continue };
        let value = match flag.takes {
            Takes::One(_) => "=COLS",
            _ => "",
        };
        let short = flag.short.map_or_else(|| "    ".to_owned(), |letter| format!("-{letter}, "));
        text.push_str(&format!("  {short}{:18}  {}\n", format!("--{long}{value}"), flag.help));
    }
    text
}

#[cfg(test)]
mod tests {
    use std::os::unix::ffi::OsStringExt;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn columns_are_what_strtol_reads() {
        for (text, expected) in [
            ("76", Some(76)),
            ("08", Some(8)),
            (" \t5", Some(5)),
            ("+5", Some(5)),
            ("-0", Some(0)),
            ("99999999999999999999", Some(0)),
            ("", None),
            ("-1", None),
            ("-99999999999999999999", None),
            ("0x0", None),
            ("1k", None),
            ("5 ", None),
            ("++5", None),
            ("- 5", None),
        ] {
            assert_eq!(columns(text.as_bytes()), expected, "{text:?}");
        }
        assert_eq!(columns(b"\xff"), None);
    }

    proptest! {
        #[test]
        fn no_words_are_a_panic(words in prop::collection::vec(any::<Vec<u8>>(), 0..5)) {
            // Nothing that would be printed, which the tests' own output does not want.
            let words = words.into_iter().map(OsString::from_vec).filter(|word| !word.as_bytes().starts_with(b"--"));
            let _ = read(Face::Basenc, OsStr::new("basenc"), words.collect());
        }
    }
}
