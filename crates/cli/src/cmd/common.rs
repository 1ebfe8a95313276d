//! From what was typed to what the libraries want: what connect, listen and relay share.

use core::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::ffi::{OsStr, OsString};
use std::io::IsTerminal;
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::ffi::OsStrExt;
use std::time::Duration;

use jackfield::codec::data::{self, Piece};
use jackfield::sock::name::Resolver;
use jackfield::sock::option::Setting;
use jackfield::sock::privilege::{self, Keep};
use jackfield::sock::{
    self, Address, Cause, Deadline, Errno, Family, PollFd, Protocol, Socket, Type, c, io, signal,
};
use jackfield::talk::{self, Console, Endpoint, Name, Net, Options, Record, Role, Show, Transport, Why};

use crate::args::Given;
use crate::exit::{Exit, Failure};
use crate::render::error::Unopened;

/// Makes the options of a conversation.
pub(crate) fn options(given: &Given) -> Result<Options, Failure> {
    let wait = given.duration("wait");
    let idle_timeout = given.duration("idle-timeout");
    Ok(Options {
        family: family(given)?,
        numeric: given.switch("no-resolve"),
        resolver: resolver(given)?,
        timeout: given.duration("timeout").or(wait),
        idle_timeout: idle_timeout.or(wait),
        // -w is nc's, and there an idle end is an end like any other.
        idle_is_failure: idle_timeout.is_some(),
        quit_after_input: quit_after(given)?,
        half_close: given.switch("shutdown") || !given.switch("no-shutdown"),
        leave_with_peer: !given.switch("stay"),
        // A person who types has stopped when the peer has closed; a program may only pause.
        pause_after_peer: if std::io::stdin().is_terminal() {
            Duration::ZERO
        } else {
            Duration::from_millis(500)
        },
        retry: given.number("retry").unwrap_or(0),
        interval: given.duration("interval").unwrap_or(Duration::from_secs(1)),
        settings: settings(given)?,
        send_only: given.switch("send-only"),
        recv_only: given.switch("recv-only"),
        crlf: given.switch("crlf"),
        delay: given.duration("delay"),
        recv_size: recv_size(given)?,
        ..Options::default()
    })
}

/// Which family of addresses `-4` and `-6` ask for.
pub(crate) fn family(given: &Given) -> Result<Family, Failure> {
    match (given.switch("ipv4"), given.switch("ipv6")) {
        (true, true) => Err(Failure::usage("-4 and -6 exclude each other: leave both out for both families")),
        (true, false) => Ok(Family::INET),
        (false, true) => Ok(Family::INET6),
        (false, false) => Ok(Family::UNSPEC),
    }
}

/// Makes the resolver: the system's, or one that asks the servers of `--dns-server`.
pub(crate) fn resolver(given: &Given) -> Result<Resolver, Failure> {
    let servers = given.all("dns-server");
    if servers.is_empty() {
        return Ok(Resolver::system());
    }
    let servers = servers.iter().map(|server| {
        let text = server.to_string_lossy();
        let with_port = text.parse::<SocketAddr>().ok();
        with_port.or_else(|| text.parse::<IpAddr>().ok().map(|ip| SocketAddr::new(ip, 53))).ok_or_else(|| {
            Failure::usage(format!("--dns-server takes an address, not '{}'", text.escape_debug()))
        })
    });
    Ok(Resolver::with_servers(servers.collect::<Result<_, _>>()?).servers_named_by("--dns-server"))
}

fn quit_after(given: &Given) -> Result<Option<Duration>, Failure> {
    let Some(text) = given.text("quit") else { return Ok(None) };
    let text = text.to_string_lossy();
    // As in nc: a negative number waits for ever.
    if text.starts_with('-') && text.parse::<f64>().is_ok() {
        return Ok(None);
    }
    crate::units::duration(&text).map(Some).map_err(|problem| Failure::usage(format!("-q: {problem}")))
}

fn recv_size(given: &Given) -> Result<Option<usize>, Failure> {
    match given.size("recv-size") {
        None => Ok(None),
        Some(0) => Err(Failure::usage("--recv-size takes at least 1 byte")),
        Some(size) => Ok(Some(usize::try_from(size).unwrap_or(usize::MAX).min(1 << 30))),
    }
}

fn settings(given: &Given) -> Result<Vec<Setting>, Failure> {
    let settings = given.all("sockopt").into_iter().map(|setting| {
        setting.to_string_lossy().parse().map_err(|error| Failure::usage(format!("--sockopt: {error}")))
    });
    settings.collect()
}

/// How many conversations a server of many holds at once, if that was said.
pub(crate) fn at_once(given: &Given) -> Result<Option<usize>, Failure> {
    match given.number("max-connections") {
        None => Ok(None),
        Some(0) => Err(Failure::usage("--max-connections takes at least 1")),
        Some(most) => Ok(Some(usize::try_from(most).unwrap_or(usize::MAX))),
    }
}

/// How many connections may wait to be accepted.
pub(crate) fn backlog(given: &Given) -> i32 {
    given.number("backlog").map_or(4096, |n| i32::try_from(n).unwrap_or(i32::MAX))
}

/// Makes our own address of `-s` and `-p`.
pub(crate) fn source(given: &Given) -> Result<Option<(String, String)>, Failure> {
    let (host, port) = (given.text("source"), given.text("port"));
    if host.is_none() && port.is_none() {
        return Ok(None);
    }
    let text = |word: Option<&OsStr>| {
        word.unwrap_or_default()
            .to_str()
            .map(str::to_owned)
            .ok_or_else(|| Failure::usage("-s and -p take text, and this is not UTF-8"))
    };
    Ok(Some((text(host)?, text(port)?)))
}

/// Which transport `-u` and `-U` ask for.
pub(crate) fn transport(given: &Given) -> Transport {
    match (given.switch("unix"), given.switch("udp")) {
        (true, true) => Transport::UnixDatagram,
        (true, false) => Transport::UnixStream,
        (false, true) => Transport::Udp,
        (false, false) => Transport::Tcp,
    }
}

/// Reads one ENDPOINT to connect to or listen at; with `-u` it has datagrams.
pub(crate) fn endpoint(given: &Given, word: &OsStr, role: Role) -> Result<Net, Failure> {
    let datagrams = given.switch("udp");
    let net = Net::parse(word, role, if datagrams { Transport::Udp } else { Transport::Tcp })?;
    if datagrams && net.transport.is_connected() {
        let instead = match net.name {
            Name::Unix(_) => ": datagrams are unix-dgram:",
            Name::Host { .. } | Name::Vsock { .. } => "",
        };
        let prefix = net.transport.prefix();
        return Err(Failure::usage(format!("-u and {prefix} exclude each other{instead}")));
    }
    Ok(net)
}

/// Reads the one operand of `-U`: a path, `@name`, or an ENDPOINT of a Unix socket.
pub(crate) fn unix_place(given: &Given, word: &OsStr, role: Role) -> Result<Net, Failure> {
    let place = word.as_bytes();
    let place = place.strip_prefix(b"listen:").unwrap_or(place);
    let prefixes = Transport::ALL.map(|transport| transport.prefix().to_string());
    if !prefixes.iter().any(|prefix| place.starts_with(prefix.as_bytes())) {
        return Ok(Net::unix(transport(given), word));
    }
    let net = endpoint(given, word, role)?;
    match net.name {
        Name::Unix(_) => Ok(net),
        Name::Host { .. } | Name::Vsock { .. } => {
            let prefix = net.transport.prefix();
            Err(Failure::usage(format!("-U and {prefix} exclude each other: -U is a Unix socket")))
        }
    }
}

/// Makes this side of the conversation.
pub(crate) fn console(given: &Given) -> Result<Console, Failure> {
    let mut console = Console::standard();
    let data = given.all("data");
    if !data.is_empty() {
        if given.switch("recv-only") {
            return Err(Failure::usage("--data and -d (receive only) exclude each other"));
        }
        console = console.sending(bytes_of("--data", &data)?);
    }
    if given.switch("send-only") && given.switch("recv-only") {
        return Err(Failure::usage("--send-only and --recv-only exclude each other"));
    }
    let append = given.switch("append");
    let terminal = std::io::stdout().is_terminal() && given.text("output").is_none();
    if let Some(path) = given.text("output") {
        console = console.writing_to(path, append)?;
    }
    if let Some(path) = given.text("hex-dump") {
        console = console.recording(Record::create(path, append)?);
    }
    if append && given.text("output").is_none() && given.text("hex-dump").is_none() {
        return Err(Failure::usage("--append goes with --output or --hex-dump"));
    }
    let show = match given.choice("show") {
        Some("text") => Show::text(),
        Some("hex") => Show::hex(),
        Some("base64") => Show::base64(),
        Some(_) => Show::Raw,
        None if terminal => Show::text(),
        None => Show::Raw,
    };
    console = console.showing(show, terminal);
    if given.switch("json") {
        if given.choice("show").is_some() {
            return Err(Failure::usage(
                "--json and --show exclude each other: JSON has the bytes its own way",
            ));
        }
        if given.text("output").is_none() {
            console = console.quiet();
        }
    }
    Ok(console)
}

/// Reads the payload expressions of a flag, files included.
pub(crate) fn bytes_of(flag: &str, expressions: &[OsString]) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    for expression in expressions {
        for piece in data::parse(expression).map_err(|error| Failure::usage(format!("{flag}: {error}")))? {
            match piece {
                Piece::Bytes(piece) => bytes.extend(piece),
                Piece::File(path) => read_file(&path, &mut bytes)?,
            }
        }
    }
    Ok(bytes)
}

fn read_file(path: &OsStr, bytes: &mut Vec<u8>) -> Result<(), Failure> {
    let read = if path == "-" {
        read_to_end(sock::stdin(), bytes)
    } else {
        io::open(path.as_bytes(), c::O_RDONLY, 0).and_then(|file| read_to_end(file.as_fd(), bytes))
    };
    read.map_err(|error| {
        let signal = match error.cause() {
            Cause::Interrupted(signal) => Some(*signal),
            // While a FIFO had no writer yet.
            Cause::Errno(Errno::EINTR) => signal::arrived(),
            _ => None,
        };
        if let Some(signal) = signal {
            return talk::Error::Interrupted(signal).into();
        }
        match error.errno() {
            Some(errno) => Failure::failed(Unopened { doing: "reading", path: path.to_owned(), errno }),
            None => Failure::failed(
                anyhow::Error::from(error).context(format!("reading {}", path.as_bytes().escape_ascii())),
            ),
        }
    })
}

/// Reads a descriptor to its end, or until a signal that was caught.
fn read_to_end(from: BorrowedFd<'_>, bytes: &mut Vec<u8>) -> sock::Result<()> {
    let mut piece = vec![0; 1 << 16];
    loop {
        sock::wait_any(&mut vec![PollFd::new(from, c::POLLIN)], Deadline::NEVER)?;
        match io::read(from, &mut piece) {
            Ok(0) => return Ok(()),
            Ok(n) => bytes.extend_from_slice(piece.get(..n).unwrap_or_default()),
            Err(error) if error.would_block() => {}
            Err(error) => return Err(error),
        }
    }
}

/// Catches Ctrl-C from now on, so that it ends a job in order.
pub(crate) fn catch_interrupts() -> Result<(), Failure> {
    signal::catch_interrupts()
        .map(|_| ())
        .map_err(|errno| Failure::failed(anyhow::Error::from(errno).context("catching Ctrl-C")))
}

/// Gives up the privileges that the job cannot need, now that its own files are open and before the network is touched:
/// what a peer sends is read with none in effect. Unix sockets and `file:` ends are reached by path, which root does
/// everywhere.
pub(crate) fn lower_privileges<'a>(ends: impl IntoIterator<Item = &'a Endpoint>) -> Result<(), Failure> {
    let by_path = ends.into_iter().any(|end| match end {
        Endpoint::File(_) => true,
        Endpoint::Connect(net) | Endpoint::Listen(net) => matches!(net.name, Name::Unix(_)),
        Endpoint::Stdio => false,
    });
    Ok(privilege::lower(if by_path { Keep::NetworkAndFiles } else { Keep::Network })?)
}

/// Turns the end of a conversation into an exit code.
pub(crate) fn exit_of(why: Why) -> Exit {
    match why {
        Why::Reset => Exit::No,
        _ => Exit::Done,
    }
}

/// Tries whether this machine reaches itself: in a new network namespace lo is down. A datagram socket takes a peer there
/// without sending anything.
pub(crate) fn reach_loopback() -> sock::Result<()> {
    Socket::open(Family::INET, Type::DGRAM, Protocol::UDP)?.connect(&Address::from(DISCARD))
}

/// A port on this machine; which, does not matter.
const DISCARD: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 9);
