//! Families, types and protocols: open newtypes over the kernel's numbers, whose `Debug` prints the manual's names.
//!
//! A number that has no name here passes through unchanged: the kernel decides what it knows. Source: socket(2),
//! `address_families(7)`, protocols(5).

use std::fmt;

use sys::{c, names};

macro_rules! numbers {
    ($(#[$doc:meta])* $type:ident { $($(#[$row_doc:meta])* $constant:ident = $name:ident;)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $type(pub i32);

        impl $type {
            $($(#[$row_doc])* pub const $constant: Self = Self(c::$name);)*

            /// Lists what has a name: the name and the number.
            pub const NAMES: &[(&str, i32)] = &[$((stringify!($name), c::$name)),*];
        }

        impl From<i32> for $type {
            fn from(number: i32) -> Self {
                Self(number)
            }
        }
    };
}

numbers! {
    /// A family of addresses, the first argument of socket(2).
    Family {
        /// Internet, version 4: ip(7).
        INET = AF_INET;
        /// Internet, version 6: ipv6(7).
        INET6 = AF_INET6;
        /// Within the machine: unix(7).
        UNIX = AF_UNIX;
        /// Link-layer frames: packet(7).
        PACKET = AF_PACKET;
        /// The kernel itself: netlink(7).
        NETLINK = AF_NETLINK;
        /// Between a virtual machine and its host: vsock(7).
        VSOCK = AF_VSOCK;
        /// Any family: a hint for name lookups, never a socket's.
        UNSPEC = AF_UNSPEC;
        /// The kernel's crypto interface.
        ALG = AF_ALG;
        /// Bluetooth.
        BLUETOOTH = AF_BLUETOOTH;
        /// Controller area network.
        CAN = AF_CAN;
        /// Cluster messages.
        TIPC = AF_TIPC;
        /// Express data path.
        XDP = AF_XDP;
    }
}

numbers! {
    /// How a socket carries bytes, the second argument of socket(2), without the flags.
    Type {
        /// A reliable stream of bytes without boundaries.
        STREAM = SOCK_STREAM;
        /// Datagrams: boundaries, but no promise of arrival.
        DGRAM = SOCK_DGRAM;
        /// Packets with the protocol's header in our hands; takes `CAP_NET_RAW`.
        RAW = SOCK_RAW;
        /// Reliable, with boundaries, connected.
        SEQPACKET = SOCK_SEQPACKET;
        /// Reliable datagrams in any order.
        RDM = SOCK_RDM;
        /// Datagram congestion control protocol.
        DCCP = SOCK_DCCP;
    }
}

numbers! {
    /// The protocol of an Internet socket, the third argument of socket(2); 0 lets the kernel choose by type.
    Protocol {
        /// The usual one of the family and type.
        DEFAULT = IPPROTO_IP;
        /// RFC 792.
        ICMP = IPPROTO_ICMP;
        /// RFC 3376.
        IGMP = IPPROTO_IGMP;
        /// RFC 9293.
        TCP = IPPROTO_TCP;
        /// RFC 768.
        UDP = IPPROTO_UDP;
        /// RFC 4443.
        ICMPV6 = IPPROTO_ICMPV6;
        /// RFC 9260.
        SCTP = IPPROTO_SCTP;
        /// RFC 3828.
        UDPLITE = IPPROTO_UDPLITE;
        /// IP itself, header included.
        RAW = IPPROTO_RAW;
        /// RFC 8684.
        MPTCP = IPPROTO_MPTCP;
    }
}

impl Family {
    /// Returns the manual's name, `None` for a number that has none; also of the families that have no constant here.
    #[must_use]
    pub fn name(self) -> Option<&'static str> {
        names::find(names::FAMILIES, self.0.into())
    }
}

impl Type {
    /// Returns the manual's name, `None` for a number that has none here.
    #[must_use]
    pub fn name(self) -> Option<&'static str> {
        Self::NAMES.iter().find(|(_, number)| *number == self.0).map(|(name, _)| *name)
    }
}

impl Protocol {
    /// Returns the manual's name, `None` for a number that has none here.
    #[must_use]
    pub fn name(self) -> Option<&'static str> {
        Self::NAMES.iter().find(|(_, number)| *number == self.0).map(|(name, _)| *name)
    }
}

impl fmt::Debug for Family {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        named(f, self.name(), "AF_", self.0)
    }
}

impl fmt::Debug for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // No type has this number; as a hint it is any.
        if self.0 == 0 { f.write_str("0") } else { named(f, self.name(), "SOCK_", self.0) }
    }
}

impl fmt::Debug for Protocol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self == Self::DEFAULT { f.write_str("0") } else { named(f, self.name(), "IPPROTO_", self.0) }
    }
}

fn named(f: &mut fmt::Formatter<'_>, name: Option<&str>, prefix: &str, number: i32) -> fmt::Result {
    match name {
        Some(name) => f.write_str(name),
        None => write!(f, "{prefix}({number})"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_prints_names_never_bare_numbers() {
        assert_eq!(format!("{:?}", Family::INET), "AF_INET");
        assert_eq!(format!("{:?}", Type::SEQPACKET), "SOCK_SEQPACKET");
        assert_eq!(format!("{:?} {:?}", Protocol::TCP, Protocol::DEFAULT), "IPPROTO_TCP 0");
        assert_eq!(format!("{:?} {:?}", Family(99), Family(9)), "AF_(99) AF_X25");
        assert_eq!(format!("{:?} {:?}", Type(0), Type(9)), "0 SOCK_(9)");
        for (name, number) in Family::NAMES {
            assert_eq!(Family(*number).name(), Some(*name));
        }
    }
}
