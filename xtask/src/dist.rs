//! `cargo xtask dist`: the one static file that is given away.
//!
//! Built for musl where that target is there or can be added, else with glibc linked statically. Then held
//! against what is promised: no loader needed, at most [`MOST_BYTES`], and its size and start-up time are printed.
//! Time is shown and not judged: it says as much about the machine as about the program.

use std::env::consts::ARCH;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::elf;

const PACKAGE: &str = "jackfield-cli";
const BINARY: &str = "jack";
const MOST_BYTES: u64 = 8_000_000;
const STARTS: usize = 50;

pub(crate) fn run() -> Result<()> {
    let musl = format!("{ARCH}-unknown-linux-musl");
    let (target, flags) = if has_target(&musl)? || add_target(&musl) {
        (musl, None)
    } else {
        println!("dist: no {musl} here; linking glibc statically");
        (format!("{ARCH}-unknown-linux-gnu"), Some("-C target-feature=+crt-static"))
    };
    let program = build(&target, flags)?;
    let bytes = fs::read(&program).with_context(|| format!("reading {}", program.display()))?;
    if let Some(loader) =
        elf::interpreter(&bytes).with_context(|| format!("reading {}", program.display()))?
    {
        bail!("dist: {} is not static: it asks for {loader}", program.display());
    }
    let size = u64::try_from(bytes.len())?;
    let (median, words) = start_up(&program)?;
    println!("dist: {}", program.display());
    println!("dist: static, {target}; says {words:?}");
    println!(
        "dist: {size} bytes (at most {MOST_BYTES}), `{BINARY} --version` in {median:.2?}, median of {STARTS}"
    );
    if size > MOST_BYTES {
        bail!("dist: {size} bytes are {} too many; find what grew with `cargo bloat`", size - MOST_BYTES);
    }
    Ok(())
}

/// Says whether the toolchain in use has the standard library for `target`.
fn has_target(target: &str) -> Result<bool> {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(rustc).args(["--print", "sysroot"]).output().context("asking rustc")?;
    let sysroot = String::from_utf8(output.stdout).context("reading rustc's answer")?;
    Ok(Path::new(sysroot.trim()).join("lib/rustlib").join(target).join("lib").is_dir())
}

/// Asks rustup for `target`; says whether it came.
fn add_target(target: &str) -> bool {
    let added = Command::new("rustup").args(["target", "add", target]).stdin(Stdio::null()).status();
    added.is_ok_and(|status| status.success())
}

/// Builds the program; returns its path.
fn build(target: &str, flags: Option<&str>) -> Result<PathBuf> {
    let mut command = crate::cargo();
    command.args(["build", "--release", "--message-format=json-render-diagnostics"]);
    command.args(["--package", PACKAGE, "--bin", BINARY, "--target", target]);
    if let Some(flags) = flags {
        let given = std::env::var("RUSTFLAGS").unwrap_or_default();
        command.env("RUSTFLAGS", format!("{given} {flags}").trim());
    }
    let messages = crate::artifacts::messages(&mut command)?;
    let program = messages.into_iter().rfind(|of| of.kind == "bin" && of.name == BINARY);
    Ok(program.context("cargo built no program")?.executable)
}

/// Starts the program some times; returns the median time and what it says.
fn start_up(program: &Path) -> Result<(Duration, String)> {
    let mut times = Vec::with_capacity(STARTS);
    let mut words = String::new();
    for _ in 0..STARTS {
        let start = Instant::now();
        let output = Command::new(program).arg("--version").stdin(Stdio::null()).output();
        let output = output.with_context(|| format!("starting {}", program.display()))?;
        times.push(start.elapsed());
        if !output.status.success() {
            bail!("dist: `{BINARY} --version` failed, {}", output.status);
        }
        words = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    }
    times.sort();
    Ok((times.get(STARTS / 2).copied().context("no start was timed")?, words))
}
