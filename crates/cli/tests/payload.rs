//! What is given beforehand: `--data` goes to every client, `--reply` to each that speaks; over datagrams either is one
//! message, of no bytes too. Standard input is a stream and goes to who is there.

#![expect(clippy::unwrap_used, reason = "a test may panic, its helpers too")]
#![expect(clippy::disallowed_types, reason = "the other side must not be our own code")]

mod common;

use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream, UdpSocket};
use std::process::Stdio;
use std::time::Instant;

use common::{PATIENCE, Running, Stream, installed, jack, random_bytes, start_listener};
use serde_json::Value;

/// Connects with a deadline on everything that follows.
fn connect(place: &str) -> TcpStream {
    let client = TcpStream::connect(place).unwrap();
    client.set_read_timeout(Some(PATIENCE)).unwrap();
    client
}

fn read_all(mut client: TcpStream) -> Vec<u8> {
    let mut got = Vec::new();
    client.read_to_end(&mut got).unwrap();
    got
}

fn udp() -> UdpSocket {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    socket.set_read_timeout(Some(PATIENCE)).unwrap();
    socket
}

fn datagram(socket: &UdpSocket) -> Vec<u8> {
    let mut got = vec![0; 70_000];
    let len = socket.recv(&mut got).unwrap();
    got.truncate(len);
    got
}

fn interrupt(server: Running) -> String {
    server.signal("INT");
    server.end_with(0).unwrap().said
}

fn objects(text: &[u8]) -> Vec<Value> {
    text.split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty())
        .map(|line| serde_json::from_slice(line).unwrap())
        .collect()
}

#[test]
fn data_goes_to_every_client_whole() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("data");
    let bytes = random_bytes(3 << 20);
    std::fs::write(&file, &bytes).unwrap();
    let mut command = jack(["listen", "-k", "-v", "--data"]);
    let (server, place) =
        start_listener(command.arg(format!("@{}", file.display())).args(["127.0.0.1", "0"]));
    // One after another, and some at once.
    assert!(read_all(connect(&place)) == bytes && read_all(connect(&place)) == bytes);
    let at_once: Vec<_> = (0..5).map(|_| connect(&place)).collect();
    for client in at_once {
        assert!(read_all(client) == bytes);
    }
    let said = interrupt(server);
    assert!(!said.contains("the input has ended"), "{said}");
}

#[test]
fn data_in_lines_keeps_each_client_its_own_time() {
    let arguments = ["listen", "-k", "-C", "-i", "300ms", "--data", r"str:one\ntwo\n", "127.0.0.1", "0"];
    let (server, place) = start_listener(&mut jack(arguments));
    for _ in 0..2 {
        let mut client = connect(&place);
        let mut first = [0; 5];
        client.read_exact(&mut first).unwrap();
        let began = Instant::now();
        assert_eq!((&first, &read_all(client)[..]), (b"one\r\n", &b"two\r\n"[..]));
        assert!(began.elapsed().as_millis() >= 200, "{:?}", began.elapsed());
    }
    interrupt(server);
}

#[test]
fn data_greets_every_datagram_peer_once() {
    let arguments = ["listen", "-u", "--data", "text:welcome", "127.0.0.1", "0"];
    let (server, place) = start_listener(&mut jack(arguments));
    for _ in 0..3 {
        let peer = udp();
        peer.send_to(b"one", &place).unwrap();
        assert_eq!(datagram(&peer), b"welcome");
        peer.send_to(b"two", &place).unwrap();
        peer.set_read_timeout(Some(std::time::Duration::from_millis(100))).unwrap();
        assert!(peer.recv(&mut [0; 10]).is_err(), "said once");
    }
    interrupt(server);
}

#[test]
fn standard_input_is_given_once_and_that_is_said() {
    let mut command = jack(["listen", "-k", "-v", "127.0.0.1", "0"]);
    let (mut server, place) = start_listener(command.stdin(Stdio::piped()));
    let mut input = server.child.stdin.take().unwrap();
    input.write_all(b"first come, first served").unwrap();
    drop(input);
    assert_eq!(read_all(connect(&place)), b"first come, first served");
    server.hear(|line| line.contains("the input has ended: its 24 B").then_some(())).unwrap();
    assert_eq!(read_all(connect(&place)), b"");
    let said = interrupt(server);
    assert_eq!(said.matches("the input has ended").count(), 1, "{said}");
}

#[test]
fn data_and_reply_exclude_each_other() {
    let mut command = jack(["listen", "--data", "text:a", "--reply", "echo", "0"]);
    let said = Running::start(&mut command).end_with(2).unwrap().said;
    assert!(said.contains("--data and --reply exclude each other"), "{said}");
}

/// The error names the flag that was typed.
#[test]
fn a_wrong_form_is_told_with_its_flag() {
    for flag in ["--data", "--reply"] {
        let mut command = jack(["listen", flag, "foo", "0"]);
        let said = Running::start(&mut command).end_with(2).unwrap().said;
        assert!(said.starts_with(&format!("jack listen: {flag}: column 1: unknown data form")), "{said}");
    }
}

#[test]
fn data_over_datagrams_is_one_message() {
    let peer = udp();
    let port = peer.local_addr().unwrap().port().to_string();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("data");
    for len in [0, 1, 20_000, 65_507] {
        let bytes = random_bytes(len);
        std::fs::write(&file, &bytes).unwrap();
        let mut command = jack(["connect", "-u", "--send-only", "127.0.0.1", &port, "--data"]);
        Running::start(command.arg(format!("@{}", file.display()))).end_with(0).unwrap();
        assert!(datagram(&peer) == bytes, "{len}");
    }
    let mut command = jack(["connect", "-u", "127.0.0.1", &port, "--data", "zero:65508"]);
    let said = Running::start(&mut command).end_with(1).unwrap().said;
    let words = "sending 65508 bytes as one message, which has room for 65507 bytes over IPv4";
    assert!(said.contains(words) && said.contains("EMSGSIZE"), "{said}");
    peer.set_nonblocking(true).unwrap();
    assert!(peer.recv(&mut [0; 10]).is_err(), "nothing of it was sent");
    // An input that ends at once is nothing to send.
    Running::start(&mut jack(["connect", "-u", "--send-only", "127.0.0.1", &port])).end_with(0).unwrap();
    assert!(peer.recv(&mut [0; 10]).is_err());
}

#[test]
fn a_reply_that_is_no_datagram_is_told() {
    for flag in ["--reply", "--data"] {
        let arguments = ["listen", "-u", flag, "zero:70000", "127.0.0.1", "0"];
        let (server, place) = start_listener(&mut jack(arguments));
        udp().send_to(b"?", &place).unwrap();
        let said = server.end_with(1).unwrap().said;
        assert!(said.contains("sending 70000 bytes as one message") && said.contains("65507"), "{said}");
    }
}

#[test]
fn what_is_replied_is_told() {
    for (flags, transport) in [(&["-k"][..], "tcp"), (&["-u"], "udp")] {
        let mut command = jack(["listen", "--json", "--reply", "text:answer"]);
        command.args(flags).args(["127.0.0.1", "0"]).stdout(Stdio::piped());
        let mut server = Running::start(&mut command);
        let mut output = Stream::of(server.child.stdout.take().unwrap());
        assert!(output.line().unwrap().contains("schema"));
        let listening: Value = serde_json::from_str(&output.line().unwrap()).unwrap();
        let place = listening["local"].as_str().unwrap().to_owned();
        assert_eq!(listening["transport"], transport);
        if transport == "tcp" {
            let mut client = connect(&place);
            client.write_all(b"question").unwrap();
            client.shutdown(Shutdown::Write).unwrap();
            assert_eq!(read_all(client), b"answer");
        } else {
            let peer = udp();
            peer.send_to(b"question", &place).unwrap();
            assert_eq!(datagram(&peer), b"answer");
        }
        interrupt(server);
        let events = objects(&output.rest().unwrap());
        let sent: Vec<_> = events.iter().filter(|event| event["event"] == "sent").collect();
        assert_eq!((sent.len(), &sent[0]["text"]), (1, &Value::from("answer")), "{events:?}");
        assert!(sent[0]["peer"].as_str().unwrap().starts_with("127.0.0.1:"), "{events:?}");
        assert_eq!(events.last().unwrap()["event"], "stopped", "{events:?}");
        assert_eq!(events.last().unwrap()["why"], "interrupted", "{events:?}");
    }
}

/// A big answer is held once, however many clients are slow to take it.
#[test]
fn a_big_reply_is_shared() {
    const CLIENTS: usize = 40;
    if !installed("sh") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("reply");
    std::fs::write(&file, random_bytes(16 << 20)).unwrap();
    let mut command = jack(["listen", "-k", "-v", "--reply"]);
    let reply = format!("@{}", file.display());
    let (mut server, place) = start_listener(command.arg(reply).args(["127.0.0.1", "0"]));
    let clients: Vec<_> = (0..CLIENTS)
        .map(|_| {
            let mut client = connect(&place);
            client.write_all(b"?").unwrap();
            client
        })
        .collect();
    for _ in 0..CLIENTS {
        server.hear(|line| line.contains("message from").then_some(())).unwrap();
    }
    let status = std::fs::read_to_string(format!("/proc/{}/status", server.pid())).unwrap();
    let resident = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    let kilobytes: usize = resident.split_whitespace().nth(1).unwrap().parse().unwrap();
    assert!(kilobytes < 100_000, "{resident} for {CLIENTS} clients of 16 MiB each");
    drop(clients);
    interrupt(server);
}
