//! The course's programs in `examples/`, each run against nc (OpenBSD's) and against its plain Python original, in both
//! roles; and what they say when something is refused, missing or interrupted.
//!
//! A peer that is not installed is a visible skip, and a failure where the environment has `CI`.

#![expect(clippy::unwrap_used, reason = "a test may panic, its helpers too")]

use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use jackfield_sock::{Family, Mode, Protocol, Socket, Type};
use sys::cap::{self, Capability};

/// Long enough that only a hang reaches it.
const PATIENCE: Duration = Duration::from_secs(60);

const STREAM_CLIENT: &str = r#"
import socket, sys
client = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
client.connect(("127.0.0.1", int(sys.argv[1])))
client.send("Hello from Python".encode())
print(client.recv(1024).decode(), end="")
client.close()
"#;

const STREAM_SERVER: &str = r#"
import socket
server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
server.bind(("127.0.0.1", 0))
server.listen(1)
print(server.getsockname()[1], flush=True)
client, address = server.accept()
print(client.recv(1024).decode())
print("Sent by -", address[0], "port -", address[1])
client.send("Python got your message".encode())
client.close()
"#;

const DGRAM_CLIENT: &str = r#"
import socket, sys
client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
client.settimeout(20)
client.sendto("Hello from Python".encode(), ("127.0.0.1", int(sys.argv[1])))
message, address = client.recvfrom(1024)
print(message.decode(), end="")
client.close()
"#;

const DGRAM_SERVER: &str = r#"
import socket
server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.bind(("127.0.0.1", 0))
print(server.getsockname()[1], flush=True)
message, address = server.recvfrom(1024)
print(message.decode())
server.sendto("Python got your message".encode(), address)
server.close()
"#;

const MANY_CLIENTS: &str = r#"
import socket, sys
clients = [socket.create_connection(("127.0.0.1", int(sys.argv[1])), 20) for _ in range(30)]
for round in range(3):
    for number, client in enumerate(clients):
        client.sendall(b"client %d round %d" % (number, round))
    for number, client in reversed(list(enumerate(clients))):
        want = b"client %d round %d" % (number, round)
        assert client.recv(len(want), socket.MSG_WAITALL) == want
for client in clients:
    client.close()
print("all echoed", end="")
"#;

/// A program that is killed when the test ends, however it ends.
struct Running {
    child: Child,
    out: BufReader<Box<dyn Read + Send>>,
}

impl Running {
    /// Starts a program with `input` on its stdin; `out` chooses the stream that its lines are read from.
    fn start(command: &mut Command, input: &str, out: fn(&mut Child) -> Box<dyn Read + Send>) -> Self {
        let command = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        let out = BufReader::new(out(&mut child));
        Self { child, out }
    }

    /// Starts one of our servers on a free port; returns the port from its first line.
    fn server(name: &str) -> (Self, String) {
        let mut server = Self::start(example(name).args(["127.0.0.1", "0"]), "", stdout);
        let line = server.line();
        let port = line.strip_prefix("Listening on 127.0.0.1:").unwrap_or_else(|| panic!("{line:?}"));
        (server, port.to_owned())
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.out.read_line(&mut line).unwrap();
        line.trim_end().to_owned()
    }

    fn lines(&mut self, count: usize) -> Vec<String> {
        (0..count).map(|_| self.line()).collect()
    }

    /// Reads what is left and how it ended.
    fn finish(mut self) -> (String, i32) {
        let child = self.child.id();
        let (rest, code) = within_patience(child, move || {
            let mut rest = String::new();
            self.out.read_to_string(&mut rest).unwrap();
            (rest, self.child.wait().unwrap().code())
        });
        let code = code.unwrap_or_else(|| panic!("killed by a signal; it said {rest:?}"));
        (rest, code)
    }

    /// Presses Ctrl-C as soon as the program waits for something.
    fn interrupt(self) -> (String, i32) {
        let stat = format!("/proc/{}/stat", self.child.id());
        let sleeps = || {
            let stat = std::fs::read_to_string(&stat).unwrap();
            // proc_pid_stat(5): the state follows the name in parentheses.
            stat.rsplit_once(") ").unwrap().1.starts_with('S')
        };
        while !sleeps() {
            std::thread::yield_now();
        }
        signal("INT", self.child.id());
        self.finish()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn stdout(child: &mut Child) -> Box<dyn Read + Send> {
    Box::new(child.stdout.take().unwrap())
}

fn stderr(child: &mut Child) -> Box<dyn Read + Send> {
    Box::new(child.stderr.take().unwrap())
}

fn signal(name: &str, process: u32) {
    Command::new("sh").args(["-c", &format!("kill -{name} {process}")]).status().unwrap();
}

/// Gives up on a program that does not end.
fn within_patience<T: Send + 'static>(process: u32, wait: impl FnOnce() -> T + Send + 'static) -> T {
    let (done, result) = mpsc::channel();
    let waiting = std::thread::spawn(move || done.send(wait()));
    match result.recv_timeout(PATIENCE) {
        Ok(result) => result,
        Err(mpsc::RecvTimeoutError::Timeout) => {
            signal("KILL", process);
            panic!("process {process} did not end within {PATIENCE:?}")
        }
        Err(mpsc::RecvTimeoutError::Disconnected) => std::panic::resume_unwind(waiting.join().unwrap_err()),
    }
}

/// Runs a program with `input` on its stdin to its end.
fn run(command: &mut Command, input: &str) -> Output {
    let command = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let id = child.id();
    within_patience(id, move || child.wait_with_output().unwrap())
}

fn said(output: &Output) -> String {
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// The one line that a program ends with when something is wrong.
fn complained(output: &Output, code: i32) -> String {
    let words = String::from_utf8(output.stderr.clone()).unwrap();
    assert_eq!((output.status.code(), words.lines().count()), (Some(code), 1), "{output:?}");
    assert!(output.stdout.is_empty(), "{output:?}");
    words.trim_end().to_owned()
}

fn example_path(name: &str) -> PathBuf {
    // target/debug/deps/examples-HASH is this test; cargo puts the examples into target/debug/examples.
    let path = std::env::current_exe().unwrap().parent().unwrap().with_file_name("examples").join(name);
    assert!(path.exists(), "{} is not built: run the tests by cargo test -p jackfield-sock", path.display());
    path
}

fn example(name: &str) -> Command {
    Command::new(example_path(name))
}

fn python(program: &str) -> Command {
    let mut command = Command::new("python3");
    command.args(["-c", program]);
    command
}

fn nc(arguments: &[&str]) -> Command {
    let mut command = Command::new("nc");
    command.args(arguments);
    command
}

/// Starts `nc -l` on a free port; it says on stderr which one it got.
fn nc_server(arguments: &[&str], answer: &str) -> (Running, String) {
    let mut server = Running::start(nc(arguments).args(["-l", "-v", "-n", "127.0.0.1", "0"]), answer, stderr);
    let line = server.line();
    let port = line.rsplit(' ').next().unwrap().to_owned();
    assert!(line.contains(" 127.0.0.1 ") && port.parse::<u16>().is_ok(), "{line:?}");
    (server, port)
}

/// Says on the terminal, past the test harness, what this machine does not let us test.
fn skip(why: &str) {
    std::io::stderr().write_all(format!("SKIP {why}\n").as_bytes()).unwrap();
}

fn missing(what: &str) -> bool {
    assert!(std::env::var_os("CI").is_none(), "{what} must be installed in CI");
    skip(&format!("{what} is not installed"));
    true
}

fn no_python() -> bool {
    let there = Command::new("python3").arg("--version").output().is_ok_and(|output| output.status.success());
    !there && missing("python3")
}

fn no_nc() -> bool {
    let there = Command::new("nc")
        .arg("-h")
        .output()
        .is_ok_and(|output| String::from_utf8_lossy(&output.stderr).contains("OpenBSD netcat"));
    !there && missing("nc (Debian's netcat-openbsd)")
}

fn is_root() -> bool {
    std::fs::metadata("/proc/self").unwrap().uid() == 0
}

/// A copy of an example that everybody may run, to be run as nobody in particular.
fn as_nobody(name: &str, directory: &tempfile::TempDir) -> Command {
    let copy = directory.path().join(name);
    // Not by this process: what another test starts meanwhile would hold the copy open for writing (ETXTBSY).
    assert!(Command::new("cp").arg(example_path(name)).arg(&copy).status().unwrap().success());
    for path in [directory.path(), &copy] {
        std::fs::set_permissions(path, PermissionsExt::from_mode(0o755)).unwrap();
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid=65534", "--regid=65534", "--clear-groups"]).arg(copy);
    command
}

/// The message of a client and what the server said about it.
fn was_told(server: &mut Running) {
    let [received, sender] = &server.lines(2)[..] else { panic!("two lines") };
    assert_eq!(received, "Message Received");
    let port = sender.strip_prefix("Sent by - 127.0.0.1 port - ").unwrap_or_else(|| panic!("{sender:?}"));
    assert_ne!(port.parse::<u16>().unwrap(), 0);
}

// Streams.

#[test]
fn stream_server_answers_nc_again_and_again() {
    if no_nc() {
        return;
    }
    let (mut server, port) = Running::server("stream_server");
    for _ in 0..3 {
        let client = run(&mut nc(&["127.0.0.1", &port]), "Hello from nc\n");
        assert_eq!(said(&client), "I got your message\n");
        was_told(&mut server);
    }
    assert_eq!(server.interrupt(), ("Interrupted\n".to_owned(), 0));
}

#[test]
fn stream_server_answers_python() {
    if no_python() {
        return;
    }
    let (mut server, port) = Running::server("stream_server");
    for _ in 0..2 {
        assert_eq!(said(&run(python(STREAM_CLIENT).arg(&port), "")), "I got your message\n");
        was_told(&mut server);
    }
}

#[test]
fn stream_client_talks_to_nc() {
    if no_nc() {
        return;
    }
    for options in [&[][..], &["-N"]] {
        let (server, port) = nc_server(options, "nc got your message\n");
        let client = run(example("stream_client").args(["127.0.0.1", &port, "Hello"]), "");
        assert_eq!(said(&client), "Received - nc got your message\n");
        let mut server = server;
        let mut heard = String::new();
        stdout(&mut server.child).read_to_string(&mut heard).unwrap();
        assert_eq!(heard, "Hello");
        assert_eq!(server.finish().1, 0);
    }
}

#[test]
fn stream_client_talks_to_python() {
    if no_python() {
        return;
    }
    let mut server = Running::start(&mut python(STREAM_SERVER), "", stdout);
    let port = server.line();
    let client = run(example("stream_client").args(["127.0.0.1", &port, "Hello"]), "");
    assert_eq!(said(&client), "Received - Python got your message\n");
    assert_eq!(server.line(), "Hello");
    assert!(server.line().starts_with("Sent by - 127.0.0.1 port - "));
    assert_eq!(server.finish(), (String::new(), 0));
}

#[test]
fn stream_client_and_stream_server_talk_to_each_other() {
    let (mut server, port) = Running::server("stream_server");
    let client = run(example("stream_client").args(["127.0.0.1", &port, "Hello"]), "");
    assert_eq!(said(&client), "Received - I got your message\n");
    was_told(&mut server);
}

#[test]
fn stream_server_survives_a_client_that_breaks_off() {
    let (mut server, port) = Running::server("stream_server");
    let rude = Socket::open(Family::INET, Type::STREAM, Protocol::TCP).unwrap();
    rude.connect(&format!("127.0.0.1:{port}").parse().unwrap()).unwrap();
    // A linger of zero seconds: close(2) sends a RST. Source: socket(7).
    rude.setsockopt_bytes(
        jackfield_sock::c::SOL_SOCKET,
        jackfield_sock::c::SO_LINGER,
        &[1, 0, 0, 0, 0, 0, 0, 0],
    )
    .unwrap();
    rude.close().unwrap();
    let client = run(example("stream_client").args(["127.0.0.1", &port, "Hello"]), "");
    assert_eq!(said(&client), "Received - I got your message\n");
    was_told(&mut server);
}

#[test]
fn stream_client_keeps_the_peers_bytes_off_the_terminal() {
    let server = Socket::open(Family::INET, Type::STREAM, Protocol::TCP).unwrap();
    server.bind(&"127.0.0.1:0".parse().unwrap()).unwrap();
    server.listen(1).unwrap();
    let port = server.getsockname().unwrap().ip().unwrap().port().to_string();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let (peer, _) = server.accept().unwrap();
            peer.sendall(b"\x1b[2J\xff\n", 0).unwrap();
            // Read what came before the end: closing with unread bytes would be a reset.
            while !peer.recv(64, 0).unwrap().is_empty() {}
        });
        let client = run(example("stream_client").args(["127.0.0.1", &port, "Hello"]), "");
        assert_eq!(said(&client), "Received - \\x1b[2J\\xff\n");
    });
}

// Datagrams.

#[test]
fn dgram_server_answers_nc_and_python() {
    let (mut server, port) = Running::server("dgram_server");
    if !no_nc() {
        // -W 1: end after one datagram.
        let client = run(&mut nc(&["-u", "-W", "1", "127.0.0.1", &port]), "Hello from nc\n");
        assert_eq!(said(&client), "I got your message\n");
        was_told(&mut server);
    }
    if !no_python() {
        assert_eq!(said(&run(python(DGRAM_CLIENT).arg(&port), "")), "I got your message\n");
        was_told(&mut server);
    }
    assert_eq!(server.interrupt(), ("Interrupted\n".to_owned(), 0));
}

#[test]
fn dgram_client_talks_to_nc() {
    if no_nc() {
        return;
    }
    let (mut server, port) = nc_server(&["-u"], "nc got your message\n");
    let client = run(example("dgram_client").args(["127.0.0.1", &port, "Hello"]), "");
    assert_eq!(said(&client), format!("Received - nc got your message\nFrom - 127.0.0.1:{port}\n"));
    let mut heard = [0; 5];
    stdout(&mut server.child).read_exact(&mut heard).unwrap();
    assert_eq!(&heard, b"Hello");
}

#[test]
fn dgram_client_talks_to_python() {
    if no_python() {
        return;
    }
    let mut server = Running::start(&mut python(DGRAM_SERVER), "", stdout);
    let port = server.line();
    let client = run(example("dgram_client").args(["127.0.0.1", &port, "Hello"]), "");
    assert_eq!(said(&client), format!("Received - Python got your message\nFrom - 127.0.0.1:{port}\n"));
    assert_eq!(server.finish(), ("Hello\n".to_owned(), 0));
}

#[test]
fn dgram_client_and_dgram_server_talk_to_each_other() {
    let (mut server, port) = Running::server("dgram_server");
    let client = run(example("dgram_client").args(["127.0.0.1", &port, "Hello"]), "");
    assert_eq!(said(&client), format!("Received - I got your message\nFrom - 127.0.0.1:{port}\n"));
    was_told(&mut server);
}

// Many clients at once.

fn serves_many(name: &str) {
    let (mut server, port) = Running::server(name);
    // One that is connected all the time and says nothing keeps nobody else waiting.
    let quiet =
        Socket::open_with(Family::INET, Type::STREAM, Protocol::TCP, Mode::Timeout(PATIENCE)).unwrap();
    quiet.connect(&format!("127.0.0.1:{port}").parse().unwrap()).unwrap();
    assert_eq!(server.line(), format!("Connected - {}", quiet.getsockname().unwrap()));
    if !no_nc() {
        let client = run(&mut nc(&["-N", "127.0.0.1", &port]), "Hello from nc\n");
        assert_eq!(said(&client), "Hello from nc\n");
        assert!(server.line().starts_with("Connected - 127.0.0.1:"));
        assert_eq!(server.line(), "Disconnected");
    }
    if !no_python() {
        assert_eq!(said(&run(python(MANY_CLIENTS).arg(&port), "")), "all echoed");
        let mut lines = server.lines(60);
        lines.sort_unstable();
        let (connected, disconnected) = lines.split_at(30);
        assert!(connected.iter().all(|line| line.starts_with("Connected - 127.0.0.1:")), "{lines:?}");
        assert!(disconnected.iter().all(|line| line == "Disconnected"), "{lines:?}");
    }
    quiet.sendall(b"still here", 0).unwrap();
    assert_eq!(quiet.recv(64, 0).unwrap(), b"still here");
    assert_eq!(server.interrupt(), ("Interrupted\n".to_owned(), 0));
}

#[test]
fn select_server_serves_many() {
    serves_many("select_server");
}

#[test]
fn poll_server_serves_many() {
    serves_many("poll_server");
}

// What goes wrong.

#[test]
fn wrong_arguments_are_usage() {
    for name in
        ["stream_client", "stream_server", "dgram_client", "dgram_server", "select_server", "poll_server"]
    {
        let words = complained(&run(&mut example(name), ""), 2);
        assert!(words.starts_with(&format!("usage: {name} HOST PORT")), "{words}");
        let mut arguments = vec!["127.0.0.1", "99999"];
        if name.ends_with("client") {
            arguments.push("Hello");
        }
        let words = complained(&run(example(name).args(arguments), ""), 1);
        assert!(words.starts_with(name) && words.ends_with("a port is at most 65535"), "{words}");
    }
}

#[test]
fn a_refused_connection_is_one_clear_line() {
    let held = Socket::open(Family::INET, Type::STREAM, Protocol::TCP).unwrap();
    held.bind(&"127.0.0.1:0".parse().unwrap()).unwrap();
    let address = held.getsockname().unwrap();
    let port = address.ip().unwrap().port().to_string();
    let words = complained(&run(example("stream_client").args(["127.0.0.1", &port, "Hello"]), ""), 1);
    assert_eq!(words, format!("stream_client: connect {address}: Connection refused (ECONNREFUSED)"));
    for name in ["stream_server", "select_server", "poll_server"] {
        held.listen(1).unwrap();
        let words = complained(&run(example(name).args(["127.0.0.1", &port]), ""), 1);
        assert_eq!(words, format!("{name}: bind {address}: Address already in use (EADDRINUSE)"));
    }
}

#[test]
fn a_low_port_is_refused_with_the_reason() {
    if std::fs::read_to_string("/proc/sys/net/ipv4/ip_unprivileged_port_start").unwrap().trim() == "0" {
        return skip("ip_unprivileged_port_start is 0: every port is for everybody");
    }
    let directory = tempfile::tempdir().unwrap();
    let mut command = if is_root() {
        as_nobody("stream_server", &directory)
    } else if cap::get().unwrap().has(Capability::NetBindService) {
        return skip("this process has CAP_NET_BIND_SERVICE and is not root");
    } else {
        example("stream_server")
    };
    let words = complained(&run(command.args(["127.0.0.1", "80"]), ""), 1);
    assert_eq!(words, "stream_server: bind 127.0.0.1:80: Permission denied (EACCES)");
}

#[test]
fn raw_icmp_is_refused_with_reason_and_fix() {
    let directory = tempfile::tempdir().unwrap();
    let mut command = if is_root() {
        as_nobody("raw_icmp", &directory)
    } else if cap::get().unwrap().has(Capability::NetRaw) {
        return skip("this process has CAP_NET_RAW and is not root");
    } else {
        example("raw_icmp")
    };
    let refused = run(&mut command, "");
    assert_eq!((refused.status.code(), refused.stdout.as_slice()), (Some(1), &b""[..]));
    let words = String::from_utf8(refused.stderr).unwrap();
    let lines: Vec<_> = words.lines().collect();
    let reason = "raw_icmp: socket AF_INET SOCK_RAW: Operation not permitted (EPERM): a raw socket needs the capability CAP_NET_RAW";
    assert_eq!((lines.len(), lines[0]), (2, reason));
    let fix = "fix: run it with sudo, or once: sudo setcap cap_net_raw+ep /";
    assert!(lines[1].starts_with(fix) && lines[1].ends_with("/raw_icmp"), "{words}");
}

#[test]
fn raw_icmp_gets_its_reply_where_it_may() {
    if !cap::get().unwrap().has(Capability::NetRaw) {
        return skip("raw_icmp allowed: needs CAP_NET_RAW");
    }
    let words = said(&run(&mut example("raw_icmp"), ""));
    let expected =
        "Sent an echo request of 26 bytes\nReply from 127.0.0.1: sequence 1\nReceived - I got your message\n";
    assert_eq!(words, expected);
}
