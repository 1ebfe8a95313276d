//! Four bytes as five characters: base85 as git and Python have it, and Ascii85 as PostScript and PDF have it.
//!
//! The functions are those of Python's `base64` module, with the same names, options and answers; errors have a
//! place. Each is a stream run over a slice: [`B85Encoder`], [`B85Decoder`], [`A85Encoder`], [`A85Decoder`]. Both write four bytes as a number in base 85, its highest digit first, and cut a last group of fewer
//! bytes by as many characters; they differ in the digits, and Ascii85 has `z` for four zero bytes, marks around
//! and line breaks inside.
//!
//! References: <https://docs.python.org/3/library/base64.html>; PDF (ISO 32000-1), section 7.4.3.

mod stream;

use core::fmt;

pub use self::stream::{A85Decoder, A85Encoder, B85Decoder, B85Encoder};
use crate::base::text;
use crate::escape::Shown;
use crate::stream::whole;

/// Writes bytes in base85: `0`–`9`, `A`–`Z`, `a`–`z` and 23 marks, none of which is a quote or a backslash.
///
/// With `pad`, zeros fill the last group, so that the length of the bytes is not seen any more.
///
/// ```
/// use jackfield_codec::base85::{b85decode, b85encode};
///
/// assert_eq!(b85encode(b"jack", false), "YGGq*");
/// assert_eq!(b85decode(b"YGGq*"), Ok(b"jack".to_vec()));
/// assert_eq!(
///     b85decode(b"YGGq ").unwrap_err().to_string(),
///     "offset 4: expected a base85 character, found ' '"
/// );
/// ```
#[must_use]
pub fn b85encode(bytes: &[u8], pad: bool) -> String {
    let Ok(characters) = whole(B85Encoder::new(pad), bytes);
    text(characters)
}

/// Reads bytes in base85, and nothing but base85.
///
/// A last group of one character stands for no byte, and is accepted, as in Python.
///
/// # Errors
/// [`Base85Error`] at the first character that is not of the alphabet, or at a group that is more than 32 bits.
pub fn b85decode(text: &[u8]) -> Result<Vec<u8>, Base85Error> {
    whole(B85Decoder::new(), text)
}

/// How [`a85encode`] writes; the default is Python's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct A85Encode {
    /// Writes `y` for four spaces, as btoa does; PDF does not know it.
    pub foldspaces: bool,
    /// Breaks lines after so many characters, but not before 2 when `adobe` is set; 0 breaks none.
    pub wrapcol: usize,
    /// Fills the last group with zeros.
    pub pad: bool,
    /// Puts `<~` and `~>` around.
    pub adobe: bool,
}

/// Writes bytes in Ascii85: `!` to `u`, and `z` for four zero bytes.
///
/// ```
/// use jackfield_codec::base85::{A85Encode, a85encode};
///
/// assert_eq!(a85encode(b"jack\0\0\0\0", A85Encode::default()), "C11Ufz");
/// assert_eq!(a85encode(b"jack", A85Encode { adobe: true, wrapcol: 4, ..A85Encode::default() }), "<~C1\n1Uf\n~>");
/// ```
#[must_use]
pub fn a85encode(bytes: &[u8], how: A85Encode) -> String {
    let Ok(characters) = whole(A85Encoder::new(how), bytes);
    text(characters)
}

/// How [`a85decode`] reads; the default is Python's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct A85Decode<'a> {
    /// Takes `y` for four spaces.
    pub foldspaces: bool,
    /// Asks for `~>` at the end, and takes `<~` at the beginning.
    pub adobe: bool,
    /// What may stand anywhere and means nothing; characters that mean something do so here, too.
    pub ignorechars: &'a [u8],
}

impl Default for A85Decode<'_> {
    fn default() -> Self {
        Self { foldspaces: false, adobe: false, ignorechars: b" \t\n\r\x0b" }
    }
}

/// Reads bytes in Ascii85.
///
/// A last group of one character stands for no byte, and is accepted, as in Python.
///
/// # Errors
/// [`Base85Error`] at the first character that means nothing, at a `z` or `y` inside a group, at a group that is
/// more than 32 bits, and at the end where `~>` is asked for and missing.
pub fn a85decode(text: &[u8], how: A85Decode<'_>) -> Result<Vec<u8>, Base85Error> {
    whole(A85Decoder::new(how), text)
}

/// Where and why text is not base85 or Ascii85.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Base85Error {
    /// Bytes before the one that is wrong; for a whole group, before its first.
    pub offset: usize,
    /// What is wrong there.
    pub fault: Base85Fault,
}

impl fmt::Display for Base85Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "offset {}: {}", self.offset, self.fault)
    }
}

impl std::error::Error for Base85Error {}

/// What can be wrong with base85 or Ascii85.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Base85Fault {
    /// A byte means nothing.
    NotADigit {
        /// The byte.
        found: u8,
    },
    /// A `z` or `y`, which is a group by itself, stands inside one.
    InsideGroup {
        /// The byte.
        found: u8,
    },
    /// A group is a number of more than 32 bits; a short one counts as filled with the highest digit.
    Overflow,
    /// The text does not end with `~>`; the place is its end, or what stands behind such a mark.
    NoEnd,
}

impl fmt::Display for Base85Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::NotADigit { found } => write!(f, "expected a base85 character, found {}", Shown(found)),
            Self::InsideGroup { found } => {
                write!(f, "expected {} only between groups of 5, found it inside one", Shown(found))
            }
            Self::Overflow => f.write_str("expected a group of at most 32 bits, found one of more"),
            Self::NoEnd => f.write_str("expected the text to end with ~>, found another end"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ADOBE: A85Decode<'_> = A85Decode { foldspaces: false, adobe: true, ignorechars: b"\n" };

    fn b85_fault(text: &[u8]) -> (usize, Base85Fault) {
        let error = b85decode(text).unwrap_err();
        (error.offset, error.fault)
    }

    fn a85_fault(text: &[u8], how: A85Decode<'_>) -> (usize, Base85Fault) {
        let error = a85decode(text, how).unwrap_err();
        (error.offset, error.fault)
    }

    #[test]
    fn the_digits_of_rfc_1924_in_their_order() {
        let alphabet: String = (0..85).map(stream::b85_character).map(char::from).collect();
        assert_eq!(
            alphabet,
            "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~"
        );
        let value = |character| b85decode(&[b'0', b'0', b'0', b'0', character]).ok();
        let values: Vec<_> = alphabet.bytes().filter_map(value).collect();
        assert_eq!(values, (0..85).map(|value| vec![0, 0, 0, value]).collect::<Vec<_>>());
        assert_eq!((0..=255).filter_map(value).count(), 85);
    }

    #[test]
    fn the_last_group_is_as_short_as_its_bytes() {
        assert_eq!(b85encode(b"abcde", false), "VPa!sWd");
        assert_eq!(b85encode(b"abcde", true), "VPa!sWdHyG");
        assert_eq!(b85decode(b"VPa!sWd").unwrap(), b"abcde");
        assert_eq!(b85decode(b"VPa!sWdHyG").unwrap(), b"abcde\0\0\0");
        assert_eq!(b85encode(b"", true), "");
        assert_eq!(b85decode(b"0").unwrap(), b"");
        assert_eq!(b85decode(b"|NsC0").unwrap(), [0xff; 4]);
    }

    #[test]
    fn errors_have_a_place() {
        assert_eq!(b85_fault(b"00000|NsC1"), (5, Base85Fault::Overflow));
        assert_eq!(b85_fault(b"00000~"), (5, Base85Fault::Overflow));
        assert_eq!(b85_fault(b"00,"), (2, Base85Fault::NotADigit { found: b',' }));
        let default = A85Decode::default();
        assert_eq!(a85_fault(b"zs8W-\"", default), (1, Base85Fault::Overflow));
        assert_eq!(a85_fault(b"! ! z", default), (4, Base85Fault::InsideGroup { found: b'z' }));
        assert_eq!(a85_fault(b"!!y", default), (2, Base85Fault::NotADigit { found: b'y' }));
        assert_eq!(
            a85_fault(b"!!y", A85Decode { foldspaces: true, ..default }),
            (2, Base85Fault::InsideGroup { found: b'y' })
        );
        assert_eq!(a85_fault(b"<~!!~> ", ADOBE), (6, Base85Fault::NoEnd));
        assert_eq!(a85_fault(b"<~!!<~!!~>", ADOBE), (5, Base85Fault::NotADigit { found: b'~' }));
        assert_eq!(
            a85decode(b"<~", ADOBE).unwrap_err().to_string(),
            "offset 2: expected the text to end with ~>, found another end"
        );
        assert_eq!(
            a85decode(b"!z", default).unwrap_err().to_string(),
            "offset 1: expected 'z' only between groups of 5, found it inside one"
        );
    }

    #[test]
    fn zeros_and_spaces_fold_where_they_are_a_whole_group() {
        let encode = |bytes: &[u8], foldspaces, pad| {
            a85encode(bytes, A85Encode { foldspaces, pad, ..A85Encode::default() })
        };
        assert_eq!(encode(&[0; 7], false, false), "z!!!!");
        assert_eq!(encode(&[0; 7], false, true), "zz");
        assert_eq!(encode(b"       ", true, false), "y+<Vd");
        assert_eq!(encode(b"    ", false, false), "+<VdL");
        let folded = A85Decode { foldspaces: true, ..A85Decode::default() };
        assert_eq!(a85decode(b"yz", folded).unwrap(), b"    \0\0\0\0");
    }

    #[test]
    fn the_marks_around_count_as_columns_and_the_last_is_not_broken() {
        let encode =
            |wrapcol| a85encode(b"abcdefg", A85Encode { wrapcol, adobe: true, ..A85Encode::default() });
        assert_eq!(encode(1), "<~\n@:\nE_\nWA\nS,\nQ\n~>");
        assert_eq!(encode(5), "<~@:E\n_WAS,\nQ~>");
        assert_eq!(encode(0), "<~@:E_WAS,Q~>");
        assert_eq!(a85encode(b"", A85Encode { wrapcol: 1, adobe: true, ..A85Encode::default() }), "<~\n~>");
        assert_eq!(a85encode(b"", A85Encode { wrapcol: 1, ..A85Encode::default() }), "");
        assert_eq!(a85decode(b"<~>", ADOBE).unwrap(), b"");
        assert_eq!(a85decode(b"~>", ADOBE).unwrap(), b"");
    }

    proptest! {
        #[test]
        fn b85_comes_back(bytes: Vec<u8>) {
            prop_assert_eq!(b85decode(b85encode(&bytes, false).as_bytes()).unwrap(), bytes.clone());
            let padded = b85decode(b85encode(&bytes, true).as_bytes()).unwrap();
            prop_assert_eq!(padded.len(), bytes.len().next_multiple_of(4));
            prop_assert!(padded.starts_with(&bytes));
        }

        #[test]
        fn a85_comes_back(
            words in prop::collection::vec(prop_oneof![Just(0), Just(stream::SPACES), any::<u32>()], 0..20),
            tail in prop::collection::vec(any::<u8>(), 0..4),
            (foldspaces, adobe, wrapcol) in (any::<bool>(), any::<bool>(), 0usize..20),
        ) {
            let mut bytes: Vec<u8> = words.iter().flat_map(|word| word.to_be_bytes()).collect();
            bytes.extend(tail);
            let text = a85encode(&bytes, A85Encode { foldspaces, wrapcol, adobe, pad: false });
            let read = A85Decode { foldspaces, adobe, ..A85Decode::default() };
            prop_assert_eq!(a85decode(text.as_bytes(), read).unwrap(), bytes);
            if wrapcol > 0 {
                prop_assert!(text.lines().all(|line| line.len() <= wrapcol.max(2)), "{}", text);
            }
        }

        #[test]
        fn any_text_is_bytes_or_has_a_place(text: Vec<u8>, adobe: bool) {
            if let Err(error) = b85decode(&text) {
                prop_assert!(error.offset < text.len());
            }
            if let Err(error) = a85decode(&text, A85Decode { adobe, ..A85Decode::default() }) {
                prop_assert!(error.offset <= text.len());
            }
        }
    }
}
