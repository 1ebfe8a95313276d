//! Privileges are raised around the one call that takes them, and are gone again behind it.
//!
//! Capabilities belong to a thread: each test drops its own on a thread of its own. They need some to begin with, so an
//! ordinary user sees them skipped.

#![cfg(test)] // Already so, but this tells clippy, too: helpers may unwrap.

use std::fs::{self, Permissions};
use std::io::Write;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::Path;
use std::thread;

use jackfield_sock::privilege::{self, Capability, Keep, Privilege};
use jackfield_sock::{Address, Errno, Family, Protocol, Socket, Type, UnixAddress, c, io, option, trace};
use sys::cap::{self, Sets};

/// Says that something is not tested here, also where output is captured.
fn skip(why: &str) {
    std::io::stderr().write_all(format!("skipped: {why}\n").as_bytes()).unwrap();
}

/// Runs `body` on a thread of its own, if this process has the capabilities to give up.
fn with(needed: &[Capability], body: impl FnOnce() + Send + 'static) {
    let sets = cap::get().unwrap();
    match needed.iter().find(|capability| !sets.has(**capability)) {
        Some(missing) => skip(&format!("this process has no {}", missing.name())),
        None => thread::spawn(body).join().unwrap(),
    }
}

fn raw() -> jackfield_sock::Result<Socket> {
    Socket::open(Family::INET, Type::RAW, Protocol::ICMP)
}

fn calls(records: &[trace::Record]) -> Vec<(&'static str, Option<Errno>)> {
    records.iter().map(|record| (record.call, record.errno())).collect()
}

#[test]
fn a_raw_socket_is_opened_with_a_capability_that_only_counts_meanwhile() {
    with(&[Capability::NetRaw], || {
        privilege::lower(Keep::Network).unwrap();
        let before = cap::get().unwrap();
        assert_eq!((before.effective, before.inheritable), (0, 0));
        assert!(before.may_raise(Capability::NetRaw) && !before.may_raise(Capability::SysAdmin));

        let (opened, records) = trace::collect(raw);
        opened.unwrap();
        assert_eq!(cap::get().unwrap(), before);
        let expected = [
            ("socket", Some(Errno::EPERM)),
            ("capget", None),
            ("capset", None),
            ("socket", None),
            ("capset", None),
        ];
        assert_eq!(calls(&records), expected);
        assert!(records[2].call_text(0).starts_with("capset(CAP_NET_RAW, "), "{}", records[2].call_text(0));
        assert!(records[4].call_text(0).starts_with("capset(0, "), "{}", records[4].call_text(0));
        let answer = privilege::may(&Privilege::Capability(Capability::NetRaw));
        assert!(answer.allowed && answer.how.contains("raised"), "{answer:?}");
        assert!(!privilege::may(&Privilege::Capability(Capability::SysAdmin)).allowed);
    });
}

#[test]
fn what_is_not_permitted_is_refused() {
    with(&[Capability::NetRaw], || {
        privilege::lower(Keep::Network).unwrap();
        let sets = cap::get().unwrap();
        cap::set(&Sets { permitted: sets.permitted & !Capability::NetRaw.bit(), ..sets }).unwrap();
        let (refused, records) = trace::collect(raw);
        let error = refused.unwrap_err();
        assert_eq!(error.errno(), Some(Errno::EPERM));
        assert_eq!(calls(&records), [("socket", Some(Errno::EPERM)), ("capget", None)]);
        let remedy = privilege::explain(&error, Path::new("./jack")).unwrap();
        assert!(remedy.reason.contains("does not have"), "{remedy:?}");
    });
    with(&[Capability::NetRaw], || {
        privilege::lower(Keep::Nothing).unwrap();
        assert_eq!(cap::get().unwrap(), Sets::default());
        assert_eq!(raw().unwrap_err().errno(), Some(Errno::EPERM));
    });
}

#[test]
fn a_refusal_that_has_another_reason_stays() {
    with(&[Capability::NetRaw], || {
        privilege::lower(Keep::Network).unwrap();
        let (refused, records) = trace::collect(|| Socket::open(Family::INET, Type::STREAM, Protocol::ICMP));
        assert_eq!(refused.unwrap_err().errno(), Some(Errno::EPROTONOSUPPORT));
        assert_eq!(calls(&records).len(), 1, "nothing was raised: {records:?}");
    });
}

#[test]
fn a_low_port_is_bound() {
    with(&[Capability::NetBindService], || {
        privilege::lower(Keep::Network).unwrap();
        let before = cap::get().unwrap();
        // Somebody may have one or another.
        let bind = |port: u16| {
            let socket = Socket::open(Family::INET, Type::STREAM, Protocol::TCP).unwrap();
            let bound = socket.bind(&format!("127.0.0.1:{port}").parse().unwrap());
            let errno = bound.err().and_then(|error| error.errno());
            assert!(errno.is_none() || errno == Some(Errno::EADDRINUSE), "{errno:?}");
            errno.is_none()
        };
        assert!((1..64).any(bind));
        assert_eq!(cap::get().unwrap(), before);
    });
}

#[test]
fn a_privileged_option_is_set() {
    with(&[Capability::NetAdmin], || {
        privilege::lower(Keep::Network).unwrap();
        let before = cap::get().unwrap();
        let socket = Socket::open(Family::INET, Type::DGRAM, Protocol::UDP).unwrap();
        let mark = c::option::SO_MARK;
        let (set, records) = trace::collect(|| socket.setsockopt(c::SOL_SOCKET, mark, 7));
        set.unwrap();
        assert_eq!(socket.getsockopt(c::SOL_SOCKET, mark).unwrap(), 7);
        assert_eq!(cap::get().unwrap(), before);
        assert!(records[2].call_text(0).starts_with("capset(CAP_NET_ADMIN, "), "{records:?}");
        // The one option that is refused with another errno; outside of the initial user namespace it stays so.
        if privilege::may(&Privilege::InInitialNamespace(Capability::NetAdmin)).allowed {
            socket.setsockopt(c::SOL_SOCKET, c::option::SO_DEBUG, 1).unwrap();
            assert_eq!(socket.getsockopt(c::SOL_SOCKET, c::option::SO_DEBUG).unwrap(), 1);
        }
    });
}

#[test]
fn what_the_kept_capabilities_allow_is_still_allowed() {
    with(&[Capability::NetAdmin, Capability::NetRaw], || {
        privilege::lower(Keep::Network).unwrap();
        let before = cap::get().unwrap();
        let socket = Socket::open(Family::INET, Type::DGRAM, Protocol::UDP).unwrap();
        // Either capability will do: with the second alone, the first is passed over.
        let sets = cap::get().unwrap();
        option::ip::set_transparent(&socket, true).unwrap();
        cap::set(&Sets { permitted: sets.permitted & !Capability::NetRaw.bit(), ..sets }).unwrap();
        option::ip::set_transparent(&socket, true).unwrap();

        // A control message takes what the option of its name takes.
        let peer = Socket::open(Family::INET, Type::DGRAM, Protocol::UDP).unwrap();
        peer.bind(&"127.0.0.1:0".parse().unwrap()).unwrap();
        let mut mark = 20usize.to_ne_bytes().to_vec();
        mark.extend([c::SOL_SOCKET, c::option::SO_MARK, 7, 0].map(i32::to_ne_bytes).concat());
        let there = peer.getsockname().unwrap();
        let sent = socket.sendmsg(&[std::io::IoSlice::new(b"x")], &mark, 0, Some(&there));
        assert_eq!(sent, Ok(1));

        let lowered = cap::get().unwrap();
        assert_eq!((lowered.effective, before.effective), (0, 0));
    });
    with(&[Capability::NetAdmin, Capability::SysAdmin], || {
        // Refused with EACCES and not EPERM: socket(7) does not say.
        privilege::lower(Keep::Network).unwrap();
        let socket = Socket::open(Family::INET, Type::DGRAM, Protocol::UDP).unwrap();
        let (set, records) = trace::collect(|| option::so::set_debug(&socket, true));
        match set {
            Ok(()) => assert_eq!(records[0].errno(), Some(Errno::EACCES)),
            // In a user namespace of our own it takes more than we have.
            Err(error) => assert_eq!(error.errno(), Some(Errno::EACCES)),
        }
        assert_eq!(calls(&records).len(), 5, "raised and lowered: {records:?}");
    });
}

/// A folder that belongs to nobody we know, closed to everybody else.
fn somebody_elses_folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::set_permissions(folder.path(), Permissions::from_mode(0o700)).unwrap();
    chown(folder.path(), Some(12_345), Some(12_345)).unwrap();
    folder
}

#[test]
fn a_name_in_somebody_elses_folder_is_reached() {
    with(&[Capability::Chown, Capability::DacOverride], || {
        let folder = somebody_elses_folder();
        let path = folder.path().join("socket");
        let name = Address::Unix(UnixAddress::Path(path.as_os_str().as_bytes().to_vec()));
        privilege::lower(Keep::NetworkAndFiles).unwrap();
        let before = cap::get().unwrap();
        assert!(before.may_raise(Capability::DacOverride) && before.effective == 0);
        let open = |kind| Socket::open(Family::UNIX, kind, Protocol::DEFAULT).unwrap();
        let server = open(Type::STREAM);
        server.bind(&name).unwrap();
        server.listen(1).unwrap();
        open(Type::STREAM).connect(&name).unwrap();
        io::unlink(path.as_os_str().as_bytes()).unwrap();
        let receiver = open(Type::DGRAM);
        receiver.bind(&name).unwrap();
        assert_eq!(open(Type::DGRAM).sendto(b"x", 0, &name).unwrap(), 1);
        let file = folder.path().join("file");
        drop(io::open(file.as_os_str().as_bytes(), c::O_WRONLY | c::O_CREAT, 0o600).unwrap());
        assert_eq!(cap::get().unwrap(), before);

        // Without files: as the permissions say.
        privilege::lower(Keep::Network).unwrap();
        assert_eq!(open(Type::DGRAM).sendto(b"x", 0, &name).unwrap_err().errno(), Some(Errno::EACCES));
        let refused = io::open(file.as_os_str().as_bytes(), c::O_RDONLY, 0).unwrap_err();
        assert_eq!(refused.errno(), Some(Errno::EACCES));
    });
}

#[test]
fn to_have_nothing_is_no_error() {
    thread::spawn(|| {
        cap::set(&Sets::default()).unwrap();
        for keep in [Keep::Nothing, Keep::Network, Keep::NetworkAndFiles] {
            let (lowered, records) = trace::collect(|| privilege::lower(keep));
            lowered.unwrap();
            assert_eq!(calls(&records), [("capget", None)]);
        }
    })
    .join()
    .unwrap();
}
