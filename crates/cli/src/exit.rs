//! How the command ends: the exit codes, and failures with the words for them.

use std::process::ExitCode;

use jackfield::sock::name::Reason;
use jackfield::{sock, talk};

/// The exit codes, the same in every job of `jack`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Done.
    #[default]
    Done = 0,
    /// The job ran and the answer is no, or the network failed.
    No = 1,
    /// Asked in a way that cannot be meant.
    Usage = 2,
    /// Interrupted with a partial result.
    Interrupted = 130,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Why the command failed, and with which code it ends.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) exit: Exit,
    pub(crate) error: anyhow::Error,
}

/// What a job of the command returns.
pub(crate) type Outcome = Result<Exit, Failure>;

impl Failure {
    /// The user asked in a way that cannot be meant.
    pub(crate) fn usage(words: impl Into<String>) -> Self {
        Self { exit: Exit::Usage, error: anyhow::anyhow!(words.into()) }
    }

    /// Something that was needed did not work.
    pub(crate) fn failed(error: impl Into<anyhow::Error>) -> Self {
        Self { exit: Exit::No, error: error.into() }
    }
}

impl From<talk::Error> for Failure {
    fn from(error: talk::Error) -> Self {
        let exit = match &error {
            error if error.is_usage() => Exit::Usage,
            talk::Error::Name(error) if is_about_words(error.reason()) => Exit::Usage,
            talk::Error::Interrupted(_) => Exit::Interrupted,
            talk::Error::OutputClosed => Exit::Done,
            talk::Error::Name(error) if error.interrupted().is_some() => Exit::Interrupted,
            _ => Exit::No,
        };
        Self { exit, error: error.into() }
    }
}

impl From<sock::Error> for Failure {
    fn from(error: sock::Error) -> Self {
        let interrupted = matches!(error.cause(), sock::Cause::Interrupted(_));
        Self { exit: if interrupted { Exit::Interrupted } else { Exit::No }, error: error.into() }
    }
}

impl From<talk::EndpointError> for Failure {
    fn from(error: talk::EndpointError) -> Self {
        Self { exit: Exit::Usage, error: error.into() }
    }
}

/// Tells whether a lookup failed for the words alone: no hosts file and no server could make them right.
const fn is_about_words(reason: &Reason) -> bool {
    matches!(
        reason,
        Reason::UnknownService(_)
            | Reason::ServiceNotNumeric
            | Reason::PortTooLarge
            | Reason::NotNumeric
            | Reason::OtherFamily(_)
    )
}
