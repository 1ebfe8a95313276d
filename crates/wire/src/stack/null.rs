//! Loopback of the BSDs, LINKTYPE_NULL and LINKTYPE_LOOP: an address family stands before the packet.
//!
//! ```text
//!  0                   1                   2                   3
//!  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! |                        Address family                         |
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! ```
//!
//! NULL has it in the order of the machine that captured, LOOP in that of the network. A family is a small number, so which
//! order it is shows in the number itself.

use super::Protocol;
use crate::field::{Field, Kind, Space, row};
use crate::header::header;
use crate::line::{Cut, Line, Told};
use crate::number::ethertype;
use crate::packet::{Input, Next, Packet, Step};
use crate::walk::{Value, Walk};

header! {
    /// The header of a packet.
    pub struct Null: 4 bytes;

    /// Type: the address family, as it was captured.
    r#type: u32 = 0..32, Hex, "", default(0x0200_0000);
}

/// What the header means.
const FAMILY: &[Field] = &[Field::variable(
    "family",
    "null.family",
    Kind::DecOf(family_name),
    "Family: which protocol's addresses are meant.",
)
.derived()];

/// Names an address family, as tcpdump does. IPv6 has the number of FreeBSD, NetBSD and OpenBSD, or Darwin.
fn family_name(number: u64) -> Option<&'static str> {
    Some(match number {
        2 => "IPv4",
        6 => "NS",
        7 => "ISO",
        16 => "Appletalk",
        23 => "IPX",
        24 | 28 | 30 => "IPv6",
        _ => return None,
    })
}

/// What is known of it.
pub const PROTOCOL: Protocol = Protocol {
    name: "null",
    scapy: "Loopback",
    title: "Null/Loopback",
    fields: Null::FIELDS,
    more: &[FAMILY],
    dissect,
    walk,
    line,
    link_end: super::outermost,
    ..Protocol::BARE
};

impl Null<'_> {
    /// Returns the address family, whatever its order: what is no small number one way is read the other.
    #[must_use]
    pub fn family(&self) -> u32 {
        let little = self.r#type().swap_bytes();
        if little > u16::MAX.into() { self.r#type() } else { little }
    }
}

fn dissect(input: &Input<'_>) -> Step {
    let Some(header) = Null::new(input.bytes) else {
        return Step::short(input, Null::LEN, "an address family");
    };
    let next = match family_name(header.family().into()) {
        Some("IPv4") => Next::Number(Space::EtherType, ethertype::IPV4.into()),
        Some("IPv6") => Next::Number(Space::EtherType, ethertype::IPV6.into()),
        _ => Next::Bytes,
    };
    Step::carrying(input, Null::LEN, next)
}

fn walk(walk: &mut Walk<'_, '_>) {
    let family = Null::new(walk.rest()).map(|header| header.family());
    walk.fixed();
    if let Some(family) = family {
        walk.derived(row!(FAMILY, "family"), Value::Uint(family.into()));
    }
}

fn line(line: &mut Line<'_>, packet: &Packet<'_>, index: usize) -> Told {
    let Some(layer) = packet.layers.get(index) else { return Ok(()) };
    let header = Null::new(packet.header(layer)).ok_or(Cut("null"))?;
    let is_known = line.tells(packet, index + 1);
    if line.style().link || !is_known {
        head(line, header.family(), Null::LEN + packet.payload_len(layer));
    }
    if is_known {
        return line.layer(packet, index + 1);
    }
    line.default_print(packet.payload(layer));
    Ok(())
}

/// Writes the header.
fn head(line: &mut Line<'_>, family: u32, len: usize) {
    match (family_name(family.into()), line.style().quiet) {
        (Some(name), true) => line.text(name),
        (None, true) => line.fmt(format_args!("Unknown AF {family}")),
        (name, false) => line.fmt(format_args!("AF {} ({family})", name.unwrap_or("Unknown"))),
    }
    line.text(", length ");
    line.len(len);
    line.text(": ");
}
