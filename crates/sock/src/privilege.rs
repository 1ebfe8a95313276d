//! What the kernel asks for before it does something, whether this process has it, and what to do when it says no.
//!
//! The user's number is never asked: what counts are the effective capabilities, the process's groups and two sysctls.
//! What a refusal means, and what to do about it, is in the `remedy` file.
//! Sources: capabilities(7), socket(7), ip(7), packet(7), icmp(7), vsock(7), `user_namespaces(7)`; the kernel's
//! `ip-sysctl`.

use std::sync::OnceLock;

use sys::cap;
use sys::door::{self, Event, Value};
use sys::{Address, Errno, Op, c, file};

pub use sys::cap::Capability;

pub use crate::raise::{Keep, lower};
pub use crate::remedy::{Remedy, explain, explain_file, remedy};
pub(crate) use crate::remedy::{read_route, read_tables};

use crate::option;
use crate::raise::raises;

/// What the kernel asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Privilege {
    /// Nothing.
    None,
    /// A capability in the user namespace that owns the network namespace.
    Capability(Capability),
    /// One of several capabilities, in the same namespace: the first will do on every kernel, the others on newer ones.
    AnyOf(&'static [Capability]),
    /// A capability in the initial user namespace: a lab or a rootless container cannot give it.
    InInitialNamespace(Capability),
    /// A group of the process within `net.ipv4.ping_group_range`: icmp(7).
    PingGroup,
}

/// Whether this process may.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Whether the kernel would agree now.
    pub allowed: bool,
    /// By what, or what is missing.
    pub how: String,
}

impl Privilege {
    /// Returns the name in a trace: `none`, `CAP_NET_RAW`, `ping_group_range`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Capability(capability) | Self::InInitialNamespace(capability) => capability.name(),
            Self::AnyOf([Capability::NetAdmin, Capability::NetRaw]) => "CAP_NET_ADMIN or CAP_NET_RAW",
            Self::AnyOf([Capability::NetRaw, Capability::NetAdmin]) => "CAP_NET_RAW or CAP_NET_ADMIN",
            Self::AnyOf([first, ..]) => first.name(),
            Self::AnyOf([]) => "none",
            Self::PingGroup => "ping_group_range",
        }
    }

    /// Tells what one operation takes, whether it was granted or refused.
    ///
    /// Reads `ip_unprivileged_port_start` at the first bind to a port and keeps it, as [`door::Origin::Trace`]. A bind
    /// says not what kind of socket it is about: of a raw one, which has no ports, a port is counted all the same.
    #[must_use]
    pub fn of(event: &Event) -> Self {
        if event.syscall.is_none() {
            return Self::None;
        }
        match event.op {
            Op::Socket => match ["family", "type", "protocol"].map(|name| integer(event, name)) {
                [Some(family), Some(kind), Some(protocol)] => Self::of_socket(family, kind, protocol),
                _ => Self::None,
            },
            Op::Bind => match event.argument("address") {
                Some(Value::Address(address)) => Self::of_bind(address, cached_unprivileged_port_start()),
                _ => Self::None,
            },
            Op::Setsockopt => Self::of_setsockopt(event),
            Op::Sethostname => Self::Capability(Capability::SysAdmin),
            _ => Self::None,
        }
    }

    /// Tells what socket(2) takes with these arguments.
    pub(crate) const fn of_socket(family: i32, kind: i32, protocol: i32) -> Self {
        match (family, kind & !(c::SOCK_CLOEXEC | c::SOCK_NONBLOCK), protocol) {
            (c::AF_PACKET | c::AF_XDP, _, _) | (c::AF_INET | c::AF_INET6, c::SOCK_RAW, _) => {
                Self::Capability(Capability::NetRaw)
            }
            (c::AF_INET, c::SOCK_DGRAM, c::IPPROTO_ICMP)
            | (c::AF_INET6, c::SOCK_DGRAM, c::IPPROTO_ICMPV6) => Self::PingGroup,
            _ => Self::None,
        }
    }

    /// Tells what to bind an address takes, as the machine is set now.
    pub(crate) fn of_binding(address: &Address) -> Self {
        Self::of_bind(address, || unprivileged_port_start().unwrap_or(DEFAULT_PORT_START))
    }

    /// Tells what an option takes that was refused.
    pub(crate) fn of_option(level: i32, name: i32) -> Self {
        match option::by_number(level, name) {
            Some(row) => row.privilege.map_or(Self::None, Self::of_row),
            // The rule of the kernel for what changes more than the socket.
            None => Self::Capability(Capability::NetAdmin),
        }
    }

    const fn of_row(row: option::Privilege) -> Self {
        match (row.namespace, row.capabilities) {
            (_, []) => Self::None,
            (option::Namespace::Initial, [first, ..]) => Self::InInitialNamespace(*first),
            (option::Namespace::Network, [one]) => Self::Capability(*one),
            (option::Namespace::Network, several) => Self::AnyOf(several),
        }
    }

    pub(crate) fn of_bind(address: &Address, unprivileged_port_start: impl FnOnce() -> u16) -> Self {
        match address {
            Address::V4(_) | Address::V6(_) => match address.ip().map_or(0, |ip| ip.port()) {
                // The kernel chooses one, and never a privileged one.
                0 => Self::None,
                port if port < unprivileged_port_start() => Self::Capability(Capability::NetBindService),
                _ => Self::None,
            },
            // `net/vmw_vsock/af_vsock.c`: a fixed 1023, and the initial namespace.
            Address::Vsock { port: 0..=1023, .. } => Self::InInitialNamespace(Capability::NetBindService),
            _ => Self::None,
        }
    }

    fn of_setsockopt(event: &Event) -> Self {
        let (Some(level), Some(name)) = (integer(event, "level"), integer(event, "name")) else {
            return Self::None;
        };
        let value = match event.argument("value") {
            Some(Value::Int(value)) => Some(*value),
            _ => None,
        };
        let refused = matches!(event.result, Err(Errno::EPERM | Errno::EACCES));
        match option::by_number(level, name).and_then(|row| row.privilege) {
            Some(row) if row.is_taken(value) || refused && row.takes == option::Takes::Depends => {
                Self::of_row(row)
            }
            _ => Self::None,
        }
    }
}

/// Tells whether the kernel would grant a privilege to this thread now.
///
/// After [`lower`] a permitted capability counts as one: this crate's calls raise it.
///
/// A capability is taken to count for the network that this process is in; in a user namespace of its own with a network
/// that belongs to an outer one, it does not, which only the refusal shows.
#[must_use]
pub fn may(privilege: &Privilege) -> Answer {
    let answer = |allowed, how: String| Answer { allowed, how };
    match *privilege {
        Privilege::None => answer(true, "nothing is asked".to_owned()),
        Privilege::Capability(capability) => may_by(capability),
        Privilege::AnyOf(capabilities) => {
            let answers: Vec<_> = capabilities.iter().map(|capability| may_by(*capability)).collect();
            match answers.iter().find(|answer| answer.allowed) {
                Some(allowed) => allowed.clone(),
                None => {
                    answer(false, answers.iter().map(|no| no.how.as_str()).collect::<Vec<_>>().join(", "))
                }
            }
        }
        Privilege::InInitialNamespace(capability) if in_initial_user_namespace() => may_by(capability),
        Privilege::InInitialNamespace(capability) => {
            answer(false, format!("{} counts only in the initial user namespace", capability.name()))
        }
        Privilege::PingGroup => {
            let Some((low, high)) = ping_group_range() else {
                return answer(false, format!("{PING_GROUP_RANGE} cannot be read"));
            };
            match own_groups().into_iter().find(|group| (low..=high).contains(group)) {
                Some(group) => {
                    answer(true, format!("group {group} is within {PING_GROUP_RANGE} ({low} {high})"))
                }
                None => answer(false, no_ping_group(low, high)),
            }
        }
    }
}

/// What a file of ours may carry: what this crate raises by itself ([`lower`]).
pub(crate) const RAISED: [Capability; 3] =
    [Capability::NetBindService, Capability::NetAdmin, Capability::NetRaw];

fn may_by(capability: Capability) -> Answer {
    let name = capability.name();
    let sets = door::for_the_trace(cap::get).unwrap_or_default();
    if sets.has(capability) {
        return Answer { allowed: true, how: format!("{name} is effective") };
    }
    if !sets.may_raise(capability) {
        return Answer { allowed: false, how: format!("{name} is missing") };
    }
    if raises() && RAISED.contains(&capability) {
        return Answer { allowed: true, how: format!("{name} is permitted, and raised for the call") };
    }
    Answer { allowed: false, how: format!("{name} is permitted, but not effective") }
}

pub(crate) fn no_ping_group(low: u32, high: u32) -> String {
    let nobody = if low > high { ", which lets nobody in, not even root" } else { "" };
    format!("no group of this process is within {PING_GROUP_RANGE} ({low} {high}){nobody}")
}

pub(crate) const PORT_START: &str = "net.ipv4.ip_unprivileged_port_start";
pub(crate) const PING_GROUP_RANGE: &str = "net.ipv4.ping_group_range";
/// The kernel's own default of `ip_unprivileged_port_start`.
pub(crate) const DEFAULT_PORT_START: u16 = 1024;

/// Returns what [`unprivileged_port_start`] said when it was first asked.
fn cached_unprivileged_port_start() -> impl FnOnce() -> u16 {
    static START: OnceLock<u16> = OnceLock::new();
    || match START.get() {
        Some(start) => *start,
        None => match unprivileged_port_start() {
            // Not `get_or_init`: reading makes events, of which the privilege is asked in turn.
            Some(start) => *START.get_or_init(|| start),
            None => DEFAULT_PORT_START,
        },
    }
}

pub(crate) fn unprivileged_port_start() -> Option<u16> {
    read_config(b"/proc/sys/net/ipv4/ip_unprivileged_port_start")?.trim().parse().ok()
}

pub(crate) fn ping_group_range() -> Option<(u32, u32)> {
    let text = read_config(b"/proc/sys/net/ipv4/ping_group_range")?;
    let (low, high) = text.trim().split_once(char::is_whitespace)?;
    Some((low.parse().ok()?, high.trim().parse().ok()?))
}

/// Lists the effective group and the supplementary ones: those that the kernel compares. Source: `proc_pid_status(5)`.
fn own_groups() -> Vec<u32> {
    let status = read_config(b"/proc/thread-self/status").unwrap_or_default();
    let numbers = |key| status_field(&status, key).unwrap_or_default().split_whitespace().map(str::parse);
    numbers("Gid:").skip(1).take(1).chain(numbers("Groups:")).filter_map(Result::ok).collect()
}

pub(crate) fn status_field<'a>(status: &'a str, key: &str) -> Option<&'a str> {
    status.lines().find_map(|line| line.strip_prefix(key))
}

/// Tells whether the numbers of users are the machine's own: the mark of the initial namespace in `/proc/PID/uid_map`.
pub(crate) fn in_initial_user_namespace() -> bool {
    read_config(b"/proc/self/uid_map").is_some_and(|map| map.split_whitespace().eq(["0", "0", "4294967295"]))
}

/// Reads a small file of the kernel's, on the trace's behalf.
pub(crate) fn read_config(path: &[u8]) -> Option<String> {
    use std::os::fd::AsFd as _;
    door::for_the_trace(|| {
        let fd = file::open_config(path).ok()?;
        let (mut text, mut buffer) = (Vec::new(), [0; 4096]);
        loop {
            match file::read(fd.as_fd(), &mut buffer) {
                Ok(0) => return String::from_utf8(text).ok(),
                Ok(len) => text.extend_from_slice(buffer.get(..len)?),
                Err(Errno::EINTR) => {}
                Err(_) => return None,
            }
        }
    })
}

fn integer(event: &Event, name: &str) -> Option<i32> {
    match event.argument(name) {
        Some(Value::Number(_, number)) => i32::try_from(*number).ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use sys::UnixAddress;
    use sys::door::{Arg, Kind, Origin};

    use super::*;

    fn event(op: Op, args: Vec<Arg>) -> Event {
        Event {
            id: 1,
            thread: 1,
            parent: None,
            depth: 0,
            op,
            syscall: Some("x"),
            args,
            result: Err(Errno::EPERM),
            origin: Origin::Job,
            began: Instant::now(),
            took: Duration::ZERO,
            rehearsed: false,
        }
    }

    fn of_socket(family: i32, kind: i32, protocol: i32) -> Privilege {
        Privilege::of(&event(
            Op::Socket,
            vec![
                ("family", Value::Number(Kind::Family, family.into())),
                ("type", Value::Number(Kind::SocketType, kind.into())),
                ("protocol", Value::Number(Kind::Protocol(family), protocol.into())),
            ],
        ))
    }

    fn of_option(level: i32, name: i32, value: i64) -> Privilege {
        Privilege::of(&event(
            Op::Setsockopt,
            vec![
                ("fd", Value::Fd(3)),
                ("level", Value::Number(Kind::Level, level.into())),
                ("name", Value::Number(Kind::OptionName(level), name.into())),
                ("value", Value::Int(value)),
            ],
        ))
    }

    const RAW: Privilege = Privilege::Capability(Capability::NetRaw);
    const ADMIN: Privilege = Privilege::Capability(Capability::NetAdmin);
    const ADMIN_OR_RAW: Privilege = Privilege::AnyOf(&[Capability::NetAdmin, Capability::NetRaw]);
    const RAW_OR_ADMIN: Privilege = Privilege::AnyOf(&[Capability::NetRaw, Capability::NetAdmin]);
    const INITIAL_ADMIN: Privilege = Privilege::InInitialNamespace(Capability::NetAdmin);

    #[test]
    fn sockets_take_what_the_manual_says() {
        for (family, kind, protocol, expected) in [
            (c::AF_INET, c::SOCK_STREAM, 0, Privilege::None),
            (c::AF_INET, c::SOCK_DGRAM, c::IPPROTO_UDP, Privilege::None),
            (c::AF_INET, c::SOCK_RAW, c::IPPROTO_ICMP, RAW),
            (c::AF_INET6, c::SOCK_RAW | c::SOCK_CLOEXEC | c::SOCK_NONBLOCK, c::IPPROTO_RAW, RAW),
            (c::AF_PACKET, c::SOCK_DGRAM, 0, RAW),
            (c::AF_PACKET, c::SOCK_RAW | c::SOCK_CLOEXEC, 768, RAW),
            (c::AF_INET, c::SOCK_DGRAM | c::SOCK_CLOEXEC, c::IPPROTO_ICMP, Privilege::PingGroup),
            (c::AF_INET6, c::SOCK_DGRAM, c::IPPROTO_ICMPV6, Privilege::PingGroup),
            // netlink(7), unix(7): raw in name only.
            (c::AF_NETLINK, c::SOCK_RAW, 0, Privilege::None),
            (c::AF_UNIX, c::SOCK_RAW, 0, Privilege::None),
        ] {
            assert_eq!(of_socket(family, kind, protocol), expected, "{family} {kind} {protocol}");
        }
    }

    #[test]
    fn options_take_what_the_manual_says() {
        assert_eq!(of_option(c::SOL_SOCKET, c::SO_REUSEADDR, 1), Privilege::None);
        assert_eq!(of_option(c::SOL_SOCKET, c::option::SO_MARK, 0), ADMIN_OR_RAW);
        assert_eq!(of_option(c::SOL_SOCKET, c::option::SO_PRIORITY, 6), Privilege::None);
        assert_eq!(of_option(c::SOL_SOCKET, c::option::SO_PRIORITY, 7), ADMIN_OR_RAW);
        assert_eq!(of_option(c::SOL_SOCKET, c::option::SO_PRIORITY, -1), ADMIN_OR_RAW);
        assert_eq!(of_option(c::SOL_IP, c::option::IP_TRANSPARENT, 1), RAW_OR_ADMIN);
        assert_eq!(of_option(c::SOL_IP, c::option::IP_TRANSPARENT, 0), Privilege::None);
        assert_eq!(of_option(c::SOL_IPV6, c::option::IPV6_HOPOPTS, 0), RAW);
        assert_eq!(of_option(c::SOL_TCP, c::option::TCP_REPAIR, 1), ADMIN);
        // This event was refused, so what depends on more than the value was taken.
        assert_eq!(of_option(c::SOL_SOCKET, c::option::SO_BINDTODEVICE, 1), RAW);
        // The same number on another level: TCP_FASTOPEN_CONNECT is not c::option::IP_TRANSPARENT's neighbour.
        assert_eq!(of_option(c::SOL_TCP, c::option::SO_MARK, 1), Privilege::None);
        assert_eq!(of_option(c::SOL_SOCKET, c::option::SO_RCVBUFFORCE, 1), INITIAL_ADMIN);
        assert_eq!(of_option(c::SOL_SOCKET, c::option::SO_DEBUG, 1), INITIAL_ADMIN);
        let read = event(Op::Getsockopt, vec![]);
        assert_eq!(Privilege::of(&read), Privilege::None);
        assert_eq!(Privilege::of(&event(Op::Sethostname, vec![])).name(), "CAP_SYS_ADMIN");
    }

    #[test]
    fn ports_below_the_start_take_a_capability() {
        let of = |address: &str, start| Privilege::of_bind(&address.parse().unwrap(), || start);
        let service = Privilege::Capability(Capability::NetBindService);
        assert_eq!(of("127.0.0.1:80", 1024), service);
        assert_eq!(of("[::1]:1023", 1024), service);
        assert_eq!(of("127.0.0.1:1024", 1024), Privilege::None);
        assert_eq!(of("127.0.0.1:0", 1024), Privilege::None);
        assert_eq!(of("127.0.0.1:80", 80), Privilege::None);
        assert_eq!(of("127.0.0.1:80", 0), Privilege::None);
        let vsock = |port| Privilege::of_bind(&Address::Vsock { cid: 1, port, flags: 0 }, || 0);
        assert_eq!(vsock(1023), Privilege::InInitialNamespace(Capability::NetBindService));
        assert_eq!(vsock(1024), Privilege::None);
        let unix = Address::Unix(UnixAddress::Path(b"/tmp/x".to_vec()));
        assert_eq!(Privilege::of_bind(&unix, || 1024), Privilege::None);
    }

    #[test]
    fn the_kernel_agrees_with_may() {
        let agree = |privilege: &Privilege, family: i32, kind: i32, protocol: i32| {
            let answer = may(privilege);
            assert!(!answer.how.is_empty());
            match sys::socket::socket(family, kind | c::SOCK_CLOEXEC, protocol) {
                Ok(_) => assert!(answer.allowed, "{answer:?}"),
                Err(Errno::EPERM | Errno::EACCES) => assert!(!answer.allowed, "{answer:?}"),
                // A kernel without the family says nothing about the privilege.
                Err(errno) => assert_eq!(errno, Errno::EAFNOSUPPORT),
            }
        };
        agree(&Privilege::None, c::AF_INET, c::SOCK_DGRAM, 0);
        agree(&RAW, c::AF_INET, c::SOCK_RAW, c::IPPROTO_ICMP);
        agree(&RAW, c::AF_PACKET, c::SOCK_RAW, 0);
        agree(&Privilege::PingGroup, c::AF_INET, c::SOCK_DGRAM, c::IPPROTO_ICMP);
    }

    #[test]
    fn every_row_names_all_that_would_do() {
        for row in option::all() {
            if let Some(privilege) = row.privilege {
                let of_row = Privilege::of_row(privilege);
                assert_ne!(of_row, Privilege::None, "{}", row.name);
                assert_eq!(of_row.name(), privilege.names(), "{}", row.name);
            }
        }
    }
}
