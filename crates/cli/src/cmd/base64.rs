//! `jack base64`: bytes as text in one of the alphabets, and back.
//!
//! Three sets of rules for decoding: GNU's, the default; `--strict`; `--python`. A fault is told with its line and column,
//! which [`Located`] counts beside the decoder, in memory that does not grow.

use jackfield::codec::Buffer;
use jackfield::codec::base::{Alphabet, Decoder, Encoder};
use jackfield::codec::policy::{DecodeError, Fault, Policy, Whitespace};
use jackfield::codec::stream::Transform;
use jackfield::sock::privilege::{self, Keep};

use super::common;
use crate::args::Given;
use crate::exit::{Exit, Failure, Outcome};
use crate::face::{Job, Kind, Record};
use crate::render::error::Advised;
use crate::render::trace;
use crate::through::{self, Broken, Input, Output};

/// Characters in a line, unless told otherwise.
const USUAL_WRAP: u32 = 76;

/// What is known of the job.
pub(crate) const JOB: Record = Record {
    name: "base64",
    about: "Bytes as base64, base32, base16, base58 … and back",
    usage: &["jack base64 [OPTIONS] [FILE]"],
    kind: Kind::Job(Job {
        run,
        plans: true,
        examples: &[
            ("jack base64 photo.png > photo.b64", "a file in lines of 76 characters, as base64 does"),
            ("echo aGVsbG8K | jack base64 -d", "and back"),
            (
                "jack base64 -d --strict token.txt",
                "RFC 4648 to the letter; a fault is told with line and column",
            ),
            (
                "jack base64 --alphabet base58 --data hex:00ff",
                "another alphabet, bytes from the command line",
            ),
            ("jack base64 -di mail.eml --output photo.png", "what is not of the alphabet is dropped"),
        ],
        references: &["data", "exit"],
    }),
};

/// Runs the job.
fn run(given: &Given) -> Outcome {
    let alphabet = alphabet(given);
    let policy = policy(given, alphabet)?;
    let wrap = given.number("wrap").unwrap_or(USUAL_WRAP);
    let data = given.all("data");
    let file = given.text("file");
    if file.is_some() && !data.is_empty() {
        return Err(Failure::usage("a FILE and --data exclude each other"));
    }
    let _trace = trace::start(given)?;
    common::catch_interrupts()?;
    let mut input = match file {
        _ if !data.is_empty() => Input::words(common::bytes_of("--data", &data)?),
        Some(path) => Input::open(path).map_err(broken)?,
        None => Input::standard(),
    };
    let output = match given.text("output") {
        Some(path) => Output::create(path, &input).map_err(broken)?,
        None => Output::standard(),
    };
    privilege::lower(Keep::Nothing)?;
    match policy {
        Some(policy) => {
            let mut decoder = Located::new(Decoder::new(alphabet, policy));
            through::run(&mut input, &mut decoder, &output)
                .map_err(|broken| broken.into_failure(|(error, at)| fault(&input, error, at)))?;
        }
        None => {
            let wrap = usize::try_from(wrap).unwrap_or(usize::MAX).try_into().ok();
            through::run(&mut input, &mut Encoder::new(alphabet, wrap), &output).map_err(|broken| {
                broken.into_failure(|error| {
                    Failure::failed(anyhow::Error::from(error).context(format!("encoding {}", input.name())))
                })
            })?;
        }
    }
    Ok(Exit::Done)
}

fn broken(broken: Broken) -> Failure {
    broken.into_failure(|never| match never {})
}

fn alphabet(given: &Given) -> Alphabet {
    let name = given.choice("alphabet").unwrap_or("base64");
    Alphabet::ALL.into_iter().find(|alphabet| alphabet.name() == name).unwrap_or(Alphabet::Base64)
}

/// By which rules to decode; `None` to encode.
fn policy(given: &Given, alphabet: Alphabet) -> Result<Option<Policy>, Failure> {
    let rules = ["strict", "python", "ignore-garbage"];
    let mut asked = rules.into_iter().filter(|rule| given.switch(rule));
    let rule = asked.next();
    if let (Some(one), Some(other)) = (rule, asked.next()) {
        return Err(Failure::usage(format!("--{one} and --{other} exclude each other")));
    }
    if !given.switch("decode") {
        return match rule {
            // As base64 does.
            None | Some("ignore-garbage") => Ok(None),
            Some(rule) => {
                Err(Failure::usage(format!("--{rule} is a set of rules for decoding, so it goes with -d")))
            }
        };
    }
    let policy = match (rule, alphabet) {
        (Some("strict"), _) => Policy { whitespace: Whitespace::LineFeed, ..Policy::STRICT },
        (Some("python"), Alphabet::Base64 | Alphabet::Base64Url) => Policy::PYTHON,
        (Some("python"), Alphabet::Base32 | Alphabet::Base32Hex | Alphabet::Base16) => {
            Policy::PYTHON_VALIDATE
        }
        (Some("python"), _) => {
            return Err(Failure::usage(format!(
                "--python has no rules for {alphabet}: Python 3 does not know it"
            )));
        }
        (Some(_), _) => Policy::GNU_IGNORE_GARBAGE,
        (None, _) => Policy::GNU,
    };
    Ok(Some(policy))
}

/// Says where the text is not what it should be, and what could be done.
fn fault(input: &Input, error: DecodeError, at: Option<Place>) -> Failure {
    let DecodeError { offset, fault } = error;
    let place = match at {
        Some(Place { line, column }) => format!("line {line}, column {column} (offset {offset})"),
        None => format!("offset {offset}"),
    };
    let fix = match fault {
        Fault::NotInAlphabet { .. } | Fault::AfterPadding { found: b'\r' | b' ' | b'\t' } => {
            Some("-d -i drops what is not of the alphabet; --alphabet names another")
        }
        Fault::MissingPadding { .. } | Fault::Incomplete { .. } => {
            Some("look whether the end of the text is missing")
        }
        _ => None,
    };
    Failure::failed(Advised {
        words: format!("decoding {}: {place}: {fault}", input.name()),
        fix: fix.map(str::to_owned),
    })
}

/// A line and a column, from 1; a column is a byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Place {
    line: u64,
    column: u64,
}

/// Bytes whose places are still known: a decoder finds a fault when the group is complete in which it stands, which is a
/// few characters later, or a block of GNU's.
const KNOWN: usize = 8 << 10;

/// A decoder whose faults have a line and a column.
struct Located<T> {
    decoder: T,
    /// The last bytes that went through, and the offset of the first of them.
    last: Vec<u8>,
    first: usize,
    /// Line feeds before them, and the offset behind the last of these.
    lines: u64,
    line_start: usize,
}

impl<T> Located<T> {
    const fn new(decoder: T) -> Self {
        Self { decoder, last: Vec::new(), first: 0, lines: 0, line_start: 0 }
    }

    /// Remembers the end of what went through, and counts the lines of the rest.
    fn remember(&mut self, bytes: &[u8]) {
        let (old, new) = bytes.split_at(bytes.len().saturating_sub(KNOWN));
        let mut last = std::mem::take(&mut self.last);
        let surplus = (last.len() + bytes.len()).saturating_sub(KNOWN).min(last.len());
        self.forget(last.get(..surplus).unwrap_or_default());
        self.forget(old);
        last.drain(..surplus);
        last.extend_from_slice(new);
        self.last = last;
    }

    fn forget(&mut self, bytes: &[u8]) {
        self.lines = self.lines.saturating_add(line_feeds(bytes));
        if let Some(at) = bytes.iter().rposition(|&byte| byte == b'\n') {
            self.line_start = self.first + at + 1;
        }
        self.first = self.first.saturating_add(bytes.len());
    }

    /// Finds the line and the column of an offset; `None` when it is too long ago.
    fn place(&self, offset: usize) -> Option<Place> {
        let before = offset.checked_sub(self.first)?;
        let (mut line, mut start) = (self.lines, self.line_start);
        for (at, &byte) in self.last.iter().take(before).enumerate() {
            if byte == b'\n' {
                line += 1;
                start = self.first + at + 1;
            }
        }
        let column = u64::try_from(offset.saturating_sub(start)).unwrap_or(u64::MAX);
        Some(Place { line: line.saturating_add(1), column: column.saturating_add(1) })
    }
}

/// Counts line feeds, by sums so small that many are one vector.
fn line_feeds(bytes: &[u8]) -> u64 {
    let few = |bytes: &[u8]| bytes.iter().fold(0_u8, |count, &byte| count + u8::from(byte == b'\n'));
    bytes.chunks(255).map(|bytes| u64::from(few(bytes))).sum()
}

impl<T: Transform<Error = DecodeError>> Transform for Located<T> {
    type Error = (DecodeError, Option<Place>);

    fn push(&mut self, bytes: &[u8], out: &mut Buffer) -> Result<(), Self::Error> {
        self.decoder.push(bytes, out).map_err(|error| {
            // The place is in these bytes, or a little before them.
            if let Some(into) = error.offset.checked_sub(self.first + self.last.len()) {
                self.remember(bytes.get(..into).unwrap_or(bytes));
            }
            (error, self.place(error.offset))
        })?;
        self.remember(bytes);
        Ok(())
    }

    fn finish(&mut self, out: &mut Buffer) -> Result<(), Self::Error> {
        self.decoder.finish(out).map_err(|error| (error, self.place(error.offset)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The place of the first fault in text that comes in such pieces.
    fn place(text: &[u8], piece: usize) -> Option<Place> {
        let mut decoder = Located::new(Decoder::new(Alphabet::Base64, Policy::GNU));
        let mut out = Buffer::new();
        let done = text.chunks(piece).try_for_each(|piece| decoder.push(piece, &mut out));
        done.and_then(|()| decoder.finish(&mut out)).unwrap_err().1
    }

    #[test]
    fn a_fault_has_its_line_and_column_however_it_comes() {
        let line = [&[b'A'; 76][..], b"\n"].concat();
        for (lines, column) in [(0, 1), (0, 76), (1, 1), (3, 40), (400, 75), (5000, 2)] {
            let mut text = line.repeat(lines + 2);
            text[lines * 77 + column - 1] = b'!';
            let expected = Place { line: lines as u64 + 1, column: column as u64 };
            for piece in [1, 3, 77, 1000, KNOWN, KNOWN + 1, 1 << 20] {
                assert_eq!(place(&text, piece), Some(expected), "{lines} {column} {piece}");
            }
        }
    }

    #[test]
    fn line_feeds_are_counted() {
        for length in [0, 31, 32, 33, 255 * 32, 255 * 32 + 1, 100_000] {
            assert_eq!(line_feeds(&vec![b'\n'; length]), length as u64);
            let mixed: Vec<u8> = b"\na\n".iter().copied().cycle().take(length).collect();
            assert_eq!(line_feeds(&mixed), mixed.iter().filter(|&&byte| byte == b'\n').count() as u64);
        }
    }

    #[test]
    fn the_end_is_a_place_too() {
        assert_eq!(place(b"QUJD\nQ", 2), Some(Place { line: 2, column: 2 }));
        assert_eq!(place(b"QUJD\nQ\n", 2), Some(Place { line: 3, column: 1 }));
    }

    #[test]
    fn a_place_too_long_ago_is_not_made_up() {
        let text = [&b"Q!"[..], &vec![b'\n'; 3 * KNOWN], b"QQ"].concat();
        assert_eq!(place(&text, 512), None);
        assert_eq!(place(&text, 1 << 20), Some(Place { line: 1, column: 2 }));
    }
}
