//! Packing: each value is converted as Python converts it, or refused with what its code takes.

use core::fmt;

use super::float::{to_f16, to_f32};
use super::{Format, Item, Kind, Order, Value};

/// The most bytes that one call packs: 1 GiB. A format may stand for more, since it may be all padding.
pub const MAX_LEN: usize = 1 << 30;

impl Format {
    /// Packs the values; padding is zero.
    ///
    /// Integer codes take integers and booleans; float codes take floats, too, and complex ones whatever is a
    /// number. `?` takes anything: zero and nothing are false. `s` cuts what is too long and fills with zeros; so
    /// does `p`, whose first byte is the length (at most 255). `f` and `F` without a prefix or after `@` turn a
    /// number that is too large into infinity, as C does and Python with it; elsewhere it is an error.
    ///
    /// # Errors
    /// [`PackError`]: the number of values, a value that its code does not take, more than [`MAX_LEN`] bytes.
    pub fn pack(&self, values: &[Value]) -> Result<Vec<u8>, PackError> {
        if values.len() != self.values() {
            return Err(PackError::Count { expected: self.values(), found: values.len() });
        }
        if self.size() > MAX_LEN {
            return Err(PackError::TooLong { bytes: self.size() });
        }
        let mut bytes = vec![0; self.size()];
        let mut left = values.iter().enumerate();
        for item in &self.items {
            for (place, (index, value)) in item.places().zip(left.by_ref()) {
                let place = bytes.get_mut(place).unwrap_or(&mut []);
                write(value, item.code.kind, self.order, self.native, place).map_err(|fault| {
                    PackError::Value { number: index + 1, code: item.code.letter, column: item.column, fault }
                })?;
            }
        }
        Ok(bytes)
    }

    /// Packs the values into a buffer at an offset; on an error the buffer is as it was.
    ///
    /// # Errors
    /// As [`pack`](Self::pack), and when the bytes do not fit behind the offset.
    pub fn pack_into(&self, buffer: &mut [u8], offset: usize, values: &[Value]) -> Result<(), PackError> {
        let have = buffer.len();
        let place = offset.checked_add(self.size()).and_then(|end| buffer.get_mut(offset..end));
        let need = self.size();
        let place = place.ok_or(PackError::NoRoom { need, offset, have })?;
        place.copy_from_slice(&self.pack(values)?);
        Ok(())
    }
}

/// Why values cannot be packed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PackError {
    /// There are more or fewer values than the format takes.
    Count {
        /// How many the format takes.
        expected: usize,
        /// How many there are.
        found: usize,
    },
    /// A code does not take a value.
    Value {
        /// Which value; the first is 1.
        number: usize,
        /// The code.
        code: char,
        /// Where the code stands in the format, the first column being 1.
        column: usize,
        /// What the code takes.
        fault: PackFault,
    },
    /// The buffer ends before the bytes would.
    NoRoom {
        /// Bytes of the format.
        need: usize,
        /// Where they were to begin.
        offset: usize,
        /// Bytes of the buffer.
        have: usize,
    },
    /// The format is longer than [`MAX_LEN`].
    TooLong {
        /// Bytes of the format.
        bytes: usize,
    },
}

impl fmt::Display for PackError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Count { expected: 1, found } => write!(f, "the format takes 1 value, found {found}"),
            Self::Count { expected, found } => write!(f, "the format takes {expected} values, found {found}"),
            Self::Value { number, code, column, fault } => {
                write!(f, "value {number}, for '{code}' at column {column}: {fault}")
            }
            Self::NoRoom { need, offset, have } => {
                write!(f, "need room for {need} bytes at offset {offset}, have a buffer of {have}")
            }
            Self::TooLong { bytes } => {
                write!(
                    f,
                    "expected a format of at most {MAX_LEN} bytes to pack at once, found one of {bytes}"
                )
            }
        }
    }
}

impl std::error::Error for PackError {}

/// What a code takes that a value is not.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PackFault {
    /// An integer in a range.
    Integer {
        /// The least.
        least: i128,
        /// The greatest.
        greatest: i128,
        /// What was found, as Python would print it, cut when it is long.
        found: String,
    },
    /// A number that is not complex.
    Number {
        /// As in [`Integer`](Self::Integer).
        found: String,
    },
    /// A number, complex or not.
    Complex {
        /// As in [`Integer`](Self::Integer).
        found: String,
    },
    /// A number that the bytes can hold once it is rounded.
    TooLarge {
        /// The greatest number, which is as far from zero as the least.
        greatest: &'static str,
        /// As in [`Integer`](Self::Integer).
        found: String,
    },
    /// One byte.
    Byte {
        /// As in [`Integer`](Self::Integer).
        found: String,
    },
    /// Bytes.
    Bytes {
        /// As in [`Integer`](Self::Integer).
        found: String,
    },
}

impl fmt::Display for PackFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Integer { least, greatest, found } => {
                write!(f, "expected an integer from {least} to {greatest}, found {found}")
            }
            Self::Number { found } => write!(f, "expected a number, found {found}"),
            Self::Complex { found } => write!(f, "expected a number such as 1.5 or 1+2j, found {found}"),
            Self::TooLarge { greatest, found } => {
                write!(f, "expected a number from -{greatest} to {greatest}, found {found}")
            }
            Self::Byte { found } => write!(f, "expected one byte, as in text:a or hex:00, found {found}"),
            Self::Bytes { found } => write!(f, "expected bytes, as in text:ab or hex:00ff, found {found}"),
        }
    }
}

/// Writes one value into its bytes, which are zero.
fn write(value: &Value, kind: Kind, order: Order, native: bool, place: &mut [u8]) -> Result<(), PackFault> {
    let found = || value.shown();
    match kind {
        Kind::Pad => {}
        Kind::Char => {
            let bytes = value.bytes().filter(|bytes| bytes.len() == place.len());
            copy(bytes.ok_or_else(|| PackFault::Byte { found: found() })?, place);
        }
        Kind::Bool => copy(&[u8::from(value.is_true())], place),
        Kind::Signed | Kind::Unsigned | Kind::Pointer => {
            let (least, greatest) = limits(kind, place.len());
            let number = value.integer().filter(|number| (least..=greatest).contains(number));
            let number = number.ok_or_else(|| PackFault::Integer { least, greatest, found: found() })?;
            // Two's complement: the lowest bytes are those of every narrower type.
            copy(&number.to_le_bytes(), place);
            reverse(place, order);
        }
        Kind::Float => {
            let number = value.number().ok_or_else(|| PackFault::Number { found: found() })?;
            write_float(number, order, native, place)
                .map_err(|greatest| PackFault::TooLarge { greatest, found: found() })?;
        }
        Kind::Complex => {
            let (re, im) = value.complex().ok_or_else(|| PackFault::Complex { found: found() })?;
            let half = place.len() / 2;
            for (part, place) in [re, im].into_iter().zip(place.chunks_exact_mut(half.max(1))) {
                write_float(part, order, native, place)
                    .map_err(|greatest| PackFault::TooLarge { greatest, found: found() })?;
            }
        }
        Kind::Bytes => copy(value.bytes().ok_or_else(|| PackFault::Bytes { found: found() })?, place),
        Kind::Pascal => {
            let bytes = value.bytes().ok_or_else(|| PackFault::Bytes { found: found() })?;
            if let Some((length, place)) = place.split_first_mut() {
                *length = u8::try_from(bytes.len().min(place.len())).unwrap_or(u8::MAX);
                copy(bytes, place);
            }
        }
    }
    Ok(())
}

/// Writes a float of 2, 4 or 8 bytes; on an error the greatest that they hold.
fn write_float(number: f64, order: Order, native: bool, place: &mut [u8]) -> Result<(), &'static str> {
    match place.len() {
        2 => copy(&to_f16(number).ok_or("65504")?.to_le_bytes(), place),
        4 => {
            let narrow = to_f32(number);
            if narrow.is_infinite() && number.is_finite() && !native {
                return Err("3.4028234663852886e+38");
            }
            copy(&narrow.to_le_bytes(), place);
        }
        _ => copy(&number.to_le_bytes(), place),
    }
    reverse(place, order);
    Ok(())
}

/// The least and the greatest integer of so many bytes.
fn limits(kind: Kind, size: usize) -> (i128, i128) {
    let values = 1i128 << (8 * size.min(8));
    match kind {
        Kind::Signed => (-(values / 2), values / 2 - 1),
        Kind::Pointer => (-(values / 2), values - 1),
        _ => (0, values - 1),
    }
}

/// Copies as much as there is, to where there is room.
fn copy(from: &[u8], to: &mut [u8]) {
    to.iter_mut().zip(from).for_each(|(to, from)| *to = *from);
}

/// Turns little-endian bytes to the order.
fn reverse(place: &mut [u8], order: Order) {
    if order == Order::Big {
        place.reverse();
    }
}

impl Item {
    /// The bytes of each value.
    pub(super) fn places(&self) -> impl Iterator<Item = core::ops::Range<usize>> + use<> {
        let Self { size, count, offset, .. } = *self;
        (0..count).map(move |index| {
            let start = offset + index * size;
            start..start + size
        })
    }
}
