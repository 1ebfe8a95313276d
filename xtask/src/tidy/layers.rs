//! A protocol knows what is below it, never what is above.
//!
//! In `wire/src` a protocol is a file, or a folder once it outgrows one. [`LADDER`] is the one table of them:
//! layers from the link up, each with rungs from the bottom up. The protocols of a rung do not know each
//! other, so a protocol may name those of lower rungs alone; only `stack.rs` knows them all. Files that are no
//! protocol ([`HOUSE`]) name none, but for `lib.rs`, the table of contents. A name that `lib.rs` re-exports
//! counts as its protocol's. Tests are free.

use std::collections::BTreeMap;

use super::Finding;
use super::tree::{File, Tree};

/// Layer and rungs; a later line is a higher rung.
const LADDER: &[(&str, &[&str])] = &[
    ("link", &["ethernet", "sll", "sll2", "loopback", "ppp", "radiotap"]),
    ("link", &["vlan", "llc", "mpls", "pppoe", "ieee80211"]),
    ("network", &["arp", "lldp", "ipv4", "ipv6"]),
    ("network", &["icmpv4", "icmpv6", "igmp", "gre", "ah", "esp"]),
    ("transport", &["udp", "tcp", "sctp", "dccp"]),
    (
        "application",
        &["dns", "dhcp", "dhcpv6", "http", "ntp", "tls", "vxlan", "tftp", "snmp", "syslog", "rtp"],
    ),
    ("application", &["mdns", "llmnr", "quic", "websocket"]),
];

/// Files of `wire/src` that are no protocol.
const HOUSE: &[&str] = &[
    "lib",
    STACK,
    "header",
    "field",
    "checksum",
    "address",
    "error",
    "view",
    "build",
    "tree",
    "line",
    "json",
    "answers",
    "conversation",
    "number",
    "value",
    "limits",
];

/// The one file that knows every protocol.
const STACK: &str = "stack";

const WHY: &str = "a protocol that knows the one above it cannot be told, tested or replaced without it";

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let wire = tree.crates.iter().find(|krate| krate.name == "wire");
    let files: Vec<&File> = wire.into_iter().flat_map(|krate| &krate.files).collect();
    let exports = exports(&files);
    let mut findings = Vec::new();
    for file in files {
        let Some(below) = file.below_src() else { continue };
        let module = below.split('/').next().unwrap_or(below).trim_end_matches(".rs");
        if rung(module).is_none() && !HOUSE.contains(&module) {
            findings.push(Finding {
                file: file.path.clone(),
                line: 1,
                rule: "layers",
                what: format!("{module} is on no layer"),
                why: "who may know it must be said",
                fix: "add it to LADDER (a protocol) or HOUSE (none) in xtask/src/tidy/layers.rs".to_owned(),
            });
        } else if module != "lib" && module != STACK {
            findings.extend(check_file(file, below, module, &exports));
        }
    }
    findings
}

fn check_file(file: &File, below: &str, module: &str, exports: &BTreeMap<String, String>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let own = rung(module);
    for path in file.source.paths().iter().filter(|path| file.product(path.at)) {
        let Some(name) = inside(&path.segments, below, &file.source, path.at) else { continue };
        let target = exports.get(&name).unwrap_or(&name);
        let Some(theirs) = rung(target) else { continue };
        if target == module || own.is_some_and(|own| theirs < own) {
            continue;
        }
        let relation = match own {
            Some(own) if theirs == own => "its neighbour",
            Some(_) => "above it",
            None => "a protocol, which this file is not",
        };
        let layer = |rung: usize| LADDER.get(rung).map_or("", |(layer, _)| layer);
        let from = own.map_or(String::new(), |own| format!(" ({})", layer(own)));
        findings.push(Finding {
            file: file.path.clone(),
            line: file.source.line(path.at),
            rule: "layers",
            what: format!("{module}{from} names {target} ({}), {relation}", layer(theirs)),
            why: WHY,
            fix: format!("let {STACK}.rs say who follows whom"),
        });
    }
    findings
}

/// Returns the first segment of `path` as seen from the crate's root, if the path is one into the crate.
fn inside(path: &[String], below: &str, source: &crate::source::Source, at: usize) -> Option<String> {
    if path.first().is_some_and(|first| first == "crate") {
        return path.get(1).cloned();
    }
    let ups = path.iter().take_while(|segment| *segment == "super").count();
    if ups == 0 {
        return None;
    }
    // The modules that the code at `at` is in: those of the file, and those written out in it.
    let stem = below.trim_end_matches(".rs").trim_end_matches("/mod");
    let mut modules: Vec<&str> = stem.split('/').collect();
    for start in 0..at {
        if source.is(start, "mod") && source.is(start + 2, "{") && source.close(start + 2) > at {
            modules.push(source.text(start + 1));
        }
    }
    (modules.len() == ups).then(|| path.get(ups).cloned())?
}

/// Returns the names that `lib.rs` re-exports, each with the module it comes from.
fn exports(files: &[&File]) -> BTreeMap<String, String> {
    let root = files.iter().filter(|file| file.below_src() == Some("lib.rs"));
    let mut exports = BTreeMap::new();
    for path in root.flat_map(|file| file.source.paths()) {
        let module = path.segments.iter().find(|segment| !["self", "crate"].contains(&segment.as_str()));
        if let (Some(name), Some(module)) = (path.binds, module) {
            exports.insert(name, module.clone());
        }
    }
    exports
}

fn rung(module: &str) -> Option<usize> {
    LADDER.iter().position(|(_, protocols)| protocols.contains(&module))
}
