//! Who has a port that could not be had: read from the kernel's tables of sockets, and from the descriptors of the
//! processes that this one may look at.
//!
//! The tables name each socket's address, state, owner and inode; the inode leads to a process by the links of
//! `/proc/PID/fd`. A socket that is bound and neither listens nor talks is in no table. Sources: `proc_net(5)`,
//! `proc_pid_fd(5)`, the kernel's `proc_net_tcp`.

use std::fs;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use sys::cap::Capability;

use super::Remedy;
use crate::family::Type;
use crate::privilege::read_config;
use crate::raise::gave_up;
use crate::text::escaped;

/// Of all processes together so many descriptors are looked at: some machines have millions.
const DESCRIPTORS_MAX: usize = 200_000;

/// States of `net/tcp_states.h` as the tables write them.
const TIME_WAIT: u8 = 6;
const CLOSE: u8 = 7;
const LISTEN: u8 = 10;

/// A line of one of the tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Holder {
    datagrams: bool,
    local: SocketAddr,
    peer: SocketAddr,
    state: u8,
    uid: u32,
    inode: u64,
}

/// A program that has a socket open.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Program {
    pid: u32,
    name: String,
}

/// Explains why an address is taken: by whom.
pub(super) fn explain(wanted: SocketAddr, kind: Option<Type>) -> Remedy {
    let mut holders = Vec::new();
    for (path, datagrams) in [("tcp", false), ("tcp6", false), ("udp", true), ("udp6", true)] {
        let table = read_config(format!("/proc/thread-self/net/{path}").as_bytes()).unwrap_or_default();
        holders.extend(self::holders(&table, datagrams));
    }
    let holder = most_likely(&holders, wanted, kind);
    let program = holder.filter(|holder| holder.inode != 0).and_then(|holder| program_of(holder.inode));
    told(wanted, holder, program.as_ref(), gave_up(Capability::SysPtrace))
}

/// Reads a table, of which the first line names the columns.
pub(super) fn holders(table: &str, datagrams: bool) -> impl Iterator<Item = Holder> {
    table.lines().skip(1).filter_map(move |line| holder(line, datagrams))
}

/// Finds the socket that is in the way: one that waits for peers before a conversation before a closed one.
fn most_likely(holders: &[Holder], wanted: SocketAddr, kind: Option<Type>) -> Option<&Holder> {
    let in_the_way = holders.iter().filter(|holder| {
        holder.local.port() == wanted.port()
            && overlap(holder.local.ip(), wanted.ip())
            && kind.is_none_or(|kind| holder.datagrams == (kind == Type::DGRAM))
    });
    in_the_way.min_by_key(|holder| match (holder.state, holder.datagrams) {
        (LISTEN, false) => 0,
        (CLOSE, true) => 1,
        (TIME_WAIT, false) => 3,
        _ => 2,
    })
}

/// Says who it is. `gave_up`: this process might have looked, and has given up the privilege for it before it touched the
/// network; whoever started it has it still.
fn told(wanted: SocketAddr, holder: Option<&Holder>, program: Option<&Program>, gave_up: bool) -> Remedy {
    let sudo = if gave_up { "" } else { "sudo " };
    let port = wanted.port();
    let other = "or take another port: 0 lets the kernel choose a free one";
    let Some(holder) = holder else {
        return Remedy {
            reason:
                "another socket has this address; it neither listens nor talks, so that no table names it"
                    .to_owned(),
            fix: format!("{sudo}ss -ltnup 'sport = :{port}' shows who has it; end that, {other}"),
        };
    };
    if holder.state == TIME_WAIT && !holder.datagrams {
        return Remedy {
            reason: format!(
                "no program has this port any more, but its last connection, with {}, stays for a minute (TIME_WAIT)",
                holder.peer
            ),
            fix: format!("wait, set SO_REUSEADDR before bind, {other}"),
        };
    }
    let who = match program {
        Some(program) if program.pid == std::process::id() => "this process itself".to_owned(),
        Some(Program { pid, name }) => format!("{name} (process {pid})"),
        None => format!("a program of user {}", holder.uid),
    };
    let does = match (holder.state, holder.datagrams) {
        (LISTEN, _) => format!("listens on {}", holder.local),
        (CLOSE, true) => format!("waits for datagrams on {}", holder.local),
        _ => format!("talks from {} to {}", holder.local, holder.peer),
    };
    let (end, show) = match program {
        Some(program) if program.pid != std::process::id() => (format!("end it (kill {})", program.pid), ""),
        _ => ("end it".to_owned(), sudo),
    };
    let table = if holder.datagrams { "-lunp" } else { "-ltnp" };
    let nameless = match program {
        Some(_) => "",
        None if gave_up => {
            "; to see which one takes CAP_SYS_PTRACE, which jobs give up before they touch the network"
        }
        None => "; which one, this process may not see",
    };
    Remedy {
        reason: format!("{who} {does}{nameless}"),
        fix: format!("{end}, {other}; {show}ss {table} 'sport = :{port}' shows it"),
    }
}

/// Tells whether two sockets with these addresses and one port meet.
fn overlap(one: IpAddr, other: IpAddr) -> bool {
    let (one, other) = (one.to_canonical(), other.to_canonical());
    one == other || one.is_unspecified() || other.is_unspecified()
}

/// Reads a line: "sl local remote st queues timer retransmits uid timeout inode …".
fn holder(line: &str, datagrams: bool) -> Option<Holder> {
    let mut words = line.split_ascii_whitespace().skip(1);
    let local = address(words.next()?)?;
    let peer = address(words.next()?)?;
    let state = u8::from_str_radix(words.next()?, 16).ok()?;
    let uid = words.nth(3)?.parse().ok()?;
    let inode = words.nth(1)?.parse().ok()?;
    Some(Holder { datagrams, local, peer, state, uid, inode })
}

/// Reads `0100007F:1F90`: 32 bits at a time as the machine has them in memory, the port as a number.
fn address(text: &str) -> Option<SocketAddr> {
    let (ip, port) = text.split_once(':')?;
    let port = u16::from_str_radix(port, 16).ok()?;
    let word = |at: usize| Some(u32::from_str_radix(ip.get(at..at + 8)?, 16).ok()?.to_ne_bytes());
    let ip = match ip.len() {
        8 => IpAddr::V4(Ipv4Addr::from(word(0)?)),
        32 => {
            let words = [word(0)?, word(8)?, word(16)?, word(24)?];
            IpAddr::V6(Ipv6Addr::from(<[u8; 16]>::try_from(words.concat()).ok()?))
        }
        _ => return None,
    };
    Some(SocketAddr::new(ip, port))
}

/// Finds the process that has a socket open, if this one may look.
fn program_of(inode: u64) -> Option<Program> {
    let wanted = format!("socket:[{inode}]");
    let mut left = DESCRIPTORS_MAX;
    let processes = fs::read_dir("/proc").ok()?.filter_map(Result::ok);
    for process in processes {
        let Some(pid) = process.file_name().to_str().and_then(|name| name.parse::<u32>().ok()) else {
            continue;
        };
        let Ok(descriptors) = fs::read_dir(process.path().join("fd")) else { continue };
        for descriptor in descriptors.filter_map(Result::ok) {
            left = left.checked_sub(1)?;
            if fs::read_link(descriptor.path()).is_ok_and(|link| link.as_os_str() == wanted.as_str()) {
                let name = read_config(format!("/proc/{pid}/comm").as_bytes()).unwrap_or_default();
                return Some(Program { pid, name: escaped(name.trim_end().as_bytes()) });
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    #![expect(clippy::disallowed_types, reason = "plain sockets of another program")]

    use std::net::{TcpListener, TcpStream, UdpSocket};

    use super::*;

    fn all(remedy: &Remedy) -> String {
        format!("{} → {}", remedy.reason, remedy.fix)
    }

    #[test]
    fn who_listens_is_named() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let text = all(&explain(address, Some(Type::STREAM)));
        assert!(text.starts_with(&format!("this process itself listens on {address} → end it")), "{text}");
        assert!(text.contains(&format!("ss -ltnp 'sport = :{}'", address.port())), "{text}");
        assert!(!text.contains("SO_REUSEADDR") && text.contains("0 lets the kernel choose"), "{text}");
        // Any address meets it, another port does not.
        let any = SocketAddr::new(Ipv6Addr::UNSPECIFIED.into(), address.port());
        assert!(explain(any, None).reason.contains("listens on"));
    }

    #[test]
    fn datagrams_are_told_from_streams() {
        let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
        let address = socket.local_addr().unwrap();
        let holders = [Holder {
            datagrams: true,
            local: address,
            peer: SocketAddr::new(Ipv4Addr::UNSPECIFIED.into(), 0),
            state: CLOSE,
            uid: 0,
            inode: 1,
        }];
        assert_eq!(most_likely(&holders, address, Some(Type::STREAM)), None);
        assert_eq!(most_likely(&holders, address, Some(Type::DGRAM)), holders.first());
        let text = all(&told(address, holders.first(), None, false));
        assert!(text.contains("waits for datagrams on") && text.contains("sudo ss -lunp"), "{text}");
        assert!(text.contains("a program of user 0 ") && text.contains("this process may not see"), "{text}");
        // Who has the privilege that was given up needs no sudo.
        let text = all(&told(address, holders.first(), None, true));
        assert!(text.contains("CAP_SYS_PTRACE") && !text.contains("sudo"), "{text}");
    }

    #[test]
    fn a_connection_and_what_is_left_of_one() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let client = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let local = client.local_addr().unwrap();
        let text = all(&explain(local, Some(Type::STREAM)));
        assert!(text.contains(&format!("talks from {local} to ")), "{text}");
        let left = Holder {
            datagrams: false,
            local,
            peer: client.peer_addr().unwrap(),
            state: TIME_WAIT,
            uid: 0,
            inode: 0,
        };
        let text = all(&told(local, Some(&left), None, false));
        assert!(text.contains("TIME_WAIT") && text.contains("SO_REUSEADDR"), "{text}");
        let text = all(&told(local, None, None, false));
        assert!(text.contains("no table names it") && text.contains("ss -ltnup"), "{text}");
    }

    #[test]
    fn a_line_of_the_kernel_is_read() {
        let line = "   3: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 45678 1 0";
        // The words are in the order of the machine's memory.
        if cfg!(target_endian = "big") {
            return;
        }
        let read = holder(line, false).unwrap();
        assert_eq!((read.local, read.state), ("127.0.0.1:8080".parse().unwrap(), LISTEN));
        assert_eq!((read.uid, read.inode), (1000, 45678));
        let v6 = address("00000000000000000000000001000000:0050").unwrap();
        assert_eq!(v6, "[::1]:80".parse().unwrap());
        let mapped = address("0000000000000000FFFF00000100007F:0050").unwrap();
        assert!(overlap(mapped.ip(), Ipv4Addr::LOCALHOST.into()));
    }

    proptest::proptest! {
        #[test]
        fn no_line_is_a_panic(line: String) {
            let _ = (holder(&line, true), address(&line));
        }
    }
}
