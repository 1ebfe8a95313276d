//! Every socket option on a socket of this machine: set and read back, or the reason why that cannot be.
//!
//! The tests walk the table, so that a row without a case fails. What a case expects holds for root and for an ordinary
//! user alike: where a row says that it takes a capability, the case is tried without it too, and must be refused then.

#![cfg(test)]

mod common;

#[path = "options/cases.rs"]
mod cases;
#[path = "options/names.rs"]
mod names;
#[path = "options/probe.rs"]
mod probe;
#[path = "options/words.rs"]
mod words;

use std::collections::HashSet;

use jackfield_sock::option::{self, Opt};
use jackfield_sock::{Errno, Op};
use sys::cap::{self, Capability};
use sys::door::{Event, Value};

use cases::{CASES, Case};
use common::Notes;
use probe::{in_first_user_namespace, may, open};

/// What became of a case.
#[derive(Debug)]
enum Outcome {
    Passed,
    /// It could not be tried here, for a reason that is told.
    Skipped(String),
}

#[test]
fn every_row_has_one_case_and_every_case_a_row() {
    let rows: HashSet<&str> = option::all().map(|row| row.name).collect();
    let mut cased = HashSet::new();
    for case in CASES.iter().copied().flatten() {
        assert!(rows.contains(case.name), "{} is no row", case.name);
        assert!(cased.insert(case.name), "{} has two cases", case.name);
    }
    let without: Vec<_> = rows.difference(&cased).collect();
    assert!(without.is_empty(), "rows without a case: {without:?}");
}

#[test]
fn options_of_sockets() {
    try_all(cases::SO);
}

#[test]
fn options_of_ipv4() {
    try_all(cases::IP);
}

#[test]
fn options_of_ipv6() {
    try_all(cases::IPV6);
}

#[test]
fn options_of_tcp() {
    try_all(cases::TCP);
}

#[test]
fn options_of_udp() {
    try_all(cases::UDP);
}

#[test]
fn options_of_packet_sockets() {
    try_all(cases::PACKET);
}

fn try_all(cases: &[Case]) {
    let mut failures = Vec::new();
    for case in cases {
        let row = option::by_name(case.name).unwrap();
        let tried = std::panic::catch_unwind(|| try_one(row, case));
        match tried {
            Ok(Outcome::Passed) => {}
            Ok(Outcome::Skipped(why)) => eprintln!("skipped: {}: {why}", case.name),
            Err(panic) => {
                let text = panic.downcast_ref::<String>().cloned();
                failures.push(format!("{}: {}", case.name, text.unwrap_or_default()));
            }
        }
    }
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
}

fn try_one(row: &'static Opt, case: &Case) -> Outcome {
    let socket = match open(case.probe) {
        Ok(probe) => probe,
        Err(error) if error.is_permission() => {
            assert!(!may(Capability::NetRaw), "refused although CAP_NET_RAW is there: {error}");
            return Outcome::Skipped(format!(
                "its socket takes CAP_NET_RAW, and was refused without: {error}"
            ));
        }
        Err(error) if case.probe.is_v6() => {
            assert!(!probe::has_ipv6(), "no IPv6 socket although there is IPv6: {error}");
            return Outcome::Skipped(format!("no IPv6 here: {error}"));
        }
        Err(error) => panic!("no socket to try it on: {error}"),
    };
    let capability = row.privilege.map(|privilege| privilege.capabilities).filter(|_| case.gated);
    if capability.is_some() {
        refused_without_capabilities(row, case);
    }
    let (done, events) = Notes::of(|| (case.run)(&socket.socket));
    match done {
        Ok(()) => {}
        Err(error) if unknown(&error) && (kernel() < version(row.since) || row.config.is_some()) => {
            let needs = row.config.map_or_else(|| format!("Linux {}", row.since), str::to_owned);
            return Outcome::Skipped(format!("{error}; it takes {needs}"));
        }
        Err(error)
            if error.is_permission()
                && capability.is_some_and(|any| !any.iter().any(|capability| may(*capability))) =>
        {
            return Outcome::Passed;
        }
        Err(error) if error.is_permission() && capability.is_some() && !in_first_user_namespace() => {
            return Outcome::Skipped(format!(
                "{error}; some options want the capability outside of any user namespace"
            ));
        }
        Err(error) if case.probe.is_v6() && !probe::has_ipv6() => {
            return Outcome::Skipped(format!("no IPv6 here: {error}"));
        }
        Err(error) => panic!("{error}"),
    }
    let calls = |op| events.iter().any(|event| is_about(event, op, row));
    assert!(!row.access.can_get() || calls(Op::Getsockopt), "the case does not read it");
    assert!(!row.access.can_set() || calls(Op::Setsockopt), "the case does not set it");
    Outcome::Passed
}

/// Tries the case on a thread that has given up its capabilities: it must be refused.
fn refused_without_capabilities(row: &'static Opt, case: &Case) {
    let (probe, run) = (case.probe, case.run);
    let refused = std::thread::spawn(move || {
        let socket = open(probe).unwrap();
        let mut sets = cap::get().unwrap();
        sets.effective = 0;
        cap::set(&sets).unwrap();
        run(&socket.socket)
    });
    let Err(error) = refused.join().unwrap() else { panic!("not refused without {:?}", row.privilege) };
    let missing = unknown(&error) && (kernel() < version(row.since) || row.config.is_some());
    assert!(error.is_permission() || missing, "without {:?}: {error}", row.privilege);
}

/// Tells whether the kernel says that it has no such option.
fn unknown(error: &jackfield_sock::Error) -> bool {
    matches!(error.errno(), Some(Errno::ENOPROTOOPT | Errno::EOPNOTSUPP))
}

/// Tells whether an event read or set the option of a row.
fn is_about(event: &Event, op: Op, row: &Opt) -> bool {
    let has = |name, number: i32| matches!(event.argument(name), Some(Value::Number(_, found)) if *found == i64::from(number));
    event.op == op && has("level", row.level) && has("name", row.number)
}

/// Reads a version such as `6.1.0-13-amd64` as far as it compares.
fn version(text: &str) -> Vec<u32> {
    let numbers = text.split(|c: char| !c.is_ascii_digit());
    numbers.map_while(|number| number.parse().ok()).take(3).collect()
}

fn kernel() -> Vec<u32> {
    version(&std::fs::read_to_string("/proc/sys/kernel/osrelease").unwrap())
}

#[test]
fn every_row_says_all_that_a_reader_wants() {
    for row in option::all() {
        assert!(row.about.ends_with('.') && row.about.len() > 15, "{}: {}", row.name, row.about);
        assert!(!row.manual.is_empty() && !version(row.since).is_empty(), "{}", row.name);
        assert!(version(row.since) >= vec![2, 2], "{}", row.name);
        assert_eq!(option::by_number(row.level, row.number).map(|found| found.name), Some(row.name));
        assert!(option::level_name(row.level).is_some(), "{}", row.name);
    }
}

#[test]
fn a_rehearsal_reads_options_without_a_kernel() {
    use jackfield_sock::{Family, Protocol, Socket, Type};
    sys::rehearsal::rehearse(|| {
        let socket = Socket::open(Family::UNIX, Type::STREAM, Protocol::DEFAULT).unwrap();
        assert!(option::so::peer_pidfd(&socket).unwrap().is_none());
        assert!(option::so::filter(&socket).unwrap().is_empty());
        for row in option::all() {
            let (told, events) = Notes::of(|| row.get_text(&socket));
            assert!(events.iter().any(|event| event.op == Op::Getsockopt), "{}: {events:?}", row.name);
            assert!(events.iter().all(|event| event.rehearsed), "{}: {events:?}", row.name);
            assert!(told.is_ok(), "{}: {told:?}", row.name);
        }
    });
}
