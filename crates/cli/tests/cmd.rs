//! Runs the transcripts of `cmd/`, which are the manual: help and errors word for word, conversations as scenes.

#![expect(clippy::unwrap_used, reason = "a test may panic, its helpers too")]

#[path = "cmd/scene.rs"]
mod scene;
#[path = "cmd/support.rs"]
mod support;

use std::collections::BTreeSet;
use std::path::Path;

use scene::{play_all, scenes};
use support::{find, jack, run, skip};

#[test]
fn help_and_errors_are_what_the_documents_show() {
    // A width of its own, whatever the terminal of the tests.
    trycmd::TestCases::new()
        .env("COLUMNS", "100")
        .env("NO_COLOR", "1")
        .case("tests/cmd/help.md")
        .case("tests/cmd/gen.md");
}

#[test]
fn conversations_are_what_the_documents_show() {
    let documents =
        [include_str!("cmd/connect.md"), include_str!("cmd/listen.md"), include_str!("cmd/relay.md")];
    let scenes: Vec<_> = documents.iter().flat_map(|document| scenes(document)).collect();
    assert!(scenes.len() > 20 && scenes.iter().all(|scene| !scene.terminals.is_empty()));
    play_all(&scenes.iter().collect::<Vec<_>>(), Path::new(env!("CARGO_BIN_EXE_jack")));
}

const JOBS: [&str; 8] = ["connect", "listen", "relay", "resolve", "explain", "doctor", "tour", "gen"];

/// The long flags that a job's help names.
fn long_flags(job: &str) -> BTreeSet<String> {
    let help = run(jack().args([job, "--help"]), b"").out_text();
    let words = help.lines().filter(|line| line.trim_start().starts_with('-')).flat_map(|line| {
        let flags = line.split("  ").find(|part| !part.is_empty()).unwrap_or_default().to_owned();
        let words: Vec<_> = flags.split([' ', ',', '=', '[', '.']).map(str::to_owned).collect();
        words
    });
    words.filter(|word| word.starts_with("--")).collect()
}

#[test]
fn completions_know_every_long_flag() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let outcome = run(jack().args(["gen", "completions", shell]), b"");
        let text = outcome.out_text();
        assert_eq!(outcome.code, Some(0), "{shell}: {}", outcome.err_text());
        for job in JOBS {
            assert!(text.contains(job), "{shell}: {job}");
            let flags = long_flags(job);
            assert!(flags.contains("--help"), "{job}: {flags:?}");
            for flag in flags {
                // fish writes -l NAME.
                let there =
                    text.contains(&flag) || text.contains(&format!("-l {}", flag.trim_start_matches('-')));
                assert!(there, "{shell}: {job} {flag}");
            }
        }
    }
}

/// The scripts are read by the shells that are here.
#[test]
fn completions_are_scripts() {
    for (shell, check) in [("bash", "-n"), ("zsh", "-n"), ("fish", "--no-execute")] {
        if find(shell).is_none() {
            eprintln_skip(shell);
            continue;
        }
        let script = run(jack().args(["gen", "completions", shell]), b"").out;
        let outcome = run(std::process::Command::new(shell).arg(check), &script);
        assert_eq!((outcome.code, outcome.err_text()), (Some(0), String::new()), "{shell}");
    }
}

/// bash is a peer of these tests; the other shells are a matter of taste, and of no image of CI.
fn eprintln_skip(shell: &str) {
    if shell == "bash" {
        skip("bash is not installed");
    }
}

#[test]
fn manual_pages_have_every_flag_and_are_pages() {
    for job in std::iter::once(None).chain(JOBS.map(Some)) {
        let page = run(jack().args(["gen", "man"]).args(job), b"").out_text();
        let name = job.map_or_else(|| "jack".to_owned(), |job| format!("jack\\-{job}"));
        assert!(page.contains(".TH") && page.contains(".SH NAME") && page.contains(&name), "{page:.300}");
        for flag in job.map(long_flags).unwrap_or_default() {
            let roff = flag.replace('-', "\\-");
            assert!(page.contains(&roff), "{job:?}: {flag}");
        }
    }
    let Some(man) = find("man") else { return };
    let page = run(jack().args(["gen", "man", "connect"]), b"").out;
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("jack-connect.1");
    std::fs::write(&file, page).unwrap();
    let outcome = run(std::process::Command::new(man).args(["--warnings", "-l"]).arg(&file), b"");
    assert!(outcome.out_text().contains("jack"), "{outcome:?}");
}

/// Every face is refused what it does not know with exit code 2, in one clear line first.
#[test]
fn every_job_refuses_an_unknown_flag() {
    for job in JOBS {
        let outcome = run(jack().args([job, "--no-such-flag"]), b"");
        let err = outcome.err_text();
        assert_eq!(outcome.code, Some(2), "{job}: {err}");
        let said =
            format!("jack {job}: unexpected argument '--no-such-flag' found\n  usage:  jack {job} --help\n");
        assert_eq!(err, said);
    }
}
