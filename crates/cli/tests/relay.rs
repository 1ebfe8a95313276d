//! `jack relay`: files as ends, targets that are down, and how each of many conversations ends.

#![expect(clippy::unwrap_used, reason = "a test may panic, its helpers too")]
#![expect(clippy::disallowed_types, reason = "the other side must not be our own code")]

mod common;

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::process::Stdio;

use common::{PATIENCE, Running, Stream, accept, jack, start_listener};
use serde_json::Value;

fn server() -> (TcpListener, String) {
    let server = TcpListener::bind("127.0.0.1:0").unwrap();
    let place = server.local_addr().unwrap().to_string();
    (server, place)
}

fn read_all(mut peer: TcpStream) -> Vec<u8> {
    peer.set_read_timeout(Some(PATIENCE)).unwrap();
    let mut got = Vec::new();
    peer.read_to_end(&mut got).unwrap();
    got
}

#[test]
fn a_file_on_the_left_is_a_source_and_stays_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("notes");
    std::fs::write(&path, "a file\n").unwrap();
    let (server, place) = server();
    let relay = Running::start(&mut jack(["relay", &format!("file:{}", path.display()), &place]));
    let mut peer = accept(&server);
    let mut got = Vec::new();
    // Its end comes as a FIN, and the answer is read to its end.
    peer.read_to_end(&mut got).unwrap();
    peer.write_all(b"an answer").unwrap();
    drop(peer);
    relay.end_with(0).unwrap();
    assert_eq!(got, b"a file\n");
    assert_eq!(std::fs::read(&path).unwrap(), b"a file\n");
    let missing = format!("file:{}", folder.path().join("missing").display());
    let said = Running::start(&mut jack(["relay", &missing, &place])).end_with(1).unwrap().said;
    assert!(said.contains("opening") && said.contains("ENOENT"), "{said}");
}

#[test]
fn a_file_on_the_right_is_a_sink_and_says_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("log");
    let file = format!("file:{}", path.display());
    for want in ["one\n", "one\none\n"] {
        let mut command = jack(["relay", "-v", "listen:tcp://127.0.0.1:0", &file]);
        let (relay, place) = start_listener(&mut command);
        let mut client = TcpStream::connect(place).unwrap();
        client.write_all(b"one\n").unwrap();
        client.shutdown(Shutdown::Write).unwrap();
        assert_eq!(read_all(client), b"", "what the file holds is not the client's");
        let said = relay.end_with(0).unwrap().said;
        assert!(said.contains("read to its end and passed on"), "{said}");
        assert_eq!(std::fs::read_to_string(&path).unwrap(), want);
    }
    // From one file to another, and to standard output, though standard input stays open.
    let copy = format!("file:{}", folder.path().join("copy").display());
    Running::start(&mut jack(["relay", &file, &copy])).end_with(0).unwrap();
    assert_eq!(std::fs::read_to_string(folder.path().join("copy")).unwrap(), "one\none\n");
    let mut command = jack(["relay", &file, "-"]);
    let mut relay = Running::start(command.stdin(Stdio::piped()).stdout(Stdio::piped()));
    let input = relay.child.stdin.take();
    assert_eq!(Stream::of(relay.child.stdout.take().unwrap()).rest().unwrap(), b"one\none\n");
    relay.end_with(0).unwrap();
    drop(input);
}

#[test]
fn a_file_is_served_to_every_client() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("page");
    std::fs::write(&path, "page\n").unwrap();
    let file = format!("file:{}", path.display());
    let (relay, place) = start_listener(&mut jack(["relay", "-kv", &file, "listen:tcp://127.0.0.1:0"]));
    for _ in 0..3 {
        let client = TcpStream::connect(&place).unwrap();
        client.shutdown(Shutdown::Write).unwrap();
        assert_eq!(read_all(client), b"page\n");
    }
    relay.signal("INT");
    let said = relay.end_with(0).unwrap().said;
    assert!(said.ends_with("jack: stopped: a signal asked to stop\n"), "{said}");
}

#[test]
fn a_target_that_is_down_is_what_the_error_names() {
    let (nobody, target) = server();
    drop(nobody);
    let (mut relay, place) = start_listener(&mut jack(["relay", "-k", "listen:tcp://127.0.0.1:0", &target]));
    let client = TcpStream::connect(&place).unwrap();
    let own = client.local_addr().unwrap().to_string();
    assert_eq!(read_all(client), b"");
    let said = relay.hear(|line| line.contains("failed").then(|| line.to_owned())).unwrap();
    let words = format!("jack: failed for {own}: connecting to tcp://{target}: connect {target}: ");
    assert!(said.starts_with(&words) && said.contains("ECONNREFUSED"), "{said}");
    relay.signal("INT");
    let said = relay.end_with(0).unwrap().said;
    assert_eq!(said.matches("ECONNREFUSED").count(), 1, "told once: {said}");
}

#[test]
fn a_target_that_is_down_is_an_event() {
    let (nobody, target) = server();
    drop(nobody);
    let mut command = jack(["relay", "-k", "--json", "listen:tcp://127.0.0.1:0", &target]);
    let mut relay = Running::start(command.stdout(Stdio::piped()));
    let mut output = Stream::of(relay.child.stdout.take().unwrap());
    let mut event = || serde_json::from_str::<Value>(&output.line().unwrap()).unwrap();
    assert_eq!(event()["schema"], 1);
    let client = TcpStream::connect(event()["local"].as_str().unwrap()).unwrap();
    let own = client.local_addr().unwrap().to_string();
    assert_eq!(event()["event"], "accepted");
    let failed = event();
    assert_eq!((&failed["event"], &failed["peer"]), (&"failed".into(), &Value::from(target)));
    let failed = event();
    assert_eq!((&failed["event"], &failed["peer"]), (&"client_failed".into(), &Value::from(own)));
    assert_eq!((&failed["call"], &failed["errno"]), (&"connect".into(), &Value::from("ECONNREFUSED")));
    relay.signal("INT");
    relay.end_with(0).unwrap();
}
