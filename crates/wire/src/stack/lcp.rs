//! Link Control Protocol of PPP: RFC 1661, section 5. How the link is set up, kept and closed.
//!
//! Its packets have the form of all control protocols of PPP.

use super::{Protocol, ppp_control};

/// What is known of it.
pub const PROTOCOL: Protocol = Protocol {
    name: "lcp",
    scapy: "PPP_LCP",
    title: "PPP Link Control Protocol",
    ..ppp_control::PROTOCOL
};
