//! A flag that counts for nothing in the way a job runs is refused by name; what makes sense works.

#![expect(clippy::unwrap_used, reason = "a test may panic, its helpers too")]
#![expect(clippy::disallowed_types, reason = "the other side must not be our own code")]

mod common;

use std::net::UdpSocket;
use std::process::Stdio;
use std::thread;

use common::{PATIENCE, Running, Stream, jack};

#[test]
fn what_would_be_ignored_is_refused() {
    let refused = [
        ("listen -k -q 1 0", "-q (--quit-after) does not go with listen -k: "),
        ("listen -u -q 1 0", "-q (--quit-after) does not go with listen -u: "),
        ("listen -k --send-only 0", "--send-only does not go with listen -k: "),
        ("listen -u --send-only 0", "--send-only does not go with listen -u: "),
        ("listen -k --stay 0", "--stay does not go with listen -k: "),
        ("listen -u -k --max-connections 1 0", "--max-connections does not go with listen -u: "),
        ("listen --max-connections 1 0", "--max-connections does not go with listen: "),
        ("listen -u --backlog 1 0", "--backlog does not go with listen -u: "),
        ("listen --reply echo -q 1 0", "-q (--quit-after) does not go with listen --reply: "),
        ("listen -s 127.0.0.1 127.0.0.1 0", "-s (--source) "),
        ("listen -s 127.0.0.1 -p 0 127.0.0.1", "-s (--source) "),
        ("listen -s 127.0.0.1 tcp://127.0.0.1:0", "-s (--source) "),
        ("listen -s 127.0.0.1 -U nowhere/socket", "-s (--source) "),
        ("connect -U -p 1 nowhere/socket", "-U and -p exclude each other"),
        ("connect -p 1 unix:nowhere/socket", "-U and -p exclude each other"),
        ("connect -l -z 127.0.0.1 0", "-z (--zero) does not go with listen: "),
        ("connect -l --retry 1 127.0.0.1 0", "--retry does not go with listen: "),
        ("connect -l --interval 1 127.0.0.1 0", "--interval does not go with listen: "),
        ("connect -lu --retry 1 127.0.0.1 0", "--retry does not go with listen -u: "),
        ("connect -z --output file 127.0.0.1 1", "--output does not go with -z: "),
        ("connect -z --hex-dump file 127.0.0.1 1", "--hex-dump does not go with -z: "),
        ("connect -z --data text:x 127.0.0.1 1", "--data does not go with -z: "),
        ("connect -zu --retry 1 127.0.0.1 1", "--retry does not go with -z -u: "),
        ("connect -u --stay 127.0.0.1 1", "--stay does not go with connect with datagrams: "),
        ("connect --send-only --recv-only 127.0.0.1 1", "--send-only and --recv-only exclude each other"),
    ];
    for (command, words) in refused {
        let ended = Running::start(&mut jack(command.split(' '))).end_with(2);
        let said = ended.unwrap_or_else(|error| panic!("{command}: {error}")).said;
        assert!(said.contains(words), "{command}: {said}");
    }
}

/// A question over UDP comes from where it is told to, with the options set, and goes to every address of a name.
#[test]
fn a_question_over_udp_has_a_source_and_options() {
    let server = UdpSocket::bind("127.0.0.1:0").unwrap();
    server.set_read_timeout(Some(PATIENCE)).unwrap();
    let port = server.local_addr().unwrap().port().to_string();
    let own = UdpSocket::bind("127.0.0.2:0").unwrap().local_addr().unwrap();
    let answer = thread::spawn(move || {
        let (_, peer) = server.recv_from(&mut [0; 10]).unwrap();
        server.send_to(b"here", peer).unwrap();
        peer
    });
    // The first address of the name may be that of the other family, where nobody is.
    let mut command = jack(["connect", "-zu", "--trace", "--sockopt", "IP_TTL=77", "-s", "127.0.0.2"]);
    command.args(["-p", &own.port().to_string(), "--timeout", "10", "localhost", &port]);
    let mut asked = Running::start(command.stdout(Stdio::piped()));
    let output = Stream::of(asked.child.stdout.take().unwrap()).rest().unwrap();
    let said = asked.end_with(0).unwrap().said;
    assert_eq!(String::from_utf8(output).unwrap(), format!("127.0.0.1:{port} (udp) open\n"));
    assert_eq!(answer.join().unwrap(), own);
    assert!(said.contains("IP_TTL"), "{said}");
}
