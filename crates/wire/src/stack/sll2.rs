//! Linux cooked capture version 2, LINKTYPE_LINUX_SLL2: what `-i any` has since libpcap 1.10.
//!
//! ```text
//! +---------------------------+
//! |        Protocol type      |  2 bytes
//! +---------------------------+
//! |       Reserved (MBZ)      |  2 bytes
//! +---------------------------+
//! |       Interface index     |  4 bytes
//! +---------------------------+
//! |        ARPHRD_ type       |  2 bytes
//! +---------------------------+
//! |         Packet type       |  1 byte
//! +---------------------------+
//! | Link-layer address length |  1 byte
//! +---------------------------+
//! |    Link-layer address     |  8 bytes
//! +---------------------------+
//! ```
//!
//! Source: the list of link types of tcpdump.org.

use super::{Protocol, sll};
use crate::field::Space;
use crate::header::{Mac, header};
use crate::number::ethertype;
use crate::packet::{Input, Next, Step};

header! {
    /// The header of a cooked packet.
    pub struct Sll2: 20 bytes;

    /// Protocol: what is carried.
    proto: u16 = 0..16, HexOf(ethertype::name), "sll.etype", computed(Next(Space::EtherType));
    /// Reserved: must be zero.
    reserved: u16 = 16..32, Hex, "", default(0);
    /// Interface index: of the device.
    ifindex: u32 = 32..64, Dec, "sll.ifindex", default(0);
    /// Link-layer address type: ARPHRD_ of the device.
    lladdrtype: u16 = 64..80, Dec, "sll.hatype", default(1);
    /// Packet type: to whom it was sent.
    pkttype: u8 = 80..88, DecOf(sll::packet_type), "sll.pkttype", default(0);
    /// Link-layer address length: how many bytes of the address count.
    lladdrlen: u8 = 88..96, Dec, "sll.halen", default(6);
    /// Link-layer address: of the sender.
    src: Mac = 96..144, Mac, "sll.src.eth", default(0);
    /// Unused: the rest of the room for an address.
    unused: u16 = 144..160, Hex, "sll.unused", default(0);
}

/// What is known of it.
pub const PROTOCOL: Protocol = Protocol {
    name: "sll2",
    scapy: "CookedLinuxV2",
    title: "Linux cooked capture v2",
    fields: Sll2::FIELDS,
    dissect,
    ..Protocol::BARE
};

fn dissect(input: &Input<'_>) -> Step {
    let Some(header) = Sll2::new(input.bytes) else {
        return Step::short(input, Sll2::LEN, "a header of a cooked capture");
    };
    let next = Next::Number(Space::EtherType, header.proto().into());
    Step::carrying(input, Sll2::LEN, next)
}
