//! Catching interrupts in a process that is short of descriptors. The limit and the handlers are the whole process's, so
//! this file has one test.

use std::os::fd::AsRawFd;

use jackfield_sys::process::{Limit, limit};
use jackfield_sys::{Errno, c, signal};

#[test]
fn a_full_table_of_descriptors_is_not_remembered() {
    let before = limit(c::RLIMIT_NOFILE, None).unwrap();
    // What is open stays open; a number above the limit cannot be given.
    limit(c::RLIMIT_NOFILE, Some(Limit { soft: 0, ..before })).unwrap();
    let refused = signal::catch_interrupts().map(|wake| wake.as_raw_fd());
    limit(c::RLIMIT_NOFILE, Some(before)).unwrap();
    assert_eq!(refused, Err(Errno::EMFILE));
    assert!(signal::wake().is_none());

    let wake = signal::catch_interrupts().unwrap().as_raw_fd();
    assert_eq!(signal::wake().map(|wake| wake.as_raw_fd()), Some(wake));
    assert_eq!(signal::catch_interrupts().unwrap().as_raw_fd(), wake, "once in a process");
}
