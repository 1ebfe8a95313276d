//! Runs the transcripts of `cmd/`, which are the manual: help and errors word for word, conversations as scenes.

#![expect(clippy::unwrap_used, reason = "a test may panic, its helpers too")]

#[path = "cmd/scene.rs"]
mod scene;
#[path = "cmd/support.rs"]
mod support;

use std::collections::BTreeSet;
use std::path::Path;

use jackfield::manual::TOPICS;
use scene::{play_all, scenes};
use support::{find, in_own_network, jack, link, path_with, run, skip};

#[test]
fn help_and_errors_are_what_the_documents_show() {
    // A width of its own, whatever the terminal of the tests.
    trycmd::TestCases::new()
        .env("COLUMNS", "80")
        .env("NO_COLOR", "1")
        .case("tests/cmd/help.md")
        .case("tests/cmd/gen.md");
}

#[test]
fn conversations_are_what_the_documents_show() {
    let documents = [
        include_str!("cmd/connect.md"),
        include_str!("cmd/listen.md"),
        include_str!("cmd/relay.md"),
        include_str!("cmd/base64.md"),
        include_str!("cmd/hex.md"),
        include_str!("cmd/read.md"),
    ];
    let scenes: Vec<_> = documents.iter().flat_map(|document| scenes(document)).collect();
    assert!(scenes.len() > 20 && scenes.iter().all(|scene| !scene.terminals.is_empty()));
    play_all(&scenes.iter().collect::<Vec<_>>(), Path::new(env!("CARGO_BIN_EXE_jack")));
}

const JOBS: [&str; 11] =
    ["connect", "listen", "relay", "resolve", "read", "base64", "hex", "explain", "doctor", "tour", "gen"];

/// The long flags that a job's help names.
fn long_flags(job: &str) -> BTreeSet<String> {
    let help = run(jack().args([job, "--help"]), b"").out_text();
    let help = help.split("Examples:").next().unwrap();
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

/// What bash offers for the last of the words, cut as bash cuts them.
fn completed(script: &Path, words: &[&str]) -> Vec<String> {
    let harness = r#"
        source "$1"; shift
        function=$(complete -p jack); function=${function##*-F }; function=${function%% *}
        COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=()
        compopt() { :; }
        # What is completed is the text behind the cursor's last break: nothing behind an =.
        word=${COMP_WORDS[COMP_CWORD]}; [[ $word == = ]] && word=
        "$function" jack "$word" "${COMP_WORDS[COMP_CWORD-1]}"
        printf '%s\n' "${COMPREPLY[@]}"
    "#;
    let mut bash = std::process::Command::new("bash");
    let outcome = run(bash.args(["--norc", "-c", harness, "-"]).arg(script).args(words), b"");
    assert_eq!(outcome.err_text(), "", "{words:?}");
    outcome.out_text().lines().filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

/// Values, not only flags; and a value that must be joined by `=` comes behind an `=` alone.
#[test]
fn bash_completes_values() {
    if find("bash").is_none() {
        return skip("bash is not installed");
    }
    let dir = tempfile::tempdir().unwrap();
    let script = dir.path().join("jack.bash");
    std::fs::write(&script, run(jack().args(["gen", "completions", "bash"]), b"").out).unwrap();
    for (words, offered) in [
        (&["jack", "explain", "time"][..], &["time_wait"][..]),
        (&["jack", "explain", "js"], &["json"]),
        (&["jack", "gen", "m"], &["man"]),
        (&["jack", "gen", "completions", "f"], &["fish"]),
        (&["jack", "gen", "man", "re"], &["relay", "resolve", "read"]),
        (&["jack", "connect", "--show", ""], &["raw", "text", "hex", "base64"]),
        (&["jack", "listen", "--show", "=", "h"], &["hex"]),
        (&["jack", "listen", "--show", "="], &["raw", "text", "hex", "base64"]),
        (&["jack", "--dialect", ""], &["nc", "tcpdump", "base64", "base32", "basenc", "xxd"]),
        (&["jack", "connect", "--dialect", ""], &["nc"]),
        (&["jack", "hex", "--style", ""], &["xxd", "hexdump", "od", "plain", "box"]),
        (&["jack", "hex", "--from", "w"], &["wireshark"]),
        (&["jack", "connect", "--trace", "="], &["text", "json"]),
        (&["jack", "connect", "--trace", "=", "j"], &["json"]),
        (&["jack", "connect", "--trace", "j"], &[]),
        (&["jack", "explain", "--", "conn"], &["connect"]),
        (&["jack", "explain", "--", "jack", "connect", "--show", "h"], &["hex"]),
    ] {
        assert_eq!(completed(&script, words), offered, "{words:?}");
    }
    assert!(completed(&script, &["jack", "explain", ""]).len() > 40);
    assert!(completed(&script, &["jack", "connect", "--trace", "--"]).contains(&"--json".to_owned()));
}

/// The same in fish, where it is installed.
#[test]
fn fish_completes_values() {
    let Some(fish) = find("fish") else { return };
    let dir = tempfile::tempdir().unwrap();
    let script = dir.path().join("jack.fish");
    std::fs::write(&script, run(jack().args(["gen", "completions", "fish"]), b"").out).unwrap();
    for (line, offered) in [
        ("jack explain eph", &["ephemeral"][..]),
        ("jack gen completions z", &["zsh"]),
        ("jack gen man co", &["connect"]),
        ("jack connect --trace=j", &["--trace=json"]),
        ("jack --dialect ", &["nc", "tcpdump", "base64", "base32", "basenc", "xxd"]),
    ] {
        let script = format!("source {}; complete -C '{line}'", script.display());
        let mut fish = std::process::Command::new(&fish);
        let outcome = run(fish.args(["--no-config", "-c", &script]).env("HOME", dir.path()), b"");
        let text = outcome.out_text();
        let words: Vec<_> = text.lines().map(|line| line.split('\t').next().unwrap()).collect();
        assert_eq!(words, offered, "{line}");
    }
}

/// On a terminal of 80 columns, the short help is one screen and the long one has examples and every flag.
#[test]
fn help_fits() {
    for job in JOBS {
        let help = |flag: &str| run(jack().args([job, flag]).env("COLUMNS", "80"), b"").out_text();
        let (short, long) = (help("-h"), help("--help"));
        assert!(short.lines().count() <= 40, "{job}: {} lines", short.lines().count());
        for line in short.lines().chain(long.lines()) {
            assert!(line.chars().count() <= 80, "{job}: {line}");
        }
        assert!(long.contains("Examples:\n  ") && !short.contains("Examples:"), "{job}");
        let examples = long.split_once("Examples:").unwrap().1;
        assert!(examples.contains(&format!("jack {job}")), "{job}: {examples}");
        let flags = |text: &str| text.lines().filter(|line| line.trim_start().starts_with('-')).count();
        assert!(flags(&long) >= flags(&short), "{job}");
        assert_eq!(flags(&long) > flags(&short), short.contains("More flags"), "{job}");
        let same = run(jack().args(["help", job]).env("COLUMNS", "80"), b"").out_text();
        assert_eq!(same, long, "{job}");
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
    let whole = run(jack().args(["gen", "man"]), b"").out_text();
    assert!(whole.starts_with(".TH \"JACK\" 1 ") && whole.contains(".SH NAME\njack \\- "), "{whole:.300}");
    let dir = tempfile::tempdir().unwrap();
    let checked = |name: &str, page: &str| {
        let file = dir.path().join(name);
        std::fs::write(&file, page).unwrap();
        if let Some(man) = find("man") {
            // The plainest of terminals: a page is ASCII.
            let mut man = std::process::Command::new(man);
            man.args(["--warnings", "-l"]).arg(&file).env_remove("LANG").env("LC_ALL", "C");
            let outcome = run(&mut man, b"");
            assert!(outcome.out_text().contains("jack"), "{outcome:?}");
            assert_eq!(outcome.err_text(), "", "{name}");
        }
        if let Some(mandoc) = find("mandoc") {
            let lint =
                run(std::process::Command::new(mandoc).args(["-T", "lint", "-W", "warning"]).arg(&file), b"");
            let said: Vec<_> = lint
                .out_text()
                .lines()
                .filter(|line| !line.contains("missing date"))
                .map(str::to_owned)
                .collect();
            assert!(said.is_empty(), "{said:?}");
        }
    };
    assert!(whole.is_ascii(), "{:?}", whole.lines().find(|line| !line.is_ascii()));
    checked("jack.1", &whole);
    for heading in ["ENDPOINT", "DATA", "EXIT STATUS", "ENVIRONMENT", "SEE ALSO"] {
        assert!(
            whole.contains(&format!(".SH \"{heading}\"")) || whole.contains(&format!(".SH {heading}")),
            "{heading}"
        );
    }
    for job in JOBS {
        let page = run(jack().args(["gen", "man", job]), b"").out_text();
        let name = format!("jack\\-{job} \\- ");
        assert!(page.starts_with(".TH ") && page.contains(&name), "{page:.300}");
        checked(&format!("jack-{job}.1"), &page);
        let heading = format!(".SH \"JACK {}\"\n", job.to_uppercase());
        let part = whole.split_once(&heading).unwrap_or_else(|| panic!("{heading}")).1;
        let part = part.split(".SH ").next().unwrap();
        for text in [&page, part] {
            assert!(text.contains(&format!("jack {job}")), "{job}: no example");
            for flag in long_flags(job) {
                let roff = flag.replace('-', "\\-");
                assert!(text.contains(&roff), "{job}: {flag}");
            }
            // A flag without a word on it is a line of its own between two marks.
            for entry in text.split(".TP\n").skip(1) {
                assert!(
                    entry.lines().nth(1).is_some_and(|line| !line.is_empty() && !line.starts_with('.')),
                    "{job}: {entry}"
                );
            }
        }
    }
}

/// Every face is refused what it does not know with exit code 2, in one clear line first.
#[test]
fn every_job_refuses_an_unknown_flag() {
    for job in JOBS {
        let outcome = run(jack().args([job, "--no-such-flag"]), b"");
        let err = outcome.err_text();
        assert_eq!(outcome.code, Some(2), "{job}: {err}");
        let said = format!("jack {job}: unexpected argument '--no-such-flag' found\n  → jack {job} --help\n");
        assert_eq!(err, said);
    }
}

/// The conversations in the chapters of `jack explain` take two terminals: each is held in a network of its own. The
/// first line runs while the others do; who types, types two lines; in the end Ctrl-C is pressed in the first terminal.
#[test]
fn the_conversations_of_the_manual_are_held() {
    if in_own_network("true").is_none() {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    link(dir.path(), "bin", "jack", Path::new(env!("CARGO_BIN_EXE_jack")));
    let chapters: Vec<_> =
        TOPICS.iter().filter(|topic| topic.text.contains("```console two-terminals")).collect();
    assert!(chapters.len() >= 15, "{}", chapters.len());
    for topic in chapters {
        let part = topic.text.split("```console two-terminals\n").nth(1).unwrap();
        let lines = part.lines().take_while(|line| *line != "```").filter_map(|line| line.strip_prefix("$ "));
        // Root's, and a look at what the kernel has: no part of the conversation.
        let lines: Vec<_> =
            lines.filter(|line| !line.starts_with("sudo ") && !line.starts_with("ss ")).collect();
        let [first, others @ ..] = &lines[..] else { panic!("{}: no line of jack", topic.name) };
        let script = if others.is_empty() && !first.contains("listen") {
            // Its server is another tool's: nobody is there.
            format!("{{ {first}\n}} < <(printf 'one\\ntwo\\n')")
        } else {
            let others: String = others
                .iter()
                .map(|line| {
                    format!(
                        "timeout 20 bash -c {} < <(printf 'one\\ntwo\\n') || status=$?\n",
                        quoted(&format!("{line}\nwait"))
                    )
                })
                .collect();
            format!(
                "exec 9<>/dev/ptmx\n\
                 set -m; status=0; {{ {first}\n}} <&9 & first=$!\n\
                 until grep -q ':1B58 .* 0A ' /proc/net/tcp; do sleep 0.02; done\n\
                 {others}kill -INT -- -$first 2>/dev/null; wait $first; exit $status"
            )
        };
        let Some(mut command) = in_own_network(&script) else { return };
        command.env("PATH", path_with(&dir.path().join("bin")));
        let outcome = run(&mut command, b"");
        let said = outcome.err_text();
        assert!(matches!(outcome.code, Some(0 | 1)), "{}: {:?}: {said}", topic.name, outcome.code);
        for bad in ["panicked", "usage:", "--help", "command not found", "syntax error"] {
            assert!(!said.contains(bad), "{}: {said}", topic.name);
        }
    }
}

fn quoted(words: &str) -> String {
    format!("'{}'", words.replace('\'', r"'\''"))
}
