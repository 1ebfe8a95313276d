//! What a failed socket operation says: which call, on which address, why.

use std::fmt;
use std::time::Duration;

use sys::{Address, Errno, Op};

/// A failed operation of this crate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    op: Op,
    cause: Cause,
    address: Option<Box<Address>>,
}

/// Why an operation failed.
#[derive(Clone, Debug, PartialEq, Eq)]
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
        Self { op, cause: Cause::Errno(errno), address: None }
    }

    pub(crate) const fn because(op: Op, cause: Cause) -> Self {
        Self { op, cause, address: None }
    }

    /// Adds the address that the operation was about.
    #[must_use]
    pub fn at(mut self, address: &Address) -> Self {
        self.address = Some(Box::new(address.clone()));
        self
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
        if let Some(address) = &self.address {
            write!(f, " {address}")?;
        }
        match &self.cause {
            Cause::Errno(errno) => write!(f, ": {errno}"),
            Cause::TimedOut(after) => write!(f, ": timed out after {after:?}"),
            Cause::Interrupted(signal) => write!(f, ": interrupted by signal {signal}"),
            Cause::Ended(moved) => write!(f, ": the stream ended after {moved} bytes"),
        }
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
    }
}
