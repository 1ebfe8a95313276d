//! `jack relay`: files as source and sink, the first datagram's peer, many clients within the limits, what becomes of a
//! client that cannot be served, and what a terminal is shown.

#![expect(clippy::unwrap_used, reason = "a test may panic, its helpers too")]
#![expect(clippy::disallowed_types, reason = "the other side must not be our own code")]

mod common;
#[path = "cmd/support.rs"]
mod support;

use std::fs;
use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream, UdpSocket};
use std::os::unix::net::UnixDatagram;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread::JoinHandle;
use std::time::Instant;

use common::{
    JACK, PATIENCE, Running, Stream, accept, connect, installed, jack, port_of, python, start_listener,
};
use jackfield::sock::{Address, Family, Mode, Protocol, Socket, Type, UnixAddress};
use support::Outcome;

/// Runs `jack` to its end, without input.
fn run<S: AsRef<std::ffi::OsStr>>(arguments: impl IntoIterator<Item = S>) -> Outcome {
    support::run(&mut jack(arguments), b"")
}

/// Wants this exit code and these words on standard error.
fn ended(outcome: &Outcome, code: i32, words: &[&str]) {
    let said = outcome.err_text();
    assert_eq!(outcome.code, Some(code), "{said}");
    for part in words {
        assert!(said.contains(part), "no '{part}' in: {said}");
    }
}

fn read_all(peer: &mut TcpStream) -> Vec<u8> {
    let mut got = Vec::new();
    peer.read_to_end(&mut got).unwrap();
    got
}

/// Waits until something is so that nobody tells.
fn until(what: &str, is_so: impl Fn() -> bool) {
    let began = Instant::now();
    while !is_so() {
        assert!(began.elapsed() < PATIENCE, "{what}");
        std::thread::yield_now();
    }
}

/// A server that reads one client to its end, answers, and gives back what it got.
fn answering(answer: &'static [u8]) -> (String, JoinHandle<Vec<u8>>) {
    let server = TcpListener::bind("127.0.0.1:0").unwrap();
    let place = server.local_addr().unwrap().to_string();
    let served = std::thread::spawn(move || {
        let mut peer = accept(&server);
        let got = read_all(&mut peer);
        peer.write_all(answer).unwrap();
        got
    });
    (place, served)
}

/// A server that gives every client its words back, for as long as the test's process lives.
fn echoing() -> String {
    let server = TcpListener::bind("127.0.0.1:0").unwrap();
    let place = server.local_addr().unwrap().to_string();
    std::thread::spawn(move || {
        for peer in server.incoming() {
            let mut peer = peer.unwrap();
            std::thread::spawn(move || {
                let mut got = Vec::new();
                let _ = peer.read_to_end(&mut got);
                let _ = peer.write_all(&got);
            });
        }
    });
    place
}

// Files.

#[test]
fn a_file_on_the_left_is_a_source_and_nothing_is_written_to_it() {
    let folder = tempfile::tempdir().unwrap();
    let (request, link) = (folder.path().join("request"), folder.path().join("link"));
    fs::write(&request, "a request\n").unwrap();
    fs::set_permissions(&request, std::os::unix::fs::PermissionsExt::from_mode(0o400)).unwrap();
    std::os::unix::fs::symlink(&request, &link).unwrap();
    for source in [&request, &link] {
        let (place, served) = answering(b"an answer that is nobody's\n");
        let output = run(["relay", &format!("file:{}", source.display()), &place]);
        ended(&output, 0, &[]);
        assert_eq!(served.join().unwrap(), b"a request\n");
        assert_eq!(fs::read(&request).unwrap(), b"a request\n");
        assert!(output.out.is_empty());
    }
}

#[test]
fn a_file_on_the_right_is_a_sink_and_says_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log");
    fs::write(&log, "before\n").unwrap();
    let (relay, place) =
        start_listener(&mut jack(["relay", "listen:tcp://127.0.0.1:0", &format!("file:{}", log.display())]));
    let mut client = connect(&place);
    client.write_all(b"one\n").unwrap();
    until("the line is in the file", || fs::read(&log).unwrap() == b"before\none\n");
    // Neither what was in the file nor a FIN.
    client.set_nonblocking(true).unwrap();
    let error = client.read(&mut [0]).unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::WouldBlock);
    client.set_nonblocking(false).unwrap();
    client.write_all(b"two\n").unwrap();
    client.shutdown(Shutdown::Write).unwrap();
    assert_eq!(read_all(&mut client), b"");
    relay.end_with(0).unwrap();
    assert_eq!(fs::read(&log).unwrap(), b"before\none\ntwo\n");
}

#[test]
fn a_sink_is_made_for_its_owner_alone_and_is_no_link() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let end = |name: &str| format!("file:{}", path(name).display());
    fs::write(path("source"), "words\n").unwrap();
    std::os::unix::fs::symlink(path("source"), path("link")).unwrap();
    ended(&run(["relay", &end("source"), &end("link")]), 1, &["ELOOP"]);
    ended(&run(["relay", &end("source"), &end("sink")]), 0, &[]);
    ended(&run(["relay", &end("source"), &end("sink")]), 0, &[]);
    assert_eq!(fs::read(path("sink")).unwrap(), b"words\nwords\n");
    assert_eq!(fs::metadata(path("sink")).unwrap().permissions().mode() & 0o777, 0o600);
    // A source that is not there does not leave a sink behind.
    ended(&run(["relay", &end("nothing"), &end("new")]), 1, &["ENOENT"]);
    assert!(!path("new").exists());
}

#[test]
fn a_file_does_not_feed_on_itself() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("c");
    let other = folder.path().join("other");
    fs::write(&file, "x").unwrap();
    fs::hard_link(&file, &other).unwrap();
    for sink in [&file, &other] {
        let output = run(["relay", &format!("file:{}", file.display()), &format!("file:{}", sink.display())]);
        ended(&output, 2, &["the same file"]);
        assert_eq!(fs::read(&file).unwrap(), b"x");
    }
    // Standard output that is the file is one, too.
    let append = fs::OpenOptions::new().append(true).open(&file).unwrap();
    let job = Running::start(jack(["relay", &format!("file:{}", file.display()), "-"]).stdout(append));
    assert!(job.end_with(2).unwrap().said.contains("the same file"));
    assert_eq!(fs::read(&file).unwrap(), b"x");
}

#[test]
fn each_client_of_many_gets_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "all of it\n").unwrap();
    let (relay, place) = start_listener(&mut jack([
        "relay",
        "-k",
        &format!("file:{}", file.display()),
        "listen:tcp://127.0.0.1:0",
    ]));
    for _ in 0..3 {
        let mut client = connect(&place);
        client.write_all(b"words for nobody").unwrap();
        client.shutdown(Shutdown::Write).unwrap();
        assert_eq!(read_all(&mut client), b"all of it\n");
    }
    relay.signal("INT");
    relay.end_with(0).unwrap();
    assert_eq!(fs::read(&file).unwrap(), b"all of it\n");
}

// Many clients.

#[test]
fn clients_for_whom_there_is_no_thread_are_dropped_and_the_others_go_on() {
    // Nobody reads or answers: every conversation stays.
    let target = TcpListener::bind("127.0.0.1:0").unwrap();
    let to = target.local_addr().unwrap().to_string();
    let mut command = Command::new("sh");
    let script = "ulimit -v 250000; exec \"$0\" relay -k listen:tcp://127.0.0.1:0 \"$1\"";
    command.args(["-c", script, JACK, &to]).stdin(Stdio::null()).stdout(Stdio::null());
    let (mut relay, place) = start_listener(&mut command);
    let clients: Vec<_> = (0..300).map(|_| connect(&place)).collect();
    relay.hear(|line| line.contains("no thread to serve a client on").then_some(())).unwrap();
    drop(clients);
    // In the end somebody is served again, behind the connections of those who left.
    let waits_for = std::thread::spawn(move || {
        for peer in target.incoming() {
            let mut got = Vec::new();
            if peer.unwrap().read_to_end(&mut got).is_ok() && got == b"now" {
                return;
            }
        }
    });
    until("a client gets through", || {
        let mut client = connect(&place);
        let _ = client.write_all(b"now").and_then(|()| client.shutdown(Shutdown::Write));
        let _ = client.read_to_end(&mut Vec::new());
        waits_for.is_finished()
    });
    relay.signal("INT");
    relay.end_with(0).unwrap();
}

#[test]
fn no_more_than_so_many_are_relayed_at_once() {
    let to = echoing();
    let (mut relay, place) = start_listener(&mut jack([
        "relay",
        "-k",
        "-v",
        "--max-connections",
        "3",
        "listen:tcp://127.0.0.1:0",
        &to,
    ]));
    let mut clients: Vec<_> = (0..30).map(|_| connect(&place)).collect();
    for client in &mut clients {
        client.write_all(b"hello").unwrap();
        client.shutdown(Shutdown::Write).unwrap();
        assert_eq!(read_all(client), b"hello");
    }
    for _ in 0..30 {
        relay.hear(|line| line.contains("ended with").then_some(())).unwrap();
    }
    relay.signal("INT");
    let mut now = 0;
    for line in relay.end_with(0).unwrap().said.lines() {
        now += i32::from(line.contains("connection from")) - i32::from(line.contains("ended with"));
        assert!((0..=3).contains(&now), "{now} at once");
    }
}

#[test]
fn at_most_none_or_without_keep_open_cannot_be_meant() {
    ended(&run(["relay", "-k", "--max-connections", "0", "listen:0", "127.0.0.1:1"]), 2, &["at least 1"]);
    ended(
        &run(["relay", "--max-connections", "5", "listen:0", "127.0.0.1:1"]),
        2,
        &["does not go with relay", "without -k there is one connection"],
    );
}

#[test]
fn a_signal_ends_a_relay_whose_fifo_nobody_else_opens() {
    let folder = tempfile::tempdir().unwrap();
    let fifo = folder.path().join("fifo");
    assert!(Command::new("mkfifo").arg(&fifo).status().unwrap().success());
    let file = format!("file:{}", fifo.display());
    for ends in [["listen:tcp://127.0.0.1:0", &file], [&file, "listen:tcp://127.0.0.1:0"]] {
        let (mut relay, place) = start_listener(jack(["relay", "-k", "--trace"]).args(ends));
        let _client = connect(&place);
        relay.hear(|line| line.contains("fifo").then_some(())).unwrap();
        relay.signal("TERM");
        relay.end_with(0).unwrap();
    }
    // Who comes later finds everything in order.
    let (mut relay, place) =
        start_listener(&mut jack(["relay", "-k", "--trace", "listen:tcp://127.0.0.1:0", &file]));
    let mut client = connect(&place);
    client.write_all(b"words").unwrap();
    client.shutdown(Shutdown::Write).unwrap();
    relay.hear(|line| (line.contains("fifo") && line.contains("ENXIO")).then_some(())).unwrap();
    assert_eq!(fs::read(&fifo).unwrap(), b"words");
    let (mut relay, place) =
        start_listener(&mut jack(["relay", "-k", "--trace", &file, "listen:tcp://127.0.0.1:0"]));
    let mut client = connect(&place);
    relay.hear(|line| line.contains("fifo").then_some(())).unwrap();
    fs::write(&fifo, "page").unwrap();
    client.shutdown(Shutdown::Write).unwrap();
    assert_eq!(read_all(&mut client), b"page");
}

/// A Unix listener whose queue is full, with those that fill it.
fn full_queue(path: &Path) -> (Socket, Vec<Socket>) {
    let address = Address::Unix(UnixAddress::Path(path.as_os_str().as_encoded_bytes().to_vec()));
    let open =
        || Socket::open_with(Family::UNIX, Type::STREAM, Protocol::DEFAULT, Mode::NonBlocking).unwrap();
    let listener = open();
    listener.bind(&address).unwrap();
    listener.listen(1).unwrap();
    let mut queued = Vec::new();
    loop {
        let socket = open();
        match socket.connect(&address) {
            Ok(()) => queued.push(socket),
            Err(error) if error.would_block() => return (listener, queued),
            Err(error) => panic!("{error}"),
        }
    }
}

#[test]
fn a_signal_ends_a_relay_whose_target_accepts_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("full");
    let (_listener, _queued) = full_queue(&path);
    let (mut relay, place) = start_listener(&mut jack([
        "relay",
        "-k",
        "--trace",
        "listen:tcp://127.0.0.1:0",
        &format!("unix:{}", path.display()),
    ]));
    let _client = connect(&place);
    relay.hear(|line| (line.contains("connect(") && line.contains("EAGAIN")).then_some(())).unwrap();
    relay.signal("TERM");
    relay.end_with(0).unwrap();
}

#[test]
fn a_full_queue_is_waited_for_until_there_is_room_or_the_time_is_over() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("full");
    let (listener, queued) = full_queue(&path);
    let end = format!("unix:{}", path.display());
    ended(&run(["connect", "--timeout", "100ms", &end]), 1, &["timed out after 100ms"]);
    let job = Running::start(&mut jack(["connect", &end]));
    for _ in &queued {
        drop(listener.accept().unwrap());
    }
    // The one that waited has come.
    listener.set_mode(Mode::Timeout(PATIENCE)).unwrap();
    drop(listener.accept().unwrap());
    job.end_with(0).unwrap();
}

#[test]
fn why_a_client_was_not_served_is_said() {
    // The test's own name, which no server is asked for.
    for (arguments, reason) in [
        (&["listen:tcp://127.0.0.1:0", "nobody.invalid:80"][..], "nobody.invalid"),
        (&["listen:tcp://127.0.0.1:0", "127.0.0.1:1"], "ECONNREFUSED"),
        (&["--idle-timeout", "50ms", "listen:tcp://127.0.0.1:0", "SILENT"], "nothing moved"),
        (&["listen:tcp://127.0.0.1:0", "file:/nonexistent/sink"], "ENOENT"),
    ] {
        for json in [false, true] {
            let silent = TcpListener::bind("127.0.0.1:0").unwrap();
            let silent = silent.local_addr().map(|place| (silent, place.to_string())).unwrap();
            let words = arguments.iter().map(|word| if *word == "SILENT" { silent.1.as_str() } else { word });
            let mut command = jack(["relay", "-k"]);
            command.args(words);
            if json {
                command.arg("--json").stdout(Stdio::piped());
                let mut relay = Running::start(&mut command);
                let mut output = Stream::of(relay.child.stdout.take().unwrap());
                let place = loop {
                    let line: serde_json::Value = serde_json::from_str(&output.line().unwrap()).unwrap();
                    if line["event"] == "listening" {
                        break line["local"].as_str().unwrap().to_owned();
                    }
                };
                let client = connect(&place);
                let told = loop {
                    let line: serde_json::Value = serde_json::from_str(&output.line().unwrap()).unwrap();
                    if line["event"] == "client_failed" {
                        break line;
                    }
                };
                assert!(told["error"].as_str().unwrap().contains(reason), "{told}");
                assert_eq!(told["peer"], client.local_addr().unwrap().to_string());
                relay.signal("INT");
                relay.end_with(0).unwrap();
            } else {
                let (mut relay, place) = start_listener(&mut command);
                let client = connect(&place);
                let from = client.local_addr().unwrap().to_string();
                relay.hear(|line| (line.contains(&from) && line.contains(reason)).then_some(())).unwrap();
                relay.signal("INT");
                relay.end_with(0).unwrap();
            }
        }
    }
}

// Datagrams.

/// Stops a process, so that what is sent to it waits in its socket's queue.
fn stop(relay: &Running) {
    relay.signal("STOP");
    let stat = format!("/proc/{}/stat", relay.pid());
    until("the process is stopped", || {
        fs::read_to_string(&stat).unwrap().rsplit_once(") ").unwrap().1.starts_with('T')
    });
}

#[test]
fn the_first_datagram_s_sender_is_alone_also_with_what_was_queued_before() {
    let mut command = jack(["relay", "-v", "listen:udp://127.0.0.1:0", "-"]);
    let (mut relay, place) = start_listener(command.stdout(Stdio::piped()).stdin(Stdio::piped()));
    let mut output = Stream::of(relay.child.stdout.take().unwrap());
    let (first, other) = (UdpSocket::bind("127.0.0.1:0").unwrap(), UdpSocket::bind("127.0.0.1:0").unwrap());
    stop(&relay);
    for (socket, words) in [(&first, "one "), (&other, "stranger "), (&first, "two "), (&other, "again ")] {
        socket.send_to(words.as_bytes(), &place).unwrap();
    }
    relay.signal("CONT");
    assert_eq!(output.take(8).unwrap(), b"one two ");
    first.send_to(b"three", &place).unwrap();
    assert_eq!(output.take(5).unwrap(), b"three");
    // The answer goes to the first one.
    relay.child.stdin.as_mut().unwrap().write_all(b"answer").unwrap();
    first.set_read_timeout(Some(PATIENCE)).unwrap();
    let mut answer = [0; 20];
    assert_eq!(first.recv(&mut answer).unwrap(), 6);
    relay.signal("INT");
    let said = relay.end_with(130).unwrap().said;
    assert!(said.contains("2 datagrams of others"), "{said}");
}

#[test]
fn the_name_of_a_datagram_socket_lasts_as_long_as_the_conversation() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let mut command = jack(["relay", "-v", &format!("listen:unix-dgram:{}", path("relay").display()), "-"]);
    let (mut relay, _) = start_listener(command.stdout(Stdio::piped()).stdin(Stdio::piped()));
    let mut output = Stream::of(relay.child.stdout.take().unwrap());
    let client = UnixDatagram::bind(path("client")).unwrap();
    for words in [b"one", b"two"] {
        // By its name each time.
        client.send_to(words, path("relay")).unwrap();
        assert_eq!(output.take(3).unwrap(), words);
    }
    relay.signal("INT");
    relay.end_with(130).unwrap();
    assert!(!path("relay").exists());
}

#[test]
fn a_sender_without_a_name_is_heard_too() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("relay");
    let mut command = jack(["relay", "-v", &format!("listen:unix-dgram:{}", path.display()), "-"]);
    let (mut relay, _) = start_listener(command.stdout(Stdio::piped()).stdin(Stdio::piped()));
    let mut output = Stream::of(relay.child.stdout.take().unwrap());
    UnixDatagram::unbound().unwrap().send_to(b"hello", &path).unwrap();
    assert_eq!(output.take(5).unwrap(), b"hello");
    relay.signal("INT");
    relay.end_with(130).unwrap();
}

#[test]
fn the_first_datagram_is_waited_for_as_long_as_was_said() {
    for (limit, words) in
        [("--timeout", "timed out after 100ms"), ("--idle-timeout", "nothing moved for 100ms")]
    {
        ended(&run(["relay", limit, "100ms", "listen:udp://127.0.0.1:0", "-"]), 1, &[words]);
    }
}

// This side.

/// Runs a command with a terminal for its output; what the terminal got.
fn on_a_terminal(arguments: &[&str]) -> Vec<u8> {
    let script = "import os, pty, subprocess, sys\n\
        master, slave = pty.openpty()\n\
        child = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL, stdout=slave)\n\
        os.close(slave)\n\
        got = b''\n\
        try:\n\
        \twhile piece := os.read(master, 4096): got += piece\n\
        except OSError: pass\n\
        child.wait()\n\
        sys.stdout.buffer.write(got)\n";
    Command::new(python()).args(["-c", script, JACK]).args(arguments).output().unwrap().stdout
}

#[test]
fn a_terminal_gets_nothing_that_acts_on_it() {
    if !installed("python3") {
        return;
    }
    let shown = |left: bool, more: &[&str]| {
        let (place, served) = answering(b"\x1b[2Jwords\n");
        let ends = if left { ["-", &place] } else { [place.as_str(), "-"] };
        let shown = on_a_terminal(&[&["relay"][..], &ends, more].concat());
        served.join().unwrap();
        String::from_utf8(shown).unwrap()
    };
    for left in [true, false] {
        let text = shown(left, &[]);
        assert!(text.contains("[2Jwords") && !text.contains('\x1b'), "{text:?}");
        assert!(shown(left, &["--show", "raw"]).contains("\x1b[2Jwords"));
        assert!(shown(left, &["--show", "hex"]).contains("1b"));
    }
}

#[test]
fn as_json_what_comes_is_in_the_events_alone() {
    for left in [true, false] {
        let (place, served) = answering(b"answer\n");
        let ends = if left { ["-", &place] } else { [place.as_str(), "-"] };
        let output = run([&["relay", "--json"][..], &ends].concat());
        served.join().unwrap();
        let lines: Vec<serde_json::Value> = String::from_utf8(output.out)
            .unwrap()
            .lines()
            .map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("{line}")))
            .collect();
        let received = lines.iter().find(|line| line["event"] == "received").unwrap();
        assert_eq!((received["text"].as_str(), received["peer"].as_str()), (Some("answer\n"), Some(&*place)));
    }
}

#[test]
fn this_side_is_one_end() {
    ended(&run(["relay", "-", "-"]), 2, &["only one"]);
    ended(&run(["relay", "--show", "hex", "listen:0", "127.0.0.1:1"]), 2, &["--show goes with"]);
}

#[test]
fn a_datagram_peer_is_left_when_it_is_silent_on_whichever_side_it_stands() {
    let server = UdpSocket::bind("127.0.0.1:0").unwrap();
    let place = format!("udp://{}", server.local_addr().unwrap());
    for ends in [["-", &place], [&place, "-"]] {
        ended(&run([&["relay"][..], &ends].concat()), 0, &[]);
    }
}

#[test]
fn a_datagram_peer_is_left_when_the_connection_it_was_joined_to_has_ended() {
    let datagrams = UdpSocket::bind("127.0.0.1:0").unwrap();
    datagrams.set_read_timeout(Some(PATIENCE)).unwrap();
    let udp = format!("udp://{}", datagrams.local_addr().unwrap());
    for ends in [["listen:tcp://127.0.0.1:0", &udp], [&udp, "listen:tcp://127.0.0.1:0"]] {
        let (relay, place) = start_listener(jack(["relay"]).args(ends));
        let mut client = connect(&place);
        client.write_all(b"question").unwrap();
        let (_, from) = datagrams.recv_from(&mut [0; 20]).unwrap();
        datagrams.send_to(b"answer", from).unwrap();
        client.shutdown(Shutdown::Write).unwrap();
        assert_eq!(read_all(&mut client), b"answer");
        relay.end_with(0).unwrap();
    }
}

#[test]
fn this_side_is_left_with_its_peer_as_in_connect() {
    for left in [true, false] {
        let server = TcpListener::bind("127.0.0.1:0").unwrap();
        let place = server.local_addr().unwrap().to_string();
        let ends = if left { ["-", &place] } else { [place.as_str(), "-"] };
        let mut command = jack([&["relay"][..], &ends].concat());
        let mut relay = Running::start(command.stdin(Stdio::piped()));
        let input = relay.child.stdin.take();
        drop(accept(&server));
        // Though its input is open.
        relay.end_with(0).unwrap();
        drop(input);
    }
}

// Words.

#[test]
fn an_option_that_an_end_does_not_have_is_refused() {
    for (arguments, words) in [
        (&["listen", "tcp://:0,bind=127.0.0.1"][..], "bind="),
        (&["relay", "listen:tcp://:0,bind=127.0.0.1", "127.0.0.1:1"], "bind="),
        (&["listen", "tcp://127.0.0.1:0,backlog=abc"], "backlog="),
        (&["listen", "udp://127.0.0.1:0,backlog=5"], "backlog="),
        (&["listen", "-u", "127.0.0.1:0,backlog=5"], "backlog="),
        (&["connect", "tcp://127.0.0.1:1,backlog=5"], "backlog="),
        (&["relay", "-", "tcp://127.0.0.1:1,backlog=5"], "backlog="),
        (&["connect", "vsock:1:1,bind=x"], "bind="),
        (&["connect", "tcp://127.0.0.1:1,bind"], "bind="),
        (&["connect", "tcp://127.0.0.1:1,bind=127.0.0.1,bind=127.0.0.2"], "twice"),
        (&["connect", "tcp://127.0.0.1:1,nosuch=1"], "nosuch"),
    ] {
        ended(&run(arguments), 2, &[words]);
    }
}

#[test]
fn words_that_contradict_each_other_are_refused() {
    for (arguments, words) in [
        (&["connect", "listen:tcp://127.0.0.1:1"][..], "jack listen"),
        (&["connect", "-u", "unix:/nonexistent"], "unix-dgram:"),
        (&["connect", "-u", "tcp://127.0.0.1:1"], "exclude each other"),
        (&["connect", "-u", "/dev/tcp/127.0.0.1/1"], "exclude each other"),
        (&["listen", "-u", "unix-seqpacket:/nonexistent"], "exclude each other"),
        (&["connect", "-u", "vsock:1:1"], "exclude each other"),
        (&["connect", "-"], "-"),
        (&["connect", "-p", "0", "tcp://127.0.0.1:1,bind=127.0.0.2"], "bind="),
        (&["connect", "-s", "127.0.0.1", "tcp://127.0.0.1:1,bind=127.0.0.1"], "leave one"),
        (&["connect", "-z", "-s", "127.0.0.1", "tcp://127.0.0.1:1,bind=:0"], "bind="),
        (&["connect", "-U", "tcp://127.0.0.1:1"], "-U and tcp:// exclude each other"),
        (&["listen", "-U", "vsock:1:1"], "-U and vsock: exclude each other"),
        (&["connect", "-uU", "unix:/nonexistent"], "unix-dgram:"),
    ] {
        ended(&run(arguments), 2, &[words]);
    }
}

#[test]
fn an_endpoint_of_a_unix_socket_may_follow_the_flag_for_them() {
    let folder = tempfile::tempdir().unwrap();
    let end = format!("unix:{}", folder.path().join("s").display());
    let (listener, _) = start_listener(&mut jack(["listen", "-v", "-U", &end]));
    ended(&run(["connect", "-U", &end]), 0, &[]);
    listener.end_with(0).unwrap();
    // A file of such a name is reached by a path that shows that it is one.
    let outcome = support::run(jack(["connect", "-U", "./unix:x"]).current_dir(folder.path()), b"");
    ended(&outcome, 1, &["./unix:x", "ENOENT"]);
}

#[test]
fn a_comma_in_a_path_is_written_with_a_backslash() {
    let folder = tempfile::tempdir().unwrap();
    let end = format!("unix:{}/a\\,b", folder.path().display());
    let (listener, _) = start_listener(&mut jack(["listen", "-v", &end]));
    assert!(folder.path().join("a,b").exists());
    ended(&run(["connect", &end]), 0, &[]);
    listener.end_with(0).unwrap();
}

#[test]
fn a_port_alone_is_a_place_to_listen_at() {
    let to = echoing();
    let (relay, place) = start_listener(&mut jack(["relay", "listen:0", &to]));
    let mut client = connect(&format!("127.0.0.1:{}", port_of(&place)));
    client.write_all(b"hello").unwrap();
    client.shutdown(Shutdown::Write).unwrap();
    assert_eq!(read_all(&mut client), b"hello");
    relay.end_with(0).unwrap();
    ended(&run(["relay", "7014", "-"]), 2, &["did you mean localhost:7014"]);
    ended(&run(["relay", "listen:70000", "-"]), 2, &["0 to 65535"]);
}
