//! Clients and servers in one step, as Python's `create_connection` and `create_server` make them.
//!
//! Composites: each makes the calls that a program would make by hand, in the order in which Python makes them.

use std::fmt;
use std::time::Duration;

use sys::door::{self, Arg, Value};
use sys::{Address, Errno, Op, c};

use crate::error::{Error, Result};
use crate::family::{Family, Protocol, Type};
use crate::name::{Hints, NameError, getaddrinfo};
use crate::socket::{Socket, outcome};
use crate::text;
use crate::timeout::{Deadline, Mode, default_mode};

/// Connects a stream to the first of `addresses` that answers, trying one after another.
///
/// The socket gets `timeout` as its own, for each attempt and for what comes after; without one it begins in the default
/// mode. It is bound to `source` first where that is given.
///
/// # Errors
/// That of the last address, those of [`Socket::open`], [`Socket::bind`] and [`Socket::connect`]; `EDESTADDRREQ` when there
/// are no addresses.
pub fn create_connection(
    addresses: &[Address],
    timeout: Option<Duration>,
    source: Option<&Address>,
) -> Result<Socket> {
    create_connection_all_errors(addresses, timeout, source)
        .map_err(|mut errors| errors.pop().unwrap_or_else(no_address))
}

/// Does as [`create_connection`] and tells why each address failed: Python's `all_errors=True`.
///
/// # Errors
/// One for each address, in their order; never none.
pub fn create_connection_all_errors(
    addresses: &[Address],
    timeout: Option<Duration>,
    source: Option<&Address>,
) -> std::result::Result<Socket, Vec<Error>> {
    let args = || {
        let to = ("addresses", Value::List(addresses.iter().cloned().map(Value::Address).collect()));
        [vec![to], shown(timeout, source)].concat()
    };
    let body = || connect_to_first(addresses, timeout, source);
    door::compose(Op::CreateConnection, args, body, |outcome| match outcome {
        Ok(socket) => Ok(Value::Fd(socket.fileno())),
        Err(errors) => Err(last(errors)),
    })
}

/// Looks up a host and connects a stream to the first of its addresses that answers: Python's
/// `create_connection((host, port))`. The service is a port or a name of services(5).
///
/// Otherwise as [`create_connection`], and a `timeout` that is not zero bounds the lookup too.
///
/// ```
/// use jackfield_sock::{ServerOptions, create_connection_by_name, create_server};
///
/// let server = create_server(&"127.0.0.1:0".parse()?, ServerOptions::default())?;
/// let port = server.getsockname()?.ip().map_or(0, |ip| ip.port()).to_string();
/// let client = create_connection_by_name("localhost", &port, None, None)?;
/// assert_eq!(client.getpeername()?, server.getsockname()?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`NotConnected`]: that of the lookup, or one for each address.
pub fn create_connection_by_name(
    host: &str,
    service: &str,
    timeout: Option<Duration>,
    source: Option<&Address>,
) -> std::result::Result<Socket, NotConnected> {
    let args = || {
        let to = vec![("host", text::shown(host.as_bytes())), ("service", text::shown(service.as_bytes()))];
        [to, shown(timeout, source)].concat()
    };
    let body = || {
        let deadline = Deadline::after_if(timeout.filter(|timeout| !timeout.is_zero()));
        let hints = Hints { kind: Type::STREAM, deadline, ..Hints::default() };
        let found = getaddrinfo(Some(host.as_bytes()), Some(service.as_bytes()), &hints)
            .map_err(NotConnected::Name)?;
        let addresses: Vec<_> = found.into_iter().map(|info| info.address).collect();
        connect_to_first(&addresses, timeout, source).map_err(NotConnected::Addresses)
    };
    door::compose(Op::CreateConnection, args, body, |outcome| match outcome {
        Ok(socket) => Ok(Value::Fd(socket.fileno())),
        Err(NotConnected::Name(error)) => error.told(),
        Err(NotConnected::Addresses(errors)) => Err(last(errors)),
    })
}

/// Why [`create_connection_by_name`] has no connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotConnected {
    /// The host or the service was not found.
    Name(NameError),
    /// No address answered: one error for each, in their order, never none.
    Addresses(Vec<Error>),
}

impl fmt::Display for NotConnected {
    /// Says what the lookup says, or why the last address failed, as Python does.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(error) => error.fmt(f),
            Self::Addresses(errors) => match errors.last() {
                Some(error) => error.fmt(f),
                None => no_address().fmt(f),
            },
        }
    }
}

impl std::error::Error for NotConnected {}

/// What both forms have as arguments beside the peer.
fn shown(timeout: Option<Duration>, source: Option<&Address>) -> Vec<Arg> {
    vec![
        ("timeout", timeout.map_or(Value::Null, |timeout| Value::Word(format!("{timeout:?}")))),
        ("source", source.map_or(Value::Null, |source| Value::Address(source.clone()))),
    ]
}

fn last(errors: &[Error]) -> Errno {
    errors.last().map_or(Errno::EIO, Error::traced)
}

fn connect_to_first(
    addresses: &[Address],
    timeout: Option<Duration>,
    source: Option<&Address>,
) -> std::result::Result<Socket, Vec<Error>> {
    let mode = timeout.map_or_else(default_mode, |timeout| Mode::from_timeout(Some(timeout)));
    let mut errors = Vec::new();
    for address in addresses {
        match connect_to(address, mode, source) {
            Ok(socket) => return Ok(socket),
            Err(error) => errors.push(error),
        }
    }
    if errors.is_empty() {
        errors.push(no_address());
    }
    Err(errors)
}

fn connect_to(address: &Address, mode: Mode, source: Option<&Address>) -> Result<Socket> {
    let socket = stream(address, mode)?;
    if let Some(source) = source {
        socket.bind(source)?;
    }
    socket.connect(address)?;
    Ok(socket)
}

const fn no_address() -> Error {
    Error::new(Op::CreateConnection, Errno::EDESTADDRREQ)
}

/// How [`create_server`] sets up its socket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ServerOptions {
    /// How many connections may wait to be accepted.
    pub backlog: i32,
    /// Whether other sockets may listen on the same port: `SO_REUSEPORT`.
    pub reuse_port: bool,
    /// Whether a version 6 socket also takes version 4 clients: `IPV6_V6ONLY` off.
    pub dualstack_ipv6: bool,
}

impl Default for ServerOptions {
    /// As Python: a backlog of 128, for one socket and one version.
    fn default() -> Self {
        Self { backlog: 128, reuse_port: false, dualstack_ipv6: false }
    }
}

/// Opens a stream socket that listens on `address`, with `SO_REUSEADDR`: a server that is started again need not wait
/// until the connections of the one before are forgotten (`TIME_WAIT`, socket(7)).
///
/// ```
/// use jackfield_sock::{ServerOptions, create_connection, create_server};
///
/// let server = create_server(&"127.0.0.1:0".parse()?, ServerOptions::default())?;
/// let client = create_connection(&[server.getsockname()?], None, None)?;
/// assert_eq!(server.accept()?.1, client.getsockname()?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// `EAFNOSUPPORT` when `dualstack_ipv6` is asked of another family; those of [`Socket::open`], [`Socket::setsockopt`],
/// [`Socket::bind`] and [`Socket::listen`].
pub fn create_server(address: &Address, options: ServerOptions) -> Result<Socket> {
    let args = || {
        vec![
            ("address", Value::Address(address.clone())),
            ("backlog", Value::Int(options.backlog.into())),
            ("reuse_port", Value::Int(options.reuse_port.into())),
            ("dualstack_ipv6", Value::Int(options.dualstack_ipv6.into())),
        ]
    };
    door::compose(Op::CreateServer, args, || listen_on(address, options), opened)
}

fn listen_on(address: &Address, options: ServerOptions) -> Result<Socket> {
    let v6 = address.family() == c::AF_INET6;
    if options.dualstack_ipv6 && !v6 {
        return Err(Error::new(Op::CreateServer, Errno::EAFNOSUPPORT).at(address));
    }
    let socket = stream(address, default_mode())?;
    socket.setsockopt(c::SOL_SOCKET, c::SO_REUSEADDR, 1)?;
    if options.reuse_port {
        socket.setsockopt(c::SOL_SOCKET, c::SO_REUSEPORT, 1)?;
    }
    if v6 {
        socket.setsockopt(c::IPPROTO_IPV6, c::IPV6_V6ONLY, i32::from(!options.dualstack_ipv6))?;
    }
    socket.bind(address)?;
    socket.listen(options.backlog)?;
    Ok(socket)
}

/// Tells whether one socket can serve both versions of IP here, by trying: socket(2), setsockopt(2), close(2).
#[must_use]
pub fn has_dualstack_ipv6() -> bool {
    let body = || {
        let socket = Socket::open(Family::INET6, Type::STREAM, Protocol::DEFAULT)?;
        socket.setsockopt(c::IPPROTO_IPV6, c::IPV6_V6ONLY, 0)
    };
    door::compose(Op::HasDualstackIpv6, Vec::new, body, outcome).is_ok()
}

fn stream(address: &Address, mode: Mode) -> Result<Socket> {
    let protocol = if address.ip().is_some() { Protocol::TCP } else { Protocol::DEFAULT };
    Socket::open_with(Family(address.family()), Type::STREAM, protocol, mode)
        .map_err(|error| error.at(address))
}

fn opened(socket: &Result<Socket>) -> std::result::Result<Value, Errno> {
    match socket {
        Ok(socket) => Ok(Value::Fd(socket.fileno())),
        Err(error) => Err(error.traced()),
    }
}
