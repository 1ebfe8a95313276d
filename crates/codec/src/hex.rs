//! Bytes as plain hex and back: RFC 4648 section 8, in lower case.
//!
//! Decoding comes in two forms: [`decode`] takes digits alone, for what a program wrote; [`decode_spaced`] also takes
//! the marks that people put between bytes, as in `de:ad:be:ef` or `dead beef`. Both say where they stopped and why.
//! [`Encoder`] and [`Decoder`] are streams; [`Plain`] writes lines.

use core::convert::Infallible;
use core::fmt;

use crate::Buffer;
use crate::base::text;
use crate::escape::Shown;
use crate::simd::{self, Level};
use crate::stream::{Transform, whole};

/// Writes the bytes as hex, two lower-case digits each.
///
/// ```
/// assert_eq!(jackfield_codec::hex::encode(b"jack"), "6a61636b");
/// ```
#[must_use]
pub fn encode(bytes: &[u8]) -> String {
    let Ok(digits) = whole(Encoder::new(false), bytes);
    text(digits)
}

/// Reads bytes written as hex in upper or lower case, and nothing but hex.
///
/// # Errors
/// [`HexError`] at the first byte that is not a hex digit, or at the last digit when their number is odd.
pub fn decode(text: &[u8]) -> Result<Vec<u8>, HexError> {
    whole(Decoder::new(), text)
}

/// Reads bytes written as hex with white space or one `:` or `-` between bytes.
///
/// White space may stand before, between and after bytes, in any amount; `:` and `-` only between two bytes, so
/// that an address with a part left out is not taken for bytes. Nothing may stand inside a byte.
///
/// ```
/// use jackfield_codec::hex::decode_spaced;
///
/// assert_eq!(decode_spaced(b"de:ad be-ef\n"), Ok(vec![0xde, 0xad, 0xbe, 0xef]));
/// assert_eq!(
///     decode_spaced(b"de:a").unwrap_err().to_string(),
///     "offset 3: expected two hex digits for a byte, found one"
/// );
/// ```
///
/// # Errors
/// As [`decode`], and at a `:` or `-` that does not stand between two bytes.
pub fn decode_spaced(text: &[u8]) -> Result<Vec<u8>, HexError> {
    let fault = |offset, fault| Err(HexError { offset, fault });
    let mut bytes = Vec::with_capacity(text.len() / 2);
    // The mark after which a byte must come.
    let mut mark = None;
    let mut input = text.iter().copied().enumerate();
    while let Some((offset, first)) = input.next() {
        match first {
            b':' | b'-' => {
                if bytes.is_empty() || mark.is_some() {
                    return fault(offset, HexFault::StraySeparator { found: first });
                }
                mark = Some((offset, first));
                continue;
            }
            _ if first.is_ascii_whitespace() => continue,
            _ => {}
        }
        let Some(high) = value(first) else {
            return fault(offset, HexFault::NotADigit { found: first });
        };
        let Some((second_offset, second)) = input.next() else {
            return fault(offset, HexFault::HalfByte);
        };
        match value(second) {
            Some(low) => bytes.push(high << 4 | low),
            None if is_separator(second) => return fault(offset, HexFault::HalfByte),
            None => return fault(second_offset, HexFault::NotADigit { found: second }),
        }
        mark = None;
    }
    match mark {
        Some((offset, found)) => fault(offset, HexFault::StraySeparator { found }),
        None => Ok(bytes),
    }
}

/// Writes digits of bytes that arrive in pieces, and nothing else.
#[derive(Clone, Copy, Debug, Default)]
pub struct Encoder {
    upper_case: bool,
}

impl Encoder {
    /// Makes an encoder.
    #[must_use]
    pub const fn new(upper_case: bool) -> Self {
        Self { upper_case }
    }
}

impl Transform for Encoder {
    type Error = Infallible;

    fn push(&mut self, bytes: &[u8], out: &mut Buffer) -> Result<(), Infallible> {
        let digits = bytes.len().saturating_mul(2);
        simd::hex::encode(Level::best(), bytes, out.room(digits), self.upper_case);
        out.commit(digits);
        Ok(())
    }

    fn finish(&mut self, _: &mut Buffer) -> Result<(), Infallible> {
        Ok(())
    }
}

/// Reads digits in upper or lower case that arrive in pieces, and nothing else: [`decode`] as a stream.
#[derive(Clone, Copy, Debug, Default)]
pub struct Decoder {
    /// The first digit of a byte whose second one has not come.
    high: Option<u8>,
    /// Digits that were taken.
    at: usize,
}

impl Decoder {
    /// Makes a decoder.
    #[must_use]
    pub const fn new() -> Self {
        Self { high: None, at: 0 }
    }

    /// Takes one character.
    fn digit(&mut self, found: u8, out: &mut Buffer) -> Result<(), HexError> {
        let not_a_digit = HexError { offset: self.at, fault: HexFault::NotADigit { found } };
        let digit = value(found).ok_or(not_a_digit)?;
        self.at += 1;
        match self.high.take() {
            Some(high) => out.push(high << 4 | digit),
            None => self.high = Some(digit),
        }
        Ok(())
    }
}

impl Transform for Decoder {
    type Error = HexError;

    fn push(&mut self, bytes: &[u8], out: &mut Buffer) -> Result<(), HexError> {
        let mut rest = bytes;
        if let (Some(_), Some((&first, behind))) = (self.high, rest.split_first()) {
            self.digit(first, out)?;
            rest = behind;
        }
        let most = rest.len() / 2;
        let room = out.room(most).get_mut(..most).unwrap_or(&mut []);
        let count = simd::hex::decode(Level::best(), rest, room);
        out.commit(count);
        self.at = self.at.saturating_add(count * 2);
        // The pair with the fault, or a last digit.
        rest.get(count * 2..).unwrap_or(&[]).iter().try_for_each(|&found| self.digit(found, out))
    }

    fn finish(&mut self, _: &mut Buffer) -> Result<(), HexError> {
        match self.high {
            Some(_) => Err(HexError { offset: self.at.saturating_sub(1), fault: HexFault::HalfByte }),
            None => Ok(()),
        }
    }
}

/// Where and why bytes are not hex.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HexError {
    /// Bytes before the one that is wrong.
    pub offset: usize,
    /// What is wrong there.
    pub fault: HexFault,
}

impl fmt::Display for HexError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "offset {}: {}", self.offset, self.fault)
    }
}

impl std::error::Error for HexError {}

/// What can be wrong with hex.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum HexFault {
    /// A byte is not one of `0`–`9`, `a`–`f`, `A`–`F`.
    NotADigit {
        /// The byte.
        found: u8,
    },
    /// A digit has no second one beside it, as when the number of digits is odd.
    HalfByte,
    /// A `:` or `-` does not stand between two bytes.
    StraySeparator {
        /// The separator.
        found: u8,
    },
}

impl fmt::Display for HexFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::NotADigit { found: found @ (b'x' | b'X') } => {
                write!(f, "expected a hex digit, found {}; leave out the 0x", Shown(found))
            }
            Self::NotADigit { found } => write!(f, "expected a hex digit, found {}", Shown(found)),
            Self::HalfByte => f.write_str("expected two hex digits for a byte, found one"),
            Self::StraySeparator { found } => {
                write!(f, "expected {} only between two bytes, found it elsewhere", Shown(found))
            }
        }
    }
}

/// The two digits of a byte.
pub(crate) fn digits(byte: u8, upper_case: bool) -> [u8; 2] {
    [byte >> 4, byte & 0xf].map(|nibble| match (nibble, upper_case) {
        (0..=9, _) => b'0' + nibble,
        (_, false) => b'a' + (nibble - 10),
        (_, true) => b'A' + (nibble - 10),
    })
}

/// The value of a digit.
pub(crate) fn value(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    }
}

fn is_separator(byte: u8) -> bool {
    matches!(byte, b':' | b'-') || byte.is_ascii_whitespace()
}

/// Writes the bytes as hex with a separator between groups of them; Python's `binascii.hexlify`.
///
/// Groups of `bytes_per_sep` bytes are counted from the right, so that the first may be shorter, and from the left
/// when it is negative. 0 puts no separator.
///
/// ```
/// use jackfield_codec::hex::hexlify;
///
/// assert_eq!(hexlify(b"\x01\x02\x03", Some(b':'), 1), b"01:02:03");
/// assert_eq!(hexlify(b"\x01\x02\x03", Some(b' '), 2), b"01 0203");
/// assert_eq!(hexlify(b"\x01\x02\x03", Some(b' '), -2), b"0102 03");
/// ```
#[must_use]
pub fn hexlify(bytes: &[u8], sep: Option<u8>, bytes_per_sep: isize) -> Vec<u8> {
    let group = bytes_per_sep.unsigned_abs();
    let (Some(sep), 1..) = (sep, group) else { return encode(bytes).into_bytes() };
    let first = if bytes_per_sep > 0 { bytes.len() % group } else { 0 };
    let (head, tail) = bytes.split_at_checked(first).unwrap_or((&[], bytes));
    let mut text = Vec::with_capacity(bytes.len().saturating_mul(2).saturating_add(bytes.len() / group));
    for part in core::iter::once(head).filter(|head| !head.is_empty()).chain(tail.chunks(group)) {
        if !text.is_empty() {
            text.push(sep);
        }
        text.extend(part.iter().flat_map(|&byte| digits(byte, false)));
    }
    text
}

/// Reads bytes written as hex, an even number of digits and nothing else; Python's `binascii.unhexlify`.
///
/// # Errors
/// As [`decode`], which it is.
pub fn unhexlify(text: &[u8]) -> Result<Vec<u8>, HexError> {
    decode(text)
}

/// Reads bytes written as hex with ASCII white space between them; Python's `bytes.fromhex`.
///
/// ```
/// use jackfield_codec::hex::fromhex;
///
/// assert_eq!(fromhex(b"dead be\tef\n"), Ok(vec![0xde, 0xad, 0xbe, 0xef]));
/// assert_eq!(
///     fromhex(b"de a").unwrap_err().to_string(),
///     "offset 3: expected two hex digits for a byte, found one"
/// );
/// ```
///
/// # Errors
/// [`HexError`] at the first byte that is neither, and at a digit that has no second one directly behind it.
pub fn fromhex(text: &[u8]) -> Result<Vec<u8>, HexError> {
    let mut bytes = vec![0; text.len() / 2];
    let known = simd::hex::decode(Level::best(), text, &mut bytes);
    bytes.truncate(known);
    let mut input = text.iter().copied().enumerate().skip(known * 2);
    while let Some((offset, first)) = input.next() {
        if is_space(first) {
            continue;
        }
        let not_a_digit = |offset, found| HexError { offset, fault: HexFault::NotADigit { found } };
        let high = value(first).ok_or_else(|| not_a_digit(offset, first))?;
        match input.next().map(|(offset, second)| (offset, second, value(second))) {
            Some((.., Some(low))) => bytes.push(high << 4 | low),
            Some((offset, second, None)) if !is_space(second) => return Err(not_a_digit(offset, second)),
            _ => return Err(HexError { offset, fault: HexFault::HalfByte }),
        }
    }
    Ok(bytes)
}

/// What C and Python call white space: Rust does not count the vertical tab.
const fn is_space(byte: u8) -> bool {
    byte.is_ascii_whitespace() || byte == 0x0b
}

/// Writes digits in lines, as `xxd -p` does: a [`Transform`] without faults.
///
/// ```
/// use jackfield_codec::{hex, stream};
///
/// assert_eq!(stream::whole(hex::Plain::new(4, false), b"jackfield"), Ok(b"6a61636b\n6669656c\n64\n".to_vec()));
/// ```
#[derive(Clone, Debug)]
pub struct Plain {
    /// Bytes of a line; 0 is a line without end.
    width: usize,
    upper_case: bool,
    /// Bytes that the last line has.
    at: usize,
}

impl Plain {
    /// Makes a writer of lines with so many bytes; 0 is one line without end. xxd has 30.
    #[must_use]
    pub const fn new(width: usize, upper_case: bool) -> Self {
        Self { width, upper_case, at: 0 }
    }

    /// Appends digits, each line behind a prefix.
    pub(crate) fn push_after(&mut self, prefix: &str, bytes: &[u8], out: &mut Buffer) {
        let mut rest = bytes;
        while !rest.is_empty() {
            if self.at == 0 && self.width > 0 && prefix.is_empty() {
                rest = self.lines(rest, out);
            }
            let missing = if self.width == 0 { rest.len() } else { self.width.saturating_sub(self.at) };
            let (part, tail) = rest.split_at(missing.min(rest.len()));
            if self.at == 0 && !part.is_empty() {
                out.extend_from_slice(prefix.as_bytes());
            }
            let digits = part.len().saturating_mul(2);
            let room = out.room(digits);
            simd::hex::encode(Level::best(), part, room, self.upper_case);
            out.commit(digits);
            self.at = self.at.saturating_add(part.len());
            if self.at == self.width {
                self.end(out);
            }
            rest = tail;
        }
    }

    /// Appends the end of the last line, if it has begun.
    pub(crate) fn end(&mut self, out: &mut Buffer) {
        if self.at > 0 || self.width == 0 {
            out.push(b'\n');
        }
        self.at = 0;
    }

    /// Appends full lines, and returns what fills none.
    fn lines<'a>(&self, bytes: &'a [u8], out: &mut Buffer) -> &'a [u8] {
        let count = bytes.len() / self.width;
        let characters = count.saturating_mul(self.width.saturating_mul(2).saturating_add(1));
        let room = out.room(characters);
        let room = room.get_mut(..characters).unwrap_or(&mut []);
        let lines = simd::hex::encode_lines(Level::best(), self.width, bytes, room, self.upper_case);
        out.commit(if lines == count { characters } else { 0 });
        bytes.get(lines * self.width..).unwrap_or(&[])
    }
}

impl Transform for Plain {
    type Error = Infallible;

    fn push(&mut self, bytes: &[u8], out: &mut Buffer) -> Result<(), Infallible> {
        self.push_after("", bytes, out);
        Ok(())
    }

    fn finish(&mut self, out: &mut Buffer) -> Result<(), Infallible> {
        self.end(out);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn fault(result: Result<Vec<u8>, HexError>) -> (usize, HexFault) {
        let error = result.unwrap_err();
        (error.offset, error.fault)
    }

    #[test]
    fn rfc_4648_section_10() {
        assert_eq!(encode(b"foobar"), "666f6f626172");
        assert_eq!(decode(b"666F6F626172").unwrap(), b"foobar");
        assert_eq!(encode(b""), "");
        assert_eq!(decode(b"").unwrap(), b"");
    }

    #[test]
    fn strict_decoding_takes_digits_alone() {
        assert_eq!(fault(decode(b"00 11")), (2, HexFault::NotADigit { found: b' ' }));
        assert_eq!(fault(decode(b"00:11")), (2, HexFault::NotADigit { found: b':' }));
        assert_eq!(fault(decode(b"0 011")), (1, HexFault::NotADigit { found: b' ' }));
        assert_eq!(fault(decode(b"001g")), (3, HexFault::NotADigit { found: b'g' }));
        assert_eq!(fault(decode(b"001")), (2, HexFault::HalfByte));
    }

    #[test]
    fn separators_stand_between_bytes() {
        assert_eq!(decode_spaced(b" 00 : 11\t22-33\r\n4455 ").unwrap(), b"\x00\x11\x22\x33\x44\x55");
        assert_eq!(decode_spaced(b" \n").unwrap(), b"");
        assert_eq!(fault(decode_spaced(b":00")), (0, HexFault::StraySeparator { found: b':' }));
        assert_eq!(fault(decode_spaced(b"20::11")), (3, HexFault::StraySeparator { found: b':' }));
        assert_eq!(fault(decode_spaced(b"20: -11")), (4, HexFault::StraySeparator { found: b'-' }));
        assert_eq!(fault(decode_spaced(b"20- ")), (2, HexFault::StraySeparator { found: b'-' }));
        assert_eq!(fault(decode_spaced(b"2:00")), (0, HexFault::HalfByte));
        assert_eq!(fault(decode_spaced(b"200 1")), (2, HexFault::HalfByte));
        assert_eq!(fault(decode_spaced(b"00,11")), (2, HexFault::NotADigit { found: b',' }));
    }

    #[test]
    fn errors_say_where_what_and_what_else() {
        let said = |text: &[u8]| decode(text).unwrap_err().to_string();
        assert_eq!(said(b"0x41"), "offset 1: expected a hex digit, found 'x'; leave out the 0x");
        assert_eq!(said(b"4\x1b"), "offset 1: expected a hex digit, found 0x1b");
        assert_eq!(
            decode_spaced(b"41:").unwrap_err().to_string(),
            "offset 2: expected ':' only between two bytes, found it elsewhere"
        );
    }

    fn plain(width: usize, pieces: &[&[u8]]) -> String {
        let mut out = Buffer::new();
        let mut plain = Plain::new(width, false);
        pieces.iter().for_each(|piece| plain.push_after("", piece, &mut out));
        plain.end(&mut out);
        String::from_utf8(out.into()).unwrap()
    }

    #[test]
    fn lines_of_digits_end_where_they_are_full() {
        assert_eq!(plain(3, &[b"abc", b"def"]), "616263\n646566\n");
        assert_eq!(plain(3, &[b"ab", b"", b"cdefg"]), "616263\n646566\n67\n");
        assert_eq!(plain(0, &[b"ab", b"cdefg"]), "61626364656667\n");
        assert_eq!(plain(1, &[]), "");
        assert_eq!(plain(0, &[]), "\n");
        assert_eq!(plain(usize::MAX, &[b"ab"]), "6162\n");
    }

    #[test]
    fn separators_are_counted_from_the_right_or_the_left() {
        let text = |bytes_per_sep| String::from_utf8(hexlify(b"abcde", Some(b'-'), bytes_per_sep)).unwrap();
        assert_eq!(text(1), "61-62-63-64-65");
        assert_eq!(text(2), "61-6263-6465");
        assert_eq!(text(-2), "6162-6364-65");
        assert_eq!(text(5), "6162636465");
        assert_eq!(text(isize::MIN), "6162636465");
        assert_eq!(text(0), "6162636465");
        assert_eq!(hexlify(b"abcde", None, 1), b"6162636465");
        assert_eq!(hexlify(b"", Some(b':'), 1), b"");
    }

    #[test]
    fn white_space_alone_stands_between_bytes_for_fromhex() {
        assert_eq!(fromhex(b" 00\t11\n22\r33\x0b44\x0c55 ").unwrap(), b"\x00\x11\x22\x33\x44\x55");
        assert_eq!(fault(fromhex(b"00 1 1")), (3, HexFault::HalfByte));
        assert_eq!(fault(fromhex(b"00:11")), (2, HexFault::NotADigit { found: b':' }));
        assert_eq!(fault(fromhex(b"001")), (2, HexFault::HalfByte));
        assert_eq!(fault(fromhex(b"0x11")), (1, HexFault::NotADigit { found: b'x' }));
        assert_eq!(fault(unhexlify(b"00 11")), (2, HexFault::NotADigit { found: b' ' }));
    }

    proptest! {
        #[test]
        fn fromhex_undoes_hexlify(bytes: Vec<u8>, group in -20isize..20) {
            let text = hexlify(&bytes, Some(b' '), group);
            prop_assert_eq!(&fromhex(&text).unwrap(), &bytes);
            let digits: Vec<u8> = text.into_iter().filter(|&byte| byte != b' ').collect();
            prop_assert_eq!(&unhexlify(&digits).unwrap(), &bytes);
        }

        #[test]
        fn any_cut_gives_the_same_lines(
            bytes in prop::collection::vec(any::<u8>(), 0..200),
            width in 0usize..40,
            at: prop::sample::Index,
        ) {
            let (head, tail) = bytes.split_at(at.index(bytes.len() + 1));
            let mut expected = String::new();
            for line in bytes.chunks(if width == 0 { usize::MAX } else { width }) {
                expected += &encode(line);
                expected.push('\n');
            }
            if width == 0 && bytes.is_empty() {
                expected.push('\n');
            }
            prop_assert_eq!(plain(width, &[head, tail]), expected);
        }

        #[test]
        fn decode_undoes_encode(bytes: Vec<u8>) {
            let text = encode(&bytes);
            prop_assert_eq!(&decode(text.as_bytes()).unwrap(), &bytes);
            prop_assert_eq!(&decode(text.to_uppercase().as_bytes()).unwrap(), &bytes);
            prop_assert_eq!(decode_spaced(text.as_bytes()).unwrap(), bytes);
        }

        #[test]
        fn every_separator_between_bytes_is_skipped(
            bytes: Vec<u8>,
            mark in prop::sample::select(vec![" ", "\n", ":", "-", " : "]),
        ) {
            let text: Vec<String> = bytes.iter().map(|&byte| encode(&[byte])).collect();
            prop_assert_eq!(decode_spaced(text.join(mark).as_bytes()).unwrap(), bytes);
        }

        #[test]
        fn arbitrary_text_gives_bytes_or_a_place_inside_it(text in prop_oneof![
            any::<Vec<u8>>(),
            "[0-9a-fA-F:x \\-\n]{0,24}".prop_map(String::into_bytes),
        ]) {
            for result in [decode(&text), decode_spaced(&text)] {
                if let Err(error) = result {
                    prop_assert!(error.offset < text.len());
                }
            }
            if let Ok(bytes) = decode(&text) {
                prop_assert_eq!(encode(&bytes).into_bytes(), text.to_ascii_lowercase());
                prop_assert_eq!(decode_spaced(&text), Ok(bytes));
            }
        }
    }
}
