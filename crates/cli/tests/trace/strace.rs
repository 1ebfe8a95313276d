//! strace(1)'s record of a run, and our own, as the same plain list: for each thread its calls on sockets, in order.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde_json::Value;

/// A call and what it returned: a number or the name of an errno.
pub(crate) type Call = (String, Result<i64, String>);
/// The calls of each thread.
pub(crate) type Calls = BTreeMap<i64, Vec<Call>>;

/// How strace is run: threads too (`-f`), what a descriptor is (`-y`), one blank before a result (`-a 1`).
pub(crate) const FLAGS: &[&str] =
    &["-f", "-y", "-a", "1", "-s", "16", "-e", "trace=%network,%desc,capget,capset"];

/// Reads what strace wrote.
pub(crate) fn of_strace(text: &str) -> Calls {
    let mut calls = Calls::new();
    // A call that waits while another thread makes one stands in two parts.
    let mut unfinished: HashMap<i64, String> = HashMap::new();
    // A call that a signal ended: with a handler in this thread the program sees EINTR; when another thread takes the
    // signal, the kernel makes the call again unseen.
    let mut ended: HashMap<i64, Call> = HashMap::new();
    for line in text.lines() {
        let (thread, rest) = line.split_once(' ').unwrap();
        let (thread, rest) = (thread.parse().unwrap(), rest.trim_start());
        let interrupted = ended.remove(&thread);
        if rest.starts_with("---") {
            calls.entry(thread).or_default().extend(interrupted);
            continue;
        }
        if rest.starts_with("+++") {
            continue;
        }
        if let Some(first) = rest.strip_suffix("<unfinished ...>") {
            unfinished.insert(thread, first.to_owned());
            continue;
        }
        let whole = match rest.strip_prefix("<... ") {
            Some(second) => {
                let (_, second) = second.split_once(" resumed>").unwrap();
                unfinished.remove(&thread).unwrap() + second
            }
            None => rest.to_owned(),
        };
        match call_of_strace(&whole) {
            Some((name, Err(errno))) if errno.starts_with("ERESTART") => {
                ended.insert(thread, (name, Err("EINTR".to_owned())));
            }
            Some(call) => calls.entry(thread).or_default().push(call),
            None => {}
        }
    }
    calls
}

/// Reads one call, if it is about a socket or a privilege: `connect(5<socket:[49]>, …) = -1 EINPROGRESS (…)`.
fn call_of_strace(line: &str) -> Option<Call> {
    let (name, _) = line.split_once('(').unwrap();
    let (_, result) = line.rsplit_once(") = ").unwrap_or_else(|| panic!("a result in {line}"));
    let is_about_sockets = ["socket", "socketpair", "epoll_pwait", "capget", "capset"].contains(&name)
        || line.contains("<socket:[")
        || line.contains("<UNIX")
        || line.contains("<TCP")
        || line.contains("<UDP");
    if !is_about_sockets {
        return None;
    }
    let mut words = result.split([' ', '<']);
    let result = match (words.next().unwrap(), words.next()) {
        ("-1", Some(errno)) => Err(errno.to_owned()),
        ("?", Some(restarts)) if restarts.starts_with("ERESTART") => Err(restarts.to_owned()),
        // It never came back: the process ended.
        ("?", _) => return None,
        (number, _) => Ok(match number.strip_prefix("0x") {
            Some(hex) => i64::from_str_radix(hex, 16).unwrap(),
            None => number.parse().unwrap_or_else(|_| panic!("a number in {line}")),
        }),
    };
    Some((name.to_owned(), result))
}

/// Reads what `--trace=json` wrote: what the trace asked the kernel itself is there too, as strace sees it.
pub(crate) fn of_jack(events: &[Value]) -> Calls {
    let mut events: Vec<_> = events.iter().filter(|event| !event["syscall"].is_null()).collect();
    events.sort_by_key(|event| event["id"].as_u64().unwrap());
    let mut sockets = Sockets::of(&events);
    let mut calls = Calls::new();
    for event in events {
        let syscall = event["syscall"].as_str().unwrap();
        let about_sockets = sockets.is_about(event);
        if about_sockets || ["epoll_pwait", "capget", "capset"].contains(&syscall) {
            let result = match event["errno"].as_str() {
                Some(errno) => Err(errno.to_owned()),
                None => Ok(event["result"].as_i64().unwrap()),
            };
            let thread = event["thread"].as_i64().unwrap();
            calls.entry(thread).or_default().push((syscall.to_owned(), result));
        }
    }
    calls
}

/// Which descriptors are sockets. A number that a file had before, or has after, is followed from call to call; one that
/// only sockets ever had needs no order of calls, which two threads may make at the same time.
struct Sockets {
    never_files: HashSet<i64>,
    now: HashSet<i64>,
}

const MAKING_SOCKETS: &[&str] = &["socket", "socketpair", "accept"];
const MAKING_FILES: &[&str] = &["open", "pipe", "eventfd", "epoll_create"];

impl Sockets {
    fn of(events: &[&Value]) -> Self {
        let made_by = |calls: &[&str]| -> HashSet<i64> {
            let makers = events.iter().filter(|event| calls.contains(&event["call"].as_str().unwrap()));
            makers.flat_map(|event| made(event)).collect()
        };
        let files = made_by(MAKING_FILES);
        Self { never_files: &made_by(MAKING_SOCKETS) - &files, now: HashSet::new() }
    }

    fn is_about(&mut self, event: &Value) -> bool {
        let call = event["call"].as_str().unwrap();
        let args = &event["args"];
        let mut named: Vec<_> = ["fd", "fd_in", "fd_out", "in_fd", "out_fd"]
            .iter()
            .filter_map(|name| args[name].as_i64())
            .chain(args["fds"].as_array().into_iter().flatten().filter_map(|fd| fd["fd"].as_i64()))
            .collect();
        for set in ["read", "write", "except"] {
            named.extend(args[set].as_array().into_iter().flatten().filter_map(Value::as_i64));
        }
        let about = named.iter().any(|fd| self.never_files.contains(fd) || self.now.contains(fd));
        if call == "close" {
            self.now.remove(&args["fd"].as_i64().unwrap());
        }
        if MAKING_SOCKETS.contains(&call) || call == "dup" && about {
            self.now.extend(made(event));
        }
        about || MAKING_SOCKETS.contains(&call)
    }
}

/// Lists the descriptors that a call made.
fn made(event: &Value) -> Vec<i64> {
    if !event["errno"].is_null() {
        return Vec::new();
    }
    let pair = ["pair", "ends"].iter().find_map(|name| event["args"][name].as_array());
    match pair {
        Some(pair) => pair.iter().filter_map(Value::as_i64).collect(),
        None => event["result"].as_i64().into_iter().collect(),
    }
}

#[test]
fn lines_of_strace_are_read() {
    let text = "\
7 openat(AT_FDCWD, \"/etc/hosts\", O_RDONLY|O_CLOEXEC) = 4</etc/hosts>
7 socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) = 4<socket:[1]>
7 connect(4<socket:[1]>, {sa_family=AF_INET}, 16) = -1 EINPROGRESS (Operation now in progress)
7 ppoll([{fd=4<socket:[1]>, events=POLLIN}], 1, NULL, NULL, 8 <unfinished ...>
8 fcntl(5<socket:[2]>, F_GETFL) = 0x802 (flags O_RDWR|O_NONBLOCK)
7 <... ppoll resumed>) = 1 ([{fd=4, revents=POLLIN}])
8 recvfrom(5<socket:[2]>, \") = 7\", 16, 0, NULL, NULL) = 5
8 ppoll([{fd=5<socket:[2]>, events=POLLIN}], 1, NULL, NULL, 8) = ? ERESTARTNOHAND (To be restarted if no handler)
8 --- SIGINT {si_signo=SIGINT} ---
8 ppoll([{fd=5<socket:[2]>, events=POLLIN}], 1, NULL, NULL, 8) = ? ERESTARTNOHAND (To be restarted if no handler)
8 ppoll([{fd=5<socket:[2]>, events=POLLIN}], 1, NULL, NULL, 8) = 1 ([{fd=5, revents=POLLIN}])
8 socket(AF_INET, SOCK_RAW, IPPROTO_ICMP) = -1 EPERM (Operation not permitted)
7 write(1</dev/null>, \"x\", 1) = 1
7 +++ exited with 0 +++";
    let ok = |name: &str, number| (name.to_owned(), Ok(number));
    let err = |name: &str, errno: &str| (name.to_owned(), Err(errno.to_owned()));
    let calls = of_strace(text);
    assert_eq!(calls[&7], [ok("socket", 4), err("connect", "EINPROGRESS"), ok("ppoll", 1)]);
    let expected = [
        ok("fcntl", 0x802),
        ok("recvfrom", 5),
        err("ppoll", "EINTR"),
        ok("ppoll", 1),
        err("socket", "EPERM"),
    ];
    assert_eq!(calls[&8], expected);
}
