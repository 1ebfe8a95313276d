//! From an endpoint to listening sockets.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::FileTypeExt;
use std::time::Duration;

use sock::{Address, Deadline, Errno, Family, Mode, Socket, Type, UnixAddress, io};

use crate::dial::{Target, apply_settings, open, targets};
use crate::endpoint::{Name, Net};
use crate::error::Error;
use crate::event::{Event, Events};
use crate::options::{Options, Serve};
use crate::transport::Transport;

/// Listening sockets: one, or one for each address of a name. A Unix socket's file goes with them.
#[derive(Debug)]
pub(crate) struct Listeners {
    pub(crate) sockets: Vec<Socket>,
    file: Option<SocketFile>,
}

impl Listeners {
    /// Keeps one socket, and the file that goes with it; the others are closed.
    pub(crate) fn keep(mut self, at: usize) -> Option<(Socket, Option<SocketFile>)> {
        (at < self.sockets.len()).then(|| (self.sockets.swap_remove(at), self.file))
    }
}

/// The name of a Unix socket in the file system, removed when the socket is no longer wanted.
#[derive(Debug)]
pub(crate) struct SocketFile(Vec<u8>);

impl SocketFile {
    /// Takes charge of the file of an address that was bound, if it has one.
    pub(crate) fn of(address: &Address) -> Option<Self> {
        match address {
            Address::Unix(UnixAddress::Path(path)) => Some(Self(path.clone())),
            _ => None,
        }
    }
}

impl Drop for SocketFile {
    fn drop(&mut self) {
        // It may be gone already; there is nobody to tell.
        let _ = io::unlink(&self.0);
    }
}

/// How many free ports are tried until one is free for every address of a name.
const FREE_PORTS_TRIED: usize = 16;

/// Opens, binds and (for connections) listens; tells where.
pub(crate) fn open_listeners(
    net: &Net,
    options: &Options,
    serve: &Serve,
    events: Events<'_>,
) -> Result<Listeners, Error> {
    let deadline = Deadline::after_if(options.timeout);
    let places = places(net, options, serve, deadline)?;
    // Those that did not work out are kept, so that the kernel gives another port.
    let mut failed = Vec::new();
    let listeners = loop {
        let mut listeners = Listeners { sockets: Vec::new(), file: None };
        match open_all(net, &places, options, serve, &mut listeners) {
            Ok(()) => break listeners,
            Err(error) => {
                let is_taken = error.socket_error().and_then(sock::Error::errno) == Some(Errno::EADDRINUSE);
                if !is_any_port(&places)
                    || !is_taken
                    || listeners.sockets.is_empty()
                    || failed.len() == FREE_PORTS_TRIED
                {
                    return Err(error);
                }
                failed.push(listeners);
            }
        }
    };
    for socket in &listeners.sockets {
        let local = socket.getsockname().map_err(|error| Error::socket("reading our own address", error))?;
        events(&Event::Listening {
            local: &local,
            port_is_chosen: is_any_port(&places),
            transport: net.transport,
        });
    }
    Ok(listeners)
}

/// Tells whether the kernel is to choose the port.
fn is_any_port(places: &[Target]) -> bool {
    places.first().and_then(|place| place.address.ip()).is_some_and(|ip| ip.port() == 0)
}

fn open_all(
    net: &Net,
    places: &[Target],
    options: &Options,
    serve: &Serve,
    listeners: &mut Listeners,
) -> Result<(), Error> {
    let mut port = None;
    for place in places {
        let mut target = place.clone();
        // After port 0 the other addresses get the port that the first was given.
        if let Some(port) = port {
            target.address = with_port(&target.address, port);
        }
        let socket = match open_listener(net, &target, options, serve) {
            Ok(socket) => socket,
            Err(error) if listeners.sockets.is_empty() || !is_missing_address(&error) => return Err(error),
            // A name has an address of a family that this machine does not have: the others will do.
            Err(_) => continue,
        };
        // nc leaves the name where it is.
        listeners.file = if serve.replace_file { None } else { SocketFile::of(&target.address) };
        let local = socket.getsockname().map_err(|error| Error::socket("reading our own address", error))?;
        port = local.ip().map(|ip| ip.port());
        listeners.sockets.push(socket);
    }
    Ok(())
}

/// Takes a connection from the queue, as a non-blocking socket; the peer's address as people know it.
pub(crate) fn accept(listener: &Socket) -> sock::Result<(Socket, Address)> {
    let (socket, peer) = listener.accept_with(Mode::NonBlocking)?;
    Ok((socket, peer.unmapped()))
}

/// Tells whether accept(2) failed for a reason that lies with one connection: the next one may be fine. Its manual
/// lists them under "Error handling".
pub(crate) fn is_passing(error: &sock::Error) -> bool {
    matches!(
        error.errno(),
        Some(
            Errno::ECONNABORTED
                | Errno::EPROTO
                | Errno::ENETDOWN
                | Errno::ENOPROTOOPT
                | Errno::EHOSTDOWN
                | Errno::ENONET
                | Errno::EHOSTUNREACH
                | Errno::EOPNOTSUPP
                | Errno::ENETUNREACH
                | Errno::EPERM
        )
    )
}

/// Tells whether accept(2) failed because something has run out, which may pass.
pub(crate) fn is_shortage(error: &sock::Error) -> bool {
    matches!(error.errno(), Some(Errno::EMFILE | Errno::ENFILE | Errno::ENOBUFS | Errno::ENOMEM))
}

/// How long accepting rests when something has run out.
pub(crate) const SHORTAGE_REST: Duration = Duration::from_millis(100);

/// Tells that a peer has come.
pub(crate) fn tell_accepted(socket: &Socket, peer: &Address, transport: Transport, events: Events<'_>) {
    let local = socket.getsockname().map_or(Address::Unspecified, |local| local.unmapped());
    events(&Event::Accepted { peer: &peer.unmapped(), local: &local, transport });
}

/// Lists the addresses to listen at. Without a host, one IPv6 socket takes both families where the machine has IPv6.
fn places(net: &Net, options: &Options, serve: &Serve, deadline: Deadline) -> Result<Vec<Target>, Error> {
    let mut found = targets(net, options, true, deadline)?;
    let no_host = matches!(&net.name, Name::Host { host, .. } if host.is_empty());
    if !no_host {
        return Ok(found);
    }
    let wanted = match options.family {
        Family::UNSPEC if serve.both_families && has_ipv6() => Family::INET6,
        Family::UNSPEC => Family::INET,
        family => family,
    };
    found.retain(|target| target.family == wanted);
    found.truncate(1);
    Ok(found)
}

/// Tells whether an IPv6 socket can be opened at all.
fn has_ipv6() -> bool {
    Socket::open(Family::INET6, Type::DGRAM, sock::Protocol::DEFAULT).is_ok()
}

fn open_listener(net: &Net, target: &Target, options: &Options, serve: &Serve) -> Result<Socket, Error> {
    let socket = open(target)?;
    if net.transport == Transport::Tcp {
        // Without it a server cannot come back while connections of its last life are in TIME_WAIT: tcp(7).
        sock::option::so::set_reuse_address(&socket, true)
            .map_err(|error| Error::socket("allowing the address to be reused", error))?;
    }
    if target.family == Family::INET6 && serve.both_families {
        let only_v6 = options.family == Family::INET6 || !is_any(&target.address);
        sock::option::ipv6::set_v6_only(&socket, only_v6)
            .map_err(|error| Error::socket("choosing the IP families", error))?;
    }
    apply_settings(&socket, net, &options.settings)?;
    let failed = |error| Error::socket(format!("listening at {net}"), error);
    match socket.bind(&target.address) {
        Err(error) if serve.replace_file && is_left_over(&error, &target.address) => {
            drop(SocketFile::of(&target.address));
            socket.bind(&target.address)
        }
        bound => bound,
    }
    .map_err(failed)?;
    if net.transport.is_connected() {
        socket.listen(net.options.backlog.unwrap_or(serve.backlog)).map_err(failed)?;
    }
    Ok(socket)
}

/// Tells whether a name is taken by a Unix socket that is gone. A datagram socket asks: unix(7) refuses it with
/// EPROTOTYPE where a stream is alive, so that who listens there has no client to accept. Any other file stays.
fn is_left_over(error: &sock::Error, address: &Address) -> bool {
    let Address::Unix(UnixAddress::Path(path)) = address else { return false };
    let is_socket =
        || fs::symlink_metadata(OsStr::from_bytes(path)).is_ok_and(|file| file.file_type().is_socket());
    let is_dead = || {
        Socket::open_with(Family::UNIX, Type::DGRAM, sock::Protocol::DEFAULT, Mode::NonBlocking)
            .and_then(|socket| socket.connect(address))
            .is_err_and(|error| error.errno() == Some(Errno::ECONNREFUSED))
    };
    error.errno() == Some(Errno::EADDRINUSE) && is_socket() && is_dead()
}

fn is_any(address: &Address) -> bool {
    address.ip().is_some_and(|ip| ip.ip().is_unspecified())
}

fn is_missing_address(error: &Error) -> bool {
    let errno = error.socket_error().and_then(sock::Error::errno);
    matches!(errno, Some(Errno::EADDRNOTAVAIL | Errno::EAFNOSUPPORT))
}

fn with_port(address: &Address, port: u16) -> Address {
    match address.ip() {
        Some(mut ip) => {
            ip.set_port(port);
            ip.into()
        }
        None => address.clone(),
    }
}
