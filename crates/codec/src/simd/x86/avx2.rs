//! AVX2: 32 bytes a register, shuffled in halves of 16.

use core::arch::x86_64::{
    __m256i, _mm_or_si128, _mm_slli_epi16, _mm256_add_epi8, _mm256_adds_epu8, _mm256_and_si256,
    _mm256_blendv_epi8, _mm256_broadcastq_epi64, _mm256_broadcastsi128_si256, _mm256_castsi128_si256,
    _mm256_castsi256_si128, _mm256_cmpeq_epi8, _mm256_cmpgt_epi8, _mm256_cvtepu8_epi16,
    _mm256_extracti128_si256, _mm256_inserti128_si256, _mm256_madd_epi16, _mm256_maddubs_epi16,
    _mm256_min_epu8, _mm256_mulhi_epu16, _mm256_mullo_epi16, _mm256_or_si256, _mm256_packus_epi16,
    _mm256_permute4x64_epi64, _mm256_permutevar8x32_epi32, _mm256_set1_epi16, _mm256_set1_epi32,
    _mm256_setr_epi8, _mm256_setr_epi32, _mm256_shuffle_epi8, _mm256_slli_epi16, _mm256_srli_epi16,
    _mm256_sub_epi8, _mm256_subs_epu8, _mm256_testz_si256, _mm256_xor_si256,
};

use super::{block, block_mut, load16, load32, low8, splat32, ssse3, store16, store32};
use crate::simd::base64::Tables;
use crate::simd::lines::{Chunk, Counter, Shape};
use crate::simd::scalar;

/// The same 16 bytes in both halves.
#[inline]
#[target_feature(enable = "avx2")]
fn both(bytes: &[u8; 16]) -> __m256i {
    _mm256_broadcastsi128_si256(load16::<0, 16>(bytes))
}

/// The high and low four bits of 16 bytes as 32 values, in order.
#[inline]
#[target_feature(enable = "avx2")]
pub(super) fn nibbles(bytes: &[u8; 16]) -> __m256i {
    let wide = _mm256_cvtepu8_epi16(load16::<0, 16>(bytes));
    let split = _mm256_or_si256(_mm256_srli_epi16::<4>(wide), _mm256_slli_epi16::<8>(wide));
    _mm256_and_si256(split, splat32(15))
}

/// The values of 32 hex digits, and more than 15 for what is none.
///
/// Digits are moved to the top of the byte range, where what is above them wraps around to the bottom; a saturating
/// subtraction and a plain one then bring them to 0–9 and leave everything else above. Letters are brought to 0–5
/// and lifted by a saturating 10. The smaller of the two is the value.
#[inline]
#[target_feature(enable = "avx2")]
pub(super) fn hex_values(chars: __m256i) -> __m256i {
    let top = _mm256_add_epi8(chars, splat32(0xff - b'9'));
    let digit = _mm256_sub_epi8(_mm256_subs_epu8(top, splat32(6)), splat32(0xf0));
    let upper = _mm256_and_si256(chars, splat32(0xdf));
    let letter = _mm256_adds_epu8(_mm256_sub_epi8(upper, splat32(b'A')), splat32(10));
    _mm256_min_epu8(digit, letter)
}

/// Whether all are at most 15.
#[inline]
#[target_feature(enable = "avx2")]
pub(super) fn all_hex(values: __m256i) -> bool {
    _mm256_testz_si256(values, splat32(0xf0)) == 1
}

#[inline]
#[target_feature(enable = "avx2")]
fn hex_encode_block(from: &[u8; 16], to: &mut [u8; 32], digits: __m256i) {
    store32::<0, 32>(to, _mm256_shuffle_epi8(digits, nibbles(from)));
}

#[inline]
#[target_feature(enable = "avx2")]
fn hex_decode_block(from: &[u8; 64], to: &mut [u8; 32]) -> bool {
    let first = hex_values(load32::<0, 64>(from));
    let second = hex_values(load32::<32, 64>(from));
    let weights = _mm256_set1_epi16(0x0110);
    let bytes =
        _mm256_packus_epi16(_mm256_maddubs_epi16(first, weights), _mm256_maddubs_epi16(second, weights));
    store32::<0, 32>(to, _mm256_permute4x64_epi64::<0b11_01_10_00>(bytes));
    all_hex(_mm256_or_si256(first, second))
}

#[inline]
#[target_feature(enable = "avx2")]
pub(crate) fn hex_encode(src: &[u8], dst: &mut [u8], upper_case: bool) {
    let digits = both(scalar::hex_digits(upper_case));
    let (blocks, rest) = src.as_chunks::<16>();
    for (from, to) in blocks.iter().zip(dst.as_chunks_mut::<32>().0) {
        hex_encode_block(from, to, digits);
    }
    if rest.is_empty() {
        return;
    }
    match (src.last_chunk::<16>(), dst.last_chunk_mut::<32>()) {
        (Some(from), Some(to)) => hex_encode_block(from, to, digits),
        _ => scalar::hex_encode(src, dst, upper_case),
    }
}

#[inline]
#[target_feature(enable = "avx2")]
pub(crate) fn hex_decode(src: &[u8], dst: &mut [u8]) -> usize {
    let mut done = 0;
    let (blocks, rest) = src.as_chunks::<64>();
    for (from, to) in blocks.iter().zip(dst.as_chunks_mut::<32>().0) {
        if !hex_decode_block(from, to) {
            return done + scalar::hex_decode(from, to);
        }
        done += 32;
    }
    if rest.is_empty() {
        return done;
    }
    if let (Some(from), Some(to)) = (src.last_chunk::<64>(), dst.last_chunk_mut::<32>())
        && hex_decode_block(from, to)
    {
        return src.len() / 2;
    }
    done + ssse3::hex_decode(rest, dst.get_mut(done..).unwrap_or(&mut []))
}

#[target_feature(enable = "avx2")]
pub(crate) fn hex_encode_lines(src: &[u8], dst: &mut [u8], width: usize, upper_case: bool) {
    if width == 30 {
        // What `xxd -p` writes.
        scalar::encode_lines(src, dst, 30, 61, |src, dst| hex_encode(src, dst, upper_case));
    } else {
        scalar::encode_lines(src, dst, width, width * 2 + 1, |src, dst| hex_encode(src, dst, upper_case));
    }
}

#[target_feature(enable = "avx2")]
pub(crate) fn hex_decode_lines(src: &[u8], dst: &mut [u8], width: usize) -> usize {
    if width == 30 {
        scalar::decode_lines(src, dst, 61, 30, |src, dst| hex_decode(src, dst) == 30)
    } else {
        scalar::decode_lines(src, dst, width * 2 + 1, width, |src, dst| hex_decode(src, dst) == width)
    }
}

/// The tables of an encoder in registers.
#[derive(Clone, Copy)]
struct Encoder {
    to_char: __m256i,
    factors: (__m256i, __m256i),
}

impl Encoder {
    #[inline]
    #[target_feature(enable = "avx2")]
    fn new(tables: &Tables) -> Self {
        let [high, low] = &tables.factors;
        Self { to_char: both(&tables.to_char), factors: (both(high), both(low)) }
    }
}

#[inline]
#[target_feature(enable = "avx2")]
fn base64_encode_block(from: &[u8; 24], to: &mut [u8; 32], encoder: Encoder) {
    // Twelve bytes for each half: the first of the lower 16, the last of the upper 16.
    let bytes =
        _mm256_inserti128_si256::<1>(_mm256_castsi128_si256(load16::<0, 24>(from)), load16::<8, 24>(from));
    // Of three bytes a b c the words b a, c b: each holds two of the four values whole.
    #[rustfmt::skip]
    let words = _mm256_shuffle_epi8(bytes, _mm256_setr_epi8(
        1, 0, 2, 1, 4, 3, 5, 4, 7, 6, 8, 7, 10, 9, 11, 10,
        5, 4, 6, 5, 8, 7, 9, 8, 11, 10, 12, 11, 14, 13, 15, 14,
    ));
    let even = _mm256_and_si256(words, _mm256_set1_epi32(0x0fc0_fc00));
    let odd = _mm256_and_si256(words, _mm256_set1_epi32(0x003f_03f0));
    let values = _mm256_or_si256(
        _mm256_mulhi_epu16(even, encoder.factors.0),
        _mm256_mullo_epi16(odd, encoder.factors.1),
    );
    // The range that a value is in, as `Tables::to_char` counts them.
    let range = _mm256_subs_epu8(values, splat32(51));
    let first = _mm256_and_si256(_mm256_cmpgt_epi8(splat32(26), values), splat32(13));
    let shift = _mm256_shuffle_epi8(encoder.to_char, _mm256_or_si256(range, first));
    store32::<0, 32>(to, _mm256_add_epi8(values, shift));
}

/// The tables of a decoder in registers.
#[derive(Clone, Copy)]
struct Decoder {
    high_kind: __m256i,
    low_bad: __m256i,
    to_value: __m256i,
    odd: __m256i,
    odd_flip: __m256i,
}

impl Decoder {
    #[inline]
    #[target_feature(enable = "avx2")]
    fn new(tables: &Tables) -> Self {
        Self {
            high_kind: both(&tables.high_kind),
            low_bad: both(&tables.low_bad),
            to_value: both(&tables.to_value),
            odd: splat32(tables.odd),
            odd_flip: splat32(tables.odd_flip),
        }
    }

    /// Decodes 32 characters as 24 bytes, and says whether they were of the alphabet.
    #[inline]
    #[target_feature(enable = "avx2")]
    fn block(self, from: &[u8; 32], to: &mut [u8; 24]) -> bool {
        let chars = load32::<0, 32>(from);
        let high = _mm256_and_si256(_mm256_srli_epi16::<4>(chars), splat32(15));
        let kind = _mm256_shuffle_epi8(self.high_kind, high);
        let bad = _mm256_shuffle_epi8(self.low_bad, _mm256_and_si256(chars, splat32(15)));
        let flip = _mm256_and_si256(_mm256_cmpeq_epi8(chars, self.odd), self.odd_flip);
        let values = _mm256_add_epi8(chars, _mm256_shuffle_epi8(self.to_value, _mm256_xor_si256(high, flip)));
        // Four values of 6 bits become two of 12, then one of 24, then three bytes from the top.
        let pairs = _mm256_maddubs_epi16(values, _mm256_set1_epi32(0x0140_0140));
        let groups = _mm256_madd_epi16(pairs, _mm256_set1_epi32(0x0001_1000));
        #[rustfmt::skip]
        let bytes = _mm256_shuffle_epi8(groups, _mm256_setr_epi8(
            2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, -1, -1, -1, -1,
            2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, -1, -1, -1, -1,
        ));
        let bytes = _mm256_permutevar8x32_epi32(bytes, _mm256_setr_epi32(0, 1, 2, 4, 5, 6, 3, 7));
        store16::<0, 24>(to, _mm256_castsi256_si128(bytes));
        if let Some(end) = to.last_chunk_mut::<8>() {
            *end = low8(_mm256_extracti128_si256::<1>(bytes));
        }
        _mm256_testz_si256(kind, bad) == 1
    }

    #[inline]
    #[target_feature(enable = "avx2")]
    fn decode(self, src: &[u8], dst: &mut [u8], tables: &Tables) -> usize {
        let mut done = 0;
        let (blocks, rest) = src.as_chunks::<32>();
        for (from, to) in blocks.iter().zip(dst.as_chunks_mut::<24>().0) {
            if !self.block(from, to) {
                return done + scalar::base64_decode(from, to, tables);
            }
            done += 8;
        }
        if rest.is_empty() {
            return done;
        }
        if let (Some(from), Some(to)) = (src.last_chunk::<32>(), dst.last_chunk_mut::<24>())
            && self.block(from, to)
        {
            return src.len() / 4;
        }
        done + ssse3::base64_decode(rest, dst.get_mut(done * 3..).unwrap_or(&mut []), tables)
    }
}

#[inline]
#[target_feature(enable = "avx2")]
fn base64_encode_with(src: &[u8], dst: &mut [u8], tables: &Tables, encoder: Encoder) {
    let (blocks, rest) = src.as_chunks::<24>();
    for (from, to) in blocks.iter().zip(dst.as_chunks_mut::<32>().0) {
        base64_encode_block(from, to, encoder);
    }
    if rest.is_empty() {
        return;
    }
    match (src.last_chunk::<24>(), dst.last_chunk_mut::<32>()) {
        (Some(from), Some(to)) => base64_encode_block(from, to, encoder),
        _ => ssse3::base64_encode(src, dst, tables),
    }
}

#[inline]
#[target_feature(enable = "avx2")]
pub(crate) fn base64_encode(src: &[u8], dst: &mut [u8], tables: &Tables) {
    base64_encode_with(src, dst, tables, Encoder::new(tables));
}

#[inline]
#[target_feature(enable = "avx2")]
pub(crate) fn base64_decode(src: &[u8], dst: &mut [u8], tables: &Tables) -> usize {
    Decoder::new(tables).decode(src, dst, tables)
}

#[target_feature(enable = "avx2")]
pub(crate) fn base64_encode_lines(src: &[u8], dst: &mut [u8], width: usize, tables: &Tables) {
    let encoder = Encoder::new(tables);
    if width == 76 {
        // The width of MIME and of base64(1): three blocks of known places.
        scalar::encode_lines(src, dst, 57, 77, |src, dst| base64_encode_with(src, dst, tables, encoder));
    } else {
        scalar::encode_lines(src, dst, width / 4 * 3, width + 1, |src, dst| {
            base64_encode_with(src, dst, tables, encoder);
        });
    }
}

#[target_feature(enable = "avx2")]
pub(crate) fn base64_decode_lines(src: &[u8], dst: &mut [u8], width: usize, tables: &Tables) -> usize {
    let decoder = Decoder::new(tables);
    if width == 76 {
        scalar::decode_lines(src, dst, 77, 57, |src, dst| decoder.decode(src, dst, tables) == 19)
    } else {
        scalar::decode_lines(src, dst, width + 1, width / 4 * 3, |src, dst| {
            decoder.decode(src, dst, tables) == width / 4
        })
    }
}

/// Bytes as characters; `ssse3::shown` says how.
#[inline]
#[target_feature(enable = "avx2")]
pub(super) fn shown(bytes: __m256i) -> __m256i {
    let printable = _mm256_cmpgt_epi8(_mm256_add_epi8(bytes, splat32(1)), splat32(0x20));
    _mm256_blendv_epi8(splat32(b'.'), bytes, printable)
}

/// Writes lines until the end of either slice is too near for whole blocks, and returns how many.
#[target_feature(enable = "avx2")]
pub(crate) fn format(shape: &Shape<32>, src: &[u8], dst: &mut [u8], counter: Counter) -> usize {
    match shape.chunks.as_slice() {
        [one] => format_chunks(shape, [one], src, dst, counter),
        [one, two] => format_chunks(shape, [one, two], src, dst, counter),
        [one, two, three] => format_chunks(shape, [one, two, three], src, dst, counter),
        [one, two, three, four] => format_chunks(shape, [one, two, three, four], src, dst, counter),
        _ => 0,
    }
}

#[inline]
#[target_feature(enable = "avx2")]
fn format_chunks<const N: usize>(
    shape: &Shape<32>,
    chunks: [&Chunk<32>; N],
    src: &[u8],
    dst: &mut [u8],
    counter: Counter,
) -> usize {
    let mut writer = Writer::new(shape, counter);
    let mut lines = 0;
    if shape.columns == 16 && shape.len >= 32 {
        // The usual line: nothing of it is beyond its end, and nothing has to be asked of the slices. Where offsets are in
        // the first block alone and characters are not, a quarter of the shuffles would give nothing.
        let usual = chunks.iter().enumerate().all(|(index, chunk)| {
            let [.., chars, offset] = chunk.used;
            !(if index == 0 { chars } else { offset })
        });
        // Where the last block has little that is new, storing that alone crosses fewer cache lines.
        let little = shape.len > 32 && shape.len <= (N - 1) * 32 + 16;
        for (bytes, line) in src.as_chunks::<16>().0.iter().zip(dst.chunks_exact_mut(shape.len)) {
            let sources = writer.sources(bytes);
            for (index, chunk) in chunks.into_iter().enumerate() {
                let value = match (usual, index) {
                    (true, 0) => chunk_of(chunk, sources, [0, 1, 3]),
                    (true, _) => chunk_of(chunk, sources, [0, 1, 2]),
                    (false, _) => chunk_of(chunk, sources, [0, 1, 2, 3]),
                };
                if index + 1 < N {
                    if let Some(out) = block_mut(line, index * 32) {
                        store32::<0, 32>(out, value);
                    }
                } else if little {
                    if let Some(out) = line.last_chunk_mut() {
                        store16::<0, 16>(out, _mm256_extracti128_si256::<1>(value));
                    }
                } else if let Some(out) = line.last_chunk_mut() {
                    store32::<0, 32>(out, value);
                }
            }
            lines += 1;
        }
        return lines;
    }
    let (mut from, mut to) = (0, 0);
    while let Some(bytes) = block(src, from) {
        let sources = writer.sources(bytes);
        for chunk in chunks {
            let Some(out) = block_mut(dst, to + chunk.at) else { return lines };
            store32::<0, 32>(out, chunk_of(chunk, sources, [0, 1, 2, 3]));
        }
        from += shape.columns;
        to += shape.len;
        lines += 1;
    }
    lines
}

/// What all lines of a dump have in common.
struct Writer {
    digits: __m256i,
    offsets: ssse3::Offset,
}

impl Writer {
    #[inline]
    #[target_feature(enable = "avx2")]
    fn new(shape: &Shape<32>, counter: Counter) -> Self {
        Self { digits: both(&shape.digits), offsets: ssse3::Offset::new(counter) }
    }

    /// The four sources of a line, each in both halves.
    #[inline]
    #[target_feature(enable = "avx2")]
    fn sources(&mut self, bytes: &[u8; 16]) -> [__m256i; 4] {
        let hex = _mm256_shuffle_epi8(self.digits, nibbles(bytes));
        [
            _mm256_permute4x64_epi64::<0b01_00_01_00>(hex),
            _mm256_permute4x64_epi64::<0b11_10_11_10>(hex),
            shown(both(bytes)),
            _mm256_broadcastq_epi64(self.offsets.next()),
        ]
    }
}

/// One block of a line from those of its sources that are given by their numbers.
#[inline]
#[target_feature(enable = "avx2")]
fn chunk_of<const M: usize>(chunk: &Chunk<32>, sources: [__m256i; 4], numbers: [usize; M]) -> __m256i {
    let mut value = load32::<0, 32>(&chunk.text);
    for number in numbers {
        if let (Some(&source), Some(shuffle)) = (sources.get(number), chunk.sources.get(number)) {
            value = _mm256_or_si256(value, _mm256_shuffle_epi8(source, load32::<0, 32>(shuffle)));
        }
    }
    value
}

/// Reads lines until the first that is not as written or is too near the end of either slice, and returns how many.
#[target_feature(enable = "avx2")]
pub(crate) fn scan(shape: &Shape<32>, text: &[u8], dst: &mut [u8], counter: Counter) -> usize {
    match shape.chunks.as_slice() {
        [one] => scan_chunks(shape, [one], text, dst, counter),
        [one, two] => scan_chunks(shape, [one, two], text, dst, counter),
        [one, two, three] => scan_chunks(shape, [one, two, three], text, dst, counter),
        [one, two, three, four] => scan_chunks(shape, [one, two, three, four], text, dst, counter),
        _ => 0,
    }
}

#[inline]
#[target_feature(enable = "avx2")]
fn scan_chunks<const N: usize>(
    shape: &Shape<32>,
    chunks: [&Chunk<32>; N],
    text: &[u8],
    dst: &mut [u8],
    counter: Counter,
) -> usize {
    let mut offsets = ssse3::Offset::new(counter);
    let (mut from, mut to, mut lines) = (0, 0, 0);
    while let Some(out) = block_mut(dst, to) {
        // The high digits in the lower half, the low ones in the upper.
        let mut digits = load32::<0, 32>(&shape.absent);
        for window in &shape.windows {
            let Some(chars) = block(text, from + window.at) else { return lines };
            let shuffle = load32::<0, 32>(&window.shuffle);
            digits = _mm256_or_si256(digits, _mm256_shuffle_epi8(both(chars), shuffle));
        }
        let values = hex_values(digits);
        let mut fault = _mm256_and_si256(values, splat32(0xf0));

        let offset = _mm256_broadcastq_epi64(offsets.next());
        for chunk in chunks {
            let Some(chars) = block(text, from + chunk.at) else { return lines };
            let chars = load32::<0, 32>(chars);
            let mut expected = load32::<0, 32>(&chunk.text);
            let [.., chars_here, offset_here] = chunk.used;
            if offset_here {
                let [.., shuffle] = &chunk.sources;
                expected = _mm256_or_si256(expected, _mm256_shuffle_epi8(offset, load32::<0, 32>(shuffle)));
            }
            let differs = _mm256_and_si256(_mm256_xor_si256(chars, expected), load32::<0, 32>(&chunk.fixed));
            fault = _mm256_or_si256(fault, differs);
            if chars_here {
                let lf = _mm256_cmpeq_epi8(chars, splat32(b'\n'));
                fault = _mm256_or_si256(fault, _mm256_and_si256(lf, load32::<0, 32>(&chunk.chars)));
            }
        }
        if _mm256_testz_si256(fault, fault) == 0 {
            return lines;
        }
        let (high, low) = (_mm256_castsi256_si128(values), _mm256_extracti128_si256::<1>(values));
        store16::<0, 16>(out, _mm_or_si128(_mm_slli_epi16::<4>(high), low));
        from += shape.len;
        to += shape.columns;
        lines += 1;
    }
    lines
}
