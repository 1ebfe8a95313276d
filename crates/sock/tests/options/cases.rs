//! One case for each row: on which socket, and what must come of it.
//!
//! A case that cannot set and read back says why in its `why`: what it does instead is then the most that can be
//! tried on a machine of no particular kind.

use std::net::{Ipv4Addr, Ipv6Addr};
use std::os::fd::AsFd;
use std::time::Duration;

use jackfield_sock::option::{
    Instruction, Ipv4Membership, Ipv4Source, Ipv6Membership, Ipv6PacketInfo, LinkMembership, PortRange,
    TcpState, TransmitTime, ip, ipv6, packet, so, tcp, udp,
};
use jackfield_sock::{Errno, Family, Protocol, Result, Socket, Type, c};
use sys::cap::Capability;

use crate::probe::Probe::{
    Connected4, Connected6, Mapped, Packet, Raw4, Raw6, Raw6Raw, Tcp4, Tcp6, Udp4, Udp6, UdpConnected4,
    UdpConnected6, Unix,
};
use crate::probe::{Probe, address, both, loopback, may, n, policy, refused, storage, sysctl, toggle};

/// How one option is tried.
#[derive(Clone, Copy)]
pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) probe: Probe,
    /// Whether the run needs the row's capability, so that it must be refused without.
    pub(crate) gated: bool,
    pub(crate) run: fn(&Socket) -> Result<()>,
}

pub(crate) const CASES: &[&[Case]] = &[SO, IP, IPV6, TCP, UDP, PACKET];

const fn case(name: &'static str, probe: Probe, run: fn(&Socket) -> Result<()>) -> Case {
    Case { name, probe, gated: false, run }
}

/// A case that takes the capability of its row.
const fn gated(name: &'static str, probe: Probe, run: fn(&Socket) -> Result<()>) -> Case {
    Case { name, probe, gated: true, run }
}

/// A case that can do less than set and read back, and why.
const fn less(name: &'static str, probe: Probe, why: &'static str, run: fn(&Socket) -> Result<()>) -> Case {
    assert!(!why.is_empty());
    case(name, probe, run)
}

const SECOND: Duration = Duration::from_secs(1);

/// `ret #k`: keep so many bytes of a packet, or choose the socket of that number.
const fn ret(k: u32) -> Instruction {
    Instruction { code: 0x06, jt: 0, jf: 0, k }
}

/// Makes a UDP socket the first of a group that shares its port.
fn share_port(s: &Socket) -> Result<()> {
    so::set_reuse_port(s, true)?;
    s.bind(&address("127.0.0.1:0"))
}

fn groups_of_this_process() -> Vec<u32> {
    let status = std::fs::read_to_string("/proc/thread-self/status").unwrap();
    let groups = status.lines().find_map(|line| line.strip_prefix("Groups:")).unwrap();
    groups.split_ascii_whitespace().map(|group| group.parse().unwrap()).collect()
}

pub(crate) const SO: &[Case] = &[
    gated("SO_DEBUG", Tcp4, |s| toggle(s, so::debug, so::set_debug)),
    case("SO_REUSEADDR", Tcp4, |s| toggle(s, so::reuse_address, so::set_reuse_address)),
    case("SO_TYPE", Udp4, |s| {
        assert_eq!(so::kind(s)?, Type::DGRAM);
        Ok(())
    }),
    case("SO_ERROR", Tcp4, |s| {
        assert_eq!(so::error(s)?, None);
        Ok(())
    }),
    case("SO_DONTROUTE", Udp4, |s| toggle(s, so::dont_route, so::set_dont_route)),
    case("SO_BROADCAST", Udp4, |s| toggle(s, so::broadcast, so::set_broadcast)),
    case("SO_SNDBUF", Udp4, |s| {
        so::set_send_buffer(s, 20_000)?;
        assert_eq!(so::send_buffer(s)?, 40_000);
        Ok(())
    }),
    case("SO_RCVBUF", Udp4, |s| {
        so::set_receive_buffer(s, 20_000)?;
        assert_eq!(so::receive_buffer(s)?, 40_000);
        Ok(())
    }),
    gated("SO_SNDBUFFORCE", Udp4, |s| {
        so::set_send_buffer_force(s, 1 << 26)?;
        assert_eq!(so::send_buffer(s)?, 1 << 27);
        Ok(())
    }),
    gated("SO_RCVBUFFORCE", Udp4, |s| {
        so::set_receive_buffer_force(s, 1 << 26)?;
        assert_eq!(so::receive_buffer(s)?, 1 << 27);
        Ok(())
    }),
    case("SO_KEEPALIVE", Tcp4, |s| toggle(s, so::keep_alive, so::set_keep_alive)),
    case("SO_OOBINLINE", Tcp4, |s| toggle(s, so::oob_inline, so::set_oob_inline)),
    case("SO_NO_CHECK", Udp4, |s| toggle(s, so::no_check, so::set_no_check)),
    gated("SO_PRIORITY", Udp4, |s| both(s, so::priority, so::set_priority, &[6, 0, 7])),
    case("SO_LINGER", Tcp4, |s| {
        both(s, so::linger, so::set_linger, &[Some(5 * SECOND), Some(Duration::ZERO), None])
    }),
    less("SO_BSDCOMPAT", Udp4, "the kernel takes it and ignores it", |s| {
        so::set_bsd_compat(s, true)?;
        assert!(!so::bsd_compat(s)?);
        Ok(())
    }),
    case("SO_REUSEPORT", Udp4, |s| toggle(s, so::reuse_port, so::set_reuse_port)),
    case("SO_PASSCRED", Unix, |s| toggle(s, so::pass_credentials, so::set_pass_credentials)),
    case("SO_PEERCRED", Unix, |s| {
        use std::os::unix::fs::MetadataExt;
        let me = std::fs::metadata("/proc/self").unwrap();
        let peer = so::peer_credentials(s)?;
        assert_eq!((peer.pid.cast_unsigned(), peer.uid, peer.gid), (std::process::id(), me.uid(), me.gid()));
        Ok(())
    }),
    case("SO_RCVLOWAT", Tcp4, |s| both(s, so::receive_low_water, so::set_receive_low_water, &[100, 1])),
    case("SO_SNDLOWAT", Tcp4, |s| {
        assert_eq!(so::send_low_water(s)?, 1);
        Ok(())
    }),
    case("SO_RCVTIMEO", Udp4, |s| {
        both(s, so::receive_timeout, so::set_receive_timeout, &[Some(3 * SECOND / 2), None])
    }),
    case("SO_SNDTIMEO", Udp4, |s| {
        both(s, so::send_timeout, so::set_send_timeout, &[Some(3 * SECOND / 2), None])
    }),
    gated("SO_BINDTODEVICE", Udp4, |s| {
        assert_eq!(so::bind_to_device(s)?, "");
        so::set_bind_to_device(s, "lo")?;
        assert_eq!(so::bind_to_device(s)?, "lo");
        // To change it takes the capability.
        so::set_bind_to_device(s, "")?;
        assert_eq!(so::bind_to_device(s)?, "");
        Ok(())
    }),
    case("SO_ATTACH_FILTER", Udp4, |s| {
        let program = [ret(8)];
        so::attach_filter(s, &program)?;
        assert_eq!(so::filter(s)?, program);
        Ok(())
    }),
    case("SO_DETACH_FILTER", Udp4, |s| {
        so::attach_filter(s, &[ret(8)])?;
        so::detach_filter(s)?;
        assert_eq!(so::filter(s)?, []);
        refused(so::detach_filter(s), &[Errno::ENOENT])
    }),
    case("SO_PEERNAME", Connected4, |s| {
        assert_eq!(so::peer_name(s)?, s.getpeername()?);
        Ok(())
    }),
    case("SO_TIMESTAMP", Udp4, |s| toggle(s, so::timestamp, so::set_timestamp)),
    case("SO_ACCEPTCONN", Tcp4, |s| {
        assert!(!so::accepts_connections(s)?);
        s.bind(&address("127.0.0.1:0"))?;
        s.listen(1)?;
        assert!(so::accepts_connections(s)?);
        Ok(())
    }),
    less("SO_PEERSEC", Unix, "what it says depends on the machine's security module", |s| {
        assert!(!so::peer_security(s)?.is_empty());
        Ok(())
    }),
    case("SO_PASSSEC", Unix, |s| toggle(s, so::pass_security, so::set_pass_security)),
    case("SO_TIMESTAMPNS", Udp4, |s| toggle(s, so::timestamp_ns, so::set_timestamp_ns)),
    gated("SO_MARK", Udp4, |s| both(s, so::mark, so::set_mark, &[0xffff_0001, 0])),
    case("SO_TIMESTAMPING", Udp4, |s| both(s, so::timestamping, so::set_timestamping, &[0x18, 0])),
    case("SO_PROTOCOL", Tcp4, |s| {
        assert_eq!(so::protocol(s)?, Protocol::TCP);
        Ok(())
    }),
    case("SO_DOMAIN", Tcp4, |s| {
        assert_eq!(so::domain(s)?, Family::INET);
        Ok(())
    }),
    case("SO_RXQ_OVFL", Udp4, |s| toggle(s, so::receive_overflow, so::set_receive_overflow)),
    case("SO_WIFI_STATUS", Udp4, |s| toggle(s, so::wifi_status, so::set_wifi_status)),
    case("SO_PEEK_OFF", Unix, |s| both(s, so::peek_offset, so::set_peek_offset, &[3, -1])),
    case("SO_NOFCS", Udp4, |s| toggle(s, so::no_fcs, so::set_no_fcs)),
    case("SO_LOCK_FILTER", Udp4, |s| {
        so::set_lock_filter(s, true)?;
        assert!(so::lock_filter(s)?);
        // For good: not even root takes it back.
        assert!(so::set_lock_filter(s, false).unwrap_err().is_permission());
        assert!(so::attach_filter(s, &[ret(1)]).unwrap_err().is_permission());
        Ok(())
    }),
    case("SO_SELECT_ERR_QUEUE", Udp4, |s| toggle(s, so::select_error_queue, so::set_select_error_queue)),
    case("SO_BUSY_POLL", Udp4, |s| {
        let more = so::busy_poll(s)? + Duration::from_micros(50);
        match both(s, so::busy_poll, so::set_busy_poll, &[more]) {
            // Older kernels let nobody raise it without the capability.
            Err(error) if error.is_permission() && !may(Capability::NetAdmin) => {}
            done => done?,
        }
        both(s, so::busy_poll, so::set_busy_poll, &[Duration::ZERO])
    }),
    case("SO_MAX_PACING_RATE", Tcp4, |s| {
        both(s, so::max_pacing_rate, so::set_max_pacing_rate, &[1 << 20, 1 << 40, u64::MAX])
    }),
    case("SO_BPF_EXTENSIONS", Udp4, |s| {
        assert!(so::bpf_extensions(s)? > 0);
        Ok(())
    }),
    case("SO_INCOMING_CPU", Udp4, |s| both(s, so::incoming_cpu, so::set_incoming_cpu, &[0])),
    less("SO_ATTACH_BPF", Udp4, "a program takes bpf(2), which makes no sockets", |s| {
        refused(so::attach_bpf(s, s.as_fd()), &[Errno::EINVAL])
    }),
    case("SO_ATTACH_REUSEPORT_CBPF", Udp4, |s| {
        share_port(s)?;
        so::attach_reuse_port_filter(s, &[ret(0)])
    }),
    less("SO_ATTACH_REUSEPORT_EBPF", Udp4, "a program takes bpf(2), which makes no sockets", |s| {
        share_port(s)?;
        refused(so::attach_reuse_port_bpf(s, s.as_fd()), &[Errno::EINVAL])
    }),
    less("SO_CNX_ADVICE", Udp4, "it can only be set", |s| so::set_connection_advice(s, 1)),
    case("SO_MEMINFO", Udp4, |s| {
        so::set_receive_buffer(s, 20_000)?;
        // SK_MEMINFO_RCVBUF of linux/sock_diag.h.
        assert_eq!(so::memory_info(s)?.get(1), Some(&40_000));
        Ok(())
    }),
    case("SO_INCOMING_NAPI_ID", Udp4, |s| {
        assert_eq!(so::incoming_napi_id(s)?, 0);
        Ok(())
    }),
    case("SO_COOKIE", Udp4, |s| {
        assert_ne!(so::cookie(s)?, 0);
        assert_eq!(so::cookie(s)?, so::cookie(s)?);
        Ok(())
    }),
    case("SO_PEERGROUPS", Unix, |s| {
        assert_eq!(so::peer_groups(s)?, groups_of_this_process());
        Ok(())
    }),
    case("SO_ZEROCOPY", Tcp4, |s| toggle(s, so::zero_copy, so::set_zero_copy)),
    gated("SO_TXTIME", Udp4, |s| {
        // CLOCK_MONOTONIC for everybody, CLOCK_TAI for the privileged.
        let clocks = [TransmitTime { clock: 1, flags: 2 }, TransmitTime { clock: 11, flags: 0 }];
        both(s, so::transmit_time, so::set_transmit_time, &clocks)
    }),
    gated("SO_BINDTOIFINDEX", Udp4, |s| {
        both(s, so::bind_to_interface, so::set_bind_to_interface, &[loopback(), 0])
    }),
    case("SO_TIMESTAMP_NEW", Udp4, |s| toggle(s, so::timestamp_new, so::set_timestamp_new)),
    case("SO_TIMESTAMPNS_NEW", Udp4, |s| toggle(s, so::timestamp_ns_new, so::set_timestamp_ns_new)),
    case("SO_TIMESTAMPING_NEW", Udp4, |s| {
        both(s, so::timestamping_new, so::set_timestamping_new, &[0x18, 0])
    }),
    case("SO_RCVTIMEO_NEW", Udp4, |s| {
        both(s, so::receive_timeout_new, so::set_receive_timeout_new, &[Some(3 * SECOND / 2), None])
    }),
    case("SO_SNDTIMEO_NEW", Udp4, |s| {
        both(s, so::send_timeout_new, so::set_send_timeout_new, &[Some(3 * SECOND / 2), None])
    }),
    case("SO_DETACH_REUSEPORT_BPF", Udp4, |s| {
        share_port(s)?;
        so::attach_reuse_port_filter(s, &[ret(0)])?;
        so::detach_reuse_port_bpf(s)?;
        refused(so::detach_reuse_port_bpf(s), &[Errno::ENOENT])
    }),
    gated("SO_PREFER_BUSY_POLL", Udp4, |s| toggle(s, so::prefer_busy_poll, so::set_prefer_busy_poll)),
    gated("SO_BUSY_POLL_BUDGET", Udp4, |s| so::set_busy_poll_budget(s, 64)),
    case("SO_NETNS_COOKIE", Udp4, |s| {
        assert_ne!(so::netns_cookie(s)?, 0);
        Ok(())
    }),
    case("SO_BUF_LOCK", Udp4, |s| both(s, so::buffer_lock, so::set_buffer_lock, &[1, 2, 3, 0])),
    case("SO_RESERVE_MEM", Tcp4, |s| {
        assert_eq!(so::reserve_memory(s)?, 0);
        both(s, so::reserve_memory, so::set_reserve_memory, &[1 << 16])
    }),
    case("SO_TXREHASH", Tcp4, |s| both(s, so::transmit_rehash, so::set_transmit_rehash, &[0, 1])),
    case("SO_RCVMARK", Udp4, |s| toggle(s, so::receive_mark, so::set_receive_mark)),
    case("SO_PASSPIDFD", Unix, |s| toggle(s, so::pass_pidfd, so::set_pass_pidfd)),
    case("SO_PEERPIDFD", Unix, |s| {
        use std::os::fd::AsRawFd;
        let fd = so::peer_pidfd(s)?.unwrap();
        let info = std::fs::read_to_string(format!("/proc/self/fdinfo/{}", fd.as_raw_fd())).unwrap();
        let pid = info.lines().find_map(|line| line.strip_prefix("Pid:")).unwrap();
        assert_eq!(pid.trim(), std::process::id().to_string());
        Ok(())
    }),
    less("SO_DEVMEM_DONTNEED", Tcp4, "it gives back memory of a device of a rare kind", |s| {
        refused(so::set_device_memory_dont_need(s, &[0; 4]), &[Errno::EINVAL])
    }),
    case("SO_RCVPRIORITY", Udp4, |s| toggle(s, so::receive_priority, so::set_receive_priority)),
    case("SO_PASSRIGHTS", Unix, |s| both(s, so::pass_rights, so::set_pass_rights, &[false, true])),
    less("SO_INQ", Unix, "it can only be set", |s| {
        so::set_unread_length(s, true)?;
        so::set_unread_length(s, false)
    }),
];

const GROUP: Ipv4Addr = Ipv4Addr::new(239, 255, 0, 253);
const SENDER: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 9);

fn membership() -> Ipv4Membership {
    Ipv4Membership { group: GROUP, local: Ipv4Addr::UNSPECIFIED, interface: loopback() }
}

const fn source() -> Ipv4Source {
    Ipv4Source { group: GROUP, local: Ipv4Addr::LOCALHOST, source: SENDER }
}

pub(crate) const IP: &[Case] = &[
    case("IP_TOS", Udp4, |s| both(s, ip::type_of_service, ip::set_type_of_service, &[0x10, 0xff, 0])),
    case("IP_TTL", Udp4, |s| {
        both(s, ip::time_to_live, ip::set_time_to_live, &[1, 255])?;
        ip::set_time_to_live(s, -1)?;
        assert_eq!(ip::time_to_live(s)?.to_string(), sysctl("net/ipv4/ip_default_ttl"));
        Ok(())
    }),
    case("IP_HDRINCL", Raw4, |s| toggle(s, ip::header_included, ip::set_header_included)),
    case("IP_OPTIONS", Udp4, |s| {
        // Three times "no operation", then the end of the options: RFC 791, section 3.1.
        ip::set_options(s, &[1, 1, 1, 0])?;
        assert_eq!(ip::options(s)?, [1, 1, 1, 0]);
        ip::set_options(s, &[])?;
        assert_eq!(ip::options(s)?, []);
        Ok(())
    }),
    case("IP_ROUTER_ALERT", Raw4, |s| toggle(s, ip::router_alert, ip::set_router_alert)),
    case("IP_RECVOPTS", Udp4, |s| toggle(s, ip::receive_options, ip::set_receive_options)),
    case("IP_RETOPTS", Udp4, |s| toggle(s, ip::return_options, ip::set_return_options)),
    case("IP_PKTINFO", Udp4, |s| toggle(s, ip::packet_info, ip::set_packet_info)),
    case("IP_PKTOPTIONS", Connected4, |s| {
        ip::set_packet_info(s, true)?;
        assert!(!ip::packet_options(s)?.is_empty());
        Ok(())
    }),
    case("IP_MTU_DISCOVER", Udp4, |s| both(s, ip::mtu_discover, ip::set_mtu_discover, &[0, 1, 2, 3, 4, 5])),
    case("IP_RECVERR", Udp4, |s| toggle(s, ip::receive_errors, ip::set_receive_errors)),
    case("IP_RECVTTL", Udp4, |s| toggle(s, ip::receive_time_to_live, ip::set_receive_time_to_live)),
    case("IP_RECVTOS", Udp4, |s| toggle(s, ip::receive_type_of_service, ip::set_receive_type_of_service)),
    case("IP_MTU", UdpConnected4, |s| {
        assert!(ip::mtu(s)? >= 576);
        Ok(())
    }),
    case("IP_FREEBIND", Udp4, |s| toggle(s, ip::free_bind, ip::set_free_bind)),
    Case {
        gated: true,
        ..less("IP_IPSEC_POLICY", Udp4, "no kernel takes it", |s| {
            refused(ip::set_ipsec_policy(s, &policy(c::AF_INET)), &[Errno::EOPNOTSUPP, Errno::ENOPROTOOPT])
        })
    },
    gated("IP_XFRM_POLICY", Udp4, |s| ip::set_xfrm_policy(s, &policy(c::AF_INET))),
    case("IP_PASSSEC", Udp4, |s| toggle(s, ip::pass_security, ip::set_pass_security)),
    gated("IP_TRANSPARENT", Udp4, |s| toggle(s, ip::transparent, ip::set_transparent)),
    case("IP_RECVORIGDSTADDR", Udp4, |s| {
        toggle(s, ip::receive_original_destination, ip::set_receive_original_destination)
    }),
    case("IP_MINTTL", Tcp4, |s| both(s, ip::min_time_to_live, ip::set_min_time_to_live, &[255, 0])),
    case("IP_NODEFRAG", Raw4, |s| toggle(s, ip::no_defragment, ip::set_no_defragment)),
    case("IP_CHECKSUM", Udp4, |s| toggle(s, ip::checksum, ip::set_checksum)),
    case("IP_BIND_ADDRESS_NO_PORT", Udp4, |s| {
        toggle(s, ip::bind_address_no_port, ip::set_bind_address_no_port)
    }),
    case("IP_RECVFRAGSIZE", Udp4, |s| toggle(s, ip::receive_fragment_size, ip::set_receive_fragment_size)),
    case("IP_RECVERR_RFC4884", Udp4, |s| {
        toggle(s, ip::receive_errors_rfc4884, ip::set_receive_errors_rfc4884)
    }),
    case("IP_MULTICAST_IF", Udp4, |s| {
        let addresses = [Ipv4Addr::LOCALHOST, Ipv4Addr::UNSPECIFIED];
        both(s, ip::multicast_interface, ip::set_multicast_interface, &addresses)
    }),
    case("IP_MULTICAST_TTL", Udp4, |s| {
        both(s, ip::multicast_time_to_live, ip::set_multicast_time_to_live, &[0, 255, 1])
    }),
    case("IP_MULTICAST_LOOP", Udp4, |s| toggle(s, ip::multicast_loop, ip::set_multicast_loop)),
    case("IP_ADD_MEMBERSHIP", Udp4, |s| {
        ip::add_membership(s, membership())?;
        refused(ip::add_membership(s, membership()), &[Errno::EADDRINUSE])
    }),
    case("IP_DROP_MEMBERSHIP", Udp4, |s| {
        ip::add_membership(s, membership())?;
        ip::drop_membership(s, membership())?;
        refused(ip::drop_membership(s, membership()), &[Errno::EADDRNOTAVAIL])
    }),
    case("IP_UNBLOCK_SOURCE", Udp4, |s| {
        ip::add_membership(s, Ipv4Membership { local: Ipv4Addr::LOCALHOST, interface: 0, ..membership() })?;
        ip::block_source(s, source())?;
        ip::unblock_source(s, source())?;
        refused(ip::unblock_source(s, source()), &[Errno::EADDRNOTAVAIL])
    }),
    case("IP_BLOCK_SOURCE", Udp4, |s| {
        refused(ip::block_source(s, source()), &[Errno::EINVAL])?;
        ip::add_membership(s, Ipv4Membership { local: Ipv4Addr::LOCALHOST, interface: 0, ..membership() })?;
        ip::block_source(s, source())
    }),
    case("IP_ADD_SOURCE_MEMBERSHIP", Udp4, |s| {
        ip::add_source_membership(s, source())?;
        refused(ip::add_source_membership(s, source()), &[Errno::EADDRNOTAVAIL])
    }),
    case("IP_DROP_SOURCE_MEMBERSHIP", Udp4, |s| {
        ip::add_source_membership(s, source())?;
        ip::drop_source_membership(s, source())?;
        refused(ip::drop_source_membership(s, source()), &[Errno::EADDRNOTAVAIL, Errno::EINVAL])
    }),
    case("IP_MSFILTER", Udp4, |s| {
        // struct ip_msfilter: group, interface, mode (0 exclude, 1 include), number of senders, senders.
        let filter = |mode: u32, senders: u32| {
            [GROUP.octets(), [127, 0, 0, 1], mode.to_ne_bytes(), senders.to_ne_bytes(), SENDER.octets()]
                .concat()
        };
        ip::add_membership(s, Ipv4Membership { local: Ipv4Addr::LOCALHOST, interface: 0, ..membership() })?;
        assert_eq!(ip::set_source_filter(s, &filter(0, 1))?, filter(0, 1));
        assert_eq!(ip::source_filter(s, &filter(1, 1))?, filter(0, 1));
        Ok(())
    }),
    case("IP_MULTICAST_ALL", Udp4, |s| toggle(s, ip::multicast_all, ip::set_multicast_all)),
    case("IP_UNICAST_IF", Udp4, |s| {
        both(s, ip::unicast_interface, ip::set_unicast_interface, &[loopback(), 0])
    }),
    case("IP_LOCAL_PORT_RANGE", Udp4, |s| {
        let ranges = [PortRange { low: 40_000, high: 40_010 }, PortRange { low: 0, high: 0 }];
        both(s, ip::local_port_range, ip::set_local_port_range, &ranges)
    }),
    case("IP_PROTOCOL", Raw4, |s| {
        assert_eq!(ip::protocol(s)?, 253);
        Ok(())
    }),
    less("SO_ORIGINAL_DST", Connected4, "it takes a redirecting rule of the packet filter", |s| {
        match ip::original_destination(s) {
            Ok(unchanged) => assert_eq!(unchanged, s.getpeername()?),
            Err(error) => refused::<()>(Err(error), &[Errno::ENOENT])?,
        }
        Ok(())
    }),
];

const GROUP6: Ipv6Addr = Ipv6Addr::new(0xff11, 0, 0, 0, 0, 0, 0, 0xfd);

fn membership6() -> Ipv6Membership {
    Ipv6Membership { group: GROUP6, interface: loopback() }
}

/// A header of options with nothing but PadN: RFC 8200, section 4.2.
const PADDING: [u8; 8] = [0, 0, 1, 4, 0, 0, 0, 0];

fn sticky(
    s: &Socket,
    get: fn(&Socket) -> Result<Vec<u8>>,
    set: fn(&Socket, &[u8]) -> Result<()>,
    header: &[u8],
) -> Result<()> {
    for value in [header, &[]] {
        set(s, value)?;
        assert_eq!(get(s)?, value);
    }
    Ok(())
}

/// `struct in6_flowlabel_req` for ::1: label, action (0 get), share (1 exclusive), flags (1 create).
fn flow_label(label: u32) -> Vec<u8> {
    let mut request = Ipv6Addr::LOCALHOST.octets().to_vec();
    request.extend(label.to_be_bytes());
    request.extend([0, 1]);
    request.extend(1_u16.to_ne_bytes());
    request.resize(32, 0);
    request
}

pub(crate) const IPV6: &[Case] = &[
    case("IPV6_ADDRFORM", Mapped, |s| {
        assert_eq!(ipv6::address_form(s)?, Family::INET6);
        ipv6::set_address_form(s, Family::INET)?;
        assert_eq!(so::domain(s)?, Family::INET);
        Ok(())
    }),
    case("IPV6_2292PKTINFO", Udp6, |s| toggle(s, ipv6::old_packet_info, ipv6::set_old_packet_info)),
    case("IPV6_2292HOPOPTS", Udp6, |s| toggle(s, ipv6::old_hop_options, ipv6::set_old_hop_options)),
    case("IPV6_2292DSTOPTS", Udp6, |s| {
        toggle(s, ipv6::old_destination_options, ipv6::set_old_destination_options)
    }),
    case("IPV6_2292RTHDR", Udp6, |s| toggle(s, ipv6::old_routing_header, ipv6::set_old_routing_header)),
    case("IPV6_2292PKTOPTIONS", Connected6, |s| {
        ipv6::set_old_packet_options(s, &[])?;
        ipv6::set_receive_packet_info(s, true)?;
        assert!(!ipv6::old_packet_options(s)?.is_empty());
        Ok(())
    }),
    case("IPV6_CHECKSUM", Raw6, |s| both(s, ipv6::checksum, ipv6::set_checksum, &[2, -1])),
    case("IPV6_2292HOPLIMIT", Udp6, |s| toggle(s, ipv6::old_hop_limit, ipv6::set_old_hop_limit)),
    case("IPV6_FLOWINFO", Udp6, |s| toggle(s, ipv6::flow_info, ipv6::set_flow_info)),
    case("IPV6_UNICAST_HOPS", Udp6, |s| both(s, ipv6::unicast_hops, ipv6::set_unicast_hops, &[1, 255])),
    case("IPV6_MULTICAST_IF", Udp6, |s| {
        both(s, ipv6::multicast_interface, ipv6::set_multicast_interface, &[loopback(), 0])
    }),
    case("IPV6_MULTICAST_HOPS", Udp6, |s| both(s, ipv6::multicast_hops, ipv6::set_multicast_hops, &[0, 255])),
    case("IPV6_MULTICAST_LOOP", Udp6, |s| toggle(s, ipv6::multicast_loop, ipv6::set_multicast_loop)),
    case("IPV6_ADD_MEMBERSHIP", Udp6, |s| {
        ipv6::add_membership(s, membership6())?;
        refused(ipv6::add_membership(s, membership6()), &[Errno::EADDRINUSE])
    }),
    case("IPV6_DROP_MEMBERSHIP", Udp6, |s| {
        ipv6::add_membership(s, membership6())?;
        ipv6::drop_membership(s, membership6())?;
        refused(ipv6::drop_membership(s, membership6()), &[Errno::EADDRNOTAVAIL])
    }),
    less("IPV6_ROUTER_ALERT", Raw6Raw, "it reads back whether the last value set was other than 0", |s| {
        assert_eq!(ipv6::router_alert(s)?, 0);
        ipv6::set_router_alert(s, 5)?;
        assert_eq!(ipv6::router_alert(s)?, 1);
        refused(ipv6::set_router_alert(s, 5), &[Errno::EADDRINUSE])?;
        ipv6::set_router_alert(s, -1)?;
        refused(ipv6::set_router_alert(s, -1), &[Errno::ENOBUFS, Errno::ENOENT])
    }),
    case("IPV6_MTU_DISCOVER", Udp6, |s| {
        both(s, ipv6::mtu_discover, ipv6::set_mtu_discover, &[0, 1, 2, 3, 4, 5])
    }),
    less("IPV6_MTU", UdpConnected6, "it sets a bound and tells the path's size", |s| {
        ipv6::set_mtu(s, 1280)?;
        refused(ipv6::set_mtu(s, 1279), &[Errno::EINVAL])?;
        assert!(ipv6::mtu(s)? >= 1280);
        Ok(())
    }),
    case("IPV6_RECVERR", Udp6, |s| toggle(s, ipv6::receive_errors, ipv6::set_receive_errors)),
    case("IPV6_V6ONLY", Tcp6, |s| toggle(s, ipv6::v6_only, ipv6::set_v6_only)),
    Case {
        gated: true,
        ..less(
            "IPV6_JOIN_ANYCAST",
            Udp6,
            "it takes an address of an attached network, which loopback has not",
            |s| refused(ipv6::join_anycast(s, membership6()), &[Errno::EINVAL]),
        )
    },
    less("IPV6_LEAVE_ANYCAST", Udp6, "none can be joined here", |s| {
        refused(ipv6::leave_anycast(s, membership6()), &[Errno::ENOENT])
    }),
    case("IPV6_MULTICAST_ALL", Udp6, |s| toggle(s, ipv6::multicast_all, ipv6::set_multicast_all)),
    case("IPV6_ROUTER_ALERT_ISOLATE", Udp6, |s| {
        toggle(s, ipv6::router_alert_isolate, ipv6::set_router_alert_isolate)
    }),
    case("IPV6_RECVERR_RFC4884", Udp6, |s| {
        toggle(s, ipv6::receive_errors_rfc4884, ipv6::set_receive_errors_rfc4884)
    }),
    case("IPV6_FLOWLABEL_MGR", Udp6, |s| {
        // Asked for label 0, the kernel chooses one and writes it into the request.
        let leased = ipv6::set_flow_label(s, &flow_label(0))?;
        let label = leased.get(16..20).map_or(0, |bytes| u32::from_be_bytes(bytes.try_into().unwrap()));
        assert_ne!(label, 0);
        ipv6::set_flow_info_send(s, true)?;
        let to = std::net::SocketAddrV6::new(Ipv6Addr::LOCALHOST, 9, label, 0);
        s.connect(&jackfield_sock::Address::V6(to))?;
        let answer = ipv6::flow_label(s, &flow_label(0))?;
        assert_eq!(answer.get(16..20), Some(&label.to_be_bytes()[..]));
        Ok(())
    }),
    case("IPV6_FLOWINFO_SEND", Udp6, |s| toggle(s, ipv6::flow_info_send, ipv6::set_flow_info_send)),
    Case {
        gated: true,
        ..less("IPV6_IPSEC_POLICY", Udp6, "no kernel takes it", |s| {
            refused(ipv6::set_ipsec_policy(s, &policy(c::AF_INET6)), &[Errno::EOPNOTSUPP, Errno::ENOPROTOOPT])
        })
    },
    gated("IPV6_XFRM_POLICY", Udp6, |s| ipv6::set_xfrm_policy(s, &policy(c::AF_INET6))),
    case("IPV6_HDRINCL", Raw6, |s| toggle(s, ipv6::header_included, ipv6::set_header_included)),
    case("IPV6_RECVPKTINFO", Udp6, |s| toggle(s, ipv6::receive_packet_info, ipv6::set_receive_packet_info)),
    less("IPV6_PKTINFO", Udp6, "it can only be set", |s| {
        ipv6::set_packet_info(s, Ipv6PacketInfo { address: Ipv6Addr::LOCALHOST, interface: loopback() })
    }),
    case("IPV6_RECVHOPLIMIT", Udp6, |s| toggle(s, ipv6::receive_hop_limit, ipv6::set_receive_hop_limit)),
    case("IPV6_RECVHOPOPTS", Udp6, |s| toggle(s, ipv6::receive_hop_options, ipv6::set_receive_hop_options)),
    gated("IPV6_HOPOPTS", Udp6, |s| sticky(s, ipv6::hop_options, ipv6::set_hop_options, &PADDING)),
    gated("IPV6_RTHDRDSTOPTS", Udp6, |s| {
        sticky(s, ipv6::routing_destination_options, ipv6::set_routing_destination_options, &PADDING)
    }),
    case("IPV6_RECVRTHDR", Udp6, |s| {
        toggle(s, ipv6::receive_routing_header, ipv6::set_receive_routing_header)
    }),
    case("IPV6_RTHDR", Udp6, |s| {
        // A segment routing header with one segment: RFC 8754, section 2.
        let header = [&[0, 2, 4, 0, 0, 0, 0, 0][..], &Ipv6Addr::LOCALHOST.octets()].concat();
        sticky(s, ipv6::routing_header, ipv6::set_routing_header, &header)
    }),
    case("IPV6_RECVDSTOPTS", Udp6, |s| {
        toggle(s, ipv6::receive_destination_options, ipv6::set_receive_destination_options)
    }),
    gated("IPV6_DSTOPTS", Udp6, |s| {
        sticky(s, ipv6::destination_options, ipv6::set_destination_options, &PADDING)
    }),
    case("IPV6_RECVPATHMTU", Udp6, |s| toggle(s, ipv6::receive_path_mtu, ipv6::set_receive_path_mtu)),
    case("IPV6_PATHMTU", UdpConnected6, |s| {
        let path = ipv6::path_mtu(s)?;
        assert!(path.mtu >= 1280, "{path:?}");
        Ok(())
    }),
    case("IPV6_DONTFRAG", Udp6, |s| toggle(s, ipv6::dont_fragment, ipv6::set_dont_fragment)),
    case("IPV6_RECVTCLASS", Udp6, |s| {
        toggle(s, ipv6::receive_traffic_class, ipv6::set_receive_traffic_class)
    }),
    case("IPV6_TCLASS", Udp6, |s| both(s, ipv6::traffic_class, ipv6::set_traffic_class, &[0x20, 255, 0])),
    case("IPV6_AUTOFLOWLABEL", Udp6, |s| toggle(s, ipv6::auto_flow_label, ipv6::set_auto_flow_label)),
    less("IPV6_ADDR_PREFERENCES", Udp6, "it reads back with the defaults of the rest", |s| {
        for wanted in [n::IPV6_PREFER_SRC_TMP, n::IPV6_PREFER_SRC_PUBLIC] {
            ipv6::set_address_preferences(s, wanted)?;
            let both = n::IPV6_PREFER_SRC_TMP | n::IPV6_PREFER_SRC_PUBLIC;
            assert_eq!(ipv6::address_preferences(s)? & both, wanted);
        }
        Ok(())
    }),
    case("IPV6_MINHOPCOUNT", Tcp6, |s| both(s, ipv6::min_hop_count, ipv6::set_min_hop_count, &[255, 0])),
    case("IPV6_RECVORIGDSTADDR", Udp6, |s| {
        toggle(s, ipv6::receive_original_destination, ipv6::set_receive_original_destination)
    }),
    gated("IPV6_TRANSPARENT", Udp6, |s| toggle(s, ipv6::transparent, ipv6::set_transparent)),
    case("IPV6_UNICAST_IF", Udp6, |s| {
        both(s, ipv6::unicast_interface, ipv6::set_unicast_interface, &[loopback(), 0])
    }),
    case("IPV6_RECVFRAGSIZE", Udp6, |s| {
        toggle(s, ipv6::receive_fragment_size, ipv6::set_receive_fragment_size)
    }),
    case("IPV6_FREEBIND", Udp6, |s| toggle(s, ipv6::free_bind, ipv6::set_free_bind)),
    less("IP6T_SO_ORIGINAL_DST", Connected6, "it takes a redirecting rule of the packet filter", |s| {
        match ipv6::original_destination(s) {
            Ok(unchanged) => assert_eq!(unchanged, s.getpeername()?),
            Err(error) => refused::<()>(Err(error), &[Errno::ENOENT])?,
        }
        Ok(())
    }),
];

/// Freezes a connection; closing it then sends nothing.
fn under_repair(s: &Socket) -> Result<()> {
    tcp::set_repair(s, n::TCP_REPAIR_ON)
}

/// `struct tcp_md5sig` with a key of one byte.
fn md5_signature(peer: &str, flags: u8, prefix: u8) -> Vec<u8> {
    let mut signature = storage(peer);
    signature.extend([flags, prefix]);
    signature.extend(1_u16.to_ne_bytes());
    signature.extend([0; 4]);
    signature.extend([b'k'; 80]);
    signature
}

/// Why the cases of TCP-AO do not set keys.
const AO: &str =
    "which hashes there are depends on the kernel's modules: the option must be known, and check its size";

pub(crate) const TCP: &[Case] = &[
    case("TCP_NODELAY", Tcp4, |s| toggle(s, tcp::no_delay, tcp::set_no_delay)),
    case("TCP_MAXSEG", Tcp4, |s| {
        tcp::set_max_segment(s, 1000)?;
        // Before Linux 6.1 or so it told the default as long as there was no connection.
        assert!([1000, 536].contains(&tcp::max_segment(s)?));
        Ok(())
    }),
    case("TCP_CORK", Tcp4, |s| toggle(s, tcp::cork, tcp::set_cork)),
    case("TCP_KEEPIDLE", Tcp4, |s| both(s, tcp::keep_idle, tcp::set_keep_idle, &[SECOND, 600 * SECOND])),
    case("TCP_KEEPINTVL", Tcp4, |s| {
        both(s, tcp::keep_interval, tcp::set_keep_interval, &[SECOND, 600 * SECOND])
    }),
    case("TCP_KEEPCNT", Tcp4, |s| both(s, tcp::keep_count, tcp::set_keep_count, &[1, 127])),
    case("TCP_SYNCNT", Tcp4, |s| both(s, tcp::syn_count, tcp::set_syn_count, &[1, 127])),
    case("TCP_LINGER2", Tcp4, |s| both(s, tcp::linger2, tcp::set_linger2, &[10, -1])),
    case("TCP_DEFER_ACCEPT", Tcp4, |s| {
        both(s, tcp::defer_accept, tcp::set_defer_accept, &[SECOND, 3 * SECOND, Duration::ZERO])
    }),
    case("TCP_WINDOW_CLAMP", Tcp4, |s| both(s, tcp::window_clamp, tcp::set_window_clamp, &[50_000])),
    case("TCP_INFO", Connected4, |s| {
        s.send(b"hello", 0)?;
        let info = tcp::info(s)?;
        assert_eq!(info.state, TcpState::Established);
        assert!(info.len >= 104 && info.snd_mss >= 536 && info.pmtu >= 576 && info.rto > 0, "{info:?}");
        assert!(info.bytes_sent == 5 && info.data_segs_out == 1, "{info:?}");
        Ok(())
    }),
    case("TCP_QUICKACK", Tcp4, |s| toggle(s, tcp::quick_ack, tcp::set_quick_ack)),
    case("TCP_CONGESTION", Tcp4, |s| {
        tcp::set_congestion(s, "reno")?;
        assert_eq!(tcp::congestion(s)?, "reno");
        Ok(())
    }),
    case("TCP_MD5SIG", Tcp4, |s| tcp::set_md5_signature(s, &md5_signature("127.0.0.2:0", 0, 0))),
    case("TCP_THIN_LINEAR_TIMEOUTS", Tcp4, |s| {
        toggle(s, tcp::thin_linear_timeouts, tcp::set_thin_linear_timeouts)
    }),
    less("TCP_THIN_DUPACK", Tcp4, "the kernel takes it and ignores it", |s| {
        tcp::set_thin_duplicate_ack(s, true)?;
        assert!(!tcp::thin_duplicate_ack(s)?);
        Ok(())
    }),
    case("TCP_USER_TIMEOUT", Tcp4, |s| {
        both(s, tcp::user_timeout, tcp::set_user_timeout, &[3 * SECOND / 2, Duration::ZERO])
    }),
    gated("TCP_REPAIR", Tcp4, |s| {
        both(s, tcp::repair, tcp::set_repair, &[n::TCP_REPAIR_ON, n::TCP_REPAIR_OFF])
    }),
    gated("TCP_REPAIR_QUEUE", Tcp4, |s| {
        under_repair(s)?;
        both(
            s,
            tcp::repair_queue,
            tcp::set_repair_queue,
            &[n::TCP_RECV_QUEUE, n::TCP_SEND_QUEUE, n::TCP_NO_QUEUE],
        )
    }),
    gated("TCP_QUEUE_SEQ", Tcp4, |s| {
        under_repair(s)?;
        tcp::set_repair_queue(s, n::TCP_SEND_QUEUE)?;
        both(s, tcp::queue_sequence, tcp::set_queue_sequence, &[0xf000_0000, 1])
    }),
    gated("TCP_REPAIR_OPTIONS", Connected4, |s| {
        under_repair(s)?;
        // TCPOPT_MSS and its value.
        tcp::set_repair_options(s, &[2_u32, 1000].map(u32::to_ne_bytes).concat())
    }),
    case("TCP_FASTOPEN", Tcp4, |s| both(s, tcp::fast_open, tcp::set_fast_open, &[5, 0])),
    gated("TCP_TIMESTAMP", Tcp4, |s| {
        under_repair(s)?;
        tcp::set_timestamp(s, 1_000_000)?;
        let passed = tcp::timestamp(s)?.wrapping_sub(1_000_000);
        assert!(passed < 600_000, "{passed} ms on a clock that was just set");
        Ok(())
    }),
    case("TCP_NOTSENT_LOWAT", Tcp4, |s| {
        both(s, tcp::not_sent_low_water, tcp::set_not_sent_low_water, &[16_384, 0])
    }),
    case("TCP_CC_INFO", Tcp4, |s| {
        tcp::set_congestion(s, "reno")?;
        assert_eq!(tcp::congestion_info(s)?, []);
        Ok(())
    }),
    case("TCP_SAVE_SYN", Tcp4, |s| both(s, tcp::save_syn, tcp::set_save_syn, &[1, 0])),
    case("TCP_SAVED_SYN", Tcp4, |s| {
        tcp::set_save_syn(s, 1)?;
        s.bind(&address("127.0.0.1:0"))?;
        s.listen(1)?;
        let client = Socket::open(Family::INET, Type::STREAM, Protocol::TCP)?;
        client.connect(&s.getsockname()?)?;
        let (accepted, _) = s.accept()?;
        let syn = tcp::saved_syn(&accepted)?;
        assert_eq!(syn.first().map(|byte| byte >> 4), Some(4), "an IPv4 header comes first");
        assert_eq!(tcp::saved_syn(&accepted)?, [], "it is handed out once");
        Ok(())
    }),
    gated("TCP_REPAIR_WINDOW", Connected4, |s| {
        under_repair(s)?;
        let window = tcp::repair_window(s)?;
        assert_eq!(window.len(), 20);
        tcp::set_repair_window(s, &window)
    }),
    case("TCP_FASTOPEN_CONNECT", Tcp4, |s| {
        let client = sysctl("net/ipv4/tcp_fastopen").parse::<u32>().is_ok_and(|bits| bits & 1 != 0);
        if client {
            return toggle(s, tcp::fast_open_connect, tcp::set_fast_open_connect);
        }
        assert!(!tcp::fast_open_connect(s)?);
        refused(tcp::set_fast_open_connect(s, true), &[Errno::EOPNOTSUPP])
    }),
    less("TCP_ULP", Connected4, "which ones there are depends on the kernel's modules", |s| {
        assert_eq!(tcp::upper_layer(s)?, "");
        if sysctl("net/ipv4/tcp_available_ulp").split(' ').any(|name| name == "tls") {
            tcp::set_upper_layer(s, "tls")?;
            assert_eq!(tcp::upper_layer(s)?, "tls");
            return Ok(());
        }
        refused(tcp::set_upper_layer(s, "jackfield"), &[Errno::ENOENT])
    }),
    case("TCP_MD5SIG_EXT", Tcp4, |s| {
        // TCP_MD5SIG_FLAG_PREFIX: a network of 24 bits.
        tcp::set_md5_signature_extended(s, &md5_signature("127.0.2.0:0", 1, 24))
    }),
    case("TCP_FASTOPEN_KEY", Tcp4, |s| {
        for key in [vec![7; 16], vec![9; 32]] {
            tcp::set_fast_open_key(s, &key)?;
            assert_eq!(tcp::fast_open_key(s)?, key);
        }
        Ok(())
    }),
    case("TCP_FASTOPEN_NO_COOKIE", Tcp4, |s| {
        toggle(s, tcp::fast_open_no_cookie, tcp::set_fast_open_no_cookie)
    }),
    case("TCP_ZEROCOPY_RECEIVE", Connected4, |s| {
        let answer = tcp::zero_copy_receive(s)?;
        assert!(answer.len() >= 16 && answer.iter().take(16).all(|byte| *byte == 0), "{answer:?}");
        Ok(())
    }),
    case("TCP_INQ", Tcp4, |s| toggle(s, tcp::unread_length, tcp::set_unread_length)),
    case("TCP_TX_DELAY", Tcp4, |s| {
        both(s, tcp::transmit_delay, tcp::set_transmit_delay, &[Duration::from_micros(1000), Duration::ZERO])
    }),
    less("TCP_AO_ADD_KEY", Tcp4, AO, |s| refused(tcp::add_ao_key(s, &[0; 4]), &[Errno::EINVAL])),
    less("TCP_AO_DEL_KEY", Tcp4, AO, |s| refused(tcp::delete_ao_key(s, &[0; 4]), &[Errno::EINVAL])),
    less("TCP_AO_INFO", Tcp4, AO, |s| {
        refused(tcp::set_ao_info(s, &[0; 4]), &[Errno::EINVAL])?;
        refused(tcp::ao_info(s, &[0; 56]), &[Errno::ENOENT, Errno::EINVAL])
    }),
    less("TCP_AO_GET_KEYS", Tcp4, AO, |s| {
        refused(tcp::ao_keys(s, &[0; 304]), &[Errno::ENOENT, Errno::EINVAL])
    }),
    Case {
        gated: true,
        ..less("TCP_AO_REPAIR", Tcp4, AO, |s| {
            under_repair(s)?;
            refused(tcp::set_ao_repair(s, &[0; 4]), &[Errno::EINVAL])?;
            refused(tcp::ao_repair(s), &[Errno::ENOENT, Errno::EINVAL])
        })
    },
    case("TCP_IS_MPTCP", Tcp4, |s| {
        assert!(!tcp::is_mptcp(s)?);
        Ok(())
    }),
    case("TCP_RTO_MAX_MS", Tcp4, |s| both(s, tcp::rto_max, tcp::set_rto_max, &[SECOND, 120 * SECOND])),
    case("TCP_RTO_MIN_US", Tcp4, |s| {
        both(s, tcp::rto_min, tcp::set_rto_min, &[Duration::from_millis(40), Duration::from_millis(200)])
    }),
    case("TCP_DELACK_MAX_US", Tcp4, |s| {
        both(s, tcp::delayed_ack_max, tcp::set_delayed_ack_max, &[Duration::from_millis(40)])
    }),
];

pub(crate) const UDP: &[Case] = &[
    case("UDP_CORK", Udp4, |s| toggle(s, udp::cork, udp::set_cork)),
    case("UDP_ENCAP", Udp4, |s| {
        both(s, udp::encapsulation, udp::set_encapsulation, &[n::UDP_ENCAP_ESPINUDP])
    }),
    case("UDP_NO_CHECK6_TX", Udp6, |s| toggle(s, udp::no_check6_transmit, udp::set_no_check6_transmit)),
    case("UDP_NO_CHECK6_RX", Udp6, |s| toggle(s, udp::no_check6_receive, udp::set_no_check6_receive)),
    case("UDP_SEGMENT", Udp4, |s| both(s, udp::segment, udp::set_segment, &[1000, 0])),
    case("UDP_GRO", Udp4, |s| toggle(s, udp::gro, udp::set_gro)),
];

fn promiscuous() -> LinkMembership {
    let kind = u16::try_from(n::PACKET_MR_PROMISC).unwrap();
    LinkMembership { interface: loopback(), kind, address: Vec::new() }
}

/// `struct tpacket_req`: two frames in one page.
fn ring() -> Vec<u8> {
    [4096_u32, 1, 2048, 2].map(u32::to_ne_bytes).concat()
}

/// Joins a new group that shares its packets in the given way.
fn share(s: &Socket, how: i32) -> Result<u32> {
    let how = u32::try_from(how | n::PACKET_FANOUT_FLAG_UNIQUEID).unwrap();
    packet::set_fanout(s, how << 16)?;
    packet::fanout(s)
}

pub(crate) const PACKET: &[Case] = &[
    less("PACKET_ADD_MEMBERSHIP", Packet, "it can only be set", |s| {
        packet::add_membership(s, &promiscuous())
    }),
    less("PACKET_DROP_MEMBERSHIP", Packet, "it can only be set", |s| {
        packet::add_membership(s, &promiscuous())?;
        packet::drop_membership(s, &promiscuous())
    }),
    less("PACKET_RX_RING", Packet, "it can only be set", |s| {
        packet::set_receive_ring(s, &ring())?;
        refused(packet::set_version(s, n::TPACKET_V2), &[Errno::EBUSY])?;
        packet::set_receive_ring(s, &[0; 16])
    }),
    case("PACKET_STATISTICS", Packet, |s| {
        let first = packet::statistics(s)?;
        assert_eq!((first.packets, first.drops, first.freezes), (0, 0, None));
        Ok(())
    }),
    case("PACKET_COPY_THRESH", Packet, |s| {
        both(s, packet::copy_threshold, packet::set_copy_threshold, &[100, 0])
    }),
    case("PACKET_AUXDATA", Packet, |s| toggle(s, packet::auxiliary_data, packet::set_auxiliary_data)),
    case("PACKET_ORIGDEV", Packet, |s| toggle(s, packet::original_device, packet::set_original_device)),
    case("PACKET_VERSION", Packet, |s| {
        both(s, packet::version, packet::set_version, &[n::TPACKET_V2, n::TPACKET_V3, n::TPACKET_V1])
    }),
    case("PACKET_HDRLEN", Packet, |s| {
        // sizeof struct tpacket_hdr, tpacket2_hdr, tpacket3_hdr on 64-bit machines.
        let lengths = [n::TPACKET_V1, n::TPACKET_V2, n::TPACKET_V3].map(|v| packet::header_length(s, v));
        assert_eq!(lengths.map(Result::unwrap), [32, 32, 48]);
        Ok(())
    }),
    case("PACKET_RESERVE", Packet, |s| both(s, packet::reserve, packet::set_reserve, &[128, 0])),
    less("PACKET_TX_RING", Packet, "it can only be set", |s| {
        packet::set_transmit_ring(s, &ring())?;
        packet::set_transmit_ring(s, &[0; 16])
    }),
    case("PACKET_LOSS", Packet, |s| toggle(s, packet::loss, packet::set_loss)),
    case("PACKET_VNET_HDR", Packet, |s| toggle(s, packet::vnet_header, packet::set_vnet_header)),
    case("PACKET_TIMESTAMP", Packet, |s| {
        both(s, packet::timestamp, packet::set_timestamp, &[n::SOF_TIMESTAMPING_RAW_HARDWARE, 0])
    }),
    case("PACKET_FANOUT", Packet, |s| {
        let joined = share(s, n::PACKET_FANOUT_CPU)?;
        assert_eq!((joined >> 16) & 0xff, n::PACKET_FANOUT_CPU.cast_unsigned());
        Ok(())
    }),
    case("PACKET_TX_HAS_OFF", Packet, |s| {
        toggle(s, packet::transmit_has_offset, packet::set_transmit_has_offset)
    }),
    case("PACKET_QDISC_BYPASS", Packet, |s| toggle(s, packet::qdisc_bypass, packet::set_qdisc_bypass)),
    case("PACKET_ROLLOVER_STATS", Packet, |s| {
        refused(packet::rollover_statistics(s), &[Errno::EINVAL])?;
        share(s, n::PACKET_FANOUT_ROLLOVER)?;
        assert_eq!(packet::rollover_statistics(s)?, [0; 24]);
        Ok(())
    }),
    case("PACKET_FANOUT_DATA", Packet, |s| {
        share(s, n::PACKET_FANOUT_CBPF)?;
        packet::set_fanout_program(s, &[ret(0)])
    }),
    case("PACKET_IGNORE_OUTGOING", Packet, |s| {
        toggle(s, packet::ignore_outgoing, packet::set_ignore_outgoing)
    }),
    case("PACKET_VNET_HDR_SZ", Packet, |s| {
        both(s, packet::vnet_header_size, packet::set_vnet_header_size, &[10, 12, 0])
    }),
];
