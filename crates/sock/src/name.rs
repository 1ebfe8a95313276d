//! Names and addresses of hosts, services and protocols, without the C library.
//!
//! The functions are the manual's and Python's. Each is a composite: the files it reads, the sockets it opens and the
//! DNS messages it sends are calls of ours and seen in a trace. They ask [`Resolver::system`]; a [`Resolver`] of one's
//! own may ask other servers or read other files.
//!
//! ```
//! use jackfield_sock::Type;
//! use jackfield_sock::name::{Hints, getaddrinfo};
//!
//! let hints = Hints { kind: Type::STREAM, ..Hints::default() };
//! let found = getaddrinfo(Some(b"127.1"), Some(b"54321"), &hints)?;
//! assert_eq!(found[0].address.to_string(), "127.0.0.1:54321");
//! # Ok::<(), jackfield_sock::name::NameError>(())
//! ```

use std::fmt;
use std::net::{IpAddr, Ipv4Addr};

use sys::door::{self, Value};
use sys::names::join;
use sys::{Address, Op, process};

use crate::error::{Error, Result};
use crate::family::{Family, Protocol, Type};
use crate::text;
use crate::timeout::Deadline;

pub(crate) mod error;
pub(crate) mod protocols;
pub(crate) mod services;

pub use crate::resolve::Resolver;
pub use error::{BrokenV4, Eai, NameError, Reason, Silence, Trouble};
pub use services::{DOMAIN, WELL_KNOWN, WellKnown};

macro_rules! flags {
    ($(#[$doc:meta])* $list:ident: $($(#[$row_doc:meta])* $name:ident = $value:literal;)*) => {
        $($(#[$row_doc])* pub const $name: i32 = $value;)*

        $(#[$doc])*
        pub const $list: &[(&str, i32)] = &[$((stringify!($name), $name)),*];
    };
}

flags! {
    /// Lists the flags of [`getaddrinfo`] by name. Source: getaddrinfo(3).
    AI_FLAGS:
    /// The addresses are to be bound: without a host they are any address, not the loopback's.
    AI_PASSIVE = 0x1;
    /// The first answer carries the host's canonical name.
    AI_CANONNAME = 0x2;
    /// The host is an address as text; nobody is asked.
    AI_NUMERICHOST = 0x4;
    /// IPv4 addresses become `::ffff:…` where IPv6 was wanted and none was found.
    AI_V4MAPPED = 0x8;
    /// With `AI_V4MAPPED`: IPv4 addresses too, where IPv6 ones were found.
    AI_ALL = 0x10;
    /// Only families of which this machine has an address beside the loopback's.
    AI_ADDRCONFIG = 0x20;
    /// The service is a number; no file is read.
    AI_NUMERICSERV = 0x400;
}

flags! {
    /// Lists the flags of [`getnameinfo`] by name. Source: getnameinfo(3).
    NI_FLAGS:
    /// The host as an address; nobody is asked.
    NI_NUMERICHOST = 0x1;
    /// The service as a number; no file is read.
    NI_NUMERICSERV = 0x2;
    /// Hosts of the own domain without it.
    NI_NOFQDN = 0x4;
    /// An address without a name is an error.
    NI_NAMEREQD = 0x8;
    /// The service is one of UDP.
    NI_DGRAM = 0x10;
}

/// One answer of [`getaddrinfo`]: everything that socket(2) and connect(2) want.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddrInfo {
    /// The family to open a socket of.
    pub family: Family,
    /// Its type.
    pub kind: Type,
    /// Its protocol.
    pub protocol: Protocol,
    /// The host's canonical name, in the first answer when `AI_CANONNAME` asked for it.
    pub canonname: Option<String>,
    /// The address to bind or to connect to.
    pub address: Address,
}

/// What [`getaddrinfo`] is to look for. The default is anything, for ever.
#[derive(Clone)]
pub struct Hints {
    /// `AF_INET`, `AF_INET6`, or `AF_UNSPEC` for both.
    pub family: Family,
    /// A type; 0 is any.
    pub kind: Type,
    /// A protocol; 0 is any.
    pub protocol: Protocol,
    /// `AI_…` flags.
    pub flags: i32,
    /// When the answer must be there.
    pub deadline: Deadline,
}

impl Default for Hints {
    fn default() -> Self {
        Self {
            family: Family::UNSPEC,
            kind: Type(0),
            protocol: Protocol::DEFAULT,
            flags: 0,
            deadline: Deadline::NEVER,
        }
    }
}

impl fmt::Debug for Hints {
    /// Writes the flags by name.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hints")
            .field("family", &self.family)
            .field("kind", &self.kind)
            .field("protocol", &self.protocol)
            .field("flags", &format_args!("{}", flag_names(self.flags, AI_FLAGS)))
            .field("deadline", &self.deadline)
            .finish()
    }
}

/// A host as [`gethostbyname_ex`] and [`gethostbyaddr`] describe it: `struct hostent`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostEntry {
    /// Its canonical name.
    pub name: String,
    /// Its other names.
    pub aliases: Vec<String>,
    /// Its addresses.
    pub addresses: Vec<IpAddr>,
}

/// Finds the addresses of a host and a service, the best first. Source: getaddrinfo(3), RFC 6724.
///
/// An empty host is any address, as in Python; no host is any address with `AI_PASSIVE` and the loopback without.
///
/// # Errors
/// See [`NameError`].
pub fn getaddrinfo(
    host: Option<&[u8]>,
    service: Option<&[u8]>,
    hints: &Hints,
) -> std::result::Result<Vec<AddrInfo>, NameError> {
    Resolver::system().getaddrinfo(host, service, hints)
}

/// Makes the address of a host and a port or service, the best one of the family: what Python does with
/// `("localhost", 80)` before it connects or binds. An empty host is any address, `<broadcast>` is 255.255.255.255.
///
/// ```
/// use jackfield_sock::Family;
/// use jackfield_sock::name::address;
///
/// assert_eq!(address(Family::INET, "", "80")?.to_string(), "0.0.0.0:80");
/// assert_eq!(address(Family::INET, "<broadcast>", "9")?.to_string(), "255.255.255.255:9");
/// # Ok::<(), jackfield_sock::name::NameError>(())
/// ```
///
/// # Errors
/// Those of [`getaddrinfo`].
pub fn address(family: Family, host: &str, service: &str) -> std::result::Result<Address, NameError> {
    let hints = Hints { family, ..Hints::default() };
    let found = getaddrinfo(Some(spelled_out(host.as_bytes())), Some(service.as_bytes()), &hints)?;
    // An answer without an address is no answer: getaddrinfo fails instead.
    Ok(found.into_iter().next().map_or(Address::Unspecified, |info| info.address))
}

/// Finds the names of a host and a service. Source: getnameinfo(3).
///
/// # Errors
/// `EAI_FAMILY` for an address that is no Internet address; with `NI_NAMEREQD` those of [`gethostbyaddr`].
pub fn getnameinfo(address: &Address, flags: i32) -> std::result::Result<(String, String), NameError> {
    Resolver::system().getnameinfo(address, flags)
}

/// Finds an IPv4 address of a host; an empty name is any address, `<broadcast>` is 255.255.255.255, as in Python.
/// Source: gethostbyname(3).
///
/// # Errors
/// See [`NameError`].
pub fn gethostbyname(name: &[u8]) -> std::result::Result<Ipv4Addr, NameError> {
    Resolver::system().gethostbyname(spelled_out(name))
}

/// Finds names and all IPv4 addresses of a host: Python's `gethostbyname_ex`. Source: gethostbyname(3).
///
/// # Errors
/// See [`NameError`].
pub fn gethostbyname_ex(name: &[u8]) -> std::result::Result<HostEntry, NameError> {
    Resolver::system().gethostbyname_ex(name)
}

/// Finds the names of an address. Source: gethostbyaddr(3).
///
/// # Errors
/// See [`NameError`].
pub fn gethostbyaddr(ip: IpAddr) -> std::result::Result<HostEntry, NameError> {
    Resolver::system().gethostbyaddr(ip)
}

/// Returns this host's name. One call: uname(2). Source: gethostname(2).
///
/// # Errors
/// None on Linux.
pub fn gethostname() -> Result<String> {
    let body = || match process::gethostname() {
        Ok(name) => Ok(String::from_utf8_lossy(&name).into_owned()),
        Err(errno) => Err(Error::new(Op::Gethostname, errno)),
    };
    door::compose(Op::Gethostname, Vec::new, body, |name| match name {
        Ok(name) => Ok(Value::Text(name.clone())),
        Err(error) => Err(error.traced()),
    })
}

/// Sets this host's name. One call. Source: sethostname(2).
///
/// # Errors
/// `EPERM` without `CAP_SYS_ADMIN` in the namespace, `EINVAL` above 64 bytes.
pub fn sethostname(name: &[u8]) -> Result<()> {
    process::sethostname(name).map_err(|errno| Error::new(Op::Sethostname, errno))
}

/// Returns the full name of a host, of this one when `name` is empty: the first of its names that has a dot, else what it
/// was asked for. Never fails. Source: Python's `socket.getfqdn`.
#[must_use]
pub fn getfqdn(name: &[u8]) -> String {
    Resolver::system().getfqdn(name)
}

/// Finds the port of a service; without a protocol of the first that has the name. Source: getservbyname(3).
#[must_use]
pub fn getservbyname(name: &[u8], protocol: Option<&str>) -> Option<u16> {
    Resolver::system().getservbyname(name, protocol)
}

/// Finds the name of a service by its port. Source: getservbyport(3).
#[must_use]
pub fn getservbyport(port: u16, protocol: Option<&str>) -> Option<String> {
    Resolver::system().getservbyport(port, protocol)
}

/// Finds a protocol by its name. Source: getprotobyname(3).
#[must_use]
pub fn getprotobyname(name: &[u8]) -> Option<Protocol> {
    Resolver::system().getprotobyname(name)
}

/// Puts the address for Python's word, which is none that any resolver knows.
fn spelled_out(host: &[u8]) -> &[u8] {
    if host == b"<broadcast>" { b"255.255.255.255" } else { host }
}

/// Writes flags by name for an event: `AI_PASSIVE|0x800`.
pub(crate) fn shown_flags(flags: i32, names: &[(&str, i32)]) -> Value {
    Value::Word(flag_names(flags, names))
}

fn flag_names(flags: i32, names: &[(&str, i32)]) -> String {
    let mut left = flags;
    let mut words = Vec::new();
    for (name, bit) in names {
        if flags & bit != 0 {
            words.push((*name).to_owned());
            left &= !bit;
        }
    }
    join(words, left.cast_unsigned().into())
}

/// An optional name for an event.
pub(crate) fn shown_name(name: Option<&[u8]>) -> Value {
    name.map_or(Value::Null, text::shown)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_are_shown_by_name() {
        assert_eq!(shown_flags(0, AI_FLAGS), Value::Word("0".into()));
        let hints = Hints { flags: AI_PASSIVE | AI_NUMERICHOST, ..Hints::default() };
        let debug = format!("{hints:?}");
        assert!(
            debug.starts_with(
                "Hints { family: AF_UNSPEC, kind: 0, protocol: 0, flags: AI_PASSIVE|AI_NUMERICHOST, "
            ),
            "{debug}"
        );
        let flags = AI_PASSIVE | AI_CANONNAME | 0x4000;
        assert_eq!(shown_flags(flags, AI_FLAGS), Value::Word("AI_PASSIVE|AI_CANONNAME|0x4000".into()));
    }

    #[test]
    fn the_hosts_name_is_one_call_in_a_composite() {
        assert!(!gethostname().unwrap().is_empty());
    }

    #[test]
    fn a_name_too_long_for_the_kernel_is_einval() {
        // Without the privilege the kernel says EPERM first; never is the name set.
        let errno = sethostname(&[b'x'; 100]).unwrap_err().errno();
        assert!(errno == Some(sys::Errno::EINVAL) || errno == Some(sys::Errno::EPERM), "{errno:?}");
    }
}
