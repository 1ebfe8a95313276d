//! A capture as `Read`: one read(2) through the door for each piece.
//!
//! Before it may have to wait, on a pipe or a terminal, what has been rendered is written, so that lines come when their packets
//! do. On the way it counts for whoever watches a long file.

use std::cell::{Cell, RefCell};
use std::ffi::{OsStr, OsString};
use std::io::{self, IsTerminal, Read, Write};
use std::os::unix::fs::MetadataExt;
use std::rc::Rc;
use std::time::{Duration, Instant};

use jackfield::sock::{Errno, signal};

use super::sink::Pending;
use crate::render::error::Unopened;
use crate::through::{Broken, Input};

/// A capture that is read.
#[derive(Debug)]
pub(crate) struct Source {
    input: Input,
    /// What is to be written before reading may wait.
    before: Option<Rc<RefCell<Pending>>>,
    progress: Option<Rc<Progress>>,
    /// How an errno is told in what is wrong with the file.
    words: fn(Errno) -> String,
}

impl Source {
    /// Opens a file; `-` is standard input.
    pub(crate) fn open(path: &OsStr, words: fn(Errno) -> String) -> Result<Self, Broken> {
        Ok(Self { input: Input::open(path)?, before: None, progress: None, words })
    }

    /// Reads pending lines out before it waits. A regular file does not wait.
    pub(crate) fn flushing(mut self, pending: &Rc<RefCell<Pending>>) -> Self {
        self.before = size(&self.path()).is_none().then(|| Rc::clone(pending));
        self
    }

    /// Tells of how much has been read.
    pub(crate) fn watched(mut self, progress: &Rc<Progress>) -> Self {
        self.progress = Some(Rc::clone(progress));
        self
    }

    /// Returns the size of a regular file.
    pub(crate) fn size(&self) -> Option<u64> {
        size(&self.path())
    }

    /// Returns what a message calls it.
    pub(crate) fn name(&self) -> String {
        self.input.name()
    }

    /// Tells whether it was opened by a name, and is not standard input.
    pub(crate) fn is_file(&self) -> bool {
        self.input.path().is_some()
    }

    /// Tells whether a path is that of the same file.
    pub(crate) fn is(&self, path: &OsStr) -> bool {
        is_same_file(&self.path(), path)
    }

    fn path(&self) -> OsString {
        self.input.path().unwrap_or_else(|| "/proc/self/fd/0".into())
    }

    /// Reads on and throws away: what a rehearsal of reading does.
    pub(crate) fn rehearse(&mut self) {
        let mut piece = vec![0; 1 << 18];
        while self.input.read(&mut piece).is_ok_and(|count| count > 0) {}
    }
}

/// Tells whether two paths are of one regular file.
pub(crate) fn is_same_file(one: &OsStr, other: &OsStr) -> bool {
    let place = |path: &OsStr| std::fs::metadata(path).ok().filter(std::fs::Metadata::is_file);
    match (place(one), place(other)) {
        (Some(one), Some(other)) => (one.dev(), one.ino()) == (other.dev(), other.ino()),
        _ => false,
    }
}

fn size(path: &OsStr) -> Option<u64> {
    std::fs::metadata(path).ok().filter(std::fs::Metadata::is_file).map(|metadata| metadata.len())
}

impl Read for Source {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if let Some(pending) = &self.before {
            // That it cannot be written is told when the next line is.
            let _ = pending.borrow_mut().flush();
        }
        let waited = if self.before.is_some() { self.input.wait() } else { Ok(()) };
        let count = waited.and_then(|()| self.input.read(buffer)).map_err(|broken| {
            io::Error::other(match broken {
                Broken::File(Unopened { errno, .. }) | Broken::Read(errno) => (self.words)(errno),
                _ => (self.words)(Errno::EINTR),
            })
        })?;
        if let Some(progress) = &self.progress {
            progress.read(count);
        }
        // A long file is left at once, not at its end.
        if signal::arrived().is_some() {
            return Err(io::Error::other((self.words)(Errno::EINTR)));
        }
        Ok(count)
    }
}

/// How far reading has come, told on standard error where that is a terminal and the files are long.
///
/// It is one line that is written over itself, so a crate for bars of all kinds would save nothing here.
#[derive(Debug)]
pub(crate) struct Progress {
    total: u64,
    done: Cell<u64>,
    begun: Instant,
    told: Cell<Option<Instant>>,
}

/// Files that are longer than this take so long that somebody may wonder.
const LONG: u64 = 64 << 20;
/// How long nothing is said, and how often something is.
const PATIENCE: Duration = Duration::from_secs(1);
const OFTEN: Duration = Duration::from_millis(200);

impl Progress {
    /// Begins, where somebody may want it: lines on the terminal are progress enough.
    pub(crate) fn new(total: u64) -> Option<Rc<Self>> {
        let is_wanted = total > LONG && io::stderr().is_terminal() && !io::stdout().is_terminal();
        let begun = Instant::now();
        is_wanted.then(|| Rc::new(Self { total, done: Cell::new(0), begun, told: Cell::new(None) }))
    }

    fn read(&self, count: usize) {
        self.done.set(self.done.get().saturating_add(count.try_into().unwrap_or(0)));
        let now = Instant::now();
        let last = self.told.get().unwrap_or(self.begun);
        let pause = if self.told.get().is_some() { OFTEN } else { PATIENCE };
        if now.duration_since(last) < pause {
            return;
        }
        self.told.set(Some(now));
        let percent = u128::from(self.done.get()) * 100 / u128::from(self.total.max(1));
        let (done, total) = (self.done.get() >> 20, self.total >> 20);
        let _ = write!(io::stderr(), "\r{percent:3} % read, {done} of {total} MiB\x1b[K");
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.told.get().is_some() {
            let _ = write!(io::stderr(), "\r\x1b[K");
        }
    }
}
