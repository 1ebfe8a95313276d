//! What a failure means and what to do about it: the one place for the texts of a refusal.
//!
//! A refusal for want of a privilege is explained from what the [`Error`] says would grant it
//! ([`Error::privilege`]), everything else from its errno and address, and from what the machine says when asked: the
//! path in `path.rs`, the port in `port.rs`, the way in `route.rs`. Sources: as in [`privilege`](crate::privilege), and the
//! ERRORS sections of the manual pages of the calls.

use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;
use std::time::Duration;

use sys::cap::{self, Capability};
use sys::{Address, Errno, Op, UnixAddress, c, door, process};

use crate::privilege::{
    DEFAULT_PORT_START, PING_GROUP_RANGE, PORT_START, Privilege, RAISED, in_initial_user_namespace,
    no_ping_group, ping_group_range, read_config, status_field, unprivileged_port_start,
};
use crate::raise::raises;
use crate::{Cause, Error};

mod path;
mod port;
mod route;

pub use path::explain_file;

/// What a refusal means, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remedy {
    /// Why it was refused.
    pub reason: String,
    /// What to do: the exact command first, where one does it.
    pub fix: String,
}

/// Says what to do about a missing privilege; `program` is the file that is to be given it. `None` where none is asked.
#[must_use]
pub fn remedy(privilege: &Privilege, program: &Path) -> Option<Remedy> {
    remedy_for(privilege, None, program)
}

/// Why an option asks for a capability: what its capability is kept for elsewhere is not the reason.
const OPTION: &str = "this option is kept for privileged programs";

/// The same, for this reason where one is known.
fn remedy_for(privilege: &Privilege, why: Option<&str>, program: &Path) -> Option<Remedy> {
    let lacking = |capabilities: &[Capability]| {
        let why = why.or_else(|| capabilities.first().map(|first| asking(*first)))?;
        lacking(capabilities, why, program)
    };
    match *privilege {
        Privilege::None => None,
        Privilege::Capability(capability) => lacking(&[capability]),
        Privilege::AnyOf(capabilities) => lacking(capabilities),
        Privilege::InInitialNamespace(capability) if in_initial_user_namespace() => lacking(&[capability]),
        Privilege::InInitialNamespace(capability) => Some(Remedy {
            reason: format!(
                "the kernel asks for {} in the initial user namespace, and this process is in another one",
                capability.name()
            ),
            fix: "run it outside of the container or lab".to_owned(),
        }),
        Privilege::PingGroup => {
            let (low, high) = ping_group_range().unwrap_or((1, 0));
            Some(Remedy {
                reason: no_ping_group(low, high),
                fix: format!(
                    "sudo sysctl {PING_GROUP_RANGE}=\"0 2147483647\" (every group), or use a raw socket, which takes \
                     CAP_NET_RAW"
                ),
            })
        }
    }
}

/// Says what a failed operation means and what to do about it, `None` where we know no more than the error says.
///
/// `program` is the running executable, for the command that gives it a capability.
///
/// ```
/// use jackfield_sock::{Errno, Error, Op, privilege};
///
/// let remedy = privilege::explain(&Error::new(Op::Sethostname, Errno::EPERM), "./jack".as_ref()).unwrap();
/// assert!(remedy.reason.contains("CAP_SYS_ADMIN"));
/// ```
#[must_use]
pub fn explain(error: &Error, program: &Path) -> Option<Remedy> {
    match *error.cause() {
        Cause::Errno(errno @ (Errno::EPERM | Errno::EACCES)) => explain_refusal(error, errno, program),
        Cause::Errno(errno) => explain_errno(error, errno),
        Cause::TimedOut(after) => Some(explain_timeout(error, Some(after))),
        Cause::Interrupted(_) | Cause::Ended(_) => None,
    }
}

fn explain_refusal(error: &Error, errno: Errno, program: &Path) -> Option<Remedy> {
    if let (Op::Bind | Op::CreateServer, Errno::EACCES, Some(address)) = (error.op(), errno, error.address())
    {
        return explain_bind(address, program);
    }
    match (error.privilege(), error.op()) {
        (Privilege::None, _) => {}
        (privilege, Op::Setsockopt | Op::Getsockopt) => return remedy_for(&privilege, Some(OPTION), program),
        (privilege, _) => return remedy(&privilege, program),
    }
    match (error.op(), errno, error.address()) {
        (op, _, Some(Address::Unix(UnixAddress::Path(path)))) if reaches_out(op) => {
            path::explain_socket(path, errno, false)
        }
        (op, Errno::EACCES, address) if reaches_out(op) => match address.and_then(Address::ip) {
            Some(ip) => route::explain(ip, errno),
            None => Some(Remedy {
                reason: "a rule of this machine forbids it, or it goes to a broadcast address, to which only a socket \
                         with SO_BROADCAST may send"
                    .to_owned(),
                fix: "ip rule and ip route show the rules; --sockopt SO_BROADCAST=1 sets the option".to_owned(),
            }),
        },
        (op, Errno::EPERM, _) if reaches_out(op) => Some(Remedy {
            reason: "a firewall rule of this machine dropped it on its way out".to_owned(),
            fix: "sudo nft list ruleset shows the rules".to_owned(),
        }),
        _ => None,
    }
}

fn explain_bind(address: &Address, program: &Path) -> Option<Remedy> {
    let start = unprivileged_port_start().unwrap_or(DEFAULT_PORT_START);
    match (Privilege::of_bind(address, || start), address) {
        (Privilege::Capability(capability), _) => {
            let why = format!("ports below {start} are kept for privileged programs ({PORT_START})");
            let port = address.ip().map_or(0, |ip| ip.port());
            let Remedy { reason, fix } = lacking(&[capability], &why, program)?;
            let sysctl = format!("sudo sysctl {PORT_START}={port} (for every program)");
            Some(Remedy { reason, fix: format!("{fix}; or {sysctl}; or take a port from {start} on") })
        }
        (privilege @ Privilege::InInitialNamespace(_), _) => remedy(&privilege, program),
        (_, Address::Unix(UnixAddress::Path(path))) => path::explain_socket(path, Errno::EACCES, true),
        _ => None,
    }
}

fn explain_errno(error: &Error, errno: Errno) -> Option<Remedy> {
    let address = error.address();
    let ip = address.and_then(Address::ip);
    let binds = matches!(error.op(), Op::Bind | Op::CreateServer | Op::Listen);
    let special = match (address, ip) {
        (Some(Address::Unix(UnixAddress::Path(path))), _) => path::explain_socket(path, errno, binds),
        (Some(Address::Unix(UnixAddress::Abstract(name))), _) => explain_abstract(name, errno),
        (Some(Address::Vsock { cid, port, .. }), _) => explain_vsock((*cid, *port), error.op(), errno),
        (_, Some(ip)) if errno == Errno::EADDRINUSE && binds => Some(port::explain(ip, error.kind())),
        (_, Some(ip)) if !binds => route::explain(ip, errno),
        _ => None,
    };
    special.or_else(|| explain_number(error, errno))
}

/// Reads bytes as the kernel's answer about a route.
pub(crate) fn read_route(bytes: &[u8]) {
    let _ = route::read(bytes);
}

/// Reads a text as the tables of sockets in `/proc/net`.
pub(crate) fn read_tables(text: &str) {
    let _ = (port::holders(text, false).count(), path::bound_in(text, |path| path.is_empty()));
}

/// Explains a failure on a name in the abstract namespace. Source: unix(7).
fn explain_abstract(name: &[u8], errno: Errno) -> Option<Remedy> {
    let (reason, fix) = match errno {
        Errno::ECONNREFUSED => (
            "no server on this network listens on this abstract name",
            "start the server first; ss -xl shows who listens, with @ before abstract names".to_owned(),
        ),
        Errno::EADDRINUSE => (
            "a program has a socket of this abstract name open",
            "end it, or give another name; sudo ss -xap shows who it is".to_owned(),
        ),
        Errno::ENAMETOOLONG => (
            "an abstract name has at most 107 bytes",
            format!("leave {} bytes out", name.len().saturating_sub(UnixAddress::MAX - 1)),
        ),
        _ => return None,
    };
    Some(Remedy { reason: reason.to_owned(), fix })
}

/// Explains a failure on a vsock address: there is neither a route nor a firewall, and who does not listen answers with a
/// reset. Source: vsock(7).
fn explain_vsock((cid, port): (u32, u32), op: Op, errno: Errno) -> Option<Remedy> {
    let connects = matches!(op, Op::Connect | Op::CreateConnection);
    let (reason, fix) = match errno {
        Errno::ECONNRESET if connects => (
            "nothing listens on this port of that machine, or it has no vsock: the answer is a reset".to_owned(),
            format!("start the server first; on its machine ss -l --vsock shows who listens on {port}"),
        ),
        Errno::ETIMEDOUT | Errno::ENODEV if connects => (
            match cid {
                // VMADDR_CID_LOCAL and VMADDR_CID_HOST.
                1 => "nothing answers for context id 1, this machine: its kernel has no vsock loopback at work".into(),
                2 => "nothing answers for context id 2, the host: this is no virtual machine, or it has no vsock".into(),
                _ => format!("no virtual machine with context id {cid} answers"),
            },
            match cid {
                1 => "sudo modprobe vsock_loopback, where the kernel has it",
                2 => "on the host itself, name the virtual machine's context id",
                _ => "on the host, the settings of the virtual machine say its context id (guest-cid)",
            }
            .to_owned(),
        ),
        Errno::EADDRNOTAVAIL => (
            format!("this machine does not have the context id {cid}"),
            format!("listen at vsock::{port}, which is every context id that it has"),
        ),
        Errno::EADDRINUSE => (
            "another socket has this port".to_owned(),
            "sudo ss -lp --vsock shows who has it; end that, or take another port".to_owned(),
        ),
        _ => return None,
    };
    Some(Remedy { reason, fix })
}

/// Explains what an errno means whatever the address.
fn explain_number(error: &Error, errno: Errno) -> Option<Remedy> {
    let address = error.address();
    let port = address.and_then(Address::ip).map(|ip| ip.port());
    let remedy = |reason: &str, fix: String| Some(Remedy { reason: reason.to_owned(), fix });
    match errno {
        Errno::ECONNREFUSED => match port {
            Some(port) => remedy(
                "the host is there and says that nothing listens on this port",
                format!("start the server first; on its machine ss -ltnu 'sport = :{port}' shows who listens"),
            ),
            None => remedy("nothing listens there", "start the server first".to_owned()),
        },
        Errno::ETIMEDOUT => Some(explain_timeout(error, None)),
        Errno::EADDRINUSE => {
            remedy("another socket has this address", "sudo ss -anp shows who has it".to_owned())
        }
        Errno::EADDRNOTAVAIL if matches!(error.op(), Op::Bind | Op::CreateServer) => remedy(
            "no interface of this machine has this address",
            "ip address shows those that it has; 0.0.0.0 and :: stand for all of them".to_owned(),
        ),
        Errno::EADDRNOTAVAIL => remedy(
            "the kernel found no local address for this: no interface has one that reaches there, or all ports of the \
             range for clients are in use",
            "ip address shows the addresses, ss -s the ports in use, sysctl net.ipv4.ip_local_port_range the range"
                .to_owned(),
        ),
        Errno::ENETUNREACH => remedy("no route leads to this address", route_to(address)),
        Errno::EHOSTUNREACH => remedy(
            "there is a route, but the host or a router on the way does not answer or refuses",
            format!("{}, and ip neighbour whether the next hop answers", route_to(address)),
        ),
        Errno::EMFILE => Some(explain_descriptors()),
        Errno::ENFILE => remedy(
            "the whole machine has as many files open as its limit allows",
            "sysctl fs.file-nr fs.file-max shows the count and the limit".to_owned(),
        ),
        Errno::EAFNOSUPPORT => remedy(
            "the address is of another family than the socket, or this kernel lacks the family",
            "use an address of the socket's family (-4 is IPv4, -6 is IPv6)".to_owned(),
        ),
        Errno::EPROTOTYPE => remedy(
            "the socket of this name is of another type: stream, datagram and seqpacket do not mix",
            "ss -xl shows its type: u_str, u_dgr, u_seq".to_owned(),
        ),
        Errno::EPIPE => remedy(
            "nobody can receive this any more: the peer has closed the connection, or this side has ended sending",
            "read what the peer still sent: it may say why".to_owned(),
        ),
        Errno::ECONNRESET => remedy(
            "the peer cut the connection with a RST: its program died, or closed without reading all that had arrived",
            "look at the peer's side; what it had received before may be lost".to_owned(),
        ),
        Errno::ENOTCONN if error.op() == Op::Shutdown => remedy(
            "the connection is gone: the peer cut it with a RST, and what was sent may not have arrived",
            "look at the peer's side: it closed without reading all that had arrived, or its program died".to_owned(),
        ),
        Errno::EMSGSIZE => remedy(
            "the message is larger than one datagram can be: 65,507 bytes for UDP over IPv4, less where fragments are \
             not allowed",
            "send smaller pieces, or use a stream".to_owned(),
        ),
        _ => None,
    }
}

fn explain_timeout(error: &Error, limit: Option<Duration>) -> Remedy {
    let within = limit.map_or_else(String::new, |limit| format!(" within {limit:?}"));
    if matches!(error.op(), Op::Connect | Op::CreateConnection) {
        if let Some(down) =
            error.address().and_then(Address::ip).and_then(|ip| route::explain_loopback(ip.ip()))
        {
            return down;
        }
        return Remedy {
            reason: format!(
                "no answer came{within}: the host is off, or a firewall drops the packets without a word"
            ),
            fix: route_to(error.address()),
        };
    }
    Remedy {
        reason: match limit {
            Some(_) => format!("nothing happened{within}"),
            None => "the peer stopped answering, and the kernel gave up sending again".to_owned(),
        },
        fix: "look whether the peer still runs and can be reached, or wait longer".to_owned(),
    }
}

fn explain_descriptors() -> Remedy {
    // A rehearsal makes up zeros.
    let limit =
        door::for_the_trace(|| process::limit(c::RLIMIT_NOFILE, None)).ok().filter(|limit| limit.soft > 0);
    let reason = "the process has as many descriptors open as it may";
    match limit {
        Some(limit) if limit.soft < limit.hard => Remedy {
            reason: format!("{reason}: {}", limit.soft),
            fix: format!("ulimit -n {} before it is started", limit.hard),
        },
        Some(limit) => Remedy {
            reason: format!("{reason}: {}, which is the hard limit too", limit.soft),
            fix: "raise the hard limit: limits.conf(5), or LimitNOFILE= of systemd".to_owned(),
        },
        None => Remedy { reason: reason.to_owned(), fix: "raise it: ulimit -n".to_owned() },
    }
}

/// Says why a capability is asked for.
fn asking(capability: Capability) -> &'static str {
    match capability {
        Capability::NetRaw => "a raw or packet socket sees and forges what belongs to other programs",
        Capability::NetBindService => "low ports are kept for privileged programs",
        Capability::NetAdmin => "this changes what the whole machine shares",
        Capability::SysPtrace => "this looks into programs of others",
        Capability::SysAdmin => "this changes the machine for every program",
        Capability::SysResource => "this goes beyond the limits set for the process",
        Capability::Chown => "this gives files away",
        Capability::DacOverride => "this goes past the permissions of files",
    }
}

/// Says why a capability was not found, and how to give it: that depends on where it is missing. Of several that would do,
/// the first one does on every kernel.
fn lacking(capabilities: &[Capability], why: &str, program: &Path) -> Option<Remedy> {
    let sets = door::for_the_trace(cap::get).unwrap_or_default();
    let bounding = bounding_set().unwrap_or(u64::MAX);
    lacking_in(&sets, bounding, capabilities, why, program)
}

fn lacking_in(
    sets: &cap::Sets,
    bounding: u64,
    capabilities: &[Capability],
    why: &str,
    program: &Path,
) -> Option<Remedy> {
    let capability = *capabilities.first()?;
    let name = capability.name();
    if sets.has(capability) || raises() && sets.may_raise(capability) {
        return Some(Remedy {
            reason: format!(
                "{why}; this process has {name}, but not in the user namespace that owns this network, or a security \
                 policy (seccomp, SELinux, AppArmor) forbids it"
            ),
            fix: "run it outside of the container or sandbox".to_owned(),
        });
    }
    let names: Vec<_> = capabilities.iter().map(|capability| capability.name()).collect();
    let reason =
        format!("{why}, so the kernel asks for {}, which this process does not have", names.join(" or "));
    if bounding & capability.bit() == 0 {
        let short = name.trim_start_matches("CAP_");
        return Some(Remedy {
            reason: format!("{reason} and cannot get: it is outside of its bounding set"),
            fix: format!(
                "give it to the container (--cap-add={short}) or the service (CapabilityBoundingSet=)"
            ),
        });
    }
    // setcap(8) replaces what the file had: name that too.
    let mut all: Vec<_> = RAISED
        .into_iter()
        .filter(|other| *other != capability && sets.may_raise(*other))
        .chain([capability])
        .map(|capability| capability.name().to_ascii_lowercase())
        .collect();
    all.sort_unstable();
    Some(Remedy {
        reason,
        fix: format!(
            "sudo setcap {}+p {} (give the file a group of its own and mode 0750 before: who may run it, may then do \
             this)",
            all.join(","),
            shell_word(program.as_os_str().as_bytes()),
        ),
    })
}

/// Tells whether an operation sends to somebody.
const fn reaches_out(op: Op) -> bool {
    matches!(
        op,
        Op::Connect
            | Op::CreateConnection
            | Op::Send
            | Op::Sendto
            | Op::Sendmsg
            | Op::Sendall
            | Op::Write
            | Op::Writev
    )
}

fn route_to(address: Option<&Address>) -> String {
    match address.and_then(Address::ip) {
        Some(ip) => format!("ip route get {} shows the way there", ip.ip()),
        None => "ip route shows the ways out".to_owned(),
    }
}

fn bounding_set() -> Option<u64> {
    let status = read_config(b"/proc/thread-self/status")?;
    u64::from_str_radix(status_field(&status, "CapBnd:")?.trim(), 16).ok()
}

/// Writes a file's name so that a shell reads it as one word, and no terminal is moved by it.
fn shell_word(bytes: &[u8]) -> String {
    let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"/._-+,:@%=".contains(byte);
    if !bytes.is_empty() && bytes.iter().all(is_plain) && !bytes.starts_with(b"-") {
        return bytes.escape_ascii().to_string();
    }
    let dash = if bytes.starts_with(b"-") { "./" } else { "" };
    format!("$'{dash}{}'", bytes.escape_ascii())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn explained(op: Op, errno: Errno, address: Option<&str>) -> Option<Remedy> {
        let error = Error::new(op, errno);
        let error = match address {
            None => error,
            Some(text) => match text.parse() {
                Ok(address) => error.at(&address),
                Err(_) => error.at(&Address::Unix(UnixAddress::Path(text.as_bytes().to_vec()))),
            },
        };
        explain(&error, Path::new("/opt/jack field/jack"))
    }

    #[test]
    fn a_refused_low_port_names_the_sysctl_with_the_port() {
        let remedy = explained(Op::Bind, Errno::EACCES, Some("0.0.0.0:1")).unwrap();
        assert!(remedy.fix.contains("sudo sysctl net.ipv4.ip_unprivileged_port_start=1 "), "{remedy:?}");
        assert!(remedy.reason.contains("CAP_NET_BIND_SERVICE"), "{remedy:?}");
        assert_eq!(explained(Op::Bind, Errno::EACCES, Some("0.0.0.0:65535")), None);
    }

    #[test]
    fn a_missing_capability_comes_with_the_command_that_gives_it() {
        let program = Path::new("/opt/jack field/jack");
        let lacking = |sets: cap::Sets, bounding| {
            lacking_in(&sets, bounding, &[Capability::NetRaw], "raw sockets forge", program).unwrap()
        };
        let none = cap::Sets::default();
        let remedy = lacking(none, u64::MAX);
        assert_eq!(
            remedy.reason,
            "raw sockets forge, so the kernel asks for CAP_NET_RAW, which this process does not have"
        );
        assert!(remedy.fix.starts_with("sudo setcap cap_net_raw+p $'/opt/jack field/jack' ("), "{remedy:?}");
        assert!(remedy.fix.contains("0750"), "{remedy:?}");

        let service = cap::Sets { permitted: Capability::NetBindService.bit(), ..none };
        let remedy = lacking(service, u64::MAX);
        assert!(remedy.fix.starts_with("sudo setcap cap_net_bind_service,cap_net_raw+p "), "{remedy:?}");

        let remedy = lacking(none, !Capability::NetRaw.bit());
        assert!(
            remedy.reason.ends_with("bounding set") && remedy.fix.contains("--cap-add=NET_RAW"),
            "{remedy:?}"
        );

        let remedy = lacking(cap::Sets { effective: Capability::NetRaw.bit(), ..none }, u64::MAX);
        assert!(remedy.reason.contains("this process has CAP_NET_RAW, but not"), "{remedy:?}");
    }

    #[test]
    fn a_refused_option_names_all_that_would_do_and_no_other_reason() {
        let mark = Error::new(Op::Setsockopt, Errno::EPERM).of_option(c::SOL_SOCKET, c::option::SO_MARK);
        // Whoever has a capability is told that it does not count here.
        let sets = cap::Sets::default();
        let Privilege::AnyOf(capabilities) = mark.privilege() else { panic!("{mark:?}") };
        let remedy = lacking_in(&sets, u64::MAX, capabilities, OPTION, Path::new("jack")).unwrap();
        assert!(remedy.reason.contains("asks for CAP_NET_ADMIN or CAP_NET_RAW, which"), "{remedy:?}");
        assert!(remedy.fix.contains("setcap cap_net_admin+p "), "{remedy:?}");
        let told = explain(&mark, Path::new("jack")).unwrap();
        assert!(told.reason.starts_with(OPTION), "{told:?}");
    }

    #[test]
    fn vsock_has_words_of_its_own() {
        let explained = |op, errno, cid| {
            let error = Error::new(op, errno).at(&Address::Vsock { cid, port: 7, flags: 0 });
            let Remedy { reason, fix } = explain(&error, Path::new("jack")).unwrap();
            format!("{reason} → {fix}")
        };
        for (op, errno, cid, words) in [
            (Op::Connect, Errno::ECONNRESET, 2, "nothing listens on this port"),
            (Op::Connect, Errno::ETIMEDOUT, 1, "vsock_loopback"),
            (Op::Connect, Errno::ETIMEDOUT, 2, "the host"),
            (Op::Connect, Errno::ENODEV, 9, "context id 9"),
            (Op::Bind, Errno::EADDRNOTAVAIL, 1, "vsock::7"),
            (Op::Bind, Errno::EADDRINUSE, 1, "--vsock"),
        ] {
            let text = explained(op, errno, cid);
            assert!(text.contains(words) && !text.contains("ip route") && !text.contains("RST"), "{text}");
        }
        // In the middle of a conversation it is what it is elsewhere.
        assert!(explained(Op::Recv, Errno::ECONNRESET, 2).contains("RST"));
    }

    #[test]
    fn common_errors_have_a_reason_and_a_fix() {
        for (op, errno, address, reason, fix) in [
            (Op::Connect, Errno::ECONNREFUSED, "10.0.0.1:80", "nothing listens", "'sport = :80'"),
            (Op::Connect, Errno::ECONNREFUSED, "/nosuch/s", "no server listens", "rm /nosuch/s"),
            (Op::Connect, Errno::ETIMEDOUT, "10.0.0.1:80", "no answer came:", "ip route get 10.0.0.1 "),
            (Op::Recv, Errno::ETIMEDOUT, "", "kernel gave up", "peer"),
            (Op::Bind, Errno::EADDRINUSE, "[::]:1", "another socket", "ss -ltnup 'sport = :1'"),
            (Op::Bind, Errno::EADDRINUSE, "/nosuch/it's", "stays behind", "rm $'/nosuch/it\\'s'"),
            (Op::Bind, Errno::EADDRNOTAVAIL, "192.0.2.1:80", "no interface", "ip address"),
            (Op::Connect, Errno::EADDRNOTAVAIL, "192.0.2.1:80", "no local address", "ip_local_port_range"),
            (Op::Connect, Errno::ENETUNREACH, "[2001:db8::1]:80", "no route", "ip route get 2001:db8::1 "),
            (Op::Connect, Errno::EHOSTUNREACH, "192.0.2.1:80", "there is a route", "ip neighbour"),
            (Op::Socket, Errno::EMFILE, "", "as many descriptors", "limit"),
            (Op::Connect, Errno::EAFNOSUPPORT, "[::1]:80", "another family", "family"),
            (Op::Send, Errno::EPIPE, "", "closed the connection", "read"),
            (Op::Recv, Errno::ECONNRESET, "", "RST", "peer"),
            (Op::Sendto, Errno::EMSGSIZE, "127.0.0.1:9", "65,507", "smaller"),
            (Op::Connect, Errno::ENOENT, "/nosuch", "the socket is not", "ls -l /"),
            (Op::Connect, Errno::EACCES, "/nosuch", "write permission", "ls -l /nosuch"),
            (Op::Bind, Errno::EACCES, "/nosuch", "its folder", "ls -ld /"),
            (Op::Sendto, Errno::EACCES, "255.255.255.255:9", "SO_BROADCAST", "SO_BROADCAST"),
            (Op::Sendto, Errno::EPERM, "192.0.2.1:9", "firewall", "nft"),
            (Op::Sethostname, Errno::EPERM, "", "CAP_SYS_ADMIN", ""),
        ] {
            let address = (!address.is_empty()).then_some(address);
            let remedy = explained(op, errno, address).unwrap();
            assert!(remedy.reason.contains(reason), "{op:?} {errno:?}: {remedy:?}");
            assert!(remedy.fix.contains(fix) && !remedy.fix.is_empty(), "{op:?} {errno:?}: {remedy:?}");
        }
        assert_eq!(explained(Op::Recv, Errno::EINVAL, None), None);
        assert_eq!(explained(Op::Open, Errno::ENOENT, None), None);
    }

    #[test]
    fn a_refusal_is_explained_by_what_was_asked() {
        let said = |error: Error| explain(&error, Path::new("./jack")).unwrap();
        let open = |family, kind, protocol, errno| {
            said(Error::new(Op::Socket, errno).of_socket(family, kind, protocol))
        };
        assert!(open(c::AF_PACKET, c::SOCK_RAW, 3, Errno::EPERM).reason.contains("CAP_NET_RAW"));
        let ping = open(c::AF_INET, c::SOCK_DGRAM, c::IPPROTO_ICMP, Errno::EACCES);
        assert!(ping.fix.contains("sudo sysctl net.ipv4.ping_group_range="), "{ping:?}");
        let set = |level, name| said(Error::new(Op::Setsockopt, Errno::EPERM).of_option(level, name));
        use c::option::{IP_TRANSPARENT, IPV6_HOPOPTS, SO_BINDTODEVICE, SO_MARK, TCP_REPAIR};
        for (level, name, capability) in [
            (c::SOL_SOCKET, SO_MARK, "CAP_NET_ADMIN"),
            (c::SOL_SOCKET, SO_BINDTODEVICE, "CAP_NET_RAW"),
            (c::SOL_IP, IP_TRANSPARENT, "CAP_NET_RAW"),
            (c::SOL_IPV6, IPV6_HOPOPTS, "CAP_NET_RAW"),
            (c::SOL_TCP, TCP_REPAIR, "CAP_NET_ADMIN"),
        ] {
            assert!(set(level, name).reason.contains(capability), "{level} {name}");
        }
    }

    #[test]
    fn a_timeout_of_ours_says_how_long_it_was() {
        let error = Error::because(Op::Connect, Cause::TimedOut(Duration::from_millis(1500)));
        let remedy = explain(&error, Path::new("jack")).unwrap();
        assert!(remedy.reason.contains("within 1.5s"), "{remedy:?}");
        let error = Error::because(Op::Recv, Cause::TimedOut(Duration::from_secs(2)));
        assert!(explain(&error, Path::new("jack")).unwrap().reason.contains("nothing happened within 2s"));
    }

    #[test]
    fn a_file_name_is_one_word_of_the_shell() {
        assert_eq!(shell_word(b"/usr/bin/jack"), "/usr/bin/jack");
        assert_eq!(shell_word(b"a b'\x1b\xff"), "$'a b\\'\\x1b\\xff'");
        assert_eq!(shell_word(b"-x"), "$'./-x'");
        assert_eq!(shell_word(b""), "$''");
    }
}
