//! The interop matrix: `jack` against itself, nc, ncat, socat, python3 and bash, as client and as server, over TCP, UDP
//! and Unix sockets. Same bytes both ways, exit codes, nobody hangs, and our FIN comes at once.
//!
//! Combinations that do not exist are printed with the reason by the first test. The sizes of the ordinary run end at
//! 1 MiB; `cargo xtask soak interop-large` does 64 MiB.

#![expect(clippy::unwrap_used, reason = "a test may panic, its helpers too")]
#![expect(clippy::indexing_slicing, reason = "likewise")]
#![expect(clippy::disallowed_types, reason = "the other side must not be our own code")]

mod common;

use std::fs::File;
use std::io::{Read, Write};
use std::net::{TcpListener, UdpSocket};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use common::tools::{Manner, Net, Place, Tool, fresh_name};
use common::{
    Ended, PATIENCE, Running, Stream, accept, all, installed, jack, piped, port_of, random_bytes, same,
    start_listener,
};
use serde_json::Value;
use tempfile::TempDir;

/// Nothing, one byte, one more than a read of 64 KiB, and more than the socket buffers hold by default.
const SIZES: [usize; 4] = [0, 1, 65_537, 1 << 20];
const LARGE: usize = 64 << 20;

/// What happens in a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scene {
    /// Both send and end; each gets all.
    Both,
    /// The server speaks and ends first; the client's input stays open and empty.
    ServerFirst,
    /// The client ends at once with nothing; the server's answer is not cut short by that.
    SilentClient,
}

/// How the input of `jack` comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Input {
    File,
    Pipe,
}

/// One conversation of the matrix.
#[derive(Clone, Copy, Debug)]
struct Case {
    client: Tool,
    server: Tool,
    net: Net,
    scene: Scene,
    input: Input,
    size: usize,
}

/// Files of random bytes and room for what arrives.
struct Desk {
    folder: TempDir,
    payloads: Vec<(usize, Vec<u8>, Vec<u8>)>,
}

impl Desk {
    fn new(sizes: &[usize]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let payloads: Vec<_> =
            sizes.iter().map(|size| (*size, random_bytes(*size), random_bytes(*size))).collect();
        for (size, up, down) in &payloads {
            std::fs::write(folder.path().join(format!("{size}.up")), up).unwrap();
            std::fs::write(folder.path().join(format!("{size}.down")), down).unwrap();
        }
        Self { folder, payloads }
    }

    fn file(&self, size: usize, direction: &str) -> PathBuf {
        self.folder.path().join(format!("{size}.{direction}"))
    }

    fn payload(&self, size: usize, direction: &str) -> &[u8] {
        let (_, up, down) = self.payloads.iter().find(|(known, ..)| *known == size).unwrap();
        if direction == "up" { up } else { down }
    }
}

/// A client, a server, and why they cannot meet.
type Missing = (Tool, Tool, &'static str);

/// The pairs with `jack` on at least one side, and those of them that do not exist, with the reason.
fn pairs(net: Net) -> (Vec<(Tool, Tool)>, Vec<Missing>) {
    let (mut there, mut missing) = (Vec::new(), Vec::new());
    for client in Tool::ALL {
        for server in Tool::ALL {
            if client != Tool::Jack && server != Tool::Jack {
                continue;
            }
            match client.no_client(net).or_else(|| server.no_server(net)) {
                Some(reason) => missing.push((client, server, reason)),
                None => there.push((client, server)),
            }
        }
    }
    (there, missing)
}

/// Those of the pairs whose tools are installed.
fn installed_pairs(net: Net) -> Vec<(Tool, Tool)> {
    let here: Vec<_> =
        Tool::ALL.into_iter().filter(|tool| *tool == Tool::Jack || installed(tool.program())).collect();
    pairs(net)
        .0
        .into_iter()
        .filter(|(client, server)| here.contains(client) && here.contains(server))
        .collect()
}

#[test]
fn combinations_that_do_not_exist_are_listed() {
    let count = |net, exist, missing| {
        let (there, not) = pairs(net);
        for (client, server, reason) in &not {
            println!("{net:?}: no {} to {}: {reason}", client.program(), server.program());
        }
        assert_eq!((there.len(), not.len()), (exist, missing), "{net:?}");
    };
    for tool in Tool::ALL {
        if let Some(reason) = tool.cuts_itself_short() {
            println!("streams: no silent client of {}: {reason}", tool.program());
        }
    }
    println!("streams: bash is no silent client: it cannot close one half");
    count(Net::Tcp4, 10, 1);
    count(Net::Tcp6, 10, 1);
    count(Net::Udp4, 10, 1);
    count(Net::Udp6, 10, 1);
    count(Net::Unix, 9, 2);
    count(Net::UnixAbstract, 7, 4);
    count(Net::UnixSeqpacket, 5, 6);
    count(Net::UnixDatagram, 8, 3);
}

#[test]
fn streams_over_tcp4() {
    matrix(Net::Tcp4);
}

#[test]
fn streams_over_tcp6() {
    matrix(Net::Tcp6);
}

#[test]
fn streams_over_unix_sockets() {
    matrix(Net::Unix);
}

#[test]
fn streams_over_abstract_names() {
    matrix(Net::UnixAbstract);
}

#[test]
fn sequenced_packets() {
    matrix(Net::UnixSeqpacket);
}

#[test]
#[ignore = "long: cargo xtask soak interop-large"]
fn large_tcp4() {
    large(Net::Tcp4);
}

#[test]
#[ignore = "long: cargo xtask soak interop-large"]
fn large_tcp6() {
    large(Net::Tcp6);
}

#[test]
#[ignore = "long: cargo xtask soak interop-large"]
fn large_unix() {
    large(Net::Unix);
}

fn matrix(net: Net) {
    let mut cases = Vec::new();
    for (client, server) in installed_pairs(net) {
        for size in SIZES {
            for (scene, input) in [
                (Scene::Both, Input::File),
                (Scene::Both, Input::Pipe),
                (Scene::ServerFirst, Input::File),
                (Scene::SilentClient, Input::File),
                (Scene::SilentClient, Input::Pipe),
            ] {
                // bash cannot close one half, and two servers do not wait for what is left of their own input.
                let impossible = scene == Scene::SilentClient
                    && (client == Tool::Bash || server.cuts_itself_short().is_some());
                // The input of jack is what changes; a small one is in the pipe at once, as from a file.
                let the_same = input == Input::Pipe
                    && (size == 1 || scene == Scene::SilentClient && server != Tool::Jack);
                if !impossible && !the_same {
                    cases.push(Case { client, server, net, scene, input, size });
                }
            }
        }
    }
    let desk = Desk::new(&SIZES);
    // Some of them wait for the clock; none needs much of the processor.
    all(cases, 4, |case| converse(&desk, case).map_err(|error| format!("{case:?}: {error}")));
}

fn large(net: Net) {
    let mut cases = Vec::new();
    for (client, server) in installed_pairs(net) {
        let case = Case { client, server, net, scene: Scene::Both, input: Input::File, size: LARGE };
        cases.push(case);
        if client != Tool::Bash && server.cuts_itself_short().is_none() {
            cases.push(Case { scene: Scene::SilentClient, input: Input::Pipe, ..case });
        }
    }
    let desk = Desk::new(&[LARGE]);
    all(cases, 2, |case| converse(&desk, case).map_err(|error| format!("{case:?}: {error}")));
}

/// Holds one conversation and judges it.
fn converse(desk: &Desk, case: Case) -> Result<(), String> {
    let name = fresh_name(desk.folder.path(), case.net);
    let result = |who: &str| {
        let name = name.trim_start_matches('@').rsplit('/').next().unwrap_or_default();
        desk.folder.path().join(format!("{name}.{who}"))
    };
    let (at_server, at_client) = (result("server"), result("client"));
    let mut feeders = Vec::new();
    let (server, place) = case.server.serve(case.net, &name, |command| {
        let input = desk.file(case.size, "down");
        command.stdin(feed(case.server, case.input, &input, &mut feeders));
        command.stdout(File::create(&at_server).unwrap());
    })?;
    let manner = if case.scene == Scene::ServerFirst { Manner::Listens } else { Manner::Talks };
    let mut command = case.client.client(case.net, manner, &place);
    match case.scene {
        Scene::Both => {
            command.stdin(feed(case.client, case.input, &desk.file(case.size, "up"), &mut feeders))
        }
        Scene::ServerFirst => command.stdin(Stdio::piped()),
        Scene::SilentClient => command.stdin(Stdio::null()),
    };
    let patient = case.server.cuts_itself_short().is_some() && case.scene == Scene::Both;
    let client = if patient {
        let client = Running::start(command.stdin(Stdio::piped()).stdout(Stdio::piped()));
        patiently(desk, case, client, &at_client)?
    } else {
        Running::start(command.stdout(File::create(&at_client).unwrap())).end_with(0)?
    };
    let server = server.end_with(0)?;
    let sent: &[u8] = if case.scene == Scene::Both { desk.payload(case.size, "up") } else { &[] };
    same("at the server", &std::fs::read(&at_server).unwrap(), sent)?;
    same("at the client", &std::fs::read(&at_client).unwrap(), desk.payload(case.size, "down"))?;
    for (tool, said) in [(case.client, &client.said), (case.server, &server.said)] {
        let why = said.lines().filter(|line| line.starts_with("jack: ended with")).count();
        if tool == Tool::Jack && why != 1 {
            return Err(format!("{why} lines say why it ended:\n{said}"));
        }
    }
    for feeder in &mut feeders {
        feeder.wait().unwrap();
    }
    // 64 MiB each would not fit for all.
    std::fs::remove_file(at_server).unwrap();
    std::fs::remove_file(at_client).unwrap();
    if place.host.starts_with('/') && case.server == Tool::Jack && Path::new(&place.host).exists() {
        return Err("jack left the file of its socket behind".into());
    }
    Ok(())
}

/// Talks for a client that ends its input only when the whole answer is there.
fn patiently(desk: &Desk, case: Case, mut client: Running, result: &Path) -> Result<Ended, String> {
    let mut output = Stream::of(client.child.stdout.take().unwrap());
    let mut input = client.child.stdin.take().unwrap();
    let answer = std::thread::scope(|threads| {
        threads.spawn(|| {
            // A client that has gone is told by its exit code.
            let _ = input.write_all(desk.payload(case.size, "up"));
        });
        output.take(case.size)
    })?;
    drop(input);
    let ended = client.end_with(0)?;
    let rest = output.rest()?;
    std::fs::write(result, [answer, rest].concat()).unwrap();
    Ok(ended)
}

/// A file as input: through a pipe that another program fills for `jack` where the case says so.
fn feed(tool: Tool, input: Input, file: &Path, feeders: &mut Vec<Child>) -> Stdio {
    if tool == Tool::Jack && input == Input::Pipe {
        let (feeder, pipe) = piped(file);
        feeders.push(feeder);
        return pipe.into();
    }
    File::open(file).unwrap().into()
}

/// The end of input is a FIN at once, while the other direction goes on. The clock is asked three times: a busy machine
/// may be late once.
#[test]
fn the_fin_comes_at_once() {
    let answer = random_bytes(1 << 20);
    let mut fastest = PATIENCE;
    for _ in 0..3 {
        let server = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = server.local_addr().unwrap().port().to_string();
        let mut command = jack(["connect", "-v", "127.0.0.1", &port]);
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut client = Running::start(&mut command);
        let output = Stream::of(client.child.stdout.take().unwrap());
        let mut input = client.child.stdin.take().unwrap();
        let mut peer = accept(&server);
        input.write_all(b"the last byte is this one.").unwrap();
        let mut got = [0; 26];
        peer.read_exact(&mut got).unwrap();
        // It is still receiving, and more than it can have taken already.
        peer.write_all(&answer[..100_000]).unwrap();
        drop(input);
        let closed = Instant::now();
        assert_eq!(peer.read(&mut got).unwrap(), 0, "a FIN");
        fastest = fastest.min(closed.elapsed());
        peer.write_all(&answer[100_000..]).unwrap();
        drop(peer);
        assert!(output.rest().unwrap() == answer, "all that came after our FIN");
        let said = client.end_with(0).unwrap().said;
        assert!(said.contains("everything is sent, and a FIN"), "{said}");
        assert!(said.contains("both sides have sent their FIN"), "{said}");
    }
    assert!(fastest < Duration::from_secs(1), "the FIN took {fastest:?}");
}

#[test]
fn a_listener_sends_its_fin_at_once_too() {
    let mut fastest = PATIENCE;
    for _ in 0..3 {
        let mut command = jack(["listen", "-v", "127.0.0.1", "0"]);
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let (mut server, place) = start_listener(&mut command);
        let output = Stream::of(server.child.stdout.take().unwrap());
        let mut peer = std::net::TcpStream::connect(&place).unwrap();
        peer.set_read_timeout(Some(PATIENCE)).unwrap();
        server.hear(|line| line.contains("connection from").then_some(())).unwrap();
        drop(server.child.stdin.take());
        let closed = Instant::now();
        assert_eq!(peer.read(&mut [0; 10]).unwrap(), 0, "a FIN");
        fastest = fastest.min(closed.elapsed());
        peer.write_all(b"later").unwrap();
        drop(peer);
        assert_eq!(output.rest().unwrap(), b"later");
        server.end_with(0).unwrap();
    }
    assert!(fastest < Duration::from_secs(1), "the FIN took {fastest:?}");
}

/// The sizes of 200 datagrams: all different, from 1 to 1,400 bytes, in no order.
fn datagram_sizes() -> impl Iterator<Item = usize> {
    (0..200).map(|number| 1 + (number * 73 % 200) * 1399 / 199)
}

/// A message for a datagram: printable, so that JSON has it as text, and other than the others of its size.
fn message(size: usize, salt: usize) -> Vec<u8> {
    (0..size).map(|at| b'!' + u8::try_from((at * 31 + salt * 7 + size) % 94).unwrap()).collect()
}

#[test]
fn the_sizes_of_datagrams_are_all_different() {
    let mut sizes: Vec<_> = datagram_sizes().collect();
    sizes.sort_unstable();
    sizes.dedup();
    assert_eq!((sizes.len(), sizes[0], sizes[199]), (200, 1, 1400));
}

#[test]
fn datagrams_over_udp4() {
    datagrams(Net::Udp4);
}

#[test]
fn datagrams_over_udp6() {
    datagrams(Net::Udp6);
}

#[test]
fn datagrams_over_unix_sockets() {
    datagrams(Net::UnixDatagram);
}

fn datagrams(net: Net) {
    let folder = tempfile::tempdir().unwrap();
    let mut jobs = Vec::new();
    for (client, server) in installed_pairs(net) {
        jobs.push((client, server, false));
        if server == Tool::Jack {
            jobs.push((client, server, true));
        }
    }
    all(jobs, 4, |(client, server, echo)| {
        lock_step(folder.path(), net, client, server, echo)
            .map_err(|error| format!("{client:?} to {server:?} (echo: {echo}): {error}"))
    });
}

/// Sends 200 datagrams and waits for the answer to each before the next.
fn lock_step(folder: &Path, net: Net, client: Tool, server: Tool, echo: bool) -> Result<(), String> {
    let name = fresh_name(folder, net);
    let (mut server, place) = server.serve(net, &name, |command| {
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        if echo {
            command.args(["--reply", "echo"]);
        }
    })?;
    let mut command = client.client(net, Manner::Talks, &place);
    let mut client = Running::start(command.stdin(Stdio::piped()).stdout(Stdio::piped()));
    let mut at_server = Stream::of(server.child.stdout.take().unwrap());
    let mut at_client = Stream::of(client.child.stdout.take().unwrap());
    let mut up = client.child.stdin.take().unwrap();
    let mut down = server.child.stdin.take().unwrap();
    for size in datagram_sizes() {
        let (question, answer) = (message(size, 1), message(1401 - size, 2));
        up.write_all(&question).map_err(|error| error.to_string())?;
        same("at the server", &at_server.take(size)?, &question)?;
        if echo {
            same("the echo", &at_client.take(size)?, &question)?;
            continue;
        }
        down.write_all(&answer).map_err(|error| error.to_string())?;
        same("at the client", &at_client.take(answer.len())?, &answer)?;
    }
    // The end of input ends every client: ours and python's by their rules, the others by theirs.
    drop(up);
    client.end_with(0)?;
    same("after all, at the client", &at_client.rest()?, b"")?;
    drop(server);
    same("after all, at the server", &at_server.rest()?, b"")
}

/// What the other side cannot show through a pipe: each read of input is one datagram, each datagram one event.
#[test]
fn datagrams_keep_their_boundaries() {
    let peer = UdpSocket::bind("127.0.0.1:0").unwrap();
    peer.set_read_timeout(Some(PATIENCE)).unwrap();
    let port = peer.local_addr().unwrap().port().to_string();
    let mut command = jack(["connect", "--json", "-u", "127.0.0.1", &port]);
    let mut client = Running::start(command.stdin(Stdio::piped()).stdout(Stdio::piped()));
    let mut events = Stream::of(client.child.stdout.take().unwrap());
    let mut up = client.child.stdin.take().unwrap();
    let mut buffer = [0; 2000];
    for size in datagram_sizes() {
        let (question, answer) = (message(size, 3), message(1401 - size, 4));
        up.write_all(&question).unwrap();
        let (len, from) = peer.recv_from(&mut buffer).unwrap();
        assert!(buffer[..len] == question, "{size} bytes were sent, {len} came");
        peer.send_to(&answer, from).unwrap();
        let event = next_event(&mut events, "received");
        assert_eq!(event["len"], answer.len());
        assert_eq!(event["text"].as_str().unwrap().as_bytes(), answer);
    }
    drop(up);
    client.end_with(0).unwrap();
}

#[test]
fn a_listener_tells_datagrams_and_peers_apart() {
    let mut command = jack(["listen", "--json", "-u", "--reply", "echo", "127.0.0.1", "0"]);
    let mut server = Running::start(command.stdout(Stdio::piped()));
    let mut events = Stream::of(server.child.stdout.take().unwrap());
    let place = next_event(&mut events, "listening")["local"].as_str().unwrap().to_owned();
    let peers: Vec<_> = (0..5).map(|_| UdpSocket::bind("127.0.0.1:0").unwrap()).collect();
    let mut buffer = [0; 2000];
    for (number, size) in datagram_sizes().enumerate() {
        let peer = &peers[number % peers.len()];
        peer.set_read_timeout(Some(PATIENCE)).unwrap();
        let question = message(size, number);
        peer.send_to(&question, &place).unwrap();
        let (len, _) = peer.recv_from(&mut buffer).unwrap();
        assert!(buffer[..len] == question, "{size} bytes were sent, {len} came back");
        let event = next_event(&mut events, "received");
        assert_eq!(event["len"], size);
        assert_eq!(event["peer"], peer.local_addr().unwrap().to_string());
    }
    server.signal("INT");
    server.end_with(0).unwrap();
}

#[test]
fn what_is_typed_at_a_datagram_listener_goes_to_all_its_peers() {
    let mut command = jack(["listen", "-u", "127.0.0.1", "0"]);
    let (mut server, place) = start_listener(command.stdin(Stdio::piped()).stdout(Stdio::piped()));
    let mut output = Stream::of(server.child.stdout.take().unwrap());
    let peers: Vec<_> = (0..4).map(|_| UdpSocket::bind("127.0.0.1:0").unwrap()).collect();
    for peer in &peers {
        peer.set_read_timeout(Some(PATIENCE)).unwrap();
        peer.send_to(b"here\n", &place).unwrap();
        assert_eq!(output.line().unwrap(), "here");
    }
    server.child.stdin.as_mut().unwrap().write_all(b"to all").unwrap();
    for peer in &peers {
        let mut buffer = [0; 100];
        assert_eq!(peer.recv(&mut buffer).unwrap(), 6);
        assert_eq!(&buffer[..6], b"to all");
    }
    server.signal("TERM");
    server.end_with(0).unwrap();
}

/// Waits for the next event of a kind.
fn next_event(events: &mut Stream, kind: &str) -> Value {
    loop {
        let event: Value = serde_json::from_str(&events.line().unwrap()).unwrap();
        if event["event"] == kind {
            return event;
        }
    }
}

/// A server that asks for the whole matrix from one process: both families of a name, one port.
#[test]
fn a_listener_without_a_host_takes_both_families() {
    let mut command = jack(["listen", "-v", "-k", "0"]);
    let (mut server, place) = start_listener(command.stdout(Stdio::piped()));
    let mut output = Stream::of(server.child.stdout.take().unwrap());
    let port = port_of(&place);
    for host in ["127.0.0.1", "::1"] {
        let client = Running::start(&mut jack(["connect", "--data", "text:hello\n", host, &port]));
        client.end_with(0).unwrap();
        assert_eq!(output.line().unwrap(), "hello");
    }
    let place = Place { host: "127.0.0.1".into(), port };
    let mut nc = Tool::Nc.client(Net::Tcp4, Manner::Talks, &place);
    if installed("nc") {
        Running::start(&mut nc).end_with(0).unwrap();
    }
    server.signal("INT");
    server.end_with(0).unwrap();
}
