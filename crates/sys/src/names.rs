//! The manual's names of numbers and flags: what `Debug` prints of this crate's types, and a trace of its calls.
//!
//! A number without a name stays a number; flags without a name stay as one hexadecimal rest, so that nothing is hidden.
//! Which kind of number an argument of a call is, and what depends on another argument, is known one floor up.
//! Sources: the manual page of each call, and the headers from which [`crate::c`] and `libc` have the numbers.

use crate::c;

/// Names with their numbers; of flags the bits.
pub type Names = &'static [(&'static str, i64)];

/// The 32 bits of a flag word.
pub const WORD: i64 = 0xffff_ffff;

/// Pairs each constant with its own name. As flags they are words of 32 bits: `EPOLLET` is the highest one.
#[macro_export]
#[doc(hidden)]
macro_rules! names_of {
    ($from:path: $($name:ident)+) => {{
        use $from as numbers;
        const NAMES: $crate::names::Names = &[$((stringify!($name), numbers::$name as i64 & $crate::names::WORD)),+];
        NAMES
    }};
}
pub use names_of;

/// Finds the name of a number.
#[must_use]
pub fn find(names: Names, number: i64) -> Option<&'static str> {
    names.iter().find(|(_, known)| *known == number).map(|(name, _)| *name)
}

/// Names a number, or writes it.
#[must_use]
pub fn number(names: Names, number: i64) -> String {
    find(names, number).map_or_else(|| number.to_string(), str::to_owned)
}

/// Names flags: `MSG_PEEK|MSG_DONTWAIT`, with those that have no name as one hexadecimal number at the end.
///
/// ```
/// use jackfield_sys::names::{POLL_EVENTS, flags};
///
/// assert_eq!(flags(POLL_EVENTS, 0x11), "POLLIN|POLLHUP");
/// assert_eq!(flags(POLL_EVENTS, 0), "0");
/// ```
#[must_use]
pub fn flags(names: Names, number: i64) -> String {
    let mut rest = number & WORD;
    let mut parts = Vec::new();
    for (name, bits) in names {
        if rest & bits == *bits {
            rest &= !bits;
            parts.push((*name).to_owned());
        }
    }
    join(parts, rest)
}

/// Joins the named parts of flags and the hexadecimal rest; nothing at all is `0`.
#[must_use]
pub fn join(mut parts: Vec<String>, rest: i64) -> String {
    if rest != 0 {
        parts.push(format!("{rest:#x}"));
    }
    if parts.is_empty() { "0".to_owned() } else { parts.join("|") }
}

/// Flags of send(2) and recv(2), those among them that the kernel keeps to itself.
pub const MESSAGE_FLAGS: Names = names_of! { c:
    MSG_OOB MSG_PEEK MSG_DONTROUTE MSG_CTRUNC MSG_PROBE MSG_TRUNC MSG_DONTWAIT MSG_EOR MSG_WAITALL MSG_FIN MSG_SYN
    MSG_CONFIRM MSG_RST MSG_ERRQUEUE MSG_NOSIGNAL MSG_MORE MSG_WAITFORONE MSG_SENDPAGE_NOTLAST MSG_BATCH
    MSG_NO_SHARED_FRAGS MSG_SENDPAGE_DECRYPTED MSG_SOCK_DEVMEM MSG_ZEROCOPY MSG_SPLICE_PAGES MSG_FASTOPEN
    MSG_CMSG_CLOEXEC MSG_CMSG_COMPAT
};

/// Events of poll(2).
pub const POLL_EVENTS: Names = names_of! { c:
    POLLIN POLLPRI POLLOUT POLLERR POLLHUP POLLNVAL POLLRDNORM POLLRDBAND POLLWRNORM POLLWRBAND POLLRDHUP
};

/// Events of epoll(7), the modes of a registration among them.
pub const EPOLL_EVENTS: Names = names_of! { c:
    EPOLLIN EPOLLPRI EPOLLOUT EPOLLERR EPOLLHUP EPOLLRDNORM EPOLLRDBAND EPOLLWRNORM EPOLLWRBAND EPOLLMSG EPOLLRDHUP
    EPOLLEXCLUSIVE EPOLLWAKEUP EPOLLONESHOT EPOLLET
};

/// Families of addresses: `address_families(7)`.
pub const FAMILIES: Names = names_of! { libc:
    AF_UNSPEC AF_UNIX AF_INET AF_AX25 AF_IPX AF_APPLETALK AF_NETROM AF_BRIDGE AF_ATMPVC AF_X25 AF_INET6 AF_ROSE
    AF_DECnet AF_NETBEUI AF_SECURITY AF_KEY AF_NETLINK AF_PACKET AF_ASH AF_ECONET AF_ATMSVC AF_RDS AF_SNA AF_IRDA
    AF_PPPOX AF_WANPIPE AF_LLC AF_IB AF_MPLS AF_CAN AF_TIPC AF_BLUETOOTH AF_IUCV AF_RXRPC AF_ISDN AF_PHONET
    AF_IEEE802154 AF_CAIF AF_ALG AF_NFC AF_VSOCK AF_XDP
};

/// Protocols of Ethernet frames, in host order: `linux/if_ether.h`.
pub const ETHERNET: Names = names_of! { libc:
    ETH_P_802_3 ETH_P_AX25 ETH_P_ALL ETH_P_802_2 ETH_P_LOOP ETH_P_IP ETH_P_X25 ETH_P_ARP ETH_P_BATMAN ETH_P_TEB
    ETH_P_RARP ETH_P_ATALK ETH_P_AARP ETH_P_8021Q ETH_P_IPX ETH_P_IPV6 ETH_P_PAUSE ETH_P_SLOW ETH_P_MPLS_UC
    ETH_P_MPLS_MC ETH_P_PPP_DISC ETH_P_PPP_SES ETH_P_PAE ETH_P_AOE ETH_P_8021AD ETH_P_TIPC ETH_P_LLDP ETH_P_MACSEC
    ETH_P_8021AH ETH_P_MVRP ETH_P_1588 ETH_P_PRP ETH_P_FCOE ETH_P_FIP ETH_P_LOOPBACK ETH_P_CANFD ETH_P_IEEE802154
};

/// Kinds of hardware: `linux/if_arp.h`.
pub const HARDWARE: Names = names_of! { libc:
    ARPHRD_NETROM ARPHRD_ETHER ARPHRD_AX25 ARPHRD_IEEE802 ARPHRD_ARCNET ARPHRD_ATM ARPHRD_IEEE1394 ARPHRD_EUI64
    ARPHRD_INFINIBAND ARPHRD_SLIP ARPHRD_CAN ARPHRD_PPP ARPHRD_RAWHDLC ARPHRD_TUNNEL ARPHRD_TUNNEL6 ARPHRD_LOOPBACK
    ARPHRD_FDDI ARPHRD_SIT ARPHRD_IPGRE ARPHRD_IEEE80211 ARPHRD_IEEE80211_PRISM ARPHRD_IEEE80211_RADIOTAP
    ARPHRD_IEEE802154 ARPHRD_VOID ARPHRD_NONE
};

/// To whom a packet was sent: packet(7).
pub const PACKET_TYPES: Names = names_of! { libc:
    PACKET_HOST PACKET_BROADCAST PACKET_MULTICAST PACKET_OTHERHOST PACKET_OUTGOING PACKET_LOOPBACK PACKET_USER
    PACKET_KERNEL
};

/// Who says that something sent went wrong: `ee_origin` of `struct sock_extended_err`, ip(7).
pub const ERROR_ORIGINS: Names = names_of! { c:
    SO_EE_ORIGIN_NONE SO_EE_ORIGIN_LOCAL SO_EE_ORIGIN_ICMP SO_EE_ORIGIN_ICMP6 SO_EE_ORIGIN_TIMESTAMPING
    SO_EE_ORIGIN_ZEROCOPY SO_EE_ORIGIN_TXTIME
};

/// Control messages of the level `SOL_SOCKET` that no option asks for: unix(7), socket(7).
pub const CONTROL_MESSAGES: Names = names_of! { c:
    SCM_RIGHTS SCM_CREDENTIALS SCM_SECURITY SCM_PIDFD
};

/// Clocks by which a packet may be sent: clock_gettime(2).
pub const CLOCKS: Names = names_of! { libc: CLOCK_REALTIME CLOCK_MONOTONIC CLOCK_BOOTTIME CLOCK_TAI };

/// What a packet socket's membership asks for: packet(7).
pub const LINK_MEMBERSHIPS: Names = names_of! { libc:
    PACKET_MR_MULTICAST PACKET_MR_PROMISC PACKET_MR_ALLMULTI PACKET_MR_UNICAST
};

/// Signals that [`crate::signal::catch_interrupts`] catches.
pub const SIGNALS: Names = names_of! { c: SIGHUP SIGINT SIGTERM };

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_number_of_a_kind_has_two_names() {
        for names in [
            MESSAGE_FLAGS,
            POLL_EVENTS,
            EPOLL_EVENTS,
            FAMILIES,
            ETHERNET,
            HARDWARE,
            PACKET_TYPES,
            ERROR_ORIGINS,
            CONTROL_MESSAGES,
            CLOCKS,
            LINK_MEMBERSHIPS,
            SIGNALS,
        ] {
            let mut numbers: Vec<_> = names.iter().map(|(_, number)| *number).collect();
            numbers.sort_unstable();
            numbers.dedup();
            assert_eq!(numbers.len(), names.len(), "{names:?}");
        }
    }

    #[test]
    fn what_has_no_name_stays() {
        assert_eq!(flags(MESSAGE_FLAGS, 0x0020_0041), "MSG_OOB|MSG_DONTWAIT|0x200000");
        assert_eq!((number(FAMILIES, 2), number(FAMILIES, 200)), ("AF_INET".to_owned(), "200".to_owned()));
    }
}
