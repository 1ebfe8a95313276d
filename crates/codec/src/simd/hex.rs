//! Hex digits of bytes, and back: RFC 4648 section 8.

use super::{Level, dispatch};

/// Writes two digits for every byte, and returns how many bytes that were: all, or as many as `dst` has room for.
pub(crate) fn encode(level: Level, src: &[u8], dst: &mut [u8], upper_case: bool) -> usize {
    let count = src.len().min(dst.len() / 2);
    if let (Some(src), Some(dst)) = (src.get(..count), dst.get_mut(..count * 2)) {
        dispatch!(level, hex_encode(src, dst, upper_case));
    }
    count
}

/// Reads pairs of digits of either case, and returns how many were read: it stops before the first pair that is not
/// two digits, before a single last character, and where `dst` ends.
pub(crate) fn decode(level: Level, src: &[u8], dst: &mut [u8]) -> usize {
    let count = dst.len().min(src.len() / 2);
    match (src.get(..count * 2), dst.get_mut(..count)) {
        (Some(src), Some(dst)) => dispatch!(level, hex_decode(src, dst)),
        _ => 0,
    }
}

/// Writes lines of `width` bytes in digits, each with an LF behind it, and returns how many lines: as many as `src`
/// fills and `dst` has room for. None when the width is 0.
pub(crate) fn encode_lines(
    level: Level,
    width: usize,
    src: &[u8],
    dst: &mut [u8],
    upper_case: bool,
) -> usize {
    let Some(line) = line(width) else { return 0 };
    let count = (src.len() / width).min(dst.len() / line);
    if let (Some(src), Some(dst)) = (src.get(..count * width), dst.get_mut(..count * line)) {
        dispatch!(level, hex_encode_lines(src, dst, width, upper_case));
    }
    count
}

/// Reads lines of exactly `width` bytes in digits and an LF, and returns how many lines: it stops before the first
/// line that is not that, and where `dst` ends. None when the width is 0.
pub(crate) fn decode_lines(level: Level, width: usize, src: &[u8], dst: &mut [u8]) -> usize {
    let Some(line) = line(width) else { return 0 };
    let count = (src.len() / line).min(dst.len() / width);
    match (src.get(..count * line), dst.get_mut(..count * width)) {
        (Some(src), Some(dst)) => dispatch!(level, hex_decode_lines(src, dst, width)),
        _ => 0,
    }
}

/// The characters of a line with its LF.
fn line(width: usize) -> Option<usize> {
    let line = width.checked_mul(2)?.checked_add(1)?;
    (width > 0).then_some(line)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simd::noise;
    use proptest::prelude::*;

    #[test]
    fn every_length_and_alignment_on_every_level() {
        let bytes = noise(400);
        for upper_case in [false, true] {
            let digits = |byte| if upper_case { format!("{byte:02X}") } else { format!("{byte:02x}") };
            let text: String = bytes.iter().map(digits).collect();
            for (level, len, align) in cases() {
                let (src, text) =
                    (&bytes[align..align + len], &text.as_bytes()[2 * align..2 * (align + len)]);
                let mut dst = vec![b'#'; align + 2 * len + 1];
                assert_eq!(encode(level, src, &mut dst[align..align + 2 * len], upper_case), len);
                assert_eq!(&dst[align..align + 2 * len], text, "{level:?} {len} {align}");
                assert!(dst[..align].iter().chain(&dst[align + 2 * len..]).all(|&b| b == b'#'));
                let mut back = vec![b'#'; align + len + 1];
                let digits = &dst[align..align + 2 * len];
                assert_eq!(decode(level, digits, &mut back[align..align + len]), len);
                assert_eq!(&back[align..align + len], src);
                assert!(back[..align].iter().chain(&back[align + len..]).all(|&b| b == b'#'));
            }
        }
    }

    /// Every level at every length from 0 to 300 and every alignment.
    fn cases() -> impl Iterator<Item = (Level, usize, usize)> {
        Level::all()
            .flat_map(|level| (0..=300).flat_map(move |len| (0..64).map(move |align| (level, len, align))))
    }

    #[test]
    fn every_character_at_every_place_is_judged_alike() {
        for level in Level::all() {
            for at in 0..140 {
                for byte in 0..=255_u8 {
                    let mut text = [b'7'; 140];
                    text[at] = byte;
                    let mut dst = [0; 70];
                    let expected = if byte.is_ascii_hexdigit() { 70 } else { at / 2 };
                    assert_eq!(decode(level, &text, &mut dst), expected, "{level:?} {at} {byte:#x}");
                    assert!(dst[..expected.min(at / 2)].iter().all(|&b| b == 0x77));
                }
            }
        }
    }

    #[test]
    fn what_does_not_fit_is_left() {
        for level in Level::all() {
            let mut dst = [b'#'; 5];
            assert_eq!(encode(level, b"abc", &mut dst, false), 2);
            assert_eq!(&dst, b"6162#");
            assert_eq!(decode(level, b"616", &mut dst), 1);
            assert_eq!(encode_lines(level, 0, b"abc", &mut dst, false), 0);
            assert_eq!(encode_lines(level, usize::MAX, b"abc", &mut dst, false), 0);
            assert_eq!(decode_lines(level, 0, b"abc", &mut dst), 0);
            assert_eq!(decode_lines(level, 1, b"61\n62\r", &mut dst), 1);
            assert_eq!(decode_lines(level, 1, b"61\n62", &mut dst), 1);
        }
    }

    proptest! {
        #[test]
        fn damaged_digits_stop_every_level_at_one_place(
            bytes in prop::collection::vec(any::<u8>(), 0..300),
            damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..3),
            room in 0usize..400,
        ) {
            let mut text = vec![0; bytes.len() * 2];
            encode(Level::SCALAR, &bytes, &mut text, false);
            for (at, byte) in &damage {
                if !text.is_empty() {
                    let at = at.index(text.len());
                    text[at] = *byte;
                }
            }
            let mut expected = vec![0; room];
            let count = decode(Level::SCALAR, &text, &mut expected);
            for level in Level::all() {
                let mut dst = vec![0; room];
                prop_assert_eq!(decode(level, &text, &mut dst), count);
                prop_assert_eq!(&dst[..count], &expected[..count]);
            }
        }

        #[test]
        fn lines_on_every_level(
            bytes in prop::collection::vec(any::<u8>(), 0..600),
            width in 1usize..130,
            damage in prop::option::of((any::<prop::sample::Index>(), any::<u8>())),
            upper_case: bool,
        ) {
            let mut expected = Vec::new();
            for line in bytes.chunks_exact(width) {
                let from = expected.len();
                expected.resize(from + 2 * width, 0);
                encode(Level::SCALAR, line, &mut expected[from..], upper_case);
                expected.push(b'\n');
            }
            let mut text = expected.clone();
            if let Some((at, byte)) = damage && !text.is_empty() {
                let at = at.index(text.len());
                text[at] = byte;
            }
            let good = text
                .chunks_exact(2 * width + 1)
                .take_while(|line| {
                    let (lf, digits) = line.split_last().unwrap();
                    *lf == b'\n' && digits.iter().all(u8::is_ascii_hexdigit)
                })
                .count();
            for level in Level::all() {
                let mut dst = vec![0; expected.len()];
                prop_assert_eq!(encode_lines(level, width, &bytes, &mut dst, upper_case), bytes.len() / width);
                prop_assert_eq!(&dst, &expected);
                let mut back = vec![0; bytes.len()];
                prop_assert_eq!(decode_lines(level, width, &text, &mut back), good, "{:?}", level);
                if damage.is_none() {
                    prop_assert_eq!(&back[..good * width], &bytes[..good * width]);
                }
            }
        }
    }
}
