//! DHCPv6 in the words of tcpdump: everything in one line, options in parentheses.
//!
//! Where an option goes past the end of what it is in, the mark of a cut is written there and the rest of the line goes on.

use core::net::Ipv6Addr;

use super::is_relayed;
use super::options::{self, Form};
use crate::line::name::name_from;
use crate::line::{Cut, Line, Reader, Told, readable};
use crate::packet::Packet;

/// How deep options and messages are written.
const DEEPEST: usize = 100;

/// The name in the mark of a cut.
const NAME: &str = "dhcp6";

pub(super) fn line(line: &mut Line<'_>, packet: &Packet<'_>, index: usize) -> Told {
    let Some(layer) = packet.layers.get(index) else { return Ok(()) };
    let reader = Reader::new(NAME, readable(packet, index));
    // The head of the message is read though the datagram be shorter.
    let len = (layer.end - layer.start).max(4);
    message(line, reader, len.min(reader.left()), 0)
}

/// Writes a message that goes up to `end`.
fn message(line: &mut Line<'_>, mut reader: Reader<'_>, end: usize, depth: usize) -> Told {
    line.text("dhcp6");
    if end - reader.at() < 4 {
        line.cut(NAME);
        return Ok(());
    }
    let mut head = reader;
    let msgtype = reader.u8()?;
    line.text(" ");
    message_type(line, msgtype);
    if line.style().verbose == 0 {
        return Ok(());
    }
    line.text(" (");
    if is_relayed(msgtype) {
        head.take(2)?;
        for words in ["linkaddr=", " peeraddr="] {
            let address = head.ipv6()?;
            line.text(words);
            line.ipv6(address);
        }
        options(line, head, end, depth)?;
    } else {
        line.text("xid=");
        line.hex(reader.u24()?);
        options(line, reader, end, depth)?;
    }
    line.text(")");
    Ok(())
}

fn message_type(line: &mut Line<'_>, number: u8) {
    const NAMES: [&str; 16] = [
        "", "solicit", "advertise", "request", "confirm", "renew", "rebind", "reply", "release", "decline",
        "reconfigure", "inf-req", "relay-fwd", "relay-reply", "leasequery", "leasequery-reply",
    ];
    match NAMES.get(usize::from(number)).filter(|name| !name.is_empty()) {
        Some(name) => line.text(name),
        None => {
            line.text("msgtype-");
            line.dec(number);
        }
    }
}

fn option_name(line: &mut Line<'_>, number: u16) {
    match options::words(number).0 {
        "" => {
            line.text("opt_");
            line.dec(number);
        }
        name => line.text(name),
    }
}

/// What an option turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Found {
    /// What it says it is.
    Meant,
    /// Of a length that cannot be.
    Odd,
    /// Something that leads out of the message; the options behind it are not written.
    Broken,
}

/// Writes options up to `end`.
fn options(line: &mut Line<'_>, mut reader: Reader<'_>, end: usize, depth: usize) -> Told {
    while reader.at() < end {
        if end - reader.at() < 4 || depth > DEEPEST {
            line.cut(NAME);
            return Ok(());
        }
        let (number, len) = (reader.u16()?, usize::from(reader.u16()?));
        if end - reader.at() < len {
            line.cut(NAME);
            return Ok(());
        }
        line.text(" (");
        option_name(line, number);
        let value = reader;
        reader.take(len)?;
        match option(line, options::words(number).1, value, len, depth)? {
            Found::Meant => line.text(")"),
            Found::Odd => line.text(" ?)"),
            Found::Broken => {
                line.cut(NAME);
                return Ok(());
            }
        }
    }
    Ok(())
}

/// Writes what is in an option of so many bytes.
fn option(line: &mut Line<'_>, form: Form, mut value: Reader<'_>, len: usize, depth: usize) -> Result<Found, Cut> {
    let all = value;
    let end = value.at() + len;
    let fits = match form {
        Form::Nothing | Form::Names | Form::Hex | Form::Options | Form::Message => true,
        Form::Duid | Form::Status => len >= 2,
        Form::Association => len >= 12,
        Form::Temporary | Form::Enterprise => len >= 4,
        Form::Address => len >= 24,
        Form::Prefix => len >= 25,
        Form::Codes => len.is_multiple_of(2),
        Form::Byte | Form::Reconfigure => len == 1,
        Form::Short => len == 2,
        Form::Long => len == 4,
        Form::Authentication => len >= 11,
        Form::RelayData => len >= 16,
        Form::Name => len >= 3,
        Form::Addresses => len.is_multiple_of(16),
        Form::Text => len >= 5,
        Form::Query => len >= 17,
        Form::Ntp => len >= 4,
    };
    if !fits {
        return Ok(Found::Odd);
    }
    match form {
        Form::Nothing => {}
        Form::Duid => return duid(line, value, len),
        Form::Association => {
            line.fmt(format_args!(" IAID:{} T1:{} T2:{}", value.u32()?, value.u32()?, value.u32()?));
            options(line, value, end, depth + 1)?;
        }
        Form::Temporary => {
            line.fmt(format_args!(" IAID:{}", value.u32()?));
            options(line, value, end, depth + 1)?;
        }
        Form::Address => {
            address(line, value.ipv6()?);
            line.fmt(format_args!(" pltime:{} vltime:{}", value.u32()?, value.u32()?));
            options(line, value, end, depth + 1)?;
        }
        Form::Prefix => {
            let (preferred, valid, width) = (value.u32()?, value.u32()?, value.u8()?);
            address(line, value.ipv6()?);
            line.fmt(format_args!("/{width} pltime:{preferred} vltime:{valid}"));
            options(line, value, end, depth + 1)?;
        }
        Form::Codes => {
            while value.at() < end {
                line.text(" ");
                let number = value.u16()?;
                option_name(line, number);
            }
        }
        Form::Byte => number(line, value.u8()?),
        Form::Short => number(line, value.u16()?),
        Form::Long => number(line, value.u32()?),
        Form::Message => {
            line.text(" (");
            message(line, value, end, depth + 1)?;
        }
        Form::Authentication => return authentication(line, value, len),
        Form::Status => {
            line.text(" ");
            status(line, value.u16()?);
        }
        Form::Hex => {
            line.text(" ");
            first_bytes(line, all, len)?;
        }
        Form::Enterprise => {
            number(line, value.u32()?);
            line.text(" ");
            first_bytes(line, value, len - 4)?;
        }
        Form::RelayData => {
            address(line, value.ipv6()?);
            line.text(" ");
            first_bytes(line, value, len - 16)?;
        }
        Form::Reconfigure => match value.u8()? {
            5 => line.text(" for renew"),
            11 => line.text(" for inf-req"),
            other => line.fmt(format_args!(" for ???({other:02x})")),
        },
        Form::Names => {
            while value.at() < end {
                line.text(" ");
                // Pointers count from the end of the option, as tcpdump has it.
                if name_from(line, &mut value, end).is_err() {
                    return Ok(Found::Broken);
                }
            }
        }
        Form::Name => aftr_name(line, value, len)?,
        Form::Addresses => {
            while value.at() < end {
                address(line, value.ipv6()?);
            }
        }
        Form::Text => {
            line.text(" ");
            line.safe(value.take(len)?.split(|byte| *byte == 0).next().unwrap_or_default());
        }
        Form::Query => {
            match value.u8()? {
                1 => line.text(" by-address"),
                2 => line.text(" by-clientID"),
                other => line.fmt(format_args!(" type_{other}")),
            }
            address(line, value.ipv6()?);
            options(line, value, end, depth + 1)?;
        }
        Form::Options => options(line, value, end, depth + 1)?,
        Form::Ntp => return ntp(line, value, end),
    }
    Ok(Found::Meant)
}

fn address(line: &mut Line<'_>, address: Ipv6Addr) {
    line.text(" ");
    line.ipv6(address);
}

fn number(line: &mut Line<'_>, number: impl Into<u64>) {
    line.text(" ");
    line.dec(number);
}

fn hex(line: &mut Line<'_>, bytes: &[u8]) {
    for byte in bytes {
        line.hex_wide(*byte, 2);
    }
}

/// Writes at most ten bytes, and dots as if there were more.
fn first_bytes(line: &mut Line<'_>, mut value: Reader<'_>, len: usize) -> Told {
    hex(line, value.take(len.min(10))?);
    line.text("...");
    Ok(())
}

fn status(line: &mut Line<'_>, number: u16) {
    const NAMES: [&str; 11] = [
        "Success", "UnspecFail", "NoAddrsAvail", "NoBinding", "NotOnLink", "UseMulticast", "NoPrefixAvail",
        "UnknownQueryType", "MalformedQuery", "NotConfigured", "NotAllowed",
    ];
    match NAMES.get(usize::from(number)) {
        Some(name) => line.text(name),
        None if number > 255 => line.text("INVALID code"),
        None => {
            line.text("code");
            line.dec(number);
        }
    }
}

/// Writes a DUID: RFC 8415, section 11.
fn duid(line: &mut Line<'_>, mut value: Reader<'_>, len: usize) -> Result<Found, Cut> {
    match value.u16()? {
        1 if len >= 8 => {
            line.fmt(format_args!(" hwaddr/time type {} time {} ", value.u16()?, value.u32()?));
            hex(line, value.take(len - 8)?);
        }
        2 if len >= 10 => {
            line.text(" vid ");
            hex(line, value.take(8)?);
        }
        3 if len >= 4 => {
            line.fmt(format_args!(" hwaddr type {} ", value.u16()?));
            hex(line, value.take(len - 4)?);
        }
        1..=3 => return Ok(Found::Odd),
        kind => {
            line.text(" type ");
            line.dec(kind);
        }
    }
    Ok(Found::Meant)
}

/// Writes authentication.
fn authentication(line: &mut Line<'_>, mut value: Reader<'_>, len: usize) -> Result<Found, Cut> {
    let proto = value.u8()?;
    match proto {
        2 => line.text(" proto: delayed"),
        3 => line.text(" proto: reconfigure"),
        other => line.fmt(format_args!(" proto: {other}")),
    }
    match value.u8()? {
        1 => line.text(", alg: HMAC-MD5"),
        other => line.fmt(format_args!(", alg: {other}")),
    }
    match value.u8()? {
        0 => line.text(", RDM: mono"),
        other => line.fmt(format_args!(", RDM: {other}")),
    }
    line.text(", RD:");
    for _ in 0..4 {
        line.text(" ");
        line.hex_wide(value.u16()?, 4);
    }
    let information = len - 11;
    match proto {
        2 if information == 0 => {}
        2 if information >= 20 => {
            if information > 20 {
                line.text(", realm: ");
                hex(line, value.take(information - 20)?);
            }
            line.text(", key ID: ");
            line.hex_wide(value.u32()?, 8);
            line.text(", HMAC-MD5:");
            sum(line, value)?;
        }
        3 if information == 17 => {
            match value.u8()? {
                1 => line.text(" reconfig-key"),
                2 => line.text(" type: HMAC-MD5"),
                _ => line.text(" type: ??"),
            }
            line.text(" value:");
            sum(line, value)?;
        }
        _ => line.text(" ??"),
    }
    Ok(Found::Meant)
}

/// Writes a sum of 16 bytes.
fn sum(line: &mut Line<'_>, mut value: Reader<'_>) -> Told {
    for _ in 0..4 {
        line.text(" ");
        line.hex_wide(value.u32()?, 8);
    }
    Ok(())
}

/// Writes the name of the far end of a tunnel: RFC 6334.
fn aftr_name(line: &mut Line<'_>, value: Reader<'_>, len: usize) -> Told {
    line.text(" ");
    let mut bytes = value.rest().get(..len).ok_or_else(|| value.cut())?;
    while let [label, rest @ ..] = bytes
        && *label > 0
    {
        let label = usize::from(*label);
        // The end of the name must be there too.
        let (Some(text), Some([next, ..])) = (rest.get(..label), rest.get(label..)) else {
            line.text(" ?");
            return Ok(());
        };
        line.safe(text.split(|byte| *byte == 0).next().unwrap_or_default());
        if *next > 0 {
            line.text(".");
        }
        bytes = rest.get(label..).unwrap_or_default();
    }
    Ok(())
}

/// Writes time servers: RFC 5908.
fn ntp(line: &mut Line<'_>, mut value: Reader<'_>, end: usize) -> Result<Found, Cut> {
    while value.at() + 4 < end {
        let (kind, len) = (value.u16()?, usize::from(value.u16()?));
        if end.saturating_sub(value.at()) < len {
            return Ok(Found::Broken);
        }
        line.fmt(format_args!(" subopt:{kind}"));
        match (kind, len) {
            (1 | 2, 16) => address(line, value.ipv6()?),
            (3, _) => {
                line.text(" ");
                let mut name = value;
                if name_from(line, &mut name, end).is_err() {
                    return Ok(Found::Broken);
                }
                value.take(len)?;
            }
            _ => {
                line.text(" ?");
                value.take(len)?;
            }
        }
    }
    Ok(Found::Meant)
}
