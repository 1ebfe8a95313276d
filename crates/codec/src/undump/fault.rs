//! What can be wrong with a dump, and where.

use core::fmt;

use crate::escape::Shown;

/// A dump cannot be read: where and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UndumpError {
    /// The line, from 1.
    pub line: u64,
    /// The character of the line, from 1; a byte that is not UTF-8 counts as one.
    pub column: u64,
    /// What is wrong there.
    pub fault: Fault,
}

impl fmt::Display for UndumpError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}: {}", self.line, self.column, self.fault)
    }
}

impl std::error::Error for UndumpError {}

/// What can be wrong with a dump.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// Something else should stand here.
    Expected {
        /// What should.
        expected: &'static str,
        /// What does; nothing at the end of the line or of the text.
        found: Option<u8>,
    },
    /// An offset is not that of the bytes behind it: bytes are missing, or there are too many.
    Offset {
        /// The offset at which the bytes so far end.
        expected: u64,
        /// The one that the dump says.
        found: u64,
    },
    /// A character of the text column is not that of its byte.
    Character {
        /// The byte as its digits say.
        byte: u8,
        /// The character beside it.
        found: u8,
    },
    /// A `*` does not stand between two lines with offsets, or does not stand for whole lines.
    Repetition,
    /// A gap is longer than is allowed.
    Gap {
        /// Its bytes.
        bytes: u64,
        /// The most that is allowed.
        limit: u64,
    },
    /// A line of a dump is longer than any dump's.
    LongLine {
        /// The most bytes of a line.
        limit: usize,
    },
    /// An array is not as long as it says.
    Length {
        /// What it says.
        declared: u64,
        /// The bytes that there are.
        found: u64,
    },
    /// Two ways to read the offsets give two different outputs.
    Ambiguous,
    /// The text is none of the dumps that are known.
    Unrecognised,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Expected { expected, found: Some(found) } => {
                write!(f, "expected {expected}, found {}", Shown(found))
            }
            Self::Expected { expected, found: None } => write!(f, "expected {expected}, found the end"),
            Self::Offset { expected, found } => {
                write!(f, "expected offset 0x{expected:x}, found 0x{found:x}; ")?;
                f.write_str(if found > expected {
                    "bytes are missing before it"
                } else {
                    "there are more bytes before it than it says"
                })
            }
            Self::Character { byte, found } => write!(
                f,
                "expected {} in the text column for byte 0x{byte:02x}, found {}",
                Shown(crate::dump::layout::shown(byte)),
                Shown(found)
            ),
            Self::Repetition => {
                f.write_str("expected '*' only between two lines with offsets, in place of whole lines")
            }
            Self::Gap { bytes, limit } => write!(
                f,
                "expected no more than {limit} bytes left out, found {bytes}; raise the limit if that is right"
            ),
            Self::LongLine { limit } => {
                write!(f, "expected a line of at most {limit} bytes, found a longer one")
            }
            Self::Length { declared, found } => {
                write!(f, "expected {declared} bytes, as the array says, found {found}")
            }
            Self::Ambiguous => f.write_str(
                "the offsets can be read in more than one base, with different outcomes; name the base",
            ),
            Self::Unrecognised => f.write_str("expected a dump of a form that is known; name the form"),
        }
    }
}

/// A fault in a line: the bytes of the line before it.
pub(super) type At = (usize, Fault);

/// A fault for what stands in a line at a place.
pub(super) fn expected(what: &'static str, line: &[u8], at: usize) -> At {
    (at, Fault::Expected { expected: what, found: line.get(at).copied() })
}
