//! What a decoder lets pass, as one type for all alphabets, and what it finds wrong.
//!
//! RFC 4648 section 3 leaves five questions to whoever decodes: line feeds, other characters, padding, bits that no
//! byte takes, text after the padding. GNU's `base64`, Python's `base64` and the RFC's own canonical form answer
//! each of them differently, so that a [`Policy`] is their answers, and a preset is whom to follow.

use core::fmt;

use crate::base::Alphabet;
use crate::escape::Shown;

/// What a decoder takes besides whole groups of digits.
///
/// ```
/// use jackfield_codec::base::{Alphabet, decode};
/// use jackfield_codec::policy::{Policy, Whitespace};
///
/// assert_eq!(decode(Alphabet::Base64, Policy::GNU, b"QQ==\nQg==\n").unwrap(), b"AB");
/// assert_eq!(decode(Alphabet::Base64, Policy::PYTHON, b"QQ==\nQg==\n").unwrap(), b"A");
/// let spaced = Policy { whitespace: Whitespace::Ascii, ..Policy::STRICT };
/// assert_eq!(
///     decode(Alphabet::Base64, spaced, b"QQ==\nQg==\n").unwrap_err().to_string(),
///     "offset 5: expected the end after the padding, found 'Q'"
/// );
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Policy {
    /// Which white space may stand anywhere.
    pub whitespace: Whitespace,
    /// What becomes of characters outside the alphabet.
    pub junk: Junk,
    /// Whether `=` fills the last group.
    pub padding: Padding,
    /// What becomes of bits that are not zero and that no byte takes.
    pub trailing_bits: TrailingBits,
    /// What becomes of text after the padding.
    pub after_padding: AfterPadding,
    /// Whether `a` is also `A` where the alphabet has one case.
    pub case: Case,
    /// What `+` and `/` are to base64 with other characters in their place.
    pub standard_digits: StandardDigits,
}

/// White space between digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Whitespace {
    /// Is junk.
    None,
    /// Line feeds are skipped, the rest is junk.
    LineFeed,
    /// Space, tab, line feed, form feed and carriage return are skipped.
    Ascii,
}

/// Characters outside the alphabet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Junk {
    /// Are a fault.
    Error,
    /// Are skipped; so is `=` in an alphabet without padding.
    Skip,
    /// Are skipped, and so is `=` where no padding can stand.
    SkipPadding,
}

/// Padding of the last group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Padding {
    /// Must be there.
    Required,
    /// May be left out, but not by half.
    Optional,
    /// Is junk.
    Forbidden,
}

/// Bits of the last digit that no byte takes (RFC 4648 section 3.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TrailingBits {
    /// Must be zero.
    Reject,
    /// May be anything.
    Accept,
}

/// Text after the padding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AfterPadding {
    /// Is not looked at.
    Stop,
    /// Is the next text.
    Restart,
    /// Is a fault.
    Error,
}

/// The case of base32, base32hex and base16, whose alphabets are in upper case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Case {
    /// Lower case is junk.
    Exact,
    /// Lower case is taken in base16 alone, as GNU does since 9.5.
    FoldBase16,
    /// Lower case is taken.
    Fold,
}

/// The characters `+` and `/` where the alphabet of base64 has others for 62 and 63.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StandardDigits {
    /// Are junk.
    Junk,
    /// Are 62 and 63 as well, as in Python's `urlsafe_b64decode`.
    Accept,
    /// Are junk, and where junk is a fault nothing is decoded of the block of 5,600 characters, counted from the
    /// start, that holds one: what GNU's `basenc --base64url -d` writes.
    VoidBlock,
}

impl Policy {
    /// GNU coreutils since 9.5: line feeds anywhere, padding complete or missing, unused bits zero, padded texts one
    /// after the other, base16 in either case.
    pub const GNU: Self = Self {
        whitespace: Whitespace::LineFeed,
        junk: Junk::Error,
        padding: Padding::Optional,
        trailing_bits: TrailingBits::Reject,
        after_padding: AfterPadding::Restart,
        case: Case::FoldBase16,
        standard_digits: StandardDigits::VoidBlock,
    };

    /// GNU with `--ignore-garbage`.
    pub const GNU_IGNORE_GARBAGE: Self = Self { junk: Junk::Skip, ..Self::GNU };

    /// Python's `b64decode` and `a2b_base64`: what is not base64 is skipped, unused bits are too, and the first
    /// padding ends the text.
    pub const PYTHON: Self = Self {
        whitespace: Whitespace::None,
        junk: Junk::SkipPadding,
        padding: Padding::Required,
        trailing_bits: TrailingBits::Accept,
        after_padding: AfterPadding::Stop,
        case: Case::Exact,
        standard_digits: StandardDigits::Accept,
    };

    /// Python's `b64decode(…, validate=True)`, as since 3.13, and `b32decode`, `b32hexdecode`, `b16decode`.
    pub const PYTHON_VALIDATE: Self =
        Self { junk: Junk::Error, after_padding: AfterPadding::Error, ..Self::PYTHON };

    /// RFC 4648 sections 3.2, 3.3 and 3.5: one text for each byte string.
    pub const STRICT: Self = Self {
        whitespace: Whitespace::None,
        junk: Junk::Error,
        padding: Padding::Required,
        trailing_bits: TrailingBits::Reject,
        after_padding: AfterPadding::Error,
        case: Case::Exact,
        standard_digits: StandardDigits::Junk,
    };
}

/// Where and why text is not what the decoder takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DecodeError {
    /// Bytes before the one that is wrong; the length of the input when it ends too early.
    pub offset: usize,
    /// What is wrong there.
    pub fault: Fault,
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "offset {}: {}", self.offset, self.fault)
    }
}

impl std::error::Error for DecodeError {}

/// What can be wrong with text in one of the alphabets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// A byte is not of the alphabet.
    NotInAlphabet {
        /// The byte.
        found: u8,
        /// The alphabet.
        alphabet: Alphabet,
    },
    /// A `=` stands where only data can.
    EarlyPadding {
        /// The alphabet.
        alphabet: Alphabet,
    },
    /// A `=` stands where the policy wants none.
    UnwantedPadding,
    /// Among the padding something else stands.
    BrokenPadding {
        /// The byte where a `=` should be.
        found: u8,
    },
    /// Something follows the padding, which ends the text.
    AfterPadding {
        /// The byte after the padding.
        found: u8,
    },
    /// The last digit has bits that no byte takes, and they are not zero.
    LooseBits {
        /// The digit.
        found: u8,
    },
    /// The text ends before all of the padding.
    MissingPadding {
        /// How many `=` are missing.
        missing: usize,
        /// Characters in a group.
        group: usize,
    },
    /// The text ends inside a group, after a number of digits that holds no whole number of bytes.
    Incomplete {
        /// Digits in the last group.
        digits: usize,
        /// The next number of digits that would do.
        needed: usize,
        /// Digits in a group.
        group: usize,
    },
    /// A group of z85 is above 2^32 − 1; the place is that of its first digit.
    Overflow,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::NotInAlphabet { found, alphabet } => write_not_in_alphabet(found, alphabet, f),
            Self::EarlyPadding { alphabet } => {
                write!(f, "expected a {alphabet} character, found '=' before a byte is complete")
            }
            Self::UnwantedPadding => f.write_str("expected no padding, found '='"),
            Self::BrokenPadding { found } => {
                write!(f, "expected another '=' of the padding, found {}", Shown(found))
            }
            Self::AfterPadding { found } => {
                write!(f, "expected the end after the padding, found {}", Shown(found))
            }
            Self::LooseBits { found } => {
                write!(
                    f,
                    "expected a character whose unused bits are zero at the end, found {}",
                    Shown(found)
                )
            }
            Self::MissingPadding { missing, group } => {
                let padding = "=".repeat(missing);
                write!(f, "expected \"{padding}\" to fill the last group of {group}, found the end")
            }
            Self::Incomplete { digits, needed, group } => write!(
                f,
                "expected at least {needed} characters in the last group of {group}, found the end after {digits}"
            ),
            Self::Overflow => {
                f.write_str("expected five characters of at most \"%nSc0\", the value 2^32 - 1")
            }
        }
    }
}

fn write_not_in_alphabet(found: u8, alphabet: Alphabet, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let (this, other, instead) = match (alphabet, found) {
        (Alphabet::Base64, b'-') => ("standard", "URL-safe", '+'),
        (Alphabet::Base64, b'_') => ("standard", "URL-safe", '/'),
        (Alphabet::Base64Url, b'+') => ("URL-safe", "standard", '-'),
        (Alphabet::Base64Url, b'/') => ("URL-safe", "standard", '_'),
        (Alphabet::Base32 | Alphabet::Base32Hex | Alphabet::Base16, b'a'..=b'z')
            if alphabet.code().holds(found.to_ascii_uppercase()) =>
        {
            return write!(f, "expected {alphabet} in upper case, found {}", Shown(found));
        }
        _ => return write!(f, "expected a {alphabet} character, found {}", Shown(found)),
    };
    write!(
        f,
        "expected the {this} base64 alphabet, found {} of the {other} one; write '{instead}'",
        Shown(found)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(found: u8, alphabet: Alphabet) -> String {
        Fault::NotInAlphabet { found, alphabet }.to_string()
    }

    #[test]
    fn a_fault_says_what_to_write_instead() {
        assert_eq!(
            shown(b'_', Alphabet::Base64),
            "expected the standard base64 alphabet, found '_' of the URL-safe one; write '/'"
        );
        assert_eq!(
            shown(b'+', Alphabet::Base64Url),
            "expected the URL-safe base64 alphabet, found '+' of the standard one; write '-'"
        );
        assert_eq!(shown(b'a', Alphabet::Base32), "expected base32 in upper case, found 'a'");
        assert_eq!(shown(b'g', Alphabet::Base16), "expected a base16 character, found 'g'");
        assert_eq!(shown(b'\r', Alphabet::Z85), "expected a z85 character, found 0x0d");
    }
}
