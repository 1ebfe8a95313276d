//! SSSE3: byte shuffles of 16 bytes, on every x86-64 since 2006.

use core::arch::x86_64::{
    __m128i, _mm_add_epi8, _mm_add_epi64, _mm_adds_epu8, _mm_and_si128, _mm_andnot_si128, _mm_cmpeq_epi8,
    _mm_cmpgt_epi8, _mm_madd_epi16, _mm_maddubs_epi16, _mm_min_epu8, _mm_movemask_epi8, _mm_mulhi_epu16,
    _mm_mullo_epi16, _mm_or_si128, _mm_packus_epi16, _mm_set1_epi16, _mm_set1_epi32, _mm_setr_epi8,
    _mm_setzero_si128, _mm_shuffle_epi8, _mm_slli_epi16, _mm_srli_epi16, _mm_sub_epi8, _mm_subs_epu8,
    _mm_unpackhi_epi8, _mm_unpacklo_epi8, _mm_unpacklo_epi64, _mm_xor_si128,
};

use super::{block, block_mut, from8, load8, load16, low4, low8, splat16, store16};
use crate::simd::base64::Tables;
use crate::simd::lines::{Counter, Shape};
use crate::simd::scalar;

/// The digits of 16 bytes: those of the first eight, and those of the others.
#[inline]
#[target_feature(enable = "ssse3")]
fn digits_of(bytes: __m128i, digits: __m128i) -> (__m128i, __m128i) {
    let high = _mm_shuffle_epi8(digits, _mm_and_si128(_mm_srli_epi16::<4>(bytes), splat16(15)));
    let low = _mm_shuffle_epi8(digits, _mm_and_si128(bytes, splat16(15)));
    (_mm_unpacklo_epi8(high, low), _mm_unpackhi_epi8(high, low))
}

/// The values of 16 hex digits, and more than 15 for what is none; `avx2::hex_values` says how.
#[inline]
#[target_feature(enable = "ssse3")]
fn hex_values(chars: __m128i) -> __m128i {
    let top = _mm_add_epi8(chars, splat16(0xff - b'9'));
    let digit = _mm_sub_epi8(_mm_subs_epu8(top, splat16(6)), splat16(0xf0));
    let upper = _mm_and_si128(chars, splat16(0xdf));
    let letter = _mm_adds_epu8(_mm_sub_epi8(upper, splat16(b'A')), splat16(10));
    _mm_min_epu8(digit, letter)
}

/// Whether all are at most 15.
#[inline]
#[target_feature(enable = "ssse3")]
fn all_hex(values: __m128i) -> bool {
    _mm_movemask_epi8(_mm_adds_epu8(values, splat16(127 - 15))) == 0
}

#[inline]
#[target_feature(enable = "ssse3")]
fn hex_encode_block(from: &[u8; 16], to: &mut [u8; 32], digits: __m128i) {
    let (first, second) = digits_of(load16::<0, 16>(from), digits);
    store16::<0, 32>(to, first);
    store16::<16, 32>(to, second);
}

#[inline]
#[target_feature(enable = "ssse3")]
fn hex_decode_block(from: &[u8; 32], to: &mut [u8; 16]) -> bool {
    let first = hex_values(load16::<0, 32>(from));
    let second = hex_values(load16::<16, 32>(from));
    let weights = _mm_set1_epi16(0x0110);
    let bytes = _mm_packus_epi16(_mm_maddubs_epi16(first, weights), _mm_maddubs_epi16(second, weights));
    store16::<0, 16>(to, bytes);
    all_hex(_mm_or_si128(first, second))
}

#[inline]
#[target_feature(enable = "ssse3")]
pub(crate) fn hex_encode(src: &[u8], dst: &mut [u8], upper_case: bool) {
    let digits = load16::<0, 16>(scalar::hex_digits(upper_case));
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
#[target_feature(enable = "ssse3")]
pub(crate) fn hex_decode(src: &[u8], dst: &mut [u8]) -> usize {
    let mut done = 0;
    let (blocks, rest) = src.as_chunks::<32>();
    for (from, to) in blocks.iter().zip(dst.as_chunks_mut::<16>().0) {
        if !hex_decode_block(from, to) {
            return done + scalar::hex_decode(from, to);
        }
        done += 16;
    }
    if rest.is_empty() {
        return done;
    }
    if let (Some(from), Some(to)) = (src.last_chunk::<32>(), dst.last_chunk_mut::<16>())
        && hex_decode_block(from, to)
    {
        return src.len() / 2;
    }
    done + scalar::hex_decode(rest, dst.get_mut(done..).unwrap_or(&mut []))
}

#[target_feature(enable = "ssse3")]
pub(crate) fn hex_encode_lines(src: &[u8], dst: &mut [u8], width: usize, upper_case: bool) {
    scalar::encode_lines(src, dst, width, width * 2 + 1, |src, dst| hex_encode(src, dst, upper_case));
}

#[target_feature(enable = "ssse3")]
pub(crate) fn hex_decode_lines(src: &[u8], dst: &mut [u8], width: usize) -> usize {
    scalar::decode_lines(src, dst, width * 2 + 1, width, |src, dst| hex_decode(src, dst) == width)
}

/// The tables of an encoder in registers.
#[derive(Clone, Copy)]
struct Encoder {
    to_char: __m128i,
    factors: (__m128i, __m128i),
}

impl Encoder {
    #[inline]
    #[target_feature(enable = "ssse3")]
    fn new(tables: &Tables) -> Self {
        let [high, low] = &tables.factors;
        Self {
            to_char: load16::<0, 16>(&tables.to_char),
            factors: (load16::<0, 16>(high), load16::<0, 16>(low)),
        }
    }
}

#[inline]
#[target_feature(enable = "ssse3")]
fn base64_encode_block(from: &[u8; 12], to: &mut [u8; 16], encoder: Encoder) {
    // Eight bytes and the last eight: bytes 4 to 7 are there twice.
    let bytes = _mm_unpacklo_epi64(load8::<0, 12>(from), load8::<4, 12>(from));
    // Of three bytes a b c the words b a, c b: each holds two of the four values whole.
    let words = _mm_shuffle_epi8(bytes, _mm_setr_epi8(1, 0, 2, 1, 4, 3, 5, 4, 7, 6, 12, 7, 14, 13, 15, 14));
    let even = _mm_and_si128(words, _mm_set1_epi32(0x0fc0_fc00));
    let odd = _mm_and_si128(words, _mm_set1_epi32(0x003f_03f0));
    let values =
        _mm_or_si128(_mm_mulhi_epu16(even, encoder.factors.0), _mm_mullo_epi16(odd, encoder.factors.1));
    // The range that a value is in, as `Tables::to_char` counts them.
    let range = _mm_subs_epu8(values, splat16(51));
    let first = _mm_and_si128(_mm_cmpgt_epi8(splat16(26), values), splat16(13));
    let shift = _mm_shuffle_epi8(encoder.to_char, _mm_or_si128(range, first));
    store16::<0, 16>(to, _mm_add_epi8(values, shift));
}

/// The tables of a decoder in registers.
#[derive(Clone, Copy)]
struct Decoder {
    high_kind: __m128i,
    low_bad: __m128i,
    to_value: __m128i,
    odd: __m128i,
    odd_flip: __m128i,
}

impl Decoder {
    #[inline(always)]
    fn new(tables: &Tables) -> Self {
        Self {
            high_kind: load16::<0, 16>(&tables.high_kind),
            low_bad: load16::<0, 16>(&tables.low_bad),
            to_value: load16::<0, 16>(&tables.to_value),
            odd: splat16(tables.odd),
            odd_flip: splat16(tables.odd_flip),
        }
    }

    /// Decodes 16 characters as 12 bytes, and says whether they were of the alphabet.
    #[inline]
    #[target_feature(enable = "ssse3")]
    fn block(self, from: &[u8; 16], to: &mut [u8; 12]) -> bool {
        let chars = load16::<0, 16>(from);
        let high = _mm_and_si128(_mm_srli_epi16::<4>(chars), splat16(15));
        let kind = _mm_shuffle_epi8(self.high_kind, high);
        let bad = _mm_shuffle_epi8(self.low_bad, _mm_and_si128(chars, splat16(15)));
        let flip = _mm_and_si128(_mm_cmpeq_epi8(chars, self.odd), self.odd_flip);
        let values = _mm_add_epi8(chars, _mm_shuffle_epi8(self.to_value, _mm_xor_si128(high, flip)));
        // Four values of 6 bits become two of 12, then one of 24, then three bytes from the top.
        let pairs = _mm_maddubs_epi16(values, _mm_set1_epi32(0x0140_0140));
        let groups = _mm_madd_epi16(pairs, _mm_set1_epi32(0x0001_1000));
        let start = _mm_setr_epi8(2, 1, 0, 6, 5, 4, 10, 9, -1, -1, -1, -1, -1, -1, -1, -1);
        let end = _mm_setr_epi8(8, 14, 13, 12, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1);
        if let Some((head, tail)) = to.split_first_chunk_mut::<8>() {
            *head = low8(_mm_shuffle_epi8(groups, start));
            tail.copy_from_slice(&low4(_mm_shuffle_epi8(groups, end)));
        }
        let faults = _mm_cmpeq_epi8(_mm_and_si128(kind, bad), _mm_setzero_si128());
        _mm_movemask_epi8(faults) == 0xffff
    }
}

#[inline]
#[target_feature(enable = "ssse3")]
pub(crate) fn base64_encode(src: &[u8], dst: &mut [u8], tables: &Tables) {
    let encoder = Encoder::new(tables);
    let (blocks, rest) = src.as_chunks::<12>();
    for (from, to) in blocks.iter().zip(dst.as_chunks_mut::<16>().0) {
        base64_encode_block(from, to, encoder);
    }
    if rest.is_empty() {
        return;
    }
    match (src.last_chunk::<12>(), dst.last_chunk_mut::<16>()) {
        (Some(from), Some(to)) => base64_encode_block(from, to, encoder),
        _ => scalar::base64_encode(src, dst, tables),
    }
}

#[inline]
#[target_feature(enable = "ssse3")]
pub(crate) fn base64_decode(src: &[u8], dst: &mut [u8], tables: &Tables) -> usize {
    let decoder = Decoder::new(tables);
    let mut done = 0;
    let (blocks, rest) = src.as_chunks::<16>();
    for (from, to) in blocks.iter().zip(dst.as_chunks_mut::<12>().0) {
        if !decoder.block(from, to) {
            return done + scalar::base64_decode(from, to, tables);
        }
        done += 4;
    }
    if rest.is_empty() {
        return done;
    }
    if let (Some(from), Some(to)) = (src.last_chunk::<16>(), dst.last_chunk_mut::<12>())
        && decoder.block(from, to)
    {
        return src.len() / 4;
    }
    done + scalar::base64_decode(rest, dst.get_mut(done * 3..).unwrap_or(&mut []), tables)
}

#[target_feature(enable = "ssse3")]
pub(crate) fn base64_encode_lines(src: &[u8], dst: &mut [u8], width: usize, tables: &Tables) {
    scalar::encode_lines(src, dst, width / 4 * 3, width + 1, |src, dst| base64_encode(src, dst, tables));
}

#[target_feature(enable = "ssse3")]
pub(crate) fn base64_decode_lines(src: &[u8], dst: &mut [u8], width: usize, tables: &Tables) -> usize {
    scalar::decode_lines(src, dst, width + 1, width / 4 * 3, |src, dst| {
        base64_decode(src, dst, tables) == width / 4
    })
}

/// [`Counter`] in a register.
#[derive(Clone, Copy)]
pub(super) struct Offset {
    digits: __m128i,
    step: __m128i,
    lift: __m128i,
    table: __m128i,
}

impl Offset {
    #[inline]
    #[target_feature(enable = "ssse3")]
    pub(super) fn new(counter: Counter) -> Self {
        let [digits, step, lift] = counter.parts().map(from8);
        Self { digits, step, lift, table: load16::<0, 16>(counter.table()) }
    }

    /// The digits of this line, the lowest first; counts on to the next.
    #[inline]
    #[target_feature(enable = "ssse3")]
    pub(super) fn next(&mut self) -> __m128i {
        let digits = _mm_shuffle_epi8(self.table, _mm_and_si128(self.digits, splat16(15)));
        let sum = _mm_add_epi64(self.digits, self.step);
        let lost = _mm_cmpgt_epi8(sum, splat16(0xff));
        self.digits = _mm_add_epi8(sum, _mm_and_si128(lost, self.lift));
        digits
    }
}

/// Bytes as characters: a dot for those that are none. Only from 0x20 to 0x7e does adding one give more than 0x20 as
/// a signed number.
#[inline]
#[target_feature(enable = "ssse3")]
fn shown(bytes: __m128i) -> __m128i {
    let printable = _mm_cmpgt_epi8(_mm_add_epi8(bytes, splat16(1)), splat16(0x20));
    _mm_or_si128(_mm_and_si128(printable, bytes), _mm_andnot_si128(printable, splat16(b'.')))
}

/// Writes lines until the end of either slice is too near for whole blocks, and returns how many.
#[target_feature(enable = "ssse3")]
pub(crate) fn format(shape: &Shape<16>, src: &[u8], dst: &mut [u8], counter: Counter) -> usize {
    let digits = load16::<0, 16>(&shape.digits);
    let mut offsets = Offset::new(counter);
    let (mut from, mut to, mut lines) = (0, 0, 0);
    while let Some(bytes) = block(src, from) {
        let bytes = load16::<0, 16>(bytes);
        let (first, second) = digits_of(bytes, digits);
        let sources = [first, second, shown(bytes), offsets.next()];
        for chunk in &shape.chunks {
            let Some(out) = block_mut(dst, to + chunk.at) else { return lines };
            let mut value = load16::<0, 16>(&chunk.text);
            for ((source, shuffle), used) in sources.into_iter().zip(&chunk.sources).zip(chunk.used) {
                if used {
                    value = _mm_or_si128(value, _mm_shuffle_epi8(source, load16::<0, 16>(shuffle)));
                }
            }
            store16::<0, 16>(out, value);
        }
        from += shape.columns;
        to += shape.len;
        lines += 1;
    }
    lines
}

/// Reads lines until the first that is not as written or is too near the end of either slice, and returns how many.
#[target_feature(enable = "ssse3")]
pub(crate) fn scan(shape: &Shape<16>, text: &[u8], dst: &mut [u8], counter: Counter) -> usize {
    let mut offsets = Offset::new(counter);
    let (mut from, mut to, mut lines) = (0, 0, 0);
    while let Some(out) = block_mut(dst, to) {
        let (mut high, mut low) = (load16::<0, 32>(&shape.absent), load16::<16, 32>(&shape.absent));
        for window in &shape.windows {
            let Some(chars) = block(text, from + window.at) else { return lines };
            let chars = load16::<0, 16>(chars);
            high = _mm_or_si128(high, _mm_shuffle_epi8(chars, load16::<0, 32>(&window.shuffle)));
            low = _mm_or_si128(low, _mm_shuffle_epi8(chars, load16::<16, 32>(&window.shuffle)));
        }
        let (high, low) = (hex_values(high), hex_values(low));
        let mut fault = _mm_and_si128(_mm_or_si128(high, low), splat16(0xf0));

        let offset = offsets.next();
        for chunk in &shape.chunks {
            let Some(chars) = block(text, from + chunk.at) else { return lines };
            let chars = load16::<0, 16>(chars);
            let mut expected = load16::<0, 16>(&chunk.text);
            let [.., chars_here, offset_here] = chunk.used;
            if offset_here {
                let [.., shuffle] = &chunk.sources;
                expected = _mm_or_si128(expected, _mm_shuffle_epi8(offset, load16::<0, 16>(shuffle)));
            }
            let differs = _mm_and_si128(_mm_xor_si128(chars, expected), load16::<0, 16>(&chunk.fixed));
            fault = _mm_or_si128(fault, differs);
            if chars_here {
                let lf = _mm_cmpeq_epi8(chars, splat16(b'\n'));
                fault = _mm_or_si128(fault, _mm_and_si128(lf, load16::<0, 16>(&chunk.chars)));
            }
        }
        if _mm_movemask_epi8(_mm_cmpeq_epi8(fault, _mm_setzero_si128())) != 0xffff {
            return lines;
        }
        store16::<0, 16>(out, _mm_or_si128(_mm_slli_epi16::<4>(high), low));
        from += shape.len;
        to += shape.columns;
        lines += 1;
    }
    lines
}
