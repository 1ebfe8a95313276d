//! Whole groups of digits to whole groups of bytes and back: the inner loops.
//!
//! Base64 and base16 go through the vector kernels of [`crate::simd`]; the rest, and what a kernel leaves, goes by table,
//! without a branch for a byte. All get whole, aligned input and the room for what it becomes. A decoder stops at the
//! first group that is not digits alone and leaves it to the automaton.

use super::code::{Code, Kernel, Kind, NO_DIGIT};
use crate::simd::{Level, base64, hex};

/// Encodes whole groups; `to` has room for all of them.
pub(super) fn encode(code: &Code, from: &[u8], to: &mut [u8]) {
    let groups = match code.kernel {
        Kernel::Base64(last) => base64::encode(Level::best(), last, from, to),
        Kernel::Base16 => hex::encode(Level::best(), from, to, true),
        Kernel::None => 0,
    };
    let (bytes, characters) = (groups * code.kind.bytes(), groups * code.kind.group());
    if let (Some(from), Some(to)) = (from.get(bytes..), to.get_mut(characters..)) {
        encode_by_table(code, from, to);
    }
}

fn encode_by_table(code: &Code, from: &[u8], to: &mut [u8]) {
    let digits = &code.digits;
    match code.kind {
        Kind::Six => encode_bits::<3, 4, 6>(digits, from, to, |byte| byte),
        Kind::Five => encode_bits::<5, 8, 5>(digits, from, to, |byte| byte),
        Kind::Four => encode_bits::<1, 2, 4>(digits, from, to, |byte| byte),
        Kind::One { reversed: false } => encode_bits::<1, 8, 1>(digits, from, to, |byte| byte),
        Kind::One { reversed: true } => encode_bits::<1, 8, 1>(digits, from, to, u8::reverse_bits),
        Kind::Z85 => encode_z85(digits, from, to),
        Kind::Base58 => {}
    }
}

/// Encodes whole lines of whole groups, `bytes` of input each, and ends each with a line feed.
pub(super) fn encode_lines(code: &Code, bytes: usize, columns: usize, from: &[u8], to: &mut [u8]) {
    let line = columns.saturating_add(1);
    let lines = match code.kernel {
        Kernel::Base64(last) => base64::encode_lines(Level::best(), last, columns, from, to),
        Kernel::Base16 => hex::encode_lines(Level::best(), bytes, from, to, true),
        Kernel::None => 0,
    };
    let (Some(from), Some(to)) = (from.get(lines * bytes..), to.get_mut(lines * line..)) else { return };
    for (bytes, line) in from.chunks_exact(bytes).zip(to.chunks_exact_mut(line)) {
        if let Some((end, line)) = line.split_last_mut() {
            encode(code, bytes, line);
            *end = b'\n';
        }
    }
}

/// What decodes an alphabet under a policy.
#[derive(Clone, Debug)]
pub(super) struct Digits {
    pub(super) kind: Kind,
    kernel: Kernel,
    /// Those of the alphabet or more (what a policy adds); all that are no digit have the bit `NO_DIGIT`.
    pub(super) values: [u8; 256],
}

impl Digits {
    pub(super) fn new(code: &Code, values: [u8; 256]) -> Self {
        let folds = value(&values, b'a') & NO_DIGIT == 0;
        let kernel = match code.kernel {
            // The kernel of hex takes both cases.
            Kernel::Base16 if !folds => Kernel::None,
            kernel => kernel,
        };
        Self { kind: code.kind, kernel, values }
    }

    /// Decodes groups up to the first that holds anything but digits, or that overflows; returns how many.
    pub(super) fn decode(&self, from: &[u8], to: &mut [u8]) -> usize {
        let groups = match self.kernel {
            Kernel::Base64(last) => base64::decode(Level::best(), last, from, to),
            Kernel::Base16 => hex::decode(Level::best(), from, to),
            Kernel::None => 0,
        };
        let (characters, bytes) = (groups * self.kind.group(), groups * self.kind.bytes());
        match (from.get(characters..), to.get_mut(bytes..)) {
            // What the kernel does not know a policy may: `+` and `/` in the URL-safe alphabet.
            (Some(from), Some(to)) => groups + self.decode_by_table(from, to),
            _ => groups,
        }
    }

    /// Decodes lines of exactly so many digits with a line feed behind each, and returns how many; none where no kernel
    /// does.
    pub(super) fn decode_lines(&self, width: usize, from: &[u8], to: &mut [u8]) -> usize {
        match self.kernel {
            Kernel::Base64(last) => base64::decode_lines(Level::best(), last, width, from, to),
            Kernel::Base16 if width.is_multiple_of(2) => {
                hex::decode_lines(Level::best(), width / 2, from, to)
            }
            Kernel::Base16 | Kernel::None => 0,
        }
    }

    fn decode_by_table(&self, from: &[u8], to: &mut [u8]) -> usize {
        let values = &self.values;
        match self.kind {
            Kind::Six => decode_bits::<4, 3, 6>(values, from, to, |byte| byte),
            Kind::Five => decode_bits::<8, 5, 5>(values, from, to, |byte| byte),
            Kind::Four => decode_bits::<2, 1, 4>(values, from, to, |byte| byte),
            Kind::One { reversed: false } => decode_bits::<8, 1, 1>(values, from, to, |byte| byte),
            Kind::One { reversed: true } => decode_bits::<8, 1, 1>(values, from, to, u8::reverse_bits),
            Kind::Z85 => decode_z85(values, from, to),
            Kind::Base58 => 0,
        }
    }
}

fn encode_bits<const BYTES: usize, const DIGITS: usize, const BITS: usize>(
    digits: &[u8; 128],
    from: &[u8],
    to: &mut [u8],
    order: impl Fn(u8) -> u8,
) {
    for (bytes, text) in from.as_chunks::<BYTES>().0.iter().zip(to.as_chunks_mut::<DIGITS>().0) {
        let word = bytes.iter().fold(0_u64, |word, &byte| word << 8 | u64::from(order(byte)));
        for (at, digit) in text.iter_mut().enumerate() {
            let value = word >> (BITS * (DIGITS - 1 - at)) & ((1 << BITS) - 1);
            *digit = pick(digits, value);
        }
    }
}

fn decode_bits<const DIGITS: usize, const BYTES: usize, const BITS: usize>(
    values: &[u8; 256],
    from: &[u8],
    to: &mut [u8],
    order: impl Fn(u8) -> u8,
) -> usize {
    let mut groups = 0;
    for (text, bytes) in from.as_chunks::<DIGITS>().0.iter().zip(to.as_chunks_mut::<BYTES>().0) {
        let (mut word, mut all) = (0_u64, 0);
        for &digit in text {
            let value = value(values, digit);
            all |= value;
            word = word << BITS | u64::from(value);
        }
        if all & NO_DIGIT != 0 {
            break;
        }
        if let Some(last) = word.to_be_bytes().last_chunk::<BYTES>() {
            *bytes = last.map(&order);
        }
        groups += 1;
    }
    groups
}

fn encode_z85(digits: &[u8; 128], from: &[u8], to: &mut [u8]) {
    for (bytes, text) in from.as_chunks::<4>().0.iter().zip(to.as_chunks_mut::<5>().0) {
        let mut word = u32::from_be_bytes(*bytes);
        for digit in text.iter_mut().rev() {
            *digit = pick(digits, u64::from(word % 85));
            word /= 85;
        }
    }
}

fn decode_z85(values: &[u8; 256], from: &[u8], to: &mut [u8]) -> usize {
    let mut groups = 0;
    for (text, bytes) in from.as_chunks::<5>().0.iter().zip(to.as_chunks_mut::<4>().0) {
        let (mut word, mut all) = (0_u64, 0);
        for &digit in text {
            let value = value(values, digit);
            all |= value;
            word = word * 85 + u64::from(value);
        }
        match u32::try_from(word) {
            Ok(word) if all & NO_DIGIT == 0 => *bytes = word.to_be_bytes(),
            _ => break,
        }
        groups += 1;
    }
    groups
}

fn pick(digits: &[u8; 128], value: u64) -> u8 {
    // The mask lets the compiler drop the test for the end of the table.
    let [value, ..] = (value & 127).to_le_bytes();
    digits.get(usize::from(value)).copied().unwrap_or(0)
}

pub(super) fn value(values: &[u8; 256], digit: u8) -> u8 {
    values.get(usize::from(digit)).copied().unwrap_or(NO_DIGIT)
}
