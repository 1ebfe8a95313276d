//! The trace against strace(1), and against the job without it: nothing is missing, nothing is added, nothing changes.

#![cfg(test)] // Already so, but this tells clippy, too: helpers may unwrap.
#![expect(clippy::disallowed_types, reason = "the other side must not be our own code")]

#[path = "trace/run.rs"]
mod run;
#[path = "trace/strace.rs"]
mod strace;

use std::collections::{HashMap, HashSet};
use std::fs::{self, Permissions};
use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::os::linux::net::SocketAddrExt;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::os::unix::net::{self as unix, UnixDatagram, UnixListener, UnixStream};
use std::process::{Command, Stdio};
use std::thread;

use jackfield::sock;
use serde_json::Value;

use run::{Ended, How, JACK, PATIENCE, Runner, events, has_strace, skip};

/// Runs a case untraced, traced and under strace: the same bytes and exit code each time, and under strace the same
/// calls. `seen` are calls that the case must have made.
fn compare(case: impl Fn(&Runner) -> Ended, seen: &[&str]) {
    let plain = case(&Runner::new(How::Plain));
    for how in How::ALL {
        if how == How::Plain || how == How::Strace && !has_strace() {
            continue;
        }
        let runner = Runner::new(how);
        assert_eq!(case(&runner), plain, "{how:?}");
        if how == How::Text {
            continue;
        }
        let events = runner.events();
        well_formed(&events);
        let ours = strace::of_jack(&events);
        for call in seen {
            assert!(ours.values().flatten().any(|(name, _)| name == call), "{call} in {ours:#?}");
        }
        if how == How::Strace {
            same(&runner.strace(), &ours);
        }
    }
}

/// Holds the two lists of calls against each other.
fn same(strace: &strace::Calls, ours: &strace::Calls) {
    let threads = |calls: &strace::Calls| calls.keys().copied().collect::<Vec<_>>();
    assert_eq!(threads(strace), threads(ours), "threads that touched sockets");
    for (thread, expected) in strace {
        let found = &ours[thread];
        for (at, call) in expected.iter().enumerate() {
            let before = &expected[at.saturating_sub(5)..at];
            assert_eq!(found.get(at), Some(call), "thread {thread}, call {at}, after {before:?}");
        }
        assert_eq!(found.len(), expected.len(), "thread {thread}: {:?}", found.get(expected.len()..));
    }
}

/// Every key in every event, parents that exist, and a clock that does not go back.
fn well_formed(events: &[Value]) {
    const KEYS: &[&str] = &[
        "id",
        "thread",
        "t",
        "call",
        "syscall",
        "args",
        "result",
        "errno",
        "side",
        "privilege",
        "took_ns",
        "parent",
        "origin",
        "rehearsed",
        "note",
    ];
    let ids: HashSet<_> = events.iter().map(|event| event["id"].as_u64().unwrap()).collect();
    assert_eq!(ids.len(), events.len(), "each id once");
    let mut threads: HashMap<i64, Vec<(u64, f64)>> = HashMap::new();
    for event in events {
        let mut keys: Vec<_> = event.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(keys.len(), KEYS.len(), "{event}");
        keys.retain(|key| !KEYS.contains(key));
        assert!(keys.is_empty(), "{keys:?} in {event}");
        let (id, t) = (event["id"].as_u64().unwrap(), event["t"].as_f64().unwrap());
        threads.entry(event["thread"].as_i64().unwrap()).or_default().push((id, t));
        if let Some(parent) = event["parent"].as_u64() {
            assert!(parent < id && ids.contains(&parent), "{event}");
        }
        let side = event["side"].as_str().unwrap();
        assert_eq!(side, if event["syscall"].is_null() { "user" } else { "kernel" }, "{event}");
        assert!(["job", "trace"].contains(&event["origin"].as_str().unwrap()), "{event}");
        assert!(event["args"].is_object() && event["call"].is_string() && event["privilege"].is_string());
        assert!(event["took_ns"].is_u64() && event["rehearsed"] == false, "{event}");
        assert!(event["errno"].is_null() || event["result"].is_null(), "{event}");
    }
    for calls in threads.values_mut() {
        calls.sort_by_key(|(id, _)| *id);
        assert!(calls.windows(2).all(|pair| pair[0].1 <= pair[1].1), "the clock goes back in {calls:?}");
    }
}

/// Serves one TCP client on a port of its own: reads all that it sends, then answers.
fn tcp_server(answer: &'static [u8]) -> (String, thread::JoinHandle<Vec<u8>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port().to_string();
    let served = thread::spawn(move || {
        let mut peer = listener.accept().unwrap().0;
        let mut request = Vec::new();
        peer.read_to_end(&mut request).unwrap();
        peer.write_all(answer).unwrap();
        request
    });
    (port, served)
}

/// Says something to a TCP server, ends, and returns all that it answers.
fn tcp_client(address: &str, words: &[u8]) -> Vec<u8> {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(words).unwrap();
    stream.shutdown(Shutdown::Write).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    answer
}

#[test]
fn tcp_client_of_a_server() {
    compare(
        |runner| {
            let (port, served) = tcp_server(b"I got your message\n");
            let ended = runner.start(&["connect", "127.0.0.1", &port], b"hello\n").ended();
            assert_eq!(served.join().unwrap(), b"hello\n");
            assert_eq!((&ended.stdout[..], ended.code), (&b"I got your message\n"[..], Some(0)));
            ended
        },
        &["socket", "connect", "sendto", "shutdown", "recvfrom", "close"],
    );
}

#[test]
fn a_mebibyte_each_way() {
    compare(
        |runner| {
            let bytes: &'static [u8] = vec![0xa5; 1 << 20].leak();
            let (port, served) = tcp_server(bytes);
            let ended = runner.start(&["connect", "127.0.0.1", &port], bytes).ended();
            assert!(served.join().unwrap() == bytes && ended.stdout == bytes);
            ended
        },
        &["sendto", "recvfrom"],
    );
}

#[test]
fn tcp_listener_of_one_client() {
    compare(
        |runner| {
            let job = runner.start(&["listen", "127.0.0.1", "0"], b"from the server\n");
            assert_eq!(tcp_client(&job.listening(), b"from the client\n"), b"from the server\n");
            let ended = job.ended();
            assert_eq!((&ended.stdout[..], ended.code), (&b"from the client\n"[..], Some(0)));
            ended
        },
        &["bind", "listen", "getsockname", "accept4", "recvfrom", "sendto"],
    );
}

#[test]
fn listener_of_several_clients() {
    compare(
        |runner| {
            let job = runner.start(&["listen", "-k", "--reply", "echo", "127.0.0.1", "0"], b"");
            let address = job.listening();
            // All connected at once, served in turn.
            let clients: Vec<_> = (0..4).map(|_| TcpStream::connect(&address).unwrap()).collect();
            for mut client in clients {
                client.write_all(b"same\n").unwrap();
                let mut answer = Vec::new();
                client.read_to_end(&mut answer).unwrap();
                assert_eq!(answer, b"same\n");
            }
            job.interrupt();
            let ended = job.ended();
            assert_eq!((&ended.stdout[..], ended.code), (&b"same\nsame\nsame\nsame\n"[..], Some(0)));
            ended
        },
        &["accept4", "recvfrom", "sendto", "shutdown"],
    );
}

#[test]
fn udp_client_of_a_server() {
    compare(
        |runner| {
            let server = UdpSocket::bind("127.0.0.1:0").unwrap();
            let endpoint = format!("udp://{}", server.local_addr().unwrap());
            let served = thread::spawn(move || {
                let mut room = [0; 100];
                let (len, peer) = server.recv_from(&mut room).unwrap();
                server.send_to(b"pong\n", peer).unwrap();
                room[..len].to_vec()
            });
            let ended = runner.start(&["connect", &endpoint], b"ping\n").ended();
            assert_eq!(served.join().unwrap(), b"ping\n");
            assert_eq!((&ended.stdout[..], ended.code), (&b"pong\n"[..], Some(0)));
            ended
        },
        &["socket", "connect", "sendto", "recvfrom", "ppoll"],
    );
}

#[test]
fn udp_listener_of_two_clients() {
    compare(
        |runner| {
            let job = runner.start(&["listen", "-u", "--reply", "echo", "127.0.0.1", "0"], b"");
            let address = job.listening();
            for _ in 0..2 {
                let client = UdpSocket::bind("127.0.0.1:0").unwrap();
                client.set_read_timeout(Some(PATIENCE)).unwrap();
                client.send_to(b"datagram\n", &address).unwrap();
                let mut room = [0; 100];
                assert_eq!(client.recv_from(&mut room).unwrap().0, 9);
            }
            job.interrupt();
            let ended = job.ended();
            assert_eq!((&ended.stdout[..], ended.code), (&b"datagram\ndatagram\n"[..], Some(0)));
            ended
        },
        &["bind", "recvfrom", "sendto"],
    );
}

#[test]
fn unix_stream_client_and_listener() {
    compare(
        |runner| {
            let path = runner.folder().join("stream");
            let listener = UnixListener::bind(&path).unwrap();
            let served = thread::spawn(move || {
                let mut peer = listener.accept().unwrap().0;
                let mut request = String::new();
                peer.read_to_string(&mut request).unwrap();
                peer.write_all(b"answer\n").unwrap();
                request
            });
            let endpoint = format!("unix:{}", path.display());
            let ended = runner.start(&["connect", &endpoint], b"request\n").ended();
            assert_eq!(served.join().unwrap(), "request\n");
            assert_eq!((&ended.stdout[..], ended.code), (&b"answer\n"[..], Some(0)));
            ended
        },
        &["socket", "connect", "sendto", "recvfrom"],
    );
    compare(
        |runner| {
            let path = runner.folder().join("listener");
            let endpoint = format!("unix:{}", path.display());
            let job = runner.start(&["listen", "-v", &endpoint], b"answer\n");
            job.listening();
            let mut client = UnixStream::connect(&path).unwrap();
            client.write_all(b"request\n").unwrap();
            client.shutdown(Shutdown::Write).unwrap();
            let mut answer = String::new();
            client.read_to_string(&mut answer).unwrap();
            assert_eq!(answer, "answer\n");
            let ended = job.ended();
            assert!(!path.exists(), "the name goes with the listener");
            ended
        },
        &["bind", "listen", "accept4", "recvfrom"],
    );
}

#[test]
fn unix_datagram_client_and_listener() {
    compare(
        |runner| {
            let path = runner.folder().join("server");
            let server = UnixDatagram::bind(&path).unwrap();
            let served = thread::spawn(move || {
                let mut room = [0; 100];
                let (len, peer) = server.recv_from(&mut room).unwrap();
                let name = unix::SocketAddr::from_abstract_name(peer.as_abstract_name().unwrap()).unwrap();
                server.send_to_addr(b"answer\n", &name).unwrap();
                room[..len].to_vec()
            });
            let endpoint = format!("unix-dgram:{}", path.display());
            let ended = runner.start(&["connect", &endpoint], b"request\n").ended();
            assert_eq!(served.join().unwrap(), b"request\n");
            assert_eq!((&ended.stdout[..], ended.code), (&b"answer\n"[..], Some(0)));
            ended
        },
        &["socket", "bind", "connect", "sendto", "recvfrom"],
    );
    compare(
        |runner| {
            let (path, own) = (runner.folder().join("listener"), runner.folder().join("client"));
            let endpoint = format!("unix-dgram:{}", path.display());
            let job = runner.start(&["listen", "-v", "--reply", "text:answer", &endpoint], b"");
            job.listening();
            let client = UnixDatagram::bind(&own).unwrap();
            client.send_to(b"request\n", &path).unwrap();
            let mut room = [0; 100];
            assert_eq!(client.recv(&mut room).unwrap(), 6);
            job.interrupt();
            let ended = job.ended();
            assert_eq!((&ended.stdout[..], ended.code), (&b"request\n"[..], Some(0)));
            ended
        },
        &["bind", "recvfrom", "sendto"],
    );
}

/// Answers every question of one name server with the loopback addresses, until the process ends.
fn name_server() -> SocketAddr {
    let server = UdpSocket::bind("127.0.0.1:0").unwrap();
    let address = server.local_addr().unwrap();
    thread::spawn(move || {
        let mut room = [0; 512];
        while let Ok((len, peer)) = server.recv_from(&mut room) {
            // RFC 1035 section 4.1: twelve bytes of header, the name to its zero, type and class.
            let query = &room[..len];
            let name_end = 12 + query[12..].iter().position(|byte| *byte == 0).unwrap() + 1;
            let question = &query[12..name_end + 4];
            let rdata: &[u8] = match query[name_end + 1] {
                1 => &[127, 0, 0, 1],
                28 => &[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1],
                _ => continue,
            };
            let mut answer = query[..2].to_vec();
            answer.extend([0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0]);
            answer.extend(question);
            // The name is the one at byte 12; then type, class IN, a minute to live.
            answer.extend([0xc0, 12, 0, query[name_end + 1], 0, 1, 0, 0, 0, 60, 0]);
            answer.push(u8::try_from(rdata.len()).unwrap());
            answer.extend(rdata);
            server.send_to(&answer, peer).unwrap();
        }
    });
    address
}

#[test]
fn a_name_that_a_server_knows() {
    compare(
        |runner| {
            let (port, served) = tcp_server(b"found\n");
            let server = name_server().to_string();
            // Both families are answered and one of them listens: the other one is tried, too, and is refused.
            let args = ["connect", "--dns-server", &server, "name.test", &port];
            let ended = runner.start(&args, b"hello\n").ended();
            assert_eq!(served.join().unwrap(), b"hello\n");
            assert_eq!((&ended.stdout[..], ended.code), (&b"found\n"[..], Some(0)));
            if runner.how == How::File {
                let events = runner.events();
                let lookup = events.iter().find(|event| event["call"] == "getaddrinfo").unwrap();
                let children = |event: &&Value| event["parent"] == lookup["id"];
                assert!(events.iter().filter(children).any(|event| event["syscall"] == "sendto"), "{lookup}");
            }
            ended
        },
        &["socket", "connect", "sendto", "recvfrom"],
    );
}

/// A port that nobody else gets and where nobody listens.
fn closed_port() -> (sock::Socket, String) {
    let socket = sock::Socket::open(sock::Family::INET, sock::Type::STREAM, sock::Protocol::TCP).unwrap();
    socket.bind(&"127.0.0.1:0".parse().unwrap()).unwrap();
    let port = socket.getsockname().unwrap().ip().unwrap().port().to_string();
    (socket, port)
}

#[test]
fn a_refusal() {
    compare(
        |runner| {
            let (_kept, port) = closed_port();
            let (ended, words) =
                runner.start(&["connect", "127.0.0.1", &port], b"hello\n").ended_with_words();
            assert!(words.contains("ECONNREFUSED") && words.contains("\n  → "), "{words}");
            assert_eq!((&ended.stdout[..], ended.code), (&b""[..], Some(1)));
            ended
        },
        &["socket", "connect", "getsockopt", "close"],
    );
    // What the reason is found by is seen as well: the routing table is asked.
    compare(
        |runner| {
            let (ended, words) = runner.start(&["connect", "127.255.255.255", "9"], b"").ended_with_words();
            assert!(words.contains("ENETUNREACH") && words.contains("many hosts"), "{words}");
            assert_eq!((&ended.stdout[..], ended.code), (&b""[..], Some(1)));
            ended
        },
        &["socket", "connect", "sendto", "recvfrom", "close"],
    );
    compare(
        |runner| {
            // The ICMP answer to a datagram comes at the next call.
            let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
            let endpoint = format!("udp://{}", socket.local_addr().unwrap());
            drop(socket);
            let ended = runner.start(&["connect", &endpoint], b"hello\n").ended();
            assert_eq!((&ended.stdout[..], ended.code), (&b""[..], Some(1)));
            ended
        },
        &["sendto", "recvfrom"],
    );
}

/// Several ports are asked on threads of their own; one is not.
#[test]
fn ports_that_are_asked() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    for ports in [port.to_string(), format!("{}-{port}", port - 1)] {
        compare(
            |runner| {
                let ended = runner.start(&["connect", "-z", "127.0.0.1", &ports], b"").ended();
                let answer = format!("127.0.0.1:{port} (tcp) open\n");
                assert!(ended.stdout.ends_with(answer.as_bytes()) && ended.code == Some(0), "{ended:?}");
                ended
            },
            &["socket", "connect", "close"],
        );
    }
}

#[test]
fn a_relay_with_a_thread_for_each_client() {
    compare(
        |runner| {
            let echo = TcpListener::bind("127.0.0.1:0").unwrap();
            let endpoint = format!("tcp://{}", echo.local_addr().unwrap());
            let served = thread::spawn(move || {
                let peers: Vec<_> = (0..2).map(|_| echo.accept().unwrap().0).collect();
                for mut peer in peers {
                    let mut request = Vec::new();
                    peer.read_to_end(&mut request).unwrap();
                    peer.write_all(&request).unwrap();
                }
            });
            let job = runner.start(&["relay", "-k", "listen:tcp://127.0.0.1:0", &endpoint], b"");
            let address = job.listening();
            let clients: Vec<_> = [&b"first"[..], b"second"]
                .into_iter()
                .map(|words| {
                    let address = address.clone();
                    (words, thread::spawn(move || tcp_client(&address, words)))
                })
                .collect();
            for (words, client) in clients {
                assert_eq!(client.join().unwrap(), words);
            }
            served.join().unwrap();
            job.interrupt();
            let ended = job.ended();
            if runner.how == How::File {
                let threads = strace::of_jack(&runner.events()).len();
                assert_eq!(threads, 3, "one that accepts, one for each client");
            }
            ended
        },
        &["accept4", "connect", "sendto", "recvfrom", "shutdown"],
    );
}

/// What a peer may send to break a line, a terminal or a parser.
const HOSTILE: &[u8] = b"\0\x1b[2J\x1b]0;x\x07\r\n\"\\\xff\xfe{}\x9b1m\xe2\x80\xae,\n";

#[test]
fn hostile_bytes_break_no_line() {
    let run = |how| {
        let runner = Runner::new(how);
        let (port, served) = tcp_server(HOSTILE);
        let (ended, words) = runner.start(&["connect", "127.0.0.1", &port], HOSTILE).ended_with_words();
        assert_eq!(served.join().unwrap(), HOSTILE);
        assert_eq!((&ended.stdout[..], ended.code), (HOSTILE, Some(0)));
        (runner, words)
    };
    let (_, words) = run(How::Text);
    assert!(!words.contains(|c: char| c.is_control() && c != '\n'), "{words:?}");
    assert!(!words.contains('\u{202e}'), "{words:?}");

    let (runner, _) = run(How::File);
    let events = runner.events();
    let escaped: String = HOSTILE
        .iter()
        .map(|byte| match byte {
            b'\\' => "\\x5c".to_owned(),
            b' '..=b'~' => char::from(*byte).to_string(),
            byte => format!("\\x{byte:02x}"),
        })
        .collect();
    for call in ["send", "recv"] {
        assert!(
            events.iter().any(|event| event["call"] == call && event["args"]["buffer"] == escaped),
            "{call} of {escaped}"
        );
    }
}

#[test]
fn a_trace_on_standard_error_is_json_too() {
    let (port, served) = tcp_server(b"answer");
    let runner = Runner::new(How::Plain);
    let job = runner.start(&["connect", "--trace=json", "127.0.0.1", &port], b"x");
    let (ended, words) = job.ended_with_words();
    served.join().unwrap();
    assert_eq!((&ended.stdout[..], ended.code), (&b"answer"[..], Some(0)));
    well_formed(&events(&(words + "\n")));
}

/// Runs `script` with `jack connect` and its arguments as `"$@"`, against a server that answers; returns what came of it and the
/// words on standard error.
fn in_a_shell(script: &str, args: &[&str]) -> (Ended, String) {
    let (port, served) = tcp_server(b"answer\n");
    let mut command = Command::new("sh");
    command
        .args(["-c", script, "sh", JACK, "connect", "127.0.0.1", &port, "--data", "text:request"])
        .args(args);
    let output = command.stdin(Stdio::null()).output().unwrap();
    assert_eq!(served.join().unwrap(), b"request");
    let words = String::from_utf8_lossy(&output.stderr).into_owned();
    (Ended { stdout: output.stdout, code: output.status.code() }, words)
}

#[test]
fn a_trace_that_nobody_can_have_does_no_harm() {
    let fine = Ended { stdout: b"answer\n".to_vec(), code: Some(0) };
    for trace in [&["--trace"][..], &["--trace=json"]] {
        assert_eq!(in_a_shell("exec \"$@\" 2>&-", trace).0, fine);
        // A pipe without a reader: the write would raise SIGPIPE.
        assert_eq!(in_a_shell("{ \"$@\" 2>&1 >&3 3>&- | true; } 3>&1", trace).0.stdout, fine.stdout);
        assert_eq!(in_a_shell("exec \"$@\" 2>/dev/full", trace).0, fine);
    }
    for form in ["--trace=text", "--trace=json"] {
        let (ended, words) = in_a_shell("exec \"$@\"", &[form, "--trace-file", "/dev/full"]);
        assert_eq!(ended, fine);
        let told: Vec<_> = words.lines().filter(|line| line.contains("/dev/full")).collect();
        assert_eq!(told.len(), 1, "told once: {words}");
        assert!(told[0].contains("ends early: No space left on device"), "{words}");
    }
}

/// Runs a job whose trace file cannot be; returns its words. Nothing may listen, nothing be connected.
fn refused_trace_file(path: &str) -> String {
    let (_kept, port) = closed_port();
    let output = Command::new(JACK)
        .args(["connect", "127.0.0.1", &port, "--trace-file", path])
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert_eq!((output.status.code(), &output.stdout[..]), (Some(1), &b""[..]));
    let words = String::from_utf8(output.stderr).unwrap();
    assert!(words.lines().skip(1).all(|line| line.starts_with("  ")), "{words}");
    assert!(words.starts_with("jack connect: opening the trace file "), "{words}");
    assert!(words.contains(path) && !words.contains("ECONNREFUSED"), "{words}");
    words
}

#[test]
fn a_trace_file_is_ours_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("trace");
    let args = ["--trace-file", path.to_str().unwrap()];
    let (ended, words) = in_a_shell("umask 0; exec \"$@\"", &args);
    assert_eq!((ended.code, words.as_str()), (Some(0), ""));
    assert_eq!(fs::metadata(&path).unwrap().mode() & 0o7777, 0o600);
    well_formed(&events(&fs::read_to_string(&path).unwrap()));

    // For people, if they ask; without a terminal's colours.
    let (_, words) = in_a_shell("CLICOLOR_FORCE=1 exec \"$@\"", &["--trace=text", args[0], args[1]]);
    assert_eq!(words, "");
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains(" KERNEL connect(") && !text.contains('\x1b'), "{text}");

    let (target, link) = (folder.path().join("target"), folder.path().join("link"));
    fs::write(&target, "as it was").unwrap();
    symlink(&target, &link).unwrap();
    let words = refused_trace_file(link.to_str().unwrap());
    assert!(words.contains("it is a symbolic link"), "{words}");
    assert_eq!(fs::read_to_string(&target).unwrap(), "as it was");

    let words = refused_trace_file(folder.path().join("none/trace").to_str().unwrap());
    assert!(words.contains("No such file or directory"), "{words}");
    let words = refused_trace_file(folder.path().to_str().unwrap());
    assert!(words.contains("Is a directory"), "{words}");

    let closed = folder.path().join("closed");
    fs::create_dir(&closed).unwrap();
    fs::set_permissions(&closed, Permissions::from_mode(0o000)).unwrap();
    if fs::read_dir(&closed).is_ok() {
        skip("to this user no folder is closed");
    } else {
        let words = refused_trace_file(closed.join("trace").to_str().unwrap());
        assert!(words.contains("Permission denied"), "{words}");
    }
}

#[test]
fn colour_is_for_a_terminal() {
    let coloured = |script| in_a_shell(script, &["--trace"]).1.contains('\x1b');
    assert!(!coloured("exec \"$@\""));
    assert!(coloured("CLICOLOR_FORCE=1 exec \"$@\""));
    assert!(!coloured("NO_COLOR=1 exec \"$@\""));
}
