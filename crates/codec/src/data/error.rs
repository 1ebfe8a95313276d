//! What can be wrong with a data expression: the column, what was expected, what to type instead.
//!
//! The text of an expression may come from anywhere, so what an error repeats of it is cut and sanitised.

use core::fmt;

use super::{EscapeFault, FORMS, Fault, Form, MAX_LEN, split_at_colon};
use crate::base64::Base64Fault;
use crate::escape::{Shown, sanitize_words};
use crate::hex::HexFault;

/// Where and why a data expression cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataError {
    /// Where in the expression, in bytes, the first being column 1.
    pub column: usize,
    /// What is wrong there.
    pub fault: DataFault,
}

impl fmt::Display for DataError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "column {}: {}", self.column, self.fault)
    }
}

impl std::error::Error for DataError {}

/// What can be wrong with a data expression.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DataFault {
    /// There is no expression.
    Nothing,
    /// It begins with no prefix of [`FORMS`].
    UnknownForm {
        /// What it begins with.
        found: String,
        /// What may have been meant.
        instead: String,
    },
    /// The value of `hex:` is not hex.
    Hex(HexFault),
    /// The value of `base64:` is not base64.
    Base64(Base64Fault),
    /// The value of `str:` has an escape that means nothing.
    Escape(EscapeFault),
    /// A number has something that is not a digit, or ends where a digit must be.
    NotADigit {
        /// 2, 8, 10 or 16.
        radix: u32,
        /// The byte; nothing at the end.
        found: Option<u8>,
    },
    /// The value of `f32be:` and its like is not a number.
    NotAFloat {
        /// The value.
        found: String,
    },
    /// The form's bytes cannot hold the number.
    OutOfRange {
        /// The value.
        found: String,
        /// The least number that they can hold.
        least: String,
        /// The greatest number that they can hold.
        greatest: String,
        /// The prefix of a form that can hold it, if there is one.
        instead: Option<&'static str>,
    },
    /// `repeat:` has no expression after its count.
    NothingToRepeat,
    /// `repeat:` has a file after its count.
    RepeatedFile,
    /// `@` or `file:` has no path after it.
    NoPath,
    /// The expression stands for more than [`MAX_LEN`] bytes.
    TooLong {
        /// How many it stands for.
        bytes: u128,
    },
}

impl fmt::Display for DataFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nothing => f.write_str("expected a data form such as text:hello, found nothing"),
            Self::UnknownForm { found, instead } => {
                write!(f, "unknown data form \"{found}\"; did you mean {instead}?")
            }
            Self::Hex(fault) => fault.fmt(f),
            Self::Base64(fault) => fault.fmt(f),
            Self::Escape(fault) => fault.fmt(f),
            Self::NotADigit { radix, found } => not_a_digit(*radix, *found, f),
            Self::NotAFloat { found } => {
                write!(f, "expected a number such as 1.5, -2e3, inf or nan, found \"{found}\"")
            }
            Self::OutOfRange { found, least, greatest, instead } => {
                write!(f, "expected a number from {least} to {greatest}, found {found}")?;
                instead.map_or(Ok(()), |prefix| write!(f, "; {prefix} can hold it"))
            }
            Self::NothingToRepeat => {
                f.write_str("expected ':' and an expression after the count, as in repeat:3:text:ab")
            }
            Self::RepeatedFile => {
                f.write_str("expected bytes to repeat, found a file; give the file as often as it is wanted")
            }
            Self::NoPath => f.write_str("expected the path of a file, found nothing"),
            Self::TooLong { bytes } => {
                write!(f, "expected at most {MAX_LEN} bytes in one expression, found {bytes}; use a file")
            }
        }
    }
}

impl Fault {
    /// The fault of an expression that begins with no known prefix.
    pub(super) fn unknown_form(expression: &[u8]) -> Self {
        let fault = if expression.is_empty() {
            DataFault::Nothing
        } else {
            DataFault::UnknownForm { found: shown(expression), instead: instead_of(expression) }
        };
        Self { offset: 0, fault }
    }
}

/// What an error repeats of an expression: its beginning, on one line, with nothing that acts on a terminal.
pub(super) fn shown(text: &[u8]) -> String {
    const MAX: usize = 40;
    // Not in the middle of a character.
    let is_boundary = |&at: &usize| !matches!(text.get(at), Some(0x80..=0xbf));
    let cut = (MAX - 3..=MAX).rev().find(is_boundary).unwrap_or(MAX);
    let (head, cut) = match text.split_at_checked(cut) {
        Some((head, [_, ..])) => (head, "…"),
        _ => (text, ""),
    };
    let clean = sanitize_words(head);
    String::from_utf8_lossy(&clean).replace('\n', "\\n").replace('\t', "\\t") + cut
}

/// What someone may have meant who typed an unknown form.
fn instead_of(expression: &[u8]) -> String {
    if let Some((name, value)) = split_at_colon(expression) {
        let near: Vec<String> =
            near_forms(name).map(|form| format!("{}{}", form.prefix, shown(value))).collect();
        if !near.is_empty() {
            return near.join(" or ");
        }
    }
    let typed = shown(expression);
    let is_path = [b"/".as_slice(), b"./", b"../", b"~/"].iter().any(|start| expression.starts_with(start));
    if is_path { format!("@{typed} or text:{typed}") } else { format!("text:{typed}") }
}

/// The forms, at most two, whose prefix this may have been meant to be.
fn near_forms(name: &[u8]) -> impl Iterator<Item = &'static Form> {
    // Longer than every prefix and its misspellings: an address, a sentence.
    const LONGEST: usize = 12;
    let name = if name.len() > LONGEST { Vec::new() } else { name.to_ascii_lowercase() };
    let distance = move |form: &Form| {
        let known = form.prefix.trim_end_matches(':').as_bytes();
        let shorter = name.len().min(known.len());
        if shorter >= 2 && (known.starts_with(&name) || name.starts_with(known)) {
            return Some(0);
        }
        let allowed = if shorter <= 3 { 1 } else { 2 };
        Some(edits(&name, known)).filter(|&edits| shorter >= 2 && edits <= allowed)
    };
    let least = FORMS.iter().filter_map(&distance).min();
    FORMS.iter().filter(move |form| least.is_some() && distance(form) == least).take(2)
}

/// How many letters must be put in, left out or changed to make one word of the other (Levenshtein's distance).
fn edits(from: &[u8], to: &[u8]) -> usize {
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (index, from) in from.iter().enumerate() {
        let mut next = vec![index + 1];
        let mut left = index + 1;
        for (to, pair) in to.iter().zip(row.windows(2)) {
            if let [diagonal, above] = *pair {
                left = (diagonal + usize::from(from != to)).min(above + 1).min(left + 1);
                next.push(left);
            }
        }
        row = next;
    }
    row.last().copied().unwrap_or(0)
}

fn not_a_digit(radix: u32, found: Option<u8>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let digit = match radix {
        16 => "a hex digit",
        8 => "an octal digit",
        2 => "a binary digit",
        _ => "a decimal digit",
    };
    match found {
        None => write!(f, "expected {digit}, found the end"),
        Some(found) if radix == 10 && found.is_ascii_hexdigit() => {
            write!(f, "expected {digit}, found {}; hex begins with 0x", Shown(found))
        }
        Some(found) => write!(f, "expected {digit}, found {}", Shown(found)),
    }
}
