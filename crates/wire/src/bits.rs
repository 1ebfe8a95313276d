//! Bits of a header by their place in the RFC's figure: bit 0 is the most significant of the first byte.

/// Reads bits `from..to`, at most 64 and within 8 bytes; what is not there is zero.
///
/// With constant places in an array it compiles to a load and a shift.
#[inline(always)]
pub(crate) fn read(bytes: &[u8], from: usize, to: usize) -> u64 {
    let (first, last) = (from / 8, to.div_ceil(8));
    let mut value = 0;
    for byte in bytes.get(first..last).unwrap_or_default() {
        value = value << 8 | u64::from(*byte);
    }
    let value = value >> (last * 8 - to);
    match to.saturating_sub(from) {
        64.. => value,
        width => value & ((1 << width) - 1),
    }
}

/// Writes bits `from..to`, at most 64 and within 8 bytes; bits of `value` above them, and places that are not there, are
/// left out.
pub(crate) fn write(bytes: &mut [u8], from: usize, to: usize, value: u64) {
    let (first, last) = (from / 8, to.div_ceil(8));
    let mask = match to.saturating_sub(from) {
        64.. => u64::MAX,
        width => (1 << width) - 1,
    };
    let shift = last * 8 - to;
    let (mut mask, mut value) = (mask << shift, (value & mask) << shift);
    for byte in bytes.get_mut(first..last).unwrap_or_default().iter_mut().rev() {
        let [.., low_mask] = mask.to_be_bytes();
        let [.., low] = value.to_be_bytes();
        *byte = *byte & !low_mask | low;
        mask >>= 8;
        value >>= 8;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn places_are_counted_as_in_the_figure() {
        let header = [0x45, 0x00, 0x12, 0x34, 0xab, 0xcd, 0x5f, 0xff];
        assert_eq!(read(&header, 0, 4), 4);
        assert_eq!(read(&header, 4, 8), 5);
        assert_eq!(read(&header, 16, 32), 0x1234);
        assert_eq!((read(&header, 48, 51), read(&header, 51, 64)), (2, 0x1fff));
        assert_eq!(read(&header, 0, 64), 0x4500_1234_abcd_5fff);
        assert_eq!(read(&header, 60, 72), 0, "what is not there is zero");
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_and_nothing_else_changes(
            bytes in any::<[u8; 8]>(), from in 0usize..64, width in 1usize..=64, value: u64,
        ) {
            let to = (from + width).min(64);
            let mut changed = bytes;
            write(&mut changed, from, to, value);
            let mask = if to - from == 64 { u64::MAX } else { (1 << (to - from)) - 1 };
            prop_assert_eq!(read(&changed, from, to), value & mask);
            write(&mut changed, from, to, read(&bytes, from, to));
            prop_assert_eq!(changed, bytes);
        }
    }
}
