//! The fragment header of IPv6: RFC 8200, section 4.5.
//!
//! ```text
//!  0                   1                   2                   3
//!  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! |  Next Header  |   Reserved    |      Fragment Offset    |Res|M|
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! |                         Identification                        |
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! ```

use super::Protocol;
use crate::field::Space;
use crate::header::header;
use crate::line::{Line, Reader, Told};
use crate::number::ip_protocol;
use crate::packet::{Input, Next, Packet, Step};

header! {
    /// The header of a fragment.
    pub struct Fragment: 8 bytes;

    /// Next header: what was taken apart.
    nh: u8 = 0..8, DecOf(ip_protocol::name), "ipv6.fraghdr.nxt", computed(Next(Space::IpProtocol));
    /// Reserved: zero.
    res1: u8 = 8..16, Hex, "ipv6.fraghdr.reserved_octet", default(0);
    /// Fragment offset: where this fragment belongs, in units of 8 bytes.
    offset: u16 = 16..29, Dec, "ipv6.fraghdr.offset", default(0);
    /// Reserved: zero.
    res2: u8 = 29..31, Dec, "ipv6.fraghdr.reserved_bits", default(0);
    /// More fragments: it is not the last one.
    m: bool = 31..32, Flag, "ipv6.fraghdr.more", default(0);
    /// Identification: the same in all fragments of a packet.
    id: u32 = 32..64, Hex, "ipv6.fraghdr.ident", default(0);
}

/// What is known of it.
pub const PROTOCOL: Protocol = Protocol {
    name: "ipv6.fraghdr",
    scapy: "IPv6ExtHdrFragment",
    title: "Fragment Header for IPv6",
    fields: Fragment::FIELDS,
    dissect,
    line,
    is_fragment: |header| Fragment::new(header).is_some_and(|header| header.m() || header.offset() != 0),
    ..Protocol::BARE
};

fn dissect(input: &Input<'_>) -> Step {
    let Some(header) = Fragment::new(input.bytes) else {
        return Step::short(input, Fragment::LEN, "a fragment header");
    };
    let next = match header.offset() {
        0 => Next::Number(Space::IpProtocol, header.nh().into()),
        _ => Next::Bytes,
    };
    Step::carrying(input, Fragment::LEN, next)
}

fn line(line: &mut Line<'_>, packet: &Packet<'_>, index: usize) -> Told {
    let Some(layer) = packet.layers.get(index) else { return Ok(()) };
    // Of what is not shown nothing need be there.
    let is_verbose = line.style().verbose > 0;
    let mut bytes = [0; Fragment::LEN];
    let mut reader = Reader::new("frag6", packet.whole(layer));
    let shown = reader.take(if is_verbose { Fragment::LEN } else { 4 })?;
    bytes.iter_mut().zip(shown).for_each(|(byte, shown)| *byte = *shown);
    let header = Fragment(&bytes);
    line.text("frag (");
    if is_verbose {
        line.text("0x");
        line.hex_wide(header.id(), 8);
        line.text(":");
    }
    line.dec(u32::from(header.offset()) * 8);
    line.text("|");
    // Where the length of IPv6's payload is less than this header's, tcpdump's goes round.
    let header_len = u64::try_from(Fragment::LEN).unwrap_or(0);
    line.dec(u64::try_from(packet.room(index)).unwrap_or(0).wrapping_sub(header_len));
    line.text(")");
    if header.offset() != 0 {
        return Ok(());
    }
    line.text(" ");
    // tcpdump says nothing where nothing of what follows was captured.
    if packet.whole(layer).len() <= Fragment::LEN {
        return Ok(());
    }
    line.upper(packet, index, header.nh())
}
