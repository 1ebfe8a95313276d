//! The kernel's numbers under the manual's names, the one place where they enter the workspace.
//!
//! The C library's headers spell them; [`libc`] carries them. A number that `libc` lacks for one of our targets is
//! written out at the end of its group, with the kernel header that defines it.

pub mod option;

pub use libc::{
    AF_ALG, AF_BLUETOOTH, AF_CAN, AF_INET, AF_INET6, AF_NETLINK, AF_PACKET, AF_TIPC, AF_UNIX, AF_UNSPEC,
    AF_VSOCK, AF_XDP,
};
pub use libc::{
    IPPROTO_DCCP, IPPROTO_ICMP, IPPROTO_ICMPV6, IPPROTO_IGMP, IPPROTO_IP, IPPROTO_IPV6, IPPROTO_MPTCP,
    IPPROTO_RAW, IPPROTO_SCTP, IPPROTO_TCP, IPPROTO_UDP, IPPROTO_UDPLITE,
};
pub use libc::{
    SOCK_CLOEXEC, SOCK_DCCP, SOCK_DGRAM, SOCK_NONBLOCK, SOCK_RAW, SOCK_RDM, SOCK_SEQPACKET, SOCK_STREAM,
};

pub use libc::{
    MSG_CMSG_CLOEXEC, MSG_CONFIRM, MSG_CTRUNC, MSG_DONTROUTE, MSG_DONTWAIT, MSG_EOR, MSG_ERRQUEUE,
    MSG_FASTOPEN, MSG_MORE, MSG_NOSIGNAL, MSG_OOB, MSG_PEEK, MSG_TRUNC, MSG_WAITALL, MSG_WAITFORONE,
};
/// `linux/socket.h`: send without copying, completion on the error queue.
pub const MSG_ZEROCOPY: i32 = 0x0400_0000;
/// `linux/socket.h`: the end of a stream follows these bytes.
pub const MSG_FIN: i32 = 0x200;
/// `linux/socket.h`: does not send, only probes the path.
pub const MSG_PROBE: i32 = 0x10;
/// `linux/socket.h`: a SYN.
pub const MSG_SYN: i32 = 0x400;
/// `linux/socket.h`: a RST.
pub const MSG_RST: i32 = 0x1000;
/// `linux/socket.h`: several messages follow.
pub const MSG_BATCH: i32 = 0x40000;
/// `linux/socket.h`: within the kernel, more pages follow (until Linux 6.5).
pub const MSG_SENDPAGE_NOTLAST: i32 = 0x20000;
/// `linux/socket.h`: within the kernel, pages that nobody else may hold.
pub const MSG_NO_SHARED_FRAGS: i32 = 0x80000;
/// `linux/socket.h`: within the kernel, pages that TLS has not encrypted yet.
pub const MSG_SENDPAGE_DECRYPTED: i32 = 0x0010_0000;
/// `linux/socket.h`: receive into a device's memory, with control messages that say where (Linux 6.12).
pub const MSG_SOCK_DEVMEM: i32 = 0x0200_0000;
/// `linux/socket.h`: within the kernel, pages instead of bytes to copy (Linux 6.5).
pub const MSG_SPLICE_PAGES: i32 = 0x0800_0000;
/// `linux/socket.h`: within the kernel, control messages of a 32-bit program.
pub const MSG_CMSG_COMPAT: i32 = i32::MIN;

pub use libc::{SHUT_RD, SHUT_RDWR, SHUT_WR, SOMAXCONN};

pub use libc::{
    EPOLL_CTL_ADD, EPOLL_CTL_DEL, EPOLL_CTL_MOD, EPOLLERR, EPOLLET, EPOLLEXCLUSIVE, EPOLLHUP, EPOLLIN,
    EPOLLMSG, EPOLLONESHOT, EPOLLOUT, EPOLLPRI, EPOLLRDBAND, EPOLLRDHUP, EPOLLRDNORM, EPOLLWAKEUP,
    EPOLLWRBAND, EPOLLWRNORM,
};
pub use libc::{
    POLLERR, POLLHUP, POLLIN, POLLNVAL, POLLOUT, POLLPRI, POLLRDBAND, POLLRDHUP, POLLRDNORM, POLLWRBAND,
    POLLWRNORM,
};

pub use libc::SOL_NETLINK;
pub use libc::{SOL_IP, SOL_IPV6, SOL_PACKET, SOL_RAW, SOL_SOCKET, SOL_TCP, SOL_UDP};

pub use libc::{SCM_CREDENTIALS, SCM_RIGHTS, SCM_TIMESTAMP, SCM_TIMESTAMPING, SCM_TIMESTAMPNS};
/// `linux/socket.h`: a descriptor of the sending process (Linux 6.5).
pub const SCM_PIDFD: i32 = 4;
pub use libc::{
    IP_PKTINFO, IP_RECVERR, IP_RECVTOS, IP_RECVTTL, IP_TOS, IP_TTL, IPV6_HOPLIMIT, IPV6_PKTINFO,
    IPV6_RECVERR, IPV6_RECVHOPLIMIT, IPV6_RECVPKTINFO, IPV6_RECVTCLASS, IPV6_TCLASS, SO_PASSCRED,
    SO_RXQ_OVFL, SO_TIMESTAMP, SO_TIMESTAMPING, SO_TIMESTAMPNS, UDP_GRO, UDP_SEGMENT,
};
pub use libc::{
    SO_EE_ORIGIN_ICMP, SO_EE_ORIGIN_ICMP6, SO_EE_ORIGIN_LOCAL, SO_EE_ORIGIN_NONE, SO_EE_ORIGIN_TIMESTAMPING,
};
/// `linux/errqueue.h`: a send without copying is done.
pub const SO_EE_ORIGIN_ZEROCOPY: u8 = 5;
/// `linux/errqueue.h`: a packet that was to leave at a given time did not.
pub const SO_EE_ORIGIN_TXTIME: u8 = 6;
/// `linux/socket.h`: the security label of a Unix socket's peer.
pub const SCM_SECURITY: i32 = 3;
/// `asm-generic/socket.h`: receive `SCM_PIDFD` (Linux 6.5).
pub const SO_PASSPIDFD: i32 = 76;

pub use libc::{IPV6_V6ONLY, TCP_INFO, TCP_NODELAY};
pub use libc::{
    SO_BROADCAST, SO_DOMAIN, SO_ERROR, SO_KEEPALIVE, SO_LINGER, SO_PROTOCOL, SO_RCVBUF, SO_REUSEADDR,
    SO_REUSEPORT, SO_SNDBUF, SO_SNDTIMEO, SO_TYPE,
};

pub use libc::{F_DUPFD_CLOEXEC, F_GETFD, F_GETFL, F_GETPIPE_SZ, F_SETFD, F_SETFL, F_SETPIPE_SZ, FD_CLOEXEC};
pub use libc::{
    O_APPEND, O_CLOEXEC, O_CREAT, O_EXCL, O_NOFOLLOW, O_NONBLOCK, O_RDONLY, O_RDWR, O_TRUNC, O_WRONLY,
};
pub use libc::{S_IFBLK, S_IFCHR, S_IFDIR, S_IFIFO, S_IFMT, S_IFREG, S_IFSOCK};
pub use libc::{SEEK_CUR, SEEK_END, SEEK_SET};
pub use libc::{SPLICE_F_MORE, SPLICE_F_MOVE, SPLICE_F_NONBLOCK};

/// `asm-generic/ioctls.h`: how many bytes wait to be read. The C libraries do not agree on the type of requests.
pub const FIONREAD: u64 = libc::FIONREAD as u64;
/// `asm-generic/ioctls.h`: how many bytes wait to be sent.
pub const TIOCOUTQ: u64 = libc::TIOCOUTQ as u64;
/// `asm-generic/ioctls.h`: how large a terminal is.
pub const TIOCGWINSZ: u64 = libc::TIOCGWINSZ as u64;
/// `linux/sockios.h`: an interface's index by its name.
pub const SIOCGIFINDEX: u64 = libc::SIOCGIFINDEX as u64;
/// `linux/sockios.h`: an interface's name by its index.
pub const SIOCGIFNAME: u64 = libc::SIOCGIFNAME as u64;
pub use libc::{SIGHUP, SIGINT, SIGPIPE, SIGTERM, SIGUSR1, SIGUSR2};

/// The resource "descriptors" of prlimit(2); the C libraries do not agree on its type.
pub const RLIMIT_NOFILE: u32 = libc::RLIMIT_NOFILE as u32;

pub use libc::{IFA_ADDRESS, IFLA_IFNAME, RTM_GETADDR, RTM_GETLINK, RTM_NEWADDR, RTM_NEWLINK};
pub use libc::{IFF_LOOPBACK, IFF_UP, RTA_DST, RTA_OIF, RTM_GETROUTE, RTM_NEWROUTE};
pub use libc::{NETLINK_ROUTE, NLM_F_DUMP, NLM_F_DUMP_INTR, NLM_F_REQUEST, NLMSG_DONE, NLMSG_ERROR};
/// `linux/rtnetlink.h`: the types of routes that refuse, and those of addresses for many.
pub use libc::{RTN_BLACKHOLE, RTN_BROADCAST, RTN_MULTICAST, RTN_PROHIBIT, RTN_UNREACHABLE};

pub use option::{SO_TIMESTAMP_NEW, SO_TIMESTAMPING_NEW, SO_TIMESTAMPNS_NEW};
