//! `jack relay`: a connection that is reset at one end is reset at the other, after what came before; a FIN would say that
//! a transfer that was cut short is whole.

#![expect(clippy::unwrap_used, reason = "a test may panic, its helpers too")]
#![expect(clippy::disallowed_types, reason = "the other side must not be our own code")]

mod common;

use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixListener;
use std::time::{Duration, Instant};

use common::{PATIENCE, Running, accept, connect, jack, start_listener};
use jackfield::sock::Socket;
use jackfield::sock::option::{so, tcp};

fn server() -> (TcpListener, String) {
    let server = TcpListener::bind("127.0.0.1:0").unwrap();
    let place = server.local_addr().unwrap().to_string();
    (server, place)
}

/// Ends a connection with a RST, when all that it said has arrived.
fn reset(stream: TcpStream) {
    let socket = Socket::from_fd(OwnedFd::from(stream).into()).unwrap();
    let began = Instant::now();
    loop {
        let info = tcp::info(&socket).unwrap();
        if info.unacked == 0 && info.notsent_bytes == 0 {
            break;
        }
        assert!(began.elapsed() < PATIENCE, "what was said arrives");
        std::thread::yield_now();
    }
    so::set_linger(&socket, Some(Duration::ZERO)).unwrap();
}

/// Reads to the end; says what came and how it ended.
fn read_to_end(mut peer: impl Read) -> (Vec<u8>, Option<ErrorKind>) {
    let mut got = Vec::new();
    let ended = peer.read_to_end(&mut got);
    (got, ended.err().map(|error| error.kind()))
}

#[test]
fn a_reset_is_passed_on_after_what_came_before() {
    let words = vec![7; 300_000];
    let whole = (words.clone(), Some(ErrorKind::ConnectionReset));
    for client_resets in [true, false] {
        let (server, target) = server();
        let mut command = jack(["relay", "-v", "--trace", "listen:tcp://127.0.0.1:0", &target]);
        let (relay, place) = start_listener(&mut command);
        let (client, peer) = (connect(&place), accept(&server));
        let (mut one, other) = if client_resets { (client, peer) } else { (peer, client) };
        let resetting = std::thread::spawn({
            let words = words.clone();
            move || {
                one.write_all(&words).unwrap();
                reset(one);
            }
        });
        let whom = other.local_addr().unwrap();
        // Who has not ended gets no FIN by chance.
        assert!(read_to_end(&other) == whole, "all of it, then the reset");
        resetting.join().unwrap();
        let said = relay.end_with(1).unwrap().said;
        assert!(said.contains("SO_LINGER") && said.contains(&format!("a RST to {whom}: ")), "{said}");
        assert!(said.contains("ECONNRESET") && !said.contains("SHUT_WR"), "{said}");
    }
}

#[test]
fn a_reset_that_a_send_meets_is_no_end_either() {
    for _ in 0..20 {
        let (server, target) = server();
        let mut command = jack(["relay", "-v", "--trace", "listen:tcp://127.0.0.1:0", &target]);
        let (relay, place) = start_listener(&mut command);
        let mut client = connect(&place);
        let mut peer = accept(&server);
        let mut saying = peer.try_clone().unwrap();
        // The peer says more and more, so that the relay finds out by sending as often as by receiving.
        let says = std::thread::spawn(move || while saying.write_all(&[7; 4096]).is_ok() {});
        client.write_all(b"one").unwrap();
        client.read_exact(&mut [0; 4096]).unwrap();
        reset(client);
        let mut got = [0; 3];
        peer.read_exact(&mut got).unwrap();
        // Whether it is its read or its write that is told of the reset, is chance.
        says.join().unwrap();
        let said = relay.end_with(1).unwrap().said;
        assert!(said.contains("a RST to ") && !said.contains("SHUT_WR"), "{said}");
    }
}

#[test]
fn a_reset_after_a_fin_reaches_who_still_speaks() {
    let (server, target) = server();
    let (relay, place) = start_listener(&mut jack(["relay", "listen:tcp://127.0.0.1:0", &target]));
    let client = connect(&place);
    let mut peer = accept(&server);
    client.shutdown(Shutdown::Write).unwrap();
    assert_eq!(peer.read(&mut [0]).unwrap(), 0, "the FIN is passed on");
    reset(client);
    // It does not get through any more: it is told so, and no end of the conversation.
    while peer.write_all(&[7; 4096]).is_ok() {}
    relay.end_with(1).unwrap();
}

#[test]
fn each_of_many_conversations_is_reset_alone() {
    let (server, target) = server();
    let (relay, place) = start_listener(&mut jack(["relay", "-k", "listen:tcp://127.0.0.1:0", &target]));
    let (stays, stayed) = (connect(&place), accept(&server));
    let mut cut = connect(&place);
    let peer = accept(&server);
    cut.write_all(b"half").unwrap();
    reset(cut);
    assert_eq!(read_to_end(peer), (b"half".to_vec(), Some(ErrorKind::ConnectionReset)));
    (&stays).write_all(b"whole").unwrap();
    stays.shutdown(Shutdown::Write).unwrap();
    assert_eq!(read_to_end(&stayed), (b"whole".to_vec(), None));
    drop(stayed);
    assert_eq!(read_to_end(&stays), (Vec::new(), None));
    relay.signal("INT");
    relay.end_with(0).unwrap();
}

#[test]
fn where_there_is_no_reset_the_exit_status_tells() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("s");
    let server = UnixListener::bind(&path).unwrap();
    let end = format!("unix:{}", path.display());
    let mut command = jack(["relay", "listen:tcp://127.0.0.1:0", &end]);
    let (relay, place): (Running, _) = start_listener(&mut command);
    let mut client = connect(&place);
    let (peer, _) = server.accept().unwrap();
    peer.set_read_timeout(Some(PATIENCE)).unwrap();
    client.write_all(b"half").unwrap();
    reset(client);
    assert_eq!(read_to_end(peer), (b"half".to_vec(), None));
    let said = relay.end_with(1).unwrap().said;
    assert!(said.contains("ECONNRESET"), "{said}");
}
