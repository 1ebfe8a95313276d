//! `cargo xtask tidy`: what must never be in this house, as checks.
//!
//! One file per check; [`CHECKS`] is the table of them. A check reads a [`Tree`] and returns [`Finding`]s,
//! each of which says what was found where, why that is forbidden, and what to do instead. A rule is meant to
//! be precise rather than clever: what it cannot see for certain it leaves to the reviewer.
//!
//! To add a check: a file here, a line in [`CHECKS`], a fixture in `tests/fixtures/` with a planted
//! violation (the test lists what has none), and a line in CONTRIBUTING.md.

mod arrows;
mod layers;
mod manifest;
mod numbers;
mod printing;
mod pure;
mod rooms;
mod sockets;
mod tree;

use std::fmt;

pub use tree::Tree;

/// A rule of the house.
#[derive(Clone, Copy, Debug)]
pub struct Check {
    /// Its name, which begins each of its findings.
    pub name: &'static str,
    /// What it forbids, in a line.
    pub forbids: &'static str,
    run: fn(&Tree) -> Vec<Finding>,
}

/// All rules.
pub const CHECKS: &[Check] = &[
    Check {
        name: "arrows",
        forbids: "an arrow between crates that goes up or sideways; a third-party crate outside its room",
        run: arrows::check,
    },
    Check { name: "rooms", forbids: "libc or unsafe outside their rooms", run: rooms::check },
    Check { name: "sockets", forbids: "a socket opened past sys and sock", run: sockets::check },
    Check { name: "pure", forbids: "files, time, environment or globals in a pure crate", run: pure::check },
    Check { name: "printing", forbids: "printing, colour or arguments in a library", run: printing::check },
    Check { name: "numbers", forbids: "a port or protocol number defined twice", run: numbers::check },
    Check { name: "layers", forbids: "a protocol that knows the one above it", run: layers::check },
];

/// A breach of a rule.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// The file, from the tree's root.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The rule's name.
    pub rule: &'static str,
    /// What was found.
    pub what: String,
    /// Why that is forbidden.
    pub why: &'static str,
    /// What to do instead.
    pub fix: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, line, rule, what, why, fix } = self;
        write!(f, "{file}:{line}: {rule}: {what}; {why}; {fix}")
    }
}

/// Runs every check on `tree`; returns what they found by file and line.
#[must_use]
pub fn run(tree: &Tree) -> Vec<Finding> {
    let mut findings: Vec<Finding> = CHECKS.iter().flat_map(|check| (check.run)(tree)).collect();
    findings.sort();
    findings.dedup();
    findings
}
