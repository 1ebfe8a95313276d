//! Why a job failed.

use std::ffi::OsString;
use std::time::Duration;

use sock::name::NameError;
use sock::option::SetError;

use crate::endpoint::EndpointError;

/// A failed job. Each variant says what was being done; [`std::error::Error::source`] has the cause.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A word is no endpoint.
    #[error(transparent)]
    Endpoint(#[from] EndpointError),
    /// A name could not be looked up.
    #[error(transparent)]
    Name(#[from] NameError),
    /// A socket call failed.
    #[error("{doing}: {error}")]
    Socket {
        /// What was being done.
        doing: String,
        /// The call, the address and the errno.
        error: sock::Error,
    },
    /// The time for connecting, all addresses and retries together, is over.
    #[error("{doing}: timed out after {after:?}")]
    TimedOut {
        /// What was being done.
        doing: String,
        /// The budget.
        after: Duration,
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
    /// A signal asked to stop before the job was done: its number.
    #[error("interrupted")]
    Interrupted(i32),
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
    pub const fn socket_error(&self) -> Option<&sock::Error> {
        match self {
            Self::Socket { error, .. }
            | Self::File { error, .. }
            | Self::Option(SetError::Refused { error, .. }) => Some(error),
            _ => None,
        }
    }

    /// Tells whether the fault lies in how the job was asked for.
    #[must_use]
    pub fn is_usage(&self) -> bool {
        match self {
            Self::Endpoint(_) | Self::Usage(_) => true,
            Self::Option(error) => !matches!(error, SetError::Refused { .. }),
            _ => false,
        }
    }
}
