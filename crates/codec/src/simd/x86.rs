//! x86-64: what the three levels share, detection, and arrays as registers.
//!
//! The functions of a level carry its `target_feature`, in which its instructions are safe to use; only loads and
//! stores take pointers, and they are here, on array references.

use core::arch::x86_64::{
    __m128i, __m256i, __m512i, _mm_cvtsi64_si128, _mm_cvtsi128_si32, _mm_cvtsi128_si64, _mm_loadl_epi64,
    _mm_loadu_si128, _mm_set1_epi8, _mm_storeu_si128, _mm256_loadu_si256, _mm256_set1_epi8,
    _mm256_storeu_si256, _mm512_loadu_si512, _mm512_set1_epi8, _mm512_storeu_si512,
};

pub(super) mod avx2;
pub(super) mod avx512;
pub(super) mod ssse3;

pub(super) fn has_ssse3() -> bool {
    std::arch::is_x86_feature_detected!("ssse3")
}

pub(super) fn has_avx2() -> bool {
    has_ssse3() && std::arch::is_x86_feature_detected!("avx2")
}

pub(super) fn has_avx512() -> bool {
    has_avx2()
        && std::arch::is_x86_feature_detected!("avx512f")
        && std::arch::is_x86_feature_detected!("avx512bw")
        && std::arch::is_x86_feature_detected!("avx512vl")
        && std::arch::is_x86_feature_detected!("avx512vbmi")
}

/// The 16 bytes from `AT` on.
#[inline(always)]
fn load16<const AT: usize, const N: usize>(from: &[u8; N]) -> __m128i {
    const { assert!(AT + 16 <= N) };
    // SAFETY: the assertion keeps the 16 bytes in the array, and no alignment is asked for; SSE2 is part of x86-64.
    unsafe { _mm_loadu_si128(from.as_ptr().wrapping_add(AT).cast()) }
}

#[inline(always)]
fn store16<const AT: usize, const N: usize>(to: &mut [u8; N], value: __m128i) {
    const { assert!(AT + 16 <= N) };
    // SAFETY: the assertion keeps the 16 bytes in the array, and no alignment is asked for; SSE2 is part of x86-64.
    unsafe { _mm_storeu_si128(to.as_mut_ptr().wrapping_add(AT).cast(), value) }
}

/// The 8 bytes from `AT` on, and zeros above.
#[inline(always)]
fn load8<const AT: usize, const N: usize>(from: &[u8; N]) -> __m128i {
    const { assert!(AT + 8 <= N) };
    // SAFETY: the assertion keeps the 8 bytes in the array, and no alignment is asked for; SSE2 is part of x86-64.
    unsafe { _mm_loadl_epi64(from.as_ptr().wrapping_add(AT).cast()) }
}

/// The low 8 bytes.
#[inline(always)]
fn low8(value: __m128i) -> [u8; 8] {
    // SAFETY: SSE2 is part of x86-64.
    unsafe { _mm_cvtsi128_si64(value) }.to_le_bytes()
}

/// The low 4 bytes.
#[inline(always)]
fn low4(value: __m128i) -> [u8; 4] {
    // SAFETY: SSE2 is part of x86-64.
    unsafe { _mm_cvtsi128_si32(value) }.to_le_bytes()
}

/// Eight bytes, and zeros above.
#[inline(always)]
fn from8(bytes: [u8; 8]) -> __m128i {
    // SAFETY: SSE2 is part of x86-64.
    unsafe { _mm_cvtsi64_si128(i64::from_le_bytes(bytes)) }
}

/// The byte in every place.
#[inline(always)]
fn splat16(byte: u8) -> __m128i {
    // SAFETY: SSE2 is part of x86-64.
    unsafe { _mm_set1_epi8(byte.cast_signed()) }
}

#[inline]
#[target_feature(enable = "avx2")]
fn load32<const AT: usize, const N: usize>(from: &[u8; N]) -> __m256i {
    const { assert!(AT + 32 <= N) };
    // SAFETY: the assertion keeps the 32 bytes in the array, and no alignment is asked for.
    unsafe { _mm256_loadu_si256(from.as_ptr().wrapping_add(AT).cast()) }
}

#[inline]
#[target_feature(enable = "avx2")]
fn store32<const AT: usize, const N: usize>(to: &mut [u8; N], value: __m256i) {
    const { assert!(AT + 32 <= N) };
    // SAFETY: the assertion keeps the 32 bytes in the array, and no alignment is asked for.
    unsafe { _mm256_storeu_si256(to.as_mut_ptr().wrapping_add(AT).cast(), value) }
}

#[inline]
#[target_feature(enable = "avx2")]
fn splat32(byte: u8) -> __m256i {
    _mm256_set1_epi8(byte.cast_signed())
}

#[inline]
#[target_feature(enable = "avx512f")]
fn load64<const AT: usize, const N: usize>(from: &[u8; N]) -> __m512i {
    const { assert!(AT + 64 <= N) };
    // SAFETY: the assertion keeps the 64 bytes in the array, and no alignment is asked for.
    unsafe { _mm512_loadu_si512(from.as_ptr().wrapping_add(AT).cast()) }
}

#[inline]
#[target_feature(enable = "avx512f")]
fn store64<const AT: usize, const N: usize>(to: &mut [u8; N], value: __m512i) {
    const { assert!(AT + 64 <= N) };
    // SAFETY: the assertion keeps the 64 bytes in the array, and no alignment is asked for.
    unsafe { _mm512_storeu_si512(to.as_mut_ptr().wrapping_add(AT).cast(), value) }
}

#[inline]
#[target_feature(enable = "avx512f")]
fn splat64(byte: u8) -> __m512i {
    _mm512_set1_epi8(byte.cast_signed())
}

/// The `N` bytes from there on, if they are all there.
#[inline(always)]
fn block<const N: usize>(from: &[u8], at: usize) -> Option<&[u8; N]> {
    from.get(at..)?.first_chunk()
}

#[inline(always)]
fn block_mut<const N: usize>(to: &mut [u8], at: usize) -> Option<&mut [u8; N]> {
    to.get_mut(at..)?.first_chunk_mut()
}
