//! The Internet checksum: RFC 1071.

/// Sums up 16-bit words; an odd last byte counts as the high one of a word.
#[must_use]
pub fn sum(bytes: &[u8]) -> u64 {
    let mut wide = bytes.chunks_exact(8);
    let mut total: u64 = 0;
    // Words of 32 bits in 64: the carries are kept, and folded at the end.
    for chunk in &mut wide {
        if let [a, b, c, d, e, f, g, h] = *chunk {
            total +=
                u64::from(u32::from_be_bytes([a, b, c, d])) + u64::from(u32::from_be_bytes([e, f, g, h]));
        }
    }
    let mut words = wide.remainder().chunks_exact(2);
    for word in &mut words {
        if let [high, low] = *word {
            total += u64::from(u16::from_be_bytes([high, low]));
        }
    }
    match words.remainder() {
        [last] => total + (u64::from(*last) << 8),
        _ => total,
    }
}

/// Folds sums into the checksum that is sent: the complement of their sum in ones' complement.
#[must_use]
pub fn fold(mut sum: u64) -> u16 {
    while sum > 0xffff {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    !u16::try_from(sum).unwrap_or(0)
}

/// Names what Wireshark's status of a checksum means.
pub(crate) fn status_name(status: u64) -> Option<&'static str> {
    match status {
        0 => Some("bad"),
        1 => Some("good"),
        2 => Some("not verified"),
        3 => Some("not present"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_header_of_rfc_1071_s_kind_sums_up() {
        let header = [
            0x45, 0x00, 0x00, 0x73, 0x00, 0x00, 0x40, 0x00, 0x40, 0x11, 0x00, 0x00, 0xc0, 0xa8, 0x00, 0x01,
            0xc0, 0xa8, 0x00, 0xc7,
        ];
        assert_eq!(fold(sum(&header)), 0xb861);
    }

    proptest! {
        #[test]
        fn it_is_the_sum_of_words(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let mut padded = bytes.clone();
            if padded.len() % 2 == 1 {
                padded.push(0);
            }
            let plain: u64 = padded.chunks(2).map(|w| u64::from(w[0]) << 8 | u64::from(w[1])).sum();
            prop_assert_eq!(fold(sum(&bytes)), fold(plain));
        }
    }
}
