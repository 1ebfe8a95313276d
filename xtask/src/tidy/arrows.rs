//! Arrows between crates: who may depend on whom.
//!
//! Every crate stands on a floor; it may depend on lower floors alone. So what a crate means can be told
//! without what is above it, and no job knows another. The pure crates reach no kernel; a face reaches the
//! house through its one door. Third-party crates have their rooms too. Development dependencies follow the
//! same floors, but may be any third-party crate. Build scripts are not used at all: what they would make
//! the program prints itself (`jack gen`), and a build that runs no code is one that can be trusted.
//!
//! A new crate gets a line in [`FLOORS`].

use std::collections::BTreeMap;

use super::manifest::{Dependency, Section};
use super::tree::{Crate, Tree};
use super::{Finding, pure};

/// The floors, from the ground up.
const FLOORS: &[&[&str]] = &[
    &["sys", "wire", "codec", "pcap"],
    &["sock", "filter"],
    &["talk", "capture", "scan", "craft"],
    &[DOOR],
    FACES,
];

/// What is met by people: arguments, words, colour. `xtask` is one for its dependencies' sake.
const FACES: &[&str] = &["cli", "py", "xtask"];

/// The only crate of the house that a face sees.
const DOOR: &str = "jackfield";

/// Third-party crates that have a room; a name ending in `*` stands for all that begin so.
const ROOMS: &[(&[&str], &[&str], &str)] = &[
    (
        &["libc", "caps", "landlock", "seccompiler", "nix", "rustix", "socket2", "mio", "errno"],
        &["sys"],
        "system calls go through sys alone, where they are traced",
    ),
    (
        &["clap*", "anyhow", "anstream", "anstyle*", "indicatif"],
        FACES,
        "arguments, words and colour belong to the faces",
    ),
];

const WHY_FLOORS: &str = "a crate may know only the floors below its own";
const WHY_SCRIPT: &str = "a build runs no code of its own";

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    let packages: BTreeMap<&str, &str> = tree
        .crates
        .iter()
        .filter_map(|krate| Some((krate.manifest.package.as_deref()?, krate.name.as_str())))
        .collect();
    for krate in &tree.crates {
        let Some(floor) = floor(&krate.name) else {
            findings.push(finding(
                krate,
                1,
                format!("the crate {} stands on no floor", krate.name),
                WHY_FLOORS,
                "add it to the floor table, FLOORS in xtask/src/tidy/arrows.rs".to_owned(),
            ));
            continue;
        };
        for dependency in &krate.manifest.dependencies {
            let package = tree.workspace.package_of(dependency);
            findings.extend(match packages.get(package.as_str()) {
                Some(&target) => ours(krate, floor, dependency, target),
                None => theirs(krate, dependency, &package),
            });
            if dependency.section == Section::Build {
                findings.push(finding(
                    krate,
                    dependency.line,
                    format!("{package} is a build dependency"),
                    WHY_SCRIPT,
                    "do it in the program, or in xtask".to_owned(),
                ));
            }
        }
        if let Some(line) = krate.manifest.build {
            let what = "a build script is named".to_owned();
            let fix = "do it in the program, or in xtask".to_owned();
            findings.push(finding(krate, line, what, WHY_SCRIPT, fix));
        }
    }
    findings.extend(tree.build_scripts.iter().map(|script| Finding {
        file: script.clone(),
        line: 1,
        rule: "arrows",
        what: "this is a build script".to_owned(),
        why: WHY_SCRIPT,
        fix: "do it in the program, or in xtask".to_owned(),
    }));
    findings
}

/// Judges a dependency on a crate of the house.
fn ours(krate: &Crate, from: usize, dependency: &Dependency, target: &str) -> Option<Finding> {
    let name = krate.name.as_str();
    if name == target {
        return None;
    }
    let to = floor(target)?;
    let (what, why, fix) = if to > from {
        let fix = format!("turn it round: let {target} hand in what {name} needs");
        (format!("{name} → {target} goes up"), WHY_FLOORS, fix)
    } else if to == from {
        let fix = "move what both need to a floor below".to_owned();
        (format!("{name} → {target} goes sideways"), "neighbours do not know each other", fix)
    } else if FACES.contains(&name) && target != DOOR {
        let why = "the public door is the one that we use ourselves";
        let fix = format!("use {DOOR}, and re-export there what is missing");
        (format!("{name} → {target} goes past {DOOR}"), why, fix)
    } else if pure::CRATES.contains(&name) && target == "sys" {
        let why = "a pure crate takes and gives bytes";
        (format!("{name} → {target} reaches the kernel"), why, "let the caller hand in bytes".to_owned())
    } else {
        return None;
    };
    Some(finding(krate, dependency.line, what, why, fix))
}

/// Judges a dependency on a third-party crate.
fn theirs(krate: &Crate, dependency: &Dependency, package: &str) -> Option<Finding> {
    if dependency.section == Section::Dev {
        return None;
    }
    let (_, homes, why) = ROOMS.iter().find(|(packages, ..)| packages.iter().any(|is| named(package, is)))?;
    if homes.contains(&krate.name.as_str()) {
        return None;
    }
    let what = format!("{} depends on {package}", krate.name);
    let fix = format!("only {} may", homes.join(", "));
    Some(finding(krate, dependency.line, what, why, fix))
}

fn named(package: &str, pattern: &str) -> bool {
    pattern.strip_suffix('*').map_or(package == pattern, |start| package.starts_with(start))
}

/// Returns the floor a crate stands on, from 0.
pub(super) fn floor(name: &str) -> Option<usize> {
    FLOORS.iter().position(|floor| floor.contains(&name))
}

fn finding(krate: &Crate, line: usize, what: String, why: &'static str, fix: String) -> Finding {
    Finding { file: krate.manifest_path.clone(), line, rule: "arrows", what, why, fix }
}
