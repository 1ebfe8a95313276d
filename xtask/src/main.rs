//! `cargo xtask`: the tasks of the house.
#![forbid(unsafe_code)]
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program of the developers, with words for them"
)]

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use xtask::tidy;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match arguments.as_slice() {
        ["tidy"] => run_tidy(&root()),
        ["tidy", folder] => run_tidy(Path::new(folder)),
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

const USAGE: &str = "\
usage: cargo xtask TASK

  tidy [FOLDER]    hold the tree against the house rules";

fn run_tidy(root: &Path) -> Result<()> {
    let tree = tidy::Tree::load(root).context("tidy")?;
    let findings = tidy::run(&tree);
    for finding in &findings {
        println!("{finding}");
    }
    let (crates, files) = (tree.crate_count(), tree.file_count());
    if !findings.is_empty() {
        bail!("tidy: {} breaches of the house rules in {crates} crates, {files} files", findings.len());
    }
    println!("tidy: {} checks pass on {crates} crates, {files} files", tidy::CHECKS.len());
    Ok(())
}

/// Returns the workspace's root.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map(Path::to_owned).unwrap_or_default()
}
