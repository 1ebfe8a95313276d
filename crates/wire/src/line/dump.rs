//! Bytes of a packet in rows of sixteen, as tcpdump shows them: for `-x` and `-X`, and behind the line of what it does not know.

use crate::digits;

/// How many bytes stand in a row.
const ROW: usize = 16;

/// Appends `0x0010:`, with what stands before it: four digits, and more where they are needed.
fn offset(before: &str, at: usize, out: &mut Vec<u8>) {
    out.extend_from_slice(before.as_bytes());
    out.extend_from_slice(b"0x");
    digits::hex(u64::try_from(at).unwrap_or(u64::MAX), 4, out);
    out.extend_from_slice(b": ");
}

/// Appends rows of hex: `-x`. Each begins with `before`, which begins with a line feed.
pub fn hex(before: &str, bytes: &[u8], out: &mut Vec<u8>) {
    for (row, bytes) in bytes.chunks(ROW).enumerate() {
        offset(before, row * ROW, out);
        for pair in bytes.chunks(2) {
            out.push(b' ');
            pair.iter().for_each(|byte| digits::byte(*byte, out));
        }
    }
}

/// Appends rows of hex with the characters beside them: `-X`.
pub fn hex_and_ascii(before: &str, bytes: &[u8], out: &mut Vec<u8>) {
    // Eight pairs of four digits, each with a blank before it.
    const WIDTH: usize = ROW / 2 * 5;
    for (row, bytes) in bytes.chunks(ROW).enumerate() {
        offset(before, row * ROW, out);
        let begin = out.len();
        for pair in bytes.chunks(2) {
            out.push(b' ');
            pair.iter().for_each(|byte| digits::byte(*byte, out));
        }
        out.resize(begin + WIDTH, b' ');
        out.extend_from_slice(b"  ");
        out.extend(bytes.iter().map(|byte| if byte.is_ascii_graphic() { *byte } else { b'.' }));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_tcpdump_s() {
        let bytes: Vec<u8> = (0x3b..0x4e).collect();
        let mut out = Vec::new();
        hex_and_ascii("\n\t", &bytes, &mut out);
        assert_eq!(
            String::from_utf8(out).unwrap(),
            "\n\t0x0000:  3b3c 3d3e 3f40 4142 4344 4546 4748 494a  ;<=>?@ABCDEFGHIJ\
             \n\t0x0010:  4b4c 4d                                  KLM"
        );
        let mut out = Vec::new();
        hex("\n\t", &[0; 3], &mut out);
        assert_eq!(out, b"\n\t0x0000:  0000 00");
        let mut out = Vec::new();
        hex("\n", &vec![0; 0x10001], &mut out);
        assert!(out.ends_with(b"\n0x10000:  00"));
    }
}
