//! Completeness: every `MSG_` flag that the libc crate, the C library's header or the kernel has is named in a trace.

#![cfg(test)] // Already so, but this tells clippy, too: helpers may unwrap.

mod common;

use std::collections::BTreeMap;

use jackfield_sock::trace::{Kind, name};

use common::{constants_of_linux, libc_source, skip};

/// Names that a trace does not print, by reason.
const NO_FLAGS: &[(&str, &[&str])] = &[
    (
        "of System V message queues: msgctl(2), msgrcv(2)",
        &["MSG_STAT", "MSG_INFO", "MSG_NOERROR", "MSG_EXCEPT", "MSG_COPY"],
    ),
    ("an older name of MSG_DONTROUTE", &["MSG_TRYHARD"]),
    ("the name that SCTP gives to MSG_MORE when it is received", &["MSG_NOTIFICATION"]),
    ("another system's name of MSG_PROBE", &["MSG_PROXY"]),
];

/// What `linux/socket.h` has beyond the C library, a header that is not installed for programs.
const OF_THE_KERNEL: &[(&str, i64)] = &[
    ("MSG_PROBE", 0x10),
    ("MSG_SENDPAGE_NOTLAST", 0x20000),
    ("MSG_BATCH", 0x40000),
    ("MSG_NO_SHARED_FRAGS", 0x80000),
    ("MSG_SENDPAGE_DECRYPTED", 0x10_0000),
    ("MSG_SOCK_DEVMEM", 0x200_0000),
    ("MSG_SPLICE_PAGES", 0x800_0000),
    ("MSG_CMSG_COMPAT", 0x8000_0000),
];

fn has_reason(flag: &str) -> bool {
    NO_FLAGS.iter().any(|(_, names)| names.contains(&flag))
}

/// Holds names and numbers against the trace's.
fn check(flags: &BTreeMap<String, i64>) {
    let wrong: Vec<_> =
        flags.iter().filter(|(flag, number)| name(Kind::MessageFlags, **number) != **flag).collect();
    assert!(wrong.is_empty(), "named differently or not at all: {wrong:x?}");
}

#[test]
fn every_message_flag_of_libc_has_its_name() {
    let Some(source) = libc_source() else { return };
    let found = constants_of_linux(&source, &["MSG_"]);
    let flags: BTreeMap<String, i64> = found
        .iter()
        .filter(|(flag, _)| !has_reason(flag))
        .map(|(flag, value)| (flag.clone(), number(value).unwrap_or_else(|| panic!("{flag} = {value}"))))
        .collect();
    assert!(flags.len() >= 19, "only {flags:x?} found in {}", source.display());
    check(&flags);
    let stale: Vec<_> = NO_FLAGS
        .iter()
        .flat_map(|(_, names)| names.iter())
        .filter(|flag| **flag != "MSG_PROXY" && !found.iter().any(|(name, _)| name == **flag))
        .collect();
    assert!(stale.is_empty(), "a reason for what libc does not have: {stale:?}");
}

#[test]
fn every_message_flag_of_the_c_librarys_header_has_its_name() {
    let places = ["/usr/include/x86_64-linux-gnu", "/usr/include/aarch64-linux-gnu", "/usr/include"];
    let header =
        places.iter().find_map(|place| std::fs::read_to_string(format!("{place}/bits/socket.h")).ok());
    let Some(header) = header else { return skip("no header of the GNU C library here") };
    // `MSG_OOB		= 0x01,	/* … */`
    let flags = header.lines().filter_map(|line| {
        let (flag, value) = line.trim_start().split_once('=')?;
        let value = value.split([',', '/']).next()?;
        let flag = flag.trim();
        (flag.starts_with("MSG_") && !has_reason(flag)).then(|| (flag.to_owned(), number(value.trim())))
    });
    let flags: BTreeMap<String, i64> =
        flags.filter_map(|(flag, value)| value.map(|value| (flag, value))).collect();
    assert!(flags.len() >= 19, "{flags:x?}");
    check(&flags);
}

#[test]
fn what_only_the_kernel_names_has_its_name_too() {
    check(&OF_THE_KERNEL.iter().map(|(flag, number)| ((*flag).to_owned(), *number)).collect());
}

/// Reads `0x40000000`, `0o20000` or `8`.
fn number(text: &str) -> Option<i64> {
    match text.get(..2) {
        Some("0x") => i64::from_str_radix(&text[2..], 16).ok(),
        Some("0o") => i64::from_str_radix(&text[2..], 8).ok(),
        _ => text.parse().ok(),
    }
}
