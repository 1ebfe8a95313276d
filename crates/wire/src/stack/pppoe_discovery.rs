//! PPP over Ethernet, its discovery stage: RFC 2516, section 5. The packets are those of a session but for their EtherType,
//! their code, and that they carry tags.

use super::{Protocol, pppoe};

/// What is known of it.
pub const PROTOCOL: Protocol = Protocol {
    name: "pppoed",
    scapy: "PPPoED",
    title: "PPP-over-Ethernet Discovery",
    fields: pppoe::Discovery::FIELDS,
    is_fixed: |header| !pppoe::is_session(header),
    ..pppoe::PROTOCOL
};
