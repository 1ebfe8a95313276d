//! Dynamic Host Configuration Protocol for IPv6: RFC 8415, sections 8 and 9.
//!
//! ```text
//!  0                   1                   2                   3
//!  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! |    msg-type   |               transaction-id                  |
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! |                            options                            |
//! |                 (variable number and length)                  |
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//!
//! Between relay agents and servers:
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! |    msg-type   |   hop-count   |  and then link-address and peer-address, 16 bytes each, and options
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! ```
//!
//! `options.rs` lists the options; `inside.rs` goes through those that have parts, and through messages within messages.

pub mod inside;
mod line;
pub mod options;

use core::net::Ipv6Addr;

use super::Protocol;
use crate::header::header;
use crate::packet::{Input, Step};

header! {
    /// The header of a message between client and server.
    pub struct Dhcpv6: 4 bytes;

    /// Message type: what it is for.
    msgtype: u8 = 0..8, DecOf(message_type), "dhcpv6.msgtype", default(1);
    /// Transaction ID: the same in question and answer.
    trid: u32 = 8..32, Hex, "dhcpv6.xid", default(0);
}

header! {
    /// The header of a message between relay agents and servers.
    pub struct Relay: 34 bytes;

    /// Message type: which way it goes.
    msgtype: u8 = 0..8, DecOf(message_type), "dhcpv6.msgtype", default(12);
    /// Hop count: relay agents on the way.
    hopcount: u8 = 8..16, Dec, "dhcpv6.hopcount", default(0);
    /// Link address: of the link that the client is on.
    linkaddr: Ipv6Addr = 16..144, Ipv6, "dhcpv6.linkaddr", default(0);
    /// Peer address: from whom the message came.
    peeraddr: Ipv6Addr = 144..272, Ipv6, "dhcpv6.peeraddr", default(0);
}

/// What is known of it.
pub const PROTOCOL: Protocol = Protocol {
    name: "dhcpv6",
    scapy: "DHCP6",
    title: "Dynamic Host Configuration Protocol for IPv6",
    fields: Dhcpv6::FIELDS,
    more: &[
        Relay::FIELDS,
        options::PARTS,
        options::VALUES,
        inside::PARTS,
        inside::Ia::FIELDS,
        inside::Address::FIELDS,
        inside::Prefix::FIELDS,
        inside::Authentication::FIELDS,
        inside::ClientFqdn::FIELDS,
        inside::ServerFqdn::FIELDS,
        inside::NtpOption::FIELDS,
        inside::VendorOption::FIELDS,
    ],
    options: options::OPTIONS,
    dissect,
    walk: |walk| inside::message(walk, 0),
    line: line::line,
    ..Protocol::BARE
};

/// Tells whether a message has the header of relay agents.
const fn is_relayed(msgtype: u8) -> bool {
    matches!(msgtype, 12 | 13)
}

/// Names a type of message. Source: IANA's registry of DHCPv6 parameters.
fn message_type(number: u64) -> Option<&'static str> {
    const NAMES: [&str; 37] = [
        "", "Solicit", "Advertise", "Request", "Confirm", "Renew", "Rebind", "Reply", "Release", "Decline",
        "Reconfigure", "Information-request", "Relay-forw", "Relay-reply", "Leasequery", "Leasequery-reply",
        "Leasequery-done", "Leasequery-data", "Reconfigure-request", "Reconfigure-reply", "DHCPv4-query",
        "DHCPv4-response", "ActiveLeasequery", "StartTLS", "BndUpd", "BndReply", "PoolReq", "PoolResp", "UpdReq",
        "UpdReqAll", "UpdDone", "Connect", "ConnectReply", "Disconnect", "State", "Contact", "",
    ];
    NAMES.get(usize::try_from(number).ok()?).copied().filter(|name| !name.is_empty())
}

fn dissect(input: &Input<'_>) -> Step {
    let is_relayed = input.bytes.first().is_some_and(|msgtype| is_relayed(*msgtype));
    let len = if is_relayed { Relay::LEN } else { Dhcpv6::LEN };
    if input.bytes.len() < len {
        return Step::short(input, len, "the header of a DHCPv6 message");
    }
    Step::whole(input)
}
