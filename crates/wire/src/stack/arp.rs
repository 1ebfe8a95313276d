//! Address Resolution Protocol: RFC 826, for Ethernet and IPv4; other addresses stay bytes.
//!
//! ```text
//!  0                   1                   2                   3
//!  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! |         Hardware type         |         Protocol type         |
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! | Hardware size | Protocol size |            Opcode             |
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! |    Sender hardware and protocol address, then the target's    |
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! ```

use core::net::Ipv4Addr;

use super::Protocol;
use crate::field::{Field, row};
use crate::header::{Mac, header};
use crate::line::{Cut, Line, Told};
use crate::number::ethertype;
use crate::packet::{Input, Next, Packet, Status, Step};
use crate::walk::Walk;

header! {
    /// The header, without the addresses.
    pub struct Arp: 8 bytes;

    /// Hardware type: 1 is Ethernet.
    hwtype: u16 = 0..16, Dec, "arp.hw.type", default(1);
    /// Protocol type: an EtherType.
    ptype: u16 = 16..32, HexOf(ethertype::name), "arp.proto.type", default(0x0800);
    /// Hardware size: of a hardware address, in bytes.
    hwlen: u8 = 32..40, Dec, "arp.hw.size", default(6);
    /// Protocol size: of a protocol address, in bytes.
    plen: u8 = 40..48, Dec, "arp.proto.size", default(4);
    /// Opcode: a question or an answer.
    op: u16 = 48..64, DecOf(opcode), "arp.opcode", default(1);
}

header! {
    /// The addresses of Ethernet and IPv4.
    pub struct Addresses: 20 bytes;

    /// Sender MAC address: who asks, or answers.
    hwsrc: Mac = 0..48, Mac, "arp.src.hw_mac", default(0);
    /// Sender IP address: who asks, or answers.
    psrc: Ipv4Addr = 48..80, Ipv4, "arp.src.proto_ipv4", default(0);
    /// Target MAC address: who is asked, where that is known.
    hwdst: Mac = 80..128, Mac, "arp.dst.hw_mac", default(0);
    /// Target IP address: who is asked.
    pdst: Ipv4Addr = 128..160, Ipv4, "arp.dst.proto_ipv4", default(0);
}

/// Addresses that are not those of Ethernet and IPv4.
const OTHERS: &[Field] = &[
    Field::bytes("hwsrc_raw", "arp.src.hw", "Sender hardware address: as bytes."),
    Field::bytes("psrc_raw", "arp.src.proto", "Sender protocol address: as bytes."),
    Field::bytes("hwdst_raw", "arp.dst.hw", "Target hardware address: as bytes."),
    Field::bytes("pdst_raw", "arp.dst.proto", "Target protocol address: as bytes."),
];

/// A question.
const REQUEST: u16 = 1;
/// An answer.
const REPLY: u16 = 2;

fn opcode(number: u64) -> Option<&'static str> {
    match u16::try_from(number).ok()? {
        REQUEST => Some("request"),
        REPLY => Some("reply"),
        3 => Some("reverse request"),
        4 => Some("reverse reply"),
        _ => None,
    }
}

/// What is known of it.
pub const PROTOCOL: Protocol = Protocol {
    name: "arp",
    scapy: "ARP",
    title: "Address Resolution Protocol",
    fields: Arp::FIELDS,
    more: &[Addresses::FIELDS, OTHERS],
    dissect,
    walk,
    line,
    ..Protocol::BARE
};

impl Arp<'_> {
    /// Tells whether the addresses are those of Ethernet and IPv4.
    #[must_use]
    pub fn is_usual(&self) -> bool {
        (self.hwlen(), self.plen(), self.ptype()) == (6, 4, ethertype::IPV4)
    }

    /// Returns how long it is with its addresses.
    #[must_use]
    pub fn total(&self) -> usize {
        Self::LEN + 2 * (usize::from(self.hwlen()) + usize::from(self.plen()))
    }
}

fn dissect(input: &Input<'_>) -> Step {
    let Some(header) = Arp::new(input.bytes) else { return Step::short(input, Arp::LEN, "an ARP header") };
    if header.total() > input.bytes.len() {
        return Step::short(input, header.total(), "the addresses of ARP");
    }
    Step { header: header.total(), payload: 0, next: Next::Bytes, status: Status::Ok }
}

fn walk(walk: &mut Walk<'_, '_>) {
    let header = Arp::new(walk.rest());
    walk.table(Arp::FIELDS, Arp::LEN);
    let Some(header) = header else { return };
    if header.is_usual() {
        walk.table(Addresses::FIELDS, Addresses::LEN);
        return;
    }
    let (hardware, protocol) = (usize::from(header.hwlen()), usize::from(header.plen()));
    walk.bytes(row!(OTHERS, "hwsrc_raw"), hardware);
    walk.bytes(row!(OTHERS, "psrc_raw"), protocol);
    walk.bytes(row!(OTHERS, "hwdst_raw"), hardware);
    walk.bytes(row!(OTHERS, "pdst_raw"), protocol);
}

fn line(line: &mut Line<'_>, packet: &Packet<'_>, index: usize) -> Told {
    let Some(layer) = packet.layers.get(index) else { return Ok(()) };
    line.name("ARP,");
    let bytes = packet.header(layer);
    let header = Arp::new(bytes).zip(Addresses::new(bytes.get(Arp::LEN..).unwrap_or_default()));
    let Some((header, addresses)) = header else { return Err(Cut("arp")) };
    if line.style().verbose > 0 {
        line.text("Ethernet (len ");
        line.dec(header.hwlen());
        line.text("), IPv4 (len ");
        line.dec(header.plen());
        line.text("), ");
    }
    match header.op() {
        REQUEST => {
            line.text("Request who-has ");
            line.ipv4(addresses.pdst());
            if addresses.hwdst() != Mac::default() {
                line.text(" (");
                line.mac(addresses.hwdst());
                line.text(")");
            }
            line.text(" tell ");
            line.ipv4(addresses.psrc());
        }
        REPLY => {
            line.text("Reply ");
            line.ipv4(addresses.psrc());
            line.text(" is-at ");
            line.mac(addresses.hwsrc());
        }
        number => {
            line.text("Unknown (");
            line.dec(number);
            line.text(")");
        }
    }
    // All that the frame has, its padding too.
    line.text(", length ");
    line.len(packet.wire_len - layer.start);
    Ok(())
}
