//! The reference, byte by byte: what every kernel must agree with, and what does the ends that fill no block.
//!
//! The twins of the line kernels are with them in `lines`, because they walk what a kernel is compiled from.

use super::base64::Tables;

static VALUES: [u8; 256] = {
    let mut values = [0xff; 256];
    let mut at = 0;
    #[expect(
        clippy::indexing_slicing,
        reason = "runs at compile time, where an index out of bounds is an error"
    )]
    while at < 10 {
        values[b'0' as usize + at as usize] = at;
        at += 1;
    }
    #[expect(
        clippy::indexing_slicing,
        reason = "runs at compile time, where an index out of bounds is an error"
    )]
    while at < 16 {
        values[b'a' as usize + at as usize - 10] = at;
        values[b'A' as usize + at as usize - 10] = at;
        at += 1;
    }
    values
};

/// The digits in order.
pub(super) const fn hex_digits(upper_case: bool) -> &'static [u8; 16] {
    if upper_case { b"0123456789ABCDEF" } else { b"0123456789abcdef" }
}

/// The values of all characters as hex digits, 0xff for what is none.
#[cfg(target_arch = "x86_64")]
pub(super) const fn hex_values() -> &'static [u8; 256] {
    &VALUES
}

/// The value of a hex digit; more than 15 when it is none.
#[inline]
pub(super) fn hex_value(digit: u8) -> u8 {
    VALUES.get(usize::from(digit)).copied().unwrap_or(0xff)
}

#[inline(never)]
pub(super) fn hex_encode(src: &[u8], dst: &mut [u8], upper_case: bool) {
    let digits = hex_digits(upper_case);
    let digit = |value: u8| digits.get(usize::from(value & 15)).copied().unwrap_or(b'0');
    for (&byte, out) in src.iter().zip(dst.as_chunks_mut::<2>().0) {
        *out = [digit(byte >> 4), digit(byte)];
    }
}

#[inline(never)]
pub(super) fn hex_decode(src: &[u8], dst: &mut [u8]) -> usize {
    let mut pairs = 0;
    for (&[high, low], out) in src.as_chunks::<2>().0.iter().zip(dst) {
        let (high, low) = (hex_value(high), hex_value(low));
        if high | low > 15 {
            break;
        }
        *out = high << 4 | low;
        pairs += 1;
    }
    pairs
}

pub(super) fn hex_encode_lines(src: &[u8], dst: &mut [u8], width: usize, upper_case: bool) {
    encode_lines(src, dst, width, width * 2 + 1, |src, dst| hex_encode(src, dst, upper_case));
}

pub(super) fn hex_decode_lines(src: &[u8], dst: &mut [u8], width: usize) -> usize {
    decode_lines(src, dst, width * 2 + 1, width, |src, dst| hex_decode(src, dst) == width)
}

#[inline(never)]
pub(super) fn base64_encode(src: &[u8], dst: &mut [u8], tables: &Tables) {
    let char = |value: u8| tables.chars.get(usize::from(value & 63)).copied().unwrap_or(b'A');
    for (&[a, b, c], out) in src.as_chunks::<3>().0.iter().zip(dst.as_chunks_mut::<4>().0) {
        *out = [char(a >> 2), char(a << 4 | b >> 4), char(b << 2 | c >> 6), char(c)];
    }
}

#[inline(never)]
pub(super) fn base64_decode(src: &[u8], dst: &mut [u8], tables: &Tables) -> usize {
    let value = |char: u8| tables.values.get(usize::from(char)).copied().unwrap_or(Tables::NONE);
    let mut groups = 0;
    for (group, out) in src.as_chunks::<4>().0.iter().zip(dst.as_chunks_mut::<3>().0) {
        let [a, b, c, d] = group.map(value);
        if a | b | c | d > 63 {
            break;
        }
        *out = [a << 2 | b >> 4, b << 4 | c >> 2, c << 6 | d];
        groups += 1;
    }
    groups
}

pub(super) fn base64_encode_lines(src: &[u8], dst: &mut [u8], width: usize, tables: &Tables) {
    encode_lines(src, dst, width / 4 * 3, width + 1, |src, dst| base64_encode(src, dst, tables));
}

pub(super) fn base64_decode_lines(src: &[u8], dst: &mut [u8], width: usize, tables: &Tables) -> usize {
    decode_lines(src, dst, width + 1, width / 4 * 3, |src, dst| base64_decode(src, dst, tables) == width / 4)
}

/// Encodes each `from` bytes as `to` characters, the last of them an LF.
#[inline(always)]
pub(super) fn encode_lines(
    src: &[u8],
    dst: &mut [u8],
    from: usize,
    to: usize,
    encode: impl Fn(&[u8], &mut [u8]),
) {
    if from == 0 || to == 0 {
        return;
    }
    for (bytes, line) in src.chunks_exact(from).zip(dst.chunks_exact_mut(to)) {
        if let Some((lf, line)) = line.split_last_mut() {
            encode(bytes, line);
            *lf = b'\n';
        }
    }
}

/// Decodes each `from` characters, the last of them an LF, as `to` bytes; counts the lines before the first fault.
#[inline(always)]
pub(super) fn decode_lines(
    src: &[u8],
    dst: &mut [u8],
    from: usize,
    to: usize,
    decode: impl Fn(&[u8], &mut [u8]) -> bool,
) -> usize {
    if from == 0 || to == 0 {
        return 0;
    }
    let mut lines = 0;
    for (line, bytes) in src.chunks_exact(from).zip(dst.chunks_exact_mut(to)) {
        match line.split_last() {
            Some((b'\n', line)) if decode(line, bytes) => lines += 1,
            _ => break,
        }
    }
    lines
}
