//! `jack tour`, `jack doctor`, `jack resolve`: they run anywhere, and say what is there.
#![cfg(test)] // Already so, but this tells clippy, too: helpers may unwrap.

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
    let longest = text.lines().filter(|line| line.contains("KERNEL")).map(|line| line.chars().count()).max();
    assert!(longest <= Some(130), "{longest:?}");
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
