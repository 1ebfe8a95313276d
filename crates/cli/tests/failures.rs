//! What each failure advises, over connect, listen, relay and resolve, in words and as JSON: the same first line, reason
//! and fix in both, and the advice is about what really happened.
//!
//! `bad_input.rs` holds what must not happen on any input; here is what the user is told.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may panic, its helpers too")]
#![expect(
    clippy::disallowed_types,
    reason = "peers on plain sockets: they must not share the door under test"
)]

#[path = "cmd/support.rs"]
mod support;

use std::ffi::OsStr;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream, UdpSocket};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use support::{Outcome, PATIENCE, Process, advised, failed, in_own_network, jack, run, said, short};

fn objects(bytes: &[u8]) -> Vec<Value> {
    let text = String::from_utf8_lossy(bytes);
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}")))
        .collect()
}

/// The words and the object of a failure say the same.
#[track_caller]
fn agree(job: &str, words: &Outcome, json: &Outcome) {
    assert_eq!(words.code, json.code, "{}", short(&json.err));
    let last = objects(&json.out).pop().unwrap_or_default();
    let object = (&last["event"], &last["job"], last["exit"].as_i64());
    assert_eq!(object, (&"error".into(), &job.into(), words.code.map(i64::from)), "{last}");
    let err = words.err_text();
    let mut lines = err.lines().filter(|line| line.starts_with("jack ") || line.starts_with("  "));
    let first = lines.next().unwrap();
    assert_eq!(first.strip_prefix(&format!("jack {job}: ")), last["error"].as_str());
    let rest: Vec<_> = lines.collect();
    if let Some(reason) = last["reason"].as_str() {
        assert_eq!(rest.first().map(|line| line.trim()), Some(reason), "{last}");
    }
    if let Some(fix) = last["fix"].as_str() {
        assert!(rest.iter().any(|line| *line == format!("  → {fix}")), "{rest:?} {last}");
    }
}

/// Runs a command in words and as JSON, within a folder.
#[track_caller]
fn refused_in(dir: &Path, words: &str, code: i32, first: &[&str], rest: &[&str]) {
    let arguments: Vec<_> = words.split(' ').collect();
    let in_words = run(jack().args(&arguments).current_dir(dir), b"");
    failed(&in_words, code, first);
    advised(&in_words, rest);
    let as_json = run(jack().args(&arguments).arg("--json").current_dir(dir), b"");
    agree(arguments[0], &in_words, &as_json);
}

#[test]
fn a_path_that_leads_nowhere_says_which_part_of_it_is_missing() {
    let dir = tempfile::tempdir().unwrap();
    let at = |name: &str| dir.path().join(name);
    std::fs::write(at("file"), "").unwrap();
    drop(UnixListener::bind(at("old")).unwrap());
    let _used = UnixListener::bind(at("used")).unwrap();
    let long = format!("unix:{}", "x".repeat(200));
    for job in ["connect", "relay -"] {
        for (end, errno, rest) in [
            ("unix:none/s", "ENOENT", &["the folder none does not exist"][..]),
            ("unix:s", "ENOENT", &["the current folder is there, but the socket is not", "start the server"]),
            ("unix:file/s", "ENOTDIR", &["file is no folder"]),
            ("unix:file", "ECONNREFUSED", &["file is a regular file, not a socket"]),
            ("unix:old", "ECONNREFUSED", &["no server listens on it any more", "rm old"]),
            (&long, "ENAMETOOLONG", &["200 bytes", "at most 108"]),
            ("unix:@no-such-name", "ECONNREFUSED", &["abstract name"]),
        ] {
            // No socket can have such a name: the words are wrong.
            let code = if errno == "ENAMETOOLONG" { 2 } else { 1 };
            refused_in(dir.path(), &format!("{job} {end}"), code, &[errno], rest);
        }
    }
    for (job, end) in [("listen", ""), ("relay -", "listen:")] {
        for (name, errno, rest) in [
            ("unix:none/s", "ENOENT", &["the folder none does not exist", "mkdir -p none"][..]),
            ("unix:file/s", "ENOTDIR", &["file is no folder"]),
            ("unix:file", "EADDRINUSE", &["file exists and is a regular file, not a socket"]),
            ("unix:old", "EADDRINUSE", &["stays behind", "rm old"]),
            ("unix:used", "EADDRINUSE", &["a program has a socket of this name open"]),
            (&long, "ENAMETOOLONG", &["200 bytes", "at most 108"]),
        ] {
            let code = if errno == "ENAMETOOLONG" { 2 } else { 1 };
            refused_in(dir.path(), &format!("{job} {end}{name}"), code, &[errno], rest);
        }
    }
    for flag in ["--output", "--hex-dump", "--trace-file"] {
        let rest = &["the folder none does not exist", "mkdir -p none"];
        refused_in(dir.path(), &format!("connect {flag} none/x localhost 1"), 1, &["none/x", "ENOENT"], rest);
    }
    let words = "connect --data @none localhost 1";
    refused_in(dir.path(), words, 1, &["reading none", "ENOENT"], &["no file has this name"]);
    for left in ["file", "old", "used"] {
        assert!(at(left).exists(), "{left}");
    }
}

#[test]
fn a_port_in_use_says_who_has_it() {
    let dir = tempfile::tempdir().unwrap();
    let holder = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = holder.local_addr().unwrap().port();
    let who = format!("listens on 127.0.0.1:{port}");
    let show = format!("ss -ltnp 'sport = :{port}'");
    for words in [
        format!("listen 127.0.0.1 {port}"),
        format!("listen {port}"),
        format!("relay listen:127.0.0.1:{port} -"),
        format!("connect -s 127.0.0.1 -p {port} 127.0.0.1 1"),
    ] {
        refused_in(dir.path(), &words, 1, &["EADDRINUSE"], &[&who, &show, "another port"]);
        let advice = run(jack().args(words.split(' ')), b"").err_text();
        assert!(!advice.contains("SO_REUSEADDR"), "it is set: {advice}");
    }
    let holder = UdpSocket::bind("127.0.0.1:0").unwrap();
    let port = holder.local_addr().unwrap().port();
    let rest = &["waits for datagrams", "ss -lunp"];
    refused_in(dir.path(), &format!("listen -u 127.0.0.1 {port}"), 1, &["EADDRINUSE"], rest);
}

/// Each way of the routing table to say no has its own reason.
#[test]
fn a_route_that_refuses_is_told_from_a_broadcast_address() {
    let script = "ip route add prohibit 10.2.0.0/16; ip route add blackhole 10.3.0.0/16
        ip route add unreachable 10.4.0.0/16; ip -6 route add prohibit fd02::/16
        ip -6 route add blackhole fd03::/16; ip -6 route add unreachable fd04::/16
        jack() { echo \"== $*\"; \"$JACK\" \"$@\" </dev/null 2>&1; echo \"exit $?\"; }
        for host in 10.2.0.1 fd02::1 10.3.0.1 fd03::1 10.4.0.1 fd04::1 10.9.0.1 fd09::1; do
            jack connect $host 80; jack connect -u --data text:x $host 80
            case $host in *:*) host=[$host];; esac
            jack relay - $host:80; jack connect --json $host:80
            jack resolve --dns-server $host:53 www.example
        done
        jack connect -u --data text:x 127.255.255.255 80; jack connect 127.255.255.255 80
        jack connect -u --sockopt SO_BROADCAST=1 --data text:x 127.255.255.255 80
        jack connect fe80::1 80
        export -f jack; unshare -n bash -c 'jack connect 127.0.0.1 80; jack connect ::1 80'";
    let Some(mut command) = in_own_network(script) else { return };
    let text = run(command.env("JACK", env!("CARGO_BIN_EXE_jack")), b"").out_text();
    let about = |what: &str| -> Vec<String> {
        text.split("== ")
            .filter(|part| part.lines().next().is_some_and(|line| line.contains(what)))
            .map(str::to_owned)
            .collect()
    };
    for (host, errno, reason) in [
        ("10.2.0.1", "EACCES", "type prohibit"),
        ("fd02::1", "EACCES", "type prohibit"),
        ("10.3.0.1", "EINVAL", "type blackhole"),
        ("fd03::1", "EINVAL", "type blackhole"),
        ("10.4.0.1", "EHOSTUNREACH", "type unreachable"),
        ("fd04::1", "EHOSTUNREACH", "type unreachable"),
        ("10.9.0.1", "ENETUNREACH", "no route leads to this address"),
        ("fd09::1", "ENETUNREACH", "no route leads to this address"),
    ] {
        let parts = about(host);
        assert_eq!(parts.len(), 5, "{text}");
        for part in parts {
            assert!(part.contains(errno) && part.contains("exit 1"), "{part}");
            assert!(part.contains(reason) || part.starts_with("resolve"), "{part}");
            assert!(!part.contains("BROADCAST") && !part.contains("panicked"), "{part}");
        }
    }
    let broadcast = about("connect -u --data text:x 127.255.255.255");
    assert!(broadcast[0].contains("EACCES") && broadcast[0].contains("--sockopt SO_BROADCAST=1"), "{text}");
    assert!(about("connect 127.255.255.255")[0].contains("many hosts"), "{text}");
    assert!(!about("--sockopt SO_BROADCAST=1")[0].contains("EACCES"), "{text}");
    assert!(about("fe80::1")[0].contains("fe80::1%INTERFACE"), "{text}");
    for down in ["connect 127.0.0.1", "connect ::1"] {
        assert!(about(down)[0].contains("the loopback interface is down"), "{text}");
    }
}

#[test]
fn a_name_server_that_cannot_be_reached_is_named_with_who_named_it() {
    let dir = tempfile::tempdir().unwrap();
    // Connected elsewhere, this socket keeps the port and takes no datagram from us.
    let nobody = UdpSocket::bind("127.0.0.1:0").unwrap();
    nobody.connect("127.0.0.1:9").unwrap();
    let server = nobody.local_addr().unwrap().to_string();
    let rest = format!("runs at {server} (was named by --dns-server)");
    for job in ["connect www.test 80", "listen www.test 0", "relay - www.test:80"] {
        let words = format!("{job} --dns-server {server}");
        refused_in(dir.path(), &words, 1, &["www.test", "EAI_AGAIN", &server], &[&rest]);
    }
    let outcome = said(&["resolve", "www.test", "--dns-server", &server]);
    assert_eq!(outcome.code, Some(1));
    assert!(outcome.out_text().contains(&rest), "{}", outcome.out_text());
    assert!(!outcome.out_text().contains("resolv.conf"), "{}", outcome.out_text());
    let lines = objects(&said(&["resolve", "--json", "www.test", "--dns-server", &server]).out);
    assert_eq!(lines.len(), 3);
    for line in lines.iter().skip(1) {
        assert_eq!(line["error"], "EAI_AGAIN", "{line}");
        assert!(line["fix"].as_str().unwrap().contains(&rest), "{line}");
    }
}

/// A server that would answer everything is never asked for what can only be meant as an address.
#[test]
fn a_broken_address_is_refused_and_not_looked_up() {
    let dir = tempfile::tempdir().unwrap();
    let server = UdpSocket::bind("127.0.0.1:0").unwrap();
    server.set_nonblocking(true).unwrap();
    let address = server.local_addr().unwrap().to_string();
    for (host, part) in [
        ("999.1.1.1", "999 is more than 255"),
        ("256.1.1.1", "256 is more than 255"),
        ("1.2.3.4.5", "5 numbers"),
        ("1.2.3.4.", "no dot at its end"),
        ("host.9", "'host' is no number"),
    ] {
        for job in [format!("connect {host} 80"), format!("listen {host} 0"), format!("relay - {host}:80")] {
            let words = format!("{job} --dns-server {address}");
            refused_in(dir.path(), &words, 1, &["EAI_NONAME", host, part], &["0 to 255"]);
        }
        let outcome = said(&["resolve", host, "--dns-server", &address]);
        assert!(outcome.code == Some(1) && outcome.out_text().contains(part), "{}", outcome.out_text());
    }
    assert_eq!(server.recv(&mut [0]).unwrap_err().kind(), std::io::ErrorKind::WouldBlock);
    // What inet_aton takes is an address as ever.
    let outcome = said(&["resolve", "-4", "127.1"]);
    assert!(outcome.code == Some(0) && outcome.out_text().contains("127.0.0.1"), "{}", outcome.out_text());
}

/// The views of one name share their questions; the time is one for all names.
#[test]
fn resolve_asks_once_and_keeps_to_its_time() {
    let server = UdpSocket::bind("127.0.0.1:0").unwrap();
    server.set_nonblocking(true).unwrap();
    let address = server.local_addr().unwrap().to_string();
    let began = Instant::now();
    let outcome = said(&[
        "resolve",
        "--timeout",
        "300ms",
        "--dns-server",
        &address,
        "one.test",
        "two.test",
        "three.test",
    ]);
    assert!(began.elapsed() < Duration::from_secs(3), "{:?}", began.elapsed());
    assert_eq!(outcome.code, Some(1));
    assert_eq!(outcome.out_text().matches("EAI_AGAIN").count(), 6, "{}", outcome.out_text());
    let asked = std::iter::from_fn(|| server.recv(&mut [0; 512]).ok()).count();
    assert_eq!(asked, 2, "A and AAAA of the first name, whose silence took all the time");
}

/// Ctrl-C ends a lookup and a relay, too: 130, and JSON says so.
#[test]
fn interrupted_lookups_and_relays() {
    let server = UdpSocket::bind("127.0.0.1:0").unwrap();
    let address = server.local_addr().unwrap().to_string();
    for job in [&["resolve", "slow.test"][..], &["relay", "-", "slow.test:80"], &["listen", "slow.test", "0"]]
    {
        for json in [false, true] {
            let mut command = jack();
            command.args(job).args(["--dns-server", &address]);
            if json {
                command.arg("--json");
            }
            let process = Process::start(&mut command);
            // The question is under way.
            server.recv(&mut [0; 512]).unwrap();
            process.signal("INT");
            let outcome = process.finish(PATIENCE);
            assert_eq!((outcome.code, outcome.err_text()), (Some(130), String::new()), "{job:?}");
            if json {
                let last = objects(&outcome.out).pop().unwrap();
                assert_eq!((&last["event"], &last["exit"]), (&"error".into(), &130.into()), "{last}");
            }
            // What was asked for the second type.
            server.set_nonblocking(true).unwrap();
            while server.recv(&mut [0; 512]).is_ok() {}
            server.set_nonblocking(false).unwrap();
        }
    }
}

/// A closed pipe is the reader's choice, a full disk is told.
#[test]
fn outputs_of_every_job_that_close() {
    let shell =
        |script: &str| run(Command::new("bash").args(["-c", script, env!("CARGO_BIN_EXE_jack")]), b"");
    for words in ["resolve localhost", "resolve --json localhost", "explain", "doctor", "gen man"] {
        // The reader is gone before the first byte.
        let outcome = shell(&format!("exec 3> >(:); wait $!; \"$0\" {words} >&3"));
        assert_eq!((outcome.code, outcome.err_text()), (Some(0), String::new()), "{words}");
        let outcome = shell(&format!("exec \"$0\" {words} >/dev/full"));
        failed(&outcome, 1, &["ENOSPC"]);
    }
    for flags in ["", "--json"] {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let peer = std::thread::spawn(move || {
            let mut connection = listener.accept().unwrap().0;
            while connection.write_all(&[b'a'; 65536]).is_ok() {}
        });
        let mut child = jack()
            .args(["relay", "-", &format!("127.0.0.1:{port}")])
            .args(flags.split_whitespace())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdout.take().unwrap().read_exact(&mut [0; 100]).unwrap();
        drop(child.stdin.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!((output.status.code(), output.stderr), (Some(0), Vec::new()), "{flags}");
        peer.join().unwrap();
    }
}

/// A reset in the middle: told by connect, relay and listen, and what had come is there.
#[test]
fn a_reset_in_the_middle_of_a_relay_and_of_a_server() {
    for flags in ["", "--json"] {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let dir = tempfile::tempdir().unwrap();
        let mut command = jack();
        command.args(["relay", "-", &format!("127.0.0.1:{port}")]).args(flags.split_whitespace());
        let mut process = Process::start(command.current_dir(dir.path()));
        let mut peer = listener.accept().unwrap().0;
        peer.write_all(b"the first part").unwrap();
        process.printed("the first part");
        process.feed(b"never read");
        peer.peek(&mut [0]).unwrap();
        drop(peer);
        let outcome = process.finish(PATIENCE);
        failed(&outcome, 1, &["ECONNRESET", &port.to_string()]);
        advised(&outcome, &["RST"]);
        if flags == "--json" {
            let text = outcome.out_text();
            let last: Value = serde_json::from_str(text.lines().last().unwrap()).unwrap();
            assert_eq!((&last["event"], &last["errno"]), (&"error".into(), &"ECONNRESET".into()), "{last}");
        }
        // The server has one client and says why it ends.
        let mut command = jack();
        command.args(["listen", "-v", "-4", "0"]).args(flags.split_whitespace());
        let mut process = Process::start(&mut command);
        let port = if flags == "--json" {
            process.printed("\"listening\"");
            let lines = process.out.so_far();
            u16::try_from(objects(&lines).pop().unwrap()["port"].as_u64().unwrap()).unwrap()
        } else {
            support::port_at_end(process.said("jack: listening on ").split(" (").next().unwrap())
        };
        let mut client = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).unwrap();
        client.write_all(b"the first part").unwrap();
        process.printed("the first part");
        process.feed(b"never read");
        client.peek(&mut [0]).unwrap();
        drop(client);
        let outcome = process.finish(PATIENCE);
        assert_eq!(outcome.code, Some(1), "{}", short(&outcome.err));
        assert!(outcome.err_text().contains("ECONNRESET"), "{}", outcome.err_text());
        assert!(outcome.out_text().contains("the first part"));
    }
}

/// Descriptors run out for every job: said, with the limit.
#[test]
fn no_descriptors_for_any_job() {
    for words in [
        "listen 127.0.0.1 0 --timeout 100ms",
        "relay listen:127.0.0.1:0 127.0.0.1:1 --timeout 100ms",
        "resolve www.test --dns-server 127.0.0.1:1",
        "connect 127.0.0.1 1",
        "resolve www.test --json --dns-server 127.0.0.1:1",
    ] {
        let mut told = false;
        for limit in 4..12 {
            let script = format!("ulimit -n {limit}; exec \"$0\" {words}");
            let outcome = run(Command::new("bash").args(["-c", &script, env!("CARGO_BIN_EXE_jack")]), b"");
            let text = outcome.out_text() + &outcome.err_text();
            assert!(!text.contains("panicked"), "{limit} {words}: {text}");
            assert_eq!(outcome.code, Some(1), "{limit} {words}: {text}");
            told |= text.contains("EMFILE") && text.contains("limit");
        }
        assert!(told, "{words}");
    }
}

#[test]
fn names_for_resolve_and_relay_that_cannot_be() {
    let long = "x".repeat(100_000);
    let outcome = said(&["resolve", &long]);
    assert!(outcome.code == Some(1) && outcome.out.len() < 2048, "{}", short(&outcome.out));
    assert!(outcome.out_text().contains("100000 bytes"), "{}", short(&outcome.out));
    let outcome = said(&["resolve", "--json", &long]);
    assert!(outcome.code == Some(1) && outcome.out.len() < 2048);
    let bad = OsStr::from_bytes(b"h\xff\x1b[2J");
    for json in [&[][..], &["--json"]] {
        let outcome = run(jack().arg("resolve").arg(bad).args(json), b"");
        assert_eq!(outcome.code, Some(1), "{}", short(&outcome.err));
        assert!(!outcome.out.contains(&0x1b) && std::str::from_utf8(&outcome.out).is_ok());
    }
    for name in ["a..b", "-", "http://localhost/", "a b", "bücher.test", "."] {
        let outcome = said(&["resolve", "--dns-server", "127.0.0.1:1", "--", name]);
        assert!(matches!(outcome.code, Some(0 | 1)), "{name}: {}", short(&outcome.err));
    }
}
