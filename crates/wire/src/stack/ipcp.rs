//! IP Control Protocol of PPP: RFC 1332 and 1877. Which addresses the ends of a link have.
//!
//! Its packets have the form of all control protocols of PPP.

use super::{Protocol, ppp_control};

/// What is known of it.
pub const PROTOCOL: Protocol = Protocol {
    name: "ipcp",
    scapy: "PPP_IPCP",
    title: "PPP IP Control Protocol",
    ..ppp_control::PROTOCOL
};
