//! Address Resolution Protocol: RFC 826; RARP is RFC 903, InARP RFC 2390, the form for ATM RFC 2225.
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
//!
//! An ATM address has a number and a subaddress, each with a length of its own:
//!
//! ```text
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! |       Hardware type: 19       |         Protocol type         |
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! |  Sender number| Sender subadd.|            Opcode             |
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! |Sender protocol| Target number | Target subadd.|Target protocol|
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! ```

mod words;

use core::net::Ipv4Addr;

use super::Protocol;
use crate::answer::{Answer, Side};
use crate::field::{Field, Kind, Rule, row};
use crate::header::{Mac, header};
use crate::number::ethertype;
use crate::packet::{Input, Next, Status, Step};
use crate::walk::{Value, Walk};

header! {
    /// The header, without the addresses.
    pub struct Arp: 8 bytes;

    /// Hardware type: 1 is Ethernet.
    hwtype: u16 = 0..16, DecOf(hardware), "arp.hw.type", default(1);
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

header! {
    /// The header for ATM, without the addresses.
    pub struct Atm: 12 bytes;

    /// Hardware type: 19 is ATM.
    hwtype: u16 = 0..16, DecOf(hardware), "arp.hw.type", default(19);
    /// Protocol type: an EtherType.
    ptype: u16 = 16..32, HexOf(ethertype::name), "arp.proto.type", default(0x0800);
    /// Sender number: its kind and length.
    shtl: u8 = 32..40, Hex, "", default(20);
    /// Sender ATM number type: of E.164, not an NSAP.
    shtype: bool = 33..34, Flag, "arp.src.htype", part;
    /// Sender ATM number length: in bytes.
    shlen: u8 = 34..40, Dec, "arp.src.hlen", part;
    /// Sender subaddress: its kind and length.
    sstl: u8 = 40..48, Hex, "", default(0);
    /// Sender ATM subaddress type: of E.164, not an NSAP.
    sstype: bool = 41..42, Flag, "arp.src.stype", part;
    /// Sender ATM subaddress length: in bytes.
    sslen: u8 = 42..48, Dec, "arp.src.slen", part;
    /// Opcode: a question or an answer.
    op: u16 = 48..64, DecOf(opcode), "arp.opcode", default(1);
    /// Sender protocol size: of the protocol address, in bytes.
    spln: u8 = 64..72, Dec, "arp.src.pln", default(4);
    /// Target number: its kind and length.
    thtl: u8 = 72..80, Hex, "", default(20);
    /// Target ATM number type: of E.164, not an NSAP.
    thtype: bool = 73..74, Flag, "arp.dst.htype", part;
    /// Target ATM number length: in bytes.
    thlen: u8 = 74..80, Dec, "arp.dst.hlen", part;
    /// Target subaddress: its kind and length.
    tstl: u8 = 80..88, Hex, "", default(0);
    /// Target ATM subaddress type: of E.164, not an NSAP.
    tstype: bool = 81..82, Flag, "arp.dst.stype", part;
    /// Target ATM subaddress length: in bytes.
    tslen: u8 = 82..88, Dec, "arp.dst.slen", part;
    /// Target protocol size: of the protocol address, in bytes.
    tpln: u8 = 88..96, Dec, "arp.dst.pln", default(4);
}

/// Addresses that are not those of Ethernet and IPv4.
const OTHERS: &[Field] = &[
    Field::bytes("hwsrc_raw", "arp.src.hw", "Sender hardware address: as bytes."),
    Field::variable("hwsrc_mac", "arp.src.hw_mac", Kind::Mac, "Sender MAC address: beside a protocol that is not IPv4."),
    Field::bytes("psrc_raw", "arp.src.proto", "Sender protocol address: as bytes."),
    Field::variable("psrc_ip", "arp.src.proto_ipv4", Kind::Ipv4, "Sender IP address: beside a link that is not Ethernet."),
    Field::bytes("hwdst_raw", "arp.dst.hw", "Target hardware address: as bytes."),
    Field::variable("hwdst_mac", "arp.dst.hw_mac", Kind::Mac, "Target MAC address: beside a protocol that is not IPv4."),
    Field::bytes("pdst_raw", "arp.dst.proto", "Target protocol address: as bytes."),
    Field::variable("pdst_ip", "arp.dst.proto_ipv4", Kind::Ipv4, "Target IP address: beside a link that is not Ethernet."),
    Field::bytes("hwsrc_atm", "arp.src.atm_num_nsap", "Sender ATM number: as bytes."),
    Field::bytes("hwsrc_sub", "arp.src.atm_subaddr", "Sender ATM subaddress: as bytes."),
    Field::bytes("hwdst_atm", "arp.dst.atm_num_nsap", "Target ATM number: as bytes."),
    Field::bytes("hwdst_sub", "arp.dst.atm_subaddr", "Target ATM subaddress: as bytes."),
];

/// What follows from the addresses.
const DERIVED: &[Field] = &[
    derived("isgratuitous", "arp.isgratuitous", "Is gratuitous: it tells the sender's own address."),
    derived("isprobe", "arp.isprobe", "Is probe: it asks whether an address is free, RFC 5227."),
    derived("isannouncement", "arp.isannouncement", "Is announcement: it claims an address, RFC 5227."),
];

const fn derived(name: &'static str, path: &'static str, doc: &'static str) -> Field {
    Field { rule: Rule::Derived, ..Field::variable(name, path, Kind::Flag, doc) }
}

/// Hardware types. Source: IANA's registry of ARP parameters.
mod hw {
    pub(super) const ETHERNET: u16 = 1;
    pub(super) const IEEE802: u16 = 6;
    pub(super) const FRAME_RELAY: u16 = 15;
    pub(super) const ATM: u16 = 19;
}

/// Opcodes. Source: IANA's registry of ARP parameters.
mod operation {
    pub(super) const REQUEST: u16 = 1;
    pub(super) const REPLY: u16 = 2;
    pub(super) const REVERSE_REQUEST: u16 = 3;
    pub(super) const REVERSE_REPLY: u16 = 4;
    pub(super) const INVERSE_REQUEST: u16 = 8;
    pub(super) const INVERSE_REPLY: u16 = 9;
    pub(super) const NACK: u16 = 10;
}

fn hardware(number: u64) -> Option<&'static str> {
    Some(match u16::try_from(number).ok()? {
        hw::ETHERNET => "Ethernet",
        hw::IEEE802 => "TokenRing",
        7 => "ArcNet",
        hw::FRAME_RELAY => "FrameRelay",
        hw::ATM => "ATM",
        23 => "Strip",
        24 => "IEEE 1394",
        32 => "InfiniBand",
        _ => return None,
    })
}

fn opcode(number: u64) -> Option<&'static str> {
    Some(match u16::try_from(number).ok()? {
        operation::REQUEST => "Request",
        operation::REPLY => "Reply",
        operation::REVERSE_REQUEST => "Reverse Request",
        operation::REVERSE_REPLY => "Reverse Reply",
        operation::INVERSE_REQUEST => "Inverse Request",
        operation::INVERSE_REPLY => "Inverse Reply",
        operation::NACK => "NACK Reply",
        _ => return None,
    })
}

/// What is known of it.
pub const PROTOCOL: Protocol = Protocol {
    name: "arp",
    scapy: "ARP",
    title: "Address Resolution Protocol",
    fields: Arp::FIELDS,
    more: &[Addresses::FIELDS, Atm::FIELDS, OTHERS, DERIVED],
    dissect,
    walk,
    line: words::line,
    answers: Some(answers),
    ..Protocol::BARE
};

impl Arp<'_> {
    /// Tells whether the addresses are those of Ethernet and IPv4.
    #[must_use]
    pub fn is_usual(&self) -> bool {
        self.is_ethernet() && self.is_ipv4()
    }

    fn is_ethernet(&self) -> bool {
        matches!(self.hwtype(), hw::ETHERNET | hw::IEEE802) && self.hwlen() == 6
    }

    fn is_ipv4(&self) -> bool {
        (self.plen(), self.ptype()) == (4, ethertype::IPV4)
    }

    /// Returns how long it is with its addresses, where it is not for ATM.
    #[must_use]
    pub fn total(&self) -> usize {
        Self::LEN + 2 * (usize::from(self.hwlen()) + usize::from(self.plen()))
    }
}

impl Atm<'_> {
    /// Returns the lengths of number, subaddress and protocol address, the sender's and then the target's.
    #[must_use]
    pub fn lens(&self) -> [usize; 6] {
        [self.shlen(), self.sslen(), self.spln(), self.thlen(), self.tslen(), self.tpln()].map(usize::from)
    }

    /// Returns how long it is with its addresses.
    #[must_use]
    pub fn total(&self) -> usize {
        Self::LEN + self.lens().iter().sum::<usize>()
    }
}

/// Returns how long it is with its addresses; `None` where there are too few bytes to say.
fn total(bytes: &[u8]) -> Option<usize> {
    let header = Arp::new(bytes)?;
    if header.hwtype() == hw::ATM { Atm::new(bytes).map(|atm| atm.total()) } else { Some(header.total()) }
}

fn dissect(input: &Input<'_>) -> Step {
    match total(input.bytes) {
        None => Step::short(input, Arp::LEN, "an ARP header"),
        Some(total) if total > input.bytes.len() => Step::short(input, total, "the addresses of ARP"),
        Some(header) => Step { header, payload: 0, next: Next::Bytes, status: Status::Ok },
    }
}

fn walk(walk: &mut Walk<'_, '_>) {
    let bytes = walk.rest();
    let Some(header) = Arp::new(bytes) else { return walk.fixed() };
    if header.hwtype() == hw::ATM {
        return walk_atm(walk);
    }
    walk.table(Arp::FIELDS, Arp::LEN);
    if header.is_usual() {
        if walk.table(Addresses::FIELDS, Addresses::LEN) {
            walk_derived(walk, bytes);
        }
        return;
    }
    let (hardware, protocol) = (usize::from(header.hwlen()), usize::from(header.plen()));
    let is_whole = walk.rest().len() >= 2 * (hardware + protocol);
    let (is_mac, is_ipv4) = (is_whole && header.is_ethernet(), is_whole && header.is_ipv4());
    let pick = |is: bool, one: &'static Field, other: &'static Field| if is { one } else { other };
    walk.bytes(pick(is_mac, row!(OTHERS, "hwsrc_mac"), row!(OTHERS, "hwsrc_raw")), hardware);
    walk.bytes(pick(is_ipv4, row!(OTHERS, "psrc_ip"), row!(OTHERS, "psrc_raw")), protocol);
    walk.bytes(pick(is_mac, row!(OTHERS, "hwdst_mac"), row!(OTHERS, "hwdst_raw")), hardware);
    walk.bytes(pick(is_ipv4, row!(OTHERS, "pdst_ip"), row!(OTHERS, "pdst_raw")), protocol);
}

/// Shows what follows from the addresses.
fn walk_derived(walk: &mut Walk<'_, '_>, bytes: &[u8]) {
    let Some(header) = Arp::new(bytes) else { return };
    let Some(addresses) = bytes.get(Arp::LEN..).and_then(Addresses::new) else { return };
    let (from, to) = (addresses.psrc(), addresses.pdst());
    let no_target = addresses.hwdst() == Mac::default();
    let is_request = header.op() == operation::REQUEST;
    let is_own = from == to && matches!(header.op(), operation::REQUEST | operation::REPLY);
    for (field, is) in [
        (row!(DERIVED, "isgratuitous"), is_own),
        (row!(DERIVED, "isprobe"), is_request && from.is_unspecified() && no_target),
        (row!(DERIVED, "isannouncement"), is_request && is_own && no_target),
    ] {
        if is {
            walk.derived(field, Value::Uint(1));
        }
    }
}

fn walk_atm(walk: &mut Walk<'_, '_>) {
    let header = Atm::new(walk.rest());
    walk.table(Atm::FIELDS, Atm::LEN);
    let Some(header) = header else { return };
    let parts = [
        row!(OTHERS, "hwsrc_atm"),
        row!(OTHERS, "hwsrc_sub"),
        row!(OTHERS, "psrc_raw"),
        row!(OTHERS, "hwdst_atm"),
        row!(OTHERS, "hwdst_sub"),
        row!(OTHERS, "pdst_raw"),
    ];
    for (field, len) in parts.into_iter().zip(header.lens()) {
        let field = match field.name {
            "psrc_raw" if len == 4 => row!(OTHERS, "psrc_ip"),
            "pdst_raw" if len == 4 => row!(OTHERS, "pdst_ip"),
            _ => field,
        };
        walk.bytes(field, len);
    }
}

/// Tells whether a packet answers another: its opcode is the one behind the question's, and it comes from whom was asked.
fn answers(answer: &Side<'_>, question: &Side<'_>) -> Answer {
    let read = |side: &Side<'_>| {
        let header = side.header();
        let addresses = Addresses::new(header.get(Arp::LEN..)?)?;
        Some((Arp::new(header)?.op(), addresses.psrc(), addresses.pdst()))
    };
    match (read(answer), read(question)) {
        (Some((own, from, to)), Some((other, asker, asked)))
            if other % 2 == 1 && own == other + 1 && from == asked && to == asker =>
        {
            Answer::Yes
        }
        _ => Answer::No,
    }
}
