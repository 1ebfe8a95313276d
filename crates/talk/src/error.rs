//! Why a job failed.

use std::ffi::OsString;
use std::time::Duration;

use sock::name::NameError;
use sock::option::SetError;
use sock::{Address, Errno};

use crate::endpoint::EndpointError;

/// A failed job; an interruption is one wherever it came. Each variant says what was being done; [`std::error::Error::source`] has the cause.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A word is no endpoint.
    #[error(transparent)]
    Endpoint(#[from] EndpointError),
    /// A name could not be looked up.
    #[error(transparent)]
    Name(NameError),
    /// A socket call failed.
    #[error("{doing}: {error}")]
    Socket {
        /// What was being done.
        doing: String,
        /// The call, the address and the errno.
        error: sock::Error,
    },
    /// The time for connecting, all addresses and retries together, is over.
    #[error("{doing}: timed out after {after:?}{}", in_the_end(last.as_deref()))]
    TimedOut {
        /// What was being done.
        doing: String,
        /// The budget.
        after: Duration,
        /// Why the last attempt failed, if one did before the time was over.
        last: Option<Box<Self>>,
    },
    /// Something idle was ended by a timeout where that is a failure.
    #[error("nothing moved for {after:?}")]
    Idle {
        /// The timeout.
        after: Duration,
    },
    /// A file could not be opened or written.
    #[error("{doing} {}: {}", path.display(), error.errno().map_or_else(|| error.to_string(), |errno| errno.to_string()))]
    File {
        /// What was being done.
        doing: &'static str,
        /// The file.
        path: OsString,
        /// Why.
        error: sock::Error,
    },
    /// A socket option could not be set.
    #[error(transparent)]
    Option(#[from] SetError),
    /// The combination makes no sense.
    #[error("{0}")]
    Usage(String),
    /// A client of many has no thread to be served on.
    #[error("no thread to serve a client on: {0}")]
    Thread(std::io::Error),
    /// A signal asked to stop before the job was done: its number.
    #[error("interrupted")]
    Interrupted(i32),
    /// Nobody takes the job's events any more ([`Options::audience`](crate::Options::audience)).
    #[error("nobody reads the output any more")]
    OutputClosed,
}

impl Error {
    /// Wraps a socket error with what was being done; an interruption stays one.
    pub(crate) fn socket(doing: impl Into<String>, error: sock::Error) -> Self {
        match error.cause() {
            sock::Cause::Interrupted(signal) => Self::Interrupted(*signal),
            _ => Self::Socket { doing: doing.into(), error },
        }
    }

    /// Returns the socket error at the bottom, if there is one.
    #[must_use]
    pub fn socket_error(&self) -> Option<&sock::Error> {
        match self {
            Self::Socket { error, .. }
            | Self::File { error, .. }
            | Self::Option(SetError::Refused { error, .. }) => Some(error),
            Self::TimedOut { last: Some(last), .. } => last.socket_error(),
            _ => None,
        }
    }

    /// Tells whether the fault lies in how the job was asked for.
    #[must_use]
    pub fn is_usage(&self) -> bool {
        match self {
            Self::Endpoint(_) | Self::Usage(_) => true,
            Self::Option(error) => !matches!(error, SetError::Refused { .. }),
            // The name of a Unix socket that no address has room for: nothing is tried.
            Self::Socket { error, .. } => {
                error.errno() == Some(Errno::ENAMETOOLONG)
                    && matches!(error.address(), Some(Address::Unix(_)))
            }
            _ => false,
        }
    }
}

impl From<NameError> for Error {
    fn from(error: NameError) -> Self {
        error.interrupted().map_or(Self::Name(error), Self::Interrupted)
    }
}

/// Says why the last attempt failed; what was being done stands before it already.
fn in_the_end(last: Option<&Error>) -> String {
    match last {
        Some(Error::Socket { error, .. }) => format!("; the last attempt failed: {error}"),
        Some(error) => format!("; the last attempt failed: {error}"),
        None => String::new(),
    }
}
