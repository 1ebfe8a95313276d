//! ICMP in a line.

use core::net::Ipv4Addr;

use super::{Begin, LEAST_QUOTE, TOO_BIG, is_error, kind, may_be_extended, type_name};
use crate::field::Space;
use crate::line::{Cut, Line, Reader, Told};
use crate::number::ip_protocol;
use crate::packet::{Packet, Verdict};
use crate::stack::icmp_extension;
use crate::stack::ipv4::Ipv4;

/// How much there must be of an extension: more than its header.
const LEAST_EXTENSION: usize = 5;
/// Where an extension begins, as far as the line goes.
const EXTENSION_AT: usize = 8 + LEAST_QUOTE;

pub(super) fn line(line: &mut Line<'_>, packet: &Packet<'_>, index: usize) -> Told {
    let Some(layer) = packet.layers.get(index) else { return Ok(()) };
    let bytes = packet.whole(layer);
    let len = layer.wire_end.saturating_sub(layer.start);
    let begin = line.written();
    line.text("ICMP ");
    if let Err(cut) = message(line, Reader::new("icmp", bytes)) {
        line.take_back(begin);
        return Err(cut);
    }
    line.text(", length ");
    line.len(len);
    if line.style().verbose == 0 {
        return Ok(());
    }
    if len < Begin::LEN && bytes.get(..len).is_some_and(|whole| !icmp_extension::is_summed_up(whole)) {
        // It ends before the checksum that ought to be told.
        return Err(Cut("icmp"));
    }
    // The checksum of a fragment is that of the whole.
    let below = index.checked_sub(1).and_then(|below| packet.layers.get(below));
    let is_fragment = below.is_some_and(|below| packet.is_fragment(below));
    if !is_fragment
        && let Some(check) = packet.check(index).filter(|check| check.verdict != Verdict::Good)
    {
        line.text(" (wrong icmp cksum ");
        line.hex(check.is);
        line.text(" (->");
        line.hex(check.should);
        line.text(")!)");
    }
    let number = bytes.first().copied().unwrap_or(0);
    if is_error(number) {
        line.text("\n\t");
        // It is there as far as its own length says.
        let mut quote = Reader::new("icmp", bytes).from(QUOTE_AT + 2);
        match usize::from(quote.u16()?) {
            0..4 => return Err(quote.cut()),
            4..Ipv4::LEN => {
                line.name("IP");
                return Err(Cut("ip"));
            }
            _ => line.layer(packet, index + 1)?,
        }
    }
    if may_be_extended(number) && len > EXTENSION_AT {
        let extension = Reader::new("icmp", bytes).from(EXTENSION_AT);
        extension.need(LEAST_EXTENSION)?;
        let all = extension.rest().get(..len - EXTENSION_AT);
        let is_told = bytes.get(5).is_some_and(|length| *length > 0);
        if is_told || all.is_none_or(icmp_extension::is_summed_up) {
            icmp_extension::words(line, extension, len - EXTENSION_AT)?;
        }
    }
    Ok(())
}

/// The message of an error, for what the line tells of the packet that it quotes.
struct Quoted<'a>(Reader<'a>);

/// Where the quoted packet begins.
const QUOTE_AT: usize = 8;

impl Quoted<'_> {
    /// Reads the address for which it was.
    fn destination(&self) -> Result<Ipv4Addr, Cut> {
        self.0.from(QUOTE_AT + 16).ipv4()
    }

    fn protocol(&self) -> Result<u8, Cut> {
        self.0.from(QUOTE_AT + 9).u8()
    }

    /// Reads the port for which it was, wherever its header ends.
    fn port(&self) -> Result<u16, Cut> {
        let header = usize::from(self.0.from(QUOTE_AT).u8()? & 15) * 4;
        self.0.from(QUOTE_AT + header + 2).u16()
    }
}

/// Writes what a message says.
fn message(line: &mut Line<'_>, reader: Reader<'_>) -> Told {
    let mut begin = reader;
    let (number, code) = (begin.u8()?, begin.u8()?);
    let mut second = reader.from(Begin::LEN);
    match number {
        kind::ECHO | kind::ECHO_REPLY => {
            line.text(if number == kind::ECHO { "echo request, id " } else { "echo reply, id " });
            line.dec(second.u16()?);
            line.text(", seq ");
            line.dec(second.u16()?);
        }
        kind::UNREACHABLE => unreachable(line, code, reader)?,
        kind::REDIRECT => {
            let destination = Quoted(reader).destination()?;
            line.text(if matches!(code, 2 | 3) { "redirect-tos " } else { "redirect" });
            if code > 3 {
                line.text("-#");
                line.dec(code);
            }
            line.text(if matches!(code, 2 | 3) { "" } else { " " });
            line.address(destination);
            line.text(match code {
                0 | 2 => " to net ",
                1 | 3 => " to host ",
                _ => " to ",
            });
            line.address(second.ipv4()?);
        }
        kind::ROUTER_ADVERTISEMENT => advertisement(line, second)?,
        kind::TIME_EXCEEDED => {
            // It is not told, but must be there.
            Quoted(reader).destination()?;
            match code {
                0 => line.text("time exceeded in-transit"),
                1 => line.text("ip reassembly time exceeded"),
                code => {
                    line.text("time exceeded-#");
                    line.dec(code);
                }
            }
        }
        kind::PARAMETER_PROBLEM if code > 0 => {
            line.text("parameter problem - code ");
            line.dec(code);
        }
        kind::PARAMETER_PROBLEM => {
            line.text("parameter problem - octet ");
            line.dec(second.u8()?);
        }
        kind::MASK_REPLY => {
            line.text("address mask is 0x");
            second.u32()?;
            line.hex_wide(second.u32()?, 8);
        }
        kind::TIMESTAMP | kind::TIMESTAMP_REPLY => timestamp(line, number == kind::TIMESTAMP_REPLY, second)?,
        number => match type_name(number.into()) {
            Some(name) => line.text(name),
            None => {
                line.text("type-#");
                line.dec(number);
            }
        },
    }
    Ok(())
}

/// Writes what was not reached, and why.
fn unreachable(line: &mut Line<'_>, code: u8, reader: Reader<'_>) -> Told {
    let quoted = Quoted(reader);
    let destination = quoted.destination()?;
    let (before, behind) = match code {
        0 => ("net ", " unreachable"),
        1 => ("host ", " unreachable"),
        2 => ("", " protocol "),
        3 => {
            let (protocol, port) = (quoted.protocol()?, quoted.port()?);
            line.address(destination);
            match protocol {
                ip_protocol::TCP => {
                    line.text(" tcp port ");
                    line.port(Space::TcpPort, port);
                }
                ip_protocol::UDP => {
                    line.text(" udp port ");
                    line.port(Space::UdpPort, port);
                }
                protocol => line.fmt(format_args!(" protocol {protocol} port {port}")),
            }
            line.text(" unreachable");
            return Ok(());
        }
        TOO_BIG => ("", " unreachable - need to frag"),
        5 => ("", " unreachable - source route failed"),
        6 => ("net ", " unreachable - unknown"),
        7 => ("host ", " unreachable - unknown"),
        8 => ("", " unreachable - source host isolated"),
        9 => ("net ", " unreachable - admin prohibited"),
        10 => ("host ", " unreachable - admin prohibited"),
        11 => ("net ", " unreachable - tos prohibited"),
        12 => ("host ", " unreachable - tos prohibited"),
        13 => ("host ", " unreachable - admin prohibited filter"),
        14 => ("host ", " unreachable - host precedence violation"),
        15 => ("host ", " unreachable - precedence cutoff"),
        _ => ("", " unreachable - #"),
    };
    line.text(before);
    line.address(destination);
    line.text(behind);
    match code {
        2 => {
            line.dec(quoted.protocol()?);
            line.text(" unreachable");
        }
        TOO_BIG => {
            let mtu = reader.from(6).u16()?;
            if mtu != 0 {
                line.fmt(format_args!(" (mtu {mtu})"));
            }
        }
        16.. => line.dec(code),
        _ => {}
    }
    Ok(())
}

/// Writes a router advertisement: RFC 1256, section 3.
fn advertisement(line: &mut Line<'_>, mut reader: Reader<'_>) -> Told {
    line.text("router advertisement lifetime ");
    let (count, size, lifetime) = (reader.u8()?, reader.u8()?, reader.u16()?);
    let (hours, minutes, seconds) = (lifetime / 3600, lifetime / 60 % 60, lifetime % 60);
    if hours > 0 {
        line.fmt(format_args!("{hours}:{minutes:02}:{seconds:02}"));
    } else if minutes > 0 {
        line.fmt(format_args!("{minutes}:{seconds:02}"));
    } else {
        line.dec(seconds);
    }
    line.fmt(format_args!(" {count}:"));
    if size != 2 {
        line.fmt(format_args!(" [size {size}]"));
        return Ok(());
    }
    for _ in 0..count {
        let (address, preference) = (reader.ipv4()?, reader.u32()?);
        line.text(" {");
        line.address(address);
        line.fmt(format_args!(" {preference}}}"));
    }
    Ok(())
}

/// Writes a timestamp; the times only of an answer.
fn timestamp(line: &mut Line<'_>, is_answer: bool, mut reader: Reader<'_>) -> Told {
    let (id, seq) = (reader.u16()?, reader.u16()?);
    if !is_answer {
        line.fmt(format_args!("time stamp query id {id} seq {seq}"));
        return Ok(());
    }
    line.fmt(format_args!("time stamp reply id {id} seq {seq}"));
    for what in [": org ", ", recv ", ", xmit "] {
        let time = reader.u32()?;
        line.text(what);
        let (hours, minutes, seconds) = (time / 3_600_000, time / 60_000 % 60, time / 1000 % 60);
        line.fmt(format_args!("{hours:02}:{minutes:02}:{seconds:02}.{:03}", time % 1000));
    }
    Ok(())
}
