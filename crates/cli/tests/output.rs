//! What a job says, and where: results that nobody reads or that have no room, words beside bytes on one terminal, one
//! line for each end.

#![expect(clippy::unwrap_used, reason = "a test may panic, its helpers too")]
#![expect(clippy::disallowed_types, reason = "the other side must not be our own code")]

mod common;

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream, UdpSocket};
use std::process::{Command, Stdio};

use common::{JACK, PATIENCE, Running, Stream, accept, installed, jack, python, start_listener};

fn shell(script: &str, port: &str) -> Command {
    let mut command = Command::new("sh");
    command.args(["-c", script]).env("JACK", JACK).env("PORT", port).stdin(Stdio::null());
    command
}

fn server() -> (TcpListener, String) {
    let server = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = server.local_addr().unwrap().port().to_string();
    (server, port)
}

/// With --json nothing but events goes to standard output: when nobody reads them, the job is over, however quiet.
#[test]
fn a_reader_of_events_that_has_gone_ends_the_job() {
    let (quiet, port) = server();
    let hold = std::thread::spawn(move || {
        let mut peer = accept(&quiet);
        let _ = peer.read(&mut [0; 10]);
    });
    let jobs: [&[&str]; 6] = [
        &["listen", "-k", "--json", "127.0.0.1", "0"],
        &["listen", "--json", "127.0.0.1", "0"],
        &["listen", "-u", "--json", "127.0.0.1", "0"],
        &["relay", "-k", "--json", "listen:tcp://127.0.0.1:0", "127.0.0.1:1"],
        &["relay", "--json", "listen:udp://127.0.0.1:0", "127.0.0.1:1"],
        &["connect", "--json", "127.0.0.1", &port],
    ];
    for job in jobs {
        let mut command = jack(job);
        let mut running = Running::start(command.stdin(Stdio::piped()).stdout(Stdio::piped()));
        let input = running.child.stdin.take();
        let mut output = running.child.stdout.take().unwrap();
        output.read_exact(&mut [0; 20]).unwrap();
        drop(output);
        let ended = running.end_with(0).unwrap();
        assert_eq!(ended.said, "", "{job:?}");
        drop(input);
    }
    hold.join().unwrap();
}

#[test]
fn a_range_that_nobody_reads_is_not_asked_to_its_end() {
    let mut command = jack(["connect", "-zv", "127.0.0.1", "1-65535"]);
    let mut running = Running::start(command.stdout(Stdio::piped()));
    drop(running.child.stdout.take());
    let ended = running.end_with(0).unwrap();
    assert_eq!(ended.said, "");
}

#[test]
fn results_without_room_are_a_failure() {
    let (open, port) = server();
    let talk = std::thread::spawn(move || {
        for _ in 0..2 {
            let _ = accept(&open).write_all(b"answer");
        }
    });
    for words in [
        "-V",
        "--version",
        "--help",
        "connect --help",
        "explain",
        "explain bind",
        "explain --json bind",
        "explain -- listen 7000",
        "doctor",
        "resolve localhost",
        "resolve --json localhost",
        "gen man",
        "gen completions bash",
        "tour --no-pause",
        "connect -z 127.0.0.1 $PORT",
        "connect --json 127.0.0.1 $PORT",
    ] {
        let script = format!("exec \"$JACK\" {words} >/dev/full");
        let ended = Running::start(&mut shell(&script, &port)).end_with(1);
        let said = ended.unwrap_or_else(|error| panic!("{words}: {error}")).said;
        assert_eq!(said.matches("No space left on device").count(), 1, "{words}: {said}");
    }
    talk.join().unwrap();
    let script = "exec \"$JACK\" listen -k --json 127.0.0.1 0 >/dev/full";
    let said = Running::start(&mut shell(script, "")).end_with(1).unwrap().said;
    assert!(said.contains("No space left on device"), "{said}");
}

#[test]
fn help_that_nobody_reads_is_no_failure() {
    for words in ["--version", "connect --help", "explain bind"] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let mut command = jack(words.split(' '));
        let ended = Running::start(command.stdout(writer)).end_with(0).unwrap();
        assert_eq!(ended.said, "", "{words}");
    }
}

/// Words and bytes in one place: a line of words begins at the beginning of a line.
#[test]
fn words_do_not_stick_to_bytes() {
    for flags in ["-v", "--trace", "--trace=json", "-v --trace"] {
        let (server, port) = server();
        let script = format!("exec \"$JACK\" connect {flags} 127.0.0.1 $PORT 2>&1");
        let mut client = Running::start(shell(&script, &port).stdout(Stdio::piped()));
        let output = Stream::of(client.child.stdout.take().unwrap());
        let mut peer = accept(&server);
        peer.write_all(b"no line feed").unwrap();
        drop(peer);
        client.end_with(0).unwrap();
        let text = String::from_utf8(output.rest().unwrap()).unwrap();
        assert!(text.lines().any(|line| line == "no line feed"), "{flags}: {text}");
        assert!(!text.contains("\n\n"), "{flags}: {text}");
    }
    // In two places the bytes are as they came.
    let (server, port) = server();
    let mut command = jack(["connect", "-v", "--trace", "127.0.0.1", &port]);
    let mut client = Running::start(command.stdout(Stdio::piped()));
    let output = Stream::of(client.child.stdout.take().unwrap());
    accept(&server).write_all(b"no line feed").unwrap();
    let said = client.end_with(0).unwrap().said;
    assert_eq!(output.rest().unwrap(), b"no line feed");
    assert!(!said.contains("\n\n"), "{said}");
}

#[test]
fn words_do_not_stick_to_bytes_on_a_terminal() {
    const PTY: &str = "import os, pty, sys\npty.spawn(sys.argv[1:])\n";
    if !installed("python3") {
        return;
    }
    let (server, port) = server();
    let mut command = Command::new(python());
    command.args(["-I", "-S", "-c", PTY, JACK, "connect", "-v", "127.0.0.1", &port]).stdin(Stdio::null());
    let mut client = Running::start(command.stdout(Stdio::piped()));
    let output = Stream::of(client.child.stdout.take().unwrap());
    let mut peer = accept(&server);
    peer.write_all(b"no line feed").unwrap();
    peer.shutdown(Shutdown::Both).unwrap();
    client.end().unwrap();
    let text = String::from_utf8(output.rest().unwrap()).unwrap();
    assert!(text.contains("\nno line feed\r\njack: ended with"), "{text:?}");
}

/// Each end has one line that says why.
#[test]
fn every_end_of_a_server_says_why() {
    let stopped = |said: &str| said.matches("jack: stopped: ").count();
    for flags in [&["-k"][..], &["-u"], &["-k", "--reply", "echo"], &[]] {
        let mut command = jack(["listen", "-v"]);
        let (server, _) = start_listener(command.args(flags).args(["127.0.0.1", "0"]));
        server.signal("INT");
        let said = server.end().unwrap().said;
        assert!(said.ends_with("jack: stopped: a signal asked to stop\n"), "{flags:?}: {said}");
        assert_eq!(stopped(&said), 1, "{flags:?}: {said}");
    }
    for flags in [&["-k"][..], &["-u"]] {
        let mut command = jack(["listen", "-v", "-w", "200ms"]);
        let (server, _) = start_listener(command.args(flags).args(["127.0.0.1", "0"]));
        let said = server.end_with(0).unwrap().said;
        assert!(said.contains("jack: stopped: nothing moved for 200ms"), "{flags:?}: {said}");
        assert_eq!(stopped(&said), 1, "{flags:?}: {said}");
    }
    // Who is cut off has an end of its own.
    let (mut server, place) = start_listener(&mut jack(["listen", "-k", "-v", "127.0.0.1", "0"]));
    let client = TcpStream::connect(&place).unwrap();
    let own = client.local_addr().unwrap();
    server.hear(|line| line.contains("connection from").then_some(())).unwrap();
    server.signal("INT");
    let said = server.end_with(0).unwrap().said;
    assert!(said.contains(&format!("ended with {own}: a signal asked to stop")), "{said}");
    drop(client);
}

#[test]
fn a_datagram_server_whose_reader_has_gone_says_why() {
    let (mut server, place) =
        start_listener(jack(["listen", "-uv", "127.0.0.1", "0"]).stdout(Stdio::piped()));
    drop(server.child.stdout.take());
    let peer = UdpSocket::bind("127.0.0.1:0").unwrap();
    peer.set_read_timeout(Some(PATIENCE)).unwrap();
    peer.connect(&place).unwrap();
    // Not once: a program that is being started elsewhere may hold the reading end for a moment.
    while peer.send(b"for nobody").is_ok() {
        std::thread::yield_now();
    }
    let said = server.end_with(0).unwrap().said;
    assert!(said.contains("jack: stopped: nobody reads the output any more"), "{said}");
}
