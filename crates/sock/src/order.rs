//! Byte order: from the machine's to the network's and back. Pure user space, no call.
//!
//! On a machine whose own order is the network's these change nothing, and still belong in the program. Source:
//! byteorder(3).

use sys::Op;
use sys::door::{self, Value};

/// Turns 16 bits, a port, from the machine's order into the network's. Source: htons(3).
///
/// ```
/// use jackfield_sock::order::htons;
///
/// assert_eq!(htons(54321).to_ne_bytes(), [0xd4, 0x31]);
/// ```
#[must_use]
pub fn htons(hostshort: u16) -> u16 {
    noted(Op::Htons, "hostshort", hostshort, hostshort.to_be())
}

/// Turns 32 bits, an IPv4 address, from the machine's order into the network's. Source: htonl(3).
#[must_use]
pub fn htonl(hostlong: u32) -> u32 {
    noted(Op::Htonl, "hostlong", hostlong, hostlong.to_be())
}

/// Turns 16 bits from the network's order into the machine's. Source: ntohs(3).
#[must_use]
pub fn ntohs(netshort: u16) -> u16 {
    noted(Op::Ntohs, "netshort", netshort, u16::from_be(netshort))
}

/// Turns 32 bits from the network's order into the machine's. Source: ntohl(3).
#[must_use]
pub fn ntohl(netlong: u32) -> u32 {
    noted(Op::Ntohl, "netlong", netlong, u32::from_be(netlong))
}

fn noted<T: Copy + Into<i64>>(op: Op, name: &'static str, before: T, after: T) -> T {
    door::note(op, || (vec![(name, Value::Int(before.into()))], Ok(Value::Int(after.into()))));
    after
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_network_is_big_endian() {
        assert_eq!(htons(0x1234).to_ne_bytes(), [0x12, 0x34]);
        assert_eq!(htonl(0x7f00_0001).to_ne_bytes(), [127, 0, 0, 1]);
        assert_eq!(ntohs(u16::from_ne_bytes([0, 80])), 80);
        assert_eq!(ntohl(htonl(0xdead_beef)), 0xdead_beef);
    }
}
