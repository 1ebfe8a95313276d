//! The manual's names for the numbers in an event: `AF_INET`, `SOCK_STREAM|SOCK_CLOEXEC`, `MSG_NOSIGNAL`.
//!
//! A number without a name stays a number; flags without a name stay as one hexadecimal rest, so that nothing is hidden.
//! Sources: the manual page of each call, and for what `sys::c` does not hold the kernel header named beside it.

use sys::c;
use sys::cap::Capability;
use sys::door::Kind;
use sys::names::{EPOLL_EVENTS, MESSAGE_FLAGS, Names, POLL_EVENTS, flags, join, names_of};

use crate::{Family, Protocol, Type, option};

/// Names a number by what it is.
///
/// ```
/// use jackfield_sock::trace::{Kind, name};
///
/// assert_eq!(name(Kind::Family, 2), "AF_INET");
/// assert_eq!(name(Kind::SocketType, 0x80001), "SOCK_STREAM|SOCK_CLOEXEC");
/// assert_eq!(name(Kind::MessageFlags, 0), "0");
/// ```
#[must_use]
pub fn name(kind: Kind, number: i64) -> String {
    match kind {
        Kind::Family => plain(number, short(number).and_then(|n| Family(n).name())),
        Kind::SocketType => socket_type(number),
        Kind::Protocol(family) => protocol(family, number),
        Kind::MessageFlags => flags(MESSAGE_FLAGS, number),
        Kind::Level => plain(number, short(number).and_then(option::level_name)),
        Kind::OptionName(level) => {
            plain(number, short(number).and_then(|n| option::by_number(level, n)).map(|row| row.name))
        }
        Kind::How => sys::names::number(HOW, number),
        Kind::PollEvents => flags(POLL_EVENTS, number),
        Kind::EpollEvents => flags(EPOLL_EVENTS, number),
        Kind::EpollOp => sys::names::number(EPOLL_OPS, number),
        Kind::FcntlCommand => sys::names::number(FCNTL_COMMANDS, number),
        Kind::Whence => sys::names::number(WHENCES, number),
        Kind::OpenFlags => open_flags(number),
        Kind::SpliceFlags => flags(SPLICE_FLAGS, number),
        Kind::IoctlRequest => sys::names::number(IOCTL_REQUESTS, number),
        Kind::Capabilities => capabilities(number),
        _ => number.to_string(),
    }
}

/// Names the flags of a call that opens no file, such as pipe2(2): without an access mode.
pub(crate) fn descriptor_flags(number: i64) -> String {
    flags(OPEN_FLAGS, number)
}

/// Names the descriptor flags of `F_SETFD` and `F_GETFD`.
pub(crate) fn close_on_exec(number: i64) -> String {
    flags(DESCRIPTOR_FLAGS, number)
}

/// Names what fstat(2) says a file is; the permissions stay an octal number. Numbers: inode(7).
pub(crate) fn file_mode(number: i64) -> String {
    let permissions = number & 0o7777;
    let kind = match number & 0o170_000 {
        0o140_000 => "S_IFSOCK",
        0o120_000 => "S_IFLNK",
        0o100_000 => "S_IFREG",
        0o060_000 => "S_IFBLK",
        0o040_000 => "S_IFDIR",
        0o020_000 => "S_IFCHR",
        0o010_000 => "S_IFIFO",
        // Such as an eventfd: anonymous, of no kind.
        _ => return format!("{number:#o}"),
    };
    format!("{kind}|0{permissions:o}")
}

const SOCKET_FLAGS: Names = names_of! { c: SOCK_CLOEXEC SOCK_NONBLOCK };
const DESCRIPTOR_FLAGS: Names = names_of! { c: FD_CLOEXEC };
const HOW: Names = names_of! { c: SHUT_RD SHUT_WR SHUT_RDWR };
const EPOLL_OPS: Names = names_of! { c: EPOLL_CTL_ADD EPOLL_CTL_DEL EPOLL_CTL_MOD };
const FCNTL_COMMANDS: Names =
    names_of! { c: F_GETFD F_SETFD F_GETFL F_SETFL F_DUPFD_CLOEXEC F_SETPIPE_SZ F_GETPIPE_SZ };
const WHENCES: Names = names_of! { c: SEEK_SET SEEK_CUR SEEK_END };
const SPLICE_FLAGS: Names = names_of! { c: SPLICE_F_MOVE SPLICE_F_NONBLOCK SPLICE_F_MORE };
/// What may stand beside the access mode.
const OPEN_FLAGS: Names = &[
    ("O_CREAT", c::O_CREAT as i64),
    ("O_EXCL", c::O_EXCL as i64),
    ("O_TRUNC", c::O_TRUNC as i64),
    ("O_APPEND", c::O_APPEND as i64),
    ("O_NONBLOCK", c::O_NONBLOCK as i64),
    ("O_LARGEFILE", O_LARGEFILE),
    ("O_NOFOLLOW", c::O_NOFOLLOW as i64),
    ("O_CLOEXEC", c::O_CLOEXEC as i64),
];
/// `asm/fcntl.h`: a 64-bit kernel adds it to what `F_GETFL` returns; the C library's constant is 0.
const O_LARGEFILE: i64 = if cfg!(target_arch = "aarch64") { 0o400_000 } else { 0o100_000 };
/// `O_ACCMODE` of fcntl(2): not flags, but a number in the lowest two bits.
const ACCESS_MODE: i64 = 3;
/// `asm-generic/ioctls.h`, `linux/sockios.h`. `TIOCOUTQ` is `SIOCOUTQ` of a socket, `FIONREAD` its `SIOCINQ`.
const IOCTL_REQUESTS: Names = &[
    ("TIOCGWINSZ", c::TIOCGWINSZ.cast_signed()),
    ("FIONREAD", c::FIONREAD.cast_signed()),
    ("TIOCOUTQ", c::TIOCOUTQ.cast_signed()),
    ("SIOCGIFNAME", c::SIOCGIFNAME.cast_signed()),
    ("SIOCGIFINDEX", c::SIOCGIFINDEX.cast_signed()),
];
/// `linux/net.h`, `SOCK_TYPE_MASK`: the type beside its flags.
const SOCKET_TYPE: i64 = 0xf;

fn short(number: i64) -> Option<i32> {
    i32::try_from(number).ok()
}

fn plain(number: i64, name: Option<&str>) -> String {
    name.map_or_else(|| number.to_string(), str::to_owned)
}

fn socket_type(number: i64) -> String {
    let kind = number & SOCKET_TYPE;
    let beside = flags(SOCKET_FLAGS, number & !SOCKET_TYPE);
    // accept4(2) takes the flags alone.
    if kind == 0 {
        return beside;
    }
    let kind = plain(kind, short(kind).and_then(|n| Type(n).name()));
    if beside == "0" { kind } else { format!("{kind}|{beside}") }
}

fn protocol(family: i32, number: i64) -> String {
    match family {
        c::AF_INET | c::AF_INET6 if number != 0 => {
            plain(number, short(number).and_then(|n| Protocol(n).name()))
        }
        // packet(7): an Ethernet protocol, in network byte order.
        c::AF_PACKET if number != 0 => match u16::try_from(number) {
            Ok(swapped) => format!("htons({:#06x})", u16::from_be(swapped)),
            Err(_) => number.to_string(),
        },
        _ => number.to_string(),
    }
}

/// Names a set of few capabilities; of a larger one, such as root's, the names would tell less than the number.
fn capabilities(set: i64) -> String {
    const FEW: u32 = 4;
    if set.count_ones() > FEW {
        return format!("{set:#x}");
    }
    let (mut rest, mut parts) = (set, Vec::new());
    for capability in Capability::ALL {
        let bit = capability.bit().cast_signed();
        if rest & bit != 0 {
            rest &= !bit;
            parts.push(capability.name().to_owned());
        }
    }
    join(parts, rest)
}

fn open_flags(number: i64) -> String {
    let beside = flags(OPEN_FLAGS, number & !ACCESS_MODE);
    let mode = match number & ACCESS_MODE {
        0 => "O_RDONLY",
        1 => "O_WRONLY",
        2 => "O_RDWR",
        _ => "0x3",
    };
    if beside == "0" { mode.to_owned() } else { format!("{mode}|{beside}") }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_have_the_manuals_names() {
        for (kind, number, expected) in [
            (Kind::Family, 10, "AF_INET6"),
            (Kind::Family, 99, "99"),
            (Kind::SocketType, 3, "SOCK_RAW"),
            (Kind::SocketType, 0o2_004_002, "SOCK_DGRAM|SOCK_CLOEXEC|SOCK_NONBLOCK"),
            (Kind::SocketType, 0o2_000_000, "SOCK_CLOEXEC"),
            (Kind::SocketType, 0, "0"),
            (Kind::SocketType, 9, "9"),
            (Kind::Protocol(c::AF_INET), 6, "IPPROTO_TCP"),
            (Kind::Protocol(c::AF_INET6), 58, "IPPROTO_ICMPV6"),
            (Kind::Protocol(c::AF_INET), 0, "0"),
            (Kind::Protocol(c::AF_INET), 200, "200"),
            (Kind::Protocol(c::AF_NETLINK), 6, "6"),
            (Kind::Protocol(c::AF_PACKET), i64::from(3u16.to_be()), "htons(0x0003)"),
            (Kind::MessageFlags, 0x4000, "MSG_NOSIGNAL"),
            (Kind::MessageFlags, 0x4042, "MSG_PEEK|MSG_DONTWAIT|MSG_NOSIGNAL"),
            (Kind::MessageFlags, 0x0100_4000, "MSG_NOSIGNAL|0x1000000"),
            (Kind::MessageFlags, 0x8200_0010, "MSG_PROBE|MSG_SOCK_DEVMEM|MSG_CMSG_COMPAT"),
            (Kind::MessageFlags, 0, "0"),
            (Kind::Level, 1, "SOL_SOCKET"),
            (Kind::Level, 6, "SOL_TCP"),
            (Kind::Level, 4242, "4242"),
            (Kind::OptionName(c::SOL_SOCKET), 2, "SO_REUSEADDR"),
            (Kind::OptionName(c::SOL_TCP), 11, "TCP_INFO"),
            (Kind::OptionName(c::SOL_IPV6), 26, "IPV6_V6ONLY"),
            (Kind::OptionName(4242), 2, "2"),
            (Kind::How, 1, "SHUT_WR"),
            (Kind::How, 7, "7"),
            (Kind::PollEvents, 0x11, "POLLIN|POLLHUP"),
            (Kind::EpollEvents, 0x8000_0001, "EPOLLIN|EPOLLET"),
            (Kind::EpollOp, 3, "EPOLL_CTL_MOD"),
            (Kind::FcntlCommand, 4, "F_SETFL"),
            (Kind::Whence, 2, "SEEK_END"),
            (Kind::OpenFlags, 0, "O_RDONLY"),
            (Kind::OpenFlags, i64::from(c::O_RDWR | c::O_NONBLOCK), "O_RDWR|O_NONBLOCK"),
            (
                Kind::OpenFlags,
                i64::from(c::O_WRONLY | c::O_CREAT | c::O_EXCL | c::O_CLOEXEC),
                "O_WRONLY|O_CREAT|O_EXCL|O_CLOEXEC",
            ),
            (Kind::SpliceFlags, 5, "SPLICE_F_MOVE|SPLICE_F_MORE"),
            (Kind::IoctlRequest, 0x541B, "FIONREAD"),
            (Kind::IoctlRequest, 0x8933, "SIOCGIFINDEX"),
            (Kind::Capabilities, 0, "0"),
            (Kind::Capabilities, 1 << 10 | 1 << 13, "CAP_NET_BIND_SERVICE|CAP_NET_RAW"),
            (Kind::Capabilities, 1 << 13 | 1 << 40, "CAP_NET_RAW|0x10000000000"),
            (Kind::Capabilities, 0x1ff_ffff_ffff, "0x1ffffffffff"),
        ] {
            assert_eq!(name(kind, number), expected, "{kind:?} {number:#x}");
        }
        assert_eq!(descriptor_flags(i64::from(c::O_CLOEXEC)), "O_CLOEXEC");
        assert_eq!(descriptor_flags(0), "0");
        assert_eq!(close_on_exec(1), "FD_CLOEXEC");
        assert_eq!(file_mode(0o010_600), "S_IFIFO|0600");
        assert_eq!(file_mode(0o140_777), "S_IFSOCK|0777");
        assert_eq!(file_mode(0o600), "0o600");
    }

    /// Reads flags back: each part is a name of the table or a hexadecimal number.
    fn value_of(text: &str, names: Names) -> i64 {
        text.split('|')
            .map(|part| match part.strip_prefix("0x") {
                Some(hex) => i64::from_str_radix(hex, 16).unwrap(),
                None => names.iter().find(|(name, _)| *name == part).map_or(0, |(_, bits)| *bits),
            })
            .sum()
    }

    proptest! {
        #[test]
        fn flags_lose_no_bit(word: u32) {
            let word = i64::from(word);
            prop_assert_eq!(value_of(&name(Kind::MessageFlags, word), MESSAGE_FLAGS), word);
            prop_assert_eq!(value_of(&name(Kind::EpollEvents, word), EPOLL_EVENTS), word);
        }

        #[test]
        fn every_number_has_some_text(number: i64) {
            for kind in [
                Kind::Family, Kind::SocketType, Kind::Protocol(c::AF_INET), Kind::Protocol(c::AF_PACKET),
                Kind::MessageFlags, Kind::Level, Kind::OptionName(1), Kind::How, Kind::PollEvents, Kind::EpollEvents,
                Kind::EpollOp, Kind::FcntlCommand, Kind::OpenFlags, Kind::SpliceFlags, Kind::IoctlRequest,
                Kind::Capabilities, Kind::Whence,
            ] {
                prop_assert!(!name(kind, number).is_empty());
            }
        }
    }
}
