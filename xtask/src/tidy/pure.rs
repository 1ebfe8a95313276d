//! Pure crates: bytes in, bytes out.
//!
//! What `wire`, `codec`, `pcap` and `filter` answer depends on their arguments alone, so it can be tested,
//! fuzzed and run anywhere. They open no file and no socket, start no thread or process, read no clock and no
//! environment, and keep no global; a path is only a name to them, of which no method asks the disk. `Read`, `Write`, `Duration` and `core::net` addresses are fine. Asking
//! which CPU this is, and remembering it, is allowed in `codec/src/simd`. Tests are free.

use super::Finding;
use super::tree::{File, Tree};
use crate::source::{mentions, reaches};

/// The crates this is about.
pub(super) const CRATES: &[&str] = &["wire", "codec", "pcap", "filter"];

const WHY: &str = "a pure crate's answers depend on its arguments alone";

const PATHS: &[(&str, &str)] = &[
    ("std::fs", "take a Read or Write"),
    ("std::env", "take the value as an argument"),
    ("std::net", "take bytes (address types: core::net)"),
    ("std::os::fd", "take a Read or Write"),
    ("std::os::linux", "take a Read or Write"),
    ("std::os::unix::fs", "take a Read or Write"),
    ("std::os::unix::io", "take a Read or Write"),
    ("std::os::unix::net", "take a Read or Write"),
    ("std::os::unix::process", "return an error; the caller starts and ends processes"),
    ("std::process", "return an error; the caller starts and ends processes"),
    ("std::thread", "let the caller run threads"),
    ("std::time::Instant", "take the time as an argument"),
    ("std::time::SystemTime", "take the time as an argument"),
    ("std::time::UNIX_EPOCH", "take the time as an argument"),
    ("std::io::stdin", "take a Read"),
];

/// Methods of a path that ask the file system.
const ASKING: &[&str] = &[
    "canonicalize",
    "exists",
    "is_dir",
    "is_file",
    "is_symlink",
    "read_dir",
    "read_link",
    "symlink_metadata",
    "try_exists",
];

const CELLS: &[&str] = &[
    "Mutex",
    "RwLock",
    "OnceLock",
    "OnceCell",
    "LazyLock",
    "LazyCell",
    "Cell",
    "RefCell",
    "UnsafeCell",
    "Once",
];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let crates = tree.product_crates().filter(|krate| CRATES.contains(&krate.name.as_str()));
    crates.flat_map(|krate| &krate.files).flat_map(check_file).collect()
}

fn check_file(file: &File) -> Vec<Finding> {
    let source = &file.source;
    let mut findings = Vec::new();
    let mut report = |at: usize, what: String, fix: &str| {
        let line = source.line(at);
        let fix = fix.to_owned();
        findings.push(Finding { file: file.path.clone(), line, rule: "pure", what, why: WHY, fix });
    };
    let paths = mentions(
        source,
        |at| file.product(at),
        |path| PATHS.iter().find(|(banned, _)| reaches(path, banned)).map(|(_, fix)| (path.join("::"), *fix)),
    );
    for (at, (what, fix)) in paths {
        report(at, what, fix);
    }
    let simd = file.path.starts_with("crates/codec/src/simd");
    for at in (0..source.len()).filter(|&at| file.product(at)) {
        if source.is(at, "static") {
            if let Some(what) = global(file, at).filter(|_| !simd) {
                report(at, what, "keep the state in a value that the caller owns");
            }
        } else if ["thread_local", "lazy_static"].iter().any(|name| source.is(at, name))
            && source.is(at + 1, "!")
        {
            report(at, format!("{}!", source.text(at)), "keep the state in a value that the caller owns");
        } else if source.is_word(at) && ASKING.contains(&source.text(at)) && asks(file, at) {
            report(at, format!("{} of a path", source.text(at)), "take a Read or Write");
        } else if source.is_word(at) && source.text(at).ends_with("_feature_detected") && !simd {
            report(at, source.text(at).to_owned(), "ask for the CPU in codec/src/simd alone");
        }
    }
    findings
}

/// Says whether the name at `at` is called as a method, or is taken from `Path` or `PathBuf`.
fn asks(file: &File, at: usize) -> bool {
    let source = &file.source;
    let method = source.after(at, ".") && source.is(at + 1, "(");
    let of_path =
        source.after(at, "::") && at >= 2 && ["Path", "PathBuf"].iter().any(|name| source.is(at - 2, name));
    method || of_path
}

/// Says what is global about the `static` at `at`: it is `mut`, or its type can change inside.
fn global(file: &File, at: usize) -> Option<String> {
    let source = &file.source;
    if source.is(at + 1, "mut") {
        return Some(format!("static mut {}", source.text(at + 2)));
    }
    let ends = (at..source.len()).find(|&end| source.is(end, "=") || source.is(end, ";"))?;
    let cell = (at..ends).find(|&at| {
        let word = source.text(at);
        source.is_word(at) && (CELLS.contains(&word) || word.starts_with("Atomic"))
    })?;
    Some(format!("the global {} of type {}", source.text(at + 1), source.text(cell)))
}
