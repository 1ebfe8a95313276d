//! The host's name is set, where that harms nobody: in a namespace of its own (`uts_namespaces(7)`), which this file
//! enters by running itself under unshare(1).
//!
//! A user namespace comes with it unless this is root, so that the test passes for everybody where the kernel lets
//! everybody make one.

#![cfg(test)] // Already so, but this tells clippy, too: helpers may unwrap.

mod common;

use std::process::Command;

use jackfield_sock::{Errno, Op, name, process};
use sys::cap::{self, Capability};

use common::{Notes, skip};

/// What tells the test that it runs in the namespace.
const INSIDE: &str = "JACKFIELD_TEST_UTS_NAMESPACE";

#[test]
fn the_hosts_name_is_set_in_a_namespace_of_its_own() {
    if std::env::var_os(INSIDE).is_some() {
        return inside();
    }
    let before = name::gethostname().unwrap();
    if let Err(error) = Command::new("unshare").arg("--version").output() {
        assert!(std::env::var_os("CI").is_none(), "unshare must be there in CI: {error}");
        return skip(&format!("no unshare(1) here: {error}"));
    }
    // Whether the kernel lets us is asked first, so that a failure of the test itself is none of "not allowed".
    let allowed = Command::new("unshare").args(arguments()).arg("true").output().unwrap();
    if !allowed.status.success() {
        return skip(&format!("no namespace for us: {}", String::from_utf8_lossy(&allowed.stderr).trim()));
    }
    let inside = Command::new("unshare")
        .args(arguments())
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", "the_hosts_name_is_set_in_a_namespace_of_its_own", "--nocapture"])
        .env(INSIDE, "1")
        .output()
        .unwrap();
    let said = [inside.stdout, inside.stderr].concat();
    let said = String::from_utf8_lossy(&said);
    assert!(inside.status.success() && said.contains("1 passed"), "{said}");
    assert_eq!(name::gethostname().unwrap(), before, "the name outside stays");
}

fn arguments() -> &'static [&'static str] {
    let admin = cap::get().unwrap().has(Capability::SysAdmin);
    if admin { &["--uts"] } else { &["--uts", "--user", "--map-root-user"] }
}

fn inside() {
    let longest = "x".repeat(64);
    for wanted in ["jackfield-test", "a.b.example", &longest] {
        let (set, events) = Notes::of(|| name::sethostname(wanted.as_bytes()));
        set.unwrap();
        assert_eq!(name::gethostname().unwrap(), wanted);
        assert_eq!(process::gethostname().unwrap(), wanted.as_bytes());
        let [event] = &events[..] else { panic!("one call, not {events:?}") };
        assert_eq!(
            (event.op, event.syscall, &event.result),
            (Op::Sethostname, Some("sethostname"), &Ok(sys::door::Value::Int(0)))
        );
    }
    let too_long = name::sethostname(&[b'x'; 65]).unwrap_err();
    assert_eq!((too_long.op(), too_long.errno()), (Op::Sethostname, Some(Errno::EINVAL)));
    // Without the capability it is refused, and the refusal says what would grant it.
    let mut sets = cap::get().unwrap();
    sets.effective = 0;
    cap::set(&sets).unwrap();
    let refused = name::sethostname(b"nobody").unwrap_err();
    assert_eq!((refused.errno(), refused.privilege().name()), (Some(Errno::EPERM), "CAP_SYS_ADMIN"));
    assert_eq!(name::gethostname().unwrap(), longest);
}
