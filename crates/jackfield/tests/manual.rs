//! The manual's promises: one screen a chapter, always the same parts, words that lead somewhere, programs that run.
//!
//! A missing python3 is a visible skip for a user and a failure where `CI` is set.
#![cfg(test)] // Already so, but this tells clippy, too: helpers may unwrap.

use std::collections::HashMap;
use std::io::{Read, Write};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use jackfield::manual::{self, REFERENCES, TOPICS, Topic};
use sock::{Errno, Op};

const WIDTH: usize = 78;
const SCREEN: std::ops::RangeInclusive<usize> = 30..=48;
const PARTS: [&str; 6] = ["Picture", "Smallest program", "What goes wrong", "Privilege", "See it", "Read on"];
/// A program is given this long, and then ended.
const PATIENCE: Duration = Duration::from_secs(10);

#[test]
fn a_chapter_is_one_screen() {
    for topic in TOPICS {
        let lines = topic.text.lines().count();
        assert!(SCREEN.contains(&lines), "{}: {lines} lines", topic.name);
        for (number, line) in (1..).zip(topic.text.lines()) {
            let columns = line.chars().count();
            assert!(columns <= WIDTH, "{}.md:{number}: {columns} columns", topic.name);
            assert_eq!(line.trim_end(), line, "{}.md:{number}: ends in space", topic.name);
            assert!(!line.contains(char::is_control), "{}.md:{number}: a control character", topic.name);
        }
    }
}

#[test]
fn a_chapter_has_every_part_in_order() {
    for topic in TOPICS {
        let (name, title) = (topic.name, topic.title);
        assert!(topic.text.starts_with(&format!("# {name}: {title}\n\n")), "{name}: title");
        assert!(!title.is_empty() && topic.text.ends_with('\n'), "{name}");
        let headings: Vec<_> = topic.text.lines().filter_map(|line| line.strip_prefix("## ")).collect();
        assert_eq!(headings, PARTS, "{name}");
        let what = topic.text.lines().skip(2).take_while(|line| !line.is_empty()).count();
        assert!((2..=6).contains(&what), "{name}: the first paragraph has {what} lines");
        assert_eq!(topic.text.lines().nth(2 + what + 1), Some("## Picture"), "{name}: one paragraph");
        assert_eq!(fence(topic, "Picture").0, "text", "{name}");
        assert_eq!(part(topic, "Privilege").len(), 1, "{name}: the privilege is one line");
        assert!(!part(topic, "Read on").is_empty(), "{name}");
    }
}

#[test]
fn what_goes_wrong_has_symptom_cause_and_fix() {
    for topic in TOPICS {
        let text = part(topic, "What goes wrong").join("\n");
        let rows: Vec<_> = text.strip_prefix("- ").unwrap().split("\n- ").collect();
        assert!((2..=4).contains(&rows.len()), "{}: {} rows", topic.name, rows.len());
        for row in rows {
            assert_eq!(row.matches('→').count(), 2, "{}: {row}", topic.name);
            assert!(row.lines().skip(1).all(|line| line.starts_with("  ")), "{}: {row}", topic.name);
        }
    }
}

#[test]
fn see_it_can_be_typed() {
    for topic in TOPICS {
        let (language, lines) = fence(topic, "See it");
        assert!((1..=3).contains(&lines.len()), "{}: {} commands", topic.name, lines.len());
        assert!(lines.iter().all(|line| line.starts_with("$ ")), "{}: {lines:?}", topic.name);
        assert!(lines.iter().any(|line| line.contains("jack ")), "{}: {lines:?}", topic.name);
        match language {
            // Somebody must type in the other terminal.
            "console two-terminals" => {}
            // These a test can run: `jack` alone, and no shell.
            "console" => {
                let alone = |line: &&str| {
                    line.strip_prefix("$ jack ")
                        .is_some_and(|rest| !rest.contains(['|', '&', '<', ';', '$', '#', '"']))
                };
                assert!(lines.iter().all(alone), "{}: {lines:?}", topic.name);
            }
            other => panic!("{}: {other}", topic.name),
        }
    }
}

#[test]
fn no_word_leads_to_two_topics() {
    let mut seen = HashMap::new();
    for topic in manual::all() {
        for word in std::iter::once(&topic.name).chain(topic.aliases) {
            let form = word.to_ascii_lowercase().replace(['_', ' ', '-'], "");
            if let Some(before) = seen.insert(form, topic.name) {
                panic!("{word} leads to {before} and to {}", topic.name);
            }
        }
    }
}

#[test]
fn every_errno_exists_and_leads_back() {
    let known: Vec<_> = (1..200).filter_map(|number| Errno(number).name()).chain(["EWOULDBLOCK"]).collect();
    // Words of the same shape: a TCP state, and the end of a file.
    let others = ["ESTABLISHED", "EOF"];
    for topic in TOPICS {
        let aliases = topic.aliases.join(" ");
        for text in [topic.text, &aliases] {
            let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
            let looks_so = |word: &&str| {
                word.len() > 3
                    && word.starts_with('E')
                    && word.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
            };
            for word in words.filter(looks_so).filter(|word| !others.contains(word)) {
                assert!(known.contains(&word), "{}: no errno {word}", topic.name);
                let leads = manual::find(word).is_some() || manual::suggest(word).contains(&topic);
                assert!(leads, "{}: {word} leads nowhere", topic.name);
            }
        }
    }
}

/// The first set of topics, and what students ask beside it: each is found by that very word.
#[test]
fn the_first_set_is_complete() {
    for word in [
        "socket",
        "bind",
        "listen",
        "backlog",
        "accept",
        "connect",
        "send",
        "recv",
        "shutdown",
        "close",
        "time_wait",
        "reuseaddr",
        "partial",
        "framing",
        "bytes",
        "endian",
        "udp",
        "udp-connect",
        "nonblock",
        "poll",
        "EPIPE",
        "SIGPIPE",
        "ECONNREFUSED",
        "timeout",
        "RST",
        "raw",
        "packet socket",
        "capabilities",
        "ports<1024",
        "icmp-socket",
        "promisc",
        "checksum offload",
        "bad checksum",
        "MTU",
        "fragment",
        "loopback",
        "nagle",
        "ephemeral ports",
        "vsock",
        "keepalive",
        "half-open",
    ] {
        let topic = manual::find(word).unwrap_or_else(|| panic!("no topic for {word}"));
        assert!(TOPICS.contains(topic), "{word}");
    }
}

/// The references are found, name themselves, and say the whole of what they are about.
#[test]
fn references_are_whole() {
    for topic in REFERENCES {
        let (name, title) = (topic.name, topic.title);
        assert!(
            topic.text.starts_with(&format!("# {name}: {title}\n\n")) && topic.text.ends_with('\n'),
            "{name}"
        );
        assert_eq!(manual::find(name), Some(topic), "{name}");
        assert_eq!(topic.text.matches("```").count() % 2, 0, "{name}");
    }
    let data = manual::find("data").unwrap().text;
    for form in codec::data::FORMS {
        let line = data.lines().find(|line| line.starts_with(form.example));
        assert!(line.is_some_and(|line| line.ends_with(form.doc)), "{}", form.prefix);
    }
    let fence = data.split("```").nth(1).unwrap();
    assert_eq!(fence.lines().count(), 1 + codec::data::FORMS.len(), "a line for each form");
    let endpoint = manual::find("endpoint").unwrap().text;
    for word in [
        "tcp",
        "udp",
        "unix",
        "unix-dgram",
        "unix-seqpacket",
        "vsock",
        "/dev/tcp/",
        "/dev/udp/",
        "file",
        "listen",
    ] {
        assert!(endpoint.lines().any(|line| line.starts_with(word)), "{word}");
    }
}

#[test]
fn every_operation_of_the_trace_has_a_topic() {
    for op in Op::ALL {
        assert!(manual::find(op.name()).is_some(), "no topic for {}: add an alias", op.name());
    }
}

#[test]
fn every_topic_that_a_chapter_names_exists() {
    for topic in TOPICS {
        for (at, begin) in topic.text.match_indices("`jack explain ") {
            let word = topic.text[at + begin.len()..].split('`').next().unwrap();
            assert!(manual::find(word).is_some(), "{}: jack explain {word}", topic.name);
        }
    }
}

#[test]
fn every_program_runs() {
    for topic in TOPICS {
        let (language, lines) = fence(topic, "Smallest program");
        assert_eq!(language, "python", "{}", topic.name);
        assert!((2..=8).contains(&lines.len()), "{}: {} lines", topic.name, lines.len());
        let Some(child) = python(&lines.join("\n")) else { return };
        let (status, complaints) = finish(topic.name, child);
        assert!(status.success(), "{}: the program failed: {complaints}", topic.name);
        assert_eq!(complaints, "", "{}: the program complains", topic.name);
    }
}

/// Starts a program; nothing when there is no Python to run it.
fn python(program: &str) -> Option<Child> {
    let mut command = Command::new("python3");
    // -E, -s: the same for everybody, whatever their environment and home hold.
    command.args(["-E", "-s", "-W", "error::SyntaxWarning", "-c", program]);
    match command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn() {
        Ok(child) => Some(child),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            assert!(std::env::var_os("CI").is_none(), "python3 is not installed, and CI must have it");
            // Not `eprintln!`, which the harness hides when the test passes.
            writeln!(
                std::io::stderr(),
                "skipped: python3 is not installed, the manual's programs are not run"
            )
            .unwrap();
            None
        }
        Err(error) => panic!("python3 does not start: {error}"),
    }
}

/// Waits for a program, and ends it when it takes too long; returns its status and what it wrote to stderr.
fn finish(name: &str, mut child: Child) -> (ExitStatus, String) {
    let until = Instant::now() + PATIENCE;
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        if Instant::now() > until {
            child.kill().unwrap();
            child.wait().unwrap();
            panic!("{name}: the program runs for more than {PATIENCE:?}");
        }
        std::thread::sleep(Duration::from_millis(5));
    };
    let mut complaints = String::new();
    child.stderr.take().unwrap().read_to_string(&mut complaints).unwrap();
    (status, complaints)
}

/// Returns the lines of a part, without its heading and without blank lines at its end.
fn part<'a>(topic: &'a Topic, name: &str) -> Vec<&'a str> {
    let lines = topic.text.lines().skip_while(|line| line.strip_prefix("## ") != Some(name)).skip(1);
    let mut lines: Vec<_> = lines.take_while(|line| !line.starts_with("## ")).collect();
    while lines.last() == Some(&"") {
        lines.pop();
    }
    lines
}

/// Returns the language that a part's fence names and the lines within; the fence must be all of the part.
fn fence<'a>(topic: &'a Topic, name: &str) -> (&'a str, Vec<&'a str>) {
    let lines = part(topic, name);
    let [open, inside @ .., "```"] = &lines[..] else { panic!("{}: {name} is no fence", topic.name) };
    let fences = inside.iter().filter(|line| line.starts_with("```")).count();
    assert_eq!(fences, 0, "{}: {name} is more than one fence", topic.name);
    let language =
        open.strip_prefix("```").unwrap_or_else(|| panic!("{}: {name} opens no fence", topic.name));
    (language, inside.to_vec())
}
