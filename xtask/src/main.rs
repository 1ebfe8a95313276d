//! `cargo xtask`: the tasks of the house.
#![forbid(unsafe_code)]
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program of the developers, with words for them"
)]

mod artifacts;
mod as_user;
mod dist;
mod elf;
mod soak;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, bail};
use xtask::tidy;

const USAGE: &str = "\
usage: cargo xtask TASK

  tidy [FOLDER]         hold the tree against the house rules
  dist                  build the static program; check that it is, and how big
  soak [NAME]           run a long test; without a name, list them
  as-user [ARGUMENT…]   run the workspace's test binaries as an ordinary user, with these arguments";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match arguments.as_slice() {
        ["tidy"] => run_tidy(&root()),
        ["tidy", folder] => run_tidy(Path::new(folder)),
        ["dist"] => dist::run(),
        ["soak"] => {
            soak::list();
            Ok(())
        }
        ["soak", name] => soak::run(name),
        ["as-user", arguments @ ..] => as_user::run(arguments),
        ["help" | "-h" | "--help"] => {
            println!("{USAGE}");
            Ok(())
        }
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

fn run_tidy(root: &Path) -> Result<()> {
    let tree = tidy::Tree::load(root).context("tidy")?;
    let findings = tidy::run(&tree);
    for finding in &findings {
        println!("{finding}");
    }
    let (crates, files) = (tree.crate_count(), tree.file_count());
    if crates == 0 {
        bail!("tidy: {} holds no crates", root.display());
    }
    if !findings.is_empty() {
        bail!("tidy: {} findings in {crates} crates, {files} files", findings.len());
    }
    println!("tidy: {} checks pass on {crates} crates, {files} files", tidy::CHECKS.len());
    Ok(())
}

/// Returns the workspace's root: that of the cargo that runs us, for a program built in one checkout may be run in another
/// that shares its target directory.
fn root() -> PathBuf {
    let package = std::env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| env!("CARGO_MANIFEST_DIR").into(), PathBuf::from);
    package.parent().map(Path::to_owned).unwrap_or_default()
}

/// Returns the cargo that started this program, to be run in the workspace's root.
fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root());
    command
}
