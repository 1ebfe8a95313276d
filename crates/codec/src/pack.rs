//! Values as bytes in a layout, and back: the format language of Python's `struct`.
//!
//! A [`Format`] is parsed once and then packs and unpacks: `!HHI4s` is two 16-bit numbers, one of 32 bits and four
//! bytes, in network order. Sizes, alignment, ranges and conversions are Python's, so that what one side packs the
//! other unpacks; every error says where. Where Python's versions differ, the newest is followed: complex numbers
//! (`F`, `D`) and NaN payloads that survive are from 3.14.
//!
//! Reference: <https://docs.python.org/3/library/struct.html>.

mod code;
mod decode;
mod encode;
mod float;
mod format;
mod value;

pub use code::{CODES, Code};
pub use decode::{IterUnpack, UnpackError};
pub use encode::{MAX_LEN, PackError, PackFault};
pub use format::{Format, FormatError, FormatFault};
pub use value::{Value, ValueError};

use code::Kind;
use format::Item;

/// Which byte of a number comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Order {
    Big,
    Little,
}

impl Order {
    /// This machine's.
    const NATIVE: Self = if cfg!(target_endian = "big") { Self::Big } else { Self::Little };
}

#[cfg(test)]
mod tests;
