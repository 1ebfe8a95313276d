//! Socket options: one table, and from each of its rows one typed function to read and one to write.
//!
//! A module for each level holds the rows ([`so`], [`ip`], [`ipv6`], [`tcp`], [`udp`], [`packet`]). A row says name,
//! kind of value, privilege, first kernel, one sentence and manual page; the functions, the lookups by name and number
//! ([`by_name`], [`by_number`]) and the values in words ([`Setting`]) all come from it. What has no row passes as
//! number and bytes: [`Socket::getsockopt_bytes`](crate::Socket::getsockopt_bytes).
//!
//! Source: getsockopt(2), setsockopt(2), and the manual page that each row names.
//!
//! ```
//! use jackfield_sock::{Family, Protocol, Socket, Type, option};
//!
//! let socket = Socket::open(Family::INET, Type::STREAM, Protocol::TCP)?;
//! option::so::set_reuse_address(&socket, true)?;
//! assert!(option::so::reuse_address(&socket)?);
//!
//! let setting: option::Setting = "keepidle=30s".parse()?;
//! setting.apply(&socket)?;
//! assert_eq!(option::tcp::keep_idle(&socket)?.as_secs(), 30);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use sys::cap::Capability;

#[macro_use]
mod table;
mod find;
mod kind;
mod setting;
mod text;
mod value;

pub mod ip;
pub mod ipv6;
pub mod packet;
pub mod so;
pub mod tcp;
pub mod udp;

pub use find::{UnknownName, by_name, by_number, level_by_name, level_name};
pub use setting::{SetError, Setting};
pub use sys::filter::Instruction;
pub use value::{
    Credentials, Ipv4Membership, Ipv4Source, Ipv6Membership, Ipv6PacketInfo, LinkMembership,
    PacketStatistics, PathMtu, PortRange, TcpInfo, TcpState, TransmitTime,
};

/// The tables of all levels.
pub static TABLE: &[&[Opt]] = &[so::TABLE, ip::TABLE, ipv6::TABLE, tcp::TABLE, udp::TABLE, packet::TABLE];

/// Walks over the rows of all levels.
pub fn all() -> impl Iterator<Item = &'static Opt> {
    TABLE.iter().copied().flatten()
}

/// What is known of one socket option: a row of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Opt {
    /// The manual's name, such as `"SO_REUSEADDR"`.
    pub name: &'static str,
    /// Other names of the same number.
    pub aliases: &'static [&'static str],
    /// The level, `SOL_…`.
    pub level: i32,
    /// The number on that level.
    pub number: i32,
    /// How the value is laid out.
    pub kind: Kind,
    /// Whether it can be read, written or both.
    pub access: Access,
    /// What it takes, and for what.
    pub privilege: Option<Privilege>,
    /// The kernel that brought it, such as `"2.6.25"`; `"2.2"` stands for that one or an older.
    pub since: &'static str,
    /// The kernel's build option that it takes, where most kernels may lack it.
    pub config: Option<&'static str>,
    /// What it does, in one sentence or two.
    pub about: &'static str,
    /// Where that is documented: a manual page, or a file of the kernel's own documentation or headers.
    pub manual: &'static str,
    /// The values that have names.
    pub values: &'static [(&'static str, i32)],
    /// How many bytes to ask the kernel for.
    pub(crate) room: usize,
}

/// Whether an option can be read, written or both.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Access {
    /// By getsockopt(2) alone.
    Get,
    /// By setsockopt(2) alone.
    Set,
    /// By both.
    Both,
}

impl Access {
    /// Tells whether getsockopt(2) answers.
    #[must_use]
    pub const fn can_get(self) -> bool {
        matches!(self, Self::Get | Self::Both)
    }

    /// Tells whether setsockopt(2) takes a value.
    #[must_use]
    pub const fn can_set(self) -> bool {
        matches!(self, Self::Set | Self::Both)
    }
}

/// What it takes to set an option, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Privilege {
    /// Any one of these will do; the first on every kernel, the others on newer ones.
    pub capabilities: &'static [Capability],
    /// Which values take it.
    pub takes: Takes,
    /// Where the capability must count.
    pub namespace: Namespace,
    /// For what, as words that follow the name: `"to set"`, `"to set a priority above 6"`.
    pub when: &'static str,
}

/// Which values of an option take a privilege.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Takes {
    /// Every value.
    Always,
    /// Every value but 0.
    On,
    /// Every value but 0 to 6.
    OutsideZeroToSix,
    /// What the socket or the machine is set to decides: only a refusal tells.
    Depends,
}

/// The user namespace in which a capability must count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Namespace {
    /// The one that owns the network namespace: `ns_capable` of the kernel.
    Network,
    /// The machine's first: `capable` of the kernel.
    Initial,
}

impl Privilege {
    /// Tells whether a value takes it, as far as the value tells; `None` stands for one that is no integer.
    #[must_use]
    pub fn is_taken(&self, value: Option<i64>) -> bool {
        match self.takes {
            Takes::Always => true,
            Takes::On => value != Some(0),
            Takes::OutsideZeroToSix => !value.is_some_and(|value| (0..=6).contains(&value)),
            Takes::Depends => false,
        }
    }

    /// Names the capabilities: `CAP_NET_ADMIN or CAP_NET_RAW`.
    #[must_use]
    pub fn names(&self) -> String {
        let names: Vec<_> = self.capabilities.iter().map(|capability| capability.name()).collect();
        names.join(" or ")
    }
}

/// How an option's value is laid out, and which type its functions speak.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// An `int` that is 0 or 1: `bool`.
    Bool,
    /// An `int`: `i32`.
    Int,
    /// An `unsigned int`: `u32`.
    Unsigned,
    /// An `int` from 0 to 255: `u8`.
    Byte,
    /// 64 bits without sign: `u64`.
    Long,
    /// An `int` of seconds: `Duration`.
    Seconds,
    /// An `int` of milliseconds: `Duration`.
    Milliseconds,
    /// An `int` of microseconds: `Duration`.
    Microseconds,
    /// A `struct timeval`: `Option<Duration>`, none being no limit.
    Timeval,
    /// A `struct linger`: `Option<Duration>`, none being off.
    Linger,
    /// Words: `String`.
    Text,
    /// An interface's index as an `int`: `u32`, 0 being none.
    Interface,
    /// An interface's index in network order: `u32`, 0 being none.
    InterfaceBe,
    /// A `struct in_addr`, the address of an interface: `Ipv4Addr`.
    Ipv4Interface,
    /// A `struct ip_mreqn`: [`Ipv4Membership`].
    Ipv4Membership,
    /// A `struct ip_mreq_source`: [`Ipv4Source`].
    Ipv4Source,
    /// A `struct ipv6_mreq`: [`Ipv6Membership`].
    Ipv6Membership,
    /// A `struct in6_pktinfo`: [`Ipv6PacketInfo`].
    Ipv6PacketInfo,
    /// A `struct packet_mreq`: [`LinkMembership`].
    LinkMembership,
    /// A `struct tpacket_stats`: [`PacketStatistics`].
    PacketStatistics,
    /// A `struct ucred`: [`Credentials`].
    Credentials,
    /// A `struct tcp_info`: [`TcpInfo`].
    TcpInfo,
    /// A `struct ip6_mtuinfo`: [`PathMtu`].
    PathMtu,
    /// Two 16-bit ports in a `u32`: [`PortRange`].
    PortRange,
    /// A `struct sock_txtime`: [`TransmitTime`].
    TransmitTime,
    /// Numbers of 32 bits: `Vec<u32>`.
    Words,
    /// A `struct sockaddr`: [`Address`](crate::Address).
    Address,
    /// An `AF_…` number: [`Family`](crate::Family).
    Family,
    /// A `SOCK_…` number: [`Type`](crate::Type).
    SocketType,
    /// An `IPPROTO_…` number: [`Protocol`](crate::Protocol).
    Protocol,
    /// An errno: `Option<Errno>`.
    Error,
    /// A structure that has no type here: its bytes.
    Bytes,
    /// A structure that is a question when read, and that may come back changed when set: bytes in, bytes out.
    Query,
    /// An `int` that is a question when read.
    IntQuery,
    /// No value: to set it is all.
    Nothing,
    /// A classic BPF program: [`Instruction`]s.
    Program,
    /// A descriptor to be used by the socket.
    Descriptor,
    /// A descriptor that the kernel opens.
    NewDescriptor,
}

impl Kind {
    /// Names the C type of the value, such as `"struct linger"`, and what it is limited to.
    #[must_use]
    pub const fn c_type(self) -> &'static str {
        match self {
            Self::Bool => "int, 0 or 1",
            Self::Int => "int",
            Self::IntQuery => "int, a question when read",
            Self::Unsigned => "unsigned int",
            Self::Byte => "int, 0 to 255",
            Self::Long => "uint64_t",
            Self::Seconds => "int, seconds",
            Self::Milliseconds => "int, milliseconds",
            Self::Microseconds => "int, microseconds",
            Self::Timeval => "struct timeval",
            Self::Linger => "struct linger",
            Self::Text => "char[]",
            Self::Interface => "int, an interface's index",
            Self::InterfaceBe => "int, an interface's index in network order",
            Self::Ipv4Interface => "struct in_addr",
            Self::Ipv4Membership => "struct ip_mreqn",
            Self::Ipv4Source => "struct ip_mreq_source",
            Self::Ipv6Membership => "struct ipv6_mreq",
            Self::Ipv6PacketInfo => "struct in6_pktinfo",
            Self::LinkMembership => "struct packet_mreq",
            Self::PacketStatistics => "struct tpacket_stats",
            Self::Credentials => "struct ucred",
            Self::TcpInfo => "struct tcp_info",
            Self::PathMtu => "struct ip6_mtuinfo",
            Self::PortRange => "uint32_t, two ports",
            Self::TransmitTime => "struct sock_txtime",
            Self::Words => "uint32_t[]",
            Self::Address => "struct sockaddr",
            Self::Family => "int, AF_…",
            Self::SocketType => "int, SOCK_…",
            Self::Protocol => "int, IPPROTO_…",
            Self::Error => "int, an errno",
            Self::Bytes => "a structure",
            Self::Query => "a structure, a question when read",
            Self::Nothing => "no value",
            Self::Program => "struct sock_fprog",
            Self::Descriptor => "int, a descriptor",
            Self::NewDescriptor => "int, a new descriptor",
        }
    }
}
