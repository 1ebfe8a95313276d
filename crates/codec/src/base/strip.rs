//! Text without what a policy skips: line feeds of any line length, white space, junk.
//!
//! What is left goes through the kernels as if it had stood together; [`place`] finds where a character of it stood.

use super::decode::SKIPPED;
use super::groups::value;
use crate::Buffer;

/// Characters that are stripped at once: with the result and the bytes they stay in the first-level cache.
pub(super) const BLOCK: usize = 8 << 10;

/// Shorter text is not worth it.
pub(super) const LEAST: usize = 64;

/// Characters that are looked at together.
const CHUNK: usize = 16;

/// Writes all but line feeds.
pub(super) fn strip_lines(mut text: &[u8], to: &mut Buffer) {
    to.clear();
    while let Some(at) = line_feed(text) {
        let (line, rest) = text.split_at(at);
        to.extend_from_slice(line);
        text = rest.get(1..).unwrap_or(&[]);
    }
    to.extend_from_slice(text);
}

/// Writes all that is not skipped.
pub(super) fn strip(values: &[u8; 256], text: &[u8], to: &mut Buffer) {
    to.clear();
    let room = to.room(text.len());
    let mut count = 0;
    let (chunks, rest) = text.as_chunks::<CHUNK>();
    for chunk in chunks {
        let skips = chunk.iter().fold(false, |any, &byte| any | (value(values, byte) == SKIPPED));
        let Some(places) = room.get_mut(count..).and_then(|room| room.first_chunk_mut::<CHUNK>()) else {
            break;
        };
        if skips {
            count += keep(values, chunk, places);
        } else {
            *places = *chunk;
            count += CHUNK;
        }
    }
    if let Some(places) = room.get_mut(count..) {
        count += keep(values, rest, places);
    }
    to.commit(count);
}

/// Writes what is not skipped, without a branch for a byte; returns how much that was.
fn keep(values: &[u8; 256], text: &[u8], to: &mut [u8]) -> usize {
    let mut count = 0;
    for &byte in text {
        if let Some(place) = to.get_mut(count) {
            *place = byte;
        }
        count += usize::from(value(values, byte) != SKIPPED);
    }
    count
}

/// Finds where the last `left` characters that are kept begin; behind the text when there are none.
pub(super) fn place(is_kept: impl Fn(u8) -> bool, text: &[u8], left: usize) -> usize {
    match left.checked_sub(1) {
        None => text.len(),
        Some(last) => {
            let mut kept = text.iter().enumerate().rev().filter(|&(_, &byte)| is_kept(byte));
            kept.nth(last).map_or(0, |(at, _)| at)
        }
    }
}

/// Finds the first line feed.
pub(super) fn line_feed(text: &[u8]) -> Option<usize> {
    let (chunks, _) = text.as_chunks::<64>();
    // Without a branch for a byte this is vector instructions.
    let has = |chunk: &[u8; 64]| chunk.iter().fold(false, |any, &byte| any | (byte == b'\n'));
    let mut before = chunks.iter().take_while(|chunk| !has(chunk)).count() * 64;
    let (words, _) = text.get(before..)?.as_chunks::<8>();
    before += words.iter().take_while(|word| !has_line_feed(**word)).count() * 8;
    let at = text.get(before..)?.iter().position(|&byte| byte == b'\n')?;
    Some(before + at)
}

/// Tells whether a word holds a line feed: whether, of what is left of it, a byte is zero.
const fn has_line_feed(word: [u8; 8]) -> bool {
    let zero_there = u64::from_ne_bytes(word) ^ u64::from_ne_bytes([b'\n'; 8]);
    let (low, high) = (u64::from_ne_bytes([1; 8]), u64::from_ne_bytes([0x80; 8]));
    zero_there.wrapping_sub(low) & !zero_there & high != 0
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn values() -> [u8; 256] {
        let mut values = [SKIPPED; 256];
        values[usize::from(b'a')] = 0;
        values[usize::from(b'=')] = SKIPPED | 1;
        values
    }

    proptest! {
        #[test]
        fn what_is_left_stands_where_it_is_said_to(text in "[a=\n ]{0,100}") {
            let text = text.as_bytes();
            let mut stripped = Buffer::new();
            strip(&values(), text, &mut stripped);
            let expected: Vec<u8> = text.iter().copied().filter(|byte| b"a=".contains(byte)).collect();
            prop_assert_eq!(&stripped[..], &expected[..]);
            for left in 0..=stripped.len() {
                let at = place(|byte| value(&values(), byte) != SKIPPED, text, left);
                let kept = text[at..].iter().filter(|&&byte| b"a=".contains(&byte));
                prop_assert_eq!(kept.count(), left);
                prop_assert!(left == 0 || b"a=".contains(&text[at]));
            }
        }

        #[test]
        fn lines_are_put_together(text in "[ab\\n]{0,300}") {
            let mut stripped = Buffer::new();
            strip_lines(text.as_bytes(), &mut stripped);
            let expected = text.replace('\n', "");
            prop_assert_eq!(&stripped[..], expected.as_bytes());
        }

        #[test]
        fn the_first_line_feed_is_found(text in "[ab]{0,200}\n?[a\n]{0,80}") {
            let text = text.as_bytes();
            prop_assert_eq!(line_feed(text), text.iter().position(|&byte| byte == b'\n'));
        }
    }
}
