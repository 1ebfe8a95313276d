//! A value: what Python prints of it, and how a person types it.

use core::fmt;
use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;

use crate::data::{self, DataError, Piece};
use crate::hex::digits;
use crate::sanitize;

/// One value that a format packs or unpacks.
///
/// It prints as in Python: `80`, `1e-05`, `True`, `b'ab\x00'`, `(1+2j)`. What is printed can be typed, see
/// [`parse`](Self::parse).
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// An integer, of any integer code and of `P`.
    Int(i128),
    /// A number, of `e`, `f` and `d`.
    Float(f64),
    /// Of `?`.
    Bool(bool),
    /// Of `s` and `p`.
    Bytes(Vec<u8>),
    /// One byte, of `c`.
    Char(u8),
    /// Of `F` and `D`.
    Complex {
        /// The real part.
        re: f64,
        /// The imaginary part.
        im: f64,
    },
}

impl Value {
    /// Reads a value as it is typed on a command line.
    ///
    /// Integers are decimal, or begin with `0x`, `0o` or `0b`; numbers are as in `1.5`, `-2e3`, `inf`, complex ones
    /// as in `1+2j`; `_` may stand between digits. `true` and `false` may begin with a capital. Bytes are an
    /// expression of the [`data`] grammar (`text:ab`, `hex:00ff`), or `b'ab\x00'` as Python prints them.
    ///
    /// ```
    /// use std::ffi::OsStr;
    /// use jackfield_codec::pack::Value;
    ///
    /// let parse = |text| Value::parse(OsStr::new(text));
    /// assert_eq!(parse("-0x50"), Ok(Value::Int(-80)));
    /// assert_eq!(parse("1.5"), Ok(Value::Float(1.5)));
    /// assert_eq!(parse("text:80"), Ok(Value::Bytes(b"80".to_vec())));
    /// assert_eq!(
    ///     parse("eighty").unwrap_err().to_string(),
    ///     "column 1: unknown data form \"eighty\"; did you mean text:eighty?"
    /// );
    /// ```
    ///
    /// # Errors
    /// [`ValueError`]: what is no number is read as a data expression, whose error is passed on.
    pub fn parse(text: &OsStr) -> Result<Self, ValueError> {
        if let Some(value) = text.to_str().and_then(|text| word(text).map(Ok).or_else(|| number(text))) {
            return value;
        }
        if let Some(value) = literal(text.as_bytes()) {
            return value;
        }
        let mut bytes = Vec::new();
        for piece in data::parse(text).map_err(ValueError::Data)? {
            match piece {
                Piece::Bytes(piece) => bytes.extend_from_slice(&piece),
                Piece::File(path) => return Err(ValueError::File { path }),
            }
        }
        Ok(Self::Bytes(bytes))
    }

    /// The value as an integer, if Python takes it for one.
    pub(super) fn integer(&self) -> Option<i128> {
        match *self {
            Self::Int(number) => Some(number),
            Self::Bool(truth) => Some(truth.into()),
            _ => None,
        }
    }

    /// The value as a number, if Python takes it for one that is not complex.
    pub(super) fn number(&self) -> Option<f64> {
        match *self {
            Self::Float(number) => Some(number),
            // Rounded to the nearest, ties to even, as Python does.
            _ => self.integer().map(|number| number as f64),
        }
    }

    pub(super) fn complex(&self) -> Option<(f64, f64)> {
        match *self {
            Self::Complex { re, im } => Some((re, im)),
            _ => self.number().map(|re| (re, 0.0)),
        }
    }

    pub(super) fn bytes(&self) -> Option<&[u8]> {
        match self {
            Self::Bytes(bytes) => Some(bytes),
            Self::Char(byte) => Some(core::slice::from_ref(byte)),
            _ => None,
        }
    }

    /// Whether Python takes it for true.
    pub(super) fn is_true(&self) -> bool {
        match self {
            Self::Int(number) => *number != 0,
            Self::Float(number) => *number != 0.0,
            Self::Bool(truth) => *truth,
            Self::Bytes(bytes) => !bytes.is_empty(),
            Self::Char(_) => true,
            Self::Complex { re, im } => *re != 0.0 || *im != 0.0,
        }
    }

    /// The value for an error, of which bytes may be many.
    pub(super) fn shown(&self) -> String {
        const MAX: usize = 20;
        match self.bytes().and_then(|bytes| Some((bytes.get(..MAX)?, bytes.len()))) {
            Some((head, length @ 21..)) => format!("{}… ({length} bytes)", Literal(head)),
            _ => self.to_string(),
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Int(number) => number.fmt(f),
            Self::Float(number) => {
                let text = float_text(*number);
                f.write_str(&text)?;
                // What could be an integer gets a point.
                let is_plain = text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'-'));
                f.write_str(if is_plain { ".0" } else { "" })
            }
            Self::Bool(true) => f.write_str("True"),
            Self::Bool(false) => f.write_str("False"),
            Self::Bytes(bytes) => Literal(bytes).fmt(f),
            Self::Char(byte) => Literal(&[*byte]).fmt(f),
            Self::Complex { re, im } => {
                let imaginary = float_text(*im);
                if *re == 0.0 && re.is_sign_positive() {
                    return write!(f, "{imaginary}j");
                }
                let plus = if imaginary.starts_with('-') { "" } else { "+" };
                write!(f, "({}{plus}{imaginary}j)", float_text(*re))
            }
        }
    }
}

macro_rules! from_integers {
    ($($integer:ty)*) => {$(
        impl From<$integer> for Value {
            fn from(number: $integer) -> Self {
                Self::Int(number.into())
            }
        }
    )*};
}

from_integers!(i8 u8 i16 u16 i32 u32 i64 u64 i128);

impl From<f64> for Value {
    fn from(number: f64) -> Self {
        Self::Float(number)
    }
}

impl From<bool> for Value {
    fn from(truth: bool) -> Self {
        Self::Bool(truth)
    }
}

impl From<Vec<u8>> for Value {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Bytes(bytes)
    }
}

impl From<&[u8]> for Value {
    fn from(bytes: &[u8]) -> Self {
        Self::Bytes(bytes.to_vec())
    }
}

impl<const N: usize> From<&[u8; N]> for Value {
    fn from(bytes: &[u8; N]) -> Self {
        Self::Bytes(bytes.to_vec())
    }
}

/// Why a text is no value.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ValueError {
    /// It is no number and no data expression.
    Data(DataError),
    /// It names a file, which is not read here; its bytes would be a [`Value::Bytes`].
    File {
        /// The path.
        path: OsString,
    },
    /// An integer is beyond the 128 bits of an `i128`.
    IntegerTooLarge,
    /// A number is too large for a float of 64 bits.
    FloatTooLarge,
}

impl fmt::Display for ValueError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Data(error) => error.fmt(f),
            Self::File { path } => {
                let path = sanitize(path.as_bytes());
                write!(f, "expected a value, found the file {:?}", String::from_utf8_lossy(&path))
            }
            Self::IntegerTooLarge => {
                f.write_str("expected an integer of at most 64 bits, found one of more than 128")
            }
            Self::FloatTooLarge => {
                f.write_str("expected a number from -1.7976931348623157e+308 to 1.7976931348623157e+308")
            }
        }
    }
}

impl std::error::Error for ValueError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Data(error) => Some(error),
            _ => None,
        }
    }
}

/// Bytes as Python prints them: in single quotes but where these would have to be escaped and double ones not.
struct Literal<'a>(&'a [u8]);

impl fmt::Display for Literal<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let quote = if self.0.contains(&b'\'') && !self.0.contains(&b'"') { '"' } else { '\'' };
        write!(f, "b{quote}")?;
        for &byte in self.0 {
            match byte {
                b'\t' => f.write_str("\\t"),
                b'\n' => f.write_str("\\n"),
                b'\r' => f.write_str("\\r"),
                b'\\' => f.write_str("\\\\"),
                b' '..=b'~' if char::from(byte) == quote => write!(f, "\\{quote}"),
                b' '..=b'~' => write!(f, "{}", char::from(byte)),
                _ => {
                    let [high, low] = digits(byte, false);
                    write!(f, "\\x{}{}", char::from(high), char::from(low))
                }
            }?;
        }
        write!(f, "{quote}")
    }
}

/// The fewest digits that are read back as the number, with an exponent below 1e-4 and from 1e16.
fn float_text(number: f64) -> String {
    let shortest = format!("{number:e}");
    let Some((digits, _)) = shortest.split_once('e') else {
        return if number.is_nan() { "nan".into() } else { number.to_string() };
    };
    // Where two texts of this length are equally near, Python takes the even one, and Rust the greater.
    let precision = digits.split_once('.').map_or(0, |(_, fraction)| fraction.len());
    let nearest = format!("{number:.precision$e}");
    let text = if nearest.parse() == Ok(number) { nearest } else { shortest };

    let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let (digits, exponent) = (digits.replace('.', ""), exponent.parse::<i32>().unwrap_or(0));
    let (sign, digits) = digits.strip_prefix('-').map_or(("", &*digits), |digits| ("-", digits));
    // Digits before the point.
    let point = usize::try_from(exponent + 1).unwrap_or(0);
    match exponent {
        -4..0 => {
            let zeros = "0".repeat(usize::try_from(-1 - exponent).unwrap_or(0));
            format!("{sign}0.{zeros}{digits}")
        }
        0..16 => match digits.split_at_checked(point) {
            Some((whole, fraction)) if !fraction.is_empty() => format!("{sign}{whole}.{fraction}"),
            _ => format!("{sign}{digits:0<point$}"),
        },
        _ => {
            let (first, rest) = digits.split_at_checked(1).unwrap_or((digits, ""));
            let point = if rest.is_empty() { "" } else { "." };
            let exponent_sign = if exponent < 0 { '-' } else { '+' };
            format!("{sign}{first}{point}{rest}e{exponent_sign}{:02}", exponent.unsigned_abs())
        }
    }
}

fn word(text: &str) -> Option<Value> {
    match text {
        "true" | "True" => Some(Value::Bool(true)),
        "false" | "False" => Some(Value::Bool(false)),
        _ => None,
    }
}

/// Reads an integer, a float or a complex number; nothing when the text is none.
fn number(text: &str) -> Option<Result<Value, ValueError>> {
    let text = without_underscores(text)?;
    if let Some(integer) = integer(&text) {
        return Some(integer);
    }
    if let Some(number) = float(&text) {
        return Some(number.map(Value::Float));
    }
    let inner = text.strip_prefix('(').map_or(Some(&*text), |inner| inner.strip_suffix(')'))?;
    let inner = inner.strip_suffix(['j', 'J'])?;
    // The sign between the parts; one at the beginning or behind an exponent's `e` is of a part.
    let between = inner.char_indices().rev().find(|&(at, sign)| {
        matches!(sign, '+' | '-')
            && at > 0
            && !inner.get(..at).is_some_and(|before| before.ends_with(['e', 'E']))
    });
    let (re, im) = inner.split_at_checked(between.map_or(0, |(at, _)| at))?;
    let im = match im {
        "" | "+" => Ok(1.0),
        "-" => Ok(-1.0),
        _ => float(im)?,
    };
    let re = if re.is_empty() { Ok(0.0) } else { float(re)? };
    Some(re.and_then(|re| Ok(Value::Complex { re, im: im? })))
}

fn integer(text: &str) -> Option<Result<Value, ValueError>> {
    let magnitude = text.strip_prefix(['-', '+']).unwrap_or(text);
    let prefix = magnitude.get(..2).unwrap_or("");
    let radix = match prefix {
        "0x" | "0X" => 16,
        "0o" | "0O" => 8,
        "0b" | "0B" => 2,
        _ => 10,
    };
    let digits = if radix == 10 { magnitude } else { magnitude.get(2..)? };
    if digits.is_empty() || !digits.chars().all(|digit| digit.is_digit(radix)) {
        return None;
    }
    let sign = if text.starts_with('-') { "-" } else { "" };
    let number = i128::from_str_radix(&format!("{sign}{digits}"), radix);
    Some(number.map(Value::Int).map_err(|_| ValueError::IntegerTooLarge))
}

fn float(text: &str) -> Option<Result<f64, ValueError>> {
    let number: f64 = text.parse().ok()?;
    let asked_for_infinity = !text.bytes().any(|byte| byte.is_ascii_digit());
    Some(if number.is_finite() || asked_for_infinity { Ok(number) } else { Err(ValueError::FloatTooLarge) })
}

/// The text without the `_` that stand between digits; nothing when one stands elsewhere.
fn without_underscores(text: &str) -> Option<String> {
    let parts: Vec<&str> = text.split('_').collect();
    let is_hex = text.contains(['x', 'X']);
    let digit = |c: char| c.is_digit(if is_hex { 16 } else { 10 });
    let joined_by_digits = parts
        .windows(2)
        .all(|pair| matches!(pair, [before, after] if before.ends_with(digit) && after.starts_with(digit)));
    joined_by_digits.then(|| parts.concat())
}

/// Reads `b'…'` or `b"…"`, whose escapes are those of `str:`; nothing when the text is neither.
fn literal(text: &[u8]) -> Option<Result<Value, ValueError>> {
    let (quote, inner) = match text {
        [b'b', quote @ (b'\'' | b'"'), inner @ .., last] if last == quote => (quote, inner),
        _ => return None,
    };
    let mut escaped = false;
    for byte in inner {
        if byte == quote && !escaped {
            return None;
        }
        escaped = *byte == b'\\' && !escaped;
    }
    if escaped {
        // The last quote is part of the text.
        return None;
    }
    let expression = [b"str:", inner].concat();
    Some(match data::parse(OsStr::from_bytes(&expression)) {
        Ok(pieces) => Ok(Value::Bytes(
            pieces
                .into_iter()
                .flat_map(|piece| match piece {
                    Piece::Bytes(bytes) => bytes,
                    Piece::File(_) => Vec::new(),
                })
                .collect(),
        )),
        // `b'` is shorter than `str:`.
        Err(DataError { column, fault }) => {
            Err(ValueError::Data(DataError { column: column.saturating_sub(2), fault }))
        }
    })
}
