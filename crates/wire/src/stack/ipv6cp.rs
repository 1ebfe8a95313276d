//! IPv6 Control Protocol of PPP: RFC 5072. Which interface identifiers the ends of a link have.
//!
//! Its packets have the form of all control protocols of PPP.

use super::{Protocol, ppp_control};

/// What is known of it.
pub const PROTOCOL: Protocol = Protocol {
    name: "ipv6cp",
    scapy: "PPP_IPV6CP",
    title: "PPP IPv6 Control Protocol",
    ..ppp_control::PROTOCOL
};
