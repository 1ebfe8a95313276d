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
    #[cfg_attr(not(target_arch = "x86_64"), expect(dead_code, reason = "NEON has the windows"))]
    pub(crate) digits_at: [u8; 32],
    /// A zero digit for those, so that all 32 are digits.
    pub(crate) absent: [u8; 32],
}

/// One block of a line, laid out so that every register of it is aligned.
#[derive(Debug)]
#[repr(C, align(64))]
pub(crate) struct Chunk<const B: usize> {
    /// The constant characters, 0 elsewhere.
    pub(crate) text: [u8; B],
    /// For each source which of its 16 bytes goes where: the digits of the bytes 0–7, those of the bytes 8–15, the bytes
    /// as characters, the last eight digits of the offset from the lowest up.
    pub(crate) sources: [[u8; B]; 4],
    /// All ones where a character is known before it is read: text and offset.
    pub(crate) fixed: [u8; B],
    /// All ones where any character but LF can stand.
    pub(crate) chars: [u8; B],
    /// Where it begins in the line.
    pub(crate) at: usize,
    /// Which of the sources give anything.
    pub(crate) used: [bool; 4],
}

/// Sixteen characters of a line, and where in them the digits are that [`Shape::digits_at`] lists.
#[derive(Debug)]
pub(crate) struct Window {
    pub(crate) at: usize,
    /// The 16 high digits, then the low ones.
    pub(crate) shuffle: [u8; 32],
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
                    chunk.take(3, slot, 7 - digit);
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
        windows.push(Window { at, shuffle: digits_at.each_ref().map(inside) });
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

/// The last eight digits of an offset, line by line: added to as they stand, without a division.
///
/// Each digit is a byte, the highest digit the highest byte, and lies so far up in it that one above the last digit
/// overflows, which carries into the next byte. A byte that did so has lost its lift and gets it back.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Counter {
    digits: u64,
    /// What a line adds.
    step: u64,
    /// 256 less the base.
    lift: u8,
}

/// A byte in all places.
const EVERY: u64 = 0x0101_0101_0101_0101;

impl Counter {
    pub(super) fn new(radix: Radix, columns: usize, offset: u64) -> Self {
        let [lift, ..] = 256_u64.wrapping_sub(radix.base()).to_le_bytes();
        let spread = |mut number: u64| {
            let mut digits = 0;
            for place in 0..8 {
                digits |= (number % radix.base()) << (8 * place);
                number /= radix.base();
            }
            digits
        };
        let step = u64::try_from(columns).map_or(0, spread);
        Self { digits: spread(offset) + EVERY * u64::from(lift), step, lift }
    }

    /// The counter of the next line.
    pub(super) fn next(self) -> Self {
        let sum = self.digits.wrapping_add(self.step);
        let lost = (!sum >> 7) & EVERY;
        Self { digits: sum + lost * u64::from(self.lift), ..self }
    }

    /// The counters of every other line, from this one on and from the next: neither waits for the other.
    #[cfg(target_arch = "x86_64")]
    pub(crate) fn of_two(self) -> [Self; 2] {
        let lifts = EVERY * u64::from(self.lift);
        let doubled = Self { digits: self.step.wrapping_add(lifts), ..self }.next();
        let step = doubled.digits.wrapping_sub(lifts);
        [self, self.next()].map(|counter| Self { step, ..counter })
    }

    /// The digits in a register, and what counting needs, the lowest first: digits, step, lift.
    pub(crate) fn parts(self) -> [[u8; 8]; 3] {
        [self.digits.to_le_bytes(), self.step.to_le_bytes(), [self.lift; 8]]
    }

    /// The digits' characters by the low four bits of a lifted digit.
    pub(crate) fn table(self) -> &'static [u8; 16] {
        match self.lift {
            0xf0 => b"0123456789abcdef",
            0xf6 => b"......0123456789",
            _ => b"........01234567",
        }
    }

    /// The digits as characters, the highest first.
    pub(super) fn characters(self) -> [u8; 8] {
        let table = self.table();
        self.digits.to_be_bytes().map(|digit| table.get(usize::from(digit & 15)).copied().unwrap_or(b'0'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn it_counts_as_the_formatter_does(offset: u64, columns in 1usize..=16) {
            for radix in [Radix::Octal, Radix::Decimal, Radix::Hex] {
                let mut counter = Counter::new(radix, columns, offset);
                #[cfg(target_arch = "x86_64")]
                let mut pair = counter.of_two();
                for line in 0..300 {
                    let low = offset.wrapping_add(line * columns as u64);
                    if low < offset {
                        break;
                    }
                    let low = low % radix.base().pow(8);
                    let expected = match radix {
                        Radix::Octal => format!("{low:08o}"),
                        Radix::Decimal => format!("{low:08}"),
                        Radix::Hex => format!("{low:08x}"),
                    };
                    #[cfg(target_arch = "x86_64")]
                    {
                        let [here, next] = pair;
                        prop_assert_eq!(here.characters(), counter.characters());
                        pair = [next, here.next()];
                    }
                    prop_assert_eq!(counter.characters().to_vec(), expected.into_bytes());
                    counter = counter.next();
                }
            }
        }
    }
}
