//! The trace against a real kernel: what passes on loopback is what the lines say.

#![expect(clippy::unwrap_used, reason = "what the tests share stands outside of them")]

use std::io::Write;
use std::os::fd::AsFd;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::thread;

use jackfield_sock::privilege::{self, Capability, Privilege};
use jackfield_sock::trace::{self, Follow, Line, Note, Origin, Record, Shown, Side, Tracer};
use jackfield_sock::{Address, Errno, Family, Mode, Protocol, Shutdown, Socket, Type, UnixAddress, c};
use sys::cap;

fn tcp() -> Socket {
    Socket::open(Family::INET, Type::STREAM, Protocol::TCP).unwrap()
}

fn listener() -> (Socket, Address) {
    let server = tcp();
    server.bind(&"127.0.0.1:0".parse().unwrap()).unwrap();
    server.listen(1).unwrap();
    let address = server.getsockname().unwrap();
    (server, address)
}

/// What strace would show of a record: the API's name, the kernel's, and the result.
fn outline(record: &Record) -> (&'static str, Option<&'static str>, Result<Shown, Errno>) {
    (record.call, record.syscall, record.result.clone())
}

fn number(n: impl Into<i64>) -> Result<Shown, Errno> {
    Ok(Shown::Number(n.into()))
}

#[test]
fn a_tcp_conversation_is_seen_call_by_call() {
    let (fds, records) = trace::collect(|| {
        let (server, address) = listener();
        let client = tcp();
        client.connect(&address).unwrap();
        let (peer, _) = server.accept().unwrap();
        client.sendall(b"I got your message", 0).unwrap();
        assert_eq!(peer.recv(1024, 0).unwrap(), b"I got your message");
        client.shutdown(Shutdown::Write).unwrap();
        assert_eq!(peer.recv(1024, 0).unwrap(), b"");
        let fds = [server.fileno(), client.fileno(), peer.fileno()];
        peer.close().unwrap();
        client.close().unwrap();
        server.close().unwrap();
        fds
    });
    let [server, client, peer] = fds;
    let expected = [
        ("socket", Some("socket"), number(server)),
        ("bind", Some("bind"), number(0)),
        ("listen", Some("listen"), number(0)),
        ("getsockname", Some("getsockname"), number(0)),
        ("socket", Some("socket"), number(client)),
        ("connect", Some("connect"), number(0)),
        ("accept", Some("accept4"), number(peer)),
        ("sendall", None, Ok(Shown::Null)),
        ("send", Some("sendto"), number(18)),
        ("recv", Some("recvfrom"), number(18)),
        ("shutdown", Some("shutdown"), number(0)),
        ("recv", Some("recvfrom"), number(0)),
        ("close", Some("close"), number(0)),
        ("close", Some("close"), number(0)),
        ("close", Some("close"), number(0)),
    ];
    assert_eq!(records.iter().map(outline).collect::<Vec<_>>(), expected);

    let text: Vec<_> = records.iter().map(|record| record.call_text(10)).collect();
    assert_eq!(text[0], format!("socket(AF_INET, SOCK_STREAM|SOCK_CLOEXEC, IPPROTO_TCP) = {server}"));
    assert_eq!(text[7], format!("sendall({client}, b\"I got your\"…, 18)"));
    assert_eq!(text[8], format!("send({client}, b\"I got your\"…, 18, MSG_NOSIGNAL) = 18"));
    assert_eq!(text[10], format!("shutdown({client}, SHUT_WR) = 0"));
    assert_eq!(text[11], format!("recv({peer}, b\"\", 1024, 0) = 0"));

    let mut before = 0.0;
    for record in &records {
        assert!(record.t >= before, "{record:?}");
        before = record.t;
        assert_eq!((record.origin, record.rehearsed), (Origin::Job, false));
        assert_eq!(record.privilege, Privilege::None, "{record:?}");
        assert_eq!(record.side, trace::row(record.op).side);
    }
}

#[test]
fn a_composites_calls_point_to_it() {
    let ((), records) = trace::collect(|| {
        let (left, right) = Socket::pair(Family::UNIX, Type::STREAM, Protocol::DEFAULT).unwrap();
        left.sendall(b"hello", 0).unwrap();
        right.recv(5, 0).unwrap();
    });
    let sendall = records.iter().find(|record| record.call == "sendall").unwrap();
    let send = records.iter().find(|record| record.call == "send").unwrap();
    let recv = records.iter().find(|record| record.call == "recv").unwrap();
    assert_eq!((sendall.side, sendall.parent, sendall.depth), (Side::User, None, 0));
    assert_eq!((send.side, send.parent, send.depth), (Side::Kernel, Some(sendall.id), 1));
    assert_eq!((recv.parent, recv.depth), (None, 0));
    assert!(sendall.id < send.id && sendall.took >= send.took);
}

#[test]
fn a_refusal_has_its_errno_its_reason_and_its_fix() {
    let (server, address) = listener();
    server.close().unwrap();
    let (error, records) = trace::collect(|| tcp().connect(&address).unwrap_err());
    assert_eq!(records[1].errno(), Some(Errno::ECONNREFUSED));
    let fd = match records[0].result {
        Ok(Shown::Number(fd)) => fd,
        ref other => panic!("a descriptor, not {other:?}"),
    };
    assert_eq!(
        records[1].call_text(10),
        format!("connect({fd}, {address}) = -1 ECONNREFUSED (Connection refused)")
    );
    let remedy = privilege::explain(&error, Path::new("jack")).unwrap();
    let port = address.ip().unwrap().port();
    assert!(remedy.fix.contains(&format!("'sport = :{port}'")), "{remedy:?}");
}

/// Says that something is not tested here, also where output is captured.
fn skip(why: &str) {
    std::io::stderr().write_all(format!("skipped: {why}\n").as_bytes()).unwrap();
}

/// Runs `body` on a thread without capabilities: what an ordinary user is refused, root is refused there too.
fn as_nobody<R: Send>(body: impl FnOnce() -> R + Send) -> R {
    thread::scope(|scope| {
        let thread = scope.spawn(|| {
            cap::set(&cap::Sets::default()).unwrap();
            body()
        });
        thread.join().unwrap()
    })
}

#[test]
fn a_raw_socket_takes_cap_net_raw_whether_granted_or_not() {
    let open = || Socket::open(Family::INET, Type::RAW, Protocol::ICMP);
    let raw = Privilege::Capability(Capability::NetRaw);

    let (granted, records) = trace::collect(open);
    assert_eq!(records[0].privilege, raw);
    assert_eq!(
        records[0].call_text(0).split(" = ").next(),
        Some("socket(AF_INET, SOCK_RAW|SOCK_CLOEXEC, IPPROTO_ICMP)")
    );
    assert_eq!(granted.is_ok(), privilege::may(&raw).allowed, "{granted:?}");

    as_nobody(|| {
        let (refused, records) = trace::collect(open);
        assert_eq!(records[0].privilege, raw);
        assert_eq!(records[0].errno(), Some(Errno::EPERM));
        assert!(!privilege::may(&raw).allowed);
        let json: serde_json::Value = serde_json::from_str(&records[0].to_json()).unwrap();
        assert_eq!((&json["privilege"], &json["errno"]), (&"CAP_NET_RAW".into(), &"EPERM".into()));
        let remedy = privilege::explain(&refused.unwrap_err(), Path::new("./jack")).unwrap();
        assert!(remedy.reason.contains("CAP_NET_RAW"), "{remedy:?}");
        assert!(
            remedy.fix.contains("setcap cap_net_raw+p ./jack") || remedy.fix.contains("NET_RAW"),
            "{remedy:?}"
        );
    });
}

#[test]
fn a_program_that_never_lowered_itself_gets_nothing_raised() {
    let sets = cap::get().unwrap();
    if !sets.has(Capability::NetRaw) {
        skip("this process has no CAP_NET_RAW");
        return;
    }
    thread::scope(|scope| {
        scope.spawn(|| {
            // What seteuid(2) does to a program that works on somebody's behalf.
            cap::set(&cap::Sets { effective: 0, ..sets }).unwrap();
            let (refused, records) = trace::collect(|| Socket::open(Family::INET, Type::RAW, Protocol::ICMP));
            assert_eq!(refused.unwrap_err().errno(), Some(Errno::EPERM));
            assert_eq!(records.len(), 1, "{records:?}");
            let answer = privilege::may(&Privilege::Capability(Capability::NetRaw));
            assert!(!answer.allowed && answer.how.contains("not effective"), "{answer:?}");
        });
    });
}

#[test]
fn a_low_port_takes_cap_net_bind_service() {
    let start: u16 = std::fs::read_to_string("/proc/sys/net/ipv4/ip_unprivileged_port_start")
        .unwrap()
        .trim()
        .parse()
        .unwrap();
    if start <= 1 {
        skip("this machine keeps no ports for privileged programs");
        return;
    }
    as_nobody(|| {
        let address = "127.0.0.1:1".parse().unwrap();
        let (refused, records) = trace::collect(|| tcp().bind(&address));
        let calls: Vec<_> = records.iter().map(|record| (record.call, record.privilege.name())).collect();
        // Not in the list: that the trace read the sysctl.
        assert_eq!(calls, [("socket", "none"), ("bind", "CAP_NET_BIND_SERVICE"), ("close", "none")]);
        assert_eq!(records[1].errno(), Some(Errno::EACCES));
        let remedy = privilege::explain(&refused.unwrap_err(), Path::new("./jack")).unwrap();
        assert!(remedy.reason.contains(&format!("ports below {start} ")), "{remedy:?}");
        assert!(remedy.fix.contains("sudo sysctl net.ipv4.ip_unprivileged_port_start=1 "), "{remedy:?}");
    });
}

/// Runs `body` under a tracer that follows TCP connections; returns its lines.
fn followed(body: impl FnOnce()) -> Vec<Line> {
    let lines = Arc::new(Mutex::new(Vec::new()));
    let kept = lines.clone();
    let tracer = Tracer::new(Box::new(move |line: &Line| kept.lock().unwrap().push(line.clone())))
        .following(Follow::new());
    let watch = sys::door::observe_here(Arc::new(tracer));
    body();
    drop(watch);
    lines.lock().unwrap().clone()
}

fn note_of(lines: &[Line], call: &str) -> Note {
    let line = lines.iter().find(|line| line.record.call == call && line.note.is_some());
    line.unwrap_or_else(|| panic!("a note on {call} in {lines:#?}")).note.unwrap()
}

#[test]
fn the_kernels_state_is_followed_through_a_connection() {
    let lines = followed(|| {
        let (server, address) = listener();
        let client = tcp();
        client.connect(&address).unwrap();
        let (peer, _) = server.accept().unwrap();
        client.send(b"hello\n", 0).unwrap();
        assert_eq!(peer.recv(100, 0).unwrap(), b"hello\n");
        client.shutdown(Shutdown::Write).unwrap();
        assert_eq!(peer.recv(100, 0).unwrap(), b"");
        peer.close().unwrap();
        assert_eq!(client.recv(100, 0).unwrap(), b"");
    });
    assert_eq!(note_of(&lines, "connect").state_name(), Some("ESTABLISHED"));
    let sent = note_of(&lines, "send");
    assert_eq!(sent.state_name(), Some("ESTABLISHED"));
    assert!(sent.unacknowledged <= 6, "{sent:?}");
    assert!(note_of(&lines, "shutdown").state_name().unwrap().starts_with("FIN_WAIT"));
    // Both sides found the end: first the server, then the client, which had ended first.
    let ends: Vec<_> =
        lines.iter().filter(|line| line.record.call == "recv").filter_map(|line| line.note).collect();
    let [server, last] = ends[..] else { panic!("two ends, not {ends:?}") };
    assert_eq!(server.state_name(), Some("CLOSE_WAIT"));
    assert_eq!((last.state_name(), last.time_wait), (Some("CLOSE"), true));
    assert!(last.to_string().contains("TIME_WAIT for 60 s"));

    // What the trace asked stands behind the call that made it ask, and is marked.
    let at = lines.iter().position(|line| line.record.call == "connect").unwrap();
    let asked: Vec<_> =
        lines[at + 1..at + 4].iter().map(|line| (line.record.call, line.record.origin)).collect();
    assert_eq!(asked, [("getsockopt", Origin::Trace), ("ioctl", Origin::Trace), ("ioctl", Origin::Trace)]);
    let text: Vec<_> = lines[at + 1..at + 4].iter().map(|line| line.record.call_text(0)).collect();
    assert!(text[0].contains(", SOL_TCP, TCP_INFO, "), "{text:?}");
    assert!(text[1].contains(", TIOCOUTQ, ") && text[2].contains(", FIONREAD, "), "{text:?}");
    assert!(lines.windows(2).all(|pair| pair[0].record.id < pair[1].record.id), "in order: {lines:#?}");
}

#[test]
fn the_trace_takes_no_error_and_no_byte() {
    let (server, address) = listener();
    server.close().unwrap();
    let lines = followed(|| {
        let refused =
            Socket::open_with(Family::INET, Type::STREAM, Protocol::TCP, Mode::NonBlocking).unwrap();
        assert!(refused.connect(&address).unwrap_err().would_block());
        sys::wait::poll(&mut [sys::wait::PollFd::new(refused.as_fd(), c::POLLOUT)], None).unwrap();
        assert_eq!(refused.take_error().unwrap(), Some(Errno::ECONNREFUSED));
    });
    assert!(lines.iter().any(|line| line.record.origin == Origin::Trace), "the connect was asked about");
    let took = lines
        .iter()
        .filter(|line| line.record.origin == Origin::Trace && line.record.call_text(0).contains("SO_ERROR"));
    assert_eq!(took.count(), 0);
}

#[test]
fn a_connect_that_had_to_wait_is_followed_to_its_end() {
    let lines = followed(|| {
        let (server, address) = listener();
        let client = Socket::open_with(Family::INET, Type::STREAM, Protocol::TCP, Mode::NonBlocking).unwrap();
        let began = client.connect(&address);
        assert!(began.is_ok() || began.unwrap_err().would_block());
        client.finish_connect(jackfield_sock::Deadline::NEVER).unwrap();
        drop(server);
    });
    let states: Vec<_> =
        lines.iter().filter_map(|line| line.note).map(|note| note.state_name().unwrap()).collect();
    // On loopback the handshake is often done before connect returns.
    assert!(states == ["ESTABLISHED"] || states == ["SYN_SENT", "ESTABLISHED"], "{states:?}");
}

#[test]
fn only_tcp_is_followed() {
    let lines = followed(|| {
        let (left, right) = Socket::pair(Family::UNIX, Type::STREAM, Protocol::DEFAULT).unwrap();
        left.send(b"x", 0).unwrap();
        drop(right);
        let datagrams = Socket::open(Family::INET, Type::DGRAM, Protocol::UDP).unwrap();
        datagrams.bind(&"127.0.0.1:0".parse().unwrap()).unwrap();
        datagrams.sendto(b"x", 0, &datagrams.getsockname().unwrap()).unwrap();
    });
    assert!(lines.iter().all(|line| line.note.is_none() && line.record.origin == Origin::Job), "{lines:#?}");
}

#[test]
fn a_rehearsal_is_marked_and_asks_nothing() {
    let lines = followed(|| {
        sys::rehearsal::rehearse(|| {
            let client = tcp();
            client.connect(&"192.0.2.1:80".parse().unwrap()).unwrap();
            client.send(b"x", 0).unwrap();
        });
    });
    let calls: Vec<_> = lines.iter().map(|line| (line.record.call, line.record.rehearsed)).collect();
    assert_eq!(calls, [("socket", true), ("connect", true), ("send", true), ("close", true)]);
    assert!(lines.iter().all(|line| line.note.is_none()));
}

#[test]
fn every_line_is_json_with_every_field() {
    let lines = followed(|| {
        let (server, address) = listener();
        let client = tcp();
        client.connect(&address).unwrap();
        let (peer, _) = server.accept().unwrap();
        client.sendall(b"\0\x1b\"\\\xff", 0).unwrap();
        peer.recv(100, 0).unwrap();
        let name = Address::Unix(UnixAddress::Path(b"/nonexistent/\"\n\xff".to_vec()));
        let unix = Socket::open(Family::UNIX, Type::STREAM, Protocol::DEFAULT).unwrap();
        unix.connect(&name).unwrap_err();
    });
    let mut noted = 0;
    for line in &lines {
        let text = line.to_json();
        assert!(!text.contains('\n'));
        let json: serde_json::Value = serde_json::from_str(&text).unwrap();
        for field in [
            "id",
            "thread",
            "t",
            "call",
            "syscall",
            "args",
            "result",
            "errno",
            "side",
            "privilege",
            "took_ns",
            "parent",
            "origin",
            "rehearsed",
            "note",
        ] {
            assert!(json.get(field).is_some(), "{field} in {text}");
        }
        assert_eq!(json["side"] == "user", json["syscall"].is_null());
        noted += usize::from(json["note"]["state"] == "ESTABLISHED");
    }
    // At the connect, the accept and the send within sendall.
    assert_eq!(noted, 3);

    // A composite comes when it begins and when it has ended; its calls are in between.
    let at: Vec<_> = (0..lines.len()).filter(|at| lines[*at].record.call == "sendall").collect();
    let [first, last] = at[..] else { panic!("two lines, not {at:?}") };
    assert!(lines[first].opening && !lines[last].opening);
    assert_eq!(lines[first].record.id, lines[last].record.id);
    assert!(lines[first + 1..last].iter().any(|line| line.record.parent == Some(lines[first].record.id)));
    assert!(lines[first].record.call_text(99).ends_with("b\"\\x00\\x1b\\\"\\\\\\xff\", 5)"));
}

#[test]
fn a_sink_may_make_calls_which_are_not_traced() {
    let count = Arc::new(Mutex::new(0));
    let counted = count.clone();
    let tracer = Tracer::new(Box::new(move |_: &Line| {
        *counted.lock().unwrap() += 1;
        drop(tcp());
    }));
    let watch = sys::door::observe_here(Arc::new(tracer));
    drop(tcp());
    drop(watch);
    assert_eq!(*count.lock().unwrap(), 2);
}

#[test]
fn a_trace_of_the_process_sees_every_thread_until_it_is_dropped() {
    let name = |n: u8| {
        Address::Unix(UnixAddress::Abstract(format!("jackfield-test-{}-{n}", std::process::id()).into()))
    };
    let bind =
        |n| Socket::open(Family::UNIX, Type::DGRAM, Protocol::DEFAULT).unwrap().bind(&name(n)).unwrap();
    let seen = Arc::new(Mutex::new(Vec::new()));
    let kept = seen.clone();
    let watch = trace::start(Tracer::new(Box::new(move |line: &Line| {
        kept.lock().unwrap().push(line.record.call_text(0));
    })));
    bind(1);
    thread::scope(|scope| {
        scope.spawn(|| bind(2));
    });
    drop(watch);
    bind(3);
    let seen = seen.lock().unwrap().join("\n");
    let found: Vec<_> = (1..=3).filter(|n| seen.contains(&name(*n).to_string())).collect();
    assert_eq!(found, [1, 2], "{seen}");
}
