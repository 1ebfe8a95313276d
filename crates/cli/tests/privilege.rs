//! A job has a privilege only while a call needs it: as root, as a file with a capability, as an ordinary user.
//!
//! What takes root is skipped for others, visibly. Networks are namespaces that the tests make.

#![cfg(test)] // Already so, but this tells clippy, too: helpers may unwrap.
#![expect(clippy::disallowed_types, reason = "the other side must not be our own code")]

use std::fs::{self, Permissions};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;

const JACK: &str = env!("CARGO_BIN_EXE_jack");

/// Numbers of capabilities(7).
const DAC_OVERRIDE: u64 = 1 << 1;
const NETWORK: u64 = 1 << 10 | 1 << 12 | 1 << 13;

/// Says that something is not tested here, also where output is captured.
fn skip(why: &str) {
    std::io::stderr().write_all(format!("skipped: {why}\n").as_bytes()).unwrap();
}

fn is_root() -> bool {
    let root = fs::metadata("/proc/self").unwrap().uid() == 0;
    if !root {
        skip("only root can make a network namespace, or be somebody else");
    }
    root
}

/// Tells whether a program that a test needs is there: in CI it must be.
fn has(program: &str) -> bool {
    let there =
        Command::new("sh").args(["-c", "command -v \"$0\" >/dev/null", program]).status().unwrap().success();
    if !there {
        assert!(std::env::var_os("CI").is_none(), "{program} must be installed in CI");
        skip(&format!("{program} is not installed"));
    }
    there
}

/// A job that listens, and the address where it does.
struct Listener {
    child: Child,
    address: String,
}

impl Listener {
    fn start(args: &[&str]) -> Self {
        let mut command = Command::new(JACK);
        command.args(args).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let words = BufReader::new(child.stderr.as_mut().unwrap());
        let line = words.lines().map_while(Result::ok).find(|line| line.contains("listening on ")).unwrap();
        let (_, rest) = line.split_once("listening on ").unwrap();
        let address = rest.split(" (").next().unwrap().to_owned();
        Self { child, address }
    }

    /// Reads a set of capabilities of the job's thread: `CapEff`, `CapPrm`, `CapInh`.
    fn set(&self, name: &str) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let set = status.lines().find_map(|line| line.strip_prefix(&format!("{name}:"))).unwrap();
        u64::from_str_radix(set.trim(), 16).unwrap()
    }

    fn ended(mut self) -> (Vec<u8>, Option<i32>) {
        let mut bytes = Vec::new();
        self.child.stdout.take().unwrap().read_to_end(&mut bytes).unwrap();
        (bytes, self.child.wait().unwrap().code())
    }
}

/// This process's own permitted set.
fn own() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let set = status.lines().find_map(|line| line.strip_prefix("CapPrm:")).unwrap();
    u64::from_str_radix(set.trim(), 16).unwrap()
}

#[test]
fn bytes_of_a_peer_are_read_without_privileges() {
    let job = Listener::start(&["listen", "127.0.0.1", "0"]);
    let sets = |job: &Listener| (job.set("CapEff"), job.set("CapPrm"), job.set("CapInh"));
    assert_eq!(sets(&job), (0, own() & NETWORK, 0));
    let mut client = TcpStream::connect(&job.address).unwrap();
    client.write_all(b"hello\n").unwrap();
    let mut first = [0; 1];
    let mut job = job;
    job.child.stdout.as_mut().unwrap().read_exact(&mut first).unwrap();
    // In the middle of the conversation.
    assert_eq!(sets(&job), (0, own() & NETWORK, 0));
    client.shutdown(Shutdown::Both).unwrap();
    assert_eq!(job.ended(), (b"ello\n".to_vec(), Some(0)));

    let folder = tempfile::tempdir().unwrap();
    let job = Listener::start(&["listen", "-v", &format!("unix:{}", folder.path().join("socket").display())]);
    assert_eq!(sets(&job), (0, own() & (NETWORK | DAC_OVERRIDE), 0));
    drop(UnixStream::connect(folder.path().join("socket")).unwrap());
    assert_eq!(job.ended().1, Some(0));
}

/// Runs a job with its trace; returns its end and the events.
fn traced(folder: &Path, program: &[&str], args: &[&str]) -> (Output, Vec<Value>) {
    let file = folder.join("trace");
    let (first, rest) = program.split_first().unwrap();
    let mut command = Command::new(first);
    command.args(rest).args(args).arg("--trace-file").arg(&file).stdin(Stdio::null());
    let output = command.output().unwrap();
    let text = fs::read_to_string(file).unwrap();
    (output, text.lines().map(|line| serde_json::from_str(line).unwrap()).collect())
}

#[test]
fn as_root_a_low_port_is_bound_with_the_capability_raised_around_it() {
    if !is_root() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    // A network of its own, where all ports are free and as privileged as the kernel makes them.
    let (output, events) =
        traced(folder.path(), &["unshare", "-n", JACK], &["listen", "-4", "--timeout", "10ms", "80"]);
    assert_eq!(output.status.code(), Some(1), "nobody came: {output:?}");
    let job = |event: &&Value| event["origin"] == "job";
    let calls: Vec<_> = events
        .iter()
        .filter(job)
        .filter(|event| ["bind", "capget", "capset"].contains(&event["call"].as_str().unwrap()))
        .map(|event| {
            let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            (text(&event["call"]), text(&event["args"]["effective"]), text(&event["errno"]))
        })
        .collect();
    let calls: Vec<_> = calls.iter().map(|(call, set, errno)| (&call[..], &set[..], &errno[..])).collect();
    let [("capget", _, "null"), rest @ ..] = &calls[..] else { panic!("{calls:?}") };
    let expected = [
        ("capset", "0", "null"),
        ("bind", "null", "EACCES"),
        ("capget", "0", "null"),
        ("capset", "CAP_NET_BIND_SERVICE", "null"),
        ("bind", "null", "null"),
        ("capset", "0", "null"),
    ];
    assert_eq!(rest, expected);
    let bind = events.iter().find(|event| event["call"] == "bind").unwrap();
    assert_eq!(bind["privilege"], "CAP_NET_BIND_SERVICE");
    // Before the network is touched.
    let at = |call: &str| events.iter().position(|event| event["call"] == call).unwrap();
    assert!(at("capset") < at("socket"), "{calls:?}");
}

#[test]
fn a_lookup_keeps_no_privilege_at_all() {
    let folder = tempfile::tempdir().unwrap();
    let (output, events) = traced(folder.path(), &[JACK], &["resolve", "localhost"]);
    assert!(output.status.success(), "{output:?}");
    if own() == 0 {
        assert!(events.iter().all(|event| event["call"] != "capset"), "there is nothing to give up");
    } else {
        let capset = events.iter().find(|event| event["call"] == "capset").unwrap();
        assert_eq!((&capset["args"]["effective"], &capset["args"]["permitted"]), (&0.into(), &0.into()));
    }
}

#[test]
fn root_still_reaches_everybodys_files() {
    if !is_root() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    fs::set_permissions(folder.path(), Permissions::from_mode(0o700)).unwrap();
    chown(folder.path(), Some(12_345), Some(12_345)).unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();

    // A Unix socket: bound, connected to and removed; what is received goes to a file.
    let socket = format!("unix:{}", path("socket"));
    let job = Listener::start(&["listen", "-v", &socket, "--output", &path("received")]);
    let client = Command::new(JACK).args(["connect", &socket, "--data", "text:hello"]).output().unwrap();
    assert!(client.status.success(), "{client:?}");
    assert_eq!(job.ended().1, Some(0));
    assert_eq!(fs::read(path("received")).unwrap(), b"hello");
    assert!(!Path::new(&path("socket")).exists());

    // A file at the end of a relay is opened when its turn has come: appended to on the right, read from on the left.
    fs::write(path("log"), "before\n").unwrap();
    fs::set_permissions(path("log"), Permissions::from_mode(0o600)).unwrap();
    chown(path("log"), Some(12_345), Some(12_345)).unwrap();
    let job = Listener::start(&["relay", "listen:tcp://127.0.0.1:0", &format!("file:{}", path("log"))]);
    let mut client = TcpStream::connect(&job.address).unwrap();
    client.write_all(b"a line\n").unwrap();
    client.shutdown(Shutdown::Write).unwrap();
    let mut answer = Vec::new();
    client.read_to_end(&mut answer).unwrap();
    assert_eq!((job.ended().1, &answer[..]), (Some(0), &b""[..]));
    assert_eq!(fs::read(path("log")).unwrap(), b"before\na line\n");
    let job = Listener::start(&["relay", &format!("file:{}", path("log")), "listen:tcp://127.0.0.1:0"]);
    let mut client = TcpStream::connect(&job.address).unwrap();
    client.read_to_end(&mut answer).unwrap();
    drop(client);
    assert_eq!((job.ended().1, &answer[..]), (Some(0), &b"before\na line\n"[..]));
}

#[test]
fn as_root_it_is_said_why_who_has_the_port_is_not_named() {
    let holder = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = holder.local_addr().unwrap().port().to_string();
    let output =
        Command::new(JACK).args(["listen", "127.0.0.1", &port]).stdin(Stdio::null()).output().unwrap();
    let words = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{words}");
    // CAP_SYS_PTRACE of capabilities(7).
    if own() & 1 << 19 == 0 {
        let named = format!("(process {}) listens on", std::process::id());
        assert!(words.contains(&named), "a program of the same user is named: {words}");
    } else {
        assert!(words.contains("a program of user 0 listens on"), "{words}");
        assert!(words.contains("CAP_SYS_PTRACE") && !words.contains("sudo"), "{words}");
    }
}

/// Runs `script` in a network of its own whose loopback is up. `$0` is the copy of `jack`, `$AS` whatever makes its caller an
/// ordinary user.
fn in_a_network(script: &str, jack: &Path) -> Output {
    let script = format!(
        "ip link set lo up || exit 77\n\
         AS='setpriv --reuid=65534 --regid=65534 --clear-groups'\n{script}"
    );
    Command::new("unshare").args(["-n", "sh", "-c", &script]).arg(jack).stdin(Stdio::null()).output().unwrap()
}

#[test]
fn a_file_capability_is_enough_and_without_it_the_refusal_says_so() {
    if !is_root() || !has("setcap") || !has("ip") || !has("setpriv") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    fs::set_permissions(folder.path(), Permissions::from_mode(0o755)).unwrap();
    let jack = folder.path().join("jack");
    fs::copy(JACK, &jack).unwrap();
    let mounted = Command::new("findmnt").args(["-no", "OPTIONS", "--target"]).arg(folder.path()).output();
    if mounted.is_ok_and(|output| String::from_utf8_lossy(&output.stdout).contains("nosuid")) {
        skip("the folder for temporary files is mounted nosuid: file capabilities do not count there");
        return;
    }

    let refused = in_a_network("exec $AS \"$0\" listen 127.0.0.1 80", &jack);
    let words = String::from_utf8(refused.stderr).unwrap();
    assert_eq!(refused.status.code(), Some(1), "{words}");
    assert!(words.contains("bind 127.0.0.1:80: Permission denied (EACCES)"), "{words}");
    assert!(words.contains("  ports below 1024 are kept for privileged programs"), "{words}");
    let fix = format!("  → sudo setcap cap_net_bind_service+p {}", jack.display());
    assert!(words.contains(&fix), "{words}");

    // The fix, as it is given: permitted, not effective.
    let given = Command::new("setcap").arg("cap_net_bind_service+p").arg(&jack).output().unwrap();
    assert!(given.status.success(), "{given:?}");
    let conversation = "$AS \"$0\" listen 127.0.0.1 80 &\n\
         $AS \"$0\" connect --retry 600 --interval 50ms --send-only --data text:hello 127.0.0.1 80 || exit\n\
         wait $!";
    let granted = in_a_network(conversation, &jack);
    let words = String::from_utf8_lossy(&granted.stderr).into_owned();
    assert_eq!((&granted.stdout[..], granted.status.code()), (&b"hello"[..], Some(0)), "{words}");

    // What it does not cover stays refused.
    let raw = in_a_network("exec $AS \"$0\" connect --sockopt SO_MARK=1 127.0.0.1 80", &jack);
    let words = String::from_utf8_lossy(&raw.stderr).into_owned();
    assert_eq!(raw.status.code(), Some(1), "{words}");
    assert!(words.contains("EPERM") && words.contains("cap_net_admin,cap_net_bind_service+p"), "{words}");
}

#[test]
fn as_an_ordinary_user_nothing_is_raised() {
    let folder = tempfile::tempdir().unwrap();
    let start: u32 =
        fs::read_to_string("/proc/sys/net/ipv4/ip_unprivileged_port_start").unwrap().trim().parse().unwrap();
    if own() != 0 || start <= 1 {
        skip("this user may bind every port");
        return;
    }
    let (output, events) = traced(folder.path(), &[JACK], &["listen", "127.0.0.1", "1"]);
    assert_eq!(output.status.code(), Some(1));
    let words = String::from_utf8(output.stderr).unwrap();
    assert!(words.contains("CAP_NET_BIND_SERVICE") && words.contains("  → "), "{words}");
    assert!(events.iter().all(|event| event["call"] != "capset"), "{events:#?}");
}
