//! Standard input and output of every kind: closed, `/dev/null`, a file, a pipe, a terminal, a socket, a full disk, a
//! reader that has gone. Nothing is lost, nothing hangs, and inherited descriptors keep their flags.

#![expect(clippy::unwrap_used, reason = "a test may panic, its helpers too")]
#![expect(clippy::disallowed_types, reason = "the other side must not be our own code")]

mod common;

use std::fs::File;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::fd::{AsFd, AsRawFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};
use std::thread::JoinHandle;

use common::{
    JACK, PATIENCE, Running, Stream, accept, installed, jack, python, random_bytes, start_listener,
};
use jackfield::sock::io::set_nonblocking;
use jackfield::sock::option::so;
use jackfield::sock::{Family, Mode, Protocol, Socket, Type};

/// A peer that reads all until the end, answers, and closes. Gives its port, and what it got.
fn peer(answer: &[u8]) -> (String, JoinHandle<Vec<u8>>) {
    let server = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = server.local_addr().unwrap().port().to_string();
    let answer = answer.to_vec();
    let peer = std::thread::spawn(move || {
        let mut peer = accept(&server);
        peer.set_read_timeout(Some(PATIENCE)).unwrap();
        let mut got = Vec::new();
        peer.read_to_end(&mut got).unwrap();
        peer.write_all(&answer).unwrap();
        got
    });
    (port, peer)
}

/// A shell command in which `$JACK` and `$PORT` stand for what they are.
fn shell(script: &str, port: &str) -> Command {
    let mut command = Command::new("sh");
    command.args(["-c", script]).env("JACK", JACK).env("PORT", port).stdin(Stdio::null());
    command
}

/// Connects with an input, and wants the answer, a good end, and these bytes at the peer.
fn input_reaches_the_peer(mut command: Command, at: (String, JoinHandle<Vec<u8>>), want: &[u8]) {
    let mut client = Running::start(command.stdout(Stdio::piped()));
    drop(command);
    let output = Stream::of(client.child.stdout.take().unwrap());
    let got = at.1.join().unwrap();
    assert!(got == want, "{} bytes came instead of {}", got.len(), want.len());
    assert_eq!(output.rest().unwrap(), b"answer");
    client.end_with(0).unwrap();
}

#[test]
fn input_may_be_closed() {
    let at = peer(b"answer");
    input_reaches_the_peer(shell("exec \"$JACK\" connect 127.0.0.1 $PORT <&-", &at.0), at, b"");
}

#[test]
fn input_may_be_dev_null() {
    let at = peer(b"answer");
    input_reaches_the_peer(shell("exec \"$JACK\" connect 127.0.0.1 $PORT </dev/null", &at.0), at, b"");
}

#[test]
fn input_may_be_a_file() {
    let mut file = tempfile::tempfile().unwrap();
    let bytes = random_bytes(300_000);
    file.write_all(&bytes).unwrap();
    std::io::Seek::rewind(&mut file).unwrap();
    let at = peer(b"answer");
    let mut command = jack(["connect", "127.0.0.1", &at.0]);
    command.stdin(file);
    input_reaches_the_peer(command, at, &bytes);
}

#[test]
fn input_may_be_a_pipe() {
    let at = peer(b"answer");
    let script = "{ echo one; echo two; } | \"$JACK\" connect 127.0.0.1 $PORT";
    input_reaches_the_peer(shell(script, &at.0), at, b"one\ntwo\n");
}

#[test]
fn input_may_be_a_socket() {
    let (ours, mut theirs) = UnixStream::pair().unwrap();
    let at = peer(b"answer");
    let mut command = jack(["connect", "127.0.0.1", &at.0]);
    command.stdin(OwnedFd::from(ours));
    theirs.write_all(b"through a socket").unwrap();
    theirs.shutdown(std::net::Shutdown::Write).unwrap();
    input_reaches_the_peer(command, at, b"through a socket");
}

#[test]
fn input_may_be_a_terminal() {
    if !installed("python3") {
        return;
    }
    for mode in ["blocking", "nonblocking"] {
        let at = peer(b"answer");
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/common/pty.py");
        let mut command = Command::new(python());
        command.args(["-I", "-S", script, mode, JACK, "connect", "127.0.0.1", &at.0]).stdin(Stdio::null());
        let mut client = Running::start(command.stdout(Stdio::piped()));
        let output = Stream::of(client.child.stdout.take().unwrap());
        assert_eq!(at.1.join().unwrap(), b"hello\n", "{mode}");
        assert_eq!(output.rest().unwrap(), b"answer", "{mode}");
        let said = client.end_with(0).unwrap().said;
        assert!(said.contains("flags are as before"), "{mode}: {said}");
    }
}

#[test]
fn input_that_cannot_be_read_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let server = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = server.local_addr().unwrap().port().to_string();
    let mut command = jack(["connect", "127.0.0.1", &port]);
    let ended = Running::start(command.stdin(File::open(folder.path()).unwrap())).end_with(1).unwrap();
    assert!(ended.said.contains("reading input") && ended.said.contains("EISDIR"), "{}", ended.said);
}

#[test]
fn a_listener_takes_every_input_too() {
    for (redirection, want) in [("<&-", &b""[..]), ("</dev/null", b""), ("<\"$0\"", b"from a file")] {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(b"from a file").unwrap();
        let mut command = shell(&format!("exec \"$JACK\" listen 127.0.0.1 0 {redirection}"), "");
        let (mut server, place) = start_listener(command.arg(file.path()).stdout(Stdio::piped()));
        let output = Stream::of(server.child.stdout.take().unwrap());
        let mut client = TcpStream::connect(place).unwrap();
        client.set_read_timeout(Some(PATIENCE)).unwrap();
        client.write_all(b"to the listener").unwrap();
        client.shutdown(std::net::Shutdown::Write).unwrap();
        let mut got = Vec::new();
        client.read_to_end(&mut got).unwrap();
        assert_eq!(got, want, "{redirection}");
        assert_eq!(output.rest().unwrap(), b"to the listener", "{redirection}");
        server.end_with(0).unwrap();
    }
}

#[test]
fn closed_output_is_no_failure() {
    let at = peer(&random_bytes(1 << 20));
    Running::start(&mut shell("exec \"$JACK\" connect 127.0.0.1 $PORT >&-", &at.0)).end_with(0).unwrap();
    assert_eq!(at.1.join().unwrap(), b"");
}

#[test]
fn a_full_disk_is_told() {
    for job in ["connect 127.0.0.1 $PORT", "connect --output /dev/full 127.0.0.1 $PORT"] {
        let at = peer(b"this cannot be kept");
        let script = format!("exec \"$JACK\" {job} >/dev/full");
        let ended = Running::start(&mut shell(&script, &at.0)).end_with(1).unwrap();
        assert!(ended.said.contains("writing output") && ended.said.contains("ENOSPC"), "{}", ended.said);
        assert_eq!(ended.said.lines().filter(|line| line.contains("ENOSPC")).count(), 1, "{}", ended.said);
        assert_eq!(at.1.join().unwrap(), b"");
    }
    let (server, place) = start_listener(&mut shell("exec \"$JACK\" listen -k 127.0.0.1 0 >/dev/full", ""));
    TcpStream::connect(place).unwrap().write_all(b"this neither").unwrap();
    let ended = server.end_with(1).unwrap();
    assert!(ended.said.contains("writing output") && ended.said.contains("ENOSPC"), "{}", ended.said);
}

/// A peer that sends for ever, until nobody takes it.
fn endless_peer() -> (String, JoinHandle<()>) {
    let server = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = server.local_addr().unwrap().port().to_string();
    let peer = std::thread::spawn(move || {
        let mut peer = accept(&server);
        while peer.write_all(&[b'x'; 10_000]).is_ok() {}
    });
    (port, peer)
}

#[test]
fn a_reader_that_has_gone_ends_it_well() {
    let (port, peer) = endless_peer();
    let mut command = jack(["connect", "-v", "127.0.0.1", &port]);
    let (input, held) = std::io::pipe().unwrap();
    let mut client = Running::start(command.stdin(input).stdout(Stdio::piped()));
    let mut first = [0; 5000];
    client.child.stdout.take().unwrap().read_exact(&mut first).unwrap();
    let ended = client.end_with(0).unwrap();
    assert!(ended.said.contains("nobody reads the output any more"), "{}", ended.said);
    peer.join().unwrap();
    drop(held);
}

#[test]
fn a_reader_that_has_gone_ends_a_server_well() {
    let mut command = jack(["listen", "-k", "127.0.0.1", "0"]);
    let (mut server, place) = start_listener(command.stdout(Stdio::piped()));
    drop(server.child.stdout.take());
    // Not once: a program that is being started elsewhere may hold the reading end for a moment.
    let mut client = TcpStream::connect(place).unwrap();
    while client.write_all(b"for nobody").is_ok() {}
    server.end_with(0).unwrap();
}

/// What is received waits for a slow reader; what is sent does not.
#[test]
fn a_slow_reader_does_not_hold_up_what_is_sent() {
    let bytes = random_bytes(4 << 20);
    let mut kinds = vec!["pipe", "socket"];
    let mut as_nobody = jack(["--version"]);
    if as_nobody.uid(65534).gid(65534).stdout(Stdio::null()).status().is_ok() {
        kinds.push("another user's pipe");
    } else {
        eprintln!("skipped: another user's pipe: jack cannot be started as another user from here");
    }
    for kind in kinds {
        let server = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = server.local_addr().unwrap().port().to_string();
        let mut command = jack(["connect", "127.0.0.1", &port]);
        command.stdin(Stdio::piped());
        let reader: OwnedFd = if kind == "socket" {
            let (reader, writer) = UnixStream::pair().unwrap();
            command.stdout(OwnedFd::from(writer));
            reader.into()
        } else {
            let (reader, writer) = std::io::pipe().unwrap();
            command.stdout(writer);
            reader.into()
        };
        if kind == "another user's pipe" {
            // It may not open the pipe again.
            command.uid(65534).gid(65534);
        }
        let mut client = Running::start(&mut command);
        // The writing end is the client's alone.
        drop(command);
        let mut peer = accept(&server);
        peer.set_read_timeout(Some(PATIENCE)).unwrap();
        peer.set_write_timeout(Some(PATIENCE)).unwrap();
        let mut sending = peer.try_clone().unwrap();
        let mut input = client.child.stdin.take().unwrap();
        std::thread::scope(|threads| {
            threads.spawn(|| {
                sending.write_all(&bytes).unwrap();
                sending.shutdown(std::net::Shutdown::Write).unwrap();
            });
            threads.spawn(|| {
                input.write_all(&bytes).unwrap();
                drop(input);
            });
            // Nobody reads the output until all of the input has come through.
            let mut got = Vec::new();
            peer.read_to_end(&mut got).unwrap();
            assert!(got == bytes, "{kind}: {} bytes came", got.len());
            let output = Stream::of(File::from(reader)).rest().unwrap();
            assert!(output == bytes, "{kind}: {} bytes were written", output.len());
        });
        client.end_with(0).unwrap();
    }
}

/// Input that pauses does not hold up what is received, also after a peer was slow to take what came before the pause.
#[test]
fn a_pause_of_the_input_does_not_hold_up_what_is_received() {
    let (server, port) = small_server();
    let mut command = jack(["connect", "--sockopt", "SO_SNDBUF=2048", "127.0.0.1", &port]);
    let mut client = Running::start(command.stdin(Stdio::piped()).stdout(Stdio::piped()));
    let mut output = Stream::of(client.child.stdout.take().unwrap());
    let mut input = client.child.stdin.take().unwrap();
    let (peer, _) = server.accept().unwrap();
    // One read of it, and far more than the buffers hold.
    input.write_all(&[b'x'; 60_000]).unwrap();
    let mut left = 60_000;
    while left > 0 {
        left -= peer.recv(left, 0).unwrap().len();
    }
    for answer in [b"one", b"two"] {
        peer.sendall(answer, 0).unwrap();
        assert_eq!(output.take(3).unwrap(), answer);
    }
    drop(input);
    drop(peer);
    client.end_with(0).unwrap();
}

/// A server whose connections take little at a time.
fn small_server() -> (Socket, String) {
    let server = Socket::open(Family::INET, Type::STREAM, Protocol::TCP).unwrap();
    so::set_receive_buffer(&server, 2048).unwrap();
    server.bind(&"127.0.0.1:0".parse().unwrap()).unwrap();
    server.listen(1).unwrap();
    server.set_mode(Mode::Timeout(PATIENCE)).unwrap();
    let port = server.getsockname().unwrap().ip().unwrap().port().to_string();
    (server, port)
}

/// The status flags of an open file, which everybody who inherited it shares.
fn flags(fd: &impl AsFd) -> String {
    let info = std::fs::read_to_string(format!("/proc/self/fdinfo/{}", fd.as_fd().as_raw_fd())).unwrap();
    info.lines().find(|line| line.starts_with("flags:")).unwrap().to_owned()
}

#[test]
fn inherited_descriptors_keep_their_flags() {
    for nonblocking in [false, true] {
        let (stdin, mut typed) = std::io::pipe().unwrap();
        let (shown, stdout) = std::io::pipe().unwrap();
        let (socket_in, socket_typed) = UnixStream::pair().unwrap();
        let (socket_shown, socket_out) = UnixStream::pair().unwrap();
        for fd in [stdin.as_fd(), stdout.as_fd(), socket_in.as_fd(), socket_out.as_fd()] {
            set_nonblocking(fd, nonblocking).unwrap();
        }
        let all_flags = || [flags(&stdin), flags(&stdout), flags(&socket_in), flags(&socket_out)];
        let before = all_flags();
        let server = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = server.local_addr().unwrap().port().to_string();
        let mut by_pipe = jack(["connect", "127.0.0.1", &port]);
        by_pipe.stdin(stdin.try_clone().unwrap()).stdout(stdout.try_clone().unwrap());
        let mut by_socket = jack(["connect", "127.0.0.1", &port]);
        by_socket.stdin(OwnedFd::from(socket_in.try_clone().unwrap()));
        by_socket.stdout(OwnedFd::from(socket_out.try_clone().unwrap()));
        let (mut shown, mut socket_shown) = (Stream::of(shown), Stream::of(socket_shown));
        for (mut command, input) in
            [(by_pipe, &mut typed as &mut dyn Write), (by_socket, &mut &socket_typed as &mut dyn Write)]
        {
            let client = Running::start(&mut command);
            drop(command);
            let mut peer = accept(&server);
            peer.set_read_timeout(Some(PATIENCE)).unwrap();
            // More than fits at once, so that blocking or not makes a difference.
            input.write_all(b"question").unwrap();
            peer.read_exact(&mut [0; 8]).unwrap();
            peer.write_all(&[b'a'; 1 << 20]).unwrap();
            assert_eq!(all_flags(), before, "during");
            drop(peer);
            client.end_with(0).unwrap();
            assert_eq!(all_flags(), before, "after");
        }
        assert_eq!(shown.take(1 << 20).unwrap(), vec![b'a'; 1 << 20]);
        assert_eq!(socket_shown.take(1 << 20).unwrap(), vec![b'a'; 1 << 20]);
    }
}
