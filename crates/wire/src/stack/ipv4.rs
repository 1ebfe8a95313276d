//! Internet Protocol version 4: RFC 791; the type of service as RFC 2474 and 3168 have it.
//!
//! ```text
//!  0                   1                   2                   3
//!  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! |Version|  IHL  |   DSCP    |ECN|          Total Length         |
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! |         Identification        |Flags|      Fragment Offset    |
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! |  Time to Live |    Protocol   |         Header Checksum       |
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! |                         Source Address                        |
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! |                       Destination Address                     |
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! |                    Options                    |    Padding    |
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! ```

use core::net::Ipv4Addr;

use super::Protocol;
use crate::checksum;
use crate::field::Space;
use crate::header::header;
use crate::number::ip_protocol;
use crate::option::{self, OptionRow};
use crate::line::{Cut, Line, Told};
use crate::packet::{Fault, Input, Next, Packet, Status, Step};

header! {
    /// The header of an IPv4 packet, without its options.
    pub struct Ipv4: 20 bytes;

    /// Version: 4.
    version: u8 = 0..4, Dec, "ip.version", default(4);
    /// Header length: in words of 4 bytes, options included.
    ihl: u8 = 4..8, Times(4), "ip.hdr_len", computed(Header);
    /// Differentiated services: how routers are to treat it.
    tos: u8 = 8..16, Hex, "ip.dsfield", default(0);
    /// Differentiated services codepoint: its class.
    dscp: u8 = 8..14, Dec, "ip.dsfield.dscp", part;
    /// Explicit congestion notification: whether routers may mark it, and have.
    ecn: u8 = 14..16, Dec, "ip.dsfield.ecn", part;
    /// Total length: of header and payload, in bytes.
    len: u16 = 16..32, Dec, "ip.len", computed(Total);
    /// Identification: the same in all fragments of a packet.
    id: u16 = 32..48, Hex, "ip.id", default(1);
    /// Flags: whether it may be taken apart, and whether more of it comes.
    flags: u8 = 48..51, Hex, "ip.flags", default(0);
    /// Reserved bit: must be zero.
    evil: bool = 48..49, Flag, "ip.flags.rb", part;
    /// Don't fragment: routers must not take it apart.
    df: bool = 49..50, Flag, "ip.flags.df", part;
    /// More fragments: it is not the last fragment.
    mf: bool = 50..51, Flag, "ip.flags.mf", part;
    /// Fragment offset: where this fragment belongs, in units of 8 bytes.
    frag: u16 = 51..64, Times(8), "ip.frag_offset", default(0);
    /// Time to live: each router takes one off.
    ttl: u8 = 64..72, Dec, "ip.ttl", default(64);
    /// Protocol: what is carried.
    proto: u8 = 72..80, DecOf(ip_protocol::name), "ip.proto", computed(Next(Space::IpProtocol));
    /// Header checksum: over the header alone.
    chksum: u16 = 80..96, Hex, "ip.checksum", computed(HeaderSum);
    /// Source address: who sends.
    src: Ipv4Addr = 96..128, Ipv4, "ip.src" also "ip.addr", default(0x7f00_0001);
    /// Destination address: for whom it is.
    dst: Ipv4Addr = 128..160, Ipv4, "ip.dst" also "ip.addr", default(0x7f00_0001);
}

header! {
    /// An option of one byte.
    pub struct Alone: 1 bytes;

    /// Option: which it is.
    option: u8 = 0..8, Dec, "ip.opt.type", default(1);
}

header! {
    /// An option whose inside is not described.
    pub struct Unknown: 2 bytes;

    /// Option: which it is.
    option: u8 = 0..8, Dec, "ip.opt.type", default(0);
    /// Length: of the whole option.
    length: u8 = 8..16, Dec, "ip.opt.len", computed(Record);
}

header! {
    /// A route: recorded, or to be taken.
    pub struct Route: 3 bytes;

    /// Option: which it is.
    option: u8 = 0..8, Dec, "ip.opt.type", default(7);
    /// Length: of the whole option.
    length: u8 = 8..16, Dec, "ip.opt.len", computed(Record);
    /// Pointer: where the next address goes, counted from 1.
    pointer: u8 = 16..24, Dec, "ip.opt.ptr", default(4);
}

header! {
    /// A router of a route.
    pub struct Hop: 4 bytes;

    /// Router: its address.
    router: Ipv4Addr = 0..32, Ipv4, "ip.rec_rt", default(0);
}

header! {
    /// A router alert, RFC 2113.
    pub struct RouterAlert: 4 bytes;

    /// Option: which it is.
    option: u8 = 0..8, Dec, "ip.opt.type", default(148);
    /// Length: of the whole option.
    length: u8 = 8..16, Dec, "ip.opt.len", computed(Record);
    /// Alert: 0 is for every router.
    alert: u16 = 16..32, Dec, "ip.opt.ra", default(0);
}

/// The options. Source: IANA's registry of IP option numbers.
const OPTIONS: &[OptionRow] = &[
    OptionRow::new(0, ("EOL", "ip.opt.eol"), Alone::FIELDS, Alone::LEN, "End of options: padding follows."),
    OptionRow::new(1, ("NOP", "ip.opt.nop"), Alone::FIELDS, Alone::LEN, "No operation: it fills a word."),
    OptionRow::new(7, ("RR", "ip.opt.rr"), Route::FIELDS, Route::LEN, "Record route: the routers on the way.")
        .with_each(Hop::FIELDS, Hop::LEN),
    OptionRow::new(131, ("LSRR", "ip.opt.lsrr"), Route::FIELDS, Route::LEN, "Loose source route: by these routers.")
        .with_each(Hop::FIELDS, Hop::LEN),
    OptionRow::new(137, ("SSRR", "ip.opt.ssrr"), Route::FIELDS, Route::LEN, "Strict source route: by these alone.")
        .with_each(Hop::FIELDS, Hop::LEN),
    OptionRow::new(
        148,
        ("RouterAlert", "ip.opt.alert"),
        RouterAlert::FIELDS,
        RouterAlert::LEN,
        "Router alert: every router is to look at it.",
    ),
];

/// An option that no row knows.
const UNKNOWN: &OptionRow =
    &OptionRow::new(255, ("Unknown", "ip.opt.unknown"), Unknown::FIELDS, Unknown::LEN, "Option: not known.");

/// What is known of it.
pub const PROTOCOL: Protocol = Protocol {
    name: "ip",
    scapy: "IP",
    title: "Internet Protocol Version 4",
    fields: Ipv4::FIELDS,
    more: &[Alone::FIELDS, Unknown::FIELDS, Route::FIELDS, Hop::FIELDS, RouterAlert::FIELDS],
    options: OPTIONS,
    dissect,
    walk: |walk| {
        walk.table(Ipv4::FIELDS, Ipv4::LEN);
        option::walk(walk, OPTIONS, UNKNOWN);
    },
    line,
    addresses: Some(|header| Ipv4::new(header).map(|header| (header.src().into(), header.dst().into()))),
    pseudo_header: Some(|header| checksum::sum(header.get(12..20).unwrap_or_default())),
    ..Protocol::BARE
};

fn dissect(input: &Input<'_>) -> Step {
    let Some(header) = Ipv4::new(input.bytes) else {
        return Step::short(input, Ipv4::LEN, "an IPv4 header");
    };
    let (header_len, total) = (usize::from(header.ihl()) * 4, usize::from(header.len()));
    let fault = |need, have, why| Status::Malformed(Fault { at: 0, need, have, why });
    let mut status = Status::Ok;
    if header_len < Ipv4::LEN {
        let status = fault(Ipv4::LEN, header_len, "a header length of at least 20");
        return Step { status, ..Step::whole(input) };
    }
    if header_len > input.bytes.len() {
        return Step::short(input, header_len, "the options of an IPv4 header");
    }
    // Segmentation offload leaves the length to the card: zero means as much as there is.
    let mut payload = input.wire_len - header_len;
    if total != 0 {
        if total < header_len {
            status = fault(header_len, total, "a total length of at least the header's");
        } else {
            payload = total - header_len;
        }
        if total > input.wire_len {
            status = input.lacks(total, "as many bytes as the total length says");
        }
    }
    let next = match header.frag() {
        0 => Next::Number(Space::IpProtocol, header.proto().into()),
        _ => Next::Bytes,
    };
    Step { header: header_len, payload, next, status }
}

fn line(line: &mut Line<'_>, packet: &Packet<'_>, index: usize) -> Told {
    line.name("IP");
    let Some(layer) = packet.layers.get(index) else { return Ok(()) };
    let bytes = packet.header(layer);
    let header = Ipv4::new(bytes).ok_or(Cut("ip"))?;
    if line.style().verbose > 0 {
        details(line, &header, bytes);
    }
    let is_first = header.frag() == 0;
    let next = packet.layers.get(index + 1).filter(|_| is_first);
    if next.is_some_and(|next| next.id.protocol().has_ports) {
        return line.layer(packet, index + 1);
    }
    line.ends(header.src().into(), header.dst().into());
    if is_first && line.tells(packet, index + 1) {
        return line.layer(packet, index + 1);
    }
    match ip_protocol::name(header.proto().into()) {
        Some(name) if !is_first => line.text(&name.to_lowercase()),
        _ => {
            line.text("ip-proto-");
            line.dec(header.proto());
            if is_first {
                line.text(" ");
                line.len(packet.payload_len(layer));
            }
        }
    }
    Ok(())
}

/// Writes what `-v` adds: the header in brackets, on a line of its own.
fn details(line: &mut Line<'_>, header: &Ipv4<'_>, bytes: &[u8]) {
    line.text("(tos 0x");
    line.hex(header.tos());
    line.text(["", ",ECT(1)", ",ECT(0)", ",CE"].get(usize::from(header.ecn())).unwrap_or(&""));
    line.text(", ttl ");
    line.dec(header.ttl());
    line.text(", id ");
    line.dec(header.id());
    line.text(", offset ");
    line.dec(u32::from(header.frag()) * 8);
    line.text(", flags [");
    let flags = [(header.mf(), "+"), (header.df(), "DF"), (header.evil(), "rsvd")];
    if flags.iter().any(|(is_set, _)| *is_set) {
        let mut before = "";
        for (_, name) in flags.iter().filter(|(is_set, _)| *is_set) {
            line.text(before);
            line.text(name);
            before = ", ";
        }
    } else {
        line.text("none");
    }
    line.text("], proto ");
    line.text(ip_protocol::name(header.proto().into()).unwrap_or("unknown"));
    line.text(" (");
    line.dec(header.proto());
    line.text("), length ");
    line.dec(header.len());
    let sum = checksum::fold(checksum::sum(bytes));
    if sum != 0 {
        // What would be right: the sum without what stands there.
        let right = checksum::fold(checksum::sum(bytes) + u64::from(!header.chksum()));
        line.text(", bad cksum ");
        line.hex(header.chksum());
        line.text(" (->");
        line.hex(right);
        line.text(")!");
    }
    line.text(")\n    ");
}
