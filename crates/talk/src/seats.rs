//! So many conversations at once, each on a thread of its own: a seat is taken for each and given back when it is over, and
//! whoever accepts clients waits until one is free.
//!
//! The wait is a poll(2), so that a signal ends it: a seat that is given back rings a bell, a pair of sockets that is
//! made when all seats are taken for the first time.

use std::os::fd::AsFd;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use sock::{Deadline, Family, Mode, PollFd, Protocol, Socket, Type, c};

use crate::audience::wait;
use crate::error::Error;
use crate::listener::SHORTAGE_REST;
use crate::options::Options;

/// How many conversations there may be, and are.
#[derive(Debug)]
pub(crate) struct Seats {
    most: usize,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    taken: usize,
    bell: Option<Arc<Bell>>,
}

#[derive(Debug)]
struct Bell {
    rings: Socket,
    hears: Socket,
}

/// A seat that is taken; dropping it gives it back.
#[derive(Debug)]
pub(crate) struct Seat<'a>(&'a Seats);

impl Seats {
    pub(crate) fn new(most: usize) -> Self {
        Self { most, state: Mutex::default() }
    }

    /// Takes a seat as soon as one is free.
    pub(crate) fn take(&self, options: &Options) -> Result<Seat<'_>, Error> {
        let audience = options.audience.as_deref();
        let doing = || "waiting for a conversation to end".to_owned();
        loop {
            let bell = {
                let mut state = self.lock();
                if state.taken < self.most {
                    state.taken += 1;
                    return Ok(Seat(self));
                }
                if state.bell.is_none() {
                    state.bell = Bell::new().ok().map(Arc::new);
                }
                state.bell.clone()
            };
            let Some(bell) = bell else {
                // There are no descriptors for a bell: look again.
                wait(&mut Vec::new(), Deadline::after(SHORTAGE_REST), audience, doing)?;
                continue;
            };
            let mut fds = vec![PollFd::new(bell.hears.as_fd(), c::POLLIN)];
            wait(&mut fds, Deadline::NEVER, audience, doing)?;
            // How often it rang does not matter; that it did not is no failure.
            let _ = bell.hears.recv(4096, 0);
        }
    }

    /// Returns how many are taken.
    pub(crate) fn taken(&self) -> usize {
        self.lock().taken
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Seat<'_> {
    fn drop(&mut self) {
        let mut state = self.0.lock();
        state.taken -= 1;
        if let Some(bell) = &state.bell {
            // A bell that takes no more has rung.
            let _ = bell.rings.send(b".", 0);
        }
    }
}

impl Bell {
    fn new() -> sock::Result<Self> {
        let (rings, hears) = Socket::pair(Family::UNIX, Type::STREAM, Protocol::DEFAULT)?;
        rings.set_mode(Mode::NonBlocking)?;
        hears.set_mode(Mode::NonBlocking)?;
        Ok(Self { rings, hears })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[test]
    fn there_are_never_more_than_so_many_and_everybody_gets_one() {
        let (seats, options) = (Seats::new(3), Options::default());
        let (now, most, all) = (AtomicUsize::new(0), AtomicUsize::new(0), AtomicUsize::new(0));
        std::thread::scope(|threads| {
            for _ in 0..200 {
                let seat = seats.take(&options).unwrap();
                let (now, most, all) = (&now, &most, &all);
                threads.spawn(move || {
                    most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                    std::thread::yield_now();
                    all.fetch_add(1, Ordering::SeqCst);
                    now.fetch_sub(1, Ordering::SeqCst);
                    drop(seat);
                });
            }
        });
        assert_eq!(all.into_inner(), 200);
        assert!((1..=3).contains(&most.into_inner()));
    }
}
