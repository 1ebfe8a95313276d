//! Base58: the whole input as one number to the base 58, and a `1` for each zero byte before it.
//!
//! The number goes from limbs of seven bytes to limbs of ten digits and back through [`radix`](super::radix), so that
//! n bytes take O(n^1.585) steps and O(n) memory, not the O(n²) of a digit after the other.

use super::code::Code;
use super::radix;

const BYTES: usize = 7;
const DIGITS: usize = 10;
/// 2^56: the values of a limb of seven bytes.
const OF_BYTES: u64 = 1 << 56;
/// 58^10: the values of a limb of ten digits.
const OF_DIGITS: u64 = 58_u64.pow(10);

/// Writes the digits of all the bytes.
pub(super) fn encode(code: &Code, bytes: &[u8]) -> Vec<u8> {
    let zeros = bytes.iter().take_while(|&&byte| byte == 0).count();
    let limbs = bytes.get(zeros..).unwrap_or(&[]).rchunks(BYTES);
    let limbs = limbs.map(|limb| limb.iter().fold(0, |word, &byte| word << 8 | u64::from(byte)));
    let number = radix::convert(limbs.collect(), OF_BYTES, OF_DIGITS);
    // From the lowest digit to the highest.
    let mut digits = Vec::with_capacity(number.len().saturating_mul(DIGITS).saturating_add(zeros));
    for mut limb in number {
        for _ in 0..DIGITS {
            digits.push(low_byte(limb % 58));
            limb /= 58;
        }
    }
    trim(&mut digits);
    digits.resize(digits.len().saturating_add(zeros), 0);
    digits.reverse();
    for digit in &mut digits {
        *digit = code.digits.get(usize::from(*digit)).copied().unwrap_or(0);
    }
    digits
}

/// Reads the bytes of the values of all the digits.
pub(super) fn decode(values: &[u8]) -> Vec<u8> {
    let zeros = values.iter().take_while(|&&value| value == 0).count();
    let limbs = values.get(zeros..).unwrap_or(&[]).rchunks(DIGITS);
    let limbs = limbs.map(|limb| limb.iter().fold(0, |word, &value| word * 58 + u64::from(value)));
    let number = radix::convert(limbs.collect(), OF_DIGITS, OF_BYTES);
    let mut bytes = Vec::with_capacity(number.len().saturating_mul(BYTES).saturating_add(zeros));
    for limb in number {
        bytes.extend(limb.to_le_bytes().into_iter().take(BYTES));
    }
    trim(&mut bytes);
    bytes.resize(bytes.len().saturating_add(zeros), 0);
    bytes.reverse();
    bytes
}

/// Drops the zeros at the high end.
fn trim(digits: &mut Vec<u8>) {
    digits.truncate(digits.iter().rposition(|&digit| digit != 0).map_or(0, |last| last + 1));
}

fn low_byte(value: u64) -> u8 {
    let [low, ..] = value.to_le_bytes();
    low
}
