//! Numbers and addresses as text, without the machinery of `format!`: what lines, trees and JSON have most of.

use core::net::{Ipv4Addr, Ipv6Addr};
use std::io::Write as _;

use crate::header::Mac;

const HEX: &[u8; 16] = b"0123456789abcdef";

#[inline]
fn digit(nibble: u8) -> u8 {
    HEX.get(usize::from(nibble & 15)).copied().unwrap_or(b'?')
}

/// Appends a number in decimal.
#[inline]
pub(crate) fn dec(mut number: u64, out: &mut Vec<u8>) {
    let mut digits = [b'0'; 20];
    let mut used = 0;
    for digit in digits.iter_mut().rev() {
        let [.., low] = (number % 10).to_be_bytes();
        *digit += low;
        number /= 10;
        used += 1;
        if number == 0 {
            break;
        }
    }
    out.extend_from_slice(digits.get(digits.len() - used..).unwrap_or_default());
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
    let [a, b, c, d] = address.octets();
    dec(a.into(), out);
    for part in [b, c, d] {
        out.push(b'.');
        dec(part.into(), out);
    }
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
