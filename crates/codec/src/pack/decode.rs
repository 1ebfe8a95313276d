//! Unpacking: any bytes of the right number are values.

use core::fmt;
use core::iter::FusedIterator;

use super::float::{from_f16, from_f32};
use super::{Format, Kind, Order, Value};

impl Format {
    /// Unpacks bytes, exactly as many as the format has; padding may be anything.
    ///
    /// # Errors
    /// [`UnpackError::Length`].
    pub fn unpack(&self, bytes: &[u8]) -> Result<Vec<Value>, UnpackError> {
        if bytes.len() != self.size() {
            return Err(UnpackError::Length { need: self.size(), have: bytes.len() });
        }
        Ok(self.values_of(bytes))
    }

    /// Unpacks the bytes at an offset; what stands before and behind them may be anything.
    ///
    /// # Errors
    /// [`UnpackError::Short`].
    pub fn unpack_from(&self, buffer: &[u8], offset: usize) -> Result<Vec<Value>, UnpackError> {
        let bytes = offset.checked_add(self.size()).and_then(|end| buffer.get(offset..end));
        let short = UnpackError::Short { need: self.size(), offset, have: buffer.len() };
        bytes.map(|bytes| self.values_of(bytes)).ok_or(short)
    }

    /// Unpacks one record after the other.
    ///
    /// ```
    /// use jackfield_codec::pack::Format;
    ///
    /// let pair = Format::parse(">BH")?;
    /// let records: Vec<_> = pair.iter_unpack(&[1, 0, 2, 3, 0, 4])?.collect();
    /// assert_eq!(records, [[1.into(), 2.into()], [3.into(), 4.into()]]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`UnpackError::Empty`] when the format has no bytes, [`UnpackError::Remainder`] when the last record is cut.
    pub fn iter_unpack<'a>(&'a self, bytes: &'a [u8]) -> Result<IterUnpack<'a>, UnpackError> {
        match bytes.len().checked_rem(self.size()) {
            None => Err(UnpackError::Empty),
            Some(0) => Ok(IterUnpack { format: self, records: bytes.chunks_exact(self.size()) }),
            Some(_) => Err(UnpackError::Remainder { size: self.size(), have: bytes.len() }),
        }
    }

    /// The values of as many bytes as the format has.
    fn values_of(&self, bytes: &[u8]) -> Vec<Value> {
        let mut values = Vec::with_capacity(self.values());
        for item in &self.items {
            let places = item.places().filter_map(|place| bytes.get(place));
            values.extend(places.map(|place| read(item.code.kind, self.order, place)));
        }
        values
    }
}

/// The records of [`Format::iter_unpack`].
#[derive(Clone, Debug)]
pub struct IterUnpack<'a> {
    format: &'a Format,
    records: core::slice::ChunksExact<'a, u8>,
}

impl Iterator for IterUnpack<'_> {
    type Item = Vec<Value>;

    fn next(&mut self) -> Option<Vec<Value>> {
        self.records.next().map(|record| self.format.values_of(record))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.records.size_hint()
    }
}

impl ExactSizeIterator for IterUnpack<'_> {}
impl FusedIterator for IterUnpack<'_> {}

/// Why bytes cannot be unpacked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum UnpackError {
    /// There are more or fewer bytes than the format has.
    Length {
        /// Bytes of the format.
        need: usize,
        /// Bytes that there are.
        have: usize,
    },
    /// The buffer ends before the format does.
    Short {
        /// Bytes of the format.
        need: usize,
        /// Where they were to begin.
        offset: usize,
        /// Bytes of the buffer.
        have: usize,
    },
    /// The bytes are not a whole number of records.
    Remainder {
        /// Bytes of a record.
        size: usize,
        /// Bytes that there are.
        have: usize,
    },
    /// The format has no bytes, so that records would never end.
    Empty,
}

impl fmt::Display for UnpackError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Length { need, have } => write!(f, "the format needs {need} bytes, have {have}"),
            Self::Short { need, offset, have } => {
                write!(f, "the format needs {need} bytes at offset {offset}, have a buffer of {have}")
            }
            Self::Remainder { size, have } => {
                let over = have.checked_rem(size).unwrap_or(0);
                write!(
                    f,
                    "the format needs a multiple of {size} bytes, have {have}, which is {over} too many"
                )
            }
            Self::Empty => f.write_str("the format has no bytes, so there is no end to its records"),
        }
    }
}

impl std::error::Error for UnpackError {}

/// The value of its bytes.
fn read(kind: Kind, order: Order, place: &[u8]) -> Value {
    match kind {
        Kind::Char => Value::Char(place.first().copied().unwrap_or(0)),
        Kind::Bool => Value::Bool(place.iter().any(|&byte| byte != 0)),
        Kind::Signed => {
            let unused = 128_u32.saturating_sub(8 * u32::try_from(place.len()).unwrap_or(16));
            let number = read_unsigned(order, place).cast_signed();
            // Up and down again, which copies the sign.
            Value::Int(number.checked_shl(unused).unwrap_or(0).checked_shr(unused).unwrap_or(0))
        }
        Kind::Unsigned | Kind::Pointer => Value::Int(read_unsigned(order, place).cast_signed()),
        Kind::Float => Value::Float(read_float(order, place)),
        Kind::Complex => {
            let (re, im) = place.split_at_checked(place.len() / 2).unwrap_or((place, &[]));
            Value::Complex { re: read_float(order, re), im: read_float(order, im) }
        }
        Kind::Pascal => match place.split_first() {
            Some((&length, rest)) => Value::Bytes(rest.get(..usize::from(length)).unwrap_or(rest).to_vec()),
            None => Value::Bytes(Vec::new()),
        },
        // Padding is no item.
        Kind::Bytes | Kind::Pad => Value::Bytes(place.to_vec()),
    }
}

fn read_unsigned(order: Order, place: &[u8]) -> u128 {
    let append = |number: u128, &byte: &u8| number << 8 | u128::from(byte);
    match order {
        Order::Big => place.iter().fold(0, append),
        Order::Little => place.iter().rev().fold(0, append),
    }
}

fn read_float(order: Order, place: &[u8]) -> f64 {
    let bits = read_unsigned(order, place);
    match place.len() {
        2 => from_f16(u16::try_from(bits).unwrap_or(0)),
        4 => from_f32(f32::from_bits(u32::try_from(bits).unwrap_or(0))),
        _ => f64::from_bits(u64::try_from(bits).unwrap_or(0)),
    }
}
