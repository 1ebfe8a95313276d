//! The options of EDNS as text.

use super::super::edns;
use crate::line::name::name_without_pointers;
use super::{Context, safe};
use crate::line::{Line, Reader, Told};

/// Writes the options of an OPT record, of so many bytes.
pub(super) fn options(line: &mut Line<'_>, reader: &mut Reader<'_>, len: u16, context: Context) -> Told {
    let end = reader.at() + usize::from(len);
    if len == 0 {
        return Ok(());
    }
    line.text(" [");
    let mut before = "";
    while reader.at() < end {
        line.text(before);
        before = ",";
        let code = reader.u16()?;
        match edns::format(code).filter(|_| code != edns::number::EDE || context.own) {
            Some(format) => line.text(format.name),
            None => line.fmt(format_args!("Opt{code}")),
        }
        let len = usize::from(reader.u16()?);
        let behind = reader.from(reader.at() + len);
        reader.need(len)?;
        if len > 0 {
            line.text(" ");
            option(line, reader, code, len, context)?;
        }
        *reader = behind;
    }
    line.text("]");
    Ok(())
}

/// Writes the data of an option, which has some bytes.
fn option(line: &mut Line<'_>, reader: &mut Reader<'_>, code: u16, len: usize, context: Context) -> Told {
    match code {
        edns::number::ECS => client_subnet(line, reader, len)?,
        edns::number::COOKIE => {
            if !matches!(len, 8 | 16..=40) {
                line.invalid();
            } else {
                hex(line, reader, 8)?;
                if len > 8 {
                    line.text(" ");
                    hex(line, reader, len - 8)?;
                }
            }
        }
        edns::number::KEEPALIVE if len == 2 => {
            let tenths = reader.u16()?;
            line.fmt(format_args!("{}.{} sec", tenths / 10, tenths % 10));
        }
        edns::number::EXPIRE if len == 4 => line.fmt(format_args!("{} sec", reader.u32()?)),
        edns::number::KEEPALIVE | edns::number::EXPIRE => line.invalid(),
        edns::number::PADDING => line.fmt(format_args!("({len})")),
        // What is wrong with the name is said there, and the options go on.
        edns::number::CHAIN => drop(name_without_pointers(line, reader)),
        edns::number::KEY_TAG if !len.is_multiple_of(2) => line.invalid(),
        edns::number::KEY_TAG => {
            for place in 0..len / 2 {
                line.text(if place == 0 { "" } else { " " });
                line.dec(reader.u16()?);
            }
        }
        edns::number::DAU | edns::number::DHU | edns::number::N3U => {
            for place in 0..len {
                line.text(if place == 0 { "" } else { " " });
                let number = reader.u8()?;
                match algorithm(code, number) {
                    Some(name) => line.text(name),
                    None => line.fmt(format_args!("Alg_{number}")),
                }
            }
        }
        edns::number::EDE if context.own && len >= 2 => {
            line.dec(reader.u16()?);
            if len > 2 {
                line.text(" \"");
                safe(line, reader, len - 2)?;
                line.text("\"");
            }
        }
        _ => hex(line, reader, len)?,
    }
    Ok(())
}

/// Writes a client subnet: RFC 7871, section 6.
fn client_subnet(line: &mut Line<'_>, reader: &mut Reader<'_>, len: usize) -> Told {
    if len < 4 {
        line.invalid();
        return Ok(());
    }
    let (family, source, scope) = (reader.u16()?, reader.u8()?, reader.u8()?);
    let most = match family {
        1 => 32,
        2 => 128,
        _ => 0,
    };
    let len = len - 4;
    if most == 0 || source.max(scope) > most || len != usize::from(source).div_ceil(8) {
        line.invalid();
        return Ok(());
    }
    let mut address = [0; 16];
    for (to, from) in address.iter_mut().zip(reader.take(len)?) {
        *to = *from;
    }
    match address {
        [a, b, c, d, ..] if family == 1 => line.ipv4([a, b, c, d].into()),
        address => line.ipv6(address.into()),
    }
    line.fmt(format_args!("/{source}/{scope}"));
    Ok(())
}

/// Names an algorithm that is understood, by the option that says so.
const fn algorithm(option: u16, number: u8) -> Option<&'static str> {
    Some(match (option, number) {
        (edns::number::DHU | edns::number::N3U, 1) => "SHA-1",
        (edns::number::DHU, 2) => "SHA-256",
        (edns::number::DHU, 3) => "GOST_R_34.11-94",
        (edns::number::DHU, 4) => "SHA-384",
        (edns::number::DHU | edns::number::N3U, _) => return None,
        (_, 0) => "DELETE",
        (_, 1) => "RSAMD5",
        (_, 2) => "DH",
        (_, 3) => "DS",
        (_, 5) => "RSASHA1",
        (_, 6) => "DSA-NSEC3-SHA1",
        (_, 7) => "RSASHA1-NSEC3-SHA1",
        (_, 8) => "RSASHA256",
        (_, 10) => "RSASHA512",
        (_, 12) => "ECC-GOST",
        (_, 13) => "ECDSAP256SHA256",
        (_, 14) => "ECDSAP384SHA384",
        (_, 15) => "ED25519",
        (_, 16) => "ED448",
        (_, 252) => "INDIRECT",
        (_, 253) => "PRIVATEDNS",
        (_, 254) => "PRIVATEOID",
        _ => return None,
    })
}

/// Writes so many bytes in hexadecimal.
fn hex(line: &mut Line<'_>, reader: &mut Reader<'_>, len: usize) -> Told {
    for _ in 0..len {
        line.hex_wide(reader.u8()?, 2);
    }
    Ok(())
}
