//! Bytes as base64 and back: RFC 4648 section 4, the standard alphabet, with padding.
//!
//! Decoding is strict, as RFC 4648 sections 3.2, 3.3 and 3.5 would have it: padding must be there, unused bits
//! must be zero, nothing else may stand in between, so that each byte string has exactly one text. The one
//! exception that people need, line breaks, has a name of its own: [`decode_spaced`].

use core::fmt;
use core::num::NonZeroUsize;

use crate::escape::Shown;

/// Writes the bytes as base64 on one line.
///
/// ```
/// assert_eq!(jackfield_codec::base64::encode(b"jack"), "amFjaw==");
/// ```
#[must_use]
pub fn encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3).saturating_mul(4));
    for chunk in bytes.chunks(3) {
        let mut chunk = chunk.iter().copied();
        if let Some(first) = chunk.next() {
            text.extend(quantum(first, chunk.next(), chunk.next()).map(char::from));
        }
    }
    text
}

/// Reads bytes written as base64 on one line.
///
/// # Errors
/// [`Base64Error`] at the first character that cannot stand where it does, or at the end when some are missing.
pub fn decode(text: &[u8]) -> Result<Vec<u8>, Base64Error> {
    decode_with(text, false)
}

/// Reads bytes written as base64 with white space anywhere, as `base64` and mail programs wrap it.
///
/// ```
/// use jackfield_codec::base64::decode_spaced;
///
/// assert_eq!(decode_spaced(b"amFj\naw==\n"), Ok(b"jack".to_vec()));
/// assert_eq!(
///     decode_spaced(b"amFjaw").unwrap_err().to_string(),
///     "offset 6: expected \"==\" to fill the last group of 4, found the end"
/// );
/// ```
///
/// # Errors
/// As [`decode`], but for white space.
pub fn decode_spaced(text: &[u8]) -> Result<Vec<u8>, Base64Error> {
    decode_with(text, true)
}

/// Writes base64 of bytes that arrive in pieces, on one line or wrapped.
///
/// ```
/// use jackfield_codec::base64::Encoder;
///
/// let mut out = Vec::new();
/// let mut encoder = Encoder::new();
/// encoder.push(b"ja", &mut out);
/// encoder.push(b"ck", &mut out);
/// encoder.finish(&mut out);
/// assert_eq!(out, b"amFjaw==");
/// ```
#[derive(Clone, Debug, Default)]
pub struct Encoder {
    wrap: Option<NonZeroUsize>,
    /// Characters on the line so far; counted only when lines are wrapped.
    column: usize,
    held: Held,
}

/// The bytes of a group of three that is not full yet.
#[derive(Clone, Copy, Debug, Default)]
enum Held {
    #[default]
    Nothing,
    One(u8),
    Two(u8, u8),
}

impl Encoder {
    /// Makes an encoder that writes one line without an end.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Makes an encoder that ends every line after so many characters, and the last one too, as `base64 -w` does.
    #[must_use]
    pub fn wrapped(columns: NonZeroUsize) -> Self {
        Self { wrap: Some(columns), ..Self::default() }
    }

    /// Takes the next bytes and appends the characters that they complete to `out`.
    pub fn push(&mut self, bytes: &[u8], out: &mut Vec<u8>) {
        for &byte in bytes {
            self.held = match self.held {
                Held::Nothing => Held::One(byte),
                Held::One(first) => Held::Two(first, byte),
                Held::Two(first, second) => {
                    self.write(quantum(first, Some(second), Some(byte)), out);
                    Held::Nothing
                }
            };
        }
    }

    /// Appends the last characters, padding, and the end of the last line if lines are wrapped.
    ///
    /// The encoder is as new afterwards.
    pub fn finish(&mut self, out: &mut Vec<u8>) {
        match core::mem::take(&mut self.held) {
            Held::Nothing => {}
            Held::One(first) => self.write(quantum(first, None, None), out),
            Held::Two(first, second) => self.write(quantum(first, Some(second), None), out),
        }
        if self.column > 0 {
            out.push(b'\n');
            self.column = 0;
        }
    }

    fn write(&mut self, characters: [u8; 4], out: &mut Vec<u8>) {
        let Some(wrap) = self.wrap else {
            out.extend_from_slice(&characters);
            return;
        };
        for character in characters {
            out.push(character);
            self.column += 1;
            if self.column == wrap.get() {
                out.push(b'\n');
                self.column = 0;
            }
        }
    }
}

/// Where and why bytes are not base64.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Base64Error {
    /// Bytes before the one that is wrong; the length of the input when it ends too early.
    pub offset: usize,
    /// What is wrong there.
    pub fault: Base64Fault,
}

impl fmt::Display for Base64Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "offset {}: {}", self.offset, self.fault)
    }
}

impl std::error::Error for Base64Error {}

/// What can be wrong with base64.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Base64Fault {
    /// A byte is not one of `A`–`Z`, `a`–`z`, `0`–`9`, `+`, `/`, `=`.
    NotInAlphabet {
        /// The byte.
        found: u8,
    },
    /// A `=` stands first or second in a group of four, where only data can.
    EarlyPadding,
    /// After one `=` of two, something else follows.
    BrokenPadding {
        /// The byte where the second `=` should be.
        found: u8,
    },
    /// Something follows the padding, which ends the text.
    AfterPadding {
        /// The byte after the padding.
        found: u8,
    },
    /// The last character before the padding has bits that no byte takes, and they are not zero.
    LooseBits {
        /// The character.
        found: u8,
    },
    /// The text ends one or two `=` too early.
    MissingPadding {
        /// How many are missing.
        missing: u8,
    },
    /// The text ends one character into a group of four, which cannot hold a byte.
    LoneCharacter,
}

impl fmt::Display for Base64Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::NotInAlphabet { found: found @ (b'-' | b'_') } => {
                let instead = if found == b'-' { '+' } else { '/' };
                write!(
                    f,
                    "expected the standard base64 alphabet, found {} of the URL-safe one; write '{instead}'",
                    Shown(found)
                )
            }
            Self::NotInAlphabet { found } => {
                write!(f, "expected a base64 character, found {}", Shown(found))
            }
            Self::EarlyPadding => {
                f.write_str("expected a base64 character, found '=' before a byte is complete")
            }
            Self::BrokenPadding { found } => write!(f, "expected a second '=', found {}", Shown(found)),
            Self::AfterPadding { found } => {
                write!(f, "expected the end after the padding, found {}", Shown(found))
            }
            Self::LooseBits { found } => {
                write!(
                    f,
                    "expected a character whose unused bits are zero before the padding, found {}",
                    Shown(found)
                )
            }
            Self::MissingPadding { missing } => {
                let padding = if missing == 1 { "=" } else { "==" };
                write!(f, "expected \"{padding}\" to fill the last group of 4, found the end")
            }
            Self::LoneCharacter => {
                f.write_str("expected at least 2 characters in the last group of 4, found the end after 1")
            }
        }
    }
}

/// The four characters of one to three bytes.
fn quantum(first: u8, second: Option<u8>, third: Option<u8>) -> [u8; 4] {
    [
        character(first >> 2),
        character((first & 0b11) << 4 | second.unwrap_or(0) >> 4),
        second.map_or(b'=', |second| character((second & 0b1111) << 2 | third.unwrap_or(0) >> 6)),
        third.map_or(b'=', |third| character(third & 0b11_1111)),
    ]
}

/// RFC 4648 table 1, for values below 64.
fn character(value: u8) -> u8 {
    match value {
        0..=25 => b'A' + value,
        26..=51 => b'a' + (value - 26),
        52..=61 => b'0' + (value - 52),
        62 => b'+',
        _ => b'/',
    }
}

/// RFC 4648 table 1, read from right to left.
fn value(character: u8) -> Option<u8> {
    match character {
        b'A'..=b'Z' => Some(character - b'A'),
        b'a'..=b'z' => Some(character - b'a' + 26),
        b'0'..=b'9' => Some(character - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    }
}

/// What of a group of four has been read.
#[derive(Clone, Copy)]
enum Group {
    /// Nothing of it.
    Start,
    /// One character.
    One(u8),
    /// Two characters: a byte is out, the last four bits and the character they are of wait.
    Two { bits: u8, last: (usize, u8) },
    /// Three characters: two bytes are out, two bits wait.
    Three { bits: u8, last: (usize, u8) },
    /// Two characters and a `=`.
    TwoAndPadding,
    /// The padding is complete, and so is the text.
    End,
}

fn decode_with(text: &[u8], spaced: bool) -> Result<Vec<u8>, Base64Error> {
    let fault = |offset, fault| Err(Base64Error { offset, fault });
    let mut bytes = Vec::with_capacity((text.len() / 4).saturating_mul(3));
    let mut group = Group::Start;
    for (offset, found) in text.iter().copied().enumerate() {
        if spaced && found.is_ascii_whitespace() {
            continue;
        }
        let last = (offset, found);
        group = match (group, found, value(found)) {
            (Group::End, ..) => return fault(offset, Base64Fault::AfterPadding { found }),

            (Group::Two { bits: 0, .. }, b'=', _) => Group::TwoAndPadding,
            (Group::Three { bits: 0, .. } | Group::TwoAndPadding, b'=', _) => Group::End,
            (Group::Two { last, .. } | Group::Three { last, .. }, b'=', _) => {
                return fault(last.0, Base64Fault::LooseBits { found: last.1 });
            }
            (Group::Start | Group::One(_), b'=', _) => return fault(offset, Base64Fault::EarlyPadding),
            (Group::TwoAndPadding, ..) => return fault(offset, Base64Fault::BrokenPadding { found }),

            (_, _, None) => return fault(offset, Base64Fault::NotInAlphabet { found }),
            (Group::Start, _, Some(value)) => Group::One(value),
            (Group::One(first), _, Some(value)) => {
                bytes.push(first << 2 | value >> 4);
                Group::Two { bits: value & 0b1111, last }
            }
            (Group::Two { bits, .. }, _, Some(value)) => {
                bytes.push(bits << 4 | value >> 2);
                Group::Three { bits: value & 0b11, last }
            }
            (Group::Three { bits, .. }, _, Some(value)) => {
                bytes.push(bits << 6 | value);
                Group::Start
            }
        };
    }
    match group {
        Group::Start | Group::End => Ok(bytes),
        Group::One(_) => fault(text.len(), Base64Fault::LoneCharacter),
        Group::Two { .. } => fault(text.len(), Base64Fault::MissingPadding { missing: 2 }),
        Group::Three { .. } | Group::TwoAndPadding => {
            fault(text.len(), Base64Fault::MissingPadding { missing: 1 })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn stream(wrap: Option<usize>, pieces: &[&[u8]]) -> String {
        let mut out = Vec::new();
        let mut encoder = wrap.and_then(NonZeroUsize::new).map_or_else(Encoder::new, Encoder::wrapped);
        for piece in pieces {
            encoder.push(piece, &mut out);
        }
        encoder.finish(&mut out);
        String::from_utf8(out).unwrap()
    }

    fn fault(text: &[u8]) -> (usize, Base64Fault) {
        let error = decode(text).unwrap_err();
        (error.offset, error.fault)
    }

    #[test]
    fn rfc_4648_section_10() {
        for (bytes, text) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(encode(bytes.as_bytes()), text);
            assert_eq!(decode(text.as_bytes()).unwrap(), bytes.as_bytes());
        }
    }

    #[test]
    fn the_whole_alphabet() {
        let bytes = decode(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/").unwrap();
        assert_eq!(bytes.len(), 48);
        assert_eq!(encode(&bytes), "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");
        assert_eq!(decode(b"+///").unwrap(), [0xfb, 0xff, 0xff]);
    }

    #[test]
    fn faults_have_their_place() {
        assert_eq!(fault(b"Zm9v\nYg=="), (4, Base64Fault::NotInAlphabet { found: b'\n' }));
        assert_eq!(fault(b"Zm9-"), (3, Base64Fault::NotInAlphabet { found: b'-' }));
        assert_eq!(fault(b"Zm9v="), (4, Base64Fault::EarlyPadding));
        assert_eq!(fault(b"Z==="), (1, Base64Fault::EarlyPadding));
        assert_eq!(fault(b"Zg=x"), (3, Base64Fault::BrokenPadding { found: b'x' }));
        assert_eq!(fault(b"Zg==Zg=="), (4, Base64Fault::AfterPadding { found: b'Z' }));
        assert_eq!(fault(b"Zg==="), (4, Base64Fault::AfterPadding { found: b'=' }));
        assert_eq!(fault(b"Zh=="), (1, Base64Fault::LooseBits { found: b'h' }));
        assert_eq!(fault(b"Zm9="), (2, Base64Fault::LooseBits { found: b'9' }));
        assert_eq!(fault(b"Zg"), (2, Base64Fault::MissingPadding { missing: 2 }));
        assert_eq!(fault(b"Zg="), (3, Base64Fault::MissingPadding { missing: 1 }));
        assert_eq!(fault(b"Zm8"), (3, Base64Fault::MissingPadding { missing: 1 }));
        assert_eq!(fault(b"Zm9vY"), (5, Base64Fault::LoneCharacter));
    }

    #[test]
    fn errors_say_what_to_write_instead() {
        assert_eq!(
            decode(b"ab_c").unwrap_err().to_string(),
            "offset 2: expected the standard base64 alphabet, found '_' of the URL-safe one; write '/'"
        );
        assert_eq!(
            decode(b"ab\xffc").unwrap_err().to_string(),
            "offset 2: expected a base64 character, found 0xff"
        );
    }

    #[test]
    fn lines_end_where_they_are_full_and_at_the_end() {
        assert_eq!(stream(Some(4), &[b"foo"]), "Zm9v\n");
        assert_eq!(stream(Some(3), &[b"foob"]), "Zm9\nvYg\n==\n");
        assert_eq!(stream(Some(76), &[b""]), "");
        assert_eq!(stream(None, &[b"foob"]), "Zm9vYg==");
    }

    #[test]
    fn a_finished_encoder_is_as_new() {
        let mut out = Vec::new();
        let mut encoder = Encoder::wrapped(NonZeroUsize::new(6).unwrap());
        for _ in 0..2 {
            encoder.push(b"foob", &mut out);
            encoder.finish(&mut out);
        }
        encoder.finish(&mut out);
        assert_eq!(out, b"Zm9vYg\n==\nZm9vYg\n==\n");
    }

    proptest! {
        #[test]
        fn decode_undoes_encode(bytes: Vec<u8>, wrap in 1usize..80) {
            prop_assert_eq!(&decode(encode(&bytes).as_bytes()).unwrap(), &bytes);
            prop_assert_eq!(decode_spaced(stream(Some(wrap), &[&bytes]).as_bytes()).unwrap(), bytes);
        }

        #[test]
        fn any_split_gives_the_same_text(
            bytes in prop::collection::vec(any::<u8>(), 0..64),
            wrap in 0usize..20,
        ) {
            let whole = stream(Some(wrap), &[&bytes]);
            prop_assert_eq!(whole.replace('\n', ""), encode(&bytes));
            for at in 0..=bytes.len() {
                let (head, tail) = bytes.split_at(at);
                prop_assert_eq!(&stream(Some(wrap), &[head, tail]), &whole);
            }
        }

        #[test]
        fn each_byte_string_has_one_text(text in "[A-Za-z0-9+/=]{0,12}") {
            if let Ok(bytes) = decode(text.as_bytes()) {
                prop_assert_eq!(encode(&bytes), text);
            }
        }

        #[test]
        fn arbitrary_text_gives_bytes_or_a_place(text: Vec<u8>) {
            for result in [decode(&text), decode_spaced(&text)] {
                if let Err(error) = result {
                    prop_assert!(error.offset <= text.len());
                }
            }
        }
    }
}
