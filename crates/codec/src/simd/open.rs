//! The kernels as public functions, for the benches and the fuzz targets: no part of the crate's interface.

use core::fmt;

use super::base64::{self, Alphabet};
use super::hex;
use super::lines::Program;
use crate::dump::layout::{Cell, Layout};

/// Instructions that this machine has.
#[derive(Clone, Copy)]
pub struct Level(super::Level);

impl Level {
    /// Returns all that this machine has, the slowest first.
    #[must_use]
    pub fn all() -> Vec<Self> {
        super::Level::all().map(Self).collect()
    }
}

impl fmt::Debug for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.0.fmt(f)
    }
}

/// Writes two digits for every byte.
pub fn hex_encode(level: Level, src: &[u8], dst: &mut [u8]) -> usize {
    hex::encode(level.0, src, dst, false)
}

/// Reads pairs of digits.
pub fn hex_decode(level: Level, src: &[u8], dst: &mut [u8]) -> usize {
    hex::decode(level.0, src, dst)
}

/// Writes lines of 30 bytes.
pub fn hex_encode_lines(level: Level, src: &[u8], dst: &mut [u8]) -> usize {
    hex::encode_lines(level.0, 30, src, dst, false)
}

/// Reads lines of 30 bytes.
pub fn hex_decode_lines(level: Level, src: &[u8], dst: &mut [u8]) -> usize {
    hex::decode_lines(level.0, 30, src, dst)
}

/// Writes four characters for every three bytes.
pub fn base64_encode(level: Level, src: &[u8], dst: &mut [u8]) -> usize {
    base64::encode(level.0, Alphabet::Standard, src, dst)
}

/// Reads groups of four characters.
pub fn base64_decode(level: Level, src: &[u8], dst: &mut [u8]) -> usize {
    base64::decode(level.0, Alphabet::Standard, src, dst)
}

/// Writes lines of 76 characters.
pub fn base64_encode_lines(level: Level, src: &[u8], dst: &mut [u8]) -> usize {
    base64::encode_lines(level.0, Alphabet::Standard, 76, src, dst)
}

/// Reads lines of 76 characters.
pub fn base64_decode_lines(level: Level, src: &[u8], dst: &mut [u8]) -> usize {
    base64::decode_lines(level.0, Alphabet::Standard, 76, src, dst)
}

/// The lines of a dump.
#[derive(Debug)]
pub struct Lines(Program);

impl Lines {
    /// Compiles the lines of `xxd`, or of `hexdump -C`, for offsets below 2^32.
    #[must_use]
    pub fn new(level: Level, canonical: bool) -> Self {
        let mut cells = vec![Cell::Offset];
        cells.extend((if canonical { " " } else { ":" }).bytes().map(Cell::Text));
        for byte in 0..16 {
            let gap = if canonical { 1 + usize::from(byte == 8) } else { 1 - usize::from(byte % 2) };
            cells.extend(core::iter::repeat_n(Cell::Text(b' '), gap));
            cells.extend([Cell::Digit { byte, low: false }, Cell::Digit { byte, low: true }]);
        }
        cells.extend((if canonical { "  |" } else { "  " }).bytes().map(Cell::Text));
        cells.extend((0..16).map(|byte| Cell::Char { byte }));
        cells.extend((if canonical { "|\n" } else { "\n" }).bytes().map(Cell::Text));
        let layout = Layout::new(16, cells).or_else(|| Layout::new(1, vec![]));
        Self(Program::new(&layout.unwrap_or_else(|| unreachable!("one column is in range")), level.0, 0))
    }

    /// Returns the characters of a line.
    #[must_use]
    pub fn line_len(&self) -> usize {
        self.0.line_len()
    }

    /// Writes lines from offset 0 on.
    pub fn format(&self, src: &[u8], dst: &mut [u8]) -> usize {
        self.0.format(src, dst, 0)
    }

    /// Reads lines from offset 0 on.
    pub fn scan(&self, text: &[u8], dst: &mut [u8]) -> usize {
        self.0.scan(text, dst, 0)
    }
}
