//! `jack explain`: its plan of a command is what the command does, its chapters' commands run.
#![cfg(test)] // Already so, but this tells clippy, too: helpers may unwrap.
#![expect(clippy::disallowed_types, reason = "the other side must not be our own code")]

use std::io::{BufRead, Read, Write};
use std::net::{TcpListener, UdpSocket};
use std::process::{Command, Output, Stdio};
use std::thread;

use jackfield::manual::{self, TOPICS};
use serde_json::Value;

fn jack(args: &[&str], input: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_jack"))
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A command that reads no input may have ended.
    let _ = child.stdin.take().unwrap().write_all(input);
    child.wait_with_output().unwrap()
}

fn objects(text: &[u8]) -> Vec<Value> {
    text.split(|byte| *byte == b'\n')
        .filter(|line| line.starts_with(b"{"))
        .map(|line| serde_json::from_slice(line).unwrap())
        .collect()
}

/// What a step is, however often it happens and whatever numbers the descriptors got.
fn step(event: &Value) -> String {
    let args = &event["args"];
    let subject = match event["call"].as_str().unwrap() {
        "socket" => format!("{} {}", args["family"], args["type"]),
        "bind" | "connect" => args["address"].to_string(),
        "setsockopt" | "getsockopt" => format!("{} {}", args["level"], args["name"]),
        "open" => args["path"].to_string(),
        "getaddrinfo" => format!("{} {}", args["node"], args["service"]),
        // Writing goes to standard output, or to the same pipe opened once more.
        "read" => match args["fd"].as_i64() {
            Some(0..=2) => args["fd"].to_string(),
            _ => String::new(),
        },
        _ => String::new(),
    };
    let (call, side, privilege) = (&event["call"], &event["side"], &event["privilege"]);
    format!("{call} {subject} {side} {privilege} {}", event["syscall"])
}

/// The steps of a list of events, each once.
fn steps(events: &[Value]) -> Vec<String> {
    // What differs by nature: a rehearsal gives up no privilege, and asks nothing of the standard output that it has.
    let own = ["\"fstat\"", "\"open\" \"/proc/self/fd/1\"", "\"capget\"", "\"capset\""];
    let mut steps = Vec::new();
    for event in events.iter().filter(|event| event["origin"] == "job") {
        let step = step(event);
        if !own.iter().any(|own| step.starts_with(own)) && !steps.contains(&step) {
            steps.push(step);
        }
    }
    steps.sort();
    steps
}

/// Compares the plan of a command with the trace of it.
fn same(args: &[&str], input: &[u8]) {
    let plan = jack(&[&["explain", "--json", "--", "jack"], args].concat(), b"");
    assert!(plan.status.success(), "{plan:?}");
    let planned = steps(&objects(&plan.stdout));
    let ran = jack(&[args, &["--trace=json"]].concat(), input);
    let (plan, trace) = (objects(&plan.stdout), objects(&ran.stderr));
    assert_eq!(planned, steps(&trace), "the plan and the trace of {args:?}");
    assert!(!planned.is_empty());
    assert_eq!(first_socket(&plan), Some(1), "{args:?}");
    assert_eq!(first_socket(&trace), Some(1), "{args:?}");
}

/// How far the lowest number of a socket is from that of the event descriptor, which comes first: who runs the command may
/// have left it descriptors of his own. A pipe that is standard output is opened once more between them, in a run alone.
fn first_socket(events: &[Value]) -> Option<i64> {
    let of_job = |event: &&Value| event["origin"] == "job" && event["side"] == "kernel";
    let events: Vec<_> = events.iter().filter(of_job).collect();
    let made = |call: &str| {
        let made = events.iter().filter(|event| event["call"] == call);
        made.filter_map(|event| event["result"].as_i64()).min()
    };
    let reopened = events.iter().any(|event| event["args"]["path"] == "/proc/self/fd/1");
    Some(made("socket")? - made("eventfd")? - i64::from(reopened))
}

/// Answers one client after its end of input.
fn serve_one(server: TcpListener) -> thread::JoinHandle<Vec<u8>> {
    thread::spawn(move || {
        let (mut peer, _) = server.accept().unwrap();
        let mut got = Vec::new();
        peer.read_to_end(&mut got).unwrap();
        peer.write_all(b"answer").unwrap();
        got
    })
}

#[test]
fn the_plan_of_a_client_is_what_it_does() {
    let server = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = server.local_addr().unwrap().port().to_string();
    let serving = serve_one(server);
    same(&["connect", "127.0.0.1", &port], b"hello\n");
    assert_eq!(serving.join().unwrap(), b"hello\n", "the plan itself did not connect");
}

#[test]
fn the_plan_of_a_name_is_what_it_does() {
    let server = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = server.local_addr().unwrap().port().to_string();
    let serving = serve_one(server);
    same(&["connect", "-4", "localhost", &port], b"hello\n");
    serving.join().unwrap();
}

#[test]
fn the_plan_of_datagrams_is_what_they_do() {
    let server = UdpSocket::bind("127.0.0.1:0").unwrap();
    let port = server.local_addr().unwrap().port().to_string();
    let serving = thread::spawn(move || {
        let mut room = [0; 100];
        let (n, peer) = server.recv_from(&mut room).unwrap();
        server.send_to(&room[..n], peer).unwrap();
    });
    same(&["connect", "-u", "127.0.0.1", &port], b"hello\n");
    serving.join().unwrap();
}

#[test]
fn the_plan_of_asking_ports_is_what_is_asked() {
    let server = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = server.local_addr().unwrap().port();
    // One, and several, which are asked at once.
    same(&["connect", "-z", "127.0.0.1", &port.to_string()], b"");
    same(&["connect", "-z", "127.0.0.1", &format!("{}-{port}", port - 1)], b"");
    let silent = UdpSocket::bind("127.0.0.1:0").unwrap();
    let port = silent.local_addr().unwrap().port().to_string();
    let plan = jack(&["explain", "--json", "--", "connect", "-zu", "127.0.0.1", &port], b"");
    assert!(plan.status.success(), "{plan:?}");
}

#[test]
fn the_plan_of_a_foreign_command_is_made_by_its_dialect() {
    let plan = jack(&["explain", "--", "nc", "-l", "-p", "2222"], b"");
    let words = String::from_utf8(plan.stdout).unwrap();
    assert!(words.contains("bind(3, 0.0.0.0:2222)") && words.contains("accept(3"), "{words}");
    let unknown = jack(&["explain", "--", "nmap", "-sS", "host"], b"");
    assert_eq!(unknown.status.code(), Some(2));
    let words = String::from_utf8(unknown.stderr).unwrap();
    assert!(words.contains("'nmap'"), "{words}");
}

/// What the rehearsal made up is no fact: it is marked in words and listed in JSON; what is real stands as it is.
#[test]
fn a_plan_marks_what_it_made_up() {
    let server = UdpSocket::bind("127.0.0.1:0").unwrap();
    let dns = server.local_addr().unwrap().to_string();
    for (command, shown, hidden) in [
        (
            &["connect", "127.0.0.1", "7000"][..],
            &["write(1, …, <n>)", "send(4, …, <n>", "getsockname(4, <local>)"][..],
            &[", 6)", ", 6,"][..],
        ),
        (
            &["connect", "--data", "text:hi", "127.0.0.1", "7000"],
            &["send(4, b\"hi\", 2", "write(1, …, <n>)"],
            &["x00"],
        ),
        (
            &["listen", "-u", "2222"],
            &["recvfrom(4, …, 65536, MSG_TRUNC, <peer>) [again]", "sendto(4, …, <n>, MSG_NOSIGNAL, <peer>)"],
            &["unspecified"],
        ),
        (&["listen", "-k", "7000"], &["accept(4, <peer>, ", "= 7 [again]"], &["1048"]),
        (
            &["connect", "--dns-server", &dns, "name.test", "80"],
            &["connect(4, <address>:80)", "In <…> stands what only a run knows"],
            &["192.0.2.1", "2001:db8"],
        ),
        (&["connect", "192.0.2.1", "80"], &["connect(4, 192.0.2.1:80)"], &["<address>"]),
    ] {
        let plan = jack(&[&["explain", "--"], command].concat(), b"");
        let words = String::from_utf8(plan.stdout).unwrap();
        for part in shown {
            assert!(words.contains(part), "{command:?}: no {part} in {words}");
        }
        for part in hidden {
            assert!(!words.contains(part), "{command:?}: {part} in {words}");
        }
        assert!(words.lines().skip(1).all(|line| line.chars().count() <= 80), "{words}");
        let plan = jack(&[&["explain", "--json", "--"], command].concat(), b"");
        for event in objects(&plan.stdout).iter().filter(|event| event["event"] == "step") {
            let made_up: Vec<_> =
                event["made_up"].as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
            for (name, value) in event["args"].as_object().unwrap() {
                let text = value.to_string();
                let placeholder = text.contains('<') || text.contains('…');
                assert!(!placeholder || made_up.contains(&name.as_str()), "{event}");
                // Also a file that the rehearsal opens has another number in a run.
                let of_a_run = placeholder || name == "fd";
                assert!(
                    !made_up.contains(&name.as_str()) || event["rehearsed"] == true || of_a_run,
                    "{event}"
                );
            }
            assert!(event["times"].is_null() || event["times"].as_u64() >= Some(1), "{event}");
        }
    }
    server.set_nonblocking(true).unwrap();
    assert!(server.recv(&mut [0; 512]).is_err(), "the plan asked the name server");
}

/// No capability is asked for a name in the file system, and yet not everybody may make one.
#[test]
fn a_plan_says_where_a_name_is_made() {
    for (command, makes) in [
        (&["listen", "-U", "/run/x/s"][..], true),
        (&["listen", "unix-dgram:/run/x/s"], true),
        (&["connect", "--output", "/run/x/out", "127.0.0.1", "7000"], true),
        (&["listen", "unix:@abstract"], false),
        (&["connect", "-U", "/run/x/s"], false),
        (&["listen", "7000"], false),
    ] {
        let plan = jack(&[&["explain", "--"], command].concat(), b"");
        let words = String::from_utf8(plan.stdout).unwrap();
        let end = "privilege needed: none\nand the permission to write in the folder of the path\n";
        assert_eq!(words.ends_with(end), makes, "{command:?}: {words}");
        let plan = jack(&[&["explain", "--json", "--"], command].concat(), b"");
        let sum = objects(&plan.stdout).pop().unwrap();
        assert_eq!(
            (&sum["event"], &sum["makes_a_name"]),
            (&"sum".into(), &makes.into()),
            "{command:?}: {sum}"
        );
    }
}

/// Each open gets the lowest number that is free, as in a run, whether it is made up or a file that decides the plan.
#[test]
fn a_plan_gives_no_number_to_two_descriptors() {
    let plan = jack(&["explain", "--json", "--", "connect", "localhost", "7000"], b"");
    let mut open = vec![0, 1, 2];
    for step in objects(&plan.stdout) {
        let call = step["call"].as_str().unwrap_or_default();
        if let Some(fd) = step["result"].as_i64().filter(|_| ["eventfd", "open", "socket"].contains(&call)) {
            let lowest = (0..).find(|number| !open.contains(number)).unwrap();
            assert_eq!(fd, lowest, "{step}");
            open.push(fd);
        }
        let fd = step["args"]["fd"].as_i64();
        assert!(fd.is_none_or(|fd| open.contains(&fd)), "{step}");
        open.retain(|number| call != "close" || Some(*number) != fd);
    }
    assert_eq!(open, [0, 1, 2, 3], "Ctrl-C is caught to the end");
}

/// What goes round is said to, and what is done once is not.
#[test]
fn a_plan_says_what_repeats() {
    let plan = jack(&["explain", "--json", "--", "listen", "-k", "7000"], b"");
    let events = objects(&plan.stdout);
    let times = |call: &str| events.iter().find(|event| event["call"] == call).unwrap()["times"].clone();
    for call in ["accept", "poll", "recv", "send", "read", "write"] {
        assert_eq!(times(call), Value::Null, "{call}");
    }
    for call in ["bind", "listen", "setsockopt", "shutdown"] {
        assert_eq!(times(call), 1, "{call}");
    }
}

#[test]
fn a_plan_of_a_dialect_is_made_however_it_is_asked_for() {
    for command in [
        &["--dialect", "nc", "-l", "2222"][..],
        &["jack", "--dialect=nc", "-l", "2222"],
        &["listen", "--dialect", "nc", "2222"],
        &["/usr/bin/nc", "-l", "2222"],
    ] {
        let plan = jack(&[&["explain", "--"], command].concat(), b"");
        let words = String::from_utf8(plan.stdout).unwrap();
        assert!(words.contains("bind(3, 0.0.0.0:2222)"), "{command:?}: {words}");
    }
}

#[test]
fn a_plan_sends_opens_and_writes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("out");
    let server = TcpListener::bind("127.0.0.1:0").unwrap();
    server.set_nonblocking(true).unwrap();
    let port = server.local_addr().unwrap().port().to_string();
    let file_name = file.to_str().unwrap();
    let plan = jack(&["explain", "--", "connect", "--output", file_name, "127.0.0.1", &port], b"");
    assert!(plan.status.success(), "{plan:?}");
    assert!(!file.exists());
    assert_eq!(server.accept().unwrap_err().kind(), std::io::ErrorKind::WouldBlock);
}

/// The rehearsed job says nothing itself: what it would say rests on what the rehearsal made up.
#[test]
fn a_plan_is_all_that_is_said() {
    let server = UdpSocket::bind("127.0.0.1:0").unwrap();
    let dns = server.local_addr().unwrap().to_string();
    for command in [
        &["resolve", "localhost"][..],
        &["resolve", "--json", "localhost"],
        &["resolve", "--dns-server", &dns, "--timeout", "1", "10.1.2.3", "name.test"],
        &["resolve", "--json", "--trace", "--dns-server", &dns, "name.test"],
        &["connect", "-v", "127.0.0.1", "7000"],
        &["connect", "--json", "127.0.0.1", "7000"],
        &["connect", "-zv", "127.0.0.1", "7000-7001"],
        &["connect", "-z", "--json", "127.0.0.1", "7000"],
        &["listen", "-v", "0"],
        &["listen", "-k", "--json", "--trace", "0"],
        &["relay", "-vv", "listen:0", "127.0.0.1:7000"],
        &["relay", "--json", "listen:0", "127.0.0.1:7000"],
        &["nc", "-v", "-l", "7000"],
        &["nc", "-vz", "127.0.0.1", "7000"],
    ] {
        let plan = jack(&[&["explain", "--"], command].concat(), b"");
        assert!(plan.status.success(), "{command:?}: {plan:?}");
        assert_eq!(String::from_utf8_lossy(&plan.stderr), "", "{command:?}");
        let words = String::from_utf8(plan.stdout).unwrap();
        assert!(words.starts_with(&format!("{} would do this", command.join(" "))), "{command:?}: {words}");
        assert!(!words.contains("host.example"), "{command:?}: {words}");
        let plan = jack(&[&["explain", "--json", "--"], command].concat(), b"");
        assert_eq!(String::from_utf8_lossy(&plan.stderr), "", "{command:?}");
        let lines: Vec<Value> =
            plan.stdout.lines().map(|line| serde_json::from_str(&line.unwrap()).unwrap()).collect();
        let (first, rest) = lines.split_first().unwrap();
        assert_eq!((&first["schema"], &first["job"]), (&1.into(), &"explain".into()), "{command:?}");
        let (last, steps) = rest.split_last().unwrap();
        assert!(!steps.is_empty() && steps.iter().all(|line| line["event"] == "step"), "{command:?}");
        assert_eq!(last["event"], "sum", "{command:?}");
    }
    server.set_nonblocking(true).unwrap();
    assert!(server.recv(&mut [0; 512]).is_err(), "the plan asked the name server");
}

#[test]
fn a_mistake_in_the_command_is_told_as_the_command_tells_it() {
    let plan = jack(&["explain", "--", "connect", "localhost", "99999"], b"");
    assert_eq!(plan.status.code(), Some(2));
    let words = String::from_utf8(plan.stderr).unwrap();
    assert!(words.contains("0 to 65535"), "{words}");
}

#[test]
fn every_topic_can_be_read_and_a_wrong_word_finds_its_neighbours() {
    for topic in TOPICS {
        let page = jack(&["explain", topic.name], b"");
        assert!(page.status.success(), "{}", topic.name);
        let words = String::from_utf8(page.stdout).unwrap();
        assert_eq!(words.lines().next().unwrap(), format!("{}: {}", topic.name, topic.title));
        assert!(!words.lines().any(|line| line.starts_with("```")), "{words}");
    }
    let wrong = jack(&["explain", "tiem_wait"], b"");
    assert_eq!(wrong.status.code(), Some(1));
    assert!(String::from_utf8(wrong.stderr).unwrap().contains("did you mean time_wait?"));
}

#[test]
fn a_topic_is_found_by_the_words_that_people_type() {
    for (words, said) in [
        (&["time", "wait"][..], "time_wait: the connection after its end\n"),
        (&["ephemeral", "ports"], "ephemeral: "),
        (&["nagle"], "nagle: "),
        (&["SO_LINGER"], "SO_LINGER\n    Lets close(2) wait"),
        (&["so_linger"], "close: giving the descriptor back"),
        (&["IP_MULTICAST_LOOP"], "--sockopt IP_MULTICAST_LOOP=VALUE"),
        (&["getsockname"], "getsockname\n    Asks for the local address"),
        (&["ENOTDIR"], "Errno 20: Not a directory."),
        (&["111"], "ECONNREFUSED\n    Errno 111: Connection refused."),
        (&["stay"], "--stay\n    Go on sending"),
        (&["--stay"], "--stay\n    Go on sending"),
        (&["--", "--stay"], "--stay\n    Go on sending"),
        (&["--timeout"], "--timeout\n"),
        (&["--trace"], "--trace\n"),
        (&["-k"], "--keep-open, -k\n"),
        (&["--", "--json"], "--json\n"),
        (&["--json", "--stay"], "{\"event\":\"entry\",\"kind\":\"flag\""),
        (&["--stay", "--json"], "{\"event\":\"entry\",\"kind\":\"flag\""),
        (&["--stay", "--help"], "Usage: jack explain"),
        (&["-h"], "Usage: jack explain"),
        (&["--json"], "{\"event\":\"topic\""),
        (&["keep-open"], "of jack listen"),
        (&["hypervisor's", "device"], "speak of it:\n  vsock  "),
        (&["json"], "json: what --json and --trace=json write\n"),
        (&["exit", "codes"], "130  interrupted"),
        (&["endpoints"], "unix:/path"),
    ] {
        let output = jack(&[&["explain"], words].concat(), b"");
        let text = String::from_utf8(output.stdout).unwrap();
        assert_eq!((output.status.code(), text.contains(said)), (Some(0), true), "{words:?}: {text}");
    }
    for mistake in [&["--nonsense"][..], &["--stay", "--", "listen", "80"], &["--stay", "--nonsense"]] {
        let output = jack(&[&["explain"], mistake].concat(), b"");
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{mistake:?}");
    }
    let nothing = jack(&["explain", "xyzzy", "plugh"], b"");
    assert_eq!((nothing.status.code(), nothing.stdout.len()), (Some(1), 0));
    assert!(String::from_utf8(nothing.stderr).unwrap().contains("'xyzzy plugh'"));
}

/// The contract of JSON is in the binary, and what the binary says of a word is in the contract.
#[test]
fn what_explain_finds_is_json_too() {
    let contract = jack(&["explain", "json", "--json"], b"");
    let lines = objects(&contract.stdout);
    let text = lines.last().unwrap()["text"].as_str().unwrap();
    assert_eq!(text, include_str!("../../../docs/json.md"));
    for (words, event) in
        [("SO_LINGER", "entry"), ("hypervisor's device", "mention"), ("stay", "entry"), ("bind", "topic")]
    {
        let output = jack(&["explain", "--json", words], b"");
        let found = objects(&output.stdout).into_iter().find(|line| line["event"] == event);
        let found = found.unwrap_or_else(|| panic!("{words}: no {event}"));
        for key in found.as_object().unwrap().keys().filter(|key| *key != "event") {
            assert!(text.contains(&format!("`{key}`")), "{event}: {key} is not in the contract");
        }
    }
}

/// The commands in the chapters run, end by themselves, and are no mistakes.
#[test]
fn the_commands_of_the_manual_run() {
    let commands: Vec<_> = TOPICS
        .iter()
        .flat_map(|topic| commands(topic.text).into_iter().map(|line| (topic.name, line)))
        .collect();
    assert!(commands.len() >= 25, "most chapters show one: {}", commands.len());
    let run = |(name, command): (&'static str, String)| {
        thread::spawn(move || {
            let words: Vec<_> = command.split_whitespace().skip(1).collect();
            let output = jack(&words, b"");
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            // 1 is an answer as well: refused is what some of them show.
            assert!(matches!(output.status.code(), Some(0 | 1)), "{name}: {command}: {said}");
            assert!(!said.contains("panicked"), "{name}: {command}: {said}");
        })
    };
    let threads: Vec<_> = commands.into_iter().map(run).collect();
    threads.into_iter().for_each(|thread| thread.join().unwrap());
}

/// The `$ jack` lines of a chapter's plain console fences.
fn commands(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut inside = false;
    for line in text.lines() {
        match line {
            "```console" => inside = true,
            "```" => inside = false,
            line if inside => found.extend(line.strip_prefix("$ ").map(str::to_owned)),
            _ => {}
        }
    }
    found
}

/// The examples of the README, of the help and of the references are commands that can be meant: bash reads each line, and
/// in place of what it would do its plan is made.
#[test]
fn the_examples_that_we_show_can_be_meant() {
    let mut lines: Vec<String> = Vec::new();
    let references = manual::REFERENCES.iter().map(|topic| topic.text);
    for document in [include_str!("../../../README.md")].into_iter().chain(references) {
        lines.extend(commands(document));
    }
    for job in ["connect", "listen", "relay", "resolve", "explain", "doctor", "tour", "gen"] {
        let help = String::from_utf8(jack(&[job, "--help"], b"").stdout).unwrap();
        let examples = help.split("Examples:\n").nth(1).unwrap_or_else(|| panic!("{job}: no examples"));
        let line =
            |line: &str| line.strip_prefix("  ").filter(|line| !line.starts_with(' ')).map(str::to_owned);
        lines.extend(examples.lines().filter_map(line));
    }
    lines.retain(|line| line.contains("jack ") || line.starts_with("nc "));
    assert!(lines.len() >= 45, "{}", lines.len());
    let prelude = r#"
        jack() {
            case $1 in
            connect | listen | relay | resolve) command "$JACK" explain -- "$@" >/dev/null ;;
            # One that takes a minute, and one that would be completions of this shell.
            tour) "$JACK" tour --help >/dev/null ;;
            --dialect) command "$JACK" explain -- "$@" >/dev/null ;;
            *) command "$JACK" "$@" ;;
            esac
            local code=$?
            ((code < 2)) || echo "exit $code" >&2
        }
        nc() { jack --dialect nc "$@"; }
        man() { cat; }
        ln() { :; }
        mkdir() { :; }
        cd "$0" || exit
    "#;
    let home = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(home.path().join(".config/fish/completions")).unwrap();
    for line in lines {
        let mut bash = Command::new("bash");
        bash.args(["-c", &format!("{prelude}\n{line}\nwait"), home.path().to_str().unwrap()]);
        bash.env("JACK", env!("CARGO_BIN_EXE_jack")).env("HOME", home.path()).stdin(Stdio::null());
        let output = bash.output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        for bad in ["exit 2", "exit 101", "panicked", "syntax error", "not found"] {
            assert!(!said.contains(bad), "{line}: {said}");
        }
    }
}
