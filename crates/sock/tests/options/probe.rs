//! The sockets to try options on, and what this process may do.

use jackfield_sock::option::Opt;
use jackfield_sock::{Address, Family, LinkAddress, Protocol, Result, Socket, Type, c};
use sys::cap::{self, Capability};

/// Which socket to open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Probe {
    Tcp4,
    Tcp6,
    Udp4,
    Udp6,
    /// Connected over loopback.
    Connected4,
    Connected6,
    /// Connected to a discarding port of loopback.
    UdpConnected4,
    UdpConnected6,
    /// An IPv6 socket connected to an IPv4 address.
    Mapped,
    Unix,
    /// Of protocol 253, which is for experiments: RFC 3692.
    Raw4,
    Raw6,
    /// Of `IPPROTO_RAW`.
    Raw6Raw,
    /// On loopback, for the Ethernet protocol 0x88b5, which is for experiments: RFC 9542.
    Packet,
}

impl Probe {
    pub(crate) const fn is_v6(self) -> bool {
        matches!(
            self,
            Self::Tcp6
                | Self::Udp6
                | Self::Connected6
                | Self::UdpConnected6
                | Self::Mapped
                | Self::Raw6
                | Self::Raw6Raw
        )
    }
}

/// A socket, and those that must stay open beside it.
pub(crate) struct Opened {
    pub(crate) socket: Socket,
    _others: Vec<Socket>,
}

impl From<Socket> for Opened {
    fn from(socket: Socket) -> Self {
        Self { socket, _others: Vec::new() }
    }
}

const EXPERIMENT: Protocol = Protocol(253);

pub(crate) fn open(probe: Probe) -> Result<Opened> {
    let simple = |family, kind, protocol| Socket::open(family, kind, protocol).map(Opened::from);
    match probe {
        Probe::Tcp4 => simple(Family::INET, Type::STREAM, Protocol::TCP),
        Probe::Tcp6 => simple(Family::INET6, Type::STREAM, Protocol::TCP),
        Probe::Udp4 => simple(Family::INET, Type::DGRAM, Protocol::UDP),
        Probe::Udp6 => simple(Family::INET6, Type::DGRAM, Protocol::UDP),
        Probe::Raw4 => simple(Family::INET, Type::RAW, EXPERIMENT),
        Probe::Raw6 => simple(Family::INET6, Type::RAW, EXPERIMENT),
        Probe::Raw6Raw => simple(Family::INET6, Type::RAW, Protocol::RAW),
        Probe::Connected4 => connected(Family::INET, "127.0.0.1:0", Family::INET),
        Probe::Connected6 => connected(Family::INET6, "[::1]:0", Family::INET6),
        Probe::Mapped => connected(Family::INET, "127.0.0.1:0", Family::INET6),
        Probe::UdpConnected4 => discarding(Family::INET, "127.0.0.1:9"),
        Probe::UdpConnected6 => discarding(Family::INET6, "[::1]:9"),
        Probe::Unix => {
            let (socket, other) = Socket::pair(Family::UNIX, Type::STREAM, Protocol::DEFAULT)?;
            Ok(Opened { socket, _others: vec![other] })
        }
        Probe::Packet => {
            let socket = Socket::open(Family::PACKET, Type::RAW, Protocol::DEFAULT)?;
            socket.bind(&Address::Packet(LinkAddress {
                protocol: 0x88b5,
                interface: loopback(),
                ..LinkAddress::default()
            }))?;
            Ok(socket.into())
        }
    }
}

fn connected(server: Family, at: &str, client: Family) -> Result<Opened> {
    let listener = Socket::open(server, Type::STREAM, Protocol::TCP)?;
    listener.bind(&address(at))?;
    listener.listen(1)?;
    let socket = Socket::open(client, Type::STREAM, Protocol::TCP)?;
    let to = match listener.getsockname()? {
        Address::V4(v4) if client == Family::INET6 => {
            Address::from(std::net::SocketAddr::from((v4.ip().to_ipv6_mapped(), v4.port())))
        }
        same => same,
    };
    socket.connect(&to)?;
    let (accepted, _) = listener.accept()?;
    Ok(Opened { socket, _others: vec![listener, accepted] })
}

fn discarding(family: Family, at: &str) -> Result<Opened> {
    let socket = Socket::open(family, Type::DGRAM, Protocol::UDP)?;
    socket.connect(&address(at))?;
    Ok(socket.into())
}

pub(crate) fn address(text: &str) -> Address {
    text.parse().unwrap()
}

/// The index of the loopback interface.
pub(crate) fn loopback() -> u32 {
    let index = std::fs::read_to_string("/sys/class/net/lo/ifindex").unwrap();
    index.trim().parse().unwrap()
}

pub(crate) fn has_ipv6() -> bool {
    std::fs::read_to_string("/proc/net/if_inet6").is_ok_and(|table| table.contains(" lo"))
}

pub(crate) fn may(capability: Capability) -> bool {
    cap::get().unwrap().has(capability)
}

/// Tells whether capabilities count for the whole machine.
pub(crate) fn in_first_user_namespace() -> bool {
    let map = std::fs::read_to_string("/proc/self/uid_map").unwrap();
    map.split_ascii_whitespace().eq(["0", "0", "4294967295"])
}

/// Reads what a file of `/proc/sys` says.
pub(crate) fn sysctl(name: &str) -> String {
    std::fs::read_to_string(format!("/proc/sys/{name}")).unwrap_or_default().trim().to_owned()
}

/// Sets to each value in turn and reads it back.
#[track_caller]
pub(crate) fn both<T: PartialEq + std::fmt::Debug + Copy>(
    socket: &Socket,
    get: fn(&Socket) -> Result<T>,
    set: fn(&Socket, T) -> Result<()>,
    values: &[T],
) -> Result<()> {
    for value in values {
        set(socket, *value)?;
        assert_eq!(get(socket)?, *value);
    }
    Ok(())
}

#[track_caller]
pub(crate) fn toggle(
    socket: &Socket,
    get: fn(&Socket) -> Result<bool>,
    set: fn(&Socket, bool) -> Result<()>,
) -> Result<()> {
    both(socket, get, set, &[true, false])
}

/// Takes one of these refusals as the right answer; any other error goes on.
#[track_caller]
pub(crate) fn refused<T: std::fmt::Debug>(done: Result<T>, with: &[jackfield_sock::Errno]) -> Result<()> {
    match done {
        Ok(value) => panic!("not refused: {value:?}"),
        Err(error) if error.errno().is_some_and(|errno| with.contains(&errno)) => Ok(()),
        Err(error) => Err(error),
    }
}

pub(crate) fn row(name: &str) -> &'static Opt {
    jackfield_sock::option::by_name(name).unwrap()
}

/// The bytes of a `sockaddr_storage`.
pub(crate) fn storage(text: &str) -> Vec<u8> {
    let mut bytes = address(text).encode().unwrap();
    bytes.resize(128, 0);
    bytes
}

/// The policy "let everything out", `struct xfrm_userpolicy_info` of `linux/xfrm.h`.
pub(crate) fn policy(family: i32) -> Vec<u8> {
    let mut policy = vec![0; 168];
    policy[40..42].copy_from_slice(&u16::try_from(family).unwrap().to_ne_bytes());
    // dir, XFRM_POLICY_OUT.
    policy[160] = 1;
    policy
}

pub(crate) use c::option as n;
