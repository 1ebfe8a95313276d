//! Compression Control Protocol of PPP: RFC 1962. How packets on a link are compressed.
//!
//! Its packets have the form of all control protocols of PPP.

use super::{Protocol, ppp_control};

/// What is known of it.
pub const PROTOCOL: Protocol = Protocol {
    name: "ccp",
    scapy: "PPP_CCP",
    title: "PPP Compression Control Protocol",
    ..ppp_control::PROTOCOL
};
