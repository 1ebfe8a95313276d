//! Bytes through a codec: from a file, standard input or the command line, in pieces, to standard output or a file.
//!
//! One read(2), one step of the codec, one write(2) for each piece, all through the door, so that `--trace` shows them;
//! slow input is seen as it comes, and memory does not grow with the input. Once the input proves large the pipes on both
//! sides are asked to hold a MiB (pipe(7)): with the usual 64 KiB the switching between two programs costs more than the
//! codec does; and from file to file [two threads](stages) take turns. What went wrong comes back with what was being done: the face finds the words.

mod stages;

use std::convert::Infallible;
use std::ffi::{OsStr, OsString};
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;

use jackfield::codec::Buffer;
use jackfield::codec::stream::{CHUNK, Transform};
use jackfield::codec::undump::reverse::{Backwards, Reverse, Seek};
use jackfield::codec::undump::{Undump, UndumpError};
use jackfield::sock::{self, Cause, Deadline, Errno, Fd, PollFd, c, inherited, io, signal};

use self::stages::{Next, Stages};
use crate::exit::{Exit, Failure};
use crate::render::error::Unopened;

/// What both pipes are asked to hold.
const PIPE: u32 = 1 << 20;

/// What becomes of the file that is read when it is made anew.
const EMPTIED: &str = "it would empty first";

/// Input is large from here on.
const LARGE: usize = 256 << 10;

/// Where the bytes come from.
#[derive(Debug)]
pub(crate) struct Input {
    from: Place,
    /// Bytes that were read.
    count: usize,
    /// Bytes that are still to be read, at most.
    left: u64,
}

#[derive(Debug)]
enum Place {
    Standard,
    File(Fd, OsString),
    /// Given on the command line, and how many of them were taken.
    Words(Vec<u8>, usize),
}

/// Where to begin reading, as `-s` says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Start {
    pub(crate) bytes: i64,
    /// From where the input stands.
    pub(crate) relative: bool,
    /// Back, and if not `relative` from the end.
    pub(crate) back: bool,
}

impl Default for Start {
    fn default() -> Self {
        Self { bytes: 0, relative: true, back: false }
    }
}

impl Start {
    pub(crate) const fn distance(self) -> i64 {
        if self.back { self.bytes.wrapping_neg() } else { self.bytes }
    }
}

impl Input {
    /// Standard input.
    pub(crate) const fn standard() -> Self {
        Self { from: Place::Standard, count: 0, left: u64::MAX }
    }

    /// Bytes that were given on the command line.
    pub(crate) const fn words(bytes: Vec<u8>) -> Self {
        Self { from: Place::Words(bytes, 0), count: 0, left: u64::MAX }
    }

    /// Opens a file; `-` is standard input.
    pub(crate) fn open(path: &OsStr) -> Result<Self, Broken> {
        if path == "-" {
            return Ok(Self::standard());
        }
        let file = io::open(path.as_bytes(), c::O_RDONLY, 0)
            .map_err(|error| Broken::open("opening", path, &error))?;
        Ok(Self { from: Place::File(file, path.to_owned()), count: 0, left: u64::MAX })
    }

    /// Ends the input after so many bytes.
    pub(crate) const fn limit(&mut self, bytes: u64) {
        self.left = bytes;
    }

    /// Moves to another place, and returns it; `None` where there are no places, or not this one. Source: lseek(2).
    pub(crate) fn seek(&self, offset: i64, whence: i32) -> Option<u64> {
        io::seek(self.fd()?, offset, whence).ok()
    }

    /// Goes to where reading is to begin, by reading what stands before it where there are no places; returns its offset,
    /// or `None` where that cannot be reached.
    pub(crate) fn begin(&mut self, start: Start) -> Result<Option<u64>, Broken> {
        let Start { bytes, relative, back } = start;
        if start == Start::default() {
            return Ok(Some(0));
        }
        let whence = match (relative, back) {
            (true, _) => c::SEEK_CUR,
            (false, true) => c::SEEK_END,
            (false, false) => c::SEEK_SET,
        };
        if let Some(place) = self.seek(start.distance(), whence) {
            return Ok(Some(place));
        }
        let bytes = u64::from_ne_bytes(bytes.to_ne_bytes());
        Ok(if !back && self.discard(bytes)? { Some(bytes) } else { None })
    }

    /// Tells whether two threads may pass it on: no read of a file that says how long it is waits for anybody, nor does
    /// a write to a file, and what is not written to stays as it is.
    fn can_be_shared(&self, output: &Output) -> bool {
        self.fd().is_some_and(|fd| {
            io::is_filled_file(fd).unwrap_or(false)
                && io::is_file_or_null(output.fd()).unwrap_or(false)
                && !io::is_same_file(fd, output.fd()).unwrap_or(true)
        })
    }

    /// Tells whether it has places to go to.
    pub(crate) fn has_places(&self) -> bool {
        self.seek(0, c::SEEK_CUR).is_some()
    }

    /// Reads so many bytes and drops them; false when there are fewer.
    fn discard(&mut self, bytes: u64) -> Result<bool, Broken> {
        let mut piece = vec![0; CHUNK];
        let mut left = bytes;
        while left > 0 {
            let most = usize::try_from(left).unwrap_or(CHUNK).min(CHUNK);
            let count = self.read(piece.get_mut(..most).unwrap_or_default())?;
            if count == 0 {
                return Ok(false);
            }
            left = left.saturating_sub(count.try_into().unwrap_or(u64::MAX));
            if signal::arrived().is_some() {
                return Err(Broken::Interrupted);
            }
        }
        Ok(true)
    }

    /// Returns the path of a file.
    pub(crate) fn path(&self) -> Option<OsString> {
        match &self.from {
            Place::File(_, path) => Some(path.clone()),
            Place::Standard | Place::Words(..) => None,
        }
    }

    /// What a message calls it.
    pub(crate) fn name(&self) -> String {
        match &self.from {
            Place::Standard => "standard input".to_owned(),
            Place::File(_, path) => path.to_string_lossy().escape_debug().to_string(),
            Place::Words(..) => "--data".to_owned(),
        }
    }

    fn fd(&self) -> Option<BorrowedFd<'_>> {
        match &self.from {
            Place::Standard => Some(sock::stdin()),
            Place::File(file, _) => Some(file.as_fd()),
            Place::Words(..) => None,
        }
    }

    /// Waits until there is something to read, or a signal that was caught. A signal that arrives between a look at what has
    /// arrived and read(2) would else be seen when the next piece comes.
    pub(crate) fn wait(&self) -> Result<(), Broken> {
        let Some(fd) = self.fd() else { return Ok(()) };
        let waited = sock::wait_any(&mut vec![PollFd::new(fd, c::POLLIN)], Deadline::NEVER);
        waited.map(drop).map_err(|error| match error.cause() {
            Cause::Interrupted(_) => Broken::Interrupted,
            _ => Broken::Read(errno(&error)),
        })
    }

    /// Reads the next piece; 0 is the end.
    pub(crate) fn read(&mut self, buffer: &mut [u8]) -> Result<usize, Broken> {
        let most = usize::try_from(self.left).unwrap_or(usize::MAX).min(buffer.len());
        let buffer = buffer.get_mut(..most).unwrap_or_default();
        if buffer.is_empty() {
            return Ok(0);
        }
        let read = match &mut self.from {
            // What is open in its place is the null device, put there by the runtime.
            Place::Standard if inherited::was_closed(0) && !sock::rehearsing() => {
                return Err(Broken::Read(Errno::EBADF));
            }
            Place::Standard => io::read(sock::stdin(), buffer),
            Place::File(file, _) => io::read(file.as_fd(), buffer),
            Place::Words(bytes, taken) => {
                let mut rest = bytes.get(*taken..).unwrap_or_default();
                let count = std::io::Read::read(&mut rest, buffer).unwrap_or(0);
                *taken += count;
                Ok(count)
            }
        };
        let count = read.map_err(|error| match (error.cause(), &self.from) {
            (Cause::Interrupted(_), _) => Broken::Interrupted,
            (_, Place::File(_, path)) => Broken::open("reading", path, &error),
            _ => Broken::Read(errno(&error)),
        })?;
        self.count = self.count.saturating_add(count);
        self.left = self.left.saturating_sub(count.try_into().unwrap_or(u64::MAX));
        Ok(count)
    }
}

/// Where the bytes go.
#[derive(Debug)]
pub(crate) struct Output {
    file: Option<(Fd, OsString)>,
}

impl Output {
    /// Standard output.
    pub(crate) const fn standard() -> Self {
        Self { file: None }
    }

    /// Makes or empties a file, mode 0600; a link is not followed, and the input is not emptied before it is read.
    pub(crate) fn create(path: &OsStr, input: &Input) -> Result<Self, Broken> {
        if !sock::rehearsing() && is_the_input(path, input) {
            let mut words = OsString::from("--output ");
            words.push(path);
            return Err(Broken::SameFile(words, EMPTIED));
        }
        Self::make(path)
    }

    /// Makes, with mode 0600, or empties a file; a link is not followed, but for the names of our own descriptors.
    pub(crate) fn make(path: &OsStr) -> Result<Self, Broken> {
        if let Some(number) = own_descriptor(path) {
            let file = io::dup_number(number).map_err(|error| Broken::open("opening", path, &error))?;
            return Ok(Self { file: Some((file, path.to_owned())) });
        }
        let flags = c::O_WRONLY | c::O_CREAT | c::O_TRUNC | c::O_NOFOLLOW;
        let file =
            io::open(path.as_bytes(), flags, 0o600).map_err(|error| Broken::open("opening", path, &error))?;
        Ok(Self { file: Some((file, path.to_owned())) })
    }

    /// Opens a file [as xxd does](Self::of_xxd), unless it is the one that is read.
    pub(crate) fn like_xxd(path: &OsStr, patched: bool, input: &Input) -> Result<Self, Broken> {
        if !sock::rehearsing() && path != "-" && is_the_input(path, input) {
            let does = if patched { "would be written to while it is read" } else { EMPTIED };
            return Err(Broken::SameFile(path.to_owned(), does));
        }
        Self::of_xxd(path, patched)
    }

    /// Opens a file as xxd does, by whatever link, mode 0666 without what the umask takes; `-` is standard output. What
    /// is in it stays there when it is to be patched.
    pub(crate) fn of_xxd(path: &OsStr, patched: bool) -> Result<Self, Broken> {
        if path == "-" {
            return Ok(Self::standard());
        }
        let emptied = if patched { 0 } else { c::O_TRUNC };
        let flags = c::O_WRONLY | c::O_CREAT | emptied;
        let file =
            io::open(path.as_bytes(), flags, 0o666).map_err(|error| Broken::open("opening", path, &error))?;
        Ok(Self { file: Some((file, path.to_owned())) })
    }

    /// Goes elsewhere: there, where there are places, else on by NULs; false where that is not possible.
    fn go(&self, Seek { from, to }: Seek) -> Result<bool, Broken> {
        let distance = to.checked_signed_diff(from);
        if distance.is_some_and(|distance| io::seek(self.fd(), distance, c::SEEK_CUR).is_ok()) {
            return Ok(true);
        }
        let Some(mut gap) = to.checked_sub(from) else { return Ok(false) };
        let zeros = vec![0; CHUNK];
        while gap > 0 {
            let piece = usize::try_from(gap).unwrap_or(CHUNK).min(CHUNK);
            self.write(zeros.get(..piece).unwrap_or_default())?;
            gap = gap.saturating_sub(piece.try_into().unwrap_or(u64::MAX));
            if signal::arrived().is_some() {
                return Err(Broken::Interrupted);
            }
        }
        Ok(true)
    }

    fn fd(&self) -> BorrowedFd<'_> {
        self.file.as_ref().map_or_else(|| sock::stdout(), |(file, _)| file.as_fd())
    }

    pub(crate) fn write(&self, bytes: &[u8]) -> Result<(), Broken> {
        if self.file.is_none() && inherited::was_closed(1) && !bytes.is_empty() && !sock::rehearsing() {
            return Err(Broken::Write(Errno::EBADF));
        }
        io::write_all(self.fd(), bytes).map_err(|error| match (error.cause(), &self.file) {
            (Cause::Interrupted(_), _) => Broken::Interrupted,
            (Cause::Errno(Errno::EPIPE), _) => Broken::Closed,
            (_, Some((_, path))) => Broken::open("writing", path, &error),
            (_, None) => Broken::Write(errno(&error)),
        })
    }
}

/// Finds which of our own descriptors a path names: those names are links, which lead nowhere that is not open already.
/// Source: proc(5).
pub(crate) fn own_descriptor(path: &OsStr) -> Option<i32> {
    let number = match path.as_bytes() {
        b"/dev/stdout" => return Some(1),
        b"/dev/stderr" => return Some(2),
        path => path.strip_prefix(b"/dev/fd/").or_else(|| path.strip_prefix(b"/proc/self/fd/"))?,
    };
    let is_number = number.iter().all(u8::is_ascii_digit);
    std::str::from_utf8(number).ok().filter(|_| is_number)?.parse().ok()
}

fn is_the_input(path: &OsStr, input: &Input) -> bool {
    let read = match &input.from {
        Place::Standard => std::fs::metadata("/proc/self/fd/0"),
        Place::File(_, path) => std::fs::metadata(path),
        Place::Words(..) => return false,
    };
    match (read, std::fs::metadata(path)) {
        (Ok(read), Ok(written)) => {
            read.is_file() && (read.dev(), read.ino()) == (written.dev(), written.ino())
        }
        _ => false,
    }
}

/// Why the bytes did not all go through; `E` is what the codec says of its input.
#[derive(Debug)]
pub(crate) enum Broken<E = Infallible> {
    /// A file cannot be opened, read or written.
    File(Unopened),
    /// The output would be made of the very file that is read: what was typed, and what would become of it.
    SameFile(OsString, &'static str),
    /// Standard input cannot be read.
    Read(Errno),
    /// The input is not what the codec takes; what stood before was written.
    Input(E),
    /// As much of the output as there was before a fault of the input, this many bytes, cannot be written.
    InputAndWrite(E, Errno, usize),
    /// Standard output cannot be written.
    Write(Errno),
    /// Nobody reads the output any more.
    Closed,
    /// A caught signal arrived.
    Interrupted,
}

impl Broken {
    fn open(doing: &'static str, path: &OsStr, error: &sock::Error) -> Self {
        match error.cause() {
            Cause::Interrupted(_) => Self::Interrupted,
            // While a FIFO had no other end yet.
            Cause::Errno(Errno::EINTR) if signal::arrived().is_some() => Self::Interrupted,
            _ => Self::File(Unopened { doing, path: path.to_owned(), errno: errno(error) }),
        }
    }

    /// What happens around any codec happens around this one.
    pub(crate) fn around<E>(self) -> Broken<E> {
        match self {
            Self::File(file) => Broken::File(file),
            Self::SameFile(path, does) => Broken::SameFile(path, does),
            Self::Read(errno) => Broken::Read(errno),
            Self::Write(errno) => Broken::Write(errno),
            Self::Closed => Broken::Closed,
            Self::Interrupted => Broken::Interrupted,
            Self::Input(never) | Self::InputAndWrite(never, ..) => match never {},
        }
    }
}

impl<E> Broken<E> {
    /// The failure of a job of `jack`; `fault` has the words for what the codec says.
    pub(crate) fn into_failure(self, fault: impl FnOnce(E) -> Failure) -> Failure {
        let on = |errno: Errno, what: &'static str| Failure::failed(anyhow::anyhow!("{what}: {errno}"));
        match self {
            Self::File(file) => Failure::failed(file),
            Self::SameFile(path, does) => Failure::usage(format!(
                "{} is the file that is read, which {does}",
                path.to_string_lossy().escape_debug()
            )),
            Self::Read(errno) => on(errno, "reading standard input"),
            Self::Write(errno) => on(errno, "writing standard output"),
            Self::Input(error) | Self::InputAndWrite(error, ..) => fault(error),
            Self::Closed => {
                Failure { exit: Exit::Done, error: anyhow::anyhow!("nobody reads the output any more") }
            }
            Self::Interrupted => Failure { exit: Exit::Interrupted, error: anyhow::anyhow!("interrupted") },
        }
    }
}

fn errno(error: &sock::Error) -> Errno {
    error.errno().unwrap_or(Errno::EIO)
}

/// Reads to the end, and writes what the bytes become.
pub(crate) fn run<T: Transform<Error: Send> + Send>(
    input: &mut Input,
    transform: &mut T,
    output: &Output,
) -> Result<(), Broken<T::Error>> {
    pump(input, output, |bytes, out| {
        let text = std::mem::take(bytes);
        if text.is_empty() { transform.finish(out) } else { transform.push(text, out) }.map(|()| Next::Piece)
    })
}

/// Reads a dump to its end, and writes its bytes; what a gap in it stands for goes out in pieces.
pub(crate) fn undump(
    input: &mut Input,
    undump: &mut Undump,
    output: &Output,
) -> Result<(), Broken<UndumpError>> {
    pump(input, output, |text, out| {
        let is_done = if text.is_empty() {
            undump.end(out)?
        } else {
            let taken = undump.take(text, out)?;
            *text = text.get(taken..).unwrap_or_default();
            text.is_empty()
        };
        Ok(if is_done { Next::Piece } else { Next::Step })
    })
}

/// Reads a dump to its end as `xxd -r` does, and writes its bytes where their offsets say.
pub(crate) fn reverse(
    input: &mut Input,
    reverse: &mut Reverse,
    output: &Output,
) -> Result<(), Broken<Backwards>> {
    let done = pump(input, output, |text, out| {
        let step = reverse.step(text, out)?;
        *text = text.get(step.taken..).unwrap_or_default();
        Ok(match step.seek {
            Some(seek) => Next::Seek(seek, |seek| Backwards {
                from: seek.from,
                to: i64::try_from(seek.to).unwrap_or(i64::MAX),
            }),
            None => Next::Piece,
        })
    });
    done.map_err(|broken| match broken {
        Broken::InputAndWrite(_, errno, _) => Broken::Write(errno),
        other => other,
    })
}

/// Reads to the end and writes what `step` appends. It takes what it can of the bytes, which are none at the end, and says
/// what is next.
fn pump<E: Send>(
    input: &mut Input,
    output: &Output,
    step: impl FnMut(&mut &[u8], &mut Buffer) -> Result<Next<E>, E> + Send,
) -> Result<(), Broken<E>> {
    if sock::rehearsing() {
        return rehearse(input, output).map_err(Broken::around);
    }
    let stages = Stages::new(input, step, output);
    stages.run(CHUNK, LARGE)?;
    let Some(is_shared) = stages.at_input(|input| {
        enlarge_pipes(input, output);
        input.can_be_shared(output)
    }) else {
        return Ok(());
    };
    if is_shared { stages.share() } else { stages.run(CHUNK, usize::MAX) }
}

/// Writes what is read: it is made up, and no codec's to judge.
fn rehearse(input: &mut Input, output: &Output) -> Result<(), Broken> {
    let mut piece = vec![0; CHUNK];
    loop {
        let count = input.read(&mut piece)?;
        if count == 0 {
            return Ok(());
        }
        output.write(piece.get(..count).unwrap_or_default())?;
    }
}

/// Asks the pipes on both sides for more room. That it is not given is no matter: the limits of the machine are its own.
fn enlarge_pipes(input: &Input, output: &Output) {
    for fd in input.fd().into_iter().chain([output.fd()]) {
        if io::is_pipe(fd).unwrap_or(false) {
            let _ = io::enlarge_pipe(fd, PIPE);
        }
    }
}
