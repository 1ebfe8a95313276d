//! The dialect `xxd` beside the xxd that is installed: seeded command lines over files, pipes and files in the middle,
//! what is written and where, messages, exit codes. What the versions do differently is left out here, and has its rows
//! in `testdata/peer-versions/xxd.md`.

#![expect(clippy::unwrap_used, reason = "a test may panic, its helpers too")]

#[path = "cmd/random.rs"]
mod random;
#[path = "cmd/support.rs"]
mod support;

use std::fs::{self, File, OpenOptions};
use std::io::{Seek, SeekFrom, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};

use random::Random;
use support::{find, jack, link, run, skip};

const CASES: usize = 1200;

/// One run.
#[derive(Clone, Debug)]
struct Case {
    words: Vec<String>,
    input: Vec<u8>,
    /// How the input comes: `pipe`, `file`, `middle` of a file as standard input, `dash`.
    from: &'static str,
    /// Where the output goes: `pipe`, `new` or `old` file operand, `append` or `file` as standard output, `dash`.
    to: &'static str,
}

const NUMBERS: &[&str] = &[
    "0", "1", "2", "3", "4", "5", "7", "8", "10", "16", "010", "0x10", "17", "30", "100", "256", "257", "-1",
    "-3", "x", "", "3k", " 6", "+5", "-0", "--5",
];

fn options(random: &mut Random, words: &mut Vec<String>) {
    // Kinds exclude each other, but older versions say so of few; little-endian lines are full groups.
    let kind = random.pick(&["", "", "-b", "-e", "-p", "-i", "-ps", "-plain", "-include", "-bits"]);
    if !kind.is_empty() {
        words.push(kind.to_owned());
    }
    for _ in 0..random.below(4) {
        if random.percent(40) {
            let switch =
                random.pick(&["-a", "-u", "-C", "-d", "-E", "--capitalize", "-autoskip", "-uppercase"]);
            words.push(switch.to_owned());
            continue;
        }
        let (letter, rest) = random.pick(&[
            ("c", "ols"),
            ("g", "roup"),
            ("l", "en"),
            ("s", "kip"),
            ("s", "eek"),
            ("o", "ffset"),
        ]);
        if kind == "-e" && matches!(letter, "c" | "g") {
            continue;
        }
        let mut value = random.pick(NUMBERS).to_owned();
        match letter {
            "s" => value.insert_str(0, random.pick(&["", "", "+", "-", "+-", "-+"])),
            // Older versions show offsets below 0 in decimal as signed numbers.
            "o" if value.contains('-') => value = "9".to_owned(),
            _ => {}
        }
        match random.below(4) {
            0 => words.extend([format!("-{letter}"), value]),
            1 => words.push(format!("-{letter}{value}")),
            2 => words.extend([format!("-{letter}{rest}"), value]),
            _ => words.extend([format!("--{letter}{rest}x"), value]),
        }
    }
    if random.percent(8) {
        words.extend(["-n".to_owned(), random.pick(&["name", "a b", "1x", "x.y-z"]).to_owned()]);
    }
    if random.percent(3) {
        words.push(random.pick(&["-z", "-h", "--help", "---a", "-2", "-l"]).to_owned());
    }
}

fn case(random: &mut Random, inputs: &[Vec<u8>], dumps: &[Vec<u8>]) -> Case {
    let mut words = Vec::new();
    options(random, &mut words);
    let reverse = random.percent(30);
    if reverse {
        // Older versions reverse no bits.
        words.retain(|word| !word.starts_with("-b"));
        words.insert(0, random.pick(&["-r", "-revert"]).to_owned());
    }
    if random.percent(10) {
        words.push("--".to_owned());
    }
    // Without -p the digits of a plain dump are an offset beyond all files.
    let offsets = |dump: &&Vec<u8>| dump.is_empty() || dump.contains(&b' ');
    let dumps: Vec<_> = dumps.iter().filter(offsets).collect();
    let input = if reverse {
        random.pick(&dumps).clone()
    } else {
        inputs.get(random.below(inputs.len())).unwrap().clone()
    };
    Case {
        words,
        input,
        from: random.pick(&["pipe", "file", "middle", "dash"]),
        // Appended to a file, older bytes are before the beginning, and xxd goes there.
        to: random.pick(if reverse {
            &["pipe", "new", "old", "file", "dash"]
        } else {
            &["pipe", "append", "new", "file", "dash"]
        }),
    }
}

/// What a run left behind.
#[derive(Debug, PartialEq, Eq)]
struct Left {
    code: Option<i32>,
    out: Vec<u8>,
    err: String,
    file: Option<Vec<u8>>,
}

fn left(program: &Path, folder: &Path, case: &Case) -> Left {
    fs::create_dir_all(folder).unwrap();
    fs::write(folder.join("in.x"), &case.input).unwrap();
    let file = folder.join("out");
    if matches!(case.to, "old" | "append") {
        fs::write(&file, "OLD".repeat(30)).unwrap();
    }
    let mut command = Command::new(program);
    command.args(&case.words).current_dir(folder).env_remove("NO_COLOR");
    match (case.from, case.to) {
        ("file", _) => command.arg("in.x"),
        ("dash", _) | (_, "new" | "old" | "dash") => command.arg("-"),
        _ => &mut command,
    };
    match case.to {
        "new" | "old" => command.arg("out"),
        "dash" => command.arg("-"),
        _ => &mut command,
    };
    if case.from == "middle" {
        let mut input = File::open(folder.join("in.x")).unwrap();
        input.seek(SeekFrom::Start(5.min(case.input.len() as u64))).unwrap();
        command.stdin(input);
    } else {
        command.stdin(Stdio::piped());
    }
    match case.to {
        "append" => command.stdout(OpenOptions::new().append(true).open(&file).unwrap()),
        "file" => command.stdout(File::create(&file).unwrap()),
        _ => command.stdout(Stdio::piped()),
    };
    let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
    if let Some(mut stdin) = child.stdin.take() {
        // The inputs fit into a pipe; who does not read them leaves.
        let _ = stdin.write_all(&case.input);
    }
    let done = child.wait_with_output().unwrap();
    let err = String::from_utf8_lossy(&done.stderr).into_owned();
    let err = if err.starts_with("Usage:") { "Usage:".to_owned() } else { err };
    Left { code: done.status.code(), out: done.stdout, err, file: fs::read(&file).ok() }
}

#[test]
fn what_xxd_does_is_done() {
    let Some(peer) = find("xxd") else { return skip("xxd is not installed") };
    let dir = tempfile::tempdir().unwrap();
    let ours = link(dir.path(), "link", "xxd", Path::new(env!("CARGO_BIN_EXE_jack")));
    let mut random = Random(0x5eed);
    let mut inputs =
        vec![Vec::new(), b"a".to_vec(), b"hello world\n".to_vec(), vec![0; 48], (0..=255).collect()];
    inputs.push([&[0; 100][..], b"x", &[0; 50]].concat());
    inputs.extend([37, 1000].map(|count| random.bytes(count)));
    let shapes: [&[&str]; 8] =
        [&[], &["-p"], &["-b"], &["-c", "7"], &["-g1", "-u"], &["-a"], &["-d"], &["-s", "3"]];
    let mut dumps: Vec<Vec<u8>> =
        ["0000004: 4142\n\nzz 41\n", "41 zz 42 43\n44", "00000000: 41424\r\n 3: 4a4b xyz\n"]
            .map(|text| text.as_bytes().to_vec())
            .to_vec();
    for input in &inputs {
        dumps.extend(shapes.iter().map(|shape| run(Command::new(&peer).args(*shape), input).out));
    }
    let cases: Vec<_> = (0..CASES).map(|_| case(&mut random, &inputs, &dumps)).collect();
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                while let Some((number, case)) = {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    cases.get(number).map(|case| (number, case))
                } {
                    let folder = |who: &str| dir.path().join(format!("{number}{who}"));
                    let wanted = left(&peer, &folder("peer"), case);
                    assert_eq!(left(&ours, &folder("ours"), case), wanted, "{case:?}");
                }
            });
        }
    });
}

/// What the newest xxd does, and older ones do not.
#[test]
fn what_only_newer_versions_do() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("f"), "abc").unwrap();
    let only = "xxd: only one of -b, -e, -u, -p, -i can be used\n";
    for (words, code, out, err) in [
        (&["-p", "-i", "f"][..], 1, "", only),
        (&["-b", "-e", "f"], 1, "", only),
        (
            &["-i", "-b", "f"],
            0,
            "unsigned char f[] = {\n  0b01100001, 0b01100010, 0b01100011\n};\nunsigned int f_len = 3;\n",
            "",
        ),
        (
            &["-i", "-t", "f"],
            0,
            "unsigned char f[] = {\n  0x61, 0x62, 0x63, 0x00\n};\nunsigned int f_len = 3;\n",
            "",
        ),
        // Where -l stops there is no zero.
        (
            &["-i", "-t", "-l", "3", "f"],
            0,
            "unsigned char f[] = {\n  0x61, 0x62, 0x63\n};\nunsigned int f_len = 3;\n",
            "",
        ),
        (&["-R", "never", "f"], 0, "00000000: 6162 63                                  abc\n", ""),
        (
            &["-Ralways", "-c3", "f"],
            0,
            "00000000: \u{1b}[1;32m6162\u{1b}[0m \u{1b}[1;32m63\u{1b}[0m  \u{1b}[1;32mabc\u{1b}[0m\n",
            "",
        ),
        (&["-e", "-g3", "f"], 1, "", "xxd: number of octets per group must be a power of 2 with -e.\n"),
        (&["-r", "-e", "f"], 255, "", "xxd: Sorry, cannot revert this type of hexdump\n"),
        (&["-r", "-b", "-i", "f"], 255, "", "xxd: Sorry, cannot revert this type of hexdump\n"),
    ] {
        let outcome = run(jack().args(["--dialect", "xxd"]).args(words).current_dir(dir.path()), b"");
        assert_eq!(
            (outcome.code, outcome.out_text().as_str(), outcome.err_text().as_str()),
            (Some(code), out, err),
            "{words:?}"
        );
    }
    let usage = run(jack().args(["--dialect=xxd", "-R", "sometimes"]), b"");
    assert!(usage.code == Some(1) && usage.err_text().starts_with("Usage:\n") && usage.out.is_empty());
    let version = run(jack().args(["--dialect=xxd", "-v"]), b"");
    assert!(
        version.code == Some(0)
            && version.err_text().contains("xxd 2026-06-16 by Juergen Weigert et al.")
            && version.out.is_empty()
    );
}

#[test]
fn what_cannot_be_opened_read_or_written_has_its_code() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("f"), "00000000: 6162\n").unwrap();
    for (words, code, err) in [
        (&["missing"][..], 2, "xxd: missing: No such file or directory\n"),
        (&["f", "missing/out"], 3, "xxd: missing/out: No such file or directory\n"),
        (&["."], 2, "xxd: Is a directory\n"),
        (&["-r", "."], 2, "xxd: Is a directory\n"),
        (&["f", "/dev/full"], 3, "xxd: No space left on device\n"),
        (&["-p", "f", "/dev/full"], 3, "xxd: No space left on device\n"),
        (&["-r", "f", "/dev/full"], 3, "xxd: No space left on device\n"),
        (&["-s", "-100", "f"], 4, "xxd: Sorry, cannot seek.\n"),
        (&["-r", "-s", "-5", "f"], 5, "xxd: Sorry, cannot seek backwards.\n"),
    ] {
        let outcome = run(jack().args(["--dialect", "xxd"]).args(words).current_dir(dir.path()), b"");
        assert_eq!((outcome.code, outcome.err_text().as_str()), (Some(code), err), "{words:?}");
    }
}
