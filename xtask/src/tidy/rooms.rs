//! `unsafe` and `libc` in their rooms.
//!
//! `sys` is where both live; the SIMD kernels in `codec/src/simd/` are the one other room for `unsafe`. So a
//! reader who looks for what could break memory safety, or for a system call, has one place to read. Tests and
//! examples are held to it too. Every other crate root says `#![forbid(unsafe_code)]`, which no inner
//! attribute can lift; `codec` may say `deny`, which its one room lifts.

use super::tree::{Area, File, Tree};
use super::{Finding, tree::Crate};

const WHY: &str = "what can break memory safety, and every system call, is in one place to read";

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for krate in tree.crates.iter().filter(|krate| krate.name != "sys") {
        for file in &krate.files {
            for at in 0..file.source.len() {
                let room = krate.name == "codec" && is_simd(file);
                let (what, fix) = if file.source.is(at, "libc") {
                    ("libc", "let sys do the call and give a safe function")
                } else if file.source.is(at, "unsafe") && !room {
                    ("unsafe", "move it to sys (a SIMD kernel: to codec/src/simd/) behind a safe function")
                } else {
                    continue;
                };
                findings.push(finding(file, file.source.line(at), format!("{what} outside its room"), fix));
            }
            if is_root(file) && !forbids(krate, file) {
                let what = "this crate root does not forbid unsafe code".to_owned();
                findings.push(finding(file, 1, what, "write #![forbid(unsafe_code)] at its head"));
            }
        }
    }
    findings
}

/// The SIMD room: the folder and its module file.
fn is_simd(file: &File) -> bool {
    file.below_src().is_some_and(|below| below == "simd.rs" || below.starts_with("simd/"))
}

fn is_root(file: &File) -> bool {
    file.area == Area::Product
        && file.below_src().is_some_and(|below| match below.strip_prefix("bin/") {
            Some(binary) => !binary.contains('/') || binary.ends_with("/main.rs"),
            None => below == "lib.rs" || below == "main.rs",
        })
}

fn forbids(krate: &Crate, file: &File) -> bool {
    let source = &file.source;
    (0..source.len()).any(|at| {
        let level = source.follows(at, &["#", "!", "["])
            && (source.is(at + 3, "forbid") || (krate.name == "codec" && source.is(at + 3, "deny")));
        level && (at..source.close(at + 2)).any(|inside| source.is(inside, "unsafe_code"))
    })
}

fn finding(file: &File, line: usize, what: String, fix: &str) -> Finding {
    Finding { file: file.path.clone(), line, rule: "rooms", what, why: WHY, fix: fix.to_owned() }
}
