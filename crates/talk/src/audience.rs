//! Whoever has a job's events, where they go to standard output: when nobody takes them any more the job is over, however
//! quiet its peers are.

use std::sync::atomic::{AtomicBool, Ordering};

use sock::{Deadline, PollFd};

use crate::error::Error;

/// Tells a job whether somebody still takes its events.
#[derive(Debug, Default)]
pub struct Audience {
    gone: AtomicBool,
}

impl Audience {
    /// Notes that an event could not be written: the job ends before it waits again.
    pub fn leave(&self) {
        self.gone.store(true, Ordering::Relaxed);
    }

    pub(crate) fn is_gone(&self) -> bool {
        self.gone.load(Ordering::Relaxed)
    }
}

/// Waits as [`sock::wait_any`], and no longer than there is an audience: the descriptor of standard output is asked for
/// nothing, and poll(2) tells of an error (a pipe or socket that nobody reads) all the same.
pub(crate) fn wait(
    fds: &mut Vec<PollFd>,
    deadline: Deadline,
    audience: Option<&Audience>,
    doing: impl Fn() -> String,
) -> Result<usize, Error> {
    let Some(audience) = audience else {
        return sock::wait_any(fds, deadline).map_err(|error| Error::socket(doing(), error));
    };
    if audience.is_gone() {
        return Err(Error::OutputClosed);
    }
    fds.push(PollFd::new(sock::stdout(), 0));
    let waited = sock::wait_any(fds, deadline).map_err(|error| Error::socket(doing(), error))?;
    match fds.pop().map_or(0, |stdout| stdout.revents()) {
        0 => Ok(waited),
        _ => {
            audience.leave();
            Err(Error::OutputClosed)
        }
    }
}
