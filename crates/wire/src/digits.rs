//! Numbers and addresses as text, without the machinery of `format!`: what lines, trees and JSON have most of.

use core::net::{Ipv4Addr, Ipv6Addr};
use std::io::Write as _;

use crate::header::Mac;

const HEX: &[u8; 16] = b"0123456789abcdef";

#[inline]
fn digit(nibble: u8) -> u8 {
    HEX.get(usize::from(nibble & 15)).copied().unwrap_or(b'?')
}

/// The numbers below 256 with a point behind, each with how many bytes that has; what is too many is zero.
const POINTED: &[([u8; 4], usize); 256] = &{
    let mut all = [([0; 4], 0); 256];
    let mut rest: &mut [([u8; 4], usize)] = &mut all;
    let mut number = 0_u64;
    while let [place, others @ ..] = rest {
        let [.., hundreds, tens, ones] = split(number).to_le_bytes();
        let [hundreds, tens, ones] = [hundreds | b'0', tens | b'0', ones | b'0'];
        *place = match number {
            0..10 => ([ones, b'.', 0, 0], 2),
            10..100 => ([tens, ones, b'.', 0], 3),
            _ => ([hundreds, tens, ones, b'.'], 4),
        };
        number += 1;
        rest = others;
    }
    all
};

#[inline]
fn pointed(byte: u8) -> ([u8; 4], usize) {
    POINTED.get(usize::from(byte)).copied().unwrap_or_default()
}

/// Appends the first bytes of an array: all of them, and takes back what is too many, which is faster than a copy of a length
/// that the compiler does not know.
#[inline]
fn first<const N: usize>(bytes: [u8; N], len: usize, out: &mut Vec<u8>) {
    let end = out.len() + len;
    out.extend_from_slice(&bytes);
    out.truncate(end);
}

/// How much eight digits say.
const EIGHT: u64 = 100_000_000;

/// Splits a number below [`EIGHT`] into its digits, one in each byte, the first one in the lowest: in a register, because bytes
/// that have just been written one by one are slow to be read as one.
#[inline]
const fn split(number: u64) -> u64 {
    // Four digits in each half, then two in each quarter, then one; the factors divide by 100 and 10 what is small enough.
    let fours = (number / 10_000) | ((number % 10_000) << 32);
    let high = ((fours * 10_486) >> 20) & 0x0000_007f_0000_007f;
    let twos = high | ((fours - high * 100) << 16);
    let high = ((twos * 103) >> 10) & 0x000f_000f_000f_000f;
    high | ((twos - high * 10) << 8)
}

/// Appends a number in decimal.
#[inline]
pub(crate) fn dec(number: u64, out: &mut Vec<u8>) {
    const ZEROS: u64 = u64::from_ne_bytes([b'0'; 8]);
    if let Ok(digit @ 0..10) = u8::try_from(number) {
        return out.push(b'0' | digit);
    }
    if number >= EIGHT {
        dec(number / EIGHT, out);
        return out.extend_from_slice(&(split(number % EIGHT) | ZEROS).to_le_bytes());
    }
    let digits = split(number);
    let zeros = digits.trailing_zeros().min(56) / 8;
    let text = (digits | ZEROS) >> (zeros * 8);
    first(text.to_le_bytes(), usize::try_from(8 - zeros).unwrap_or(8), out);
}

/// Appends the two hexadecimal digits of a byte.
#[inline]
pub(crate) fn byte(byte: u8, out: &mut Vec<u8>) {
    out.extend_from_slice(&[digit(byte >> 4), digit(byte)]);
}

/// Appends a number in hexadecimal with at least so many digits.
#[inline]
pub(crate) fn hex(number: u64, least: usize, out: &mut Vec<u8>) {
    let mut digits = [b'0'; 16];
    for (index, place) in digits.iter_mut().rev().enumerate() {
        let [.., low] = (number >> (index * 4)).to_be_bytes();
        *place = digit(low);
    }
    let zeros = usize::try_from(number.leading_zeros()).unwrap_or(0) / 4;
    out.resize(out.len() + least.saturating_sub(digits.len()), b'0');
    out.extend_from_slice(digits.get(zeros.min(digits.len().saturating_sub(least))..).unwrap_or_default());
}

/// Appends bytes in hexadecimal with colons between them.
#[inline]
pub(crate) fn colons(bytes: &[u8], out: &mut Vec<u8>) {
    let Some((first, rest)) = bytes.split_first() else { return };
    byte(*first, out);
    for next in rest {
        out.extend_from_slice(&[b':', digit(next >> 4), digit(*next)]);
    }
}

/// Appends an Ethernet address.
#[inline]
pub(crate) fn mac(Mac(bytes): Mac, out: &mut Vec<u8>) {
    colons(&bytes, out);
}

/// Appends an IPv4 address.
#[inline]
pub(crate) fn ipv4(address: Ipv4Addr, out: &mut Vec<u8>) {
    let (mut text, mut len) = (0_u128, 0);
    for octet in address.octets() {
        let (part, part_len) = pointed(octet);
        text |= u128::from(u32::from_le_bytes(part)) << (len * 8);
        len += part_len;
    }
    first(text.to_le_bytes(), len - 1, out);
}

/// Appends an IPv6 address, as RFC 5952 has it.
pub(crate) fn ipv6(address: Ipv6Addr, out: &mut Vec<u8>) {
    // Writing into memory does not fail.
    let _ = match address.segments() {
        // As inet_ntop(3) has it, an address that may be IPv4's is written so.
        [0, 0, 0, 0, 0, 0, high, _] if high != 0 => {
            let [.., a, b, c, d] = address.octets();
            write!(out, "::{a}.{b}.{c}.{d}")
        }
        _ => write!(out, "{address}"),
    };
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn written(write: impl FnOnce(&mut Vec<u8>)) -> String {
        let mut out = Vec::new();
        write(&mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn the_ends_are_right() {
        assert_eq!(written(|out| dec(u64::MAX, out)), u64::MAX.to_string());
        assert_eq!(written(|out| hex(u64::MAX, 0, out)), "ffffffffffffffff");
        assert_eq!(
            (written(|out| hex(0, 0, out)), written(|out| hex(0, 1, out))),
            (String::new(), "0".into())
        );
        assert_eq!(written(|out| hex(0xab, 20, out)), "000000000000000000ab");
        assert_eq!(written(|out| colons(&[], out)), "");
        assert_eq!(written(|out| mac(Mac([0, 1, 2, 0xfd, 0xfe, 0xff]), out)), "00:01:02:fd:fe:ff");
    }

    proptest! {
        #[test]
        fn numbers_are_those_of_format(number: u64, digits in 1usize..20, address: u32) {
            prop_assert_eq!(written(|out| dec(number, out)), number.to_string());
            prop_assert_eq!(written(|out| hex(number, digits, out)), format!("{number:0digits$x}"));
            let address = Ipv4Addr::from(address);
            prop_assert_eq!(written(|out| ipv4(address, out)), address.to_string());
        }
    }
}
