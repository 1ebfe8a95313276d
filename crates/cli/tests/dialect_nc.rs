//! The dialect of nc against the tool itself: the same command line to both, the same words and exit code from both.
//!
//! Both are called through a link named `nc`, so that messages begin alike. Usage texts are ours, and compared only up to
//! there. Where the two differ on purpose is tested at the end of this file. Without nc.openbsd: a visible skip.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may panic, its helpers too")]
#![expect(
    clippy::disallowed_types,
    reason = "peers on plain sockets: they must not share the door under test"
)]

#[path = "cmd/support.rs"]
mod support;

use std::fmt::Write as _;
use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream, UdpSocket};
use std::os::unix::net::{UnixDatagram, UnixListener};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use support::{Outcome, PATIENCE, Process, find, link, port_at_end, run, skip};

/// How far apart two runs of the same thing may be on a busy machine.
const TOLERANCE: Duration = Duration::from_millis(900);
/// After this an nc that still runs counts as one that stays.
const STAYS: Duration = Duration::from_millis(2600);

/// The two tools, as links named nc, in a directory that goes with them.
struct Pair {
    dir: tempfile::TempDir,
    ours: PathBuf,
    real: PathBuf,
}

fn pair() -> Option<Pair> {
    let Some(nc) = find("nc.openbsd") else {
        skip("nc.openbsd is not installed: nothing to compare the dialect with");
        return None;
    };
    let dir = tempfile::tempdir().unwrap();
    let ours = link(dir.path(), "ours", "nc", Path::new(env!("CARGO_BIN_EXE_jack")));
    let real = link(dir.path(), "real", "nc", &nc);
    Some(Pair { dir, ours, real })
}

/// Runs cases side by side, eight at once, and gathers what went wrong.
fn in_parallel<T: Sync>(cases: &[T], check: impl Fn(&T) -> Result<(), String> + Sync) {
    let next = Mutex::new(cases.iter());
    let wrong = Mutex::new(String::new());
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                loop {
                    let Some(case) = next.lock().unwrap().next() else { return };
                    if let Err(words) = check(case) {
                        writeln!(wrong.lock().unwrap(), "{words}").unwrap();
                    }
                }
            });
        }
    });
    let wrong = wrong.into_inner().unwrap();
    assert!(wrong.is_empty(), "{wrong}");
}

/// What can be compared: the usage text and what follows is ours.
fn comparable(err: &[u8]) -> String {
    let text = String::from_utf8_lossy(err).into_owned();
    text.split("usage:").next().unwrap_or_default().to_owned()
}

fn words(line: &str) -> Vec<String> {
    // An empty word is written ''.
    line.split(' ').filter(|word| !word.is_empty()).map(|word| word.trim_matches('\'').to_owned()).collect()
}

/// Command lines that come to an end by themselves. CLOSED is a port that refuses, BUSY one that is taken, OPEN one that
/// accepts; DIR is a directory.
const ENDING: &[&str] = &[
    // What can be wrong with the words.
    "",
    "localhost",
    "localhost abc",
    "localhost ''",
    "localhost 99999",
    "localhost 0",
    "localhost -- -5",
    "localhost 80-",
    "localhost -80",
    "localhost 1-99999",
    "localhost HTTP",
    "localhost nosuchservice",
    "-Q",
    "-QQ localhost 1",
    "-w",
    "-w x localhost 1",
    "-w -1 localhost 1",
    "-w 1.5 localhost 1",
    "-w 0x5 localhost 1",
    "-w 99999999999 localhost 1",
    "-w 2147484 localhost 1",
    "-w '' localhost 1",
    "-w +5 localhost CLOSED",
    "-i x localhost 1",
    "-i -1 localhost 1",
    "-i 99999999999 localhost 1",
    "-q x localhost 1",
    "-q 99999999999 localhost 1",
    "-I x localhost 1",
    "-I 0 localhost 1",
    "-I 99999999999 localhost 1",
    "-O x localhost 1",
    "-O 0 localhost 1",
    "-M x localhost 1",
    "-M '' localhost 1",
    "-M -1 localhost 1",
    "-M 256 localhost 1",
    "-M 0 localhost CLOSED",
    "-m x localhost 1",
    "-m -1 localhost 1",
    "-m 300 localhost 1",
    "-T xx localhost 1",
    "-T 256 localhost 1",
    "-T -1 localhost 1",
    "-T AF11 localhost 1",
    "-W x localhost 1",
    "-W 0 localhost 1",
    "-W 99999999999 localhost 1",
    "-p",
    "-p x localhost CLOSED",
    "-s nosuch.invalid localhost CLOSED",
    "-s ::1 127.0.0.1 CLOSED",
    // Combinations.
    "--trace localhost 1",
    "--nosuch localhost 1",
    "-lz 5000",
    "-lkz 5000",
    "-k localhost 1",
    "-zk localhost 1",
    "-kU DIR/x",
    "-l",
    "-lk -u",
    "-l -s 127.0.0.1",
    "-l -s 127.0.0.1 5000",
    "-l -p 5000 127.0.0.1",
    "-l -p 5000 127.0.0.1 5000",
    "-l 1 2 3",
    "-ul 1 2 3",
    "-ul 127.0.0.1",
    "-l abc",
    "-l 5000-5002",
    "-l -p -3",
    "-l -p xyz",
    "-U",
    "-lU",
    "-lkU",
    "-UlN",
    "-U DIR/nosuch 1",
    "-lU a b",
    // Names.
    "nosuch.invalid CLOSED",
    "-v nosuch.invalid CLOSED",
    "-lv nosuch.invalid 5000",
    "-n localhost 80",
    "-nz localhost 80",
    "-6 127.0.0.1 80",
    "-4 ::1 80",
    "'' 80",
    // Refused.
    "localhost CLOSED",
    "-v localhost CLOSED",
    "-v 127.0.0.1 CLOSED",
    "-vn 127.0.0.1 CLOSED",
    "-v ::1 1",
    "-vv -4 localhost CLOSED",
    "-6v ::1 1",
    "-nv 127.0.0.1 tcpmux",
    "-N localhost CLOSED",
    "-d localhost CLOSED",
    "-C localhost CLOSED",
    "-w 1 -v localhost CLOSED",
    "-i 1 localhost CLOSED",
    "-i 1 -v localhost CLOSED 1",
    "-q 1 localhost CLOSED",
    "-b -v localhost CLOSED",
    "-D -v localhost CLOSED",
    "-I 5000 -v localhost CLOSED",
    "-O 5000 -v localhost CLOSED",
    "-M 64 -v localhost CLOSED",
    "-M 64 -v ::1 1",
    "-m 1 -v localhost CLOSED",
    "-m 1 -v ::1 1",
    "-T ef -v localhost CLOSED",
    "-T lowdelay -v ::1 1",
    "-T cs7 -v localhost CLOSED",
    "-T af41 -v localhost CLOSED",
    "-T 0x10 -v localhost CLOSED",
    "-s 127.0.0.2 -v 127.0.0.1 CLOSED",
    "-v -s 127.0.0.1 -p BUSY 127.0.0.1 CLOSED",
    "-v -p BUSY 127.0.0.1 CLOSED",
    // Ranges and -z.
    "-z localhost 1-3",
    "-zv localhost 1-3",
    "-zv localhost 3-1",
    "-zv localhost 1 3-2",
    "-zv 127.0.0.1 CLOSED",
    "-zv 127.0.0.1 OPEN",
    "-zvn 127.0.0.1 OPEN",
    "-z 127.0.0.1 OPEN",
    "-zv localhost OPEN",
    "-zv localhost CLOSED OPEN CLOSED",
    "-z localhost CLOSED OPEN",
    "-z -i 1 localhost CLOSED OPEN",
    "-zv4 localhost OPEN",
    "-v localhost 1-2",
    // UDP.
    "-zu localhost 1",
    "-zuv localhost 1",
    "-uv localhost 1",
    "-zuv -w1 127.0.0.1 UDP",
    "-zu -w1 127.0.0.1 UDP",
    "-uv -w1 127.0.0.1 UDP",
    "-u -w1 127.0.0.1 UDP",
    "-u -q1 127.0.0.1 UDP",
    "-u -q0 127.0.0.1 UDP",
    "-ud -w1 127.0.0.1 UDP",
    // Unix.
    "-U DIR/nosuch",
    "-vU DIR/nosuch",
    "-zU DIR/nosuch",
    "-U /etc/passwd",
    "-4U DIR/nosuch",
    "-Uu DIR/nosuch",
    "-lU DIR/nosuch/x",
    "-lU /etc/passwd/x",
    "-U DIR/LONG",
    "-lU DIR/LONG",
    "-zU DIR/stream",
    "-zvU DIR/stream",
    // Listening where it cannot be.
    "-l 127.0.0.1 BUSY",
    "-lv 127.0.0.1 BUSY",
    "-lk 127.0.0.1 BUSY",
    "-lu 127.0.0.1 UDP",
];

#[test]
fn command_lines_that_end_say_the_same() {
    let Some(pair) = pair() else { return };
    // Bound and not listening: refuses, and nobody else gets it.
    let closed = TcpListenerBound::new();
    let busy = TcpListener::bind("127.0.0.1:0").unwrap();
    let open = TcpListener::bind("127.0.0.1:0").unwrap();
    let open_port = open.local_addr().unwrap().port();
    let udp = UdpSocket::bind("127.0.0.1:0").unwrap();
    let _stream = UnixListener::bind(pair.dir.path().join("stream")).unwrap();
    std::thread::spawn(move || open.incoming().for_each(drop));
    let dir = pair.dir.path().display().to_string();
    let fill = |word: String| {
        word.replace("CLOSED", &closed.port().to_string())
            .replace("BUSY", &busy.local_addr().unwrap().port().to_string())
            .replace("OPEN", &open_port.to_string())
            .replace("UDP", &udp.local_addr().unwrap().port().to_string())
            .replace("LONG", &"x".repeat(200))
            .replace("DIR", &dir)
    };
    assert!(ENDING.len() > 60);
    in_parallel(ENDING, |line| {
        let arguments: Vec<String> = words(line).into_iter().map(fill).collect();
        let [real, ours] = [&pair.real, &pair.ours].map(|nc| run(&mut nc_command(nc, &arguments), b""));
        same(line, &real, &ours)
    });
}

/// Calls a link as a shell does that found it in the PATH: getopt's messages begin with the word that was typed.
fn nc_command(nc: &Path, arguments: &[String]) -> Command {
    let mut command = Command::new(nc);
    command.arg0("nc").args(arguments);
    command
}

fn same(line: &str, real: &Outcome, ours: &Outcome) -> Result<(), String> {
    let show = |outcome: &Outcome| (outcome.code, outcome.out_text(), comparable(&outcome.err));
    let apart = real.took.abs_diff(ours.took);
    if show(real) == show(ours) && apart < TOLERANCE {
        return Ok(());
    }
    Err(format!(
        "nc {line}\n  real {:?} {:.1?}\n  ours {:?} {:.1?}",
        show(real),
        real.took,
        show(ours),
        ours.took
    ))
}

/// A TCP port that is taken and refuses: bound, not listening. The standard library cannot make one, so a connection
/// does it: the client's end of it holds the port.
struct TcpListenerBound {
    client: TcpStream,
    _server: TcpStream,
}

impl TcpListenerBound {
    fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let client = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let (server, _) = listener.accept().unwrap();
        Self { client, _server: server }
    }

    fn port(&self) -> u16 {
        self.client.local_addr().unwrap().port()
    }
}

/// What a peer does with a connection.
#[derive(Clone, Copy)]
enum Step {
    /// Receives once, for at most so many milliseconds, and notes what came.
    Recv(u64),
    Send(&'static [u8]),
    Pause(u64),
    /// Sends its FIN.
    Fin,
}
use Step::{Fin, Pause, Recv, Send};

/// What standard input does.
#[derive(Clone, Copy)]
enum Feed {
    Bytes(&'static [u8]),
    Wait(u64),
    End,
}
use Feed::{Bytes, End, Wait};

/// Plays a script on a connection; returns what came.
fn play(
    connection: &mut (impl Read + Write),
    set_timeout: impl Fn(u64),
    fin: impl Fn(),
    script: &[Step],
) -> String {
    let mut seen = String::new();
    for step in script {
        match step {
            Pause(milliseconds) => std::thread::sleep(Duration::from_millis(*milliseconds)),
            Send(bytes) => drop(connection.write_all(bytes)),
            Fin => fin(),
            Recv(milliseconds) => {
                set_timeout(*milliseconds);
                let mut buffer = [0; 1000];
                match connection.read(&mut buffer) {
                    Ok(0) => seen.push_str("[end]"),
                    Ok(n) => write!(seen, "[{}]", buffer[..n].escape_ascii()).unwrap(),
                    Err(error) if error.kind() == std::io::ErrorKind::ConnectionReset => {
                        seen.push_str("[reset]");
                    }
                    Err(_) => seen.push_str("[silence]"),
                }
            }
        }
    }
    seen
}

fn play_tcp(mut connection: TcpStream, script: &[Step]) -> String {
    let other = connection.try_clone().unwrap();
    play(
        &mut connection,
        |milliseconds| other.set_read_timeout(Some(Duration::from_millis(milliseconds))).unwrap(),
        || drop(other.shutdown(Shutdown::Write)),
        script,
    )
}

fn feed(process: &mut Process, feeds: &[Feed]) {
    for feed in feeds {
        match feed {
            Bytes(bytes) => process.feed(bytes),
            Wait(milliseconds) => std::thread::sleep(Duration::from_millis(*milliseconds)),
            End => process.close_input(),
        }
    }
}

/// What a conversation looked like from both sides.
#[derive(Debug)]
struct Seen {
    peer: String,
    out: String,
    err: String,
    /// `None` for one that stays.
    code: Option<i32>,
    took: Duration,
}

fn compare(name: &str, real: &Seen, ours: &Seen) -> Result<(), String> {
    let show = |seen: &Seen| (seen.code, seen.out.clone(), seen.err.clone(), seen.peer.clone());
    // Who is killed has taken the test's time, not its own.
    let as_long = real.code.is_none() || real.took.abs_diff(ours.took) < TOLERANCE;
    if show(real) == show(ours) && as_long {
        return Ok(());
    }
    Err(format!("{name}\n  real {real:?}\n  ours {ours:?}"))
}

type Case = (&'static str, &'static str, &'static [Step], &'static [Feed]);

/// A client against a scripted server: name, flags, what the server does, what standard input does.
const CLIENTS: &[Case] = &[
    ("the end of input is no FIN", "", &[Recv(2000), Recv(700), Send(b"ans")], &[Bytes(b"hi\n"), End]),
    ("-N makes it one", "-N", &[Recv(2000), Recv(2000), Send(b"ans")], &[Bytes(b"hi\n"), End]),
    (
        "the answer is waited for",
        "-N",
        &[Recv(2000), Recv(2000), Pause(700), Send(b"ans")],
        &[Bytes(b"hi\n"), End],
    ),
    (
        "-q 0 waits for the answer",
        "-q0",
        &[Recv(2000), Recv(2000), Pause(700), Send(b"ans")],
        &[Bytes(b"hi\n"), End],
    ),
    (
        "-q 1 stays after it",
        "-q1",
        &[Recv(2000), Recv(2000), Pause(500), Send(b"ans")],
        &[Bytes(b"hi\n"), End],
    ),
    ("-q 1 with a slow peer", "-q1", &[Recv(2000), Pause(1300), Send(b"ans")], &[Bytes(b"hi\n"), End]),
    ("-q -1 is none", "-q -1", &[Recv(2000), Recv(500), Send(b"ans")], &[Bytes(b"hi\n"), End]),
    ("a client stays while input is open", "", &[Recv(2000), Send(b"ans")], &[Bytes(b"hi\n")]),
    ("and ends with it", "", &[Recv(2000), Send(b"ans")], &[Bytes(b"hi\n"), Wait(800), End]),
    (
        "half a close is no close",
        "",
        &[Send(b"ans"), Fin, Recv(2000), Recv(2000)],
        &[Wait(400), Bytes(b"more\n"), Wait(300), End],
    ),
    ("-d ends with the peer", "-d", &[Pause(200), Send(b"ans")], &[Bytes(b"unread")]),
    ("-d stays with it", "-d", &[Send(b"ans"), Pause(1200)], &[Bytes(b"unread"), End]),
    ("-w 1 idle", "-w1", &[Recv(2000), Send(b"ans"), Pause(2000)], &[Bytes(b"hi\n"), End]),
    ("-w 1 idle, input open", "-w1", &[Recv(2000), Send(b"ans"), Pause(2000)], &[Bytes(b"hi\n")]),
    ("-w 1 ends with the peer", "-w1", &[Recv(2000), Send(b"ans")], &[Bytes(b"hi\n"), End]),
    ("-C", "-CN", &[Pause(600), Recv(2000), Recv(2000)], &[Bytes(b"a\nb\r\n\nc"), Wait(300), End]),
    ("-i 1", "-i1 -N", &[Recv(2000), Pause(1500), Recv(1)], &[Bytes(b"a\nb\n"), Wait(2000), End]),
    (
        "-W 1",
        "-W1",
        &[Recv(2000), Send(b"one"), Pause(300), Send(b"two"), Pause(500)],
        &[Bytes(b"hi\n"), End],
    ),
    (
        "-W 2",
        "-W2",
        &[Recv(2000), Send(b"one"), Pause(300), Send(b"two"), Pause(500)],
        &[Bytes(b"hi\n"), End],
    ),
    ("-v", "-vN", &[Recv(2000)], &[Bytes(b"hi\n"), End]),
    ("-vn", "-vnN", &[Recv(2000)], &[Bytes(b"hi\n"), End]),
    ("-v through a name", "-vN NAME", &[Recv(2000)], &[Bytes(b"hi\n"), End]),
    ("-z", "-z", &[Recv(2000)], &[Bytes(b"hi\n"), End]),
    ("-4", "-4N", &[Recv(2000)], &[Bytes(b"hi\n"), End]),
    ("-s", "-N -s 127.0.0.3", &[Recv(2000)], &[Bytes(b"hi\n"), End]),
    ("a reset is no failure", "-v", &[Pause(400)], &[Bytes(b"never read"), Wait(900)]),
    ("socket options", "-N -b -I 9000 -O 9000 -M 9 -m 1 -T ef", &[Recv(2000)], &[Bytes(b"hi\n"), End]),
];

#[test]
fn clients_talk_the_same() {
    let Some(pair) = pair() else { return };
    in_parallel(CLIENTS, |(name, flags, script, feeds)| {
        let [real, ours] = [&pair.real, &pair.ours].map(|nc| client(nc, flags, script, feeds));
        compare(&format!("{name}: nc {flags}"), &real, &ours)
    });
}

fn client(nc: &Path, flags: &str, script: &'static [Step], feeds: &[Feed]) -> Seen {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let server = std::thread::spawn(move || {
        let (connection, _) = listener.accept().unwrap();
        play_tcp(connection, script)
    });
    let (flags, host) = match flags.strip_suffix(" NAME") {
        Some(flags) => (flags, "localhost"),
        None => (flags, "127.0.0.1"),
    };
    let mut process = Process::start(Command::new(nc).args(words(flags)).args([host, &port.to_string()]));
    feed(&mut process, feeds);
    let outcome = process.finish(STAYS);
    seen(&outcome, server.join().unwrap(), &[(port, "PORT")])
}

fn seen(outcome: &Outcome, peer: String, ports: &[(u16, &str)]) -> Seen {
    let mask =
        |text: String| ports.iter().fold(text, |text, (port, word)| text.replace(&port.to_string(), word));
    Seen {
        peer,
        out: outcome.out_text(),
        err: mask(comparable(&outcome.err)),
        code: outcome.code,
        took: outcome.took,
    }
}

/// A server against a scripted client, always with -v: where it listens must be read.
const SERVERS: &[Case] = &[
    (
        "the course's server",
        "-lv -p 0",
        &[Recv(2000), Send(b"hi"), Recv(500)],
        &[Bytes(b"I got your message\n"), End],
    ),
    ("-l and a port", "-lv 0", &[Recv(2000), Send(b"hi"), Recv(500)], &[Bytes(b"data\n"), End]),
    ("-N", "-lvN 0", &[Recv(2000), Recv(2000), Send(b"hi")], &[Bytes(b"data\n"), End]),
    ("-n", "-lvn 0", &[Send(b"hi")], &[End]),
    ("a host", "-lv 127.0.0.1 0", &[Send(b"hi")], &[End]),
    ("a name", "-lv localhost 0", &[Send(b"hi")], &[End]),
    ("-s and -p", "-lv -s 127.0.0.1 -p 0", &[Send(b"hi")], &[End]),
    ("-4", "-lv4 0", &[Send(b"hi")], &[End]),
    ("a server ends with its client", "-lv 0", &[Send(b"hi")], &[]),
    ("and with half of it", "-lv 0", &[Send(b"hi"), Fin, Recv(1000)], &[]),
    ("-d", "-lvd 0", &[Send(b"hi")], &[Bytes(b"unread")]),
    ("-w is for what is idle", "-lv -w1 0", &[Send(b"hi"), Recv(2000)], &[]),
    ("-q 0", "-lv -q0 0", &[Recv(2000), Pause(300)], &[End]),
    ("-W 1", "-lv -W1 0", &[Send(b"hi"), Recv(2000)], &[]),
    ("-C", "-lvC 0", &[Pause(500), Recv(2000)], &[Bytes(b"a\nb\n")]),
    ("-T", "-lv -T 0x10 0", &[Send(b"hi")], &[End]),
    ("-I and -O", "-lv -I 9000 -O 9000 0", &[Send(b"hi")], &[End]),
    ("-k stays", "-lvk 0", &[Recv(1000), Send(b"hi")], &[Bytes(b"data\n"), End]),
    ("-k -w 1 stays", "-lvk -w1 0", &[Send(b"hi"), Recv(2000)], &[]),
    ("-6 takes IPv4 clients", "-lv -6 0", &[Send(b"hi"), Recv(2000)], &[Bytes(b"data\n"), End]),
    ("-6 -n -k", "-lvnk -6 0", &[Send(b"hi")], &[]),
    (":: takes IPv4 clients", "-lvn :: 0", &[Send(b"hi")], &[]),
    ("a reset", "-lv 0", &[Pause(400)], &[Bytes(b"never read")]),
];

#[test]
fn servers_talk_the_same() {
    let Some(pair) = pair() else { return };
    in_parallel(SERVERS, |(name, flags, script, feeds)| {
        let [real, ours] = [&pair.real, &pair.ours].map(|nc| server(nc, flags, script, feeds));
        compare(&format!("{name}: nc {flags}"), &real, &ours)
    });
}

fn server(nc: &Path, flags: &str, script: &[Step], feeds: &[Feed]) -> Seen {
    let mut process = Process::start(Command::new(nc).args(words(flags)));
    let port = port_at_end(&process.said("Listening on "));
    feed(&mut process, feeds);
    let connection = TcpStream::connect(("127.0.0.1", port)).unwrap();
    let own = connection.local_addr().unwrap().port();
    let peer = play_tcp(connection, script);
    let outcome = process.finish(STAYS);
    seen(&outcome, peer, &[(port, "PORT"), (own, "OWN")])
}

#[test]
fn one_client_after_another_is_served() {
    let Some(pair) = pair() else { return };
    let [real, ours] = [&pair.real, &pair.ours].map(|nc| {
        let process = Process::start(Command::new(nc).args(["-lvk", "0"]));
        let port = port_at_end(&process.said("Listening on "));
        let mut first = TcpStream::connect(("127.0.0.1", port)).unwrap();
        let mut second = TcpStream::connect(("127.0.0.1", port)).unwrap();
        first.write_all(b"A").unwrap();
        process.printed("A");
        second.write_all(b"B").unwrap();
        first.write_all(b"a").unwrap();
        process.printed("Aa");
        drop(first);
        process.printed("AaB");
        drop(second);
        let mut third = TcpStream::connect(("127.0.0.1", port)).unwrap();
        third.write_all(b"C").unwrap();
        process.printed("AaBC");
        process.signal("INT");
        process.finish(PATIENCE)
    });
    assert_eq!((real.code, real.out_text()), (ours.code, ours.out_text()));
    assert_eq!(ours.out_text(), "AaBC");
}

/// Datagram servers: two clients, of which the first comes first.
#[test]
fn datagram_servers_talk_the_same() {
    let Some(pair) = pair() else { return };
    let cases = [
        "-luv 0",
        "-luvk 0",
        "-luv -w1 0",
        "-luv -W1 0",
        "-luvn 0",
        "-luvd 0",
        "-luv 127.0.0.1 0",
        "-luv -p 0",
        "-luv -6 0",
        "-luvn :: 0",
        "-luvk -6 0",
    ];
    in_parallel(&cases, |flags| {
        let [real, ours] = [&pair.real, &pair.ours].map(|nc| datagram_server(nc, flags));
        compare(&format!("nc {flags}"), &real, &ours)
    });
}

fn datagram_server(nc: &Path, flags: &str) -> Seen {
    let mut process = Process::start(Command::new(nc).args(words(flags)));
    let port = port_at_end(&process.said("Bound on "));
    process.feed(b"data\n");
    process.close_input();
    let [first, second] = [(); 2].map(|()| {
        let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
        socket.connect(("127.0.0.1", port)).unwrap();
        socket
    });
    let mut peer = String::new();
    let mut receive = |name: &str, socket: &UdpSocket, limit: u64| {
        socket.set_read_timeout(Some(Duration::from_millis(limit))).unwrap();
        let mut buffer = [0; 100];
        match socket.recv(&mut buffer) {
            Ok(n) => write!(peer, "[{name} {}]", buffer[..n].escape_ascii()).unwrap(),
            Err(_) => write!(peer, "[{name} nothing]").unwrap(),
        }
    };
    let _ = first.send(b"one\n");
    // Whoever shows it reads its input in the same round: from then on the answer is as good as there, whatever else the
    // machine does.
    process.printed("one\n");
    receive("first", &first, 500);
    let _ = second.send(b"two\n");
    // Shorter than -w and than the time until the end, so that the third one is still in time.
    receive("second", &second, 200);
    let _ = first.send(b"three\n");
    let (first, second) = (first.local_addr().unwrap().port(), second.local_addr().unwrap().port());
    let outcome = process.finish(STAYS);
    seen(&outcome, peer, &[(port, "PORT"), (first, "FIRST"), (second, "SECOND")])
}

/// What a UDP client sends, and when: the Xs of -v above all.
#[test]
fn datagram_clients_send_the_same_at_the_same_time() {
    let Some(pair) = pair() else { return };
    let cases = ["-u -q0", "-uv -q0", "-uv -w1", "-uv -w2", "-zuv", "-zu", "-zuv -w1", "-u -w1"];
    in_parallel(&cases, |flags| {
        let [real, ours] = [&pair.real, &pair.ours].map(|nc| datagram_client(nc, flags));
        if real == ours { Ok(()) } else { Err(format!("nc {flags}\n  real {real:?}\n  ours {ours:?}")) }
    });
}

fn datagram_client(nc: &Path, flags: &str) -> (Option<i32>, String, Vec<(u128, String)>) {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    socket.set_read_timeout(Some(Duration::from_millis(100))).unwrap();
    let port = socket.local_addr().unwrap().port();
    let mut process =
        Process::start(Command::new(nc).args(words(flags)).args(["127.0.0.1", &port.to_string()]));
    process.feed(b"a\nb\n");
    process.close_input();
    let receiver = socket.try_clone().unwrap();
    let done = Mutex::new(false);
    let (outcome, mut came) = std::thread::scope(|scope| {
        let gather = scope.spawn(|| {
            let (mut came, mut first) = (Vec::new(), None);
            loop {
                let mut buffer = [0; 100];
                match receiver.recv(&mut buffer) {
                    Ok(n) => {
                        let began = *first.get_or_insert_with(Instant::now);
                        came.push((began.elapsed().as_millis(), buffer[..n].escape_ascii().to_string()));
                    }
                    Err(_) if *done.lock().unwrap() => return came,
                    Err(_) => {}
                }
            }
        });
        let outcome = process.finish(PATIENCE);
        *done.lock().unwrap() = true;
        (outcome, gather.join().unwrap())
    });
    for (at, _) in &mut came {
        *at = (*at + 500) / 1000;
    }
    let err = comparable(&outcome.err).replace(&port.to_string(), "PORT");
    (outcome.code, err, came)
}

#[test]
fn unix_sockets_talk_the_same() {
    let Some(pair) = pair() else { return };
    for flags in ["-U", "-NU", "-vNU"] {
        let [real, ours] = [&pair.real, &pair.ours].map(|nc| {
            let dir = tempfile::tempdir_in(pair.dir.path()).unwrap();
            let path = dir.path().join("s");
            let listener = UnixListener::bind(&path).unwrap();
            let peer = std::thread::spawn(move || {
                let (mut connection, _) = listener.accept().unwrap();
                let mut got = [0; 100];
                let n = connection.read(&mut got).unwrap();
                connection.write_all(b"answer").unwrap();
                got[..n].to_vec()
            });
            let outcome = run(Command::new(nc).arg(flags).arg(&path), b"hi\n");
            (outcome.code, outcome.out_text(), outcome.err_text(), peer.join().unwrap())
        });
        assert_eq!(real, ours, "nc {flags}");
    }
    for (flags, start) in [("-lvU", "Listening on "), ("-lvkU", "Listening on ")] {
        let [real, ours] = [&pair.real, &pair.ours].map(|nc| {
            let dir = tempfile::tempdir_in(pair.dir.path()).unwrap();
            let path = dir.path().join("s");
            let process = Process::start(Command::new(nc).arg(flags).arg(&path));
            process.said(start);
            let mut client = std::os::unix::net::UnixStream::connect(&path).unwrap();
            client.write_all(b"hi").unwrap();
            process.printed("hi");
            drop(client);
            let outcome = process.finish(STAYS);
            let err = outcome.err_text().replace(&*path.to_string_lossy(), "PATH");
            (outcome.code, outcome.out_text(), err)
        });
        assert_eq!(real, ours, "nc {flags}");
    }
}

#[test]
fn unix_datagrams_find_their_way_back() {
    let Some(pair) = pair() else { return };
    for nc in [&pair.real, &pair.ours] {
        let dir = tempfile::tempdir_in(pair.dir.path()).unwrap();
        let path = dir.path().join("s");
        let server = UnixDatagram::bind(&path).unwrap();
        let peer = std::thread::spawn(move || {
            let mut got = [0; 100];
            let (n, from) = server.recv_from(&mut got).unwrap();
            assert_eq!(&got[..n], b"hi\n");
            match from.as_pathname() {
                Some(path) => drop(server.send_to(b"answer", path).unwrap()),
                None => {
                    use std::os::linux::net::SocketAddrExt as _;
                    assert!(from.as_abstract_name().is_some(), "the client has a name");
                    server.send_to_addr(b"answer", &from).unwrap();
                }
            }
        });
        let process = Process::start(Command::new(nc).arg("-uU").arg(&path));
        let mut process = process;
        process.feed(b"hi\n");
        process.printed("answer");
        peer.join().unwrap();
    }
}

/// A full queue drops the SYN: the connection can only time out.
#[test]
fn a_connect_that_times_out_is_told_the_same() {
    let Some(pair) = pair() else { return };
    let script = "
        python3 -c '
import socket, time
server = socket.socket(); server.bind((\"127.0.0.1\", 4000)); server.listen(0)
keep = []
for _ in range(3):
    client = socket.socket(); client.setblocking(False); client.connect_ex((\"127.0.0.1\", 4000)); keep.append(client)
print(\"ready\", flush=True); time.sleep(30)' > ready &
        until grep -qs ready ready; do sleep 0.05; done
        $NC -v -w1 127.0.0.1 4000 < /dev/null; echo $?
        $NC -w1 127.0.0.1 4000 < /dev/null; echo $?
        $NC -zv -w1 localhost 4000 < /dev/null; echo $?
        kill $!";
    let [real, ours] = [&pair.real, &pair.ours].map(|nc| {
        let dir = tempfile::tempdir_in(pair.dir.path()).unwrap();
        let mut command = support::in_own_network(script)?;
        let outcome = run(command.env("NC", nc).current_dir(dir.path()), b"");
        Some((outcome.code, outcome.out_text(), outcome.err_text()))
    });
    assert_eq!(real, ours);
    if let Some((_, out, err)) = ours {
        assert_eq!(out, "1\n1\n1\n");
        assert!(err.contains("timed out"), "{err}");
    }
}

#[test]
fn what_is_not_allowed_is_told_the_same() {
    let Some(pair) = pair() else { return };
    let scripts = [
        // Without privilege: in a user namespace whose user is not its root.
        ("unshare -U", "-lv 80"),
        ("unshare -U", "-v -p 80 127.0.0.1 1"),
        // Without a way: in a network of its own, where only loopback is.
        ("unshare -Urn", "-v 127.0.0.1 80"),
        ("unshare -Urn", "-zuv 127.0.0.1 80"),
        ("unshare -Urn", "-u 127.0.0.1 80"),
        ("unshare -Urn", "-lv 127.0.0.1 80"),
    ];
    for (place, line) in scripts {
        let [real, ours] = [&pair.real, &pair.ours].map(|nc| {
            let mut command = Command::new("timeout");
            let outcome = run(command.arg("1").args(words(place)).arg(nc).args(words(line)), b"");
            (outcome.code, outcome.out_text(), outcome.err_text())
        });
        if real.2.contains("unshare") {
            return skip("no namespaces for an ordinary user (unshare -U)");
        }
        assert_eq!(real, ours, "{place} nc {line}");
    }
}

#[test]
fn random_order_asks_the_same_ports() {
    let Some(pair) = pair() else { return };
    let line = ["-rzv", "127.0.0.1", "1-12"];
    let [real, ours] = [&pair.real, &pair.ours].map(|nc| {
        let outcome = run(Command::new(nc).args(line), b"");
        let mut lines: Vec<_> = outcome.err_text().lines().map(str::to_owned).collect();
        let in_order = lines.clone();
        lines.sort();
        (lines, in_order)
    });
    assert_eq!(real.0, ours.0);
    let ordered = run(Command::new(&pair.ours).args(["-zv", "127.0.0.1", "1-12"]), b"").err_text();
    let ordered: Vec<_> = ordered.lines().collect();
    assert_ne!(ours.1, ordered, "twelve ports in order by chance: once in 479,001,600 runs");
}

/// What differs on purpose. Ours is the better thing to do, or the honest one. Not shown here, since both are right in
/// their way: `-i` waits after the last line too in nc; a datagram that `-C` converts leaves nc in pieces; an empty
/// datagram ends nc; with `-u -q 1` nc does not print what comes in that second; a second client of `-l` is kept
/// waiting by nc, and refused by ours.
#[test]
fn where_we_differ() {
    let dir = tempfile::tempdir().unwrap();
    let nc = link(dir.path(), "ours", "nc", Path::new(env!("CARGO_BIN_EXE_jack")));
    let said = |words: &[&str]| {
        let outcome = run(Command::new(&nc).args(words), b"");
        (outcome.code, outcome.err_text().lines().next().unwrap_or_default().to_owned())
    };
    // nc takes port 70000 modulo 65536, without a word.
    let refused = "nc: getaddrinfo: Servname not supported for ai_socktype";
    assert_eq!(said(&["-l", "70000"]), (Some(1), refused.to_owned()));
    // What this version has no job for is refused by name, before anything is opened.
    for (letter, value) in [
        ("F", None),
        ("S", None),
        ("t", None),
        ("Z", None),
        ("X", Some("5")),
        ("x", Some("h:1")),
        ("V", Some("1")),
        ("P", Some("me")),
    ] {
        let mut words = vec![format!("-{letter}")];
        words.extend(value.map(str::to_owned));
        words.extend(["127.0.0.1".to_owned(), "1".to_owned()]);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let (code, line) = said(&words);
        assert_eq!(code, Some(1));
        assert!(
            line.starts_with(&format!("nc: -{letter} (")) && line.contains("not part of this version"),
            "{line}"
        );
    }
    // Help is ours, and asked for: no failure, on standard output or error as the tool does it.
    assert_eq!(
        said(&["-h"]),
        (Some(0), "usage: nc [-46bCDdhklNnruUvz] [-I length] [-i interval] [-M ttl] [-m minttl]".to_owned())
    );
    // nc unlinks whatever has the name of its Unix socket: a file of yours, or a server that is alive.
    let path = dir.path().join("s");
    let name = path.to_str().unwrap();
    let taken = (Some(1), "nc: Address already in use".to_owned());
    std::fs::write(&path, "precious").unwrap();
    assert_eq!(said(&["-lU", name]), taken);
    assert_eq!(said(&["-luU", name]), taken);
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "precious");
    std::fs::remove_file(&path).unwrap();
    for flags in ["-lvU", "-luvU"] {
        let path = dir.path().join(flags);
        let name = path.to_str().unwrap();
        let server = Process::start(Command::new(&nc).args([flags, name]));
        server.said(if flags == "-lvU" { "Listening on " } else { "Bound on " });
        assert_eq!(said(&["-lU", name]), taken);
        // Who was there has not noticed.
        if flags == "-lvU" {
            drop(std::os::unix::net::UnixStream::connect(&path).unwrap());
            assert_eq!(server.finish(PATIENCE).code, Some(0));
        } else {
            let client = UnixDatagram::unbound().unwrap();
            client.send_to(b"hi", &path).unwrap();
            server.printed("hi");
        }
    }
}

/// The file of a Unix socket stays behind, and does not stop the next server: stream or datagram.
#[test]
fn a_socket_file_that_is_left_over_is_replaced() {
    let Some(pair) = pair() else { return };
    let [real, ours] = [&pair.real, &pair.ours].map(|nc| {
        let dir = tempfile::tempdir_in(pair.dir.path()).unwrap();
        let path = dir.path().join("s");
        drop(UnixDatagram::bind(&path).unwrap());
        let mut seen = Vec::new();
        for _ in 0..2 {
            let process = Process::start(Command::new(nc).arg("-lvU").arg(&path));
            process.said("Listening on ");
            drop(std::os::unix::net::UnixStream::connect(&path).unwrap());
            let outcome = process.finish(PATIENCE);
            let err = outcome.err_text().replace(&*path.to_string_lossy(), "PATH");
            seen.push((outcome.code, err, path.exists()));
        }
        seen
    });
    assert_eq!(real, ours);
    assert!(ours.iter().all(|(code, _, stays)| *code == Some(0) && *stays), "{ours:?}");
}

/// The dialect by option does what it does by link.
#[test]
fn the_dialect_by_option_is_the_dialect_by_link() {
    let said = |words: &[&str]| {
        let outcome = run(support::jack().args(words), b"");
        (outcome.code, outcome.err_text())
    };
    let refused = (Some(1), "nc: connect to 127.0.0.1 port 1 (tcp) failed: Connection refused\n".to_owned());
    assert_eq!(said(&["--dialect", "nc", "-v", "127.0.0.1", "1"]), refused);
    assert_eq!(said(&["--dialect=nc", "-v", "127.0.0.1", "1"]), refused);
    assert_eq!(said(&["connect", "--dialect", "nc", "-v", "127.0.0.1", "1"]), refused);
    assert_eq!(
        said(&["listen", "--dialect", "nc", "-z", "1"]),
        (Some(1), "nc: cannot use -z and -l\n".to_owned())
    );
}
