//! What conversations do at their edges: peers that reset or do not read, readers that are stuck, descriptors that block,
//! times that never come.

#![expect(clippy::unwrap_used, reason = "a test may panic, its helpers too")]
#![expect(clippy::disallowed_types, reason = "the other side must not be our own code")]

mod common;

use std::fs::File;
use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream, UdpSocket};
use std::os::unix::net::UnixDatagram;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use common::{PATIENCE, Running, Stream, accept, connect, jack, random_bytes, same, start_listener};
use jackfield::sock::{Address, Family, Protocol, Socket, Type, UnixAddress};

fn server() -> (TcpListener, String) {
    let server = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = server.local_addr().unwrap().port().to_string();
    (server, port)
}

fn fifo(folder: &Path) -> PathBuf {
    let path = folder.join("fifo");
    assert!(Command::new("mkfifo").arg(&path).status().unwrap().success());
    path
}

/// Writes as much as is taken, in the background, until the other side has gone.
fn flood(mut to: TcpStream) {
    thread::spawn(move || while to.write_all(&[b'x'; 4096]).is_ok() {});
}

/// A time that no clock reaches is for ever, and no panic.
#[test]
fn endless_durations_are_for_ever() {
    const ENDLESS: &str = "10000000000000000000";
    for flag in ["--idle-timeout", "-w", "--timeout", "-q", "--delay", "--interval"] {
        let (server, port) = server();
        let answer = thread::spawn(move || {
            let mut peer = accept(&server);
            peer.read_exact(&mut [0; 3]).unwrap();
            peer.write_all(b"bye").unwrap();
        });
        let command = ["connect", flag, ENDLESS, "--data", "text:hi!", "127.0.0.1", &port];
        Running::start(&mut jack(command)).end_with(0).unwrap_or_else(|error| panic!("{flag}: {error}"));
        answer.join().unwrap();
    }
    for flags in [["-k", "--idle-timeout"], ["-k", "--delay"], ["-u", "--idle-timeout"], ["-u", "--delay"]] {
        let mut command = jack(["listen", "-v"]);
        command.args(flags).args([ENDLESS, "--data", "text:hi!", "127.0.0.1", "0"]);
        let (mut server, place) = start_listener(&mut command);
        let mut answer = [0; 3];
        if flags[0] == "-u" {
            let client = UdpSocket::bind("127.0.0.1:0").unwrap();
            client.set_read_timeout(Some(PATIENCE)).unwrap();
            client.send_to(b"x", &place).unwrap();
            client.recv(&mut answer).unwrap();
        } else {
            connect(&place).read_exact(&mut answer).unwrap();
            server.hear(|line| line.contains("ended with").then_some(())).unwrap();
        }
        assert_eq!(&answer, b"hi!");
        server.signal("INT");
        server.end_with(0).unwrap_or_else(|error| panic!("{flags:?}: {error}"));
    }
}

/// What one side has given is delivered, also when that side takes no answer any more.
#[test]
fn a_relay_delivers_what_it_took_from_a_client_that_has_gone() {
    let (server, port) = server();
    let target = format!("127.0.0.1:{port}");
    let (mut relay, place) =
        start_listener(&mut jack(["relay", "--trace", "listen:tcp://127.0.0.1:0", &target]));
    let mut client = connect(&place);
    let mut peer = accept(&server);
    let sent = random_bytes(2_000_000);
    client.write_all(&sent).unwrap();
    drop(client);
    // Everything has been taken, the end too.
    relay.hear(|line| line.contains("shutdown(").then_some(())).unwrap();
    let enough = AtomicBool::new(false);
    thread::scope(|threads| {
        let mut answers = peer.try_clone().unwrap();
        let enough = &enough;
        threads.spawn(move || {
            while !enough.load(Ordering::Relaxed) && answers.write_all(b"answer").is_ok() {
                thread::sleep(Duration::from_millis(1));
            }
        });
        let refused =
            relay.hear(|line| (line.contains("EPIPE") || line.contains("ECONNRESET")).then_some(()));
        enough.store(true, Ordering::Relaxed);
        refused.unwrap();
    });
    let mut got = Vec::new();
    peer.read_to_end(&mut got).unwrap();
    same("what the server got", &got, &sent).unwrap();
    drop(peer);
    relay.end_with(1).unwrap();
}

#[test]
fn input_for_a_peer_that_has_gone_is_no_success() {
    for flags in [&[][..], &["--send-only"], &["--stay"]] {
        let (server, port) = server();
        let mut command = jack(["connect", "-v", "--trace"]);
        command.args(flags).args(["127.0.0.1", &port]).stdin(Stdio::piped());
        let mut client = Running::start(&mut command);
        drop(accept(&server));
        client.hear(|line| (line.contains("recv(") && line.contains("= 0")).then_some(())).unwrap();
        // The server's kernel knows no such connection any more.
        let mut input = client.child.stdin.take().unwrap();
        input.write_all(b"hi\n").unwrap();
        drop(input);
        let ended = client.end_with(1).unwrap_or_else(|error| panic!("{flags:?}: {error}"));
        assert!(ended.said.contains("the peer reset the connection"), "{flags:?}: {}", ended.said);
    }
}

/// A server whose reader is stuck ends by its timeout and by the first signal.
#[test]
fn a_stuck_reader_does_not_keep_a_server() {
    for udp in [false, true] {
        for signal in [false, true] {
            let mut command = jack(["listen", "-v", if udp { "-u" } else { "-k" }]);
            if !signal {
                command.args(["--idle-timeout", "300ms"]);
            }
            let command = command.args(["127.0.0.1", "0"]).stdout(Stdio::piped());
            let (mut server, place) = start_listener(command);
            let output = server.child.stdout.take().unwrap();
            if udp {
                let client = UdpSocket::bind("127.0.0.1:0").unwrap();
                for _ in 0..20 {
                    client.send_to(&[b'x'; 30_000], &place).unwrap();
                }
            } else {
                flood(connect(&place));
            }
            server.hear(|line| line.contains("from").then_some(())).unwrap();
            if signal {
                until_full(&output);
                server.signal("INT");
            }
            let began = Instant::now();
            let ended = server.end_with(if signal { 0 } else { 1 });
            ended.unwrap_or_else(|error| panic!("udp {udp}, signal {signal}: {error}"));
            assert!(began.elapsed() < PATIENCE / 2);
            drop(output);
        }
    }
}

/// Waits until a pipe has as much as it takes.
fn until_full(pipe: &impl std::os::fd::AsFd) {
    let began = Instant::now();
    loop {
        let inside = sys_queued(pipe);
        if inside >= 60_000 {
            return;
        }
        assert!(began.elapsed() < PATIENCE, "{inside} bytes only");
        thread::yield_now();
    }
}

/// How many bytes wait in a pipe, told by the kernel's list of descriptors of a child that asks.
fn sys_queued(pipe: &impl std::os::fd::AsFd) -> usize {
    let copy = pipe.as_fd().try_clone_to_owned().unwrap();
    let script = "import array, fcntl, termios; n = array.array('i', [0]); fcntl.ioctl(0, termios.FIONREAD, n); print(n[0])";
    let asked = Command::new("python3").args(["-I", "-S", "-c", script]).stdin(copy).output().unwrap();
    String::from_utf8_lossy(&asked.stdout).trim().parse().unwrap()
}

#[test]
fn standard_output_on_the_right_of_a_relay_is_written_to_its_end() {
    let mut command = jack(["relay", "listen:tcp://127.0.0.1:0", "-"]);
    let (mut relay, place) = start_listener(command.stdin(Stdio::piped()).stdout(Stdio::piped()));
    let output = relay.child.stdout.take().unwrap();
    let input = relay.child.stdin.take();
    flood(connect(&place));
    until_full(&output);
    relay.signal("INT");
    let got = Stream::of(output).rest().unwrap();
    assert!(got.len() > 65_536, "what was received and waited is written: {}", got.len());
    relay.end_with(130).unwrap();
    drop(input);
}

#[test]
fn long_messages_are_whole() {
    const LEN: usize = 150_000;
    let message = random_bytes(LEN);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("socket");
    let place = path.to_str().unwrap();
    let dgram = format!("unix-dgram:{place}");
    let seqpacket = format!("unix-seqpacket:{place}");
    let waits = [format!("listen:{dgram}"), format!("listen:{seqpacket}")];
    for (kind, job) in [
        (Type::DGRAM, vec!["listen", &dgram]),
        (Type::SEQPACKET, vec!["listen", &seqpacket]),
        (Type::SEQPACKET, vec!["listen", "-k", &seqpacket]),
        (Type::DGRAM, vec!["relay", &waits[0], "-"]),
        (Type::SEQPACKET, vec!["relay", &waits[1], "-"]),
    ] {
        let mut command = jack(["-"; 0]);
        command.args(&job).arg("-v").stdin(Stdio::piped()).stdout(Stdio::piped());
        let (mut server, _) = start_listener(&mut command);
        let mut output = Stream::of(server.child.stdout.take().unwrap());
        let client = Socket::open(Family::UNIX, kind, Protocol::DEFAULT).unwrap();
        client.setsockopt(jackfield::sock::c::SOL_SOCKET, 7, 400_000).unwrap();
        client.connect(&Address::Unix(UnixAddress::Path(place.as_bytes().to_vec()))).unwrap();
        assert_eq!(client.send(&message, 0).unwrap(), LEN);
        let got = output.take(LEN).unwrap_or_else(|error| panic!("{job:?}: {error}"));
        same("the message", &got, &message).unwrap();
        drop(client);
        server.signal("INT");
        server.end().unwrap();
        let _ = std::fs::remove_file(&path);
    }
}

#[test]
fn a_message_that_is_cut_is_told() {
    {
        let mut command = jack(["listen", "-uv", "--recv-size", "4", "127.0.0.1", "0"]);
        let (mut server, place) = start_listener(&mut command);
        let client = UdpSocket::bind("127.0.0.1:0").unwrap();
        client.send_to(b"four and more", &place).unwrap();
        server.hear(|line| (line.contains("13") && line.contains("4")).then_some(())).unwrap();
        server.signal("INT");
        server.end_with(0).unwrap();
    }
    let (server, port) = {
        let server = UdpSocket::bind("127.0.0.1:0").unwrap();
        let port = server.local_addr().unwrap().port().to_string();
        (server, port)
    };
    let answer = thread::spawn(move || {
        let (_, peer) = server.recv_from(&mut [0; 10]).unwrap();
        server.send_to(b"four and more", peer).unwrap();
    });
    let mut command =
        jack(["connect", "-u", "--json", "--recv-size", "4", "--data", "text:x", "127.0.0.1", &port]);
    let mut client = Running::start(command.stdout(Stdio::piped()));
    let output = Stream::of(client.child.stdout.take().unwrap()).rest().unwrap();
    client.end_with(0).unwrap();
    answer.join().unwrap();
    let text = String::from_utf8(output).unwrap();
    assert!(text.contains(r#""event":"truncated""#) && text.contains(r#""len":13"#), "{text}");
}

#[test]
fn one_that_does_not_read_is_left_behind() {
    let sent = random_bytes(30_000_000);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("input");
    std::fs::write(&path, &sent).unwrap();
    // Input is read as soon as somebody is there: both are before it begins.
    let mut command = jack(["listen", "-k", "-v", "127.0.0.1", "0"]);
    let (mut server, place) = start_listener(command.stdin(Stdio::piped()));
    let lazy = connect(&place);
    let mut busy = connect(&place);
    for _ in 0..2 {
        server.hear(|line| line.contains("connection from").then_some(())).unwrap();
    }
    let mut input = server.child.stdin.take().unwrap();
    let all = sent.clone();
    thread::spawn(move || input.write_all(&all));
    let mut got = vec![0; sent.len()];
    busy.read_exact(&mut got).unwrap();
    same("what the busy one got", &got, &sent).unwrap();
    let own = lazy.local_addr().unwrap().to_string();
    server.hear(|line| (line.contains(&own) && line.contains("does not read")).then_some(())).unwrap();
    server.signal("INT");
    server.end_with(0).unwrap();
}

/// A FIFO whose reader is slow holds up neither what is sent nor a signal.
#[test]
fn a_fifo_that_is_not_read_does_not_hold_up_the_other_direction() {
    for flag in ["--output", "--hex-dump"] {
        let folder = tempfile::tempdir().unwrap();
        let path = fifo(folder.path());
        let (server, port) = server();
        let mut command = jack(["connect", flag, path.to_str().unwrap(), "127.0.0.1", &port]);
        let mut client = Running::start(command.stdin(Stdio::piped()));
        let reader = File::open(&path).unwrap();
        let mut peer = accept(&server);
        flood(peer.try_clone().unwrap());
        until_full(&reader);
        let mut input = client.child.stdin.take().unwrap();
        if flag == "--output" {
            input.write_all(b"hi\n").unwrap();
            let mut got = [0; 3];
            peer.read_exact(&mut got).unwrap();
            assert_eq!(&got, b"hi\n");
        }
        client.signal("INT");
        let ended = client.end().unwrap();
        assert_eq!(ended.status.code(), Some(130), "{flag}: {}", ended.said);
        drop((reader, input));
    }
}

#[test]
fn waiting_for_the_reader_of_a_fifo_can_be_interrupted() {
    for flag in ["--output", "--hex-dump"] {
        let folder = tempfile::tempdir().unwrap();
        let path = fifo(folder.path());
        let (_server, port) = server();
        let mut command = jack([
            "connect",
            "--trace",
            "--data",
            "text:x",
            flag,
            path.to_str().unwrap(),
            "127.0.0.1",
            &port,
        ]);
        let client = Running::start(&mut command);
        client.sleeps_in("ppoll");
        client.signal("INT");
        let ended = client.end().unwrap();
        assert_eq!(ended.status.code(), Some(130), "{flag}: {}", ended.said);
    }
    let folder = tempfile::tempdir().unwrap();
    let file = format!("file:{}", fifo(folder.path()).display());
    let (_server, port) = server();
    let peer = format!("127.0.0.1:{port}");
    for ends in [[&file, &peer], [&peer, &file]] {
        let relay = Running::start(&mut jack(["relay", ends[0], ends[1]]));
        relay.sleeps_in("ppoll");
        relay.signal("INT");
        let ended = relay.end().unwrap();
        assert_eq!(ended.status.code(), Some(130), "{ends:?}: {}", ended.said);
    }
}

#[test]
fn reading_a_payload_can_be_interrupted() {
    let folder = tempfile::tempdir().unwrap();
    let path = fifo(folder.path());
    let (_server, port) = server();
    let data = format!("@{}", path.display());
    let client = Running::start(&mut jack(["connect", "--data", &data, "127.0.0.1", &port]));
    // It is there, and has caught its signals, when the other end can be opened.
    let writer = File::options().write(true).open(&path).unwrap();
    client.signal("INT");
    let ended = client.end().unwrap();
    assert_eq!(ended.status.code(), Some(130), "{}", ended.said);
    drop(writer);
    // A plan opens nothing.
    let plan = Running::start(&mut jack(["explain", "--", "connect", "--data", &data, "127.0.0.1", &port]));
    plan.end_with(0).unwrap();
}

#[test]
fn a_lookup_can_be_interrupted() {
    let dns = UdpSocket::bind("127.0.0.1:0").unwrap();
    dns.set_read_timeout(Some(PATIENCE)).unwrap();
    let address = dns.local_addr().unwrap().to_string();
    for job in
        [&["connect", "a.test", "80"][..], &["relay", "-", "a.test:80"], &["connect", "-z", "a.test", "80"]]
    {
        let mut command = jack(job);
        let running = Running::start(command.args(["--dns-server", &address]).stdin(Stdio::piped()));
        dns.recv_from(&mut [0; 512]).unwrap();
        running.signal("INT");
        let ended = running.end().unwrap();
        assert_eq!((ended.status.code(), ended.said.as_str()), (Some(130), ""), "{job:?}");
        dns.set_nonblocking(true).unwrap();
        while dns.recv_from(&mut [0; 512]).is_ok() {}
        dns.set_nonblocking(false).unwrap();
    }
}

#[test]
fn an_answer_that_cannot_be_sent_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("socket");
    let place = path.to_str().unwrap();
    let (mut server, _) = start_listener(&mut jack(["listen", "-uU", "-v", "--reply", "echo", place]));
    let client = UnixDatagram::unbound().unwrap();
    client.send_to(b"no name", &path).unwrap();
    server.hear(|line| line.contains("could not be sent").then_some(())).unwrap();
    server.signal("INT");
    server.end_with(0).unwrap();
}

#[test]
fn an_output_file_is_emptied_when_there_is_something_to_write() {
    let folder = tempfile::tempdir().unwrap();
    let (nobody, port) = server();
    drop(nobody);
    for flag in ["--output", "--hex-dump"] {
        let path = folder.path().join("file");
        std::fs::write(&path, "from before, and longer than what comes").unwrap();
        let file = path.to_str().unwrap();
        Running::start(&mut jack(["connect", flag, file, "127.0.0.1", &port])).end_with(1).unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "from before, and longer than what comes");
        let (server, port) = server();
        let client = Running::start(&mut jack(["connect", flag, file, "127.0.0.1", &port]));
        accept(&server).write_all(b"new").unwrap();
        client.end_with(0).unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.contains("new") && !text.contains("before"), "{text}");
    }
}

#[test]
fn characters_of_two_peers_are_two() {
    let mut command = jack(["listen", "-k", "-v", "--show", "text", "127.0.0.1", "0"]);
    let (mut server, place) = start_listener(command.stdout(Stdio::piped()));
    let output = Stream::of(server.child.stdout.take().unwrap());
    for half in [&b"\xc3"[..], b"\xa9"] {
        let mut client = connect(&place);
        client.write_all(half).unwrap();
        client.shutdown(Shutdown::Write).unwrap();
        server.hear(|line| line.contains("ended with").then_some(())).unwrap();
    }
    server.signal("INT");
    server.end_with(0).unwrap();
    assert_eq!(String::from_utf8(output.rest().unwrap()).unwrap(), "\\xc3\\xa9");
}

#[test]
fn one_that_was_answered_and_drips_is_let_go() {
    let mut command = jack(["listen", "-k", "-v", "--reply", "text:ok", "127.0.0.1", "0"]);
    let (mut server, place) = start_listener(&mut command);
    let mut client = connect(&place);
    client.write_all(b"x").unwrap();
    let mut answer = [0; 2];
    client.read_exact(&mut answer).unwrap();
    let ended = AtomicBool::new(false);
    thread::scope(|threads| {
        threads.spawn(|| {
            let began = Instant::now();
            while !ended.load(Ordering::Relaxed) && began.elapsed() < PATIENCE {
                let _ = client.write_all(b"x");
                thread::sleep(Duration::from_millis(50));
            }
        });
        let let_go = server.hear(|line| line.contains("ended with").then_some(()));
        ended.store(true, Ordering::Relaxed);
        let_go.unwrap();
    });
    server.signal("INT");
    server.end_with(0).unwrap();
}
