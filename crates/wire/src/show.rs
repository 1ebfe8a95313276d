//! A field's value as text, as Wireshark writes it.

use std::io::Write as _;

use core::net::{Ipv4Addr, Ipv6Addr};

use crate::digits;
use crate::field::{Field, Kind};
use crate::name::Labels;
use crate::walk::Value;

/// Appends a field's value: `64`, `0x0800`, `10.0.0.1`, `02:00:00:00:00:01`, `example.com`.
///
/// Text comes as it is, bytes above ASCII too; what a terminal might obey is for the face to judge.
pub fn value(field: &Field, value: Value<'_>, out: &mut Vec<u8>) {
    match (field.kind, value) {
        (Kind::Hex | Kind::HexOf(_), Value::Uint(number)) => {
            let digits = usize::from(field.width().div_ceil(4)).max(if field.width() == 0 { 1 } else { 2 });
            out.extend_from_slice(b"0x");
            digits::hex(number, digits, out);
        }
        (Kind::HexDigits(digits), Value::Uint(number)) => {
            out.extend_from_slice(b"0x");
            digits::hex(number, digits.into(), out);
        }
        (Kind::Times(unit), Value::Uint(number)) => digits::dec(number.saturating_mul(unit.into()), out),
        (Kind::Per(parts), Value::Uint(number)) => {
            // No field in parts has more digits than a double holds.
            let number = f64::from(u32::try_from(number).unwrap_or(u32::MAX));
            // Writing into memory does not fail.
            let _ = write!(out, "{}", number / f64::from(parts.max(1)));
        }
        (_, Value::Uint(number)) => digits::dec(number, out),
        (_, Value::DomainName(message, at)) => domain_name(message, at, out),
        (Kind::Text, Value::Bytes(bytes)) => out.extend_from_slice(bytes),
        (Kind::PaddedText, Value::Bytes(bytes)) => {
            let end = bytes.iter().position(|byte| *byte == 0);
            out.extend_from_slice(bytes.get(..end.unwrap_or(bytes.len())).unwrap_or_default());
        }
        (Kind::Ipv4, Value::Bytes([a, b, c, d])) => digits::ipv4(Ipv4Addr::new(*a, *b, *c, *d), out),
        (Kind::Ipv6, Value::Bytes(bytes)) => match <[u8; 16]>::try_from(bytes) {
            Ok(octets) => digits::ipv6(Ipv6Addr::from(octets), out),
            Err(_) => digits::colons(bytes, out),
        },
        (_, Value::Bytes(bytes)) => digits::colons(bytes, out),
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
    matches!(
        (field.kind, value),
        (Kind::Dec | Kind::DecOf(_) | Kind::Times(_) | Kind::Per(_), Value::Uint(_))
    )
}
