//! `jack listen -k` with many peers: connections in a row and at once, nothing lost and no descriptor leaked; peers that
//! reset, stall or talk too much; descriptors that run out; Ctrl-C; answers by `--reply`.
//!
//! `cargo xtask soak many-connections` does ten thousand in a row.

#![expect(clippy::unwrap_used, reason = "a test may panic, its helpers too")]
#![expect(clippy::disallowed_types, reason = "the other side must not be our own code")]

mod common;

use std::fs::File;
use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream, UdpSocket};
use std::os::unix::net::UnixDatagram;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use common::{JACK, PATIENCE, Running, Stream, all, connect, jack, random_bytes, start_listener};
use jackfield::sock::{Family, Protocol, Socket, Type, c};

/// A server on loopback that goes on, says what happens, and writes to a file.
fn server(file: &Path, arguments: &[&str]) -> (Running, String) {
    let mut command = jack(["listen", "-k", "-v"]);
    command.args(arguments).args(["127.0.0.1", "0"]);
    let (server, place) = start_listener(command.stdout(File::create(file).unwrap()));
    // With all the descriptors that it has of its own.
    server.sleeps_in("ppoll");
    (server, place)
}

/// Reads until the peer's FIN.
fn read_all(client: &mut TcpStream) -> Result<Vec<u8>, String> {
    let mut got = Vec::new();
    client.read_to_end(&mut got).map_err(|error| format!("after {} bytes: {error}", got.len()))?;
    Ok(got)
}

/// Waits until the server has said this so many times.
fn hear_times(server: &mut Running, what: &str, times: usize) {
    for _ in 0..times {
        server.hear(|line| line.contains(what).then_some(())).unwrap();
    }
}

/// Waits until something is so that nobody tells.
fn until(what: &str, is_so: impl Fn() -> bool) {
    let began = Instant::now();
    while !is_so() {
        assert!(began.elapsed() < PATIENCE, "{what}");
        std::thread::yield_now();
    }
}

/// Ends a server by Ctrl-C, which is its normal end.
fn interrupt(server: Running) -> String {
    server.signal("INT");
    server.end_with(0).unwrap().said
}

/// Wants each line `client N` once.
fn each_once(file: &Path, count: usize) {
    let text = std::fs::read_to_string(file).unwrap();
    let mut got: Vec<usize> =
        text.lines().map(|line| line.strip_prefix("client ").unwrap().parse().unwrap()).collect();
    got.sort_unstable();
    assert_eq!(got.len(), count);
    assert!(got.into_iter().eq(0..count), "each line once");
}

fn in_a_row(count: usize) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("lines");
    let (mut server, place) = server(&file, &[]);
    let before = server.descriptors();
    for number in 0..count {
        let mut client = connect(&place);
        client.write_all(format!("client {number}\n").as_bytes()).unwrap();
        client.shutdown(Shutdown::Write).unwrap();
        // The server's FIN: with that this one has the port in TIME_WAIT, and not for long.
        assert_eq!(read_all(&mut client).unwrap(), b"");
        hear_times(&mut server, "ended with", 1);
    }
    assert_eq!(server.descriptors(), before);
    interrupt(server);
    each_once(&file, count);
}

#[test]
fn two_thousand_in_a_row() {
    in_a_row(2_000);
}

#[test]
#[ignore = "long: cargo xtask soak many-connections"]
fn soak_ten_thousand_in_a_row() {
    in_a_row(10_000);
}

/// What a server asks the kernel does not grow with the clients that are quiet.
#[test]
fn quiet_clients_cost_nothing() {
    const QUIET: usize = 60;
    let mut command = jack(["listen", "-k", "--trace", "127.0.0.1", "0"]);
    let (mut server, place) = start_listener(&mut command);
    let _quiet: Vec<_> = (0..QUIET).map(|_| connect(&place)).collect();
    let mut client = connect(&place);
    client.write_all(b"begin").unwrap();
    server.hear(|line| line.contains("begin").then_some(())).unwrap();
    client.write_all(b"done!").unwrap();
    let between = std::cell::RefCell::new(Vec::new());
    server
        .hear(|line| {
            between.borrow_mut().push(line.to_owned());
            line.contains("done!").then_some(())
        })
        .unwrap();
    let calls = between.into_inner();
    let polls: Vec<_> = calls.iter().filter(|line| line.contains(" poll(")).collect();
    assert!(!polls.is_empty() && calls.len() < 20, "{calls:#?}");
    for poll in polls {
        assert!(poll.matches("POLLIN").count() < 12, "{poll}");
    }
    interrupt(server);
}

fn at_once(count: usize) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("lines");
    let (mut server, place) = server(&file, &[]);
    let before = server.descriptors();
    let mut clients: Vec<_> = (0..count).map(|_| connect(&place)).collect();
    hear_times(&mut server, "connection from", count);
    assert_eq!(server.descriptors(), before + count);
    // The last who came speaks first.
    for (number, client) in clients.iter_mut().enumerate().rev() {
        client.write_all(format!("client {number}\n").as_bytes()).unwrap();
    }
    for client in &mut clients {
        client.shutdown(Shutdown::Write).unwrap();
        assert_eq!(read_all(client).unwrap(), b"");
    }
    hear_times(&mut server, "ended with", count);
    assert_eq!(server.descriptors(), before);
    interrupt(server);
    each_once(&file, count);
}

#[test]
fn five_hundred_at_once() {
    at_once(500);
}

#[test]
#[ignore = "long: cargo xtask soak many-connections"]
fn soak_five_hundred_at_once_twenty_times() {
    for _ in 0..20 {
        at_once(500);
    }
}

#[test]
fn many_at_once_through_a_slow_pipe() {
    let mut command = jack(["listen", "-k", "127.0.0.1", "0"]);
    let (mut server, place) = start_listener(command.stdout(Stdio::piped()));
    let payload = "x".repeat(9_990);
    all((0..100).collect(), 20, |number| {
        let mut client = connect(&place);
        // Less than the socket's buffer takes at once: nobody reads yet.
        client.write_all(format!("{number:09}{payload}\n").as_bytes()).map_err(|error| error.to_string())?;
        client.shutdown(Shutdown::Write).map_err(|error| error.to_string())
    });
    let mut output = Stream::of(server.child.stdout.take().unwrap());
    let text = output.take(100 * 10_000).unwrap();
    server.signal("INT");
    server.end_with(0).unwrap();
    assert_eq!(output.rest().unwrap(), b"");
    let zeros = text.iter().filter(|byte| **byte == b'\n').count();
    assert_eq!(zeros, 100);
}

/// Peers that have ended are let go, however busy the others are and whether there may still be input.
#[test]
fn a_busy_peer_does_not_hold_up_one_that_has_ended() {
    let mut command = jack(["listen", "-k", "-v", "127.0.0.1", "0"]);
    command.stdin(Stdio::piped()).stdout(Stdio::null());
    let (mut server, place) = start_listener(&mut command);
    let mut busy = connect(&place);
    let mut ended = connect(&place);
    hear_times(&mut server, "connection from", 2);
    let (stop, stopped) = std::sync::mpsc::channel::<()>();
    let chatter = std::thread::spawn(move || {
        let pause = std::time::Duration::from_millis(20);
        while stopped.recv_timeout(pause) == Err(std::sync::mpsc::RecvTimeoutError::Timeout) {
            busy.write_all(b"still here\n").unwrap();
        }
    });
    ended.shutdown(Shutdown::Write).unwrap();
    let outcome = read_all(&mut ended);
    drop(stop);
    chatter.join().unwrap();
    assert_eq!(outcome.unwrap(), b"");
    interrupt(server);
}

#[test]
fn input_goes_to_every_peer() {
    let bytes = random_bytes(300_000);
    let mut command = jack(["listen", "-k", "-v", "127.0.0.1", "0"]);
    command.stdin(Stdio::piped()).stdout(Stdio::null());
    let (mut server, place) = start_listener(&mut command);
    let clients: Vec<_> = (0..20).map(|_| connect(&place)).collect();
    hear_times(&mut server, "connection from", 20);
    let mut input = server.child.stdin.take().unwrap();
    std::thread::scope(|threads| {
        threads.spawn(|| {
            input.write_all(&bytes).unwrap();
            drop(input);
        });
        all(clients, 20, |mut client| {
            let got = read_all(&mut client)?;
            common::same("at a peer", &got, &bytes)
        });
    });
    interrupt(server);
}

/// Makes the end of this socket a RST instead of a FIN: `SO_LINGER` of socket(7), on and zero.
fn resets(place: &str) -> Socket {
    let client = Socket::open(Family::INET, Type::STREAM, Protocol::TCP).unwrap();
    client.connect(&place.parse().unwrap()).unwrap();
    client.setsockopt_bytes(c::SOL_SOCKET, c::SO_LINGER, &[1, 0, 0, 0, 0, 0, 0, 0]).unwrap();
    client
}

#[test]
fn peers_that_reset_do_not_end_it() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("lines");
    let (mut server, place) = server(&file, &[]);
    let before = server.descriptors();
    // Reset while they wait to be accepted.
    server.signal("STOP");
    drop((0..20).map(|_| resets(&place)).collect::<Vec<_>>());
    server.signal("CONT");
    // Reset in the middle of what they say.
    for number in 0..20 {
        let client = resets(&place);
        client.sendall(format!("client {number}\n").as_bytes(), 0).unwrap();
        let here = format!("127.0.0.1:{}", client.getsockname().unwrap().ip().unwrap().port());
        // Our FIN comes when there is nothing left of the input, which here is at once.
        assert_eq!(client.recv(1, 0).unwrap(), b"");
        server.hear(|line| (line.contains("connection from") && line.contains(&here)).then_some(())).unwrap();
        let told = format!("client {number}\n");
        until(&told, || std::fs::read_to_string(&file).unwrap().contains(&told));
        drop(client);
    }
    let mut client = connect(&place);
    client.write_all(b"client 20\n").unwrap();
    client.shutdown(Shutdown::Write).unwrap();
    assert_eq!(read_all(&mut client).unwrap(), b"");
    while server.said().matches("ended with").count() < 41 {
        hear_times(&mut server, "ended with", 1);
    }
    assert_eq!(server.descriptors(), before);
    let said = interrupt(server);
    assert_eq!(said.matches("the peer reset the connection").count(), 40, "{said}");
    each_once(&file, 21);
}

#[test]
fn peers_that_stall_do_not_hold_up_the_others() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("lines");
    let reply = folder.path().join("reply");
    std::fs::write(&reply, random_bytes(8 << 20)).unwrap();
    let (mut server, place) = server(&file, &["--reply", &format!("@{}", reply.display())]);
    let silent: Vec<_> = (0..20).map(|_| connect(&place)).collect();
    // These ask and do not read the answer, which is more than the buffers hold.
    let unread: Vec<_> = (0..20)
        .map(|number| {
            let mut client = connect(&place);
            client.write_all(format!("client {number}\n").as_bytes()).unwrap();
            client
        })
        .collect();
    hear_times(&mut server, "message from", 20);
    for number in 20..30 {
        let mut client = connect(&place);
        client.write_all(format!("client {number}\n").as_bytes()).unwrap();
        assert_eq!(read_all(&mut client).unwrap().len(), 8 << 20);
    }
    interrupt(server);
    each_once(&file, 30);
    drop((silent, unread));
}

#[test]
fn without_descriptors_it_waits_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("lines");
    let mut command = Command::new("sh");
    command.args(["-c", "ulimit -n 32; exec \"$0\" listen -k -v 127.0.0.1 0", JACK]).stdin(Stdio::null());
    let (mut server, place) = start_listener(command.stdout(File::create(&file).unwrap()));
    server.sleeps_in("ppoll");
    let before = server.descriptors();
    let mut clients: Vec<_> = (0..100).map(|_| connect(&place)).collect();
    let said = server.hear(|line| line.contains("cannot accept").then(|| line.to_owned())).unwrap();
    assert!(said.contains("EMFILE"), "{said}");
    for (number, client) in clients.iter_mut().enumerate() {
        client.write_all(format!("client {number}\n").as_bytes()).unwrap();
        client.shutdown(Shutdown::Write).unwrap();
    }
    for client in &mut clients {
        assert_eq!(read_all(client).unwrap(), b"");
    }
    hear_times(&mut server, "ended with", 100);
    assert_eq!(server.descriptors(), before);
    let said = interrupt(server);
    // Until all who waited are accepted, once says it.
    assert_eq!(said.matches("cannot accept").count(), 1, "{said}");
    each_once(&file, 100);
}

#[test]
fn a_relay_without_descriptors_goes_on() {
    let target = TcpListener::bind("127.0.0.1:0").unwrap();
    let to = target.local_addr().unwrap().to_string();
    let echo = std::thread::spawn(move || {
        // Ends with the test's process.
        for peer in target.incoming() {
            let mut peer = peer.unwrap();
            std::thread::spawn(move || {
                let got = read_all(&mut peer).unwrap();
                let _ = peer.write_all(&got);
            });
        }
    });
    let mut command = Command::new("sh");
    let script = "ulimit -n 24; exec \"$0\" relay -k -v listen:tcp://127.0.0.1:0 \"$1\"";
    command.args(["-c", script, JACK, &to]).stdin(Stdio::null()).stdout(Stdio::null());
    let (mut relay, place) = start_listener(&mut command);
    let clients: Vec<_> = (0..40).map(|_| connect(&place)).collect();
    relay.hear(|line| line.contains("EMFILE").then_some(())).unwrap();
    drop(clients);
    // It may still refuse some that came before; in the end it is there again.
    let mut client = loop {
        let mut client = connect(&place);
        client.write_all(b"hello").unwrap();
        client.shutdown(Shutdown::Write).unwrap();
        if let Ok(got) = read_all(&mut client)
            && got == b"hello"
        {
            break client;
        }
    };
    client.write_all(b"").unwrap();
    relay.signal("INT");
    relay.end_with(0).unwrap();
    drop(echo);
}

#[test]
fn no_more_than_so_many_are_served_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("lines");
    let (mut server, place) = server(&file, &["--max-connections", "3"]);
    let mut clients: Vec<_> = (0..50).map(|_| connect(&place)).collect();
    for (number, client) in clients.iter_mut().enumerate() {
        client.write_all(format!("client {number}\n").as_bytes()).unwrap();
        client.shutdown(Shutdown::Write).unwrap();
        assert_eq!(read_all(client).unwrap(), b"");
    }
    hear_times(&mut server, "ended with", 50);
    let mut now = 0;
    for line in interrupt(server).lines() {
        now += i32::from(line.contains("connection from")) - i32::from(line.contains("ended with"));
        assert!((0..=3).contains(&now), "{now} at once");
    }
    each_once(&file, 50);
}

#[test]
fn interrupted_it_writes_what_it_has_taken() {
    let folder = tempfile::tempdir().unwrap();
    let record = folder.path().join("record");
    assert!(Command::new("mkfifo").arg(&record).status().unwrap().success());
    let mut command = jack(["listen", "-k", "127.0.0.1", "0", "--hex-dump"]);
    command.arg(&record).stdout(Stdio::piped());
    let mut server = Running::start(&mut command);
    let mut record = Stream::of(File::open(&record).unwrap());
    let place = server.hear(common::listening_place).unwrap();
    let bytes = random_bytes(100_000);
    let mut client = connect(&place);
    client.write_all(&bytes).unwrap();
    // More than a pipe holds, and all of it has been received: the record of it says so.
    while !record.line().unwrap().starts_with("< 00018690") {}
    server.signal("INT");
    let output = Stream::of(server.child.stdout.take().unwrap());
    let got = output.rest().unwrap();
    assert!(got == bytes, "{} bytes of {}", got.len(), bytes.len());
    server.end_with(0).unwrap();
}

#[test]
fn ctrl_c_is_the_end_of_a_server_and_an_interruption_of_a_conversation() {
    for (arguments, code) in [
        (&["listen", "-k", "127.0.0.1", "0"][..], 0),
        (&["listen", "-u", "127.0.0.1", "0"], 0),
        (&["listen", "127.0.0.1", "0"], 130),
        (&["relay", "-k", "listen:tcp://127.0.0.1:0", "127.0.0.1:1"], 0),
        (&["relay", "listen:tcp://127.0.0.1:0", "127.0.0.1:1"], 130),
    ] {
        for signal in ["INT", "TERM"] {
            let (server, _) = start_listener(&mut jack(arguments));
            server.signal(signal);
            server.end_with(code).unwrap_or_else(|error| panic!("{arguments:?}: {error}"));
        }
    }
}

#[test]
fn every_client_gets_the_whole_answer() {
    let folder = tempfile::tempdir().unwrap();
    let answer = random_bytes(1 << 20);
    let reply = folder.path().join("reply");
    std::fs::write(&reply, &answer).unwrap();
    let (mut server, place) =
        server(&folder.path().join("got"), &["--reply", &format!("@{}", reply.display())]);
    let before = server.descriptors();
    let talk = vec![b'?'; 500_000];
    all((0..100).collect::<Vec<_>>(), 25, |_| {
        let mut client = connect(&place);
        // It says more than fits into the buffers, reads nothing until it has, and half of them do not end their side.
        client.write_all(&talk).map_err(|error| error.to_string())?;
        common::same("the answer", &read_all(&mut client)?, &answer)
    });
    hear_times(&mut server, "ended with", 100);
    assert_eq!(server.descriptors(), before);
    interrupt(server);
    assert_eq!(std::fs::metadata(folder.path().join("got")).unwrap().len(), 100 * 500_000);
}

#[test]
fn an_echo_answers_each_client_with_its_own_words() {
    let folder = tempfile::tempdir().unwrap();
    let (mut server, place) = server(&folder.path().join("got"), &["--reply", "echo"]);
    all((0..200).collect(), 50, |number| {
        let mut client = connect(&place);
        let words = format!("client {number}\n");
        client.write_all(words.as_bytes()).map_err(|error| error.to_string())?;
        common::same("the echo", &read_all(&mut client)?, words.as_bytes())
    });
    hear_times(&mut server, "ended with", 200);
    interrupt(server);
    each_once(&folder.path().join("got"), 200);
}

#[test]
fn without_keep_open_one_client_is_answered_and_the_server_leaves() {
    let mut command = jack(["listen", "-v", "--reply", "text:I got your message", "127.0.0.1", "0"]);
    let (mut server, place) = start_listener(command.stdout(Stdio::piped()));
    let output = Stream::of(server.child.stdout.take().unwrap());
    let mut client = connect(&place);
    client.write_all(b"hello").unwrap();
    assert_eq!(read_all(&mut client).unwrap(), b"I got your message");
    drop(client);
    assert_eq!(output.rest().unwrap(), b"hello");
    let said = server.end_with(0).unwrap().said;
    assert!(said.contains("message from 127.0.0.1") && said.contains("hello"), "{said}");
}

#[test]
fn datagrams_of_many_peers_are_answered_each() {
    let mut command = jack(["listen", "-u", "--reply", "text:taken", "127.0.0.1", "0"]);
    let (mut server, place) = start_listener(command.stdout(Stdio::piped()));
    let mut output = Stream::of(server.child.stdout.take().unwrap());
    for number in 0..300 {
        let peer = UdpSocket::bind("127.0.0.1:0").unwrap();
        peer.set_read_timeout(Some(PATIENCE)).unwrap();
        let words = format!("peer {number}\n");
        peer.send_to(words.as_bytes(), &place).unwrap();
        let mut buffer = [0; 100];
        let len = peer.recv(&mut buffer).unwrap();
        assert_eq!(buffer.get(..len).unwrap(), b"taken");
        assert_eq!(output.line().unwrap(), words.trim_end());
    }
    server.signal("INT");
    server.end_with(0).unwrap();
}

/// A Unix datagram is not lost on the way: an answer waits until its peer has room, and does not hold up the others.
#[test]
fn answers_wait_for_room_in_a_unix_peer() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("server");
    let mut command = jack(["listen", "-u", "-v", "--reply", "echo", "-U"]);
    let (server, _) = start_listener(command.arg(&place));
    let client = |name: &str| {
        let client = UnixDatagram::bind(folder.path().join(name)).unwrap();
        client.set_read_timeout(Some(PATIENCE)).unwrap();
        client
    };
    // None of them is connected: over a connected one the kernel takes as much as our own buffer holds, and a peer that
    // never reads would fill that for all.
    let (busy, silent, quick) = (client("busy"), client("silent"), client("quick"));
    // Many times what a queue holds (net.unix.max_dgram_qlen), before anything is read.
    for number in 0..300 {
        silent.send_to(b"never reads", &place).unwrap();
        busy.send_to(format!("question {number}").as_bytes(), &place).unwrap();
    }
    quick.send_to(b"quick", &place).unwrap();
    let mut buffer = [0; 100];
    assert_eq!(quick.recv(&mut buffer).unwrap(), 5);
    for number in 0..300 {
        let len = busy.recv(&mut buffer).unwrap();
        assert_eq!(buffer.get(..len).unwrap(), format!("question {number}").as_bytes());
    }
    interrupt(server);
}
