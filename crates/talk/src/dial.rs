//! From an endpoint to a connected socket: every address of a name is tried, a new one before the old one has failed.
//!
//! The race is RFC 8305's ("happy eyeballs"): families alternate, the next address starts when the one before it fails or
//! after 250 ms, the first that connects wins. The time for all of it is one budget.

use std::time::{Duration, Instant};

use sock::name::{self, Hints};
use sock::option::Setting;
use sock::{Address, Deadline, Errno, Family, Mode, PollFd, Protocol, Socket, Type, UnixAddress, c};

use crate::audience::wait;
use crate::endpoint::{Name, Net};
use crate::error::Error;
use crate::event::{Event, Events};
use crate::listener::SocketFile;
use crate::options::Options;
use crate::transport::Transport;

/// RFC 8305 section 5: "Connection Attempt Delay", recommended value.
const NEXT_ADDRESS_AFTER: Duration = Duration::from_millis(250);

/// How long to wait before asking again for room in a Unix listener's queue, at first and at most.
const ROOM_AFTER: (Duration, Duration) = (Duration::from_millis(5), Duration::from_millis(100));

/// How long [`Options::probe_datagrams`] goes on when no timeout is given.
const PROBE_TIME: Duration = Duration::from_secs(3);

/// A socket to open: where to, and as what.
#[derive(Clone, Debug)]
pub(crate) struct Target {
    pub(crate) address: Address,
    pub(crate) family: Family,
    pub(crate) kind: Type,
    pub(crate) protocol: Protocol,
}

/// A socket that is connected, or about to be.
pub(crate) struct Dialed {
    pub(crate) socket: Socket,
    /// The name that it was bound to in the file system goes with the conversation.
    pub(crate) own_file: Option<SocketFile>,
}

/// Connects to an endpoint within `timeout`, with retries; tells what it tries.
pub(crate) fn dial(
    net: &Net,
    timeout: Option<Duration>,
    options: &Options,
    events: Events<'_>,
) -> Result<(Dialed, Address), Error> {
    let deadline = Deadline::after_if(timeout);
    let began = Instant::now();
    let mut left = options.retry;
    let mut last: Option<Error> = None;
    loop {
        let error = match attempt(net, options, deadline, events) {
            Ok((dialed, peer)) => {
                let local = dialed.socket.getsockname().unwrap_or(Address::Unspecified);
                let (host, transport) = (net.host_text(), net.transport);
                let took = began.elapsed();
                events(&Event::Connected { peer: &peer, local: &local, host, transport, took });
                return Ok((dialed, peer));
            }
            // The time ended in the middle of an attempt: what the one before said is the reason to tell.
            Err(Error::TimedOut { last: None, .. }) => return Err(timed_out(net, deadline, last)),
            Err(error @ (Error::Interrupted(_) | Error::OutputClosed | Error::TimedOut { .. })) => {
                return Err(error);
            }
            Err(error) if left == 0 || error.is_usage() => return Err(error),
            Err(error) => error,
        };
        left -= 1;
        events(&Event::Retrying { error: &error, after: options.interval, left });
        let pause = Deadline::after(options.interval);
        let doing = || "waiting to try again".to_owned();
        wait(&mut Vec::new(), pause.sooner(deadline), options.audience.as_deref(), doing)?;
        if deadline.passed() {
            return Err(timed_out(net, deadline, Some(error)));
        }
        last = Some(error);
    }
}

fn attempt(
    net: &Net,
    options: &Options,
    deadline: Deadline,
    events: Events<'_>,
) -> Result<(Dialed, Address), Error> {
    let targets = targets(net, options, false, deadline)?;
    match net.transport {
        Transport::Tcp => race(net, &alternate(targets), options, deadline, events),
        _ => one_by_one(net, &targets, options, deadline, events),
    }
}

/// Tries addresses in turn, where connecting is instantaneous or has no middle state to wait in.
fn one_by_one(
    net: &Net,
    targets: &[Target],
    options: &Options,
    deadline: Deadline,
    events: Events<'_>,
) -> Result<(Dialed, Address), Error> {
    let mut last = None;
    for target in targets {
        let connected = prepare(net, target, options, deadline)
            .and_then(|dialed| {
                connect_at_once(&dialed.socket, net, target, options, deadline).map(|()| dialed)
            })
            .and_then(|dialed| {
                let probe = options.probe_datagrams && net.transport == Transport::Udp;
                if probe { refuse_early(&dialed.socket, options).map(|()| dialed) } else { Ok(dialed) }
            });
        match connected {
            Ok(dialed) => return Ok((dialed, target.address.clone())),
            Err(Error::TimedOut { last: None, .. }) => return Err(timed_out(net, deadline, last)),
            Err(error @ (Error::Interrupted(_) | Error::TimedOut { .. })) => return Err(error),
            Err(error) => {
                tell_failure(&error, target, events);
                last = Some(error);
            }
        }
    }
    Err(last.unwrap_or_else(|| no_address(net)))
}

fn connect_at_once(
    socket: &Socket,
    net: &Net,
    target: &Target,
    options: &Options,
    deadline: Deadline,
) -> Result<(), Error> {
    let failed = |error| Error::socket(format!("connecting to {net}"), error);
    let (mut pause, longest) = ROOM_AFTER;
    loop {
        match socket.connect(&target.address) {
            Ok(()) => return Ok(()),
            Err(error) if error.errno() == Some(Errno::EINPROGRESS) => {
                return socket.finish_connect(deadline).map_err(|error| failed(error.at(&target.address)));
            }
            // A Unix listener whose queue is full: connect(2) gives EAGAIN, and poll(2) does not tell of room. A
            // blocking connect would wait for it, and sleep through a signal that another thread is given.
            Err(error) if error.errno() == Some(Errno::EAGAIN) => {
                let doing = || format!("connecting to {net}");
                wait(
                    &mut Vec::new(),
                    Deadline::after(pause).sooner(deadline),
                    options.audience.as_deref(),
                    doing,
                )?;
                if deadline.passed() {
                    return Err(timed_out(net, deadline, None));
                }
                pause = (pause * 2).min(longest);
            }
            Err(error) => return Err(failed(error)),
        }
    }
}

/// Sends two single bytes at once and one more each second, and looks whether the port refuses: what OpenBSD's nc does
/// with `-v`, seen in runs of it. The second send is what a refusal of the first one shows at.
fn refuse_early(socket: &Socket, options: &Options) -> Result<(), Error> {
    let send = || {
        let sent = socket.send(b"X", 0).map(|_| ());
        sent.map_err(|error| Error::socket("asking whether the port refuses", error))
    };
    send()?;
    send()?;
    for _ in 0..options.timeout.unwrap_or(PROBE_TIME).as_secs() {
        sock::wait_any(&mut Vec::new(), Deadline::after(Duration::from_secs(1)))
            .map_err(|error| Error::socket("asking whether the port refuses", error))?;
        send()?;
    }
    Ok(())
}

/// Starts addresses one after another without waiting for the failure of the one before; the first that stands wins.
fn race(
    net: &Net,
    targets: &[Target],
    options: &Options,
    deadline: Deadline,
    events: Events<'_>,
) -> Result<(Dialed, Address), Error> {
    let mut rest = targets.iter();
    let mut running: Vec<(Dialed, &Target)> = Vec::new();
    let mut last = None;
    let mut start_next = Deadline::after(Duration::ZERO);
    loop {
        if start_next.passed() || running.is_empty() {
            match rest.next() {
                Some(target) => match start(net, target, options) {
                    Ok((dialed, true)) => return Ok((dialed, target.address.clone())),
                    Ok((dialed, false)) => {
                        running.push((dialed, target));
                        start_next = Deadline::after(NEXT_ADDRESS_AFTER);
                    }
                    Err(error @ Error::Interrupted(_)) => return Err(error),
                    Err(error) => {
                        tell_failure(&error, target, events);
                        last = Some(error);
                        continue;
                    }
                },
                None if running.is_empty() => return Err(last.unwrap_or_else(|| no_address(net))),
                None => start_next = Deadline::NEVER,
            }
        }
        let mut fds: Vec<_> =
            running.iter().map(|(dialed, _)| PollFd::new(as_fd(&dialed.socket), c::POLLOUT)).collect();
        let doing = || format!("connecting to {net}");
        wait(&mut fds, start_next.sooner(deadline), options.audience.as_deref(), doing)?;
        let done: Vec<_> =
            (0..running.len()).rev().filter(|at| fds.get(*at).is_some_and(|fd| fd.revents() != 0)).collect();
        for at in done {
            let (dialed, target) = running.remove(at);
            match dialed.socket.take_error() {
                Ok(None) => return Ok((dialed, target.address.clone())),
                Ok(Some(errno)) => {
                    let error = sock::Error::new(sock::Op::Connect, errno).at(&target.address);
                    let error = Error::socket(format!("connecting to {net}"), error);
                    tell_failure(&error, target, events);
                    last = Some(error);
                    start_next = Deadline::after(Duration::ZERO);
                }
                Err(error) => last = Some(Error::socket(format!("connecting to {net}"), error)),
            }
        }
        if deadline.passed() {
            return Err(timed_out(net, deadline, last));
        }
    }
}

/// Begins one attempt; true when it stands already.
fn start(net: &Net, target: &Target, options: &Options) -> Result<(Dialed, bool), Error> {
    let dialed = prepare(net, target, options, Deadline::NEVER)?;
    match dialed.socket.connect(&target.address) {
        Ok(()) => Ok((dialed, true)),
        Err(error) if error.errno() == Some(Errno::EINPROGRESS) => Ok((dialed, false)),
        Err(error) => Err(Error::socket(format!("connecting to {net}"), error)),
    }
}

fn tell_failure(error: &Error, target: &Target, events: Events<'_>) {
    if let Some(error) = error.socket_error() {
        events(&Event::Failed { peer: &target.address, error });
    }
}

/// Opens a socket for a target, with the options set and our own address bound.
pub(crate) fn prepare(
    net: &Net,
    target: &Target,
    options: &Options,
    deadline: Deadline,
) -> Result<Dialed, Error> {
    let socket = open(target)?;
    let local = local_address(net, target, options, deadline)?;
    if net.transport == Transport::Tcp
        && local.as_ref().and_then(Address::ip).is_some_and(|ip| ip.port() != 0)
    {
        // A port of ours is free again at once, whatever of its last life is in TIME_WAIT: tcp(7).
        let failed = |error| Error::socket("allowing our own port to be reused", error);
        sock::option::so::set_reuse_address(&socket, true).map_err(failed)?;
    }
    apply_settings(&socket, net, &options.settings)?;
    let Some(local) = local else { return Ok(Dialed { socket, own_file: None }) };
    socket.bind(&local).map_err(|error| Error::socket("binding our own address", error))?;
    Ok(Dialed { socket, own_file: SocketFile::of(&local) })
}

/// Opens a non-blocking socket for a target.
pub(crate) fn open(target: &Target) -> Result<Socket, Error> {
    Socket::open_with(target.family, target.kind, target.protocol, Mode::NonBlocking)
        .map_err(|error| Error::socket(format!("opening a socket for {}", target.address), error))
}

/// Sets the socket options that were asked for, on the command line or after a comma.
pub(crate) fn apply_settings(socket: &Socket, net: &Net, settings: &[Setting]) -> Result<(), Error> {
    for setting in settings.iter().chain(&net.options.settings) {
        setting.apply(socket)?;
    }
    Ok(())
}

/// Our own address: `-s`, `-p` or `bind=`; a private name for a Unix datagram client, so that answers find it.
fn local_address(
    net: &Net,
    target: &Target,
    options: &Options,
    deadline: Deadline,
) -> Result<Option<Address>, Error> {
    if let Name::Unix(_) = net.name {
        let own = net.options.bind.as_deref().map(str::as_bytes).or_else(|| {
            options.source.as_ref().map(|(host, _)| host.as_bytes()).filter(|host| !host.is_empty())
        });
        return Ok(match own {
            Some([b'@', name @ ..]) => Some(Address::Unix(UnixAddress::Abstract(name.to_vec()))),
            Some(path) => Some(Address::Unix(UnixAddress::Path(path.to_vec()))),
            // Autobind of unix(7): the kernel makes up an abstract name.
            None if net.transport == Transport::UnixDatagram => Some(Address::Unix(UnixAddress::Unnamed)),
            None => None,
        });
    }
    let (host, port) = match (net.options.bind.as_deref(), &options.source) {
        (Some(bind), _) => split_bind(bind),
        (None, Some((host, port))) => (host.as_str(), port.as_str()),
        (None, None) => return Ok(None),
    };
    let hints = Hints {
        family: target.family,
        kind: target.kind,
        flags: name::AI_PASSIVE | if options.numeric { name::AI_NUMERICHOST } else { 0 },
        deadline,
        ..Hints::default()
    };
    let port = if port.is_empty() { "0" } else { port };
    let found = options.resolver.getaddrinfo(Some(host.as_bytes()), Some(port.as_bytes()), &hints)?;
    Ok(found.into_iter().next().map(|info| info.address))
}

/// Cuts `ADDRESS:PORT`, `[V6]:PORT`, `ADDRESS` or `:PORT`.
fn split_bind(bind: &str) -> (&str, &str) {
    if let Some((host, rest)) = bind.strip_prefix('[').and_then(|bind| bind.split_once(']')) {
        return (host, rest.trim_start_matches(':'));
    }
    match bind.rsplit_once(':') {
        Some((host, port)) if !host.contains(':') => (host, port),
        _ => (bind, ""),
    }
}

/// Looks an endpoint up: every address it stands for.
pub(crate) fn targets(
    net: &Net,
    options: &Options,
    passive: bool,
    deadline: Deadline,
) -> Result<Vec<Target>, Error> {
    let kind = net.transport.kind();
    let single = |address: Address| {
        let family = Family(address.family());
        Ok(vec![Target { address, family, kind, protocol: Protocol::DEFAULT }])
    };
    let (host, port) = match &net.name {
        Name::Unix(name) => return single(Address::Unix(name.clone())),
        Name::Vsock { cid, port } => return single(Address::Vsock { cid: *cid, port: *port, flags: 0 }),
        Name::Host { host, port } => (host, port),
    };
    let mut flags = if passive { name::AI_PASSIVE } else { 0 };
    if options.numeric {
        flags |= name::AI_NUMERICHOST | name::AI_NUMERICSERV;
    }
    // An empty host is any address to listen at, and this machine to connect to.
    let host = Some(host.as_bytes()).filter(|host| !host.is_empty());
    let hints = Hints { family: options.family, kind, flags, deadline, ..Hints::default() };
    let found = options.resolver.getaddrinfo(host, Some(port.as_bytes()), &hints)?;
    Ok(found
        .into_iter()
        .map(|info| Target {
            address: info.address,
            family: info.family,
            kind: info.kind,
            protocol: info.protocol,
        })
        .collect())
}

/// Makes families alternate, the first one first (RFC 8305 section 4).
fn alternate(targets: Vec<Target>) -> Vec<Target> {
    let Some(first) = targets.first().map(|target| target.family) else { return targets };
    let (same, other): (Vec<_>, Vec<_>) = targets.into_iter().partition(|target| target.family == first);
    let (mut same, mut other) = (same.into_iter(), other.into_iter());
    let mut mixed = Vec::new();
    loop {
        let before = mixed.len();
        mixed.extend(same.next());
        mixed.extend(other.next());
        if mixed.len() == before {
            return mixed;
        }
    }
}

fn no_address(net: &Net) -> Error {
    Error::Usage(format!("{net} has no address to connect to"))
}

fn timed_out(net: &Net, deadline: Deadline, last: Option<Error>) -> Error {
    Error::TimedOut {
        doing: format!("connecting to {net}"),
        after: deadline.budget(),
        last: last.map(Box::new),
    }
}

fn as_fd(socket: &Socket) -> std::os::fd::BorrowedFd<'_> {
    std::os::fd::AsFd::as_fd(socket)
}

impl Net {
    /// Returns the host as typed, empty where there is none.
    pub(crate) fn host_text(&self) -> &str {
        match &self.name {
            Name::Host { host, .. } => host,
            Name::Unix(_) | Name::Vsock { .. } => "",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn families_alternate() {
        let target = |text: &str| {
            let address: Address = text.parse().unwrap();
            let family = Family(address.family());
            Target { address, family, kind: Type::STREAM, protocol: Protocol::TCP }
        };
        let targets = ["[::1]:1", "[::2]:1", "[::3]:1", "1.1.1.1:1"].map(target).to_vec();
        let order: Vec<_> = alternate(targets).iter().map(|target| target.address.to_string()).collect();
        assert_eq!(order, ["[::1]:1", "1.1.1.1:1", "[::2]:1", "[::3]:1"]);
    }

    #[test]
    fn bind_is_cut_at_the_port() {
        for (bind, parts) in [
            ("127.0.0.1:80", ("127.0.0.1", "80")),
            ("127.0.0.1", ("127.0.0.1", "")),
            (":80", ("", "80")),
            ("::1", ("::1", "")),
            ("[::1]:80", ("::1", "80")),
        ] {
            assert_eq!(split_bind(bind), parts);
        }
    }
}
