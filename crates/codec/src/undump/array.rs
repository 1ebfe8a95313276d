//! Arrays in a source file: C as `xxd -i` writes it, Python's lists and `b'…'` literals, Rust, Go and JSON, with their
//! comments.
//!
//! What stands around the numbers is passed over as far as it looks like a declaration. A second array begins a
//! second record. A length beside the array, `…_len = 12`, must be its own; the one zero that `xxd -i -t` puts behind
//! the bytes is not theirs.

use super::chars::{Chars, Parser, Run};
use super::fault::Fault;
use super::sink::Sink;
use super::{Reader, Told};
use crate::hex;

pub(super) const EXAMPLE: &str = "\
unsigned char name[] = {\n  0x4a, 0x61, 0x63, 0x6b, 0x0a\n};\nunsigned int name_len = 5;\n";

pub(super) fn readers(_: &Told) -> Vec<Box<dyn Reader>> {
    vec![Box::new(Chars::new(Array::default()))]
}

#[derive(Debug, Default)]
struct Array {
    /// Brackets that are open around the values.
    depth: u32,
    state: State,
    comment: Comment,
    /// The word or number that is being read, as far as one can be long.
    word: Vec<u8>,
    /// The character before belonged to a word: a bracket behind it is a subscript.
    inside: bool,
    /// A word came: a number behind it is none of an array's.
    words: bool,
    /// The last word was the name of a length.
    length: bool,
    /// A value came, and no comma since.
    valued: bool,
    /// A comma came, and no value since.
    comma: bool,
    begun: bool,
    /// Bytes of this array, and one zero that may not be one of them.
    count: u64,
    zero: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    #[default]
    Code,
    /// Behind a `[` that may begin an array or a type.
    Bracket,
    /// In a subscript or a type.
    Type,
    /// In a literal, up to this quote; behind a backslash with digits so far.
    Text { quote: u8, escape: Escape },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Escape {
    None,
    Backslash,
    Hex(Option<u8>),
    Octal(u16, u8),
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Comment {
    #[default]
    None,
    Slash,
    Line,
    Block,
    Star,
}

/// No number has more characters: `0b`, eight digits, a suffix.
const WORD: usize = 64;

impl Parser for Array {
    fn byte(&mut self, byte: u8, line: u64, sink: &mut Sink<'_>) -> Result<(), Fault> {
        if let State::Text { quote, escape } = self.state {
            return self.text(byte, quote, escape, sink);
        }
        self.comment = match (self.comment, byte) {
            (Comment::None, b'/') => Comment::Slash,
            (Comment::None, b'#') => Comment::Line,
            (Comment::None, _) => return self.code(byte, line, sink),
            (Comment::Slash, b'/') | (Comment::Line, _) if byte != b'\n' => Comment::Line,
            (Comment::Slash, b'*') => Comment::Block,
            (Comment::Line, _) => Comment::None,
            (Comment::Slash, _) => {
                self.comment = Comment::None;
                return Err(Fault::Expected { expected: "a comment behind the slash", found: Some(byte) });
            }
            (Comment::Block | Comment::Star, b'*') => Comment::Star,
            (Comment::Star, b'/') => Comment::None,
            (Comment::Block | Comment::Star, _) => Comment::Block,
        };
        // A comment ends a word like a blank.
        self.end_word(line, sink)
    }

    fn finish(&mut self, sink: &mut Sink<'_>) -> Result<(), Fault> {
        let word = self.end_word(0, sink);
        self.release(sink);
        word?;
        let fault = |expected| Err(Fault::Expected { expected, found: None });
        match (self.state, self.comment) {
            (State::Text { .. }, _) => fault("the closing quote"),
            (_, Comment::Block | Comment::Star) => fault("the end of the comment"),
            (State::Code, _) if self.depth == 0 && self.begun => Ok(()),
            (State::Code, _) if self.depth == 0 => fault("an array"),
            _ => fault("the closing bracket"),
        }
    }

    fn run(&mut self, _: &[u8], _: &mut Sink<'_>) -> Run {
        Run::default()
    }
}

impl Array {
    fn code(&mut self, byte: u8, line: u64, sink: &mut Sink<'_>) -> Result<(), Fault> {
        let fault = |expected| Err(Fault::Expected { expected, found: Some(byte) });
        match self.state {
            State::Type if byte == b']' => {
                self.state = State::Code;
                return Ok(());
            }
            State::Type => return Ok(()),
            State::Bracket if byte.is_ascii_whitespace() => return Ok(()),
            State::Bracket if byte == b']' => {
                // `[]`: Go's slice type, or an array without values.
                self.state = State::Code;
                self.begin(line, sink);
                return Ok(());
            }
            State::Bracket if byte.is_ascii_alphabetic() || byte == b'_' => {
                self.state = State::Type;
                return Ok(());
            }
            State::Bracket => {
                self.state = State::Code;
                self.open(line, sink);
            }
            State::Code | State::Text { .. } => {}
        }
        let inside = self.inside;
        if byte.is_ascii_alphanumeric() || byte == b'_' {
            self.inside = true;
            if self.word.len() < WORD {
                self.word.push(byte);
            }
            return Ok(());
        }
        if matches!(byte, b'"' | b'\'') && matches!(&self.word[..], b"" | b"b" | b"B") {
            self.word.clear();
            self.inside = false;
            return self.quote(byte, line, sink);
        }
        self.end_word(line, sink)?;
        match byte {
            _ if byte.is_ascii_whitespace() => Ok(()),
            b'[' if inside && self.depth == 0 => {
                self.state = State::Type;
                Ok(())
            }
            b'[' if self.depth == 0 => {
                self.state = State::Bracket;
                Ok(())
            }
            b'{' | b'(' | b'[' if !self.valued || self.depth == 0 => {
                self.open(line, sink);
                Ok(())
            }
            b'}' | b')' | b']' if self.depth > 0 => {
                self.depth -= 1;
                (self.valued, self.comma) = (true, false);
                if self.depth == 0 {
                    self.words = true;
                }
                Ok(())
            }
            b',' if self.valued => {
                (self.valued, self.comma) = (false, true);
                Ok(())
            }
            b'=' | b';' | b':' | b'*' | b'&' | b'.' | b'<' | b'>' | b'-' | b')' if self.depth == 0 => Ok(()),
            _ => fault("a byte of an array"),
        }
    }

    /// Takes what a word says, at its end.
    fn end_word(&mut self, line: u64, sink: &mut Sink<'_>) -> Result<(), Fault> {
        self.inside = false;
        if self.word.is_empty() {
            return Ok(());
        }
        let word = core::mem::take(&mut self.word);
        let first = word.first().copied();
        let done = match value(&word) {
            Some(value) if self.depth == 0 && self.length => self.check(value),
            // Without brackets, only what cannot be plain hex.
            Some(value) if self.depth > 0 || !self.words && word.len() > 2 && first == Some(b'0') => {
                self.value(value, line, sink)
            }
            _ if self.depth > 0 || first.is_some_and(|first| first.is_ascii_digit()) => {
                Err(Fault::Expected { expected: "a byte from 0 to 255", found: first })
            }
            _ => {
                let lower = word.to_ascii_lowercase();
                (self.words, self.length) = (true, lower.ends_with(b"_len"));
                Ok(())
            }
        };
        self.word = word;
        self.word.clear();
        done
    }

    fn value(&mut self, value: u64, line: u64, sink: &mut Sink<'_>) -> Result<(), Fault> {
        let byte = u8::try_from(value)
            .map_err(|_| Fault::Expected { expected: "a byte from 0 to 255", found: None })?;
        if core::mem::replace(&mut self.valued, true) {
            return Err(Fault::Expected { expected: "a comma between two bytes", found: None });
        }
        self.comma = false;
        self.begin(line, sink);
        self.write(byte, sink);
        Ok(())
    }

    /// Holds a length that is said against the one there is.
    fn check(&mut self, declared: u64) -> Result<(), Fault> {
        self.length = false;
        if self.zero && declared.checked_add(1) == Some(self.count) {
            self.zero = false;
        } else if declared != self.count {
            return Err(Fault::Length { declared, found: self.count });
        }
        Ok(())
    }

    fn open(&mut self, line: u64, sink: &mut Sink<'_>) {
        if self.depth == 0 {
            self.release(sink);
            (self.begun, self.count) = (false, 0);
            self.begin(line, sink);
        }
        self.depth = self.depth.saturating_add(1);
        (self.valued, self.comma) = (false, false);
    }

    fn begin(&mut self, line: u64, sink: &mut Sink<'_>) {
        if !core::mem::replace(&mut self.begun, true) {
            sink.record(line);
            sink.ledger.good = sink.ledger.good.saturating_add(1);
        }
    }

    fn quote(&mut self, quote: u8, line: u64, sink: &mut Sink<'_>) -> Result<(), Fault> {
        self.begin(line, sink);
        (self.valued, self.comma) = (true, false);
        self.state = State::Text { quote, escape: Escape::None };
        Ok(())
    }

    fn text(&mut self, byte: u8, quote: u8, escape: Escape, sink: &mut Sink<'_>) -> Result<(), Fault> {
        let fault = |expected| Err(Fault::Expected { expected, found: Some(byte) });
        let mut next = Escape::None;
        match (escape, byte) {
            (Escape::Hex(None), _) => match hex::value(byte) {
                Some(high) => next = Escape::Hex(Some(high)),
                None => return fault("two hex digits"),
            },
            (Escape::Hex(Some(high)), _) => match hex::value(byte) {
                Some(low) => self.write(high << 4 | low, sink),
                None => return fault("a second hex digit"),
            },
            (Escape::Octal(value, count @ 0..=2), b'0'..=b'7') => {
                next = Escape::Octal(value << 3 | u16::from(byte - b'0'), count + 1);
            }
            (Escape::Octal(value, _), _) => {
                let Ok(value) = u8::try_from(value) else { return fault("a byte below \\400") };
                self.write(value, sink);
                self.state = State::Text { quote, escape: Escape::None };
                return self.text(byte, quote, Escape::None, sink);
            }
            (Escape::Backslash, b'x') => next = Escape::Hex(None),
            (Escape::Backslash, b'0'..=b'7') => next = Escape::Octal(u16::from(byte - b'0'), 1),
            (Escape::Backslash, b'\n') => {}
            (Escape::Backslash, _) => match escaped(byte) {
                Some(byte) => self.write(byte, sink),
                None => return fault("an escape sequence"),
            },
            (Escape::None, b'\\') => next = Escape::Backslash,
            (Escape::None, b'\n') => return fault("the closing quote"),
            (Escape::None, _) if byte == quote => {
                self.state = State::Code;
                return Ok(());
            }
            (Escape::None, _) => self.write(byte, sink),
        }
        self.state = State::Text { quote, escape: next };
        Ok(())
    }

    /// Writes a byte; a zero only when another byte follows or the end comes.
    fn write(&mut self, byte: u8, sink: &mut Sink<'_>) {
        self.release(sink);
        self.count = self.count.saturating_add(1);
        sink.ledger.good = sink.ledger.good.saturating_add(1);
        if byte == 0 {
            self.zero = true;
        } else {
            sink.write(&[byte]);
        }
    }

    fn release(&mut self, sink: &mut Sink<'_>) {
        if core::mem::take(&mut self.zero) {
            sink.write(&[0]);
        }
    }
}

/// The number that a word is: decimal, `0x`, `0b` or `0o`, perhaps of type `u8`.
fn value(word: &[u8]) -> Option<u64> {
    let word = core::str::from_utf8(word).ok()?;
    let word = word.strip_suffix("u8").unwrap_or(word);
    let (digits, radix) = match word.get(..2) {
        Some("0x" | "0X") => (word.get(2..)?, 16),
        Some("0b" | "0B") => (word.get(2..)?, 2),
        Some("0o" | "0O") => (word.get(2..)?, 8),
        // Octal in C, an error in the others.
        Some(_) if word.starts_with('0') => return None,
        _ => (word, 10),
    };
    u64::from_str_radix(digits, radix).ok()
}

const fn escaped(byte: u8) -> Option<u8> {
    Some(match byte {
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        b'a' => 7,
        b'b' => 8,
        b'f' => 12,
        b'v' => 11,
        b'\\' | b'\'' | b'"' | b'?' => byte,
        _ => return None,
    })
}
