//! The kernels: hex, base64 and dump lines, many bytes at a time. The one room of this crate for `unsafe`.
//!
//! Every function takes a [`Level`], the instructions that it may use, so that the tests run every path that the
//! machine has against the scalar twin in `scalar`, which is the reference. A level can only be had where its
//! instructions were detected, so the functions are safe; [`Level::best`] is what a codec uses.
//!
//! | function | takes | returns |
//! |---|---|---|
//! | [`hex::encode`] | bytes, room for 2 digits each | bytes encoded |
//! | [`hex::decode`] | digits of either case, room for half as many | pairs accepted |
//! | [`hex::encode_lines`], [`hex::decode_lines`] | lines of `width` bytes, each with its LF | lines |
//! | [`base64::encode`] | groups of 3 bytes, room for 4 characters each | groups encoded |
//! | [`base64::decode`] | groups of 4 characters, room for 3 bytes each | groups accepted |
//! | [`base64::encode_lines`], [`base64::decode_lines`] | lines of `width` characters, each with its LF | lines |
//! | [`lines::Program::format`], [`lines::Program::scan`] | lines of a dump that a `Layout` describes | lines |
//!
//! All work on as much as fits both slices, and never read or write beyond either: the caller needs no slack.
//! What is left over (an odd byte, padding, a short line) is the caller's. A decoder stops before the first unit that
//! is not wholly good, and says how many were; a scalar automaton then finds the exact fault. What stands behind
//! the accepted part of `dst` is of no meaning.
//!
//! Nothing here loads or stores through a slice that was not checked: a block is an array reference, and a last block
//! that is not full is done by one that ends where the slice ends, over again what was done already, or by the scalar
//! twin. So all that `unsafe` is needed for is to say that the instructions are there, and to turn an array into
//! a register.
//!
//! References: W. Muła and D. Lemire, "Faster Base64 Encoding and Decoding Using AVX2 Instructions", arXiv:1704.00605,
//! and "Base64 encoding and decoding at almost the speed of a memory copy", arXiv:1910.05109.
#![allow(unsafe_code, reason = "vector instructions have no safe face; xtask tidy keeps unsafe in this room")]

pub(crate) mod base64;
pub(crate) mod hex;
pub(crate) mod lines;
#[cfg(target_arch = "aarch64")]
mod neon;
#[cfg(any(fuzzing, feature = "kernels"))]
pub mod open;
mod scalar;
#[cfg(target_arch = "x86_64")]
mod x86;

/// Instructions that a kernel may use, and that this machine has: no other value can be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Level(Kind);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Byte by byte: the reference.
    Scalar,
    /// Byte shuffles of 16 bytes.
    #[cfg(target_arch = "x86_64")]
    Ssse3,
    /// Byte shuffles of 2 × 16 bytes.
    #[cfg(target_arch = "x86_64")]
    Avx2,
    /// Byte permutations of 64 and 128 bytes: AVX-512 F, BW, VL and VBMI.
    #[cfg(target_arch = "x86_64")]
    Avx512,
    /// Byte tables of 16 to 64 bytes.
    #[cfg(target_arch = "aarch64")]
    Neon,
}

impl Level {
    /// The reference, on every machine.
    pub(crate) const SCALAR: Self = Self(Kind::Scalar);

    /// Returns the fastest that this machine has; the first call asks the processor, the others are a few loads.
    pub(crate) fn best() -> Self {
        Self::vectors().unwrap_or(Self::SCALAR)
    }

    /// Returns all that this machine has, the slowest first.
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        #[cfg(target_arch = "x86_64")]
        let vectors = [x86::has_ssse3(), x86::has_avx2(), x86::has_avx512()]
            .into_iter()
            .zip([Kind::Ssse3, Kind::Avx2, Kind::Avx512])
            .filter_map(|(there, kind)| there.then_some(Self(kind)));
        #[cfg(not(target_arch = "x86_64"))]
        let vectors = Self::vectors().into_iter();
        core::iter::once(Self::SCALAR).chain(vectors)
    }

    #[cfg(target_arch = "x86_64")]
    fn vectors() -> Option<Self> {
        match () {
            () if x86::has_avx512() => Some(Self(Kind::Avx512)),
            () if x86::has_avx2() => Some(Self(Kind::Avx2)),
            () if x86::has_ssse3() => Some(Self(Kind::Ssse3)),
            () => None,
        }
    }

    #[cfg(target_arch = "aarch64")]
    fn vectors() -> Option<Self> {
        std::arch::is_aarch64_feature_detected!("neon").then_some(Self(Kind::Neon))
    }

    #[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
    fn vectors() -> Option<Self> {
        None
    }
}

/// Calls the function of that name of the level's module.
macro_rules! dispatch {
    ($level:expr, $function:ident($($argument:expr),* $(,)?)) => {
        match $level.0 {
            $crate::simd::Kind::Scalar => $crate::simd::scalar::$function($($argument),*),
            #[cfg(target_arch = "x86_64")]
            // SAFETY: this level is had only where `has_ssse3` said yes.
            $crate::simd::Kind::Ssse3 => unsafe { $crate::simd::x86::ssse3::$function($($argument),*) },
            #[cfg(target_arch = "x86_64")]
            // SAFETY: this level is had only where `has_avx2` said yes.
            $crate::simd::Kind::Avx2 => unsafe { $crate::simd::x86::avx2::$function($($argument),*) },
            #[cfg(target_arch = "x86_64")]
            // SAFETY: this level is had only where `has_avx512` said yes.
            $crate::simd::Kind::Avx512 => unsafe { $crate::simd::x86::avx512::$function($($argument),*) },
            #[cfg(target_arch = "aarch64")]
            // SAFETY: this level is had only where NEON was detected.
            $crate::simd::Kind::Neon => unsafe { $crate::simd::neon::$function($($argument),*) },
        }
    };
}
use dispatch;

/// A kernel on a level: what it counts, and how much it wrote.
type Run<'a> = &'a dyn Fn(Level, &mut [u8]) -> (usize, usize);

/// [`check::kernels`](crate::check::kernels).
pub(crate) fn check(bytes: &[u8]) {
    let (&width, src) = bytes.split_first().unwrap_or((&0, &[]));
    let width = usize::from(width % 100);
    let same = |what: &str, room: usize, kernel: Run<'_>| {
        let run = |level| {
            let mut dst = vec![b'#'; room];
            let (count, written) = kernel(level, &mut dst);
            // What stands behind the accepted part is of no meaning.
            dst.truncate(written);
            (count, dst)
        };
        let expected = run(Level::SCALAR);
        for level in Level::all() {
            assert!(run(level) == expected, "{what} on {level:?}, width {width}");
        }
    };
    let len = src.len();
    let of = |count: usize, size: usize| (count, count * size);
    same("hex::encode", 2 * len, &|level, dst| of(hex::encode(level, src, dst, width % 2 == 0), 2));
    same("hex::decode", len, &|level, dst| of(hex::decode(level, src, dst), 1));
    same("hex::encode_lines", 3 * len, &|level, dst| {
        of(hex::encode_lines(level, width, src, dst, false), 2 * width + 1)
    });
    same("hex::decode_lines", len, &|level, dst| of(hex::decode_lines(level, width, src, dst), width));
    for alphabet in [base64::Alphabet::Standard, base64::Alphabet::UrlSafe] {
        let lines = width / 4 * 4;
        same("base64::encode", 2 * len, &|level, dst| of(base64::encode(level, alphabet, src, dst), 4));
        same("base64::decode", len, &|level, dst| of(base64::decode(level, alphabet, src, dst), 3));
        same("base64::encode_lines", 2 * len, &|level, dst| {
            of(base64::encode_lines(level, alphabet, lines, src, dst), lines + 1)
        });
        same("base64::decode_lines", len, &|level, dst| {
            of(base64::decode_lines(level, alphabet, lines, src, dst), lines / 4 * 3)
        });
    }
    // A dump of the bytes, and of it what was written until there is a byte of another mind.
    let Some(layout) = crate::Style::xxd().layout() else { return };
    let offset = u64::try_from(len.wrapping_mul(0x00ff_fff1)).unwrap_or(0);
    let program = |level| lines::Program::new(&layout, level, offset);
    let line = program(Level::SCALAR).line_len();
    let mut text = vec![0; len / 16 * line];
    same("format", text.len(), &|level, dst| of(program(level).format(src, dst, offset), line));
    program(Level::SCALAR).format(src, &mut text, offset);
    let at = src.iter().fold(0, |at: usize, &byte| at.wrapping_mul(31) ^ usize::from(byte));
    if let (Some(place), Some(&last)) =
        (at.checked_rem(text.len()).and_then(|at| text.get_mut(at)), src.last())
        && width > 50
    {
        *place = last;
    }
    same("scan", len, &|level, dst| of(program(level).scan(&text, dst, offset), 16));
}

/// Bytes of all values, none like its neighbours.
#[cfg(test)]
fn noise(len: usize) -> Vec<u8> {
    (0_u32..).take(len).map(|at| at.wrapping_mul(2_654_435_761).to_be_bytes()[0]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_level_is_the_last_of_all_and_the_reference_the_first() {
        assert_eq!(Level::all().next(), Some(Level::SCALAR));
        assert_eq!(Level::all().last(), Some(Level::best()));
    }
}
