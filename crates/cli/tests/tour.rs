//! `jack tour`, `jack doctor`, `jack resolve`: they run anywhere, and say what is there.
#![cfg(test)] // Already so, but this tells clippy, too: helpers may unwrap.

use std::io::Write;
use std::process::{Command, Output};

use serde_json::Value;

fn jack(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_jack")).args(args).output().unwrap()
}

fn lines(output: &Output) -> Vec<Value> {
    assert!(output.status.success(), "{output:?}");
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn the_tour_shows_five_kinds_of_sockets_and_both_sides() {
    let output = jack(&["tour", "--no-pause"]);
    assert!(output.status.success(), "{output:?}");
    let text = String::from_utf8(output.stdout).unwrap();
    for part in [
        "KERNEL socket(AF_INET, SOCK_STREAM",
        "KERNEL listen(",
        "user   htons(",
        "server KERNEL accept(",
        "recv(4, b\"I got your message\", 1024, 0) = 18",
        "state ESTABLISHED",
        "shutdown(4, SHUT_WR) = 0",
        "TIME_WAIT",
        "sendto(4, b\"one\", 3",
        "ECONNREFUSED",
        "socketpair(AF_UNIX",
        "SOCK_RAW",
    ] {
        assert!(text.contains(part), "{part} in:\n{text}");
    }
    assert!(text.contains("Refused, with a reason") ^ text.contains("It was allowed"), "{text}");
    assert!(!text.contains('\u{1b}'), "no colour in a pipe");
    for line in text.lines().filter(|line| !line.starts_with("The fix: ")) {
        assert!(line.chars().count() <= 80, "{line}");
    }
}

#[test]
fn the_doctor_answers_every_question() {
    let lines = lines(&jack(&["doctor", "--json"]));
    assert_eq!((&lines[0]["schema"], &lines[0]["job"]), (&1.into(), &"doctor".into()));
    for check in &lines[1..] {
        assert!(check["allowed"].is_boolean() && check["words"].is_string(), "{check}");
        assert_eq!(check["fix"].is_null(), check["allowed"] == true, "{check}");
    }
    let ipv4 = lines.iter().find(|line| line["what"] == "TCP and UDP over IPv4").unwrap();
    assert_eq!(ipv4["allowed"], true);
}

/// In a new network namespace lo is down: said at once, with the command, in place of an error half way.
#[test]
fn a_loopback_that_is_down_is_said() {
    let in_namespace = |script: &str| {
        let mut command = Command::new("unshare");
        command.args(["-Urn", "sh", "-c", script]).env("JACK", env!("CARGO_BIN_EXE_jack"));
        command.output()
    };
    if !in_namespace("true").is_ok_and(|output| output.status.success()) {
        // Some kernels give an ordinary user no namespace.
        // Not eprintln!, which the harness hides when the test passes.
        writeln!(std::io::stderr(), "skipped: unshare -Urn does not work here").unwrap();
        return;
    }
    let tour = in_namespace("\"$JACK\" tour --no-pause").unwrap();
    let words = String::from_utf8(tour.stderr).unwrap();
    assert_eq!((tour.status.code(), tour.stdout.len()), (Some(1), 0), "{words}");
    assert!(words.contains("loopback interface is down") && words.contains("→ ip link set lo up"), "{words}");
    let doctor = in_namespace("\"$JACK\" doctor --json").unwrap();
    for what in ["loopback", "TCP and UDP over IPv6"] {
        let checks = lines(&doctor);
        let check = checks.iter().find(|line| line["what"] == what).unwrap();
        assert_eq!(check["allowed"], false, "{check}");
        assert!(check["fix"].as_str().unwrap().starts_with("ip link set lo up"), "{check}");
    }
}

#[test]
fn localhost_and_its_address_are_resolved() {
    let lines = lines(&jack(&["resolve", "--json", "-4", "localhost", "127.0.0.1"]));
    let of = |event: &str| lines.iter().find(|line| line["event"] == event).unwrap();
    assert_eq!(of("gethostbyname")["addresses"][0], "127.0.0.1");
    assert_eq!(of("getaddrinfo")["answers"][0]["family"], "AF_INET");
    assert!(of("gethostbyaddr")["canonical"].is_string());
}

#[test]
fn an_unknown_name_is_an_answer_with_a_reason() {
    let output = jack(&["resolve", "nosuch.invalid"]);
    assert_eq!(output.status.code(), Some(1));
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("Name or service not known") && text.contains("\n  → "), "{text}");
    let output = jack(&["resolve", "--json", "nosuch.invalid"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8(output.stdout).unwrap().contains("\"error\":\"EAI_NONAME\""));
}
