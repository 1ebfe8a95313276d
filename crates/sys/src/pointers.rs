//! Which bytes of safe code may go to the kernel as an option or a control message: those by which it cannot be made to
//! write into our memory.
//!
//! A few options hold an address inside of their value, to which the kernel writes. Bytes of safe code must not be able
//! to name one, so the rule is an allow-list: options of the numbers in [`KNOWN`] pass, but for those that
//! [`has_address`] names; of every other option a value passes that is too short for an address, or all zeros, which is
//! what a question's buffer holds. That the kernel only *reads* by a pointer (`SO_ATTACH_FILTER`) endangers no memory.
//! Sources: the kernel's headers `linux/tcp.h`, `linux/mptcp.h`, `linux/if_xdp.h`, `linux/rds.h`,
//! `linux/netfilter_{ipv4/ip,ipv6/ip6,arp/arp,bridge/eb}_tables.h`.

use std::ops::RangeInclusive;

use crate::{Errno, c, rights};

/// An address has so many bytes.
const WORD: usize = size_of::<usize>();

/// The numbers on each level of which every option is known: integers and structures without an address, but for those
/// of [`has_address`]. What a later kernel adds is beyond them.
const KNOWN: &[(i32, RangeInclusive<i32>)] = &[
    (c::SOL_SOCKET, 1..=c::option::SO_INQ),
    (c::SOL_IP, 1..=c::option::IP_PROTOCOL),
    (c::SOL_IP, TABLES),
    (c::SOL_IPV6, 1..=c::option::IPV6_FREEBIND),
    (c::SOL_IPV6, TABLES),
    (c::SOL_TCP, 1..=c::option::TCP_DELACK_MAX_US),
    // UDP_CORK, UDP_ENCAP, UDP_NO_CHECK6_TX and _RX, UDP_SEGMENT, UDP_GRO; and UDP-Lite's two.
    (c::SOL_UDP, 1..=104),
    (c::option::SOL_UDPLITE, 1..=104),
    // ICMP_FILTER, ICMPV6_FILTER.
    (c::SOL_RAW, 1..=1),
    (c::option::SOL_ICMPV6, 1..=1),
    (c::SOL_PACKET, 1..=c::option::PACKET_VNET_HDR_SZ),
    // As far as NETLINK_GET_STRICT_CHK.
    (c::SOL_NETLINK, 1..=12),
    // SO_VM_SOCKETS_…, of which the level is the family.
    (c::AF_VSOCK, 0..=8),
    (c::option::SOL_TLS, 1..=5),
    // As far as SCTP_REMOTE_UDP_ENCAPS_PORT; some of them are pointed *from*, to addresses that are read.
    (c::option::SOL_SCTP, 0..=36),
    (c::option::SOL_SCTP, 100..=134),
    (c::option::SOL_MPTCP, 1..=MPTCP_FULL_INFO),
    (c::option::SOL_XDP, 1..=8),
];

/// The options of iptables, ip6tables, arptables and ebtables, each from a base of its own; `SO_ORIGINAL_DST` among them.
const TABLES: RangeInclusive<i32> = 64..=159;
const MPTCP_FULL_INFO: i32 = 4;
const XDP_UMEM_REG: i32 = 4;

/// Refuses with `EOPNOTSUPP` an option whose value could make the kernel write into our memory.
pub(crate) fn refuse(level: i32, name: i32, value: &[u8]) -> Result<(), Errno> {
    let known = KNOWN.iter().any(|(of, names)| *of == level && names.contains(&name));
    let harmless = if known {
        !has_address(level, name, value)
    } else {
        value.len() < WORD || value.iter().all(|byte| *byte == 0)
    };
    if harmless { Ok(()) } else { Err(Errno::EOPNOTSUPP) }
}

/// Tells whether a known option's value holds an address for the kernel to write to.
fn has_address(level: i32, name: i32, value: &[u8]) -> bool {
    let any = |at: usize| value.iter().skip(at).take(WORD).any(|byte| *byte != 0);
    match (level, name) {
        // `struct tcp_zerocopy_receive`: `address` at 0, `copybuf_address` at 24, `msg_control` at 40.
        (c::SOL_TCP, c::option::TCP_ZEROCOPY_RECEIVE) => any(0) || any(24) || any(40),
        // `struct mptcp_full_info`: `subflow_info` at 24, `tcp_info` at 32.
        (c::option::SOL_MPTCP, MPTCP_FULL_INFO) => any(24) || any(32),
        // `struct xdp_umem_reg`: memory that becomes packet buffers.
        (c::option::SOL_XDP, XDP_UMEM_REG) => true,
        // `struct ipt_replace` and its likes: the old counters come back by pointer. SO_ORIGINAL_DST is shorter.
        (c::SOL_IP | c::SOL_IPV6, name) if TABLES.contains(&name) => value.len() > 40,
        _ => false,
    }
}

/// Refuses with `EOPNOTSUPP` control bytes with a message of reliable datagram sockets (`linux/rds.h`): those name memory
/// that the peer may write to. No other level's messages hold an address.
pub(crate) fn refuse_control(control: &[u8]) -> Result<(), Errno> {
    /// `linux/socket.h`; as a socket option's level it is none of [`KNOWN`].
    const SOL_RDS: i32 = 276;
    if rights::messages(control).any(|message| message.level == SOL_RDS) {
        return Err(Errno::EOPNOTSUPP);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::io::IoSlice;
    use std::os::fd::AsFd;

    use super::*;
    use crate::message::HEADER_LEN;
    use crate::{filter, message, socket};

    /// Zeros, with the address of `victim` at `at`.
    fn pointing(victim: &mut [u8], at: usize, len: usize) -> Vec<u8> {
        let mut value = vec![0; len];
        value[at..at + WORD].copy_from_slice(&victim.as_mut_ptr().addr().to_ne_bytes());
        value
    }

    const REFUSED: Result<(), Errno> = Err(Errno::EOPNOTSUPP);

    #[test]
    fn values_that_point_into_memory_are_refused() {
        let mut victim = vec![0xaa; 256];
        let (rds, full) = ((276, 2), (c::option::SOL_MPTCP, MPTCP_FULL_INFO));
        let zerocopy = (c::SOL_TCP, c::option::TCP_ZEROCOPY_RECEIVE);
        let umem = (c::option::SOL_XDP, XDP_UMEM_REG);
        for ((level, name), at, len) in [
            (zerocopy, 0, 24),
            (zerocopy, 24, 40),
            (zerocopy, 40, 64),
            (full, 24, 64),
            (full, 32, 64),
            (umem, 0, 32),
            // RDS_GET_MR: `cookie_addr` follows the vector; RDS_GET_MR_FOR_DEST.
            (rds, 16, 32),
            ((rds.0, 7), 144, 160),
            // IPT_SO_SET_REPLACE: `counters`.
            ((c::SOL_IP, 64), 88, 96),
            // An option that nobody knows yet, on a known level.
            ((c::SOL_TCP, 4000), 8, 16),
        ] {
            assert_eq!(refuse(level, name, &pointing(&mut victim, at, len)), REFUSED, "{level} {name} {at}");
        }
        assert_eq!(victim, [0xaa; 256]);
    }

    #[test]
    fn the_kernel_is_not_asked_to_write_into_a_victim() {
        let Ok(mptcp) = socket::socket(c::AF_INET, c::SOCK_STREAM, c::IPPROTO_MPTCP) else {
            assert!(std::env::var_os("CI").is_none(), "the kernel has no MPTCP");
            eprintln!("skipped: the kernel has no MPTCP");
            return;
        };
        let mut victim = vec![0xaa; 1024];
        for at in [24, 32] {
            let mut value = pointing(&mut victim, at, 64);
            // One entry of what the field points to, and what the kernel writes at most of it.
            value[4..8].copy_from_slice(&256u32.to_ne_bytes());
            value[12..16].copy_from_slice(&256u32.to_ne_bytes());
            value[20..24].copy_from_slice(&1u32.to_ne_bytes());
            let (level, name) = (c::option::SOL_MPTCP, MPTCP_FULL_INFO);
            assert_eq!(socket::getsockopt(mptcp.as_fd(), level, name, &mut value), Err(Errno::EOPNOTSUPP));
        }
        assert_eq!(victim, [0xaa; 1024]);
    }

    #[test]
    fn what_holds_no_address_passes() {
        let zeros = [0; 64];
        assert_eq!(refuse(c::SOL_TCP, c::option::TCP_ZEROCOPY_RECEIVE, &zeros), Ok(()));
        assert_eq!(refuse(c::option::SOL_MPTCP, MPTCP_FULL_INFO, &zeros), Ok(()));
        assert_eq!(refuse(c::SOL_IP, 80, &[1; 16]), Ok(()), "SO_ORIGINAL_DST");
        assert_eq!(refuse(9999, 1, &[1; 4]), Ok(()), "an int of a level that nobody knows");
        assert_eq!(refuse(9999, 1, &zeros), Ok(()), "a question");
        assert_eq!(refuse(9999, 1, &[1; 8]), REFUSED);
    }

    #[test]
    fn every_call_that_sets_or_asks_passes_here() {
        let tcp = socket::socket(c::AF_INET, c::SOCK_STREAM, 0).unwrap();
        let (level, name) = (c::SOL_TCP, 4000);
        assert_eq!(socket::setsockopt(tcp.as_fd(), level, name, &[1; 16]), REFUSED);
        assert_eq!(crate::option::setsockopt_mut(tcp.as_fd(), level, name, &mut [1; 16]), REFUSED);
        assert_eq!(socket::getsockopt(tcp.as_fd(), level, name, &mut [1; 16]), Err(Errno::EOPNOTSUPP));
        // `attach` hands an address over: to the options that take a program, and to no other.
        let program = [filter::Instruction { code: 0x06, jt: 0, jf: 0, k: 1 }];
        let attached = filter::attach(tcp.as_fd(), c::SOL_SOCKET, c::option::SO_DEBUG, &program);
        assert_eq!(attached, Err(Errno::EINVAL));
    }

    #[test]
    fn control_messages_that_name_memory_are_refused() {
        let message = |level: i32| {
            let mut bytes = (HEADER_LEN + 8).to_ne_bytes().to_vec();
            bytes.extend(level.to_ne_bytes());
            bytes.extend([0; 12]);
            bytes
        };
        let (left, _right) = socket::socketpair(c::AF_UNIX, c::SOCK_DGRAM, 0).unwrap();
        let second = [message(c::SOL_IP), message(276)].concat();
        let sent = message::sendmsg(left.as_fd(), &[IoSlice::new(b"x")], &second, 0, None);
        assert_eq!(sent, Err(Errno::EOPNOTSUPP));
        assert_eq!(refuse_control(&message(c::SOL_IP)), Ok(()));
        for cut in 0..second.len() {
            let _ = refuse_control(&second[..cut]);
        }
        assert_eq!(refuse_control(&[0; 64]), Ok(()), "a message without a length ends the walk");
    }
}
