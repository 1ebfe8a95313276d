//! Multicast DNS: RFC 6762. Its messages are those of DNS; the highest bit of a question's class says where the answer may go (QU),
//! that of a record's class that older ones are to be forgotten (cache flush).

use super::{Protocol, dns};

/// What is known of it.
pub const PROTOCOL: Protocol = dns::MULTICAST;
