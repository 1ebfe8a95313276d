//! DHCP in the words of tcpdump: a line for each field that says something, and for each option.

use core::net::Ipv4Addr;

use super::options::{self, Form, tag};
use super::{COOKIE, is_ethernet};
use crate::line::{Line, Reader, Told, readable};
use crate::packet::Packet;

/// Where a field stands in a message.
mod at {
    pub(super) const CIADDR: usize = 12;
    pub(super) const CHADDR: usize = 28;
    pub(super) const SNAME: usize = 44;
    pub(super) const FILE: usize = 108;
    pub(super) const VEND: usize = 236;
}

/// What vendor information of Carnegie Mellon begins with.
const CMU: u32 = u32::from_be_bytes(*b"CMU\0");

pub(super) fn line(line: &mut Line<'_>, packet: &Packet<'_>, index: usize) -> Told {
    let Some(layer) = packet.layers.get(index) else { return Ok(()) };
    let message = Reader::new("bootp", readable(packet, index));
    let mut reader = message;
    let op = reader.u8()?;
    line.text("BOOTP/DHCP, ");
    match op {
        1 => line.text("Request"),
        2 => line.text("Reply"),
        op => line.fmt(format_args!("unknown (0x{op:02x})")),
    }
    let (htype, hlen) = (reader.u8()?, reader.u8()?);
    // IEEE 802 is not Ethernet to tcpdump.
    let mac = if htype == 1 && is_ethernet(htype, hlen) { Some(message.from(at::CHADDR).mac()) } else { None };
    if op == 1
        && let Some(mac) = mac
    {
        let mac = mac?;
        line.text(" from ");
        line.mac(mac);
    }
    line.text(", length ");
    line.len(layer.wire_end - layer.start);
    if line.style().verbose == 0 {
        return Ok(());
    }
    let (hops, xid, secs) = (reader.u8()?, reader.u32()?, reader.u16()?);
    number(line, ", htype ", htype, 1);
    // The usual length is told with an unusual type.
    number(line, ", hlen ", hlen, if htype == 1 { 6 } else { u64::MAX });
    number(line, ", hops ", hops, 0);
    if xid != 0 {
        line.text(", xid 0x");
        line.hex(xid);
    }
    number(line, ", secs ", secs, 0);
    let flags = reader.u16()?;
    line.text(if flags & 0x8000 == 0 { ", Flags [none]" } else { ", Flags [Broadcast]" });
    if line.style().verbose > 1 {
        line.text(" (0x");
        line.hex_wide(flags, 4);
        line.text(")");
    }
    let mut reader = message.from(at::CIADDR);
    for name in ["Client-IP", "Your-IP", "Server-IP", "Gateway-IP"] {
        let address = reader.ipv4()?;
        if !address.is_unspecified() {
            line.text("\n\t  ");
            line.text(name);
            line.text(" ");
            line.ipv4(address);
        }
    }
    if let Some(mac) = mac {
        let mac = mac?;
        line.text("\n\t  Client-Ethernet-Address ");
        line.mac(mac);
    }
    name(line, "sname", message.from(at::SNAME), 64)?;
    name(line, "file", message.from(at::FILE), 128)?;
    vendor(line, message.from(at::VEND))
}

/// Writes a number that is not what it usually is.
fn number(line: &mut Line<'_>, words: &str, number: impl Into<u64>, usual: u64) {
    let number = number.into();
    if number != usual {
        line.text(words);
        line.dec(number);
    }
}

/// Writes a name that fills a field of so many bytes, or ends with a zero.
fn name(line: &mut Line<'_>, words: &str, mut reader: Reader<'_>, len: usize) -> Told {
    if reader.u8()? == 0 {
        return Ok(());
    }
    let field = reader.from(reader.at() - 1).take_up_to(len);
    line.text("\n\t  ");
    line.text(words);
    line.text(" \"");
    let end = field.iter().position(|byte| *byte == 0);
    line.safe(field.get(..end.unwrap_or(field.len())).unwrap_or_default());
    line.text("\"");
    if end.is_none() { Err(reader.cut()) } else { Ok(()) }
}

/// Writes the vendor information: options, or another kind.
fn vendor(line: &mut Line<'_>, mut reader: Reader<'_>) -> Told {
    match reader.u32()? {
        magic if u128::from(magic) == COOKIE => {
            line.text("\n\t  Vendor-rfc1048 Extensions\n\t    Magic Cookie 0x");
            line.hex_wide(magic, 8);
            options(line, reader)
        }
        CMU => carnegie_mellon(line, reader),
        0 => Ok(()),
        magic => {
            line.text("\n\t  Vendor-#0x");
            line.hex(magic);
            Ok(())
        }
    }
}

/// Writes vendor information of Carnegie Mellon: flags and addresses at fixed places.
fn carnegie_mellon(line: &mut Line<'_>, mut reader: Reader<'_>) -> Told {
    line.text(" vend-cmu");
    let [flags, ..] = reader.array::<4>()?;
    if flags & !1 != 0 {
        line.text(" F:0x");
        line.hex(flags);
    }
    let (mut mask, mut gateway) = (reader, reader.from(reader.at() + 4));
    let mut others = gateway.from(gateway.at() + 4);
    let mut address = |reader: &mut Reader<'_>, name: &str| -> Told {
        let address = reader.ipv4()?;
        if !address.is_unspecified() {
            line.text(" ");
            line.text(name);
            line.text(":");
            line.ipv4(address);
        }
        Ok(())
    };
    address(&mut gateway, "DG")?;
    address(&mut mask, if flags & 1 == 0 { "SM*" } else { "SM" })?;
    for name in ["NS1", "NS2", "IEN1", "IEN2", "TS1", "TS2"] {
        address(&mut others, name)?;
    }
    Ok(())
}

/// Writes the options, each in a line of its own.
fn options(line: &mut Line<'_>, mut reader: Reader<'_>) -> Told {
    let is_detailed = line.style().verbose > 2;
    while !reader.is_empty() {
        let number = reader.u8()?;
        let len = match number {
            options::PAD => {
                let run = reader.rest().iter().take_while(|byte| **byte == options::PAD).count();
                reader.take(run)?;
                if is_detailed {
                    head(line, "PAD", number, 0);
                    number_of_pads(line, run + 1);
                }
                continue;
            }
            options::END => {
                if !is_detailed {
                    return Ok(());
                }
                head(line, "END", number, 0);
                continue;
            }
            _ => reader.u8()?,
        };
        let (words, form) = options::words(number.into());
        head(line, words, number, len);
        if len > 0 {
            line.text(": ");
        }
        let mut value = reader.part(len.into())?;
        option(line, number, form, &mut value)?;
        if !value.is_empty() {
            line.text("\n\t  trailing data length ");
            line.len(value.left());
        }
    }
    Ok(())
}

fn head(line: &mut Line<'_>, words: &str, number: u8, len: u8) {
    line.text("\n\t    ");
    line.text(words);
    line.text(" (");
    line.dec(number);
    line.text("), length ");
    line.dec(len);
}

fn number_of_pads(line: &mut Line<'_>, run: usize) {
    if run > 1 {
        line.text(", occurs ");
        line.len(run);
    }
}

/// Writes what is in an option; what is left over is trailing data.
fn option(line: &mut Line<'_>, number: u8, form: Form, value: &mut Reader<'_>) -> Told {
    let len = value.left();
    let form = match form {
        Form::Guess if len.is_multiple_of(4) => Form::Longs,
        Form::Guess if len.is_multiple_of(2) => Form::Shorts,
        Form::Guess => Form::Bytes,
        form => form,
    };
    match form {
        Form::Addresses => each::<4>(line, value, ",", |line, address| line.ipv4(address.into())),
        Form::Pairs => each::<8>(line, value, ",", |line, [a, b, c, d, rest @ ..]| {
            line.text("(");
            line.ipv4(Ipv4Addr::new(a, b, c, d));
            line.text(":");
            line.ipv4(rest.into());
            line.text(")");
        }),
        Form::Signed => each::<4>(line, value, ",", |line, number| {
            line.fmt(format_args!("{}", i32::from_be_bytes(number)));
        }),
        Form::Longs => each::<4>(line, value, ",", |line, number| line.dec(u32::from_be_bytes(number))),
        Form::Shorts => each::<2>(line, value, ",", |line, number| line.dec(u16::from_be_bytes(number))),
        Form::Bytes => each::<1>(line, value, ".", |line, [byte]| line.dec(byte)),
        Form::Flags => each::<1>(line, value, ",", |line, [byte]| match byte {
            0 => line.text("N"),
            1 => line.text("Y"),
            byte => {
                line.dec(byte);
                line.text("?");
            }
        }),
        Form::Text => {
            line.text("\"");
            line.safe(value.take_up_to(len));
            line.text("\"");
        }
        Form::Guess | Form::Own => return own(line, number, value),
    }
    Ok(())
}

/// Writes items of so many bytes with something between them.
fn each<const N: usize>(
    line: &mut Line<'_>,
    value: &mut Reader<'_>,
    between: &str,
    write: impl Fn(&mut Line<'_>, [u8; N]),
) {
    let mut before = "";
    while let Ok(item) = value.array::<N>() {
        line.text(before);
        write(line, item);
        before = between;
    }
}

/// Writes what is in an option that has a way of its own.
fn own(line: &mut Line<'_>, number: u8, value: &mut Reader<'_>) -> Told {
    let least = match number {
        tag::NETBIOS_NODE | tag::OVERLOAD | tag::CLIENT_ID => 1,
        tag::USER_CLASS => 2,
        tag::FQDN => 3,
        tag::CLASSLESS_ROUTE | tag::CLASSLESS_ROUTE_MICROSOFT => 5,
        _ => 0,
    };
    if value.left() < least {
        line.fmt(format_args!("[ERROR: length < {least} bytes]"));
        value.take_up_to(least);
        return Ok(());
    }
    match number {
        tag::NETBIOS_NODE => {
            let node = value.u8()?;
            named(line, node, &[(1, "b-node"), (2, "p-node"), (4, "m-node"), (8, "h-node")]);
        }
        tag::OVERLOAD => {
            let what = value.u8()?;
            named(line, what, &[(1, "file"), (2, "sname"), (3, "file+sname")]);
        }
        tag::MESSAGE_TYPE if value.left() == 1 => message_type(line, value.u8()?),
        tag::MESSAGE_TYPE => each::<1>(line, value, ".", |line, [byte]| line.dec(byte)),
        tag::PARAMETER_REQUEST => parameters(line, value.take_up_to(usize::MAX)),
        tag::CLIENT_ID => client_id(line, value)?,
        tag::USER_CLASS => user_class(line, value)?,
        tag::FQDN => fqdn(line, value)?,
        tag::AGENT_INFORMATION => agent_information(line, value)?,
        _ => routes(line, value)?,
    }
    Ok(())
}

/// Writes a number that may have a name.
fn named(line: &mut Line<'_>, number: u8, names: &[(u8, &str)]) {
    match names.iter().find(|(of, _)| *of == number) {
        Some((_, name)) => line.text(name),
        None => {
            line.text("#");
            line.dec(number);
        }
    }
}

fn message_type(line: &mut Line<'_>, number: u8) {
    const NAMES: [&str; 14] = [
        "", "Discover", "Offer", "Request", "Decline", "ACK", "NACK", "Release", "Inform", "", "LeaseQuery",
        "LeaseUnassigned", "LeaseUnknown", "LeaseActive",
    ];
    match NAMES.get(usize::from(number)).filter(|name| !name.is_empty()) {
        Some(name) => line.text(name),
        None => {
            line.text("Unknown (");
            line.dec(number);
            line.text(")");
        }
    }
}

/// Writes the options that are wanted, four in a row.
fn parameters(line: &mut Line<'_>, numbers: &[u8]) {
    for row in numbers.chunks(4) {
        let mut before = "\n\t      ";
        for number in row {
            line.text(before);
            line.text(match *number {
                options::PAD => "PAD",
                options::END => "END",
                number => options::words(number.into()).0,
            });
            line.text(" (");
            line.dec(*number);
            line.text(")");
            before = ", ";
        }
    }
}

/// Writes a client identifier: the type of the hardware and its address, or text.
fn client_id(line: &mut Line<'_>, value: &mut Reader<'_>) -> Told {
    let kind = value.u8()?;
    let bytes = value.take_up_to(usize::MAX);
    let name = match kind {
        0 => {
            line.text("\"");
            line.safe(bytes);
            line.text("\"");
            return Ok(());
        }
        1 => "ether",
        6 => "ieee802",
        7 => "arcnet",
        15 => "frelay",
        23 => "strip",
        24 => "ieee1394",
        _ => "",
    };
    if name.is_empty() {
        line.fmt(format_args!("hardware-type {kind},"));
    }
    line.text(name);
    line.text(" ");
    let mut before = "";
    for byte in bytes {
        line.text(before);
        line.hex_wide(*byte, 2);
        before = ":";
    }
    Ok(())
}

/// Writes the instances of a user class: RFC 3004.
fn user_class(line: &mut Line<'_>, value: &mut Reader<'_>) -> Told {
    for number in 1.. {
        if value.is_empty() {
            break;
        }
        line.fmt(format_args!("\n\t      instance#{number}: "));
        let len = usize::from(value.u8()?);
        if len == 0 {
            line.text("[ERROR: suboption length must be non-zero]");
            value.take_up_to(usize::MAX);
        } else if len > value.left() {
            line.text("[ERROR: invalid option]");
            value.take_up_to(usize::MAX);
        } else {
            line.text("\"");
            line.safe(value.take(len)?);
            line.text("\", length ");
            line.len(len);
        }
    }
    Ok(())
}

/// Writes the client's domain name: RFC 4702.
fn fqdn(line: &mut Line<'_>, value: &mut Reader<'_>) -> Told {
    let flags = value.u8()?;
    if flags & 0xf0 != 0 {
        line.fmt(format_args!("[ERROR: MBZ nibble 0x{:x} != 0] ", flags >> 4));
    }
    if flags & 0x0f != 0 {
        line.text("[");
        for (bit, letter) in [(1, "S"), (2, "O"), (4, "E"), (8, "N")] {
            if flags & bit != 0 {
                line.text(letter);
            }
        }
        line.text("] ");
    }
    let (rcode1, rcode2) = (value.u8()?, value.u8()?);
    if rcode1 != 0 || rcode2 != 0 {
        line.fmt(format_args!("{rcode1}/{rcode2} "));
    }
    line.text("\"");
    line.safe(value.take_up_to(usize::MAX));
    line.text("\"");
    Ok(())
}

/// Writes what a relay agent added: RFC 3046.
fn agent_information(line: &mut Line<'_>, value: &mut Reader<'_>) -> Told {
    while value.left() >= 2 {
        let (number, len) = (value.u8()?, value.u8()?);
        let name = match number {
            1 => "Circuit-ID",
            2 => "Remote-ID",
            6 => "Subscriber-ID",
            _ => "Unknown",
        };
        line.fmt(format_args!("\n\t      {name} SubOption {number}, length {len}: "));
        if usize::from(len) > value.left() {
            line.text("length goes past end of option");
            value.take_up_to(usize::MAX);
            break;
        }
        let bytes = value.take(len.into())?;
        match number {
            1 | 2 | 6 => line.safe(bytes),
            _ => line.hex_rows("\n\t\t", bytes),
        }
    }
    Ok(())
}

/// Writes routes: RFC 3442.
fn routes(line: &mut Line<'_>, value: &mut Reader<'_>) -> Told {
    let mut before = "";
    while !value.is_empty() {
        line.text(before);
        before = ",";
        let width = value.u8()?;
        if width > 32 {
            line.fmt(format_args!("[ERROR: Mask width ({width}) > 32]"));
            value.take_up_to(usize::MAX);
            break;
        }
        let significant = usize::from(width.div_ceil(8));
        if value.left() < significant + 4 {
            line.fmt(format_args!("[ERROR: Remaining length ({}) < {} bytes]", value.left(), significant + 4));
            value.take_up_to(usize::MAX);
            break;
        }
        line.text("(");
        if width == 0 {
            line.text("default");
        } else {
            let mut subnet = [0; 4];
            subnet.iter_mut().zip(value.take(significant)?).for_each(|(to, from)| *to = *from);
            line.ipv4(subnet.into());
            line.text("/");
            line.dec(width);
        }
        line.text(":");
        line.ipv4(value.ipv4()?);
        line.text(")");
    }
    Ok(())
}
