//! Sockets through the house's door.
//!
//! A socket that std, or a bare `socket(` call, opens would be missing from the trace, and the trace promises to
//! be complete. So product code and examples outside `sys` and `sock` use neither std's networking nor the
//! call; a path `sys::socket(` is such a call, `sock::socket(` is the door. The modules of `sys` that open and use sockets
//! are not named either, so no `use`, alias or function value of theirs can hide a call. `UnixStream::…` is std's wherever it
//! was imported, unless it was from one of ours; a variant `Endpoint::UnixStream` is a name like any other.
//! Address types come from `core::net`. Tests may use `std::net`: they are the other side of the conversation.

use std::collections::BTreeSet;

use super::Finding;
use super::tree::{File, Tree};
use crate::source::{mentions, reaches};

const WHY: &str = "a socket opened here would be missing from the trace";
const MODULES: &[&str] = &["std::net", "std::os::unix::net", "std::os::linux::net", "std::os::android::net"];
const ROOTS: &[&str] = &["sys", "jackfield_sys"];
const OURS: &[&str] = &["socket", "message", "link", "rights"];
const TYPES: &[&str] = &["UnixStream", "UnixListener", "UnixDatagram"];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let crates = tree.product_crates().filter(|krate| !["sys", "sock"].contains(&krate.name.as_str()));
    crates.flat_map(|krate| &krate.files).flat_map(check_file).collect()
}

fn check_file(file: &File) -> Vec<Finding> {
    let source = &file.source;
    let mut findings = Vec::new();
    let mut lines = BTreeSet::new();
    let standard = mentions(
        source,
        |at| file.shown(at),
        |path| {
            let module = MODULES.iter().any(|module| reaches(path, module));
            let bare = path.len() > 1 && path.first().is_some_and(|first| TYPES.contains(&first.as_str()));
            let ours = ROOTS
                .iter()
                .any(|root| OURS.iter().any(|module| reaches(path, &format!("{root}::{module}"))));
            (module || bare || ours).then(|| path.join("::"))
        },
    );
    for (at, what) in standard {
        // A `use` of several types is one breach.
        if lines.insert(source.line(at)) {
            let fix = "use sock::Socket (address types: core::net)";
            findings.push(finding(file, source.line(at), what, fix));
        }
    }
    for at in 0..source.len() {
        let call = source.is(at, "socket") && source.is(at + 1, "(");
        let defined = source.after(at, "fn") || source.after(at, ".");
        if call && !defined && file.shown(at) && past_the_door(file, at) && lines.insert(source.line(at)) {
            findings.push(finding(
                file,
                source.line(at),
                "a bare socket(…) call".to_owned(),
                "use sock::Socket",
            ));
        }
    }
    findings
}

/// Says whether the function called at `at` is given without a path, or with one into `sys`.
fn past_the_door(file: &File, at: usize) -> bool {
    let source = &file.source;
    let mut first = at;
    while source.after(first, "::") && first >= 2 && source.is_word(first - 2) {
        first -= 2;
    }
    first == at || ["sys", "jackfield_sys", "libc"].iter().any(|root| source.is(first, root))
}

fn finding(file: &File, line: usize, what: String, fix: &str) -> Finding {
    Finding { file: file.path.clone(), line, rule: "sockets", what, why: WHY, fix: fix.to_owned() }
}
