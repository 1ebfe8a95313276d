//! Control messages: what travels beside the bytes of sendmsg(2) and recvmsg(2).
//!
//! [`Builder`] makes the bytes to send, [`walk`] reads those that came. What is not known here, or does not have the
//! length it should, stays number and bytes ([`Cmsg::Unknown`]). Descriptors that came are owned: dropping the message
//! closes them. Sources: cmsg(3), unix(7), ip(7), ipv6(7), udp(7), socket(7), `Documentation/networking/timestamping.rst`.

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::os::fd::{AsRawFd, BorrowedFd};
use std::time::{Duration, SystemTime};

use sys::message::{HEADER_LEN, align};
use sys::rights::{self, Control, Message};
use sys::{Address, Errno, Fd, c, names};

use crate::trace::{Kind, name};

/// One control message.
#[non_exhaustive]
pub enum Cmsg {
    /// `SCM_RIGHTS`: descriptors that a peer on a Unix socket passed on; ours now. Source: unix(7).
    Rights(Vec<Fd>),
    /// `SCM_PIDFD`: a descriptor of the process that sent, to be had with `SO_PASSPIDFD`. Source: unix(7).
    PidFd(Fd),
    /// `SCM_CREDENTIALS`: who sent, to be had with `SO_PASSCRED`. Source: unix(7).
    Credentials {
        /// The process.
        pid: i32,
        /// The user.
        uid: u32,
        /// The group.
        gid: u32,
    },
    /// `IP_PKTINFO`: where a datagram came in or is to go out. Source: ip(7).
    PacketInfo {
        /// The index of the interface; 0 is any.
        interface: u32,
        /// Our address: to answer from, or to send from.
        local: Ipv4Addr,
        /// The address in the header, which may be a broadcast one; not used to send.
        destination: Ipv4Addr,
    },
    /// `IPV6_PKTINFO`: the same for version 6. Source: ipv6(7), RFC 3542 section 6.
    PacketInfo6 {
        /// The index of the interface; 0 is any.
        interface: u32,
        /// The address in the header; the one to send from.
        address: Ipv6Addr,
    },
    /// `IP_TTL`: the time to live. Source: ip(7).
    Ttl(i32),
    /// `IPV6_HOPLIMIT`: its name in version 6. Source: RFC 3542 section 6.3.
    HopLimit(i32),
    /// `IP_TOS`: DSCP and ECN. Source: ip(7), RFC 2474.
    Tos(u8),
    /// `IPV6_TCLASS`: its name in version 6; -1 to send is the default. Source: RFC 3542 section 6.5.
    TrafficClass(i32),
    /// `IP_RECVERR`, `IPV6_RECVERR`: what went wrong with something sent, read with `MSG_ERRQUEUE`. Source: ip(7).
    RecvErr(ExtendedError),
    /// `SO_TIMESTAMP`: when it arrived, in microseconds. Source: socket(7).
    Timestamp {
        /// Seconds since 1970.
        seconds: i64,
        /// Microseconds.
        microseconds: i64,
    },
    /// `SO_TIMESTAMPNS`: when it arrived, in nanoseconds.
    TimestampNs(Time),
    /// `SO_TIMESTAMPING`: by the software, nothing any more, and by the hardware; zero is "not known".
    Timestamping([Time; 3]),
    /// `UDP_SEGMENT`: the size of each datagram into which the kernel cuts what is sent. Source: udp(7).
    UdpSegment(u16),
    /// `UDP_GRO`: the size of each datagram of those that the kernel put together. Source: udp(7).
    UdpGro(i32),
    /// `SO_RXQ_OVFL`: how many datagrams the socket has dropped since it was opened. Source: socket(7).
    DropCount(u32),
    /// Any other message, and one of a length that it should not have.
    Unknown {
        /// The protocol, `SOL_…`.
        level: i32,
        /// What it is on that level.
        kind: i32,
        /// What it says.
        data: Vec<u8>,
    },
}

/// What went wrong with something sent: `struct sock_extended_err`. Source: ip(7), `linux/errqueue.h`.
#[derive(Clone, PartialEq, Eq)]
pub struct ExtendedError {
    /// Whether it came as `IPV6_RECVERR` and not as `IP_RECVERR`.
    pub v6: bool,
    /// What it means for the socket.
    pub errno: Errno,
    /// Who says so: 1 this machine, 2 ICMP, 3 `ICMPv6`, 4 a timestamp, 5 zero-copy.
    pub origin: u8,
    /// The ICMP type.
    pub kind: u8,
    /// The ICMP code.
    pub code: u8,
    /// The MTU for `EMSGSIZE`; the first completed send for zero-copy.
    pub info: u32,
    /// The last completed send for zero-copy, the number of the send for a timestamp.
    pub data: u32,
    /// The machine that sent the ICMP message; [`Address::Unspecified`] where there is none.
    pub offender: Address,
}

/// A point in time as the kernel stamps it: `struct timespec`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time {
    /// Seconds since 1970, or since a clock of the hardware began.
    pub seconds: i64,
    /// Nanoseconds.
    pub nanoseconds: i64,
}

impl Time {
    /// Converts it, if it is a time of day: not zero, and in order.
    #[must_use]
    pub fn system_time(self) -> Option<SystemTime> {
        let seconds = u64::try_from(self.seconds).ok()?;
        let nanoseconds = u32::try_from(self.nanoseconds).ok().filter(|n| *n < 1_000_000_000)?;
        let since = Duration::new(seconds, nanoseconds);
        SystemTime::UNIX_EPOCH.checked_add(since).filter(|_| !since.is_zero())
    }
}

/// Returns the length of a control message with `length` bytes of data: `CMSG_LEN`. Saturates. Source: cmsg(3).
#[must_use]
pub const fn cmsg_len(length: usize) -> usize {
    length.saturating_add(HEADER_LEN)
}

/// Returns the room that a control message with `length` bytes of data takes, padding included: `CMSG_SPACE`. Saturates.
/// Source: cmsg(3).
///
/// ```
/// use jackfield_sock::cmsg::{cmsg_len, cmsg_space};
///
/// assert_eq!((cmsg_len(4), cmsg_space(4)), (20, 24));
/// ```
#[must_use]
pub const fn cmsg_space(length: usize) -> usize {
    match length.checked_next_multiple_of(align(1)) {
        Some(padded) => padded.saturating_add(HEADER_LEN),
        None => usize::MAX,
    }
}

/// Makes the control bytes of a sendmsg(2), one message after another.
///
/// ```
/// use jackfield_sock::cmsg::{Builder, Cmsg, cmsg_space};
///
/// let control = Builder::new().push(&Cmsg::Ttl(3)).push(&Cmsg::UdpSegment(1200)).build();
/// assert_eq!(control.len(), cmsg_space(4) + cmsg_space(2));
/// ```
#[derive(Clone, Debug, Default)]
pub struct Builder {
    bytes: Vec<u8>,
}

impl Builder {
    /// Begins with no message.
    #[must_use]
    pub const fn new() -> Self {
        Self { bytes: Vec::new() }
    }

    /// Adds a message. Descriptors in it are not given away: the peer gets copies.
    #[must_use]
    pub fn push(self, message: &Cmsg) -> Self {
        let (level, kind, data) = message.parts();
        self.push_bytes(level, kind, &data)
    }

    /// Adds `SCM_RIGHTS`: copies of these descriptors for the peer; at most 253 in one message. Source: unix(7).
    #[must_use]
    pub fn push_rights(self, fds: &[BorrowedFd<'_>]) -> Self {
        self.push_bytes(c::SOL_SOCKET, c::SCM_RIGHTS, &numbers(fds))
    }

    /// Adds any message, by numbers and bytes.
    #[must_use]
    pub fn push_bytes(mut self, level: i32, kind: i32, data: &[u8]) -> Self {
        self.bytes.extend(cmsg_len(data.len()).to_ne_bytes());
        self.bytes.extend(level.to_ne_bytes());
        self.bytes.extend(kind.to_ne_bytes());
        self.bytes.extend(data);
        self.bytes.resize(align(self.bytes.len()), 0);
        self
    }

    /// Returns the bytes.
    #[must_use]
    pub fn build(self) -> Vec<u8> {
        self.bytes
    }
}

/// Walks the control messages that recvmsg(2) gave; descriptors go out with their message, and what the caller does not
/// walk to is closed.
///
/// ```
/// use jackfield_sock::cmsg::{Cmsg, cmsg_space, walk};
/// use jackfield_sock::{Family, Protocol, Socket, Type, c};
///
/// let here = Socket::open(Family::INET, Type::DGRAM, Protocol::UDP)?;
/// here.bind(&"127.0.0.1:0".parse()?)?;
/// here.setsockopt(c::SOL_IP, c::IP_RECVTTL, 1)?;
/// here.sendto(b"to myself", 0, &here.getsockname()?)?;
///
/// let (_bytes, received) = here.recvmsg(100, cmsg_space(4), 0)?;
/// assert!(matches!(walk(received.control).next(), Some(Cmsg::Ttl(_))));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use = "an iterator that is dropped closes the descriptors"]
pub fn walk(control: Control) -> Walk {
    let (bytes, fds) = control.into_parts();
    Walk { bytes, at: 0, fds: fds.into_iter() }
}

/// Walks control messages in bytes of any origin. Numbers of descriptors in them are nobody's: those messages are
/// [`Cmsg::Unknown`].
pub fn walk_bytes(bytes: &[u8]) -> impl Iterator<Item = Cmsg> {
    rights::messages(bytes).map(|message| decode(&message))
}

/// The iterator of [`walk`].
#[derive(Debug)]
pub struct Walk {
    bytes: Vec<u8>,
    at: usize,
    fds: std::vec::IntoIter<Fd>,
}

impl Iterator for Walk {
    type Item = Cmsg;

    fn next(&mut self) -> Option<Cmsg> {
        let rest = self.bytes.get(self.at..)?;
        let message = rights::messages(rest).next()?;
        self.at += align(cmsg_len(message.data.len()));
        let owned = self.fds.by_ref().take(message.descriptors().count()).collect::<Vec<_>>();
        Some(match (message.level, message.kind) {
            (c::SOL_SOCKET, c::SCM_RIGHTS) => Cmsg::Rights(owned),
            (c::SOL_SOCKET, c::SCM_PIDFD) => {
                owned.into_iter().next().map_or_else(|| unknown(&message), Cmsg::PidFd)
            }
            _ => decode(&message),
        })
    }
}

impl fmt::Debug for Cmsg {
    /// Writes the level and the kind of a message that is not known here by name, where they have one.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rights(fds) => f.debug_tuple("Rights").field(fds).finish(),
            Self::PidFd(fd) => f.debug_tuple("PidFd").field(fd).finish(),
            Self::Credentials { pid, uid, gid } => {
                f.debug_struct("Credentials").field("pid", pid).field("uid", uid).field("gid", gid).finish()
            }
            Self::PacketInfo { interface, local, destination } => f
                .debug_struct("PacketInfo")
                .field("interface", interface)
                .field("local", local)
                .field("destination", destination)
                .finish(),
            Self::PacketInfo6 { interface, address } => {
                f.debug_struct("PacketInfo6").field("interface", interface).field("address", address).finish()
            }
            Self::Ttl(ttl) => f.debug_tuple("Ttl").field(ttl).finish(),
            Self::HopLimit(limit) => f.debug_tuple("HopLimit").field(limit).finish(),
            Self::Tos(tos) => f.debug_tuple("Tos").field(tos).finish(),
            Self::TrafficClass(class) => f.debug_tuple("TrafficClass").field(class).finish(),
            Self::RecvErr(error) => f.debug_tuple("RecvErr").field(error).finish(),
            Self::Timestamp { seconds, microseconds } => f
                .debug_struct("Timestamp")
                .field("seconds", seconds)
                .field("microseconds", microseconds)
                .finish(),
            Self::TimestampNs(time) => f.debug_tuple("TimestampNs").field(time).finish(),
            Self::Timestamping(three) => f.debug_tuple("Timestamping").field(three).finish(),
            Self::UdpSegment(size) => f.debug_tuple("UdpSegment").field(size).finish(),
            Self::UdpGro(size) => f.debug_tuple("UdpGro").field(size).finish(),
            Self::DropCount(count) => f.debug_tuple("DropCount").field(count).finish(),
            Self::Unknown { level, kind, data } => f
                .debug_struct("Unknown")
                .field("level", &format_args!("{}", name(Kind::Level, (*level).into())))
                .field("kind", &format_args!("{}", kind_name(*level, *kind)))
                .field("data", data)
                .finish(),
        }
    }
}

/// Names what a message is on its level: most have the name of the option that asks for them.
fn kind_name(level: i32, kind: i32) -> String {
    let own = if level == c::SOL_SOCKET { names::find(names::CONTROL_MESSAGES, kind.into()) } else { None };
    own.map_or_else(|| name(Kind::OptionName(level), kind.into()), str::to_owned)
}

impl fmt::Debug for ExtendedError {
    /// Writes the origin by name.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let origin = names::number(names::ERROR_ORIGINS, self.origin.into());
        f.debug_struct("ExtendedError")
            .field("v6", &self.v6)
            .field("errno", &self.errno)
            .field("origin", &format_args!("{origin}"))
            .field("kind", &self.kind)
            .field("code", &self.code)
            .field("info", &self.info)
            .field("data", &self.data)
            .field("offender", &self.offender)
            .finish()
    }
}

impl Cmsg {
    /// Returns the level, the kind and the data.
    fn parts(&self) -> (i32, i32, Vec<u8>) {
        match self {
            Self::Rights(fds) => (c::SOL_SOCKET, c::SCM_RIGHTS, numbers(fds)),
            Self::PidFd(fd) => (c::SOL_SOCKET, c::SCM_PIDFD, numbers(std::slice::from_ref(fd))),
            Self::Credentials { pid, uid, gid } => {
                let fields = [pid.to_ne_bytes(), uid.to_ne_bytes(), gid.to_ne_bytes()];
                (c::SOL_SOCKET, c::SCM_CREDENTIALS, fields.concat())
            }
            Self::PacketInfo { interface, local, destination } => {
                let fields = [interface.to_ne_bytes(), local.octets(), destination.octets()];
                (c::SOL_IP, c::IP_PKTINFO, fields.concat())
            }
            Self::PacketInfo6 { interface, address } => {
                let fields = [&address.octets()[..], &interface.to_ne_bytes()];
                (c::SOL_IPV6, c::IPV6_PKTINFO, fields.concat())
            }
            Self::Ttl(ttl) => (c::SOL_IP, c::IP_TTL, ttl.to_ne_bytes().to_vec()),
            Self::HopLimit(limit) => (c::SOL_IPV6, c::IPV6_HOPLIMIT, limit.to_ne_bytes().to_vec()),
            Self::Tos(tos) => (c::SOL_IP, c::IP_TOS, vec![*tos]),
            Self::TrafficClass(class) => (c::SOL_IPV6, c::IPV6_TCLASS, class.to_ne_bytes().to_vec()),
            Self::RecvErr(error) => {
                let (level, kind) =
                    if error.v6 { (c::SOL_IPV6, c::IPV6_RECVERR) } else { (c::SOL_IP, c::IP_RECVERR) };
                (level, kind, error.encode())
            }
            Self::Timestamp { seconds, microseconds } => {
                let fields = [seconds.to_ne_bytes(), microseconds.to_ne_bytes()];
                (c::SOL_SOCKET, c::SCM_TIMESTAMP, fields.concat())
            }
            Self::TimestampNs(time) => (c::SOL_SOCKET, c::SCM_TIMESTAMPNS, times(&[*time])),
            Self::Timestamping(three) => (c::SOL_SOCKET, c::SCM_TIMESTAMPING, times(three)),
            Self::UdpSegment(size) => (c::SOL_UDP, c::UDP_SEGMENT, size.to_ne_bytes().to_vec()),
            Self::UdpGro(size) => (c::SOL_UDP, c::UDP_GRO, size.to_ne_bytes().to_vec()),
            Self::DropCount(count) => (c::SOL_SOCKET, c::SO_RXQ_OVFL, count.to_ne_bytes().to_vec()),
            Self::Unknown { level, kind, data } => (*level, *kind, data.clone()),
        }
    }
}

impl ExtendedError {
    fn encode(&self) -> Vec<u8> {
        let mut bytes = self.errno.0.to_ne_bytes().to_vec();
        bytes.extend([self.origin, self.kind, self.code, 0]);
        bytes.extend(self.info.to_ne_bytes());
        bytes.extend(self.data.to_ne_bytes());
        // An address that does not fit into a `sockaddr` is left out.
        bytes.extend(self.offender.encode().unwrap_or_default());
        bytes
    }

    fn decode(v6: bool, data: &[u8]) -> Option<Self> {
        let (errno, rest) = data.split_first_chunk()?;
        let ([origin, kind, code, _pad], rest) = rest.split_first_chunk()?;
        let (info, rest) = rest.split_first_chunk()?;
        let (data, offender) = rest.split_first_chunk()?;
        let offender = match Address::decode(offender) {
            Address::Other { family, .. } if i32::from(family) == c::AF_UNSPEC => Address::Unspecified,
            offender => offender,
        };
        // An address that does not fit into a `sockaddr` is none: the message stays bytes.
        offender.encode().ok()?;
        Some(Self {
            v6,
            errno: Errno(i32::from_ne_bytes(*errno)),
            origin: *origin,
            kind: *kind,
            code: *code,
            info: u32::from_ne_bytes(*info),
            data: u32::from_ne_bytes(*data),
            offender,
        })
    }
}

fn decode(message: &Message<'_>) -> Cmsg {
    decode_known(message).unwrap_or_else(|| unknown(message))
}

fn unknown(message: &Message<'_>) -> Cmsg {
    Cmsg::Unknown { level: message.level, kind: message.kind, data: message.data.to_vec() }
}

/// Reads a message whose kind is known; `None` when it has not the length of its kind.
fn decode_known(message: &Message<'_>) -> Option<Cmsg> {
    let data = message.data;
    Some(match (message.level, message.kind) {
        (c::SOL_SOCKET, c::SCM_CREDENTIALS) => {
            let [pid, uid, gid] = words(data)?;
            Cmsg::Credentials {
                pid: i32::from_ne_bytes(pid),
                uid: u32::from_ne_bytes(uid),
                gid: u32::from_ne_bytes(gid),
            }
        }
        (c::SOL_IP, c::IP_PKTINFO) => {
            let [interface, local, destination] = words(data)?;
            Cmsg::PacketInfo {
                interface: u32::from_ne_bytes(interface),
                local: local.into(),
                destination: destination.into(),
            }
        }
        (c::SOL_IPV6, c::IPV6_PKTINFO) => {
            let (address, interface) = data.split_first_chunk::<16>()?;
            let [interface] = words(interface)?;
            Cmsg::PacketInfo6 { interface: u32::from_ne_bytes(interface), address: (*address).into() }
        }
        (c::SOL_IP, c::IP_TTL) => Cmsg::Ttl(int(data)?),
        (c::SOL_IPV6, c::IPV6_HOPLIMIT) => Cmsg::HopLimit(int(data)?),
        (c::SOL_IP, c::IP_TOS) => Cmsg::Tos(u8::from_ne_bytes(data.try_into().ok()?)),
        (c::SOL_IPV6, c::IPV6_TCLASS) => Cmsg::TrafficClass(int(data)?),
        (c::SOL_IP, c::IP_RECVERR) => Cmsg::RecvErr(ExtendedError::decode(false, data)?),
        (c::SOL_IPV6, c::IPV6_RECVERR) => Cmsg::RecvErr(ExtendedError::decode(true, data)?),
        (c::SOL_SOCKET, c::SCM_TIMESTAMP | c::SO_TIMESTAMP_NEW) => {
            let [Time { seconds, nanoseconds: microseconds }] = read_times(data)?;
            Cmsg::Timestamp { seconds, microseconds }
        }
        (c::SOL_SOCKET, c::SCM_TIMESTAMPNS | c::SO_TIMESTAMPNS_NEW) => {
            let [time] = read_times(data)?;
            Cmsg::TimestampNs(time)
        }
        (c::SOL_SOCKET, c::SCM_TIMESTAMPING | c::SO_TIMESTAMPING_NEW) => {
            Cmsg::Timestamping(read_times(data)?)
        }
        (c::SOL_UDP, c::UDP_SEGMENT) => Cmsg::UdpSegment(u16::from_ne_bytes(data.try_into().ok()?)),
        (c::SOL_UDP, c::UDP_GRO) => Cmsg::UdpGro(int(data)?),
        (c::SOL_SOCKET, c::SO_RXQ_OVFL) => Cmsg::DropCount(u32::from_ne_bytes(data.try_into().ok()?)),
        _ => return None,
    })
}

fn int(data: &[u8]) -> Option<i32> {
    data.try_into().ok().map(i32::from_ne_bytes)
}

/// Cuts exactly `N` words of four bytes.
fn words<const N: usize>(data: &[u8]) -> Option<[[u8; 4]; N]> {
    let (words, []) = data.as_chunks() else { return None };
    words.try_into().ok()
}

fn read_times<const N: usize>(data: &[u8]) -> Option<[Time; N]> {
    let (halves, []) = data.as_chunks() else { return None };
    let (pairs, []) = halves.as_chunks() else { return None };
    let times: &[[[u8; 8]; 2]; N] = pairs.try_into().ok()?;
    Some(times.map(|[seconds, nanoseconds]| Time {
        seconds: i64::from_ne_bytes(seconds),
        nanoseconds: i64::from_ne_bytes(nanoseconds),
    }))
}

fn times(times: &[Time]) -> Vec<u8> {
    times
        .iter()
        .flat_map(|time| [time.seconds.to_ne_bytes(), time.nanoseconds.to_ne_bytes()])
        .flatten()
        .collect()
}

fn numbers(fds: &[impl AsRawFd]) -> Vec<u8> {
    fds.iter().flat_map(|fd| fd.as_raw_fd().to_ne_bytes()).collect()
}
