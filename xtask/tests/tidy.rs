//! Each rule of the house catches what is planted for it, and nothing else.
//!
//! A fixture is a small tree. A comment `//~ rule` (in a manifest `#~ rule`) at the end of a line says that the
//! rule must report that line; the findings must be these, all of them and no others. `clean` has none, but is
//! full of near misses: forbidden words in comments, texts, names and tests.

use std::path::{Path, PathBuf};
use std::{fs, io};

use xtask::tidy::{self, CHECKS, Tree};

/// A finding or an expectation: file, line, rule.
type Place = (String, usize, String);

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name)
}

fn planted(root: &Path, folder: &Path, into: &mut Vec<Place>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            planted(root, &path, into)?;
            continue;
        }
        let file = path.strip_prefix(root).unwrap_or(&path).display().to_string();
        for (index, line) in fs::read_to_string(&path)?.lines().enumerate() {
            let rules =
                line.split_once("//~ ").or_else(|| line.split_once("#~ ")).map_or("", |(_, rules)| rules);
            into.extend(rules.split_whitespace().map(|rule| (file.clone(), index + 1, rule.to_owned())));
        }
    }
    Ok(())
}

fn check(name: &str) -> io::Result<Vec<Place>> {
    let root = fixture(name);
    let mut expected = Vec::new();
    planted(&root, &root, &mut expected)?;
    expected.sort();
    let findings = tidy::run(&Tree::load(&root)?);
    let mut found: Vec<Place> =
        findings.iter().map(|of| (of.file.clone(), of.line, of.rule.to_owned())).collect();
    found.sort();
    let shown: Vec<String> = findings.iter().map(ToString::to_string).collect();
    let missed: Vec<_> = expected.iter().filter(|place| !found.contains(place)).collect();
    let wrong: Vec<_> = found.iter().filter(|place| !expected.contains(place)).collect();
    assert_eq!(found, expected, "\nmissed {missed:#?}\nwrong {wrong:#?}\n{}", shown.join("\n"));
    Ok(expected)
}

#[test]
fn every_rule_catches_what_is_planted_for_it() {
    for rule in CHECKS {
        let places = check(rule.name).unwrap();
        assert!(places.iter().any(|(_, _, of)| of == rule.name), "nothing is planted for {}", rule.name);
    }
}

#[test]
fn near_misses_are_no_findings() {
    assert_eq!(check("clean").unwrap(), []);
    let tree = Tree::load(&fixture("clean")).unwrap();
    assert_eq!((tree.crate_count(), tree.file_count()), (8, 21));
}

#[test]
fn a_finding_says_where_what_why_and_what_to_do() {
    let findings = tidy::run(&Tree::load(&fixture("rooms")).unwrap());
    let finding = findings.iter().find(|of| of.file == "crates/sock/src/fast.rs").unwrap();
    assert_eq!(
        finding.to_string(),
        "crates/sock/src/fast.rs:3: rooms: libc outside its room; what can break memory safety, and every \
         system call, is in one place to read; let sys do the call and give a safe function"
    );
}

#[test]
fn the_house_keeps_its_rules() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let findings = tidy::run(&Tree::load(root).unwrap());
    let shown: Vec<String> = findings.iter().map(ToString::to_string).collect();
    assert!(findings.is_empty(), "\n{}", shown.join("\n"));
}

#[test]
fn a_broken_manifest_is_an_error_that_names_it() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("Cargo.toml"), "[workspace").unwrap();
    let error = Tree::load(folder.path()).unwrap_err().to_string();
    assert!(error.contains("Cargo.toml"), "{error}");
}
