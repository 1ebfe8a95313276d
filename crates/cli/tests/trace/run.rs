//! Runs of `jack`, untraced, traced and under strace(1), with the peers of the tests around them.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread::JoinHandle;
use std::time::Duration;

use serde_json::Value;

use crate::strace;

/// The program.
pub(crate) const JACK: &str = env!("CARGO_BIN_EXE_jack");
/// How long anything may take before a test fails instead of hanging.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// How a case is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum How {
    /// Without a trace.
    Plain,
    /// `--trace`, on standard error.
    Text,
    /// `--trace=json --trace-file`.
    File,
    /// The same, under strace.
    Strace,
}

impl How {
    pub(crate) const ALL: [Self; 4] = [Self::Plain, Self::Text, Self::File, Self::Strace];
}

/// What came of a run.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Ended {
    pub(crate) stdout: Vec<u8>,
    pub(crate) code: Option<i32>,
}

/// A place for one run's files, and the way in which it is run.
pub(crate) struct Runner {
    pub(crate) how: How,
    folder: tempfile::TempDir,
}

/// A run under way.
pub(crate) struct Running {
    child: Child,
    trace: PathBuf,
    how: How,
    stdout: JoinHandle<Vec<u8>>,
    stderr: Receiver<String>,
}

impl Runner {
    pub(crate) fn new(how: How) -> Self {
        Self { how, folder: tempfile::tempdir().unwrap() }
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    fn trace_file(&self) -> PathBuf {
        self.folder.path().join("trace.json")
    }

    /// Starts `jack` with this standard input, which is then at its end.
    pub(crate) fn start(&self, args: &[&str], input: &[u8]) -> Running {
        let trace = self.trace_file();
        let mut command = match self.how {
            How::Strace => {
                let mut command = Command::new("strace");
                command.args(strace::FLAGS).arg("-o").arg(self.folder.path().join("strace")).arg(JACK);
                command
            }
            _ => Command::new(JACK),
        };
        command.args(args);
        match self.how {
            How::Plain => {}
            How::Text => drop(command.arg("--trace")),
            How::File | How::Strace => drop(command.arg("--trace=json").arg("--trace-file").arg(&trace)),
        }
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        // A job that ends before it has read its input is fine.
        let _ = child.stdin.take().unwrap().write_all(input);
        let mut out = child.stdout.take().unwrap();
        let stdout = std::thread::spawn(move || {
            let mut bytes = Vec::new();
            out.read_to_end(&mut bytes).unwrap();
            bytes
        });
        let (send, stderr) = mpsc::channel();
        let err = BufReader::new(child.stderr.take().unwrap());
        std::thread::spawn(move || {
            for line in err.split(b'\n').map_while(Result::ok) {
                // The test may have seen enough.
                let _ = send.send(String::from_utf8_lossy(&line).into_owned());
            }
        });
        Running { child, trace, how: self.how, stdout, stderr }
    }

    /// Reads the events of the trace file.
    pub(crate) fn events(&self) -> Vec<Value> {
        events(&fs::read_to_string(self.trace_file()).unwrap())
    }

    /// Reads what strace saw.
    pub(crate) fn strace(&self) -> strace::Calls {
        strace::of_strace(&fs::read_to_string(self.folder.path().join("strace")).unwrap())
    }
}

/// Reads JSON lines.
pub(crate) fn events(text: &str) -> Vec<Value> {
    assert!(text.ends_with('\n'), "the last line is whole");
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}")))
        .collect()
}

impl Running {
    /// Waits until the job says where it listens; returns that address.
    pub(crate) fn listening(&self) -> String {
        loop {
            let line = self.stderr.recv_timeout(PATIENCE).unwrap();
            if let Some((_, rest)) = line.split_once("jack: listening on ") {
                return rest.split(" (").next().unwrap().to_owned();
            }
        }
    }

    /// Presses Ctrl-C.
    pub(crate) fn interrupt(&self) {
        let process = match self.how {
            // strace's child is the one that makes the first call.
            How::Strace => {
                let trace = fs::read_to_string(&self.trace).unwrap();
                let first: Value = serde_json::from_str(trace.lines().next().unwrap()).unwrap();
                first["thread"].to_string()
            }
            _ => self.child.id().to_string(),
        };
        let sent = Command::new("sh").args(["-c", "kill -INT \"$0\"", &process]).status().unwrap();
        assert!(sent.success());
    }

    /// Waits for the end.
    pub(crate) fn ended(mut self) -> Ended {
        let stdout = self.stdout.join().unwrap();
        Ended { stdout, code: self.child.wait().unwrap().code() }
    }

    /// Waits for the end; returns the words on standard error, too.
    pub(crate) fn ended_with_words(mut self) -> (Ended, String) {
        let stdout = self.stdout.join().unwrap();
        let code = self.child.wait().unwrap().code();
        let words: Vec<_> = self.stderr.iter().collect();
        (Ended { stdout, code }, words.join("\n"))
    }
}

/// Says that something is not tested here, also where output is captured.
pub(crate) fn skip(why: &str) {
    std::io::stderr().write_all(format!("skipped: {why}\n").as_bytes()).unwrap();
}

/// Tells whether strace can trace here.
pub(crate) fn has_strace() -> bool {
    let works = Command::new("strace").args(["-o", "/dev/null", "true"]).output();
    let works = works.is_ok_and(|output| output.status.success());
    if !works {
        assert!(std::env::var_os("CI").is_none(), "strace must be installed, and allowed to trace, in CI");
        skip("strace is not installed, or may not trace");
    }
    works
}
