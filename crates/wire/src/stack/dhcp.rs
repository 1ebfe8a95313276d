//! Dynamic Host Configuration Protocol: RFC 2131, and the Bootstrap Protocol that it grew out of: RFC 951.
//!
//! ```text
//!  0                   1                   2                   3
//!  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! |     op (1)    |   htype (1)   |   hlen (1)    |   hops (1)    |
//! +---------------+---------------+---------------+---------------+
//! |                            xid (4)                            |
//! +-------------------------------+-------------------------------+
//! |           secs (2)            |           flags (2)           |
//! +-------------------------------+-------------------------------+
//! |                          ciaddr  (4)                          |
//! +---------------------------------------------------------------+
//! |                          yiaddr  (4)                          |
//! +---------------------------------------------------------------+
//! |                          siaddr  (4)                          |
//! +---------------------------------------------------------------+
//! |                          giaddr  (4)                          |
//! +---------------------------------------------------------------+
//! |                          chaddr  (16)                         |
//! +---------------------------------------------------------------+
//! |                          sname   (64)                         |
//! +---------------------------------------------------------------+
//! |                          file    (128)                        |
//! +---------------------------------------------------------------+
//! |                          options (variable)                   |
//! +---------------------------------------------------------------+
//! ```
//!
//! The options follow a cookie of 4 bytes, 99.130.83.99 (RFC 2132, section 2); a message without it has vendor information of
//! RFC 951. `options.rs` lists them, `inside.rs` goes through those that have parts.

pub mod inside;
mod line;
pub mod options;

use core::net::Ipv4Addr;

use super::Protocol;
use crate::field::{Field, Kind, row};
use crate::header::header;
use crate::packet::{Input, Step};
use crate::walk::{Value, Walk};

header! {
    /// A message up to its options.
    pub struct Dhcp: 240 bytes;

    /// Message type: 1 is a request, 2 a reply.
    op: u8 = 0..8, DecOf(op_name), "dhcp.type", default(1);
    /// Hardware type: of the client's address, as ARP has it.
    htype: u8 = 8..16, Hex, "dhcp.hw.type", default(1);
    /// Hardware address length: how many bytes of the client's address count.
    hlen: u8 = 16..24, Dec, "dhcp.hw.len", default(6);
    /// Hops: relay agents on the way.
    hops: u8 = 24..32, Dec, "dhcp.hops", default(0);
    /// Transaction ID: the same in request and reply.
    xid: u32 = 32..64, Hex, "dhcp.id", default(0);
    /// Seconds elapsed: since the client began.
    secs: u16 = 64..80, Dec, "dhcp.secs", default(0);
    /// Flags: how the client wants to be answered.
    flags: u16 = 80..96, Hex, "dhcp.flags", default(0);
    /// Broadcast flag: the client cannot take unicast yet.
    broadcast: bool = 80..81, Flag, "dhcp.flags.bc", part;
    /// Reserved flags: must be zero.
    reserved: u16 = 81..96, Hex, "dhcp.flags.reserved", part;
    /// Client IP address: what the client has already.
    ciaddr: Ipv4Addr = 96..128, Ipv4, "dhcp.ip.client", default(0);
    /// Your IP address: what the client is given.
    yiaddr: Ipv4Addr = 128..160, Ipv4, "dhcp.ip.your", default(0);
    /// Next server IP address: where to boot from.
    siaddr: Ipv4Addr = 160..192, Ipv4, "dhcp.ip.server", default(0);
    /// Relay agent IP address: of the first relay agent.
    giaddr: Ipv4Addr = 192..224, Ipv4, "dhcp.ip.relay", default(0);
    /// Client hardware address: its bytes, and zeros behind it.
    chaddr: [u8; 16] = 224..352, Bytes, "", default(0);
    /// Server host name: of the server that is meant.
    sname: [u8; 64] = 352..864, Text, "dhcp.server", default(0);
    /// Boot file name: what to boot.
    file: [u8; 128] = 864..1888, Text, "dhcp.file", default(0);
    /// Magic cookie: options follow.
    cookie: u32 = 1888..1920, Ipv4, "dhcp.cookie", default(COOKIE);
}

/// What says that options follow: 99.130.83.99.
const COOKIE: u128 = 0x6382_5363;

/// How long a message is before the cookie.
const FIXED: usize = Dhcp::LEN - 4;

/// The rows before the cookie.
const BOOTP: &[Field] = match Dhcp::FIELDS.split_last() {
    Some((_, fields)) => fields,
    None => &[],
};

/// How long it is before the server's name.
const NAMES: usize = 44;

/// The rows before the server's name.
const HEAD: &[Field] = Dhcp::FIELDS.split_at(14).0;

/// What has no fixed place, or no bytes of its own.
const PARTS: &[Field] = &[
    Field::variable("mac", "dhcp.hw.mac_addr", Kind::Mac, "Client MAC address: its Ethernet address.").derived(),
    Field::variable("hwaddr", "dhcp.hw.addr", Kind::Bytes, "Client hardware address: of another network.").derived(),
    Field::bytes("hwpad", "dhcp.hw.addr_padding", "Client hardware address padding: behind it.").derived(),
    Field::variable("bootp", "dhcp.bootp", Kind::Flag, "Bootstrap protocol: it has no DHCP message type.").derived(),
    Field::bytes("vend", "dhcp.vendor_specific_options", "Vendor information: of RFC 951."),
    Field::variable("overloaded", "", Kind::Record, "Overloaded field: it has options instead of a name."),
];

/// What is known of it.
pub const PROTOCOL: Protocol = Protocol {
    name: "dhcp",
    scapy: "BOOTP",
    title: "Dynamic Host Configuration Protocol",
    fields: Dhcp::FIELDS,
    more: MORE,
    options: options::OPTIONS,
    dissect,
    walk,
    line: line::line,
    ..Protocol::BARE
};

/// The tables of everything behind the cookie.
const MORE: &[&[Field]] = &[
    PARTS,
    options::PARTS,
    options::VALUES,
    inside::PARTS,
    inside::Fqdn::FIELDS,
    inside::AgentOption::FIELDS,
    inside::AgentVendor::FIELDS,
    inside::Authentication::FIELDS,
    inside::Ndi::FIELDS,
    inside::Policy::FIELDS,
    inside::StaticRoute::FIELDS,
    inside::CivicElement::FIELDS,
    inside::VendorClass::FIELDS,
    inside::VendorOptions::FIELDS,
    inside::VendorOption::FIELDS,
    inside::Rdnss::FIELDS,
    inside::PortParameters::FIELDS,
    inside::SixRd::FIELDS,
];

fn op_name(number: u64) -> Option<&'static str> {
    match number {
        1 => Some("request"),
        2 => Some("reply"),
        _ => None,
    }
}

/// Tells whether a message has an Ethernet address: that of IEEE 802 too.
const fn is_ethernet(htype: u8, hlen: u8) -> bool {
    matches!((htype, hlen), (1 | 6, 6))
}

fn dissect(input: &Input<'_>) -> Step {
    if input.bytes.len() < FIXED {
        return Step::short(input, FIXED, "the fixed part of a DHCP message");
    }
    Step::whole(input)
}

fn walk(walk: &mut Walk<'_, '_>) {
    let message = walk.header();
    let has_cookie = message.get(FIXED..Dhcp::LEN) == Some(&[99, 130, 83, 99]);
    if has_cookie {
        fixed(walk, options::overload(message.get(Dhcp::LEN..).unwrap_or_default()));
    } else if !walk.table(BOOTP, FIXED) {
        return;
    }
    address(walk, message);
    let mut is_bootp = true;
    if has_cookie {
        is_bootp = !options::walk(walk);
    } else {
        walk.bytes(row!(PARTS, "vend"), usize::MAX);
    }
    if is_bootp {
        walk.derived(row!(PARTS, "bootp"), Value::Uint(1));
    }
}

/// Shows the fixed part of a message with options; these may go on in the file, 1, and in the server's name, 2.
fn fixed(walk: &mut Walk<'_, '_>, overload: u8) {
    if overload & 3 == 0 {
        walk.table(Dhcp::FIELDS, Dhcp::LEN);
        return;
    }
    walk.table(HEAD, NAMES);
    for (bit, field, len) in [(2, row!(Dhcp::FIELDS, "sname"), 64), (1, row!(Dhcp::FIELDS, "file"), 128)] {
        if overload & bit == 0 {
            walk.bytes(field, len);
        } else {
            walk.record(row!(PARTS, "overloaded"), len, |walk| _ = options::walk(walk));
        }
    }
    walk.bytes(row!(Dhcp::FIELDS, "cookie"), 4);
}

/// Shows the part of the client's address that counts.
fn address<'a>(walk: &mut Walk<'a, '_>, message: &'a [u8]) {
    let Some(chaddr) = message.get(28..44) else { return };
    let (htype, hlen) = (message.get(1).copied().unwrap_or(0), message.get(2).copied().unwrap_or(0));
    let Some((address, padding)) = chaddr.split_at_checked(hlen.into()) else { return };
    if address.is_empty() {
        return;
    }
    let field = if is_ethernet(htype, hlen) { row!(PARTS, "mac") } else { row!(PARTS, "hwaddr") };
    walk.derived(field, Value::Bytes(address));
    if !padding.is_empty() {
        walk.derived(row!(PARTS, "hwpad"), Value::Bytes(padding));
    }
}
