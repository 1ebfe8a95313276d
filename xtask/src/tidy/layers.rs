//! A protocol knows what is below it, never what is above.
//!
//! In `wire/src/stack` a protocol is a file, or a folder once it outgrows one. The list in `stack.rs` names them all, from the
//! bottom up: a protocol may name those before it, as a module or as a variant of `Id`; what it carries is a number, and
//! `stack.rs` says whose. Files outside `stack/` serve all protocols and name none, but for `lib.rs`, the table of contents. A
//! name that `lib.rs` re-exports counts as its protocol's. Tests are free.

use std::collections::BTreeMap;

use super::Finding;
use super::tree::{File, Tree};
use crate::source::Source;

/// The one file that knows every protocol; the folder of the same name holds them.
const STACK: &str = "stack";

const WHY: &str = "a protocol that knows the one above it cannot be told, tested or replaced without it";

/// A protocol of the list.
struct Protocol {
    /// Its variant of `Id`.
    id: String,
    module: String,
}

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let wire = tree.crates.iter().find(|krate| krate.name == "wire");
    let files: Vec<&File> = wire.into_iter().flat_map(|krate| &krate.files).collect();
    let list = files.iter().find(|file| file.below_src() == Some("stack.rs"));
    let list = list.map(|file| protocols(&file.source)).unwrap_or_default();
    let exports = exports(&files);
    let mut findings = Vec::new();
    for file in files {
        let Some(below) = file.below_src() else { continue };
        if below == "lib.rs" || below == "stack.rs" {
            continue;
        }
        let own = below.strip_prefix("stack/").map(|rest| rest.split('/').next().unwrap_or(rest));
        let own = own.map(|module| module.trim_end_matches(".rs"));
        let rung = own.and_then(|own| list.iter().position(|protocol| protocol.module == own));
        if let (Some(own), None) = (own, rung) {
            findings.push(Finding {
                file: file.path.clone(),
                line: 1,
                rule: "layers",
                what: format!("{own} is not in the list of protocols"),
                why: "its place there says whom it may know",
                fix: format!("give it a line in {STACK}.rs"),
            });
            continue;
        }
        findings.extend(check_file(file, below, own.zip(rung), &list, &exports));
    }
    findings
}

/// Checks the paths of a file; `own` is the protocol that it is, with its place in the list.
fn check_file(
    file: &File,
    below: &str,
    own: Option<(&str, usize)>,
    list: &[Protocol],
    exports: &BTreeMap<String, Vec<String>>,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    for path in file.source.paths().iter().filter(|path| file.product(path.at)) {
        let is_variant = path.segments.first().is_some_and(|first| first == "Id");
        let theirs = if is_variant {
            // Serving all protocols may take naming what is none: padding.
            own.and_then(|_| list.iter().position(|protocol| path.segments.get(1) == Some(&protocol.id)))
        } else {
            let Some(from_root) = from_root(&path.segments, below, &file.source, path.at) else { continue };
            let exported = from_root.first().and_then(|first| exports.get(first));
            let module = match exported.unwrap_or(&from_root).as_slice() {
                [stack, module, ..] if stack == STACK => module,
                _ => continue,
            };
            list.iter().position(|protocol| protocol.module == *module)
        };
        let Some((theirs, target)) = theirs.and_then(|at| Some((at, list.get(at)?))) else { continue };
        if own.is_some_and(|(_, own)| theirs <= own) {
            continue;
        }
        let who = own.map_or_else(|| below.trim_end_matches(".rs"), |(own, _)| own);
        let relation = if own.is_some() { "above it" } else { "a protocol, which this file is not" };
        findings.push(Finding {
            file: file.path.clone(),
            line: file.source.line(path.at),
            rule: "layers",
            what: format!("{who} names {}, {relation}", target.module),
            why: WHY,
            fix: format!("let {STACK}.rs say who follows whom"),
        });
    }
    findings
}

/// Reads the list: `Id = module …;` in `stack! { … }`.
fn protocols(source: &Source) -> Vec<Protocol> {
    let Some(start) = (0..source.len()).find(|at| source.follows(*at, &["stack", "!", "{"])) else {
        return Vec::new();
    };
    let end = source.close(start + 2);
    let rows =
        (start + 3..end).filter(|at| source.is_word(*at) && source.is(at + 1, "=") && source.is_word(at + 2));
    rows.map(|at| Protocol { id: source.text(at).to_owned(), module: source.text(at + 2).to_owned() })
        .collect()
}

/// Returns the segments of `path` as seen from the crate's root, if the path is one into the crate.
fn from_root(path: &[String], below: &str, source: &Source, at: usize) -> Option<Vec<String>> {
    if path.first().is_some_and(|first| first == "crate") {
        return path.get(1..).map(<[String]>::to_vec);
    }
    let ups = path.iter().take_while(|segment| *segment == "super").count();
    if ups == 0 {
        return None;
    }
    // The modules that the code at `at` is in: those of the file, and those written out in it.
    let stem = below.trim_end_matches(".rs").trim_end_matches("/mod");
    let mut modules: Vec<String> = stem.split('/').map(str::to_owned).collect();
    for start in 0..at {
        if source.is(start, "mod") && source.is(start + 2, "{") && source.close(start + 2) > at {
            modules.push(source.text(start + 1).to_owned());
        }
    }
    modules.truncate(modules.len().checked_sub(ups)?);
    modules.extend(path.iter().skip(ups).cloned());
    Some(modules)
}

/// Returns the names that `lib.rs` re-exports, each with the path it comes from.
fn exports(files: &[&File]) -> BTreeMap<String, Vec<String>> {
    let root = files.iter().filter(|file| file.below_src() == Some("lib.rs"));
    let mut exports = BTreeMap::new();
    for path in root.flat_map(|file| file.source.paths()) {
        let inside = path.segments.iter().filter(|segment| !["self", "crate"].contains(&segment.as_str()));
        if let Some(name) = path.binds {
            exports.insert(name, inside.cloned().collect());
        }
    }
    exports
}
