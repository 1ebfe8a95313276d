//! Offsets in digits, quickly: the layouts' own writer is the reference for it.

use super::layout::Radix;
use crate::Buffer;

/// The most digits that an offset can have: those of 64 bits in base 8.
const MOST: usize = 22;

/// Appends an offset with at least `width` digits.
pub(super) fn write(radix: Radix, width: u8, offset: u64, out: &mut Buffer) {
    if matches!(radix, Radix::Hex) && width == 8 && offset >> 32 == 0 {
        out.extend_from_slice(&hex(offset));
        return;
    }
    let (digits, from) = digits(radix, width, offset);
    out.extend_from_slice(digits.get(from..).unwrap_or(&digits));
}

/// The digits of an offset, at least `width`, and where they begin.
pub(super) fn digits(radix: Radix, width: u8, offset: u64) -> ([u8; MOST], usize) {
    let mut digits = [b'0'; MOST];
    let least = MOST.saturating_sub(usize::from(width).max(1));
    let Radix::Hex = radix else {
        let mut rest = offset;
        let mut from = MOST;
        for place in digits.iter_mut().rev() {
            let [value, ..] = (rest % radix.base()).to_le_bytes();
            *place = b'0' + value;
            rest /= radix.base();
            from -= 1;
            if rest == 0 {
                break;
            }
        }
        return (digits, from.min(least));
    };
    let low = hex(offset & 0xffff_ffff);
    let high = hex(offset >> 32);
    if let Some((_, place)) = digits.split_last_chunk_mut::<16>() {
        let [a, b, c, d, e, f, g, h] = high;
        let [i, j, k, l, m, n, o, p] = low;
        *place = [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p];
    }
    let needed = 16 - usize::try_from(offset.leading_zeros() / 4).unwrap_or(0);
    (digits, least.min(MOST - needed))
}

/// Eight hex digits of 32 bits: the halves of a word are moved apart three times, then every byte is a value.
fn hex(number: u64) -> [u8; 8] {
    let mut wide = number;
    wide = (wide | wide << 16) & 0x0000_ffff_0000_ffff;
    wide = (wide | wide << 8) & 0x00ff_00ff_00ff_00ff;
    wide = (wide | wide << 4) & 0x0f0f_0f0f_0f0f_0f0f;
    let letters = (wide + 0x0606_0606_0606_0606) >> 4 & 0x0101_0101_0101_0101;
    (wide + 0x3030_3030_3030_3030 + letters * u64::from(b'a' - b'9' - 1)).to_be_bytes()
}
