//! Floating-point numbers of 2 and 4 bytes, by their bits (IEEE 754-2019, section 3.4).
//!
//! Rust has no stable 16-bit float, and what a cast does with the payload of a NaN is not defined: both are done
//! here by hand, so that the bytes of every number, NaNs included, come back as they were.

const F64_FRACTION: u32 = 52;

/// Rounds to a 16-bit float, ties to even; nothing when the result would be infinite and the number is not.
pub(super) fn to_f16(number: f64) -> Option<u16> {
    const FRACTION: u32 = 10;
    const INFINITY: u64 = 0x7c00;

    let bits = number.to_bits();
    let sign = bits >> 63 << 15;
    let fraction = bits & ((1 << F64_FRACTION) - 1);
    let magnitude = if number.is_nan() {
        INFINITY | payload(fraction, F64_FRACTION - FRACTION, FRACTION)
    } else if number.is_infinite() {
        INFINITY
    } else {
        // Biased as in 64 bits; the least normal number of 16 bits is 2^-14.
        let exponent = (bits >> F64_FRACTION) & 0x7ff;
        let least_normal: u64 = 1023 - 14;
        let significand = fraction | 1 << F64_FRACTION;
        // Nothing is left of the 53 bits of a significand that is shifted by 54 or more.
        let beneath = least_normal.saturating_sub(exponent).min(21);
        let rounded = round_to_even(significand, u64::from(F64_FRACTION - FRACTION) + beneath);
        // The leading one of the significand adds one to the exponent, as does a carry out of the rounding.
        (exponent.saturating_sub(least_normal) << FRACTION) + rounded
    };
    if number.is_finite() && magnitude >= INFINITY {
        return None;
    }
    u16::try_from(sign | magnitude).ok()
}

/// Returns the number that a 16-bit float is.
pub(super) fn from_f16(bits: u16) -> f64 {
    let bits = u64::from(bits);
    let sign = bits >> 15 << 63;
    let (exponent, fraction) = ((bits >> 10) & 0x1f, bits & 0x3ff);
    let magnitude = match exponent {
        0 => (f64::from(u32::try_from(fraction).unwrap_or(0)) / f64::from(1 << 24)).to_bits(),
        0x1f => 0x7ff << F64_FRACTION | fraction << 42,
        _ => (exponent + 1023 - 15) << F64_FRACTION | fraction << 42,
    };
    f64::from_bits(sign | magnitude)
}

/// Rounds to a 32-bit float, ties to even; a number that is too large becomes infinite.
pub(super) fn to_f32(number: f64) -> f32 {
    if number.is_nan() {
        let bits = number.to_bits();
        let fraction = bits & ((1 << F64_FRACTION) - 1);
        let narrow = bits >> 63 << 31 | 0xff << 23 | payload(fraction, F64_FRACTION - 23, 23);
        return f32::from_bits(u32::try_from(narrow).unwrap_or(0x7fc0_0000));
    }
    #[expect(clippy::cast_possible_truncation, reason = "the rounding is what is asked for")]
    let narrow = number as f32;
    narrow
}

/// Returns the number that a 32-bit float is.
pub(super) fn from_f32(number: f32) -> f64 {
    if number.is_nan() {
        let bits = u64::from(number.to_bits());
        return f64::from_bits(bits >> 31 << 63 | 0x7ff << F64_FRACTION | (bits & 0x7f_ffff) << 29);
    }
    f64::from(number)
}

/// The high bits of a NaN's fraction; the quiet bit alone where they would be those of infinity.
fn payload(fraction: u64, shift: u32, kept: u32) -> u64 {
    match fraction >> shift {
        0 => 1 << (kept - 1),
        high => high,
    }
}

/// Divides by 2^shift and rounds, ties to even; `shift` is from 1 to 63.
fn round_to_even(number: u64, shift: u64) -> u64 {
    let (quotient, rest, half) = (number >> shift, number & ((1 << shift) - 1), 1 << (shift - 1));
    let up = rest > half || (rest == half && quotient & 1 == 1);
    quotient + u64::from(up)
}
