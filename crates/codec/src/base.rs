//! Bytes as digits of an alphabet and back: all that GNU's `basenc` knows.
//!
//! One [`Encoder`], which wraps lines, and one [`Decoder`], which has a [`Policy`], serve all of them. Base64, base32
//! (RFC 4648), base16, base2 and z85 (ZeroMQ RFC 32) are groups of digits for groups of bytes, in memory that does not
//! grow with the input; base58 (Bitcoin's) is one number for the whole input, and holds it.

mod base58;
mod code;
mod decode;
mod encode;
mod groups;
mod radix;
mod strip;

use core::fmt;

pub use self::decode::Decoder;
pub(crate) use self::encode::GroupEncoder;
pub use self::encode::{EncodeError, Encoder};
use crate::policy::{DecodeError, Policy};
use crate::stream::whole;

/// An alphabet, and how digits of it stand for bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Alphabet {
    /// RFC 4648 section 4: four digits for three bytes, `+` and `/` the last.
    Base64,
    /// RFC 4648 section 5: `-` and `_` the last.
    Base64Url,
    /// Base64 with these two the last, as `altchars` of Python.
    Base64With([u8; 2]),
    /// RFC 4648 section 6: eight digits for five bytes, `A` to `Z` and `2` to `7`.
    Base32,
    /// RFC 4648 section 7: eight digits for five bytes, `0` to `9` and `A` to `V`.
    Base32Hex,
    /// RFC 4648 section 8: two digits for a byte, `0` to `9` and `A` to `F`.
    Base16,
    /// Eight digits for a byte, its highest bit first.
    Base2Msbf,
    /// Eight digits for a byte, its lowest bit first.
    Base2Lsbf,
    /// Bitcoin's: one number, no digit that looks like another; `1` for each zero byte before it.
    Base58,
    /// ZeroMQ RFC 32: five digits for four bytes, no other length.
    Z85,
}

impl Alphabet {
    /// All but [`Base64With`](Self::Base64With), in the order of `basenc --help`.
    pub const ALL: [Self; 9] = [
        Self::Base64,
        Self::Base64Url,
        Self::Base58,
        Self::Base32,
        Self::Base32Hex,
        Self::Base16,
        Self::Base2Msbf,
        Self::Base2Lsbf,
        Self::Z85,
    ];

    /// Returns the name, which is that of the option of `basenc`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Base64 | Self::Base64With(_) => "base64",
            Self::Base64Url => "base64url",
            Self::Base32 => "base32",
            Self::Base32Hex => "base32hex",
            Self::Base16 => "base16",
            Self::Base2Msbf => "base2msbf",
            Self::Base2Lsbf => "base2lsbf",
            Self::Base58 => "base58",
            Self::Z85 => "z85",
        }
    }
}

impl fmt::Display for Alphabet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Writes the bytes on one line.
///
/// ```
/// use jackfield_codec::base::{Alphabet, encode};
///
/// assert_eq!(encode(Alphabet::Base32, b"jack").unwrap(), "NJQWG2Y=");
/// assert_eq!(encode(Alphabet::Base58, b"jack").unwrap(), "3iiQ9g");
/// ```
///
/// # Errors
/// [`EncodeError`] for z85 when the length is no multiple of four.
pub fn encode(alphabet: Alphabet, bytes: &[u8]) -> Result<String, EncodeError> {
    // All alphabets are ASCII, except what a caller may have put into `Base64With`.
    whole(Encoder::new(alphabet, None), bytes).map(text)
}

/// Reads bytes back, with what the policy lets pass.
///
/// # Errors
/// [`DecodeError`] at the first thing that it does not. [`Decoder`] also gives what stood before.
pub fn decode(alphabet: Alphabet, policy: Policy, text: &[u8]) -> Result<Vec<u8>, DecodeError> {
    whole(Decoder::new(alphabet, policy), text)
}

/// Characters of an alphabet as a string; each byte is a character.
pub(crate) fn text(characters: Vec<u8>) -> String {
    String::from_utf8(characters)
        .unwrap_or_else(|error| error.as_bytes().iter().copied().map(char::from).collect())
}
