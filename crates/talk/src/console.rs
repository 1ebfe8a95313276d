//! This side of a conversation: where input comes from, where output goes, how it is shown and recorded.

use std::ffi::{OsStr, OsString};
use std::os::fd::AsFd;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::FileTypeExt;
use std::sync::Arc;

use codec::{Buffer, Dump, Style};
use sock::{Fd, Socket, c, io};

use crate::error::Error;
use crate::payload::{Cut, Payload};
use crate::pieces::{Handle, Inlet, Outlet};
use crate::show::Show;

/// This side of a conversation.
#[derive(Debug)]
pub struct Console {
    pub(crate) input: Input,
    pub(crate) output: Outlet,
    pub(crate) show: Show,
    pub(crate) show_at_once: bool,
    pub(crate) record: Option<Record>,
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

    /// Writes what is received to a file instead of standard output.
    ///
    /// # Errors
    /// The file cannot be opened: it is made 0600 and a link is not followed.
    pub fn writing_to(mut self, path: &OsStr, append: bool) -> Result<Self, Error> {
        self.output = Outlet::to(Handle::File(Arc::new(create(path, append)?)));
        Ok(self)
    }

    /// Throws away what is received: the face shows it from the events.
    #[must_use]
    pub fn quiet(mut self) -> Self {
        self.output = Outlet::nowhere();
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
    let is_socket = std::fs::metadata(STDOUT).is_ok_and(|stdout| stdout.file_type().is_socket());
    let socket = || Socket::from_fd(Fd::from(sock::stdout().try_clone_to_owned().ok()?)).ok();
    match is_socket.then(socket).flatten() {
        Some(socket) => Handle::StdoutSocket(Arc::new(socket)),
        None => Handle::Stdout,
    }
}

/// Opens a file to write: new ones 0600, links not followed.
pub(crate) fn create(path: &OsStr, append: bool) -> Result<Fd, Error> {
    let how = if append { c::O_APPEND } else { c::O_TRUNC };
    io::open(path.as_bytes(), c::O_WRONLY | c::O_CREAT | c::O_NOFOLLOW | how, 0o600)
        .map_err(|error| Error::File { doing: "opening", path: path.to_owned(), error })
}

/// A hex dump of both directions in a file: `> ` is sent, `< ` is received.
#[derive(Debug)]
pub struct Record {
    file: Fd,
    path: OsString,
    sent: Dump,
    received: Dump,
}

impl Record {
    /// Opens the file: made 0600, a link is not followed.
    ///
    /// # Errors
    /// The file cannot be opened.
    pub fn create(path: &OsStr, append: bool) -> Result<Self, Error> {
        Ok(Self {
            file: create(path, append)?,
            path: path.to_owned(),
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

    fn write(&self, lines: &[u8]) -> Result<(), Error> {
        io::write_all(self.file.as_fd(), lines).map_err(|error| Error::File {
            doing: "writing",
            path: self.path.clone(),
            error,
        })
    }
}
