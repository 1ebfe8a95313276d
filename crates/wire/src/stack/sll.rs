//! Linux cooked capture, LINKTYPE_LINUX_SLL: what `-i any` had before version 2.
//!
//! ```text
//! +---------------------------+
//! |         Packet type       |  2 bytes
//! +---------------------------+
//! |        ARPHRD_ type       |  2 bytes
//! +---------------------------+
//! | Link-layer address length |  2 bytes
//! +---------------------------+
//! |    Link-layer address     |  8 bytes
//! +---------------------------+
//! |        Protocol type      |  2 bytes
//! +---------------------------+
//! ```
//!
//! Source: the list of link types of tcpdump.org.

use super::Protocol;
use crate::field::Space;
use crate::header::{Mac, header};
use crate::number::ethertype;
use crate::packet::{Input, Next, Step};

header! {
    /// The header of a cooked packet.
    pub struct Sll: 16 bytes;

    /// Packet type: to whom it was sent.
    pkttype: u16 = 0..16, DecOf(packet_type), "sll.pkttype", default(0);
    /// Link-layer address type: ARPHRD_ of the device.
    lladdrtype: u16 = 16..32, Dec, "sll.hatype", default(1);
    /// Link-layer address length: how many bytes of the address count.
    lladdrlen: u16 = 32..48, Dec, "sll.halen", default(6);
    /// Link-layer address: of the sender.
    src: Mac = 48..96, Mac, "sll.src.eth", default(0);
    /// Unused: the rest of the room for an address.
    unused: u16 = 96..112, Hex, "sll.unused", default(0);
    /// Protocol: what is carried.
    proto: u16 = 112..128, HexOf(ethertype::name), "sll.etype", computed(Next(Space::EtherType));
}


/// Names to whom a packet was sent.
pub(super) fn packet_type(number: u64) -> Option<&'static str> {
    let names = ["unicast to us", "broadcast", "multicast", "unicast to another host", "sent by us"];
    names.get(usize::try_from(number).ok()?).copied()
}

/// What is known of it.
pub const PROTOCOL: Protocol = Protocol {
    name: "sll",
    scapy: "CookedLinux",
    title: "Linux cooked capture v1",
    fields: Sll::FIELDS,
    dissect,
    ..Protocol::BARE
};

fn dissect(input: &Input<'_>) -> Step {
    let Some(header) = Sll::new(input.bytes) else {
        return Step::short(input, Sll::LEN, "a header of a cooked capture");
    };
    let next = Next::Number(Space::EtherType, header.proto().into());
    Step::carrying(input, Sll::LEN, next)
}
