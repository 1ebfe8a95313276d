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
        (Kind::WideHex(digits), Value::Uint(number)) => {
            write!(out, "0x{number:0digits$x}", digits = usize::from(digits))
        }
        (Kind::Times(unit), Value::Uint(number)) => write!(out, "{}", number * u64::from(unit)),
        (_, Value::Uint(number)) => write!(out, "{number}"),
        (_, Value::DomainName(message, at)) => {
            domain_name(message, at, out);
            Ok(())
        }
        (Kind::Text, Value::Bytes(bytes)) => {
            out.extend_from_slice(bytes);
            Ok(())
        }
        (Kind::Ipv4, Value::Bytes([a, b, c, d])) => write!(out, "{}", Ipv4Addr::new(*a, *b, *c, *d)),
        (Kind::Ipv6, Value::Bytes(bytes)) => match <[u8; 16]>::try_from(bytes) {
            Ok(octets) => write!(out, "{}", Ipv6Addr::from(octets)),
            Err(_) => hex(bytes, out),
        },
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
