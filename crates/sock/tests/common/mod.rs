//! What several of these files share: an observer that keeps what it is told, a skip that is seen, where the source of
//! the libc crate lies, and how to know that a thread sleeps in a call.
//!
//! The door's own tests are in `jackfield-sys`; here events are only the way to look at what a call did.

#![allow(dead_code, reason = "each file uses its own part")]
#![allow(unreachable_pub, reason = "a module of several test binaries")]

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use jackfield_sock::{Family, Mode, Op, Protocol, Socket, Type};
use sys::door::{Event, Observer, observe_here};

/// Keeps the events of a thread in the order in which they ended.
#[derive(Default)]
pub struct Notes(Mutex<Vec<Event>>);

impl Notes {
    /// Runs `body` and returns with its result the events of this thread.
    pub fn of<R>(body: impl FnOnce() -> R) -> (R, Vec<Event>) {
        let notes = Arc::new(Self::default());
        let watch = observe_here(notes.clone());
        let result = body();
        drop(watch);
        (result, notes.events())
    }

    /// Returns what was told so far.
    pub fn events(&self) -> Vec<Event> {
        self.0.lock().unwrap().clone()
    }
}

impl Observer for Notes {
    fn happened(&self, event: &Event) {
        self.0.lock().unwrap().push(event.clone());
    }
}

/// Says on the terminal, past the test harness, what this machine does not let us test.
pub fn skip(why: &str) {
    std::io::stderr().write_all(format!("skipped: {why}\n").as_bytes()).unwrap();
}

/// Finds the source of the version of libc that the workspace uses, where cargo unpacks it. Skips where it is not, but
/// fails in CI.
pub fn libc_source() -> Option<PathBuf> {
    let found = find_libc_source();
    if found.is_none() {
        let by_cargo_in_ci = ["CI", "CARGO"].iter().all(|name| std::env::var_os(name).is_some());
        assert!(!by_cargo_in_ci, "the source of libc must be there in CI");
        skip("the source of the libc crate is not where cargo keeps it for this user");
    }
    found
}

fn find_libc_source() -> Option<PathBuf> {
    let lock = include_str!("../../../../Cargo.lock");
    let (_, after) = lock.split_once("name = \"libc\"\nversion = \"")?;
    let (version, _) = after.split_once('"')?;
    let home = std::env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| std::env::var_os("HOME").map(|home| Path::new(&home).join(".cargo")))?;
    let registries = std::fs::read_dir(home.join("registry/src")).ok()?;
    registries
        .flatten()
        .map(|entry| entry.path().join(format!("libc-{version}/src")))
        .find(|source| source.is_dir())
}

/// Reads the constants of libc's source that Linux has, whatever the machine and the C library: each name with what
/// stands behind its `=`, as often as it is defined.
pub fn constants_of_linux(source: &Path, prefixes: &[&str]) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders: Vec<PathBuf> =
        ["unix/linux_like", "new/linux_uapi", "new/common/linux_like", "new/glibc", "new/musl"]
            .map(|folder| source.join(folder))
            .into();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if ["android", "emscripten", "l4re"].iter().any(|other| path.to_string_lossy().contains(other)) {
                continue;
            }
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                found.extend(text.lines().filter_map(constant));
            }
        }
    }
    found.retain(|(name, _)| prefixes.iter().any(|prefix| name.starts_with(prefix)));
    found
}

/// Reads `pub const MSG_OOB: c_int = 0x1;`.
fn constant(line: &str) -> Option<(String, String)> {
    let line = line.trim_start();
    let line = line.strip_prefix("pub ").unwrap_or(line).strip_prefix("const ")?;
    let (name, rest) = line.split_once(':')?;
    let value = rest.split_once('=').map_or("", |(_, value)| value);
    Some((name.to_owned(), value.trim_end_matches(';').trim().to_owned()))
}

/// Returns this thread's number.
pub fn thread_number() -> i32 {
    // proc(5): the link's last part is the number of the thread that reads it.
    let own = std::fs::read_link("/proc/thread-self").unwrap();
    own.file_name().unwrap().to_str().unwrap().parse().unwrap()
}

/// Waits until a thread of this process sleeps in the system call of an operation.
pub fn wait_until_in(thread: i32, op: Op) {
    wait_until_in_or(thread, op, || false);
}

/// Waits until a thread of this process sleeps in the system call of an operation, or until `done`. Source:
/// `proc_pid_syscall(5)`.
pub fn wait_until_in_or(thread: i32, op: Op, done: impl Fn() -> bool) {
    let (name, number) = op.syscall().unwrap();
    let began = Instant::now();
    while !done() {
        // "running", or the number of the call that it sleeps in, and its arguments.
        let now = std::fs::read_to_string(format!("/proc/self/task/{thread}/syscall")).unwrap();
        if now.split(' ').next() == Some(&number.to_string()) {
            return;
        }
        assert!(began.elapsed() < Duration::from_secs(60), "not in {name} after a minute, but {now}");
        std::thread::yield_now();
    }
}

/// Sends a signal, to a thread if the number is one's.
pub fn kill(signal: &str, number: i32) {
    let sent = Command::new("kill").args([signal, &number.to_string()]).status().unwrap();
    assert!(sent.success());
}

/// Fills the queue of a listener on loopback, so that who connects waits; returns what fills it. Once it is full, the
/// kernel does not answer.
pub fn fill(listener: &Socket) -> Vec<Socket> {
    let address = listener.getsockname().unwrap();
    let family = Family(address.family());
    let patience = Mode::Timeout(Duration::from_millis(40));
    let mut waiting = Vec::new();
    loop {
        let client = Socket::open_with(family, Type::STREAM, Protocol::DEFAULT, patience).unwrap();
        if client.connect(&address).is_err() {
            return waiting;
        }
        waiting.push(client);
        assert!(waiting.len() < 64, "the queue has no end");
    }
}
