//! Libraries are silent.
//!
//! A library gives data back; the face decides what of it is printed, where, in which colour and language. So
//! no crate but `cli` prints, asks for stdout or stderr, or parses arguments. Tests, benches and examples may
//! print.

use super::Finding;
use super::tree::{File, Tree};
use crate::source::{Kind, mentions, reaches};

const WHY: &str = "a library gives data back, a face shows it";
const MACROS: &[&str] = &["print", "println", "eprint", "eprintln", "dbg"];
const STREAMS: &[&str] =
    &["std::io::stdout", "std::io::stderr", "std::io::Stdout", "std::io::Stderr", "std::io::_print"];
const FACE_CRATES: &[&str] = &["clap", "clap_complete", "clap_mangen", "anstream", "anstyle", "indicatif"];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let crates = tree.product_crates().filter(|krate| krate.name != "cli");
    crates.flat_map(|krate| &krate.files).flat_map(check_file).collect()
}

fn check_file(file: &File) -> Vec<Finding> {
    let source = &file.source;
    let mut found = mentions(
        source,
        |at| file.product(at),
        |path| {
            let stream = STREAMS.iter().find(|banned| reaches(path, banned));
            let krate = path.first().filter(|first| FACE_CRATES.contains(&first.as_str()));
            stream.map(|_| path.join("::")).or_else(|| krate.map(|_| path.join("::")))
        },
    );
    for at in (0..source.len()).filter(|&at| file.product(at) && source.kind(at) == Some(Kind::Word)) {
        let opens = ["(", "[", "{"].iter().any(|open| source.is(at + 2, open));
        if MACROS.contains(&source.text(at)) && source.is(at + 1, "!") && opens {
            found.push((at, format!("{}!", source.text(at))));
        }
    }
    let finding = |(at, what)| Finding {
        file: file.path.clone(),
        line: source.line(at),
        rule: "printing",
        what,
        why: WHY,
        fix: "return it, or write to a sink that the caller hands in".to_owned(),
    };
    found.into_iter().map(finding).collect()
}
