//! The line of IPv4: `IP 10.0.0.1 > 10.0.0.2: …`, and with `-v` the header in brackets on a line of its own.

use super::options::{Timestamp, number};
use super::{Ipv4, options};
use crate::checksum;
use crate::line::{Cut, Line, Reader, Told};
use crate::number::ip_protocol;
use crate::option;
use crate::packet::{Layer, Packet};

/// What the line calls it where its bytes run out.
const CUT: Cut = Cut("ip");

pub(super) fn line(line: &mut Line<'_>, packet: &Packet<'_>, index: usize) -> Told {
    let Some(layer) = packet.layers.get(index) else { return Ok(()) };
    let bytes = packet.whole(layer);
    let bytes = bytes.get(..packet.room(index)).unwrap_or(bytes);
    let version = bytes.first().ok_or(CUT)? >> 4;
    if version != 4 {
        line.text("IP");
        line.dec(version);
        if version == 6 {
            line.text(", wrong link-layer encapsulation");
        }
        line.invalid();
        return Ok(());
    }
    line.name("IP");
    let header = Ipv4::new(bytes).ok_or(CUT)?;
    let (header_len, total) = (header.header_len(), usize::from(header.len()));
    if header_len < Ipv4::LEN {
        line.text("bad-hlen ");
        line.len(header_len);
        return Ok(());
    }
    let there = packet.room(index);
    if total > there {
        line.text("truncated-ip - ");
        line.len(total - there);
        line.text(" bytes missing! ");
    }
    // Segmentation offload leaves a length of zero to the card; tcpdump takes it for a mistake.
    if total < header_len && !(total == 0 && line.style().own) {
        line.text("bad-len ");
        line.len(total);
        return Ok(());
    }
    if line.style().verbose > 0 && !details(line, &header, bytes)? {
        line.ends(header.src().into(), header.dst().into());
        return Err(CUT);
    }
    carried(line, packet, index, layer, &header)
}

/// Writes who speaks to whom, and what about.
fn carried(line: &mut Line<'_>, packet: &Packet<'_>, index: usize, layer: &Layer, header: &Ipv4<'_>) -> Told {
    let (from, to) = (header.src().into(), header.dst().into());
    if header.frag() != 0 {
        line.address(from);
        line.text(" > ");
        line.address(to);
        line.text(":");
        line.ip_protocol(header.proto());
        return Ok(());
    }
    if !line.begins_with_ends(packet, index, header.proto()) {
        line.ends(from, to);
    }
    let have = packet.whole(layer).len();
    if have < header.header_len() {
        line.fmt(format_args!(" [remaining caplen({have}) < header length({})]", header.header_len()));
        return Err(CUT);
    }
    line.transport(packet, index, header.proto())
}

/// Writes what `-v` adds; tells whether the options that it reads are whole.
fn details(line: &mut Line<'_>, header: &Ipv4<'_>, bytes: &[u8]) -> Result<bool, Cut> {
    let mut is_whole = true;
    line.text("(tos 0x");
    line.hex(header.tos());
    line.text(["", ",ECT(1)", ",ECT(0)", ",CE"].get(usize::from(header.ecn())).unwrap_or(&""));
    if header.ttl() > 0 {
        line.text(", ttl ");
        line.dec(header.ttl());
    }
    line.text(", id ");
    line.dec(header.id());
    line.text(", offset ");
    line.dec(u32::from(header.frag()) * 8);
    line.text(", flags [");
    let flags = [(header.mf(), "+"), (header.df(), "DF"), (header.evil(), "rsvd")];
    if header.flags() == 0 {
        line.text("none");
    }
    let mut before = "";
    for (_, name) in flags.iter().filter(|(is_set, _)| *is_set) {
        line.text(before);
        line.text(name);
        before = ", ";
    }
    line.text("], proto ");
    line.text(ip_protocol::name(header.proto().into()).unwrap_or("unknown"));
    line.text(" (");
    line.dec(header.proto());
    line.text("), length ");
    line.dec(header.len());
    if header.header_len() > Ipv4::LEN {
        line.text(", options (");
        is_whole = option_words(line, bytes, header.header_len())?;
        line.text(")");
    }
    if !line.style().unchecked
        && let Some(whole) = bytes.get(..header.header_len())
    {
        let sum = checksum::sum(whole);
        if checksum::fold(sum) != 0 {
            // What would be right: the sum without what stands there.
            let right = checksum::fold(sum + u64::from(!header.chksum()));
            line.text(", bad cksum ");
            line.hex(header.chksum());
            line.text(" (->");
            line.hex(right);
            line.text(")!");
        }
    }
    line.text(")\n    ");
    Ok(is_whole)
}

/// Writes the options, as far as they are whole, and tells whether they are; tcpdump reads on behind the header where an option's
/// length leads there.
fn option_words(line: &mut Line<'_>, bytes: &[u8], end: usize) -> Result<bool, Cut> {
    let mut reader = Reader::new(CUT.0, bytes).from(Ipv4::LEN);
    let mut before = "";
    while reader.at() < end {
        line.text(before);
        before = ",";
        let option = reader;
        let number = reader.u8()?;
        match name(number) {
            Some(name) => line.text(name),
            None => {
                line.text("unknown ");
                line.dec(number);
            }
        }
        if number == option::END {
            break;
        }
        if number == option::NO_OPERATION {
            continue;
        }
        let len = usize::from(reader.u8()?);
        if len < 2 || option.at() + len > end {
            bad(line, " [bad length ", len);
            break;
        }
        if option.need(len).is_err() {
            line.text(" [truncated-option]");
            return Ok(false);
        }
        let told = match number {
            number::RECORD_ROUTE | number::LOOSE_ROUTE | number::STRICT_ROUTE => route(line, option, len),
            number::TIMESTAMP => timestamps(line, option, len),
            number::ROUTER_ALERT => router_alert(line, option, len),
            _ => Ok(()),
        };
        if told.is_err() {
            line.text(" [truncated-option]");
            return Ok(false);
        }
        reader = option.from(option.at() + len);
    }
    Ok(true)
}

/// Names an option as tcpdump does.
fn name(number: u8) -> Option<&'static str> {
    match number {
        option::END => Some("EOL"),
        option::NO_OPERATION => Some("NOP"),
        number::TIMESTAMP => Some("timestamp"),
        number::SECURITY => Some("security"),
        number::RECORD_ROUTE => Some("RR"),
        number::STRICT_ROUTE => Some("SSRR"),
        number::LOOSE_ROUTE => Some("LSRR"),
        number::ROUTER_ALERT => Some("RA"),
        number::TRACEROUTE => Some("traceroute"),
        _ => None,
    }
}

/// Writes that a number in an option cannot be.
fn bad(line: &mut Line<'_>, what: &str, number: usize) {
    line.text(what);
    line.len(number);
    line.text("]");
}

/// Writes a route: a comma is behind what has been passed.
fn route(line: &mut Line<'_>, option: Reader<'_>, len: usize) -> Told {
    if len < 3 {
        bad(line, " [bad length ", len);
        return Ok(());
    }
    if !(len + 1).is_multiple_of(4) {
        bad(line, " [bad length ", len);
    }
    let mut reader = option.from(option.at() + 2);
    let pointer = reader.u8()?;
    if pointer < 4 || !pointer.is_multiple_of(4) {
        bad(line, " [bad ptr ", pointer.into());
    }
    // The pointer counts from 1: zero is taken for one that is behind everything.
    let pointer = usize::from(pointer).wrapping_sub(1);
    for at in (3..len).step_by(4) {
        let router = reader.ipv4()?;
        line.text(" ");
        line.address(router);
        if pointer > at {
            line.text(",");
        }
    }
    Ok(())
}

/// Writes timestamps: a circumflex stands where the next one goes.
fn timestamps(line: &mut Line<'_>, option: Reader<'_>, len: usize) -> Told {
    if len < Timestamp::LEN {
        bad(line, "[bad length ", len);
        return Ok(());
    }
    line.text(" TS{");
    let header = Timestamp::new(option.rest()).ok_or(CUT)?;
    let step = if header.flag() == options::STAMPS_ALONE { 4 } else { 8 };
    if !(len - 4).is_multiple_of(step) {
        bad(line, "[bad length ", len);
    }
    let pointer = usize::from(header.pointer()).wrapping_sub(1);
    if pointer < 4 || !pointer.wrapping_sub(4).is_multiple_of(step) || pointer > len {
        bad(line, "[bad ptr ", header.pointer().into());
    }
    match header.flag() {
        options::STAMPS_ALONE => line.text("TSONLY"),
        options::STAMPS_OF_ANY => line.text("TS+ADDR"),
        options::STAMPS_OF_GIVEN => line.text("PRESPEC"),
        flag => {
            bad(line, "[bad ts type ", flag.into());
            line.text("}");
            return Ok(());
        }
    }
    let mut reader = option.from(option.at() + 4);
    let mut at = 4;
    while at < len {
        let address = if step == 8 { Some(reader.ipv4()?) } else { None };
        let stamp = reader.u32()?;
        line.text(if at == pointer { " ^ " } else { " " });
        line.dec(stamp);
        line.text("@");
        if let Some(address) = address {
            line.address(address);
        }
        at += step;
    }
    if pointer == at {
        line.text(" ^ ");
    }
    if header.overflow() > 0 {
        line.text(" [");
        line.dec(header.overflow());
        line.text(" hops not recorded]} ");
    } else {
        line.text("}");
    }
    Ok(())
}

/// Writes a router alert.
fn router_alert(line: &mut Line<'_>, option: Reader<'_>, len: usize) -> Told {
    if len < 4 {
        bad(line, " [bad length ", len);
        return Ok(());
    }
    let value = option.from(option.at() + 2).u16()?;
    if value != 0 {
        line.text(" value ");
        line.dec(value);
    }
    Ok(())
}
