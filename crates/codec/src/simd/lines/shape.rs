//! What a kernel works from: a line cut into blocks of a register, and for each the shuffles that fill it.

use super::Place;
use crate::dump::layout::{Layout, Radix};
use crate::simd::scalar;

/// Nothing from this source here: a shuffle of 16 bytes gives 0 for it on every machine.
const NONE: u8 = 0x80;

/// A line as blocks of `B` bytes, a register's.
#[derive(Debug)]
pub(crate) struct Shape<const B: usize> {
    /// The bytes of a line, and its characters.
    pub(crate) columns: usize,
    pub(crate) len: usize,
    /// The hex digits of the bytes in order.
    pub(crate) digits: [u8; 16],
    /// Blocks that together are the line. The last ends where the line ends, over what the one before it did, unless
    /// the line is shorter than one block.
    pub(crate) chunks: Vec<Chunk<B>>,
    /// Where to look for the digits.
    pub(crate) windows: Vec<Window>,
    /// The place in the line of the high digit of each of 16 bytes, then of the low ones; [`Shape::ABSENT`] for bytes
    /// that a line does not have.
    pub(crate) digits_at: [u8; 32],
    /// A zero digit for those, so that all 32 are digits.
    pub(crate) absent: [u8; 32],
}

/// One block of a line.
#[derive(Debug)]
pub(crate) struct Chunk<const B: usize> {
    /// Where it begins in the line.
    pub(crate) at: usize,
    /// The constant characters, 0 elsewhere.
    pub(crate) text: [u8; B],
    /// For each source which of its 16 bytes goes where: the digits of the bytes 0–7, those of the bytes 8–15, the bytes
    /// as characters, the last eight digits of the offset.
    pub(crate) sources: [[u8; B]; 4],
    /// Which of the sources give anything.
    pub(crate) used: [bool; 4],
    /// All ones where a character is known before it is read: text and offset.
    pub(crate) fixed: [u8; B],
    /// All ones where any character but LF can stand.
    pub(crate) chars: [u8; B],
}

/// Sixteen characters of a line, and where in them the digits are that [`Shape::digits_at`] lists.
#[derive(Debug)]
pub(crate) struct Window {
    pub(crate) at: usize,
    pub(crate) high: [u8; 16],
    pub(crate) low: [u8; 16],
}

impl<const B: usize> Shape<B> {
    /// No such byte in a line.
    pub(crate) const ABSENT: u8 = 0xff;

    pub(super) fn new(layout: &Layout, places: &[Place]) -> Self {
        let last = places.len().saturating_sub(B);
        let starts = (0..places.len()).step_by(B).map(|at| at.min(last));
        let chunks = starts.map(|at| Chunk::new(at, places)).collect();

        let mut digits_at = [Self::ABSENT; 32];
        for (at, place) in (0..=u8::MAX).zip(places) {
            if let &Place::Digit { byte, low } = place
                && let Some(slot) = digits_at.get_mut(usize::from(byte) + if low { 16 } else { 0 })
            {
                *slot = at;
            }
        }
        Self {
            columns: layout.columns(),
            len: places.len(),
            digits: *scalar::hex_digits(layout.is_upper_case()),
            chunks,
            windows: windows(&digits_at, places.len()),
            digits_at,
            absent: digits_at.map(|at| if at == Self::ABSENT { b'0' } else { 0 }),
        }
    }
}

impl<const B: usize> Chunk<B> {
    fn new(at: usize, places: &[Place]) -> Self {
        let mut chunk = Self {
            at,
            text: [0; B],
            sources: [[NONE; B]; 4],
            used: [false; 4],
            fixed: [0; B],
            chars: [0; B],
        };
        for (slot, &place) in places.iter().skip(at).take(B).enumerate() {
            match place {
                Place::Text(text) => {
                    put(&mut chunk.text, slot, text);
                    put(&mut chunk.fixed, slot, 0xff);
                }
                Place::Digit { byte, low } => {
                    let digit = (byte % 8) * 2 + u8::from(low);
                    chunk.take(if byte < 8 { 0 } else { 1 }, slot, digit);
                }
                Place::Char { byte } => {
                    chunk.take(2, slot, byte);
                    put(&mut chunk.chars, slot, 0xff);
                }
                Place::Offset { digit } => {
                    chunk.take(3, slot, digit);
                    put(&mut chunk.fixed, slot, 0xff);
                }
            }
        }
        chunk
    }

    /// Fills a slot from a source.
    fn take(&mut self, source: usize, slot: usize, index: u8) {
        if let (Some(shuffle), Some(used)) = (self.sources.get_mut(source), self.used.get_mut(source)) {
            put(shuffle, slot, index);
            *used = true;
        }
    }
}

fn put(slots: &mut [u8], at: usize, value: u8) {
    if let Some(slot) = slots.get_mut(at) {
        *slot = value;
    }
}

/// The fewest windows that hold all digits, each as far left as it can be and none beyond the line, if that is
/// long enough for one.
fn windows(digits_at: &[u8; 32], len: usize) -> Vec<Window> {
    let mut places: Vec<usize> = digits_at.iter().map(|&at| usize::from(at)).filter(|&at| at < len).collect();
    places.sort_unstable();
    let mut windows: Vec<Window> = Vec::new();
    for place in places {
        if windows.last().is_some_and(|window| place < window.at + 16) {
            continue;
        }
        let at = place.min(len.saturating_sub(16));
        // Digits that the window before holds too are taken from there alone: all are put together by an or.
        let from = windows.last().map_or(0, |window| window.at + 16);
        let inside = |digit: &u8| {
            let place = usize::from(*digit);
            match place.checked_sub(at) {
                Some(index @ 0..16) if place >= from && place < len => u8::try_from(index).unwrap_or(NONE),
                _ => NONE,
            }
        };
        let mut window = Window { at, high: [NONE; 16], low: [NONE; 16] };
        let slots = window.high.iter_mut().chain(&mut window.low);
        for (slot, digit) in slots.zip(digits_at) {
            *slot = inside(digit);
        }
        windows.push(window);
    }
    windows
}

/// Whether every digit of every byte is there exactly once, so that a line can be read back.
pub(super) fn shows_all(places: &[Place], columns: usize) -> bool {
    let mut seen = [0_u8; 16];
    for place in places {
        if let &Place::Digit { byte, low } = place {
            let bit = if low { 1 } else { 2 };
            match seen.get_mut(usize::from(byte)) {
                Some(seen) if *seen & bit == 0 => *seen |= bit,
                _ => return false,
            }
        }
    }
    seen.iter().take(columns).all(|&seen| seen == 3)
}

/// The last eight digits of an offset, line by line.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Counter {
    radix: Radix,
    /// Below the radix to the eighth power while the program covers the offset.
    low: u32,
}

impl Counter {
    pub(super) fn new(radix: Radix, offset: u64) -> Self {
        let low = u32::try_from(offset % radix.base().pow(8)).unwrap_or(0);
        Self { radix, low }
    }

    /// The counter a number of lines later.
    #[inline(always)]
    pub(crate) fn after(self, lines: usize, columns: usize) -> Self {
        let bytes = u32::try_from(lines.wrapping_mul(columns) & 0xffff_ffff).unwrap_or(0);
        Self { low: self.low.wrapping_add(bytes), ..self }
    }

    /// The digits as characters, the highest first.
    #[inline(always)]
    pub(crate) fn digits(self) -> [u8; 8] {
        match self.radix {
            Radix::Hex => hex(self.low),
            Radix::Decimal => decimal(self.low),
            Radix::Octal => octal(self.low),
        }
    }
}

/// Eight hex digits: the halves of a word are moved apart three times, then every byte is a value.
#[inline(always)]
fn hex(number: u32) -> [u8; 8] {
    let mut wide = u64::from(number);
    wide = (wide | wide << 16) & 0x0000_ffff_0000_ffff;
    wide = (wide | wide << 8) & 0x00ff_00ff_00ff_00ff;
    wide = (wide | wide << 4) & 0x0f0f_0f0f_0f0f_0f0f;
    let letters = (wide + 0x0606_0606_0606_0606) >> 4 & 0x0101_0101_0101_0101;
    (wide + 0x3030_3030_3030_3030 + letters * u64::from(b'a' - b'9' - 1)).to_be_bytes()
}

/// Eight decimal digits: halves of four, of two, of one, each a multiplication by a reciprocal.
#[inline(always)]
fn decimal(number: u32) -> [u8; 8] {
    let (high, low) = (number / 10_000, number % 10_000);
    let fours = u64::from(high) | u64::from(low) << 32;
    let hundreds = (fours * 10_486) >> 20 & 0x0000_007f_0000_007f;
    let twos = hundreds | (fours - hundreds * 100) << 16;
    let tens = (twos * 103) >> 10 & 0x000f_000f_000f_000f;
    let ones = tens | (twos - tens * 10) << 8;
    (ones + 0x3030_3030_3030_3030).to_le_bytes()
}

/// Eight octal digits.
#[inline(always)]
fn octal(number: u32) -> [u8; 8] {
    let mut wide = u64::from(number);
    wide = (wide | wide << 20) & 0x0000_0fff_0000_0fff;
    wide = (wide | wide << 10) & 0x003f_003f_003f_003f;
    wide = (wide | wide << 5) & 0x0707_0707_0707_0707;
    (wide + 0x3030_3030_3030_3030).to_be_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn digits_are_those_of_the_formatter(number: u32) {
            prop_assert_eq!(hex(number).to_vec(), format!("{number:08x}").into_bytes());
            let number = number % 100_000_000;
            prop_assert_eq!(decimal(number).to_vec(), format!("{number:08}").into_bytes());
            let number = number % (1 << 24);
            prop_assert_eq!(octal(number).to_vec(), format!("{number:08o}").into_bytes());
        }
    }

    #[test]
    fn digits_at_the_edges() {
        assert_eq!(&hex(u32::MAX), b"ffffffff");
        assert_eq!(&hex(0x9a9a_9a9a), b"9a9a9a9a");
        for number in [0, 9, 10, 99, 100, 9_999, 10_000, 10_001, 99_990_000, 99_999_999] {
            assert_eq!(decimal(number).to_vec(), format!("{number:08}").into_bytes());
        }
        assert_eq!(&octal((1 << 24) - 1), b"77777777");
    }
}
