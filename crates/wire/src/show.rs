//! A field's value as text, as Wireshark writes it.

use std::io::Write as _;

use core::net::{Ipv4Addr, Ipv6Addr};

use crate::digits;
use crate::field::{Field, Kind};
use crate::name::Labels;
use crate::time;
use crate::walk::Value;

/// Appends a field's value: `64`, `0x0800`, `10.0.0.1`, `02:00:00:00:00:01`, `example.com`.
///
/// Text comes as it is, bytes above ASCII too; what a terminal might obey is for the face to judge.
pub fn value(field: &Field, value: Value<'_>, out: &mut Vec<u8>) {
    match (field.kind, value) {
        (Kind::Hex | Kind::HexOf(_) | Kind::LittleHex, Value::Uint(number)) => {
            let digits = usize::from(field.width().div_ceil(4)).max(if field.width() == 0 { 1 } else { 2 });
            out.extend_from_slice(b"0x");
            digits::hex(number, digits, out);
        }
        (Kind::NtpTime, Value::Uint(0)) => out.extend_from_slice(b"NULL"),
        (Kind::NtpTime, Value::Uint(stamp)) => {
            let (seconds, nanoseconds) = time::of_ntp(stamp);
            time::write(seconds, nanoseconds, out);
        }
        (Kind::HexDigits(digits), Value::Uint(number)) => {
            out.extend_from_slice(b"0x");
            digits::hex(number, digits.into(), out);
        }
        (Kind::Letters(letters), Value::Uint(number)) => {
            for (index, letter) in letters.bytes().enumerate() {
                match number >> (letters.len() - 1 - index) & 1 {
                    1 => out.push(letter),
                    _ => out.extend_from_slice("·".as_bytes()),
                }
            }
        }
        (Kind::Per(parts), Value::Uint(number)) => {
            // No field in parts has more digits than a double holds.
            let number = f64::from(u32::try_from(number).unwrap_or(u32::MAX));
            let _ = write!(out, "{}", number / f64::from(parts.max(1)));
        }
        (Kind::Signed, Value::Uint(number)) => signed(number, field.width(), out),
        (Kind::UnixTime, Value::Uint(seconds)) => date(seconds, 0, out),
        (Kind::DuidTime, Value::Uint(seconds)) => date(seconds, FROM_1970_TO_2000, out),
        (Kind::Times(unit), Value::Uint(number)) => digits::dec(number.saturating_mul(unit.into()), out),
        (_, Value::Uint(number)) => digits::dec(number, out),
        (Kind::RootedName, Value::DomainName(message, at)) => rooted_name(message, at, out),
        (_, Value::DomainName(message, at)) => domain_name(message, at, out),
        // A field of fixed length is filled up with zeros.
        (Kind::Text, Value::Bytes(bytes)) => {
            out.extend_from_slice(bytes.split(|byte| *byte == 0).next().unwrap_or_default());
        }
        (Kind::Digits, Value::Bytes(bytes)) => {
            bytes.iter().for_each(|byte| digits::byte(*byte, out));
        }
        (Kind::Guid, Value::Bytes(&[a, b, c, d, e, f, g, h, i, j, ref rest @ ..])) => {
            for (part, behind) in
                [(&[d, c, b, a][..], "-"), (&[f, e], "-"), (&[h, g], "-"), (&[i, j], "-"), (rest, "")]
            {
                part.iter().for_each(|byte| digits::hex((*byte).into(), 2, out));
                out.extend_from_slice(behind.as_bytes());
            }
        }
        (Kind::Ipv4, Value::Bytes([a, b, c, d])) => digits::ipv4(Ipv4Addr::new(*a, *b, *c, *d), out),
        (Kind::Ipv6, Value::Bytes(bytes)) => match <[u8; 16]>::try_from(bytes) {
            Ok(octets) => digits::ipv6(Ipv6Addr::from(octets), out),
            Err(_) => digits::colons(bytes, out),
        },
        (Kind::Ipv4Prefix, Value::Bytes(bytes)) => match padded::<4>(bytes) {
            Some(octets) => digits::ipv4(octets.into(), out),
            None => digits::colons(bytes, out),
        },
        (Kind::Ipv6Prefix, Value::Bytes(bytes)) => match padded::<16>(bytes) {
            Some(octets) => digits::ipv6(octets.into(), out),
            None => digits::colons(bytes, out),
        },
        (Kind::Base32Hex, Value::Bytes(bytes)) => base32(bytes, out),
        (_, Value::Bytes(bytes)) => digits::colons(bytes, out),
    }
}

/// Appends a point in time as Wireshark writes it: `Nov 14, 2023 22:13:20.000000000 UTC`.
pub fn time(seconds: i64, nanoseconds: u32, out: &mut Vec<u8>) {
    time::write(seconds, nanoseconds, out);
}

/// How many seconds lie between 1970 and 2000, from which DUIDs count: RFC 8415, section 11.2.
const FROM_1970_TO_2000: u64 = 946_684_800;

/// Appends the date of so many seconds since another.
fn date(seconds: u64, since: u64, out: &mut Vec<u8>) {
    time::write(i64::try_from(seconds.saturating_add(since)).unwrap_or(i64::MAX), 0, out);
}

/// Appends a number of so many bits in two's complement.
fn signed(number: u64, bits: u16, out: &mut Vec<u8>) {
    let above = u32::from(64_u16.saturating_sub(bits));
    let number = number.wrapping_shl(above).cast_signed().wrapping_shr(above);
    if number < 0 {
        out.push(b'-');
    }
    digits::dec(number.unsigned_abs(), out);
}

/// Fills bytes up with zeros behind them; `None` where there are too many.
fn padded<const N: usize>(bytes: &[u8]) -> Option<[u8; N]> {
    let mut octets = [0; N];
    octets.get_mut(..bytes.len())?.copy_from_slice(bytes);
    Some(octets)
}

/// Appends bytes in base 32: RFC 4648, section 7, in small letters and without padding.
fn base32(bytes: &[u8], out: &mut Vec<u8>) {
    for group in bytes.chunks(5) {
        let [a, b, c, d, e] = padded(group).unwrap_or_default();
        let bits = u64::from_be_bytes([0, 0, 0, a, b, c, d, e]);
        for place in 0..(group.len() * 8).div_ceil(5) {
            let digit = usize::try_from(bits >> (35 - 5 * place) & 31).unwrap_or(0);
            out.extend(b"0123456789abcdefghijklmnopqrstuv".get(digit));
        }
    }
}

/// Appends a name with dots between its labels, and none at its end; the root is `<Root>`. A byte in a label that would be
/// taken for a dot or an escape is escaped as RFC 4343, section 2.1 has it.
fn domain_name(message: &[u8], at: usize, out: &mut Vec<u8>) {
    let begin = out.len();
    let mut labels = Labels::new(message, at);
    for label in &mut labels {
        if out.len() > begin {
            out.push(b'.');
        }
        escaped(label, out);
    }
    if labels.is_broken() {
        out.extend_from_slice(b"<broken name>");
    } else if out.len() == begin {
        out.extend_from_slice(b"<Root>");
    }
}

/// Appends a label.
fn escaped(label: &[u8], out: &mut Vec<u8>) {
    for byte in label {
        match byte {
            b'.' | b'\\' => out.extend_from_slice(&[b'\\', *byte]),
            0x21..=0x7e => out.push(*byte),
            _ => {
                let _ = write!(out, "\\{byte:03}");
            }
        }
    }
}

/// Appends a name with a dot behind each of its labels, but for one that has no end.
fn rooted_name(message: &[u8], at: usize, out: &mut Vec<u8>) {
    let mut labels = Labels::new(message, at);
    let begin = out.len();
    for label in &mut labels {
        if out.len() > begin {
            out.push(b'.');
        }
        escaped(label, out);
    }
    if !labels.is_broken() {
        out.push(b'.');
    }
}

/// Tells whether the value is a number that a reader of JSON wants as one.
pub(crate) const fn is_plain_number(field: &Field, value: Value<'_>) -> bool {
    matches!(
        (field.kind, value),
        (
            Kind::Dec | Kind::DecOf(_) | Kind::LittleDec | Kind::Times(_) | Kind::Per(_) | Kind::Signed,
            Value::Uint(_)
        )
    )
}
