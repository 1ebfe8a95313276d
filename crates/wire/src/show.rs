//! A field's value as text, as Wireshark writes it.

use std::io::Write as _;

use core::net::{Ipv4Addr, Ipv6Addr};

use crate::field::{Field, Kind};
use crate::name::Labels;
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
        (Kind::Signed, Value::Uint(number)) => write!(out, "{}", signed(number, field.width())),
        (Kind::Times(unit), Value::Uint(number)) => write!(out, "{}", number * u64::from(unit)),
        (_, Value::Uint(number)) => write!(out, "{number}"),
        (_, Value::DomainName(message, at)) => {
            domain_name(message, at, out);
            Ok(())
        }
        (Kind::Text, Value::Bytes(bytes)) => {
            // A field of fixed length is filled up with zeros.
            out.extend(bytes.iter().take_while(|byte| **byte != 0));
            Ok(())
        }
        (Kind::Digits, Value::Bytes(bytes)) => bytes.iter().try_for_each(|byte| write!(out, "{byte:02x}")),
        (Kind::Guid, Value::Bytes(&[a, b, c, d, e, f, g, h, ref rest @ ..])) => {
            let low_first = [d, c, b, a, f, e, h, g];
            let digits = low_first.iter().chain(rest).enumerate();
            digits.into_iter().try_for_each(|(at, byte)| {
                write!(out, "{}{byte:02x}", if matches!(at, 4 | 6 | 8 | 10) { "-" } else { "" })
            })
        }
        (Kind::Ipv4, Value::Bytes([a, b, c, d])) => write!(out, "{}", Ipv4Addr::new(*a, *b, *c, *d)),
        (Kind::Ipv6, Value::Bytes(bytes)) => match <[u8; 16]>::try_from(bytes) {
            Ok(octets) => write!(out, "{}", Ipv6Addr::from(octets)),
            Err(_) => hex(bytes, out),
        },
        (_, Value::Bytes(bytes)) => hex(bytes, out),
    };
}

/// Reads a number of so many bits in two's complement.
fn signed(number: u64, bits: u16) -> i64 {
    let above = u32::from(64_u16.saturating_sub(bits));
    number.wrapping_shl(above).cast_signed().wrapping_shr(above)
}

fn hex(bytes: &[u8], out: &mut Vec<u8>) -> std::io::Result<()> {
    let mut before = "";
    for byte in bytes {
        write!(out, "{before}{byte:02x}")?;
        before = ":";
    }
    Ok(())
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
    matches!((field.kind, value), (Kind::Dec | Kind::DecOf(_) | Kind::Times(_) | Kind::Signed, Value::Uint(_)))
}
