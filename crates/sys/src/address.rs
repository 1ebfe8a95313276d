//! Socket addresses, to and from the kernel's `sockaddr`s.
//!
//! What we know is a variant of [`Address`]; what we do not know travels on as number and bytes. Sources: ip(7),
//! ipv6(7), unix(7), packet(7), netlink(7), vsock(7).

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4, SocketAddrV6};

use crate::{Errno, c, names};

/// The address of a socket, of any family.
#[derive(Clone, PartialEq, Eq, Hash)]
pub enum Address {
    /// `AF_INET`: address and port.
    V4(SocketAddrV4),
    /// `AF_INET6`: address, port, flow information and scope id.
    V6(SocketAddrV6),
    /// `AF_UNIX`: a path, an abstract name or no name.
    Unix(UnixAddress),
    /// `AF_PACKET`: a link-layer address on an interface.
    Packet(LinkAddress),
    /// `AF_NETLINK`: port id and multicast groups.
    Netlink {
        /// The port id; 0 is the kernel.
        pid: u32,
        /// The multicast groups, a bit each.
        groups: u32,
    },
    /// `AF_VSOCK`: context id and port.
    Vsock {
        /// The context id: 1 is loopback, 2 the host.
        cid: u32,
        /// The port, 32 bits wide.
        port: u32,
        /// `VMADDR_FLAG_…`: 1 goes to the host whatever the context id; 0 for most.
        flags: u8,
    },
    /// Another family: the bytes after the family.
    Other {
        /// The `AF_…` number.
        family: u16,
        /// The rest of the `sockaddr`.
        data: Vec<u8>,
    },
    /// No address: what recvfrom(2) says of a connected stream.
    Unspecified,
}

/// The name of a Unix socket. Bytes, not text: unix(7) allows any.
#[derive(Clone, PartialEq, Eq, Hash)]
pub enum UnixAddress {
    /// A name in the file system, without the closing NUL.
    Path(Vec<u8>),
    /// A name in the abstract namespace, without the leading NUL; may hold NULs.
    Abstract(Vec<u8>),
    /// No name: a socket that was never bound.
    Unnamed,
}

/// The address of a packet socket, `struct sockaddr_ll`.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct LinkAddress {
    /// The Ethernet protocol in host order, such as 0x0800; 3 is all.
    pub protocol: u16,
    /// The interface's index; 0 is any.
    pub interface: u32,
    /// The kind of hardware, `ARPHRD_…`.
    pub hardware: u16,
    /// To whom the packet was sent, `PACKET_…`.
    pub packet_type: u8,
    /// The length of `address` in use, at most [`LinkAddress::MAX`]: 6 of Ethernet, 20 of InfiniBand.
    pub len: u8,
    /// The link-layer address.
    pub address: [u8; Self::MAX],
}

/// A `sockaddr_storage`: room for the address of any family, aligned as the kernel wants it.
#[derive(Clone, Copy)]
#[repr(C, align(8))]
pub(crate) struct RawAddress {
    pub(crate) bytes: [u8; 128],
    pub(crate) len: u32,
}

impl RawAddress {
    pub(crate) const fn room() -> Self {
        Self { bytes: [0; 128], len: 128 }
    }

    pub(crate) fn decode(&self) -> Address {
        Address::decode(self.bytes.get(..self.len as usize).unwrap_or(&self.bytes))
    }
}

impl Address {
    /// Names the family, `AF_…`; 0 (`AF_UNSPEC`) for [`Address::Unspecified`].
    #[must_use]
    pub const fn family(&self) -> i32 {
        match self {
            Self::V4(_) => c::AF_INET,
            Self::V6(_) => c::AF_INET6,
            Self::Unix(_) => c::AF_UNIX,
            Self::Packet(_) => c::AF_PACKET,
            Self::Netlink { .. } => c::AF_NETLINK,
            Self::Vsock { .. } => c::AF_VSOCK,
            Self::Other { family, .. } => *family as i32,
            Self::Unspecified => c::AF_UNSPEC,
        }
    }

    /// Returns the IP address and port, if it is an Internet address.
    #[must_use]
    pub const fn ip(&self) -> Option<SocketAddr> {
        match self {
            Self::V4(v4) => Some(SocketAddr::V4(*v4)),
            Self::V6(v6) => Some(SocketAddr::V6(*v6)),
            _ => None,
        }
    }

    /// Returns an IPv4 peer of a socket for both families as what it is: `::ffff:127.0.0.1` is 127.0.0.1. Source: ipv6(7),
    /// RFC 4291 section 2.5.5.2.
    #[must_use]
    pub fn unmapped(&self) -> Self {
        match self {
            Self::V6(v6) => match v6.ip().to_ipv4_mapped() {
                Some(ip) => Self::V4(SocketAddrV4::new(ip, v6.port())),
                None => self.clone(),
            },
            _ => self.clone(),
        }
    }

    /// Writes the bytes of the `sockaddr`, family first.
    ///
    /// # Errors
    /// `ENAMETOOLONG` when a Unix name or another family's data does not fit; `EINVAL` when a Unix path holds a NUL.
    pub fn encode(&self) -> Result<Vec<u8>, Errno> {
        let raw = self.to_raw()?;
        Ok(raw.bytes.get(..raw.len as usize).unwrap_or_default().to_vec())
    }

    pub(crate) fn to_raw(&self) -> Result<RawAddress, Errno> {
        let mut out = Writer { raw: RawAddress { bytes: [0; 128], len: 0 } };
        out.put(&(self.family() as u16).to_ne_bytes())?;
        match self {
            Self::V4(v4) => {
                out.put(&v4.port().to_be_bytes())?;
                out.put(&v4.ip().octets())?;
                out.put(&[0; 8])?;
            }
            Self::V6(v6) => {
                out.put(&v6.port().to_be_bytes())?;
                out.put(&v6.flowinfo().to_be_bytes())?;
                out.put(&v6.ip().octets())?;
                out.put(&v6.scope_id().to_ne_bytes())?;
            }
            Self::Unix(UnixAddress::Path(path)) => {
                if path.contains(&0) {
                    return Err(Errno::EINVAL);
                }
                out.put_name(path)?;
                if path.len() < UnixAddress::MAX {
                    out.put(&[0])?;
                }
            }
            Self::Unix(UnixAddress::Abstract(name)) => {
                if name.len() >= UnixAddress::MAX {
                    return Err(Errno::ENAMETOOLONG);
                }
                out.put(&[0])?;
                out.put_name(name)?;
            }
            Self::Unix(UnixAddress::Unnamed) => {}
            Self::Packet(link) => {
                out.put(&link.protocol.to_be_bytes())?;
                out.put(&link.interface.to_ne_bytes())?;
                out.put(&link.hardware.to_ne_bytes())?;
                out.put(&[link.packet_type, link.len])?;
                // `struct sockaddr_ll` has 8 bytes, but a longer address goes on behind them: packet(7).
                let used = usize::from(link.len).clamp(LinkAddress::LEAST, LinkAddress::MAX);
                out.put(link.address.get(..used).unwrap_or(&link.address))?;
            }
            Self::Netlink { pid, groups } => {
                out.put(&[0; 2])?;
                out.put(&pid.to_ne_bytes())?;
                out.put(&groups.to_ne_bytes())?;
            }
            Self::Vsock { cid, port, flags } => {
                out.put(&[0; 2])?;
                out.put(&port.to_ne_bytes())?;
                out.put(&cid.to_ne_bytes())?;
                out.put(&[*flags, 0, 0, 0])?;
            }
            Self::Other { data, .. } => out.put(data)?,
            Self::Unspecified => out.put(&[0; 14])?,
        }
        Ok(out.raw)
    }

    /// Reads the bytes of a `sockaddr`. Never fails: what is too short or unknown becomes [`Address::Other`], and no
    /// bytes at all [`Address::Unspecified`].
    ///
    /// [`Address::encode`] gives the same address back. Not always the same bytes: a name that ended early has its
    /// zeros again, and what stands in the padding of an Internet address or behind a path's NUL is gone.
    #[must_use]
    pub fn decode(bytes: &[u8]) -> Self {
        let Some((family, data)) = bytes.split_first_chunk::<2>() else { return Self::Unspecified };
        let family = u16::from_ne_bytes(*family);
        Self::decode_known(i32::from(family), data)
            .unwrap_or_else(|| Self::Other { family, data: data.to_vec() })
    }

    fn decode_known(family: i32, data: &[u8]) -> Option<Self> {
        match family {
            c::AF_INET => {
                let ip = Ipv4Addr::from(field::<4>(data, 2)?);
                Some(Self::V4(SocketAddrV4::new(ip, u16::from_be_bytes(field(data, 0)?))))
            }
            c::AF_INET6 => {
                let ip = Ipv6Addr::from(field::<16>(data, 6)?);
                let port = u16::from_be_bytes(field(data, 0)?);
                let flow = u32::from_be_bytes(field(data, 2)?);
                let scope = u32::from_ne_bytes(field(data, 22)?);
                Some(Self::V6(SocketAddrV6::new(ip, port, flow, scope)))
            }
            c::AF_UNIX => match data {
                [] => Some(Self::Unix(UnixAddress::Unnamed)),
                [0, name @ ..] if name.len() < UnixAddress::MAX => {
                    Some(Self::Unix(UnixAddress::Abstract(name.to_vec())))
                }
                [0, ..] => None,
                path => {
                    let path = path.split(|b| *b == 0).next().unwrap_or_default();
                    (path.len() <= UnixAddress::MAX).then(|| Self::Unix(UnixAddress::Path(path.to_vec())))
                }
            },
            c::AF_PACKET => {
                let [packet_type, len] = field(data, 8)?;
                // The kernel ends a name behind the hardware address: 18 bytes for Ethernet, where packet(7) has 20.
                let (rest, used) = (data.get(10..)?, usize::from(len));
                if used > LinkAddress::MAX || !(used..=used.max(LinkAddress::LEAST)).contains(&rest.len()) {
                    return None;
                }
                let mut address = [0; LinkAddress::MAX];
                address.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
                Some(Self::Packet(LinkAddress {
                    protocol: u16::from_be_bytes(field(data, 0)?),
                    interface: u32::from_ne_bytes(field(data, 2)?),
                    hardware: u16::from_ne_bytes(field(data, 6)?),
                    packet_type,
                    len,
                    address,
                }))
            }
            c::AF_NETLINK => match data {
                // `nl_pad` before the two numbers.
                [0, 0, rest @ ..] if rest.len() == 8 => Some(Self::Netlink {
                    pid: u32::from_ne_bytes(field(rest, 0)?),
                    groups: u32::from_ne_bytes(field(rest, 4)?),
                }),
                _ => None,
            },
            c::AF_VSOCK => match data {
                // `svm_reserved1` and `svm_zero` stand for what a newer kernel may put there.
                [0, 0, rest @ .., flags, 0, 0, 0] if rest.len() == 8 => Some(Self::Vsock {
                    port: u32::from_ne_bytes(field(rest, 0)?),
                    cid: u32::from_ne_bytes(field(rest, 4)?),
                    flags: *flags,
                }),
                _ => None,
            },
            _ => None,
        }
    }
}

impl UnixAddress {
    /// The longest name in bytes, `sizeof(sun_path)`; a path this long has no closing NUL.
    pub const MAX: usize = 108;
}

impl LinkAddress {
    /// The longest link-layer address: `MAX_ADDR_LEN` of `linux/netdevice.h`.
    pub const MAX: usize = 32;

    /// The bytes that `struct sockaddr_ll` always has for it: packet(7).
    const LEAST: usize = 8;

    /// Returns the bytes of the link-layer address that are in use.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        self.address.get(..usize::from(self.len)).unwrap_or(&self.address)
    }

    fn hex(&self) -> String {
        self.bytes().iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(":")
    }
}

impl Default for LinkAddress {
    /// Any protocol, interface and address.
    fn default() -> Self {
        Self { protocol: 0, interface: 0, hardware: 0, packet_type: 0, len: 0, address: [0; Self::MAX] }
    }
}

fn field<const N: usize>(data: &[u8], at: usize) -> Option<[u8; N]> {
    data.get(at..)?.first_chunk::<N>().copied()
}

struct Writer {
    raw: RawAddress,
}

impl Writer {
    fn put(&mut self, bytes: &[u8]) -> Result<(), Errno> {
        let start = self.raw.len as usize;
        let room = self.raw.bytes.get_mut(start..start + bytes.len()).ok_or(Errno::ENAMETOOLONG)?;
        room.copy_from_slice(bytes);
        self.raw.len += bytes.len() as u32;
        Ok(())
    }

    fn put_name(&mut self, name: &[u8]) -> Result<(), Errno> {
        if name.len() > UnixAddress::MAX {
            return Err(Errno::ENAMETOOLONG);
        }
        self.put(name)
    }
}

impl From<SocketAddr> for Address {
    fn from(address: SocketAddr) -> Self {
        match address {
            SocketAddr::V4(v4) => Self::V4(v4),
            SocketAddr::V6(v6) => Self::V6(v6),
        }
    }
}

impl std::str::FromStr for Address {
    type Err = std::net::AddrParseError;

    /// Reads an Internet address with its port, such as `127.0.0.1:80` or `[::1]:80`; no names.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse::<SocketAddr>().map(Self::from)
    }
}

impl fmt::Display for Address {
    /// Writes the address as endpoints are written: `127.0.0.1:80`, `[::1]:80`, `/run/x`, `@abstract`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::V4(v4) => v4.fmt(f),
            Self::V6(v6) => v6.fmt(f),
            Self::Unix(unix) => unix.fmt(f),
            Self::Packet(link) => {
                let space = if link.bytes().is_empty() { "" } else { " " };
                let (interface, protocol) = (link.interface, link.protocol);
                write!(f, "interface {interface}{space}{} protocol {protocol:#06x}", link.hex())
            }
            Self::Netlink { pid, groups } => write!(f, "netlink pid {pid} groups {groups:#x}"),
            Self::Vsock { cid, port, flags: 0 } => write!(f, "vsock:{cid}:{port}"),
            Self::Vsock { cid, port, flags } => write!(f, "vsock:{cid}:{port} flags {flags:#x}"),
            Self::Other { family, data } => {
                match names::find(names::FAMILIES, (*family).into()) {
                    Some(name) => f.write_str(name)?,
                    None => write!(f, "family {family}")?,
                }
                data.iter().try_for_each(|byte| write!(f, " {byte:02x}"))
            }
            Self::Unspecified => f.write_str("unspecified"),
        }
    }
}

impl fmt::Display for UnixAddress {
    /// Writes the name with every byte that is not printable ASCII escaped: a peer chooses its own name.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Path(path) => path.escape_ascii().fmt(f),
            Self::Abstract(name) => write!(f, "@{}", name.escape_ascii()),
            Self::Unnamed => f.write_str("unnamed"),
        }
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Debug for LinkAddress {
    /// Writes the numbers by name and the link-layer address as far as it is used.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let named = |names, number: u16| names::number(names, number.into());
        f.debug_struct("LinkAddress")
            .field("protocol", &format_args!("{}", named(names::ETHERNET, self.protocol)))
            .field("interface", &self.interface)
            .field("hardware", &format_args!("{}", named(names::HARDWARE, self.hardware)))
            .field("packet_type", &format_args!("{}", named(names::PACKET_TYPES, self.packet_type.into())))
            .field("len", &self.len)
            .field("address", &format_args!("{}", self.hex()))
            .finish()
    }
}

impl fmt::Debug for UnixAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn same(address: &Address, bytes: &[u8]) {
        assert_eq!(address.encode().unwrap(), bytes);
        assert_eq!(&Address::decode(bytes), address);
    }

    #[test]
    fn internet_addresses_are_the_kernels_structs() {
        let v4 = Address::from("127.0.0.1:54321".parse::<SocketAddr>().unwrap());
        same(&v4, &[2, 0, 0xd4, 0x31, 127, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0]);
        let mut bytes = vec![10, 0, 0, 80, 0, 0, 0, 0];
        bytes.extend([0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
        bytes.extend(3u32.to_ne_bytes());
        same(&Address::V6(SocketAddrV6::new("fe80::1".parse().unwrap(), 80, 0, 3)), &bytes);
    }

    #[test]
    fn unix_names_keep_every_byte() {
        same(&Address::Unix(UnixAddress::Path(b"/tmp/s".to_vec())), b"\x01\0/tmp/s\0");
        same(&Address::Unix(UnixAddress::Abstract(b"a\0b".to_vec())), b"\x01\0\0a\0b");
        same(&Address::Unix(UnixAddress::Unnamed), b"\x01\0");
        let longest = Address::Unix(UnixAddress::Path(vec![b'x'; 108]));
        assert_eq!(Address::decode(&longest.encode().unwrap()), longest);
        let too_long = Address::Unix(UnixAddress::Path(vec![b'x'; 109]));
        assert_eq!(too_long.encode(), Err(Errno::ENAMETOOLONG));
        assert_eq!(Address::Unix(UnixAddress::Path(b"a\0b".to_vec())).encode(), Err(Errno::EINVAL));
        assert_eq!(UnixAddress::Path(b"/tmp/\x1b[2J".to_vec()).to_string(), "/tmp/\\x1b[2J");
    }

    #[test]
    fn other_families_round_trip() {
        let link = LinkAddress { protocol: 0x0800, interface: 2, len: 6, ..LinkAddress::default() };
        for address in [
            Address::Packet(link),
            Address::Netlink { pid: 7, groups: 1 },
            Address::Vsock { cid: 1, port: 1234, flags: 0 },
            Address::Other { family: 29, data: vec![1, 2, 3] },
        ] {
            assert_eq!(Address::decode(&address.encode().unwrap()), address);
        }
    }

    #[test]
    fn a_packet_sockets_name_may_end_behind_its_hardware_address() {
        let mut bytes = vec![17, 0, 0x08, 0x00, 2, 0, 0, 0, 1, 0, 0, 6, 0x52, 0x54, 0, 0x12, 0x34, 0x56];
        let link = LinkAddress {
            protocol: 0x0800,
            interface: 2,
            hardware: 1,
            packet_type: 0,
            len: 6,
            address: long(&[0x52, 0x54, 0, 0x12, 0x34, 0x56]),
        };
        assert_eq!(Address::decode(&bytes), Address::Packet(link));
        bytes.extend([0, 0]);
        same(&Address::Packet(link), &bytes);
        // A tunnel has no hardware address at all.
        bytes.truncate(12);
        bytes[11] = 0;
        let none = LinkAddress { len: 0, address: long(&[]), ..link };
        assert_eq!(Address::decode(&bytes), Address::Packet(none));
        bytes.truncate(11);
        assert_eq!(Address::decode(&bytes), Address::Other { family: 17, data: bytes[2..].to_vec() });
    }

    fn long(start: &[u8]) -> [u8; LinkAddress::MAX] {
        let mut address = [0; LinkAddress::MAX];
        address[..start.len()].copy_from_slice(start);
        address
    }

    #[test]
    fn a_link_address_may_be_longer_than_its_struct() {
        // InfiniBand: `ARPHRD_INFINIBAND` is 32, the address has 20 bytes.
        let mut bytes = vec![17, 0, 0x08, 0x06, 3, 0, 0, 0, 32, 0, 4, 20];
        let address: Vec<u8> = (1..=20).collect();
        bytes.extend(&address);
        let link = LinkAddress {
            protocol: 0x0806,
            interface: 3,
            hardware: 32,
            packet_type: 4,
            len: 20,
            address: long(&address),
        };
        same(&Address::Packet(link), &bytes);
        assert_eq!(link.bytes(), address);
        // What promises more than it has, or has more than it promises, stays bytes.
        for strange in [bytes[..31].to_vec(), [&bytes[..], &[0]].concat()] {
            let other = Address::Other { family: 17, data: strange[2..].to_vec() };
            same(&other, &strange);
        }
    }

    #[test]
    fn debug_prints_names_never_bare_numbers() {
        let link = LinkAddress {
            protocol: 3,
            interface: 2,
            hardware: 1,
            packet_type: 4,
            len: 6,
            address: long(&[0x52, 0x54, 0, 0x12, 0x34, 0x56]),
        };
        assert_eq!(
            format!("{link:?}"),
            "LinkAddress { protocol: ETH_P_ALL, interface: 2, hardware: ARPHRD_ETHER, packet_type: PACKET_OUTGOING, \
             len: 6, address: 52:54:00:12:34:56 }"
        );
        let can = Address::Other { family: 29, data: vec![1, 2] };
        assert_eq!(
            (format!("{can:?}"), can.to_string()),
            ("AF_CAN 01 02".to_owned(), "AF_CAN 01 02".to_owned())
        );
        assert_eq!(format!("{:?}", Address::Other { family: 200, data: Vec::new() }), "family 200");
    }

    #[test]
    fn a_vsock_address_has_flags() {
        // VMADDR_FLAG_TO_HOST of vm_sockets.h is 1.
        let mut bytes =
            [&[40, 0, 0, 0][..], &1234u32.to_ne_bytes(), &3u32.to_ne_bytes(), &[1, 0, 0, 0]].concat();
        let address = Address::Vsock { cid: 3, port: 1234, flags: 1 };
        same(&address, &bytes);
        assert_eq!(address.to_string(), "vsock:3:1234 flags 0x1");
        bytes[15] = 1;
        same(&Address::Other { family: 40, data: bytes[2..].to_vec() }, &bytes);
    }

    const KNOWN: &[i32] =
        &[0, c::AF_UNIX, c::AF_INET, c::AF_INET6, c::AF_NETLINK, c::AF_PACKET, c::AF_VSOCK, c::AF_CAN];

    /// Addresses as the kernel lays them out: a family that we know, and often a length that fits.
    fn sockaddrs() -> impl Strategy<Value = Vec<u8>> {
        let family = prop_oneof![proptest::sample::select(KNOWN), 0..70i32];
        (family, proptest::collection::vec(prop_oneof![Just(0), any::<u8>()], 0..=126))
            .prop_map(|(family, data)| [&(family as u16).to_ne_bytes()[..], &data].concat())
    }

    proptest! {
        #[test]
        fn an_address_is_the_same_after_the_kernel_had_it(bytes in sockaddrs()) {
            let address = Address::decode(&bytes);
            prop_assert_eq!(Address::decode(&address.encode().unwrap()), address);
        }

        #[test]
        fn link_addresses_of_any_length_keep_every_byte(
            head: [u8; 9], hardware in proptest::collection::vec(any::<u8>(), 0..=LinkAddress::MAX), padding: [u8; 8],
        ) {
            let mut bytes = [&[17, 0][..], &head, &[hardware.len() as u8], &hardware].concat();
            bytes.extend(padding.iter().skip(hardware.len()));
            let address = Address::decode(&bytes);
            prop_assert!(matches!(address, Address::Packet(link) if link.bytes() == hardware), "{address}");
            prop_assert_eq!(address.encode().unwrap(), bytes);
        }

        #[test]
        fn families_without_padding_keep_every_byte(
            family in proptest::sample::select(&[c::AF_NETLINK, c::AF_PACKET, c::AF_VSOCK, c::AF_CAN, 200][..]),
            data in proptest::collection::vec(prop_oneof![Just(0), any::<u8>()], 0..=60),
        ) {
            let bytes = [&(family as u16).to_ne_bytes()[..], &data].concat();
            let address = Address::decode(&bytes);
            let encoded = address.encode().unwrap();
            // A link address that ended behind its hardware address has its zeros again.
            let short = family == c::AF_PACKET && (12..20).contains(&bytes.len());
            prop_assert!(encoded == bytes || short && encoded.starts_with(&bytes), "{bytes:?} {encoded:?}");
        }

        #[test]
        fn a_vsock_address_keeps_every_field(cid: u32, port: u32, flags: u8) {
            let address = Address::Vsock { cid, port, flags };
            prop_assert_eq!(Address::decode(&address.encode().unwrap()), address);
        }
    }

    #[test]
    fn an_ipv4_peer_of_an_ipv6_socket_is_shown_as_one() {
        let mapped: Address = "[::ffff:127.0.0.1]:80".parse().unwrap();
        assert_eq!(mapped.unmapped().to_string(), "127.0.0.1:80");
        let real: Address = "[::1]:80".parse().unwrap();
        assert_eq!(real.unmapped(), real);
    }

    #[test]
    fn short_addresses_are_kept_as_bytes() {
        assert_eq!(Address::decode(&[]), Address::Unspecified);
        assert_eq!(Address::decode(&[2, 0, 1]), Address::Other { family: 2, data: vec![1] });
    }
}
