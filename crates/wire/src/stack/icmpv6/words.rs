//! ICMPv6 in a line: the errors, the echo, and who tells the rest.

use core::net::Ipv6Addr;

use super::{Begin, home, kind, listener, neighbor, node, renumber, rpl, type_name};
use crate::field::Space;
use crate::line::{Cut, Line, Reader, Told};
use crate::number::ip_protocol;
use crate::packet::{Check, Packet, Verdict};
use crate::stack::ipv6::Ipv6;

pub(super) fn line(line: &mut Line<'_>, packet: &Packet<'_>, index: usize) -> Told {
    let Some(layer) = packet.layers.get(index) else { return Ok(()) };
    let reader = Reader::new("icmp6", packet.whole(layer));
    let len = layer.wire_end.saturating_sub(layer.start);
    if len == 0 || is_told_empty(packet, index) {
        line.text("ICMP6, length 0");
        line.invalid();
        return Ok(());
    }
    if line.style().verbose > 0 {
        match packet.check(index) {
            Some(Check { verdict: Verdict::Good, .. }) => line.text("[icmp6 sum ok] "),
            Some(check) => line.fmt(format_args!("[bad icmp6 cksum 0x{:04x} -> 0x{:04x}!] ", check.is, check.should)),
            // What ends before its checksum cannot be summed up.
            None if len < Begin::LEN && reader.left() == len => return Err(reader.cut()),
            None => {}
        }
    }
    let number = reader.from(0).u8()?;
    line.text("ICMP6, ");
    match type_name(number.into()) {
        Some(name) => line.text(name),
        None => line.fmt(format_args!("unknown icmp6 type ({number})")),
    }
    if line.style().verbose > 0 && has_length_first(number) {
        line.text(", length ");
        line.len(len);
    }
    let code = reader.from(1).u8()?;
    match number {
        kind::UNREACHABLE => {
            line.text(", ");
            if !unreachable(line, code, reader, len)? {
                return Ok(());
            }
        }
        kind::TOO_BIG => {
            let mtu = reader.from(4).u32()?;
            line.fmt(format_args!(", mtu {mtu}"));
        }
        kind::TIME_EXCEEDED => time_exceeded(line, code, reader)?,
        kind::PARAMETER_PROBLEM => parameter_problem(line, code, reader)?,
        kind::ECHO | kind::ECHO_REPLY => {
            let mut fields = reader.from(4);
            let (id, seq) = (fields.u16()?, fields.u16()?);
            line.fmt(format_args!(", id {id}, seq {seq}"));
        }
        kind::LISTENER_QUERY => listener::query(line, reader, len)?,
        kind::LISTENER_REPORT | kind::LISTENER_DONE => listener::version_1(line, reader)?,
        kind::LISTENER_REPORT_V2 => listener::report(line, reader, len)?,
        kind::ROUTER_SOLICITATION..=kind::REDIRECT => neighbor::words(line, reader, number, len)?,
        kind::RENUMBERING => renumber::words(line, code, reader)?,
        kind::NODE_QUERY => node::query(line, code, reader, len)?,
        kind::NODE_REPLY => node::reply(line, code, reader, len)?,
        kind::INVERSE_SOLICITATION | kind::INVERSE_ADVERTISEMENT => {}
        kind::HOME_REQUEST..=kind::PREFIX_ADVERTISEMENT => home::words(line, reader, number, len)?,
        kind::RPL => rpl::words(line, code, reader.from(Begin::LEN), len.saturating_sub(Begin::LEN))?,
        _ => {
            line.text(", length ");
            line.len(len);
            dump(line, reader, len);
            return Ok(());
        }
    }
    if line.style().verbose == 0 {
        line.text(", length ");
        line.len(len);
    }
    Ok(())
}

/// Tells whether the header below says that nothing follows it, which with segmentation offload need not be so.
fn is_told_empty(packet: &Packet<'_>, index: usize) -> bool {
    let below = index.checked_sub(1).and_then(|below| packet.layers.get(below));
    below.is_some_and(|below| {
        below.id == super::Id::Ipv6 && Ipv6::new(packet.header(below)).is_some_and(|header| header.plen() == 0)
    })
}

/// Tells whether the length of a message stands before its details; of most it stands behind them, or nowhere.
pub(super) const fn has_length_first(number: u8) -> bool {
    matches!(
        number,
        kind::ROUTER_SOLICITATION..=kind::REDIRECT | kind::HOME_REPLY | kind::PREFIX_ADVERTISEMENT
    )
}

/// Writes the bytes of a message that is not known, unless more is wanted than that.
fn dump(line: &mut Line<'_>, reader: Reader<'_>, len: usize) {
    if line.style().verbose < 2 {
        let bytes = reader.all();
        line.hex_rows("\n\t", bytes.get(..len).unwrap_or(bytes));
    }
}

/// The destination and the source of the packet that an error quotes.
fn quoted_ends(reader: Reader<'_>) -> Result<(Ipv6Addr, Ipv6Addr), Cut> {
    let mut ends = reader.from(8 + 8);
    let (source, destination) = (ends.ipv6()?, ends.ipv6()?);
    Ok((destination, source))
}

/// Writes what was not reached, and why; returns whether its code is known.
fn unreachable(line: &mut Line<'_>, code: u8, reader: Reader<'_>, len: usize) -> Result<bool, Cut> {
    match code {
        0 => line.text("unreachable route"),
        1 => line.text(" unreachable prohibited"),
        2 => line.text("beyond scope"),
        3 => line.text("unreachable address"),
        4 => {
            line.text("unreachable port");
            port(line, reader)?;
            return Ok(true);
        }
        code => {
            line.fmt(format_args!("unknown unreach code ({code})"));
            dump(line, reader, len);
            return Ok(false);
        }
    }
    let (destination, source) = quoted_ends(reader)?;
    line.text(" ");
    line.address(destination);
    if code == 2 {
        line.text(", source address ");
        line.address(source);
    }
    Ok(true)
}

/// Writes the port that was not reached: of the quoted packet, behind its extension headers.
fn port(line: &mut Line<'_>, reader: Reader<'_>) -> Told {
    let (destination, _) = quoted_ends(reader)?;
    let mut next = reader.from(8 + 6).u8()?;
    let mut at = 8 + Ipv6::LEN;
    let (space, what) = loop {
        let mut header = reader.from(at);
        let (following, len) = (header.u8(), header.u8());
        match next {
            ip_protocol::TCP => break (Space::TcpPort, " tcp port "),
            ip_protocol::UDP => break (Space::UdpPort, " udp port "),
            // Hop-by-hop and destination options, and routing.
            0 | 60 | 43 => at += (usize::from(len?) + 1) * 8,
            // The first fragment.
            44 if reader.from(at + 2).u16()? & 0xfff8 == 0 => at += 8,
            _ => return Err(reader.cut()),
        }
        next = following?;
    };
    let number = reader.from(at + 2).u16()?;
    line.text(", ");
    line.address(destination);
    line.text(what);
    line.port(space, number);
    Ok(())
}

fn time_exceeded(line: &mut Line<'_>, code: u8, reader: Reader<'_>) -> Told {
    match code {
        0 => {
            let (destination, _) = quoted_ends(reader)?;
            line.text(" for ");
            line.address(destination);
        }
        1 => line.text(" (reassembly)"),
        code => line.fmt(format_args!(", unknown code ({code})")),
    }
    Ok(())
}

fn parameter_problem(line: &mut Line<'_>, code: u8, reader: Reader<'_>) -> Told {
    quoted_ends(reader)?;
    let pointer = reader.from(4).u32()?;
    match code {
        0 => line.fmt(format_args!(", erroneous - octet {pointer}")),
        1 => line.fmt(format_args!(", next header - octet {pointer}")),
        2 => line.fmt(format_args!(", option - octet {pointer}")),
        3 => line.fmt(format_args!(", incomplete header chain - octet {pointer}")),
        code => line.fmt(format_args!(", code-#{code}")),
    }
    Ok(())
}
