//! What the tests of the command share: programs that are watched, waited for with a deadline and killed in the end, and
//! peers that may not be installed.
//!
//! Nothing here sleeps: a program's readiness is a line it says, its end is the end of its standard error.

#![allow(dead_code, reason = "each test file is a crate of its own and uses a part of this")]

pub(crate) mod tools;

use std::fmt::Write as _;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
#[expect(clippy::disallowed_types, reason = "the other side must not be our own code")]
use std::net::{TcpListener, TcpStream};
use std::os::fd::AsFd;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Mutex, OnceLock};
use std::time::{Duration, Instant};

use jackfield::sock::{Deadline, PollFd, c, wait_any};

/// The command under test.
pub(crate) const JACK: &str = env!("CARGO_BIN_EXE_jack");

/// Long enough that only a hang reaches it.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// Makes a command of `jack` with these arguments, without input and output.
pub(crate) fn jack<S: AsRef<std::ffi::OsStr>>(arguments: impl IntoIterator<Item = S>) -> Command {
    let mut command = Command::new(JACK);
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::null());
    command
}

/// Tells whether a program is installed. Where it is not, that is said; where `CI` is set, it is a failure.
#[expect(clippy::print_stderr, reason = "a skip is to be seen")]
pub(crate) fn installed(program: &str) -> bool {
    let found = std::env::var_os("PATH")
        .is_some_and(|path| std::env::split_paths(&path).any(|folder| folder.join(program).is_file()));
    if !found {
        assert!(std::env::var_os("CI").is_none(), "{program} is not installed, and CI has to have it");
        eprintln!("skipped: {program} is not installed");
    }
    found
}

/// The Python that `python3` stands for, past any wrapper that would be started each time.
pub(crate) fn python() -> &'static str {
    static PYTHON: OnceLock<String> = OnceLock::new();
    PYTHON.get_or_init(|| {
        let asked = Command::new("python3").args(["-c", "import sys; print(sys.executable)"]).output();
        let path = asked.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned());
        path.ok().filter(|path| !path.is_empty()).unwrap_or_else(|| "python3".to_owned())
    })
}

/// A program that is killed, with all that it started, when the test ends, however it ends.
#[derive(Debug)]
pub(crate) struct Running {
    pub(crate) child: Child,
    name: String,
    lines: Receiver<String>,
    said: String,
    began: Instant,
    ended: bool,
}

/// How a program ended.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) status: ExitStatus,
    pub(crate) said: String,
    pub(crate) took: Duration,
}

impl Ended {
    /// The exit code, or 128 and the signal.
    pub(crate) fn code(&self) -> i32 {
        self.status.code().unwrap_or_else(|| 128 + self.status.signal().unwrap_or(0))
    }
}

impl Running {
    /// Starts a program; its standard error is listened to.
    pub(crate) fn start(command: &mut Command) -> Self {
        let name = format!("{command:?}");
        let name = name.replace(JACK, "jack");
        // Before: under load it may have done a lot until its parent is back.
        let began = Instant::now();
        let spawned = command.stderr(Stdio::piped()).process_group(0).spawn();
        let mut child = spawned.unwrap_or_else(|error| panic!("starting {name}: {error}"));
        let stderr = child.stderr.take().unwrap();
        let (send, lines) = channel();
        std::thread::spawn(move || {
            let mut stderr = BufReader::new(stderr);
            let mut line = Vec::new();
            while stderr.read_until(b'\n', &mut line).is_ok_and(|read| read > 0) {
                if send.send(String::from_utf8_lossy(&line).into_owned()).is_err() {
                    return;
                }
                line.clear();
            }
        });
        Self { child, name, lines, said: String::new(), began, ended: false }
    }

    /// What it has said and was waited for.
    pub(crate) fn said(&self) -> &str {
        &self.said
    }

    /// The process id.
    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Waits for a line on standard error in which `find` finds something.
    pub(crate) fn hear<T>(&mut self, find: impl Fn(&str) -> Option<T>) -> Result<T, String> {
        loop {
            match self.next_line() {
                Ok(line) => {
                    if let Some(found) = find(line.trim_end()) {
                        return Ok(found);
                    }
                }
                Err(RecvTimeoutError::Timeout) => return Err(self.complain("did not say what it should")),
                Err(RecvTimeoutError::Disconnected) => return Err(self.complain("ended too early")),
            }
        }
    }

    fn next_line(&mut self) -> Result<String, RecvTimeoutError> {
        let line = self.lines.recv_timeout(PATIENCE)?;
        self.said.push_str(&line);
        Ok(line)
    }

    /// Waits for the end.
    pub(crate) fn end(mut self) -> Result<Ended, String> {
        loop {
            match self.next_line() {
                Ok(_) => {}
                Err(RecvTimeoutError::Timeout) => return Err(self.complain("hangs")),
                Err(RecvTimeoutError::Disconnected) => break,
            }
        }
        let status = self.child.wait().map_err(|error| format!("{}: {error}", self.name))?;
        self.ended = true;
        Ok(Ended { status, said: std::mem::take(&mut self.said), took: self.began.elapsed() })
    }

    /// Waits for the end and wants this exit code.
    pub(crate) fn end_with(self, code: i32) -> Result<Ended, String> {
        let name = self.name.clone();
        let ended = self.end()?;
        if ended.code() == code {
            return Ok(ended);
        }
        Err(format!("{name}: exit {} instead of {code}; it said:\n{}", ended.code(), ended.said))
    }

    /// Sends a signal by its name.
    pub(crate) fn signal(&self, name: &str) {
        let sent = Command::new("kill").args(["-s", name, &self.pid().to_string()]).status();
        assert!(sent.unwrap().success(), "kill -s {name} {}", self.pid());
    }

    /// Waits until it is inside a system call: `/proc/PID/syscall` of proc(5) begins with the number.
    pub(crate) fn sleeps_in(&self, call: &str) {
        let number = match (call, std::env::consts::ARCH) {
            ("ppoll", "x86_64") => "271 ",
            ("ppoll", _) => "73 ",
            _ => panic!("{call}"),
        };
        let file = format!("/proc/{}/syscall", self.pid());
        let began = Instant::now();
        while !std::fs::read_to_string(&file).is_ok_and(|line| line.starts_with(number)) {
            assert!(began.elapsed() < PATIENCE, "{} never sleeps in {call}", self.name);
            std::thread::yield_now();
        }
    }

    /// How many descriptors it has open.
    pub(crate) fn descriptors(&self) -> usize {
        std::fs::read_dir(format!("/proc/{}/fd", self.pid())).unwrap().count()
    }

    fn complain(&self, what: &str) -> String {
        format!("{} {what} after {:.1?}; it said:\n{}", self.name, self.began.elapsed(), self.said)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if !self.ended {
            let group = format!("-{}", self.child.id());
            let _ = Command::new("kill").args(["-s", "KILL", "--", &group]).stderr(Stdio::null()).status();
            let _ = self.child.wait();
        }
    }
}

/// Starts a `jack` that listens, and returns the place it says: `ADDRESS:PORT`, or a name.
pub(crate) fn start_listener(command: &mut Command) -> (Running, String) {
    let mut running = Running::start(command);
    let place = running.hear(listening_place).unwrap_or_else(|error| panic!("{error}"));
    (running, place)
}

/// Finds the place in `jack: listening on PLACE (tcp)`.
pub(crate) fn listening_place(line: &str) -> Option<String> {
    let (place, _) = line.strip_prefix("jack: listening on ")?.rsplit_once(" (")?;
    Some(place.to_owned())
}

/// The port of `ADDRESS:PORT`.
pub(crate) fn port_of(place: &str) -> String {
    place.rsplit_once(':').map(|(_, port)| port.to_owned()).unwrap()
}

/// Accepts one connection, with a deadline on that and on all that follows.
#[expect(clippy::disallowed_types, reason = "the other side must not be our own code")]
pub(crate) fn accept(server: &TcpListener) -> TcpStream {
    let mut fds = vec![PollFd::new(server.as_fd(), c::POLLIN)];
    assert_eq!(wait_any(&mut fds, Deadline::after(PATIENCE)).unwrap(), 1, "nobody came");
    let (peer, _) = server.accept().unwrap();
    peer.set_read_timeout(Some(PATIENCE)).unwrap();
    peer.set_write_timeout(Some(PATIENCE)).unwrap();
    peer
}

/// Connects, with a deadline on all that follows.
#[expect(clippy::disallowed_types, reason = "the other side must not be our own code")]
pub(crate) fn connect(place: &str) -> TcpStream {
    let client = TcpStream::connect(place).unwrap();
    client.set_read_timeout(Some(PATIENCE)).unwrap();
    client.set_write_timeout(Some(PATIENCE)).unwrap();
    client
}

/// A stream that is read by a thread of its own, so that waiting for it has a deadline.
#[derive(Debug)]
pub(crate) struct Stream {
    pieces: Receiver<Vec<u8>>,
    kept: Vec<u8>,
}

impl Stream {
    /// Reads from now on.
    pub(crate) fn of(mut from: impl Read + Send + 'static) -> Self {
        let (send, pieces) = channel();
        std::thread::spawn(move || {
            let mut buffer = vec![0; 1 << 16];
            while let Ok(read @ 1..) = from.read(&mut buffer) {
                if send.send(buffer.get(..read).unwrap_or_default().to_vec()).is_err() {
                    return;
                }
            }
        });
        Self { pieces, kept: Vec::new() }
    }

    /// Waits for exactly these many bytes.
    pub(crate) fn take(&mut self, len: usize) -> Result<Vec<u8>, String> {
        while self.kept.len() < len {
            match self.pieces.recv_timeout(PATIENCE) {
                Ok(piece) => self.kept.extend(piece),
                Err(error) => {
                    return Err(format!("{} bytes instead of {len}: {error}", self.kept.len()));
                }
            }
        }
        let rest = self.kept.split_off(len);
        Ok(std::mem::replace(&mut self.kept, rest))
    }

    /// Waits for a line.
    pub(crate) fn line(&mut self) -> Result<String, String> {
        loop {
            if let Some(end) = self.kept.iter().position(|byte| *byte == b'\n') {
                return Ok(String::from_utf8_lossy(&self.take(end + 1)?).trim_end().to_owned());
            }
            let piece = self.pieces.recv_timeout(PATIENCE);
            self.kept.extend(piece.map_err(|error| format!("no line: {error}"))?);
        }
    }

    /// Waits for the end; returns what was left.
    pub(crate) fn rest(mut self) -> Result<Vec<u8>, String> {
        loop {
            match self.pieces.recv_timeout(PATIENCE) {
                Ok(piece) => self.kept.extend(piece),
                Err(RecvTimeoutError::Disconnected) => return Ok(self.kept),
                Err(RecvTimeoutError::Timeout) => return Err("the stream does not end".to_owned()),
            }
        }
    }
}

/// A file as a pipe that another program fills, and that has something in it, or its end, already.
pub(crate) fn piped(path: &Path) -> (Child, ChildStdout) {
    let mut command = Command::new("sh");
    command.args(["-c", "cat \"$0\""]).arg(path).stdin(Stdio::null()).stdout(Stdio::piped());
    let mut cat = command.spawn().unwrap();
    let pipe = cat.stdout.take().unwrap();
    wait_any(&mut vec![PollFd::new(pipe.as_fd(), c::POLLIN)], Deadline::after(PATIENCE)).unwrap();
    (cat, pipe)
}

/// This many random bytes.
pub(crate) fn random_bytes(len: usize) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(len);
    File::open("/dev/urandom").unwrap().take(len as u64).read_to_end(&mut bytes).unwrap();
    bytes
}

/// Compares bytes and says where they differ.
pub(crate) fn same(what: &str, got: &[u8], want: &[u8]) -> Result<(), String> {
    if got == want {
        return Ok(());
    }
    let at =
        got.iter().zip(want).position(|(got, want)| got != want).unwrap_or_else(|| got.len().min(want.len()));
    Err(format!("{what}: {} bytes instead of {}, different from byte {at}", got.len(), want.len()))
}

/// Does all of `jobs`, `at_once` at a time, and fails with everything that failed.
pub(crate) fn all<T: Send>(jobs: Vec<T>, at_once: usize, job: impl Fn(T) -> Result<(), String> + Sync) {
    let count = jobs.len();
    let jobs = Mutex::new(jobs.into_iter());
    let failures = Mutex::new(Vec::new());
    std::thread::scope(|threads| {
        for _ in 0..at_once {
            threads.spawn(|| {
                loop {
                    let next = jobs.lock().unwrap().next();
                    let Some(next) = next else { return };
                    if let Err(failure) = job(next) {
                        failures.lock().unwrap().push(failure);
                    }
                }
            });
        }
    });
    let failures = failures.into_inner().unwrap();
    let mut text = String::new();
    for failure in &failures {
        let _ = writeln!(text, "- {failure}");
    }
    assert!(failures.is_empty(), "{} of {count} failed:\n{text}", failures.len());
}
