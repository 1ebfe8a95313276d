//! The dialects base64, base32 and basenc against the tools themselves: the same seeded command line and input to both,
//! the same bytes, the same lines on standard error and the same exit code from both.
//!
//! Both are called by the same name. What we follow is coreutils 9.10; where an older peer is installed, what it does
//! otherwise (`testdata/peer-versions`) is left out here and tested by vectors of our own at the end. Without basenc: a
//! visible skip. By hand against others: `BASENC_PEERS` is a folder with the three tools, `BASENC_CASES` the number of
//! command lines, `BASENC_SEED` where to begin.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may panic, its helpers too")]

#[path = "cmd/random.rs"]
mod random;
#[path = "cmd/support.rs"]
mod support;
#[path = "../../codec/tests/versions/mod.rs"]
mod versions;

use std::ffi::OsString;
use std::fmt::Write as _;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::time::Duration;

use jackfield::codec::Buffer;
use jackfield::codec::base::{Alphabet, Decoder, Encoder};
use jackfield::codec::policy::{Case as LetterCase, Padding, Policy, TrailingBits};
use jackfield::codec::stream::{Transform, whole};
use random::Random;
use support::{Outcome, Process, find, run, skip};
use versions::field;

/// What the tools did before 9.5, as far as a policy can say it.
const BEFORE_9_5: Policy = Policy {
    padding: Padding::Required,
    trailing_bits: TrailingBits::Accept,
    case: LetterCase::Exact,
    ..Policy::GNU
};

/// Files in the folder where the tools run: a text or bytes, and for texts the alphabet that it was made of.
fn contents(random: &mut Random) -> Vec<Vec<u8>> {
    let mut contents = vec![Vec::new(), b"\n".to_vec(), b"hello\n".to_vec(), b"A".to_vec(), b"=".to_vec()];
    for number in 0..120 {
        let length = random.pick(&[1, 3, 4, 8, 20, 40, 57, 60, 100, 400, 6000]);
        let bytes: Vec<u8> = (0..length).map(|_| random.next().to_le_bytes()[0]).collect();
        let alphabet = Alphabet::ALL[number % Alphabet::ALL.len()];
        let wrap = random.pick(&[0, 4, 7, 76, 1000]).try_into().ok();
        let Ok(mut text) = whole(Encoder::new(alphabet, wrap), &bytes) else { continue };
        if number % 4 == 0 {
            contents.push(bytes);
        }
        for _ in 0..random.pick(&[0, 0, 1, 1, 2, 4]) {
            let at = random.below(text.len() + 1);
            let stroke: &[u8] = random.pick(&[
                &b"\n"[..],
                b"\r\n",
                b" ",
                b"=",
                b"==",
                b"!",
                b"+",
                b"/",
                b"-_",
                b"a",
                b"Z",
                b"0",
                b"\0",
                b"\xff",
            ]);
            let end = if random.below(2) == 0 { at } else { text.len().min(at + stroke.len()) };
            text.splice(at..end, stroke.iter().copied());
        }
        if random.below(5) == 0 {
            text.truncate(random.below(text.len() + 1));
        }
        contents.push(text);
    }
    contents
}

/// A command line.
#[derive(Debug)]
struct Case {
    tool: &'static str,
    words: Vec<OsString>,
    /// Which of the contents stands on standard input, and in the file that may be named.
    content: usize,
    locale: &'static str,
}

const TOOLS: [&str; 3] = ["base64", "base32", "basenc"];

/// A word, or two that go together.
fn some_words(random: &mut Random, content: usize) -> Vec<OsString> {
    let words = |words: &[&str]| words.iter().map(OsString::from).collect();
    match random.below(40) {
        0..=7 => words(&[random.pick(&["-d", "--decode", "--dec", "--d", "-di", "-id"])]),
        8..=10 => words(&[random.pick(&["-i", "--ignore-garbage", "--ignore", "--i"])]),
        11..=16 => {
            let columns = random
                .pick(&["0", "1", "4", "5", "8", "64", "75", "76", "77", "08", "+3", " 9", "-0", "1000"]);
            match random.below(5) {
                0 => words(&["-w", columns]),
                1 => words(&[&format!("-w{columns}")]),
                2 => words(&["--wrap", columns]),
                3 => words(&[&format!("--wrap={columns}")]),
                _ => words(&[&format!("--w={columns}")]),
            }
        }
        17..=26 => {
            let name = random.pick(&Alphabet::ALL).name();
            let shortened = random.pick(&[
                "--z",
                "--base64u",
                "--base32h",
                "--base2m",
                "--base2l",
                "--base16",
                "--base1",
            ]);
            words(&[random.pick(&[
                &format!("--{name}"),
                &format!("--{name}"),
                &format!("--{name}"),
                shortened,
            ])])
        }
        27..=31 => words(&[&format!("f{content}")]),
        32 => words(&["-"]),
        33 => words(&["--"]),
        34 => words(&[random.pick(
            &["0x0", "1k", "-1", "", "x", "9 ", "'", "1e3", "--", "é"]
                .map(|wrong| format!("-w{wrong}"))
                .each_ref()
                .map(String::as_str),
        )]),
        35 => vec![OsString::from("-w"), odd_word(random)],
        36 | 37 => words(&[random.pick(&[
            "-x",
            "-D",
            "-h",
            "-dq",
            "-w",
            "--wrap",
            "--decode=1",
            "--nothing",
            "--nothing=1",
            "--base2",
            "--bas",
            "--=x",
            "--base64=",
            "-é",
            "---d",
            "--version=1",
            "--help",
            "--ver",
        ])]),
        38 => vec![odd_word(random)],
        _ => words(&[random.pick(&["nothing", "folder", "no/thing", "folder/x", "f0/x"])]),
    }
}

/// A word for which shells and terminals need care.
fn odd_word(random: &mut Random) -> OsString {
    let length = random.below(5);
    let parts: [&[u8]; 30] = [
        b"a",
        b"b",
        b" ",
        b"'",
        b"\"",
        b"\\",
        b"$",
        b"`",
        b"!",
        b"\n",
        b"\t",
        b"\x01",
        b"\x7f",
        b"\xff",
        b"\xc3",
        "é".as_bytes(),
        "’".as_bytes(),
        b":",
        b";",
        b"&",
        b"(",
        b"*",
        b"<",
        b"=",
        b"[",
        b"^",
        b"|",
        b"~",
        b"#",
        b"{",
    ];
    OsString::from_vec((0..length).flat_map(|_| random.pick(&parts)).copied().collect())
}

fn case(random: &mut Random, contents: usize) -> Case {
    let tool = random.pick(&["base64", "base64", "base32", "basenc", "basenc", "basenc"]);
    let content = random.below(contents);
    let mut words = Vec::new();
    for _ in 0..random.pick(&[0, 1, 1, 2, 2, 2, 3, 3, 4]) {
        words.extend(some_words(random, content));
    }
    if tool == "basenc" && random.below(6) > 0 {
        let name = format!("--{}", random.pick(&Alphabet::ALL));
        words.insert(random.below(words.len() + 1).min(words.len()), name.into());
    }
    Case { tool, words, content, locale: random.pick(&["C", "C.UTF-8", "POSIX", "C.utf8"]) }
}

/// The alphabets that a case may use.
fn alphabets(case: &Case) -> Vec<Alphabet> {
    match case.tool {
        "base64" => vec![Alphabet::Base64],
        "base32" => vec![Alphabet::Base32],
        _ => Alphabet::ALL
            .into_iter()
            .filter(|alphabet| {
                case.words.iter().any(|word| {
                    word.to_string_lossy().starts_with("--") && {
                        let name = format!("--{alphabet}");
                        word.len() > 2 && name.starts_with(&*word.to_string_lossy())
                    }
                })
            })
            .collect(),
    }
}

/// What comes of text, and whether it is right.
fn decoded(alphabet: Alphabet, policy: Policy, text: &[u8]) -> (Vec<u8>, bool) {
    let (mut decoder, mut out) = (Decoder::new(alphabet, policy), Buffer::new());
    let done = decoder.push(text, &mut out).and_then(|()| decoder.finish(&mut out));
    (out.into(), done.is_ok())
}

/// Whether this is a fault of the tools that we do not follow: W to Z are digits of their base32hex, a NUL is none of the
/// garbage that their z85 drops.
fn is_their_fault(case: &Case, content: &[u8]) -> bool {
    alphabets(case).into_iter().any(|alphabet| match alphabet {
        Alphabet::Base32Hex => content.iter().any(|byte| (b'W'..=b'Z').contains(byte)),
        Alphabet::Z85 => content.contains(&0),
        _ => false,
    })
}

/// Whether 9.1 does with this what 9.10 does, so far as is stated.
fn is_as_ever(case: &Case, content: &[u8]) -> bool {
    let text = |word: &OsString| word.to_string_lossy().into_owned();
    // Base58 is new, and the lists of what a shortened name may mean have it.
    let is_new = |word: &OsString| {
        let word = text(word);
        let name = word.split('=').next().unwrap();
        name.len() > 1 && "--base58".starts_with(name) || name.starts_with("--base58")
    };
    if case.tool == "basenc" && case.words.iter().any(is_new) {
        return false;
    }
    // A name with a quote between bytes that cannot be shown was quoted wrongly.
    let is_hidden = |c: char| c.is_control() || c == '\u{fffd}';
    if case.words.iter().any(|word| word.as_bytes().contains(&b'\'') && text(word).contains(is_hidden)) {
        return false;
    }
    let same = |alphabet: Alphabet, junk| {
        let now = decoded(alphabet, Policy { junk, ..Policy::GNU }, content);
        let then = decoded(alphabet, Policy { junk, ..BEFORE_9_5 }, content);
        // Of a last group of base32 that is not complete nothing was written then.
        let withheld = matches!(alphabet, Alphabet::Base32 | Alphabet::Base32Hex)
            && !now.1
            && !now.0.len().is_multiple_of(5);
        now == then && !withheld
    };
    let odd = |alphabet| match alphabet {
        Alphabet::Base16 | Alphabet::Base2Msbf | Alphabet::Base2Lsbf => content.contains(&b'='),
        _ => false,
    };
    alphabets(case).into_iter().all(|alphabet| {
        !odd(alphabet)
            && [Policy::GNU.junk, Policy::GNU_IGNORE_GARBAGE.junk]
                .into_iter()
                .all(|junk| same(alphabet, junk))
    })
}

/// The folder of the peers, and their version.
fn peers() -> Option<(PathBuf, (u32, u32))> {
    let folder = match std::env::var_os("BASENC_PEERS") {
        Some(folder) => PathBuf::from(folder),
        None => match find("basenc") {
            Some(basenc) => basenc.parent().unwrap().to_owned(),
            None => {
                skip("basenc is not installed: nothing to compare the dialects with");
                return None;
            }
        },
    };
    let said = run(Command::new(folder.join("basenc")).arg("--version"), b"").out_text();
    let version = said.lines().next().and_then(|line| line.strip_prefix("basenc (GNU coreutils) "));
    let Some((major, minor)) = version.and_then(|version| version.split_once('.')) else {
        skip("basenc is not GNU's");
        return None;
    };
    let digits = minor.find(|c: char| !c.is_ascii_digit()).unwrap_or(minor.len());
    Some((folder, (major.parse().unwrap(), minor[..digits].parse().unwrap())))
}

fn command(program: &Path, case: &Case, folder: &Path) -> Command {
    let mut command = Command::new(program);
    command
        .arg0(case.tool)
        .args(&case.words)
        .current_dir(folder)
        .env_remove("POSIXLY_CORRECT")
        .env("LC_ALL", case.locale);
    command
}

fn compare(ours: &Outcome, theirs: &Outcome) -> bool {
    // Texts of help and version are ours.
    let is_text = |outcome: &Outcome| {
        let out = outcome.out_text();
        outcome.code == Some(0)
            && (out.starts_with("Usage: ") || out.contains("Jackfield) ") || out.contains("(GNU coreutils) "))
    };
    let same_out = ours.out == theirs.out || is_text(ours) && is_text(theirs);
    same_out && ours.err == theirs.err && ours.code == theirs.code
}

#[test]
fn command_lines_do_what_the_tools_do() {
    let Some((peers, version)) = peers() else { return };
    let number = |name: &str, usual: u64| std::env::var(name).map_or(usual, |text| text.parse().unwrap());
    let mut random = Random(number("BASENC_SEED", 1));
    let contents = contents(&mut random);
    let dir = tempfile::tempdir().unwrap();
    std::fs::create_dir(dir.path().join("folder")).unwrap();
    for (number, content) in contents.iter().enumerate() {
        std::fs::write(dir.path().join(format!("f{number}")), content).unwrap();
    }
    let cases: Vec<_> =
        (0..number("BASENC_CASES", 3000)).map(|_| case(&mut random, contents.len())).collect();
    let old = version < (9, 8);
    let is_compared = |case: &Case| {
        let content = &contents[case.content];
        !is_their_fault(case, content) && (!old || is_as_ever(case, content))
    };
    let cases: Vec<_> = cases.into_iter().filter(is_compared).collect();
    assert!(cases.len() > 1000, "{} cases are left", cases.len());
    let next = Mutex::new(cases.iter());
    let wrong = Mutex::new(String::new());
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                loop {
                    let Some(case) = next.lock().unwrap().next() else { return };
                    let input = &contents[case.content];
                    let ours =
                        run(&mut command(Path::new(env!("CARGO_BIN_EXE_jack")), case, dir.path()), input);
                    let theirs = run(&mut command(&peers.join(case.tool), case, dir.path()), input);
                    if !compare(&ours, &theirs) {
                        let words: Vec<_> = case
                            .words
                            .iter()
                            .map(|word| word.as_bytes().escape_ascii().to_string())
                            .collect();
                        let shown = |outcome: &Outcome| {
                            let out = &outcome.out[..outcome.out.len().min(300)];
                            format!("{:?} {:?} {}", outcome.code, outcome.err_text(), out.escape_ascii())
                        };
                        let input = input[..input.len().min(300)].escape_ascii();
                        writeln!(
                            wrong.lock().unwrap(),
                            "{} {words:?} in {} on {input}\n  ours   {}\n  theirs {}",
                            case.tool,
                            case.locale,
                            shown(&ours),
                            shown(&theirs)
                        )
                        .unwrap();
                    }
                }
            });
        }
    });
    let wrong = wrong.into_inner().unwrap();
    assert!(
        wrong.is_empty(),
        "{} of {} differ\n{}",
        wrong.matches("theirs").count(),
        cases.len(),
        support::short(wrong.as_bytes())
    );
}

/// Runs our dialect under the tool's name.
fn ours(tool: &'static str, words: &[&str], input: &[u8]) -> Outcome {
    let case = Case { tool, words: words.iter().map(OsString::from).collect(), content: 0, locale: "C" };
    run(&mut command(Path::new(env!("CARGO_BIN_EXE_jack")), &case, Path::new("/")), input)
}

#[test]
fn where_versions_differ_the_newer_one_is_followed() {
    let stated = include_str!("../../../testdata/peer-versions/basenc");
    let section = stated.split("\n[").find_map(|section| section.strip_prefix("basenc]\n")).unwrap();
    let mut count = 0;
    for line in section.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
        let [arguments, input, _, new] = line.split('|').map(str::trim).collect::<Vec<_>>()[..] else {
            panic!("four fields in {line:?}");
        };
        // An input may end in what is a mark elsewhere.
        let input = field(&format!("{input}\\x0a")).0;
        let outcome = ours("basenc", &arguments.split(' ').collect::<Vec<_>>(), &input[..input.len() - 1]);
        let (bytes, content) = field(new);
        assert_eq!((outcome.out, outcome.code), (bytes, Some(i32::from(!content))), "{line}");
        assert_eq!(outcome.err.is_empty(), content, "{line}");
        count += 1;
    }
    assert!(count > 30, "{count} differences");
}

#[test]
fn what_is_said_is_said_in_the_words_of_9_10() {
    for (tool, words, said) in [
        (
            "basenc",
            &["--b"][..],
            "option '--b' is ambiguous; possibilities: '--base64' '--base64url' '--base58' '--base32' '--base32hex' '--base16' '--base2msbf' '--base2lsbf'\nTry 'basenc --help' for more information.",
        ),
        ("basenc", &[], "missing encoding type\nTry 'basenc --help' for more information."),
        ("base64", &["-w0x0"], "invalid wrap size: '0x0'"),
        ("base64", &["a", "b", "c"], "extra operand 'b'\nTry 'base64 --help' for more information."),
        ("base32", &["/nonexistent"], "/nonexistent: No such file or directory"),
        ("base32", &["/"], "read error: Is a directory"),
        ("basenc", &["--z85"], "invalid input (length must be multiple of 4 characters)"),
        ("basenc", &["--z85", "-d"], "invalid input"),
    ] {
        let outcome = ours(tool, words, b"x");
        assert_eq!(outcome.err_text(), format!("{tool}: {said}\n"), "{tool} {words:?}");
        assert_eq!(outcome.code, Some(1));
    }
}

#[test]
fn a_tool_is_called_by_link_and_by_flag() {
    let dir = tempfile::tempdir().unwrap();
    for tool in TOOLS {
        let link = support::link(dir.path(), tool, tool, Path::new(env!("CARGO_BIN_EXE_jack")));
        let flags: &[&str] = if tool == "basenc" { &["--base16"] } else { &[] };
        let expected = if tool == "base64" {
            "SEk=\n"
        } else if tool == "base32" {
            "JBEQ====\n"
        } else {
            "4849\n"
        };
        for command in [
            Command::new(&link).args(flags),
            support::jack().args(["--dialect", tool]).args(flags),
            support::jack().args(["base64", "--dialect", tool]).args(flags),
        ] {
            let outcome = run(command, b"HI");
            assert_eq!((outcome.out_text().as_str(), outcome.code), (expected, Some(0)), "{outcome:?}");
        }
        // The word it was called by begins its messages.
        let outcome = run(Command::new(&link).arg("-x"), b"");
        let called = link.display();
        assert_eq!(
            outcome.err_text(),
            format!("{called}: invalid option -- 'x'\nTry '{called} --help' for more information.\n")
        );
        let help = run(Command::new(&link).arg("--help"), b"").out_text();
        assert!(
            help.starts_with(&format!("Usage: {called} [OPTION]... [FILE]\n"))
                && help.contains("--wrap=COLS"),
            "{help}"
        );
    }
    let outcome = run(support::jack().args(["connect", "--dialect", "base64"]), b"");
    support::failed(&outcome, 2, &["base64 does not do what jack connect does"]);
}

/// With `POSIXLY_CORRECT` the first operand ends the options.
#[test]
fn posixly_correct_is_heeded() {
    let run_with = |words: &[&str]| {
        run(
            Command::new(env!("CARGO_BIN_EXE_jack"))
                .arg0("base64")
                .args(words)
                .env("POSIXLY_CORRECT", "1")
                .env("LC_ALL", "C"),
            b"",
        )
    };
    assert_eq!(
        run_with(&["/dev/null", "-d"]).err_text(),
        "base64: extra operand '-d'\nTry 'base64 --help' for more information.\n"
    );
    assert_eq!(run_with(&["-d", "/dev/null"]).code, Some(0));
}

/// A reader that has gone ends the tools by SIGPIPE, and so it ends ours; `jack base64` ends well.
#[test]
fn a_reader_that_has_gone() {
    for (script, code) in [
        ("yes | exec -a base64 $JACK | head -c 1; echo ${PIPESTATUS[1]}", "141"),
        ("yes YWJj | exec -a base64 $JACK -d | head -c 1; echo ${PIPESTATUS[1]}", "141"),
        ("yes | $JACK base64 | head -c 1; echo ${PIPESTATUS[1]}", "0"),
    ] {
        let outcome =
            run(Command::new("bash").args(["-c", script]).env("JACK", env!("CARGO_BIN_EXE_jack")), b"");
        assert_eq!(
            (&outcome.out_text()[1..], outcome.err_text().as_str()),
            (format!("{code}\n").as_str(), ""),
            "{script}"
        );
    }
}

/// What was closed, or ignored, before the program began: the runtime hides both.
#[test]
fn closed_streams_and_an_ignored_signal_are_seen() {
    for (script, said, code) in [
        ("echo a | exec -a base64 $JACK >&-", "base64: write error: Bad file descriptor\n", 1),
        ("exec -a base64 $JACK </dev/null >&-", "", 0),
        ("exec -a base64 $JACK <&-", "base64: read error: Bad file descriptor\n", 1),
        ("exec -a base64 $JACK /dev/null <&-", "", 0),
        ("exec -a base64 $JACK --help >&-", "base64: write error: Bad file descriptor\n", 1),
        (
            "trap '' PIPE; cat /dev/zero 2>/dev/null | (exec -a base64 $JACK) | head -c 1 >/dev/null; exit ${PIPESTATUS[1]}",
            "base64: write error: Broken pipe\n",
            1,
        ),
        (
            "echo a | $JACK base64 >&-",
            "jack base64: writing standard output: Bad file descriptor (EBADF)\n",
            1,
        ),
    ] {
        let mut bash = Command::new("bash");
        let outcome =
            run(bash.args(["-c", script]).env("JACK", env!("CARGO_BIN_EXE_jack")).env("LC_ALL", "C"), b"");
        assert_eq!((outcome.err_text().as_str(), outcome.code), (said, Some(code)), "{script}");
    }
}

#[test]
fn a_full_disk_is_told() {
    let full = |script: &str| {
        run(
            Command::new("bash")
                .args(["-c", script])
                .env("JACK", env!("CARGO_BIN_EXE_jack"))
                .env("LC_ALL", "C"),
            b"",
        )
    };
    let said = |script: &str, said: &str, code| {
        let outcome = full(script);
        assert_eq!((outcome.err_text().as_str(), outcome.code), (said, Some(code)), "{script}");
    };
    said("echo a | exec -a base64 $JACK >/dev/full", "base64: write error: No space left on device\n", 1);
    said(
        "head -c 1000000 /dev/zero | exec -a base64 $JACK >/dev/full",
        "base64: write error: No space left on device\n",
        1,
    );
    said(
        "printf 'YQ!!' | exec -a base64 $JACK -d >/dev/full",
        "base64: invalid input\nbase64: write error\n",
        1,
    );
    said("exec -a base64 $JACK --help >/dev/full", "base64: write error: No space left on device\n", 1);
    said("exec -a base64 $JACK </dev/null >/dev/full", "", 0);
}

/// The first output comes while the input is still open, and Ctrl-C ends the tool as it ends any.
#[test]
fn slow_input_is_seen_as_it_comes() {
    let mut process = Process::start(Command::new(env!("CARGO_BIN_EXE_jack")).arg0("base64").arg("-w4"));
    process.feed(b"abc");
    process.printed("YWJj\n");
    process.feed(b"def");
    process.printed("ZGVm\n");
    process.signal("INT");
    assert_eq!(process.finish(Duration::from_secs(20)).code, Some(130));

    let mut process = Process::start(Command::new(env!("CARGO_BIN_EXE_jack")).args(["base64", "-d"]));
    process.feed(b"YWJj");
    process.printed("abc");
    process.signal("INT");
    assert_eq!(process.finish(Duration::from_secs(20)).code, Some(130));
}

/// A line of hundreds of megabytes takes no more memory than a short one.
#[test]
fn memory_is_bounded() {
    let limited = |script: &str| {
        let script = format!("ulimit -v 24000; {script}");
        let mut bash = Command::new("bash");
        run(bash.args(["-c", &script]).env("JACK", env!("CARGO_BIN_EXE_jack")).stdin(Stdio::null()), b"")
    };
    let scripts = [
        ("head -c 32000000 /dev/zero | tr '\\0' A | exec -a base64 $JACK -d | wc -c", "24000000\n"),
        ("head -c 24000000 /dev/zero | exec -a base64 $JACK -w0 | wc -c", "32000000\n"),
        ("head -c 24000000 /dev/zero | exec -a base64 $JACK -di | wc -c", "0\n"),
        ("head -c 24000000 /dev/zero | tr '\\0' '\\n' | $JACK base64 -d --strict | wc -c", "0\n"),
    ];
    std::thread::scope(|scope| {
        for (script, expected) in scripts {
            scope.spawn(move || {
                let outcome = limited(script);
                assert_eq!(
                    (outcome.err_text().as_str(), outcome.out_text().as_str()),
                    ("", expected),
                    "{script}"
                );
            });
        }
    });
}
