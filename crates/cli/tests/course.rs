//! Plays the scenes of `cmd/course.md`: the course's command lines, verbatim, in the terminals that the document shows.

#![expect(clippy::unwrap_used, reason = "a test may panic, its helpers too")]

#[path = "cmd/scene.rs"]
mod scene;
#[path = "cmd/support.rs"]
mod support;

use std::path::Path;
use std::process::Command;

use scene::{PROGRAMS, line_matches, play_all, scenes};
use support::{find, run, skip};

const DOCUMENT: &str = include_str!("cmd/course.md");

#[test]
fn the_document_is_read() {
    let scenes = scenes(DOCUMENT);
    assert!(scenes.len() > 20 && scenes.iter().all(|scene| !scene.terminals.is_empty()));
    let typed: Vec<_> = scenes.iter().flat_map(|scene| &scene.terminals).flat_map(|t| &t.commands).collect();
    for line in [
        r#"echo "I got your message" | nc -l -p 54321"#,
        "nc -l -p 2222 -u",
        "echo x >/dev/tcp/localhost/54321",
        "nc -l -p 80",
        r#"echo "Message" | base64"#,
        "echo TWVzc2FnZQo= | base64 --decode",
        "base64 file > out",
        "base64 -d out",
        r#"echo "Message" | jack base64"#,
        "jack base64 file > out",
        "jack base64 -d out",
        r#"echo "Message" | xxd"#,
        "xxd file.txt out",
        "xxd -r in out",
        r#"echo "Message" | jack hex"#,
        "jack hex file.txt out",
        "jack hex -r in out",
        "python3 stream_client.py",
        "python3 stream_server.py",
        "python3 dgram_client.py",
    ] {
        assert!(typed.iter().any(|typed| *typed == line), "{line} is not in the document");
    }
}

#[test]
fn every_scene_plays_with_our_nc() {
    let scenes = scenes(DOCUMENT);
    play_all(&scenes.iter().collect::<Vec<_>>(), Path::new(env!("CARGO_BIN_EXE_jack")));
}

/// What the document says of nc is true of nc.
#[test]
fn the_scenes_with_nc_play_with_nc_itself() {
    let Some(nc) = find("nc.openbsd") else { return skip("nc.openbsd is not installed") };
    let scenes = scenes(DOCUMENT);
    let with_nc = scenes.iter().filter(|scene| {
        scene.terminals.iter().flat_map(|terminal| &terminal.commands).any(|line| line.contains("nc -"))
    });
    play_all(&with_nc.collect::<Vec<_>>(), &nc);
}

#[test]
fn brackets_stand_for_anything_in_a_line() {
    assert!(line_matches("a [..] c", "a b c") && line_matches("[..]", "") && line_matches("x[..]", "xyz"));
    assert!(!line_matches("a [..] c", "a b d") && !line_matches("a", "ab"));
}

/// The programs of the course are what they were: the tests must not bend them to what we do.
#[test]
fn the_programs_use_sockets_and_nothing_else() {
    for (name, text) in PROGRAMS {
        assert!(text.starts_with("import socket\n") && text.matches("import").count() == 1, "{name}");
    }
    if find("python3").is_none() {
        return skip("python3 is not installed");
    }
    for (name, text) in PROGRAMS {
        let outcome =
            run(Command::new("python3").args(["-c", "import ast, sys; ast.parse(sys.argv[1])", text]), b"");
        assert_eq!(outcome.code, Some(0), "{name}: {}", outcome.err_text());
    }
}
