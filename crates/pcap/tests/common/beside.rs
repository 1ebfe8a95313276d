//! Captures beside the checkout, and the tools that are asked about captures: for the tests of `pcap` and of `capture`.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// Says that a test is skipped; where CI is set nothing may be missing.
pub(crate) fn skipped(why: &str) {
    assert!(std::env::var_os("CI").is_none(), "{why}");
    eprintln!("skipped: {why}");
}

/// Returns the folder of captures beside the checkout; `None` when it is not there, which is said.
pub(crate) fn captures() -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    // Beside the checkout, or beside the folder that holds it and its worktrees.
    let found = root.ancestors().map(|up| up.join("shared/captures")).find(|folder| folder.is_dir());
    if found.is_none() {
        skipped("../shared/captures is not there");
    }
    found
}

/// Returns the capture files below a folder, in order.
pub(crate) fn files(folder: &Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            match path.extension().and_then(|extension| extension.to_str()) {
                _ if path.is_dir() => folders.push(path),
                Some("pcap" | "pcapng") => all.push(path),
                _ => {}
            }
        }
    }
    all.sort();
    all
}

/// Runs a tool on a file; `None` when the tool is not there, which is said.
pub(crate) fn run(tool: &str, arguments: &[&str], file: &Path) -> Option<Output> {
    // In a time zone of its own the tools' times would differ.
    match Command::new(tool).args(arguments).arg(file).env("TZ", "UTC").output() {
        Ok(output) => Some(output),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            skipped(&format!("{tool} is not installed"));
            None
        }
        Err(error) => panic!("{tool}: {error}"),
    }
}
