//! This side of a conversation: where input comes from, where output goes, how it is shown and recorded.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::FileTypeExt;
use std::sync::Arc;
use std::time::Duration;

use codec::{Buffer, Dump, Style};
use sock::{Deadline, Errno, Fd, Socket, c, io, signal};

use crate::audience::wait;
use crate::error::Error;
use crate::payload::{Cut, Payload};
use crate::pieces::{Handle, Inlet, Outlet, Patience};
use crate::show::Show;

/// This side of a conversation.
#[derive(Debug)]
pub struct Console {
    pub(crate) input: Input,
    pub(crate) output: Outlet,
    pub(crate) show: Show,
    pub(crate) show_at_once: bool,
    pub(crate) record: Option<Record>,
    file: Option<SinkFile>,
}

/// Where what is sent comes from.
#[derive(Clone, Debug)]
pub(crate) enum Input {
    /// Standard input: a stream, which is read once.
    Standard,
    /// These bytes, for every peer.
    Data(Arc<[u8]>),
    /// Nothing: it ends at once.
    Nothing,
}

impl Input {
    /// Makes the inlet of one conversation.
    pub(crate) fn inlet(self, cut: Cut) -> Inlet {
        match self {
            Self::Standard => Inlet::Handle { handle: Handle::Stdin, packets: false },
            Self::Data(bytes) => Inlet::Given(Payload::new(bytes, cut)),
            Self::Nothing => Inlet::Given(Payload::nothing()),
        }
    }
}

impl Console {
    /// Reads standard input, writes standard output, as the bytes come.
    #[must_use]
    pub fn standard() -> Self {
        Self {
            input: Input::Standard,
            output: Outlet::to(standard_output()),
            show: Show::Raw,
            show_at_once: false,
            record: None,
            file: None,
        }
    }

    /// Sends these bytes to every peer instead of standard input: as one message where the transport keeps boundaries.
    #[must_use]
    pub fn sending(mut self, bytes: Vec<u8>) -> Self {
        self.input = Input::Data(bytes.into());
        self
    }

    /// Has no input: it ends at once, and nothing is sent.
    #[must_use]
    pub fn silent(mut self) -> Self {
        self.input = Input::Nothing;
        self
    }

    /// Shows what is received in this way; at once where a person watches, else when a line is whole.
    #[must_use]
    pub fn showing(mut self, show: Show, at_once: bool) -> Self {
        self.show = show;
        self.show_at_once = at_once;
        self
    }

    /// Writes what is received to a file instead of standard output. What it held before is there until the conversation
    /// stands, and stays for ever if it never does.
    ///
    /// # Errors
    /// The file cannot be opened: it is made 0600 and a link is not followed.
    pub fn writing_to(mut self, path: &OsStr, append: bool) -> Result<Self, Error> {
        let file = SinkFile::open(path, append)?;
        self.output = file.outlet();
        self.file = Some(file);
        Ok(self)
    }

    /// Empties the files that are not to be appended to: the conversation stands.
    pub(crate) fn begin(&self) -> Result<(), Error> {
        let record = self.record.as_ref().map(|record| &record.file);
        self.file.iter().chain(record).try_for_each(SinkFile::begin)
    }

    /// Throws away what is received: the face shows it from the events.
    #[must_use]
    pub fn quiet(mut self) -> Self {
        self.output = Outlet::nowhere();
        self.file = None;
        self
    }

    /// Records both directions as a hex dump in a file.
    #[must_use]
    pub fn recording(mut self, record: Record) -> Self {
        self.record = Some(record);
        self
    }
}

/// Where this process has its standard output under a name.
const STDOUT: &str = "/proc/self/fd/1";

/// Standard output, such that a reader who is slow does not hold up what is sent. The flags of an inherited descriptor
/// are shared with whoever gave it, and stay as they are; so a pipe is opened once more to be non-blocking for us alone,
/// and a socket is told with each call. A pipe that belongs to another user cannot be opened.
pub(crate) fn standard_output() -> Handle {
    if io::is_pipe(sock::stdout()).unwrap_or(false) {
        return match io::open(STDOUT.as_bytes(), c::O_WRONLY | c::O_NONBLOCK, 0) {
            Ok(fd) => Handle::StdoutOwn(Arc::new(fd)),
            Err(_) => Handle::StdoutPipe,
        };
    }
    let is_socket = io::is_socket(sock::stdout()).unwrap_or(false);
    let socket = || Socket::from_fd(io::dup(sock::stdout()).ok()?).ok();
    match is_socket.then(socket).flatten() {
        Some(socket) => Handle::StdoutSocket(Arc::new(socket)),
        None => Handle::Stdout,
    }
}

/// Opens a file to append to it: a new one is made 0600, a link is not followed. A FIFO is opened when it has a reader, and
/// is non-blocking: a reader who is slow holds up nothing else.
pub(crate) fn create(path: &OsStr, append: bool) -> Result<Fd, Error> {
    open(path, c::O_WRONLY | c::O_CREAT | c::O_NOFOLLOW | if append { c::O_APPEND } else { 0 })
}

/// How long to wait before looking again whether a FIFO has a reader, at first and at most.
const READER_AFTER: (Duration, Duration) = (Duration::from_millis(5), Duration::from_millis(100));

/// Opens a file, non-blocking: open(2) on a FIFO would sleep until somebody opens the other end, and through a signal that
/// another thread is given. To be read it is open at once, and silent until somebody writes; to be written it takes a
/// reader first, fifo(7), who is waited for until a signal comes.
pub(crate) fn open(path: &OsStr, flags: i32) -> Result<Fd, Error> {
    let failed = |error| Error::File { doing: "opening", path: path.to_owned(), error };
    let (mut pause, longest) = READER_AFTER;
    loop {
        if let Some(signal) = signal::arrived().filter(|_| !sock::rehearsing()) {
            return Err(Error::Interrupted(signal));
        }
        match io::open(path.as_bytes(), flags | c::O_NONBLOCK, 0o600) {
            Err(error) if error.errno() == Some(Errno::EINTR) => {}
            Err(error) if error.errno() == Some(Errno::ENXIO) && is_fifo(path) => {
                let doing = || format!("waiting for a reader of {}", path.display());
                wait(&mut Vec::new(), Deadline::after(pause), None, doing)?;
                pause = (pause * 2).min(longest);
            }
            opened => return opened.map_err(failed),
        }
    }
}

/// Tells a FIFO from what gives ENXIO for ever: a socket's file, a device without a driver.
fn is_fifo(path: &OsStr) -> bool {
    fs::symlink_metadata(path).is_ok_and(|metadata| metadata.file_type().is_fifo())
}

/// A file that a conversation is written to.
#[derive(Debug)]
struct SinkFile {
    file: Arc<Fd>,
    path: OsString,
    append: bool,
}

impl SinkFile {
    fn open(path: &OsStr, append: bool) -> Result<Self, Error> {
        Ok(Self { file: Arc::new(create(path, append)?), path: path.to_owned(), append })
    }

    fn outlet(&self) -> Outlet {
        Outlet::to(Handle::File(Arc::clone(&self.file)))
    }

    fn begin(&self) -> Result<(), Error> {
        if self.append {
            return Ok(());
        }
        match io::empty(self.file.as_fd()) {
            // A FIFO or a device holds nothing: ftruncate(2).
            Err(error) if error.errno() == Some(Errno::EINVAL) => Ok(()),
            emptied => emptied.map_err(|error| self.failed("emptying", error)),
        }
    }

    fn failed(&self, doing: &'static str, error: sock::Error) -> Error {
        Error::File { doing, path: self.path.clone(), error }
    }
}

/// How many bytes of a record may wait for a slow reader (of a FIFO) until nothing more is moved.
const RECORD_BACKLOG: usize = 1 << 20;

/// A hex dump of both directions in a file: `> ` is sent, `< ` is received.
#[derive(Debug)]
pub struct Record {
    file: SinkFile,
    outlet: Outlet,
    sent: Dump,
    received: Dump,
}

impl Record {
    /// Opens the file: made 0600, a link is not followed.
    ///
    /// # Errors
    /// The file cannot be opened.
    pub fn create(path: &OsStr, append: bool) -> Result<Self, Error> {
        let file = SinkFile::open(path, append)?;
        Ok(Self {
            outlet: file.outlet(),
            file,
            sent: Dump::new(Style::default().prefix("> ")),
            received: Dump::new(Style::default().prefix("< ")),
        })
    }

    pub(crate) fn sent(&mut self, bytes: &[u8]) -> Result<(), Error> {
        let mut lines = Buffer::new();
        self.sent.push(bytes, &mut lines);
        self.sent.flush(&mut lines);
        self.write(&lines)
    }

    pub(crate) fn received(&mut self, bytes: &[u8]) -> Result<(), Error> {
        let mut lines = Buffer::new();
        self.received.push(bytes, &mut lines);
        self.received.flush(&mut lines);
        self.write(&lines)
    }

    /// Returns the descriptor to wait for, if something waits to be written.
    pub(crate) fn pollable(&self) -> Option<BorrowedFd<'_>> {
        self.outlet.pollable().filter(|_| !self.outlet.is_empty())
    }

    /// Tells whether so much waits that nothing more is to be moved.
    pub(crate) fn is_behind(&self) -> bool {
        self.outlet.waiting() > RECORD_BACKLOG
    }

    /// Writes on.
    pub(crate) fn flush(&mut self) -> Result<(), Error> {
        self.outlet.flush().map_err(|error| self.file.failed("writing", error))
    }

    /// Writes what waits when the conversation is over.
    pub(crate) fn settle(&mut self, patience: Patience) -> Result<(), Error> {
        self.outlet.drain(patience).map_err(|error| self.file.failed("writing", error))
    }

    fn write(&mut self, lines: &[u8]) -> Result<(), Error> {
        // A file takes all of it, but maybe not in one piece.
        self.outlet
            .offer(lines)
            .and_then(|()| self.outlet.flush())
            .map_err(|error| self.file.failed("writing", error))
    }
}
