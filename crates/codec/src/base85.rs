//! Four bytes as five characters: base85 as git and Python have it, and Ascii85 as PostScript and PDF have it.
//!
//! The functions are those of Python's `base64` module, with the same names, options and answers; errors have a
//! place. Both write four bytes as a number in base 85, its highest digit first, and cut a last group of fewer
//! bytes by as many characters; they differ in the digits, and Ascii85 has `z` for four zero bytes, marks around
//! and line breaks inside.
//!
//! References: <https://docs.python.org/3/library/base64.html>; PDF (ISO 32000-1), section 7.4.3.

use core::fmt;

use crate::escape::Shown;

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
    let mut text = String::with_capacity(bytes.len().div_ceil(4).saturating_mul(5));
    for group in bytes.chunks(4) {
        let kept = if pad { 5 } else { group.len() + 1 };
        text.extend(digits(number(group)).into_iter().take(kept).map(b85_character));
    }
    text
}

/// Reads bytes in base85, and nothing but base85.
///
/// A last group of one character stands for no byte, and is accepted, as in Python.
///
/// # Errors
/// [`Base85Error`] at the first character that is not of the alphabet, or at a group that is more than 32 bits.
pub fn b85decode(text: &[u8]) -> Result<Vec<u8>, Base85Error> {
    let mut groups = Groups::new(text.len());
    for (offset, &found) in text.iter().enumerate() {
        match b85_value(found) {
            Some(value) => groups.push(offset, value)?,
            None => return Err(Base85Error { offset, fault: Base85Fault::NotADigit { found } }),
        }
    }
    groups.finish()
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
    let mut text = Wrapped {
        text: String::with_capacity(bytes.len().div_ceil(4).saturating_mul(5).saturating_add(4)),
        columns: if how.adobe && how.wrapcol > 0 { how.wrapcol.max(2) } else { how.wrapcol },
        column: 0,
    };
    if how.adobe {
        text.push('<');
        text.push('~');
    }
    for group in bytes.chunks(4) {
        let is_whole = how.pad || group.len() == 4;
        match number(group) {
            0 if is_whole => text.push('z'),
            SPACES if is_whole && how.foldspaces => text.push('y'),
            number => {
                let kept = if is_whole { 5 } else { group.len() + 1 };
                digits(number).into_iter().take(kept).for_each(|digit| text.push(char::from(b'!' + digit)));
            }
        }
    }
    if how.adobe {
        // The end mark is not broken.
        if how.wrapcol > 0 && text.column.saturating_add(2) > text.columns {
            text.text.push('\n');
        }
        text.text.push_str("~>");
    }
    text.text
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
    let mut inner = text;
    if how.adobe {
        let no_end = Base85Error { offset: text.len(), fault: Base85Fault::NoEnd };
        inner = text.strip_suffix(b"~>").ok_or(no_end)?;
    }
    // Of `<~>` the `~` belongs to both marks.
    let start = if how.adobe && text.starts_with(b"<~") { 2 } else { 0 };
    let mut groups = Groups::new(inner.len());
    for (offset, &found) in inner.iter().enumerate().skip(start) {
        match found {
            b'!'..=b'u' => groups.push(offset, found - b'!')?,
            b'z' => groups.push_whole(offset, found, 0)?,
            b'y' if how.foldspaces => groups.push_whole(offset, found, SPACES)?,
            _ if how.ignorechars.contains(&found) => {}
            _ => return Err(Base85Error { offset, fault: Base85Fault::NotADigit { found } }),
        }
    }
    groups.finish()
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
    /// The text does not end with `~>`.
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

/// Four spaces as a group.
const SPACES: u32 = 0x2020_2020;

const MARKS: &[u8] = b"!#$%&()*+-;<=>?@^_`{|}~";

fn b85_character(digit: u8) -> char {
    char::from(match digit {
        0..=9 => b'0' + digit,
        10..=35 => b'A' + (digit - 10),
        36..=61 => b'a' + (digit - 36),
        _ => MARKS.get(usize::from(digit - 62)).copied().unwrap_or(b'~'),
    })
}

fn b85_value(character: u8) -> Option<u8> {
    match character {
        b'0'..=b'9' => Some(character - b'0'),
        b'A'..=b'Z' => Some(character - b'A' + 10),
        b'a'..=b'z' => Some(character - b'a' + 36),
        _ => MARKS
            .iter()
            .position(|&mark| mark == character)
            .and_then(|at| u8::try_from(at).ok())
            .map(|at| at + 62),
    }
}

/// The number that up to four bytes are, filled with zeros.
fn number(group: &[u8]) -> u32 {
    let mut bytes = [0; 4];
    bytes.iter_mut().zip(group).for_each(|(to, from)| *to = *from);
    u32::from_be_bytes(bytes)
}

/// The digits of a number in base 85, the highest first.
fn digits(mut number: u32) -> [u8; 5] {
    let mut digits = [0; 5];
    for digit in digits.iter_mut().rev() {
        *digit = u8::try_from(number % 85).unwrap_or(0);
        number /= 85;
    }
    digits
}

/// Text that is broken into lines as it grows.
struct Wrapped {
    text: String,
    /// 0 for no breaks.
    columns: usize,
    column: usize,
}

impl Wrapped {
    fn push(&mut self, character: char) {
        if self.columns > 0 && self.column == self.columns {
            self.text.push('\n');
            self.column = 0;
        }
        self.text.push(character);
        self.column += 1;
    }
}

/// Digits gathered into groups of five, and these into bytes.
struct Groups {
    bytes: Vec<u8>,
    /// Offset of the first digit of the group that has begun.
    start: usize,
    number: u64,
    count: usize,
}

impl Groups {
    fn new(text_len: usize) -> Self {
        Self { bytes: Vec::with_capacity(text_len / 5 * 4), start: 0, number: 0, count: 0 }
    }

    fn push(&mut self, offset: usize, digit: u8) -> Result<(), Base85Error> {
        if self.count == 0 {
            self.start = offset;
        }
        self.number = self.number * 85 + u64::from(digit);
        self.count += 1;
        if self.count < 5 {
            return Ok(());
        }
        let overflow = Base85Error { offset: self.start, fault: Base85Fault::Overflow };
        let number = u32::try_from(self.number).map_err(|_| overflow)?;
        self.bytes.extend_from_slice(&number.to_be_bytes());
        (self.number, self.count) = (0, 0);
        Ok(())
    }

    /// Takes a character that is a whole group.
    fn push_whole(&mut self, offset: usize, found: u8, number: u32) -> Result<(), Base85Error> {
        if self.count > 0 {
            return Err(Base85Error { offset, fault: Base85Fault::InsideGroup { found } });
        }
        self.bytes.extend_from_slice(&number.to_be_bytes());
        Ok(())
    }

    /// Fills the last group with the highest digit, so that what is cut away then never carries.
    fn finish(mut self) -> Result<Vec<u8>, Base85Error> {
        if self.count > 0 {
            let missing = 5 - self.count;
            for _ in 0..missing {
                self.push(self.start, 84)?;
            }
            self.bytes.truncate(self.bytes.len().saturating_sub(missing));
        }
        Ok(self.bytes)
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
        let alphabet: String = (0..85).map(b85_character).collect();
        assert_eq!(
            alphabet,
            "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~"
        );
        let values: Vec<u8> = alphabet.bytes().filter_map(b85_value).collect();
        assert_eq!(values, (0..85).collect::<Vec<u8>>());
        assert_eq!((0..=255).filter_map(b85_value).count(), 85);
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
        assert_eq!(a85_fault(b"<~!!~> ", ADOBE), (7, Base85Fault::NoEnd));
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
            words in prop::collection::vec(prop_oneof![Just(0), Just(SPACES), any::<u32>()], 0..20),
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
