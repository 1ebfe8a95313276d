//! A field's value as text, as Wireshark writes it.

use std::io::Write as _;

use core::net::{Ipv4Addr, Ipv6Addr};

use crate::field::{Field, Kind};
use crate::name::Labels;
use crate::time;
use crate::walk::Value;

/// Appends a field's value: `64`, `0x0800`, `10.0.0.1`, `02:00:00:00:00:01`, `example.com`.
///
/// Text comes as it is, bytes above ASCII too; what a terminal might obey is for the face to judge.
pub fn value(field: &Field, value: Value<'_>, out: &mut Vec<u8>) {
    // Writing into memory does not fail.
    let _ = match (field.kind, value) {
        (Kind::Hex | Kind::HexOf(_), Value::Uint(number)) => {
            let digits = usize::from(field.width().div_ceil(4)).max(if field.width() == 0 { 1 } else { 2 });
            write!(out, "0x{number:0digits$x}")
        }
        (Kind::Times(unit), Value::Uint(number)) => write!(out, "{}", number * u64::from(unit)),
        (Kind::UnixTime, Value::Uint(seconds)) => {
            time::write(i64::try_from(seconds).unwrap_or(i64::MAX), 0, out)
        }
        (Kind::NtpTime, Value::Uint(0)) => write!(out, "NULL"),
        (Kind::NtpTime, Value::Uint(stamp)) => {
            let (seconds, nanoseconds) = time::of_ntp(stamp);
            time::write(seconds, nanoseconds, out)
        }
        (_, Value::Uint(number)) => write!(out, "{number}"),
        (_, Value::DomainName(message, at)) => {
            domain_name(message, at, out);
            Ok(())
        }
        (Kind::Text, Value::Bytes(bytes)) => {
            out.extend_from_slice(bytes);
            Ok(())
        }
        (Kind::TextZ, Value::Bytes(bytes)) => {
            out.extend_from_slice(bytes.strip_suffix(&[0]).unwrap_or(bytes));
            Ok(())
        }
        (Kind::Ipv4, Value::Bytes([a, b, c, d])) => write!(out, "{}", Ipv4Addr::new(*a, *b, *c, *d)),
        (Kind::Ipv6, Value::Bytes(bytes)) => match <[u8; 16]>::try_from(bytes) {
            Ok(octets) => write!(out, "{}", Ipv6Addr::from(octets)),
            Err(_) => hex(bytes, out),
        },
        (Kind::Ipv4Prefix, Value::Bytes(bytes)) => match padded(bytes) {
            Some(octets) => write!(out, "{}", Ipv4Addr::from(octets)),
            None => hex(bytes, out),
        },
        (Kind::Ipv6Prefix, Value::Bytes(bytes)) => match padded(bytes) {
            Some(octets) => write!(out, "{}", Ipv6Addr::from(octets)),
            None => hex(bytes, out),
        },
        (Kind::Base32Hex, Value::Bytes(bytes)) => {
            base32(bytes, out);
            Ok(())
        }
        (_, Value::Bytes(bytes)) => hex(bytes, out),
    };
}

fn hex(bytes: &[u8], out: &mut Vec<u8>) -> std::io::Result<()> {
    let mut before = "";
    for byte in bytes {
        write!(out, "{before}{byte:02x}")?;
        before = ":";
    }
    Ok(())
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
    if labels.is_broken() {
        out.extend_from_slice(b"<broken name>");
    } else if out.len() == begin {
        out.extend_from_slice(b"<Root>");
    }
}

/// Tells whether the value is a number that a reader of JSON wants as one.
pub(crate) const fn is_plain_number(field: &Field, value: Value<'_>) -> bool {
    matches!((field.kind, value), (Kind::Dec | Kind::DecOf(_) | Kind::Times(_), Value::Uint(_)))
}
