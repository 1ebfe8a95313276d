//! The control protocols of PPP: of the link, RFC 1661, sections 5 and 6; of IP, RFC 1332 and 1877; of IPv6, RFC 5072; of
//! compression, RFC 1962; of bandwidth, RFC 2125. They have one form, and differ in their options.
//!
//! ```text
//!  0                   1                   2                   3
//!  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! |     Code      |  Identifier   |            Length             |
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! |     Type      |    Length     |    Data, of options …
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! ```

mod line;
mod option;

use super::{Id, Protocol, ppp, ppp_hdlc};
use crate::field::{Field, Kind, row};
use crate::header::header;
use crate::number::ppp_protocol;
use crate::packet::{Input, Packet, Step};
use crate::walk::Walk;

header! {
    /// The header of a packet.
    pub struct PppControl: 4 bytes;

    /// Code: what is asked or answered.
    code: u8 = 0..8, DecOf(code_name), "ppp.code", default(1);
    /// Identifier: the same in a question and its answer.
    id: u8 = 8..16, Dec, "ppp.identifier", default(0);
    /// Length: of header and data, without padding.
    len: u16 = 16..32, Dec, "ppp.length", computed(Header);
}

header! {
    /// An option of the link.
    pub struct LinkOption: 2 bytes;

    /// Type: which option it is.
    r#type: u8 = 0..8, Dec, "lcp.opt.type", default(1);
    /// Length: of the whole option.
    len: u8 = 8..16, Dec, "lcp.opt.length", computed(Record);
}

header! {
    /// An option of IP.
    pub struct IpOption: 2 bytes;

    /// Type: which option it is.
    r#type: u8 = 0..8, Dec, "ipcp.opt.type", default(3);
    /// Length: of the whole option.
    len: u8 = 8..16, Dec, "ipcp.opt.length", computed(Record);
}

header! {
    /// An option of another protocol.
    pub struct OtherOption: 2 bytes;

    /// Type: which option it is.
    r#type: u8 = 0..8, Dec, "", default(1);
    /// Length: of the whole option.
    len: u8 = 8..16, Dec, "", computed(Record);
}

/// What options and other data have in them.
const DATA: &[Field] = &[
    Field::variable("option", "", Kind::Record, "Option: what is asked for, granted or refused."),
    Field::variable("mru", "lcp.opt.mru", Kind::Dec, "Maximum receive unit: how long packets may be."),
    Field::variable("accm", "lcp.opt.asyncmap", Kind::HexDigits(8), "Control character map: which must be escaped."),
    Field::variable("auth_protocol", "lcp.opt.auth_protocol", Kind::HexOf(ppp_protocol::name), "Authentication protocol: which is wanted."),
    Field::variable("magic_number", "lcp.opt.magic_number", Kind::HexDigits(8), "Magic number: by which a loop is noticed."),
    Field::variable("ip_address", "ipcp.opt.ip_address", Kind::Ipv4, "Address: of the sender."),
    Field::variable("pri_dns_address", "ipcp.opt.pri_dns_address", Kind::Ipv4, "Primary name server: its address."),
    Field::variable("pri_nbns_address", "ipcp.opt.pri_nbns_address", Kind::Ipv4, "Primary NetBIOS name server: its address."),
    Field::variable("sec_dns_address", "ipcp.opt.sec_dns_address", Kind::Ipv4, "Secondary name server: its address."),
    Field::variable("sec_nbns_address", "ipcp.opt.sec_nbns_address", Kind::Ipv4, "Secondary NetBIOS name server: its address."),
    Field::variable("magic", "lcp.magic_number", Kind::HexDigits(8), "Magic number: of the sender."),
    Field::bytes("link_data", "lcp.data", "Data: behind the magic number."),
    Field::bytes("data", "ppp.data", "Data: of the packet, or of an option that is not described."),
];

/// The codes with options in their data: what is asked for, granted, granted otherwise, refused.
const CONFIGURATIONS: core::ops::RangeInclusive<u8> = 1..=4;

/// The codes of the link whose data begin with the magic number.
const NUMBERED: core::ops::RangeInclusive<u8> = 9..=13;

/// Names a code.
fn code_name(number: u64) -> Option<&'static str> {
    const NAMES: [&str; 16] = [
        "Vendor-Extension",
        "Conf-Request",
        "Conf-Ack",
        "Conf-Nack",
        "Conf-Reject",
        "Term-Request",
        "Term-Ack",
        "Code-Reject",
        "Prot-Reject",
        "Echo-Request",
        "Echo-Reply",
        "Disc-Req",
        "Ident",
        "Time-Rem",
        "Reset-Req",
        "Reset-Ack",
    ];
    NAMES.get(usize::try_from(number).ok()?).copied()
}

/// What is known of it.
pub const PROTOCOL: Protocol = Protocol {
    name: "ppp_cp",
    scapy: "PPP_CP",
    title: "PPP control protocol",
    fields: PppControl::FIELDS,
    more: &[LinkOption::FIELDS, IpOption::FIELDS, OtherOption::FIELDS, DATA],
    dissect,
    walk,
    line: line::line,
    ..Protocol::BARE
};

/// Finds the protocol number that led to a layer, in the header below it.
pub(super) fn number(packet: &Packet<'_>, index: usize) -> u16 {
    let below = index.checked_sub(1).and_then(|below| packet.layers.get(below));
    let number = below.and_then(|below| match below.id {
        Id::Ppp => ppp::protocol(packet.whole(below)),
        Id::PppHdlc => ppp_hdlc::PppHdlc::new(packet.header(below)).map(|header| header.proto()),
        _ => None,
    });
    number.unwrap_or(ppp_protocol::LCP)
}

fn dissect(input: &Input<'_>) -> Step {
    let Some(header) = PppControl::new(input.bytes) else {
        return Step::short(input, PppControl::LEN, "the header of a control protocol");
    };
    // What is behind the length is padding.
    let len = usize::from(header.len()).clamp(PppControl::LEN, input.wire_len.max(PppControl::LEN));
    let here = len.min(input.bytes.len());
    Step { header: here, payload: len - here, ..Step::whole(input) }
}

fn walk(walk: &mut Walk<'_, '_>) {
    let header = PppControl::new(walk.rest());
    walk.fixed();
    let number = number(&walk.packet(), walk.index());
    let Some(code) = header.map(|header| header.code()) else { return };
    if number == ppp_protocol::LCP && NUMBERED.contains(&code) {
        walk.bytes(row!(DATA, "magic"), 4);
        return walk.bytes(row!(DATA, "link_data"), usize::MAX);
    }
    if !CONFIGURATIONS.contains(&code) {
        return walk.bytes(row!(DATA, "data"), usize::MAX);
    }
    let table = match number {
        ppp_protocol::LCP => LinkOption::FIELDS,
        ppp_protocol::IPCP => IpOption::FIELDS,
        _ => OtherOption::FIELDS,
    };
    while let Some(option) = OtherOption::new(walk.rest()).filter(|option| option.len() >= 2) {
        let len = usize::from(option.len());
        let field = match (number, option.r#type(), len) {
            (ppp_protocol::LCP, 1, 4) => row!(DATA, "mru"),
            (ppp_protocol::LCP, 2, 6) => row!(DATA, "accm"),
            (ppp_protocol::LCP, 3, 4) => row!(DATA, "auth_protocol"),
            (ppp_protocol::LCP, 5, 6) => row!(DATA, "magic_number"),
            (ppp_protocol::IPCP, 3, 6) => row!(DATA, "ip_address"),
            (ppp_protocol::IPCP, 129, 6) => row!(DATA, "pri_dns_address"),
            (ppp_protocol::IPCP, 130, 6) => row!(DATA, "pri_nbns_address"),
            (ppp_protocol::IPCP, 131, 6) => row!(DATA, "sec_dns_address"),
            (ppp_protocol::IPCP, 132, 6) => row!(DATA, "sec_nbns_address"),
            _ => row!(DATA, "data"),
        };
        walk.record(row!(DATA, "option"), len, |walk| {
            walk.table(table, OtherOption::LEN);
            walk.bytes(field, len - OtherOption::LEN);
        });
    }
}
