//! Lines of a dump: written, and read back when they are exactly what would have been written.
//!
//! A [`Program`] is a [`Layout`] compiled for the instructions of a level and for a range of offsets, those that have
//! the same number of digits and differ in the last eight alone. Both directions stop where that range ends; the next
//! program goes on from there.
//!
//! ```text
//! while offset < end {
//!     if !program.covers(offset) {
//!         program = Program::new(&layout, level, offset);
//!     }
//!     let lines = program.format(&src[done..], room, offset);
//!     …
//! }
//! ```
//!
//! Both need full lines; the last, short one is written from tables, in `dump`.

mod shape;

#[cfg(target_arch = "x86_64")]
pub(super) use shape::Chunk;
pub(super) use shape::{Counter, Shape};

use super::{Kind, Level, scalar};
use crate::dump::layout::{Cell, Layout, Radix, shown};

/// A line longer than this is written by the scalar twin: eight shuffles of 16, two of 64.
const LONGEST: usize = 128;

/// One character of a line at known offsets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// The same in every line: also the digits of the offset above the eighth.
    Text(u8),
    /// A digit of a byte.
    Digit { byte: u8, low: bool },
    /// A byte as a character.
    Char { byte: u8 },
    /// One of the last eight digits of the offset, 0 being the highest.
    Offset { digit: u8 },
}

/// A [`Layout`] made ready for a machine and a range of offsets.
#[derive(Debug)]
pub(crate) struct Program {
    places: Vec<Place>,
    columns: usize,
    upper_case: bool,
    radix: Radix,
    /// The offsets that it is for, the last included.
    first: u64,
    last: u64,
    kernel: Kernel,
}

/// The shape that the level's kernel works from: a kernel can be had only through its level.
#[derive(Debug)]
enum Kernel {
    Scalar,
    #[cfg(target_arch = "x86_64")]
    Ssse3(Shape<16>),
    #[cfg(target_arch = "x86_64")]
    Avx2(Shape<32>),
    #[cfg(target_arch = "x86_64")]
    Avx512(super::x86::avx512::Lines),
    #[cfg(target_arch = "aarch64")]
    Neon(Shape<16>),
}

impl Program {
    /// Compiles a layout for the lines around an offset; [`covers`](Self::covers) says which those are.
    pub(crate) fn new(layout: &Layout, level: Level, offset: u64) -> Self {
        let (first, last) = range(layout, offset);
        let places = places(layout, offset);
        let kernel = match level.0 {
            _ if places.is_empty() || places.len() > LONGEST => Kernel::Scalar,
            Kind::Scalar => Kernel::Scalar,
            #[cfg(target_arch = "x86_64")]
            Kind::Ssse3 => Kernel::Ssse3(Shape::new(layout, &places)),
            #[cfg(target_arch = "x86_64")]
            Kind::Avx2 => Kernel::Avx2(Shape::new(layout, &places)),
            #[cfg(target_arch = "x86_64")]
            Kind::Avx512 => Kernel::Avx512(super::x86::avx512::Lines::new(&Shape::new(layout, &places))),
            #[cfg(target_arch = "aarch64")]
            Kind::Neon => Kernel::Neon(Shape::new(layout, &places)),
        };
        let (columns, upper_case, radix) = (layout.columns(), layout.is_upper_case(), layout.radix());
        Self { places, columns, upper_case, radix, first, last, kernel }
    }

    /// Says whether this program can write and read a line that begins at the offset.
    pub(crate) fn covers(&self, offset: u64) -> bool {
        (self.first..=self.last).contains(&offset)
    }

    /// Returns the characters of a line.
    pub(crate) fn line_len(&self) -> usize {
        self.places.len()
    }

    /// Writes the lines of `src`, the first of which is at `offset`, and returns how many: as many as `src` fills, `dst`
    /// has room for, and the program covers.
    pub(crate) fn format(&self, src: &[u8], dst: &mut [u8], offset: u64) -> usize {
        let len = self.places.len();
        let count = self.count(src.len() / self.columns, dst.len().checked_div(len), offset);
        let (Some(src), Some(dst)) = (src.get(..count * self.columns), dst.get_mut(..count * len)) else {
            return 0;
        };
        let counter = self.counter(offset, 0);
        let done = match &self.kernel {
            Kernel::Scalar => 0,
            #[cfg(target_arch = "x86_64")]
            // SAFETY: this kernel was made of a level, which is had only where `has_ssse3` said yes.
            Kernel::Ssse3(shape) => unsafe { super::x86::ssse3::format(shape, src, dst, counter) },
            #[cfg(target_arch = "x86_64")]
            // SAFETY: this kernel was made of a level, which is had only where `has_avx2` said yes.
            Kernel::Avx2(shape) => unsafe { super::x86::avx2::format(shape, src, dst, counter) },
            #[cfg(target_arch = "x86_64")]
            // SAFETY: this kernel was made of a level, which is had only where `has_avx512` said yes.
            Kernel::Avx512(lines) => unsafe { super::x86::avx512::format(lines, src, dst, counter) },
            #[cfg(target_arch = "aarch64")]
            // SAFETY: this kernel was made of a level, which is had only where NEON was detected.
            Kernel::Neon(shape) => unsafe { super::neon::format(shape, src, dst, counter) },
        };
        // The last lines may be too near the end for whole registers.
        let mut counter = self.counter(offset, done);
        let (src, dst) = (src.get(done * self.columns..), dst.get_mut(done * len..));
        for (bytes, line) in src
            .unwrap_or(&[])
            .chunks_exact(self.columns)
            .zip(dst.unwrap_or(&mut []).chunks_exact_mut(len.max(1)))
        {
            self.format_line(bytes, line, counter.characters());
            counter = counter.next();
        }
        count
    }

    /// Reads lines back, the first of which is at `offset`, and returns how many: it stops before the first line that
    /// [`format`](Self::format) would not have written at its offset, but for the case of the digits, and for
    /// characters in the place of characters, which can be any but LF.
    ///
    /// A layout that does not show every digit of every byte exactly once cannot be read back: 0.
    pub(crate) fn scan(&self, text: &[u8], dst: &mut [u8], offset: u64) -> usize {
        let len = self.places.len();
        let count = self.count(dst.len() / self.columns, text.len().checked_div(len), offset);
        let (Some(text), Some(dst)) = (text.get(..count * len), dst.get_mut(..count * self.columns)) else {
            return 0;
        };
        if !shape::shows_all(&self.places, self.columns) {
            return 0;
        }
        let counter = self.counter(offset, 0);
        let done = match &self.kernel {
            Kernel::Scalar => 0,
            #[cfg(target_arch = "x86_64")]
            // SAFETY: this kernel was made of a level, which is had only where `has_ssse3` said yes.
            Kernel::Ssse3(shape) => unsafe { super::x86::ssse3::scan(shape, text, dst, counter) },
            #[cfg(target_arch = "x86_64")]
            // SAFETY: this kernel was made of a level, which is had only where `has_avx2` said yes.
            Kernel::Avx2(shape) => unsafe { super::x86::avx2::scan(shape, text, dst, counter) },
            #[cfg(target_arch = "x86_64")]
            // SAFETY: this kernel was made of a level, which is had only where `has_avx512` said yes.
            Kernel::Avx512(lines) => unsafe { super::x86::avx512::scan(lines, text, dst, counter) },
            #[cfg(target_arch = "aarch64")]
            // SAFETY: this kernel was made of a level, which is had only where NEON was detected.
            Kernel::Neon(shape) => unsafe { super::neon::scan(shape, text, dst, counter) },
        };
        // Either a fault, which stops the twin too, or the end was too near for whole registers.
        let mut counter = self.counter(offset, done);
        let mut good = done;
        let (text, dst) = (text.get(done * len..), dst.get_mut(done * self.columns..));
        for (line, bytes) in text
            .unwrap_or(&[])
            .chunks_exact(len.max(1))
            .zip(dst.unwrap_or(&mut []).chunks_exact_mut(self.columns))
        {
            if !self.scan_line(line, bytes, counter.characters()) {
                break;
            }
            good += 1;
            counter = counter.next();
        }
        good
    }

    /// The offset's digits after a number of lines.
    fn counter(&self, offset: u64, lines: usize) -> Counter {
        let bytes = u64::try_from(lines.saturating_mul(self.columns)).unwrap_or(0);
        Counter::new(self.radix, self.columns, offset.saturating_add(bytes))
    }

    /// The lines that fit, and whose offsets are covered.
    fn count(&self, bytes: usize, text: Option<usize>, offset: u64) -> usize {
        let fit = bytes.min(text.unwrap_or(0));
        if !self.covers(offset) {
            return 0;
        }
        let columns = u64::try_from(self.columns).unwrap_or(1).max(1);
        let covered = (self.last - offset) / columns;
        usize::try_from(covered).map_or(fit, |covered| fit.min(covered.saturating_add(1)))
    }

    /// The scalar twin of a line written.
    fn format_line(&self, bytes: &[u8], line: &mut [u8], offset: [u8; 8]) {
        let byte = |at: u8| bytes.get(usize::from(at)).copied().unwrap_or(0);
        for (&place, char) in self.places.iter().zip(line) {
            *char = match place {
                Place::Text(text) => text,
                Place::Digit { byte: at, low } => digit(byte(at), low, self.upper_case),
                Place::Char { byte: at } => shown(byte(at)),
                Place::Offset { digit } => offset.get(usize::from(digit)).copied().unwrap_or(b'0'),
            };
        }
    }

    /// The scalar twin of a line read.
    fn scan_line(&self, line: &[u8], bytes: &mut [u8], offset: [u8; 8]) -> bool {
        bytes.fill(0);
        self.places.iter().zip(line).all(|(&place, &char)| match place {
            Place::Text(text) => char == text,
            Place::Digit { byte, low } => {
                let value = scalar::hex_value(char);
                if let Some(byte) = bytes.get_mut(usize::from(byte)) {
                    *byte |= if low { value } else { value << 4 };
                }
                value < 16
            }
            Place::Char { .. } => char != b'\n',
            Place::Offset { digit } => offset.get(usize::from(digit)) == Some(&char),
        })
    }
}

fn digit(byte: u8, low: bool, upper_case: bool) -> u8 {
    let value = if low { byte & 15 } else { byte >> 4 };
    scalar::hex_digits(upper_case).get(usize::from(value)).copied().unwrap_or(b'0')
}

/// The offsets around this one that are written with the same number of digits and the same ones above the eighth.
fn range(layout: &Layout, offset: u64) -> (u64, u64) {
    if !layout.cells().contains(&Cell::Offset) {
        return (0, u64::MAX);
    }
    let base = layout.radix().base();
    let eight = base.pow(8);
    let block = offset - offset % eight;
    let digits = layout.offset_digits(offset);
    let power = |digits: usize| u32::try_from(digits).ok().and_then(|digits| base.checked_pow(digits));
    let least = if digits > layout.width().max(1) { power(digits - 1).unwrap_or(0) } else { 0 };
    let most = power(digits).map_or(u64::MAX, |power| power - 1);
    (block.max(least), block.saturating_add(eight - 1).min(most))
}

/// The characters of a line at these offsets.
fn places(layout: &Layout, offset: u64) -> Vec<Place> {
    let mut digits = crate::Buffer::new();
    layout.write_offset(offset, &mut digits);
    let high = digits.len().saturating_sub(8);
    let low = 8 - (digits.len() - high);
    let mut places = Vec::with_capacity(layout.line_len(offset));
    for &cell in layout.cells() {
        match cell {
            Cell::Text(text) => places.push(Place::Text(text)),
            Cell::Digit { byte, low } => places.push(Place::Digit { byte, low }),
            Cell::Char { byte } => places.push(Place::Char { byte }),
            Cell::Offset => {
                places.extend(digits.iter().take(high).copied().map(Place::Text));
                places.extend((0..8).skip(low).map(|digit| Place::Offset { digit }));
            }
        }
    }
    places
}

#[cfg(test)]
mod tests;
