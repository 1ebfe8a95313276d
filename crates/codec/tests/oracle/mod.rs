//! What the differential tests share: a seeded generator, and a peer that answers line by line.
#![allow(dead_code, reason = "each test file uses its part")]

use std::io::{ErrorKind, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Mutex;

/// Tools whose absence has been reported.
static SAID: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// Runs a tool in a directory on the input and returns its output; nothing when it is not installed, which is a
/// visible skip for a user and a failure where `CI` is set.
pub(crate) fn run(tool: &str, arguments: &[&str], directory: &Path, input: &[u8]) -> Option<Vec<u8>> {
    let child = Command::new(tool)
        .args(arguments)
        .current_dir(directory)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn();
    let mut child = match child {
        Ok(child) => child,
        // What lies in another user's home is not there for an ordinary user; the tests of root have run it.
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::PermissionDenied) => {
            let is_missing = error.kind() == ErrorKind::NotFound;
            assert!(
                !is_missing || std::env::var_os("CI").is_none(),
                "{tool} is not installed, and CI must have it"
            );
            let mut said = SAID.lock().unwrap();
            if !said.iter().any(|already| already == tool) {
                said.push(tool.to_owned());
                // Not `eprintln!`, which the harness hides when the test passes.
                writeln!(
                    std::io::stderr(),
                    "skipped: {tool} is not there for this user, nothing to compare with"
                )
                .unwrap();
            }
            return None;
        }
        Err(error) => panic!("{tool} does not start: {error}"),
    };
    let mut stdin = child.stdin.take().unwrap();
    let output = std::thread::scope(|scope| {
        // Beside the reader: both pipes fill. A tool that has enough may close its end.
        scope.spawn(move || stdin.write_all(input).ok());
        child.wait_with_output().unwrap()
    });
    assert!(output.status.success(), "{tool} {arguments:?} failed");
    Some(output.stdout)
}

/// Asks a Python program questions of one line each, and returns an answer of one line for each.
pub(crate) fn ask_python(program: &str, questions: &[String]) -> Option<Vec<String>> {
    let mut input = questions.join("\n");
    input.push('\n');
    let output = run("python3", &["-c", program], Path::new("."), input.as_bytes())?;
    let answers: Vec<String> = String::from_utf8(output).unwrap().lines().map(str::to_owned).collect();
    assert_eq!(answers.len(), questions.len(), "python3 answered {:?} last", answers.last());
    Some(answers)
}

/// SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, 2014).
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below the bound.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(bound).unwrap()).unwrap()
    }

    /// True once in so many times.
    pub(crate) fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    pub(crate) fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }

    pub(crate) fn byte(&mut self) -> u8 {
        self.next().to_le_bytes()[0]
    }

    /// Bytes of a length below the bound, of any values or only of those given.
    pub(crate) fn bytes(&mut self, bound: usize, from: &[u8]) -> Vec<u8> {
        (0..self.below(bound)).map(|_| if from.is_empty() { self.byte() } else { self.pick(from) }).collect()
    }
}
