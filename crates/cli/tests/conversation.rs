//! The flags that say how a conversation is held: one budget of time, retries, which address wins, when it ends, at which
//! pace and in which pieces bytes go.
//!
//! Where a time is measured, only what would be wrong by the rule fails: too early at all, or as late as the wrong rule
//! would be.

#![expect(clippy::unwrap_used, reason = "a test may panic, its helpers too")]
#![expect(clippy::disallowed_types, reason = "the other side must not be our own code")]

mod common;

use std::io::{Read, Write};
use std::net::{Ipv4Addr, Ipv6Addr, Shutdown, SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::os::fd::AsFd;
use std::os::unix::net::UnixDatagram;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use common::{JACK, PATIENCE, Running, Stream, accept, installed, jack, piped, random_bytes, start_listener};
use jackfield::sock::option::so;
use jackfield::sock::{
    Address, Deadline, Errno, Family, Mode, PollFd, Protocol, Socket, Type, UnixAddress, c, wait_any,
};
use serde_json::Value;

/// A listener and its port, as text.
fn server() -> (TcpListener, String) {
    let server = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = server.local_addr().unwrap().port().to_string();
    (server, port)
}

fn read_all(peer: &mut TcpStream) -> Vec<u8> {
    let mut got = Vec::new();
    peer.read_to_end(&mut got).unwrap();
    got
}

/// Starts a client that is given these bytes through a pipe and then the end.
fn given(arguments: &[&str], bytes: &[u8]) -> Running {
    let mut client = Running::start(jack(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()));
    client.child.stdin.take().unwrap().write_all(bytes).unwrap();
    client
}

fn output(client: &mut Running) -> Stream {
    Stream::of(client.child.stdout.take().unwrap())
}

/// A name server for which every name is this machine, by IPv4 and by IPv6: `/etc/hosts` may know one of them.
fn name_server() -> String {
    let server = UdpSocket::bind("127.0.0.1:0").unwrap();
    let here = server.local_addr().unwrap().to_string();
    // Ends with the test's process.
    std::thread::spawn(move || {
        let mut buffer = [0; 512];
        while let Ok((len, from)) = server.recv_from(&mut buffer) {
            let query = buffer.get(..len).unwrap();
            // After the header of 12 bytes the name ends with a zero; type and class follow: RFC 1035, section 4.1.2.
            let name = query.iter().skip(12).position(|byte| *byte == 0).unwrap();
            let question = query.get(12..12 + name + 5).unwrap();
            let address: &[u8] = match question.get(name + 2) {
                Some(1) => &[127, 0, 0, 1],
                Some(28) => &[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1],
                _ => continue,
            };
            let mut answer = query.get(..2).unwrap().to_vec();
            answer.extend([0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0]);
            answer.extend(question);
            // The name of the question, its type and class, a minute to live.
            answer.extend([0xc0, 12]);
            answer.extend(question.get(name + 1..).unwrap());
            answer.extend([0, 0, 0, 60, 0, u8::try_from(address.len()).unwrap()]);
            answer.extend(address);
            server.send_to(&answer, from).unwrap();
        }
    });
    here
}

/// A name that only [`name_server`] knows.
const BOTH: &str = "both.families.test";

/// A listener whose queue is full: who connects now waits.
struct Full {
    _listener: Socket,
    _queue: Vec<Socket>,
    address: Address,
}

impl Full {
    fn at(address: &Address) -> Option<Self> {
        let family = Family(address.family());
        let listener = Socket::open(family, Type::STREAM, Protocol::DEFAULT).unwrap();
        if family == Family::INET6 {
            jackfield::sock::option::ipv6::set_v6_only(&listener, true).unwrap();
        }
        listener.bind(address).ok()?;
        listener.listen(0).unwrap();
        let address = listener.getsockname().unwrap();
        let mut queue = Vec::new();
        loop {
            let client =
                Socket::open_with(family, Type::STREAM, Protocol::DEFAULT, Mode::NonBlocking).unwrap();
            let connected = client.connect(&address);
            let mut fds = vec![PollFd::new(client.as_fd(), c::POLLOUT)];
            // On loopback a handshake is over at once; what waits now waits for room.
            let moment = Deadline::after(Duration::from_millis(50));
            let stands = match connected {
                Ok(()) => true,
                Err(error) if error.errno() == Some(Errno::EINPROGRESS) => {
                    wait_any(&mut fds, moment).unwrap() > 0
                }
                Err(_) => false,
            };
            queue.push(client);
            if !stands {
                return Some(Self { _listener: listener, _queue: queue, address });
            }
        }
    }

    fn port(&self) -> u16 {
        self.address.ip().unwrap().port()
    }

    /// Both addresses of this machine, with one port.
    fn at_both() -> (Self, Self) {
        loop {
            let v4 = Self::at(&SocketAddr::from((Ipv4Addr::LOCALHOST, 0)).into()).unwrap();
            if let Some(v6) = Self::at(&SocketAddr::from((Ipv6Addr::LOCALHOST, v4.port())).into()) {
                return (v4, v6);
            }
        }
    }
}

#[test]
fn the_timeout_is_one_for_all_addresses() {
    let (v4, _v6) = Full::at_both();
    let (port, names) = (v4.port().to_string(), name_server());
    for flags in [&["--timeout", "1500ms"][..], &["-w", "1.5"], &["--timeout", "1500ms", "--retry", "9"]] {
        let mut command = jack(["connect", "--dns-server", &names]);
        let client = Running::start(command.args(flags).args([BOTH, &port]));
        let ended = client.end_with(1).unwrap();
        assert!(ended.took >= Duration::from_millis(1500), "{flags:?}: {:?}", ended.took);
        assert!(ended.took < Duration::from_millis(2900), "{flags:?}: {:?}", ended.took);
        assert!(ended.said.contains("timed out after 1.5s"), "{flags:?}: {}", ended.said);
    }
}

#[test]
fn the_timeout_holds_for_a_unix_socket_too() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("full");
    let name = UnixAddress::Path(path.as_os_str().as_encoded_bytes().to_vec());
    let full = Full::at(&Address::Unix(name));
    let mut command = jack(["connect", "--timeout", "500ms", "-U"]);
    let ended = Running::start(command.arg(&path)).end_with(1).unwrap();
    assert!(ended.took >= Duration::from_millis(500), "{:?}", ended.took);
    assert!(ended.said.contains("timed out"), "{}", ended.said);
    drop(full);
}

#[test]
fn connecting_can_be_interrupted() {
    let v4 = Full::at(&SocketAddr::from((Ipv4Addr::LOCALHOST, 0)).into()).unwrap();
    let mut command = jack(["connect", "--trace", "127.0.0.1", &v4.port().to_string()]);
    let mut client = Running::start(&mut command);
    client.hear(|line| line.contains("EINPROGRESS").then_some(())).unwrap();
    client.signal("INT");
    client.end_with(130).unwrap();
}

#[test]
fn a_server_that_comes_later_is_found() {
    // The port may be taken by somebody else in between: then with another one.
    for _ in 0..5 {
        let (nobody, port) = server();
        drop(nobody);
        let arguments = ["connect", "-v", "--retry", "1000", "--interval", "20ms", "127.0.0.1", &port];
        let mut client = given(&arguments, b"at last");
        for _ in 0..3 {
            client.hear(|line| line.contains("ECONNREFUSED").then_some(())).unwrap();
        }
        let Ok(late) = TcpListener::bind(format!("127.0.0.1:{port}")) else { continue };
        assert_eq!(read_all(&mut accept(&late)), b"at last");
        client.end_with(0).unwrap();
        return;
    }
    panic!("no port stayed free");
}

/// When the time is over, the reason is what the attempts met, and not the time alone.
#[test]
fn the_last_reason_is_told_when_the_time_is_over() {
    let (nobody, port) = server();
    drop(nobody);
    let arguments = ["connect", "-v", "--timeout", "300ms", "--retry", "99", "--interval", "50ms"];
    let mut command = jack(arguments);
    let said = Running::start(command.args(["127.0.0.1", &port])).end_with(1).unwrap().said;
    let last = "timed out after 300ms; the last attempt failed: connect 127.0.0.1:";
    assert!(said.contains(last) && said.contains("nothing listens on this port"), "{said}");
    // Each pause is told, with what it is for.
    assert!(said.contains("trying again in 50ms (98 left)"), "{said}");
}

/// A port that does not answer is given up by itself; many are asked at once, and told in their order.
#[test]
fn silent_ports_are_asked_at_once_and_told_in_order() {
    let silent: Vec<_> =
        (0..6).filter_map(|_| Full::at(&SocketAddr::from((Ipv4Addr::LOCALHOST, 0)).into())).collect();
    let began = Instant::now();
    let mut command = jack(["connect", "-z", "127.0.0.1", &silent[0].port().to_string()]);
    let mut client = Running::start(command.stdout(Stdio::piped()));
    let answer = output(&mut client).rest().unwrap();
    client.end_with(1).unwrap();
    assert!(String::from_utf8(answer).unwrap().contains("no answer"));
    assert!((2900..10_000).contains(&began.elapsed().as_millis()), "{:?}", began.elapsed());

    let ports: Vec<_> = silent.iter().map(Full::port).collect();
    let (first, last) = (*ports.iter().min().unwrap(), *ports.iter().max().unwrap());
    let last = last.min(first.saturating_add(2000));
    let expected: Vec<_> = (first..=last).map(|port| port.to_string()).collect();
    let range = format!("{first}-{last}");
    let began = Instant::now();
    let mut command = jack(["connect", "-zv", "--timeout", "1s", "127.0.0.1", &range]);
    let mut client = Running::start(command.stdout(Stdio::piped()));
    let text = String::from_utf8(output(&mut client).rest().unwrap()).unwrap();
    client.end().unwrap();
    let told: Vec<_> = text.lines().map(|line| line.split([':', ' ']).nth(1).unwrap().to_owned()).collect();
    assert_eq!(told, expected);
    let silent_ones = ports.iter().filter(|port| (first..=last).contains(*port)).count();
    assert_eq!(text.matches("no answer").count(), silent_ones, "{text}");
    assert!(began.elapsed() < PATIENCE);
}

#[test]
fn retries_have_a_number() {
    let (nobody, port) = server();
    drop(nobody);
    let mut command = jack(["connect", "-v", "--retry", "2", "--interval", "10ms", "127.0.0.1", &port]);
    let said = Running::start(&mut command).end_with(1).unwrap().said;
    assert_eq!(said.matches("did not work").count(), 3, "{said}");
}

/// The peer of the `connected` event.
fn connected_peer(client: &mut Running) -> String {
    let mut events = output(client);
    loop {
        let line = events.line().unwrap_or_else(|_| panic!("{:?}", client.hear(|_| None::<()>)));
        let event: Value = serde_json::from_str(&line).unwrap();
        if event.get("event").is_some_and(|kind| kind == "connected") {
            return event.get("peer").unwrap().as_str().unwrap().to_owned();
        }
    }
}

#[test]
fn the_address_that_works_wins() {
    for host in ["127.0.0.1:0", "[::1]:0"] {
        let server = TcpListener::bind(host).unwrap();
        let here = server.local_addr().unwrap();
        let port = here.port().to_string();
        let mut client = given(&["connect", "--json", "--dns-server", &name_server(), BOTH, &port], b"");
        assert_eq!(connected_peer(&mut client), here.to_string());
        drop(accept(&server));
        client.end_with(0).unwrap();
    }
}

#[test]
fn an_address_that_does_not_answer_is_not_waited_for() {
    // Whichever family comes first, the other one does not wait for its failure.
    for stuck_is_v6 in [false, true] {
        let (stuck, server) = loop {
            let (stuck, other): (std::net::IpAddr, std::net::IpAddr) = if stuck_is_v6 {
                (Ipv6Addr::LOCALHOST.into(), Ipv4Addr::LOCALHOST.into())
            } else {
                (Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into())
            };
            let stuck = Full::at(&SocketAddr::from((stuck, 0)).into()).unwrap();
            if let Ok(server) = TcpListener::bind((other, stuck.port())) {
                break (stuck, server);
            }
        };
        let (port, names) = (stuck.port().to_string(), name_server());
        let arguments = ["connect", "--json", "--timeout", "10s", "--dns-server", &names, BOTH, &port];
        let mut client = given(&arguments, b"");
        assert_eq!(connected_peer(&mut client), server.local_addr().unwrap().to_string());
        drop(accept(&server));
        client.end_with(0).unwrap();
    }
}

#[test]
fn quit_after_ends_though_the_peer_stays() {
    for (quit, least) in [("0", 0), ("700ms", 700)] {
        let (server, port) = server();
        let mut client = given(&["connect", "-v", "-q", quit, "127.0.0.1", &port], b"question");
        let mut peer = accept(&server);
        assert_eq!(read_all(&mut peer), b"question");
        let output = output(&mut client);
        let ended = client.end_with(0).unwrap();
        assert!(ended.took >= Duration::from_millis(least), "{:?}", ended.took);
        assert!(ended.said.contains("(-q)"), "{}", ended.said);
        assert_eq!(output.rest().unwrap(), b"");
        drop(peer);
    }
}

/// What is not sent is said: input that has not ended when the peer has, and pauses.
#[test]
fn input_that_is_left_behind_is_told() {
    for (input, is_told) in [(true, true), (false, false)] {
        let (server, port) = server();
        let mut client = Running::start(jack(["connect", "127.0.0.1", &port]).stdin(Stdio::piped()));
        let held = client.child.stdin.take();
        let held = held.filter(|_| input);
        drop(accept(&server));
        let ended = client.end_with(0).unwrap();
        assert_eq!(ended.said.contains("the input paused for 500ms"), is_told, "{}", ended.said);
        assert_eq!(ended.said.contains("--stay"), is_told, "{}", ended.said);
        drop(held);
    }
}

#[test]
fn a_negative_quit_after_waits_for_the_peer() {
    let (server, port) = server();
    let mut client = given(&["connect", "-q", "-1", "127.0.0.1", &port], b"question");
    let mut peer = accept(&server);
    assert_eq!(read_all(&mut peer), b"question");
    peer.write_all(b"answer").unwrap();
    drop(peer);
    assert_eq!(output(&mut client).rest().unwrap(), b"answer");
    client.end_with(0).unwrap();
}

#[test]
fn what_is_held_back_is_shown_at_every_end() {
    // Five bytes are no whole line of a dump.
    let (server, port) = server();
    let mut client = given(&["connect", "--show", "hex", "-q", "300ms", "127.0.0.1", &port], b"");
    let mut peer = accept(&server);
    peer.write_all(b"hello").unwrap();
    let shown = String::from_utf8(output(&mut client).rest().unwrap()).unwrap();
    assert!(shown.contains("hello"), "-q: {shown}");
    client.end_with(0).unwrap();

    let peer = UdpSocket::bind("127.0.0.1:0").unwrap();
    peer.set_read_timeout(Some(PATIENCE)).unwrap();
    let port = peer.local_addr().unwrap().port().to_string();
    let mut client = given(&["connect", "-u", "--show", "hex", "127.0.0.1", &port], b"question");
    let (_, from) = peer.recv_from(&mut [0; 100]).unwrap();
    peer.send_to(b"hello", from).unwrap();
    let shown = String::from_utf8(output(&mut client).rest().unwrap()).unwrap();
    assert!(shown.contains("hello"), "silence: {shown}");
    client.end_with(0).unwrap();
}

#[test]
fn idle_ends_are_a_failure_only_for_people() {
    for (flags, code) in [(["--idle-timeout", "400ms"], 1), (["-w", "0.4"], 0)] {
        let (server, port) = server();
        let mut command = jack(["connect", "-v"]);
        command.args(flags).args(["127.0.0.1", &port]).stdin(Stdio::piped());
        let client = Running::start(&mut command);
        let peer = accept(&server);
        let ended = client.end_with(code).unwrap();
        assert!(ended.took >= Duration::from_millis(400), "{:?}", ended.took);
        assert!(ended.said.contains("nothing moved for 400ms"), "{}", ended.said);
        drop(peer);
    }
    for (flags, code) in [(["--idle-timeout", "400ms"], 1), (["-w", "0.4"], 0)] {
        let (server, place) = start_listener(jack(["listen", "-k"]).args(flags).args(["127.0.0.1", "0"]));
        let client = TcpStream::connect(place).unwrap();
        assert!(server.end_with(code).unwrap().took >= Duration::from_millis(400));
        drop(client);
    }
}

#[test]
fn a_peer_that_drips_is_not_idle() {
    let (server, port) = server();
    let mut client = given(&["connect", "--idle-timeout", "1s", "127.0.0.1", &port], b"");
    let mut peer = accept(&server);
    for _ in 0..6 {
        std::thread::sleep(Duration::from_millis(300));
        peer.write_all(b".").unwrap();
    }
    drop(peer);
    assert_eq!(output(&mut client).rest().unwrap(), b"......");
    client.end_with(0).unwrap();
}

#[test]
fn a_peer_that_sips_is_not_idle() {
    let server = Socket::open(Family::INET, Type::STREAM, Protocol::TCP).unwrap();
    // Small buffers on both sides, so that one piece of input takes longer than the timeout.
    so::set_receive_buffer(&server, 2048).unwrap();
    server.bind(&"127.0.0.1:0".parse().unwrap()).unwrap();
    server.listen(1).unwrap();
    let port = server.getsockname().unwrap().ip().unwrap().port().to_string();
    let mut file = tempfile::NamedTempFile::new().unwrap();
    let bytes = random_bytes(60_000);
    file.write_all(&bytes).unwrap();
    let (mut cat, pipe) = piped(file.path());
    let arguments = ["connect", "--idle-timeout", "1s", "--sockopt", "SO_SNDBUF=2048", "127.0.0.1", &port];
    let client = Running::start(jack(arguments).stdin(pipe));
    let mut fds = vec![PollFd::new(server.as_fd(), c::POLLIN)];
    assert_eq!(wait_any(&mut fds, Deadline::after(PATIENCE)).unwrap(), 1, "nobody came");
    let (peer, _) = server.accept().unwrap();
    let mut got = Vec::new();
    let began = Instant::now();
    loop {
        // The first seconds slowly, the rest as it comes.
        if began.elapsed() < Duration::from_secs(2) {
            std::thread::sleep(Duration::from_millis(100));
        }
        let piece = peer.recv(1500, 0).unwrap();
        if piece.is_empty() {
            break;
        }
        got.extend(piece);
    }
    assert!(got == bytes, "{} bytes of {}", got.len(), bytes.len());
    drop(peer);
    client.end_with(0).unwrap();
    cat.wait().unwrap();
}

/// Reads three lines that come one by one, at least so far apart.
fn three_lines(mut peer: TcpStream, apart: Duration) {
    let mut began = None;
    for line in [b"one\n", b"two\n", b"six\n"] {
        let mut got = [0; 100];
        let len = peer.read(&mut got).unwrap();
        assert_eq!(got.get(..len).unwrap(), line);
        began.get_or_insert_with(Instant::now);
    }
    // Little less than two pauses, for the first line may have been read late.
    assert!(began.unwrap().elapsed() >= apart, "{:?}", began.unwrap().elapsed());
    assert_eq!(peer.read(&mut [0; 100]).unwrap(), 0);
}

#[test]
fn a_delay_between_lines_is_no_pause_and_no_idleness() {
    let lines = b"one\ntwo\nsix\n";
    let (server, port) = server();
    let arguments = ["connect", "-i", "700ms", "--idle-timeout", "1s", "127.0.0.1", &port];
    let client = given(&arguments, lines);
    let peer = accept(&server);
    // From here on only the delay says that there is more to come.
    peer.shutdown(Shutdown::Write).unwrap();
    three_lines(peer, Duration::from_secs(1));
    client.end_with(0).unwrap();
}

#[test]
fn a_listener_keeps_the_delay_too() {
    for keep_open in [false, true] {
        let mut command = jack(["listen", "-i", "600ms", "127.0.0.1", "0"]);
        if keep_open {
            command.arg("-k");
        }
        let (mut server, place) = start_listener(command.stdin(Stdio::piped()));
        server.child.stdin.take().unwrap().write_all(b"one\ntwo\nsix\n").unwrap();
        let peer = TcpStream::connect(place).unwrap();
        peer.set_read_timeout(Some(PATIENCE)).unwrap();
        peer.shutdown(Shutdown::Write).unwrap();
        three_lines(peer, Duration::from_secs(1));
        if keep_open {
            server.signal("INT");
        }
        server.end_with(0).unwrap();
    }
}

#[test]
fn a_datagram_listener_keeps_the_delay_too() {
    let mut command = jack(["listen", "-u", "-i", "400ms", "127.0.0.1", "0"]);
    let (mut server, place) = start_listener(command.stdin(Stdio::piped()));
    server.child.stdin.take().unwrap().write_all(b"one\ntwo\nsix\n").unwrap();
    let peer = UdpSocket::bind("127.0.0.1:0").unwrap();
    peer.set_read_timeout(Some(PATIENCE)).unwrap();
    peer.send_to(b"here", place).unwrap();
    let began = Instant::now();
    for line in [b"one\n", b"two\n", b"six\n"] {
        let mut got = [0; 100];
        let len = peer.recv(&mut got).unwrap();
        assert_eq!(got.get(..len).unwrap(), line);
    }
    assert!(began.elapsed() >= Duration::from_millis(700), "{:?}", began.elapsed());
    server.signal("INT");
    server.end_with(0).unwrap();
}

#[test]
fn lone_line_feeds_become_crlf() {
    let (server, port) = server();
    let client = given(&["connect", "-C", "127.0.0.1", &port], b"a\nb\r\nc\n\n");
    assert_eq!(read_all(&mut accept(&server)), b"a\r\nb\r\nc\r\n\r\n");
    client.end_with(0).unwrap();
    for arguments in [&["listen", "-C", "127.0.0.1", "0"][..], &["listen", "-k", "-C", "127.0.0.1", "0"]] {
        let (mut server, place) = start_listener(jack(arguments).stdin(Stdio::piped()));
        server.child.stdin.take().unwrap().write_all(b"a\nb\r\nc\n\n").unwrap();
        let mut peer = TcpStream::connect(place).unwrap();
        peer.set_read_timeout(Some(PATIENCE)).unwrap();
        assert_eq!(read_all(&mut peer), b"a\r\nb\r\nc\r\n\r\n", "{arguments:?}");
    }
}

#[test]
fn the_size_of_a_receive_is_bounded() {
    let peer = UdpSocket::bind("127.0.0.1:0").unwrap();
    peer.set_read_timeout(Some(PATIENCE)).unwrap();
    let port = peer.local_addr().unwrap().port().to_string();
    let mut client = given(&["connect", "-u", "--recv-size", "5", "127.0.0.1", &port], b"?");
    let (_, from) = peer.recv_from(&mut [0; 10]).unwrap();
    peer.send_to(b"0123456789", from).unwrap();
    peer.send_to(b"abc", from).unwrap();
    // The rest of a datagram is lost: that is what the kernel does.
    assert_eq!(output(&mut client).rest().unwrap(), b"01234abc");
    client.end_with(0).unwrap();

    let (server, port) = server();
    let mut client = given(&["connect", "--json", "--recv-size", "5", "127.0.0.1", &port], b"");
    accept(&server).write_all(b"0123456789ab").unwrap();
    let text = String::from_utf8(output(&mut client).rest().unwrap()).unwrap();
    let events = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let lengths: Vec<_> = events
        .filter(|event| event["event"] == "received")
        .map(|event| event["len"].as_u64().unwrap())
        .collect();
    assert!(lengths.iter().all(|len| *len <= 5) && lengths.iter().sum::<u64>() == 12, "{lengths:?}");
    client.end_with(0).unwrap();
}

/// A peer that talks while it is sent to: closing over its words would throw away what has not arrived.
#[test]
fn send_only_leaves_when_all_has_arrived() {
    let bytes = random_bytes(8 << 20);
    let (server, port) = server();
    let client = std::thread::spawn({
        let bytes = bytes.clone();
        move || given(&["connect", "-v", "--send-only", "127.0.0.1", &port], &bytes)
    });
    let mut peer = accept(&server);
    // Into a receive buffer that nobody reads, while our own is full.
    let mut got = vec![0; 6 << 20];
    peer.write_all(&[b'!'; 10_000]).unwrap();
    peer.read_exact(&mut got).unwrap();
    let client = client.join().unwrap();
    peer.write_all(&[b'!'; 10_000]).unwrap();
    std::thread::sleep(Duration::from_millis(200));
    peer.write_all(&[b'!'; 10_000]).unwrap();
    got.extend(read_all(&mut peer));
    assert!(got == bytes, "{} bytes of {}", got.len(), bytes.len());
    let said = client.end_with(0).unwrap().said;
    assert!(said.contains("all input is sent and only sending was asked for"), "{said}");
    drop(peer);
}

#[test]
fn recv_only_does_not_read_its_input() {
    let (server, port) = server();
    let mut client = given(&["connect", "--recv-only", "127.0.0.1", &port], b"not for you");
    let mut peer = accept(&server);
    peer.write_all(b"for you").unwrap();
    peer.shutdown(Shutdown::Write).unwrap();
    assert_eq!(read_all(&mut peer), b"");
    assert_eq!(output(&mut client).rest().unwrap(), b"for you");
    client.end_with(0).unwrap();
}

#[test]
fn send_only_does_not_show_what_is_received() {
    let mut command = jack(["listen", "--send-only", "127.0.0.1", "0"]);
    let (mut server, place) = start_listener(command.stdin(Stdio::piped()).stdout(Stdio::piped()));
    let mut peer = TcpStream::connect(place).unwrap();
    peer.set_read_timeout(Some(PATIENCE)).unwrap();
    peer.write_all(b"not shown").unwrap();
    server.child.stdin.take().unwrap().write_all(b"shown").unwrap();
    assert_eq!(read_all(&mut peer), b"shown");
    assert_eq!(output(&mut server).rest().unwrap(), b"");
    server.end_with(0).unwrap();
}

/// A source port is free again at once: connections of its last life in TIME_WAIT are no hindrance.
#[test]
fn a_source_port_can_be_used_again() {
    let (nobody, own) = server();
    drop(nobody);
    for _ in 0..2 {
        let (server, port) = server();
        let client = given(&["connect", "-p", &own, "127.0.0.1", &port], b"hello");
        let mut peer = accept(&server);
        assert_eq!(peer.peer_addr().unwrap().port().to_string(), own);
        // The client's FIN is the first one, so the port stays in TIME_WAIT on its side.
        assert_eq!(read_all(&mut peer), b"hello");
        drop(peer);
        client.end_with(0).unwrap();
    }
}

#[test]
fn the_file_of_our_own_unix_name_goes_when_we_do() {
    let folder = tempfile::tempdir().unwrap();
    let (server, own) = (folder.path().join("server"), folder.path().join("own"));
    let peer = UnixDatagram::bind(&server).unwrap();
    peer.set_read_timeout(Some(PATIENCE)).unwrap();
    for _ in 0..2 {
        let mut command = jack(["connect", "--data", "text:hello", "-u", "-U", "-s"]);
        let client = Running::start(command.arg(&own).arg(&server).stdout(Stdio::null()));
        let mut buffer = [0; 10];
        let (len, from) = peer.recv_from(&mut buffer).unwrap();
        assert_eq!((len, from.as_pathname()), (5, Some(own.as_path())));
        client.end_with(0).unwrap();
        assert!(!own.exists());
    }
    drop(peer);
    // Nobody is there: the name goes as well.
    let mut command = jack(["connect", "-u", "-U", "-s"]);
    Running::start(command.arg(&own).arg(&server)).end_with(1).unwrap();
    assert!(!own.exists());
}

/// Port 0 with several addresses: a port that is free for one may not be for the other, and then it is another one.
#[test]
fn port_0_is_one_port_for_all_addresses() {
    let namespace = Command::new("unshare").args(["-Urnm", "true"]).stderr(Stdio::null()).status();
    if !namespace.is_ok_and(|status| status.success()) || !installed("ip") {
        eprintln!("skipped: no network namespace can be made here");
        return;
    }
    let mut hosts = tempfile::NamedTempFile::new().unwrap();
    writeln!(hosts, "127.0.0.1 {BOTH}\n::1 {BOTH}").unwrap();
    // Two ports, and each in turn taken for one family.
    for (taken, other) in [("50000", "50001"), ("50001", "50000")] {
        let script = "ip link set lo up && mount --bind \"$2\" /etc/hosts && \
             echo 50000 50001 >/proc/sys/net/ipv4/ip_local_port_range && \
             { \"$0\" listen -v -k 127.0.0.1 \"$1\" 2>&1 & } | { read line && \
             exec \"$0\" listen -v -k \"$3\" 0; }";
        let mut command = Command::new("unshare");
        command.args(["-Urnm", "sh", "-c", script, JACK, taken]).arg(hosts.path()).arg(BOTH);
        let mut server = Running::start(command.stdin(Stdio::null()));
        let first = server.hear(common::listening_place).unwrap();
        let second = server.hear(common::listening_place).unwrap();
        assert_eq!([common::port_of(&first), common::port_of(&second)], [other, other]);
    }
}
