//! How each kind of value travels: as bytes to the kernel and back.
//!
//! A marker type for each [`Kind`](super::Kind). [`Encode`] writes a value's bytes, [`Decode`] reads them; those two
//! make [`Set`] and [`Get`], and the few kinds that no bytes can carry have their own. Decoding never fails: bytes that
//! an older kernel did not give read as zero.

use std::net::{Ipv4Addr, Ipv6Addr};
use std::os::fd::{AsFd, AsRawFd, BorrowedFd};
use std::time::Duration;

use sys::{Errno, Fd, Op, c, filter};

use super::value;
use crate::{Result, Socket, raise};

/// Where an option is: its level, its number, and how many bytes to ask for; 0 lets the kind say.
#[derive(Clone, Copy)]
pub(crate) struct At {
    pub(crate) level: i32,
    pub(crate) number: i32,
    pub(crate) room: usize,
}

/// A kind that can be read.
pub(crate) trait Get {
    type Out;
    fn get(socket: &Socket, at: At) -> Result<Self::Out>;
}

/// A kind that can be written.
pub(crate) trait Set {
    type In<'a>;
    fn set(socket: &Socket, at: At, value: Self::In<'_>) -> Result<()>;
}

/// A kind whose value is made from bytes.
pub(crate) trait Decode {
    type Out;
    const ROOM: usize = 4;
    fn decode(bytes: &[u8]) -> Self::Out;
}

/// A kind whose value becomes bytes.
pub(crate) trait Encode {
    type In<'a>;
    fn encode<R>(value: Self::In<'_>, to: impl FnOnce(&[u8]) -> R) -> R;
}

impl<K: Decode> Get for K {
    type Out = K::Out;

    fn get(socket: &Socket, at: At) -> Result<K::Out> {
        read(socket, at, K::ROOM).map(|bytes| K::decode(&bytes))
    }
}

impl<K: Encode> Set for K {
    type In<'a> = K::In<'a>;

    fn set(socket: &Socket, at: At, value: K::In<'_>) -> Result<()> {
        K::encode(value, |bytes| socket.setsockopt_bytes(at.level, at.number, bytes))
    }
}

/// Reads an option's bytes: as many as the row says, else as the kind says.
pub(crate) fn read(socket: &Socket, at: At, room: usize) -> Result<Vec<u8>> {
    socket.getsockopt_bytes(at.level, at.number, if at.room == 0 { room } else { at.room })
}

/// Reads an option that takes a question in the buffer of its answer.
pub(crate) fn ask(socket: &Socket, at: At, question: &[u8]) -> Result<Vec<u8>> {
    let mut buffer = vec![0; question.len().max(at.room)];
    buffer.iter_mut().zip(question).for_each(|(to, from)| *to = *from);
    let len = socket.getsockopt_into(at.level, at.number, &mut buffer)?;
    buffer.truncate(len);
    Ok(buffer)
}

/// Writes an option whose value the kernel may change, and returns what it made of it.
pub(crate) fn exchange(socket: &Socket, at: At, value: &[u8]) -> Result<Vec<u8>> {
    let mut value = value.to_vec();
    let set = || sys::option::setsockopt_mut(socket.as_fd(), at.level, at.number, &mut value);
    raise::around(raise::to_set(at.level, at.number), set)
        .map_err(|errno| crate::Error::new(Op::Setsockopt, errno).of_option(at.level, at.number))?;
    Ok(value)
}

/// Reads an integer option that takes an integer as question.
pub(crate) fn ask_int(socket: &Socket, at: At, question: i32) -> Result<i32> {
    let mut buffer = question.to_ne_bytes();
    socket.getsockopt_into(at.level, at.number, &mut buffer)?;
    Ok(i32::from_ne_bytes(buffer))
}

/// Takes `N` bytes at an offset; what is not there is zero.
pub(crate) fn field<const N: usize>(bytes: &[u8], offset: usize) -> [u8; N] {
    let mut field = [0; N];
    let there = bytes.get(offset..).unwrap_or_default();
    field.iter_mut().zip(there).for_each(|(to, from)| *to = *from);
    field
}

fn int(bytes: &[u8]) -> i32 {
    i32::from_ne_bytes(field(bytes, 0))
}

fn word(bytes: &[u8], offset: usize) -> u32 {
    u32::from_ne_bytes(field(bytes, offset))
}

/// Makes marker types whose value is one `int` seen as something else.
macro_rules! ints {
    ($($kind:ident: $type:ty { $decode:expr, $encode:expr })+) => {$(
        pub(crate) struct $kind;

        impl Decode for $kind {
            type Out = $type;

            fn decode(bytes: &[u8]) -> $type {
                let decode: fn(i32) -> $type = $decode;
                decode(int(bytes))
            }
        }

        impl Encode for $kind {
            type In<'a> = $type;

            fn encode<R>(value: $type, to: impl FnOnce(&[u8]) -> R) -> R {
                let encode: fn($type) -> i32 = $encode;
                to(&encode(value).to_ne_bytes())
            }
        }
    )+};
}

ints! {
    Bool: bool { |n| n != 0, i32::from }
    Int: i32 { |n| n, |n| n }
    Unsigned: u32 { i32::cast_unsigned, u32::cast_signed }
    Byte: u8 { |n| u8::try_from(n).unwrap_or(u8::MAX), i32::from }
    Seconds: Duration {
        |n| Duration::from_secs(u64::try_from(n).unwrap_or(0)), |time| whole(time.as_secs().into(), time.subsec_nanos())
    }
    Milliseconds: Duration {
        |n| Duration::from_millis(u64::try_from(n).unwrap_or(0)),
        |time| whole(time.as_millis(), time.subsec_nanos() % 1_000_000)
    }
    Microseconds: Duration {
        |n| Duration::from_micros(u64::try_from(n).unwrap_or(0)),
        |time| whole(time.as_micros(), time.subsec_nanos() % 1_000)
    }
    Interface: u32 { i32::cast_unsigned, u32::cast_signed }
    InterfaceBe: u32 { |n| u32::from_be(n.cast_unsigned()), |n| n.to_be().cast_signed() }
    Family: crate::Family { crate::Family, |family| family.0 }
    SocketType: crate::Type { crate::Type, |kind| kind.0 }
    Protocol: crate::Protocol { crate::Protocol, |protocol| protocol.0 }
    Error: Option<Errno> { |n| (n != 0).then_some(Errno(n)), |errno| errno.map_or(0, |errno| errno.0) }
}

/// Rounds a time up, so that a short one does not become "none".
fn whole(units: u128, rest: u32) -> i32 {
    i32::try_from(units.saturating_add(u128::from(rest != 0))).unwrap_or(i32::MAX)
}

pub(crate) struct Long;

impl Decode for Long {
    type Out = u64;
    const ROOM: usize = 8;

    /// Four bytes are the answer of a kernel for which the option has 32 bits.
    fn decode(bytes: &[u8]) -> u64 {
        if bytes.len() == 4 { word(bytes, 0).into() } else { u64::from_ne_bytes(field(bytes, 0)) }
    }
}

impl Encode for Long {
    type In<'a> = u64;

    fn encode<R>(value: u64, to: impl FnOnce(&[u8]) -> R) -> R {
        to(&value.to_ne_bytes())
    }
}

pub(crate) struct Timeval;

impl Decode for Timeval {
    type Out = Option<Duration>;
    const ROOM: usize = 16;

    fn decode(bytes: &[u8]) -> Self::Out {
        let part = |offset| u64::try_from(i64::from_ne_bytes(field(bytes, offset))).unwrap_or(0);
        let time = Duration::from_secs(part(0)).saturating_add(Duration::from_micros(part(8)));
        (!time.is_zero()).then_some(time)
    }
}

impl Encode for Timeval {
    type In<'a> = Option<Duration>;

    /// A time below a microsecond is rounded up: zero would be no limit at all.
    fn encode<R>(value: Self::In<'_>, to: impl FnOnce(&[u8]) -> R) -> R {
        let micros = value.map_or(0, |time| time.as_nanos().div_ceil(1000).max(1));
        let part = |n: u128| i64::try_from(n).unwrap_or(i64::MAX).to_ne_bytes();
        let bytes: [[u8; 8]; 2] = [part(micros / 1_000_000), part(micros % 1_000_000)];
        to(bytes.as_flattened())
    }
}

pub(crate) struct Linger;

impl Decode for Linger {
    type Out = Option<Duration>;
    const ROOM: usize = 8;

    fn decode(bytes: &[u8]) -> Self::Out {
        (int(bytes) != 0).then(|| Duration::from_secs(word(bytes, 4).into()))
    }
}

impl Encode for Linger {
    type In<'a> = Option<Duration>;

    fn encode<R>(value: Self::In<'_>, to: impl FnOnce(&[u8]) -> R) -> R {
        let seconds = value.map_or(0, |time| whole(time.as_secs().into(), time.subsec_nanos()));
        let bytes: [[u8; 4]; 2] = [i32::from(value.is_some()).to_ne_bytes(), seconds.to_ne_bytes()];
        to(bytes.as_flattened())
    }
}

pub(crate) struct Text;

impl Decode for Text {
    type Out = String;
    const ROOM: usize = 256;

    fn decode(bytes: &[u8]) -> String {
        let text = bytes.split(|byte| *byte == 0).next().unwrap_or_default();
        String::from_utf8_lossy(text).into_owned()
    }
}

impl Encode for Text {
    type In<'a> = &'a str;

    fn encode<R>(value: &str, to: impl FnOnce(&[u8]) -> R) -> R {
        to(value.as_bytes())
    }
}

pub(crate) struct Bytes;

impl Decode for Bytes {
    type Out = Vec<u8>;
    const ROOM: usize = 256;

    fn decode(bytes: &[u8]) -> Vec<u8> {
        bytes.to_vec()
    }
}

impl Encode for Bytes {
    type In<'a> = &'a [u8];

    fn encode<R>(value: &[u8], to: impl FnOnce(&[u8]) -> R) -> R {
        to(value)
    }
}

pub(crate) struct Ipv4Interface;

impl Decode for Ipv4Interface {
    type Out = Ipv4Addr;

    fn decode(bytes: &[u8]) -> Ipv4Addr {
        Ipv4Addr::from(field::<4>(bytes, 0))
    }
}

impl Encode for Ipv4Interface {
    type In<'a> = Ipv4Addr;

    fn encode<R>(value: Ipv4Addr, to: impl FnOnce(&[u8]) -> R) -> R {
        to(&value.octets())
    }
}

/// Makes marker types of structures whose fields stand one after the other.
macro_rules! structures {
    ($($kind:ident $size:literal { |$bytes:ident| $decode:expr, |$value:ident| [$($part:expr),+] })+) => {$(
        pub(crate) struct $kind;

        impl Decode for $kind {
            type Out = super::value::$kind;
            const ROOM: usize = $size;

            fn decode($bytes: &[u8]) -> Self::Out {
                $decode
            }
        }

        impl Encode for $kind {
            type In<'a> = super::value::$kind;

            fn encode<R>($value: Self::In<'_>, to: impl FnOnce(&[u8]) -> R) -> R {
                let parts: &[&[u8]] = &[$($part),+];
                to(&parts.concat())
            }
        }
    )+};
}

structures! {
    // struct ip_mreqn of ip(7).
    Ipv4Membership 12 {
        |bytes| value::Ipv4Membership {
            group: field::<4>(bytes, 0).into(), local: field::<4>(bytes, 4).into(), interface: word(bytes, 8),
        },
        |value| [&value.group.octets(), &value.local.octets(), &value.interface.to_ne_bytes()]
    }
    // struct ip_mreq_source of ip(7): group, interface, source.
    Ipv4Source 12 {
        |bytes| value::Ipv4Source {
            group: field::<4>(bytes, 0).into(), local: field::<4>(bytes, 4).into(), source: field::<4>(bytes, 8).into(),
        },
        |value| [&value.group.octets(), &value.local.octets(), &value.source.octets()]
    }
    // struct ipv6_mreq of ipv6(7).
    Ipv6Membership 20 {
        |bytes| value::Ipv6Membership { group: Ipv6Addr::from(field::<16>(bytes, 0)), interface: word(bytes, 16) },
        |value| [&value.group.octets(), &value.interface.to_ne_bytes()]
    }
    // struct in6_pktinfo of RFC 3542, section 6.1.
    Ipv6PacketInfo 20 {
        |bytes| value::Ipv6PacketInfo { address: Ipv6Addr::from(field::<16>(bytes, 0)), interface: word(bytes, 16) },
        |value| [&value.address.octets(), &value.interface.to_ne_bytes()]
    }
    // struct ucred of unix(7).
    Credentials 12 {
        |bytes| value::Credentials { pid: int(bytes), uid: word(bytes, 4), gid: word(bytes, 8) },
        |value| [&value.pid.to_ne_bytes(), &value.uid.to_ne_bytes(), &value.gid.to_ne_bytes()]
    }
    // struct tpacket_stats of packet(7); version 3 adds a third counter.
    PacketStatistics 12 {
        |bytes| value::PacketStatistics {
            packets: word(bytes, 0), drops: word(bytes, 4), freezes: (bytes.len() >= 12).then(|| word(bytes, 8)),
        },
        |value| [&value.packets.to_ne_bytes(), &value.drops.to_ne_bytes()]
    }
    // struct sock_txtime of linux/net_tstamp.h.
    TransmitTime 8 {
        |bytes| value::TransmitTime { clock: int(bytes), flags: word(bytes, 4) },
        |value| [&value.clock.to_ne_bytes(), &value.flags.to_ne_bytes()]
    }
    // The lower port in the low half, the upper one in the high half: ip(7).
    PortRange 4 {
        |bytes| { let [low, high] = halves(word(bytes, 0)); value::PortRange { low, high } },
        |value| [&(u32::from(value.high) << 16 | u32::from(value.low)).to_ne_bytes()]
    }
}

/// Splits a word into its low and its high half.
fn halves(word: u32) -> [u16; 2] {
    let [a, b, c, d] = word.to_le_bytes();
    [u16::from_le_bytes([a, b]), u16::from_le_bytes([c, d])]
}

pub(crate) struct LinkMembership;

impl Encode for LinkMembership {
    type In<'a> = &'a value::LinkMembership;

    /// `struct packet_mreq` of packet(7).
    fn encode<R>(value: Self::In<'_>, to: impl FnOnce(&[u8]) -> R) -> R {
        let len = u16::try_from(value.address.len()).unwrap_or(u16::MAX);
        let address: [u8; 8] = field(&value.address, 0);
        to(&[&value.interface.to_ne_bytes()[..], &value.kind.to_ne_bytes(), &len.to_ne_bytes(), &address]
            .concat())
    }
}

pub(crate) struct PathMtu;

impl Decode for PathMtu {
    type Out = value::PathMtu;
    const ROOM: usize = 32;

    /// `struct ip6_mtuinfo` of RFC 3542, section 11.3: a `sockaddr_in6`, then the size.
    fn decode(bytes: &[u8]) -> value::PathMtu {
        let destination = match field::<28>(bytes, 0) {
            [0, 0, ..] => crate::Address::Unspecified,
            address => crate::Address::decode(&address),
        };
        value::PathMtu { destination, mtu: word(bytes, 28) }
    }
}

pub(crate) struct TcpInfo;

impl Decode for TcpInfo {
    type Out = value::TcpInfo;
    const ROOM: usize = 512;

    fn decode(bytes: &[u8]) -> value::TcpInfo {
        value::TcpInfo::decode(bytes)
    }
}

pub(crate) struct Address;

impl Address {
    pub(crate) fn decode(bytes: &[u8]) -> crate::Address {
        crate::Address::decode(bytes)
    }

    /// Reads the bytes of the address: as many as the row says, else as the peer's address has, because `SO_PEERNAME`
    /// wants no more room than it fills.
    pub(crate) fn read(socket: &Socket, at: At) -> Result<Vec<u8>> {
        let room = match at.room {
            0 => socket.getpeername()?.encode().map_or(0, |bytes| bytes.len()),
            room => room,
        };
        read(socket, at, room)
    }
}

impl Get for Address {
    type Out = crate::Address;

    fn get(socket: &Socket, at: At) -> Result<crate::Address> {
        Self::read(socket, at).map(|bytes| Self::decode(&bytes))
    }
}

pub(crate) struct Words;

impl Words {
    pub(crate) fn decode(bytes: &[u8]) -> Vec<u32> {
        bytes.as_chunks::<4>().0.iter().map(|chunk| u32::from_ne_bytes(*chunk)).collect()
    }

    pub(crate) fn read(socket: &Socket, at: At) -> Result<Vec<u8>> {
        match read(socket, at, 256) {
            // The most groups that a process can have: NGROUPS_MAX of linux/limits.h.
            Err(error) if error.errno() == Some(Errno::ERANGE) => read(socket, at, 4 * 65536),
            done => done,
        }
    }
}

impl Get for Words {
    type Out = Vec<u32>;

    /// Two calls when the first one's room was too small.
    fn get(socket: &Socket, at: At) -> Result<Vec<u32>> {
        Self::read(socket, at).map(|bytes| Self::decode(&bytes))
    }
}

pub(crate) struct Nothing;

impl Encode for Nothing {
    type In<'a> = ();

    /// The kernel reads an `int` before it looks at the option's name.
    fn encode<R>((): (), to: impl FnOnce(&[u8]) -> R) -> R {
        to(&[0; 4])
    }
}

pub(crate) struct Descriptor;

impl Encode for Descriptor {
    type In<'a> = BorrowedFd<'a>;

    fn encode<R>(value: BorrowedFd<'_>, to: impl FnOnce(&[u8]) -> R) -> R {
        to(&value.as_raw_fd().to_ne_bytes())
    }
}

pub(crate) struct Program;

impl Get for Program {
    type Out = Vec<filter::Instruction>;

    fn get(socket: &Socket, at: At) -> Result<Self::Out> {
        filter::attached(socket.as_fd())
            .map_err(|errno| crate::Error::new(Op::Getsockopt, errno).of_option(at.level, at.number))
    }
}

impl Set for Program {
    type In<'a> = &'a [filter::Instruction];

    fn set(socket: &Socket, at: At, value: Self::In<'_>) -> Result<()> {
        let set = || filter::attach(socket.as_fd(), at.level, at.number, value);
        raise::around(raise::to_set(at.level, at.number), set)
            .map_err(|errno| crate::Error::new(Op::Setsockopt, errno).of_option(at.level, at.number))
    }
}

pub(crate) struct NewDescriptor;

impl Get for NewDescriptor {
    type Out = Option<Fd>;

    fn get(socket: &Socket, at: At) -> Result<Self::Out> {
        debug_assert_eq!((at.level, at.number), (c::SOL_SOCKET, c::option::SO_PEERPIDFD));
        sys::option::peer_pidfd(socket.as_fd())
            .map_err(|errno| crate::Error::new(Op::Getsockopt, errno).of_option(at.level, at.number))
    }
}
