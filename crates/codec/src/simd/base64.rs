//! Base64 of whole groups, 3 bytes as 4 characters, on one line or wrapped: RFC 4648 sections 4 and 5.
//!
//! Padding is the caller's: a group with `=` in it is not accepted here.

use super::{Level, dispatch};

/// The 64 characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Alphabet {
    /// RFC 4648 section 4: `+` and `/` are the last two.
    Standard,
    /// RFC 4648 section 5: `-` and `_` are the last two.
    UrlSafe,
}

impl Alphabet {
    const fn tables(self) -> &'static Tables {
        match self {
            Self::Standard => &STANDARD,
            Self::UrlSafe => &URL_SAFE,
        }
    }
}

/// Writes four characters for every three bytes, and returns how many groups that were: as many as `src` fills and
/// `dst` has room for.
pub(crate) fn encode(level: Level, alphabet: Alphabet, src: &[u8], dst: &mut [u8]) -> usize {
    let count = (src.len() / 3).min(dst.len() / 4);
    if let (Some(src), Some(dst)) = (src.get(..count * 3), dst.get_mut(..count * 4)) {
        dispatch!(level, base64_encode(src, dst, alphabet.tables()));
    }
    count
}

/// Reads groups of four characters, and returns how many were read: it stops before the first group with anything but
/// four characters of the alphabet, and where `dst` ends.
pub(crate) fn decode(level: Level, alphabet: Alphabet, src: &[u8], dst: &mut [u8]) -> usize {
    let count = (src.len() / 4).min(dst.len() / 3);
    match (src.get(..count * 4), dst.get_mut(..count * 3)) {
        (Some(src), Some(dst)) => dispatch!(level, base64_decode(src, dst, alphabet.tables())),
        _ => 0,
    }
}

/// Writes lines of `width` characters, each with an LF behind it, and returns how many lines: as many as `src` fills
/// and `dst` has room for. None when the width is not a multiple of 4, or 0.
pub(crate) fn encode_lines(
    level: Level,
    alphabet: Alphabet,
    width: usize,
    src: &[u8],
    dst: &mut [u8],
) -> usize {
    let Some((bytes, line)) = line(width) else { return 0 };
    let count = (src.len() / bytes).min(dst.len() / line);
    if let (Some(src), Some(dst)) = (src.get(..count * bytes), dst.get_mut(..count * line)) {
        dispatch!(level, base64_encode_lines(src, dst, width, alphabet.tables()));
    }
    count
}

/// Reads lines of exactly `width` characters of the alphabet and an LF, and returns how many lines: it stops before
/// the first line that is not that, and where `dst` ends. None when the width is not a multiple of 4, or 0.
pub(crate) fn decode_lines(
    level: Level,
    alphabet: Alphabet,
    width: usize,
    src: &[u8],
    dst: &mut [u8],
) -> usize {
    let Some((bytes, line)) = line(width) else { return 0 };
    let count = (src.len() / line).min(dst.len() / bytes);
    match (src.get(..count * line), dst.get_mut(..count * bytes)) {
        (Some(src), Some(dst)) => dispatch!(level, base64_decode_lines(src, dst, width, alphabet.tables())),
        _ => 0,
    }
}

/// The bytes of a line, and its characters with the LF.
fn line(width: usize) -> Option<(usize, usize)> {
    let line = width.checked_add(1)?;
    (width > 0 && width.is_multiple_of(4)).then_some((width / 4 * 3, line))
}

/// What the kernels look up, made from the alphabet at compile time.
#[derive(Debug)]
#[cfg_attr(
    not(target_arch = "x86_64"),
    expect(dead_code, reason = "NEON looks up the characters and the values themselves")
)]
pub(super) struct Tables {
    /// The character of a value.
    pub(super) chars: [u8; 64],
    /// The value of a character; [`Tables::NONE`] when it is not one of the alphabet.
    pub(super) values: [u8; 256],
    /// What to add to a value to have its character, by range: 0 for 26–51, 1–10 for 52–61, 11 for 62, 12 for 63,
    /// 13 for 0–25.
    pub(super) to_char: [u8; 16],
    /// What brings the four values of three bytes to their places by multiplication. Here rather than in the code,
    /// where the compiler makes shifts of them, which are many more instructions.
    pub(super) factors: [[u8; 16]; 2],
    /// What to add to a character to have its value, by the character's high four bits …
    pub(super) to_value: [u8; 16],
    /// … which are changed by an exclusive or for this one character, that shares its high bits with others …
    pub(super) odd: u8,
    /// … with this.
    pub(super) odd_flip: u8,
    /// One bit for each kind of high four bits …
    pub(super) high_kind: [u8; 16],
    /// … and for each low four bits the kinds with which they are no character of the alphabet.
    pub(super) low_bad: [u8; 16],
}

impl Tables {
    /// The value of a character outside the alphabet; its top bit says so.
    pub(super) const NONE: u8 = 0xff;

    #[expect(
        clippy::indexing_slicing,
        reason = "runs at compile time, where an index out of bounds is an error"
    )]
    #[expect(clippy::cast_possible_truncation, reason = "counts no further than 64")]
    const fn new(last: [u8; 2], odd: u8, odd_flip: u8) -> Self {
        let mut chars = [0; 64];
        let mut at = 0;
        while at < 64 {
            chars[at] = match at {
                0..26 => b'A' + at as u8,
                26..52 => b'a' + (at as u8 - 26),
                52..62 => b'0' + (at as u8 - 52),
                62 => last[0],
                _ => last[1],
            };
            at += 1;
        }

        let mut values = [Self::NONE; 256];
        let mut to_value = [0; 16];
        let mut at = 0;
        while at < 64 {
            let char = chars[at];
            values[char as usize] = at as u8;
            let high = if char == odd { (char >> 4) ^ odd_flip } else { char >> 4 };
            to_value[high as usize] = (at as u8).wrapping_sub(char);
            at += 1;
        }

        let mut to_char = [0; 16];
        let mut range = 0;
        while range < 14 {
            let value = match range {
                0 => 26,
                1..=12 => 51 + range,
                _ => 0,
            };
            to_char[range] = chars[value].wrapping_sub(value as u8);
            range += 1;
        }

        // Six kinds of high bits hold characters, and the other ten are one kind that goes with no low bits.
        let mut high_kind = [0x80; 16];
        let mut low_bad = [0x80; 16];
        let mut high = 2;
        while high < 8 {
            high_kind[high] = 1 << (high - 2);
            let mut low = 0;
            while low < 16 {
                if values[high << 4 | low] == Self::NONE {
                    low_bad[low] |= high_kind[high];
                }
                low += 1;
            }
            high += 1;
        }
        let factors = [
            [0x40, 0, 0, 4, 0x40, 0, 0, 4, 0x40, 0, 0, 4, 0x40, 0, 0, 4],
            [0x10, 0, 0, 1, 0x10, 0, 0, 1, 0x10, 0, 0, 1, 0x10, 0, 0, 1],
        ];
        Self { chars, values, to_char, factors, to_value, odd, odd_flip, high_kind, low_bad }
    }
}

// `/` shares its high bits with `+`, and moves to row 1; `_` shares them with P to Z, and moves to row 13.
static STANDARD: Tables = Tables::new(*b"+/", b'/', 2 ^ 1);
static URL_SAFE: Tables = Tables::new(*b"-_", b'_', 5 ^ 13);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simd::noise;
    use proptest::prelude::*;

    const BOTH: [Alphabet; 2] = [Alphabet::Standard, Alphabet::UrlSafe];

    #[test]
    fn the_alphabets_are_those_of_rfc_4648() {
        let standard = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        assert_eq!(&STANDARD.chars, standard);
        assert_eq!(&URL_SAFE.chars[..62], &standard[..62]);
        assert_eq!(&URL_SAFE.chars[62..], b"-_");
        // RFC 4648 section 10.
        let mut dst = [0; 8];
        assert_eq!(encode(Level::SCALAR, Alphabet::Standard, b"foobar", &mut dst), 2);
        assert_eq!(&dst, b"Zm9vYmFy");
    }

    #[test]
    fn every_length_and_alignment_on_every_level() {
        let bytes = noise(400);
        for alphabet in BOTH {
            for len in (0..=300).filter(|len| len % 3 == 0) {
                let chars = len / 3 * 4;
                for align in 0..64 {
                    let src = &bytes[align..align + len];
                    let mut expected = vec![0; chars];
                    encode(Level::SCALAR, alphabet, src, &mut expected);
                    for level in Level::all() {
                        let mut dst = vec![b'#'; align + chars + 1];
                        assert_eq!(encode(level, alphabet, src, &mut dst[align..align + chars]), len / 3);
                        assert_eq!(&dst[align..align + chars], &expected, "{level:?} {len} {align}");
                        assert!(dst[..align].iter().chain(&dst[align + chars..]).all(|&b| b == b'#'));
                        let mut back = vec![b'#'; align + len + 1];
                        let text = &dst[align..align + chars];
                        assert_eq!(decode(level, alphabet, text, &mut back[align..align + len]), len / 3);
                        assert_eq!(&back[align..align + len], src);
                        assert!(back[..align].iter().chain(&back[align + len..]).all(|&b| b == b'#'));
                    }
                }
            }
        }
    }

    #[test]
    fn every_character_at_every_place_is_judged_and_read_alike() {
        for alphabet in BOTH {
            for at in 0..148 {
                for byte in 0..=255_u8 {
                    let mut text = [b'v'; 148];
                    text[at] = byte;
                    let mut expected = [0; 111];
                    let count = decode(Level::SCALAR, alphabet, &text, &mut expected);
                    assert_eq!(count, if alphabet.tables().chars.contains(&byte) { 37 } else { at / 4 });
                    for level in Level::all() {
                        let mut dst = [0; 111];
                        assert_eq!(decode(level, alphabet, &text, &mut dst), count, "{level:?} {byte:#x}");
                        assert_eq!(dst[..count * 3], expected[..count * 3], "{level:?} {byte:#x}");
                    }
                }
            }
        }
    }

    #[test]
    fn widths_that_are_no_lines_give_none() {
        for level in Level::all() {
            let mut dst = [0; 100];
            for width in [0, 1, 2, 3, 5, 6, 7, usize::MAX, usize::MAX - 3] {
                assert_eq!(encode_lines(level, Alphabet::Standard, width, &[0; 60], &mut dst), 0);
                assert_eq!(decode_lines(level, Alphabet::Standard, width, &[b'A'; 60], &mut dst), 0);
            }
            assert_eq!(encode_lines(level, Alphabet::Standard, 4, b"abcd", &mut dst), 1);
            assert_eq!(&dst[..5], b"YWJj\n");
        }
    }

    proptest! {
        #[test]
        fn damage_stops_every_level_at_one_place(
            bytes in prop::collection::vec(any::<u8>(), 0..300),
            damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..3),
            room in 0usize..400,
            alphabet in prop::sample::select(BOTH.to_vec()),
        ) {
            let mut text = vec![0; bytes.len() / 3 * 4];
            encode(Level::SCALAR, alphabet, &bytes, &mut text);
            for (at, byte) in &damage {
                if !text.is_empty() {
                    let at = at.index(text.len());
                    text[at] = *byte;
                }
            }
            let mut expected = vec![0; room];
            let count = decode(Level::SCALAR, alphabet, &text, &mut expected);
            for level in Level::all() {
                let mut dst = vec![0; room];
                prop_assert_eq!(decode(level, alphabet, &text, &mut dst), count);
                prop_assert_eq!(&dst[..count * 3], &expected[..count * 3]);
            }
        }

        #[test]
        fn lines_on_every_level(
            bytes in prop::collection::vec(any::<u8>(), 0..900),
            width in (1usize..50).prop_map(|groups| groups * 4),
            damage in prop::option::of((any::<prop::sample::Index>(), any::<u8>())),
            alphabet in prop::sample::select(BOTH.to_vec()),
        ) {
            let in_line = width / 4 * 3;
            let mut expected = Vec::new();
            for line in bytes.chunks_exact(in_line) {
                let from = expected.len();
                expected.resize(from + width, 0);
                encode(Level::SCALAR, alphabet, line, &mut expected[from..]);
                expected.push(b'\n');
            }
            let mut text = expected.clone();
            if let Some((at, byte)) = damage && !text.is_empty() {
                let at = at.index(text.len());
                text[at] = byte;
            }
            let good = text
                .chunks_exact(width + 1)
                .take_while(|line| {
                    let (lf, chars) = line.split_last().unwrap();
                    *lf == b'\n' && chars.iter().all(|char| alphabet.tables().chars.contains(char))
                })
                .count();
            for level in Level::all() {
                let mut dst = vec![0; expected.len()];
                let lines = encode_lines(level, alphabet, width, &bytes, &mut dst);
                prop_assert_eq!(lines, bytes.len() / in_line);
                prop_assert_eq!(&dst, &expected);
                let mut back = vec![0; bytes.len()];
                prop_assert_eq!(decode_lines(level, alphabet, width, &text, &mut back), good, "{:?}", level);
                if damage.is_none() {
                    prop_assert_eq!(&back[..good * in_line], &bytes[..good * in_line]);
                }
            }
        }
    }
}
