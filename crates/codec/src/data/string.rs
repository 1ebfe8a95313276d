//! The escapes of the form `str:`.
//!
//! They are those that Rust, Python and C agree on, so that a literal copied from a program, or from a quoted
//! trace, means the same here. Where the languages differ (octal, `\e`, unknown letters) the escape is refused
//! with what to write instead.

use core::fmt;

use super::{DataFault, Fault};
use crate::escape::Shown;
use crate::hex;

/// Reads text with escapes; a fault has the offset of its backslash.
pub(super) fn read(text: &[u8]) -> Result<Vec<u8>, Fault> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(backslash) = rest.iter().position(|&byte| byte == b'\\') {
        let (plain, escape) = rest.split_at(backslash);
        bytes.extend_from_slice(plain);
        rest = read_escape(escape, &mut bytes)
            .map_err(|fault| Fault { offset: text.len() - escape.len(), fault: DataFault::Escape(fault) })?;
    }
    bytes.extend_from_slice(rest);
    Ok(bytes)
}

/// What can be wrong with an escape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum EscapeFault {
    /// The text ends after a backslash.
    Unfinished,
    /// No escape has this letter.
    Unknown {
        /// The byte after the backslash.
        found: u8,
    },
    /// `\0` is followed by a digit, which C reads as octal and Rust does not.
    Octal,
    /// `\x` is not followed by two hex digits.
    Hex,
    /// `\u` is not followed by a Unicode character's number in braces.
    Unicode,
}

impl fmt::Display for EscapeFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unfinished => f.write_str(
                r"expected an escape after the backslash, found the end; write \\ for a backslash",
            ),
            Self::Unknown { found } => write!(
                f,
                r#"expected \n \r \t \0 \xNN \u{{…}} \\ \" or \', found {} after the backslash; write \\ for a backslash"#,
                Shown(*found)
            ),
            Self::Octal => f.write_str(
                r"expected no digit after \0, which would be octal elsewhere; write \x00 for a zero byte",
            ),
            Self::Hex => f.write_str(r"expected two hex digits after \x, as in \x1b"),
            Self::Unicode => {
                f.write_str(r"expected a Unicode character's number in braces after \u, as in \u{20ac}")
            }
        }
    }
}

/// Reads the escape that the text begins with, and returns what follows it.
fn read_escape<'a>(text: &'a [u8], bytes: &mut Vec<u8>) -> Result<&'a [u8], EscapeFault> {
    let (byte, rest) = match text {
        [_, b'n', rest @ ..] => (b'\n', rest),
        [_, b'r', rest @ ..] => (b'\r', rest),
        [_, b't', rest @ ..] => (b'\t', rest),
        [_, b'0', b'0'..=b'9', ..] => return Err(EscapeFault::Octal),
        [_, b'0', rest @ ..] => (0, rest),
        [_, found @ (b'\\' | b'"' | b'\''), rest @ ..] => (*found, rest),
        [_, b'x', high, low, rest @ ..] => match (hex::value(*high), hex::value(*low)) {
            (Some(high), Some(low)) => (high << 4 | low, rest),
            _ => return Err(EscapeFault::Hex),
        },
        [_, b'x', ..] => return Err(EscapeFault::Hex),
        [_, b'u', rest @ ..] => {
            let (character, rest) = read_unicode(rest).ok_or(EscapeFault::Unicode)?;
            bytes.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
            return Ok(rest);
        }
        [_, found, ..] => return Err(EscapeFault::Unknown { found: *found }),
        _ => return Err(EscapeFault::Unfinished),
    };
    bytes.push(byte);
    Ok(rest)
}

/// Reads `{…}` with one to six hex digits.
fn read_unicode(text: &[u8]) -> Option<(char, &[u8])> {
    let text = text.strip_prefix(b"{")?;
    let end = text.iter().take(7).position(|&byte| byte == b'}').filter(|&end| end > 0)?;
    let (digits, rest) = text.split_at_checked(end)?;
    let mut number = 0;
    for &digit in digits {
        number = number << 4 | u32::from(hex::value(digit)?);
    }
    Some((char::from_u32(number)?, rest.strip_prefix(b"}")?))
}
