//! What the tests of the command share: running it with a time limit, links, peers that may be missing, free ports.
//!
//! Each test file takes it in with `#[path = "cmd/support.rs"] mod support;`.

#![allow(dead_code, reason = "not every test file needs all of it")]
#![expect(clippy::print_stderr, reason = "a skip is to be seen")]

use std::io::{Read, Write};
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::{Arc, Condvar, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// Long enough that only a hang reaches it.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// The command under test.
pub(crate) fn jack() -> Command {
    Command::new(env!("CARGO_BIN_EXE_jack"))
}

/// Says that a test cannot run here; where `CI` is set that is a failure.
pub(crate) fn skip(why: &str) {
    assert!(std::env::var_os("CI").is_none(), "missing in CI: {why}");
    eprintln!("skipped: {why}");
}

/// Finds a program in the PATH.
pub(crate) fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|dir| dir.join(program)).find(|file| file.is_file())
}

/// Makes a link `name` to a program in a directory of its own within `dir`, and returns the link.
pub(crate) fn link(dir: &Path, kind: &str, name: &str, program: &Path) -> PathBuf {
    let place = dir.join(kind);
    std::fs::create_dir_all(&place).unwrap();
    let link = place.join(name);
    std::os::unix::fs::symlink(program, &link).unwrap();
    link
}

/// How a process ended: its exit code, 128 + N for a signal, `None` when it had to be killed.
pub(crate) type Code = Option<i32>;

/// What a process said and how it ended.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) code: Code,
    pub(crate) out: Vec<u8>,
    pub(crate) err: Vec<u8>,
    pub(crate) took: Duration,
}

impl Outcome {
    pub(crate) fn out_text(&self) -> String {
        String::from_utf8_lossy(&self.out).into_owned()
    }

    pub(crate) fn err_text(&self) -> String {
        String::from_utf8_lossy(&self.err).into_owned()
    }
}

/// Runs a command to its end with this on standard input, which is then closed.
pub(crate) fn run(command: &mut Command, input: &[u8]) -> Outcome {
    let mut process = Process::start(command);
    process.feed(input);
    process.close_input();
    let outcome = process.finish(PATIENCE);
    assert!(outcome.code.is_some(), "{command:?} hangs: {outcome:?}");
    outcome
}

/// Bytes that a thread gathers while they come.
#[derive(Default)]
pub(crate) struct Gathered {
    bytes: Mutex<(Vec<u8>, bool)>,
    changed: Condvar,
}

impl Gathered {
    fn start(mut from: impl Read + Send + 'static) -> (Arc<Self>, JoinHandle<()>) {
        let gathered = Arc::new(Self::default());
        let mine = Arc::clone(&gathered);
        let thread = std::thread::spawn(move || {
            let mut buffer = [0; 65536];
            loop {
                let got = from.read(&mut buffer).unwrap_or(0);
                let mut state = mine.bytes.lock().unwrap();
                state.0.extend(buffer.iter().take(got));
                state.1 = got == 0;
                mine.changed.notify_all();
                if got == 0 {
                    return;
                }
            }
        });
        (gathered, thread)
    }

    /// Waits until what came so far satisfies a question; `None` at the end or when patience is over.
    pub(crate) fn wait_for<T>(&self, limit: Duration, question: impl Fn(&[u8]) -> Option<T>) -> Option<T> {
        let until = Instant::now() + limit;
        let mut state = self.bytes.lock().unwrap();
        loop {
            if let Some(answer) = question(&state.0) {
                return Some(answer);
            }
            let left = until.saturating_duration_since(Instant::now());
            if state.1 || left.is_zero() {
                return None;
            }
            state = self.changed.wait_timeout(state, left).unwrap().0;
        }
    }

    pub(crate) fn so_far(&self) -> Vec<u8> {
        self.bytes.lock().unwrap().0.clone()
    }
}

/// A process that runs while the test does something; it is killed when the test ends, however it ends.
pub(crate) struct Process {
    pub(crate) child: Child,
    stdin: Option<ChildStdin>,
    pub(crate) out: Arc<Gathered>,
    pub(crate) err: Arc<Gathered>,
    threads: Vec<JoinHandle<()>>,
    began: Instant,
}

impl Process {
    pub(crate) fn start(command: &mut Command) -> Self {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("{command:?}: {error}"));
        let stdin = child.stdin.take();
        let (out, out_thread) = Gathered::start(child.stdout.take().unwrap());
        let (err, err_thread) = Gathered::start(child.stderr.take().unwrap());
        Self { child, stdin, out, err, threads: vec![out_thread, err_thread], began: Instant::now() }
    }

    /// Writes to standard input; a process that has ended does not mind.
    pub(crate) fn feed(&mut self, bytes: &[u8]) {
        if let Some(stdin) = &mut self.stdin {
            let _ = stdin.write_all(bytes).and_then(|()| stdin.flush());
        }
    }

    pub(crate) fn close_input(&mut self) {
        self.stdin = None;
    }

    /// Waits for a line on standard error that begins so, and returns the rest of it.
    pub(crate) fn said(&self, start: &str) -> String {
        let found = self.err.wait_for(PATIENCE, |bytes| rest_of_line(bytes, start));
        found.unwrap_or_else(|| panic!("no {start:?} in {:?}", String::from_utf8_lossy(&self.err.so_far())))
    }

    /// Waits until this has come on standard output.
    pub(crate) fn printed(&self, text: &str) {
        let is_there = |bytes: &[u8]| String::from_utf8_lossy(bytes).contains(text).then_some(());
        let out = || String::from_utf8_lossy(&self.out.so_far()).into_owned();
        self.out.wait_for(PATIENCE, is_there).unwrap_or_else(|| panic!("no {text:?} in {:?}", out()));
    }

    pub(crate) fn signal(&self, name: &str) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-s", name, &pid]).status().unwrap().success());
    }

    /// Waits for the end; after `limit` it is killed and has no exit code.
    pub(crate) fn finish(mut self, limit: Duration) -> Outcome {
        let until = Instant::now() + limit;
        let mut pause = Duration::from_millis(1);
        let status = loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                break Some(status);
            }
            if Instant::now() >= until {
                self.child.kill().unwrap();
                self.child.wait().unwrap();
                break None;
            }
            std::thread::sleep(pause);
            pause = (pause * 2).min(Duration::from_millis(20));
        };
        let took = self.began.elapsed();
        self.stdin = None;
        for thread in self.threads.drain(..) {
            thread.join().unwrap();
        }
        Outcome { code: status.map(code), out: self.out.so_far(), err: self.err.so_far(), took }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn code(status: ExitStatus) -> i32 {
    status.code().or_else(|| status.signal().map(|signal| 128 + signal)).unwrap()
}

fn rest_of_line(bytes: &[u8], start: &str) -> Option<String> {
    let text = String::from_utf8_lossy(bytes);
    let (whole, _) = text.rsplit_once('\n')?;
    whole.lines().find_map(|line| line.strip_prefix(start)).map(str::to_owned)
}

/// Runs a shell script in a network of its own, in which loopback is up and every port is free, also those below 1024.
/// `None` where this machine does not allow it.
pub(crate) fn in_own_network(script: &str) -> Option<Command> {
    let mut test = Command::new("unshare");
    test.args(["-Urn", "sh", "-c", "ip link set lo up"]).stdin(Stdio::null());
    let works = test.output().is_ok_and(|output| output.status.success());
    if !works {
        skip("no network namespace for an ordinary user (unshare -Urn), or no ip");
        return None;
    }
    let mut command = Command::new("unshare");
    command.args(["-Urn", "bash", "-c"]).arg(format!("ip link set lo up\n{script}"));
    Some(command)
}

/// Puts a directory in front of the PATH.
pub(crate) fn path_with(dir: &Path) -> std::ffi::OsString {
    let mut path = dir.as_os_str().to_owned();
    if let Some(rest) = std::env::var_os("PATH") {
        path.push(":");
        path.push(rest);
    }
    path
}

/// Reads a port at the end of a line such as `Listening on 0.0.0.0 4711`.
pub(crate) fn port_at_end(line: &str) -> u16 {
    line.rsplit([' ', ':']).next().and_then(|port| port.parse().ok()).unwrap_or_else(|| panic!("{line:?}"))
}

/// Cuts what a test prints of something long.
pub(crate) fn short(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    text.chars().take(2000).collect()
}

/// Judges what a failure said: one clear line that begins with the command, then at most the reason in one line, and lines
/// with what to do.
#[track_caller]
pub(crate) fn failed(outcome: &Outcome, code: i32, words: &[&str]) {
    let err = outcome.err_text();
    let shown = short(&outcome.err);
    assert_eq!(outcome.code, Some(code), "{shown}");
    assert!(outcome.err.len() < 1024, "{} bytes: {shown}", outcome.err.len());
    let (first, rest) = err.split_once('\n').unwrap_or_else(|| panic!("no line: {shown}"));
    assert!(first.starts_with("jack ") || first.starts_with("jack: "), "{shown}");
    for word in words {
        assert!(first.contains(word), "{word:?} is not in the first line: {shown}");
    }
    assert!(rest.lines().all(|line| line.starts_with("  ")), "{shown}");
    let reasons = rest.lines().take_while(|line| !line.starts_with("  → ")).count();
    assert!(reasons <= 1 && rest.lines().skip(reasons).all(|line| line.starts_with("  → ")), "{shown}");
    for bad in ["panicked", "Error {", "Os {", "os error", "Some(", "code: ", "\x1b", "RUST_BACKTRACE"] {
        assert!(!err.contains(bad), "{bad:?} is in {shown}");
    }
}

/// Judges the lines below the first: the reason and what to do.
#[track_caller]
pub(crate) fn advised(outcome: &Outcome, parts: &[&str]) {
    let err = outcome.err_text();
    let (_, rest) = err.split_once('\n').unwrap_or_else(|| panic!("no line: {err}"));
    for part in parts {
        assert!(rest.contains(part), "{part:?} is not in {rest:?}");
    }
}

/// Runs the command with these words and no input.
pub(crate) fn said(arguments: &[&str]) -> Outcome {
    run(jack().args(arguments), b"")
}

/// Runs a script of bash, in which `$JACK` is the command.
pub(crate) fn shell(script: &str) -> Outcome {
    run(Command::new("bash").args(["-c", script]).env("JACK", env!("CARGO_BIN_EXE_jack")), b"")
}

/// Judges that a job that reads and writes much writes the same bytes when it is traced, and that its calls are seen.
#[track_caller]
pub(crate) fn same_when_traced(words: &[&str], input: &[u8]) {
    let plain = run(jack().args(words), input);
    let traced = run(jack().args(words).arg("--trace=json"), input);
    assert!(plain.out == traced.out && traced.code == Some(0), "{words:?}");
    let said = traced.err_text();
    let count =
        |call: &str| said.lines().filter(|line| line.contains(&format!("\"call\":\"{call}\""))).count();
    assert!(count("read") >= 3 && count("write") >= 2, "{words:?}: {}", short(&traced.err));
}

/// Judges that the plan of a command has the file `some.bin` opened as this descriptor, and read to its end.
#[track_caller]
pub(crate) fn opens_as(command: &[&str], fd: u32) {
    let outcome = run(jack().args(["explain", "--"]).args(command), b"");
    let text = outcome.out_text();
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
    let (open, read) =
        (format!("open(\"some.bin\", O_RDONLY|O_CLOEXEC) = {fd}"), format!("read({fd}, …, 131072) [again]"));
    assert!(text.contains(&open) && text.contains(&read), "{text}");
}
