//! Bad input and bad luck: each gets one clear line, the right exit code (0 done, 1 no or the network, 2 usage, 130
//! interrupted), no panic, and nothing that was accepted is lost.

#![expect(clippy::unwrap_used, reason = "a test may panic, its helpers too")]
#![expect(
    clippy::disallowed_types,
    reason = "peers on plain sockets: they must not share the door under test"
)]

#[path = "cmd/support.rs"]
mod support;

use std::ffi::{OsStr, OsString};
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::os::unix::ffi::OsStrExt;
use std::process::{Command, Stdio};
use std::thread::JoinHandle;
use std::time::Duration;

use support::{PATIENCE, Process, failed, find, in_own_network, jack, port_at_end, run, said, short, skip};

/// A server that holds one connection as the test says; its port.
fn server(talk: impl FnOnce(TcpStream) + Send + 'static) -> (String, JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port().to_string();
    (port, std::thread::spawn(move || talk(listener.accept().unwrap().0)))
}

/// A listener of ours, and where it listens.
fn listener(arguments: &[&str]) -> (Process, u16) {
    let process = Process::start(jack().arg("listen").args(arguments));
    let line = process.said("jack: listening on ");
    let port = port_at_end(line.split(" (").next().unwrap());
    (process, port)
}

#[test]
fn bad_ports() {
    for port in ["65536", "-1", "99999999999999999999", "+5", ""] {
        failed(&said(&["connect", "--", "localhost", port]), 2, &["a port"]);
        failed(&said(&["listen", "--", port]), 2, &["port"]);
    }
    failed(&said(&["connect", "localhost:65536"]), 2, &["0 to 65535"]);
    failed(&said(&["connect", "localhost:"]), 2, &["expected a port"]);
    for port in ["no-such-service", "abc", "20-x"] {
        failed(&said(&["connect", "127.0.0.1", port]), 2, &[port, "no service"]);
        failed(&said(&["connect", "-z", "127.0.0.1", port]), 2, &[port, "no service"]);
        failed(&said(&["listen", port]), 2, &[port, "no service"]);
        failed(&said(&["listen", "-l", "-p", port]), 2, &[port, "no service"]);
        failed(&said(&["connect", "-p", port, "127.0.0.1", "1"]), 2, &[port, "no service"]);
        failed(&said(&["relay", "-", &format!("tcp://127.0.0.1:{port}")]), 2, &[port, "no service"]);
        failed(&said(&["connect", &format!("/dev/tcp/127.0.0.1/{port}")]), 2, &[port, "no service"]);
    }
    failed(&said(&["connect", "-n", "127.0.0.1", "http"]), 2, &["http", "no number"]);
    failed(&said(&["connect", "-p", "65536", "127.0.0.1", "1"]), 2, &["65535"]);
    failed(&said(&["connect", "-z", "127.0.0.1", "1-65536"]), 2, &["0 to 65535"]);
    failed(&said(&["connect", "localhost", "20-30"]), 2, &["-z"]);
    failed(&said(&["relay", "-", "localhost:65536"]), 2, &["0 to 65535"]);
}

#[test]
fn words_that_cannot_be_meant() {
    for (arguments, word) in [
        (&["connect"][..], "HOST PORT"),
        (&["connect", "localhost"], "host:port"),
        (&["connect", "a", "1", "2"], "'2'"),
        (&["connect", "-4", "-6", "localhost", "1"], "-4 and -6"),
        (&["connect", "--send-only", "--recv-only", "localhost", "1"], "exclude"),
        (&["connect", "--json", "--show", "hex", "localhost", "1"], "exclude"),
        (&["connect", "--append", "localhost", "1"], "--append"),
        (&["connect", "--recv-size", "0", "localhost", "1"], "at least 1"),
        (&["connect", "--timeout", "-3s", "localhost", "1"], "duration"),
        (&["connect", "--sockopt", "SO_NOSUCH=1", "localhost", "1"], "SO_NOSUCH"),
        (&["connect", "--data", "hex:0", "localhost", "1"], "--data"),
        (&["connect", "--dns-server", "here", "localhost", "1"], "--dns-server"),
        (&["connect", "-u", "tcp://localhost:1"], "tcp://"),
        (&["connect", "tls://localhost:1"], "tls"),
        (&["connect", "-"], "no endpoint to connect to"),
        (&["listen"], "PORT"),
        (&["listen", "-U", "-p", "1"], "-U and -p"),
        (&["listen", "--max-connections", "0", "-k", "1"], "at least 1"),
        (&["resolve", "localhost", ""], "one of them is empty"),
        (&["relay", "-"], "2 values"),
        (&["gen", "nothing"], "nothing"),
        (&["gen"], "completions"),
        (&["--dialect"], "--dialect"),
        (&["nonsense"], "nonsense"),
        (&["connect", "--nonsense"], "--nonsense"),
    ] {
        failed(&said(arguments), 2, &[word]);
    }
}

/// A name server that says of every name that it does not exist.
#[test]
fn an_unknown_host() {
    let server = UdpSocket::bind("127.0.0.1:0").unwrap();
    let address = server.local_addr().unwrap().to_string();
    std::thread::spawn(move || {
        let mut query = [0; 512];
        while let Ok((n, from)) = server.recv_from(&mut query) {
            // A response, recursion available, NXDOMAIN: RFC 1035 section 4.1.1.
            query[2] |= 0x80;
            query[3] = 0x83;
            server.send_to(&query[..n], from).unwrap();
        }
    });
    for job in [
        &["connect", "nosuch.test", "80"][..],
        &["listen", "nosuch.test", "0"],
        &["relay", "-", "nosuch.test:80"],
    ] {
        let outcome = run(jack().args(job).args(["--dns-server", &address]), b"");
        failed(&outcome, 1, &["nosuch.test", "EAI_NONAME", "NXDOMAIN"]);
    }
    // Nobody needs to be asked for this one: RFC 6761 section 6.4.
    failed(&said(&["connect", "nosuch.invalid", "80"]), 1, &["nosuch.invalid", "EAI_NONAME"]);
}

#[test]
fn refused() {
    for arguments in [
        &["connect", "127.0.0.1", "1"][..],
        &["connect", "-u", "127.0.0.1", "1", "--data", "text:x"],
        &["connect", "::1", "1"],
    ] {
        failed(&said(arguments), 1, &["ECONNREFUSED", ":1"]);
    }
    failed(&run(jack().args(["relay", "file:/dev/null", "127.0.0.1:1"]), b""), 1, &["ECONNREFUSED"]);
}

#[test]
fn timed_out() {
    // A name server that is silent.
    let silent = UdpSocket::bind("127.0.0.1:0").unwrap();
    let address = silent.local_addr().unwrap().to_string();
    let outcome = said(&["connect", "--timeout", "300ms", "--dns-server", &address, "slow.test", "80"]);
    failed(&outcome, 1, &["slow.test", "EAI_AGAIN"]);
    assert!(outcome.took < Duration::from_secs(5), "{:?}", outcome.took);
    // A peer that is silent.
    let (port, peer) = server(|connection| {
        std::thread::sleep(Duration::from_secs(1));
        drop(connection);
    });
    let outcome = run(jack().args(["connect", "--idle-timeout", "300ms", "127.0.0.1", &port]), b"");
    failed(&outcome, 1, &["nothing moved for 300ms"]);
    peer.join().unwrap();
    // Nobody comes.
    let dir = tempfile::tempdir().unwrap();
    let nobody = run(jack().args(["listen", "--timeout", "200ms", "unix:s"]).current_dir(dir.path()), b"");
    failed(&nobody, 1, &["waiting for a peer at unix:s", "timed out after 200ms"]);
}

/// A full queue drops the SYN.
#[test]
fn a_connect_that_gets_no_answer() {
    if find("python3").is_none() {
        return skip("python3 is not installed");
    }
    let dir = tempfile::tempdir().unwrap();
    let Some(mut command) = in_own_network(
        "python3 -c '
import socket, time
server = socket.socket(); server.bind((\"127.0.0.1\", 4000)); server.listen(0)
keep = []
for _ in range(3):
    client = socket.socket(); client.setblocking(False); client.connect_ex((\"127.0.0.1\", 4000)); keep.append(client)
print(\"ready\", flush=True); time.sleep(60)' >ready &
        until grep -qs ready ready; do sleep 0.05; done
        $JACK connect --timeout 300ms 127.0.0.1 4000 </dev/null; code=$?; kill $!; exit $code",
    ) else {
        return;
    };
    let outcome = run(command.env("JACK", env!("CARGO_BIN_EXE_jack")).current_dir(dir.path()), b"");
    failed(&outcome, 1, &["127.0.0.1:4000", "timed out after 300ms"]);
}

#[test]
fn unreachable() {
    let Some(mut command) = in_own_network("exec $JACK connect 10.1.2.3 80") else { return };
    failed(&run(command.env("JACK", env!("CARGO_BIN_EXE_jack")), b""), 1, &["10.1.2.3:80", "ENETUNREACH"]);
}

#[test]
fn address_in_use() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    failed(&said(&["listen", "127.0.0.1", &port]), 1, &["EADDRINUSE", &port]);
    failed(&said(&["relay", &format!("listen:127.0.0.1:{port}"), "-"]), 1, &["EADDRINUSE"]);
    failed(&said(&["connect", "-s", "127.0.0.1", "-p", &port, "127.0.0.1", "1"]), 1, &["EADDRINUSE"]);
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("s");
    let _taken = std::os::unix::net::UnixListener::bind(&path).unwrap();
    failed(&run(jack().arg("listen").arg("-U").arg(&path), b""), 1, &["EADDRINUSE"]);
    assert!(path.exists(), "another's socket stays");
    // An address of somebody else.
    let Some(mut command) = in_own_network("exec $JACK listen 10.9.8.7 4000") else { return };
    failed(&run(command.env("JACK", env!("CARGO_BIN_EXE_jack")), b""), 1, &["EADDRNOTAVAIL"]);
}

#[test]
fn no_permission() {
    for job in ["listen 80", "listen -u 53", "relay listen:tcp://:80 -", "connect -p 80 127.0.0.1 1"] {
        let script = format!("exec setpriv --bounding-set -net_bind_service $JACK {job}");
        let Some(mut command) = in_own_network(&script) else { return };
        let outcome = run(command.env("JACK", env!("CARGO_BIN_EXE_jack")), b"");
        failed(&outcome, 1, &["EACCES"]);
        let err = outcome.err_text();
        assert!(err.contains("\n  ports below 1024") && err.contains("\n  → "), "{err}");
    }
    let dir = tempfile::tempdir().unwrap();
    let script =
        "mkdir closed && chmod 0 closed && exec setpriv --bounding-set -all $JACK listen unix:closed/s";
    let Some(mut command) = in_own_network(script) else { return };
    let outcome = run(command.env("JACK", env!("CARGO_BIN_EXE_jack")).current_dir(dir.path()), b"");
    failed(&outcome, 1, &["closed/s", "EACCES"]);
}

#[test]
fn no_such_file() {
    let dir = tempfile::tempdir().unwrap();
    let run_here = |arguments: &[&str]| run(jack().args(arguments).current_dir(dir.path()), b"");
    failed(&run_here(&["connect", "unix:nosuch"]), 1, &["nosuch", "ENOENT"]);
    failed(&run_here(&["connect", "-uU", "nosuch", "--data", "text:x"]), 1, &["nosuch", "ENOENT"]);
    failed(&run_here(&["listen", "unix:nosuch/s"]), 1, &["nosuch/s", "ENOENT"]);
    failed(&run_here(&["connect", "--data", "@nosuch", "localhost", "1"]), 1, &["nosuch", "No such file"]);
    failed(&run_here(&["connect", "--output", "nosuch/out", "localhost", "1"]), 1, &["nosuch/out", "ENOENT"]);
    failed(
        &run_here(&["connect", "--hex-dump", "nosuch/out", "localhost", "1"]),
        1,
        &["nosuch/out", "ENOENT"],
    );
    // A link is not followed: what it leads to stays what it is.
    std::fs::write(dir.path().join("precious"), "precious").unwrap();
    std::os::unix::fs::symlink("precious", dir.path().join("link")).unwrap();
    failed(&run_here(&["connect", "--output", "link", "localhost", "1"]), 1, &["link", "ELOOP"]);
    assert_eq!(std::fs::read(dir.path().join("precious")).unwrap(), b"precious");
    // What is no socket refuses.
    failed(&run_here(&["connect", "unix:precious"]), 1, &["ECONNREFUSED"]);
}

/// 100 KB in every place that takes words.
#[test]
fn names_that_are_too_long() {
    let long = "x".repeat(100_000);
    let at = |text: &str| text.replace("LONG", &long);
    for (arguments, code) in [
        ("connect LONG 80", 1),
        ("connect LONG", 2),
        ("connect localhost LONG", 2),
        ("connect LONG:80", 1),
        ("connect [LONG]:80", 1),
        ("connect tcp://LONG:80", 1),
        ("connect unix:LONG", 2),
        ("connect -U LONG", 2),
        ("connect unix:@LONG", 2),
        ("connect exec:LONG", 2),
        ("connect file:LONG", 2),
        ("connect localhost:1,LONG", 2),
        ("connect -s LONG localhost 1", 1),
        ("connect -p LONG localhost 1", 2),
        ("connect --output LONG localhost 1", 1),
        ("connect --hex-dump LONG localhost 1", 1),
        ("connect --trace-file LONG localhost 1", 1),
        ("connect --sockopt LONG localhost 1", 2),
        ("connect --sockopt SO_RCVBUF=LONG localhost 1", 2),
        ("connect --data LONG localhost 1", 2),
        ("connect --data hex:LONG localhost 1", 2),
        ("connect --data @LONG localhost 1", 1),
        ("connect --dns-server LONG localhost 1", 2),
        ("connect --show LONG localhost 1", 2),
        ("connect --timeout LONG localhost 1", 2),
        ("connect -q LONG localhost 1", 2),
        ("connect --retry LONG localhost 1", 2),
        ("connect --LONG", 2),
        ("connect localhost 1 LONG", 2),
        ("listen LONG", 2),
        ("listen LONG 0", 1),
        ("listen -U LONG", 2),
        ("listen --reply LONG 0", 2),
        ("relay LONG -", 2),
        ("relay - LONG:1", 1),
        ("relay file:LONG -", 1),
        ("gen LONG", 2),
        ("gen man LONG", 2),
        ("--dialect LONG", 2),
        ("LONG", 2),
    ] {
        let words: Vec<String> = arguments.split(' ').map(at).collect();
        let outcome = run(jack().args(&words), b"");
        assert_eq!(outcome.code, Some(code), "{arguments}: {}", short(&outcome.err));
        failed(&outcome, code, &[]);
        let with_json = run(jack().args(&words).arg("--json"), b"");
        assert!(with_json.err.len() < 1024 && with_json.out.len() < 2048, "{arguments} --json");
    }
    for arguments in [
        "LONG 80",
        "localhost LONG",
        "-w LONG localhost 1",
        "-T LONG localhost 1",
        "-U LONG",
        "-l LONG",
        "-s LONG localhost 1",
    ] {
        let words: Vec<String> = arguments.split(' ').map(at).collect();
        let outcome = run(jack().args(["--dialect", "nc"]).args(&words), b"");
        assert!(
            outcome.code == Some(1) && outcome.err.len() < 1024,
            "nc {arguments}: {}",
            short(&outcome.err)
        );
    }
    failed(&said(&["connect", &format!("unix:{}", "x".repeat(200))]), 2, &["too long"]);
}

#[test]
fn arguments_that_are_not_utf8() {
    let bad = OsStr::from_bytes(b"h\xff\x1b[2J");
    for arguments in [
        &[OsStr::new("connect"), bad, OsStr::new("80")][..],
        &[OsStr::new("connect"), bad],
        &[OsStr::new("connect"), OsStr::new("localhost"), bad],
        &[OsStr::new("listen"), bad],
        &[OsStr::new("relay"), bad, bad],
        &[OsStr::new("connect"), OsStr::new("-s"), bad, OsStr::new("localhost"), OsStr::new("1")],
        &[OsStr::new("connect"), OsStr::new("-w"), bad],
        &[OsStr::new("connect"), OsStr::new("--sockopt"), bad, OsStr::new("localhost"), OsStr::new("1")],
        &[OsStr::new("connect"), OsStr::new("--data"), bad, OsStr::new("localhost"), OsStr::new("1")],
        &[OsStr::new("connect"), OsStr::new("--show"), bad],
        &[OsStr::new("gen"), bad],
        &[bad],
    ] {
        failed(&run(jack().args(arguments), b""), 2, &[]);
    }
    let mut flag = OsString::from("--");
    flag.push(bad);
    failed(&run(jack().arg("connect").arg(flag), b""), 2, &[]);
    // A path may be any bytes but NUL.
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join(OsStr::from_bytes(b"s\xff\x1b"));
    failed(&run(jack().args(["connect", "-U"]).arg(&path), b""), 1, &["s\\xff\\x1b", "ENOENT"]);
    failed(
        &run(jack().args(["connect", "--output"]).arg(path.join("x")).args(["localhost", "1"]), b""),
        1,
        &[],
    );
    let process = Process::start(jack().args(["listen", "-v", "-U"]).arg(&path));
    process.said("jack: listening on ");
    let outcome = run(jack().args(["connect", "-U"]).arg(&path), b"any bytes");
    assert_eq!(outcome.code, Some(0), "{}", outcome.err_text());
    assert_eq!(process.finish(PATIENCE).out, b"any bytes");
}

/// Every byte there is, NUL included, arrives as it was sent: from standard input, from --data, from a file.
#[test]
fn data_may_be_any_bytes() {
    let every: Vec<u8> = (0..=255).cycle().take(100_000).collect();
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("every");
    std::fs::write(&file, &every).unwrap();
    let mut from_file = OsString::from("@");
    from_file.push(&file);
    for (data, input, expected) in [
        (None, &every[..], &every[..]),
        (Some(OsString::from("hex:00")), b"", &[0][..]),
        (Some(OsString::from("hex:00ff00")), b"", &[0, 0xff, 0]),
        (Some(from_file), b"", &every),
    ] {
        let (process, port) = listener(&["-4", "0", "-v"]);
        let mut command = jack();
        command.args(["connect", "127.0.0.1", &port.to_string()]);
        if let Some(data) = data {
            command.arg("--data").arg(data);
        }
        let outcome = run(&mut command, input);
        assert_eq!((outcome.code, outcome.err_text()), (Some(0), String::new()));
        let got = process.finish(PATIENCE);
        assert!(got.code == Some(0) && got.out == expected, "{} bytes of {}", got.out.len(), expected.len());
    }
}

/// What came before the reset is there, and the reset is told.
#[test]
fn a_peer_that_resets_in_the_middle() {
    let answer: Vec<u8> = (0..200_000_u32).flat_map(u32::to_be_bytes).collect();
    let sent = answer.clone();
    let (port, peer) = server(move |mut connection| {
        connection.write_all(&sent).unwrap();
        // Unread data at close is a reset: RFC 2525 section 2.17. It overtakes nothing that was delivered.
        std::thread::sleep(Duration::from_millis(500));
    });
    let mut process = Process::start(jack().args(["connect", "127.0.0.1", &port]));
    process.feed(b"never read");
    let outcome = process.finish(PATIENCE);
    peer.join().unwrap();
    failed(&outcome, 1, &["ECONNRESET", &port]);
    assert!(outcome.out == answer, "{} bytes of {}", outcome.out.len(), answer.len());
}

/// One that resets is no reason to leave the others.
#[test]
fn a_client_that_resets_a_server() {
    for reply in [&[][..], &["--reply", "echo"]] {
        let (mut process, port) = listener(&[&["-k", "-4", "0", "-v"], reply].concat());
        for number in 0..20 {
            let mut client = TcpStream::connect(("127.0.0.1", port)).unwrap();
            write!(client, "<{number}>").unwrap();
            process.printed(&format!("<{number}>"));
            process.feed(b"for whoever is there, and never read\n");
            // Something has come, and is not read: closing is a reset.
            client.peek(&mut [0]).unwrap();
        }
        let mut client = TcpStream::connect(("127.0.0.1", port)).unwrap();
        client.write_all(b"the last one").unwrap();
        process.printed("the last one");
        process.signal("INT");
        let outcome = process.finish(PATIENCE);
        assert_eq!(outcome.code, Some(0), "{}", outcome.err_text());
        assert!(!outcome.err_text().contains("panicked"));
    }
}

/// Nobody reads the output: done. A full disk: told.
#[test]
fn closed_and_full_outputs() {
    let endless = || server(|mut connection| while connection.write_all(&[b'a'; 65536]).is_ok() {});
    let (port, peer) = endless();
    let mut child = jack()
        .args(["connect", "127.0.0.1", &port])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdout.take().unwrap().read_exact(&mut [0; 100]).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), output.stderr), (Some(0), Vec::new()));
    peer.join().unwrap();

    let (port, peer) = endless();
    let script = format!("exec \"$0\" connect 127.0.0.1 {port} >/dev/full");
    let outcome = run(Command::new("sh").args(["-c", &script, env!("CARGO_BIN_EXE_jack")]), b"");
    failed(&outcome, 1, &["output", "ENOSPC"]);
    peer.join().unwrap();
    // Closed from the start: the runtime puts /dev/null there, so that no socket gets the number.
    let (port, peer) = server(|mut connection| connection.write_all(b"answer").unwrap());
    let script = format!("exec \"$0\" connect 127.0.0.1 {port} >&-");
    let outcome = run(Command::new("sh").args(["-c", &script, env!("CARGO_BIN_EXE_jack")]), b"");
    assert_eq!((outcome.code, outcome.err_text()), (Some(0), String::new()));
    peer.join().unwrap();
    // Nobody to tell: the exit code still says it.
    for redirection in ["2>&-", "2>/dev/full"] {
        let script = format!("exec \"$0\" connect 127.0.0.1 1 {redirection}");
        let outcome = run(Command::new("sh").args(["-c", &script, env!("CARGO_BIN_EXE_jack")]), b"");
        assert_eq!((outcome.code, outcome.out_text()), (Some(1), String::new()), "{redirection}");
    }
    // Help into a closed pipe, and onto a full disk.
    let script = "\"$0\" --help | head -c1 >/dev/null; \"$0\" gen man >/dev/full; echo $?";
    let outcome = run(Command::new("bash").args(["-c", script, env!("CARGO_BIN_EXE_jack")]), b"");
    assert_eq!(outcome.out_text(), "1\n", "{}", outcome.err_text());
    assert!(!outcome.err_text().contains("panicked"), "{}", outcome.err_text());
}

#[test]
fn inputs_that_cannot_be_read() {
    let (port, peer) = server(|mut connection| drop(connection.read_to_end(&mut Vec::new())));
    let script = format!("exec \"$0\" connect 127.0.0.1 {port} </");
    let outcome = run(Command::new("sh").args(["-c", &script, env!("CARGO_BIN_EXE_jack")]), b"");
    failed(&outcome, 1, &["input", "EISDIR"]);
    peer.join().unwrap();
    for input in ["<&-", "</dev/null"] {
        let (port, peer) = server(|mut connection| connection.write_all(b"answer").unwrap());
        let script = format!("exec \"$0\" connect 127.0.0.1 {port} {input}");
        let outcome = run(Command::new("sh").args(["-c", &script, env!("CARGO_BIN_EXE_jack")]), b"");
        assert_eq!(
            (outcome.code, outcome.out_text()),
            (Some(0), "answer".to_owned()),
            "{input} {}",
            outcome.err_text()
        );
        peer.join().unwrap();
    }
}

/// Ctrl-C: 130 where something was left undone, 0 where it is the normal end; what had come is there.
#[test]
fn interrupted() {
    for signal in ["INT", "TERM"] {
        let (process, _) = listener(&["-4", "0", "-v"]);
        process.signal(signal);
        let outcome = process.finish(PATIENCE);
        assert_eq!((outcome.code, outcome.out.is_empty()), (Some(130), true), "{}", outcome.err_text());

        let (process, port) = listener(&["-k", "-4", "0", "-v"]);
        TcpStream::connect(("127.0.0.1", port)).unwrap().write_all(b"served").unwrap();
        process.printed("served");
        process.signal(signal);
        assert_eq!(process.finish(PATIENCE).code, Some(0));

        let (port, peer) = server(|mut connection| {
            connection.write_all(b"the first part").unwrap();
            drop(connection.read(&mut [0]));
        });
        let process = Process::start(jack().args(["connect", "127.0.0.1", &port]));
        process.printed("the first part");
        process.signal(signal);
        let outcome = process.finish(PATIENCE);
        assert_eq!((outcome.code, outcome.out_text()), (Some(130), "the first part".to_owned()));
        assert!(!outcome.err_text().contains("panicked"));
        peer.join().unwrap();

        // While it waits to try again.
        let process = Process::start(jack().args([
            "connect",
            "--trace",
            "--retry",
            "100",
            "--interval",
            "60s",
            "127.0.0.1",
            "1",
        ]));
        process
            .err
            .wait_for(PATIENCE, |err| String::from_utf8_lossy(err).contains("ECONNREFUSED").then_some(()))
            .unwrap();
        process.signal(signal);
        assert_eq!(process.finish(PATIENCE).code, Some(130));
    }
    let (port, peer) = server(|mut connection| drop(connection.read(&mut [0])));
    let process = Process::start(jack().args(["connect", "--json", "127.0.0.1", &port]));
    process.printed("connected");
    process.signal("INT");
    let outcome = process.finish(PATIENCE);
    assert_eq!(outcome.code, Some(130));
    let last = json_lines(&outcome.out).pop().unwrap();
    assert_eq!((last["event"].as_str(), last["exit"].as_i64()), (Some("error"), Some(130)), "{last}");
    peer.join().unwrap();
}

/// Descriptors run out: those who are there go on, those who wait are served later, and nothing is lost.
#[test]
fn no_descriptors_left() {
    let script = "ulimit -n 12; exec \"$0\" listen -k -4 0 -v";
    let process = Process::start(Command::new("sh").args(["-c", script, env!("CARGO_BIN_EXE_jack")]));
    let port = port_at_end(process.said("jack: listening on ").split(" (").next().unwrap());
    let mut clients: Vec<_> = (0..30).map(|_| TcpStream::connect(("127.0.0.1", port)).unwrap()).collect();
    process.said("jack: cannot accept more for now: ");
    for (number, client) in clients.iter_mut().enumerate() {
        write!(client, "<{number}>").unwrap();
    }
    drop(clients);
    for number in 0..30 {
        process.printed(&format!("<{number}>"));
    }
    process.signal("INT");
    let outcome = process.finish(PATIENCE);
    assert_eq!(outcome.code, Some(0));
    assert!(outcome.err_text().contains("EMFILE"));
    for limit in 0..8 {
        let script = format!("ulimit -n {limit}; exec \"$0\" connect 127.0.0.1 1");
        let mut command = Command::new("bash");
        let outcome = run(command.args(["-c", &script, env!("CARGO_BIN_EXE_jack")]), b"");
        // With hardly any, the loader itself gives up: its words, its exit code.
        assert!(!outcome.err_text().contains("panicked"), "{limit}: {}", outcome.err_text());
        if limit >= 4 {
            failed(&outcome, 1, &[]);
        }
    }
}

/// What a hostile peer sends: escape sequences, C1, CR, bidirectional controls, what is no UTF-8.
const HOSTILE: &[u8] = b"a\x1b]0;title\x07b\x1b[2Jc\xc2\x9b31md\re\xe2\x80\xaef\xffg\x00h\x08i\n";

fn on_a_terminal(port: &str, flags: &str) -> Vec<u8> {
    let command =
        format!("exec \"{}\" connect 127.0.0.1 {port} {flags} </dev/null", env!("CARGO_BIN_EXE_jack"));
    let mut script = Command::new("script");
    let outcome = run(script.args(["-q", "-e", "-c", &command, "/dev/null"]).env("TERM", "xterm"), b"");
    assert_eq!(outcome.code, Some(0), "{}", short(&outcome.out));
    outcome.out
}

#[test]
fn hostile_bytes() {
    let hostile = || server(|mut connection| connection.write_all(HOSTILE).unwrap());
    // In a pipe they are data.
    let (port, peer) = hostile();
    assert_eq!(said(&["connect", "127.0.0.1", &port]).out, HOSTILE);
    peer.join().unwrap();
    if find("script").is_none() {
        return skip("script(1) is not installed: no terminal to try");
    }
    // On a terminal they are shown and do nothing.
    let (port, peer) = hostile();
    let shown = on_a_terminal(&port, "");
    peer.join().unwrap();
    let text = String::from_utf8(shown).unwrap();
    let line = text.trim_end_matches(['\r', '\n']);
    assert!(line.chars().all(|c| !c.is_control() && c != '\u{202e}'), "{line:?}");
    for part in ["a\\x1b]0;title\\x07b\\x1b[2Jc", "d\\re", "f\\xffg\\x00h\\x08i"] {
        assert!(line.contains(part), "{part} in {line}");
    }
    // Unless that is asked for.
    let (port, peer) = hostile();
    let raw = on_a_terminal(&port, "--show raw");
    peer.join().unwrap();
    assert!(raw.windows(4).any(|part| part == b"\x1b[2J") && raw.contains(&0xff), "{:?}", short(&raw));
    // -v repeats a message: escaped too, wherever it goes.
    let (process, port) = listener(&["-4", "0", "-v", "--reply", "text:x"]);
    TcpStream::connect(("127.0.0.1", port)).unwrap().write_all(HOSTILE).unwrap();
    let outcome = process.finish(PATIENCE);
    assert_eq!(outcome.out, HOSTILE);
    let err = outcome.err_text();
    assert!(err.chars().all(|c| c == '\n' || !c.is_control() && c != '\u{202e}'), "{err:?}");
}

fn json_lines(bytes: &[u8]) -> Vec<serde_json::Value> {
    let text = std::str::from_utf8(bytes).unwrap();
    assert!(text.ends_with('\n'), "{text}");
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}")))
        .collect()
}

/// With --json every failure is an object too, after the line that names the format.
#[test]
fn failures_as_json() {
    for (arguments, code, errno) in [
        (&["connect", "127.0.0.1", "1"][..], 1, Some("ECONNREFUSED")),
        (&["connect", "unix:/nosuch"], 1, Some("ENOENT")),
        (&["connect", "localhost:65536"], 2, None),
        (&["connect", "--nonsense"], 2, None),
        (&["listen"], 2, None),
        (&["listen", "--backlog", "many", "0"], 2, None),
        (&["connect", "localhost", "abc"], 2, None),
        (&["resolve", "-4", "-6", "localhost"], 2, None),
        (&["tour", "--nonsense"], 2, None),
        (&["relay", "-", "127.0.0.1:1"], 1, Some("ECONNREFUSED")),
    ] {
        let outcome = run(jack().args(arguments).arg("--json"), b"");
        failed(&outcome, code, &[]);
        let lines = json_lines(&outcome.out);
        assert_eq!(lines[0], serde_json::json!({ "schema": 1, "job": arguments[0] }));
        let last = lines.last().unwrap();
        assert_eq!(last["event"], "error", "{last}");
        assert_eq!((last["exit"].as_i64(), last["errno"].as_str()), (Some(code.into()), errno), "{last}");
        assert!(lines.iter().skip(1).all(|line| line["event"].is_string() && line["schema"].is_null()));
    }
}

/// What is wrong before a job is known is told the same way; behind `--` stand the words of somebody else.
#[test]
fn mistakes_of_the_bare_command_as_json() {
    for arguments in [
        &["--bogus", "--json"][..],
        &["--json", "conect", "localhost", "80"],
        &["conect", "--json"],
        &["--dialect", "socat", "--json"],
        &["--json", "--dialect"],
    ] {
        let outcome = run(jack().args(arguments), b"");
        failed(&outcome, 2, &["jack: "]);
        let lines = json_lines(&outcome.out);
        assert_eq!(lines.len(), 2, "{lines:?}");
        assert_eq!(lines[0], serde_json::json!({ "schema": 1, "job": "jack" }));
        assert_eq!((&lines[1]["event"], &lines[1]["exit"]), (&"error".into(), &2.into()));
    }
    let outcome = said(&["explain", "--nonsense", "--", "connect", "--json"]);
    failed(&outcome, 2, &["--nonsense"]);
    assert_eq!(outcome.out_text(), "");
}

/// Bytes survive JSON: as text where they are text, as base64 where they are not.
#[test]
fn hostile_bytes_as_json() {
    let (port, peer) = server(|mut connection| {
        connection.write_all(HOSTILE).unwrap();
        std::thread::sleep(Duration::from_millis(300));
        connection.write_all("\u{202e}\u{1b}[2J\n\"".as_bytes()).unwrap();
    });
    let outcome = said(&["connect", "--json", "127.0.0.1", &port]);
    peer.join().unwrap();
    assert_eq!(outcome.code, Some(0));
    assert!(!outcome.out.contains(&0x1b) && !outcome.out.contains(&0));
    let received: Vec<_> =
        json_lines(&outcome.out).into_iter().filter(|line| line["event"] == "received").collect();
    assert_eq!(received.len(), 2);
    assert_eq!(received[0]["len"].as_u64(), u64::try_from(HOSTILE.len()).ok());
    let decoder = "import base64, sys; sys.stdout.buffer.write(base64.b64decode(sys.argv[1]))";
    if find("python3").is_some() {
        let base64 = received[0]["base64"].as_str().unwrap();
        assert_eq!(run(Command::new("python3").args(["-c", decoder, base64]), b"").out, HOSTILE);
    }
    assert_eq!(received[1]["text"], "\u{202e}\u{1b}[2J\n\"");
}

/// The answers of -z as JSON: open, closed, and for UDP the truth.
#[test]
fn ports_as_json() {
    let open = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = open.local_addr().unwrap().port();
    let outcome = said(&["connect", "-z", "--json", "127.0.0.1", &port.to_string()]);
    let lines = json_lines(&outcome.out);
    assert_eq!((outcome.code, lines.len()), (Some(0), 2));
    assert_eq!((lines[1]["state"].as_str(), lines[1]["port"].as_u64()), (Some("open"), Some(port.into())));
    let outcome = said(&["connect", "-z", "--json", "127.0.0.1", "1-3"]);
    let states: Vec<_> = json_lines(&outcome.out)
        .iter()
        .skip(1)
        .map(|line| (line["state"].clone(), line["errno"].clone()))
        .collect();
    assert_eq!(outcome.code, Some(1));
    assert_eq!(states, vec![("closed".into(), "ECONNREFUSED".into()); 3]);
    let silent = UdpSocket::bind("127.0.0.1:0").unwrap();
    let port = silent.local_addr().unwrap().port().to_string();
    let outcome = said(&["connect", "-zu", "--json", "--timeout", "200ms", "127.0.0.1", &port]);
    assert_eq!((outcome.code, json_lines(&outcome.out)[1]["state"].as_str()), (Some(1), Some("no_answer")));
}
