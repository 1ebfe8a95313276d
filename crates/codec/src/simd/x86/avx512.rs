//! AVX-512 with VBMI: bytes permuted across 64 or out of 128, so that an alphabet or a line is one look-up.

use core::arch::x86_64::{
    __m128i, __m256i, __m512i, _mm_or_si128, _mm_slli_epi16, _mm256_broadcastsi128_si256,
    _mm256_castsi128_si256, _mm256_castsi256_si128, _mm256_extracti128_si256, _mm256_inserti128_si256,
    _mm256_or_si256, _mm256_shuffle_epi8, _mm512_and_si512, _mm512_broadcast_i32x4, _mm512_castsi128_si512,
    _mm512_castsi256_si512, _mm512_castsi512_si256, _mm512_cvtepi16_epi8, _mm512_cvtepu8_epi16,
    _mm512_extracti32x4_epi32, _mm512_inserti64x4, _mm512_madd_epi16, _mm512_maddubs_epi16,
    _mm512_mask_cmpeq_epi8_mask, _mm512_mask_cmpneq_epi8_mask, _mm512_mask_permutexvar_epi8,
    _mm512_maskz_permutex2var_epi8, _mm512_min_epu8, _mm512_movepi8_mask, _mm512_movm_epi8,
    _mm512_multishift_epi64_epi8, _mm512_or_si512, _mm512_permutex2var_epi8, _mm512_permutexvar_epi8,
    _mm512_set1_epi16, _mm512_set1_epi32, _mm512_set1_epi64, _mm512_setzero_si512, _mm512_shuffle_epi8,
    _mm512_slli_epi16, _mm512_srli_epi16, _mm512_ternarylogic_epi32, _mm512_test_epi8_mask,
    _mm512_testn_epi8_mask,
};

use super::{avx2, block, block_mut, load16, load32, load64, splat64, ssse3, store16, store32, store64};
use crate::simd::base64::Tables;
use crate::simd::lines::{Counter, Shape};
use crate::simd::scalar;

/// The digits of 32 bytes.
#[inline]
#[target_feature(enable = "avx2,avx512f,avx512bw,avx512vl,avx512vbmi")]
fn hex_encode_block(from: &[u8; 32], to: &mut [u8; 64], digits: __m512i) {
    let wide = _mm512_cvtepu8_epi16(load32::<0, 32>(from));
    let split = _mm512_or_si512(_mm512_srli_epi16::<4>(wide), _mm512_slli_epi16::<8>(wide));
    let values = _mm512_and_si512(split, splat64(15));
    store64::<0, 64>(to, _mm512_shuffle_epi8(digits, values));
}

/// Four times the 16 bytes.
#[inline]
#[target_feature(enable = "avx2,avx512f,avx512bw,avx512vl,avx512vbmi")]
fn four(bytes: &[u8; 16]) -> __m512i {
    _mm512_broadcast_i32x4(load16::<0, 16>(bytes))
}

#[inline]
#[target_feature(enable = "avx2,avx512f,avx512bw,avx512vl,avx512vbmi")]
pub(crate) fn hex_encode(src: &[u8], dst: &mut [u8], upper_case: bool) {
    let digits = four(scalar::hex_digits(upper_case));
    let (blocks, rest) = src.as_chunks::<32>();
    for (from, to) in blocks.iter().zip(dst.as_chunks_mut::<64>().0) {
        hex_encode_block(from, to, digits);
    }
    if rest.is_empty() {
        return;
    }
    match (src.last_chunk::<32>(), dst.last_chunk_mut::<64>()) {
        (Some(from), Some(to)) => hex_encode_block(from, to, digits),
        _ => avx2::hex_encode(src, dst, upper_case),
    }
}

#[target_feature(enable = "avx2,avx512f,avx512bw,avx512vl,avx512vbmi")]
pub(crate) fn hex_encode_lines(src: &[u8], dst: &mut [u8], width: usize, upper_case: bool) {
    if width < 32 {
        return avx2::hex_encode_lines(src, dst, width, upper_case);
    }
    scalar::encode_lines(src, dst, width, width * 2 + 1, |src, dst| hex_encode(src, dst, upper_case));
}

/// Reads the digits of 64 bytes, and says whether they were all digits: two look-ups in a table of 128.
#[inline]
#[target_feature(enable = "avx2,avx512f,avx512bw,avx512vl,avx512vbmi")]
fn hex_decode_block(from: &[u8; 128], to: &mut [u8; 64], values: (__m512i, __m512i)) -> bool {
    let (first, second) = (load64::<0, 128>(from), load64::<64, 128>(from));
    let first_values = _mm512_permutex2var_epi8(values.0, first, values.1);
    let second_values = _mm512_permutex2var_epi8(values.0, second, values.1);
    let weights = _mm512_set1_epi16(0x0110);
    let first_bytes = _mm512_cvtepi16_epi8(_mm512_maddubs_epi16(first_values, weights));
    let second_bytes = _mm512_cvtepi16_epi8(_mm512_maddubs_epi16(second_values, weights));
    store32::<0, 64>(to, first_bytes);
    store32::<32, 64>(to, second_bytes);
    // The top bit: of a character beyond the table, or of a value that says there is none.
    let faults =
        _mm512_ternarylogic_epi32::<0xfe>(first, second, _mm512_or_si512(first_values, second_values));
    _mm512_movepi8_mask(faults) == 0
}

#[inline]
#[target_feature(enable = "avx2,avx512f,avx512bw,avx512vl,avx512vbmi")]
pub(crate) fn hex_decode(src: &[u8], dst: &mut [u8]) -> usize {
    let values = lookup(scalar::hex_values());
    let mut done = 0;
    let (blocks, _) = src.as_chunks::<128>();
    for (from, to) in blocks.iter().zip(dst.as_chunks_mut::<64>().0) {
        if !hex_decode_block(from, to, values) {
            return done + scalar::hex_decode(from, to);
        }
        done += 64;
    }
    let rest = src.get(done * 2..).unwrap_or(&[]);
    done + avx2::hex_decode(rest, dst.get_mut(done..).unwrap_or(&mut []))
}

#[target_feature(enable = "avx2,avx512f,avx512bw,avx512vl,avx512vbmi")]
pub(crate) fn hex_decode_lines(src: &[u8], dst: &mut [u8], width: usize) -> usize {
    if width < 64 {
        return avx2::hex_decode_lines(src, dst, width);
    }
    scalar::decode_lines(src, dst, width * 2 + 1, width, |src, dst| hex_decode(src, dst) == width)
}

/// The values of the characters below 128.
#[inline]
#[target_feature(enable = "avx2,avx512f,avx512bw,avx512vl,avx512vbmi")]
fn lookup(values: &[u8; 256]) -> (__m512i, __m512i) {
    (load64::<0, 256>(values), load64::<64, 256>(values))
}

#[inline]
#[target_feature(enable = "avx2,avx512f,avx512bw,avx512vl,avx512vbmi")]
fn base64_encode_block(from: &[u8; 48], to: &mut [u8; 64], chars: __m512i) {
    let bytes = _mm512_inserti64x4::<1>(
        _mm512_castsi256_si512(load32::<0, 48>(from)),
        _mm256_castsi128_si256(load16::<32, 48>(from)),
    );
    // Three bytes a b c as the four b a c b, from which a shift by 10, 4, 22, 16 bits brings each value down.
    let spread = _mm512_permutexvar_epi8(load64::<0, 64>(&SPREAD), bytes);
    let shifts = _mm512_set1_epi64(i64::from_le_bytes([10, 4, 22, 16, 42, 36, 54, 48]));
    let values = _mm512_multishift_epi64_epi8(shifts, spread);
    // The permutation looks at the low six bits alone.
    store64::<0, 64>(to, _mm512_permutexvar_epi8(values, chars));
}

/// Where the bytes b a c b of every group of three are.
static SPREAD: [u8; 64] = {
    let mut spread = [0; 64];
    let mut group = 0;
    #[expect(
        clippy::indexing_slicing,
        reason = "runs at compile time, where an index out of bounds is an error"
    )]
    while group < 16 {
        let (at, from) = (group as usize * 4, group * 3);
        spread[at] = from + 1;
        spread[at + 1] = from;
        spread[at + 2] = from + 2;
        spread[at + 3] = from + 1;
        group += 1;
    }
    spread
};

/// Where the three bytes of every group of 32 bits are, the highest first.
static GATHER: [u8; 64] = {
    let mut gather = [0; 64];
    let mut group = 0;
    #[expect(
        clippy::indexing_slicing,
        reason = "runs at compile time, where an index out of bounds is an error"
    )]
    while group < 16 {
        let (at, from) = (group as usize * 3, group * 4);
        gather[at] = from + 2;
        gather[at + 1] = from + 1;
        gather[at + 2] = from;
        group += 1;
    }
    gather
};

/// Decodes 64 characters as 48 bytes, and says whether they were of the alphabet.
#[inline]
#[target_feature(enable = "avx2,avx512f,avx512bw,avx512vl,avx512vbmi")]
fn base64_decode_block(from: &[u8; 64], to: &mut [u8; 48], values: (__m512i, __m512i)) -> bool {
    let chars = load64::<0, 64>(from);
    let sixes = _mm512_permutex2var_epi8(values.0, chars, values.1);
    // Four values of 6 bits become two of 12, then one of 24.
    let pairs = _mm512_maddubs_epi16(sixes, _mm512_set1_epi32(0x0140_0140));
    let groups = _mm512_madd_epi16(pairs, _mm512_set1_epi32(0x0001_1000));
    let bytes = _mm512_permutexvar_epi8(load64::<0, 64>(&GATHER), groups);
    store32::<0, 48>(to, _mm512_castsi512_si256(bytes));
    store16::<32, 48>(to, _mm512_extracti32x4_epi32::<2>(bytes));
    _mm512_movepi8_mask(_mm512_or_si512(chars, sixes)) == 0
}

#[inline]
#[target_feature(enable = "avx2,avx512f,avx512bw,avx512vl,avx512vbmi")]
fn base64_encode_with(src: &[u8], dst: &mut [u8], tables: &Tables, chars: __m512i) {
    let (blocks, rest) = src.as_chunks::<48>();
    for (from, to) in blocks.iter().zip(dst.as_chunks_mut::<64>().0) {
        base64_encode_block(from, to, chars);
    }
    if rest.is_empty() {
        return;
    }
    match (src.last_chunk::<48>(), dst.last_chunk_mut::<64>()) {
        (Some(from), Some(to)) => base64_encode_block(from, to, chars),
        _ => avx2::base64_encode(src, dst, tables),
    }
}

#[inline]
#[target_feature(enable = "avx2,avx512f,avx512bw,avx512vl,avx512vbmi")]
fn base64_decode_with(src: &[u8], dst: &mut [u8], tables: &Tables, values: (__m512i, __m512i)) -> usize {
    let mut done = 0;
    let (blocks, rest) = src.as_chunks::<64>();
    for (from, to) in blocks.iter().zip(dst.as_chunks_mut::<48>().0) {
        if !base64_decode_block(from, to, values) {
            return done + scalar::base64_decode(from, to, tables);
        }
        done += 16;
    }
    if rest.is_empty() {
        return done;
    }
    if let (Some(from), Some(to)) = (src.last_chunk::<64>(), dst.last_chunk_mut::<48>())
        && base64_decode_block(from, to, values)
    {
        return src.len() / 4;
    }
    done + avx2::base64_decode(rest, dst.get_mut(done * 3..).unwrap_or(&mut []), tables)
}

#[target_feature(enable = "avx2,avx512f,avx512bw,avx512vl,avx512vbmi")]
pub(crate) fn base64_encode(src: &[u8], dst: &mut [u8], tables: &Tables) {
    base64_encode_with(src, dst, tables, load64::<0, 64>(&tables.chars));
}

#[target_feature(enable = "avx2,avx512f,avx512bw,avx512vl,avx512vbmi")]
pub(crate) fn base64_decode(src: &[u8], dst: &mut [u8], tables: &Tables) -> usize {
    base64_decode_with(src, dst, tables, lookup(&tables.values))
}

#[target_feature(enable = "avx2,avx512f,avx512bw,avx512vl,avx512vbmi")]
pub(crate) fn base64_encode_lines(src: &[u8], dst: &mut [u8], width: usize, tables: &Tables) {
    if width < 64 {
        return avx2::base64_encode_lines(src, dst, width, tables);
    }
    let chars = load64::<0, 64>(&tables.chars);
    if width == 76 {
        // The width of MIME and of base64(1): two blocks of known places.
        scalar::encode_lines(src, dst, 57, 77, |src, dst| base64_encode_with(src, dst, tables, chars));
    } else {
        scalar::encode_lines(src, dst, width / 4 * 3, width + 1, |src, dst| {
            base64_encode_with(src, dst, tables, chars);
        });
    }
}

#[target_feature(enable = "avx2,avx512f,avx512bw,avx512vl,avx512vbmi")]
pub(crate) fn base64_decode_lines(src: &[u8], dst: &mut [u8], width: usize, tables: &Tables) -> usize {
    if width < 64 {
        return avx2::base64_decode_lines(src, dst, width, tables);
    }
    let values = lookup(&tables.values);
    if width == 76 {
        scalar::decode_lines(src, dst, 77, 57, |src, dst| base64_decode_with(src, dst, tables, values) == 19)
    } else {
        scalar::decode_lines(src, dst, width + 1, width / 4 * 3, |src, dst| {
            base64_decode_with(src, dst, tables, values) == width / 4
        })
    }
}

/// A [`Shape`] with its four sources as one table of 64 bytes, one permutation a block.
#[derive(Debug)]
pub(crate) struct Lines {
    columns: usize,
    len: usize,
    digits: [u8; 16],
    chunks: Vec<Chunk>,
    /// The places of the digits in the first 64 characters and the last 64, and which of them there are.
    digits_at: [u8; 64],
    digits_there: u64,
    absent: [u8; 32],
    /// The digits in their order, for two lines of 16 bytes, if all are in the first 64 characters.
    pairs: Option<[u8; 64]>,
}

#[derive(Debug)]
struct Chunk {
    at: usize,
    text: [u8; 64],
    /// Which byte of the table goes where …
    index: [u8; 64],
    /// … in these places; the text stays in the others.
    data: u64,
    /// Which digit of the offset goes where, and the places.
    offset_index: [u8; 64],
    offset: u64,
    /// Where a character is known before it is read, and where it can be any but LF.
    fixed: u64,
    chars: u64,
}

impl Lines {
    pub(crate) fn new(shape: &Shape<64>) -> Self {
        let second = shape.len.saturating_sub(64);
        let mut digits_at = [0; 64];
        let mut digits_there = 0;
        for (at, (slot, &digit)) in digits_at.iter_mut().zip(&shape.digits_at).enumerate() {
            let place = usize::from(digit);
            if place < shape.len {
                let index = if place < 64 { place } else { 64 + place - second };
                *slot = u8::try_from(index).unwrap_or(0);
                digits_there |= 1 << at;
            }
        }
        Self {
            columns: shape.columns,
            len: shape.len,
            digits: shape.digits,
            chunks: shape.chunks.iter().map(Chunk::new).collect(),
            digits_at,
            digits_there,
            absent: shape.absent,
            pairs: pairs(shape),
        }
    }
}

/// The places of the high and the low digit of each byte, twice over, where [`scan_pairs`] can be had.
fn pairs(shape: &Shape<64>) -> Option<[u8; 64]> {
    if shape.len < 64 || shape.digits_at.iter().any(|&at| at >= 64) {
        return None;
    }
    let (high, low) = shape.digits_at.split_first_chunk::<16>()?;
    let mut places = [0; 64];
    for line in places.as_chunks_mut::<32>().0 {
        for ((place, &high), &low) in line.as_chunks_mut::<2>().0.iter_mut().zip(high).zip(low) {
            *place = [high, low];
        }
    }
    Some(places)
}

impl Chunk {
    fn new(chunk: &super::super::lines::Chunk<64>) -> Self {
        let places = |there: &dyn Fn(usize) -> bool| {
            (0..64).filter(|&at| there(at)).fold(0_u64, |mask, at| mask | 1 << at)
        };
        let mut index = [0; 64];
        let mut data = 0;
        for (first, shuffle) in (0_u8..).step_by(16).zip(&chunk.sources) {
            for (at, (slot, &from)) in index.iter_mut().zip(shuffle).enumerate() {
                if from < 16 {
                    *slot = first + from;
                    data |= 1 << at;
                }
            }
        }
        let [.., offsets] = &chunk.sources;
        Self {
            at: chunk.at,
            text: chunk.text,
            index,
            data,
            offset_index: *offsets,
            offset: places(&|at| offsets.get(at).is_some_and(|&from| from < 16)),
            fixed: places(&|at| chunk.fixed.get(at).is_some_and(|&here| here != 0)),
            chars: places(&|at| chunk.chars.get(at).is_some_and(|&here| here != 0)),
        }
    }
}

/// Writes lines until the end of either slice is too near for whole blocks, and returns how many.
#[target_feature(enable = "avx2,avx512f,avx512bw,avx512vl,avx512vbmi")]
pub(crate) fn format(shape: &Lines, src: &[u8], dst: &mut [u8], counter: Counter) -> usize {
    match shape.chunks.as_slice() {
        [one] => format_chunks(shape, [one], src, dst, counter),
        [one, two] => format_chunks(shape, [one, two], src, dst, counter),
        _ => 0,
    }
}

#[inline]
#[target_feature(enable = "avx2,avx512f,avx512bw,avx512vl,avx512vbmi")]
fn format_chunks<const N: usize>(
    shape: &Lines,
    chunks: [&Chunk; N],
    src: &[u8],
    dst: &mut [u8],
    counter: Counter,
) -> usize {
    let mut writer = Writer::new(shape, chunks, counter);
    let mut lines = 0;
    if shape.columns == 16 && shape.len >= 64 {
        // The usual line: nothing of it is beyond its end, and nothing has to be asked of the slices. Where the second
        // block has little that is new, as for xxd and hexdump, storing that alone crosses fewer cache lines.
        let little = shape.len <= 64 + 16;
        for (bytes, line) in src.as_chunks::<16>().0.iter().zip(dst.chunks_exact_mut(shape.len)) {
            let blocks = writer.blocks(bytes);
            if let (Some(out), Some(&value)) = (line.first_chunk_mut(), blocks.first()) {
                store64::<0, 64>(out, value);
            }
            if let [_, value] = blocks.as_slice() {
                if little {
                    if let Some(out) = line.last_chunk_mut() {
                        store16::<0, 16>(out, _mm512_extracti32x4_epi32::<3>(*value));
                    }
                } else if let Some(out) = line.last_chunk_mut() {
                    store64::<0, 64>(out, *value);
                }
            }
            lines += 1;
        }
        return lines;
    }
    let (mut from, mut to) = (0, 0);
    while let Some(bytes) = block(src, from) {
        for (chunk, value) in chunks.into_iter().zip(writer.blocks(bytes)) {
            let Some(out) = block_mut(dst, to + chunk.at) else { return lines };
            store64::<0, 64>(out, value);
        }
        from += shape.columns;
        to += shape.len;
        lines += 1;
    }
    lines
}

/// What all lines of a dump have in common.
struct Writer<const N: usize> {
    digits: __m256i,
    offsets: ssse3::Offset,
    texts: [__m512i; N],
    indices: [__m512i; N],
    data: [u64; N],
}

impl<const N: usize> Writer<N> {
    #[inline]
    #[target_feature(enable = "avx2,avx512f,avx512bw,avx512vl,avx512vbmi")]
    fn new(shape: &Lines, chunks: [&Chunk; N], counter: Counter) -> Self {
        Self {
            digits: _mm256_broadcastsi128_si256(load16::<0, 16>(&shape.digits)),
            offsets: ssse3::Offset::new(counter),
            texts: chunks.map(|chunk| load64::<0, 64>(&chunk.text)),
            indices: chunks.map(|chunk| load64::<0, 64>(&chunk.index)),
            data: chunks.map(|chunk| chunk.data),
        }
    }

    /// The blocks of a line.
    #[inline]
    #[target_feature(enable = "avx2,avx512f,avx512bw,avx512vl,avx512vbmi")]
    fn blocks(&mut self, bytes: &[u8; 16]) -> [__m512i; N] {
        let hex = _mm256_shuffle_epi8(self.digits, avx2::nibbles(bytes));
        let chars = avx2::shown(_mm256_castsi128_si256(load16::<0, 16>(bytes)));
        let rest = _mm256_inserti128_si256::<1>(chars, self.offsets.next());
        let table = _mm512_inserti64x4::<1>(_mm512_castsi256_si512(hex), rest);
        let mut blocks = self.texts;
        for ((block, index), data) in blocks.iter_mut().zip(self.indices).zip(self.data) {
            *block = _mm512_mask_permutexvar_epi8(*block, data, index, table);
        }
        blocks
    }
}

/// Reads lines until one that is not as written or is too near the end of either slice, or the one before it, and returns
/// how many.
#[target_feature(enable = "avx2,avx512f,avx512bw,avx512vl,avx512vbmi")]
pub(crate) fn scan(shape: &Lines, text: &[u8], dst: &mut [u8], counter: Counter) -> usize {
    match shape.chunks.as_slice() {
        [one] if shape.pairs.is_some() => scan_pairs(shape, [one], text, dst, counter),
        [one, two] if shape.pairs.is_some() => scan_pairs(shape, [one, two], text, dst, counter),
        [one] => scan_chunks(shape, [one], text, dst, counter),
        [one, two] => scan_chunks(shape, [one, two], text, dst, counter),
        _ => 0,
    }
}

#[inline]
#[target_feature(enable = "avx2,avx512f,avx512bw,avx512vl,avx512vbmi")]
fn scan_chunks<const N: usize>(
    shape: &Lines,
    chunks: [&Chunk; N],
    text: &[u8],
    dst: &mut [u8],
    counter: Counter,
) -> usize {
    let mut offsets = ssse3::Offset::new(counter);
    let texts = chunks.map(|chunk| load64::<0, 64>(&chunk.text));
    let indices = chunks.map(|chunk| load64::<0, 64>(&chunk.offset_index));
    let digits_at = load64::<0, 64>(&shape.digits_at);
    let absent = load32::<0, 32>(&shape.absent);
    let (mut from, mut to, mut lines) = (0, 0, 0);
    while let Some(out) = block_mut::<16>(dst, to) {
        let mut blocks = [_mm512_setzero_si512(); N];
        let mut fault = 0;
        let offset = _mm512_castsi128_si512(offsets.next());
        for (((chunk, expected), index), chars) in chunks.into_iter().zip(texts).zip(indices).zip(&mut blocks)
        {
            let Some(block) = block(text, from + chunk.at) else { return lines };
            *chars = load64::<0, 64>(block);
            let expected = _mm512_mask_permutexvar_epi8(expected, chunk.offset, index, offset);
            fault |= _mm512_mask_cmpneq_epi8_mask(chunk.fixed, *chars, expected);
            fault |= _mm512_mask_cmpeq_epi8_mask(chunk.chars, *chars, splat64(b'\n'));
        }
        // The digits are in the first 64 characters and the last 64, which are the same in a short line.
        let (Some(&first), Some(&last)) = (blocks.first(), blocks.last()) else { return lines };
        let digits = _mm512_maskz_permutex2var_epi8(shape.digits_there, first, digits_at, last);
        let digits = _mm256_or_si256(_mm512_castsi512_si256(digits), absent);
        let values = avx2::hex_values(digits);
        if fault != 0 || !avx2::all_hex(values) {
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

/// The usual line, of 16 bytes and 64 characters or more with the digits in the first 64 of them: two at once fill a
/// register with their digits, and what is wrong in them is gathered without a branch or a mask before one is made of it.
#[inline]
#[target_feature(enable = "avx2,avx512f,avx512bw,avx512vl,avx512vbmi")]
fn scan_pairs<const N: usize>(
    shape: &Lines,
    chunks: [&Chunk; N],
    text: &[u8],
    dst: &mut [u8],
    counter: Counter,
) -> usize {
    let Some(places) = &shape.pairs else { return 0 };
    let places = load64::<0, 64>(places);
    let values = lookup(scalar::hex_values());
    let weights = _mm512_set1_epi16(0x0110);
    let top = splat64(0x80);
    let checker = Checker::new(chunks);
    let [mut even, mut odd] = counter.of_two().map(|counter| ssse3::Offset::new(counter));
    let mut lines = 0;
    for (text, out) in text.chunks_exact(2 * shape.len).zip(dst.as_chunks_mut::<32>().0) {
        let (first, second) = text.split_at(shape.len);
        let mut seen = Seen { differs: _mm512_setzero_si512(), least: splat64(0xff) };
        let Some(first) = checker.line(first, even.next(), &mut seen) else { return lines };
        let Some(second) = checker.line(second, odd.next(), &mut seen) else { return lines };
        let digits = _mm512_permutexvar_epi8(places, first);
        let digits = _mm512_mask_permutexvar_epi8(digits, 0xffff_ffff << 32, places, second);
        let found = _mm512_permutex2var_epi8(values.0, digits, values.1);
        // The top bit: of a character beyond the table, or of a value that says there is none.
        let no_digit = _mm512_and_si512(_mm512_or_si512(digits, found), top);
        let differs = _mm512_or_si512(seen.differs, no_digit);
        let faults = _mm512_test_epi8_mask(differs, differs) | _mm512_testn_epi8_mask(seen.least, seen.least);
        if faults != 0 {
            return lines;
        }
        store32::<0, 32>(out, _mm512_cvtepi16_epi8(_mm512_maddubs_epi16(found, weights)));
        lines += 2;
    }
    lines
}

/// What was found in lines: a bit that differs from what is known before, and the least of the characters, LF being 0.
struct Seen {
    differs: __m512i,
    least: __m512i,
}

/// What all lines of a dump have in common, to be read.
struct Checker<const N: usize> {
    texts: [__m512i; N],
    indices: [__m512i; N],
    offset: [u64; N],
    fixed: [__m512i; N],
    no_chars: [__m512i; N],
}

impl<const N: usize> Checker<N> {
    #[inline]
    #[target_feature(enable = "avx2,avx512f,avx512bw,avx512vl,avx512vbmi")]
    fn new(chunks: [&Chunk; N]) -> Self {
        Self {
            texts: chunks.map(|chunk| load64::<0, 64>(&chunk.text)),
            indices: chunks.map(|chunk| load64::<0, 64>(&chunk.offset_index)),
            offset: chunks.map(|chunk| chunk.offset),
            fixed: chunks.map(|chunk| _mm512_movm_epi8(chunk.fixed)),
            no_chars: chunks.map(|chunk| _mm512_movm_epi8(!chunk.chars)),
        }
    }

    /// Holds a line against what is known of it, and returns its first 64 characters.
    #[inline]
    #[target_feature(enable = "avx2,avx512f,avx512bw,avx512vl,avx512vbmi")]
    fn line(&self, line: &[u8], offset: __m128i, seen: &mut Seen) -> Option<__m512i> {
        let first = load64::<0, 64>(line.first_chunk()?);
        let last = load64::<0, 64>(line.last_chunk()?);
        let offset = _mm512_castsi128_si512(offset);
        let known = self.texts.into_iter().zip(self.indices).zip(self.offset);
        let rest = self.fixed.into_iter().zip(self.no_chars);
        for ((((text, index), places), (fixed, no_chars)), chars) in known.zip(rest).zip([first, last]) {
            let expected =
                if places == 0 { text } else { _mm512_mask_permutexvar_epi8(text, places, index, offset) };
            // Where it is fixed, the exclusive or of the two.
            let differs = _mm512_ternarylogic_epi32::<0x28>(chars, expected, fixed);
            seen.differs = _mm512_or_si512(seen.differs, differs);
            // The exclusive or with LF, and all ones where no character stands.
            let distance = _mm512_ternarylogic_epi32::<0xbe>(chars, splat64(b'\n'), no_chars);
            seen.least = _mm512_min_epu8(seen.least, distance);
        }
        Some(first)
    }
}
