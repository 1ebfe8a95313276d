//! Offsets in digits, quickly: the layouts' own writer is the reference for it.

use super::layout::Radix;
use crate::Buffer;

/// Appends an offset with at least `width` digits.
pub(super) fn write(radix: Radix, width: u8, offset: u64, out: &mut Buffer) {
    let mut digits = [b'0'; 22];
    let mut rest = offset;
    let mut count = 0;
    for place in digits.iter_mut().rev() {
        let value = match radix {
            Radix::Hex => rest & 15,
            Radix::Octal => rest & 7,
            Radix::Decimal => rest % 10,
        };
        let [value, ..] = value.to_le_bytes();
        *place = if value < 10 { b'0' + value } else { b'a' + (value - 10) };
        rest = match radix {
            Radix::Hex => rest >> 4,
            Radix::Octal => rest >> 3,
            Radix::Decimal => rest / 10,
        };
        count += 1;
        if rest == 0 && count >= width {
            break;
        }
    }
    let from = digits.len().saturating_sub(usize::from(count));
    out.extend_from_slice(digits.get(from..).unwrap_or(&digits));
}
