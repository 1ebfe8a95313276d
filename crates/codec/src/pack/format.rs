//! A format: read once into the place of every value.

use core::fmt;

use super::{CODES, Code, Kind, Order};
use crate::escape::sanitize;

/// The layout that a format string stands for.
///
/// The first character may say byte order, sizes and alignment: `@` or nothing for this machine's, `=` for its
/// order alone, `<` little-endian, `>` or `!` (network order) big-endian, the last four with standard sizes and no
/// alignment. After it come codes ([`CODES`]), each with an optional count before it: `4H` is `HHHH`, but `4s` is
/// four bytes as one value. ASCII white space may stand between codes.
///
/// ```
/// use jackfield_codec::pack::{Format, Value};
///
/// let header = Format::parse("!HHI4s")?;
/// let values = [Value::from(80), 443.into(), 1.into(), b"jack".into()];
/// assert_eq!(header.size(), 12);
/// assert_eq!(header.pack(&values)?, b"\0\x50\x01\xbb\0\0\0\x01jack");
/// assert_eq!(header.unpack(b"\0\x50\x01\xbb\0\0\0\x01jack")?, values);
///
/// assert_eq!(
///     header.pack(&[80.into(), 70_000.into(), 1.into(), b"".into()]).unwrap_err().to_string(),
///     "value 2, for 'H' at column 3: expected an integer from 0 to 65535, found 70000"
/// );
/// assert_eq!(
///     Format::parse("!HK").unwrap_err().to_string(),
///     "column 3: unknown format code 'K'; the codes are xcbB?hHiIlLqQnNefdFDspP"
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Format {
    pub(super) items: Vec<Item>,
    pub(super) order: Order,
    /// Sizes and alignment are this machine's.
    pub(super) native: bool,
    size: usize,
    values: usize,
}

/// Values of one code, one behind the other.
#[derive(Clone, Copy, Debug)]
pub(super) struct Item {
    pub(super) code: &'static Code,
    /// Bytes of one value.
    pub(super) size: usize,
    pub(super) count: usize,
    /// Where the first value begins.
    pub(super) offset: usize,
    /// Where the code stands in the format; the first column is 1.
    pub(super) column: usize,
}

impl Format {
    /// Reads a format string.
    ///
    /// # Errors
    /// [`FormatError`] with the column, and what was expected there.
    pub fn parse(text: &str) -> Result<Self, FormatError> {
        let (prefix, order, native) = match text.as_bytes().first() {
            Some(b'@') => (1, Order::NATIVE, true),
            Some(b'=') => (1, Order::NATIVE, false),
            Some(b'<') => (1, Order::Little, false),
            Some(b'>' | b'!') => (1, Order::Big, false),
            _ => (0, Order::NATIVE, true),
        };
        let mut format = Self { items: Vec::new(), order, native, size: 0, values: 0 };
        let mut count = None;
        for (index, found) in text.char_indices().skip(prefix) {
            let column = index + 1;
            let error = |fault| FormatError { column, fault };
            if let Some(digit) = found.to_digit(10) {
                let so_far: usize = count.unwrap_or(0);
                let longer = usize::try_from(digit)
                    .ok()
                    .and_then(|digit| so_far.checked_mul(10)?.checked_add(digit))
                    .ok_or_else(|| error(FormatFault::TooLong))?;
                count = Some(longer);
            } else if is_space(found) {
                if count.is_some() {
                    return Err(error(FormatFault::NoCode { found: Some(found) }));
                }
            } else {
                let code = find_code(found, native).map_err(error)?;
                format.add(code, count.take(), column).ok_or_else(|| error(FormatFault::TooLong))?;
            }
        }
        match count {
            Some(_) => {
                Err(FormatError { column: text.len() + 1, fault: FormatFault::NoCode { found: None } })
            }
            None => Ok(format),
        }
    }

    /// Returns how many bytes the format packs to, padding included; Python's `calcsize`.
    #[must_use]
    pub const fn size(&self) -> usize {
        self.size
    }

    /// Returns how many values the format takes.
    #[must_use]
    pub const fn values(&self) -> usize {
        self.values
    }

    /// Puts values of a code behind what there is; nothing when the size has no number.
    fn add(&mut self, code: &'static Code, count: Option<usize>, column: usize) -> Option<()> {
        let (size, align) = match code.standard_size {
            Some(size) if !self.native => (size, 1),
            _ => (code.native_size, code.native_align),
        };
        let offset = self.size.checked_next_multiple_of(align)?;
        let count = count.unwrap_or(1);
        let end = size.checked_mul(count)?.checked_add(offset)?;
        // As large as memory can be, for Python and for Rust.
        self.size = isize::try_from(end).is_ok().then_some(end)?;
        let (size, count) = if code.kind.counts_bytes() { (count, 1) } else { (size, count) };
        if code.kind != Kind::Pad && count > 0 {
            self.values = self.values.checked_add(count)?;
            self.items.push(Item { code, size, count, offset, column });
        }
        Some(())
    }
}

/// Where and why a format string cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormatError {
    /// Where in the format, in bytes, the first being column 1.
    pub column: usize,
    /// What is wrong there.
    pub fault: FormatFault,
}

impl fmt::Display for FormatError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "column {}: {}", self.column, self.fault)
    }
}

impl std::error::Error for FormatError {}

/// What can be wrong with a format string.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FormatFault {
    /// A character is no code.
    UnknownCode {
        /// The character.
        found: char,
    },
    /// One of `@=<>!` stands elsewhere than at the beginning.
    StrayPrefix {
        /// The prefix.
        found: char,
    },
    /// The code has a size on this machine, but no standard size.
    NativeOnly {
        /// The code.
        found: char,
    },
    /// A count has no code directly behind it.
    NoCode {
        /// The white space that is there instead; nothing at the end.
        found: Option<char>,
    },
    /// The size is more than memory can have: `isize::MAX`.
    TooLong,
}

impl fmt::Display for FormatFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::UnknownCode { found } => {
                let mut utf8 = [0; 4];
                let shown = sanitize(found.encode_utf8(&mut utf8).as_bytes());
                write!(f, "unknown format code '{}'; the codes are ", String::from_utf8_lossy(&shown))?;
                CODES.iter().try_for_each(|code| write!(f, "{}", code.letter))
            }
            Self::StrayPrefix { found } => {
                write!(f, "expected '{found}' only at the beginning of the format, found it elsewhere")
            }
            Self::NativeOnly { found } => {
                let instead = if found == 'n' { 'q' } else { 'Q' };
                write!(
                    f,
                    "'{found}' has no standard size; use it with '@' or no prefix, or write {instead} for 8 bytes"
                )
            }
            Self::NoCode { found: Some(_) } => f.write_str(
                "expected a format code after the count, found white space; put it before the count",
            ),
            Self::NoCode { found: None } => f.write_str(
                "expected a format code after the count, found the end; counts stand before codes, as in 4H",
            ),
            Self::TooLong => {
                write!(f, "expected a format of at most {} bytes, found a longer one", isize::MAX)
            }
        }
    }
}

fn find_code(found: char, native: bool) -> Result<&'static Code, FormatFault> {
    match CODES.iter().find(|code| code.letter == found) {
        Some(code) if native || code.standard_size.is_some() => Ok(code),
        Some(_) => Err(FormatFault::NativeOnly { found }),
        None if matches!(found, '@' | '=' | '<' | '>' | '!') => Err(FormatFault::StrayPrefix { found }),
        None => Err(FormatFault::UnknownCode { found }),
    }
}

/// C's `isspace`, which counts the vertical tab where Rust does not.
const fn is_space(found: char) -> bool {
    found.is_ascii_whitespace() || found == '\x0b'
}
