//! NEON: byte tables of 16 to 64 bytes, and loads and stores that take every second, third or fourth byte apart.
//!
//! The layout of the code is that of `x86`, which says how the arithmetic goes.

use core::arch::aarch64::{
    uint8x16_t, uint8x16x2_t, uint8x16x3_t, uint8x16x4_t, vaddq_u8, vaddq_u64, vandq_u8, vbslq_u8, vceqq_u8,
    vcleq_u8, vcltq_u8, vcombine_u8, vcreate_u8, vdupq_n_u8, veorq_u8, vld1q_u8, vld2q_u8, vld3q_u8,
    vld4q_u8, vmaxvq_u8, vminq_u8, vorrq_u8, vqaddq_u8, vqtbl1q_u8, vqtbl4q_u8, vqtbx4q_u8,
    vreinterpretq_u8_u64, vreinterpretq_u64_u8, vshlq_n_u8, vshrq_n_u8, vst1q_u8, vst2q_u8, vst3q_u8,
    vst4q_u8, vsubq_u8, vzip1q_u8, vzip2q_u8,
};

use crate::simd::base64::Tables;
use crate::simd::lines::{Counter, Shape};
use crate::simd::scalar;

#[inline]
#[target_feature(enable = "neon")]
fn load(from: &[u8; 16]) -> uint8x16_t {
    // SAFETY: an array of 16 bytes is read, at any alignment.
    unsafe { vld1q_u8(from.as_ptr()) }
}

/// The first or the second 16 bytes.
#[inline]
#[target_feature(enable = "neon")]
fn load_half<const HALF: usize>(from: &[u8; 32]) -> uint8x16_t {
    match from.as_chunks::<16>().0.get(HALF) {
        Some(half) => load(half),
        None => vdupq_n_u8(0),
    }
}

#[inline]
#[target_feature(enable = "neon")]
fn store(to: &mut [u8; 16], value: uint8x16_t) {
    // SAFETY: an array of 16 bytes is written, at any alignment.
    unsafe { vst1q_u8(to.as_mut_ptr(), value) }
}

/// The even bytes and the odd ones.
#[inline]
#[target_feature(enable = "neon")]
fn load_twos(from: &[u8; 32]) -> uint8x16x2_t {
    // SAFETY: an array of 32 bytes is read, at any alignment.
    unsafe { vld2q_u8(from.as_ptr()) }
}

#[inline]
#[target_feature(enable = "neon")]
fn store_twos(to: &mut [u8; 32], value: uint8x16x2_t) {
    // SAFETY: an array of 32 bytes is written, at any alignment.
    unsafe { vst2q_u8(to.as_mut_ptr(), value) }
}

/// The first, second and third byte of every three.
#[inline]
#[target_feature(enable = "neon")]
fn load_threes(from: &[u8; 48]) -> uint8x16x3_t {
    // SAFETY: an array of 48 bytes is read, at any alignment.
    unsafe { vld3q_u8(from.as_ptr()) }
}

#[inline]
#[target_feature(enable = "neon")]
fn store_threes(to: &mut [u8; 48], value: uint8x16x3_t) {
    // SAFETY: an array of 48 bytes is written, at any alignment.
    unsafe { vst3q_u8(to.as_mut_ptr(), value) }
}

/// The first, second, third and fourth byte of every four.
#[inline]
#[target_feature(enable = "neon")]
fn load_fours(from: &[u8; 64]) -> uint8x16x4_t {
    // SAFETY: an array of 64 bytes is read, at any alignment.
    unsafe { vld4q_u8(from.as_ptr()) }
}

#[inline]
#[target_feature(enable = "neon")]
fn store_fours(to: &mut [u8; 64], value: uint8x16x4_t) {
    // SAFETY: an array of 64 bytes is written, at any alignment.
    unsafe { vst4q_u8(to.as_mut_ptr(), value) }
}

/// 64 bytes as a table.
#[inline]
#[target_feature(enable = "neon")]
fn table(bytes: &[u8; 64]) -> uint8x16x4_t {
    let &[a, b, c, d] = bytes.as_chunks::<16>().0 else { return zeros() };
    uint8x16x4_t(load(&a), load(&b), load(&c), load(&d))
}

#[inline]
#[target_feature(enable = "neon")]
fn zeros() -> uint8x16x4_t {
    let zero = vdupq_n_u8(0);
    uint8x16x4_t(zero, zero, zero, zero)
}

/// Eight bytes, and zeros above.
#[inline]
#[target_feature(enable = "neon")]
fn from8(bytes: [u8; 8]) -> uint8x16_t {
    vcombine_u8(vcreate_u8(u64::from_le_bytes(bytes)), vcreate_u8(0))
}

/// The values of 16 hex digits, and more than 15 for what is none.
#[inline]
#[target_feature(enable = "neon")]
fn hex_values(chars: uint8x16_t) -> uint8x16_t {
    let digit = vsubq_u8(chars, vdupq_n_u8(b'0'));
    let upper = vandq_u8(chars, vdupq_n_u8(0xdf));
    let letter = vqaddq_u8(vsubq_u8(upper, vdupq_n_u8(b'A')), vdupq_n_u8(10));
    // 10 to 15 are characters behind the digits.
    let digit = vbslq_u8(vcleq_u8(digit, vdupq_n_u8(9)), digit, vdupq_n_u8(0xff));
    vminq_u8(digit, letter)
}

#[inline]
#[target_feature(enable = "neon")]
fn hex_encode_block(from: &[u8; 16], to: &mut [u8; 32], digits: uint8x16_t) {
    let bytes = load(from);
    let high = vqtbl1q_u8(digits, vshrq_n_u8::<4>(bytes));
    let low = vqtbl1q_u8(digits, vandq_u8(bytes, vdupq_n_u8(15)));
    store_twos(to, uint8x16x2_t(high, low));
}

#[inline]
#[target_feature(enable = "neon")]
fn hex_decode_block(from: &[u8; 32], to: &mut [u8; 16]) -> bool {
    let uint8x16x2_t(high, low) = load_twos(from);
    let (high, low) = (hex_values(high), hex_values(low));
    store(to, vorrq_u8(vshlq_n_u8::<4>(high), low));
    vmaxvq_u8(vorrq_u8(high, low)) < 16
}

#[inline]
#[target_feature(enable = "neon")]
pub(super) fn hex_encode(src: &[u8], dst: &mut [u8], upper_case: bool) {
    let digits = load(scalar::hex_digits(upper_case));
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
#[target_feature(enable = "neon")]
pub(super) fn hex_decode(src: &[u8], dst: &mut [u8]) -> usize {
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

#[target_feature(enable = "neon")]
pub(super) fn hex_encode_lines(src: &[u8], dst: &mut [u8], width: usize, upper_case: bool) {
    scalar::encode_lines(src, dst, width, width * 2 + 1, |src, dst| hex_encode(src, dst, upper_case));
}

#[target_feature(enable = "neon")]
pub(super) fn hex_decode_lines(src: &[u8], dst: &mut [u8], width: usize) -> usize {
    scalar::decode_lines(src, dst, width * 2 + 1, width, |src, dst| hex_decode(src, dst) == width)
}

#[inline]
#[target_feature(enable = "neon")]
fn base64_encode_block(from: &[u8; 48], to: &mut [u8; 64], chars: uint8x16x4_t) {
    let uint8x16x3_t(a, b, c) = load_threes(from);
    let six = vdupq_n_u8(63);
    let values = (
        vshrq_n_u8::<2>(a),
        vandq_u8(vorrq_u8(vshlq_n_u8::<4>(a), vshrq_n_u8::<4>(b)), six),
        vandq_u8(vorrq_u8(vshlq_n_u8::<2>(b), vshrq_n_u8::<6>(c)), six),
        vandq_u8(c, six),
    );
    let text = uint8x16x4_t(
        vqtbl4q_u8(chars, values.0),
        vqtbl4q_u8(chars, values.1),
        vqtbl4q_u8(chars, values.2),
        vqtbl4q_u8(chars, values.3),
    );
    store_fours(to, text);
}

/// The values of the characters below 64, and of those from there to 127.
#[derive(Clone, Copy)]
struct Decoder {
    low: uint8x16x4_t,
    high: uint8x16x4_t,
}

impl Decoder {
    #[inline]
    #[target_feature(enable = "neon")]
    fn new(tables: &Tables) -> Self {
        let &[low, high, ..] = tables.values.as_chunks::<64>().0 else {
            return Self { low: zeros(), high: zeros() };
        };
        Self { low: table(&low), high: table(&high) }
    }

    /// The values; the top bit for what has none. The second look-up leaves what is not in its table as it was.
    #[inline]
    #[target_feature(enable = "neon")]
    fn values(self, chars: uint8x16_t) -> uint8x16_t {
        let low = vqtbl4q_u8(self.low, chars);
        let both = vqtbx4q_u8(low, self.high, veorq_u8(chars, vdupq_n_u8(0x40)));
        // What is in neither has its own top bit.
        vorrq_u8(both, vandq_u8(chars, vdupq_n_u8(0x80)))
    }

    /// Decodes 64 characters as 48 bytes, and says whether they were of the alphabet.
    #[inline]
    #[target_feature(enable = "neon")]
    fn block(self, from: &[u8; 64], to: &mut [u8; 48]) -> bool {
        let uint8x16x4_t(a, b, c, d) = load_fours(from);
        let (a, b, c, d) = (self.values(a), self.values(b), self.values(c), self.values(d));
        let bytes = uint8x16x3_t(
            vorrq_u8(vshlq_n_u8::<2>(a), vshrq_n_u8::<4>(b)),
            vorrq_u8(vshlq_n_u8::<4>(b), vshrq_n_u8::<2>(c)),
            vorrq_u8(vshlq_n_u8::<6>(c), d),
        );
        store_threes(to, bytes);
        vmaxvq_u8(vorrq_u8(vorrq_u8(a, b), vorrq_u8(c, d))) < 64
    }

    #[inline]
    #[target_feature(enable = "neon")]
    fn decode(self, src: &[u8], dst: &mut [u8], tables: &Tables) -> usize {
        let mut done = 0;
        let (blocks, rest) = src.as_chunks::<64>();
        for (from, to) in blocks.iter().zip(dst.as_chunks_mut::<48>().0) {
            if !self.block(from, to) {
                return done + scalar::base64_decode(from, to, tables);
            }
            done += 16;
        }
        if rest.is_empty() {
            return done;
        }
        if let (Some(from), Some(to)) = (src.last_chunk::<64>(), dst.last_chunk_mut::<48>())
            && self.block(from, to)
        {
            return src.len() / 4;
        }
        done + scalar::base64_decode(rest, dst.get_mut(done * 3..).unwrap_or(&mut []), tables)
    }
}

#[inline]
#[target_feature(enable = "neon")]
fn base64_encode_with(src: &[u8], dst: &mut [u8], tables: &Tables, chars: uint8x16x4_t) {
    let (blocks, rest) = src.as_chunks::<48>();
    for (from, to) in blocks.iter().zip(dst.as_chunks_mut::<64>().0) {
        base64_encode_block(from, to, chars);
    }
    if rest.is_empty() {
        return;
    }
    match (src.last_chunk::<48>(), dst.last_chunk_mut::<64>()) {
        (Some(from), Some(to)) => base64_encode_block(from, to, chars),
        _ => scalar::base64_encode(src, dst, tables),
    }
}

#[target_feature(enable = "neon")]
pub(super) fn base64_encode(src: &[u8], dst: &mut [u8], tables: &Tables) {
    base64_encode_with(src, dst, tables, table(&tables.chars));
}

#[target_feature(enable = "neon")]
pub(super) fn base64_decode(src: &[u8], dst: &mut [u8], tables: &Tables) -> usize {
    Decoder::new(tables).decode(src, dst, tables)
}

#[target_feature(enable = "neon")]
pub(super) fn base64_encode_lines(src: &[u8], dst: &mut [u8], width: usize, tables: &Tables) {
    let chars = table(&tables.chars);
    scalar::encode_lines(src, dst, width / 4 * 3, width + 1, |src, dst| {
        base64_encode_with(src, dst, tables, chars);
    });
}

#[target_feature(enable = "neon")]
pub(super) fn base64_decode_lines(src: &[u8], dst: &mut [u8], width: usize, tables: &Tables) -> usize {
    let decoder = Decoder::new(tables);
    scalar::decode_lines(src, dst, width + 1, width / 4 * 3, |src, dst| {
        decoder.decode(src, dst, tables) == width / 4
    })
}

/// [`Counter`] in a register.
struct Offset {
    digits: uint8x16_t,
    step: uint8x16_t,
    lift: uint8x16_t,
    table: uint8x16_t,
}

impl Offset {
    #[inline]
    #[target_feature(enable = "neon")]
    fn new(counter: Counter) -> Self {
        let [digits, step, lift] = counter.parts();
        let (digits, step, lift) = (from8(digits), from8(step), from8(lift));
        Self { digits, step, lift, table: load(counter.table()) }
    }

    /// The digits of this line, the lowest first; counts on to the next.
    #[inline]
    #[target_feature(enable = "neon")]
    fn next(&mut self) -> uint8x16_t {
        let digits = vqtbl1q_u8(self.table, vandq_u8(self.digits, vdupq_n_u8(15)));
        let sum = vaddq_u64(vreinterpretq_u64_u8(self.digits), vreinterpretq_u64_u8(self.step));
        let sum = vreinterpretq_u8_u64(sum);
        let lost = vcltq_u8(sum, vdupq_n_u8(0x80));
        self.digits = vaddq_u8(sum, vandq_u8(lost, self.lift));
        digits
    }
}

/// Bytes as characters: a dot for those that are none.
#[inline]
#[target_feature(enable = "neon")]
fn shown(bytes: uint8x16_t) -> uint8x16_t {
    let printable = vcleq_u8(vsubq_u8(bytes, vdupq_n_u8(b' ')), vdupq_n_u8(b'~' - b' '));
    vbslq_u8(printable, bytes, vdupq_n_u8(b'.'))
}

/// Writes lines until the end of either slice is too near for whole blocks, and returns how many.
#[target_feature(enable = "neon")]
pub(super) fn format(shape: &Shape<16>, src: &[u8], dst: &mut [u8], counter: Counter) -> usize {
    let digits = load(&shape.digits);
    let mut offsets = Offset::new(counter);
    let (mut from, mut to, mut lines) = (0, 0, 0);
    while let Some(bytes) = block(src, from) {
        let bytes = load(bytes);
        let high = vqtbl1q_u8(digits, vshrq_n_u8::<4>(bytes));
        let low = vqtbl1q_u8(digits, vandq_u8(bytes, vdupq_n_u8(15)));
        let sources = [vzip1q_u8(high, low), vzip2q_u8(high, low), shown(bytes), offsets.next()];
        for chunk in &shape.chunks {
            let Some(out) = block_mut(dst, to + chunk.at) else { return lines };
            let mut value = load(&chunk.text);
            for ((source, shuffle), used) in sources.into_iter().zip(&chunk.sources).zip(chunk.used) {
                if used {
                    value = vorrq_u8(value, vqtbl1q_u8(source, load(shuffle)));
                }
            }
            store(out, value);
        }
        from += shape.columns;
        to += shape.len;
        lines += 1;
    }
    lines
}

/// Reads lines until the first that is not as written or is too near the end of either slice, and returns how many.
#[target_feature(enable = "neon")]
pub(super) fn scan(shape: &Shape<16>, text: &[u8], dst: &mut [u8], counter: Counter) -> usize {
    let mut offsets = Offset::new(counter);
    let (mut from, mut to, mut lines) = (0, 0, 0);
    while let Some(out) = block_mut(dst, to) {
        let (mut high, mut low) = (load_half::<0>(&shape.absent), load_half::<1>(&shape.absent));
        for window in &shape.windows {
            let Some(chars) = block(text, from + window.at) else { return lines };
            let chars = load(chars);
            high = vorrq_u8(high, vqtbl1q_u8(chars, load_half::<0>(&window.shuffle)));
            low = vorrq_u8(low, vqtbl1q_u8(chars, load_half::<1>(&window.shuffle)));
        }
        let (high, low) = (hex_values(high), hex_values(low));
        let mut fault = vandq_u8(vorrq_u8(high, low), vdupq_n_u8(0xf0));

        let offset = offsets.next();
        for chunk in &shape.chunks {
            let Some(chars) = block(text, from + chunk.at) else { return lines };
            let chars = load(chars);
            let mut expected = load(&chunk.text);
            let [.., chars_here, offset_here] = chunk.used;
            if offset_here {
                let [.., shuffle] = &chunk.sources;
                expected = vorrq_u8(expected, vqtbl1q_u8(offset, load(shuffle)));
            }
            fault = vorrq_u8(fault, vandq_u8(veorq_u8(chars, expected), load(&chunk.fixed)));
            if chars_here {
                let lf = vceqq_u8(chars, vdupq_n_u8(b'\n'));
                fault = vorrq_u8(fault, vandq_u8(lf, load(&chunk.chars)));
            }
        }
        if vmaxvq_u8(fault) != 0 {
            return lines;
        }
        store(out, vorrq_u8(vshlq_n_u8::<4>(high), low));
        from += shape.len;
        to += shape.columns;
        lines += 1;
    }
    lines
}

/// The 16 bytes from there on, if they are all there.
#[inline(always)]
fn block(from: &[u8], at: usize) -> Option<&[u8; 16]> {
    from.get(at..)?.first_chunk()
}

#[inline(always)]
fn block_mut(to: &mut [u8], at: usize) -> Option<&mut [u8; 16]> {
    to.get_mut(at..)?.first_chunk_mut()
}
