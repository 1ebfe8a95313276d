//! What a failed socket operation says: which call, on which address, why.

use std::fmt;
use std::time::Duration;

use sys::cap::Capability;
use sys::{Address, Errno, Op, names};

use crate::family::{Family, Type};
use crate::option;
use crate::privilege::Privilege;

/// A failed operation of this crate. `Debug` prints what `Display` does.
#[derive(Clone, PartialEq, Eq)]
pub struct Error {
    op: Op,
    cause: Cause,
    address: Option<Box<Address>>,
    subject: Subject,
}

/// What an operation was about beside an address.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Subject {
    /// Nothing else.
    None,
    /// Family, type and protocol of a socket to be opened.
    Socket(i32, i32, i32),
    /// Level and name of an option.
    Option(i32, i32),
    /// The type of the socket, of which the words say nothing.
    Kind(Type),
}

/// Why an operation failed.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Cause {
    /// The kernel said no.
    Errno(Errno),
    /// The socket's timeout passed first: Python's `TimeoutError`.
    TimedOut(Duration),
    /// A caught signal (SIGINT, SIGTERM) arrived: the number.
    Interrupted(i32),
    /// The stream ended in the middle of what was to be read or written; how many bytes were moved.
    Ended(usize),
}

/// The result of a socket operation.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// Makes the error of a call that the kernel refused.
    #[must_use]
    pub const fn new(op: Op, errno: Errno) -> Self {
        Self { op, cause: Cause::Errno(errno), address: None, subject: Subject::None }
    }

    pub(crate) const fn because(op: Op, cause: Cause) -> Self {
        Self { op, cause, address: None, subject: Subject::None }
    }

    /// Adds the address that the operation was about.
    #[must_use]
    pub fn at(mut self, address: &Address) -> Self {
        self.address = Some(Box::new(address.clone()));
        self
    }

    /// Adds the arguments of socket(2).
    pub(crate) fn of_socket(self, family: i32, kind: i32, protocol: i32) -> Self {
        Self { subject: Subject::Socket(family, kind, protocol), ..self }
    }

    /// Adds the option that the operation was about.
    pub(crate) fn of_option(self, level: i32, name: i32) -> Self {
        Self { subject: Subject::Option(level, name), ..self }
    }

    /// Adds the type of the socket that the operation was done on.
    pub(crate) fn of_kind(self, kind: Type) -> Self {
        Self { subject: Subject::Kind(kind), ..self }
    }

    /// Returns the type of the socket, where it is known.
    pub(crate) const fn kind(&self) -> Option<Type> {
        match self.subject {
            Subject::Kind(kind) => Some(kind),
            _ => None,
        }
    }

    /// Says what would have granted the operation, if it was refused for want of a privilege.
    ///
    /// To tell of a bind, it reads `net.ipv4.ip_unprivileged_port_start`.
    #[must_use]
    pub fn privilege(&self) -> Privilege {
        if !self.is_permission() {
            return Privilege::None;
        }
        match (self.op, self.subject, self.address()) {
            (_, Subject::Socket(family, kind, protocol), _) => Privilege::of_socket(family, kind, protocol),
            (_, Subject::Option(level, name), _) => Privilege::of_option(level, name),
            (Op::Bind | Op::CreateServer, _, Some(address)) => Privilege::of_binding(address),
            (Op::Sethostname, _, _) => Privilege::Capability(Capability::SysAdmin),
            _ => Privilege::None,
        }
    }

    /// Returns the errno that a trace shows: `EIO` for an end in the middle, which has none.
    pub(crate) fn traced(&self) -> Errno {
        self.errno().unwrap_or(Errno::EIO)
    }

    /// Names the operation that failed.
    #[must_use]
    pub const fn op(&self) -> Op {
        self.op
    }

    /// Says why.
    #[must_use]
    pub const fn cause(&self) -> &Cause {
        &self.cause
    }

    /// Returns the address that the operation was about, where there is one.
    #[must_use]
    pub fn address(&self) -> Option<&Address> {
        self.address.as_deref()
    }

    /// Returns the errno, if the kernel gave one; `ETIMEDOUT` and `EINTR` for our own two causes.
    #[must_use]
    pub const fn errno(&self) -> Option<Errno> {
        match self.cause {
            Cause::Errno(errno) => Some(errno),
            Cause::TimedOut(_) => Some(Errno::ETIMEDOUT),
            Cause::Interrupted(_) => Some(Errno::EINTR),
            Cause::Ended(_) => None,
        }
    }

    /// Tells whether the call would have had to wait, on a non-blocking socket.
    #[must_use]
    pub fn would_block(&self) -> bool {
        matches!(self.cause, Cause::Errno(Errno::EAGAIN | Errno::EINPROGRESS))
    }

    /// Tells whether a timeout of ours or of the kernel's passed.
    #[must_use]
    pub const fn is_timeout(&self) -> bool {
        matches!(self.cause, Cause::TimedOut(_) | Cause::Errno(Errno::ETIMEDOUT))
    }

    /// Tells whether a privilege was missing.
    #[must_use]
    pub const fn is_permission(&self) -> bool {
        matches!(self.cause, Cause::Errno(Errno::EPERM | Errno::EACCES))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.op.name())?;
        match self.subject {
            Subject::None | Subject::Kind(_) => {}
            Subject::Socket(family, kind, _) => write!(f, " {:?} {:?}", Family(family), Type(kind))?,
            Subject::Option(level, name) => match option::by_number(level, name) {
                Some(row) => write!(f, " {}", row.name)?,
                None => match option::level_name(level) {
                    Some(level) => write!(f, " {level}:{name}")?,
                    None => write!(f, " {level}:{name}")?,
                },
            },
        }
        if let Some(address) = &self.address {
            write!(f, " {address}")?;
        }
        write!(f, ": {}", self.cause)
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Errno(errno) => errno.fmt(f),
            Self::TimedOut(after) => write!(f, "timed out after {after:?}"),
            Self::Interrupted(signal) => match names::find(names::SIGNALS, (*signal).into()) {
                Some(name) => write!(f, "interrupted by {name}"),
                None => write!(f, "interrupted by signal {signal}"),
            },
            Self::Ended(moved) => write!(f, "the stream ended after {moved} bytes"),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Error({self})")
    }
}

impl fmt::Debug for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Cause({self})")
    }
}

impl std::error::Error for Error {}

impl From<Error> for std::io::Error {
    fn from(error: Error) -> Self {
        let kind = match error.cause {
            Cause::Errno(errno) => Self::from_raw_os_error(errno.0).kind(),
            Cause::TimedOut(_) => std::io::ErrorKind::TimedOut,
            Cause::Interrupted(_) => std::io::ErrorKind::Interrupted,
            Cause::Ended(_) => std::io::ErrorKind::UnexpectedEof,
        };
        Self::new(kind, error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_says_call_address_and_errno() {
        let address = Address::from(std::net::SocketAddr::from(([127, 0, 0, 1], 80)));
        let error = Error::new(Op::Connect, Errno::ECONNREFUSED).at(&address);
        assert_eq!(error.to_string(), "connect 127.0.0.1:80: Connection refused (ECONNREFUSED)");
        assert_eq!(std::io::Error::from(error).kind(), std::io::ErrorKind::ConnectionRefused);
        let error =
            Error::new(Op::Setsockopt, Errno::EPERM).of_option(sys::c::SOL_SOCKET, sys::c::option::SO_MARK);
        assert_eq!(error.to_string(), "setsockopt SO_MARK: Operation not permitted (EPERM)");
        assert_eq!(error.privilege().name(), "CAP_NET_ADMIN or CAP_NET_RAW");
        let error = Error::new(Op::Setsockopt, Errno::ENOPROTOOPT).of_option(sys::c::SOL_TCP, 4000);
        assert_eq!(error.to_string(), "setsockopt SOL_TCP:4000: Protocol not available (ENOPROTOOPT)");
        assert_eq!(error.privilege(), Privilege::None);
        let error = Error::new(Op::Socket, Errno::EPERM).of_socket(sys::c::AF_INET, sys::c::SOCK_RAW, 1);
        assert_eq!(error.to_string(), "socket AF_INET SOCK_RAW: Operation not permitted (EPERM)");
        assert_eq!(format!("{error:?}"), "Error(socket AF_INET SOCK_RAW: Operation not permitted (EPERM))");
    }

    #[test]
    fn an_interruption_names_its_signal() {
        let words = |signal| Error::because(Op::Recv, Cause::Interrupted(signal)).to_string();
        assert_eq!(words(sys::c::SIGINT), "recv: interrupted by SIGINT");
        assert_eq!(words(sys::c::SIGTERM), "recv: interrupted by SIGTERM");
        assert_eq!(words(sys::c::SIGHUP), "recv: interrupted by SIGHUP");
        assert_eq!(words(64), "recv: interrupted by signal 64");
        assert_eq!(format!("{:?}", Cause::Interrupted(2)), "Cause(interrupted by SIGINT)");
    }
}
